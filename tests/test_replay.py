import gzip
import json
import os

import pytest

from toolkit import aws
from toolkit import replay as replaying
from toolkit.errors import InvalidInput
from toolkit.replay import check_place, replay, source_state, store_accepted
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


def test_a_replay_that_is_run_again_finds_what_it_would_write(rejects, tmp_path):
    validator = compile_schema(MENDED, strict=True)
    outcomes = [replay(rejects, validator, str(tmp_path / "good.gz"), tmp_path / "still") for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.gz", "rejects.ndjson", "still"]
    # With another schema other lines are refused: that is another file.
    with pytest.raises(InvalidInput, match="there is something in this file already"):
        replay(rejects, compile_schema(OLD), str(tmp_path / "other.gz"), tmp_path / "still")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.gz", "rejects.ndjson", "still"]


def test_a_replay_never_overwrites_its_source(rejects, tmp_path):
    before = rejects.read_bytes()
    for accepted, still in ((str(rejects), tmp_path / "still"), (str(tmp_path / "good"), rejects)):
        with pytest.raises(InvalidInput, match="would overwrite the source"):
            replay(rejects, compile_schema(MENDED), accepted, still)
    assert rejects.read_bytes() == before


def test_what_is_no_file_takes_the_rejects_too(rejects, tmp_path):
    report = replay(rejects, compile_schema(MENDED, strict=True), str(tmp_path / "good"), "/dev/null")
    assert (report.accepted, report.refused) == (2, 2)


@pytest.mark.parametrize("to_s3", [False, True])
def test_a_replay_that_is_killed_at_any_write_is_simply_run_again(rejects, tmp_path, bucket, monkeypatch, to_s3):
    """Small objects, so that there are several; each is the one at which the process dies, before or after it."""
    validator = compile_schema(MENDED, strict=True)
    monkeypatch.setattr(replaying, "OBJECT_BYTES", 1)
    real = {"write_lines": replaying.write_lines, "one_line": replaying.one_line}
    deaths = 0
    for number in range(10):
        for when in ("before", "after"):
            folder = tmp_path / f"{number}-{when}"
            folder.mkdir()
            place = f"s3://{bucket}/{number}-{when}/" if to_s3 else str(folder / "good")
            left = [number]
            name = "write_lines" if to_s3 else "one_line"

            def dying(*arguments, left=left, when=when, name=name):
                left[0] -= 1
                if left[0] == -1 and when == "before":
                    raise Died
                answer = real[name](*arguments)
                if left[0] == -1:
                    raise Died
                return answer

            with monkeypatch.context() as patch:
                patch.setattr(replaying, name, dying)
                # What a dead process leaves behind: nobody tidies up.
                patch.setattr(replaying._Files, "__exit__", lambda *_: None)
                try:
                    replay(rejects, validator, place, folder / "still")
                except Died:
                    deaths += 1
                    assert not (folder / "still").exists()
                    assert not (folder / "good").exists()
            report = replay(rejects, validator, place, folder / "still")
            assert (report.read, report.accepted, report.refused, report.lost) == (5, 2, 2, 1)
            assert [line.line_number for line in read_rejected_lines(folder / "still")] == [2, 4]
            if to_s3:
                pages = aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix=f"{number}-{when}/")
                keys = [item["Key"] for page in pages for item in page["Contents"]]
                texts = [aws.call("s3", "get_object", Bucket=bucket, Key=key)["Body"].read() for key in keys]
                assert b"".join(map(gzip.decompress, texts)) == b'{"n": "b"}\n{"n": "\xc3\xbc"}\n'
            else:
                assert (folder / "good").read_bytes() == b'{"n": "b"}\n{"n": "\xc3\xbc"}\n'
                assert sorted(path.name for path in folder.iterdir()) == ["good", "still"]
        if left[0] >= 0:
            break
    assert deaths == 4


class Died(BaseException):
    """The process is dead."""


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


@pytest.mark.parametrize("name", ["out", "./out", "link"])
def test_accepted_and_refused_events_want_two_files(rejects, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("out")
    with pytest.raises(InvalidInput, match="would be one file"):
        replay(rejects, compile_schema(MENDED), name, "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(InvalidInput, match="would be one file"):
        check_place(str(rejects), name, "out")


def test_what_is_read_twice_is_a_file(rejects, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidInput, match="expected a file, which can be read twice, found a pipe or a device"):
        check_place(str(pipe), str(tmp_path / "good"))
    with pytest.raises(InvalidInput, match="expected a file, which can be read twice"):
        replay(pipe, compile_schema(MENDED), "s3://bucket/", tmp_path / "still")


@pytest.mark.parametrize("place", ["file", "object"])
@pytest.mark.parametrize("moment", ["before", "meanwhile"])
def test_events_that_were_not_judged_are_not_accepted(tmp_path, bucket, place, moment):
    path, uri = tmp_path / "events.ndjson", f"s3://{bucket}/events.ndjson"
    source = str(path) if place == "file" else uri

    def write(lines):
        path.write_bytes(lines)
        if place == "object":
            aws.call("s3", "put_object", Bucket=bucket, Key="events.ndjson", Body=lines)

    def open_uri(uri):
        opened = aws.open_object(uri)
        if moment == "meanwhile":
            write(b'{"n": 1}\n{"n": "a"}\n')
        return opened

    def day_of(event):
        if moment == "meanwhile" and place == "file":
            write(b'{"n": 1}\n{"n": "a"}\n')
        return ""

    write(b'{"n": 1}\n')
    judged = source_state(source)
    rejects = tmp_path / "rejects"
    validate_ndjson(source, compile_schema(OLD), rejects=rejects, open_uri=aws.open_object)
    if moment == "before":
        write(b'{"n": 1}\n{"n": "a"}\n')
    good = tmp_path / "good"
    with pytest.raises(InvalidInput, match="was written to after it was judged"):
        store_accepted(source, rejects, str(good), day_of=day_of, open_uri=open_uri, judged=judged)
    assert not good.exists()


def test_the_accepted_events_of_a_file_are_those_that_were_not_refused(rejects, tmp_path):
    source = tmp_path / "events.ndjson"
    source.write_bytes(b"\xef\xbb\xbf" + b"\n\r\n".join(LINES))
    validator = compile_schema(MENDED, strict=True)
    report = validate_ndjson(source, validator, rejects=tmp_path / "refused.ndjson", longest_line=100)
    good = tmp_path / "good.ndjson"
    assert store_accepted(str(source), tmp_path / "refused.ndjson", str(good)) == (str(good),)
    assert good.read_bytes() == b'{"n": 1}\n{"n": "b"}\n{"n": "\xc3\xbc"}\n'
    assert (report.valid, report.blank) == (3, 5)
    with pytest.raises(InvalidInput, match="would overwrite the source"):
        store_accepted(str(source), tmp_path / "refused.ndjson", str(source))
