"""Instants and their zones: the zone is part of a type, or stands beside each value."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from toolkit.local.athena.hive_types import HiveType, is_mixed
from toolkit.local.athena.sql.coercion import FLOATING
from toolkit.local.athena.sql.formats import UnsupportedPattern, from_joda, read_alike
from toolkit.local.athena.sql.functions import (
    TEXT,
    TIMES_OF_DAY,
    ZONED_TIME,
    Kind,
    offset_minutes,
    precision_of,
    zone_of,
)
from toolkit.local.athena.sql.rewrite.nodes import Rule, as_type, call, kind_name, macro, may_be_nan, may_be_null, once


def at_time_zone(node: exp.AtTimeZone) -> exp.Expr:
    # The instant stays; the zone in which it is shown is part of its type.
    if kind_name(node.this) in TIMES_OF_DAY:
        return exp.Paren(this=node.this)
    return exp.Paren(this=as_instant(node.this))


def with_timezone(node: exp.Anonymous) -> exp.Expr:
    clock, zone = node.expressions
    if is_mixed(node.meta.get("kind")):
        return macro("zoned_clock", clock, macro("known_zone", zone))
    return instant_of(clock, zone.name)


def to_iso8601(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0]
    kind: Kind = value.meta.get("kind")
    if kind is not None and kind.name == "date":
        return macro("date_to_iso8601", value)
    if kind is None or kind.name != "timestamp with time zone":
        return macro("to_iso8601", value, digits(kind))
    local = clock_of(value, kind)
    suffix = macro("zone_suffix", macro("zone_minutes", local.copy(), moment(value.copy(), kind)))
    return exp.Paren(this=exp.DPipe(this=macro("to_iso8601", local, digits(kind)), expression=suffix))


def at_timezone(node: exp.Anonymous) -> exp.Expr:
    if is_mixed(node.meta.get("kind")):
        return macro("zoned_value", as_instant(node.expressions[0]), macro("known_zone", node.expressions[1]))
    return exp.Paren(this=as_instant(node.expressions[0]))


def zone_part(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0]
    kind: HiveType = value.meta["kind"]
    if kind.name == ZONED_TIME.name:
        minutes = offset_minutes(kind)
        part = abs(minutes) // 60 if node.name.lower() == "timezone_hour" else abs(minutes) % 60
        part = part if minutes >= 0 else -part
        is_there = exp.Not(this=exp.Is(this=exp.Paren(this=value), expression=exp.Null()))
        return exp.Case(ifs=[exp.If(this=is_there, true=as_type(exp.Literal.number(part), "BIGINT"))])
    return macro(node.name.lower(), clock_of(value, kind), moment(value.copy(), kind))


def iso_timestamp(node: exp.Anonymous) -> exp.Expr:
    kind: Kind = node.meta.get("kind")
    if is_mixed(kind):
        name = f"own_{node.name.lower()}"
    else:
        is_known = kind is not None and bool(kind.fields)
        name = f"{node.name.lower()}{'_anywhere' if is_known or ignores_zone(node) else ''}"
    text, *pattern = node.expressions
    alike = read_alike_by(pattern[0], from_joda) if pattern else ()
    return once(text, lambda text: macro(name, text, *pattern, *alike)) if alike else macro(name, text, *pattern)


def read_alike_by(pattern: exp.Expr, convert: Callable[[str], str]) -> tuple[exp.Expr, ...]:
    """Give the texts that DuckDB reads by a known pattern as Trino does, and the pattern in its words; else nothing."""
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        return ()
    try:
        converted = convert(pattern.name)
    except UnsupportedPattern:
        return ()
    alike = read_alike(converted)
    return (exp.Literal.string(alike), exp.Literal.string(converted)) if alike else ()


def membership(node: exp.Between | exp.In) -> exp.Expr:
    """Compare the instants alone, and nothing with NaN."""
    for each in (node.this, node.args.get("low"), node.args.get("high"), *(node.args.get("expressions") or ())):
        if isinstance(each, exp.Expr) and is_mixed(each.meta.get("kind")):
            each.replace(moment(each.copy(), each.meta["kind"]))
    high = node.args.get("high")
    if high is not None and kind_name(high) in FLOATING and not isinstance(high, exp.Literal | exp.Neg):
        # Nothing is less than NaN, which is the greatest to DuckDB.
        never = exp.LT(this=exp.Paren(this=node.this.copy()), expression=exp.Paren(this=node.this.copy()))
        return exp.Case(ifs=[exp.If(this=call("isnan", high.copy()), true=never)], default=node.copy())
    if node.args.get("query") is not None:
        return joined_membership(node)
    values = node.args.get("expressions") or ()
    if kind_name(node.this) in FLOATING and may_be_nan(node.this) and any(map(may_be_nan, values)):
        # NaN is none of them, and DuckDB finds it among them.
        unknown = [
            exp.Is(this=exp.Paren(this=each.copy()), expression=exp.Null()) for each in values if may_be_null(each)
        ]
        not_found = (
            exp.Case(ifs=[exp.If(this=exp.or_(*unknown), true=exp.Null())], default=exp.false())
            if unknown
            else exp.false()
        )
        return exp.Case(ifs=[exp.If(this=call("isnan", node.this.copy()), true=not_found)], default=node.copy())
    return node


def is_term(node: exp.Expr) -> bool:
    """Whether a WHERE holds where this does, and other things do."""
    while isinstance(node.parent, exp.And | exp.Paren):
        node = node.parent
    return isinstance(node.parent, exp.Where)


def joined_membership(node: exp.Expr) -> exp.Expr:
    """Let a sub-query hold no NaN for a term of WHERE, which is a join to Trino; elsewhere it finds NaN in it, as DuckDB does."""
    if not is_term(node) or kind_name(node.this) not in FLOATING or not may_be_nan(node.this):
        return node
    return exp.Paren(this=exp.And(this=node.copy(), expression=exp.Not(this=call("isnan", node.this.copy()))))


def moments(node: exp.Anonymous) -> None:
    """Take the instants of arguments that carry a zone each, for a function that gives no such value."""
    for argument in node.expressions:
        inner = argument.expressions[0] if isinstance(argument, exp.Distinct) else argument
        if is_mixed(inner.meta.get("kind")):
            inner.replace(moment(inner.copy(), inner.meta["kind"]))


def utc() -> exp.Literal:
    return exp.Literal.string("UTC")


def utc_clock(instant: exp.Expr) -> exp.Expr:
    """Give the wall-clock time of an instant in UTC; DuckDB's ``timezone`` takes ten times as long for it."""
    return call("make_timestamp", call("epoch_us", instant))


