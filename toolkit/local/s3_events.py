"""
What S3 tells queues and topics of objects that came and went.

moto tells of an object made of parts twice, of a delete marker and of a version that leaves others behind not at all,
writes slashes of keys as ``%2F``, and leaves out what orders events.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from importlib import import_module
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

from toolkit.local.platform import ACCOUNT_ID

TOPIC_SUBJECT = "Amazon S3 Notification"


def _message(event_name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
    """Give the message about one object; of what was removed S3 tells neither size nor ETag."""
    name = event_name.removeprefix("s3:")
    removed = name.startswith("ObjectRemoved:")
    told = {"key": quote_plus(key.name, safe="/")}
    if not removed:
        told |= {"size": key.size, "eTag": key.etag.strip('"')}
    elif name.endswith(":DeleteMarkerCreated"):
        told["eTag"] = "d41d8cd98f00b204e9800998ecf8427e"
    if key.version_id not in (None, "null"):
        told["versionId"] = key.version_id
    # Of two events of one key the later one has the greater number, compared as text of equal length.
    told["sequencer"] = f"{time.time_ns():018X}"
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": bucket.region_name,
                "eventTime": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "eventName": name,
                "userIdentity": {"principalId": f"AWS:{ACCOUNT_ID}"},
                "requestParameters": {"sourceIPAddress": "127.0.0.1"},
                "responseElements": {"x-amz-request-id": uuid4().hex[:16].upper(), "x-amz-id-2": uuid4().hex},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": notification_id,
                    "bucket": {
                        "name": bucket.name,
                        "ownerIdentity": {"principalId": ACCOUNT_ID},
                        "arn": bucket.arn,
                    },
                    "object": told,
                },
            }
        ]
    }


def _once(send_event: Callable[..., None]) -> Callable[..., None]:
    """Leave out moto's event of a put behind that of a completed upload."""

    @wraps(send_event)
    def send(account_id: str, event_name: Any, bucket: Any, key: Any) -> None:
        if event_name != "s3:ObjectCreated:Put" or key.multipart is None:
            send_event(account_id, event_name, bucket, key)

    return send


def _told(delete_object: Callable[..., Any]) -> Callable[..., Any]:
    """Tell of a delete marker, and of a version that leaves other versions behind."""

    @wraps(delete_object)
    def delete(self: Any, bucket_name: str, key_name: str, version_id: str | None = None, bypass: bool = False) -> Any:
        versions = self.get_bucket(bucket_name).keys.getlist(key_name, [])
        removed = next((each for each in versions if str(each.version_id) == str(version_id)), None)
        success, headers = delete_object(self, bucket_name, key_name, version_id, bypass)
        bucket = self.get_bucket(bucket_name)
        notifications = import_module("moto.s3.notifications")
        if success and bucket.is_versioned and (current := bucket.keys.getlist(key_name, [])):
            if version_id is None:
                notifications.send_event(self.account_id, "s3:ObjectRemoved:DeleteMarkerCreated", bucket, current[-1])
            elif removed is not None:
                notifications.send_event(self.account_id, "s3:ObjectRemoved:Delete", bucket, removed)
        return success, headers

    return delete


def _to_topic(account_id: str, message: Any, topic_arn: str, region: str) -> None:
    topics: Any = import_module("moto.sns.models").sns_backends[account_id][region]
    if topic_arn in topics.topics:
        topics.publish(arn=topic_arn, message=json.dumps(message), subject=TOPIC_SUBJECT)


def install() -> None:
    """Put this into moto's S3; to be called once its modules are loaded."""
    notifications: Any = import_module("moto.s3.notifications")
    if notifications._get_s3_event is _message:
        return
    models: Any = import_module("moto.s3.models")
    notifications._get_s3_event = _message
    notifications._send_sns_message = _to_topic
    notifications.send_event = _once(notifications.send_event)
    models.S3Backend.delete_object = _told(models.S3Backend.delete_object)
