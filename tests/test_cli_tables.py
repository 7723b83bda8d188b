"""The commands about tables, run as a person runs them."""

import json

import pytest

from toolkit import aws
from toolkit.cli import main

OLD = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "n": {"type": "integer", "minimum": 0, "maximum": 9}},
}
NEW = {"type": "object", "properties": {**OLD["properties"], "more": {"type": "boolean"}}}
WORSE = {"type": "object", "properties": {"id": {"type": "boolean"}}}


@pytest.fixture
def run(capsys):
    def call(*arguments):
        try:
            status = main(arguments)
        except SystemExit as exit_:
            status = exit_.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.fixture
def schemas(tmp_path):
    for name, contents in (("old", OLD), ("new", NEW), ("worse", WORSE)):
        (tmp_path / f"{name}.json").write_text(json.dumps(contents))
    return lambda name: str(tmp_path / f"{name}.json")


def test_a_schema_that_is_none_is_not_compared(run, schemas, tmp_path):
    (tmp_path / "broken.json").write_text(json.dumps({"type": "object", "properties": {"n": {"maximum": "9"}}}))
    for pair in (("broken", "new"), ("new", "broken")):
        status, out, err = run("diff", *map(schemas, pair))
        assert (status, out) == (2, "")
        assert "broken.json#/properties/n/maximum: expected number" in err


@pytest.mark.parametrize("option", ["--policy=recursion_depth=" + "9" * 5000, "--projection=n=integer:1," + "9" * 5000])
def test_a_number_of_thousands_of_digits_is_no_number(run, schemas, option):
    status, _, err = run("ddl", schemas("old"), "--partition", "n:int", option)
    assert (status, "expected" in err) == (2, True)


def test_a_policy_and_a_projection_can_be_told(run, schemas):
    status, out, err = run(
        *("ddl", schemas("old"), "--database", "d", "--table", "t", "--partition", "dt"),
        *(
            "--projection",
            "dt=date:2024-01-01,NOW",
            "--policy",
            "integers=fit",
            "--location-template",
            "s3://b-b/${dt}/",
        ),
    )
    assert (status, "Nothing is lost" in err) == (0, False)
    assert "`n` tinyint" in out
    assert "'projection.dt.range' = '2024-01-01,NOW'" in out
    assert "'storage.location.template' = 's3://b-b/${dt}/'" in out
    assert "STORED AS PARQUET" in run("ddl", schemas("old"), "--storage", "parquet")[1]
    glue = json.loads(run("ddl", schemas("old"), "--glue")[1])
    assert [column["Name"] for column in glue["StorageDescriptor"]["Columns"]] == ["id", "n"]


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("--policy", "integers"), "expected CHOICE=VALUE"),
        (("--policy", "nonsense=1"), "with a choice of ambiguous"),
        (("--policy", "integers=huge"), "policy integers: expected one of bigint"),
        (("--policy", "recursion_depth=-1"), "policy recursion_depth: expected 0 or more"),
        (("--storage", "csv"), "policy storage: expected one of openx"),
        (("--projection", "dt=date:2026-01-01"), "'dt' is no partition key; add --partition dt"),
        (
            ("--partition", "dt", "--projection", "dt=date:2026-13-01"),
            "expected a day such as 2026-03-01, found '2026-13-01'",
        ),
        (
            ("--partition", "dt", "--projection", "dt=date:2026-02-01,2026-01-01"),
            "expected first <= last, found 2026-02-01",
        ),
        (("--projection", "dt=date"), "expected NAME=date:FIRST,LAST"),
        (("--projection", "dt=integer:a,b"), "expected NAME=date:FIRST,LAST"),
        (("--location-template", "s3://b-b/${dt}/"), "a location template needs projections"),
    ],
)
def test_what_a_person_mistypes_is_one_line(run, schemas, arguments, rule):
    status, out, err = run("ddl", schemas("old"), *arguments)
    assert (status, out) == (2, "")
    assert rule in err
    assert err.count("\n") == 1


def test_the_preflight_names_line_column_and_verdict(run, schemas, tmp_path):
    events = tmp_path / "events.ndjson"
    events.write_bytes(b'{"id": "a", "n": 1}\n{"id": "b", "n": 1.0}\r\n{"id": [1]}\n{broken\n')
    status, out, _ = run("preflight", str(events), "--schema", schemas("old"))
    assert status == 1
    assert out.startswith("4 lines read, 1 without a finding, 1 accepted ones that fail a query or read as NULL\n")
    assert "line 2: n: error: an integer written with a point or an exponent" in out
    assert "line 3: id: changed: an array becomes JSON text" in out
    assert out.count("(accepted by the schema)") == 1
    assert "line 4: (row): error: a line that is no JSON fails every query (refused by the schema)" in out
    status, _, err = run("preflight", str(tmp_path / "nothing"), "--schema", schemas("old"))
    assert (status, err.count("\n")) == (2, 1)


