"""Work groups: settings that queries share, and limits on them."""

from __future__ import annotations

import copy
import re
import time
from typing import Any

from toolkit.local.athena.errors import invalid_request
from toolkit.local.athena.metadata import page
from toolkit.local.athena.shelf import Documents, Shelf

PRIMARY = "primary"

# Where results lie that Athena keeps itself; on AWS nobody sees that bucket.
MANAGED_RESULTS_BUCKET = "athena-managed-query-results"
ENGINE = "Athena engine version 3"
# Version 2 may still be named; what runs is version 3.
_SELECTABLE = ("AUTO", ENGINE, "Athena engine version 2")

# Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html
MINIMUM_CUTOFF = 10_000_000


class WorkGroups:
    """
    The work groups of an account; ``primary`` is always there.

    As in a new account of AWS, ``primary`` has no output location: a query that names none itself is refused.
    """

    def __init__(self, documents: Documents | None = None) -> None:
        self._groups = Shelf("athena/work_groups", documents)
        if PRIMARY not in self._groups:
            self._groups[PRIMARY] = _group(PRIMARY, {}, "")

    def has(self, name: str) -> bool:
        """Tell whether there is a work group of that name."""
        return name in self._groups

    def find(self, name: str) -> dict[str, Any]:
        """
        Give a work group as the API describes it.

        Raises:
            ApiError: there is none of that name.
        """
        group = self._groups.get(name)
        if group is None:
            raise invalid_request("WorkGroup is not found.")
        return group

    def create(self, request: Any) -> dict[str, Any]:
        """Answer CreateWorkGroup."""
        name = request["Name"]
        if name in self._groups:
            raise invalid_request("WorkGroup is already created")
        self._groups[name] = _group(name, request.get("Configuration") or {}, request.get("Description") or "")
        return {}

    def update(self, request: Any) -> dict[str, Any]:
        """Answer UpdateWorkGroup."""
        group = self.find(request["WorkGroup"])
        updates = request.get("ConfigurationUpdates") or {}
        configuration = copy.deepcopy(group["Configuration"])
        for key, value in updates.items():
            match key:
                case "ResultConfigurationUpdates":
                    _update_results(configuration, value)
                case "ManagedQueryResultsConfigurationUpdates":
                    managed = configuration.setdefault("ManagedQueryResultsConfiguration", {})
                    if "Enabled" in value:
                        managed["Enabled"] = value["Enabled"]
                case "RemoveBytesScannedCutoffPerQuery":
                    if value:
                        configuration.pop("BytesScannedCutoffPerQuery", None)
                case "EngineVersion":
                    configuration[key] = _engine(value)
                case _:
                    configuration[key] = value
        _check(configuration)
        changes = {key: request[key] for key in ("Description", "State") if key in request}
        self._groups[group["Name"]] = {**group, "Configuration": configuration, **changes}
        return {}

    def delete(self, request: Any) -> dict[str, Any]:
        """Answer DeleteWorkGroup."""
        self.check_deletable(request["WorkGroup"])
        del self._groups[request["WorkGroup"]]
        return {}

    def check_deletable(self, name: str) -> None:
        """
        Say nothing if a work group can be deleted.

        Raises:
            ApiError: there is none of that name, or it is the primary one.
        """
        if name == PRIMARY:
            raise invalid_request("The primary workgroup can't be deleted.")
        self.find(name)

    def get(self, request: Any) -> dict[str, Any]:
        """Answer GetWorkGroup."""
        group = self.find(request["WorkGroup"])
        return {"WorkGroup": {key: value for key, value in group.items() if key != "Description" or value}}

    def list(self, request: Any) -> dict[str, Any]:
        """Answer ListWorkGroups."""
        keys = ("Name", "State", "Description", "CreationTime")
        groups = [
            {**{key: group[key] for key in keys}, "EngineVersion": group["Configuration"]["EngineVersion"]}
            for _, group in sorted(self._groups.items())
        ]
        return page("WorkGroups", groups, request)

    def settings(self, name: str, request: Any) -> tuple[str, dict[str, Any]]:
        """
        Give the output location of a query and the configuration of its group.

        Raises:
            ApiError: the group is not found or disabled, or no location is given anywhere.
        """
        group = self.find(name)
        if group["State"] != "ENABLED":
            raise invalid_request(f"WorkGroup {name} is disabled.")
        configuration = group["Configuration"]
        if (configuration.get("ManagedQueryResultsConfiguration") or {}).get("Enabled"):
            return f"s3://{MANAGED_RESULTS_BUCKET}/{name}/", configuration
        own = (request.get("ResultConfiguration") or {}).get("OutputLocation")
        shared = (configuration.get("ResultConfiguration") or {}).get("OutputLocation")
        enforced = configuration.get("EnforceWorkGroupConfiguration")
        location = (shared or own) if enforced else (own or shared)
        if not location:
            raise invalid_request(
                "No output location provided. You did not provide an output location for your query results. An output "
                "location is required either through the Workgroup result configuration setting or as an API input."
            )
        _check_location(location)
        return location, configuration


def list_engine_versions(request: Any) -> dict[str, Any]:
    """Answer ListEngineVersions."""
    versions = [
        {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": ENGINE},
        {"SelectedEngineVersion": ENGINE, "EffectiveEngineVersion": ENGINE},
    ]
    return page("EngineVersions", versions, request, maximum=10)


def _group(name: str, configuration: dict[str, Any], description: str) -> dict[str, Any]:
    defaults = {
        "ResultConfiguration": {},
        # What the API documents as the default of a new group; `primary` leaves clients their own settings.
        "EnforceWorkGroupConfiguration": name != PRIMARY,
        "PublishCloudWatchMetricsEnabled": False,
        "RequesterPaysEnabled": False,
        "EnableMinimumEncryptionConfiguration": False,
    }
    whole = {**defaults, **copy.deepcopy(configuration)}
    whole["EngineVersion"] = _engine(whole.get("EngineVersion") or {})
    _check(whole)
    return {
        "Name": name,
        "State": "ENABLED",
        "Description": description,
        "CreationTime": time.time(),
        "Configuration": whole,
    }


def _engine(given: dict[str, Any]) -> dict[str, str]:
    selected = given.get("SelectedEngineVersion") or "AUTO"
    if "PySpark" in selected:
        raise invalid_request("The local Athena has no PySpark engine.")
    if selected not in _SELECTABLE:
        raise invalid_request(f"Invalid engine version: {selected}. Expected one of: {', '.join(_SELECTABLE)}")
    return {"SelectedEngineVersion": selected, "EffectiveEngineVersion": ENGINE}


def _update_results(configuration: dict[str, Any], updates: dict[str, Any]) -> None:
    results = configuration.setdefault("ResultConfiguration", {})
    for key, value in updates.items():
        if key.startswith("Remove"):
            if value:
                results.pop(key.removeprefix("Remove"), None)
        else:
            results[key] = value


def _check(configuration: dict[str, Any]) -> None:
    cutoff = configuration.get("BytesScannedCutoffPerQuery")
    if cutoff is not None and cutoff < MINIMUM_CUTOFF:
        raise invalid_request(f"BytesScannedCutoffPerQuery has to be {MINIMUM_CUTOFF} or more.")
    location = (configuration.get("ResultConfiguration") or {}).get("OutputLocation")
    if location:
        _check_location(location)


def _check_location(location: str) -> None:
    if not re.fullmatch(r"s3://[^/]+(/.*)?", location):
        raise invalid_request("outputLocation is not a valid S3 path.")
