"""
``toolkit local``: serve, say what is kept, or start anew.

``python -m toolkit.local`` is the same, but keeps nothing unless it is told where.
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
from pathlib import Path
from urllib.parse import unquote

from toolkit.local.athena.limits import DEFAULT_ACTIVE_QUERIES, DEFAULT_CACHE_IN_BYTES, Limits
from toolkit.local.memory import keep_little
from toolkit.local.platform import Platform
from toolkit.local.server import DEFAULT_REGION, Server, serving
from toolkit.local.state.directory import DataDirectory

# Names the directory where none is given.
DATA_VARIABLE = "TOOLKIT_LOCAL_DATA"

ACTIONS = ("start", "status", "reset")

# What the entries of a container are, by service and the last word of its path.
_NOUNS = {
    ("s3", "keys"): "objects",
    ("sqs", "_index"): "messages",
    ("glue", "tables"): "tables",
    ("glue", "partitions"): "partitions",
    ("kinesis", "records"): "records",
    ("dynamodb", "items"): "items",
    ("dynamodb", "stream_shard.items"): "changes in its stream",
    ("logs", "events"): "events",
    ("cloudwatch", "metric_data"): "values of metrics",
}


def default_data_directory() -> Path:
    """Give the directory that ``toolkit local`` keeps its state in where none is named."""
    if named := os.environ.get(DATA_VARIABLE):
        return Path(named)
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "toolkit" / "local"


def add_arguments(parser: argparse.ArgumentParser, *, default_port: int, data_directory: Path | None) -> None:
    """Add the actions and options of the command; without a *data_directory* the default is to keep nothing."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="start",
        help="start serves until Ctrl-C (default); status says what is kept and who serves it; reset deletes it",
    )
    parser.add_argument(
        "--port",
        type=port,
        default=default_port,
        metavar="N",
        help="port to listen on, 0 for a free one (%(default)s)",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (%(default)s: this machine alone)"
    )
    parser.add_argument("--region", default=DEFAULT_REGION, help="region of the clients (%(default)s)")
    parser.add_argument(
        "--data",
        metavar="DIR",
        default=data_directory,
        help="directory that keeps the state "
        + (f"({DATA_VARIABLE}, else {data_directory})".replace("%", "%%") if data_directory else "(nothing is kept)"),
    )
    parser.add_argument(
        "--in-memory", action="store_true", help="keep nothing: an empty account that ends with the server"
    )
    parser.add_argument(
        "--max-active-queries",
        type=_count,
        default=DEFAULT_ACTIVE_QUERIES,
        metavar="N",
        help="Athena queries at once; more meet TooManyRequestsException (%(default)s)",
    )
    parser.add_argument(
        "--max-starts-per-second",
        type=_count,
        metavar="N",
        help="Athena queries started a second, after a burst of four times as many (no limit)",
    )

    parser.add_argument(
        "--cache-gb",
        type=_count,
        default=DEFAULT_CACHE_IN_BYTES // 10**9,
        metavar="N",
        help="disk for converted copies of objects; beyond that the longest unused are deleted (%(default)s GB)",
    )


def run(options: argparse.Namespace) -> int:
    """
    Do what the options say; gives the exit status.

    Raises:
        LocalPlatformError: it can't listen, or the data directory is in use or unreadable.
    """
    directory = (
        None if options.in_memory or not options.data else DataDirectory(Path(options.data).expanduser().absolute())
    )
    match options.action:
        case "status":
            print(
                "\n".join(
                    status_lines(directory, options.cache_gb * 10**9) if directory else ["nothing is kept in memory"]
                )
            )
        case "reset":
            return _reset(directory)
        case _:
            _serve(options, directory)
    return 0


def status_lines(directory: DataDirectory, cache_in_bytes: int) -> list[str]:
    """Say who serves a data directory and what it keeps; *cache_in_bytes* bounds the cache where no server says it."""
    from toolkit.local.state.store import Store

    if not directory.is_kept:
        return [f"{directory.path}: nothing is kept"]
    holder = directory.holder()
    if holder is None:
        state = "no server"
    else:
        state = f"served at {holder.endpoint_url or '(starting)'} by process {holder.process_id}"
    lines = [f"{directory.path}: {state}, {directory.size_in_bytes() / 1e6:.1f} MB"]
    cached = f"{directory.cache_size_in_bytes() / 1e6:,.1f} MB"
    most = (holder.cache_in_bytes if holder else 0) or cache_in_bytes
    lines.append(f"  {'cache of converted objects':50} {cached:>10} of at most {most / 1e9:g} GB")
    store = Store(directory.store)
    try:
        lines += [f"  {place:50} {count:>10,} {noun}" for place, count, noun in map(_told, store.counts())]
    finally:
        store.close()
    return lines


def _told(counted: tuple[str, int]) -> tuple[str, int, str]:
    path, count = counted
    service, _, rest = path.partition("/")
    parts = rest.split("/")
    noun = _NOUNS.get((service, parts[-1]))
    if noun is None:
        return service, count, rest.replace("_", " ")
    # account, region, then kinds and names by turns
    names = [unquote(name) for name in parts[3:-1:2]]
    return f"{service} {'/'.join(names)}".rstrip(), count, noun


def _reset(directory: DataDirectory | None) -> int:
    if directory is None:
        print("nothing is kept in memory")
        return 0
    if not directory.is_kept:
        print(f"{directory.path}: nothing is kept")
        return 0
    size = directory.size_in_bytes()
    directory.reset()
    print(f"{directory.path}: {size / 1e6:.1f} MB deleted")
    return 0


def _serve(options: argparse.Namespace, directory: DataDirectory | None) -> None:
    rate = options.max_starts_per_second
    limits = Limits(options.max_active_queries, rate, 4 * (rate or 20), options.cache_gb * 10**9)
    path = None if directory is None else directory.path
    keep_little()
    with serving(options.host, options.port, options.region, path, limits) as (server, platform):
        stop_on_signals(server)
        print(greeting(platform, path), flush=True)
        server.run()


def greeting(platform: Platform, data_directory: Path | None = None) -> str:
    """Say what a person at a terminal needs: the endpoint, what is kept, and the lines to paste into a shell."""
    exports = (f"export {name}={shlex.quote(value)}" for name, value in platform.environment.items())
    kept = (f"# keeps its state in {data_directory}",) if data_directory else ()
    return "\n".join((f"Serving at {platform.endpoint_url} (Ctrl-C stops)", *exports, *kept))


def stop_on_signals(server: Server) -> None:
    """Let Ctrl-C and a service manager end the server in good order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())


def port(text: str) -> int:
    """Read the value of a ``--port``, for argparse."""
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"expected a port from 0 (any free one) to 65535, found {text!r}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, found {text!r}")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Run ``python -m toolkit.local``; gives the exit status."""
    from toolkit.local.errors import LocalPlatformError

    parser = argparse.ArgumentParser(prog="python -m toolkit.local", description="AWS endpoints on this machine.")
    add_arguments(parser, default_port=0, data_directory=None)
    try:
        return run(parser.parse_args(arguments))
    except LocalPlatformError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
