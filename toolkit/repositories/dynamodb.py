"""
Schemas in a DynamoDB table: one item a version.

The key is ``name`` (text) and ``version`` (number). ``document`` holds the text, or, where that would outgrow an item, its
zlib compression as binary; ``published_at`` says when. A table with a stream tells others of each new version.

Source of the limit: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (400 KB an item)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError, SchemaError, VersionExists
from toolkit.repositories.repository import (
    chosen_version,
    named_where_missing,
    plain_name,
    schema_from_text,
    sorted_versions,
)
from toolkit.schema import Schema

TABLE_KEYS = {
    "KeySchema": [
        {"AttributeName": "name", "KeyType": "HASH"},
        {"AttributeName": "version", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": "name", "AttributeType": "S"},
        {"AttributeName": "version", "AttributeType": "N"},
    ],
}
"""What CreateTable needs to know of the keys."""

# An item may have 400 KB, names of attributes included.
_MOST_ITEM_BYTES = 400 * 1024 - 1024
_LONGEST_DOCUMENT_BYTES = 64 * 1024 * 1024


class DynamoDbRepository:
    """Schemas in the DynamoDB table *table*."""

    def __init__(self, table: str) -> None:
        self.table = table

    def __repr__(self) -> str:
        return f"DynamoDbRepository({self.table!r})"

    def __str__(self) -> str:
        return f"dynamodb://{self.table}"

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted; reads the keys of the whole table."""
        found = set()
        for page in self._pages("scan", ProjectionExpression="#name", ExpressionAttributeNames={"#name": "name"}):
            found |= {item["name"]["S"] for item in page["Items"]}
        return tuple(sorted(found))

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the versions of *name*, oldest first."""
        found: list[str] = []
        for page in self._pages(
            "query",
            KeyConditionExpression="#name = :name",
            ProjectionExpression="version",
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues={":name": {"S": plain_name(name)}},
            ConsistentRead=True,
        ):
            found += [item["version"]["N"] for item in page["Items"]]
        return sorted_versions(found)

    def load(self, name: str, version: str = "") -> Schema:
        """Return one schema, by default its latest version."""
        if not version or not version.isascii() or not version.isdecimal():
            version = chosen_version(self, name, version)
        key = {"name": {"S": plain_name(name)}, "version": {"N": version}}
        with self._named_where_missing():
            item = aws.call("dynamodb", "get_item", TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            # Says what there is.
            chosen_version(self, name, version)
            raise AwsError(f"{name}/{version} was there a moment ago; try again", service="dynamodb")
        return schema_from_text(document_text(item), f"{self.table}/{name}/{version}")

    def add(self, name: str, version: str, text: str) -> None:
        """Store one version; see `SchemaRepository.add`."""
        document: dict[str, Any] = {"S": text}
        if len(text.encode()) > _MOST_ITEM_BYTES:
            document = {"B": zlib.compress(text.encode(), 9)}
            if len(document["B"]) > _MOST_ITEM_BYTES:
                raise SchemaError(
                    f"too large for an item of DynamoDB: {len(document['B'])} bytes compressed, expected at most "
                    f"{_MOST_ITEM_BYTES}; keep it in a folder or an S3 prefix",
                    source=f"{name}/{version}",
                )
        item = {
            "name": {"S": plain_name(name)},
            "version": {"N": version},
            "document": document,
            "published_at": {"S": datetime.now(UTC).isoformat(timespec="seconds")},
        }
        try:
            with self._named_where_missing():
                aws.call(
                    "dynamodb",
                    "put_item",
                    TableName=self.table,
                    Item=item,
                    ConditionExpression="attribute_not_exists(version)",
                )
        except AwsError as error:
            if error.code == "ConditionalCheckFailedException":
                raise VersionExists(f"{name} has a version {version} already", source=str(self)) from error
            raise

    def _pages(self, operation: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        with self._named_where_missing():
            yield from aws.pages("dynamodb", operation, TableName=self.table, **parameters)

    def _named_where_missing(self) -> AbstractContextManager[None]:
        return named_where_missing(self, "table")


def document_text(item: Mapping[str, Any]) -> str:
    """
    Return the document of an item, in DynamoDB's own notation.

    Raises:
        SchemaError: the item holds none, or one that can't be unpacked.
    """
    document = item.get("document", {})
    if "S" in document:
        return str(document["S"])
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(document["B"], _LONGEST_DOCUMENT_BYTES)
        if not unpacking.eof:
            raise ValueError("cut short, or too long")
        return text.decode()
    except (KeyError, ValueError, zlib.error) as error:
        where = f"{item.get('name', {}).get('S')}/{item.get('version', {}).get('N')}"
        raise SchemaError(f"expected the attribute document as text or zlib: {error}", source=where) from error
