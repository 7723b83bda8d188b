"""Iceberg tables: made, written, changed, travelled and maintained; read by pyiceberg as well."""

import time

import pytest


@pytest.fixture(scope="module")
def lake(athena):
    athena.run("CREATE DATABASE ice")
    return athena


def create(lake, name, columns, *, partitioned_by="", properties=""):
    partitioned = f"PARTITIONED BY ({partitioned_by}) " if partitioned_by else ""
    lake.run(
        f"CREATE TABLE ice.{name} ({columns}) {partitioned}LOCATION 's3://lake/ice/{name}/' "
        f"TBLPROPERTIES ('table_type'='ICEBERG', 'format'='parquet'{properties})"
    )


def test_rows_are_inserted_and_read(lake):
    create(
        lake,
        "orders",
        "id bigint, name string, ts timestamp, tags array<string>, m map<string,int>, s struct<a:int,b:string>",
    )
    lake.run(
        "INSERT INTO ice.orders VALUES (1, 'a', TIMESTAMP '2024-01-02 03:04:05.123456', ARRAY['x'], MAP(ARRAY['k'], ARRAY[1]), "
        "CAST(ROW(1, 'b') AS ROW(a INTEGER, b VARCHAR)))"
    )
    lake.run("INSERT INTO ice.orders (name, id) VALUES ('b', 2)")
    assert lake.rows("SELECT * FROM ice.orders ORDER BY id") == [
        ("1", "a", "2024-01-02 03:04:05.123456", "[x]", "{k=1}", "{a=1, b=b}"),
        ("2", "b", None, None, None, None),
    ]


def test_a_day_of_the_year_0_is_written_and_read(lake):
    create(lake, "days", "id bigint, d date, s struct<d:date>")
    lake.run(
        "INSERT INTO ice.days VALUES (1, DATE '0000-02-29', CAST(ROW(DATE '0000-02-29') AS ROW(d date))), "
        "(2, DATE '2024-02-29', NULL)"
    )
    assert rows(lake, "days") == [("1", "0000-02-29", "{d=0000-02-29}"), ("2", "2024-02-29", None)]
    assert lake.rows("SELECT id FROM ice.days WHERE d > DATE '2000-01-01'") == [("2",)]


def rows(lake, name, order="id"):
    return lake.rows(f"SELECT * FROM ice.{name} ORDER BY {order}")


@pytest.fixture
def pyiceberg_catalog(client):
    from pyiceberg.catalog.glue import GlueCatalog

    s3 = client("s3")
    return GlueCatalog(
        "glue",
        client=client("glue"),
        **{
            "s3.endpoint": s3.meta.endpoint_url,
            "s3.access-key-id": "test",
            "s3.secret-access-key": "test",
            "s3.region": "eu-west-1",
        },
    )


def test_glue_holds_what_athena_leaves_there(lake):
    create(lake, "inglue", "id bigint COMMENT 'the id', dt date", partitioned_by="day(dt)")
    table = lake.glue.get_table(DatabaseName="ice", Name="inglue")["Table"]
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert table["Parameters"]["table_type"] == "ICEBERG"
    assert table["Parameters"]["metadata_location"].startswith("s3://lake/ice/inglue/metadata/00000-")
    assert table["StorageDescriptor"]["Location"] == "s3://lake/ice/inglue"
    assert [(each["Name"], each["Type"]) for each in table["StorageDescriptor"]["Columns"]] == [
        ("id", "bigint"),
        ("dt", "date"),
    ]


def test_pyiceberg_reads_what_athena_writes_and_athena_what_pyiceberg_writes(lake, pyiceberg_catalog):
    import pyarrow as pa

    create(lake, "shared", "id bigint, name string", partitioned_by="bucket(4, id)")
    lake.run("INSERT INTO ice.shared VALUES (1, 'athena')")
    table = pyiceberg_catalog.load_table("ice.shared")
    assert table.scan().to_arrow().to_pylist() == [{"id": 1, "name": "athena"}]
    unpartitioned = pyiceberg_catalog.create_table(
        "ice.theirs", pa.schema([("Id", pa.int64()), ("at", pa.timestamp("us", "UTC"))]), "s3://lake/ice/theirs"
    )
    unpartitioned.append(pa.table({"Id": pa.array([1, 2]), "at": pa.array([0, 1], pa.timestamp("us", "UTC"))}))
    unpartitioned.delete("Id = 1")
    assert rows(lake, "theirs") == [("2", "1970-01-01 00:00:00.000001 UTC")]


