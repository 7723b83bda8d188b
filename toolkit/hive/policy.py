"""What to do where JSON Schema and Hive differ: one value that holds every choice."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args, get_type_hints

from toolkit.errors import TableError

Storage = Literal["openx", "hive", "ion", "parquet", "orc", "iceberg"]


@dataclass(frozen=True, slots=True)
class Policy:
    """
    The choices by which a schema becomes columns; the defaults suit a table over raw JSON events.

    ================== ========================================================================================
    ``storage``        who reads the rows: a SerDe for JSON (``openx``, ``hive``, ``ion``) or a columnar format
    ``timestamps``     ``format: date-time`` as ``string``, or as ``timestamp`` (UTC, milliseconds)
    ``dates``          ``format: date`` as ``string`` or ``date``
    ``integers``       ``bigint``, ``fit`` (the smallest type that holds the bounds), ``decimal`` or ``string``
    ``numbers``        ``double``, or ``string`` (the exact text)
    ``decimals``       numbers with ``multipleOf`` 0.01 and the like: ``number`` (as *numbers* says), ``decimal``, ``string``
    ``ambiguous``      values of several types or of none: ``string`` (JSON text), ``refuse`` or ``drop``
    ``free_objects``   objects that declare no property: ``string`` (JSON text) or ``map`` of text
    ``open_objects``   objects with properties and more: ``struct`` (the rest is dropped) or ``string`` (JSON text)
    ``recursion_depth`` how often a schema may stand inside itself before the rest is kept as JSON text
    ``name_style``     ``lower`` (``userId`` → ``userid``) or ``snake`` (``user_id``)
    ``key_case``       ``auto`` tells keys by letter case only where they collide; ``sensitive`` always does
    ``collisions``     names that fall together: ``number`` them (``a_b``, ``a_b_2``) or ``refuse``
    ``comments``       column comments from ``description``, or ``none``
    ``malformed``      lines that are no JSON: ``error`` fails the query, ``null`` makes a row of nulls
    ================== ========================================================================================

    Raises:
        TableError: a choice that does not exist, or a recursion depth below 0.
    """

    storage: Storage = "openx"
    timestamps: Literal["string", "timestamp"] = "string"
    dates: Literal["string", "date"] = "string"
    integers: Literal["bigint", "fit", "decimal", "string"] = "bigint"
    numbers: Literal["double", "string"] = "double"
    decimals: Literal["number", "decimal", "string"] = "number"
    ambiguous: Literal["string", "refuse", "drop"] = "string"
    free_objects: Literal["string", "map"] = "string"
    open_objects: Literal["struct", "string"] = "struct"
    recursion_depth: int = 2
    name_style: Literal["lower", "snake"] = "lower"
    key_case: Literal["auto", "sensitive"] = "auto"
    collisions: Literal["number", "refuse"] = "number"
    comments: Literal["description", "none"] = "description"
    malformed: Literal["error", "null"] = "error"

    def __post_init__(self) -> None:
        hints = get_type_hints(Policy)
        for choice in fields(self):
            allowed, value = get_args(hints[choice.name]), getattr(self, choice.name)
            if allowed and value not in allowed:
                raise TableError(f"policy {choice.name}: expected one of {', '.join(allowed)}, found {value!r}")
        if not isinstance(self.recursion_depth, int) or self.recursion_depth < 0:
            raise TableError(f"policy recursion_depth: expected 0 or more, found {self.recursion_depth!r}")

    @property
    def is_raw(self) -> bool:
        """Whether the rows are JSON text as the events came."""
        return self.storage in ("openx", "hive", "ion")


def curated_policy(storage: Literal["parquet", "orc", "iceberg"] = "parquet") -> Policy:
    """Return the policy of a curated table: real dates, timestamps and decimals in a columnar format."""
    return Policy(storage=storage, timestamps="timestamp", dates="date", decimals="decimal")


def default_policy(storage: Storage) -> Policy:
    """Return the policy that suits *storage* unless told otherwise: as the events came for JSON, curated for the others."""
    if storage == "parquet" or storage == "orc" or storage == "iceberg":
        return curated_policy(storage)
    return Policy(storage=storage)
