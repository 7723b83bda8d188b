"""The templates against cfn-lint, checkov and rules of our own, and against the names that the code uses."""

import copy
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rules import findings, parsed, referred, resources

from toolkit.handlers.settings import Settings
from toolkit.infra import PlatformNames, template_text
from toolkit.infra.deploying import MOST_BODY_BYTES
from toolkit.infra.template import compact_template

NAMES = ("platform", "event", "registry", "key")
FOLDER = Path(sys.modules["toolkit.infra"].__file__).parent


@pytest.fixture(scope="module")
def whole():
    return parsed(template_text())


@pytest.fixture
def template(whole):
    """The template as a value of the test's own, to plant mistakes in."""
    return copy.deepcopy(whole)


@pytest.mark.parametrize("name", NAMES)
def test_our_own_rules_find_nothing(name):
    assert findings(parsed(template_text(name))) == []


def test_cfn_lint_finds_nothing():
    paths = [str(FOLDER / f"{name}.yaml") for name in NAMES]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), *paths],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_checkov_finds_nothing(tmp_path):
    checkov = os.environ.get("CHECKOV") or shutil.which("checkov") or FOLDER.parents[1] / ".venv-platform/bin/checkov"
    if not Path(checkov).exists():
        pytest.skip("checkov pins its own boto3: install it into an environment of its own, named by CHECKOV")
    # It takes a path of forty letters and slashes for a secret key: a place with marks between them is none.
    paths = [str(shutil.copy(FOLDER / f"{name}.yaml", tmp_path / f"template_{name}.yaml")) for name in NAMES]
    done = subprocess.run(
        [str(checkov), "-f", *paths, "--framework", "cloudformation", "--output", "json", "--skip-download", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert report["summary"]["failed"] == 0, report["results"]["failed_checks"]
    assert report["summary"]["passed"] > 50


def planted(template, path, value):
    """Put *value* at a dotted path of the resources; None removes what is there."""
    *parents, last = path.split(".")
    place = template["Resources"]
    for key in parents:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("EventsQueue.Properties.VisibilityTimeout", 300, "less than six times the 60 s of ValidatorFunction"),
        ("ValidatorMapping.Properties.FunctionResponseTypes", None, "one bad record fails the whole batch"),
        ("EventsQueue.Properties.RedrivePolicy", None, "EventsQueue has no redrive queue"),
        ("StreamReaderMapping.Properties.BisectBatchOnFunctionError", False, "one bad record blocks its shard"),
        ("StreamReaderMapping.Properties.DestinationConfig", {}, "what is given up is lost"),
        (
            "StreamReaderMapping.Properties.DestinationConfig.OnFailure.Destination",
            {"Fn::GetAtt": ["RedriveQueue", "Arn"]},
            "only S3 gets the records themselves",
        ),
        ("ValidatorMapping.Properties.ScalingConfig.MaximumConcurrency", {"Ref": "ShardCount"}, "has to be a number"),
        ("ValidatorMapping.Properties.MaximumBatchingWindowInSeconds", 0, "needs a batching window"),
        ("ValidatorRole.Properties.Policies", [], "lacks sqs:ReceiveMessage on EventsQueue"),
        ("ValidatorRole.Properties.Policies", [], "VALID_EVENTS_QUEUE names ValidEventsQueue"),
        ("StreamReaderRole.Properties.Policies", [], "lacks s3:PutObject there"),
        ("TableMakerRole.Properties.Policies", [], "lacks s3:PutObject on aws/lambda/"),
        (
            "TableMakerRole.Properties.Policies",
            [{"PolicyDocument": {"Statement": [{"Action": ["glue:DeleteTable"], "Resource": "x"}]}}],
            "DROP TABLE of a partitioned table lacks glue:DeletePartition",
        ),
        ("StreamReaderRole.Properties.Policies", [], "lacks s3:ListBucket"),
        ("PartitionUpdaterRole.Properties.Policies", [], "on its OnFailure target ObjectsRedriveQueue"),
        (
            "PartitionUpdaterFailures.Properties.DestinationConfig.OnFailure.Destination",
            {"Fn::GetAtt": ["ValidRedriveQueue", "Arn"]},
            "it keeps what ValidEventsQueue set aside, and Lambda's records of failures too",
        ),
        ("StreamReaderMapping.Properties.MetricsConfig", None, "no metrics for its alarm"),
        ("TableMakerGivenUpAlarm", None, "TableMakerMapping: nobody hears of what it gives up"),
        ("TableMakerAgeAlarm", None, "no alarm on the IteratorAge of TableMakerFunction"),
        ("EventsQueueDepthAlarm", None, "EventsQueue: no alarm on its ApproximateNumberOfMessagesVisible"),
        ("EventsSubscription.Properties.RawMessageDelivery", False, "stay in an envelope"),
        ("EventsQueuePolicy", None, "no policy of EventsQueue lets the topic send"),
        ("NotificationPermission", None, "no permission lets the bucket call PartitionUpdaterFunction"),
        ("EventsBucket.Properties.Tags", None, "it has to come after the permission NotificationPermission"),
        ("EventsTopic.Properties.KmsMasterKeyId", None, "EventsTopic: nothing encrypts it"),
        ("ValidatorFunction.Properties.LoggingConfig", None, "makes a log group of its own"),
        ("ValidatorLogGroup.Properties.RetentionInDays", None, "its logs are kept for ever"),
        ("RedriveQueueDepthAlarm", None, "RedriveQueue: no alarm on its ApproximateNumberOfMessagesVisible"),
        ("DeliveryStream.Properties.ExtendedS3DestinationConfiguration.ErrorOutputPrefix", "x/", "has to name"),
    ],
)
def test_a_planted_mistake_is_found(template, path, value, found):
    planted(template, path, value)
    assert any(found in sentence for sentence in findings(template)), findings(template)


