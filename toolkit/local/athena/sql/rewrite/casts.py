"""Casts from each type to each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from toolkit.local.athena.hive_types import STRING, HiveType, hive_text, is_mixed, trino_text
from toolkit.local.athena.sql.analysis.casts import kind_of
from toolkit.local.athena.sql.coercion import FLOATING
from toolkit.local.athena.sql.functions import (
    INTEGRAL,
    TEXT,
    ZONED_TIME,
    Kind,
    offset_minutes,
    precision_of,
    time_at,
    zone_of,
)
from toolkit.local.athena.sql.literals import clock_and_offset, first_offset, local_and_zone, typed_literal_kind
from toolkit.local.athena.sql.render import check_lists, json_sql
from toolkit.local.athena.sql.rewrite.instants import (
    as_instant,
    clock_of,
    digits,
    ignores_zone,
    instant_of,
    local_time_of_day,
    moment,
    own_zone,
    utc,
    utc_clock,
    utc_instant,
)
from toolkit.local.athena.sql.rewrite.nodes import (
    Rule,
    Unsupported,
    as_kind,
    as_type,
    call,
    kind_name,
    macro,
    members_of,
    nesting,
    struct,
    tried,
    unless_null,
)

# DuckDB's timestamps have six digits after the seconds.
MAXIMUM_PRECISION_OF_TIME = 6


def cast(node: exp.Cast) -> exp.Expr:
    target = node.meta["target"] if "target" in node.meta else kind_of(node.args["to"])
    if node.meta.get("is_literal") and node.meta.get("kind") is not None:
        target = node.meta["kind"]
    source: Kind = node.this.meta.get("kind")
    if is_mixed(source) and is_mixed(node.meta.get("kind")):
        target = node.meta["kind"]
    if target is None:
        raise Unsupported(node, f"a cast to {node.args['to'].sql(dialect='trino')}")
    if precision_of(target) > MAXIMUM_PRECISION_OF_TIME:
        raise Unsupported(node, f"{trino_text(target)}: it keeps microseconds")
    new = cast_to(node.this, source, target, node)
    if target.name == "timestamp with time zone" and not node.meta.get("is_literal") and source is not None:
        from_text = HiveType(target.name, (MAXIMUM_PRECISION_OF_TIME,))
        made: HiveType = node.meta.get("kind") or target
        new = to_precision(new, from_text if source.is_text else source, made)
    return tried(new) if isinstance(node, exp.TryCast) else new


def cast_to(value: exp.Expr, source: Kind, target: HiveType, node: exp.Expr) -> exp.Expr:
    name = source.name if source is not None else ""
    if source == target and target.is_nested:
        return value
    if target.name == "json":
        if node.meta.get("is_literal"):
            return macro("json_parse", value)
        return value if name == "json" else to_json(value, source)
    if name == "json":
        return from_json(value, target)
    if target.name == "char":
        return macro("char_text", as_text(value, source), exp.Literal.number(target.arguments[0]))
    if target.name == "timestamp with time zone" and source is not None and source.name == target.name:
        if not is_mixed(target) or is_mixed(source):
            return value if is_mixed(target) else moment(value, source)
        return macro("zoned_value", value, exp.Literal.string(zone_of(source)))
    if target.is_text:
        text = as_text(value, source)
        if not target.arguments:
            return text
        length = exp.Literal.number(target.arguments[0])
        if name in TEXT | {"unknown"}:
            return call("left", text, length)
        return macro("fitting", text, length, exp.Literal.string(trino_text(target)))
    if target.name == ZONED_TIME.name:
        return _zoned_time(value, source, target, node)
    if name in TEXT:
        if target.name == "timestamp with time zone":
            if is_mixed(node.meta.get("kind")) and value is node.this:
                return macro("own_from_text", value)
            return zoned_text(value, node)
        return from_text(value, target)
    if target.name in INTEGRAL:
        return _to_integer(value, name, target)
    if target.name == "decimal" and name in FLOATING:
        return as_kind(macro("double_digits", value), target)
    if target.name == "float" and name == "double":
        return macro("double_to_real", value)
    if name == ZONED_TIME.name and source is not None:
        if target.name != "time":
            raise Unsupported(node, f"a cast of {trino_text(source)} to {trino_text(target)}")
        return to_precision(local_time_of_day(value, source), source, target)
    if name == "time" and target.name in ("timestamp", "timestamp with time zone"):
        today = exp.Paren(this=exp.Add(this=as_type(macro("now"), "DATE"), expression=value))
        value = to_precision(today, source, HiveType("timestamp", (precision_of(target),)))
        if target.name == "timestamp":
            return value
    if target.name == "timestamp with time zone":
        return macro("zoned_value", as_instant(value), utc()) if is_mixed(target) else as_instant(value)
    if name == "uuid" and target.name == "binary":
        return call(
            "unhex", call("replace", as_type(value, "VARCHAR"), exp.Literal.string("-"), exp.Literal.string(""))
        )
    if name == "binary" and target.name == "uuid":
        return macro("bytes_to_uuid", value)
    if name == "binary" and target.name == "ipaddress":
        return macro("bytes_to_address", value)
    if name in ("", "unknown"):
        return as_kind(value, target)
    if name == "timestamp with time zone" and target.name in ("date", "timestamp", "time"):
        return to_precision(as_kind(clock_of(value, source), target), source, target)
    if source is not None and source.name == target.name and target.children:
        return nested_cast(value, source, target, node)
    return to_precision(as_kind(value, target), source, target)


def zoned_text(value: exp.Expr, node: exp.Expr) -> exp.Expr:
    found = local_and_zone(value.name) if isinstance(value, exp.Literal) else None
    if found is not None:
        local, zone = found
        clock = as_type(exp.Literal.string(local), "TIMESTAMP")
        offset = first_offset(local, zone)
        if offset is not None:
            return utc_instant(exp.Sub(this=clock, expression=call("to_seconds", exp.Literal.number(offset))))
        return instant_of(clock, zone)
    return macro("zoned_from_text" if ignores_zone(node) else "utc_from_text", value)


def _zoned_time(value: exp.Expr, source: Kind, target: HiveType, node: exp.Expr) -> exp.Expr:
    """Give a value as the time of day in UTC that a time with time zone is held as."""
    name = source.name if source is not None else ""
    if name in TEXT:
        if not isinstance(value, exp.Literal):
            raise Unsupported(node, "a cast of texts to time with time zone but of literals")
        found = clock_and_offset(value.name)
        if found is None:
            message = exp.Literal.string(f"Value cannot be cast to time with time zone: {value.name}")
            refused = macro("refuse", exp.Literal.string("INVALID_CAST_ARGUMENT"), message)
            return exp.Case(ifs=[exp.If(this=refused, true=as_type(exp.Null(), "TIME"))])
        clock = as_kind(macro("text_to_time", exp.Literal.string(found[0])), HiveType("time"))
        minutes = exp.Literal.number(-offset_minutes(time_at(found[1])))
        moved = exp.Paren(this=exp.Add(this=clock, expression=call("to_minutes", minutes)))
        return to_precision(moved, HiveType("time", (MAXIMUM_PRECISION_OF_TIME,)), target)
    if name == "timestamp with time zone":
        value = as_type(utc_clock(moment(value, source)), "TIME")
    return to_precision(as_type(value, "TIME"), source, target)


def nested_cast(value: exp.Expr, source: HiveType, target: HiveType, node: exp.Expr) -> exp.Expr:
    if source.name == "struct":
        # Trino casts rows by position, DuckDB by name.
        parts = members_of(value, source.fields)
        row = struct(
            (new, cast_to(part, old_kind, new_kind, node))
            for part, old_kind, new, new_kind in zip(
                parts, source.children, target.fields, target.children, strict=True
            )
        )
        return row if isinstance(value, exp.Struct) else unless_null(value, row)
    element = exp.to_identifier(f"element{nesting(value)}__")
    if source.name == "array":
        body = cast_to(element.copy(), source.children[0], target.children[0], node)
        return call("list_transform", value, exp.Lambda(this=body, expressions=[element]))
    key, member = (call("struct_extract", element.copy(), exp.Literal.string(each)) for each in ("key", "value"))
    body = struct(
        (
            ("key", cast_to(key, source.children[0], target.children[0], node)),
            ("value", cast_to(member, source.children[1], target.children[1], node)),
        )
    )
    entries = call("list_transform", call("map_entries", value), exp.Lambda(this=body, expressions=[element]))
    return call("map_from_entries", entries)


def pad_chars(values: Iterable[exp.Expr]) -> None:
    """Put the text with all its blanks in the place of each value that is a char."""
    for value in values:
        if kind_name(value) == "char":
            value.replace(as_text(value.copy(), value.meta["kind"]))


def as_text(value: exp.Expr, source: Kind) -> exp.Expr:
    match source.name if source is not None else "":
        case "string" | "varchar":
            return value
        case "char":
            return macro("padded_char", value, exp.Literal.number(source.arguments[0])) if source is not None else value
        case "double":
            return macro("scientific", value)
        case "float":
            return macro("real_scientific", value)
        case "decimal" if source is not None and source.arguments[0] == source.arguments[1]:
            return macro("fraction_text", as_type(value, "VARCHAR"))
        case "date":
            return macro("date_text", value)
        case "timestamp":
            return macro("timestamp_text", value, digits(source))
        case "time":
            return macro("time_text", value, digits(source))
        case "time with time zone" if source is not None:
            text = macro("time_text", local_time_of_day(value, source), digits(source))
            return exp.Paren(this=exp.DPipe(this=text, expression=exp.Literal.string(source.fields[0])))
        case "timestamp with time zone":
            text = macro("timestamp_text", clock_of(value, source), digits(source))
            if is_mixed(source):
                shown = exp.DPipe(this=text, expression=exp.Literal.string(" "))
                return exp.Paren(this=exp.DPipe(this=shown, expression=own_zone(value)))
            return exp.Paren(this=exp.DPipe(this=text, expression=exp.Literal.string(f" {zone_of(source)}")))
        case "interval day to second":
            return macro("interval_text", value)
        case "interval year to month":
            return macro("months_text", value)
        case "json":
            return macro("json_scalar", value)
        case "ipaddress":
            return macro("address_text", value)
        case "binary":
            return call("decode", value)
    return as_type(value, "VARCHAR")


# Texts that DuckDB reads as Trino does.
_PLAIN_TEXTS = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "timestamp": re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?"),
    "int": re.compile(r"[+-]?\d{1,9}"),
    "bigint": re.compile(r"[+-]?\d{1,18}"),
    "double": re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?"),
}


def _is_plain(value: exp.Expr, target: HiveType) -> bool:
    """Whether a value is a literal that is certain to be of a type, so that DuckDB's own cast, a constant to it, will do."""
    form = _PLAIN_TEXTS.get(target.name) if isinstance(value, exp.Literal) and value.is_string else None
    return form is not None and bool(form.fullmatch(value.name)) and typed_literal_kind(value.name, target) is not None


