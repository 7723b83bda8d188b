"""
The three calls that every event's way through a queue is made of, without the SDK's detours.

botocore takes about two milliseconds of CPU for a call, most of it in validating, resolving and signing what is alike in all
of them; a batch of ten events needs five calls. Here a call is one JSON document, signed by Signature Version 4 and sent
over a kept connection: a quarter of that. Whatever is out of the ordinary (an error, a lost connection, a proxy, bytes as an
attribute) is left to botocore, which asks again, with its own retries and its own errors.

Sources: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

TARGETS = {
    "send_message_batch": "AmazonSQS.SendMessageBatch",
    "receive_message": "AmazonSQS.ReceiveMessage",
    "delete_message_batch": "AmazonSQS.DeleteMessageBatch",
}
CONTENT_TYPE = "application/x-amz-json-1.0"
CONNECT_SECONDS = 10.0
READ_SECONDS = 70.0
_MOST_CONNECTIONS = 32
_SIGNED_HEADERS = "content-type;host;x-amz-date;x-amz-target"
_OK = 200


@dataclass(slots=True)
class QueueCalls:
    """The calls for one SQS *client* of boto3 and the *credentials* of its session; `answer` may run in several threads."""

    client: Any
    credentials: Any
    _pool: Any = None
    _host: str = ""
    _path: str = "/"
    _keys: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from botocore.utils import get_environ_proxies
        from urllib3 import PoolManager, Timeout

        url = self.client.meta.endpoint_url
        parts = urlsplit(url)
        self._host = parts.netloc
        self._path = parts.path or "/"
        # Through a proxy the SDK knows the way.
        if self.credentials is not None and not get_environ_proxies(url) and not self.client.meta.config.proxies:
            timeout = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
            self._pool = PoolManager(
                maxsize=_MOST_CONNECTIONS, timeout=timeout, retries=False, **_trust(parts.scheme)
            ).connection_from_url(url)

    def answer(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the service's answer to one of `TARGETS`; None where the call is botocore's to make."""
        from botocore.awsrequest import AWSPreparedRequest
        from urllib3.exceptions import HTTPError

        if self._pool is None:
            return None
        target = TARGETS[operation]
        try:
            body = json.dumps(parameters).encode()
        except (TypeError, ValueError):
            return None
        frozen = self.credentials.get_frozen_credentials()
        headers = self.headers(target, body, frozen, datetime.now(UTC))
        # Who intercepts requests of the SDK, as moto's decorators do, intercepts this one too.
        request = AWSPreparedRequest("POST", self.client.meta.endpoint_url, headers, body, False)
        event = f"before-send.sqs.{target.partition('.')[2]}"
        intercepted = self.client.meta.events.emit_until_response(event, request=request)[1]
        if intercepted is not None:
            return _read(intercepted.status_code, intercepted.content)
        try:
            response = self._pool.urlopen("POST", self._path, body, headers, retries=False)
        except HTTPError:
            return None
        return _read(response.status, response.data)

    def headers(self, target: str, body: bytes, frozen: Any, now: datetime) -> dict[str, str]:
        """Return the headers of a call, signed with the *frozen* credentials at the moment *now*."""
        stamp = now.strftime("%Y%m%dT%H%M%SZ")
        signed = {"content-type": CONTENT_TYPE, "host": self._host, "x-amz-date": stamp}
        names = _SIGNED_HEADERS
        if frozen.token:
            signed["x-amz-security-token"] = frozen.token
            names = names.replace("x-amz-target", "x-amz-security-token;x-amz-target")
        signed["x-amz-target"] = target
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        canonical = f"POST\n{self._path}\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{stamp[:8]}/{self.client.meta.region_name}/sqs/aws4_request"
        to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = _hmac(self._key(frozen.secret_key, scope), to_sign).hex()
        del signed["host"]
        return {
            "Host": self._host,
            **signed,
            "authorization": f"AWS4-HMAC-SHA256 Credential={frozen.access_key}/{scope}, SignedHeaders={names}, "
            f"Signature={signature}",
        }

    def _key(self, secret: str, scope: str) -> bytes:
        """Return the key of a day; it takes four digests, and is the same for all calls of that day."""
        key = self._keys.get((secret, scope))
        if key is None:
            key = b"AWS4" + secret.encode()
            for part in scope.split("/"):
                key = _hmac(key, part)
            self._keys.clear()
            self._keys[secret, scope] = key
        return key


def _trust(scheme: str) -> dict[str, Any]:
    if scheme != "https":
        return {}
    from botocore.httpsession import where

    bundle = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE") or where()
    return {"ca_certs": bundle, "cert_reqs": "CERT_REQUIRED"}


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _read(status: int, content: bytes) -> dict[str, Any] | None:
    if status != _OK:
        return None
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
