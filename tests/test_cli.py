import gzip
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toolkit import aws, cli
from toolkit.cli import main

SEED_SCHEMA = "schemas/user_registered/1.json"
EVENT = {
    "eid": "1",
    "documentNumber": "2",
    "name": "Ada",
    "age": 36,
    "address": {"street": "S", "number": 1, "mailAddress": True},
}


@pytest.fixture
def run(capsys):
    """Run a command in this process and return its status, output and error output."""

    def call(*arguments):
        try:
            status = main(arguments)
        except SystemExit as exit_:
            status = exit_.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.ndjson"
    lines = [
        json.dumps(EVENT).encode(),
        b"",
        json.dumps({**EVENT, "age": "36"}).encode(),
        b"{broken",
        json.dumps({**EVENT, "extra": 1}).encode() + b"\r",
        b'{"eid": "\xff"}',
        json.dumps(EVENT).encode(),
    ]
    path.write_bytes(b"\n".join(lines))
    return path


def test_help_names_every_command(run):
    status, out, _ = run("--help")
    assert status == 0
    for command in ("tour", "validate", "ddl", "create-table", "query", "local", "lab", "simulate"):
        assert f"\n    {command}" in out


@pytest.mark.parametrize("command", ["tour", "validate", "ddl", "create-table", "query", "local", "lab", "simulate"])
def test_every_command_explains_itself(run, command):
    status, out, _ = run(command, "--help")
    assert status == 0
    assert out.startswith(f"usage: toolkit {command}")


@pytest.mark.parametrize(
    "name", ["x" * 5000, "/" + "x" * 5000, "/" + "x" * 5000 + ".json", "a\0b", "a\0.json", "#", ""]
)
def test_a_name_that_no_schema_can_have_is_refused(run, events, name):
    status, _, err = run("validate", str(events), "--schema", name)
    assert status == 2
    assert err.startswith("toolkit: ")


def test_validate_reports_each_broken_line_and_goes_on(run, events):
    status, out, err = run("validate", str(events), "--schema", "user_registered")
    assert status == 1
    assert "line 3: $.age: expected integer, found string" in out
    assert "line 4, column 2: " in out
    assert "line 5: $.extra: expected no undeclared field, found integer" in out
    assert "line 6, column " in out
    assert "UTF-8" in out
    assert out.splitlines()[-1] == "6 events: 2 valid, 4 invalid"
    assert err == ""


