"""A call as a screen reader's user takes it: heard, answered, written down and kept, through the accessibility bus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from telephony_adapters.simulator import SimulatorControl
from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.screen_reader import NotHeard, ScreenReader, accessible_screen, hearing_reader

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = [pytest.mark.needs("screen", "atspi"), pytest.mark.timeout(240)]

MOST_STOPS = 40
NAMED = {"frame", "push button", "combo box", "check box", "text", "list", "list item", "table", "table cell"}
"""Roles that a screen reader stops at; each must say what it is."""


@dataclass
class Listening:
    """Priya's console on a screen of its own, and the screen reader on it."""

    office: Office
    control: SimulatorControl
    priya: DrivenConsole
    reader: ScreenReader

    def ring(self) -> None:
        """Let script A's call ring on Priya's telephone."""
        self.control.jump(self.office.opens + timedelta(seconds=20))
        self.priya.until("calls", lambda one: one["alerting"] and one["looked"])

    def hears(self, words: str) -> list[str]:
        """Wait until an announcement holds these words; return all there were."""
        return until(
            lambda: self.reader.heard("announcement"),
            lambda said: any(words in one for one in said),
            15,
            f"the announcement {words!r}",
        )

    def end_call(self) -> None:
        """Press twice; and from the first again where a busy computer let the time for the second go by."""

        def pressed() -> dict[str, Any]:
            for button in ("End call", "Again to end"):
                with suppress(NotHeard):
                    self.reader.ask("press", name=button)
            return dict(self.priya.probe("calls"))

        until(pressed, lambda one: not one["current"], 30, "the end of the call")

    def tab_to(self, name: str) -> None:
        """Press Tab until the focus is there; each stop on the way says its name."""
        for _ in range(MOST_STOPS):
            before = len(self.reader.heard("focus"))
            self.reader.keys("Tab")
            moved = until(lambda: self.reader.heard("focus"), lambda all_: len(all_) > before, 10, "the next stop")  # noqa: B023
            assert moved[-1].strip(), "a stop without a name"
            if moved[-1] == name:
                return
        raise AssertionError(f"Tab never comes to {name}")


@pytest.fixture
def listening(office: Office) -> Iterator[Listening]:
    """A screen, a bus, a console and a screen reader."""
    with accessible_screen() as environment:
        office.environment.update(environment)
        control = office.telephones("script_a")
        priya = office.priya()
        with hearing_reader("nightdesk", environment) as reader:
            yield Listening(office, control, priya, reader)
            office.check()
            office.close()


def named(tree: list[dict[str, Any]], role: str) -> list[str]:
    """Return the names of everything with a role."""
    return [one["name"] for one in tree if one["role"] == role]


def people(tree: list[dict[str, Any]]) -> list[str]:
    """Return what is said of the people the number may belong to."""
    return [name for name in named(tree, "push button") if name.startswith("FENN, ")]


def described(tree: list[dict[str, Any]], name: str) -> list[str]:
    """Return what a screen reader adds to a name."""
    return [one["description"] for one in tree if one["name"] == name]


def focused(tree: list[dict[str, Any]]) -> list[str]:
    """Return the names of what has the focus."""
    return [one["name"] for one in tree if one["focused"] and one["name"]]


def nameless(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what a screen reader would stop at without a word to say."""
    return [one for one in tree if one["role"] in NAMED and not one["name"].strip()]


def test_a_call_is_heard_answered_written_and_kept(listening: Listening) -> None:
    priya, reader = listening.priya, listening.reader
    idle = reader.tree()
    assert idle[0]["role"] == "frame"
    assert focused(idle) == ["Notes"]
    assert nameless(idle) == []

    # It rings: told without any move of the focus.
    moves = reader.heard("focus")
    listening.ring()
    listening.hears("Ringing. Hampshire adults. 07700 900412")
    ringing = until(reader.tree, lambda tree: len(people(tree)) == 2, 10, "both people of the number")
    assert reader.heard("focus") == moves
    assert focused(ringing) == ["Notes"]
    assert nameless(ringing) == []
    assert {"RINGING", "Hampshire adults", "07700 900412"} <= set(named(ringing, "label"))
    assert "Calls before: 3, last 03-Oct-2025" in named(ringing, "list item")
    assert any("possible: suicide or self-harm" in name for name in people(ringing))

    # Answered by the button's own action, and the note is where the keys go.
    reader.ask("press", name="Answer")
    priya.until("note", lambda one: not one["read_only"])
    until(reader.tree, lambda tree: "ON CALL" in named(tree, "label"), 10, "ON CALL")
    reader.type("alone in the car")
    reader.keys("Return")
    until(
        lambda: reader.ask("text", role="text", name="Notes"), lambda text: "alone in the car" in text, 10, "the note"
    )
    until(lambda: str(listening.office.bodies()), lambda found: "alone in the car" in found, 10, "the record")

    # The kind of call, in its own box.
    listening.tab_to("Kind of call")
    reader.keys("Down")
    reader.keys("Return")
    contact = priya.until("on_screen", lambda one: one and "type" in one["fields"])
    assert "suicid" in str(contact["fields"]["type"]).lower()
    # Qt gives the value of a list as its name on this bus, so the description says which list it is.
    until(reader.tree, lambda tree: "Kind of call" in described(tree, "Suicidal caller"), 10, "the kind in words")

    # The call ends by two presses; the record is kept for later.
    listening.end_call()
    reader.keys("ctrl+shift+Return")
    listening.hears("is kept on your unfinished list")
    assert len(priya.until("unfinished", bool)) == 1
    assert nameless(reader.tree()) == []
