import json

import pytest

from toolkit import aws
from toolkit.errors import NotFound, SchemaNotFound
from toolkit.handlers import event_validator
from toolkit.handlers.messages import Message, message_from_record, queue_url, send
from toolkit.handlers.polling import drain, queue_length
from toolkit.simulation import EXAMPLE_EVENT


@pytest.fixture
def queues(make_queue, monkeypatch):
    """The queues of the handler under names of this test, and its settings."""
    names = {name: make_queue(name) for name in ("events", "valid", "dead")}
    monkeypatch.setenv("VALID_EVENTS_QUEUE", names["valid"])
    monkeypatch.setenv("DEAD_LETTER_QUEUE", names["dead"])
    monkeypatch.setenv("EVENT_NAME", "user_registered")
    return names


def receive(queue):
    found = aws.call(
        "sqs", "receive_message", QueueUrl=queue_url(queue), MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    return [message_from_record(message) for message in found.get("Messages", ())]


def sqs_batch(*bodies, **attributes):
    given = {name: {"stringValue": value, "dataType": "String"} for name, value in attributes.items()}
    return {
        "Records": [
            {"messageId": str(index), "body": body, "messageAttributes": given, "eventSource": "aws:sqs"}
            for index, body in enumerate(bodies)
        ]
    }


def test_a_plain_valid_event_goes_to_the_valid_queue(queues, capsys):
    assert event_validator.handler(EXAMPLE_EVENT) == {"valid": True, "errors": []}
    [message] = receive(queues["valid"])
    assert json.loads(message.body) == EXAMPLE_EVENT
    assert capsys.readouterr().out == "Response status code: [200]\n"
    assert queue_length(queues["dead"]) == 0


def test_a_plain_event_as_text_arrives_byte_for_byte(queues):
    text = json.dumps(EXAMPLE_EVENT, indent=3).replace("32", "32.0")
    assert event_validator.handler(text, None)["valid"]
    assert [message.body for message in receive(queues["valid"])] == [text.encode()]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"age": "32"}, "$.age: expected integer, found string"),
        ({"extra": 1}, "$.extra: expected no undeclared field, found integer"),
        (
            {"address": {**EXAMPLE_EVENT["address"], "zip": "1"}},
            "$.address.zip: expected no undeclared field, found string",
        ),
    ],
)
def test_a_plain_invalid_event_goes_to_the_dead_letter_queue(queues, change, reason):
    event = {**EXAMPLE_EVENT, **change}
    assert event_validator.handler(event) == {"valid": False, "errors": [reason]}
    assert queue_length(queues["valid"]) == 0
    [message] = receive(queues["dead"])
    assert json.loads(message.body) == event
    assert message.attributes["schema"] == "user_registered/"
    assert message.attributes["reasons_total"] == "1"


def test_a_batch_is_parted_and_nothing_comes_again(queues):
    good = json.dumps(EXAMPLE_EVENT, indent=1)
    bodies = [good, '{"eid": 1}', "{broken", good]
    assert event_validator.handler(sqs_batch(*bodies), None) == {"batchItemFailures": []}
    assert [message.body.decode() for message in receive(queues["valid"])] == [good, good]
    dead = {message.body.decode(): json.loads(message.attributes["reasons"]) for message in receive(queues["dead"])}
    assert set(dead) == {'{"eid": 1}', "{broken"}
    assert dead["{broken"][0]["keyword"] == "json"
    reasons = {(reason["instance_location"], reason["keyword"]) for reason in dead['{"eid": 1}']}
    assert ("/eid", "type") in reasons
    assert ("", "required") in reasons
    assert set(dead['{"eid": 1}'][0]) == {"instance_location", "keyword_location", "keyword", "expected", "found"}


def test_bytes_that_are_no_text_keep_their_bytes_in_the_dead_letter_queue(queues):
    broken = b'{"name": "\xff"}'
    send(queues["events"], [Message(broken, {"line": "7"})])
    assert list(drain(queues["events"], event_validator.handler)) == [1]
    [message] = receive(queues["dead"])
    assert message.body == broken
    assert message.attributes["line"] == "7"
    assert json.loads(message.attributes["reasons"])[0]["keyword"] == "encoding"


def test_a_message_may_name_its_own_schema(queues):
    from toolkit.samples import sample_events

    order = next(sample_events(1, broken_share=0)).decode()
    batch = sqs_batch(order, event_name="order_placed", schema_version="2")
    assert event_validator.handler(batch) == {"batchItemFailures": []}
    [message] = receive(queues["valid"])
    assert message.attributes == {"event_name": "order_placed", "schema_version": "2"}


def test_an_outage_is_no_verdict(queues, monkeypatch):
    monkeypatch.setenv("VALID_EVENTS_QUEUE", "no-such-queue")
    answer = event_validator.handler(sqs_batch(json.dumps(EXAMPLE_EVENT), '{"eid": 1}'))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert [message.body for message in receive(queues["dead"])] == [b'{"eid": 1}']


def test_an_unknown_schema_is_no_verdict_either(queues):
    batch = sqs_batch("{}", event_name="never_published")
    assert event_validator.handler(batch) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert queue_length(queues["dead"]) == 0


def test_a_plain_event_of_an_unknown_schema_says_what_there_is(queues, monkeypatch):
    monkeypatch.setenv("EVENT_NAME", "never_published")
    with pytest.raises(
        SchemaNotFound, match=r"no schema named 'never_published'; there are: order_placed, .*user_registered"
    ):
        event_validator.handler(EXAMPLE_EVENT)


def test_many_reasons_are_cut_so_that_the_message_fits(queues):
    filler = "x" * (1024 * 1024 - 700)
    body = json.dumps({"eid": 1, "documentNumber": 2, "name": 3, "age": filler, "address": 5})
    assert event_validator.handler(sqs_batch(body)) == {"batchItemFailures": []}
    [message] = receive(queues["dead"])
    assert message.body == body.encode()
    assert 1 <= len(json.loads(message.attributes["reasons"])) < int(message.attributes["reasons_total"])


def test_send_event_to_queue_prints_the_status_and_sends_what_it_was_given(queues, capsys):
    answer = event_validator.send_event_to_queue({"a": "é"}, queues["events"])
    assert capsys.readouterr().out == "Response status code: [200]\n"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert [message.body for message in receive(queues["events"])] == ['{"a":"é"}'.encode()]


def test_send_event_to_queue_names_a_missing_queue(platform):
    with pytest.raises(NotFound, match="queue 'missing'"):
        event_validator.send_event_to_queue({}, "missing")
