"""Verdicts and errors of compiled schemas."""

import collections
import copy
import decimal
import functools
import json
import pickle
import threading
from collections import UserString

import pytest

from toolkit.errors import SchemaError, UnresolvableReference
from toolkit.validator import ValidationError, compile_schema, validate_ndjson
from toolkit.validator.decoding import decode, has_long_integer

D7 = "http://json-schema.org/draft-07/schema#"
DRAFT4 = {"$schema": "http://json-schema.org/draft-04/schema#"}
PERSON = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "age": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}},
        "address": {"$ref": "#/definitions/address"},
    },
    "required": ["name", "age"],
    "definitions": {"address": {"type": "object", "properties": {"zip": {"type": "string"}}, "required": ["zip"]}},
}


def messages(schema, instance, **options):
    return [str(error) for error in compile_schema(schema, **options).iter_errors(instance)]


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        ({"name": "a", "age": 1}, []),
        ({"name": "a", "age": "1"}, ["$.age: expected integer, found string"]),
        ({"name": "", "age": -1.5}, [
            "$.name: expected at least 1 character, found string of 0 characters",
            "$.age: expected integer, found number",
            "$.age: expected at least 0, found number",
        ]),
        ({"name": "a"}, ['$: expected field "age", found no such field']),
        ({"name": "a", "age": 1, "tags": ["a", 1, None]}, [
            "$.tags[1]: expected string, found integer",
            "$.tags[2]: expected string, found null",
        ]),
        ({"name": "a", "age": 1, "address": {}}, ['$.address: expected field "zip", found no such field']),
        ([], ["$: expected object, found array"]),
    ],
)  # fmt: skip
def test_every_reason_is_told(instance, expected):
    validator = compile_schema(PERSON)
    assert [str(error) for error in validator.iter_errors(instance)] == expected
    assert validator.is_valid(instance) is (not expected)


def test_an_error_carries_its_facts():
    (error,) = compile_schema(PERSON).iter_errors({"name": "a", "age": 1, "address": {"zip": 5}})
    assert error == ValidationError(
        instance_location="/address/zip",
        keyword_location="/properties/address/$ref/properties/zip/type",
        keyword="type",
        expected="string",
        found="integer",
        path=("address", "zip"),
        absolute_keyword_location="#/definitions/address/properties/zip/type",
    )


def test_values_are_shown_on_request_alone():
    assert messages({"maximum": 3}, 5) == ["$: expected at most 3, found integer"]
    assert messages({"maximum": 3}, 5, show_values=True) == ["$: expected at most 3, found integer 5"]


@pytest.mark.parametrize(
    ("schema", "pointer", "message"),
    [
        ({"type": "strnig"}, "/type", "expected "),
        ({"properties": {"a": {"minLength": -1}}}, "/properties/a/minLength", "expected at least 0, found integer"),
        ({"items": {"anyOf": []}}, "/items/anyOf", "expected at least 1 item, found array of 0 items"),
        ({"required": "a"}, "/required", "expected array, found string"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"maximum": "1"}}}, "/$defs/a/maximum", "expected number, found string"),
        ({"properties": []}, "/properties", "expected object, found array"),
        ({"properties": {"a": 5}}, "/properties/a", "expected object or boolean, found integer"),
        (DRAFT4 | {"minimum": 1, "exclusiveMinimum": 3}, "/exclusiveMinimum", "expected boolean, found integer"),
    ],
)
def test_what_its_metaschema_refuses_is_refused_when_compiled(schema, pointer, message):
    with pytest.raises(SchemaError) as caught:
        compile_schema(schema)
    assert caught.value.pointer == pointer
    assert str(caught.value).startswith(f"#{pointer}: {message}")


def test_definitions_that_nothing_refers_to_are_left_alone():
    assert compile_schema({"definitions": {"broken": {"$ref": "#/definitions/none"}}}).is_valid(1)


