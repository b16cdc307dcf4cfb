"""One console and its calls: records of their own, people found late or wrongly, keeping and finishing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from telephony_adapters.simulator import SimulatorControl
from tests.helpers.driven_console import DrivenConsole, Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(60)

SCRIPT = """\
title "Two calls"
night 01-Dec-2026
opens 22:13:50
line 01632 960001 "Hampshire adults"
line 01632 960004 "Portsmouth children"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
22:14:00 call first from 07700 900412 to 01632 960001 queue oohs
 rings 1001
22:15:00 call second from 01632 960741 to 01632 960004 queue oohs
 rings 1001
"""
WITHHELD = (
    SCRIPT.partition("22:14:00")[0]
    + """\
22:14:00 call hidden from withheld 07700 900777 to 01632 960001 queue oohs
 rings 1001
22:15:00 caller rings off hidden
"""
)


def rows_of(console: DrivenConsole, kind: str) -> list[dict[str, Any]]:
    """Return the rows of one class as last drawn."""
    return [row for row in console.rows() if row["row"] == kind]


FIRST, SECOND = 12, 72
"""Seconds after the script opens at which each call has come, and the withheld one has gone."""


def ring(office: Office, control: SimulatorControl, console: DrivenConsole, at: int, alerting: int = 1) -> None:
    """Let the calls up to a moment come."""
    control.jump(office.opens + timedelta(seconds=at))
    console.until("calls", lambda one: len(one["alerting"]) == alerting)


def answer(console: DrivenConsole) -> str:
    """Press F9 and return the record's id."""
    before = console.probe("calls")["current"]
    console.press("answer")
    found = console.until("calls", lambda one: one["current"] not in ("", before) and one["contact"] != "None")
    console.until("note", lambda one: not one["read_only"])
    return str(found["contact"])


def notes_of(console: DrivenConsole, contact: str) -> list[str]:
    """Return the note of one record."""
    return [line["text"] for one in console.probe("contacts") if one["id"] == contact for line in one["notes"]]


def test_a_second_call_answered_while_the_first_is_held_has_its_own_record(office: Office) -> None:
    control = office.telephones(SCRIPT)
    priya = office.priya()
    ring(office, control, priya, FIRST)
    first = answer(priya)
    priya.note("of the first")
    ring(office, control, priya, SECOND)
    assert priya.probe("calls")["contact"] == first, "a ringing call changed the record on screen"
    second = answer(priya)
    assert second != first
    assert priya.probe("calls")["held"] == [first]
    priya.until("note", lambda one: one["lines"] == [""])
    assert priya.type("of the second\n") == "Notes"
    until(lambda: (notes_of(priya, first), notes_of(priya, second)), lambda both: all(both), 10, "both notes")
    assert (notes_of(priya, first), notes_of(priya, second)) == (["of the first"], ["of the second"])
    assert rows_of(priya, "CallBarRow")[0]["line"] == "Portsmouth children"
    priya.press("end")
    priya.press("end")
    priya.until("calls", lambda one: one["current"] != "" and one["contact"] == first or one["held"] == [first])
    priya.press("hold")
    priya.until("calls", lambda one: one["contact"] == first and not one["held"])
    priya.until("note", lambda one: one["lines"][0] == "of the first")


def test_the_wrong_person_is_moved_off_and_a_new_person_added(office: Office) -> None:
    control = office.telephones(SCRIPT)
    priya = office.priya()
    ring(office, control, priya, FIRST)
    answer(priya)
    until(lambda: rows_of(priya, "CandidateCardRow"), lambda cards: len(cards) == 2, 10, "two candidates")
    priya.press("candidate_1")
    chosen = priya.until("on_screen", lambda one: one["subjects"])["subjects"][0]["name"]
    priya.form("wrong_person", reason="She says she is his sister")
    left = priya.until("on_screen", lambda one: one["wrong"])
    assert left["subjects"][0]["wrong"]
    assert left["wrong"][0]["reason"] == "She says she is his sister"
    priya.until_shown(f"Moved off {chosen}")
    priya.form("new_person", family="Orme", given="Kay", born="19-Feb-1992")
    found = priya.until("on_screen", lambda one: len(one["subjects"]) == 2)
    assert (found["subjects"][1]["name"], found["subjects"][1]["wrong"]) == ("ORME, Kay", False)
    until(lambda: rows_of(priya, "IdentityRow"), lambda rows: rows and rows[0]["name"] == "ORME, Kay", 10, "her name")
    known = "SELECT count(*) FROM person WHERE family = 'Orme' AND given = 'Kay'"
    until(lambda: office.sql(known), lambda rows: rows == [(1,)], 10, "she is known here")


