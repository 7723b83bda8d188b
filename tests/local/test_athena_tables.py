"""Parquet, partition projection, and queries that write."""

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError

from toolkit.local.athena.sql.view_text import laid_out

OPENX = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"


@pytest.fixture(scope="module")
def lake(athena):
    athena.run("CREATE DATABASE lake")
    return athena


def parquet(**columns):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_parquet_is_read_by_name_and_missing_columns_are_null(lake):
    lake.put("pq/1", parquet(B=pa.array(["x"]), a=pa.array([1], pa.int32())))
    lake.put("pq/2", parquet(a=pa.array([2], pa.int32()), c=pa.array([0.5])))
    lake.run("CREATE EXTERNAL TABLE lake.pq (a bigint, b string, d int) STORED AS PARQUET LOCATION 's3://lake/pq/'")
    assert lake.rows("SELECT * FROM lake.pq ORDER BY a") == [("1", "x", None), ("2", None, None)]


def test_parquet_counts_the_bytes_of_the_columns_that_are_read(lake):
    lake.put("wide/1", parquet(a=pa.array(range(1000)), b=pa.array(["x" * 50 + str(n) for n in range(1000)])))
    lake.run("CREATE EXTERNAL TABLE lake.wide (a bigint, b string) STORED AS PARQUET LOCATION 's3://lake/wide/'")
    scanned = []
    for column in ("a", "b"):
        lake.run(f"SELECT max({column}) FROM lake.wide")
        scanned.append(lake.execution["Statistics"]["DataScannedInBytes"])
    assert 0 < scanned[0] < scanned[1]


def test_parquet_of_another_type_is_bad_data(lake):
    lake.put("typed/1", parquet(a=pa.array(["x"])))
    lake.run("CREATE EXTERNAL TABLE lake.typed (a int) STORED AS PARQUET LOCATION 's3://lake/typed/'")
    assert lake.reason("SELECT a FROM lake.typed").startswith(
        "HIVE_BAD_DATA: Field a's type BINARY in parquet file s3://lake/typed/1"
    )


@pytest.mark.parametrize("form", ["PARQUET", "JSON"])
def test_a_column_that_only_using_names_is_read(lake, form):
    rows = [1, 2, 2, None]
    is_parquet = form == "PARQUET"
    body = parquet(k=pa.array(rows)) if is_parquet else "\n".join(json.dumps({"k": each}) for each in rows).encode()
    lake.put(f"using_{form}/1", body)
    layout = "STORED AS PARQUET" if is_parquet else OPENX
    lake.run(f"CREATE EXTERNAL TABLE lake.using_{form} (k bigint) {layout} LOCATION 's3://lake/using_{form}/'")
    query = f"SELECT count(*) FROM lake.using_{form} JOIN lake.using_{form} b USING (K)"
    assert lake.rows(query.replace(" JOIN", " a JOIN")) == [("5",)]


@pytest.mark.parametrize("form", ["PARQUET", "JSON"])
def test_the_size_and_the_time_of_a_rows_file_are_columns(lake, form):
    is_parquet = form == "PARQUET"
    bodies = [
        parquet(k=pa.array([1, 2])) if is_parquet else b'{"k":1}\n{"k":2}',
        parquet(k=pa.array([3])) if is_parquet else b'{"k":3}',
    ]
    for number, body in enumerate(bodies):
        lake.put(f"facts_{form}/d={number}/{number}", body)
    layout = "STORED AS PARQUET" if is_parquet else OPENX
    location = f"s3://lake/facts_{form}/"
    lake.run(
        f"CREATE EXTERNAL TABLE lake.facts_{form} (k bigint) PARTITIONED BY (d int) {layout} LOCATION '{location}'"
    )
    query = f'SELECT k, "$file_size", "$path" FROM lake.facts_{form} ORDER BY k'
    assert lake.rows(query) == []
    lake.run(f"MSCK REPAIR TABLE lake.facts_{form}")
    sizes = [str(len(body)) for body in bodies]
    paths = [f"{location}d={number}/{number}" for number in range(2)]
    assert lake.rows(query) == [("1", sizes[0], paths[0]), ("2", sizes[0], paths[0]), ("3", sizes[1], paths[1])]
    recent = "count_if(\"$file_modified_time\" BETWEEN now() - INTERVAL '1' HOUR AND now())"
    typed = 'min(typeof("$file_modified_time"))'
    assert lake.rows(f"SELECT {recent}, {typed} FROM lake.facts_{form}") == [("3", "timestamp(3) with time zone")]
    assert [len(row) for row in lake.rows(f"SELECT * FROM lake.facts_{form}")] == [2, 2, 2]


