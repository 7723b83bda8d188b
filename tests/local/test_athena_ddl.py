"""Hive's DDL, as Athena takes it and as it refuses it; the catalogue is looked at through Glue."""

import pytest

OPENX = "org.openx.data.jsonserde.JsonSerDe"


@pytest.fixture(scope="module")
def hive(athena):
    athena.run("CREATE DATABASE ddl")
    return athena


@pytest.fixture
def name(hive, request):
    name = f"t{abs(hash(request.node.name))}"
    yield name
    hive.run(f"DROP TABLE IF EXISTS ddl.{name}")


def glue_table(hive, name):
    return hive.glue.get_table(DatabaseName="ddl", Name=name)["Table"]


def test_a_table_with_every_clause_arrives_in_the_catalogue(hive, name):
    hive.run(f"""
        CREATE EXTERNAL TABLE IF NOT EXISTS `ddl`.`{name}` (
          -- a comment
          `Id` string COMMENT 'it\\'s \\u00e9',
          `n` decimal(10,2), /* another */
          `nested` struct<`select`:int,list:array<map<string,double>>> COMMENT "two" ' parts',
          v varchar(10))
        COMMENT 'events'
        PARTITIONED BY (`dt` date COMMENT 'day', h int)
        ROW FORMAT SERDE '{OPENX}' WITH SERDEPROPERTIES ('mapping.id'='I d', 'ignore.malformed.json'='true')
        STORED AS INPUTFORMAT 'in' OUTPUTFORMAT 'out'
        LOCATION 's3://lake/x/'
        TBLPROPERTIES ('classification'='json', 'path'='a\\\\b');
    """)
    table = glue_table(hive, name)
    descriptor = table["StorageDescriptor"]
    assert descriptor["Columns"] == [
        {"Name": "id", "Type": "string", "Comment": "it's é"},
        {"Name": "n", "Type": "decimal(10,2)"},
        {"Name": "nested", "Type": "struct<select:int,list:array<map<string,double>>>", "Comment": "two parts"},
        {"Name": "v", "Type": "varchar(10)"},
    ]
    assert table["PartitionKeys"] == [{"Name": "dt", "Type": "date", "Comment": "day"}, {"Name": "h", "Type": "int"}]
    assert descriptor["SerdeInfo"]["SerializationLibrary"] == OPENX
    assert descriptor["SerdeInfo"]["Parameters"]["mapping.id"] == "I d"
    assert (descriptor["InputFormat"], descriptor["OutputFormat"]) == ("in", "out")
    assert descriptor["Location"] == "s3://lake/x/"
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert {"classification": "json", "path": "a\\b", "comment": "events"}.items() <= table["Parameters"].items()


