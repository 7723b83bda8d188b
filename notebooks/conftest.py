"""Notebooks run against one local platform, started when the first of them needs it."""

import os
import tempfile
from contextlib import ExitStack

import pytest

from toolkit.local import launch

ENVIRONMENT = pytest.StashKey[dict[str, str]]()


def environment(config):
    """Return what a kernel gets: the platform alone, nothing of the account or the IPython profile of whoever runs it."""
    if ENVIRONMENT not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        config.stash[ENVIRONMENT] = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            **stack.enter_context(launch()).environment,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "IPYTHONDIR": stack.enter_context(tempfile.TemporaryDirectory()),
        }
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
