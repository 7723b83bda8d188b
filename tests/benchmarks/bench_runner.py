"""
How many events a second does the platform take end to end on this machine: queue → validator → queue → sink → S3?

One local platform, one runner, the seed's event; the clock runs from the start of the runner, with the events waiting in
their queue, to the last one in S3.

    .venv/bin/python tests/benchmarks/bench_runner.py [EVENTS]
"""

import gzip
import json
import os
import sys
import time

from toolkit import aws
from toolkit.handlers.messages import Message, send
from toolkit.handlers.polling import queue_length
from toolkit.infra import PlatformNames, create_resources
from toolkit.local import launch
from toolkit.repositories import bundled_schemas, open_repository, publish
from toolkit.runner import Runner, platform_mappings
from toolkit.simulation import EXAMPLE_EVENT


def stored(bucket):
    count = 0
    for page in aws.pages("s3", "list_objects_v2", Bucket=bucket, Prefix="events/"):
        for item in page.get("Contents", ()):
            body = aws.call("s3", "get_object", Bucket=bucket, Key=item["Key"])["Body"].read()
            count += gzip.decompress(body).count(b"\n")
    return count


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    names = PlatformNames()
    with launch() as platform:
        os.environ.update({**platform.environment, **names.environment()})
        create_resources(names)
        schema = open_repository(bundled_schemas()).load("user_registered")
        publish(open_repository(os.environ["SCHEMA_REPOSITORY"]), "user_registered", schema)
        event = json.dumps(EXAMPLE_EVENT).encode()
        for at in range(0, count, 1000):
            assert send(names.events_queue, [Message(event)] * min(1000, count - at)) == {}
        mappings = platform_mappings(names, form="mvp", buffer_seconds=2)
        started = time.perf_counter()
        runner = Runner(mappings, checkpoints=names.checkpoints)
        with runner:
            done = runner.wait_until(
                lambda: sum(runner.handled.values()) >= 2 * count and queue_length(names.valid_events_queue) == 0,
                seconds=300,
                pause=0.5,
            )
            seconds = time.perf_counter() - started
        assert done
        assert stored(names.bucket) >= count
    print(f"{count:,} events in {seconds:.1f} s: {count / seconds:,.0f} events/s end to end")


if __name__ == "__main__":
    main()
