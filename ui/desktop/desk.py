"""One signed-in worker's services, as the screens are handed them; and what the window does for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.board import WorkCard
from console.domain.calls import engaged
from console.domain.contacts import ContactState
from console.domain.incidents import PAIR, IncidentState
from console.domain.loads import seated
from console.domain.record import Identity
from console.domain.shifts import WorkerState
from console.domain.signals import SignalsState
from console.domain.words import clock_words
from console.ports.clock import Alarm, Clock
from console.ports.journal import Journal
from console.services.access import Access
from console.services.backfill import Backfill
from console.services.board import Board
from console.services.call_acts import CallActs
from console.services.call_desk import CallDesk
from console.services.contact_people import ContactPeople
from console.services.contact_record import ContactRecord
from console.services.dialling import Dialling
from console.services.directory import Directory
from console.services.folds import Folds
from console.services.half_filled import HalfFilledPanels
from console.services.help_follow_up import HelpFollowUp
from console.services.help_ledger import HelpLedger
from console.services.incident_record import IncidentRecord
from console.services.known import Known
from console.services.ledger import Ledger
from console.services.night_desk import NightDesk
from console.services.notes import NotesService
from console.services.pair import Pair
from console.services.passing_on import PassingOn
from console.services.plans import Plans
from console.services.receipts import Receipts
from console.services.recorder import Recorder
from console.services.relaying import Relaying
from console.services.seen import SeenService
from console.services.shift_desk import ShiftDesk
from console.services.strays import StraysService
from console.services.supervising import Supervising
from ui.desktop.call_words import asked_words, waiting_words


class WindowActs(Protocol):
    """What a screen may ask of the window around it."""

    def go_to(self, screen: str) -> None:
        """Show another screen: ``handler``, ``coordinator`` or ``board``."""

    def open_record(self, contact: UUID) -> None:
        """Show the handler's screen with this record, the worker's own, on it."""

    def open_unfinished(self) -> None:
        """Show the handler's screen with the list of the worker's unfinished records open."""

    def leave_call(self) -> None:
        """Show the screen beside the call: the second worker's, or the board for whoever sat down there."""

    def change_theme(self) -> None:
        """Change between light and dark; remembered for this worker."""

    def say(self, sentence: str) -> None:
        """Put a sentence on the notice of the screen that is shown."""

    def open_panel(self, screen: str, key: str, title: str, subject: str = "") -> None:
        """Show a screen with one of its panels open, about ``subject`` (a row's key) where it needs one."""

    def close_panel(self) -> None:
        """Close the panel that is open."""

    def wall(self) -> None:
        """Go full screen without names, or come back."""

    def print_text(self, title: str, text: str) -> None:
        """Print plain text; says in words when there is no printer."""

    def signed_out(self) -> None:
        """End this worker's session: the window closes in the tested order."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a screen may use.  Only frozen records come out of it; nothing here blocks."""

    who: Identity
    clock: Clock
    alarm: Alarm
    cover: Cover
    ledger: Ledger
    folds: Folds
    recorder: Recorder
    notes: NotesService
    half_filled: HalfFilledPanels
    seen: SeenService
    backfill: Backfill
    strays: StraysService
    access: Access
    calls: CallDesk
    call_acts: CallActs
    passing: PassingOn
    supervising: Supervising
    contacts: ContactRecord
    people: ContactPeople
    plans: Plans
    pair: Pair
    receipts: Receipts
    incidents: IncidentRecord
    known: Known
    helps: HelpLedger
    follow_up: HelpFollowUp
    relaying: Relaying
    shift: ShiftDesk
    board: Board
    directory: Directory
    dialling: Dialling
    night: NightDesk
    journal: Journal
    window: WindowActs
    no_signals: SignalsState = field(default_factory=SignalsState)

    def away_words(self) -> str:
        """Return why exclusive acts are refused now, or nothing."""
        link = self.ledger.link
        if not link.is_away:
            return ""
        since = f" since {clock_words(link.since)}" if link.since else ""
        return f"The shared record is away{since}: taking, joining, swapping, leaving and standing down wait."

    def reaches(self) -> bool:
        """Say whether a signal has a way to anybody: the record answers, and somebody else is signed in."""
        others = any(one.worker != self.who.worker for one in self.shift.shift().workers)
        return others and not self.ledger.link.is_away

    def is_ready(self) -> bool:
        """Say whether this worker said ready."""
        me = self.shift.me()
        return me is not None and me.state is WorkerState.AVAILABLE

    def line_of(self, contact: ContactState | None) -> str:
        """Return authority and service in words: ``Hampshire adults``."""
        if contact is None:
            return ""
        authority, service = contact.value("authority"), contact.value("service")
        return f"{self.cover.name(authority)} {service}".strip() if authority else ""

    def waiting_words(self) -> str:
        """Return ``1 waiting 00:44, Hampshire adults, nobody free`` where calls wait, else nothing."""
        free = bool(self.shift.shift().could_answer(engaged(self.calls.live()), self._seated()))
        state, now = self.calls.state(), self.clock.now()
        return waiting_words(state, self.who.worker, self.ledger.name_of, now, free=free)

    def asked_words(self) -> str:
        """Return which colleague asks this worker about a caller, else nothing; for screens without a call bar."""
        return asked_words(self.calls.state(), self.shift.shift().name_at, self.clock.now())

    def _seated(self) -> frozenset[str]:
        """Return who has a seat in a live incident, by key: from the incidents, and from the cards once listed."""
        live = (one for one in self.folds.incidents() if one.live)
        known = frozenset(member.worker for one in live for member in one.present if member.role in PAIR)
        return known | seated(self.board.work())

    def other_work(self, incident: IncidentState | None) -> tuple[WorkCard, ...]:
        """Return open contacts and incidents beyond the one given and its contacts."""
        mine = {incident.id, *incident.contacts} if incident else set()
        return tuple(card for card in self.board.work() if card.id not in mine)

    def caller_on_line(self, contact: ContactState | None) -> bool:
        """Say whether the contact's newest call still lives."""
        newest = contact.calls[-1] if contact and contact.calls else None
        call = self.calls.call(newest)
        return call is not None and call.live
