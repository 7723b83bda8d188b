"""
Nothing is lost on a bad network: a proxy between the runner and the platform refuses, throttles, resets, delays, and loses
answers after the platform has acted.

The default run breaks a third of the calls of the first seconds; ``pytest -m slow tests/runner/test_faulty_network.py`` sends
thirty times as many events through a minute of it, with two runners at once.
"""

import json
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace

import pytest
from fault_proxy import FAULTS, faulty

from toolkit import aws
from toolkit.handlers.messages import Message, send
from toolkit.handlers.polling import queue_length
from toolkit.repositories import bundled_schemas, open_repository, publish
from toolkit.runner import QueueMapping, Runner, platform_mappings
from toolkit.simulation import EXAMPLE_EVENT

SEEN_ALL = set(FAULTS)


@pytest.fixture
def generous(forgiving):
    """Queues that hide a message for a short time, and forgive as many receptions as there are faults."""
    return forgiving(100, 3)


def brisk(mapping):
    """The mapping with small batches and windows, so that many calls are made."""
    window = min(0.5, mapping.maximum_batching_window_in_seconds)
    if isinstance(mapping, QueueMapping):
        changed = {"timeout_in_seconds": 2.5, "batch_size": 30 if mapping.batch_size < 10_000 else 10_000}
        return replace(mapping, maximum_batching_window_in_seconds=window, **changed)
    return replace(
        mapping,
        maximum_batching_window_in_seconds=0.0,
        batch_size=30,
        retry_pause_in_seconds=0.05,
        timeout_in_seconds=20,
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("count", "seconds", "runners"), [(60, 5, 1), pytest.param(1800, 60, 2, marks=pytest.mark.slow)]
)
def test_what_is_sent_over_a_bad_network_arrives(
    generous, launched_platform, stored, dead_letters, monkeypatch, count, seconds, runners
):
    monkeypatch.setenv("EVENT_NAME", "user_registered")
    schema = open_repository(bundled_schemas()).load("user_registered")
    publish(open_repository(f"dynamodb://{generous.schema_table}"), "user_registered", schema)
    queued = [json.dumps({**EXAMPLE_EVENT, "documentNumber": f"q{number}"}).encode() for number in range(count)]
    streamed = [json.dumps({**EXAMPLE_EVENT, "documentNumber": f"s{number}"}).encode() for number in range(count)]
    refused = [json.dumps({**EXAMPLE_EVENT, "age": f"no {number}"}).encode() for number in range(count // 5)]
    # Producers send some events twice.
    assert send(generous.events_queue, [Message(event) for event in [*queued, *refused, *queued[:7]]]) == {}
    for at in range(0, count, 300):
        records = [{"Data": event, "PartitionKey": "p"} for event in streamed[at : at + 300]]
        aws.call("kinesis", "put_records", StreamName=generous.stream, Records=records)
    mappings = [brisk(mapping) for mapping in platform_mappings(generous)]
    direct = launched_platform.environment["AWS_ENDPOINT_URL"]
    sources = (generous.events_queue, generous.valid_events_queue, generous.objects_queue)
    with faulty(direct, share=1 / 3) as proxy, ExitStack() as running:
        workers = [Runner(mappings, checkpoints=generous.checkpoints, lease_seconds=4.0) for _ in range(runners)]
        for worker in workers:
            running.enter_context(worker)
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        time.sleep(seconds)
        # A busy machine makes fewer calls.
        assert workers[0].wait_until(lambda: set(proxy.counts) >= SEEN_ALL, seconds=120)
        proxy.is_faulty = False
        assert workers[0].wait_until(
            lambda: (
                all(queue_length(queue) == 0 for queue in sources) and set(streamed) <= set(stored(generous.bucket))
            ),
            seconds=240,
        )
    monkeypatch.setenv("AWS_ENDPOINT_URL", direct)
    assert {kind for kind in proxy.counts if kind} == SEEN_ALL
    arrived = Counter(stored(generous.bucket))
    assert set(arrived) == {*queued, *streamed}
    letters = dead_letters(generous.dead_letter_queue)
    assert {letter.body for letter in letters} == set(refused)
    assert all(letter.attributes["field"] == "/age" and letter.attributes["rule"] == "type" for letter in letters)
    assert queue_length(generous.redrive_queue) == queue_length(generous.valid_redrive_queue) == 0
    assert aws.call("s3", "list_objects_v2", Bucket=generous.bucket, Prefix="failed/").get("KeyCount") == 0
