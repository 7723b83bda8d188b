"""Where schemas live: a folder or an S3 prefix, laid out as ``<event>/<version>.json``."""

from toolkit.repositories.repository import (
    FolderRepository,
    S3Repository,
    SchemaRepository,
    bundled_schemas,
    open_repository,
)

__all__ = ["FolderRepository", "S3Repository", "SchemaRepository", "bundled_schemas", "open_repository"]
