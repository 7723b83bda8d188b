"""Values of every type go into a table, are queried, and come back to a client as they were."""

import datetime
import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
# Hive's type, the values, and how Athena prints one.
TYPES = {
    "boolean": (st.booleans(), lambda value: "true" if value else "false"),
    "tinyint": (st.integers(-(2**7), 2**7 - 1), str),
    "smallint": (st.integers(-(2**15), 2**15 - 1), str),
    "int": (st.integers(-(2**31), 2**31 - 1), str),
    "bigint": (st.integers(-(2**63), 2**63 - 1), str),
    "double": (st.floats(allow_nan=False, allow_infinity=False), None),
    "decimal(12,3)": (st.decimals(-(10**8), 10**8, places=3), None),
    "string": (TEXT, str),
    "date": (st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31)), str),
    "array<int>": (st.lists(st.integers(-9, 9), max_size=4), lambda value: f"[{', '.join(map(str, value))}]"),
    "struct<a:int,b:bigint>": (
        st.fixed_dictionaries({"a": st.integers(-9, 9), "b": st.integers(-9, 9)}),
        lambda value: f"{{a={value['a']}, b={value['b']}}}",
    ),
    "map<string,int>": (
        st.dictionaries(st.sampled_from("xyz"), st.integers(-9, 9), max_size=1),
        lambda value: "{" + ", ".join(f"{key}={each}" for key, each in value.items()) + "}",
    ),
}


@pytest.mark.parametrize("kind", TYPES)
def test_values_round_trip(kind, round_trip):
    strategy, shown = TYPES[kind]

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.none() | strategy, min_size=1, max_size=20))
    def check(values):
        found = round_trip(kind, values)
        assert [text is None for text in found] == [value is None for value in values]
        for text, value in zip(found, values, strict=True):
            if value is None:
                continue
            if kind == "double":
                assert float(text) == value
            elif kind.startswith("decimal"):
                assert Decimal(text) == value
            else:
                assert text == shown(value)

    check()


def json_line(number, value):
    if isinstance(value, Decimal):
        return f'{{"n": {number}, "x": {value:f}}}'
    return json.dumps({"n": number, "x": value}, default=str)


@pytest.fixture(scope="module")
def round_trip(athena):
    """Give a function that puts values of a type into a table, and gives their texts as a client reads them."""
    made = {}
    athena.run("CREATE DATABASE round_trip")

    def run(kind, values):
        name = made.setdefault(kind, f"t{len(made)}")
        if name not in [table["Name"] for table in athena.glue.get_tables(DatabaseName="round_trip")["TableList"]]:
            athena.run(
                f"CREATE EXTERNAL TABLE round_trip.{name} (n int, x {kind}) "
                f"ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/{name}/'"
            )
        athena.put(f"{name}/a.json", "\n".join(json_line(number, value) for number, value in enumerate(values)))
        return [text for (text,) in athena.rows(f"SELECT x FROM round_trip.{name} ORDER BY n")]

    return run
