"""
Schemas in a registry of the Glue Schema Registry, whose serialisers frame each event with the id of its schema version.

A version must be one document; `publish` bundles it. The registry checks compatibility by itself as well, by its own
rules.

Sources: https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html and
https://docs.aws.amazon.com/glue/latest/dg/schema-registry-limits.html (170,000 characters a schema)
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from toolkit import aws
from toolkit.errors import AwsError, IncompatibleSchema, NotFound, SchemaError, SchemaNotFound, VersionExists
from toolkit.repositories.repository import (
    chosen_version,
    named_where_missing,
    plain_name,
    schema_from_text,
    sorted_versions,
)
from toolkit.schema import Schema

MOST_CHARACTERS = 170_000
DEFAULT_COMPATIBILITY = "BACKWARD"
_POLL_SECONDS = 0.2
_MOST_POLLS = 50


@dataclass(frozen=True, slots=True)
class RegisteredSchema:
    """One version as the registry knows it by its id."""

    name: str
    version: str
    schema: Schema


class GlueRepository:
    """Schemas in the registry *registry*; new ones are created with the compatibility mode *compatibility*."""

    def __init__(self, registry: str, *, compatibility: str = DEFAULT_COMPATIBILITY) -> None:
        self.registry = registry
        self.compatibility = compatibility

    def __repr__(self) -> str:
        return f"GlueRepository({self.registry!r})"

    def __str__(self) -> str:
        return f"glue://{self.registry}"

    def names(self) -> tuple[str, ...]:
        """Return the event names, sorted."""
        with named_where_missing(self, "registry"):
            pages = list(aws.pages("glue", "list_schemas", RegistryId={"RegistryName": self.registry}))
        return tuple(sorted(item["SchemaName"] for page in pages for item in page["Schemas"]))

    def versions(self, name: str) -> tuple[str, ...]:
        """Return the available versions of *name*, oldest first."""
        try:
            return sorted_versions(
                str(item["VersionNumber"])
                for page in aws.pages("glue", "list_schema_versions", SchemaId=self._id(name))
                for item in page["Schemas"]
                if item["Status"] == "AVAILABLE"
            )
        except NotFound:
            return ()

    def load(self, name: str, version: str = "") -> Schema:
        """Return one schema, by default its latest version; one that is none of JSON Schema counts as not found."""
        which: dict[str, Any] = {"LatestVersion": True}
        if version:
            # What is no number is no version; ask for those there are.
            number = version if version.isascii() and version.isdecimal() else chosen_version(self, name, version)
            which = {"VersionNumber": int(number)}
        try:
            answer = aws.call("glue", "get_schema_version", SchemaId=self._id(name), SchemaVersionNumber=which)
        except NotFound:
            chosen_version(self, name, version)
            raise
        self._check_format(answer, f"{name}/{answer.get('VersionNumber', '')}")
        return schema_from_text(answer["SchemaDefinition"], f"{self.registry}/{name}/{answer.get('VersionNumber', '')}")

    def load_by_id(self, schema_version_id: str) -> RegisteredSchema:
        """
        Return the version that a framed record names by its UUID.

        Raises:
            SchemaNotFound: the registry knows no such version, it is none of JSON Schema, or has a name that no table can have.
            AwsError: the registry can't be asked.
        """
        try:
            answer = aws.call("glue", "get_schema_version", SchemaVersionId=schema_version_id)
        except NotFound as error:
            raise SchemaNotFound(f"no schema version has the id {schema_version_id}", source=str(self)) from error
        # The registry takes $ and # as well, of which a folder and a table can't be called.
        name = plain_name(str(answer["SchemaArn"]).rsplit("/", 1)[-1])
        version = str(answer["VersionNumber"])
        self._check_format(answer, schema_version_id)
        return RegisteredSchema(name, version, schema_from_text(answer["SchemaDefinition"], f"{name}/{version}"))

    def add(self, name: str, version: str, text: str) -> None:
        """Register one version; see `SchemaRepository.add`. The registry numbers versions itself."""
        if len(text) > MOST_CHARACTERS:
            raise SchemaError(
                f"too long for the Glue Schema Registry: {len(text):,} characters, expected at most {MOST_CHARACTERS:,}; "
                "keep it in DynamoDB or S3",
                source=f"{name}/{version}",
            )
        if version == "1":
            try:
                with named_where_missing(self, "registry"):
                    aws.call(
                        "glue",
                        "create_schema",
                        RegistryId={"RegistryName": self.registry},
                        SchemaName=plain_name(name),
                        DataFormat="JSON",
                        Compatibility=self.compatibility,
                        SchemaDefinition=text,
                    )
            except AwsError as error:
                if error.code == "AlreadyExistsException":
                    raise VersionExists(f"{name} has a version 1 already", source=str(self)) from error
                raise
            return
        answer = aws.call("glue", "register_schema_version", SchemaId=self._id(name), SchemaDefinition=text)
        for _ in range(_MOST_POLLS):
            if answer["Status"] != "PENDING":
                break
            time.sleep(_POLL_SECONDS)
            answer = aws.call("glue", "get_schema_version", SchemaVersionId=answer["SchemaVersionId"])
        if answer["Status"] != "AVAILABLE":
            raise IncompatibleSchema(
                f"the registry refused it by its own rules: {answer['Status']}",
                changes=(),
                source=f"{self.registry}/{name}",
            )
        if str(answer["VersionNumber"]) != version:
            # The same text was registered before, or somebody else was quicker.
            raise VersionExists(
                f"the registry holds this text as version {answer['VersionNumber']}, not {version}",
                source=f"{self.registry}/{name}",
            )

    def _check_format(self, answer: dict[str, Any], version: str) -> None:
        if answer.get("DataFormat", "JSON") != "JSON":
            raise SchemaNotFound(
                f"the schema version {version} is no JSON schema but {answer['DataFormat']}", source=str(self)
            )

    def _id(self, name: str) -> dict[str, str]:
        return {"RegistryName": self.registry, "SchemaName": plain_name(name)}