def from_text(value: exp.Expr, target: HiveType) -> exp.Expr:
    if _is_plain(value, target):
        return to_precision(as_kind(value, target), HiveType(target.name, (MAXIMUM_PRECISION_OF_TIME,)), target)
    match target.name:
        case "tinyint" | "smallint" | "int" | "bigint":
            name = {"int": "INTEGER"}.get(target.name, target.name.upper())
            return as_kind(macro("text_to_integer", value, exp.Literal.string(name)), target)
        case "double" | "float":
            return as_kind(macro("text_to_double", value), target)
        case "boolean":
            return macro("text_to_boolean", value)
        case "date":
            return macro("text_to_date", value)
        case "time":
            return as_kind(macro("text_to_time", value), target)
        case "timestamp":
            found = as_type(macro("text_to_timestamp", value), "TIMESTAMP")
            unit = exp.Literal.number(10 ** (6 - precision_of(target)))
            return macro("rounded_time", found, unit) if precision_of(target) < MAXIMUM_PRECISION_OF_TIME else found
        case "timestamp with time zone":
            return macro("zoned_from_text", value)
        case "ipaddress":
            return macro("text_to_address", value)
        case "binary":
            return call("encode", value)
        case "decimal":
            return as_kind(macro("text_to_decimal", value, exp.Literal.string(trino_text(target).upper())), target)
    return as_kind(value, target)


