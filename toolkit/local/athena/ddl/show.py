"""SHOW and DESCRIBE: the catalogue as lines of text."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from toolkit.local.athena.catalog import GlueDict, columns_of, is_view, partition_keys_of
from toolkit.local.athena.ddl import statements as st
from toolkit.local.athena.ddl.partitions import folder_of, found_partition
from toolkit.local.athena.ddl.tables import existing
from toolkit.local.athena.ddl.tokens import is_reserved
from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.formats import DEFAULT_SERIALIZATION_FORMAT, serde_name, serde_properties
from toolkit.local.athena.hive_types import HiveType, TypeSyntaxError, hive_text, parse_type
from toolkit.local.athena.iceberg.catalog import is_iceberg
from toolkit.local.athena.results import Result, shown
from toolkit.local.athena.session import Session
from toolkit.local.hash_order import as_hashed

# Hive pads what it shows to columns of this width.
WIDTH = 20

# Properties that Hive keeps for itself and SHOW CREATE TABLE leaves out.
HIDDEN_PROPERTIES = frozenset({"EXTERNAL", "comment"})


def show_databases(statement: st.ShowDatabases, session: Session) -> Result:
    """Show the names of the databases."""
    names = sorted(database["Name"] for database in session.catalog.databases())
    return shown((name for name in names if _is_like(name, statement.like)), "database_name")


def show_tables(statement: st.ShowTables, session: Session) -> Result:
    """Show the names of the tables and views of a database."""
    names = [table["Name"] for table in _tables(statement.database or session.database, session)]
    return shown((name for name in names if _is_like(name, statement.like)), "tab_name")


def show_views(statement: st.ShowViews, session: Session) -> Result:
    """Show the names of the views of a database."""
    views = [table["Name"] for table in _tables(statement.database or session.database, session) if is_view(table)]
    return shown((name for name in views if _is_like(name, statement.like)), "views", kind="varchar")


def show_partitions(statement: st.ShowPartitions, session: Session) -> Result:
    """Show the partitions in the catalogue as folders."""
    database, table = existing(statement.table, session)
    if is_iceberg(table):
        raise QueryError("FAILED: SemanticException SHOW PARTITIONS is not supported for Iceberg tables")
    names = [key["Name"] for key in partition_keys_of(table)]
    if not names:
        raise QueryError(
            f"FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Table {table['Name']} is "
            "not a partitioned table"
        )
    partitions = session.catalog.partitions(database, table["Name"])
    return shown(sorted(folder_of(names, partition["Values"]) for partition in partitions), "partition")


def show_columns(statement: st.ShowColumns, session: Session) -> Result:
    """Show the names of a table's columns, partition keys last."""
    _, table = existing(statement.table, session)
    if is_view(table):
        return _described_view(table)
    width = 0 if is_iceberg(table) else WIDTH
    return shown((column["Name"].ljust(width) for column in columns_of(table) + partition_keys_of(table)), "field")


def show_table_properties(statement: st.ShowTableProperties, session: Session) -> Result:
    """Show a table's properties, or one of them."""
    _, table = existing(statement.table, session)
    properties = table.get("Parameters") or {}
    if statement.key is not None:
        absent = f"Table {table['Name']} does not have property: {statement.key}"
        return shown([properties.get(statement.key, absent)], "prpt_name", "prpt_value")
    return shown((f"{key}\t{value}" for key, value in sorted(properties.items())), "prpt_name", "prpt_value")


def describe(statement: st.Describe, session: Session) -> Result:
    """Show the columns of a table with their types and comments, then its partition keys again."""
    database, table = existing(statement.table, session)
    if is_view(table) and not statement.path:
        return _described_view(table)
    columns, keys = columns_of(table), partition_keys_of(table)
    if statement.partition is not None:
        _, partition = found_partition(table, database, statement.partition, session)
        table = {**table, "StorageDescriptor": partition["StorageDescriptor"]}
        columns = columns_of(table)
    if statement.path:
        return shown(_part_lines(columns + keys, statement.path), "col_name", "data_type", "comment", update_count=None)
    if is_iceberg(table):
        return shown(_iceberg_lines(database, table, session), "col_name", "data_type", "comment")
    lines = [_described(column) for column in (columns if statement.mode == "FORMATTED" else columns + keys)]
    if statement.mode == "FORMATTED":
        lines = [_padded("# col_name", "data_type", "comment"), _padded("", "", ""), *lines]
    if keys:
        lines += [
            _padded("", "", ""),
            _padded("# Partition Information", "", ""),
            _padded("# col_name", "data_type", "comment"),
            _padded("", "", ""),
            *map(_described, keys),
        ]
    if statement.mode:
        lines += [_padded("", "", ""), *_details(database, table)]
    return shown(lines, "col_name", "data_type", "comment", update_count=None)


