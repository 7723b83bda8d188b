"""What many tests need: the local platform, once for the whole run, and names that no other test uses."""

import os
import signal
import uuid

import pytest
from hypothesis import Phase, settings

from toolkit import aws
from toolkit.handlers.messages import message_from_record, queue_url
from toolkit.local import launch

# No test asserts a time, and a busy machine is no fault of the code.
settings.register_profile("toolkit", deadline=None)
# `pytest --hypothesis-profile=thorough --timeout=0` searches twenty times as long, which for some tests is beyond the limit.
settings.register_profile("thorough", deadline=None, max_examples=2000)
# CI repeats the same examples, so that a failure there is one of the change, and leaves it to whoever repeats the run with
# `CI=1` to wait for the smallest one: to find that may take five minutes for each failure.
settings.register_profile("ci", deadline=None, derandomize=True, phases=set(Phase) - {Phase.shrink, Phase.explain})
settings.load_profile("ci" if os.environ.get("CI") else "toolkit")

# What a shell runs in the background ignores SIGINT, and so does what that starts; tests interrupt both.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_account(monkeypatch):
    """No test reaches an account of the person who runs it."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


@pytest.fixture(scope="session")
def launched_platform():
    with launch() as platform:
        yield platform


@pytest.fixture
def platform(launched_platform, monkeypatch):
    """The local platform, with the environment that leads to it."""
    for name, value in launched_platform.environment.items():
        monkeypatch.setenv(name, value)
    return launched_platform


@pytest.fixture
def unique():
    return uuid.uuid4().hex[:12]


@pytest.fixture
def make_queue(platform, unique):
    def make(name, **attributes):
        full = f"{name}-{unique}"
        aws.call("sqs", "create_queue", QueueName=full, Attributes=attributes)
        return full

    return make


@pytest.fixture
def bucket(platform, unique):
    name = f"bucket-{unique}"
    aws.create_bucket(name)
    return name


@pytest.fixture
def dead_letters():
    """Every message that waits in a queue; they stay there, hidden."""

    def read(queue):
        found = []
        while batch := aws.call(
            "sqs",
            "receive_message",
            QueueUrl=queue_url(queue),
            MaxNumberOfMessages=10,
            VisibilityTimeout=600,
            MessageAttributeNames=["All"],
        ).get("Messages"):
            found += map(message_from_record, batch)
        return found

    return read
