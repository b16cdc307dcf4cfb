"""A whole pair session by keyboard only: two windows on two screens, keys of X, no mouse (issue 4, Show 4).

After each act the *other* worker's screen is looked at.  What cannot be done by key is a fault of the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.keyed_console import Keyed, at_a_keyboard
from tests.helpers.two_at_work import WHERE, Pair, two_at_work
from ui.desktop.shortcuts import Act

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = [pytest.mark.needs("screen"), pytest.mark.timeout(180)]

MOST_FIELDS = 30


@pytest.fixture
def pair(office: Office) -> Iterator[Pair[Keyed]]:
    """The two at their keyboards."""
    with two_at_work(office, at_a_keyboard) as two:
        yield two


@pytest.fixture
def helen(pair: Pair[Keyed]) -> DrivenConsole:
    """The duty manager at the board."""
    return pair.office.helen()


def test_a_whole_session_by_keyboard_alone(pair: Pair[Keyed], helen: DrivenConsole) -> None:
    answered_and_joined(pair)
    signals_and_lines(pair)
    facts_by_both(pair)
    help_is_asked(pair, helen)
    read_out_line_by_line(pair)
    seats_change(pair)
    the_line_drops(pair)
    stood_down_and_finished(pair)


def answered_and_joined(pair: Pair[Keyed]) -> None:
    priya, tom = pair.priya, pair.tom
    pair.at(seconds=15)
    priya.sees("CallBarRow", lambda row: row["state"] == "RINGING")
    priya.press(Act.ANSWER)
    priya.sees("CallBarRow", lambda row: row["state"] == "ON CALL")
    priya.console.until("note", lambda one: not one["read_only"])
    priya.note("alone in the car")
    priya.pick("Kind of call", "Suicidal caller")
    priya.press(Act.NEED_SECOND)
    tom.sees("WorkRow", lambda row: "Priya Raman" in row["words"])
    tom.press(Act.TAKE)
    tom.sees("ReadNoteRow", lambda row: row["text"] == "alone in the car")
    priya.sees("PartnerRow", lambda row: "Tom" in row["who"])


def signals_and_lines(pair: Pair[Keyed]) -> None:
    priya, tom = pair.priya, pair.tom
    priya.note("says he took them all")
    tom.sees("ReadNoteRow", lambda row: row["text"] == "says he took them all")
    # There, with its receipt on the button, and back by one key.
    priya.press(Act.GET_AMBULANCE)
    tom.sees("SignalRow", lambda row: row["signal"] == "Get ambulance" and not row["done"])
    priya.sees("ButtonFace", lambda face: face["text"] == "Get ambulance" and "seen" in face["note"].lower())
    tom.press(Act.REPLY_1)
    priya.sees("PartnerRow", lambda row: row["line"] == "Asking now")
    tom.sees("SignalRow", lambda row: row["signal"] == "Get ambulance" and row["done"])
    # Another way to answer: Enter on the signal.
    priya.press(Act.AT_RISK)
    tom.to_pane("Signals from the partner")
    tom.sees("SignalRow", lambda row: row["signal"] == "I am at risk")
    tom.row("I am at risk")
    tom.keys("Return")
    priya.sees("PartnerRow", lambda row: row["line"] == "in hand")
    tom.press(Act.ASK_LOCATION)
    priya.sees("PartnerRow", lambda row: row["line"] == "Ask location")
    tom.sees("LineRow", lambda row: row["signal"] and row["state"].startswith("seen"))
    for one, other, words in ((tom, priya, "Ambulance knows"), (priya, tom, "he is crying")):
        one.press(Act.MESSAGE)
        one.type(words)
        one.keys("Return")
        other.reads(words)
        one.press(Act.NOTE)


def facts_by_both(pair: Pair[Keyed]) -> None:
    priya, tom = pair.priya, pair.tom
    for one, name, words in ((priya, "Where now", WHERE), (tom, "Name", "Marcus")):
        one.press(Act.FACT_SHEET)
        one.console.until("form", bool)
        one.write(name, words)
    tom.reads(WHERE)
    priya.reads("Marcus")
    # Both in one field: two values stand, and Enter lets one hold.
    with pair.office.neither_hears():
        priya.write("Taken", "forty")
        tom.write("Taken", "four")
    for one in (priya, tom):
        one.reads("“forty”")
        one.reads("“four”")
        one.keys("Escape")
    tom.press(Act.PANE_2)
    tom.until_at("Facts")
    tom.row("“forty”")
    tom.keys("Return")
    tom.sees("FactRow", lambda row: row["name"] == "Taken" and row["text"] == "forty")
    until(priya.console.rows, lambda rows: "Two stand" not in str(rows), 10, "settled on Priya's screen")


def help_is_asked(pair: Pair[Keyed], helen: DrivenConsole) -> None:
    priya, tom = pair.priya, pair.tom
    tom.form(Act.ASK_HELP, {"What help": "Ambulance"}, {"In a few words": "forty tablets"})
    ambulance(priya, "Not sent")
    helen.until("board", lambda one: [row["request"]["state"] for row in one["requests"]["rows"]] == ["drafted"])
    tom.press(Act.PANE_3)
    tom.until_at("Help asked for")
    tom.row("Ambulance")
    tom.keys("Return")
    ambulance(priya, "Asked")
    log(tom, "Accepted", {"Their reference": "SC-7731", "Category or grade": "2"})
    ambulance(priya, "Accepted")
    log(tom, "On the way", {"Minutes they said": "6"})
    tom.sees("HelpRow", lambda row: "SC-7731" in row["words"])
    ambulance(priya, "On the way")
    log(tom, "Chased them: nothing new", {"Chase again in how many minutes": "5"})
    # What changes after it was sent is to be told to them, and Enter ticks it.
    priya.press(Act.FACT_SHEET)
    priya.console.until("form", bool)
    priya.press(Act.NEXT_PART)
    priya.write("Weapons", "a knife in the glovebox")
    priya.keys("Escape")
    tom.sees("HelpRow", lambda row: "knife" in row["tell"])
    tom.press(Act.PANE_3)
    tom.row("Ambulance")
    tom.keys("Return")
    tom.sees("HelpRow", lambda row: not row["tell"])


def ambulance(hand: Keyed, state: str) -> None:
    """Wait until the handler's list says this of the request, as a screen reader is told it."""
    hand.sees("Row", lambda row: row["spoken"].startswith(f"Ambulance, now: {state}"))


