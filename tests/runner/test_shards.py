"""Streams that are split and listed page by page, and places that are gone: every record once, what has one key in order."""

import base64
import threading

import pytest

from toolkit import aws
from toolkit.errors import AwsError
from toolkit.runner import StreamMapping, StreamPoller
from toolkit.runner.streams import SHARD_END, Checkpoints, KinesisSource, Shard, TableStreamSource


def data(event):
    return [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]


def put(stream, *texts, key="p"):
    for text in texts:
        aws.call("kinesis", "put_record", StreamName=stream, Data=text.encode(), PartitionKey=key)


def poller(names, handler, owner="one", **options):
    mapping = StreamMapping(names.stream, handler, **{"retry_pause_in_seconds": 0.0, **options})
    return StreamPoller(mapping, threading.Event(), Checkpoints(names.checkpoints, owner=owner))


def split(stream, shard="shardId-000000000000"):
    aws.call("kinesis", "split_shard", StreamName=stream, ShardToSplit=shard, NewStartingHashKey=str(2**127))


def place(names, shard):
    key = {"place": {"S": f"kinesis/{names.stream}/{shard}"}}
    return aws.call("dynamodb", "get_item", TableName=names.checkpoints, Key=key)["Item"]["sequence_number"]["S"]


class Source:
    """A stream whose first shard was split; its iterators end as the service's do."""

    def __init__(self, *further):
        self.records = {"0": ["a", "b", "c"], "1": ["d"], "2": ["e", *further]}

    def shards(self):
        return [Shard("0", (), "99"), Shard("1", ("0", "trimmed long ago")), Shard("2", ("0",))]

    def iterator(self, shard, after):
        return str(int(after or -1) + 1)

    def read(self, shard, iterator, most):
        begin = int(iterator)
        found = self.records[shard][begin : begin + most]
        is_last = shard == "0" and begin + len(found) == len(self.records[shard])
        texts = [{"kinesis": {"sequenceNumber": str(begin + at), "data": text}} for at, text in enumerate(found)]
        return texts, None if is_last else str(begin + len(found))


def texts(event):
    return [record["kinesis"]["data"] for record in event["Records"]]


def test_the_children_of_a_shard_wait_until_it_is_done(names):
    seen = []
    fails = [True]

    def handler(event, context):
        if texts(event) == ["c"] and fails:
            fails.pop()
            return {"batchItemFailures": [{"itemIdentifier": "2"}]}
        return seen.append(texts(event))

    worker = poller(names, handler, batch_size=2)
    worker._source = Source()
    assert [worker.run_once() for _ in range(4)] == [2, 1, 2, 0]
    assert seen == [["a", "b"], ["c"], ["d"], ["e"]]
    assert place(names, "0") == SHARD_END
    # Another runner knows from the table that the first shard is done.
    for shard in ("1", "2"):
        worker._checkpoints.release(worker._key(shard))
    other = poller(names, handler, owner="other")
    other._source = Source("f")
    assert other.run_once() == 1
    assert seen[4:] == [["f"]]


def test_a_shard_that_was_closed_while_empty_blocks_nobody(names):
    split(names.stream)
    put(names.stream, "a")
    seen = []
    worker = poller(names, lambda event, context: seen.extend(data(event)))
    for _ in range(3):
        worker.run_once()
    assert seen == ["a"]


def test_a_stream_of_the_same_name_is_read_from_its_beginning(names):
    """Its first shard has the name of one that was closed."""
    Checkpoints(names.checkpoints, owner="one").claim(f"kinesis/{names.stream}/shardId-000000000000")
    Checkpoints(names.checkpoints, owner="one").settle(f"kinesis/{names.stream}/shardId-000000000000", SHARD_END)
    put(names.stream, "a")
    seen = []
    assert poller(names, lambda event, context: seen.extend(data(event))).run_once() == 1
    assert seen == ["a"]


@pytest.mark.parametrize("code", ["TrimmedDataAccessException", "InvalidArgumentException"])
def test_a_place_that_is_gone_is_read_from_the_oldest_record(names, monkeypatch, caplog, code):
    put(names.stream, "a", "b")
    assert poller(names, lambda event, context: None, batch_size=1).run_once() == 1
    real = aws.call

    def call(service, operation, /, **parameters):
        if parameters.get("ShardIteratorType") == "AFTER_SEQUENCE_NUMBER":
            raise AwsError("injected", service=service, operation=operation, code=code)
        return real(service, operation, **parameters)

    monkeypatch.setattr(aws, "call", call)
    seen = []
    assert poller(names, lambda event, context: seen.extend(data(event))).run_once() == 2
    assert seen == ["a", "b"]
    assert "place lost" in caplog.text


def test_all_pages_of_shards_are_read(names, monkeypatch):
    pages = {
        "": {"Shards": [{"ShardId": "2", "ParentShardId": "1", "AdjacentParentShardId": "0"}], "NextToken": "more"},
        "more": {"Shards": [{"ShardId": "1"}, {"ShardId": "0"}]},
    }
    real = aws.call

    def call(service, operation, /, **parameters):
        if operation == "list_shards":
            # The service takes a token without the stream's name alone.
            assert len(parameters) == 1
            return pages[parameters.get("NextToken", "")]
        return real(service, operation, **parameters)

    monkeypatch.setattr(aws, "call", call)
    assert KinesisSource(names.stream).shards() == [Shard("0"), Shard("1"), Shard("2", ("1", "0"))]


def test_all_pages_of_a_tables_shards_are_read(names, monkeypatch):
    pages = {
        None: {"Shards": [{"ShardId": "2", "ParentShardId": "1"}], "LastEvaluatedShardId": "2"},
        "2": {"Shards": [{"ShardId": "1", "SequenceNumberRange": {"EndingSequenceNumber": "9"}}]},
    }
    real = aws.call

    def call(service, operation, /, **parameters):
        if operation == "describe_stream":
            return {"StreamDescription": pages[parameters.get("ExclusiveStartShardId")]}
        return real(service, operation, **parameters)

    monkeypatch.setattr(aws, "call", call)
    assert TableStreamSource(names.schema_table).shards() == [Shard("1", (), "9"), Shard("2", ("1",))]
