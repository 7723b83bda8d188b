"""What the table creator's buttons do, as Python to take along; every setting is a literal, so that none becomes code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from toolkit.hive import Policy, Table
from toolkit.hive.projection import Projection


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned *table*, and the settings that make it from a schema."""

    table: Table
    repository: str
    schema: str
    version: str
    policy: Policy
    projections: Mapping[str, Projection]
    location_template: str = ""
    work_group: str | None = None
    output_location: str | None = None

    @property
    def connection(self) -> str:
        """The line that begins to work with Athena."""
        options = {"work_group": self.work_group, "output_location": self.output_location}
        given = ", ".join(f"{name}={value!r}" for name, value in options.items() if value)
        return f"with Athena({given}) as athena:"

    def lines(self, imports: Mapping[str, Iterable[str]], *then: str) -> str:
        """Return the lines that plan the table as ``table``, and do *then* what needs *imports*, names by module."""
        table, policy = self.table, self.policy
        hive = {"plan_table", *imports.get("toolkit.hive", ())}
        hive |= {"Column"} if table.partition_keys else set()
        hive |= {type(projection).__name__ for projection in self.projections.values()}
        hive |= set() if policy == Policy() else {"Policy" if policy.is_raw else "curated_policy"}
        needed = {**imports, "toolkit.hive": hive, "toolkit.repositories": ["open_repository"]}
        lines = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(needed.items())]
        lines += [
            "",
            f"schema = open_repository({self.repository!r}).load({self.schema!r}, {self.version!r})",
            "table = plan_table(",
            "    schema,",
            f"    database={table.database!r},",
            f"    name={table.name!r},",
            f"    location={table.location!r},",
            *_layout_code(table, policy, self.projections, self.location_template),
            ").table",
            *then,
        ]
        return "\n".join(lines) + "\n"


def creation_code(planned: Planned) -> str:
    """Return lines of Python that create the table, and register its partitions."""
    repaired = bool(planned.table.partition_keys) and not planned.projections
    return planned.lines(
        {
            "toolkit.athena": ["Athena"],
            "toolkit.hive": ["create_database_sql", "create_table_sql", *(["repair_table_sql"] if repaired else [])],
        },
        planned.connection,
        "    athena.execute(create_database_sql(table.database))",
        "    athena.execute(create_table_sql(table))",
        *(["    athena.execute(repair_table_sql(table))"] if repaired else []),
    )


def evolution_code(planned: Planned, *, allow_destructive: bool) -> str:
    """Return lines of Python that show how the table that exists becomes the planned one, and make it so."""
    return planned.lines(
        {
            "toolkit.athena": ["Athena", "Catalog"],
            "toolkit.athena.tables": ["alter_table"],
            "toolkit.hive": ["alter_table_plan"],
        },
        "plan = alter_table_plan(Catalog().table(table.database, table.name), table)",
        "print(plan)",
        planned.connection,
        f"    alter_table(athena, plan, allow_destructive={allow_destructive!r})",
    )


def copy_code(planned: Planned, curated: Table) -> str:
    """Return lines of Python that make the columnar copy *curated* of the table, and fill it."""
    by_partition = bool(planned.table.partition_keys)
    tables = ["create_table"] if by_partition else ["create_table_as"]
    filling = [
        "    create_table(athena, copy)",
        "    for filled in backfill(table, copy, partitions_between(table), athena):",
        "        print(dict(filled.values), filled.state, filled.rows)",
    ]
    return planned.lines(
        {
            "toolkit.athena": ["Athena"],
            "toolkit.athena.tables": tables,
            "toolkit.hive": ["curated_policy"],
            **({"toolkit.athena.backfill": ["backfill", "partitions_between"]} if by_partition else {}),
        },
        "copy = plan_table(",
        "    schema,",
        f"    database={curated.database!r},",
        f"    name={curated.name!r},",
        f"    location={curated.location!r},",
        *(["    partition_keys=table.partition_keys,"] if by_partition else []),
        "    policy=curated_policy(),",
        ").table",
        planned.connection,
        *(filling if by_partition else ["    create_table_as(athena, table, copy)"]),
    )


def views_code(planned: Planned) -> str:
    """Return lines of Python that create the views that show the table flat."""
    return planned.lines(
        {"toolkit.athena": ["Athena", "Catalog"], "toolkit.athena.tables": ["create_views"]},
        planned.connection,
        "    for view in create_views(athena, Catalog().table(table.database, table.name)):",
        "        print(view.database, view.name)",
    )


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
