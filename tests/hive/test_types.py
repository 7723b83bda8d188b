"""Hive's types are read from text and rendered back."""

import pytest

from toolkit.errors import TableError
from toolkit.hive import Array, Decimal, Field, Map, Primitive, Struct, Text, parse_type, query_type, render_type

SAMPLES = [
    ("bigint", Primitive("bigint")),
    ("INTEGER", Primitive("int")),
    ("decimal(10,2)", Decimal(10, 2)),
    ("decimal", Decimal(10, 0)),
    ("decimal( 7 )", Decimal(7, 0)),
    ("varchar(20)", Text("varchar", 20)),
    ("array<map<string,double>>", Array(Map(Primitive("string"), Primitive("double")))),
    ("struct<`select`:int, B : string>", Struct((Field("select", Primitive("int")), Field("b", Primitive("string"))))),
    ("struct<a:int comment 'it\\'s',b:date>", Struct((Field("a", Primitive("int")), Field("b", Primitive("date"))))),
]


@pytest.mark.parametrize(("text", "expected"), SAMPLES)
def test_text_names_a_type(text, expected):
    assert parse_type(text) == expected


@pytest.mark.parametrize("hive_type", [hive_type for _, hive_type in SAMPLES])
@pytest.mark.parametrize("quoted", [True, False])
def test_a_rendered_type_parses_back(hive_type, quoted):
    assert parse_type(render_type(hive_type, quoted=quoted)) == hive_type


@pytest.mark.parametrize(
    "text",
    [
        "",
        "real",
        "json",
        "timestamp(3)",
        "varchar",
        "varchar(70000)",
        "char(256)",
        "decimal(39,0)",
        "decimal(5,6)",
        "decimal(1,1,1)",
        "decimal(99999999999999999999)",
        "array<>",
        "array<int",
        "map<array<int>,int>",
        "struct<>",
        "struct<a:int,>",
        "struct<a:int,A:int>",
        "struct<``:int>",
        "int int",
        "array<" * 200 + "int" + ">" * 200,
    ],
)
def test_text_that_is_no_type_is_refused(text):
    with pytest.raises(TableError):
        parse_type(text)


def test_queries_have_names_of_their_own():
    hive_type = parse_type("struct<a:int,b:array<string>,c:map<string,timestamp>,d:decimal(3,1),e:float,f:binary>")
    assert query_type(hive_type) == (
        'row("a" integer, "b" array(varchar), "c" map(varchar, timestamp(3)), "d" decimal(3,1), "e" real, "f" varbinary)'
    )
