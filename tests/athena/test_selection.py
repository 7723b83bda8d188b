"""The queries of the explorer as whole texts, and hostile ones against the local Athena."""

import json
from dataclasses import replace

import pytest

from toolkit import aws
from toolkit.athena import Athena
from toolkit.athena.plots import Plot, counted, plot_frame, plot_sql
from toolkit.athena.profiles import profile_frame, profile_sql
from toolkit.athena.selection import (
    OPERATORS,
    ColumnPath,
    Filter,
    Selection,
    column_paths,
    condition_sql,
    selected_columns,
    selection_sql,
)
from toolkit.athena.time_ranges import TimeKey, TimeRange, time_key
from toolkit.errors import InvalidInput
from toolkit.hive import (
    Column,
    DateProjection,
    Table,
    create_database_sql,
    create_table_sql,
    parse_type,
    projection_parameters,
)

COLUMNS = (
    Column("id", "bigint"),
    Column("who", "struct<name:string,born:date,vip:boolean>"),
    Column("items", "array<struct<sku:string,price:decimal(9,2),tags:array<string>>>"),
    Column("codes", "array<int>"),
    Column("at", "timestamp"),
    Column("sent_at", "string"),
)


def table(*keys, columns=COLUMNS, **parameters):
    keys = tuple(Column(*key) for key in keys or [("dt", "string")])
    return Table("shop", "events", columns, keys, location="s3://bucket/events/", parameters=parameters)


def test_every_column_comes_by_name():
    assert selection_sql(Selection(table(), limit=10)) == (
        'SELECT\n  "id",\n  "who",\n  "items",\n  "codes",\n  "at",\n  "sent_at",\n  "dt"\nFROM "shop"."events"\nLIMIT 10'
    )


def test_names_stand_alone_where_nothing_else_is_called_so():
    chosen = Selection(table(), ("id", "who.name"), (Filter("who.vip", "is true"),), limit=0)
    assert selection_sql(chosen) == (
        'SELECT\n  "id",\n  "who"."name" AS "who_name"\nFROM "shop"."events"\nWHERE "who"."vip" = TRUE'
    )
    called_alike = table(columns=(Column("events", "struct<id:int>"), Column("id", "int")))
    assert selection_sql(Selection(called_alike, ("events.id", "id"))) == (
        'SELECT\n  "source"."events"."id" AS "events_id",\n  "source"."id" AS "id"\nFROM "shop"."events" AS "source"'
    )


def test_fields_elements_filters_and_partitions_make_one_query():
    chosen = Selection(
        table(),
        ("id", "who.name", "items[].sku", "items[].tags[]"),
        (
            Filter("who.name", "contains", "O'Hara"),
            Filter("who.born", "between", "1980-01-01, 1990-12-31"),
            Filter("who.vip", "is true"),
            Filter("items[].price", ">=", "9.50"),
            Filter("id", "in", [1, 2]),
            Filter("at", "<", "2026-03-02 10:00"),
            Filter("sent_at", "starts with", "2026_"),
            Filter("codes", "is not null"),
        ),
        TimeRange.read("2026-03-01", "2026-03-07"),
        time_key(table(), {"dt": ["2026-03-01"]}),
    )
    assert selection_sql(chosen) == (
        'SELECT\n  "source"."id" AS "id",\n  "source"."who"."name" AS "who_name",\n  "u1"."element"[1]."sku" AS "items_sku",\n'
        '  "u2"."element" AS "items_tags"\nFROM "shop"."events" AS "source"\n'
        'CROSS JOIN UNNEST(transform("source"."items", e -> ARRAY[e])) AS "u1" ("element")\n'
        'CROSS JOIN UNNEST("u1"."element"[1]."tags") AS "u2" ("element")\n'
        'WHERE "source"."dt" >= \'2026-03-01\'\n  AND "source"."dt" <= \'2026-03-07\'\n'
        '  AND strpos(lower("source"."who"."name"), lower(\'O\'\'Hara\')) > 0\n'
        '  AND "source"."who"."born" BETWEEN DATE \'1980-01-01\' AND DATE \'1990-12-31\'\n'
        '  AND "source"."who"."vip" = TRUE\n'
        '  AND "u1"."element"[1]."price" >= DECIMAL \'9.50\'\n'
        '  AND "source"."id" IN (1, 2)\n'
        '  AND "source"."at" < TIMESTAMP \'2026-03-02 10:00:00.000\'\n'
        "  AND \"source\".\"sent_at\" LIKE '2026\\_%' ESCAPE '\\'\n"
        '  AND "source"."codes" IS NOT NULL'
    )
    assert selected_columns(chosen)[1:3] == (("who_name", "varchar"), ("items_sku", "varchar"))


