import ast
import gc
import gzip
import json
import tempfile

import pytest

from toolkit import aws
from toolkit.errors import AwsError, InvalidInput, SchemaError, SchemaNotFound
from toolkit.repositories import open_repository, publish
from toolkit.samples import sample_events
from toolkit.validator import compile_schema, read_rejects, validate_ndjson
from toolkit.widgets import EventValidator, EventValidatorModel
from toolkit.widgets.models import sources
from toolkit.widgets.models.work import Cancelled

LINES = list(sample_events(2_000))
EXAMPLE = {"event_id": "1", "tags": ["new", "gold"]}


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(LINES))
    return path


@pytest.fixture
def model(events):
    return EventValidatorModel(schema="order_placed", source=str(events))


def test_the_counts_are_those_of_the_report(model):
    found = model.validate()
    report = validate_ndjson(LINES, compile_schema(model.load(), strict=True))
    assert found.report.counts == report.counts
    assert found.report.valid + found.refused + found.unparseable == len(LINES)
    assert found.unparseable == sum(report.counts.get(("$", rule), 0) for rule in ("json", "encoding"))
    assert (model.state, model.message) == ("done", str(found))


def test_a_schema_document_may_be_given_as_the_schema(tmp_path, events):
    path = tmp_path / "webhooks.json"
    path.write_text('{"definitions": {"push_event": {"type": "object", "required": ["ref"]}}}')
    model = EventValidatorModel(schema=f"{path}#/definitions/push_event", source=str(events))
    assert (model.repository, model.schema) == (f"{path}#/definitions/push_event", "push_event")
    assert model.validate().refusals[0].location == "$.ref"
    other = EventValidatorModel(source=str(events))
    other.schema = str(path)
    with pytest.raises(SchemaNotFound) as caught:
        other.validate()
    assert str(caught.value).endswith("; a schema document stands in the place of a repository")


def test_every_reason_has_examples_with_the_place_marked(model):
    found = model.validate()
    assert [(r.location, r.rule, r.count) for r in found.refusals] == [
        (*pair, n) for pair, n in found.report.counts.items()
    ]
    for refusal in found.refusals:
        assert 1 <= len(refusal.examples) <= 3
        for example in refusal.examples:
            text = LINES[example.line_number - 1].decode(errors="replace")
            assert example.excerpt.marked.rstrip("…") in text or example.excerpt.marked == "(end of the line)"
    phone = next(refusal for refusal in found.refusals if refusal.location == "$.customer.phone")
    assert all(example.excerpt.marked.startswith('"phone":') for example in phone.examples)


def test_each_reason_tells_what_it_would_do_to_the_table(model):
    model.validate()
    fate = {(row.location, row.rule): row["in the table"] for _, row in model.refusals.iterrows()}
    assert fate["$.customer.phone", "unevaluatedProperties"] == "a key that the table does not declare is not read"
    assert fate["$.total.currency", "enum"] == "kept as it is: no query would notice"
    assert fate["$", "json"] == "a line that is no JSON fails every query"
    assert "fails the query" in fate["$.items[*].quantity", "type"]


def test_the_refused_lines_are_kept_byte_for_byte(model):
    found = model.validate()
    validator = compile_schema(model.load(), strict=True)
    assert list(read_rejects(found.rejects)) == [line for line in LINES if validator.validate_json(line)]


def test_the_report_holds_no_value(model):
    model.validate()
    text = json.dumps(model.report)
    assert model.report["accepted"] == model.validation.report.valid
    assert "@example.com" not in text
    assert "+351" not in text


def test_strict_off_lets_undeclared_fields_pass(model):
    strict = model.validate().report.invalid
    model.strict = False
    assert (model.state, model.message) == ("idle", ""), "what was said is about other settings"
    assert model.validate().report.invalid < strict


def test_events_come_from_gzip_a_folder_a_pattern_and_s3(tmp_path, bucket, events):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.json.gz").write_bytes(gzip.compress(events.read_bytes()))
    aws.call("s3", "put_object", Bucket=bucket, Key="in/a.json", Body=events.read_bytes())
    aws.call("s3", "put_object", Bucket=bucket, Key="in/b.json", Body=events.read_bytes())
    model = EventValidatorModel(schema="order_placed")
    for source, files in {
        str(tmp_path / "more"): 1,
        str(tmp_path / "*" / "*.gz"): 1,
        f"s3://{bucket}/in/a.json": 1,
        f"s3://{bucket}/in/": 2,
    }.items():
        model.source = source
        found = model.validate()
        assert found.report.total == files * len(LINES)
        exec(compile(ast.parse(model.python), "copied", "exec"), {})


