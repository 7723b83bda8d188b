"""Tables of each format and SerDe: what a query shows of the files that producers write."""

import bz2
import gzip
import io
import json
import struct
from datetime import UTC, date, datetime
from decimal import Decimal

import fastavro
import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest

CSV = "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'"
JSON = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"


@pytest.fixture(scope="module")
def lake(athena):
    athena.run("CREATE DATABASE formats")
    return athena


def table(lake, name, columns, layout, contents, *, properties="", suffix=""):
    """Make a table over objects of these contents; gives its qualified name."""
    for number, content in enumerate(contents):
        lake.put(f"formats/{name}/{number}{suffix}", content)
    tail = f" TBLPROPERTIES ({properties})" if properties else ""
    lake.run(f"CREATE EXTERNAL TABLE formats.{name} ({columns}) {layout} LOCATION 's3://lake/formats/{name}/'{tail}")
    return f"formats.{name}"


class TestDelimited:
    def test_fields_are_split_and_typed(self, lake):
        lines = (
            "id|name|score|ok|day|at|money\n"
            "1|ann|1.5|true|2024-01-02|2024-01-02 03:04:05.678|1.005\r\n"
            "x||\\N|maybe|2024-13-01|nope|12345678901\n"
            "3\n"
        )
        name = table(
            lake,
            "delimited",
            "id int, name string, score double, ok boolean, day date, at timestamp, money decimal(10,2)",
            "ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' STORED AS TEXTFILE",
            [lines],
            properties="'skip.header.line.count'='1'",
        )
        assert lake.rows(f"SELECT * FROM {name}") == [
            ("1", "ann", "1.5", "true", "2024-01-02", "2024-01-02 03:04:05.678", "1.01"),
            (None, "", None, None, None, None, None),
            ("3", None, None, None, None, None, None),
        ]

    def test_nested_values_have_a_separator_for_each_level(self, lake):
        name = table(
            lake,
            "delimited_nested",
            "a array<int>, m map<string,int>, s struct<x:int,y:array<string>>",
            "ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' COLLECTION ITEMS TERMINATED BY ';' MAP KEYS TERMINATED BY ':'",
            ["1;2;\\N,k:1;l:2,7;p:q\n,,\n\\N,\\N,\\N\n"],
        )
        assert lake.rows(f"SELECT * FROM {name}") == [
            ("[1, 2, null]", "{k=1, l=2}", "{x=7, y=[p, q]}"),
            ("[]", "{}", "{x=null, y=null}"),
            (None, None, None),
        ]

    def test_escapes_and_null_markers(self, lake):
        name = table(
            lake,
            "delimited_escaped",
            "a string, b string",
            "ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' ESCAPED BY '\\\\' NULL DEFINED AS ''",
            ["a\\,b,\\\\c\n,x\n"],
        )
        assert lake.rows(f"SELECT * FROM {name}") == [("a,b", "\\c"), (None, "x")]

    def test_the_separator_is_control_a_unless_said(self, lake):
        name = table(lake, "delimited_default", "a int, b string", "", ["1\x01x\x01more\n"])
        assert lake.rows(f"SELECT * FROM {name}") == [("1", "x")]


class TestCsv:
    def test_quotes_escapes_and_missing_fields(self, lake):
        lines = 'a,b,c\n"x, ""y""",plain,3\n"C:\\\\dir",\'q\',4\nonly\n'
        name = table(lake, "csv", "a string, b string, c int", CSV, [lines], properties="'skip.header.line.count'='1'")
        assert lake.rows(f"SELECT * FROM {name}") == [
            ('x, "y"', "plain", "3"),
            ("C:\\dir", "'q'", "4"),
            ("only", None, None),
        ]

    def test_other_characters(self, lake):
        layout = CSV + " WITH SERDEPROPERTIES ('separatorChar'='\\t', 'quoteChar'='`', 'escapeChar'='\\\\')"
        name = table(lake, "csv_tabs", "a string, b string", layout, ['`x\ty`\t"z"\n'])
        assert lake.rows(f"SELECT * FROM {name}") == [("x\ty", '"z"')]

    def test_numbers_dates_and_times(self, lake):
        name = table(
            lake,
            "csv_typed",
            "a bigint, b double, c boolean, d date, e timestamp",
            CSV,
            ['"1","2.5","TRUE","19724","1704164645678"\n'],
        )
        assert lake.rows(f"SELECT * FROM {name}") == [("1", "2.5", "true", "2024-01-02", "2024-01-02 03:04:05.678")]

    def test_what_is_no_number_fails_the_query_that_reads_it(self, lake):
        name = table(lake, "csv_bad", "a string, b int", CSV, ['"x",""\n'])
        assert lake.rows(f"SELECT a FROM {name}") == [("x",)]
        assert lake.reason(f"SELECT b FROM {name}").startswith(
            "HIVE_BAD_DATA: Error parsing field value '' for field 1: For input string: \"\""
        )


