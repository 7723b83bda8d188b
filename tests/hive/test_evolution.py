"""Tables are compared, and the way from one to the other is planned."""

from dataclasses import replace

import pytest

from toolkit.errors import TableError
from toolkit.hive import (
    Column,
    DateProjection,
    Policy,
    Table,
    alter_table_plan,
    alter_table_sql,
    changes,
    create_table_sql,
    curated_policy,
    default_policy,
    names_by_key,
    parse_create_table,
    parse_type,
    plan_successor,
    plan_table,
)
from toolkit.hive.evolution import reads_as
from toolkit.hive.serde import HIVE_JSON, ICEBERG, ION, OPENX_JSON, ORC, PARQUET
from toolkit.schema import load_schema

DAY = (Column("day", "string"),)
PROJECTED = {"projection.enabled": "true", "projection.day.type": "injected"}


def table(columns, serde=OPENX_JSON, **options):
    made = tuple(Column(name, hive_type) for name, hive_type in columns.items())
    return Table("d", "t", made, serde=serde, location="s3://bucket/t/", **options)


def iceberg(columns):
    return table(columns, ICEBERG, parameters={"table_type": "ICEBERG"})


def shown(old, new):
    return [str(change) for change in changes(old, new)]


def plan(old, new):
    return [step.sql for step in alter_table_plan(old, new).steps]


def refused(old, new):
    return [(refusal.path, refusal.old, refusal.new) for refusal in alter_table_plan(old, new).refusals]


def test_changes_are_named_with_path_and_types():
    old = table({"a": "int", "b": "string", "s": "struct<x:int,y:array<struct<z:int>>>", "m": "map<string,int>"})
    new = table(
        {"a": "bigint", "c": "string", "s": "struct<x:string,y:array<struct<w:int>>>", "m": "map<string,tinyint>"}
    )
    assert shown(old, new) == [
        "widened a: int → bigint",
        "removed b: string",
        "widened s.x: int → string",
        "removed s.y[].z: int",
        "added s.y[].w: int",
        "narrowed m{}: int → tinyint",
        "added c: string",
    ]


def test_equal_tables_need_nothing():
    made = table({"a": "int"})
    assert changes(made, made) == ()
    assert alter_table_sql(made, changes(made, made)) == []
    assert str(alter_table_plan(made, made)) == "Nothing changes."


@pytest.mark.parametrize(
    ("written", "declared", "expected"),
    [
        ("int", "bigint", True),
        ("bigint", "int", False),
        ("bigint", "double", True),
        ("boolean", "string", True),
        ("string", "bigint", False),
        ("struct<a:int>", "string", True),
        ("struct<a:int>", "struct<a:bigint,b:date>", True),
        ("struct<a:int,b:int>", "struct<a:int>", True),
        ("array<int>", "array<string>", True),
        ("array<int>", "int", False),
        ("varchar(5)", "varchar(6)", True),
        ("decimal(10,2)", "decimal(12,2)", True),
        ("decimal(10,2)", "decimal(12,4)", True),
        ("decimal(10,2)", "decimal(10,4)", False),
        ("int", "decimal(12,2)", True),
        ("bigint", "decimal(12,2)", False),
        ("string", "timestamp", False),
    ],
)
def test_which_values_keep_their_meaning(written, declared, expected):
    assert reads_as(parse_type(written), parse_type(declared)) is expected


def test_a_new_column_is_added():
    old, new = table({"a": "int"}), table({"b": "array<int>", "a": "int"})
    assert plan(old, new) == ["ALTER TABLE `d`.`t` ADD COLUMNS (\n  `b` array<int>\n)"]


@pytest.mark.parametrize(
    "columns",
    [
        {"a": "int", "b": "date"},  # ADD COLUMNS does not work for dates
        {"a": "bigint"},
        {"b": "int"},
        {"a": "string"},
    ],
)
def test_a_json_table_is_dropped_and_created_where_alter_does_not_reach(columns):
    old, new = table({"a": "int"}), table(columns)
    assert plan(old, new) == ["DROP TABLE `d`.`t`", create_table_sql(new, if_not_exists=False)]
    assert alter_table_plan(old, new).is_destructive


