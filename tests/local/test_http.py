"""What HTTP clients of AWS do that a plain web client does not."""

import http.client
import re
import time
import urllib.request
from contextlib import ExitStack, closing, suppress

import boto3
import pytest
from botocore.config import Config

from toolkit.local.server import THREADS


def test_an_empty_object_can_be_put(platform, monkeypatch):
    for name, value in platform.environment.items():
        monkeypatch.setenv(name, value)
    s3 = boto3.client("s3", config=Config(read_timeout=60, retries={"max_attempts": 0}))
    s3.create_bucket(Bucket="empties", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="empties", Key="nothing", Body=b"")
    assert s3.get_object(Bucket="empties", Key="nothing")["Body"].read() == b""


@pytest.fixture
def s3(client):
    s3 = client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket="uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return s3


def put(platform, key, body, **headers):
    """Put an object as it stands on the wire; gives the status, the headers and the body of the answer."""
    with closing(http.client.HTTPConnection(platform.endpoint_url.removeprefix("http://"))) as connection:
        connection.request("PUT", f"/uploads/{key}", body, {name.replace("_", "-"): headers[name] for name in headers})
        answer = connection.getresponse()
        return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read().decode()


SIGNED_FOR_S3 = {"Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/s3/aws4_request"}
SIGNED = {"x_amz_content_sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "x_amz_decoded_content_length": "8"}
PLAIN = {"x_amz_content_sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "Content_Encoding": "gzip,aws-chunked"}


def test_the_chunks_of_a_body_are_joined_and_its_checksum_is_read_behind_them(platform, s3):
    body = b"5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:mobJYA==\r\n\r\n"
    status, headers, _ = put(platform, "chunks", body, x_amz_trailer="x-amz-checksum-crc32", **PLAIN)
    assert (status, headers.get("x-amz-checksum-crc32")) == (200, "mobJYA==")
    found = s3.get_object(Bucket="uploads", Key="chunks", ChecksumMode="ENABLED")
    assert (found["Body"].read(), found["ContentEncoding"], found["ChecksumCRC32"]) == (b"hello!", "gzip", "mobJYA==")


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", PLAIN, "BadDigest"),
        (b"hello", {"x_amz_checksum_sha1": "qvTGHdzF6KLavt4PO0gs2a6pQ0A="}, "BadDigest"),
        (b"hello", {"x_amz_checksum_sha256": "qvTGHdzF6KLavt4PO0gs2a6pQ00="}, "InvalidRequest"),
        (b"hello", {"Content_MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, "BadDigest"),
        (b"hello", {"Content_MD5": "hello"}, "InvalidDigest"),
        (b"5\r\nhello\r\n", PLAIN, "IncompleteBody"),
        (b"9\r\nhello", PLAIN, "IncompleteBody"),
        (b"5;chunk-signature=0a\r\nhello\r\n0;chunk-signature=0b\r\n\r\n", SIGNED, "IncompleteBody"),
    ],
)
def test_an_upload_that_is_not_what_its_sender_summed_up_is_refused(platform, s3, body, headers, code):
    status, _, text = put(platform, "refused", body, **headers)
    assert (status, re.findall("<Code>(.*)</Code>", text)) == (400, [code])
    assert s3.list_objects_v2(Bucket="uploads", Prefix="refused")["KeyCount"] == 0


def test_a_copy_has_no_body_that_a_checksum_could_be_of(platform, s3):
    """Hadoop's S3A sends the Content-MD5 of the object that it copies."""
    put(platform, "original", b"hello")
    status, _, text = put(
        platform, "copied", b"", Content_MD5="XUFAKrxLKna5cZ2REBfFkg==", x_amz_copy_source="/uploads/original"
    )
    assert (status, "<CopyObjectResult" in text) == (200, True)
    assert s3.get_object(Bucket="uploads", Key="copied")["Body"].read() == b"hello"


def test_a_checksum_needs_no_header_that_announces_it(platform, s3):
    status, headers, _ = put(platform, "summed", b"hello", x_amz_checksum_sha1="qvTGHdzF6KLavt4PO0gs2a6pQ00=")
    assert (status, headers.get("x-amz-checksum-sha1")) == (200, "qvTGHdzF6KLavt4PO0gs2a6pQ00=")


def test_a_body_of_many_chunks_is_joined_in_time_linear_in_its_length(platform, s3):
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    began = time.process_time()
    status, _, _ = put(platform, "many", chunk * 1_500 + b"0\r\n\r\n", **PLAIN)
    assert status == 200
    assert s3.head_object(Bucket="uploads", Key="many")["ContentLength"] == 1_500 * 65_536
    assert time.process_time() - began < 5


def test_a_part_of_an_object_comes_by_its_number(s3):
    parts = [b"a" * 5 * 2**20, b"bcd"]
    upload = s3.create_multipart_upload(Bucket="uploads", Key="parts")["UploadId"]
    made = [
        s3.upload_part(Bucket="uploads", Key="parts", UploadId=upload, PartNumber=number, Body=part)["ETag"]
        for number, part in enumerate(parts, 1)
    ]
    listed = {"Parts": [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(made, 1)]}
    s3.complete_multipart_upload(Bucket="uploads", Key="parts", UploadId=upload, MultipartUpload=listed)
    found = s3.get_object(Bucket="uploads", Key="parts", PartNumber=2)
    assert found["Body"].read() == b"bcd"
    assert (found["PartsCount"], found["ContentRange"]) == (2, "bytes 5242880-5242882/5242883")
    with pytest.raises(s3.exceptions.ClientError, match="416"):
        s3.get_object(Bucket="uploads", Key="parts", PartNumber=3)


def test_the_attributes_of_an_object_may_be_named_with_spaces_between(platform, s3):
    s3.put_object(Bucket="uploads", Key="named", Body=b"abc")
    address = f"{platform.endpoint_url}/uploads/named?attributes"
    request = urllib.request.Request(address, headers={"x-amz-object-attributes": "ETag, ObjectSize", **SIGNED_FOR_S3})
    with urllib.request.urlopen(request) as answer:
        assert b"<ObjectSize>3</ObjectSize>" in answer.read()


def test_objects_are_encrypted_by_the_key_of_s3(s3):
    made = s3.put_object(Bucket="uploads", Key="encrypted", Body=b"abc")
    assert made["ServerSideEncryption"] == "AES256"
    assert s3.head_object(Bucket="uploads", Key="encrypted")["ServerSideEncryption"] == "AES256"
    [rule] = s3.get_bucket_encryption(Bucket="uploads")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_clients_that_do_not_read_their_objects_leave_others_served(platform, s3):
    """A client may open many objects and read them one after the other, as data loaders do."""
    body = b"0123456789abcdef" * (24 * 2**16)
    s3.put_object(Bucket="uploads", Key="unread", Body=body)
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "uploads", "Key": "unread"})
    with ExitStack() as opened:
        unread = []
        for _ in range(THREADS + 8):
            connection = http.client.HTTPConnection(platform.endpoint_url.removeprefix("http://"), timeout=60)
            connection.request("GET", url.removeprefix(platform.endpoint_url))
            unread.append(opened.enter_context(closing(connection)))
        answers = [connection.getresponse() for connection in unread]
        assert s3.head_object(Bucket="uploads", Key="unread")["ContentLength"] == len(body)
        s3.put_object(Bucket="uploads", Key="unread", Body=b"another")
        assert all(answer.read() == body for answer in answers[::13])
    assert s3.get_object(Bucket="uploads", Key="unread")["Body"].read() == b"another"
