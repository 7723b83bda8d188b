"""Iceberg's types as Athena names them, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, trino_text

# Iceberg counts time in microseconds: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-supported-data-types.html
MICROSECONDS = 6

TIMESTAMP = HiveType("timestamp", (MICROSECONDS,))
ZONED_TIMESTAMP = HiveType("timestamp with time zone", (MICROSECONDS,))

_NAMES = {
    "boolean": "boolean",
    "int": "int",
    "long": "bigint",
    "float": "float",
    "double": "double",
    "date": "date",
    "time": "time",
    "string": "string",
    "uuid": "uuid",
    "binary": "binary",
}
_ICEBERG_NAMES = {
    "boolean": "BooleanType",
    "int": "IntegerType",
    "bigint": "LongType",
    "float": "FloatType",
    "double": "DoubleType",
    "date": "DateType",
    "time": "TimeType",
    "string": "StringType",
    "varchar": "StringType",
    "uuid": "UUIDType",
    "binary": "BinaryType",
    "timestamp": "TimestampType",
    "timestamp with time zone": "TimestamptzType",
}


def hive_type(kind: Any) -> HiveType:
    """
    Give the type under which queries see a type of Iceberg's.

    Raises:
        QueryError: it is one of a later version of the format, that Athena does not know.
    """
    from pyiceberg import types as iceberg

    match kind:
        case iceberg.StructType():
            return HiveType(
                "struct",
                children=tuple(hive_type(field.field_type) for field in kind.fields),
                fields=tuple(field.name.lower() for field in kind.fields),
            )
        case iceberg.ListType():
            return HiveType("array", children=(hive_type(kind.element_type),))
        case iceberg.MapType():
            return HiveType("map", children=(hive_type(kind.key_type), hive_type(kind.value_type)))
        case iceberg.DecimalType():
            return HiveType("decimal", (kind.precision, kind.scale))
        case iceberg.TimestampType() | iceberg.TimestampNanoType():
            return TIMESTAMP
        case iceberg.TimestamptzType() | iceberg.TimestamptzNanoType():
            return ZONED_TIMESTAMP
        case iceberg.FixedType():
            return HiveType("binary")
        case _ if str(kind) in _NAMES:
            return HiveType(_NAMES[str(kind)])
    raise QueryError(f"NOT_SUPPORTED: Iceberg type {kind} is not supported")


def iceberg_type(kind: HiveType, identifiers: Iterator[int]) -> Any:
    """
    Give the Iceberg type that holds a type, its parts numbered from *identifiers*.

    Raises:
        QueryError: Iceberg has none.
    """
    from pyiceberg import types as iceberg

    match kind.name:
        case "struct":
            # A struct's own fields are numbered before those inside them.
            numbers = [next(identifiers) for _ in kind.fields]
            return iceberg.StructType(
                *(
                    iceberg.NestedField(number, name, iceberg_type(child, identifiers), required=False)
                    for number, name, child in zip(numbers, kind.fields, kind.children, strict=True)
                )
            )
        case "array":
            number = next(identifiers)
            return iceberg.ListType(number, iceberg_type(kind.children[0], identifiers), element_required=False)
        case "map":
            key_number, value_number = next(identifiers), next(identifiers)
            key, value = (iceberg_type(child, identifiers) for child in kind.children)
            return iceberg.MapType(key_number, key, value_number, value, value_required=False)
        case "decimal":
            return iceberg.DecimalType(*kind.arguments)
        case name if name in _ICEBERG_NAMES:
            return getattr(iceberg, _ICEBERG_NAMES[name])()
    raise QueryError(f"NOT_SUPPORTED: Type not supported for Iceberg: {trino_text(kind)}")
