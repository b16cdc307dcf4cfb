"""How names are compared: folded letters, and the short forms people use for one another.

Phonetics fail for the names of this country (platform-facts.md 3: Siobhan and Shevaun have
different keys), so short forms and spellings are a table that a council can read and lengthen.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from console.domain.text import without_unseen

# Letters that do not come apart into a letter and an accent.
_WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"})
_DROPPED = frozenset("'\u2019\u2018`.\u02bc")
_ASCII = {code: None if chr(code) in _DROPPED else " " for code in range(128) if not chr(code).isalnum()}


@lru_cache(maxsize=32_768)
def fold(name: str) -> str:
    """Return ``name`` as it is compared: lower case, no accents, no apostrophes, single spaces.

    ``O'Brien-Núñez`` becomes ``obrien nunez``.  Signs that cannot be seen vanish, also those made visible.
    """
    if name.isascii():
        return " ".join(name.lower().translate(_ASCII).split())
    # Taking letters apart can bring capitals (a telephone sign holds TEL), so the case goes after it.
    lower = unicodedata.normalize("NFKD", without_unseen(name)).casefold().translate(_WHOLE)
    apart = unicodedata.normalize("NFKD", lower)
    letters = (_letter(char) for char in apart if char not in _DROPPED)
    return " ".join("".join(letters).split())


def _letter(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] in "LN":
        return char
    return "" if category[0] == "M" else " "


def same_as(given: str) -> frozenset[str]:
    """Return the other folded given names that ``given`` (folded) may stand for."""
    return _table()["given"].get(given, frozenset()) - {given}


def spelled_as(family: str) -> frozenset[str]:
    """Return the other folded spellings of a family name; McX and MacX are spellings of one another."""
    return (_table()["family"].get(family, frozenset()) | _of_clan(family)) - {family}


def _of_clan(family: str) -> frozenset[str]:
    if family.startswith("mac") and len(family) > 5:
        return frozenset({f"mc{family[3:]}"})
    return frozenset({f"mac{family[2:]}"}) if family.startswith("mc") and len(family) > 4 else frozenset()


@cache
def _table() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Return the names beside each name of ``names.txt``, by the part of the file they stand in."""
    parts: dict[str, defaultdict[str, frozenset[str]]] = {}
    now = ""
    for line in resources.files("console.domain").joinpath("names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            now = line.strip("[]")
            parts[now] = defaultdict(frozenset)
        elif line and not line.startswith("#"):
            group = frozenset(line.split())
            for name in group:
                parts[now][name] |= group
    return parts
