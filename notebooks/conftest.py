"""Notebooks run against one local platform, started when the first of them needs it."""

import os
from contextlib import ExitStack

import pytest

from toolkit.lab import kernel_environment

ENVIRONMENT = pytest.StashKey[dict[str, str]]()


def environment(config):
    if ENVIRONMENT not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        config.stash[ENVIRONMENT] = stack.enter_context(kernel_environment())
    return config.stash[ENVIRONMENT]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    # nbval starts a notebook's kernel in the set-up of its first cell, and the kernel takes this process's environment.
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in environment(item.config).items():
            patch.setenv(name, value)
        return (yield)
