"""
When line templates are learned, from which lines, and when they are given up.

Learning costs time once: lines are taken apart and a regex is compiled. It is done where the input is, or may well be, large
enough to earn that back, again where many valid lines miss the templates, and not at all where the schema has no template.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from toolkit.validator.bulk import judging
from toolkit.validator.bulk.charset import ANY_STRING, CHARACTER, KEY_END, KEY_START
from toolkit.validator.bulk.shape import LineShape, Unfit, is_sparse, letters, outline, tree_of, without_scalars
from toolkit.validator.bulk.template import Templates, careful_pattern, plain_pattern, quick_pattern
from toolkit.validator.decoding import decode
from toolkit.validator.validator import Validator

# After lines of which no template could be made, some others get a chance.
_LINES_BEFORE_RETRY = 100_000
# Where learning would not pay, so many lines later are looked at anew.
_LINES_BETWEEN_LOOKS = 20_000
# How much shorter a line without its letters is where these take most of the time; a decoder reads them as fast, and escapes
# faster.
_LONG_TEXTS = 6
_BYTES_PER_ESCAPE = 32
_LOOKED_AT_BYTES = 4_096
SAMPLE_LINES = 48
# Fewer are taken of long lines, and of lines of which each is written in another way, since these take longer to look at.
LEAST_SAMPLE_LINES, SAMPLE_BYTES = 16, 12_000
LEAST_OUTLINES, OUTLINE_BYTES = 8, 10_000
_FIRST_LINES = 4
MOST_SHAPES = 12
MOST_ATTEMPTS = 5
# Longer lines are not taken apart.
MOST_LINE_BYTES = 100_000
# Valid lines that the templates missed: so many of them at least, and so large a part of all, are a reason to learn again.
_MANY_MISSES = 32
_LARGE_PART = 0.03
# Below this part of hits the attempt to match costs more than it saves.
_TOO_FEW_HITS = 0.5
# Fields of a line whose order is compared with that of other lines.
MOST_KEYS_COMPARED = 12
# Keys with what is written around them, as they stand in the text of a template, and a character that is escaped there.
_KEYS = re.compile(rb"(?:,(?:\\[ \t\r])*)?(?:%b[^%b]*%b(?:\\\{)?)+" % (KEY_START, KEY_END, KEY_END))
_KEY_MARKS = KEY_START + KEY_END
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
# Shorter keys take as long to compare with a group; and each group makes every choice between branches dearer.
_LEAST_KEY_BYTES = 8
_MOST_GROUPS = 64
# To look for control characters takes a third of the time per byte that it takes to see that each character of a text is none.
_PART_WORTH_SEARCHING = 0.35
# How long the outcome of a trial holds: some 16 MB.
_PIECES_BETWEEN_TRIALS = 64


class Matcher:
    """
    The regexes of some templates; each matches as many lines as it can, behind ``keys`` and with a quote before each line feed.

    Half of a line or more may be keys. A regex compares a text with what a group has matched in half the time that letters of
    its own take, so the groups match the keys once, before the lines. How long the texts in *lines* are decides which of the
    regexes that are right for a block is the fastest.
    """

    def __init__(self, texts: Sequence[bytes], lines: bytes) -> None:
        text = texts[0] if len(texts) == 1 else b"(?>" + b"|".join(texts) + b")"
        uses = Counter(_KEYS.findall(text))
        gains = {keys: count * len(keys) for keys, count in uses.items() if len(keys) >= _LEAST_KEY_BYTES}
        chosen = sorted(gains, key=lambda keys: -gains[keys])[:_MOST_GROUPS]
        names = {keys: b"k%d" % number for number, keys in enumerate(chosen)}

        def referred(match: re.Match[bytes]) -> bytes:
            name = names.get(match[0])
            return match[0].translate(None, _KEY_MARKS) if name is None else b"(?P=" + name + b")"

        plain = {name: keys.translate(None, _KEY_MARKS) for keys, name in names.items()}
        self.keys = b"".join(_ESCAPED.sub(rb"\1", keys) for keys in plain.values())
        groups = b"".join(b"(?P<" + name + b">" + keys + b")" for name, keys in plain.items())
        self.text = groups + b"(?:" + _KEYS.sub(referred, text) + rb'\r?+"\n)*+'
        has_texts = ANY_STRING in text or CHARACTER in text
        self.is_worth_searching = has_texts and letters(_beginning(lines)) > _PART_WORTH_SEARCHING
        self._trials: dict[bool, int] = {}

    # Each is None where `re` can't compile it.

    @functools.cached_property
    def quick(self) -> re.Pattern[bytes] | None:
        """The regex for blocks with neither control characters nor backslashes, which have to be searched for."""
        return _compiled(quick_pattern(self.text))

    @functools.cached_property
    def plain(self) -> re.Pattern[bytes] | None:
        """The regex for blocks without backslashes."""
        return _compiled(plain_pattern(self.text))

    @functools.cached_property
    def careful(self) -> re.Pattern[bytes] | None:
        """The regex for blocks in which there are backslashes."""
        return _compiled(careful_pattern(self.text))

    def is_faster(self, careful: bool, compare: Callable[[], bool | None]) -> bool:
        """
        Tell whether the regex that *careful* means is faster than judging line by line, as *compare* found not long ago.

        Long texts, escapes and floats are read faster by a decoder. Where *compare* can't tell, the regex is used. That it is
        slower has to be found twice, for there may be other work on the machine.
        """
        left = self._trials.get(careful, 0)
        if not left:
            verdict = compare()
            if verdict is False:
                verdict = compare()
            if verdict is None:
                return True
            left = _PIECES_BETWEEN_TRIALS if verdict else -_PIECES_BETWEEN_TRIALS
        self._trials[careful] = left - 1 if left > 0 else left + 1
        return left > 0

    def is_known_to_be_slow(self) -> bool:
        """Tell whether the regex was slower not long ago, and so would be the careful one: no piece is looked at then."""
        left = self._trials.get(False, 0)
        if left < 0:
            self._trials[False] = left + 1
        return left < 0


def _compiled(pattern: bytes) -> re.Pattern[bytes] | None:
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


class Learner:
    """The templates of one validator, as far as they are learned; shared by all runs and threads that use it."""

    def __init__(self, validator: Validator) -> None:
        self.matcher: Matcher | None = None
        self._templates = Templates(
            validator._compiler, strict=validator.strict, unique_keys=validator.duplicate_keys != "accept"
        )
        self._validator: weakref.ref[Validator] = weakref.ref(validator)
        self._lock = threading.Lock()
        self._shapes: list[LineShape] = []
        self._texts: list[bytes] = []
        self._attempts = 0
        self._judged = self._waits_for = 0
        self._lines = self._hits = self._misses = 0
        self._missed: list[bytes] = []

    @property
    def has_given_up(self) -> bool:
        """Tell whether nothing will be learned any more."""
        return self._attempts >= MOST_ATTEMPTS

    def learn(self, lines: bytes, to_come: int) -> None:
        """
        Make templates of some of *lines*, of which *to_come* are to come as far as is known.

        Nothing is done where it may not pay, and never again where no template can be made.
        """
        if self.matcher is not None or self.has_given_up or to_come < judging.LEAST_LINES:
            return
        if self._judged < self._waits_for:
            return
        if _is_mostly_text(lines, to_come):
            self._waits_for = self._judged + _LINES_BETWEEN_LOOKS
            return
        with self._lock:
            if self.matcher is None and not self.has_given_up:
                self._sample(lines)
                if self._texts:
                    self._adopt(lines)

    def _sample(self, lines: bytes) -> None:
        count = lines.count(b"\n")
        most = max(LEAST_SAMPLE_LINES, min(SAMPLE_LINES, SAMPLE_BYTES * count // len(lines)))
        sample = self._valid(_lines_of(lines, most))
        events = [value for _, value in sample if isinstance(value, dict)]
        if is_sparse(map(len, events), len(set().union(*events))) or _is_unordered(events):
            self._attempts = MOST_ATTEMPTS
            return
        contents = [line for line, _ in sample]
        first = Counter(map(outline, contents[:_FIRST_LINES]))
        _add(self._shapes, first)
        # Where each line is written in another way, the first few tell whether it is worth to look at more of them.
        if len(first) < _FIRST_LINES or self._texts_of(self._shapes):
            _add(self._shapes, Counter(map(outline, contents[_FIRST_LINES:])))
            self._texts = self._texts_of(self._shapes)
        if not self._texts:
            self._attempts = MOST_ATTEMPTS if self._attempts else 1
            self._waits_for = self._judged + _LINES_BEFORE_RETRY

    def note(self, lines: int, hits: int, missed: Sequence[bytes]) -> None:
        """Take account of a judged piece; *missed* are valid lines that no template matched."""
        with self._lock:
            self._judged += lines
            if self.matcher is None:
                return
            self._lines += lines
            self._hits += hits
            self._misses += len(missed)
            if len(self._missed) < SAMPLE_LINES:
                self._missed += missed[: SAMPLE_LINES - len(self._missed)]
            # They have cost half of what learning again costs.
            many = max(_MANY_MISSES, judging.LEAST_LINES // 4)
            if self._misses >= many and self._misses >= _LARGE_PART * self._lines:
                self._learn_again()

    def _learn_again(self) -> None:
        if self._attempts + 1 < MOST_ATTEMPTS:
            _add(self._shapes, Counter(outline(line) for line in self._missed if len(line) <= MOST_LINE_BYTES))
            texts = self._texts_of(self._shapes)
            if texts and texts != self._texts:
                self._texts = texts
                self._adopt(b"\n".join(self._missed))
                return
        self._attempts = MOST_ATTEMPTS
        if self._hits < _TOO_FEW_HITS * self._lines:
            self.matcher = None
        self._missed = []

    def _adopt(self, lines: bytes) -> None:
        self._attempts += 1
        self._lines = self._hits = self._misses = 0
        self._missed = []
        self.matcher = Matcher(self._texts, lines)

    def _valid(self, lines: Sequence[bytes]) -> list[tuple[bytes, Any]]:
        """Return those of *lines* that are valid, with their values."""
        validator = self._validator()
        contents = [line.removesuffix(b"\r") for line in lines]
        if validator is None:
            return []
        valid = []
        for line in contents:
            decoded = decode(line, duplicate_keys=validator.duplicate_keys)
            if decoded.error is None and validator.is_valid(decoded.value):
                valid.append((line, decoded.value))
        return valid

    def _texts_of(self, shapes: Iterable[LineShape]) -> list[bytes]:
        texts: list[bytes] = []
        for shape in sorted(shapes, key=lambda shape: -shape.lines):
            try:
                text = self._templates.line_text(shape)
            except (Unfit, RecursionError):
                continue
            if text not in texts:
                texts.append(text)
        return texts


def _is_mostly_text(lines: bytes, count: int) -> bool:
    """Tell whether *lines*, of which *count* may be to come, have so long texts or so many escapes that little is saved."""
    some = _beginning(lines)
    without = without_scalars(some)
    # Letters beyond ASCII take a decoder longer.
    is_short = count < _LONG_TEXTS * judging.LEAST_LINES and some.isascii()
    has_long_texts = is_short and len(some) > _LONG_TEXTS * len(without)
    return has_long_texts or (some.count(b"\\") - without.count(b"\\")) * _BYTES_PER_ESCAPE > len(some)


def _beginning(lines: bytes) -> bytes:
    return lines[: max(lines.find(b"\n"), lines.rfind(b"\n", 0, _LOOKED_AT_BYTES))]


def _lines_of(lines: bytes, most: int) -> list[bytes]:
    """Return about *most* of *lines* from all parts of them, each once, and none that is too long to be taken apart."""
    some = []
    end = -1
    for at in range(0, len(lines), -(-len(lines) // most)):
        if at > end:
            start = lines.rfind(b"\n", 0, at) + 1
            end = lines.find(b"\n", at)
            if end - start <= MOST_LINE_BYTES:
                some.append(lines[start:end])
    return some


def _is_unordered(events: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the fields of *events* come in ever new orders, for which there is no template."""
    sequences = set(map(tuple, events))
    if len(sequences) <= 2 * MOST_SHAPES:
        return False
    pairs = {pair for keys in sequences for pair in itertools.combinations(keys[:MOST_KEYS_COMPARED], 2)}
    contradicted = sum((after, before) in pairs for before, after in pairs)
    return contradicted > _LARGE_PART * len(pairs)


