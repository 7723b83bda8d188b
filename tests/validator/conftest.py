import pytest


@pytest.fixture(scope="module")
def eager_learning():
    """Let templates be learned of a few lines, and regexes of several texts be compiled for the first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("toolkit.validator.values._CALLS_BEFORE_COMPILING", 1)
        patch.setattr("toolkit.validator.bulk.judging.LEAST_LINES", 0)
        yield


@pytest.fixture(scope="module", params=["at once", "later"])
def written(request):
    """Let functions be written with everything in place; or, as those of large schemas, after two calls of ready parts."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "later":
            patch.setattr("toolkit.validator.compiler._LARGE", 1)
            patch.setattr("toolkit.validator.compiler._MOST_SMALL", 0)
            patch.setattr("toolkit.validator.compiler._CALLS_BEFORE_UNFOLDING", 3)
        yield