def test_ddl_of_iceberg_is_refused_where_athena_refuses_it(lake):
    columns, rest = "(id int)", "LOCATION 's3://lake/x/' TBLPROPERTIES ('table_type'='ICEBERG')"
    for statement, reason in {
        f"CREATE EXTERNAL TABLE ice.x {columns} {rest}": "EXTERNAL keyword is not supported for Iceberg tables",
        f"CREATE TABLE ice.x {columns} PARTITIONED BY (dt date) {rest}": "Partition column 'dt' of an Iceberg table takes no",
        f"CREATE TABLE ice.x {columns} PARTITIONED BY (day(id)) {rest}": "Cannot partition by day of column 'id' of type int",
        f"CREATE TABLE ice.x {columns} PARTITIONED BY (nope) {rest}": "Partition column 'nope' is not one of the table's",
        f"CREATE TABLE ice.x (id tinyint) {rest}": "Type not supported for Iceberg: tinyint (column id)",
        f"CREATE TABLE ice.x {columns} LOCATION 's3://lake/x/' TBLPROPERTIES ('table_type'='ICEBERG', 'a.b'='c')": (
            "Unsupported table property key: a.b"
        ),
        f"CREATE TABLE ice.x {columns} LOCATION 's3://lake/x/' TBLPROPERTIES ('table_type'='ICEBERG', 'format'='orc')": (
            "the local Athena writes Iceberg tables as Parquet, not as ORC"
        ),
        f"CREATE EXTERNAL TABLE ice.x {columns} PARTITIONED BY (day(id)) LOCATION 's3://lake/x/'": (
            "Partition column 'id' needs a type"
        ),
    }.items():
        assert reason in lake.reason(statement)


def test_transforms_partition_rows(lake):
    create(
        lake,
        "transformed",
        "id bigint, name string, ts timestamp, amount decimal(10,2)",
        partitioned_by="month(ts), bucket(3, id), truncate(2, name), amount",
    )
    lake.run(
        "INSERT INTO ice.transformed VALUES (1, 'alpha', TIMESTAMP '2024-01-02 00:00:00', DECIMAL '1.50'), "
        "(2, 'beta', TIMESTAMP '2024-02-02 00:00:00', DECIMAL '2.50'), (3, NULL, NULL, NULL)"
    )
    partitions = lake.rows(
        "SELECT partition.ts_month, partition.name_trunc, partition.amount, record_count "
        'FROM ice."transformed$partitions" ORDER BY 1'
    )
    assert partitions == [("648", "al", "1.50", "1"), ("649", "be", "2.50", "1"), (None, None, None, "1")]
    everything = lake.rows("SELECT id FROM ice.transformed ORDER BY id")
    whole = lake.execution["Statistics"]["DataScannedInBytes"]
    assert everything == [("1",), ("2",), ("3",)]
    assert lake.rows("SELECT id FROM ice.transformed WHERE ts >= TIMESTAMP '2024-02-01 00:00:00'") == [("2",)]
    assert lake.execution["Statistics"]["DataScannedInBytes"] < whole * 2


def test_files_are_left_out_by_partition_and_statistics(lake):
    create(lake, "pruned", "id bigint, dt date, v string", partitioned_by="dt")
    for number in range(1, 5):
        lake.run(f"INSERT INTO ice.pruned VALUES ({number}, DATE '2024-01-0{number}', 'x')")

    def scanned(where):
        lake.rows(f"SELECT id, dt, v FROM ice.pruned WHERE {where}")
        return lake.execution["Statistics"]["DataScannedInBytes"]

    whole = scanned("true")
    assert scanned("dt = DATE '2024-01-02'") == whole // 4
    assert scanned("dt IN (DATE '2024-01-02', DATE '2024-01-03')") == whole // 2
    assert scanned("dt BETWEEN DATE '2024-01-02' AND DATE '2024-01-03' AND v = 'x'") == whole // 2
    assert scanned("id > 3") == whole // 4
    assert scanned("id > 3 OR id = 1") == whole // 2
    assert scanned("v = 'y'") == 0


def test_decimals_are_compared_with_numbers_of_any_scale(lake):
    create(lake, "prices", "id bigint, price decimal(10,2)")
    lake.run("INSERT INTO ice.prices VALUES (1, 1.50), (2, 20)")
    conditions = {
        "price > 1": "12",
        "price = 1.5": "1",
        "price = 1.500": "1",
        "price IN (1.5, 20)": "12",
        "price BETWEEN 1.495 AND 1.505": "1",
        "price < 20.001": "12",
        "price < 123456789012345.5": "12",
        "price > -0.5": "12",
    }
    found = ", ".join(
        f"(SELECT array_join(array_agg(id ORDER BY id), '') FROM ice.prices WHERE {condition})"
        for condition in conditions
    )
    assert lake.rows(f"SELECT {found}") == [tuple(conditions.values())]