@pytest.mark.parametrize(
    ("key", "range_", "condition"),
    [
        (TimeKey(("d",), ("date",), ("",)), ("2026-03-01", ""), ["s.\"d\" >= DATE '2026-03-01'"]),
        (
            TimeKey(("dt",), ("string",), ("%Y/%m/%d/%H",)),
            ("2026-03-01", "2026-03-01 18:30"),
            ["s.\"dt\" >= '2026/03/01/00'", "s.\"dt\" <= '2026/03/01/18'"],
        ),
        (TimeKey(("dt",), ("int",), ("%Y%m%d",)), ("", "2026-03-01"), ['s."dt" <= 20260301']),
        (
            TimeKey(("dt",), ("string",), ("%d-%m-%Y",)),
            ("2026-02-28", "2026-03-01"),
            ["s.\"dt\" IN ('28-02-2026', '01-03-2026')"],
        ),
        (
            TimeKey(("year", "month"), ("int", "string"), ("%Y", "%m")),
            ("2025-12-31", "2026-01-01"),
            [
                (
                    '(s."year" > 2025 OR (s."year" = 2025 AND s."month" >= \'12\')) AND '
                    '(s."year" < 2026 OR (s."year" = 2026 AND s."month" <= \'01\'))'
                )
            ],
        ),
    ],
)
def test_a_time_range_is_said_of_the_partition_keys(key, range_, condition):
    assert list(key.conditions(TimeRange.read(*range_), "s.")) == condition


def test_the_keys_that_name_times_are_found():
    def found(*keys, values=None, **parameters):
        return time_key(table(*keys, **parameters), values)

    assert found(("day", "date")) == TimeKey(("day",), ("date",), ("",))
    assert found(("dt", "string")) == TimeKey(("dt",), ("string",), ("%Y-%m-%d",))
    assert found(("x", "string"), values={"x": ["2026-03-02-05"]}) == TimeKey(("x",), ("string",), ("%Y-%m-%d-%H",))
    assert found(("x", "int"), values={"x": ["20260302"]}) == TimeKey(("x",), ("int",), ("%Y%m%d",))
    assert found(("region", "string"), values={"region": ["eu"]}) is None
    assert found(("region", "string"), ("dt", "string"), values={"region": ["eu"], "dt": ["2026-03-02"]}).names == (
        "dt",
    )
    projected = projection_parameters({"x": DateProjection("2026/01", format="yyyy/MM")})
    assert found(("x", "string"), **projected) == TimeKey(("x",), ("string",), ("%Y/%m",))
    parts = (("year", "int"), ("month", "int"), ("day", "int"))
    assert found(*parts).patterns == ("%Y", "%m", "%d")
    # Without a leading zero texts don't sort as months.
    assert found(("year", "string"), ("month", "string"), values={"year": ["2026"], "month": ["3", "11"]}).names == (
        "year",
    )


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"columns": ("nothing",)}, "column 'nothing': shop.events has none of that name; it has id, who, who.name"),
        (
            {"columns": ("items.sku",)},
            "column 'items.sku': shop.events has none of that name; did you mean items[].sku? it has id",
        ),
        (
            {"columns": ("Who.Nmae",)},
            "column 'Who.Nmae': shop.events has none of that name; did you mean who.name? it has id",
        ),
        (
            {"columns": ("items[].sku", "codes[]")},
            "columns of items and of codes: the elements of two arrays beside each other",
        ),
        ({"filters": (Filter("id", "contains", "1"),)}, "filter on id: expected one of =, !=, <"),
        ({"filters": (Filter("id", "=", "one"),)}, "filter on id: expected a number (bigint), found 'one'"),
        ({"filters": (Filter("id", "between", "1"),)}, "filter on id: between needs two values, found 1"),
        (
            {"filters": (Filter("who.born", "=", "soon"),)},
            "filter on who.born: expected a day such as 2026-03-02, found 'soon'",
        ),
        (
            {"filters": (Filter("at", ">=", "soon"),)},
            "filter on at: expected a time such as 2026-03-02 18:00, found 'soon'",
        ),
        (
            {"time_range": TimeRange.read("2026-03-01", "")},
            "time range: the table has no partition key that names times",
        ),
    ],
)
def test_what_can_not_be_asked_is_refused_by_name(choice, message):
    with pytest.raises(InvalidInput) as caught:
        selection_sql(replace(Selection(table()), **choice))
    assert str(caught.value).startswith(message)


