"""How the platform starts, answers and ends."""

import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

import toolkit.local

VARIABLES = {
    "AWS_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_ATHENA_S3_STAGING_DIR",
    "AWS_ALLOW_HTTP",
}


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def s3(platform):
    return boto3.client(
        "s3",
        endpoint_url=platform.endpoint_url,
        aws_access_key_id=platform.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=platform.environment["AWS_SECRET_ACCESS_KEY"],
        region_name=platform.environment["AWS_REGION"],
    )


def put_and_get(platform):
    client = s3(platform)
    client.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_object(Bucket="lake", Key="a/b", Body=b"\x00\xff")
    return client.get_object(Bucket="lake", Key="a/b")["Body"].read()


def refuses(endpoint_url):
    host, _, port = endpoint_url.removeprefix("http://").rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


def comes_true(fact, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("begin", [toolkit.local.start, toolkit.local.launch], ids=["start", "launch"])
def test_a_platform_serves_inside_its_block_and_not_after(begin):
    with begin() as platform:
        assert put_and_get(platform) == b"\x00\xff"
    assert refuses(platform.endpoint_url)


@pytest.mark.parametrize("begin", [toolkit.local.start, toolkit.local.launch], ids=["start", "launch"])
def test_each_platform_begins_empty(begin):
    with begin() as platform:
        put_and_get(platform)
    with begin() as platform:
        assert [bucket["Name"] for bucket in s3(platform).list_buckets()["Buckets"]] == ["athena-query-results"]


@pytest.mark.parametrize("begin", [toolkit.local.start, toolkit.local.launch], ids=["start", "launch"])
def test_the_environment_leads_clients_to_the_platform(begin):
    with begin(region="ap-south-1") as platform:
        assert set(platform.environment) == VARIABLES
        assert platform.environment["AWS_ENDPOINT_URL"] == platform.endpoint_url
        assert platform.environment["AWS_REGION"] == platform.environment["AWS_DEFAULT_REGION"] == "ap-south-1"


@pytest.mark.parametrize("begin", [toolkit.local.start, toolkit.local.launch], ids=["start", "launch"])
def test_a_taken_port_is_told_in_one_line(begin, taken_port):
    with pytest.raises(toolkit.local.PortInUse) as caught, begin(port=taken_port):
        pass
    assert str(caught.value) == (
        f"port {taken_port} of 127.0.0.1 is in use: stop what listens there, or choose another port (0 takes a free one)"
    )


@pytest.mark.parametrize("begin", [toolkit.local.start, toolkit.local.launch], ids=["start", "launch"])
@pytest.mark.parametrize("address", [{"port": 70_000}, {"host": "256.0.0.1"}], ids=str)
def test_an_address_that_cannot_be_is_an_error_of_ours(begin, address):
    with pytest.raises(toolkit.local.LocalPlatformError), begin(**address):
        pass


def test_a_process_serves_one_platform_at_a_time():
    with toolkit.local.start(), pytest.raises(toolkit.local.AlreadyRunning), toolkit.local.start():
        pass


def test_only_loopback_listens_by_default():
    with toolkit.local.start() as platform:
        assert platform.endpoint_url.startswith("http://127.0.0.1:")


def test_importing_the_package_loads_nothing_heavy():
    heavy = ["moto", "boto3", "duckdb", "sqlglot", "waitress", "flask"]
    code = f"import sys, toolkit.local; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_block_of_a_launched_platform_may_fail_and_leaves_nothing():
    endpoints = []

    def fail():
        with toolkit.local.launch() as platform:
            endpoints.append(platform.endpoint_url)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert refuses(endpoints[0])


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda sent: sent.name)
def test_a_launched_platform_ends_with_its_parent_however_that_ends(sent):
    code = """
        import time, toolkit.local
        with toolkit.local.launch() as platform:
            print(platform.endpoint_url, flush=True)
            time.sleep(60)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with parent:
        endpoint_url = parent.stdout.readline().strip()
        assert not refuses(endpoint_url)
        parent.send_signal(sent)
        parent.wait(20)
    assert comes_true(lambda: refuses(endpoint_url))


def test_a_launched_platform_ignores_the_current_directory(tmp_path, monkeypatch):
    (tmp_path / "toolkit.py").write_text("raise RuntimeError('imported from the current directory')")
    monkeypatch.chdir(tmp_path)
    with toolkit.local.launch() as platform:
        assert urllib.request.urlopen(platform.endpoint_url).status == 200


def test_a_launched_platform_takes_no_file_for_the_standard_library(tmp_path, monkeypatch):
    for name in ("http", "socket", "json"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('imported from beside a notebook')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    with toolkit.local.launch() as platform:
        assert urllib.request.urlopen(platform.endpoint_url).status == 200


def test_a_child_that_does_not_start_says_why(monkeypatch):
    monkeypatch.setattr("toolkit.local.process._BOOTSTRAP", "import sys; sys.exit('there is no room here')")
    with pytest.raises(toolkit.local.PlatformDidNotStart) as told, toolkit.local.launch():
        pass
    assert str(told.value) == (
        "the local platform ended with status 1 before it was ready; it said:\nthere is no room here"
    )


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT], ids=lambda sent: sent.name)
def test_the_command_prints_what_to_export_and_stops_cleanly(sent):
    command = subprocess.Popen(
        [sys.executable, "-m", "toolkit.local", "--region", "eu-north-1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with command:
        lines = [command.stdout.readline().rstrip("\n") for _ in range(7)]
        command.send_signal(sent)
        assert command.wait(20) == 0
        assert command.stderr.read() == ""
    endpoint_url = lines[0].split()[2]
    assert lines == [
        f"Serving at {endpoint_url} (Ctrl-C stops)",
        f"export AWS_ENDPOINT_URL={endpoint_url}",
        "export AWS_ACCESS_KEY_ID=local",
        "export AWS_SECRET_ACCESS_KEY=local",
        "export AWS_DEFAULT_REGION=eu-north-1",
        "export AWS_REGION=eu-north-1",
        "export AWS_ATHENA_S3_STAGING_DIR=s3://athena-query-results/",
    ]


def test_the_command_tells_of_a_taken_port_in_one_line(taken_port):
    command = [sys.executable, "-m", "toolkit.local", "--port", str(taken_port)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"error: port {taken_port} of 127.0.0.1 is in use")


def test_the_server_stays_small():
    if not Path("/proc/self/status").exists():
        pytest.skip("reads the resident size from /proc")
    code = """
        import re, toolkit.local
        with toolkit.local.start():
            print(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 180 * 1024


def test_the_child_is_reaped():
    # In a process of its own: this one may have other children.
    code = """
        import os, toolkit.local
        with toolkit.local.launch():
            pass
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            print("reaped")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout == "reaped\n"


def test_a_full_disk_is_told_as_such_and_what_was_there_stays(monkeypatch, tmp_path):
    real = tempfile.NamedTemporaryFile

    def on_full_disk(*arguments, **options):
        file = real(*arguments, **options)
        monkeypatch.setattr(file, "write", fail, raising=False)
        return file

    def fail(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with toolkit.local.start(data_directory=tmp_path) as platform:
        client = s3(platform)
        client.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        client.put_object(Bucket="lake", Key="a", Body=bytes(100_000))
        kept = sorted(path for path in tmp_path.rglob("objects/*"))
        assert kept
        with monkeypatch.context() as full:
            full.setattr(tempfile, "NamedTemporaryFile", on_full_disk)
            for key in ("a", "b"):
                with pytest.raises(
                    ClientError, match=r"InsufficientStorage.*disk of the local platform is full"
                ) as refused:
                    client.put_object(Bucket="lake", Key=key, Body=bytes(200_000))
                assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0
        assert client.get_object(Bucket="lake", Key="a")["Body"].read() == bytes(100_000)
        assert [each["Key"] for each in client.list_objects_v2(Bucket="lake")["Contents"]] == ["a"]
        assert sorted(path for path in tmp_path.rglob("objects/*")) == kept
        client.put_object(Bucket="lake", Key="b", Body=bytes(200_000))


@pytest.fixture
def hurried_threads():
    """Threads that give way to each other after a few instructions, so that what can happen between them does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_conditions_hold_for_requests_that_come_at_once(hurried_threads, monkeypatch):
    key = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
    key["AttributeDefinitions"] = [{"AttributeName": "id", "AttributeType": "S"}]
    with toolkit.local.start() as platform, ThreadPoolExecutor(8) as pool:
        for name, value in platform.environment.items():
            monkeypatch.setenv(name, value)
        items, objects = boto3.client("dynamodb"), boto3.client("s3")
        items.create_table(TableName="claims", BillingMode="PAY_PER_REQUEST", **key)
        objects.create_bucket(Bucket="claims", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

        def claim(number):
            """Tell how many of one item and one object this call made."""
            made = 0
            with suppress(ClientError):
                condition = "attribute_not_exists(id)"
                items.put_item(TableName="claims", Item={"id": {"S": str(number)}}, ConditionExpression=condition)
                made += 1
            with suppress(ClientError):
                objects.put_object(Bucket="claims", Key=str(number), Body=b"", IfNoneMatch="*")
                made += 1
            count = {":one": {"N": "1"}}
            items.update_item(
                TableName="claims",
                Key={"id": {"S": "calls"}},
                UpdateExpression="ADD calls :one",
                ExpressionAttributeValues=count,
            )
            return made

        made = sum(pool.map(claim, [number // 8 for number in range(160)]))
        calls = items.get_item(TableName="claims", Key={"id": {"S": "calls"}})["Item"]["calls"]["N"]
    assert (made, calls) == (40, "160")
