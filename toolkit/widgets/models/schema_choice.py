"""The choice of a schema and its version, which every app begins with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from toolkit.errors import NotFound, SchemaError, SchemaNotFound, ToolkitError
from toolkit.repositories import SchemaRepository, is_document, open_repository
from toolkit.schema import Schema
from toolkit.widgets.models.observable import TextState
from toolkit.widgets.models.work import Work


class SchemaChoice(Work):
    """
    A repository, a schema in it, and its version, as attributes.

    ``repository`` is a folder, an ``s3://bucket/prefix/``, a schema document, or "" for the schemas that come with the toolkit;
    ``schema`` and ``version`` name one in it. Another repository keeps the schema if it has one of that name; another schema
    starts with its latest version. Any text is taken: `load` says what is wrong with it. Where no repository is given, *schema*
    may be a document or a place in one (``schema.json#/definitions/x``), as for the command line.

    A subclass says in `follow` what else follows the choice, and in `settle` what is made of it.
    """

    repository = TextState("")
    schema = TextState("")
    version = TextState("")

    def __init__(self, repository: str | Path = "", *, schema: str = "", version: str = "") -> None:
        super().__init__()
        self._opened: SchemaRepository | None = None
        self._unreadable: ToolkitError = SchemaError("not opened yet")
        # The threads that bring in order what follows a change; until the subclass says `begin`, nothing follows anything.
        self._settling = {threading.get_ident()}
        self._changes = 0
        self._adopting = threading.Lock()
        if not str(repository) and is_document(schema):
            repository, schema = schema, ""
        self.repository = str(repository)
        self._open()
        self.schema = schema or next(iter(self.names), "")
        self.version = version or self._latest()

    def begin(self) -> None:
        """Let changes have their consequences from now on."""
        self._settling.clear()
        self.settle()

    @property
    def names(self) -> tuple[str, ...]:
        """The event names in the repository; none if it can't be read."""
        return self._ask(lambda repository: repository.names())

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the chosen schema, oldest first; none if it is not there."""
        return self._ask(lambda repository: repository.versions(self.schema)) if self.schema else ()

    def load(self) -> Schema:
        """
        Return the chosen schema.

        Raises:
            SchemaError: the repository can't be read, has no such schema or version, or it is no JSON Schema.
            AwsError: a service refused or can't be reached.
        """
        if self._opened is None:
            raise self._unreadable
        if not self.schema:
            where = self.repository or "the samples"
            raise SchemaNotFound(
                "no schema is chosen"
                if self.names
                else "there is no schema in it; a folder holds <event>/<version>.json",
                source=where,
            )
        return self._opened.load(self.schema, self.version)

    def follow(self, name: str, old: Any) -> None:
        """Move what follows the attribute *name*, which was *old*."""

    def settle(self) -> None:
        """
        Make what is made of the attributes.

        Whoever changes one settles it; so what was made of older ones, and took its time, is kept by nobody.
        """

    def changed(self, name: str, old: Any) -> None:
        """Let what follows the attribute *name* follow it, then settle."""
        # A repository may take its time to open: what other threads change meanwhile has its own consequences.
        thread = threading.get_ident()
        self._changes += 1
        if thread in self._settling:
            return
        self._settling.add(thread)
        try:
            if name == "repository":
                self._open()
                if self.schema not in self.names:
                    name, old = "schema", self.schema
                    self.schema = next(iter(self.names), "")
            if name == "schema" or (name in ("repository", "version") and not self.version):
                self.version = self._latest()
            self.follow(name, old)
        finally:
            self._settling.discard(thread)
        self.settle()

    def notify(self) -> None:
        """Tell the observers, once for all that one assignment changes."""
        if threading.get_ident() not in self._settling:
            super().notify()

    def _latest(self) -> str:
        return next(reversed(self.versions), "")

    def _open(self) -> None:
        self._opened, chosen = None, self.repository
        self._unreadable = SchemaError("not opened yet", source=chosen)
        problem: ToolkitError = self._unreadable
        opened: SchemaRepository | None = None
        try:
            opened = open_repository(chosen)
            opened.names()
        except NotFound as error:
            # A form has no room for the service and its operation.
            opened, problem = None, NotFound(error.message, code=error.code)
        except ToolkitError as error:
            opened, problem = None, error
        except OSError as error:
            opened, problem = None, SchemaError(str(error), source=chosen)
        with self._adopting:
            # Another may have been chosen before this one answered.
            if self.repository == chosen:
                self._opened, self._unreadable = opened, problem

    def _ask(self, question: Callable[[SchemaRepository], tuple[str, ...]]) -> tuple[str, ...]:
        try:
            return question(self._opened) if self._opened else ()
        except (ToolkitError, OSError):
            # A name that can't be is a problem of the schema, which loading it reports.
            return ()