@pytest.mark.parametrize(
    ("schema", "instance", "valid"),
    [
        ({"type": "integer"}, True, False),
        ({"type": "integer"}, 1.0, True),
        ({"type": "number"}, True, False),
        ({"type": "number"}, float("nan"), False),
        ({"type": "number"}, float("inf"), False),
        ({"minimum": 1}, float("nan"), False),
        ({"enum": [1]}, True, False),
        ({"enum": [True]}, 1, False),
        ({"const": 1}, 1.0, True),
        ({"const": [0]}, [False], False),
        ({"uniqueItems": True}, [1, True], True),
        ({"uniqueItems": True}, [1, 1.0], False),
        ({"uniqueItems": True}, [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}], False),
        ({"multipleOf": 0.0001}, 0.0075, True),
        ({"multipleOf": 0.01}, 0.075, False),
        ({"multipleOf": 10}, 10**40, True),
        ({"multipleOf": 10}, 10**40 + 1, False),
        ({"enum": []}, None, False),
    ],
)
def test_numbers_and_booleans_are_told_apart(schema, instance, valid):
    assert compile_schema(schema).is_valid(instance) is valid


class Text(str):
    """A subclass, as libraries hand them over."""

    __slots__ = ()


@pytest.mark.parametrize(
    ("schema", "instance", "valid"),
    [
        ({"type": "object", "required": ["a"]}, collections.OrderedDict(a=1), True),
        ({"required": ["a"]}, collections.OrderedDict(), False),
        ({"type": "string", "maxLength": 1}, Text("ab"), False),
        ({"type": "string"}, Text("ab"), True),
        ({"enum": ["ab"]}, Text("ab"), True),
        ({"type": "array", "items": {"type": "integer"}}, (1, 2), True),
        ({"type": "integer"}, decimal.Decimal(3), True),
        ({"type": "string"}, b"ab", False),
        ({"type": "object"}, {1: 2}, True),
    ],
)
def test_other_python_types_are_taken_for_what_they_stand_for(schema, instance, valid):
    assert compile_schema(schema).is_valid(instance) is valid
    assert (not list(compile_schema(schema).iter_errors(instance))) is valid


def test_what_is_no_json_at_all_is_an_error():
    assert messages({"type": "string"}, {"a": b"x"}["a"]) == ["$: expected a JSON value, found bytes"]


def test_a_schema_is_never_changed():
    schema = copy.deepcopy(PERSON)
    compile_schema(schema, strict=True).is_valid({})
    assert schema == PERSON


def test_a_bad_pattern_is_refused_when_compiled():
    with pytest.raises(SchemaError) as caught:
        compile_schema({"properties": {"a": {"pattern": "("}}})
    assert caught.value.pointer == "/properties/a/pattern"


def test_a_reference_that_leads_nowhere_is_refused_when_compiled():
    with pytest.raises(UnresolvableReference):
        compile_schema({"properties": {"a": {"items": {"$ref": "#/$defs/none"}}}})


def test_a_validator_can_be_pickled():
    validator = pickle.loads(pickle.dumps(compile_schema(PERSON, strict=True)))
    assert not validator.is_valid({"name": "a", "age": 1, "more": 1})
    assert validator.is_valid({"name": "a", "age": 1})


