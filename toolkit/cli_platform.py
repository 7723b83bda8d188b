"""``toolkit platform``: package, deploy, look at and tear down the event platform, run it here, and tell its cost."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.aws import check_bucket
from toolkit.cli import EXIT_FOUND_FAULTS, EXIT_OK, command_adder
from toolkit.errors import InvalidInput, NotFound, ToolkitError

if TYPE_CHECKING:
    from toolkit.infra import PlatformNames, StackStatus

DEFAULT_STACK = "event-platform"
DEFAULT_BUCKET = "events"
_MAKE_MISSING = "; correct --prefix or --bucket, or `toolkit platform deploy --runner` makes what is missing"


def add_platform_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``platform`` with its own commands; each stores the function that runs it as ``run``."""
    text = "package, deploy, look at and tear down the event platform, run it here, and tell its cost"
    group = commands.add_parser("platform", help=text, description=text.capitalize() + ".")
    command = command_adder(group.add_subparsers(metavar="COMMAND", required=True))

    made = command("package", run_package, "build the zip of the functions")
    made.add_argument("--output", default="dist", metavar="DIR", help="folder of the zip (dist)")
    _add_wheels(made)

    made = command("deploy", run_deploy, "create or update the platform's stack; with --runner only its resources")
    _add_stack(made)
    _add_names(made)
    # A stack that is there keeps its names.
    made.set_defaults(bucket=None, prefix=None)
    made.add_argument("--code-bucket", metavar="NAME", help="bucket of the functions' zip (EVENTS_BUCKET-code)")
    made.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the template; may be repeated. A stack that is there keeps those that are not given",
    )
    made.add_argument(
        "--runner",
        action="store_true",
        help="create queues, topic, stream, tables and bucket without CloudFormation, for `toolkit platform run`",
    )
    _add_wheels(made)

    made = command("status", run_status, "say how the stack is, and what it gives out")
    _add_stack(made)
    _add_names(made)
    made.add_argument(
        "--runner",
        action="store_true",
        help="say what is there of the resources without CloudFormation, and what waits",
    )

    made = command(
        "teardown", run_teardown, "delete the stack; events and schemas stay, what waits in queues and stream goes"
    )
    _add_stack(made)
    _add_names(made)
    made.add_argument("--runner", action="store_true", help="delete the resources that `deploy --runner` made instead")
    made.add_argument("--yes", action="store_true", help="do not ask")

    made = command("run", run_run, "poll queues and streams and call the handlers, until Ctrl-C")
    _add_names(made)
    made.add_argument("--form", choices=("mvp", "grown", "both"), default="both", help="which form (both)")
    made.add_argument(
        "--buffer-seconds",
        type=_seconds,
        default=60.0,
        metavar="N",
        help="an object is written after so many seconds (60)",
    )
    made.add_argument(
        "--buffer-megabytes",
        type=_positive,
        default=5,
        metavar="N",
        help="an object is written at so many megabytes (5)",
    )
    made.add_argument(
        "--batch-size", type=_positive, default=1000, metavar="N", help="events a batch, up to 10000 (1000)"
    )
    made.add_argument("--event-name", metavar="NAME", help="the event of messages that name none (EVENT_NAME)")

    made = command("redrive", run_redrive, "send what was set aside on its way again")
    made.add_argument(
        "queue",
        choices=("invalid", "events", "valid", "objects", "failed"),
        help="refused events, events that could not be judged, valid ones that could not be stored, notifications of objects "
        "that could not be handled, or what a stream's mapping gave up into the bucket",
    )
    _add_names(made)

    made = command("cost", run_cost, "tell what both forms cost a day, by service, at list prices")
    made.add_argument("--events-per-day", type=_count, required=True, metavar="N", help="how many events come a day")
    made.add_argument("--event-bytes", type=_positive, default=1024, metavar="N", help="bytes an event (1024)")
    made.add_argument("--producer-batch", type=_positive, default=10, metavar="N", help="events a publish call (10)")


def _add_stack(made: argparse.ArgumentParser) -> None:
    made.add_argument("--stack", default=DEFAULT_STACK, metavar="NAME", help=f"name of the stack ({DEFAULT_STACK})")


def _add_names(made: argparse.ArgumentParser) -> None:
    made.add_argument("--bucket", default=DEFAULT_BUCKET, metavar="NAME", help="bucket of the events (events)")
    made.add_argument("--prefix", default="", metavar="TEXT", help="begins every name, such as staging-")


