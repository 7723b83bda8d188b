import http.client
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.local.cbor import decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
SIGNED_FOR_KINESIS = "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/kinesis/aws4_request"


@given(VALUES)
def test_what_is_written_is_read_again(value):
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1818", 24),
        ("1903e8", 1000),
        ("1bffffffffffffffff", 2**64 - 1),
        ("3903e7", -1000),
        ("f93c00", 1.0),
        ("fa47c35000", 100_000.0),
        ("fb3ff199999999999a", 1.1),
        ("c11a514b67b0", 1_363_896_240),
        ("5f42010243030405ff", b"\1\2\3\4\5"),
        ("7f657374726561646d696e67ff", "streaming"),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
    ],
)
def test_the_examples_of_the_rfc_are_read(written, value):
    """RFC 8949, appendix A."""
    assert decode(bytes.fromhex(written)) == value


@pytest.mark.parametrize(
    "written", ["", "18", "62c3", "61ff", "9f01", "ff", "81ff", "1c", "0000", "f818", "1f", "9bffffffffffffffff"]
)
def test_what_is_no_cbor_is_refused(written):
    with pytest.raises(ValueError):  # noqa: PT011  # UnicodeDecodeError is one
        decode(bytes.fromhex(written))


def call(platform, operation, body):
    """Send an operation of Kinesis as SDKs for Java do; gives the status, the type of the answer and its value."""
    headers = {
        "X-Amz-Target": f"Kinesis_20131202.{operation}",
        "Content-Type": "application/x-amz-cbor-1.1",
        "Authorization": SIGNED_FOR_KINESIS,
    }
    with closing(http.client.HTTPConnection(platform.endpoint_url.removeprefix("http://"))) as connection:
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, answer.getheader("Content-Type"), decode(content) if content else None


def test_kinesis_speaks_cbor(platform):
    stream = {"StreamName": "in-cbor"}
    kind = "application/x-amz-cbor-1.1"
    assert call(platform, "CreateStream", encode(stream | {"ShardCount": 1}))[:2] == (200, kind)
    _, _, put = call(
        platform, "PutRecord", encode(stream | {"PartitionKey": "a", "Data": b"\0\xffgr\xc3\xbc\xc3\x9fe"})
    )
    where = stream | {"ShardId": put["ShardId"], "ShardIteratorType": "AT_TIMESTAMP"}
    # A tag says that it is a time, of which CBOR has milliseconds: the 1st of January 2026.
    written = encode(where)[1:]
    timed = bytes([0xA4]) + written + encode("Timestamp") + b"\xc1" + encode(1_767_225_600_000)
    _, _, iterator = call(platform, "GetShardIterator", timed)
    _, _, found = call(platform, "GetRecords", encode(iterator))
    (record,) = found["Records"]
    assert record["Data"] == b"\0\xffgr\xc3\xbc\xc3\x9fe"
    assert 1_767_225_600_000 < record["ApproximateArrivalTimestamp"] < 10_000_000_000_000
    status, answered, error = call(platform, "DescribeStream", encode({"StreamName": "nowhere"}))
    assert (status, answered, error["__type"]) == (400, kind, "ResourceNotFoundException")
    status, answered, error = call(platform, "DescribeStream", b"\xff")
    assert (status, answered, error) == (400, kind, {"__type": "SerializationException"})
