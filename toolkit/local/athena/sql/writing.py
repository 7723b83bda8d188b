"""Queries that write: CREATE TABLE AS, INSERT INTO, UNLOAD; and views, which keep a query for later."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlglot import exp

from toolkit.local.athena.catalog import GlueDict, columns_of, is_view, partition_keys_of
from toolkit.local.athena.ddl.partitions import folder_of, new_partition, register_found_partitions
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.formats import STORED_AS, Format, format_of, holds_records, serde_properties
from toolkit.local.athena.hive_types import (
    HiveType,
    duckdb_text,
    hive_text,
    parse_type,
    quoted,
    trino_text,
)
from toolkit.local.athena.iceberg.catalog import is_iceberg, load
from toolkit.local.athena.readers.delimited import DEFAULT_SEPARATORS, delimited_rules
from toolkit.local.athena.results import Result, done, written
from toolkit.local.athena.session import Session
from toolkit.local.athena.sql.analysis import Field
from toolkit.local.athena.sql.buckets import BUCKET, Buckets
from toolkit.local.athena.sql.coercion import is_assignable
from toolkit.local.athena.sql.commands import Unload, query_of_view
from toolkit.local.athena.sql.dialect import parse, place
from toolkit.local.athena.sql.engine import ROWS_PER_BATCH, Engine, translated
from toolkit.local.athena.sql.layout import NULL_PARTITION
from toolkit.local.athena.sql.planner import CATALOGS, Planner
from toolkit.local.athena.sql.projection import is_projected, location_of_partition
from toolkit.local.athena.sql.rewrite import assigned
from toolkit.local.athena.sql.stored import (
    check_distinct,
    check_hive_columns,
    check_names,
    check_partition_keys,
    check_types,
    check_view,
    kinds_of,
)
from toolkit.local.athena.sql.view_text import laid_out
from toolkit.local.athena.storage import as_folder
from toolkit.local.athena.writers import WriteOptions, check_format, write_file

# Source: https://docs.aws.amazon.com/athena/latest/ug/ctas-insert-into.html
MAXIMUM_PARTITIONS = 100

# A file is full at either.
ROWS_PER_FILE = 250_000
BYTES_PER_FILE = 128 * 2**20

# Source: https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
TABLE_PROPERTIES = frozenset(
    """
    bucket_count bucketed_by compression_level external_location field_delimiter format format_version is_external location
    orc_compression parquet_compression partitioned_by partitioning table_type textfile_compression
    optimize_rewrite_data_file_threshold optimize_rewrite_delete_file_threshold optimize_rewrite_max_data_file_size_bytes
    optimize_rewrite_min_data_file_size_bytes vacuum_max_metadata_files_to_keep vacuum_max_snapshot_age_seconds
    vacuum_min_snapshots_to_keep write_compression write_target_data_file_size_bytes
    """.split()  # noqa: SIM905 - quoted words would read worse
)


def create_table_as(engine: Engine, tree: exp.Create, sql: str, session: Session) -> Result:
    """Run CREATE TABLE … AS: write the query's rows, then make the table."""
    database, name = _target(tree.this, session)
    _check_database(database, session)
    if session.catalog.table(database, name) is not None:
        if tree.args.get("exists"):
            return written(0)
        raise QueryError(
            f"TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.{database}.{name}' already exists"
        )
    properties = _properties(tree)
    for key in properties:
        if key not in TABLE_PROPERTIES:
            raise QueryError(
                f"INVALID_TABLE_PROPERTY: line 1:1: Catalog 'awsdatacatalog' table property '{key}' does not exist"
            )
    no_data = any(isinstance(each, exp.WithDataProperty) and each.args.get("no") for each in _property_nodes(tree))
    if str(properties.get("table_type", "HIVE")).upper() == "ICEBERG":
        return _create_iceberg_table_as(engine, tree, sql, session, database, name, properties, no_data=no_data)
    kind = str(properties.get("format", "PARQUET")).upper()
    check_format(kind)
    given = properties.get("external_location")
    location = as_folder(str(given or f"{as_folder(session.output_location)}tables/{session.query_execution_id}"))
    if session.storage.list(location, hidden=True):
        raise _taken(f"{database}.{name}", location)
    keys = [key.lower() for key in _names(properties.get("partitioned_by"))]
    buckets = _buckets(properties)
    with engine.planner(session) as planner:
        text, fields = planner.plan_stored(tree.expression, sql)
        check_names(fields)
        kinds = kinds_of(planner, text, fields)
        check_hive_columns(kinds, sql)
        check_partition_keys(keys, fields)
        writer = _Writer(session, location, _options(kind, properties), buckets)
        count = 0 if no_data else writer.write(planner, text, kinds, keys)
    storage_format = STORED_AS[kind]
    delimiter = str(properties.get("field_delimiter", DEFAULT_SEPARATORS[0]))
    serde_parameters = {"field.delim": delimiter, "serialization.format": delimiter} if kind == "TEXTFILE" else {}
    table: GlueDict = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "transient_lastDdlTime": str(int(time.time()))},
        "PartitionKeys": [{"Name": key, "Type": hive_text(kinds[key])} for key in keys],
        "StorageDescriptor": {
            "Columns": [{"Name": each, "Type": hive_text(kinds[each])} for each in kinds if each not in keys],
            "Location": location,
            "InputFormat": storage_format.input_format,
            "OutputFormat": storage_format.output_format,
            "SerdeInfo": {"SerializationLibrary": storage_format.serde, "Parameters": serde_parameters},
            "BucketColumns": list(buckets.columns) if buckets else [],
            "NumberOfBuckets": buckets.count if buckets else -1,
            "Parameters": {},
        },
    }
    session.catalog.create_table(database, table)
    if keys:
        register_found_partitions(session, database, table)
    manifest = writer.manifest(f"{as_folder(session.output_location)}tables/{session.query_execution_id}-manifest.csv")
    return written(count, manifest=manifest)


