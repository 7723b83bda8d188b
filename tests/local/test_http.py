"""What HTTP clients of AWS do that a plain web client does not."""

import boto3
from botocore.config import Config


def test_an_empty_object_can_be_put(platform, monkeypatch):
    for name, value in platform.environment.items():
        monkeypatch.setenv(name, value)
    s3 = boto3.client("s3", config=Config(read_timeout=60, retries={"max_attempts": 0}))
    s3.create_bucket(Bucket="empties", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="empties", Key="nothing", Body=b"")
    assert s3.get_object(Bucket="empties", Key="nothing")["Body"].read() == b""
