"""Emitters of the keywords that apply subschemas to the same instance."""

from __future__ import annotations

from toolkit.schema import Schema
from toolkit.validator.place import Place
from toolkit.validator.source import Writer
from toolkit.validator.unions import by_tag, by_type

# From here on a table finds the branch of a tag faster than comparing.
_MANY_BRANCHES = 8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler


def emit_references(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``$ref``, ``$dynamicRef`` and ``$recursiveRef``: what they mean, in place if it is small, else as a call."""
    contents: Any = schema.contents
    for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
        if keyword in contents and keyword in schema.dialect.keywords:
            target = compiler.referenced(schema, keyword, at.scope)
            place = at.at_keyword(keyword)
            key = compiler.key(target, at)
            if compiler.loop(key, place, writer):
                continue
            if compiler.is_leaf(target):
                compiler.emit_or_call(target, place, writer)
            elif not at.reporting and not at.evaluated and compiler.may_inline((target,), writer):
                with compiler.inlining((target,)), compiler.looping(key, (target,), place, writer) as (inner, body):
                    compiler.emit_or_call(target, inner, body)
            else:
                compiler.call(target, place, writer)


def emit_all_of(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``allOf``: each of them."""
    contents: Any = schema.contents
    for index in range(len(contents["allOf"])):
        compiler.emit_or_call(schema.subschema("allOf", index), at.at_keyword("allOf", index), writer)


def emit_any_of(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``anyOf``: at least one; where fields are tracked, every one that accepts is heard."""
    branches = _branches(schema, "anyOf")
    if not at.reporting and not at.evaluated and emit_told_apart(compiler, branches, at.loosely(), writer):
        return
    if at.evaluated:
        count = _count_tracked(compiler, branches, at, writer)
        failure = f"not {count}"
    else:
        if any(branch.contents is True for branch in branches):
            return
        conditions = [compiler.condition(branch, at) for branch in branches]
        failure = f"not ({' or '.join(conditions)})"
    with writer.block(f"if {failure}:"):
        compiler.fail(
            writer,
            at,
            "anyOf",
            _alternatives("a match of", len(branches)),
            branches=_reports(compiler, branches, at, "anyOf"),
        )


def emit_one_of(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``oneOf``: exactly one; the verdict stops at the second match."""
    branches = _branches(schema, "oneOf")
    if not at.reporting and not at.evaluated and emit_told_apart(compiler, branches, at.loosely(), writer):
        return
    if at.evaluated:
        count = _count_tracked(compiler, branches, at, writer)
    else:
        count = compiler.space.name("count")
        conditions = [compiler.condition(branch, at) for branch in branches]
        writer.line(f"{count} = {conditions[0]} + 0")
        for condition in conditions[1:]:
            if at.reporting:
                writer.line(f"{count} += {condition}")
            else:
                with writer.block(f"if {condition}:"):
                    writer.line(f"if {count}: return False")
                    writer.line(f"{count} = 1")
    expected = _alternatives("a match of exactly", len(branches))
    with writer.block(f"if {count} != 1:"):
        if at.reporting:
            matches = f"(None if {count} == 0 else f'{{{count}}} matches')"
            reports = _reports(compiler, branches, at, "oneOf")
            compiler.fail(writer, at, "oneOf", expected, found=matches, branches=f"(None if {count} else {reports})")
        else:
            compiler.fail(writer, at, "oneOf", expected)


def emit_told_apart(compiler: Compiler, branches: list[Schema], at: Place, writer: Writer) -> bool:
    """Write the verdict of a union whose branch can be told beforehand; tell whether that was possible."""
    if len(branches) == 1:
        compiler.emit_child(branches[0], at, writer)
        return True
    variable = at.variable
    choices = by_type(compiler, branches, variable, at.scope)
    if choices is not None:
        for number, choice in enumerate(choices):
            with writer.block(f"{'elif' if number else 'if'} {choice.test}:", keep=True):
                compiler.emit_child(choice.branch, at.knowing(choice.known_type), writer)
        writer.line(f"else: return foreign({variable})")
        return True
    tagged = by_tag(compiler, branches, at.scope)
    if tagged is None:
        return False
    tag = compiler.space.name("tag")
    if at.known_type != "object":
        writer.line(f"if type({variable}) is not dict: return foreign({variable})")
    writer.line(f"{tag} = {variable}.get({compiler.space.bind(tagged.key, 'key')})")
    if len(tagged.branches) > _MANY_BRANCHES:
        judges = compiler.table({value: compiler.judge_name(branch, at) for value, branch in tagged.branches})
        judge = compiler.space.name("judge")
        writer.line(f"{judge} = {judges}.get({tag}) if type({tag}) is str else None")
        writer.line(f"if {judge} is None or not {judge}({variable}): return False")
        return True
    for number, (value, branch) in enumerate(tagged.branches):
        with writer.block(f"{'elif' if number else 'if'} {tag} == {compiler.space.bind(value, 'tag')}:", keep=True):
            compiler.emit_child(branch, at.knowing("object"), writer)
    writer.line("else: return False")
    return True


def _branches(schema: Schema, keyword: str) -> list[Schema]:
    contents: Any = schema.contents
    return [schema.subschema(keyword, index) for index in range(len(contents[keyword]))]


def _count_tracked(compiler: Compiler, branches: list[Schema], at: Place, writer: Writer) -> str:
    """Write the evaluation of every branch, each into a set of its own, and return the name of the number accepted."""
    count, own = compiler.space.name("count"), compiler.space.name("evaluated")
    writer.line(f"{count} = 0")
    for branch in branches:
        writer.line(f"{own} = set()")
        with writer.block(f"if {compiler.condition(branch, at, own)}:"):
            writer.line(f"{count} += 1")
            writer.line(f"{at.evaluated} |= {own}")
    return count


def _alternatives(phrase: str, number: int) -> str:
    return f"{phrase} one of {number} alternatives" if number > 1 else "a match of its one alternative"


def _reports(compiler: Compiler, branches: list[Schema], at: Place, keyword: str) -> str:
    """Return the expression of what is needed to ask each branch later why it refused."""
    if not at.reporting:
        return "None"
    entries = [
        f"({compiler.report_name(branch, at)}, {compiler.keywords(at.at_keyword(keyword, index))})"
        for index, branch in enumerate(branches)
    ]
    return f"({', '.join(entries)},)"


def emit_not(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``not``: what it evaluates is never heard."""
    with writer.block(f"if {compiler.condition(schema.subschema('not'), at)}:"):
        compiler.fail(writer, at, "not", "no match of the schema under not")


def emit_if(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``if`` with ``then`` and ``else``; without them it only evaluates."""
    contents: Any = schema.contents
    condition_schema = schema.subschema("if")
    if at.evaluated:
        own = compiler.space.name("evaluated")
        writer.line(f"{own} = set()")
        condition = compiler.condition(condition_schema, at, own)
    elif "then" in contents or "else" in contents:
        own = None
        condition = compiler.condition(condition_schema, at)
    else:
        return
    with writer.block(f"if {condition}:", keep=True):
        if own:
            writer.line(f"{at.evaluated} |= {own}")
        if "then" in contents:
            compiler.emit_or_call(schema.subschema("then"), at.at_keyword("then"), writer)
    if "else" in contents:
        with writer.block("else:"):
            compiler.emit_or_call(schema.subschema("else"), at.at_keyword("else"), writer)
