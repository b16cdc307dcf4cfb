"""Why somebody was found, in the words that stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from console.domain import find_words as kinds
from console.domain.find_plan import Fit, How, Means
from console.domain.people import MatchKind

_HOMES = {
    kinds.STREET: "address", kinds.HOUSE: "address", kinds.LEFT_STREET: "earlier address",
    kinds.LEFT_HOUSE: "earlier address", kinds.POSTCODE: "postcode", kinds.LEFT_POSTCODE: "earlier postcode",
}  # fmt: skip


def reason(fits: Sequence[Fit], born: date | None) -> str:
    """Return how somebody born on ``born`` fits: ``Name near: Smyth, known as Bev, address, born 1948``."""
    met = [(one, one.means) for one in fits if one.means is not None]
    names = [(one, means) for one, means in met if one.word[0] in kinds.NAMES]
    said = [
        *_names(names),
        *(_day(means, one.word, born) for one, means in met if one.word[0] in (kinds.DAY, kinds.YEAR)),
        *(_HOMES[one.word[0]] for one, _ in met if one.word[0] in _HOMES),
        *(f"but not {_shown(one.part.typed)}" for one in fits if one.means is None),
    ]
    words = ", ".join(dict.fromkeys(said))
    return words[:1].upper() + words[1:]


def match_of(fits: Iterable[Fit]) -> MatchKind:
    """Return the chief of what was met: a day of birth, else a name, a year, an address."""
    met = {one.word[0] for one in fits if one.means is not None}
    if kinds.DAY in met:
        return MatchKind.BORN
    if met & set(kinds.NAMES):
        return MatchKind.NAME
    return MatchKind.BORN if kinds.YEAR in met else MatchKind.ADDRESS


def _names(met: Sequence[tuple[Fit, Means]]) -> list[str]:
    ways: list[tuple[str, Callable[[Fit, Means], bool]]] = [
        ("{typed} as typed", lambda fit, means: means.how is How.IS and not means.cost and fit.word[0] != kinds.CALLED),
        ("name begins {typed}", lambda _, means: means.how is How.BEGINS),
        ("name near: {word}", lambda _, means: means.how is How.NEAR),
    ]
    said = []
    for words, fits in ways:
        these = [fit for fit, means in met if fits(fit, means)]
        if these:
            typed = " ".join(_shown(fit.part.typed) for fit in these)
            word = " ".join(_shown(fit.word[1:]) for fit in these)
            # All of the name, or only the words that are named.
            said.append(
                "name as typed"
                if "as typed" in words and len(these) == len(met)
                else words.format(typed=typed, word=word)
            )
    for fit, means in met:
        if means.how is How.IS and fit.word[0] == kinds.CALLED:
            said.append(f"known as {_shown(fit.word[1:])}")
        elif means.how is How.IS and means.cost:
            said.append(f"{_shown(fit.part.typed)} may be {_shown(fit.word[1:])}")
    return said


def _day(means: Means, word: str, born: date | None) -> str:
    if word[0] == kinds.YEAR or born is None:
        return f"born {word[1:5]}"
    return f"born near it: {born:%d-%b-%Y}" if means.step >= 3 else f"born {born:%d-%b-%Y}"


def _shown(word: str) -> str:
    return word[:1].upper() + word[1:]
