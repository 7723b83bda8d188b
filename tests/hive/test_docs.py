"""The examples of docs/tables.md run, and its table of types is what the code makes."""

import doctest
import json
import re
from pathlib import Path

import pytest

from toolkit import hive
from toolkit.athena import tables
from toolkit.hive import Policy, columns_from_schema, curated_policy
from toolkit.schema import load_schema

PAGE = (Path(__file__).parent.parent.parent / "docs" / "tables.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\{.*\})` \| `([^`]+)` \| `([^`]+)` \| ([\w, -]+) \|$", PAGE, flags=re.M)


@pytest.mark.usefixtures("platform")
def test_the_examples_run(bucket):
    blocks = re.findall(r"^```pycon\n(.*?)^```$", PAGE, flags=re.M | re.S)
    example = doctest.DocTestParser().get_doctest("\n".join(blocks), {"bucket": bucket}, "docs/tables.md", None, 0)
    told = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=told.append)
    assert result.failed == 0, "".join(told)
    assert result.attempted > 40


def test_the_table_of_types_has_its_rows():
    assert len(ROWS) == 26


@pytest.mark.parametrize(("schema", "raw", "curated", "rules"), ROWS)
def test_a_row_of_the_table_of_types(schema, raw, curated, rules):
    event = load_schema({"type": "object", "properties": {"field": json.loads(schema)}})
    found = [columns_from_schema(event, policy) for policy in (Policy(), curated_policy())]
    assert [str(plan.columns[0].type) for plan in found] == [raw, curated]
    assert {plan.origins[0].rule for plan in found} == set(rules.split(", "))


def test_every_choice_of_the_policy_is_explained():
    for choice in Policy.__dataclass_fields__:
        assert re.search(rf"^\|.*`{choice}`.*\|", PAGE, flags=re.M), choice


def test_every_function_that_is_named_is_there():
    rows = re.findall(r"^\| `[A-Z][A-Z ].*? \| (.*) \| (.*) \|$", PAGE, flags=re.M)
    assert len(rows) == 10
    for texts, actions in rows:
        assert all(hasattr(hive, name) for name in re.findall(r"`(\w+)`", texts))
        assert all(hasattr(tables, name) for name in re.findall(r"`(\w+)`", actions))
