"""
Statements that change the rows of an Iceberg table: DELETE, UPDATE and MERGE; OPTIMIZE and VACUUM.

Each is planned as a query that says what becomes of which row of which file. The files concerned are then written
anew, in one snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from toolkit.local.athena.catalog import GlueDict
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import HiveType, duckdb_text, quoted
from toolkit.local.athena.iceberg.catalog import exclusive, is_iceberg, load
from toolkit.local.athena.results import Result, written
from toolkit.local.athena.session import Session
from toolkit.local.athena.sql.analysis import Field
from toolkit.local.athena.sql.commands import Optimize, Vacuum
from toolkit.local.athena.sql.dialect import parse
from toolkit.local.athena.sql.engine import Engine
from toolkit.local.athena.sql.planner import Planner
from toolkit.local.athena.sql.rewrite import assigned
from toolkit.local.athena.sql.writing import batches_of, check_assigned

# Columns of the relation that says what becomes of rows; no table's column begins so.
_FILE, _ROW, _ACTION = "file__", "row__", "action__"
_CHANGES = "changes__"


@dataclass(frozen=True, slots=True)
class _Action:
    """What becomes of the rows of one clause: ``DELETE``, or ``UPDATE`` or ``INSERT`` of values by column."""

    kind: str
    values: Mapping[str, exp.Expr]


@dataclass(frozen=True, slots=True)
class _Target:
    """The table that is changed, as the catalogue and as pyiceberg know it, and its columns."""

    node: exp.Table
    glue: GlueDict
    table: Any
    columns: dict[str, HiveType]


def delete(engine: Engine, tree: exp.Delete, sql: str, session: Session) -> Result:
    """Run DELETE FROM."""
    return _change_matching(engine, tree, sql, session, _Action("DELETE", {}))


def update(engine: Engine, tree: exp.Update, sql: str, session: Session) -> Result:
    """Run UPDATE."""
    values: dict[str, exp.Expr] = {}
    for each in tree.expressions:
        if not isinstance(each, exp.EQ) or not isinstance(each.this, exp.Column):
            raise QueryError("NOT_SUPPORTED: line 1:1: UPDATE sets columns by name")
        name = each.this.name.lower()
        if name in values:
            raise QueryError(f"DUPLICATE_COLUMN_NAME: line 1:1: Multiple assignments for same column: {name}")
        values[name] = each.expression
    return _change_matching(engine, tree, sql, session, _Action("UPDATE", values))


def merge(engine: Engine, tree: exp.Merge, sql: str, session: Session) -> Result:
    """Run MERGE INTO."""
    with engine.planner(session) as planner, _target(planner, tree.this, sql, session) as target:
        alias = target.node.alias or target.node.name
        matched: exp.Expr = exp.Not(this=exp.Is(this=_column("$row_position", alias), expression=exp.Null()))
        clauses = []
        for when in tree.args["whens"].expressions:
            if when.args.get("source"):
                raise QueryError("NOT_SUPPORTED: line 1:1: WHEN NOT MATCHED BY SOURCE is not supported")
            condition = matched.copy() if when.args["matched"] else exp.Not(this=exp.Paren(this=matched.copy()))
            if when.args.get("condition") is not None:
                condition = exp.And(this=condition, expression=exp.Paren(this=when.args["condition"].copy()))
            clauses.append((condition, _action(when.args["then"], target)))
        selected = exp.Select(
            expressions=_selected(alias, [(condition.copy(), action) for condition, action in clauses]),
            from_=exp.From(this=tree.args["using"].copy()),
            joins=[exp.Join(this=target.node.copy(), on=tree.args["on"].copy(), side="LEFT")],
        )
        count = _run(planner, target, selected, sql, [action for _, action in clauses], "MERGE", session)
    return written(count)


def optimize(engine: Engine, command: Optimize, session: Session) -> Result:
    """Run OPTIMIZE … REWRITE DATA USING BIN_PACK."""
    from pyiceberg.expressions import AlwaysTrue

    from toolkit.local.athena.iceberg import filters, maintenance, scan
    from toolkit.local.athena.iceberg.writing import rewrite

    condition = f" WHERE {command.condition}" if command.condition else ""
    sql = f"DELETE FROM {command.table}{condition}"
    tree = parse(sql)
    with engine.planner(session) as planner, _target(planner, tree.this, sql, session) as target:
        kept: Any = AlwaysTrue()
        if (where := tree.args.get("where")) is not None:
            terms = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
            kept = filters.row_filter(terms, target.table.schema())
        chosen = maintenance.files_to_rewrite(target.table, scan.planned_tasks(target.table, None, kept))
        if chosen:
            rows = _rows_of(planner, target, frozenset(file.file_path for file in chosen), session)
            listed = ", ".join(quoted(column) for column in target.columns)
            rewrite(target.table, chosen, batches_of(planner.cursor.sql(f"SELECT {listed} FROM ({rows})")))
    return written(0)


def vacuum(command: Vacuum, session: Session) -> Result:
    """Run VACUUM."""
    from toolkit.local.athena.iceberg import maintenance

    tree = parse(f"DELETE FROM {command.table}")
    database, name = (tree.this.db or session.database).lower(), tree.this.name.lower()
    table = session.catalog.table(database, name)
    if table is None:
        raise QueryError(f"TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.{database}.{name}' does not exist")
    if not is_iceberg(table):
        raise QueryError("NOT_SUPPORTED: line 1:1: VACUUM is supported for Iceberg tables alone")
    maintenance.vacuum(load(session, database, name), session)
    return written(0)


# -- the query that says what becomes of rows


def _change_matching(
    engine: Engine, tree: exp.Delete | exp.Update, sql: str, session: Session, action: _Action
) -> Result:
    with engine.planner(session) as planner, _target(planner, tree.this, sql, session) as target:
        for column in action.values:
            if column not in target.columns:
                raise QueryError(f"COLUMN_NOT_FOUND: line 1:1: The UPDATE SET target column {column} doesn't exist")
        alias = target.node.alias or target.node.name
        selected = exp.Select(
            expressions=_selected(alias, [(exp.Boolean(this=True), action)]),
            from_=exp.From(this=target.node.copy()),
            where=tree.args["where"].copy() if tree.args.get("where") is not None else None,
        )
        count = _run(planner, target, selected, sql, [action], action.kind, session)
    return written(count)


@contextmanager
def _target(planner: Planner, node: exp.Expr, sql: str, session: Session) -> Iterator[_Target]:
    """Give the table that a statement changes, kept from other writers."""
    from toolkit.local.athena.iceberg.scan import columns_of_schema

    if not isinstance(node, exp.Table):
        raise QueryError("SYNTAX_ERROR: line 1:1: the name of a table is expected")
    database, table = planner.table(node, sql, session.database)
    if not is_iceberg(table):
        raise QueryError(
            "NOT_SUPPORTED: line 1:1: Modifying Hive table rows is only supported for transactional tables"
        )
    planner.shows_positions = True
    with exclusive((database, table["Name"])):
        loaded = load(session, database, table["Name"])
        yield _Target(node, table, loaded, columns_of_schema(loaded.schema()))


def _action(then: exp.Expr, target: _Target) -> _Action:
    """Read what stands behind THEN."""
    if isinstance(then, exp.Update):
        values = {}
        for each in then.expressions:
            name = each.this.name.lower()
            if name not in target.columns:
                raise QueryError(
                    f"COLUMN_NOT_FOUND: line 1:1: Merge column name does not exist in target table: {name}"
                )
            values[name] = each.expression
        return _Action("UPDATE", values)
    if isinstance(then, exp.Insert):
        names = [each.name.lower() for each in then.this.expressions] if then.this is not None else list(target.columns)
        given = then.expression.expressions
        for name in names:
            if name not in target.columns:
                raise QueryError(
                    f"COLUMN_NOT_FOUND: line 1:1: Merge column name does not exist in target table: {name}"
                )
        if len(names) != len(given):
            raise QueryError(
                f"TYPE_MISMATCH: line 1:1: MERGE table column types don't match for MERGE case, "
                f"{len(names)} columns and {len(given)} values"
            )
        return _Action("INSERT", dict(zip(names, given, strict=True)))
    return _Action("DELETE", {})


def _selected(alias: str, clauses: Sequence[tuple[exp.Expr, _Action]]) -> list[exp.Expr]:
    """Give the columns of the query: file, row, number of the clause that holds, and the values of each clause."""
    chosen = exp.Case(
        ifs=[exp.If(this=condition, true=exp.Literal.number(number)) for number, (condition, _) in enumerate(clauses)]
    )
    selected: list[exp.Expr] = [
        exp.alias_(_column("$path", alias), _FILE, quoted=True),
        exp.alias_(_column("$row_position", alias), _ROW, quoted=True),
        exp.alias_(chosen, _ACTION, quoted=True),
    ]
    for number, (condition, action) in enumerate(clauses):
        for name, value in action.values.items():
            # Worked out for the rows of its own clause alone: for others it may fail.
            only = value.copy()
            if len(clauses) > 1:
                only = exp.Case(ifs=[exp.If(this=condition.copy(), true=only)])
            # A sub-query would take the name as that of a relation.
            value_name = exp.to_identifier(_value_name(number, name), quoted=True)
            selected.append(exp.Alias(this=only, alias=value_name))
    return selected


def _value_name(number: int, column: str) -> str:
    return f"value{number}__{column}"


def _column(name: str, table: str) -> exp.Column:
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True))


# -- the files


def _run(
    planner: Planner,
    target: _Target,
    selected: exp.Select,
    sql: str,
    actions: Sequence[_Action],
    statement: str,
    session: Session,
) -> int:
    from toolkit.local.athena.iceberg.scan import planned_tasks
    from toolkit.local.athena.iceberg.writing import rewrite

    text, fields = planner.plan_stored(selected, sql)
    _check_types(target, fields[3:], actions, statement)
    names = ", ".join(quoted(field.name) for field in fields)
    cursor = planner.cursor
    columns = [quoted(field.name) for field in fields[:3]]
    kinds = [target.columns[name] for action in actions for name in action.values]
    for field, kind in zip(fields[3:], kinds, strict=True):
        columns.append(f"{assigned(field.name, field.kind, kind)} AS {quoted(field.name)}")
    changes = f"SELECT {', '.join(columns)} FROM ({text}) AS given({names}) WHERE {_ACTION} IS NOT NULL"
    planner.macros.need(changes)
    cursor.execute(f"CREATE TEMP TABLE {_CHANGES} AS {changes}").fetchall()
    if statement == "MERGE":
        _check_single_matches(cursor)
    count: int = cursor.execute(f"SELECT count(*) FROM {_CHANGES}").fetchall()[0][0]
    if not count:
        return 0
    locations = {
        each for (each,) in cursor.execute(f"SELECT DISTINCT {_FILE} FROM {_CHANGES}").fetchall() if each is not None
    }
    from pyiceberg.expressions import AlwaysTrue

    tasks = planned_tasks(target.table, None, AlwaysTrue()) if locations else []
    removed = [task.file for task in tasks if task.file.file_path in locations]
    scanned = session.progress.data_scanned_in_bytes
    parts = [_remaining(planner, target, frozenset(locations), actions, session)] if locations else []
    # What is read a second time to be written again is not the query's own reading.
    session.progress.data_scanned_in_bytes = scanned
    parts += [_inserted(target, number, action) for number, action in enumerate(actions) if action.kind == "INSERT"]
    session.progress.check()
    rewrite(target.table, removed, batches_of(cursor.sql(" UNION ALL ".join(parts))))
    return count


def _check_types(target: _Target, fields: Sequence[Field], actions: Sequence[_Action], statement: str) -> None:
    position = 0
    for action in actions:
        given = fields[position : position + len(action.values)]
        position += len(action.values)
        check_assigned(f"{statement} has", given, [target.columns[name] for name in action.values])


def _check_single_matches(cursor: Any) -> None:
    twice = cursor.execute(
        f"SELECT 1 FROM {_CHANGES} WHERE {_ROW} IS NOT NULL GROUP BY {_FILE}, {_ROW} HAVING count(*) > 1 LIMIT 1"
    ).fetchall()
    if twice:
        raise QueryError(
            "MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row"
        )


def _rows_of(planner: Planner, target: _Target, locations: frozenset[str], session: Session) -> str:
    from pyiceberg.expressions import AlwaysTrue

    from toolkit.local.athena.iceberg.scan import POSITION, snapshot_sql

    used = frozenset({*target.columns, "$path", POSITION})
    return snapshot_sql(target.table, None, used, AlwaysTrue(), session, planner.cursor, "rewritten__", only=locations)


def _remaining(
    planner: Planner, target: _Target, locations: frozenset[str], actions: Sequence[_Action], session: Session
) -> str:
    """Give the SQL of the rows of these files as they are afterwards."""
    values = []
    for column, kind in target.columns.items():
        cases = [
            f"WHEN {number} THEN CAST(c.{quoted(_value_name(number, column))} AS {duckdb_text(kind)})"
            for number, action in enumerate(actions)
            if action.kind == "UPDATE" and column in action.values
        ]
        value = f"CASE c.{_ACTION} {' '.join(cases)} ELSE s.{quoted(column)} END" if cases else f"s.{quoted(column)}"
        values.append(f"{value} AS {quoted(column)}")
    updates = [str(number) for number, action in enumerate(actions) if action.kind == "UPDATE"]
    updated = f" OR c.{_ACTION} IN ({', '.join(updates)})" if updates else ""
    rows = _rows_of(planner, target, locations, session)
    return (
        f"SELECT {', '.join(values)} FROM ({rows}) AS s LEFT JOIN {_CHANGES} AS c "
        f'ON c.{_FILE} = s."$path" AND c.{_ROW} = s."$row_position" WHERE c.{_ACTION} IS NULL{updated}'
    )


def _inserted(target: _Target, number: int, action: _Action) -> str:
    values = [
        f"CAST({quoted(_value_name(number, column)) if column in action.values else 'NULL'} AS {duckdb_text(kind)}) "
        f"AS {quoted(column)}"
        for column, kind in target.columns.items()
    ]
    return f"SELECT {', '.join(values)} FROM {_CHANGES} WHERE {_ACTION} = {number}"
