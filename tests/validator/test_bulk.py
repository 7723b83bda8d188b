"""Lines in bulk: every kind of source, several processes, rejects that can be replayed, and templates that change nothing."""

import gzip
import io
import itertools
import json
import os
import random
import subprocess
import sys
import time
import tracemalloc
from collections import Counter

import pyarrow as pa
import pytest
from real_data import ABSENT, WEBHOOKS

from toolkit.errors import InvalidInput, ToolkitError
from toolkit.validator import (
    ReadingStopped,
    compile_schema,
    merge_reports,
    read_rejected_lines,
    read_rejects,
    validate_ndjson,
)
from toolkit.validator.bulk import learning
from toolkit.validator.bulk import processes as spreading
from toolkit.validator.bulk.shape import outline
from toolkit.validator.bulk.source import Gunzipped

SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "id": {"type": "string", "minLength": 2},
        "n": {"type": "integer", "minimum": 0},
        "price": {"type": "number"},
        "kind": {"enum": ["a", "b", None]},
        "at": {"type": "string", "format": "date-time"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "place": {
            "type": "object",
            "properties": {"zip": {"type": "string", "pattern": "^[0-9]{5}$"}, "lat": {"type": ["number", "null"]}},
            "required": ["zip"],
        },
    },
    "required": ["id", "n"],
}
HOSTILE = [
    b"", b" \t", b"\r", b"{}", b"{", b"nul", b"[" * 2000, b'{"id": "ab"}', b"\xff\xfe", b'{"id": "\xff\xff", "n": 1}',
    b'{"id": "ab", "n": 12345678901234567890123}', b'{"id": "ab", "n": 1e400}', b'{"id": "ab", "n": NaN}',
    b'{"id": "ab", "n": 1, "n": "twice"}', b'{"id": "ab\x00", "n": 1}', b'{"id": "ab\\ud800", "n": 1}',
    b'{"id": "\\u0061b", "n": 1}', '{"id": "\u2028\u2029", "n": 1}'.encode(), b'{"id": "ab", "n": 1} {"id": "ab"}',
    b'{"id": "ab", "n": 1, "x": 1}', b'{"id": "ab", "n": -1}', b'{"id": "ab", "n": 1.0}', b'{"id": "ab", "n": true}',
    b'{"id": "ab", "n": 01}', b'{"id": "a", "n": 1}', b'\xef\xbb\xbf{"id": "ab", "n": 1}', b'{"id": "ab", "n": 1}\r',
    b'{ "id" : "ab" , "n" : 1 }', b'{"n": 1, "id": "ab"}', b'{"id": "ab", "n": 1, "kind": null}', b'"ab"', b"1",
    b'{"id": "ab", "n": 1, "place": {"zip": "12345\\n"}}', b'{"id": "a\\", "n": 1}', b'{"id": "ab", "n": 1,}',
    b'{"id": "a\tb", "n": 1}', b'{"id": "a\x1fb", "n": 1}', b'{"id": "a\x7fb", "n": 1}', b'{"id": "a\rb", "n": 1}',
]  # fmt: skip


@pytest.fixture(scope="module")
def validator():
    return compile_schema(SCHEMA, strict=True)


def event(source):
    made = {"id": f"e{source.randint(0, 10**6)}", "n": source.randint(0, 99)}
    if source.random() < 0.7:
        made["price"] = source.choice([source.random(), source.randint(0, 9)])
    if source.random() < 0.5:
        made["kind"] = source.choice(["a", "b", None])
    if source.random() < 0.5:
        made["at"] = f"2026-0{source.randint(1, 9)}-1{source.randint(0, 9)}T10:00:0{source.randint(0, 9)}Z"
    if source.random() < 0.5:
        made["tags"] = ["t"] * source.randint(0, 3)
    if source.random() < 0.5:
        made["place"] = {"zip": f"{source.randint(0, 99999):05}", "lat": source.choice([None, source.random()])}
    return made


def lines(count, *, seed=1, spoilt=0.02):
    source = random.Random(seed)
    made = []
    for _ in range(count):
        if source.random() < spoilt:
            # A byte order mark is refused but in front, where the replay of rejects could bring it.
            made.append(source.choice([line for line in HOSTILE if not line.startswith(b"\xef")]))
        else:
            made.append(json.dumps(event(source)).encode())
    return made


