"""Which sources feed which handlers: the mappings of the platform's two forms."""

from __future__ import annotations

from typing import Literal

from toolkit.handlers import event_sink, event_validator, json_schema_to_hive, partition_updater, stream_reader
from toolkit.infra.names import PlatformNames
from toolkit.runner.mapping import QueueMapping, ScheduleMapping, StreamMapping

Form = Literal["mvp", "grown", "both"]
_DYNAMODB = "dynamodb://"


def platform_mappings(
    names: PlatformNames,
    *,
    form: Form = "both",
    buffer_seconds: float = 60.0,
    buffer_bytes: int = 5 * 1024 * 1024,
    batch_size: int = 1000,
    schema_repository: str = "",
) -> tuple[QueueMapping | StreamMapping | ScheduleMapping, ...]:
    """
    Return the mappings that make the platform run.

    In the MVP the sink takes the place of forwarder and Firehose: it buffers valid events for *buffer_seconds* or up to
    *buffer_bytes* and writes them as one object for each partition. In the grown form *buffer_seconds* is the batching window of
    the stream, at most 300.

    A *schema_repository* in DynamoDB, by default the platform's own, tells the table maker of each version by its stream; every
    other one tells nobody, and is looked at every minute.
    """
    tables = _table_mapping(schema_repository or f"{_DYNAMODB}{names.schema_table}")
    mvp = (
        QueueMapping(names.events_queue, event_validator.handler, batch_size=batch_size, maximum_concurrency=2),
        QueueMapping(
            names.valid_events_queue,
            event_sink.handler,
            batch_size=10_000,
            maximum_batch_bytes=buffer_bytes,
            maximum_batching_window_in_seconds=buffer_seconds,
            maximum_concurrency=1,
        ),
    )
    grown = (
        StreamMapping(
            names.stream,
            stream_reader.handler,
            batch_size=batch_size,
            maximum_batching_window_in_seconds=min(buffer_seconds, 300),
            maximum_retry_attempts=100,
            on_failure=f"s3://{names.bucket}/failed/",
        ),
        QueueMapping(names.objects_queue, partition_updater.handler, batch_size=100, maximum_concurrency=1),
    )
    return (tables, *(mvp if form != "grown" else ()), *(grown if form != "mvp" else ()))


def _table_mapping(schema_repository: str) -> StreamMapping | ScheduleMapping:
    if schema_repository.startswith(_DYNAMODB):
        table = schema_repository.removeprefix(_DYNAMODB)
        return StreamMapping(table, json_schema_to_hive.handler, kind="dynamodb", timeout_in_seconds=300)
    return ScheduleMapping(json_schema_to_hive.handler, {"all_names": True})
