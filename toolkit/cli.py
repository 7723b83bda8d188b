"""The ``toolkit`` command."""

from __future__ import annotations

import errno
import functools
import gc
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence

import toolkit
from toolkit import cli_validate
from toolkit.errors import InvalidInput, SchemaNotFound, ToolkitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any, NoReturn

    from toolkit.schema import Schema, SchemaRegistry

    AddCommand = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
    """Takes a command's name, the function that runs it and a line of help; returns the parser of its options."""

EXIT_OK = 0
EXIT_FOUND_FAULTS = 1
EXIT_CANNOT_WORK = 2
EXIT_INTERRUPTED = 130
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Remarks about one schema that are printed; more of them are most likely of one kind.
_MOST_ADVICE = 10
DEFAULT_PORT = 4599

SCHEMA_HELP = (
    "a JSON Schema: a file, a place in one (schema.json#/definitions/x), or a name in the schema repository (order_placed, "
    "order_placed/1)"
)
DESCRIPTION = """\
One JSON Schema takes your events from a queue to an Athena table to a pandas DataFrame.

Start with `toolkit tour`: it needs no AWS account. The commands that reach AWS follow the usual environment
(AWS_PROFILE, AWS_DEFAULT_REGION, ...); AWS_ENDPOINT_URL leads them to the local platform that `toolkit local` runs.
"""
# Below the help of every command, for those who write pipelines.
EPILOG = (
    "The exit status is 0 when all is well, 1 when faults were found (refused events, a change that breaks somebody), 2 when the "
    "command could not do its work, and 130 when it was interrupted."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 done, 1 faults were found, 2 it could not work."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _plain_options(given)
    if options is None:
        options = parser(*given[:1]).parse_args(given)
    elif arguments is None:
        # Nothing that is made until the first event is judged ever becomes garbage; `cli_validate.run` starts it again.
        gc.disable()
    # A service manager or a closed terminal ends us as Ctrl-C does, so that no child stays behind.
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    signal.signal(signal.SIGTERM, _interrupt)
    if before[signal.SIGINT] is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    before_hook = sys.unraisablehook
    sys.unraisablehook = lambda unraisable: _interrupt_again(unraisable) or before_hook(unraisable)
    for stream in (sys.stdout, sys.stderr):
        # A name of a schema may hold what a terminal of Latin-1, or a pipe on Windows, has no character for.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if options.endpoint_url:
        os.environ["AWS_ENDPOINT_URL"] = options.endpoint_url
    try:
        status: int = options.run(options)
        # What is still held back may have no room on a full disk: then the status must say so.
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output (`head`) has seen enough.
        _drop_output()
        return EXIT_OK
    except (ToolkitError, _local_error()) as error:
        print(f"toolkit: {one_line(error)}", file=sys.stderr)
        return EXIT_CANNOT_WORK
    except OSError as error:
        # Files that are opened and written by name tell it in sentences of their own: mostly this is standard output.
        where = error.filename or (
            "output can't be written" if error.errno in _NO_ROOM else "reading or writing failed"
        )
        print(f"toolkit: {where}: {error.strerror or one_line(error)}", file=sys.stderr)
        try:
            if sys.stdout is not None:
                sys.stdout.flush()
        except OSError:
            _drop_output()
        return EXIT_CANNOT_WORK
    finally:
        # Who called us from Python goes on; a command may have set handlers of its own meanwhile.
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)
        sys.unraisablehook = before_hook


