"""Run SQL on Athena and bring results into pandas; read and write the catalogue."""

from toolkit.athena.executions import QueryExecution
from toolkit.athena.queries import Athena, connect

__all__ = ["Athena", "QueryExecution", "connect"]
