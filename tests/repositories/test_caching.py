import pytest

from toolkit.errors import AwsError, SchemaNotFound
from toolkit.repositories import CachedRepository, FolderRepository
from toolkit.repositories.caching import Memory


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Counting(FolderRepository):
    """A folder that counts what it is asked, and may be down."""

    def __init__(self, folder):
        super().__init__(folder)
        self.asked = []
        self.is_down = False

    def versions(self, name):
        self._ask("versions")
        return super().versions(name)

    def load(self, name, version=""):
        self._ask("load")
        return super().load(name, version)

    def _ask(self, what):
        self.asked.append(what)
        if self.is_down:
            raise AwsError("down", service="dynamodb")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def inner(tmp_path):
    repository = Counting(tmp_path)
    repository.add("moved", "1", '{"title": "first"}')
    return repository


@pytest.fixture
def cached(inner, clock):
    return CachedRepository(inner, seconds=60, stale_seconds=600, clock=clock)


def test_many_questions_are_one(cached, inner):
    for _ in range(100):
        assert cached.load("moved").contents == {"title": "first"}
    # Of the folder's own two questions, the second is that of its load.
    assert inner.asked == ["versions", "load", "versions"]


def test_a_new_version_is_seen_after_a_while(cached, inner, clock):
    cached.load("moved")
    inner.add("moved", "2", '{"title": "second"}')
    clock.now = 59
    assert cached.load("moved").contents == {"title": "first"}
    clock.now = 61
    assert cached.load("moved").contents == {"title": "second"}


def test_an_outage_is_bridged_for_a_bounded_time(cached, inner, clock):
    cached.load("moved")
    inner.is_down = True
    clock.now = 599
    assert cached.load("moved").contents == {"title": "first"}
    asked = len(inner.asked)
    clock.now = 610
    # The last try was eleven seconds ago: nobody is asked.
    assert cached.load("moved").contents == {"title": "first"}
    assert len(inner.asked) == asked
    clock.now = 700
    with pytest.raises(AwsError, match="down"):
        cached.load("moved")
    assert cached.load("moved", "1").contents == {"title": "first"}


def test_what_is_not_there_is_asked_again(cached, inner):
    with pytest.raises(SchemaNotFound):
        cached.load("other")
    inner.add("other", "1", "true")
    with pytest.raises(SchemaNotFound):
        cached.load("other", "2")


def test_a_memory_never_outgrows_its_bound():
    memory = Memory(most=3)
    for number in range(1000):
        assert memory.get(number, lambda number=number: number) == number
    assert len(memory) == 3
    memory.get(998, lambda: pytest.fail("it was known"))
