"""Large schemas: verdicts put together from ready parts at first, and by written functions later."""

import pickle
import threading

import pytest

from toolkit.validator import compile_schema


def tree(depth, **leaf):
    if not depth:
        return {"type": "string", **leaf}
    return {
        "type": "object",
        "title": f"level {depth}",
        "properties": {f"k{index}": tree(depth - 1, **leaf) for index in range(4)},
        "required": ["k0"],
    }


def full(depth, leaf="x"):
    return {f"k{index}": full(depth - 1, leaf) for index in range(4)} if depth else leaf


@pytest.mark.parametrize("strict", [False, True])
def test_a_large_schema_has_the_same_verdicts_before_and_after_its_functions_are_written_anew(monkeypatch, strict):
    monkeypatch.setattr("toolkit.validator.compiler._CALLS_BEFORE_UNFOLDING", 30)
    validator = compile_schema(tree(3, minLength=1), strict=strict)
    deep = full(3)
    deep["k3"]["k3"]["k3"] = ""
    instances = [full(3), deep, {"k0": {"k0": {}}}, {"k0": {"k0": {"k0": "x", "z": 1}}}, {}]
    expected = [True, False, False, not strict, False]
    first = validator.is_valid
    for _ in range(40):
        assert [first(instance) for instance in instances] == expected
    assert [not validator.first_error(instance) for instance in instances] == expected
    assert [pickle.loads(pickle.dumps(validator)).is_valid(instance) for instance in instances] == expected


def test_the_source_of_a_large_schema_shows_what_judges_it():
    validator = compile_schema(tree(3, minLength=1))
    assert validator.source.count("return foreign(") > 4**2
    assert validator.is_valid(full(3))
    assert not validator.is_valid({"k0": {"k0": {"k0": ""}}})


def test_parts_that_only_look_alike_share_nothing():
    """A reference means another thing below another base, and 1 is not true."""
    part = {"properties": {"a": {"$ref": "#/$defs/leaf"}, "b": {"const": 1}, "c": {}, "d": {}}}
    other = {"properties": {"a": {"$ref": "#/$defs/leaf"}, "b": {"const": True}, "c": {}, "d": {}}}
    filling = {f"f{index}": {"properties": {"z": {"maximum": index}}} for index in range(60)}
    schema = {
        "$id": "https://example.com/root",
        "properties": {
            "here": {"properties": {"x": part}},
            "there": {
                "$id": "https://example.com/there",
                "$defs": {"leaf": {"type": "integer"}},
                "properties": {"x": part},
            },
            "other": {"properties": {"x": other}},
            **filling,
        },
        "$defs": {"leaf": {"type": "string"}},
    }
    validator = compile_schema(schema)
    assert validator.is_valid({"here": {"x": {"a": "s", "b": 1}}, "there": {"x": {"a": 1, "b": 1}}})
    assert not validator.is_valid({"here": {"x": {"a": 1}}})
    assert not validator.is_valid({"there": {"x": {"a": "s"}}})
    assert validator.is_valid({"other": {"x": {"b": True}}})
    assert not validator.is_valid({"other": {"x": {"b": 1}}})


def test_depth_is_judged_alike_however_functions_are_written():
    """A function more for each level must not refuse what one function for all levels accepts."""
    node = {
        "type": "object",
        "properties": {"a": {"properties": {"b": {"properties": {"c": {"$ref": "#/$defs/node"}, "d": {}, "e": {}}}}}},
    }
    filling = {f"f{index}": {"properties": {"x": {"maximum": index}, "y": {}, "z": {}}} for index in range(60)}
    small = {"$ref": "#/$defs/node", "$defs": {"node": node}}
    large = small | {"properties": filling}
    for levels in (50, 200, 300, 2000):
        value = {}
        for _ in range(levels):
            value = {"a": {"b": {"c": value}}}
        assert compile_schema(large).is_valid(value) is compile_schema(small).is_valid(value)


def test_a_long_chain_of_references_takes_nothing_of_the_stack():
    chain = {f"d{index}": {"$ref": f"#/$defs/d{index + 1}"} for index in range(3000)}
    validator = compile_schema({"$ref": "#/$defs/d0", "$defs": chain | {"d3000": {"type": "string"}}})
    assert validator.is_valid("x")
    assert not validator.is_valid(1)


def test_threads_share_a_large_schema_while_it_is_written_anew(monkeypatch):
    monkeypatch.setattr("toolkit.validator.compiler._CALLS_BEFORE_UNFOLDING", 20)
    validator, good, bad = compile_schema(tree(3), strict=True), full(3), full(3, 1)
    wrong = []

    def judge():
        for _ in range(60):
            wrong.extend([1] * (not validator.is_valid(good) or validator.is_valid(bad)))

    threads = [threading.Thread(target=judge) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
