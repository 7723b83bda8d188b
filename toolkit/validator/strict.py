"""
Verdicts of strict mode, in one pass where the schema allows it.

The rule is told in the module `declared`. Here schemas that meet at one place are written together: what any of them
declares is known, and everything else refused. Where it depends on the instance which schemas meet, because of a union that
can't be told apart beforehand, ``if`` or dependent schemas, the instance is asked first, and each set of schemas that was met
has a function of its own. Elsewhere (unevaluated keywords) the ordinary verdict is written and followed by a search for
undeclared fields.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from toolkit.dataclass import dataclass, replace
from toolkit.schema import Schema
from toolkit.schema.dialect import words
from toolkit.validator.declared import REFERENCES, Applied, present, says_nothing, spells_out, undeclared
from toolkit.validator.foreign import foreign
from toolkit.validator.keywords import emit_guarded_fields, emit_keywords
from toolkit.validator.objects import Fields, fields_of, note_exact
from toolkit.validator.place import Place, Scope
from toolkit.validator.reporting import UNDECLARED, Enough, Notes
from toolkit.validator.source import Writer
from toolkit.validator.values import refusing, types_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from toolkit.validator.compiler import Compiler, Key

Group = tuple[Schema, ...]

FIELDS = words("properties required patternProperties additionalProperties")
ITEMS = words("items prefixItems additionalItems")
# Keywords that apply subschemas to the same instance under a condition, and those that depend on what others evaluated.
_CONDITIONAL = words(
    "anyOf oneOf if then else dependentSchemas dependencies propertyDependencies unevaluatedProperties "
    "unevaluatedItems contains"
)
_BRANCHING = words("if then else")
# Keywords by which a field may be declared.
_DECLARING = (FIELDS - {"required"}) | ITEMS | REFERENCES | _CONDITIONAL | {"allOf"}
SKIPPED = FIELDS | REFERENCES | {"allOf"}
# Of the conditional ones, those whose condition can be asked before the rest is judged.
_DECIDABLE = words("anyOf oneOf if then else dependentSchemas dependencies")
# So many sets of schemas at one place have a function of their own.
MOST_DECIDED = 64


def emit_strict(compiler: Compiler, schemas: Group, at: Place, writer: Writer) -> None:
    """
    Write the strict verdict about ``at.variable`` by *schemas*, which all apply to it.

    What lies behind a reference is called, not written in place, since it may lead back here.
    """
    flat, followed = flattened(compiler, schemas, at.scope)
    every = tuple(schema for schema, _ in flat)
    if compiler.loop(_key(flat), at, writer):
        return
    if not followed and not writer.is_full and not any(map(compiler.had_better_call, schemas)):
        writer.depth += 1
        _emit_merged(compiler, schemas, flat, at, writer)
        writer.depth -= 1
    elif compiler.may_inline(every, writer):
        with compiler.inlining(every):
            _emit_flat(compiler, schemas, flat, at, writer)
    else:
        name = compiler.strict_name(schemas, at.scope, raising=at.raising)
        writer.line(f"if not {name}({at.variable}): return False")


def emit_strict_body(compiler: Compiler, schemas: Group, at: Place, writer: Writer) -> None:
    """Write the strict verdict by *schemas* in place, as the body of their own function."""
    flat, _ = flattened(compiler, schemas, at.scope)
    with compiler.inlining(tuple(schema for schema, _ in flat)):
        _emit_flat(compiler, schemas, flat, at, writer)


def _key(flat: list[Applied]) -> Key:
    return True, tuple((schema.uri, scope) for schema, scope in flat if not says_nothing(schema))


def _emit_flat(compiler: Compiler, schemas: Group, flat: list[Applied], at: Place, writer: Writer) -> None:
    writer.depth += 1
    with compiler.looping(_key(flat), [schema for schema, _ in flat], at, writer) as (inner, body):
        _emit_merged(compiler, schemas, flat, inner, body)
    writer.depth -= 1


def _emit_merged(compiler: Compiler, schemas: Group, flat: list[Applied], at: Place, writer: Writer) -> None:
    if any(schema.contents is False for schema, _ in flat):
        writer.line("return False")
        return
    flat = [(schema, scope) for schema, scope in flat if not says_nothing(schema)]
    if any(spells_out(schema) for schema, _ in flat):
        for schema in schemas:
            compiler.emit_or_call(schema, at.loosely(), writer)
        return
    if not flat or (len(flat) == 1 and _emit_union(compiler, *flat[0], at, writer)):
        return
    if can_decide(compiler, flat):
        _emit_decided(compiler, flat, at, writer)
        return
    if not can_merge(flat):
        for schema in schemas:
            compiler.emit_or_call(schema, at, writer)
        search = functools.partial(_has_undeclared, compiler, tuple((schema, at.scope) for schema in schemas))
        writer.line(f"if {compiler.space.bind(search, 'has_undeclared')}({at.variable}): return False")
        return
    for schema, scope in flat:
        at = emit_keywords(compiler, schema, at.in_scope(scope), writer, skip=SKIPPED)
    if all(may_be_object(schema) for schema, _ in flat):
        emit_guarded_fields(compiler, _merged(compiler, flat, at), at, writer)


def may_be_object(schema: Schema) -> bool:
    """Tell whether the keywords of *schema* about any value let an object through."""
    known = present(schema)
    # Where a choice could be one, `spells_out` has told so.
    return not known & {"const", "enum"} and ("type" not in known or "object" in types_of(schema))


def _has_undeclared(compiler: Compiler, applied: tuple[Applied, ...], instance: Any) -> bool:
    return next(undeclared(compiler, instance, (), applied), None) is not None


def report_strictly(compiler: Compiler, schema: Schema, at: Place, writer: Writer) -> None:
    """
    Write the report of what *schema*, which alone applies to its instance, refuses in strict mode.

    Where it depends on the instance what is declared, the ordinary report is followed by a search for undeclared fields.
    """
    known = present(schema)
    said = refusing(schema, known)
    if not said or (said == {"allOf"} and is_free(compiler, schema, at.scope)):
        compiler.emit(schema, at, writer)
    elif spells_out(schema):
        compiler.emit_or_call(schema, at.loosely(), writer)
    elif writer.is_full:
        compiler.call(schema, at, writer)
    elif len(said) == 1 and said <= REFERENCES:
        (keyword,) = said
        scope = compiler.entered(schema, at.scope)
        compiler.call(compiler.referenced(schema, keyword, scope), at.in_scope(scope).at_keyword(keyword), writer)
    elif _declares_by_itself(schema, known):
        with compiler.writing(schema, writer):
            at = emit_keywords(compiler, schema, at.in_scope(compiler.entered(schema, at.scope)), writer, skip=FIELDS)
            # Where no object may be there is no field to tell of.
            if "type" not in known or "object" in types_of(schema):
                emit_guarded_fields(compiler, fields_of(compiler, schema, at), at, writer)
    else:
        compiler.emit(schema, at, writer)
        note = functools.partial(_note_undeclared, compiler, ((schema, at.scope),))
        # Most refused events are so for another reason, and the search takes a hundred times as long as the verdict.
        with writer.block(f"if not {compiler.strict_name((schema,), at.scope)}({at.variable}):"):
            writer.line(f"{compiler.space.bind(note, 'note_undeclared')}({at.variable}, {compiler.path(at)}, errors)")


def is_free(compiler: Compiler, schema: Schema, scope: Scope) -> bool:
    """Tell whether neither *schema* nor what applies through it says anything."""
    return all(says_nothing(one) for one, _ in flattened(compiler, (schema,), scope)[0])


def _declares_by_itself(schema: Schema, known: frozenset[str]) -> bool:
    """Tell whether what is declared where *schema* applies is what itself says under its own fields and items."""
    contents: Any = schema.contents
    if (
        REFERENCES & known
        or _hands_down_twice(schema)
        or not all(_is_silent(schema, keyword) for keyword in _CONDITIONAL & known)
    ):
        return False
    return "allOf" not in known or all(
        _declares_nothing(schema.subschema("allOf", index)) for index in range(len(contents["allOf"]))
    )


def _note_undeclared(compiler: Compiler, applied: tuple[Applied, ...], instance: Any, path: Any, errors: Notes) -> None:
    for tokens, value in undeclared(compiler, instance, (), applied):
        here = path
        for token in tokens:
            here = (here, token)
        errors.append((here, None, UNDECLARED, value, None, None))
        if len(errors) == errors.most:
            raise Enough


def flattened(compiler: Compiler, schemas: Group, scope: Scope) -> tuple[list[Applied], bool]:
    """Return what applies without condition through ``$ref`` and ``allOf``, and whether a reference was followed."""
    flat: list[Applied] = []
    seen: set[tuple[str, Scope]] = set()
    followed = False
    stack = [(schema, scope) for schema in reversed(schemas)]
    while stack:
        schema, outer = stack.pop()
        inner = compiler.entered(schema, outer)
        if (schema.uri, inner) in seen:
            continue
        seen.add((schema.uri, inner))
        flat.append((schema, inner))
        contents: Any = schema.contents
        known = present(schema)
        for keyword in sorted(REFERENCES & known):
            followed = True
            stack.append((compiler.referenced(schema, keyword, inner), inner))
        if "allOf" in known:
            stack += [(compiler.subschema(schema, "allOf", index), inner) for index in range(len(contents["allOf"]))]
    return flat, followed


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is asked of the instance, and the schemas that apply by the answer; None where it is refused.

    It is which of the ``branches`` accept it; where there are none, whether it has the field ``key``, or with ``is_tag`` which
    text is there.
    """

    chosen: Callable[[Any], Group | None]
    branches: Group = ()
    key: str = ""
    is_tag: bool = False


