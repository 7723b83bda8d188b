"""Dates, times and intervals: arithmetic, parts, and texts of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from sqlglot import exp

from toolkit.local.athena.hive_types import is_mixed
from toolkit.local.athena.sql.coercion import FLOATING
from toolkit.local.athena.sql.formats import UnsupportedPattern, from_joda, from_mysql
from toolkit.local.athena.sql.functions import (
    INTERVALS,
    MONTHS,
    TIMESTAMP,
    ZONED,
    ZONED_TIME,
    Kind,
    offset_minutes,
    precision_of,
    with_precision,
    zone_of,
)
from toolkit.local.athena.sql.rewrite.casts import to_precision
from toolkit.local.athena.sql.rewrite.instants import (
    again_instant,
    clock_of,
    moment,
    moved_instant,
    own_zone,
    read_alike_by,
    utc_clock,
)
from toolkit.local.athena.sql.rewrite.nodes import Rule, as_type, call, kind_name, macro, once, paren
from toolkit.local.athena.sql.rewrite.variants import variant


def temporal_arithmetic(node: exp.Binary, left: str, right: str) -> exp.Expr:
    kind: Kind = node.meta.get("kind")
    if isinstance(node, exp.Mul | exp.Div) or (left in INTERVALS and right in INTERVALS):
        return interval_arithmetic(node, left, right)
    if not INTERVALS & {left, right}:
        if left == right == "date":
            return call("to_days", as_type(exp.Paren(this=node.copy()), "INTEGER"))
        pair = [as_type(each, "TIMESTAMP") if kind_name(each) == "date" else each for each in (node.left, node.right)]
        return macro("time_between", *pair)
    interval, other = (node.left, node.right) if left in INTERVALS else (node.right, node.left)
    if kind_name(other) == "date":
        if kind_name(interval) != MONTHS.name:
            interval = macro("whole_days", interval)
        shifted = type(node)(this=paren(other), expression=paren(interval))
        return as_type(exp.Paren(this=shifted), "DATE")
    if kind_name(other) == "timestamp with time zone" and kind_name(interval) == MONTHS.name:
        # Months are added on the clock of the zone.
        return moved_instant(
            lambda clock: exp.Paren(this=type(node)(this=clock, expression=paren(interval))), other, other.meta["kind"]
        )
    if is_mixed(kind):
        moved = type(node)(this=moment(other, kind), expression=paren(interval))
        return macro("zoned_value", moved, own_zone(other))
    return type(node)(this=paren(other), expression=paren(interval))


def interval_arithmetic(node: exp.Binary, left: str, right: str) -> exp.Expr:
    kind: Kind = node.meta.get("kind")
    unit = "months" if kind is not None and kind.name == MONTHS.name else "milliseconds"
    measured = [
        macro(f"interval_{unit}", each) if name in INTERVALS else each
        for each, name in ((node.left, left), (node.right, right))
    ]
    word = "divide" if isinstance(node, exp.Div) else "multiply"
    for number, name in enumerate((left, right)):
        if name in FLOATING or (name not in INTERVALS and word == "divide"):
            measured[number] = macro("interval_factor", as_type(measured[number], "DOUBLE"), exp.Literal.string(word))
    if isinstance(node, exp.Div):
        value: exp.Expr = exp.Div(
            this=as_type(measured[0], "DOUBLE"), expression=paren(measured[1]), typed=False, safe=False
        )
    else:
        value = type(node)(this=paren(measured[0]), expression=paren(measured[1]))
    return macro(f"{unit}_interval", exp.Paren(this=value))


def interval_literal(node: exp.Interval) -> exp.Expr:
    unit = node.args.get("unit")
    names = str(unit or "").upper()
    if isinstance(unit, exp.IntervalSpan):
        names = f"{unit.this.name.upper()} TO {unit.expression.name.upper()}"
    text = node.this.name.replace(" ", "", 1) if node.this.name.strip()[:2] in ("- ", "+ ") else node.this.name
    if names in ("YEAR", "MONTH", "YEAR TO MONTH"):
        return call("to_months", exp.Literal.number(_months(text.strip(), names)))
    return call("to_milliseconds", exp.Literal.number(_milliseconds(text.strip(), names)))


def truncated(node: exp.Anonymous, value: exp.Expr) -> exp.Expr:
    # Truncated on the clock of its zone, then an instant again.
    kind: Kind = node.meta.get("kind")
    unit, clock = node.expressions
    truncated = macro(variant("date_trunc", node), unit, clock)
    if kind is not None and kind.name == ZONED_TIME.name:
        offset = call("to_minutes", exp.Literal.number(-offset_minutes(kind)))
        return exp.Paren(this=exp.Add(this=truncated, expression=offset))
    if kind is None or kind.name != "timestamp with time zone":
        return truncated
    if isinstance(unit, exp.Literal) and unit.name.lower() in _PARTS_OF_A_DAY:
        # An hour that comes twice in autumn is still that of the instant.
        rest = exp.Paren(this=exp.Sub(this=clock.copy(), expression=truncated))
        moved = exp.Paren(this=exp.Sub(this=moment(value, kind), expression=rest))
        return macro("zoned_value", moved, own_zone(value)) if is_mixed(kind) else moved
    return again_instant(truncated, value, kind)


def from_unixtime(node: exp.Anonymous) -> exp.Expr:
    return macro("from_unixtime", node.expressions[0])


def date_parse(node: exp.Anonymous) -> exp.Expr:
    text, pattern = node.expressions
    alike = read_alike_by(pattern, from_mysql)
    return (
        once(text, lambda text: macro("date_parse", text, pattern, *alike))
        if alike
        else macro("date_parse", text, pattern)
    )


def date_format(node: exp.Anonymous) -> exp.Expr:
    return formatted(node, from_mysql)


def format_datetime(node: exp.Anonymous) -> exp.Expr:
    return formatted(node, from_joda)


def formatted(node: exp.Anonymous, convert: Callable[[str], str]) -> exp.Expr:
    value, pattern = node.expressions
    name = node.name.lower()
    kind: Kind = value.meta.get("kind")
    if kind is not None and precision_of(kind) > 3:
        # Java's formats have milliseconds.
        value = to_precision(value, kind, with_precision(kind, 3))
    if isinstance(pattern, exp.Literal) and pattern.is_string:
        try:
            converted = convert(pattern.name)
        except UnsupportedPattern:
            converted = ""
        if converted:
            if kind is not None and kind.name == "timestamp with time zone":
                value = clock_of(value, kind)
            return macro(name, value, exp.Literal.string(converted))
    if name == "date_format":
        if kind is not None and kind.name == "timestamp with time zone":
            value = clock_of(value, kind)
        return macro("any_date_format", value, pattern)
    zone: exp.Expr = exp.Literal.string("")
    if kind is not None and kind.name == "timestamp with time zone":
        zone = own_zone(value) if is_mixed(kind) else exp.Literal.string(zone_of(kind))
        value = utc_clock(moment(value, kind))
    return macro("any_format_datetime", value, pattern, zone)


def date_add(node: exp.Anonymous) -> exp.Expr:
    return by_unit(_added, node, [node.expressions[2].meta.get("kind")])


def _added(node: exp.Anonymous, *, is_long: bool) -> exp.Expr:
    unit, count, value = node.expressions
    kind: Kind = value.meta.get("kind")
    if is_mixed(kind) and not is_long:
        return macro("zoned_value", macro("date_add", unit, count, moment(value, kind)), own_zone(value))
    if kind is None or kind.name != ZONED.name or not is_long:
        added = macro(variant("date_add", node), unit, count, value)
        if kind is not None and kind.name == "timestamp" and precision_of(kind) < 3:
            return to_precision(added, TIMESTAMP, kind)
        return added
    return moved_instant(lambda clock: macro("date_add", unit, count, clock), value, kind)


def date_diff(node: exp.Anonymous) -> exp.Expr:
    return by_unit(_difference, node, [each.meta.get("kind") for each in node.expressions[1:]])


def _difference(node: exp.Anonymous, *, is_long: bool) -> exp.Expr:
    unit, *values = node.expressions
    kinds = [each.meta.get("kind") for each in values]
    if all(kind is not None and kind.name == "date" for kind in kinds):
        return macro("day_diff", unit, *values)
    if is_long and kinds[0] is not None and kinds[0].name == ZONED.name:
        if any(map(is_mixed, kinds)):
            # Both on the clock of the first one's zone.
            zone = own_zone(values[0]) if is_mixed(kinds[0]) else exp.Literal.string(zone_of(kinds[0]))
            moments = [moment(value, kind) for value, kind in zip(values, kinds, strict=True)]
            values = [macro("clock_in", each, zone.copy()) for each in moments]
        else:
            values = [clock_of(value, kinds[0]) for value in values]
    else:
        values = [moment(value, kind) for value, kind in zip(values, kinds, strict=True)]
    return macro("date_diff", unit, *values)


def by_unit(rewrite: Callable[..., exp.Expr], node: exp.Anonymous, kinds: Sequence[Kind]) -> exp.Expr:
    """Rewrite a call by its unit: days and longer ones are those of a zone's clock. A unit that is no literal is asked for."""
    unit = node.expressions[0]
    if isinstance(unit, exp.Literal) or not any(map(_has_own_days, kinds)):
        return rewrite(node, is_long=isinstance(unit, exp.Literal) and unit.name.lower() in _DAYS)
    lowered = call("lower", unit.copy())
    is_long = exp.In(this=lowered, expressions=[exp.Literal.string(each) for each in _DAYS])
    long, short = (rewrite(node.copy(), is_long=each) for each in (True, False))
    return exp.Case(ifs=[exp.If(this=is_long, true=long)], default=short)


