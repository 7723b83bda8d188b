"""
Requests held against the service's own description, which botocore carries: required members, lengths, patterns, enums.

A client of the AWS SDK checks little of this itself; the service refuses the rest in these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from toolkit.local.athena.errors import invalid_request

# Told here with an error of its own, or not at all by the service: the length of a query counts in bytes.
_ELSEWHERE = frozenset({"queryString"})


def check(operation: str, request: Mapping[str, Any]) -> None:
    """
    Hold a request against the description of its operation.

    Raises:
        ApiError: it breaks some of the constraints; the message names all of them.
    """
    shape = _service().operation_model(operation).input_shape
    broken = list(_broken(request, shape, "")) if shape is not None else []
    if broken:
        noun = "error" if len(broken) == 1 else "errors"
        raise invalid_request(f"{len(broken)} validation {noun} detected: {'; '.join(broken)}")


def has_operation(name: str) -> bool:
    """Tell whether the service has an operation of this name."""
    return name in _service().operation_names


@lru_cache(maxsize=1)
def _service() -> Any:
    import botocore.session

    make: Any = botocore.session.get_session
    return make().get_service_model("athena")


def _broken(value: Any, shape: Any, path: str) -> Iterator[str]:
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            for name, member in shape.members.items():
                inner = f"{path}.{_lower(name)}" if path else _lower(name)
                if value.get(name) is not None:
                    yield from _broken(value[name], member, inner)
                elif name in shape.required_members:
                    yield f"Value null at '{inner}' failed to satisfy constraint: Member must not be null"
        case "list" if isinstance(value, list):
            yield from _length(value, len(value), shape, path)
            for number, each in enumerate(value, 1):
                yield from _broken(each, shape.member, f"{path}.{number}.member")
        case "map" if isinstance(value, Mapping):
            yield from _length(value, len(value), shape, path)
        case "string" if isinstance(value, str):
            yield from _text(value, shape, path)
        case "integer" | "long" if isinstance(value, int) and not isinstance(value, bool):
            minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
            if minimum is not None and value < minimum:
                yield _sentence(value, path, f"Member must have value greater than or equal to {minimum}")
            if maximum is not None and value > maximum:
                yield _sentence(value, path, f"Member must have value less than or equal to {maximum}")
        case "boolean" if isinstance(value, bool):
            pass
        case "double" | "float" | "timestamp" | "blob":
            pass
        case kind:
            yield _sentence(value, path, f"Member must be of the type {kind}")


def _text(value: str, shape: Any, path: str) -> Iterator[str]:
    if path in _ELSEWHERE:
        return
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield _sentence(value, path, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
    yield from _length(value, len(value), shape, path)
    pattern = shape.metadata.get("pattern")
    # Patterns that name surrogates are Java's way to say "any character", which Python reads otherwise.
    if pattern and "\\uD" not in pattern and not re.fullmatch(pattern, value):
        yield _sentence(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _length(value: Any, length: int, shape: Any, path: str) -> Iterator[str]:
    minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
    if minimum is not None and length < minimum:
        yield _sentence(value, path, f"Member must have length greater than or equal to {minimum}")
    if maximum is not None and length > maximum:
        yield _sentence(value, path, f"Member must have length less than or equal to {maximum}")


def _sentence(value: Any, path: str, constraint: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {constraint}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
