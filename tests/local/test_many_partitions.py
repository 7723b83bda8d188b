"""A table with a partition for each day of several years, most of them empty."""

from types import SimpleNamespace

from toolkit.local.athena.copies import Copies
from toolkit.local.athena.storage import MANY_LOCATIONS, Storage


class Bucket:
    """An S3 client that knows some keys and counts its calls."""

    exceptions = SimpleNamespace(NoSuchBucket=KeyError)

    def __init__(self, *keys):
        self.keys = keys
        self.listed = []

    def list_objects_v2(self, *, Bucket, Prefix):  # noqa: N803
        self.listed.append(Prefix)
        keys = [key for key in self.keys if key.startswith(Prefix)]
        return {"Contents": [{"Key": key, "ETag": '"e"', "Size": 1, "LastModified": None} for key in keys]}


def test_many_partitions_of_a_folder_are_listed_at_once_with_the_same_result(tmp_path):
    bucket = Bucket(
        "t/dt=10/a", "t/dt=1/b/c", "t/dt=1/_hidden", "t/dt=1/.x/y", "t/_dt/z", "t/dt=99/", "t/dt=7", "u/dt=1/a"
    )
    locations = [f"s3://b/t/dt={number}" for number in range(MANY_LOCATIONS + 50)]
    at_once = list(Storage(bucket, Copies(tmp_path, 0)).list_each(locations))
    assert bucket.listed == ["t/"]
    assert at_once == [Storage(bucket, Copies(tmp_path, 0)).list(location) for location in locations]
    assert {item.relative_key for found in at_once for item in found} == {"a", "b/c"}


def test_buckets_that_share_nothing_are_listed_one_by_one(tmp_path):
    bucket = Bucket("x")
    list(Storage(bucket, Copies(tmp_path, 0)).list_each([f"s3://b{number}/" for number in range(MANY_LOCATIONS + 1)]))
    assert bucket.listed == [""] * (MANY_LOCATIONS + 1)
