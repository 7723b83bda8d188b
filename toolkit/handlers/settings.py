"""What the handlers read from their environment, as one value."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.errors import InvalidInput
from toolkit.handlers.partitions import PARTITION_KEY

_KEY_NAME = re.compile("[a-z0-9_]+")
# https://www.rfc-editor.org/rfc/rfc6901#section-3
_POINTER = re.compile("(?:/(?:[^~/]|~[01])*)*")


@dataclass(frozen=True, slots=True)
class Settings:
    """
    The names that connect the handlers to their surroundings.

    Each text is read from the environment variable of the same name in capitals; the defaults suit the sample platform.

    ``schema_repository`` is what `toolkit.repositories.open_repository` takes, "" for the schemas that come with the toolkit.
    ``event_name`` and ``schema_version`` apply to messages that name no schema in their attributes; version "" is the
    latest. ``schema_cache_seconds`` is how long "the latest" may lag, ``schema_stale_seconds`` how long it holds while the
    repository does not answer.

    ``events_location`` may hold ``{event_name}``. ``event_time_pointer`` is the JSON pointer of the date-time by whose day
    objects are partitioned, "" for the day on which the message was sent (see `toolkit.handlers.partitions.partition_of`).
    ``partition_keys`` names further partition keys with the pointers of their values, such as
    ``country=/shipping_address/country,tier=/customer/tier``.
    ``delivery_stream`` is a Firehose stream and may hold ``{event_name}`` too. ``oversized_location`` takes the bytes of
    events that fit no message once the reasons are beside them; "" leaves such a message to the redrive queue.
    ``unwrap_sns`` says whether bodies that are SNS notifications are taken out of their envelope: auto or never.
    """

    schema_repository: str = ""
    event_name: str = "user_registered"
    schema_version: str = ""
    strict: bool = True
    schema_cache_seconds: float = 60.0
    schema_stale_seconds: float = 3600.0
    unwrap_sns: str = "auto"
    valid_events_queue: str = "valid-events-queue"
    dead_letter_queue: str = "invalid-events-dead-letter-queue"
    redrive_queue: str = "events-redrive-queue"
    oversized_location: str = ""
    events_location: str = "s3://events/"
    event_time_pointer: str = ""
    partition_keys: str = ""
    compression: str = "gzip"
    delivery_stream: str = "{event_name}"
    events_database: str = "events"
    partition_registry: str = "partition-registry"
    metrics_namespace: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """
        Return the settings of *environment*, by default those of this process.

        Raises:
            InvalidInput: a switch, a number, a pointer or a choice is none.
        """
        variables = os.environ if environment is None else environment
        found: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            if (text := variables.get(name.upper())) is not None:
                found[name] = _READERS.get(name, _text)(name.upper(), text)
        return cls(**found)

    def location_of(self, event_name: str) -> str:
        """Return the S3 location of the events of one name, with a slash at its end."""
        location = self.events_location.rstrip("/") + "/"
        if "{event_name}" in location:
            return location.replace("{event_name}", event_name)
        return f"{location}{event_name}/"

    def pointers(self) -> dict[str, str]:
        """
        Return the further partition keys and the JSON pointers of their values.

        Raises:
            InvalidInput: PARTITION_KEYS is no list of ``name=/pointer``.
        """
        found = {}
        for part in filter(None, self.partition_keys.split(",")):
            name, _, pointer = part.strip().partition("=")
            if not _KEY_NAME.fullmatch(name) or not pointer or not _POINTER.fullmatch(pointer):
                raise InvalidInput(
                    f"PARTITION_KEYS: expected name=/pointer,... with names of a to z, digits and _, found {part!r}"
                )
            if name in found or name == PARTITION_KEY:
                raise InvalidInput(
                    f"PARTITION_KEYS: expected names that differ, also from {PARTITION_KEY}, found {name!r} again"
                )
            found[name] = pointer
        return found


def _text(name: str, text: str) -> str:
    return text


def _switch(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise InvalidInput(f"{name}: expected true or false, found {text.lower()!r}")
    return text.lower() == "true"


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e9:
        raise InvalidInput(f"{name}: expected seconds from 0 on, found {text!r}")
    return seconds


def _pointer(name: str, text: str) -> str:
    if not _POINTER.fullmatch(text):
        raise InvalidInput(f"{name}: expected a JSON pointer such as /event_time, found {text!r}")
    return text


def _one_of(*choices: str) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if text not in choices:
            raise InvalidInput(f"{name}: expected {' or '.join(choices)}, found {text!r}")
        return text

    return read


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "strict": _switch,
    "schema_cache_seconds": _seconds,
    "schema_stale_seconds": _seconds,
    "event_time_pointer": _pointer,
    "unwrap_sns": _one_of("auto", "never"),
    "compression": _one_of("gzip", "none"),
}
