"""Live typing: what is typed becomes drafts in the journal and entries in the record, by itself.

A draft is written 300 ms after the last key and at least every second; an entry goes out at a pause
of half a second, at Enter, when the line is left, or after 3 s of steady typing (architecture.md 2).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from console.domain.ids import new_id
from console.domain.items import Item
from console.domain.record import StreamRef
from console.domain.text import NOTE_CAP, safe_block, too_long
from console.ports.clock import Alarm, Clock, Timer
from console.ports.journal import Draft
from console.services.ledger import Ledger
from console.services.link_state import Delivery, Progress
from console.services.recorder import Recorder
from console.services.writing import NOTE_KINDS

DRAFT_PAUSE = 0.3
DRAFT_EVERY = 1.0
ENTRY_PAUSE = 0.5
ENTRY_EVERY = 3.0
TEXT_CAP = 200_000
"""Longest text of one line, in characters: a paste beyond it is refused in words."""
_PART = 16_000
_HOSTILE_PART = 2_000


@dataclass(slots=True)
class _Line:
    """One line as it stands under the worker's hands."""

    id: UUID
    stream: StreamRef
    begun: datetime
    text: str = ""
    typed: datetime | None = None
    durable: str = ""
    sent: tuple[str, ...] = ()
    entries: dict[int, UUID] = field(default_factory=dict)
    corrects: UUID | None = None
    steady_since: float | None = None
    drafted: bool = False
    """Whether the journal holds, or is about to hold, a draft of this line."""
    drafted_at: float = 0.0
    draft_timer: Timer | None = None
    pause_timer: Timer | None = None

    @property
    def settled(self) -> bool:
        """Say whether the text is in entries, whole."""
        return self.text == "".join(self.sent)

    def quiet(self) -> None:
        """Cancel both timers."""
        for timer in (self.draft_timer, self.pause_timer):
            if timer is not None:
                timer.cancel()
        self.draft_timer = self.pause_timer = None


