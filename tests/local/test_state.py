"""What a data directory keeps: the server is killed, and everything is there again."""

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import boto3
import pytest
from botocore.exceptions import ClientError

import toolkit.local
from toolkit.local import DirectoryInUse, NotADataDirectory, UnreadableState
from toolkit.local.state.directory import DataDirectory, _lock
from toolkit.local.state.ledger import _pickled
from toolkit.local.state.store import Store

ANYBODY = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}

SERVE = "import sys; from toolkit.local.__main__ import main; sys.exit(main(sys.argv[1:]))"


class Server:
    """A server process that can be killed."""

    def __init__(self, directory):
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "--data", str(directory)], stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        assert line.startswith("Serving at "), line
        self.endpoint_url = line.split()[2]

    def client(self, service):
        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            region_name="eu-west-1",
        )

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@contextmanager
def served(directory):
    server = Server(directory)
    try:
        yield server
    finally:
        server.kill()


def query(athena, sql, **options):
    options.setdefault("ResultConfiguration", {"OutputLocation": "s3://athena-query-results/"})
    identifier = athena.start_query_execution(QueryString=sql, **options)["QueryExecutionId"]
    while True:
        execution = athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]
        if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
            assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
            return identifier


def rows(athena, identifier):
    found = athena.get_query_results(QueryExecutionId=identifier)["ResultSet"]["Rows"]
    return [tuple(datum.get("VarCharValue") for datum in row["Data"]) for row in found]


