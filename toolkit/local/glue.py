"""
Operations of Glue that moto lacks, over its own state: lists in pages, lists of the Schema Registry, the search for
tables, SkipArchive; its answers as text at once; and its tables without a request.

Source: https://docs.aws.amazon.com/glue/latest/webapi/API_Operations.html
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from zlib import crc32

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.glue.exceptions import InvalidInputException
from moto.glue.glue_schema_registry_utils import validate_registry_id, validate_schema_id
from moto.glue.models import glue_backends
from moto.glue.responses import GlueResponse

from toolkit.local.hash_order import as_hashed
from toolkit.local.platform import ACCOUNT_ID

# Of all lists but that of partitions; SearchTables has no documented default.
MAXIMUM_RESULTS = 100
DEFAULT_RESULTS = 25
MAXIMUM_PARTITIONS = 1000

# Operations of moto whose answers are plain dicts of what clients sent, and may be large.
_PLAIN = ("get_database", "get_table_version", "get_partition", "batch_get_partition")


class PlainResult(ActionResult):
    """A result that is JSON but for its times; moto follows the model of its shape, which takes thirty times as long."""

    def execute_result(self, context: Any) -> Any:
        """Give status, headers and body."""
        body = json.dumps(self.result, default=_seconds)
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, body


def _seconds(value: Any) -> float:
    if not isinstance(value, datetime):
        raise TypeError(f"expected JSON or a time, found {type(value).__name__}")
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    # In milliseconds, cut off, as moto has them.
    return int(aware.timestamp() * 1000) / 1000


def _plain(itself: Callable[[Any], ActionResult]) -> Callable[[Any], ActionResult]:
    def answer(response: Any) -> ActionResult:
        return PlainResult(itself(response).result)

    answer.__module__ = __name__
    return answer


def get_databases(response: Any) -> ActionResult:
    """Answer GetDatabases, by name."""
    found = [(each.name, each) for each in response.glue_backend.get_databases()]
    return PlainResult(_page_by_name("DatabaseList", found, _as_dict, response.parameters, MAXIMUM_RESULTS))


def get_tables(response: Any) -> ActionResult:
    """Answer GetTables, by name."""
    parameters = response.parameters
    tables = response.glue_backend.get_tables(parameters.get("DatabaseName"), parameters.get("Expression"))
    found = [(each.name, each) for each in tables]
    return PlainResult(_page_by_name("TableList", found, _shown_table, parameters, MAXIMUM_RESULTS))


def _shown_table(table: Any) -> dict[str, Any]:
    return _with_ordered_parameters(table.as_dict())


def _with_ordered_parameters(table: dict[str, Any]) -> dict[str, Any]:
    """Give a table whose parameters come in the order in which awswrangler's own tests have them from Glue."""
    parameters = table.get("Parameters") or {}
    return {**table, "Parameters": {key: parameters[key] for key in as_hashed(parameters)}} if parameters else table


def _get_table(itself: Callable[[Any], ActionResult]) -> Callable[[Any], ActionResult]:
    def get_table(response: Any) -> ActionResult:
        """Answer GetTable."""
        answer: Any = itself(response).result
        return PlainResult({**answer, "Table": _with_ordered_parameters(answer["Table"])})

    return get_table


def get_table_versions(response: Any) -> ActionResult:
    """Answer GetTableVersions, in their order."""
    parameters = response.parameters
    table = response.glue_backend.get_table(parameters.get("DatabaseName"), parameters.get("TableName"))

    def shown(version: str) -> dict[str, Any]:
        return {"Table": table.as_dict(version), "VersionId": version}

    found = [(int(each), each) for each in table.versions]
    return PlainResult(_page_by_name("TableVersions", found, shown, parameters, MAXIMUM_RESULTS))


def get_partitions(response: Any) -> ActionResult:
    """Answer GetPartitions, by their values; each of the segments that a client reads at once has its share of them."""
    parameters = response.parameters
    partitions = response.glue_backend.get_partitions(
        parameters.get("DatabaseName"), parameters.get("TableName"), parameters.get("Expression")
    )
    if segment := parameters.get("Segment"):
        number, total = segment["SegmentNumber"], segment["TotalSegments"]
        partitions = [each for each in partitions if crc32(str(each.values).encode()) % total == number]

    def shown(partition: Any) -> dict[str, Any]:
        whole: dict[str, Any] = partition.as_dict()
        if parameters.get("ExcludeColumnSchema") and whole.get("StorageDescriptor"):
            descriptor = {key: value for key, value in whole["StorageDescriptor"].items() if key != "Columns"}
            return {**whole, "StorageDescriptor": descriptor}
        return whole

    found = [(each.values, each) for each in partitions]
    return PlainResult(_page_by_name("Partitions", found, shown, parameters, MAXIMUM_PARTITIONS))


