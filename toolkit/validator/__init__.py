"""Our own validator: a schema becomes a Python function."""

from toolkit.validator.error import TEXT_KEYWORDS, ValidationError
from toolkit.validator.ndjson import LineErrors, NdjsonReport, validate_ndjson
from toolkit.validator.validator import Validator, compile_schema

__all__ = [
    "TEXT_KEYWORDS",
    "LineErrors",
    "NdjsonReport",
    "ValidationError",
    "Validator",
    "compile_schema",
    "validate_ndjson",
]
