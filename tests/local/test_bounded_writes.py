"""Statements that write take their rows batch by batch; what DuckDB keeps of them is another matter."""

import subprocess
import sys
import weakref

import pyarrow as pa
import pytest
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table.metadata import new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import LongType, NestedField, StringType

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.iceberg import writing
from toolkit.local.athena.iceberg.writing import written_files

SCHEMA = Schema(NestedField(1, "n", LongType(), required=False), NestedField(2, "part", StringType(), required=False))
BY_PART = PartitionSpec(PartitionField(2, 1000, IdentityTransform(), "part"))


class Batches:
    """Gives batches of rows, and counts how many of them are still held."""

    def __init__(self, count, parts=1):
        self.count = count
        self.parts = parts
        self.alive = 0
        self.most = 0

    def __iter__(self):
        for number in range(self.count):
            rows = [{"n": number, "part": f"p{each % self.parts}"} for each in range(1_000)]
            batch = pa.RecordBatch.from_pylist(rows)
            self.alive += 1
            self.most = max(self.most, self.alive)
            weakref.finalize(batch, self._gone)
            yield batch
            del batch, rows

    def _gone(self):
        self.alive -= 1


def metadata(tmp_path, spec):
    return new_table_metadata(SCHEMA, spec, UNSORTED_SORT_ORDER, tmp_path.as_uri(), {})


@pytest.mark.parametrize(("spec", "parts"), [(PartitionSpec(), 1), (BY_PART, 3)], ids=["whole", "partitioned"])
def test_data_files_are_written_batch_by_batch(tmp_path, monkeypatch, spec, parts):
    monkeypatch.setattr(writing, "HELD_IN_BYTES", 50_000)
    batches = Batches(50, parts)
    files, count = written_files(metadata(tmp_path, spec), PyArrowFileIO(), batches)
    assert count == 50_000
    assert len(files) == parts
    assert sum(file.record_count for file in files) == 50_000
    assert batches.most <= 6
    assert {file.lower_bounds[1] for file in files} == {bytes(8)}


def test_a_statement_that_fails_leaves_no_data_files(tmp_path):
    with pytest.raises(QueryError, match="ICEBERG_TOO_MANY_OPEN_PARTITIONS"):
        written_files(metadata(tmp_path, BY_PART), PyArrowFileIO(), Batches(1, writing.MAXIMUM_PARTITIONS + 1))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


STATEMENTS = {
    "iceberg": (
        "CREATE TABLE t WITH (table_type = 'ICEBERG', is_external = false, location = 's3://lake/t/') AS {rows}",
        "INSERT INTO t {rows}",
        "UPDATE t SET text = 'other' WHERE n % 2 = 0",
        "DELETE FROM t WHERE n % 3 = 0",
    ),
    "bucketed": (
        "CREATE TABLE t WITH (bucketed_by = ARRAY['n'], bucket_count = 2, external_location = 's3://lake/t/') AS {rows}",
    ),
}
ROWS = (
    "SELECT a * 100000 + b AS n, concat(cast(a AS varchar), '{pad}', cast(b AS varchar)) AS text "
    "FROM UNNEST(sequence(1, {count})) AS x(a) CROSS JOIN UNNEST(sequence(1, 10000)) AS y(b)"
)
PROGRAM = """
import sys
import boto3
import toolkit.local
from toolkit.local.athena.sql import engine
engine.memory_limit_in_bytes = lambda: 256 * 1024 * 1024
with toolkit.local.start() as platform:
    options = dict(endpoint_url=platform.endpoint_url, aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-west-1")
    boto3.client("s3", **options).create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    athena = boto3.client("athena", **options)
    for sql in sys.argv[1:]:
        started = athena.start_query_execution(QueryString=sql, ResultConfiguration={"OutputLocation": "s3://lake/results/"})
        state = "RUNNING"
        while state not in ("SUCCEEDED", "FAILED"):
            status = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]["Status"]
            state = status["State"]
        assert state == "SUCCEEDED", status
    print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def peak_megabytes(statements, count):
    rows = ROWS.format(pad="x" * 200, count=count)
    program = [sys.executable, "-c", PROGRAM, *(each.format(rows=rows) for each in statements)]
    return int(subprocess.run(program, capture_output=True, text=True, check=True).stdout)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.parametrize("kind", STATEMENTS)
def test_memory_does_not_grow_with_the_rows(kind):
    # A million and a half rows more are 350 MB more, as DuckDB and as Arrow hold them. DuckDB may keep rows of its temporary
    # tables up to its limit, so that is small here: else it would be reached by nothing that a test can wait for.
    few, many = (peak_megabytes(STATEMENTS[kind], count) for count in (100, 250))
    assert many - few < 200
