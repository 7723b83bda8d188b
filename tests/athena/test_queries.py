import json

import pandas as pd
import pytest

from toolkit import aws
from toolkit.athena import Athena, connect
from toolkit.errors import CredentialsMissing, QueryFailed


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


def test_parameters_are_bound_by_athena(table):
    with Athena() as athena:
        assert athena.query(f"SELECT n FROM {table} WHERE n = ?", ["2"])["n"].tolist() == [2]
