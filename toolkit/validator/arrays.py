"""Emitters of the keywords that judge arrays."""

from __future__ import annotations

from toolkit.schema import Schema
from toolkit.validator.equality import are_unique
from toolkit.validator.numbers import are_finite
from toolkit.validator.objects import exact_type, is_number
from toolkit.validator.place import Place
from toolkit.validator.source import Writer
from toolkit.validator.values import emit_limits, late_match, text_choices, text_pattern, what_is_said
from toolkit.validator.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler


def emit_counts(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``minItems`` and ``maxItems``."""
    emit_limits(compiler, schema, at, writer, ("minItems", "maxItems"), "item")


def emit_unique(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``uniqueItems``."""
    contents: Any = schema.contents
    if contents["uniqueItems"] is True:
        are_unique_ = compiler.space.bind(are_unique, "are_unique")
        with writer.block(f"if len({at.variable}) > 1 and not {are_unique_}({at.variable}):"):
            compiler.fail(writer, at, "uniqueItems", "no two equal items")


def emit_items(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``prefixItems`` and ``items``, or their older forms ``items`` and ``additionalItems``."""
    contents: Any = schema.contents
    prefix, first, rest = prefix_and_rest(schema)
    for index in range(first):
        _emit_item_at(compiler, schema.subschema(prefix, index), at, writer, prefix, index)
    if first and at.evaluated:
        writer.line(f"{at.evaluated}.update(range({first}))")
    if rest in contents:
        _emit_rest(compiler, schema.subschema(rest), at, writer, rest, first)
        if at.evaluated:
            writer.line(f"{at.evaluated}.update(range(len({at.variable})))")


def prefix_and_rest(schema: Schema) -> tuple[str, int, str]:
    """Return the keyword that speaks of the first items, of how many it does, and the keyword for those behind them."""
    contents: Any = schema.contents
    if "prefixItems" in schema.dialect.keywords:
        return "prefixItems", len(contents.get("prefixItems", ())), "items"
    if isinstance(contents.get("items"), list):
        return "items", len(contents["items"]), "additionalItems"
    return "", 0, "items"


def _emit_item_at(compiler: Compiler, subschema: Schema, at: Place, writer: Writer, keyword: str, index: int) -> None:
    item = compiler.space.name("item")
    token = compiler.space.bind(index, "index") if at.reporting else ""
    with writer.block(f"if len({at.variable}) > {index}:"):
        start = len(writer.lines)
        writer.line(f"{item} = {at.variable}[{index}]")
        compiler.emit_child(subschema, at.at_child(item, token, keyword, index), writer)
        if len(writer.lines) == start + 1:
            writer.lines.pop()


def _emit_rest(compiler: Compiler, subschema: Schema, at: Place, writer: Writer, keyword: str, start: int) -> None:
    variable = at.variable
    if subschema.contents is False and not at.reporting:
        with writer.block(f"if len({variable}) > {start}:"):
            compiler.fail(writer, at, keyword, "")
        return
    if at.reporting:
        item, index = compiler.space.name("item"), compiler.space.name("index")
        with writer.block(f"for {index}, {item} in enumerate({variable}{f'[{start}:], {start}' if start else ''}):"):
            compiler.emit_child(subschema, at.at_child(item, index, keyword), writer)
    elif start:
        _emit_each(compiler, subschema, at, writer, keyword, f"{variable}[{start}:]")
    else:
        emit_every(compiler, subschema, at, writer, keyword, variable)


def emit_every(compiler: Compiler, subschema: Schema, at: Place, writer: Writer, keyword: str, items: str) -> None:
    """Write the verdict about each of *items*, an expression of the items or the values of ``at.variable``."""
    if at.raising and _emit_all_at_once(compiler, subschema, at, writer, keyword, items):
        return
    quick = _quick_items(compiler, subschema, items)
    if quick == "try" and at.raising:
        writer.line(f"join({items})")
    elif quick == "try":
        # Much faster than a look at each, and it refuses what is no text.
        writer.line(f"try: join({items})")
        with writer.block("except TypeError:"):
            _emit_each(compiler, subschema, at, writer, keyword, items)
    else:
        with writer.block(quick) if quick else writer.inline():
            _emit_each(compiler, subschema, at, writer, keyword, items)


def _emit_all_at_once(
    compiler: Compiler, subschema: Schema, at: Place, writer: Writer, keyword: str, items: str
) -> bool:
    """Write a verdict about all *items* in a few steps, and about each where these can't tell; tell whether that was possible."""
    space = compiler.space
    if is_number(subschema):
        total = space.name("total")
        with writer.block("try:"):
            # Only floats have this method; the sum of finite ones is finite, but for the largest.
            writer.line(f"{total} = sum(map(floats, {items}))")
            writer.line(f"if {total} - {total}: raise TypeError")
        with writer.block("except (TypeError, OverflowError):"):
            _emit_each(compiler, subschema, at, writer, keyword, items)
        return True
    choices = text_choices(subschema)
    if choices:
        writer.line(f"if not {space.bind(choices, 'choices')}.issuperset({items}): return False")
        return True
    pattern = text_pattern(compiler, subschema) if exact_type(subschema) is None else None
    if pattern:
        match, together = late_match(compiler, f"(?:{pattern})(?:\\n(?:{pattern}))*+"), space.name("together")
        with writer.block(f"if {at.variable}:"):
            writer.line(f"{together} = lines({items})")
            # A line feed in a text would make two of it.
            with writer.block(f"if {together}.count('\\n') >= len({at.variable}) or not {match}({together}):"):
                _emit_each(compiler, subschema, at, writer, keyword, items)
        return True
    if _is_mere_array(subschema):
        inner = space.name("items")
        writer.line(f"if [*map(type, {items})].count(list) != len({at.variable}): raise TypeError")
        _emit_lengths(compiler, subschema, at, writer, items)
        writer.line(f"{inner} = [*chain({items})]")
        emit_every(compiler, subschema.subschema("items"), at.at_child(inner, "", keyword), writer, "items", inner)
        return True
    return False


def _is_mere_array(schema: Schema) -> bool:
    """Tell whether *schema* asks for an array of which it tells the items, all alike, and maybe their number."""
    contents: Any = schema.contents
    if not isinstance(contents, dict) or "items" not in contents or not isinstance(contents["items"], dict | bool):
        return False
    return contents.get("type") == "array" and what_is_said(schema) <= {"type", "items", "minItems", "maxItems"}


def _emit_lengths(compiler: Compiler, schema: Schema, at: Place, writer: Writer, items: str) -> None:
    """Write the verdict about the lengths of all *items*."""
    contents: Any = schema.contents
    least, most = contents.get("minItems"), contents.get("maxItems")
    if least is not None and least == most:
        writer.line(
            f"if [*map(len, {items})].count({compiler.space.bind(least, 'limit')}) != len({at.variable}): return False"
        )
        return
    for extreme, operator, bound in (("min", "<", least), ("max", ">", most)):
        if bound is not None:
            limit = compiler.space.bind(bound, "limit")
            writer.line(f"if {extreme}(map(len, {items}), default={limit}) {operator} {limit}: return False")


def _emit_each(compiler: Compiler, subschema: Schema, at: Place, writer: Writer, keyword: str, items: str) -> None:
    item = compiler.space.name("item")
    before = len(writer.lines)
    with writer.block(f"for {item} in {items}:"):
        compiler.emit_child(subschema, at.at_child(item, "", keyword), writer)
    writer.take_all(before, item, items)


def _quick_items(compiler: Compiler, subschema: Schema, variable: str) -> str:
    """Return the block header of a quick test for items of one plain type, "try" for texts, "" where there is none."""
    exact = exact_type(subschema)
    if exact is str:
        return "try"
    if exact is not None:
        # Counted in C, which is faster than a loop of our own.
        return f"if [*map(type, {variable})].count({compiler.space.bind(exact, 'kind')}) != len({variable}):"
    if is_number(subschema):
        finite = compiler.space.bind(are_finite, "are_finite")
        return f"if [*map(type, {variable})].count(float) != len({variable}) or not {finite}({variable}):"
    return ""


def counts_of_contained(schema: Schema) -> tuple[int, int | None]:
    """Return how many items ``contains`` of *schema* has to accept, and how many it may; None for any number."""
    contents: Any = schema.contents
    if "minContains" not in schema.dialect.keywords:
        return 1, None
    return contents.get("minContains", 1), contents.get("maxContains")


def emit_contains(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``contains``, with ``minContains`` and ``maxContains``; since 2020-12 the matching items count as evaluated."""
    contents: Any = schema.contents
    least, most = counts_of_contained(schema)
    space = compiler.space
    index, item, count = space.name("index"), space.name("item"), space.name("count")
    subschema = schema.subschema("contains")
    condition = compiler.condition(subschema, at.at_child(item, "", "contains"))
    writer.line(f"{count} = 0")
    with writer.block(f"for {index}, {item} in enumerate({at.variable}):"), writer.block(f"if {condition}:"):
        writer.line(f"{count} += 1")
        if at.evaluated and schema.dialect.generation >= 2020:
            writer.line(f"{at.evaluated}.add({index})")
    if least > 0:
        keyword = "minContains" if "minContains" in schema.dialect.keywords.intersection(contents) else "contains"
        with writer.block(f"if {count} < {space.bind(least, 'limit')}:"):
            compiler.fail(writer, at, keyword, f"at least {counted(least, 'matching item')}")
    if most is not None:
        with writer.block(f"if {count} > {space.bind(most, 'limit')}:"):
            compiler.fail(writer, at, "maxContains", f"at most {counted(most, 'matching item')}")


def emit_unevaluated(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``unevaluatedItems``: what no other keyword here evaluated."""
    space = compiler.space
    index, item = space.name("index"), space.name("item")
    subschema = schema.subschema("unevaluatedItems")
    loop = writer.block(f"for {index}, {item} in enumerate({at.variable}):")
    with loop, writer.block(f"if {index} not in {at.evaluated}:"):
        child = at.at_child(item, index, "unevaluatedItems")
        if subschema.contents is False:
            compiler.fail(writer, child, "unevaluatedItems", "no such item", keyword_tokens=())
        else:
            compiler.emit_child(subschema, child, writer)
    if not at.reporting:
        writer.line(f"{at.evaluated}.update(range(len({at.variable})))")
