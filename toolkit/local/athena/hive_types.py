"""
Column types: Hive's text, as DDL and the Glue catalogue hold it, to a tree, and the tree to DuckDB's and Trino's text.

The grammar is Hive's own, strictly: what its parser refuses (``real``, bare ``varchar``, ``struct<>``) is refused here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Types that DDL knows, and types that exist in results alone (Trino has no DDL form for them in Athena).
PRIMITIVES = frozenset({"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string", "binary"})
PRIMITIVES |= {"date", "timestamp"}
RESULT_ONLY = frozenset(
    {"timestamp with time zone", "time", "time with time zone", "json", "uuid", "ipaddress", "unknown"}
)
RESULT_ONLY |= {"interval day to second", "interval year to month"}

# Sketches of many values; queries make them, no table holds them and no result shows them.
SKETCHES = frozenset({"hyperloglog", "tdigest", "qdigest"})

# Shapes in the plane and on Earth, as bytes; likewise only in queries.
GEOMETRIES = frozenset({"geometry", "sphericalgeography"})

MAXIMUM_PRECISION = 38
MAXIMUM_VARCHAR = 65_535
MAXIMUM_CHAR = 255

_TOKEN = re.compile(r"\s*(?:(`(?:[^`]|``)*`)|([A-Za-z0-9_$.\-]+|[^\x00-\x7f]+)|('(?:[^'\\]|\\.)*')|([<>(),:]))")

_TRINO_NAMES = {"string": "varchar", "int": "integer", "binary": "varbinary", "float": "real", "struct": "row"}
_TRINO_NAMES |= {"hyperloglog": "HyperLogLog", "geometry": "Geometry", "sphericalgeography": "SphericalGeography"}
_TRINO_NAMES["bingtile"] = "BingTile"
_DUCKDB_NAMES = {
    "string": "VARCHAR",
    "varchar": "VARCHAR",
    "char": "VARCHAR",
    "int": "INTEGER",
    "binary": "BLOB",
    "ipaddress": "BLOB",
    **dict.fromkeys(SKETCHES | GEOMETRIES, "BLOB"),
    "bingtile": "BIGINT",
    "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
    # In UTC; the offset at which it is shown is part of the type.
    "time with time zone": "TIME",
    "unknown": "INTEGER",
    "interval day to second": "INTERVAL",
    "interval year to month": "INTERVAL",
}


class TypeSyntaxError(ValueError):
    """A type text is none of Hive's; ``token`` is what stood in the way, "" at the end of the text."""

    def __init__(self, token: str, expected: str) -> None:
        super().__init__(token, expected)
        self.token = token
        self.expected = expected

    def __str__(self) -> str:
        return f"mismatched input '{self.token or '<EOF>'}' expecting {self.expected}"


@dataclass(frozen=True, slots=True)
class HiveType:
    """
    A type: its Hive name in lower case, its numbers, and for nested types its parts.

    ``children`` holds an array's element, a map's key and value, or a struct's members, whose names are in ``fields``.
    """

    name: str
    arguments: tuple[int, ...] = ()
    children: tuple[HiveType, ...] = ()
    fields: tuple[str, ...] = ()

    def __deepcopy__(self, memo: object) -> HiveType:
        # Nodes of a query hold types, and are copied with all that they hold.
        return self

    @property
    def is_nested(self) -> bool:
        """Whether it is an array, a map or a struct."""
        return bool(self.children)

    @property
    def is_text(self) -> bool:
        """Whether its values are character strings."""
        return self.name in ("string", "varchar", "char")


STRING = HiveType("string")
BIGINT = HiveType("bigint")


# A table has each of its types many times, and each query reads them again.
@lru_cache(maxsize=4_096)
def parse_type(text: str, *, reserved: frozenset[str] = frozenset()) -> HiveType:
    """
    Read a type as Hive writes it; words in *reserved* name a struct field in backticks only.

    Raises:
        TypeSyntaxError: the text is no type of Hive's.
    """
    tokens = []
    position = 0
    text = text.strip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise TypeSyntaxError(text[position], "a type")
        tokens.append(found[0].strip())
        position = found.end()
    reader = _TypeReader(tokens, reserved)
    result = reader.type()
    if reader.peek():
        raise TypeSyntaxError(reader.peek(), "the end of the type")
    return result


