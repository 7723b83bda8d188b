"""Time travel: which snapshot ``FOR TIMESTAMP AS OF`` and ``FOR VERSION AS OF`` mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlglot import exp

from toolkit.local.athena.errors import QueryError


def travelled_to(node: exp.Table, table: Any, where: str, constant: Callable[[exp.Expr], Any]) -> int | None:
    """
    Give the id of the snapshot that a table in FROM asks for, None for the current one.

    *constant* gives the value of an expression.

    Raises:
        QueryError: there is no such snapshot.
    """
    version = node.args.get("version")
    if version is None:
        return None
    name = ".".join(table.name())
    value = constant(version.expression)
    if version.name.upper() == "VERSION":
        return _version(value, table, name, where)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise QueryError(f"INVALID_ARGUMENTS: {where}: FOR TIMESTAMP AS OF needs a timestamp")
    moment = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    milliseconds = int(moment.timestamp() * 1000)
    snapshot = table.snapshot_as_of_timestamp(milliseconds)
    if snapshot is None:
        raise QueryError(
            f'INVALID_ARGUMENTS: {where}: No version history table "{table.name()[0]}"."{table.name()[1]}" '
            f"at or before {moment.isoformat()}"
        )
    return int(snapshot.snapshot_id)


def _version(value: Any, table: Any, name: str, where: str) -> int:
    if isinstance(value, int):
        if table.metadata.snapshot_by_id(value) is None:
            raise QueryError(f"INVALID_ARGUMENTS: {where}: Iceberg snapshot ID does not exists: {value}")
        return value
    # The name of a tag or a branch.
    reference = table.metadata.refs.get(str(value))
    if reference is None:
        raise QueryError(f"INVALID_ARGUMENTS: {where}: Cannot find snapshot with reference name: {value}")
    return int(reference.snapshot_id)