DATA = b"\n".join(lines(12_000)) + b"\n"


def judged_singly(data, validator):
    """Return what each line of *data* is, judged by itself: valid, invalid or blank."""
    kinds = []
    for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        content = line.removesuffix(b"\r")
        blank = not content.strip(b" \t\r")
        kinds.append("blank" if blank else "invalid" if validator.validate_json(content) else "valid")
    return kinds[:-1] if data.endswith(b"\n") else kinds


def test_templates_take_most_lines_and_change_no_verdict(validator):
    report = validate_ndjson(DATA, validator)
    assert report == validate_ndjson(DATA, validator, templates=False)
    assert report.fast_lines > 0.8 * report.valid
    kinds = judged_singly(DATA, validator)
    assert (report.valid, report.invalid, report.blank) == tuple(map(kinds.count, ("valid", "invalid", "blank")))


@pytest.fixture(params=[-1, 1], ids=["searched", "plain"])
def either_regex(request, monkeypatch):
    """Let a new validator search for control characters, or look at each letter, however long its texts are."""
    monkeypatch.setattr(learning, "_PART_WORTH_SEARCHING", request.param)


@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: repr(line[:40]))
def test_a_hostile_line_among_matching_ones_is_judged_like_alone(either_regex, line):
    validator = compile_schema(SCHEMA, strict=True)
    plain = b'{"id": "ab", "n": 1}'
    data = b"\n".join([plain] * 12_000 + [line] + [plain] * 10)
    report = validate_ndjson(data, validator)
    assert report == validate_ndjson(data, validator, templates=False)
    assert report.fast_lines > 10_000
    kind = judged_singly(b"\n" + line + b"\n", validator)[1]
    assert (report.invalid, report.blank) == (kind == "invalid", kind == "blank")


@pytest.mark.parametrize("later", [b"0", b"-0", b"0.5", b"-7", b"1e3", b"00", b"-", b"0x1"])
def test_numbers_that_are_written_otherwise_later_are_judged_alike(later):
    validator = compile_schema({"properties": {"n": {"type": "number"}}})
    data = b'{"n": 12}\n' * 15_000 + b'{"n": 12}\n{"n": %b}\n' % later * 15_000
    report = validate_ndjson(data, validator)
    assert report == validate_ndjson(data, validator, templates=False)
    assert report.fast_lines > 0.8 * report.valid


@pytest.mark.parametrize(("by_regex", "is_used"), [(0.9, True), (1.1, False)])
def test_templates_are_used_where_they_are_faster(monkeypatch, by_regex, is_used):
    validator = compile_schema(SCHEMA, strict=True)
    times = itertools.cycle([by_regex, 1.0])
    monkeypatch.setattr("toolkit.validator.bulk.judging._seconds", lambda *_: next(times))
    report = validate_ndjson(DATA, validator)
    assert report == validate_ndjson(DATA, validator, templates=False)
    assert (report.fast_lines > 0) is is_used


def test_a_trial_is_made_with_many_lines_though_some_are_refused(monkeypatch):
    sizes = []

    def seconds(function, sample, *_):
        sizes.append(len(sample))
        return len(sizes) % 2

    monkeypatch.setattr("toolkit.validator.bulk.judging._seconds", seconds)
    text = [line for line in lines(12_000, spoilt=0) if line]
    # The first line of all is refused and short, and no first part of the text for that.
    text[::20] = [b"{}"] * len(text[::20])
    validate_ndjson(b"\n".join(text) + b"\n", compile_schema(SCHEMA, strict=True))
    assert min(sizes) > 8 * 1024


@pytest.mark.parametrize(
    "line",
    [
        b'{"t": "%b"}' % (b"long " * 100),
        b'{"t": "\\u00e4\\u00f6\\u00fc"}',
        b'{"t": "x"}' + b" " * 100,
        b'{"%b": 1}' % (b"\\\\" * 20),
    ],
)
def test_templates_are_left_where_texts_are_most_of_a_line(line):
    report = validate_ndjson(b"\n".join([line] * 5_000), compile_schema({"type": "object"}))
    assert report.valid == 5_000
    assert (report.fast_lines > 0) is (b'"x"' in line or b": 1" in line)


