"""Real schemas: the 344 definitions of GitHub's webhooks become tables."""

import json
from collections import defaultdict
from dataclasses import replace

import pytest
from generated_events import expected_row, losses_of
from real_data import ABSENT, WEBHOOKS

from toolkit.errors import TableError
from toolkit.hive import create_table_sql, curated_policy, parse_create_table, plan_table, preflight
from toolkit.schema import load_schema
from toolkit.validator import compile_schema

pytestmark = pytest.mark.skipif(not WEBHOOKS.exists(), reason=ABSENT)
# A row is an object; these six are text, numbers and lists.
NO_ROWS = {
    "author_association",
    "branch-protection-rule-array",
    "branch-protection-rule-boolean",
    "branch-protection-rule-enforcement-level",
    "branch-protection-rule-number",
    "webhook-events",
}


def table_name(definition):
    return "".join(character if character.isalnum() else "_" for character in definition.lower())


@pytest.fixture(scope="module")
def plans():
    """The raw plan of every definition that has rows."""
    document = load_schema(WEBHOOKS / "schema.json")
    found, refused = {}, set()
    for definition in document.contents["definitions"]:
        schema = document.resolve(f"#/definitions/{definition}")
        try:
            found[definition] = plan_table(
                schema,
                database="github",
                name=table_name(definition),
                location=f"s3://bucket/{table_name(definition)}/",
            )
        except TableError:
            refused.add(definition)
    assert refused == NO_ROWS
    return found


def test_every_definition_with_rows_becomes_a_table_that_reads_back(plans):
    assert len(plans) == 338
    for plan in plans.values():
        assert parse_create_table(create_table_sql(plan.table)) == plan.table


@pytest.mark.slow
def test_every_definition_has_a_curated_table(plans):
    document = load_schema(WEBHOOKS / "schema.json")
    for definition in plans:
        schema = document.resolve(f"#/definitions/{definition}")
        curated = plan_table(schema, database="d", name="t", location="s3://bucket/t/", policy=curated_policy())
        assert [c.name for c in curated.table.columns] == [c.name for c in plans[definition].table.columns]


@pytest.mark.java
def test_hives_own_parser_takes_every_definition(plans, hive_parser):
    for plan in plans.values():
        assert hive_parser(create_table_sql(plan.table)) is not None


def test_the_preflight_of_an_accepted_payload_finds_only_what_the_losses_name(plans):
    from jsonschema_rs import validator_for

    contents = json.loads((WEBHOOKS / "schema.json").read_text())
    checked = 0
    for line in (WEBHOOKS / "events.ndjson").read_text().splitlines():
        event = json.loads(line)
        definition = f"{event['name']}_event"
        if definition not in plans:
            continue
        judge = validator_for(contents | {"$ref": f"#/definitions/{definition}"})
        if not judge.is_valid(event["payload"]):
            continue
        checked += 1
        plan = plans[definition]
        named = {loss.column for loss in plan.losses}
        report = preflight([json.dumps(event["payload"]).encode()], plan.table)
        for sample in report.samples:
            # Without strict mode undeclared keys pass; the table leaves them out, as the SerDe does.
            assert sample.effect == "dropped" or sample.column in named, (definition, sample)
    assert checked == 244


def accepted_payloads(plans):
    """The recorded payloads that the validator accepts, by definition."""
    document = load_schema(WEBHOOKS / "schema.json")
    found = defaultdict(list)
    for line in (WEBHOOKS / "events.ndjson").read_text().splitlines():
        event = json.loads(line)
        definition = f"{event['name']}_event"
        if definition in plans:
            found[definition].append(event["payload"])
    for definition, payloads in found.items():
        validator = compile_schema(document.resolve(f"#/definitions/{definition}"))
        yield definition, [payload for payload in payloads if validator.is_valid(payload)]


@pytest.mark.slow
def test_every_accepted_payload_comes_back_from_its_table(plans, lake):
    checked = 0
    for definition, payloads in accepted_payloads(plans):
        plan = plans[definition]
        table = replace(plan.table, database="lake", location=f"s3://lake/webhooks/{plan.table.name}/")
        numbered = [json.dumps(payload).encode() + b"\n" for payload in payloads]
        for number, line in enumerate(numbered):
            lake.s3.put_object(Bucket="lake", Key=f"webhooks/{table.name}/{number:03}.json", Body=line)
        lake.run(create_table_sql(table))
        names = [column.name for column in table.columns]
        lost = losses_of(plan.columns)
        wanted = [expected_row(payload, plan.columns, lost) for payload in payloads]
        assert lake.rows(table.name, names, order='"$path"') == wanted, definition
        checked += len(payloads)
    assert checked == 244
