from toolkit.handlers.messages import Message, send
from toolkit.handlers.polling import drain, queue_length


def test_drain_hands_over_lambda_records_and_deletes_what_succeeded(make_queue):
    queue = make_queue("drained")
    send(queue, [Message(str(number).encode(), {"line": str(number)}) for number in range(25)])
    seen = []

    def handler(event, context):
        seen.extend(event["Records"])
        return {"batchItemFailures": []}

    assert sum(drain(queue, handler, batch_size=10)) == 25
    assert sorted(int(record["body"]) for record in seen) == list(range(25))
    record = seen[0]
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"].endswith(f":{queue}")
    assert record["messageAttributes"]["line"] == {"stringValue": record["body"], "dataType": "String"}
    assert int(record["attributes"]["SentTimestamp"]) > 0
    assert queue_length(queue) == 0


def test_a_batch_is_never_larger_than_asked(make_queue):
    queue = make_queue("small")
    send(queue, [Message(str(number).encode()) for number in range(25)])
    sizes = []
    assert sum(drain(queue, lambda event, context: sizes.append(len(event["Records"])), batch_size=12)) == 25
    assert max(sizes) <= 12


def test_a_reported_failure_stays_in_the_queue(make_queue):
    queue = make_queue("partial")
    send(queue, [Message(b"good"), Message(b"bad")])

    def handler(event, context):
        bad = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in bad]}

    assert sum(drain(queue, handler)) == 1
    assert queue_length(queue) == 1


def test_a_handler_that_raises_leaves_the_whole_batch(make_queue):
    queue = make_queue("raising")
    send(queue, [Message(b"1"), Message(b"2")])

    def handler(event, context):
        raise RuntimeError("no")

    try:
        list(drain(queue, handler))
    except RuntimeError:
        assert queue_length(queue) == 2
    else:
        raise AssertionError("the error was swallowed")