def test_a_range_may_end_with_the_calendar():
    """Whoever wants no end often types the last day that there is."""
    range_ = TimeRange.read("9999-12-31", "9999-12-31")
    assert list(range_.conditions("d", "date")) == ["d >= DATE '9999-12-31'", "d <= DATE '9999-12-31'"]
    assert list(range_.conditions("t", "timestamp")) == [
        "t >= TIMESTAMP '9999-12-31 00:00:00.000'",
        "t <= TIMESTAMP '9999-12-31 23:59:59.999999'",
    ]
    key = TimeKey(("dt",), ("string",), ("%d-%m-%Y",))
    assert list(key.conditions(range_, "")) == ["\"dt\" IN ('31-12-9999')"]


def test_a_number_of_any_size_is_compared():
    assert condition_sql("n", ColumnPath("n", ("n",), parse_type("bigint")), Filter("n", "<", "1e30")).startswith(
        "n < DECIMAL"
    )
    # One of a billion digits is never written out.
    for kind, number in (
        ("bigint", "1e999999999"),
        ("decimal(9,2)", "1e-999999999"),
        ("double", "1e400"),
        ("int", "1e38"),
    ):
        with pytest.raises(InvalidInput, match="filter on n: expected a number"):
            condition_sql("n", ColumnPath("n", ("n",), parse_type(kind)), Filter("n", "<", number))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("soon", ""),
        ("", "2026-13-01"),
        ("2026-03-02", "2026-03-01"),
        ("0001-01-01T00:00:00+14:00", ""),
        ("", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_range_that_is_none_is_refused(start, end):
    with pytest.raises(InvalidInput, match="time range"):
        TimeRange.read(start, end)


HOSTILE = [
    "'; DROP TABLE x --",
    '"',
    "'",
    "\\",
    "a,b",
    "%_\\",
    "\n",
    "ü 😀",
    "{{ 1 }}",
    ":x ?",
    "/*",
    "--",
    "$path",
    "",
]


def test_hostile_values_and_names_stay_what_they_are(platform, bucket):
    names = ("select", "group by", 'a"b', "x.y", "é", "a'b", "source", "u1")
    lines = [
        {"n": number, "s": value, "list": [{"sku": value}], "r": dict.fromkeys(("select", "from"), value)}
        for number, value in enumerate(HOSTILE)
    ]
    aws.call("s3", "put_object", Bucket=bucket, Key="t/1.json", Body="\n".join(map(json.dumps, lines)).encode())
    database = bucket.replace("-", "_")
    columns = (
        Column("n", "bigint"),
        Column("s", "string"),
        Column("list", "array<struct<sku:string>>"),
        Column("r", "struct<select:string,from:string>"),
    )
    made = Table(database, "select", columns, location=f"s3://{bucket}/t/")
    with Athena(database=database) as athena:
        athena.execute(create_database_sql(database))
        athena.execute(create_table_sql(made))
        chosen = Selection(made, ("n", "list[].sku", "r.from"))
        for number, value in enumerate(HOSTILE):
            for column in ("s", "list[].sku", "r.select") if number < 3 else ("s",):
                frame = athena.query(selection_sql(replace(chosen, filters=(Filter(column, "=", value),))))
                assert frame["n"].tolist() == [number], (column, value)
            for operator in ("starts with", "contains") if number < 6 else ():
                frame = athena.query(selection_sql(replace(chosen, filters=(Filter("s", operator, value),))))
                holds = str.startswith if operator == "starts with" else lambda text, part: part.lower() in text.lower()
                assert sorted(frame["n"]) == [n for n, text in enumerate(HOSTILE) if holds(text, value)], (
                    operator,
                    value,
                )
        frame = athena.query(selection_sql(replace(chosen, filters=(Filter("s", "in", HOSTILE),))))
        assert len(frame) == len(HOSTILE)
        asked = selection_sql(chosen)
        profile = profile_frame(athena.query(profile_sql(asked, selected_columns(chosen))), selected_columns(chosen))
        assert profile.set_index("column").loc["list_sku", "distinct"] == len(HOSTILE)
    # Names that DDL can't have, but Glue can: they stay names in the text.
    strange = Table("d b", "t", tuple(Column(name, "string") for name in names), location="s3://bucket/t/")
    asked = selection_sql(Selection(strange, tuple(path.name for path in column_paths(strange))))
    assert '\n  "a""b",\n' in asked
    assert asked.endswith('FROM "d b"."t"')


def test_every_operator_runs_on_every_kind(platform):
    kinds = {
        "text": "'b'",
        "number": "2",
        "boolean": "true",
        "date": "DATE '2026-03-02'",
        "time": "TIMESTAMP '2026-03-02 10:00:00'",
    }
    values = {"text": "b", "number": "2", "date": "2026-03-02", "time": "2026-03-02 10:00"}
    types = {"text": "string", "number": "int", "boolean": "boolean", "date": "date", "time": "timestamp"}
    from toolkit.athena.selection import ColumnPath, condition_sql
    from toolkit.hive import parse_type

    conditions = []
    for kind, literal in kinds.items():
        path = ColumnPath("c", ("c",), parse_type(types[kind]))
        for operator in OPERATORS[kind]:
            value = values.get(kind, "")
            value = f"{value}, {value}" if operator == "between" else value
            conditions.append(f"CAST({condition_sql(literal, path, Filter('c', operator, value))} AS integer)")
    with Athena() as athena:
        [row] = athena.fetch(f"SELECT {', '.join(conditions)}")
    told = iter(row)
    for kind in kinds:
        for operator in OPERATORS[kind]:
            assert next(told) == (operator not in ("!=", "<", ">", "is null", "is false")), (kind, operator)


ROWS = """SELECT x, CAST(x AS varchar) || 'a' AS s, x > 5 AS b, DATE '2026-01-01' AS d,
    IF(x > 3, TIMESTAMP '2026-01-01 10:00:00') AS t, ARRAY[x] AS l, CAST(x AS decimal(5,2)) AS m, CAST(NULL AS varchar) AS none,
    '2026-03-0' || CAST(x % 9 + 1 AS varchar) || 'T23:30:00-01:00' AS iso, x * 1e0 AS f
FROM (VALUES 1, 2, 2, 4, 9, 9, 9) AS t (x) -- a comment"""
TYPES = (
    ("x", "integer"),
    ("s", "varchar"),
    ("b", "boolean"),
    ("d", "date"),
    ("t", "timestamp(3)"),
    ("l", "array(integer)"),
    ("m", "decimal(5,2)"),
    ("none", "varchar"),
    ("iso", "varchar"),
    ("f", "double"),
)


def test_a_profile_is_one_query(platform):
    with Athena() as athena:
        profile = profile_frame(athena.query(profile_sql(ROWS, TYPES)), TYPES).set_index("column")
    assert profile.attrs["rows"] == 7
    assert profile["missing"].tolist() == [0, 0, 0, 0, 3, 0, 0, 7, 0, 0]
    assert profile.loc["x", ["distinct", "min", "max", "top"]].tolist() == [4, "1", "9", "9 (3), 2 (2), 1 (1), 4 (1)"]
    assert profile.loc["f", ["min", "top"]].tolist() == ["1.0", "9.0 (3), 2.0 (2), 1.0 (1), 4.0 (1)"]
    assert profile.loc["b", "top"] == "false (4), true (3)"
    assert profile.loc["l", "top"] == profile.loc["none", "top"] == ""
    with pytest.raises(InvalidInput, match="two columns are called 'X'"):
        profile_sql("SELECT 1", (("x", "integer"), ("X", "integer")))


@pytest.mark.parametrize(
    "plot",
    [
        Plot("distribution", "x", "integer"),
        Plot("distribution", "m", "decimal(5,2)", "b"),
        Plot("top values", "s", "varchar"),
        Plot("top values", "none", "varchar"),
        Plot("top values", "b", "boolean", "s"),
        Plot("over time", "t", "timestamp(3)", unit="hour"),
        Plot("over time", "iso", "varchar", "b"),
        Plot("over time", "d", "date", unit="week"),
    ],
    ids=lambda plot: f"{plot.kind} of {plot.column}",
)
def test_counting_at_hand_gives_what_counting_on_athena_gives(platform, plot):
    import pandas as pd

    with Athena() as athena:
        asked = plot_frame(athena.query(plot_sql(ROWS, plot)), plot)
        at_hand = counted(athena.query(ROWS), plot)
    pd.testing.assert_frame_equal(asked, at_hand, check_dtype=False)
    assert asked["rows"].sum() == (4 if plot.column == "t" else 7)


def test_a_plot_that_makes_no_sense_is_refused():
    with pytest.raises(InvalidInput, match="a distribution is of numbers, and s is varchar"):
        Plot("distribution", "s", "varchar")
    with pytest.raises(InvalidInput, match="choose a field inside it"):
        Plot("top values", "l", "array(integer)")
