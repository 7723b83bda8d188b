"""pyiceberg's view of the objects in S3: its FileIO, over the storage that all queries use."""

from __future__ import annotations

import io
from typing import Any

from pyiceberg.io import FileIO, InputFile, OutputFile

from toolkit.local.athena.storage import ANY_VERSION, Changed, S3Object, Storage, split_url


class StorageFileIO(FileIO):
    """Files of Iceberg tables as objects; those that exist are never written again, so copies of them are kept."""

    def __init__(self, storage: Storage, properties: dict[str, str]) -> None:
        super().__init__(properties)
        self.storage = storage

    def new_input(self, location: str) -> InputFile:
        """Give a file to read."""
        return _Input(location, self.storage)

    def new_output(self, location: str) -> OutputFile:
        """Give a file to write."""
        return _Output(location, self.storage)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Delete a file; one that is not there counts as deleted."""
        self.storage.delete(immutable(location if isinstance(location, str) else location.location))


def immutable(location: str, size_in_bytes: int = 0) -> S3Object:
    """Give the object behind a location that Iceberg wrote: its name is never used for another content."""
    bucket, key = split_url(location)
    return S3Object(bucket, key, ANY_VERSION, size_in_bytes, key)


class _Input(InputFile):
    def __init__(self, location: str, storage: Storage) -> None:
        super().__init__(location)
        self.storage = storage

    def __len__(self) -> int:
        return self.storage.size_of(self.location)

    def exists(self) -> bool:
        return self.storage.exists(self.location)

    def open(self, seekable: bool = True) -> Any:
        try:
            return self.storage.copy_of(immutable(self.location), "").open("rb")
        except Changed as error:
            raise FileNotFoundError(self.location) from error


class _Output(OutputFile):
    def __init__(self, location: str, storage: Storage) -> None:
        super().__init__(location)
        self.storage = storage

    def __len__(self) -> int:
        return self.storage.size_of(self.location)

    def exists(self) -> bool:
        return self.storage.exists(self.location)

    def to_input_file(self) -> InputFile:
        return _Input(self.location, self.storage)

    def create(self, overwrite: bool = False) -> Any:
        if not overwrite and self.exists():
            raise FileExistsError(self.location)
        return _Upload(self.location, self.storage)


class _Upload(io.BufferedWriter):
    """A file that becomes an object when the writer closes it."""

    def __init__(self, location: str, storage: Storage) -> None:
        self.upload_location = location
        self.storage = storage
        self.path = storage.copies.new_file()
        super().__init__(io.FileIO(self.path, "wb"))

    def close(self) -> None:
        if not self.closed:
            super().close()
            self.storage.put_file(self.upload_location, self.path)
