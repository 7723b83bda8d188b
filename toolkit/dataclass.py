"""
``dataclass``, ``field`` and ``replace`` as the standard library has them, without its import.

``dataclasses`` takes longer to import than an event to judge, and writes six functions for each class. What `toolkit validate`
needs on its way uses these instead: for type checkers they are the originals; at run time they offer what the toolkit asks for
(``frozen``, ``slots``, ``unsafe_hash``; defaults, factories, ``compare``, ``hash`` and ``repr`` of a field). The functions of
``dataclasses`` take such classes for their own.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:

    class field:  # noqa: N801  # named as the original
        """What is said about one field beside its type."""

        __slots__ = ("compare", "default", "default_factory", "hash", "repr")

        def __init__(self, *, default=..., default_factory=None, compare=True, hash=None, repr=True):  # noqa: A002
            self.default = default
            self.default_factory = default_factory
            self.compare = compare
            self.hash = compare if hash is None else hash
            self.repr = repr

    def dataclass(*, frozen=False, slots=True, unsafe_hash=False):
        """Return the decorator that makes a class of annotated fields, which always has slots."""
        assert slots  # noqa: S101  # so that it is written as for the original

        def decorate(plain):
            return _made(plain, frozen=frozen, is_hashable=frozen or unsafe_hash)

        return decorate

    def replace(instance, **changes):
        """Return *instance* with other values in the fields that *changes* names."""
        for name in instance.__slots__:
            if name not in changes:
                changes[name] = getattr(instance, name)
        return instance.__class__(**changes)

    def _made(plain, *, frozen, is_hashable):
        body = {name: value for name, value in vars(plain).items() if name not in ("__dict__", "__weakref__")}
        fields = {}
        for name in plain.__annotations__:
            given = body.pop(name, ...)
            fields[name] = given if type(given) is field else field(default=given)
        compared = _getter([name for name in fields if fields[name].compare])
        hashed = _getter([name for name in fields if fields[name].hash])

        def initialized(self, *values, **named):
            # Written when the first instance is made; of many classes none ever is.
            made.__init__ = _initializer(made, fields, frozen)
            made.__init__(self, *values, **named)

        def equals(self, other):
            return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

        def shown(self):
            texts = [f"{name}={getattr(self, name)!r}" for name in fields if fields[name].repr]
            return f"{self.__class__.__qualname__}({', '.join(texts)})"

        body |= {
            "__slots__": tuple(fields),
            "__match_args__": tuple(fields),
            "__dataclass_fields__": _Original(plain, fields, frozen),
            "__init__": initialized,
            "__eq__": equals,
            "__hash__": (lambda self: hash(hashed(self))) if is_hashable else None,
            "__repr__": shown,
        }
        if frozen:
            body |= {"__setattr__": _refuse, "__delattr__": _refuse, "__getstate__": _state, "__setstate__": _set_state}
        made = type(plain)(plain.__name__, plain.__bases__, body)
        return made

    def _getter(names):
        if len(names) > 1:
            return attrgetter(*names)
        return (lambda instance: (getattr(instance, names[0]),)) if names else lambda instance: ()

    def _initializer(made, fields, frozen):
        """Return ``__init__`` of the class *made*, written out so that it is as fast as one by hand."""
        known = {"missing": ...}
        parameters, lines = ["self"], []
        for name, said in fields.items():
            value, default = name, f"={name}_default"
            known[f"{name}_default"], known[f"{name}_made"] = said.default, said.default_factory
            if said.default_factory is not None:
                value = f"{name}_made() if {name} is missing else {name}"
            elif said.default is ...:
                default = ""
            parameters.append(name + default)
            # The slot takes what the class would refuse, in half the time of object.__setattr__.
            known[f"put_{name}"] = vars(made)[name].__set__
            lines.append(f" put_{name}(self, {value})" if frozen else f" self.{name} = {value}")
        exec("\n".join([f"def __init__({', '.join(parameters)}):", *lines]), known)  # noqa: S102  # names of our own
        return known["__init__"]

    def _refuse(self, name, *_):
        raise AttributeError(f"{type(self).__name__} is a value: {name} can't be changed; use replace()")

    def _state(self):
        return [getattr(self, name) for name in self.__slots__]

    def _set_state(self, state):
        for name, value in zip(self.__slots__, state, strict=True):
            object.__setattr__(self, name, value)

    class _Original:
        """The fields as ``dataclasses`` knows them, made when it asks."""

        def __init__(self, plain, fields, frozen):
            self.plain, self.fields, self.frozen = plain, fields, frozen

        def __get__(self, instance, owner):
            import dataclasses

            made = type(self.plain.__name__, (), {"__annotations__": self.plain.__annotations__})
            for name, said in self.fields.items():
                options = {"compare": said.compare, "hash": said.hash, "repr": said.repr}
                if said.default_factory is not None:
                    options["default_factory"] = said.default_factory
                elif said.default is not ...:
                    options["default"] = said.default
                setattr(made, name, dataclasses.field(**options))
            return dataclasses.dataclass(frozen=self.frozen)(made).__dataclass_fields__
