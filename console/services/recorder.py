"""The one way services write: an entry goes to the journal (*kept*) and on to the shared record (*shared*)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from console.domain.record import Entry, Expects, Identity, Kind, StreamRef
from console.domain.text import NightdeskError
from console.ports.clock import Timer
from console.ports.journal import Draft, KeptState
from console.ports.store import Verdict
from console.services.asking import OPEN_KINDS, REOFFER, Loaded, load
from console.services.drafts import NOTE, PanelWords, line_of, panel_of_draft, unkept
from console.services.driver import Cards, Doors, Driver, no_cards
from console.services.joining import Joining
from console.services.keeping import Keeper
from console.services.ledger import Ledger
from console.services.link_state import Delivery, LinkState
from console.services.sync_words import Decided, Live, Offered, Remembered, Tick
from console.services.writing import NOTE_KINDS, Outcome, entry_of_draft, make_entry

FORGET = 600.0
"""Seconds between looks for acknowledged entries older than 48 h."""
TICK = 0.5
"""Seconds between looks at the time: silences and pauses are found within it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a console before this one left in the journal: ``lines`` of text that were still being typed.

    ``half_filled`` are panels: no entries yet, and none before the worker sends them.
    """

    lines: int = 0
    waiting: int = 0
    half_filled: tuple[PanelWords, ...] = ()

    @property
    def sentence(self) -> str:
        """Return what the worker is told, or nothing."""
        lines, panels = self.lines, sum(1 for one in self.half_filled if one.panel != NOTE)
        said = []
        if lines:
            said.append(f"Restored {lines} line{'s' if lines > 1 else ''} that you were typing when Nightdesk stopped.")
        if panels:
            what = "1 panel is" if panels == 1 else f"{panels} panels are"
            said.append(f"{what} half filled as you left {'it' if panels == 1 else 'them'}, and not sent (Ctrl+U).")
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Drained:
    """What is still not safe at shutdown: ``unsaved`` only in memory, ``unshared`` kept on this computer."""

    unsaved: bool
    unshared: int


class Recorder:
    """Writes of one signed-in worker; implements :class:`console.services.writing.Recording`."""

    def __init__(
        self, who: Identity, doors: Doors, ledger: Ledger, cards: Cards = no_cards, *, reads_open_work: bool = True
    ) -> None:
        """``reads_open_work``: bring open work of before; a witness has no business with it."""
        self._who = who
        self._doors = doors
        self._ledger = ledger
        self._keeper = Keeper(
            doors.journal, doors.runner, doors.alarm, kept=self._kept, lost=self._unsaved, said=self._journal_said
        )
        self._driver = Driver(who, doors, ledger, self._keeper, cards)
        self._joining = Joining(who, doors, self._driver, ledger, OPEN_KINDS if reads_open_work else ())
        self._offered: set[UUID] = set()
        """What is shared already though the journal has failed to keep it: offered once, whichever comes first."""
        self._timers: list[Timer] = []

    @property
    def who(self) -> Identity:
        """Return who writes."""
        return self._who

    @property
    def link(self) -> LinkState:
        """Return the state of the way to the shared record."""
        return self._ledger.link

    @property
    def idle(self) -> bool:
        """Say whether everything given is in the journal and in the shared record."""
        return self._keeper.idle and self._driver.sync.idle

    def entry(
        self,
        kind: Kind,
        stream: StreamRef,
        content: Mapping[str, Any],
        *,
        slot: str = "",
        replaces: UUID | None = None,
        expects: Expects | None = None,
        corrects: UUID | None = None,
        identity: UUID | None = None,
        on_behalf_of: str = "",
        made_at: datetime | None = None,
    ) -> Entry:
        """Make an entry of this worker, now; nothing is written yet."""
        return make_entry(
            self._who,
            self._doors.clock,
            kind,
            stream,
            content,
            slot=slot,
            replaces=replaces,
            expects=expects,
            corrects=corrects,
            identity=identity,
            on_behalf_of=on_behalf_of,
            made_at=made_at,
        )

    def record(self, *entries: Entry) -> None:
        """Keep entries on this computer and share them, in this order; folds show them at once.

        An entry that is known here already (a fact another console reported first) is passed over.
        """
        fresh = tuple(entry for entry in entries if not self._ledger.holds(entry.id))
        if not fresh:
            return
        self._ledger.pen.take(fresh, Delivery.TYPING)
        self._keeper.keep(fresh, tuple(filter(None, map(line_of, fresh))))
        self._ledger.pen.publish()

    def exclusive(self, entry: Entry, then: Callable[[Outcome], None]) -> None:
        """Ask for an act with ``expects``; ``then`` is called once, after the shared record's answer.

        While the shared record is away it is refused at once, in words.
        """
        if entry.expects is None or not entry.slot:
            message = "an exclusive act names its slot and the head it was decided on"
            raise ValueError(message)
        self._driver.ask(entry, lambda decided: then(outcome_of(decided, self._ledger.name_of)))

    def keep_draft(self, draft: Draft, then: Callable[[Draft], None]) -> None:
        """Keep the newest text of a line that is being typed; ``then`` is told when it is durable."""
        self._keeper.keep_draft(draft, then)

    def drop_draft(self, line: UUID) -> None:
        """Forget a draft."""
        self._keeper.drop_draft(line)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all that is recorded within the block in one act of the journal, after it."""
        with self._keeper.together():
            yield

    def settle_draft(self, line: UUID) -> None:
        """Forget a draft in the very act that keeps what was recorded before: it never stands beside its entry."""
        self._keeper.settle(line)

    def live(self, streams: frozenset[StreamRef]) -> None:
        """Let what belongs to these streams go first."""
        self._driver.take(Live(streams))

    def offer_again(self, identity: UUID) -> None:
        """Offer a set-aside entry once more, as it is."""
        entry = self._ledger.pen.take_back(identity)
        if entry is not None:
            self._ledger.pen.take((entry,), Delivery.KEPT)
            self._driver.take(Offered((entry,)))

    # --- beginning and ending -----------------------------------------------------------------

    def start(self, since: datetime, then: Callable[[Restored], None]) -> None:
        """Take up what the journal holds, then follow the shared record from ``since`` (a shift's start)."""
        self._timers.append(self._doors.alarm.every(TICK, self._tick))
        self._timers.append(self._doors.alarm.every(FORGET, self._forget))
        now = self._doors.clock.now()
        self._doors.runner.keep(
            lambda: load(self._doors.journal, now),
            lambda loaded: self._loaded(loaded, since, then),
            lambda problem: self._not_loaded(problem, since, then),
        )

    def drain(self, then: Callable[[Drained], None], seconds: float = 3.0) -> None:
        """Try for a few seconds to get everything into the journal and the shared record, then say what is not."""
        self._keeper.try_now()
        until = self._doors.clock.monotonic() + seconds
        self._drain(until, then)

    def stop(self) -> None:
        """End the feed and hear nothing more; what was not sent stays in the journal."""
        self._joining.stop()
        for timer in self._timers:
            timer.cancel()
        self._keeper.stop()
        self._driver.stop()

    # --- inside -------------------------------------------------------------------------------

    def _loaded(self, loaded: Loaded, since: datetime, then: Callable[[Restored], None]) -> None:
        waiting = tuple(kept.entry for kept in loaded.waiting if kept.state is KeptState.QUEUED)
        self._ledger.pen.take(waiting, Delivery.KEPT)
        for kept in loaded.waiting:
            if kept.state is KeptState.REFUSED:
                self._ledger.pen.put_aside(kept.entry, kept.reason)
        self._driver.take(Remembered(loaded.shared))
        self._driver.take(Offered(waiting))
        lines = self._take_up(loaded)
        half_filled = tuple(filter(None, map(panel_of_draft, loaded.drafts)))
        then(Restored(lines, len(waiting), half_filled))
        self._joining.begin(since)

    def _not_loaded(self, problem: Exception, since: datetime, then: Callable[[Restored], None]) -> None:
        self._journal_said(str(problem) if isinstance(problem, NightdeskError) else "The journal could not be read.")
        then(Restored())
        self._joining.begin(since)

    def _take_up(self, loaded: Loaded) -> int:
        """Turn drafts that are newer than their line's last entry into entries, drop the others; return how many."""
        taken_up = unkept(loaded.drafts, (*loaded.shared, *loaded.waiting))
        for draft in loaded.drafts:
            if draft in taken_up:
                self.record(entry_of_draft(self._who, self._doors.clock, draft))
            elif draft.stream.kind in NOTE_KINDS:
                self.drop_draft(draft.line)
        return len(taken_up)

    def _kept(self, entries: tuple[Entry, ...]) -> None:
        self._ledger.pen.move((entry.id for entry in entries), Delivery.KEPT)
        fresh = self._not_offered(entries)
        self._offered.difference_update(entry.id for entry in entries)
        self._driver.take(Offered(fresh))

    def _unsaved(self, entries: tuple[Entry, ...]) -> None:
        """The journal failed: say so, and share all the same, so that the words are safe somewhere."""
        self._ledger.pen.move((entry.id for entry in entries), Delivery.UNSAVED)
        fresh = self._not_offered(entries)
        self._offered.update(entry.id for entry in fresh)
        self._driver.take(Offered(fresh))

    def _not_offered(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(entry for entry in entries if entry.id not in self._offered)

    def _journal_said(self, sentence: str) -> None:
        self._ledger.pen.set_link(replace(self._ledger.link, journal_fault=sentence))
        self._ledger.pen.publish()

    def _tick(self) -> None:
        self._driver.take(Tick())

    def _forget(self) -> None:
        self._driver.sync.forget_acknowledged(self._doors.clock.now() - REOFFER)

    def _drain(self, until: float, then: Callable[[Drained], None]) -> None:
        if self.idle or self._doors.clock.monotonic() >= until:
            then(Drained(not self._keeper.idle, self._driver.sync.state.waiting))
            return
        self._doors.alarm.after(0.05, partial(self._drain, until, then))


def outcome_of(decided: Decided, name_of: Callable[[str], str]) -> Outcome:
    """Return the answer to an exclusive act, in words."""
    receipt = decided.receipt
    if receipt is None:
        return Outcome(won=False, sentence=decided.sentence, in_doubt=decided.in_doubt)
    if receipt.verdict in (Verdict.STORED, Verdict.ALREADY):
        return Outcome(won=True, by=decided.entry.author, at=receipt.stored_at)
    sentence = decided.sentence
    if receipt.verdict is Verdict.MOVED and receipt.won_by:
        sentence = f"{name_of(receipt.won_by)} was first."
    return Outcome(won=False, sentence=sentence, by=receipt.won_by, at=receipt.won_at)
