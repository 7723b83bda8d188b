"""
Verdicts put together from ready parts, for the first events of a large schema.

Writing source and having Python compile it takes many times as long as putting such a judge together, whose parts moreover are
made when an event first needs them. What is written is faster, and takes over after so many events that it pays.

A judge is a function of the instance, whose true value means that it is accepted. It looks before it acts, so that it raises
nothing but what a value of a foreign type or too much nesting brings. A schema with a keyword that is not in the table here, or
whose undeclared fields have to be searched for, is left to a function that is written.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable

from toolkit.schema import Schema
from toolkit.schema.dialect import words
from toolkit.validator.arrays import counts_of_contained, prefix_and_rest
from toolkit.validator.declared import REFERENCES, Applied, present, says_nothing, spells_out
from toolkit.validator.foreign import PLAIN_TYPES, foreign
from toolkit.validator.place import Scope
from toolkit.validator.strict import (
    FIELDS,
    MOST_DECIDED,
    SKIPPED,
    Group,
    Question,
    can_decide,
    can_merge,
    flattened,
    is_free,
    is_valid_and_declared,
    may_be_object,
    met_by,
    minds_below,
    questions_about,
)
from toolkit.validator.unions import by_tag, by_type
from toolkit.validator.values import asserts_format, refusing, types_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler

_URI = operator.attrgetter("uri")
Judge = Callable[["Any"], "Any"]


class Made(dict["Any", Judge]):
    """Judges by key, each made when it is first asked for."""

    def __init__(self, make: Callable[[Any], Judge]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: Any) -> Judge:
        judge = self[key] = self.make(key)
        return judge


def accept(_: object) -> bool:
    """Accept whatever it is."""
    return True


def reject(_: object) -> bool:
    """Refuse whatever it is."""
    return False


def _is_finite(number: float) -> bool:
    # Infinity and NaN, whose difference with themselves is not zero, are no JSON.
    return not number - number


# The Python types of each JSON type, and what a value of them has to be besides; in draft 4 no float is an integer.
_TYPES: dict[str, dict[type, tuple[Judge, ...]]] = {
    "string": {str: ()},
    "number": {int: (), float: (_is_finite,)},
    "integer": {int: (), float: (float.is_integer,)},
    "array": {list: ()},
    "object": {dict: ()},
    "boolean": {bool: ()},
    "null": {type(None): ()},
}


class Assembler:
    """The judges of one schema and of all that it refers to."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self._judges: dict[tuple[Any, ...], Judge] = {}
        self._by_choice: set[tuple[Any, ...]] = set()

    def judge(self, schemas: Group, scope: Scope, *, strict: bool = False, by_choice: bool = False) -> Judge:
        """
        Return the judge by all of *schemas* together, of which there is one unless *strict*.

        *by_choice* notes that it is one of several, of which each instance meets some.
        """
        if not strict:
            scope = self.compiler.entered(schemas[0], scope)
        key = (strict, scope, *map(_URI, schemas))
        judge = self._judges.get(key)
        if judge is None:
            judge = self.assembled(schemas, scope, strict=strict) or self._written(schemas, scope, strict)
            self._judges[key] = judge
            if by_choice:
                self._by_choice.add(key)
        return judge

    def is_common(self, schemas: Group, scope: Scope, *, strict: bool) -> bool:
        """Tell whether an instance met *schemas*, and not by a choice among several."""
        key = (strict, scope, *map(_URI, schemas))
        return key in self._judges and key not in self._by_choice

    def assembled(self, schemas: Group, scope: Scope, *, strict: bool) -> Judge | None:
        """Return the judge put together from ready parts, or None where these do not suffice."""
        schema = schemas[0]
        if strict and (len(schemas) > 1 or minds_below(schema)):
            return self._strictly(schemas, scope)
        return self._combined(schema, self.compiler.entered(schema, scope))

    def _written(self, schemas: Group, scope: Scope, strict: bool) -> Judge:
        from toolkit.validator.compiler import Purpose

        compiler = self.compiler
        if strict:
            name = compiler.strict_name(schemas, scope)
        else:
            name = compiler.name(schemas[0], Purpose("check", compiler.entered(schemas[0], scope)))
        values = compiler.space.values
        # It is another function once it is compiled.
        return lambda instance: values[name](instance)

    def below(self, schema: Schema, scope: Scope, *tokens: str | int, strict: bool = False) -> Made:
        """Return the judges of the schemas at *tokens* below *schema*, by the last token."""
        return Made(lambda token: self.judge((self.compiler.subschema(schema, *tokens, token),), scope, strict=strict))

    def _combined(
        self, schema: Schema, scope: Scope, *, strict: bool = False, skip: frozenset[str] = frozenset()
    ) -> Judge | None:
        """Return the judge of the keywords of *schema* that are not in *skip*, strict about what is below the instance."""
        contents: Any = schema.contents
        if isinstance(contents, bool):
            return accept if contents else reject
        said = refusing(schema, present(schema) - skip)
        if not said <= _KNOWN:
            return None
        kinds = _ANY
        if "type" in said:
            types = types_of(schema)
            if not _TYPES.keys() >= set(types):
                return None
            if len(said) == 1 and len(types) == 1:
                return _mere(types[0], schema.dialect.generation)
            kinds = _kinds(types, schema.dialect.generation)
        whole: list[Judge] = []
        for keyword in _CHOOSING & said:
            choices = [contents[keyword]] if keyword == "const" else contents[keyword]
            if all(choice is None or isinstance(choice, str) for choice in choices):
                kinds = _among_texts(frozenset(choices), kinds)
            else:
                whole.append(_equal(choices))
        for name, part in _wanted(said):
            judge = part(self, schema, scope, strict)
            if name is None:
                whole.append(judge)
            else:
                kinds = kinds | {kind: (*kinds[kind], judge) for kind in _TYPES[name] if kind in kinds}
        if kinds is not _ANY:
            whole.insert(0, _by_kind(kinds))
        return _all(whole)

    def _strictly(self, schemas: Group, scope: Scope) -> Judge | None:
        """Return the strict judge of *schemas*; the module `strict` tells the rules, and writes the same."""
        if len(schemas) == 1 and refusing(schemas[0], present(schemas[0])) <= _PLAIN:
            return self._declaring([(schemas[0], self.compiler.entered(schemas[0], scope))])
        flat, _ = flattened(self.compiler, schemas, scope)
        if any(schema.contents is False for schema, _ in flat):
            return reject
        flat = [(schema, inner) for schema, inner in flat if not says_nothing(schema)]
        if any(spells_out(schema) for schema, _ in flat):
            return _all([self.judge((schema,), scope) for schema in schemas])
        if not flat:
            return accept
        if len(flat) == 1 and flat[0][0] is not schemas[0]:
            return self.judge((flat[0][0],), flat[0][1], strict=True)
        if len(flat) == 1 and (union := self._strict_union(*flat[0])):
            return union
        if can_decide(self.compiler, flat):
            return self._deciding(flat)
        return self._declaring(flat) if can_merge(flat) else None

    def _deciding(self, flat: list[Applied]) -> Judge:
        """Return the judge that asks which schemas apply, and leaves the verdict to that of all which then meet."""
        compiler, scope = self.compiler, flat[0][1]
        questions, rest = questions_about(compiler, flat)
        asked = [self._answer(question, scope) for question in questions]
        groups: dict[tuple[Any, ...], Group | None] = {}

        def judge(instance: Any) -> Any:
            if type(instance) not in PLAIN_TYPES:
                return foreign(instance)
            answers = tuple([answer(instance) for answer in asked])
            group = groups[answers] if answers in groups else met_by(rest, questions, answers)
            if group is None:
                return False
            if answers not in groups and len(groups) == MOST_DECIDED:
                return is_valid_and_declared(compiler, group, scope, instance)
            groups[answers] = group
            return self.judge(group, scope, strict=True, by_choice=True)(instance)

        return judge

    def _answer(self, question: Question, scope: Scope) -> Callable[[Any], Any]:
        key, branches = question.key, question.branches
        if branches:
            made = Made(lambda index: self.judge((branches[index],), scope))
            return lambda instance: tuple([bool(made[index](instance)) for index in range(len(branches))])
        if question.is_tag:
            return lambda instance: tag if type(instance) is dict and type(tag := instance.get(key)) is str else None
        return lambda instance: type(instance) is dict and key in instance

    def _declaring(self, flat: list[Applied]) -> Judge | None:
        """Return the judge by schemas that say together which fields there may be."""
        judges: list[Judge] = []
        for schema, inner in flat:
            judge = self._combined(schema, inner, strict=True, skip=SKIPPED)
            if judge is None:
                return None
            judges.append(judge)
        if all(may_be_object(schema) for schema, _ in flat):
            fields = _fields(self, [schema for schema, _ in flat], flat[-1][1], strict=True)
            judges.append(lambda instance: type(instance) is not dict or fields(instance))
        return _all(judges)

    def _strict_union(self, schema: Schema, scope: Scope) -> Judge | None:
        said = refusing(schema, present(schema))
        if said != {"anyOf"} and said != {"oneOf"}:
            return None
        branches = self.branches(schema, *said)
        if len(branches) == 1 and is_free(self.compiler, branches[0], scope):
            return None
        return self.told_apart(branches, scope, strict=True)

    def branches(self, schema: Schema, keyword: str) -> list[Schema]:
        """Return the schemas that *keyword* lists."""
        contents: Any = schema.contents
        return [self.compiler.subschema(schema, keyword, index) for index in range(len(contents[keyword]))]

    def told_apart(self, branches: list[Schema], scope: Scope, *, strict: bool) -> Judge | None:
        """Return the judge of a union whose branch can be told beforehand; None where it can't."""
        made = Made(lambda number: self.judge((branches[number],), scope, strict=strict, by_choice=True))
        if len(branches) == 1:
            return lambda instance: made[0](instance)
        if choices := by_type(self.compiler, branches, "", scope):
            numbers = {
                kind: number for number, choice in enumerate(choices) for name in choice.types for kind in _TYPES[name]
            }
            return lambda instance: (
                made[numbers[type(instance)]](instance) if type(instance) in numbers else foreign(instance)
            )
        if tagged := by_tag(self.compiler, branches, scope):
            values = {value: number for number, (value, _) in enumerate(tagged.branches)}

            def chosen(instance: Any) -> Any:
                if type(instance) is not dict:
                    return foreign(instance)
                tag = instance.get(tagged.key)
                return type(tag) is str and tag in values and made[values[tag]](instance)

            return chosen
        return None