def test_a_new_key_that_needs_a_mapping_recreates_the_table():
    old = table({"a": "int"})
    new = table({"a": "int", "b_c": "int"}, replace(OPENX_JSON, properties={"mapping.b_c": "b-c"}))
    assert [step.is_destructive for step in alter_table_plan(old, new).steps] == [True, False]


def test_registered_partitions_are_registered_again_and_projected_ones_are_not_lost():
    columns, wider = {"a": "int"}, {"a": "bigint"}
    registered = alter_table_plan(table(columns, partition_keys=DAY), table(wider, partition_keys=DAY))
    assert [step.sql.split()[0] for step in registered.steps] == ["DROP", "CREATE", "MSCK"]
    assert "must be added again by hand" in registered.notes[0]
    options = {"partition_keys": DAY, "parameters": PROJECTED}
    projected = alter_table_plan(table(columns, **options), table(wider, **options))
    assert [step.sql.split()[0] for step in projected.steps] == ["DROP", "CREATE"]


def test_added_columns_are_null_in_registered_partitions_and_the_plan_says_so():
    found = alter_table_plan(
        table({"a": "int"}, partition_keys=DAY), table({"a": "int", "b": "int"}, partition_keys=DAY)
    )
    assert "partitions that are registered keep the old columns" in found.notes[0]


def test_what_old_events_can_not_be_read_as_is_refused_with_the_way_out():
    old, new = table({"a": "string", "s": "struct<x:string>"}), table({"a": "bigint", "s": "struct<x:int>"})
    assert refused(old, new) == [("a", "string", "bigint"), ("s.x", "string", "int")]
    assert plan(old, new) == []
    with pytest.raises(
        TableError, match="a: string → bigint: old events could not be read as the new type; create a new table by CTAS"
    ):
        alter_table_sql(old, changes(old, new))


@pytest.mark.parametrize(("serde", "fits"), [(OPENX_JSON, (1, 1)), (HIVE_JSON, (1, 0)), (ION, (0, 0))])
def test_what_becomes_text_is_what_the_reader_turns_into_text(serde, fits):
    for old, is_fitting in zip(("bigint", "struct<a:bigint>"), fits, strict=True):
        for column in ("{}", "array<{}>", "struct<b:{}>"):
            before, after = (table({"x": column.format(kind)}, serde) for kind in (old, "string"))
            assert (not alter_table_plan(before, after).refusals) == bool(is_fitting)


def test_a_byte_of_text_more_is_no_other_type_to_ion():
    assert not refused(table({"x": "varchar(5)"}, ION), table({"x": "string"}, ION))


def test_parquet_widens_numbers_in_partitioned_tables_only():
    columns, wider = {"a": "int", "f": "float"}, {"a": "bigint", "f": "double"}
    assert refused(table(columns, PARQUET), table(wider, PARQUET)) == [("a", "int", "bigint"), ("f", "float", "double")]
    options = {"serde": PARQUET, "partition_keys": DAY}
    assert refused(table(columns, **options), table(wider, **options)) == []
    assert refused(table(columns, **options), table({"a": "string", "f": "float"}, **options)) == [
        ("a", "int", "string")
    ]


def test_orc_reads_by_position():
    columns = {"a": "int", "b": "int"}
    assert plan(table(columns, ORC), table(columns | {"c": "int"}, ORC)) == [
        "ALTER TABLE `d`.`t` ADD COLUMNS (\n  `c` int\n)"
    ]
    assert refused(table(columns, ORC), table({"b": "int"}, ORC)) == [("a", "int", ""), ("b", "place 1", "place 1")][:1]
    assert refused(table(columns, ORC), table({"b": "int", "a": "int"}, ORC)) == [("b", "place 2", "place 1")]
    assert refused(table(columns, ORC), table({"c": "int"} | columns, ORC)) == [("c", "", "int")]
    by_name = replace(ORC, properties={"orc.column.index.access": "false"})
    assert refused(table(columns, by_name), table({"b": "int"}, by_name)) == []


