"""
Schemas become Python functions, one for each definition and purpose, each compiled when it is first needed.

Five purposes share the emitters of the keywords:

- ``check(instance)`` gives the verdict alone, ``strict(instance)`` that of strict mode;
- ``verdict(instance)`` is one of both, and catches what the others raise;
- ``track(instance, evaluated)`` gives it and adds the evaluated fields and indexes to a set;
- ``report(instance, path, keywords, errors)`` appends what is wrong to a list.

``path`` and ``keywords`` are linked pairs ``(parent, token)``, so that following a valid instance costs nothing.

A verdict comes in two forms. The first, *raising*, takes every shortcut: it reads fields without asking whether they are
there, and tests for text by an operation that only text allows. A KeyError then means a refusal; a TypeError means one or a value
of a foreign type, and the second form, which looks before it acts, is asked. Only what must accept for the whole to be
accepted is written so; a branch that may refuse (of a union, below ``not``) is always of the second form.
"""

from __future__ import annotations

import contextlib
import functools
import itertools

# Not from threading, which takes longer to import.
from _thread import RLock
from collections.abc import Callable, Iterable, Iterator

from toolkit.dataclass import dataclass, replace
from toolkit.errors import SchemaError, UnresolvableReference
from toolkit.schema import Schema
from toolkit.schema.pointer import pointer_from_tokens
from toolkit.schema.structure import subschemas
from toolkit.validator.foreign import PLAIN_TYPES, ForeignType, foreign
from toolkit.validator.keywords import emit_keywords, simple_condition
from toolkit.validator.place import Place, Scope
from toolkit.validator.reporting import UNDECLARED, Enough, Site
from toolkit.validator.source import Namespace, Writer, renamed
from toolkit.validator.strict import emit_strict, emit_strict_body, report_strictly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from toolkit.validator.assembly import Assembler

    Answer = TypeVar("Answer")

