"""
The platform's resources by direct calls: for an endpoint whose CloudFormation can't make them, such as the local platform's.

They are made, looked at and deleted here. Queues, topic, streams, tables and bucket get the names and the couplings of the
template; functions, roles and alarms have no meaning there, since the runner takes their place. What exists already is left as
it is.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError, NotFound
from toolkit.infra.names import PlatformNames

MAX_RECEIVE_COUNT = 5
RETENTION_SECONDS = 1_209_600
_EXISTS = frozenset({"ResourceInUseException", "BucketAlreadyOwnedByYou", "BucketAlreadyExists", "QueueAlreadyExists"})


def create_resources(
    names: PlatformNames, *, visibility_seconds: int = 360, shards: int = 1, max_receive_count: int = MAX_RECEIVE_COUNT
) -> None:
    """
    Create what is missing of the platform *names*, and wait until it can be used.

    Raises:
        AwsError: a service refused.
    """
    for queue, redrive in (
        (names.redrive_queue, ""),
        (names.dead_letter_queue, ""),
        (names.valid_redrive_queue, ""),
        (names.objects_redrive_queue, ""),
        (names.events_queue, names.redrive_queue),
        (names.valid_events_queue, names.valid_redrive_queue),
        (names.objects_queue, names.objects_redrive_queue),
    ):
        _create_queue(queue, redrive, visibility_seconds, max_receive_count)
    topic = aws.call("sns", "create_topic", Name=names.topic)["TopicArn"]
    _let_send(names.events_queue, "sns.amazonaws.com", topic)
    aws.call(
        "sns",
        "subscribe",
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=queue_arn(names.events_queue),
        Attributes={"RawMessageDelivery": "true"},
    )
    _unless_there("kinesis", "create_stream", StreamName=names.stream, ShardCount=shards)
    _create_table(
        names.schema_table,
        {"name": "S", "version": "N"},
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    _create_table(names.partition_registry, {"partition": "S"})
    _create_table(names.checkpoints, {"place": "S"})
    _create_bucket(names)
    # Both services answer before what they make can be used.
    for table in (names.schema_table, names.partition_registry, names.checkpoints):
        aws.wait("dynamodb", "table_exists", TableName=table)
    aws.wait("kinesis", "stream_exists", StreamName=names.stream)


def resource_states(names: PlatformNames) -> dict[str, int | None]:
    """
    Return by name how many messages wait in each queue, those that somebody is working on included, 0 for everything else.

    None stands for what is not there.
    """
    found: dict[str, int | None] = {queue: _waiting(queue) for queue in _queues(names)}
    kept = (names.schema_table, names.partition_registry, names.checkpoints)
    return {
        **found,
        names.stream: _presence("kinesis", "describe_stream_summary", StreamName=names.stream),
        **{table: _presence("dynamodb", "describe_table", TableName=table) for table in kept},
        names.bucket: _presence("s3", "head_bucket", Bucket=names.bucket),
    }


def delete_resources(names: PlatformNames) -> None:
    """
    Delete what `create_resources` made but the bucket of the events and the table of the schemas; what is gone is passed over.

    The bucket no longer notifies the queue of the platform, so that it names no queue that is gone.

    Raises:
        AwsError: a service refused.
    """
    _notify(names)
    for queue in _queues(names):
        try:
            url = aws.call("sqs", "get_queue_url", QueueName=queue)["QueueUrl"]
        except NotFound:
            continue
        _unless_gone("sqs", "delete_queue", QueueUrl=url)
    for page in aws.pages("sns", "list_topics"):
        for topic in page["Topics"]:
            if topic["TopicArn"].rpartition(":")[2] == names.topic:
                _delete_topic(topic["TopicArn"])
    _unless_gone("kinesis", "delete_stream", StreamName=names.stream)
    for table in (names.partition_registry, names.checkpoints):
        _unless_gone("dynamodb", "delete_table", TableName=table)


def _delete_topic(arn: str) -> None:
    # A topic that is gone may leave its subscriptions.
    # All of them before the first goes, since the tokens of pages count what is there.
    pages = list(aws.pages("sns", "list_subscriptions_by_topic", TopicArn=arn))
    for subscription in (each for page in pages for each in page["Subscriptions"]):
        aws.call("sns", "unsubscribe", SubscriptionArn=subscription["SubscriptionArn"])
    aws.call("sns", "delete_topic", TopicArn=arn)


def _queues(names: PlatformNames) -> tuple[str, ...]:
    return (
        names.events_queue,
        names.valid_events_queue,
        names.objects_queue,
        names.dead_letter_queue,
        names.redrive_queue,
        names.valid_redrive_queue,
        names.objects_redrive_queue,
    )


def _waiting(queue: str) -> int | None:
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    try:
        url = aws.call("sqs", "get_queue_url", QueueName=queue)["QueueUrl"]
        found = aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=counts)["Attributes"]
    except NotFound:
        return None
    return sum(int(found[count]) for count in counts)


def _presence(service: str, operation: str, /, **parameters: Any) -> int | None:
    try:
        aws.call(service, operation, **parameters)
    except NotFound:
        return None
    return 0


def queue_arn(name: str) -> str:
    """
    Return the ARN of a queue.

    Raises:
        NotFound: no queue has this name.
    """
    url = aws.call("sqs", "get_queue_url", QueueName=name)["QueueUrl"]
    answer = aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def _create_queue(name: str, redrive: str, visibility_seconds: int, max_receive_count: int) -> None:
    attributes = {
        "VisibilityTimeout": str(visibility_seconds),
        "MessageRetentionPeriod": str(RETENTION_SECONDS),
        "SqsManagedSseEnabled": "true",
    }
    if redrive:
        policy = {"deadLetterTargetArn": queue_arn(redrive), "maxReceiveCount": max_receive_count}
        attributes["RedrivePolicy"] = json.dumps(policy)
    _unless_there("sqs", "create_queue", QueueName=name, Attributes=attributes)


def _let_send(queue: str, service: str, source: str) -> None:
    """Let *service* send into a queue what comes from the ARN *source*; a queue that has a policy keeps it."""
    url = aws.call("sqs", "get_queue_url", QueueName=queue)["QueueUrl"]
    known = aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["QueueArn", "Policy"])["Attributes"]
    if known.get("Policy"):
        return
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": known["QueueArn"],
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.call("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"Policy": policy})


def _create_table(name: str, keys: dict[str, str], **options: Any) -> None:
    kinds = ("HASH", "RANGE")
    _unless_there(
        "dynamodb",
        "create_table",
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kinds[index]} for index, key in enumerate(keys)],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in keys.items()],
        **options,
    )


def _create_bucket(names: PlatformNames) -> None:
    try:
        aws.create_bucket(names.bucket)
    except AwsError as error:
        if error.code not in _EXISTS:
            raise
    queue = queue_arn(names.objects_queue)
    # S3 tries the queue when it is told of it.
    _let_send(names.objects_queue, "s3.amazonaws.com", f"arn:{queue.split(':')[1]}:s3:::{names.bucket}")
    ours = {
        "QueueArn": queue,
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "events/"}]}},
    }
    _notify(names, ours)


def _notify(names: PlatformNames, *ours: dict[str, Any]) -> None:
    """Let the bucket of the events notify the platform's queue as *ours* says; what else it notifies stays."""
    try:
        known = aws.call("s3", "get_bucket_notification_configuration", Bucket=names.bucket)
    except NotFound:
        return
    known.pop("ResponseMetadata", None)
    queues = known.get("QueueConfigurations", [])
    others = [each for each in queues if each["QueueArn"].rpartition(":")[2] != names.objects_queue]
    if ours or others != queues:
        aws.call(
            "s3",
            "put_bucket_notification_configuration",
            Bucket=names.bucket,
            NotificationConfiguration={**known, "QueueConfigurations": [*others, *ours]},
        )


def _unless_there(service: str, operation: str, /, **parameters: Any) -> None:
    try:
        aws.call(service, operation, **parameters)
    except AwsError as error:
        if error.code not in _EXISTS:
            raise


def _unless_gone(service: str, operation: str, /, **parameters: Any) -> None:
    with suppress(NotFound):
        aws.call(service, operation, **parameters)
