"""
Where lines come from: a path, a binary file, a text in bytes or an iterable of lines, plain or compressed, cut into blocks.

Everything becomes a function ``read(size)`` that returns at most about *size* bytes, and none at the end. Compression is told
by the first bytes, never by a name.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack

from toolkit.dataclass import dataclass
from toolkit.errors import AwsError, InvalidInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

    Read = Callable[[int], bytes]
    OpenUri = Callable[[str], IO[bytes]]
    NdjsonSource = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | Iterable[bytes]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# The largest block of zstd, unpacked. Source: RFC 8878, section 3.1.1.2.4.
_ZSTD_BLOCK = 1 << 17
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# What reading may raise: the system, or a damaged compressed file, and one that ends early.
READ_ERRORS = (OSError, EOFError, AwsError)
# What is asked of any source at first, and of a compressed one at once.
_FIRST_BYTES = 256 * 1024
_COMPRESSED_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines, each with a line feed at its end, and where the first begins in the uncompressed text."""

    offset: int
    data: bytes
    is_ended: bool = True

    @property
    def byte_count(self) -> int:
        """The number of bytes in the source; a line feed that was added does not count."""
        return len(self.data) - (not self.is_ended)


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line that is too long to be loaded: where it begins, its length without its end, and with it."""

    offset: int
    length: int
    byte_count: int


class Opened(AbstractContextManager["Opened"]):
    """
    An open source; leaving it closes what it opened itself.

    ``name`` is for messages, ``size`` the size of the source as stored, None where it is not known, ``read_bytes`` how much
    of that was read. ``path`` is set for an uncompressed regular file, whose parts can be read apart.
    """

    def __init__(self, source: Any, open_uri: OpenUri | None) -> None:
        self._stack = ExitStack()
        self.name = ""
        self.size: int | None = None
        self.read_bytes = 0
        self.path: str | None = None
        try:
            self.read = self._uncompressed(self._counted(self._raw(source, open_uri)))
        except BaseException:
            self._stack.close()
            raise

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _raw(self, source: Any, open_uri: OpenUri | None) -> Read:
        if isinstance(source, bytes | bytearray | memoryview):
            self.size = memoryview(source).nbytes
            return _by_lines(bytes(source))
        if isinstance(source, str) and "://" in source:
            if open_uri is None:
                scheme = source.partition("://")[0]
                raise InvalidInput(f"{source}: {scheme}:// can't be opened here; pass open_uri, or an open binary file")
            self.name = source
            opened = open_uri(source)
            self._stack.callback(opened.close)
            return opened.read
        if isinstance(source, str | os.PathLike):
            return self._opened_path(os.fspath(source))
        if hasattr(source, "read"):
            self.name = str(getattr(source, "name", ""))
            self.size = _rest_of(source)
            read: Read = source.read
            return read
        if isinstance(source, Iterable):
            return _joined(source)
        raise InvalidInput(
            f"expected a path, a binary file, bytes or an iterable of lines as bytes, found {type(source).__name__}"
        )

    def _opened_path(self, path: str) -> Read:
        self.name = path
        try:
            file = self._stack.enter_context(open(path, "rb", buffering=0))  # noqa: SIM115  # closed by the stack
            status = os.fstat(file.fileno())
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InvalidInput(f"{path}: can't be read: {reason}{_way_out(path, error)}") from error
        if stat.S_ISREG(status.st_mode):
            self.size = status.st_size
            self.path = path
        return file.read

    def _counted(self, read: Read) -> Read:
        def counted(size: int) -> bytes:
            data: bytes = read(size)
            if type(data) is not bytes:
                data = _as_bytes(data)
            self.read_bytes += len(data)
            return data

        return counted

    def _uncompressed(self, read: Read) -> Read:
        start = b""
        try:
            # More than tells how it is packed, for who reads on gets as much at once.
            while len(start) < 4 and (data := read(_FIRST_BYTES)):
                start += data
        except READ_ERRORS as error:
            raise cant_read(self.name, error) from error
        read = _behind(start, read)
        if start.startswith(_GZIP):
            self.path = None
            return Gunzipped(read).read
        if start.startswith(_ZSTD):
            self.path = None
            return _unzstd(read, self._stack)
        return read


def _way_out(path: str, error: Exception) -> str:
    """Return what to do about a path that can't be opened, "" where the reason says all."""
    if isinstance(error, IsADirectoryError):
        return "; give the files in it"
    if isinstance(error, FileNotFoundError):
        from contextlib import suppress
        from difflib import get_close_matches

        folder, name = os.path.split(path)
        with suppress(OSError):
            for like in get_close_matches(name, os.listdir(folder or "."), 1):
                return f"; did you mean {os.path.join(folder, like)}?"
    return ""