@pytest.mark.parametrize(
    ("stored_as", "serde"),
    [
        ("PARQUET", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
        ("ORC", "org.apache.hadoop.hive.ql.io.orc.OrcSerde"),
        ("TEXTFILE", "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
        ("JSON", "org.apache.hive.hcatalog.data.JsonSerDe"),
    ],
)
def test_stored_as_names_the_classes(hive, name, stored_as, serde):
    hive.run(f"CREATE EXTERNAL TABLE ddl.{name} (a int) STORED AS {stored_as} LOCATION 's3://lake/x/'")
    assert glue_table(hive, name)["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == serde


LOCATION = "LOCATION 's3://lake/x/'"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (
            "CREATE EXTERNAL TABLE t (a int,) " + LOCATION,
            "FAILED: ParseException line 1:31 cannot recognize input near ')'",
        ),
        ("CREATE EXTERNAL TABLE t (a struct<b:int,>) " + LOCATION, "FAILED: ParseException line 1:27 cannot recognize"),
        ("CREATE EXTERNAL TABLE t () " + LOCATION, "FAILED: ParseException line 1:25 cannot recognize input near ')'"),
        (
            "CREATE EXTERNAL TABLE t (a struct<>) " + LOCATION,
            "FAILED: ParseException line 1:27 cannot recognize input near",
        ),
        (
            "CREATE EXTERNAL TABLE t (a real) " + LOCATION,
            "FAILED: ParseException line 1:27 cannot recognize input near 'real'",
        ),
        (
            "CREATE EXTERNAL TABLE t (a varchar) " + LOCATION,
            "FAILED: ParseException line 1:27 cannot recognize input near",
        ),
        (
            "CREATE EXTERNAL TABLE t (a timestamp(3)) " + LOCATION,
            "FAILED: ParseException line 1:27 cannot recognize input",
        ),
        (
            "CREATE EXTERNAL TABLE t (a json) " + LOCATION,
            "FAILED: ParseException line 1:27 cannot recognize input near 'json'",
        ),
        (
            "CREATE EXTERNAL TABLE t (a map<array<int>,int>) " + LOCATION,
            "FAILED: ParseException line 1:27 cannot recognize",
        ),
        (
            "CREATE EXTERNAL TABLE t (a int NOT NULL) " + LOCATION,
            "FAILED: ParseException line 1:31 mismatched input 'NOT'",
        ),
        (
            "CREATE EXTERNAL TABLE t (select int) " + LOCATION,
            "FAILED: ParseException line 1:25 cannot recognize input near",
        ),
        (
            "CREATE EXTERNAL TABLE t (a struct<select:int>) " + LOCATION,
            "FAILED: ParseException line 1:27 cannot recognize",
        ),
        (
            'CREATE EXTERNAL TABLE t ("a" int) ' + LOCATION,
            "FAILED: ParseException line 1:25 cannot recognize input near",
        ),
        (
            "CREATE EXTERNAL TABLE t (_a int) " + LOCATION,
            "FAILED: ParseException line 1:25 character '_' not supported here",
        ),
        (
            "CREATE EXTERNAL TABLE t (12 int) " + LOCATION,
            "FAILED: ParseException line 1:25 cannot recognize input near '12'",
        ),
        (
            "CREATE EXTERNAL TABLE t (`a.b` int) " + LOCATION,
            "FAILED: ParseException line 1:25 Failed to recognize predicate",
        ),
        ("CREATE EXTERNAL TABLE a.b.c (a int) " + LOCATION, "FAILED: ParseException line 1:25 mismatched input '.'"),
        (
            "CREATE EXTERNAL TABLE t (a int)\n" + LOCATION + " STORED AS ORC",
            "FAILED: ParseException line 2:24 missing EOF at",
        ),
        (
            "CREATE EXTERNAL TABLE t (a int) STORED AS ORC WITH SERDEPROPERTIES ('a'='b') " + LOCATION,
            "FAILED: ParseException line 1:46 missing EOF at 'WITH'",
        ),
        (
            "CREATE EXTERNAL TABLE t (a int) COMMENT 'x' PARTITIONED BY (A string) " + LOCATION,
            "FAILED: SemanticException [Error 10035]: Column repeated in partitioning columns",
        ),
        (
            "CREATE EXTERNAL TABLE t (a int, A int) " + LOCATION,
            "FAILED: SemanticException [Error 10036]: Duplicate column name: a",
        ),
        (
            "CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (b array<int>) " + LOCATION,
            "FAILED: SemanticException [Error 10099]: Partition column b must be of a primitive type",
        ),
        (
            "CREATE TABLE t (a int) " + LOCATION,
            "FAILED: SemanticException External keyword required for table type HIVE",
        ),
        ("CREATE EXTERNAL TABLE t (a int)", "FAILED: SemanticException No location was specified for table."),
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 'http://x/'", "FAILED: Execution Error, return code 1"),
        (
            "CREATE EXTERNAL TABLE t (a int) STORED AS x " + LOCATION,
            "FAILED: SemanticException Unrecognized file format",
        ),
        (
            "CREATE EXTERNAL TABLE nowhere.t (a int) " + LOCATION,
            "FAILED: SemanticException [Error 10072]: Database does not exist",
        ),
        ("ALTER TABLE t RENAME TO u", "FAILED: SemanticException [Error 10001]: Table not found ddl.t"),
        (
            "ALTER TABLE t SET SERDEPROPERTIES ('a'='b')",
            "FAILED: SemanticException ALTER TABLE SET SERDEPROPERTIES is not supported",
        ),
        ("CREATE TABLE t LIKE u", "FAILED: SemanticException CREATE TABLE LIKE is not supported"),
        ("DROP TABLE t", "FAILED: SemanticException [Error 10001]: Table not found ddl.t"),
        ("SHOW PARTITIONS t", "FAILED: SemanticException [Error 10001]: Table not found ddl.t"),
        ("SHOW TABLES IN nowhere", "FAILED: SemanticException [Error 10072]: Database does not exist: nowhere"),
        ("DROP DATABASE nowhere", "FAILED: SemanticException [Error 10072]: Database does not exist: nowhere"),
        (
            "CREATE DATABASE ddl",
            "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Database ddl already exists",
        ),
        ("MSCK REPAIR t", "FAILED: ParseException line 1:12 mismatched input 't' expecting TABLE near 'REPAIR'"),
    ],
)
def test_what_hive_or_athena_refuses_fails_with_its_words(hive, statement, reason):
    assert hive.reason(statement, "ddl").startswith(reason)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DESCRIBE nosuch", "Entity Not Found (Service: AmazonDataCatalog; Status Code: 400;"),
        ("SHOW COLUMNS IN nosuch.t", "Entity Not Found"),
        ("CREATE TABLE t (n int)", "No location was specified for table. An S3 location must be specified"),
        ('DESCRIBE "t"', "line 1:10: no viable alternative at input 'DESCRIBE \"t\"'"),
        ('-- all of it\nDESC ddl."t"', "line 2:10: no viable alternative at input 'ddl.\"t\"'"),
        ('SHOW COLUMNS FROM "t"', "line 1:19: mismatched input '\"t\"'"),
        ('DROP TABLE IF EXISTS "t"', "line 1:22: mismatched input '\"t\"'"),
        ('SHOW CREATE TABLE "t"', "Queries of this type are not supported"),
        ('ALTER TABLE "t" DROP COLUMN n', "line 1:13: no viable alternative at input 'ALTER TABLE \"t\"'"),
        ("ALTER TABLE IF EXISTS t DROP COLUMN n", "line 1:16: no viable alternative at input 'ALTER TABLE IF EXISTS'"),
        (
            "ALTER TABLE IF EXISTS t ALTER COLUMN n int",
            "line 1:25: mismatched input 'ALTER'. Expecting: '.', 'ADD', 'DROP', 'RENAME'",
        ),
        ("alter table d.t ADD COLUMN n int", "line 1:21: no viable alternative at input 'alter table d.t ADD COLUMN'"),
        ("ALTER TABLE t RENAME COLUMN a TO b", "line 1:22: missing 'TO' at 'COLUMN'"),
        ("ALTER TABLE t SET PROPERTIES a = 1", "no viable alternative at input 'ALTER TABLE t SET PROPERTIES'"),
        ("ALTER TABLE t EXECUTE optimize", "line 1:15: no viable alternative at input 'ALTER TABLE t EXECUTE'"),
        ("ALTER TABLE t DROP COLUMN IF EXISTS n", "line 1:30: mismatched input 'EXISTS' expecting {<EOF>, '.'}"),
        ("ALTER TABLE t DROP COLUMNS n", "line 1:20: mismatched input 'COLUMNS'. Expecting: '.', 'DROP'"),
        ("ALTER TABLE", ""),
    ],
)
def test_what_athena_reads_itself_is_refused_before_it_starts(hive, statement, message):
    # As measured on Athena by the authors of athena-local, September 2026.
    if not message:
        assert hive.reason(statement, "ddl").startswith("FAILED: ParseException")
        return
    assert message in hive.refusal(statement, database="ddl")


