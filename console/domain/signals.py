"""Silent signals, summons and one-line messages between two workers (domain.md 4.5).

They live in a stream beside the incident (or the contact, before there is an incident), which
every shift role reads, because a call for a second worker is for the whole room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.incidents import IncidentState, rank_of
from console.domain.items import Item
from console.domain.notes import NoteLine, newest_texts
from console.domain.people import Rank
from console.domain.reading import identity, text
from console.domain.record import Kind, StreamRef
from console.domain.signal_set import SHIPPED, WORDS_CAP, Lasts, Reach, SignalKind, words_of
from console.domain.text import safe_line
from console.domain.words import clock_words

__all__ = [
    "Signal",
    "SignalAnswer",
    "SignalKind",
    "SignalsState",
    "Summons",
    "answer_lines",
    "fold_signals",
    "for_seats_now",
]


@dataclass(frozen=True, slots=True)
class SignalAnswer:
    """One answer to a signal, in a few words; two may answer at the same moment, and both stand."""

    words: str
    by: str
    at: datetime
    entry: UUID
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal, with every answer to it in the record's order.

    ``kind`` is its key, which need not be one of ours: a newer console, or another council's, sends its words with
    it (``said``), and whom it is for.  ``to`` is the partner at that moment; empty where there was none.
    While it waits it goes with the seat (:func:`for_seats_now`).
    """

    entry: UUID
    kind: str
    at: datetime
    by: str
    to: str
    seq: int
    answers: tuple[SignalAnswer, ...] = ()
    said: str = ""
    reach: Reach = Reach.PARTNER
    standing: bool = True
    stream: StreamRef | None = None

    @property
    def words(self) -> str:
        """Return the signal in words, as it was sent."""
        return words_of(self.kind, self.said)

    @property
    def waits(self) -> bool:
        """Say whether it still wants an answer."""
        return self.standing and not self.answers

    @property
    def answered(self) -> str:
        """Return the words of the newest answer; empty until there is one."""
        return self.answers[-1].words if self.answers else ""

    def answer_of(self, worker: str) -> SignalAnswer | None:
        """Return the newest answer that a worker gave."""
        return next((one for one in reversed(self.answers) if one.by == worker), None)

    def is_for(self, worker: str, *, manager: bool) -> bool:
        """Say whether ``worker`` is one of those who are to see it."""
        if worker == self.by:
            return False
        if self.reach is Reach.EVERYBODY or self.to in ("", worker):
            return True
        return manager and self.reach is Reach.MANAGERS


@dataclass(frozen=True, slots=True)
class Summons:
    """One call for a second worker; ``line`` is authority and service in words."""

    entry: UUID
    contact: UUID | None
    call: UUID | None
    line: str
    type: str
    rank: Rank
    asked_by: str
    asker_name: str
    asked_at: datetime
    seq: int
    accepted_by: str = ""
    accepter_name: str = ""
    accepted_at: datetime | None = None
    incident: UUID | None = None
    withdrawn: bool = False
    wanted: str = ""
    """Whom a manager named as the second worker, by key; empty: whoever can come."""
    wanted_name: str = ""
    named_by: str = ""
    """The name of the manager who did."""

    @property
    def open(self) -> bool:
        """Say whether nobody has taken it yet."""
        return not self.accepted_by and not self.withdrawn

    def waited(self, now: datetime) -> timedelta:
        """Return how long it has waited, or took to be accepted."""
        return (self.accepted_at or now) - self.asked_at

    def unanswered(self, now: datetime, after: timedelta) -> bool:
        """Say whether nobody has taken it for as long as ``after``."""
        return self.open and self.waited(now) >= after


@dataclass(frozen=True, slots=True)
class SignalsState:
    """Everything the signal streams of one incident (and its contacts) say, first shared first."""

    summons: tuple[Summons, ...] = ()
    signals: tuple[Signal, ...] = ()
    messages: tuple[NoteLine, ...] = ()

    @property
    def open_summons(self) -> Summons | None:
        """Return the newest call for a second worker that nobody has taken."""
        return next((one for one in reversed(self.summons) if one.open), None)


