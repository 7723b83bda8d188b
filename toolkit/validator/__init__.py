"""Our own validator: a schema becomes a Python function."""

from toolkit.validator.bulk.rejects import RejectedLine, read_rejected_lines, read_rejects
from toolkit.validator.bulk.report import LineErrors, NdjsonReport, Progress, ReadingStopped, merge_reports
from toolkit.validator.error import TEXT_KEYWORDS, ValidationError, best_match
from toolkit.validator.ndjson import validate_ndjson
from toolkit.validator.output import basic_output, detailed_output, errors_frame
from toolkit.validator.validator import Validator, compile_schema

__all__ = [
    "TEXT_KEYWORDS",
    "LineErrors",
    "NdjsonReport",
    "Progress",
    "ReadingStopped",
    "RejectedLine",
    "ValidationError",
    "Validator",
    "basic_output",
    "best_match",
    "compile_schema",
    "detailed_output",
    "errors_frame",
    "merge_reports",
    "read_rejected_lines",
    "read_rejects",
    "validate_ndjson",
]
