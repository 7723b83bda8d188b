"""
pytest fixtures, registered by an entry point: whoever has installed the package has them.

    def test_my_pipeline(local_aws):
        boto3.client("s3").create_bucket(...)     # AWS_ENDPOINT_URL and keys lead to a platform on this machine

One platform serves a whole test run, so tests name their buckets and tables apart.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from toolkit.local.platform import Platform


@pytest.fixture(scope="session")
def local_platform() -> Iterator[Platform]:
    """Give a platform in a process of its own, empty at first, for the whole test run."""
    from toolkit.local import launch

    with launch() as platform:
        yield platform


@pytest.fixture
def local_aws(local_platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Give the same platform, with the environment that leads every AWS client to it for one test."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in local_platform.environment.items():
        monkeypatch.setenv(name, value)
    return local_platform
