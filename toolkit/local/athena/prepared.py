"""Prepared statements and named queries: query texts that are kept."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from toolkit.local.athena.errors import ApiError, invalid_request
from toolkit.local.athena.metadata import page
from toolkit.local.athena.shelf import Documents, Shelf
from toolkit.local.athena.work_groups import PRIMARY, WorkGroups

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_@:]{0,255}")


class PreparedStatements:
    """The prepared statements of each work group."""

    def __init__(self, groups: WorkGroups, documents: Documents | None = None) -> None:
        self._groups = groups
        self._statements = Shelf("athena/prepared_statements", documents)

    def names(self, group: str) -> list[str]:
        """Give the names of a group's statements."""
        return [each["StatementName"] for each in self._of(group)]

    def forget_group(self, group: str) -> None:
        """Delete all statements of a group."""
        for name in self.names(group):
            del self._statements[_key(group, name)]

    def _of(self, group: str) -> list[dict[str, Any]]:
        statements = [each for each in self._statements.values() if each["WorkGroupName"] == group]
        return sorted(statements, key=lambda each: str(each["StatementName"]))

    def find(self, name: str, group: str) -> dict[str, Any]:
        """
        Give a prepared statement.

        Raises:
            ApiError: there is none of that name in the group.
        """
        found = self._statements.get(_key(group, name))
        if found is None:
            message = f"PreparedStatement {name} was not found in workGroup {group}"
            raise ApiError("ResourceNotFoundException", message, details={"ResourceName": name})
        return found

    def keep(self, name: str, group: str, query: str, description: str = "") -> None:
        """Keep a statement under a name, in place of an older one."""
        if not _NAME.fullmatch(name):
            raise invalid_request(f"Invalid name of a prepared statement: {name}")
        self._groups.find(group)
        self._statements[_key(group, name)] = {
            "StatementName": name,
            "WorkGroupName": group,
            "QueryStatement": query,
            "Description": description,
            "LastModifiedTime": time.time(),
        }

    def forget(self, name: str, group: str) -> None:
        """Delete a prepared statement."""
        self.find(name, group)
        del self._statements[_key(group, name)]

    def create(self, request: Any) -> dict[str, Any]:
        """Answer CreatePreparedStatement."""
        group, name = request["WorkGroup"], request["StatementName"]
        if _key(group, name) in self._statements:
            raise invalid_request(f"Prepared statement {name} already exists in the workgroup {group}")
        self.keep(name, group, request["QueryStatement"], request.get("Description") or "")
        return {}

    def update(self, request: Any) -> dict[str, Any]:
        """Answer UpdatePreparedStatement."""
        self.find(request["StatementName"], request["WorkGroup"])
        description = request.get("Description") or ""
        self.keep(request["StatementName"], request["WorkGroup"], request["QueryStatement"], description)
        return {}

    def get(self, request: Any) -> dict[str, Any]:
        """Answer GetPreparedStatement."""
        return {"PreparedStatement": self.find(request["StatementName"], request["WorkGroup"])}

    def delete(self, request: Any) -> dict[str, Any]:
        """Answer DeletePreparedStatement."""
        self.forget(request["StatementName"], request["WorkGroup"])
        return {}

    def list(self, request: Any) -> dict[str, Any]:
        """Answer ListPreparedStatements."""
        self._groups.find(request["WorkGroup"])
        keys = ("StatementName", "LastModifiedTime")
        items = [{key: statement[key] for key in keys} for statement in self._of(request["WorkGroup"])]
        return page("PreparedStatements", items, request)

    def batch_get(self, request: Any) -> dict[str, Any]:
        """Answer BatchGetPreparedStatement."""
        group, found, missing = request["WorkGroup"], [], []
        self._groups.find(group)
        for name in request["PreparedStatementNames"]:
            if statement := self._statements.get(_key(group, name)):
                found.append(statement)
            else:
                message = f"PreparedStatement {name} was not found in workGroup {group}"
                missing.append({"StatementName": name, "ErrorCode": "STATEMENT_NOT_FOUND", "ErrorMessage": message})
        return {"PreparedStatements": found, "UnprocessedPreparedStatementNames": missing}


class NamedQueries:
    """Saved queries."""

    def __init__(self, groups: WorkGroups, documents: Documents | None = None) -> None:
        self._groups = groups
        self._queries = Shelf("athena/named_queries", documents)
        self._by_token: dict[str, tuple[str, Any]] = {}

    def identifiers(self, group: str) -> list[str]:
        """Give the identifiers of a group's queries."""
        return [key for key, query in self._queries.items() if query["WorkGroup"] == group]

    def forget_group(self, group: str) -> None:
        """Delete all queries of a group."""
        for identifier in self.identifiers(group):
            del self._queries[identifier]

    def create(self, request: Any) -> dict[str, Any]:
        """Answer CreateNamedQuery; a client's token that was seen before gives the query it made."""
        self._groups.find(request.get("WorkGroup") or PRIMARY)
        token = request.get("ClientRequestToken")
        if token and token in self._by_token:
            made, before = self._by_token[token]
            if before != request:
                raise invalid_request("Idempotent parameters do not match")
            return {"NamedQueryId": made}
        identifier = str(uuid.uuid4())
        if token:
            self._by_token[token] = (identifier, request)
        keys = ("Name", "Description", "Database", "QueryString")
        query = {key: request[key] for key in keys if request.get(key)}
        self._queries[identifier] = query | {
            "NamedQueryId": identifier,
            "WorkGroup": request.get("WorkGroup") or PRIMARY,
        }
        return {"NamedQueryId": identifier}

    def get(self, request: Any) -> dict[str, Any]:
        """Answer GetNamedQuery."""
        return {"NamedQuery": self._find(request["NamedQueryId"])}

    def batch_get(self, request: Any) -> dict[str, Any]:
        """Answer BatchGetNamedQuery."""
        identifiers = request["NamedQueryIds"]
        missing = [
            {"NamedQueryId": each, "ErrorCode": "INVALID_INPUT", "ErrorMessage": f"NamedQuery {each} was not found"}
            for each in identifiers
            if each not in self._queries
        ]
        found = [self._queries[each] for each in identifiers if each in self._queries]
        return {"NamedQueries": found, "UnprocessedNamedQueryIds": missing}

    def update(self, request: Any) -> dict[str, Any]:
        """Answer UpdateNamedQuery."""
        query = self._find(request["NamedQueryId"])
        changes = {key: request[key] for key in ("Name", "Description", "QueryString") if key in request}
        self._queries[request["NamedQueryId"]] = {**query, **changes}
        return {}

    def delete(self, request: Any) -> dict[str, Any]:
        """Answer DeleteNamedQuery."""
        self._find(request["NamedQueryId"])
        del self._queries[request["NamedQueryId"]]
        return {}

    def list(self, request: Any) -> dict[str, Any]:
        """Answer ListNamedQueries."""
        group = request.get("WorkGroup") or PRIMARY
        self._groups.find(group)
        return page("NamedQueryIds", self.identifiers(group), request)

    def _find(self, identifier: str) -> dict[str, Any]:
        if identifier not in self._queries:
            raise invalid_request(f"NamedQuery {identifier} was not found")
        return self._queries[identifier]


def _key(group: str, name: str) -> str:
    # A slash is in neither.
    return f"{group}/{name}"