class _TypeReader:
    def __init__(self, tokens: list[str], reserved: frozenset[str]) -> None:
        self.tokens = tokens
        self.reserved = reserved
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def expect(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise TypeSyntaxError(self.peek(), wanted)
        self.position += 1

    def type(self) -> HiveType:
        token = self.next()
        word = token.lower()
        match word:
            case "array":
                self.expect("<")
                element = self.type()
                self.expect(">")
                return HiveType("array", children=(element,))
            case "map":
                self.expect("<")
                key = self.type()
                if key.is_nested:
                    raise TypeSyntaxError(key.name, "a primitive type as the key of a map")
                self.expect(",")
                value = self.type()
                self.expect(">")
                return HiveType("map", children=(key, value))
            case "struct":
                return self._struct()
            case "decimal" | "varchar" | "char":
                return self._sized(word)
            case "integer":
                return HiveType("int")
            case "double":
                if self.peek().lower() == "precision":
                    self.position += 1
                return HiveType("double")
            case "timestamp" if " ".join(self.tokens[self.position : self.position + 3]).lower() == "with time zone":
                self.position += 3
                return HiveType("timestamp with time zone")
            case _ if word in PRIMITIVES or word in RESULT_ONLY:
                return HiveType(word)
        raise TypeSyntaxError(token, "a type")

    def _struct(self) -> HiveType:
        self.expect("<")
        names: list[str] = []
        members: list[HiveType] = []
        while True:
            token = self.next()
            if not token or token[0] in "<>(),:'" or token.lower() in self.reserved:
                raise TypeSyntaxError(token, "the name of a struct field")
            names.append((token[1:-1].replace("``", "`") if token[0] == "`" else token).lower())
            self.expect(":")
            members.append(self.type())
            if self.peek().lower() == "comment":
                self.position += 2
            if self.peek() != ",":
                break
            self.position += 1
        self.expect(">")
        return HiveType("struct", children=tuple(members), fields=tuple(names))

    def _sized(self, word: str) -> HiveType:
        numbers: list[int] = []
        if self.peek() == "(":
            self.position += 1
            while True:
                token = self.next()
                if not token.isdigit():
                    raise TypeSyntaxError(token, "a number")
                numbers.append(int(token))
                if self.peek() != "," or word != "decimal" or len(numbers) == 2:
                    break
                self.position += 1
            self.expect(")")
        if word == "decimal":
            precision, scale = ([*numbers, 0] if len(numbers) == 1 else numbers) or [10, 0]
            if not (1 <= precision <= MAXIMUM_PRECISION and scale <= precision):
                raise TypeSyntaxError(f"decimal({precision},{scale})", "a precision of 1 to 38 and a scale within it")
            return HiveType("decimal", (precision, scale))
        longest = MAXIMUM_VARCHAR if word == "varchar" else MAXIMUM_CHAR
        if len(numbers) != 1 or not 1 <= numbers[0] <= longest:
            raise TypeSyntaxError(self.peek() if not numbers else str(numbers[0]), f"{word}(1..{longest})")
        return HiveType(word, (numbers[0],))


def hive_text(kind: HiveType) -> str:
    """Write a type as the Glue catalogue holds it."""
    match kind.name:
        case "array":
            return f"array<{hive_text(kind.children[0])}>"
        case "map":
            return f"map<{hive_text(kind.children[0])},{hive_text(kind.children[1])}>"
        case "struct":
            members = zip(kind.fields, kind.children, strict=True)
            return f"struct<{','.join(f'{name}:{hive_text(member)}' for name, member in members)}>"
        case "timestamp":
            return "timestamp"
    return _sized_text(kind.name, kind)


def trino_text(kind: HiveType) -> str:
    """Write a type as queries and error messages name it."""
    match kind.name:
        case "array":
            return f"array({trino_text(kind.children[0])})"
        case "map":
            return f"map({trino_text(kind.children[0])}, {trino_text(kind.children[1])})"
        case "qdigest":
            return f"qdigest({trino_text(kind.children[0])})"
        case "struct":
            members = zip(kind.fields, kind.children, strict=True)
            shown = (
                ("" if name == f"field{n}" else name, trino_text(member)) for n, (name, member) in enumerate(members)
            )
            return f"row({', '.join(f'{name} {text}'.strip() for name, text in shown)})"
        case "timestamp" | "time" | "timestamp with time zone" | "time with time zone":
            first, _, rest = kind.name.partition(" ")
            return f"{first}({time_precision(kind)}) {rest}".strip()
    return _sized_text(_TRINO_NAMES.get(kind.name, kind.name), kind)


# Instants that may each have a zone of their own: this stands in the place of the zone that a type has, and a value is held
# as a row of the instant and the name of its zone.
MIXED_ZONES = "?"


def is_mixed(kind: HiveType | None) -> bool:
    """Whether values of a type carry a zone each."""
    return kind is not None and kind.name == "timestamp with time zone" and kind.fields == (MIXED_ZONES,)


def duckdb_text(kind: HiveType) -> str:
    """Write the DuckDB type that holds the values of this one."""
    if is_mixed(kind):
        return "STRUCT(t TIMESTAMP WITH TIME ZONE, z VARCHAR)"
    match kind.name:
        case "array":
            return f"{duckdb_text(kind.children[0])}[]"
        case "map":
            return f"MAP({duckdb_text(kind.children[0])}, {duckdb_text(kind.children[1])})"
        case "struct":
            members = zip(kind.fields, kind.children, strict=True)
            return f"STRUCT({', '.join(f'{quoted(name)} {duckdb_text(member)}' for name, member in members)})"
        case "decimal":
            return f"DECIMAL({kind.arguments[0]},{kind.arguments[1]})"
    return _DUCKDB_NAMES.get(kind.name, kind.name.upper())


def time_precision(kind: HiveType) -> int:
    """Give the digits of a second that values of a timestamp type have: milliseconds, but for Iceberg's microseconds."""
    return kind.arguments[0] if kind.arguments else 3


def quoted(name: str) -> str:
    """Quote a name for DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def _sized_text(name: str, kind: HiveType) -> str:
    return f"{name}({','.join(map(str, kind.arguments))})" if kind.arguments else name


_FROM_DUCKDB = {
    "boolean": "boolean",
    "tinyint": "tinyint",
    "smallint": "smallint",
    "integer": "int",
    "bigint": "bigint",
    "float": "float",
    "double": "double",
    "varchar": "string",
    "blob": "binary",
    "date": "date",
    "timestamp": "timestamp",
    "timestamp_s": "timestamp",
    "timestamp_ms": "timestamp",
    "timestamp_ns": "timestamp",
    "timestamp with time zone": "timestamp with time zone",
    "time": "time",
    "time with time zone": "time",
    "uuid": "uuid",
    "interval": "interval day to second",
    # DuckDB sums into wider integers than Trino, which overflows at bigint.
    "hugeint": "bigint",
    "uhugeint": "bigint",
    "ubigint": "bigint",
    "uinteger": "bigint",
    "usmallint": "int",
    "utinyint": "smallint",
    "null": "unknown",
    '"null"': "unknown",
}


def from_duckdb(kind: object) -> HiveType:
    """Give the Hive type of a DuckDB type object (``duckdb.sqltypes.DuckDBPyType``)."""
    if str(kind) == "JSON":
        return HiveType("json")
    name = kind.id  # type: ignore[attr-defined]  # duckdb has no types for us
    match name:
        case "tuple":
            # A row without names; only sub-queries of ours make one, and its members can't be seen from here.
            return HiveType("string")
        case "list" | "array":
            return HiveType("array", children=(from_duckdb(kind.children[0][1]),))  # type: ignore[attr-defined]
        case "map":
            key, value = (child for _, child in kind.children)  # type: ignore[attr-defined]
            return HiveType("map", children=(from_duckdb(key), from_duckdb(value)))
        case "struct":
            members = kind.children  # type: ignore[attr-defined]
            return HiveType(
                "struct",
                children=tuple(from_duckdb(child) for _, child in members),
                fields=tuple(member for member, _ in members),
            )
        case "decimal":
            precision, scale = (number for _, number in kind.children)  # type: ignore[attr-defined]
            return HiveType("decimal", (precision, scale))
    return HiveType(_FROM_DUCKDB.get(str(kind).lower(), "string"))
