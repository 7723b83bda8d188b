"""What S3 tells a queue and a topic of objects that came and went."""

import json
from urllib.parse import unquote_plus

import pytest


@pytest.fixture
def told(client, request):
    """A bucket whose events go to a queue; gives its name, and a function for the records that arrived."""
    bucket = request.node.name.replace("_", "-")
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=bucket)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rules = [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".json"}]
    client("s3").put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "Id": "to-queue",
                    "QueueArn": arn,
                    "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                    "Filter": {"Key": {"FilterRules": rules}},
                }
            ]
        },
    )

    def records():
        arrived = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                arrived += json.loads(message["Body"]).get("Records", [])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return sorted(arrived, key=lambda record: record["s3"]["object"]["sequencer"])

    return bucket, records


def names(records):
    return [(record["eventName"], record["s3"]["object"]["key"]) for record in records]


def test_an_upload_in_parts_is_told_once(client, told):
    bucket, records = told
    s3 = client("s3")
    upload = {"Bucket": bucket, "Key": "in/parts.json"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    part = s3.upload_part(**upload, PartNumber=1, Body=b"{}")
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    s3.copy_object(Bucket=bucket, Key="in/copy.json", CopySource=f"{bucket}/in/parts.json")
    s3.delete_object(Bucket=bucket, Key="in/parts.json")
    assert names(records()) == [
        ("ObjectCreated:CompleteMultipartUpload", "in/parts.json"),
        ("ObjectCreated:Copy", "in/copy.json"),
        ("ObjectRemoved:Delete", "in/parts.json"),
    ]


def test_keys_are_url_encoded_but_for_their_slashes(client, told):
    bucket, records = told
    client("s3").put_object(Bucket=bucket, Key="in/day=1/a b+ü.json", Body=b"{}")
    [record] = records()
    assert record["s3"]["object"]["key"] == "in/day%3D1/a+b%2B%C3%BC.json"
    assert unquote_plus(record["s3"]["object"]["key"]) == "in/day=1/a b+ü.json"
    assert (record["s3"]["object"]["size"], record["s3"]["configurationId"]) == (2, "to-queue")
    assert record["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{bucket}"


def test_only_keys_that_the_filter_takes_are_told(client, told):
    bucket, records = told
    for key in ("in/a.csv", "out/a.json", "in/a.json"):
        client("s3").put_object(Bucket=bucket, Key=key, Body=b"{}")
    assert names(records()) == [("ObjectCreated:Put", "in/a.json")]


def test_versions_and_delete_markers_are_told(client, told):
    bucket, records = told
    s3 = client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first, second = (s3.put_object(Bucket=bucket, Key="in/a.json", Body=b"{}")["VersionId"] for _ in range(2))
    marker = s3.delete_object(Bucket=bucket, Key="in/a.json")["VersionId"]
    for version in (first, second, marker):
        s3.delete_object(Bucket=bucket, Key="in/a.json", VersionId=version)
    arrived = records()
    assert [(record["eventName"], record["s3"]["object"]["versionId"]) for record in arrived] == [
        ("ObjectCreated:Put", first),
        ("ObjectCreated:Put", second),
        ("ObjectRemoved:DeleteMarkerCreated", marker),
        ("ObjectRemoved:Delete", first),
        ("ObjectRemoved:Delete", second),
        ("ObjectRemoved:Delete", marker),
    ]
    assert all("size" not in record["s3"]["object"] for record in arrived[2:])


def test_a_topic_gets_the_message_with_its_subject(client, told):
    bucket, _ = told
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name=bucket)["TopicArn"]
    url = sqs.create_queue(QueueName=f"{bucket}-topic")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    client("s3").put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:Put"]}]},
    )
    client("s3").put_object(Bucket=bucket, Key="a.json", Body=b"{}")
    messages = []
    while received := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        messages += [json.loads(message["Body"]) for message in received]
        for message in received:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    created = [each for each in messages if "Records" in json.loads(each["Message"])]
    assert [each["Subject"] for each in created] == ["Amazon S3 Notification"]
    assert names(json.loads(created[0]["Message"])["Records"]) == [("ObjectCreated:Put", "a.json")]