def utc_instant(clock: exp.Expr) -> exp.Expr:
    """Give the instant of a wall-clock time in UTC."""
    return call("make_timestamptz", call("epoch_us", clock))


def moment(value: exp.Expr, kind: Kind) -> exp.Expr:
    """Give the instant of a value that may carry a zone."""
    return call("struct_extract", value, exp.Literal.string("t")) if is_mixed(kind) else value


def own_zone(value: exp.Expr) -> exp.Expr:
    """Give the zone that a value carries."""
    return call("struct_extract", value.copy(), exp.Literal.string("z"))


def again_instant(clock: exp.Expr, value: exp.Expr, kind: Kind) -> exp.Expr:
    """Give a wall-clock time as an instant in the zone of its type, or of the value that it was made of."""
    return macro("zoned_clock", clock, own_zone(value)) if is_mixed(kind) else instant_of(clock, zone_of(kind))


def moved_instant(move: Callable[[exp.Expr], exp.Expr], value: exp.Expr, kind: Kind) -> exp.Expr:
    """Give the instant at which the clock of its zone shows what *move* makes of it, with the same offset if there is one."""
    clock = clock_of(value, kind)
    zone = zone_of(kind)
    if not is_mixed(kind) and (zone == "UTC" or zone[0] in "+-"):
        return instant_of(move(clock), zone)
    shown = own_zone(value) if is_mixed(kind) else exp.Literal.string(zone)
    moved = macro("moved_instant", moment(value.copy(), kind), clock.copy(), move(clock), shown)
    return macro("zoned_value", moved, shown.copy()) if is_mixed(kind) else moved


def holds_mixed(kind: Kind) -> bool:
    return is_mixed(kind) or (kind is not None and any(map(holds_mixed, kind.children)))


def as_instant(value: exp.Expr) -> exp.Expr:
    kind = kind_name(value)
    if kind == "timestamp with time zone":
        return moment(value, value.meta.get("kind"))
    if kind in TEXT:
        return macro("zoned_from_text", value)
    return utc_instant(as_type(value, "TIMESTAMP"))


def clock_of(value: exp.Expr, kind: Kind) -> exp.Expr:
    if is_mixed(kind):
        return macro("zone_clock", value)
    zone = zone_of(kind)
    if zone[0] in "+-":
        return exp.Paren(this=exp.Add(this=utc_clock(value), expression=_offset(zone)))
    return utc_clock(value) if zone == "UTC" else call("timezone", exp.Literal.string(zone), value)


def local_time_of_day(value: exp.Expr, kind: HiveType) -> exp.Expr:
    """Give the time of day that a time with time zone shows."""
    minutes = exp.Literal.number(offset_minutes(kind))
    return exp.Paren(this=exp.Add(this=exp.Paren(this=value), expression=call("to_minutes", minutes)))


def instant_of(value: exp.Expr, zone: str) -> exp.Expr:
    local = as_type(value, "TIMESTAMP")
    if zone[0] in "+-":
        return utc_instant(exp.Sub(this=local, expression=_offset(zone)))
    return utc_instant(local) if zone == "UTC" else call("timezone", exp.Literal.string(zone), local)


def _offset(zone: str) -> exp.Expr:
    hours, minutes = zone[1:].split(":")
    sign = -1 if zone[0] == "-" else 1
    return call("to_minutes", exp.Literal.number(sign * (60 * int(hours) + int(minutes))))


def ignores_zone(node: exp.Expr) -> bool:
    """Whether what stands around an instant asks for no zone of its own."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if isinstance(parent, exp.AtTimeZone | exp.Predicate):
        return True
    return isinstance(parent, exp.Anonymous) and parent.name.lower() in ("at_timezone", "to_unixtime")


def digits(kind: Kind) -> exp.Expr:
    return exp.Literal.number(precision_of(kind) if kind is not None else 3)


CALLS: dict[str, Rule] = {
    "timezone_hour": zone_part,
    "timezone_minute": zone_part,
    "from_iso8601_timestamp": iso_timestamp,
    "parse_datetime": iso_timestamp,
    "at_timezone": at_timezone,
    "with_timezone": with_timezone,
    "to_iso8601": to_iso8601,
}


RULES: dict[type, Rule] = {
    exp.Between: membership,
    exp.In: membership,
    exp.AtTimeZone: at_time_zone,
}
