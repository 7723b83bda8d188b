"""
Text of generated functions, and the namespace that they share.

Values are bound to names and never written into the text: a schema cannot become code, whatever it contains. Those that never
change are put among the constants of the compiled function, where a name is found faster than among the globals. Functions
that differ in names and constants alone share what Python compiled.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Python 3.11 refuses more than 20 nested blocks; one emitter opens up to four.
MOST_NESTING = 12
# Beyond this many schemas within one another, too; each takes some frames of the stack to write.
MOST_DEPTH = 24
# Beyond this many lines a function calls another one for its subschemas.
MOST_LINES = 2000

_serial = itertools.count(1)
_NAME = re.compile(r"\b[a-z_]+[0-9]+\b")
# In the place of a name or a constant, with a number; nothing else in generated code starts like this.
_NUMBERED = "_"
# Codes of longer texts are not kept for functions of the same shape.
_LONGEST_KEPT = 4_000
# What is asked of most values. From so many times on it pays to have it in a local variable, which is found faster.
_ASKED_OFTEN = re.compile(r"\b(?:type|int|float|bool)\b")
_OFTEN = 8


_CONSTANT_TYPES = (str, int, float, frozenset, tuple)


class Writer:
    """Lines of one function, indented as they are added; ``nesting`` counts the blocks that are open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.nesting = 0
        self.depth = 0

    def line(self, text: str) -> None:
        """Add one line at the present indentation."""
        self.lines.append("    " * (self.nesting + 1) + text)

    def block(self, header: str, *, keep: bool = False) -> Block:
        """Indent what is added inside below *header*; drop the header if nothing was, unless *keep* asks for ``pass``."""
        return Block(self, header, keep)

    def take_all(self, start: int, item: str, items: str) -> None:
        """Where the loop at the line *start* does no more than append each *item* to a list, write that in one step."""
        if len(self.lines) == start + 2 and self.lines[-1].endswith(f".append({item})"):
            taker = self.lines[-1].strip().removesuffix(f".append({item})")
            del self.lines[start:]
            self.line(f"{taker} += {items}")

    @property
    def is_full(self) -> bool:
        """Whether a subschema had better become a function of its own."""
        return self.nesting >= MOST_NESTING or len(self.lines) > MOST_LINES or self.depth > MOST_DEPTH

    def inline(self) -> contextlib.AbstractContextManager[None]:
        """Leave what is added inside where it is: a block without a header."""
        return _INLINE

    @contextlib.contextmanager
    def never(self) -> Iterator[None]:
        """Drop what is added inside: a block that could never run."""
        start = len(self.lines)
        yield
        del self.lines[start:]


class Block:
    """What `Writer.block` returns, which generated code opens by the thousand: a class takes a third of a generator's time."""

    __slots__ = ("header", "keep", "start", "writer")

    def __init__(self, writer: Writer, header: str, keep: bool) -> None:
        self.writer, self.header, self.keep, self.start = writer, header, keep, 0

    def __enter__(self) -> None:
        writer = self.writer
        self.start = len(writer.lines)
        writer.line(self.header)
        writer.nesting += 1

    def __exit__(self, *_: object) -> None:
        writer = self.writer
        if len(writer.lines) == self.start + 1:
            if self.keep:
                writer.line("pass")
            else:
                del writer.lines[self.start]
        writer.nesting -= 1


_INLINE = contextlib.nullcontext()


