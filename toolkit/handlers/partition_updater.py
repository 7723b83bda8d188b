"""
Partitions from object keys: what S3 tells of new objects becomes partitions of the catalogue, each registered once.

For tables whose partitions Athena can't compute (`toolkit.hive` calls that projection). A registry in DynamoDB keeps
thousands of objects a day from asking Glue thousands of times: a partition is ``pending`` under a lease while somebody
registers it, and ``done`` afterwards. Whoever dies in between loses nothing, since the lease ends and the next try takes
over; a mark that only said "seen" would lose the partition. Correctness hangs neither on clocks nor on the lease's length, so
that nobody renews it: Glue registers a partition once, however many try, and only who holds the lease may say ``done``.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from toolkit import aws
from toolkit.errors import AwsError, TableError, ToolkitError
from toolkit.handlers.messages import message_from_record, records
from toolkit.handlers.observing import log, metrics, reason_of
from toolkit.handlers.partitions import table_name, unescaped
from toolkit.handlers.settings import Settings

LEASE_SECONDS = 60.0
_MOST_REMEMBERED = 10_000
# Partitions that this process knows to be done: one object in a thousand is the first of its partition.
_done: OrderedDict[tuple[str, ...], None] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Place:
    """A partition of a table, as an object key says it: values by key, and the location up to the object."""

    database: str
    table: str
    values: tuple[tuple[str, str], ...]
    location: str

    @property
    def identity(self) -> str:
        """The partition's key in the registry."""
        return f"{self.database}.{self.table}/" + "/".join(f"{name}={value}" for name, value in self.values)


class PartitionPending(ToolkitError):
    """Somebody else is registering the partition under a lease that has not ended; try again later."""


def handler(event: Any, context: object = None) -> dict[str, Any]:
    """
    Register the partitions of the objects that *event* tells of; Lambda's entry point.

    *event* is a notification of S3, or an SQS batch of them; a batch answers ``{"batchItemFailures": …}``. Objects outside of
    ``EVENTS_LOCATION`` and keys without partitions are passed over.

    Raises:
        AwsError, PartitionPending: a partition of a direct notification is not registered; Lambda tries again.
    """
    settings = Settings.from_environment()
    batch = records(event)
    tables: dict[tuple[str, str], Mapping[str, Any]] = {}
    if batch is None:
        registered = _register_all(event, settings, tables)
        metrics(settings.metrics_namespace, "partition_updater", registered=registered)
        return {"registered": registered}
    again = []
    registered = 0
    for record in batch:
        try:
            registered += _register_all(json.loads(message_from_record(record).body), settings, tables)
        except Exception as error:
            log(logging.ERROR, "comes again", reason=reason_of(error), correlation_id=record["messageId"])
            again.append(record["messageId"])
    metrics(settings.metrics_namespace, "partition_updater", registered=registered, come_again=len(again))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def places(event: Any, settings: Settings) -> Iterator[Place]:
    """Yield the partition of each object that a notification of S3 tells of, each once."""
    seen: set[Place] = set()
    bucket, prefix = aws.split_s3_uri(settings.location_of("\0"))
    before, _, after = prefix.partition("\0")
    for record in event.get("Records", ()) if isinstance(event, Mapping) else ():
        key = unquote_plus(record["s3"]["object"]["key"])
        if record["s3"]["bucket"]["name"] != bucket or not key.startswith(before):
            continue
        name, _, rest = key.removeprefix(before).partition("/")
        if not f"/{rest}".startswith(after):
            continue
        folders = rest.removeprefix(after.removeprefix("/")).split("/")[:-1]
        pairs = [folder.partition("=") for folder in folders]
        if not pairs or not all(separator and label and value for label, separator, value in pairs):
            continue
        place = Place(
            settings.events_database,
            table_name(unescaped(name)),
            tuple((label, unescaped(value)) for label, _, value in pairs),
            f"s3://{bucket}/{key.rpartition('/')[0]}/",
        )
        if place not in seen:
            seen.add(place)
            yield place


def _register_all(event: Any, settings: Settings, tables: dict[tuple[str, str], Mapping[str, Any]]) -> int:
    pending: list[Exception] = []
    registered = 0
    for place in places(event, settings):
        try:
            registered += register(place, settings.partition_registry, tables=tables)
        except ToolkitError as error:
            # The others must not wait for this one.
            pending.append(error)
    if pending:
        raise pending[0]
    return registered


