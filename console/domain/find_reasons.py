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
        *(_home(*one) for one in met if one[0].word[0] in _HOMES),
        *(f"but not {_shown(one.part.typed)}" for one in fits if one.means is None),
    ]
    words = ", ".join(dict.fromkeys(said))
    return words[:1].upper() + words[1:]


def _home(fit: Fit, means: Means) -> str:
    said = _HOMES[fit.word[0]]
    if fit.word[0] not in (kinds.STREET, kinds.LEFT_STREET) or means.how is How.IS:
        return said
    begins = means.how is How.BEGINS
    return f"{said} begins {_shown(fit.part.typed)}" if begins else f"{said} near: {_shown(fit.word[1:])}"


def match_of(fits: Iterable[Fit]) -> MatchKind:
    """Return the chief of what was met: a day of birth, else a name, a year, an address."""
    met = {one.word[0] for one in fits if one.means is not None}
    if kinds.DAY in met:
        return MatchKind.BORN
    if met & set(kinds.NAMES):
        return MatchKind.NAME
    return MatchKind.BORN if kinds.YEAR in met else MatchKind.ADDRESS


def _names(met: Sequence[tuple[Fit, Means]]) -> list[str]:
    if met and all(_as_typed(*one) for one in met):
        return ["name as typed"]
    ways: list[tuple[str, Callable[[Fit, Means], bool]]] = [
        ("{typed} as typed", _as_typed),
        ("name begins {typed}", lambda _, means: means.how is How.BEGINS),
        ("name near: {word}", lambda _, means: means.how is How.NEAR),
    ]
    said = []
    for words, fits in ways:
        these = [fit for fit, means in met if fits(fit, means)]
        if these:
            typed = " ".join(_shown(fit.part.typed) for fit in these)
            said.append(words.format(typed=typed, word=" ".join(_shown(fit.word[1:]) for fit in these)))
    return [*said, *(_other_name(*one) for one in met if one[1].how is How.IS and not _as_typed(*one))]


def _as_typed(fit: Fit, means: Means) -> bool:
    return means.how is How.IS and not means.cost and fit.word[0] != kinds.CALLED


def _other_name(fit: Fit, means: Means) -> str:
    name = _shown(fit.word[1:])
    return f"{_shown(fit.part.typed)} may be {name}" if means.cost else f"known as {name}"


def _day(means: Means, word: str, born: date | None) -> str:
    if word[0] == kinds.YEAR or born is None:
        return f"born {word[1:5]}"
    return f"born near it: {born:%d-%b-%Y}" if means.step >= 3 else f"born {born:%d-%b-%Y}"


def _shown(word: str) -> str:
    return word[:1].upper() + word[1:]
