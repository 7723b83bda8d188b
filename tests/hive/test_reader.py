"""DDL text is read back into tables."""

import pytest

from toolkit.errors import TableError
from toolkit.hive import Column, Serde, Table, create_table_sql, parse_create_table, table_from_glue, table_input

# As Athena's SHOW CREATE TABLE prints it, with the blanks at the ends of its lines.
SHOWN = """CREATE EXTERNAL TABLE `shop.orders`(
  `id` bigint COMMENT 'from deserializer',\x20
  `address` struct<street:string,number:int> COMMENT 'Where it\\'s sent')
PARTITIONED BY (\x20
  `day` string)
ROW FORMAT SERDE\x20
  'org.openx.data.jsonserde.JsonSerDe'\x20
WITH SERDEPROPERTIES (\x20
  'mapping.id'='Id')\x20
STORED AS INPUTFORMAT\x20
  'org.apache.hadoop.mapred.TextInputFormat'\x20
OUTPUTFORMAT\x20
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  's3://bucket/orders'
TBLPROPERTIES (
  'classification'='json',\x20
  'transient_lastDdlTime'='1700000000')
"""


def test_what_show_create_table_prints_reads_back():
    assert parse_create_table(SHOWN) == Table(
        database="shop",
        name="orders",
        columns=(
            Column("id", "bigint"),
            Column("address", "struct<street:string,number:int>", "Where it's sent"),
        ),
        partition_keys=(Column("day", "string"),),
        serde=Serde(
            "org.openx.data.jsonserde.JsonSerDe",
            "org.apache.hadoop.mapred.TextInputFormat",
            "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            {"mapping.id": "Id"},
        ),
        location="s3://bucket/orders/",
        parameters={"classification": "json"},
    )


# From AWS's guide to the logs of a load balancer: no final slash in the template, double quotes, a property of Hive's own.
BY_AWS = """CREATE EXTERNAL TABLE IF NOT EXISTS alb_access_logs (
            type string,
            request_processing_time double)
            PARTITIONED BY
            (
             day STRING
            )
            ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
            WITH SERDEPROPERTIES (
            'serialization.format' = '1',
            'input.regex' =
        '([^ ]*) ([^ ]*):([0-9]*) \\"([^ ]*) (.*) (- |[^ ]*)\\" ?([^ ]*)?( .*)?')
            LOCATION 's3://amzn-s3-demo-bucket/access-log-folder-path/'
            TBLPROPERTIES
            (
             "projection.enabled" = "true",
             "projection.day.type" = "date",
             "projection.day.range" = "2022/01/01,NOW",
             "projection.day.format" = "yyyy/MM/dd",
             "projection.day.interval" = "1",
             "projection.day.interval.unit" = "DAYS",
             "storage.location.template" = "s3://amzn-s3-demo-bucket/access-log-folder-path/${day}"
            )"""


def test_what_a_statement_of_others_makes_is_what_glue_says():
    table = parse_create_table(BY_AWS)
    assert table.serde.properties == {
        "input.regex": '([^ ]*) ([^ ]*):([0-9]*) "([^ ]*) (.*) (- |[^ ]*)" ?([^ ]*)?( .*)?'
    }
    assert parse_create_table(create_table_sql(table)) == table
    assert table_from_glue(table_input(table), database="default") == table


@pytest.mark.parametrize("said", ["", ", 'format'='PARQUET'", ", 'write_compression'='ZSTD', 'format'='parquet'"])
def test_what_holds_by_itself_makes_no_other_iceberg_table(said):
    table = parse_create_table(
        f"CREATE TABLE d.t (id int) LOCATION 's3://bucket/t' TBLPROPERTIES ('table_type'='iceberg'{said})"
    )
    assert table.parameters == {"table_type": "ICEBERG", "format": "parquet"}


def test_people_write_comments_capitals_and_semicolons():
    table = parse_create_table(
        'create external table T -- ours\n(A INT, /* b */ b Array<String>)\nstored as PARQUET location "s3://bucket/t/";',
        database="d",
    )
    assert (table.database, table.name, [str(column.type) for column in table.columns]) == (
        "d",
        "t",
        ["int", "array<string>"],
    )
    assert table.serde.library.endswith("ParquetHiveSerDe")


def test_delimited_text_is_a_serde_with_properties():
    table = parse_create_table(
        "CREATE EXTERNAL TABLE t (a int) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LINES TERMINATED BY '\\n' LOCATION 's3://bucket/t/'"
    )
    assert table.serde.properties == {"field.delim": "\t", "serialization.format": "\t", "line.delim": "\n"}


@pytest.mark.parametrize(
    ("name", "serde"),
    [
        ("AVRO", "avro.AvroSerDe"),
        ("JSON", "hcatalog.data.JsonSerDe"),
        ("RCFILE", "LazyBinaryColumnarSerDe"),
        ("SequenceFile", "lazy.LazySimpleSerDe"),
    ],
)
def test_formats_that_we_do_not_make_read_back(name, serde):
    table = parse_create_table(
        f"CREATE EXTERNAL TABLE t (a double precision) STORED AS {name} LOCATION 's3://bucket/t/'"
    )
    assert table.serde.library.endswith(serde)
    assert str(table.columns[0].type) == "double"
    assert parse_create_table(create_table_sql(table)) == table


@pytest.mark.parametrize(
    ("ddl", "message"),
    [
        ("", "line 1, column 1: expected CREATE"),
        ("SELECT 1", "line 1, column 1: expected CREATE, found 'SELECT 1'"),
        ("CREATE EXTERNAL TABLE t (a int,) LOCATION 's3://bucket/t/'", "column 32: expected a name"),
        ("CREATE EXTERNAL TABLE t (\n  a real)", "line 2, column 9"),
        ("CREATE EXTERNAL TABLE t (a struct<b:int,>)", "expected a field name"),
        ("CREATE EXTERNAL TABLE t (a int) CLUSTERED BY (a) INTO 4 BUCKETS", "expected no buckets"),
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://bucket/t/' COMMENT 'x'", "fixed order"),
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://bucket/t/'; DROP TABLE t", "expected the end"),
        ("CREATE EXTERNAL TABLE t (a int) COMMENT 'it''s'", "expected the end"),
        ("CREATE EXTERNAL TABLE t (a int) STORED AS AVROX", "STORED AS"),
        ("CREATE EXTERNAL TABLE t (a int, A int)", "'a' appears twice"),
        ('CREATE EXTERNAL TABLE t ("a" int)', "expected a name"),
    ],
)
def test_a_faulty_statement_says_where(ddl, message):
    with pytest.raises(TableError) as caught:
        parse_create_table(ddl)
    assert message in str(caught.value)
