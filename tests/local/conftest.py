"""One platform for the tests of a module, and clients that reach it over the wire."""

import boto3
import pytest

import toolkit.local


@pytest.fixture(scope="module")
def platform():
    with toolkit.local.start() as platform:
        yield platform


@pytest.fixture(scope="module")
def client(platform):
    def make(service):
        environment = platform.environment
        return boto3.client(
            service,
            endpoint_url=platform.endpoint_url,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_REGION"],
        )

    return make


class QueryFailed(Exception):
    """A query that ended as FAILED, with its reason."""


class Athena:
    """A small client: SQL in, rows out, as the API has them."""

    def __init__(self, client):
        self.api = client("athena")
        self.s3 = client("s3")
        self.glue = client("glue")
        self.s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.execution = None

    def put(self, key, content):
        content = content.encode() if isinstance(content, str) else content
        self.s3.put_object(Bucket="lake", Key=key, Body=content)

    def run(self, sql, database="default", **options):
        options.setdefault("ResultConfiguration", {"OutputLocation": "s3://lake/results/"})
        context = {"Database": database}
        identifier = self.api.start_query_execution(QueryString=sql, QueryExecutionContext=context, **options)
        identifier = identifier["QueryExecutionId"]
        while True:
            # Several threads may ask at once: what decides is this one's own.
            self.execution = execution = self.api.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]
            state = execution["Status"]["State"]
            if state in ("FAILED", "CANCELLED"):
                raise QueryFailed(execution["Status"]["StateChangeReason"])
            if state == "SUCCEEDED":
                return identifier

    def result(self, sql, database="default", **options):
        return self.api.get_query_results(QueryExecutionId=self.run(sql, database, **options))["ResultSet"]

    def rows(self, sql, database="default", **options):
        found = self.result(sql, database, **options)["Rows"]
        rows = [tuple(datum.get("VarCharValue") for datum in row["Data"]) for row in found]
        return rows if self.execution["StatementType"] != "DML" else rows[1:]

    def value(self, sql, database="default"):
        [[value]] = self.rows(sql, database)
        return value

    def reason(self, sql, database="default"):
        with pytest.raises(QueryFailed) as caught:
            self.run(sql, database)
        return str(caught.value)

    def refusal(self, sql, **options):
        from botocore.exceptions import ClientError

        with pytest.raises(ClientError) as caught:
            self.run(sql, **options)
        return caught.value.response["Error"]["Message"]


@pytest.fixture(scope="module")
def athena(client):
    return Athena(client)
