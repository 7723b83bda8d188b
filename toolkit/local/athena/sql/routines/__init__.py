"""
Functions of Trino's that neither DuckDB has nor a macro can say, in Python; a macro calls one as ``py_name``.

Each takes and gives plain values, is never called with NULL, and raises ``Refusal`` for what Trino refuses, which ends the
query with Trino's name and words, or gives NULL inside TRY. Source: https://trino.io/docs/current/functions.html
"""

from __future__ import annotations

from toolkit.local.athena.sql.routines import (
    addresses,
    binary,
    geometry,
    json_paths,
    json_texts,
    numbers,
    regular,
    row_patterns,
    sketches,
    text,
    tiles,
    times,
)
from toolkit.local.athena.sql.routines.refusal import Routine

ROUTINES: dict[str, Routine] = {
    **addresses.ROUTINES,
    **binary.ROUTINES,
    **geometry.ROUTINES,
    **json_paths.ROUTINES,
    **json_texts.ROUTINES,
    **numbers.ROUTINES,
    **regular.ROUTINES,
    **row_patterns.ROUTINES,
    **sketches.ROUTINES,
    **text.ROUTINES,
    **tiles.ROUTINES,
    **times.ROUTINES,
}
