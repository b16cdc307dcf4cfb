"""The status row of every screen: are the telephones there, is the record there, what waits here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from console.domain.help_ages import Alarm
from console.domain.help_requests import HelpRequest
from console.domain.watches import SILENT_AFTER, Watch, WatchState
from console.domain.words import clock_words, span_words
from console.ports.journal import Journal
from console.services.call_slots import Phones
from console.services.link_state import Link, LinkState
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Weight
from ui.desktop.widgets.faces import HealthRow, Mark, Span, StatusRow
from ui.desktop.words import counted, second_words, weekday_words

_Waiting = tuple[str, list[datetime | None]]
"""What is said of requests, and when each of them began to wait; None where that is not told."""


def status_row(
    who: tuple[Span, ...],
    phones: Phones,
    link: LinkState,
    now: datetime,
    journal: Journal,
    more: tuple[HealthRow, ...] = (),
) -> StatusRow:
    """Return the row; what is wrong is said in words, with since when and what is safe."""
    health = (phones_health(phones, now), *record_health(link, now), *journal_health(journal), *more)
    note = ""
    if link.is_away:
        note = link.sentence or "You can keep working; what you type is kept on this computer."
    elif phones.away:
        note = phones.sentence or "Answer on the handset."
    else:
        note = phones.sentence
    return StatusRow(health, who, weekday_words(now), second_words(now), note)


def help_health(
    alarms: Iterable[tuple[HelpRequest, Alarm]], to_tell: int, link: LinkState, now: datetime
) -> tuple[HealthRow, ...]:
    """Return what every screen says of help that nobody sends or that was declined without another way.

    ``to_tell`` is how many requests there are whose agency does not know of a change.
    """
    listed = tuple(alarms)
    unsent = [one.drafted_at for one, what in listed if what is Alarm.RINGS]
    declined = [one.declined_at for one, what in listed if what is Alarm.OPEN_RISK]
    if link.is_away and link.since is not None:
        waiting: tuple[_Waiting, ...] = (
            ("not sent", unsent),
            ("declined, nothing instead", declined),
            ("to tell of a change", [None] * to_tell),
        )
        return _as_known(waiting, link.since, now)
    rows = []
    if unsent:
        rows.append(HealthRow(f"{_requests(len(unsent))} for help not sent", trouble=True))
    if declined:
        rows.append(HealthRow(f"{_requests(len(declined))} declined, nothing instead", trouble=True))
    if to_tell:
        rows.append(HealthRow(f"{_requests(to_tell)} to tell of a change", trouble=True))
    return tuple(rows)


def _requests(count: int) -> str:
    return counted(count, "request", "requests")


def _as_known(waiting: Iterable[_Waiting], away: datetime, now: datetime) -> tuple[HealthRow, ...]:
    """Return it in one place: ``1 request not sent 00:06, 2 to tell of a change as of 22:13``.

    A colleague may have sent it since the record went ``away``, and nobody here knows: each is as old as it was then.
    What began here after that is known as it is now.
    """
    parts: list[str] = []
    as_of = ""
    for said, begun in waiting:
        if not begun:
            continue
        oldest = min((at for at in begun if at is not None), default=None)
        here = oldest is not None and oldest > away
        as_of = as_of if here else f" as of {clock_words(away)}"
        many = str(len(begun)) if parts else _requests(len(begun))
        age = f" {span_words((now if here else away) - oldest)}" if oldest is not None else ""
        parts.append(f"{many} {said}{age}")
    return (HealthRow(f"{', '.join(parts)}{as_of}", trouble=True),) if parts else ()


def watch_health(watches: Iterable[Watch], now: datetime) -> tuple[HealthRow, ...]:
    """Return what the board says of each headless witness: calls nobody is there for are written down, or are not."""
    return tuple(_watch(one, now) for one in watches)


def _watch(watch: Watch, now: datetime) -> HealthRow:
    at = clock_words(watch.at)
    if watch.alive(now):
        return HealthRow(f"Witness: last heard {at}")
    if watch.state is WatchState.ENDED:
        return HealthRow(f"Witness ended {at}", trouble=True)
    if now - watch.at >= SILENT_AFTER:
        return HealthRow(f"Witness silent since {at}", trouble=True)
    return HealthRow(f"Witness hears no telephones since {at}", trouble=True)


def phones_health(phones: Phones, now: datetime) -> HealthRow:
    """Return the telephones' chip."""
    if not phones.away and phones.sentence:
        return HealthRow("Phones not all watched", trouble=True)
    if not phones.away:
        return HealthRow("Phones watched only" if phones.only_watched else "Phones connected")
    away = f" {span_words(now - phones.since)}" if phones.since else ""
    return HealthRow(f"Phones away{away}: answer on the handset", trouble=True)


def record_health(link: LinkState, now: datetime) -> tuple[HealthRow, ...]:
    """Return the record's chips, worst first."""
    rows = []
    if link.journal_fault:
        rows.append(HealthRow("NOT SAVED on this computer", trouble=True))
    if link.altered_at:
        rows.append(HealthRow(f"The record was altered at entry {link.altered_at}", trouble=True))
    rows.append(_link_health(link, now))
    if link.set_aside:
        rows.append(HealthRow(f"{counted(link.set_aside, 'entry', 'entries')} not shared", trouble=True))
    if link.clock_wrong:
        rows.append(HealthRow(f"This computer's clock is {abs(link.offset):.0f} s off", trouble=True, mark=Mark.CLOCK))
    return tuple(rows)


def journal_health(journal: Journal) -> tuple[HealthRow, ...]:
    """Return what every screen must say of a journal that does not keep as it should."""
    rows = []
    if journal.memory_only:
        rows.append(HealthRow("Journal in memory only: lost if this computer stops", trouble=True))
    if journal.low_on_space:
        rows.append(HealthRow("Disk full: free some space", trouble=True))
    return tuple(rows)


def _link_health(link: LinkState, now: datetime) -> HealthRow:
    waiting = f", {link.waiting} waiting" if link.waiting else ""
    if link.is_away:
        since = f" since {clock_words(link.since)}" if link.since else ""
        return HealthRow(f"Database away{since}: notes kept on this computer{waiting}", trouble=True)
    if link.link is Link.JOINING:
        return HealthRow("Joining the shared record", mark=Mark.RING)
    if link.waiting:
        return HealthRow(f"Sharing {counted(link.waiting, 'entry', 'entries')}", mark=Mark.RING)
    return HealthRow("Notes shared")


def who_spans(name: str, doing: str, partner: str = "", since: str = "") -> tuple[Span, ...]:
    """Return "Priya Raman, handler  with Tom Adeyemi, coordinating since 22:15" as spans."""
    spans = [Span(name, Weight.SEMIBOLD), Span(f", {doing}", ink=Ink.SECONDARY)]
    if partner:
        spans.append(Span("with ", ink=Ink.SECONDARY, gap=12))
        spans.append(Span(partner, Weight.SEMIBOLD))
        if since:
            spans.append(Span(f", {since}", ink=Ink.SECONDARY))
    return tuple(spans)
