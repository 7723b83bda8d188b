"""
Controls that ipywidgets lacks: a drop zone for files of any size, a download, a copy button, and a lifeline to the kernel.

Each is a little JavaScript of our own in ``browser/``; nothing is loaded from elsewhere.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import anywidget
import ipywidgets
import traitlets

from toolkit.widgets.models.folders import folder_of

CHUNK_BYTES = 512 * 1024
# So long a click waits for a page that does not answer any more.
SECONDS_TO_SETTLE = 2.0
Content = Path | bytes | Callable[[], Path | bytes]
_BROWSER = Path(__file__).parent / "browser"
_CSS = _BROWSER / "app.css"


class DropZone(anywidget.AnyWidget):
    """
    A zone that takes files by drop or by choice, and keeps them in a folder that ends with it.

    *on_files* is called with the paths of what was dropped together, once all of it has arrived.
    """

    _esm = _BROWSER / "drop.js"
    _css = _CSS
    label = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, on_files: Callable[[tuple[Path, ...]], object]) -> None:
        super().__init__(label=label)
        self._on_files = on_files
        self._arrived: list[Path] = []
        self._file: IO[bytes] | None = None
        self._batches = 0
        self.on_msg(self._heard)

    @cached_property
    def _folder(self) -> Path:
        return folder_of(self, "dropped")

    def _heard(self, _: Any, content: Mapping[str, Any], buffers: list[memoryview]) -> None:
        try:
            self._take(content, buffers)
        except OSError as error:
            self.send({"type": "failed"})
            self.status = f"The file could not be kept: {error.strerror}"

    def _take(self, content: Mapping[str, Any], buffers: list[memoryview]) -> None:
        match content["type"]:
            case "begin":
                self._arrived = []
                self._batches += 1
            case "start":
                # A name is anybody's text: its last part alone, in a folder of its own.
                name = Path(str(content["name"])).name or "events"
                folder = self._folder / str(self._batches) / str(len(self._arrived))
                folder.mkdir(parents=True)
                self._arrived.append(folder / name)
                self._file = self._arrived[-1].open("wb")
            case "chunk" if self._file is not None:
                self._file.write(buffers[0])
                self.send({"type": "ack"})
            case "end" if self._file is not None:
                self._file.close()
                self._file = None
                if content["last"]:
                    size = sum(path.stat().st_size for path in self._arrived)
                    names = ", ".join(path.name for path in self._arrived[:3])
                    more = f" and {len(self._arrived) - 3} more" if len(self._arrived) > 3 else ""
                    self.status = f"{names}{more}: {size / 1e6:,.1f} MB arrived"
                    self._on_files(tuple(self._arrived))


class Download(anywidget.AnyWidget):
    """A button that hands a file to the browser; ``offer`` says which, and ``offer(None)`` takes it back."""

    _esm = _BROWSER / "download.js"
    _css = _CSS
    label = traitlets.Unicode().tag(sync=True)
    ready = traitlets.Bool(False).tag(sync=True)

    def __init__(self, label: str, *, mime: str) -> None:
        super().__init__(label=label)
        self._mime = mime
        self._name = ""
        self._content: Content = b""
        self._made: Path | bytes = b""
        self.on_msg(self._heard)

    def offer(self, content: Content | None, name: str = "") -> None:
        """Let the button hand over *content* under *name*: a file, bytes, or a function that makes either once it is clicked."""
        self._content, self._name = b"" if content is None else content, name
        self._made = b""
        self.ready = content is not None

    def _heard(self, _: Any, content: Mapping[str, Any], __: object) -> None:
        if not content["offset"]:
            self._made = self._content() if callable(self._content) else self._content
        part = self._part(int(content["offset"]))
        if part:
            self.send({"type": "part", "offset": content["offset"]}, [part])
        else:
            self._made = b""
            self.send({"type": "done", "name": self._name, "mime": self._mime})

    def _part(self, offset: int) -> bytes:
        if isinstance(self._made, bytes):
            return self._made[offset : offset + CHUNK_BYTES]
        try:
            with self._made.open("rb") as file:
                file.seek(offset)
                return file.read(CHUNK_BYTES)
        except OSError:
            return b""


class CopyButton(anywidget.AnyWidget):
    """A button that puts ``text`` on the clipboard."""

    _esm = _BROWSER / "copy.js"
    _css = _CSS
    label = traitlets.Unicode("Copy as Python").tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)


class Lifeline(anywidget.AnyWidget):
    """
    The tie between a form and its kernel: says when it is cut, and brings back what stood in the form.

    ``settings`` are kept in the browser when the kernel ends; *on_restore* gets them when the cell runs again. ``origin`` is what
    they were at first: by it an app is told from others of its name in the same notebook.
    """

    _esm = _BROWSER / "lifeline.js"
    _css = _CSS
    name = traitlets.Unicode().tag(sync=True)
    origin = traitlets.Unicode().tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)

    def __init__(self, name: str, on_restore: Callable[[Mapping[str, Any]], object]) -> None:
        super().__init__(name=name)
        self._on_restore = on_restore
        self._numbers = itertools.count()
        self._waiting: dict[int, Callable[[], object]] = {}
        self.on_msg(self._heard)

    def settle(self, action: Callable[[], object]) -> None:
        """
        Do *action* once all has arrived that was typed in the page until now.

        A browser sends a text while another change of it is under way only after the kernel has answered that one, and a click
        overtakes it. The page's answer to a question asked here comes after both.
        """
        number = next(self._numbers)
        self._waiting[number] = action
        timer = threading.Timer(SECONDS_TO_SETTLE, self._settled, (number,))
        timer.daemon = True
        timer.start()
        self.send({"type": "settle", "number": number})

    def _settled(self, number: Any) -> None:
        # A page that shows the app twice answers twice, and one that came late after the time is over.
        action = self._waiting.pop(number, None)
        if action is not None:
            action()

    def _heard(self, _: Any, content: Mapping[str, Any], __: object) -> None:
        match content.get("type"):
            case "restore" if isinstance(content.get("settings"), Mapping):
                self._on_restore(content["settings"])
            case "settled":
                self._settled(content.get("number"))


class ActionButton(ipywidgets.Button):
    """A button that starts work: a click in a page is handed to *when_settled*, which calls `click` in its time."""

    def __init__(self, when_settled: Callable[[Callable[[], object]], object], **settings: Any) -> None:
        super().__init__(**settings)
        self._when_settled = when_settled

    def _handle_button_msg(self, _: Any, content: Mapping[str, Any], buffers: object) -> None:
        if content.get("event") == "click":
            self._when_settled(self.click)
