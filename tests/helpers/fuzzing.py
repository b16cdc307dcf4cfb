"""Damaged streams of both switchboards, and what must hold of every one (telephony.md 5).

A stream is read as a console reads it; where the link is lost, the lists of the switchboard at the place where it
comes back are read first.  :func:`faults` names each invariant that does not hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any, Protocol

from console.domain.call_events import CallBegan, CallEnded, CallEvent, LinkChanged, LinkState
from console.domain.call_reducer import CallBook
from console.domain.call_report import call_report, event_report
from console.domain.calls import Call, CallState, Hold, Unmarked
from telephony_adapters.asterisk_ami import desk as ami_desk
from telephony_adapters.asterisk_ami import mapping as ami_mapping
from telephony_adapters.asterisk_ami import snapshot as ami_snapshot
from telephony_adapters.freeswitch_esl import desk as esl_desk
from telephony_adapters.freeswitch_esl import mapping as esl_mapping
from telephony_adapters.freeswitch_esl import snapshot as esl_snapshot
from tests.helpers import ami_streams, esl_streams
from tests.helpers.ami_streams import NOW
from tests.helpers.recordings import SWITCHBOARD, Recording
from tests.helpers.stream_damage import Mutant, mutant_of

WITHHELD = "2079460140"
"""The number of every recording in which one is withheld."""
OUTSIDE = "outside"


class Reader(Protocol):
    """What both mappers do."""

    board: Any

    def feed(self, message: Any, arrived: datetime) -> list[CallEvent]:
        """Return the facts of a message."""

    def finish(self, at: datetime) -> list[CallEvent]:
        """Return the ends of what is still open."""


@dataclass(frozen=True, slots=True)
class Bench:
    """How the recordings of one kind of switchboard are read."""

    streams: tuple[Recording, ...]
    messages: Callable[[Any], tuple[Any, ...]]
    reader: Callable[..., Any]
    """A new mapper.  A number whose presentation nobody tells stays hidden, as a console is set up to, unless told."""
    there: Callable[[Any, Any], bool]
    """Whether a board has a leg of a visit that the switchboard has not said is gone."""
    lists: Callable[[Any, int], Any]
    """What the switchboard would list before a place of the stream."""
    moments: Callable[[Any], list[tuple[int, Any]]]
    """The places at which a burst of messages has ended, and what would be listed then."""
    learn: Callable[[Any, Any], list[CallEvent]]
    """What a mapper learns from lists."""
    lists_all: bool
    """Whether those tell holds and callers too.  Asterisk's do not, and a console asks it about each caller."""


def _ami_reader(unmarked: Unmarked = Unmarked.HIDE) -> ami_mapping.Mapper:
    return ami_mapping.Mapper(ami_desk.Reading(unmarked=unmarked))


def _ami_moments(recording: Recording) -> list[tuple[int, Any]]:
    return [(place, ami_streams.lists_after(recording, place)) for place in ami_streams.quiet_points(recording)]


def _ami_learn(mapper: Any, lists: Any) -> list[CallEvent]:
    return ami_snapshot.take_snapshot(mapper, lists, NOW)


def _esl_reader(unmarked: Unmarked = Unmarked.HIDE) -> esl_mapping.Mapper:
    return esl_mapping.Mapper(esl_desk.Reading(unmarked=unmarked))


def _esl_learn(mapper: Any, lists: Any) -> list[CallEvent]:
    return esl_snapshot.take_snapshot(mapper, lists, NOW)


def _esl_there(board: Any, visit: Any) -> bool:
    # One that has hung up is still listed, until it is destroyed.
    return any(board.owner.get(leg.uid) is visit for leg in board.channels.values())


def _ami_there(board: Any, visit: Any) -> bool:
    return any(board.members(visit))


