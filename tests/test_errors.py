"""Errors as values: they come out of another process as they were raised there."""

import pickle

import pytest

from toolkit import errors

FACTS = {
    errors.BudgetExceeded: {"budget_in_bytes": 1, "data_scanned_in_bytes": 2},
    errors.IncompatibleSchema: {"changes": ("a: gone",)},
    errors.QueryFailed: {"query_execution_id": "q", "state": "FAILED", "hint": "look"},
    errors.SchemaError: {"pointer": "/a", "source": "s"},
}


def with_facts(kind):
    facts = next((facts for known, facts in FACTS.items() if issubclass(kind, known)), {})
    return kind(*(() if kind is errors.BudgetExceeded else ("said",)), **facts)


OURS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ToolkitError)]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_an_error_is_pickled_with_its_facts(kind):
    error = with_facts(kind)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.args, vars(again)) == (kind, str(error), error.args, vars(error))