def show_create_table(statement: st.ShowCreateTable, session: Session) -> Result:
    """Show the DDL that makes this table; it parses back to the same one."""
    database, table = existing(statement.table, session)
    if is_view(table):
        raise QueryError("FAILED: SemanticException SHOW CREATE TABLE is for tables; use SHOW CREATE VIEW")
    shown_name = ".".join(part for part in (statement.table.database, table["Name"]) if part)
    if is_iceberg(table):
        return shown(_create_iceberg_lines(shown_name, database, table, session), "createtab_stmt")
    return shown(_create_table_lines(shown_name, table), "createtab_stmt", update_count=None)


def show_create_view(statement: st.ShowCreateView, session: Session) -> Result:
    """Show the statement that makes this view."""
    database, table = existing(statement.table, session)
    if not is_view(table):
        raise QueryError("FAILED: SemanticException SHOW CREATE VIEW is for views; use SHOW CREATE TABLE")
    text = f"CREATE VIEW {database}.{table['Name']} AS\n{view_definition(table)['originalSql']}"
    return shown(text.rstrip("\n").split("\n"), "create view", kind="varchar")


def view_definition(table: GlueDict) -> dict[str, Any]:
    """
    Give the definition that a Presto view keeps, encoded, in ViewOriginalText.

    Raises:
        QueryError: it is a view of another engine's making.
    """
    found = re.fullmatch(r"/\* Presto View: (.*) \*/", (table.get("ViewOriginalText") or "").strip())
    if not found:
        raise QueryError(f"INVALID_VIEW: {table['Name']} is not a view of Athena's")
    definition: dict[str, Any] = json.loads(base64.b64decode(found[1]))
    return definition


def _tables(database: str, session: Session) -> list[GlueDict]:
    if session.catalog.database(database) is None:
        raise QueryError(f"FAILED: SemanticException [Error 10072]: Database does not exist: {database}")
    return session.catalog.tables(database)


def _is_like(name: str, pattern: str | None) -> bool:
    # `*` for any characters, `|` for a choice: https://docs.aws.amazon.com/athena/latest/ug/show-tables.html
    if pattern is None:
        return True
    choices = (re.escape(choice).replace(r"\*", ".*") for choice in pattern.split("|"))
    return any(re.fullmatch(choice, name, re.IGNORECASE) for choice in choices)


def _padded(*values: str) -> str:
    return "\t".join(value.ljust(WIDTH) for value in values)


def _described(column: GlueDict) -> str:
    return _padded(column["Name"], column.get("Type", ""), column.get("Comment") or "")


# The words by which DESCRIBE goes into an array or a map.
_PARTS = {"$elem$": 0, "$key$": 0, "$value$": 1}


def _part_lines(columns: list[GlueDict], path: tuple[str, ...]) -> list[str]:
    """Give the lines that describe a column or, behind points, what is inside it."""
    column = next((each for each in columns if each["Name"] == path[0]), None)
    if column is None:
        raise QueryError(f"FAILED: SemanticException [Error 10004]: Invalid column {path[0]}")
    if len(path) == 1:
        return [_described(column)]
    kind = parse_type(column["Type"])
    for step in path[1:]:
        if step in kind.fields:
            kind = kind.children[kind.fields.index(step)]
        elif step in _PARTS and kind.name in ("array", "map") and _PARTS[step] < len(kind.children):
            kind = kind.children[_PARTS[step]]
        else:
            raise QueryError(f"FAILED: SemanticException [Error 10004]: Invalid column {'.'.join(path)}")
    if kind.name != "struct":
        return [_padded(path[-1], hive_text(kind), "from deserializer")]
    members = zip(kind.fields, kind.children, strict=True)
    return [_padded(name, hive_text(child), "from deserializer") for name, child in members]


def _details(database: str, table: GlueDict) -> list[str]:
    descriptor = table["StorageDescriptor"]
    return [
        _padded("# Detailed Table Information", "", ""),
        _padded("Database:", database, ""),
        _padded("Location:", descriptor.get("Location", ""), ""),
        _padded("Table Type:", table.get("TableType", ""), ""),
        _padded("Table Parameters:", "", ""),
        *(_padded("", key, value) for key, value in sorted((table.get("Parameters") or {}).items())),
        _padded("", "", ""),
        _padded("# Storage Information", "", ""),
        _padded("SerDe Library:", serde_name(descriptor), ""),
        _padded("InputFormat:", descriptor.get("InputFormat", ""), ""),
        _padded("OutputFormat:", descriptor.get("OutputFormat", ""), ""),
    ]


def _described_view(table: GlueDict) -> Result:
    # Measured on Athena by the authors of athena-local, September 2026, as is what it shows of Iceberg tables.
    columns = view_definition(table)["columns"]
    lines = (f"{column['name']}\t{column['type']}" for column in columns)
    return replace(shown(lines, "column", "type", kind="varchar"), substatement_type="DESC_VIEW")