def test_a_person_is_attached_later_by_search(office: Office) -> None:
    control = office.telephones(SCRIPT)
    priya = office.priya()
    ring(office, control, priya, SECOND, alerting=2)
    priya.press("contact_without_call")
    priya.until("note", lambda one: not one["read_only"])
    priya.press("find")
    priya.type("Fenn Marcus")
    priya.row("People found", "FENN, Marcus")
    found = priya.until("on_screen", lambda one: one["subjects"])
    assert (found["subjects"][0]["name"], found["subjects"][0]["how"]) == ("FENN, Marcus", "search")
    assert found["calls"] == []
    until(office.access, lambda done: "opened" in done, 10, "opened by ticket")


def test_a_record_without_a_call_is_kept_and_finished_later(office: Office) -> None:
    priya = office.priya()
    priya.press("contact_without_call")
    begun = priya.until("on_screen", bool)
    priya.note("message for the day team")
    priya.press("keep")
    priya.until("on_screen", lambda one: one is None)
    priya.until_shown(f"Record {begun['ref']} is kept")
    assert [one["id"] for one in priya.probe("unfinished")] == [begun["id"]]
    priya.press("unfinished")
    priya.row("My unfinished records", begun["ref"])
    priya.until("on_screen", lambda one: one and one["id"] == begun["id"])
    priya.until("note", lambda one: "message for the day team" in one["lines"])


def complete(priya: DrivenConsole, kind: str, page: dict[str, str], record: dict[str, str]) -> None:
    """Start a record of a kind; finishing is refused until all that is missing is filled, then it completes."""
    priya.press("contact_without_call")
    begun = priya.until("on_screen", bool)
    priya.note("what was said")
    priya.choose("Kind of call", kind)
    priya.press("finish")
    missing = priya.until("missing", bool)
    priya.until_shown("missing")
    assert priya.probe("on_screen")["progress"] != "complete"
    for name, label in page.items():
        priya.choose(name, label)
    left = len(priya.until("missing", lambda found: len(found) < len(missing)))
    priya.press("record")
    priya.until("form", lambda form: form.get("key") == "record")
    for name, value in record.items():
        priya.patiently("fill", values={name: value})
    priya.press("note")
    still = priya.until("missing", lambda found: not found)
    assert left > len(still)
    priya.press("finish")
    priya.until(
        "contacts", lambda found: [one["progress"] for one in found if one["id"] == begun["id"]] == ["complete"]
    )
    priya.until_shown(f"Record {begun['ref']} is complete")
    assert priya.probe("unfinished") == []


def test_information_is_complete_once_everything_is_filled(office: Office) -> None:
    page = {"How urgent": "Information", "Who is calling": "Self", "Outcome": "Advice given"}
    record = {
        "authority": "Hampshire",
        "service": "Adults",
        "asked": "When the office opens",
        "told": "At half past eight",
    }
    complete(office.priya(), "Information only", page, record)


def test_a_suicidal_caller_is_complete_once_everything_is_filled(office: Office) -> None:
    page = {"How urgent": "Now", "Who is calling": "Self", "Consent": "Given", "Outcome": "Advice given"}
    record = {
        "authority": "Hampshire", "service": "Adults", "subject_unknown": "would not say",
        "danger_now": "No", "history_considered": "None found", "can_it_wait": "No",
        "asked_directly": "Yes", "plan": "No", "means": "none at hand", "started": "No",
        "location_source": "caller stated", "person_reached": "No",
        "not_reached_plan": "rang off, safe with her sister", "decision:kind": "Share information",
        "decision:what": "Told her doctor", "decision:why": "With her sister until morning",
    }  # fmt: skip
    complete(office.priya(), "Suicidal caller", page, record)


def test_a_withheld_number_is_in_no_window_no_log_and_no_record(office: Office) -> None:
    control = office.telephones(WITHHELD)
    priya = office.priya()
    ring(office, control, priya, FIRST)
    until(lambda: rows_of(priya, "CallBarRow"), lambda rows: rows[0]["number"] == "Number withheld", 10, "withheld")
    assert not rows_of(priya, "CandidateCardRow")
    ring(office, control, priya, SECOND, alerting=0)
    priya.until("link", lambda one: one["waiting"] == 0)
    secret = ("900777", "7700900777")
    told = "\n".join([priya.words(), str(priya.ever()), str(office.bodies())])
    told += "".join(file.read_text(encoding="utf-8") for file in (priya.home / "logs").rglob("*") if file.is_file())
    assert [digits for digits in secret if digits in told.replace(" ", "")] == []