class Namespace:
    """The globals of all functions of one validator, and their texts by name."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.texts: dict[str, str] = {}
        self._names = itertools.count(1)
        self._bound: dict[tuple[type, Any], str] = {}
        self._filename = f"<toolkit validator {next(_serial)}>"
        self._is_registered = False

    def name(self, hint: str) -> str:
        """Return a fresh name that starts with *hint*, which is a word of ours."""
        return f"{hint}{next(self._names)}"

    def bind(self, value: Any, hint: str) -> str:
        """Return the global name under which the functions find *value*."""
        if isinstance(value, str | int | float):
            return self.bind_once(value, hint)
        name = self.name(hint)
        self.values[name] = value
        return name

    def bind_once(self, value: Any, hint: str) -> str:
        """Return the one name of *value*, which is hashable; equal values of one type share it."""
        key = (type(value), value)
        if key not in self._bound:
            name = self._bound[key] = self.name(hint)
            self.values[name] = value
        return self._bound[key]

    def define(self, name: str, parameters: str, writer: Writer) -> Callable[..., Any]:
        """Compile the lines of *writer* as the function *name* and return it."""
        text = f"def {name}({parameters}):\n" + _with_locals("\n".join([*writer.lines, ""]))
        filename = f"{self._filename[:-1]} {name}>"
        function = FunctionType(self._code(text, filename), self.values, name)
        self._register(filename, text)
        self.texts[name] = text
        self.values[name] = function
        return function

    def _register(self, filename: str, text: str) -> None:
        """Put the text where tracebacks and debuggers look for it, if there is one that has loaded this place."""
        linecache = sys.modules.get("linecache")
        if linecache is None:
            return
        if not self._is_registered:
            import weakref

            weakref.finalize(self, _forget, linecache.cache, f"{self._filename[:-1]} ")
            self._is_registered = True
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)

    def _code(self, text: str, filename: str) -> CodeType:
        """
        Return the code of the function *text*, in which each name of an unchanging value has become that constant.

        Functions that differ in names and constants alone are compiled once, with numbers for both.
        """
        values = self.values
        numbered: dict[str, str] = {}
        constants: dict[Any, Any] = {}

        def number(match: re.Match[str]) -> str:
            name = match[0]
            found = numbered.get(name)
            if found is None:
                found = f"{_NUMBERED}{len(numbered)}"
                if isinstance(value := values.get(name), _CONSTANT_TYPES):
                    constants[found] = value
                    found = f"'{found}'"
                numbered[name] = found
            return found

        shape = _NAME.sub(number, text)
        keys = [values[name] for name in numbered if name.startswith("key") and isinstance(values.get(name), str)]
        # Python interns the constants of code, and so takes the key that is interned already.
        decoded = {key: sys.intern(key) for key in as_decoded(keys) if type(key) is str}
        constants = {
            found: decoded.get(value, value) if type(value) is str else value for found, value in constants.items()
        }
        code = _compiled(shape) if len(shape) <= _LONGEST_KEPT else _compiled.__wrapped__(shape)
        return _filled(code, {found: name for name, found in numbered.items()}, constants, filename)


@functools.lru_cache(maxsize=512)
def _compiled(shape: str) -> CodeType:
    """Return the code of the one function that *shape* defines."""
    module = compile(shape, "", "exec")
    return next(constant for constant in module.co_consts if isinstance(constant, CodeType))


def _filled(code: CodeType, names: dict[str, str], constants: dict[Any, Any], filename: str) -> CodeType:
    """Return *code* with *names* and *constants* in the place of their numbers."""
    named = names.get
    return code.replace(
        co_consts=tuple(
            [
                _filled(value, names, constants, filename)
                if isinstance(value, CodeType)
                else constants.get(value, value)
                if type(value) is str
                else value
                for value in code.co_consts
            ]
        ),
        co_names=tuple([named(name, name) for name in code.co_names]),
        co_varnames=tuple([named(name, name) for name in code.co_varnames]),
        co_cellvars=tuple([named(name, name) for name in code.co_cellvars]),
        co_freevars=tuple([named(name, name) for name in code.co_freevars]),
        co_name=named(code.co_name, code.co_name),
        co_qualname=named(code.co_qualname, code.co_qualname),
        co_filename=filename,
    )


def as_decoded(keys: Iterable[str]) -> list[str]:
    """
    Return *keys* as orjson hands them out, if it is in use; it remembers the object of each key.

    A key is found in a dict in half the time where it is the same object, which an equal one is not seen to be at once. That
    matters most in the dicts that orjson makes for more than five fields.
    """
    orjson = sys.modules.get("orjson")
    keys = list(keys)
    if orjson is not None and keys:
        with contextlib.suppress(TypeError):  # half a surrogate pair, say, is nothing that it writes
            keys = list(orjson.loads(orjson.dumps(dict.fromkeys(keys))))
    return keys


def _with_locals(body: str) -> str:
    """Return the *body* of a function with the builtins that it names often as local variables."""
    found = _ASKED_OFTEN.findall(body)
    often = {builtin: f"{builtin}_" for builtin in dict.fromkeys(found) if found.count(builtin) >= _OFTEN}
    if not often:
        return body
    head = "".join([f"    {local} = {builtin}\n" for builtin, local in often.items()])
    return head + _ASKED_OFTEN.sub(lambda match: often.get(match[0], match[0]), body)


def renamed(lines: Iterable[str], old: str, new: str) -> list[str]:
    """Return *lines* with the expression *new* wherever the variable *old* stood."""
    return [_NAME.sub(lambda match: new if match[0] == old else match[0], line) for line in lines]


def count_of(name: str, line: str) -> int:
    """Return how often the variable *name* stands in *line*."""
    return _NAME.findall(line).count(name)


def _forget(cache: dict[str, Any], prefix: str) -> None:
    # Copied at once: it is called wherever a validator ends, and other threads may add theirs meanwhile.
    for filename in [name for name in list(cache) if name.startswith(prefix)]:
        cache.pop(filename, None)