def _create_iceberg_table_as(
    engine: Engine,
    tree: exp.Create,
    sql: str,
    session: Session,
    database: str,
    name: str,
    properties: Mapping[str, Any],
    *,
    no_data: bool,
) -> Result:
    # Source: https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
    from toolkit.local.athena.iceberg.tables import create_with_rows, partition_field

    if str(properties.get("is_external", "true")).lower() != "false":
        raise QueryError("INVALID_TABLE_PROPERTY: is_external has to be false for tables of the type ICEBERG")
    if "external_location" in properties:
        raise QueryError(
            "INVALID_TABLE_PROPERTY: external_location is not for tables of the type ICEBERG; use location"
        )
    if "partitioned_by" in properties:
        raise QueryError(
            "INVALID_TABLE_PROPERTY: partitioned_by is not for tables of the type ICEBERG; use partitioning"
        )
    given = properties.get("location") or f"{as_folder(session.output_location)}tables/{session.query_execution_id}"
    location = as_folder(str(given))
    if session.storage.list(location, hidden=True):
        raise _taken(f"{database}.{name}", location)
    fields = [partition_field(text) for text in _names(properties.get("partitioning"))]
    kept = {
        key: str(value)
        for key, value in properties.items()
        if key not in ("table_type", "is_external", "location", "partitioning")
    }
    with engine.planner(session) as planner:
        text, columns = planner.plan_stored(tree.expression, sql)
        check_names(columns)
        kinds = kinds_of(planner, text, columns)
        check_types(kinds, sql)
        limit = " LIMIT 0" if no_data else ""
        batches = batches_of(planner.cursor.sql(_cast_rows(text, kinds) + limit))
        count = create_with_rows(session, database, name, kinds, location, fields, kept, batches)
    return written(count)


