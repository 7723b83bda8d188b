"""What AWS refuses for its size or number is refused here too, so that code which works here works there."""

import re

import botocore.session
import pytest
from botocore.exceptions import ClientError

from toolkit.local.validation import Unreadable, _pattern, problem, request_in

PLACE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
STORED = {"Columns": [{"Name": "a", "Type": "int"}], "Location": "s3://nowhere/t/", "SerdeInfo": {}}
KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


class Clients:
    """Clients of every service that is asked, and a thing of each."""

    def __init__(self, name, client):
        self.name = name
        names = ("s3", "glue", "sqs", "sns", "kinesis", "firehose", "dynamodb")
        self.s3, self.glue, self.sqs, self.sns, self.kinesis, self.firehose, self.dynamodb = map(client, names)
        self.s3.create_bucket(Bucket=name, **PLACE)
        self.glue.create_database(DatabaseInput={"Name": name})
        keys = [{"Name": "dt", "Type": "string"}]
        self.create_table("t", STORED, PartitionKeys=keys)
        self.queue = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        self.topic = self.sns.create_topic(Name=name)["TopicArn"]
        self.kinesis.create_stream(StreamName=name, ShardCount=1)
        place = {"RoleARN": "arn:aws:iam::123456789012:role/r", "BucketARN": f"arn:aws:s3:::{name}"}
        self.firehose.create_delivery_stream(DeliveryStreamName=name, ExtendedS3DestinationConfiguration=place)
        self.dynamodb.create_table(TableName=name, **KEY)

    def create_table(self, table, stored, **options):
        self.glue.create_table(
            DatabaseName=self.name, TableInput={"Name": table, "StorageDescriptor": stored, **options}
        )

    def partitions(self, count):
        inputs = [{"Values": [f"v{number}"], "StorageDescriptor": STORED} for number in range(count)]
        self.glue.batch_create_partition(DatabaseName=self.name, TableName="t", PartitionInputList=inputs)

    def column(self, **column):
        self.create_table("t" + str(len(str(column))), {**STORED, "Columns": [{"Name": "a", "Type": "int", **column}]})

    def send(self, body="x", count=0, value="v"):
        text = {"DataType": "String", "StringValue": value}
        attributes = {f"a{number}": text for number in range(count)}
        self.sqs.send_message(QueueUrl=self.queue, MessageBody=body, MessageAttributes=attributes)

    def send_batch(self, body, value="v"):
        text = {"DataType": "String", "StringValue": value}
        entries = [{"Id": f"{number}", "MessageBody": body, "MessageAttributes": {"a": text}} for number in range(10)]
        self.sqs.send_message_batch(QueueUrl=self.queue, Entries=entries)

    def publish(self, message, count):
        entries = [{"Id": f"{number}", "Message": message} for number in range(count)]
        self.sns.publish_batch(TopicArn=self.topic, PublishBatchRequestEntries=entries)

    def stream(self, data, count):
        self.kinesis.put_records(StreamName=self.name, Records=[{"Data": data, "PartitionKey": "a"}] * count)

    def deliver(self, data, count):
        self.firehose.put_record_batch(DeliveryStreamName=self.name, Records=[{"Data": data}] * count)

    def write_items(self, count):
        items = [{"PutRequest": {"Item": {"id": {"S": f"{number}"}}}} for number in range(count)]
        self.dynamodb.batch_write_item(RequestItems={self.name: items})

    def delete(self, count):
        keys = [{"Key": f"{number}"} for number in range(count)]
        self.s3.delete_objects(Bucket=self.name, Delete={"Objects": keys})

    def put(self, key="k", **metadata):
        self.s3.put_object(Bucket=self.name, Key=key, Body=b"x", Metadata=metadata)


@pytest.fixture(scope="module")
def clients(client):
    return Clients("bounds-of-services", client)


