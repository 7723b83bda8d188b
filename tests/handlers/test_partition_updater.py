import json
import threading
from contextlib import suppress
from itertools import product
from urllib.parse import quote_plus

import pytest

from toolkit import aws
from toolkit.errors import AwsError, NotFound, TableError
from toolkit.handlers import json_schema_to_hive, partition_updater
from toolkit.handlers.partition_updater import PartitionPending, Place, register


@pytest.fixture
def registry(platform, unique, monkeypatch):
    name = f"registry-{unique}"
    aws.call(
        "dynamodb",
        "create_table",
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "partition", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "partition", "AttributeType": "S"}],
    )
    monkeypatch.setenv("PARTITION_REGISTRY", name)
    return name


@pytest.fixture
def table(registry, bucket, unique, monkeypatch):
    """The table of the orders, with a partition key that no rule can compute."""
    monkeypatch.setenv("EVENTS_DATABASE", f"events_{unique}")
    monkeypatch.setenv("EVENTS_LOCATION", f"s3://{bucket}/events/{{event_name}}/")
    monkeypatch.setenv("PARTITION_KEYS", "city=/shipping_address/city")
    json_schema_to_hive.handler({"event_name": "order_placed"})
    return f"events_{unique}"


def created(bucket, *keys):
    return {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "s3": {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/")}},
            }
            for key in keys
        ]
    }


def partitions(database):
    answer = aws.call("glue", "get_partitions", DatabaseName=database, TableName="order_placed")
    return {tuple(found["Values"]): found["StorageDescriptor"]["Location"] for found in answer["Partitions"]}


def state(registry):
    return {
        item["partition"]["S"]: item["state"]["S"] for item in aws.call("dynamodb", "scan", TableName=registry)["Items"]
    }


def test_a_new_object_becomes_a_partition_once(table, registry, bucket, faults):
    keys = [f"events/order_placed/dt=2026-03-02/city=S%C3%A3o/{number}.json.gz" for number in range(5)]
    assert partition_updater.handler(created(bucket, *keys)) == {"registered": 1}
    assert partitions(table) == {
        ("2026-03-02", "São"): f"s3://{bucket}/events/order_placed/dt=2026-03-02/city=S%C3%A3o/"
    }
    assert state(registry) == {f"{table}.order_placed/dt=2026-03-02/city=São": "done"}
    faults.calls.clear()
    assert partition_updater.handler(created(bucket, keys[0])) == {"registered": 0}
    assert faults.calls == []


def test_a_batch_of_notifications_fails_in_part(table, bucket):
    good = json.dumps(created(bucket, "events/order_placed/dt=2026-03-02/city=Porto/1"))
    bad = json.dumps(created(bucket, "events/no_such_table/dt=2026-03-02/1"))
    batch = [
        {"messageId": str(index), "body": body, "eventSource": "aws:sqs"} for index, body in enumerate([bad, good, "{"])
    ]
    assert partition_updater.handler({"Records": batch}) == {
        "batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "2"}]
    }
    assert list(partitions(table)) == [("2026-03-02", "Porto")]


def test_what_is_no_partition_is_passed_over(table, bucket):
    keys = ["other/dt=1/x", "events/order_placed/x.json", "events/order_placed/plain/x.json"]
    assert partition_updater.handler(created(bucket, *keys)) == {"registered": 0}
    assert partition_updater.handler(created("other-bucket", "events/order_placed/dt=1/x")) == {"registered": 0}
    assert partition_updater.handler({"Service": "Amazon S3", "Event": "s3:TestEvent"}) == {"registered": 0}


def test_a_table_that_computes_its_partitions_needs_none(table, registry, bucket, monkeypatch):
    monkeypatch.delenv("PARTITION_KEYS")
    json_schema_to_hive.handler({"event_name": "user_registered"})
    key = "events/user_registered/dt=2026-03-02/1.json.gz"
    assert partition_updater.handler(created(bucket, key)) == {"registered": 0}


def test_foreign_partition_keys_are_named(table, bucket):
    with pytest.raises(TableError, match="expected the partition keys dt, city, found dt in s3://"):
        partition_updater.handler(created(bucket, "events/order_placed/dt=2026-03-02/1"))
    with pytest.raises(NotFound):
        partition_updater.handler(created(bucket, "events/nothing/dt=2026-03-02/1"))


def place(table, bucket, city="Porto"):
    values = (("dt", "2026-03-02"), ("city", city))
    return Place(table, "order_placed", values, f"s3://{bucket}/events/order_placed/dt=2026-03-02/city={city}/")