def can_decide(compiler: Compiler, flat: list[Applied]) -> bool:
    """Tell whether all that keeps the schemas from being written together are conditions that can be asked beforehand."""
    loud = {keyword for schema, _ in flat for keyword in compiler.remembered(_loud, schema)}
    return bool(loud) and loud <= _DECIDABLE and len({scope for _, scope in flat}) == 1


def _loud(schema: Schema) -> set[str]:
    """Return the conditional keywords of *schema* by which a field may be declared, those beside ``if`` with it."""
    known = _CONDITIONAL & present(schema)
    loud = {keyword for keyword in known if not _is_silent(schema, keyword)}
    return loud | (known & _BRANCHING if loud & _BRANCHING else set())


def _emit_decided(compiler: Compiler, flat: list[Applied], at: Place, writer: Writer) -> None:
    """Ask which branches apply, and leave the verdict to the function of all schemas that then meet."""
    space, scope = compiler.space, flat[0][1]
    questions, rest = questions_about(compiler, flat)
    judges: dict[Any, Callable[[Any], bool]] = {}
    decide = functools.partial(_decided, compiler, judges, rest, questions, scope, at.raising)
    expressions = "".join([f"{_expression(compiler, question, at.in_scope(scope))}, " for question in questions])
    answers, judge = space.name("answers"), space.name("judge")
    if not at.known_type:
        writer.line(f"if type({at.variable}) not in PLAIN_TYPES: foreign({at.variable})")
    writer.line(f"{answers} = ({expressions})")
    writer.line(f"{judge} = {space.bind(judges, 'judges')}.get({answers}) or {space.bind(decide, 'decide')}({answers})")
    writer.line(f"if not {judge}({at.variable}): return False")