def test_threads_share_a_validator():
    validator, verdicts = compile_schema(PERSON), []
    threads = [
        threading.Thread(target=lambda: verdicts.append(validator.is_valid({"name": "a", "age": 1, "address": {}})))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == [False] * 8


def test_the_source_can_be_read():
    source = compile_schema(PERSON).source
    assert "def verdict" in source
    assert "zip" not in source


def test_deep_instances_get_a_verdict():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    validator = compile_schema({"type": "array", "items": {"$ref": "#"}})
    assert not validator.is_valid(deep)
    assert [error.keyword for error in validator.iter_errors(deep)] == ["depth"]


@pytest.mark.parametrize(
    ("text", "keyword", "line", "column", "byte_offset"),
    [
        (b'{"a":\n tru}', "json", 2, 2, 7),
        (b'"\xff"', "encoding", 1, 2, 1),
        (b"\xef\xbb\xbf{}", "encoding", 1, 1, 0),
        ("{}".encode("utf-16"), "encoding", 1, 1, 0),
        (b"NaN", "json", 1, 1, 0),
        (b"1e400", "json", 1, 1, 0),
        (b'"\\ud800"', "json", 1, 1, 0),
        (b"", "json", 1, 1, 0),
    ],
)
def test_a_text_that_is_no_json_is_one_error(text, keyword, line, column, byte_offset):
    (error,) = compile_schema(True).validate_json(text)
    assert (error.instance_location, error.keyword) == ("", keyword)
    assert (error.line, error.column, error.byte_offset) == (line, column, byte_offset)


def test_a_text_is_judged_like_its_value():
    validator = compile_schema(PERSON)
    assert validator.validate_json(b'{"name": "a", "age": 1}') == ()
    for data in (b'{"name": "a"}', '{"name": "a"}', bytearray(b'{"name": "a"}'), memoryview(b'{"name": "a"}')):
        assert [str(error) for error in validator.validate_json(data)] == [
            '$: expected field "age", found no such field'
        ]


def test_duplicate_keys_are_refused_on_request():
    assert compile_schema(True).validate_json(b'{"a": 1, "a": 2}') == ()
    (error,) = compile_schema(True, duplicate_keys="refuse").validate_json(b'{"a": 1, "a": 2}')
    assert error.keyword == "duplicateKeys"


def test_long_integers_are_exact():
    validator = compile_schema({"multipleOf": 10})
    assert validator.validate_json(b"100000000000000000000000000000") == ()
    assert validator.validate_json(b"100000000000000000000000000001") != ()


@pytest.mark.parametrize(
    ("schema", "minds"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 2**63 - 1}, False),
        ({"enum": [1, "a", {"b": [2**62, None]}]}, False),
        ({"minimum": -(2**63)}, True),
        ({"exclusiveMaximum": 1e19}, True),
        ({"const": {"b": [2**64]}}, True),
        ({"items": {"multipleOf": 3}}, True),
        ({"uniqueItems": True}, True),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"maximum": 2**64}}}, True),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"}, True),
    ],
)
def test_long_integers_are_read_exactly_where_it_matters(schema, minds):
    validator = compile_schema(schema)
    assert validator.minds_long_integers is minds
    decode(b'"' + b"x" * 20_000 + b'"')  # from here on orjson reads
    for number in (2**63, 2**64 - 1, 2**64, 2**64 + 1, -(2**63), -(2**63) - 1, 10**40, 3**50):
        text = b"%d" % number
        assert (validator.validate_json(text) == ()) is validator.is_valid(number)
        report = validate_ndjson(text, validator)
        assert (report.valid == 1) is validator.is_valid(number)


def test_a_long_integer_is_called_one_where_it_is_refused():
    validator = compile_schema({"type": "string"})
    decode(b'"' + b"x" * 20_000 + b'"')
    (error,) = validator.validate_json(b"100000000000000000000000000000")
    (sample,) = validate_ndjson(b"100000000000000000000000000000", validator).samples
    assert error.found == sample.errors[0].found == "integer"


@pytest.mark.parametrize("around", ["{}", "[{}]", "[1,{}]", '{{"a":{}}}', '{{"a": {}, "b": "0"}}'])
@pytest.mark.parametrize("number", ["9" * 19, "-" + "9" * 19, str(2**64), str(2**64 - 1), str(-(2**63) - 1), "1" * 40])
def test_what_orjson_would_read_as_a_float_is_read_exactly(around, number):
    text = around.format(number)
    decode(b'"' + b"x" * 20_000 + b'"')  # from here on orjson reads
    assert repr(decode(text.encode()).value) == repr(decode(text).value) == repr(json.loads(text))


