"""What a schema says: dialects as values, the registry of references, loading."""

from __future__ import annotations

from toolkit.lazy import lazy_names as _lazy_names
from toolkit.schema.dialect import DIALECTS, DRAFT4, DRAFT6, DRAFT7, DRAFT2019_09, DRAFT2020_12, V1, Dialect
from toolkit.schema.loading import SchemaLike, as_schema, load_schema
from toolkit.schema.registry import Schema, SchemaRegistry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolkit.schema.bundling import bundled as bundled
    from toolkit.schema.documents import read_documents as read_documents

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
    "SchemaLike",
    "SchemaRegistry",
    "as_schema",
    "bundled",
    "load_schema",
    "read_documents",
]

__getattr__, __dir__ = _lazy_names(__name__, {"bundled": "bundling", "read_documents": "documents"})
