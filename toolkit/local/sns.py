"""
A bound of SNS that moto lacks, how long the messages of one batch may be together; and one of memory: moto keeps every message
that a topic ever sent, and the platform would write all of them down with each.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
LONGEST_BATCH_IN_BYTES = 262_144


def install() -> None:
    """Mend moto's answers; to be called before its first request of SNS."""
    backend: Any = import_module("moto.sns.models").SNSBackend  # moto is untyped here
    refusal: Any = import_module("moto.sns.exceptions").SNSException
    itself = backend.publish_batch
    if itself.__module__ == __name__:
        return

    def publish_batch(self: Any, topic_arn: str, publish_batch_request_entries: list[dict[str, Any]]) -> Any:
        length = sum(len(entry["Message"].encode()) for entry in publish_batch_request_entries)
        if length > LONGEST_BATCH_IN_BYTES:
            message = (
                f"Batch requests cannot be longer than {LONGEST_BATCH_IN_BYTES} bytes. You have sent {length} bytes."
            )
            raise refusal("BatchRequestTooLong", message)
        return itself(self, topic_arn, publish_batch_request_entries)

    backend.publish_batch = publish_batch
    topic: Any = import_module("moto.sns.models").Topic
    publish_itself = topic.publish

    def publish(self: Any, *arguments: Any, **options: Any) -> str:
        identifier: str = publish_itself(self, *arguments, **options)
        self.sent_notifications.clear()
        return identifier

    topic.publish = publish