AMI = Bench(
    tuple(ami_streams.STREAMS), ami_streams.messages_of, _ami_reader, _ami_there,
    ami_streams.lists_after, _ami_moments, _ami_learn, lists_all=False,
)  # fmt: skip
ESL = Bench(
    tuple(esl_streams.STREAMS), esl_streams.subscribed, _esl_reader, _esl_there,
    esl_streams.listed_after, esl_streams.quiet_points, _esl_learn, lists_all=True,
)  # fmt: skip
BENCHES = {str(recording): bench for bench in (AMI, ESL) for recording in bench.streams}
STREAMS: dict[str, Recording] = {str(recording): recording for bench in (AMI, ESL) for recording in bench.streams}


def folded(facts: Iterable[CallEvent]) -> CallBook:
    """Return the book after ``facts``."""
    book = CallBook(SWITCHBOARD)
    for fact in facts:
        book.apply(fact, NOW)
    return book


@dataclass(slots=True)
class Played:
    """A stream that was read: its facts, the book before and after the ends of what was still open."""

    facts: list[CallEvent] = field(default_factory=list)
    book: CallBook = field(default_factory=lambda: CallBook(SWITCHBOARD))
    oddities: list[str] = field(default_factory=list)
    twice_unnoticed: list[str] = field(default_factory=list)
    """Telephones that were in two calls at once, neither held, and nothing odd was noted."""
    outlived: list[Call] = field(default_factory=list)
    """Calls that were live when the switchboard knew no leg of them any more."""

    def hear(self, facts: Iterable[CallEvent]) -> None:
        """Fold what one message told."""
        for fact in facts:
            self.facts.append(fact)
            self.book.apply(fact, NOW)
        self.oddities += [odd.what for odd in self.book.take_oddities()]


def play(name: str, mutant: Mutant) -> Played:
    """Read a damaged stream to its end."""
    bench, recording = BENCHES[name], STREAMS[name]
    steps = mutant.steps(bench.messages(recording))
    played, reader = Played(), bench.reader()
    lost, back = _places(mutant, len(steps))
    for index, (place, message) in enumerate(steps):
        if index == back:
            _returned(bench, recording, played, reader, place)
        if not lost <= index < back:
            played.hear(reader.feed(message, NOW))
            _look(played)
    if lost < len(steps) <= back:
        _returned(bench, recording, played, reader, len(bench.messages(recording)))
    played.outlived = _outlived(bench, played.book, reader)
    played.hear(reader.finish(NOW))
    return played


def _places(mutant: Mutant, length: int) -> tuple[int, int]:
    if mutant.lost is None or mutant.back is None:
        return length, length
    return int(mutant.lost * length), int(mutant.back * (length + 1))


def _returned(bench: Bench, recording: Recording, played: Played, reader: Any, place: int) -> None:
    played.hear([LinkChanged(NOW, LinkState.LOST), LinkChanged(NOW, LinkState.CONNECTED)])
    if hasattr(reader, "disconnected"):
        reader.disconnected()
    played.hear(bench.learn(reader, bench.lists(recording, place)))


def _look(played: Played) -> None:
    unheld = [call for call in played.book.calls() if call.live and call.hold is Hold.NO]
    if len(unheld) > 1:
        for one, two in combinations(unheld, 2):
            both = (one.talking & two.talking) - {OUTSIDE}
            if both and not any("two calls" in odd for odd in played.oddities):
                played.twice_unnoticed += sorted(both)


def _outlived(bench: Bench, book: CallBook, reader: Reader) -> list[Call]:
    board = reader.board
    alive = {visit.key for visit in board.visits() if not visit.ended and bench.there(board, visit)}
    return [call for call in book.calls() if call.live and not (book.provider_ids(call.id) & alive)]


# --- the invariants -----------------------------------------------------------------------------


def _one_end(played: Played, mutant: Mutant, name: str) -> bool:
    ends = [played.book.find(fact.call) for fact in played.facts if isinstance(fact, CallEnded)]
    over = all(
        call.state is CallState.ENDED and call.outcome is not None and not call.talking | call.alerting
        for call in played.book.calls()
    )
    return over and len(ends) == len(set(ends))


