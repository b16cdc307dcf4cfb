"""Script A (domain.md 9), the telephone half on a real switchboard: an Asterisk, SIP telephones, three processes.

The night is played once (tests/helpers/script_a_live.py), with the people and the words of the simulated one; each
test holds what was shown, what is in the record and what the switchboard itself wrote against one thing.  Where the
rig differs from the simulator's script:

- Nobody answers by software: F9 claims the call, the handset is lifted; *Hold this and answer* is not offered.
- Tom's telephone rings too until he coordinates; from then on the switchboard itself has it paused, and Portsmouth
  rings nowhere until Grace, who has a telephone and no console, is put back into the queue.
- The line drops at 22:24 and is rung back, which the script does not tell; 22:28 ends the call that was rung.
- Custody's caller gives up, where the script lets Sam answer: an outcome more for the two accounts to agree on.
- Nothing keeps a telephone free for wrap-up but the console's own pause, and a call lasts as long as the play needs.
- 999 is rung as the script has it, by hand on a handset, and the rig catches it: so the log that must show no such
  call before is seen to show one after.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.domain.calls import CallOutcome
from tests.helpers.driven_console import Office
from tests.helpers.pbx.configuration import DESK
from tests.helpers.pbx.live import own_switchboard
from tests.helpers.pbx.own_log import Written, own_calls
from tests.helpers.pbx.phones import Phones
from tests.helpers.script_a_live import (
    CRISIS_TEAM,
    DROWSY,
    MARCUS,
    WORLD,
    play_live,
    record_of_calls,
    told_by_the_record,
    told_by_the_switchboard,
)
from tests.helpers.script_a_night import RESERVOIR, Night, agency_of, rows_of

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = [pytest.mark.needs("asterisk", "sipp"), pytest.mark.timeout(240)]

APART = timedelta(seconds=2)
"""How far two accounts of one moment may be apart: one is written by a loaded switchboard's second thread."""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, invented_record: Path) -> Iterator[Night]:
    """Play the night once, on a switchboard of its own, whose log holds nothing else."""
    folder = tmp_path_factory.mktemp("script-a-live")
    shutil.copy(invented_record, folder / "nightdesk.db")
    office = Office(folder, folder / "nightdesk.db")
    try:
        with own_switchboard() as live, Phones(live.pbx.plan, WORLD, outside=True) as world:
            made = play_live(office, live, world)
            office.check()
            yield made
    finally:
        office.close()