def test_if_not_exists_keeps_the_older_table(hive, name):
    hive.run(f"CREATE EXTERNAL TABLE ddl.{name} (a int) {LOCATION}")
    hive.run(f"CREATE EXTERNAL TABLE IF NOT EXISTS ddl.{name} (b int) {LOCATION}")
    assert [column["Name"] for column in glue_table(hive, name)["StorageDescriptor"]["Columns"]] == ["a"]
    assert "AlreadyExistsException" in hive.reason(f"CREATE EXTERNAL TABLE ddl.{name} (b int) {LOCATION}")


def test_a_database_with_tables_goes_only_with_cascade(hive):
    hive.run("CREATE DATABASE filled COMMENT 'c' LOCATION 's3://lake/full/' WITH DBPROPERTIES ('k'='v')")
    hive.run(f"CREATE EXTERNAL TABLE filled.t (a int) {LOCATION}")
    assert "is not empty" in hive.reason("DROP DATABASE filled")
    hive.run("DROP DATABASE filled CASCADE")
    assert ("filled",) not in hive.rows("SHOW DATABASES")


def test_a_database_is_named_with_its_catalogue_too(hive):
    hive.run("CREATE DATABASE `awsdatacatalog`.`ddl_named`")
    hive.run("ALTER DATABASE AwsDataCatalog.ddl_named SET DBPROPERTIES ('a' = 'b')")
    hive.run("CREATE EXTERNAL TABLE awsdatacatalog.ddl_named.t (a int) STORED AS PARQUET LOCATION 's3://lake/named/'")
    assert hive.rows("SHOW TABLES IN awsdatacatalog.ddl_named") == [("t",)]
    assert [row[0].strip() for row in hive.rows("SHOW COLUMNS IN t IN awsdatacatalog.ddl_named")] == ["a"]
    hive.run("DROP DATABASE `awsdatacatalog`.`ddl_named` CASCADE")


