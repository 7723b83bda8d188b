"""A platform of this test's own: resources under a prefix, and the settings that lead the handlers to them."""

import gzip
import json
import sys
from pathlib import Path

import pytest

from toolkit import aws
from toolkit.handlers.messages import queue_url
from toolkit.infra.names import PlatformNames
from toolkit.infra.resources import create_resources
from toolkit.runner import queues

# Proxies and cases are modules of these tests, not of the product.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def names(platform, unique, monkeypatch):
    made = PlatformNames(bucket=f"events-{unique}", prefix=f"t{unique}-")
    create_resources(made, visibility_seconds=12)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SCHEMA_CACHE_SECONDS", "1")
    return made


@pytest.fixture
def stored():
    """Every line stored below a prefix of a bucket."""

    def read(bucket, prefix="events/"):
        lines = []
        for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", ()):
                body = aws.call("s3", "get_object", Bucket=bucket, Key=item["Key"])["Body"].read()
                # The local platform's Firehose compresses nothing.
                text = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
                lines += text.split(b"\n")[:-1]
        return lines

    return read


@pytest.fixture
def forgiving(names):
    """Let the platform's queues forgive so many receptions of a message, and hide it for so many seconds."""

    def change(receptions, visibility_seconds):
        for queue in (names.events_queue, names.valid_events_queue, names.objects_queue):
            url = queue_url(queue)
            found = aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["RedrivePolicy"])
            policy = json.loads(found["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": receptions}
            changed = {"RedrivePolicy": json.dumps(policy), "VisibilityTimeout": str(visibility_seconds)}
            aws.call("sqs", "set_queue_attributes", QueueUrl=url, Attributes=changed)
        return names

    return change


@pytest.fixture
def at_once(forgiving, monkeypatch):
    """A message is never hidden, and an empty queue not waited for."""
    forgiving(100, 0)
    monkeypatch.setattr(queues, "_LONGEST_WAIT_SECONDS", 0)
