"""Native copies: made of Parquet that is read again and again, and every answer stays what it was."""

import decimal
import io
import json
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import toolkit.local
from toolkit.local.athena.copies import Copies
from toolkit.local.athena.sql import natives
from toolkit.local.athena.sql.database import closed_database
from toolkit.local.athena.sql.natives import MAXIMUM_FILES, USES, Natives, native_path

DIGEST = "ab" * 32
ROWS = 600


@pytest.fixture(autouse=True)
def small_files_count_at_once(monkeypatch):
    monkeypatch.setattr(natives, "MINIMUM_IN_BYTES", 0)
    monkeypatch.setattr(natives, "QUIET_SECONDS", 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def platform(folder):
    with toolkit.local.start(data_directory=folder) as platform:
        yield platform


def until(condition):
    limit = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < limit, "it never came to be"
        time.sleep(0.01)


def no_maker():
    return not any(each.name == "native copies" for each in threading.enumerate())


def parquet(table, **options):
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


def is_native(athena, ask):
    plan = "\n".join(line for (line,) in athena.rows(f"EXPLAIN ANALYZE {ask}"))
    assert ("READ_PARQUET" in plan) != ("Sequential Scan" in plan), plan
    return "READ_PARQUET" not in plan


def answers(athena, asks):
    """Give what each query answers, as often as it takes until native copies are there and once more with these."""
    before = [(athena.rows(ask), athena.execution["Statistics"]["DataScannedInBytes"]) for ask in asks]
    until(lambda: athena.rows(asks[0]) and is_native(athena, asks[0]))
    after = [(athena.rows(ask), athena.execution["Statistics"]["DataScannedInBytes"]) for ask in asks for _ in range(2)]
    return before, after[::2], after[1::2]


def test_every_type_reads_alike(athena):
    nothing = [None] * 3
    kept = {
        "Name": ["", "ä\0b", "x" * 5_000],
        "größe": [0, -(2**63), 2**63 - 1],
        "small": pa.array([0, -128, 127], pa.int8()),
        "ratio": [float("nan"), -0.0, float("inf")],
        "single": pa.array([0.1, float("-inf"), float("nan")], pa.float32()),
        "price": pa.array([decimal.Decimal("0.01"), decimal.Decimal("-99999999.99"), None], pa.decimal128(10, 2)),
        "huge": pa.array([decimal.Decimal(10**38 - 1), decimal.Decimal(-1), None], pa.decimal128(38, 0)),
        "raw": [b"", b"\x00\xff", b"x"],
        "day": [date(1, 1, 1), date(9999, 12, 31), date(1970, 1, 1)],
        "zoned": pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * 3, pa.timestamp("us", "Europe/Berlin")),
        "nested": [{"A": 1, "b": {"C": "x", "d": None}}, {"A": None, "b": None}, None],
        "tags": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int32())),
        "items": [[{"sku": "a", "Qty": 1}, None], [], None],
        "flags": [True, False, None],
        "nowhere": pa.array(nothing, pa.string()),
    }
    count = ROWS // 3
    columns = {
        name: pa.concat_arrays([values if isinstance(values, pa.Array) else pa.array(values)] * count)
        for name, values in kept.items()
    }
    columns["moment"] = pa.array([datetime(1900, 1, 1, 0, 0, 1, 5_000)] * ROWS, pa.timestamp("ns"))
    athena.put("kinds/a", parquet(pa.table(columns), use_deprecated_int96_timestamps=True))
    athena.run(
        """CREATE EXTERNAL TABLE kinds (name string, größe bigint, small tinyint, ratio double, single float,
        price decimal(10,2), huge decimal(38,0), raw binary, day date, zoned timestamp,
        nested struct<a:int,b:struct<c:string,d:string>>,
        tags map<string,int>, items array<struct<sku:string,qty:int>>, flags boolean, nowhere string, moment timestamp,
        absent int) STORED AS PARQUET LOCATION 's3://lake/kinds/'""".replace("größe", "`größe`")
    )
    before, after, again = answers(
        athena,
        [
            "SELECT * FROM kinds",
            'SELECT *, "$path", "$file_size" FROM kinds LIMIT 7',
            "SELECT count(*) FROM kinds",
            "SELECT max(ratio), min(ratio), max(moment), min(day), sum(price), approx_distinct(name) FROM kinds",
            "SELECT count(*) FROM kinds WHERE ratio > 0 OR single <> single OR moment < TIMESTAMP '1901-01-01 00:00:00'",
            "SELECT nested.b.c, tags, items[1].qty, count(*) FROM kinds WHERE flags GROUP BY 1, 2, 3 ORDER BY 1",
            "SELECT array_agg(small) FROM kinds",
            "SELECT absent, nowhere, raw FROM kinds WHERE raw = X'00FF' LIMIT 2",
        ],
    )
    assert before == after == again