class NotesService:
    """The lines this worker types; one object for the whole console."""

    def __init__(self, recorder: Recorder, ledger: Ledger, clock: Clock, alarm: Alarm) -> None:
        self._recorder = recorder
        self._ledger = ledger
        self._clock = clock
        self._alarm = alarm
        self._lines: dict[UUID, _Line] = {}
        self._instead: dict[UUID, UUID] = {}
        self._listeners: list[Callable[[UUID], None]] = []

    def new_line(self) -> UUID:
        """Return the id of a line that is about to be typed."""
        return new_id(self._clock.now())

    def typed(self, stream: StreamRef, line: UUID, text: str) -> UUID:
        """Take the whole text of a line after a key; returns the line it belongs to.

        That is another line where ``line`` is a colleague's: typing over it makes a correction of
        one's own.  Raises :class:`console.domain.text.TextTooLong`, and then nothing has changed.
        """
        if len(text) > TEXT_CAP:
            raise too_long(len(text), TEXT_CAP)
        here = self._line(stream, self._instead.get(line, line))
        if text != here.text:
            self._take_text(here, text)
        return here.id

    def line_ended(self, line: UUID) -> None:
        """Send what the line holds: Enter was pressed, or the worker left it."""
        here = self._lines.get(self._instead.get(line, line))
        if here is not None:
            self._send(here)

    def flush_all(self) -> None:
        """Send what every line holds: before locking, signing out and closing."""
        for line in tuple(self._lines.values()):
            self._send(line)

    def progress(self, stream: StreamRef, line: UUID) -> Progress:
        """Return how far the newest text of a line has come."""
        here = self._lines.get(self._instead.get(line, line))
        if here is None:
            newest = self._newest(stream, line)
            return self._ledger.progress(newest.id) if newest is not None else Progress(Delivery.TYPING)
        if here.settled:
            return self._furthest_behind(here)
        if here.durable == here.text:
            return Progress(Delivery.KEPT)
        return Progress(Delivery.UNSAVED if self._ledger.link.journal_fault else Delivery.TYPING)

    def subscribe(self, listener: Callable[[UUID], None]) -> Callable[[], None]:
        """Tell ``listener`` the id of each line whose text or draft moved; entries are told by the ledger."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # --- inside -------------------------------------------------------------------------------

    def _line(self, stream: StreamRef, line: UUID) -> _Line:
        known = self._lines.get(line)
        if known is not None:
            return known
        if stream.kind not in NOTE_KINDS:
            message = f"a {stream.kind.value} has no lines of notes"
            raise ValueError(message)
        made = self._take_over(stream, line)
        self._lines[made.id] = made
        return made

    def _take_over(self, stream: StreamRef, line: UUID) -> _Line:
        """Begin a line: a new one, an own one of before, or a correction of somebody else's."""
        now = self._clock.now()
        newest = self._newest(stream, line)
        if newest is None:
            return _Line(line, stream, now)
        text = str(newest.content.get("text", ""))
        if newest.author == self._recorder.who.worker:
            return _Line(line, stream, now, text, sent=(text,), entries={0: newest.id})
        self._instead[line] = new_id(now)
        return _Line(self._instead[line], stream, now, corrects=newest.id)

    def _newest(self, stream: StreamRef, line: UUID) -> Item | None:
        wanted = str(line)
        items = reversed(self._ledger.items(stream))
        return next((item for item in items if item.content.get("line") == wanted), None)

    def _take_text(self, line: _Line, text: str) -> None:
        now = self._clock.monotonic()
        line.text, line.typed = text, self._clock.now()
        if line.steady_since is None:
            line.steady_since = line.drafted_at = now
        if now - line.steady_since >= ENTRY_EVERY:
            self._send(line)
        else:
            self._wind(line, now)
        self._tell(line)

    def _wind(self, line: _Line, now: float) -> None:
        """Set both timers anew; the draft's never later than a second after the last one."""
        line.quiet()
        line.pause_timer = self._alarm.after(ENTRY_PAUSE, lambda: self._send(line))
        wait = min(DRAFT_PAUSE, line.drafted_at + DRAFT_EVERY - now)
        if wait <= 0:
            self._draft(line)
        else:
            line.draft_timer = self._alarm.after(wait, lambda: self._draft(line))

    def _draft(self, line: _Line) -> None:
        line.drafted_at = self._clock.monotonic()
        text = line.text
        if len(text) > NOTE_CAP:
            self._send(line)  # too long for one draft: straight into entries
            return

        def durable(_: Draft) -> None:
            line.durable = text
            self._tell(line)

        line.drafted = True
        typed = line.typed or line.begun
        draft = Draft(line.id, line.stream, safe_block(text), line.begun, typed, line.corrects)
        self._recorder.keep_draft(draft, durable)

    def _send(self, line: _Line) -> None:
        line.quiet()
        line.steady_since = None
        if line.settled:
            self._drop_draft(line)
            return
        parts, before = split(line.text), line.sent
        parts += ("",) * (len(before) - len(parts))
        line.sent, line.durable, line.drafted = parts, "", False
        for number, part in enumerate(parts):
            if number >= len(before) or before[number] != part:
                self._record(line, number, part)
        self._tell(line)

    def _record(self, line: _Line, number: int, text: str) -> None:
        here = line.id if number == 0 else uuid.uuid5(line.id, str(number))
        entry = self._recorder.entry(
            NOTE_KINDS[line.stream.kind],
            line.stream,
            {"line": here, "text": text, "begun": line.begun},
            corrects=line.corrects,
        )
        line.entries[number] = entry.id
        self._recorder.record(entry)

    def _drop_draft(self, line: _Line) -> None:
        """The text is what it was before: the draft of what was typed in between must not come back."""
        if line.drafted:
            line.durable, line.drafted = "", False
            self._recorder.drop_draft(line.id)

    def _furthest_behind(self, line: _Line) -> Progress:
        order = list(Delivery)
        states = [self._ledger.progress(identity) for identity in line.entries.values()]
        if aside := next((state for state in states if state.delivery is Delivery.SET_ASIDE), None):
            return aside
        return min(states, key=lambda state: order.index(state.delivery), default=Progress(Delivery.TYPING))

    def _tell(self, line: _Line) -> None:
        for listener in tuple(self._listeners):
            listener(line.id)


def split(text: str) -> tuple[str, ...]:
    """Return ``text`` in parts that each fit one entry, also after hostile characters were made visible."""
    if len(text) <= NOTE_CAP and len(safe_block(text, cap=NOTE_CAP * 10)) <= NOTE_CAP:
        return (text,)
    parts: list[str] = []
    for start in range(0, len(text), _PART):
        piece = text[start : start + _PART]
        fits = len(safe_block(piece, cap=NOTE_CAP * 10)) <= NOTE_CAP
        step = _PART if fits else _HOSTILE_PART
        parts += [piece[at : at + step] for at in range(0, len(piece), step)]
    return tuple(parts)
