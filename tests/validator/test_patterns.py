"""Patterns mean what ECMA-262 says, and none of them stops a queue."""

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import SchemaError
from toolkit.validator.patterns import is_pattern, pattern_search
from toolkit.validator.patterns.automaton import linear_search
from toolkit.validator.patterns.cost import search_cost
from toolkit.validator.patterns.syntax import parsed
from toolkit.validator.patterns.translation import translated


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("^a$", "a\n", False),
        ("^\\d+$", "٣", False),
        ("^\\w+$", "é", False),
        ("^\\s$", "\ufeff", True),
        ("^.$", "\u2028", False),
        ("^.$", "😀", True),
        ("^[^]$", "\n", True),
        ("[]", "a", False),
        ("^\\u{1F600}$", "😀", True),
        ("^\\ud83d\\ude00$", "😀", True),
        ("^\\cA$", "\x01", True),
        ("^[\\b]$", "\b", True),
        ("\\bé", "é", False),
        ("^\\p{Lu}\\P{Lu}$", "Éa", True),
        ("^\\p{Script=Greek}+$", "αβγ", True),
        ("^\\p{sc=Cyrl}$", "α", False),
        ("^[\\w-]+$", "a-b", True),
        ("^[a-\\d]$", "-", True),
        ("^(?<year>\\d{4})-\\k<year>$", "2026-2026", True),
        ("^(a)?b\\1$", "b", True),
        ("^\\/\\-\\_$", "/-_", True),
        ("^{}]$", "{}]", True),
        ("^a{,2}$", "a{,2}", True),
        ("(?<=a+)b", "aab", True),
        ("(?<!a+)b", "aab", False),
        ("^\\0$", "\0", True),
        ("^(?:|a)+$", "aa", True),
    ],
)
def test_a_pattern_means_what_ecma_says(pattern, text, matches):
    assert bool(pattern_search(pattern)(text)) is matches


NO_PATTERNS = (
    r"( a) [a \ * a** a{3,2} [b-a] \Z \A \a (?i)a (?P<n>a) (?#c) \2(a) \k<n> (?<n>a)(?<n>b) \p{Nope} \u{110000} \x1"
)


@pytest.mark.parametrize("pattern", [*NO_PATTERNS.split(), "^*", "(?<=a)*", "(" * 5000])
def test_what_is_no_pattern_of_ecma_is_refused(pattern):
    assert not is_pattern(pattern)
    with pytest.raises(SchemaError, match="expected a regular expression of ECMA-262, found "):
        pattern_search(pattern)


SLOW = ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(a*)*b", "^(\\w+\\s?)*$", "^(a?){30}a{30}$", "a?" * 30 + "a" * 30]
SLOW += ["^(?=(a+)+$)", "^(([a-z])+.)+[A-Z]([a-z])+$", "\\s+$", "(.*a){12}", "(\\w+)\\s\\1", "(x+x+)+y"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("pattern", SLOW)
@pytest.mark.parametrize("text", ["a" * 40 + "!", "a" * 20_000 + "!", " " * 20_000 + "x", "x" * 20_000])
def test_catastrophic_patterns_come_to_an_end(pattern, text):
    pattern_search(pattern)(text)


@pytest.mark.parametrize("pattern", ["^(a+)+\\1$", "^(?:a{1,1000}){1,1000}$"])
def test_what_cannot_be_bounded_is_refused(pattern):
    with pytest.raises(SchemaError, match="can't be matched in a bounded time"):
        pattern_search(pattern)


@pytest.mark.parametrize("pattern", ["^[0-9a-f]{8}(-[0-9a-f]{4}){3}$", "^\\w+$", "^x-", "^[a-z]+(-[a-z]+)*$", "abc"])
def test_harmless_patterns_are_left_to_python(pattern):
    assert search_cost(parsed(pattern)).longest(1_000_000) is None
    assert pattern_search(pattern).__self__.__class__ is re.Pattern


def test_long_texts_are_matched_in_linear_time():
    search = pattern_search("^[^@]+@[^@]+\\.[^@]+$")
    started = time.process_time()
    assert search("a" * 50_000 + "@" + "." * 50_000 + "b")
    assert not search("a" * 50_000 + "@" + "." * 50_000 + "@")
    assert time.process_time() - started < 15


def patterns():
    atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\w", "^", "$", "\\b", "(?=a)", "(?!b)", "(?<=a)"])
    quantifiable = st.sampled_from(["a", "b", ".", "[ab]", "(?:ab)", "(a|b)", "(?:a|ab)"])
    repeated = st.builds("{}{}".format, quantifiable, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?", "{2,}"]))
    parts = st.lists(atoms | repeated, max_size=4).map("".join)
    return st.recursive(
        parts,
        lambda inner: st.builds("({}|{})".format, inner, inner) | st.builds("(?:{}){{0,2}}".format, inner),
        max_leaves=4,
    )


@settings(max_examples=400, deadline=None)
@given(patterns(), st.text("ab!", max_size=8))
def test_both_matchers_agree(pattern, text):
    tree = parsed(pattern)
    assert linear_search(tree)(text) is bool(re.compile(translated(tree), re.ASCII).search(text))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12) | st.text("()[]{}?*+|\\^$.-ab1<>=!:pk,", max_size=12))
def test_any_text_is_a_pattern_or_refused(text):
    with suppress(SchemaError):
        pattern_search(text)("a text")