def _iceberg_lines(database: str, table: GlueDict, session: Session) -> list[str]:
    from toolkit.local.athena.iceberg.catalog import load
    from toolkit.local.athena.iceberg.tables import described_partitions

    lines = [
        "# Table schema:\t\t",
        "# col_name\tdata_type\tcomment",
        *(
            "\t".join((each["Name"], _spaced(each.get("Type", "")), each.get("Comment") or ""))
            for each in columns_of(table)
        ),
        "\t\t",
        "# Partition spec:\t\t",
        "# field_name\tfield_transform\tcolumn_name",
    ]
    return lines + ["\t".join(field) for field in described_partitions(load(session, database, table["Name"]))]


def _spaced(kind: str) -> str:
    """Give a type of an Iceberg table as DESCRIBE writes it."""
    return re.sub(r"[,:](?! )", r"\g<0> ", kind)


def _create_iceberg_lines(name: str, database: str, table: GlueDict, session: Session) -> list[str]:
    from toolkit.local.athena.iceberg.catalog import load
    from toolkit.local.athena.iceberg.tables import partition_text, shown_properties

    loaded = load(session, database, table["Name"])
    quoted = ".".join(_quoted(part) for part in name.split("."))
    lines = [f"CREATE TABLE {quoted} (", *_listed(map(_column_line, columns_of(table)))]
    if comment := loaded.properties.get("comment"):
        lines.append(f"COMMENT {_literal(comment)}")
    if fields := partition_text(loaded):
        lines.append(f"PARTITIONED BY ({', '.join(fields)})")
    lines += ["LOCATION", f"  {_literal(loaded.location())}", "TBLPROPERTIES ("]
    return lines + _listed(_properties(shown_properties(loaded)))


def _create_table_lines(name: str, table: GlueDict) -> list[str]:
    descriptor = table["StorageDescriptor"]
    quoted = ".".join(_quoted(part) for part in name.split("."))
    lines = [f"CREATE EXTERNAL TABLE {quoted}(", *_listed(map(_column_line, columns_of(table)))]
    comment = (table.get("Parameters") or {}).get("comment")
    if comment is not None:
        lines.append(f"COMMENT {_literal(comment)}")
    if keys := partition_keys_of(table):
        lines += ["PARTITIONED BY ( ", *_listed(map(_column_line, keys))]
    if buckets := descriptor.get("BucketColumns"):
        lines += [
            "CLUSTERED BY ( ",
            *_listed(map(_quoted_field, buckets)),
            f"INTO {descriptor['NumberOfBuckets']} BUCKETS",
        ]
    lines += ["ROW FORMAT SERDE ", f"  {_literal(serde_name(descriptor))} "]
    properties = serde_properties(descriptor)
    # As Hive's DDLTask does; it is there again in every table that is made.
    if properties.get("serialization.format") == DEFAULT_SERIALIZATION_FORMAT:
        del properties["serialization.format"]
    if properties:
        lines += ["WITH SERDEPROPERTIES ( ", *_listed(_properties(properties))]
    lines += [
        "STORED AS INPUTFORMAT ",
        f"  {_literal(descriptor.get('InputFormat') or '')} ",
        "OUTPUTFORMAT ",
        f"  {_literal(descriptor.get('OutputFormat') or '')}",
        "LOCATION",
        f"  {_literal(descriptor.get('Location') or '')}",
    ]
    shown_properties = {
        key: value for key, value in (table.get("Parameters") or {}).items() if key not in HIDDEN_PROPERTIES
    }
    if shown_properties:
        lines += ["TBLPROPERTIES (", *_listed(_properties(shown_properties))]
    return lines


def _listed(items: Iterable[str]) -> list[str]:
    texts = list(items)
    return [f"  {text}{',' if number < len(texts) else ')'}" + " " for number, text in enumerate(texts, 1)]


def _column_line(column: GlueDict) -> str:
    comment = f" COMMENT {_literal(column['Comment'])}" if column.get("Comment") else ""
    return f"{_quoted(column['Name'])} {_type_text(column['Type'])}{comment}"


def _type_text(text: str) -> str:
    """Give a type of the catalogue as DDL reads it: there some names of struct fields need quotes, which Hive leaves out."""
    try:
        return _with_quotes(parse_type(text))
    except TypeSyntaxError:
        return text  # of another's making


def _with_quotes(kind: HiveType) -> str:
    if not kind.children:
        return hive_text(kind)
    inner = [_with_quotes(child) for child in kind.children]
    if kind.name == "struct":
        inner = [f"{_quoted_field(name)}:{child}" for name, child in zip(kind.fields, inner, strict=True)]
    return f"{kind.name}<{','.join(inner)}>"


def _quoted_field(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9]\\w*", name, re.ASCII) and not is_reserved(name) else _quoted(name)


def _properties(properties: Mapping[str, str]) -> Iterable[str]:
    # The order in which awswrangler's tests have them from Athena.
    return (f"{_literal(key)}={_literal(properties[key])}" for key in as_hashed(properties))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(text: str) -> str:
    escaped = (
        text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return "'" + re.sub(r"[\x00-\x1f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + "'"
