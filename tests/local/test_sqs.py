"""The semantics of SQS that a pipeline leans on, over the wire."""

import json
import time

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def sqs(client):
    return client("sqs")


@pytest.fixture
def queue(sqs, request):
    names = iter(range(100))

    def make(**attributes):
        name = f"q{abs(hash(request.node.name))}-{next(names)}" + (".fifo" if "FifoQueue" in attributes else "")
        attributes = {key: str(value) for key, value in attributes.items()}
        return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    return make


def send(sqs, url, *bodies, **options):
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body, **options)


def receive(sqs, url, count=10, **options):
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=count, **options).get("Messages", [])


def bodies(messages):
    return [message["Body"] for message in messages]


def counts(sqs, url):
    names = ["", "NotVisible", "Delayed"]
    names = [f"ApproximateNumberOfMessages{name}" for name in names]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return tuple(int(attributes[name]) for name in names)


BODIES = [
    "plain",
    '{"a": "b\\"c"}',
    "'single' \"double\" <xml/> &amp; &#10; %41+%2B",
    "tab\tnewline\nreturn\r",
    "snow ☃ astral 𝄞 rtl \u202e\ufeff\u2028 nul-like \\u0000",
    " \n leading and trailing \n ",
    "é" * 1000,
    "{" * 5000,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_bodies_come_back_byte_for_byte(sqs, queue, body):
    url = queue()
    send(sqs, url, body)
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": body}])
    assert bodies(receive(sqs, url)) == [body, body]


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"], ids=ascii)
def test_characters_that_sqs_refuses_are_refused(sqs, queue, character):
    url = queue()
    with pytest.raises(ClientError) as caught:
        send(sqs, url, f"a{character}b")
    assert caught.value.response["Error"]["Code"] == "InvalidMessageContents"


def test_a_message_may_have_1_mib_of_bytes_and_no_more(sqs, queue):
    url = queue()
    send(sqs, url, "é" * 524_288)
    assert len(receive(sqs, url)[0]["Body"]) == 524_288
    with pytest.raises(ClientError, match="must be shorter than 1048576 bytes"):
        send(sqs, url, "é" * 524_289)


def test_a_batch_may_have_1_mib_of_bytes_together(sqs, queue):
    url = queue()
    with pytest.raises(ClientError) as caught:
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "é" * 60_000} for n in range(9)])
    assert "BatchRequestTooLong" in caught.value.response["Error"]["Code"]


def test_messages_come_in_the_order_of_sending_and_at_most_as_many_as_asked(sqs, queue):
    url = queue()
    send(sqs, url, *"abcde")
    assert bodies(receive(sqs, url, 2)) == ["a", "b"]
    assert bodies(receive(sqs, url, 10)) == ["c", "d", "e"]
    assert receive(sqs, url) == []


def test_a_received_message_is_hidden_until_its_timeout(sqs, queue):
    url = queue(VisibilityTimeout=1)
    send(sqs, url, "a")
    assert bodies(receive(sqs, url)) == ["a"]
    assert receive(sqs, url) == []
    assert bodies(receive(sqs, url, WaitTimeSeconds=5)) == ["a"]


def test_the_timeout_of_a_receive_overrides_that_of_the_queue(sqs, queue):
    url = queue(VisibilityTimeout=600)
    send(sqs, url, "a")
    assert bodies(receive(sqs, url, VisibilityTimeout=0)) == ["a"]
    assert bodies(receive(sqs, url)) == ["a"]


def test_change_visibility_hides_longer_or_shows_at_once(sqs, queue):
    url = queue(VisibilityTimeout=600)
    send(sqs, url, "a")
    handle = receive(sqs, url)[0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    handle = receive(sqs, url)[0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=1)
    assert receive(sqs, url) == []
    assert bodies(receive(sqs, url, WaitTimeSeconds=5)) == ["a"]


def test_a_message_sent_with_delay_comes_later(sqs, queue):
    url = queue()
    send(sqs, url, "late", DelaySeconds=1)
    send(sqs, url, "now")
    assert counts(sqs, url) == (1, 0, 1)
    assert bodies(receive(sqs, url)) == ["now"]
    assert bodies(receive(sqs, url, WaitTimeSeconds=5)) == ["late"]


def test_the_delay_of_the_queue_holds_where_the_message_names_none(sqs, queue):
    url = queue(DelaySeconds=600)
    send(sqs, url, "late")
    send(sqs, url, "now", DelaySeconds=0)
    assert bodies(receive(sqs, url)) == ["now"]


def test_a_waiting_receive_returns_when_a_message_arrives(sqs, queue, client):
    import threading

    url = queue()
    sender = threading.Timer(0.3, send, (client("sqs"), url, "a"))
    sender.start()
    assert bodies(receive(sqs, url, WaitTimeSeconds=10)) == ["a"]
    sender.join()


def test_a_deleted_message_never_comes_back(sqs, queue):
    url = queue(VisibilityTimeout=0)
    send(sqs, url, "a", "b")
    for message in receive(sqs, url, 1):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert bodies(receive(sqs, url)) == ["b"]
    assert counts(sqs, url) == (1, 0, 0)


def test_deleting_twice_and_by_an_old_handle_is_no_error(sqs, queue):
    url = queue(VisibilityTimeout=0)
    send(sqs, url, "a")
    old = receive(sqs, url)[0]["ReceiptHandle"]
    new = receive(sqs, url)[0]["ReceiptHandle"]
    assert old != new
    for handle in (old, new, old):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    assert receive(sqs, url) == []


def test_a_handle_that_never_was_is_invalid(sqs, queue):
    url = queue()
    with pytest.raises(ClientError) as caught:
        sqs.delete_message(QueueUrl=url, ReceiptHandle="invented")
    assert caught.value.response["Error"]["Code"] == "ReceiptHandleIsInvalid"
    failed = sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "1", "ReceiptHandle": "invented"}])["Failed"]
    assert [(entry["Id"], entry["Code"]) for entry in failed] == [("1", "ReceiptHandleIsInvalid")]