class TestRegex:
    def test_groups_are_columns_and_other_lines_rows_of_null(self, lake):
        layout = (
            "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' "
            "WITH SERDEPROPERTIES ('input.regex'='^(\\\\S+) \\\\[(?<at>[^\\\\]]*)\\\\] (\\\\d+)?.*$')"
        )
        name = table(lake, "regex", "host string, at string, status int", layout, ["h [t] 200 x\nnothing\nh [t] y\n"])
        assert lake.rows(f"SELECT * FROM {name}") == [("h", "t", "200"), (None, None, None), ("h", "t", None)]

    @pytest.mark.parametrize(
        ("columns", "row"), [("a string", ("a",)), ("a string, b string, c string", ("a", "b", None))]
    )
    def test_groups_too_many_are_read_over_and_columns_too_many_null(self, lake, columns, row):
        layout = (
            "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' WITH SERDEPROPERTIES ('input.regex'='(a)(b)')"
        )
        name = table(lake, f"regex_{len(row)}", columns, layout, ["ab\n"])
        assert lake.rows(f"SELECT * FROM {name}") == [row]


class TestCloudTrail:
    def test_each_record_of_a_log_is_a_row(self, lake):
        layout = (
            "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' STORED AS "
            "INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat' "
            "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'"
        )
        log = '{"Records": [{"eventName": "A",\n "requestParameters": {"a":[1.50]}}, {"eventName": "B"}]}'
        name = table(lake, "trail", "eventname string, requestparameters string", layout, [log, '{"Records":[]}'])
        assert lake.rows(f"SELECT * FROM {name} ORDER BY 1") == [("A", '{"a":[1.50]}'), ("B", None)]
        assert lake.rows(
            f"SELECT json_extract_scalar(requestparameters, '$.a[0]') FROM {name} WHERE eventname = 'A'"
        ) == [("1.50",)]

    def test_what_holds_no_records_is_bad_data(self, lake):
        layout = (
            "ROW FORMAT SERDE 'com.amazon.emr.hive.serde.CloudTrailSerde' STORED AS "
            "INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat' "
            "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'"
        )
        name = table(lake, "no_trail", "eventname string", layout, ['{"eventName": "A"}'])
        assert "no CloudTrail log" in lake.reason(f"SELECT * FROM {name}")
        assert (
            lake.reason(f"INSERT INTO {name} VALUES 'A'")
            == "NOT_SUPPORTED: INSERT INTO does not write CloudTrail's logs"
        )


def orc(**columns):
    buffer = io.BytesIO()
    pa.orc.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


