import json

import pytest

from toolkit import aws
from toolkit.athena import Athena
from toolkit.athena.statements import run_statement
from toolkit.errors import AwsError, QueryFailed, TableError
from toolkit.handlers import json_schema_to_hive
from toolkit.repositories import FolderRepository
from toolkit.simulation import EXAMPLE_EVENT

FIRST = {"type": "object", "properties": {"id": {"type": "integer"}}}
SECOND = {"type": "object", "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}}


@pytest.fixture
def database(platform, bucket, unique, monkeypatch):
    name = f"tables_{unique}"
    monkeypatch.setenv("EVENTS_DATABASE", name)
    monkeypatch.setenv("EVENTS_LOCATION", f"s3://{bucket}/events/{{event_name}}/")
    return name


@pytest.fixture
def repository(tmp_path, monkeypatch):
    made = FolderRepository(tmp_path)
    made.add("moved", "1", json.dumps(FIRST))
    monkeypatch.setenv("SCHEMA_REPOSITORY", str(tmp_path))
    return made


def put(bucket, key, event):
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=json.dumps(event).encode() + b"\n")


def test_a_table_answers_without_anybody_registering_its_partitions(database, bucket, capsys):
    answer = json_schema_to_hive.handler()
    assert answer["state"] == "SUCCEEDED"
    assert capsys.readouterr().out.startswith("Query: CREATE EXTERNAL TABLE")
    put(bucket, "events/user_registered/dt=2026-03-02/1.json", EXAMPLE_EVENT)
    with Athena(database=database) as athena:
        frame = athena.query("SELECT name, dt FROM user_registered WHERE dt = '2026-03-02'")
    assert frame.values.tolist() == [["Joseph", "2026-03-02"]]


def test_a_new_version_changes_the_table_that_is_there(database, bucket, repository):
    json_schema_to_hive.handler({"event_name": "moved"})
    put(bucket, "events/moved/dt=2026-03-02/1.json", {"id": 1})
    repository.add("moved", "2", json.dumps(SECOND))
    json_schema_to_hive.handler({"event_name": "moved"})
    put(bucket, "events/moved/dt=2026-03-02/2.json", {"id": 2, "note": "x"})
    with Athena(database=database) as athena:
        frame = athena.query("SELECT id, note FROM moved WHERE dt = '2026-03-02' ORDER BY id")
    assert frame["id"].tolist() == [1, 2]
    assert frame["note"].tolist()[1] == "x"
    # Once more changes nothing.
    assert json_schema_to_hive.handler({"event_name": "moved"})["state"] == "SUCCEEDED"


def test_a_new_version_renames_nothing(database, bucket, repository):
    repository.add("named", "1", json.dumps({"type": "object", "properties": {"a b": {"type": "integer"}}}))
    json_schema_to_hive.handler({"event_name": "named"})
    both = {"a_b": {"type": "integer"}, "a b": {"type": "integer"}}
    repository.add("named", "2", json.dumps({"type": "object", "properties": both}))
    json_schema_to_hive.handler({"event_name": "named"})
    put(bucket, "events/named/dt=2026-03-02/1.json", {"a b": 1, "a_b": 2})
    with Athena(database=database) as athena:
        assert athena.fetch("SELECT a_b, a_b_2 FROM named WHERE dt = '2026-03-02'") == [(1, 2)]


def test_a_change_that_old_files_do_not_bear_is_refused(database, repository):
    json_schema_to_hive.handler({"event_name": "moved"})
    repository.add("moved", "2", json.dumps({"type": "object", "properties": {"id": {"type": "array"}}}))
    with pytest.raises(TableError, match=r"moved: id: bigint → "):
        json_schema_to_hive.handler({"event_name": "moved"})


def test_registered_partitions_get_the_columns_of_a_new_version(database, bucket, repository, monkeypatch, faults):
    """Events of the new version come into partitions of the old one, above all into today's."""
    monkeypatch.setenv("PARTITION_KEYS", "city=/city")
    json_schema_to_hive.handler({"event_name": "moved"})
    names = {"DatabaseName": database, "TableName": "moved"}

    def partition(number, columns=None):
        storage = aws.call("glue", "get_table", DatabaseName=database, Name="moved")["Table"]["StorageDescriptor"]
        location = f"s3://{bucket}/events/moved/dt=2026-03-02/city={number}/"
        made = {**storage, "Location": location, **({"Columns": columns} if columns else {})}
        return {"Values": ["2026-03-02", str(number)], "StorageDescriptor": made}

    def columns():
        pages = aws.pages("glue", "get_partitions", **names)
        found = [(each["Values"][1], each["StorageDescriptor"]) for page in pages for each in page["Partitions"]]
        assert all(storage["Location"].endswith(f"city={city}/") for city, storage in found)
        return {city: [column["Name"] for column in storage["Columns"]] for city, storage in found}

    own = [{"Name": "of_its_own", "Type": "string"}]
    parts = [*map(partition, range(150)), partition("x", own)]
    for at in range(0, len(parts), 100):
        aws.call("glue", "batch_create_partition", **names, PartitionInputList=parts[at : at + 100])
    repository.add("moved", "2", json.dumps(SECOND))
    faults.refuse("batch_update_partition", times=1)
    with pytest.raises(AwsError, match="injected"):
        json_schema_to_hive.handler({"event_name": "moved"})
    # What is asked again finds the table as it should be, and its partitions not.
    assert json_schema_to_hive.handler({"event_name": "moved"})["state"] == "SUCCEEDED"
    assert columns() == {"x": ["of_its_own"], **{str(number): ["id", "note"] for number in range(150)}}
    put(bucket, "events/moved/dt=2026-03-02/city=7/1.json", {"id": 2, "note": "x"})
    with Athena(database=database) as athena:
        assert athena.fetch("SELECT note FROM moved WHERE dt = '2026-03-02' AND city = '7'") == [("x",)]


