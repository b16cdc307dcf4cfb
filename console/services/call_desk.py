"""One worker's telephone: hears the switchboard, shows the calls, opens the record on answer.

The line and the wait are there at once, the number when its presentation is known, the names when
the record answers; a slow or dead database delays the names, never the ring (architecture.md 3).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.call_aliases import without_aliases
from console.domain.call_changes import ENDED_UNSEEN, CallChange, ChangeKind
from console.domain.call_events import CallEvent, LinkChanged
from console.domain.call_log import as_recorded
from console.domain.call_reducer import CallBook
from console.domain.calls import Call, CallOutcome, Direction, gave_away, is_asked
from console.domain.lines import read_number, to_e164
from console.domain.record import StreamKind
from console.ports.clock import Clock
from console.services.access import Access
from console.services.call_facts import CallFacts
from console.services.call_looks import CallLooks, LookState
from console.services.call_slots import CallSlot, DeskState, LostCall, Phones, RangOff, arrange
from console.services.contact_record import ContactRecord
from console.services.folds import Folds
from console.services.ledger import ChangeSet
from console.services.lost_calls import Unheard

_log = logging.getLogger(__name__)
KEEP_ENDED = timedelta(minutes=10)
"""How long ended calls are remembered, so that late facts find them."""

Listener = Callable[[tuple[CallChange, ...]], None]


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What a call desk is made of."""

    book: CallBook
    facts: CallFacts
    access: Access
    contacts: ContactRecord
    folds: Folds
    clock: Clock
    cover: Cover


