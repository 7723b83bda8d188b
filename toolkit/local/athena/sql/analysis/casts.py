"""The types that casts name, and which casts there are."""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.hive_types import BIGINT, STRING, HiveType, TypeSyntaxError, parse_type
from toolkit.local.athena.sql.functions import (
    BINARY,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    INTERVAL,
    JSON,
    MONTHS,
    NUMERIC_ORDER,
    TIMES_OF_DAY,
    TIMESTAMP,
    ZONED,
    ZONED_TIME,
    Kind,
    array_of,
    precision_of,
    with_precision,
)


def can_cast(source: HiveType, target: HiveType) -> bool:
    """Whether CAST takes values of one type to another at all."""
    if "unknown" in (source.name, target.name):
        return True
    if target.name == "json":
        return _to_json(source)
    if source.name == "json" and target.children:
        return _from_json(target)
    if source.children or target.children:
        fits = source.name == target.name and len(source.children) == len(target.children)
        return fits and all(map(can_cast, source.children, target.children))
    return target.name in _CASTS[_family(source)] if _family(source) in _CASTS else source.name == target.name


def _to_json(kind: HiveType) -> bool:
    if kind.name == "map":
        return kind.children[0].name in (*NUMERIC_ORDER, "boolean", "string", "varchar", "unknown") and _to_json(
            kind.children[1]
        )
    if kind.children:
        return all(map(_to_json, kind.children))
    return kind.name in (*NUMERIC_ORDER, "boolean", "string", "varchar", "json", "date", "timestamp", "unknown")


def _from_json(kind: HiveType) -> bool:
    if kind.name == "map":
        return kind.children[0].name in (*NUMERIC_ORDER, "boolean", "string", "varchar") and _from_json(
            kind.children[1]
        )
    if kind.children:
        return all(map(_from_json, kind.children))
    return kind.name in (*NUMERIC_ORDER, "boolean", "string", "varchar", "json")


def _family(kind: HiveType) -> str:
    return "number" if kind.name in (*NUMERIC_ORDER, "boolean") else "string" if kind.name == "varchar" else kind.name


_NUMBERS = frozenset({*NUMERIC_ORDER, "boolean"})
_VARCHAR = frozenset({"string", "varchar"})
_POINTS = frozenset({"timestamp", ZONED.name})
_CASTS: dict[str, frozenset[str]] = {
    "number": _NUMBERS | _VARCHAR,
    "json": _NUMBERS | _VARCHAR | {"json"},
    "string": _NUMBERS | _VARCHAR | _POINTS | TIMES_OF_DAY | {"char", "binary", "date", "uuid", "ipaddress"},
    "char": _VARCHAR | {"char"},
    "binary": frozenset({"binary", "uuid", "ipaddress", "hyperloglog", "tdigest"}),
    "hyperloglog": frozenset({"binary", "hyperloglog"}),
    "tdigest": frozenset({"binary", "tdigest"}),
    "date": _VARCHAR | _POINTS | {"date"},
    "time": _VARCHAR | _POINTS | TIMES_OF_DAY,
    ZONED_TIME.name: _VARCHAR | _POINTS | TIMES_OF_DAY,
    "timestamp": _VARCHAR | _POINTS | TIMES_OF_DAY | {"date"},
    ZONED.name: _VARCHAR | _POINTS | TIMES_OF_DAY | {"date"},
    INTERVAL.name: _VARCHAR | {INTERVAL.name},
    MONTHS.name: _VARCHAR | {MONTHS.name},
    "uuid": _VARCHAR | {"uuid", "binary"},
    "ipaddress": _VARCHAR | {"ipaddress", "binary"},
}


def kind_of(to: exp.DataType) -> Kind:
    """Give the type that a cast names, None for one that is not known here."""
    kinds = exp.DataType.Type
    match to.this:
        case kinds.ARRAY:
            return array_of(kind_of(to.expressions[0])) if to.expressions else None
        case kinds.MAP:
            key, value = (kind_of(each) for each in to.expressions) if len(to.expressions) == 2 else (None, None)
            return HiveType("map", children=(key, value)) if key and value else None
        case kinds.STRUCT:
            members = [
                (_field_name(each.this), kind_of(each.args["kind"]))
                if isinstance(each, exp.ColumnDef)
                else (f"field{n}", kind_of(each))
                for n, each in enumerate(to.expressions)
            ]
            if any(kind is None for _, kind in members):
                return None
            return HiveType(
                "struct", children=tuple(kind for _, kind in members if kind), fields=tuple(n for n, _ in members)
            )
        case kinds.DECIMAL:
            numbers = [int(each.name) for each in to.expressions]
            return HiveType("decimal", tuple([*numbers, 0][:2]) if numbers else (38, 0))
        case kinds.VARCHAR | kinds.CHAR:
            numbers = [int(each.name) for each in to.expressions if each.name.isdigit()]
            name = "varchar" if to.this == kinds.VARCHAR else "char"
            return (
                HiveType(name, (numbers[0],)) if numbers else (STRING if name == "varchar" else HiveType("char", (1,)))
            )
    named = _CAST_KINDS.get(to.this)
    if named is not None and precision_of(named) > 0 and to.expressions:
        return with_precision(named, int(to.expressions[0].name))
    if named is None:
        try:
            return parse_type(str(to.this.value).lower())
        except (TypeSyntaxError, AttributeError):
            return None
    return named


def _field_name(name: exp.Expr) -> str:
    """Give the name of a row's field as it is shown: a name without quotes in small letters."""
    return name.name if name.args.get("quoted") else name.name.lower()


_T = exp.DataType.Type
_CAST_KINDS = {
    _T.TEXT: STRING,
    _T.BIGINT: BIGINT,
    _T.INT: INTEGER,
    _T.SMALLINT: HiveType("smallint"),
    _T.TINYINT: HiveType("tinyint"),
    _T.BOOLEAN: BOOLEAN,
    _T.DOUBLE: DOUBLE,
    _T.FLOAT: HiveType("float"),
    _T.DATE: DATE,
    _T.TIMESTAMP: TIMESTAMP,
    _T.TIMESTAMPNTZ: TIMESTAMP,
    _T.TIMESTAMPTZ: ZONED,
    _T.TIME: HiveType("time"),
    _T.TIMETZ: ZONED_TIME,
    _T.VARBINARY: BINARY,
    _T.JSON: JSON,
    _T.UUID: HiveType("uuid"),
    _T.IPADDRESS: HiveType("ipaddress"),
    _T.HLLSKETCH: HiveType("hyperloglog"),
    _T.TDIGEST: HiveType("tdigest"),
}