# Schemas that apply together, each with its dynamic scope, and whether strictly.
Key = tuple[bool, tuple[tuple[str, Scope], ...]]
# How far loops go before they leave a value to functions that call each other.
_LEVELS = range(200)
_MOST_AT_ONE_LEVEL = 1_000_000
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
# A definition of up to so many schemas is written where it is referred to, in functions of up to so many lines.
_MOST_INLINED = 16
_MOST_LINES_WITH_INLINED = 200
# How often a definition that refers to itself is written inside itself, so that half of the calls remain.
_UNROLLED = 2
# From so many schemas on a schema is large: at first its verdicts are put together from ready parts, and a function that is
# written nevertheless calls others for what holds more than a few.
_LARGE = 50
_MOST_SMALL = 3
# Calls of such a function until what they take longer has been as long as to write it with everything in place.
_CALLS_BEFORE_UNFOLDING = 100
_VERDICTS = frozenset({"check", "strict", "verdict", "track"})
PARAMETERS = {
    "check": "instance",
    "strict": "instance",
    "verdict": "instance",
    "track": "instance, evaluated",
    "report": "instance, path, keywords, errors",
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """
    What a function is for.

    ``bare`` leaves the unevaluated keywords of its own schema out; ``strict`` says that a report names undeclared fields too;
    ``raising`` allows the function to refuse by an exception.
    """

    kind: str
    scope: Scope = ()
    bare: bool = False
    strict: bool = False
    raising: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller chose when compiling."""

    strict: bool = False
    formats: bool | None = None


class Compiler:
    """The functions of one schema and of all that it refers to, in one namespace."""

    def __init__(self, root: Schema, options: Options) -> None:
        self.root = root
        self.options = options
        self.space = Namespace()
        self.space.values |= {
            "foreign": foreign,
            "PLAIN_TYPES": PLAIN_TYPES,
            "ForeignType": ForeignType,
            "join": "".join,
            "lines": "\n".join,
            "Enough": Enough,
            "LEVELS": _LEVELS,
            "floats": float.conjugate,
            "chain": itertools.chain.from_iterable,
        }
        self.lock = RLock()
        self.needs_all = False
        # As far as `reachable` has come: the URIs that references lead to, and the schemas that it did not find below others of
        # their dialect and base.
        self.referred: set[str] = set()
        self.entries: list[Schema] = []
        self._names: dict[tuple[tuple[str, ...], Purpose], str] = {}
        self._pending: dict[str, tuple[tuple[Schema, ...], Purpose]] = {}
        self._brief: dict[str, tuple[tuple[Schema, ...], Purpose]] = {}
        self._tables: dict[str, list[tuple[dict[Any, Any], Any]]] = {}
        # What is being written, from the outermost; and sizes by URI.
        self._open: list[str] = []
        self._open_schemas: list[Schema] = []
        self._loops: dict[Key, str] = {}
        self.is_large = self._is_brief = self._was_brief = False
        self._sizes: dict[str, int] = {}
        self._anchors: dict[str, dict[str, str]] = {}
        self._subschemas: dict[str, dict[tuple[str | int, ...], Schema]] = {}
        self._resolved: dict[tuple[str, str], Schema] = {}
        self._remembered: dict[tuple[Callable[[Schema], Any], str], Any] = {}

    @functools.cached_property
    def assembler(self) -> Assembler:
        """What puts together the verdicts for the first events of a large schema."""
        from toolkit.validator.assembly import Assembler

        return Assembler(self)

    def note_size(self, schemas: int) -> None:
        """Note how many schemas can come to judge an instance."""
        self.is_large = schemas >= _LARGE

    def subschema(self, schema: Schema, *tokens: str | int) -> Schema:
        """Return what ``schema.subschema`` does, which takes long, and remember it; for what asks again at each instance."""
        return self._below(schema).get(tokens) or schema.subschema(*tokens)

    def _below(self, schema: Schema) -> dict[tuple[str | int, ...], Schema]:
        found = self._subschemas.get(schema.uri)
        if found is None:
            found = self._subschemas[schema.uri] = schema.subschemas()
        return found

    def resolved(self, schema: Schema, reference: str) -> Schema:
        """Return what ``schema.resolve`` does, and remember it."""
        key = schema.base_uri, reference
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = schema.resolve(reference)
        return found

    def remembered(self, ask: Callable[[Schema], Answer], schema: Schema) -> Answer:
        """Return the answer to *ask* about *schema*, asked once; for what asks again at each instance."""
        key = ask, schema.uri
        if key not in self._remembered:
            self._remembered[key] = ask(schema)
        answer: Answer = self._remembered[key]
        return answer

    def function(self, schema: Schema, purpose: Purpose) -> Callable[..., Any]:
        """Return the function of *schema* for *purpose*, compiled at the latest when it is called."""
        function: Callable[..., Any] = self.space.values[self.name(schema, purpose)]
        return function

    def compiled(self, schema: Schema, purpose: Purpose) -> Callable[..., Any]:
        """Return the function of *schema* for *purpose*, compiled now."""
        return self._compile(self.name(schema, purpose))

    def name(self, schema: Schema, purpose: Purpose) -> str:
        """Return the global name of the function of *schema* for *purpose*."""
        return self._name((schema,), purpose)

    def strict_name(self, schemas: tuple[Schema, ...], scope: Scope, *, raising: bool = False) -> str:
        """Return the global name of the function that judges strictly by all of *schemas* together."""
        return self._name(schemas, Purpose("strict", scope, raising=raising))

    def judge_name(self, schema: Schema, at: Place) -> str:
        """Return the global name of the function that judges a child of *at* by *schema*."""
        scope = self.entered(schema, at.scope)
        if at.strict:
            return self.strict_name((schema,), scope, raising=at.raising)
        return self.name(schema, Purpose("check", scope, raising=at.raising))

    def table(self, names: dict[str, str]) -> str:
        """Return the global name of a table of functions, by key; each entry is replaced once its function is compiled."""
        functions: dict[str, Any] = {}
        for key, name in names.items():
            self.enter(functions, key, name)
        return self.space.bind(functions, "judges")

    def enter(self, table: dict[Any, Any], key: Any, name: str) -> None:
        """Put the function *name* into *table*, at once as far as it exists and for good once it is compiled."""
        with self.lock:
            table[key] = self.space.values[name]
            if name in self._pending:
                self._tables.setdefault(name, []).append((table, key))

    def _name(self, schemas: tuple[Schema, ...], purpose: Purpose) -> str:
        key = (tuple([schema.uri for schema in schemas]), purpose)
        with self.lock:
            if key not in self._names:
                name = self.space.name(purpose.kind)
                self._names[key] = name
                self._pending[name] = (schemas, purpose)
                self.space.values[name] = self._stub(name)
            return self._names[key]

    def compile_pending(self) -> None:
        """Compile every function that is named but was not needed yet, and those named by them."""
        while self._pending:
            self._compile(next(iter(self._pending)))

    def _stub(self, name: str) -> Callable[..., Any]:
        def compile_and_call(*arguments: Any) -> Any:
            return self._compile(name)(*arguments)

        return compile_and_call

    def _compile(self, name: str) -> Callable[..., Any]:
        with self.lock:
            if name in self._pending:
                schemas, purpose = self._pending[name]
                # What leads here is called often enough to be written, and leads here mostly.
                is_common = self.is_large and self.assembler.is_common(
                    schemas, purpose.scope, strict=purpose.kind == "strict"
                )
                self._define(name, schemas, purpose, is_brief=not is_common)
                del self._pending[name]
                for functions, key in self._tables.pop(name, ()):
                    functions[key] = self.space.values[name]
            function: Callable[..., Any] = self.space.values[name]
            return function

    def _define(self, name: str, schemas: tuple[Schema, ...], purpose: Purpose, *, is_brief: bool = True) -> None:
        writer = Writer()
        outer = self._open, self._loops, self._is_brief, self._was_brief
        self._open, self._loops = [schema.uri for schema in schemas], {}
        self._is_brief, self._was_brief = self.is_large and is_brief and purpose.kind in _VERDICTS, False
        self._write(schemas, purpose, writer)
        if self._was_brief:
            self._brief[name] = schemas, purpose
            calls, unfold = itertools.count(1).__next__, functools.partial(self._unfold, name)
            calls_, most = self.space.bind(calls, "calls"), self.space.bind(_CALLS_BEFORE_UNFOLDING, "most")
            writer.lines.insert(0, f"    if {calls_}() == {most}: {self.space.bind(unfold, 'unfold')}()")
        self._open, self._loops, self._is_brief, self._was_brief = outer
        self.space.define(name, PARAMETERS[purpose.kind], writer)

    def had_better_call(self, schema: Schema) -> bool:
        """
        Tell whether *schema* had better be called at first, which then is noted.

        A large schema is written in small functions, of which an event needs few. Reports are not, whose functions would need
        more of the stack.
        """
        if not self._is_brief or self._size(schema) <= _MOST_SMALL:
            return False
        self._was_brief = True
        return True

    def _unfold(self, name: str) -> None:
        """Write the function *name* anew, with everything in place; it has been called so often that it pays."""
        with self.lock:
            if name in self._brief:
                function: Any = self.space.values[name]
                self._define(name, *self._brief.pop(name), is_brief=False)
                # Whoever has the function goes on with it.
                function.__code__ = self.space.values[name].__code__
                self.space.values[name] = function

    def unfold_all(self) -> None:
        """Write every function with everything in place, now and henceforth, so that a verdict takes less of the stack."""
        with self.lock:
            self.is_large = False
            while self._brief:
                self._unfold(next(iter(self._brief)))

    def _write(self, schemas: tuple[Schema, ...], purpose: Purpose, writer: Writer) -> None:
        place = Place(
            "instance",
            purpose.scope,
            reporting=purpose.kind == "report",
            evaluated="evaluated" if purpose.kind == "track" else None,
            strict=purpose.kind == "strict" or purpose.strict or (purpose.kind == "verdict" and self.options.strict),
            raising=purpose.raising,
        )
        if purpose.kind == "verdict":
            with writer.block("try:"):
                self._write_verdict(schemas, place, writer)
            # A value of a foreign type, or nesting too deep for the stack: both are looked at more closely.
            if purpose.raising:
                writer.line("except KeyError: return False")
                careful = self._name(schemas, replace(purpose, raising=False))
                writer.line(
                    "except (TypeError, ForeignType, RecursionError, OverflowError, AttributeError): "
                    f"return {careful}(instance)"
                )
            else:
                # A key that is no text has what a text has not.
                writer.line("except (ForeignType, RecursionError, TypeError, AttributeError): return again(instance)")
        elif purpose.kind in ("strict", "check"):
            self._write_verdict(schemas, place, writer)
        else:
            if purpose.strict:
                report_strictly(self, schemas[0], place, writer)
            else:
                self.emit(schemas[0], place, writer, bare=purpose.bare)
            if purpose.kind != "report":
                writer.line("return True")
            elif not writer.lines:
                writer.line("pass")

    def _write_verdict(self, schemas: tuple[Schema, ...], place: Place, writer: Writer) -> None:
        if self._is_brief and (judge := self.assembler.assembled(schemas, place.scope, strict=place.strict)):
            self._was_brief = True
            writer.line(f"if not {self.space.bind(judge, 'judge')}(instance): return False")
        elif place.strict:
            emit_strict_body(self, schemas, place, writer)
        else:
            with self.looping(self.key(schemas[0], place), schemas, place, writer) as (at, body):
                self.emit(schemas[0], at, body)
        writer.line("return True")

    # Emitting

    def emit(self, schema: Schema, at: Place, writer: Writer, *, bare: bool = False) -> None:
        """Write the code that judges ``at.variable`` by *schema*, in place."""
        with self.writing(schema, writer):
            if schema.contents is False:
                self.fail(writer, at, "false", "no value here", keyword_tokens=())
            elif schema.contents is not True and schema.contents != {}:
                emit_keywords(self, schema, at.loosely().in_scope(self.entered(schema, at.scope)), writer, bare=bare)

    def emit_child(self, schema: Schema, at: Place, writer: Writer) -> None:
        """Write the code of a schema that alone applies to its instance, strictly where the place is strict."""
        if at.strict and at.reporting:
            report_strictly(self, schema, at, writer)
        elif at.strict:
            emit_strict(self, (schema,), at, writer)
        else:
            self.emit_or_call(schema, at, writer)

    def emit_or_call(self, schema: Schema, at: Place, writer: Writer) -> None:
        """Write the code of a subschema, as a call where the function would nest too deep or grow too long."""
        if writer.is_full or self.had_better_call(schema):
            self.call(schema, at.loosely(), writer)
        else:
            self.emit(schema, at, writer)

    def call(self, schema: Schema, at: Place, writer: Writer) -> None:
        """Write a call to the function of *schema*; what it evaluates and reports goes where ours does."""
        if schema.contents is True or schema.contents == {}:
            return
        scope = self.entered(schema, at.scope)
        if at.reporting:
            name = self.name(schema, Purpose("report", scope, strict=at.strict))
            writer.line(f"{name}({at.variable}, {self.path(at)}, {self.keywords(at)}, errors)")
        elif at.evaluated:
            name = self.name(schema, Purpose("track", scope))
            writer.line(f"if not {name}({at.variable}, {at.evaluated}): return False")
        else:
            name = self.name(schema, Purpose("check", scope, raising=at.raising))
            writer.line(f"if not {name}({at.variable}): return False")

    def condition(self, schema: Schema, at: Place, evaluated: str | None = None) -> str:
        """Return an expression that is true when *schema* accepts ``at.variable``."""
        if isinstance(schema.contents, bool):
            return str(schema.contents)
        scope = self.entered(schema, at.scope)
        if evaluated:
            return f"{self.name(schema, Purpose('track', scope))}({at.variable}, {evaluated})"
        simple = simple_condition(self, schema, at.variable)
        return simple or f"{self.name(schema, Purpose('check', scope))}({at.variable})"

    def report_name(self, schema: Schema, at: Place) -> str:
        """Return the name of the function that reports what *schema* refuses."""
        return self.name(schema, Purpose("report", self.entered(schema, at.scope)))

    def bare_tracker(self, schema: Schema, at: Place) -> str:
        """Return the name of the function that tracks what *schema* evaluates beside its unevaluated keywords."""
        return self.name(schema, Purpose("track", self.entered(schema, at.scope), bare=True))

    def is_leaf(self, schema: Schema) -> bool:
        """Tell whether *schema* has neither subschemas nor references, so that its code is short."""
        contents = schema.contents
        if isinstance(contents, bool):
            return True
        return not any(keyword in contents for keyword in _REFERENCES) and not any(
            tokens[0] not in ("definitions", "$defs") for tokens, _ in subschemas(contents, schema.dialect)
        )

    def may_inline(self, schemas: tuple[Schema, ...], writer: Writer) -> bool:
        """
        Tell whether *schemas*, found behind references, had better be written in place than called.

        A call costs as much as two fields. What is large or already being written here is called.
        """
        return (
            not writer.is_full
            and not any(map(self.had_better_call, schemas))
            and len(writer.lines) < _MOST_LINES_WITH_INLINED
            and all(self._open.count(schema.uri) < _UNROLLED for schema in schemas)
            and sum(map(self._size, schemas)) <= _MOST_INLINED
        )

    @contextlib.contextmanager
    def writing(self, schema: Schema, writer: Writer) -> Iterator[None]:
        """Note that the keywords of *schema* are being written."""
        self._open_schemas.append(schema)
        writer.depth += 1
        yield
        self._open_schemas.pop()
        writer.depth -= 1

    def key(self, schema: Schema, at: Place) -> Key:
        """Return what tells whether *schema* at *at* is already being written as a loop."""
        return at.strict, ((schema.uri, self.entered(schema, at.scope)),)

    @contextlib.contextmanager
    def looping(self, key: Key, schemas: Iterable[Schema], at: Place, writer: Writer) -> Iterator[tuple[Place, Writer]]:
        """
        Yield where to write a verdict that `loop` may lead back to; it becomes a loop if that happens.

        A loop takes what is recursive level by level, without calls. It ends where there is too much of it for one that ends by
        itself, as for a list that contains itself, and leaves the verdict to the careful form, which is recursive.
        """
        if not at.raising or at.evaluated or writer.is_full or all(map(self.is_leaf, schemas)):
            yield at, writer
            return
        items, item, below = self.space.name("items"), self.space.name("item"), self.space.name("below")
        body = Writer()
        body.nesting, body.depth = writer.nesting + 2, writer.depth
        outer = self._loops.get(key)
        self._loops[key] = below
        yield replace(at, variable=item, known_type=None), body
        if outer is None:
            del self._loops[key]
        else:
            self._loops[key] = outer
        if not any(below in line for line in body.lines):
            writer.lines += renamed((line[8:] for line in body.lines), item, at.variable)
            return
        writer.line(f"{items} = [{at.variable}]")
        with writer.block("for _ in LEVELS:"):
            writer.line(f"{below} = []")
            with writer.block(f"for {item} in {items}:"):
                writer.lines += body.lines
            writer.line(f"if not {below}: break")
            writer.line(f"if len({below}) > {_MOST_AT_ONE_LEVEL}: raise RecursionError")
            writer.line(f"{items} = {below}")
        writer.line("else: raise RecursionError")

    def loop(self, key: Key, at: Place, writer: Writer) -> bool:
        """Leave the verdict to the loop that is being written for *key*; tell whether there is one."""
        if not at.raising or at.evaluated or key not in self._loops:
            return False
        writer.line(f"{self._loops[key]}.append({at.variable})")
        return True

    @contextlib.contextmanager
    def inlining(self, schemas: tuple[Schema, ...]) -> Iterator[None]:
        """Note that *schemas* are being written."""
        self._open += [schema.uri for schema in schemas]
        yield
        del self._open[-len(schemas) :]

    def _size(self, schema: Schema) -> int:
        """Return the number of schemas in *schema*, or something above the limit where it is above."""
        if schema.uri not in self._sizes:
            size, stack = 0, [schema.contents]
            while stack and size <= _MOST_INLINED:
                size += 1
                contents = stack.pop()
                if isinstance(contents, dict):
                    stack += [
                        below
                        for tokens, below in subschemas(contents, schema.dialect)
                        if tokens[0] not in ("definitions", "$defs")
                    ]
            self._sizes[schema.uri] = size
        return self._sizes[schema.uri]

    def fail(
        self,
        writer: Writer,
        at: Place,
        keyword: str,
        expected: str | Callable[[], str],
        *,
        variable: str | None = None,
        token: str | None = None,
        keyword_tokens: tuple[str | int, ...] | None = None,
        found: str = "None",
        branches: str = "None",
        missing: str | None = None,
    ) -> None:
        """
        Write what happens where *keyword* refuses: an appended error, or the verdict False.

        *expected* may be a function, which only a report asks. *token* names the variable of a child's key where the error
        stands at that child; *found* and *branches* are expressions for a phrase of their own and for the functions of the
        branches that refused; *missing* is the field that is not there.
        """
        if not at.reporting:
            writer.line("return False")
            return
        child = replace(at, path=(*at.path, token)) if token else at
        tokens = (keyword,) if keyword_tokens is None else keyword_tokens
        here = self._open_schemas[-1]
        absolute = here.uri + ("" if "#" in here.uri else "#") + pointer_from_tokens(tokens or (keyword,))
        suffix = pointer_from_tokens((*at.keywords, *tokens))
        phrase = expected if isinstance(expected, str) else expected()
        site = self.space.bind(Site(suffix, keyword, phrase, absolute, missing), "site")
        writer.line(
            f"errors.append(({self.path(child)}, keywords, {site}, {variable or at.variable}, {found}, {branches}))"
        )
        writer.line("if len(errors) == errors.most: raise Enough")

    def fail_undeclared(self, writer: Writer, at: Place, variable: str, token: str) -> None:
        """Write the note of an undeclared field, which no keyword of the schema names; only reports ask for it."""
        child = self.path(replace(at, path=(*at.path, token)))
        writer.line(
            f"errors.append(({child}, None, {self.space.bind_once(UNDECLARED, 'site')}, {variable}, None, None))"
        )
        writer.line("if len(errors) == errors.most: raise Enough")

    def path(self, at: Place) -> str:
        """Return the expression of the linked path to ``at.variable``."""
        text = "path"
        for token in at.path:
            text = f"({text}, {token})"
        return text

    def keywords(self, at: Place) -> str:
        """Return the expression of the linked keyword location."""
        return f"(keywords, {self.space.bind(pointer_from_tokens(at.keywords), 'at')})" if at.keywords else "keywords"

    # References

    def entered(self, schema: Schema, scope: Scope) -> Scope:
        """Return *scope* after entering the resource of *schema*: the outermost dynamic anchors win."""
        if schema.dialect.generation < 2019:
            return scope
        anchors = self._anchors.get(schema.base_uri)
        if anchors is None:
            found = schema.registry.dynamic_anchors(schema.base_uri)
            anchors = {name: anchored.uri for name, anchored in found.items()}
            self._anchors[schema.base_uri] = anchors
        if not anchors:
            return scope
        return tuple(sorted({**anchors, **dict(scope)}.items()))

    def referenced(self, schema: Schema, keyword: str, scope: Scope) -> Schema:
        """Return the schema that the reference in *keyword* means in the dynamic *scope*."""
        assert isinstance(schema.contents, dict)  # noqa: S101  # only emitters of keywords ask
        reference = schema.contents[keyword]
        if not isinstance(reference, str):
            raise self.fault(schema, f"expected {keyword} to be text", keyword)
        if keyword == "$dynamicRef" and schema.dialect.generation >= 2026:
            # Since v1 the value is the name of an anchor, and need not lead anywhere by itself.
            name = reference.removeprefix("#")
            uri = dict(scope).get(name)
            return schema.registry.resolve(uri or f"#{name}", uri or schema.uri)
        target = self.resolved(schema, reference)
        if keyword == "$dynamicRef" and isinstance(target.contents, dict):
            name = reference.partition("#")[2]
            if name and target.contents.get("$dynamicAnchor") == name:
                return self._in_scope(target, name, scope)
        is_recursive = keyword == "$recursiveRef" and isinstance(target.contents, dict)
        if is_recursive and target.contents.get("$recursiveAnchor") is True:  # type: ignore[union-attr]
            return self._in_scope(target, "", scope)
        return target

    def _in_scope(self, target: Schema, name: str, scope: Scope) -> Schema:
        uri = dict(scope).get(name)
        return target if uri is None else target.registry.resolve("#" + uri.partition("#")[2], uri)

    def fault(self, schema: Schema, message: str, *tokens: str | int) -> SchemaError:
        """Return the error for a schema that can't be compiled."""
        return SchemaError(message, pointer=schema.pointer + pointer_from_tokens(tokens), source=schema.base_uri)

    def reachable(self) -> Iterator[Schema]:
        """Yield the root and every schema that can come to judge an instance, each once."""
        seen: dict[str, Any] = {}
        entered: set[str] = set()
        self.referred, self.entries = set(), []
        stack: list[Schema] = []
        elsewhere = [self.root]
        while stack or elsewhere:
            is_entry = not stack
            schema = elsewhere.pop() if is_entry else stack.pop()
            if schema.uri in seen:
                if seen[schema.uri] is not schema.contents and seen[schema.uri] != schema.contents:
                    raise SchemaError(
                        f"expected an $id of its own, found {schema.uri} for two schemas", source=schema.base_uri
                    )
                continue
            seen[schema.uri] = contents = schema.contents
            if is_entry:
                self.entries.append(schema)
            yield schema
            if schema.dialect.generation >= 2019 and schema.base_uri not in entered:
                entered.add(schema.base_uri)
                elsewhere.extend(schema.registry.dynamic_anchors(schema.base_uri).values())
            if not isinstance(contents, dict):
                continue
            for keyword in _REFERENCES:
                if keyword not in contents or keyword not in schema.dialect.keywords:
                    continue
                try:
                    elsewhere.append(target := self.referenced(schema, keyword, ()))
                    self.referred.add(target.uri)
                except UnresolvableReference:
                    if keyword != "$dynamicRef" or schema.dialect.generation < 2026:
                        raise
                    # Whether it leads anywhere depends on the way here, and shows when all ways are compiled.
                    self.needs_all = True
            if schema.dialect.generation <= 7 and "$ref" in contents:
                continue
            within = schema.uri if "#" in schema.uri else f"{schema.uri}#"
            for tokens, below in self._below(schema).items():
                if tokens[0] not in ("definitions", "$defs"):
                    is_within = below.dialect is schema.dialect and below.uri.startswith(within)
                    (stack if is_within else elsewhere).append(below)
