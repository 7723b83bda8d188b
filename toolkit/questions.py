"""Questions that an analyst asks of a table first, as SQL in Athena's dialect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.hive import Array, HiveType, Map, Struct, Table, query_name
from toolkit.hive.queries import element_sql, unnest_sql


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the SQL that answers it."""

    title: str
    sql: str


def count_sql(table: Table) -> str:
    """Return the query that counts the rows of *table*."""
    return f"SELECT count(*) AS events FROM {_table_name(table)}"


def sample_questions(table: Table) -> tuple[Question, ...]:
    """Return what an analyst of the shop asks of the sample orders: nested fields, a nested array, each day."""
    name = _table_name(table)
    return (
        Question(
            "Which customers order how? (nested fields)",
            f"""SELECT customer.tier, count(*) AS orders, count(DISTINCT customer.id) AS customers,
       round(avg(cardinality(items)), 2) AS items_per_order,
       round(100e0 * count_if(payment.method = 'card') / count(*), 1) AS card_percent
FROM {name}
GROUP BY customer.tier
ORDER BY orders DESC""",
        ),
        Question(
            "What sells best? (a nested array with UNNEST)",
            f"""SELECT item.title, sum(item.quantity) AS sold, count(*) AS order_lines,
       round(avg(item.unit_price), 2) AS unit_price
FROM {name} CROSS JOIN UNNEST(items) AS t (item)
GROUP BY item.title
ORDER BY sold DESC, item.title
LIMIT 8""",
        ),
        Question(
            "How many orders a day, and by which channel?",
            f"""SELECT dt AS day, count(*) AS events, count_if(channel = 'web') AS web, count_if(channel = 'app') AS app,
       round(approx_percentile(total.amount, 0.5), 2) AS median_amount
FROM {name}
GROUP BY dt
ORDER BY dt""",
        ),
    )


def questions(table: Table) -> tuple[Question, ...]:
    """
    Return three questions that suit any table: a nested field, a nested array, each day.

    A table without a struct or without an array gets its first plain column instead, and the title says so.
    """
    name = _table_name(table)
    paths = list(_paths(table))
    nested = next((path for path, kind in paths if len(path) > 1 and _is_plain(kind)), None)
    first = next((path for path, kind in paths if _is_plain(kind)), None)
    asked = []
    if nested or first:
        path = nested or first
        title = "Values of a nested field" if nested else "Values of a field (this schema has no nested one)"
        value = ".".join(query_name(part) for part in path or ())
        asked.append(Question(title, f"SELECT {value} AS value, count(*) AS events FROM {name}\n{_TOP}"))
    array = next(((path, kind) for path, kind in paths if isinstance(kind, Array)), None)
    if array:
        asked.append(_unnest_question(name, *array))
    asked.append(
        Question("Events a day", f"SELECT dt AS day, count(*) AS events FROM {name}\nGROUP BY dt\nORDER BY dt")
    )
    return tuple(asked)


_TOP = "GROUP BY 1\nORDER BY events DESC, value\nLIMIT 10"


def _unnest_question(name: str, path: tuple[str, ...], array: Array) -> Question:
    element = element_sql("t.element", array)
    fields = array.element.fields if isinstance(array.element, Struct) else ()
    plain = next((field for field in fields if _is_plain(field.type)), None)
    if plain:
        asked = f"{element}.{query_name(plain.name)}"
    else:
        asked = element if _is_plain(array.element) else f"json_format(CAST({element} AS json))"
    value = ".".join(query_name(part) for part in path)
    return Question(
        f"Values in the nested array {'.'.join(path)}",
        f"SELECT {asked} AS value, count(*) AS events FROM {name} CROSS JOIN {unnest_sql(value, array)} AS t (element)\n{_TOP}",
    )


def _paths(table: Table) -> Iterator[tuple[tuple[str, ...], HiveType]]:
    """Yield the path and type of every column and struct field that no array or map hides, the shallow ones first."""
    level: list[tuple[tuple[str, ...], HiveType]] = [((column.name,), column.type) for column in table.columns]
    while level:
        yield from level
        level = [
            ((*path, field.name), field.type)
            for path, kind in level
            if isinstance(kind, Struct)
            for field in kind.fields
        ]


def _is_plain(kind: HiveType) -> bool:
    return not isinstance(kind, Array | Map | Struct)


def _table_name(table: Table) -> str:
    return f"{query_name(table.database)}.{query_name(table.name)}"
