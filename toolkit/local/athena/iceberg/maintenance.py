"""OPTIMIZE and VACUUM: small files into larger ones, old snapshots and the files of no snapshot away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.iceberg.catalog import commit_errors
from toolkit.local.athena.session import Session

# Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html#querying-iceberg-table-properties
SNAPSHOT_AGE_SECONDS = 432_000
SNAPSHOTS_KEPT = 1
METADATA_FILES_KEPT = 100
DATA_FILE_THRESHOLD = 5
DELETE_FILE_THRESHOLD = 2
MINIMUM_FILE_BYTES = 402_653_184
MAXIMUM_FILE_BYTES = 536_870_912


def vacuum(table: Any, session: Session) -> None:
    """Expire snapshots beyond the table's age and number, then delete files that no snapshot knows any longer."""
    from toolkit.local.athena.iceberg.files import immutable

    age = _number(table, "vacuum_max_snapshot_age_seconds", SNAPSHOT_AGE_SECONDS)
    kept = max(1, _number(table, "vacuum_min_snapshots_to_keep", SNAPSHOTS_KEPT))
    snapshots = sorted(table.metadata.snapshots, key=lambda snapshot: int(snapshot.timestamp_ms))
    limit = (datetime.now(UTC) - timedelta(seconds=age)).timestamp() * 1000
    referenced = {reference.snapshot_id for reference in table.metadata.refs.values()}
    expired = [
        snapshot.snapshot_id
        for snapshot in snapshots[: len(snapshots) - kept]
        if snapshot.timestamp_ms <= limit and snapshot.snapshot_id not in referenced
    ]
    before = set(files_of(table))
    if expired:
        with commit_errors(".".join(table.name())):
            table.maintenance.expire_snapshots().by_ids(expired).commit()
        table = table.refresh()
    for location in before - set(files_of(table)):
        session.storage.delete(immutable(location))
    _remove_orphans(table, session)
    _remove_metadata_files(table, session)


def _remove_metadata_files(table: Any, session: Session) -> None:
    """Delete the metadata files of older states of the table, but for the newest ones; data is not touched by that."""
    from toolkit.local.athena.iceberg.files import immutable

    kept = _number(table, "vacuum_max_metadata_files_to_keep", METADATA_FILES_KEPT)
    earlier = table.metadata.metadata_log
    for entry in earlier[: max(0, len(earlier) - kept)]:
        session.storage.delete(immutable(entry.metadata_file))


def _remove_orphans(table: Any, session: Session) -> None:
    """Delete data files below the table's location that no snapshot holds, such as those of statements that failed."""
    limit = datetime.now(UTC) - timedelta(
        seconds=_number(table, "vacuum_max_snapshot_age_seconds", SNAPSHOT_AGE_SECONDS)
    )
    found = session.storage.list(f"{table.location()}/data")
    # Looked at behind the files, for others may have committed some of these meanwhile.
    known = set(files_of(table.refresh()))
    for item in found:
        if item.url not in known and item.last_modified is not None and item.last_modified < limit:
            session.storage.delete(item)


def files_of(table: Any) -> Iterator[str]:
    """Give the locations of all files that the snapshots of a table know: lists, manifests and data."""
    for snapshot in table.metadata.snapshots:
        yield snapshot.manifest_list
        for manifest in snapshot.manifests(table.io):
            yield manifest.manifest_path
            for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True):
                yield entry.data_file.file_path


def files_to_rewrite(table: Any, tasks: list[Any]) -> list[Any]:
    """
    Give the data files that OPTIMIZE puts together: per partition, small and too large ones where they are many enough,
    and those with rows deleted elsewhere.
    """
    smallest = _number(table, "optimize_rewrite_min_data_file_size_bytes", MINIMUM_FILE_BYTES)
    largest = _number(table, "optimize_rewrite_max_data_file_size_bytes", MAXIMUM_FILE_BYTES)
    data_threshold = _number(table, "optimize_rewrite_data_file_threshold", DATA_FILE_THRESHOLD)
    delete_threshold = _number(table, "optimize_rewrite_delete_file_threshold", DELETE_FILE_THRESHOLD)
    groups: dict[tuple[Any, ...], list[Any]] = {}
    chosen: list[Any] = []
    for task in tasks:
        file = task.file
        size = file.file_size_in_bytes
        if len(task.delete_files) >= delete_threshold or file.spec_id != table.spec().spec_id:
            chosen.append(file)
        elif size < smallest or size > largest:
            groups.setdefault((file.spec_id, tuple(file.partition)), []).append(file)
    for files in groups.values():
        if len(files) >= data_threshold:
            chosen += files
    return chosen


def _number(table: Any, key: str, default: int) -> int:
    text = table.properties.get(key, "")
    if text and not text.isdigit():
        raise QueryError(f"INVALID_TABLE_PROPERTY: {key} has to be a whole number, found '{text}'")
    return int(text) if text else default
