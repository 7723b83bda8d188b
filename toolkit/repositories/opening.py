"""From a text to the repository that it names."""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import InvalidInput, SchemaNotFound
from toolkit.repositories.dynamodb import DynamoDbRepository
from toolkit.repositories.folder import FolderRepository, OneSchemaRepository, bundled_schemas
from toolkit.repositories.glue import GlueRepository
from toolkit.repositories.repository import SchemaRepository
from toolkit.repositories.s3 import S3Repository
from toolkit.schema import SchemaRegistry


def open_repository(
    location: str | Path = "", *, registry: SchemaRegistry | None = None, may_be_new: bool = False
) -> SchemaRepository:
    """
    Return the repository at *location*.

    That is a folder, ``s3://bucket/prefix/``, ``dynamodb://table``, ``glue://registry`` (the Glue Schema Registry), one schema
    document or a place in one (``schema.json#/definitions/x``), or "" for the schemas that come with the toolkit. The schemas
    of a folder, and a single one, may refer to the documents in *registry* by URI; those of the others stand alone. With
    *may_be_new* a folder need not be there yet: the first schema that is published makes it.

    Raises:
        SchemaNotFound: the folder does not exist.
        InvalidInput: a table or registry is not named, or the scheme is none of these.
    """
    text = str(location)
    if text.startswith("s3://"):
        return S3Repository(text)
    if text.startswith("dynamodb://"):
        return DynamoDbRepository(_name(text))
    if text.startswith("glue://"):
        return GlueRepository(_name(text))
    # As a path it would lose a slash, and a folder of that name would be made for what is published.
    if "://" in text.partition("#")[0]:
        raise InvalidInput(
            f"{text}: expected a folder, a schema document, s3://bucket/prefix/, dynamodb://table or glue://registry; "
            "nothing else is fetched"
        )
    folder = Path(text) if text else bundled_schemas()
    if not folder.is_dir():
        if "#" in text or folder.is_file():
            return OneSchemaRepository(text, registry=registry)
        if may_be_new and folder.suffix != ".json":
            return FolderRepository(folder, registry=registry)
        raise SchemaNotFound(
            "no such folder or file; expected a folder laid out as <event>/<version>.json, a schema document, "
            "s3://bucket/prefix/, dynamodb://table or glue://registry",
            source=str(folder),
        )
    return FolderRepository(folder, registry=registry)


def _name(text: str) -> str:
    name = text.partition("://")[2].strip("/")
    if not name or "/" in name:
        raise InvalidInput(f"{text!r}: expected one name behind ://, found {name!r}")
    return name
