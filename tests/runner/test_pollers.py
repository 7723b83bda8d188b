"""Queues and streams of the local platform, with handlers that fail in every way."""

import base64
import json
import threading
import time

import pytest

from toolkit import aws
from toolkit.errors import InvalidInput, NotFound
from toolkit.handlers.messages import Message, message_from_record, queue_url, send
from toolkit.handlers.polling import queue_length
from toolkit.runner import QueueMapping, QueuePoller, Runner, StreamMapping, StreamPoller
from toolkit.runner.streams import Checkpoints


def bodies(event):
    return [record["body"] for record in event["Records"]]


def data(event):
    return [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]


def fill(queue, count):
    assert send(queue, [Message(str(number).encode()) for number in range(count)]) == {}


def poller(queue, handler, **options):
    return QueuePoller(QueueMapping(queue, handler, **{"timeout_in_seconds": 2, **options}), threading.Event())


def test_a_batch_is_as_large_as_asked_and_deleted_when_done(make_queue):
    queue = make_queue("large")
    fill(queue, 250)
    seen = []
    worker = poller(queue, lambda event, context: seen.append(bodies(event)), batch_size=100)
    assert [worker.run_once() for _ in range(3)] == [100, 100, 50]
    assert sorted(int(body) for batch in seen for body in batch) == list(range(250))
    assert queue_length(queue) == 0


def test_a_batch_ends_at_its_bytes(make_queue):
    queue = make_queue("bytes")
    send(queue, [Message(b"x" * 1000) for _ in range(40)])
    worker = poller(queue, lambda event, context: None, batch_size=40, maximum_batch_bytes=5000)
    assert worker.run_once() < 40


def test_a_window_collects_what_comes_later(make_queue):
    queue = make_queue("window")
    fill(queue, 1)
    seen = []
    worker = poller(
        queue, lambda event, context: seen.append(bodies(event)), batch_size=2, maximum_batching_window_in_seconds=30
    )
    timer = threading.Timer(0.5, lambda: send(queue, [Message(b"later")]))
    timer.start()
    worker.run_once()
    timer.join()
    assert sorted(seen[0]) == ["0", "later"]


def test_reported_items_and_failed_batches_come_again(make_queue):
    queue = make_queue("again", VisibilityTimeout="0")
    fill(queue, 3)
    answers = [RuntimeError("no"), {"batchItemFailures": [{"itemIdentifier": "unknown"}]}, "one", None]
    seen = []

    def handler(event, context):
        seen.append(sorted(bodies(event)))
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if answer == "one":
            return {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}
        return answer

    worker = poller(queue, handler)
    assert [worker.run_once() for _ in range(3)] == [0, 0, 2]
    assert worker.run_once() == 1
    assert seen[:3] == [["0", "1", "2"]] * 3
    assert queue_length(queue) == 0


