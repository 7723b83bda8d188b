import gzip
import json

import pytest

from toolkit import aws
from toolkit.errors import NotFound, SchemaNotFound
from toolkit.handlers import event_validator
from toolkit.handlers.dead_letters import dead_letter
from toolkit.handlers.messages import Message, message_from_record, queue_url, send
from toolkit.handlers.polling import drain, queue_length
from toolkit.schema import load_schema
from toolkit.simulation import EXAMPLE_EVENT
from toolkit.validator import compile_schema


@pytest.fixture
def queues(make_queue, monkeypatch):
    """The queues of the handler under names of this test, and its settings."""
    names = {name: make_queue(name) for name in ("events", "valid", "dead")}
    monkeypatch.setenv("VALID_EVENTS_QUEUE", names["valid"])
    monkeypatch.setenv("DEAD_LETTER_QUEUE", names["dead"])
    monkeypatch.setenv("EVENT_NAME", "user_registered")
    return names


def receive(queue):
    found = aws.call(
        "sqs", "receive_message", QueueUrl=queue_url(queue), MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    return [message_from_record(message) for message in found.get("Messages", ())]


def sqs_batch(*bodies, **attributes):
    given = {name: {"stringValue": value, "dataType": "String"} for name, value in attributes.items()}
    return {
        "Records": [
            {"messageId": str(index), "body": body, "messageAttributes": given, "eventSource": "aws:sqs"}
            for index, body in enumerate(bodies)
        ]
    }


def test_a_plain_valid_event_goes_to_the_valid_queue(queues, capsys):
    assert event_validator.handler(EXAMPLE_EVENT) == {"valid": True, "errors": []}
    [message] = receive(queues["valid"])
    assert json.loads(message.body) == EXAMPLE_EVENT
    assert capsys.readouterr().out == "Response status code: [200]\n"
    assert queue_length(queues["dead"]) == 0


def test_a_plain_event_as_text_arrives_byte_for_byte(queues):
    text = json.dumps(EXAMPLE_EVENT, indent=3).replace("32", "32.0")
    assert event_validator.handler(text, None)["valid"]
    assert [message.body for message in receive(queues["valid"])] == [text.encode()]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"age": "32"}, "$.age: expected integer, found string"),
        ({"extra": 1}, "$.extra: expected no undeclared field, found integer"),
        (
            {"address": {**EXAMPLE_EVENT["address"], "zip": "1"}},
            "$.address.zip: expected no undeclared field, found string",
        ),
    ],
)
def test_a_plain_invalid_event_goes_to_the_dead_letter_queue(queues, change, reason):
    event = {**EXAMPLE_EVENT, **change}
    assert event_validator.handler(event) == {"valid": False, "errors": [reason]}
    assert queue_length(queues["valid"]) == 0
    [message] = receive(queues["dead"])
    assert json.loads(message.body) == event
    assert message.attributes["schema"] == "user_registered/1"
    assert message.attributes["reasons_total"] == "1"


def test_a_batch_is_parted_and_nothing_comes_again(queues):
    good = json.dumps(EXAMPLE_EVENT, indent=1)
    bodies = [good, '{"eid": 1}', "{broken", good]
    assert event_validator.handler(sqs_batch(*bodies), None) == {"batchItemFailures": []}
    assert [message.body.decode() for message in receive(queues["valid"])] == [good, good]
    dead = {message.body.decode(): json.loads(message.attributes["reasons"]) for message in receive(queues["dead"])}
    assert set(dead) == {'{"eid": 1}', "{broken"}
    assert dead["{broken"][0]["keyword"] == "json"
    reasons = {(reason["instance_location"], reason["keyword"]) for reason in dead['{"eid": 1}']}
    assert ("/eid", "type") in reasons
    assert ("", "required") in reasons
    assert set(dead['{"eid": 1}'][0]) == {"instance_location", "keyword_location", "keyword", "expected", "found"}


