"""``python -m toolkit.local``: serve in the foreground until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
import threading
from typing import Any

from toolkit.local.errors import LocalPlatformError
from toolkit.local.platform import Platform
from toolkit.local.server import DEFAULT_REGION, Server, serving

# How often a child looks whether its parent still is its parent; the closing pipe is noticed at once.
PARENT_CHECK_SECONDS = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Serve in the foreground; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m toolkit.local", description="AWS endpoints on this machine.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--region", default=DEFAULT_REGION, help="region of the clients (default: %(default)s)")
    parser.add_argument("--data", metavar="DIR", help="directory that keeps the state (default: nothing is kept)")
    options = parser.parse_args(arguments)
    try:
        with serving(options.host, options.port, options.region, options.data) as (server, platform):
            _stop_on_signals(server)
            print(greeting(platform), flush=True)
            server.run()
    except LocalPlatformError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def greeting(platform: Platform) -> str:
    """Say what a person at a terminal needs: the endpoint, and the lines to paste into a shell."""
    exports = (f"export {name}={shlex.quote(value)}" for name, value in platform.environment.items())
    return "\n".join((f"Serving at {platform.endpoint_url} (Ctrl-C stops)", *exports))


def child() -> None:
    """Serve for ``toolkit.local.launch``: settings as JSON in the first argument, the answer as JSON on one line."""
    settings = json.loads(sys.argv[1])
    parent = os.getppid()
    try:
        with serving(**settings) as (server, platform):
            _stop_on_signals(server)
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


def _stop_on_signals(server: Server) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())


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