def _has_own_days(kind: Kind) -> bool:
    """Whether days of values of a type may be longer or shorter than 24 hours."""
    return kind is not None and kind.name == ZONED.name and (is_mixed(kind) or zone_of(kind) != "UTC")


def now(node: exp.Expr) -> exp.Expr:
    precision = precision_of(node.meta["kind"]) if node.meta.get("kind") is not None else 3
    return macro("now") if precision >= 3 else macro("rounded_now", exp.Literal.number(10 ** (6 - precision)))


def local_time(node: exp.Expr) -> exp.Expr:
    return as_type(local_now(node), "TIME")


def local_now(node: exp.Expr) -> exp.Expr:
    return utc_clock(now(node))


def _months(text: str, names: str) -> int:
    sign = -1 if text.startswith("-") else 1
    numbers = [int(each) for each in text.lstrip("+-").split("-")]
    return sign * (numbers[0] if names == "MONTH" else 12 * numbers[0] + (numbers[1] if len(numbers) > 1 else 0))


_MILLISECONDS = {"DAY": 86_400_000, "HOUR": 3_600_000, "MINUTE": 60_000, "SECOND": 1_000}


def _milliseconds(text: str, names: str) -> int:
    sign = -1 if text.startswith("-") else 1
    units = list(_MILLISECONDS)
    first = units.index(names.split(" TO ")[0])
    numbers = re.split(r"[ :]", text.lstrip("+-"))
    return sign * sum(
        int(Decimal(number) * _MILLISECONDS[unit]) for number, unit in zip(numbers, units[first:], strict=False)
    )


_DAYS = ("day", "week", "month", "quarter", "year")

# Units of which a day has several.
_PARTS_OF_A_DAY = frozenset({"millisecond", "second", "minute", "hour"})


CALLS: dict[str, Rule] = {
    "date_parse": date_parse,
    "date_format": date_format,
    "format_datetime": format_datetime,
    "date_add": date_add,
    "date_diff": date_diff,
    "from_unixtime": from_unixtime,
    "current_timestamp": now,
    "current_time": local_time,
    "localtime": local_time,
    "localtimestamp": local_now,
}


RULES: dict[type, Rule] = {
    exp.Interval: interval_literal,
    exp.CurrentTimestamp: now,
    exp.CurrentTime: local_time,
    exp.Localtime: local_time,
    exp.Localtimestamp: local_now,
}
