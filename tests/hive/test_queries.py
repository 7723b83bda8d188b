"""Statements between tables: casts, batches, views."""

import pytest
import sqlglot

from toolkit.errors import TableError
from toolkit.hive import (
    Column,
    Partition,
    Serde,
    Table,
    add_partitions_sql,
    create_table_as_sql,
    flatten_views,
    insert_sql,
    parse_type,
    select_sql,
    unload_sql,
)
from toolkit.hive.casts import cast_expression
from toolkit.hive.serde import LAZY_SIMPLE, ORC, PARQUET

RAW = Table(
    "d", "raw", (Column("id", "string"), Column("n", "bigint")), (Column("day", "string"),), location="s3://bucket/raw/"
)
CURATED = Table(
    "d",
    "curated",
    (Column("id", "string"), Column("n", "bigint")),
    (Column("day", "string"),),
    PARQUET,
    "s3://bucket/curated/",
)


def days(count):
    return [Partition({"day": f"{number:04}"}) for number in range(count)]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("bigint", "bigint", "x"),
        ("int", "bigint", "CAST(x AS bigint)"),
        ("bigint", "int", "TRY_CAST(x AS integer)"),
        ("string", "date", "TRY_CAST(x AS date)"),
        ("double", "decimal(10,2)", "TRY_CAST(x AS decimal(10,2))"),
        ("boolean", "string", "CAST(x AS varchar)"),
        (
            "string",
            "timestamp",
            (
                "IF(NOT regexp_like(upper(x), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), "
                "TRY(CAST(at_timezone(from_iso8601_timestamp(upper(x)), 'UTC') AS timestamp(3))))"
            ),
        ),
        ("array<int>", "array<bigint>", "transform(x, e1 -> CAST(e1 AS bigint))"),
        ("map<string,int>", "map<string,string>", "transform_values(x, (k1, v1) -> CAST(v1 AS varchar))"),
        (
            "struct<a:int,b:string>",
            "struct<b:string,a:bigint,c:date>",
            'IF(x IS NULL, NULL, CAST(ROW(x."b", CAST(x."a" AS bigint), NULL) AS row("b" varchar, "a" bigint, "c" date)))',
        ),
        (
            "array<array<int>>",
            "array<array<bigint>>",
            "transform(x, e1 -> transform(e1, e2 -> CAST(e2 AS bigint)))",
        ),
    ],
)
def test_a_cast_between_types(source, target, expected):
    found = cast_expression("x", parse_type(source), parse_type(target))
    assert found == expected
    assert sqlglot.parse_one(f"SELECT {found} FROM t", read="trino")


@pytest.mark.parametrize(
    ("source", "target"), [("string", "struct<a:int>"), ("array<int>", "int"), ("binary", "string")]
)
def test_types_of_different_kinds_are_not_cast(source, target):
    with pytest.raises(TableError, match=r"price: a .* can't be cast to"):
        cast_expression("x", parse_type(source), parse_type(target), path="price")


def test_at_most_a_hundred_partitions_a_query():
    statements = create_table_as_sql(RAW, CURATED, days(250))
    assert [statement.split()[0] for statement in statements] == ["CREATE", "INSERT", "INSERT"]
    assert [statement.count("'0") for statement in statements] == [100, 100, 50]
    assert [len(found) for found in (insert_sql(RAW, CURATED), insert_sql(RAW, CURATED, days(101)))] == [1, 2]


def test_buckets_and_partitions_share_the_limit():
    statements = create_table_as_sql(RAW, CURATED, days(12), bucketed_by=["id"], bucket_count=8)
    assert len(statements) == 1
    assert "bucketed_by = ARRAY['id'],\n  bucket_count = 8" in statements[0]
    with pytest.raises(TableError, match="at most 12 partitions fit with 8 buckets, found 13"):
        create_table_as_sql(RAW, CURATED, days(13), bucketed_by=["id"], bucket_count=8)