def test_where_undeclared_fields_alone_are_wrong_the_way_out_is_told(run, tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_text(json.dumps(EVENT | {"extra": 1}))
    said = (
        f"toolkit: {path}: nothing but undeclared fields was found wrong: declare them, or accept them by --no-strict\n"
    )
    assert run("validate", str(path), "--schema", "user_registered")[2] == said
    path.write_text(json.dumps(EVENT | {"extra": 1, "age": "1"}))
    assert run("validate", str(path), "--schema", "user_registered")[2] == ""
    # The lines that are shown are not all.
    path.write_text("\n".join([json.dumps(EVENT | {"extra": 1})] * 30 + [json.dumps(EVENT | {"age": "x"})]))
    assert run("validate", str(path), "--schema", "user_registered")[2] == ""


def test_validate_without_strictness_lets_undeclared_fields_pass(run, events):
    _, out, _ = run("validate", str(events), "--schema", SEED_SCHEMA, "--no-strict")
    assert out.splitlines()[-1] == "6 events: 3 valid, 3 invalid"


def test_validate_answers_zero_when_all_is_well(run, tmp_path):
    path = tmp_path / "good.ndjson"
    path.write_text(json.dumps(EVENT))
    assert run("validate", str(path), "--schema", "user_registered/1")[:2] == (0, "1 event: 1 valid, 0 invalid\n")


@pytest.mark.parametrize(
    "arguments",
    [["validate", "e", "--schema", "s"], ["validate", "--schema", "s", "e"], ["validate", "-", "--schema", "s"]],
)
def test_the_plainest_line_means_the_same_with_and_without_argparse(arguments, monkeypatch):
    monkeypatch.setenv("SCHEMA_REPOSITORY", "somewhere")
    plain = cli._plain_options(arguments)
    parsed = cli.parser("validate").parse_args(arguments)
    assert plain is None or vars(plain) == vars(parsed)
    assert (plain is None) == ("-" in arguments)


def test_validate_keeps_what_it_refuses_and_judges_it_again(run, events, tmp_path):
    rejects, report = tmp_path / "rejects.ndjson", tmp_path / "report.csv"
    options = ("--schema", SEED_SCHEMA, "--rejects", str(rejects), "--report", str(report), "--processes", "2")
    assert run("validate", str(events), *options)[0] == 1
    assert len(rejects.read_bytes().splitlines()) == 4
    assert report.read_text().splitlines()[0] == "location,keyword,errors"
    assert "$.age,type,1" in report.read_text()
    status, out, _ = run("validate", str(rejects), "--schema", SEED_SCHEMA, "--replay")
    assert (status, out.splitlines()[-1]) == (1, "4 events: 0 valid, 4 invalid")
    status, _, err = run("validate", str(events), *options)
    assert (status, err) == (
        2,
        f"toolkit: {rejects}: there is something in this file already; name another one, or remove it\n",
    )


def test_validate_keeps_its_columns_in_line(run, tmp_path):
    path = tmp_path / "bad.ndjson"
    path.write_text("{\n")
    lines = run("validate", str(path), "--schema", "user_registered")[1].splitlines()
    assert [line.index(word) for line, word in zip(lines[2:4], ("rule", "json"), strict=True)] == [10, 10]


@pytest.mark.parametrize("text", ['{\n "eid": "1"\n}\n', '[\n {\n  "eid": "1"\n }\n]\n', '[{"eid": "1"}]\n'])
def test_validate_says_what_to_do_with_what_is_no_ndjson(run, tmp_path, text):
    path = tmp_path / "events"
    path.write_text(text)
    status, out, err = run("validate", str(path), "--schema", "user_registered")
    assert (status, err.count("\n")) == (1, 1)
    assert "expected one JSON event a line (NDJSON)" in err
    assert f"jq -c '.[]' {path}" in err
    assert "0 valid" in out


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "1;2\n3;4\n", '"a","b"\n"1","2"\n', "<a>\n<b/>\n</a>\n", "- a: 1\n  b: 2\n"]
)
def test_validate_suggests_jq_for_json_alone(run, tmp_path, text):
    path = tmp_path / "events.csv"
    path.write_text(text)
    status, _, err = run("validate", str(path), "--schema", "user_registered")
    expected = "expected one JSON event a line (NDJSON), plain, gzip or zstd; what is in another format must be converted first"
    assert (status, err) == (1, f"toolkit: {path}: no event was read: {expected}\n")


def test_jq_reads_standard_input_without_a_name(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"[\n1,\n2\n]\n")))
    assert "`jq -c '.[]'` makes" in run("validate", "-", "--schema", "user_registered")[2]


def test_lines_that_are_no_json_beside_a_refused_event_are_counted(run, tmp_path):
    path = tmp_path / "mixed.ndjson"
    path.write_text('{"eid": 5}\n{broken\nalso {\n')
    status, _, err = run("validate", str(path), "--schema", "user_registered")
    assert status == 1
    assert f"{path}: 2 of 3 lines are no JSON: expected one JSON event a line" in err


def test_validate_reports_what_it_judged_before_a_damage(run, events, tmp_path):
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(events.read_bytes() * 50)[:-8])
    status, out, err = run("validate", str(path), "--schema", "user_registered")
    assert status == 2
    assert "line 3: $.age: expected integer, found string" in out
    assert "the compressed data ends too early; " in err


