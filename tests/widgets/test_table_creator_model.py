import ast
import json

import pytest

from toolkit import aws
from toolkit.errors import EndpointUnreachable, InvalidInput
from toolkit.hive import create_table_sql, plan_table
from toolkit.repositories import bundled_schemas, open_repository
from toolkit.widgets.models import TableCreatorModel
from toolkit.widgets.models.projections import EXPECTED


@pytest.fixture
def folder(tmp_path):
    for path, schema in {
        "moved/1.json": {"type": "object", "properties": {"to": {"type": "string"}}},
        "moved/2.json": {"type": "object", "properties": {"to": {"type": "string"}, "at": {"type": "integer"}}},
        "broken/1.json": {"type": "objekt"},
        "order-paid/1.json": {"type": "object", "properties": {"id": {"type": "integer"}}},
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(json.dumps(schema))
    return tmp_path


def test_it_starts_with_the_first_schema_in_its_latest_version():
    model = TableCreatorModel()
    assert model.names == ("order_placed", "product_viewed", "user_registered")
    assert (model.schema, model.version, model.versions) == ("order_placed", "2", ("1", "2"))
    assert (model.database, model.table, model.location) == ("events", "order_placed", "s3://events/order_placed/")
    assert model.problems == ()


def test_the_statement_is_the_one_of_the_schema():
    model = TableCreatorModel(
        schema="user_registered", database="shop", table="users", location="s3://shop-events/users", partition_keys=""
    )
    plan = plan_table(
        open_repository().load("user_registered"), database="shop", name="users", location="s3://shop-events/users/"
    )
    assert model.ddl == create_table_sql(plan.table)
    assert model.plan == plan
    assert list(model.losses["column"]) == [loss.column for loss in plan.losses]


def test_a_table_called_as_its_schema_follows_it_and_the_location_follows_the_table():
    model = TableCreatorModel(location="s3://mine/raw/order_placed/")
    model.schema = "product_viewed"
    assert (model.version, model.table, model.location) == ("1", "product_viewed", "s3://mine/raw/product_viewed/")
    model.table = "views"
    assert model.location == "s3://mine/raw/views/"
    for text in ("", "b", "bo", "bot"):
        model.table = text
    assert model.location == "s3://mine/raw/bot/"


def test_what_was_chosen_apart_stays():
    model = TableCreatorModel(table="orders", location="s3://mine/raw/")
    model.schema = "product_viewed"
    assert (model.table, model.location) == ("orders", "s3://mine/raw/")


def test_a_name_that_is_not_plain_makes_a_plain_table(folder):
    assert TableCreatorModel(folder, schema="order-paid").table == "order_paid"


def test_a_folder_of_schemas_can_be_chosen_later(folder):
    model = TableCreatorModel()
    model.repository = str(folder)
    model.schema = "moved"
    assert (model.names, model.versions) == (("broken", "moved", "order-paid"), ("1", "2"))
    assert "`at` bigint" in model.ddl
    model.version = "1"
    assert "`at` bigint" not in model.ddl


def test_the_schema_stays_when_another_repository_has_it_too(folder):
    model = TableCreatorModel(folder, schema="moved")
    (folder / "other" / "moved").mkdir(parents=True)
    (folder / "other" / "moved" / "7.json").write_text('{"type": "object", "properties": {"x": {}}}')
    model.repository = str(folder / "other")
    assert model.schema == "moved"


def test_no_version_means_the_latest():
    model = TableCreatorModel(version="1")
    model.version = ""
    assert model.version == "2"


def test_schemas_in_s3_can_be_chosen(bucket):
    key = "schemas/user_registered/1.json"
    body = (bundled_schemas() / "user_registered" / "1.json").read_bytes()
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=body)
    model = TableCreatorModel(f"s3://{bucket}/schemas/")
    assert model.names == ("user_registered",)
    assert model.problems == ()


