"""Data catalogs: the account's own, and others that a user registers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.local.athena.errors import invalid_request
from toolkit.local.athena.metadata import DATA_CATALOG, page
from toolkit.local.athena.shelf import Documents, Shelf
from toolkit.local.platform import ACCOUNT_ID

_OWN = {
    "Name": DATA_CATALOG,
    "Type": "GLUE",
    "Description": "The Glue Data Catalog of this account",
    "Parameters": {"catalog-id": ACCOUNT_ID},
}

# What the parameters of each type have to hold; of several sets one.
# Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateDataCatalog.html
_PARAMETERS = {
    "HIVE": ({"metadata-function"},),
    "LAMBDA": ({"function"}, {"metadata-function", "record-function"}),
    "GLUE": ({"catalog-id"},),
}


class DataCatalogs:
    """
    The data catalogs of an account.

    Only Glue's own can be queried here. Others are kept and shown, so that whoever deploys them can be tested.
    """

    def __init__(self, documents: Documents | None = None) -> None:
        self._catalogs = Shelf("athena/data_catalogs", documents)

    def has(self, name: str) -> bool:
        """Tell whether a catalog has this name, in any letter case."""
        return self._find(name) is not None

    def create(self, request: Any) -> dict[str, Any]:
        """Answer CreateDataCatalog."""
        name = request["Name"]
        if self.has(name):
            raise invalid_request(f"DataCatalog {name} has already been created")
        _check_parameters(request["Type"], request.get("Parameters") or {})
        catalog = {key: request[key] for key in ("Name", "Type", "Description", "Parameters") if key in request}
        if request["Type"] == "FEDERATED":
            catalog["Status"] = "CREATE_COMPLETE"
        self._catalogs[name] = catalog
        return {"DataCatalog": catalog} if "Status" in catalog else {}

    def get(self, request: Any) -> dict[str, Any]:
        """Answer GetDataCatalog."""
        return {"DataCatalog": self.found(request["Name"])}

    def update(self, request: Any) -> dict[str, Any]:
        """Answer UpdateDataCatalog."""
        catalog = self._changeable(request["Name"])
        if "Parameters" in request:
            _check_parameters(request["Type"], request["Parameters"])
        changes = {key: request[key] for key in ("Type", "Description", "Parameters") if key in request}
        self._catalogs[catalog["Name"]] = {**catalog, **changes}
        return {}

    def delete(self, request: Any) -> dict[str, Any]:
        """Answer DeleteDataCatalog."""
        catalog = self._changeable(request["Name"])
        del self._catalogs[catalog["Name"]]
        return {"DataCatalog": {**catalog, "Status": "DELETE_COMPLETE"}} if catalog["Type"] == "FEDERATED" else {}

    def list(self, request: Any) -> dict[str, Any]:
        """Answer ListDataCatalogs."""
        items = [
            {"CatalogName": each["Name"], **{key: each[key] for key in ("Type", "Status") if key in each}}
            for each in (_OWN, *self._catalogs.values())
        ]
        return page("DataCatalogsSummary", items, request)

    def found(self, name: str) -> dict[str, Any]:
        """
        Give a catalog as the API describes it.

        Raises:
            ApiError: there is none of that name.
        """
        catalog = self._find(name)
        if catalog is None:
            raise invalid_request(f"DataCatalog {name} was not found")
        return catalog

    def _find(self, name: str) -> dict[str, Any] | None:
        if name.lower() == DATA_CATALOG.lower():
            return _OWN
        return next((each for key, each in self._catalogs.items() if key.lower() == name.lower()), None)

    def _changeable(self, name: str) -> dict[str, Any]:
        if name.lower() == DATA_CATALOG.lower():
            raise invalid_request(f"{DATA_CATALOG} is the account's own data catalog and can't be changed or deleted")
        return self.found(name)


def _check_parameters(kind: str, parameters: Mapping[str, str]) -> None:
    wanted = _PARAMETERS.get(kind)
    if wanted and not any(each <= parameters.keys() for each in wanted):
        sets = " or ".join(" and ".join(sorted(each)) for each in wanted)
        raise invalid_request(f"The parameters of a data catalog of the type {kind} have to hold {sets}")