def test_the_preflight_says_of_an_empty_file_that_it_is_empty(run, schemas, tmp_path):
    events = tmp_path / "events.ndjson"
    events.touch()
    assert run("preflight", str(events), "--schema", schemas("old"))[2] == f"toolkit: {events} is empty\n"


def test_the_preflight_counts_what_it_does_not_show(run, schemas, tmp_path):
    events = tmp_path / "events.ndjson"
    events.write_bytes(b'{"id": [1]}\n' * 1_030)
    out = run("preflight", str(events), "--schema", schemas("old"))[1].splitlines()
    assert out[0].startswith("1,030 lines read, 0 without a finding")
    assert out[-1] == "... and 1,010 more findings, which the counts above include"
    assert len(out) == 23


def test_keys_that_are_named_otherwise_in_the_table_are_told(run, tmp_path):
    schema = tmp_path / "s.json"
    schema.write_text('{"properties": {"Device-ID": {"type": "string"}, "ts": {"type": "string"}}}')
    err = run("ddl", str(schema), "--partition", "ts")[2]
    assert "the key 'Device-ID' is named device_id in the table" in err
    assert "the key 'ts' is named ts_2 in the table" in err


def test_two_versions_are_compared_for_people_and_for_the_table(run, schemas):
    status, out, _ = run("diff", schemas("old"), schemas("new"))
    assert status == 0
    assert out == (
        "BACKWARD\n  more: property added: boolean (breaks readers)\n\nIn a table of openx:\n  added more: boolean\n"
        "  1 statement\n"
    )
    status, out, err = run("diff", schemas("old"), schemas("worse"), "--level", "full")
    assert (status, err) == (1, "2 changes break FULL\n")
    assert "refused: id: string → boolean" in out
    status, _, err = run("diff", schemas("old"), schemas("new"), "--level", "SIDEWAYS")
    assert (status, "expected one of NONE, BACKWARD" in err) == (2, True)


def test_a_table_evolves_after_its_plan_was_shown(run, schemas, platform, bucket):
    where = ("--database", bucket.replace("-", "_"), "--table", "events")
    run("create-table", schemas("old"), *where, "--location", f"s3://{bucket}/events/")
    status, out, _ = run("evolve", schemas("new"), *where)
    assert status == 0
    assert "Step 1: the columns of the table: more come last" in out
    status, out, _ = run("evolve", schemas("new"), *where, "--from", schemas("old"), "--apply")
    assert (status, out.splitlines()[-1]) == (0, "1 statement run")
    status, out, _ = run("evolve", schemas("new"), *where, "--from", schemas("old"))
    assert status == 0
    assert out.splitlines()[:3] == [
        f"{where[1]}.events has drifted from its schema:",
        "  added more: boolean",
        "Nothing changes.",
    ]
    assert run("evolve", schemas("worse"), *where)[0] == 1
    status, _, err = run("evolve", schemas("new"), "--database", "nowhere", "--table", "nothing")
    assert (status, err.count("\n")) == (2, 1)


def test_a_location_that_is_not_there_is_said(run, schemas, platform, bucket):
    where = ("--database", bucket.replace("-", "_"), "--table", "events")
    status, out, err = run("create-table", schemas("old"), *where, "--location", "s3://no-such-bucket-here/events/")
    assert status == 0
    assert f"{where[1]}.events is there" in out
    assert err.splitlines()[-1].startswith("its location s3://no-such-bucket-here/events/ can't be read: ")
    _, _, err = run("create-table", schemas("new"), *where[:3], "others", "--location", f"s3://{bucket}/events/")
    assert "can't be read" not in err


def test_what_is_destructive_needs_a_word(run, schemas, tmp_path, platform, bucket):
    where = ("--database", bucket.replace("-", "_"), "--table", "events")
    run("create-table", schemas("new"), *where, "--location", f"s3://{bucket}/events/")
    aws.call("s3", "put_object", Bucket=bucket, Key="events/a.json", Body=b'{"id": "kept"}')
    status, out, err = run("evolve", schemas("old"), *where, "--apply")
    assert status == 2
    assert "(destructive)" in out
    assert "takes away the definition of the table" in err
    assert run("evolve", schemas("old"), *where, "--apply", "--allow-destructive")[0] == 0
    assert run("query", f"SELECT id FROM {where[1]}.events", "--format", "csv")[1] == "id\nkept\n"
