"""Queries that programs write: deep ones, and such of very many parts."""

import pytest

DEEP = 100


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        (f"SELECT {'(' * DEEP}1{')' * DEEP}", "1"),
        (f"SELECT {'abs(' * DEEP}-1{')' * DEEP}", "1"),
        (f"SELECT a FROM {'(SELECT a FROM ' * 50}(VALUES 1) t(a){')' * 50}", "1"),
        (f"SELECT {' + '.join(['1'] * 900)}", "900"),
        (f"SELECT length({' || '.join(['cast(random(1) AS varchar)'] * 400)})", "400"),
        (f"SELECT count(*) FROM ({' UNION ALL '.join(f'SELECT {n}' for n in range(400))})", "400"),
        (f"SELECT count(*) FROM (VALUES 7) t(a) WHERE {' OR '.join(f'a = {n}' for n in range(1_000))}", "1"),
        (f"SELECT count(*) FROM (VALUES 7) t(a) WHERE {' AND '.join(f'a <> {n} - 5' for n in range(7))}", "1"),
        (f"SELECT count(*) FROM (VALUES 7) t(a) WHERE {' AND '.join(f'(a <> {n} OR a = 7)' for n in range(500))}", "1"),
        (f"SELECT count(*) FROM (VALUES 7) t(a) WHERE a IN ({', '.join(map(str, range(3_000)))})", "1"),
        (f"{'/* generated */ ' * 2_000}SELECT 1", "1"),
        (f"SELECT CASE a {' '.join(f'WHEN {n} THEN {n + 1}' for n in range(500))} END FROM (VALUES 7) t(a)", "8"),
    ],
    ids="brackets calls queries sums texts unions or and both in comments case".split(),  # noqa: SIM905
)
def test_a_query_may_be_deep_and_long(athena, sql, value):
    assert athena.value(sql) == value


def _nested(pattern, levels, inner="1"):
    for _ in range(levels):
        inner = pattern.format(inner)
    return inner


def test_values_and_types_may_stand_inside_each_other(athena):
    """What it costs to read them may not double with each level, of which these have thirty."""
    row = _nested("ROW({}, 2)", 30)
    assert athena.value(f"SELECT count({row})") == "1"
    assert athena.value(f"SELECT CAST({row} AS {_nested('ROW(a {}, b bigint)', 30, 'integer')}).b") == "2"
    assert athena.value(f"SELECT CAST(NULL AS {_nested('ROW({}, integer)', 30, 'integer')}) IS NULL") == "true"
    assert athena.value(f"SELECT cardinality({_nested('ARRAY[{}]', 30)})") == "1"
    assert athena.value(f"SELECT cardinality({_nested('MAP(ARRAY[1], ARRAY[{}])', 30)})") == "1"


def test_arrays_inside_each_other_are_shown_up_to_a_limit(athena):
    """What it costs to write them does double with each level; without the limit thirty would take all memory."""
    assert athena.value(f"SELECT {_nested('ARRAY[{}]', 10)}") == "[" * 10 + "1" + "]" * 10
    expected = "NOT_SUPPORTED: the local Athena writes values of at most 14 arrays and maps inside each other"
    assert athena.reason(f"SELECT {_nested('ARRAY[{}]', 30)}").startswith(expected)
    assert athena.reason(f"SELECT CAST({_nested('MAP(ARRAY[1], ARRAY[{}])', 15)} AS JSON)").startswith(
        "NOT_SUPPORTED: "
    )


def test_a_query_may_be_too_deep(athena):
    assert athena.refusal(f"SELECT {'(' * 20_000}1{')' * 20_000}").endswith("The query is nested too deeply")
    union = " UNION ALL ".join(f"SELECT {n}" for n in range(6_000))
    expected = "STACK_OVERFLOW: statement is too large (stack overflow during analysis)"
    assert athena.reason(union) == expected


def test_a_struct_of_many_levels_is_shown(athena):
    """What the text of a value costs may not double with each level."""
    levels = 20
    kind = f"{'struct<d:' * levels}int{',e:string>' * levels}"
    athena.put("deep/a.json", '{"x": ' + '{"d": ' * levels + "1" + "}" * levels + "}")
    athena.run("CREATE DATABASE deep")
    athena.run(
        f"CREATE EXTERNAL TABLE deep.deep (x {kind}) "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/deep/'"
    )
    assert athena.value("SELECT x FROM deep.deep") == f"{'{d=' * levels}1{', e=null}' * levels}"
