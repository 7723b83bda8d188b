"""The API as boto3 and PyAthena use it, and what it refuses."""

import csv
import gzip
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from botocore.exceptions import ClientError
from pyathena import connect
from pyathena.pandas.cursor import PandasCursor

from tests.local.conftest import QueryFailed
from toolkit.local.athena.shelf import Shelf


@pytest.fixture(scope="module")
def api(athena):
    athena.run("CREATE DATABASE api")
    lines = "\n".join(
        json.dumps({"id": n, "name": None if n % 2 else f'n "{n}", x', "at": "2024-01-01 00:00:00"})
        for n in range(2500)
    )
    athena.put("rows/a.json.gz", gzip.compress(lines.encode()))
    athena.run(
        "CREATE EXTERNAL TABLE api.many (id int, name string, at timestamp)"
        " ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/rows/'"
    )
    return athena


@pytest.fixture
def environment(platform, monkeypatch):
    for name, value in platform.environment.items():
        monkeypatch.setenv(name, value)


def test_pyathena_reads_rows_with_their_types(api, environment):
    with connect(s3_staging_dir="s3://lake/py/", schema_name="api") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, name, at FROM many WHERE id < %(limit)s ORDER BY id", {"limit": 2})
        assert [column[:2] for column in cursor.description] == [
            ("id", "integer"),
            ("name", "varchar"),
            ("at", "timestamp"),
        ]
        rows = cursor.fetchall()
    assert [row[:2] for row in rows] == [(0, 'n "0", x'), (1, None)]
    assert str(rows[0][2]) == "2024-01-01 00:00:00"


def test_pyathena_reads_all_pages(api, environment):
    with connect(s3_staging_dir="s3://lake/py/") as connection, connection.cursor() as cursor:
        assert len(cursor.execute("SELECT id FROM api.many").fetchall()) == 2500


def test_pyathena_gives_a_frame(api, environment):
    with connect(s3_staging_dir="s3://lake/py/") as connection, connection.cursor(PandasCursor) as cursor:
        frame = cursor.execute("SELECT id, name, at FROM api.many ORDER BY id LIMIT 2").as_pandas()
    assert frame["id"].tolist() == [0, 1]
    assert frame["name"].iloc[0] == 'n "0", x'
    assert pd.isna(frame["name"].iloc[1])
    assert frame["at"].iloc[0] == pd.Timestamp("2024-01-01")


def test_the_result_object_quotes_every_value_and_leaves_null_empty(api):
    identifier = api.run("SELECT id, name FROM api.many ORDER BY id LIMIT 2")
    assert api.execution["ResultConfiguration"]["OutputLocation"] == f"s3://lake/results/{identifier}.csv"
    content = api.s3.get_object(Bucket="lake", Key=f"results/{identifier}.csv")["Body"].read().decode()
    assert content == '"id","name"\n"0","n ""0"", x"\n"1",\n'
    assert list(csv.reader(io.StringIO(content)))[1] == ["0", 'n "0", x']


def test_columns_of_a_result_are_named_as_the_query_writes_them(api):
    # Names as Trino 435 gives them for the same queries.
    api.run("CREATE OR REPLACE VIEW api.cased AS SELECT ID AS Number FROM api.many")
    named = {
        'SELECT ID, m.Name AS Foo, Id AS "Bar", count(*) FROM api.many m GROUP BY 1, 2': ["ID", "Foo", "Bar", "_col3"],
        "WITH q(Aa, B) AS (SELECT 1, 2) SELECT *, aA FROM q": ["Aa", "B", "aA"],
        "SELECT * FROM (VALUES (1, 2)) AS t(A, b) JOIN (VALUES 1) AS u(a) USING (a)": ["a", "b"],
        "SELECT Id FROM api.many UNION SELECT 1": ["Id"],
        "SELECT * FROM api.cased": ["number"],
    }
    for sql, names in named.items():
        identifier = api.run(f"{sql} LIMIT 1")
        answer = api.api.get_query_results(QueryExecutionId=identifier)["ResultSet"]
        assert [column["Name"] for column in answer["ResultSetMetadata"]["ColumnInfo"]] == names
        assert [value["VarCharValue"] for value in answer["Rows"][0]["Data"]] == names