def test_many_digits_that_are_no_integer_are_left_to_orjson():
    texts = (
        b'{"iban":"DE89370400440532013000"}',
        b"0.12345678901234567890123",
        b"1234567890123456789",
        b'["%s"]' % (b"7" * 40),
    )
    for text in texts:
        assert not has_long_integer(text)


GOOD_AND_BAD_TEXTS = {
    "uuid": ("cd613e30-d8f1-6adf-91b7-584a2265b1f5", "cd613e30-d8f1-6adf-91b7-584a2265b1f", "x"),
    "date": ("2026-02-28", "2024-02-29", "2026-01-31", "2026-02-29", "2026-04-31", "0000-02-29", "2026-1-1"),
    "date-time": ("2026-02-09T03:31:07.5Z", "2016-12-31T23:59:60Z", "2026-02-30T03:31:07Z", "2026-02-09 03:31:07Z"),
    "email": ("a.b@c.example", "a..b@c.example", '"a b"@c.example', "a@c.example\n", "a@-c.example"),
    "uri": (
        "https://a.example/b?c=d#e",
        "mailto:a@b.example",
        "a:%41%2f",
        "a:%4",
        "a://b:c/d",
        "/b",
        "a:b c",
        "a:b\nc:d",
    ),
    "ipv4": ("195.110.216.14", "0.0.0.0", "256.1.1.1", "01.1.1.1", "1.1.1"),
}


def test_texts_judged_together_have_the_verdicts_that_each_has_alone():
    names = list(GOOD_AND_BAD_TEXTS)
    fields = {name: {"type": "string", "format": name} for name in names} | {
        "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]+$"},
        "part": {"type": "string", "pattern": "-[0-9]"},
    }
    schema = {"$schema": D7, "type": "object", "properties": fields, "required": list(fields)}
    texts = GOOD_AND_BAD_TEXTS | {"code": ("ABC-1", "ABC-", "ABC-1\n"), "part": ("a-1", "ABC-1\nABC-1", "a", "\n-1")}
    good = {name: found[0] for name, found in texts.items()}
    together = compile_schema(schema)
    for _ in range(1000):  # after some hundred a single regex judges them
        assert together.is_valid(good)
    assert "joint" in together.source
    for name, found in texts.items():
        alone = compile_schema({"$schema": D7, "properties": {name: fields[name]}})
        for text in (*found, 5, None, ["a"]):
            expected = alone.is_valid({name: text}) and isinstance(text, str)
            assert together.is_valid(good | {name: text}) is expected, (name, text)
            assert (not list(together.iter_errors(good | {name: text}))) is expected
    order = [good[name] for name in good]
    assert not together.is_valid(dict(zip(good, reversed(order), strict=True)))
    assert not together.is_valid(good | {"uuid": good["uuid"] + "\n" + good["date-time"]})


@pytest.mark.parametrize("strict", [False, True])
def test_what_is_recursive_is_judged_level_by_level(strict):
    node = {
        "type": "object",
        "properties": {"v": {"type": "integer"}, "all": {"type": "array", "items": {"$ref": "#/definitions/node"}}},
        "required": ["v"],
    }
    node["properties"]["one"] = {"$ref": "#/definitions/node"}
    node["properties"]["map"] = {"type": "object", "additionalProperties": {"$ref": "#/definitions/node"}}
    validator = compile_schema(
        {"$schema": D7, "$ref": "#/definitions/node", "definitions": {"node": node}}, strict=strict
    )

    def nested(depth, leaf):
        value = leaf
        for level in range(depth):
            value = ({"v": 1, "one": value}, {"v": 1, "all": [{"v": 2}, value]}, {"v": 1, "map": {"k": value}})[
                level % 3
            ]
        return value

    for depth in (0, 1, 2, 3, 7, 150, 400):
        assert validator.is_valid(nested(depth, {"v": 1}))
        assert not validator.is_valid(nested(depth, {"v": "1"}))
        assert not validator.is_valid(nested(depth, [1]))
        assert not validator.is_valid(nested(depth, {"all": []}))
        assert validator.is_valid(nested(depth, {"v": 1, "odd": 1})) is not strict
        assert validator.is_valid(nested(depth, collections.OrderedDict(v=1)))
    endless = {"v": 1}
    endless |= {"one": endless, "all": [endless, endless]}
    assert not validator.is_valid(endless)