def test_formats_decide_on_request(run, tmp_path):
    schema, events = tmp_path / "s.json", tmp_path / "e.ndjson"
    schema.write_text('{"properties": {"at": {"type": "string", "format": "date-time"}}}')
    events.write_text('{"at": "2026-11-20 10:00"}\n')
    assert run("validate", str(events), "--schema", str(schema))[0] == 0
    status, out, _ = run("validate", str(events), "--schema", str(schema), "--formats")
    assert (status, out.splitlines()[0]) == (1, "line 1: $.at: expected the format date-time, found string")


def test_what_a_schema_hardly_means_is_said(run, events, tmp_path):
    path = tmp_path / "s.json"
    path.write_text('{"type": "object", "requierd": ["a"]}')
    said = f'toolkit: {path}: #/requierd: no keyword of 2020-12, so it is ignored; did you mean "required"?\n'
    for command in (["validate", str(events), "--schema", str(path)], ["ddl", str(path)]):
        assert run(*command)[2].startswith(said)
    many = {"type": "object", **{f"enum{number}": [] for number in range(30)}}
    path.write_text(json.dumps(many))
    err = run("validate", str(events), "--schema", str(path))[2]
    assert err.splitlines()[10:] == [f"toolkit: {path}: and 20 more such places"]


def test_a_schema_s_own_words_are_quoted_where_they_are_wrong(run, events, tmp_path):
    path = tmp_path / "s.json"
    path.write_text('{"properties": {"a": {"type": "strng"}}}')
    assert 'found string "strng"' in run("validate", str(events), "--schema", str(path))[2]


def test_a_schema_beside_its_name_is_suggested(run, events, tmp_path, monkeypatch):
    (tmp_path / "pay.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert run("validate", str(events), "--schema", "pay")[2].endswith("; or is pay.json meant?\n")
    assert "did you mean 'order_placed'? there are: " in run("validate", str(events), "--schema", "order_plcaed")[2]


def test_a_terminal_of_few_characters_gets_escapes(tmp_path):
    path = tmp_path / "s.json"
    path.write_text('{"properties": {"país": {"type": "string"}, "→": {"type": "string"}}}', "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-m", "toolkit", "ddl", str(path)]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 0
    assert b"= 'pa\xeds'" in done.stdout
    assert b"= '\\u2192'" in done.stdout


def test_validate_shows_values_on_request_alone(run, events):
    assert "36" not in run("validate", str(events), "--schema", SEED_SCHEMA)[1]
    assert 'found string "36"' in run("validate", str(events), "--schema", SEED_SCHEMA, "--values")[1]


def test_validate_opens_no_address_but_s3(run):
    status, _, err = run("validate", "https://example.com/x", "--schema", SEED_SCHEMA)
    assert status == 2
    assert "expected a path or s3://bucket/key" in err


def test_validate_counts_the_lines_that_it_does_not_show(run, tmp_path):
    path = tmp_path / "bad.ndjson"
    path.write_text("{}\n" * 30)
    _, out, _ = run("validate", str(path), "--schema", "user_registered", "--show", "3")
    assert "... and 27 more refused lines" in out
    assert out.splitlines()[-1] == "30 events: 0 valid, 30 invalid"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["validate", "nowhere.ndjson", "--schema", "user_registered"], ["nowhere.ndjson"]),
        (["validate", "README.md", "--schema", "nowhere.json"], ["nowhere.json"]),
        (["validate", "README.md", "--schema", "unknown"], ["no schema named 'unknown'", "order_placed"]),
        (["validate", "README.md", "--schema", "README.md"], ["README.md", "JSON"]),
        (["validate", "README.md", "--schema", f"{SEED_SCHEMA}#/definitions/none"], ["/definitions/none"]),
        (["ddl", "user_registered", "--table", "no good"], ["no good"]),
        (["ddl", "user_registered", "--location", "http://x/"], ["http://x/"]),
        (["ddl", "user_registered", "--partition", "dt:nonsense"], ["nonsense"]),
        (["ddl", "user_registered", "--repository", "nowhere"], ["nowhere"]),
        (["tour", "--events", "README.md"], ["--schema"]),
        (["tour", "--events", "nowhere.ndjson", "--schema", SEED_SCHEMA], ["nowhere.ndjson"]),
        (["query", " "], ["empty"]),
        (["tour", "--output", "README.md/below"], ["README.md/below", "--output"]),
        (["ddl", "/"], ["--repository"]),
        (["ddl", "schemas/order_placed"], ["schemas/order_placed: ", "found a folder", "--repository"]),
        (["ddl", "./schemas"], ["./schemas: ", "found a folder"]),
        (["ddl", "dynamodb://schemas"], ["--repository dynamodb://schemas"]),
        (["validate", "README.md", "--schema", SEED_SCHEMA, "--accepted", "schemas"], ["schemas: ", "Is a directory"]),
        (
            ["validate", "README.md", "--schema", SEED_SCHEMA, "--accepted", "no/x"],
            ["no/x: ", "No such file or directory"],
        ),
        (["validate", "README.md", "--schema", SEED_SCHEMA, "--accepted", "README.md"], ["overwrite the source"]),
        (["validate", "README.md", "--schema", SEED_SCHEMA, "--accepted", "s3://"], ["s3://bucket/prefix/"]),
        (["validate", "README.md", "--schema", SEED_SCHEMA, "--event-time", "/at"], ["--accepted s3://"]),
        (
            ["validate", "README.md", "--schema", SEED_SCHEMA, "--accepted", "s3://b/e/", "--event-time", "at"],
            ["--event-time at: expected a JSON pointer, such as /at"],
        ),
    ],
)
def test_what_cannot_work_is_one_clear_line(run, arguments, words):
    status, out, err = run(*arguments)
    assert status == 2
    assert out == ""
    assert err.startswith("toolkit: ")
    assert err.count("\n") == 1
    for word in words:
        assert word in err


