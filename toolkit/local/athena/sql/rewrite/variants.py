"""Which macro a function is for the type of its argument."""

from __future__ import annotations

from sqlglot import exp

from toolkit.local.athena.sql.coercion import FLOATING

# Which argument decides, where it is not the first.
_DECIDING = {"date_trunc": 1, "date_add": 2, "from_utf8": 1}


_VARIANTS = {
    ("length", "binary"): "bytes_length",
    ("reverse", "binary"): "bytes_reverse",
    ("substr", "binary"): "bytes_substr",
    ("lpad", "binary"): "bytes_pad_left",
    ("rpad", "binary"): "bytes_pad_right",
    ("from_utf8", "bigint"): "code_from_utf8",
    ("bitwise_left_shift", "int"): "int_left_shift",
    ("bitwise_left_shift", "smallint"): "smallint_left_shift",
    ("bitwise_left_shift", "tinyint"): "tinyint_left_shift",
    ("bitwise_right_shift", "int"): "int_right_shift",
    ("bitwise_right_shift", "smallint"): "smallint_right_shift",
    ("bitwise_right_shift", "tinyint"): "tinyint_right_shift",
    **{(each, "interval day to second"): f"{each}_part" for each in ("day", "hour", "minute", "second", "millisecond")},
    **{(each, "interval year to month"): f"{each}_part" for each in ("year", "month")},
    ("cardinality", "map"): "map_cardinality",
    ("cardinality", "hyperloglog"): "hyperloglog_cardinality",
    ("element_at", "array"): "array_element_at",
    ("reverse", "array"): "array_reverse",
    ("date", "string"): "text_date",
    ("date", "varchar"): "text_date",
    ("date_trunc", "date"): "day_trunc",
    ("date_trunc", "time"): "clock_trunc",
    ("date_trunc", "time with time zone"): "clock_trunc",
    ("date_add", "date"): "day_add",
    ("sequence", "date"): "date_sequence",
    ("sequence", "timestamp"): "time_sequence",
    ("sequence", "timestamp with time zone"): "time_sequence",
    ("to_iso8601", "date"): "date_to_iso8601",
    ("bing_tile", "string"): "key_bing_tile",
    ("bing_tile", "varchar"): "key_bing_tile",
    **{(each, "sphericalgeography"): f"spherical_{each}" for each in ("st_area", "st_distance", "st_length")},
}


# NaN is equal to nothing, and to DuckDB it is to itself.
_SEEKING = frozenset({"array_position", "array_remove", "contains"})


def variant(implementation: str, node: exp.Anonymous) -> str:
    given = node.meta.get("argument_kinds", ())
    if implementation == "contains" and given[0] is not None and given[0].is_text:
        return "network_contains"
    if implementation in _SEEKING and given[0] is not None and given[0].children[0].name in FLOATING:
        return f"{implementation}_double"
    if implementation == "element_at" and given[0] is not None and given[0].name == "map":
        return "map_element_double" if given[0].children[0].name in FLOATING else implementation
    kinds = [kind.name if kind is not None else "" for kind in given]
    key = (
        implementation,
        next((kinds[index] for index in (_DECIDING.get(implementation, 0),) if index < len(kinds)), ""),
    )
    return _VARIANTS.get(key, implementation)