# What goes through, what is refused one step further, and how.
BOUNDS = {
    "partitions": (
        lambda c: c.partitions(100),
        lambda c: c.partitions(101),
        "ValidationException.*length less than.*100",
    ),
    "comment": (
        lambda c: c.column(Comment="é" * 255),
        lambda c: c.column(Comment="é" * 256),
        "columns.1.member.comment",
    ),
    "name": (lambda c: c.column(Name="a" * 255), lambda c: c.column(Name="a" * 256), "columns.1.member.name"),
    "type": (lambda c: c.column(Type="x" * 131_072), lambda c: c.column(Type="x" * 131_073), "columns.1.member.type"),
    "property": (
        lambda c: c.create_table("p", STORED, Parameters={"k" * 255: "v"}),
        lambda c: c.create_table("q", STORED, Parameters={"k" * 256: "v"}),
        "tableInput.parameters.key",
    ),
    "attributes": (lambda c: c.send(count=10), lambda c: c.send(count=11), r"attributes \[11\] exceeds"),
    "attribute": (lambda c: c.send(count=1), lambda c: c.send(count=1, value=""), "must contain a non-empty value"),
    "message": (lambda c: c.send("x"), lambda c: c.send(""), "MissingParameter.*MessageBody"),
    # With name, type and value its attribute takes nine bytes.
    "message's bytes": (
        lambda c: c.send("x" * (2**20 - 9), count=1),
        lambda c: c.send("x" * (2**20 - 8), count=1),
        "Message must be shorter than 1048576 bytes",
    ),
    "messages' bytes": (
        lambda c: c.send_batch("x" * 52_000, "x" * 52_000),
        lambda c: c.send_batch("x" * 53_000, "x" * 53_000),
        "BatchRequestTooLong",
    ),
    "published": (lambda c: c.publish("x" * 65_536, 4), lambda c: c.publish("x" * 65_537, 4), "BatchRequestTooLong"),
    "records": (lambda c: c.stream(b"x", 500), lambda c: c.stream(b"x", 501), "'records' failed.*500"),
    "deliveries": (lambda c: c.deliver(b"x", 500), lambda c: c.deliver(b"x", 501), "'records' failed.*500"),
    "delivery": (
        lambda c: c.deliver(b"x" * 1_024_000, 1),
        lambda c: c.deliver(b"x" * 1_024_001, 1),
        "member.data' failed",
    ),
    "deliveries' bytes": (
        lambda c: c.deliver(b"x" * 2**19, 8),
        lambda c: c.deliver(b"x" * (2**19 + 1), 8),
        "Records size exceeds 4 MB limit",
    ),
    "items": (lambda c: c.write_items(25), lambda c: c.write_items(26), "ValidationException.*25"),
    "deleted": (lambda c: c.delete(1000), lambda c: c.delete(1001), "MalformedXML"),
    "key": (lambda c: c.put("é" * 512), lambda c: c.put("é" * 512 + "k"), "KeyTooLongError"),
    # Half of a surrogate pair, as a client has it that cuts a text in two, is no character.
    "character": (lambda c: c.column(Name="\U0001f980"), lambda c: c.column(Name="\ud83e"), "SerializationException"),
    "metadata": (lambda c: c.put(a="x" * 2047), lambda c: c.put(a="x" * 2048), "MetadataTooLarge"),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_of_a_service(clients, name):
    within, beyond, words = BOUNDS[name]
    within(clients)
    with pytest.raises(ClientError, match=words):
        beyond(clients)


@pytest.mark.parametrize(
    ("service", "operation", "request_", "found"),
    [
        ("athena", "StartQueryExecution", {}, "Value null at 'queryString' failed"),
        ("athena", "GetNamedQuery", {"NamedQueryId": ""}, "Value at 'namedQueryId' failed"),
        ("glue", "GetTable", {"DatabaseName": "x", "Name": ""}, "Value '' at 'name' failed"),
        ("glue", "GetTables", {"DatabaseName": "x", "MaxResults": 101}, "Value '101' at 'maxResults' failed"),
        ("firehose", "PutRecord", {"DeliveryStreamName": "x", "Record": {}}, "Value null at 'record.data' failed"),
    ],
)
def test_what_is_wrong_is_named(service, operation, request_, found):
    assert found in problem(service, operation, request_)


@pytest.mark.parametrize("service", ["athena", "dynamodb", "firehose", "glue", "kinesis"])
def test_every_pattern_of_a_description_can_be_looked_at(service):
    model = botocore.session.get_session().get_service_model(service)
    patterns = {model.shape_for(name).metadata.get("pattern") for name in model.shape_names} - {None}
    assert patterns
    for pattern in patterns:
        _pattern(pattern)


def test_tags_may_have_letters_of_any_language():
    request = {"DeliveryStreamName": "x", "Tags": [{"Key": "größe", "Value": "x"}]}
    assert problem("firehose", "CreateDeliveryStream", request) == ""


def test_a_value_of_another_type_is_unreadable():
    with pytest.raises(Unreadable, match="NUMBER_VALUE can not be converted to a Blob"):
        problem("firehose", "PutRecord", {"DeliveryStreamName": "x", "Record": {"Data": 3}})


@pytest.mark.parametrize(
    "body", [b"{", b'"\\ud83e"', b'"\\uDD80\\uD83E"', b'"\xed\xa0\xbe"', b'"\xff"', b"[" * 100_000]
)
def test_a_request_that_is_no_json_of_characters_is_unreadable(body):
    with pytest.raises(Unreadable):
        request_in(body)


def test_a_request_may_have_any_character():
    assert request_in(b'["\\ud83e\\udd80", "\xf0\x9f\xa6\x80", "\\\\ud83e"]') == ["\U0001f980", "\U0001f980", "\\ud83e"]


def test_a_key_that_is_no_utf_8_is_refused(platform, clients):
    import urllib3

    for key in ("%FF", "%ED%A0%BE"):
        answer = urllib3.request("PUT", f"{platform.endpoint_url}/{clients.name}/{key}", body=b"x")
        assert (answer.status, b"<Code>InvalidURI</Code>" in answer.data) == (400, True)


def test_a_list_has_a_thousand_keys_at_most(clients):
    for number in range(1001):
        clients.s3.put_object(Bucket=clients.name, Key=f"list/{number}", Body=b"")
    for call in (clients.s3.list_objects_v2, clients.s3.list_objects):
        found = call(Bucket=clients.name, Prefix="list/", MaxKeys=5000)
        assert (found["MaxKeys"], len(found["Contents"]), found["IsTruncated"]) == (1000, 1000, True)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            "CREATE EXTERNAL TABLE long (a int COMMENT '{text}') LOCATION 's3://lake/long/'",
            "FAILED: .*columns.1.*255",
        ),
        ("CREATE DATABASE bounds_long COMMENT '{text:x<3000}'", "FAILED: .*description.*2048"),
        ('CREATE OR REPLACE VIEW long AS SELECT 1 AS "{text}"', "HIVE_METASTORE_ERROR: .*columns.1.member.name"),
    ],
)
def test_a_statement_puts_nothing_longer_into_the_catalogue(athena, sql, words):
    assert re.search(words, athena.reason(sql.format(text="x" * 256)))
