"""What the tests of tables share: a lake on the local platform, and Hive's own parser where Java is present."""

import json
import os
import shutil
from decimal import Decimal
from pathlib import Path

import boto3
import pytest

import toolkit.local
from toolkit.hive import create_database_sql, query_name

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture(scope="session")
def hive():
    """The Java virtual machine with Hive 2.3 on its class path, as PySpark's jars bring it."""
    if shutil.which("java") is None:
        pytest.skip("needs Java")
    pyspark = pytest.importorskip("pyspark", reason="needs PySpark, whose jars hold Hive's parser")
    from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

    jars = Path(pyspark.__file__).parent / "jars"
    port = launch_gateway(
        jarpath=str(next(jars.glob("py4j*.jar"))), classpath=f"{jars}/*", die_on_exit=True, javaopts=["-Xmx512m"]
    )
    gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port))
    yield gateway.jvm
    gateway.shutdown()


@pytest.fixture(scope="session")
def hive_parser(hive):
    """A function that parses a statement with ``org.apache.hadoop.hive.ql.parse`` and returns the tree."""
    driver = hive.org.apache.hadoop.hive.ql.parse.ParseDriver()
    return driver.parse


BUCKET = "lake"


@pytest.fixture(scope="session")
def lake():
    """A bucket and a cursor on a platform of its own."""
    with toolkit.local.launch() as platform:
        pyathena = pytest.importorskip("pyathena")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in platform.environment.items():
                patch.setenv(name, value)
            s3 = boto3.client("s3")
            s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]})
            connection = pyathena.connect(s3_staging_dir=f"s3://{BUCKET}/results/", poll_interval=0.05)
        with connection:
            cursor = connection.cursor()
            cursor.execute(create_database_sql("lake"))
            yield Lake(s3, cursor)


class Lake:
    """Objects in S3 and statements on the local Athena."""

    def __init__(self, s3, cursor):
        self.s3 = s3
        self.cursor = cursor

    def put(self, table, events):
        body = b"".join(json.dumps(event, ensure_ascii=len(events) % 2 == 0).encode() + b"\n" for event in events)
        self.s3.put_object(Bucket=BUCKET, Key=table.location.removeprefix(f"s3://{BUCKET}/") + "events.json", Body=body)

    def run(self, *statements):
        for statement in statements:
            self.cursor.execute(statement)

    def rows(self, name, columns, order='"row"'):
        """Every row as values by column, read as JSON, in order."""
        return self.rows_of(f'"lake".{query_name(name)}', columns, order)

    def rows_of(self, relation, columns, order='"row"'):
        shown = ", ".join(f"json_format(CAST({query_name(column)} AS JSON))" for column in columns)
        self.cursor.execute(f"SELECT {shown} FROM {relation} ORDER BY {order}")
        return [
            {
                column: None if text is None else json.loads(text, parse_float=Decimal, parse_int=Decimal)
                for column, text in zip(columns, row, strict=True)
            }
            for row in self.cursor.fetchall()
        ]
