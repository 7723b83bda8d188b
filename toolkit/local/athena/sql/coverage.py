"""
Which of Trino's functions the local Athena has: the page ``docs/local-athena-functions.md``, made from the code.

    python -m toolkit.local.athena.sql.coverage > docs/local-athena-functions.md
"""

from __future__ import annotations

from toolkit.local.athena.sql.functions import FUNCTIONS
from toolkit.local.athena.sql.signatures import other_functions, signatures

# Functions whose answers are near Trino's and not the same.
APPROXIMATE = {
    "approx_distinct": "counts exactly, where Trino estimates",
    "approx_percentile": "takes the element itself, where Trino estimates, also with weights; any accuracy is kept",
    "approx_set": "Trino's sketch byte for byte, with its standard error of 1.625 %; a full one is estimated by another formula",
    **dict.fromkeys(
        ("geometry_union", "geometry_union_agg", "st_difference", "st_intersection", "st_symdifference", "st_union"),
        "the same area, whose corners may come in another order",
    ),
    "geometry_invalid_reason": "says it in GEOS's words",
    "merge": "of digests: in another order than Trino's, with the same error",
    "numeric_histogram": "of many values: in the order in which they come, as in Trino, where that order varies",
    "qdigest_agg": "exact up to 20 values for each share of the accuracy, and within it; it can't be cast to varbinary",
    "tdigest_agg": "Trino's form; of many values with other centroids",
    "rand": "other numbers",
    "random": "other numbers",
    "shuffle": "another order",
    "simplify_geometry": "may keep other corners",
    "st_buffer": "round corners have another number of corners",
}

_PARAMETERS = "PASSING takes numbers but decimals, truth values and text; UTF-16 and UTF-32 are refused"

# What is exact but for something that is refused by name.
PARTLY = {
    "bing_tiles_around": "a radius is refused",
    "cast": "P4HyperLogLog, qdigest and SetDigest are refused, and more than six digits of a second",
    "checksum": "rows, uuids and ip addresses are refused",
    "current_timestamp": "milliseconds, in UTC",
    "format": "timestamps are refused",
    "format_datetime": "the long names of zones (`zzzz`) are refused",
    "from_iso8601_timestamp_nanos": "microseconds; what has more digits is refused",
    "from_unixtime": "an offset in hours and minutes must be literals",
    "json_exists": _PARAMETERS,
    "json_extract": "of a key that stands twice the last counts",
    "listagg": "a text of more than 1,048,576 bytes is given whole; ON OVERFLOW is read over",
    "json_query": _PARAMETERS,
    "json_value": _PARAMETERS,
    "skewness": "OVER and FILTER are refused",
    "try_cast": "as CAST",
}

# What the grammar and the rewrites take without a line in the table of functions.
GRAMMAR = frozenset(
    {
        *("cast", "current_date", "current_time", "current_timestamp", "extract", "if"),
        *("localtime", "localtimestamp", "normalize"),
        *("json_array", "json_exists", "json_object", "json_query", "json_value"),
        *("position", "substring", "trim", "try_cast", "current_catalog", "current_schema", "current_user"),
    }
)


def status(name: str) -> str:
    """Give ``exact``, ``approximate`` or ``refused``."""
    if name in APPROXIMATE:
        return "approximate"
    return "exact" if name in FUNCTIONS or name in GRAMMAR else "refused"


def groups() -> dict[str, list[str]]:
    """Give the names of all functions of Athena's engine 3, by where they come from."""
    others = {group: list(names) for group, names in other_functions().items()}
    # What stands among the others too is told once.
    told = {name for names in others.values() for name in names}
    return {"core": sorted(signatures().keys() - told), **others}


def functions_page() -> str:
    """Give the page as Markdown."""
    everything = [name for names in groups().values() for name in names]
    counts = {kind: sum(status(name) == kind for name in everything) for kind in ("exact", "approximate", "refused")}
    lines = [
        "# The functions of the local Athena",
        "",
        "Every function of Athena's engine 3, which is Trino, and what the local Athena makes of it. This page is made from the",
        "code by `python -m toolkit.local.athena.sql.coverage`; a test compares the two.",
        "",
        f"- **exact** ({counts['exact']}): the answers are Trino's, as far as the recorded answers of a real Trino reach (see",
        "  [the reference](trino-reference.md)); what is not, is in the remark and refused by name.",
        f"- **approximate** ({counts['approximate']}): the answers are near.",
        f"- **refused** ({counts['refused']}): a query that calls it fails with `NOT_SUPPORTED` and its name.",
    ]
    titles = {
        "core": "Functions",
        "grammar": "Functions of the grammar",
        "geospatial": "Geospatial functions",
        "machine learning": "Machine learning functions",
        "teradata": "Teradata functions",
    }
    for group, names in groups().items():
        lines += ["", f"## {titles[group]}", ""]
        if all(status(name) == "refused" for name in names):
            lines += ["All refused: " + ", ".join(f"`{name}`" for name in names) + "."]
            continue
        lines += ["| Function | | Remark |", "|---|---|---|"]
        remarks = {**APPROXIMATE, **PARTLY}
        lines += [f"| `{name}` | {status(name)} | {remarks.get(name, '')} |".replace("  |", " |") for name in names]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(functions_page(), end="")
