"""Which function carries out which statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from toolkit.local.athena.catalog import BeyondBounds, looking_anew
from toolkit.local.athena.ddl import partitions, show, tables
from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.results import Result
from toolkit.local.athena.session import Session

_EXECUTORS: dict[type[st.Statement], Callable[[Any, Session], Result]] = {
    st.CreateDatabase: tables.create_database,
    st.DropDatabase: tables.drop_database,
    st.SetDatabaseProperties: tables.set_database_properties,
    st.CreateTable: tables.create_table,
    st.DropTable: tables.drop_table,
    st.DropView: tables.drop_view,
    st.AddColumns: tables.add_columns,
    st.ReplaceColumns: tables.replace_columns,
    st.ChangeColumn: tables.change_column,
    st.DropColumn: tables.drop_column,
    st.RenameTable: tables.rename_table,
    st.SetTableProperties: tables.set_table_properties,
    st.UnsetTableProperties: tables.unset_table_properties,
    st.AddPartitions: partitions.add_partitions,
    st.DropPartitions: partitions.drop_partitions,
    st.RenamePartition: partitions.rename_partition,
    st.SetLocation: partitions.set_location,
    st.RepairTable: partitions.repair_table,
    st.ShowDatabases: show.show_databases,
    st.ShowTables: show.show_tables,
    st.ShowViews: show.show_views,
    st.ShowPartitions: show.show_partitions,
    st.ShowColumns: show.show_columns,
    st.ShowCreateTable: show.show_create_table,
    st.ShowCreateView: show.show_create_view,
    st.ShowTableProperties: show.show_table_properties,
    st.Describe: show.describe,
}


def execute(statement: st.Statement, session: Session) -> Result:
    """
    Carry out a statement of DDL in the catalogue.

    Raises:
        QueryError: what it names does not exist, exists already, or can't be so.
    """
    run = _EXECUTORS[type(statement)]
    try:
        return looking_anew(lambda: run(statement, session))
    except BeyondBounds as error:
        raise QueryError(f"{tables.EXECUTION_ERROR} ValidationException(message:{error.message})") from error