def _all(judges: Iterable[Judge]) -> Judge:
    """Return the judge that accepts what all *judges* accept."""
    match tuple(judges):
        case ():
            return accept
        case (judge,):
            return judge
        case (one, other):
            return lambda instance: one(instance) and other(instance)
        case several:
            return lambda instance: _accepted_by_all(several, instance)


def _accepted_by_all(judges: Iterable[Judge], instance: Any) -> bool:
    for judge in judges:  # noqa: SIM110  # a generator takes longer, and more of the stack; so below
        if not judge(instance):
            return False
    return True


def _accepts_all(judge: Judge, instances: Iterable[Any]) -> bool:
    for instance in instances:  # noqa: SIM110
        if not judge(instance):
            return False
    return True


def _by_kind(kinds: Kinds) -> Judge:
    table = {kind: _all(judges) if judges else accept for kind, judges in kinds.items()}
    otherwise: Judge = foreign
    return lambda instance: table.get(type(instance), otherwise)(instance)


def _kinds(types: list[str], generation: int) -> Kinds:
    kinds = {kind: judges for name in types for kind, judges in _TYPES[name].items()}
    if generation == 4 and "integer" in types:
        del kinds[float]
    return kinds


@functools.cache
def _mere(name: str, generation: int) -> Judge:
    """Return the judge of a schema that says no more than one type."""
    return _by_kind(_kinds([name], generation))


