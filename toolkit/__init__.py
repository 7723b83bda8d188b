"""
One JSON Schema judges the events, makes the table and explains the DataFrame.

The public names load when first used, so that ``import toolkit`` stays light.
"""

from __future__ import annotations

from toolkit.lazy import lazy_names as _lazy_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
    "Athena": "athena",
    "compile_schema": "validator",
    "connect": "athena",
    "create_table_sql": "hive",
    "load_schema": "schema",
    "open_repository": "repositories",
    "plan_table": "hive",
    "sample_events": "samples",
    "table_from_schema": "hive",
    "validate_ndjson": "validator",
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

__getattr__, __dir__ = _lazy_names(__name__, _HOMES)


def load_ipython_extension(shell: Any) -> None:
    """Add ``%%athena`` and ``%athena`` to the notebook; IPython calls this for ``%load_ext toolkit``."""
    from toolkit.magics import load

    load(shell)
