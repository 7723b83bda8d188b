"""The original simulations: each handler once, on the local platform, with the original example."""

from __future__ import annotations

from typing import Any

from toolkit import aws
from toolkit.athena import Athena
from toolkit.errors import ToolkitError
from toolkit.handlers import event_validator, json_schema_to_hive
from toolkit.handlers.messages import json_bytes, message_from_record, queue_url
from toolkit.handlers.settings import Settings

EXAMPLE_EVENT: dict[str, Any] = {
    "eid": "3e628a05-7a4a-4bf3-8770-084c11601a12",
    "documentNumber": "42323235600",
    "name": "Joseph",
    "age": 32,
    "address": {"street": "St. Blue", "number": 3, "mailAddress": True},
}


def simulate_event_validator() -> None:
    """
    Validate the example and look into the queue; ends with ``Response status code: [200]``.

    Raises:
        ToolkitError: the event in the queue is not the one sent.
    """
    settings = Settings.from_environment()
    for name in (settings.valid_events_queue, settings.dead_letter_queue):
        aws.call("sqs", "create_queue", QueueName=name)
    print(f"Event: {json_bytes(EXAMPLE_EVENT).decode()}")
    event_validator.handler(EXAMPLE_EVENT)
    answer = aws.call("sqs", "receive_message", QueueUrl=queue_url(settings.valid_events_queue))
    found = [message_from_record(message).body for message in answer.get("Messages", ())]
    if found != [json_bytes(EXAMPLE_EVENT)]:
        raise ToolkitError(f"{settings.valid_events_queue}: expected the event that was sent, found {found}")


def simulate_json_schema_to_hive() -> None:
    """Create the table of the example's schema over one stored event, and query it; prints the statement and the row."""
    settings = Settings.from_environment()
    bucket, _ = aws.split_s3_uri(settings.events_location)
    aws.create_bucket(bucket)
    key = f"{settings.event_name}/dt=2026-03-02/example.json"
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=json_bytes(EXAMPLE_EVENT) + b"\n")
    json_schema_to_hive.handler()
    with Athena(database=settings.events_database) as athena:
        athena.execute(f"MSCK REPAIR TABLE `{settings.event_name}`")
        print(athena.query(f'SELECT * FROM "{settings.event_name}"').to_string(index=False))