def test_what_is_no_parquet_is_bad_data(lake):
    lake.put("broken/1", b"PAR1 not really")
    lake.run("CREATE EXTERNAL TABLE lake.broken (a int) STORED AS PARQUET LOCATION 's3://lake/broken/'")
    assert lake.reason("SELECT a FROM lake.broken") == "HIVE_BAD_DATA: Not valid Parquet file: s3://lake/broken/1"


def projected(lake, name, keys, properties, *, columns="n int"):
    listed = ", ".join(f"'{key}'='{value}'" for key, value in properties.items())
    lake.run(
        f"CREATE EXTERNAL TABLE lake.{name} ({columns}) PARTITIONED BY ({keys}) {OPENX} LOCATION 's3://lake/{name}/'"
        f" TBLPROPERTIES ('projection.enabled'='true', {listed})"
    )


def test_dates_are_projected_by_range_format_and_template(lake):
    for day in ("2024/01/30", "2024/01/31", "2024/02/01", "2024/02/02"):
        lake.put(f"bydate/{day}/a.json", json.dumps({"n": int(day[-2:])}))
    projected(
        lake,
        "bydate",
        "dt string",
        {
            "projection.dt.type": "date",
            "projection.dt.range": "2024/01/31,2024/02/01",
            "projection.dt.format": "yyyy/MM/dd",
            "storage.location.template": "s3://lake/bydate/${dt}/",
        },
    )
    assert lake.rows("SELECT dt, n FROM lake.bydate ORDER BY dt") == [("2024/01/31", "31"), ("2024/02/01", "1")]
    assert lake.rows("SELECT n FROM lake.bydate WHERE dt = '2024/02/01'") == [("1",)]
    assert lake.execution["Statistics"]["DataScannedInBytes"] == len('{"n": 1}')
    assert lake.rows("SELECT n FROM lake.bydate WHERE dt > '2024/02/01'") == []


def test_enums_and_integers_are_projected_into_hives_layout(lake):
    for kind, hour in (("a", "00"), ("a", "01"), ("b", "01")):
        lake.put(f"byenum/kind={kind}/h={hour}/x.json", json.dumps({"n": int(hour)}))
    projected(
        lake,
        "byenum",
        "kind string, h string",
        {
            "projection.kind.type": "enum",
            "projection.kind.values": "a,b",
            "projection.h.type": "integer",
            "projection.h.range": "0,23",
            "projection.h.digits": "2",
        },
    )
    assert lake.rows("SELECT kind, h FROM lake.byenum ORDER BY 1, 2") == [("a", "00"), ("a", "01"), ("b", "01")]
    assert lake.rows("SELECT n FROM lake.byenum WHERE kind IN ('b') AND h = '01'") == [("1",)]


def test_of_millions_of_partitions_those_with_objects_are_read(lake):
    for minute in ("2020/12/31/23/59", "2021/01/01/00/00", "2024/02/29/12/30", "2024/02/29/12/31x"):
        for kind in ("a", "a.b", "c"):
            lake.put(f"minutes/{kind}-{minute}/x.json", json.dumps({"n": int(minute[-2:].strip("x"))}))
    projected(
        lake,
        "minutes",
        "kind string, at string, n2 int",
        {
            "projection.kind.type": "enum",
            "projection.kind.values": "a,a.b",
            "projection.at.type": "date",
            "projection.at.range": "2021/01/01/00/00,NOW",
            "projection.at.format": "yyyy/MM/dd/HH/mm",
            "projection.n2.type": "integer",
            "projection.n2.range": "-5,2024",
            "storage.location.template": "s3://lake/minutes/${kind}-${at}",
        },
    )
    assert lake.reason("SELECT n FROM lake.minutes").startswith(
        "INVALID_TABLE_PROPERTY: storage.location.template has no"
    )
    lake.run(
        "ALTER TABLE lake.minutes SET TBLPROPERTIES ('projection.n2.range'='2020,2024', "
        "'storage.location.template'='s3://lake/minutes/${kind}-${n2}${at}', 'projection.at.format'='/MM/dd/HH/mm', "
        "'projection.at.interval.unit'='minutes', 'projection.at.range'='/01/01/00/00,/12/31/23/59')"
    )
    expected = [("a", "/01/01/00/00", "2021", "0"), ("a", "/12/31/23/59", "2020", "59")]
    assert lake.rows("SELECT kind, at, n2, n FROM lake.minutes WHERE kind = 'a' ORDER BY 2") == expected
    assert lake.rows("SELECT count(*) FROM lake.minutes") == [("4",)]
    assert lake.rows("SELECT n FROM lake.minutes WHERE kind = 'a.b' AND n2 < 2021") == [("59",)]


