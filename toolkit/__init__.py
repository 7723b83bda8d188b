"""
One JSON Schema judges the events, makes the table and explains the DataFrame.

The public names load when first used, so that ``import toolkit`` stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.athena import Athena as Athena
    from toolkit.athena import connect as connect
    from toolkit.hive import create_table_sql as create_table_sql
    from toolkit.hive import plan_table as plan_table
    from toolkit.hive import table_from_schema as table_from_schema
    from toolkit.repositories import open_repository as open_repository
    from toolkit.samples import sample_events as sample_events
    from toolkit.schema import load_schema as load_schema
    from toolkit.validator import compile_schema as compile_schema
    from toolkit.validator import validate_ndjson as validate_ndjson

__version__ = "0.1.0"

_HOMES = {
    "Athena": "toolkit.athena",
    "compile_schema": "toolkit.validator",
    "connect": "toolkit.athena",
    "create_table_sql": "toolkit.hive",
    "load_schema": "toolkit.schema",
    "open_repository": "toolkit.repositories",
    "plan_table": "toolkit.hive",
    "sample_events": "toolkit.samples",
    "table_from_schema": "toolkit.hive",
    "validate_ndjson": "toolkit.validator",
}

__all__ = [
    "Athena",
    "compile_schema",
    "connect",
    "create_table_sql",
    "load_schema",
    "open_repository",
    "plan_table",
    "sample_events",
    "table_from_schema",
    "validate_ndjson",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'toolkit' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(shell: Any) -> None:
    """Add ``%%athena`` and ``%athena`` to the notebook; IPython calls this for ``%load_ext toolkit``."""
    from toolkit.magics import load

    load(shell)
