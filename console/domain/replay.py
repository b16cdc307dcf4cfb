"""Replay: what each worker could see at 02:47 (peers.md 7.24).  Reviews turn on what was knowable then.

Pure: from the entries of one incident and the access log to the three panes as one console could have shown them.
What is not recorded is said and never guessed (:attr:`View.unknown`, decision 0031).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from console.domain.act_words import act_words
from console.domain.call_lines import Whose, call_lines, whose_telephone
from console.domain.contacts import ContactState, fold_contact
from console.domain.help_requests import HelpRequest, fold_help
from console.domain.incidents import IncidentState, fold_incident
from console.domain.items import Item, item_of_stored
from console.domain.record import Cursor, Envelope, Stored, StreamKind
from console.domain.replay_material import Looked, Material
from console.domain.replay_reach import OPENINGS, SIGN_INS, Worker, names_of, reached, was_signed_in, workers_of
from console.domain.replay_receipts import LineSeen, Marks, SignalSeen
from console.domain.signals import fold_signals
from console.domain.timeline import TimelineLine, in_order, timeline

LATE = timedelta(minutes=1)
"""An own entry shared later than this after it was made was kept on that computer, or its clock stood wrong."""
NO_CUTS = (
    "Shared means that it was in the record and this worker's console could have it. Whether that console was cut off "
    "just then is not recorded."
)
NO_SEEN_TIMES = (
    "When a line was delivered or looked at is not recorded, only how far each worker had seen in the end; an answer "
    "proves more."
)
NO_MARKERS = (
    "Which markers stood in an opened record is not kept: they come with each import. Recorded is who opened it, when."
)
NOT_SIGNED_IN = "{name} was not signed in at this moment: nothing stood on a screen of theirs."
NO_SIGN_IN = "No sign-in of {name} is in this record for that night; whether they sat at a console is not known."
WITHHELD = "The words of {count} of these entries may not be read here, or were erased. They are counted, not shown."
CLOCK = (
    "Entries of {name} were shared more than a minute after their own clock says they were made: kept on that computer "
    "while the record was away, or a clock that stood wrong."
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A person's record that this worker had opened, or been refused, by then; ``name`` as a contact showed it."""

    look: Looked
    name: str


@dataclass(frozen=True, slots=True)
class View:
    """What one worker could see at one moment.

    ``signed_in`` is None where the record does not tell.  ``unread`` counts entries that were shared by then without
    their words reaching this worker, ``withheld`` those whose words the reader of the replay may not have, and
    ``kept`` this worker's own that were on their computer alone.  ``newest`` is the last entry shared by then.
    """

    moment: datetime
    worker: Worker
    signed_in: bool | None
    lines: tuple[TimelineLine, ...] = ()
    incident: IncidentState | None = None
    contacts: tuple[ContactState, ...] = ()
    helps: tuple[HelpRequest, ...] = ()
    signals: tuple[SignalSeen, ...] = ()
    said: tuple[LineSeen, ...] = ()
    opened: tuple[Opened, ...] = ()
    shown: frozenset[UUID] = frozenset()
    unread: int = 0
    withheld: int = 0
    kept: int = 0
    newest: Cursor | None = None
    unknown: tuple[str, ...] = ()


class _Received(TypedDict):
    signals: tuple[SignalSeen, ...]
    said: tuple[LineSeen, ...]


