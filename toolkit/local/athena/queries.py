"""What a query text is: DDL for the catalogue, or SQL for the engine; checked when it comes in, run when its turn comes."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from toolkit.local.athena.catalog import Catalog
from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.ddl.execute import execute
from toolkit.local.athena.ddl.grammar import parse as parse_ddl
from toolkit.local.athena.errors import QueryError, invalid_request
from toolkit.local.athena.executions import Execution, Executions, Run, described
from toolkit.local.athena.results import Result
from toolkit.local.athena.session import Progress, Session
from toolkit.local.athena.sql.dialect import parse as parse_sql
from toolkit.local.athena.sql.engine import Engine
from toolkit.local.athena.storage import Storage
from toolkit.local.athena.work_groups import PRIMARY, WorkGroups

# Source: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
MAXIMUM_QUERY_BYTES = 262_144

DEFAULT_DATABASE = "default"


class Queries:
    """Accepts queries and knows how to run each."""

    def __init__(
        self, catalog: Catalog, storage: Storage, engine: Engine, executions: Executions, groups: WorkGroups
    ) -> None:
        self.catalog = catalog
        self.storage = storage
        self.engine = engine
        self.executions = executions
        self.groups = groups

    def start(self, request: Any) -> dict[str, Any]:
        """
        Answer StartQueryExecution.

        Raises:
            ApiError: the text is no statement, or no output location is known.
        """
        sql = request.get("QueryString") or ""
        if not sql.strip():
            raise invalid_request("Query string is empty")
        if len(sql.encode()) > MAXIMUM_QUERY_BYTES:
            raise invalid_request(f"Query string is longer than {MAXIMUM_QUERY_BYTES} bytes")
        name = request.get("WorkGroup") or PRIMARY
        output_location, configuration = self.groups.settings(name, request)
        context = request.get("QueryExecutionContext") or {}
        database = (context.get("Database") or DEFAULT_DATABASE).strip('`"').lower()
        statement_type, run = self.prepared(sql)
        execution = Execution(
            described(
                sql,
                request,
                statement_type=statement_type,
                database=database,
                work_group=name,
                engine_version=configuration["EngineVersion"],
            ),
            output_location,
            Progress(bytes_scanned_cutoff=configuration.get("BytesScannedCutoffPerQuery")),
        )
        return {"QueryExecutionId": self.executions.start(execution, run, request.get("ClientRequestToken"))}

    def prepared(self, sql: str) -> tuple[str, Run]:
        """
        Give a statement's type and how to run it.

        DDL that Hive refuses is accepted and fails when it runs, as on AWS; other text has to be SQL at once.

        Raises:
            ApiError: it is neither.
        """
        try:
            statement = parse_ddl(sql)
        except QueryError as error:
            failure = error
            return "DDL", lambda execution: _fail(failure)
        if statement is not None:
            known: st.Statement = statement
            return known.statement_type, lambda execution: execute(known, self.session(execution))
        tree = parse_sql(sql)
        return "DML", lambda execution: self.run(tree, sql, self.session(execution))

    def run(self, tree: exp.Expr, sql: str, session: Session) -> Result:
        """Run SQL on the engine."""
        if isinstance(tree, exp.Query | exp.Values):
            return self.engine.query(tree, sql, session)
        raise QueryError(f"NOT_SUPPORTED: the local Athena does not run {tree.key.upper()} statements yet")

    def session(self, execution: Execution) -> Session:
        """Give the surroundings of an execution."""
        return Session(
            self.catalog,
            self.storage,
            execution.described["QueryExecutionContext"]["Database"],
            execution.identifier,
            execution.output_location,
            execution.progress,
        )


def _fail(error: QueryError) -> Result:
    raise error
