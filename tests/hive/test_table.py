"""Tables are checked and normalised when they are made."""

import pytest

from toolkit.errors import TableError
from toolkit.hive import (
    Column,
    Table,
    create_table_sql,
    iceberg_metadata_location,
    normalise_location,
    table_from_glue,
    table_input,
)


def table(**changes):
    given = {
        "database": "shop",
        "name": "orders",
        "columns": (Column("id", "bigint", "Number of the order."), Column("address", "struct<street:string>")),
        "partition_keys": (Column("day", "string"),),
        "location": "s3://bucket/orders/",
    }
    return Table(**(given | changes))


def test_names_are_lowered_and_the_location_gets_its_slash():
    made = table(database="Shop", name="Orders", location="s3://bucket/orders")
    assert (made.database, made.name, made.location) == ("shop", "orders", "s3://bucket/orders/")


@pytest.mark.parametrize(
    ("location", "rule"),
    [
        ("https://bucket.s3.amazonaws.com/x/", "expected s3://bucket/prefix/"),
        ("arn:aws:s3:::bucket/x", "expected s3://bucket/prefix/"),
        ("s3://", "expected a bucket name"),
        ("s3://Bucket/x", "expected a bucket name"),
        ("s3://buc..ket/x", "expected a bucket name"),
        ("s3://192.168.1.1/x", "expected a bucket name"),
        ("s3://bucket//x", "empty segment"),
        ("s3://bucket/x*/", "wildcards"),
        ("s3://bucket/x\n/", "control characters"),
        ("s3://bucket/" + "x" * 3000, "at most 2056 characters"),
    ],
)
def test_a_location_says_the_rule_it_breaks(location, rule):
    with pytest.raises(TableError, match=rule):
        normalise_location(location)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"columns": ()}, "at least one column"),
        ({"columns": (Column("a", "int"), Column("A", "int"))}, "'a' appears twice"),
        ({"partition_keys": (Column("ID", "int"),)}, "'id' appears twice"),
        ({"partition_keys": (Column("k", "array<int>"),)}, "must be primitive"),
        ({"partitioning": ("day(id)",)}, "partitioning is Iceberg's"),
        ({"parameters": {"": "x"}}, "1 to 255 bytes"),
        ({"parameters": {"a": 1}}, "expected text for text"),
        ({"description": "x" * 2049}, "longer than 2048 bytes"),
        ({"name": ""}, "found an empty one"),
        ({"database": "x" * 256}, "at most 255 bytes"),
    ],
)
def test_a_table_says_the_rule_it_breaks(changes, rule):
    with pytest.raises(TableError, match=rule):
        table(**changes)


@pytest.mark.parametrize("name", ["my-db", "a.b", "a b", "é", "x`; DROP TABLE y; --"])
@pytest.mark.parametrize("part", ["database", "name"])
def test_a_new_table_has_plain_names(part, name):
    with pytest.raises(TableError, match="expected letters a to z, digits and _ only"):
        create_table_sql(table(**{part: name}))


def test_the_statement_of_a_table():
    assert create_table_sql(table(description="It's", parameters={"classification": "json"})) == (
        """\
CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`orders` (
  `id` bigint COMMENT 'Number of the order.',
  `address` struct<`street`:string>
)
COMMENT 'It\\'s'
PARTITIONED BY (
  `day` string
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
STORED AS TEXTFILE
LOCATION 's3://bucket/orders/'
TBLPROPERTIES (
  'classification' = 'json'
)"""
    )


def test_glue_gives_back_the_table_that_it_was_given():
    made = table(description="Orders", parameters={"classification": "json"})
    answer = table_input(made) | {"DatabaseName": "shop", "CreateTime": "now"}
    answer["Parameters"] |= {"transient_lastDdlTime": "1", "EXTERNAL": "TRUE"}
    assert table_from_glue(answer) == made


def test_a_view_is_no_table():
    with pytest.raises(TableError, match="expected a table, found a view"):
        table_from_glue({"Name": "v", "TableType": "VIRTUAL_VIEW"})


def test_a_table_comment_may_stand_among_the_properties():
    columns = (Column("a", "int"),)
    told = Table("d", "t", columns, location="s3://bucket/t/", description="Ours")
    assert Table("d", "t", columns, location="s3://bucket/t/", parameters={"comment": "Ours"}) == told
    assert table_input(told)["Parameters"]["comment"] == "Ours"
    assert table_from_glue({**table_input(told), "Description": "The console's"}, database="d") == told


GLUE_ICEBERG = {
    "Name": "t",
    "DatabaseName": "d",
    "Parameters": {"table_type": "ICEBERG", "metadata_location": "s3://bucket/t/metadata/1.json", "write.x": "y"},
    "StorageDescriptor": {
        "Location": "s3://bucket/t",
        "Columns": [
            {"Name": "at", "Type": "timestamp", "Parameters": {"iceberg.field.current": "true"}},
            {"Name": "id", "Type": "bigint"},
            {"Name": "gone", "Type": "string", "Parameters": {"iceberg.field.current": "false"}},
        ],
    },
}


def test_an_iceberg_table_is_read_with_its_metadata():
    metadata = {
        "current-schema-id": 1,
        "schemas": [
            {"schema-id": 0, "fields": []},
            {"schema-id": 1, "fields": [{"id": 1, "name": "At"}, {"id": 2, "name": "id"}]},
        ],
        "default-spec-id": 3,
        "partition-specs": [
            {"spec-id": 0, "fields": []},
            {
                "spec-id": 3,
                "fields": [
                    {"source-id": 1, "transform": "day"},
                    {"source-id": 2, "transform": "void"},
                    {"source-id": 2, "transform": "bucket[16]"},
                ],
            },
        ],
        "properties": {
            "write.format.default": "orc",
            "write.parquet.compression-codec": "zstd",
            "vacuum_min_snapshots_to_keep": "3",
            "write.object-storage.enabled": "true",
        },
    }
    assert iceberg_metadata_location(GLUE_ICEBERG) == "s3://bucket/t/metadata/1.json"
    found = table_from_glue(GLUE_ICEBERG, iceberg_metadata=metadata)
    assert [column.name for column in found.columns] == ["at", "id"]
    assert [str(transform) for transform in found.partitioning] == ["day(at)", "bucket(16, id)"]
    assert found.parameters == {"table_type": "ICEBERG", "format": "orc", "vacuum_min_snapshots_to_keep": "3"}
    assert table_from_glue(GLUE_ICEBERG).parameters == {"table_type": "ICEBERG", "format": "parquet"}
    assert iceberg_metadata_location(table_input(table())) == ""
