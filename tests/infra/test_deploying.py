import json
import signal

import pytest

from toolkit import aws
from toolkit.cli import main
from toolkit.errors import AwsError, InvalidInput, NotFound
from toolkit.handlers.messages import Message, send
from toolkit.infra import (
    Package,
    PlatformNames,
    Volume,
    cost_of_grown,
    cost_of_mvp,
    create_resources,
    delete_resources,
    deploying,
)
from toolkit.infra.cost import shards_for
from toolkit.infra.resources import queue_arn

SMALL = """
Parameters:
  EventsBucketName:
    Type: String
    Description: Some.
  NamePrefix:
    Type: String
    Description: Some.
    Default: ""
  CodeBucket:
    Type: String
    Description: Some.
  CodeKey:
    Type: String
    Description: Some.
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub "${NamePrefix}events-queue"}
Outputs:
  QueueUrl: {Value: !Ref Queue}
"""


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(deploying, "template_text", lambda: SMALL)
    monkeypatch.setattr(deploying, "check_endpoint", lambda: None)


def test_a_stack_is_created_updated_looked_at_and_torn_down(platform, unique, small):
    package = Package(b"zip")
    parameters = {"CodeBucket": f"code-{unique}", "EventsBucketName": f"events-{unique}", "NamePrefix": f"s{unique}-"}
    seen = []
    reached = deploying.deploy(f"s{unique}", package, parameters, on_progress=seen.append, poll_seconds=0)
    assert reached.status == "CREATE_COMPLETE"
    assert reached.outputs["QueueUrl"].endswith(f"/s{unique}-events-queue")
    assert seen[-1] == reached
    aws.call("s3", "head_object", Bucket=f"code-{unique}", Key=package.key)
    other = deploying.deploy(f"s{unique}", Package(b"other"), parameters, poll_seconds=0)
    assert other.status == "UPDATE_COMPLETE"
    assert deploying.status(f"s{unique}").is_good
    deploying.teardown(f"s{unique}", poll_seconds=0)
    with pytest.raises(NotFound, match="no stack named"):
        deploying.status(f"s{unique}")
    with pytest.raises(NotFound, match="no stack named"):
        deploying.teardown(f"s{unique}")


def test_a_stack_keeps_the_parameters_that_are_not_given(platform, unique, monkeypatch, capsys):
    lines = ("  Note:\n", "    Type: String\n", "    Default: none\n", "    Description: Some.\n")
    with_note = SMALL.replace("Resources:\n", "".join(lines) + "Resources:\n")
    monkeypatch.setattr(deploying, "template_text", lambda: with_note)
    monkeypatch.setattr(deploying, "check_endpoint", lambda: None)
    stack = ["platform", "deploy", "--stack", f"s{unique}"]
    given = {
        "EventsBucketName": f"b-{unique}",
        "NamePrefix": f"p{unique[:6]}x-",
        "CodeBucket": f"code-{unique}",
        "Note": "mine",
    }
    names = [
        "--bucket",
        given["EventsBucketName"],
        "--prefix",
        given["NamePrefix"],
        "--code-bucket",
        given["CodeBucket"],
    ]
    assert main([*stack, *names, "--parameter", "Note=mine"]) == 0
    for words, changed in (([], {}), (["--parameter", "Note="], {"Note": ""})):
        assert main([*stack, *words]) == 0
        [found] = aws.call("cloudformation", "describe_stacks", StackName=f"s{unique}")["Stacks"]
        kept = {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}
        assert kept.pop("CodeKey")
        assert kept == given | changed
    # What a newer template has no longer is left out.
    monkeypatch.setattr(deploying, "template_text", lambda: SMALL)
    assert main(stack) == 0


def test_a_missing_bucket_name_is_said_before_anything_is_made(platform):
    with pytest.raises(InvalidInput, match="EventsBucketName: expected the name of a bucket"):
        deploying.deploy("s", Package(b""), {"CodeBucket": "code"})


def test_resources_can_be_created_twice(platform, unique):
    names = PlatformNames(bucket=f"b-{unique}", prefix=f"p{unique}-")
    for _ in range(2):
        create_resources(names)
    assert aws.call("sqs", "get_queue_url", QueueName=names.events_queue)
    subscriptions = aws.call(
        "sns", "list_subscriptions_by_topic", TopicArn=aws.call("sns", "create_topic", Name=names.topic)["TopicArn"]
    )
    assert len(subscriptions["Subscriptions"]) == 1


def test_topic_and_bucket_may_send_into_their_queues(platform, unique):
    """On AWS a topic delivers nothing, and a bucket takes no notification, where the queue's policy does not say so."""
    names = PlatformNames(bucket=f"b-{unique}", prefix=f"p{unique}-")
    create_resources(names)
    topic = aws.call("sns", "create_topic", Name=names.topic)["TopicArn"]
    for queue, service, source in (
        (names.events_queue, "sns.amazonaws.com", topic),
        (names.objects_queue, "s3.amazonaws.com", f"arn:aws:s3:::{names.bucket}"),
    ):
        url = aws.call("sqs", "get_queue_url", QueueName=queue)["QueueUrl"]
        found = aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["QueueArn", "Policy"])[
            "Attributes"
        ]
        [statement] = json.loads(found["Policy"])["Statement"]
        assert (statement["Principal"], statement["Action"]) == ({"Service": service}, "sqs:SendMessage")
        assert statement["Resource"] == found["QueueArn"]
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": source}}