class TestOrc:
    def test_columns_are_found_by_position(self, lake):
        name = table(
            lake,
            "orc",
            "a bigint, b string, c int",
            "STORED AS ORC",
            [orc(_col0=pa.array([1], pa.int32()), _col1=["x"])],
        )
        assert lake.rows(f"SELECT * FROM {name}") == [("1", "x", None)]

    def test_columns_are_found_by_name_where_the_table_says_so(self, lake):
        layout = (
            "ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' "
            "WITH SERDEPROPERTIES ('orc.column.index.access'='false') STORED AS ORC"
        )
        name = table(lake, "orc_names", "a string, b int", layout, [orc(B=pa.array([2], pa.int32()), A=["x"])])
        assert lake.rows(f"SELECT * FROM {name}") == [("x", "2")]

    def test_nested_values_and_times(self, lake):
        at = datetime(2024, 1, 2, 3, 4, 5, 678_000)
        content = orc(
            at=pa.array([at], pa.timestamp("ns")),
            s=pa.array([{"x": 1, "l": ["p"]}]),
            m=pa.array([[("k", 1.5)]], pa.map_(pa.string(), pa.float64())),
            d=pa.array([Decimal("1.50")], pa.decimal128(10, 2)),
        )
        columns = "at timestamp, s struct<x:bigint,l:array<string>>, m map<string,double>, d decimal(10,2)"
        name = table(lake, "orc_nested", columns, "STORED AS ORC", [content])
        assert lake.rows(f"SELECT * FROM {name}") == [("2024-01-02 03:04:05.678", "{x=1, l=[p]}", "{k=1.5}", "1.50")]

    def test_times_beyond_64_bits_of_nanoseconds(self, lake):
        first, last = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_000)
        content = orc(
            at=pa.array([first, last, None], pa.timestamp("ms")),
            l=pa.array([[last], None, []], pa.list_(pa.timestamp("ms"))),
            s=pa.array(
                [{"m": [("k", first)], "n": "x"}, None, {"m": None, "n": None}],
                pa.struct({"m": pa.map_(pa.string(), pa.timestamp("ms")), "n": pa.string()}),
            ),
        )
        columns = "at timestamp, l array<timestamp>, s struct<m:map<string,timestamp>,n:string>"
        name = table(lake, "orc_times", columns, "STORED AS ORC", [content])
        assert lake.rows(f"SELECT * FROM {name}") == [
            ("0001-01-01 00:00:00.000", "[9999-12-31 23:59:59.999]", "{m={k=0001-01-01 00:00:00.000}, n=x}"),
            ("9999-12-31 23:59:59.999", None, None),
            (None, "[]", "{m=null, n=null}"),
        ]

    def test_days_and_times_of_years_that_python_lacks(self, lake):
        days = pa.array([-719_528, 2_932_897, None], pa.int32()).cast(pa.date32())
        content = orc(
            at=pa.array([-62_135_596_800_001, 0, None], pa.int64()).cast(pa.timestamp("ms")),
            d=days,
            s=pa.array([{"d": day} for day in days], pa.struct({"d": pa.date32()})),
        )
        name = table(lake, "orc_days", "at timestamp, d date, s struct<d:date>", "STORED AS ORC", [content])
        assert lake.rows(f"SELECT d, json_format(CAST(s AS JSON)), year(at) FROM {name}") == [
            ("0000-01-01", '{"d":"0000-01-01"}', "0"),
            ("+10000-01-01", '{"d":"10000-01-01"}', "1970"),
            (None, '{"d":null}', None),
        ]

    def test_other_types_and_other_files_are_bad_data(self, lake):
        name = table(lake, "orc_typed", "a int", "STORED AS ORC", [orc(a=["x"])])
        assert lake.reason(f"SELECT a FROM {name}").startswith(
            "HIVE_BAD_DATA: Malformed ORC file. Cannot read SQL type 'integer' from ORC stream '.a' of type STRING"
        )
        name = table(lake, "orc_bad", "a int", "STORED AS ORC", ["ORC? no"])
        assert lake.reason(f"SELECT a FROM {name}").startswith("HIVE_BAD_DATA: Malformed ORC file.")


AVRO_SCHEMA = {
    "type": "record",
    "name": "event",
    "fields": [
        {"name": "Id", "type": "long"},
        {"name": "name", "type": ["null", "string"]},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "money", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}},
        {"name": "tags", "type": {"type": "map", "values": "int"}},
        {"name": "inner", "type": {"type": "record", "name": "i", "fields": [{"name": "x", "type": "double"}]}},
    ],
}
EVENT = {
    "Id": 1,
    "name": None,
    "at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
    "day": date(2024, 1, 2),
    "money": Decimal("1.50"),
    "tags": {"k": 1},
    "inner": {"x": 0.5},
}


def avro(schema, records, codec="null"):
    buffer = io.BytesIO()
    fastavro.writer(buffer, schema, records, codec=codec)
    return buffer.getvalue()


