"""Rules of our own for the templates: mistakes that cfn-lint and checkov let pass, each seen in somebody's platform."""

import json
import re
from fnmatch import fnmatch

import yaml


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, as their long forms."""


def _construct(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".")
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _construct)


def parsed(text):
    return yaml.load(text, _Loader)


# Actions that know no narrower resource than all.
WITHOUT_RESOURCE = {
    "kinesis:ListStreams",
    "dynamodb:ListStreams",
    "glue:GetSchemaVersion",
    "glue:ListSchemaVersions",
    "glue:ListSchemas",
}
CONSUMES = {"SQS": "sqs:ReceiveMessage", "Kinesis": "kinesis:GetRecords", "DynamoDB": "dynamodb:GetRecords"}


def findings(template):
    """Return every broken rule of a template, in a sentence each."""
    return [sentence for rule in RULES for sentence in rule(template)]


def resources(template, kind):
    return {name: body for name, body in template["Resources"].items() if body["Type"] == kind}


def number(template, value):
    """Return a number, or the least that a parameter may be."""
    if isinstance(value, dict) and "Ref" in value:
        parameter = template["Parameters"][value["Ref"]]
        return float(parameter.get("MinValue", parameter.get("Default")))
    return float(value)


def referred(value):
    """Return the logical names in a value."""
    text = json.dumps(value)
    names = re.findall(r'"Ref": "(\w+)"', text) + re.findall(r'"Fn::GetAtt": \["(\w+)"', text)
    return set(names + re.findall(r"\$\{(\w+)[.}]", text))


def mappings(template):
    for name, body in resources(template, "AWS::Lambda::EventSourceMapping").items():
        properties = body["Properties"]
        [source], [function] = referred(properties["EventSourceArn"]), referred(properties["FunctionName"])
        yield name, properties, source, template["Resources"][source], function, template["Resources"][function]


def statements(template, function):
    """Return the statements of a function's role."""
    [role] = referred(template["Resources"][function]["Properties"]["Role"])
    found = []
    for policy in template["Resources"][role]["Properties"].get("Policies", ()):
        for statement in policy["PolicyDocument"]["Statement"]:
            found += (
                [part for part in statement["Fn::If"][1:] if "Action" in part] if "Fn::If" in statement else [statement]
            )
    return found


def actions(statement):
    given = statement["Action"]
    return [given] if isinstance(given, str) else given


def may(template, function, action, resource):
    return any(
        any(re.fullmatch(given.replace("*", ".*"), action) for given in actions(statement))
        and (statement["Resource"] == "*" or resource in referred(statement["Resource"]))
        for statement in statements(template, function)
    )


def visibility_is_six_timeouts(template):
    for name, _, source, queue, function, body in mappings(template):
        if queue["Type"] == "AWS::SQS::Queue":
            visible = number(template, queue["Properties"].get("VisibilityTimeout", 30))
            timeout = number(template, body["Properties"].get("Timeout", 3))
            if visible < 6 * timeout:
                yield f"{name}: {source} hides messages for {visible:g} s, less than six times the {timeout:g} s of {function}"


def a_batch_may_fail_in_part(template):
    for name, properties, *_ in mappings(template):
        if properties.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name}: one bad record fails the whole batch: FunctionResponseTypes lacks ReportBatchItemFailures"


def nothing_is_retried_for_ever_or_lost(template):
    for name, properties, source, body, *_ in mappings(template):
        if body["Type"] == "AWS::SQS::Queue":
            if "RedrivePolicy" not in body["Properties"]:
                yield f"{name}: {source} has no redrive queue, so poison comes again for ever"
        else:
            if not properties.get("BisectBatchOnFunctionError"):
                yield f"{name}: one bad record blocks its shard: BisectBatchOnFunctionError is off"
            if not properties.get("DestinationConfig", {}).get("OnFailure"):
                yield f"{name}: what is given up is lost: there is no OnFailure destination"


