import threading

import pytest

from toolkit.errors import InvalidInput
from toolkit.runner import Invocation, QueueMapping, StreamMapping
from toolkit.runner.mapping import invoke


def failing(event, context):
    raise RuntimeError("no")


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, frozenset()),
        ({}, frozenset()),
        ({"batchItemFailures": []}, frozenset()),
        ({"batchItemFailures": None}, frozenset()),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
        # What Lambda takes for the failure of the whole batch.
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, None),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, None),
        ({"batchItemFailures": [{"itemIdentifier": "z"}]}, None),
        ({"batchItemFailures": [{"other": "a"}]}, None),
        ({"batchItemFailures": "a"}, None),
    ],
)
def test_an_answer_is_read_as_lambda_reads_it(answer, failed):
    assert invoke(lambda event, context: answer, {}, ["a", "b"], 5, "test").failed == failed


def test_a_handler_that_raises_or_outlasts_its_time_failed():
    assert invoke(failing, {}, ["a"], 5, "test") == Invocation(None)
    done = threading.Event()
    assert invoke(lambda event, context: done.wait(), {}, ["a"], 0.05, "test") == Invocation(None)
    done.set()


def test_a_handler_can_ask_for_its_time():
    seen = []
    invoke(lambda event, context: seen.append(context.get_remaining_time_in_millis()), {}, [], 60, "test")
    assert 0 < seen[0] <= 60_000


def test_a_mapping_that_would_lose_records_is_refused():
    with pytest.raises(InvalidInput, match="records would be given up and lost: name an on_failure target"):
        StreamMapping("s", failing, maximum_retry_attempts=3)


def test_limits_are_lambdas():
    with pytest.raises(InvalidInput, match="batch_size: expected 1 to 10000, found 0"):
        QueueMapping("q", failing, batch_size=0)
    with pytest.raises(InvalidInput, match="kind: expected kinesis or dynamodb, found 'kafka'"):
        StreamMapping("s", failing, kind="kafka")