def test_nulls_and_nans_are_not_distinct(api):
    # As Trino 435 answers.
    api.run(
        "SELECT x IS NOT DISTINCT FROM x, x IS DISTINCT FROM 1e0, x IS DISTINCT FROM y"
        " FROM (VALUES (CAST(NULL AS double), nan())) AS t(x, y)"
        " UNION ALL SELECT nan() IS NOT DISTINCT FROM nan(), nan() IS DISTINCT FROM 1e0, nan() IS DISTINCT FROM NULL"
    )
    identifier = api.execution["QueryExecutionId"]
    rows = api.api.get_query_results(QueryExecutionId=identifier)["ResultSet"]["Rows"][1:]
    assert [[value["VarCharValue"] for value in row["Data"]] for row in rows] == [["true"] * 3] * 2


def test_results_come_in_pages_the_header_counted_as_a_row(api):
    identifier = api.run("SELECT id FROM api.many ORDER BY id")
    pages = []
    token = {}
    while True:
        page = api.api.get_query_results(QueryExecutionId=identifier, MaxResults=1000, **token)
        pages.append(len(page["ResultSet"]["Rows"]))
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert pages == [1000, 1000, 501]


def test_an_execution_describes_itself(api):
    identifier = api.run("SELECT 1", "api")
    described = api.execution
    assert described["QueryExecutionId"] == identifier
    assert described["Query"] == "SELECT 1"
    assert described["StatementType"] == "DML"
    assert described["SubstatementType"] == "SELECT"
    assert described["QueryExecutionContext"] == {"Database": "api"}
    assert described["WorkGroup"] == "primary"
    assert described["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    assert described["Status"]["State"] == "SUCCEEDED"
    assert described["Status"]["CompletionDateTime"] >= described["Status"]["SubmissionDateTime"]
    assert described["Statistics"]["TotalExecutionTimeInMillis"] > 0


def test_a_failed_query_says_why_and_has_no_results(api):
    with pytest.raises(QueryFailed):
        api.run("SELECT nope FROM api.many")
    status = api.execution["Status"]
    assert status["StateChangeReason"] == "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved"
    assert status["AthenaError"]["ErrorCategory"] == 2
    assert status["AthenaError"]["ErrorMessage"] == status["StateChangeReason"]
    with pytest.raises(ClientError, match=r"Query did not finish successfully\. Final query state: FAILED"):
        api.api.get_query_results(QueryExecutionId=api.execution["QueryExecutionId"])


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (" ", "Query string is empty"),
        ("SELEC 1", "line 1:1: mismatched input 'SELEC'."),
        ("SELECT 1 FROM", "Queries of this type are not supported"),
        ("SELECT 1; SELECT 2", "Only one sql statement is allowed."),
        ("SELECT '" + "x" * 262_144 + "'", "Query string is longer than 262144 bytes"),
    ],
)
def test_what_is_no_statement_is_refused_before_it_runs(api, sql, message):
    assert api.refusal(sql).startswith(message)


def test_an_output_location_has_to_come_from_somewhere(api):
    assert api.refusal("SELECT 1", ResultConfiguration={}).startswith("No output location provided.")
    assert api.refusal("SELECT 1", WorkGroup="nowhere") == "WorkGroup is not found."


def test_a_missing_output_bucket_fails_the_query(api):
    with pytest.raises(QueryFailed, match="output bucket not-there"):
        api.run("SELECT 1", ResultConfiguration={"OutputLocation": "s3://not-there/x/"})


def test_a_work_group_gives_location_and_limit(api):
    results = {"OutputLocation": "s3://lake/group/"}
    configuration = {"ResultConfiguration": results, "BytesScannedCutoffPerQuery": 10_000_000}
    api.api.create_work_group(Name="limited", Configuration=configuration)
    api.run("SELECT 1", WorkGroup="limited", ResultConfiguration={})
    assert api.execution["ResultConfiguration"]["OutputLocation"].startswith("s3://lake/group/")
    api.put("big/a.json", b'{"a": "' + b"x" * 10_000_000 + b'"}')
    api.run(
        "CREATE EXTERNAL TABLE api.big (a string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/big/'"
    )
    with pytest.raises(QueryFailed, match="Bytes scanned limit was exceeded"):
        api.run("SELECT count(a) FROM api.big", WorkGroup="limited")
    assert {"limited", "primary"} <= {group["Name"] for group in api.api.list_work_groups()["WorkGroups"]}
    api.api.update_work_group(WorkGroup="limited", State="DISABLED")
    assert api.refusal("SELECT 1", WorkGroup="limited") == "WorkGroup limited is disabled."
    api.api.delete_work_group(WorkGroup="limited")


