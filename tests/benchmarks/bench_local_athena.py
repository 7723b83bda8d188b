"""
How fast is the local Athena through a real client, beside bare DuckDB on the same files?

    python tests/benchmarks/bench_local_athena.py [EVENTS]

Each line gives the median of several runs, and its aim. Ratios are taken in one process against DuckDB with the same number
of threads; seconds depend on what else the machine does.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import boto3
import duckdb

import toolkit.local

EVENTS = 1_000_000
RUNS = 3
CLIENTS = 10

# What is read again and again is copied into DuckDB's own storage, in the background; warm queries are those after that.
COPYING_SECONDS = 10

COLUMNS = """eventid string, userid int, eventtime timestamp, kind string, amount double, ok boolean,
context struct<ip:string,useragent:string>, items array<struct<sku:string,qty:int>>"""
QUESTION = "SELECT kind, count(*), sum(amount), count(DISTINCT userid) FROM {} WHERE ok GROUP BY kind"

# Warm queries over Parquet, ours and DuckDB's own where the dialects differ.
SHAPES: dict[str, tuple[str, str] | str] = {
    "count": "SELECT count(*) FROM {0}",
    "sums": "SELECT sum(amount), avg(amount), max(userid) FROM {0}",
    "filter": "SELECT count(*), sum(amount) FROM {0} WHERE kind = 'buy' AND amount > 50",
    "few rows": "SELECT eventid, amount FROM {0} WHERE userid = 4711",
    "groups": "SELECT kind, count(*), sum(amount) FROM {0} GROUP BY kind",
    "many groups": "SELECT userid, sum(amount) AS s FROM {0} GROUP BY userid ORDER BY s DESC LIMIT 10",
    "distinct": "SELECT count(DISTINCT userid) FROM {0}",
    "distinct texts": "SELECT count(DISTINCT eventid) FROM {0}",
    "days": "SELECT date_trunc('day', eventtime) AS d, count(*) FROM {0} GROUP BY 1 ORDER BY 1",
    "members of rows": "SELECT context.ip, count(*) FROM {0} GROUP BY 1 ORDER BY 2 DESC LIMIT 5",
    "top hundred": "SELECT eventid, amount FROM {0} ORDER BY amount DESC, eventid LIMIT 100",
    "join by text": "SELECT a.kind, count(*) FROM {0} a JOIN {0} b ON a.eventid = b.eventid WHERE b.amount > 90 GROUP BY a.kind",
    "window": "SELECT max(r) FROM (SELECT row_number() OVER (PARTITION BY kind ORDER BY amount) AS r FROM {0}) AS x",
    "decimals": (
        "SELECT sum(CAST(userid AS decimal(15, 2)) * (1 - CAST(userid AS decimal(15, 2)))) FROM {0}",
        "SELECT sum(CAST(userid AS DECIMAL(19, 2)) * (1 - CAST(userid AS DECIMAL(15, 2)))) FROM {0}",
    ),
    "dates from text": (
        "SELECT max(date_parse(substr(CAST(eventtime AS varchar), 1, 10), '%Y-%m-%d')) FROM {0}",
        "SELECT max(strptime(substr(strftime(eventtime, '%Y-%m-%d %H:%M:%S.%g'), 1, 10), '%Y-%m-%d')) FROM {0}",
    ),
    "JSON": (
        "SELECT count(json_extract_scalar('{{\"a\": \"' || eventid || '\"}}', '$.a')) FROM {0}",
        "SELECT count(json_extract_string('{{\"a\": \"' || eventid || '\"}}', '$.a')) FROM {0}",
    ),
    "patterns": (
        "SELECT max(regexp_extract(eventid, '([0-9]+)a', 1)) FROM {0}",
        "SELECT max(regexp_extract(eventid, '([0-9]+)a', 1)) FROM {0}",
    ),
}


def events(count: int) -> Iterator[str]:
    """Give events of about 240 bytes, as producers write them."""
    random.seed(1)
    for i in range(count):
        event = {
            "eventId": f"{random.getrandbits(64):016x}",
            "userId": i % 50_000,
            "eventTime": f"2024-01-{i % 28 + 1:02d}T{i % 24:02d}:{i % 60:02d}:{i % 60:02d}.{i % 1000:03d}Z",
            "kind": random.choice(["view", "click", "buy"]),
            "amount": round(random.random() * 100, 2),
            "ok": i % 2 == 0,
            "context": {"ip": f"10.0.{i % 256}.{i % 251}", "userAgent": "Mozilla/5.0 (X11; Linux x86_64)"},
            "items": [{"sku": f"s{i % 100}", "qty": i % 5}],
        }
        yield json.dumps(event, separators=(",", ":")) + "\n"


def seconds(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Give the median of some runs."""
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return median(taken)


def report(what: str, value: float, unit: str, aim: float) -> None:
    """Print one measure beside its aim."""
    print(f"{what:52} {value:9.3f} {unit:4} aim {aim:g}{'' if value <= aim else '   MISSED'}", flush=True)


