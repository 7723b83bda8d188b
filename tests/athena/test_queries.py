import json
import os
import threading
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from toolkit import aws
from toolkit.athena import Athena, connect
from toolkit.athena.catalog import Catalog
from toolkit.athena.hints import hint
from toolkit.athena.results import ResultCursor
from toolkit.errors import (
    AwsError,
    BudgetExceeded,
    CredentialsMissing,
    EndpointUnreachable,
    InvalidInput,
    NotFound,
    QueryFailed,
)


@pytest.fixture
def table(platform, bucket):
    """A table of two rows in a database of its own; gives its qualified name."""
    lines = [{"n": 1, "who": {"name": "Ada"}, "tags": ["a", "b"]}, {"n": 2, "who": {"name": None}, "tags": []}]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    aws.call("s3", "put_object", Bucket=bucket, Key="t/1.json", Body=body)
    database = bucket.replace("-", "_")
    with Athena() as athena:
        athena.execute(f"CREATE DATABASE `{database}`")
        athena.execute(
            f"CREATE EXTERNAL TABLE `{database}`.`t` (`n` bigint, `who` struct<`name`:string>, `tags` array<string>) "
            f"ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://{bucket}/t/'"
        )
    return f'"{database}"."t"'


def test_a_query_gives_a_typed_frame(table):
    with Athena() as athena:
        frame = athena.query(f"SELECT n, who.name AS name, cardinality(tags) AS tags FROM {table} ORDER BY n")
    expected = pd.DataFrame({"n": [1, 2], "name": ["Ada", None], "tags": [2, 0]})
    pd.testing.assert_frame_equal(frame, expected, check_dtype=False)
    assert frame["n"].sum() == 3


def test_progress_and_the_last_execution_tell_what_athena_tells(table):
    seen = []
    with Athena() as athena:
        athena.query(f"SELECT * FROM {table}", on_progress=seen.append)
        last = athena.last_execution
    assert seen[-1] == last
    assert (last.state, last.statement_type) == ("SUCCEEDED", "DML")
    assert last.data_scanned_in_bytes > 0
    assert last.output_location.startswith("s3://")


def test_the_database_is_that_of_the_object(table):
    with Athena(database=table.split('"')[1]) as athena:
        assert athena.query("SELECT count(*) AS c FROM t")["c"].tolist() == [2]


def test_a_failed_query_carries_athenas_reason(platform):
    with Athena() as athena, pytest.raises(QueryFailed, match="SCHEMA_NOT_FOUND") as caught:
        athena.query("SELECT 1 FROM nowhere.nothing")
    assert caught.value.state == "FAILED"
    assert caught.value.query_execution_id


def test_a_name_that_is_not_there_is_answered_with_one_like_it(table):
    database = table.split('"')[1]
    tables = ", ".join((table, table))
    misspelt = {
        f"SELECT 1 FROM {database}.tt": f"did you mean {database}.t?",
        f"SELECT 1 FROM {database[:-1]}.t": f"did you mean {database}?",
        f"SELECT whoo FROM {table}": "did you mean who?",
        f"SELECT x.tag FROM {table} x": "did you mean tags?",
        f"SELECT who.nane FROM {table}": "did you mean name?",
        f"SELECT x.whoo.name FROM {table} x": "did you mean who?",
        f"SELECT entirely_other FROM {tables}": "",
        "SELECT 1 FROM nowhere_at_all.t": "",
        f"SELECT n / 0 FROM {table}": "",
    }
    with Athena() as athena:
        for sql, meant in misspelt.items():
            with pytest.raises(QueryFailed) as caught:
                athena.query(sql)
            assert (caught.value.hint, str(caught.value).endswith(meant)) == (meant, True), caught.value
        # Other tests have a table of that name, too.
        with pytest.raises(QueryFailed) as caught:
            athena.query("SELECT 1 FROM t")
        assert caught.value.hint in {f"did you mean {each}.t?" for each in Catalog().databases()}


def test_a_table_that_a_budget_is_asked_for_in_vain_is_named_too(table):
    database = table.split('"')[1]
    with Athena() as athena, pytest.raises(NotFound) as caught:
        athena.query(f"SELECT 1 FROM {database}.tt", budget_in_bytes=1000)
    assert str(caught.value).endswith(f"; did you mean {database}.t?")


def test_a_bucket_that_is_not_there_is_answered_with_what_to_do():
    reason = "HIVE_FILESYSTEM_ERROR: The specified bucket does not exist (Bucket: b): s3://b/t/"
    assert hint(reason, "SELECT 1", "d") == "make the bucket, or correct the location"


def test_a_failed_statement_does_not_hide_behind_an_earlier_success(table):
    with Athena() as athena:
        athena.query("SELECT 1 AS one")
        with pytest.raises(QueryFailed):
            athena.query("SELECT 1 FROM nowhere.nothing")


