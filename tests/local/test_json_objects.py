"""Many small objects are converted together; what a query sees of them is what it would see of each by itself."""

import gzip
import json

import pytest

from toolkit.local.athena.readers import json_objects
from toolkit.local.athena.readers.json_objects import pieces, whole_lines

COUNT = 30


class Chunks:
    """A file that gives what it has in parts of three bytes."""

    def __init__(self, content):
        self.content = content

    def read(self, _size):
        part, self.content = self.content[:3], self.content[3:]
        return part


def test_parts_of_a_file_end_where_lines_end():
    assert list(whole_lines(Chunks(b"a\nbcdefg\nhi"))) == [b"a\n", b"bcdefg\n", b"hi"]
    assert list(whole_lines(Chunks(b""))) == []


def test_pieces_hold_the_lines_of_many_objects_and_end_each(monkeypatch):
    monkeypatch.setattr(json_objects, "PIECE_IN_BYTES", 4)
    found = list(pieces([(0, b"a"), (1, b""), (2, b"bc\n"), (2, b"d\n"), (3, b"e\n")]))
    assert [(piece.text, piece.parts) for piece in found] == [
        (b"a\nbc\n", ((0, 2), (1, 0), (2, 3))),
        (b"d\ne\n", ((2, 2), (3, 2))),
    ]


@pytest.fixture(scope="module")
def small(athena):
    """A table of small objects in two partitions, large enough together to be read at once."""
    athena.run("CREATE DATABASE small")
    for number in range(COUNT):
        lines = [json.dumps({"id": number, "n": each, "pad": "x" * 80}) for each in range(50)]
        text = "\n".join(lines).encode()
        part, packed = f"p={number % 2}", number % 3 == 0
        key = f"small/{part}/{number:02d}.json" + (".gz" if packed else "")
        athena.put(key, gzip.compress(text) if packed else text)
    athena.run(
        "CREATE EXTERNAL TABLE small.events (id int, n int, pad string) PARTITIONED BY (p int) "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/small/'"
    )
    athena.run("MSCK REPAIR TABLE small.events")
    return athena


def test_each_row_has_the_path_and_the_partition_of_its_object(small):
    # First some of them, then all: those that are there already are not read anew.
    for where in ("p = 1", "p IN (0, 1)", "p = 0"):
        rows = small.rows(f'SELECT DISTINCT id, p, "$path" FROM small.events WHERE {where} ORDER BY id')
        wanted = [number for number in range(COUNT) if where != f"p = {1 - number % 2}"]
        assert [(int(id_), int(p)) for id_, p, _ in rows] == [(number, number % 2) for number in wanted]
        assert all(f"/p={p}/{int(id_):02d}.json" in path for id_, p, path in rows)
        assert small.rows(f"SELECT count(*), sum(n) FROM small.events WHERE {where}") == [
            (str(50 * len(wanted)), str(1225 * len(wanted)))
        ]


def test_an_object_that_is_replaced_or_deleted_shows_in_the_next_query(small):
    counts = "SELECT count(*), count(DISTINCT id) FROM small.events"
    assert small.rows(counts) == [("1500", "30")]
    key = "small/p=1/01.json"
    old = small.s3.get_object(Bucket="lake", Key=key)["Body"].read()
    small.put(key, '{"id": 100}\n{"id": 101}')
    assert small.rows(counts) == [("1452", "31")]
    small.s3.delete_object(Bucket="lake", Key=key)
    assert small.rows(counts) == [("1450", "29")]
    small.put(key, old)
    assert small.rows(counts) == [("1500", "30")]


def test_a_broken_line_fails_the_queries_that_read_its_object_and_names_it(small):
    small.put("small/p=1/bad.json", '{"id": 1}\n{"id": \n')
    small.put("small/p=0/odd.json", '{"id": 1, "n": {"a": 1}}\n')
    assert "(s3://lake/small/p=1/bad.json)" in small.reason("SELECT count(*) FROM small.events")
    assert small.rows("SELECT count(*) FROM small.events WHERE p = 0") == [("751",)]
    reason = small.reason("SELECT sum(n) FROM small.events WHERE p = 0")
    assert "Error parsing column 'n'" in reason
    assert "(s3://lake/small/p=0/odd.json)" in reason
    for key in ("p=1/bad.json", "p=0/odd.json"):
        small.s3.delete_object(Bucket="lake", Key=f"small/{key}")


def test_a_partition_that_stands_twice_over_one_folder_shows_its_rows_twice(small):
    small.run("ALTER TABLE small.events ADD PARTITION (p = 7) LOCATION 's3://lake/small/p=1/'")
    assert small.rows("SELECT p, count(*) FROM small.events GROUP BY p ORDER BY p") == [
        ("0", "750"),
        ("1", "750"),
        ("7", "750"),
    ]
    assert small.rows("SELECT count(*) FROM small.events WHERE p > 0") == [("1500",)]
    assert small.rows("SELECT count(id) FROM small.events") == [("2250",)]
    small.run("ALTER TABLE small.events DROP PARTITION (p = 7)")


def test_small_objects_of_other_formats_are_converted_together_too(athena):
    for number in range(5):
        athena.put(f"smallcsv/{number}.csv", "".join(f"{number},{each}\n" for each in range(10)))
    athena.run(
        "CREATE EXTERNAL TABLE default.smallcsv (a int, b int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' "
        "LOCATION 's3://lake/smallcsv/'"
    )
    assert athena.rows('SELECT "$path", sum(b), min(a), max(a) FROM smallcsv GROUP BY 1 ORDER BY 1') == [
        (f"s3://lake/smallcsv/{number}.csv", "45", str(number), str(number)) for number in range(5)
    ]
