"""Where schemas live: a folder, an S3 prefix, a DynamoDB table or the Glue Schema Registry behind one small interface."""

from toolkit.repositories.caching import CachedRepository
from toolkit.repositories.dynamodb import DynamoDbRepository
from toolkit.repositories.folder import FolderRepository, OneSchemaRepository, bundled_schemas, event_name
from toolkit.repositories.glue import GlueRepository, RegisteredSchema
from toolkit.repositories.opening import open_repository
from toolkit.repositories.publishing import Published, check, publish
from toolkit.repositories.repository import SchemaRepository, is_document
from toolkit.repositories.s3 import S3Repository

__all__ = [
    "CachedRepository",
    "DynamoDbRepository",
    "FolderRepository",
    "GlueRepository",
    "OneSchemaRepository",
    "Published",
    "RegisteredSchema",
    "S3Repository",
    "SchemaRepository",
    "bundled_schemas",
    "check",
    "event_name",
    "is_document",
    "open_repository",
    "publish",
]