def test_a_partition_of_null_is_compared_with_anything(lake):
    create(lake, "null_parts", "id int, p string, d date", partitioned_by="p, month(d)")
    lake.run(
        "INSERT INTO ice.null_parts VALUES (1, NULL, NULL), (2, 'b', DATE '2024-01-31'), (3, NULL, DATE '2024-02-01')"
    )

    def found(condition):
        return [number for (number,) in lake.rows(f"SELECT id FROM ice.null_parts WHERE {condition} ORDER BY id")]

    assert found("p < 'c'") == found("p >= 'b'") == found("p LIKE 'b%'") == ["2"]
    assert found("p <> 'c'") == found("NOT p IN ('c')") == ["2"]
    assert found("d > DATE '2024-01-31' OR p < 'a'") == ["3"]
    assert found("p IS NULL AND d <= DATE '2024-02-29'") == ["3"]
    assert found("p IS NULL OR d < DATE '2024-01-01'") == ["1", "3"]
    lake.run("DELETE FROM ice.null_parts WHERE d < DATE '2024-02-01' OR p > 'b'")
    assert found("true") == ["1", "3"]


def test_rows_are_deleted(lake):
    create(lake, "deleted", "id int, v string")
    lake.run("INSERT INTO ice.deleted VALUES (1, 'a'), (2, 'b'), (3, NULL)")
    lake.run("INSERT INTO ice.deleted VALUES (4, 'd')")
    identifier = lake.run("DELETE FROM ice.deleted WHERE id = 2 OR v IS NULL")
    assert lake.execution["SubstatementType"] == "DELETE"
    assert lake.api.get_query_results(QueryExecutionId=identifier)["UpdateCount"] == 2
    assert rows(lake, "deleted") == [("1", "a"), ("4", "d")]
    lake.run("DELETE FROM ice.deleted WHERE id IN (SELECT max(id) FROM ice.deleted)")
    assert rows(lake, "deleted") == [("1", "a")]
    lake.run("DELETE FROM ice.deleted")
    assert rows(lake, "deleted") == []


def test_rows_are_updated(lake):
    create(lake, "updated", "id int, v string, n bigint", partitioned_by="v")
    lake.run("INSERT INTO ice.updated VALUES (1, 'a', 1), (2, 'b', 2), (3, 'a', NULL)")
    lake.run("UPDATE ice.updated SET n = coalesce(n, 0) + id, v = upper(v) WHERE id > 1")
    assert rows(lake, "updated") == [("1", "a", "1"), ("2", "B", "4"), ("3", "A", "3")]
    assert "Table: [integer], Query: [varchar" in lake.reason("UPDATE ice.updated SET id = 'x'")
    assert "Out of range for integer" in lake.reason("UPDATE ice.updated SET id = id + 5000000000")
    assert lake.reason("UPDATE ice.updated SET nope = 1").startswith("COLUMN_NOT_FOUND")
    lake.run("UPDATE ice.updated SET n = (SELECT max(n) FROM ice.updated WHERE n < 4) WHERE id = 1")
    assert rows(lake, "updated")[0] == ("1", "a", "3")


MERGE = """
MERGE INTO ice.merged AS t USING ice.news AS s ON t.id = s.id
WHEN MATCHED AND s.op = 'D' THEN DELETE
WHEN MATCHED THEN UPDATE SET v = s.v, n = t.n + 1
WHEN NOT MATCHED AND s.op <> 'D' THEN INSERT (id, v) VALUES (s.id, s.v)
"""


def test_rows_are_merged(lake):
    create(lake, "merged", "id int, v string, n bigint")
    create(lake, "news", "id int, v string, op string")
    lake.run("INSERT INTO ice.merged VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)")
    lake.run("INSERT INTO ice.news VALUES (1, NULL, 'D'), (2, 'B', 'U'), (4, 'd', 'U'), (5, NULL, 'D')")
    identifier = lake.run(MERGE)
    assert lake.api.get_query_results(QueryExecutionId=identifier)["UpdateCount"] == 3
    assert lake.execution["SubstatementType"] == "MERGE"
    assert rows(lake, "merged") == [("2", "B", "3"), ("3", "c", "3"), ("4", "d", None)]


def test_a_row_can_be_merged_with_one_other_alone(lake):
    create(lake, "onlyone", "id int, v string")
    lake.run("INSERT INTO ice.onlyone VALUES (1, 'a')")
    merge = (
        "MERGE INTO ice.onlyone t USING (VALUES (1, 'x'), (1, 'y')) s(id, v) ON t.id = s.id "
        "WHEN MATCHED THEN UPDATE SET v = s.v"
    )
    assert lake.reason(merge) == (
        "MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row"
    )