def test_a_query_of_two_keys_names_each_pair():
    keys = (Column("region", "string"), Column("year", "int"))
    raw = Table("d", "raw", (Column("id", "string"),), keys, location="s3://bucket/raw/")
    curated = Table("d", "c", (Column("id", "string"),), keys, PARQUET, "s3://bucket/c/")
    found = select_sql(
        raw, curated, [Partition({"region": "it's", "year": 2024}), Partition({"region": "b", "year": 2025})]
    )
    assert found == (
        'SELECT\n  "source"."id" AS "id",\n  "source"."region" AS "region",\n  "source"."year" AS "year"\n'
        'FROM "d"."raw" AS "source"\n'
        'WHERE ("source"."region" = \'it\'\'s\' AND "source"."year" = 2024)\n'
        '   OR ("source"."region" = \'b\' AND "source"."year" = 2025)'
    )


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({}, "expected a value for each partition key"),
        ({"day": "x", "hour": 1}, "expected a value for each partition key"),
        ({"day": ""}, "found an empty text"),
        ({"day": 1.5}, "found float"),
        ({"day": True}, "found bool"),
    ],
)
def test_a_partition_fits_its_keys(values, rule):
    for render in (add_partitions_sql, lambda table, found: create_table_as_sql(RAW, CURATED, found)):
        with pytest.raises(TableError, match=rule):
            render(RAW, [Partition(values)])


def test_a_value_fits_the_type_of_its_key():
    table = Table(
        "d", "t", (Column("id", "string"),), (Column("year", "int"), Column("day", "date")), location="s3://bucket/t/"
    )
    with pytest.raises(TableError, match="expected an integer, found '1; DROP'"):
        add_partitions_sql(table, [Partition({"year": "1; DROP", "day": "2024-01-01"})])
    with pytest.raises(TableError, match="expected YYYY-MM-DD"):
        add_partitions_sql(table, [Partition({"year": 1, "day": "2024-02-30"})])
    # What Python takes for a day as well is another folder, and no date of Trino's.
    with pytest.raises(TableError, match="expected YYYY-MM-DD, found '20240229'"):
        add_partitions_sql(table, [Partition({"year": 1, "day": "20240229"})])


def test_ctas_writes_columnar_formats_only():
    with pytest.raises(TableError, match="CTAS writes Parquet, ORC or Iceberg"):
        create_table_as_sql(RAW, Table("d", "t", RAW.columns, (), LAZY_SIMPLE, "s3://bucket/t/"))
    with pytest.raises(TableError, match="compression 'lzma'"):
        create_table_as_sql(RAW, CURATED, compression="lzma")


def test_a_column_that_the_source_lacks_is_null_of_its_type():
    wider = Table("d", "w", (*CURATED.columns, Column("new", "struct<a:date>")), (), ORC, "s3://bucket/w/")
    assert 'CAST(NULL AS row("a" date)) AS "new"' in select_sql(RAW, wider)


def test_a_query_or_a_table_is_unloaded():
    assert unload_sql("SELECT 1;", "s3://bucket/x", file_format="json", compression="gzip") == (
        "UNLOAD (\nSELECT 1\n)\nTO 's3://bucket/x/'\nWITH (format = 'JSON', compression = 'GZIP')"
    )
    with pytest.raises(TableError, match="expected PARQUET, ORC, AVRO, JSON or TEXTFILE"):
        unload_sql(RAW, "s3://bucket/x", file_format="iceberg")
    with pytest.raises(TableError, match="found 'nope'"):
        unload_sql(RAW, "s3://bucket/x", partitioned_by=["nope"])


def test_view_names_and_columns_that_fall_together_are_numbered():
    table = Table(
        "d",
        "t",
        (
            Column("a_b", "int"),
            Column("a", "struct<b:int,c:array<struct<index:int,x:int>>>"),
            Column("a_c", "array<struct<x:int>>"),
            Column("nested", "array<array<struct<x:int>>>"),
        ),
        serde=Serde("x", "y", "z"),
        location="s3://bucket/t/",
    )
    views = flatten_views(table)
    assert [view.name for view in views] == ["t_flat", "t_a_c", "t_a_c_2", "t_nested"]
    assert [name for name, _ in views[0].columns] == ["a_b", "a_b_2", "a_c", "a_c_2", "nested"]
    assert [name for name, _ in views[1].columns] == ["a_b", "a_b_2", "a_c_index", "a_c_index_2", "a_c_x"]
    assert [name for name, _ in views[3].columns] == ["a_b", "a_b_2", "nested_index", "nested_index_2", "nested_x"]
    assert views[3].sql.endswith(
        'CROSS JOIN UNNEST("source"."nested") WITH ORDINALITY AS "u1" ("element", "index")\n'
        'CROSS JOIN UNNEST(transform("u1"."element", e -> ARRAY[e])) WITH ORDINALITY AS "u2" ("element", "index")'
    )
    for view in views:
        assert sqlglot.parse_one(view.sql, read="trino")
