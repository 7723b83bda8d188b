"""`toolkit local`: status, reset and the quotas."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

import toolkit.local
from toolkit import cli


def test_status_and_reset_tell_what_is_kept(tmp_path, capsys):
    data = tmp_path / "data"
    assert cli.main(["local", "status", "--data", str(data)]) == 0
    assert capsys.readouterr().out == f"{data}: nothing is kept\n"
    with toolkit.local.start(data_directory=data) as platform:
        _put_an_object(platform)
        assert cli.main(["local", "status", "--data", str(data)]) == 0
        first, *rest = capsys.readouterr().out.splitlines()
        assert first.startswith(f"{data}: served at {platform.endpoint_url} by process {os.getpid()}, ")
        assert rest[0].split() == ["cache", "of", "converted", "objects", "0.0", "MB", "of", "at", "most", "10", "GB"]
        assert [line.split() for line in rest if "athena-query-results" in line] == [
            ["s3", "athena-query-results", "1", "objects"]
        ]
        assert cli.main(["local", "reset", "--data", str(data)]) == 2
        assert "is in use" in capsys.readouterr().err
    (data / "notes.txt").write_text("x" * 5_000_000)
    assert cli.main(["local", "reset", "--data", str(data)]) == 0
    *_, megabytes, unit, done = capsys.readouterr().out.split()
    assert (float(megabytes) < 1, unit, done) == (True, "MB", "deleted")
    assert [each.name for each in data.iterdir()] == ["notes.txt"]
    assert cli.main(["local", "reset", "--data", str(data)]) == 0
    assert capsys.readouterr().out == f"{data}: nothing is kept\n"


def test_the_data_directory_can_be_named_in_the_environment(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TOOLKIT_LOCAL_DATA", str(tmp_path / "named"))
    assert cli.main(["local", "status"]) == 0
    assert str(tmp_path / "named") in capsys.readouterr().out


def test_queries_beyond_the_quota_are_refused():
    with toolkit.local.start(athena_limits=toolkit.local.Limits(active_queries=1)) as platform:
        athena = _client(platform, "athena")
        many = "UNNEST(sequence(1, 3000))"
        slow = f"SELECT count(*) FROM {many} a(x), {many} b(y), {many} c(z)"
        options = {"ResultConfiguration": {"OutputLocation": "s3://athena-query-results/"}}
        running = athena.start_query_execution(QueryString=slow, **options)["QueryExecutionId"]
        with pytest.raises(ClientError) as caught:
            athena.start_query_execution(QueryString="SELECT 1", **options)
        assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
        assert caught.value.response["Reason"] == "CONCURRENT_QUERY_LIMIT_EXCEEDED"
        athena.stop_query_execution(QueryExecutionId=running)
        status = athena.get_query_execution(QueryExecutionId=running)["QueryExecution"]["Status"]
        assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Query cancelled by user")


def test_a_query_that_waits_is_stopped_at_once_and_one_that_runs_at_the_end_is_told_as_interrupted(
    tmp_path, monkeypatch
):
    from toolkit.local.athena import executions

    monkeypatch.setattr(executions, "WORKERS", 1)
    many = "UNNEST(sequence(1, 3000))"
    slow = f"SELECT count(*) FROM {many} a(x), {many} b(y), {many} c(z)"
    options = {"ResultConfiguration": {"OutputLocation": "s3://athena-query-results/"}}
    with toolkit.local.start(data_directory=tmp_path) as platform:
        athena = _client(platform, "athena")
        running, waiting = (
            athena.start_query_execution(QueryString=sql, **options)["QueryExecutionId"] for sql in (slow, "SELECT 1")
        )
        athena.stop_query_execution(QueryExecutionId=waiting)
        found = athena.batch_get_query_execution(QueryExecutionIds=[running, waiting])["QueryExecutions"]
        assert found[0]["Status"]["State"] in ("QUEUED", "RUNNING")
        status = found[1]["Status"]
        assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Query cancelled by user")
        # As on AWS they say from the beginning where their results will be.
        locations = [each["ResultConfiguration"]["OutputLocation"] for each in found]
        assert locations == [f"s3://athena-query-results/{each}.csv" for each in (running, waiting)]
    with toolkit.local.start(data_directory=tmp_path) as platform:
        athena = _client(platform, "athena")
        found = athena.batch_get_query_execution(QueryExecutionIds=[running, waiting])["QueryExecutions"]
        assert [each["Status"]["State"] for each in found] == ["FAILED", "CANCELLED"]
        assert found[0]["Status"]["AthenaError"]["Retryable"] is True


def test_starts_beyond_the_rate_are_throttled():
    limits = toolkit.local.Limits(starts_per_second=0.001, burst=2)
    with toolkit.local.start(athena_limits=limits) as platform:
        athena = _client(platform, "athena")
        options = {"ResultConfiguration": {"OutputLocation": "s3://athena-query-results/"}}
        for _ in range(2):
            athena.start_query_execution(QueryString="SELECT 1", **options)
        with pytest.raises(ClientError) as caught:
            athena.start_query_execution(QueryString="SELECT 1", **options)
        assert caught.value.response["Error"]["Code"] == "ThrottlingException"


def test_the_fixtures_come_with_the_package(tmp_path):
    (tmp_path / "test_user.py").write_text(
        "import boto3\n"
        "def test_user(local_aws):\n"
        "    assert boto3.client('athena').list_work_groups()['WorkGroups'][0]['Name'] == 'primary'\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:toolkit-local", "-p", "toolkit.local.testing", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_first_steps_of_the_page_work(monkeypatch, capsys):
    page = (Path(__file__).parents[2] / "docs" / "local.md").read_text(encoding="utf-8")
    steps = page.split("```python\n")[1].split("```")[0]
    with toolkit.local.start() as platform:
        for name, value in platform.environment.items():
            monkeypatch.setenv(name, value)
        exec(compile(steps, "docs/local.md", "exec"), {})
    assert capsys.readouterr().out == "[('view', 1)]\n"


def _client(platform, service):
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        endpoint_url=platform.endpoint_url,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        region_name="eu-west-1",
        config=Config(retries={"total_max_attempts": 1}),
    )


def _put_an_object(platform):
    _client(platform, "s3").put_object(Bucket="athena-query-results", Key="a", Body=b"x")
