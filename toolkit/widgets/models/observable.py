"""State whose changes can be observed: plain attributes, and functions that hear of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class Observable:
    """Holds `State` attributes; a subclass may answer a change of one in `changed`, before its observers hear of it."""

    def __init__(self) -> None:
        self._observers: list[Callable[[], object]] = []

    def observe(self, observer: Callable[[], object]) -> Callable[[], None]:
        """
        Call *observer* after each change, in the thread that made it; return the function that ends this.

        One assignment that changes several attributes is one change.
        """
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    def changed(self, name: str, old: Any) -> None:
        """Bring in order what depends on the attribute *name*, which was *old*."""

    def notify(self) -> None:
        """Tell the observers that something changed."""
        for observer in tuple(self._observers):
            observer()


class State(Generic[T]):
    """An attribute of an `Observable`; setting another value is a change."""

    def __init__(self, default: T) -> None:
        self.default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> State[T]: ...
    @overload
    def __get__(self, instance: Observable, owner: type) -> T: ...
    def __get__(self, instance: Observable | None, owner: type) -> State[T] | T:
        if instance is None:
            return self
        value: T = instance.__dict__.get(self.name, self.default)
        return value

    def __set__(self, instance: Observable, value: T) -> None:
        old = self.__get__(instance, type(instance))
        value = self.accepted(value)
        if value == old:
            return
        instance.__dict__[self.name] = value
        instance.changed(self.name, old)
        instance.notify()

    def accepted(self, value: T) -> T:
        """Return the value to keep; raises what the attribute does not take."""
        if not isinstance(value, type(self.default)):
            raise TypeError(f"{self.name}: expected {type(self.default).__name__}, found {type(value).__name__}")
        return value


class TextState(State[str]):
    """A text of a form: blanks at its ends don't count, and None is the empty text."""

    def accepted(self, value: str | None) -> str:
        """Return the text without blanks at its ends."""
        return super().accepted("" if value is None else value).strip()