def test_partitions_read_alike(athena):
    for day in range(3):
        table = pa.table({"n": range(day, ROWS), "text": [f"{each % 7}" for each in range(day, ROWS)]})
        athena.put(f"daily/dt={day}/a", parquet(table, row_group_size=500))
    athena.run(
        "CREATE EXTERNAL TABLE daily (n bigint, text string) PARTITIONED BY (dt int) STORED AS PARQUET "
        "LOCATION 's3://lake/daily/'"
    )
    athena.run("MSCK REPAIR TABLE daily")
    before, after, again = answers(
        athena,
        [
            "SELECT count(*), sum(n) FROM daily",
            "SELECT * FROM daily ORDER BY dt DESC, n LIMIT 10",
            'SELECT dt, "$path", count(*), max(text) FROM daily GROUP BY 1, 2 ORDER BY 1',
            "SELECT n, dt FROM daily WHERE dt = 1 AND n < 5",
            "SELECT count(*) FROM daily a JOIN daily b ON a.n = b.n AND a.dt = b.dt",
            """SELECT count(*) FROM daily WHERE "$path" LIKE '%dt=2%'""",
        ],
    )
    assert before == after == again
    assert after[3][0] == [(str(n), "1") for n in range(1, 5)]
    # Another object that is no native copy yet is read with them, and an object that is replaced counts at once.
    athena.put("daily/dt=2/b", parquet(pa.table({"n": [-1], "text": ["new"]})))
    assert athena.rows("SELECT text FROM daily WHERE n < 0") == [("new",)]
    athena.put("daily/dt=0/a", parquet(pa.table({"n": [1], "text": ["only"]})))
    assert athena.value("SELECT count(*) FROM daily WHERE dt = 0") == "1"


def test_rows_and_what_is_wrong_with_them_read_alike(athena):
    for number in range(3):
        lines = [json.dumps({"n": each, "text": {"Part": number}, "odd": {"x": 1}}) for each in range(number, 900)]
        athena.put(f"lines/{number}", "\n".join(lines))
    athena.run(
        "CREATE EXTERNAL TABLE lines (n bigint, odd int, text struct<part:int>) "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/lines/'"
    )
    reason = athena.reason("SELECT odd FROM lines")
    assert "Error parsing column 'odd'" in reason
    before, after, again = answers(
        athena,
        [
            "SELECT sum(n), max(text.part) FROM lines",
            'SELECT n, text, "$path" FROM lines',
            'SELECT DISTINCT "$path" FROM lines ORDER BY 1',
        ],
    )
    assert before == after == again
    assert athena.reason("SELECT odd FROM lines") == reason
    athena.put("lines/1", '{"n": 1}')
    assert athena.value("SELECT count(text) FROM lines") == str(900 + 898)


def test_what_fails_goes_on_failing(athena):
    athena.put("failing/a", parquet(pa.table({"n": range(ROWS)})))
    athena.run("CREATE EXTERNAL TABLE failing (n bigint) STORED AS PARQUET LOCATION 's3://lake/failing/'")
    ask = "SELECT 1 / n FROM failing"
    reason = athena.reason(ask)
    answers(athena, ["SELECT sum(n + 1) FROM failing"])
    assert athena.reason(ask) == reason


def test_columns_that_differ_by_letter_case_alone_read_alike(athena):
    athena.put("twice/a", parquet(pa.table({"n": [1] * ROWS, "N": [2] * ROWS, "other": ["x"] * ROWS})))
    athena.run("CREATE EXTERNAL TABLE twice (n bigint) STORED AS PARQUET LOCATION 's3://lake/twice/'")
    before, after, again = answers(athena, ["SELECT sum(n + 1) FROM twice"])
    assert before == after == again


