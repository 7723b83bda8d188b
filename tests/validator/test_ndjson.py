"""Lines of JSON are judged one by one and counted."""

import gzip
import io

import pytest

from toolkit.errors import InvalidInput
from toolkit.validator import compile_schema, validate_ndjson

VALIDATOR = compile_schema(
    {"properties": {"n": {"type": "integer"}, "l": {"items": {"properties": {"k": {"type": "string"}}}}}}, strict=True
)
LINES = b'{"n": 1}\r\n\n{"n": "a"}\n  \n{"l": [{}, {"k": 1}]}\nbroken\n{"n": "\xe2\x80\xa8"}\n{"x": 1}\n{"n": 2}'


def test_every_line_is_counted():
    report = validate_ndjson(io.BytesIO(LINES), VALIDATOR)
    assert (report.valid, report.invalid, report.blank, report.total) == (2, 5, 2, 7)
    assert report.counts == {
        ("$.n", "type"): 2,
        ("$.l[*].k", "type"): 1,
        ("$", "json"): 1,
        ("$.x", "unevaluatedProperties"): 1,
    }


def test_samples_say_where_their_lines_stand():
    report = validate_ndjson(io.BytesIO(LINES), VALIDATOR, most_samples=2)
    assert [(sample.line_number, sample.byte_offset) for sample in report.samples] == [(3, 11), (5, 25)]
    assert LINES[25:].startswith(b'{"l"')


def test_a_path_is_read_and_gzip_unpacked(tmp_path):
    plain, packed = tmp_path / "events.ndjson", tmp_path / "events.ndjson.gz"
    plain.write_bytes(LINES)
    packed.write_bytes(gzip.compress(LINES))
    assert validate_ndjson(plain, VALIDATOR) == validate_ndjson(str(packed), VALIDATOR)


def test_any_iterable_of_bytes_will_do():
    assert validate_ndjson(iter([b'{"n": 1}', b'{"n": "a"}\n']), VALIDATOR).invalid == 1


def test_what_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="can't be read: No such file"):
        validate_ndjson(tmp_path / "none", VALIDATOR)
    with pytest.raises(InvalidInput, match="expected lines of bytes, found str"):
        validate_ndjson(["{}"], VALIDATOR)
    (tmp_path / "cut.gz").write_bytes(gzip.compress(LINES)[:-9])
    with pytest.raises(InvalidInput, match="can't be read to its end"):
        validate_ndjson(tmp_path / "cut.gz", VALIDATOR)


def test_a_missing_field_is_counted_where_it_should_be():
    schema = {
        "required": ["id"],
        "properties": {"id": {}, "l": {"items": {"required": ["a b"], "properties": {"a b": {}}}}},
    }
    lines = b'{"l": [{}, {}]}\n{"id": 1, "l": [{}]}\n'
    for most_samples in (0, 2):
        report = validate_ndjson(io.BytesIO(lines), compile_schema(schema, strict=True), most_samples=most_samples)
        assert report.counts == {('$.l[*]["a b"]', "required"): 3, ("$.id", "required"): 1}
