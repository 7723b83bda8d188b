"""
The path language of SQL/JSON, and what JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY make of values.

A path is compiled to nested tuples once. Evaluation follows io.trino.json.PathEvaluationVisitor of Trino 435: lax mode
wraps and unwraps arrays and passes over what is missing, strict mode refuses it.
Source: https://trino.io/docs/current/functions/json.html#json-path-language
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from toolkit.local.athena.sql.routines.json_texts import java_double, scientific, with_escapes
from toolkit.local.athena.sql.routines.refusal import Refusal, Routine
from toolkit.local.hash_order import as_hashed

# What JSON_VALUE gives where a DEFAULT is to stand; no text in JSON can be that.
ON_EMPTY, ON_ERROR = "\x01empty", "\x01error"

_LEAST, _MOST = -(2**63), 2**63 - 1


class PathSyntaxError(ValueError):
    """A path is none; ``position`` is where it stops making sense, counted from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class PathError(Exception):
    """A path can't be evaluated on a document."""


class Path(NamedTuple):
    """A compiled path: its mode, its expression, and the parameters that it names."""

    is_lax: bool
    expression: tuple[Any, ...]
    parameters: tuple[str, ...]
    has_like_regex: bool


# -- the grammar

_TOKEN = re.compile(
    r'\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<string>"(?:[^"]|"")*")'
    r"|(?P<variable>\$[A-Za-z_]\w*)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<mark>\.\.|==|<>|!=|<=|>=|&&|\|\||[$@.*\[\](),?!<>+\-/%]))"
)
_METHODS = frozenset({"abs", "ceiling", "double", "floor", "keyvalue", "size", "type"})
_COMPARISONS = {"==": "==", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class _Tokens:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[tuple[str, str, int]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None:
                start = position + len(text[position:]) - len(text[position:].lstrip())
                raise PathSyntaxError(f"no viable alternative at input '{text[start]}'", start)
            kind = str(match.lastgroup)
            self.found.append((kind, match[kind], match.start(kind)))
            position = match.end()
        self.at = 0
        self.parameters: list[str] = []
        self.has_like_regex = False

    @property
    def next(self) -> str:
        return self.found[self.at][1] if self.at < len(self.found) else ""

    @property
    def kind(self) -> str:
        return self.found[self.at][0] if self.at < len(self.found) else "end"

    def take(self) -> str:
        self.at += 1
        return self.found[self.at - 1][1]

    def match(self, *texts: str) -> bool:
        texts_there = [token for _, token, _ in self.found[self.at : self.at + len(texts)]]
        if texts_there != list(texts):
            return False
        self.at += len(texts)
        return True

    def expect(self, text: str) -> None:
        if not self.match(text):
            raise self.error()

    def error(self) -> PathSyntaxError:
        if self.at >= len(self.found):
            return PathSyntaxError("mismatched input '<EOF>'", len(self.text))
        _, token, position = self.found[self.at]
        return PathSyntaxError(f"no viable alternative at input '{token}'", position)


@lru_cache(maxsize=256)
def compiled(text: str) -> Path:
    """
    Compile a path such as ``lax $.a[*] ? (@.b > 3)``.

    Raises:
        PathSyntaxError: it is none.
    """
    tokens = _Tokens(text)
    if tokens.next not in ("lax", "strict"):
        raise PathSyntaxError(f"missing {{'lax', 'strict'}} at '{tokens.next or '<EOF>'}'", 0)
    is_lax = tokens.take() == "lax"
    expression = _sum(tokens)
    if tokens.kind != "end":
        raise tokens.error()
    return Path(is_lax, expression, tuple(dict.fromkeys(tokens.parameters)), tokens.has_like_regex)


def _sum(tokens: _Tokens) -> tuple[Any, ...]:
    left = _product(tokens)
    while tokens.next in ("+", "-"):
        left = ("arithmetic", tokens.take(), left, _product(tokens))
    return left


def _product(tokens: _Tokens) -> tuple[Any, ...]:
    left = _signed(tokens)
    while tokens.next in ("*", "/", "%"):
        left = ("arithmetic", tokens.take(), left, _signed(tokens))
    return left


def _signed(tokens: _Tokens) -> tuple[Any, ...]:
    if tokens.next in ("+", "-"):
        return ("sign", tokens.take(), _signed(tokens))
    return _accessors(tokens)


def _accessors(tokens: _Tokens) -> tuple[Any, ...]:
    value = _primary(tokens)
    while True:
        if tokens.match(".", "*"):
            value = ("members", value)
        elif tokens.match(".."):
            value = ("descendants", value, _key(tokens))
        elif tokens.match("."):
            name = tokens.next
            if tokens.kind == "name" and [token for _, token, _ in tokens.found[tokens.at + 1 :]][:2] == ["(", ")"]:
                if name not in _METHODS:
                    raise tokens.error()
                tokens.at += 3
                value = ("method", name, value)
            else:
                value = ("member", value, _key(tokens))
        elif tokens.match("[", "*", "]"):
            value = ("elements", value)
        elif tokens.match("["):
            value = ("subscripts", value, _subscripts(tokens))
        elif tokens.match("?", "("):
            value = ("filter", value, _condition(tokens))
            tokens.expect(")")
        else:
            return value


def _key(tokens: _Tokens) -> str:
    if tokens.kind == "name":
        return tokens.take()
    if tokens.kind == "string":
        return _unquoted(tokens.take())
    raise tokens.error()


def _subscripts(tokens: _Tokens) -> tuple[Any, ...]:
    found = []
    while True:
        first = _sum(tokens)
        found.append((first, _sum(tokens) if tokens.match("to") else None))
        if not tokens.match(","):
            tokens.expect("]")
            return tuple(found)


def _primary(tokens: _Tokens) -> tuple[Any, ...]:
    if tokens.kind == "number":
        text = tokens.take()
        return ("literal", int(text) if text.isdigit() else float(text))
    if tokens.kind == "string":
        return ("literal", _unquoted(tokens.take()))
    if tokens.kind == "variable":
        name = tokens.take()[1:]
        tokens.parameters.append(name)
        return ("variable", name)
    if tokens.kind == "name" and tokens.next in ("true", "false", "null"):
        return ("literal", {"true": True, "false": False, "null": None}[tokens.take()])
    for text, node in (("$", "document"), ("@", "item"), ("last", "last")):
        if tokens.match(text):
            return (node,)
    tokens.expect("(")
    inner = _sum(tokens)
    tokens.expect(")")
    return inner


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"')


def _condition(tokens: _Tokens) -> tuple[Any, ...]:
    left = _conjunction(tokens)
    while tokens.match("||"):
        left = ("or", left, _conjunction(tokens))
    return left


def _conjunction(tokens: _Tokens) -> tuple[Any, ...]:
    left = _predicate(tokens)
    while tokens.match("&&"):
        left = ("and", left, _predicate(tokens))
    return left


def _predicate(tokens: _Tokens) -> tuple[Any, ...]:
    if tokens.match("!"):
        tokens.expect("(")
        inner = _condition(tokens)
        tokens.expect(")")
        return ("not", inner)
    if tokens.match("exists"):
        tokens.expect("(")
        path = _sum(tokens)
        tokens.expect(")")
        return ("exists", path)
    start = tokens.at
    if tokens.match("("):
        # Either a condition or a path in parentheses.
        try:
            inner = _condition(tokens)
            tokens.expect(")")
            return ("unknown", inner) if tokens.match("is", "unknown") else inner
        except PathSyntaxError:
            tokens.at = start
    left = _sum(tokens)
    if tokens.next in _COMPARISONS:
        return ("compare", _COMPARISONS[tokens.take()], left, _sum(tokens))
    if tokens.match("starts", "with"):
        return ("starts", left, _primary(tokens))
    if tokens.match("like_regex"):
        tokens.has_like_regex = True
        return ("literal", tokens.take() if tokens.kind == "string" else "")
    raise tokens.error()


# -- evaluation


class _Evaluation:
    """One evaluation of a path: the document, the parameters, and what ``@`` and ``last`` mean at a place."""

    def __init__(self, path: Path, document: Any, parameters: dict[str, Any]) -> None:
        self.is_lax = path.is_lax
        self.document = document
        self.parameters = parameters
        self.objects = count()

    def items(self, node: tuple[Any, ...], item: Any = None, last: int = -1) -> list[Any]:
        """Give the sequence of items that an expression stands for."""
        match node:
            case ("document",):
                return [self.document]
            case ("item",):
                return [item]
            case ("last",):
                return [last]
            case ("literal", value):
                return [value]
            case ("variable", name):
                value = self.parameters[name]
                return [] if value is _NOTHING else [value]
            case ("sign", sign, inner):
                numbers = map(_number, self.unwrapped(self.items(inner, item, last)))
                return [_whole(-each) if sign == "-" else each for each in numbers]
            case ("arithmetic", operator, left, right):
                pair = [self.single(each, item, last) for each in (left, right)]
                return [_calculated(operator, *pair)]
            case ("member", inner, key):
                return list(self.members(self.items(inner, item, last), key))
            case ("members", inner):
                return list(self.members(self.items(inner, item, last), None))
            case ("descendants", inner, key):
                return [found for each in self.items(inner, item, last) for found in _descendants(each, key)]
            case ("elements", inner):
                return [each for array in map(self.array, self.items(inner, item, last)) for each in array]
            case ("subscripts", inner, subscripts):
                return [
                    each
                    for array in map(self.array, self.items(inner, item, last))
                    for each in self.chosen(array, subscripts, item)
                ]
            case ("filter", inner, condition):
                candidates = self.unwrapped(self.items(inner, item, last))
                return [each for each in candidates if self.holds(condition, each, last) is True]
            case ("method", name, inner):
                return self.method(name, self.items(inner, item, last))
        raise AssertionError(node)

    def unwrapped(self, items: Sequence[Any]) -> list[Any]:
        """Give the items, in lax mode with the elements of arrays in their places."""
        if not self.is_lax:
            return list(items)
        return [part for each in items for part in (each if isinstance(each, list) else [each])]

    def array(self, item: Any) -> list[Any]:
        if isinstance(item, list):
            return item
        if self.is_lax:
            return [item]
        raise PathError(f"structural error: invalid item type. Expected: ARRAY, actual: {_type(item).upper()}")

    def single(self, node: tuple[Any, ...], item: Any, last: int) -> Any:
        found = self.unwrapped(self.items(node, item, last))
        if len(found) != 1:
            raise PathError("arithmetic binary expression requires singleton operands")
        return _number(found[0])

    def members(self, items: Sequence[Any], key: str | None) -> Iterator[Any]:
        for each in self.unwrapped(items):
            if not isinstance(each, dict):
                if not self.is_lax:
                    raise PathError(
                        f"structural error: invalid item type. Expected: OBJECT, actual: {_type(each).upper()}"
                    )
            elif key is None:
                yield from each.values()
            elif key in each:
                yield each[key]
            elif not self.is_lax:
                raise PathError(f"structural error: missing member '{key}' in JSON object")

    def chosen(self, array: list[Any], subscripts: Sequence[tuple[Any, Any]], item: Any) -> Iterator[Any]:
        last = len(array) - 1
        for first, final in subscripts:
            start = self.index(first, item, last)
            end = start if final is None else self.index(final, item, last)
            is_outside = start < 0 or end > last or start > end
            if is_outside and not self.is_lax:
                raise PathError(
                    f"structural error: invalid array subscript: [{start}, {end}] for array of size {len(array)}"
                )
            yield from array[max(start, 0) : max(end + 1, 0)]

    def index(self, node: tuple[Any, ...], item: Any, last: int) -> int:
        found = self.items(node, item, last)
        if len(found) != 1 or not _is_number(found[0]):
            raise PathError("array subscript 'from' value must be singleton numeric")
        return int(found[0])

    def method(self, name: str, items: Sequence[Any]) -> list[Any]:
        match name:
            case "type":
                return [_type(each) for each in items]
            case "size":
                return [self.size(each) for each in items]
            case "keyvalue":
                return [pair for each in self.unwrapped(items) for pair in self.key_values(each)]
            case "double":
                return [_double(each) for each in self.unwrapped(items)]
        function: Callable[[Any], Any] = {"abs": abs, "ceiling": _ceiling, "floor": _floor}[name]
        return [function(_number(each)) for each in self.unwrapped(items)]

    def size(self, item: Any) -> int:
        if isinstance(item, list):
            return len(item)
        if self.is_lax:
            return 1
        raise PathError(f"structural error: invalid item type. Expected: ARRAY, actual: {_type(item).upper()}")

    def key_values(self, item: Any) -> Iterator[dict[str, Any]]:
        if not isinstance(item, dict):
            raise PathError(f"structural error: invalid item type. Expected: OBJECT, actual: {_type(item).upper()}")
        number = next(self.objects)
        for name, value in item.items():
            yield {"name": name, "value": value, "id": number}

    def holds(self, node: tuple[Any, ...], item: Any, last: int) -> bool | None:
        """Whether a condition holds, None where that is unknown."""
        match node:
            case ("and", left, right):
                both = [self.holds(each, item, last) for each in (left, right)]
                return False if False in both else None if None in both else True
            case ("or", left, right):
                both = [self.holds(each, item, last) for each in (left, right)]
                return True if True in both else None if None in both else False
            case ("not", inner):
                found = self.holds(inner, item, last)
                return None if found is None else not found
            case ("unknown", inner):
                return self.holds(inner, item, last) is None
            case ("exists", path):
                try:
                    return bool(self.items(path, item, last))
                except PathError:
                    return None
            case ("compare", operator, left, right):
                return self.any_pair(left, right, item, last, lambda a, b: _compared(operator, a, b))
            case ("starts", left, right):
                return self.any_pair(left, right, item, last, _starts)
        raise AssertionError(node)

    def any_pair(
        self,
        left: tuple[Any, ...],
        right: tuple[Any, ...],
        item: Any,
        last: int,
        compare: Callable[[Any, Any], bool | None],
    ) -> bool | None:
        try:
            pairs = [self.unwrapped(self.items(each, item, last)) for each in (left, right)]
        except PathError:
            return None
        results = []
        for a in pairs[0]:
            for b in pairs[1]:
                result = compare(a, b)
                if self.is_lax and result is not False:
                    return result
                results.append(result)
        return None if None in results else True in results


def _descendants(item: Any, key: str) -> Iterator[Any]:
    if isinstance(item, dict):
        if key in item:
            yield item[key]
        for each in item.values():
            yield from _descendants(each, key)
    elif isinstance(item, list):
        for each in item:
            yield from _descendants(each, key)


def _is_number(item: Any) -> bool:
    return isinstance(item, int | float) and not isinstance(item, bool)


def _number(item: Any) -> Any:
    if not _is_number(item):
        raise PathError(f"invalid item type. Expected: NUMBER, actual: {_type(item).upper()}")
    return item


def _whole(number: Any) -> Any:
    if isinstance(number, int) and not _LEAST <= number <= _MOST:
        raise PathError("arithmetic overflow")
    return number


def _calculated(operator: str, left: Any, right: Any) -> Any:
    try:
        match operator:
            case "+":
                return _whole(left + right)
            case "-":
                return _whole(left - right)
            case "*":
                return _whole(left * right)
        if isinstance(left, int) and isinstance(right, int):
            quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            return quotient if operator == "/" else left - right * quotient
        return left / right if operator == "/" else math.fmod(left, right)
    except ZeroDivisionError as error:
        raise PathError("Division by zero") from error


def _ceiling(number: Any) -> Any:
    return number if isinstance(number, int) else float(math.ceil(number))


def _floor(number: Any) -> Any:
    return number if isinstance(number, int) else float(math.floor(number))


def _double(item: Any) -> float:
    if isinstance(item, str):
        try:
            return float(item)
        except ValueError as error:
            raise PathError(f"invalid text for a double: {item}") from error
    return float(_number(item))


def _type(item: Any) -> str:
    match item:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
    return "number"


def _compared(operator: str, left: Any, right: Any) -> bool | None:
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return None
    if left is None or right is None:
        if operator in ("==", "<>"):
            return (left is right) == (operator == "==")
        return operator in ("<=", ">=") and left is right
    if _type(left) != _type(right):
        return None
    results: dict[str, bool] = {
        "==": left == right,
        "<>": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }
    return results[operator]


def _starts(whole: Any, beginning: Any) -> bool | None:
    return whole.startswith(beginning) if isinstance(whole, str) and isinstance(beginning, str) else None


# -- the functions


# What NULL is where JSON text is passed.
_NOTHING = object()


class _InputError(Exception):
    """A document is no JSON."""


def _read(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise _InputError from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _found(document: str, path: str, passing: str) -> list[Any]:
    parameters = {
        name[1:]: value if name[0] != "j" else _NOTHING if value is None else _read(value)
        for name, value in json.loads(passing).items()
    }
    compiled_path = compiled(path)
    return _Evaluation(compiled_path, _read(document), parameters).items(compiled_path.expression)


def _reason(error: Exception) -> str:
    if isinstance(error, _InputError):
        return "JSON_INPUT_CONVERSION_ERROR: conversion to JSON failed: "
    return f"PATH_EVALUATION_ERROR: path evaluation failed: {error}"


def json_exists(document: str, path: str, passing: str, on_error: str) -> bool | None:
    """Whether a path leads to anything; *passing* is an object of the parameters, ``v`` or ``j`` before their names."""
    try:
        return bool(_found(document, path, passing))
    except (PathError, _InputError) as error:
        if on_error == "ERROR":
            raise Refusal(_reason(error)) from error
        return {"TRUE": True, "FALSE": False}.get(on_error)


def json_value(document: str, path: str, passing: str, target: str, on_empty: str, on_error: str) -> str | None:
    """
    Give the scalar at a path as text that casts to the type *target*, Hive's name for it.

    NULL for JSON's null and where that is asked for; ``ON_EMPTY`` and ``ON_ERROR`` where a DEFAULT is to stand.
    """
    try:
        items = _found(document, path, passing)
    except (PathError, _InputError) as error:
        return _fallback(on_error, ON_ERROR, _reason(error), error)
    what = "JSON_VALUE_RESULT_ERROR: cannot extract SQL scalar from JSON: "
    if not items:
        return _fallback(on_empty, ON_EMPTY, f"{what}JSON path found no items", None)
    if len(items) > 1:
        return _fallback(on_error, ON_ERROR, f"{what}JSON path found multiple items", None)
    item = items[0]
    if item is None:
        return None
    if isinstance(item, list | dict):
        return _fallback(on_error, ON_ERROR, f"{what}JSON path found an item that cannot be converted", None)
    text = _scalar(item, target)
    if text is None:
        return _fallback(on_error, ON_ERROR, f"{what}JSON path found an item that cannot be converted", None)
    return text


def _fallback(behaviour: str, default: str, reason: str, error: Exception | None) -> str | None:
    if behaviour == "ERROR":
        raise Refusal(reason) from error
    return default if behaviour == "DEFAULT" else None


def _scalar(item: Any, target: str) -> str | None:
    """Give an item as text that casts to a type, None if there is no such cast."""
    name, _, length = target.rstrip(")").partition("(")
    if isinstance(item, str):
        return item
    is_text = name in ("string", "varchar", "char")
    if isinstance(item, bool):
        text = "true" if item else "false"
        if not is_text and name != "boolean":
            text = str(int(item))
    elif isinstance(item, int):
        text = str(item)
        if not _LEAST <= item <= _MOST:
            return None
    elif is_text:
        text = scientific(item) if item else "0E0"
    elif name in ("tinyint", "smallint", "int", "bigint"):
        text = str(math.floor(abs(item) + 0.5) * (-1 if item < 0 else 1))
    else:
        text = repr(item)
    if name == "boolean" and not isinstance(item, bool):
        text = "true" if item else "false"
    if is_text and length and len(text) > int(length):
        return None
    return text


def json_query(
    document: str, path: str, passing: str, wrapper: str, quotes: str, on_empty: str, on_error: str
) -> str | None:
    """Give the part of a document at a path as JSON; *wrapper* tells what stands in an array, *quotes* what text has."""
    try:
        items = _found(document, path, passing)
    except (PathError, _InputError) as error:
        return _constant(on_error, _reason(error), error)
    what = "JSON_OUTPUT_CONVERSION_ERROR: conversion from JSON failed: "
    if not items:
        return _constant(on_empty, f"{what}JSON path found no items", None)
    is_one_container = len(items) == 1 and isinstance(items[0], list | dict)
    if wrapper == "UNCONDITIONAL" or (wrapper == "CONDITIONAL" and not is_one_container):
        items = [items]
    if len(items) > 1:
        return _constant(on_error, f"{what}JSON path found multiple items", None)
    if quotes == "OMIT" and isinstance(items[0], str):
        return items[0]
    return with_escapes(written(items[0]))


def _constant(behaviour: str, reason: str, error: Exception | None) -> str | None:
    if behaviour == "ERROR":
        raise Refusal(reason) from error
    return {"EMPTY ARRAY": "[]", "EMPTY OBJECT": "{}"}.get(behaviour)


def written(item: Any) -> str:
    """Write an item as Jackson does: no spaces, keys as they come, doubles as Java prints them."""
    if isinstance(item, dict):
        return "{" + ",".join(f"{encode_basestring(key)}:{written(item[key])}" for key in item) + "}"
    if isinstance(item, list):
        return "[" + ",".join(map(written, item)) + "]"
    return java_double(item) if isinstance(item, float) else _ENCODER.encode(item)


_ENCODER = json.JSONEncoder(ensure_ascii=False)


def json_object(members: str, nulls: str, is_unique: bool) -> str:
    """
    Give an object of *members*, an array of keys and values in turn; a value is its JSON with ``v`` or ``j`` before it.

    What has a ``j`` is read and written anew. *nulls* is NULL or ABSENT.
    """
    listed = json.loads(members)
    pairs: dict[str, str] = {}
    for key, value in zip(listed[::2], listed[1::2], strict=True):
        if key is None:
            raise Refusal("INVALID_FUNCTION_ARGUMENT: null value passed for JSON object key to JSON_OBJECT function")
        if value is None and nulls == "ABSENT":
            continue
        if key in pairs:
            raise Refusal(
                "INVALID_FUNCTION_ARGUMENT: duplicate key passed to JSON_OBJECT function"
                if is_unique
                else "NOT_SUPPORTED: cannot construct a JSON object with duplicate key"
            )
        pairs[key] = _member(value)
    return with_escapes("{" + ",".join(f"{encode_basestring(key)}:{pairs[key]}" for key in as_hashed(pairs)) + "}")


def json_array(elements: str, nulls: str) -> str:
    """Give an array of *elements*, each its JSON as ``json_object`` takes it."""
    values = json.loads(elements)
    return with_escapes("[" + ",".join(_member(each) for each in values if each is not None or nulls == "NULL") + "]")


def _member(value: str | None) -> str:
    if value is None:
        return "null"
    if value[0] == "v":
        return value[1:]
    try:
        return written(_read(value[1:]))
    except _InputError as error:
        raise Refusal("JSON_INPUT_CONVERSION_ERROR: conversion to JSON failed: ") from error


_TEXT = "VARCHAR"
ROUTINES: dict[str, Routine] = {
    "json_exists": (json_exists, (_TEXT,) * 4, "BOOLEAN"),
    "json_value": (json_value, (_TEXT,) * 6, _TEXT),
    "json_query": (json_query, (_TEXT,) * 7, _TEXT),
    "json_object": (json_object, (_TEXT, _TEXT, "BOOLEAN"), _TEXT),
    "json_array": (json_array, (_TEXT, _TEXT), _TEXT),
}