def kinesis_keeps_the_bytes(template):
    for name, properties, _, body, *_ in mappings(template):
        target = json.dumps(properties.get("DestinationConfig", {}))
        if body["Type"] == "AWS::Kinesis::Stream" and ":s3:::" not in target:
            yield f"{name}: only S3 gets the records themselves; a queue or topic gets their numbers"


def concurrency_is_bounded(template):
    for name, properties, _, body, *_ in mappings(template):
        if body["Type"] == "AWS::SQS::Queue":
            maximum = properties.get("ScalingConfig", {}).get("MaximumConcurrency")
            if not isinstance(maximum, int):
                yield f"{name}: MaximumConcurrency has to be a number; some emulators stop at a reference"


def batches_over_ten_need_a_window(template):
    for name, properties, _, body, *_ in mappings(template):
        is_large = body["Type"] == "AWS::SQS::Queue" and properties.get("BatchSize", 10) > 10
        if is_large and not properties.get("MaximumBatchingWindowInSeconds"):
            yield f"{name}: a batch of more than ten needs a batching window"


def firehose_buffers_fit(template):
    for name, body in resources(template, "AWS::KinesisFirehose::DeliveryStream").items():
        target = body["Properties"].get("ExtendedS3DestinationConfiguration", {})
        size = number(template, target.get("BufferingHints", {}).get("SizeInMBs", 5))
        if target.get("DynamicPartitioningConfiguration", {}).get("Enabled") and size < 64:
            yield f"{name}: dynamic partitioning needs a buffer of 64 MB or more, found {size:g}"
        if (
            target.get("DataFormatConversionConfiguration", {}).get("Enabled")
            and target.get("CompressionFormat") == "GZIP"
        ):
            yield f"{name}: format conversion compresses by itself and refuses GZIP"
        if "!{firehose:error-output-type}" not in target.get("ErrorOutputPrefix", ""):
            yield f"{name}: an ErrorOutputPrefix has to name !{{firehose:error-output-type}}"


def roles_may_read_their_source(template):
    kinds = {"AWS::SQS::Queue": "SQS", "AWS::Kinesis::Stream": "Kinesis", "AWS::DynamoDB::Table": "DynamoDB"}
    for name, _, source, body, function, _ in mappings(template):
        action = CONSUMES[kinds[body["Type"]]]
        if not may(template, function, action, source):
            yield f"{name}: the role of {function} lacks {action} on {source}"
        if body["Type"] == "AWS::SQS::Queue" and not may(template, function, "sqs:DeleteMessage", source):
            yield f"{name}: the role of {function} lacks sqs:DeleteMessage on {source}"


def roles_may_do_what_the_variables_name(template):
    for function, body in resources(template, "AWS::Lambda::Function").items():
        for variable, value in body["Properties"].get("Environment", {}).get("Variables", {}).items():
            for target in referred(value) & resources(template, "AWS::SQS::Queue").keys():
                if variable != "REDRIVE_QUEUE" and not may(template, function, "sqs:SendMessage", target):
                    yield f"{function}: {variable} names {target}, but its role lacks sqs:SendMessage there"
            if variable in ("EVENTS_LOCATION", "OVERSIZED_LOCATION"):
                folder = json.dumps(value).split("}/")[1].split("/")[0]
                writes = function not in ("PartitionUpdaterFunction", "TableMakerFunction")
                if writes and not _may_put(template, function, folder):
                    yield f"{function}: {variable} lies in {folder}/, but its role lacks s3:PutObject there"


def _may_put(template, function, folder):
    return any(
        "s3:PutObject" in actions(statement) and f"/{folder}/*" in json.dumps(statement["Resource"])
        for statement in statements(template, function)
    )