@pytest.mark.parametrize(
    ("line", "lines", "is_learned"),
    [
        (b'{"t": "x", "n": [%b0]}' % (b"12, " * 500), 3_000, True),
        (b'{"t": "x", "n": [%b0]}' % (b"12, " * 500), 1_500, False),
        (b'{"t": "x", "n": []}', 3_000, False),
        (b'{"t": "%b", "n": []}' % ("größer ".encode() * 100), 5_000, True),
        (b'{"t": "%b", "n": []}' % (b"greater " * 100), 5_000, False),
    ],
)
def test_templates_are_learned_where_enough_is_saved(monkeypatch, line, lines, is_learned):
    """Of long lines fewer are enough, unless plain letters, which are decoded as fast, make them long."""
    times = itertools.cycle([0.9, 1.0])
    monkeypatch.setattr("toolkit.validator.bulk.judging._seconds", lambda *_: next(times))
    schema = {"type": "object", "properties": {"t": {"type": "string"}, "n": {"items": {"type": "integer"}}}}
    report = validate_ndjson(b"\n".join([line] * lines), compile_schema(schema, strict=True))
    assert report.valid == lines
    assert (report.fast_lines == lines) is is_learned


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"a": "x\\"y", "b": -12.5e+3, "c": false}', b'{"a": "", "b": -1.5e1, "c": true}'),
        (b'{"a\\"": 0, "b": [0.25, 0.5, 7.0, 12]}', b'{"a\\"": 0, "b": [0.5, 0.5, 1.5, 1]}'),
        (b'[ 5,5 ,5]', b'[ 1,1 ,1]'),
        (b'[{"k":1},{"k":20},{"k":3}, {"k":3}]', b'[{"k":1},{"k":1}, {"k":1}]'),
        (b'["", "", {"":"","x":""}]', b'["", "", {"":"","x":""}]'),
        (b'null', b'null'),
    ],
)  # fmt: skip
def test_the_outline_of_a_line_is_what_a_shape_tells_apart(line, expected):
    assert outline(line) == expected


@pytest.mark.parametrize(("strict", "closed"), [(True, {}), (False, {"additionalProperties": False}), (False, {})])
@pytest.mark.parametrize("union", ["oneOf", "anyOf"])
def test_branches_of_a_union_may_differ_in_many_fields(strict, closed, union):
    kinds = {
        "login": {"user": "x", "ok": True, "at": 1},
        "pay": {"sum": 1.5, "unit": "EUR", "to": "y"},
        "move": {"x": 1, "y": 2},
    }
    types = {str: "string", bool: "boolean", int: "integer", float: "number"}
    branches = [
        {
            "type": "object",
            "properties": {"kind": {"const": kind}} | {key: {"type": types[type(value)]} for key, value in fields.items()},
            "required": ["kind", *fields],
            **closed,
        }
        for kind, fields in kinds.items()
    ]  # fmt: skip
    events = [{"kind": kind, **fields} for kind, fields in kinds.items()]
    wrong = [{**event, **other, "kind": event["kind"]} for event, other in itertools.permutations(events, 2)]
    wrong += [{"kind": "pay"}, {**events[0], "kind": "pay"}, {**events[0], "ok": 1}, {**events[0], "more": 1}]
    lines = [json.dumps({"events": random.Random(n).choices(events, k=3)}) for n in range(6_000)]
    lines += [json.dumps({"events": [event, events[0]]}) for event in wrong]
    schema = {"type": "object", "properties": {"events": {"type": "array", "items": {union: branches}}}}
    data = "\n".join(lines).encode()
    report = validate_ndjson(data, compile_schema(schema, strict=strict))
    assert report == validate_ndjson(data, compile_schema(schema, strict=strict), templates=False)
    assert report.valid == 6_000 + (0 if strict or closed else 7)
    assert report.fast_lines > 5_900 or not (strict or closed)