def test_each_table_has_its_own_types(athena):
    athena.put("typed/a", parquet(pa.table({"n": range(ROWS), "big": [2**40] * ROWS, "s": ["long"] * ROWS})))
    for name, columns in (("wide", "n bigint, big bigint, s string"), ("narrow", "n int, s varchar(2), big string")):
        athena.run(f"CREATE EXTERNAL TABLE {name} ({columns}) STORED AS PARQUET LOCATION 's3://lake/typed/'")
        before, after, again = answers(
            athena, [f"SELECT n + 1, s FROM {name}", f"SELECT s, count(*) FROM {name} WHERE n < 3 GROUP BY 1"]
        )
        assert before == after == again
    assert "incompatible" in athena.reason("SELECT big FROM narrow")
    athena.run("CREATE EXTERNAL TABLE small (n int, big int) STORED AS PARQUET LOCATION 's3://lake/typed/'")
    reasons = {athena.reason("SELECT big FROM small") for _ in range(2 * USES)}
    until(no_maker)
    assert len(reasons | {athena.reason("SELECT big FROM small")}) == 1
    assert athena.value("SELECT sum(n) FROM small") == str(sum(range(ROWS)))


def test_many_at_once_while_they_come(athena):
    athena.put("busy/a", parquet(pa.table({"n": range(ROWS)})))
    athena.run("CREATE EXTERNAL TABLE busy (n bigint) STORED AS PARQUET LOCATION 's3://lake/busy/'")
    seen = []

    def client():
        seen.extend(int(athena.value(f"SELECT sum(n) + {n % 3} FROM busy")) - n % 3 for n in range(15))

    threads = [threading.Thread(target=client) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [sum(range(ROWS))] * 90
    assert is_native(athena, "SELECT sum(n) FROM busy")


# -- without a platform


class Engine:
    """A database with native copies of the copies in a folder."""

    def __init__(self, folder, limit_in_bytes=10**9):
        self.copies = Copies(folder / "objects", limit_in_bytes)
        self.database = closed_database(folder, folder, 2**29)
        self.natives = Natives(self.copies, self.database, folder)

    def parquet(self, digest=DIGEST, table=None):
        given = table if table is not None else pa.table({"n": range(ROWS)})
        return self.copies.get(digest, ".parquet", lambda path: pq.write_table(given, path))

    def table(self, path):
        """Use a copy until it has a native one, and give its name."""
        for _ in range(USES):
            self.copies.keep([path])
        until(lambda: self.natives.tables([path], "*") and self.natives._maker is None)
        return self.natives.tables([path], "*")[path]

    def count(self, name):
        return self.database.cursor().execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]

    def close(self):
        self.natives.close()
        self.database.close()


@pytest.fixture
def engine(tmp_path):
    made = Engine(tmp_path)
    yield made
    made.close()


def test_one_is_made_when_its_parquet_was_used_some_times(engine):
    path = engine.parquet()
    for _ in range(USES - 1):
        engine.copies.keep([path])
        assert engine.natives.tables([path], "*") is None
    assert engine.natives._maker is None
    assert engine.count(engine.table(path)) == ROWS
    assert engine.copies.size_in_bytes == path.stat().st_size + native_path(path, "*").stat().st_size


def test_one_is_made_when_nobody_asks_or_all_ask_for_long(engine, monkeypatch):
    monkeypatch.setattr(natives, "QUIET_SECONDS", 0.3)
    path = engine.parquet()
    for _ in range(USES):
        engine.copies.keep([path])
    began = time.monotonic()
    until(lambda: engine.natives.tables([path], "*") is None and time.monotonic() > began + 1)
    assert engine.natives._maker is not None
    time.sleep(0.5)
    until(lambda: engine.natives._maker is None)
    assert engine.natives.tables([path], "*")
    monkeypatch.setattr(natives, "PATIENCE_SECONDS", 0.3)
    assert engine.count(engine.table(engine.parquet("cd" * 32))) == ROWS