def _drop_output() -> None:
    """Let what is still held back for standard output go nowhere: Python would complain of it again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain_options(given: Sequence[str]) -> Any:
    """
    Return the options of ``validate EVENTS --schema SCHEMA``, or None for a line that argparse has to read.

    To import and build a parser takes as long as to judge some events.
    """
    match given:
        case ["validate", events, "--schema", schema] | ["validate", "--schema", schema, events]:
            if not events.startswith("-") and not schema.startswith("-"):
                from types import SimpleNamespace

                given_ = {"events": [events], "schema": schema, "run": run_validate, "endpoint_url": None}
                common = {"repository": os.environ.get("SCHEMA_REPOSITORY", ""), "documents": [], "strict": True}
                return SimpleNamespace(**cli_validate.DEFAULTS, **common, **given_)
    return None


class _Interrupted(KeyboardInterrupt):
    """
    A signal asked us to end.

    A class of our own: where a plain ``KeyboardInterrupt`` leaves the text given to ``exec``, as in the making of a
    dataclass, ``python -m`` notes it as unhandled and ends the process by SIGINT, even if it is caught afterwards
    (``run_eval_code_obj`` in CPython's pythonrun.c, which compares the exact class).
    """


def _interrupt(number: int, _: object) -> None:
    raise _Interrupted(number)


def _interrupt_again(unraisable: sys.UnraisableHookArgs) -> bool:
    """Tell whether a signal's exception met a finalizer, of which Python ignores what they raise, and send the signal again."""
    if not isinstance(unraisable.exc_value, _Interrupted):
        return False
    from threading import Timer, get_ident

    # Signals are handled in the main thread, and so is this. Sent to the thread, a signal ends a call that waits.
    send = (
        functools.partial(signal.pthread_kill, get_ident()) if hasattr(signal, "pthread_kill") else signal.raise_signal
    )
    # By then the finalizer has ended.
    Timer(0.05, send, unraisable.exc_value.args).start()
    return True


def one_line(error: BaseException) -> str:
    """Return the sentence of an error on one line."""
    return " ".join(str(error).split())


def _local_error() -> type[Exception]:
    from toolkit.local import LocalPlatformError

    return LocalPlatformError


def parser(wanted: str = "") -> argparse.ArgumentParser:
    """Return the parser of all commands, or at least of *wanted*; each stores the function that runs it as ``run``."""
    import argparse
    from textwrap import wrap

    class Parser(argparse.ArgumentParser):
        def __init__(self, **options: Any) -> None:
            # An option that is cut short would mean another one as soon as a newer version has two that begin so.
            super().__init__(**options, allow_abbrev=False)

        def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
            found, unknown = super().parse_known_args(args, namespace)
            if unknown:
                # Said here, it stands below the usage of the command that was meant, not of all commands.
                self.error(f"unrecognized arguments: {' '.join(unknown)}{self._meant(unknown)}")
            return found, unknown

        def _meant(self, unknown: list[str]) -> str:
            from difflib import get_close_matches

            name = unknown[0].partition("=")[0]
            like = get_close_matches(name, list(self._option_string_actions), 1) if name.startswith("-") else []
            return f"; did you mean {like[0]}?" if like else ""

        def error(self, message: str) -> NoReturn:
            for action in self._actions:
                if isinstance(action, argparse._SubParsersAction) and message.endswith("required: COMMAND"):
                    message = f"expected a command; there are: {', '.join(action.choices)}"
            super().error(with_suggestion(message))

    top: argparse.ArgumentParser = Parser(
        prog="toolkit",
        description=DESCRIPTION,
        epilog="\n".join(wrap(EPILOG, 110)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"toolkit {toolkit.__version__}")
    top.add_argument("--endpoint-url", metavar="URL", help="use this endpoint instead of AWS_ENDPOINT_URL")
    commands = top.add_subparsers(metavar="COMMAND", required=True, prog="toolkit")

    command = command_adder(commands)
    made = command("validate", run_validate, "check the events of an NDJSON file against their schema")
    cli_validate.add_arguments(made, _positive)
    made.add_argument("--schema", required=True, metavar="SCHEMA", help=SCHEMA_HELP)
    add_repository_option(made)
    add_strictness_option(made)
    if wanted == "validate":
        # What the other commands import takes longer than to judge an event.
        return top

    from pathlib import Path

    from toolkit import cli_tables
    from toolkit.cli_bench import run_bench
    from toolkit.cli_platform import add_platform_command
    from toolkit.cli_schema import add_schema_command
    from toolkit.cli_stored import add_stored_commands
    from toolkit.local.command import add_arguments as add_local_arguments
    from toolkit.local.command import default_data_directory, port

    made = command(
        "tour", run_tour, "take sample events, or your own, the whole way to DataFrames, on the local platform"
    )
    made.add_argument("--events", metavar="FILE", help="your events as NDJSON, plain, gzip or zstd; needs --schema")
    made.add_argument("--schema", metavar="SCHEMA", help=SCHEMA_HELP + "; needs --events")
    made.add_argument("--count", type=_positive, default=10_000, metavar="N", help="sample events to make (10000)")
    made.add_argument("--seed", type=int, default=42, metavar="N", help="seed of the sample events (42)")
    made.add_argument("--output", default="tour", metavar="DIR", help="folder for the chart (tour)")
    add_strictness_option(made)

    cli_tables.add_commands(command)

    made = command("query", run_query, "run one SQL statement on Athena and print its rows")
    made.add_argument("sql", metavar="SQL", help="the statement; - reads standard input")
    made.add_argument("--database", default="default", help="the database of unqualified table names (default)")
    made.add_argument("--format", choices=("table", "csv", "json"), default="table", help="how to print rows (table)")
    add_athena_options(made)

    made = command("local", run_local, "run the local platform, say what it keeps, or reset it")
    add_local_arguments(made, default_port=DEFAULT_PORT, data_directory=default_data_directory())

    made = command("lab", run_lab, "start the local platform and JupyterLab together, with the notebooks open")
    made.add_argument("--port", type=port, default=0, metavar="N", help="port of the local platform (a free one)")
    made.add_argument(
        "--no-browser", dest="browser", action="store_false", help="do not open a browser; print the address"
    )
    made.add_argument(
        "--aws", action="store_true", help="use the account of the environment instead of the local platform"
    )
    made.add_argument("jupyter", nargs="*", metavar="OPTION", help="further options for jupyter lab, after --")

    made = command("notebooks", run_notebooks, "run the notebooks again on a local platform and keep their outputs")
    made.add_argument("action", choices=("refresh",), help="what to do with them")
    made.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="where they are (the toolkit's own)")

    made = command("simulate", run_simulate, "run one handler on the local platform with the original example")
    made.add_argument("handler", choices=("event-validator", "json-schema-to-hive"), help="which handler")

    add_stored_commands(command)

    made = command("bench", run_bench, "run a benchmark of this checkout, or list them")
    made.add_argument("name", nargs="?", default="", metavar="NAME", help="without it: the list")
    made.add_argument("arguments", nargs=argparse.REMAINDER, metavar="OPTION", help="options of the benchmark")

    add_schema_command(commands)
    add_platform_command(commands)
    return top


def command_adder(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> AddCommand:
    """Return the function that adds one of *commands*."""

    def command(name: str, run: Callable[[argparse.Namespace], int], help_text: str) -> argparse.ArgumentParser:
        description = help_text[0].upper() + help_text[1:] + "."
        made = commands.add_parser(name, help=help_text, description=description, epilog=EPILOG)
        made.set_defaults(run=run)
        return made

    return command


def with_suggestion(message: str) -> str:
    """Return what argparse says of a choice that there is not, with the one that was most likely meant."""
    import re
    from difflib import get_close_matches

    found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)$", message)
    if found is None:
        return message
    choices = re.findall(r"[^\s',]+", found[2])
    like = get_close_matches(found[1], choices, 1)
    meant = f"did you mean {like[0]!r}? " if like else ""
    return f"{message[: found.start()]}found {found[1]!r}; {meant}there are: {', '.join(choices)}"


def add_strictness_option(made: argparse.ArgumentParser) -> None:
    """Add ``--no-strict``."""
    made.add_argument(
        "--no-strict", dest="strict", action="store_false", help="accept fields that the schema does not declare"
    )


def add_repository_option(made: argparse.ArgumentParser) -> None:
    """Add ``--repository``, and ``--documents`` for what its schemas refer to."""
    made.add_argument(
        "--repository",
        default=os.environ.get("SCHEMA_REPOSITORY", ""),
        metavar="PLACE",
        help="where schemas are looked up by name: a folder, s3://bucket/prefix/, dynamodb://table or "
        "glue://registry (SCHEMA_REPOSITORY, else the samples)",
    )
    made.add_argument(
        "--documents",
        action="append",
        default=[],
        metavar="PLACE",
        help="documents to which schemas refer by URI, or which they name as $schema: a file or a folder of files with "
        "$id, or URI=FILE; may be given again",
    )


def add_athena_options(made: argparse.ArgumentParser) -> None:
    """Add ``--work-group`` and ``--output-location``."""
    made.add_argument("--work-group", metavar="NAME", help="Athena work group (AWS_ATHENA_WORK_GROUP, else primary)")
    made.add_argument(
        "--output-location", metavar="S3URI", help="where Athena writes results (AWS_ATHENA_S3_STAGING_DIR)"
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        import argparse

        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, found {text!r}")
    return int(text)


def named_schemas(options: argparse.Namespace, *texts: str) -> list[Schema]:
    """
    Return the schema that each of *texts* names: a file, a place in a file, or a name in ``options.repository``.

    References by URI are looked up in ``options.documents``, places as `toolkit.schema.read_documents` takes them.

    Raises:
        SchemaNotFound: neither a file nor a name in the repository.
        SchemaError: the document is no JSON Schema.
    """
    registry = None
    if options.documents:
        from toolkit.schema import read_documents

        registry = read_documents(options.documents)
    schemas = [_named_schema(text, options.repository, registry) for text in texts]
    for text, schema in zip(texts, schemas, strict=True):
        tell_advice(schema, text)
    return schemas


def _named_schema(text: str, repository: str, registry: SchemaRegistry | None) -> Schema:
    # Not by a Path, whose import takes longer than to judge an event.
    scheme, is_uri, _ = text.partition("://")
    if is_uri and scheme in ("s3", "dynamodb", "glue"):
        raise InvalidInput(
            f"{text}: expected a file, or a name in a repository; give --repository {text} and --schema with a name in it"
        )
    if "#" in text or is_uri or text.endswith(".json") or os.path.isfile(text):  # noqa: PTH113
        from toolkit.schema import load_schema

        return load_schema(text, registry=registry)
    # What the repositories import takes longer than to judge an event.
    from toolkit.repositories import open_repository

    name, _, version = text.partition("/")
    try:
        return open_repository(repository, registry=registry).load(name, version)
    except InvalidInput as error:
        # What is too long for a path is no folder, of which a Path would complain.
        if os.path.isdir(text):  # noqa: PTH112
            raise InvalidInput(
                f"{text}: expected a schema document, found a folder; give a file in it, or --repository with a folder of "
                "schemas and a name in it"
            ) from error
        if isinstance(error, SchemaNotFound) and os.path.isfile(f"{text}.json"):  # noqa: PTH113
            raise SchemaNotFound(f"{error.message}; or is {text}.json meant?", source=error.source) from error
        raise


def tell_advice(schema: Schema, text: str) -> None:
    """Say on standard error what is hardly meant in the schema that *text* names."""
    from toolkit.schema.advice import schema_advice

    advice = schema_advice(schema)
    for sentence in advice[:_MOST_ADVICE]:
        print(f"toolkit: {text}: {sentence}", file=sys.stderr)
    if advice[_MOST_ADVICE:]:
        print(f"toolkit: {text}: and {len(advice) - _MOST_ADVICE} more such places", file=sys.stderr)


def run_tour(options: argparse.Namespace) -> int:
    """Run ``toolkit tour``."""
    from tqdm import tqdm

    from toolkit.tour import tour

    if bool(options.events) != bool(options.schema):
        raise InvalidInput("--events and --schema belong together: give both, or neither for the sample events")
    summary = tour(
        events_file=options.events,
        schema_source=options.schema or "",
        count=options.count,
        seed=options.seed,
        strict=options.strict,
        output=options.output,
        progress=lambda title, total: tqdm(total=total, desc=f"{title:8}", unit=" events", unit_scale=True),
    )
    return EXIT_FOUND_FAULTS if summary.problems else EXIT_OK


def run_validate(options: argparse.Namespace) -> int:
    """Run ``toolkit validate``."""
    report = cli_validate.run(options, *named_schemas(options, options.schema))
    return EXIT_FOUND_FAULTS if report.invalid else EXIT_OK


def run_query(options: argparse.Namespace) -> int:
    """Run ``toolkit query``."""
    from toolkit import cli_query

    cli_query.run(options)
    return EXIT_OK


def run_local(options: argparse.Namespace) -> int:
    """Run ``toolkit local``."""
    from toolkit.local import command

    return command.run(options)


def run_lab(options: argparse.Namespace) -> int:
    """Run ``toolkit lab``."""
    from toolkit.lab import run_jupyter_lab
    from toolkit.local import launch

    if options.aws or os.environ.get("AWS_ENDPOINT_URL"):
        return run_jupyter_lab({}, open_browser=options.browser, options=options.jupyter)
    with launch(port=options.port) as platform:
        print(f"The notebooks reach the local platform at {platform.endpoint_url}; Ctrl-C stops both.", flush=True)
        return run_jupyter_lab(platform.environment, open_browser=options.browser, options=options.jupyter)


def run_notebooks(options: argparse.Namespace) -> int:
    """Run ``toolkit notebooks refresh``."""
    from toolkit.lab import notebooks_folder, refresh

    folder = options.folder or notebooks_folder()
    if not any(folder.glob("*.ipynb")):
        raise InvalidInput(f"{folder}: expected a folder with notebooks, found none in it")
    changed = refresh(folder)
    print("\n".join(f"{path} has new outputs" for path in changed) or "every output is as it was")
    return EXIT_OK


def run_simulate(options: argparse.Namespace) -> int:
    """Run ``toolkit simulate``."""
    from toolkit import simulation
    from toolkit.local import launch
    from toolkit.tour import environment

    simulations = {
        "event-validator": simulation.simulate_event_validator,
        "json-schema-to-hive": simulation.simulate_json_schema_to_hive,
    }
    with launch() as platform, environment(platform.environment):
        simulations[options.handler]()
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