def list_schemas(response: Any) -> ActionResult:
    """Answer ListSchemas: the schemas of one registry, or of all."""
    registries = response.glue_backend.registries
    wanted = response.parameters.get("RegistryId")
    # The default registry need not exist yet.
    names = [validate_registry_id(wanted, registries)] if wanted else list(registries)
    found = [schema for name in names if name in registries for schema in registries[name].schemas.values()]
    items = [
        {
            "RegistryName": each.registry_name,
            "SchemaName": each.schema_name,
            "SchemaArn": each.schema_arn,
            "Description": each.description or "",
            "SchemaStatus": each.schema_status,
            "CreatedTime": str(each.created_time),
            "UpdatedTime": str(each.updated_time),
        }
        for each in found
    ]
    return ActionResult(_page("Schemas", items, response.parameters, DEFAULT_RESULTS))


def list_schema_versions(response: Any) -> ActionResult:
    """Answer ListSchemaVersions: the versions of one schema, in their order."""
    items = [
        {
            "SchemaArn": each.schema_arn,
            "SchemaVersionId": each.schema_version_id,
            "VersionNumber": each.version_number,
            "Status": each.schema_version_status,
            "CreatedTime": str(each.created_time),
        }
        for each in _schema(response).schema_versions.values()
    ]
    return ActionResult(_page("Schemas", items, response.parameters, DEFAULT_RESULTS))


def check_schema_version_validity(response: Any) -> ActionResult:
    """Answer CheckSchemaVersionValidity: whether a definition can be parsed."""
    definition, data_format = (response.parameters.get(key) or "" for key in ("SchemaDefinition", "DataFormat"))
    try:
        contents: Any = json.loads(definition) if data_format in ("AVRO", "JSON") else None
        if data_format == "JSON" and not isinstance(contents, dict | bool):
            raise ValueError("a JSON Schema is an object, true or false")
        if data_format == "AVRO":
            import fastavro

            fastavro.parse_schema(contents)
    except Exception as error:  # fastavro's own errors have no common root
        return ActionResult({"Valid": False, "Error": f"{data_format} schema could not be parsed: {error}"})
    return ActionResult({"Valid": True})


def delete_schema_versions(response: Any) -> ActionResult:
    """Answer DeleteSchemaVersions: deletes numbers and ranges of them, ``1-3,5``; a schema keeps its first version."""
    schema = _schema(response)
    errors = []
    for number in _numbers(str(response.parameters.get("Versions") or "")):
        found = next((key for key, each in schema.schema_versions.items() if each.version_number == number), None)
        if number == schema.schema_checkpoint:
            reason = ("InvalidInputException", "The checkpoint version of a schema can't be deleted")
        elif found is None:
            reason = ("EntityNotFoundException", f"Schema version is not found. VersionNumber: {number}")
        else:
            del schema.schema_versions[found]
            response.glue_backend.num_schema_versions -= 1
            continue
        detail = {"ErrorCode": reason[0], "ErrorMessage": reason[1]}
        errors.append({"VersionNumber": number, "ErrorDetails": detail})
    return ActionResult({"SchemaVersionErrors": errors})


def search_tables(response: Any) -> ActionResult:
    """Answer SearchTables: tables whose names, descriptions or columns hold a text, and whose properties fit."""
    parameters = response.parameters
    text = str(parameters.get("SearchText") or "").lower()
    # A text in quotes is to be found as it stands, elsewhere each word counts.
    words = [text[1:-1]] if len(text) > 1 and text[0] == text[-1] == '"' else text.split()
    backend = response.glue_backend
    tables = [table.as_dict() for database in backend.databases.values() for table in database.tables.values()]
    found = [
        table
        for table in tables
        if all(any(word in each for each in _texts(table)) for word in words)
        and all(_fits(table, each) for each in parameters.get("Filters") or ())
    ]
    for criterion in reversed(parameters.get("SortCriteria") or ()):
        found.sort(
            key=lambda table: str(table.get(criterion["FieldName"], "")), reverse=criterion.get("Sort") == "DESC"
        )
    return PlainResult(_page("TableList", found, parameters, MAXIMUM_RESULTS))


