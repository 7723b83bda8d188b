"""What a query text is: DDL for the catalogue, or SQL for the engine; checked when it comes in, run when its turn comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlglot import exp

from toolkit.local.athena.catalog import Catalog, looking_anew
from toolkit.local.athena.catalogs import DataCatalogs
from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.ddl.execute import execute
from toolkit.local.athena.ddl.grammar import parse as parse_ddl
from toolkit.local.athena.ddl.refused import refuse_before_start, refuse_missing
from toolkit.local.athena.errors import QueryError, invalid_request
from toolkit.local.athena.executions import Execution, Executions, Run, described, fingerprint
from toolkit.local.athena.prepared import PreparedStatements
from toolkit.local.athena.results import Result, done
from toolkit.local.athena.session import Progress, Session
from toolkit.local.athena.sql.changing import delete, merge, optimize, update, vacuum
from toolkit.local.athena.sql.commands import (
    Command,
    Deallocate,
    Execute,
    Explain,
    Optimize,
    Prepare,
    Unload,
    Vacuum,
    bound,
    parse_command,
)
from toolkit.local.athena.sql.dialect import parse as parse_sql
from toolkit.local.athena.sql.engine import Engine
from toolkit.local.athena.sql.plans import MAXIMUM_TEXT_LENGTH
from toolkit.local.athena.sql.writing import create_table_as, create_view, insert, unload
from toolkit.local.athena.storage import Storage
from toolkit.local.athena.work_groups import MANAGED_RESULTS_BUCKET, PRIMARY, WorkGroups

# Source: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
MAXIMUM_QUERY_BYTES = 262_144

# Characters are counted as well, with the lower limit.
MAXIMUM_TOKEN_BYTES = 128

DEFAULT_DATABASE = "default"

# So many texts of queries are remembered to be SQL, and need not be parsed where there is a plan of them.
MAXIMUM_REMEMBERED = 1_000

# Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_ResultReuseByAgeConfiguration.html
DEFAULT_REUSE_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement that was read: its types in the API, how to run it, and what Hive's reader makes of it."""

    statement_type: str
    run: Run
    substatement_type: str = ""
    ddl: st.Statement | None = None


