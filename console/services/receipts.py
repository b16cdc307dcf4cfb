"""How far this worker's signals and lines have come, heard from the cursors of the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from console.domain.incidents import IncidentState
from console.domain.items import Item
from console.domain.notes import NoteLine
from console.domain.reading import identity, text
from console.domain.receipts import HELD, OnlySeen, Reached, Receipt
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.signal_set import Reach, SignalKind
from console.domain.signals import Signal, answer_lines, fold_signals, for_seats_now
from console.ports.clock import Clock
from console.services.folds import Folds
from console.services.ledger import ChangeSet
from console.services.on_shift import OnShift

_SAID = frozenset({Kind.SIGNAL_SENT, Kind.MESSAGE_SENT, Kind.SIGNAL_ANSWERED})


@dataclass(frozen=True, slots=True)
class SignalNews:
    """One own signal, how far it has come, and what to say of it."""

    signal: Signal
    receipt: Receipt
    reached: Reached
    words: str
    short: str

    @property
    def seen_by(self) -> tuple[str, ...]:
        """Return who saw it, by key."""
        return self.receipt.seen_by


@dataclass(slots=True)
class _Times:
    """When this console first heard that an own entry was delivered, and seen, by whom it is ``to``."""

    to: str = ""
    delivered: datetime | None = None
    seen: datetime | None = None


class Receipts:
    """Give :meth:`record_changed` to ``Ledger.subscribe``: a time is noted when the news of it comes."""

    def __init__(self, worker: str, folds: Folds, clock: Clock, others: OnShift) -> None:
        """``others``: who sees what is for managers, and what somebody signals who is alone."""
        self._worker = worker
        self._folds = folds
        self._clock = clock
        self._others = others
        self._times: dict[UUID, _Times] = {}
        self._open: dict[UUID, StreamRef] = {}

    def signals(self, about: UUID, *, reaches: bool = True) -> tuple[SignalNews, ...]:
        """Return this worker's signals about an incident or a contact with how far each has come, oldest first."""
        incident = self._incident(about)
        around = (incident.id, *incident.contacts) if incident is not None else (about,)
        mine = (one for one in self._folds.signals(*around).signals if one.by == self._worker)
        return tuple(self._news(for_seats_now(one, incident), reaches=reaches) for one in mine)

    def line(self, line: NoteLine, *, reaches: bool = True) -> Receipt:
        """Return how far a line of this worker's has come."""
        one = Signal(line.entry, "", line.at, line.author, line.to, line.seq, stream=line.stream)
        return self._receipt(one, reaches=reaches)

    def answer(self, signal: Signal, *, reaches: bool = True) -> Receipt | None:
        """Return how far this worker's answer to a colleague's signal has come; None where they gave none."""
        mine = signal.answer_of(self._worker)
        if mine is None:
            return None
        one = Signal(mine.entry, "", mine.at, self._worker, signal.by, mine.seq, stream=signal.stream)
        return self._receipt(one, reaches=reaches)

    def record_changed(self, changes: ChangeSet) -> None:
        """Note what is delivered and seen now and was not before."""
        moved = [ref for ref in changes.streams if ref.kind is StreamKind.SIGNALS]
        seats = [ref for ref in changes.streams if ref.kind is StreamKind.INCIDENT]
        for ref in moved:
            self._notice(ref)
        for ref in seats:
            self._follow_seats(ref.id)
        if moved or seats:
            now = self._clock.now()
            for entry, ref in tuple(self._open.items()):
                self._note_times(entry, ref, now)

    def _notice(self, ref: StreamRef) -> None:
        """Follow own entries that came with this change; older ones were followed when they came."""
        for item in reversed(self._folds.ledger.items(ref)):
            if item.id in self._times:
                break
            if item.author == self._worker and item.kind in _SAID:
                self._times[item.id], self._open[item.id] = _Times(self._as_signal(item).to), ref

    def _follow_seats(self, incident: UUID) -> None:
        """Begin anew with own signals that wait for somebody else now: who had the seat has seen them, perhaps."""
        state = self._folds.incident(incident)
        sent = self._folds.signals_of_incident(state).signals if state is not None else ()
        for one in sent:
            now = for_seats_now(one, state)
            times = self._times.get(one.entry)
            if one.by == self._worker and one.stream is not None and times is not None and now.to != times.to:
                self._times[one.entry], self._open[one.entry] = _Times(now.to), one.stream

    def _note_times(self, entry: UUID, ref: StreamRef, now: datetime) -> None:
        item = next((one for one in reversed(self._folds.ledger.items(ref)) if one.id == entry), None)
        if item is None or not item.seq:
            return
        times, signal = self._times[entry], self._as_signal(item)
        if times.delivered is None and self._delivered_to(signal):
            times.delivered = now
        if times.seen is None and self._seen_by(signal):
            times.seen = now
        if times.seen is not None:
            del self._open[entry]

    def _news(self, signal: Signal, *, reaches: bool) -> SignalNews:
        now = self._clock.now()
        seen = self._receipt(signal, reaches=reaches)
        receipt = replace(seen, answer=signal.answered, only_seen=self._only_seen(signal, seen.seen_by))
        words = "; ".join(answer_lines(signal, self._name)) if len(signal.answers) > 1 else receipt.words(now)
        return SignalNews(signal, receipt, receipt.reached(now), words, receipt.short(now))

    def _only_seen(self, signal: Signal, seen_by: tuple[str, ...]) -> OnlySeen | None:
        """Return who saw it where that is not yet what the sender waits for: no manager, or nobody who came."""
        names = tuple(self._name(one) for one in seen_by)
        if not names or signal.answers:
            return None
        if signal.reach is Reach.MANAGERS and signal.kind != SignalKind.I_AM_AT_RISK:
            managers = self._others.managers()
            return None if any(one in managers for one in seen_by) else OnlySeen(names, "not a manager")
        return OnlySeen(names, "not with you yet") if self._is_alone(signal) else None

    def _name(self, worker: str) -> str:
        return self._folds.ledger.name_of(worker)

    def _receipt(self, signal: Signal, *, reaches: bool) -> Receipt:
        times = self._times.get(signal.entry, _Times())
        seen, held = self._seen_by(signal), self._delivered_to(signal)
        beside = None if signal.to else self._beside(signal)
        return Receipt(
            signal.at,
            bool(signal.seq),
            tuple(sorted({*held, *seen})),
            times.delivered or times.seen,
            seen,
            times.seen,
            reaches=reaches and (beside is None or bool(beside)),
            alone=self._is_alone(signal) or (beside is not None and not beside),
        )

    def _seen_by(self, signal: Signal) -> tuple[str, ...]:
        if not signal.seq or signal.stream is None:
            return ()
        return self._meant(signal, self._folds.ledger.seen_by(signal.stream, signal.seq, signal.by))

    def _delivered_to(self, signal: Signal) -> tuple[str, ...]:
        return self._meant(signal, self._folds.ledger.seen_by(HELD, signal.seq, signal.by)) if signal.seq else ()

    def _meant(self, signal: Signal, workers: Iterable[str]) -> tuple[str, ...]:
        """Where it was meant for some, only their consoles and eyes count."""
        managers = self._others.managers()
        beside = None if signal.to else self._beside(signal)
        meant = workers if beside is None else (one for one in workers if one in beside)
        return tuple(one for one in meant if signal.is_for(one, manager=one in managers))

    def _beside(self, signal: Signal) -> frozenset[str] | None:
        """Return who is to have what was sent to no partner; None: everybody.

        Any console may hold it, and a colleague who is not in this incident sees nothing of it.
        """
        if signal.reach is Reach.EVERYBODY or signal.stream is None:
            return None
        incident = self._incident(signal.stream.id)
        members = incident.members if incident is not None else ()
        there = {one.worker for one in members if one.until is None or one.until > signal.at}
        if self._is_alone(signal):
            # The board of managers shows it, and the call for a second worker to everybody who could come.
            there |= self._others.managers() | self._others.free_to_come()
        elif signal.reach is Reach.MANAGERS:
            there |= self._others.managers()
        return frozenset(there) - {signal.by}

    def _is_alone(self, signal: Signal) -> bool:
        """Say whether it is a signal that waits, of somebody who has nobody in the other seat now."""
        if not signal.kind or not signal.waits or signal.stream is None:
            return False
        incident = self._incident(signal.stream.id)
        return incident is None or not incident.beside(signal.by)

    def _incident(self, about: UUID) -> IncidentState | None:
        return self._folds.incident(about) or self._folds.incident_of(about)

    def _as_signal(self, item: Item) -> Signal:
        """Return a signal, a line or an answer as one that can be delivered and seen."""
        made = fold_signals((item,)).signals
        if made:
            return for_seats_now(made[0], self._incident(item.stream.id))
        to = text(item.content, "to")
        if item.kind is Kind.SIGNAL_ANSWERED:
            of, items = identity(item.content, "of"), self._folds.ledger.items(item.stream)
            to = next((one.author for one in items if one.id == of), "")
        return Signal(item.id, "", item.made_at, item.author, to, item.seq, stream=item.stream)