def _one_call_each(played: Played, mutant: Mutant, name: str) -> bool:
    begun = {played.book.find(fact.call) for fact in played.facts if isinstance(fact, CallBegan)}
    return {call.id for call in played.book.calls()} == begun


def _none_invented(played: Played, mutant: Mutant, name: str) -> bool:
    """Where messages were dropped nobody can tell that a colleague asked for advice was not rung for its own sake."""
    return mutant.drops_something or len(played.book.calls()) <= STREAMS[name].truth()["calls"]


def _no_outliving(played: Played, mutant: Mutant, name: str) -> bool:
    return not played.outlived


def _one_place(played: Played, mutant: Mutant, name: str) -> bool:
    twice = [odd for odd in played.oddities if "two calls" in odd]
    return not played.twice_unnoticed and not (twice and mutant.loses_nothing)


def _withheld(played: Played, mutant: Mutant, name: str) -> bool:
    if "withheld" not in name:
        return True
    told = [json.dumps(event_report(fact)) for fact in played.facts]
    told += [json.dumps(call_report(call)) for call in played.book.calls()]
    return WITHHELD not in "".join([*told, repr(played.facts), repr(played.book.calls())])


def _told_twice(played: Played, mutant: Mutant, name: str) -> bool:
    return folded([*played.facts, *played.facts]).calls() == played.book.calls()


INVARIANTS: dict[str, Callable[[Played, Mutant, str], bool]] = {
    "every call ends in exactly one final state": _one_end,
    "no caller is lost or doubled": _one_call_each,
    "no call is told that never was (unless single messages are lost)": _none_invented,
    "no call lives after all its legs are gone": _no_outliving,
    "one telephone is never in two calls unless one is held": _one_place,
    "a withheld number is in no output": _withheld,
    "facts told twice change nothing": _told_twice,
}
RAISED = "nothing raises"
SNAPSHOT = "a snapshot equals the state that the stream came to (except hold)"
STREAM_TWICE = "a stream told twice is told once"


def faults(name: str, mutant: Mutant) -> Iterator[str]:
    """Yield every invariant that does not hold of a mutant."""
    try:
        played = play(name, mutant)
    except Exception as error:
        yield f"{RAISED} ({type(error).__name__}: {error})"
        return
    for invariant, holds in INVARIANTS.items():
        if not holds(played, mutant, name):
            yield invariant


def stream_told_twice(name: str) -> bool:
    """Say whether a whole recording, told a second time from its beginning, changes nothing."""
    bench, recording = BENCHES[name], STREAMS[name]
    once, twice = bench.reader(), bench.reader()
    messages = bench.messages(recording)
    first = [fact for message in messages for fact in once.feed(message, NOW)] + once.finish(NOW)
    second = [fact for message in (*messages, *messages) for fact in twice.feed(message, NOW)] + twice.finish(NOW)
    return [call_report(c) for c in folded(first).calls()] == [call_report(c) for c in folded(second).calls()]


def snapshots(name: str) -> Iterator[tuple[int, bool]]:
    """Yield every moment of a recording at which nothing happens, and whether a snapshot there is right."""
    bench, recording = BENCHES[name], STREAMS[name]
    for place, lists in bench.moments(recording):
        there, late = bench.reader(), bench.reader()
        told = [fact for message in bench.messages(recording)[:place] for fact in there.feed(message, NOW)]
        yield place, _going_on(bench, folded(bench.learn(late, lists))) == _going_on(bench, folded(told))


def _going_on(bench: Bench, book: CallBook) -> set[tuple[object, ...]]:
    return {_seen(call, whole=bench.lists_all) for call in book.calls() if call.live}


def _seen(call: Call, *, whole: bool) -> tuple[object, ...]:
    state = CallState.CONNECTED if call.hold is Hold.YES and not whole else call.state
    more = (call.hold, call.caller) if whole else ()
    return (call.id, call.direction, state, call.talking, call.alerting, call.dialled, *more)


def faults_of_seed(name: str, seed: int) -> list[str]:
    """Return what does not hold of the mutant of a seed."""
    return list(faults(name, mutant_of(name, seed)))
