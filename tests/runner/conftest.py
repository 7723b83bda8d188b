"""A platform of this test's own: resources under a prefix, and the settings that lead the handlers to them."""

import gzip

import pytest

from toolkit import aws
from toolkit.infra.names import PlatformNames
from toolkit.infra.resources import create_resources


@pytest.fixture
def names(platform, unique, monkeypatch):
    made = PlatformNames(bucket=f"events-{unique}", prefix=f"t{unique}-")
    create_resources(made, visibility_seconds=12)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SCHEMA_CACHE_SECONDS", "1")
    return made


@pytest.fixture
def stored():
    """Every line stored below a prefix of a bucket."""

    def read(bucket, prefix="events/"):
        lines = []
        for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", ()):
                body = aws.call("s3", "get_object", Bucket=bucket, Key=item["Key"])["Body"].read()
                lines += gzip.decompress(body).split(b"\n")[:-1]
        return lines

    return read
