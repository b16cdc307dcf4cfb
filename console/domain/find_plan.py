"""What the words in the search box may mean, how a store looks for them, and how well somebody found fits them.

``plan`` reads the words; a store goes through ``Plan.searches`` (each an "and" of "or"s over the words by which people
are found, :mod:`console.domain.find_words`) until enough are found; ``fitting`` puts those found in order and says why.
The order and the reasons are made here and nowhere else, so that they are the same whatever store answers.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import NamedTuple

from console.domain import find_words as kinds
from console.domain.find_words import day_word, house_word, is_near, is_number
from console.domain.names import fold, same_as, spelled_as

WORDS = 8
"""Words read of what was typed; more tell nobody apart."""
OLDEST = 1900
"""No living person was born before this year."""

_OUTWARD = re.compile(r"[a-z]{1,2}\d[a-z\d]?")
_INWARD = re.compile(r"\d[a-z]{0,2}")
_POSTCODE = re.compile(r"[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "aka", "nee", "called", "at", "of", "the"})
_WAYS = (
    ("road", "rd"), ("street", "st"), ("avenue", "ave", "av"), ("close", "cl"), ("court", "ct"), ("crescent", "cres"),
    ("drive", "dr"), ("gardens", "gdns"), ("grove", "gr"), ("lane", "ln"), ("place", "pl"), ("square", "sq"),
    ("terrace", "terr"), ("saint", "st"), ("mount", "mt"), ("house", "hse"), ("apartment", "apt", "flat"),
)  # fmt: skip
"""How parts of an address are shortened."""


class How(StrEnum):
    """How a word of a person is like the one typed."""

    IS = "="
    BEGINS = ">"
    NEAR = "~"


class Step(IntEnum):
    """What kind of meaning it is: what was typed, as a name; last what may be a slip of the finger."""

    AS_TYPED = 0
    MAY_BE = 1
    BEGINS = 2
    NEAR = 3


class Means(NamedTuple):
    """One thing a typed word may mean: a word of one of ``of`` (letters of kinds) that is like ``word``.

    ``cost`` says how far that is from what was typed; 0 is nothing at all.
    """

    of: str
    how: How
    word: str
    step: Step
    cost: int = 0

    def __str__(self) -> str:
        """Return it as the access log and the server have it: ``fgk=harker``."""
        return f"{self.of}{self.how}{self.word}"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing typed, and what it may mean, the likeliest first."""

    typed: str
    means: tuple[Means, ...]

    def of(self, steps: frozenset[Step]) -> tuple[Means, ...]:
        """Return the meanings of some steps."""
        return tuple(one for one in self.means if one.step in steps)