def test_free_fields_of_an_open_object_are_remembered_without_a_change_of_verdict():
    schema = {"type": "object", "properties": {f"p{n}": {"type": "integer"} for n in range(12)}}
    validator = compile_schema(schema)
    for _ in range(2):
        for free in (1, "a", None, [1], {"a": 1}):
            assert validator.is_valid({"p1": 1, "free": free})
            assert not validator.is_valid({"p1": "a", "free": free})
            assert not validator.is_valid({"free": free, "p2": 1.5})
    for number in range(3000):
        assert validator.is_valid({f"free{number}": number, "p3": 3.0})
    strict = compile_schema(schema, strict=True)
    assert not strict.is_valid({"p1": 1, "free": 1})


def test_a_required_field_is_missed_where_any_value_of_it_will_do():
    schema = {"type": "object", "properties": {"b": {"anyOf": [True, {"$ref": "#"}]}}, "required": ["b"]}
    validator = compile_schema(schema)
    assert validator.is_valid({"b": 1})
    assert not validator.is_valid({})


BASE64 = {"type": "string", "contentEncoding": "base64"}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"contentEncoding": "base64"}, "YQ==", "_"),
        ({"type": "array", "items": BASE64}, ["YQ=="], ["_"]),
        ({"type": "object", "additionalProperties": BASE64}, {"a": "YQ=="}, {"a": "_"}),
        ({"type": "object", "properties": {f"f{n}": BASE64 for n in range(20)}}, {"f1": "YQ=="}, {"f1": "_"}),
        ({"anyOf": [BASE64, {"type": "integer"}]}, "YQ==", "_"),
    ],
)
def test_content_is_judged_wherever_it_stands(schema, good, bad, strict):
    for dialect, refuses in ((D7, True), ("https://json-schema.org/draft/2020-12/schema", False)):
        validator = compile_schema({"$schema": dialect, **schema}, strict=strict)
        assert validator.is_valid(good)
        assert validator.is_valid(bad) is not refuses
        assert bool([*validator.iter_errors(bad)]) is refuses


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"type": "integer"}}},
        {"additionalProperties": False, "else": {"properties": {"a": {}}}},
        {"anyOf": [{"properties": {"a": {}}}, {"required": ["b"]}]},
        {"if": {"properties": {"a": {}}}, "then": {"properties": {"b": {}}}},
        {"dependentSchemas": {"a": {"properties": {"a": {}}}}},
    ],
)
def test_strictness_holds_for_any_mapping(schema):
    validator = compile_schema(schema, strict=True)
    for mapping in (collections.OrderedDict, collections.UserDict, dict):
        instance = mapping(c=1)
        assert not validator.is_valid(instance)
        assert [error.json_path for error in validator.iter_errors(instance)] == ["$.c"]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("key", [None, ("a",), b"a", 2.5])
@pytest.mark.parametrize("pattern", ["^a", "^a+$", "(a|b)c"])
def test_a_key_that_is_no_text_is_no_json(pattern, key, strict):
    validator = compile_schema({"patternProperties": {pattern: {}}, "additionalProperties": False}, strict=strict)
    assert not validator.is_valid({key: 1})
    assert [error.found for error in validator.iter_errors({key: 1})] == [f"{type(key).__name__} as key"]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("dialect", ["draft-04", "draft-07"])
