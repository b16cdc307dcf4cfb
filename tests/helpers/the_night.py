"""The night (issue 4): one pair, a second caller, the record lost, the switchboard started anew, a console killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from console.domain.receipts import BY_HAND
from db.postgres.cluster import Cluster
from telephony_adapters.simulator import SimulatorControl
from tests.helpers.driven_console import DrivenConsole, Office, until

SCRIPT = """\
title "The night"
night 01-Dec-2026
opens 22:13:50
line 01632 960001 "Hampshire adults"
line 01632 960004 "Portsmouth children"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
phone 1003 "Helen Marsh"
22:14:05 call first from 07700 900412 to 01632 960001 queue oohs
 rings 1001
22:16:00 call second from 01632 960741 to 01632 960004 queue oohs
 rings 1001 1002
"""
LATER = (
    SCRIPT.partition("22:14:05")[0]
    + """\
22:14:05 call third from 01632 960633 to 01632 960004 queue oohs
 rings 1002
"""
)
"""What comes in at the switchboard that was started anew: it knows nothing of the calls of before."""
FIRST, SECOND, THIRD = (timedelta(seconds=after) for after in (20, 140, 20))
"""After the script opens: when each call has come."""
GRACE = 1.0
"""Seconds before a kill from which on nothing is promised."""
EVERY_MS = 25

BEFORE = ("he has taken them all", "he is in the car")
DURING = ("the second car park", "the engine is running")
TO_PRIYA_AWAY = "Police are asked"
AFTER = "he opened the window"
SLOWLY = "he says the dog is in the back and it is very quiet now " * 4
LAST = "voices, somebody is with him"


@dataclass
class Night:
    """The three consoles, and what was typed and seen."""

    office: Office
    control: SimulatorControl
    priya: DrivenConsole
    tom: DrivenConsole
    helen: DrivenConsole
    seen: dict[str, Any] = field(default_factory=dict)
    sure: int = 0
    """How many of the keys typed before the kill had fallen a second before it."""
    typed: int = 0

    def all(self) -> tuple[DrivenConsole, ...]:
        """Return the three that are at work."""
        return (self.priya, self.tom, self.helen)


def begin(office: Office) -> Night:
    """Open two workers' consoles and a board, at one switchboard."""
    control = office.telephones(SCRIPT)
    made = Night(office, control, office.priya(seated=False, home="priya"), office.tom(seated=False), office.helen())
    made.priya.sign_in()
    made.tom.sign_in()
    return made


def two_together(night: Night) -> None:
    """Priya answers and presses one key; Tom is with her."""
    priya, tom = night.priya, night.tom
    night.control.jump(night.office.opens + FIRST)
    priya.until("calls", lambda one: one["alerting"])
    night.helen.until("board", lambda one: one["waiting"]["count"] == 1)
    priya.press("answer")
    priya.until("note", lambda one: not one["read_only"])
    priya.note(BEFORE[0])
    priya.press("need_second")
    tom.until("summons", bool)
    tom.press("take")
    priya.until("incidents", lambda found: found and len(found[0]["members"]) == 2)
    priya.note(BEFORE[1])
    tom.until_shown(BEFORE[1])


def a_second_call_rings(night: Night) -> None:
    """It rings at Priya's telephone alone (a second worker's is out of the queue), and every screen shows it."""
    night.control.jump(night.office.opens + SECOND)
    night.priya.until("calls", lambda one: one["alerting"])
    for console in night.all():
        until(console.rows, shows_a_caller_waiting, 20, f"{console.spec.name} shows the caller who waits")


def shows_a_caller_waiting(rows: list[dict[str, Any]]) -> bool:
    """Say whether a screen shows that one waits: in the slot with its line, in the status row, or on its tile."""
    return any(
        (row["row"] == "SlotRow" and "Portsmouth children" in f"{row['title']} {row['detail']}")
        or (row["row"] == "HealthRow" and "1 waiting" in row["text"] and not row["text"].startswith("Database"))
        or (row["row"] == "FigureTile" and row["title"] == "Waiting" and row["figure"] == "1")
        for row in rows
    )


def away(rows: list[dict[str, Any]]) -> bool:
    """Say whether the status row says that the record is away, since when, and that notes are kept."""
    return any(
        row["row"] == "HealthRow" and row["text"].startswith("Database away since") and "kept on this" in row["text"]
        for row in rows
    )


