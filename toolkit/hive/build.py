"""Tables from schemas: columns, SerDe and properties put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from toolkit.errors import TableError
from toolkit.hive.columns import ColumnPlan, columns_from_schema
from toolkit.hive.ddl import check_table
from toolkit.hive.evolution import reads_as
from toolkit.hive.losses import Loss
from toolkit.hive.policy import Policy, Storage, default_policy
from toolkit.hive.projection import Projection, projection_parameters
from toolkit.hive.rules import MAX_DESCRIPTION_BYTES, Properties, check_name
from toolkit.hive.serde import HIVE_JSON, OPENX_JSON, SERDES, Serde, malformed_effect
from toolkit.hive.table import Column, Table, Transform
from toolkit.hive.types import Array, Decimal, Field, HiveType, Map, Struct, is_wider_integer, walk_types
from toolkit.schema import SchemaLike

_CLASSIFICATIONS = {"openx": "json", "hive": "json", "ion": "ion", "parquet": "parquet", "orc": "orc"}


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table and what is known of its columns: where each comes from, and what it may lose."""

    table: Table
    columns: ColumnPlan

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What may not survive the way into the table: of the columns, then of every line that its SerDe reads."""
        return (*self.columns.losses, *line_losses(self.table))


def line_losses(table: Table) -> tuple[Loss, ...]:
    """
    Return what a SerDe of JSON makes of lines, whatever their schema; none for another format.

    Source: https://docs.aws.amazon.com/athena/latest/ug/parsing-json-data.html
    """
    if table.serde.library not in (OPENX_JSON.library, HIVE_JSON.library):
        return ()
    malformed = malformed_effect(table.serde)
    what = "fails every query" if malformed == "error" else "makes a row of nulls"
    return (
        Loss("", "", "line", malformed, f"an event that holds one key twice, or is not on one line, {what}"),
        Loss("", "", "line", "null", "a byte order mark before the first event of a file makes a row of nulls"),
    )


def plan_table(
    schema: SchemaLike,
    *,
    database: str,
    name: str,
    location: str,
    partition_keys: tuple[Column, ...] = (),
    policy: Policy | None = None,
    projections: Mapping[str, Projection] | None = None,
    location_template: str = "",
    partitioning: tuple[Transform | str, ...] = (),
    parameters: Mapping[str, str] | None = None,
    description: str | None = None,
    known_names: Mapping[str, str] | None = None,
) -> TablePlan:
    """
    Return the table for the events of *schema*, together with the losses that it brings.

    Without a *policy* it lies over raw JSON. *projections* compute the partitions of the keys they name, with objects at
    *location_template* (such as ``s3://bucket/events/${day}/``); *partitioning* holds Iceberg's transforms instead. An Iceberg
    table has *partition_keys* as its last columns, by which it is parted unless *partitioning* says otherwise. *description* is
    the schema's own unless given; *known_names* are explained at :func:`columns_from_schema`.

    Raises:
        SchemaError: the schema can't be read.
        TableError: the schema can't become columns, or a name, the location or the projection breaks a rule.
    """
    policy = policy or Policy()
    database = check_name(database, what="database name")
    name = check_name(name, what="table name")
    plan = columns_from_schema(
        schema, policy, reserved=tuple(key.name for key in partition_keys), known_names=known_names
    )
    found = dict(parameters or {})
    columns = plan.columns
    if policy.storage == "iceberg":
        columns, partitioning = (*columns, *partition_keys), partitioning or tuple(key.name for key in partition_keys)
        partition_keys = ()
        found = {"table_type": "ICEBERG", "format": "parquet"} | found
    else:
        found = {"classification": _CLASSIFICATIONS[policy.storage]} | found
    if projections:
        found |= projection_parameters(projections, location_template=location_template)
    elif location_template:
        raise TableError(f"table {name!r}: a location template needs projections, found none")
    table = Table(
        database=database,
        name=name,
        columns=columns,
        partition_keys=partition_keys,
        serde=serde_for(policy, plan),
        location=location,
        parameters=Properties(found),
        description=_description(plan.description if description is None else description, policy),
        partitioning=partitioning,  # type: ignore[arg-type]  # text is parsed by the table
    )
    check_table(table)
    return TablePlan(table, plan)


def table_from_schema(
    schema: SchemaLike,
    *,
    database: str,
    name: str,
    location: str,
    partition_keys: tuple[Column, ...] = (),
    policy: Policy | None = None,
    projections: Mapping[str, Projection] | None = None,
    location_template: str = "",
    partitioning: tuple[Transform | str, ...] = (),
    parameters: Mapping[str, str] | None = None,
    description: str | None = None,
    known_names: Mapping[str, str] | None = None,
) -> Table:
    """Return the table for the events of *schema*: ``plan_table(…).table``, for those who know its losses."""
    return plan_table(
        schema,
        database=database,
        name=name,
        location=location,
        partition_keys=partition_keys,
        policy=policy,
        projections=projections,
        location_template=location_template,
        partitioning=partitioning,
        parameters=parameters,
        description=description,
        known_names=known_names,
    ).table


def plan_successor(
    table: Table, schema: SchemaLike, *, policy: Policy | None = None, known_names: Mapping[str, str] | None = None
) -> TablePlan:
    """
    Return what *table*, as the catalogue has it, becomes for the events of *schema*; nothing is run.

    Name, location, partition keys, projection and properties stay, and so do the names of keys: those that the SerDe's mapping
    tells, or *known_names*. Columns that are there keep their places, and their integers and decimals where these are wider than
    the schema asks for, since older events may need it; new columns come last. Without a *policy* it is the default
    one of the table's format; give the one that the table was made with.

    Raises:
        SchemaError: the schema can't be read.
        TableError: the schema can't become columns, or the format of the table is none that a policy makes; or a new key differs
            from another in letter case alone, so that the table does not tell which of them its column stands for.
    """
    policy = policy or default_policy(storage_of(table))
    if storage_of(table) != policy.storage:
        raise TableError(
            f"table {table.name!r}: expected a policy of storage {storage_of(table)!r}, found {policy.storage!r}; a table keeps "
            "its format, create another one by CTAS"
        )
    are_told = known_names is not None
    known_names = names_by_key(table) if known_names is None else known_names
    plan = plan_table(
        schema,
        database=table.database,
        name=table.name,
        location=table.location,
        partition_keys=table.partition_keys or _keys_beside(table, schema, policy, known_names),
        partitioning=table.partitioning,
        policy=policy,
        parameters={key: value for key, value in table.parameters.items() if key != "classification"},
        known_names=known_names,
    )
    if not are_told:
        _check_twins(table, plan.columns.naming.names, set(known_names.values()))
    made = plan.table
    places = {column.name: place for place, column in enumerate(table.columns)}
    ordered = sorted(_as_wide_as(table, made.columns), key=lambda column: places.get(column.name, len(places)))
    plan = replace(plan, columns=replace(plan.columns, columns=_as_wide_as(table, plan.columns.columns)))
    parameters = dict(made.parameters)
    if "classification" not in table.parameters:
        # What a table does without today is no reason to touch it.
        parameters.pop("classification", None)
    serde = replace(made.serde, properties=_kept_serde_properties(table.serde, made.serde))
    return replace(plan, table=replace(made, columns=tuple(ordered), serde=serde, parameters=Properties(parameters)))


def _as_wide_as(table: Table, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return *columns* with numbers as wide as those of *table*: what is written now fits, and what was written may need it."""
    return tuple(
        column if (was := table.column(column.name)) is None else replace(column, type=_widest(was.type, column.type))
        for column in columns
    )


def _widest(old: HiveType, new: HiveType) -> HiveType:
    match old, new:
        case Struct(), Struct(fields):
            pairs = [(old.field(field.name), field) for field in fields]
            return Struct(tuple(Field(f.name, _widest(was.type, f.type) if was else f.type) for was, f in pairs))
        case Array(was), Array(element):
            return Array(_widest(was, element))
        case Map(_, was), Map(key, value):
            return Map(key, _widest(was, value))
        case Decimal(), Decimal() if reads_as(new, old):
            return old
    return old if is_wider_integer(str(new), str(old)) else new


def _check_twins(table: Table, names: Mapping[str, str], known: set[str]) -> None:
    """Refuse new keys that letter case alone tells from one that *table*, which tells no case, may have had before."""
    twins: dict[str, list[str]] = {}
    for key in names:
        twins.setdefault(key.lower(), []).append(key)
    for keys in twins.values():
        old = [names[key] for key in keys if names[key] in known]
        if old and len(old) < len(keys):
            shown = " and ".join(map(repr, sorted(keys)))
            raise TableError(
                f"table {table.name!r}: the keys {shown} differ in letter case alone, and the name {old[0]!r} may stand for "
                f"either; give the older schema, or known_names such as {{{sorted(keys)[0]!r}: {old[0]!r}}}"
            )


def _keys_beside(
    table: Table, schema: SchemaLike, policy: Policy, known_names: Mapping[str, str]
) -> tuple[Column, ...]:
    """Return the columns by which an Iceberg *table* is parted and of which *schema* knows nothing."""
    parted_by = {part.column for part in table.partitioning}
    if not parted_by:
        return ()
    described = {column.name for column in columns_from_schema(schema, policy, known_names=known_names).columns}
    return tuple(column for column in table.columns if column.name in parted_by - described)


def storage_of(table: Table) -> Storage:
    """
    Return the storage that a policy calls the format of *table*.

    Raises:
        TableError: no policy makes that format.
    """
    if table.is_iceberg:
        return "iceberg"
    for storage, serde in SERDES.items():
        if serde.library and serde.library == table.serde.library:
            return storage
    raise TableError(
        f"table {table.name!r}: expected one of {', '.join(SERDES)} as format, found {table.serde.library!r}"
    )


def names_by_key(table: Table) -> dict[str, str]:
    """Return the name of each key of *table*, as the SerDe's mapping tells; a name that is not mapped is its own key."""
    mapping = {
        key.lower().removeprefix("mapping."): value
        for key, value in table.serde.properties.items()
        if key.lower().startswith("mapping.")
    }
    names = [column.name for column in table.columns]
    for column in table.columns:
        names += [
            field.name for _, part in walk_types(column.type) if isinstance(part, Struct) for field in part.fields
        ]
    return {mapping.get(name, name): name for name in names}


def _kept_serde_properties(old: Serde, new: Serde) -> Properties:
    """Return the properties of *new*, and those of *old* that say nothing of keys."""
    return Properties(
        {
            key: value
            for key, value in old.properties.items()
            if not key.lower().startswith(("mapping.", "ion.")) and key.lower() != "case.insensitive"
        }
        | dict(new.properties)
    )


def serde_for(policy: Policy, plan: ColumnPlan) -> Serde:
    """Return the SerDe that *policy* asks for, with what it must be told of the keys."""
    serde = SERDES[policy.storage]
    properties: dict[str, str] = {}
    if policy.storage == "openx":
        if policy.malformed == "null":
            properties["ignore.malformed.json"] = "true"
        if plan.naming.case_sensitive:
            properties["case.insensitive"] = "false"
        properties |= {f"mapping.{name}": key for name, key in plan.naming.mapping.items()}
    if policy.storage == "ion":
        properties |= _path_extractors(plan)
    return replace(serde, properties=Properties(properties))


def _path_extractors(plan: ColumnPlan) -> dict[str, str]:
    """Return Ion's search paths of the columns whose key is not their name; a path is an S-expression of symbols."""
    names = {column.name for column in plan.columns}
    return {
        f"ion.{name}.path_extractor": "('" + key.replace("\\", "\\\\").replace("'", "\\'") + "')"
        for name, key in plan.naming.mapping.items()
        if name in names
    }


def _description(text: str, policy: Policy) -> str:
    if policy.storage == "iceberg" or policy.comments == "none":
        return ""
    lines = "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()
    return lines.encode()[:MAX_DESCRIPTION_BYTES].decode(errors="ignore")
