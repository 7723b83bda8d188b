"""
Statements made from tables of values: every operator between every two types, every cast, functions over odd values.

They are few enough to be kept, and the two samples among them are drawn with a fixed seed.
"""

import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path

VARIANTS = Path(__file__).with_name("variants.txt")

# One value of each type, and never one that an operator could take for a special case.
TYPED = {
    "boolean": "true",
    "tinyint": "CAST(7 AS tinyint)",
    "smallint": "CAST(7 AS smallint)",
    "integer": "7",
    "bigint": "BIGINT '7'",
    "real": "REAL '2.5'",
    "double": "2.5E0",
    "decimal": "DECIMAL '2.50'",
    "varchar": "'7'",
    "char": "CAST('7' AS char(2))",
    "varbinary": "X'37'",
    "date": "DATE '2024-02-29'",
    "time": "TIME '07:08:09.123'",
    "timestamp": "TIMESTAMP '2024-02-29 07:08:09.123'",
    "timestamp with time zone": "TIMESTAMP '2024-02-29 07:08:09.123 UTC'",
    "interval day to second": "INTERVAL '7' HOUR",
    "interval year to month": "INTERVAL '7' MONTH",
    "json": "JSON '7'",
    "array(integer)": "ARRAY[7, NULL]",
    "map(varchar, integer)": "MAP(ARRAY['k'], ARRAY[7])",
    "row(integer, varchar)": "ROW(7, 'x')",
    "uuid": "UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'",
    "unknown": "NULL",
}
CAST_TARGETS = (
    *(
        "boolean",
        "tinyint",
        "smallint",
        "integer",
        "bigint",
        "real",
        "double",
        "decimal(10, 3)",
        "varchar",
        "varchar(4)",
    ),
    *(
        "char(4)",
        "varbinary",
        "date",
        "time",
        "timestamp",
        "timestamp with time zone",
        "json",
        "array(varchar)",
        "uuid",
    ),
)
OPERATORS = ("+", "-", "*", "/", "%", "=", "<", "||", "IS DISTINCT FROM")

# Functions that are handed one argument of each type, most of them wrong.
ONE_ARGUMENT = """
    abs sqrt round length upper trim reverse cardinality year hour date json_format json_parse to_hex
    md5 to_utf8 sum avg min max count bool_and array_agg stddev approx_distinct array_sort map_keys
    typeof is_nan chr from_unixtime to_unixtime to_iso8601 url_encode last_day_of_month checksum
    histogram arbitrary concat flatten from_utf8 json_array_length codepoint bit_count to_milliseconds
""".split()  # noqa: SIM905 - forty quoted words would read worse
SEED = 435
OPERATIONS = 900
WRONG_ARGUMENTS = 420


def variants() -> Iterator[tuple[str, list[str], list[str]]]:
    """Give each type of `variants.txt` with its values and the calls over them."""
    for section in VARIANTS.read_text(encoding="utf-8").split("== ")[1:]:
        head, _, calls = section.partition("\n--\n")
        kind, *values = head.splitlines()
        yield kind, values, calls.split("\n\n")[0].strip().splitlines()


def statements() -> Iterator[tuple[str, str]]:
    """Give pairs of subject and statement."""
    for kind, values, calls in variants():
        rows = ", ".join(f"({number}, {value})" for number, value in enumerate(values))
        subject = f"generated_{kind.partition('(')[0].replace(' ', '_')}"
        for call in calls:
            yield subject, f"SELECT i, TRY({call}) FROM (VALUES {rows}) t(i, x) ORDER BY i"
    drawn = random.Random(SEED)
    for left, operator, right in drawn.sample([*product(TYPED.values(), OPERATORS, TYPED.values())], OPERATIONS):
        yield "generated_operators", f"SELECT {left} {operator} {right}"
    for source, target in product(TYPED, CAST_TARGETS):
        # A time of day becomes one of the day on which it is asked.
        if not (source == "time" and target.startswith("timestamp")):
            yield "generated_casts", f"SELECT CAST({TYPED[source]} AS {target})"
    for first, second in product(TYPED.values(), TYPED.values()):
        if first < second:
            yield "generated_coercions", f"SELECT typeof(COALESCE({first}, {second}))"
    chosen = drawn.sample([*product(ONE_ARGUMENT, TYPED.values())], WRONG_ARGUMENTS)
    for function, value in chosen:
        yield "generated_arguments", f"SELECT {function}({value})"