@pytest.mark.parametrize(
    "arguments", [["tour", "--count", "x"], ["tour", "--count", "0"], ["local", "--port", "70000"], ["nonsense"], []]
)
def test_what_cannot_be_parsed_is_said_with_the_usage(run, arguments):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("usage: toolkit")
    assert arguments or "expected a command; there are: validate, tour, " in err
    assert "_positive" not in err


def test_no_credentials_is_one_clear_line(run, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    status, _, err = run("query", "SELECT 1")
    assert status == 2
    assert "`toolkit local`" in err
    assert err.count("\n") == 1


def test_an_unreachable_endpoint_is_one_clear_line(run, platform):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    status, _, err = run("--endpoint-url", url, "query", "SELECT 1")
    assert status == 2
    assert f"nothing answers at {url}" in err
    assert err.count("\n") == 1


def test_a_busy_port_is_one_clear_line(run):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        status, _, err = run("local", "--in-memory", "--port", str(port))
    assert status != 0
    assert str(port) in err
    assert err.count("\n") == 1


def test_ddl_prints_the_statement_alone(run):
    status, out, err = run(
        "ddl", SEED_SCHEMA, "--database", "d", "--table", "t", "--partition", "dt", "--partition", "n:int"
    )
    assert status == 0
    assert out.startswith("CREATE EXTERNAL TABLE IF NOT EXISTS `d`.`t` (\n")
    assert "PARTITIONED BY (\n  `dt` string,\n  `n` int\n)" in out
    assert "LOCATION 's3://events/t/'" in out
    assert "integer" in err


def test_events_are_not_judged_where_the_bucket_of_the_accepted_ones_is_missing(run, platform, bucket, events):
    place = f"s3://no-{bucket}/users/"
    status, out, err = run("validate", str(events), "--schema", SEED_SCHEMA, "--accepted", place)
    assert (status, out) == (2, "")
    assert f"there is no bucket 'no-{bucket}'" in err


def test_a_table_is_created_and_queried(run, platform, bucket):
    location = f"s3://{bucket}/users/"
    aws.call("s3", "put_object", Bucket=bucket, Key="users/1.json", Body=json.dumps(EVENT).encode())
    name = bucket.replace("-", "_")
    status, out, _ = run("create-table", SEED_SCHEMA, "--database", "cli", "--table", name, "--location", location)
    assert (status, out.startswith(f"cli.{name} is there")) == (0, True)
    sql = f'SELECT name, address.number FROM cli."{name}"'
    assert run("query", sql, "--format", "csv")[:2] == (0, "name,number\nAda,1\n")
    assert run("query", sql, "--format", "json")[:2] == (0, '{"name":"Ada","number":1}\n')
    status, out, err = run("query", sql)
    assert [line.split() for line in out.splitlines()] == [["name", "number"], ["Ada", "1"]]
    assert err.startswith("1 row, ")


def test_a_query_that_fails_gives_athenas_reason_in_one_line(run, platform):
    status, out, err = run("query", "SELECT nothing FROM nowhere.nothing")
    assert (status, out) == (2, "")
    assert "SCHEMA_NOT_FOUND" in err
    assert err.count("\n") == 1
    err = run("query", "SELECT 1 FROM nothing")[2]
    assert err.startswith("toolkit: tables are looked for in the database 'default': name another by --database")
    assert "TABLE_NOT_FOUND" in err


def test_the_simulations_end_as_the_original_did(run):
    status, out, _ = run("simulate", "event-validator")
    assert status == 0
    assert out.endswith("Response status code: [200]\n")
    status, out, _ = run("simulate", "json-schema-to-hive")
    assert status == 0
    assert out.startswith("Query: CREATE EXTERNAL TABLE")
    assert "Joseph" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["validate", "e", "--schema", "s", "--format", "json"],
            "validate: error: unrecognized arguments: --format json; did you mean --formats?",
        ),
        (
            ["validate", "e", "--schema", "s", "--reject", "f"],
            "validate: error: unrecognized arguments: --reject f; did you mean --rejects?",
        ),
        (
            ["query", "--work-grup=a", "x"],
            "query: error: unrecognized arguments: --work-grup=a; did you mean --work-group?",
        ),
        (["platform", "cost", "--events-per-day", "1", "-q"], "platform cost: error: unrecognized arguments: -q"),
    ],
)
def test_an_option_that_there_is_not_is_told_below_its_command(run, arguments, said):
    """Cut short, an option is none: what it means would change with the next option."""
    status, _, err = run(*arguments)
    assert (status, err.splitlines()[-1]) == (2, f"toolkit {said}")
    assert err.startswith(f"usage: toolkit {said.partition(':')[0]} ")