def test_poison_ends_in_the_redrive_queue_and_can_come_back(make_queue):
    redrive = make_queue("redrive")
    arn = aws.call("sqs", "get_queue_attributes", QueueUrl=queue_url(redrive), AttributeNames=["QueueArn"])
    policy = json.dumps({"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 2})
    queue = make_queue("source", VisibilityTimeout="0", RedrivePolicy=policy)
    send(queue, [Message(b"\xffpoison")])
    worker = poller(queue, lambda event, context: 1 / 0)
    for _ in range(3):
        worker.run_once()
    assert (queue_length(queue), queue_length(redrive)) == (0, 1)
    seen = []
    back = poller(redrive, lambda event, context: seen.extend(message_from_record(r).body for r in event["Records"]))
    back.run_once()
    assert seen == [b"\xffpoison"]


def test_a_visibility_timeout_that_is_too_short_is_refused(make_queue):
    queue = make_queue("short", VisibilityTimeout="30")
    worker = poller(queue, lambda event, context: None, maximum_batching_window_in_seconds=29)
    with pytest.raises(InvalidInput, match=r"its visibility timeout is 30 s, but a batch may take 31 s"):
        worker.check()
    with pytest.raises(NotFound, match="queue 'nothing'"):
        poller("nothing", lambda event, context: None).check()


def test_two_runners_share_a_queue_and_a_stop_is_graceful(names):
    fill(names.events_queue, 400)
    seen, lock = [], threading.Lock()

    def handler(event, context):
        with lock:
            seen.extend(bodies(event))

    mapping = QueueMapping(names.events_queue, handler, batch_size=20, timeout_in_seconds=2)
    with (
        Runner([mapping], checkpoints=names.checkpoints) as one,
        Runner([mapping], checkpoints=names.checkpoints) as other,
    ):
        assert one.wait_until(lambda: len(seen) >= 400, seconds=60)
    assert sum(one.handled.values()) + sum(other.handled.values()) == 400
    assert sorted(map(int, seen)) == list(range(400))
    assert queue_length(names.events_queue) == 0


@pytest.fixture
def stream(names):
    for number in range(20):
        aws.call("kinesis", "put_record", StreamName=names.stream, Data=f"record {number}".encode(), PartitionKey="p")
    return names.stream


def stream_poller(names, handler, *, owner="", lease_seconds=30.0, **options):
    mapping = StreamMapping(names.stream, handler, **{"retry_pause_in_seconds": 0.0, **options})
    checkpoints = Checkpoints(names.checkpoints, owner=owner, lease_seconds=lease_seconds)
    return StreamPoller(mapping, threading.Event(), checkpoints)


def test_a_shard_is_read_in_order_and_from_where_the_last_one_stopped(names, stream):
    seen = []
    first = stream_poller(names, lambda event, context: seen.append(data(event)), batch_size=15, owner="a")
    assert first.run_once() == 15
    again = stream_poller(names, lambda event, context: seen.append(data(event)), owner="a")
    assert again.run_once() == 5
    assert again.run_once() == 0
    assert [text for batch in seen for text in batch] == [f"record {number}" for number in range(20)]


def test_only_one_runner_works_on_a_shard_until_its_lease_ends(names, stream, monkeypatch):
    seen = []
    dead = stream_poller(
        names, lambda event, context: seen.append("dead"), owner="dead", lease_seconds=600.0, batch_size=5
    )
    assert dead.run_once() == 5
    other = stream_poller(names, lambda event, context: seen.extend(data(event)), owner="other")
    assert other.run_once() == 0
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 600)
    assert other.run_once() == 15
    assert seen == ["dead", *(f"record {number}" for number in range(5, 20))]


def test_a_lease_is_renewed_while_a_handler_works_and_while_a_window_is_open(names, stream):
    """The lease lasts three seconds, the handler and the window longer each; nobody gets in between."""
    intruder = stream_poller(names, lambda event, context: pytest.fail("it was leased"), owner="intruder")
    seen = []

    def handler(event, context):
        deadline = time.monotonic() + 3.5
        while time.monotonic() < deadline:
            assert intruder.run_once() == 0
            time.sleep(0.2)
        seen.extend(data(event))

    def intrude():
        time.sleep(3.2)
        assert intruder.run_once() == 0
        seen.append("tried in the window")

    owner = stream_poller(
        names, handler, owner="owner", lease_seconds=3.0, batch_size=50, maximum_batching_window_in_seconds=3.5
    )
    thread = threading.Thread(target=intrude)
    thread.start()
    assert owner.run_once() == 20
    thread.join()
    assert seen == ["tried in the window", *(f"record {number}" for number in range(20))]


def test_a_poison_record_is_isolated_and_given_up_with_its_bytes(names, stream):
    seen = []

    def handler(event, context):
        if "record 7" in data(event):
            raise RuntimeError("poison")
        seen.extend(data(event))

    worker = stream_poller(names, handler, maximum_retry_attempts=2, on_failure=names.redrive_queue)
    assert worker.run_once() == 20
    assert seen == [f"record {number}" for number in range(20) if number != 7]
    found = aws.call("sqs", "receive_message", QueueUrl=queue_url(names.redrive_queue), MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert [message_from_record(message).body for message in found] == [b"record 7"]


def test_what_is_given_up_into_s3_keeps_whole_records(names, stream):
    def handler(event, context):
        raise RuntimeError("down")

    worker = stream_poller(
        names,
        handler,
        maximum_retry_attempts=0,
        bisect_batch_on_function_error=False,
        on_failure=f"s3://{names.bucket}/failed/",
    )
    assert worker.run_once() == 20
    [item] = aws.call("s3", "list_objects_v2", Bucket=names.bucket, Prefix="failed/")["Contents"]
    kept = json.loads(aws.call("s3", "get_object", Bucket=names.bucket, Key=item["Key"])["Body"].read())
    assert data(kept) == [f"record {number}" for number in range(20)]


def test_a_partial_answer_goes_on_from_the_lowest_failed_record(names, stream):
    calls = []

    def handler(event, context):
        calls.append(len(event["Records"]))
        if len(calls) == 1:
            numbers = [record["kinesis"]["sequenceNumber"] for record in event["Records"]]
            return {"batchItemFailures": [{"itemIdentifier": numbers[12]}, {"itemIdentifier": numbers[8]}]}
        return {"batchItemFailures": []}

    assert stream_poller(names, handler).run_once() == 20
    assert calls == [20, 12]
