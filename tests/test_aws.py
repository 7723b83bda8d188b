import socket
from http.server import BaseHTTPRequestHandler

import pytest
from botocore import exceptions
from endpoints import answering

from toolkit import aws
from toolkit.cli import main
from toolkit.errors import AwsError, CredentialsMissing, EndpointUnreachable, NotFound


@pytest.fixture
def settings(monkeypatch):
    def set_to(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return set_to


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_an_answer_that_is_none_of_the_service_is_said(monkeypatch):
    from botocore.parsers import ResponseParserError

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:8080")
    with (
        pytest.raises(AwsError, match="what http://localhost:8080 answered is no answer of this service"),
        aws.translated_errors("s3"),
    ):
        raise ResponseParserError("not well-formed")


def test_missing_credentials_say_what_to_do(settings):
    settings(AWS_REGION="eu-west-1")
    with pytest.raises(CredentialsMissing, match=r"set AWS_PROFILE or AWS_ACCESS_KEY_ID .* `toolkit local`"):
        aws.call("sqs", "list_queues")


def test_a_missing_region_says_what_to_do(settings):
    settings(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y")
    with pytest.raises(AwsError, match="no region is set: export AWS_DEFAULT_REGION"):
        aws.call("sqs", "list_queues")


def test_an_unknown_profile_says_what_to_do(settings):
    settings(AWS_PROFILE="nobody", AWS_REGION="eu-west-1")
    with pytest.raises(CredentialsMissing, match="nobody"):
        aws.call("sqs", "list_queues")


def test_an_unreachable_endpoint_is_named(settings):
    endpoint = f"http://127.0.0.1:{free_port()}"
    settings(AWS_ENDPOINT_URL=endpoint, AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y", AWS_REGION="eu-west-1")
    with pytest.raises(EndpointUnreachable) as caught:
        aws.call("sqs", "list_queues")
    assert str(caught.value) == (
        f"sqs.list_queues: nothing answers at {endpoint}: start it with `toolkit local`, or correct AWS_ENDPOINT_URL, "
        "or unset it to reach AWS"
    )


def test_what_does_not_exist_is_not_found(platform, unique):
    with pytest.raises(NotFound) as caught:
        aws.call("s3", "get_object", Bucket=f"none-{unique}", Key="k")
    assert (caught.value.service, caught.value.operation, caught.value.code) == ("s3", "get_object", "NoSuchBucket")


@pytest.mark.parametrize(
    "endpoint", ["nonsense", "localhost:4599", "http://", "http://[::1", "http://host:x", "ftp://host"]
)
def test_an_endpoint_that_is_no_url_is_said(settings, endpoint):
    settings(AWS_ENDPOINT_URL=endpoint, AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y", AWS_REGION="eu-west-1")
    with pytest.raises(EndpointUnreachable, match="AWS_ENDPOINT_URL: expected a URL such as"):
        aws.call("sqs", "list_queues")


def test_clients_follow_a_changed_endpoint(platform, settings):
    before = aws.client("sqs")
    assert aws.client("sqs") is before
    settings(AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert aws.client("sqs").meta.endpoint_url == "http://127.0.0.1:9"


def test_a_client_is_not_kept_for_settings_that_changed_while_it_was_made(platform, settings, monkeypatch):
    begun = aws.session

    def session():
        monkeypatch.setattr(aws, "session", begun)
        settings(AWS_ENDPOINT_URL="http://127.0.0.1:9")
        return begun()

    monkeypatch.setattr(aws, "session", session)
    settings(AWS_ACCESS_KEY_ID="of-this-test", AWS_ENDPOINT_URL=platform.endpoint_url)
    assert aws.client("sqs").meta.endpoint_url == "http://127.0.0.1:9"
    settings(AWS_ENDPOINT_URL=platform.endpoint_url)
    assert aws.client("sqs").meta.endpoint_url == platform.endpoint_url


def test_pages_yields_every_page(platform, bucket):
    for name in "abc":
        aws.call("s3", "put_object", Bucket=bucket, Key=name, Body=b"")
    keys = [item["Key"] for page in aws.pages("s3", "list_objects_v2", Bucket=bucket) for item in page["Contents"]]
    assert keys == ["a", "b", "c"]


def test_an_object_opens_as_a_file(platform, bucket):
    aws.call("s3", "put_object", Bucket=bucket, Key="a/b.ndjson", Body=b"1\n22\n" * 300_000)
    with aws.open_object(f"s3://{bucket}/a/b.ndjson") as file:
        assert file.read(3) == b"1\n2"
        assert file.readline() == b"2\n"
        assert sum(1 for _ in file) == 599_998


class Breaking(BaseHTTPRequestHandler):
    """Promises a thousand bytes and goes away after ten."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"a": 1}\n{')

    def log_message(self, *_):
        pass


@pytest.fixture
def breaking(settings):
    with answering(Breaking) as endpoint:
        settings(AWS_ENDPOINT_URL=endpoint, AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y", AWS_REGION="eu-west-1")
        yield "s3://bucket/events.ndjson"


def test_a_connection_that_breaks_in_an_object_is_an_outage(breaking, tmp_path, capsys):
    with pytest.raises(AwsError, match=r"^s3://bucket/events.ndjson: the connection broke before the object's end"):
        aws.open_object(breaking).read()
    (tmp_path / "schema.json").write_text('{"type": "object", "properties": {"a": {"type": "integer"}}}')
    for command in ("validate", "preflight"):
        assert main([command, breaking, "--schema", str(tmp_path / "schema.json")]) == 2
        assert "s3://bucket/events.ndjson: can't be read to its end: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        exceptions.UnauthorizedSSOTokenError(),
        exceptions.SSOTokenLoadError(error_msg="gone"),
        exceptions.InvalidConfigError(error_msg="The source profile has no credentials"),
        exceptions.RefreshWithMFAUnsupportedError(),
    ],
)
def test_a_session_that_gives_no_credentials_any_more_says_how_to_sign_in(error):
    with pytest.raises(CredentialsMissing, match="`aws sso login` renews a session"), aws.translated_errors("sqs"):
        raise error


def test_an_object_that_is_not_there_is_not_found(platform, bucket):
    with pytest.raises(NotFound, match=f"^s3://{bucket}/none: there is no such object$"):
        aws.open_object(f"s3://{bucket}/none")
    with pytest.raises(NotFound, match=f"^s3://no-{bucket}/a: there is no bucket no-{bucket}$"):
        aws.open_object(f"s3://no-{bucket}/a")
    with pytest.raises(AwsError, match="names no object: expected s3://bucket/key"):
        aws.open_object(f"s3://{bucket}/")


def test_a_bucket_is_made_in_the_region_of_the_environment(platform, unique, settings):
    aws.create_bucket(f"here-{unique}")
    assert aws.call("s3", "get_bucket_location", Bucket=f"here-{unique}")["LocationConstraint"] == "eu-west-1"
    settings(AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1")
    aws.create_bucket(f"there-{unique}")
    assert aws.call("s3", "get_bucket_location", Bucket=f"there-{unique}")["LocationConstraint"] is None


@pytest.mark.parametrize(
    ("uri", "parts"), [("s3://b", ("b", "")), ("s3://b/", ("b", "")), ("s3://b/p/q/", ("b", "p/q/"))]
)
def test_an_s3_uri_splits_into_bucket_and_key(uri, parts):
    assert aws.split_s3_uri(uri) == parts


@pytest.mark.parametrize("uri", ["", "b/p", "http://b/p", "s3:///p", "s3:b"])
def test_what_is_no_s3_uri_is_refused(uri):
    with pytest.raises(AwsError, match="is no S3 URI: expected s3://bucket/prefix/"):
        aws.split_s3_uri(uri)


def test_an_expired_session_is_signed_in_again_and_its_clients_are_made_anew(monkeypatch):
    from botocore.exceptions import ClientError

    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    before = aws.client("sqs")
    expired = ClientError({"Error": {"Code": "ExpiredToken", "Message": "The token has expired."}}, "SendMessage")
    with pytest.raises(CredentialsMissing, match="The token has expired; sign in again"), aws.translated_errors("sqs"):
        raise expired
    assert aws.client("sqs") is not before


def test_a_missing_output_location_says_what_to_do():
    from botocore.exceptions import ClientError

    said = {
        "Code": "InvalidRequestException",
        "Message": "No output location provided. An output location is required.",
    }
    with pytest.raises(AwsError, match="; set AWS_ATHENA_S3_STAGING_DIR"), aws.translated_errors("athena"):
        raise ClientError({"Error": said}, "StartQueryExecution")