@pytest.mark.parametrize("command", ["validate", "schema publish", "platform deploy"])
def test_help_begins_with_what_a_command_does_and_ends_with_its_status(run, command):
    paragraphs = run(*command.split(), "--help")[1].split("\n\n")
    assert paragraphs[1].endswith(".")
    assert " ".join(paragraphs[-1].split()).startswith(
        "The exit status is 0 when all is well, 1 when faults were found"
    )


needs_full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


@needs_full_device
@pytest.mark.parametrize("options", [(), ("--json",), ("--report", "-")])
@pytest.mark.parametrize("copies", [1, 1000])
def test_a_full_disk_under_standard_output_is_told(events, tmp_path, options, copies):
    """Whether the text is held back until the end, or fails while it is written."""
    many = tmp_path / "many.ndjson"
    many.write_bytes(events.read_bytes() * copies)
    command = [
        sys.executable,
        "-m",
        "toolkit",
        "validate",
        str(many),
        "--schema",
        SEED_SCHEMA,
        "--show",
        "10000",
        *options,
    ]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        "toolkit: output can't be written: No space left on device\n",
    )


@needs_full_device
@pytest.mark.parametrize("option", ["--rejects", "--accepted", "--report"])
def test_a_full_disk_under_a_file_is_told(run, events, option):
    status, _, err = run("validate", str(events), "--schema", SEED_SCHEMA, option, "/dev/full")
    assert status == 2
    assert err.startswith("toolkit: /dev/full: ")
    assert "can't be written: No space left on device" in err
    assert err.count("\n") == 1


