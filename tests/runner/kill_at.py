"""One pass of a handler's poller in a process that kills itself, as `kill -9` does, before or after its N-th call."""

import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parent))

import cases

from toolkit.infra.names import PlatformNames

kind, number, when, bucket, prefix = sys.argv[1:]
calls = cases.Calls(lambda: os.kill(os.getpid(), signal.SIGKILL))
cases.forget()
# The patches stay as long as the process.
calls.install(SimpleNamespace(setattr=setattr))
calls.arm(int(number), when)
getattr(cases, kind)(PlatformNames(bucket=bucket, prefix=prefix)).poller().run_once()
