"""Schemas and values that attack: each becomes a verdict, a refusal or one of our errors, and never code."""

import contextlib
import pickle
import random
import sys
import threading
import time
from collections import UserString

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import InvalidInput, SchemaError, ToolkitError
from toolkit.schema import SchemaRegistry, load_schema
from toolkit.validator import TEXT_KEYWORDS, compile_schema, decoding, validate_ndjson

INJECTIONS = [
    "'); raise SystemExit #",
    '"""\nraise SystemExit\n"""',
    "\nimport os\nos._exit(1)\n",
    "{instance.__class__}",
    "{{}}%s%(x)s\\",
    "__import__('os')._exit(1)",
    "=key1",
    "key1",
    "\x00\u2028\r\n'\"`$(exit)",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_texts_of_a_schema_never_become_code(text):
    schema = {
        "$id": "https://example.com/s",
        "title": text,
        "properties": {text: {"const": text, "enum": [text, 1], "description": text}, "r": {"$ref": "#/$defs/x"}},
        "required": [text],
        "dependentRequired": {text: [text]},
        "patternProperties": {"^x": {"format": text}},
        "$defs": {"x": {"enum": [text]}},
    }
    for strict in (False, True):
        validator = compile_schema(schema, strict=strict)
        assert validator.is_valid({text: text, "r": text})
        assert not validator.is_valid({text: text + "x"})
        assert [error.keyword for error in validator.iter_errors({})] == ["required"]
        written = [line for line in validator.source.splitlines() if text in line and text not in ("key1", "=key1")]
        assert written == []


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_pattern_or_a_reference_never_becomes_code(text):
    with contextlib.suppress(SchemaError):
        assert compile_schema({"pattern": text}).is_valid(text) in (True, False)
    with pytest.raises(SchemaError):
        compile_schema({"$ref": "#/" + text})


def nested(depth, *, is_object=False):
    value = 1
    for _ in range(depth):
        value = {"a": value} if is_object else [value]
    return value


@pytest.mark.parametrize("is_object", [False, True])
def test_values_nested_100000_deep_get_a_verdict(is_object):
    value = nested(100_000, is_object=is_object)
    schema = {"items": {"$ref": "#"}, "properties": {"a": {"$ref": "#"}}}
    for strict in (False, True):
        validator = compile_schema(schema, strict=strict)
        assert not validator.is_valid(value)
        assert [error.keyword for error in validator.iter_errors(value)] == ["depth"]
    assert compile_schema({"type": ["array", "object"]}).is_valid(value)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_texts_nested_100000_deep_are_refused(opening):
    (error,) = compile_schema(True).validate_json(opening * 100_000)
    assert error.keyword in ("depth", "json")
    text = opening * 100_000 + b"1" + (b"]" if opening == b"[" else b"}") * 100_000
    (error,) = compile_schema(True).validate_json(text)
    assert error.keyword == "depth"


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "nested", [lambda below: {"type": "object", "properties": {"a": below}}, lambda below: {"allOf": [below]}]
)
def test_schemas_nested_2000_deep_judge(nested, strict):
    schema = {"type": "object"}
    for _ in range(2000):
        schema = nested(schema)
    validator = compile_schema(schema, strict=strict)
    assert validator.is_valid({})
    assert not validator.is_valid({"a": {"a": []}} if "properties" in schema else [])


def test_schemas_nested_100000_deep_are_refused():
    schema = {}
    for _ in range(100_000):
        schema = {"items": schema}
    with pytest.raises(SchemaError, match="nested too deep"):
        compile_schema(schema)


def test_150_nested_properties_are_compiled():
    schema = {"type": "integer"}
    for _ in range(150):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    for strict in (False, True):
        validator = compile_schema(schema, strict=strict)
        assert validator.is_valid(nested(150, is_object=True))
        assert not validator.is_valid(nested(149, is_object=True))
        assert not validator.is_valid(nested(151, is_object=True))


CATASTROPHIC = [
    "^(a+)+$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "(a*)*$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*a){12}$",
    "^(?=(a+)+$)a",
]


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_catastrophic_patterns_end(pattern):
    """The limit is far above what they take, and far below the years that backtracking would."""
    validator = compile_schema({"pattern": pattern})
    started = time.process_time()
    validator.is_valid("a" * 5_000 + "!")
    list(validator.iter_errors("a" * 5_000 + "!"))
    assert time.process_time() - started < 60


