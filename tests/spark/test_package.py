"""The files for a cluster work on their own; needs neither pyspark nor Java."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.errors import InvalidInput
from toolkit.spark.package import write_package

PROBE = """
import sys
from toolkit.schema import load_schema
from toolkit.validator import compile_schema
from toolkit.hive import create_table_sql, plan_table
import toolkit
assert ".zip" in toolkit.__file__, toolkit.__file__
schema = load_schema({"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": {"pattern": "^\\\\p{L}$"}}})
validator = compile_schema(schema, strict=True)
assert not validator.validate_json(b'{"a": "x"}')
assert validator.validate_json(b'{"b": 1}')
from toolkit.validator.bulk.judging import Judge
assert not {"boto3", "pandas", "duckdb", "ipywidgets"} & set(sys.modules)
"""


def test_the_zip_is_enough_to_judge(tmp_path):
    archive, _ = write_package(tmp_path)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    code = f"import sys; sys.path.insert(0, {str(archive)!r})\n{PROBE}"
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)
    assert archive.stat().st_size < 500_000


@pytest.mark.slow
@pytest.mark.java
@pytest.mark.timeout(300)
def test_spark_submit_runs_the_job(tmp_path):
    pyspark = pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    archive, script = write_package(tmp_path)
    (tmp_path / "schema.json").write_text('{"properties": {"a": {"type": "integer"}, "at": {"type": "string"}}}')
    (tmp_path / "events.ndjson").write_text('{"a": 1, "at": "2026-03-02T00:00:00Z"}\n{"a": "x"}\n{"b": 1}\n')
    command = [
        Path(pyspark.__file__).parent / "bin" / "spark-submit",
        "--master",
        "local[2]",
        "--py-files",
        archive,
        script,
    ]
    command += ["--events", tmp_path / "events.ndjson", "--schema", tmp_path / "schema.json"]
    command += ["--curated", tmp_path / "curated", "--rejects", tmp_path / "rejects", "--event-time", "at"]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    environment.pop("PYTHONPATH", None)
    answer = subprocess.run(
        list(map(str, command)), check=True, env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    found = json.loads(answer.stdout.splitlines()[-1])
    assert (found["valid"], found["invalid"]) == (1, 2)
    assert [path.parent.name for path in (tmp_path / "curated").rglob("*.parquet")] == ["dt=2026-03-02"]


def test_the_same_sources_give_the_same_bytes(tmp_path):
    first, script = write_package(tmp_path / "a")
    second, _ = write_package(tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    assert "toolkit.spark.job" in script.read_text()


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="the package can't be written"):
        write_package(tmp_path / "file")
