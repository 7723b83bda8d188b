"""The quick look at schemas: it must accept nothing that a metaschema refuses."""

import copy
import json
import random

import pytest
from real_data import ABSENT, SUITE

from toolkit.schema import DIALECTS, SchemaRegistry
from toolkit.schema.metaschema import bundled_documents
from toolkit.validator.validator import compile_unchecked
from toolkit.validator.well_formed import KNOWN, is_well_formed

SAMPLES = [
    {"type": "object", "properties": {"a": {"type": ["string", "null"], "minLength": 1, "pattern": "a", "format": "date"}}},
    {"required": ["a"], "additionalProperties": False, "patternProperties": {"^x": {"enum": ["a", "b"]}}, "title": "t"},
    {"items": {"minimum": 1.5, "maximum": 2, "multipleOf": 0.1}, "minItems": 0, "maxItems": 3, "uniqueItems": True},
    {"items": [{"not": {}}, {"allOf": [{"type": "null"}]}], "additionalItems": False, "default": [1], "description": ""},
    {"anyOf": [{"$ref": "#/definitions/a"}, {"oneOf": [{"const": 1}, {}]}], "definitions": {"a": {"enum": [None]}}},
    {"if": {"minProperties": 1}, "then": {"maxProperties": 2}, "else": {}, "$comment": "c", "readOnly": True, "$id": "x"},
    {"contains": {"exclusiveMinimum": 1, "exclusiveMaximum": 2}, "propertyNames": {"maxLength": 3}, "examples": [1]},
    {"$defs": {"a": True}, "prefixItems": [True], "items": {"$ref": "#/$defs/a"}, "minContains": 1, "maxContains": 2},
    {"dependentSchemas": {"a": {}}, "unevaluatedItems": {}, "unevaluatedProperties": {}, "contentSchema": {}, "id": "x"},
]  # fmt: skip
VALUES = [True, False, None, 0, -1, 1, 1.5, 0.0, "", "a", "#a", "string", [], ["a"], ["a", "a"], [1, 1.0], [{}], [[]], [1],
          ["string", "b"], {}, {"a": 1}, {"a": True}, {"a": {"type": 1}}, {"a": ["b"]}, float("nan"), float("inf")]  # fmt: skip


def judge_of(dialect):
    return compile_unchecked(SchemaRegistry().resolve(dialect.uri)).is_valid


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_what_is_well_formed_is_valid_under_the_metaschema(dialect):
    """Each keyword has each value in turn, alone and somewhere in a schema of many keywords."""
    is_valid, accepted = judge_of(dialect), 0
    source = random.Random(1)
    for keyword in sorted(KNOWN):
        for value in VALUES:
            schemas = [{keyword: value}, {"properties": {"a": {keyword: value}}}]
            for sample in source.sample(SAMPLES, 3):
                changed = copy.deepcopy(sample)
                below = source.choice([item for item in (changed, *changed.values()) if isinstance(item, dict)])
                below[keyword] = value
                schemas.append(changed)
            for schema in schemas:
                if is_well_formed(schema, dialect):
                    accepted += 1
                    assert is_valid(schema), schema
    assert accepted > 1000


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_the_usual_keywords_need_no_metaschema(dialect):
    assert is_well_formed(SAMPLES[0], dialect)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_keyword_of_a_metaschema_is_known(dialect):
    """One that were not would pass with any value."""
    documents = [contents for _, contents in bundled_documents(dialect.uri)]
    assert {keyword for contents in documents for keyword in contents.get("properties", ())} <= KNOWN


@pytest.mark.skipif(not SUITE.exists(), reason=ABSENT)
@pytest.mark.parametrize("dialect", DIALECTS[:5], ids=lambda dialect: dialect.name)
def test_instances_of_the_official_suite_are_no_better_as_schemas(dialect):
    """Its instances are values of all kinds, some of them schemas that a metaschema refuses."""
    is_valid = judge_of(dialect)
    for path in (SUITE / "tests").rglob("*.json"):
        for case in json.loads(path.read_text("utf-8")):
            for schema in (case["schema"], *(test["data"] for test in case["tests"])):
                assert not is_well_formed(schema, dialect) or is_valid(schema), schema