class TestAvro:
    columns = "id bigint, name string, at timestamp, day date, money decimal(10,2), tags map<string,int>, inner struct<x:double>"

    @pytest.mark.parametrize("codec", ["null", "deflate", "bzip2"])
    def test_records_are_read_by_name(self, lake, codec):
        columns = self.columns.replace("inner", "`inner`")
        name = table(lake, f"avro_{codec}", columns, "STORED AS AVRO", [avro(AVRO_SCHEMA, [EVENT], codec)])
        assert lake.rows(f"SELECT * FROM {name}") == [
            ("1", None, "2024-01-02 03:04:05.000", "2024-01-02", "1.50", "{k=1}", "{x=0.5}")
        ]

    @pytest.mark.parametrize(
        ("codec", "compress"),
        [
            ("snappy", lambda block: pa.Codec("snappy").compress(block, asbytes=True) + b"\0\0\0\0"),
            ("zstandard", lambda block: pa.Codec("zstd").compress(block, asbytes=True)),
        ],
    )
    def test_compressed_blocks_are_read(self, lake, codec, compress):
        plain = avro({"type": "record", "name": "r", "fields": [{"name": "a", "type": "string"}]}, [{"a": "x" * 100}])
        # The file without compression, with another codec in its header, and its block compressed.
        at = plain.index(b"x" * 100) - 2
        block = compress(plain[at:-16])
        header = plain[: at - 3].replace(b"\x08null", bytes([len(codec) << 1]) + codec.encode())
        content = header + b"\x02" + bytes([len(block) << 1]) + block + plain[-16:]
        name = table(lake, f"avro_{codec}", "a string", "STORED AS AVRO", [content])
        assert lake.rows(f"SELECT a FROM {name}") == [("x" * 100,)]

    def test_the_tables_own_schema_gives_defaults(self, lake):
        wanted = {
            "type": "record",
            "name": "event",
            "fields": [{"name": "Id", "type": "long"}, {"name": "new", "type": "string", "default": "?"}],
        }
        layout = (
            "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.avro.AvroSerDe' "
            f"WITH SERDEPROPERTIES ('avro.schema.literal'='{json.dumps(wanted)}') STORED AS AVRO"
        )
        name = table(lake, "avro_literal", "id bigint, `new` string", layout, [avro(AVRO_SCHEMA, [EVENT])])
        assert lake.rows(f"SELECT * FROM {name}") == [("1", "?")]

    def test_other_types_and_other_files_are_bad_data(self, lake):
        name = table(
            lake, "avro_typed", "id int, name int", "STORED AS AVRO", [avro(AVRO_SCHEMA, [{**EVENT, "name": "x"}])]
        )
        assert lake.rows(f"SELECT id FROM {name}") == [("1",)]
        assert lake.reason(f"SELECT name FROM {name}").startswith("HIVE_BAD_DATA: Error parsing column 'name'")
        name = table(lake, "avro_bad", "a int", "STORED AS AVRO", ["Obj? no"])
        assert lake.reason(f"SELECT a FROM {name}").startswith(
            "HIVE_BAD_DATA: Not valid Avro file: s3://lake/formats/avro_bad/0"
        )


class TestIon:
    def test_ion_and_json_are_read(self, lake):
        pytest.importorskip("amazon.ion")
        text = """{ID: 1, at: 2024-01-02T03:04:05Z, d: 1.5, l: ["x", "y"], s: {a: null.int, b: sym}}
        {"id": 2,
         "at": null}"""
        columns = "id int, at timestamp, d decimal(5,2), l array<string>, s struct<a:int,b:string>"
        name = table(lake, "ion", columns, "STORED AS ION", [text])
        assert lake.rows(f"SELECT * FROM {name} ORDER BY id") == [
            ("1", "2024-01-02 03:04:05.000", "1.50", "[x, y]", "{a=null, b=sym}"),
            ("2", None, None, None, None),
        ]

    def test_paths_lead_to_columns(self, lake):
        pytest.importorskip("amazon.ion")
        layout = (
            "ROW FORMAT SERDE 'com.amazon.ionhiveserde.IonHiveSerDe' "
            "WITH SERDEPROPERTIES ('ion.code.path_extractor'='(outer codes 1)') STORED AS ION"
        )
        name = table(lake, "ion_paths", "code int", layout, ["{outer: {codes: [7, 8]}}"])
        assert lake.rows(f"SELECT code FROM {name}") == [("8",)]


def test_a_serde_that_is_not_read_is_refused_by_name(lake):
    serde = "com.amazonaws.glue.serde.GrokSerDe"
    layout = f"ROW FORMAT SERDE '{serde}' WITH SERDEPROPERTIES ('input.format'='%{{WORD:a}}')"
    name = table(lake, "grok", "a string", layout, ["x\n"])
    assert lake.reason(f"SELECT * FROM {name}") == (
        f"HIVE_UNSUPPORTED_FORMAT: the local Athena does not read tables of the SerDe {serde}"
    )


