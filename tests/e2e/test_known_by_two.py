"""Two console processes on one record: both write one field, both see both; the line drops and comes again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.helpers.driven_console import DrivenConsole, Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = pytest.mark.timeout(180)

SCRIPT = """\
title "The line drops"
night 01-Dec-2026
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
22:14:00 call first from 07700 900412 to 01632 960001 queue oohs
 rings 1001
22:24:00 caller rings off first
22:26:00 call again from 07700 900412 to 01632 960001 queue oohs
 rings 1001
"""
STATE = "fact:state"


def shows(console: DrivenConsole, *words: str) -> None:
    """Wait until a window holds all of these words."""
    for one in words:
        console.until_shown(one)


def test_both_write_one_field_and_the_line_drops(office: Office) -> None:
    control = office.telephones(SCRIPT)
    priya, tom = office.priya(), office.tom()
    control.jump(office.opens + timedelta(seconds=5))
    priya.until("calls", lambda one: len(one["alerting"]) == 1)
    priya.press("answer")
    priya.until("note", lambda one: not one["read_only"])
    priya.choose("Kind of call", "Suicidal caller")
    priya.press("need_second")
    tom.until("summons", bool)
    tom.press("take")
    tom.until("incidents", lambda found: found and found[0]["members"])
    priya.until("incidents", bool)

    for console in (priya, tom):
        console.press("fact_sheet")
        console.until("form", bool)
    with office.neither_hears():
        for console, words in ((priya, "Drowsy"), (tom, "Awake")):
            console.ask("fill", values={STATE: words})
    for console in (priya, tom):
        shows(console, "“Drowsy”", "“Awake”")
        console.press("note")
    tom.row("Facts", "Drowsy", "settle")
    # Nothing is lost, and the choice is an entry of its own.
    until(
        lambda: sorted(body["text"] for _, _, body in office.bodies("incident.fact")),
        lambda said: said == ["Awake", "Drowsy", "Drowsy"],
        10,
        "the choice",
    )
    until(priya.rows, lambda rows: "Two stand Ctrl+F" not in str(rows), 10, "settled")

    priya.note("where: in the car, by the reservoir")
    tom.patiently("row", name="Facts", words="in the car", act="accept")
    shows(priya, "in the car, by the reservoir")
    control.jump(office.opens + timedelta(minutes=10, seconds=5))
    for console in (priya, tom):
        shows(console, "LINE DROPPED", "Last words", "in the car, by the reservoir (caller stated", "07700 900412")
    assert tom.probe("incidents"), "the incident stays"

    control.jump(office.opens + timedelta(minutes=12, seconds=5))
    for console in (priya, tom):
        shows(console, "The same line rings now")
    assert len(tom.probe("incidents")) == 1