def test_who_interrupts_hears_how_far_it_came(run, monkeypatch):
    class Stopped(io.BytesIO):
        def read(self, size=-1):
            data = super().read(size)
            if not data:
                raise KeyboardInterrupt
            return data

    lines = [json.dumps(EVENT).encode(), b"{}"] * 50_000
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Stopped(b"\n".join(lines))))
    status, out, err = run("validate", "-", "--schema", SEED_SCHEMA)
    assert (status, out) == (130, "")
    found = re.fullmatch(r"toolkit: -: ([0-9,]+) lines judged, ([0-9,]+) of them invalid\ninterrupted\n", err)
    judged, invalid = (int(text.replace(",", "")) for text in found.groups())
    assert 0 < judged <= len(lines)
    assert invalid in (judged // 2, (judged + 1) // 2)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_stopped_inside_exec_still_says_interrupted(tmp_path, number):
    """Dataclasses and compiled schemas are made by ``exec``, where `python -m` takes an interrupt for unhandled."""
    script = tmp_path / "stopped.py"
    script.write_text(
        "import sys\nfrom toolkit import cli\n"
        f"cli.run_tour = lambda options: exec('import os; os.kill(os.getpid(), {int(number)}); [0 for _ in range(9)]')\n"
        "sys.exit(cli.main(['tour']))\n"
    )
    done = subprocess.run([sys.executable, "-m", "stopped"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_meets_a_finalizer_is_not_lost(tmp_path, number):
    script = tmp_path / "stopped.py"
    script.write_text(
        "import os, sys, time\nfrom toolkit import cli\n"
        "class Fleeting:\n"
        "    def __del__(self):\n"
        f"        os.kill(os.getpid(), {int(number)}); [0 for _ in range(9)]\n"
        "def run(options):\n    Fleeting()\n    time.sleep(100)\n"
        "cli.run_tour = run\nsys.exit(cli.main(['tour']))\n"
    )
    # A call that waits does not hold it up.
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_tour_leaves_no_process_behind(tmp_path, number):
    mark = f"stop-me-{number}-{os.getpid()}"
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "tour", "--count", "5000", "--output", str(tmp_path / mark)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert "local platform" in process.stdout.readline()
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert children
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{child}").exists() for child in children)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("vaildate", "x"), "argument COMMAND: found 'vaildate'; did you mean 'validate'? there are: validate, tour, "),
        (("schema", "lst"), "argument COMMAND: found 'lst'; did you mean 'list'? there are: publish, check, list, "),
        (("query", "SELECT 1", "--format", "xml"), "argument --format: found 'xml'; there are: table, csv, json"),
    ],
)
def test_a_misspelt_choice_is_answered_with_the_one_that_was_meant(run, arguments, said):
    status, _, err = run(*arguments)
    assert status == 2
    assert said in err


def test_validate_takes_several_files_and_names_each(run, events, tmp_path):
    good = tmp_path / "good.ndjson"
    good.write_text(json.dumps(EVENT))
    status, out, _ = run("validate", str(good), str(events), "--schema", "user_registered", "--show", "1")
    assert status == 1
    assert out.splitlines()[0] == f"{events}: line 3: $.age: expected integer, found string"
    assert out.splitlines()[-1] == "7 events: 3 valid, 4 invalid"
    status, _, err = run("validate", str(good), str(events), "--schema", "user_registered", "--rejects", "r")
    assert (status, err) == (2, "toolkit: --rejects, --accepted and --replay take one file of events at a time\n")


def test_validate_tells_of_the_files_before_one_that_can_not_be_read(run, events, tmp_path):
    status, out, err = run("validate", str(events), str(tmp_path / "event.ndjson"), "--schema", "user_registered")
    assert status == 2
    assert out.splitlines()[-1] == "6 events: 2 valid, 4 invalid"
    assert (
        err == f"toolkit: {tmp_path}/event.ndjson: can't be read: No such file or directory; did you mean {events}?\n"
    )


def test_the_report_overwrites_nothing_that_the_command_reads_or_writes(run, tmp_path):
    events, schema = tmp_path / "events.ndjson", tmp_path / "schema.json"
    events.write_text("{}\n")
    schema.write_text('{"type": "object"}')
    new = str(tmp_path / "new")
    for report in (str(events), str(schema), new):
        options = ("--schema", f"{schema}#", "--rejects", new, "--report", report)
        status, _, err = run("validate", str(events), *options)
        assert status == 2
        assert f"{report}: the report would overwrite" in err
    assert (events.read_text(), schema.read_text()) == ("{}\n", '{"type": "object"}')


def test_validate_gives_its_report_as_json(run, tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_text(json.dumps({**EVENT, "address": {"street": "S"}}) + "\n\n")
    status, out, err = run("validate", str(path), "--schema", "user_registered", "--json")
    assert (status, err) == (1, "")
    report = json.loads(out)
    assert (report["valid"], report["invalid"], report["blank"]) == (0, 1, 1)
    assert {"location": "$.address.number", "keyword": "required", "errors": 1} in report["counts"]
    (refused,) = report["refused"]
    assert (refused["source"], refused["line_number"], refused["byte_offset"]) == (str(path), 1, 0)
    assert {reason["field"] for reason in refused["reasons"]} == {"number", "mailAddress"}
    assert run("validate", str(path), "--schema", "user_registered", "--json", "--report", "-")[0] == 2


def test_validate_says_of_an_empty_file_that_it_is_empty(run, tmp_path):
    path = tmp_path / "events.ndjson"
    path.touch()
    assert run("validate", str(path), "--schema", "user_registered") == (
        0,
        "0 events: 0 valid, 0 invalid\n",
        f"toolkit: {path} is empty\n",
    )


def test_validate_shows_a_screen_of_places_and_counts_the_rest(run, tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_text("".join(json.dumps({**EVENT, f"x{number}": 1}) + "\n" for number in range(50)))
    _, out, _ = run("validate", str(path), "--schema", "user_registered")
    assert "... and 20 more places (--report FILE has them all)" in out.splitlines()
    _, out, _ = run("validate", str(path), "--schema", "user_registered", "--report", "-")
    assert len(out.splitlines()) == 51


def test_validate_shows_ten_reasons_of_a_line_and_counts_the_rest(run, tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_text(json.dumps(EVENT | {f"x{number}": 1 for number in range(12)}))
    lines = run("validate", str(path), "--schema", "user_registered")[1].splitlines()
    assert lines[9:11] == [
        "line 1: $.x9: expected no undeclared field, found integer",
        "line 1: ... and 2 more reasons (--json prints them all)",
    ]


def test_publish_makes_the_folder_of_a_new_repository(run, tmp_path):
    place = str(tmp_path / "new" / "schemas")
    assert run("schema", "publish", SEED_SCHEMA, "--repository", place)[:2] == (0, "user_registered/1 published\n")
    assert run("schema", "list", "--repository", place)[1] == "user_registered  1\n"
    assert run("schema", "publish", SEED_SCHEMA, "--repository", str(tmp_path / "typo.json"))[0] == 2


def test_validate_tells_of_a_name_that_promises_gzip(run, tmp_path):
    path = tmp_path / "events.ndjson.gz"
    path.write_text(json.dumps(EVENT))
    status, out, err = run("validate", str(path), "--schema", "user_registered")
    assert (status, out) == (0, "1 event: 1 valid, 0 invalid\n")
    assert err.startswith(f"toolkit: {path} is no gzip, though its name says so: ")
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert run("validate", str(path), "--schema", "user_registered") == (0, out, "")