def test_files_of_many_snapshots_are_replaced_at_once(lake, pyiceberg_catalog, monkeypatch):
    """pyiceberg looks at the manifests in threads, whose turns are lengthened here until they meet."""
    import pyarrow as pa
    from pyiceberg.expressions.visitors import _ManifestEvalVisitor

    from toolkit.local.athena.iceberg.writing import rewrite

    create(lake, "parts", "id int, country string", partitioned_by="country")
    for number, country in enumerate(("'DE'", "NULL", "'FR'", "NULL"), 1):
        lake.run(f"INSERT INTO ice.parts VALUES ({number}, {country})")
    table = pyiceberg_catalog.load_table("ice.parts")

    def slowly(visit):
        def visited(self, **operands):
            time.sleep(0.02)
            return visit(self, **operands)

        return visited

    for name in ("visit_is_null", "visit_equal"):
        monkeypatch.setattr(_ManifestEvalVisitor, name, slowly(getattr(_ManifestEvalVisitor, name)))
    row = pa.table({"id": pa.array([5], pa.int32()), "country": ["IT"]})
    rewrite(table, [task.file for task in table.scan("country IS NULL").plan_files()], row.to_batches())
    assert rows(lake, "parts") == [("1", "DE"), ("3", "FR"), ("5", "IT")]


def test_rows_of_hive_tables_are_not_changed(lake):
    lake.run("CREATE EXTERNAL TABLE ice.hive (id int) STORED AS PARQUET LOCATION 's3://lake/hive/'")
    for statement in (
        "DELETE FROM ice.hive WHERE id = 1",
        "UPDATE ice.hive SET id = 1",
        "MERGE INTO ice.hive t USING ice.hive s ON t.id = s.id WHEN MATCHED THEN DELETE",
    ):
        assert lake.reason(statement).startswith("NOT_SUPPORTED: line 1:1: Modifying Hive table rows is only supported")
    assert "does not support versioned tables" in lake.reason("SELECT * FROM ice.hive FOR VERSION AS OF 1")


def test_columns_evolve_by_field_id(lake):
    create(lake, "evolved", "id int, a string, s struct<x:int,y:string>")
    lake.run("INSERT INTO ice.evolved VALUES (1, 'a1', CAST(ROW(1, 'y1') AS ROW(x INTEGER, y VARCHAR)))")
    lake.run("ALTER TABLE ice.evolved ADD COLUMNS (b double COMMENT 'new', m map<string,array<int>>)")
    lake.run("ALTER TABLE ice.evolved CHANGE COLUMN a renamed string")
    lake.run("ALTER TABLE ice.evolved CHANGE COLUMN id id bigint FIRST")
    lake.run("ALTER TABLE ice.evolved DROP COLUMN b")
    lake.run("ALTER TABLE ice.evolved ADD COLUMNS (a int)")
    assert lake.rows("SELECT * FROM ice.evolved") == [("1", "a1", "{x=1, y=y1}", None, None)]
    assert [line.strip() for (line,) in lake.rows("SHOW COLUMNS IN ice.evolved")] == ["id", "renamed", "s", "m", "a"]
    lake.run("ALTER TABLE ice.evolved CHANGE COLUMN a a int AFTER id")
    lake.run("INSERT INTO ice.evolved (id, a) VALUES (3000000000, 7)")
    assert lake.rows("SELECT id, a, renamed FROM ice.evolved ORDER BY id") == [
        ("1", None, "a1"),
        ("3000000000", "7", None),
    ]
    assert "Cannot change column type" in lake.reason("ALTER TABLE ice.evolved CHANGE COLUMN id id int")
    reason = lake.reason("ALTER TABLE ice.evolved REPLACE COLUMNS (a int)")
    assert reason == "Query type not supported by Athena Iceberg at this time"


def test_nested_fields_evolve_as_other_clients_leave_them(lake, pyiceberg_catalog):
    create(lake, "nested", "s struct<x:int,y:string>, l array<struct<p:int,q:int>>, m map<string,struct<k:int,z:int>>")
    lake.run(
        "INSERT INTO ice.nested VALUES (CAST(ROW(1, 'y') AS ROW(x INTEGER, y VARCHAR)), "
        "ARRAY[CAST(ROW(1, 2) AS ROW(p INTEGER, q INTEGER))], "
        "MAP(ARRAY['k'], ARRAY[CAST(ROW(3, 4) AS ROW(k INTEGER, z INTEGER))]))"
    )
    with pyiceberg_catalog.load_table("ice.nested").update_schema() as update:
        update.rename_column("s.y", "why")
        update.delete_column("l.p")
        update.rename_column("m.z", "zed")
    assert lake.rows("SELECT * FROM ice.nested") == [("{x=1, why=y}", "[{q=2}]", "{k={k=3, zed=4}}")]
    assert lake.rows("SELECT s.why, l[1].q, m['k'].zed FROM ice.nested") == [("y", "2", "4")]


