"""Coming and going with real consoles: extensions, takers, words left behind, ready and away."""

from __future__ import annotations

from typing import Any

import pytest

from console.domain.call_events import AgentPaused
from console.ports.switchboard import Act, Action
from tests.helpers.driven_console import DrivenConsole, Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(60)

QUIET = """\
title "Quiet"
night 01-Dec-2026
opens 22:13:50
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
22:30:00 1002 unpauses
"""


def begin_record(console: DrivenConsole, words: str = "words of mine") -> str:
    """Start a record without a call and write a line; return its id."""
    console.press("contact_without_call")
    console.until("note", lambda one: not one["read_only"])
    console.note(words)
    found = console.until("on_screen", lambda one: one and one["notes"])
    return str(found["id"])


def test_an_extension_in_use_is_refused_naming_its_holder(office: Office) -> None:
    office.priya()
    tom = office.tom(seated=False)
    sentence = tom.refused(extension="1001")
    assert "Extension 1001 is in use by Priya Raman" in sentence
    assert "You are not signed in" in sentence
    tom.sign_in()
    assert {one["extension"] for one in tom.probe("shift")} == {"1001", "1002"}


def test_two_who_sign_in_on_one_extension_at_once_are_told_who_has_it(office: Office) -> None:
    first, second = office.priya(seated=False), office.tom(seated=False)
    numbers = [one.tell("sign_in", extension="1001") for one in (first, second)]
    for one, number in zip((first, second), numbers, strict=True):
        one.answer(number)
    answers = [one.until("seated", lambda found: found["seated"] or found["refused"]) for one in (first, second)]
    assert [answer["seated"] for answer in answers].count(True) == 1
    refused = next(answer["refused"] for answer in answers if answer["refused"])
    assert "Extension 1001 is in use by" in refused


def test_of_two_who_took_one_extension_while_the_record_was_away_one_is_told_and_gives_it_up(office: Office) -> None:
    first, second = office.priya(seated=False), office.tom(seated=False)
    with office.frozen():
        for one in (first, second):
            one.sign_in(extension="1001")
            assert one.probe("calls")["extension"] == "1001"

    def held() -> list[str]:
        return [one.probe("calls")["extension"] for one in (first, second)]

    with_it, without = (first, second) if until(held, lambda found: "" in found, 15, "given up")[0] else (second, first)
    without.until_shown(f"Extension 1001 is in use by {with_it.spec.name}")
    assert "You work without a telephone" in without.words()
    assert [one["extension"] for one in with_it.until("shift", lambda found: len(found) == 2)].count("1001") == 1
    assert held().count("1001") == 1


def test_a_second_console_of_the_same_worker_on_this_computer_is_refused(office: Office) -> None:
    office.priya(home="one desk")
    again = office.priya(home="one desk", seated=False)
    sentence = again.refused(extension="1002")
    assert "signed in to Nightdesk already on this computer" in sentence
    assert "Nothing is lost" in sentence
    assert again.probe("seated")["faults"] == []


def test_signing_out_with_work_in_hand_needs_a_taker_who_then_has_it(office: Office) -> None:
    priya, tom = office.priya(), office.tom(screen="handler")
    contact = begin_record(priya)
    tom.until("shift", lambda found: len(found) == 2)
    priya.until("shift", lambda found: len(found) == 2)
    priya.press("sign_out")
    form = priya.until("form", lambda one: one.get("key") == "sign_out")
    assert "A colleague on shift must take it" in form["intro"]
    priya.press("finish")
    answer = priya.until("form", lambda one: one.get("error"))
    assert "Nothing was changed" in answer["error"]
    assert not priya.probe("seated")["left"]
    priya.patiently("fill", values={"taker": "Tom Adeyemi"})
    priya.press("finish")
    tom.until("unfinished", lambda found: [one["id"] for one in found] == [contact])
    assert [one["name"] for one in tom.until("shift", lambda found: len(found) == 1)] == ["Tom Adeyemi"]
    tom.press("unfinished")
    tom.row("My unfinished records", "to fill in")
    tom.until("note", lambda one: "words of mine" in one["lines"])