class Replay:
    """One incident, ready to be seen again; nothing in it changes."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.workers = workers_of(material.entries)
        self.names = {**names_of(material.entries), **{one.key: one.name for one in self.workers}}
        """What workers are called, by key, those who only read among them."""
        self.entries = tuple(one for one in material.entries if _counts(one.envelope))
        self.moments = tuple(sorted({one.envelope.stored_at for one in self.entries}))
        """When something was shared, oldest first: the steps from entry to entry."""
        self.whose = whose_telephone(material.entries)

    def worker(self, key: str) -> Worker | None:
        """Return somebody who was there."""
        return next((one for one in self.workers if one.key == key), None)

    def happened_at(self, moment: datetime) -> str:
        """Return what was shared at the last step up to ``moment``, in a few words: ``Call answered``."""
        last = next((one for one in reversed(self.moments) if one <= moment), None)
        kinds = (act_words(one.envelope.written[1]) for one in self.entries if one.envelope.stored_at == last)
        return "; ".join(dict.fromkeys(kinds))

    def view_at(self, worker: Worker, moment: datetime) -> View:
        """Return what ``worker`` could see at ``moment``."""
        signed_in = was_signed_in(self.material.entries, worker.key, moment)
        newest = self._newest(moment)
        if signed_in is False:
            said = NOT_SIGNED_IN.format(name=worker.name)
            return View(moment, worker, signed_in, newest=newest, unknown=(said,))
        had = reached(self.material, worker, moment)
        items = [*self._shared(had.read, had.unread), *self._kept(worker, moment)]
        made = _folded(View(moment, worker, signed_in, newest=newest), items, self.whose)
        mine = {one.envelope.id for one in self.entries}
        made = replace(
            made,
            **self._received(worker, items),
            opened=self._opened(worker, moment),
            shown=had.read & mine,
            unread=len(had.unread & mine),
            withheld=sum(one.body is None and one.envelope.id in had.read for one in self.entries),
            kept=sum(item.seq == 0 for item in items),
        )
        return replace(made, unknown=self._unknown(made))

    def _newest(self, moment: datetime) -> Cursor | None:
        shared = [one.envelope for one in self.entries if one.envelope.stored_at <= moment]
        return Cursor(shared[-1].seq, shared[-1].digest) if shared else None

    def _shared(self, read: frozenset[UUID], unread: frozenset[UUID]) -> Iterable[Item]:
        for one in self.material.entries:
            if one.envelope.id in read:
                yield item_of_stored(one)
            elif one.envelope.id in unread:
                yield item_of_stored(Stored(one.envelope, None))

    def _kept(self, worker: Worker, moment: datetime) -> Iterable[Item]:
        """Yield this worker's own entries that only their computer had: made by then, shared later."""
        for one in self.entries:
            if one.envelope.writer == worker.key and one.envelope.made_at <= moment < one.envelope.stored_at:
                yield replace(item_of_stored(one), seq=0, stored_at=None)

    def _received(self, worker: Worker, items: Iterable[Item]) -> _Received:
        listed = [item for item in items if item.stream.kind is StreamKind.SIGNALS]
        where = {item.id: item.stream for item in listed}
        marks = Marks(worker, self.names, {(one.worker, one.stream): one.seq for one in self.material.seen})
        state = fold_signals(listed)
        return {
            "signals": tuple(marks.signal(one, where[one.entry]) for one in state.signals),
            "said": tuple(marks.line(one) for one in state.messages),
        }

    def _opened(self, worker: Worker, moment: datetime) -> tuple[Opened, ...]:
        subjects = [one for state in self._contacts() for one in state.subjects]
        names = {one.person: one.name for one in subjects if one.name}
        looks = (one for one in self.material.looks if one.worker == worker.key and one.at <= moment)
        return tuple(
            Opened(one, names.get(one.person, "somebody in this incident"))
            for one in looks
            if one.person is not None and one.action in OPENINGS | {"refused"}
        )

    def _contacts(self) -> tuple[ContactState, ...]:
        return (
            _folded(
                View(self.moments[-1], Worker("", "", None), None),
                [item_of_stored(one) for one in self.entries],
                self.whose,
            ).contacts
            if self.moments
            else ()
        )

    def _unknown(self, view: View) -> tuple[str, ...]:
        name = view.worker.name
        late = any(
            one.envelope.writer == view.worker.key and one.envelope.stored_at - one.envelope.made_at > LATE
            for one in self.entries
        )
        told = (
            (view.signed_in is None, NO_SIGN_IN.format(name=name)),
            (view.withheld > 0, WITHHELD.format(count=view.withheld)),
            (late, CLOCK.format(name=name)),
            (bool(view.opened), NO_MARKERS),
            (True, NO_CUTS),
            (True, NO_SEEN_TIMES),
        )
        return tuple(words for holds, words in told if holds)


def _counts(at: Envelope) -> bool:
    """Say whether an entry is a step of the incident: not a sign-in, and not what was learned of a person before."""
    return at.kind not in SIGN_INS and at.stream.kind is not StreamKind.PERSON


def _folded(view: View, items: Iterable[Item], whose: Whose) -> View:
    streams: dict[StreamKind, dict[UUID, list[Item]]] = {}
    for item in items:
        streams.setdefault(item.stream.kind, {}).setdefault(item.stream.id, []).append(item)
    incident = next((fold_incident(one) for one in streams.get(StreamKind.INCIDENT, {}).values()), None)
    contacts = [fold_contact(one) for one in streams.get(StreamKind.CONTACT, {}).values()]
    helps = [fold_help(one) for one in streams.get(StreamKind.HELP, {}).values()]
    signals = fold_signals([item for one in streams.get(StreamKind.SIGNALS, {}).values() for item in one])
    calls = (line for one in streams.get(StreamKind.CALL, {}).values() for line in call_lines(one, whose))
    known = tuple(one for one in contacts if one is not None)
    asked = tuple(one for one in helps if one is not None and one.drafted_at is not None)
    return replace(
        view,
        incident=incident,
        contacts=known,
        helps=asked,
        lines=in_order((*timeline(incident, known, signals, asked), *calls)),
    )