def test_a_client_token_begins_one_execution_only(api):
    def begin():
        return api.api.start_query_execution(
            QueryString="SELECT 1",
            ClientRequestToken="t" * 32,
            ResultConfiguration={"OutputLocation": "s3://lake/results/"},
        )["QueryExecutionId"]

    assert begin() == begin()


def test_a_client_token_goes_with_one_request(api):
    def begin(**changed):
        return api.api.start_query_execution(
            ClientRequestToken="u" * 32,
            **{
                "QueryString": "SELECT ?",
                "ExecutionParameters": ["1"],
                "ResultConfiguration": {"OutputLocation": "s3://lake/results/"},
                **changed,
            },
        )["QueryExecutionId"]

    assert begin() == begin(ExecutionParameters=["2"])
    with pytest.raises(ClientError, match="Idempotent parameters do not match") as caught:
        begin(QueryString="SELECT 1, ?")
    assert caught.value.response["AthenaErrorCode"] == "IDEMPOTENT_PARAMETER_MISMATCH"
    # What can't run is told before.
    with pytest.raises(ClientError, match="outputLocation is not a valid S3 path"):
        begin(ResultConfiguration={"OutputLocation": "s3://"})
    with pytest.raises(ClientError, match="mismatched input 'SELEC'"):
        begin(QueryString="SELEC ?")
    query = {"Name": "n", "Database": "d", "ClientRequestToken": "v" * 32}
    made = api.api.create_named_query(QueryString="SELECT 1", **query)["NamedQueryId"]
    assert api.api.create_named_query(QueryString="SELECT 1", **query)["NamedQueryId"] == made
    with pytest.raises(ClientError, match="Idempotent parameters do not match"):
        api.api.create_named_query(QueryString="SELECT 2", **query)


@pytest.mark.parametrize(
    ("sql", "statement_type", "substatement_type", "extension"),
    [
        ("SELECT nothing", "DML", "SELECT", ".csv"),
        ("INSERT INTO nowhere VALUES 1", "DML", "INSERT", ""),
        ("UNLOAD (SELECT nothing) TO 's3://lake/u/' WITH (format = 'JSON')", "DML", "UNLOAD", ""),
        ("SHOW PARTITIONS nowhere", "UTILITY", "SHOW_PARTITIONS", ".txt"),
        ("EXPLAIN SELECT nothing", "DML", "EXPLAIN", ".txt"),
        ("DROP TABLE nowhere", "DDL", "DROP_TABLE", ".txt"),
        ("MERGE INTO nowhere USING (VALUES 1) AS s(a) ON a = b WHEN MATCHED THEN DELETE", "DML", "MERGE", ".csv"),
    ],
)
def test_a_failed_query_still_says_what_it_was(api, sql, statement_type, substatement_type, extension):
    api.reason(sql)
    described = api.execution
    assert described["StatementType"] == statement_type
    assert described.get("SubstatementType") == substatement_type
    if extension:
        assert described["ResultConfiguration"]["OutputLocation"] == (
            f"s3://lake/results/{described['QueryExecutionId']}{extension}"
        )


@pytest.mark.parametrize(
    ("sql", "beginning"),
    [
        ("EXPLAIN (FORMAT JSON) SELECT 1", "["),
        ("EXPLAIN (TYPE LOGICAL, FORMAT GRAPHVIZ) SELECT 1", "digraph"),
        ("EXPLAIN (TYPE VALIDATE) SELECT 1", "true"),
        ("EXPLAIN ANALYZE (FORMAT JSON) SELECT 1", "{"),
        ("EXPLAIN (SELECT 1)", "╭"),
    ],
)
def test_a_plan_comes_in_the_form_that_is_asked_for(api, sql, beginning):
    [first], *_ = api.rows(sql)
    [header] = api.api.get_query_results(QueryExecutionId=api.execution["QueryExecutionId"], MaxResults=1)["ResultSet"][
        "Rows"
    ]
    assert header["Data"] == [{"VarCharValue": "Valid" if beginning == "true" else "Query Plan"}]
    assert first.startswith(beginning)