def test_a_pattern_that_may_take_for_ever_is_refused_when_compiled():
    with pytest.raises(SchemaError, match="can't be matched in a bounded time") as caught:
        compile_schema({"properties": {"a": {"pattern": r"^((a+)\2)+$"}}})
    assert caught.value.pointer == "/properties/a/pattern"


@pytest.mark.parametrize(
    ("schema", "text", "valid"),
    [
        ({"type": "integer"}, b"1" + b"0" * 5_000, False),
        ({"type": "integer"}, b"1" + b"0" * 300, True),
        ({"type": "integer", "maximum": 10**20}, b"100000000000000000001", False),
        ({"type": "integer", "multipleOf": 3}, b"100000000000000000000000000000002", True),
        ({"multipleOf": 1e-308}, b"1e308", True),
        ({"multipleOf": 0.1}, b"1e300", True),
        ({"type": "number"}, b"1e-400", True),
        ({"type": "number"}, b"1e999999999", False),
        ({"type": "number"}, b"-NaN", False),
        ({"type": "number"}, b"Infinity", False),
    ],
)
def test_huge_numbers_are_judged(schema, text, valid):
    assert (compile_schema(schema).validate_json(text) == ()) is valid


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "number"},
        {"type": ["number", "null"]},
        {"type": "integer"},
        {"minimum": 1},
        {"maximum": 1},
        {"multipleOf": 2},
        {"enum": [1]},
    ],
)
def test_what_is_no_number_passes_for_none(schema, value):
    if value - value == 0 or (value > 0 and "minimum" in schema) or (value < 0 and "maximum" in schema):
        pytest.skip("an infinite number is beyond the bound")
    validator = compile_schema({"properties": {"a": schema, "l": {"items": schema}}})
    assert not validator.is_valid({"a": value})
    assert not validator.is_valid({"l": [1.0, value]})
    assert list(validator.iter_errors({"a": value}))


def test_half_a_surrogate_pair_is_a_text_like_others_in_python():
    validator = compile_schema({"type": "string", "maxLength": 1, "pattern": "^.$"})
    assert validator.is_valid("\ud800")
    assert [str(error) for error in validator.iter_errors("\ud800\ud800")]
    (error,) = validator.validate_json('"\ud800"')
    assert error.keyword == "encoding"


@pytest.mark.parametrize(
    "schema", [{"enum": ["a", "b"]}, {"const": "a"}, {"type": "string"}, {"enum": ["a", 1]}, {"minLength": 1}]
)
def test_what_equals_a_text_is_judged_and_reported_as_that_text(schema):
    validator = compile_schema({"properties": {"k": schema}, "required": ["k"]})
    for text in ("a", "", "c"):
        instance = {"k": UserString(text)}
        assert validator.is_valid(instance) is validator.is_valid({"k": text})
        assert list(validator.iter_errors(instance)) == list(validator.iter_errors({"k": text}))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_other_encodings_are_refused_and_named(encoding):
    errors = compile_schema(True).validate_json('{"a": "é"}'.encode(encoding))
    assert len(errors) == 1
    assert errors[0].keyword in TEXT_KEYWORDS


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
        {"if": {"$ref": "#"}},
        {"not": {"$ref": "#"}},
        {"$dynamicRef": "#"},
        {"$dynamicAnchor": "a", "allOf": [{"$dynamicRef": "#a"}]},
        {"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveRef": "#"},
    ],
)
def test_references_in_a_circle_are_refused(schema):
    with pytest.raises(SchemaError, match="leads back to this schema"):
        compile_schema(schema)


def test_a_value_that_contains_itself_gets_a_verdict():
    value = []
    value.append(value)
    validator = compile_schema({"items": {"$ref": "#"}})
    assert not validator.is_valid(value)
    assert [error.keyword for error in validator.iter_errors(value)] == ["depth"]


TEXTS = [
    b"1", b"-0", b"1.0", b"1e2", b"18446744073709551616", b"-9223372036854775809", b"123456789012345678901234567890",
    b"0.1234567890123456789012345", b"1e400", b"-1e400", b"NaN", b"[1,]", b"{}x",
    b"\xef\xbb\xbf1", b'"\\ud800"', b'"\\ud83d\\ude00"',
    b'"\xed\xa0\x80"', b'{"a":1,"a":"x"}', b"[" * 1024 + b"]" * 1024, b"[" * 1025 + b"]" * 1025, b"", b" ", b"\x0c1",
    b"01", b"+1",
    b"1.", b".5", b'"\t"', b"'a'", b"tru", b"null ", '"é"'.encode("latin-1"), b"1e+", b"--1", b"[1 2]", b'{"a" 1}', b"\x00",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:20]))
