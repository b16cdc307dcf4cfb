"""One line from outside: plain words stay as they are, whatever else is made visible and cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.text import NAME_CAP, safe_line

_ASCII = st.text(st.characters(max_codepoint=127), max_size=NAME_CAP)


@given(_ASCII)
def test_a_plain_line_is_read_as_any_other(text: str) -> None:
    """Plain words are handed on unread; a letter beyond ASCII has the same words read sign by sign."""
    assert safe_line(text) == safe_line(text + "\u00e9", NAME_CAP + 1).removesuffix("\u00e9").strip()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  Anne Smith ", "Anne Smith"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "\u2026"),
        ("one\ntwo\tthree", "one two three"),
        ("a\0b\x7f", "a\u2400b\u2421"),
        ("a\u202eb", "a\u27e8202E\u27e9b"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_a_line_from_outside_is_plain_text(raw: str, shown: str) -> None:
    assert safe_line(raw) == shown