def test_partitions_are_added_shown_and_dropped(hive, name):
    hive.run(f"CREATE EXTERNAL TABLE ddl.{name} (a int) PARTITIONED BY (dt string, h int) LOCATION 's3://lake/p/'")
    hive.run(
        f"ALTER TABLE ddl.{name} ADD PARTITION (dt='2024-01-01', h=1) LOCATION 's3://lake/else/'"
        " PARTITION (dt='2024-01-01', h=2) PARTITION (h='3', dt='a/b c')"
    )
    partitions = hive.glue.get_partitions(DatabaseName="ddl", TableName=name)["Partitions"]
    locations = {tuple(each["Values"]): each["StorageDescriptor"]["Location"] for each in partitions}
    assert locations == {
        ("2024-01-01", "1"): "s3://lake/else/",
        ("2024-01-01", "2"): "s3://lake/p/dt=2024-01-01/h=2/",
        ("a/b c", "3"): "s3://lake/p/dt=a%2Fb c/h=3/",
    }
    assert "AlreadyExists" in hive.reason(f"ALTER TABLE ddl.{name} ADD PARTITION (dt='2024-01-01', h=1)")
    hive.run(f"ALTER TABLE ddl.{name} ADD IF NOT EXISTS PARTITION (dt='2024-01-01', h=1)")
    hive.run(f"ALTER TABLE ddl.{name} DROP PARTITION (dt='2024-01-01', h > '1'), PARTITION (dt='a/b c')")
    assert hive.rows(f"SHOW PARTITIONS ddl.{name}") == [("dt=2024-01-01/h=1",)]
    assert "Partition not found" in hive.reason(f"ALTER TABLE ddl.{name} DROP PARTITION (dt='x')")
    hive.run(f"ALTER TABLE ddl.{name} DROP IF EXISTS PARTITION (dt='x')")
    hive.run(f"ALTER TABLE ddl.{name} PARTITION (dt='2024-01-01', h=1) SET LOCATION 's3://lake/moved/'")
    [partition] = hive.glue.get_partitions(DatabaseName="ddl", TableName=name)["Partitions"]
    assert partition["StorageDescriptor"]["Location"] == "s3://lake/moved/"