def hadoop(codec, content):
    """Hadoop's framing: blocks of a length, each of chunks of a compressed length."""
    middle = len(content) // 2
    framed = b""
    for block in (content[:middle], content[middle:]):
        compressed = pa.Codec(codec).compress(block, asbytes=True)
        framed += struct.pack(">II", len(block), len(compressed)) + compressed
    return framed


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [
        (".gz", gzip.compress),
        (".bz2", bz2.compress),
        (".zst", lambda content: pa.Codec("zstd").compress(content, asbytes=True)),
        (".lz4", lambda content: hadoop("lz4_raw", content)),
        (".frame.lz4", lambda content: pa.Codec("lz4").compress(content, asbytes=True)),
        (".snappy", lambda content: hadoop("snappy", content)),
    ],
)
def test_compressed_text_is_read_by_its_suffix(lake, suffix, compress):
    content = b"".join(json.dumps({"n": number}).encode() + b"\n" for number in range(100))
    name = table(
        lake, "compressed" + suffix.replace(".", "_"), "n int", JSON, [compress(content)], suffix=".json" + suffix
    )
    assert lake.rows(f"SELECT count(*), sum(n) FROM {name}") == [("100", "4950")]


def test_what_is_not_what_its_suffix_says_fails_the_query(lake):
    name = table(lake, "notgz", "n int", JSON, ["{}"], suffix=".json.gz")
    assert lake.reason(f"SELECT * FROM {name}").startswith(
        "HIVE_CURSOR_ERROR: formats/notgz/0.json.gz can't be decompressed"
    )


def test_a_file_that_is_damaged_inside_fails_the_query_with_words_about_it(lake):
    content = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"a": [f"text {number}" for number in range(1000)]}), content)
    damaged = bytearray(content.getvalue())
    damaged[60:2000] = b"\xff" * 1940
    name = table(lake, "damaged", "a string", "STORED AS PARQUET", [bytes(damaged)])
    reason = lake.reason(f"SELECT count(DISTINCT a) FROM {name}")
    assert reason.startswith("HIVE_BAD_DATA: Malformed file: ")
    assert "/objects/" not in reason
    schema = {"type": "record", "name": "r", "fields": [{"name": "a", "type": "string"}]}
    damaged = bytearray(avro(schema, [{"a": "text" * 100}], "deflate"))
    damaged[-24:-16] = b"\xff" * 8
    name = table(lake, "damaged_avro", "a string", "STORED AS AVRO", [bytes(damaged)])
    assert lake.reason(f"SELECT * FROM {name}").startswith("HIVE_BAD_DATA: Not valid Avro file: s3://lake/")


def test_hidden_and_empty_objects_are_passed_over(lake):
    for key in ("a.json", "_hidden.json", ".hidden.json", "_temporary/b.json", "deep/er/c.json", "x/_d.json"):
        lake.put(f"formats/hidden/{key}", '{"n": 1}')
    lake.put("formats/hidden/empty.json", "")
    lake.put("formats/hidden/folder_$folder$", "no json")
    name = table(lake, "hidden", "n int", JSON, [])
    assert lake.value(f"SELECT count(n) FROM {name}") == "2"


