"""
Errors in other shapes: the output formats of the specification, and a DataFrame.

Source: https://json-schema.org/draft/2020-12/json-schema-core#section-12
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from toolkit.schema.pointer import pointer_from_tokens, tokens_from_pointer
from toolkit.validator.error import ValidationError

if TYPE_CHECKING:
    import pandas as pd


def basic_output(errors: Iterable[ValidationError]) -> dict[str, Any]:
    """Return *errors* in the specification's ``basic`` format: one flat list, the reasons of unions included."""
    units = [_unit(error) for error in _flat(errors)]
    return {"valid": False, "errors": units} if units else {"valid": True}


def detailed_output(errors: Iterable[ValidationError]) -> dict[str, Any]:
    """
    Return *errors* in the specification's ``detailed`` format: a tree that follows the schema.

    A keyword with several errors below it is a node; one with a single error is left out in favour of that error.
    """
    leaves = [(tokens_from_pointer(error.keyword_location), _unit(error)) for error in _flat(errors)]
    if not leaves:
        return {"valid": True}
    root = _node(leaves, 0)
    return (
        root if "errors" in root else {"valid": False, "keywordLocation": "", "instanceLocation": "", "errors": [root]}
    )


def errors_frame(errors: Iterable[ValidationError]) -> pd.DataFrame:
    """
    Return *errors* as a DataFrame, one row each.

    Columns: json_path, keyword, expected, found, instance_location, keyword_location, nearest (the best reason of the
    nearest branch of a union, else missing), line, byte_offset.
    """
    import pandas as pd

    columns = ["json_path", "keyword", "expected", "found", "instance_location", "keyword_location"]
    rows = [
        {name: getattr(error, name) for name in columns}
        | {
            "nearest": str(error.context[0]) if error.context else None,
            "line": error.line,
            "byte_offset": error.byte_offset,
        }
        for error in errors
    ]
    frame = pd.DataFrame(rows, columns=[*columns, "nearest", "line", "byte_offset"])
    return frame.astype({"line": "Int64", "byte_offset": "Int64"})


def _flat(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        yield error
        yield from _flat(error.context)


def _unit(error: ValidationError) -> dict[str, Any]:
    unit: dict[str, Any] = {"valid": False, "keywordLocation": error.keyword_location}
    if error.absolute_keyword_location:
        unit["absoluteKeywordLocation"] = error.absolute_keyword_location
    unit["instanceLocation"] = error.instance_location
    unit["error"] = f"expected {error.expected}, found {error.found}"
    return unit


def _node(leaves: list[tuple[tuple[str, ...], dict[str, Any]]], depth: int) -> dict[str, Any]:
    """Return the node of *leaves*, which share the first *depth* tokens of their keyword locations."""
    if len(leaves) == 1:
        return leaves[0][1]
    here = [unit for tokens, unit in leaves if len(tokens) == depth]
    groups: dict[str, list[tuple[tuple[str, ...], dict[str, Any]]]] = {}
    for tokens, unit in leaves:
        if len(tokens) > depth:
            groups.setdefault(tokens[depth], []).append((tokens, unit))
    if not here and len(groups) == 1:
        return _node(leaves, depth + 1)
    locations = [tokens_from_pointer(unit["instanceLocation"]) for _, unit in leaves]
    shared = locations[0]
    for location in locations:
        while location[: len(shared)] != shared:
            shared = shared[:-1]
    children = [_node(group, depth + 1) for group in groups.values()]
    if len(here) == 1:
        # The keyword itself refused, and what stands below are its reasons.
        return here[0] | {"errors": children}
    return {
        "valid": False,
        "keywordLocation": pointer_from_tokens(leaves[0][0][:depth]),
        "instanceLocation": pointer_from_tokens(shared),
        "errors": here + children,
    }
