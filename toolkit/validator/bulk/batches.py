"""Events that come as a batch of their own bytes, not as lines: judged by the same templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from toolkit.validator.bulk.judging import Judge, Refused, Verdicts, location_of


def event_verdicts(judge: Judge, block: bytes, count: int, events: Callable[[], Iterable[bytes]]) -> Verdicts:
    """
    Return what *judge* finds in a batch of *count* events; what is refused has its position among them as index.

    *block* holds the events, each followed by a line feed. *events* gives them one by one, for the batch that is not so many
    lines.
    """
    # It counts the lines anyway, and faster than bytes.count.
    verdicts = judge.verdicts(block)
    if verdicts.lines == verdicts.valid + verdicts.invalid == count:
        return verdicts
    # Line breaks inside an event, or an empty one, which as a line would count as blank.
    found = Verdicts(lines=count, byte_count=len(block))
    for position, event in enumerate(events()):
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
