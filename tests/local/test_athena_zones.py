"""Instants that carry a zone each, beyond what the reference can hold: tables that they are written to, views, parameters."""

import pytest

VALUES = "VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z'"


@pytest.fixture(scope="module")
def lake(athena):
    athena.run("CREATE DATABASE lake")
    return athena


def test_a_table_keeps_the_instants(lake):
    lake.run(
        "CREATE TABLE lake.moments WITH (external_location = 's3://lake/moments/') AS "
        f"SELECT from_iso8601_timestamp(x) AS t FROM ({VALUES}) v(x)"
    )
    rows = lake.rows("SELECT t FROM lake.moments ORDER BY 1")
    assert rows == [("2024-08-09 17:05:06.000",), ("2024-08-10 01:05:06.000",)]


def test_an_iceberg_table_keeps_the_instants(lake):
    lake.run(
        "CREATE TABLE lake.iced WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/iced/') AS "
        f"SELECT CAST(from_iso8601_timestamp(x) AS timestamp(6) with time zone) AS t FROM ({VALUES}) v(x)"
    )
    rows = lake.rows("SELECT to_iso8601(t) FROM lake.iced ORDER BY 1")
    assert rows == [("2024-08-09T17:05:06.000000Z",), ("2024-08-10T01:05:06.000000Z",)]


def test_a_view_keeps_the_zones(lake):
    lake.run(f"CREATE VIEW lake.seen AS SELECT from_iso8601_timestamp(x) AS t FROM ({VALUES}) v(x)")
    rows = lake.rows("SELECT t, hour(t) FROM lake.seen ORDER BY t")
    assert rows == [("2024-08-09 17:05:06.000 UTC", "17"), ("2024-08-09 23:05:06.000 -02:00", "23")]


def test_what_would_need_equal_instants_of_unlike_zones_is_refused_by_name(lake):
    reason = lake.reason(f"SELECT DISTINCT from_iso8601_timestamp(x) FROM ({VALUES}) v(x)")
    assert reason == (
        "NOT_SUPPORTED: line 1:1: the local Athena does not support DISTINCT of instants that have a zone each; bring "
        "them to one with AT TIME ZONE"
    )