def test_injected_keys_need_a_value_in_where(lake):
    lake.put("byid/id=u1/x.json", '{"n": 1}')
    projected(lake, "byid", "id string", {"projection.id.type": "injected"})
    assert lake.rows("SELECT id, n FROM lake.byid WHERE id = 'u1'") == [("u1", "1")]
    assert lake.reason("SELECT n FROM lake.byid").startswith(
        "CONSTRAINT_VIOLATION: For the injected projected partition"
    )


def test_a_key_without_projection_fails_the_query(lake):
    projected(lake, "missing", "a string, b string", {"projection.a.type": "enum", "projection.a.values": "x"})
    assert lake.reason("SELECT * FROM lake.missing").startswith("INVALID_TABLE_PROPERTY: projection.b.type")


@pytest.fixture(scope="module")
def source(lake):
    lines = [
        {"id": n, "name": f"n{n}", "tags": {"k": "v"}, "parts": [{"x": n}], "dt": f"2024-01-0{1 + n % 2}"}
        for n in range(4)
    ]
    lake.put("source/a.json", "\n".join(map(json.dumps, lines)))
    lake.run(
        "CREATE EXTERNAL TABLE lake.source (id int, name string, tags map<string,string>, parts array<struct<x:int>>,"
        f" dt string) {OPENX} LOCATION 's3://lake/source/'"
    )
    return lake


@pytest.mark.parametrize("kind", ["PARQUET", "JSON"])
def test_create_table_as_writes_what_can_be_read_back(source, kind):
    name = f"copy_{kind.lower()}"
    location = f"s3://lake/{name}/"
    source.run(
        f"CREATE TABLE lake.{name} WITH (format = '{kind}', external_location = '{location}', partitioned_by = ARRAY['dt'])"
        " AS SELECT id, name, tags, parts, dt FROM lake.source"
    )
    assert source.execution["StatementType"] == "DDL"
    assert source.execution["SubstatementType"] == "CREATE_TABLE_AS_SELECT"
    assert source.rows(f"SELECT * FROM lake.{name} ORDER BY id") == source.rows("SELECT * FROM lake.source ORDER BY id")
    assert source.rows(f"SHOW PARTITIONS lake.{name}") == [("dt=2024-01-01",), ("dt=2024-01-02",)]
    assert "HIVE_PATH_ALREADY_EXISTS" in source.reason(
        f"CREATE TABLE lake.other WITH (external_location = '{location}') AS SELECT 1 a"
    )


def test_insert_appends_and_checks_the_columns(source):
    source.run("CREATE TABLE lake.target WITH (format = 'PARQUET') AS SELECT id, name FROM lake.source WHERE id < 2")
    identifier = source.run("INSERT INTO lake.target (name, id) VALUES ('new', 9), (NULL, 10)")
    assert source.api.get_query_results(QueryExecutionId=identifier)["UpdateCount"] == 2
    assert source.rows("SELECT id, name FROM lake.target ORDER BY id")[-2:] == [("9", "new"), ("10", None)]
    assert source.reason("INSERT INTO lake.target VALUES (1)").startswith(
        "TYPE_MISMATCH: line 1:1: Insert query has 1 expression"
    )
    assert source.reason("INSERT INTO lake.target VALUES ('a', 'b')").startswith(
        "TYPE_MISMATCH: line 1:1: Insert query has mism"
    )
    assert source.reason("INSERT INTO lake.source SELECT * FROM lake.source").startswith("NOT_SUPPORTED")


def test_insert_casts_what_has_a_common_type(source):
    # What Trino 435 did with the same statements.
    source.run(
        "CREATE EXTERNAL TABLE lake.assigned (i int, f float, s varchar(3), d decimal(5,1), day date, b bigint)"
        " STORED AS PARQUET LOCATION 's3://lake/assigned/'"
    )
    source.run(
        "INSERT INTO lake.assigned VALUES (bigint '5', 1.2345, 'abc ', 1.25, timestamp '2024-01-01 10:00:00', 1.5)"
    )
    assert source.rows("SELECT * FROM lake.assigned") == [("5", "1.2345", "abc", "1.3", "2024-01-01", "2")]
    reasons = {
        "(i) VALUES (bigint '5000000000')": "Out of range for integer: 5000000000",
        "(s) VALUES ('abcd')": "INVALID_CAST_ARGUMENT: Cannot truncate non-space characters when casting from varchar(4) to "
        "varchar(3) on INSERT",
        "(s) VALUES (1)": "Insert query has mismatched column types: Table: [varchar(3)], Query: [integer]",
        "(b, b) VALUES (1, 2)": "DUPLICATE_COLUMN_NAME: line 1:1: Insert column name is specified more than once: b",
        "(b) VALUES (1), ('a')": "TYPE_MISMATCH: line 1:31: Values rows have mismatched types",
        "(b) VALUES ('1')": "Insert query has mismatched column types: Table: [bigint], Query: [varchar(1)]",
    }
    for rest, reason in reasons.items():
        assert reason in source.reason(f"INSERT INTO lake.assigned {rest}")


