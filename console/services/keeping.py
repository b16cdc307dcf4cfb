"""What goes into the journal, in order, one piece at a time; a fault is said, and tried again.

Nothing is claimed as kept before the journal's own thread has said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from console.domain.record import Entry
from console.domain.text import NightdeskError
from console.ports.clock import Alarm
from console.ports.journal import Draft, Journal, Mark
from console.ports.runner import Runner

AGAIN = 1.0
"""Seconds before a journal that failed is tried again."""
NOT_SAVED = "Not saved on this computer: {why}  Your words are still on the screen and in memory; it is tried again."
UNKNOWN = "the journal could not be written."


@dataclass(slots=True)
class _Pending:
    """What the journal has not been given yet."""

    entries: list[Entry] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    drafts: dict[UUID, tuple[Draft, Callable[[Draft], None]]] = field(default_factory=dict)
    dropped: list[UUID] = field(default_factory=list)
    settled: list[UUID] = field(default_factory=list)
    """Drafts that go in the act that keeps the entries."""
    lines: set[UUID] = field(default_factory=set)
    """Lines of the entries that wait: keeping an entry takes its line's draft away, so a younger one comes after it."""

    def rest(self) -> bool:
        """Say whether anything waits that need not come after the entries."""
        return bool(self.marks or self.dropped or self.drafts.keys() - self.lines)

    def take_drafts(self) -> dict[UUID, tuple[Draft, Callable[[Draft], None]]]:
        """Take the drafts that need not come after the entries."""
        taken = {line: one for line, one in self.drafts.items() if line not in self.lines}
        self.drafts = {line: one for line, one in self.drafts.items() if line in self.lines}
        return taken

    def __bool__(self) -> bool:
        return bool(self.entries or self.marks or self.drafts or self.dropped)


class Keeper:
    """The journal's only customer on the services' thread.

    ``kept`` and ``lost`` are told which entries are durable or, for now, only in memory; ``said``
    gets the sentence of a fault, and "" when it is over.
    """

    def __init__(
        self,
        journal: Journal,
        runner: Runner,
        alarm: Alarm,
        *,
        kept: Callable[[tuple[Entry, ...]], None],
        lost: Callable[[tuple[Entry, ...]], None],
        said: Callable[[str], None],
    ) -> None:
        self._journal = journal
        self._runner = runner
        self._alarm = alarm
        self._kept = kept
        self._lost = lost
        self._said = said
        self._pending = _Pending()
        self._outrun: set[UUID] = set()
        """Lines settled or dropped while drafts are on their way to the journal."""
        self._busy = False
        self._kept_last = False
        self._faulty = False
        self._stopped = False
        self._held = False

    @property
    def idle(self) -> bool:
        """Say whether everything given is in the journal."""
        return not self._busy and not self._pending

    def keep(self, entries: tuple[Entry, ...], lines: tuple[UUID, ...] = ()) -> None:
        """Keep entries, after those given before; ``lines`` are those whose drafts they settle."""
        self._pending.entries += entries
        self._pending.lines.update(lines)
        for line in lines:
            self._forget_draft(line)
        self._pump()

    def mark(self, marks: tuple[Mark, ...]) -> None:
        """Write what became of entries."""
        self._pending.marks += marks
        self._pump()

    def keep_draft(self, draft: Draft, then: Callable[[Draft], None]) -> None:
        """Keep the newest text of a line; ``then`` is told when that text is durable."""
        self._pending.drafts[draft.line] = (draft, then)
        self._pump()

    def drop_draft(self, line: UUID) -> None:
        """Forget a draft."""
        self._forget_draft(line)
        self._pending.dropped.append(line)
        self._pump()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write nothing before the block ends; the entries given within it are kept in one act of the journal."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self._pump()

    def settle(self, line: UUID) -> None:
        """Take a draft away in the act that keeps the entries given before; alone where none waits."""
        if not self._pending.entries:
            self.drop_draft(line)
            return
        self._forget_draft(line)
        self._pending.settled.append(line)
        self._pump()

    def _forget_draft(self, line: UUID) -> None:
        self._pending.drafts.pop(line, None)
        self._outrun.add(line)

    def stop(self) -> None:
        """Try no more: the program ends, and what could not be written is said to be unsaved."""
        self._stopped = True

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._pump(again=True)

    def _pump(self, *, again: bool = False) -> None:
        if self._held:
            return
        if self._busy or not self._pending or (self._faulty and not again):
            if self._faulty and self._pending.entries:
                self._lost(tuple(self._pending.entries))
            return
        self._busy = True
        # Order matters: an entry before what became of it, and before younger text of its line.  Turn by turn, for in a
        # storm of calls there are always entries: what is typed, and what became of others, would never be written.
        self._kept_last = bool(self._pending.entries) and not (self._kept_last and self._pending.rest())
        if self._kept_last:
            self._keep_entries()
        else:
            self._write_rest()

    def _keep_entries(self) -> None:
        entries, self._pending.entries = tuple(self._pending.entries), []
        settled, self._pending.settled = tuple(self._pending.settled), []
        lines, self._pending.lines = self._pending.lines, set()

        def failed(problem: Exception) -> None:
            self._pending.entries[:0] = entries
            self._pending.settled[:0] = settled
            self._pending.lines |= lines
            self._fault(problem)

        def done(_: object) -> None:
            self._kept(entries)
            self._done()

        self._runner.keep(lambda: self._journal.keep(entries, settled), done, failed)

    def _write_rest(self) -> None:
        marks, self._pending.marks = tuple(self._pending.marks), []
        drafts = self._pending.take_drafts()
        dropped, self._pending.dropped = self._pending.dropped, []
        self._outrun.clear()

        def work() -> None:
            if marks:
                self._journal.mark(marks)
            for line in dropped:
                self._journal.drop_draft(line)
            for draft, _ in drafts.values():
                self._journal.keep_draft(draft)

        def done(_: object) -> None:
            for draft, then in drafts.values():
                then(draft)
            self._done()

        def failed(problem: Exception) -> None:
            self._pending.marks[:0] = marks
            # Written now, a draft that its line has outrun would stand for newer words than the entry's.
            due = {line: one for line, one in drafts.items() if line not in self._outrun}
            self._pending.drafts = due | self._pending.drafts
            self._pending.dropped[:0] = dropped
            self._fault(problem)

        self._runner.keep(work, done, failed)

    def _done(self) -> None:
        self._busy = False
        if self._faulty:
            self._faulty = False
            self._said("")
        self._pump()

    def _fault(self, problem: Exception) -> None:
        self._busy, self._faulty = False, True
        why = str(problem) if isinstance(problem, NightdeskError) else UNKNOWN
        self._said(NOT_SAVED.format(why=why))
        if self._pending.entries:
            self._lost(tuple(self._pending.entries))
        if not self._stopped:
            self._alarm.after(AGAIN, self.try_now)