def test_time_travels_by_version_and_timestamp(lake):
    create(lake, "travelled", "id int")
    lake.run("INSERT INTO ice.travelled VALUES (1)")
    lake.run("INSERT INTO ice.travelled VALUES (2)")
    lake.run("ALTER TABLE ice.travelled ADD COLUMNS (v string)")
    lake.run("DELETE FROM ice.travelled WHERE id = 1")
    snapshots = lake.rows(
        'SELECT snapshot_id, committed_at, operation FROM ice."travelled$snapshots" ORDER BY committed_at'
    )
    assert [operation for _, _, operation in snapshots] == ["append", "append", "overwrite"]
    second, at, _ = snapshots[1]
    assert lake.rows(f"SELECT * FROM ice.travelled FOR VERSION AS OF {second} ORDER BY id") == [("1",), ("2",)]
    assert lake.rows(f"SELECT count(*) FROM ice.travelled FOR TIMESTAMP AS OF TIMESTAMP '{at}' AS t") == [("2",)]
    assert lake.rows("SELECT * FROM ice.travelled FOR TIMESTAMP AS OF current_timestamp") == [("2", None)]
    assert 'No version history table "ice"."travelled" at or before' in lake.reason(
        "SELECT * FROM ice.travelled FOR TIMESTAMP AS OF (current_timestamp - INTERVAL '1' DAY)"
    )
    assert "Iceberg snapshot ID does not exists: 7" in lake.reason("SELECT * FROM ice.travelled FOR VERSION AS OF 7")
    # Old and new beside each other.
    assert (
        lake.value(
            f"SELECT count(*) FROM ice.travelled FOR VERSION AS OF {second} o "
            "LEFT JOIN ice.travelled n ON o.id = n.id WHERE n.id IS NULL"
        )
        == "1"
    )


def test_metadata_tables_tell_of_a_table(lake):
    create(lake, "told", "id int, dt date", partitioned_by="dt")
    lake.run("INSERT INTO ice.told VALUES (1, DATE '2024-01-01'), (2, DATE '2024-01-01'), (3, DATE '2024-01-02')")
    assert lake.rows('SELECT is_current_ancestor, parent_id FROM "ice"."told$history"') == [("true", None)]
    assert lake.rows('SELECT content, file_format, record_count FROM ice."told$files" ORDER BY record_count') == [
        ("0", "PARQUET", "1"),
        ("0", "PARQUET", "2"),
    ]
    assert lake.rows(
        'SELECT partition.dt, record_count, file_count, data.id.min, data.id.max FROM ice."told$partitions" ORDER BY 1'
    ) == [("2024-01-01", "2", "1", "1", "2"), ("2024-01-02", "1", "1", "3", "3")]
    assert lake.rows('SELECT added_data_files_count, partition_summaries[1].lower_bound FROM ice."told$manifests"') == [
        ("2", "2024-01-01")
    ]
    assert lake.rows('SELECT name, type FROM ice."told$refs"') == [("main", "BRANCH")]
    assert lake.value("""SELECT summary['total-records'] FROM ice."told$snapshots" """) == "3"
    paths = lake.rows('SELECT DISTINCT "$path" FROM ice.told')
    assert sorted(paths) == sorted(lake.rows('SELECT file_path FROM ice."told$files"'))
    assert lake.reason('SELECT * FROM ice."told$nope"').startswith("TABLE_NOT_FOUND")


def test_tables_are_made_of_queries(lake, pyiceberg_catalog):
    lake.run(
        "CREATE TABLE ice.made WITH (table_type='ICEBERG', is_external=false, location='s3://lake/ice/made/', "
        "partitioning=ARRAY['day(at)', 'bucket(id, 2)'], format='PARQUET', write_compression='ZSTD') AS "
        "SELECT 1 AS id, TIMESTAMP '2024-01-01 10:00:00' AS at, 'x' AS v"
    )
    assert rows(lake, "made") == [("1", "2024-01-01 10:00:00.000000", "x")]
    table = pyiceberg_catalog.load_table("ice.made")
    assert [str(field.transform) for field in table.spec().fields] == ["day", "bucket[2]"]
    assert "is_external has to be false" in lake.reason(
        "CREATE TABLE ice.notmade WITH (table_type='ICEBERG', location='s3://lake/ice/notmade/') AS SELECT 1 AS id"
    )


