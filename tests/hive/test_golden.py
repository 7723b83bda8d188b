"""
Statements in full, beside the schemas that they are made from.

Each folder of ``tests/golden`` holds ``schema.json`` and what becomes of it. ``*.hive.sql`` are in Hive's grammar (DDL),
``*.trino.sql`` in Trino's (queries). After a wanted change ``UPDATE_GOLDEN=1 pytest tests/hive/test_golden.py`` writes them.
"""

import os
from pathlib import Path

import pytest
import sqlglot

from toolkit.hive import (
    Column,
    DateProjection,
    EnumProjection,
    InjectedProjection,
    IntegerProjection,
    Partition,
    Policy,
    add_partitions_sql,
    alter_table_plan,
    compatibility,
    create_database_sql,
    create_table_as_sql,
    create_table_sql,
    curated_policy,
    drop_database_sql,
    drop_partitions_sql,
    drop_table_sql,
    flatten_views,
    losses_text,
    parse_create_table,
    plan_table,
    repair_table_sql,
    set_partition_location_sql,
    table_from_glue,
    table_input,
    unload_sql,
)
from toolkit.schema import load_schema

GOLDEN = Path(__file__).parent.parent / "golden"
DAY = (Column("day", "string"),)


def made(schema, name="events", **options):
    given = {"database": "shop", "name": name, "location": f"s3://bucket/{name}"} | options
    return plan_table(schema, **given)


def raw_and_losses(schema, **options):
    plan = made(schema, **options)
    return {"create.hive.sql": create_table_sql(plan.table), "losses.txt": losses_text(plan.losses)}


def order(schema):
    raw = made(
        schema,
        partition_keys=DAY,
        projections={"day": DateProjection("2024-01-01")},
        location_template="s3://bucket/events/${day}/",
    )
    curated = made(schema, "curated", partition_keys=DAY, policy=curated_policy())
    iceberg = made(
        schema, "iceberg", policy=curated_policy("iceberg"), partitioning=("day(event_time)", "bucket(16, order_id)")
    )
    days = [Partition({"day": f"2024-{month:02}-{day:02}"}) for month in range(1, 5) for day in range(1, 29)]
    ctas = create_table_as_sql(raw.table, curated.table, days, compression="ZSTD")
    views = flatten_views(raw.table, types=curated.table)
    return {
        "raw.hive.sql": create_table_sql(raw.table),
        "raw.losses.txt": losses_text(raw.losses),
        "curated.hive.sql": create_table_sql(curated.table),
        "curated.losses.txt": losses_text(curated.losses),
        "iceberg.sql": create_table_sql(iceberg.table),
        "ctas.trino.sql": ctas[0],
        "insert.trino.sql": ctas[1],
        "iceberg_ctas.trino.sql": create_table_as_sql(raw.table, iceberg.table)[0],
        "unload.sql": unload_sql(curated.table, "s3://bucket/out", compression="ZSTD", partitioned_by=["day"]),
        **{f"{view.name}.trino.sql": view.sql for view in views},
    }


def partitions(schema):
    keys = (Column("region", "string"), Column("year", "int"), Column("day", "date"), Column("customer", "string"))
    projected = made(
        schema,
        "projected",
        partition_keys=keys,
        projections={
            "region": EnumProjection(("eu", "us west")),
            "year": IntegerProjection(2020, 2030, digits=4),
            "day": DateProjection("NOW-3YEARS", "NOW", interval=1, interval_unit="days"),
            "customer": InjectedProjection(),
        },
    ).table
    registered = made(schema, "registered", partition_keys=keys).table
    values = {"region": "it's", "year": 2024, "day": "2024-02-29", "customer": "a\\b"}
    listed = [Partition(values, "s3://bucket/elsewhere"), Partition(values | {"year": 2025})]
    return {
        "projected.hive.sql": create_table_sql(projected),
        "registered.hive.sql": create_table_sql(registered, if_not_exists=False),
        "add.hive.sql": add_partitions_sql(registered, listed),
        "drop.hive.sql": drop_partitions_sql(registered, listed),
        "repair.hive.sql": repair_table_sql(registered),
        "set_location.hive.sql": set_partition_location_sql(registered, listed[0]),
        "drop_table.hive.sql": drop_table_sql(registered),
        "create_database.hive.sql": create_database_sql("Shop", comment="It's ours", location="s3://bucket/shop"),
        "drop_database.hive.sql": drop_database_sql("shop", cascade=True),
    }


