"""
The two ways in which Athena says no.

``ApiError`` answers a request that can't be served, in the service's own shape; ``QueryError`` ends a query that was
accepted, as FAILED with a reason.
"""

from __future__ import annotations

from enum import IntEnum


class ApiError(Exception):
    """A request is refused: ``code`` is the exception's name in the API, ``athena_error_code`` the finer one if any."""

    def __init__(self, code: str, message: str, *, athena_error_code: str = "", status: int = 400) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.athena_error_code = athena_error_code
        self.status = status


def invalid_request(message: str, athena_error_code: str = "INVALID_INPUT") -> ApiError:
    """Give the error for a request that is wrong in itself."""
    return ApiError("InvalidRequestException", message, athena_error_code=athena_error_code)


class Category(IntEnum):
    """Who is to blame for a failed query. Source: the ``AthenaError`` type of the API reference."""

    SYSTEM = 1
    USER = 2
    OTHER = 3


class QueryError(Exception):
    """
    A query ends as FAILED.

    ``reason`` is the text of StateChangeReason; ``error_type`` a number of the error catalog, see
    https://docs.aws.amazon.com/athena/latest/ug/error-reference.html
    """

    def __init__(self, reason: str, *, category: Category = Category.USER, error_type: int = 1006) -> None:
        super().__init__(reason)
        self.reason = reason
        self.category = category
        self.error_type = error_type


class Cancelled(Exception):
    """The query was stopped by its user."""
