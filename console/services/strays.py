"""Words never strand: entries of others that wait on this computer, seen and delivered for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from console.domain.record import Entry, Identity, Kind, StreamRef
from console.ports.clock import Clock
from console.ports.journal import Journal, Kept, KeptState, Mark, Shelf, StrandedJournal
from console.ports.runner import Runner
from console.ports.store import Receipt, Store, Verdict
from console.services.asking import REOFFER
from console.services.drafts import unkept
from console.services.outbox import BATCH
from console.services.writing import NOTE_KINDS, Recording, entry_of_draft

_DONE = (Verdict.STORED, Verdict.ALREADY)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of another worker's waiting entries; ``reasons`` say why the rest still waits."""

    worker: str
    shared: int
    left: int
    reasons: tuple[str, ...] = ()


def sentence_of(stray: StrandedJournal) -> str:
    """Return what every sign-in on this computer is shown."""
    entries = "1 entry" if stray.waiting == 1 else f"{stray.waiting} entries"
    verb = "waits" if stray.waiting == 1 else "wait"
    shared = "is" if stray.waiting == 1 else "are"
    said = [f"{entries} of {stray.name} {verb} on this computer and {shared} not shared."] if stray.waiting else []
    if stray.half_filled:
        panels = "1 half-filled panel" if stray.half_filled == 1 else f"{stray.half_filled} half-filled panels"
        waits = "waits" if stray.half_filled == 1 else "wait"
        said.append(f"{panels} of {stray.name} {waits} on this computer, for {stray.name} alone.")
    return " ".join(said)


class StraysService:
    """Looks at the shelf of journals and delivers for those who have gone home."""

    def __init__(self, recording: Recording, shelf: Shelf, store: Store, runner: Runner, clock: Clock) -> None:
        self._recording = recording
        self._shelf = shelf
        self._store = store
        self._runner = runner
        self._clock = clock
        self._said: dict[StreamRef, int] = {}

    def look(self, then: Callable[[tuple[StrandedJournal, ...]], None]) -> None:
        """Find the journals of others with waiting entries."""
        me = self._recording.who.worker
        self._runner.read(lambda: self._shelf.stranded(but=me), then)

    def deliver(
        self, stray: StrandedJournal, then: Callable[[Delivered], None], failed: Callable[[Exception], None]
    ) -> None:
        """Share another worker's waiting entries: the deliverer is the author, on that worker's behalf.

        The ids stay what they were, so an entry that had arrived after all is not shared twice.
        """
        who = self._recording.who
        runner = self._runner

        def loaded(found: tuple[Journal, tuple[Kept, ...]]) -> None:
            journal, kept = found
            runner.write(
                lambda: self._append(kept, who, stray.worker),
                lambda receipts: runner.keep(lambda: _settle(journal, stray.worker, receipts), then, failed),
                lambda problem: runner.keep(journal.close, lambda _: failed(problem), failed),
            )

        runner.keep(lambda: self._load(stray), loaded, failed)

    def say_unsent(self, shift: StreamRef, count: int, said_before: int = 0) -> None:
        """Tell the board how many entries wait at this station; said again only when the number changes.

        ``said_before`` is what the record says of this station, from before this program was started.
        """
        if self._said.get(shift, said_before) == count:
            return
        self._said[shift] = count
        who = self._recording.who
        content = {"station": who.station, "count": count}
        slot = f"station:{who.station}"
        self._recording.record(self._recording.entry(Kind.SHIFT_UNSENT, shift, content, slot=slot))

    def _load(self, stray: StrandedJournal) -> tuple[Journal, tuple[Kept, ...]]:
        """Open another worker's journal; lines that were still being typed become entries of theirs first."""
        journal = self._shelf.open(stray.worker, stray.name)
        try:
            them = replace(self._recording.who, worker=stray.worker, name=stray.name)
            kept = (*journal.shared_since(self._clock.now() - REOFFER), *journal.waiting())
            drafts = journal.drafts()
            newer = unkept(drafts, kept)
            for draft in drafts:
                if draft in newer:
                    journal.keep((entry_of_draft(them, self._clock, draft),))
                elif draft.stream.kind in NOTE_KINDS:
                    journal.drop_draft(draft.line)
            return journal, tuple(kept for kept in journal.waiting() if kept.state is KeptState.QUEUED)
        except Exception:
            journal.close()
            raise

    def _append(self, kept: Sequence[Kept], who: Identity, worker: str) -> tuple[Receipt, ...]:
        receipts: list[Receipt] = []
        for start in range(0, len(kept), BATCH):
            batch = [on_behalf(one.entry, who, worker) for one in kept[start : start + BATCH]]
            receipts += self._store.append(who, batch)
        return tuple(receipts)


def _settle(journal: Journal, worker: str, receipts: Sequence[Receipt]) -> Delivered:
    """Write into their journal what is shared now, and let go of it."""
    done = [receipt for receipt in receipts if receipt.verdict in _DONE]
    reasons = [receipt.reason or receipt.verdict.value for receipt in receipts if receipt.verdict not in _DONE]
    try:
        journal.mark([_mark(receipt) for receipt in done])
    finally:
        journal.close()
    return Delivered(worker, len(done), len(receipts) - len(done), tuple(dict.fromkeys(reasons)))


def on_behalf(entry: Entry, deliverer: Identity, worker: str) -> Entry:
    """Return a worker's entry as its deliverer writes it: same id, same words."""
    return replace(
        entry,
        author=deliverer.worker,
        role=deliverer.role,
        station=deliverer.station,
        on_behalf_of=entry.on_behalf_of or worker,
    )


def _mark(receipt: Receipt) -> Mark:
    return Mark(receipt.id, KeptState.SHARED, receipt.seq, receipt.digest)
