"""The validator app without its picture: a schema, events from anywhere, and what is wrong with them."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import aws
from toolkit.errors import InvalidInput, ToolkitError, number_of
from toolkit.hive import Preflight, TablePlan, plan_table, preflight
from toolkit.hive.losses import Effect
from toolkit.hive.preflight import row_reader
from toolkit.hive.readers import Note, key_path
from toolkit.repositories import event_name
from toolkit.schema.pointer import json_path
from toolkit.validator import (
    TEXT_KEYWORDS,
    NdjsonReport,
    Progress,
    ReadingStopped,
    RejectedLine,
    ValidationError,
    Validator,
    compile_schema,
    merge_reports,
    read_rejected_lines,
    validate_ndjson,
)
from toolkit.validator.bulk.judging import LINE_LENGTH, location_of
from toolkit.validator.error import counted_path
from toolkit.widgets.models.folders import folder_of
from toolkit.widgets.models.marking import Excerpt, events_in, excerpt
from toolkit.widgets.models.observable import State, TextState
from toolkit.widgets.models.schema_choice import SchemaChoice
from toolkit.widgets.models.sources import event_sources, names_one
from toolkit.widgets.models.work import Cancelled, one_line

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.schema import Schema

FILES, PATH, TEXT = "files", "path", "text"
MOST_EXAMPLES = 3
# Reasons that get examples, and refused lines that the table's reader is tried on.
MOST_REFUSALS = 200
MOST_PREFLIGHT = 10_000
SECONDS_BETWEEN_REPORTS = 0.2
_ONE_A_LINE = (
    "expected one event a line (NDJSON), plain, gzip or zstd; a document laid out over several lines can be pasted"
)
_ONE_ARRAY = "expected one event a line (NDJSON); an array of events can be pasted"
_UNPARSEABLE = TEXT_KEYWORDS - {"duplicateKeys"} | {LINE_LENGTH}
_UNDECLARED = ("additionalProperties", "unevaluatedProperties")
_WORST_FIRST: tuple[Effect, ...] = ("error", "null", "dropped", "changed", "rounded")


@dataclass(frozen=True, slots=True)
class Example:
    """A refused line: its file and its number from 1 there, the sentence of the reason, and the line with the place marked."""

    source: str
    line_number: int
    reason: str
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """
    One reason for refusals: a place, the rule broken there, how often, the first lines with it.

    ``effects`` tell what those lines would do to the table; none says that the table would hold them as they are.
    """

    location: str
    rule: str
    count: int
    examples: tuple[Example, ...] = ()
    effects: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation:
    """
    What was found: the report, and each reason with its examples.

    ``schema``, ``version`` and ``strict`` are what it was judged by. ``unparseable`` lines are those among the refused that are
    no JSON text. ``table`` says how the refused lines would fare in the table of the schema, None where the schema makes none;
    ``rejects`` is the file of the refused lines.
    """

    schema: str
    version: str
    strict: bool
    report: NdjsonReport
    refusals: tuple[Refusal, ...]
    table: Preflight | None
    rejects: Path

    @property
    def unparseable(self) -> int:
        """The number of refused lines that are no JSON text."""
        return sum(count for (_, rule), count in self.report.counts.items() if rule in _UNPARSEABLE)

    @property
    def refused(self) -> int:
        """The number of lines that are JSON, and not valid."""
        return self.report.invalid - self.unparseable

    def __str__(self) -> str:
        report = self.report
        if not report.total:
            return "There is no event in it."
        found = (
            f"{number_of(report.total, 'event')} in {report.elapsed_seconds:.1f} s: {report.valid:,} accepted, {self.refused:,} "
            f"refused, {self.unparseable:,} unparseable"
        )
        if report.valid:
            return found
        if report.total == 1:
            return f"{found}; {_ONE_ARRAY}" if self._is_array else found
        if self.unparseable == report.total:
            return f"None of the {report.total:,} lines is JSON: {_ONE_A_LINE}"
        # A line of such a document is a text or a number now and then.
        return f"{found}; {_ONE_A_LINE}" if 2 * self.unparseable > report.total else found

    @property
    def _is_array(self) -> bool:
        return any(
            refusal.location == "$" and refusal.rule == "type" and example.reason.endswith("found array")
            for refusal in self.refusals
            for example in refusal.examples
        )


class EventValidatorModel(SchemaChoice):
    """
    Settings that judge events, as plain attributes; those of `SchemaChoice` say by which schema.

    ``strict`` refuses undeclared fields. The events are ``files`` (paths), or those at ``source`` (a path, a pattern such as
    ``logs/*.json.gz``, or ``s3://bucket/key``), or in ``text``; ``given`` says which counts: files, path or text. Setting
    one of the three makes it count.
    """

    strict = State(True)
    given = TextState(PATH)
    source = TextState("")
    text = TextState("")
    files: State[tuple[str, ...]] = State(())

    def __init__(
        self,
        repository: str | Path = "",
        *,
        schema: str = "",
        version: str = "",
        strict: bool = True,
        source: str = "",
        text: str = "",
    ) -> None:
        super().__init__(repository, schema=schema, version=version)
        self.validation: Validation | None = None
        self.fraction: float | None = None
        self._problems: tuple[str, ...] = ()
        self._judged: tuple[object, ...] = ()
        self._runs = 0
        self.strict = strict
        self.text = text
        self.source = source
        self.given = TEXT if text and not source else PATH
        self.begin()

    @cached_property
    def _folder(self) -> Path:
        return folder_of(self, "rejects")

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps the schema from being used, a sentence each; empty if nothing does."""
        return self._problems

    @property
    def is_current(self) -> bool:
        """Whether `validation` is of the schema and the events that are chosen now."""
        return self.validation is not None and self._judged == self._chosen()

    def _chosen(self) -> tuple[object, ...]:
        events = {FILES: self.files, PATH: self.source, TEXT: self.text}[self.given]
        return self.repository, self.schema, self.version, self.strict, self.given, events

    @property
    def refusals(self) -> pd.DataFrame:
        """The reasons of the last run: location, rule, events, lines (the first ones), in the table."""
        import pandas as pd

        found = self.validation.refusals if self.validation else ()
        return pd.DataFrame(
            [
                (r.location, r.rule, r.count, ", ".join(f"{e.line_number:,}" for e in r.examples), effect_text(r))
                for r in found
            ],
            columns=["location", "rule", "errors", "lines", "in the table"],
        )

    @property
    def report(self) -> dict[str, Any]:
        """The last run as a document to keep; it holds places and counts, and no value of an event."""
        found = self.validation
        if found is None:
            return {}
        return {
            "schema": found.schema,
            "version": found.version,
            "strict": found.strict,
            "events": found.report.total,
            "accepted": found.report.valid,
            "refused": found.refused,
            "unparseable": found.unparseable,
            "blank": found.report.blank,
            "reasons": [
                {
                    "location": refusal.location,
                    "rule": refusal.rule,
                    "errors": refusal.count,
                    "lines": [example.line_number for example in refusal.examples],
                    "in_the_table": effect_text(refusal),
                }
                for refusal in found.refusals
            ],
        }

    @property
    def python(self) -> str:
        """Lines of Python that judge the same events."""
        sources = self._sources_code()
        lines = [
            "from toolkit import aws",
            "from toolkit.repositories import open_repository",
            "from toolkit.validator import compile_schema, merge_reports, validate_ndjson",
            *(["from toolkit.widgets.models import event_sources"] if sources.startswith("event_sources(") else []),
            "",
            f"schema = open_repository({self.repository!r}).load({self.schema!r}, {self.version!r})",
            f"validator = compile_schema(schema, strict={self.strict!r})",
            f"sources = {sources}",
            "report = merge_reports(validate_ndjson(source, validator, open_uri=aws.open_object) for source in sources)",
            'print(f"{report.valid:,} accepted, {report.invalid:,} refused")',
            "print(report.to_frame())",
        ]
        return "\n".join(lines) + "\n"

    def validate(self) -> Validation:
        """
        Judge the events, and return what was found; `state` and `message` tell how far it is, also after an error.

        Where a source can't be read to its end, `validation` is what was found up to there.

        Raises:
            InvalidInput: there is nothing to judge, it can't be read to its end, or a run is going on.
            SchemaError: the schema can't be used.
            AwsError: S3 refused, or can't be reached.
            Cancelled: `cancel` was called; what was found before stays.
        """
        return self.work("Reading the schema", self._validate)

    def follow(self, name: str, old: Any) -> None:
        """Let what was set last count."""
        kinds = {"files": FILES, "source": PATH, "text": TEXT}
        if name in kinds and getattr(self, name):
            self.given = kinds[name]

    def settle(self) -> None:
        """Find out whether the schema can be used."""
        seen = self._changes
        problems: tuple[str, ...] = ()
        try:
            self.load()
        except (ToolkitError, OSError) as error:
            problems = (one_line(error),)
        with self._adopting:
            if seen != self._changes:
                return
            self._problems = problems
        self.rest()

    def _sources(self) -> tuple[str | Sequence[bytes], ...]:
        if self.given == TEXT:
            return (events_in(self.text),)
        if self.given == FILES:
            if not self.files:
                raise InvalidInput("nothing to validate: drop a file, give its path or an S3 URI, or paste an event")
            return self.files
        if not self.source:
            raise InvalidInput("nothing to validate: give a path or an S3 URI, drop a file, or paste an event")
        return event_sources(self.source)

    def _sources_code(self) -> str:
        # It is made with every letter that is typed: no folder or prefix is listed for it.
        if self.given == PATH:
            return f"[{self.source!r}]" if names_one(self.source) else f"event_sources({self.source!r})"
        try:
            sources = self._sources()
        except ToolkitError:
            sources = ()
        return f"[{', '.join(repr(list(one) if isinstance(one, tuple) else one) for one in sources)}]"

    def _validate(self) -> Validation:
        # Somebody may choose other things meanwhile.
        judged, name, version, strict = self._chosen(), self.schema, self.version, self.strict
        schema = self.load()
        validator = compile_schema(schema, strict=strict)
        sources = self._sources()
        self._runs += 1
        folder = self._folder / str(self._runs)
        folder.mkdir()
        reports, refused = [], []
        stopped: ReadingStopped | None = None
        for number, source in enumerate(sources):
            rejects = folder / f"{number}.ndjson"
            try:
                report = validate_ndjson(
                    source,
                    validator,
                    rejects=rejects,
                    on_progress=self._watcher(number, len(sources)),
                    open_uri=aws.open_object,
                )
            except ReadingStopped as error:
                stopped, report = error, error.report
            reports.append(report)
            refused.append((Path(source).name if isinstance(source, str) and len(sources) > 1 else "", rejects))
            if stopped is not None:
                break
        self.tell(self.state, "Looking at the refused lines")
        report = merge_reports(reports)
        table = _table(schema, name)
        found = _Examples(report, validator, table)
        for file, rejects in refused:
            for line in read_rejected_lines(rejects):
                if self._cancelled.is_set():
                    raise Cancelled("cancelled while the refused lines were looked at; start again")
                found.add(file, line)
        everything = _joined([path for _, path in refused], folder / "rejects.ndjson")
        fate = _fate(everything, table)
        kept = self._kept(Validation(name, version, strict, report, found.refusals(), fate, everything))
        self._judged = judged
        if stopped is not None:
            raise InvalidInput(
                f"{stopped.message}; what stands before that was judged: "
                f"{report.valid:,} of {number_of(report.total, 'event')} accepted"
            ) from stopped
        return kept

    def _kept(self, found: Validation) -> Validation:
        before, self.validation, self.fraction = self.validation, found, None
        if before is not None:
            shutil.rmtree(before.rejects.parent, ignore_errors=True)
        return found

    def _watcher(self, number: int, count: int) -> Callable[[Progress], None]:
        last = 0.0

        def watch(progress: Progress) -> None:
            nonlocal last
            if self._cancelled.is_set():
                raise Cancelled(f"cancelled after {progress.lines:,} lines; start again to judge all")
            if time.monotonic() - last < SECONDS_BETWEEN_REPORTS:
                return
            last = time.monotonic()
            part = progress.read_bytes / progress.source_bytes if progress.source_bytes else None
            self.fraction = None if part is None else (number + part) / count
            of = f", file {number + 1} of {count}" if count > 1 else ""
            self.tell(self.state, f"{progress.lines:,} lines, {progress.invalid:,} not valid{of}")

        return watch


class _Examples:
    """The first lines of each reason, and what they would do to the table."""

    def __init__(self, report: NdjsonReport, validator: Validator, plan: TablePlan | None) -> None:
        self._counts = dict(list(report.counts.items()))
        self._validator = validator
        self._plan = plan
        self._read = row_reader(plan.table) if plan else None
        self._examples: dict[tuple[str, str], list[Example]] = {
            pair: [] for pair in list(report.counts)[:MOST_REFUSALS]
        }
        self._effects: dict[tuple[str, str], dict[Note, None]] = {pair: {} for pair in self._examples}

    def add(self, source: str, line: RejectedLine) -> None:
        """Take *line* for the reasons that still want an example."""
        if not any(len(self._examples.get(pair, _ENOUGH)) < MOST_EXAMPLES for pair in _pairs(line)):
            return
        if line.body is None:
            self._note((LINE_LENGTH_PLACE, LINE_LENGTH), Example(source, line.line_number, _reason(line), None), ())
            return
        notes = list(dict.fromkeys(self._read(line.body, False))) if self._read else []
        seen = set()
        for error in self._validator.validate_json(line.body):
            pair = location_of(error), error.keyword
            if pair not in seen:
                seen.add(pair)
                example = Example(source, line.line_number, _sentence(error), excerpt(line.body, error))
                self._note(pair, example, self._effects_of(error, notes))

    def _note(self, pair: tuple[str, str], example: Example, effects: Sequence[Note]) -> None:
        found = self._examples.get(pair)
        if found is not None and len(found) < MOST_EXAMPLES:
            found.append(example)
            self._effects[pair].update(dict.fromkeys(effects))

    def _effects_of(self, error: ValidationError, notes: Sequence[Note]) -> tuple[Note, ...]:
        """Return which of a line's *notes* have to do with *error*."""
        if error.keyword in TEXT_KEYWORDS:
            return tuple(note for note in notes if not note.column)
        path = self._column(counted_path(error.path, error.missing))
        if error.keyword in _UNDECLARED:
            *above, key = error.path or ("",)
            place = key_path(self._column(above), str(key))
            return tuple(note for note in notes if note.column == place and note.effect == "dropped")
        found = tuple(
            note for note in notes if note.column and (note.column == path or note.column.startswith(f"{path}."))
        )
        if not found and error.missing is not None:
            return (Note(path, "null", "the field that is missing reads as NULL"),)
        return found

    def _column(self, path: Sequence[str | int]) -> str:
        names: Mapping[str, str] = self._plan.columns.naming.mapping if self._plan else {}
        keys = {key: name for name, key in names.items()}
        text = ""
        for token in path:
            if isinstance(token, int):
                text += "[]"
            else:
                name = keys.get(token, token.lower())
                text += f".{name}" if text else name
        return text

    def refusals(self) -> tuple[Refusal, ...]:
        """Return every reason, the most frequent first."""
        return tuple(
            Refusal(
                location, rule, self._counts[location, rule], tuple(examples), _sorted(self._effects[location, rule])
            )
            for (location, rule), examples in self._examples.items()
        )


LINE_LENGTH_PLACE = "$"
_ENOUGH = (None,) * MOST_EXAMPLES
# An index, and a key in quotes, in which there may be what looks like one.
_INDEX = re.compile(r'"(?:[^"\\]|\\.)*"|\[[0-9]+\]')


def _pairs(line: RejectedLine) -> Iterator[tuple[str, str]]:
    for reason in line.reasons:
        location = _INDEX.sub(lambda found: "[*]" if found[0][0] == "[" else found[0], reason["location"])
        field = reason.get("field")
        yield location if field is None else location + json_path((field,))[1:], reason["keyword"]


def effect_text(refusal: Refusal) -> str:
    """Return in a few words what the lines of *refusal* would do to the table."""
    if not refusal.effects:
        return "kept as it is: no query would notice"
    return "; ".join(dict.fromkeys(note.consequence for note in refusal.effects))


def _table(schema: Schema, name: str) -> TablePlan | None:
    """Return the table that *schema* of that *name* makes, to try refused lines on; None where it makes none."""
    try:
        table = event_name(name)
        return plan_table(schema, database="events", name=table, location=f"s3://events/{table}/")
    except ToolkitError:
        return None


def _sorted(effects: Mapping[Note, None]) -> tuple[Note, ...]:
    return tuple(sorted(effects, key=lambda note: _WORST_FIRST.index(note.effect)))


def _sentence(error: ValidationError) -> str:
    # The line of a text is always its first here; the number of the event's own line stands beside it.
    return str(error).removeprefix("line 1, ")


def _reason(line: RejectedLine) -> str:
    return "; ".join(f"expected {reason['expected']}, found {reason['found']}" for reason in line.reasons[:1])


def _joined(paths: Sequence[Path], target: Path) -> Path:
    with target.open("wb") as whole:
        for path in paths:
            with path.open("rb") as part:
                shutil.copyfileobj(part, whole)
            path.unlink()
    return target


def _fate(rejects: Path, plan: TablePlan | None) -> Preflight | None:
    """Return how the refused lines, the first ten thousand of them, would fare in the table."""
    if plan is None:
        return None

    def bodies() -> Iterator[bytes]:
        for number, line in enumerate(read_rejected_lines(rejects)):
            if number == MOST_PREFLIGHT:
                return
            if line.body is not None:
                yield line.body

    return preflight(bodies(), plan.table)


__all__ = ["EventValidatorModel", "Example", "Refusal", "Validation", "effect_text"]
