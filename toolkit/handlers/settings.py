"""What the handlers read from their environment, as one value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Settings:
    """
    The names that connect the handlers to their surroundings.

    Each field is read from the environment variable of the same name in capitals; the defaults suit the sample
    platform. ``schema_repository`` is a folder or an ``s3://`` prefix, "" for the schemas that come with the toolkit.
    ``event_name`` and ``schema_version`` apply to messages that name no schema in their attributes; version "" is the
    latest. ``event_time_pointer`` is the JSON pointer of the date-time by whose day the sink partitions, "" for the day
    on which the message was sent.
    """

    schema_repository: str = ""
    event_name: str = "user_registered"
    schema_version: str = ""
    strict: bool = True
    valid_events_queue: str = "valid-events-queue"
    dead_letter_queue: str = "invalid-events-dead-letter-queue"
    events_location: str = "s3://events/"
    event_time_pointer: str = ""
    events_database: str = "events"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """
        Return the settings of *environment*, by default those of this process.

        Raises:
            InvalidInput: STRICT is neither true nor false.
        """
        variables = os.environ if environment is None else environment
        names = [name for name in cls.__dataclass_fields__ if name != "strict"]
        texts = {name: variables[name.upper()] for name in names if name.upper() in variables}
        strict = variables.get("STRICT", "true").lower()
        if strict not in ("true", "false"):
            raise InvalidInput(f"STRICT: expected true or false, found {strict!r}")
        return cls(**texts, strict=strict == "true")
