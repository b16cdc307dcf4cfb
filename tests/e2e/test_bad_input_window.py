"""Bad input as a worker meets it: a sentence, nothing lost, nothing crashed, nothing drawn as markup."""

from __future__ import annotations

import subprocess
import time
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.driven_console import DrivenConsole, Metronome, Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(90)

LONGEST_STALL = 0.1
HOSTILE_AFTER = {"markup": 2, "controls": 12, "turned": 22, "long": 32, "lone": 42, "words": 52, "digits": 62}
"""Seconds after the script opens at which each call of hostile.txt rings."""


def texts_of(console: DrivenConsole) -> list[str]:
    """Return every text the window holds, tooltips aside: those are escaped by their factory."""
    return [text for text in console.probe("texts") if not text.startswith("<qt>")]


def unseen(text: str) -> set[str]:
    """Return the characters of a text that would act instead of being drawn."""
    kinds = ("Cc", "Cf", "Cs")
    return {char for char in text if unicodedata.category(char) in kinds and char not in "\n\t\u200b\u2060\xad"}


def test_what_a_switchboard_should_never_send_is_drawn_as_text_and_holds_nothing_up(office: Office) -> None:
    control = office.telephones("hostile")
    priya = office.priya()
    priya.until("calls", lambda one: not one["away"])
    drawn: dict[str, list[str]] = {}
    with Metronome() as metronome:
        priya.probe("stalls")
        for name, at in HOSTILE_AFTER.items():
            control.jump(office.opens + timedelta(seconds=at))
            priya.until("calls", lambda one: len(one["alerting"]) == 1)
            until(lambda: bar(priya), lambda row: row["state"] == "RINGING", 10, f"{name} rings")
            drawn[name] = texts_of(priya)
            control.jump(office.opens + timedelta(seconds=at + 4))
            priya.until("calls", lambda one: not one["alerting"])
        gaps = priya.probe("stalls")
    stalls = sorted((metronome.own(gap) for gap in gaps), reverse=True)
    assert not stalls or stalls[0] <= LONGEST_STALL, f"stalls of {[round(one * 1000) for one in stalls[:5]]} ms"
    assert priya.probe("rich") == []
    for name, texts in drawn.items():
        assert max(map(len, texts)) < 2000, f"{name}: a text of {max(map(len, texts))} characters"
        acting = {char for text in texts for char in unseen(text)} - {"\u2066", "\u2067", "\u2068", "\u2069"}
        assert not acting, f"{name}: {acting!r}"
    assert priya.type("") == "Notes"
    assert office.verify().returncode == 0


def bar(console: DrivenConsole) -> dict[str, Any]:
    """Return the call bar as last drawn."""
    return next(row for row in console.rows() if row["row"] == "CallBarRow")


PASTED = "<b>Bold</b><img src=x onerror=alert(1)> \u202eecilop zero\u200bwidth \x07bell"


def test_hostile_text_in_a_form_is_text_on_both_screens_and_in_the_record(office: Office) -> None:
    priya = office.priya()
    priya.press("contact_without_call")
    priya.until("note", lambda one: not one["read_only"])
    priya.form("new_person", family="<b>Bold</b>", given="<img src=x>")
    priya.until("on_screen", lambda one: one["subjects"])
    priya.note("<h1>said</h1> &amp; more")
    until(lambda: office.bodies("contact.note"), bool, 10, "the note")
    assert office.bodies("contact.note")[-1][2]["text"] == "<h1>said</h1> &amp; more"
    assert "<h1>said</h1> &amp; more" in priya.probe("note")["lines"]
    assert any("BOLD" in text and "<" in text for text in texts_of(priya))
    assert priya.probe("rich") == []


def test_an_unreachable_switchboard_is_said_and_calls_are_begun_by_hand(office: Office) -> None:
    priya = office.priya(switchboard="127.0.0.1:9")
    priya.until("calls", lambda one: one["away"])
    until(priya.rows, lambda rows: any("Phones away" in str(row) for row in rows), 10, "the strip says so")
    priya.press("answer")
    priya.until("note", lambda one: not one["read_only"])
    priya.until_shown("The record has begun")
    priya.note("written with no telephones")
    until(lambda: office.bodies("contact.note"), bool, 10, "the note is shared all the same")


def test_a_locked_keyring_is_said_and_what_is_typed_is_shared_all_the_same(office: Office) -> None:
    console = office.priya(secrets="locked:")
    console.press("contact_without_call")
    console.until("note", lambda one: not one["read_only"])
    console.note("typed with a locked keyring")
    until(lambda: office.bodies("contact.note"), bool, 10, "the note is shared")
    assert not list((console.home / "journals").glob("*.journal")), "no journal may lie unencrypted on the disk"


def test_a_journal_whose_keyring_is_locked_is_left_alone_and_said(office: Office) -> None:
    console = office.priya(home="one desk")
    console.press("contact_without_call")
    console.until("note", lambda one: not one["read_only"])
    console.close()
    journal = next((console.home / "journals").glob("*.journal"))
    before = journal.read_bytes()
    locked = office.priya(home="one desk", secrets="locked:", seated=False)
    assert "keyring" in locked.refused()
    assert journal.read_bytes() == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB, as the home of one console."""
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.needs("linux", "root")
def test_a_full_disk_under_the_journal_is_said_in_red_and_no_word_is_lost(office: Office, small_disk: Path) -> None:
    office.expects_warnings = True
    priya = office.priya(home=small_disk.name)
    priya.press("contact_without_call")
    priya.until("note", lambda one: not one["read_only"])
    priya.note("before it was full")
    until(lambda: office.bodies("contact.note"), bool, 10, "the first line")
    fill(small_disk)
    with office.frozen():
        wordy = [f"line {number} " + "words that need room on a disk " * 12 for number in range(24)]
        for line in wordy:
            priya.note(line.strip())
            if any("NOT SAVED" in str(row) for row in priya.rows()):
                break
            fill(small_disk)
        until(priya.rows, lambda rows: any("NOT SAVED on this computer" in str(row) for row in rows), 15, "red")
        shown = [line for line in priya.probe("note")["lines"] if line]
    for file in small_disk.glob("ballast*"):
        file.unlink()
    priya.until("link", lambda one: not one["journal_fault"] and one["waiting"] == 0)
    until(lambda: [body["text"] for _, _, body in office.bodies("contact.note")], lambda got: got == shown, 15, "all")
    until(priya.rows, lambda rows: not any("NOT SAVED" in str(row) for row in rows), 5, "the red is taken back")


def fill(disk: Path) -> None:
    """Leave no room at all."""
    file = disk / f"ballast{time.monotonic_ns()}"
    with file.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(bytes(4096))
        except OSError:
            return