def test_a_wide_object_has_the_same_verdicts_when_its_function_is_written_anew(monkeypatch, strict, dialect):
    monkeypatch.setattr("toolkit.validator.compiler._CALLS_BEFORE_UNFOLDING", 40)
    types = {"string": "x", "integer": 1, "number": 1.5, "boolean": True, "null": None}
    names = [f"{kind} {number}" for number in range(30) for kind in types]
    schema = {
        "$schema": f"http://json-schema.org/{dialect}/schema#",
        "type": "object",
        "properties": {name: {"type": name.split()[0]} for name in names}
        | {"limit": {"type": "integer", "minimum": 5}},
        "required": [*names, "limit"],
    }
    good = {name: types[name.split()[0]] for name in names} | {"limit": 5}
    instances = [good, {**good, "more": 1}, {**good, "limit": 4}, {**good, "limit": 5.0}, dict(list(good.items())[1:])]
    instances += [
        {**good, "integer 3": 2.0},
        {**good, "number 3": 2},
        {**good, "number 3": float("nan")},
        {**good, "null 3": 0},
        {**good, "boolean 3": 1},
        {**good, "string 3": UserString("x")},
    ]
    validator = compile_schema(schema, strict=strict)
    first = validator.is_valid
    assembled, code = [first(instance) for instance in instances], first.__code__
    expected = [not list(validator.iter_errors(instance)) for instance in instances]
    for _ in range(10):
        assert [first(instance) for instance in instances] == assembled == expected
    assert validator.is_valid is first
    assert first.__code__ is not code


NUMBERS = {
    "$schema": D7,
    "type": "object",
    "properties": {f"n{index}": {"type": "number", "maximum": 1e308} for index in range(40)}
    | {f"m{index}": {"type": "number"} for index in range(40)},
    "required": [f"{letter}{index}" for letter in "nm" for index in range(40)],
}


@functools.cache
def numbers_validator(strict):
    return compile_schema(NUMBERS, strict=strict)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("key", ["n0", "n39", "m0", "m31", "m32", "m39"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, True),
        (1e308, True),
        (10**308, True),
        (-(10**400), True),
        (float("nan"), False),
        (float("inf"), False),
        (float("-inf"), False),
        (True, False),
        ("1", False),
        (decimal.Decimal("1.5"), True),
    ],
)
def test_of_many_numbers_each_has_to_be_finite(strict, key, value, expected):
    """The sum of the largest is beyond every float, though each of them is a number."""
    validator = numbers_validator(strict)
    for others in (0.5, 1e308, -1e308, 7):
        instance = dict.fromkeys(NUMBERS["required"], others) | {key: value}
        assert validator.is_valid(instance) is expected
        assert bool(list(validator.iter_errors(instance))) is not expected


@pytest.mark.parametrize(
    ("said", "text", "others"),
    [
        ({"enum": ["a", "b"]}, "a", ["c", ""]),
        ({"pattern": "^[a-z]{2}$"}, "ab", ["abc", "a", ""]),
        ({"pattern": "[0-9]b"}, "x1b", ["b"]),
        ({"pattern": "^a-"}, "a-1", ["a"]),
        ({"pattern": "(?=a)a"}, "ca", ["b"]),
        ({"pattern": "^(a+)+$"}, "aaa", ["aab"]),
        ({"format": "date"}, "2026-02-28", ["2026-02-30"]),
        ({"format": "hostname"}, "a.b", ["-"]),
        ({"minLength": 2, "maxLength": 2}, "ab", ["a", "abc"]),
        ({"minLength": 2, "maxLength": 4}, "abcd", ["a", "abcde"]),
        ({"minLength": 0, "maxLength": 4, "pattern": "^.*$"}, "", ["abcde"]),
    ],
)
@pytest.mark.parametrize("required", [["t"], [], ["t", "u"]])
def test_a_field_of_text_takes_text_alone(said, text, others, required):
    schema = {
        "$schema": D7,
        "type": "object",
        "properties": {key: {"type": "string", **said} for key in "tu"},
        "required": required,
    }
    for strict in (False, True):
        validator = compile_schema(schema, strict=strict)
        for value in (text, UserString(text)):
            assert validator.is_valid({"t": value, "u": text})
        for value in [*others, None, 1, 1.5, True, [text], list(text), {text: 1}, (text,), text.encode(), {text}]:
            assert not validator.is_valid({"t": value, "u": text}), value
            assert list(validator.iter_errors({"t": value, "u": text}))