def test_explain_runs_a_query_with_analyze_alone(api):
    api.run("EXPLAIN SELECT count(id) FROM api.many")
    assert api.execution["Statistics"]["DataScannedInBytes"] == 0
    api.run("EXPLAIN ANALYZE SELECT count(id) FROM api.many")
    assert api.execution["Statistics"]["DataScannedInBytes"] > 0
    assert api.reason("EXPLAIN (TYPE IO) SELECT 1") == (
        "NOT_SUPPORTED: the local Athena does not support EXPLAIN (TYPE IO)"
    )
    assert api.refusal("EXPLAIN (FORMAT XML) SELECT 1") == (
        "line 1:17: mismatched input 'XML'. Expecting: 'TEXT', 'GRAPHVIZ', 'JSON'"
    )


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("INSERT INTO t VALUES 1 RETURNING id", "1:24: mismatched input 'RETURNING'"),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING", "1:30: mismatched input 'ON'"),
        ("INSERT OR REPLACE INTO t VALUES 1", "1:8: mismatched input 'OR'"),
        ("UPDATE t SET a = 1 FROM u", "1:20: mismatched input 'FROM'"),
        ("DELETE FROM t WHERE a = 1 LIMIT 1", "1:27: mismatched input 'LIMIT'"),
        ("SELECT a FROM t\nFOR UPDATE", "2:1: mismatched input 'FOR'"),
        ("SELECT a FROM t SEMI JOIN u USING (a)", "1:17: mismatched input 'SEMI'"),
        ('SELECT a,\n"" FROM t', "2:1: Zero-length delimited identifier not allowed"),
        ("SELECT a FROM t LIMIT (SELECT 1)", "1:23: mismatched input '('. Expecting: '?', 'ALL', <integer>"),
        ("SELECT a FROM t OFFSET (SELECT b FROM u)", "1:24: mismatched input '('. Expecting: '?', <integer>"),
        ("SELECT a FROM t OFFSET a ROWS", "1:24: mismatched input 'a'. Expecting: '?', <integer>"),
        (
            "SELECT a FROM t FETCH FIRST (SELECT 1) ROWS ONLY",
            "1:29: mismatched input '('. Expecting: '?', 'ROW', 'ROWS', <integer>",
        ),
        ("SELECT a FROM t JOIN u", "1:23: mismatched input '<EOF>'"),
        ("SELECT * RENAME (a AS b) FROM t", "1:10: mismatched input 'RENAME'"),
        ("SELECT a FROM t SORT BY a", "1:17: mismatched input 'SORT'"),
        ("SELECT a FROM t TABLESAMPLE (10 ROWS)", "1:30: mismatched input '10'"),
        ("WITH x AS MATERIALIZED (SELECT 1 a) SELECT * FROM x", "1:11: mismatched input 'MATERIALIZED'"),
        (
            "CREATE OR REPLACE TABLE t AS SELECT 1 a",
            "1:19: mismatched input 'TABLE'. Expecting: 'MATERIALIZED', 'MULTI', 'PROTECTED', 'VIEW'",
        ),
        ("SELECT a::int FROM t", "1:9: mismatched input '::'"),
        ("SELECT !true", "1:8: mismatched input '!'"),
        ("SELECT [1, 2]", "1:8: mismatched input '['"),
        ("SELECT a AS 'b' FROM t", "1:13: mismatched input ''b''"),
        ("SELECT INTERVAL 1 DAY", "1:17: mismatched input '1'"),
        ("SELECT INTERVAL '1 day'", "1:17: mismatched input ''1 day''"),
    ],
)
def test_what_only_other_engines_read_is_refused_where_it_stands(api, sql, place):
    assert api.refusal(sql) == f"line {place}"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT ARRAY[1, 2][1], (ARRAY [3])[1], map(ARRAY['a'], ARRAY[4])['a']",
        "SELECT 1 FROM api.many a JOIN api.many b JOIN api.many c ON b.id = c.id ON a.id = b.id LIMIT 1",
        "SELECT INTERVAL '1' DAY, INTERVAL '1-2' YEAR TO MONTH, INTERVAL - '3' HOUR",
        "SELECT ALL a AS interval FROM (VALUES 1) AS t(a) ORDER BY 1 OFFSET 0 ROWS FETCH FIRST ROW ONLY",
    ],
)
def test_what_looks_like_another_engines_and_is_trinos_runs(api, sql):
    api.run(sql)