def test_after_max_receive_count_a_message_goes_to_the_dead_letter_queue(sqs, queue):
    dead = queue()
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    url = queue(VisibilityTimeout=0, RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2}))
    send(sqs, url, "poison")
    received = [receive(sqs, url, MessageSystemAttributeNames=["ApproximateReceiveCount"]) for _ in range(3)]
    assert [bodies(messages) for messages in received] == [["poison"], ["poison"], []]
    assert [messages[0]["Attributes"]["ApproximateReceiveCount"] for messages in received[:2]] == ["1", "2"]
    assert counts(sqs, url) == (0, 0, 0)
    assert bodies(receive(sqs, dead)) == ["poison"]


def test_two_queues_may_be_each_others_dead_letter_queues(sqs, queue):
    urls = [queue(VisibilityTimeout=0), queue(VisibilityTimeout=0)]
    names = ["QueueArn"]
    arns = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]["QueueArn"] for url in urls]
    for url, arn in zip(urls, reversed(arns), strict=True):
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})
    send(sqs, urls[0], "a")
    assert bodies(receive(sqs, urls[0])) == ["a"]
    assert receive(sqs, urls[0]) == []
    assert counts(sqs, urls[1]) == (1, 0, 0)


def test_counts_tell_waiting_in_flight_and_delayed_apart(sqs, queue):
    url = queue()
    send(sqs, url, *"abc")
    send(sqs, url, "d", DelaySeconds=900)
    receive(sqs, url, 2)
    assert counts(sqs, url) == (1, 2, 1)


def test_purge_empties_the_queue_and_leaves_it_usable(sqs, queue):
    url = queue()
    send(sqs, url, *"abc")
    receive(sqs, url, 1)
    sqs.purge_queue(QueueUrl=url)
    assert counts(sqs, url) == (0, 0, 0)
    send(sqs, url, "d")
    assert bodies(receive(sqs, url)) == ["d"]


def test_a_message_older_than_the_retention_is_gone(sqs, queue):
    url = queue(MessageRetentionPeriod=1)
    send(sqs, url, "a")
    time.sleep(1.1)
    assert receive(sqs, url) == []
    assert counts(sqs, url) == (0, 0, 0)


def test_message_attributes_come_back_where_asked_for(sqs, queue):
    url = queue(VisibilityTimeout=0)
    kind = {"DataType": "String", "StringValue": "order"}
    send(sqs, url, "a", MessageAttributes={"kind": kind, "other": {"DataType": "Number", "StringValue": "1"}})
    assert "MessageAttributes" not in receive(sqs, url)[0]
    assert receive(sqs, url, MessageAttributeNames=["kind"])[0]["MessageAttributes"] == {"kind": kind}
    assert set(receive(sqs, url, MessageAttributeNames=["All"])[0]["MessageAttributes"]) == {"kind", "other"}


def test_creating_a_queue_again_gives_the_same_one(sqs, queue):
    url = queue()
    send(sqs, url, "a")
    assert sqs.create_queue(QueueName=url.rpartition("/")[2])["QueueUrl"] == url
    assert bodies(receive(sqs, url)) == ["a"]


def test_a_fifo_queue_keeps_order_within_its_group(sqs, queue):
    url = queue(FifoQueue="true", ContentBasedDeduplication="true", VisibilityTimeout=600)
    for body in ("a1", "a2", "b1"):
        send(sqs, url, body, MessageGroupId=body[0])
    send(sqs, url, "a1", MessageGroupId="a")
    first = receive(sqs, url, 1)
    assert bodies(first) == ["a1"]
    assert bodies(receive(sqs, url)) == ["b1"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
    assert bodies(receive(sqs, url)) == ["a2"]


def test_competing_receivers_never_share_a_message(sqs, queue, client):
    from concurrent.futures import ThreadPoolExecutor

    url = queue()
    sent = [str(number) for number in range(200)]
    for start in range(0, 200, 10):
        sqs.send_message_batch(
            QueueUrl=url, Entries=[{"Id": body, "MessageBody": body} for body in sent[start : start + 10]]
        )
    clients = [client("sqs") for _ in range(4)]

    def drain(own):
        received = []
        while messages := receive(own, url):
            received += bodies(messages)
        return received

    with ThreadPoolExecutor(4) as pool:
        received = [body for part in pool.map(drain, clients) for body in part]
    assert sorted(received) == sorted(sent)
