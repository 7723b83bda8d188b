"""Formats: the quick patterns accept nothing that the functions of the formats refuse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.validator.formats import FORMATS, format_check, quick_match, quick_pattern


@pytest.mark.parametrize("name", [name for name in FORMATS if quick_pattern(name)])
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_what_a_quick_pattern_accepts_has_the_format(name, data):
    text = data.draw(st.from_regex(quick_pattern(name), fullmatch=True))
    assert "\n" not in text
    if quick_match(name)(text):
        assert all(format_check(name, generation)(text) for generation in (4, 7, 2020))
