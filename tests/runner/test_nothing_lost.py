"""
Nothing is lost: runners killed before and after every call that changes something, and calls that fail at random.

Both take minutes: ``pytest -m slow tests/runner/test_nothing_lost.py``.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from toolkit import aws
from toolkit.errors import AwsError, EndpointUnreachable
from toolkit.handlers.messages import Message, queue_url, send
from toolkit.handlers.polling import queue_length
from toolkit.repositories import FolderRepository, bundled_schemas, open_repository, publish
from toolkit.runner import QueueMapping, Runner, platform_mappings
from toolkit.simulation import EXAMPLE_EVENT

TARGET = Path(__file__).with_name("kill_target.py")
KILLS = (
    ("send_message_batch", "before"),
    ("send_message_batch", "after"),
    ("delete_message_batch", "before"),
    ("delete_message_batch", "after"),
    ("put_object", "before"),
    ("put_object", "after"),
    ("update_item", "after"),
)


def start(names, operation, when, number, output=subprocess.DEVNULL):
    command = [sys.executable, str(TARGET), operation, when, str(number)]
    command += ["platform", "run", "--bucket", names.bucket, "--prefix", names.prefix]
    command += ["--buffer-seconds", "1", "--batch-size", "25", "--event-name", "user_registered"]
    return subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=dict(os.environ))


def run(names, stored, dead_letters, folder, kills, count):
    publish(
        open_repository(f"dynamodb://{names.schema_table}"),
        "user_registered",
        FolderRepository(bundled_schemas()).load("user_registered"),
    )
    valid = {json.dumps({**EXAMPLE_EVENT, "documentNumber": str(number)}).encode() for number in range(count)}
    invalid = {json.dumps({**EXAMPLE_EVENT, "age": f"no {number}"}).encode() for number in range(count // 10)}
    assert send(names.events_queue, [Message(event) for event in sorted(valid | invalid)]) == {}
    in_stream = {json.dumps({**EXAMPLE_EVENT, "documentNumber": f"s{number}"}).encode() for number in range(count)}
    events = sorted(in_stream)
    for at in range(0, len(events), 100):
        records = [{"Data": event, "PartitionKey": "p"} for event in events[at : at + 100]]
        aws.call("kinesis", "put_records", StreamName=names.stream, Records=records)
    for number, (operation, when) in enumerate(kills):
        process = start(names, operation, when, 1 + number % 3)
        try:
            process.wait(12)
            assert process.returncode == -9
        except subprocess.TimeoutExpired:
            # There was nothing left to do on which it could die.
            process.kill()
            process.wait()
    said = [folder / "first", folder / "second"]
    last = []
    try:
        for path in said:
            with path.open("wb") as output:
                last.append(start(names, "never", "before", 1, output))
        deadline = time.monotonic() + 150
        # One that is still starting has nothing yet that it could bring to its end.
        while time.monotonic() < deadline and not (
            all(b"Running" in path.read_bytes() for path in said)
            and valid | in_stream <= set(stored(names.bucket))
            and queue_length(names.events_queue) == queue_length(names.valid_events_queue) == 0
            and queue_length(names.objects_queue) == 0
        ):
            time.sleep(0.5)
        for process in last:
            assert process.poll() is None
            process.terminate()
        # A graceful stop ends by itself, with success.
        assert [process.wait(90) for process in last] == [0, 0]
    finally:
        for process in last:
            process.kill()
            process.wait()
    arrived = Counter(stored(names.bucket))
    assert set(arrived) == valid | in_stream
    letters = dead_letters(names.dead_letter_queue)
    assert {letter.body for letter in letters} == invalid
    assert all(letter.attributes["field"] == "/age" for letter in letters)
    lengths = {
        name: queue_length(getattr(names, name))
        for name in ("events_queue", "valid_events_queue", "redrive_queue", "valid_redrive_queue", "objects_queue")
    }
    assert set(lengths.values()) == {0}, lengths


@pytest.fixture
def generous(forgiving):
    """Queues that forgive as many receptions as there are kills, and hide a message just long enough."""
    return forgiving(50, 62)


FAULTS = ("ThrottlingException", "InternalServerError", "SlowDown", "AccessDeniedException")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_calls_that_fail_at_random_lose_nothing(generous, stored, dead_letters, monkeypatch):
    """One call in twelve is refused, or done and its answer lost; duplicates may arrive, and nothing is missing."""
    monkeypatch.setenv("EVENT_NAME", "user_registered")
    publish(
        open_repository(f"dynamodb://{generous.schema_table}"),
        "user_registered",
        FolderRepository(bundled_schemas()).load("user_registered"),
    )
    for queue in (generous.events_queue, generous.valid_events_queue, generous.objects_queue):
        aws.call("sqs", "set_queue_attributes", QueueUrl=queue_url(queue), Attributes={"VisibilityTimeout": "12"})
    valid = {json.dumps({**EXAMPLE_EVENT, "documentNumber": str(number)}).encode() for number in range(120)}
    invalid = {json.dumps({**EXAMPLE_EVENT, "age": f"no {number}"}).encode() for number in range(20)}
    # Producers send twice at times as well.
    assert send(generous.events_queue, [Message(event) for event in sorted(valid | invalid) + sorted(valid)[:30]]) == {}
    real, rng, lock = aws.call, random.Random(7), threading.Lock()

    def faulty(service, operation, /, **parameters):
        with lock:
            draw = rng.random()
        if draw < 0.04:
            raise AwsError("injected", service=service, operation=operation, code=FAULTS[int(draw * 100) % len(FAULTS)])
        answer = real(service, operation, **parameters)
        if draw > 0.96:
            raise EndpointUnreachable("connection reset", service=service, operation=operation)
        return answer

    mappings = [
        replace(
            mapping,
            maximum_batching_window_in_seconds=min(1.0, mapping.maximum_batching_window_in_seconds),
            **({"timeout_in_seconds": 10.0, "batch_size": 20} if isinstance(mapping, QueueMapping) else {}),
        )
        for mapping in platform_mappings(generous, form="mvp")
    ]
    with Runner(mappings, checkpoints=generous.checkpoints) as runner:
        monkeypatch.setattr(aws, "call", faulty)
        time.sleep(40)
        monkeypatch.setattr(aws, "call", real)
        assert runner.wait_until(
            lambda: queue_length(generous.events_queue) == queue_length(generous.valid_events_queue) == 0, seconds=120
        )
    assert set(stored(generous.bucket)) == valid
    assert {letter.body for letter in dead_letters(generous.dead_letter_queue)} == invalid
    assert queue_length(generous.redrive_queue) == queue_length(generous.valid_redrive_queue) == 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_runners_that_are_killed_around_every_call_lose_nothing(generous, stored, dead_letters, tmp_path):
    run(generous, stored, dead_letters, tmp_path, KILLS, 150)
