"""
The two ways in which Athena says no.

``ApiError`` answers a request that can't be served, in the service's own shape; ``QueryError`` ends a query that was
accepted, as FAILED with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class ApiError(Exception):
    """
    A request is refused.

    ``code`` is the exception's name in the API, ``athena_error_code`` the finer one if any; ``details`` are the further
    members that some exceptions have.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        athena_error_code: str = "",
        status: int = 400,
        details: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.athena_error_code = athena_error_code
        self.status = status
        self.details = details or {}


def invalid_request(message: str, athena_error_code: str = "INVALID_INPUT") -> ApiError:
    """Give the error for a request that is wrong in itself."""
    return ApiError("InvalidRequestException", message, athena_error_code=athena_error_code)


class Category(IntEnum):
    """Who is to blame for a failed query. Source: the ``AthenaError`` type of the API reference."""

    SYSTEM = 1
    USER = 2
    OTHER = 3


# How a reason begins, and its number in the error catalog, which has one for each kind of mistake.
# Source: https://docs.aws.amazon.com/athena/latest/ug/error-reference.html; those of the second half were measured on Athena
# by the authors of athena-local, September 2026.
_ERROR_TYPES = (
    ("SYNTAX_ERROR", 1001),
    ("HIVE_BAD_DATA", 1200),
    ("HIVE_CURSOR_ERROR", 1200),
    ("HIVE_PARTITION_SCHEMA_MISMATCH", 1200),
    ("HIVE_UNSUPPORTED_FORMAT", 1201),
    ("HIVE_PATH_ALREADY_EXISTS", 1300),
    ("HIVE_FILESYSTEM_ERROR", 1301),
    ("DIVISION_BY_ZERO", 1001),
    ("TYPE_MISMATCH", 1002),
    ("INVALID_CAST_ARGUMENT", 1100),
    ("MISSING_COLUMN_NAME", 1100),
    ("INVALID_FUNCTION_ARGUMENT", 1106),
    ("TABLE_ALREADY_EXISTS", 1110),
    ("NOT_SUPPORTED", 1200),
    ("TABLE_NOT_FOUND", 1301),
    ("SCHEMA_NOT_FOUND", 1301),
    ("FUNCTION_NOT_FOUND", 1303),
    ("FAILED: ParseException", 1003),
)
_OTHER_USER_ERROR = 1006


def _error_type(reason: str) -> int:
    return next((number for beginning, number in _ERROR_TYPES if reason.startswith(beginning)), _OTHER_USER_ERROR)


class QueryError(Exception):
    """
    A query ends as FAILED.

    ``reason`` is the text of StateChangeReason; ``error_type`` a number of the error catalog, see
    https://docs.aws.amazon.com/athena/latest/ug/error-reference.html
    """

    def __init__(
        self,
        reason: str,
        *,
        category: Category = Category.USER,
        error_type: int | None = None,
        is_retryable: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.category = category
        self.error_type = _error_type(reason) if error_type is None else error_type
        self.is_retryable = is_retryable


class Cancelled(Exception):
    """The query was stopped by its user."""