def on_failure_targets_are_allowed(template):
    for name, properties, _, _, function, _ in mappings(template):
        for target in referred(properties.get("DestinationConfig", {})) & resources(template, "AWS::SQS::Queue").keys():
            if not may(template, function, "sqs:SendMessage", target):
                yield f"{name}: the role of {function} lacks sqs:SendMessage on its OnFailure target {target}"
        if ":s3:::" in json.dumps(properties.get("DestinationConfig", {})):
            # Lambda writes below this prefix and no other, and looks for the bucket first.
            if not _may_put(template, function, "aws/lambda"):
                yield f"{name}: the role of {function} lacks s3:PutObject on aws/lambda/, where Lambda writes what it gives up"
            if not any("s3:ListBucket" in actions(statement) for statement in statements(template, function)):
                yield f"{name}: the role of {function} lacks s3:ListBucket, which Lambda needs to give up into a bucket"
    for name, body in resources(template, "AWS::Lambda::EventInvokeConfig").items():
        [function] = referred(body["Properties"]["FunctionName"])
        for target in referred(body["Properties"].get("DestinationConfig", {})):
            if not may(template, function, "sqs:SendMessage", target):
                yield f"{name}: the role of {function} lacks sqs:SendMessage on its OnFailure target {target}"


def what_is_set_aside_is_of_one_kind(template):
    """A redrive sends all that a queue holds to one place: what comes from elsewhere would be taken for events."""
    kept = {}
    for name, body in resources(template, "AWS::SQS::Queue").items():
        for target in referred(body["Properties"].get("RedrivePolicy", {})) & template["Resources"].keys():
            kept.setdefault(target, []).append(name)
    others = [body for _, body, *_ in mappings(template)]
    others += [body["Properties"] for body in resources(template, "AWS::Lambda::EventInvokeConfig").values()]
    for properties in others:
        for target in referred(properties.get("DestinationConfig", {})) & kept.keys():
            yield f"{target}: it keeps what {', '.join(kept[target])} set aside, and Lambda's records of failures too"


def what_is_given_up_rings(template):
    watched = {
        (alarm["Properties"]["MetricName"], name)
        for alarm in resources(template, "AWS::CloudWatch::Alarm").values()
        for name in referred(alarm["Properties"]["Dimensions"])
    }
    for name, properties, _, _, function, _ in mappings(template):
        if properties.get("DestinationConfig"):
            if ("OnFailureDestinationDeliveredEventCount", name) not in watched:
                yield f"{name}: nobody hears of what it gives up"
            elif "EventCount" not in properties.get("MetricsConfig", {}).get("Metrics", ()):
                yield f"{name}: it has no metrics for its alarm without MetricsConfig"
            if ("IteratorAge", function) not in watched:
                yield f"{name}: no alarm on the IteratorAge of {function}"


def topics_may_send_to_their_queues(template):
    for name, body in resources(template, "AWS::SNS::Subscription").items():
        [queue] = referred(body["Properties"]["Endpoint"])
        policies = [
            policy
            for policy in resources(template, "AWS::SQS::QueuePolicy").values()
            if queue in referred(policy["Properties"]["Queues"])
        ]
        if "sns.amazonaws.com" not in json.dumps(policies):
            yield f"{name}: no policy of {queue} lets the topic send"
        if body["Properties"].get("RawMessageDelivery") is not True:
            yield f"{name}: without RawMessageDelivery the attributes of an event stay in an envelope"


def a_queue_has_one_policy(template):
    seen = {}
    for name, body in resources(template, "AWS::SQS::QueuePolicy").items():
        for queue in referred(body["Properties"]["Queues"]):
            if queue in seen:
                yield f"{name}: {queue} has a policy already ({seen[queue]}); the later one replaces it"
            seen[queue] = name


def buckets_may_call_their_functions(template):
    for name, body in resources(template, "AWS::S3::Bucket").items():
        for function in referred(body["Properties"].get("NotificationConfiguration", {})) - {"AWS::NoValue"}:
            if function not in resources(template, "AWS::Lambda::Function"):
                continue
            granted = [
                permission
                for permission, found in resources(template, "AWS::Lambda::Permission").items()
                if function in referred(found["Properties"]["FunctionName"]) and "SourceAccount" in found["Properties"]
            ]
            if not granted:
                yield f"{name}: no permission lets the bucket call {function}"
            elif not set(granted) & (referred(body["Properties"]) | set(body.get("DependsOn", ()))):
                yield f"{name}: it has to come after the permission {granted[0]}"


