import json

import pytest

from toolkit import aws
from toolkit.athena import Athena
from toolkit.errors import TableError
from toolkit.hive import (
    Column,
    create_database_sql,
    create_table_sql,
    deduplicated_view,
    parse_type,
    repair_table_sql,
    table_from_schema,
)
from toolkit.schema import load_schema

SCHEMA = {"type": "object", "properties": {"event_id": {"type": "string"}, "number": {"type": "integer"}}}


def table(bucket="lake", database="events"):
    return table_from_schema(
        load_schema(SCHEMA),
        database=database,
        name="moved",
        location=f"s3://{bucket}/moved/",
        partition_keys=(Column("dt", parse_type("string")),),
    )


def test_the_statement():
    assert deduplicated_view(table()).sql == (
        'CREATE OR REPLACE VIEW "events"."moved_once" AS\n'
        "SELECT\n"
        '  "event_id",\n'
        '  "number",\n'
        '  "dt"\n'
        "FROM (\n"
        "  SELECT\n"
        '    "event_id",\n'
        '    "number",\n'
        '    "dt",\n'
        '    row_number() OVER (PARTITION BY "event_id", "dt" ORDER BY "$path") AS "duplicate_number"\n'
        '  FROM "events"."moved"\n'
        ")\n"
        'WHERE "duplicate_number" = 1 OR "event_id" IS NULL'
    )


def test_a_table_without_the_key_is_refused():
    with pytest.raises(
        TableError, match="expected the column of the event's id, found none named 'id'; it has event_id"
    ):
        deduplicated_view(table(), "id")


def test_each_event_is_shown_once(platform, bucket, unique):
    made = table(bucket, f"once_{unique}")
    rows = {
        "dt=2026-03-02/a": [("x", 1), ("y", 2), (None, 3)],
        "dt=2026-03-02/b": [("x", 1), (None, 3)],
        "dt=2026-03-03/c": [("x", 1)],
    }
    for key, events in rows.items():
        body = "".join(json.dumps({"event_id": event, "number": number}) + "\n" for event, number in events)
        aws.call("s3", "put_object", Bucket=bucket, Key=f"moved/{key}.json", Body=body.encode())
    inside, across = deduplicated_view(made), deduplicated_view(made, name="moved_ever", across_partitions=True)
    with Athena(database=made.database) as athena:
        for sql in (create_database_sql(made.database), create_table_sql(made), repair_table_sql(made)):
            athena.execute(sql)
        for view in (inside, across):
            athena.execute(view.sql)
        counts = [
            int(athena.query(f"SELECT count(*) AS n FROM {name}")["n"].iloc[0]) for name in ("moved_once", "moved_ever")
        ]
    assert counts == [5, 4]