def row(rows: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Return the one row of a kind."""
    (found,) = rows_of(rows, kind)
    return found


def emergencies(log: tuple[Written, ...]) -> list[tuple[str, str]]:
    """Return the telephone and the number of every channel that was ever on its way to an emergency number."""
    met = [one for one in log if one.context == "emergency" or one.exten in ("999", "9999", "112", "9112", "18000")]
    return list(dict.fromkeys((one.endpoint, one.exten) for one in met))


# --- it rings, and is answered at the telephone -----------------------------------------------------


def test_the_ring_reaches_both_desks_and_the_board_with_line_and_number(night: Night) -> None:
    bar = night.seen["bar ringing"]
    assert (bar["state"], bar["line"], bar["number"]) == ("RINGING", "Hampshire adults", "07700 900412")
    assert night.seen["board ringing"]["waiting"]["lines"] == ["Hampshire adults"]
    rang = {one.endpoint for one in own_calls(night.seen["log"])[0].lines}
    assert rang == {"trunk", "1001", "1002"}


def test_both_people_on_the_number_are_shown_and_nobodys_record_is_opened(night: Night) -> None:
    for moment in ("ringing", "answered"):
        cards = rows_of(night.seen[moment], "CandidateCardRow")
        assert {card["name"] for card in cards} == {"FENN, Marcus", "FENN, Lena"}, moment
        assert not any(card["chosen"] for card in cards)
    for moment in ("access ringing", "access answered", "access before choosing"):
        assert set(night.seen[moment]) == {"listed"}, moment


def test_the_key_claims_the_call_and_only_the_handset_answers_it(night: Night) -> None:
    claimed = [(author, body) for _, author, body in night.seen["claimed"]]
    assert claimed == [("priya.raman", {"extension": "1001", "reason": ""})]
    calls, opened = night.seen["before the handset"]
    assert calls["alerting"], "it rang on"
    assert not calls["current"]
    assert opened == [], "a record opened before the call was answered"
    assert row(night.seen["answered"], "CallBarRow")["state"] == "ON CALL"


def test_the_second_worker_is_there_within_sixty_seconds_of_the_answer(night: Night) -> None:
    first = own_calls(night.seen["log"])[0]
    came = datetime.fromisoformat(night.seen["summons"][0]["accepted_at"])
    assert first.answered_at is not None
    assert timedelta() < came - first.answered_at < timedelta(seconds=60)


# --- 999 --------------------------------------------------------------------------------------------


def test_asking_for_an_ambulance_by_telephone_opens_the_card_with_place_and_words(night: Night) -> None:
    assert "Ring 999 on your handset" in night.seen["card"]
    assert RESERVOIR in night.seen["card"]
    assert "overdose" in night.seen["card"].casefold()


def test_no_console_ever_made_the_switchboard_ring_an_emergency_number(night: Night) -> None:
    assert night.seen["log before the handset"], "there were calls by then"
    assert emergencies(night.seen["log before the handset"]) == []
    # What Tom then dialled with his own hand is there, once, and nothing came after it.
    assert emergencies(night.seen["log after the handset"]) == [("1002", "999")]
    assert emergencies(night.seen["log"]) == [("1002", "999")]


def test_the_call_on_the_line_was_never_given_to_an_emergency_number(night: Night) -> None:
    assert night.office.bodies("call.transferred") == []
    first = own_calls(night.seen["log"])[0]
    assert first.taken_by == ("1001",)


# --- the second call --------------------------------------------------------------------------------


def test_the_second_call_waits_in_its_own_slot_while_the_typed_line_stays_whole(night: Night) -> None:
    slot, bar = night.seen["slot"]["slot"], night.seen["slot"]["bar"]
    assert slot["title"] == "01632 960741"
    assert slot["detail"].startswith("Portsmouth children.")
    assert (bar["state"], bar["number"]) == ("ON CALL", "07700 900412")
    assert night.seen["half typed"]["lines"][-1] == "wife does not kn"
    assert night.seen["half typed"]["focus"]
    assert "wife does not know" in night.seen["note"]["lines"]


def test_the_second_call_rings_no_telephone_of_somebody_who_is_with_a_caller(night: Night) -> None:
    assert night.seen["rung while it waits"] == night.seen["rung before"]
    second = next(one for one in own_calls(night.seen["log"]) if one.line == "01632960004")
    assert {one.endpoint for one in second.lines} == {"trunk", "1004"}
    assert night.seen["board second"]["waiting"]["lines"] == ["Portsmouth children"]


# --- dialling ---------------------------------------------------------------------------------------


def test_a_click_in_the_ledger_rings_his_own_telephone_first_and_theirs_when_he_lifts(night: Night) -> None:
    assert night.seen["theirs before his"] == 0
    dialled = next(one for one in own_calls(night.seen["log"]) if one.number == CRISIS_TEAM)
    assert dialled.lines[0].endpoint == "1002"
    assert dialled.taken_by == ("trunk",)
    ours = {one.number for one in dialled.lines if one.context == "outside"}
    assert ours == {DESK}, "whoever is rung sees the desk's number, not a worker's extension"


def test_that_they_were_rung_stands_on_the_request_and_sends_nothing_by_itself(night: Night) -> None:
    crisis = next(one for one in night.seen["rang"] if agency_of(one) == "Crisis team")
    (rang,) = crisis["news"]
    # What came of it is the switchboard's own word, folded into the ring it belongs to.
    assert re.fullmatch(r"Rang Crisis team at \d\d:\d\d: answered", rang["text"])
    assert rang["by"] == "tom.adeyemi"
    assert crisis["state"] == "drafted"
    after = next(one for one in night.seen["helps"] if agency_of(one) == "Crisis team")
    assert after["state"] == "declined"
    assert night.seen["board declined"]["requests"]["rows"]


def test_the_history_of_each_request_is_whole(night: Night) -> None:
    helps = {agency_of(one): one for one in night.seen["helps"]}
    states = {agency: [one["state"] for one in found["news"] if one["state"]] for agency, found in helps.items()}
    assert states["Ambulance"] == ["sent", "accepted", "en_route", "on_scene", "reached", "completed"]
    assert states["Police"] == ["sent", "accepted", "en_route", "on_scene", "reached"]
    assert states["Crisis team"] == ["sent", "declined"]


# --- the line drops ---------------------------------------------------------------------------------


def test_both_see_at_once_what_was_last_known_when_the_line_drops(night: Night) -> None:
    for rows in night.seen["dropped"]:
        drop = row(rows, "DropRow")
        assert drop["title"].startswith("LINE DROPPED")
        assert drop["why_not"] == "", "he may be rung back"
    for words in night.seen["words dropped"]:
        assert DROWSY in words
        assert f"{RESERVOIR} (caller stated" in words
        assert "Not rung back yet. The incident stays open." in words


def test_he_is_rung_back_from_the_handlers_own_telephone(night: Night) -> None:
    back = [one for one in own_calls(night.seen["log"]) if one.number == MARCUS and not one.inbound]
    assert [(one.lines[0].endpoint, one.taken_by) for one in back] == [("1001", ("trunk",))]
    bar = night.seen["bar rung back"]
    assert (bar["line"], bar["number"]) == ("Call out", "07700 900412")
    tried = [(one["outcome"], one["by"]) for one in night.seen["incident"]["ring_backs"]]
    assert tried == [("rung", "priya.raman"), ("reached", "priya.raman")]


def test_the_call_that_reached_him_is_the_incidents_and_ending_it_on_the_screen_is_no_drop(night: Night) -> None:
    back = next(one for one in own_calls(night.seen["log"]) if one.number == MARCUS and not one.inbound)
    assert back.left_first == "1001"
    record = record_of_calls(night.office)[back.call]
    (contact,) = (one for one in night.seen["contact"] if str(record.id) in one["calls"])
    assert len(contact["calls"]) == 2, "the call that dropped, and the one that reached him"
    for rows in night.seen["ended by Priya"]:
        assert not rows_of(rows, "DropRow")


# --- what remains -----------------------------------------------------------------------------------


def test_the_end_of_a_call_is_not_the_end_of_the_incident(night: Night) -> None:
    assert night.seen["incident dropped"]["stood_down_at"] is None
    assert night.seen["incident"]["stood_down_at"] is None
    assert "incident" in {one["kind"] for one in night.seen["board"]["live"]}
    assert any(one["row"] == "HeadRow" and "incident stands" in str(one) for one in night.ever())


def test_the_switchboards_own_log_tells_the_same_calls_as_the_record(night: Night) -> None:
    own = {one.call: told_by_the_switchboard(one) for one in own_calls(night.seen["log"]) if not emergencies(one.lines)}
    record = record_of_calls(night.office)
    by_hand = [one.call for one in own_calls(night.seen["log"]) if emergencies(one.lines)]
    assert [record.pop(call).emergency for call in by_hand] == [True]
    assert {call: told_by_the_record(one) for call, one in record.items()} == own
    assert len(own) == 5, "Marcus, Portsmouth, the crisis team, custody, Marcus again"


def test_both_accounts_agree_on_when_each_call_began_was_answered_and_ended(night: Night) -> None:
    record = record_of_calls(night.office)
    for one in own_calls(night.seen["log"]):
        told, where = record[one.call], f"{one.number or 'by hand'} {one.line}"
        assert told.began is not None, where
        assert abs(told.began - one.began_at) < APART, where
        if not emergencies(one.lines):
            assert (told.answered_at is None) == (one.answered_at is None), where
        if told.answered_at is not None and one.answered_at is not None:
            assert abs(told.answered_at - one.answered_at) < APART, where
        assert told.ended_at is not None, where
        assert one.ended_at is not None, where
        assert abs(told.ended_at - one.ended_at) < APART, where


def test_each_call_has_the_outcome_that_the_switchboard_saw(night: Night) -> None:
    record = record_of_calls(night.office)
    for one in own_calls(night.seen["log"]):
        if not emergencies(one.lines):
            seen = CallOutcome.ANSWERED if one.taken_by else CallOutcome.ABANDONED
            assert record[one.call].outcome is seen, one.number
    assert [one.outcome for one in record.values()].count(CallOutcome.ABANDONED) == 1


def test_the_figures_count_every_call_in_and_one_two_person_incident(night: Night) -> None:
    before, after = night.seen["board before"], night.seen["board"]
    figures = [after["answered"][key] - before["answered"][key] for key in ("offered", "answered", "abandoned")]
    calls = [one for one in own_calls(night.seen["log"]) if one.inbound]
    taken = [one for one in calls if one.taken_by]
    assert figures == [len(calls), len(taken), len(calls) - len(taken)]
    assert after["pairs"]["incidents"] - before["pairs"]["incidents"] == 1


def test_no_number_of_a_caller_is_ever_on_the_board(night: Night) -> None:
    board = [one for one in night.seen["ever Helen Marsh"] if one["screen"] == "board"]
    for number in ("07700 900412", "01632 960741", "01632 960455"):
        assert not [one for one in board if number in str(one)], number


def test_nothing_was_set_aside_no_dialog_came_and_the_record_is_honest(night: Night) -> None:
    for console in night.all():
        assert night.seen[f"aside {console.spec.name}"] == []
        assert night.seen[f"windows {console.spec.name}"]["modal"] == ""
    done = night.office.verify()
    assert done.returncode == 0, done.stdout + done.stderr
