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
from collections.abc import Sequence
from typing import Any

from toolkit.validator.bulk.charset import KEY_END, KEY_START
from toolkit.validator.bulk.judging import LEAST_BYTES
from toolkit.validator.bulk.shape import LineShape, Unfit, is_sparse, tree_of
from toolkit.validator.bulk.template import Templates, careful_pattern, quick_pattern
from toolkit.validator.decoding import decode
from toolkit.validator.validator import Validator

# Templates must save at least as much as they cost: so many bytes are judged faster for each byte of a regex.
BYTES_PER_PATTERN_BYTE = 600
# The same for each field of a line, before there is a regex.
BYTES_PER_FIELD = 20_000
SAMPLE_LINES = 48
# Fewer are taken of long lines, which take longer to look at.
LEAST_SAMPLE_LINES, SAMPLE_BYTES = 16, 12_000
MOST_SHAPES = 12
MOST_ATTEMPTS = 5
# Longer lines are not taken apart.
MOST_LINE_BYTES = 100_000
# Valid lines that the templates missed: so many of them, and so large a part of all, are a reason to learn again.
_MANY_MISSES = 32
_LARGE_PART = 0.03
# Below this part of hits the attempt to match costs more than it saves.
_TOO_FEW_HITS = 0.5
# Fields of a line whose order is compared with that of other lines.
MOST_KEYS_COMPARED = 40
# Keys with what is written around them, as they stand in the text of a template, and a character that is escaped there.
_KEYS = re.compile(rb"(?:,(?:\\[ \t\r])*)?(?:%b[^%b]*%b(?:\\\{)?)+" % (KEY_START, KEY_END, KEY_END))
_KEY_MARKS = KEY_START + KEY_END
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
# Shorter keys take as long to compare with a group; and each group makes every choice between branches dearer.
_LEAST_KEY_BYTES = 8
_MOST_GROUPS = 64