def lines_said(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the lines that the second worker wrote."""
    return [row for row in rows if row["row"] == "LineRow"]


def is_of_slowly(line: str) -> bool:
    """Say whether a line begins what was being typed at the kill."""
    return bool(line) and SLOWLY.startswith(line)


def says_its_age(rows: list[dict[str, Any]]) -> bool:
    """Say whether the board's figures of the record say that they are old."""
    return any(row["row"] == "Age" and row["stale"] and "old" in row["words"] for row in rows)


def states(console: DrivenConsole) -> dict[str, str]:
    """Return how far the screen says each line of the note has come."""
    note = console.probe("note")
    return dict(zip(note["lines"], note["kept"], strict=True))


def newest_lines(office: Office) -> list[str]:
    """Return the newest text of each line of the note, in the order in which the lines were begun."""
    newest: dict[str, tuple[str, str]] = {}
    for _, _, body in office.bodies("contact.note"):
        newest[body["line"]] = (body["begun"], body["text"])
    return [text for _, text in sorted(newest.values()) if text]


def the_record_is_lost(night: Night, lost: Callable[[], AbstractContextManager[None]]) -> None:
    """Both write on; each screen says what is kept, what nobody else has, and that the second caller waits."""
    priya, tom, helen = night.all()
    with lost():
        for line in DURING:
            priya.note(line)
        tom.ask("message", text=TO_PRIYA_AWAY)
        for console in night.all():
            until(console.rows, away, 30, f"{console.spec.name} says that the record is away")
            assert shows_a_caller_waiting(console.rows()), "the telephones are another thing"
        until(lambda: states(priya), lambda now: all(now.get(line) == "kept" for line in DURING), 30, "kept here")
        night.seen["states"] = states(priya)
        night.seen["waiting"] = {console.spec.name: console.probe("link")["waiting"] for console in (priya, tom)}
        until(tom.rows, lambda rows: any(BY_HAND in str(one) for one in lines_said(rows)), 30, "by hand")
        night.seen["line away"] = lines_said(tom.rows())
        night.seen["incident away"] = {one.spec.name: one.probe("incidents") for one in (priya, tom)}
        night.seen["board away"] = until(helen.rows, says_its_age, 30, "the board says how old it is")
        night.seen["rows away"] = {console.spec.name: console.rows() for console in night.all()}
    for console in night.all():
        console.until("link", lambda one: one["link"] == "together" and one["waiting"] == 0)
    tom.until_shown(DURING[-1])
    priya.until_shown(TO_PRIYA_AWAY)


def the_switchboard_is_started_anew(night: Night) -> None:
    """It forgets both calls; every screen says that nobody saw their end, and a third caller is seen by all."""
    night.control = night.office.telephones_anew(LATER)
    for console in night.all():
        console.until("calls", lambda one: not one["away"] and not one["waiting"] and not one["current"])
    night.seen["incident alone"] = night.tom.probe("incidents")
    night.tom.until_shown("incident stands")
    night.control.jump(night.office.opens + THIRD)
    for console in night.all():
        console.until("calls", lambda one: one["waiting"])
        until(console.rows, shows_a_caller_waiting, 20, f"{console.spec.name} shows the caller who waits")


def one_is_killed(night: Night) -> None:
    """Priya's console dies in mid-sentence and is started again; Tom sees her words meanwhile."""
    priya = night.priya
    priya.note(AFTER)
    priya.press("note")
    priya.ask("type_slowly", text=SLOWLY, every_ms=EVERY_MS)
    until(lambda: len(priya.typed), lambda count: count > 90, 20, "she types")
    killed_at = priya.kill()
    night.sure = max((one.count for one in priya.typed if one.at <= killed_at - GRACE), default=0)
    night.typed = len(priya.typed)
    night.seen["incident without her"] = night.tom.probe("incidents")
    again = night.priya = night.office.priya(home="priya")
    again.until("incidents", lambda found: found and found[0]["members"])
    again.press("unfinished")
    again.row("My unfinished records", "to fill in")
    again.until("on_screen", bool)
    again.press("note")
    found = again.until("note", lambda one: one["focus"] and any(map(is_of_slowly, one["lines"])))
    again.type("\n" if found["lines"][-1] else "")
    again.note(LAST)
    night.tom.until_shown(LAST)


def at_rest(night: Night) -> None:
    """Wait until nothing waits and all have the same head; keep what each of them has."""

    def heads() -> set[tuple[int, str, int]]:
        links = [console.probe("link") for console in night.all()]
        return {(one["head"]["seq"], one["head"]["digest"], one["waiting"]) for one in links}

    until(heads, lambda found: len(found) == 1 and next(iter(found))[2] == 0, 20, "one head for all three")
    for console in night.all():
        name = console.spec.name
        night.seen[f"aside {name}"] = console.probe("aside")
        night.seen[f"incidents {name}"] = console.probe("incidents")
    for console in (night.priya, night.tom):
        night.seen[f"timeline {console.spec.name}"] = console.probe("timeline")
    night.seen["board"] = night.helen.probe("board")
    night.seen["note"] = [line for line in night.priya.probe("note")["lines"] if line]
    night.seen["note Tom"] = [
        line["text"] for one in night.tom.probe("contacts") if one["calls"] for line in one["notes"] if line["text"]
    ]


def play(office: Office, lost: Callable[[], AbstractContextManager[None]]) -> Night:
    """Play the whole night; ``lost`` takes the record away for the length of a block."""
    night = begin(office)
    two_together(night)
    a_second_call_rings(night)
    the_record_is_lost(night, lost)
    the_switchboard_is_started_anew(night)
    one_is_killed(night)
    at_rest(night)
    return night


@contextmanager
def server_stopped(cluster: Cluster) -> Iterator[None]:
    """Stop a server for the length of a block."""
    cluster.stop()
    try:
        yield
    finally:
        cluster.start()
