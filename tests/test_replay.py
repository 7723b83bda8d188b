import gzip
import json

import pytest

from toolkit import aws
from toolkit.errors import InvalidInput
from toolkit.replay import replay
from toolkit.validator import compile_schema, read_rejected_lines, validate_ndjson

OLD = {"properties": {"n": {"type": "integer"}}, "type": "object"}
MENDED = {"properties": {"n": {"type": ["integer", "string"]}}, "type": "object"}
LINES = [
    b'{"n": 1}',
    b'{"n": "a", "x": 2}',
    b'{"n":\r"b"}',
    b"broken",
    b'{"n": "\xc3\xbc"}',
    b'{"n": "' + b"y" * 200 + b'"}',
]


@pytest.fixture
def rejects(tmp_path):
    path = tmp_path / "rejects.ndjson"
    validate_ndjson(b"\n".join(LINES), compile_schema(OLD, strict=True), rejects=path, longest_line=100)
    return path


def test_every_line_is_accounted_for(rejects, tmp_path):
    report = replay(
        rejects, compile_schema(MENDED, strict=True), str(tmp_path / "good.ndjson"), tmp_path / "still.ndjson"
    )
    assert (report.read, report.accepted, report.refused, report.lost) == (5, 2, 2, 1)
    assert (tmp_path / "good.ndjson").read_bytes() == b'{"n": "b"}\n{"n": "\xc3\xbc"}\n'
    still = [(line.line_number, line.body) for line in read_rejected_lines(tmp_path / "still.ndjson")]
    assert still == [(2, LINES[1]), (4, LINES[3])]


def test_what_is_still_refused_can_be_replayed_again(rejects, tmp_path):
    validator = compile_schema(MENDED, strict=True)
    replay(rejects, validator, str(tmp_path / "good.ndjson.gz"), tmp_path / "still.ndjson")
    again = replay(
        tmp_path / "still.ndjson", compile_schema(MENDED), str(tmp_path / "more.ndjson"), tmp_path / "last.ndjson"
    )
    assert (again.read, again.accepted, again.refused) == (2, 1, 1)
    assert gzip.decompress((tmp_path / "good.ndjson.gz").read_bytes()).count(b"\n") == 2


def test_nothing_is_overwritten(rejects, tmp_path):
    validator = compile_schema(MENDED, strict=True)
    (tmp_path / "kept").write_text("something")
    with pytest.raises(InvalidInput, match="there is something in this file already"):
        replay(rejects, validator, str(tmp_path / "kept"), tmp_path / "still.ndjson")
    with pytest.raises(InvalidInput, match="there is something in this file already"):
        replay(rejects, validator, str(tmp_path / "new"), tmp_path / "kept")


def test_a_file_that_holds_no_rejects_is_refused(tmp_path):
    (tmp_path / "other").write_text("{}\n")
    with pytest.raises(InvalidInput, match="expected the record of a refused line"):
        replay(tmp_path / "other", compile_schema(MENDED), str(tmp_path / "new"), tmp_path / "still")


def test_a_replay_into_s3_can_be_repeated(rejects, tmp_path, bucket):
    validator = compile_schema(MENDED, strict=True)

    def run(number):
        return replay(
            rejects,
            validator,
            f"s3://{bucket}/events",
            tmp_path / f"still-{number}",
            day_of=lambda body: "2026-03-02" if b"b" in body else "2026-03-03",
        )

    first, second = run(1), run(2)
    assert first == second
    keys = [item["Key"] for item in aws.call("s3", "list_objects_v2", Bucket=bucket)["Contents"]]
    assert [f"s3://{bucket}/{key}" for key in keys] == list(first.written)
    assert [key.split("/")[1] for key in keys] == ["dt=2026-03-02", "dt=2026-03-03"]
    bodies = [aws.call("s3", "get_object", Bucket=bucket, Key=key)["Body"].read() for key in keys]
    assert [json.loads(gzip.decompress(body)) for body in bodies] == [{"n": "b"}, {"n": "ü"}]
