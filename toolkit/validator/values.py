"""Emitters of the keywords that judge a value by itself: type, enum, const, strings and numbers."""

from __future__ import annotations

import functools
import itertools
import re

from toolkit.dataclass import replace
from toolkit.schema import Schema
from toolkit.schema.dialect import words
from toolkit.validator.place import Place, Texts
from toolkit.validator.source import Writer
from toolkit.validator.wording import counted, json_text, listed, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler

# Keywords that never decide about validity.
ANNOTATIONS = words(
    "$schema $id id $anchor $dynamicAnchor $recursiveAnchor $vocabulary $comment $defs definitions title description "
    "default deprecated readOnly writeOnly examples contentMediaType contentEncoding contentSchema"
)
# Of these, what decides in draft 7.
_CONTENT = words("contentEncoding contentMediaType")
# Up to here an integral float is the integer that it was written as, and its remainder by an integer does not overflow.
_EXACT_IN_FLOATS = 2**53
_CALLS_BEFORE_COMPILING = 300
# Python reads a longer sum with a deeper stack.
_MOST_SUMMED = 32
# A regex counts no further than some 2**32.
_LONGEST_COUNTED = 2**31
TYPE_GUARDS = {
    "string": "type({0}) is str",
    "number": "type({0}) is int or type({0}) is float",
    "array": "type({0}) is list",
    "object": "type({0}) is dict",
}
# True where the instance is not of the type. `x - x` is zero, and so false, but for infinity and NaN, which are no JSON.
_FAILURES = {
    "string": "type({0}) is not str",
    "number": "(type({0}) is not float or {0} - {0}) and type({0}) is not int",
    "integer": "type({0}) is not int and (type({0}) is not float or not {0}.is_integer())",
    "array": "type({0}) is not list",
    "object": "type({0}) is not dict",
    "boolean": "{0} is not True and {0} is not False",
    "null": "{0} is not None",
}


def types_of(schema: Schema) -> list[str]:
    """Return the types that *schema* names, without ``integer`` beside ``number``."""
    contents: Any = schema.contents
    named = contents["type"]
    if isinstance(named, str):
        return [named]
    return [name for name in dict.fromkeys(named) if name != "integer" or "number" not in named]


def type_failure(compiler: Compiler, schema: Schema, variable: str) -> str:
    """Return an expression that is true where *variable* is of none of the types."""
    types = types_of(schema)
    unknown = [name for name in types if name not in _FAILURES]
    if unknown:
        raise compiler.fault(schema, f"expected a JSON type, found {json_text(unknown[0])}", "type")
    failures = []
    for name in types:
        if name == "integer" and schema.dialect.generation == 4:
            failures.append(f"type({variable}) is not int")
        else:
            text = _FAILURES[name].format(variable)
            failures.append(f"({text})" if len(types) > 1 else text)
    return " and ".join(failures) or "True"