class Matcher:
    """
    The regexes of some templates; each matches as many lines as it can, behind ``keys`` and with a quote before each line feed.

    Half of a line or more may be keys. A regex compares a text with what a group has matched in half the time that letters of
    its own take, so the groups match the keys once, before the lines.
    """

    def __init__(self, texts: Sequence[bytes]) -> None:
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
        self.quick = re.compile(quick_pattern(self.text))

    @functools.cached_property
    def careful(self) -> re.Pattern[bytes]:
        """The regex for blocks in which control characters or backslashes occur."""
        return re.compile(careful_pattern(self.text))


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
        self._bytes = 0
        self._lines = self._hits = self._misses = 0
        self._missed: list[bytes] = []

    @property
    def has_given_up(self) -> bool:
        """Tell whether nothing will be learned any more."""
        return self._attempts >= MOST_ATTEMPTS

    def wants_lines(self, expected_bytes: int) -> bool:
        """Tell whether `learn` should be tried, with *expected_bytes* still to come as far as is known."""
        if self.matcher is not None or self.has_given_up:
            return False
        return self._pays(max(LEAST_BYTES, BYTES_PER_PATTERN_BYTE * sum(map(len, self._texts))), expected_bytes)

    def _pays(self, least: int, expected_bytes: int) -> bool:
        """Tell whether *least* bytes may well be to come: half of what is expected, or as many as there were."""
        # Where the size is known, only many such inputs let another one be expected.
        return (max(self._bytes // 4, expected_bytes // 2) if expected_bytes else self._bytes) >= least

    def learn(self, lines: Sequence[bytes], expected_bytes: int = 0) -> None:
        """Make templates of some of *lines*, or give up where none can be made."""
        with self._lock:
            if self.matcher is not None or self.has_given_up:
                return
            if not self._texts:
                if not self._pays(BYTES_PER_FIELD * lines[0].count(b'":'), expected_bytes):
                    return
                self._sample(lines)
            if self._texts and self._pays(BYTES_PER_PATTERN_BYTE * sum(map(len, self._texts)), expected_bytes):
                self._compile()

    def _sample(self, lines: Sequence[bytes]) -> None:
        most = max(LEAST_SAMPLE_LINES, min(SAMPLE_LINES, SAMPLE_BYTES * len(lines) // (sum(map(len, lines)) + 1)))
        step = max(1, len(lines) // most)
        sample = self._valid([line for line in lines[::step] if len(line) <= MOST_LINE_BYTES])
        events = [value for _, value in sample if isinstance(value, dict)]
        if _is_unordered(events) or is_sparse(map(len, events), len(set().union(*events))):
            self._attempts = MOST_ATTEMPTS
            return
        contents = [line for line, _ in sample]
        self._absorb(contents)
        self._texts = self._texts_of([self._shapes])
        if not self._texts:
            # One line tells whether the schema has templates at all; two, in case the first is a strange one.
            is_hopeless = bool(sample) and not any(self._texts_of([self._shaped([line])]) for line in contents[:2])
            self._attempts = MOST_ATTEMPTS if is_hopeless or self._attempts else 1

    def note(self, byte_count: int, lines: int, hits: int, missed: Sequence[bytes]) -> None:
        """Take account of a judged piece; *missed* are valid lines that no template matched."""
        with self._lock:
            self._bytes += byte_count
            if self.matcher is None:
                return
            self._lines += lines
            self._hits += hits
            self._misses += len(missed)
            if len(self._missed) < SAMPLE_LINES:
                self._missed += missed[: SAMPLE_LINES - len(self._missed)]
            if self._misses >= _MANY_MISSES and self._misses >= _LARGE_PART * self._lines:
                self._learn_again()

    def _learn_again(self) -> None:
        cost = BYTES_PER_PATTERN_BYTE * sum(map(len, self._texts))
        if self._attempts + 1 < MOST_ATTEMPTS:
            if self._bytes < cost:
                return
            self._absorb([line for line in self._missed if len(line) <= MOST_LINE_BYTES])
            texts = self._texts_of([self._shapes])
            if texts and texts != self._texts:
                self._texts = texts
                self._compile()
                return
        self._attempts = MOST_ATTEMPTS
        if self._hits < _TOO_FEW_HITS * self._lines:
            self.matcher = None
        self._missed = []

    def _compile(self) -> None:
        self._attempts += 1
        self._bytes = self._lines = self._hits = self._misses = 0
        self._missed = []
        try:
            self.matcher = Matcher(self._texts)
        except (re.error, OverflowError, RecursionError):
            self.matcher, self._attempts = None, MOST_ATTEMPTS

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

    def _shaped(self, lines: Sequence[bytes]) -> list[LineShape]:
        shapes: list[LineShape] = []
        for line in lines:
            _add(shapes, line)
        return shapes

    def _absorb(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            _add(self._shapes, line)

    def _texts_of(self, groups: Sequence[Sequence[LineShape]]) -> list[bytes]:
        texts: list[bytes] = []
        for shape in sorted((shape for group in groups for shape in group), key=lambda shape: -shape.lines):
            try:
                text = self._templates.line_text(shape)
            except (Unfit, RecursionError):
                continue
            if text not in texts:
                texts.append(text)
        return texts


def _is_unordered(events: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the fields of *events* come in ever new orders, for which there is no template."""
    sequences = set(map(tuple, events))
    if len(sequences) <= 2 * MOST_SHAPES:
        return False
    pairs = {pair for keys in sequences for pair in itertools.combinations(keys[:MOST_KEYS_COMPARED], 2)}
    contradicted = sum((after, before) in pairs for before, after in pairs)
    return contradicted > _LARGE_PART * len(pairs)


def _add(shapes: list[LineShape], line: bytes) -> None:
    try:
        tree, gaps = tree_of(line.removesuffix(b"\r"), _decoded)
    except Unfit:
        return
    alike = [shape for shape in shapes if all(shape.gaps.get(place, texts) == texts for place, texts in gaps.items())]
    for shape in alike if len(shapes) < MOST_SHAPES // 2 else [*alike, *shapes]:
        if shape.takes(tree):
            shape.add(tree, gaps)
            return
    if len(shapes) < MOST_SHAPES:
        shapes.append(LineShape())
        shapes[-1].add(tree, gaps)


@functools.lru_cache(maxsize=4096)
def _decoded(written: bytes) -> str:
    text: str = json.loads(written)
    return text


_learners: weakref.WeakKeyDictionary[Validator, Learner] = weakref.WeakKeyDictionary()
_learners_lock = threading.Lock()


def learner_of(validator: Validator) -> Learner:
    """Return the learner that all runs with *validator* share."""
    with _learners_lock:
        learner = _learners.get(validator)
        if learner is None:
            learner = _learners[validator] = Learner(validator)
        return learner