def test_one_that_is_evicted_is_let_go_and_made_again(engine):
    path = engine.parquet()
    name = engine.table(path)
    engine.copies.limit_in_bytes = engine.copies.size_in_bytes - 1
    with engine.copies.reading():
        running = engine.database.cursor()
        reader = running.sql(f"SELECT n FROM {name}").to_arrow_reader(10)
        reader.read_next_batch()
        engine.natives.tables([path], "*")
        engine.copies.keep([path])
        with engine.copies.reading():
            pass
        assert native_path(path, "*").exists()  # the query reads it
    assert not native_path(path, "*").exists()
    assert path.exists()
    assert sum(batch.num_rows for batch in reader) == ROWS - 10
    engine.copies.limit_in_bytes = 10**9
    assert engine.count(engine.table(path)) == ROWS


def test_a_restart_finds_them(engine, tmp_path):
    path = engine.parquet()
    engine.table(path)
    engine.close()
    half = path.with_name("tmphalf")
    half.write_bytes(b"x")
    half.with_name("tmphalf.wal").write_bytes(b"x")
    again = Engine(tmp_path)
    assert again.count(again.natives.tables([path], "*")[path]) == ROWS
    assert sorted(each.name for each in path.parent.iterdir()) == sorted([path.name, native_path(path, "*").name])
    again.close()


def test_those_of_another_version_are_not_read(engine, monkeypatch):
    path = engine.parquet()
    engine.table(path)
    monkeypatch.setattr(natives, "SUFFIX", ".0.9.0.duckdb")
    assert engine.natives.tables([path], "*") is None


def test_one_that_is_damaged_is_deleted(engine, tmp_path):
    path = engine.parquet()
    engine.table(path)
    engine.close()
    native_path(path, "*").write_bytes(b"no database")
    again = Engine(tmp_path)
    assert again.natives.tables([path], "*") is None
    assert not native_path(path, "*").exists()
    again.close()


def test_none_is_made_of_what_can_not_be_read(engine):
    path = engine.parquet()
    content = bytearray(path.read_bytes())
    content[4:400] = os.urandom(396)
    path.write_bytes(content)
    for _ in range(USES):
        engine.copies.keep([path])
    assert engine.natives.tables([path], "*") is None
    until(lambda: engine.natives._maker is None)
    assert engine.natives._hopeless == {native_path(path, "*")}
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_none_is_made_where_there_is_no_room(engine):
    path = engine.parquet()
    engine.copies.limit_in_bytes = engine.copies.size_in_bytes + path.stat().st_size
    for _ in range(2 * USES):
        engine.copies.keep([path])
        assert engine.natives.tables([path], "*") is None
    assert engine.natives._maker is None


def test_many_files_are_read_as_parquet(engine):
    paths = [engine.parquet(f"{number:064x}") for number in range(MAXIMUM_FILES + 1)]
    for _ in range(USES):
        engine.copies.keep(paths)
    assert engine.natives.tables(paths, "*") is None
    assert engine.natives._maker is None


def test_only_so_many_are_open_at_once(engine, monkeypatch):
    monkeypatch.setattr(natives, "MAXIMUM_ATTACHED", 1)
    first, second = engine.parquet(), engine.parquet("cd" * 32)
    name = engine.table(first)
    for _ in range(2 * USES):
        engine.copies.keep([second])
        assert engine.natives.tables([second], "*") is None
    assert engine.natives.tables([first], "*") == {first: name}


def test_a_closed_one_does_not_wait_for_what_it_makes(engine):
    path = engine.parquet(table=pa.table({"n": [f"{each:064}" for each in range(1_000_000)]}))
    for _ in range(USES):
        engine.copies.keep([path])
    engine.natives.tables([path], "*")
    until(lambda: engine.natives._interrupt is not None)
    engine.natives.close()
    assert [each.name for each in path.parent.iterdir()] in (
        [path.name],
        sorted([path.name, native_path(path, "*").name]),
    )


def test_rows_of_one_group_stay_in_one(engine):
    path = engine.parquet(table=pa.table({"n": range(200_000)}))
    name = engine.table(path)
    groups = engine.database.execute(
        f"SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('{name}')"
    ).fetchall()
    assert groups == [(1,)]


def test_no_progress_is_printed_where_a_process_has_no_script(tmp_path):
    program = (
        "import sys, pathlib; from toolkit.local.athena.sql.database import closed_database as made; "
        "folder = pathlib.Path(sys.argv[1]); "
        "print(made(folder, folder, 2**29).execute(\"SELECT current_setting('enable_progress_bar')\").fetchall())"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ran.stdout == "[(False,)]\n"
