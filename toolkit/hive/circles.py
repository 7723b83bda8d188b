"""
Which references of a schema lead back to themselves: the circles that make it recursive.

Two schemas are of one circle if each of them is reached from the other by references (Tarjan's strongly connected
components, https://doi.org/10.1137/0201010). Whatever stands in no circle unfolds to something finite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.errors import SchemaError
from toolkit.schema import Schema
from toolkit.schema.structure import subschemas

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
# What speaks of no value that a column holds, or of none before somebody refers to it.
_ASIDE = frozenset(["not", "propertyNames", "contentSchema", "definitions", "$defs"])


def circles(schema: Schema) -> dict[str, int]:
    """
    Return, by URI, the number of the circle in which each recursive schema stands that *schema* refers to.

    A reference that leads nowhere is left to whoever follows it; a dynamic one counts as if *schema* had no scope around it.
    """
    found: dict[str, int] = {}
    # Tarjan's algorithm in a loop, so that a long chain of references costs no stack.
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_uris: list[str] = []
    is_open: set[str] = set()
    targets: dict[str, dict[str, Schema]] = {}

    def enter(uri: str, target: Schema) -> tuple[str, Iterator[tuple[str, Schema]]]:
        order[uri] = lowest[uri] = len(order)
        open_uris.append(uri)
        is_open.add(uri)
        targets[uri] = _targets(target)
        return uri, iter(targets[uri].items())

    # The schema itself is no target of its own walk: "" stands for it, which no URI with a target is.
    stack = [enter("", schema)]
    while stack:
        uri, rest = stack[-1]
        for inner, target in rest:
            if inner not in order:
                stack.append(enter(inner, target))
                break
            if inner in is_open:
                lowest[uri] = min(lowest[uri], order[inner])
        else:
            stack.pop()
            if stack:
                lowest[stack[-1][0]] = min(lowest[stack[-1][0]], lowest[uri])
            if lowest[uri] == order[uri]:
                place = open_uris.index(uri)
                group = open_uris[place:]
                del open_uris[place:]
                is_open.difference_update(group)
                if len(group) > 1 or uri in targets[uri]:
                    found.update(dict.fromkeys(group, order[uri]))
    return found


def _targets(schema: Schema) -> dict[str, Schema]:
    """Return, by URI, what the references inside *schema* lead to."""
    found: dict[str, Schema] = {}
    seen: set[tuple[str, str]] = set()
    stack = [schema]
    while stack:
        here = stack.pop()
        contents = here.contents
        if not isinstance(contents, Mapping):
            continue
        for keyword in _REFERENCES:
            ref = contents.get(keyword)
            if isinstance(ref, str) and keyword in here.dialect.keywords and (here.base_uri, ref) not in seen:
                seen.add((here.base_uri, ref))
                try:
                    target = here.resolve(ref)
                except SchemaError:
                    continue
                found[target.uri] = target
        if here.dialect.generation <= 7 and "$ref" in contents:
            continue
        for tokens, inner in subschemas(contents, here.dialect):
            if tokens[0] not in _ASIDE and not isinstance(inner, bool):
                stack.append(here.subschema(*tokens))
    return found