def _expression(compiler: Compiler, question: Question, at: Place) -> str:
    """Return the expression of the answer to *question* about ``at.variable``."""
    variable, space = at.variable, compiler.space
    if question.branches:
        return f"({''.join([f'{compiler.condition(branch, at)}, ' for branch in question.branches])})"
    key = space.bind(question.key, "key")
    if question.is_tag:
        tag = space.name("tag")
        found = f"{tag} if type({tag} := {variable}.get({key})) is str else None"
        return f"(({found}) if type({variable}) is dict else None)"
    return f"(type({variable}) is dict and {key} in {variable})"


def _decided(
    compiler: Compiler,
    judges: dict[Any, Callable[[Any], bool]],
    rest: Group,
    questions: tuple[Question, ...],
    scope: Scope,
    raising: bool,
    answers: tuple[Any, ...],
) -> Callable[[Any], Any]:
    """Return the function that judges instances of which *answers* are true, and keep it in *judges*."""
    group = met_by(rest, questions, answers)
    if group is None:
        return foreign
    if len(judges) == MOST_DECIDED:
        return functools.partial(is_valid_and_declared, compiler, group, scope)
    name = compiler.strict_name(group, scope, raising=raising)
    compiler.enter(judges, answers, name)
    function: Callable[[Any], Any] = compiler.space.values[name]
    return function


