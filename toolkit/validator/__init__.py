"""Our own validator: a schema becomes a Python function."""

from toolkit.validator.error import TEXT_KEYWORDS, ValidationError, best_match
from toolkit.validator.ndjson import LineErrors, NdjsonReport, validate_ndjson
from toolkit.validator.output import basic_output, detailed_output, errors_frame
from toolkit.validator.validator import Validator, compile_schema

__all__ = [
    "TEXT_KEYWORDS",
    "LineErrors",
    "NdjsonReport",
    "ValidationError",
    "Validator",
    "basic_output",
    "best_match",
    "compile_schema",
    "detailed_output",
    "errors_frame",
    "validate_ndjson",
]
