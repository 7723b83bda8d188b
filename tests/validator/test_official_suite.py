"""
The official test suite of JSON Schema, run as data: every draft, required, optional and formats, nothing left out.

Source: https://github.com/json-schema-org/JSON-Schema-Test-Suite
"""

import functools
import json
from pathlib import Path

import pytest
from real_data import ABSENT, SUITE

from toolkit.schema import DRAFT4, DRAFT6, DRAFT7, DRAFT2019_09, DRAFT2020_12, V1, SchemaRegistry, load_schema
from toolkit.validator import compile_schema

DIALECTS = {
    "draft4": DRAFT4,
    "draft6": DRAFT6,
    "draft7": DRAFT7,
    "draft2019-09": DRAFT2019_09,
    "draft2020-12": DRAFT2020_12,
    "v1": V1,
}
FILES = sorted(
    path.relative_to(SUITE / "tests") for name in DIALECTS for path in (SUITE / "tests" / name).rglob("*.json")
)


def asserts_format(path):
    """Formats decide in their own tests; one file tests that in v1 they can be kept from it."""
    if "format" in path.parts:
        return True
    return False if path.name == "format-annotation.json" else None


@functools.cache
def registry_of(draft):
    documents = {
        f"http://localhost:1234/{path.relative_to(SUITE / 'remotes').as_posix()}": json.loads(path.read_text("utf-8"))
        for path in (SUITE / "remotes").rglob("*.json")
    }
    return SchemaRegistry().with_documents(documents, default_dialect=DIALECTS[draft])


@pytest.mark.skipif(not FILES, reason=ABSENT)
@pytest.mark.parametrize("path", FILES or [Path()], ids=str)
def test_every_verdict_is_that_of_the_suite(written, path):
    draft = path.parts[0]
    wrong = []
    for case in json.loads((SUITE / "tests" / path).read_text("utf-8")):
        schema = load_schema(case["schema"], registry=registry_of(draft), default_dialect=DIALECTS[draft])
        validator = compile_schema(schema, formats=asserts_format(path))
        for test in case["tests"]:
            verdict = validator.is_valid(test["data"])
            errors = list(validator.iter_errors(test["data"]))
            if verdict is not test["valid"] or verdict is not (not errors):
                wrong.append((case["description"], test["description"], verdict, errors))
    assert wrong == []
