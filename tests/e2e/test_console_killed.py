"""A console killed while somebody types: what was typed a second before is there again, in order, once."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from tests.helpers.driven_console import DrivenConsole, Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures"]

SENTENCE = "she says the boy went out at nine with no coat and his phone is off now "
EVERY_MS = 25
GRACE = 1.0
"""Seconds before the kill from which on nothing is promised (issue: what was typed up to 1 s before)."""


def open_record(console: DrivenConsole) -> None:
    """Open the one unfinished record from the list, and go to its note."""
    console.press("unfinished")
    console.row("My unfinished records", "to fill in")
    console.until("on_screen", bool)
    console.press("note")
    console.until("note", lambda one: not one["read_only"] and one["focus"])


def lines_of(office: Office) -> list[str]:
    """Return the newest text of each line of the note, in the order the lines were begun, as the record has them."""
    newest: dict[str, tuple[str, str]] = {}
    for _, _, body in office.bodies("contact.note"):
        newest[body["line"]] = (body["begun"], body["text"])
    return [text for _, text in sorted(newest.values()) if text]


def promised(console: DrivenConsole, killed_at: float) -> int:
    """Return how many keys had fallen a second before the kill."""
    return max((one.count for one in console.typed if one.at <= killed_at - GRACE), default=0)


def kill_in_mid_sentence(office: Office, chance: random.Random, count: int) -> None:
    """Kill a console ``count`` times in a row at random instants, and hold each successor to the promise."""
    console = office.priya(home="one desk")
    console.press("contact_without_call")
    console.until("note", lambda one: not one["read_only"])
    console.press("note")
    before: list[str] = []
    for _ in range(count):
        wanted = SENTENCE * 4
        console.ask("type_slowly", text=wanted, every_ms=EVERY_MS)
        time.sleep(chance.uniform(0.05, 2.4))
        killed_at = console.kill()
        sure, typed = promised(console, killed_at), len(console.typed)
        console = office.priya(home="one desk")
        open_record(console)
        console.until("link", lambda one: one["waiting"] == 0 and one["link"] == "together")
        shown = [line for line in console.probe("note")["lines"] if line]
        check(before, shown, wanted[: typed + 1], sure)
        assert lines_of(office) == shown, "the record and the screen differ"
        before = shown
        console.press("note")
        console.type("\n" if console.probe("note")["lines"][-1] else "")
    assert lines_of(office) == before


def check(before: list[str], shown: list[str], typed: str, sure: int) -> None:
    """What was there is there still; the new line begins what was typed, and is long enough."""
    assert shown[: len(before)] == before
    new = shown[len(before) :]
    assert len(new) <= 1, new
    text = new[0] if new else ""
    assert typed.startswith(text) or typed.rstrip().startswith(text), (typed, text)
    assert len(text) >= len(typed[:sure].rstrip()), f"{sure} keys were a second old, {len(text)} are there"


@pytest.mark.timeout(120)
def test_what_was_typed_a_second_before_a_kill_is_there_again_in_order(office: Office) -> None:
    kill_in_mid_sentence(office, random.Random(20261201), 6)


@pytest.mark.long("kills")
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("seed", range(10))
def test_three_hundred_kills(office: Office, seed: int) -> None:
    kill_in_mid_sentence(office, random.Random(seed), 30)


@pytest.mark.timeout(60)
def test_a_line_that_was_never_shared_is_restored_and_said_so(office: Office) -> None:
    console = office.priya(home="one desk")
    console.press("contact_without_call")
    console.until("note", lambda one: not one["read_only"])
    console.note("the first line")
    until(lambda: lines_of(office), lambda lines: lines == ["the first line"], 10, "the first line is shared")
    with office.frozen():
        console.press("note")
        console.ask("type_slowly", text="half a sentence that nobody", every_ms=5)
        console.until("typing_done", bool)
        # A draft is on disk at the latest a second after its last key, and becomes an entry at a pause.
        time.sleep(GRACE)
        console.kill()
        assert lines_of(office) == ["the first line"]
    console = office.priya(home="one desk")
    open_record(console)
    console.until("link", lambda one: one["waiting"] == 0)
    assert lines_of(office) == ["the first line", "half a sentence that nobody"]
    assert [line for line in console.probe("note")["lines"] if line] == lines_of(office)


def entries(office: Office) -> list[tuple[Any, ...]]:
    """Return line and text of every note entry in the record."""
    return [(body["line"], body["text"]) for _, _, body in office.bodies("contact.note")]


@pytest.mark.timeout(60)
def test_a_draft_killed_before_it_became_an_entry_is_offered_in_the_record(office: Office) -> None:
    console = office.priya(home="one desk")
    console.press("contact_without_call")
    console.until("note", lambda one: not one["read_only"])
    console.press("note")
    console.ask("type_slowly", text="typed without a pause and cut off", every_ms=12)
    console.until("typing_done", bool)
    # 300 ms after the last key the draft is on disk; only at 500 ms does an entry leave.
    time.sleep(0.38)
    console.kill()
    before = entries(office)
    console = office.priya(home="one desk")
    if not any(text == "typed without a pause and cut off" for _, text in before):
        console.until_shown("Restored 1 line")
    open_record(console)
    assert "typed without a pause and cut off" in console.probe("note")["lines"]
    console.until("link", lambda one: one["waiting"] == 0)
    assert lines_of(office) == ["typed without a pause and cut off"]