def _among_texts(choices: frozenset[str | None], kinds: Kinds) -> Kinds:
    """Return *kinds* as far as their values are among *choices*."""
    return {
        kind: (*judges, choices.__contains__) for kind, judges in kinds.items() if kind is str or kind is type(None)
    }


def _equal(choices: list[Any]) -> Judge:
    from toolkit.validator.equality import one_of

    equals = one_of(choices)
    return lambda instance: equals(instance) or foreign(instance)


# Parts: each returns the judge of the keywords that it is for, which sees values of the type that they speak about alone.


def _sized(contents: Any, least: str, most: str) -> Judge:
    fewest, greatest = contents.get(least, 0), contents.get(most)
    if greatest is None:
        return lambda value: len(value) >= fewest
    return lambda value: fewest <= len(value) <= greatest


def _lengths(_: Assembler, schema: Schema, *__: Any) -> Judge:
    return _sized(schema.contents, "minLength", "maxLength")


def _item_counts(_: Assembler, schema: Schema, *__: Any) -> Judge:
    return _sized(schema.contents, "minItems", "maxItems")


def _field_counts(_: Assembler, schema: Schema, *__: Any) -> Judge:
    return _sized(schema.contents, "minProperties", "maxProperties")


def _pattern(_: Assembler, schema: Schema, *__: Any) -> Judge:
    from toolkit.validator.patterns import pattern_search

    contents: Any = schema.contents
    return pattern_search(contents["pattern"])