def _add_wheels(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--wheel", action="append", default=[], metavar="FILE", help="a wheel to unpack into the zip, such as orjson's"
    )


def _names(options: argparse.Namespace) -> PlatformNames:
    from toolkit.infra import PlatformNames, check_names

    check_names(options.bucket, options.prefix)
    return PlatformNames(options.bucket, options.prefix)


def run_package(options: argparse.Namespace) -> int:
    """Run ``toolkit platform package``."""
    from toolkit.infra import build_package

    package = build_package(wheels=options.wheel)
    path = Path(options.output) / Path(package.key).name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(package.content)
    except OSError as error:
        raise InvalidInput(f"{path}: can't be written: {error.strerror}; choose another --output") from error
    print(f"{path}  {len(package.content):,} bytes  sha256 {package.digest}")
    return EXIT_OK


def run_deploy(options: argparse.Namespace) -> int:
    """Run ``toolkit platform deploy``."""
    from toolkit.infra import build_package, create_resources, deploy, stack_parameters

    made = {} if options.runner else stack_parameters(options.stack)
    if options.bucket is None:
        options.bucket = made.get("EventsBucketName", DEFAULT_BUCKET)
    if options.prefix is None:
        options.prefix = made.get("NamePrefix", "")
    names = _names(options)
    if options.runner:
        create_resources(names)
        print(f"The resources are there. Publish a schema, and run the platform:\n{_next_steps(options)}")
        return EXIT_OK
    parameters = {"EventsBucketName": names.bucket, "NamePrefix": names.prefix}
    parameters["CodeBucket"] = options.code_bucket or made.get("CodeBucket") or f"{names.bucket}-code"
    for text in options.parameter:
        name, separator, value = text.partition("=")
        if not separator:
            raise InvalidInput(f"--parameter {text}: expected NAME=VALUE")
        parameters[name] = value
    reached = deploy(options.stack, build_package(wheels=options.wheel), parameters, on_progress=_progress)
    _print_status(reached)
    return EXIT_OK


def _next_steps(options: argparse.Namespace) -> str:
    where = f"--bucket {options.bucket}" + (f" --prefix {options.prefix}" if options.prefix else "")
    return (
        f"  toolkit schema publish schema.json --name NAME --repository dynamodb://{_names(options).schema_table}\n"
        f"  toolkit platform run {where} --event-name NAME"
    )


def _progress(reached: StackStatus) -> None:
    print(f"{reached.name}: {reached.status}", file=sys.stderr)


def _print_status(reached: StackStatus) -> None:
    print(f"{reached.name}: {reached.status}")
    width = max(map(len, reached.outputs), default=0)
    for name, value in sorted(reached.outputs.items()):
        print(f"  {name:{width}}  {value}")
    for failure in reached.failures:
        print(f"  FAILED {failure}")


def run_status(options: argparse.Namespace) -> int:
    """Run ``toolkit platform status``; exit status 1 says that the last action did not succeed, or that something is missing."""
    from toolkit.infra import resource_states, status

    if options.runner:
        names = _names(options)
        states = resource_states(names)
        width = max(map(len, states))
        for name, count in states.items():
            state = "missing" if count is None else f"{count:,} waiting" if name.endswith("-queue") else "there"
            print(f"{name:{width}}  {state}")
        return EXIT_FOUND_FAULTS if None in states.values() else EXIT_OK
    reached = status(options.stack)
    _print_status(reached)
    return EXIT_OK if reached.is_good or reached.is_working else EXIT_FOUND_FAULTS


def run_teardown(options: argparse.Namespace) -> int:
    """Run ``toolkit platform teardown``."""
    from toolkit.infra import delete_resources, teardown

    names = _names(options)
    what = f"{names.topic}, its queues, stream and registers" if options.runner else f"the stack {options.stack}"
    if not options.yes:
        if not sys.stdin.isatty():
            raise InvalidInput(f"this deletes {what}: say --yes")
        asked = f"Delete {what}? Its events and schemas stay; what waits in its queues and stream goes. [y/N] "
        try:
            answer = input(asked)
        except EOFError:
            # Ctrl-D is no consent.
            answer = ""
            print()
        if answer.strip().lower() != "y":
            return EXIT_FOUND_FAULTS
    if options.runner:
        delete_resources(names)
    else:
        teardown(options.stack, on_progress=_progress)
    print(f"Deleted: {what}; the bucket of the events and the table of the schemas are still there")
    return EXIT_OK