def test_a_query_knows_its_surroundings(api):
    sql = "SELECT current_catalog, current_schema, current_user, upper(current_schema) WHERE current_schema = 'api'"
    assert api.rows(sql, database="api") == [("awsdatacatalog", "api", "123456789012", "API")]


def test_numbers_come_from_the_table_function_sequence(api):
    assert api.rows("SELECT * FROM TABLE(sequence(start => 1, stop => 5, step => 2))") == [("1",), ("3",), ("5",)]
    joined = "SELECT a + sequential_number FROM TABLE(sequence(stop => 1)) t(a) JOIN TABLE(sequence(1, 2)) ON true"
    assert sorted(api.rows(joined)) == [("1",), ("2",), ("2",), ("3",)]
    assert api.reason("SELECT * FROM TABLE(sequence(start => 1))") == (
        "INVALID_ARGUMENTS: line 1:21: the arguments of sequence are start, stop and step"
    )
    assert api.reason("SELECT * FROM TABLE(exclude_columns(1))") == (
        "NOT_SUPPORTED: line 1:15: the local Athena has no table function but sequence"
    )


def test_a_long_query_can_be_stopped(api):
    identifier = api.api.start_query_execution(
        QueryString="SELECT count(*) FROM api.many a, api.many b, api.many c, api.many d WHERE a.id + b.id + c.id + d.id % 7 = 3",
        ResultConfiguration={"OutputLocation": "s3://lake/results/"},
    )["QueryExecutionId"]
    time.sleep(0.5)
    api.api.stop_query_execution(QueryExecutionId=identifier)
    status = api.api.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Query cancelled by user")


def test_executions_are_listed_newest_first_and_fetched_in_batches(api):
    identifiers = [api.run(f"SELECT {n}") for n in range(3)]
    listed = api.api.list_query_executions(MaxResults=3)["QueryExecutionIds"]
    assert listed == identifiers[::-1]
    answer = api.api.batch_get_query_execution(QueryExecutionIds=[*identifiers, "nope"])
    assert [each["QueryExecutionId"] for each in answer["QueryExecutions"]] == identifiers
    assert [each["QueryExecutionId"] for each in answer["UnprocessedQueryExecutionIds"]] == ["nope"]


@pytest.mark.parametrize(
    ("parameter", "shown"),
    [
        ("1", "1"),
        ("'a''b'", "a'b"),
        ("unquoted text", "unquoted text"),
        ("x' OR '1'='1", "x' OR '1'='1"),
        ("id", "id"),
        ("NULL", None),
    ],
)
def test_parameters_are_constants_and_nothing_else(api, parameter, shown):
    [row] = api.rows("SELECT ? AS v", ExecutionParameters=[parameter])
    assert row == (shown,)


def test_parameters_bind_in_their_order(api):
    rows = api.rows("SELECT id FROM api.many WHERE id > ? AND id < ? AND '?' = '?'", ExecutionParameters=["3", "5"])
    assert rows == [("4",)]


def test_prepared_statements_run_with_execute(api):
    api.run("PREPARE one FROM SELECT id FROM api.many WHERE id = ?")
    assert api.rows("EXECUTE one USING 7") == [("7",)]
    assert api.rows("EXECUTE one", ExecutionParameters=["8"]) == [("8",)]
    statements = api.api.list_prepared_statements(WorkGroup="primary")["PreparedStatements"]
    assert [each["StatementName"] for each in statements] == ["one"]
    api.run("DEALLOCATE PREPARE one")
    assert api.refusal("EXECUTE one USING 7") == "PreparedStatement one was not found in workGroup primary"


def test_a_column_may_be_qualified_down_from_the_catalogue(api):
    assert api.rows("SELECT awsdatacatalog.api.many.id FROM awsdatacatalog.api.many WHERE api.many.id = 7") == [("7",)]