def test_unload_writes_files_and_a_manifest(source):
    query = "SELECT id, name FROM lake.source WHERE id < 2 ORDER BY id"
    source.run(f"UNLOAD ({query}) TO 's3://lake/out/' WITH (format = 'JSON', compression = 'NONE')")
    manifest = source.execution["Statistics"]["DataManifestLocation"].removeprefix("s3://lake/")
    [url] = source.s3.get_object(Bucket="lake", Key=manifest)["Body"].read().decode().split()
    content = source.s3.get_object(Bucket="lake", Key=url.removeprefix("s3://lake/"))["Body"].read()
    assert content == b'{"id":0,"name":"n0"}\n{"id":1,"name":"n1"}\n'


def test_views_keep_their_query_and_database(source):
    source.run("CREATE VIEW young AS SELECT id AS n FROM source WHERE id < 2", "lake")
    assert source.rows("SELECT n + 1 FROM lake.young ORDER BY 1") == [("1",), ("2",)]
    assert "View already exists" in source.reason("CREATE VIEW lake.young AS SELECT 1 x")
    source.run("CREATE OR REPLACE VIEW lake.young AS SELECT 'x' AS y")
    assert source.rows("SELECT * FROM lake.young") == [("x",)]
    assert source.rows("SHOW VIEWS IN lake") == [("young",)]
    assert "Cannot drop a view with DROP TABLE" in source.reason("DROP TABLE lake.young")
    assert source.rows('SHOW CREATE VIEW "lake"."young"')[0] == ("CREATE VIEW lake.young AS",)
    source.run('DROP VIEW "lake"."young"')
    assert source.rows("SHOW VIEWS IN lake") == []


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("select id from source", ["SELECT id", "FROM", "  source"]),
        ("SELECT 1 AS x", ["SELECT 1 AS x"]),
        (
            """SELECT DISTINCT id, -- the key
                count(*) AS n FROM source WHERE id IS DISTINCT FROM 7 AND f(1, (SELECT 2 FROM x))
                GROUP BY 1, tags[1, 2] ORDER BY 1 LIMIT 3""",
            [
                "SELECT DISTINCT",
                "  id",
                ", count(*) AS n",
                "FROM",
                "  source",
                "WHERE id IS DISTINCT FROM 7 AND f(1, (SELECT 2 FROM x))",
                "GROUP BY 1, tags[1, 2]",
                "ORDER BY 1",
                "LIMIT 3",
            ],
        ),
        ("SELECT 1 UNION SELECT 2 FROM x", ["SELECT 1 UNION SELECT 2 FROM x"]),
        ("WITH q AS (SELECT 1) SELECT * FROM q", ["WITH q AS (SELECT 1) SELECT * FROM q"]),
    ],
)
def test_the_query_of_a_view_has_its_clauses_on_lines_as_trino_sets_them(query, kept):
    assert laid_out(query).rstrip("\n").split("\n") == kept


def test_a_view_is_shown_as_it_is_kept(source):
    source.run("CREATE VIEW lake.shown AS SELECT id FROM lake.source WHERE id < 1")
    assert source.rows("SHOW CREATE VIEW lake.shown") == [
        ("CREATE VIEW lake.shown AS",),
        ("SELECT id",),
        ("FROM",),
        ("  lake.source",),
        ("WHERE id < 1",),
    ]
    assert source.rows("SELECT * FROM lake.shown") == [("0",)]
    reason = source.reason("CREATE VIEW lake.bad AS SELECT id,  nope FROM lake.source")
    assert reason == "COLUMN_NOT_FOUND: line 1:37: Column 'nope' cannot be resolved"
    source.run("DROP VIEW lake.shown")


def test_a_view_has_no_list_of_columns_replaces_no_table_and_does_not_read_itself(source):
    # What Trino 435 said to the same statements.
    source.run("CREATE VIEW lake.own AS SELECT 1 AS x")
    reasons = {
        "CREATE OR REPLACE VIEW lake.source AS SELECT 1 AS x": (
            "TABLE_ALREADY_EXISTS: line 1:1: Table already exists: 'awsdatacatalog.lake.source'"
        ),
        "CREATE OR REPLACE VIEW lake.own AS SELECT * FROM lake.own": (
            "VIEW_IS_RECURSIVE: line 1:50: Statement would create a recursive view"
        ),
    }
    assert {statement: source.reason(statement) for statement in reasons} == reasons
    with pytest.raises(ClientError, match=r"line 1:25: mismatched input '\('"):
        source.run("CREATE VIEW lake.listed (a) AS SELECT 1 AS x")
    source.run("CREATE OR REPLACE VIEW lake.own AS WITH own AS (SELECT 2 AS x) SELECT * FROM own")
    assert source.rows("SELECT * FROM lake.own") == [("2",)]
    source.run("DROP VIEW lake.own")