def test_what_show_create_table_says_makes_the_same_table(lake):
    create(lake, "shown", "id bigint COMMENT 'it''s', ts timestamp", partitioned_by="bucket(8, id), hour(ts)")
    lines = [line for (line,) in lake.rows("SHOW CREATE TABLE ice.shown")]
    assert lines[0] == "CREATE TABLE `ice`.`shown` ("
    assert "PARTITIONED BY (bucket(8, `id`), hour(`ts`))" in lines
    lake.run("\n".join(lines).replace("`shown`", "`again`").replace("ice/shown", "ice/again"))
    again = [line for (line,) in lake.rows("SHOW CREATE TABLE ice.again")]
    assert [line.replace("again", "shown") for line in again] == lines
    described = [line.split("\t")[0].strip() for (line,) in lake.rows("DESCRIBE ice.shown")]
    assert described == [
        "# Table schema:", "# col_name", "id", "ts", "", "# Partition spec:", "# field_name", "id_bucket", "ts_hour",
    ]  # fmt: skip


def test_tables_are_renamed_and_dropped_with_their_files(lake):
    create(lake, "before", "id int")
    lake.run("INSERT INTO ice.before VALUES (1)")
    lake.run("ALTER TABLE ice.before RENAME TO after")
    assert lake.rows("SELECT * FROM ice.after") == [("1",)]
    assert lake.reason("SELECT * FROM ice.before").startswith("TABLE_NOT_FOUND")
    lake.run("DROP TABLE ice.after")
    assert lake.s3.list_objects_v2(Bucket="lake", Prefix="ice/before/")["KeyCount"] == 0
    assert "Table cannot be renamed" in lake.reason("ALTER TABLE ice.hive RENAME TO x")


def test_properties_are_set_and_removed(lake):
    create(lake, "props", "id int")
    lake.run(
        "ALTER TABLE ice.props SET TBLPROPERTIES ('vacuum_min_snapshots_to_keep'='2', 'write_compression'='snappy')"
    )
    assert lake.rows("SHOW TBLPROPERTIES ice.props('vacuum_min_snapshots_to_keep')") == [("2",)]
    lake.run("ALTER TABLE ice.props UNSET TBLPROPERTIES ('vacuum_min_snapshots_to_keep')")
    assert "does not have property" in lake.value("SHOW TBLPROPERTIES ice.props('vacuum_min_snapshots_to_keep')")


def test_a_commit_while_a_property_is_removed_is_not_lost(lake, pyiceberg_catalog, monkeypatch):
    import pyarrow as pa

    from toolkit.local.athena.catalog import Catalog

    create(lake, "beside", "id bigint", properties=", 'vacuum_min_snapshots_to_keep'='3'")
    itself, row = Catalog.update_unchanged_table, pa.table({"id": pa.array([1], pa.int64())})
    attempts = []

    def update(catalog, database, table):
        if not attempts:
            pyiceberg_catalog.load_table("ice.beside").append(row)
        attempts.append(table["VersionId"])
        return itself(catalog, database, table)

    monkeypatch.setattr(Catalog, "update_unchanged_table", update)
    lake.run("ALTER TABLE ice.beside UNSET TBLPROPERTIES ('vacuum_min_snapshots_to_keep')")
    assert len(attempts) == 2
    assert rows(lake, "beside") == [("1",)]
    parameters = lake.glue.get_table(DatabaseName="ice", Name="beside")["Table"]["Parameters"]
    assert "vacuum_min_snapshots_to_keep" not in parameters


def test_optimize_puts_small_files_together_and_vacuum_forgets_old_ones(lake):
    create(
        lake,
        "kept",
        "id int, dt date",
        partitioned_by="dt",
        properties=", 'vacuum_max_snapshot_age_seconds'='0', 'optimize_rewrite_data_file_threshold'='2'",
    )
    for number in range(4):
        lake.run(f"INSERT INTO ice.kept VALUES ({number}, DATE '2024-01-0{number % 2 + 1}')")
    lake.run("OPTIMIZE ice.kept REWRITE DATA USING BIN_PACK WHERE dt = DATE '2024-01-01'")
    assert lake.value('SELECT count(*) FROM ice."kept$files"') == "3"
    lake.run("OPTIMIZE ice.kept REWRITE DATA USING BIN_PACK")
    assert lake.value('SELECT count(*) FROM ice."kept$files"') == "2"
    lake.put("ice/kept/data/of-a-statement-that-failed.parquet", "left behind")
    lake.run("VACUUM ice.kept")
    assert lake.value('SELECT count(*) FROM ice."kept$snapshots"') == "1"
    assert [row[0] for row in rows(lake, "kept")] == ["0", "1", "2", "3"]
    assert lake.s3.list_objects_v2(Bucket="lake", Prefix="ice/kept/data/")["KeyCount"] == 2
    assert "VACUUM is supported for Iceberg tables alone" in lake.reason("VACUUM ice.hive")


