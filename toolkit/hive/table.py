"""
Tables as values: what Glue stores of one and what its DDL says.

A :class:`Table` is the meeting point of the room: schemas become one, statements are rendered from one, Glue's answer and
DDL text are read back into one. Its parts keep the order in which they were given; property maps compare without order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.errors import TableError
from toolkit.hive.rules import (
    MAX_DESCRIPTION_BYTES,
    MAX_TYPE_CHARACTERS,
    Properties,
    check_comment,
    check_glue_name,
    check_properties,
    normalise_location,
)
from toolkit.hive.serde import OPENX_JSON, Serde
from toolkit.hive.types import Array, HiveType, Map, Struct, as_type, render_type


@dataclass(frozen=True, slots=True, init=False)
class Column:
    """
    A column: *name* in lower case, *type* as a value or as text, *comment* on one line.

    Raises:
        TableError: the name or the comment breaks a limit of Glue, or the type is none of Hive's.
    """

    name: str
    type: HiveType
    comment: str = ""

    def __init__(self, name: str, type: HiveType | str, comment: str = "") -> None:  # noqa: A002  # it is the field's name
        object.__setattr__(self, "name", check_glue_name(name, what="column name"))
        object.__setattr__(self, "type", as_type(type))
        object.__setattr__(self, "comment", comment)
        check_comment(self.comment, where=f"column {self.name!r}")
        length = len(render_type(self.type))
        if length > MAX_TYPE_CHARACTERS:
            raise TableError(
                f"column {self.name!r}: the type text has {length} characters, Glue takes at most {MAX_TYPE_CHARACTERS}; "
                "cut the recursion depth or keep parts as JSON text"
            )


@dataclass(frozen=True, slots=True)
class TableName:
    """A table of which only the name matters: enough to drop or repair it."""

    database: str
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "database", check_glue_name(self.database, what="database name"))
        object.__setattr__(self, "name", check_glue_name(self.name, what="table name"))


# How Athena compresses an Iceberg table of which the statement says nothing.
# https://docs.aws.amazon.com/athena/latest/ug/compression-support-iceberg.html
ICEBERG_COMPRESSION = "zstd"
_TRANSFORM = re.compile(
    r"(?:(?P<function>\w+)\s*\(\s*(?:(?P<argument>[0-9]{1,9})\s*,\s*)?)?(?P<column>\w+|`[^`]+`)\s*\)?"
)


@dataclass(frozen=True, slots=True)
class Transform:
    """
    A partition transform of Iceberg: a column as it is (``identity``), or ``day(ts)``, ``bucket(16, id)``, ….

    Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html
    """

    function: str
    column: str
    argument: int | None = None

    def __post_init__(self) -> None:
        if self.function not in ("identity", "year", "month", "day", "hour", "bucket", "truncate"):
            raise TableError(f"partitioning {self}: expected identity, year, month, day, hour, bucket or truncate")
        if (self.argument is not None) != (self.function in ("bucket", "truncate")):
            raise TableError(
                f"partitioning {self}: bucket and truncate take a number and a column, the others a column"
            )
        if self.argument is not None and self.argument < 1:
            raise TableError(f"partitioning {self}: expected a number above 0")

    def __str__(self) -> str:
        if self.function == "identity":
            return self.column
        return f"{self.function}({'' if self.argument is None else f'{self.argument}, '}{self.column})"


def parse_transform(text: str) -> Transform:
    """
    Return the transform that *text* names: ``ts``, ``day(ts)``, ``bucket(16, id)``.

    Raises:
        TableError: the text is none of these.
    """
    found = _TRANSFORM.fullmatch(text.strip())
    if found is None or bool(found["function"]) != text.rstrip().endswith(")"):
        raise TableError(f"partitioning {text!r}: expected a column, or a transform such as day(ts) or bucket(16, id)")
    argument = int(found["argument"]) if found["argument"] else None
    return Transform((found["function"] or "identity").lower(), found["column"].strip("`").lower(), argument)


def _as_transform(value: Transform | str) -> Transform:
    return parse_transform(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table of the catalogue.

    ``partition_keys`` are columns whose values stand in the location of the objects; for Iceberg ``partitioning`` names
    transforms such as ``day(ts)`` instead. ``parameters`` are TBLPROPERTIES. Names are lowered; the location gets its
    final slash; of an Iceberg table the format is always said, and its default compression never.

    Raises:
        TableError: a name, the location, a comment or a property breaks a rule, which the message says; a partition key
            repeats a column; a partition key is not primitive; there is no column.
    """

    database: str
    name: str
    columns: tuple[Column, ...]
    partition_keys: tuple[Column, ...] = ()
    serde: Serde = OPENX_JSON
    location: str = ""
    parameters: Mapping[str, str] = field(default_factory=Properties)
    description: str = ""
    partitioning: tuple[Transform, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "database", check_glue_name(self.database, what="database name"))
        object.__setattr__(self, "name", check_glue_name(self.name, what="table name"))
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "partition_keys", tuple(self.partition_keys))
        object.__setattr__(self, "partitioning", tuple(_as_transform(part) for part in self.partitioning))
        object.__setattr__(self, "parameters", check_properties(self.parameters, what="table property"))
        if "comment" in self.parameters:
            # Hive keeps a table's comment as this property.
            parameters = dict(self.parameters)
            comment = parameters.pop("comment")
            object.__setattr__(self, "description", self.description or comment)
            object.__setattr__(self, "parameters", Properties(parameters))
        if self.is_iceberg:
            object.__setattr__(self, "parameters", _iceberg_parameters(self.parameters))
        if self.location:
            object.__setattr__(self, "location", normalise_location(self.location))
        if len(self.description.encode("utf-8", "surrogatepass")) > MAX_DESCRIPTION_BYTES:
            raise TableError(f"table {self.name!r}: the description is longer than {MAX_DESCRIPTION_BYTES} bytes")
        _check_columns(self)

    @property
    def is_iceberg(self) -> bool:
        """Whether this is an Iceberg table, which has statements of its own."""
        return self.parameters.get("table_type", "").upper() == "ICEBERG"

    @property
    def is_projected(self) -> bool:
        """Whether Athena computes the partitions; those in the catalogue are then ignored."""
        return self.parameters.get("projection.enabled", "").strip().lower() == "true"

    @property
    def has_registered_partitions(self) -> bool:
        """Whether its partitions stand in the catalogue, one by one; those of an Iceberg table never do."""
        return bool(self.partition_keys) and not self.is_projected

    def column(self, name: str) -> Column | None:
        """Return the column or partition key of that name, or None."""
        return next((column for column in (*self.columns, *self.partition_keys) if column.name == name), None)