def met_by(rest: Group, questions: tuple[Question, ...], answers: tuple[Any, ...]) -> Group | None:
    """Return *rest* and the schemas that apply by the *answers* to *questions*; None where they are a refusal."""
    group = rest
    for question, answer in zip(questions, answers, strict=True):
        chosen = question.chosen(answer)
        if chosen is None:
            return None
        group += chosen
    return group


def is_valid_and_declared(compiler: Compiler, group: Group, scope: Scope, instance: Any) -> bool:
    """Tell whether *instance* is valid by each schema of *group*, and has no field that none of them declares."""
    from toolkit.validator.compiler import Purpose

    checks = (compiler.function(schema, Purpose("check", compiler.entered(schema, scope))) for schema in group)
    applied = tuple([(schema, scope) for schema in group])
    return all(check(instance) for check in checks) and not _has_undeclared(compiler, applied, instance)


def questions_about(compiler: Compiler, flat: list[Applied]) -> tuple[tuple[Question, ...], Group]:
    """Return what has to be asked before it is known what *flat* applies, and what that says whatever the answers are."""
    questions = tuple([question for schema, scope in flat for question in _questions(compiler, schema, scope)])
    rest = [schema for schema, _ in flat if not present(schema) <= REFERENCES]
    return questions, tuple([_unconditional(schema, compiler.remembered(_loud, schema)) for schema in rest])


def _questions(compiler: Compiler, schema: Schema, scope: Scope) -> Iterator[Question]:
    from toolkit.validator.unions import by_tag

    contents: Any = schema.contents
    loud = compiler.remembered(_loud, schema)
    for keyword in sorted(loud & {"anyOf", "oneOf"}):
        branches = tuple([compiler.subschema(schema, keyword, index) for index in range(len(contents[keyword]))])
        tagged = by_tag(compiler, list(branches), scope)
        if tagged:
            by_value = {value: (branch,) for value, branch in tagged.branches}
            yield Question(by_value.get, key=tagged.key, is_tag=True)
        else:
            yield Question(functools.partial(_accepting, branches, keyword == "oneOf"), branches)
    if "if" in loud:
        ways = {
            (True,): tuple([compiler.subschema(schema, keyword) for keyword in ("if", "then") if keyword in loud]),
            (False,): (compiler.subschema(schema, "else"),) if "else" in loud else (),
        }
        yield Question(ways.get, (compiler.subschema(schema, "if"),))
    for keyword in sorted(loud & {"dependentSchemas", "dependencies"}):
        for key, dependency in contents[keyword].items():
            if not isinstance(dependency, list | str):
                yield Question({True: (compiler.subschema(schema, keyword, key),), False: ()}.get, key=key)


def _accepting(branches: Group, exactly_one: bool, answers: tuple[bool, ...]) -> Group | None:
    accepting = tuple(branch for branch, accepts in zip(branches, answers, strict=True) if accepts)
    return accepting if len(accepting) == 1 or (accepting and not exactly_one) else None


def _unconditional(schema: Schema, loud: set[str]) -> Schema:
    """Return what *schema* says but for *loud*, whatever the instance is; that it has a condition says something, too."""
    dropped = loud | REFERENCES | {"allOf"}
    if not dropped & present(schema):
        return schema
    contents: Any = schema.contents
    left = {keyword: value for keyword, value in contents.items() if keyword not in dropped}
    if "dependencies" in loud:
        left["dependencies"] = {
            key: names for key, names in contents["dependencies"].items() if isinstance(names, list | str)
        }
    if loud:
        left.setdefault("anyOf", [True])
    # No pointer leads there, so that this is nobody's name.
    return replace(schema, contents=left, uri=f"{schema.uri}{'' if '#' in schema.uri else '#'}/~")


def can_merge(flat: list[Applied]) -> bool:
    """Tell whether what the schemas declare together is known beforehand and simple enough to be written together."""
    with_items = [schema for schema, _ in flat if ITEMS & present(schema)]
    with_fields = [schema for schema, _ in flat if FIELDS & present(schema)]
    complex_fields = {"patternProperties", "additionalProperties"}
    if len(with_items) > 1 or (len(with_fields) > 1 and any(complex_fields & present(one) for one in with_fields)):
        return False
    if any(_hands_down_twice(schema) for schema in with_fields):
        return False
    return all(_is_silent(schema, keyword) for schema, _ in flat for keyword in _CONDITIONAL & present(schema))