def run_run(options: argparse.Namespace) -> int:
    """Run ``toolkit platform run``; SIGINT and SIGTERM let every batch come to its end."""
    from toolkit.runner import Runner, platform_mappings

    names = _names(options)
    for name, value in names.environment().items():
        os.environ.setdefault(name, value)
    if options.event_name:
        os.environ["EVENT_NAME"] = options.event_name
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("toolkit.handlers").setLevel(logging.INFO)
    mappings = platform_mappings(
        names,
        form=options.form,
        buffer_seconds=options.buffer_seconds,
        buffer_bytes=options.buffer_megabytes * 1024 * 1024,
        batch_size=options.batch_size,
        schema_repository=os.environ["SCHEMA_REPOSITORY"],
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    runner = Runner(mappings, checkpoints=names.checkpoints)
    try:
        check_bucket(names.bucket)
        runner.start()
    except NotFound as error:
        error.message += _MAKE_MISSING
        raise
    with runner:
        _warn_of_missing_schema()
        print("Running; Ctrl-C stops.", *runner.handled, sep="\n  ", flush=True)
        stop.wait()
        print("Stopping: every batch comes to its end.", flush=True)
    for name, count in runner.handled.items():
        print(f"  {name}: {count:,}")
    return EXIT_OK


def _warn_of_missing_schema() -> None:
    """Say that events which name no schema will wait, where theirs is not published; it may be later."""
    from toolkit.handlers.settings import Settings
    from toolkit.repositories import open_repository

    settings = Settings.from_environment()
    try:
        repository = open_repository(settings.schema_repository)
        if repository.versions(settings.event_name):
            return
        said = f"{repository}: no schema named {settings.event_name!r}"
    except ToolkitError as error:
        said = str(error)
    print(
        f"{said}: events that name no other schema wait until `toolkit schema publish` has published it, and end in the "
        "redrive queue",
        file=sys.stderr,
    )


def run_redrive(options: argparse.Namespace) -> int:
    """Run ``toolkit platform redrive``; exit status 1 says that some messages were not taken and are still there."""
    names = _names(options)
    try:
        return _redriven(options.queue, names)
    except NotFound as error:
        error.message += _MAKE_MISSING
        raise


def _redriven(queue: str, names: PlatformNames) -> int:
    from toolkit.runner import redrive, redrive_given_up, redrive_notifications

    if queue == "failed":
        check_bucket(names.bucket)
        done = redrive_given_up(names.bucket, stream=names.stream, function=names.table_maker)
        print(
            f"s3://{names.bucket}: {done.to_stream} to {names.stream}, {done.to_function} to {names.table_maker}, "
            f"{done.failed} not taken"
        )
        return EXIT_FOUND_FAULTS if done.failed else EXIT_OK
    if queue == "objects":
        source = names.objects_redrive_queue
        done = redrive_notifications(source, names.objects_queue, names.partition_updater)
        print(
            f"{source}: {done.to_queue} to {names.objects_queue}, {done.to_function} to {names.partition_updater}, "
            f"{done.failed} not taken"
        )
        return EXIT_FOUND_FAULTS if done.failed else EXIT_OK
    source, target = {
        "invalid": (names.dead_letter_queue, names.events_queue),
        "events": (names.redrive_queue, names.events_queue),
        "valid": (names.valid_redrive_queue, names.valid_events_queue),
    }[queue]
    place = names.environment()["OVERSIZED_LOCATION"]
    done = redrive(source, target, stream=names.stream, oversized_location=place)
    print(f"{source}: {done.to_queue} to {target}, {done.to_stream} to {names.stream}, {done.failed} not taken")
    return EXIT_FOUND_FAULTS if done.failed else EXIT_OK


def run_cost(options: argparse.Namespace) -> int:
    """Run ``toolkit platform cost``."""
    from toolkit.infra import Volume, cost_lines

    volume = Volume(options.events_per_day, options.event_bytes, options.producer_batch)
    print("\n".join(cost_lines(volume)))
    return EXIT_OK


def _positive(text: str) -> int:
    value = _count(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, found {text!r}")
    return value


def _count(text: str) -> int:
    digits = text.replace("_", "").replace(",", "")
    if not digits.isdecimal() or len(digits) > 15:
        raise argparse.ArgumentTypeError(f"expected a whole number, found {text!r}")
    return int(digits)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 300:
        raise argparse.ArgumentTypeError(f"expected seconds from 0 to 300, found {text!r}")
    return value
