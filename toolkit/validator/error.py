"""What a validation finds: one value for each keyword that refused, at one place of the instance."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.schema.pointer import json_path, tokens_from_pointer


@dataclass(frozen=True, slots=True)
class ValidationError:
    """
    One reason why an instance is not valid.

    ``instance_location`` is the JSON pointer of the refused place, "" for the whole; a missing field is reported at
    the object that lacks it, an undeclared one at the field itself. ``keyword_location`` is the pointer along which
    the schema was evaluated, ``$ref`` included. ``expected`` and ``found`` are phrases; ``found`` names the type
    and sizes, and never the value unless the caller asked for values.

    A text that is no JSON at all is reported with one of the words in ``TEXT_KEYWORDS``; it has ``line`` and ``column``
    (in characters, from 1) and ``byte_offset`` (from 0).
    """

    instance_location: str
    keyword_location: str
    keyword: str
    expected: str
    found: str
    path: tuple[str | int, ...] | None = None
    line: int | None = None
    column: int | None = None
    byte_offset: int | None = None
    context: tuple[ValidationError, ...] = ()

    @property
    def json_path(self) -> str:
        """The instance location as ``$.a[0].b``."""
        return json_path(tokens_from_pointer(self.instance_location) if self.path is None else self.path)

    def __str__(self) -> str:
        where = self.json_path if self.line is None else f"line {self.line}, column {self.column}"
        return f"{where}: expected {self.expected}, found {self.found}"


# The words of our own in `ValidationError.keyword`, for texts that do not even become an instance.
# json: not JSON; encoding: not UTF-8; depth: nested too deep; duplicateKeys: a key twice in one object.
TEXT_KEYWORDS = frozenset({"json", "encoding", "depth", "duplicateKeys"})
