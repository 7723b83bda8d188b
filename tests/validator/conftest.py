import pytest


@pytest.fixture(scope="module")
def eager_learning():
    """Let templates be learned of a few lines, and regexes of several texts be compiled for the first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("toolkit.validator.values._CALLS_BEFORE_COMPILING", 1)
        patch.setattr("toolkit.validator.bulk.judging.LEAST_LINES", 0)
        yield