def test_pruning_does_not_touch_the_optional_side_of_a_join(source):
    source.put("opt/k=1/a.json", '{"v": 1}')
    source.run(f"CREATE EXTERNAL TABLE lake.opt (v int) PARTITIONED BY (k int) {OPENX} LOCATION 's3://lake/opt/'")
    source.run("MSCK REPAIR TABLE lake.opt")
    rows = source.rows("SELECT a.x, o.v FROM (VALUES 1, 2) a(x) LEFT JOIN lake.opt o ON a.x = o.k WHERE o.k IS NULL")
    assert rows == [("2", None)]


def test_insert_writes_where_the_partitions_lie(lake):
    lake.run(
        "CREATE EXTERNAL TABLE lake.placed (n int) PARTITIONED BY (dt string) STORED AS PARQUET LOCATION 's3://lake/placed/'"
    )
    lake.run("ALTER TABLE lake.placed ADD PARTITION (dt='old') LOCATION 's3://lake/elsewhere/old'")
    lake.run("INSERT INTO lake.placed VALUES (1, 'old'), (2, 'new'), (3, NULL)")
    paths = [path.rpartition("/")[0] for (path,) in lake.rows('SELECT "$path" FROM lake.placed ORDER BY n')]
    assert paths == [
        "s3://lake/elsewhere/old",
        "s3://lake/placed/dt=new",
        "s3://lake/placed/dt=__HIVE_DEFAULT_PARTITION__",
    ]
    lake.run(
        "CREATE EXTERNAL TABLE lake.templated (n int) PARTITIONED BY (h int) STORED AS PARQUET LOCATION 's3://lake/templated/' "
        "TBLPROPERTIES ('projection.enabled'='true', 'projection.h.type'='integer', 'projection.h.range'='0,23', "
        "'projection.h.digits'='2', 'storage.location.template'='s3://lake/templated/hour/${h}/')"
    )
    lake.run("INSERT INTO lake.templated VALUES (1, 7)")
    assert lake.rows("SELECT n, h FROM lake.templated") == [("1", "7")]
    assert lake.rows("SELECT \"$path\" LIKE 's3://lake/templated/hour/07/%' FROM lake.templated") == [("true",)]
    assert lake.glue.get_partitions(DatabaseName="lake", TableName="templated")["Partitions"] == []


def test_buckets_are_files_that_insert_does_not_add_to(source):
    source.run(
        "CREATE TABLE lake.bucketed WITH (format = 'PARQUET', bucketed_by = ARRAY['id'], bucket_count = 2) AS "
        "SELECT n AS id FROM UNNEST(sequence(1, 50)) AS t(n)"
    )
    table = source.glue.get_table(DatabaseName="lake", Name="bucketed")["Table"]["StorageDescriptor"]
    assert (table["BucketColumns"], table["NumberOfBuckets"]) == (["id"], 2)
    assert source.value('SELECT count(DISTINCT "$path") FROM lake.bucketed') == "2"
    assert source.value("SELECT count(*) FROM lake.bucketed") == "50"
    assert "Inserting into bucketed table" in source.reason("INSERT INTO lake.bucketed SELECT * FROM lake.bucketed")


@pytest.mark.parametrize(
    ("kind", "literal"), [("integer", "7"), ("bigint", "7"), ("varchar", "'7'"), ("boolean", "true"), ("tinyint", "7")]
)
def test_a_value_of_a_bucketing_column_leads_to_one_file(source, kind, literal):
    source.run("DROP TABLE IF EXISTS lake.spread")
    source.run(
        "CREATE TABLE lake.spread WITH (format = 'JSON', bucketed_by = ARRAY['k', 'i'], bucket_count = 3, "
        f"external_location = 's3://lake/spread_{kind}/') AS SELECT CAST(n AS {kind}) AS k, n AS i, 'x' AS pad "
        "FROM UNNEST(sequence(0, 99)) AS t(n)"
    )

    def rows_and_bytes(where):
        found = source.value(f"SELECT count(*) FROM lake.spread WHERE {where}")
        return found, source.execution["Statistics"]["DataScannedInBytes"]

    _, whole = rows_and_bytes(f"k = {literal}")
    rows, part = rows_and_bytes(f"k = {literal} AND (i = 7)")
    assert rows == "1"
    assert part < whole / 2
    assert rows_and_bytes(f"k = {literal} AND (i = 7 OR i = 8)")[1] == whole