def is_compressed(start: bytes) -> bool:
    """Tell whether a file that begins with *start*, of four bytes, is one that is unpacked here."""
    return start.startswith((_GZIP, _ZSTD))


def is_same_file(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Tell whether two paths are of one file, there or not; a device, which keeps nothing, is none."""
    if os.path.exists(one) and os.path.exists(other):
        return os.path.isfile(one) and os.path.samefile(one, other)
    return os.path.realpath(one) == os.path.realpath(other)


def cant_read(name: str, error: BaseException) -> InvalidInput:
    """Return the error for a source that can't be read to its end."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return InvalidInput(f"{name}: can't be read to its end: {reason}".removeprefix(": "))


def _as_bytes(data: Any) -> bytes:
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    if data is None:
        raise InvalidInput("expected a file that blocks until there is data")
    raise InvalidInput(f"expected bytes from the file, found {type(data).__name__}; open it in binary mode")


def _rest_of(file: Any) -> int | None:
    """Return how many bytes are left in a seekable *file*."""
    try:
        if not file.seekable():
            return None
        here = file.tell()
        end = file.seek(0, os.SEEK_END)
        file.seek(here)
    except (AttributeError, OSError, ValueError):
        return None
    return int(end) - int(here) if isinstance(end, int) else None


def _by_lines(text: bytes) -> Read:
    """Return a reader over *text* that stops at the end of a line where it can, so that nobody has to join parts of one."""
    at = 0

    def read(size: int) -> bytes:
        nonlocal at
        end = at + size
        data = text[at : text.rfind(b"\n", at, end) + 1 or end]
        at += len(data)
        return data

    return read


def _joined(lines: Iterable[bytes]) -> Read:
    """Return a reader over *lines*; one without a line feed at its end gets one."""
    iterator = iter(lines)
    held = b""

    def read(size: int) -> bytes:
        nonlocal held
        parts, held = [held] if held else [], b""
        length = sum(map(len, parts))
        if length >= size:
            return parts[0]
        for line in iterator:
            item: Any = line
            if not isinstance(item, bytes | bytearray | memoryview):
                found = type(item).__name__
                raise InvalidInput(f"expected lines of bytes, found {found}; open the file in binary mode")
            whole = bytes(item)
            ended = whole if whole.endswith(b"\n") else whole + b"\n"
            if parts and len(ended) > size:
                # Whether a line is too long is seen at the first of a block.
                held = ended
                break
            parts.append(ended)
            length += len(ended)
            if length >= size:
                break
        return b"".join(parts)

    return read


def _behind(start: bytes, read: Read) -> Read:
    """Return a reader that gives *start* again, and then goes on."""
    rest = start

    def reread(size: int) -> bytes:
        nonlocal rest
        if rest:
            data, rest = rest[:size], rest[size:]
            return data
        return read(size)

    return reread


class Gunzipped:
    """Unpacks gzip, of one member or more, with zeros as padding behind them as some tools leave them."""

    def __init__(self, read: Read) -> None:
        import zlib

        self._zlib: Any = zlib
        self._read = read
        self._member = zlib.decompressobj(31)
        self._input = b""

    def read(self, size: int) -> bytes:
        """Return some bytes, at most *size*; none at the end."""
        while True:
            if self._member.eof:
                while not self._input.strip(b"\0"):
                    self._input = self._read(_COMPRESSED_BYTES)
                    if not self._input:
                        return b""
                self._input = self._input.lstrip(b"\0")
                self._member = self._zlib.decompressobj(31)
            try:
                data: bytes = self._member.decompress(self._input, size)
            except self._zlib.error as error:
                raise OSError(str(error)) from error
            # A member that has ended is not asked again: it would take what follows for its own, twice.
            self._input = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if data:
                return data
            if not self._member.eof and not self._input:
                self._input = self._read(_COMPRESSED_BYTES)
                if not self._input:
                    raise EOFError("the compressed data ends too early")


class _File(io.RawIOBase):
    """A reader as a file, for libraries that ask for one."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._source = read
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = self._source(_COMPRESSED_BYTES)
        size = len(self._rest) if size < 0 else size
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _unzstd(read: Read, stack: ExitStack) -> Read:
    """Return a reader that unpacks zstd, with the standard library from Python 3.14 on, else with pyarrow."""
    import importlib

    file = _File(read)
    try:
        zstd: Any = importlib.import_module("compression.zstd")
    except ImportError:
        pass
    else:
        return _by_blocks(stack.enter_context(zstd.ZstdFile(file)).read)
    try:
        import pyarrow as pa
    except ImportError:
        pa = None
    if pa is None or not pa.Codec.is_available("zstd"):
        raise InvalidInput("the source is packed with zstd, which needs pyarrow or Python 3.14; or unpack it first")
    return _by_blocks(stack.enter_context(pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")).read)


def _by_blocks(unpack: Read) -> Read:
    """Return a reader that asks for one block of zstd at a time, so that those before a fault are not lost with it."""
    fault: Exception | None = None

    def read(size: int) -> bytes:
        nonlocal fault
        if fault:
            raise fault
        pieces: list[bytes] = []
        while size:
            try:
                piece = unpack(min(size, _ZSTD_BLOCK))
            except Exception as error:
                if not pieces:
                    raise
                fault = error
                break
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    return read


def blocks(read: Read, *, longest_line: int, size: int, at_start: bool = True) -> Iterator[Block | LongLine]:
    """
    Yield the whole of a text as blocks of whole lines, of about *size* bytes, and as lines longer than *longest_line*.

    A byte order mark at the start belongs to no line. The last line gets a line feed if it has none. Whatever *read* raises
    passes through when all whole lines before have been yielded.
    """
    size = max(1, min(size, longest_line))
    parts: list[bytes] = []
    held = offset = 0
    is_long = False
    if at_start:
        start = b""
        while len(start) < 3 and (data := read(size)):
            start += data
        offset = 3 if start.startswith(BYTE_ORDER_MARK) else 0
        read = _behind(start[offset:], read)
    # Where a line is too long only its length is kept; whether a carriage return belongs to it shows at its end.
    ends_in_return = False
    while data := read(size):
        if is_long:
            end = data.find(b"\n")
            held += len(data) if end < 0 else end
            if end < 0:
                ends_in_return = data.endswith(b"\r")
                continue
            returned = data[end - 1] == 13 if end else ends_in_return
            yield LongLine(offset, held - returned, held + 1)
            offset, held, is_long = offset + held + 1, 0, False
            data = data[end + 1 :]
        cut = data.rfind(b"\n") + 1
        if cut:
            # Each copy takes a twentieth of the judging.
            whole = b"".join([*parts, memoryview(data)[:cut]]) if parts else data[:cut]
            first = whole.index(b"\n")
            length = first - (whole[first - 1 : first] == b"\r")
            if length > longest_line:
                yield LongLine(offset, length, first + 1)
                offset, whole = offset + first + 1, whole[first + 1 :]
            if whole:
                yield Block(offset, whole)
            offset += len(whole)
            parts, held = [], 0
        if data[cut:]:
            parts.append(data[cut:])
            held += len(parts[-1])
        if held > longest_line + 1:
            is_long, ends_in_return, parts = True, parts[-1].endswith(b"\r"), []
    if is_long:
        yield LongLine(offset, held - ends_in_return, held)
    elif parts:
        last = b"".join(parts)
        length = held - last.endswith(b"\r")
        yield LongLine(offset, length, held) if length > longest_line else Block(offset, last + b"\n", False)


def ranges(path: str, size: int, processes: int) -> Iterator[tuple[int, int]]:
    """
    Yield ``(start, end)`` of parts of a file of up to about *size* bytes, each made of whole lines.

    The first are smaller, so that other processes start soon, and so are the last, so that all of them end together.

    Raises:
        OSError: the file can't be read.
    """
    with open(path, "rb", buffering=0) as file:
        whole = os.fstat(file.fileno()).st_size
        start = 0
        while start < whole:
            end = start + max(size // 16, min(size, size // 8 + start, (whole - start) // (4 * processes)))
            end = min(line_start(file, end), whole)
            yield start, end
            start = end


def line_start(file: IO[bytes], offset: int) -> int:
    """Return where in *file* the first line begins that does so at *offset* or behind it; its end if there is none."""
    if offset == 0:
        return 0
    at = offset - 1
    file.seek(at)
    while data := file.read(_COMPRESSED_BYTES):
        end = data.find(b"\n") + 1
        at += end or len(data)
        if end:
            break
    return at


def read_range(path: str, offset: int, byte_count: int, stack: ExitStack) -> Read:
    """Return a reader of *byte_count* bytes of a file from *offset* on; *stack* closes it."""
    file = stack.enter_context(open(path, "rb", buffering=0))  # noqa: SIM115  # closed by the stack
    file.seek(offset)
    return limited(file.read, byte_count)


def limited(read: Read, byte_count: int) -> Read:
    """Return a reader of the next *byte_count* bytes that *read* gives."""
    left = byte_count

    def read_on(size: int) -> bytes:
        nonlocal left
        data = read(min(size, left))
        left -= len(data)
        return data

    return read_on
