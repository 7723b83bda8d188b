"""What Athena answers to requests, as the authors of athena-local measured it on the service in September 2026."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Athena, QueryFailed

OUTPUT = {"OutputLocation": "s3://lake/results/"}
START = {"QueryString": "SELECT 1", "ResultConfiguration": OUTPUT}
ONE = "1 validation error detected: Value at "
AT_LEAST_ONE = "failed to satisfy constraint: Member must have value greater than or equal to 1"
NO_EMPTY_TOKEN = "'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1"


@pytest.fixture(scope="module")
def api(client):
    athena = Athena(client)
    athena.run("CREATE DATABASE measured")
    athena.run(
        "CREATE EXTERNAL TABLE measured.hive (n int, s string) PARTITIONED BY (p string) LOCATION 's3://lake/measured/hive/'"
    )
    athena.run(
        "CREATE TABLE measured.ice (n int COMMENT 'abc', d decimal(10,2), st struct<a:int,b:string>, m map<string,int>) "
        "LOCATION 's3://lake/measured/ice/' TBLPROPERTIES ('table_type'='ICEBERG')"
    )
    athena.run("CREATE VIEW measured.seen AS SELECT 1 AS n, 'a' AS s")
    return athena


@pytest.fixture(scope="module")
def ask(api):
    """Send a request that no SDK would, and give the answer."""

    def send(operation, request):
        body = json.dumps(request).encode()
        authorization = (
            "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/athena/aws4_request, SignedHeaders=host, Signature=x"
        )
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AmazonAthena.{operation}",
            "Authorization": authorization,
        }
        try:
            with urlopen(Request(api.api.meta.endpoint_url, body, headers)) as answer:
                return json.load(answer)
        except HTTPError as error:
            return json.load(error)

    return send


def refused(message, code="INVALID_INPUT"):
    return {"__type": "InvalidRequestException", "AthenaErrorCode": code, "ErrorCode": code, "Message": message}


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (None, "clientRequestToken is null or empty"),
        (
            "",
            f"{ONE}'clientRequestToken' failed to satisfy constraint: Member must have length greater than or equal to 32",
        ),
        (
            "x" * 129,
            f"{ONE}'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 128",
        ),
        ("あ" * 50, "clientRequestToken exceeds maximum allowed length 128"),
    ],
)
def test_a_token_has_its_length(ask, token, message):
    assert ask("StartQueryExecution", {**START, "ClientRequestToken": token}) == refused(message)


@pytest.mark.parametrize(
    ("operation", "request_", "message"),
    [
        ("ListWorkGroups", {"MaxResults": "1"}, "STRING_VALUE can not be converted to an Integer"),
        ("GetQueryExecution", {"QueryExecutionId": 1.5}, "NUMBER_VALUE can not be converted to a String"),
        ("GetQueryExecution", {"QueryExecutionId": True}, "TRUE_VALUE can not be converted to a String"),
        ("ListWorkGroups", {"MaxResults": [1]}, "Start of list found where not expected"),
        ("ListWorkGroups", {"MaxResults": {}}, "Start of structure or map found where not expected."),
        ("StartQueryExecution", {**START, "ExecutionParameters": "1"}, "Expected list or null"),
        ("StartQueryExecution", {**START, "ResultConfiguration": "1"}, "Expected null"),
    ],
)
def test_a_value_of_another_type_is_not_read(ask, operation, request_, message):
    assert ask(operation, request_) == {"__type": "SerializationException", "Message": message}


def test_pages_of_work_groups_have_their_bounds(ask):
    too_many = "failed to satisfy constraint: Member must have value less than or equal to 50"
    assert ask("ListWorkGroups", {"MaxResults": 51}) == refused(f"{ONE}'maxResults' {too_many}")
    assert ask("ListWorkGroups", {"MaxResults": 0}) == refused(f"{ONE}'maxResults' {AT_LEAST_ONE}")
    assert ask("ListWorkGroups", {"NextToken": "x"}) == refused("The nextPageToken is malformed: x")
    assert ask("GetWorkGroup", {"WorkGroup": "x"}) == refused("WorkGroup is not found.")
    assert "Description" not in ask("GetWorkGroup", {"WorkGroup": "primary"})["WorkGroup"]
    assert ask("ListWorkGroups", {})["WorkGroups"][0]["Description"] == ""


def test_a_page_of_results_is_checked_in_this_order(api, ask):
    def page(identifier, **request):
        return ask("GetQueryResults", {"QueryExecutionId": identifier, **request})

    identifier = api.run("SELECT * FROM (VALUES 1, 2, 3) AS t(a)")
    both = f"2 validation errors detected: Value at {NO_EMPTY_TOKEN}; Value at 'maxResults' {AT_LEAST_ONE}"
    assert page("nope", MaxResults=0, NextToken="") == refused(both)
    assert page("nope", MaxResults=1001) == refused("QueryExecution nope was not found", "QUERY_EXECUTION_NOT_FOUND")
    with pytest.raises(QueryFailed):
        api.run("SELECT * FROM nope")
    failed = api.execution["QueryExecutionId"]
    assert page(failed, MaxResults=1001) == refused("MaxResults is more than maximum allowed length 1000")
    state = "Query did not finish successfully. Final query state: FAILED"
    assert page(failed, NextToken="x") == refused(state, "INVALID_QUERY_EXECUTION_STATE")
    for token in ("x", "²", "9" * 30, "10000"):
        assert page(identifier, NextToken=token) == refused(f"Malformed nextPageToken {token}")


@pytest.mark.parametrize(
    ("sql", "count"), [("SELECT * FROM (VALUES 1, 2, 3) AS t(a)", 4), ("DESCRIBE measured.hive", 8)]
)
def test_a_full_page_has_a_token_though_there_is_no_more(api, sql, count):
    identifier = api.run(sql)
    page = api.api.get_query_results(QueryExecutionId=identifier, MaxResults=count)
    assert len(page["ResultSet"]["Rows"]) == count
    rest = api.api.get_query_results(QueryExecutionId=identifier, MaxResults=count, NextToken=page["NextToken"])
    assert rest["ResultSet"]["Rows"] == []
    assert "NextToken" not in rest


@pytest.mark.parametrize(
    ("sql", "kinds", "name", "objects", "count"),
    [
        ("SHOW TABLES", "UTILITY SHOW_TABLES", "{}.txt", ["", ".metadata"], 0),
        ("SHOW CREATE TABLE measured.hive", "UTILITY SHOW_CREATE_TABLE", "{}.txt", ["", ".metadata"], None),
        ("SHOW CREATE TABLE measured.ice", "UTILITY SHOW_CREATE_TABLE", "{}.txt", ["", ".metadata"], 0),
        ("DESC measured.hive", "UTILITY DESCRIBE_TABLE", "{}.txt", ["", ".metadata"], None),
        ("EXPLAIN SELECT 1", "DML EXPLAIN", "{}.txt", ["", ".metadata"], None),
        ("CREATE DATABASE measured_more", "DDL CREATE_DATABASE", "{}.txt", [""], None),
        ("ALTER TABLE measured.hive SET TBLPROPERTIES ('a'='b')", "DDL ALTER_TABLE_PROPERTIES", "{}.txt", [""], None),
        ("CREATE VIEW measured.other AS SELECT 1 AS n", "DDL CREATE_VIEW", "{}.txt", [""], None),
        (
            (
                "CREATE TABLE measured.made WITH (table_type='ICEBERG', location='s3://lake/measured/made/', "
                "is_external=false) AS SELECT 1 AS n"
            ),
            "DDL CREATE_TABLE_AS_SELECT",
            "tables/{}",
            [".metadata"],
            1,
        ),
        ("INSERT INTO measured.made VALUES 2", "DML INSERT", "{}", [".metadata"], 1),
        ("UPDATE measured.made SET n = 3 WHERE n = 2", "DML UPDATE", "{}.csv", [".metadata"], 1),
        ("DELETE FROM measured.made WHERE n = 3", "DML DELETE", "{}.csv", [".metadata"], 1),
        # Athena leaves an end of line where the table is Iceberg's; PyAthena's cursor for pandas stumbles over it.
        ("DROP TABLE measured.made", "DDL DROP_TABLE", "{}.txt", [""], None),
    ],
)
def test_a_statement_has_its_kind_and_its_objects(api, sql, kinds, name, objects, count):
    identifier = api.run(sql)
    assert f"{api.execution['StatementType']} {api.execution['SubstatementType']}" == kinds
    key = "results/" + name.format(identifier)
    assert api.execution["ResultConfiguration"]["OutputLocation"] == f"s3://lake/{key}"
    listed = api.s3.list_objects_v2(Bucket="lake", Prefix=key)["Contents"]
    assert [each["Key"].removeprefix(key) for each in listed] == objects
    assert api.api.get_query_results(QueryExecutionId=identifier).get("UpdateCount") == count


def test_the_metadata_of_a_write_tells_its_kind_and_count(api):
    api.run("CREATE TABLE measured.rows WITH (external_location = 's3://lake/measured/rows/') AS SELECT 1 AS n")
    identifier = api.run("INSERT INTO measured.rows SELECT 1 WHERE false")
    content = api.s3.get_object(Bucket="lake", Key=f"results/{identifier}.metadata")["Body"].read()
    column = b"\x0a\x04hive\x22\x04rows\x2a\x04rows\x32\x06bigint\x38\x13\x40\x00\x48\x03\x50\x00"
    assert content == b"\x0a\x24" + identifier.encode() + b"\x12\x06INSERT\x18\x00\x22\x22" + column
    # Rows that were not written are in no file that a manifest could list.
    assert "DataManifestLocation" not in api.execution["Statistics"]


@pytest.mark.parametrize(
    ("sql", "lines", "columns"),
    [
        (
            "DESCRIBE measured.ice",
            [
                "# Table schema:\t\t",
                "# col_name\tdata_type\tcomment",
                "n\tint\tabc",
                "d\tdecimal(10, 2)\t",
                "st\tstruct<a: int, b: string>\t",
                "m\tmap<string, int>\t",
                "\t\t",
                "# Partition spec:\t\t",
                "# field_name\tfield_transform\tcolumn_name",
            ],
            [("col_name", "string"), ("data_type", "string"), ("comment", "string")],
        ),
        ("SHOW COLUMNS IN measured.ice", ["n", "d", "st", "m"], [("field", "string")]),
        ("DESCRIBE measured.seen", ["n\tinteger", "s\tvarchar(1)"], [("column", "varchar"), ("type", "varchar")]),
        ("SHOW VIEWS IN measured LIKE 'seen'", ["seen"], [("views", "varchar")]),
    ],
)
def test_what_shows_tables_shows_these_lines(api, sql, lines, columns):
    found = api.result(sql)
    assert [row["Data"][0]["VarCharValue"] for row in found["Rows"]] == lines
    infos = found["ResultSetMetadata"]["ColumnInfo"]
    assert [(each["Name"], each["Type"]) for each in infos] == columns
    assert not any(each["Precision"] or each["CaseSensitive"] for each in infos)


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("SELECT * FROM nope", 1301),
        ("SELECT 1 / 0", 1001),
        ("SELECT CAST('abc' AS integer)", 1100),
        ("SELECT nope(1)", 1303),
        ("SELECT 1 + 'a'", 1002),
        ("SELECT nope FROM measured.hive", 1006),
        ("ALTER TABLE measured.ice ADD PARTITION (p = '1')", 1200),
    ],
)
def test_an_error_has_its_number(api, sql, number):
    with pytest.raises(QueryFailed):
        api.run(sql)
    error = api.execution["Status"]["AthenaError"]
    assert (error["ErrorCategory"], error["ErrorType"]) == (2, number)


def test_what_failed_in_hive_leaves_its_reason(api):
    reason = api.reason("SHOW TABLES IN nope")
    key = f"results/{api.execution['QueryExecutionId']}.txt"
    assert api.s3.get_object(Bucket="lake", Key=key)["Body"].read().decode() == reason
    found = api.api.get_query_results(QueryExecutionId=api.execution["QueryExecutionId"])
    assert found["ResultSet"] == {"Rows": []}
    # Where the table is Iceberg's, Hive has no part in it.
    assert api.reason("ALTER TABLE measured.ice DROP PARTITION (p = '1')") == (
        "Query type not supported by Athena Iceberg at this time"
    )
    with pytest.raises(ClientError, match="Could not find results") as caught:
        api.api.get_query_results(QueryExecutionId=api.execution["QueryExecutionId"])
    assert caught.value.response["AthenaErrorCode"] == "RESULT_NOT_FOUND"


@pytest.mark.parametrize("sql", ["DESCRIBE measured.nope", "SHOW COLUMNS IN measured.nope"])
def test_a_table_that_is_not_there_is_not_described(api, sql):
    assert api.refusal(sql).startswith(
        "Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; Error Code: Entity"
    )


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("1 + 1", "2"),
        ("NULL", None),
        ("it's", "it's"),
        ("x + 1", "x + 1"),
        ("123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
        ("url_encode('a b')", "a+b"),
    ],
)
def test_a_parameter_is_an_expression_or_text(api, given, value):
    assert api.rows("SELECT ?", ExecutionParameters=[given]) == [(value,)]


def test_parameters_without_a_place_count_for_nothing(api):
    assert api.rows("SELECT 1", ExecutionParameters=["2"]) == [("1",)]
    assert api.rows("SHOW DATABASES LIKE 'measured'", ExecutionParameters=["2"]) == [("measured",)]
    with pytest.raises(QueryFailed) as caught:
        api.run("SELECT ?, ?", ExecutionParameters=["1"])
    assert str(caught.value) == (
        "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 2 but found 1"
    )
    with pytest.raises(QueryFailed, match="FUNCTION_NOT_FOUND"):
        api.run("SELECT ?", ExecutionParameters=["nosuchfunc(1)"])


def test_a_context_is_shown_as_it_was_given(api):
    def ended(sql, **given):
        identifier = api.api.start_query_execution(**{**START, "QueryString": sql}, **given)["QueryExecutionId"]
        while True:
            execution = api.api.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]
            if execution["Status"]["State"] in ("SUCCEEDED", "FAILED"):
                return execution

    def context(**given):
        execution = ended(" SHOW DATABASES ; ", **given)
        assert (execution["Query"], execution["Status"]["State"]) == ("SHOW DATABASES", "SUCCEEDED")
        return execution["QueryExecutionContext"]

    assert context() == {}
    assert context(QueryExecutionContext={"Catalog": "AwsDataCatalog"}) == {"Catalog": "awsdatacatalog"}
    # What shows the catalogue takes the account's own in the place of one that is not there; a query fails.
    absent = {"Catalog": "Nope", "Database": "Measured"}
    assert context(QueryExecutionContext=absent) == {"Catalog": "nope", "Database": "Measured"}
    status = ended("SELECT 1", QueryExecutionContext=absent)["Status"]
    assert status["StateChangeReason"].startswith("CATALOG_NOT_FOUND: ")


def test_the_entries_of_a_map_come_in_the_order_of_their_keys(api):
    sql = "SELECT map(ARRAY[10, 9], ARRAY['b', 'a']), map(ARRAY['k', 'j'], ARRAY[1, NULL]), CAST(NULL AS map(varchar, integer))"
    assert api.rows(sql) == [("{9=a, 10=b}", "{j=null, k=1}", None)]
