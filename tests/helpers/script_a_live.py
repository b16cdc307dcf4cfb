"""Script A (domain.md 9) on a real switchboard: what the telephones do is done on telephones.

The people and their words are those of ``script_a_night``; every ring, answer, hold-up and end here is a real one, on
real SIP telephones of an Asterisk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from console.domain.call_log import CallRecord, fold_call
from console.domain.calls import Direction
from console.domain.lines import to_e164
from console.domain.reading import text
from console.domain.record import Kind
from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.pbx.callers import Caller
from tests.helpers.pbx.configuration import QUEUE
from tests.helpers.pbx.live import LiveAsterisk
from tests.helpers.pbx.own_log import OwnCall, Written, written
from tests.helpers.pbx.phones import Phones
from tests.helpers.script_a_night import (
    Night,
    an_ambulance_is_drafted,
    ask,
    at_rest,
    he_is_conveyed,
    help_is_asked,
    help_is_told_and_watched,
    it_is_answered,
    it_rings,
    police_are_with_him,
    rows_of,
    the_crisis_team_declines,
    two_together,
    written_up,
)
from tests.helpers.watched import CALLS, item_of

MARCUS = "07700900412"
CRISIS_TEAM = "01632960162"
"""As the invented directory has it."""
CUSTODY = "01632960455"
SCHOOL = "01632960741"
WORLD = (MARCUS, CRISIS_TEAM)
"""Whom we ring: telephones behind the trunk."""
EMERGENCY = ("999", "9 999", "112")
"""What a worker might write for an emergency number; the second with the digit for an outside line."""
DROWSY = "slurred, then silent; line open"


@dataclass(frozen=True, slots=True)
class Line:
    """The switchboard, the world's telephones, and whoever rang in."""

    live: LiveAsterisk
    world: Phones

    def log(self) -> tuple[Written, ...]:
        """Return what the switchboard has written of channels so far."""
        return written(self.live.pbx)

    def rung(self) -> dict[str, int]:
        """Return how often each of our telephones has rung."""
        return {one: self.live.phone(one).rung for one in ("1001", "1002", "1003", "1004")}


def he_rings(night: Night, line: Line) -> Caller:
    """22:14:05 to 22:14:30: it rings on both desks; Priya says that she has it, and lifts the handset."""
    caller = line.live.call_in(MARCUS)
    for extension in ("1001", "1002"):
        line.live.phone(extension).wait_ringing()
    night.tom.until("calls", lambda one: one["alerting"])
    until(lambda: bar(night.priya), lambda row: row["state"] == "RINGING" and "412" in row["number"], 10, "it rings")
    it_rings(night)
    night.tom.until_shown("1 waiting")
    night.seen["bar ringing"] = bar(night.priya)
    night.priya.press("answer")
    night.priya.until_shown("lift the handset.")
    night.seen["claimed"] = until(lambda: night.office.bodies("call.claimed"), bool, 10, "her claim in the record")
    night.seen["before the handset"] = (night.priya.probe("calls"), night.office.bodies("contact.opened"))
    line.live.phone("1001").answer()
    it_is_answered(night)
    return caller


def bar(console: DrivenConsole) -> dict[str, Any]:
    """Return the call bar as last drawn."""
    return rows_of(console.rows("handler"), "CallBarRow")[0]


def slot_of(console: DrivenConsole, number: str) -> dict[str, Any]:
    """Wait until a call from this number waits in its slot; return both rows of calls."""
    rows = until(console.rows, lambda rows: number in rows_of(rows, "SlotRow")[0]["title"], 10, f"{number} waits")
    return {"slot": rows_of(rows, "SlotRow")[0], "bar": rows_of(rows, "CallBarRow")[0]}


def nobody_dials_999(night: Night, line: Line) -> None:
    """22:16:45: the card opens, a transfer is refused; then Tom rings 999 on his handset."""
    priya, tom = night.priya, night.tom
    tom.patiently("press_in_row", name="Help asked for", words=", Ambulance ", act="ring")
    tom.until("windows", lambda one: one["focus"] == "What to read out")
    night.seen["card"] = tom.words()
    for number in EMERGENCY:
        priya.form("transfer", target=number)
        priya.until_shown("Nightdesk never dials an emergency number")
        priya.press("dismiss")
        until(priya.words, lambda text: "Nightdesk never dials an emergency" not in text, 10, "the notice is gone")
    night.seen["log before the handset"] = line.log()
    line.live.phone("1002").dial("999")
    until(lambda: night.office.bodies("call.emergency"), bool, 10, "that 999 was dialled is in the record")
    until(
        line.log, lambda log: any(one.event == "LINKEDID_END" and one.exten == "999" for one in log), 10, "it is over"
    )
    night.seen["log after the handset"] = line.log()
    tom.press("note")


def a_second_call_waits(night: Night, line: Line) -> None:
    """22:17:14 to 22:18:50: Portsmouth waits in its own slot and rings on no desk; Grace comes back and takes it."""
    priya = night.priya
    until(
        lambda: line.live.pbx.cli(f"queue show {QUEUE}"), lambda text: "paused:Coordinating" in text, 10, "Tom's pause"
    )
    night.seen["rung before"] = line.rung()
    priya.press("note")
    priya.type("wife does not kn")
    line.live.call_in(SCHOOL, did="01632960004")
    night.seen["slot"] = slot_of(priya, "01632 960741")
    night.seen["board second"] = night.helen.until("board", lambda one: one["waiting"]["count"] == 1)
    night.seen["half typed"] = priya.probe("note")
    priya.type("ow\n")
    night.seen["rung while it waits"] = line.rung()
    line.live.pbx.cli(f"queue add member PJSIP/1004 to {QUEUE}")
    grace = line.live.phone("1004")
    grace.wait_ringing()
    grace.answer()
    priya.until("calls", lambda one: not one["waiting"])


