"""The risk band: what is at risk now, and the markers by rank with their reviews."""

from __future__ import annotations

from datetime import date

from console.domain.incidents import IncidentState
from console.domain.people import Marker, Rank
from console.domain.risk_said import ASKED_FOR, only_asked, risk_now
from console.domain.words import clock_words, day_words
from console.services.opened_record import Reading
from ui.desktop.people_words import review_words
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.lists import marker_rows, unread_rows
from ui.desktop.screens.handler.rows import RiskRow
from ui.desktop.widgets.faces import ChipRow, Face
from ui.desktop.widgets.rows import Row
from ui.desktop.words import counted


def risk(given: HandlerInputs) -> RiskRow:
    """Return the risk band: what is at risk now, and the markers by rank, old ones grey."""
    today = given.today
    if given.rings_anew:
        # The record below is another caller's: its risks must not stand under the number that rings.
        return RiskRow(None, "", (), "", now=False)
    subject = given.contact.subject if given.contact else None
    markers = _markers(given) if subject is not None else ()
    current = [one for one in markers if not one.out_of_date(today)]
    incident = given.incident
    live = incident if incident is not None and incident.live else None
    now = risk_now(live, given.contact, given.plan.limits if given.plan is not None else None)
    banner = ChipRow("LIFE AT RISK NOW", Face.RANK, rank=Rank.NOW) if now else None
    if banner is None and current:
        banner = ChipRow(marker_words(current[0]).upper(), Face.RANK, rank=current[0].rank)
    if banner is None and only_asked(incident, given.contact):
        banner = _second_worker(given)
    chips = tuple(_marker_chip(one, today) for one in markers)
    text = _risk_words(incident) if incident and now else "" if chips or now or not subject else _no_markers(given)
    count = counted(len(markers), "marker", "markers") if markers else ""
    detail = (*(marker_detail(one, today) for one in markers), *unread_rows(given.reading))
    return RiskRow(banner, text, chips, count, now, detail)


def _second_worker(given: HandlerInputs) -> ChipRow | None:
    """Return that a second worker is asked for, or, once somebody came, who is there since when."""
    if given.signals.open_summons is not None:
        return ChipRow(ASKED_FOR, Face.NOTICE)
    incident, name = given.incident, given.partner_name()
    beside = incident.beside(given.worker) if incident is not None else ()
    member = incident.member(beside[0]) if incident is not None and beside else None
    return ChipRow(f"{name} with you since {clock_words(member.since)}", Face.CALM) if member is not None else None


def _no_markers(given: HandlerInputs) -> str:
    """Return what stands where the markers would: "none" only of a record that was read."""
    if given.record is not None:
        return "No markers known"
    return "Markers not read" if given.reading is Reading.REFUSED else "Markers not read yet"


def _risk_words(incident: IncidentState) -> str:
    """Return what the risk is: as somebody said it, else what was taken, with its source and time."""
    if incident.risk_words:
        return incident.risk_words
    taken = incident.fact("taken") or incident.fact("happening")
    return f"{taken.text}, {taken.source} {clock_words(taken.at)}" if taken is not None else ""


def _markers(given: HandlerInputs) -> tuple[Marker, ...]:
    if given.record is not None:
        found = given.record.markers
    else:
        subject = given.contact.subject if given.contact else None
        people = given.candidates.people if given.candidates else ()
        found = next((one.markers for one in people if subject and one.person == subject.person), ())
    today = given.today
    return tuple(sorted(found, key=lambda one: (one.out_of_date(today), one.rank.value, one.set_on)))


def _marker_chip(one: Marker, today: date) -> ChipRow:
    words = (one.text or one.kind.replace("_", " ")).rstrip(".")
    words = f"{words[:1].upper()}{words[1:]}, set {day_words(one.set_on)}"
    if one.out_of_date(today):
        return ChipRow(f"{words}: {review_words(one, today)}", Face.OLD)
    return ChipRow(words, Face.CALM, rank=one.rank)


def marker_detail(one: Marker, today: date) -> Row:
    """Return one marker in full: what, why, who set it, and its review."""
    old = one.out_of_date(today)
    title = one.kind.replace("_", " ")
    review = review_words(one, today)
    sources = f"Set {day_words(one.set_on)} by {one.set_by}, authorised by {one.authorised_by}. Source: {one.source}."
    return marker_rows(str(one.id), one.rank, title[:1].upper() + title[1:], one.text, sources, review, old=old)


def marker_words(marker: Marker) -> str:
    """Return what a marker says, short and small."""
    return (marker.text or marker.kind.replace("_", " ")).rstrip(".")[:60].lower()