def test_bytes_that_are_no_text_keep_their_bytes_in_the_dead_letter_queue(queues):
    broken = b'{"name": "\xff"}'
    send(queues["events"], [Message(broken, {"line": "7"})])
    assert list(drain(queues["events"], event_validator.handler)) == [1]
    [message] = receive(queues["dead"])
    assert message.body == broken
    assert message.attributes["line"] == "7"
    assert json.loads(message.attributes["reasons"])[0]["keyword"] == "encoding"


def test_a_message_may_name_its_own_schema(queues):
    from toolkit.samples import sample_events

    order = next(sample_events(1, broken_share=0)).decode()
    batch = sqs_batch(order, event_name="order_placed", schema_version="2")
    assert event_validator.handler(batch) == {"batchItemFailures": []}
    [message] = receive(queues["valid"])
    assert message.attributes == {"event_name": "order_placed", "schema_version": "2"}


def test_an_outage_is_no_verdict(queues, monkeypatch):
    monkeypatch.setenv("VALID_EVENTS_QUEUE", "no-such-queue")
    answer = event_validator.handler(sqs_batch(json.dumps(EXAMPLE_EVENT), '{"eid": 1}'))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert [message.body for message in receive(queues["dead"])] == [b'{"eid": 1}']


def test_an_unknown_schema_is_no_verdict_either(queues):
    batch = sqs_batch("{}", event_name="never_published")
    assert event_validator.handler(batch) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert queue_length(queues["dead"]) == 0


def test_a_plain_event_of_an_unknown_schema_says_what_there_is(queues, monkeypatch):
    monkeypatch.setenv("EVENT_NAME", "never_published")
    with pytest.raises(
        SchemaNotFound, match=r"no schema named 'never_published'; there are: order_placed, .*user_registered"
    ):
        event_validator.handler(EXAMPLE_EVENT)


def test_many_reasons_are_cut_so_that_the_message_fits(queues):
    filler = "x" * (1024 * 1024 - 700)
    body = json.dumps({"eid": 1, "documentNumber": 2, "name": 3, "age": filler, "address": 5})
    assert event_validator.handler(sqs_batch(body)) == {"batchItemFailures": []}
    [message] = receive(queues["dead"])
    assert message.body == body.encode()
    assert 1 <= len(json.loads(message.attributes["reasons"])) < int(message.attributes["reasons_total"])


def test_the_reason_of_a_union_names_the_branch_that_came_nearest():
    branches = [
        {"required": ["kind"], "properties": {"kind": {"const": kind}, "n": {"type": "integer"}}} for kind in "ab"
    ]
    validator = compile_schema(load_schema({"properties": {"u": {"oneOf": branches}}}))
    instance = {"u": {"kind": "b", "n": "secret"}}
    letter = dead_letter(Message(b"{}", {}), list(validator.iter_errors(instance)), schema="u/1")
    [reason] = json.loads(letter.attributes["reasons"])
    assert (reason["instance_location"], reason["keyword"]) == ("/u", "oneOf")
    assert (reason["nearest"]["instance_location"], reason["nearest"]["keyword"]) == ("/u/n", "type")
    assert "secret" not in letter.attributes["reasons"]


def test_send_event_to_queue_prints_the_status_and_sends_what_it_was_given(queues, capsys):
    answer = event_validator.send_event_to_queue({"a": "é"}, queues["events"])
    assert capsys.readouterr().out == "Response status code: [200]\n"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert [message.body for message in receive(queues["events"])] == ['{"a":"é"}'.encode()]


def test_send_event_to_queue_names_a_missing_queue(platform):
    with pytest.raises(NotFound, match="queue 'missing'"):
        event_validator.send_event_to_queue({}, "missing")


def notification(message, **attributes):
    envelope = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": "arn:aws:sns:eu-west-1:123456789012:events",
        "Message": message,
        "Timestamp": "2026-03-02T12:45:07.000Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertURL": "EXAMPLE",
        "UnsubscribeURL": "EXAMPLE",
    }
    if attributes:
        envelope["MessageAttributes"] = {name: {"Type": "String", "Value": text} for name, text in attributes.items()}
    return json.dumps(envelope, indent=2)


