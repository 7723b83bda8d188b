"""The direct calls say what botocore says, and leave to it what is out of the ordinary."""

from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from toolkit import aws
from toolkit.aws_queues import TARGETS, QueueCalls
from toolkit.errors import AwsError, NotFound
from toolkit.handlers.messages import queue_url

MOMENT = datetime(2026, 3, 2, 12, 30, 59, tzinfo=UTC)


@pytest.fixture
def calls(platform):
    """What botocore was asked itself."""
    seen = []
    client = aws.client("sqs")
    client.meta.events.register("before-call.sqs", lambda model, **_: seen.append(model.name), unique_id="seen")
    yield seen
    client.meta.events.unregister("before-call.sqs", unique_id="seen")


@pytest.mark.parametrize("token", [None, "session/token+="])
def test_a_call_is_signed_as_botocore_signs_it(token, monkeypatch):
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    client = boto3.client("sqs", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y")
    body = '{"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/é"}'.encode()
    ours = QueueCalls(client, credentials).headers(
        TARGETS["receive_message"], body, credentials.get_frozen_credentials(), MOMENT
    )
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: MOMENT.replace(tzinfo=None), raising=False)
    request = AWSRequest(
        "POST",
        client.meta.endpoint_url + "/",
        {"Content-Type": ours["content-type"], "X-Amz-Target": ours["x-amz-target"]},
        body,
    )
    request.context["timestamp"] = MOMENT.strftime("%Y%m%dT%H%M%SZ")
    signer = SigV4Auth(credentials, "sqs", "eu-west-1")
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    if token:
        request.headers["X-Amz-Security-Token"] = token
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    assert ours["authorization"] == (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, "
        f"SignedHeaders={signer.signed_headers(signer.headers_to_sign(request))}, Signature={signature}"
    )


def test_ordinary_calls_need_no_botocore_and_others_are_left_to_it(make_queue, calls):
    url = queue_url(make_queue("direct"))
    calls.clear()
    entries = [{"Id": "0", "MessageBody": "é\n\u2028"}]
    assert aws.call("sqs", "send_message_batch", QueueUrl=url, Entries=entries)["Successful"][0]["Id"] == "0"
    [message] = aws.call("sqs", "receive_message", QueueUrl=url)["Messages"]
    assert message["Body"] == "é\n\u2028"
    handles = [{"Id": "0", "ReceiptHandle": message["ReceiptHandle"]}]
    assert aws.call("sqs", "delete_message_batch", QueueUrl=url, Entries=handles)["Successful"] == [{"Id": "0"}]
    # An empty queue answers as well, and is not asked once more.
    assert aws.call("sqs", "receive_message", QueueUrl=url) == {}
    assert calls == []
    attribute = {"raw": {"DataType": "Binary", "BinaryValue": b"\xff"}}
    entries[0]["MessageAttributes"] = attribute
    aws.call("sqs", "send_message_batch", QueueUrl=url, Entries=entries)
    assert calls == ["SendMessageBatch"]
    [message] = aws.client("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert message["MessageAttributes"] == attribute


def test_a_refusal_is_botocores_own(make_queue, calls):
    url = queue_url(make_queue("refusing"))
    with pytest.raises(NotFound):
        aws.call("sqs", "receive_message", QueueUrl=f"{url}-none")
    with pytest.raises(AwsError) as caught:
        aws.call("sqs", "send_message_batch", QueueUrl=url, Entries=[])
    assert caught.value.code == "AWS.SimpleQueueService.EmptyBatchRequest"
    assert {"ReceiveMessage", "SendMessageBatch"} <= set(calls)


def test_who_intercepts_the_sdk_intercepts_these_calls(make_queue):
    url = queue_url(make_queue("intercepted"))
    events = aws.client("sqs").meta.events
    answer = SimpleNamespace(status_code=200, content=b'{"Messages": [{"Body": "from the interceptor"}]}')
    events.register("before-send.sqs.ReceiveMessage", lambda request, **_: answer, unique_id="stub")
    try:
        assert aws.call("sqs", "receive_message", QueueUrl=url)["Messages"] == [{"Body": "from the interceptor"}]
    finally:
        events.unregister("before-send.sqs.ReceiveMessage", unique_id="stub")