def resident_megabytes(process_id: int) -> float:
    """Give the memory that a process holds."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def ratio(name: str, cursor: Any, bare: Any, parquet: Path) -> float:
    """Print how long a shape takes here and in DuckDB, in turn so that both meet the same machine; give their ratio."""
    shape = SHAPES[name]
    asked, own = shape if isinstance(shape, tuple) else (shape, shape)
    asked, own = asked.format("columnar"), own.format(f"read_parquet('{parquet}')")

    def ours() -> None:
        cursor.execute(asked).fetchall()

    def itself() -> None:
        bare.sql(own).fetchall()

    ours(), itself()
    pairs = [(seconds(ours, 1), seconds(itself, 1)) for _ in range(7)]
    mine, theirs = (median(each) for each in zip(*pairs, strict=True))
    print(f"    {name:20} {1000 * mine:8.1f} ms, DuckDB {1000 * theirs:8.1f}: {mine / theirs:6.2f}", flush=True)
    return mine / theirs


def measure_start() -> None:
    """Measure a server from its start to its first answer, and its memory then."""
    taken, memory = [], []
    for _ in range(RUNS):
        begun = time.perf_counter()
        server = subprocess.Popen([sys.executable, "-m", "toolkit.local"], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        server.stdout.readline()
        taken.append(time.perf_counter() - begun)
        memory.append(resident_megabytes(server.pid))
        server.terminate()
        server.wait()
        server.stdout.close()
    report("ready", median(taken), "s", 2.5)
    report("memory when ready", median(memory), "MB", 180)


def main(count: int) -> None:
    """Measure everything."""
    measure_start()
    with tempfile.TemporaryDirectory() as folder, toolkit.local.launch() as platform:
        os.environ.update(platform.environment)
        from pyathena import connect
        from pyathena.pandas.cursor import PandasCursor

        def cursor(**options: Any) -> Any:
            return connect(poll_interval=0.01, **options).cursor()

        cursor().execute("SELECT 1").fetchall()
        one = cursor()
        report("SELECT 1", seconds(lambda: one.execute("SELECT 1").fetchall(), 9), "s", 0.05)

        file = Path(folder) / "events.json"
        with file.open("w") as lines:
            lines.writelines(events(count))
        print(f"{count:,} events, {file.stat().st_size / 1e6:.0f} MB of JSON")
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="bench", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.upload_file(str(file), "bench", "json/events.json")
        one.execute(
            f"CREATE EXTERNAL TABLE events ({COLUMNS}) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' "
            "LOCATION 's3://bench/json/'"
        )
        report("first query over JSON", seconds(lambda: one.execute(QUESTION.format("events")).fetchall(), 1), "s", 4.5)
        bare = duckdb.connect()
        json_itself = seconds(lambda: bare.sql(QUESTION.format(f"read_json('{file}')")).fetchall())
        warm = seconds(lambda: one.execute(QUESTION.format("events")).fetchall())
        report("later queries over JSON / DuckDB over the JSON", warm / json_itself, "", 0.5)

        parquet = Path(folder) / "events.parquet"
        bare.sql(f"COPY (SELECT * FROM read_json('{file}')) TO '{parquet}' (FORMAT parquet)")
        s3.upload_file(str(parquet), "bench", "parquet/events.parquet")
        one.execute(f"CREATE EXTERNAL TABLE columnar ({COLUMNS}) STORED AS PARQUET LOCATION 's3://bench/parquet/'")
        one.execute(QUESTION.format("columnar")).fetchall()
        # Work enough that the time of the engine counts, and not that of HTTP.
        heavy = (
            "SELECT c.kind, count(*), sum(c.amount * d.amount) FROM {0} c JOIN {0} d ON c.userid = d.userid "
            "WHERE c.ok AND d.kind = 'buy' GROUP BY c.kind"
        )
        itself = seconds(lambda: bare.sql(heavy.format(f"read_parquet('{parquet}')")).fetchall())
        ours = seconds(lambda: one.execute(heavy.format("columnar")).fetchall())
        report("a join over Parquet / DuckDB over the Parquet", ours / itself, "", 1.2)

        time.sleep(COPYING_SECONDS)
        ratios = [ratio(name, one, bare, parquet) for name in SHAPES]
        report(f"{len(SHAPES)} queries over Parquet / DuckDB, median", median(ratios), "", 1.2)

        pandas = cursor(cursor_class=PandasCursor)
        rows = "SELECT eventid, userid, eventtime, kind, amount FROM columnar"
        report(f"{count:,} rows into pandas", seconds(lambda: pandas.execute(rows).as_pandas(), 1), "s", 3)

        [server] = [int(each) for each in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()]
        report("memory after all this", resident_megabytes(server), "MB", 1500)

        def client(own: Any) -> None:
            for _ in range(5):
                own.execute(QUESTION.format("columnar")).fetchall()

        # Made before the clock runs: to make a client of boto3's takes longer than several queries.
        threads = [threading.Thread(target=client, args=(cursor(),)) for _ in range(CLIENTS)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        together = (time.perf_counter() - begun) / (5 * CLIENTS)
        alone = seconds(lambda: one.execute(QUESTION.format("columnar")).fetchall())
        report(f"{CLIENTS} clients at once: a query / one alone", together / alone, "", 1.2)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