def tom_rings_the_crisis_team(night: Night, line: Line) -> None:
    """22:18:30: he clicks in the ledger; his own telephone rings, and theirs once he has lifted."""
    tom, desk, far = night.tom, line.live.phone("1002"), line.world[CRISIS_TEAM]
    ask(tom, "Crisis team")
    tom.patiently("press_in_row", name="Help asked for", words=", Crisis team ", act="ring")
    desk.wait_ringing()
    night.seen["theirs before his"] = far.rung
    desk.answer()
    far.wait_ringing()
    far.answer()
    tom.until("calls", lambda one: one["current"])
    night.seen["rang"] = tom.until("helps", lambda found: any(": answered" in str(one["news"]) for one in found))
    far.hang_up()
    tom.until("calls", lambda one: not one["current"])


def somebody_gives_up(night: Night, line: Line) -> None:
    """A caller whom nobody can take rings off: it stays as a quiet line."""
    priya = night.priya
    caller = line.live.call_in(CUSTODY, did="01632960002")
    slot_of(priya, "01632 960455")
    line.live.phone("1004").hang_up()
    caller.ring_off()
    priya.until("calls", lambda one: not one["waiting"])
    night.helen.until("board", lambda one: one["waiting"]["count"] == 0)


def the_line_drops(night: Night, line: Line, caller: Caller) -> None:
    """22:24: his line is gone; both see what was last known; Priya rings back, and he is there."""
    priya, tom = night.priya, night.tom
    priya.note(DROWSY)
    tom.until_shown(DROWSY)
    caller.ring_off()
    for console in (priya, tom):
        console.until_shown("LINE DROPPED")
    night.seen["dropped"] = (priya.rows(), tom.rows())
    night.seen["words dropped"] = (priya.words(), tom.words())
    night.seen["incident dropped"] = tom.probe("incidents")[0]
    night.seen["bar dropped"] = bar(priya)
    priya.press("ring_back")
    line.live.phone("1001").wait_ringing()
    line.live.phone("1001").answer()
    line.world[MARCUS].wait_ringing()
    line.world[MARCUS].answer()
    priya.until("calls", lambda one: one["current"])
    tom.until_shown("Rung back once")
    night.seen["bar rung back"] = until(lambda: bar(priya), lambda row: row["state"] == "ON CALL", 10, "he is there")
    night.seen["rung back"] = (priya.rows(), tom.rows())
    priya.form("rang_back", outcome="Reached")
    for console in (priya, tom):
        until(console.rows, lambda rows: not rows_of(rows, "DropRow"), 10, "no line is gone any more")
    tom.until_shown("Priya on the line")


def play_live(office: Office, live: LiveAsterisk, world: Phones) -> Night:
    """Open three consoles on the switchboard, play the script, and return what was seen."""
    ami, line = msgspec.to_builtins(live.settings()), Line(live, world)
    priya, tom, helen = (desk(ami=ami, seated=False) for desk in (office.priya, office.tom, office.helen))
    made = Night(office, priya, tom, helen)
    for console in made.all():
        console.sign_in()
        console.until("calls", lambda one: not one["away"])
    made.seen["board before"] = made.helen.until("board", lambda one: len(one["staff"]) >= 3)
    caller = he_rings(made, line)
    two_together(made)
    an_ambulance_is_drafted(made)
    nobody_dials_999(made, line)
    help_is_asked(made)
    a_second_call_waits(made, line)
    tom_rings_the_crisis_team(made, line)
    the_crisis_team_declines(made)
    help_is_told_and_watched(made)
    somebody_gives_up(made, line)
    the_line_drops(made, line, caller)
    police_are_with_him(made)
    made.tom.until_shown("incident stands")
    made.seen["ended by Priya"] = (made.priya.rows(), made.tom.rows())
    he_is_conveyed(made)
    written_up(made)
    until(lambda: len(office.bodies("call.ended")), lambda count: count >= 6, 10, "the end of every call")
    at_rest(made)
    made.seen["log"] = line.log()
    return made


@dataclass(frozen=True, slots=True)
class Told:
    """One call as somebody tells it.  ``number`` is the other side's as the world writes it; times are UTC."""

    inbound: bool
    number: str
    line: str
    taken_by: tuple[str, ...]
    ended_by: str


def told_by_the_switchboard(one: OwnCall) -> Told:
    """Return a call as its own log has it, in the record's words for who is who."""
    left = {"": "caller", "trunk": "caller" if one.inbound else "outside"}.get(one.left_first, one.left_first)
    taken = tuple("outside" if endpoint == "trunk" else endpoint for endpoint in one.taken_by)
    return Told(one.inbound, one.number, one.line, taken, left)


def told_by_the_record(one: CallRecord) -> Told:
    """Return a call as the consoles told it."""
    inbound = one.direction is Direction.INBOUND
    number = one.e164 if inbound else to_e164(one.dialled)
    line = one.dialled if inbound else ""
    return Told(inbound, number.replace("+44", "0"), line, one.answered_by, one.ended_by)


def record_of_calls(office: Office) -> dict[str, CallRecord]:
    """Return every call of the record, by the id of the switchboard's channel it began with."""
    found: dict[str, CallRecord] = {}
    items = [item_of(row) for row in office.sql(CALLS)]
    for stream in {item.stream for item in items}:
        mine = [item for item in items if item.stream == stream]
        call = fold_call(mine)
        seen = {text(item.content, "provider_call") for item in mine if item.kind is Kind.CALL_SEEN}
        assert call is not None
        assert len(seen) == 1, f"{call} is told of {seen}"
        found[seen.pop()] = call
    return found