def insert(engine: Engine, tree: exp.Insert, sql: str, session: Session) -> Result:
    """Run INSERT INTO: write the query's rows beside those that are there."""
    database, name = _target(tree.this, session)
    table = session.catalog.table(database, name)
    if table is None:
        _check_database(database, session)
        raise QueryError(f"TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.{database}.{name}' does not exist")
    if is_view(table):
        raise QueryError("NOT_SUPPORTED: line 1:1: Inserting into views is not supported")
    loaded = load(session, database, name) if is_iceberg(table) else None
    declared = _iceberg_columns(loaded) if loaded is not None else _declared(table)
    keys = [key["Name"] for key in partition_keys_of(table)]
    columns = (
        [each.name.lower() for each in tree.this.expressions] if isinstance(tree.this, exp.Schema) else list(declared)
    )
    unknown = [column for column in columns if column not in declared]
    if unknown:
        raise QueryError(f"COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: {unknown[0]}")
    twice = next((column for number, column in enumerate(columns) if column in columns[:number]), None)
    if twice is not None:
        raise QueryError(f"DUPLICATE_COLUMN_NAME: line 1:1: Insert column name is specified more than once: {twice}")
    kind = "" if loaded is not None else _written_format(table)
    if loaded is None and (table["StorageDescriptor"].get("BucketColumns") or []):
        # Source: https://docs.aws.amazon.com/athena/latest/ug/insert-into.html
        raise QueryError(f"NOT_SUPPORTED: line 1:1: Inserting into bucketed table {database}.{name} is not supported")
    with engine.planner(session) as planner:
        text, fields = planner.plan_stored(tree.expression, sql)
        targets = [declared[column] for column in columns]
        check_assigned("Insert query has", fields, targets)
        given = ", ".join(f"i{number}" for number in range(len(fields)))
        values = []
        for column, target in declared.items():
            number = columns.index(column) if column in columns else -1
            value = assigned(f"i{number}", fields[number].kind, target) if number >= 0 else "NULL"
            values.append(f"CAST({value} AS {duckdb_text(target)}) AS {quoted(column)}")
        cast = f"SELECT {', '.join(values)} FROM ({text}) AS given({given})"
        planner.macros.need(cast)
        if loaded is not None:
            from toolkit.local.athena.iceberg.writing import append

            count = append(loaded, batches_of(planner.cursor.sql(cast)))
            return written(count)
        location = as_folder(table["StorageDescriptor"]["Location"])
        writer = _Writer(session, location, _table_options(table, kind))
        known: dict[tuple[str, ...], str] = {}
        if is_projected(table):
            writer.place = location_of_partition(table)
        elif keys:
            for each in session.catalog.partitions(database, name):
                known[tuple(each["Values"])] = as_folder(each["StorageDescriptor"]["Location"])
            writer.place = lambda values: known.get(values) or f"{location}{folder_of(keys, list(values))}/"
        count = writer.write(planner, cast, declared, keys)
    if keys and not is_projected(table):
        new = [new_partition(table, list(values), None) for values in writer.partitions if values not in known]
        session.catalog.create_partitions(database, name, new)
    if not count:
        return written(count)
    manifest = writer.manifest(f"{as_folder(session.output_location)}{session.query_execution_id}-manifest.csv")
    return written(count, manifest=manifest)


def unload(engine: Engine, command: Unload, session: Session) -> Result:
    """Run UNLOAD: write the query's rows to a location of their own."""
    location = as_folder(command.location)
    kind = str(command.properties.get("format", "")).upper()
    if not kind:
        raise QueryError("INVALID_PROPERTY: UNLOAD needs WITH (format = '…')")
    check_format(kind)
    if session.storage.list(location, hidden=True):
        raise _taken("unload", location)
    keys = [key.lower() for key in _names(command.properties.get("partitioned_by"))]
    with engine.planner(session) as planner:
        text, fields = planner.plan_stored(parse(command.query), command.query)
        check_distinct(fields)
        kinds = kinds_of(planner, text, fields)
        check_hive_columns(kinds, command.query)
        check_partition_keys(keys, fields)
        writer = _Writer(session, location, _options(kind, command.properties))
        count = writer.write(planner, text, kinds, keys)
    manifest = writer.manifest(f"{as_folder(session.output_location)}{session.query_execution_id}-manifest.csv")
    return written(count, manifest=manifest)


