"""Prepared statements and named queries: query texts that are kept."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from toolkit.local.athena.errors import ApiError, invalid_request
from toolkit.local.athena.metadata import page
from toolkit.local.athena.work_groups import PRIMARY, WorkGroups

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_@:]{0,255}")


class PreparedStatements:
    """The prepared statements of each work group."""

    def __init__(self, groups: WorkGroups) -> None:
        self._groups = groups
        self._statements: dict[tuple[str, str], dict[str, Any]] = {}

    def find(self, name: str, group: str) -> dict[str, Any]:
        """
        Give a prepared statement.

        Raises:
            ApiError: there is none of that name in the group.
        """
        found = self._statements.get((group, name))
        if found is None:
            message = f"PreparedStatement {name} was not found in workGroup {group}"
            raise ApiError("ResourceNotFoundException", message)
        return found

    def keep(self, name: str, group: str, query: str, description: str = "") -> None:
        """Keep a statement under a name, in place of an older one."""
        if not _NAME.fullmatch(name):
            raise invalid_request(f"Invalid name of a prepared statement: {name}")
        self._groups.find(group)
        self._statements[group, name] = {
            "StatementName": name,
            "WorkGroupName": group,
            "QueryStatement": query,
            "Description": description,
            "LastModifiedTime": time.time(),
        }

    def forget(self, name: str, group: str) -> None:
        """Delete a prepared statement."""
        self.find(name, group)
        del self._statements[group, name]

    def create(self, request: Any) -> dict[str, Any]:
        """Answer CreatePreparedStatement."""
        key = (request["WorkGroup"], request["StatementName"])
        if key in self._statements:
            raise invalid_request(f"Prepared statement {key[1]} already exists in the workgroup {key[0]}")
        self.keep(key[1], key[0], request["QueryStatement"], request.get("Description") or "")
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
        keys = ("StatementName", "LastModifiedTime")
        items = [
            {key: statement[key] for key in keys}
            for (group, _), statement in sorted(self._statements.items())
            if group == request["WorkGroup"]
        ]
        return page("PreparedStatements", items, request)


class NamedQueries:
    """Saved queries."""

    def __init__(self) -> None:
        self._queries: dict[str, dict[str, Any]] = {}

    def create(self, request: Any) -> dict[str, Any]:
        """Answer CreateNamedQuery."""
        identifier = str(uuid.uuid4())
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
        query |= {key: request[key] for key in ("Name", "Description", "QueryString") if key in request}
        return {}

    def delete(self, request: Any) -> dict[str, Any]:
        """Answer DeleteNamedQuery."""
        self._find(request["NamedQueryId"])
        del self._queries[request["NamedQueryId"]]
        return {}

    def list(self, request: Any) -> dict[str, Any]:
        """Answer ListNamedQueries."""
        group = request.get("WorkGroup") or PRIMARY
        return page(
            "NamedQueryIds", [key for key, query in self._queries.items() if query["WorkGroup"] == group], request
        )

    def _find(self, identifier: str) -> dict[str, Any]:
        if identifier not in self._queries:
            raise invalid_request(f"NamedQuery {identifier} was not found")
        return self._queries[identifier]
