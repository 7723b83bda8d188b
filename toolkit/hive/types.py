"""
Hive's types as values: read from text, rendered for DDL, for Glue and for queries.

======================  =====================================================
value                   text in DDL
======================  =====================================================
``Primitive("bigint")``  ``bigint``
``Decimal(10, 2)``       ``decimal(10,2)``
``Text("varchar", 20)``  ``varchar(20)``
``Array(t)``             ``array<t>``
``Map(k, v)``            ``map<k,v>``
``Struct(fields)``       ``struct<`a`:t,`b`:u>``; Glue stores it without backticks
======================  =====================================================

Source: https://docs.aws.amazon.com/athena/latest/ug/data-types.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.errors import TableError
from toolkit.hive.text import hive_name, query_name

PRIMITIVES = frozenset(
    ["boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string", "binary", "date", "timestamp"]
)
# From the smallest to the largest.
INTEGERS = ("tinyint", "smallint", "int", "bigint")
# Hive's own second names; the first is what it stores.
SYNONYMS = {"integer": "int"}
# In queries Trino's names stand for some of Hive's.
QUERY_NAMES = {
    "int": "integer",
    "float": "real",
    "string": "varchar",
    "binary": "varbinary",
}
MAX_PRECISION = 38
MAX_TEXT_LENGTH = {"varchar": 65_535, "char": 255}
# 400 nested structs still parse in Hive; nobody can query that, and our readers are recursive.
MAX_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Primitive:
    """A type without parameters."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in PRIMITIVES:
            raise TableError(f"type {self.name!r}: expected one of {', '.join(sorted(PRIMITIVES))}")

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Decimal:
    """Exact decimals of *precision* digits, *scale* of them after the point."""

    precision: int
    scale: int

    def __post_init__(self) -> None:
        if not (1 <= self.precision <= MAX_PRECISION and 0 <= self.scale <= self.precision):
            raise TableError(
                f"type decimal({self.precision},{self.scale}): expected a precision from 1 to {MAX_PRECISION} and a scale "
                "from 0 to the precision"
            )

    def __str__(self) -> str:
        return f"decimal({self.precision},{self.scale})"


@dataclass(frozen=True, slots=True)
class Text:
    """``varchar(length)`` or ``char(length)``; longer values are cut on reading."""

    kind: str
    length: int

    def __post_init__(self) -> None:
        longest = MAX_TEXT_LENGTH.get(self.kind)
        if longest is None or not 1 <= self.length <= longest:
            raise TableError(f"type {self.kind}({self.length}): expected varchar(1 to 65535) or char(1 to 255)")

    def __str__(self) -> str:
        return f"{self.kind}({self.length})"


@dataclass(frozen=True, slots=True)
class Array:
    """A list of one type."""

    element: HiveType

    def __str__(self) -> str:
        return render_type(self)


@dataclass(frozen=True, slots=True)
class Map:
    """Keys of a primitive type and values of one type."""

    key: HiveType
    value: HiveType

    def __post_init__(self) -> None:
        if isinstance(self.key, Array | Map | Struct):
            raise TableError(f"type map<{self.key},…>: the key of a map must be primitive")

    def __str__(self) -> str:
        return render_type(self)


@dataclass(frozen=True, slots=True)
class Field:
    """A named part of a struct; the name is kept in lower case, which Hive itself forgets to do inside structs."""

    name: str
    type: HiveType

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise TableError("type struct: a field has an empty name")
        object.__setattr__(self, "name", self.name.lower())


