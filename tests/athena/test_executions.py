from decimal import Decimal

import pytest

from toolkit.athena import QueryExecution


@pytest.mark.parametrize(
    ("scanned", "dollars"),
    [
        (0, "0.00005"),
        (9_999_999, "0.00005"),
        (10_000_001, "0.000055"),
        (1_000_000_000_000, "5"),
    ],
)
def test_a_query_is_charged_by_the_megabyte_and_at_least_ten(scanned, dollars):
    execution = QueryExecution("id", "SELECT 1", "SUCCEEDED", "DML", data_scanned_in_bytes=scanned)
    assert execution.cost_in_dollars == Decimal(dollars)


@pytest.mark.parametrize(
    ("statement_type", "state"), [("DDL", "SUCCEEDED"), ("UTILITY", "SUCCEEDED"), ("DML", "FAILED")]
)
def test_ddl_and_failed_queries_are_free(statement_type, state):
    execution = QueryExecution("id", "x", state, statement_type, data_scanned_in_bytes=10**9)
    assert execution.cost_in_dollars == 0


def test_a_cancelled_query_is_charged():
    assert QueryExecution("id", "x", "CANCELLED", "DML", data_scanned_in_bytes=10**9).cost_in_dollars == Decimal(
        "0.005"
    )