def test_a_firehose_that_the_service_refuses_is_found(template):
    target = "DeliveryStream.Properties.ExtendedS3DestinationConfiguration"
    planted(template, f"{target}.DynamicPartitioningConfiguration", {"Enabled": True})
    planted(template, f"{target}.BufferingHints", {"SizeInMBs": 5})
    planted(template, f"{target}.DataFormatConversionConfiguration", {"Enabled": True})
    assert len(findings(template)) == 2


def test_a_role_that_may_do_everything_is_found(template):
    document = template["Resources"]["ValidatorRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    document["Statement"].append({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    assert len(findings(template)) == 2


def test_a_second_policy_of_a_queue_is_found(template):
    template["Resources"]["Another"] = template["Resources"]["EventsQueuePolicy"]
    assert findings(template) == [
        "Another: EventsQueue has a policy already (EventsQueuePolicy); the later one replaces it"
    ]


def resolved(value, names):
    """Return a name with its parameters filled in."""
    text = value["Fn::Sub"] if isinstance(value, dict) and "Fn::Sub" in value else value
    if isinstance(text, dict):
        text = names.bucket if text == {"Ref": "EventsBucketName"} else str(text)
    return text.replace("${NamePrefix}", names.prefix).replace("${EventsBucketName}", names.bucket)


def test_the_names_are_those_that_runner_and_handlers_use(template):
    names = PlatformNames(bucket="lake", prefix="staging-")
    made = {
        resolved(body["Properties"][key], names)
        for kind, key in (
            ("AWS::SQS::Queue", "QueueName"),
            ("AWS::SNS::Topic", "TopicName"),
            ("AWS::Kinesis::Stream", "Name"),
            ("AWS::DynamoDB::Table", "TableName"),
            ("AWS::S3::Bucket", "BucketName"),
        )
        for body in resources(template, kind).values()
    }
    properties = [name for name, value in vars(PlatformNames).items() if isinstance(value, property)]
    functions = {
        resolved(body["Properties"]["FunctionName"], names)
        for body in resources(template, "AWS::Lambda::Function").values()
    }
    assert functions >= {names.partition_updater, names.table_maker}
    ours = {getattr(names, name) for name in properties} - {names.database} - functions
    # The template needs neither: S3 calls its function itself, and Lambda keeps its place in the streams.
    assert made == (ours | {names.bucket}) - {names.objects_queue, names.checkpoints}
    defaults = Settings()
    assert PlatformNames().valid_events_queue == defaults.valid_events_queue
    assert PlatformNames().dead_letter_queue == defaults.dead_letter_queue
    assert PlatformNames().redrive_queue == defaults.redrive_queue


def test_every_function_names_a_handler_and_its_settings(template):
    known = {name.upper() for name in Settings.__dataclass_fields__} | {"AWS_ATHENA_WORK_GROUP"}
    for name, body in resources(template, "AWS::Lambda::Function").items():
        module, _, function = body["Properties"]["Handler"].rpartition(".")
        assert callable(getattr(importlib.import_module(module), function)), name
        assert body["Properties"]["Environment"]["Variables"].keys() <= known, name


def test_locations_are_those_of_the_names(template):
    names = PlatformNames(bucket="lake", prefix="staging-")
    environment = names.environment()
    for body in resources(template, "AWS::Lambda::Function").values():
        for variable in ("EVENTS_LOCATION", "OVERSIZED_LOCATION", "DELIVERY_STREAM", "PARTITION_REGISTRY"):
            value = body["Properties"]["Environment"]["Variables"].get(variable)
            assert value is None or resolved(value, names) == environment[variable]


def test_the_dashboard_is_json(template):
    body = template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(re.sub(r"\$\{\w+(::\w+)?\}", "x", body))["widgets"]
    assert len(widgets) == 6
    assert referred({"Fn::Sub": body}) <= set(template["Parameters"]) | {"AWS"}


def own_metrics(template):
    """The metrics of the handlers' own that the dashboard and the alarms look at, as names and functions."""
    body = template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(re.sub(r"\$\{\w+(::\w+)?\}", "x", body))["widgets"]
    found = set()
    for widget in widgets:
        above = ()
        for row in widget["properties"]["metrics"]:
            # A dot repeats what stands above it.
            above = [above[index] if cell == "." else cell for index, cell in enumerate(row)]
            if above[0] == "xevents":
                found.add((above[1], above[3]))
    for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
        properties = alarm["Properties"]
        if properties["Namespace"] == {"Fn::Sub": "${NamePrefix}events"}:
            found.add((properties["MetricName"], properties["Dimensions"][0]["Value"]))
    return found


def test_dashboard_and_alarms_look_at_metrics_that_the_handlers_write(template, emitted):
    wanted = own_metrics(template)
    assert len(wanted) > 8
    assert wanted <= emitted, wanted - emitted


@pytest.fixture
def emitted(platform, bucket, make_queue, unique, monkeypatch, capsys):
    """The metrics that the handlers write, each run once, as names and functions."""
    monkeypatch.setenv("METRICS_NAMESPACE", "x")
    monkeypatch.setenv("EVENTS_LOCATION", f"s3://{bucket}/events/{{event_name}}/")
    monkeypatch.setenv("EVENTS_DATABASE", f"metrics_{unique}")
    for variable in ("VALID_EVENTS_QUEUE", "DEAD_LETTER_QUEUE", "REDRIVE_QUEUE"):
        monkeypatch.setenv(variable, make_queue(variable.lower()))
    message = {"messageId": "1", "body": "{", "eventSource": "aws:sqs", "attributes": {"SentTimestamp": "0"}}
    record = {"eventSource": "aws:kinesis", "kinesis": {"sequenceNumber": "1", "data": "ew=="}}
    published = {"Keys": {"name": {"S": "user_registered"}, "version": {"N": "1"}}, "SequenceNumber": "1"}
    for name, event in (
        ("event_validator", {"Records": [message]}),
        ("event_forwarder", {"Records": []}),
        ("event_sink", {"Records": []}),
        ("stream_reader", {"Records": [record]}),
        ("partition_updater", {"Records": [{**message, "body": "{}"}]}),
        ("json_schema_to_hive", {"Records": [{"eventName": "INSERT", "dynamodb": published}]}),
    ):
        importlib.import_module(f"toolkit.handlers.{name}").handler(event)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')]
    return {
        (metric["Name"], line["function"])
        for line in lines
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_compact_form_fits_a_call_and_says_the_same(name):
    text = template_text(name)
    compact = compact_template(text)
    assert len(compact.encode()) <= MOST_BODY_BYTES
    whole = parsed(text)
    for body in whole["Resources"].values():
        body.pop("Metadata", None)
    assert without_dashboard(parsed(compact)) == without_dashboard(whole)


def without_dashboard(template):
    """The text inside is JSON, indented with the rest."""
    body = template["Resources"].get("Dashboard", {"Properties": {}})["Properties"]
    if "DashboardBody" in body:
        body["DashboardBody"] = json.loads(re.sub(r"\$\{\w+(::\w+)?\}", "x", body["DashboardBody"]["Fn::Sub"]))
    return template


def test_the_registrys_schedule_calls_the_platforms_table_maker(whole):
    [rule] = resources(parsed(template_text("registry")), "AWS::Events::Rule").values()
    [target] = rule["Properties"]["Targets"]
    maker = whole["Resources"]["TableMakerFunction"]["Properties"]
    assert str(target["Arn"]).count(":function:${NamePrefix}json-schema-to-hive") == 1
    assert "${NamePrefix}json-schema-to-hive" in str(maker["FunctionName"])
    assert json.loads(target["Input"]) == {"all_names": True}
    # With the registry as repository the function reads it, and may.
    assert "HasRepository" in str(maker["Environment"]["Variables"]["SCHEMA_REPOSITORY"])
    assert "glue:ListSchemas" in str(whole["Resources"]["TableMakerRole"])
