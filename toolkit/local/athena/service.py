"""The Athena endpoint: JSON requests come in, each goes to the function of its operation, answers and errors go out."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from toolkit.local.athena.catalog import Catalog
from toolkit.local.athena.clients import make_client
from toolkit.local.athena.errors import ApiError, invalid_request
from toolkit.local.athena.executions import Executions
from toolkit.local.athena.metadata import Metadata
from toolkit.local.athena.prepared import NamedQueries, PreparedStatements
from toolkit.local.athena.queries import Queries
from toolkit.local.athena.sql.engine import Engine
from toolkit.local.athena.storage import Storage
from toolkit.local.athena.work_groups import WorkGroups

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/x-amz-json-1.1"

# A request holds at most a query of 262,144 bytes and its parameters; far below this.
MAXIMUM_REQUEST_BYTES = 16 * 2**20

Request = Mapping[str, Any]
Operation = Callable[[Request], dict[str, Any]]


class AthenaService:
    """The WSGI application for requests whose target is Athena; ``aws`` answers its own requests to Glue and S3."""

    def __init__(self, aws: Callable[..., Iterable[bytes]], region: str) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="toolkit-athena-"))
        storage = Storage(make_client("s3", aws, region), self._directory / "objects")
        catalog = Catalog(make_client("glue", aws, region))
        self._engine = Engine(self._directory)
        self._executions = Executions(storage.write)
        groups = WorkGroups()
        statements = PreparedStatements(groups)
        named = NamedQueries()
        queries = Queries(catalog, storage, self._engine, self._executions, groups, statements)
        metadata = Metadata(catalog)
        self.operations: dict[str, Operation] = {
            "StartQueryExecution": queries.start,
            "GetQueryExecution": self._executions.get,
            "BatchGetQueryExecution": self._executions.batch_get,
            "ListQueryExecutions": self._executions.list,
            "StopQueryExecution": self._executions.stop,
            "GetQueryResults": self._executions.results,
            "GetQueryRuntimeStatistics": self._executions.runtime_statistics,
            "CreateWorkGroup": groups.create,
            "UpdateWorkGroup": groups.update,
            "DeleteWorkGroup": groups.delete,
            "GetWorkGroup": groups.get,
            "ListWorkGroups": groups.list,
            "CreatePreparedStatement": statements.create,
            "UpdatePreparedStatement": statements.update,
            "GetPreparedStatement": statements.get,
            "DeletePreparedStatement": statements.delete,
            "ListPreparedStatements": statements.list,
            "CreateNamedQuery": named.create,
            "UpdateNamedQuery": named.update,
            "GetNamedQuery": named.get,
            "BatchGetNamedQuery": named.batch_get,
            "DeleteNamedQuery": named.delete,
            "ListNamedQueries": named.list,
            "ListDataCatalogs": metadata.list_data_catalogs,
            "GetDataCatalog": metadata.get_data_catalog,
            "ListDatabases": metadata.list_databases,
            "GetDatabase": metadata.get_database,
            "ListTableMetadata": metadata.list_table_metadata,
            "GetTableMetadata": metadata.get_table_metadata,
        }

    def close(self) -> None:
        """Stop what runs, and remove the local copies."""
        self._executions.close()
        self._engine.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        status, answer = self._answer(environ)
        body = json.dumps(answer).encode()
        headers = [
            ("Content-Type", CONTENT_TYPE),
            ("Content-Length", str(len(body))),
            ("x-amzn-RequestId", str(uuid.uuid4())),
        ]
        start_response(f"{status} {'OK' if status == 200 else 'Error'}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        name = environ["HTTP_X_AMZ_TARGET"].partition(".")[2]
        try:
            operation = self.operations.get(name)
            if operation is None:
                raise ApiError("UnknownOperationException", f"The local Athena has no operation {name}.")
            return 200, operation(_request_of(environ))
        except ApiError as error:
            answer = {"__type": error.code, "Message": error.message, "message": error.message}
            if error.athena_error_code:
                answer["AthenaErrorCode"] = error.athena_error_code
            return error.status, answer
        except Exception as error:
            logger.exception("%s failed", name)
            message = f"{name} failed inside the local Athena: {type(error).__name__}: {error}"
            return 500, {"__type": "InternalServerException", "Message": message, "message": message}


def _request_of(environ: dict[str, Any]) -> Request:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAXIMUM_REQUEST_BYTES:
        raise invalid_request("The request is too large.")
    try:
        request = json.loads(environ["wsgi.input"].read(length) or b"{}")
    except ValueError as error:
        raise ApiError("SerializationException", "The request is not JSON.") from error
    if not isinstance(request, dict):
        raise ApiError("SerializationException", "The request is not a JSON object.")
    return request
