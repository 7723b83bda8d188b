"""Requests of SQS that are answered past moto's HTTP layer: as the long way answers them, errors included."""

import hashlib

import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def directly(client):
    return client("sqs")


@pytest.fixture(scope="module")
def at_length(client):
    sqs = client("sqs")
    # A page of another origin is moto's business.
    sqs.meta.events.register("before-sign.sqs.*", lambda request, **_: request.headers.add_header("Origin", "http://x"))
    return sqs


def answers(sqs, url):
    """All that a life of messages shows, without what differs from call to call."""
    body = 'é "\\ \U0001f600 <&>'
    shown = []

    def call(operation, **arguments):
        try:
            answer = getattr(sqs, operation)(QueueUrl=url, **arguments)
        except ClientError as error:
            answer = error.response
        shown.append((operation, without_what_varies(answer)))
        return answer

    call("send_message", MessageBody=body)
    call("send_message", MessageBody="late", DelaySeconds=900)
    call("send_message", MessageBody="too late", DelaySeconds=901)
    call(
        "send_message",
        MessageBody="with attributes",
        MessageAttributes={"b": {"DataType": "Binary", "BinaryValue": b"\0"}},
    )
    call("send_message", MessageBody="bad \x01")
    call(
        "send_message_batch",
        Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2", "DelaySeconds": 0}],
    )
    call("send_message_batch", Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "a", "MessageBody": "2"}])
    call("send_message_batch", Entries=[{"Id": "not plain", "MessageBody": "1"}])
    call("send_message_batch", Entries=[])
    call("receive_message", MaxNumberOfMessages=11)
    received = call("receive_message", MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"])
    assert received["Messages"][0]["MD5OfBody"] == hashlib.md5(body.encode()).hexdigest()
    handles = [message["ReceiptHandle"] for message in received["Messages"]]
    call("receive_message")
    call("change_message_visibility", ReceiptHandle=handles[0], VisibilityTimeout=0)
    call("change_message_visibility", ReceiptHandle=handles[1], VisibilityTimeout=99_999)
    again = call("receive_message", MessageSystemAttributeNames=["ApproximateReceiveCount"], VisibilityTimeout=60)
    entry = {"Id": "a", "ReceiptHandle": again["Messages"][0]["ReceiptHandle"], "VisibilityTimeout": 5}
    call("change_message_visibility_batch", Entries=[entry, {**entry, "Id": "b", "VisibilityTimeout": 99_999}])
    call("delete_message", ReceiptHandle=handles[0])
    call("delete_message", ReceiptHandle="none")
    call(
        "delete_message_batch", Entries=[{"Id": "a", "ReceiptHandle": handles[1]}, {"Id": "b", "ReceiptHandle": "none"}]
    )
    call("delete_message_batch", Entries=[{"Id": "a", "ReceiptHandle": "x"}, {"Id": "b", "ReceiptHandle": "x"}])
    return shown


VARYING = (
    "MessageId",
    "ReceiptHandle",
    "SentTimestamp",
    "ApproximateFirstReceiveTimestamp",
    "ResponseMetadata",
    "RequestId",
)


def without_what_varies(answer):
    if isinstance(answer, dict):
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
        kept = {key: without_what_varies(value) for key, value in answer.items() if key not in VARYING}
        return {**kept, "status": status} if status else kept
    if isinstance(answer, list):
        return [without_what_varies(each) for each in answer]
    return answer


def test_there_are_two_ways(directly, at_length):
    def headers(sqs):
        url = sqs.create_queue(QueueName="ways")["QueueUrl"]
        return sqs.send_message(QueueUrl=url, MessageBody="x")["ResponseMetadata"]["HTTPHeaders"]

    assert "access-control-allow-origin" in headers(at_length)
    assert "access-control-allow-origin" not in headers(directly)


def test_both_ways_answer_alike(directly, at_length):
    expected = answers(at_length, at_length.create_queue(QueueName="at-length")["QueueUrl"])
    assert answers(directly, directly.create_queue(QueueName="directly")["QueueUrl"]) == expected


def test_a_queue_that_does_not_exist_is_refused(directly):
    with pytest.raises(directly.exceptions.QueueDoesNotExist):
        directly.send_message(QueueUrl="http://localhost/123456789012/none", MessageBody="x")


def test_a_region_has_queues_of_its_own(platform, directly):
    import boto3

    directly.create_queue(QueueName="regional")
    other = boto3.client(
        "sqs",
        endpoint_url=platform.endpoint_url,
        region_name="us-west-2",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    url = f"{platform.endpoint_url}/123456789012/regional"
    with pytest.raises(other.exceptions.QueueDoesNotExist):
        other.send_message(QueueUrl=url, MessageBody="x")
    assert directly.send_message(QueueUrl=url, MessageBody="x")["MessageId"]


def test_an_ordered_queue_goes_the_long_way(directly):
    url = directly.create_queue(QueueName="ordered.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    directly.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="g", MessageDeduplicationId="d")
    directly.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="g", MessageDeduplicationId="d")
    received = directly.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"])[
        "Messages"
    ]
    assert [message["Attributes"] for message in received] == [{"MessageGroupId": "g"}]
