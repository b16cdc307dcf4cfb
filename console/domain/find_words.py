"""The words by which a person is found: each with one letter before it that says what it is.

Made of the rows that an import, an invented population or a night's entry brings, whatever store keeps them, and
compared with what is typed by :mod:`console.domain.find_plan`.  ``fharker kbev gbeverley y1961 b19610503 s12`` is
text of its own: no mark stands in it but the space, so that any index of words takes it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from console.domain.names import fold

FAMILY, GIVEN, CALLED = "f", "g", "k"
STREET, HOUSE, POSTCODE = "s", "h", "p"
LEFT_STREET, LEFT_HOUSE, LEFT_POSTCODE = "t", "i", "q"
"""The same of an address they left: found, and said to be an earlier one."""
YEAR, DAY = "y", "b"
WHOLE, WHOLE_DAY = "x", "z"
"""The only kinds of words of a restricted person: a name, and a day of birth with a name after it."""
NAMES = FAMILY + GIVEN + CALLED
SPELLED = NAMES + STREET + LEFT_STREET
"""Kinds of words that are also found when one letter of them is wrong."""
LONGEST = 40
"""Letters of a word that are kept."""

_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b")
_NUMBER = re.compile(r"\d+[a-z]?")


class NameWords(NamedTuple):
    """One row of the names of a person: ``kind`` is current, known_as or part; the names are folded."""

    kind: str
    family: str
    given: str


class HomeWords(NamedTuple):
    """An address that may be told; ``left``: it is not theirs now."""

    lines: str
    postcode_key: str
    left: bool


def words_of(born: date | None, names: Iterable[NameWords], homes: Iterable[HomeWords]) -> str:
    """Return every word by which a person is found, in order and each once, with spaces between."""
    found: set[str] = set()
    if born is not None:
        found |= {f"{YEAR}{born.year:04}", day_word(born)}
    for name in names:
        found.update(_of_words(FAMILY, name.family))
        found.update(_of_words(CALLED if name.kind == "known_as" else GIVEN, name.given))
    for home in homes:
        found.update(_of_home(home))
    return " ".join(sorted(found))


def whole_words(words: str) -> str:
    """Return the words of a restricted person, of those :func:`words_of` gives: names, and the day with each of them.

    Nothing else of theirs is kept, so that nothing else can be looked for: not where they live, nor the day alone.
    """
    names = {word[1:] for word in words.split() if word[0] in NAMES}
    days = {word[1:] for word in words.split() if word[0] == DAY}
    return " ".join(
        sorted({f"{WHOLE}{name}" for name in names} | {whole_day(day, name) for day in days for name in names})
    )


def whole_day(day: str, name: str) -> str:
    """Return the word of a restricted person's day of birth (``19610503``) with one of their names."""
    return f"{WHOLE_DAY}{day}{name}"[: LONGEST + 1]


def day_word(day: date) -> str:
    """Return the word of a day of birth."""
    return f"{DAY}{day:%Y%m%d}"


def house_word(number: str, street: str) -> str:
    """Return what ties a house number to a word of its street: ``12hquay``; without a street, how such words begin."""
    return f"{number}h{street}"[:LONGEST]


def is_number(word: str) -> bool:
    """Say whether a folded word is a house number, such as ``12`` or ``12a``."""
    return _NUMBER.fullmatch(word) is not None


def spelled_words(words: str) -> set[str]:
    """Return those of the words of a person that are also found with one letter wrong, without their kind."""
    return {word[1:] for word in words.split() if word[0] in SPELLED and len(word) > 3 and word[1:].isalpha()}


def keys_near(word: str) -> set[str]:
    """Return the word and what is left of it without each of its letters.

    Two words that one letter put in, left out, changed or swapped with the next tells apart have such a key in common.
    """
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def is_near(one: str, other: str) -> bool:
    """Say whether two words are one letter apart: put in, left out, changed, or swapped with the next."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    begin = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    left, right = short[begin:], long[begin:]
    if len(left) < len(right):
        return left == right[1:]
    return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])


# Names and towns are few, and come many times in a file of a million people.
@lru_cache(maxsize=32_768)
def _of_words(kind: str, text: str) -> tuple[str, ...]:
    words = text.split()
    # "de Souza" is also typed as one word.
    whole = ("".join(words),) if len(words) > 1 else ()
    return tuple(kind + word[:LONGEST] for word in (*words, *whole))


def _of_home(home: HomeWords) -> Iterator[str]:
    street, house, postcode = (LEFT_STREET, LEFT_HOUSE, LEFT_POSTCODE) if home.left else (STREET, HOUSE, POSTCODE)
    if key := fold(home.postcode_key).replace(" ", ""):
        # SO23, SO23 9 and SO23 9AB are typed alike, and each is looked up whole: to gather all that begin so is dear.
        yield from (postcode + part[:LONGEST] for part in (key, key[:-2], key[:-3]) if len(part) > 1)
    for line in map(fold, home.lines.split("\n")):
        # Written down at night, an address is one text, with the postcode at its end.
        for found in _POSTCODE.finditer(line) if not home.postcode_key else ():
            yield from (postcode + part for part in (found[1] + found[2], found[1] + found[2][0], found[1]))
        yield from _of_line(street, house, line)


@lru_cache(maxsize=32_768)
def _of_line(street: str, house: str, line: str) -> tuple[str, ...]:
    found, number = [], ""
    for word in line.split():
        if is_number(word):
            number = word
            found.append(house + house_word(word, ""))
            continue
        found.append(street + word[:LONGEST])
        if number:
            found.append(house + house_word(number, word))
    return tuple(found)