def test_whoever_dies_before_glue_loses_nothing(table, registry, bucket, monkeypatch):
    def die(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(partition_updater, "_create", die)
        with pytest.raises(SystemExit):
            register(place(table, bucket), registry, clock=lambda: 1000.0)
    assert list(state(registry).values()) == ["pending"]
    # Until the lease ends nobody else tries; then the next one takes over.
    with pytest.raises(PartitionPending, match=r"another holds the lease until 1060"):
        register(place(table, bucket), registry, clock=lambda: 1059.0)
    assert register(place(table, bucket), registry, clock=lambda: 1061.0)
    assert list(partitions(table)) == [("2026-03-02", "Porto")]
    assert list(state(registry).values()) == ["done"]


def test_whoever_fails_gives_the_lease_back_at_once(table, registry, bucket, faults):
    faults.refuse("batch_create_partition", times=1)
    with pytest.raises(AwsError, match="injected"):
        register(place(table, bucket), registry, clock=lambda: 1000.0)
    assert register(place(table, bucket), registry, clock=lambda: 1000.1)
    assert list(state(registry).values()) == ["done"]


def test_a_lease_whose_answer_was_lost_keeps_nobody_waiting(table, registry, bucket, faults, monkeypatch):
    # Nobody answered, so that the caller gives up: whoever comes next need not wait for a lease that nobody holds.
    faults.lose("put_item")
    with pytest.raises(AwsError, match="connection reset"):
        register(place(table, bucket), registry, clock=lambda: 1000.0)
    assert register(place(table, bucket), registry, clock=lambda: 1000.1)
    # The SDK asks again by itself, and finds the lease that it has just taken.
    real = aws.call

    def twice(service, operation, /, **parameters):
        if operation == "put_item":
            real(service, operation, **parameters)
        return real(service, operation, **parameters)

    monkeypatch.setattr(aws, "call", twice)
    assert register(place(table, bucket, "Leeds"), registry, clock=lambda: 1000.0)
    assert sorted(city for _, city in partitions(table)) == ["Leeds", "Porto"]
    assert set(state(registry).values()) == {"done"}


def test_whoever_dies_after_glue_loses_nothing_either(table, registry, bucket, faults):
    faults.refuse("update_item", times=1)
    with pytest.raises(AwsError, match="injected"):
        register(place(table, bucket), registry, clock=lambda: 1000.0)
    assert register(place(table, bucket), registry, clock=lambda: 1061.0) is False
    assert list(state(registry).values()) == ["done"]


def test_clocks_that_differ_by_a_day_change_nothing(table, registry, bucket, faults):
    faults.refuse("update_item", times=1)
    with pytest.raises(AwsError):
        register(place(table, bucket), registry, clock=lambda: 86_400.0)
    # A clock far ahead takes the lease too early; the partition is registered once all the same.
    assert register(place(table, bucket), registry, clock=lambda: 2 * 86_400.0) is False
    assert len(partitions(table)) == 1


class Died(BaseException):
    """The process is gone."""


def test_a_lease_that_ends_while_its_owner_works_changes_nothing(table, registry, bucket, monkeypatch):
    """
    Nobody renews a lease, and need not: another comes in between any two calls of the owner, whose lease has ended, and dies
    before any call of its own or lives on; in any order, a partition that is done is in the catalogue, and in the end all are.
    """
    real = aws.call
    calls = {}

    def run(who, city, now, before):
        """Register; *before* is asked before each call with its number."""

        def call(service, operation, /, **parameters):
            calls[who] += 1
            before(calls[who])
            if operation == "batch_create_partition":
                registered.add(city)
            return real(service, operation, **parameters)

        calls[who] = 0
        partition_updater._done.clear()
        with monkeypatch.context() as patch, suppress(Died, PartitionPending):
            patch.setattr(aws, "call", call)
            register(place(table, bucket, city), registry, clock=lambda: now)

    registered = set()
    cities = []
    is_over = False
    for at, death in product(range(1, 20), range(1, 8)):
        city = f"c{at}-{death}"

        def intrude(number, at=at, death=death, city=city):
            if number == at:
                run("other", city, 1061.0, lambda number: die() if number == death else None)

        run("owner", city, 1000.0, intrude)
        found = state(registry).get(f"{table}.order_placed/dt=2026-03-02/city={city}")
        assert found != "done" or city in registered
        # Whoever comes later, after all leases, finds it done or does it.
        run("later", city, 9999.0, lambda number: None)
        cities.append(city)
        is_over = at > calls["owner"]
        if is_over:
            break
    assert is_over
    assert len(cities) > 20
    assert set(state(registry).values()) == {"done"}
    assert sorted(city for _, city in partitions(table)) == sorted(cities)


def die():
    raise Died


def test_many_at_once_register_one_partition(table, registry, bucket):
    outcomes = []

    def run():
        try:
            outcomes.append(register(place(table, bucket, "Leeds"), registry))
        except PartitionPending:
            outcomes.append("pending")

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(True) == 1
    assert list(partitions(table)) == [("2026-03-02", "Leeds")]
