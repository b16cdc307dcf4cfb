"""A whole evening of a FreeSWITCH in two real windows: what is pressed reaches it, and what it says is what is shown.

The bytes are those that a real one sent, each burst held back until the window has asked for what it tells; only the
caller's number is another, so that people are known on it.  ``test_asterisk_window`` has a real Asterisk.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from telephony_adapters.freeswitch_esl.protocol import Message
from tests.helpers import fake_freeswitch
from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.esl_streams import as_bytes, listed, recorded, subscribed
from tests.helpers.fake_freeswitch import FakeFreeSwitch, Manner
from tests.helpers.lines import Lines
from ui.desktop.screens.handler.aim import HAND

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(180)

RECORDED, FENNS = "02079460170", "07700900412"


@dataclass
class Switchboard:
    """A FreeSWITCH that goes on with its recordings when it is told to."""

    said: list[Message] = field(default_factory=list)
    _left: dict[str, list[Message]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lines = Lines(self._end, fake_freeswitch.ACCOUNT, fake_freeswitch.ASKED_LAST)

    def _end(self, port: int) -> FakeFreeSwitch:
        return FakeFreeSwitch(Manner(listed=listed(self.said)), port)

    def goes_on(self, name: str, before: str = "", leg: str = "") -> None:
        """Say what follows in a recording, as far as the next event called ``before``, of a telephone ``leg``."""
        left = self._left.setdefault(name, [_of_the_fenns(message) for message in subscribed(recorded(name))])
        till = next((at for at, one in enumerate(left) if at and one.event == before and leg in _leg(one)), len(left))
        told, self._left[name] = left[:till], left[till:]
        self.said += told
        self.lines.play(as_bytes(told))

    def asked(self, words: str, times: int = 1) -> None:
        """Wait until the handler's window has asked for this: a command, without the leg in its middle."""
        first, _, last = words.partition(" ")
        line = self.lines.ends[0]

        def found() -> list[str]:
            return [one for one in line.asked(f"api {first} ") if one.endswith(f" {last}")]

        until(found, lambda told: len(told) == times, 10, f"{words}, {times} times")


def _leg(message: Message) -> str:
    return message.get("Channel-Name")


def _of_the_fenns(message: Message) -> Message:
    return replace(message, headers={name: value.replace(RECORDED, FENNS) for name, value in message.headers.items()})


@pytest.fixture
def pbx() -> Iterator[Switchboard]:
    """A switchboard that nobody hears yet."""
    made = Switchboard()
    with made.lines:
        yield made


def bar(console: DrivenConsole) -> dict[str, Any]:
    """Return the call bar as last drawn."""
    return next((row for row in console.rows() if row["row"] == "CallBarRow"), {})


def says(console: DrivenConsole, **wanted: str) -> dict[str, Any]:
    """Wait until the call bar says so, and return it."""
    return until(lambda: bar(console), lambda row: wanted.items() <= row.items(), 10, str(wanted))


def cards(console: DrivenConsole) -> Sequence[dict[str, Any]]:
    """Return the people who may be calling, as last drawn."""
    return [row for row in console.rows() if row["row"] == "CandidateCardRow"]


def slot_of(console: DrivenConsole) -> dict[str, Any]:
    """Return the slot as last drawn."""
    return next(row for row in console.rows() if row["row"] == "SlotRow")


def end(console: DrivenConsole) -> None:
    """Press the key that ends a call twice, as it wants to be."""
    console.press("end")
    console.press("end")


def answered(console: DrivenConsole, other_than: str = "None") -> str:
    """Wait until a record is open for the caller on the line; return its id."""
    found = console.until("calls", lambda one: one["current"] and one["contact"] not in ("None", other_than))
    return str(found["contact"])


def one_rings_and_is_held(priya: DrivenConsole, tom: DrivenConsole, pbx: Switchboard) -> str:
    """Ring at one desk, with the people it may be; F9 has the telephone itself answer, F8 has it hold."""
    pbx.goes_on("hold_unhold", before="CHANNEL_ANSWER")
    says(priya, state="RINGING", number="07700 900412")
    until(lambda: cards(priya), lambda found: len(found) == 2, 10, "two candidates")
    assert not tom.probe("calls")["alerting"], "it rings at one desk"
    assert priya.probe("on_screen") is None, "a record opened before the call was answered"
    priya.press("answer")
    pbx.asked("uuid_phone_event talk")
    pbx.goes_on("hold_unhold", before="CHANNEL_HOLD")
    first = answered(priya)
    says(priya, state="ON CALL")
    priya.until("note", lambda one: not one["read_only"])
    priya.note("said before the hold")
    priya.press("hold")
    pbx.asked("uuid_phone_event hold")
    assert bar(priya)["state"] == "ON CALL", "a hold is shown that was not observed"
    pbx.goes_on("hold_unhold", before="CHANNEL_UNHOLD")
    says(priya, state="ON HOLD")
    return first