def test_buckets_are_hives_and_found_by_the_names_of_their_files(source):
    # Hive's hash of 'a' is 97, of 'é' a negative number, of -1 as bigint 0, of 2 and 'b' 31 * 2 + 98.
    hashed = {"'a'": 97 % 8, "'é'": 0x7FFFFFFF & (31 * -61 - 87) & 7}
    for number, (value, bucket) in enumerate(hashed.items()):
        source.run(
            f"CREATE TABLE lake.hashed{number} WITH (format = 'JSON', bucketed_by = ARRAY['k'], bucket_count = 8) AS "
            f"SELECT {value} AS k"
        )
        assert f"/{bucket:06}_0_" in source.value(f'SELECT "$path" FROM lake.hashed{number}')
    # As many files as buckets whose names hold no number: they are taken in their order.
    for name in ("x-b", "x-a"):
        source.put(f"unnumbered/{name}.csv", f"{'abcd'.index(name[-1])},{name}\n")
    source.run(
        "CREATE EXTERNAL TABLE lake.unnumbered (k int, name string) CLUSTERED BY (k) INTO 2 BUCKETS "
        "ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/unnumbered/'"
    )
    assert source.rows("SELECT name FROM lake.unnumbered WHERE k = 1") == [("x-b",)]
    assert source.execution["Statistics"]["DataScannedInBytes"] == 6
    shown = [line for (line,) in source.rows("SHOW CREATE TABLE lake.unnumbered")]
    assert shown[3:6] == ["CLUSTERED BY ( ", "  k) ", "INTO 2 BUCKETS"]
    source.run("DROP TABLE lake.unnumbered")
    source.run("\n".join(shown))
    assert source.rows("SELECT name FROM lake.unnumbered WHERE k = 0") == [("x-a",)]
    assert source.execution["Statistics"]["DataScannedInBytes"] == 6
    source.put("unnumbered/x-c.csv", "1,x-c\n")
    assert source.rows("SELECT name FROM lake.unnumbered WHERE k = 1 ORDER BY 1") == [("x-b",), ("x-c",)]


def test_unknown_properties_and_codecs_are_refused(source):
    assert "table property 'nope' does not exist" in source.reason(
        "CREATE TABLE lake.x WITH (nope = 'a') AS SELECT 1 a"
    )
    unload = "UNLOAD (SELECT 1 AS a) TO 's3://lake/codec/' WITH (format = '{}', compression = '{}')"
    assert (
        source.reason(unload.format("AVRO", "LZO")) == "NOT_SUPPORTED: AVRO can't be written with the compression LZO"
    )
    assert source.reason(unload.format("ION", "GZIP")).startswith("NOT_SUPPORTED: the local Athena does not write ION")


def test_the_catalogue_can_be_queried(athena):
    athena.run("CREATE DATABASE IF NOT EXISTS informed")
    athena.run(
        "CREATE EXTERNAL TABLE informed.events (id bigint COMMENT 'the key', at timestamp, tags array<string>) "
        "PARTITIONED BY (dt string) STORED AS PARQUET LOCATION 's3://lake/informed/'"
    )
    athena.run("CREATE VIEW informed.ids AS SELECT id FROM informed.events")
    where = "WHERE table_schema = 'informed'"
    assert athena.rows(f"SELECT * FROM information_schema.tables {where} ORDER BY table_name") == [
        ("awsdatacatalog", "informed", "events", "BASE TABLE"),
        ("awsdatacatalog", "informed", "ids", "VIEW"),
    ]
    columns = (
        "SELECT column_name, ordinal_position, data_type, comment, extra_info FROM awsdatacatalog.information_schema.columns "
        f"{where} AND table_name = 'events' ORDER BY ordinal_position"
    )
    assert athena.rows(columns) == [
        ("id", "1", "bigint", "the key", None),
        ("at", "2", "timestamp(3)", None, None),
        ("tags", "3", "array(varchar)", None, None),
        ("dt", "4", "varchar", None, "partition key"),
    ]
    athena.run(
        "CREATE TABLE informed.ice (id int, at timestamp, seen array<timestamp>) LOCATION 's3://lake/informed_ice/' "
        "TBLPROPERTIES ('table_type' = 'ICEBERG')"
    )
    of_iceberg = (
        f"SELECT data_type FROM information_schema.columns {where} AND table_name = 'ice' ORDER BY ordinal_position"
    )
    assert athena.rows(of_iceberg) == [("integer",), ("timestamp(6)",), ("array(timestamp(6))",)]
    assert athena.rows(f"SELECT view_definition FROM information_schema.views {where}") == [
        ("SELECT id\nFROM\n  informed.events\n",)
    ]
    found = athena.rows("SELECT schema_name FROM information_schema.schemata")
    assert {("informed",), ("default",), ("information_schema",)} <= set(found)
    assert athena.reason("SELECT * FROM information_schema.nothing").startswith("TABLE_NOT_FOUND: line 1:15: ")