def test_iceberg_has_statements_of_its_own():
    old = iceberg({"a": "int", "b": "string", "d": "decimal(10,2)", "f": "float"})
    new = iceberg({"d": "decimal(12,2)", "a": "bigint", "f": "double", "c": "date"})
    found = alter_table_plan(old, new)
    assert [(step.sql, step.is_destructive) for step in found.steps] == [
        ("ALTER TABLE `d`.`t` DROP COLUMN `b`", True),
        ("ALTER TABLE `d`.`t` ADD COLUMNS (\n  `c` date\n)", False),
        ("ALTER TABLE `d`.`t` CHANGE COLUMN `d` `d` decimal(12,2)", False),
        ("ALTER TABLE `d`.`t` CHANGE COLUMN `a` `a` bigint", False),
        ("ALTER TABLE `d`.`t` CHANGE COLUMN `f` `f` double", False),
        ("ALTER TABLE `d`.`t` CHANGE COLUMN `d` `d` decimal(12,2) FIRST", False),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bigint", "double"),
        ("decimal(10,2)", "decimal(12,4)"),
        ("bigint", "int"),
        ("date", "timestamp"),
        ("int", "string"),
    ],
)
def test_iceberg_refuses_other_promotions(old, new):
    assert refused(iceberg({"a": old}), iceberg({"a": new})) == [("a", old, new)]


def test_iceberg_refuses_to_change_fields():
    found = refused(iceberg({"a": "struct<x:int>"}), iceberg({"a": "struct<x:int,y:int>"}))
    assert found == [("a.y", "", "int")]


def test_partition_keys_location_and_properties():
    old = table({"a": "int"}, partition_keys=DAY)
    assert refused(old, table({"a": "int"})) == [("partition keys", "day string", "")]
    assert plan(old, replace(old, location="s3://bucket/new/")) == [
        "ALTER TABLE `d`.`t` SET LOCATION 's3://bucket/new/'"
    ]
    assert plan(old, replace(old, parameters={"k": "it's"})) == [
        "ALTER TABLE `d`.`t` SET TBLPROPERTIES ('k' = 'it\\'s')"
    ]
    assert plan(old, replace(old, columns=(Column("a", "int", "said"),))) == []
    assert refused(old, replace(old, serde=PARQUET))[0][0] == "library"
    assert refused(old, replace(old, name="other")) == [("name", "d.t", "d.other")]


def test_drift_comes_first():
    expected, actual, target = table({"a": "int"}), table({"a": "int", "x": "string"}), table({"a": "int", "b": "int"})
    found = alter_table_plan(actual, target, expected=expected)
    assert str(found).splitlines()[:2] == ["d.t has drifted from its schema:", "  added x: string"]
    assert alter_table_sql(actual, changes(expected, target)) == [step.sql for step in found.steps]


@pytest.mark.java
def test_hives_own_parser_takes_the_plans(hive_parser):
    columns = {"a": "int", "b": "struct<x:int>"}
    for old, new in (
        (table(columns), table(columns | {"c": "array<struct<`select`:int>>"})),
        (table(columns, partition_keys=DAY), table({"a": "bigint"}, partition_keys=DAY)),
        (table(columns), replace(table(columns), location="s3://bucket/new/", parameters={"k": "it's"})),
    ):
        for sql in plan(old, new):
            assert hive_parser(sql) is not None


# What a table of the catalogue becomes


def made(properties, **options):
    schema = load_schema({"type": "object", "properties": properties})
    return plan_table(schema, **({"database": "d", "name": "t", "location": "s3://bucket/t/"} | options)).table


def successor(table, properties, **options):
    return plan_successor(table, load_schema({"type": "object", "properties": properties}), **options).table


TEXT = {"type": "string"}


def test_a_successor_keeps_names_places_and_properties():
    table = made(
        {"a b": TEXT, "Deep": {"type": "object", "properties": {"c d": TEXT}}},
        partition_keys=(Column("day", "string"),),
        projections={"day": DateProjection("2024-01-01")},
        parameters={"owner": "us"},
        policy=Policy(malformed="null"),
    )
    assert names_by_key(table) == {"a b": "a_b", "deep": "deep", "c d": "c_d"}
    found = successor(
        table, {"c_d": TEXT, "a_b": TEXT, "a b": TEXT, "Deep": {"type": "object", "properties": {"c d": TEXT}}}
    )
    assert [column.name for column in found.columns] == ["a_b", "deep", "c_d_2", "a_b_2"]
    assert found.serde.properties == {
        "ignore.malformed.json": "true",
        "mapping.a_b": "a b",
        "mapping.c_d": "c d",
        "mapping.a_b_2": "a_b",
        "mapping.c_d_2": "c_d",
    }
    assert (found.partition_keys, found.parameters) == (table.partition_keys, table.parameters)
    assert successor(table, {"a b": TEXT, "Deep": {"type": "object", "properties": {"c d": TEXT}}}) == table