def fill(server):
    """Put something into every service; gives what has to be there after a crash."""
    s3 = server.client("s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="lake", Key="events/dt=1/a.json", Body=b'{"id": 1}\n', Metadata={"origin": "test"})
    s3.put_object(Bucket="lake", Key="large", Body=b"old" * 100_000)
    s3.put_object(Bucket="lake", Key="large", Body=b"new" * 100_000, Tagging="a=b")
    server.client("s3").put_object(Bucket="athena-query-results", Key="first", Body=b"before any bucket was made")
    s3.put_object(Bucket="lake", Key="gone", Body=b"x")
    s3.delete_object(Bucket="lake", Key="gone")
    upload = s3.create_multipart_upload(Bucket="lake", Key="parts")["UploadId"]
    part = s3.upload_part(Bucket="lake", Key="parts", UploadId=upload, PartNumber=1, Body=b"p" * 50_000)
    sqs = server.client("sqs")
    url = sqs.create_queue(QueueName="events", Attributes={"VisibilityTimeout": "1000"})["QueueUrl"]
    for text in ("one", "two", "three"):
        sqs.send_message(QueueUrl=url, MessageBody=text)
    taken = sqs.receive_message(QueueUrl=url)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=taken["ReceiptHandle"])
    held = sqs.receive_message(QueueUrl=url)["Messages"][0]
    fifo = sqs.create_queue(
        QueueName="ordered.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    )["QueueUrl"]
    sqs.send_message(QueueUrl=fifo, MessageBody="first", MessageGroupId="g")
    sns = server.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-west-1:123456789012:events")
    sns.publish(TopicArn=topic, Message="by topic")
    glue = server.client("glue")
    glue.create_registry(RegistryName="r")
    glue.create_schema(
        RegistryId={"RegistryName": "r"},
        SchemaName="event",
        DataFormat="JSON",
        Compatibility="NONE",
        SchemaDefinition='{"type": "object"}',
    )
    dynamodb = server.client("dynamodb")
    dynamodb.create_table(
        TableName="plain",
        KeySchema=[{"AttributeName": "h", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "h", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.create_table(
        TableName="ranged",
        KeySchema=[{"AttributeName": "h", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in (("h", "S"), ("r", "N"))
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="plain", Item={"h": {"S": "a"}, "n": {"N": "1"}})
    dynamodb.update_item(
        TableName="plain",
        Key={"h": {"S": "a"}},
        UpdateExpression="SET n = n + :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    for number in ("1", "2", "3"):
        dynamodb.put_item(TableName="ranged", Item={"h": {"S": "a"}, "r": {"N": number}})
    dynamodb.delete_item(TableName="ranged", Key={"h": {"S": "a"}, "r": {"N": "2"}})
    dynamodb.transact_write_items(
        TransactItems=[{"Put": {"TableName": "ranged", "Item": {"h": {"S": "b"}, "r": {"N": "9"}}}}]
    )
    kinesis = server.client("kinesis")
    kinesis.create_stream(StreamName="stream", ShardCount=1)
    kinesis.put_record(StreamName="stream", Data=b"record", PartitionKey="p")
    firehose = server.client("firehose")
    firehose.create_delivery_stream(
        DeliveryStreamName="hose",
        S3DestinationConfiguration={
            "RoleARN": "arn:aws:iam::123456789012:role/r",
            "BucketARN": "arn:aws:s3:::lake",
            "Prefix": "hose/",
        },
    )
    firehose.put_record(DeliveryStreamName="hose", Record={"Data": b"delivered"})
    server.client("events").put_rule(Name="daily", ScheduleExpression="rate(1 day)")
    server.client("logs").create_log_group(logGroupName="runner")
    server.client("secretsmanager").create_secret(Name="token", SecretString="not said")
    kms = server.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    signing = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    # Last, because a request to EventBridge writes all services down.
    server.client("cloudwatch").put_metric_alarm(
        AlarmName="dead letters",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="messages",
        Namespace="toolkit",
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )
    athena = server.client("athena")
    athena.create_work_group(
        Name="team",
        Configuration={"ResultConfiguration": {"OutputLocation": "s3://lake/results/"}},
        Tags=[{"Key": "owner", "Value": "me"}],
    )
    named = athena.create_named_query(Name="all", Database="default", QueryString="SELECT 1", WorkGroup="team")
    athena.create_prepared_statement(StatementName="one", WorkGroup="team", QueryStatement="SELECT ?")
    query(athena, "CREATE DATABASE shop")
    query(
        athena,
        "CREATE EXTERNAL TABLE shop.events (id int) PARTITIONED BY (dt string) "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/events/'",
    )
    query(athena, "MSCK REPAIR TABLE shop.events")
    return {
        "upload": upload,
        "part": part["ETag"],
        "handle": held["ReceiptHandle"],
        "query": query(athena, "SELECT id, dt FROM shop.events", WorkGroup="team"),
        "named": named["NamedQueryId"],
        "encrypted": kms.encrypt(KeyId=key, Plaintext=b"text")["CiphertextBlob"],
        "signing": signing,
        "public": kms.get_public_key(KeyId=signing)["PublicKey"],
    }


def test_all_that_was_answered_is_there_after_a_kill(tmp_path):
    with served(tmp_path) as server:
        before = fill(server)
    with served(tmp_path) as server:
        s3 = server.client("s3")
        small = s3.get_object(Bucket="lake", Key="events/dt=1/a.json")
        assert (small["Body"].read(), small["Metadata"]) == (b'{"id": 1}\n', {"origin": "test"})
        assert s3.get_object(Bucket="lake", Key="large")["Body"].read() == b"new" * 100_000
        assert s3.get_object_tagging(Bucket="lake", Key="large")["TagSet"] == [{"Key": "a", "Value": "b"}]
        versions = s3.list_object_versions(Bucket="lake", Prefix="large")["Versions"]
        assert [version["IsLatest"] for version in versions] == [True, False]
        older = s3.get_object(Bucket="lake", Key="large", VersionId=versions[1]["VersionId"])
        assert older["Body"].read() == b"old" * 100_000
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket="lake")["Contents"]]
        assert [key for key in keys if not key.startswith(("hose/", "results/"))] == ["events/dt=1/a.json", "large"]
        [hose] = [key for key in keys if key.startswith("hose/")]
        assert s3.get_object(Bucket="lake", Key=hose)["Body"].read() == b"delivered"
        s3.complete_multipart_upload(
            Bucket="lake",
            Key="parts",
            UploadId=before["upload"],
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": before["part"]}]},
        )
        assert s3.get_object(Bucket="lake", Key="parts")["Body"].read() == b"p" * 50_000

        sqs = server.client("sqs")
        url = sqs.get_queue_url(QueueName="events")["QueueUrl"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=before["handle"])
        bodies = [sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] for _ in range(2)]
        assert bodies[0] == "three"
        assert json.loads(bodies[1])["Message"] == "by topic"
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
        fifo = sqs.get_queue_url(QueueName="ordered.fifo")["QueueUrl"]
        assert sqs.receive_message(QueueUrl=fifo)["Messages"][0]["Body"] == "first"

        glue = server.client("glue")
        schema = glue.get_schema_version(
            SchemaId={"RegistryName": "r", "SchemaName": "event"}, SchemaVersionNumber={"LatestVersion": True}
        )
        assert schema["SchemaDefinition"] == '{"type": "object"}'
        partitions = glue.get_partitions(DatabaseName="shop", TableName="events")["Partitions"]
        assert [partition["Values"] for partition in partitions] == [["1"]]

        dynamodb = server.client("dynamodb")
        assert dynamodb.get_item(TableName="plain", Key={"h": {"S": "a"}})["Item"]["n"] == {"N": "2"}
        found = dynamodb.scan(TableName="ranged")["Items"]
        assert [(item["h"]["S"], item["r"]["N"]) for item in found] == [("a", "1"), ("a", "3"), ("b", "9")]

        kinesis = server.client("kinesis")
        shard = kinesis.list_shards(StreamName="stream")["Shards"][0]["ShardId"]
        iterator = kinesis.get_shard_iterator(StreamName="stream", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        records = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
        assert [record["Data"] for record in records] == [b"record"]

        assert [each["Name"] for each in server.client("events").list_rules()["Rules"]] == ["daily"]
        groups = server.client("logs").describe_log_groups()["logGroups"]
        assert [each["logGroupName"] for each in groups] == ["runner"]
        assert server.client("secretsmanager").get_secret_value(SecretId="token")["SecretString"] == "not said"
        kms = server.client("kms")
        assert kms.decrypt(CiphertextBlob=before["encrypted"])["Plaintext"] == b"text"
        assert kms.get_public_key(KeyId=before["signing"])["PublicKey"] == before["public"]
        alarms = server.client("cloudwatch").describe_alarms()["MetricAlarms"]
        assert [each["AlarmName"] for each in alarms] == ["dead letters"]

        athena = server.client("athena")
        assert rows(athena, before["query"]) == [("id", "dt"), ("1", "1")]
        assert before["query"] in athena.list_query_executions(WorkGroup="team")["QueryExecutionIds"]
        assert athena.get_named_query(NamedQueryId=before["named"])["NamedQuery"]["QueryString"] == "SELECT 1"
        arn = "arn:aws:athena:eu-west-1:123456789012:workgroup/team"
        assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "owner", "Value": "me"}]
        again = query(athena, "EXECUTE one USING 7", WorkGroup="team")
        assert rows(athena, again)[1:] == [("7",)]
        assert rows(athena, query(athena, "SELECT count(*) FROM shop.events", WorkGroup="team"))[1:] == [("1",)]

    # What is deleted stays deleted, and files that a crash left behind are swept.
    (tmp_path / "objects" / "orphan").write_bytes(b"left by a crash")
    with served(tmp_path) as server:
        s3, sqs, glue = server.client("s3"), server.client("sqs"), server.client("glue")
        assert not (tmp_path / "objects" / "orphan").exists()
        assert s3.get_object(Bucket="lake", Key="large", Range="bytes=5-9")["Body"].read() == b"wnewn"
        sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName="events")["QueueUrl"])
        server.client("dynamodb").delete_table(TableName="ranged")
        glue.delete_database(Name="shop")
        server.client("kinesis").delete_stream(StreamName="stream")
        s3.put_object(Bucket="lake", Key="large", Body=b"now small")
        s3.put_object(Bucket="athena-query-results", Key="first", Body=b"x")
        s3.delete_objects(Bucket="lake", Delete={"Objects": [{"Key": "events/dt=1/a.json"}]})
    with served(tmp_path) as server:
        s3, sqs, glue = server.client("s3"), server.client("sqs"), server.client("glue")
        url = sqs.get_queue_url(QueueName="events")["QueueUrl"]
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
        assert server.client("dynamodb").list_tables()["TableNames"] == ["plain"]
        assert [each["Name"] for each in glue.get_databases()["DatabaseList"]] == ["default"]
        assert server.client("kinesis").list_streams()["StreamNames"] == []
        assert s3.get_object(Bucket="lake", Key="large")["Body"].read() == b"now small"
        assert s3.get_object(Bucket="athena-query-results", Key="first")["Body"].read() == b"x"
        assert "events/dt=1/a.json" not in [each["Key"] for each in s3.list_objects_v2(Bucket="lake")["Contents"]]
        # What is made anew under an old name does not inherit.
        glue.create_database(DatabaseInput={"Name": "shop"})
        assert glue.get_tables(DatabaseName="shop")["TableList"] == []


def test_a_state_that_changes_while_it_is_read_is_read_again():
    state = {"one": 1}

    class Meddler:
        meddled = False

        def __reduce__(self):
            if not Meddler.meddled:
                Meddler.meddled = True
                state["three"] = 3
            return (str, ())

    state["two"] = Meddler()
    assert pickle.loads(_pickled(state)) == {"one": 1, "two": "", "three": 3}


def test_one_server_a_directory(tmp_path):
    with (
        toolkit.local.start(data_directory=tmp_path / "data") as platform,
        pytest.raises(DirectoryInUse) as caught,
        toolkit.local.launch(data_directory=tmp_path / "data"),
    ):
        pass
    message = str(caught.value)
    assert str(tmp_path / "data") in message
    assert platform.endpoint_url in message
    assert str(os.getpid()) in message


@pytest.fixture
def store(monkeypatch):
    """What the platform of a test writes its state to, once it is started."""
    made, prepare = [], Store._prepare

    def noted(self, path):
        prepare(self, path)
        made.append(self)

    monkeypatch.setattr(Store, "_prepare", noted)
    return made


def test_where_the_disk_is_full_nothing_waits_and_all_is_written_once_there_is_room(tmp_path, store):
    def client(platform, service):
        return boto3.client(service, endpoint_url=platform.endpoint_url, region_name="eu-west-1", **ANYBODY)

    def refused(call):
        with pytest.raises(ClientError, match=r"InsufficientStorage.*disk of the local platform is full") as error:
            call()
        assert error.value.response["ResponseMetadata"]["RetryAttempts"] == 0

    with toolkit.local.start(data_directory=tmp_path) as platform:
        s3, sqs, athena = (client(platform, name) for name in ("s3", "sqs", "athena"))
        s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        url = sqs.create_queue(QueueName="events")["QueueUrl"]
        query(athena, "SELECT 1")
        # SQLite answers then as it does on a full disk.
        [database] = [each._database for each in store]
        database.execute("PRAGMA max_page_count = 1")
        with suppress(ClientError):
            for number in range(1000):
                s3.put_object(Bucket="lake", Key=f"{number}", Body=b"x", Metadata={"long": "x" * 1000})
        assert number < 999
        refused(lambda: sqs.send_message(QueueUrl=url, MessageBody="x" * 10_000))
        refused(lambda: sqs.create_queue(QueueName="others"))
        refused(lambda: query(athena, "SELECT 2 -- " + "x" * 10_000))
        database.execute("PRAGMA max_page_count = 1000000")
        query(athena, "SELECT 3")
        sqs.send_message(QueueUrl=url, MessageBody="last")
        there = [each["Key"] for each in s3.list_objects_v2(Bucket="lake")["Contents"]]
    with toolkit.local.start(data_directory=tmp_path) as platform:
        s3, sqs, athena = (client(platform, name) for name in ("s3", "sqs", "athena"))
        assert [each["Key"] for each in s3.list_objects_v2(Bucket="lake")["Contents"]] == there
        assert [each.rpartition("/")[2] for each in sqs.list_queues()["QueueUrls"]] == ["events", "others"]
        url = sqs.get_queue_url(QueueName="events")["QueueUrl"]
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        assert {each["Body"][:4] for each in received} == {"xxxx", "last"}
        assert len(athena.list_query_executions()["QueryExecutionIds"]) == 2


def test_a_content_stays_until_what_replaces_it_is_written(tmp_path, store):
    """Before, a kill finds the object as it was."""
    kept, killed = tmp_path / "kept", tmp_path / "killed"
    with toolkit.local.start(data_directory=kept) as platform:
        s3 = boto3.client("s3", endpoint_url=platform.endpoint_url, region_name="eu-west-1", **ANYBODY)
        s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket="lake", Key="key", Body=b"old" * 20_000)
        [database] = [each._database for each in store]
        database.execute("PRAGMA max_page_count = 1")
        with suppress(ClientError):
            for number in range(1000):
                s3.put_object(Bucket="lake", Key=f"{number}", Body=b"x", Metadata={"long": "x" * 1000})
        with pytest.raises(ClientError, match="InsufficientStorage"):
            s3.put_object(Bucket="lake", Key="key", Body=b"new" * 20_000, Metadata={"long": "x" * 2000})
        shutil.copytree(kept, killed)
        database.execute("PRAGMA max_page_count = 1000000")
        s3.delete_object(Bucket="lake", Key="another")
        assert len(list((kept / "objects").iterdir())) == 1
    for directory, content in ((killed, b"old"), (kept, b"new")):
        with toolkit.local.start(data_directory=directory) as platform:
            s3 = boto3.client("s3", endpoint_url=platform.endpoint_url, region_name="eu-west-1", **ANYBODY)
            assert s3.get_object(Bucket="lake", Key="key")["Body"].read() == content * 20_000


