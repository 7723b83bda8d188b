"""
Nothing is lost when a process dies before or after any call that it makes: each handler, through the runner, around each call.

The default run kills in this process: from the chosen call on nothing that it does reaches a service. ``pytest -m slow
tests/runner/test_every_call.py`` does the same with processes of their own and SIGKILL; it takes about ten minutes.
"""

import os
import subprocess
import sys
import threading
from itertools import count
from pathlib import Path

import pytest
from cases import CASES, Calls, Killed, forget, hide_for, settings

from toolkit.handlers import partition_updater
from toolkit.handlers.polling import queue_length

# A source to receive from, something to do with it, something to settle it.
FEWEST_CALLS = 3
PROGRAM = Path(__file__).with_name("kill_at.py")


@pytest.fixture
def case(request, names, at_once, monkeypatch):
    for name, value in settings(names, request.param).items():
        monkeypatch.setenv(name, value)
    made = CASES[request.param](names)
    lease = partition_updater.register.__kwdefaults__["lease_seconds"]
    made.prepare()
    yield made
    forget()
    partition_updater.register.__kwdefaults__["lease_seconds"] = lease


def kill():
    raise Killed


def passed(case):
    """One pass of the poller in a process of its own, as far as it comes."""
    forget()
    try:
        case.poller().run_once()
    except Killed:
        return


def settle(case):
    """What a new process does: it goes on until there is nothing left."""
    for _ in range(5):
        if case.is_empty():
            return
        passed(case)
    pytest.fail("the source does not become empty")


def check(case, stored, dead_letters):
    assert case.arrived(stored, dead_letters) == case.valid
    letters = dead_letters(case.names.dead_letter_queue)
    assert {letter.body for letter in letters} == case.invalid
    assert all(letter.attributes["field"] == "/age" and letter.attributes["rule"] == "type" for letter in letters)
    for queue in (case.names.redrive_queue, case.names.valid_redrive_queue):
        assert queue_length(queue) == 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", CASES, indirect=True)
def test_a_death_around_any_call_loses_nothing(case, stored, dead_letters, monkeypatch):
    # A thread that dies with its process has nobody to tell.
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    calls = Calls(kill)
    calls.install(monkeypatch)
    for number in count(1):
        for when in ("before", "after"):
            case.feed(f"{when}-{number}")
            calls.arm(number, when)
            passed(case)
            has_died = len(calls.names) >= number
            calls.arm(0, "")
            settle(case)
        if not has_died:
            break
    assert number > FEWEST_CALLS
    check(case, stored, dead_letters)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("case", CASES, indirect=True)
def test_sigkill_around_any_call_loses_nothing(case, stored, dead_letters):
    # Nobody in this process may take what the others had taken.
    hide_for(case.names, 1)
    for number in count(1):
        for when in ("before", "after"):
            case.feed(f"{when}-{number}")
            command = [sys.executable, str(PROGRAM), type(case).__name__, str(number), when]
            command += [case.names.bucket, case.names.prefix]
            done = subprocess.run(command, env=dict(os.environ), check=False, capture_output=True, timeout=100)
            assert done.returncode in (0, -9), done.stderr[-2000:]
        if done.returncode == 0:
            break
    assert number > FEWEST_CALLS
    for _ in range(10):
        passed(case)
        if case.is_empty():
            break
    check(case, stored, dead_letters)