def fold_signals(items: Iterable[Item]) -> SignalsState:
    """Return what the items of one or several signal streams say, in the order the record took them in.

    Kept ones come last.  ``made_at`` is one console's clock, which may stand seconds behind another's:
    it is shown, and orders nothing.
    """
    listed = sorted(items, key=lambda item: (item.seq == 0, item.seq))
    summons: dict[UUID, Summons] = {}
    signals: dict[UUID, Signal] = {}
    for item in listed:
        if not item.readable:
            continue
        if item.kind is Kind.SUMMONS_SENT:
            summons[item.id] = _summons(item)
        elif item.kind is Kind.SUMMONS_ACCEPTED:
            _accept(summons, item)
        elif item.kind is Kind.SIGNAL_SENT and (made := _signal(item)) is not None:
            signals[item.id] = made
        elif item.kind is Kind.SIGNAL_ANSWERED:
            _answer(summons, signals, item)
    messages = newest_texts(listed, frozenset({Kind.MESSAGE_SENT}))
    return SignalsState(tuple(summons.values()), tuple(signals.values()), messages)


def answer_lines(signal: Signal, name_of: Callable[[str], str]) -> tuple[str, ...]:
    """Return the answers in words, the newest first; where there are several, each with who gave it and when."""
    if len(signal.answers) == 1:
        return (signal.answered,)
    return tuple(f"{one.words} ({name_of(one.by)} {clock_words(one.at)})" for one in reversed(signal.answers))


def for_seats_now(signal: Signal, incident: IncidentState | None) -> Signal:
    """Return a signal that waits as one to whoever has the other seat now: seats change hands while it waits.

    To both of them where the sender has no seat any more; as it was sent where nobody has the other seat.
    """
    if incident is None or not (incident.live and signal.waits and signal.to):
        return signal
    others = incident.beside(signal.by)
    if not others or signal.to in others:
        return signal
    return replace(signal, to=others[0] if len(others) == 1 else "")


def _summons(item: Item) -> Summons:
    body = item.content
    asked_by = text(body, "asked_by") or item.author
    return Summons(
        item.id,
        identity(body, "contact"),
        identity(body, "call"),
        text(body, "line"),
        text(body, "type"),
        rank_of(text(body, "rank"), Rank.NOW),
        asked_by,
        text(body, "name") or asked_by,
        item.made_at,
        item.seq,
        wanted=text(body, "for"),
        wanted_name=text(body, "for_name") or text(body, "for"),
        named_by=text(body, "by_name"),
    )


def _accept(summons: dict[UUID, Summons], item: Item) -> None:
    try:
        of = UUID(item.slot.removeprefix("summons:"))
    except ValueError:
        return
    asked = summons.get(of)
    # The first one stands: a second acceptance is refused by the store, or is an echo of it.
    if asked is None or asked.accepted_by:
        return
    worker = text(item.content, "worker") or item.author
    summons[of] = replace(
        asked,
        accepted_by=worker,
        accepter_name=text(item.content, "name") or worker,
        accepted_at=item.made_at,
        incident=identity(item.content, "incident"),
    )


def _signal(item: Item) -> Signal | None:
    body = item.content
    key = safe_line(text(body, "signal"))
    if not key:
        return None
    spec = SHIPPED.find(key)
    reach, lasts = text(body, "reach"), text(body, "lasts")
    return Signal(
        item.id,
        key,
        item.made_at,
        item.author,
        text(body, "to"),
        item.seq,
        said=safe_line(text(body, "words"), WORDS_CAP),
        reach=Reach(reach) if reach in list(Reach) else spec.to if spec is not None else Reach.PARTNER,
        standing=lasts != Lasts.MOMENTARY if lasts or spec is None else spec.standing,
        stream=item.stream,
    )


def _answer(summons: dict[UUID, Summons], signals: dict[UUID, Signal], item: Item) -> None:
    of = identity(item.content, "of")
    if of is None:
        return
    if of in summons:
        summons[of] = replace(summons[of], withdrawn=True)
    elif of in signals:
        said = text(item.content, "text") or "seen"
        made = SignalAnswer(said, item.author, item.made_at, item.id, item.seq)
        signals[of] = replace(signals[of], answers=(*signals[of].answers, made))
