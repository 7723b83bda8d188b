"""The names by which the parts of one platform find each other: the template's, the runner's and the handlers'."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlatformNames:
    """
    The resources of one platform; *prefix* tells several in one account apart, *bucket* holds the events.

    The template makes the same names from its parameters ``NamePrefix`` and ``EventsBucketName``; a test compares the two.
    """

    bucket: str = "events"
    prefix: str = ""

    @property
    def topic(self) -> str:
        """The SNS topic to which producers publish."""
        return f"{self.prefix}events-topic"

    @property
    def events_queue(self) -> str:
        """The queue of events that wait for their verdict."""
        return f"{self.prefix}events-queue"

    @property
    def redrive_queue(self) -> str:
        """The queue of what could not be judged: poison, or an outage that outlasted every try."""
        return f"{self.prefix}events-redrive-queue"

    @property
    def valid_events_queue(self) -> str:
        """The queue of valid events."""
        return f"{self.prefix}valid-events-queue"

    @property
    def dead_letter_queue(self) -> str:
        """The queue of refused events, with their reasons."""
        return f"{self.prefix}invalid-events-dead-letter-queue"

    @property
    def valid_redrive_queue(self) -> str:
        """The queue of valid events that could not be stored; of these alone."""
        return f"{self.prefix}valid-events-redrive-queue"

    @property
    def objects_queue(self) -> str:
        """The queue of S3's notifications, where a runner takes the place of Lambda."""
        return f"{self.prefix}object-created-queue"

    @property
    def objects_redrive_queue(self) -> str:
        """The queue of notifications that could not be handled."""
        return f"{self.prefix}object-created-redrive-queue"

    @property
    def partition_updater(self) -> str:
        """The function to which S3 tells of new objects."""
        return f"{self.prefix}partition-updater"

    @property
    def table_maker(self) -> str:
        """The function that makes tables of published schemas."""
        return f"{self.prefix}json-schema-to-hive"

    @property
    def stream(self) -> str:
        """The Kinesis stream of the grown form."""
        return f"{self.prefix}events-stream"

    @property
    def schema_table(self) -> str:
        """The DynamoDB table of the schema repository."""
        return f"{self.prefix}schema-repository"

    @property
    def partition_registry(self) -> str:
        """The DynamoDB table of registered partitions."""
        return f"{self.prefix}partition-registry"

    @property
    def checkpoints(self) -> str:
        """The DynamoDB table in which runners keep their place in streams."""
        return f"{self.prefix}runner-checkpoints"

    @property
    def database(self) -> str:
        """The database of the tables."""
        return f"{self.prefix.replace('-', '_')}events"

    def environment(self) -> dict[str, str]:
        """Return the variables that lead the handlers to these resources."""
        return {
            "SCHEMA_REPOSITORY": f"dynamodb://{self.schema_table}",
            "VALID_EVENTS_QUEUE": self.valid_events_queue,
            "DEAD_LETTER_QUEUE": self.dead_letter_queue,
            "REDRIVE_QUEUE": self.redrive_queue,
            "OVERSIZED_LOCATION": f"s3://{self.bucket}/oversized/",
            "EVENTS_LOCATION": f"s3://{self.bucket}/events/{{event_name}}/",
            "DELIVERY_STREAM": f"{self.prefix}{{event_name}}",
            "EVENTS_DATABASE": self.database,
            "PARTITION_REGISTRY": self.partition_registry,
        }
