import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import InvalidInput
from toolkit.validator import compile_schema
from toolkit.widgets.models.marking import END_OF_LINE, events_in, excerpt, members, place

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def paths(value, path=()):
    yield path, value
    if isinstance(value, dict | list):
        for token, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, (*path, token))


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_the_place_of_a_path_is_the_text_of_its_value(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    for path, inner in paths(value):
        start, end = place(text, path)
        assert json.loads(text[start:end]) == inner


def test_a_key_that_stands_twice_is_its_last_one():
    text = '{"a": 1, "a": 22}'
    start, end = place(text, ("a",))
    assert text[start:end] == "22"


@pytest.mark.parametrize("text", ['{"a": {"b": [1, "', "[", '{"a"', '{"a" 1}', "", "nul"])
def test_a_text_that_is_no_json_has_places_all_the_same(text):
    start, end = place(text, ("a", "b", 0))
    assert 0 <= start <= end <= len(text)
    assert all(member.start <= member.value <= member.end <= len(text) for member in members(text, 0))


def marked(schema, line, **options):
    [error] = compile_schema(schema, **options).validate_json(line)
    found = excerpt(line, error)
    return found.before, found.marked, found.after


def test_the_refused_value_is_marked():
    schema = {"properties": {"items": {"items": {"properties": {"n": {"type": "integer"}}}}}}
    assert marked(schema, b'{"items": [{"n": 1}, {"n": "two"}]}') == ('{"items": [{"n": 1}, {"n": ', '"two"', "}]}")


def test_of_a_union_the_place_is_marked_at_which_the_branch_refused_that_was_meant():
    branches = [{"properties": {"kind": {"const": kind}, "n": {"type": kind}}} for kind in ("string", "integer")]
    assert marked({"oneOf": branches}, b'{"kind": "integer", "n": "two"}')[1] == '"two"'
    # Where none was meant, the value is.
    assert marked({"oneOf": [{"type": "string"}, {"type": "null"}]}, b'{"kind": 1}')[1] == '{"kind": 1}'


def test_an_undeclared_field_is_marked_with_its_key():
    assert marked({"properties": {"a": True}}, b'{"a": 1, "b": {"c": 2}}', strict=True)[1] == '"b": {"c": 2}'


def test_what_is_no_json_is_marked_where_it_breaks():
    assert marked(True, b'{"a": tru}')[1] in ("t", "}")
    assert marked(True, b'{"a": "b"')[1] == END_OF_LINE
    assert marked(True, b'{"a": "Gl\xfcck"}') == ('{"a": "Gl', "�", 'ck"}')


def test_a_long_line_is_cut_around_the_place():
    line = json.dumps({"pad": "x" * 5_000, "n": "y" * 5_000, "more": "z" * 5_000}).encode()
    before, middle, after = marked({"properties": {"n": {"type": "integer"}}}, line)
    assert (before[0], middle[-1], after[-1]) == ("…", "…", "…")
    assert len(before + middle + after) < 600


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ('{"a": 1}', [b'{"a": 1}']),
        ('{\n  "a": 1.0\n}', [b'{   "a": 1.0 }']),
        ('[{"a": 1e2}, {"a":\n2}]', [b'{"a": 1e2}', b'{"a": 2}']),
        ('{"a": 1}\n\n{"a": 2}\n', [b'{"a": 1}', b'{"a": 2}']),
        ("no json\n{", [b"no json", b"{"]),
        # Laid out, and a comma is missing: still one event.
        ('{\n  "a": 1\n  "b": 2\n}', [b'{   "a": 1   "b": 2 }']),
        ('{"a": 1}\n{"b": ', [b'{"a": 1}', b'{"b":']),
    ],
)
def test_pasted_events_are_taken_as_they_are_spelt(text, events):
    assert list(events_in(text)) == events


def test_an_empty_paste_is_said():
    with pytest.raises(InvalidInput, match="nothing to validate"):
        events_in(" \n")
