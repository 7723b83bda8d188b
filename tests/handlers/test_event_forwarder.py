import json

import pytest

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers import event_forwarder
from toolkit.handlers.event_forwarder import Packed, deliver, pack


class Firehose:
    """PutRecordBatch as its reference describes it, refusing the records that it is told to."""

    def __init__(self):
        self.delivered = []
        self.calls = []
        self.refusals = []

    def call(self, service, operation, /, **parameters):
        assert (service, operation) == ("firehose", "put_record_batch")
        records = [record["Data"] for record in parameters["Records"]]
        assert len(records) <= 500
        assert sum(map(len, records)) <= 4 * 1024 * 1024
        self.calls.append((parameters["DeliveryStreamName"], len(records)))
        refused = self.refusals.pop(0) if self.refusals else set()
        if isinstance(refused, Exception):
            raise refused
        answers = []
        for index, data in enumerate(records):
            if index in refused:
                answers.append({"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "slow down"})
            else:
                assert len(data) <= 1000 * 1024
                self.delivered.append(data)
                answers.append({"RecordId": str(len(self.delivered))})
        return {"FailedPutCount": len(refused), "RequestResponses": answers}


@pytest.fixture
def firehose(monkeypatch):
    made = Firehose()
    monkeypatch.setattr(aws, "call", made.call)
    monkeypatch.setattr(event_forwarder.time, "sleep", lambda seconds: None)
    return made


def batch(*bodies, **attributes):
    given = {name: {"stringValue": value, "dataType": "String"} for name, value in attributes.items()}
    return {
        "Records": [
            {
                "messageId": str(index),
                "body": body,
                "messageAttributes": given,
                "attributes": {"SentTimestamp": "1772452800000"},
                "eventSource": "aws:sqs",
            }
            for index, body in enumerate(bodies)
        ]
    }


def test_several_events_travel_in_one_record_a_line_each(firehose):
    answer = event_forwarder.handler(batch('{"a": 1}', '{\r\n"b": "é"}', event_name="order_placed"))
    assert answer == {"batchItemFailures": []}
    assert firehose.calls == [("order_placed", 1)]
    assert firehose.delivered == ['{"a": 1}\n{  "b": "é"}\n'.encode()]


def test_events_of_different_names_never_share_a_stream(firehose, monkeypatch):
    monkeypatch.setenv("DELIVERY_STREAM", "platform-{event_name}")
    one, other = batch("1", event_name="a"), batch("2", event_name="b")
    event_forwarder.handler({"Records": one["Records"] + other["Records"]})
    assert firehose.calls == [("platform-a", 1), ("platform-b", 1)]


def test_records_and_calls_keep_to_the_limits(firehose):
    bodies = [json.dumps({"filler": "x" * 900_000, "number": number}) for number in range(12)]
    bodies += [json.dumps({"number": number}) for number in range(3000)]
    assert event_forwarder.handler(batch(*bodies)) == {"batchItemFailures": []}
    lines = [line.decode() for data in firehose.delivered for line in data.splitlines()]
    assert lines == bodies
    assert all(count <= 5 for _, count in firehose.calls)


def test_only_failed_records_are_sent_again(firehose):
    packed = [Packed(bytearray(f"{number}\n".encode()), [str(number)]) for number in range(4)]
    firehose.refusals = [{1, 3}, {0}]
    assert deliver("s", packed, sleep=lambda seconds: None) == []
    assert firehose.delivered == [b"0\n", b"2\n", b"3\n", b"1\n"]
    assert firehose.calls == [("s", 4), ("s", 2), ("s", 1)]


def test_what_firehose_never_takes_comes_again_from_the_queue(firehose):
    firehose.refusals = [{0}] * 4
    assert event_forwarder.handler(batch("1", "2")) == {
        "batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "1"}]
    }
    firehose.refusals = [AwsError("throttled", code="ThrottlingException")] * 4
    assert len(event_forwarder.handler(batch("1"))["batchItemFailures"]) == 1
    firehose.refusals = [AwsError("reset")]
    assert event_forwarder.handler(batch("1")) == {"batchItemFailures": []}


def test_what_a_stream_has_taken_is_followed_as_far_as_it_can_be(firehose, caplog):
    caplog.set_level("INFO")
    followed, other = batch("1", correlation_id="trace-1"), batch("2", event_name="b", correlation_id="trace-2")
    firehose.refusals = [{0}] * 4
    again = event_forwarder.handler({"Records": followed["Records"]})["batchItemFailures"]
    assert len(again) == 1
    for record in other["Records"]:
        record["messageId"] = "other"
    event_forwarder.handler({"Records": followed["Records"] + other["Records"]})
    said = [json.loads(record.getMessage()) for record in caplog.records]
    found = [(line["stream"], line["correlation_ids"]) for line in said if line["message"] == "forwarded events"]
    assert sorted(found) == [("b", ["trace-2"]), ("user_registered", ["trace-1"])]


def test_the_pauses_grow_and_are_jittered(firehose):
    pauses = []
    firehose.refusals = [{0}] * 4
    deliver("s", list(pack([("0", b"1\n")])), sleep=pauses.append)
    assert len(pauses) == 3
    for attempt, pause in enumerate(pauses):
        assert 0.1 * 2**attempt <= pause <= 0.2 * 2**attempt


def test_an_event_too_large_for_firehose_goes_to_s3(bucket, lines_below, monkeypatch):
    monkeypatch.setenv("EVENTS_LOCATION", f"s3://{bucket}/events/{{event_name}}/")
    body = json.dumps({"filler": "x" * (1000 * 1024)})
    assert event_forwarder.handler(batch(body, event_name="order_placed")) == {"batchItemFailures": []}
    assert lines_below(f"s3://{bucket}/") == {"events/order_placed/dt=2026-03-02/oversized-0.json.gz": [body.encode()]}


def test_anything_but_a_batch_is_refused():
    with pytest.raises(ValueError, match="expected an SQS batch"):
        event_forwarder.handler({})