def test_a_notification_of_sns_is_taken_out_of_its_envelope(queues):
    good = json.dumps(EXAMPLE_EVENT, indent=1)
    batch = sqs_batch(notification(good), notification('{"eid": "é"}', event_name="user_registered"))
    assert event_validator.handler(batch) == {"batchItemFailures": []}
    [valid], [dead] = receive(queues["valid"]), receive(queues["dead"])
    assert valid.body == good.encode()
    assert valid.attributes == {"correlation_id": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"}
    assert dead.body == '{"eid": "é"}'.encode()
    assert dead.attributes["event_name"] == "user_registered"


def test_a_notification_may_bring_more_attributes_than_a_queue_takes(queues):
    many = {f"tag_{number}": str(number) for number in range(12)}
    good, bad = json.dumps(EXAMPLE_EVENT), "{}"
    batch = sqs_batch(*(notification(body, event_name="user_registered", **many) for body in (good, bad)))
    assert event_validator.handler(batch) == {"batchItemFailures": []}
    [valid], [dead] = receive(queues["valid"]), receive(queues["dead"])
    assert valid.body == good.encode()
    assert json.loads(valid.attributes.pop("attributes")) == many
    assert valid.attributes == {
        "event_name": "user_registered",
        "correlation_id": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    }
    assert json.loads(dead.attributes["attributes"]).items() >= many.items()
    ten = {f"tag_{number}": str(number) for number in range(9)}
    event_validator.handler(sqs_batch(notification(good, **ten)))
    [valid] = receive(queues["valid"])
    assert valid.attributes.items() >= ten.items()


def test_an_event_that_looks_like_a_notification_is_stored_as_it_was_judged(queues, bucket, tmp_path, monkeypatch):
    from toolkit.handlers import event_forwarder, event_sink

    (tmp_path / "told").mkdir()
    (tmp_path / "told/1.json").write_text('{"required": ["TopicArn"]}')
    monkeypatch.setenv("SCHEMA_REPOSITORY", str(tmp_path))
    monkeypatch.setenv("EVENT_NAME", "told")
    monkeypatch.setenv("STRICT", "false")
    monkeypatch.setenv("UNWRAP_SNS", "never")
    monkeypatch.setenv("EVENTS_LOCATION", f"s3://{bucket}/events/")
    event = json.dumps(json.loads(notification('{"inner": 1}')))
    sent = []
    monkeypatch.setattr(
        event_forwarder, "deliver", lambda stream, packed: sent.extend(one.data for one in packed) or []
    )
    for store in (event_sink.handler, event_forwarder.handler):
        assert event_validator.handler(sqs_batch(event)) == {"batchItemFailures": []}
        list(drain(queues["valid"], store))
    [item] = aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix="events/told/")["Contents"]
    with aws.open_object(f"s3://{bucket}/{item['Key']}") as file:
        assert gzip.decompress(file.read()) == event.encode() + b"\n"
    assert sent == [event.encode() + b"\n"]


def test_what_resembles_a_notification_is_an_event(queues, monkeypatch):
    extra = json.loads(notification("{}")) | {"more": 1}
    odd = [json.dumps(extra), notification("{}").replace('"Type": "Notification"', '"Type": 1'), '{"TopicArn": ']
    odd += [json.dumps(json.loads(notification("{}")) | {"MessageAttributes": given}) for given in ([1], {"a": 5}, "x")]
    assert event_validator.handler(sqs_batch(*odd)) == {"batchItemFailures": []}
    assert {message.body.decode() for message in receive(queues["dead"])} == set(odd)
    monkeypatch.setenv("UNWRAP_SNS", "never")
    wrapped = notification(json.dumps(EXAMPLE_EVENT))
    event_validator.handler(sqs_batch(wrapped))
    assert [message.body.decode() for message in receive(queues["dead"])] == [wrapped]


def test_a_dead_letter_names_field_rule_and_schema_version(queues):
    event_validator.handler(sqs_batch(json.dumps({**EXAMPLE_EVENT, "age": "x"}), tenant="a"))
    [message] = receive(queues["dead"])
    assert {name: message.attributes[name] for name in ("field", "rule", "schema", "tenant")} == {
        "field": "/age",
        "rule": "type",
        "schema": "user_registered/1",
        "tenant": "a",
    }


