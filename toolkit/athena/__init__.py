"""Run SQL on Athena and bring results into pandas; tell what a query costs; read and write the catalogue."""

from toolkit.athena.catalog import Catalog
from toolkit.athena.executions import QueryExecution
from toolkit.athena.queries import Athena, connect
from toolkit.athena.scan import ScanEstimate, Scanner, TableScan

__all__ = ["Athena", "Catalog", "QueryExecution", "ScanEstimate", "Scanner", "TableScan", "connect"]