def test_repair_finds_hives_layout_in_lower_case_only(hive, name):
    hive.run(f"CREATE EXTERNAL TABLE ddl.{name} (a int) PARTITIONED BY (dt string) LOCATION 's3://lake/{name}/'")
    for folder in ("dt=1", "dt=a%2Fb", "DT=2", "other=3"):
        hive.put(f"{name}/{folder}/a.json", "{}")
    hive.run(f"MSCK REPAIR TABLE ddl.{name}")
    values = [each["Values"] for each in hive.glue.get_partitions(DatabaseName="ddl", TableName=name)["Partitions"]]
    assert sorted(values) == [["1"], ["a/b"]]
    assert hive.rows(f"MSCK REPAIR TABLE ddl.{name}") == []


def test_columns_and_properties_change(hive, name):
    hive.run(f"CREATE EXTERNAL TABLE ddl.{name} (a int) {LOCATION} TBLPROPERTIES ('k'='v')")
    hive.run(f"ALTER TABLE ddl.{name} ADD COLUMNS (b string COMMENT 'c', c array<int>)")
    hive.run(f"ALTER TABLE ddl.{name} CHANGE COLUMN b d bigint")
    hive.run(f"ALTER TABLE ddl.{name} SET TBLPROPERTIES ('k'='w', 'l'='x')")
    hive.run(f"ALTER TABLE ddl.{name} SET LOCATION 's3://lake/new/'")
    table = glue_table(hive, name)
    columns = [(column["Name"], column["Type"]) for column in table["StorageDescriptor"]["Columns"]]
    assert columns == [("a", "int"), ("d", "bigint"), ("c", "array<int>")]
    assert {"k": "w", "l": "x"}.items() <= table["Parameters"].items()
    assert table["StorageDescriptor"]["Location"] == "s3://lake/new/"
    assert "Duplicate column name: a" in hive.reason(f"ALTER TABLE ddl.{name} ADD COLUMNS (a int)")


def test_show_create_table_parses_back_to_the_same_table(hive, name):
    hive.run(
        f"CREATE EXTERNAL TABLE ddl.{name} (`a` struct<b:int> COMMENT 'it\\'s', `weird name` string) COMMENT 'x\\ny'"
        f" PARTITIONED BY (dt date) ROW FORMAT SERDE '{OPENX}' WITH SERDEPROPERTIES ('mapping.a'='A \\\\ \"b\"')"
        f" {LOCATION} TBLPROPERTIES ('k'='v')"
    )
    before = glue_table(hive, name)
    text = "\n".join(line for (line,) in hive.rows(f"SHOW CREATE TABLE ddl.{name}"))
    hive.run(f"DROP TABLE ddl.{name}")
    hive.run(text)
    after = glue_table(hive, name)
    for volatile in ("CreateTime", "UpdateTime", "VersionId"):
        before.pop(volatile, None)
        after.pop(volatile, None)
    assert after == before


def test_describe_shows_columns_and_partition_keys(hive, name):
    hive.run(f"CREATE EXTERNAL TABLE ddl.{name} (a int COMMENT 'c') PARTITIONED BY (dt date) {LOCATION}")
    lines = [line for (line,) in hive.rows(f"DESCRIBE ddl.{name}")]
    assert lines[:2] == [
        "a                   \tint                 \tc                   ",
        "dt                  \tdate                \t                    ",
    ]
    assert lines[3].startswith("# Partition Information")
    assert hive.rows(f"SHOW COLUMNS IN ddl.{name}") == [("a".ljust(20),), ("dt".ljust(20),)]


def test_show_tables_takes_a_pattern(hive):
    for table in ("one_x", "two_x", "three"):
        hive.run(f"CREATE EXTERNAL TABLE IF NOT EXISTS ddl.{table} (a int) {LOCATION}")
    assert hive.rows("SHOW TABLES IN ddl '*_x'") == [("one_x",), ("two_x",)]
    assert hive.rows("SHOW TABLES IN ddl LIKE 'one_x|three'") == [("one_x",), ("three",)]