def test_vacuum_leaves_what_is_committed_meanwhile(lake, pyiceberg_catalog, monkeypatch):
    import pyarrow as pa

    from toolkit.local.athena.iceberg import maintenance

    create(lake, "during", "id bigint", properties=", 'vacuum_max_snapshot_age_seconds'='0'")
    itself, row = maintenance._remove_orphans, pa.table({"id": pa.array([1], pa.int64())})

    def behind_a_commit(table, session):
        pyiceberg_catalog.load_table("ice.during").append(row)
        itself(table, session)

    monkeypatch.setattr(maintenance, "_remove_orphans", behind_a_commit)
    lake.run("VACUUM ice.during")
    assert rows(lake, "during") == [("1",)]


def test_vacuum_keeps_as_many_earlier_metadata_files_as_the_table_says(lake):
    create(lake, "states", "id int", properties=", 'vacuum_max_metadata_files_to_keep'='2'")
    for number in range(4):
        lake.run(f"INSERT INTO ice.states VALUES ({number})")
    lake.run("VACUUM ice.states")
    listed = lake.s3.list_objects_v2(Bucket="lake", Prefix="ice/states/metadata/")["Contents"]
    assert len([item for item in listed if item["Key"].endswith(".metadata.json")]) == 3
    assert lake.value('SELECT count(*) FROM ice."states$snapshots"') == "4"
    lake.run("INSERT INTO ice.states VALUES (4)")
    assert len(rows(lake, "states")) == 5
    lake.run("VACUUM ice.states")
    lake.run("DROP TABLE ice.states")


def test_too_many_partitions_are_refused(lake):
    create(lake, "many", "id int", partitioned_by="id")
    reason = lake.reason("INSERT INTO ice.many SELECT CAST(n AS integer) FROM UNNEST(sequence(1, 101)) AS t(n)")
    assert reason.startswith("ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions")


def test_rows_that_another_engine_marks_as_deleted_are_left_out(lake, pyiceberg_catalog, client):
    """Merge on read, as Athena, Spark and Flink leave it: a file of positions beside the data."""
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyiceberg.manifest import (
        DataFile,
        DataFileContent,
        FileFormat,
        ManifestContent,
        ManifestEntry,
        ManifestEntryStatus,
        ManifestWriterV2,
        write_manifest_list,
    )  # fmt: skip
    from pyiceberg.table.snapshots import Operation, Snapshot, Summary
    from pyiceberg.table.update import AddSnapshotUpdate, AssertRefSnapshotId, SetSnapshotRefUpdate
    from pyiceberg.typedef import Record

    create(lake, "marked", "id int")
    lake.run("INSERT INTO ice.marked VALUES (1), (2), (3)")
    table = pyiceberg_catalog.load_table("ice.marked")
    [(path,)] = lake.rows('SELECT file_path FROM ice."marked$files"')
    buffer = io.BytesIO()
    ids = [{b"PARQUET:field_id": number} for number in (b"2147483546", b"2147483545")]
    schema = pa.schema([pa.field("file_path", pa.string(), False, ids[0]), pa.field("pos", pa.int64(), False, ids[1])])
    pq.write_table(pa.table({"file_path": [path], "pos": [1]}, schema=schema), buffer)
    lake.put("ice/marked/data/deletes.parquet", buffer.getvalue())
    file = DataFile.from_args(
        content=DataFileContent.POSITION_DELETES,
        file_path="s3://lake/ice/marked/data/deletes.parquet",
        file_format=FileFormat.PARQUET,
        partition=Record(),
        record_count=1,
        file_size_in_bytes=len(buffer.getvalue()),
        spec_id=0,
    )
    snapshot_id = table.metadata.new_snapshot_id()

    class Deletes(ManifestWriterV2):
        def content(self):
            return ManifestContent.DELETES

    output = table.io.new_output("s3://lake/ice/marked/metadata/deletes.avro")
    with Deletes(table.spec(), table.schema(), output, snapshot_id, "null") as writer:
        entry = ManifestEntry.from_args(status=ManifestEntryStatus.ADDED, snapshot_id=snapshot_id, data_file=file)
        writer.add(entry)
    manifest = writer.to_manifest_file()
    location = "s3://lake/ice/marked/metadata/snap.avro"
    current = table.current_snapshot()
    with write_manifest_list(2, table.io.new_output(location), snapshot_id, current.snapshot_id, 2, "null") as writer:
        writer.add_manifests([manifest, *current.manifests(table.io)])
    snapshot = Snapshot(
        snapshot_id=snapshot_id,
        parent_snapshot_id=current.snapshot_id,
        sequence_number=2,
        manifest_list=location,
        summary=Summary(Operation.DELETE),
        schema_id=0,
    )
    updates = (
        AddSnapshotUpdate(snapshot=snapshot),
        SetSnapshotRefUpdate(snapshot_id=snapshot_id, ref_name="main", type="branch"),
    )
    pyiceberg_catalog.commit_table(table, (AssertRefSnapshotId(ref="main", snapshot_id=current.snapshot_id),), updates)
    assert rows(lake, "marked") == [("1",), ("3",)]
    lake.run("UPDATE ice.marked SET id = 4 WHERE id = 3")
    assert rows(lake, "marked") == [("1",), ("4",)]


