"""
Unions whose branch can be told beforehand: by the type of the instance, or by a field that names its kind.

Where at most one branch can accept, ``anyOf`` and ``oneOf`` mean the same, and one test replaces trying them all.
"""

from __future__ import annotations

from toolkit.dataclass import dataclass
from toolkit.schema import Schema
from toolkit.validator.place import Scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler

# Whether an instance is of a type, as an expression about the variable {0}.
_TESTS = {
    "null": "{0} is None",
    "string": "type({0}) is str",
    "object": "type({0}) is dict",
    "array": "type({0}) is list",
    "boolean": "type({0}) is bool",
    "number": "(type({0}) is int or type({0}) is float)",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The types that lead to one branch, as a test of them, and the branch."""

    types: frozenset[str]
    test: str
    branch: Schema

    @property
    def known_type(self) -> str | None:
        """The type of what passes the test, if that is one."""
        return next(iter(self.types)) if len(self.types) == 1 else None


@dataclass(frozen=True, slots=True)
class Tagged:
    """The field that tells the branches apart, and the branch for each of its values."""

    key: str
    branches: tuple[tuple[str, Schema], ...]


def by_type(compiler: Compiler, branches: list[Schema], variable: str, scope: Scope) -> list[Choice] | None:
    """Return the branches with a test each, or None where their types are not known or overlap."""
    choices = []
    taken: set[str] = set()
    for branch in branches:
        types = _types(compiler, branch, scope)
        if types is None or not taken.isdisjoint(types):
            return None
        taken |= types
        tests = [_TESTS[name].format(variable) for name in sorted(types)]
        choices.append(Choice(frozenset(types), " or ".join(tests), branch))
    return choices


def _types(compiler: Compiler, branch: Schema, scope: Scope) -> set[str] | None:
    contents = _followed(compiler, branch, scope)
    if contents is None:
        return None
    named = contents.get("type")
    types = {named} if isinstance(named, str) else set(named or ())
    # What is an integer may be a float in Python, so the two go together here.
    types = {"number" if name == "integer" else name for name in types}
    return types if types and types <= _TESTS.keys() else None


def by_tag(compiler: Compiler, branches: list[Schema], scope: Scope) -> Tagged | None:
    """Return the field whose constant tells the branches apart, or None where there is no such field."""
    constants = [_constants(compiler, branch, scope) for branch in branches]
    for key in constants[0]:
        values = [found[key] for found in constants if key in found]
        if len(values) == len(branches) == len(set(values)):
            return Tagged(key, tuple(zip(values, branches, strict=True)))
    return None


def _constants(compiler: Compiler, branch: Schema, scope: Scope) -> dict[str, str]:
    """Return the required fields of *branch* that must equal one text."""
    contents = _followed(compiler, branch, scope)
    if contents is None or contents.get("type") != "object" or not isinstance(contents.get("properties"), dict):
        return {}
    required = contents.get("required")
    found = {}
    for key, value in contents["properties"].items():
        if isinstance(value, dict) and isinstance(required, list) and key in required and "$ref" not in value:
            choices = [value["const"]] if "const" in value else value.get("enum")
            if isinstance(choices, list) and len(choices) == 1 and isinstance(choices[0], str):
                found[key] = choices[0]
    return found


def _followed(compiler: Compiler, schema: Schema, scope: Scope) -> dict[str, Any] | None:
    """Return the known keywords of *schema*, or of what it is a mere reference to."""
    for _ in range(20):
        contents = schema.contents
        if isinstance(contents, bool):
            return None
        scope = compiler.entered(schema, scope)
        known = {key: value for key, value in contents.items() if key in schema.dialect.keywords}
        if "$ref" not in known:
            return known
        schema = compiler.referenced(schema, "$ref", scope)
    return None
