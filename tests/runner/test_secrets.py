"""No log line, metric or reason holds a value of an event, whatever goes wrong on its way."""

import json
import logging
import threading
from contextlib import suppress

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers import event_forwarder, event_sink, event_validator, stream_reader
from toolkit.handlers.framing import framed
from toolkit.handlers.messages import Message, send
from toolkit.runner import QueueMapping, QueuePoller, StreamMapping, StreamPoller
from toolkit.runner.streams import Checkpoints
from toolkit.simulation import EXAMPLE_EVENT

SECRET = "hunter2-sk_live_4242424242424242"
EVENTS = [
    json.dumps({**EXAMPLE_EVENT, "name": SECRET}).encode(),
    json.dumps({**EXAMPLE_EVENT, "age": SECRET}).encode(),
    json.dumps({**EXAMPLE_EVENT, "nested": {"password": SECRET}}).encode(),
    json.dumps([SECRET]).encode(),
    json.dumps(SECRET).encode(),
    f'{{"name": "{SECRET}", "name": 1}}'.encode(),
    f'{{"name": "{SECRET}'.encode(),
    f"{SECRET}".encode(),
    f'"{SECRET}" "{SECRET}"'.encode(),
    b"\xff" + SECRET.encode(),
    f'{{"name": "{SECRET}\\ud800"}}'.encode(),
    f'{{"age": 1e999, "name": "{SECRET}"}}'.encode(),
    b"[" * 3000 + SECRET.encode(),
]


def everything_said(caplog, capsys):
    captured = capsys.readouterr()
    records = "\n".join(f"{record.getMessage()} {record.exc_text or ''} {record.__dict__}" for record in caplog.records)
    return captured.out + captured.err + records


@pytest.fixture
def sent(names, at_once, monkeypatch, caplog):
    monkeypatch.setenv("SCHEMA_REPOSITORY", "")
    monkeypatch.setenv("EVENT_NAME", "user_registered")
    monkeypatch.setenv("METRICS_NAMESPACE", "x")
    caplog.set_level(logging.INFO)
    assert send(names.events_queue, [Message(event) for event in EVENTS]) == {}
    assert send(names.valid_events_queue, [Message(event) for event in EVENTS]) == {}
    framed_ones = [framed(event, "00000000-0000-0000-0000-000000000001") for event in EVENTS[:3]]
    for data in [*EVENTS, *framed_ones]:
        aws.call("kinesis", "put_record", StreamName=names.stream, Data=data, PartitionKey="p")
    return names


def raises(event, context):
    raise ValueError(f"can't handle {event}")


def pollers(names, handlers):
    stop = threading.Event()
    for queue, handler in zip(
        (names.events_queue, names.valid_events_queue, names.valid_events_queue), handlers, strict=False
    ):
        yield QueuePoller(QueueMapping(queue, handler, batch_size=100), stop)
    mapping = StreamMapping(
        names.stream,
        handlers[-1],
        maximum_retry_attempts=1,
        retry_pause_in_seconds=0.0,
        on_failure=f"s3://{names.bucket}/failed/",
    )
    yield StreamPoller(mapping, stop, Checkpoints(names.checkpoints, owner="one"))


OUR_HANDLERS = (event_validator.handler, event_sink.handler, event_forwarder.handler, stream_reader.handler)


def test_nothing_is_said_of_the_values_of_events(sent, caplog, capsys):
    for poller in pollers(sent, OUR_HANDLERS):
        poller.run_once()
    said = everything_said(caplog, capsys)
    assert '"message": "refused"' in said
    assert '"message": "judged"' in said
    assert SECRET not in said


@pytest.mark.parametrize("kind", ["throttled", "sdk", "python"])
def test_nothing_is_said_of_them_when_services_fail(sent, caplog, capsys, monkeypatch, kind):
    """What SDK and services say may quote what they were asked."""
    real = aws.call

    def call(service, operation, /, **parameters):
        if operation in ("send_message_batch", "put_object", "put_record_batch"):
            if kind == "python":
                raise TypeError(f"can't pack {parameters}")
            if kind == "throttled":
                raise AwsError("Rate exceeded", service=service, operation=operation, code="ThrottlingException")
            # Of a wrong type, so that the SDK refuses it and quotes its value.
            return real(service, operation, **{name: [parameters] for name in parameters})
        return real(service, operation, **parameters)

    monkeypatch.setattr(event_forwarder.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(aws, "call", call)
    for poller in pollers(sent, OUR_HANDLERS):
        # The runner logs it in its own words.
        with suppress(TypeError):
            poller.run_once()
    said = everything_said(caplog, capsys)
    assert '"level": "ERROR"' in said
    assert SECRET not in said


def test_nothing_is_said_of_them_by_the_runner(sent, caplog, capsys, monkeypatch):
    for poller in pollers(sent, (raises, raises, raises, raises)):
        poller.run_once()

    def refused(client, name, parameters):
        raise ClientError({"Error": {"Code": "InternalError", "Message": "injected"}}, name)

    monkeypatch.setattr(BaseClient, "_make_api_call", refused)
    for poller in pollers(sent, (raises, raises, raises, raises)):
        with suppress(AwsError):
            poller.run_once()
    said = everything_said(caplog, capsys)
    assert '"reason": "ValueError at test_secrets.py:' in said
    assert '"message": "given up"' in said
    assert SECRET not in said
