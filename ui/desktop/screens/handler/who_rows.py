"""Who it may be, and who was chosen: the program never chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from console.domain.incidents import IncidentState
from console.domain.people import Address, Candidate, PersonRecord, age_on, display_name
from console.domain.search import shown_number
from console.domain.words import clock_words, day_words, since_words
from console.services.call_looks import LookState
from ui.desktop.people_words import died_words, plan_words, review_words
from ui.desktop.screens.handler.call_rows import button
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.number_words import number_words
from ui.desktop.screens.handler.risk_rows import marker_words
from ui.desktop.screens.handler.rows import ActButton, CandidateCardRow, CandidatesRow, IdentityRow
from ui.desktop.screens.plan_rows import HAS_A_PLAN
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import ChipRow, Face, Mark
from ui.desktop.words import counted

MOST_CARDS = 9


def who(given: HandlerInputs) -> IdentityRow | CandidatesRow:
    """Return the chosen person, or who it may be; the program never chooses."""
    subject = given.contact.subject if given.contact else None
    if given.contact is not None and subject is not None and not given.rings_anew:
        return _identity(given)
    if given.own_line is None and given.contact is None:
        chip = ChipRow("No call", Face.CALM)
        when = "your telephone rings" if given.calls.asks is None else "the caller is given over to you"
        return CandidatesRow(chip, "Nobody on the line.", body=f"Who it may be appears here when {when}.")
    row = _candidates(given)
    if given.contact is None or given.rings_anew:
        return row
    # Said before anybody is chosen, it matters most: help goes to a place, not to a name.
    return replace(row, where=_where(given.incident), where_source=_where_source(given.incident))


def _unknown_words(given: HandlerInputs) -> str:
    """Return what is known where no number can be looked up; of a call out, whom it rings and not who rings."""
    if given.own_line is None:
        return "No call"
    rung = given.own_line.rung
    return f"Call out to {shown_number(rung)}" if rung else number_words(given.own_line.call.caller)


def _candidates(given: HandlerInputs) -> CandidatesRow:
    looked = given.looked
    buttons = [button(Act.FIND, "Find"), button(Act.NEW_PERSON, "New person")]
    if given.contact is None or given.rings_anew:
        buttons = []
    if looked.state is LookState.NO_NUMBER or (given.own_line is None and looked.state is LookState.NOT_ASKED):
        chip = ChipRow(_unknown_words(given), Face.NOTICE, Mark.RING)
        body = "Ask for a name and a date of birth, then find (F3)."
        return CandidatesRow(chip, "Nobody can be found by number.", "The note can begin; a person can be added later.",
                             body=body, buttons=tuple(buttons))  # fmt: skip
    chip = ChipRow("Not confirmed", Face.NOTICE, Mark.RING)
    if looked.state is LookState.AWAY:
        return CandidatesRow(chip, "Names cannot be looked up now.", looked.sentence, buttons=tuple(buttons))
    found = looked.candidates
    if found is None:
        return CandidatesRow(chip, "Looking up this number.", "The note can begin.", buttons=tuple(buttons))
    if not found.people:
        return CandidatesRow(chip, "Not known here.", "New person, or find by name.", body="", buttons=tuple(buttons))
    return _cards(given, found.people, found.total, chip, buttons)


def _cards(
    given: HandlerInputs, people: tuple[Candidate, ...], total: int, chip: ChipRow, buttons: list[ActButton]
) -> CandidatesRow:
    shown = people[:MOST_CARDS]
    today = given.today
    cards = tuple(_card(at, one, today, planned=one.person in given.planned) for at, one in enumerate(shown, 1))
    title = f"{counted(total, 'person uses', 'people use')} this number."
    more = f"and {total - len(shown)} more: Find F3" if total > len(shown) else ""
    neither = "Neither of them" if total == 2 else "None of them" if total > 2 else "Somebody else"
    note = "Nobody is chosen; no record is open."
    if given.contact is None or given.rings_anew:
        note = "Answer first; nobody is chosen and no record is open."
    elif buttons:
        buttons.append(button(Act.CONFIRM, "Confirm", why="Choose one first, then ask name and date of birth."))
    return CandidatesRow(chip, title, note, neither if buttons else "", cards, more, buttons=tuple(buttons))


def _card(index: int, one: Candidate, today: date, *, planned: bool) -> CandidateCardRow:
    if one.restricted:
        reason = "A restricted record: call the duty manager."
        return CandidateCardRow(index, "Restricted record", reason=reason, restricted=True)
    parts = [one.reason.rstrip(".") + "."]
    if one.last_contact is not None:
        parts.append(f"Last contact {day_words(one.last_contact)}.")
    marker = min(one.markers, key=lambda found: (found.out_of_date(today), found.rank.value), default=None)
    if marker is None:
        parts.append("No markers.")
    review = f", {review_words(marker, today)}." if marker is not None else ""
    plan = plan_words(one.plan, one.plan_as_at, one.plan_source, today)
    return CandidateCardRow(
        index, display_name(one.family, one.given), _born(one.born), _age(one.born, one.deceased_on or today),
        one.gender or "Not known",
        one.reference, " ".join(parts), marker_words(marker) if marker else "", review,
        _address(one.address, today), died=died_words(one.deceased_on),
        plan=plan.what if plan else "", plan_as_at=plan.as_at if plan else "", plan_old=bool(plan and plan.old),
        calls_plan=HAS_A_PLAN if planned else "",
    )  # fmt: skip


def _born(born: date | None) -> str:
    return day_words(born) if born else "Not known"


def _age(born: date | None, today: date) -> str:
    return f"({age_on(born, today)}y)" if born else ""


def _address(address: Address | None, today: date) -> str:
    if address is None:
        return "No address on record"
    if address.do_not_disclose:
        return "Address not to be disclosed"
    since = f", as at {since_words(address.as_at, today)}" if address.as_at else ""
    return f"Record address {', '.join(address.lines)}{since}"


def _identity(given: HandlerInputs) -> IdentityRow:
    contact = given.contact
    subject = contact.subject if contact else None
    if contact is None or subject is None:
        raise ValueError("an identity needs a subject")
    today, record = given.today, given.record
    died = record.deceased_on if record else _candidate_died(given)
    born = record.born if record else subject.born
    name = record.display_name() if record else subject.name or "Name not known"
    address, note = _record_address(record, today)
    return IdentityRow(
        name, _born(born), _age(born, died or today), (record.gender if record else subject.gender) or "Not known",
        (record.reference if record else subject.reference) or "None",
        asked="" if subject.confirmed and "born" in subject.confirmed_by else "Date of birth not asked",
        chip=_confirmed_chip(subject.confirmed_by, subject.confirmed_at),
        confirm=button(Act.CONFIRM, "Change" if subject.confirmed else "Confirm"),
        where=_where(given.incident),
        where_source=_where_source(given.incident),
        address=address, address_note=note, died=died_words(died),
    )  # fmt: skip


def _where(incident: IncidentState | None) -> str:
    """Return where they are now; both places, where two people were told different ones."""
    return incident.where_words if incident is not None else ""


def _where_source(incident: IncidentState | None) -> str:
    place = incident.where if incident is not None else None
    return f"{place.source_words} {clock_words(place.at)}" if place else ""


def _candidate_died(given: HandlerInputs) -> date | None:
    """Return what the list of candidates says, while the record of the chosen one is not here (yet)."""
    subject = given.contact.subject if given.contact else None
    people = given.candidates.people if given.candidates else ()
    return next((one.deceased_on for one in people if subject and one.person == subject.person), None)


def _confirmed_chip(by: str, at: datetime | None) -> ChipRow:
    if not by:
        return ChipRow("Not confirmed", Face.NOTICE, Mark.RING)
    words = f"Confirmed by {by.removeprefix('by ')}"
    return ChipRow(f"{words} {clock_words(at)}" if at else words, Face.OK, Mark.TICK)


def _record_address(record: PersonRecord | None, today: date) -> tuple[str, ChipRow | None]:
    address = record.addresses[0] if record and record.addresses else None
    if address is None:
        return "", None
    if address.do_not_disclose:
        return "Address not to be disclosed", None
    words = f"as at {since_words(address.as_at, today)}" if address.as_at else "age not known"
    chip = ChipRow(f"{words}: ask where they are now", Face.OLD)
    return f"Record address {', '.join(address.lines)}", chip
