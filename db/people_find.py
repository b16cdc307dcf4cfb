"""Who a number or a search may mean: candidates with the reason each was found, none chosen.

A number is matched on its whole E.164 form, a reference on its folded one; everything else by the words of
:mod:`console.domain.find_plan`, which also puts those found in order and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from console.domain.find_plan import Fitting, Plan, fitting, plan
from console.domain.find_reasons import match_of, reason
from console.domain.find_words import DAY
from console.domain.people import Candidates, MatchKind
from console.domain.search import fold_reference, reference_keys
from console.ports.store import Look
from db.people_cards import RESTRICTED, Found, candidates_of, line_of
from db.people_rows import AT_MOST, SHOWN_AT_MOST, Hit, PeopleRows


def answer(rows: PeopleRows, question: Look, today: date) -> Candidates:
    """Answer a look; see :class:`console.ports.store.Look`.

    By number: everybody on it now, in alphabetical order or by how they fit the words, and what is known of the line.
    Else by reference, or by the words and the date of birth.
    """
    if question.e164:
        return _by_number(rows, question, today)
    found, too_many = searched(rows, question, today)
    people = candidates_of(rows, found[: shown_at_most(question)], today)
    return Candidates(people, None, AT_MOST if too_many else len(found), too_many=too_many)


def shown_at_most(question: Look) -> int:
    """Return how many people a question shows, whatever it asks for."""
    return max(1, min(question.limit, SHOWN_AT_MOST))


def plan_of(question: Look, today: date) -> Plan:
    """Return how the words and the date of birth of a look are looked for."""
    asked = plan(question.words, question.born, today)
    # A reference is something else typed: by the rest of it no restricted person is found.
    return replace(asked, whole=()) if question.reference else asked


def searched(rows: PeopleRows, question: Look, today: date) -> tuple[list[Found], bool]:
    """Return who fits a search, best first, and whether there are too many to tell."""
    asked = plan_of(question, today)
    if question.reference and (found := _by_reference(rows, question.reference, asked)):
        return found, False
    if not asked.parts:
        return [], False
    hits = rows.seek(asked, shown_at_most(question))
    found = _in_order(hits.people, asked)
    return [_but_no_reference(one, question) for one in found], hits.too_many


def _but_no_reference(one: Found, question: Look) -> Found:
    """Say of somebody found by words that the reference typed beside them is nobody's."""
    alone = fold_reference(question.words) == question.reference
    if not question.reference or alone or one.reason == RESTRICTED:
        return one
    return replace(one, reason=f"{one.reason}, but not reference {question.reference}")


def _by_number(rows: PeopleRows, question: Look, today: date) -> Candidates:
    on = rows.on_line(question.e164, today)
    shown = [Found(person, MatchKind.NUMBER, _number_reason(day), day) for person, day in on]
    asked = plan_of(question, today)
    if asked.parts:
        shown = _best_first(rows, shown, asked)
    people = candidates_of(rows, shown[: shown_at_most(question)], today)
    total = rows.on_line_count(question.e164, today)
    return Candidates(people, line_of(rows, question.e164, total, question.call), total)


def _number_reason(confirmed_on: date | None) -> str:
    return f"Number confirmed {confirmed_on:%d-%b-%Y}" if confirmed_on else "Number given, never confirmed"


def _by_reference(rows: PeopleRows, reference: str, asked: Plan) -> list[Found]:
    written = list(rows.references(reference_keys(reference)))
    whole = [row for row in written if fold_reference(row[1]) == fold_reference(reference)]
    found = [Found(person, MatchKind.REFERENCE, f"Reference {text}") for person, text in whole or written]
    return _best_first(rows, found, asked) if asked.parts else found


def _best_first(rows: PeopleRows, found: Sequence[Found], asked: Plan) -> list[Found]:
    """Return those found by something else in the order in which they fit the words, each with that reason too."""
    hits = {one.person: one for one in rows.hits_of([one.person for one in found])}
    fits = {one.person: _fits(hits.get(one.person), asked) for one in found}
    ordered = sorted(found, key=lambda one: _place(hits.get(one.person), fits[one.person]))
    return [_with_reason(one, hits.get(one.person), fits) for one in ordered]


def _with_reason(one: Found, hit: Hit | None, fits: Mapping[UUID, Fitting | None]) -> Found:
    fit = fits[one.person]
    if hit is None or fit is None or not any(part.means for part in fit.fits):
        return one
    why = reason(fit.fits, _born(hit.words))
    return Found(one.person, one.match, f"{one.reason}, {why[0].lower()}{why[1:]}", one.confirmed_on)


def _in_order(hits: Iterable[Hit], asked: Plan) -> list[Found]:
    fits = [(hit, _fits(hit, asked)) for hit in hits]
    fits.sort(key=lambda one: _place(*one))
    return [_found(hit, fit) for hit, fit in fits]


def _fits(hit: Hit | None, asked: Plan) -> Fitting | None:
    return fitting(asked, hit.words) if hit is not None and not hit.restricted else None


def _place(hit: Hit | None, fit: Fitting | None) -> tuple[object, ...]:
    """Return where somebody stands in the list; restricted ones last, so that their place tells no name."""
    if hit is None or fit is None:
        return True, (0, 0), "", str(hit.person) if hit is not None else ""
    return False, fit.order, hit.sort_name, str(hit.person)


def _found(hit: Hit, fit: Fitting | None) -> Found:
    if fit is None:
        return Found(hit.person, MatchKind.NAME, RESTRICTED)
    return Found(hit.person, match_of(fit.fits), reason(fit.fits, _born(hit.words)))


def _born(words: str) -> date | None:
    day = next((word[1:] for word in words.split() if word[0] == DAY), "")
    return date.fromisoformat(day) if day else None