def test_the_catalogue_is_shown_by_the_api(api):
    assert api.api.list_data_catalogs()["DataCatalogsSummary"] == [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]
    assert "api" in [each["Name"] for each in api.api.list_databases(CatalogName="AwsDataCatalog")["DatabaseList"]]
    metadata = api.api.get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="api", TableName="many")[
        "TableMetadata"
    ]
    assert [(each["Name"], each["Type"]) for each in metadata["Columns"]] == [
        ("id", "int"),
        ("name", "string"),
        ("at", "timestamp"),
    ]
    assert metadata["Parameters"]["location"] == "s3://lake/rows"
    listed = api.api.list_table_metadata(CatalogName="AwsDataCatalog", DatabaseName="api", Expression="ma.*")
    assert [each["Name"] for each in listed["TableMetadataList"]] == ["many"]
    with pytest.raises(ClientError, match="Database nowhere not found"):
        api.api.get_database(CatalogName="AwsDataCatalog", DatabaseName="nowhere")


def test_an_unknown_execution_is_an_invalid_request(api):
    with pytest.raises(ClientError) as caught:
        api.api.get_query_execution(QueryExecutionId="nope")
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    assert caught.value.response["Error"]["Message"] == "QueryExecution nope was not found"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        'SELECT * FROM "/etc/passwd"',
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables_of_duckdb",
        "SELECT read_text('/etc/passwd')",
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "SELECT error('x')",
        "SELECT list_transform(ARRAY[1], x -> x)",
        "SELECT trino.java_double(1)",
        "SELECT * FROM relation__0",
        "COPY api.many TO '/tmp/x'",
        "ATTACH '/tmp/x' AS y",
        "INSTALL httpfs",
        "PRAGMA database_list",
        "SET memory_limit = '1GB'",
        "EXPORT DATABASE '/tmp/x'",
        "CREATE TABLE api.t AS SELECT * FROM read_csv('/etc/passwd')",
        "INSERT INTO api.many SELECT * FROM read_csv('/etc/passwd')",
        "SELECT 1 FROM api.many, LATERAL read_csv('/etc/passwd')",
    ],
)
def test_nothing_but_tables_of_the_catalogue_can_be_read(api, sql):
    with pytest.raises((QueryFailed, ClientError)):
        api.run(sql)


def test_names_and_literals_never_become_sql_of_the_engine(api):
    name = "x\"'; --"
    [row] = api.rows("SELECT 'a''; DROP TABLE x; --' AS \"x\"\"'; --\"")
    assert row == ("a'; DROP TABLE x; --",)
    assert api.result('SELECT 1 AS "x""\'; --"')["ResultSetMetadata"]["ColumnInfo"][0]["Name"] == name


def test_results_that_athena_manages_have_no_location(athena):
    athena.api.create_work_group(Name="managed", Configuration={"ManagedQueryResultsConfiguration": {"Enabled": True}})
    identifier = athena.run("SELECT 1 AS one", WorkGroup="managed", ResultConfiguration={})
    execution = athena.execution
    assert execution["ManagedQueryResultsConfiguration"] == {"Enabled": True}
    assert "OutputLocation" not in execution["ResultConfiguration"]
    rows = athena.api.get_query_results(QueryExecutionId=identifier)["ResultSet"]["Rows"]
    assert [row["Data"] for row in rows] == [[{"VarCharValue": "one"}], [{"VarCharValue": "1"}]]


def test_a_query_that_scans_too_much_is_cancelled(athena):
    athena.put("cutoff/a.json", b'{"id": 1}\n' * 1_100_000)
    athena.run("CREATE DATABASE IF NOT EXISTS cutoff")
    athena.run(
        "CREATE EXTERNAL TABLE cutoff.t (id int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' "
        "LOCATION 's3://lake/cutoff/'"
    )
    athena.api.create_work_group(Name="cutoff", Configuration={"BytesScannedCutoffPerQuery": 10_000_000})
    with pytest.raises(QueryFailed, match="Query cancelled! : Bytes scanned limit was exceeded"):
        athena.run("SELECT count(*) FROM cutoff.t", WorkGroup="cutoff")
    assert athena.execution["Status"]["State"] == "CANCELLED"
    assert athena.execution["Statistics"]["DataScannedInBytes"] == 11_000_000


