"""Events that come as a batch of their own bytes, not as lines: judged by the same templates."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.validator.bulk.judging import Judge, Refused, Verdicts, location_of
from toolkit.validator.error import ValidationError


def event_verdicts(judge: Judge, events: Sequence[bytes]) -> Verdicts:
    """Return what *judge* finds in *events*; what is refused has its position among them as index."""
    block = b"\n".join(events) + b"\n"
    if len(events) == block.count(b"\n"):
        verdicts = judge.verdicts(block)
        if verdicts.valid + verdicts.invalid == len(events):
            return verdicts
    # Line breaks inside an event, or an empty one, which as a line would count as blank.
    found = Verdicts(lines=len(events), byte_count=len(block))
    for position, event in enumerate(events):
        errors = judge.validator.validate_json(event)
        if not errors:
            found.valid += 1
            continue
        found.invalid += 1
        for error in errors:
            pair = (location_of(error), error.keyword)
            found.counts[pair] = found.counts.get(pair, 0) + 1
        if judge.most_refused is None or len(found.refused) < judge.most_refused:
            found.refused.append(Refused(position, 0, event, len(event), errors))
    return found


def refused_events(judge: Judge, events: Sequence[bytes]) -> dict[int, tuple[ValidationError, ...]]:
    """Return the reasons for which *judge* refuses some of *events*, by position; it keeps all that it refuses."""
    return {refused.index: refused.errors for refused in event_verdicts(judge, events).refused}
