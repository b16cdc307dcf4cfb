"""The database held by another process in mid-call: the worker goes on, and afterwards everything is shared once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tests.helpers.driven_console import DrivenConsole, Metronome, Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures"]

SAID_WITHIN = 5.0
LONGEST_STALL = 0.1
CLAIMS = frozenset({"shared", "seen"})
LINE = "line {number} he says the car park has a barrier and it is open"


@dataclass
class Looked:
    """What was seen while the database was held."""

    said_after: float = 0.0
    lies: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    gaps: list[tuple[float, float]] = field(default_factory=list)


def texts_of(office: Office) -> list[str]:
    """Return the newest text of each line, in the order of their first entries in the record."""
    newest: dict[str, str] = {}
    for _, _, body in office.bodies("contact.note"):
        newest[body["line"]] = body["text"]
    return list(newest.values())


def claims(console: DrivenConsole) -> dict[str, str]:
    """Return how far the screen says each line has come."""
    note = console.probe("note")
    return dict(zip(note["lines"], note["kept"], strict=True))


def away(rows: list[dict[str, Any]]) -> bool:
    """Say whether the status strip says that the database is away."""
    return any(row["row"] == "HealthRow" and row["text"].startswith("Database away") for row in rows)


def look_on(office: Office, console: DrivenConsole, seconds: float) -> Looked:
    """Watch a console while another process holds the database."""
    looked = Looked()
    with office.frozen():
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            if not looked.said_after and away(console.rows()):
                looked.said_after = time.monotonic() - began
            now = claims(console)
            # Asked after the screen: what it claims must be there for somebody else to read.
            there = set(texts_of(office))
            looked.lies += [line for line, state in now.items() if line and state in CLAIMS and line not in there]
            looked.kept |= {line for line, state in now.items() if state == "kept"}
            time.sleep(0.15)
        looked.gaps = console.probe("stalls")
    return looked


def freeze(office: Office, seconds: float) -> None:
    """Hold the database for so long in the middle of a call that two are working on."""
    control = office.telephones("script_a")
    priya, tom = office.priya(seated=False), office.tom(seated=False)
    priya.sign_in()
    tom.sign_in()
    control.jump(office.opens + timedelta(seconds=20))
    priya.until("calls", lambda one: one["alerting"])
    priya.press("answer")
    priya.until("note", lambda one: not one["read_only"])
    priya.press("need_second")
    tom.until("summons", bool)
    tom.press("take")
    priya.until("incidents", bool)
    before = [LINE.format(number=number) for number in range(3)]
    for line in before:
        priya.note(line)
    until(lambda: texts_of(office), lambda found: found == before, 10, "the first lines")
    during = [LINE.format(number=number) for number in range(3, 3 + int(seconds / 1.6))]
    with Metronome() as metronome:
        priya.probe("stalls")
        priya.press("note")
        priya.ask("type_slowly", text="\n".join(during) + "\n", every_ms=22)
        looked = look_on(office, priya, seconds)
    priya.until("typing_done", bool)
    priya.note("after it came back")
    check(looked, metronome, before, during)
    every = [*before, *during, "after it came back"]
    until(lambda: texts_of(office), lambda found: found == every, 30, "everything is shared, in order, once")
    until(lambda: priya.probe("link"), lambda one: one["link"] == "together" and one["waiting"] == 0, 15, "together")
    assert not away(priya.rows())
    # The record has it before the screen is drawn again: a screen may be late, and must never be early.
    until(lambda: claims(priya)[every[-1]], lambda claim: claim in CLAIMS, 15, "the screen says so")
    tom.until("contacts", lambda found: [line["text"] for line in found[-1]["notes"]] == every)
    assert [line for line in priya.probe("note")["lines"] if line] == every
    assert priya.probe("aside") == []
    done = office.verify()
    assert done.returncode == 0, done.stdout


def check(looked: Looked, metronome: Metronome, before: list[str], during: list[str]) -> None:
    """Hold what was seen to the promises."""
    assert 0 < looked.said_after <= SAID_WITHIN, f"the strip said so after {looked.said_after:.1f} s"
    assert not looked.lies, f"a tick without a seq: {looked.lies}"
    assert not looked.kept & set(before)
    assert len(looked.kept & set(during)) >= 3, "lines typed meanwhile are kept on this computer"
    stalls = sorted((metronome.own(gap) for gap in looked.gaps), reverse=True)
    assert not stalls or stalls[0] <= LONGEST_STALL, f"stalls of {[round(one * 1000) for one in stalls[:5]]} ms"


@pytest.mark.timeout(120)
def test_a_worker_goes_on_while_the_database_is_held_in_mid_call(office: Office) -> None:
    freeze(office, 12.0)


@pytest.mark.long("freeze")
@pytest.mark.timeout(300)
def test_a_worker_goes_on_for_a_whole_minute(office: Office) -> None:
    freeze(office, 60.0)
