"""A real Asterisk with real telephones and callers drives a real console window (Shows 3, second half)."""

from __future__ import annotations

import re

import msgspec
import pytest

from console.ports.switchboard import NO_CONFIRMATION
from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.pbx.callers import Privacy
from tests.helpers.pbx.live import LiveAsterisk

pytest_plugins = ["tests.helpers.driven_console_fixtures", "tests.helpers.pbx.fixtures"]
pytestmark = [pytest.mark.needs("asterisk", "sipp"), pytest.mark.timeout(120)]

HIDDEN = "02079460140"


@pytest.fixture
def priya(office: Office, live_asterisk: LiveAsterisk) -> DrivenConsole:
    """Priya's console, connected to the switchboard."""
    console = office.priya(ami=msgspec.to_builtins(live_asterisk.settings()))
    console.until("calls", lambda one: not one["away"])
    return console


def bar(console: DrivenConsole) -> dict[str, str]:
    """Return the call bar as last drawn."""
    return next(row for row in console.rows() if row["row"] == "CallBarRow")


def rings(live_asterisk: LiveAsterisk, console: DrivenConsole) -> dict[str, str]:
    """Wait until the call rings on the desk and in the window; return the call bar."""
    live_asterisk.phone("1001").wait_ringing()
    console.until("calls", lambda one: one["alerting"])

    def known(row: dict[str, str]) -> bool:
        return row["state"] == "RINGING" and row["number"] not in ("", "Number not yet known")

    return until(lambda: bar(console), known, 10, "the number")


def answered(live_asterisk: LiveAsterisk, console: DrivenConsole) -> str:
    """Lift the handset; return the id of the record that opened."""
    live_asterisk.phone("1001").answer()
    found = console.until("calls", lambda one: one["current"] and one["contact"] != "None")
    console.until("note", lambda one: not one["read_only"])
    return str(found["contact"])


def test_an_answered_call_shows_line_number_and_candidates_and_opens_its_record(
    office: Office, live_asterisk: LiveAsterisk, priya: DrivenConsole
) -> None:
    caller = live_asterisk.call_in("07700900412", name="A Caller")
    ringing = rings(live_asterisk, priya)
    assert (ringing["state"], ringing["number"], ringing["line"]) == ("RINGING", "07700 900412", "Hampshire adults")
    until(priya.rows, lambda rows: sum(row["row"] == "CandidateCardRow" for row in rows) == 2, 10, "two candidates")
    assert priya.probe("on_screen") is None, "a record opened before the call was answered"
    contact = answered(live_asterisk, priya)
    priya.note("said on a real line")
    caller.ring_off()
    priya.until("calls", lambda one: not one["current"])

    def shared() -> tuple[list[str], int]:
        notes = [body["text"] for _, _, body in office.bodies("contact.note")]
        return notes, len(office.bodies("call.ended"))

    until(shared, lambda found: found == (["said on a real line"], 1), 10, "note and end in the record, once")
    assert priya.probe("on_screen")["id"] == contact, "the end of the call took the record away"


def test_an_abandoned_call_stays_as_a_quiet_line(
    office: Office, live_asterisk: LiveAsterisk, priya: DrivenConsole
) -> None:
    caller = live_asterisk.call_in("01632960741")
    rings(live_asterisk, priya)
    caller.ring_off()
    priya.until("calls", lambda one: not one["waiting"])
    until(priya.rows, lambda rows: any("rang off" in str(row).casefold() for row in rows), 10, "rang off")
    assert priya.probe("on_screen") is None
    until(lambda: office.bodies("call.ended"), lambda found: len(found) == 1, 10, "its end in the record")
    assert office.sql("SELECT count(*) FROM entry WHERE kind = 'contact.opened'") == [(0,)]


@pytest.mark.parametrize("privacy", [Privacy.ASSERTED, Privacy.ANONYMOUS])
def test_a_withheld_number_is_nowhere(
    office: Office, live_asterisk: LiveAsterisk, priya: DrivenConsole, privacy: Privacy
) -> None:
    caller = live_asterisk.call_in(HIDDEN, privacy=privacy)
    assert rings(live_asterisk, priya)["number"] == "Number withheld"
    answered(live_asterisk, priya)
    priya.note("would not say who")
    caller.ring_off()
    priya.until("calls", lambda one: not one["current"])
    priya.until("link", lambda one: one["waiting"] == 0)
    told = [priya.words(), str(priya.ever()), str(office.bodies())]
    told += [file.read_text(encoding="utf-8") for file in (priya.home / "logs").rglob("*") if file.is_file()]
    assert "946014" not in "".join(told).replace(" ", "")
    files = (office.database, office.database.with_name(office.database.name + "-wal"))
    assert not any(HIDDEN[1:].encode() in file.read_bytes() for file in files if file.exists())