def test_a_bucket_keeps_the_notifications_that_it_had(platform, unique):
    names = PlatformNames(bucket=f"b-{unique}", prefix=f"p{unique}-")
    aws.create_bucket(names.bucket)
    aws.call("sqs", "create_queue", QueueName=f"mine-{unique}")
    mine = {"Id": "mine", "QueueArn": queue_arn(f"mine-{unique}"), "Events": ["s3:ObjectRemoved:*"]}
    aws.call(
        "s3",
        "put_bucket_notification_configuration",
        Bucket=names.bucket,
        NotificationConfiguration={"QueueConfigurations": [mine]},
    )

    def notified():
        found = aws.call("s3", "get_bucket_notification_configuration", Bucket=names.bucket)["QueueConfigurations"]
        return [each["QueueArn"].rpartition(":")[2] for each in found]

    for _ in range(2):
        create_resources(names)
        assert notified() == [f"mine-{unique}", names.objects_queue]
    delete_resources(names)
    assert notified() == [f"mine-{unique}"]


def test_ctrl_d_deletes_nothing(platform, unique, monkeypatch, capsys):
    names = PlatformNames(bucket=f"b-{unique}", prefix=f"p{unique}-")
    create_resources(names)

    def end(asked):
        raise EOFError

    monkeypatch.setattr("builtins.input", end)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert main(["platform", "teardown", "--runner", "--bucket", names.bucket, "--prefix", names.prefix]) == 1
    assert aws.call("sqs", "get_queue_url", QueueName=names.events_queue)


def test_the_commands_say_what_is_wrong(platform, capsys):
    assert main(["platform", "status", "--stack", "none"]) == 2
    assert "no stack named 'none'" in capsys.readouterr().err
    assert main(["platform", "teardown", "--stack", "none"]) == 2
    assert "say --yes" in capsys.readouterr().err
    assert main(["platform", "deploy", "--parameter", "x"]) == 2
    assert "expected NAME=VALUE" in capsys.readouterr().err


def test_package_writes_the_zip(tmp_path, capsys):
    assert main(["platform", "package", "--output", str(tmp_path)]) == 0
    [path] = tmp_path.iterdir()
    assert capsys.readouterr().out.startswith(f"{path}  ")
    assert main(["platform", "package", "--output", str(path)]) == 2


def test_the_cost_of_a_million_events(capsys):
    """The figures of the note on the platform, which were reckoned by hand."""
    mvp = dict(cost_of_mvp(Volume(1_000_000, invalid_share=0)).dollars_by_service)
    assert round(mvp["SQS"], 2) == 0.60
    assert round(mvp["SNS"], 2) == 0.05
    assert round(dict(cost_of_mvp(Volume(1_000_000, producer_batch=1)).dollars_by_service)["SNS"], 2) == 0.50
    # Packed, the five kilobytes to which Firehose rounds hardly show.
    assert round(mvp["Firehose"], 3) == 0.028
    assert main(["platform", "cost", "--events-per-day", "1,000,000"]) == 0
    printed = capsys.readouterr().out
    assert "List prices of us-east-1" in printed
    assert "SQS" in printed


def test_cost_grows_with_events_and_shards_with_the_peak():
    assert shards_for(Volume(0)) == 1
    assert shards_for(Volume(864_000_000)) == 31
    small, large = (cost_of_grown(Volume(count)).dollars_a_day for count in (1_000, 1_000_000_000))
    assert 0 < small < large
    assert cost_of_mvp(Volume(0)).dollars_a_day < cost_of_mvp(Volume(1_000_000)).dollars_a_day


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("Nope=1", "Nope: the template has no such parameter; it has: Form, NamePrefix, "),
        ("Form=weird", "Form: expected one of mvp, grown, both, found 'weird'"),
        ("BufferSeconds=5", "BufferSeconds: expected a number from 60 to 900, found '5'"),
        ("BufferSeconds=x", "BufferSeconds: expected a whole number, found 'x'"),
        ("EventsBucketName=Bad_Bucket!", "EventsBucketName: expected what matches ^[a-z0-9]"),
        ("PartitionKeys=country", "PartitionKeys: expected what matches "),
        (
            "PartitionKeys=country=/country",
            "PartitionKeys: expected none, or Form grown with them, found 'country=/country'",
        ),
        ("SchemaRepository=s3://x", "SchemaRepository: expected what matches "),
    ],
)
def test_a_parameter_that_the_template_refuses_is_said_before_anything_is_made(
    platform, unique, capsys, parameter, said
):
    asked = ["platform", "deploy", "--bucket", f"b-{unique}", "--stack", f"s{unique}", "--parameter", parameter]
    assert main(asked) == 2
    assert said in capsys.readouterr().err
    with pytest.raises(NotFound):
        aws.call("s3", "head_bucket", Bucket=f"b-{unique}-code")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("UPDATE_IN_PROGRESS", "somebody works on it"),
        ("ROLLBACK_COMPLETE", "it was never made, or is half gone: `toolkit platform teardown`, then deploy again"),
        ("DELETE_FAILED", "it was never made, or is half gone"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
    ],
)
def test_a_stack_that_can_not_be_changed_says_the_way_out(platform, unique, capsys, monkeypatch, state, said):
    real = aws.call

    def call(service, operation, /, **parameters):
        if operation == "describe_stacks":
            return {"Stacks": [{"StackStatus": state}]}
        if operation == "describe_stack_events":
            failed = {
                "LogicalResourceId": "EventsTopic",
                "ResourceStatus": "CREATE_FAILED",
                "ResourceStatusReason": "denied",
            }
            return {"StackEvents": [failed]}
        return real(service, operation, **parameters)

    monkeypatch.setattr(aws, "call", call)
    monkeypatch.setattr(deploying, "check_endpoint", lambda: None)
    assert main(["platform", "deploy", "--bucket", f"b-{unique}", "--stack", "s"]) == 2
    error = capsys.readouterr().err
    assert f"the stack s is {state}" in error
    assert said in error