_BITS = {"tinyint": 7, "smallint": 15, "int": 31, "bigint": 63}


def _to_integer(value: exp.Expr, name: str, target: HiveType) -> exp.Expr:
    bits = _BITS[target.name]
    ends = [exp.Literal.number(str(each)) for each in (-(2**bits), 2**bits - 1)]
    shown = exp.Literal.string(trino_text(target))
    if name in FLOATING:
        # 2^63 - 1 is no double: the next below it is.
        if bits == 63 and name == "float":
            # What is too great is the greatest there is, for reals alone.
            return as_kind(macro("real_to_bigint", as_type(value, "DOUBLE")), target)
        if bits == 63:
            ends = [exp.Literal.number(each) for each in ("-9.223372036854775808e18", "9.223372036854774784e18")]
        return as_kind(macro("double_to_integer", as_type(value, "DOUBLE"), shown, *ends), target)
    if name == "decimal":
        return as_kind(macro("decimal_to_integer", value, shown, *ends), target)
    if name in INTEGRAL and _BITS[name] > bits:
        return as_kind(macro("integer_to_integer", value, shown, *ends), target)
    return as_kind(value, target)


def to_precision(value: exp.Expr, source: Kind, target: HiveType) -> exp.Expr:
    """Round a point in time to the digits of its new type, if it may have more."""
    is_time = target.name in ("timestamp", "time", "timestamp with time zone", ZONED_TIME.name)
    if source is None or not is_time or precision_of(source) <= precision_of(target):
        return value
    unit = exp.Literal.number(10 ** (6 - precision_of(target)))
    if is_mixed(target):
        return macro("zoned_value", macro("rounded_instant", moment(value, target), unit), own_zone(value))
    if target.name == "timestamp with time zone":
        return macro("rounded_instant", value, unit)
    return macro("rounded_time" if target.name == "timestamp" else "rounded_clock", value, unit)