def emit_type(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> Place:
    """Write the test of ``type`` and return what the place knows after it."""
    types = types_of(schema)
    if types == [at.known_type] and not at.reporting and not (at.raising and _refuses_the_empty_text(schema)):
        return at
    if at.raising:
        failure = type_failure(compiler, schema, at.variable)
        _emit_raising(compiler, schema, types, failure, at, writer)
        return at.knowing(types[0]) if len(types) == 1 else at.knowing(None)
    with writer.block(f"if {type_failure(compiler, schema, at.variable)}:"):
        if at.reporting:
            writer.line(f"foreign({at.variable})")
            expected = " or ".join(types) if len(types) < 3 else f"{', '.join(types[:-1])} or {types[-1]}"
            compiler.fail(writer, at, "type", expected)
        else:
            # A type that generated code can't judge stops the function here; see the module `foreign`.
            writer.line(f"return foreign({at.variable})")
    return at.knowing(types[0]) if len(types) == 1 and not at.reporting else at.knowing(None)


def _emit_raising(
    compiler: Compiler, schema: Schema, types: list[str], failure: str, at: Place, writer: Writer
) -> None:
    """Write the test of ``type`` so that the commonest value of the type passes in the fewest steps."""
    variable = at.variable
    refuse = f"return foreign({variable})"
    match types:
        case ["string"] if _refuses_the_empty_text(schema):
            # Of all texts only the empty one is in an empty text.
            with writer.block(f"if {variable} in '':"):
                writer.line("return False")
        case ["string"] if _needs_text(compiler, schema):
            pass
        case ["string"]:
            # Only text is looked for in a text; this takes half as long as a test of the type.
            writer.line(f"{variable} in ''")
        case ["string", "null"] | ["null", "string"]:
            writer.line(f"if {variable} is not None: {variable} in ''")
        case ["integer"] if schema.dialect.generation > 4:
            with writer.block(f"if type({variable}) is not int:"):
                writer.line(f"if type({variable}) is not float or not {variable}.is_integer(): {refuse}")
        case ["number"] if _has_both_bounds(schema):
            # Infinity and NaN are beyond them.
            writer.line(f"if type({variable}) is not float and type({variable}) is not int: {refuse}")
        case ["number"] if "multipleOf" not in schema.contents and at.texts and at.texts.take_number(at, writer):  # type: ignore[operator]
            writer.line(f"if type({variable}) is not float and type({variable}) is not int: {refuse}")
        case ["number"]:
            with writer.block(f"if type({variable}) is float:"):
                writer.line(f"if {variable} - {variable}: {refuse}")
            writer.line(f"elif type({variable}) is not int: {refuse}")
        case ["boolean"]:
            writer.line(f"if type({variable}) is not bool: {refuse}")
        case _:
            writer.line(f"if {failure}: {refuse}")


def _refuses_the_empty_text(schema: Schema) -> bool:
    """Tell whether *schema* asks for text of at least one character, which one step tells where refusals may raise."""
    contents: Any = schema.contents
    known = schema.dialect.keywords.intersection(contents)
    return {"type", "minLength"} <= known and contents["minLength"] == 1 and types_of(schema) == ["string"]


def _needs_text(compiler: Compiler, schema: Schema) -> bool:
    """Tell whether a keyword of *schema* is judged by what raises, or refuses, at everything but text."""
    contents: Any = schema.contents
    known = schema.dialect.keywords.intersection(contents)
    if "pattern" in known:
        from toolkit.validator.patterns import pattern_search, plain_class, plain_prefix

        pattern = contents["pattern"]
        if plain_class(pattern) is not None:
            return True
        return not plain_prefix(pattern) and isinstance(getattr(pattern_search(pattern), "__self__", None), re.Pattern)
    if "format" in known and asserts_format(compiler, schema):
        from toolkit.validator.formats import quick_pattern

        return quick_pattern(contents["format"]) is not None
    # One text is compared; many are a set, which takes no list, and in which a number is not.
    return "enum" in known and len(contents["enum"]) > 1 and all(isinstance(one, str) for one in contents["enum"])


def _has_both_bounds(schema: Schema) -> bool:
    """Tell whether `emit_bounds` writes a least and a greatest number for *schema*."""
    contents: Any = schema.contents
    return all(
        keyword in contents or not isinstance(contents.get(exclusive, True), bool)
        for keyword, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
    )


def emit_const(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``const``: equal to one value."""
    contents: Any = schema.contents
    _emit_equal(compiler, at, writer, "const", [contents["const"]])


def emit_enum(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``enum``: equal to one of some values."""
    contents: Any = schema.contents
    _emit_equal(compiler, at, writer, "enum", contents["enum"])


def _emit_equal(compiler: Compiler, at: Place, writer: Writer, keyword: str, choices: list[Any]) -> None:
    variable, space = at.variable, compiler.space
    texts = [choice for choice in choices if isinstance(choice, str)]
    others = [choice for choice in choices if choice is not None and not isinstance(choice, str)]
    if not others:
        null = f"{variable} is not None and " if len(texts) < len(choices) else ""
        is_text = at.known_type == "string" and not at.reporting
        # What has no place in a set has a TypeError.
        known = "" if is_text or (at.raising and len(texts) > 1) else f"type({variable}) is not str or "
        if not choices:
            failure = "True"
        elif not texts:
            failure = f"{variable} is not None"
        elif len(texts) == 1:
            failure = f"{null}({known}{variable} != {space.bind(texts[0], 'choice')})"
        else:
            failure = f"{null}({known}{variable} not in {space.bind(frozenset(texts), 'choices')})"
    else:
        from toolkit.validator.equality import one_of

        failure = f"not {space.bind(one_of(choices), 'equals')}({variable})"
    with writer.block(f"if {failure}:"):
        if not at.reporting and not others:
            writer.line(f"return foreign({variable})")
        else:
            writer.line(f"foreign({variable})")
            compiler.fail(writer, at, keyword, lambda: listed(choices, "or") if choices else "no value")


def emit_lengths(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``minLength`` and ``maxLength``, in characters of Unicode."""
    contents: Any = schema.contents
    if at.raising and _refuses_the_empty_text(schema):
        # The test of the type has told.
        schema = replace(
            schema, contents={keyword: contents[keyword] for keyword in contents if keyword != "minLength"}
        )
    emit_limits(compiler, schema, at, writer, ("minLength", "maxLength"), "character")


def emit_limits(
    compiler: Compiler, schema: Schema, at: Place, writer: Writer, keywords: tuple[str, str], noun: str
) -> None:
    """Write the least and the greatest size of a string, array or object."""
    contents: Any = schema.contents
    if not at.reporting and all(keyword in contents for keyword in keywords):
        least, most = (compiler.space.bind(contents[keyword], "limit") for keyword in keywords)
        with writer.block(f"if not {least} <= len({at.variable}) <= {most}:"):
            writer.line("return False")
        return
    for keyword, operator, phrase in zip(keywords, ("<", ">"), ("at least", "at most"), strict=True):
        if keyword in contents:
            limit = compiler.space.bind(contents[keyword], "limit")
            with writer.block(f"if len({at.variable}) {operator} {limit}:"):
                compiler.fail(writer, at, keyword, functools.partial(_sized, phrase, contents[keyword], noun))


def _sized(phrase: str, size: float, noun: str) -> str:
    return f"{phrase} {counted(size, noun)}"


def pattern_failure(compiler: Compiler, pattern: str, variable: str) -> str:
    """Return an expression that is true where *pattern* does not match in the text *variable*; without a regex if it can be."""
    from toolkit.validator.patterns import pattern_search, plain_class, plain_prefix

    space = compiler.space
    if prefix := plain_prefix(pattern):
        return f"{variable}[:{len(prefix)}] != {space.bind(prefix, 'prefix')}"
    plain = plain_class(pattern)
    if plain is None:
        return f"not {space.bind(pattern_search(pattern), 'search')}({variable})"
    characters, least, most = plain
    failure = f"{variable}.strip({space.bind(characters, 'characters')})"
    if least == most:
        failure += f" or len({variable}) != {least}"
    elif most is not None:
        failure += f" or not {least} <= len({variable}) <= {most}"
    elif least == 1:
        failure += f" or not {variable}"
    elif least:
        failure += f" or len({variable}) < {least}"
    return failure


def emit_pattern(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``pattern``: a match anywhere in the text."""
    contents: Any = schema.contents
    failure = pattern_failure(compiler, contents["pattern"], at.variable)
    if at.texts and (text := _line_pattern(contents["pattern"])) and at.texts.take(at, writer, text, failure):
        return
    with writer.block(f"if {failure}:"):
        compiler.fail(writer, at, "pattern", lambda: f"a match of {shortened(contents['pattern'])}")


@functools.lru_cache(maxsize=1024)
def _line_pattern(pattern: str) -> str | None:
    """Return a pattern of whole texts without line feeds that accepts no more than *pattern* does; None where there is none."""
    from toolkit.validator.bulk.charset import ANY_STRING, pattern_text
    from toolkit.validator.bulk.shape import Unfit

    try:
        return pattern_text(pattern).replace(ANY_STRING, rb"[^\n]*+").decode("ascii")
    except Unfit:
        return None


def emit_texts(compiler: Compiler, texts: Texts, writer: Writer) -> None:
    """Write what judges all *texts* at once, and one by one where that fails."""
    together = "\n".join(f"(?:{pattern})" for pattern, _ in texts.entries.values())
    with writer.block(f"if not {late_match(compiler, together)}(lines(({', '.join(texts.entries)}))):"):
        for _, line in texts.entries.values():
            writer.line(line)


def emit_finite(compiler: Compiler, numbers: list[str], writer: Writer) -> None:
    """Write what refuses Infinity and NaN, which are no JSON: the sum of finite *numbers* is finite, but for the largest."""
    for start in range(0, len(numbers), _MOST_SUMMED):
        some = numbers[start : start + _MOST_SUMMED]
        differences = " or ".join(f"{number} - {number}" for number in some)
        if len(some) > 1:
            total = compiler.space.name("total")
            writer.line(f"{total} = {' + '.join(some)}")
            differences = f"{total} - {total} and ({differences})"
        writer.line(f"if {differences}: return False")


def late_match(compiler: Compiler, pattern: str) -> str:
    """Return the name of a function that tells whether *pattern* matches a whole text; until it pays, it does not know."""
    space = compiler.space
    name = space.name("joint")
    calls = itertools.count(1)

    def undecided(_: str) -> None:
        # A regex takes as long to compile as some thousand texts to judge without it.
        if next(calls) == _CALLS_BEFORE_COMPILING:
            space.values[name] = re.compile(pattern).fullmatch

    space.values[name] = undecided
    return name


def what_is_said(schema: Schema) -> frozenset[str]:
    """Return the keywords of *schema* that may refuse something."""
    contents = schema.contents
    return (
        refusing(schema, schema.dialect.keywords.intersection(contents)) if isinstance(contents, dict) else frozenset()
    )


def refusing(schema: Schema, known: frozenset[str]) -> frozenset[str]:
    """Return those of the *known* keywords of *schema* that may refuse something."""
    return known - ANNOTATIONS | (known & _CONTENT if schema.dialect.generation == 7 else frozenset())


def text_choices(schema: Schema) -> frozenset[str] | None:
    """Return the texts of the ``enum`` or ``const`` of *schema* where that is all it says; None where it says more."""
    contents: Any = schema.contents
    said = what_is_said(schema)
    if len(said) != 1 and not ("type" in said and types_of(schema) == ["string"] and len(said) == 2):
        return None
    choices = contents["enum"] if "enum" in said else [contents["const"]] if "const" in said else []
    return frozenset(choices) if all(isinstance(choice, str) for choice in choices) else None


def text_pattern(compiler: Compiler, schema: Schema) -> str | None:
    """Return a pattern of texts without line feeds that *schema*, which asks for text, accepts; None where there is none."""
    contents: Any = schema.contents
    said = what_is_said(schema)
    if "type" not in said or types_of(schema) != ["string"]:
        return None
    if said == {"type", "pattern"}:
        return _line_pattern(contents["pattern"])
    if said == {"type", "format"} and asserts_format(compiler, schema):
        from toolkit.validator.formats import quick_pattern

        return quick_pattern(contents["format"])
    if said != {"type"} and said <= {"type", "minLength", "maxLength"}:
        least, most = contents.get("minLength", 0), contents.get("maxLength", _LONGEST_COUNTED)
        if isinstance(least, int) and isinstance(most, int) and least <= most <= _LONGEST_COUNTED:
            return f"[^\\n]{{{least},{most if 'maxLength' in contents else ''}}}+"
    return None


def emit_format(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``format``, where the caller or the dialect asserts it; an unknown format says nothing."""
    contents: Any = schema.contents
    if not asserts_format(compiler, schema):
        return
    from toolkit.validator.formats import format_check, quick_match, quick_pattern

    known = format_check(contents["format"], schema.dialect.generation)
    if known is None:
        return
    failure = f"not {compiler.space.bind(known, 'is_format')}({at.variable})"
    quick = quick_match(contents["format"])
    if quick is not None:
        failure = f"not {compiler.space.bind(quick, 'quick')}({at.variable}) and {failure}"
        text = quick_pattern(contents["format"])
        if at.texts and text and at.texts.take(at, writer, text, failure):
            return
    with writer.block(f"if {failure}:"):
        compiler.fail(writer, at, "format", lambda: f"the format {shortened(contents['format'])}")


def asserts_format(compiler: Compiler, schema: Schema) -> bool:
    """Tell whether ``format`` of *schema* decides, and does not merely inform."""
    dialect, chosen = schema.dialect, compiler.options.formats
    # A metaschema that requires the vocabulary of assertion is not overruled; the default of another is.
    return bool(chosen) or (dialect.asserts_format and (chosen is None or dialect.generation in (2019, 2020)))


def emit_content(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``contentEncoding`` and ``contentMediaType``: asserted in draft 7 alone, unless formats are switched off."""
    if compiler.options.formats is False or schema.dialect.generation != 7:
        return
    from toolkit.validator.formats.content import content_check

    contents: Any = schema.contents
    encoding, media_type = contents.get("contentEncoding"), contents.get("contentMediaType")
    known = content_check(encoding, media_type)
    if known is None:
        return
    keyword = "contentMediaType" if media_type else "contentEncoding"
    with writer.block(f"if not {compiler.space.bind(known, 'is_content')}({at.variable}):"):
        compiler.fail(writer, at, keyword, shortened(" as ".join(filter(None, (media_type, encoding)))))


def emit_bounds(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``minimum``, ``maximum`` and their exclusive forms; written so that NaN is refused by each."""
    contents: Any = schema.contents
    for keyword, exclusive, operator, phrase in (
        ("minimum", "exclusiveMinimum", ">", "at least"),
        ("maximum", "exclusiveMaximum", "<", "at most"),
    ):
        # In draft 4 the exclusive form is a boolean beside the inclusive one.
        flag = contents.get(exclusive)
        limits = []
        if keyword in contents:
            limits.append((keyword, contents[keyword], flag is True))
        if exclusive in contents and not isinstance(flag, bool):
            limits.append((exclusive, flag, True))
        if at.raising and at.known_type == "number":
            # The values are floats mostly, and two floats are compared faster than a float and an integer.
            limits = [(name, _as_float(limit), is_exclusive) for name, limit, is_exclusive in limits]
        for name, limit, is_exclusive in limits:
            comparison = operator if is_exclusive else f"{operator}="
            words_ = f"{'more' if operator == '>' else 'less'} than" if is_exclusive else phrase
            with writer.block(f"if not {at.variable} {comparison} {compiler.space.bind(limit, 'limit')}:"):
                compiler.fail(writer, at, name, functools.partial(_bounded, words_, limit))


def _bounded(phrase: str, limit: float) -> str:
    return f"{phrase} {json_text(limit)}"


def _as_float(limit: int | float) -> int | float:
    return float(limit) if abs(limit) <= _EXACT_IN_FLOATS else limit


def emit_multiple_of(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """``multipleOf``, exact in decimals."""
    contents: Any = schema.contents
    divisor = contents["multipleOf"]
    from toolkit.validator.numbers import multiple_of

    failure = f"not {compiler.space.bind(multiple_of(divisor), 'is_multiple')}({at.variable})"
    if isinstance(divisor, int) and divisor <= _EXACT_IN_FLOATS:
        limit = compiler.space.bind(float(_EXACT_IN_FLOATS), "limit")
        is_exact = f"type({at.variable}) is int or -{limit} < {at.variable} < {limit}"
        failure = f"{at.variable} % {compiler.space.bind(divisor, 'divisor')} if {is_exact} else {failure}"
    with writer.block(f"if {failure}:"):
        compiler.fail(writer, at, "multipleOf", lambda: f"a multiple of {json_text(divisor)}")