def another_rings_at_both_desks(priya: DrivenConsole, tom: DrivenConsole, pbx: Switchboard, first: str) -> None:
    """Ring beside the held one; answered at one desk, it is withdrawn at the other; then this caller rings off."""
    pbx.goes_on("q_answered", before="CHANNEL_ANSWER", leg="1001@")
    tom.until("calls", lambda one: one["alerting"])
    slot = until(lambda: slot_of(priya), lambda row: "020 7946 0123" in row["title"], 10, "the second in its slot")
    assert slot["detail"].startswith("Hampshire adults")
    assert bar(priya)["state"] == "ON HOLD", "the second call took the place of the first"
    priya.press("answer")
    pbx.asked("uuid_phone_event talk", times=2)
    pbx.goes_on("q_answered", before="CHANNEL_HANGUP", leg="020794601")
    answered(priya, first)
    assert priya.probe("calls")["held"] == [first]
    says(priya, state="ON CALL", number="020 7946 0123")
    tom.until("calls", lambda one: not one["waiting"])
    assert tom.probe("calls")["current"] == ""
    pbx.goes_on("q_answered")
    says(priya, state="ON HOLD", number="07700 900412")
    assert priya.probe("calls")["contact"] == first


def the_line_is_lost(priya: DrivenConsole, tom: DrivenConsole, pbx: Switchboard, first: str) -> None:
    """Cut every line and bring it back: the held caller stays on screen, is held still, and the note goes on."""
    pbx.lines.cut()
    for console in (priya, tom):
        console.until("calls", lambda one: one["away"])
        console.until_shown("Phones away")
    old = until(lambda: bar(priya), lambda row: "As last heard" in row["detail"], 10, "that it is old")
    assert (old["state"], old["tone"]) == ("ON HOLD", "old")
    priya.note("said while the telephones were away")
    pbx.lines.back()
    for console in (priya, tom):
        console.until("calls", lambda one: not one["away"])
        console.until_shown("Phones connected")
    says(priya, state="ON HOLD", tone="live")
    assert priya.probe("calls")["contact"] == first
    # A key so soon after another caller came to the bar is taken to be meant for the one before.
    time.sleep(HAND.total_seconds())
    priya.press("hold")
    pbx.asked("uuid_phone_event talk")
    pbx.goes_on("hold_unhold", before="CHANNEL_HANGUP")
    says(priya, state="ON CALL", number="07700 900412")
    pbx.goes_on("hold_unhold")
    priya.until("calls", lambda one: not one["current"])


def one_is_ended_here(priya: DrivenConsole, pbx: Switchboard) -> None:
    """Answer a third and end it by its key."""
    pbx.goes_on("direct", before="CHANNEL_ANSWER")
    says(priya, state="RINGING", number="020 7946 0124")
    priya.press("answer")
    pbx.asked("uuid_phone_event talk", times=2)
    pbx.goes_on("direct", before="CHANNEL_HANGUP")
    says(priya, state="ON CALL", number="020 7946 0124")
    answered(priya)
    end(priya)
    pbx.asked("uuid_kill NORMAL_CLEARING")
    pbx.goes_on("direct")
    priya.until("calls", lambda one: not one["current"])


def one_is_missed(priya: DrivenConsole, tom: DrivenConsole, pbx: Switchboard) -> None:
    """Ring at both desks until the caller gives up: missed in both windows, until one of the two reviews it."""
    pbx.goes_on("q_abandoned", before="CHANNEL_HANGUP")
    for console in (priya, tom):
        console.until("calls", lambda one: one["alerting"])
    pbx.goes_on("q_abandoned")
    for console in (priya, tom):
        console.until("calls", lambda one: not one["waiting"])
        until(console.rows, lambda rows: "1 missed call" in str(rows), 10, "it is missed")
    tom.form("missed", what="Rung back and spoken with")
    for console in (priya, tom):
        until(console.rows, lambda rows: "missed call" not in str(rows), 10, "it is reviewed")


def test_an_evening(office: Office, pbx: Switchboard) -> None:
    office.expects_warnings = True  # The line is lost once.
    priya, tom = office.priya(esl=pbx.lines.line()), office.tom(esl=pbx.lines.line())
    for console in (priya, tom):
        console.until("calls", lambda one: not one["away"])
    first = one_rings_and_is_held(priya, tom, pbx)
    another_rings_at_both_desks(priya, tom, pbx, first)
    the_line_is_lost(priya, tom, pbx, first)
    one_is_ended_here(priya, pbx)
    one_is_missed(priya, tom, pbx)
    ends = until(lambda: ends_of(office), lambda found: len(found) >= 4, 10, "every end in the record")
    assert ends == [("abandoned", "caller"), ("answered", "1001"), ("answered", "caller"), ("answered", "caller")]
    notes = [body["text"] for _, _, body in office.bodies("contact.note")]
    assert notes == ["said before the hold", "said while the telephones were away"]
    assert office.bodies("call.claimed") == [], "nobody claims what the telephone itself can answer"
    assert office.sql("SELECT count(DISTINCT stream_id) FROM entry WHERE kind = 'contact.opened'") == [(3,)]


def ends_of(office: Office) -> list[tuple[str, str]]:
    """Return outcome and who ended it of every call that is over in the record."""
    return sorted((body["outcome"], body["ended_by"]) for _, _, body in office.bodies("call.ended"))
