"""Text from outside is only ever text: caps, visible marks, and errors that carry a sentence.

Every string that comes from a switchboard, a keyboard, a file or another
console passes through :func:`safe_line` or :func:`safe_block` once, at the
edge.  After that the rest of the house may store and show it as it is.
"""

from __future__ import annotations

import re
import unicodedata

NAME_CAP = 80
"""Longest caller name kept, in characters (reliability.md 3.4)."""
NUMBER_CAP = 32
"""Longest telephone number kept as sent, in characters."""
NOTE_CAP = 20_000
"""Longest note line or field value kept, in characters."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_CUT = "\u2026"
_MARK = re.compile("\u27e8([0-9A-F]{4,5})\u27e9")


UNCUT = 100_000_000
"""Beyond any text: a cap for what is measured whole before it is taken or refused."""
_TOO_LONG = (
    "This text has {length:,} characters, and {place} holds {cap:,}.  Nothing of it was changed.  "
    "Paste the part that matters, or attach the rest to the record another way."
)


class NightdeskError(Exception):
    """An error whose text is the user's sentence: what happened, what is safe, what to do.

    ``exit_code`` is what a headless command ends with (5: refused, said in words).
    """

    exit_code = 5


class TextTooLong(NightdeskError):
    """A text is longer than its place can hold; what stood there is as it was before."""


def too_long(length: int, cap: int, place: str = "one note") -> TextTooLong:
    """Return the refusal of a text longer than its ``place`` can hold."""
    return TextTooLong(_TOO_LONG.format(length=length, cap=cap, place=place))


class BadInput(NightdeskError):
    """Something given to us cannot be used; nothing was changed."""

    exit_code = 2


def visible_mark(char: str) -> str:
    """Return how an undrawable character is shown: NUL as ``␀``, U+202E as ``⟨202E⟩``."""
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\u27e8{code:04X}\u27e9"


def without_unseen(raw: str) -> str:
    """Return ``raw`` without the signs that nobody sees (Unicode's Cf: direction, zero width, soft hyphens).

    For what is only compared, never for what is kept: pasted from a page or a letter, they stand inside names.
    """
    if raw.isascii():
        return raw
    seen = _MARK.sub(lambda mark: "" if _is_unseen(chr(int(mark[1], 16))) else mark[0], raw)
    return "".join(char for char in seen if not _is_unseen(char))


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) == "Cf"


def _is_hostile(char: str, *, keep: str) -> bool:
    if char in keep:
        return False
    if char in _BIDI or char in _ZERO_WIDTH:
        return True
    return unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") or char in "\u2028\u2029"


def _clean(raw: str, cap: int, keep: str) -> str:
    # Cut before normalising, so that 5 MB from a switchboard costs nothing.
    head = raw[: cap * 4 + 1]
    normal = unicodedata.normalize("NFC", head)
    marked = "".join(visible_mark(c) if _is_hostile(c, keep=keep) else c for c in normal[: cap + 1])
    return marked if len(marked) <= cap else marked[: cap - 1] + _CUT


def safe_line(raw: str, cap: int = NAME_CAP) -> str:
    """Return ``raw`` as one line of at most ``cap`` characters, hostile characters made visible."""
    if len(raw) <= cap and raw.isascii() and raw.isprintable():
        # Nearly every word of a switchboard is one of these, and there are thousands a second.
        return raw.strip()
    return _clean(raw.replace("\r\n", " ").replace("\n", " ").replace("\t", " "), cap, keep="").strip()


def safe_block(raw: str, cap: int = NOTE_CAP) -> str:
    """Return ``raw`` as text of several lines of at most ``cap`` characters.

    Line feeds and tabs stay; everything else that cannot be drawn becomes a visible mark.
    """
    return _clean(raw.replace("\r\n", "\n").replace("\r", "\n"), cap, keep="\n\t")
