"""
``toolkit validate``: check the events of an NDJSON file against their schema.

What takes long to import is imported where it is needed, so that one event is judged at once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from toolkit.errors import InvalidInput, number_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from toolkit.schema import Schema
    from toolkit.validator import NdjsonReport, Progress, ValidationError, Validator

# What the options are that a command line leaves out, but for those that other commands have as well.
DEFAULTS: dict[str, Any] = {
    "show": 20,
    "values": False,
    "rejects": None,
    "accepted": None,
    "event_time": "",
    "replay": False,
    "report": None,
    "json": False,
    "processes": 1,
    "progress": True,
    "duplicate_keys": "accept",
    "formats": None,
}
# Counts by place that a terminal shows; names of undeclared fields come from the data, and may be thousands.
_MOST_COUNTS = 30
# Reasons of one line that a terminal shows: an event may have as many as it has fields.
_MOST_REASONS = 10
# What is judged faster than a bar could be read gets none; the bar comes with a line of its own.
_SECONDS_BEFORE_BAR = 1.0


def add_arguments(made: argparse.ArgumentParser, positive: Callable[[str], int]) -> None:
    """Add the options of the command, but for the schema and its repository; *positive* reads whole numbers from 1 on."""
    made.add_argument(
        "events",
        nargs="+",
        metavar="EVENTS",
        help="NDJSON, plain, gzip or zstd: files or s3://bucket/key; - reads standard input",
    )
    made.add_argument("--show", type=positive, metavar="N", help="refused lines to show (20)")
    made.add_argument("--values", action="store_true", help="show what was found, which may be personal data")
    made.add_argument(
        "--rejects", metavar="FILE", help="write every refused line with its reasons to FILE, which must be new"
    )
    made.add_argument(
        "--accepted", metavar="PLACE", help="write every valid event to a file (.gz) or below s3://bucket/prefix/"
    )
    add_event_time_option(made)
    made.add_argument("--replay", action="store_true", help="EVENTS is such a file: judge its lines again")
    made.add_argument(
        "--report",
        metavar="FILE",
        help="write the counts by location and keyword as CSV to FILE; - for standard output",
    )
    made.add_argument(
        "--json", action="store_true", help="print the report as one JSON document, for a program to read"
    )
    made.add_argument("--processes", type=positive, metavar="N", help="work with so many processes (1)")
    made.add_argument("--no-progress", dest="progress", action="store_false", help="no progress bar on a terminal")
    made.add_argument(
        "--duplicate-keys",
        choices=("accept", "refuse"),
        help="what a key twice in one object means: the last one counts, or the event is refused (accept)",
    )
    add_formats_option(made)
    made.set_defaults(**DEFAULTS)


def add_event_time_option(made: argparse.ArgumentParser) -> None:
    """Add ``--event-time``."""
    made.add_argument(
        "--event-time",
        default="",
        metavar="POINTER",
        help="JSON pointer of the time whose day parts the objects, such as /event_time: they lie below dt=2026-01-31/",
    )


def add_formats_option(made: argparse.ArgumentParser) -> None:
    """Add ``--formats``."""
    made.add_argument(
        "--formats",
        action="store_true",
        default=None,
        help="check formats also where the dialect lets them inform alone, as 2019-09 and 2020-12 do",
    )


def run(options: argparse.Namespace, schema: Schema) -> NdjsonReport:
    """
    Judge the events that *options* name by *schema*, print the report, and return it.

    Raises:
        InvalidInput: the events can't be read, or a file not be written.
        AwsError: S3 said no.
    """
    from toolkit.validator.validator import compile_schema

    validator = compile_schema(
        schema,
        strict=options.strict,
        formats=options.formats,
        duplicate_keys=options.duplicate_keys,
        show_values=options.values,
    )
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    if options.json and options.report == "-":
        raise InvalidInput("--json and --report - both write to standard output: give one of them, or --report FILE")
    if len(options.events) > 1 and (options.rejects or options.accepted or options.replay):
        raise InvalidInput("--rejects, --accepted and --replay take one file of events at a time")
    if options.report and options.report != "-":
        _check_report(options)
    if options.accepted is None and not options.event_time:
        return _judge(options, validator, options.rejects)
    from tempfile import TemporaryDirectory

    from toolkit.cli_stored import day_function, tell_written
    from toolkit.replay import check_place, source_state, store_accepted

    day_of = day_function(options.event_time, options.accepted)
    if options.events == ["-"] or options.replay:
        raise InvalidInput("--accepted reads the events twice: give a file or an S3 URI; for a rejects file use replay")
    check_place(options.events[0], options.accepted, options.rejects)
    judged = source_state(options.events[0])
    with TemporaryDirectory() as folder:
        rejects = options.rejects or f"{folder}/rejects"
        report = _judge(options, validator, rejects)
        written = store_accepted(
            options.events[0], rejects, options.accepted, day_of=day_of, open_uri=_open_uri, judged=judged
        )
    # Counts on standard output are for a program to read.
    tell_written(written, options.event_time, sys.stderr if options.report == "-" or options.json else None)
    return report


def _check_report(options: argparse.Namespace) -> None:
    """Refuse a file for the report that is one of those which the command reads or writes."""
    from toolkit.validator.bulk.source import is_same_file

    for other in filter(None, (*options.events, options.schema.partition("#")[0], options.rejects, options.accepted)):
        if "://" not in other and other != "-" and is_same_file(options.report, other):
            raise InvalidInput(f"{options.report}: the report would overwrite {other}; name another file")


def _judge(options: argparse.Namespace, validator: Validator, rejects: str | None) -> NdjsonReport:
    """Judge the events, print the report, and return it; *rejects* is where refused lines are written."""
    from toolkit.validator.bulk.report import ReadingStopped, merge_reports
    from toolkit.validator.ndjson import validate_ndjson

    reports: list[NdjsonReport] = []
    try:
        for events in options.events:
            with _Bar(options.progress and sys.stderr.isatty()) as bar:
                try:
                    report = validate_ndjson(
                        _source(options, events),
                        validator,
                        most_samples=options.show,
                        rejects=rejects,
                        processes=options.processes,
                        on_progress=bar.advance,
                        open_uri=_open_uri,
                    )
                except KeyboardInterrupt:
                    if bar.last is not None:
                        judged = number_of(bar.last.lines, "line")
                        print(
                            f"toolkit: {events}: {judged} judged, {bar.last.invalid:,} of them invalid", file=sys.stderr
                        )
                    raise
            reports.append(report)
            for advice in filter(None, (source_advice(report, events), _name_advice(events))):
                print(f"toolkit: {advice}", file=sys.stderr)
    except InvalidInput as error:
        if isinstance(error, ReadingStopped):
            reports.append(error.report)
        if reports:
            _tell(options, merge_reports(reports, most_samples=options.show))
        raise
    report = merge_reports(reports, most_samples=options.show) if len(reports) > 1 else reports[0]
    _tell(options, report)
    return report


def _tell(options: argparse.Namespace, report: NdjsonReport) -> None:
    """Print *report*, or write it, as *options* say."""
    if options.json:
        print(report_json(report))
    elif options.report == "-":
        print(counts_csv(report), end="")
    else:
        print("\n".join(report_lines(report, names_files=len(options.events) > 1)))
    if options.report and options.report != "-":
        _write(options.report, counts_csv(report))


def _source(options: argparse.Namespace, events: str) -> Any:
    if options.replay:
        from toolkit.validator.bulk.rejects import read_rejects

        return read_rejects(events)
    return sys.stdin.buffer if events == "-" else events


def _open_uri(uri: str) -> Any:
    from toolkit.aws import open_object

    if not uri.startswith("s3://"):
        raise InvalidInput(f"{uri}: expected a path or s3://bucket/key; fetch other addresses first")
    return open_object(uri)


def _write(path: str, text: str) -> None:
    from pathlib import Path

    try:
        Path(path).write_text(text, "utf-8")
    except OSError as error:
        raise InvalidInput(f"{path}: the report can't be written: {error.strerror}") from error


class _Bar:
    """A bar on standard error that shows after a while, and how many events were refused; nothing unless *is_wanted*."""

    def __init__(self, is_wanted: bool) -> None:
        self.is_wanted = is_wanted
        self.last: Progress | None = None
        self._bar: Any = None
        self._read_bytes = 0

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def advance(self, progress: Progress) -> None:
        """Show how far the run has come, and keep it."""
        self.last = progress
        if not self.is_wanted:
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=progress.source_bytes, unit="B", unit_scale=True, delay=_SECONDS_BEFORE_BAR, file=sys.stderr
            )
        self._bar.set_postfix_str(f"{progress.lines:,} events, {progress.invalid:,} invalid", refresh=False)
        self._bar.update(progress.read_bytes - self._read_bytes)
        self._read_bytes = progress.read_bytes


def _reason(line_number: int, error: ValidationError) -> str:
    # An event is one line, so that the place where its text ends to be JSON is a column of it.
    return f"line {line_number}{str(error).removeprefix('line 1')}" if error.line else f"line {line_number}: {error}"


def report_lines(report: NdjsonReport, *, names_files: bool = False) -> list[str]:
    """Return the report for a terminal: the refused lines with their reasons, the counts by place, the totals."""
    lines = []
    for sample in report.samples:
        where = f"{sample.source}: " if names_files else ""
        lines += [where + _reason(sample.line_number, error) for error in sample.errors[:_MOST_REASONS]]
        if more := len(sample.errors[_MOST_REASONS:]):
            reasons = number_of(more, "more reason")
            lines.append(f"{where}line {sample.line_number}: ... and {reasons} (--json prints them all)")
    if report.invalid > len(report.samples):
        more_lines = number_of(report.invalid - len(report.samples), "more refused line")
        lines.append(f"... and {more_lines} (--show N shows N)")
    if report.counts:
        shown = list(report.counts.items())[:_MOST_COUNTS]
        width = max(len("location"), *(len(location) for (location, _), _ in shown))
        lines += ["", f"{'location':{width}}  {'rule':21}  count"]
        lines += [f"{location:{width}}  {keyword:21}  {count:,}" for (location, keyword), count in shown]
        if len(report.counts) > len(shown):
            places = number_of(len(report.counts) - len(shown), "more place")
            lines.append(f"... and {places} (--report FILE has them all)")
        lines.append("")
    return [*lines, f"{number_of(report.total, 'event')}: {report.valid:,} valid, {report.invalid:,} invalid"]


def report_json(report: NdjsonReport) -> str:
    """Return the report as a JSON document; a refused line stands there as a rejects file has it, without its bytes."""
    import json

    from toolkit.validator.bulk.rejects import reasons_of

    document = {
        "valid": report.valid,
        "invalid": report.invalid,
        "blank": report.blank,
        "counts": [
            {"location": location, "keyword": keyword, "errors": count}
            for (location, keyword), count in report.counts.items()
        ],
        "refused": [
            {
                "source": sample.source,
                "line_number": sample.line_number,
                "byte_offset": sample.byte_offset,
                "reasons": reasons_of(sample.errors),
            }
            for sample in report.samples
        ],
    }
    return json.dumps(document, indent=2)


def source_advice(report: NdjsonReport, name: str) -> str:
    """Return what to do where no event of the input of that *name* was accepted, as far as one cause is behind it, or ""."""
    if not report.total:
        return f"{name}: no event was read: there is nothing but blank lines" if report.blank else empty_advice(name)
    if report.valid:
        return ""
    from toolkit.validator.error import TEXT_KEYWORDS
    from toolkit.validator.json_text import END_OF_TEXT

    unreadable = sum(count for (_, keyword), count in report.counts.items() if keyword in TEXT_KEYWORDS)
    # The counts are of all lines. That no keyword of the schema refused the fields, but strictness did, only samples say.
    places = [error.keyword_location for sample in report.samples for error in sample.errors]
    if {keyword for _, keyword in report.counts} == {"unevaluatedProperties"} and places and not any(places):
        return f"{name}: nothing but undeclared fields was found wrong: declare them, or accept them by --no-strict"
    is_array = any(
        error.keyword == "type" and not error.path and error.found == "array"
        for sample in report.samples
        for error in sample.errors
    )
    # A line of a document that is laid out over several is a text or a number now and then.
    if not is_array and 2 * unreadable <= report.total:
        return ""
    # Who gave one event that is refused, and more lines that are no JSON, has given events.
    was_read = any(location != "$" and keyword not in TEXT_KEYWORDS for location, keyword in report.counts)
    found = f"{unreadable:,} of {report.total:,} lines are no JSON" if was_read else "no event was read"
    found = f"{name}: {found}: expected one JSON event a line (NDJSON), plain, gzip or zstd"
    ends = [error.found for sample in report.samples for error in sample.errors if error.keyword in TEXT_KEYWORDS]
    # JSON that begins in a line and ends too early goes on in the next ones; jq reads no other text.
    if not is_array and ends[:1] != [END_OF_TEXT]:
        return found if was_read else f"{found}; what is in another format must be converted first"
    from shlex import quote

    file = "" if name == "-" else f" {quote(name)}"
    return (
        f"{found}; `jq -c '.[]'{file}` makes that of one array, `jq -c .{file}` of events laid out over several lines"
    )


def empty_advice(name: str) -> str:
    """Return what is said of an input of that *name* in which there is nothing."""
    return f"{'standard input' if name == '-' else name} is empty"


def _name_advice(name: str) -> str:
    """Return what to do about a file that is called as if it were gzip and is none, "" for any other."""
    if not name.endswith(".gz") or "://" in name:
        return ""
    try:
        with open(name, "rb") as file:  # noqa: PTH123  # a Path takes long to import
            start = file.read(2)
    except OSError:
        # It was judged; what its name promises can't be told any more.
        return ""
    if start in (b"", b"\x1f\x8b"):
        return ""
    return (
        f"{name} is no gzip, though its name says so: Athena unpacks by the name, and fails; compress it, or rename it"
    )


def counts_csv(report: NdjsonReport) -> str:
    """Return the counts as CSV with the columns location, keyword and errors, most errors first."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("location", "keyword", "errors"))
    writer.writerows((location, keyword, count) for (location, keyword), count in report.counts.items())
    return text.getvalue()
