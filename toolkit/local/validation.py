"""
Requests held against their service's own description, which botocore carries: required members, lengths, patterns, enums.

A client of the AWS SDK checks little of this itself; the service refuses the rest in these words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

# Told here with an error of its own, or not at all by the service: the length of a query counts in bytes.
_ELSEWHERE = frozenset({"queryString"})

# What the service lets through here, and refuses once it knows the query. Measured on Athena by the authors of athena-local,
# September 2026, as are the words for values of the wrong type.
_MAXIMA = {("GetQueryResults", "MaxResults"): 100_000}

# In an error's message.
_LONGEST_SHOWN = 256

# Half of a surrogate pair, or a pair, as JSON writes it, and half of one as bytes, which Python's reader of JSON lets through.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")

# A value that breaks a constraint, its place, and the constraint.
Broken = tuple[Any, str, str]

_READABLE: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "double": (int, float),
    "float": (int, float),
    "blob": str,
}


class Unreadable(ValueError):
    """A request is no JSON, or a value is none of its member's type."""


def request_in(body: bytes) -> Any:
    """
    Give the value of a body of JSON.

    Raises:
        Unreadable: it is none, is nested too deeply, or has half of a surrogate pair, which is no character and can't be kept.
    """
    try:
        value = json.loads(body)
        if _SURROGATE.search(body):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Unreadable("The request has half of a surrogate pair, which is no character.") from None
    except RecursionError:
        raise Unreadable("The request is nested too deeply.") from None
    except ValueError as error:
        raise Unreadable("The request is not JSON.") from error
    return value


def problem(service: str, operation: str, request: Mapping[str, Any]) -> str:
    """
    Tell which constraints a request breaks, all of them in one sentence; "" where it breaks none.

    Athena names no values; the others do, and here as far as these are short.

    Raises:
        Unreadable: a value is of the wrong type.
    """
    shape = _model(service).operation_model(operation).input_shape
    if shape is None:
        return ""
    _check_types(request, shape)
    broken = [
        f"Value{_shown(value, service)} at '{path}' failed to satisfy constraint: {constraint}"
        for value, path, constraint in _broken(request, shape, "", operation)
    ]
    noun = "error" if len(broken) == 1 else "errors"
    return f"{len(broken)} validation {noun} detected: {'; '.join(broken)}" if broken else ""


def _shown(value: Any, service: str) -> str:
    if value is None:
        return " null"
    is_shown = service != "athena" and isinstance(value, str | int) and len(str(value)) <= _LONGEST_SHOWN
    return f" '{value}'" if is_shown else ""


def decoded_length(text: str) -> int:
    """Give how many bytes a text in base64 stands for."""
    return len(text) * 3 // 4 - text[-2:].count("=")


def has_operation(service: str, name: str) -> bool:
    """Tell whether the service has an operation of this name."""
    return name in _model(service).operation_names


@lru_cache(maxsize=16)
def _model(service: str) -> Any:
    import botocore.session

    make: Any = botocore.session.get_session
    return make().get_service_model(service)


def _check_types(value: Any, shape: Any) -> None:
    """Raise ``Unreadable`` for the first value that is no JSON of its member's type."""
    kind = shape.type_name
    match value:
        case Mapping() if kind == "structure":
            for name, member in shape.members.items():
                if value.get(name) is not None:
                    _check_types(value[name], member)
        case Mapping() if kind == "map":
            for each in value.values():
                if each is not None:
                    _check_types(each, shape.value)
        case list() if kind == "list":
            for each in value:
                if each is not None:
                    _check_types(each, shape.member)
        case Mapping():
            raise Unreadable("Start of structure or map found where not expected.")
        case list():
            raise Unreadable("Start of list found where not expected")
        case _ if kind in ("list", "structure", "map"):
            raise Unreadable("Expected list or null" if kind == "list" else "Expected null")
        case _ if not isinstance(value, _READABLE.get(kind, object)) or isinstance(value, bool) != (kind == "boolean"):
            token = str(value).upper() if isinstance(value, bool) else "STRING" if isinstance(value, str) else "NUMBER"
            article = "an" if kind[0] in "aeiou" else "a"
            raise Unreadable(f"{token}_VALUE can not be converted to {article} {kind.capitalize()}")


def _broken(value: Any, shape: Any, path: str, operation: str) -> Iterator[Broken]:
    match shape.type_name:
        case "structure":
            for name, member in shape.members.items():
                inner = f"{path}.{_lower(name)}" if path else _lower(name)
                if value.get(name) is not None:
                    yield from _broken(value[name], member, inner, operation)
                elif name in shape.required_members:
                    yield None, inner, "Member must not be null"
        case "list":
            yield from _length(value, len(value), shape, path)
            for number, each in enumerate(value, 1):
                if each is not None:
                    yield from _broken(each, shape.member, f"{path}.{number}.member", operation)
        case "map":
            yield from _length(value, len(value), shape, path)
            for key, each in value.items():
                yield from _text(key, shape.key, f"{path}.key")
                if each is not None:
                    yield from _broken(each, shape.value, f"{path}.{key}.member", operation)
        case "blob":
            yield from _length(b"", decoded_length(value), shape, path)
        case "string":
            yield from _text(value, shape, path)
        case "integer" | "long":
            minimum = shape.metadata.get("min")
            maximum = _MAXIMA.get((operation, path[:1].upper() + path[1:]), shape.metadata.get("max"))
            if minimum is not None and value < minimum:
                yield (value, path, f"Member must have value greater than or equal to {minimum}")
            if maximum is not None and value > maximum:
                yield (value, path, f"Member must have value less than or equal to {maximum}")


def _text(value: str, shape: Any, path: str) -> Iterator[Broken]:
    if path in _ELSEWHERE:
        return
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield (value, path, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
    yield from _length(value, len(value), shape, path)
    pattern = shape.metadata.get("pattern")
    if pattern and (known := _pattern(pattern)) is not None and not known.fullmatch(value):
        yield (value, path, f"Member must satisfy regular expression pattern: {pattern}")


@lru_cache(maxsize=1_000)
def _pattern(text: str) -> re.Pattern[str] | None:
    """Give a pattern of the description; None for one that Python reads otherwise than Java, and that is not looked at."""
    # With surrogates Java says "any character", and with `\p` it names classes of them.
    if "\\uD" in text or "\\p{" in text:
        return None
    # A point is any character as well: Glue takes definitions of several lines for `.*\S.*`.
    return re.compile(text, re.DOTALL)


def _length(value: Any, length: int, shape: Any, path: str) -> Iterator[Broken]:
    minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
    if minimum is not None and length < minimum:
        yield (value, path, f"Member must have length greater than or equal to {minimum}")
    if maximum is not None and length > maximum:
        yield (value, path, f"Member must have length less than or equal to {maximum}")


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
