"""What a validation finds: one value for each keyword that refused, at one place of the instance."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.dataclass import dataclass
from toolkit.schema.pointer import json_path, tokens_from_pointer

# The words of our own in `ValidationError.keyword`, for texts that do not even become an instance.
# json: not JSON; encoding: not UTF-8; depth: nested too deep; duplicateKeys: a key twice in one object.
TEXT_KEYWORDS = frozenset({"json", "encoding", "depth", "duplicateKeys"})
_UNIONS = frozenset({"anyOf", "oneOf"})
_UNDECLARED = frozenset({"additionalProperties", "unevaluatedProperties"})


# Not frozen, since a frozen one takes four times as long to make, and a report is made of thousands. Take it as a value.
@dataclass(slots=True, unsafe_hash=True)
class ValidationError:
    """
    One reason why an instance is not valid; a value, to be left as it is.

    ``instance_location`` is the JSON pointer of the refused place, "" for the whole; a missing field is reported at
    the object that lacks it, and named by ``missing``, an undeclared one at the field itself.
    ``keyword_location`` is the pointer along which the schema was evaluated, ``$ref`` included;
    ``absolute_keyword_location`` is the URI at which the keyword stands.
    ``expected`` and ``found`` are phrases; ``found`` names the type and sizes, and never the value unless the
    caller asked for values. For a union, ``context`` holds the reasons of the branch that came nearest.

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
    absolute_keyword_location: str = ""
    missing: str | None = None

    @property
    def json_path(self) -> str:
        """The instance location as ``$.a[0].b``."""
        return json_path(tokens_from_pointer(self.instance_location) if self.path is None else self.path)

    def __str__(self) -> str:
        where = self.json_path if self.line is None else f"line {self.line}, column {self.column}"
        text = f"{where}: expected {self.expected}, found {self.found}"
        if self.context:
            nearest = best_match(self.context)
            more = f" (and {len(self.context) - 1} more)" if len(self.context) > 1 else ""
            text += f"; the nearest alternative failed at {nearest}{more}"
        return text


def counted_path(path: tuple[str | int, ...] | None, missing: str | None) -> tuple[str | int, ...]:
    """Return the tokens of the place by which an error at *path* is counted: that one, or where the *missing* field should be."""
    return (path or ()) if missing is None else (*(path or ()), missing)


def best_match(errors: Iterable[ValidationError]) -> ValidationError | None:
    """
    Return the error that most likely names the cause, or None if there is none.

    It is the one nearest to the root, an undeclared field only after the others; for a union, the best of the branch
    that came nearest.
    """
    best = min(errors, key=_relevance, default=None)
    while best is not None and best.context:
        best = min(best.context, key=_relevance)
    return best


def _relevance(error: ValidationError) -> tuple[bool, int, bool]:
    depth = error.instance_location.count("/") - (error.keyword in _UNDECLARED)
    return error.keyword in _UNDECLARED, depth, error.keyword in _UNIONS