# JSON that is the text of a value of each type, but for quotation marks.
_PLAIN_JSON = {
    "int": "0|-?[1-9][0-9]{0,8}",
    "bigint": "0|-?[1-9][0-9]{0,17}",
    "double": "0|-?[1-9][0-9]{0,14}",
    "boolean": "true|false",
    "string": r'"[^"\\]*"|0|-?[1-9][0-9]{0,17}|true|false',
}


def from_json(value: exp.Expr, target: HiveType) -> exp.Expr:
    plain = _PLAIN_JSON.get(target.name)
    written = (exp.Literal.string(plain),) if plain and not target.arguments else ()
    text = macro("json_cast", value, exp.Literal.string(hive_text(target)), *written)
    if target.is_nested:
        held = _with_json_as_text(target)
        nested = as_kind(as_type(text, "JSON"), held)
        return nested if held == target else as_kind(nested, target)
    return text if target.is_text else as_kind(text, target)


def _with_json_as_text(kind: HiveType) -> HiveType:
    """Give a type with text for the JSON inside of it, as ``json_cast`` gives it."""
    if kind.name == "json":
        return STRING
    return replace(kind, children=tuple(map(_with_json_as_text, kind.children)))


def to_json(value: exp.Expr, source: Kind) -> exp.Expr:
    if source is None or source.name == "unknown":
        return as_type(exp.Null(), "JSON") if source is not None else call("to_json", value)
    check_lists(source)
    name = exp.to_identifier("json__")
    body = exp.Var(this=json_sql("json__", source, 0))
    listed = call("list_transform", call("list_value", value), exp.Lambda(this=body, expressions=[name]))
    return as_type(call("list_extract", listed, exp.Literal.number(1)), "JSON")


RULES: dict[type, Rule] = {
    exp.Cast: cast,
    exp.TryCast: cast,
}