def test_a_string_never_runs_on_into_the_next_line(either_regex):
    validator = compile_schema(SCHEMA, strict=True)
    plain = b'{"id": "ab", "n": 1}\n'
    halves = b'{"id": "ab\n", "n": 1}\n{"id": "ab}\n{", "n": 1}\n{"id": "ab"\n, "n": 1}\n"\n""\n'
    report = validate_ndjson(plain * 12_000 + (halves + plain) * 100, validator)
    assert (report.valid, report.invalid) == (12_100, 800)
    assert report.fast_lines > 12_000


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), ("  ,\t", " : ")])
def test_keys_in_any_letters_are_told_apart(separators):
    names = ["a.b*c", "x{2}\\1", "(?P<k0>", "[^z]+$", "caf\u00e9 au lait", "(?P=k0)", "|,|", '"quoted"', "#x y"]
    schema = {"properties": {name: {"type": "integer"} for name in names}, "required": names}
    validator = compile_schema(schema, strict=True)
    right = dict.fromkeys(names, 1)
    wrong = [right | {name: "1"} for name in names]
    wrong += [{key[:-1] + "!" if key == name else key: 1 for key in names} for name in names]
    texts = [json.dumps(value, separators=separators, ensure_ascii=False).encode() for value in (right, *wrong)]
    lines = [text for line in texts[1:] for text in (line, texts[0])]
    data = b"\n".join([texts[0]] * 5_000 + lines * 20)
    report = validate_ndjson(data, validator)
    assert report == validate_ndjson(data, validator, templates=False)
    assert report.invalid == 20 * len(wrong)
    assert report.fast_lines == report.valid


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda data: pa.compress(data, codec="zstd", asbytes=True)])
def test_every_source_gives_the_same_report(validator, tmp_path, pack):
    path = tmp_path / "events"
    path.write_bytes(pack(DATA))
    expected = validate_ndjson(DATA, validator)
    with path.open("rb") as file:
        assert validate_ndjson(file, validator) == expected
    assert validate_ndjson(path, validator) == expected
    assert validate_ndjson(io.BytesIO(pack(DATA)), validator) == expected
    opened = validate_ndjson("s3://bucket/key", validator, open_uri=lambda uri: path.open("rb"))
    assert opened == expected
    if pack is bytes:
        assert validate_ndjson(iter(DATA.split(b"\n")[:-1]), validator) == expected


@pytest.mark.parametrize("size", [1, 17, 1000, 70_000])
def test_a_gzip_file_of_many_members_is_read_to_its_end(size):
    members = [b"", b'{"id": "ab", "n": 1}\n' * 10, b"\n", os.urandom(70_000).replace(b"\n", b""), b"", b"x"]
    packed = gzip.compress(members[0]) + b"\0" * 5 + b"".join(map(gzip.compress, members[1:])) + b"\0" * 9
    source = io.BytesIO(packed)
    read = Gunzipped(source.read).read
    parts = list(iter(lambda: read(size), b""))
    assert b"".join(parts) == b"".join(members)
    assert max(map(len, parts)) <= size
    assert read(size) == b""


def test_an_address_needs_somebody_to_open_it(validator):
    with pytest.raises(InvalidInput, match=r"s3:// can't be opened here; pass open_uri"):
        validate_ndjson("s3://bucket/key", validator)


@pytest.fixture
def short_tasks(monkeypatch):
    """Let a small input be spread, in many tasks."""
    monkeypatch.setattr("toolkit.validator.ndjson.TASK_BYTES", 40_000)
    monkeypatch.setattr(spreading, "_LEAST_SECONDS", 0)
    monkeypatch.setattr(spreading, "_LEAST_SECONDS_COPIED", 0)


