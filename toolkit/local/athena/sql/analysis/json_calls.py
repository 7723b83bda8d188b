"""The functions of SQL/JSON: what their arguments may be, and the types that they give."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from toolkit.local.athena.hive_types import STRING, HiveType, trino_text
from toolkit.local.athena.sql.analysis.base import Analysis
from toolkit.local.athena.sql.analysis.casts import can_cast, kind_of
from toolkit.local.athena.sql.analysis.operators import are_alike, coerce, shown_kind
from toolkit.local.athena.sql.functions import BINARY, BOOLEAN, NUMERIC_ORDER, TEXT, Kind
from toolkit.local.athena.sql.json_syntax import JSON_IN_TEXT, JsonClauses
from toolkit.local.athena.sql.routines.json_paths import PathSyntaxError, compiled

_SCALARS = frozenset({*NUMERIC_ORDER, *TEXT, "boolean", "date", "time", "timestamp", "timestamp with time zone"})
# What a path can have as a parameter here.
_PASSED = frozenset({"tinyint", "smallint", "int", "bigint", "double", "float", "boolean", "unknown", *TEXT})


class JsonCalls(Analysis):
    """Types calls of SQL/JSON."""

    def json_call(self, node: exp.Anonymous, kinds: Sequence[Kind]) -> Kind:
        clauses: JsonClauses = node.meta["json"]
        name = node.name.lower()
        if name in ("json_object", "json_array"):
            return self.json_made(node, kinds, clauses)
        self.json_document(node, kinds, clauses)
        self.json_path(node.expressions[1], clauses)
        if clauses.repeated is not None:
            parameter = clauses.repeated.name
            shown = parameter if clauses.repeated.args.get("quoted") else parameter.upper()
            message = f"{shown} JSON path parameter is specified more than once"
            raise self.error("DUPLICATE_PARAMETER_NAME", clauses.repeated, message)
        if name == "json_exists":
            return BOOLEAN
        returning = self.returned(node, clauses, _SCALARS if name == "json_value" else TEXT | {"binary"})
        if name == "json_query":
            if clauses.quotes and clauses.wrapper != "WITHOUT":
                message = (
                    f"{clauses.quotes} QUOTES behavior specified with WITH {clauses.wrapper} ARRAY WRAPPER behavior"
                )
                raise self.error("INVALID_FUNCTION_ARGUMENT", node, message)
            return returning
        defaults = node.expressions[len(node.expressions) - sum(clauses.has_default) :]
        events = [event for event, given in zip(("EMPTY", "ERROR"), clauses.has_default, strict=True) if given]
        for default, kind, event in zip(defaults, kinds[len(kinds) - len(defaults) :], events, strict=True):
            is_null = kind is not None and kind.name == "unknown"
            is_text = kind is not None and kind.is_text
            if not are_alike(kind, returning) or (kind is not None and not is_null and is_text != returning.is_text):
                message = f"Function JSON_VALUE default ON {event} result must evaluate to a {shown_kind(returning)} "
                raise self.error("TYPE_MISMATCH", default, f"{message}(actual: {shown_kind(kind)})")
            coerce(default, returning)
        return returning

    def json_document(self, node: exp.Anonymous, kinds: Sequence[Kind], clauses: JsonClauses) -> None:
        places = [0, *range(2, 2 + len(clauses.names))]
        for place in places:
            kind, form, argument = kinds[place], clauses.formats[place], node.expressions[place]
            if place and not form and holds_json(argument):
                form = clauses.formats[place] = "JSON"
            if place and not form:
                if kind is not None and kind.name not in _PASSED:
                    message = f"the local Athena does not support {shown_kind(kind)} as a parameter of a JSON path"
                    raise self.error("NOT_SUPPORTED", argument, message)
                continue
            if form in ("UTF16", "UTF32"):
                raise self.error("NOT_SUPPORTED", argument, f"the local Athena does not support the encoding {form}")
            wanted = {"binary", "unknown"} if form == "UTF8" else TEXT | {"unknown"} | ({"binary"} if form else set())
            if kind is not None and kind.name not in wanted:
                message = f"Cannot read input of type {shown_kind(kind)} as JSON using formatting JSON"
                raise self.error("TYPE_MISMATCH", argument, message)

    def json_path(self, path: exp.Expr, clauses: JsonClauses) -> None:
        try:
            found = compiled(path.name)
        except PathSyntaxError as error:
            raise self.error("SYNTAX_ERROR", path, str(error)) from error
        if found.has_like_regex:
            raise self.error("NOT_SUPPORTED", path, "like_regex predicate in JSON path is not yet supported")
        for parameter in found.parameters:
            if parameter not in clauses.names:
                advice = ""
                if parameter.upper() in clauses.names:
                    advice = f'. Try quoting "{parameter}" in the PASSING clause to match case'
                raise self.error("INVALID_PATH", path, f"no value passed for parameter {parameter}{advice}")

    def returned(self, node: exp.Anonymous, clauses: JsonClauses, allowed: frozenset[str]) -> HiveType:
        if clauses.returning is None:
            return STRING
        kind, form = kind_of(clauses.returning), clauses.returning_format
        if form.startswith("UTF") and kind is not None and kind.is_text:
            message = f"Cannot output JSON value as {shown_kind(kind)} using formatting JSON ENCODING {form}"
            raise self.error("TYPE_MISMATCH", node, message)
        if form in ("UTF16", "UTF32"):
            raise self.error("NOT_SUPPORTED", node, f"the local Athena does not support the encoding {form}")
        if kind is None or kind.name not in allowed:
            shown = trino_text(kind) if kind is not None else clauses.returning.sql(dialect="trino").lower()
            message = f"Invalid return type of function {node.name.upper()}: {shown}"
            raise self.error("TYPE_MISMATCH", node, message)
        return kind

    def json_made(self, node: exp.Anonymous, kinds: Sequence[Kind], clauses: JsonClauses) -> HiveType:
        name = node.name.upper()
        for place, (argument, kind) in enumerate(zip(node.expressions, kinds, strict=True)):
            is_key = name == "JSON_OBJECT" and place % 2 == 0
            if kind is None or (kind.name == "unknown" and not is_key):
                continue
            if is_key:
                if kind.name not in TEXT:
                    message = f"Invalid type of JSON object key: {shown_kind(kind)}"
                    raise self.error("INVALID_FUNCTION_ARGUMENT", argument, message)
            elif clauses.formats[place]:
                if kind.name not in TEXT | {"binary"}:
                    message = f"Cannot read input of type {shown_kind(kind)} as JSON using formatting JSON"
                    raise self.error("TYPE_MISMATCH", argument, message)
            elif kind.children or kind == BINARY or not (kind.is_text or can_cast(kind, STRING)):
                message = f"Unsupported type of value passed to {name} function: {shown_kind(kind)}"
                raise self.error("NOT_SUPPORTED", node, message)
        if clauses.is_unique and (any(clauses.formats) or any(map(holds_json, node.expressions[1::2]))):
            message = (
                "WITH UNIQUE KEYS behavior is not supported for JSON_OBJECT function when input expression has FORMAT"
            )
            raise self.error("NOT_SUPPORTED", node, message)
        return self.returned(node, clauses, TEXT | {"binary"})


def holds_json(node: exp.Expr) -> bool:
    """Whether an argument is a call whose text is JSON already."""
    while isinstance(node, exp.Paren):
        node = node.this
    return isinstance(node, exp.Anonymous) and node.name.lower() in JSON_IN_TEXT and "json" in node.meta
