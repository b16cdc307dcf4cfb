"""Two people, one call: from a key on one desk to the pixels on the other, and how soon the whole picture is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from console.domain.ids import new_id
from console.domain.incidents import IncidentRole
from console.domain.record import Entry, Identity, Kind, Role, StreamKind, StreamRef, encode_body
from console.machine.clock import SystemClock
from ui.bench.ground import Ground, empty_ground
from ui.bench.processes import Child
from ui.bench.record import entries
from ui.bench.settings import Bench
from ui.bench.table import Aim, Figures, Row, figures, number
from ui.bench.typing import WORDS, desk_of

HANDLER = Identity("priya.raman", "Priya Raman", Role.SERVICE_ADVISER, "bench")
SECOND = Identity("tom.adeyemi", "Tom Adeyemi", Role.ASSISTANT_TEAM_MANAGER, "bench")
BOTH = 2
"""Handler and second worker: they are present too."""
_AIM = Aim(100, times=3)


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that goes from one desk to the other: ``spot`` is where it must be painted."""

    key: str
    what: str
    spot: str
    from_handler: bool


WAYS = (
    Way("signal_painted", "silent signal to the partner's screen", "signals", from_handler=True),
    Way("line_painted", "one line to the handler's edge", "line", from_handler=False),
    Way("fact_painted", "where they are to the handler's screen", "where", from_handler=False),
    Way("request_painted", "request for help to the partner's screen", "requests", from_handler=True),
)


def measure(bench: Bench) -> list[Row]:
    """Return a row for each way, for a crowd, and for joining."""
    count = bench.sizes.notes
    with empty_ground(bench, "pair") as ground:
        bench.say(f"signals, lines, facts and requests between two desks, {count} of each")
        least = figures(ground.heard([WORDS] * count))
        beside = _beside(ground, count, BOTH, least)
        with _pair(bench, ground, "pair") as (one, two):
            rows = [_row(way.key, way.what, _each(way, one, two, count), beside) for way in WAYS]
        bench.say(f"notes with {bench.sizes.present} present on one incident")
        rows.append(_crowded(bench, ground, beside, least))
        bench.say(f"joining an incident of {bench.sizes.whole} entries, {bench.sizes.joins} times")
        joined = [_join(bench, ground, at) for at in range(bench.sizes.joins)]
    what = f"joining to the whole picture painted, an incident of {bench.sizes.whole} entries"
    rows.append(_row("join_painted", what, joined, beside, Aim(1000)))
    return rows


@dataclass(frozen=True, slots=True)
class _Beside:
    """The limit of a row: the same thing shared bare; ``note`` says what the barest commit comes to."""

    words: str
    limit: Figures
    note: str


def _beside(ground: Ground, count: int, consoles: int, least: Figures) -> _Beside:
    """Measure the limit: a note written as the record keeps it, heard and read by so many."""
    shared = figures(ground.shared(entries(count), consoles))
    note = f"{ground.words.heard}: {number(least.p50)} and {number(least.p99)}"
    return _Beside(ground.words.shared.format(consoles=consoles), shared, note)


def _row(key: str, what: str, taken: list[float], beside: _Beside, aim: Aim = _AIM) -> Row:
    return Row(key, what, "ms", figures(taken), beside.words, beside.limit, aim, note=beside.note)


def _crowded(bench: Bench, ground: Ground, beside: _Beside, least: Figures) -> Row:
    """Let many be present; where the store serves a team they all listen and read, here and in the limit."""
    present, count = bench.sizes.present, bench.sizes.notes
    with _pair(bench, ground, "crowd", present - BOTH) as (one, two), ground.crowd(present - BOTH) as listening:
        notes = [_note(one, two, at) for at in range(count)]
    if listening:
        beside = _beside(ground, count, BOTH + listening, least)
    return _row("present_painted", f"note to the partner's screen, {present} present on one incident", notes, beside)


@contextmanager
def _pair(bench: Bench, ground: Ground, name: str, others: int = 0) -> Iterator[tuple[Child, Child]]:
    """Give two desks in one incident, with so many others present; it is stood down at the end."""
    with _seated(bench, ground, name) as (one, two):
        _, incident = _asked(one)
        if others:
            _write(ground, [_present(incident, at) for at in range(others)])
        two.tell({"do": "join"})
        two.hear("joined")
        # What comes with joining is behind both before anything is timed.
        time.sleep(1.5)
        yield one, two
        _end(ground, incident)


