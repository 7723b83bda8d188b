"""``python -m toolkit.local``, and the child process of ``toolkit.local.launch``."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from toolkit.local.athena.limits import Limits
from toolkit.local.command import main, stop_on_signals
from toolkit.local.errors import LocalPlatformError
from toolkit.local.memory import keep_little
from toolkit.local.server import Server, serving

# How often a child looks whether its parent still is its parent; the closing pipe is noticed at once.
PARENT_CHECK_SECONDS = 1.0


def child() -> None:
    """Serve for ``toolkit.local.launch``: settings as JSON in the first argument, the answer as JSON on one line."""
    settings = json.loads(sys.argv[1])
    limits = settings.pop("athena_limits")
    parent = os.getppid()
    keep_little()
    try:
        with serving(**settings, limits=Limits(**limits) if limits else None) as (server, platform):
            stop_on_signals(server)
            threading.Thread(target=_stop_with_parent, args=(server, parent), daemon=True).start()
            _answer({"port": int(platform.endpoint_url.rpartition(":")[2])})
            server.run()
    except LocalPlatformError as error:
        facts = {name: str(getattr(error, name)) for name in ("path", "reason") if hasattr(error, name)}
        _answer({"error": type(error).__name__, "message": str(error), **facts})


def _answer(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)
    # Nobody reads standard output from here on, and what a library prints must not fill the pipe.
    os.dup2(2, 1)


def _stop_with_parent(server: Server, parent: int) -> None:
    closed = threading.Event()

    def wait_for_end_of_input() -> None:
        while os.read(0, 1024):
            pass
        closed.set()

    threading.Thread(target=wait_for_end_of_input, daemon=True).start()
    # A fork of the parent may hold the pipe open, so the pipe alone does not tell.
    while not closed.wait(PARENT_CHECK_SECONDS) and os.getppid() == parent:
        pass
    server.stop()


if __name__ == "__main__":
    sys.exit(main())