def test_ddl_is_of_its_type_and_leaves_a_text_object(hive):
    identifier = hive.run("SHOW DATABASES LIKE 'ddl'")
    assert hive.execution["StatementType"] == "UTILITY"
    location = hive.execution["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://lake/results/{identifier}.txt"
    assert hive.s3.get_object(Bucket="lake", Key=f"results/{identifier}.txt")["Body"].read() == b"ddl"


def test_columns_move_and_partitions_have_columns_of_their_own(hive, name):
    hive.run(
        f"CREATE EXTERNAL TABLE ddl.{name} (a int, b int, c int) PARTITIONED BY (dt string) LOCATION 's3://lake/{name}/'"
    )
    hive.run(f"ALTER TABLE ddl.{name} CHANGE COLUMN c c2 bigint COMMENT 'first' FIRST")
    hive.run(f"ALTER TABLE ddl.{name} CHANGE a a int AFTER b")
    columns = glue_table(hive, name)["StorageDescriptor"]["Columns"]
    assert columns == [
        {"Name": "c2", "Type": "bigint", "Comment": "first"},
        {"Name": "b", "Type": "int"},
        {"Name": "a", "Type": "int"},
    ]
    hive.run(f"ALTER TABLE ddl.{name} ADD PARTITION (dt='1')")
    hive.run(f"ALTER TABLE ddl.{name} PARTITION (dt='1') ADD COLUMNS (d string)")
    names = [line.split("\t")[0].strip() for (line,) in hive.rows(f"DESCRIBE ddl.{name} PARTITION (dt='1')")][:4]
    assert names == ["c2", "b", "a", "d"]
    hive.run(f"ALTER TABLE ddl.{name} PARTITION (dt='1') REPLACE COLUMNS (one int)")
    partition = hive.glue.get_partition(DatabaseName="ddl", TableName=name, PartitionValues=["1"])["Partition"]
    assert [column["Name"] for column in partition["StorageDescriptor"]["Columns"]] == ["one"]
    assert [column["Name"] for column in glue_table(hive, name)["StorageDescriptor"]["Columns"]] == ["c2", "b", "a"]


def test_describe_goes_into_a_column(hive, name):
    hive.run(
        f"CREATE EXTERNAL TABLE ddl.{name} (s struct<x:int,m:map<string,array<struct<y:date>>>>) LOCATION 's3://lake/{name}/'"
    )

    def described(path):
        return [line.split("\t")[:2] for (line,) in hive.rows(f"DESCRIBE ddl.{name} {path}")]

    assert hive.rows(f"DESCRIBE `ddl`.`{name}`;") == hive.rows(f"describe ddl.{name}")
    assert [[part.strip() for part in line] for line in described("s")] == [
        ["s", "struct<x:int,m:map<string,array<struct<y:date>>>>"]
    ]
    assert [[part.strip() for part in line] for line in described("s.m.'$value$'.'$elem$'")] == [["y", "date"]]
    assert "Invalid column s.nope" in hive.reason(f"DESCRIBE ddl.{name} s.nope")


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE TABLE t",
        "GRANT ROLE r",
        "SHOW LOCKS",
        "create index i",
        "LOAD DATA INPATH 'x' INTO TABLE t",
        "UNLOCK TABLE t",
    ],
)
def test_statements_that_athena_does_not_take_are_refused_at_once(hive, statement):
    assert hive.refusal(statement) == "Queries of this type are not supported"


def test_a_serde_that_athena_does_not_have_is_refused(hive, name):
    reason = hive.reason(
        f"CREATE EXTERNAL TABLE ddl.{name} (a int) ROW FORMAT SERDE 'com.x.Serde' LOCATION 's3://lake/x/'"
    )
    assert reason.endswith("DDLTask. Cannot validate serde: com.x.Serde")


def test_the_ddl_of_a_struct_with_reserved_names_parses_back(hive, name):
    kind = "struct<`from`:int,plain:array<struct<`_id`:string,`select`:map<string,int>>>>"
    hive.run(f"CREATE EXTERNAL TABLE ddl.{name} (a {kind}) LOCATION 's3://lake/x/'")
    stored = glue_table(hive, name)["StorageDescriptor"]["Columns"]
    assert stored[0]["Type"] == kind.replace("`", "")
    text = "\n".join(line[0] for line in hive.rows(f"SHOW CREATE TABLE ddl.{name}"))
    assert f"`a` {kind})" in text
    hive.run(f"DROP TABLE ddl.{name}")
    hive.run(text)
    assert glue_table(hive, name)["StorageDescriptor"]["Columns"] == stored