def test_signing_out_with_empty_hands_frees_the_extension(office: Office) -> None:
    priya, tom = office.priya(), office.tom()
    priya.press("sign_out")
    priya.until("form", lambda one: one.get("key") == "sign_out")
    priya.press("finish")
    tom.until("shift", lambda found: [one["worker"] for one in found] == ["tom.adeyemi"])
    office.open("Grace Whitlock", "1001", role="social_worker_children")
    tom.until("shift", lambda found: len(found) == 2)


def test_words_left_behind_are_shared_for_their_writer_by_the_next_who_sits_there(office: Office) -> None:
    priya = office.priya(home="one desk")
    contact = begin_record(priya, "shared before")
    until(lambda: office.bodies("contact.note"), bool, 10, "the first line")
    with office.frozen():
        priya.note("left behind")
        until(lambda: priya.probe("note"), lambda one: "kept" in one["kept"], 10, "kept")
        priya.kill()
    grace = office.open("Grace Whitlock", "1004", role="social_worker_children", home="one desk")
    grace.until_shown("Priya Raman wait")
    grace.press("unfinished")
    grace.row("My unfinished records", "Priya Raman")

    def left() -> list[tuple[int, str, dict[str, Any]]]:
        return [one for one in office.bodies("contact.note") if one[2]["text"] == "left behind"]

    until(left, bool, 10, "the line is shared")
    behalf = office.sql("SELECT author, on_behalf_of FROM entry WHERE seq = ?", left()[0][0])
    assert behalf == [("grace.whitlock", "priya.raman")]
    assert [one["owner"] for one in grace.probe("contacts") if one["id"] == contact] == ["priya.raman"]
    again = office.priya(home="another desk")
    again.until("contacts", lambda found: "left behind" in [line["text"] for one in found for line in one["notes"]])
    assert len(left()) == 1


# --- ready and away ---------------------------------------------------------------------------------


def heard_pauses(office: Office) -> list[Any]:
    """Attach a listener to the switchboard and return the list it fills with pauses."""
    heard: list[Any] = []
    line = office.listen()
    line.start(lambda event: heard.append(event) if isinstance(event, AgentPaused) else None)
    return heard


def test_away_pauses_the_telephone_and_ready_takes_it_back(office: Office) -> None:
    office.telephones(QUIET)
    heard = heard_pauses(office)
    priya = office.priya()
    priya.until("calls", lambda one: not one["away"])
    priya.press("ready")
    priya.until("me", lambda one: one["state"] == "break")
    until(lambda: heard[:], lambda found: found and found[-1].paused and found[-1].extension == "1001", 10, "paused")
    priya.press("ready")
    priya.until("me", lambda one: one["state"] == "available")
    until(lambda: heard[:], lambda found: not found[-1].paused, 10, "taken back")


def test_a_pause_set_on_the_telephone_is_shown_as_that_workers_state(office: Office) -> None:
    office.telephones(QUIET)
    priya, tom = office.priya(), office.tom()
    for one in (priya, tom):
        one.until("calls", lambda found: not found["away"])
    tom.until("shift", lambda found: len(found) == 2)
    handset = office.listen()
    handset.start(lambda _: None)
    handset.perform(Action(Act.PAUSE, "1001", None, "", "", "Take five"), lambda _: None)
    priya.until("me", lambda one: one["state"] != "available")
    tom.until("shift", lambda found: next(one for one in found if one["extension"] == "1001")["state"] != "available")
    handset.perform(Action(Act.UNPAUSE, "1001", None, "", "", ""), lambda _: None)
    priya.until("me", lambda one: one["state"] == "available")

    def told() -> list[tuple[str, str]]:
        return [(body["worker"], body["state"]) for _, _, body in office.bodies("shift.state")]

    once = [("priya.raman", "take_five"), ("priya.raman", "available")]
    until(told, lambda found: found == once, 10, "each pause is one entry")


def test_a_worker_who_comes_back_is_not_left_paused(office: Office) -> None:
    office.telephones(QUIET)
    heard = heard_pauses(office)
    priya = office.priya()
    priya.until("calls", lambda one: not one["away"])
    priya.press("sign_out")
    priya.until("form", lambda one: one.get("key") == "sign_out")
    priya.press("finish")
    until(lambda: heard[:], lambda found: found and found[-1].paused, 10, "the telephone of who is gone is paused")
    again = office.priya()
    again.until("calls", lambda one: not one["away"])
    until(lambda: heard[:], lambda found: not found[-1].paused, 10, "it takes calls again")
    again.until("me", lambda one: one["state"] == "available")
