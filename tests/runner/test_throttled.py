"""
Services that throttle in the middle of the grown form's work: it comes again until they do not, nothing is lost, and no refusal
of a service ever becomes a verdict.
"""

import json
import threading
from collections import Counter

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from cases import CITIES, OWNER, forget

from toolkit import aws
from toolkit.athena import statements
from toolkit.errors import NotFound
from toolkit.handlers import json_schema_to_hive, partition_updater
from toolkit.handlers.polling import queue_length
from toolkit.repositories import open_repository, publish
from toolkit.runner import QueueMapping, QueuePoller, StreamMapping, StreamPoller
from toolkit.runner.streams import Checkpoints
from toolkit.schema import load_schema

TOO_MANY = "TooManyRequestsException"


@pytest.fixture
def throttle(monkeypatch):
    """Let some operations be refused so many times each, with a code of the service's; ``counts`` says what was asked."""
    real, rules, counts = BaseClient._make_api_call, {}, Counter()

    def call(client, name, parameters):
        counts[name] += 1
        left = rules.get(name, [0, ""])
        if left[0]:
            left[0] -= 1
            raise ClientError({"Error": {"Code": left[1], "Message": "Rate exceeded"}}, name)
        return real(client, name, parameters)

    def install(times, code, *names):
        rules.update({name: [times, code] for name in names})
        counts.clear()

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    install.counts = counts
    return install


@pytest.fixture
def repository(names):
    return open_repository(f"dynamodb://{names.schema_table}")


def tables(names):
    try:
        found = aws.call("glue", "get_tables", DatabaseName=names.database)["TableList"]
    except NotFound:
        return set()
    return {table["Name"] for table in found}


@pytest.fixture
def quick(monkeypatch):
    """Pauses that are counted and take no time."""
    pauses = []
    monkeypatch.setitem(statements.run_statement.__kwdefaults__, "sleep", pauses.append)
    return pauses


@pytest.fixture
def forgetful():
    """What a process knows is forgotten before and after; leases are long again then."""
    forget()
    yield
    forget()
    partition_updater.register.__kwdefaults__["lease_seconds"] = partition_updater.LEASE_SECONDS


def table_poller(names, **options):
    mapping = StreamMapping(
        names.schema_table, json_schema_to_hive.handler, kind="dynamodb", retry_pause_in_seconds=0.0, **options
    )
    return StreamPoller(mapping, threading.Event(), Checkpoints(names.checkpoints, owner=OWNER))


@pytest.mark.parametrize("operation", ["StartQueryExecution", "GetQueryExecution"])
def test_the_table_maker_waits_for_athena_and_its_version_comes_again(
    names, repository, throttle, quick, operation, dead_letters
):
    publish(repository, "moved", load_schema(CITIES))
    publish(repository, "other", load_schema(CITIES))
    # More often than one statement is tried: the call fails, and the runner brings the versions again, time after time.
    refusals = 3 * statements.TRIES + 2
    throttle(refusals, TOO_MANY, operation)
    poller = table_poller(names, maximum_retry_attempts=20, on_failure=f"s3://{names.bucket}/failed/")
    assert poller.run_once() == 2
    assert tables(names) == {"moved", "other"}
    assert throttle.counts[operation] > refusals
    assert max(quick) == statements.LONGEST_PAUSE_SECONDS
    assert aws.call("s3", "list_objects_v2", Bucket=names.bucket, Prefix="failed/")["KeyCount"] == 0
    assert dead_letters(names.dead_letter_queue) == []


def test_versions_that_outlast_every_try_are_kept_whole_and_come_back(names, repository, throttle, quick, stored):
    publish(repository, "moved", load_schema(CITIES))
    throttle(10**9, TOO_MANY, "StartQueryExecution")
    poller = table_poller(names, maximum_retry_attempts=1, on_failure=f"s3://{names.bucket}/failed/")
    assert poller.run_once() == 1
    assert tables(names) == set()
    [item] = aws.call("s3", "list_objects_v2", Bucket=names.bucket, Prefix="failed/")["Contents"]
    kept = json.loads(aws.call("s3", "get_object", Bucket=names.bucket, Key=item["Key"])["Body"].read())
    throttle(0, "", "StartQueryExecution")
    # What a redrive hands to the function.
    assert json_schema_to_hive.handler({"Records": kept["Records"]}) == {"batchItemFailures": []}
    assert tables(names) == {"moved"}


@pytest.mark.parametrize(
    ("code", "operation"),
    [
        ("ThrottlingException", "GetTable"),
        ("ThrottlingException", "BatchCreatePartition"),
        ("ProvisionedThroughputExceededException", "PutItem"),
        ("ProvisionedThroughputExceededException", "UpdateItem"),
    ],
)
def test_a_throttled_updater_registers_every_partition_once(
    names, repository, at_once, forgetful, throttle, monkeypatch, code, operation
):
    monkeypatch.setenv("PARTITION_KEYS", "city=/city")
    publish(repository, "moved", load_schema(CITIES))
    json_schema_to_hive.handler({"event_name": "moved", "database": names.database})
    for number in range(6):
        key = f"events/moved/dt=2026-03-02/city=c{number % 3}/{number}.json"
        aws.call("s3", "put_object", Bucket=names.bucket, Key=key, Body=b"{}\n")
    throttle(7, code, operation)
    mapping = QueueMapping(names.objects_queue, partition_updater.handler, batch_size=100)
    poller = QueuePoller(mapping, threading.Event())
    passes = 0
    while queue_length(names.objects_queue):
        poller.run_once()
        passes += 1
        # A new process, long after the last: what it was about to do is not in its memory, and its leases have ended.
        forget()
        assert passes < 20
    assert throttle.counts[operation] > 7
    pages = aws.pages("glue", "get_partitions", DatabaseName=names.database, TableName="moved")
    values = [tuple(found["Values"]) for page in pages for found in page["Partitions"]]
    assert sorted(values) == [("2026-03-02", f"c{number}") for number in range(3)]
    registered = aws.call("dynamodb", "scan", TableName=names.partition_registry)["Items"]
    assert {item["state"]["S"] for item in registered} == {"done"}
    assert queue_length(names.objects_redrive_queue) == 0
