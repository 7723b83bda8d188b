"""
The template itself, deployed on an emulator that executes its event source mappings with the packaged zip.

    python3 -m venv .venv-ministack && .venv-ministack/bin/pip install ministack==1.5.33 boto3==1.43.106
    .venv/bin/python -m pytest -m slow tests/infra/test_ministack.py

ministack runs: SNS → SQS, SQS → Lambda with item failures and redrive, Lambda → SQS, Kinesis → Lambda, S3 → Lambda, DynamoDB
stream → Lambda, CloudFormation; once with ``AUTH=true``, which judges the functions' calls by the template's own roles. It does
not run, and nothing here claims: batches of more than ten and windows of SQS mappings; item failures, bisecting, retry
cap and on-failure target of Kinesis mappings; Firehose's buffers and prefixes; Athena's DDL; the Glue Schema Registry. Under
``AUTH=true`` it denies ``athena:GetQueryExecution``, whose work group it looks for in a request that has none.
"""

import gzip
import json
import os
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.handlers.messages import message_from_record, queue_url
from toolkit.hive import Column, parse_type, table_from_schema, table_input
from toolkit.infra import build_package, deploy, status, teardown
from toolkit.repositories import bundled_schemas, open_repository, publish
from toolkit.simulation import EXAMPLE_EVENT

VENV = Path(os.environ.get("PLATFORM_VENV", Path(__file__).parents[2] / ".venv-ministack"))
PREFIX = "e2e-"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(params=["open", "AUTH=true"])
def ministack(request, tmp_path, monkeypatch):
    """ministack on a free port, and the environment that leads to it."""
    program = VENV / "bin" / "ministack"
    if not program.exists():
        pytest.skip(f"needs ministack in an environment of its own: {VENV} (see the head of this file)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
        "GATEWAY_PORT": str(port),
        "TMPDIR": str(tmp_path),
        "STATE_DIR": str(tmp_path / "state"),
        "AUTH": "true" if request.param == "AUTH=true" else "false",
        "MINISTACK_REGION": "eu-west-1",
    }
    with (tmp_path / "ministack.log").open("wb") as log:
        server = subprocess.Popen([str(program)], env=environment, stdout=log, stderr=log, cwd=tmp_path)
        try:
            for name, value in {
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_REGION": "us-east-1",
            }.items():
                monkeypatch.setenv(name, value)
            assert eventually(lambda: answers(port), 60), (tmp_path / "ministack.log").read_text()
            yield tmp_path / "ministack.log"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def eventually(is_done, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_done():
            return True
        time.sleep(0.5)
    return False


def received(queue):
    found = aws.call(
        "sqs",
        "receive_message",
        QueueUrl=queue_url(queue),
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        MessageAttributeNames=["All"],
    )
    return [message_from_record(message) for message in found.get("Messages", ())]


def stored(bucket, prefix):
    lines = []
    for item in aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix).get("Contents", ()):
        body = aws.call("s3", "get_object", Bucket=bucket, Key=item["Key"])["Body"].read()
        lines += (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).split(b"\n")[:-1]
    return lines


def make_table(bucket, schema):
    table = table_from_schema(
        schema,
        database="e2e_events",
        name="user_registered",
        location=f"s3://{bucket}/events/user_registered/",
        partition_keys=(Column("dt", parse_type("string")),),
    )
    with suppress(AwsError):  # the table maker may have made it
        aws.call("glue", "create_database", DatabaseInput={"Name": "e2e_events"})
    aws.call("glue", "create_table", DatabaseName="e2e_events", TableInput=table_input(table))


def states():
    items = aws.call("dynamodb", "scan", TableName=f"{PREFIX}partition-registry")["Items"]
    return {item["state"]["S"] for item in items}


def test_the_template_runs_with_the_packaged_functions(ministack):
    parameters = {"EventsBucketName": "e2e-events", "CodeBucket": "e2e-code", "NamePrefix": PREFIX}
    # It speaks HTTP, and under AUTH=true it heeds the policies that refuse that.
    parameters["RequireTls"] = "false"
    reached = deploy("e2e", build_package(), parameters, poll_seconds=0.5)
    assert reached.is_good
    schema = open_repository(bundled_schemas()).load("user_registered")
    publish(open_repository(f"dynamodb://{PREFIX}schema-repository"), "user_registered", schema)
    good = [json.dumps({**EXAMPLE_EVENT, "age": age}, indent=1).encode() for age in range(20)]
    bad = b'{"eid": 1}'

    # SNS → SQS → validator → SQS → forwarder → Firehose, and the dead-letter queue.
    topic = reached.outputs["EventsTopicArn"]
    for event in [*good, bad]:
        aws.call("sns", "publish", TopicArn=topic, Message=event.decode())
    assert eventually(lambda: [letter.body for letter in received(f"{PREFIX}invalid-events-dead-letter-queue")], 120), (
        ministack.read_text()[-3000:]
    )
    [letter] = received(f"{PREFIX}invalid-events-dead-letter-queue")
    assert letter.body == bad
    assert letter.attributes["schema"] == "user_registered/1"
    expected = {event.replace(b"\n", b" ") for event in good}
    assert eventually(lambda: set(stored("e2e-events", "events/user_registered/")) == expected, 120), (
        ministack.read_text()[-3000:]
    )

    # Kinesis → reader → partitioned S3 → updater → registry and catalogue; this Athena runs no DDL, so Glue makes the table.
    make_table("e2e-events", schema)
    lines = [json.dumps({**EXAMPLE_EVENT, "age": 50 + age}).encode() for age in range(20)]
    for line in lines:
        aws.call("kinesis", "put_record", StreamName=f"{PREFIX}events-stream", Data=line, PartitionKey="p")
    assert eventually(lambda: set(stored("e2e-events", "events/user_registered/")) == expected | set(lines), 180), (
        ministack.read_text()[-3000:]
    )
    assert received(f"{PREFIX}events-redrive-queue") == []
    assert eventually(lambda: states() == {"done"}, 60), ministack.read_text()[-3000:]
    partitions = aws.call("glue", "get_partitions", DatabaseName="e2e_events", TableName="user_registered")[
        "Partitions"
    ]
    assert len(partitions) == 1

    assert status("e2e").is_good
    teardown("e2e", poll_seconds=0.5)
    with pytest.raises(AwsError):
        aws.call("sqs", "get_queue_url", QueueName=f"{PREFIX}events-queue")
