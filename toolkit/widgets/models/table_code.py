"""A table's creation as Python to take along."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.hive import Policy, Table
from toolkit.hive.projection import Projection


def creation_code(
    table: Table,
    *,
    repository: str,
    schema: str,
    version: str,
    policy: Policy,
    projections: Mapping[str, Projection],
    location_template: str = "",
    work_group: str | None = None,
    output_location: str | None = None,
) -> str:
    """
    Return lines of Python that plan *table* from its schema and create it.

    Every setting is written as a literal, so that none becomes code.
    """
    repaired = bool(table.partition_keys) and not projections
    hive = ["create_database_sql", "create_table_sql", "plan_table"]
    hive += ["Column"] if table.partition_keys else []
    hive += {type(projection).__name__ for projection in projections.values()}
    hive += ["repair_table_sql"] if repaired else []
    hive += [] if policy == Policy() else ["Policy" if policy.is_raw else "curated_policy"]
    options = {"work_group": work_group, "output_location": output_location}
    given = ", ".join(f"{name}={value!r}" for name, value in options.items() if value)
    lines = [
        "from toolkit.athena import Athena",
        f"from toolkit.hive import {', '.join(sorted(hive))}",
        "from toolkit.repositories import open_repository",
        "",
        f"schema = open_repository({repository!r}).load({schema!r}, {version!r})",
        "table = plan_table(",
        "    schema,",
        f"    database={table.database!r},",
        f"    name={table.name!r},",
        f"    location={table.location!r},",
        *_layout_code(table, policy, projections, location_template),
        ").table",
        f"with Athena({given}) as athena:",
        "    athena.execute(create_database_sql(table.database))",
        "    athena.execute(create_table_sql(table))",
    ]
    lines += ["    athena.execute(repair_table_sql(table))"] if repaired else []
    return "\n".join(lines) + "\n"


def _layout_code(
    table: Table, policy: Policy, projections: Mapping[str, Projection], location_template: str
) -> list[str]:
    lines = []
    if table.partition_keys:
        keys = ", ".join(f"Column({key.name!r}, {str(key.type)!r})" for key in table.partition_keys)
        lines.append(f"    partition_keys=({keys},),")
    if table.partitioning:
        lines.append(f"    partitioning={tuple(map(str, table.partitioning))!r},")
    if policy != Policy():
        made = f"Policy(storage={policy.storage!r})" if policy.is_raw else f"curated_policy({policy.storage!r})"
        lines.append(f"    policy={made},")
    if projections:
        # The repr of a projection is the code that makes it.
        lines.append(f"    projections={dict(projections)!r},")
    if location_template:
        lines.append(f"    location_template={location_template!r},")
    return lines
