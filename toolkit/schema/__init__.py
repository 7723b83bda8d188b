"""What a schema says: dialects as values, the registry of references, loading."""

from toolkit.schema.bundling import bundled
from toolkit.schema.dialect import DIALECTS, DRAFT4, DRAFT6, DRAFT7, DRAFT2019_09, DRAFT2020_12, V1, Dialect
from toolkit.schema.loading import load_schema
from toolkit.schema.registry import Schema, SchemaRegistry

__all__ = [
    "DIALECTS",
    "DRAFT4",
    "DRAFT6",
    "DRAFT7",
    "DRAFT2019_09",
    "DRAFT2020_12",
    "V1",
    "Dialect",
    "Schema",
    "SchemaRegistry",
    "bundled",
    "load_schema",
]
