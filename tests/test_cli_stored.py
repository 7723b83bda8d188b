import gzip
import json

import pytest

from toolkit import aws
from toolkit.athena import Athena
from toolkit.cli import main
from toolkit.hive import Column, create_database_sql, create_table_sql, parse_type, plan_table, repair_table_sql
from toolkit.schema import load_schema
from toolkit.validator import compile_schema, validate_ndjson

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "n": {"type": "integer", "minimum": 0},
    },
}


@pytest.fixture
def schema(tmp_path):
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(SCHEMA))
    return str(path)


@pytest.fixture
def raw(platform, bucket, unique):
    """The name of a raw table with six events on two days."""
    database = f"stored_{unique}"
    table = plan_table(
        load_schema(SCHEMA),
        database=database,
        name="raw",
        location=f"s3://{bucket}/raw/",
        partition_keys=(Column("dt", parse_type("string")),),
    ).table
    for day in ("2026-03-01", "2026-03-02"):
        lines = [json.dumps({"id": f"{day}-{n // 2}", "at": f"{day}T00:00:00Z", "n": n - 1}) for n in range(3)]
        body = gzip.compress("\n".join(lines).encode(), mtime=0)
        aws.call("s3", "put_object", Bucket=bucket, Key=f"raw/dt={day}/a.json.gz", Body=body)
    with Athena() as athena:
        for sql in (create_database_sql(database), create_table_sql(table), repair_table_sql(table)):
            athena.execute(sql)
    return f"{database}.raw"


def test_an_audit_tells_its_cost_first_and_what_it_found(raw, schema, capsys):
    arguments = ["audit", raw, "--schema", schema, "--event-id", "id", "--event-time", "at"]
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert err.startswith("query 1 of 2: reads ")
    assert f"{raw}: 6 rows, 2 rules checked, 1 broken" in out
    assert "2 rows repeat the event id of another (33.33%)" in out
    assert "expected at least 0; s3://" in out
    assert out.endswith(" bytes scanned, $0.00010\n")
    assert "2026-03-01           3" in out
    assert main([*arguments, "--dry-run", "--from", "2026-03-02"]) == 0
    out, _ = capsys.readouterr()
    assert 'WHERE "event"."dt" >= \'2026-03-02\'' in out