@dataclass(frozen=True, slots=True)
class Struct:
    """Named fields in order; names are lower case and differ."""

    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        if not self.fields:
            raise TableError("type struct<>: a struct needs at least one field")
        seen: set[str] = set()
        for field in self.fields:
            if field.name in seen:
                raise TableError(
                    f"type struct: field {field.name!r} appears twice; names that differ only in case are one"
                )
            seen.add(field.name)

    def __str__(self) -> str:
        return render_type(self)

    def field(self, name: str) -> Field | None:
        """Return the field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


HiveType = Primitive | Decimal | Text | Array | Map | Struct

BOOLEAN = Primitive("boolean")
TINYINT = Primitive("tinyint")
SMALLINT = Primitive("smallint")
INT = Primitive("int")
BIGINT = Primitive("bigint")
FLOAT = Primitive("float")
DOUBLE = Primitive("double")
STRING = Primitive("string")
BINARY = Primitive("binary")
DATE = Primitive("date")
TIMESTAMP = Primitive("timestamp")


def render_type(hive_type: HiveType, *, quoted: bool = False) -> str:
    """
    Return the text of *hive_type*; with *quoted*, field names stand in backticks.

    DDL needs the backticks for reserved words; Glue stores, and Hive's type reader takes, names without them.
    """
    match hive_type:
        case Array(element):
            return f"array<{render_type(element, quoted=quoted)}>"
        case Map(key, value):
            return f"map<{render_type(key, quoted=quoted)},{render_type(value, quoted=quoted)}>"
        case Struct(fields):
            inner = ",".join(
                f"{hive_name(field.name) if quoted else field.name}:{render_type(field.type, quoted=quoted)}"
                for field in fields
            )
            return f"struct<{inner}>"
        case _:
            return str(hive_type)


def query_type(hive_type: HiveType, *, timestamp: str = "timestamp(3)") -> str:
    """
    Return the name of *hive_type* in queries, as a CAST wants it: ``row("a" bigint)`` for a struct.

    *timestamp* is the name of a ``timestamp``: Hive's tables hold milliseconds, Iceberg's microseconds.
    """
    match hive_type:
        case Array(element):
            return f"array({query_type(element, timestamp=timestamp)})"
        case Map(key, value):
            return f"map({query_type(key, timestamp=timestamp)}, {query_type(value, timestamp=timestamp)})"
        case Struct(fields):
            inner = (f"{query_name(field.name)} {query_type(field.type, timestamp=timestamp)}" for field in fields)
            return f"row({', '.join(inner)})"
        case Primitive("timestamp"):
            return timestamp
        case Primitive(name):
            return QUERY_NAMES.get(name, name)
        case _:
            return str(hive_type)


def is_wider_integer(old: str, new: str) -> bool:
    """Whether both name integer types, and *new* the larger one."""
    return old in INTEGERS and new in INTEGERS and INTEGERS.index(old) < INTEGERS.index(new)


def walk_types(hive_type: HiveType, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], HiveType]]:
    """Yield each type inside *hive_type* with its path: field names, ``[]`` for elements and ``{}`` for map values."""
    yield path, hive_type
    match hive_type:
        case Array(element):
            yield from walk_types(element, (*path, "[]"))
        case Map(_, value):
            yield from walk_types(value, (*path, "{}"))
        case Struct(fields):
            for field in fields:
                yield from walk_types(field.type, (*path, field.name))
        case _:
            return


def parse_type(text: str) -> HiveType:
    """
    Return the type that *text* names, with or without backticks around field names.

    Letter case and blanks don't matter; comments of struct fields are read and dropped, as Hive drops them.

    Raises:
        TableError: the text is no type of Hive; the message says at which character.
    """
    reader = TypeReader(text)
    result = reader.read_type()
    reader.expect_end()
    return result


def as_type(value: HiveType | str) -> HiveType:
    """Return *value*, parsed if it is text."""
    return parse_type(value) if isinstance(value, str) else value


_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>`(?:[^`]|``)*`)|(?P<literal>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<word>[^\s<>,:()`'"]+)|(?P<mark>[<>,:()]))""",
    re.DOTALL,
)


class TypeReader:
    """A cursor over the text of a type; it can start inside a longer statement."""

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position
        self._depth = 0

    def _peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.position)

    def _take(self, mark: str) -> bool:
        token = self._peek()
        if token is None or token["mark"] != mark:
            return False
        self.position = token.end()
        return True

    def _take_word(self, word: str) -> None:
        token = self._peek()
        if token is not None and (token["word"] or "").lower() == word:
            self.position = token.end()

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise self._error(f"expected {mark!r}")

    def _error(self, expected: str) -> TableError:
        found = self.text[self.position : self.position + 20].strip()
        return TableError(f"type text, character {self.position}: {expected}, found {found!r}")

    def expect_end(self) -> None:
        """Raise TableError if text is left over."""
        if self.text[self.position :].strip():
            raise self._error("expected the end")

    def read_type(self) -> HiveType:
        """Read one type from the cursor on."""
        token = self._peek()
        if token is None or token["word"] is None:
            raise self._error("expected a type")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"expected at most {MAX_DEPTH} nested types")
        self.position = token.end()
        result = self._type_named(token["word"].lower())
        self._depth -= 1
        return result

    def _type_named(self, name: str) -> HiveType:
        match name:
            case "array":
                self._expect("<")
                element = self.read_type()
                self._expect(">")
                return Array(element)
            case "map":
                self._expect("<")
                key = self.read_type()
                self._expect(",")
                value = self.read_type()
                self._expect(">")
                return Map(key, value)
            case "struct":
                return Struct(tuple(self._read_fields()))
            case "decimal":
                numbers = self._read_numbers() or (10,)
                return Decimal(numbers[0], numbers[1] if len(numbers) == 2 else 0)
            case "varchar" | "char":
                numbers = self._read_numbers()
                if len(numbers) != 1:
                    raise self._error(f"expected {name}(length)")
                return Text(name, numbers[0])
            case "double":
                self._take_word("precision")
                return Primitive(name)
            case _:
                return Primitive(SYNONYMS.get(name, name))

    def _read_fields(self) -> Iterator[Field]:
        self._expect("<")
        while True:
            name = self._read_name()
            self._expect(":")
            yield Field(name, self.read_type())
            self._skip_comment()
            if self._take(">"):
                return
            self._expect(",")

    def _read_name(self) -> str:
        token = self._peek()
        if token is None or (token["quoted"] is None and token["word"] is None):
            raise self._error("expected a field name")
        self.position = token.end()
        return token["word"] or token["quoted"][1:-1].replace("``", "`")

    def _skip_comment(self) -> None:
        token = self._peek()
        if token is not None and (token["word"] or "").lower() == "comment":
            self.position = token.end()
            literal = self._peek()
            if literal is None or literal["literal"] is None:
                raise self._error("expected the text of a comment")
            self.position = literal.end()

    def _read_numbers(self) -> tuple[int, ...]:
        if not self._take("("):
            return ()
        numbers = []
        while True:
            token = self._peek()
            word = token["word"] if token is not None else None
            if token is None or word is None or not (word.isascii() and word.isdigit() and len(word) < 7):
                raise self._error("expected a number")
            numbers.append(int(word))
            self.position = token.end()
            if self._take(")"):
                break
            self._expect(",")
        if len(numbers) > 2:
            raise self._error("expected at most two numbers")
        return tuple(numbers)