def test_results_are_reused_by_age_while_they_are_there(athena):
    reuse = {"ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 5}}}
    first = athena.run("SELECT 'reused' AS r;\n", **reuse)
    location = athena.execution["ResultConfiguration"]["OutputLocation"]
    assert athena.rows("SELECT 'reused' AS r", **reuse) == [("reused",)]
    assert athena.execution["QueryExecutionId"] != first
    assert athena.execution["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": True}
    athena.s3.delete_object(Bucket="lake", Key=location.removeprefix("s3://lake/"))
    athena.run("SELECT 'reused' AS r", **reuse)
    assert athena.execution["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": False}
    with pytest.raises(ClientError, match="Could not find results"):
        athena.api.get_query_results(QueryExecutionId=first)


def test_tags_and_catalogs_are_kept_and_constraints_told(athena):
    athena.api.create_data_catalog(
        Name="other", Type="LAMBDA", Parameters={"function": "f"}, Tags=[{"Key": "a", "Value": "b"}]
    )
    arn = "arn:aws:athena:eu-west-1:123456789012:datacatalog/other"
    assert athena.api.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    athena.api.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert athena.api.list_tags_for_resource(ResourceARN=arn)["Tags"] == []
    athena.api.delete_data_catalog(Name="other")
    with pytest.raises(ClientError, match="DataCatalog other was not found"):
        athena.api.get_data_catalog(Name="other")
    assert athena.api.list_capacity_reservations()["CapacityReservations"] == []
    with pytest.raises(ClientError) as caught:
        athena.api.create_work_group(Name="no blanks")
    assert caught.value.response["Error"]["Message"] == (
        "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must satisfy regular "
        "expression pattern: [a-zA-Z0-9._-]{1,128}"
    )


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            {"ResultConfiguration": {"OutputLocation": "bucket/folder"}},
            "outputLocation is not a valid S3 path.",
        ),
        (
            {"EngineVersion": {"SelectedEngineVersion": "Athena engine version 9"}},
            (
                "Invalid engine version: Athena engine version 9. Expected one of: AUTO, Athena engine version 3, "
                "Athena engine version 2"
            ),
        ),
    ],
)
def test_a_work_group_that_no_query_could_use_is_refused(athena, configuration, message):
    with pytest.raises(ClientError) as caught:
        athena.api.create_work_group(Name="unusable", Configuration=configuration)
    assert caught.value.response["Error"]["Message"] == message
    with pytest.raises(ClientError, match="WorkGroup is not found"):
        athena.api.list_query_executions(WorkGroup="unusable")


def test_a_catalog_names_the_functions_of_its_type(athena):
    with pytest.raises(ClientError) as caught:
        athena.api.create_data_catalog(Name="lambda", Type="LAMBDA", Parameters={"record-function": "f"})
    assert caught.value.response["Error"]["Message"] == (
        "The parameters of a data catalog of the type LAMBDA have to hold function or metadata-function and record-function"
    )


def test_changes_at_once_are_all_kept(athena, monkeypatch):
    keep = Shelf.__setitem__

    def slowly(shelf, key, value):
        time.sleep(0.02)
        keep(shelf, key, value)

    monkeypatch.setattr(Shelf, "__setitem__", slowly)
    athena.api.create_work_group(Name="busy")
    arn = "arn:aws:athena:eu-west-1:123456789012:workgroup/busy"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: athena.api.tag_resource(ResourceARN=arn, Tags=[{"Key": n, "Value": n}]), "abcd"))
        changes = (
            {"Description": "told"},
            {"State": "DISABLED"},
            {"ConfigurationUpdates": {"RequesterPaysEnabled": True}},
        )
        list(pool.map(lambda change: athena.api.update_work_group(WorkGroup="busy", **change), changes))
    assert sorted(tag["Key"] for tag in athena.api.list_tags_for_resource(ResourceARN=arn)["Tags"]) == list("abcd")
    group = athena.api.get_work_group(WorkGroup="busy")["WorkGroup"]
    assert (group["Description"], group["State"]) == ("told", "DISABLED")
    assert group["Configuration"]["RequesterPaysEnabled"] is True
