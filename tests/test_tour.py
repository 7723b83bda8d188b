import gzip
import json
from contextlib import contextmanager

import pytest
from real_data import ABSENT, WEBHOOKS

from toolkit.cli import main
from toolkit.errors import InvalidInput
from toolkit.hive import plan_table
from toolkit.questions import questions
from toolkit.repositories import bundled_schemas
from toolkit.samples import sample_events
from toolkit.schema import load_schema
from toolkit.tour import Summary, event_time_pointer, read_events, tour
from toolkit.validator import compile_schema


class Bars:
    """Progress bars that remember how far they came."""

    def __init__(self):
        self.seen = {}

    @contextmanager
    def __call__(self, title, total):
        self.total, self.title = total, title
        self.seen[title] = [0, total]
        yield self

    def update(self, count):
        self.seen[self.title][0] += count


def test_the_tour_adds_up(tmp_path):
    said, bars = [], Bars()
    summary = tour(count=300, seed=1, output=tmp_path / "chart", progress=bars, say=said.append)
    schema = load_schema(bundled_schemas() / "order_placed" / "2.json")
    validator = compile_schema(schema, strict=True)
    valid = sum(not validator.validate_json(event) for event in sample_events(300, seed=1))
    assert summary == Summary(
        events=300, unsent=0, sent=300, valid=valid, invalid=300 - valid, rows=valid, foreign_lines=0
    )
    assert summary.problems == ()
    assert 0 < valid < 300
    assert bars.seen == {"send": [300, 300], "validate": [300, 300], "store": [valid, valid]}
    text = "\n".join(said)
    assert "CREATE EXTERNAL TABLE IF NOT EXISTS `events`.`order_placed`" in text
    for word in ("gold", "Espresso machine", "2026-03-02", "$.items[*].quantity", "Everything adds up"):
        assert word in text
    assert {path.suffix for path in (tmp_path / "chart").iterdir()} == {".png", ".svg", ".sql"}
    assert (tmp_path / "chart" / "events-per-day.png").read_bytes().startswith(b"\x89PNG")


def test_your_own_events_take_the_same_way(tmp_path, capsys):
    schema = {
        "definitions": {
            "Sensor Reading": {
                "type": "object",
                "required": ["at"],
                "properties": {
                    "at": {"type": "string", "format": "date-time"},
                    "Device": {"type": "object", "properties": {"name": {"type": "string"}}},
                    "values": {"type": "array", "items": {"type": "number"}},
                },
            }
        }
    }
    (tmp_path / "s.json").write_text(json.dumps(schema))
    lines = [
        b'{"at": "2025-12-31T23:30:00-02:00", "Device": {"name": "a\\nb"}, "values": [1, 2.5]}',
        b'{ "at": "2025-12-31T23:59:59Z", "values": [] }\r',
        b"not json",
        b'{"at": "2025-12-31T23:59:60Z", "undeclared": 1}',
        b"",
    ]
    with gzip.open(tmp_path / "e.ndjson.gz", "wb") as file:
        file.write(b"\n".join(lines))
    source = f"{tmp_path}/s.json#/definitions/Sensor Reading"
    status = main(
        ["tour", "--events", f"{tmp_path}/e.ndjson.gz", "--schema", source, "--output", str(tmp_path / "out")]
    )
    out = capsys.readouterr().out
    assert status == 0
    assert "`events`.`sensor_reading`" in out
    assert "Everything adds up" in out
    # Half past eleven two hours west of Greenwich is the next year in UTC.
    assert "2026-01-01" in out
    assert "\n    3 " in out


def test_counts_that_contradict_each_other_are_said():
    good = Summary(events=10, unsent=0, sent=10, valid=8, invalid=2, rows=8, foreign_lines=0)
    assert good.problems == ()
    bad = Summary(events=10, unsent=1, sent=9, valid=7, invalid=1, rows=6, foreign_lines=3)
    assert bad.problems == (
        "1 of 10 events could not be sent to events-queue",
        "sent 9 events, but judged 7 valid + 1 invalid",
        "the table has 6 rows, but 7 events are valid",
        "3 stored lines are not byte for byte an event that was sent",
    )