def test_an_audit_beyond_the_budget_does_not_run(raw, schema, capsys):
    assert main(["audit", raw, "--schema", schema, "--budget", "0.00001"]) == 2
    assert "the audit may cost $0.00010, the budget is $0.00001" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audit", "nodot"], "expected a table as DATABASE.TABLE"),
        (["audit", "no.table"], "glue.get_table"),
        (["audit", "RAW", "--event-id", "nope"], "no column 'nope'"),
        (["audit", "RAWW"], "not found; did you mean stored_"),
        (
            ["audit", "RAW", "--from", "2026-03-02", "--to", "2026-03-01"],
            "--from 2026-03-02 comes after --to 2026-03-01",
        ),
        (["backfill", "RAW", "RAW", "--from", "2026-03-02", "--to", "2026-03-01"], "--from 2026-03-02 comes after"),
        (
            ["audit", "RAW", "--schema", "user_registered"],
            "the table has no column of user_registered; is that its schema?",
        ),
    ],
)
def test_a_mistake_is_one_sentence(raw, schema, capsys, arguments, message):
    command, *arguments = [word.replace("RAW", raw).replace("rawW", "raww") for word in arguments]
    assert main([command, "--schema", schema, *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err.splitlines()[-1]
    assert "Traceback" not in err


def test_a_backfill_makes_the_table_and_goes_on(raw, schema, bucket, capsys):
    database = raw.partition(".")[0]
    arguments = ["backfill", raw, f"{database}.curated", "--schema", schema, "--location", f"s3://{bucket}/curated/"]
    assert main([*arguments, "--dry-run"]) == 0
    # Three queries a partition, each charged ten megabytes at least.
    assert capsys.readouterr().err.startswith("2 of 2 partitions to write by 6 queries, which read ")
    assert main([*arguments, "--budget", "0.0002"]) == 2
    assert f"{database}.curated: the back-fill may cost $0.00030, the budget is $0.0002" in capsys.readouterr().err
    assert main([*arguments, "--to", "2026-03-01"]) == 0
    out, err = capsys.readouterr()
    assert "1 partition: 1 written with 3 rows" in out
    assert err.startswith("1 of 1 partition to write by 3 queries, which read ")
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert err.startswith("1 of 2 partitions to write by 3 queries, which read ")
    assert "dt=2026-03-01  unchanged" in out
    assert "dt=2026-03-02  written   3 rows" in out
    with Athena() as athena:
        assert athena.query(f"SELECT count(*) AS c FROM {database}.curated")["c"].tolist() == [6]


@pytest.mark.parametrize("budget", ["NaN", "Infinity", "much"])
def test_a_budget_is_an_amount(budget, capsys):
    with pytest.raises(SystemExit):
        main(["audit", "shop.orders", "--schema", "order_placed", "--budget", budget])
    assert f"expected an amount such as 0.50, found '{budget}'" in capsys.readouterr().err


def test_a_backfill_into_nothing_says_what_it_wants(raw, capsys):
    assert main(["backfill", raw, "nowhere.curated"]) == 2
    assert "there is no such table; give --schema and --location to make it" in capsys.readouterr().err


def test_a_replay_says_which_events_no_query_will_find(schema, tmp_path, bucket, capsys):
    rejects = tmp_path / "rejects"
    times = ["2026-03-02T10:00:00Z", "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2026-02-29T00:00:00Z", "soon"]
    lines = b"".join(json.dumps({"id": "a", "at": at, "x": 1}).encode() + b"\n" for at in times)
    validate_ndjson(lines, compile_schema(load_schema(SCHEMA), strict=True), rejects=rejects)
    places = ["--accepted", f"s3://{bucket}/e/", "--event-time", "/at", "--rejects", str(tmp_path / "still")]
    for _ in range(2):
        assert main(["replay", str(rejects), "--schema", schema, "--no-strict", *places]) == 0
        captured = capsys.readouterr()
        assert "5 refused events read: 5 accepted now" in captured.out
        assert "/at tells some events no day from 2020 to tomorrow: they lie under dt=unknown" in captured.err
        assert [line.split("/")[4] for line in captured.out.splitlines()[:-1]] == ["dt=2026-03-02", "dt=unknown"]


def test_a_replay_counts_what_it_read(schema, tmp_path, capsys):
    rejects = tmp_path / "rejects"
    lines = b'{"id": "a", "x": 1}\n{"id": 2}\n{"id": "b"}\n'
    validate_ndjson(lines, compile_schema(load_schema(SCHEMA), strict=True), rejects=rejects)
    places = ["--accepted", str(tmp_path / "good"), "--rejects", str(tmp_path / "still")]
    assert main(["replay", str(rejects), "--schema", schema, "--no-strict", *places]) == 1
    assert "2 refused events read: 1 accepted now, 1 still refused, 0 too long" in capsys.readouterr().out
    assert (tmp_path / "good").read_bytes() == b'{"id": "a", "x": 1}\n'


def test_valid_events_are_stored_by_day_once_however_often_they_are_judged(schema, tmp_path, bucket, capsys):
    events = tmp_path / "events.ndjson"
    times = ["2026-03-02T10:00:00Z", "2026-03-03T00:00:00Z", "soon"]
    events.write_text("".join(json.dumps({"id": "a", "at": at}) + "\n" for at in times) + '{"id": 1}\n')
    place = ["--accepted", f"s3://{bucket}/accepted/", "--event-time", "/at"]
    for _ in range(2):
        assert main(["validate", str(events), "--schema", schema, "--no-strict", *place]) == 1
        captured = capsys.readouterr()
        assert "4 events: 3 valid, 1 invalid" in captured.out
        assert "/at tells some events no day from 2020 to tomorrow" in captured.err
    found = aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix="accepted/")["Contents"]
    keys = [item["Key"] for item in found]
    assert [key.split("/")[1] for key in keys] == ["dt=2026-03-02", "dt=2026-03-03", "dt=unknown"]
    again = tmp_path / "again.ndjson"
    arguments = ["validate", f"s3://{bucket}/{keys[0]}", "--schema", schema, "--no-strict", "--report", "-"]
    assert main([*arguments, "--accepted", str(again)]) == 0
    assert capsys.readouterr().out == "location,keyword,errors\n"
    assert again.read_text() == '{"id": "a", "at": "2026-03-02T10:00:00Z"}\n'


def test_valid_events_are_stored_of_what_can_be_read_twice_alone(schema, capsys):
    assert main(["validate", "-", "--schema", schema, "--accepted", "x"]) == 2
    assert "--accepted reads the events twice" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["audit", "a.b", "--schema", "s"], ["backfill", "a.b", "a.c"]])
@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026"])
def test_a_day_is_a_day(capsys, command, day):
    with pytest.raises(SystemExit):
        main([*command, "--from", day])
    assert f"argument --from: expected a day as YYYY-MM-DD, found '{day}'" in capsys.readouterr().err
