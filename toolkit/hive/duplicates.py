"""
A view that shows each event once: the platform delivers at least once, so that an event may lie in two objects.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
"""

from __future__ import annotations

from toolkit.errors import TableError
from toolkit.hive.queries import query_table
from toolkit.hive.rules import check_name
from toolkit.hive.table import Table
from toolkit.hive.text import query_name, statement
from toolkit.hive.views import View

_NUMBER = "duplicate_number"


def deduplicated_view(table: Table, key: str = "event_id", *, name: str = "", across_partitions: bool = False) -> View:
    """
    Return the view ``<table>_once``, which has one row of *table* for each value of the column *key*.

    Of several rows the one from the first object, by name, is shown. Rows without a key are all shown. Duplicates are looked for
    inside a partition, so that a query which names its days reads those alone: where the day is the event's own, a duplicate
    has the same. *across_partitions* looks everywhere, and reads everything each time.

    Raises:
        TableError: the table has no such column.
    """
    check_name(table.name, what="table name")
    columns = (*table.columns, *table.partition_keys)
    if key not in {column.name for column in table.columns}:
        raise TableError(
            f"{table.database}.{table.name}: expected the column of the event's id, found none named {key!r}; it has "
            f"{', '.join(column.name for column in table.columns)}"
        )
    name = check_name(name or f"{table.name}_once", what="view name")
    number = _NUMBER
    while number in {column.name for column in columns}:
        number += "_"
    names = [query_name(column.name) for column in columns]
    parts = [query_name(key)]
    if not across_partitions:
        parts += [query_name(column.name) for column in table.partition_keys]
    listed = ",\n".join(f"  {column}" for column in names)
    inner = ",\n".join(f"    {column}" for column in names)
    order = 'ORDER BY "$path"'
    text = statement(
        f"CREATE OR REPLACE VIEW {query_name(table.database)}.{query_name(name)} AS\nSELECT\n{listed}\nFROM (\n  SELECT\n"
        f"{inner},\n    row_number() OVER (PARTITION BY {', '.join(parts)} {order}) AS {query_name(number)}\n"
        f"  FROM {query_table(table)}\n)\nWHERE {query_name(number)} = 1 OR {query_name(key)} IS NULL",
        what=f"view {name!r}",
    )
    return View(table.database, name, text, tuple((column.name, column.type) for column in columns))
