"""What goes into the journal, in order, one piece at a time; a fault is said, and tried again.

Nothing is claimed as kept before the journal's own thread has said so.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
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


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is written beside the entries: what became of some, and the text of lines, or that it is needless."""

    marks: tuple[Mark, ...]
    drafts: dict[UUID, tuple[Draft, Callable[[Draft], None]]]
    dropped: list[UUID]

    def __bool__(self) -> bool:
        return bool(self.marks or self.drafts or self.dropped)


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
    """Lines of the entries that wait."""

    def take_rest(self) -> _Rest:
        """Take what need not come after the entries.

        Keeping an entry takes away the draft of its line, and what it settles: a younger draft comes after it, and so
        does forgetting one.  What became of an entry is written once it stands there.
        """
        entries, lines = {entry.id for entry in self.entries}, self.lines.union(self.settled)
        rest = _Rest(
            tuple(mark for mark in self.marks if mark.id not in entries),
            {line: one for line, one in self.drafts.items() if line not in lines},
            [line for line in self.dropped if line not in lines],
        )
        self.marks = [mark for mark in self.marks if mark.id in entries]
        self.drafts = {line: one for line, one in self.drafts.items() if line in lines}
        self.dropped = [line for line in self.dropped if line in lines]
        return rest

    def put_back(self, rest: _Rest, outrun: Container[UUID]) -> None:
        """Let what could not be written wait again, before what came since; drafts in ``outrun`` are needless now."""
        self.marks[:0] = rest.marks
        self.drafts = {line: one for line, one in rest.drafts.items() if line not in outrun} | self.drafts
        self.dropped[:0] = rest.dropped

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
        rest = self._pending.take_rest() if self._kept_last or not self._pending.entries else None
        self._kept_last = not rest
        if rest:
            self._write_rest(rest)
        else:
            self._keep_entries()

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

    def _write_rest(self, rest: _Rest) -> None:
        self._outrun.clear()

        def work() -> None:
            if rest.marks:
                self._journal.mark(rest.marks)
            for line in rest.dropped:
                self._journal.drop_draft(line)
            for draft, _ in rest.drafts.values():
                self._journal.keep_draft(draft)

        def done(_: object) -> None:
            for draft, then in rest.drafts.values():
                then(draft)
            self._done()

        def failed(problem: Exception) -> None:
            # Written now, a draft that its line has outrun would stand for newer words than the entry's.
            self._pending.put_back(rest, self._outrun)
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