def _add(shapes: list[LineShape], outlines: Mapping[bytes, int]) -> None:
    """Add each of *outlines*, with the number of lines that have it, to the first of *shapes* that takes it or to a new one."""
    size = 0
    for number, (line, count) in enumerate(outlines.items()):
        size += len(line)
        if number >= LEAST_OUTLINES and size > OUTLINE_BYTES:
            return
        try:
            tree, gaps = tree_of(line, _decoded)
        except Unfit:
            continue
        alike = [
            shape for shape in shapes if all(shape.gaps.get(place, texts) == texts for place, texts in gaps.items())
        ]
        for shape in alike if len(shapes) < MOST_SHAPES // 2 else [*alike, *shapes]:
            if shape.takes(tree):
                shape.add(tree, gaps, count)
                break
        else:
            if len(shapes) < MOST_SHAPES:
                shapes.append(LineShape())
                shapes[-1].add(tree, gaps, count)


@functools.lru_cache(maxsize=4096)
def _decoded(written: bytes) -> str:
    text: str = json.loads(written)
    return text


def learner_of(validator: Validator) -> Learner:
    """Return the learner that all runs with *validator* share."""
    # Of two threads that come at once, both get the same.
    learner: Learner = validator.__dict__.setdefault("learner", Learner(validator))
    return learner
