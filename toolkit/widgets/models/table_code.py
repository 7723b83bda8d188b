"""A table's creation as Python to take along."""

from __future__ import annotations

from toolkit.hive import Table


def creation_code(
    table: Table,
    *,
    repository: str,
    schema: str,
    version: str,
    project_from: str = "",
    work_group: str | None = None,
    output_location: str | None = None,
) -> str:
    """
    Return lines of Python that plan *table* from its schema and create it.

    Every setting is written as a literal, so that none becomes code.
    """
    repaired = bool(table.partition_keys) and not project_from
    hive = ["create_database_sql", "create_table_sql", "plan_table"]
    hive += ["Column"] if table.partition_keys else []
    hive += ["DateProjection"] if project_from else []
    hive += ["repair_table_sql"] if repaired else []
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
    ]
    if table.partition_keys:
        keys = ", ".join(f"Column({key.name!r}, {str(key.type)!r})" for key in table.partition_keys)
        lines.append(f"    partition_keys=({keys},),")
    if project_from:
        lines.append(f"    projections={{{table.partition_keys[0].name!r}: DateProjection({project_from!r})}},")
    options = {"work_group": work_group, "output_location": output_location}
    given = ", ".join(f"{name}={value!r}" for name, value in options.items() if value)
    lines += [
        ").table",
        f"with Athena({given}) as athena:",
        "    athena.execute(create_database_sql(table.database))",
        "    athena.execute(create_table_sql(table))",
    ]
    lines += ["    athena.execute(repair_table_sql(table))"] if repaired else []
    return "\n".join(lines) + "\n"