@pytest.mark.parametrize("duplicate_keys", ["accept", "refuse"])
def test_the_verdict_does_not_depend_on_the_decoder(monkeypatch, text, duplicate_keys):
    validator = compile_schema(
        {"multipleOf": 3, "properties": {"a": {"type": "integer"}}, "maximum": 10**25}, duplicate_keys=duplicate_keys
    )
    monkeypatch.setattr(decoding._Orjson, "bytes_before", 0)
    with_orjson = validator.validate_json(text)
    assert decoding._Orjson.loads is not None or not text
    monkeypatch.setattr(decoding, "quick_loads", lambda byte_count: None)
    monkeypatch.setattr("toolkit.validator.bulk.judging.quick_loads", lambda byte_count: None)
    assert validator.validate_json(text) == with_orjson
    assert validate_ndjson(text + b"\n", validator).invalid == (bool(with_orjson) and text.strip() != b"")


def test_duplicate_keys_are_warned_about_on_request():
    with pytest.warns(decoding.DuplicateKeyWarning):
        assert compile_schema(True, duplicate_keys="warn").validate_json(b'{"a": 1, "a": 2}') == ()


def test_a_pickle_is_the_same_validator_in_every_way():
    validator = compile_schema(
        {"properties": {"a": {"type": "string"}}}, strict=True, duplicate_keys="refuse", show_values=True, most_errors=3
    )
    copy = pickle.loads(pickle.dumps(validator))
    instance = {"a": 1, "b": 2}
    assert [str(error) for error in copy.iter_errors(instance)] == [
        str(error) for error in validator.iter_errors(instance)
    ]
    assert copy.duplicate_keys == "refuse"


def test_threads_compile_a_validator_together():
    schema = {"properties": {f"p{n}": {"$ref": f"#/$defs/d{n}"} for n in range(60)}}
    schema["$defs"] = {
        f"d{n}": {"anyOf": [{"properties": {"x": {"type": "integer"}}, "required": ["x"]}, {"type": "string"}]}
        for n in range(60)
    }
    validator = compile_schema(schema, strict=True)
    wrong = []

    def judge(seed):
        source = random.Random(seed)
        for _ in range(200):
            key = f"p{source.randrange(60)}"
            if not validator.is_valid({key: {"x": 1}}) or validator.is_valid({key: {"x": "1"}}):
                wrong.append(key)
            if len(list(validator.iter_errors({key: {"x": 1, "y": 2}}))) != 1:
                wrong.append(key)

    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=judge, args=(seed,)) for seed in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(switch)
    assert wrong == []


FUZZED = compile_schema(
    {
        "properties": {
            "a": {"type": "integer", "minimum": 1},
            "s": {"type": "string", "format": "date-time", "pattern": "^[a-z]*$"},
            "l": {"type": "array", "items": {"anyOf": [{"type": "number"}, {"$ref": "#"}]}, "uniqueItems": True},
        }
    },
    strict=True,
    formats=True,
)
JSON_BYTES = st.lists(
    st.sampled_from([b"{", b"}", b"[", b"]", b",", b":", b'"a"', b'"s"', b'"l"', b"1", b"-2.5e3", b'"x', b"\\u12", b"\n", b"\xff",
                     b"null", b" ", b"\r", b"\xe2\x80\xa8", b"NaN", b"12345678901234567890"]), max_size=30
).map(b"".join)  # fmt: skip


@given(st.one_of(st.binary(max_size=60), JSON_BYTES))
def test_bytes_are_refused_by_our_errors_alone(data):
    errors = FUZZED.validate_json(data)
    assert all(str(error) and repr(error) for error in errors)
    try:
        report = validate_ndjson(data, FUZZED)
    except InvalidInput:
        assert data.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd"))  # gzip or zstd by its first bytes, and broken
        return
    assert report == validate_ndjson(data, FUZZED, templates=False)
    lines = [line.removesuffix(b"\r") for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
    assert report.invalid == sum(1 for line in lines if line.strip(b" \t\r") and FUZZED.validate_json(line))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=6), below, max_size=3),
    max_leaves=8,
)
KEYWORDS = st.sampled_from(
    ["type", "properties", "items", "required", "enum", "const", "minimum", "maximum", "multipleOf", "minLength", "pattern",
     "format", "$ref", "allOf", "anyOf", "not", "if", "then", "$id", "$schema", "definitions", "$defs", "additionalProperties",
     "patternProperties", "dependencies", "uniqueItems", "contains", "prefixItems"]
)  # fmt: skip