def test_a_blind_transfer_leaves_the_record_with_its_handler(
    office: Office, live_asterisk: LiveAsterisk, priya: DrivenConsole
) -> None:
    caller = live_asterisk.call_in("02079460180")
    rings(live_asterisk, priya)
    contact = answered(live_asterisk, priya)
    priya.form("transfer", target="1003", how="Give over at once")
    live_asterisk.phone("1003").wait_ringing()
    live_asterisk.phone("1003").answer()
    priya.until("calls", lambda one: not one["current"])
    assert priya.probe("on_screen")["id"] == contact
    priya.until("link", lambda one: one["waiting"] == 0)
    until(lambda: office.bodies("call.transferred"), lambda found: len(found) == 1, 10, "the transfer in the record")
    caller.ring_off()
    until(lambda: office.bodies("call.ended"), lambda found: len(found) == 1, 10, "one call, one end")
    assert office.sql("SELECT count(DISTINCT stream_id) FROM entry WHERE stream_kind = 'call'") == [(1,)]


def test_a_transfer_to_a_telephone_that_is_not_there_is_told_to_whoever_made_it(
    office: Office, live_asterisk: LiveAsterisk, priya: DrivenConsole
) -> None:
    live_asterisk.call_in("02079460180")
    rings(live_asterisk, priya)
    answered(live_asterisk, priya)
    priya.form("transfer", target="1005", how="Give over at once")
    until(lambda: bar(priya)["detail"], re.compile("was not answered at 1005").search, 10, "told on the call bar")
    assert "1005 did not answer: the caller you transferred there is gone." in priya.words()
    priya.until_shown("1 missed call")


def state(console: DrivenConsole, wanted: str) -> None:
    """Wait until the call bar says so."""
    until(lambda: bar(console)["state"], lambda found: found == wanted, 10, wanted)


def asking(live_asterisk: LiveAsterisk, priya: DrivenConsole) -> None:
    """Ask 1003, who lifts, while the caller waits."""
    priya.form("transfer", target="1003", how="Ask them first; the caller waits")
    live_asterisk.phone("1003").wait_ringing()
    state(priya, "RINGING 1003")
    live_asterisk.phone("1003").answer()
    state(priya, "ASKING 1003")


def test_a_colleague_is_asked_and_then_given_the_caller_by_the_windows_own_keys(
    office: Office, live_asterisk: LiveAsterisk, priya: DrivenConsole
) -> None:
    caller = live_asterisk.call_in("02079460180")
    rings(live_asterisk, priya)
    contact = answered(live_asterisk, priya)
    asking(live_asterisk, priya)
    priya.form("transfer", how="Give over")
    priya.until("calls", lambda one: not one["current"])
    assert priya.probe("on_screen")["id"] == contact, "the record stays with its handler"
    assert until(lambda: given(office), bool, 10, "the transfer in the record") == ["attended"]
    caller.ring_off()
    until(lambda: office.bodies("call.ended"), lambda found: len(found) == 1, 10, "one call, one end")
    assert NO_CONFIRMATION not in priya.words()


def test_the_key_of_hold_takes_the_caller_back_from_the_asking(
    office: Office, live_asterisk: LiveAsterisk, priya: DrivenConsole
) -> None:
    live_asterisk.call_in("02079460180")
    rings(live_asterisk, priya)
    answered(live_asterisk, priya)
    asking(live_asterisk, priya)
    priya.press("hold")
    state(priya, "ON CALL")
    assert office.bodies("call.transferred") == []


def test_a_caller_is_parked_where_the_switchboard_says_and_fetched_again(
    office: Office, live_asterisk: LiveAsterisk, priya: DrivenConsole
) -> None:
    caller = live_asterisk.call_in("02079460180")
    rings(live_asterisk, priya)
    answered(live_asterisk, priya)
    priya.form("transfer", how="Park; any telephone can fetch")
    until(lambda: slot_of(priya)["detail"], re.compile(r"At 7\d\d\. Parked by you").search, 10, "parked")
    priya.form("transfer")
    live_asterisk.phone("1001").wait_ringing()
    live_asterisk.phone("1001").answer()
    state(priya, "ON CALL")
    assert slot_of(priya)["title"] == "No calls waiting"
    assert until(lambda: given(office), bool, 10, "the parking in the record") == ["park"]
    caller.ring_off()
    until(lambda: office.bodies("call.ended"), lambda found: len(found) == 1, 10, "one call, one end")
    assert NO_CONFIRMATION not in priya.words()


def slot_of(console: DrivenConsole) -> dict[str, str]:
    """Return the slot as last drawn."""
    return next(row for row in console.rows() if row["row"] == "SlotRow")


def given(office: Office) -> list[str]:
    """Return how callers changed hands, as the record says it."""
    return sorted(body["kind"] for _, _, body in office.bodies("call.transferred"))
