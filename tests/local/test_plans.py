"""A query that comes again is answered from what is there then: the catalogue, the objects, and the time."""

import threading
from contextlib import suppress

from toolkit.local.athena.copies import Copies
from toolkit.local.athena.session import Footprint
from toolkit.local.athena.sql.plans import MAXIMUM_OBJECTS, MAXIMUM_PLANS, Plan, Plans

JSON = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"


def table(athena, name, columns="n bigint", more=""):
    athena.run(f"CREATE EXTERNAL TABLE {name} ({columns}) {more} {JSON} LOCATION 's3://lake/{name}/'")


def test_objects_that_are_put_replaced_and_deleted_count_at_once(athena):
    table(athena, "changed")
    ask = "SELECT sum(n) FROM changed"
    assert [athena.value(ask) for _ in range(2)] == [None, None]
    for content, total in (('{"n": 1}', "1"), ('{"n": 5}\n{"n": 2}', "7")):
        athena.put("changed/a", content)
        assert [athena.value(ask) for _ in range(2)] == [total, total]
    athena.put("changed/b", '{"n": 3}')
    assert athena.value(ask) == "10"
    athena.s3.delete_object(Bucket="lake", Key="changed/a")
    assert [athena.value(ask) for _ in range(2)] == ["3", "3"]


def test_a_table_that_is_altered_or_made_anew_counts_at_once(athena):
    athena.put("altered/a", '{"n": 1, "m": "x"}')
    table(athena, "altered")
    ask = "SELECT * FROM altered"
    assert [athena.rows(ask) for _ in range(2)] == [[("1",)], [("1",)]]
    athena.run("ALTER TABLE altered ADD COLUMNS (m string)")
    assert [athena.rows(ask) for _ in range(2)] == [[("1", "x")]] * 2
    athena.run("DROP TABLE altered")
    assert "TABLE_NOT_FOUND" in athena.reason(ask)
    table(athena, "altered", "m string, n int")
    assert athena.rows(ask) == [("x", "1")]


def test_a_view_that_is_replaced_counts_at_once(athena):
    ask = "SELECT x FROM shown"
    for number in (1, 2):
        athena.run(f"CREATE OR REPLACE VIEW shown AS SELECT {number} AS x")
        assert [athena.value(ask) for _ in range(2)] == [str(number)] * 2


def test_partitions_that_come_and_go_count_at_once(athena):
    for day in (1, 2):
        athena.put(f"daily/dt={day}/a", f'{{"n": {day}}}')
    table(athena, "daily", more="PARTITIONED BY (dt int)")
    ask = 'SELECT dt, n, "$path" FROM daily WHERE dt > 0 ORDER BY 1'
    assert athena.rows(ask) == []
    for day in (1, 2):
        athena.run(f"ALTER TABLE daily ADD PARTITION (dt = {day})")
        found = [(f"{each}", f"{each}", f"s3://lake/daily/dt={each}/a") for each in range(1, day + 1)]
        assert [athena.rows(ask) for _ in range(3)] == [found] * 3
    athena.run("ALTER TABLE daily DROP PARTITION (dt = 1)")
    assert [athena.rows(ask) for _ in range(2)] == [[("2", "2", "s3://lake/daily/dt=2/a")]] * 2


def test_many_at_once_with_relations_of_their_own(athena):
    for day in range(8):
        athena.put(f"busy/dt={day}/a", f'{{"n": {day}}}')
    table(athena, "busy", more="PARTITIONED BY (dt int)")
    athena.run("MSCK REPAIR TABLE busy")
    ask, answers = "SELECT sum(n), count(DISTINCT dt) FROM busy", []

    def client():
        for _ in range(5):
            answers.extend(map(list, athena.rows(ask)))

    threads = [threading.Thread(target=client) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [["28", "8"]] * 30


def test_the_same_text_means_another_table_in_another_database(athena):
    for name in ("one", "two"):
        athena.run(f"CREATE DATABASE {name}")
        athena.run(f"CREATE VIEW {name}.here AS SELECT '{name}' AS x")
    for _ in range(2):
        assert [athena.value("SELECT x FROM here", database=name) for name in ("one", "two")] == ["one", "two"]


def test_what_is_scanned_counts_each_time(athena):
    athena.put("counted/a", '{"n": 1}')
    table(athena, "counted")
    for _ in range(2):
        athena.run("SELECT n FROM counted")
        assert athena.execution["Statistics"]["DataScannedInBytes"] == 8


def test_chance_and_time_go_on(athena):
    for ask in ("SELECT random(), uuid()", "SELECT now()"):
        seen = set()
        while len(seen) < 2:
            seen.add(tuple(athena.rows(ask)))


def test_a_value_that_fails_does_so_until_it_is_gone(athena):
    athena.put("failing/a", '{"n": 0}')
    table(athena, "failing")
    ask = "SELECT 1 / n FROM failing"
    for _ in range(2):
        assert "DIVISION_BY_ZERO" in athena.reason(ask)
    athena.put("failing/a", '{"n": 1}')
    assert [athena.value(ask) for _ in range(2)] == ["1", "1"]


def test_copies_that_are_gone_are_seen_to_be(tmp_path):
    copies = Copies(tmp_path, 1_000)
    path = copies.get("ab" * 32, ".parquet", lambda made: made.write_text("x"))
    assert copies.keep([path])
    with suppress(FileNotFoundError):
        path.unlink()
    assert not copies.keep([path])


def test_plans_are_bounded_by_number_and_by_objects():
    def plan(objects=0):
        return Plan("", (), (), 0, Footprint(), objects)

    plans = Plans()
    for number in range(MAXIMUM_PLANS + 5):
        plans.keep(f"{number}", "default", plan())
    assert len(plans) == MAXIMUM_PLANS
    plans.keep("half", "default", plan(MAXIMUM_OBJECTS // 2 + 1))
    plans.keep("other half", "default", plan(MAXIMUM_OBJECTS // 2 + 1))
    assert len(plans) == 1
    plans.keep("too many", "default", plan(MAXIMUM_OBJECTS + 1))
    assert len(plans) == 1