def test_a_file_is_no_data_directory(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(NotADataDirectory, match="choose a directory"),
        toolkit.local.start(data_directory=tmp_path / "file"),
    ):
        pass


def test_damaged_state_is_refused_by_name(tmp_path):
    (tmp_path / "state.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(UnreadableState, match="toolkit local reset"), toolkit.local.start(data_directory=tmp_path):
        pass
    # Nothing of the failed start is left behind.
    with toolkit.local.start():
        pass


def test_state_that_is_damaged_somewhere_is_refused_by_name(tmp_path, capsys):
    from toolkit.local.command import main

    store = Store(DataDirectory(tmp_path).store)
    for number in range(100):
        store.put_backend("sqs", "123456789012", f"region-{number}", b"x" * 5000)
        store.put_entity("sqs", f"{number}", b"x" * 5000)
    store.close()
    with (tmp_path / "state.sqlite").open("r+b") as file:
        for start in range(4096, file.seek(0, os.SEEK_END), 4096):
            file.seek(start)
            file.write(b"damage" * 10)
    words = r"state\.sqlite can't be read \(database disk image is malformed\)"
    with pytest.raises(UnreadableState, match=words), toolkit.local.start(data_directory=tmp_path):
        pass
    assert main(["status", "--data", str(tmp_path)]) == 1
    assert "database disk image is malformed" in capsys.readouterr().err


def test_who_asks_for_the_holder_keeps_no_server_from_its_start(tmp_path):
    directory = DataDirectory(tmp_path)
    with directory.held():
        pass
    with (tmp_path / "server.json").open("r+") as asking:
        assert _lock(asking)
        timer = threading.Timer(0.1, asking.close)
        timer.start()
        with directory.held():
            assert asking.closed
    timer.join()


def test_who_has_locked_what_a_reset_deletes_holds_nothing(tmp_path, monkeypatch):
    directory = DataDirectory(tmp_path)
    resets = []

    def lock_after_a_reset(file):
        if not resets:
            (tmp_path / "server.json").unlink()
            resets.append(file)
        return _lock(file)

    monkeypatch.setattr("toolkit.local.state.directory._lock", lock_after_a_reset)
    with directory.held(), pytest.raises(DirectoryInUse), directory.held():
        pass
    assert resets


def test_a_reset_leaves_what_is_not_ours(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with toolkit.local.start(data_directory=tmp_path), pytest.raises(DirectoryInUse):
        DataDirectory(tmp_path).reset()
    DataDirectory(tmp_path).reset()
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_reset_touches_no_folder_in_which_no_platform_kept_anything(tmp_path):
    (tmp_path / "objects").mkdir()
    (tmp_path / "objects" / "pack").write_text("git's")
    DataDirectory(tmp_path).reset()
    assert (tmp_path / "objects" / "pack").read_text() == "git's"
    assert [each.name for each in tmp_path.iterdir()] == ["objects"]


def test_what_services_keep_beside_their_items_is_there_after_a_kill(tmp_path):
    with served(tmp_path) as server:
        dynamodb, s3, logs = map(server.client, ("dynamodb", "s3", "logs"))
        s3.create_bucket(Bucket="tagged", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        table = dynamodb.create_table(
            TableName="schemas",
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        )
        stream = table["TableDescription"]["LatestStreamArn"]
        logs.create_log_group(logGroupName="group")
        logs.create_log_stream(logGroupName="group", logStreamName="stream")
        logs.put_log_events(
            logGroupName="group",
            logStreamName="stream",
            logEvents=[{"timestamp": int(time.time() * 1000), "message": "said"}],
        )
        s3.put_object(Bucket="tagged", Key="first", Body=b"x", Tagging="kind=first")
        s3.put_object(Bucket="tagged", Key="bare", Body=b"x", Tagging="kind=bare")
        s3.put_object(Bucket="tagged", Key="bare", Body=b"y")
        s3.copy_object(Bucket="tagged", Key="second", CopySource="tagged/first")
        for name in ("a", "b"):
            dynamodb.put_item(TableName="schemas", Item={"name": {"S": name}})
        told = changes(server, stream)
    with served(tmp_path) as server:
        s3, dynamodb = map(server.client, ("s3", "dynamodb"))
        tags = {key: s3.get_object_tagging(Bucket="tagged", Key=key)["TagSet"] for key in ("first", "second", "bare")}
        kind = [{"Key": "kind", "Value": "first"}]
        assert tags == {"first": kind, "second": kind, "bare": []}
        said = server.client("logs").get_log_events(logGroupName="group", logStreamName="stream")["events"]
        assert [each["message"] for each in said] == ["said"]
        assert changes(server, stream) == told
        dynamodb.put_item(TableName="schemas", Item={"name": {"S": "c"}})
        found = changes(server, stream)
        assert (found[:2], len(set(found))) == (told, 3)


def changes(server, stream):
    """Give the numbers of all changes in a DynamoDB stream."""
    streams = server.client("dynamodbstreams")
    [shard] = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
    place = {"StreamArn": stream, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    records = streams.get_records(ShardIterator=streams.get_shard_iterator(**place)["ShardIterator"])["Records"]
    return [each["dynamodb"]["SequenceNumber"] for each in records]


def test_what_a_topic_has_sent_is_not_written_again_with_each_message(tmp_path):
    with served(tmp_path) as server:
        sns = server.client("sns")
        topic = sns.create_topic(Name="news")["TopicArn"]
        for _ in range(3):
            sns.publish(TopicArn=topic, Message="x" * 100_000)
    store = Store(DataDirectory(tmp_path).store)
    assert max(len(content) for *_, content in store.backends()) < 50_000
    store.close()


def test_a_list_that_an_older_version_kept_with_its_service_stays(tmp_path):
    from toolkit.local.state import ledger, requests

    store = Store(tmp_path / "state.sqlite")
    with toolkit.local.start():
        backend = ledger._backends("cloudwatch")["123456789012"]["eu-west-1"]
        backend.metric_data.append("older")
        store.put_backend("cloudwatch", "123456789012", "eu-west-1", pickle.dumps({"metric_data": ["older"]}))
    for values in (["older", "newer"], ["older", "newer", "newer"]):
        with toolkit.local.start():
            kept = ledger.Ledger(store, tmp_path)
            kept.restore()
            with kept.writing(requests.Request("cloudwatch", touches_entities_only=True)):
                backend = ledger._backends("cloudwatch")["123456789012"]["eu-west-1"]
                backend.metric_data.append("newer")
            assert backend.metric_data == values
    store.close()