def register(
    place: Place,
    registry: str,
    *,
    tables: dict[tuple[str, str], Mapping[str, Any]] | None = None,
    clock: Callable[[], float] = time.time,
    lease_seconds: float = LEASE_SECONDS,
) -> bool:
    """
    Register one partition through the DynamoDB table *registry*; return whether this call did it.

    Raises:
        PartitionPending: another holds the lease.
        AwsError: DynamoDB or Glue refused, or the table does not exist yet.
        TableError: the table has other partition keys.
    """
    known = (aws.endpoint_url() or "", registry, place.identity)
    if known in _done:
        return False
    owner = uuid.uuid4().hex
    if _claim(place, registry, owner, clock(), lease_seconds):
        try:
            did = _create(place, {} if tables is None else tables)
            _settle(place, registry, owner)
        except ToolkitError:
            # We live, and know that it failed: nobody need wait for the end of the lease.
            _release(place, registry, owner)
            raise
        log(logging.INFO, "registered", partition=place.identity, is_new=did)
    else:
        did = False
    _done[known] = None
    while len(_done) > _MOST_REMEMBERED:
        _done.popitem(last=False)
    return did


def _claim(place: Place, registry: str, owner: str, now: float, lease_seconds: float) -> bool:
    """Take the lease; False where the partition is done already."""
    try:
        aws.call(
            "dynamodb",
            "put_item",
            TableName=registry,
            Item={
                "partition": {"S": place.identity},
                "state": {"S": "pending"},
                "owner": {"S": owner},
                "lease_until": {"N": f"{now + lease_seconds:.3f}"},
                "location": {"S": place.location},
            },
            ConditionExpression="attribute_not_exists(#partition) OR (#state = :pending AND lease_until < :now)",
            ExpressionAttributeNames={"#partition": "partition", "#state": "state"},
            ExpressionAttributeValues={":pending": {"S": "pending"}, ":now": {"N": f"{now:.3f}"}},
        )
        return True
    except AwsError as error:
        if error.code != "ConditionalCheckFailedException":
            # It may have come to pass, and nobody would hear of the lease.
            _release(place, registry, owner)
            raise
    key = {"partition": {"S": place.identity}}
    item = aws.call("dynamodb", "get_item", TableName=registry, Key=key, ConsistentRead=True).get("Item", {})
    if item.get("state", {}).get("S") == "done":
        return False
    if item.get("owner", {}).get("S") == owner:
        # The answer was lost, and the SDK asked again: the lease is ours.
        return True
    raise PartitionPending(f"{place.identity}: another holds the lease until {item.get('lease_until', {}).get('N')}")


def _settle(place: Place, registry: str, owner: str) -> None:
    _update(place, registry, owner, "SET #state = :new REMOVE lease_until, #owner", {"S": "done"}, {"#state": "state"})


def _release(place: Place, registry: str, owner: str) -> None:
    try:
        _update(place, registry, owner, "SET lease_until = :new", {"N": "0"}, {})
    except AwsError as error:
        log(logging.WARNING, "lease not released", partition=place.identity, reason=str(error))


def _update(
    place: Place, registry: str, owner: str, expression: str, value: dict[str, str], names: dict[str, str]
) -> None:
    try:
        aws.call(
            "dynamodb",
            "update_item",
            TableName=registry,
            Key={"partition": {"S": place.identity}},
            UpdateExpression=expression,
            ConditionExpression="#owner = :owner",
            ExpressionAttributeNames={"#owner": "owner", **names},
            ExpressionAttributeValues={":new": value, ":owner": {"S": owner}},
        )
    except AwsError as error:
        # Our lease ended and another took over: it registers the same partition.
        if error.code != "ConditionalCheckFailedException":
            raise


def _create(place: Place, tables: dict[tuple[str, str], Mapping[str, Any]]) -> bool:
    table = tables.get((place.database, place.table))
    if table is None:
        table = aws.call("glue", "get_table", DatabaseName=place.database, Name=place.table)["Table"]
        tables[place.database, place.table] = table
    if table.get("Parameters", {}).get("projection.enabled", "").lower() == "true":
        # Athena computes the partitions of such a table and never looks at those in the catalogue.
        return False
    keys = [key["Name"] for key in table.get("PartitionKeys", ())]
    values = dict(place.values)
    if set(keys) != set(values):
        raise TableError(
            f"{place.database}.{place.table}: expected the partition keys {', '.join(keys) or 'none'}, found "
            f"{', '.join(values)} in {place.location}"
        )
    storage = {**table["StorageDescriptor"], "Location": place.location}
    answer = aws.call(
        "glue",
        "batch_create_partition",
        DatabaseName=place.database,
        TableName=place.table,
        PartitionInputList=[{"Values": [values[key] for key in keys], "StorageDescriptor": storage}],
    )
    for failure in answer.get("Errors", ()):
        detail = failure.get("ErrorDetail", {})
        if detail.get("ErrorCode") == "AlreadyExistsException":
            return False
        raise AwsError(
            str(detail.get("ErrorMessage")),
            service="glue",
            operation="batch_create_partition",
            code=str(detail.get("ErrorCode", "")),
        )
    return True
