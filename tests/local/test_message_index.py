"""The index that makes SQS fast answers as a plain list of messages would."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from toolkit.local import sqs


class Message(SimpleNamespace):
    __hash__ = object.__hash__
    __eq__ = object.__eq__

    @property
    def id(self):
        return str(id(self))


class IndexedAndListed(RuleBasedStateMachine):
    """The same deeds on the index and on a list that is searched; the clock is turned by hand."""

    def __init__(self):
        super().__init__()
        self.now = 1_000.0
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(sqs, "_now", lambda: self.now)
        self.index = sqs.MessageIndex()
        self.listed = []
        self.handles = {}

    def teardown(self):
        self.patch.undo()

    @rule(delay=st.sampled_from([0, 0, 10, 50]))
    def send(self, delay):
        message = Message(visible_at=0.0, delayed_until=self.now + delay if delay else 0.0)
        self.listed.append(message)
        self.index.append(message)

    @rule(timeout=st.sampled_from([0, 10, 30]))
    def receive(self, timeout):
        message = self.index.take()
        expected = [each for each in self.listed if max(each.visible_at, each.delayed_until) <= self.now]
        assert (message in expected) if expected else (message is None)
        if message is not None:
            message.visible_at = self.now + timeout if timeout else 0.0
            handle = f"handle {len(self.handles)}"
            self.handles[handle] = message
            self.index.received(message, handle)

    @rule(seconds=st.sampled_from([1, 10, 60]))
    def wait(self, seconds):
        self.now += seconds

    @precondition(lambda self: self.handles)
    @rule(data=st.data())
    def delete(self, data):
        handle = data.draw(st.sampled_from(sorted(self.handles)))
        message = self.index.with_handle(handle)
        assert message is (self.handles[handle] if self.handles[handle] in self.listed else None)
        if message is not None:
            self.index.remove(message)
            self.listed.remove(message)

    @precondition(lambda self: self.handles)
    @rule(data=st.data(), timeout=st.sampled_from([0, 5, 100]))
    def change_visibility(self, data, timeout):
        message = self.index.with_handle(data.draw(st.sampled_from(sorted(self.handles))))
        if message is not None:
            message.visible_at = self.now + timeout if timeout else 0.0
            self.index.moved(message)

    @invariant()
    def counts_agree(self):
        delayed = sum(each.delayed_until > self.now for each in self.listed)
        hidden = sum(each.visible_at > self.now >= each.delayed_until for each in self.listed)
        assert self.index.count(sqs.DELAYED) == delayed
        assert self.index.count(sqs.IN_FLIGHT) == hidden
        assert self.index.count(sqs.READY) == len(self.index.ready()) == len(self.listed) - delayed - hidden
        assert set(self.index) == set(self.listed)


TestIndexedAndListed = IndexedAndListed.TestCase


@given(st.integers(100, 2000))
def test_stale_entries_do_not_pile_up(times):
    index = sqs.MessageIndex()
    for number in range(times):
        message = Message(visible_at=0.0, delayed_until=0.0)
        index.append(message)
        index.take()
        message.visible_at = 1e15
        index.received(message, str(number))
        index.remove(message)
    assert len(index._later) <= sqs.STALE_MINIMUM + 1
    assert len(index._ready) <= sqs.STALE_MINIMUM + 1
    assert not index._by_handle