def test_properties_are_shown_in_the_order_of_a_java_map(athena):
    properties = (
        "'classification'='parquet', 'compressionType'='none', 'typeOfData'='file', 'projection.enabled'='false'"
    )
    athena.run(
        "CREATE EXTERNAL TABLE default.hashed (c int) STORED AS PARQUET LOCATION 's3://lake/hashed/' "
        f"TBLPROPERTIES ({properties})"
    )
    shown = [line.strip(" ,)").partition("=")[0] for (line,) in athena.rows("SHOW CREATE TABLE default.hashed")]
    names = ["'compressionType'", "'classification'", "'projection.enabled'", "'typeOfData'"]
    assert [name for name in shown if name in names] == names


def test_two_escapes_may_be_one_character(athena):
    athena.run(r"CREATE EXTERNAL TABLE crabs (a int) COMMENT '\ud83e\udd80 \ud83e' LOCATION 's3://lake/crabs/'")
    assert (
        athena.glue.get_table(DatabaseName="default", Name="crabs")["Table"]["Parameters"]["comment"]
        == "\U0001f980 \ufffd"
    )


def test_a_number_is_taken_for_a_property(athena):
    athena.run("CREATE EXTERNAL TABLE default.levels (c int) STORED AS PARQUET LOCATION 's3://lake/levels/'")
    athena.run("ALTER TABLE default.levels SET TBLPROPERTIES ('parquet.compression' = 'ZSTD', 'compression_level' = 4)")
    shown = athena.rows("SHOW TBLPROPERTIES default.levels('compression_level')")
    assert shown[0][0].endswith("4")


@pytest.mark.parametrize(
    ("statement", "look", "outcome"),
    [
        ("CREATE DATABASE IF NOT EXISTS overtaken", "database", ""),
        ("CREATE DATABASE overtaken", "database", "Database overtaken already exists"),
        ("CREATE EXTERNAL TABLE IF NOT EXISTS overtaken.t (a int) LOCATION 's3://lake/t/'", "table", ""),
        ("CREATE EXTERNAL TABLE overtaken.t (a int) LOCATION 's3://lake/t/'", "table", "AlreadyExistsException"),
        (
            "CREATE TABLE IF NOT EXISTS overtaken.t (a int) LOCATION 's3://lake/i/' TBLPROPERTIES ('table_type'='ICEBERG')",
            "table",
            "",
        ),
        ("CREATE OR REPLACE VIEW overtaken.v AS SELECT 1 AS a", "table", ""),
        ("DROP TABLE IF EXISTS overtaken.gone", "table", ""),
        ("DROP TABLE overtaken.gone", "table", "Table not found overtaken.gone"),
        ("DROP DATABASE IF EXISTS gone", "database", ""),
    ],
)
def test_what_another_makes_or_drops_in_between_counts(athena, monkeypatch, statement, look, outcome):
    """Between a look at the catalogue and the change another statement may have come: here the first look is out of date."""
    from toolkit.local.athena.catalog import Catalog

    athena.run("CREATE DATABASE IF NOT EXISTS overtaken")
    athena.run("CREATE EXTERNAL TABLE IF NOT EXISTS overtaken.t (a int) LOCATION 's3://lake/t/'")
    athena.run("CREATE OR REPLACE VIEW overtaken.v AS SELECT 1 AS a")
    itself, looks = getattr(Catalog, look), []
    before = {"Name": "gone", "StorageDescriptor": {}} if "gone" in statement else None

    def outdated(catalog, *names):
        looks.append(names)
        return before if len(looks) == 1 else itself(catalog, *names)

    monkeypatch.setattr(Catalog, look, outdated)
    if outcome:
        assert outcome in athena.reason(statement)
    else:
        athena.run(statement)
    assert len(looks) > 1