@pytest.fixture(params=["copies", "fresh"])
def workers(request, monkeypatch):
    """Let workers be copies of this process, or fresh ones."""
    if request.param == "copies" and sys.platform != "linux":
        pytest.skip("copies are made on Linux alone")
    monkeypatch.setattr(spreading, "_may_copy", lambda: request.param == "copies")
    return request.param


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_two_processes_report_what_one_does(validator, tmp_path, short_tasks, workers):
    path = tmp_path / "events.ndjson"
    path.write_bytes(DATA)
    expected = validate_ndjson(path, validator)
    assert validate_ndjson(path, validator, processes=2) == expected
    assert validate_ndjson(io.BytesIO(gzip.compress(DATA)), validator, processes=3) == expected
    with (tmp_path / "one").open("wb") as one, (tmp_path / "two").open("wb") as two:
        validate_ndjson(path, validator, rejects=one)
        validate_ndjson(path, validator, rejects=two, processes=2)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_nobody_waits_once_all_that_was_given_out_is_judged(validator, tmp_path, short_tasks, monkeypatch, workers):
    path = tmp_path / "events.ndjson"
    path.write_bytes(DATA)
    monkeypatch.setattr(spreading, "_MOST_WAITING", 1)
    hear = spreading._hear

    def hear_late(answers, *, is_waiting):
        # The worker has done all that it was given before its answers are heard.
        time.sleep(0.02)
        hear(answers, is_waiting=is_waiting)

    monkeypatch.setattr(spreading, "_hear", hear_late)
    assert validate_ndjson(path, validator, processes=2) == validate_ndjson(path, validator)