def _format(assembler: Assembler, schema: Schema, *_: Any) -> Judge:
    if not asserts_format(assembler.compiler, schema):
        return accept
    from toolkit.validator.formats import format_check, quick_match

    contents: Any = schema.contents
    check = format_check(contents["format"], schema.dialect.generation)
    if check is None:
        return accept
    quick = quick_match(contents["format"])
    return check if quick is None else lambda text: quick(text) or check(text)


def _content(assembler: Assembler, schema: Schema, *_: Any) -> Judge:
    if assembler.compiler.options.formats is False:
        return accept
    from toolkit.validator.formats.content import content_check

    contents: Any = schema.contents
    return content_check(contents.get("contentEncoding"), contents.get("contentMediaType")) or accept


def _bounds(_: Assembler, schema: Schema, *__: Any) -> Judge:
    contents: Any = schema.contents
    judges = []
    for keyword, exclusive, beyond_or_at, beyond in (
        ("minimum", "exclusiveMinimum", operator.le, operator.lt),
        ("maximum", "exclusiveMaximum", operator.ge, operator.gt),
    ):
        # In draft 4 the exclusive form is a boolean beside the inclusive one.
        flag = contents.get(exclusive)
        if keyword in contents:
            judges.append(functools.partial(beyond if flag is True else beyond_or_at, contents[keyword]))
        if exclusive in contents and not isinstance(flag, bool):
            judges.append(functools.partial(beyond, flag))
    return _all(judges)


def _multiple_of(_: Assembler, schema: Schema, *__: Any) -> Judge:
    from toolkit.validator.numbers import multiple_of

    contents: Any = schema.contents
    return multiple_of(contents["multipleOf"])


def _unique(_: Assembler, schema: Schema, *__: Any) -> Judge:
    from toolkit.validator.equality import are_unique

    contents: Any = schema.contents
    return are_unique if contents["uniqueItems"] is True else accept


def _items(assembler: Assembler, schema: Schema, scope: Scope, strict: bool) -> Judge:
    contents: Any = schema.contents
    prefix, first, rest = prefix_and_rest(schema)
    at_start, below = (
        assembler.below(schema, scope, prefix, strict=strict),
        assembler.below(schema, scope, strict=strict),
    )

    def judge(items: list[Any]) -> bool:
        for index, item in enumerate(items[:first]):
            if not at_start[index](item):
                return False
        if rest in contents and len(items) > first:
            return _accepts_all(below[rest], items[first:] if first else items)
        return True

    return judge


