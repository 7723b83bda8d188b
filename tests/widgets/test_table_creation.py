import ast
import re

import pytest

from toolkit import aws
from toolkit.athena import Athena, QueryExecution
from toolkit.athena.catalog import Catalog
from toolkit.errors import InvalidInput, NotFound, QueryFailed, TableError
from toolkit.hive import drop_table_sql
from toolkit.widgets.models import TableCreatorModel, table_creator


@pytest.fixture
def orders(platform, bucket, unique):
    """A model whose location holds two orders on two days."""
    for day in ("2026-03-01", "2026-03-02"):
        key = f"moved/dt={day}/events.json"
        aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=b'{"event_id": "a", "channel": "web"}\n')
    return TableCreatorModel(
        database=f"creator_{unique}",
        table="orders",
        location=f"s3://{bucket}/moved/",
        output_location=f"s3://{bucket}/results/",
    )


def parts(table):
    return table.columns, table.partition_keys, table.serde, table.location, table.parameters.get("projection.dt.range")


def rows(model):
    with Athena(output_location=model.output_location) as athena:
        frame = athena.query(f"SELECT dt, channel FROM {model.database}.{model.table} ORDER BY dt")
    return frame.to_numpy().tolist()


def test_the_table_can_be_queried_afterwards(orders):
    seen = []
    creation = orders.create(seen.append)
    assert str(creation) == f"{orders.database}.orders is created: 13 columns, partitioned by dt"
    assert (orders.state, orders.message, orders.creation) == ("done", str(creation), creation)
    assert [execution.state for execution in creation.executions] == ["SUCCEEDED"] * 3
    assert {execution.query for execution in seen} == {execution.query for execution in creation.executions}
    assert parts(Catalog().table(orders.database, "orders")) == parts(orders.plan.table)
    assert rows(orders) == [["2026-03-01", "web"], ["2026-03-02", "web"]]


def test_what_was_done_before_a_failure_is_told_and_seen(orders, unique):
    orders.location = f"s3://nowhere-{unique}/orders/"
    with pytest.raises(QueryFailed):
        orders.create()
    assert orders.message.endswith(
        f"; make the bucket, or correct the location; done before: the database, {orders.database}.orders"
    )
    assert (orders.inspection.exists, orders.inspection.differs) == (True, False)


def test_the_python_runs_and_makes_the_same_table(orders):
    exec(compile(ast.parse(orders.python), "copied", "exec"), {})
    assert parts(Catalog().table(orders.database, "orders")) == parts(orders.plan.table)
    assert len(rows(orders)) == 2


def test_the_python_of_a_projected_table_runs(orders):
    orders.projection = "2026-03-01"
    exec(compile(ast.parse(orders.python), "copied", "exec"), {})
    assert parts(Catalog().table(orders.database, "orders")) == parts(orders.plan.table)


def test_a_table_that_is_there_and_equal_is_left_as_it_is(orders):
    orders.create()
    again = orders.create()
    assert again.existed
    assert orders.message == f"{orders.database}.orders was there already: 13 columns, partitioned by dt"
    assert len(again.executions) == 1


def test_a_table_that_is_there_and_differs_is_not_passed_over(orders):
    orders.version = "1"
    orders.create()
    orders.version = "2"
    with pytest.raises(
        TableError,
        match=rf"^{orders.database}\.orders exists and differs; from it to this one: .*channel.*; change it by",
    ):
        orders.create()
    assert orders.state == "failed"
    assert "exists and differs" in orders.message
    with Athena(output_location=orders.output_location) as athena:
        athena.execute(drop_table_sql(Catalog().table(orders.database, "orders")))
    assert not orders.create().existed


def test_a_cancel_starts_no_further_statement(orders):
    with pytest.raises(QueryFailed) as raised:
        orders.create(lambda execution: orders.cancel())
    assert raised.value.state == "CANCELLED"
    assert orders.state == "cancelled"
    assert orders.message.startswith("cancelled before ")
    with pytest.raises(NotFound):
        Catalog().table(orders.database, "orders")
    assert orders.create().executions, "a cancelled creation can be started again"


def test_a_second_creation_has_to_wait(orders):
    refusals = []

    def start_another(execution):
        with pytest.raises(InvalidInput, match="something is running already") as raised:
            orders.create()
        refusals.append(raised.value)

    orders.create(start_another)
    assert refusals
    assert orders.state == "done"


def test_settings_can_change_while_the_table_is_made(orders):
    planned = orders.plan.table
    orders.create(lambda execution: setattr(orders, "table", "others"))
    assert orders.creation.table == planned
    assert orders.plan.table.name == "others"