def create_view(engine: Engine, tree: exp.Create, sql: str, session: Session) -> Result:
    """Run CREATE [OR REPLACE] VIEW: keep the query's text as Presto keeps it."""
    database, name = _target(tree.this, session)
    _check_database(database, session)
    old = session.catalog.table(database, name)
    if old is not None and not is_view(old):
        raise QueryError(f"TABLE_ALREADY_EXISTS: line 1:1: Table already exists: 'awsdatacatalog.{database}.{name}'")
    if old is not None and not tree.args.get("replace"):
        raise QueryError(f"TABLE_ALREADY_EXISTS: line 1:1: View already exists: 'awsdatacatalog.{database}.{name}'")
    text = query_of_view(sql)
    own = [
        (table, place(sql, table))
        for table in tree.expression.find_all(exp.Table)
        if table.name.lower() == name and (table.db or session.database).lower() == database
    ]
    with engine.planner(session, reads=False) as planner:
        planned, fields = planner.plan_stored(tree.expression, sql)
        recursive = next((at for table, at in own if not table.meta.get("is_common_table")), None)
        if recursive is not None:
            raise QueryError(f"VIEW_IS_RECURSIVE: {recursive}: Statement would create a recursive view")
        check_names(fields)
        kinds = kinds_of(planner, planned, fields)
        check_view(kinds, sql)
    definition = {
        "originalSql": laid_out(text),
        "catalog": "awsdatacatalog",
        "schema": session.database,
        "columns": [{"name": each, "type": trino_text(kind)} for each, kind in kinds.items()],
        "owner": "",
        "runAsInvoker": False,
        "properties": {},
    }
    encoded = base64.b64encode(json.dumps(definition).encode()).decode()
    view = {
        "Name": name,
        "TableType": "VIRTUAL_VIEW",
        "PartitionKeys": [],
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": f"/* Presto View: {encoded} */",
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {
            "Columns": [{"Name": each, "Type": hive_text(kind)} for each, kind in kinds.items()],
            "Location": "",
            "SerdeInfo": {},
        },
    }
    if old is None:
        session.catalog.create_table(database, view)
    else:
        session.catalog.update_table(database, view)
    return done()


# -- the files


class _Writer:
    """Writes rows below a location, a file for each partition, and remembers what it wrote."""

    def __init__(self, session: Session, location: str, options: WriteOptions, buckets: Buckets | None = None) -> None:
        self.session = session
        self.location = location
        self.options = options
        self.buckets = buckets
        self.urls: list[str] = []
        # Where the files of a partition go, by its values; in Hive's layout unless the table says otherwise.
        self.place: Callable[[tuple[str, ...]], str] | None = None
        self.partitions: list[tuple[str, ...]] = []

    def write(self, planner: Planner, text: str, kinds: Mapping[str, HiveType], keys: Sequence[str]) -> int:
        """Write the rows of a DuckDB query whose columns have these names and types; gives their number."""
        rows = _cast_rows(text, kinds)
        if self.buckets:
            self.buckets.check(kinds, keys)
        if not keys and not self.buckets:
            return self._files(planner.cursor.sql(rows), kinds, self.location)
        # Held once, on disk if they are many, so that all partitions and buckets come from one run of the query.
        if self.buckets:
            rows = f"SELECT *, {self.buckets.number(kinds)} AS {BUCKET} FROM ({rows})"
            planner.macros.need(rows)
        planner.cursor.execute(f"CREATE TEMP TABLE rows__ AS {rows}").fetchall()
        if not keys:
            return self._files(planner.cursor.sql("FROM rows__"), kinds, self.location)
        columns = ", ".join(quoted(key) for key in keys)
        partitions = planner.cursor.execute(f"SELECT DISTINCT {columns} FROM rows__ ORDER BY ALL").fetchall()
        if len(partitions) > MAXIMUM_PARTITIONS:
            raise QueryError(
                f"HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of {MAXIMUM_PARTITIONS} open writers for partitions/buckets"
            )
        kept = {name: kind for name, kind in kinds.items() if name not in keys}
        selected = ", ".join([*(quoted(name) for name in kept), *([BUCKET] if self.buckets else [])])
        where = " AND ".join(f"{quoted(key)} IS NOT DISTINCT FROM ?" for key in keys)
        count = 0
        for values_of in partitions:
            query = f"SELECT {selected} FROM rows__ WHERE {where}"
            relation = planner.cursor.sql(query, params=list(values_of))
            texts = tuple(NULL_PARTITION if value is None else _partition_text(value) for value in values_of)
            folder = self.place(texts) if self.place else f"{self.location}{folder_of(list(keys), list(texts))}/"
            self.partitions.append(texts)
            count += self._files(relation, kept, folder)
        return count

    def manifest(self, url: str) -> str:
        """Write the list of the files, and give its URL."""
        self.session.storage.write(url, "".join(f"{each}\n" for each in self.urls).encode())
        return url

    def _files(self, relation: Any, kinds: Mapping[str, HiveType], folder: str) -> int:
        count = 0
        if self.buckets is not None:
            # A bucket is one file.
            parts = self.buckets.parts(relation)
            return sum(self._file(batches_of(part), kinds, folder, f"{number:06}_0_") for number, part in parts)
        for table in _parts(relation):
            count += self._file(iter(table.to_batches()), kinds, folder)
        return count

    def _file(self, batches: Iterator[Any], kinds: Mapping[str, HiveType], folder: str, prefix: str = "") -> int:
        """Write a file unless there are no rows; gives their number."""
        first = next((batch for batch in batches if batch.num_rows), None)
        if first is None:
            return 0
        storage = self.session.storage
        path = storage.copies.new_file()
        try:
            count, suffix = write_file(path, chain([first], batches), kinds, self.options)
            stamp = time.strftime("%Y%m%d_%H%M%S", time.gmtime())
            url = f"{folder}{prefix}{stamp}_{self.session.query_execution_id[:5]}_{uuid.uuid4()}{suffix}"
            storage.put_file(url, path)
        finally:
            path.unlink(missing_ok=True)
        self.urls.append(url)
        return count