def test_a_key_is_the_object_that_the_decoder_hands_out():
    """So it is found at once, where an equal one would have to be compared."""
    orjson = pytest.importorskip("orjson")
    for many in (1, 20):
        keys = ["_".join(["met", "by", "this", "test", str(many), str(index)]) for index in range(many)]
        schema = {"$schema": D7, "type": "object", "properties": {key: {"type": "null"} for key in keys}}
        judge = compile_schema(schema, strict=True).is_valid
        event = orjson.loads(orjson.dumps(dict.fromkeys(keys)))
        assert judge(event)
        tables = [value for value in judge.__globals__.values() if isinstance(value, dict)]
        known = {id(key) for keys in (judge.__code__.co_consts, *tables) for key in keys}
        assert known.issuperset(map(id, event))


SPARSE = {
    "$schema": D7,
    "type": "object",
    "properties": {
        f"{kind} {number}": said
        for number in range(2)
        for kind, said in {
            "text": {"type": "string", "maxLength": 3},
            "day": {"type": "string", "format": "date", "title": f"day {number}"},
            "count": {"type": "integer", "minimum": number},
            "share": {"type": "number", "maximum": 1},
            "choice": {"enum": ["a", None, 2]},
            "flag": {"type": "boolean"},
            "any": {},
            "never": False,
            "place": {"type": "object", "properties": {"zip": {"type": "string"}}, "required": ["zip"]},
            "tree": {"$ref": "#"},
            "list": {"type": "array", "items": {"type": "integer"}},
        }.items()
    },
    "required": ["text 0"],
}
FIELDS = ["abc", "abcd", "2026-02-28", "2026-02-30", 0, 1, 0.0, 1.0, 0.5, 2, True, None, "a", float("nan"), 10**400]
FIELDS += [{}, {"zip": "1"}, {"zip": 1}, {"text 0": ""}, {"text 0": "", "tree 1": {"count 1": 0}}, [], [1], [1.5], (1,)]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("most", [32, 16])
def test_many_optional_fields_have_the_verdicts_of_the_report(monkeypatch, strict, most):
    monkeypatch.setattr("toolkit.validator.objects._MOST_KINDS_TOLD_APART", most)
    validator = compile_schema(SPARSE, strict=strict)
    assert validator.is_valid({"text 0": ""})
    assert not validator.is_valid({})
    assert validator.is_valid({"text 0": "", "more": 1}) is not strict
    for _ in range(2):  # what no schema names is known the second time
        for key in [*SPARSE["properties"], "more"]:
            for value in FIELDS:
                instance = {"text 0": "", key: value, "other": 1} if not strict else {"text 0": "", key: value}
                assert validator.is_valid(instance) is not any(validator.iter_errors(instance)), (key, value)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (
            {"properties": {"a": {"minimum": 0, "exclusiveMinimum": True}}},
            (
                "#/properties/a/exclusiveMinimum: expected number, found boolean true; draft-04 and OpenAPI 3.0 write it so: "
                "name draft-04 as $schema, or write the bound itself here"
            ),
        ),
        (
            {"properties": {"a": {"items": [{}]}}},
            (
                "#/properties/a/items: expected object or boolean, found array [{}]; up to 2019-09 it is written so: name that "
                "as $schema, or write prefixItems"
            ),
        ),
        (
            {"properties": {"a": {"required": True}}},
            (
                "#/properties/a/required: expected array, found boolean true; draft-03 wrote it so: list the names of the "
                "required fields in the object that has them"
            ),
        ),
        ({"properties": {"a": {"items": 5}}}, "#/properties/a/items: expected object or boolean, found integer 5"),
    ],
)
def test_what_an_older_draft_lets_stand_is_told_as_it_is_written_now(contents, message):
    with pytest.raises(SchemaError) as caught:
        compile_schema(contents)
    assert str(caught.value) == message