class SlowAthena:
    """Runs until somebody asks to stop it, as a large repair does."""

    stopped = ()

    def __init__(self, **options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def execute(self, sql, *, on_progress):
        for _ in range(3):
            on_progress(QueryExecution("id-1", sql, "RUNNING"))
            if SlowAthena.stopped:
                raise QueryFailed("by user", query_execution_id="id-1", state="CANCELLED", query=sql)
        raise AssertionError("nobody stopped it")


def test_a_cancel_stops_the_running_statement_on_athena(monkeypatch):
    def call(service, operation, **parameters):
        if service == "glue":
            raise NotFound("no table")
        SlowAthena.stopped = (service, operation, parameters)

    monkeypatch.setattr(SlowAthena, "stopped", ())
    monkeypatch.setattr(table_creator, "Athena", SlowAthena)
    monkeypatch.setattr(aws, "call", call)
    model = TableCreatorModel(table="orders")
    with pytest.raises(QueryFailed):
        model.create(lambda execution: model.cancel())
    assert SlowAthena.stopped == ("athena", "stop_query_execution", {"QueryExecutionId": "id-1"})
    assert (model.state, model.message) == (
        "cancelled",
        "cancelled before the database was done; start again to go on from there",
    )


def test_the_table_that_is_there_becomes_the_planned_one(orders):
    orders.version = "1"
    orders.create()
    orders.version = "2"
    assert orders.inspection is None, "what was found is about another plan"
    found = orders.inspect()
    assert (found.exists, found.differs, found.object_count) == (True, True, 2)
    assert found.partitions == ({"dt": "2026-03-01"}, {"dt": "2026-03-02"})
    with pytest.raises(TableError, match="the change takes away"):
        orders.evolve()
    orders.allow_destructive = True
    change = orders.evolve()
    assert str(change).startswith(f"{orders.database}.orders is changed, in ")
    assert parts(Catalog().table(orders.database, "orders")) == parts(orders.plan.table)
    assert not orders.inspection.differs
    assert rows(orders) == [["2026-03-01", "web"], ["2026-03-02", "web"]]


def test_a_change_that_fails_half_way_leaves_what_is_there_to_be_seen(orders, monkeypatch):
    orders.version = "1"
    orders.create()
    orders.version = "2"
    orders.allow_destructive = True
    orders.inspect()
    run = orders._run

    def break_off(steps, on_progress):
        run(steps[:1], on_progress)
        raise TableError("no more")

    monkeypatch.setattr(orders, "_run", break_off)
    with pytest.raises(TableError, match="no more"):
        orders.evolve()
    assert not orders.inspection.exists, "the first step dropped it"
    monkeypatch.setattr(orders, "_run", run)
    orders.create()
    assert parts(Catalog().table(orders.database, "orders")) == parts(orders.plan.table)


def test_a_table_that_is_gone_meanwhile_is_said(orders):
    orders.version = "1"
    orders.create()
    orders.version = "2"
    orders.inspect()
    with Athena(output_location=orders.output_location) as athena:
        athena.execute(drop_table_sql(Catalog().table(orders.database, "orders")))
    with pytest.raises(NotFound):
        orders.evolve()
    assert orders.state == "failed"


def test_a_copy_is_of_the_table_that_was_chosen_when_it_began(orders):
    orders.create()
    name = orders.table
    stop = orders.observe(lambda: orders.is_running and setattr(orders, "table", "typed_meanwhile"))
    copy = orders.curate()
    stop()
    assert (orders.table, copy.table.name) == ("typed_meanwhile", f"{name}_curated")


def test_a_columnar_table_gets_no_copy_and_says_why(orders):
    orders.storage = "parquet"
    with pytest.raises(TableError, match="columnar already"):
        orders.curate()
    assert (orders.state, "columnar already" in orders.message) == ("failed", True)


def test_a_curated_copy_and_flat_views_follow(orders):
    with pytest.raises(NotFound, match="is not there: create it first"):
        orders.curate()
    orders.create()
    copy = orders.curate()
    assert copy.table.serde.library.endswith("ParquetHiveSerDe")
    assert re.fullmatch(
        rf"{orders.database}\.orders_curated is filled: 2 rows in 2 of 2 partitions, as many as in the table; that cost \$0\.\d+",
        orders.message,
    )
    views = orders.create_views()
    with Athena(output_location=orders.output_location) as athena:
        assert athena.query(f"SELECT count(*) AS n FROM {orders.database}.orders_curated")["n"].item() == 2
        assert athena.query(f"SELECT channel FROM {orders.database}.orders_flat")["channel"].tolist() == ["web", "web"]
    assert views.views[0].name == "orders_flat"


def test_a_curated_copy_is_filled_again_with_what_is_new(orders, bucket):
    orders.create()
    orders.curate()
    assert str(orders.curate()) == f"{orders.database}.orders_curated is up to date: 2 partitions, nothing new in them"
    key = "moved/dt=2026-03-02/late.json"
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=b'{"event_id": "b", "channel": "app"}\n')
    assert [filled.state for filled in orders.curate().partitions] == ["unchanged", "written"]
    with Athena(output_location=orders.output_location) as athena:
        assert athena.query(f"SELECT count(*) AS n FROM {orders.database}.orders_curated")["n"].item() == 3