def batches_of(relation: Any) -> Iterator[Any]:
    """Give the rows of a relation as Arrow batches, one after the other."""
    return translated(relation.to_arrow_reader(ROWS_PER_BATCH))


def _parts(relation: Any) -> Iterator[Any]:
    """Give the rows of a relation as tables of the size of a file, so that memory is bounded whatever their number."""
    import pyarrow as pa

    held: list[Any] = []
    rows = 0
    for batch in batches_of(relation):
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_PER_FILE or sum(each.nbytes for each in held) >= BYTES_PER_FILE:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _buckets(properties: Mapping[str, Any]) -> Buckets | None:
    columns = tuple(each.lower() for each in _names(properties.get("bucketed_by")))
    count = str(properties.get("bucket_count", "") or "0")
    if not columns and count == "0":
        return None
    if not columns or not count.isdigit() or count == "0":
        raise QueryError("INVALID_TABLE_PROPERTY: bucketed_by and bucket_count are used together")
    return Buckets(columns, int(count))


def _options(kind: str, properties: Mapping[str, Any]) -> WriteOptions:
    """Give how files are written by the properties of CTAS or UNLOAD."""
    given = [properties.get(key) for key in ("write_compression", "compression", f"{kind.lower()}_compression")]
    rules = delimited_rules({"field.delim": str(properties.get("field_delimiter") or DEFAULT_SEPARATORS[0])})
    return WriteOptions(kind, str(next(filter(None, given), "")), rules)


def _table_options(table: GlueDict, kind: str) -> WriteOptions:
    """Give how files of a table are written by its own properties."""
    parameters = table.get("Parameters") or {}
    keys = ("write.compression", f"{kind.lower()}.compression", f"{kind.lower()}.compress", "compression")
    given = next((parameters[key] for key in keys if parameters.get(key)), "")
    default = {"PARQUET": "SNAPPY", "JSON": "NONE", "TEXTFILE": "NONE"}.get(kind, "")
    return WriteOptions(kind, given or default, delimited_rules(serde_properties(table["StorageDescriptor"])))


def _cast_rows(text: str, kinds: Mapping[str, HiveType]) -> str:
    names = ", ".join(quoted(name) for name in kinds)
    values = ", ".join(f"CAST({quoted(name)} AS {duckdb_text(kind)}) AS {quoted(name)}" for name, kind in kinds.items())
    return f"SELECT {values} FROM ({text}) AS w({names})"