class TestPartitionsOfTheirOwn:
    def make(self, lake, name, columns, layout=JSON):
        lake.run(
            f"CREATE EXTERNAL TABLE formats.{name} ({columns}) PARTITIONED BY (dt string) {layout} "
            f"LOCATION 's3://lake/formats/{name}/'"
        )
        return f"formats.{name}"

    def test_old_partitions_are_read_with_their_types(self, lake):
        name = self.make(lake, "widened", "n int, s string")
        lake.put("formats/widened/dt=1/a.json", '{"n": 1, "s": "x"}')
        lake.run(f"MSCK REPAIR TABLE {name}")
        lake.run(f"ALTER TABLE {name} REPLACE COLUMNS (n bigint, s string, added string)")
        lake.put("formats/widened/dt=2/a.json", '{"n": 3000000000, "s": "y", "added": "z"}')
        lake.run(f"MSCK REPAIR TABLE {name}")
        assert lake.rows(f"SELECT n, s, added, dt FROM {name} ORDER BY dt") == [
            ("1", "x", None, "1"),
            ("3000000000", "y", "z", "2"),
        ]

    def test_types_that_do_not_go_together_are_a_mismatch(self, lake):
        name = self.make(lake, "mismatched", "n int, s string")
        lake.put("formats/mismatched/dt=1/a.json", '{"n": 1, "s": "x"}')
        lake.run(f"MSCK REPAIR TABLE {name}")
        lake.run(f"ALTER TABLE {name} REPLACE COLUMNS (n boolean, s string)")
        assert lake.reason(f"SELECT * FROM {name}") == (
            "HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas. The types are "
            "incompatible and cannot be coerced. The column 'n' in table 'formats.mismatched' is declared as type 'boolean', "
            "but partition 'dt=1' declared column 'n' as type 'int'."
        )
        lake.run(f"ALTER TABLE {name} DROP PARTITION (dt='1')")
        assert lake.rows(f"SELECT * FROM {name}") == []

    def test_a_partition_may_have_another_serde(self, lake):
        name = self.make(lake, "mixed", "n int")
        lake.put("formats/mixed/dt=1/a.json", '{"n": 1}')
        lake.put("formats/mixed/dt=2/a.csv", '"2"\n')
        lake.run(f"MSCK REPAIR TABLE {name}")
        partition = lake.glue.get_partition(DatabaseName="formats", TableName="mixed", PartitionValues=["2"])[
            "Partition"
        ]
        descriptor = partition["StorageDescriptor"]
        descriptor["SerdeInfo"] = {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde"}
        lake.glue.update_partition(
            DatabaseName="formats",
            TableName="mixed",
            PartitionValueList=["2"],
            PartitionInput={"Values": ["2"], "StorageDescriptor": descriptor},
        )
        assert lake.rows(f"SELECT n, dt FROM {name} ORDER BY n") == [("1", "1"), ("2", "2")]

    def test_partitions_show_themselves(self, lake):
        name = self.make(lake, "shown_partitions", "n int")
        for day in ("2024-01-01", "2024-01-02"):
            lake.run(f"ALTER TABLE {name} ADD PARTITION (dt='{day}')")
        assert lake.rows('SELECT max(dt) FROM formats."shown_partitions$partitions"') == [("2024-01-02",)]


def test_parquet_structs_are_read_by_name(lake):
    buffer = io.BytesIO()
    pa.parquet.write_table(pa.table({"s": [{"B": 1, "a": "x"}], "l": [[{"p": 1, "gone": 2}]]}), buffer)
    columns = "s struct<a:string,b:bigint,c:int>, l array<struct<p:bigint,`new`:string>>"
    name = table(lake, "parquet_structs", columns, "STORED AS PARQUET", [buffer.getvalue()])
    assert lake.rows(f"SELECT * FROM {name}") == [("{a=x, b=1, c=null}", "[{p=1, new=null}]")]


def test_hive_json_reads_times_by_the_tables_formats(lake):
    layout = (
        "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' "
        "WITH SERDEPROPERTIES ('timestamp.formats'='yyyy-MM-dd\\'T\\'HH:mm:ss.SSSZ,dd/MM/yyyy HH:mm,millis')"
    )
    lines = "\n".join(
        json.dumps({"at": at}) for at in ("2024-01-02T03:04:05.678+0100", "02/01/2024 03:04", 1704164645678)
    )
    name = table(lake, "hive_times", "at timestamp", layout, [lines])
    assert [value for (value,) in lake.rows(f"SELECT at FROM {name} ORDER BY 1")] == [
        "2024-01-02 02:04:05.678",
        "2024-01-02 03:04:00.000",
        "2024-01-02 03:04:05.678",
    ]

    name = table(lake, "hive_times_bad", "at timestamp", layout.replace("dd/MM/yyyy", "G"), ['{"at": "x"}'])
    assert "can't read the part G" in lake.reason(f"SELECT at FROM {name}")


def test_the_page_of_formats_tells_of_each(request):
    from toolkit.local.athena.formats import Format

    page = (request.config.rootpath / "docs/local-athena-tables.md").read_text()
    names = {"OpenX JSON": "JSON, OpenX", "Hive JSON": "JSON, Hive", "delimited text": "Delimited text"}
    assert [
        each.value for each in Format if names.get(each.value, each.value) not in page and each.value != "other"
    ] == []


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("TEXTFILE", "0.1\x0116777216\x011.0E10\x011.0E-5\x010.1\x02NaN\n"),
        ("JSON", '{"r":0.1,"i":16777216,"d":1.0E10,"e":1.0E-5,"a":[0.1,"NaN"]}\n'),
    ],
)
def test_numbers_are_written_as_java_writes_them(athena, kind, line):
    athena.run(
        "UNLOAD (SELECT REAL '0.1' AS r, 16777216 AS i, DOUBLE '1e10' AS d, 1E-5 AS e, ARRAY[REAL '0.1', REAL 'NaN'] AS a) "
        f"TO 's3://lake/numbers/{kind}/' WITH (format = '{kind}', compression = 'NONE')"
    )
    [found] = athena.s3.list_objects_v2(Bucket="lake", Prefix=f"numbers/{kind}/")["Contents"]
    assert athena.s3.get_object(Bucket="lake", Key=found["Key"])["Body"].read().decode() == line