@contextmanager
def _seated(bench: Bench, ground: Ground, name: str) -> Iterator[tuple[Child, Child]]:
    folder = bench.folder / "pair" / name
    handler = ground.wish(HANDLER.name, HANDLER.role) | desk_of(folder, "handler", "1001")
    second = ground.wish(SECOND.name, SECOND.role) | desk_of(folder, "coordinator", "1002")
    with Child("console", handler) as one, Child("console", second) as two:
        one.hear("seated")
        two.hear("seated")
        yield one, two


def _asked(handler: Child) -> tuple[UUID, UUID]:
    """Let the handler begin a record and ask for a second; return the record and the incident it will be."""
    handler.tell({"do": "pair"})
    said = handler.hear("asked")
    return UUID(said["contact"]), UUID(said["incident"])


def _each(way: Way, handler: Child, second: Child, count: int) -> list[float]:
    teller, watcher = (handler, second) if way.from_handler else (second, handler)
    return [_one(way, teller, watcher, at) for at in range(count)]


def _one(way: Way, teller: Child, watcher: Child, at: int) -> float:
    text = f"number {at:03} of {way.spot}"
    watcher.tell({"do": "await", "spot": way.spot, "text": text})
    watcher.hear("awaiting")
    teller.tell({"do": "tell", "spot": way.spot, "text": text})
    pressed = teller.hear("told")["at"]
    painted = watcher.hear("painted")["at"]
    _out_of_step(at)
    return float(painted - pressed) / 1e6


def _note(handler: Child, second: Child, at: int) -> float:
    text = f"number {at:03} of the note"
    second.tell({"do": "await note", "text": text})
    second.hear("awaiting")
    handler.tell({"do": "type", "text": text})
    due = handler.hear("typed")["due"]
    painted = second.hear("note")["at"]
    handler.tell({"do": "end line"})
    _out_of_step(at)
    return float(painted - due) / 1e6


def _join(bench: Bench, ground: Ground, at: int) -> float:
    """Let a second worker join a record with a long note; return how long until all of it was painted, in ms."""
    with _seated(bench, ground, f"join-{at}") as (one, two):
        contact, incident = _asked(one)
        lines = [_line(contact, number) for number in range(bench.sizes.whole)]
        _write(ground, lines)
        time.sleep(1.5)
        two.tell({"do": "await picture", "text": f"line {bench.sizes.whole - 1:04}", "lines": bench.sizes.whole})
        two.hear("awaiting")
        two.tell({"do": "join now"})
        pressed = two.hear("pressed")["at"]
        painted = two.hear("picture")["at"]
        _end(ground, incident)
        return float(painted - pressed) / 1e6


def _out_of_step(at: int) -> None:
    """Wait so that nothing is in step with anything of ours that beats."""
    time.sleep(0.05 + (at * 37 % 100) / 1000)


def _write(ground: Ground, entries: list[Entry]) -> None:
    with ground.record(HANDLER.name, HANDLER.role) as store:
        for first in range(0, len(entries), 50):
            store.append(HANDLER, entries[first : first + 50])


def _line(contact: UUID, number: int) -> Entry:
    now = SystemClock().now()
    text = f"line {number:04}: she says she is by the bus stop"
    body = {"line": str(new_id(now)), "text": text, "begun": str(now)}
    return _entry(Kind.CONTACT_NOTE, StreamRef(StreamKind.CONTACT, contact), body)


def _present(incident: UUID, number: int) -> Entry:
    role = IncidentRole.OBSERVER.value
    body = {"worker": f"worker.{number}", "name": f"Worker {number}", "role": role}
    return _entry(Kind.INCIDENT_JOINED, StreamRef(StreamKind.INCIDENT, incident), body, f"role:{role}")


def _end(ground: Ground, incident: UUID) -> None:
    """Stand the incident down, so that both are free for the next."""
    stream = StreamRef(StreamKind.INCIDENT, incident)
    _write(ground, [_entry(Kind.INCIDENT_STOOD_DOWN, stream, {"reason": "measured"})])


def _entry(kind: Kind, stream: StreamRef, body: dict[str, str], slot: str = "") -> Entry:
    now = SystemClock().now()
    who = HANDLER
    return Entry(new_id(now), stream, kind, who.worker, who.role, who.station, now, encode_body(body), slot)
