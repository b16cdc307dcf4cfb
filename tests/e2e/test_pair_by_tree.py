"""A whole pair session through the accessibility bus alone, by two workers (issue 4, Show 4).

Everything is found by role, name and state, and done by actions, selections and texts put into fields: no key, no
mouse, no place on the screen.  What happens on one screen is heard on the other.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.helpers.driven_console import DrivenConsole, Office
from tests.helpers.told_console import Told, by_the_tree
from tests.helpers.two_at_work import WHERE, Pair, two_at_work

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = [pytest.mark.needs("screen", "atspi"), pytest.mark.timeout(180)]

SIGNALS = "Signals from the partner"
HELP = "Help asked for"
STOPS = {"frame", "push button", "check box", "text", "list", "list item"}
"""What a screen reader stops at; a box of choices without a choice has its name in its description."""


@pytest.fixture
def pair(office: Office) -> Iterator[Pair[Told]]:
    """Both at work."""
    with two_at_work(office, by_the_tree) as two:
        yield two


def test_a_whole_session_by_names_and_actions_alone(pair: Pair[Told]) -> None:
    answered_and_joined(pair)
    signals_and_lines(pair)
    what_nobody_has_is_said(pair)
    facts_by_both(pair)
    help_is_asked(pair)
    read_out_line_by_line(pair)
    seats_change(pair)
    the_line_drops(pair)
    stood_down(pair)
    nothing_is_nameless(pair)


def answered_and_joined(pair: Pair[Told]) -> None:
    priya, tom = pair.priya, pair.tom
    pair.at(seconds=15)
    priya.hears("Ringing. Hampshire adults. 07700 900412")
    priya.press("Answer")
    priya.reads("label", "ON CALL")
    priya.write("Notes", "alone in the car")
    priya.choose("Kind of call", "Suicidal caller")
    priya.press("Need a second")
    tom.hears("Second worker asked for: Priya Raman")
    tom.act("Second worker asked for", "Priya Raman", "Take")
    tom.reads_row("Partner's note", "alone in the car")
    priya.reads("label", "With you")


def signals_and_lines(pair: Pair[Told]) -> None:
    priya, tom = pair.priya, pair.tom
    priya.press("Get ambulance")
    tom.hears("Signal: Get ambulance")
    priya.reads("push button", "Get ambulance. seen ")
    tom.act(SIGNALS, "Get ambulance", "Asking now")
    priya.hears("Tom: Asking now")
    tom.reads_row(SIGNALS, "Get ambulance", "in hand")
    for one, other, line, name in ((tom, priya, "Ambulance knows", "Tom"), (priya, tom, "he is crying", "Priya")):
        one.write("One line to the partner", line)
        one.press("Send the line")
        other.hears(f"{name}: {line}")
    tom.reads_row("Lines between you", "Ambulance knows", "seen ")


def what_nobody_has_is_said(pair: Pair[Told]) -> None:
    """Tom's console stands still, then another program is in front of it: whoever signalled is told which it is."""
    priya, tom = pair.priya, pair.tom
    with standing_still(tom.console):
        priya.press("Get police")
        priya.hears("Get police, to Tom: Not seen: signal by hand")
        priya.reads("push button", "Get police. ", "by hand")
    tom.hears("Signal: Get police")
    priya.reads("push button", "Get police. seen ")
    tom.console.ask("behind")
    priya.press("Caller gone")
    priya.reads("push button", "Caller gone. ", "delivered 00:0", "not seen")
    tom.console.ask("in_front")
    priya.reads("push button", "Caller gone. seen ")
    tom.act(SIGNALS, "Get police", "In hand")
    priya.hears("Tom: in hand")


@contextmanager
def standing_still(console: DrivenConsole) -> Iterator[None]:
    """Stop a process for a while, as a frozen computer would."""
    console.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        console.process.send_signal(signal.SIGCONT)


