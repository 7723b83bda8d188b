"""
Every error that the toolkit raises, in one tree; those of one room alone are defined there.

    ToolkitError
    ├── InvalidInput           what the caller typed can't be used
    │   ├── SchemaError        a schema can't be read or compiled; names the JSON pointer
    │   │   ├── UnresolvableReference
    │   │   ├── SchemaNotFound
    │   │   ├── VersionExists       a published version is never changed
    │   │   └── IncompatibleSchema  a new version would break its producers or readers
    │   ├── TableError         a schema can't become this table; names the pointer or the name
    │   │   └── TooLarge       it unfolds to more fields than any table holds (hive)
    │   └── ReadingStopped     events can't be read to their end (validator)
    ├── BudgetExceeded         a query would read, or was reading, more than it may
    ├── RowsDiffer             a back-filled partition has other rows than its source (athena)
    ├── PartitionPending       another registers the partition under a lease (handlers)
    ├── Cancelled              what a widget does was stopped (widgets)
    ├── NotebookFailed         a cell raised, or took too long (widgets)
    └── AwsError               a service, real or local, said no or did not answer
        ├── CredentialsMissing
        ├── EndpointUnreachable
        ├── NotFound
        └── QueryFailed        Athena ended the query as FAILED or CANCELLED

An error carries its facts as attributes and composes its sentence in ``__str__``:
where, what was expected, what was found, what to do.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class ToolkitError(Exception):
    """The root: catch this to catch all that the toolkit raises on purpose."""

    def __reduce__(self) -> tuple[Callable[..., BaseException], tuple[Any, ...]]:
        # Pickled by itself, an exception is called with its args alone, which those with keyword arguments refuse: then a pool
        # of processes breaks instead of raising it.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[BaseException], args: tuple[Any, ...], facts: dict[str, Any]) -> BaseException:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class InvalidInput(ToolkitError):
    """What the caller typed or handed over can't be used as it is."""


class SchemaError(InvalidInput):
    """
    A schema can't be read or compiled.

    ``pointer`` is the JSON pointer of the offending place inside the schema document, "" for its root;
    ``source`` names the document where that is known.
    """

    def __init__(self, message: str, *, pointer: str = "", source: str = "") -> None:
        super().__init__(message, pointer, source)
        self.message = message
        self.pointer = pointer
        self.source = source

    def __str__(self) -> str:
        where = f"{self.source}#{self.pointer}" if self.source else f"#{self.pointer}"
        return f"{where}: {self.message}"


class UnresolvableReference(SchemaError):
    """A ``$ref`` leads nowhere that was registered; nothing is ever fetched for it."""


class _RepositoryError(SchemaError):
    """``source`` is a repository or a path; nothing inside a document is meant."""

    def __str__(self) -> str:
        return f"{self.source}: {self.message}" if self.source else self.message


class SchemaNotFound(_RepositoryError):
    """No schema of that name, version or path exists in the repository."""


class VersionExists(_RepositoryError):
    """A version of that number was published already; versions never change."""


class IncompatibleSchema(SchemaError):
    """A new version breaks the compatibility that its name promises; ``changes`` says where, in a sentence each."""

    def __init__(self, message: str, *, changes: tuple[str, ...], source: str = "") -> None:
        super().__init__(message, source=source)
        self.changes = changes

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {change}" for change in self.changes)])


class TableError(InvalidInput):
    """A schema, name or location can't become the table that was asked for."""


class BudgetExceeded(ToolkitError):
    """
    A query would read more than its budget, or was stopped when it did.

    ``budget_in_bytes`` is the budget, ``data_scanned_in_bytes`` what was expected or read; ``query_execution_id`` is "" if
    the query never started.
    """

    def __init__(self, *, budget_in_bytes: int, data_scanned_in_bytes: int, query_execution_id: str = "") -> None:
        super().__init__(budget_in_bytes, data_scanned_in_bytes, query_execution_id)
        self.budget_in_bytes = budget_in_bytes
        self.data_scanned_in_bytes = data_scanned_in_bytes
        self.query_execution_id = query_execution_id

    def __str__(self) -> str:
        found, budget = f"{self.data_scanned_in_bytes:,} bytes", f"{self.budget_in_bytes:,}"
        what = (
            f"query {self.query_execution_id} was stopped after {found}"
            if self.query_execution_id
            else f"not started: the query would read up to {found}"
        )
        return f"{what}, the budget is {budget}; name fewer partitions or columns, or raise the budget"


class AwsError(ToolkitError):
    """
    A service said no; ``service``, ``operation`` and ``code`` are the service's own words.

    ``hint`` is what to do or what may have been meant, where that is known.
    """

    hint = ""

    def __init__(self, message: str, *, service: str = "", operation: str = "", code: str = "") -> None:
        super().__init__(message, service, operation, code)
        self.message = message
        self.service = service
        self.operation = operation
        self.code = code

    def __str__(self) -> str:
        where = ".".join(part for part in (self.service, self.operation) if part)
        code = f" [{self.code}]" if self.code else ""
        said = f"{self.message.rstrip('.')}; {self.hint}" if self.hint else self.message
        return f"{where}{code}: {said}" if where else said


class CredentialsMissing(AwsError):
    """No credentials were found, or they have expired."""


class EndpointUnreachable(AwsError):
    """Nothing answers at the endpoint."""


class NotFound(AwsError):
    """The queue, bucket, table or other resource does not exist."""


class QueryFailed(AwsError):
    """
    Athena ended a query without a result; ``query_execution_id`` and ``state`` say which and how.

    ``is_retryable`` says that the service was at fault or somebody stopped the query: the same one may succeed later.
    """

    def __init__(
        self,
        reason: str,
        *,
        query_execution_id: str,
        state: str,
        query: str = "",
        is_retryable: bool = False,
        hint: str = "",
    ) -> None:
        super().__init__(reason, service="athena", operation="query")
        self.reason = reason
        self.query_execution_id = query_execution_id
        self.state = state
        self.query = query
        self.is_retryable = is_retryable
        self.hint = hint

    def __str__(self) -> str:
        return f"query {self.query_execution_id} {self.state}: {self.reason}" + (f"; {self.hint}" if self.hint else "")


def number_of(count: int, noun: str) -> str:
    """Return ``1 row``, ``2,000 rows``, as sentences say it."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