def test_a_tour_that_does_not_add_up_exits_with_one(monkeypatch):
    summary = Summary(events=1, unsent=0, sent=1, valid=1, invalid=0, rows=0, foreign_lines=0)
    monkeypatch.setattr("toolkit.tour.tour", lambda **_: summary)
    assert main(["tour"]) == 1


def test_events_are_read_with_their_line_numbers(tmp_path):
    path = tmp_path / "e.ndjson"
    path.write_bytes(b'{"a": 1}\r\n\n  \n"\xe2\x80\xa8"\nlast')
    assert list(read_events(path)) == [(1, b'{"a": 1}'), (4, b'"\xe2\x80\xa8"'), (5, b"last")]


def test_a_cut_archive_is_said_to_be_cut(tmp_path):
    path = tmp_path / "e.gz"
    path.write_bytes(gzip.compress(b"{}\n" * 100)[:-9])
    with pytest.raises(InvalidInput, match=r"e\.gz"):
        list(read_events(path))


def test_an_archive_with_a_fault_is_said_to_have_one(tmp_path):
    path = tmp_path / "e.gz"
    packed = bytearray(gzip.compress(b'{"a": 1}\n' * 1000))
    packed[12] ^= 0xFF
    path.write_bytes(packed)
    with pytest.raises(InvalidInput, match=r"e\.gz: can't be read to its end"):
        list(read_events(path))


def test_events_are_read_as_toolkit_validate_reads_them(tmp_path):
    import pyarrow as pa

    path = tmp_path / "e.zst"
    path.write_bytes(pa.compress(b'\xef\xbb\xbf{"a": 1}\n\x0b\n', codec="zstd", asbytes=True))
    assert list(read_events(path)) == [(1, b'{"a": 1}'), (2, b"\x0b")]


def test_a_file_without_events_takes_no_tour(tmp_path):
    path = tmp_path / "e.ndjson"
    path.write_text("\n \n")
    with pytest.raises(InvalidInput, match="there is no event in it"):
        tour(events_file=path, schema_source="schemas/user_registered/1.json", output=tmp_path, progress=None)


def test_the_event_time_is_the_first_date_time_of_the_schema():
    schema = load_schema({"properties": {"a": {"type": "string"}, "b/c": {"format": "date-time"}}})
    assert event_time_pointer(schema) == "/b~1c"
    assert event_time_pointer(load_schema({"type": "object"})) == ""


def test_questions_suit_a_table_without_nested_fields():
    schema = load_schema({"properties": {"only": {"type": "string"}}})
    table = plan_table(schema, database="d", name="t", location="s3://bucket/t/").table
    assert [question.sql for question in questions(table)] == [
        'SELECT "only" AS value, count(*) AS events FROM "d"."t"\nGROUP BY 1\nORDER BY events DESC, value\nLIMIT 10',
        'SELECT dt AS day, count(*) AS events FROM "d"."t"\nGROUP BY dt\nORDER BY dt',
    ]


@pytest.mark.skipif(not WEBHOOKS.is_dir(), reason=ABSENT)
@pytest.mark.parametrize("name", ["issues", pytest.param("deployment_status", marks=pytest.mark.slow)])
def test_real_webhook_payloads_take_the_tour(tmp_path, capsys, name):
    payloads = [
        json.dumps(row["payload"], ensure_ascii=False)
        for row in map(json.loads, (WEBHOOKS / "events.ndjson").read_text().splitlines())
        if row["name"] == name
    ]
    assert payloads
    (tmp_path / "events.ndjson").write_text("\n".join(payloads))
    source = f"{WEBHOOKS / 'schema.json'}#/definitions/{name}_event"
    status = main(
        ["tour", "--events", str(tmp_path / "events.ndjson"), "--schema", source, "--output", str(tmp_path / "out")]
    )
    out = capsys.readouterr().out
    assert status == 0
    assert f"sent            {len(payloads):>10,}" in out
    # A schema of hundreds of nested fields is told in a page; the whole statement is a file.
    story = out[out.index("The same schema makes the table") :].splitlines()
    assert len(story) < 120
    assert max(map(len, story)) < 400
    assert "`sender` struct<" in (tmp_path / "out" / f"{name}_event.sql").read_text()
