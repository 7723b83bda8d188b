"""The page of functions, and what it promises of each of them."""

from pathlib import Path

import pytest

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.sql.analysis import analyse
from toolkit.local.athena.sql.coverage import APPROXIMATE, PARTLY, functions_page, groups, status
from toolkit.local.athena.sql.dialect import parse
from toolkit.local.athena.sql.functions import FUNCTIONS
from toolkit.local.athena.sql.macros import STATEMENTS
from toolkit.local.athena.sql.routines import ROUTINES

PAGE = Path(__file__).parents[2] / "docs" / "local-athena-functions.md"


def test_the_page_is_up_to_date():
    advice = "`python -m toolkit.local.athena.sql.coverage > docs/local-athena-functions.md` writes it"
    assert PAGE.read_text(encoding="utf-8") == functions_page(), advice


def test_every_function_that_can_be_called_is_one_of_trinos():
    assert set(FUNCTIONS) <= {name for names in groups().values() for name in names}


def test_remarks_are_about_functions_that_can_be_called():
    assert {status(name) for name in PARTLY} == {"exact"}
    assert set(APPROXIMATE) <= set(FUNCTIONS)


def test_every_routine_is_called_by_a_macro():
    text = "\n".join(STATEMENTS.values())
    assert {name for name in ROUTINES if f"py_{name}(" not in text} == set()


@pytest.mark.parametrize("name", ["merge_set_digest", "st_geomfromkml", "index"])
def test_a_function_that_we_lack_is_refused_by_name(name):
    sql = f"SELECT {name}(1)"
    with pytest.raises(QueryError, match=rf"NOT_SUPPORTED: line 1:8: .*{name}"):
        analyse(parse(sql), sql, lambda table: ())


def test_a_function_that_trino_lacks_is_not_found():
    sql = "SELECT list_sum(ARRAY[1])"
    with pytest.raises(QueryError, match=r"FUNCTION_NOT_FOUND: line 1:8: Function 'list_sum' not registered"):
        analyse(parse(sql), sql, lambda table: ())
