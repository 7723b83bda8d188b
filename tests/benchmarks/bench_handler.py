"""
How many events a second does the whole validating handler judge on one core, network calls left out?

The seed's event, in batches of 1,000 as Lambda hands them over; ``aws.call`` answers at once. Beside it, in the same
process, Powertools' batch processor with fastjsonschema (where it is installed), with the schema compiled once and, as its
own validation utility did before caching, at each record.

    .venv/bin/python tests/benchmarks/bench_handler.py
"""

import json
import statistics
import time

from toolkit import aws
from toolkit.handlers import event_validator
from toolkit.repositories import open_repository
from toolkit.schema import bundled
from toolkit.simulation import EXAMPLE_EVENT

BATCH = 1000
ROUNDS = 60


def records(count=BATCH):
    body = json.dumps(EXAMPLE_EVENT, separators=(",", ":"))
    return [
        {
            "messageId": f"{number:08d}-0000-0000-0000-000000000000",
            "receiptHandle": "handle",
            "body": body,
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1772000000000"},
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:events-queue",
            "awsRegion": "eu-west-1",
        }
        for number in range(count)
    ]


def per_second(run, rounds=ROUNDS, count=BATCH):
    run()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return count / statistics.median(times)


def answered(service, operation, /, **parameters):
    if operation == "get_queue_url":
        return {"QueueUrl": f"http://queues/{parameters['QueueName']}"}
    return {"Successful": parameters["Entries"], "Failed": []}


class InlinePool:
    """Network calls left out leaves no use for the threads that wait for them."""

    def __init__(self, *arguments, **options): ...

    def __enter__(self):
        return self

    def __exit__(self, *_): ...

    map = staticmethod(map)


def ours():
    from toolkit.handlers import messages

    aws.call = answered
    aws.client = lambda service: service
    messages.ThreadPoolExecutor = InlinePool
    event = {"Records": records()}
    answer = event_validator.handler(event)
    assert answer == {"batchItemFailures": []}
    return per_second(lambda: event_validator.handler(event))


def powertools(compile_each_time):
    import fastjsonschema
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

    schema = bundled(open_repository("").load("user_registered"))
    compiled = fastjsonschema.compile(schema)
    processor = BatchProcessor(event_type=EventType.SQS)

    def judge(record):
        check = fastjsonschema.compile(schema) if compile_each_time else compiled
        check(json.loads(record.body))

    count = 20 if compile_each_time else BATCH
    event = {"Records": records(count)}
    return per_second(
        lambda: process_partial_response(event, judge, processor, context=None),
        3 if compile_each_time else ROUNDS,
        count,
    )


def main():
    print(f"toolkit, whole handler:                        {ours():>10,.0f} events/s")
    try:
        print(f"Powertools + fastjsonschema, compiled once:    {powertools(False):>10,.0f} events/s")
        print(f"Powertools + fastjsonschema, compiled a record:{powertools(True):>10,.0f} events/s")
    except ImportError:
        print("Powertools: not installed (pip install aws-lambda-powertools fastjsonschema)")


if __name__ == "__main__":
    main()