PROBLEMS = {
    "database": ("my-events", "database name 'my-events': expected letters a to z, digits and _ only"),
    "table": ("", "table name '': expected a name, found an empty one"),
    "location": ("/data", "location '/data': expected s3://bucket/prefix/"),
    "partition_keys": ("dt,", "partition keys: expected names such as dt or year:int, separated by commas"),
    "projection": ("2026-02-30", f"projection of dt '2026-02-30': {EXPECTED}"),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_is_a_sentence_and_leaves_no_statement(name):
    model = TableCreatorModel(table="orders")
    text, sentence = PROBLEMS[name]
    setattr(model, name, text)
    assert model.problems == (sentence,)
    assert (model.ddl, model.python, model.plan, model.losses.empty) == ("", "", None, True)
    with pytest.raises(InvalidInput, match="expected"):
        model.create()


def test_all_problems_are_told_at_once_and_go_when_mended():
    model = TableCreatorModel(table="orders")
    good = {name: getattr(model, name) for name in PROBLEMS}
    for name, (text, _) in PROBLEMS.items():
        setattr(model, name, text)
    assert len(model.problems) == len(PROBLEMS)
    for name, text in good.items():
        setattr(model, name, text)
    assert model.problems == ()
    assert model.location == "s3://events/orders/"


def test_a_partition_key_that_repeats_a_column_is_a_problem(folder):
    model = TableCreatorModel(folder, schema="moved", partition_keys="year:int")
    assert model.problems == ()
    model.partition_keys = "year:int, Year"
    assert len(model.problems) == 1
    assert "'year' appears twice" in model.problems[0]


def test_a_bare_projection_needs_one_key(folder):
    model = TableCreatorModel(folder, schema="moved", partition_keys="year:int, month:int", projection="2026-03-01")
    assert model.problems == (
        "projection '2026-03-01': expected one for each partition key, such as 'dt: 2026-03-01; hour: 0..23', for year, month",
    )
    model.partition_keys = "dt:date"
    assert "'projection.dt.range' = '2026-03-01,NOW'" in model.ddl


def test_an_unreadable_schema_is_a_problem(folder):
    model = TableCreatorModel(folder, schema="broken")
    assert len(model.problems) == 1
    assert "broken/1.json" in model.problems[0]


def test_an_unknown_schema_or_version_is_a_problem():
    model = TableCreatorModel()
    model.schema = "order_lost"
    assert "no schema named 'order_lost'; did you mean 'order_placed'? there are: order_placed" in model.problems[0]
    model.schema = "../../etc"
    assert "is no event name" in model.problems[0]
    model.schema, model.version = "order_placed", "9"
    assert "order_placed has no version '9'; it has: 1, 2" in model.problems[0]


def test_a_missing_repository_is_a_problem_and_the_form_lives_on(tmp_path):
    model = TableCreatorModel(tmp_path / "nowhere")
    assert model.names == ()
    assert "nowhere" in model.problems[0]
    model.repository = ""
    assert (model.schema, model.table) == ("order_placed", "order_placed")


def test_an_endpoint_that_does_not_answer_is_a_problem(monkeypatch):
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    model = TableCreatorModel("s3://schemas/")
    assert "nothing answers at http://127.0.0.1:9" in model.problems[0]
    model.repository = ""
    with pytest.raises(EndpointUnreachable):
        model.create()
    assert model.state == "failed"
    assert "nothing answers at http://127.0.0.1:9" in model.message
    model.table = "orders"
    assert (model.state, model.message) == ("idle", ""), "what was said is about other settings"


def test_observers_hear_once_of_each_change():
    model = TableCreatorModel()
    heard = []
    model.observe(lambda: heard.append((model.schema, model.table, model.problems)))
    model.schema = "product_viewed"
    model.table = "x y"
    assert heard == [
        ("product_viewed", "product_viewed", ()),
        ("product_viewed", "x y", ("table name 'x y': expected letters a to z, digits and _ only",)),
    ]


def test_no_setting_becomes_code(folder):
    hostile = "') or exit('\n\\"
    model = TableCreatorModel(folder, schema="moved", work_group=hostile)
    tree = ast.parse(model.python)
    assert hostile in [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


def test_a_statement_that_is_too_long_for_athena_is_a_problem(tmp_path):
    path = tmp_path / "wide.json"
    path.write_text(
        json.dumps({"type": "object", "properties": {f"field_{n:040}": {"type": "string"} for n in range(5000)}})
    )
    model = TableCreatorModel(path)
    (problem,) = model.problems
    assert "Athena takes at most 262144" in problem
    assert (model.ddl, model.plan) == ("", None)