def formats(schema):
    return {
        f"{storage}.hive.sql": create_table_sql(made(schema, storage, policy=Policy(storage=storage)).table)
        for storage in ("openx", "hive", "ion", "parquet", "orc")
    } | {
        f"{storage}.losses.txt": losses_text(made(schema, storage, policy=Policy(storage=storage)).losses)
        for storage in ("hive", "ion")
    }


def choices(schema):
    policy = Policy(
        timestamps="timestamp",
        dates="date",
        integers="fit",
        decimals="decimal",
        free_objects="map",
        open_objects="string",
        recursion_depth=0,
        name_style="snake",
        key_case="sensitive",
        comments="none",
        malformed="null",
    )
    text = Policy(integers="string", numbers="string", ambiguous="drop")
    return {
        "create.hive.sql": create_table_sql(made(schema, policy=policy).table),
        "losses.txt": losses_text(made(schema, policy=policy).losses),
        "text.hive.sql": create_table_sql(made(schema, policy=text).table),
        "text.losses.txt": losses_text(made(schema, policy=text).losses),
        "curated.hive.sql": create_table_sql(made(schema, policy=curated_policy("orc")).table),
    }


def evolution(schema):
    older, newer = schema.subschema("$defs", "1"), schema.subschema("$defs", "2")
    texts = {"verdict.txt": str(compatibility(older, newer))}
    for name, options in {
        "raw": {"partition_keys": DAY},
        "parquet": {"policy": curated_policy()},
        "iceberg": {"policy": curated_policy("iceberg")},
    }.items():
        old, new = made(older, **options).table, made(newer, **options).table
        texts[f"{name}.plan.txt"] = str(alter_table_plan(old, new, expected=old))
    return texts


CASES = {
    "original": raw_and_losses,
    "order": order,
    "partitions": partitions,
    "formats": formats,
    "alternatives": raw_and_losses,
    "hostile": raw_and_losses,
    "choices": choices,
    "evolution": evolution,
}


@pytest.mark.parametrize("name", CASES)
def test_a_golden_schema_becomes_its_files(name):
    folder = GOLDEN / name
    found = CASES[name](load_schema(folder / "schema.json", root=GOLDEN))
    if os.environ.get("UPDATE_GOLDEN"):
        for old in folder.iterdir():
            if old.name != "schema.json":
                old.unlink()
        for file, text in found.items():
            (folder / file).write_text(text + "\n", encoding="utf-8")
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name != "schema.json"}
    assert kept == {file: text + "\n" for file, text in found.items()}


CREATED = sorted(
    path for path in GOLDEN.rglob("*.sql") if path.read_text(encoding="utf-8").startswith("CREATE EXTERNAL")
)
QUERIES = sorted(GOLDEN.rglob("*.trino.sql"))
HIVE = sorted(GOLDEN.rglob("*.hive.sql"))


def golden_id(path):
    return str(path.relative_to(GOLDEN))


@pytest.mark.parametrize("path", [*CREATED, GOLDEN / "order" / "iceberg.sql"], ids=golden_id)
def test_a_golden_table_reads_back(path):
    ddl = path.read_text(encoding="utf-8").removesuffix("\n")
    table = parse_create_table(ddl)
    assert create_table_sql(table, if_not_exists="IF NOT EXISTS" in ddl) == ddl
    if not table.partitioning:
        assert table_from_glue(table_input(table), database=table.database) == table


@pytest.mark.parametrize("path", QUERIES, ids=golden_id)
def test_an_independent_parser_of_trino_takes_the_golden_queries(path):
    assert len(sqlglot.parse(path.read_text(encoding="utf-8"), read="trino")) == 1


@pytest.mark.java
@pytest.mark.parametrize("path", HIVE, ids=golden_id)
def test_hives_own_parser_takes_the_golden_statements(path, hive_parser):
    assert hive_parser(path.read_text(encoding="utf-8").removesuffix("\n")) is not None
