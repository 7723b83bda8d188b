"""
Verdicts on blocks of whole lines: by line template where one matches, by the validator for every other line.

A template match stands for a line that decodes and is valid. Two things it can't see are looked at for the whole piece before:
that the bytes are UTF-8, and which regex is right for them: some take no backslashes, and the quick one no control characters
either. A quote is put before each line feed, where any string must end and no line goes on.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator

from toolkit.dataclass import dataclass, field, replace
from toolkit.schema.pointer import json_path
from toolkit.validator.bulk.report import MOST_ERRORS_KEPT
from toolkit.validator.decoding import decode, has_long_integer, quick_loads
from toolkit.validator.error import ValidationError, counted_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

    from toolkit.validator.bulk.learning import Learner, Matcher
    from toolkit.validator.validator import Validator

    # Decodes a line, or raises a ValueError for what is no JSON.
    Loads = Callable[[bytes], Any]

# The keyword, of our own, of a line that is too long to be loaded.
LINE_LENGTH = "lineLength"
# Fits the caches; larger is not faster.
PIECE_BYTES = 256 * 1024
# Without the line feed, and the carriage return, which may stand before one.
_CONTROLS = [bytes([byte]) for byte in (*range(0x0A), 0x0B, 0x0C, *range(0x0E, 0x20))]
# Learning takes as long as judging some thousand lines without templates, whatever is in them, and saves half of that.
LEAST_LINES = 4_000
# Of longer lines fewer are enough, for each saves more.
_BYTES_OF_A_LINE = 1_000
# In so many bytes the lines are counted.
_COUNTED_BYTES = 20_000
# With so many bytes it is tried whether a regex is faster, and it has to be by as much to be used.
_TRIALS, _TRIAL_BYTES, _LEAST_TRIAL_BYTES = 4, 16 * 1024, 2 * 1024
_WORTH = 0.95
# From here on the rest of a piece is not searched for further lines that are no UTF-8.
_MOST_SPLITS = 16


@dataclass(frozen=True, slots=True)
class Refused:
    """
    A refused line of a block: its index and offset there, its bytes without the line's end, and the reasons.

    ``content`` is None for a line that was too long to be loaded; ``length`` is known for every one.
    """

    index: int
    offset: int
    content: bytes | None
    length: int
    errors: tuple[ValidationError, ...]


@dataclass(slots=True)
class Verdicts:
    """What was found in a run of lines; ``refused`` are the first, or all if asked for, counted from its start."""

    lines: int = 0
    valid: int = 0
    invalid: int = 0
    fast: int = 0
    byte_count: int = 0
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def extend(self, other: Verdicts, offset: int, most_refused: int | None) -> None:
        """Add what was found in the lines behind these, whose offsets count from *offset*."""
        room = None if most_refused is None else max(0, most_refused - len(self.refused))
        for refused in other.refused[:room]:
            self.refused.append(replace(refused, index=refused.index + self.lines, offset=refused.offset + offset))
        self.lines += other.lines
        self.valid += other.valid
        self.invalid += other.invalid
        self.fast += other.fast
        self.byte_count += other.byte_count
        for pair, count in other.counts.items():
            self.counts[pair] = self.counts.get(pair, 0) + count


class Judge:
    """
    Judges blocks by one validator; *most_refused* says how many refused lines are kept of each block, None all.

    *expected_bytes* is the size of the whole input as far as it is known. Without *templates* every line takes the generic
    path.
    """

    def __init__(
        self,
        validator: Validator,
        *,
        most_refused: int | None,
        expected_bytes: int = 0,
        templates: bool = True,
    ) -> None:
        self.validator = validator
        self.most_refused = most_refused
        self.expected_bytes = expected_bytes
        self.learner: Learner | None = None
        self._templates = templates

    def verdicts(self, block: bytes) -> Verdicts:
        """Return what is found in *block*, whose every line ends with a line feed."""
        if self.learner is None and self._templates and self._may_be_worth(block):
            # Small inputs have no use for it, and need not wait for its import.
            from toolkit.validator.bulk.learning import learner_of

            self.learner = learner_of(self.validator)
        found = Verdicts()
        start = 0
        while start < len(block):
            # A little more than a piece is one as well, and no copy of it.
            is_last = len(block) - start < 2 * PIECE_BYTES
            end = len(block) if is_last else block.find(b"\n", start + PIECE_BYTES) + 1 or len(block)
            self._judge_piece(block[start:end], found)
            start = end
        self.validator.lines_judged += found.lines
        return found

    def _may_be_worth(self, block: bytes) -> bool:
        """Tell whether enough lines like those of *block* may be to come for templates to be learned, or they were already."""
        return self.validator.learner is not None or self._lines_to_come(block) >= LEAST_LINES

    def _lines_to_come(self, block: bytes) -> int:
        """Return how many lines of usual length may well be to come: those of what is expected, or as many as there were."""
        judged = self.validator.lines_judged
        if not self.expected_bytes:
            return judged
        # Where the size is known, only many such inputs let another one be expected.
        here = max(1, block.count(b"\n", 0, _COUNTED_BYTES))
        expected = self.expected_bytes * here // min(len(block), _COUNTED_BYTES)
        return max(expected, self.expected_bytes // _BYTES_OF_A_LINE, judged // 4)

    def keep_fewer(self, refused: int) -> None:
        """Keep so many *refused* lines fewer of each block to come."""
        if self.most_refused is not None:
            self.most_refused = max(0, self.most_refused - refused)

    def refuse_long_line(self, length: int, longest_line: int) -> Verdicts:
        """Return the verdict on a line of *length* bytes, which is more than *longest_line*."""
        expected, found = f"a line of at most {longest_line:,} bytes", f"one of {length:,} bytes"
        errors = (ValidationError("", "", LINE_LENGTH, expected, found, ()),)
        refused = [Refused(0, 0, None, length, errors)] if self.most_refused != 0 else []
        return Verdicts(lines=1, invalid=1, counts={("$", LINE_LENGTH): 1}, refused=refused)

    def _judge_piece(self, lines: bytes, found: Verdicts) -> None:
        learner = self.learner
        if learner is not None:
            learner.learn(lines, self._lines_to_come(lines))
        before = found.lines, found.fast
        missed: list[bytes] = []
        if learner is None or learner.matcher is None or learner.matcher.is_known_to_be_slow():
            self._judge_unmatched(lines, found)
        elif lines.isascii():
            self._match(lines, learner.matcher, found, missed)
        else:
            for part in _parts(b"\n" + lines):
                if part.is_utf8:
                    self._match(part.piece[1:], learner.matcher, found, missed)
                else:
                    self._judge_unmatched(part.piece[1:], found)
        if learner is not None:
            learner.note(found.lines - before[0], found.fast - before[1], missed)

    def _match(self, lines: bytes, matcher: Matcher, found: Verdicts, missed: list[bytes]) -> None:
        careful, regex = _regex(matcher, lines)
        if regex is None or not matcher.is_faster(careful, functools.partial(self._compare, lines, regex, matcher)):
            # Nothing was missed that a template could have matched.
            self._judge_unmatched(lines, found)
            return
        match: Any = regex.match
        keys = matcher.keys
        quoted = keys + lines.replace(b"\n", b'"\n')
        # As in `_line_feeds`.
        count = len(quoted) - len(keys) - len(lines)
        end: int = match(quoted).end()
        if end == len(quoted):
            found.lines += count
            found.valid += count
            found.fast += count
            found.byte_count += len(lines)
            return
        # What is done with makes room for the keys before what is not.
        left = bytearray(quoted)
        rest, start = [], len(keys)
        while end < len(quoted):
            start = quoted.index(b"\n", end) + 1
            rest.append(quoted[end : start - 2])
            left[start - len(keys) : start] = keys
            end = match(left, start - len(keys)).end()
        self._judge_lines(lines, found, rest, count - len(rest), missed)

    def _compare(self, lines: bytes, regex: re.Pattern[bytes], matcher: Matcher) -> bool | None:
        """Tell whether *regex* takes less time for some of *lines* than judging each; None where it matches too few."""

        def match(sample: bytes) -> int:
            _regex(matcher, sample)
            found: Any = regex.match(matcher.keys + sample.replace(b"\n", b'"\n'))
            return len(found[0]) - len(matcher.keys)

        for start in range(0, len(lines), len(lines) // _TRIALS + 1):
            start = lines.find(b"\n", start) + 1
            some = lines[start : max(lines.find(b"\n", start), lines.rfind(b"\n", 0, start + _TRIAL_BYTES)) + 1]
            # Where a line is refused now and then, those between are still many; each is matched with a quote more than it has.
            sample = b"".join([line for line in some.splitlines(keepends=True) if match(line) > len(line)])
            if len(sample) >= _LEAST_TRIAL_BYTES:
                # Both are tried in turns, and the best time of each counts, for there may be other work on the machine.
                times = [
                    (_seconds(match, sample), _seconds(self._judge_unmatched, sample, Verdicts())) for _ in range(3)
                ]
                by_regex, singly = map(min, zip(*times, strict=True))
                return bool(by_regex < _WORTH * singly)
        return None

    def _judge_unmatched(self, lines: bytes, found: Verdicts, missed: list[bytes] | None = None) -> None:
        rest = lines.split(b"\n")
        del rest[-1]
        self._judge_lines(lines, found, rest, 0, missed)

    def _judge_lines(
        self,
        lines: bytes,
        found: Verdicts,
        rest: list[bytes],
        hits: int,
        missed: list[bytes] | None,
    ) -> None:
        """
        Judge one by one the lines of *lines* that are left in *rest*; *hits* others were matched.

        Those that are valid are added to *missed*, if it is asked for.
        """
        validator = self.validator
        is_valid = validator.__dict__["is_valid"]
        loads = self._loads(b"\n".join(filter(None, rest)) if hits else lines)
        blank = rest.count(b"")
        invalid = before = at = 0
        piece = b""
        for line in filter(None, rest) if blank else rest:
            try:
                value = loads(line)
                if is_valid(value):
                    if missed is not None:
                        missed.append(line)
                    continue
                is_json = True
            except ValueError:
                if line.isspace() and not line.strip(b" \t\r"):
                    blank += 1
                    continue
                is_json = False
            invalid += 1
            is_kept = self.most_refused is None or len(found.refused) < self.most_refused
            if is_json and not is_kept:
                # What counts them takes a third of the time.
                pairs = [(_location(tokens), keyword) for tokens, keyword in validator.error_places(value)]
            else:
                content = line[:-1] if line[-1] == 13 else line
                is_plain = is_json and not has_long_integer(line)
                errors = tuple(validator.iter_errors(value)) if is_plain else validator.validate_json(content)
                pairs = [(location_of(error), error.keyword) for error in errors]
            for pair in pairs:
                found.counts[pair] = found.counts.get(pair, 0) + 1
            if is_kept:
                # The same bytes have the same verdict, so the first place behind the last refused line is this line's.
                piece = piece or b"\n" + lines
                offset = piece.index(b"\n" + line + b"\n", at)
                before += _line_feeds(piece[at:offset])
                at = offset
                kept = errors[:MOST_ERRORS_KEPT]
                found.refused.append(Refused(found.lines + before, found.byte_count + at, content, len(content), kept))
                before += 1
                at += 1
        found.lines += len(rest) + hits
        found.invalid += invalid
        found.valid += len(rest) + hits - blank - invalid
        found.fast += hits
        found.byte_count += len(lines)

    def _loads(self, piece: bytes) -> Loads:
        """Return a function that decodes the lines of *piece*, and raises a ValueError for what is no JSON."""
        validator = self.validator
        duplicate_keys = validator.duplicate_keys
        quick = quick_loads(len(piece)) if duplicate_keys == "accept" else None
        if quick is not None and not (validator.minds_long_integers and has_long_integer(piece)):
            return quick

        def loads(line: bytes) -> Any:
            if quick is not None and not has_long_integer(line):
                return quick(line)
            decoded = decode(line, duplicate_keys=duplicate_keys)
            if decoded.error:
                raise ValueError
            return decoded.value

        return loads


def _regex(matcher: Matcher, lines: bytes) -> tuple[bool, re.Pattern[bytes] | None]:
    """Return whether there are escapes in *lines*, and the fastest regex of *matcher* that is right for them."""
    if b"\\" in lines:
        return True, matcher.careful
    return False, matcher.quick if matcher.is_worth_searching and not _has_controls(lines) else matcher.plain


def _has_controls(lines: bytes) -> bool:
    return any(byte in lines for byte in _CONTROLS) or (b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n"))


def _line_feeds(lines: bytes) -> int:
    """Count the line feeds by what a replacement adds, which is several times as fast as `bytes.count`."""
    return len(lines.replace(b"\n", b"\n\n")) - len(lines)


def _seconds(function: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class _Part:
    piece: bytes
    is_utf8: bool


def _parts(piece: bytes) -> Iterator[_Part]:
    """Cut *piece*, which like every part starts and ends with a line feed, around the lines that are no UTF-8."""
    if piece.isascii():
        yield _Part(piece, True)
        return
    for _ in range(_MOST_SPLITS):
        try:
            piece.decode()
        except UnicodeDecodeError as error:
            start, end = piece.rfind(b"\n", 0, error.start), piece.find(b"\n", error.start) + 1
        else:
            yield _Part(piece, True)
            return
        if start:
            yield _Part(piece[: start + 1], True)
        yield _Part(piece[start:end], False)
        piece = piece[end - 1 :]
        if len(piece) == 1:
            return
    yield _Part(piece, False)


def location_of(error: ValidationError) -> str:
    """Return the place by which *error* is counted, with every index as ``*``, as in ``$.items[*].sku``."""
    return _location(counted_path(error.path, error.missing))


def _location(tokens: tuple[str | int, ...]) -> str:
    return _written(tuple([0 if isinstance(token, int) else token for token in tokens])) if tokens else "$"


@functools.lru_cache(maxsize=4096)
def _written(tokens: tuple[str | int, ...]) -> str:
    return "$" + "".join("[*]" if isinstance(token, int) else json_path((token,))[1:] for token in tokens)