def test_no_folder_is_looked_through_while_its_path_is_typed(tmp_path, monkeypatch):
    app = EventValidator(schema="order_placed")
    assert app.view
    monkeypatch.setattr(sources, "_files", None)
    monkeypatch.setattr(sources, "_objects", None)
    for source in ("/", str(tmp_path), f"{tmp_path}/*", "s3://bucket", "s3://bucket/", "s3://bucket/in/"):
        app.source = source
        assert f"sources = event_sources({source!r})" in app.python
        assert app._copy.text == app.python


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("~nobody-of-this-name/x", "no such file"),
        ("a" * 5000, "can't be read: File name too long"),
        ("a\0b", "can't be read: embedded null"),
    ],
)
def test_a_path_that_can_be_none_is_told(source, problem):
    app = EventValidator(schema="order_placed")
    assert app.view
    app.source = source
    with pytest.raises(InvalidInput, match=problem):
        app.validate()
    assert app.state == "failed"


def test_a_verdict_says_by_what_it_was_judged_when_something_else_is_chosen():
    app = EventValidator(schema="user_registered", text=json.dumps(EXAMPLE))
    assert app.view
    app.validate()
    assert app.is_current
    assert "Judged by" not in app._verdict.value
    before = app.report
    app.schema = "order_placed"
    app.strict = False
    assert not app.is_current
    assert app.report == before
    assert (before["schema"], before["version"], before["strict"]) == ("user_registered", "1", True)
    assert "Judged by user_registered, version 1, undeclared fields refused." in app._verdict.value
    assert "Judged by user_registered" in app.snapshot()
    assert (app._document._name, app._rejects._name) == (
        "user_registered-report.json",
        "user_registered-refused.ndjson",
    )
    app.validate()
    assert app.is_current


def test_what_is_chosen_while_events_are_judged_counts_the_next_time(model):
    def choose():
        if model.message == "Looking at the refused lines":
            model.schema = "user_registered"

    stop = model.observe(choose)
    found = model.validate()
    stop()
    assert (found.schema, model.report["schema"], model.is_current) == ("order_placed", "order_placed", False)
    assert found.table is not None


def test_a_key_that_looks_like_an_index_has_its_examples():
    model = EventValidatorModel(schema="order_placed", text='{"a[0]": 1}')
    refusal = next(found for found in model.validate().refusals if "a[0]" in found.location)
    assert [example.line_number for example in refusal.examples] == [1]


def test_a_pasted_event_counts_once_set(model):
    model.text = LINES[1].decode(errors="replace")
    assert model.given == "text"
    assert model.validate().report.total == 1
    names = {}
    exec(compile(ast.parse(model.python), "copied", "exec"), names)
    assert names["report"].total == 1


def test_what_is_no_json_is_said_in_one_sentence(tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    model = EventValidatorModel(schema="order_placed", source=str(picture))
    found = model.validate()
    assert found.report.valid == 0
    assert "is JSON: expected one event a line (NDJSON)" in model.message
    picture.write_bytes(b"")
    assert str(model.validate()) == "There is no event in it."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            json.dumps(EXAMPLE, indent=2),
            "; expected one event a line (NDJSON), plain, gzip or zstd; a document laid out over",
        ),
        (json.dumps([EXAMPLE, EXAMPLE]), "; expected one event a line (NDJSON); an array of events can be pasted"),
        ("{", "1 event in 0.0 s: 0 accepted, 0 refused, 1 unparseable"),
    ],
)
def test_another_layout_than_one_event_a_line_is_recognised(tmp_path, body, message):
    path = tmp_path / "events.json"
    path.write_text(body)
    model = EventValidatorModel(schema="user_registered", source=str(path))
    model.validate()
    assert message in model.message


def test_what_was_read_before_a_broken_end_is_shown(tmp_path):
    path = tmp_path / "events.json.gz"
    path.write_bytes(gzip.compress(b"\n".join(LINES))[:-100])
    app = EventValidator(schema="order_placed", source=str(path))
    assert app.view
    with pytest.raises(InvalidInput, match="the compressed data ends too early; what stands before that was judged: "):
        app.validate()
    assert app.state == "failed"
    assert 0 < app.validation.report.total < len(LINES)
    assert "accepted" in app._verdict.value


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({}, InvalidInput, "nothing to validate: give a path or an S3 URI"),
        ({"source": "/nowhere/events.json"}, InvalidInput, "/nowhere/events.json: no such file"),
        ({"source": "https://example.com/a.json"}, InvalidInput, "expected a path, or an S3 URI such as s3://"),
        ({"text": "x", "repository": "/nowhere"}, SchemaError, "nowhere"),
        ({"text": "x", "schema": "nothing"}, SchemaError, "no schema named 'nothing'"),
    ],
)
def test_what_can_not_be_judged_is_said_and_the_form_lives_on(settings, error, message):
    model = EventValidatorModel(**settings)
    with pytest.raises(error, match=message):
        model.validate()
    assert model.state == "failed"
    assert message in model.message
    model.repository, model.schema, model.text = "", "order_placed", "{}"
    assert model.validate().report.total == 1


def test_an_object_that_is_not_there_is_said(bucket):
    model = EventValidatorModel(schema="order_placed", source=f"s3://{bucket}/none.json")
    with pytest.raises(AwsError):
        model.validate()
    model.source = f"s3://{bucket}/none/"
    with pytest.raises(InvalidInput, match="there is no object below this prefix"):
        model.validate()


