"""Local copies of objects: made once, bounded on disk, and kept while somebody reads them."""

import hashlib
import os
from contextlib import nullcontext
from copy import deepcopy as copy_of

import pytest

from toolkit.local.athena.copies import Copies
from toolkit.local.athena.storage import Changed, Storage
from toolkit.local.state import objects
from toolkit.local.state.objects import ContentFiles

SIZE = 100


def names(folder):
    return sorted(path.name for path in folder.glob("??/*"))


def copy(copies, digest, make=None):
    return copies.get(digest * 20, ".parquet", make or (lambda path: path.write_bytes(b"x" * SIZE)))


def test_a_copy_is_made_once(tmp_path):
    copies = Copies(tmp_path, 10 * SIZE)
    made = []

    def make(path):
        made.append(path)
        path.write_bytes(b"x")

    assert copy(copies, "aa", make) == copy(copies, "aa", make)
    assert len(made) == 1
    assert names(tmp_path) == ["aa" * 19 + ".parquet"]


def test_beyond_the_limit_the_longest_unused_go(tmp_path):
    copies = Copies(tmp_path, 2 * SIZE)
    for digest in ("aa", "bb", "aa", "cc"):
        with copies.reading():
            copy(copies, digest)
    assert [name[:2] for name in names(tmp_path)] == ["aa", "cc"]
    assert copies.size_in_bytes == 2 * SIZE


def test_what_a_running_query_reads_stays(tmp_path):
    copies = Copies(tmp_path, 0)
    with copies.reading():
        copy(copies, "aa")
        with copies.reading():
            copy(copies, "bb")
        assert [name[:2] for name in names(tmp_path)] == ["aa", "bb"]
    assert names(tmp_path) == []


def test_a_copy_that_shares_its_objects_file_costs_nothing(tmp_path):
    original = tmp_path / "object"
    original.write_bytes(b"x" * SIZE)
    copies = Copies(tmp_path / "copies", 0)

    def link(path):
        path.unlink()
        os.link(original, path)

    with copies.reading():
        copy(copies, "aa", link)
    assert (names(tmp_path / "copies"), copies.size_in_bytes) == (["aa" * 19 + ".parquet"], 0)
    # Once the object is gone the copy holds the space alone.
    original.unlink()
    restarted = Copies(tmp_path / "copies", 0)
    assert restarted.size_in_bytes == SIZE
    with restarted.reading():
        pass
    assert names(tmp_path / "copies") == []


def test_a_restart_finds_the_copies_and_clears_what_was_half_written(tmp_path):
    with Copies(tmp_path, 2 * SIZE).reading():
        pass
    first = Copies(tmp_path, 2 * SIZE)
    for number, digest in enumerate(("aa", "bb")):
        os.utime(copy(first, digest), (number, number))
    (tmp_path / "aa" / "tmphalf").write_bytes(b"x" * SIZE)
    second = Copies(tmp_path, 2 * SIZE)
    assert second.size_in_bytes == 2 * SIZE
    with second.reading():
        copy(second, "cc")
    assert [name[:2] for name in names(tmp_path)] == ["bb", "cc"]


def test_a_copy_that_somebody_has_deleted_is_made_again(tmp_path):
    copies = Copies(tmp_path, 10 * SIZE)
    copy(copies, "aa").unlink()
    assert copy(copies, "aa").stat().st_size == SIZE
    assert copies.size_in_bytes == SIZE


def names_of(*letters):
    return [letter * 64 for letter in letters]


def bundle(copies, *letters):
    copies.bundle(names_of(*letters), lambda path: path.write_bytes(b"x" * SIZE))


def test_the_members_of_a_bundle_are_found_also_after_a_restart(tmp_path):
    copies = Copies(tmp_path, 10 * SIZE)
    bundle(copies, "a", "b")
    for each in (copies, Copies(tmp_path, 10 * SIZE)):
        first, second, absent = each.find(names_of("a", "b", "c"))
        assert first.path == second.path
        assert [(place.number, place.members) for place in (first, second)] == [(0, 2), (1, 2)]
        assert absent is None
        assert each.size_in_bytes == SIZE


def test_a_bundle_goes_with_all_its_members(tmp_path):
    copies = Copies(tmp_path, SIZE)
    for letters in ("ab", "cd"):
        with copies.reading():
            bundle(copies, *letters)
    assert [place is None for place in copies.find(names_of("a", "b", "c", "d"))] == [True, True, False, False]
    assert len(names(tmp_path)) == 2  # the file, and the list of its members
    copies.find(names_of("c"))[0].path.unlink()
    assert copies.find(names_of("c", "d")) == [None, None]
    assert copies.size_in_bytes == 0


def test_a_list_of_members_without_their_bundle_is_cleared(tmp_path):
    copies = Copies(tmp_path, SIZE)
    bundle(copies, "a", "b")
    copies.find(names_of("a"))[0].path.unlink()
    assert Copies(tmp_path, SIZE).find(names_of("a")) == [None]
    assert names(tmp_path) == []


def test_another_content_is_never_kept_in_place_of_the_one_that_was_listed(client, tmp_path):
    s3 = client("s3")
    s3.create_bucket(Bucket="changing", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    storage = Storage(s3, Copies(tmp_path, SIZE))
    s3.put_object(Bucket="changing", Key="t/a", Body=b"first")
    [listed] = storage.list("s3://changing/t/")
    s3.put_object(Bucket="changing", Key="t/a", Body=b"second")
    with pytest.raises(Changed, match=r"^HIVE_FILESYSTEM_ERROR: Incorrect fileSize 5 for file s3://changing/t/a$"):
        storage.copy_of(listed, "")
    s3.delete_object(Bucket="changing", Key="t/a")
    with pytest.raises(Changed, match=r"^HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://changing/t/a: The spec"):
        storage.copy_of(listed, "")
    s3.put_object(Bucket="changing", Key="t/a", Body=b"first")
    assert storage.copy_of(listed, "").read_bytes() == b"first"


@pytest.mark.parametrize("size", [10, 100_000])
def test_who_has_found_an_object_can_read_it_also_when_it_is_replaced(tmp_path, monkeypatch, size):
    monkeypatch.setattr(objects, "_files", ContentFiles(tmp_path))
    key = objects.StoredKey("k", b"x" * size, account_id="123456789012", region_name="eu-west-1")
    reader, listed = objects._sent(key), copy_of(key)
    key.dispose()
    assert listed.value == b"x" * size
    sent = reader.value
    assert (sent if isinstance(sent, bytes) else b"".join(sent)) == b"x" * size
    del key, reader, listed, sent
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_file_is_an_object_from_the_first_moment_on(platform, client, tmp_path, size):
    """Whoever lists a folder while a query writes there must not find an empty object."""
    client("s3").create_bucket(Bucket=f"at-once-{size}", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    path = tmp_path / "made"
    path.write_bytes(b"x" * size)
    seen = []
    keys = objects._backend_of(f"at-once-{size}").buckets[f"at-once-{size}"].keys

    class Watched(type(keys)):
        def setlist(self, key, versions):
            super().setlist(key, versions)
            seen.extend((each.size, each.etag) for each in versions)

    keys.__class__ = Watched
    assert objects.DirectObjects(nullcontext).put(f"at-once-{size}", "k", path)
    assert seen == [(size, f'"{hashlib.md5(b"x" * size, usedforsecurity=False).hexdigest()}"')]
    assert client("s3").get_object(Bucket=f"at-once-{size}", Key="k")["Body"].read() == b"x" * size