@pytest.mark.parametrize("place", range(4))
def test_a_table_that_is_made_anew_loses_no_partition_wherever_that_ends(
    database, bucket, repository, monkeypatch, place
):
    monkeypatch.setenv("PARTITION_KEYS", "city=/city")
    json_schema_to_hive.handler({"event_name": "moved"})
    put(bucket, "events/moved/dt=2026-03-02/city=Leeds/1.json", {"id": 1})
    wider = {"type": "object", "properties": {"id": {"type": "number"}}}
    repository.add("moved", "2", json.dumps(wider))
    with Athena(database=database) as athena:
        athena.execute("MSCK REPAIR TABLE moved")
        real, started = json_schema_to_hive.run_statement, []

        def run(sql, **options):
            # The database, then DROP, CREATE and MSCK.
            started.append(sql)
            if len(started) == place + 1:
                raise QueryFailed("stopped", query_execution_id="x", state="CANCELLED", is_retryable=True)
            return real(sql, **options)

        with monkeypatch.context() as patch:
            patch.setattr(json_schema_to_hive, "run_statement", run)
            with pytest.raises(QueryFailed, match="stopped"):
                json_schema_to_hive.handler({"event_name": "moved"})
        json_schema_to_hive.handler({"event_name": "moved"})
        assert athena.fetch("SELECT id, city FROM moved WHERE dt = '2026-03-02'") == [(1.0, "Leeds")]


@pytest.mark.parametrize("name", ["order-placed", "Order.Placed"])
def test_an_event_of_any_published_name_gets_a_table(database, bucket, repository, name):
    repository.add(name, "1", json.dumps(FIRST))
    assert json_schema_to_hive.handler(stream((name, "1"))) == {"batchItemFailures": []}
    put(bucket, f"events/{name}/dt=2026-03-02/1.json", {"id": 1})
    with Athena(database=database) as athena:
        assert athena.fetch("SELECT id FROM order_placed WHERE dt = '2026-03-02'") == [(1,)]


def test_an_event_never_takes_the_table_of_another(database, repository):
    for name in ("order_placed", "order-placed", "Order_Placed"):
        repository.add(name, "1", json.dumps(FIRST))
    json_schema_to_hive.handler({"event_name": "order_placed"})
    for number, name in enumerate(["order-placed", "Order_Placed"]):
        with pytest.raises(
            TableError, match=rf"order_placed: is the table of the event 'order_placed'; publish '{name}'"
        ):
            json_schema_to_hive.handler({"event_name": name})
        answer = json_schema_to_hive.handler({"event_name": name, "table": f"other_{number}"})
        assert answer["state"] == "SUCCEEDED"


def test_what_others_have_added_to_a_table_stays(database, repository):
    json_schema_to_hive.handler({"event_name": "moved"})
    with Athena(database=database) as athena:
        athena.execute("ALTER TABLE moved SET TBLPROPERTIES ('owner' = 'shop')")
    assert json_schema_to_hive.handler({"all_names": True}) == {"made": [], "refused": 0}
    repository.add("moved", "2", json.dumps(SECOND))
    assert "ADD COLUMNS" in json_schema_to_hive.handler({"event_name": "moved"})["query"]
    found = aws.call("glue", "get_table", DatabaseName=database, Name="moved")["Table"]["Parameters"]
    assert found["owner"] == "shop"


def test_a_key_that_differs_in_case_alone_takes_no_column(database, repository):
    repository.add("cased", "1", json.dumps({"type": "object", "properties": {"userId": {"type": "string"}}}))
    json_schema_to_hive.handler({"event_name": "cased"})
    both = {"userid": {"type": "string"}, "userId": {"type": "string"}}
    repository.add("cased", "2", json.dumps({"type": "object", "properties": both}))
    with pytest.raises(TableError, match="the keys 'userId' and 'userid' differ in letter case alone"):
        json_schema_to_hive.handler({"event_name": "cased"})


def stream(*versions, kind="INSERT"):
    return {
        "Records": [
            {
                "eventName": kind,
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "Keys": {"name": {"S": name}, "version": {"N": version}},
                    "SequenceNumber": str(number),
                },
            }
            for number, (name, version) in enumerate(versions, 100)
        ]
    }


