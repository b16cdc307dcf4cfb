"""The typing experiment of platform-facts 1.4: xdotool types a 61-key sentence, and something happens half-way.

Every key must reach the note, no window may open, no dialog may be modal, and the keyboard stays
where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.xvfb import Display, own_display

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = [pytest.mark.needs("screen"), pytest.mark.timeout(90)]

SENTENCE = "he is in the car by the reservoir and his phone is nearly out"
DELAY_MS = 22
assert len(SENTENCE) == 61

SCRIPT = """\
title "While somebody types"
night 01-Dec-2026
opens 22:13:50
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
22:14:00 call first from 07700 900412 to 01632 960001 queue oohs
 rings 1001
22:15:00 call second from 01632 960741 to 01632 960001 queue oohs
 rings 1001
22:16:00 caller rings off first
"""


@pytest.fixture
def display() -> Iterator[Display]:
    """A screen of this test's own."""
    with own_display() as made:
        yield made


class Desk:
    """Priya's console on a real screen, writing a record; a partner may be at an unseen one."""

    def __init__(self, office: Office, display: Display) -> None:
        self.office = office
        self.display = display
        self.control = office.telephones(SCRIPT)
        office.environment = display.environment()
        self.priya = office.priya()
        office.environment = {}
        self.stack = ExitStack()

    def begin(self) -> None:
        """Start a record without a call, with the keyboard in its note."""
        self.priya.press("contact_without_call")
        self.ready()

    def answered(self) -> None:
        """Answer the first call, with the keyboard in its note."""
        self.at(12)
        self.priya.until("calls", lambda one: one["alerting"])
        self.priya.press("answer")
        self.priya.until("calls", lambda one: one["current"])
        self.ready()

    def ready(self) -> None:
        """Wait for the note to take keys."""
        self.priya.until("note", lambda one: not one["read_only"])
        self.priya.press("note")
        self.priya.until("note", lambda one: one["focus"])

    def at(self, seconds: int) -> None:
        """Be this far into the script."""
        self.control.jump(self.office.opens + timedelta(seconds=seconds))

    def paired(self) -> DrivenConsole:
        """Have Tom join."""
        tom = self.office.tom()
        self.priya.press("need_second")
        tom.until("summons", bool)
        tom.press("take")
        self.priya.until("incidents", bool)
        return tom


def type_through(desk: Desk, happens: Callable[[], Any]) -> None:
    """Type the sentence, let something happen half-way, and count what reached the note."""
    windows, title = desk.display.windows(), desk.display.focused()
    typing = desk.display.typing(SENTENCE, DELAY_MS)
    time.sleep(len(SENTENCE) * DELAY_MS / 1000 / 2.5)
    assert typing.poll() is None, "the typing was over before anything happened"
    happens()
    assert typing.wait(30) == 0
    note = until(lambda: desk.priya.probe("note"), lambda one: len(one["lines"][-1]) >= 61, 5, "61 keys")
    assert note["lines"][-1] == SENTENCE
    assert note["focus"]
    seen = desk.priya.probe("windows")
    assert (seen["modal"], seen["most"]) == ("", 1)
    assert desk.display.windows() == windows
    assert desk.display.focused() == title


@pytest.fixture
def desk(display: Display, office: Office) -> Iterator[Desk]:
    """Priya at a real screen."""
    made = Desk(office, display)
    with made.stack:
        yield made


def test_a_call_that_rings_takes_no_key(desk: Desk) -> None:
    desk.begin()
    type_through(desk, lambda: desk.at(12))
    desk.priya.until("calls", lambda one: one["alerting"])


def test_a_second_call_takes_no_key(desk: Desk) -> None:
    desk.answered()
    type_through(desk, lambda: desk.at(72))
    desk.priya.until("calls", lambda one: one["alerting"] and one["current"])


def test_a_caller_who_rings_off_takes_no_key(desk: Desk) -> None:
    desk.answered()
    type_through(desk, lambda: desk.at(132))
    desk.priya.until("calls", lambda one: not one["current"])


def test_a_line_and_a_fact_from_the_second_worker_take_no_key(desk: Desk) -> None:
    desk.answered()
    tom = desk.paired()
    desk.ready()

    def speak() -> None:
        tom.ask("message", text="Police 6 min, both car parks")
        tom.press("ask_location")

    type_through(desk, speak)
    desk.priya.until_shown("Police 6 min, both car parks")


def test_the_database_going_and_coming_back_takes_no_key(desk: Desk) -> None:
    desk.begin()
    desk.priya.note("first")
    type_through(desk, lambda: desk.stack.enter_context(desk.office.frozen()))
    desk.priya.until_shown("Database away")
    desk.priya.type("\n")
    type_through(desk, desk.stack.close)
    desk.priya.until("link", lambda one: one["waiting"] == 0)


def test_the_telephones_going_and_coming_back_take_no_key(desk: Desk) -> None:
    desk.begin()
    type_through(desk, desk.control.take_phones_away)
    desk.priya.until("calls", lambda one: one["away"])
    desk.priya.type("\n")
    type_through(desk, desk.control.bring_phones_back)
    desk.priya.until("calls", lambda one: not one["away"])


def test_another_theme_takes_no_key(desk: Desk) -> None:
    desk.begin()
    type_through(desk, lambda: desk.priya.ask("theme"))
    assert desk.priya.probe("dark")


def test_speech_takes_no_key(desk: Desk) -> None:
    desk.begin()
    type_through(desk, lambda: desk.priya.ask("speak", text="Call waiting, Hampshire adults"))
