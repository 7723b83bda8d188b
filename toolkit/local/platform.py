"""A running platform as a value: where it listens, and what a client needs in its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Any key is accepted; these say at a glance in a log that no account is meant. The secret is not one.
ACCESS_KEY_ID = "local"
SECRET_ACCESS_KEY = "local"  # noqa: S105

# The account that owns every resource; moto's own default, and AWS's in its documentation.
ACCOUNT_ID = "123456789012"

# Athena wants to know where results go; the variable is PyAthena's own, and this bucket is there from the start.
RESULTS_BUCKET = "athena-query-results"


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform that serves: ``endpoint_url``, and ``environment``, the variables that lead AWS clients to it."""

    endpoint_url: str
    environment: Mapping[str, str]


def platform_at(host: str, port: int, region: str) -> Platform:
    """Describe the platform that listens on *host* and *port*."""
    endpoint_url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return Platform(
        endpoint_url,
        MappingProxyType(
            {
                "AWS_ENDPOINT_URL": endpoint_url,
                "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
                "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
                "AWS_DEFAULT_REGION": region,
                "AWS_REGION": region,
                "AWS_ATHENA_S3_STAGING_DIR": f"s3://{RESULTS_BUCKET}/",
                # Rust's object_store, by which polars and delta-rs read S3, refuses http without it.
                "AWS_ALLOW_HTTP": "true",
            }
        ),
    )
