"""
A back-fill that dies around any call that changes something, or that Athena throttles, is run again and goes on: each event is
there once, and the counts are right.

The default run kills in this process; ``pytest -m slow tests/runner/test_backfill_again.py`` sends SIGKILL to processes of
their own around every call.
"""

import gzip
import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from cases import Calls, Killed

from toolkit import aws
from toolkit.athena import Athena
from toolkit.athena.backfill import backfill
from toolkit.athena.partitions import Partition
from toolkit.errors import AwsError
from toolkit.hive import (
    Column,
    create_database_sql,
    create_table_sql,
    curated_policy,
    parse_type,
    plan_table,
    repair_table_sql,
)
from toolkit.schema import load_schema

PROGRAM = Path(__file__).with_name("kill_command.py")
SCHEMA = {"type": "object", "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}}
KEYS = (Column("dt", parse_type("string")),)
DAYS = ("2026-03-01", "2026-03-02")
CHANGING = frozenset({"StartQueryExecution", "DeleteObjects", "PutObject"})


class Lake:
    """A raw table of two days that grows, and the curated one."""

    def __init__(self, bucket, unique, storage):
        self.bucket, self.database = bucket, f"again_{unique}"
        self.athena = Athena()
        self.raw, self.curated = (
            plan_table(
                load_schema(SCHEMA),
                database=self.database,
                name=name,
                location=f"s3://{bucket}/{name}/",
                partition_keys=KEYS,
                **({"policy": curated_policy(storage)} if name == "curated" else {}),
            ).table
            for name in ("raw", "curated")
        )
        self.sent = {day: [] for day in DAYS}
        self.athena.execute(create_database_sql(self.database))
        for table in (self.raw, self.curated):
            self.athena.execute(create_table_sql(table))
        self.grow()
        self.athena.execute(repair_table_sql(self.raw))

    def grow(self):
        """One object more on each day."""
        for day, known in self.sent.items():
            numbers = [100_000 * DAYS.index(day) + len(known) + more for more in range(3)]
            lines = [json.dumps({"id": number, "note": f"n{number}"}) for number in numbers]
            body = gzip.compress("\n".join(lines).encode(), mtime=0)
            key = f"raw/dt={day}/{len(known)}.json.gz"
            aws.call("s3", "put_object", Bucket=self.bucket, Key=key, Body=body)
            known += numbers

    def fill(self, days=DAYS):
        days = [Partition((day,), f"s3://{self.bucket}/raw/dt={day}/") for day in days]
        return [
            (found.values["dt"], found.state, found.rows)
            for found in backfill(self.raw, self.curated, days, self.athena)
        ]

    def check(self):
        """Run to the end: each event is there once, counted, and a second run has nothing to do."""
        for day, state, rows in self.fill():
            assert (state, rows) in {("unchanged", None), ("written", len(self.sent[day]))}
        assert [state for _, state, _ in self.fill()] == ["unchanged", "unchanged"]
        frame = self.athena.query(f'SELECT id, dt FROM "{self.database}"."curated" ORDER BY id')
        assert frame["id"].tolist() == [number for known in self.sent.values() for number in known]
        assert set(zip(frame["dt"], frame["id"] // 100_000, strict=True)) == {(day, at) for at, day in enumerate(DAYS)}


@pytest.fixture(params=["parquet", "iceberg"])
def lake(platform, bucket, unique, request):
    return Lake(bucket, unique, request.param)


class Changing(Calls):
    """Counts only the calls that change something."""

    def around(self, name, make):
        return super().around(name, make) if name in CHANGING or self._is_dead else make()


def kill():
    raise Killed


@pytest.mark.parametrize("lake", ["parquet", pytest.param("iceberg", marks=pytest.mark.slow)], indirect=True)
def test_a_death_around_any_change_leaves_nothing_half_done(lake, monkeypatch):
    calls = Changing(kill)
    calls.install(monkeypatch)
    for number in count(1):
        when = ("before", "after")[number % 2]
        lake.grow()
        calls.arm(number, when)
        try:
            lake.fill(DAYS[:1])
        except Killed:
            pass
        else:
            break
        calls.arm(0, "")
    calls.arm(0, "")
    lake.check()
    # A write, a step of the catalogue or a mark, and two counts.
    assert number > 3


def throttled(monkeypatch, is_throttled):
    """Let Athena refuse the starts that *is_throttled* chooses by their number, with its own error; return how many it did."""
    real, starts, refused = BaseClient._make_api_call, [], []

    def call(client, name, parameters):
        if name == "StartQueryExecution":
            starts.append(name)
            if is_throttled(len(starts)):
                refused.append(name)
                error = {"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}
                raise ClientError(error, name)
        return real(client, name, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return refused


def test_a_throttled_backfill_waits_and_goes_on(lake, monkeypatch):
    waits = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    refused = throttled(monkeypatch, lambda number: number % 3 == 2)
    assert [(state, rows) for _, state, rows in lake.fill()] == [("written", 3), ("written", 3)]
    assert len(refused) >= 2
    assert len(waits) >= len(refused)
    lake.check()


def test_a_backfill_that_is_throttled_for_long_says_so_and_is_run_again(lake, monkeypatch):
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: None)
    with monkeypatch.context() as patch:
        refused = throttled(patch, lambda number: number > 3)
        with pytest.raises(AwsError, match="Rate exceeded") as caught:
            lake.fill()
        assert caught.value.code == "TooManyRequestsException"
        assert len(refused) > 1
    lake.check()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sigkill_around_any_call_leaves_nothing_half_done(lake):
    deaths = 0
    for number in count(1):
        when = ("before", "after")[number % 2]
        lake.grow()
        command = [sys.executable, str(PROGRAM), str(number), when, "backfill"]
        command += [f"{lake.database}.raw", f"{lake.database}.curated"]
        done = subprocess.run(command, env=dict(os.environ), check=False, capture_output=True, timeout=100)
        assert done.returncode in (0, -9), done.stderr[-2000:]
        if done.returncode == 0:
            break
        deaths += 1
    assert deaths > 20
    lake.check()
