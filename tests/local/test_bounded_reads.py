"""Cold JSON is converted piece by piece, and what that has freed goes back to the system."""

import json
import os
from pathlib import Path

import boto3
import pytest

import toolkit.local

LINE = json.dumps({"id": 1, "note": "a note of some length, as customers write them " * 3, "amount": 12.5}) + "\n"
MEGABYTE = LINE.encode() * (2**20 // len(LINE))


def status(process_id, what):
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    [found] = [int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{what}:")]
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of a process from /proc")
def test_the_memory_of_cold_json_is_bounded(tmp_path):
    file = tmp_path / "lines.json"
    with file.open("wb") as lines:
        for _ in range(40):
            lines.write(MEGABYTE)
    with toolkit.local.launch() as platform:
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
        server = max(map(int, children))
        session = boto3.Session("key", "secret", region_name="eu-west-1")
        s3, athena = (session.client(name, endpoint_url=platform.endpoint_url) for name in ("s3", "athena"))
        s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        for number in range(8):
            s3.upload_file(str(file), "lake", f"lines/{number}.json")

        def run(sql):
            results = {"OutputLocation": "s3://lake/results/"}
            query = athena.start_query_execution(QueryString=sql, ResultConfiguration=results)["QueryExecutionId"]
            while True:
                found = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
                if found["State"] not in ("QUEUED", "RUNNING"):
                    assert found["State"] == "SUCCEEDED", found
                    return

        run(
            "CREATE EXTERNAL TABLE lines (id bigint, note string, amount double) "
            "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/lines/'"
        )
        before = status(server, "VmRSS")
        run("SELECT count(*), sum(amount) FROM lines")
        # 320 MB of lines.
        assert status(server, "VmHWM") - before < 330
        assert status(server, "VmRSS") - before < 180