def test_connect_gives_the_bare_connection(platform):
    with connect() as connection, connection.cursor() as cursor:
        assert cursor.execute("SELECT 1 + 1").fetchall() == [(2,)]


def test_without_credentials_it_says_what_to_do(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with Athena() as athena, pytest.raises(CredentialsMissing, match="toolkit local"):
        athena.query("SELECT 1")


def test_it_follows_an_environment_that_changes(monkeypatch, platform):
    with Athena() as athena:
        assert athena.query("SELECT 1 AS x")["x"].tolist() == [1]
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
            with pytest.raises(EndpointUnreachable):
                athena.query("SELECT 1 AS x")
        assert athena.query("SELECT 2 AS x")["x"].tolist() == [2]
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("AWS_ATHENA_WORK_GROUP", "none-of-that-name")
            with pytest.raises(AwsError, match="WorkGroup is not found"):
                athena.query("SELECT 1 AS x")


def test_who_signs_in_after_a_refusal_is_heard(monkeypatch, platform):
    credentials = {name: os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    monkeypatch.setattr(aws, "settings", lambda: ())  # a sign-in may write files alone
    aws._connections.clear()
    for name in credentials:
        monkeypatch.delenv(name)
    with Athena() as athena:
        with pytest.raises(CredentialsMissing):
            athena.query("SELECT 1 AS x")
        for name, value in credentials.items():
            monkeypatch.setenv(name, value)
        assert athena.query("SELECT 1 AS x")["x"].tolist() == [1]
    aws._connections.clear()


def test_parameters_are_bound_by_athena(table):
    with Athena() as athena:
        assert athena.query(f"SELECT n FROM {table} WHERE n = ?", [2])["n"].tolist() == [2]
        named = athena.query(f"SELECT n FROM {table} WHERE who.name = :who", {"who": "Ada", "unused": 1})
        assert named["n"].tolist() == [1]
        hostile = "' OR 1 = 1 --"
        assert athena.query(f"SELECT n FROM {table} WHERE who.name = ?", [hostile])["n"].tolist() == []
        assert athena.query("SELECT :x AS x", {"x": hostile})["x"].tolist() == [hostile]


def test_an_empty_text_is_not_missing(platform):
    with Athena() as athena:
        found = athena.query("SELECT x FROM (VALUES (1, ''), (2, NULL), (3, 'a')) AS t (n, x) ORDER BY n")["x"]
    assert found.isna().tolist() == [False, True, False]
    assert found.tolist()[0] == ""


def test_a_text_of_one_column_keeps_its_tabs(platform, bucket):
    database = bucket.replace("-", "_")
    aws.call("s3", "put_object", Bucket=bucket, Key="q/dt=1/1.json", Body=b"{}")
    with Athena(database=database) as athena:
        athena.execute(f"CREATE DATABASE `{database}`")
        athena.execute(f"CREATE EXTERNAL TABLE q (n int) PARTITIONED BY (dt string) LOCATION 's3://{bucket}/q/'")
        found = athena.query("MSCK REPAIR TABLE q")
    lines = ["Partitions not in metastore:\tq:dt=1", "Repair: Added partition to metastore q:dt=1"]
    assert found.to_dict("list") == {"result": lines}


def test_every_kind_of_value_comes_back_as_it_went_in(platform):
    values = {
        "text": "it's ?",
        "long": "x'" * 2000,
        "whole": 2**62,
        "double": 0.1,
        "exact": Decimal("1.50"),
        "flag": True,
        "day": date(2026, 3, 2),
        "moment": datetime(2026, 3, 2, 10, 0, 0, 500_000),
        "nothing": None,
    }
    with Athena() as athena:
        row = athena.query(f"SELECT {', '.join(f':{name} AS {name}' for name in values)}", values).iloc[0]
    assert pd.isna(row.pop("nothing"))
    assert {**row, "day": row["day"].date()} == {name: value for name, value in values.items() if value is not None}


MANY_KINDS = """SELECT x AS whole, CAST(x AS tinyint) AS small, x / 3e0 AS double_, CAST(x / 3e0 AS real) AS float_,
    x % 2 = 0 AS flag,
    IF(x > 2, x) AS whole_or_null, IF(x > 2, true) AS flag_or_null, IF(x = 2, '', 'a"b') AS text, IF(x > 2, 'x') AS text_or_null,
    date_add('day', x, DATE '2026-03-01') AS day, IF(x > 2, DATE '2026-03-01') AS day_or_null,
    date_add('second', x, TIMESTAMP '2026-03-01 10:00:00.123') AS moment, CAST(x AS decimal(10,2)) AS exact,
    IF(x > 2, CAST(x AS decimal(10,2))) AS exact_or_null, CAST('ab' AS varbinary) AS bytes_, ARRAY[x, 2] AS list,
    MAP(ARRAY['k'], ARRAY[x]) AS pairs, CAST(ROW(x, 'b') AS row(a integer, b varchar)) AS parts,
    CAST(MAP(ARRAY['k'], ARRAY[x]) AS json) AS json_,
    from_iso8601_timestamp('2026-03-01T10:00:00Z') AS zoned
FROM (VALUES 1, 2, 3) AS t (x) ORDER BY x"""


def test_a_number_that_is_none_is_missing_and_the_query_no_failure(platform):
    with Athena() as athena:
        found = athena.query(
            "SELECT x / y AS r, t FROM (VALUES (0e0, 0e0, 'NaN'), (1e0, 0e0, ''), (1e0, 2e0, NULL)) AS v (x, y, t)"
        )
        assert athena.last_columns == (("r", "double"), ("t", "varchar"))
    assert found["r"].tolist()[1:] == [float("inf"), 0.5]
    assert found["r"].isna().tolist() == [True, False, False]
    assert found["t"].tolist()[:2] == ["NaN", ""]
    assert found["t"].isna().tolist() == [False, False, True]


def test_a_large_result_has_the_types_of_a_small_one(platform):
    with Athena() as athena:
        cursor = athena._run(ResultCursor, MANY_KINDS, None)
        large = cursor.as_frame(arrow_from_bytes=0)
        without_null_texts = MANY_KINDS.replace("IF(x > 2, 'x')", "'x'").replace("IF(x = 2, '', 'a\"b')", "'a\"b'")
        cursor = athena._run(ResultCursor, without_null_texts, None)
        small = cursor.as_frame()
    assert large["text"].tolist() == ['a"b', "", 'a"b']
    assert large["text_or_null"].isna().tolist() == [True, True, False]
    with Athena() as athena:
        athena.query("SELECT rpad('a', 2000, 'b') AS t, x AS n FROM UNNEST(sequence(1, 5000)) AS u (x)")
        assert athena.last_columns == (("t", "varchar"), ("n", "bigint"))
    large["text"], large["text_or_null"] = small["text"], small["text_or_null"]
    assert large.dtypes.astype(str).to_dict() == small.dtypes.astype(str).to_dict()
    pd.testing.assert_frame_equal(large, small)


@pytest.mark.parametrize(
    ("sql", "parameters", "message"),
    [
        ("SELECT :a", {}, "parameters: expected a value for :a, found none; set a first"),
        ("SELECT ?", [], "parameters: expected 1 values, one for each ?, found 0"),
        ("SELECT ?", [{}], "parameter ? number 1: expected text, a finite number"),
    ],
)
def test_a_parameter_that_can_not_be_bound_is_refused_before_anything_runs(sql, parameters, message):
    with Athena() as athena, pytest.raises(InvalidInput) as caught:
        athena.query(sql, parameters)
    assert str(caught.value).startswith(message)


SLOW = """SELECT count(*) AS c
FROM UNNEST(sequence(1, 10000)) AS a (x), UNNEST(sequence(1, 10000)) AS b (y), UNNEST(sequence(1, 1000)) AS c (z)
WHERE x * y + z < 0"""


def test_cancel_stops_the_query_on_athena(platform):
    with Athena() as athena:
        polls = []

        def on_progress(execution):
            polls.append(execution.state)
            if len(polls) == 1:
                threading.Thread(target=athena.cancel).start()

        with pytest.raises(QueryFailed) as caught:
            athena.query(SLOW, on_progress=on_progress)
        assert caught.value.state == "CANCELLED"
        status = aws.call("athena", "get_query_execution", QueryExecutionId=caught.value.query_execution_id)
        assert status["QueryExecution"]["Status"]["State"] == "CANCELLED"
        # The next one runs.
        assert athena.query("SELECT 1 AS one")["one"].tolist() == [1]


def test_an_interrupt_stops_the_query_on_athena(platform):
    def interrupt(execution):
        raise KeyboardInterrupt

    with Athena() as athena:
        with pytest.raises(KeyboardInterrupt):
            athena.query(
                SLOW, on_progress=lambda execution: interrupt(execution) if execution.state == "RUNNING" else None
            )
        stopped = aws.call("athena", "get_query_execution", QueryExecutionId=athena.last_execution.query_execution_id)
    assert stopped["QueryExecution"]["Status"]["State"] == "CANCELLED"


def test_a_query_over_its_budget_is_not_started(table):
    with Athena() as athena:
        with pytest.raises(BudgetExceeded) as caught:
            athena.query(f"SELECT * FROM {table}", budget_in_bytes=10)
        assert athena.last_execution is None
        size = caught.value.data_scanned_in_bytes
        assert str(caught.value) == (
            f"not started: the query would read up to {size} bytes, the budget is 10; name fewer partitions or columns, or "
            "raise the budget"
        )
        assert len(athena.query(f"SELECT * FROM {table}", budget_in_bytes=size)) == 2
        assert athena.last_execution.data_scanned_in_bytes == size