def log(hand: Keyed, said: str, more: dict[str, str]) -> None:
    """Go to the request and log what they say."""
    hand.press(Act.PANE_3)
    hand.until_at("Help asked for")
    hand.row("Ambulance")
    hand.form(Act.LOG_NEWS, {"What they say": said}, more)


def read_out_line_by_line(pair: Pair[Keyed]) -> None:
    tom = pair.tom
    tom.press(Act.PANE_3)
    tom.row("Ambulance")
    tom.press(Act.RING)
    tom.until_at("What to read out")
    tom.row("reservoir")
    tom.keys("Return")
    tom.sees("RelayRow", lambda row: WHERE in row["text"] and row["said"])
    assert WHERE not in tom.at()["says"], "it goes on to the next line"
    tom.keys("Escape")
    tom.press(Act.RELAY_FORM)
    tom.reads("ETHANE")


def seats_change(pair: Pair[Keyed]) -> None:
    priya, tom = pair.priya, pair.tom
    tom.press(Act.SWAP)
    lead_is(pair, "tom.adeyemi")
    tom.form(Act.HAND_OVER, {"To whom": "Priya Raman, second worker"})
    lead_is(pair, "priya.raman")
    priya.sees("PartnerRow", lambda row: "Tom" in row["who"])


def lead_is(pair: Pair[Keyed], worker: str) -> None:
    """Wait until both consoles say who leads now."""

    def leads(incidents: list[dict[str, Any]]) -> bool:
        now = [one["worker"] for one in incidents[0]["members"] if one["role"] == "lead" and one["until"] is None]
        return now == [worker]

    for one in (pair.priya, pair.tom):
        one.console.until("incidents", leads)


def the_line_drops(pair: Pair[Keyed]) -> None:
    priya, tom = pair.priya, pair.tom
    pair.at(minutes=10, seconds=15)
    for one in (priya, tom):
        drop = one.sees("DropRow", lambda row: row["title"].startswith("LINE DROPPED"))
        assert not drop["why_not"]
        one.reads(f"Where: {WHERE}")
    priya.press(Act.RING_BACK)
    tom.reads("Rung back once")
    tom.form(Act.RANG_BACK, {"What came of it": "No answer"}, {"In a few words, if any": "it rang out"})
    priya.reads("it rang out")


def stood_down_and_finished(pair: Pair[Keyed]) -> None:
    priya, tom = pair.priya, pair.tom
    log(tom, "Person reached", {"In their words, the reason, or what is new": "with him"})
    ambulance(priya, "Person reached")
    log(tom, "Completed", {})
    ambulance(priya, "Completed")
    tom.form(
        Act.STAND_DOWN,
        {"Debrief for Priya Raman": "Offered and accepted", "Debrief for Tom Adeyemi": "Offered and declined"},
        {"Why it can be stood down": "Reached and conveyed"},
    )
    priya.sees("PartnerRow", lambda row: "Tom" not in row["who"])
    tom.reads("No pair")
    finished(pair)


def finished(pair: Pair[Keyed]) -> None:
    """Choose who it was about, then fill in whatever the record still asks for, field by field, and finish it."""
    priya = pair.priya
    priya.press(Act.CANDIDATE_1)
    priya.console.until("on_screen", lambda one: one["subjects"])
    priya.press(Act.RECORD)
    for _ in range(MOST_FIELDS):
        missing = priya.console.probe("missing")
        if missing[0]["key"] == "decision":
            break
        priya.press(Act.RECORD)
        # To what is still empty.
        until(priya.at, lambda here: here["kind"] and not here["says"].strip(), 10, "the next field")
        fill(priya)
        priya.console.until("missing", lambda left: left != missing)  # noqa: B023
    priya.pick("What kind", "Share information")
    priya.write("What was decided", "Call for help without consent")
    priya.write("Why", "Immediate risk to life")
    priya.console.until("missing", lambda left: not left)
    priya.press(Act.FINISH)
    priya.console.until("unfinished", lambda left: not left)
    until(lambda: pair.office.bodies("contact.completed"), bool, 10, "the record is complete")


def fill(hand: Keyed) -> None:
    """Choose the first in a list of choices, or write a word in a field."""
    if hand.at()["kind"] == "ChoiceBox":
        hand.keys("Down", "Return")
    else:
        hand.type("as said on the line")
