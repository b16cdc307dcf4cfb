"""Who a number or a search may mean: candidates with the reason each was found, none chosen.

A number is matched on its whole E.164 form.  Names are matched on folded letters by the start of
the word (two indexes), then by short forms (Bob for Robert), and only when nothing was found by
spelling: the nearest of the *distinct* family names, so that a million people cost no more than
the few thousand names they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from console.domain.names import fold, same_as
from console.domain.people import Candidates, MatchKind
from console.domain.search import fold_reference
from console.ports.store import Look
from db.people_cards import Found, candidates_of, line_of
from db.people_rows import NameHit, NameKey, PeopleRows

COUNTED = 1000
"""Searches count no further than this; ``total`` is then exactly this."""
NEAR = 74
"""How alike two spellings must be, of 100, to be offered."""
_NEAREST = 6
_RESTRICTED = 9


NearKey = tuple[NameKey, str, list[str]]
"""A key, the wanted word it stands for, and the other wanted words."""


@dataclass(frozen=True, slots=True)
class _Name:
    """One row of the name index that fits; lower ``tier`` is nearer to what was typed."""

    person: UUID
    tier: int
    sort: str
    reason: str


def answer(rows: PeopleRows, question: Look, today: date) -> Candidates:
    """Answer a look; see :class:`console.ports.store.Look`.

    By number: everybody on it now, in alphabetical order, and what is known of the line.  Else by
    reference, by date of birth (and name), or by name.
    """
    if question.e164:
        return _by_number(rows, question, today)
    found = searched(rows, question)
    people = candidates_of(rows, found[: question.limit], today)
    return Candidates(people, None, len(found))


def searched(rows: PeopleRows, question: Look) -> list[Found]:
    """Return who fits a search, best first."""
    if question.reference:
        return _by_reference(rows, question.reference)
    if question.born is not None:
        return _by_birth(rows, question.born, question.words)
    return _by_name(rows, question.words)


def _by_number(rows: PeopleRows, question: Look, today: date) -> Candidates:
    on = rows.on_line(question.e164, today)
    shown = [Found(person, MatchKind.NUMBER, _number_reason(day), day) for person, day in on]
    people = candidates_of(rows, shown[: question.limit], today)
    return Candidates(people, line_of(rows, question.e164, len(on), question.call), len(on))


def _number_reason(confirmed_on: date | None) -> str:
    return f"Number confirmed {confirmed_on:%d-%b-%Y}" if confirmed_on else "Number given, never confirmed"


def _by_reference(rows: PeopleRows, reference: str) -> list[Found]:
    found = rows.references(fold_reference(reference))
    return [Found(person, MatchKind.REFERENCE, f"Reference {written}") for person, written in found]


def _by_birth(rows: PeopleRows, born: date, words: str) -> list[Found]:
    everybody = list(rows.births(born))
    day = f"Born {born:%d-%b-%Y}"
    wanted = fold(words).split()
    fits = [person for person, _, family, given in everybody if _fits(wanted, f"{family} {given}".split())]
    if wanted and not fits:
        day, fits = f"{day}, with another name", [person for person, *_ in everybody]
    return [Found(identity, MatchKind.BORN, day) for identity in dict.fromkeys(fits)][:COUNTED]


def _fits(wanted: Sequence[str], having: Sequence[str]) -> bool:
    """Say whether each wanted word begins, or is a short form of, one of the words there are."""
    return all(any(have.startswith(word) or have in same_as(word) for have in having) for word in wanted)


def wanted_words(words: str) -> list[str]:
    """Return what is looked for of what was typed, in folded letters."""
    return fold(words).split()[:6]


def name_keys(wanted: Sequence[str]) -> list[NameKey]:
    """Return every way into the name index for what was typed, those for short forms last."""
    return [*_typed_keys(wanted), *(key for key, _, _ in _form_keys(wanted))]


def _by_name(rows: PeopleRows, words: str) -> list[Found]:
    wanted = wanted_words(words)
    if not wanted:
        return []
    typed, forms = _typed_keys(wanted), _form_keys(wanted)
    hits = rows.names([*typed, *(key for key, _, _ in forms)])
    names = [_name(row, wanted) for found in hits[: len(typed)] for row in found if _fits_start(wanted, row)]
    for (_, word, rest), found in zip(forms, hits[len(typed) :], strict=True):
        names += [_maybe(row, word) for row in found if _fits_start(rest, row)]
    return _in_order(names or _spelled_like(rows, wanted))


def _in_order(names: Iterable[_Name]) -> list[Found]:
    """Return each person once, under the nearest name."""
    best: dict[UUID, _Name] = {}
    for name in names:
        if name.person not in best or name.tier < best[name.person].tier:
            best[name.person] = name
    order = sorted(best.values(), key=lambda name: (name.tier, name.sort, name.person))
    return [Found(name.person, MatchKind.NAME, name.reason) for name in order[:COUNTED]]


def _typed_keys(wanted: Sequence[str]) -> list[NameKey]:
    """Return keys by which each wanted word begins a part, the family name first."""
    words = tuple(wanted)
    if len(wanted) == 1:
        return [NameKey(family=wanted[0], words=words), NameKey(given=wanted[0], words=words)]
    # "marcus fenn", "fenn marcus", "de souza ana": the family name is the first or the last word.
    first, second, last = wanted[0], wanted[1], wanted[-1]
    return [
        NameKey(family=last, given=first, words=words),
        NameKey(family=first, given=second, words=words),
        NameKey(family=first, given=last, words=words),
        NameKey(family=f"{first} {second}", words=words),
        NameKey(given=f"{first} {second}", words=words),
    ]


def _form_keys(wanted: Sequence[str]) -> list[tuple[NameKey, str, list[str]]]:
    """Return keys by which a given name is a short or long form of a wanted word, that word, and the others."""
    found = []
    for place, word in enumerate(wanted):
        forms = tuple(sorted(same_as(word)))
        rest = [other for at, other in enumerate(wanted) if at != place]
        if forms:
            key = NameKey(family=rest[-1] if rest else None, forms=forms, words=tuple(rest))
            found.append((key, word, rest))
    return found


def _fits_start(wanted: Sequence[str], row: NameHit) -> bool:
    having = f"{row.family} {row.given} {row.sort_name}".split()
    return all(any(have.startswith(word) for have in having) for word in wanted)


def _maybe(row: NameHit, word: str) -> _Name:
    if row.restricted:
        return _Name(row.person, _RESTRICTED, "", "")
    return _Name(row.person, 4, row.sort_name, f"{_typed(word)} may be {_typed(row.given)}")


def _spelled_like(rows: PeopleRows, wanted: Sequence[str]) -> list[_Name]:
    """Return people whose family name is spelled nearly like a wanted word, and given name fits."""
    return _near_names(rows, near_keys(wanted, rows.families()))


def found_near(rows: PeopleRows, near: Sequence[NearKey]) -> list[Found]:
    """Return who fits keys of :func:`near_keys`, best first."""
    return _in_order(_near_names(rows, near))


def _near_names(rows: PeopleRows, near: Sequence[NearKey]) -> list[_Name]:
    hits = rows.names([key for key, _, _ in near])
    return [
        _near(row, word)
        for (_, word, rest), found in zip(near, hits, strict=True)
        for row in found
        if _all_near(rest, row.given.split())
    ]


def near_keys(wanted: Sequence[str], families: Sequence[str]) -> list[NearKey]:
    """Return keys of family names spelled nearly like a wanted word, that word, and the others."""
    found = []
    for place, word in enumerate(wanted):
        rest = [other for at, other in enumerate(wanted) if at != place]
        found += [(NameKey(family_is=near, words=tuple(rest)), word, rest) for near in _nearest(word, families)]
    return found


def _near(row: NameHit, word: str) -> _Name:
    if row.restricted:
        return _Name(row.person, _RESTRICTED, "", "")
    return _Name(row.person, 5, row.sort_name, f"Spelled nearly like {_typed(word)}")


def _all_near(wanted: Iterable[str], having: Sequence[str]) -> bool:
    return all(any(h.startswith(w) or h in same_as(w) or _nearest(w, [h]) for h in having) for w in wanted)


def _nearest(word: str, names: Sequence[str]) -> list[str]:
    if len(word) < 3:
        return []
    # Imported here: only a misspelled search needs it.
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - see above

    return [name for name, _, _ in process.extract(word, names, scorer=fuzz.ratio, score_cutoff=NEAR, limit=_NEAREST)]


def _name(row: NameHit, wanted: Sequence[str]) -> _Name:
    if row.restricted:
        # Last, so that its place in the list tells no name.
        return _Name(row.person, _RESTRICTED, "", "")
    whole = row.sort_name.split()
    if row.kind == "known_as":
        return _Name(row.person, 2, row.sort_name, f"Also known as {row.shown}")
    exact = all(word in whole for word in wanted)
    if exact:
        tier = 0 if row.kind == "current" and row.family in wanted else 1
        return _Name(row.person, tier, row.sort_name, "Name as typed")
    begun = 2 if _begun(row.family, wanted) else 3
    return _Name(row.person, begun, row.sort_name, f"Name begins {' '.join(_typed(word) for word in wanted)}")


def _begun(family: str, wanted: Sequence[str]) -> bool:
    return any(family.startswith(word) for word in wanted)


def _typed(word: str) -> str:
    return word[:1].upper() + word[1:]
