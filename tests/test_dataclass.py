"""Our dataclasses, held against the originals."""

import copy
import dataclasses
import pickle

import pytest

from toolkit import dataclass as ours


def made(module):
    @module.dataclass(frozen=True, slots=True)
    class Value:
        """A value."""

        name: str
        size: int = 1
        notes: list = module.field(default_factory=list, compare=False, repr=False)

        @property
        def double(self):
            return 2 * self.size

    return Value


Ours, Original = made(ours), made(dataclasses)


@pytest.mark.parametrize("Value", [Ours, Original])
def test_a_value_is_made_compared_hashed_and_shown(Value):  # noqa: N803
    value = Value("a", notes=[1])
    assert (value.name, value.size, value.notes, value.double) == ("a", 1, [1], 2)
    assert value == Value("a") != Value("b")
    assert value != ("a", 1, [1])
    assert hash(value) == hash(Value("a"))
    assert repr(value).endswith("Value(name='a', size=1)")
    assert Value("a").notes is not Value("a").notes
    assert Value.__doc__ == "A value."


@pytest.mark.parametrize("Value", [Ours, Original])
def test_a_value_takes_no_other_fields_and_never_changes(Value):  # noqa: N803
    value = Value("a")
    for change in (lambda: setattr(value, "size", 2), lambda: delattr(value, "size")):
        with pytest.raises(AttributeError):
            change()
    for wrong in (lambda: Value(), lambda: Value("a", colour=1), lambda: Value("a", 1, [], 2)):
        with pytest.raises(TypeError):
            wrong()
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("Value", [Ours, Original])
@pytest.mark.parametrize("replace", [ours.replace, dataclasses.replace])
def test_either_replace_takes_either_value(Value, replace):  # noqa: N803
    assert replace(Value("a"), size=3) == Value("a", 3)


def test_what_asks_for_dataclasses_takes_ours_for_one():
    assert dataclasses.is_dataclass(Ours)
    assert dataclasses.asdict(Ours("a")) == dataclasses.asdict(Original("a"))
    shown = [(field.name, field.type, field.compare, field.repr) for field in dataclasses.fields(Ours)]
    assert shown == [(field.name, field.type, field.compare, field.repr) for field in dataclasses.fields(Original)]
    match Ours("a", 2):
        case Ours(name, size):
            assert (name, size) == ("a", 2)


def test_values_are_copied_and_pickled():
    from toolkit.schema import DRAFT7

    assert copy.deepcopy(DRAFT7) == pickle.loads(pickle.dumps(DRAFT7)) == DRAFT7


def test_one_that_is_not_frozen_changes_and_has_no_hash():
    @ours.dataclass(slots=True)
    class Count:
        number: int = 0

    count = Count()
    count.number += 1
    assert count == Count(1)
    with pytest.raises(TypeError):
        hash(count)