def test_attributes_beyond_ten_are_folded_and_come_back(queues):
    own = {f"attribute_{number}": str(number) for number in range(10)}
    event_validator.handler(sqs_batch('{"eid": 1}', **own))
    [dead] = receive(queues["dead"])
    assert json.loads(dead.attributes["attributes"]) == own
    # Mended by hand and sent again, it goes on as if nothing had happened.
    event_validator.handler(sqs_batch(json.dumps(EXAMPLE_EVENT), **dead.attributes))
    [valid] = receive(queues["valid"])
    assert valid.attributes == own


@pytest.mark.parametrize("folded", ["[1]", "5", "no json", '{"event_name": 5}', '{"a": ""}'])
def test_a_producers_attributes_that_only_look_like_ours_stop_nobody(queues, folded):
    attributes = {"reasons": "mine", "attributes": folded}
    event = json.dumps(EXAMPLE_EVENT)
    batch = {"Records": sqs_batch(event, **attributes)["Records"] + sqs_batch("{}", event)["Records"][1:]}
    assert event_validator.handler(batch) == {"batchItemFailures": []}
    assert len(receive(queues["valid"])) == 2


def test_an_event_that_leaves_no_room_for_reasons_is_kept_in_s3(queues, bucket, monkeypatch):
    monkeypatch.setenv("OVERSIZED_LOCATION", f"s3://{bucket}/oversized/")
    body = json.dumps({"eid": "x" * (1024 * 1024 - 11)})
    assert len(body) == 1024 * 1024
    batch = sqs_batch(body)
    assert event_validator.handler(batch) == {"batchItemFailures": []}
    [dead] = receive(queues["dead"])
    location = dead.attributes["content_location"]
    with aws.open_object(location) as file:
        assert file.read() == body.encode()
    # A retry overwrites the object.
    event_validator.handler(batch)
    assert len(aws.call("s3", "list_objects_v2", Bucket=bucket)["Contents"]) == 1
    receive(queues["dead"])
    # Sent again, its bytes are judged and not its address.
    event_validator.handler(sqs_batch(dead.body.decode(), **dead.attributes))
    [again] = receive(queues["dead"])
    assert again.attributes["content_location"] == location


def test_without_a_place_for_it_an_oversized_refusal_comes_again(queues):
    body = json.dumps({"eid": "x" * (1024 * 1024 - 11)})
    assert event_validator.handler(sqs_batch(body)) == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_an_address_of_another_place_is_never_read(queues, bucket, monkeypatch):
    monkeypatch.setenv("OVERSIZED_LOCATION", f"s3://{bucket}/oversized/")
    aws.call("s3", "put_object", Bucket=bucket, Key="secret", Body=json.dumps(EXAMPLE_EVENT).encode())
    batch = sqs_batch("{}", content_location=f"s3://{bucket}/secret")
    assert event_validator.handler(batch) == {"batchItemFailures": []}
    assert [message.body for message in receive(queues["dead"])] == [b"{}"]


def test_a_key_that_sqs_cannot_carry_does_not_stop_its_dead_letter(queues):
    body = json.dumps({**EXAMPLE_EVENT, "a\u0001b": 1})
    assert event_validator.handler(sqs_batch(body)) == {"batchItemFailures": []}
    [dead] = receive(queues["dead"])
    assert (dead.attributes["field"], dead.body) == ("/a\ufffdb", body.encode())