def _iceberg_parameters(parameters: Mapping[str, str]) -> Properties:
    """Return what a statement for Iceberg says, as its metadata tell it back: the format, and a compression other than zstd."""
    found = {"table_type": "ICEBERG", "format": parameters.get("format", "parquet").lower()}
    found |= {key: value for key, value in parameters.items() if key not in found}
    compression = found.pop("write_compression", ICEBERG_COMPRESSION).lower()
    return Properties(found if compression == ICEBERG_COMPRESSION else found | {"write_compression": compression})


def _check_columns(table: Table) -> None:
    if not table.columns:
        raise TableError(f"table {table.name!r}: expected at least one column, found none")
    seen: set[str] = set()
    for column in (*table.columns, *table.partition_keys):
        if column.name in seen:
            raise TableError(
                f"table {table.name!r}: column {column.name!r} appears twice; a partition key must not repeat a column, "
                "and names that differ only in case are one"
            )
        seen.add(column.name)
    for key in table.partition_keys:
        if isinstance(key.type, Array | Map | Struct):
            raise TableError(f"table {table.name!r}: partition key {key.name!r} must be primitive, found {key.type}")
    if table.is_iceberg and table.partition_keys:
        raise TableError(
            f"table {table.name!r}: Iceberg has no partition keys; name the columns as columns and the transforms in "
            "partitioning"
        )
    for transform in table.partitioning:
        if transform.column not in seen:
            raise TableError(f"table {table.name!r}: partitioning {transform} names no column of the table")
    if table.partitioning and not table.is_iceberg:
        raise TableError(f"table {table.name!r}: partitioning is Iceberg's; name partition_keys instead")