@given(
    st.recursive(st.dictionaries(KEYWORDS, ANY_JSON, max_size=3), lambda b: st.dictionaries(KEYWORDS, b, max_size=2))
)
def test_any_mapping_is_a_schema_or_one_of_our_errors(contents):
    with contextlib.suppress(ToolkitError):
        validator = compile_schema(contents, strict=True)
        assert validator.is_valid({"a": [1, "x", None]}) is (not list(validator.iter_errors({"a": [1, "x", None]})))


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"properties": {"x": {"$ref": "#/kept/a"}}, "kept": {"a": {"minProperties": {}}}}, "/kept/a/minProperties"),
        ({"$ref": "#/kept/properties/b", "kept": {"properties": {"b": {"type": 1}}}}, "/kept/properties/b/type"),
        (
            {
                "$schema": "http://json-schema.org/draft-06/schema#",
                "not": {"$ref": "#/$defs/a"},
                "$defs": {"a": {"not": 1}},
            },
            "/$defs/a/not",
        ),
    ],
)
def test_a_schema_where_the_metaschema_does_not_look_is_checked(schema, pointer):
    with pytest.raises(SchemaError) as refused:
        compile_schema(schema)
    assert refused.value.pointer == pointer


def test_a_name_that_is_half_of_a_surrogate_pair_is_a_name():
    validator = compile_schema({"properties": {"\ud800": {"type": "integer"}}}, strict=True)
    assert validator.is_valid({"\ud800": 1})
    assert [error.absolute_keyword_location for error in validator.iter_errors({"\ud800": "1"})] == [
        "#/properties/%ED%A0%80/type"
    ]


@pytest.mark.parametrize("divisor", [5e-324, 1e-320, 1e-309])
def test_no_divisor_is_too_small(divisor):
    validator = compile_schema({"multipleOf": divisor})
    assert validator.is_valid(3 * 10**5)
    assert validator.is_valid(0.5)
    assert validator.is_valid(divisor)
    assert not validator.is_valid(float("inf"))


def test_two_schemas_of_one_id_are_refused():
    with pytest.raises(SchemaError, match="an \\$id of its own"):
        compile_schema(
            {"$id": "https://a.example/", "properties": {"b": {"$id": "https://a.example/", "pattern": "["}}}
        )


NO_SCHEMAS = {
    **dict.fromkeys(["type", "properties", "enum", "pattern", "not", "prefixItems"], 5),
    **dict.fromkeys(["dependentRequired", "additionalProperties"], 5),
    "items": [{}],
    "allOf": [5],
    "anyOf": [],
    "minimum": "a",
    "multipleOf": 0,
    "minContains": "a",
    "propertyNames": [],
    "patternProperties": {"a": 5},
}


@pytest.mark.parametrize(("keyword", "value"), NO_SCHEMAS.items())
@pytest.mark.parametrize("metaschema", ["", "https://example.com/lenient"])
def test_a_metaschema_that_lets_anything_through_still_needs_a_schema(metaschema, keyword, value):
    """The empty one is the schema itself."""
    registry = SchemaRegistry().with_document({}, uri="https://example.com/lenient")
    with pytest.raises(SchemaError) as caught:
        compile_schema(load_schema({"$schema": metaschema, "contains": True, keyword: value}, registry=registry))
    assert caught.value.pointer.startswith(f"/{keyword}")


def test_a_keyword_that_a_metaschema_leaves_out_may_be_anything():
    metaschema = {
        "$id": "https://example.com/core",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$vocabulary": {
            "https://json-schema.org/draft/2020-12/vocab/core": True,
            "https://json-schema.org/draft/2020-12/vocab/applicator": True,
        },
    }
    registry = SchemaRegistry().with_document(metaschema, uri="https://example.com/core")
    schema = {"$schema": "https://example.com/core", "properties": {"a": {"minimum": "any", "type": 5}}, "enum": 3}
    assert compile_schema(load_schema(schema, registry=registry)).is_valid({"a": -1})


def test_a_keyword_that_a_draft_has_no_more_is_still_checked_by_its_metaschema():
    with pytest.raises(SchemaError, match="expected string, found boolean true"):
        compile_schema({"$recursiveAnchor": True})