def test_a_table_whose_columns_a_query_names_anew(source):
    source.run(
        "CREATE TABLE lake.renamed WITH (format = 'PARQUET', partitioned_by = ARRAY['dt']) AS"
        " SELECT id, name, dt FROM lake.source"
    )
    assert source.rows("SELECT l FROM lake.renamed AS t(k, l, m) WHERE k = 3") == [("n3",)]
    # `dt` names another column here than the partition key.
    select = "SELECT dt, g FROM lake.renamed AS t(dt, c, g) WHERE {} ORDER BY dt"
    assert source.rows(select.format("dt = 1")) == [("1", "2024-01-02")]
    assert source.rows(select.format("g = '2024-01-02'")) == [("1", "2024-01-02"), ("3", "2024-01-02")]


def test_deleted_and_overwritten_objects_of_a_bucket_with_versions(source):
    s3 = source.s3
    s3.create_bucket(Bucket="versioned", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    for key, content in (("t/é 1", b"1\n"), ("t/2", b"2\n"), ("t/3", b"3\n"), ("other/4", b"4\n"), ("t/3", b"33\n")):
        s3.put_object(Bucket="versioned", Key=key, Body=content)
    s3.delete_object(Bucket="versioned", Key="t/2")
    source.run("CREATE EXTERNAL TABLE lake.versioned (a int) LOCATION 's3://versioned/t/'")
    listed = s3.list_objects_v2(Bucket="versioned", Prefix="t/")["Contents"]
    rows = source.rows('SELECT "$path", a FROM lake.versioned ORDER BY a')
    assert [path for path, _ in rows] == [f"s3://versioned/{key}" for key in ("t/é 1", "t/3")]
    assert {path for path, _ in rows} == {f"s3://versioned/{each['Key']}" for each in listed}
    assert [value for _, value in rows] == ["1", "33"]
    assert "The specified bucket does not exist" in source.reason(
        "CREATE TABLE lake.n WITH (external_location = 's3://none/x/') AS SELECT 1 a"
    )


def test_tables_and_joins_in_brackets(source):
    source.run("CREATE TABLE lake.left_one WITH (format = 'PARQUET') AS SELECT 1 AS a, 'x' AS d")
    source.run(
        "CREATE TABLE lake.dated WITH (format = 'PARQUET', partitioned_by = ARRAY['dt']) AS SELECT id, dt FROM lake.source"
    )
    source.run("CREATE TABLE lake.right_one WITH (format = 'PARQUET') AS SELECT 1 AS a, 5 AS n")
    expected = {
        "SELECT d FROM (lake.left_one)": [("x",)],
        "SELECT t.d, n FROM ((lake.left_one)) AS t, (lake.right_one)": [("x", "5")],
        "SELECT * FROM (lake.left_one l JOIN lake.right_one r ON l.a = r.a)": [("1", "x", "1", "5")],
        "SELECT v.d, r.n FROM lake.left_one v JOIN (lake.left_one l JOIN lake.right_one r ON l.a = r.a) ON v.a = 1": [
            ("x", "5")
        ],
        "SELECT l FROM lake.left_one AS t(k, l) WHERE k = 1": [("x",)],
        # The partition keys of a table on the outer side say nothing about the rows of the join.
        "SELECT l.d, s.dt FROM lake.left_one l LEFT JOIN (lake.dated s JOIN lake.right_one r ON s.id = 0) ON l.a = 1"
        " WHERE s.dt IS NULL": [],
    }
    for sql, rows in expected.items():
        assert source.rows(sql) == rows, sql


def test_an_address_has_no_type_in_a_table(lake):
    reason = lake.reason("CREATE TABLE lake.addresses AS SELECT IPADDRESS '::1' AS a")
    assert reason == "NOT_SUPPORTED: Unsupported Hive type: ipaddress"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("now()", "Unsupported Hive type: timestamp(3) with time zone"),
        ("TIME '10:00:00.5'", "Unsupported Hive type: time(1)"),
        ("uuid()", "Unsupported Hive type: uuid"),
        ("JSON '1'", "Unsupported Hive type: json"),
        ("date '2024-01-02' - date '2024-01-01'", "Unsupported Hive type: interval day to second"),
        ("INTERVAL '1' MONTH", "Unsupported Hive type: interval year to month"),
        ("ARRAY[NULL]", "Unsupported Hive type: unknown"),
        ("MAP(ARRAY[1], ARRAY[uuid()])", "Unsupported Hive type: uuid"),
        ("CAST('a' AS char(256))", "Unsupported Hive type: char(256). Supported CHAR types: CHAR(<=255)."),
        (
            "CAST('a' AS varchar(65536))",
            "Unsupported Hive type: varchar(65536). Supported VARCHAR types: VARCHAR(<=65535), VARCHAR.",
        ),
        (
            "ARRAY[ROW(1, 'a')]",
            "Anonymous row type is not supported in Hive. Please give each field a name: row(integer, varchar(1))",
        ),
    ],
)
def test_what_hive_does_not_hold_is_not_written(lake, expression, message):
    # As users of Athena report it, and Trino's Hive connector says it.
    table = f"CREATE TABLE lake.unheld WITH (external_location = 's3://lake/unheld/') AS SELECT {expression} AS x"
    unload = f"UNLOAD (SELECT {expression} AS x) TO 's3://lake/unheld/' WITH (format = 'PARQUET')"
    for sql in (table, unload):
        assert lake.reason(sql) == f"NOT_SUPPORTED: {message}"


