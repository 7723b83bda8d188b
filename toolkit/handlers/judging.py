"""From the name that a message carries to the compiled schema that judges it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from toolkit.errors import SchemaError
from toolkit.handlers.settings import Settings
from toolkit.repositories import CachedRepository, GlueRepository, open_repository
from toolkit.repositories.caching import DEFAULT_MOST, Memory
from toolkit.validator import ValidationError, Validator, compile_schema
from toolkit.validator.decoding import decode


@dataclass(frozen=True, slots=True)
class Judge:
    """One version of one schema, ready to judge events; ``version`` is never ""."""

    name: str
    version: str
    validator: Validator

    @property
    def schema(self) -> str:
        """The schema as ``name/version``."""
        return f"{self.name}/{self.version}"

    def errors(self, event: bytes | str) -> tuple[ValidationError, ...]:
        """Return why the JSON text *event* is not valid; empty if it is."""
        return self.validator.validate_json(event)

    def judged(self, event: bytes | str) -> tuple[Any, tuple[ValidationError, ...]]:
        """Return the value of the JSON text *event*, None where it is none, and why it is not valid."""
        decoded = decode(event)
        # Nearly every event is valid, and the compiled verdict is far cheaper than the search for reasons.
        if decoded.error is None and self.validator.is_valid(decoded.value):
            return decoded.value, ()
        return decoded.value, self.validator.validate_json(event)


class Judges:
    """The judges of a repository, kept at hand with a bound; see `toolkit.repositories.CachedRepository`."""

    def __init__(self, settings: Settings) -> None:
        repository = open_repository(settings.schema_repository)
        self._glue = repository if isinstance(repository, GlueRepository) else None
        seconds, stale = settings.schema_cache_seconds, settings.schema_stale_seconds
        self._repository = CachedRepository(repository, seconds=seconds, stale_seconds=stale)
        self._compiled = Memory(most=DEFAULT_MOST)
        self._strict = settings.strict

    def judge(self, name: str, version: str = "") -> Judge:
        """
        Return the judge of one schema, by default of its latest version.

        Raises:
            SchemaNotFound: no such name or version.
            SchemaError: the schema does not compile.
            AwsError: the repository can't be asked; says nothing about the event.
        """
        if not version:
            versions = self._repository.versions(name)
            version = versions[-1] if versions else ""
        return self._compiled.get((name, version), lambda: self._made(name, version), is_fixed=True)

    def judge_of_id(self, schema_version_id: str) -> Judge:
        """
        Return the judge of the schema version that a frame of the Glue Schema Registry names; raises as `judge`.

        Raises:
            SchemaNotFound: the registry knows no such version, or it is none of JSON Schema.
            SchemaError: the repository is no such registry, which says nothing about the record.
        """
        return self._compiled.get(schema_version_id, lambda: self._made_of_id(schema_version_id), is_fixed=True)

    def _made(self, name: str, version: str) -> Judge:
        schema = self._repository.load(name, version)
        return Judge(name, version, compile_schema(schema, strict=self._strict))

    def _made_of_id(self, schema_version_id: str) -> Judge:
        if self._glue is None:
            raise SchemaError(
                "the record names a version of the Glue Schema Registry: set SCHEMA_REPOSITORY=glue://registry",
                source=schema_version_id,
            )
        found = self._glue.load_by_id(schema_version_id)
        return Judge(found.name, found.version, compile_schema(found.schema, strict=self._strict))


def judges(settings: Settings) -> Judges:
    """Return the judges for *settings*, the same for the same place: a warm function keeps them."""
    return _judges(
        settings.schema_repository, settings.strict, settings.schema_cache_seconds, settings.schema_stale_seconds
    )


@cache
def _judges(repository: str, strict: bool, seconds: float, stale: float) -> Judges:
    return Judges(
        Settings(schema_repository=repository, strict=strict, schema_cache_seconds=seconds, schema_stale_seconds=stale)
    )
