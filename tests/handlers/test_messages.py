import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import aws
from toolkit.errors import NotFound
from toolkit.handlers import messages
from toolkit.handlers.messages import Message, entry, message_from_record, send


def record_of(made):
    attributes = {
        name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
        for name, value in made.get("MessageAttributes", {}).items()
    }
    return {"body": made["MessageBody"], "messageAttributes": attributes, "messageId": made["Id"]}


@given(st.binary(min_size=1))
def test_any_bytes_come_back_from_a_message_as_they_went_in(data):
    assert message_from_record(record_of(entry(Message(data), "0"))).body == data


@given(st.text(min_size=1))
def test_any_text_comes_back_too(text):
    data = text.encode("utf-8", "surrogatepass")
    assert message_from_record(record_of(entry(Message(data), "0"))).body == data


def test_plain_json_travels_as_it_is():
    assert entry(Message(b'{"a": "\xc3\xa9"}'), "7") == {"Id": "7", "MessageBody": '{"a": "é"}'}


def test_what_sqs_cannot_carry_travels_as_base64():
    made = entry(Message(b"\xff", {"line": "3"}), "0")
    assert made["MessageBody"] == "/w=="
    assert made["MessageAttributes"] == {
        "line": {"DataType": "String", "StringValue": "3"},
        "content_transfer_encoding": {"DataType": "String", "StringValue": "base64"},
    }


def test_a_wrong_claim_of_base64_leaves_the_text_to_the_validator():
    record = {
        "body": "{not base64}",
        "messageAttributes": {"content_transfer_encoding": {"stringValue": "base64", "dataType": "String"}},
    }
    assert message_from_record(record).body == b"{not base64}"


def test_send_delivers_every_message_in_batches(make_queue):
    queue = make_queue("many")
    sent = [json.dumps({"number": number}).encode() for number in range(47)]
    assert send(queue, [Message(data) for data in sent]) == {}
    assert sorted(receive_all(queue)) == sorted(sent)


def test_a_batch_never_outgrows_a_mebibyte(make_queue):
    queue = make_queue("large")
    sent = [json.dumps({"number": number, "filler": "x" * 400_000}).encode() for number in range(5)]
    assert send(queue, [Message(data) for data in sent]) == {}
    assert sorted(receive_all(queue)) == sorted(sent)


def test_a_message_that_the_queue_refuses_is_named_and_the_others_arrive(make_queue):
    queue = make_queue("mixed")
    too_large = b'"' + b"x" * messages.MAXIMUM_MESSAGE_BYTES + b'"'
    failures = send(queue, [Message(b"1"), Message(too_large), Message(b"3")])
    assert list(failures) == [1]
    assert sorted(receive_all(queue)) == [b"1", b"3"]


def test_a_missing_queue_is_named(platform):
    with pytest.raises(NotFound, match="queue 'no-such-queue'"):
        send("no-such-queue", [Message(b"1")])


def receive_all(queue):
    url = messages.queue_url(queue)
    found = []
    while batch := aws.call(
        "sqs", "receive_message", QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    ).get("Messages"):
        found += [message_from_record(message).body for message in batch]
    return found


def test_a_message_that_makes_its_batch_refused_takes_no_other_with_it(make_queue, faults):
    queue = make_queue("refused")
    faults.refuse(
        "send_message_batch",
        "InvalidParameterValue",
        when=lambda parameters: any(made["MessageBody"] == "3" for made in parameters["Entries"]),
    )
    failures = send(queue, [Message(str(number).encode()) for number in range(6)])
    assert list(failures) == [3]
    assert sorted(receive_all(queue)) == [b"0", b"1", b"2", b"4", b"5"]