def test_the_timestamps_of_hive_have_milliseconds(lake):
    for expression, digits in {
        "TIMESTAMP '2024-01-01 00:00:00.123456'": 6,
        "TIMESTAMP '2024-01-01 00:00:00'": 0,
        "ARRAY[TIMESTAMP '2024-01-01 00:00:00']": 0,
        "CAST(now() AS timestamp(6))": 6,
    }.items():
        unload = f"UNLOAD (SELECT {expression} AS t) TO 's3://lake/finer/' WITH (format = 'PARQUET')"
        assert lake.reason(unload) == (
            f"NOT_SUPPORTED: Incorrect timestamp precision for timestamp({digits}); the configured precision is "
            "MILLISECONDS; column name: t"
        )


MISPLACED_KEYS = "Partition keys must be the last columns in the table and in the same order as the table properties"


@pytest.mark.parametrize(
    ("columns", "keys", "message"),
    [
        ('1 AS "a,b"', "", "NOT_SUPPORTED: Hive column names must not contain commas: 'a,b'"),
        ('1 AS " a"', "", "NOT_SUPPORTED: Hive column names must not start with a space: ' a'"),
        ('1 AS "a "', "", "NOT_SUPPORTED: Hive column names must not end with a space: 'a '"),
        ("1 AS a, 2 AS A", "", "DUPLICATE_COLUMN_NAME: line 1:1: Column name 'a' specified more than once"),
        ("1 AS a", "'a'", "INVALID_TABLE_PROPERTY: Table contains only partition columns"),
        ("1 AS a, 2 AS b", "'c'", "INVALID_TABLE_PROPERTY: Partition columns [c] not present in schema"),
        ("1 AS a, 2 AS b", "'a'", f"HIVE_COLUMN_ORDER_MISMATCH: {MISPLACED_KEYS}: [a]"),
    ],
)
def test_names_and_keys_that_hive_does_not_take_are_refused(lake, columns, keys, message):
    options = f", partitioned_by = ARRAY[{keys}]" if keys else ""
    unload = f"UNLOAD (SELECT {columns}) TO 's3://lake/named/' WITH (format = 'PARQUET'{options})"
    table = f"CREATE TABLE lake.named WITH (external_location = 's3://lake/named/'{options}) AS SELECT {columns}"
    for sql in (unload, table):
        assert lake.reason(sql) == message


def test_what_hive_holds_is_written(lake):
    cast = "CAST(ROW(1, 'a') AS ROW(n int, t varchar(65535)))"
    lake.run(
        "CREATE TABLE lake.held WITH (external_location = 's3://lake/held/') AS "
        f"SELECT {cast} AS r, CAST(now() AS timestamp) AS t, CAST('a' AS char(255)) AS c"
    )
    lake.run(f"UNLOAD (SELECT {cast} AS r, localtimestamp AS t) TO 's3://lake/unloaded/' WITH (format = 'PARQUET')")
    assert lake.rows("SELECT r.n, r.t, c = 'a' FROM lake.held") == [("1", "a", "true")]


def test_nothing_is_written_to_another_catalog(lake):
    for statement in ("CREATE TABLE other.lake.copy AS SELECT 1 a", "INSERT INTO other.lake.source SELECT 1"):
        assert lake.reason(statement) == "CATALOG_NOT_FOUND: line 1:1: Catalog 'other' not found"


def test_a_row_may_name_its_fields_as_those_without_a_name_are(lake):
    select = "SELECT CAST(ROW(1, ROW('a')) AS ROW(field0 bigint, field1 ROW(field0 varchar))) AS x"
    lake.run(f"CREATE OR REPLACE VIEW lake.named AS {select}")
    assert lake.rows("SELECT x.field1.field0 FROM lake.named") == [("a",)]
