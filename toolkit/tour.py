"""
The tour: from raw events to DataFrames over real endpoints, with every count checked.

    events queue → event_validator → valid-events-queue → sink → S3 → Athena table → pandas
                                   ↘ dead-letter queue
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import aws
from toolkit.athena import Athena
from toolkit.errors import InvalidInput
from toolkit.handlers import event_sink, event_validator
from toolkit.handlers.dead_letters import REASONS_ATTRIBUTE
from toolkit.handlers.messages import Message, message_from_record, send
from toolkit.handlers.partitions import PARTITION_KEY
from toolkit.handlers.polling import drain, queue_length
from toolkit.handlers.settings import Settings
from toolkit.hive import (
    Column,
    Table,
    TablePlan,
    create_database_sql,
    create_table_sql,
    losses_frame,
    parse_type,
    plan_table,
    repair_table_sql,
)
from toolkit.questions import count_sql, questions, sample_questions
from toolkit.repositories import event_name, open_repository
from toolkit.samples import sample_events
from toolkit.schema import Schema
from toolkit.schema.pointer import json_path, pointer_from_tokens, tokens_from_pointer
from toolkit.validator import compile_schema
from toolkit.validator.bulk.source import READ_ERRORS, LongLine, Opened, blocks, cant_read
from toolkit.validator.ndjson import BLOCK_BYTES, LONGEST_LINE

if TYPE_CHECKING:
    import pandas as pd

EVENTS_QUEUE = "events-queue"
EVENTS_BUCKET = "events"
DATABASE = "events"
SAMPLE_EVENT, SAMPLE_VERSION = "order_placed", "2"
BATCH_SIZE = 1000
LINE_ATTRIBUTE = "line"
REPORTED_LINES = 20
SQL_WIDTH = 160  # characters of a line of SQL that are shown

Progress = Callable[[str, int], Any]
"""Makes a progress bar from a title and a total: a context manager with ``update(count)``."""


@dataclass(frozen=True, slots=True)
class Summary:
    """
    What became of the events; ``problems`` says in a sentence each what does not add up, and is empty when all does.

    ``unsent`` are events that the queue itself refused, such as one over a mebibyte.
    """

    events: int
    unsent: int
    sent: int
    valid: int
    invalid: int
    rows: int
    foreign_lines: int

    @property
    def problems(self) -> tuple[str, ...]:
        """Each count that contradicts another."""
        found = []
        if self.unsent:
            found.append(f"{self.unsent} of {self.events} events could not be sent to {EVENTS_QUEUE}")
        if self.sent != self.valid + self.invalid:
            found.append(f"sent {self.sent} events, but judged {self.valid} valid + {self.invalid} invalid")
        if self.rows != self.valid:
            found.append(f"the table has {self.rows} rows, but {self.valid} events are valid")
        if self.foreign_lines:
            found.append(f"{self.foreign_lines} stored lines are not byte for byte an event that was sent")
        return tuple(found)


def tour(
    *,
    events_file: str | Path | None = None,
    schema_source: str = "",
    count: int = 10_000,
    seed: int = 42,
    strict: bool = True,
    output: str | Path = "tour",
    progress: Progress,
    say: Callable[[str], None] = print,
) -> Summary:
    """
    Take events the whole way on a local platform of their own, tell the story through *say*, and return the counts.

    Without *events_file* and *schema_source*, *count* sample events are made from *seed*. The platform and all that it
    holds end with the call; the chart and the table's statement stay in the folder *output*.

    Raises:
        InvalidInput: a file can't be read or written, or the schema can't be used.
        AwsError: the platform refused a call.
    """
    from toolkit.local import launch

    # Everything that the caller may have mistyped is read before anything starts.
    sample = events_file is None
    name = SAMPLE_EVENT if sample else event_name(schema_source)
    version = SAMPLE_VERSION if sample else ""
    schema = open_repository("" if sample else schema_source).load(name, version)
    events = list(enumerate(sample_events(count, seed=seed), 1) if events_file is None else read_events(events_file))
    if not events:
        raise InvalidInput(f"{events_file}: there is no event in it")
    folder = output_folder(output)
    compile_schema(schema, strict=strict)
    plan = plan_table(
        schema,
        database=DATABASE,
        name=name,
        location=f"s3://{EVENTS_BUCKET}/{name}/",
        partition_keys=(Column(PARTITION_KEY, parse_type("string")),),
    )
    variables = {
        "SCHEMA_REPOSITORY": "" if sample else schema_source,
        "EVENT_NAME": name,
        "SCHEMA_VERSION": version,
        "STRICT": str(strict),
        "EVENTS_LOCATION": f"s3://{EVENTS_BUCKET}/",
        "EVENT_TIME_POINTER": event_time_pointer(schema),
    }
    with launch() as platform, environment({**platform.environment, **variables}):
        say(f"The local platform answers at {platform.endpoint_url}.")
        return _travel(events, plan, folder, progress, say, sample=sample)


def _travel(
    events: Sequence[tuple[int, bytes]],
    plan: TablePlan,
    folder: Path,
    progress: Progress,
    say: Callable[[str], None],
    *,
    sample: bool,
) -> Summary:
    table = plan.table
    create_queues_and_bucket()
    sent = send_events(events, progress)
    valid, invalid = judge_events(sent, progress)
    _tell_refusals(refusals() if invalid else [], say)
    store_events(valid, progress)
    foreign = count_foreign_lines((event for _, event in events), table.location)

    _tell_table(table, folder, say)
    _tell_losses(plan, say)
    with Athena(database=DATABASE) as athena:
        for sql in (create_database_sql(DATABASE), create_table_sql(table), repair_table_sql(table)):
            athena.execute(sql)
        rows = int(athena.query(count_sql(table))["events"].iloc[0])
        frames = []
        for question in sample_questions(table) if sample else questions(table):
            frames.append(athena.query(question.sql))
            shown = frames[-1].to_string(index=False) if len(frames[-1]) else "no rows"
            say(f"{question.title}\n\n{shown}\n")
    picture, drawing = save_chart(frames[-1], folder, f"{table.name}: events a day")
    say(f"The chart is in {picture} and {drawing}.")
    summary = Summary(len(events), len(events) - sent, sent, valid, invalid, rows, foreign)
    say("\n" + "\n".join(summary_lines(summary)))
    return summary


def _tell_table(table: Table, folder: Path, say: Callable[[str], None]) -> None:
    """Keep the statement as a file in *folder*, and say it with the lines of large columns shortened."""
    sql = create_table_sql(table)
    file = folder / f"{table.name}.sql"
    file.write_text(f"{sql}\n", encoding="utf-8")
    lines = [line if len(line) <= SQL_WIDTH else f"{line[:SQL_WIDTH]} …" for line in sql.splitlines()]
    say("\nThe same schema makes the table:\n\n" + "\n".join(lines) + f"\n\nThe statement is in {file}.\n")


def _tell_losses(plan: TablePlan, say: Callable[[str], None]) -> None:
    """Say each column with what it may lose; those of a table with many together, where the consequence is the same."""
    if not plan.losses:
        return
    frame = losses_frame(plan.losses)[["column", "effect", "consequence"]]
    if len(frame) > REPORTED_LINES:
        groups = frame.groupby(["effect", "consequence"], sort=False)["column"]
        frame = groups.agg(columns="size", such_as="first").reset_index()
    say(f"What this table may not give back as it came (`toolkit ddl` tells more):\n\n{frame.to_string(index=False)}\n")


def _tell_refusals(refused: Sequence[Mapping[str, Any]], say: Callable[[str], None]) -> None:
    import pandas as pd

    if not refused:
        say("No event was refused.")
        return
    frame = pd.DataFrame(refused)
    shown = frame.head(REPORTED_LINES)
    say(f"\nRefused events, by line of the input:\n\n{shown.to_string(index=False)}")
    if len(frame) > len(shown):
        say(f"... and {len(frame) - len(shown):,} more")
    counts = frame.assign(location=frame["location"].str.replace(r"\[\d+\]", "[*]", regex=True))
    counts = counts.value_counts(["location", "keyword"]).reset_index(name="events")
    say(f"\nWhy they were refused (first reason of each):\n\n{counts.to_string(index=False)}")


def summary_lines(summary: Summary) -> list[str]:
    """Return the closing counts, and what contradicts them."""
    return [
        f"sent            {summary.sent:>10,}",
        f"  valid         {summary.valid:>10,}",
        f"  invalid       {summary.invalid:>10,}",
        f"rows in table   {summary.rows:>10,}",
        *(f"PROBLEM: {problem}" for problem in summary.problems),
        *(
            ()
            if summary.problems
            else ("Everything adds up: sent = valid + invalid, rows = valid, and every byte arrived.",)
        ),
    ]


def event_time_pointer(schema: Schema) -> str:
    """Return the JSON pointer of the first date-time at the top of *schema*, or "" where it declares none."""
    properties = schema.contents.get("properties", {}) if isinstance(schema.contents, Mapping) else {}
    for name, declared in properties.items():
        if isinstance(declared, Mapping) and declared.get("format") == "date-time":
            return pointer_from_tokens([name])
    return ""


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables inside the block and restore them after it."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def create_queues_and_bucket() -> None:
    """Create the queues and the bucket that the tour uses."""
    settings = Settings()
    for name in (EVENTS_QUEUE, settings.valid_events_queue, settings.dead_letter_queue):
        aws.call("sqs", "create_queue", QueueName=name, Attributes={"VisibilityTimeout": "300"})
    aws.create_bucket(EVENTS_BUCKET)


def read_events(path: str | Path) -> Iterator[tuple[int, bytes]]:
    """
    Yield the line number (from 1) and the bytes of each line that is not blank of an NDJSON file, plain, gzip or zstd.

    Raises:
        InvalidInput: the file can't be read.
    """
    number = 0
    with Opened(str(path), None) as opened:
        try:
            for block in blocks(opened.read, longest_line=LONGEST_LINE, size=BLOCK_BYTES):
                if isinstance(block, LongLine):
                    problem = f"line {number + 1} has {block.length:,} bytes; the queue takes a mebibyte"
                    raise InvalidInput(f"{path}: {problem}")
                for line in block.data.removesuffix(b"\n").split(b"\n"):
                    number += 1
                    event = line.rstrip(b"\r")
                    if event.strip(b" \t"):
                        yield number, event
        except READ_ERRORS as error:
            raise cant_read(opened.name, error) from error


def send_events(events: Sequence[tuple[int, bytes]], progress: Progress) -> int:
    """Send numbered events to the events queue and return how many arrived there."""
    sent = 0
    with progress("send", len(events)) as bar:
        for at in range(0, len(events), BATCH_SIZE):
            chunk = events[at : at + BATCH_SIZE]
            failures = send(EVENTS_QUEUE, [Message(event, {LINE_ATTRIBUTE: str(number)}) for number, event in chunk])
            sent += len(chunk) - len(failures)
            bar.update(len(chunk))
    return sent


def judge_events(sent: int, progress: Progress) -> tuple[int, int]:
    """Let the validator empty the events queue; return how many messages the valid and the dead-letter queue hold."""
    _drain(EVENTS_QUEUE, event_validator.handler, "validate", sent, progress)
    settings = Settings.from_environment()
    return queue_length(settings.valid_events_queue), queue_length(settings.dead_letter_queue)


def store_events(valid: int, progress: Progress) -> None:
    """Let the sink empty the queue of valid events into S3."""
    _drain(Settings.from_environment().valid_events_queue, event_sink.handler, "store", valid, progress)


def _drain(queue_name: str, handler: Callable[[Any, object], Any], title: str, total: int, progress: Progress) -> None:
    with progress(title, total) as bar:
        for count in drain(queue_name, handler, batch_size=BATCH_SIZE):
            bar.update(count)


def refusals() -> list[dict[str, Any]]:
    """
    Return the refused events: ``line``, ``location``, ``keyword``, ``expected``, ``found`` of each first reason.

    They stay in the dead-letter queue.
    """
    found: list[dict[str, Any]] = []

    def look(event: Any, context: object) -> dict[str, Any]:
        for record in event["Records"]:
            attributes = message_from_record(record).attributes
            reasons = json.loads(attributes[REASONS_ATTRIBUTE])
            first = reasons[0] if reasons else {}
            # Of a union, the branch that came nearest says more than that none did.
            first = first.get("nearest", first)
            found.append(
                {
                    "line": int(attributes.get(LINE_ATTRIBUTE, 0)),
                    "location": _readable(first.get("instance_location", "")),
                    "keyword": first.get("keyword", ""),
                    "expected": first.get("expected", ""),
                    "found": first.get("found", ""),
                }
            )
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in event["Records"]]}

    for _ in drain(Settings.from_environment().dead_letter_queue, look, batch_size=1_000_000):
        pass
    return sorted(found, key=lambda row: row["line"])


def _readable(pointer: str) -> str:
    # A pointer does not tell an index from a key of digits; for reading, the index is the better guess.
    return json_path(int(token) if token.isdecimal() else token for token in tokens_from_pointer(pointer))


def stored_lines(location: str) -> Iterator[bytes]:
    """Yield each line that the sink stored below an S3 location."""
    bucket, prefix = aws.split_s3_uri(location)
    for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", ()):
            body = aws.call("s3", "get_object", Bucket=bucket, Key=item["Key"])["Body"].read()
            yield from gzip.decompress(body).split(b"\n")[:-1]


def count_foreign_lines(events: Iterable[bytes], location: str) -> int:
    """Return how many stored lines are not byte for byte one of *events*, line breaks between tokens apart."""
    sent = Counter(event_sink.one_line(event) for event in events)
    foreign = 0
    for line in stored_lines(location):
        if sent[line] <= 0:
            foreign += 1
        sent[line] -= 1
    return foreign


def output_folder(output: str | Path) -> Path:
    """
    Return the folder *output*, made where it is missing.

    Raises:
        InvalidInput: nothing can be written there.
    """
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise InvalidInput(f"{folder}: can't be written to: {error.strerror}; choose another --output") from error


def save_chart(per_day: pd.DataFrame, folder: Path, title: str) -> tuple[Path, Path]:
    """Draw the column ``events`` over ``day`` as bars, save it as PNG and SVG, and return both paths."""
    import altair

    chart = (
        altair.Chart(per_day, title=title)
        .mark_bar()
        .encode(
            x=altair.X("day:N", title="day", axis=altair.Axis(labelAngle=0)),
            y=altair.Y("events:Q", title="events"),
        )
        .properties(width=max(360, 60 * len(per_day)), height=260)
    )
    paths = folder / "events-per-day.png", folder / "events-per-day.svg"
    chart.save(str(paths[0]), scale_factor=2)
    chart.save(str(paths[1]))
    return paths