def test_a_script_needs_no_guard_to_use_processes(tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_bytes(b'{"n": 1}\n' * 1_000_000)
    script = tmp_path / "script.py"
    script.write_text(
        "from toolkit.validator import compile_schema, validate_ndjson\n"
        "validator = compile_schema({'properties': {'n': {'type': 'integer'}}})\n"
        f"print(validate_ndjson({str(path)!r}, validator, processes=2).valid)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout == "1000000\n"


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_worker_that_dies_is_an_error(validator, tmp_path, short_tasks, monkeypatch, workers):
    path = tmp_path / "events.ndjson"
    path.write_bytes(DATA)
    monkeypatch.setattr(spreading, "_PROGRAM", "import sys; sys.exit(3)")
    monkeypatch.setattr(spreading, "_serve", lambda *_: os._exit(3))
    # Our own process would be done before it is noticed.
    monkeypatch.setattr(spreading, "_idlest", lambda workers: workers[0] if workers else None)
    with pytest.raises(ToolkitError, match="a worker process ended with exit code 3 before it was done"):
        validate_ndjson(path, validator, processes=2)


@pytest.fixture
def with_copies(tmp_path):
    """Run a script of its own over a million lines, whose path it has as its argument; gives its two outputs and its status."""
    path, script = tmp_path / "events.ndjson", tmp_path / "script.py"
    path.write_bytes(b'{"n": 1}\n' * 1_000_000)

    def run(lines):
        script.write_text(
            "import os, signal, sys, threading\n"
            "from toolkit.validator import compile_schema, validate_ndjson\n"
            "from toolkit.validator.bulk import processes\n" + lines
        )
        done = subprocess.run([sys.executable, script, path], capture_output=True, text=True, check=False)
        return done.stdout, done.stderr, done.returncode

    return run


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")
def test_copies_whose_end_nobody_is_told_of_are_ended(with_copies):
    done = with_copies(
        # As a service that ignores the end of its children leaves it to those it starts.
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "processes._pays = lambda *_, **__: True\n"
        "validator = compile_schema({'properties': {'n': {'type': 'integer'}}})\n"
        "print(validate_ndjson(sys.argv[1], validator, processes=3).valid)\n"
    )
    assert done == ("1000000\n", "", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")
def test_copies_are_made_where_no_other_thread_is_and_end_with_their_parent(with_copies):
    done = with_copies(
        "made = []\n"
        "fork = os.fork\n"
        "os.fork = lambda: made.append(fork()) or made[-1]\n"
        "print('once')\n"
        "def run():\n"
        "    validator = compile_schema({'properties': {'n': {'type': 'integer'}}})\n"
        "    assert validate_ndjson(sys.argv[1], validator, processes=3).valid == 1_000_000\n"
        "run()\n"
        "assert len(made) == 2, made\n"
        "assert not any(os.path.exists(f'/proc/{pid}') for pid in made)\n"
        "thread = threading.Thread(target=run)\n"
        "thread.start(); thread.join()\n"
        "assert len(made) == 2, made\n"
    )
    assert done == ("once\n", "", 0)


def test_progress_comes_to_the_whole(validator, tmp_path):
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(DATA))
    heard = []
    report = validate_ndjson(path, validator, on_progress=heard.append)
    assert [progress.lines for progress in heard] == sorted({progress.lines for progress in heard})
    assert heard[-1].lines == report.total + report.blank
    assert heard[-1].read_bytes == heard[-1].source_bytes == path.stat().st_size


def test_samples_have_the_place_of_their_line(validator):
    report = validate_ndjson(DATA, validator, most_samples=1000)
    assert len(report.samples) == report.invalid
    starts = [0]
    for line in DATA.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    assert all(starts[sample.line_number - 1] == sample.byte_offset for sample in report.samples)


def test_rejects_hold_the_bytes_and_are_refused_again(validator, tmp_path):
    path = tmp_path / "rejects.ndjson"
    report = validate_ndjson(DATA, validator, rejects=path)
    bodies = list(read_rejects(path))
    kinds = judged_singly(DATA, validator)
    refused = [
        line.removesuffix(b"\r") for line, kind in zip(DATA.split(b"\n"), kinds, strict=False) if kind == "invalid"
    ]
    assert bodies == refused
    again = validate_ndjson(read_rejects(path), validator)
    assert (again.invalid, again.valid) == (report.invalid, 0)
    assert again.counts == report.counts
    first = next(read_rejected_lines(path))
    assert (first.line_number, first.byte_offset) == (report.samples[0].line_number, report.samples[0].byte_offset)
    assert first.reasons[0]["keyword"] == report.samples[0].errors[0].keyword


def test_rejects_are_never_written_over(validator, tmp_path):
    path = tmp_path / "events.ndjson"
    path.write_bytes(DATA)
    with pytest.raises(InvalidInput, match="the rejects would overwrite the source"):
        validate_ndjson(path, validator, rejects=path)
    other = tmp_path / "rejects"
    other.write_text("something")
    with pytest.raises(InvalidInput, match="there is something in this file already"):
        validate_ndjson(path, validator, rejects=other)


def test_a_line_too_long_is_refused_without_being_loaded(validator, tmp_path):
    data = b'{"id": "ab", "n": 1}\n{"id": "' + b"x" * 100_000 + b'", "n": 1}\n{"id": "ab", "n": 2}\n'
    report = validate_ndjson(data, validator, longest_line=1000, rejects=tmp_path / "rejects")
    assert (report.valid, report.invalid) == (2, 1)
    assert report.counts == {("$", "lineLength"): 1}
    assert report.samples[0].byte_offset == 21
    with pytest.raises(InvalidInput, match="1 lines were too long to be kept; take them from the source, at byte 21"):
        list(read_rejects(tmp_path / "rejects"))


@pytest.mark.parametrize("processes", [1, 2])
def test_a_line_of_an_iterable_is_too_long_wherever_it_stands(processes):
    validator = compile_schema({"type": ["object", "string"]})
    long = b'"' + b"x" * 300_000 + b'"'
    lines = [b"{}"] * 100_000 + [long, b"{}", long, long]
    report = validate_ndjson(iter(lines), validator, longest_line=290_000, processes=processes)
    assert report == validate_ndjson(b"\n".join([*lines, b""]), validator, longest_line=290_000)
    assert (report.valid, report.counts) == (100_001, {("$", "lineLength"): 3})


@pytest.mark.parametrize("longest_line", [1, 2, 7, 16, 40, 1000])
def test_a_text_is_cut_into_the_lines_that_a_file_has(validator, longest_line):
    source = random.Random(longest_line)
    for _ in range(50):
        lines = [b" " * source.choice([0, 1, 5, 15, 16, 17, 39, 80]) for _ in range(source.randrange(8))]
        data = source.choice([b"\n", b"\r\n"]).join([b'{"id": "ab", "n": 1}', *lines])
        report = validate_ndjson(data, validator, longest_line=longest_line)
        assert report == validate_ndjson(io.BytesIO(data), validator, longest_line=longest_line)


def test_a_source_that_breaks_off_gives_the_report_until_there(validator, tmp_path):
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(DATA)[:-20_000])
    with pytest.raises(ReadingStopped) as caught:
        validate_ndjson(path, validator)
    report = caught.value.report
    assert 0 < report.total < 12_000
    assert DATA[: caught.value.byte_offset].count(b"\n") == report.total + report.blank


def test_the_blocks_of_a_zstd_file_before_its_end_breaks_off_are_judged(validator):
    packed = pa.compress(DATA, codec="zstd", asbytes=True)
    with pytest.raises(ReadingStopped) as caught:
        validate_ndjson(packed[: len(packed) * 9 // 10], validator)
    report = caught.value.report
    assert len(DATA) > 2 * (1 << 17)
    assert 0 < report.total < 12_000
    assert DATA[: caught.value.byte_offset].count(b"\n") == report.total + report.blank


def test_reports_of_files_add_up(validator):
    half = DATA.index(b"\n", len(DATA) // 2) + 1
    whole = validate_ndjson(DATA, validator)
    both = merge_reports([validate_ndjson(DATA[:half], validator), validate_ndjson(DATA[half:], validator)])
    assert (both.valid, both.invalid, both.blank, both.byte_count) == (
        whole.valid,
        whole.invalid,
        whole.blank,
        whole.byte_count,
    )
    assert both.counts == whole.counts


def test_counts_become_a_frame(validator):
    frame = validate_ndjson(DATA, validator).to_frame()
    assert list(frame.columns) == ["location", "keyword", "errors"]
    assert frame["errors"].is_monotonic_decreasing
    assert ("$.n", "type") in set(zip(frame["location"], frame["keyword"], strict=True))


@pytest.mark.parametrize("is_broken", [False, True])
def test_memory_does_not_grow_with_the_lines(is_broken):
    """The peak over more lines is the same once blocks are full; every line names another undeclared field, where broken."""
    validator = compile_schema({"properties": {"n": {"type": "integer"}}}, strict=True)

    def source(count):
        for number in range(count):
            yield (b'{"field_%d": 1}' % number if is_broken else b'{"n": %d}' % number).ljust(60)

    def peak(count):
        tracemalloc.start()
        validate_ndjson(source(count), validator)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(11_000)
    few, many = (20_000, 50_000)
    assert peak(many) < peak(few) * 1.2 + 500_000


@pytest.mark.skipif(not WEBHOOKS.exists(), reason=ABSENT)
@pytest.mark.parametrize("name", ["issues", "check_run", "pull_request"])
def test_real_payloads_are_judged_alike_with_templates(name):
    from toolkit.schema import load_schema

    root = load_schema(WEBHOOKS / "schema.json")
    events = [json.loads(line) for line in (WEBHOOKS / "events.ndjson").read_text("utf-8").splitlines()]
    payloads = [json.dumps(event["payload"]).encode() for event in events if event["name"] == name]
    spoilt = [payload.replace(b'"id": ', b'"id": "', 1) for payload in payloads]
    wrong = [payload.replace(b"true", b'"true"', 1) for payload in payloads]
    # Enough of them that templates are tried.
    times = 500_000 // sum(map(len, payloads)) + 1
    data = b"\n".join(payloads * times + spoilt + wrong + payloads)
    for strict in (False, True):
        validator = compile_schema(root.resolve(f"#/definitions/{name}_event"), strict=strict)
        report = validate_ndjson(data, validator)
        assert report == validate_ndjson(data, validator, templates=False)
        assert report.invalid >= len(payloads)


def test_errors_beyond_the_samples_are_counted_alike():
    """What is refused after enough samples were kept is counted by another way."""
    schema = {
        "properties": {
            "a": {"type": "object", "properties": {"b": {"type": "integer"}}, "additionalProperties": False}
        },
        "oneOf": [{"properties": {"k": {"const": 1}}, "required": ["k"]}, {"properties": {"k": {"type": "string"}}}],
    }
    strict = compile_schema(schema, strict=True)
    lines = [b'{"a":{"b":"x","c":1},"k":2}', b'{"z":1,"k":1}', b'{"k":"s"}', b'{"a":{"c":{"d":1}},"k":[]}'] * 10
    expected = Counter(
        ("$" + "".join("[*]" if isinstance(token, int) else f".{token}" for token in error.path), error.keyword)
        for line in lines
        for error in strict.validate_json(line)
    )
    for samples in (0, 3, 100):
        report = validate_ndjson(lines, strict, most_samples=samples)
        assert report.counts == expected
        assert len(report.samples) == min(samples, report.invalid)
        assert [sample.line_number for sample in report.samples[:4]] == [1, 2, 4, 5][: len(report.samples)]