class CallDesk:
    """The calls of one signed-in worker; ``extension`` is empty for somebody without a telephone here."""

    def __init__(self, parts: DeskParts, extension: str) -> None:
        self._parts = parts
        self._extension = extension
        self._looks = CallLooks(parts.access, self._is_shown, self._told)
        self._providers: dict[UUID, str] = {}
        self._contacts: dict[UUID, UUID] = {}
        self._late: set[UUID] = set()
        self._rang_off: RangOff | None = None
        self._lost: LostCall | None = None
        self._unheard = Unheard(parts.folds, parts.contacts, parts.cover, parts.book.call)
        self._phones = Phones()
        self._heard_at: datetime | None = None
        self._listeners: list[Listener] = []

    @property
    def extension(self) -> str:
        """Return this worker's own telephone."""
        return self._extension

    def give_up_extension(self) -> None:
        """The telephone turned out to be somebody else's: from now on this worker has none here."""
        self._extension = ""
        self._told()

    @property
    def heard_at(self) -> datetime | None:
        """Return when the switchboard last said anything."""
        return self._heard_at

    @property
    def phones(self) -> Phones:
        """Return the state of the connection to the switchboard."""
        return self._phones

    def calls(self) -> tuple[Call, ...]:
        """Return every call the switchboard tells of, each since when the record says it rang and was answered."""
        return tuple(map(self._timed, self._parts.book.calls()))

    def _timed(self, call: Call) -> Call:
        return as_recorded(call, self._parts.folds.call(call.id))

    def live(self) -> tuple[Call, ...]:
        """Return those of :meth:`calls` that live: far fewer, and asked for at every fact."""
        return tuple(map(self._timed, self._parts.book.live()))

    def call(self, identity: UUID | None) -> Call | None:
        """Return the call with this id of :meth:`calls`; None where the switchboard tells of none."""
        found = self._parts.book.call(identity) if identity is not None else None
        return self._timed(found) if found is not None else None

    def talking(self) -> frozenset[str]:
        """Return the extensions on which somebody talks now."""
        return frozenset(one for call in self._parts.book.live() for one in call.talking)

    def provider_call(self, call: UUID) -> str:
        """Return the id by which the switchboard last spoke of a call."""
        return self._providers.get(call, "")

    def state(self) -> DeskState:
        """Return what the call bar and the slot show now."""
        desk = arrange(self.live(), self._extension, self._slot)
        return replace(desk, rang_off=self._rang_off, phones=self._phones, lost=self._lost)

    def _slot(self, call: Call) -> CallSlot:
        alerting = self._extension in call.alerting
        record = self._parts.folds.call(call.id)
        return CallSlot(
            call,
            self._parts.cover.label(call.dialled, call.queue),
            self._looks.of(call.id),
            alerting,
            self.contact_of(call.id),
            record.claimed_by if record is not None else "",
            call.id in self._late,
            self._rung(call),
            record.claim.at if record is not None and record.claim is not None else None,
        )

    def _rung(self, call: Call) -> str:
        if not call.placed_by(self._extension):
            return ""
        return read_number(call.dialled, self._parts.cover.plan).canonical or call.dialled

    def contact_of(self, call: UUID) -> UUID | None:
        """Return the record of a call that this worker opened or can see."""
        opened = self._contacts.get(call)
        if opened is not None:
            return opened
        found = self._parts.folds.contacts_of_call(call)
        return found[0].id if found else None

    def calls_tonight(self, call: Call) -> int:
        """Return how many calls of the record came from the same number, this one included."""
        if not call.caller.e164:
            return 0
        same = {one.id for one in without_aliases(self._parts.folds.call_log()) if one.e164 == call.caller.e164}
        return len(same | {call.id})

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell ``listener`` what changed, also when names arrive (no changes then)."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def dismiss_rang_off(self) -> None:
        """Take away the quiet line about a caller who rang off."""
        self._rang_off = None
        self._told()

    def opened(self, call: UUID, contact: UUID) -> None:
        """Tie a record that was opened by hand to a call on screen."""
        self._contacts[call] = contact

    def flush(self) -> None:
        """Write the facts that still wait for somebody nearer to say them: this console ends."""
        self._parts.facts.flush()

    # --- hearing ------------------------------------------------------------------------------

    def hear(self, event: CallEvent) -> None:
        """Take one fact of the switchboard; called on the services' thread, for each once."""
        now = self._parts.clock.now()
        self._heard_at = now
        if isinstance(event, LinkChanged):
            self._phones = self._phones.after(event, now)
        provider = getattr(event, "call", "")
        before = self._parts.book.find(provider) if provider else None
        was_waiting = before is not None and self._is_waiting(before)
        changes = self._parts.book.apply(event, now)
        call = self._parts.facts.hear(event, changes, self._parts.book, self._extension)
        if call is not None:
            self._providers[call] = provider
        for change in changes:
            self._follow(change, rang_off=was_waiting and change.call == before)
        self._look(call)
        for oddity in self._parts.book.take_oddities():
            _log.info("telephone: %s", oddity.what)
        if changes:
            self._told(changes)

    def _is_waiting(self, identity: UUID) -> bool:
        call = self._parts.book.call(identity)
        return call is not None and call.waiting()

    def _follow(self, change: CallChange, *, rang_off: bool) -> None:
        call = change.call
        if call is None:
            return
        if change.late:
            self._late.add(call)
        if change.kind is ChangeKind.MERGED and change.other is not None:
            self._merged(call, change.other)
        elif change.kind in (ChangeKind.ANSWERED, ChangeKind.TRANSFERRED) and change.extension == self._extension:
            self._answered(call)
        elif change.kind is ChangeKind.ENDED:
            self._ended(call, change, rang_off=rang_off)

    def _answered(self, identity: UUID) -> None:
        """The record opens on answer, one for each call and worker; who rang off before is not who was on this call."""
        call = self._parts.book.call(identity)
        if call is None or self._extension not in call.talking:
            # Given over at once, they only ring here.
            return
        self._rang_off = None
        if call.direction is not Direction.INBOUND:
            return
        self._lost = None
        if self.contact_of(identity) is None:
            self._contacts[identity] = self._parts.contacts.open(identity, call.dialled, received=call.offered_at)

    def _merged(self, call: UUID, other: UUID) -> None:
        self._looks.move(other, call)
        self._look(call)
        self._providers.pop(other, None)
        contact = self._contacts.pop(other, None)
        if contact is not None:
            self._contacts.setdefault(call, contact)
            self._parts.contacts.add_call(contact, call)

    def _ended(self, identity: UUID, change: CallChange, *, rang_off: bool) -> None:
        self._looks.forget(identity)
        self._late.discard(identity)
        call = self._parts.book.call(identity)
        if call is None:
            return
        call, line = self._timed(call), self._parts.cover.label(call.dialled, call.queue)
        # What was gone when the switchboard came back is a lost call; of others a switchboard may not know the end.
        untold = change.reason == CallOutcome.UNKNOWN.value
        if change.reason == ENDED_UNSEEN:
            self._note_lost(call, line, change.at)
        elif call.direction is Direction.INBOUND and self._is_missed(call, rang_off, untold):
            number, handed = call.caller.number, call.handed
            self._rang_off = RangOff(identity, number, line, call.offered_at, change.at, untold, handed)
        for forgotten in self._parts.book.forget(change.at - KEEP_ENDED):
            self._providers.pop(forgotten, None)

    def _note_lost(self, call: Call, line: str, at: datetime) -> None:
        waited = not call.answered_by and call.direction is Direction.INBOUND
        own = bool(self._extension) and self._extension in call.answered_by[-1:]
        if own or waited:
            self._lost = LostCall(call.id, line, own, call.last_news, at)

    def _is_missed(self, call: Call, rang_off: bool, untold: bool) -> bool:
        """Say whether this worker is told of an end: nobody took the call, or whoever they gave the caller to did not,
        or nobody knows how it ended."""
        own = bool(self._extension) and self._extension in call.answered_by
        return (rang_off and not call.answered_by) or gave_away(call, self._extension) or (untold and own)

    def _look(self, identity: UUID | None) -> None:
        """Ask who rings, where the call rings here, was claimed here, or is this worker's own."""
        call = self._parts.book.call(identity) if identity is not None else None
        if call is None or not call.live or not self._is_own(call):
            return
        if call.placed_by(self._extension):
            self._looks.ask_rung(call.id, to_e164(call.dialled, self._parts.cover.plan))
        else:
            self._looks.ask(call)

    def record_changed(self, changes: ChangeSet) -> None:
        """Ask again when the record is back, and for a call just claimed; for :meth:`Ledger.subscribe`."""
        lost = self._unheard.lost(changes, self._extension)
        if lost is not None:
            self._lost = lost
            self._told()
        claims = any(ref.kind is StreamKind.CALL for ref in changes.streams)
        if not (claims or changes.link_changed) or self._parts.folds.ledger.link.is_away:
            return
        for call in self._parts.book.live():
            if self._looks.of(call.id).state in (LookState.NOT_ASKED, LookState.AWAY):
                self._look(call.id)

    def _is_own(self, call: Call) -> bool:
        # Whoever is only asked about a caller looks nobody up: that is for whoever has them.
        rings = frozenset[str]() if is_asked(call, self._extension) else call.alerting
        mine = self._extension and self._extension in (rings | call.talking)
        return bool(mine) or call.placed_by(self._extension) or self.claimed(call.id)

    def claimed(self, call: UUID) -> bool:
        """Say whether this worker's claim of a call stands in the record."""
        record = self._parts.folds.call(call)
        claim = record.claim if record is not None else None
        return claim is not None and claim.extension == self._extension and bool(self._extension)

    def _is_shown(self, call: UUID) -> bool:
        found = self._parts.book.call(call)
        return found is not None and found.live and self._is_own(found)

    def _told(self, changes: tuple[CallChange, ...] = ()) -> None:
        for listener in tuple(self._listeners):
            listener(changes)
