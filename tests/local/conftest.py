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