def _partition_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


# -- targets and checks


def _target(node: exp.Expr, session: Session) -> tuple[str, str]:
    table = node.this if isinstance(node, exp.Schema) else node
    assert isinstance(table, exp.Table)  # noqa: S101 - the grammar allows nothing else
    if table.catalog.lower() not in CATALOGS:
        raise QueryError(f"CATALOG_NOT_FOUND: line 1:1: Catalog '{table.catalog.lower()}' not found")
    return (table.db or session.database).lower(), table.name.lower()


def _check_database(database: str, session: Session) -> None:
    if session.catalog.database(database) is None:
        raise QueryError(f"SCHEMA_NOT_FOUND: line 1:1: Schema '{database}' does not exist")


def _taken(name: str, location: str) -> QueryError:
    return QueryError(
        f"HIVE_PATH_ALREADY_EXISTS: Target directory for table '{name}' already exists: {location}. You may need to manually "
        f"clean the data at location '{location}' before retrying. Athena will not delete data in your account."
    )


def _property_nodes(tree: exp.Create) -> list[exp.Expr]:
    properties = tree.args.get("properties")
    return list(properties.expressions) if properties is not None else []


def _properties(tree: exp.Create) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in _property_nodes(tree):
        match each:
            case exp.FileFormatProperty():
                found["format"] = each.this.name
            case exp.PartitionedByProperty():
                found["partitioned_by"] = [name.name for name in each.this.expressions]
            case exp.LocationProperty():
                found["location"] = each.this.name
            case exp.Property() if "value" in each.args:
                value = each.args["value"]
                listed = isinstance(value, exp.Array | exp.Tuple)
                text = str(value.this).lower() if isinstance(value, exp.Boolean) else value.name
                found[each.name.lower()] = [name.name for name in value.expressions] if listed else text
    return found


def _names(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def check_assigned(statement: str, fields: Sequence[Field], targets: Sequence[HiveType]) -> None:
    """
    Check that the columns of a query can be put into columns of these types.

    Raises:
        QueryError: there are more or fewer of them, or one does not fit.
    """
    known = [field.kind for field in fields]
    if len(known) != len(targets):
        raise QueryError(
            f"TYPE_MISMATCH: line 1:1: {statement} {len(known)} expression(s) but expected {len(targets)} target column(s). "
            f"Mismatch at column {min(len(known), len(targets)) + 1}"
        )
    pairs = zip(known, targets, strict=True)
    if not all(given is None or is_assignable(given, target) for given, target in pairs):
        table, query = (
            ", ".join(trino_text(kind) if kind is not None else "unknown" for kind in kinds)
            for kinds in (targets, known)
        )
        raise QueryError(
            f"TYPE_MISMATCH: line 1:1: {statement} mismatched column types: Table: [{table}], Query: [{query}]"
        )


def _iceberg_columns(table: Any) -> dict[str, HiveType]:
    from toolkit.local.athena.iceberg.scan import columns_of_schema

    return columns_of_schema(table.schema())


def _declared(table: GlueDict) -> dict[str, HiveType]:
    return {column["Name"]: _parsed(column) for column in columns_of(table) + partition_keys_of(table)}


def _parsed(column: GlueDict) -> HiveType:
    return parse_type(column["Type"])


def _written_format(table: GlueDict) -> str:
    if holds_records(table["StorageDescriptor"]):
        raise QueryError("NOT_SUPPORTED: INSERT INTO does not write CloudTrail's logs")
    match format_of(table["StorageDescriptor"]):
        case Format.PARQUET:
            return "PARQUET"
        case Format.ORC:
            return "ORC"
        case Format.HIVE_JSON:
            return "JSON"
        case Format.DELIMITED:
            return "TEXTFILE"
        case Format.AVRO:
            return "AVRO"
        case found:
            # Source: https://docs.aws.amazon.com/athena/latest/ug/insert-into.html#insert-into-supported-formats
            raise QueryError(f"NOT_SUPPORTED: INSERT INTO does not write tables of the format {found.value}")
