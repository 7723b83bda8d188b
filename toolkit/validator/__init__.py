"""Our own validator: a schema becomes a Python function. The public names load when first used."""

from __future__ import annotations

from toolkit.lazy import lazy_names as _lazy_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolkit.validator.bulk.rejects import RejectedLine as RejectedLine
    from toolkit.validator.bulk.rejects import read_rejected_lines as read_rejected_lines
    from toolkit.validator.bulk.rejects import read_rejects as read_rejects
    from toolkit.validator.bulk.report import LineErrors as LineErrors
    from toolkit.validator.bulk.report import NdjsonReport as NdjsonReport
    from toolkit.validator.bulk.report import Progress as Progress
    from toolkit.validator.bulk.report import ReadingStopped as ReadingStopped
    from toolkit.validator.bulk.report import merge_reports as merge_reports
    from toolkit.validator.error import TEXT_KEYWORDS as TEXT_KEYWORDS
    from toolkit.validator.error import ValidationError as ValidationError
    from toolkit.validator.error import best_match as best_match
    from toolkit.validator.ndjson import validate_ndjson as validate_ndjson
    from toolkit.validator.output import basic_output as basic_output
    from toolkit.validator.output import detailed_output as detailed_output
    from toolkit.validator.output import errors_frame as errors_frame
    from toolkit.validator.validator import Validator as Validator
    from toolkit.validator.validator import compile_schema as compile_schema

_HOMES = {
    "TEXT_KEYWORDS": "error",
    "LineErrors": "bulk.report",
    "NdjsonReport": "bulk.report",
    "Progress": "bulk.report",
    "ReadingStopped": "bulk.report",
    "RejectedLine": "bulk.rejects",
    "ValidationError": "error",
    "Validator": "validator",
    "basic_output": "output",
    "best_match": "error",
    "compile_schema": "validator",
    "detailed_output": "output",
    "errors_frame": "output",
    "merge_reports": "bulk.report",
    "read_rejected_lines": "bulk.rejects",
    "read_rejects": "bulk.rejects",
    "validate_ndjson": "ndjson",
}

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

__getattr__, __dir__ = _lazy_names(__name__, _HOMES)
