"""Real payloads against a real schema of 344 definitions: the verdicts are those of jsonschema-rs."""

import json

import jsonschema_rs
import pytest
from real_data import ABSENT, WEBHOOKS

from toolkit.schema import load_schema
from toolkit.validator import compile_schema


@pytest.mark.skipif(not WEBHOOKS.exists(), reason=ABSENT)
def test_verdicts_agree_payload_by_payload():
    root = load_schema(WEBHOOKS / "schema.json")
    events = [json.loads(line) for line in (WEBHOOKS / "events.ndjson").read_text("utf-8").splitlines()]
    named = [event for event in events if f"{event['name']}_event" in root.contents["definitions"]]
    validators = {
        name: compile_schema(root.resolve(f"#/definitions/{name}_event")) for name in {e["name"] for e in named}
    }
    ours = [validators[event["name"]].is_valid(event["payload"]) for event in named]
    oracles = {
        name: jsonschema_rs.Draft7Validator(
            {"definitions": root.contents["definitions"], "$ref": f"#/definitions/{name}_event"}
        )
        for name in validators
    }
    assert ours == [oracles[event["name"]].is_valid(event["payload"]) for event in named]
    assert (ours.count(True), ours.count(False)) == (244, 40)
    reported = [not list(validators[event["name"]].iter_errors(event["payload"])) for event in named]
    assert reported == ours
