"""Instants that carry a zone each, beyond what the reference can hold: tables that they are written to, views, parameters."""

import pytest

VALUES = "VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z'"


@pytest.fixture(scope="module")
def lake(athena):
    athena.run("CREATE DATABASE lake")
    return athena


@pytest.mark.parametrize(
    ("zone", "reason"),
    [
        ("+14:01", "NOT_SUPPORTED: Time zone not supported: +14:01"),
        ("-23", "NOT_SUPPORTED: Time zone not supported: -23:00"),
        (
            "+24:00",
            'INVALID_FUNCTION_ARGUMENT: Invalid format: "2024-08-09T17:05:06+24:00" is malformed at "+24:00"',
        ),
    ],
)
def test_an_offset_beyond_14_hours_is_none(lake, zone, reason):
    assert lake.reason(f"SELECT from_iso8601_timestamp('2024-08-09T17:05:06{zone}')") == reason


def test_a_table_of_hive_takes_no_zones(lake):
    moments = f"SELECT from_iso8601_timestamp(x) AS t FROM ({VALUES}) v(x)"
    head = "CREATE TABLE lake.moments WITH (external_location = 's3://lake/moments/') AS "
    assert lake.reason(head + moments) == "NOT_SUPPORTED: Unsupported Hive type: timestamp(3) with time zone"
    lake.run(f"{head} SELECT CAST(at_timezone(t, 'UTC') AS timestamp) AS t FROM ({moments})")
    rows = lake.rows("SELECT t FROM lake.moments ORDER BY 1")
    assert rows == [("2024-08-09 17:05:06.000",), ("2024-08-10 01:05:06.000",)]


def test_a_table_made_as_iceberg_takes_no_zones(lake):
    head = "CREATE TABLE lake.iced WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/iced/') AS "
    precise = f"SELECT CAST(from_iso8601_timestamp(x) AS timestamp(6) with time zone) AS t FROM ({VALUES}) v(x)"
    assert lake.reason(head + precise) == "NOT_SUPPORTED: Unsupported Hive type: timestamp(6) with time zone"
    lake.run(f"{head} SELECT CAST(at_timezone(t, 'UTC') AS timestamp(6)) AS t FROM ({precise})")
    rows = lake.rows("SELECT t FROM lake.iced ORDER BY 1")
    assert rows == [("2024-08-09 17:05:06.000000",), ("2024-08-10 01:05:06.000000",)]


def test_a_view_takes_no_zones(lake):
    moments = f"SELECT from_iso8601_timestamp(x) AS t FROM ({VALUES}) v(x)"
    reason = "Invalid column type for column t: Unsupported Hive type: timestamp(3) with time zone"
    assert lake.reason(f"CREATE VIEW lake.seen AS {moments}") == f"NOT_SUPPORTED: {reason}"
    lake.run(f"CREATE VIEW lake.seen AS SELECT CAST(t AS timestamp) AS t, to_iso8601(t) AS x FROM ({moments})")
    rows = lake.rows("SELECT t, x FROM lake.seen ORDER BY t")
    assert rows == [
        ("2024-08-09 17:05:06.000", "2024-08-09T17:05:06.000Z"),
        ("2024-08-09 23:05:06.000", "2024-08-09T23:05:06.000-02:00"),
    ]


def test_what_would_need_equal_instants_of_unlike_zones_is_refused_by_name(lake):
    reason = lake.reason(f"SELECT DISTINCT from_iso8601_timestamp(x) FROM ({VALUES}) v(x)")
    assert reason == (
        "NOT_SUPPORTED: line 1:1: the local Athena does not support DISTINCT of instants that have a zone each; bring "
        "them to one with AT TIME ZONE"
    )