def test_a_cancel_ends_the_filling_between_partitions(orders):
    orders.create()

    def cancel_at_the_second():
        if orders.message.startswith("Partition 2 of 2"):
            orders.cancel()

    stop = orders.observe(cancel_at_the_second)
    with pytest.raises(QueryFailed) as raised:
        orders.curate()
    stop()
    assert raised.value.state == "CANCELLED"
    assert (orders.state, orders.message) == (
        "cancelled",
        "cancelled before partition 2026-03-02 was filled; start again to go on from there",
    )
    assert [filled.state for filled in orders.curate().partitions] == ["unchanged", "written"]


def test_the_python_of_every_step_runs_and_does_the_same(orders):
    orders.version = "1"
    orders.create()
    orders.version = "2"
    orders.allow_destructive = True
    for code in (orders.evolution_python, orders.copy_python, orders.views_python):
        exec(compile(ast.parse(code), "copied", "exec"), {})
    catalog = Catalog()
    assert parts(catalog.table(orders.database, "orders")) == parts(orders.plan.table)
    assert parts(catalog.table(orders.database, "orders_curated")) == parts(orders.curated.table)
    assert [filled.state for filled in orders.curate().partitions] == ["unchanged", "unchanged"]
    assert "orders_flat" in catalog.tables(orders.database)


def test_a_copy_without_partitions_is_made_at_once_and_its_python_runs(bucket, unique):
    aws.call("s3", "put_object", Bucket=bucket, Key="flat/a.json", Body=b'{"event_id": "a", "channel": "web"}\n')
    model = TableCreatorModel(
        schema="order_placed",
        database=f"creator_{unique}",
        table="flat",
        location=f"s3://{bucket}/flat/",
        partition_keys="",
        output_location=f"s3://{bucket}/results/",
    )
    model.create()
    assert "is created and filled; reading the events cost $" in str(model.curate())
    with pytest.raises(TableError, match="exists already, and without partition keys nothing tells what is new"):
        model.curate()
    with Athena(output_location=model.output_location) as athena:
        athena.execute(drop_table_sql(model.curated.table))
    for item in aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix="flat_curated/")["Contents"]:
        aws.call("s3", "delete_object", Bucket=bucket, Key=item["Key"])
    exec(compile(ast.parse(model.copy_python), "copied", "exec"), {})
    assert "flat_curated" in Catalog().tables(model.database)


def test_the_checks_name_location_and_cost(orders):
    subjects = {check.subject for check in orders.checks}
    assert {"Names", "Losses", "Partitions", "Format", "Location"} <= subjects
    orders.inspect()
    [cost] = [check.text for check in orders.checks if check.subject == "Cost"]
    assert cost == "a query over everything reads 72 bytes, $0.00005; over one of the 2 partitions 36 bytes, $0.00005"


@pytest.mark.parametrize("storage", ["hive", "parquet", "orc"])
def test_every_format_makes_a_table_and_its_python(orders, storage):
    orders.storage = storage
    orders.create()
    assert parts(Catalog().table(orders.database, "orders")) == parts(orders.plan.table)
    exec(compile(ast.parse(orders.python), "copied", "exec"), {})


def test_an_iceberg_table_keeps_its_partitions_itself(bucket, unique):
    model = TableCreatorModel(
        database=f"creator_{unique}",
        table="orders",
        location=f"s3://{bucket}/iceberg/",
        storage="iceberg",
        partition_keys="day(event_time)",
        output_location=f"s3://{bucket}/results/",
    )
    assert model.problems == ()
    model.create()
    assert Catalog().table(model.database, "orders").is_iceberg


def test_an_endpoint_that_does_not_answer_is_a_check(monkeypatch):
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    model = TableCreatorModel(table="orders")
    assert "nothing answers at http://127.0.0.1:9" in model.inspect().failure
    assert any("nothing answers" in check.text for check in model.checks)


def test_a_table_over_a_whole_bucket_leaves_no_place_for_a_copy(bucket):
    model = TableCreatorModel(table="orders", location=f"s3://{bucket}/")
    assert (model.problems, model.curated) == ((), None)
    with pytest.raises(TableError, match=f"takes the whole bucket {bucket}"):
        model.curate()