def test_a_successor_keeps_what_is_wider_than_its_schema_asks_for():
    fit = {"policy": Policy(integers="fit", decimals="decimal")}
    whole, small = {"type": "integer"}, {"type": "integer", "minimum": 0, "maximum": 100}
    large, cents = (
        {"multipleOf": 0.01, "minimum": 0, "maximum": 10**9},
        {"multipleOf": 0.01, "minimum": 0, "maximum": 10},
    )

    def properties(number, decimal):
        nested = {"type": "object", "properties": {"n": number}}
        return {
            "n": number,
            "price": {"type": "number"} | decimal,
            "many": {"type": "array", "items": nested},
            "by_key": {"type": "object", "additionalProperties": number},
        }

    table = made(properties(whole, large), **fit)
    assert successor(table, properties(small, cents), **fit) == table
    narrow = made(properties(small, cents), **fit)
    assert [str(column.type) for column in narrow.columns] == [
        "tinyint",
        "decimal(4,2)",
        "array<struct<n:tinyint>>",
        "map<string,tinyint>",
    ]
    assert successor(narrow, properties(whole, large), **fit) == table
    plan = plan_successor(table, load_schema({"type": "object", "properties": properties(small, cents)}), **fit)
    assert plan.columns.columns == plan.table.columns
    assert not alter_table_plan(table, plan.table).refusals


@pytest.mark.parametrize("storage", ["openx", "parquet"])
def test_a_key_that_letter_case_alone_tells_from_an_older_one_takes_no_name(storage):
    def schema(*keys):
        return load_schema({"type": "object", "properties": {key: {"type": "string"} for key in keys}})

    older = plan_table(
        schema("userName"), database="d", name="t", location="s3://bucket/t/", policy=default_policy(storage)
    )
    made = older.table
    later = schema("userName", "username")
    with pytest.raises(TableError, match="the keys 'userName' and 'username' differ in letter case alone"):
        plan_successor(made, later)
    told = plan_successor(made, later, known_names=older.columns.naming.by_spelling)
    assert told.columns.naming.names == {"userName": "username", "username": "username_2"}
    # Once both have a name, the table tells them apart.
    assert plan_successor(told.table, schema("userName", "username", "more")).table.column("more") is not None


@pytest.mark.parametrize("storage", ["orc", "iceberg"])
def test_a_successor_moves_no_column(storage):
    table = made({"a": TEXT, "b": TEXT}, policy=curated_policy(storage))
    plan = alter_table_plan(table, successor(table, {"new": TEXT, "b": TEXT, "a": TEXT}))
    assert [step.sql for step in plan.steps] == ["ALTER TABLE `d`.`t` ADD COLUMNS (\n  `new` string\n)"]


def test_a_successor_keeps_the_partitioning_of_an_iceberg_table():
    at = {"at": {"type": "string", "format": "date-time"}}
    table = made(at, policy=curated_policy("iceberg"), partitioning=("day(at)",))
    assert successor(table, {**at, "more": TEXT}).partitioning == table.partitioning


def test_a_table_keeps_its_format():
    with pytest.raises(TableError, match="expected a policy of storage 'openx', found 'parquet'"):
        successor(made({"a": TEXT}), {"a": TEXT}, policy=curated_policy())
    delimited = parse_create_table("CREATE EXTERNAL TABLE d.t (a string) LOCATION 's3://bucket/t/'")
    with pytest.raises(
        TableError, match=r"expected one of openx, hive, .* as format, found 'org.apache.*LazySimpleSerDe'"
    ):
        successor(delimited, {"a": TEXT})