class Search(NamedTuple):
    """One search of the index: of each part typed, but the one ``out``, the person has a meaning of one of ``steps``.

    ``if_nobody``: it is made only where those before it found nobody; the others until enough are found.
    """

    steps: frozenset[Step]
    if_nobody: bool = False
    out: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What was typed, part by part.

    ``whole``: the names typed, where nothing else was but a day of birth; only they find a restricted person.
    """

    parts: tuple[Part, ...]
    whole: tuple[str, ...] = ()
    born: date | None = None

    @property
    def name(self) -> str:
        """Return the name, where nothing but one name was typed."""
        alone = self.parts[0].typed if len(self.parts) == 1 else ""
        return alone if alone.isalpha() and len(alone) > 1 else ""

    @property
    def closed(self) -> tuple[str, ...]:
        """Return the words all of which a restricted person must have; empty where the question finds none."""
        day = [kinds.whole_day(day_word(self.born)[1:], self.whole[0])] if self.born and self.whole else []
        return (*(kinds.WHOLE + name for name in self.whole), *day)

    def searches(self) -> tuple[Search, ...]:
        """Return the searches in order.

        To look for all words that begin as a typed one is dear where the word is a whole one, such as a town's: with
        three parts or more that is done only where nobody has them as they stand.
        """
        typed, may_be = frozenset({Step.AS_TYPED}), frozenset({Step.AS_TYPED, Step.MAY_BE})
        all_but_one = (Search(may_be | {Step.BEGINS}, if_nobody=True, out=out) for out in self._may_miss())
        return (
            Search(typed),
            Search(may_be),
            Search(may_be | {Step.BEGINS}, if_nobody=len(self.parts) > 2),
            Search(may_be | {Step.NEAR}),
            Search(frozenset(Step), if_nobody=True),
            *all_but_one,
        )

    def groups(self, search: Search) -> tuple[tuple[Means, ...], ...]:
        """Return, for each part of a search, its meanings, one of which a person must have."""
        return tuple(part.of(search.steps) for at, part in enumerate(self.parts) if at != search.out)

    def _may_miss(self) -> Iterator[int]:
        """Yield the places of parts that may be left out alone: what stays must still tell people apart."""
        for out, _ in enumerate(self.parts):
            if len(self.parts) > 2 or any(_is_day(part) for part in self.parts[:out] + self.parts[out + 1 :]):
                yield out


def plan(words: str, born: date | None, today: date) -> Plan:
    """Return what the words of the box, and a day of birth taken out of them, may mean."""
    typed = [word[: kinds.LONGEST] for word in fold(words).split()]
    typed = [word for word in typed if word not in _TITLES] or typed
    day = [_day(born)] if born is not None else []
    parts = tuple(_parts(typed[:WORDS], today))
    # What is not read cannot be known to fit.
    names = len(typed) <= WORDS and all(part.means[0].of == kinds.NAMES for part in parts)
    return Plan((*parts, *day), tuple(part.typed for part in parts) if names else (), born)


def _parts(typed: Sequence[str], today: date) -> Iterator[Part]:
    at = 0
    while at < len(typed):
        word, following = typed[at], typed[at + 1] if at + 1 < len(typed) else ""
        before = typed[at - 1] if at else ""
        at += 1
        if _POSTCODE.fullmatch(word):
            yield _postcode(word, f"{word[:-3]} {word[-3:]}")
        elif _OUTWARD.fullmatch(word):
            inward = following if _INWARD.fullmatch(following) else ""
            at += bool(inward)
            yield _postcode(word + inward, f"{word} {inward}".strip())
        elif word[0].isdigit():
            yield _number(word, before, following, today)
        else:
            yield _word(word, [f"{before}{word}" if before else "", f"{word}{following}" if following else ""])


def _is_day(part: Part) -> bool:
    return part.means[0].of == kinds.DAY


def _postcode(word: str, typed: str) -> Part:
    """Return a postcode or the beginning of one; its parts are words of their own, half an inward part is not."""
    how = How.BEGINS if re.search(r"\d[a-z]$", word) and not _OUTWARD.fullmatch(word) else How.IS
    now = Means(kinds.POSTCODE, how, word, Step.AS_TYPED)
    return Part(typed.upper(), (now, Means(kinds.LEFT_POSTCODE, how, word, Step.MAY_BE, 2)))


def _number(word: str, before: str, following: str, today: date) -> Part:
    means = []
    if len(word) == 4 and word.isdigit() and OLDEST <= int(word) <= today.year:
        means.append(Means(kinds.YEAR, How.IS, word, Step.AS_TYPED))
    if is_number(word):
        for street in (following, before):
            if street.isalpha():
                means += _at_home(How.BEGINS, house_word(word, street), Step.AS_TYPED, 0)
        means += _at_home(How.BEGINS, house_word(word, ""), Step.BEGINS, 1)
    return Part(word, tuple(means) or (Means(kinds.HOUSE, How.IS, word, Step.AS_TYPED),))


def _at_home(how: How, word: str, step: Step, cost: int) -> list[Means]:
    later = max(step, Step.MAY_BE)
    return [Means(kinds.HOUSE, how, word, step, cost), Means(kinds.LEFT_HOUSE, how, word, later, cost + 2)]


def _word(word: str, joined: Sequence[str]) -> Part:
    streets = [word, *(way for ways in _WAYS if word in ways for way in ways if way != word)]
    means = [Means(kinds.NAMES, How.IS, word, Step.AS_TYPED)]
    means += [Means(kinds.NAMES, How.IS, one, Step.MAY_BE) for one in joined if one.isalpha()]
    means += [Means(kinds.STREET, How.IS, street, Step.MAY_BE) for street in streets]
    means += [Means(kinds.GIVEN + kinds.CALLED, How.IS, form, Step.MAY_BE, 2) for form in sorted(same_as(word))]
    means += [Means(kinds.FAMILY, How.IS, form, Step.MAY_BE, 2) for form in sorted(spelled_as(word))]
    means += [Means(kinds.LEFT_STREET, How.IS, street, Step.MAY_BE, 2) for street in streets]
    means += [Means(of, How.BEGINS, word, Step.BEGINS, 3) for of in (kinds.NAMES, kinds.STREET)]
    if len(word) > 2:
        means += [Means(of, How.NEAR, word, Step.NEAR, 5) for of in (kinds.NAMES, kinds.STREET)]
    return Part(word, tuple(means))


def _day(born: date) -> Part:
    means = [Means(kinds.DAY, How.IS, day_word(born)[1:], Step.AS_TYPED)]
    means += [
        Means(kinds.DAY, How.IS, day, step, cost)
        for step, cost, days in (
            # Written with two digits, the year may be of the century before.
            (Step.BEGINS, 1, [(born.year - 100, born.month, born.day)]),
            (Step.NEAR, 4, [(born.year, born.day, born.month)]),
            (Step.NEAR, 5, _one_digit_off(born)),
        )
        for day in _real(days, but=born)
    ]
    return Part(f"{born:%d-%b-%Y}", tuple(means))


def _one_digit_off(born: date) -> list[tuple[int, int, int]]:
    digits = day_word(born)[1:]
    changed = (digits[:at] + other + digits[at + 1 :] for at in range(2, 8) for other in string.digits)
    return [(int(one[:4]), int(one[4:6]), int(one[6:])) for one in changed]


def _real(days: Sequence[tuple[int, int, int]], *, but: date) -> list[str]:
    found = []
    for year, month, day in days:
        try:
            real = date(year, month, day)
        except ValueError:
            continue
        if real != but and real.year >= OLDEST:
            found.append(day_word(real)[1:])
    return found


class Fit(NamedTuple):
    """How one part is met: by which meaning and which word of the person; None where it is not."""

    part: Part
    means: Means | None
    word: str


class Fitting(NamedTuple):
    """How well somebody fits: the lower ``cost`` and then ``more`` (names of theirs nobody typed), the better."""

    cost: int
    more: int
    fits: tuple[Fit, ...]

    @property
    def order(self) -> tuple[int, int]:
        """Return what people found are put in order by, before their names."""
        return self.cost, self.more


MISSING = 20
"""What a part costs that does not fit."""


def fitting(asked: Plan, words: str) -> Fitting:
    """Return how the words of a person (:func:`console.domain.find_words.words_of`) fit what was typed."""
    have = words.split()
    known = frozenset(have)
    fits = tuple(_fit(part, have, known) for part in asked.parts)
    cost = sum(one.means.cost if one.means is not None else MISSING for one in fits)
    return Fitting(cost, _more(fits, have), fits)


def _fit(part: Part, have: Sequence[str], known: frozenset[str]) -> Fit:
    for means in sorted(part.means, key=lambda one: one.cost):
        word = _met(means, have, known)
        if word:
            return Fit(part, means, word)
    return Fit(part, None, "")


def _met(means: Means, have: Sequence[str], known: frozenset[str]) -> str:
    """Return the word of the person that a meaning is met by; empty where there is none."""
    match means.how:
        case How.IS:
            return next((of + means.word for of in means.of if of + means.word in known), "")
        case How.BEGINS:
            begin = means.word
            return next((one for of in means.of for one in have if one[0] == of and one.startswith(begin, 1)), "")
        case How.NEAR:
            near = means.word
            return next((one for of in means.of for one in have if one[0] == of and is_near(one[1:], near)), "")


def _more(fits: Sequence[Fit], have: Sequence[str]) -> int:
    """Return how many names of the same kind nobody typed: Fenn goes before Fenn-Hale; a family name before a given."""
    met = {one.word for one in fits}
    named = {word[0] for word in met if word and word[0] in kinds.NAMES}
    left = sum(word[0] in (kinds.FAMILY, kinds.GIVEN) and word[0] in named and word not in met for word in have)
    return left + (bool(named) and kinds.FAMILY not in named) * 10