def test_a_new_version_is_used_without_a_restart(queues, tmp_path, monkeypatch):
    from toolkit.repositories import FolderRepository

    repository = FolderRepository(tmp_path)
    repository.add("moved", "1", '{"properties": {"a": {"type": "integer"}}}')
    monkeypatch.setenv("SCHEMA_REPOSITORY", str(tmp_path))
    monkeypatch.setenv("SCHEMA_CACHE_SECONDS", "0")
    monkeypatch.setenv("EVENT_NAME", "moved")
    event_validator.handler(sqs_batch('{"b": 1}'))
    assert [message.attributes["schema"] for message in receive(queues["dead"])] == ["moved/1"]
    # A broken version is no verdict: everything comes again until it is mended.
    (tmp_path / "moved" / "2.json").write_text('{"type": ')
    assert event_validator.handler(sqs_batch('{"b": 1}')) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    (tmp_path / "moved" / "2.json").unlink()
    repository.add("moved", "3", '{"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}')
    event_validator.handler(sqs_batch('{"b": 1}'))
    assert [message.body for message in receive(queues["valid"])] == [b'{"b": 1}']


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "InternalServerError"])
def test_a_repository_that_does_not_answer_is_no_verdict(queues, faults, unique, monkeypatch, code):
    monkeypatch.setenv("SCHEMA_REPOSITORY", f"dynamodb://schemas-{unique}")
    faults.refuse("get_item", code)
    monkeypatch.setenv("SCHEMA_VERSION", "1")
    answer = event_validator.handler(sqs_batch("{}", "[]"))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "1"}]}
    assert queue_length(queues["dead"]) == queue_length(queues["valid"]) == 0


def test_only_what_was_not_sent_comes_again(queues, faults):
    bodies = [json.dumps({**EXAMPLE_EVENT, "age": number}) for number in range(35)]
    faults.refuse("send_message_batch", times=1)
    faults.lose("send_message_batch", times=1)
    again = {item["itemIdentifier"] for item in event_validator.handler(sqs_batch(*bodies))["batchItemFailures"]}
    # Two batches failed; of one the answer was lost, so that its events arrive twice and none is missing.
    assert 15 <= len(again) <= 20
    faults.heal()
    rest = sqs_batch(*[body for index, body in enumerate(bodies) if str(index) in again])
    assert event_validator.handler(rest) == {"batchItemFailures": []}
    found = []
    while batch := receive(queues["valid"]):
        found += [message.body.decode() for message in batch]
    assert set(found) == set(bodies)


def test_logs_hold_places_and_no_values(queues, caplog):
    caplog.set_level("INFO", logger="toolkit.handlers")
    event_validator.handler(sqs_batch(json.dumps({**EXAMPLE_EVENT, "age": "secret-value"}), correlation_id="c-1"))
    assert "secret-value" not in caplog.text
    lines = [json.loads(record.message) for record in caplog.records]
    assert lines[0] == {
        "level": "INFO",
        "message": "refused",
        "schema": "user_registered/1",
        "reasons": ["/age type"],
        "correlation_id": "c-1",
    }
    assert lines[1] == {"level": "INFO", "message": "judged", "events": 1, "valid": 0, "invalid": 1, "come_again": 0}


def test_metrics_are_in_the_embedded_format(queues, monkeypatch, capsys):
    monkeypatch.setenv("METRICS_NAMESPACE", "events")
    event_validator.handler(sqs_batch(json.dumps(EXAMPLE_EVENT)))
    line = json.loads(capsys.readouterr().out)
    [described] = line["_aws"]["CloudWatchMetrics"]
    assert described["Namespace"] == "events"
    assert {metric["Name"] for metric in described["Metrics"]} <= line.keys()
    assert (line["function"], line["events"], line["valid"]) == ("event_validator", 1, 1)


def test_an_event_with_a_correlation_id_is_followed_to_its_object(queues, bucket, monkeypatch, caplog):
    from toolkit.handlers import event_sink

    monkeypatch.setenv("EVENTS_LOCATION", f"s3://{bucket}/events/{{event_name}}/")
    caplog.set_level("INFO")
    event = json.dumps(EXAMPLE_EVENT).encode()
    assert send(queues["events"], [Message(event, {"correlation_id": "trace-1"}), Message(event)]) == {}
    list(drain(queues["events"], event_validator.handler))
    list(drain(queues["valid"], event_sink.handler))
    said = [json.loads(record.getMessage()) for record in caplog.records]
    assert [line["message"] for line in said if line.get("correlation_id") == "trace-1"] == ["valid"]
    [stored] = [line for line in said if line["message"] == "stored object"]
    assert stored["correlation_ids"] == ["trace-1"]
    with aws.open_object(stored["location"]) as file:
        assert event in gzip.decompress(file.read()).splitlines()