class Queries:
    """Accepts queries and knows how to run each."""

    def __init__(
        self,
        catalog: Catalog,
        storage: Storage,
        engine: Engine,
        executions: Executions,
        groups: WorkGroups,
        statements: PreparedStatements,
        catalogs: DataCatalogs,
    ) -> None:
        self.catalog = catalog
        self.storage = storage
        self.engine = engine
        self.executions = executions
        self.groups = groups
        self.statements = statements
        self.catalogs = catalogs
        self._remembered: dict[str, None] = {}

    def start(self, request: Any) -> dict[str, Any]:
        """
        Answer StartQueryExecution.

        Raises:
            ApiError: the text is no statement, or no output location is known.
        """
        sql = request["QueryString"]
        if not sql.strip():
            raise invalid_request("Query string is empty")
        if len(sql.encode()) > MAXIMUM_QUERY_BYTES:
            raise invalid_request(f"Query string is longer than {MAXIMUM_QUERY_BYTES} bytes")
        token = _token(request)
        name = request.get("WorkGroup") or PRIMARY
        output_location, configuration = self.groups.settings(name, request)
        if output_location.startswith(f"s3://{MANAGED_RESULTS_BUCKET}/"):
            self.storage.make_bucket(MANAGED_RESULTS_BUCKET)
        context = request.get("QueryExecutionContext") or {}
        database = (context.get("Database") or DEFAULT_DATABASE).strip('`"').lower()
        parameters = request.get("ExecutionParameters") or ()
        prepared = self.prepared(sql, parameters, name)
        refuse_missing(prepared.ddl, database, self.catalog)
        asked = fingerprint(request, output_location)
        if begun := self.executions.begun_with(token, asked):
            return {"QueryExecutionId": begun}
        run = prepared.run
        catalog = context.get("Catalog")
        if catalog and not self.catalogs.has(catalog) and prepared.statement_type == "DML":
            # Other statements take the account's own in its place.
            run = _failing(QueryError(f"CATALOG_NOT_FOUND: line 1:1: Catalog '{catalog.lower()}' does not exist"))
        execution = Execution(
            described(
                sql,
                request,
                statement_type=prepared.statement_type,
                substatement_type=prepared.substatement_type,
                work_group=name,
                configuration=configuration,
            ),
            output_location,
            Progress(bytes_scanned_cutoff=configuration.get("BytesScannedCutoffPerQuery")),
            database,
            token,
            asked,
        )
        reuse = execution.described["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"]
        if reuse["Enabled"] and prepared.substatement_type == "SELECT":
            age = reuse.setdefault("MaxAgeInMinutes", DEFAULT_REUSE_MINUTES)
            older = self.executions.reusable(sql, database, name, parameters, age)
            if older is not None:
                run = _reusing(older)
        return {"QueryExecutionId": self.executions.start(execution, run)}

    def prepared(self, sql: str, parameters: Sequence[str], group: str) -> Prepared:
        """
        Give what a statement is and how to run it.

        DDL that Hive refuses is accepted and fails when it runs, as on AWS; other text has to be SQL at once.

        Raises:
            ApiError: it is neither, or its parameters do not fit.
        """
        if (command := parse_command(sql)) is not None:
            return self._prepared_command(command, parameters, group)
        refuse_before_start(sql)
        try:
            statement = parse_ddl(sql)
        except QueryError as error:
            return Prepared("DDL", _failing(error))
        if statement is not None:
            known: st.Statement = statement
            return Prepared(
                known.statement_type,
                lambda execution: execute(known, self.session(execution)),
                known.substatement_type,
                ddl=known,
            )
        try:
            text = bound(sql, parameters) if parameters or "?" in sql else sql
        except QueryError as error:
            tree = parse_sql(sql)
            return Prepared("DDL" if isinstance(tree, exp.Create) else "DML", _failing(error), _substatement_type(tree))
        if text in self._remembered:
            return Prepared("DML", lambda execution: self.engine.query(None, text, self.session(execution)), "SELECT")
        tree = parse_sql(text)
        kind = _substatement_type(tree)
        if kind == "SELECT":
            self._remember(text)
        return Prepared(
            "DDL" if isinstance(tree, exp.Create) else "DML",
            lambda execution: self.run(tree, text, self.session(execution)),
            kind,
        )

    def _prepared_command(self, command: Command, parameters: Sequence[str], group: str) -> Prepared:
        match command:
            case Prepare(name, query):
                return Prepared("DDL", lambda execution: self._prepare(name, query, group))
            case Deallocate(name):
                return Prepared("DDL", lambda execution: self._deallocate(name, group))
            case Execute(name, given):
                return self.prepared(self.statements.find(name, group)["QueryStatement"], given or parameters, group)
            case Unload():
                try:
                    query = bound(command.query, parameters)
                except QueryError as error:
                    return Prepared("DML", _failing(error), "UNLOAD")
                parse_sql(query)
                unloaded = replace(command, query=query)
                return Prepared(
                    "DML", lambda execution: unload(self.engine, unloaded, self.session(execution)), "UNLOAD"
                )
            case Optimize() as optimized:
                return Prepared(
                    "DDL", lambda execution: optimize(self.engine, optimized, self.session(execution)), "OPTIMIZE"
                )
            case Vacuum() as vacuumed:
                return Prepared("DML", lambda execution: vacuum(vacuumed, self.session(execution)), "VACUUM")
            case Explain() as explained:
                try:
                    text = bound(explained.query, parameters)
                except QueryError as error:
                    return Prepared("DML", _failing(error), "EXPLAIN")
                tree = parse_sql(text)
                return Prepared(
                    "DML",
                    lambda execution: self.engine.explain(tree, text, explained, self.session(execution)),
                    "EXPLAIN",
                )

    def run(self, tree: exp.Expr, sql: str, session: Session) -> Result:
        """Run SQL on the engine."""
        match tree:
            case exp.Create() if tree.kind == "TABLE" and tree.expression:
                return create_table_as(self.engine, tree, sql, session)
            case exp.Create() if tree.kind == "VIEW" and tree.expression:
                # Planning changes a tree.
                return looking_anew(lambda: create_view(self.engine, tree.copy(), sql, session))
            case exp.Insert() if not tree.args.get("overwrite"):
                return insert(self.engine, tree, sql, session)
            case exp.Query() | exp.Values() | exp.Table():
                return self.engine.query(tree, sql, session)
            case exp.Delete():
                return delete(self.engine, tree, sql, session)
            case exp.Update():
                return update(self.engine, tree, sql, session)
            case exp.Merge():
                return merge(self.engine, tree, sql, session)
        raise QueryError(f"NOT_SUPPORTED: the local Athena does not run {tree.key.upper()} statements of this form")

    def _remember(self, text: str) -> None:
        if len(text) <= MAXIMUM_TEXT_LENGTH:
            self._remembered[text] = None
            for oldest in list(islice(self._remembered, max(0, len(self._remembered) - MAXIMUM_REMEMBERED))):
                self._remembered.pop(oldest, None)

    def _prepare(self, name: str, query: str, group: str) -> Result:
        self.statements.keep(name, group, query)
        return done()

    def _deallocate(self, name: str, group: str) -> Result:
        self.statements.forget(name, group)
        return done()

    def session(self, execution: Execution) -> Session:
        """Give the surroundings of an execution."""
        return Session(
            self.catalog,
            self.storage,
            execution.database,
            execution.identifier,
            execution.output_location,
            self.engine.natives,
            execution.progress,
        )


def _reusing(older: Execution) -> Run:
    """Give the run of a query that takes the result of an older one."""

    def run(_execution: Execution) -> Result:
        return Result(
            reused_location=older.left.location if older.left is not None else "",
            reused=older.left,
        )

    return run


def _substatement_type(tree: exp.Expr) -> str:
    match tree:
        case exp.Create():
            return "CREATE_TABLE_AS_SELECT" if tree.kind == "TABLE" else "CREATE_VIEW"
        case exp.Query() | exp.Values() | exp.Table():
            return "SELECT"
    return tree.key.upper()


def _failing(error: QueryError) -> Run:
    """Give the run of a query that is known to fail."""

    def run(_execution: Execution) -> Result:
        raise error

    return run


def _token(request: Any) -> str:
    """
    Give the token of a request, which every SDK makes up where its user gives none.

    Raises:
        ApiError: there is none, or it is too long. The words were measured on Athena by the authors of athena-local,
            September 2026.
    """
    token: str | None = request.get("ClientRequestToken")
    if not token:
        raise invalid_request("clientRequestToken is null or empty")
    if len(token.encode()) > MAXIMUM_TOKEN_BYTES:
        raise invalid_request(f"clientRequestToken exceeds maximum allowed length {MAXIMUM_TOKEN_BYTES}")
    return token