@pytest.mark.parametrize("place", ["s3://{bucket}/schemas/", "glue://{bucket}"])
def test_the_schema_comes_from_s3_or_the_glue_registry(bucket, place):
    repository = place.format(bucket=bucket)
    if repository.startswith("glue"):
        aws.call("glue", "create_registry", RegistryName=bucket)
    for version in ("1", "2"):
        publish(
            open_repository(repository), "order_placed", open_repository().load("order_placed", version), level="NONE"
        )
    app = EventValidator(repository, text=LINES[0].decode())
    assert app.view
    assert (app.schema, app.versions) == ("order_placed", ("1", "2"))
    assert app.validate().report.valid == 1
    app.version = "1"
    assert app.validate().report.invalid == 1


def test_a_cancel_keeps_what_was_found_before(model, events):
    before = model.validate()
    events.write_bytes(b"\n".join(LINES * 20))
    model.observe(lambda: model.cancel() if model.state == "running" else None)
    with pytest.raises(Cancelled, match="start again"):
        model.validate()
    assert model.state == "cancelled"
    assert model.validation is before
    assert before.rejects.exists()


def test_no_setting_becomes_code():
    hostile = "') or exit('\n\\\""
    model = EventValidatorModel(text=hostile, schema="order_placed")
    tree = ast.parse(model.python)
    assert not [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "exit"
    ]


def test_fields_and_attributes_move_each_other(events):
    app = EventValidator(schema="order_placed")
    assert app.view
    app.source = str(events)
    assert app._fields["source"].value == str(events)
    assert app._tabs.selected_index == 1
    app._tabs.selected_index = 2
    assert app.given == "text"
    app._fields["strict"].value = False
    assert app.strict is False
    app.schema = "user_registered"
    assert app._fields["version"].options == ("1",)


@pytest.mark.parametrize(
    ("text", "has_tick"), [("{", False), ("\n".join(line.decode() for line in sample_events(1)), True)]
)
def test_a_tick_stands_before_what_is_accepted_whole(text, has_tick):
    app = EventValidator(schema="order_placed", text=text)
    app.validate()
    assert app.view
    assert app.state == "done"
    assert ("✓" in app._status.value) is has_tick


def test_the_page_escapes_events(tmp_path):
    app = EventValidator(schema="order_placed", text='{"<img src=x onerror=alert(1)>": "<script>"}')
    app.validate()
    html = app._repr_mimebundle_()["text/html"]
    assert "&lt;script&gt;" in html
    assert "<script>" not in html + app._reasons.value
    assert "<img" not in html + app._reasons.value


def test_dropped_files_arrive_in_chunks():
    app = EventValidator(schema="order_placed")
    body = b"\n".join(LINES)
    assert app.view
    zone = app._drop
    zone._heard(zone, {"type": "begin"}, [])
    for name, last in (("../../a.ndjson", False), ("b.ndjson", True)):
        zone._heard(zone, {"type": "start", "name": name, "size": len(body)}, [])
        for start in range(0, len(body), 100_000):
            zone._heard(zone, {"type": "chunk"}, [memoryview(body[start : start + 100_000])])
        zone._heard(zone, {"type": "end", "last": last}, [])
    assert [path.rpartition("/")[2] for path in app.files] == ["a.ndjson", "b.ndjson"]
    assert app.given == "files"
    assert app.validate().report.total == 2 * len(LINES)
    sources = {example.source for refusal in app.validation.refusals for example in refusal.examples}
    assert sources <= {"a.ndjson", "b.ndjson"}
    assert sources


def test_an_app_makes_its_folders_when_it_needs_them_and_takes_them_along(tmp_path, monkeypatch, events):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = EventValidator(source=str(events), schema="order_placed")
    assert not list(tmp_path.glob("toolkit-*"))
    app.validate()
    assert len(list(tmp_path.glob("toolkit-rejects-*/*/*.ndjson"))) == 1
    del app
    gc.collect()
    assert not list(tmp_path.glob("toolkit-*"))


def test_a_form_is_brought_back_after_a_restart(events):
    app = EventValidator()
    assert app.view
    app._lifeline._heard(
        None, {"type": "restore", "settings": {"schema": "user_registered", "source": "x", "strict": False}}, []
    )
    assert (app.schema, app.source, app.strict) == ("user_registered", "x", False)
    app._lifeline._heard(None, {"type": "restore", "settings": {"source": "x", "text": "{}", "given": "path"}}, [])
    assert (app.text, app._tabs.selected_index) == ("{}", 1)


def test_apps_of_one_kind_are_told_apart_by_how_they_began():
    one, again, other = (EventValidator(schema=name) for name in ("order_placed", "order_placed", "user_registered"))
    assert one.view
    before = one._lifeline.origin
    one.schema = "user_registered"
    assert one._lifeline.origin == before
    assert again.view
    assert again._lifeline.origin == before
    assert other.view
    assert other._lifeline.origin != before