def _update_table(itself: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def update_table(response: Any) -> Any:
        """Answer UpdateTable: of the version that is named, if one is; with SkipArchive it is not kept."""
        parameters = response.parameters
        name = (parameters.get("TableInput") or {}).get("Name") or parameters.get("Name")
        wanted = parameters.get("VersionId")
        # By this two writers of an Iceberg table that commit at once know of each other.
        if wanted and wanted != str(response.glue_backend.get_table(parameters["DatabaseName"], name)._current_version):
            raise JsonRESTError(
                "ConcurrentModificationException", "Update table failed due to concurrent modifications."
            )
        answer = itself(response)
        if parameters.get("SkipArchive"):
            versions = response.glue_backend.get_table(parameters["DatabaseName"], name).versions
            for old in list(versions)[-2:-1]:
                del versions[old]
        return answer

    return update_table


def install() -> None:
    """Give moto these operations; to be called before its first request of Glue."""
    for operation in (
        get_databases,
        get_tables,
        get_table_versions,
        get_partitions,
        list_schemas,
        list_schema_versions,
        check_schema_version_validity,
        delete_schema_versions,
        search_tables,
    ):
        setattr(GlueResponse, operation.__name__, operation)
    response: Any = GlueResponse
    if GlueResponse.update_table.__module__ != __name__:
        for name in _PLAIN:
            setattr(response, name, _plain(getattr(response, name)))
        response.get_table = _get_table(response.get_table)
        response.update_table = _update_table(response.update_table)


class DirectTables:
    """The tables of moto's Glue in one region, for an engine in the same process."""

    def __init__(self, region: str) -> None:
        self._region = region

    def table(self, database: str, name: str) -> dict[str, Any] | None:
        """Give a table as GetTable does, if there is one; it is the caller's own."""
        found = self._table(database, name)
        return None if found is None else _as_answered(found.as_dict())

    def stamp(self, database: str, name: str) -> object:
        """Give what equals an earlier stamp as long as neither the table nor its partitions have changed; None without it."""
        found = self._table(database, name)
        if found is None:
            return None
        # moto puts new ones in the place of a version or a partition that changes.
        return (found, found.versions.get(str(found._current_version)), tuple(found.partitions.values()))

    def partitions(self, database: str, table: str) -> list[dict[str, Any]] | None:
        """Give a table's partitions as GetPartitions does, not to be changed; None if there is no such table."""
        found = self._table(database, table)
        return None if found is None else [each.as_dict() for each in list(found.partitions.values())]

    def _table(self, database: str, name: str) -> Any:
        there = glue_backends[ACCOUNT_ID][self._region].databases.get(database)
        return None if there is None else there.tables.get(name)


def _as_answered(value: Any) -> Any:
    """Give a copy of moto's own as clients get it: without what is None, and with times that know their zone."""
    if isinstance(value, dict):
        return {key: _as_answered(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_as_answered(each) for each in value]
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _schema(response: Any) -> Any:
    registries = response.glue_backend.registries
    registry_name, schema_name, _ = validate_schema_id(response.parameters.get("SchemaId") or {}, registries)
    return registries[registry_name].schemas[schema_name]


def _numbers(text: str) -> Iterable[int]:
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise InvalidInputException("DeleteSchemaVersions", f"Versions has to be like 1-3,5; found {text}")
        yield from range(int(first), int(last or first) + 1)


def _texts(table: dict[str, Any]) -> Iterable[str]:
    descriptor = table.get("StorageDescriptor") or {}
    columns = [*(descriptor.get("Columns") or ()), *(table.get("PartitionKeys") or ())]
    named = (table.get(key) for key in ("DatabaseName", "Name", "Description", "Owner"))
    properties = (table.get("Parameters") or {}).values()
    for each in (
        *named,
        *properties,
        *(part for column in columns for part in (column.get("Name"), column.get("Comment"))),
    ):
        if each:
            yield str(each).lower()


def _fits(table: dict[str, Any], wanted: dict[str, Any]) -> bool:
    key, value = wanted.get("Key", ""), str(wanted.get("Value", ""))
    found = table.get(key, (table.get("Parameters") or {}).get(key))
    return found is not None and str(found).lower() == value.lower()


def _page_by_name(
    key: str,
    named: Iterable[tuple[Any, Any]],
    shown: Callable[[Any], dict[str, Any]],
    parameters: dict[str, Any],
    maximum: int,
) -> dict[str, Any]:
    """
    Give a page of what has names, in their order, each thing as *shown* has it.

    The token is the last name of the page before: clients delete what they were told, and go on.
    """
    count = int(parameters.get("MaxResults") or maximum)
    if count > maximum:
        raise JsonRESTError(
            "ValidationException",
            f"1 validation error detected: Value '{count}' at 'maxResults' failed to satisfy constraint: Member must have "
            f"value less than or equal to {maximum}",
        )
    found = sorted(named, key=itemgetter(0))
    if token := parameters.get("NextToken"):
        try:
            last = json.loads(b64decode(token, validate=True))
            found = found[bisect_right(found, last, key=itemgetter(0)) :]
        except (ValueError, TypeError) as error:
            raise InvalidInputException(key, "NextToken is invalid") from error
    answer: dict[str, Any] = {key: [shown(each) for _, each in found[:count]]}
    if len(found) > count:
        answer["NextToken"] = b64encode(json.dumps(found[count - 1][0]).encode()).decode()
    return answer


def _as_dict(each: Any) -> dict[str, Any]:
    shown: dict[str, Any] = each.as_dict()
    return shown


def _page(key: str, items: list[dict[str, Any]], parameters: dict[str, Any], default: int) -> dict[str, Any]:
    token = str(parameters.get("NextToken") or "0")
    if not token.isdecimal():
        raise InvalidInputException("List", "NextToken is invalid")
    start, count = int(token), min(int(parameters.get("MaxResults") or default), MAXIMUM_RESULTS)
    answer: dict[str, Any] = {key: items[start : start + count]}
    return {**answer, "NextToken": str(start + count)} if start + count < len(items) else answer