def facts_by_both(pair: Pair[Told]) -> None:
    priya, tom = pair.priya, pair.tom
    tom.reads_row("Relay card", "Exact place: missing")
    priya.press("FENN, Marcus")
    # From the note the second worker takes it with one act.
    priya.write("Notes", f"where: {WHERE}")
    tom.act("Facts", WHERE, "Accept")
    priya.reads("label", WHERE)
    # Both in one field: the clash is said in words on both screens.
    tom.press("Sheet")
    priya.does("What we know: the fact sheet")
    with pair.office.neither_hears():
        tom.write("Taken", "four")
        priya.write("Taken", "forty")
    priya.hears("Two stand Ctrl+F: Taken: ")
    for one in (priya, tom):
        one.reads("text", "Taken", "Two values stand", "“four”", "“forty”")
        one.press("Close")
    tom.act("Facts", "“forty”", "This holds")
    tom.reads_row("Facts", "Taken: forty.", "Source caller stated, age ")


def help_is_asked(pair: Pair[Told]) -> None:
    priya, tom = pair.priya, pair.tom
    tom.press("Ask for help")
    tom.choose("What help", "Ambulance")
    tom.write("In a few words", "forty tablets")
    tom.press("Draft request")
    tom.reads_row(HELP, "Ambulance", "not sent", "until it rings")
    priya.reads_row(HELP, "Ambulance", "Not sent", "since asked")
    tom.act(HELP, "Ambulance", "Send now")
    priya.reads_row(HELP, "Ambulance", "Asked, no answer yet")
    log(tom, "Accepted", {"Their reference": "SC-7731", "Category or grade": "2"})
    tom.reads_row(HELP, "SC-7731", "of target", "Step 3 of 6")
    log(tom, "On the way", {"Minutes they said": "6"})
    priya.reads_row(HELP, "Ambulance", "On the way")
    log(tom, "Chased them: nothing new", {"Chase again in how many minutes": "5"})
    tom.reads_row(HELP, "Chase ")


def log(told: Told, said: str, more: dict[str, str]) -> None:
    """Select the request, and log what they say."""
    told.act(HELP, "Ambulance", "Log news")
    told.choose("What they say", said)
    for name, text in more.items():
        told.write(name, text)
    told.press("Log it")


def read_out_line_by_line(pair: Pair[Told]) -> None:
    tom = pair.tom
    tom.select(HELP, "Ambulance")
    tom.does("Ring for the request chosen")
    tom.reads("label", "Ring 999 on your handset")
    tom.act("What to read out", WHERE, "Tick as said")
    tom.reads_row("What to read out", WHERE, "Ticked as said")
    tom.press("Close")
    tom.reads_row("Relay card", "Reading to Ambulance: 1 of")


def seats_change(pair: Pair[Told]) -> None:
    priya, tom = pair.priya, pair.tom
    tom.press("Swap roles")
    tom.reads("label", "Priya")
    tom.does("Hand a seat over to somebody present")
    tom.choose("To whom", "Priya Raman, second worker")
    tom.press("Hand over")
    priya.reads("label", "Tom Adeyemi, coordinating since")


def the_line_drops(pair: Pair[Told]) -> None:
    priya, tom = pair.priya, pair.tom
    pair.at(minutes=10, seconds=15)
    for one in (priya, tom):
        one.hears("LINE DROPPED")
        one.reads("label", f"Where: {WHERE}")
    priya.press("Ring back")
    tom.reads("label", "Rung back once")


def stood_down(pair: Pair[Told]) -> None:
    priya, tom = pair.priya, pair.tom
    log(tom, "Person reached", {"In their words, the reason, or what is new": "with him"})
    log(tom, "Completed", {})
    tom.does("Stand the incident down")
    tom.write("Why it can be stood down", "Reached and conveyed")
    tom.choose("Debrief for Priya Raman", "Offered and accepted")
    tom.press("Stand down")
    tom.reads("label", "No pair")
    priya.reads("label", "Nobody asked. F7 asks.")
    priya.press("Finish call record")
    priya.reads("push button", "things to fill in")
    priya.does("Keep; finish later")
    priya.hears("is kept on your unfinished list")


def nothing_is_nameless(pair: Pair[Told]) -> None:
    for one in (pair.priya, pair.tom):
        assert [said for said in one.reader.tree() if said["role"] in STOPS and not said["name"].strip()] == []