def test_arrays_and_maps_of_rows_that_are_null_are_not_empty(lake):
    create(lake, "null_rows", "id int, l array<struct<x:int>>, m map<string,struct<x:int>>")
    rowed = "CAST(ROW(1) AS ROW(x INTEGER))"
    lake.run(f"INSERT INTO ice.null_rows SELECT 1, ARRAY[{rowed}], MAP(ARRAY['k'], ARRAY[{rowed}])")
    lake.run(
        "INSERT INTO ice.null_rows SELECT id, IF(id = 1, l), IF(id = 1, m) FROM (SELECT id + 1 AS id, l, m FROM ice.null_rows)"
    )
    assert lake.rows("SELECT id, l IS NULL, m IS NULL, cardinality(l) FROM ice.null_rows ORDER BY id") == [
        ("1", "false", "false", "1"),
        ("2", "true", "true", None),
    ]


def test_types_that_athena_has_no_ddl_for_are_read_and_written(lake, pyiceberg_catalog):
    import uuid
    from datetime import UTC, datetime, time

    import pyarrow as pa
    from pyiceberg import types
    from pyiceberg.io.pyarrow import schema_to_pyarrow
    from pyiceberg.schema import Schema

    schema = Schema(
        types.NestedField(1, "u", types.UUIDType()),
        types.NestedField(2, "t", types.TimeType()),
        types.NestedField(3, "f", types.FixedType(3)),
        types.NestedField(4, "z", types.TimestamptzType()),
        types.NestedField(5, "Upper", types.IntegerType(), required=True),
    )
    table = pyiceberg_catalog.create_table("ice.typed", schema, "s3://lake/ice/typed")
    row = {
        "u": uuid.UUID(int=5).bytes,
        "t": time(1, 2, 3),
        "f": b"abc",
        "z": datetime(2024, 1, 1, tzinfo=UTC),
        "Upper": 1,
    }
    table.append(pa.Table.from_pylist([row], schema_to_pyarrow(schema)))
    shown = ("00000000-0000-0000-0000-000000000005", "01:02:03.000", "61 62 63", "2024-01-01 00:00:00.000000 UTC")
    assert lake.rows("SELECT * FROM ice.typed") == [(*shown, "1")]
    lake.run("INSERT INTO ice.typed SELECT u, t, f, z, upper + 1 FROM ice.typed")
    lake.run("UPDATE ice.typed SET upper = 7 WHERE upper = 2")
    assert lake.rows("SELECT * FROM ice.typed ORDER BY upper") == [(*shown, "1"), (*shown, "7")]
    assert lake.reason("INSERT INTO ice.typed (upper) VALUES (NULL)") == (
        "CONSTRAINT_VIOLATION: NULL value not allowed for NOT NULL column: Upper"
    )


def test_writers_at_once_all_get_their_rows_in(lake, client):
    from concurrent.futures import ThreadPoolExecutor

    create(lake, "busy", "id int")

    def write(number):
        statement = "INSERT INTO ice.busy VALUES (1)" if number % 2 else "UPDATE ice.busy SET id = id + 1"
        identifier = lake.api.start_query_execution(
            QueryString=statement, ResultConfiguration={"OutputLocation": "s3://lake/results/"}
        )["QueryExecutionId"]
        while True:
            status = lake.api.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"]
            if status["State"] not in ("QUEUED", "RUNNING"):
                return status["State"]

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(write, range(12))) == {"SUCCEEDED"}
    assert lake.value("SELECT count(*) FROM ice.busy") == "6"
