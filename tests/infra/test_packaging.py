"""The functions' zip: small, the same every time, and enough for Lambda."""

import io
import json
import os
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from toolkit import aws
from toolkit.errors import InvalidInput
from toolkit.handlers.messages import queue_url
from toolkit.handlers.polling import queue_length
from toolkit.infra import build_package
from toolkit.simulation import EXAMPLE_EVENT

# What Lambda's Python runtime brings along: boto3 and what that depends on.
PROVIDED = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")
HANDLERS = (
    "event_validator",
    "event_forwarder",
    "event_sink",
    "stream_reader",
    "partition_updater",
    "json_schema_to_hive",
)


@pytest.fixture(scope="module")
def lambda_like(tmp_path_factory):
    """Run code with the zip, boto3 and the standard library, and nothing else of this environment."""
    folder = tmp_path_factory.mktemp("lambda")
    (folder / "functions.zip").write_bytes(build_package().content)
    provided = folder / "provided"
    provided.mkdir()
    site = Path(distribution("boto3").locate_file(""))
    for name in PROVIDED:
        (provided / name).symlink_to(site / name)
    bootstrap = f"import sys; sys.path[:0] = [{str(folder / 'functions.zip')!r}, {str(provided)!r}]\n"

    def run(code, **environment):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", bootstrap + code],
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
            env={**{k: v for k, v in os.environ.items() if k.startswith("AWS_")}, **environment},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_equal_sources_give_equal_bytes():
    one, other = build_package(), build_package()
    assert one.content == other.content
    assert one.key == f"functions/toolkit-{one.digest[:16]}.zip"


def test_it_is_small_and_holds_no_more_than_its_rooms():
    package = build_package()
    assert len(package.content) < 1024 * 1024
    names = zipfile.ZipFile(io.BytesIO(package.content)).namelist()
    assert not [
        name for name in names if "__pycache__" in name or name.startswith(("toolkit/local", "toolkit/widgets"))
    ]


def test_a_wheel_is_unpacked_into_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "fast.whl", "w") as archive:
        archive.writestr("fast/__init__.py", "")
    names = zipfile.ZipFile(io.BytesIO(build_package(wheels=[tmp_path / "fast.whl"]).content)).namelist()
    assert "fast/__init__.py" in names
    with pytest.raises(InvalidInput, match=r"absent\.whl: expected a wheel"):
        build_package(wheels=[tmp_path / "absent.whl"])


@pytest.mark.parametrize("name", HANDLERS)
def test_each_handler_loads_with_what_lambda_provides(lambda_like, name):
    lambda_like(f"from toolkit.handlers import {name}; assert callable({name}.handler)")
    code = "import sys; from toolkit.handlers import " + name + "; print(*sorted(sys.modules))"
    loaded = set(lambda_like(code).split())
    assert not loaded & {"pandas", "pyathena", "orjson", "pyarrow", "duckdb", "yaml"}


def test_the_packaged_validator_judges_a_batch(lambda_like, make_queue, bucket, unique):
    table = f"schemas-{unique}"
    from toolkit.repositories import bundled_schemas, open_repository, publish
    from toolkit.repositories.dynamodb import TABLE_KEYS

    aws.call("dynamodb", "create_table", TableName=table, BillingMode="PAY_PER_REQUEST", **TABLE_KEYS)
    schema = open_repository(bundled_schemas()).load("user_registered")
    publish(open_repository(f"dynamodb://{table}"), "user_registered", schema)
    valid, dead = make_queue("valid"), make_queue("dead")
    batch = {
        "Records": [
            {"messageId": str(number), "body": body, "messageAttributes": {}, "eventSource": "aws:sqs"}
            for number, body in enumerate([json.dumps(EXAMPLE_EVENT), '{"eid": 1}', "{"])
        ]
    }
    answer = lambda_like(
        f"from toolkit.handlers.event_validator import handler; print(handler({batch!r}, None))",
        SCHEMA_REPOSITORY=f"dynamodb://{table}",
        VALID_EVENTS_QUEUE=valid,
        DEAD_LETTER_QUEUE=dead,
    )
    assert answer == "{'batchItemFailures': []}\n"
    assert (queue_length(valid), queue_length(dead)) == (1, 2)
    assert queue_url(valid)


def test_the_packaged_table_maker_makes_a_table(lambda_like, bucket, unique):
    from toolkit.repositories import bundled_schemas

    lambda_like(
        "from toolkit.handlers.json_schema_to_hive import handler; print(handler())",
        SCHEMA_REPOSITORY=str(bundled_schemas()),
        EVENTS_DATABASE=f"packaged_{unique}",
        EVENTS_LOCATION=f"s3://{bucket}/events/{{event_name}}/",
    )
    tables = aws.call("glue", "get_tables", DatabaseName=f"packaged_{unique}")["TableList"]
    assert [table["Name"] for table in tables] == ["user_registered"]
