"""The duty manager's board: remade at most once a second, and never waiting for anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from console.domain.authorities import Cover
from console.domain.board import BoardLimits, BoardState, WorkCard
from console.domain.board_fold import BoardInputs, make_board
from console.domain.calendar import Calendar, Stretch, shift_stream
from console.domain.help_ages import Thresholds
from console.domain.night_log import NightLog, night_log
from console.domain.record import StreamKind
from console.ports.clock import Alarm, Clock, Timer
from console.ports.store import Card, CardOrder, CardQuery
from console.services.access import Access
from console.services.call_desk import CallDesk
from console.services.cards import work_card
from console.services.folds import Folds
from console.services.ledger import ChangeSet, Ledger

EVERY = 1.0
"""Seconds between two boards: numbers on a wall do not flicker (screens.md 1 C)."""
_LISTED = frozenset({StreamKind.CONTACT, StreamKind.INCIDENT})
_MOST = 200


@dataclass(frozen=True, slots=True)
class BoardParts:
    """What the board is made of."""

    folds: Folds
    ledger: Ledger
    desk: CallDesk
    access: Access
    calendar: Calendar
    cover: Cover
    clock: Clock
    alarm: Alarm
    limits: BoardLimits
    thresholds: Thresholds


class Board:
    """Makes the board every second while somebody watches."""

    def __init__(self, parts: BoardParts) -> None:
        self._parts = parts
        self._cards: tuple[WorkCard, ...] = ()
        self._listeners: list[Callable[[BoardState], None]] = []
        self._hearers: list[Callable[[BoardState], None]] = []
        self._timer: Timer | None = None
        self.last: BoardState | None = None
        """The board as it was last made for somebody who watches."""
        self._night: NightLog | None = None
        self._stale = True
        self._asking = False
        self._unsubscribe: Callable[[], None] | None = None

    def watch(self, listener: Callable[[BoardState], None]) -> Callable[[], None]:
        """Tell ``listener`` each new board, beginning now; the answer takes it off again."""
        self._listeners.append(listener)
        if self._timer is None:
            self._timer = self._parts.alarm.every(EVERY, self._turn)
            self._unsubscribe = self._parts.ledger.subscribe(self._record_changed)
        self._turn()
        return lambda: self._leave(listener)

    def also(self, hearer: Callable[[BoardState], None]) -> None:
        """Let a rule hear every board that is made for somebody who watches."""
        self._hearers.append(hearer)

    def _leave(self, listener: Callable[[BoardState], None]) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)
        if not self._listeners and self._timer is not None:
            self._timer.cancel()
            self._timer = None
            if self._unsubscribe is not None:
                self._unsubscribe()

    def work(self) -> tuple[WorkCard, ...]:
        """Return the open contacts and incidents as last listed, while somebody watches."""
        return self._cards

    def now(self) -> BoardState:
        """Return the board as it stands at this moment."""
        parts = self._parts
        now = parts.clock.now()
        stretch = parts.calendar.stretch(now)
        inputs = BoardInputs(
            self._phones_at(now),
            self._record_at(now),
            stretch,
            parts.cover,
            self._night_log(stretch),
            parts.desk.calls(),
            parts.folds.shift(shift_stream(stretch)),
            parts.folds.helps(),
            parts.folds.summons(),
            self._cards,
            parts.limits,
            parts.thresholds,
            parts.ledger.name_of,
            parts.folds.waiting_signals(),
        )
        return make_board(inputs, now)

    def _night_log(self, stretch: Stretch) -> NightLog:
        parts, known = self._parts, self._night
        log = parts.folds.call_log()
        if known is None or known.log is not log or known.stretch != stretch:
            known = self._night = night_log(log, stretch, parts.cover, parts.limits)
        return known

    def _phones_at(self, now: datetime) -> datetime:
        """A switchboard that is connected speaks when something happens: silence is news too."""
        phones = self._parts.desk.phones
        return now if not phones.away else phones.since or now

    def _record_at(self, now: datetime) -> datetime:
        link = self._parts.ledger.link
        return link.since if link.is_away and link.since is not None else now

    def _turn(self) -> None:
        if self._stale and not self._asking and not self._parts.ledger.link.is_away:
            self._asking, self._stale = True, False
            self._parts.access.cards(CardQuery(CardOrder.OPEN, _LISTED, limit=_MOST), self._listed, self._failed)
        board = self.last = self.now()
        for listener in (*self._hearers, *self._listeners):
            listener(board)

    def _record_changed(self, changes: ChangeSet) -> None:
        if any(ref.kind in _LISTED for ref in changes.streams):
            self._stale = True

    def _listed(self, cards: tuple[Card, ...]) -> None:
        self._asking = False
        # A stale card is folded again by whoever may read its stream, and no entry tells of that.
        self._stale = self._stale or any(card.stale for card in cards)
        self._cards = tuple(work_card(card, self._label(card)) for card in cards)

    def _failed(self, _: Exception) -> None:
        # The next turn asks again; until then the tiles say how old they are.
        self._asking, self._stale = False, True

    def _label(self, card: Card) -> str:
        authority = card.details.get("authority", "")
        return f"{self._parts.cover.name(authority)} {card.details.get('service', '')}".strip() if authority else ""