def test_a_code_bucket_of_somebody_else_is_said(platform, unique, capsys, monkeypatch):
    real = aws.call

    def call(service, operation, /, **parameters):
        if operation == "head_bucket":
            raise AwsError("Forbidden", service=service, operation=operation, code="403")
        return real(service, operation, **parameters)

    monkeypatch.setattr(aws, "call", call)
    monkeypatch.setattr(deploying, "check_endpoint", lambda: None)
    assert main(["platform", "deploy", "--bucket", f"b-{unique}", "--stack", f"s{unique}"]) == 2
    assert f"the bucket 'b-{unique}-code' is another account's" in capsys.readouterr().err


def test_a_runner_without_its_resources_says_how_to_make_them(platform, capsys, monkeypatch):
    for name in PlatformNames().environment():
        monkeypatch.setenv(name, "of this test alone")
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert main(["platform", "run", "--prefix", "no-"]) == 2
    # Who calls the command from Python goes on.
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
    assert (
        "there is no bucket 'events'; correct --prefix or --bucket, or `toolkit platform deploy --runner` makes what"
        in (capsys.readouterr().err)
    )


def test_the_local_platform_is_no_place_for_the_stack(platform, unique, capsys):
    assert main(["platform", "deploy", "--bucket", f"b-{unique}", "--stack", f"s{unique}"]) == 2
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith(f"toolkit: the local platform at {platform.endpoint_url} does not execute the functions")
    assert "`toolkit platform deploy --runner`" in said
    with pytest.raises(NotFound):
        aws.call("s3", "head_bucket", Bucket=f"b-{unique}-code")
    assert main(["platform", "status", "--stack", f"s{unique}"]) == 2


def test_what_was_made_without_a_stack_is_looked_at_and_deleted(platform, unique, capsys):
    names = PlatformNames(bucket=f"b-{unique}", prefix=f"p{unique}-")
    asked = ["--runner", "--bucket", names.bucket, "--prefix", names.prefix]
    assert main(["platform", "deploy", *asked]) == 0
    assert send(names.events_queue, [Message(b"one"), Message(b"two")]) == {}
    capsys.readouterr()
    assert main(["platform", "status", *asked]) == 0
    states = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert states[names.events_queue] == "2 waiting"
    assert states[names.dead_letter_queue] == "0 waiting"
    assert {states[name] for name in (names.bucket, names.stream, names.schema_table, names.checkpoints)} == {"there"}
    for _ in range(2):
        assert main(["platform", "teardown", "--yes", *asked]) == 0
    capsys.readouterr()
    assert main(["platform", "status", *asked]) == 1
    states = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert {name for name, state in states.items() if state != "missing"} == {names.bucket, names.schema_table}
    subscriptions = [
        found["Endpoint"] for page in aws.pages("sns", "list_subscriptions") for found in page["Subscriptions"]
    ]
    assert not any(names.events_queue in endpoint for endpoint in subscriptions)
    # What was deleted can be made again beside what stayed.
    assert main(["platform", "deploy", *asked]) == 0
    assert main(["platform", "status", *asked]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--bucket", "BAD NAME"], "--bucket: expected what matches"),
        (["deploy", "--runner", "--prefix", "a b/c"], "--prefix: expected what matches"),
        (["redrive", "failed", "--bucket", "none-of-this-name"], "there is no bucket 'none-of-this-name'; correct"),
        (["redrive", "events", "--prefix", "none-"], "queue 'none-events-redrive-queue': "),
        (["teardown", "--yes", "--stack", "none"], "no stack named 'none': --stack names another, and"),
    ],
)
def test_a_wrong_name_is_one_sentence_with_the_way_out(platform, capsys, words, said):
    assert main(["platform", *words]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert said in line
