"""A command of the toolkit in a process that kills itself, as `kill -9` does, before or after its N-th call to AWS."""

import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parent))

from cases import Calls

from toolkit.cli import main

number, when, *arguments = sys.argv[1:]
calls = Calls(lambda: os.kill(os.getpid(), signal.SIGKILL))
# The patches stay as long as the process.
calls.install(SimpleNamespace(setattr=setattr))
calls.arm(int(number), when)
sys.exit(main(arguments))
