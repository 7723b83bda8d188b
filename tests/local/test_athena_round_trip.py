"""Values of every type, through a table of every format that is written, come back as they were."""

import io
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

# Delimited text has no way to write its own marks and line ends, nor to tell an array of one NULL from NULL.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).filter(lambda text: "\\N" not in text)
DOUBLES = st.floats(allow_nan=False, width=64)
TIMES = st.datetimes(datetime(1700, 1, 1), datetime(2261, 1, 1)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
DECIMALS = st.decimals(-(10**26), 10**26, places=10, allow_nan=False, allow_infinity=False).filter(
    lambda number: abs(number) < 10**26
)
STRUCT = pa.struct([("x", pa.int32()), ("y", pa.string()), ("z", pa.list_(pa.float64()))])

COLUMNS = {
    "c_boolean": ("boolean", pa.bool_(), st.booleans()),
    "c_int": ("int", pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "c_bigint": ("bigint", pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "c_float": ("float", pa.float32(), st.floats(allow_nan=False, width=32)),
    "c_double": ("double", pa.float64(), DOUBLES),
    "c_decimal": ("decimal(38,10)", pa.decimal128(38, 10), DECIMALS),
    "c_string": ("string", pa.string(), TEXT),
    "c_binary": ("binary", pa.binary(), st.binary(max_size=12)),
    "c_date": ("date", pa.date32(), st.dates(date(1000, 1, 1), date(9000, 1, 1))),
    "c_timestamp": ("timestamp", pa.timestamp("us"), TIMES),
    "c_array": ("array<bigint>", pa.list_(pa.int64()), st.lists(st.none() | st.integers(0, 9), min_size=2, max_size=3)),
    "c_map": (
        "map<string,double>",
        pa.map_(pa.string(), pa.float64()),
        st.dictionaries(TEXT.filter(bool), DOUBLES, min_size=1, max_size=3).map(lambda entries: list(entries.items())),
    ),
    "c_struct": (
        "struct<x:int,y:string,z:array<double>>",
        STRUCT,
        st.fixed_dictionaries(
            {"x": st.none() | st.integers(0, 9), "y": st.none() | TEXT, "z": st.lists(DOUBLES, min_size=1, max_size=2)}
        ),
    ),
}
ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, (_, _, values) in COLUMNS.items()}),
    min_size=1,
    max_size=8,
)

FORMATS = {
    "parquet": "format = 'PARQUET', external_location = '{location}'",
    "orc": "format = 'ORC', external_location = '{location}'",
    "avro": "format = 'AVRO', external_location = '{location}'",
    "json": "format = 'JSON', external_location = '{location}'",
    "textfile": "format = 'TEXTFILE', external_location = '{location}'",
    "iceberg": "table_type = 'ICEBERG', is_external = false, location = '{location}'",
}


@pytest.fixture(scope="module")
def lake(athena):
    athena.run("CREATE DATABASE round")
    declared = ", ".join(f"{name} {kind}" for name, (kind, _, _) in COLUMNS.items())
    athena.run(
        f"CREATE EXTERNAL TABLE round.source (number int, {declared}) STORED AS PARQUET LOCATION 's3://lake/round/source/'"
    )
    athena.numbers = iter(range(10**6))
    return athena


EXAMPLE = {
    "c_boolean": True,
    "c_int": -(2**31),
    "c_bigint": 2**63 - 1,
    "c_float": 0.10000000149011612,
    "c_double": float("-inf"),
    "c_decimal": Decimal("12345678901234567890123456.0123456789"),
    "c_string": "é 😀 \"'\\,|{}[]:",
    "c_binary": b"\x00\xff",
    "c_date": date(1000, 1, 1),
    "c_timestamp": datetime(1000, 1, 1, 0, 0, 0, 1000),
    "c_array": [None, 1],
    "c_map": [("Key", 0.5)],
    "c_struct": {"x": None, "y": "", "z": [1.0]},
}


def copied(lake, name, rows):
    """Give the rows as the source shows them, and as a copy in that format does."""
    schema = pa.schema([("number", pa.int32()), *((column, kind) for column, (_, kind, _) in COLUMNS.items())])
    buffer = io.BytesIO()
    table = pa.Table.from_pylist([{"number": number, **row} for number, row in enumerate(rows)], schema)
    pa.parquet.write_table(table, buffer)
    lake.put("round/source/rows", buffer.getvalue())
    number = next(lake.numbers)
    properties = FORMATS[name].format(location=f"s3://lake/round/{name}{number}/")
    lake.run(f"CREATE TABLE round.{name}{number} WITH ({properties}) AS SELECT * FROM round.source")
    # Iceberg's times have more digits.
    columns = ", ".join("CAST(c_timestamp AS varchar)" if each == "c_timestamp" else each for each in COLUMNS)
    if name == "iceberg":
        columns = columns.replace("CAST(c_timestamp AS varchar)", "substr(CAST(c_timestamp AS varchar), 1, 23)")
    shown = lake.rows(f"SELECT {columns} FROM round.{name}{number} ORDER BY number")
    columns = columns.replace("substr(CAST(c_timestamp AS varchar), 1, 23)", "CAST(c_timestamp AS varchar)")
    return lake.rows(f"SELECT {columns} FROM round.source ORDER BY number"), shown


@pytest.mark.parametrize("name", FORMATS)
def test_hard_values_come_back(lake, name):
    example = dict(EXAMPLE)
    if name == "orc":
        # Arrow reads ORC's times as nanoseconds, from 1677 on.
        example["c_timestamp"] = datetime(1677, 10, 1, 0, 0, 0, 1000)
    source, copy = copied(lake, name, [example, dict.fromkeys(COLUMNS)])
    assert copy == source


@pytest.mark.parametrize("name", FORMATS)
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],  # an example takes a table each: the first that fails is told as it is
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=ROWS)
def test_any_values_come_back(lake, name, rows):
    source, copy = copied(lake, name, rows)
    assert copy == source
