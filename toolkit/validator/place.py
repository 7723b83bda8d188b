"""Where an emitter writes: the variable that holds the instance, and the paths to it."""

from __future__ import annotations

from toolkit.dataclass import dataclass, field, replace
from toolkit.validator.source import Writer

# By name, the URI of the schema that a dynamic anchor stands for in the present dynamic scope.
Scope = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Texts:
    """
    Texts in the required fields of one object that a single regex can judge, since calling one takes as long as matching it.

    ``entries`` hold the variable, the pattern, and the line that judges the text by itself. Only what is written at the top of
    ``writer`` is taken: there the variable is set, and known to be a text. ``numbers`` are the variables of numbers that have
    to be finite, which their sum tells at once.
    """

    entries: dict[str, tuple[str, str]] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    writer: Writer | None = None
    nesting: int = 0

    def follow(self, writer: Writer) -> None:
        """Take from *writer*, which is about to be written to, from now on."""
        self.writer, self.nesting = writer, writer.nesting

    def take(self, at: Place, writer: Writer, pattern: str, failure: str) -> bool:
        """Note that ``at.variable`` has to match *pattern*, or else not to meet *failure*; tell whether that was possible."""
        if not self._follows(writer) or at.known_type != "string":
            return False
        if at.variable in self.entries:
            return False
        self.entries[at.variable] = (pattern, f"if {failure}: return False")
        return True

    def take_number(self, at: Place, writer: Writer) -> bool:
        """Note that the number in ``at.variable`` has to be finite; tell whether that was possible."""
        if self._follows(writer):
            self.numbers.append(at.variable)
        return self._follows(writer)

    def _follows(self, writer: Writer) -> bool:
        return writer is self.writer and writer.nesting == self.nesting


@dataclass(frozen=True, slots=True)
class Place:
    """
    One point of generated code.

    ``variable`` holds the instance; ``path`` are the names of the variables that hold the tokens from the function's
    argument to it; ``keywords`` are the schema's tokens since the function's own schema. ``reporting`` tells
    functions that collect errors from those that give a verdict. ``evaluated`` names the set of the evaluated fields
    and indexes where somebody needs it. ``known_type`` is what the instance is already known to be. With ``strict``
    an undeclared field is refused, here and below. Where it is ``raising`` a refusal may also show as a KeyError or a
    TypeError; see the module `compiler`. ``texts`` takes what can be judged together with its siblings.
    """

    variable: str
    scope: Scope
    reporting: bool = False
    path: tuple[str, ...] = ()
    keywords: tuple[str | int, ...] = ()
    evaluated: str | None = None
    known_type: str | None = None
    strict: bool = False
    raising: bool = False
    texts: Texts | None = None

    def at_keyword(self, *tokens: str | int) -> Place:
        """Return the same instance seen from the subschema at *tokens*."""
        return replace(self, keywords=(*self.keywords, *tokens))

    def at_child(self, variable: str, token: str, *keywords: str | int) -> Place:
        """Return the child in *variable*, below the token that the variable or name *token* holds."""
        return Place(
            variable,
            self.scope,
            self.reporting,
            (*self.path, token),
            (*self.keywords, *keywords),
            strict=self.strict,
            raising=self.raising,
            texts=self.texts,
        )

    def knowing(self, known_type: str | None) -> Place:
        """Return this place with another known type."""
        return self if self.known_type == known_type else replace(self, known_type=known_type)

    def loosely(self) -> Place:
        """Return this place without strictness, for a schema that shares it with others."""
        return replace(self, strict=False) if self.strict else self

    def tracking(self, evaluated: str | None) -> Place:
        """Return this place with another set of evaluated fields."""
        return self if self.evaluated == evaluated else replace(self, evaluated=evaluated)

    def in_scope(self, scope: Scope) -> Place:
        """Return this place with another dynamic scope."""
        return self if self.scope == scope else replace(self, scope=scope)