def test_each_published_version_becomes_a_table(database, repository):
    repository.add("other", "1", json.dumps(SECOND))
    assert json_schema_to_hive.handler(stream(("moved", "1"), ("other", "1"))) == {"batchItemFailures": []}
    assert json_schema_to_hive.handler(stream(("ignored", "1"), kind="REMOVE")) == {"batchItemFailures": []}
    tables = aws.call("glue", "get_tables", DatabaseName=database)["TableList"]
    assert sorted(table["Name"] for table in tables) == ["moved", "other"]


def test_a_schema_that_can_be_no_table_blocks_nobody_and_an_outage_does(database, repository, faults):
    repository.add("hopeless", "1", '{"type": ')
    batch = stream(("hopeless", "1"), ("moved", "1"))
    assert json_schema_to_hive.handler(batch) == {"batchItemFailures": []}
    faults.refuse("start_query_execution", "InternalServerException")
    assert json_schema_to_hive.handler(batch) == {"batchItemFailures": [{"itemIdentifier": "101"}]}


def columns(database, table="moved"):
    found = aws.call("glue", "get_table", DatabaseName=database, Name=table)["Table"]["StorageDescriptor"]["Columns"]
    return [column["Name"] for column in found]


def test_a_record_that_comes_late_or_again_takes_no_table_back(database, repository):
    repository.add("moved", "2", json.dumps(SECOND))
    for version in ("2", "1", "2"):
        assert json_schema_to_hive.handler(stream(("moved", version))) == {"batchItemFailures": []}
        assert columns(database) == ["id", "note"]


def test_a_broken_version_leaves_the_table_of_the_one_before_it(database, repository):
    repository.add("moved", "2", "{")
    assert json_schema_to_hive.handler(stream(("moved", "1"), ("moved", "2"))) == {"batchItemFailures": []}
    assert columns(database) == ["id"]
    assert json_schema_to_hive.handler(stream(("moved", "2"))) == {"batchItemFailures": []}
    repository.add("moved", "3", json.dumps(SECOND))
    assert json_schema_to_hive.handler(stream(("moved", "3"))) == {"batchItemFailures": []}
    assert columns(database) == ["id", "note"]


def test_a_schedule_makes_the_tables_that_nobody_told_of(database, repository, faults, monkeypatch):
    repository.add("other", "1", json.dumps(SECOND))
    repository.add("hopeless", "1", '{"type": ')
    everything = {"all_names": True}
    assert json_schema_to_hive.handler(everything) == {"made": ["moved", "other"], "refused": 1}
    assert columns(database) == ["id"]
    # What is as it should be costs no statement.
    faults.calls.clear()
    assert json_schema_to_hive.handler(everything) == {"made": [], "refused": 1}
    assert "start_query_execution" not in faults.calls
    repository.add("moved", "2", json.dumps(SECOND))
    faults.refuse("start_query_execution", "InternalServerException")
    with pytest.raises(AwsError, match="tables that could not be made: moved; they are tried again"):
        json_schema_to_hive.handler(everything)
    faults.heal()
    assert json_schema_to_hive.handler(everything) == {"made": ["moved"], "refused": 1}
    assert columns(database) == ["id", "note"]


@pytest.mark.parametrize(
    ("status", "comes_again"),
    [
        ({"State": "FAILED", "AthenaError": {"ErrorCategory": 1, "Retryable": False}}, True),
        ({"State": "FAILED", "AthenaError": {"ErrorCategory": 3, "Retryable": True}}, True),
        ({"State": "CANCELLED"}, True),
        ({"State": "FAILED", "AthenaError": {"ErrorCategory": 2, "Retryable": False}}, False),
    ],
)
def test_a_fault_of_the_service_is_tried_again_and_one_of_the_statement_is_not(
    database, repository, monkeypatch, status, comes_again
):
    real = aws.call

    def call(service, operation, /, **parameters):
        answer = real(service, operation, **parameters)
        if operation == "get_query_execution":
            answer["QueryExecution"]["Status"] = {"StateChangeReason": "injected", **status}
        return answer

    monkeypatch.setattr(aws, "call", call)
    expected = [{"itemIdentifier": "100"}] if comes_again else []
    assert json_schema_to_hive.handler(stream(("moved", "1"))) == {"batchItemFailures": expected}


def test_too_many_requests_are_waited_out_under_one_token(platform, faults):
    tokens = []
    faults.refuse(
        "start_query_execution",
        "TooManyRequestsException",
        times=3,
        when=lambda parameters: tokens.append(parameters["ClientRequestToken"]) or True,
    )
    pauses = []
    assert run_statement("SELECT 1", sleep=pauses.append).state == "SUCCEEDED"
    assert pauses[:3] == [0.5, 1.0, 2.0]
    assert len(set(tokens)) == 1
    faults.refuse("start_query_execution", "TooManyRequestsException")
    with pytest.raises(AwsError, match="injected"):
        run_statement("SELECT 1", sleep=pauses.append)


def test_a_failed_statement_carries_its_reason(platform):
    with pytest.raises(QueryFailed, match="NOT_FOUND"):
        run_statement("SELECT * FROM no_such_table")