def _contains(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    least, most = counts_of_contained(schema)
    below = assembler.below(schema, scope)

    def judge(items: list[Any]) -> bool:
        count = sum([1 for item in items if below["contains"](item)])
        return count >= least and (most is None or count <= most)

    return judge


def _object_fields(assembler: Assembler, schema: Schema, scope: Scope, strict: bool) -> Judge:
    return _fields(assembler, [schema], scope, strict=strict)


def _fields(assembler: Assembler, schemas: list[Schema], scope: Scope, *, strict: bool) -> Judge:
    """Return the judge of what *schemas* say together about the fields of an object; if *strict*, there are no others."""
    required: set[str] = set()
    properties: dict[str, list[Schema]] = {}
    # Those of fields that no schema names: by pattern, and of the rest.
    patterns: list[tuple[Judge, Judge]] = []
    rest: Judge = reject if strict else accept
    for schema in schemas:
        contents: Any = schema.contents
        known = present(schema)
        # A boolean stood here in draft 3; where it is let through it says nothing.
        if "required" in known and isinstance(contents["required"], list):
            required.update(contents["required"])
        for key in contents["properties"] if "properties" in known else ():
            properties.setdefault(key, []).append(schema)
        if "patternProperties" in known:
            from toolkit.validator.patterns import pattern_search

            below = assembler.below(schema, scope, "patternProperties", strict=strict)
            patterns += [(pattern_search(pattern), _late(below, pattern)) for pattern in contents["patternProperties"]]
        if "additionalProperties" in known:
            rest = _late(assembler.below(schema, scope, strict=strict), "additionalProperties")
    named = assembler.below(schemas[0], scope, "properties", strict=strict)
    if len(schemas) > 1:
        named.make = lambda key: assembler.judge(
            tuple([assembler.compiler.subschema(schema, "properties", key) for schema in properties[key]]),
            scope,
            strict=strict,
        )
    is_named = frozenset(properties)

    def judge(instance: dict[str, Any]) -> bool:
        if required and not instance.keys() >= required:
            return False
        for key in is_named & instance.keys():
            if not named[key](instance[key]):
                return False
        if not patterns and (rest is accept or is_named.issuperset(instance)):
            return True
        for key, value in instance.items():
            is_matched = key in is_named
            for matches, matched in patterns:
                if matches(key):
                    is_matched = True
                    if not matched(value):
                        return False
            if not is_matched and not rest(value):
                return False
        return True

    return judge


def _names(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    below = assembler.below(schema, scope)
    return lambda instance: _accepts_all(below["propertyNames"], instance)


def _dependents(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    contents: Any = schema.contents
    needed: list[tuple[str, frozenset[str]]] = []
    judges: list[tuple[str, Judge]] = []
    for keyword in _DEPENDENT & present(schema):
        below = assembler.below(schema, scope, keyword)
        for key, dependency in contents[keyword].items():
            # One name alone was allowed in draft 3 and is still met.
            names = [dependency] if isinstance(dependency, str) else dependency
            if isinstance(names, list):
                needed.append((key, frozenset(names)))
            else:
                judges.append((key, _late(below, key)))

    def judge(instance: dict[str, Any]) -> bool:
        for key, names in needed:
            if key in instance and not instance.keys() >= names:
                return False
        for key, accepts in judges:  # noqa: SIM110
            if key in instance and not accepts(instance):
                return False
        return True

    return judge


def _references(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    compiler = assembler.compiler

    def target(keyword: str) -> Judge:
        found, inner = compiler.referenced(schema, keyword, scope), scope
        # Followed here, what is nothing but a reference takes nothing of the stack.
        while refusing(found, present(found)) == {"$ref"}:
            inner = compiler.entered(found, inner)
            found = compiler.referenced(found, "$ref", inner)
        return assembler.judge((found,), inner)

    targets = Made(target)
    return _all(_late(targets, keyword) for keyword in sorted(REFERENCES & present(schema)))


def _late(judges: Made, key: str) -> Judge:
    """Return the judge at *key*, looked for when there is an instance: eagerly, depth would take of the stack."""
    return lambda instance: judges[key](instance)


def _listed(assembler: Assembler, schema: Schema, keyword: str, scope: Scope) -> tuple[Made, range]:
    """Return the judges of the schemas that *keyword* lists, and their indexes."""
    contents: Any = schema.contents
    return assembler.below(schema, scope, keyword), range(len(contents[keyword]))


def _all_of(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    judges, indexes = _listed(assembler, schema, "allOf", scope)

    def judge(instance: Any) -> bool:
        for index in indexes:  # noqa: SIM110
            if not judges[index](instance):
                return False
        return True

    return judge


def _any_of(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    if chosen := assembler.told_apart(assembler.branches(schema, "anyOf"), scope, strict=False):
        return chosen
    judges, indexes = _listed(assembler, schema, "anyOf", scope)

    def judge(instance: Any) -> bool:
        for index in indexes:  # noqa: SIM110
            if judges[index](instance):
                return True
        return False

    return judge


def _one_of(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    if chosen := assembler.told_apart(assembler.branches(schema, "oneOf"), scope, strict=False):
        return chosen
    judges, indexes = _listed(assembler, schema, "oneOf", scope)

    def judge(instance: Any) -> bool:
        count = 0
        for index in indexes:
            if judges[index](instance):
                count += 1
                if count > 1:
                    return False
        return count == 1

    return judge


def _not(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    below = assembler.below(schema, scope)
    return lambda instance: not below["not"](instance)


def _if(assembler: Assembler, schema: Schema, scope: Scope, _: bool) -> Judge:
    known = present(schema)
    if known.isdisjoint(("then", "else")):
        return accept
    below = assembler.below(schema, scope)
    below.update(dict.fromkeys({"then", "else"} - known, accept))
    return lambda instance: below["then" if below["if"](instance) else "else"](instance)


Part = Callable[[Assembler, Schema, Scope, bool], Judge]
Kinds = dict[type, tuple[Judge, ...]]
_ANY: Kinds = dict.fromkeys(PLAIN_TYPES, ())
_CHOOSING = words("const enum")
_DEPENDENT = words("dependentRequired dependentSchemas dependencies")
# What each part is for, and the type that it speaks about; None where that is any.
_PARTS: tuple[tuple[str | None, frozenset[str], Part], ...] = (
    ("string", words("minLength maxLength"), _lengths),
    ("string", words("pattern"), _pattern),
    ("string", words("format"), _format),
    ("string", words("contentEncoding contentMediaType"), _content),
    ("number", words("minimum maximum exclusiveMinimum exclusiveMaximum"), _bounds),
    ("number", words("multipleOf"), _multiple_of),
    ("array", words("minItems maxItems"), _item_counts),
    ("array", words("uniqueItems"), _unique),
    ("array", words("prefixItems items additionalItems"), _items),
    ("array", words("contains"), _contains),
    ("object", words("minProperties maxProperties"), _field_counts),
    ("object", FIELDS, _object_fields),
    ("object", words("propertyNames"), _names),
    ("object", _DEPENDENT, _dependents),
    (None, REFERENCES, _references),
    (None, words("allOf"), _all_of),
    (None, words("anyOf"), _any_of),
    (None, words("oneOf"), _one_of),
    (None, words("not"), _not),
    (None, words("if"), _if),
)
_KNOWN = words("type then else minContains maxContains").union(_CHOOSING, *(triggers for _, triggers, _ in _PARTS))
# With these alone a schema says by itself which fields there may be.
_PLAIN = words(
    "type minItems maxItems uniqueItems items minProperties maxProperties properties required additionalProperties"
)


@functools.lru_cache(maxsize=512)
def _wanted(said: frozenset[str]) -> tuple[tuple[str | None, Part], ...]:
    return tuple((name, part) for name, triggers, part in _PARTS if not triggers.isdisjoint(said))
