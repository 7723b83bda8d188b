"""SQS's own redrive on the local platform, as boto3 asks for it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from toolkit.local.sqs_moves import MessageMoves, MoveTask, Refused


@pytest.fixture
def sqs(client):
    return client("sqs")


@pytest.fixture
def queues(sqs, unique):
    """A source whose messages are set aside at their second reception, its dead-letter queue, and another queue."""
    urls = {name: sqs.create_queue(QueueName=f"{name}-{unique}")["QueueUrl"] for name in ("source", "dead", "other")}
    policy = json.dumps({"deadLetterTargetArn": arn(sqs, urls["dead"]), "maxReceiveCount": 1})
    changed = {"RedrivePolicy": policy, "VisibilityTimeout": "0"}
    sqs.set_queue_attributes(QueueUrl=urls["source"], Attributes=changed)
    return urls


def arn(sqs, url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def set_aside(sqs, queues, *bodies):
    for body in bodies:
        attribute = {"trace": {"DataType": "String", "StringValue": body}}
        sqs.send_message(QueueUrl=queues["source"], MessageBody=body, MessageAttributes=attribute)
    for _ in range(2):
        sqs.receive_message(QueueUrl=queues["source"], MaxNumberOfMessages=10)


def received(sqs, url):
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return found.get("Messages", [])


def ended(sqs, source):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        [task] = sqs.list_message_move_tasks(SourceArn=source)["Results"]
        if task["Status"] not in ("RUNNING", "CANCELLING"):
            return task
        time.sleep(0.02)
    pytest.fail("the task does not end")


def code(error):
    return error.value.response["Error"]["Code"]


def test_messages_go_back_to_the_queue_that_set_them_aside(sqs, queues):
    set_aside(sqs, queues, "a", "b", "c")
    source = arn(sqs, queues["dead"])
    handle = sqs.start_message_move_task(SourceArn=source)["TaskHandle"]
    task = ended(sqs, source)
    assert handle
    assert "TaskHandle" not in task
    assert (task["Status"], task["SourceArn"]) == ("COMPLETED", source)
    assert (task["ApproximateNumberOfMessagesMoved"], task["ApproximateNumberOfMessagesToMove"]) == (3, 3)
    found = received(sqs, queues["source"])
    assert [message["Body"] for message in found] == ["a", "b", "c"]
    assert [message["MessageAttributes"]["trace"]["StringValue"] for message in found] == ["a", "b", "c"]
    assert received(sqs, queues["dead"]) == []


def test_messages_go_to_the_queue_that_is_named(sqs, queues):
    set_aside(sqs, queues, "a")
    sqs.send_message(QueueUrl=queues["dead"], MessageBody="sent here")
    source, target = arn(sqs, queues["dead"]), arn(sqs, queues["other"])
    sqs.start_message_move_task(SourceArn=source, DestinationArn=target, MaxNumberOfMessagesPerSecond=500)
    task = ended(sqs, source)
    assert (task["Status"], task["DestinationArn"], task["MaxNumberOfMessagesPerSecond"]) == ("COMPLETED", target, 500)
    assert sorted(message["Body"] for message in received(sqs, queues["other"])) == ["a", "sent here"]


def test_a_message_that_no_queue_set_aside_stays_and_fails_the_task(sqs, queues):
    sqs.send_message(QueueUrl=queues["dead"], MessageBody="sent here")
    source = arn(sqs, queues["dead"])
    sqs.start_message_move_task(SourceArn=source)
    task = ended(sqs, source)
    assert (task["Status"], task["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")
    assert [message["Body"] for message in received(sqs, queues["dead"])] == ["sent here"]


def test_a_task_can_be_cancelled_and_loses_nothing(sqs, queues):
    set_aside(sqs, queues, *"abcdefgh")
    source = arn(sqs, queues["dead"])
    # One a second: it is still at work when it is cancelled.
    handle = sqs.start_message_move_task(SourceArn=source, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    with pytest.raises(ClientError, match="There is already a task running"):
        sqs.start_message_move_task(SourceArn=source)
    [running] = sqs.list_message_move_tasks(SourceArn=source, MaxResults=10)["Results"]
    assert (running["Status"], running["TaskHandle"]) == ("RUNNING", handle)
    assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] < 8
    assert ended(sqs, source)["Status"] == "CANCELLED"
    bodies = [message["Body"] for name in ("source", "dead") for message in received(sqs, queues[name])]
    assert sorted(bodies) == list("abcdefgh")
    with pytest.raises(ClientError, match="Only active tasks can be cancelled"):
        sqs.cancel_message_move_task(TaskHandle=handle)


def test_what_can_not_be_moved_is_refused_as_sqs_does(sqs, queues):
    with pytest.raises(ClientError, match="must be configured as a Dead Letter Queue") as error:
        sqs.start_message_move_task(SourceArn=arn(sqs, queues["other"]))
    assert code(error) == "InvalidParameterValue"
    for name in ("arn:aws:sqs:eu-west-1:123456789012:none", "none"):
        with pytest.raises(ClientError, match="SourceArn parameter doesn't exist") as error:
            sqs.start_message_move_task(SourceArn=name)
        assert code(error) == "ResourceNotFoundException"
    with pytest.raises(ClientError, match="Task does not exist") as error:
        sqs.cancel_message_move_task(TaskHandle="none")
    assert code(error) == "ResourceNotFoundException"
    with pytest.raises(ClientError, match="between 1 and 500"):
        sqs.start_message_move_task(SourceArn=arn(sqs, queues["dead"]), MaxNumberOfMessagesPerSecond=501)


def test_a_task_that_ends_while_it_is_cancelled_has_ended():
    moves = MessageMoves(nullcontext)
    task = MoveTask(SimpleNamespace(queue_arn="arn"), None, 0, 0)
    moves._tasks.append(task)
    with ThreadPoolExecutor(2) as pool:
        with moves._lock:
            ending = pool.submit(moves._end, task, "COMPLETED")
            cancelling = pool.submit(moves._cancel, {"TaskHandle": task.handle})
            time.sleep(0.1)
            task.status = "COMPLETED"
        with pytest.raises(Refused, match="Only active tasks"):
            cancelling.result()
        ending.result()
    assert task.status == "COMPLETED"


def test_a_step_that_fails_ends_its_task(monkeypatch, caplog):
    def step(moves, task):
        raise ZeroDivisionError("of no use")

    monkeypatch.setattr(MessageMoves, "_step", step)
    task = MoveTask(SimpleNamespace(queue_arn="arn"), None, 0, 0)
    MessageMoves(nullcontext)._run(task)
    assert (task.status, task.failure) == ("FAILED", "The local platform can't keep what is moved: of no use")
    assert "moving messages of arn failed" in caplog.text