def no_role_may_do_everything(template):
    for name, body in resources(template, "AWS::IAM::Role").items():
        for policy in body["Properties"].get("Policies", ()):
            for statement in json.loads(json.dumps(policy["PolicyDocument"]["Statement"])):
                for part in statement.get("Fn::If", [None, statement])[1:]:
                    for action in actions(part) if "Action" in part else ():
                        if action.endswith(":*") or action == "*":
                            yield f"{name}: {action} is more than a handler needs"
                        if part["Resource"] == "*" and action not in WITHOUT_RESOURCE:
                            yield f"{name}: {action} on every resource"


def who_drops_tables_may_drop_their_partitions(template):
    """https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html"""
    for name, body in resources(template, "AWS::IAM::Role").items():
        granted = re.findall(r'"(glue:[\w*]+)"', json.dumps(body))
        for action in ("glue:GetPartition", "glue:GetPartitions", "glue:DeletePartition"):
            if "glue:DeleteTable" in granted and not any(fnmatch(action, pattern) for pattern in granted):
                yield f"{name}: DROP TABLE of a partitioned table lacks {action}"


def everything_at_rest_is_encrypted(template):
    wanted = {
        "AWS::SQS::Queue": ("SqsManagedSseEnabled", "KmsMasterKeyId"),
        "AWS::SNS::Topic": ("KmsMasterKeyId",),
        "AWS::Kinesis::Stream": ("StreamEncryption",),
        "AWS::S3::Bucket": ("BucketEncryption",),
        "AWS::DynamoDB::Table": ("SSESpecification",),
        "AWS::KinesisFirehose::DeliveryStream": ("DeliveryStreamEncryptionConfigurationInput",),
    }
    for kind, properties in wanted.items():
        for name, body in resources(template, kind).items():
            if not any(key in body["Properties"] for key in properties):
                yield f"{name}: nothing encrypts it"


def logs_end_some_day(template):
    groups = resources(template, "AWS::Logs::LogGroup")
    for name, body in groups.items():
        if "RetentionInDays" not in body["Properties"]:
            yield f"{name}: its logs are kept for ever"
    for name, body in resources(template, "AWS::Lambda::Function").items():
        if not referred(body["Properties"].get("LoggingConfig", {})) & groups.keys():
            yield f"{name}: it makes a log group of its own, kept for ever"


def what_is_set_aside_rings(template):
    alarms = resources(template, "AWS::CloudWatch::Alarm").values()
    watched = {
        (alarm["Properties"]["MetricName"], name)
        for alarm in alarms
        for name in referred(alarm["Properties"]["Dimensions"])
    }
    sources = {source for _, _, source, body, *_ in mappings(template) if body["Type"] == "AWS::SQS::Queue"}
    for queue in resources(template, "AWS::SQS::Queue"):
        for metric in ("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"):
            if (metric == "ApproximateNumberOfMessagesVisible" or queue in sources) and (metric, queue) not in watched:
                yield f"{queue}: no alarm on its {metric}"


RULES = (
    who_drops_tables_may_drop_their_partitions,
    visibility_is_six_timeouts,
    a_batch_may_fail_in_part,
    nothing_is_retried_for_ever_or_lost,
    kinesis_keeps_the_bytes,
    concurrency_is_bounded,
    batches_over_ten_need_a_window,
    firehose_buffers_fit,
    roles_may_read_their_source,
    roles_may_do_what_the_variables_name,
    on_failure_targets_are_allowed,
    what_is_set_aside_is_of_one_kind,
    what_is_given_up_rings,
    topics_may_send_to_their_queues,
    a_queue_has_one_policy,
    buckets_may_call_their_functions,
    no_role_may_do_everything,
    everything_at_rest_is_encrypted,
    logs_end_some_day,
    what_is_set_aside_rings,
)
