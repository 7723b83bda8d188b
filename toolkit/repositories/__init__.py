"""Where schemas live: a folder or an S3 prefix, laid out as ``<event>/<version>.json``."""

from toolkit.repositories.repository import (
    FolderRepository,
    OneSchemaRepository,
    S3Repository,
    SchemaRepository,
    bundled_schemas,
    event_name,
    open_repository,
)

__all__ = [
    "FolderRepository",
    "OneSchemaRepository",
    "S3Repository",
    "SchemaRepository",
    "bundled_schemas",
    "event_name",
    "open_repository",
]
