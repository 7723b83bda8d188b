"""The Athena endpoint: JSON requests come in, each goes to the function of its operation, answers and errors go out."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from typing import Any

from toolkit.local.athena.catalog import Catalog, DirectTables
from toolkit.local.athena.catalogs import DataCatalogs
from toolkit.local.athena.clients import make_client
from toolkit.local.athena.copies import Copies
from toolkit.local.athena.errors import ApiError, invalid_request
from toolkit.local.athena.executions import Executions
from toolkit.local.athena.limits import Limits
from toolkit.local.athena.metadata import Metadata
from toolkit.local.athena.prepared import NamedQueries, PreparedStatements
from toolkit.local.athena.queries import DEFAULT_DATABASE, Queries
from toolkit.local.athena.shelf import Documents
from toolkit.local.athena.sql.engine import Engine
from toolkit.local.athena.storage import DirectAccess, Storage
from toolkit.local.athena.tags import Tags
from toolkit.local.athena.work_groups import PRIMARY, WorkGroups, list_engine_versions
from toolkit.local.errors import is_disk_full
from toolkit.local.http import answer_json
from toolkit.local.state.directory import DataDirectory
from toolkit.local.validation import Unreadable, has_operation, problem, request_in

logger = logging.getLogger(__name__)

# A request holds at most a query of 262,144 bytes and its parameters; far below this.
MAXIMUM_REQUEST_BYTES = 16 * 2**20

_CHANGING = re.compile("(Create|Delete|Tag|Untag|Update)[A-Z]")

Request = Mapping[str, Any]
Operation = Callable[[Request], dict[str, Any]]


class AthenaService:
    """The WSGI application for requests whose target is Athena; ``aws`` answers its own requests to Glue and S3."""

    def __init__(
        self,
        aws: Callable[..., Iterable[bytes]],
        region: str,
        directory: DataDirectory,
        store: Documents | None = None,
        *,
        direct: DirectAccess | None = None,
        tables: DirectTables | None = None,
        limits: Limits | None = None,
    ) -> None:
        cache = directory.cache
        limits = limits or Limits()
        copies = Copies(cache / "objects", limits.cache_in_bytes)
        storage = Storage(make_client("s3", aws, region), copies, direct)
        catalog = Catalog(make_client("glue", aws, region), tables)
        if catalog.database(DEFAULT_DATABASE) is None:
            # Athena makes it in a new account.
            catalog.create_database({"Name": DEFAULT_DATABASE, "Description": "Default database"})
        self._engine = Engine(cache, copies)
        self._changing = threading.Lock()
        self._executions = Executions(storage, store, limits)
        groups = WorkGroups(store)
        statements = PreparedStatements(groups, store)
        named = NamedQueries(groups, store)
        catalogs = DataCatalogs(store)
        tags = Tags(region, lambda kind, name: groups.has(name) if kind == "workgroup" else catalogs.has(name), store)
        queries = Queries(catalog, storage, self._engine, self._executions, groups, statements, catalogs)
        metadata = Metadata(catalog, catalogs)

        def list_query_executions(request: Request) -> dict[str, Any]:
            groups.find(request.get("WorkGroup") or PRIMARY)
            return self._executions.list(request)

        def create_work_group(request: Request) -> dict[str, Any]:
            answer = groups.create(request)
            tags.begin("workgroup", request["Name"], request.get("Tags"))
            return answer

        def delete_work_group(request: Request) -> dict[str, Any]:
            name = request["WorkGroup"]
            groups.check_deletable(name)
            kept = [*statements.names(name), *named.identifiers(name)]
            if kept and not request.get("RecursiveDeleteOption"):
                raise invalid_request(f"WorkGroup {name} is not empty")
            statements.forget_group(name)
            named.forget_group(name)
            self._executions.forget_group(name)
            tags.forget("workgroup", name)
            return groups.delete(request)

        def create_data_catalog(request: Request) -> dict[str, Any]:
            answer = catalogs.create(request)
            tags.begin("datacatalog", request["Name"], request.get("Tags"))
            return answer

        def delete_data_catalog(request: Request) -> dict[str, Any]:
            tags.forget("datacatalog", request["Name"])
            return catalogs.delete(request)

        self.operations: dict[str, Operation] = {
            "StartQueryExecution": queries.start,
            "GetQueryExecution": self._executions.get,
            "BatchGetQueryExecution": self._executions.batch_get,
            "ListQueryExecutions": list_query_executions,
            "StopQueryExecution": self._executions.stop,
            "GetQueryResults": self._executions.results,
            "GetQueryRuntimeStatistics": self._executions.runtime_statistics,
            "CreateWorkGroup": create_work_group,
            "UpdateWorkGroup": groups.update,
            "DeleteWorkGroup": delete_work_group,
            "GetWorkGroup": groups.get,
            "ListWorkGroups": groups.list,
            "ListEngineVersions": list_engine_versions,
            "CreatePreparedStatement": statements.create,
            "UpdatePreparedStatement": statements.update,
            "GetPreparedStatement": statements.get,
            "BatchGetPreparedStatement": statements.batch_get,
            "DeletePreparedStatement": statements.delete,
            "ListPreparedStatements": statements.list,
            "CreateNamedQuery": named.create,
            "UpdateNamedQuery": named.update,
            "GetNamedQuery": named.get,
            "BatchGetNamedQuery": named.batch_get,
            "DeleteNamedQuery": named.delete,
            "ListNamedQueries": named.list,
            "CreateDataCatalog": create_data_catalog,
            "UpdateDataCatalog": catalogs.update,
            "DeleteDataCatalog": delete_data_catalog,
            "ListDataCatalogs": catalogs.list,
            "GetDataCatalog": catalogs.get,
            "ListDatabases": metadata.list_databases,
            "GetDatabase": metadata.get_database,
            "ListTableMetadata": metadata.list_table_metadata,
            "GetTableMetadata": metadata.get_table_metadata,
            "TagResource": tags.tag,
            "UntagResource": tags.untag,
            "ListTagsForResource": tags.listed,
            # None can be made here, which is all that whoever takes stock asks.
            "ListCapacityReservations": lambda _: {"CapacityReservations": []},
        }

    def close(self) -> None:
        """Stop what runs."""
        self._executions.close()
        self._engine.close()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        status, answer = self._answer(environ)
        return answer_json(
            start_response, answer, version="1.1", status=f"{status} {'OK' if status == 200 else 'Error'}"
        )

    def _answer(self, environ: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        name = environ["HTTP_X_AMZ_TARGET"].partition(".")[2]
        try:
            operation = self.operations.get(name)
            if operation is None:
                raise _unknown(name)
            request = _request_of(environ)
            if found := problem("athena", name, request):
                raise invalid_request(found)
            # What changes a thing reads it before: of two changes at once neither may be lost.
            with self._changing if _CHANGING.match(name) else nullcontext():
                return 200, operation(request)
        except Unreadable as error:
            return 400, {"__type": "SerializationException", "Message": str(error)}
        except ApiError as error:
            answer = {"__type": error.code}
            if error.athena_error_code:
                answer |= dict.fromkeys(("AthenaErrorCode", "ErrorCode"), error.athena_error_code)
            return error.status, {**answer, "Message": error.message, **error.details}
        except Exception as error:
            if is_disk_full(error):
                message = "The disk of the local platform is full: delete objects, or free room"
                return 507, {"__type": "InsufficientStorage", "Message": message}
            logger.exception("%s failed", name)
            message = f"{name} failed inside the local Athena: {type(error).__name__}: {error}"
            return 500, {"__type": "InternalServerException", "Message": message}


def _unknown(name: str) -> ApiError:
    if has_operation("athena", name):
        return invalid_request(
            f"{name} is not supported by the local Athena: it has no Spark sessions, notebooks or capacity reservations"
        )
    return ApiError("UnknownOperationException", f"Athena has no operation {name}.")


def _request_of(environ: dict[str, Any]) -> Request:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAXIMUM_REQUEST_BYTES:
        raise invalid_request("The request is too large.")
    request = request_in(environ["wsgi.input"].read(length) or b"{}")
    if not isinstance(request, dict):
        raise Unreadable("The request is not a JSON object.")
    return request