def _hands_down_twice(schema: Schema) -> bool:
    """Tell whether two patterns of *schema*, or one and a name, may bring two schemas to one object or array."""
    contents: Any = schema.contents
    known = present(schema)
    if "patternProperties" not in known:
        return False
    from toolkit.validator.patterns import pattern_search

    patterns, names = (
        [key for key in contents[keyword] if minds_below(schema.subschema(keyword, key))] if keyword in known else []
        for keyword in ("patternProperties", "properties")
    )
    return len(patterns) > 1 or any(pattern_search(pattern)(name) for pattern in patterns for name in names)


def minds_below(schema: Schema) -> bool:
    """Tell whether strictness by *schema* alone may refuse what is in a value."""
    known = refusing(schema, present(schema))
    return bool(known) and ("type" not in known or not {"object", "array"}.isdisjoint(types_of(schema)))


def _is_silent(schema: Schema, keyword: str) -> bool:
    """Tell whether no subschema under the conditional *keyword* could declare a field."""
    contents: Any = schema.contents
    match keyword:
        case "anyOf" | "oneOf":
            return all(_declares_nothing(schema.subschema(keyword, index)) for index in range(len(contents[keyword])))
        case "if" | "then" | "else":
            return _declares_nothing(schema.subschema(keyword))
        case "dependencies" | "dependentSchemas":
            return all(
                not isinstance(dependency, dict) or _declares_nothing(schema.subschema(keyword, key))
                for key, dependency in contents[keyword].items()
            )
        case "contains":
            # An item that it accepts is judged strictly, which an object would feel.
            below = schema.subschema("contains")
            return _declares_nothing(below) and below.contents is not True and not may_be_object(below)
    return False


def _declares_nothing(schema: Schema) -> bool:
    return _DECLARING.isdisjoint(present(schema)) and not spells_out(schema)


def _merged(compiler: Compiler, flat: list[Applied], at: Place) -> Fields:
    """Return what the schemas say together about the fields; a field that two of them name is judged by both."""
    with_fields = [(schema, scope) for schema, scope in flat if FIELDS & present(schema)]
    if len(with_fields) == 1:
        schema, scope = with_fields[0]
        return fields_of(compiler, schema, at.in_scope(scope))
    merged = Fields(closed=True)
    below: dict[str, Group] = {}
    for schema, _ in with_fields:
        contents: Any = schema.contents
        if "required" in present(schema):
            merged.required += [key for key in contents["required"] if key not in merged.required]
        if "properties" in present(schema):
            for key in contents["properties"]:
                below[key] = (*below.get(key, ()), compiler.subschema(schema, "properties", key))
    for key, schemas in below.items():
        _add_property(compiler, merged, key, schemas, at)
    return merged


def _add_property(compiler: Compiler, fields: Fields, key: str, schemas: Group, at: Place) -> None:
    def emit(variable: str, token: str, at: Place, writer: Writer) -> None:
        emit_strict(compiler, schemas, at.at_child(variable, token), writer)

    fields.properties[key] = emit
    fields.judges[key] = functools.partial(compiler.strict_name, schemas, at.scope, raising=at.raising)
    note_exact(fields, key, schemas)


def _emit_union(compiler: Compiler, schema: Schema, scope: Scope, at: Place, writer: Writer) -> bool:
    """Write a schema that is nothing but a union, if its branch can be told beforehand; tell whether it could."""
    contents: Any = schema.contents
    said = refusing(schema, present(schema))
    if said != {"anyOf"} and said != {"oneOf"}:
        return False
    (keyword,) = said
    branches = [schema.subschema(keyword, index) for index in range(len(contents[keyword]))]
    if len(branches) == 1 and is_free(compiler, branches[0], scope):
        # By itself the branch would leave every field free, but a union says something.
        return False
    from toolkit.validator.applicators import emit_told_apart

    return emit_told_apart(compiler, branches, at.in_scope(scope), writer)
