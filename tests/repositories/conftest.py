"""A Glue Schema Registry in this process: moto's has no lists of schemas, and checks no versions."""

import uuid

import pytest

from toolkit import aws
from toolkit.errors import AwsError, NotFound


class FakeRegistry:
    """The calls of Glue that the repository makes, with the answers that Glue's API reference gives them."""

    def __init__(self):
        self.schemas = {}
        self.by_id = {}
        self.calls = []

    def call(self, service, operation, /, **parameters):
        self.calls.append(operation)
        return getattr(self, operation)(**parameters)

    def pages(self, service, operation, /, **parameters):
        yield self.call(service, operation, **parameters)

    def create_schema(self, *, RegistryId, SchemaName, DataFormat, Compatibility, SchemaDefinition):  # noqa: N803
        if SchemaName in self.schemas:
            raise AwsError("there already", service="glue", code="AlreadyExistsException")
        self.schemas[SchemaName] = []
        return self._added(SchemaName, SchemaDefinition)

    def register_schema_version(self, *, SchemaId, SchemaDefinition):  # noqa: N803
        name = SchemaId["SchemaName"]
        for known in self.schemas[name]:
            if known["SchemaDefinition"] == SchemaDefinition:
                return known
        return self._added(name, SchemaDefinition)

    def _added(self, name, text):
        version = {
            "SchemaVersionId": str(uuid.uuid4()),
            "SchemaDefinition": text,
            "DataFormat": "JSON",
            "SchemaArn": f"arn:aws:glue:eu-west-1:123456789012:schema/events/{name}",
            "VersionNumber": len(self.schemas[name]) + 1,
            "Status": "AVAILABLE",
        }
        self.schemas[name].append(version)
        self.by_id[version["SchemaVersionId"]] = version
        return version

    def get_schema_version(self, *, SchemaId=None, SchemaVersionNumber=None, SchemaVersionId=None):  # noqa: N803
        try:
            if SchemaVersionId:
                return self.by_id[SchemaVersionId]
            versions = self.schemas[SchemaId["SchemaName"]]
            if SchemaVersionNumber.get("LatestVersion"):
                return versions[-1]
            return next(v for v in versions if v["VersionNumber"] == SchemaVersionNumber["VersionNumber"])
        except (KeyError, StopIteration) as error:
            raise NotFound("not found", service="glue", code="EntityNotFoundException") from error

    def list_schemas(self, *, RegistryId):  # noqa: N803
        return {"Schemas": [{"SchemaName": name} for name in self.schemas]}

    def list_schema_versions(self, *, SchemaId):  # noqa: N803
        if SchemaId["SchemaName"] not in self.schemas:
            raise NotFound("not found", service="glue", code="EntityNotFoundException")
        return {"Schemas": self.schemas[SchemaId["SchemaName"]]}


@pytest.fixture
def glue(monkeypatch):
    registry = FakeRegistry()
    monkeypatch.setattr(aws, "call", registry.call)
    monkeypatch.setattr(aws, "pages", registry.pages)
    return registry
