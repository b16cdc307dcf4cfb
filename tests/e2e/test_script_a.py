"""Script A (domain.md 9) to 22:55: two consoles and a board, three processes on one record and one switchboard.

The night is played once on a file and once on a team's PostgreSQL, there with a log-in for each worker
(tests/helpers/script_a_night.py); each test then holds what was shown and what is in the record against
one thing the script asserts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db.postgres.cluster import Cluster
from tests.helpers.driven_console import Office, until
from tests.helpers.postgres import NEWEST
from tests.helpers.script_a_night import FIRST, RECORD_ADDRESS, RESERVOIR, WHERE_OLD, Night, agency_of, play, rows_of
from tests.helpers.team_office import team_office

pytest_plugins = ["tests.helpers.driven_console_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = pytest.mark.timeout(180)


RECORDS = ("file", pytest.param(NEWEST, marks=pytest.mark.needs("postgres"), id="postgresql"))


@contextmanager
def office_on(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    """Give an office with invented people in its record; everything is ended afterwards."""
    if kind == "file":
        shutil.copy(request.getfixturevalue("invented_record"), folder / "nightdesk.db")
        office = Office(folder, folder / "nightdesk.db")
        try:
            yield office
        finally:
            office.close()
        return
    cluster: Cluster = request.getfixturevalue("postgres_of_the_run")(kind)
    with team_office(cluster, folder) as team:
        yield team


@pytest.fixture(scope="module", params=RECORDS)
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """Play the whole script once on each record."""
    with office_on(request.param, tmp_path_factory.mktemp("script-a"), request) as office:
        made = play(office)
        office.check()
        yield made


def test_both_people_on_the_number_are_shown_with_a_reason_and_none_is_chosen(night: Night) -> None:
    for moment in ("ringing", "answered"):
        cards = rows_of(night.seen[moment], "CandidateCardRow")
        assert {card["name"] for card in cards} == {"FENN, Marcus", "FENN, Lena"}, moment
        assert all(card["reason"] for card in cards)
        assert not any(card["chosen"] for card in cards)
        assert not rows_of(night.seen[moment], "IdentityRow")


def test_no_record_is_opened_before_somebody_is_chosen(night: Night) -> None:
    for moment in ("access ringing", "access answered", "access before choosing"):
        assert set(night.seen[moment]) == {"listed"}, moment
    assert night.seen["access chosen"].count("opened") >= 1


def test_the_second_worker_is_there_within_sixty_seconds(night: Night) -> None:
    asked = night.seen["summons"][0]
    waited = datetime.fromisoformat(asked["accepted_at"]) - datetime.fromisoformat(asked["asked_at"])
    assert asked["accepter_name"] == "Tom Adeyemi"
    assert timedelta() < waited < timedelta(seconds=60)
    assert "Priya Raman" in str(night.seen["asked"])


def test_a_record_address_is_never_shown_as_where_he_is(night: Night) -> None:
    held = [row for row in night.ever() if RECORD_ADDRESS in str(row)]
    assert held
    for row in held:
        if row["row"] == "FactRow":
            assert row["key"] == "record", row
            assert WHERE_OLD in row["old"], row
        elif row["at"] == "sheet":
            assert "Record address" in str(row), row
            assert "ask where they are now" in str(row), row
        elif row["row"] == "IdentityRow":
            assert RECORD_ADDRESS not in row["where"], row
            assert row["address"].startswith("Record address"), row
        else:
            assert row["row"] == "CandidateCardRow", row
            assert row["address"].startswith("Record address"), row
    chips = [row for row in night.ever() if row["row"] == "ChipRow" and WHERE_OLD in row["text"]]
    assert {chip["screen"] for chip in chips} == {"handler"}
    assert not any(RECORD_ADDRESS in body for body in map(str, night.office.bodies("incident%")))


def test_where_he_is_has_a_source_and_an_age_on_both_screens(night: Night) -> None:
    handler, coordinator = night.seen["placed"]
    identity = rows_of(handler, "IdentityRow")[0]
    assert identity["where"] == RESERVOIR
    assert identity["where_source"].startswith("caller stated ")
    before = next(row for row in rows_of(night.seen["drafted"], "RelayRow") if row["key"].endswith(" place"))
    assert before["missing"]
    until(lambda: night.tom.rows("coordinator"), lambda rows: RESERVOIR in str(rows), 5, "the place on Tom's screen")
    where = [
        row for row in night.ever() if row["row"] == "FactRow" and row["key"] == "where" and row["text"] == RESERVOIR
    ]
    assert where
    assert all(row["source"] == "caller stated" and row["age"] and row["below"] for row in where)
    assert coordinator


def test_the_history_of_each_request_is_whole(night: Night) -> None:
    helps = {agency_of(one): one for one in night.seen["helps"]}
    states = {agency: [one["state"] for one in found["news"] if one["state"]] for agency, found in helps.items()}
    assert states["Ambulance"] == ["sent", "accepted", "en_route", "on_scene", "reached", "completed"]
    assert states["Police"] == ["sent", "accepted", "en_route", "on_scene", "reached"]
    assert helps["Ambulance"]["reference"] == "SC-7731"
    assert helps["Ambulance"]["grade"] == "1"
    assert helps["Police"]["reference"] == "Log 1187 of 01/12/26"
    assert helps["Police"]["ground"] == "risk_to_life_now"
    for found in helps.values():
        times = [found["drafted_at"], *(one["at"] for one in found["news"])]
        assert times == sorted(times)
        assert {one["by"] for one in found["news"]} == {"tom.adeyemi"}
        assert not any(one["refused"] for one in found["news"])
    assert helps["Police"]["reached_at"]


def test_what_is_drafted_is_said_to_be_not_sent_on_the_pairs_screen_and_the_board(night: Night) -> None:
    row = rows_of(night.seen["drafted"], "HelpRow")[0]
    assert row["chip"] == "not sent"
    assert row["send"]
    assert [one["request"]["state"] for one in night.seen["board drafted"]["requests"]["rows"]] == ["drafted"]


def test_a_declined_request_stays_an_open_risk(night: Night) -> None:
    crisis = next(one for one in night.seen["helps"] if one["kind"] == "crisis_team")
    assert crisis["state"] == "declined"
    assert crisis["declined_reason"] == "No worker until nine"
    assert not crisis["alternative"]
    rows = night.seen["board"]["requests"]["rows"]
    assert [(one["request"]["kind"], one["alarm"]) for one in rows] == [("crisis_team", "open_risk")]


def test_the_end_of_the_call_is_not_the_end_of_the_incident(night: Night) -> None:
    assert night.seen["incident"]["stood_down_at"] is None
    assert "incident" in {row["kind"] for row in night.seen["board"]["live"]}
    assert any(row["row"] == "HeadRow" and "incident stands" in str(row) for row in night.ever())


def test_the_second_call_waits_in_its_own_slot_and_the_typed_line_stays_whole(night: Night) -> None:
    slot = rows_of(night.seen["slot"], "SlotRow")[0]
    assert "Portsmouth children" in f"{slot['title']} {slot['detail']}"
    bar = rows_of(night.seen["slot"], "CallBarRow")[0]
    assert bar["state"] == "ON CALL"
    assert night.seen["half typed"]["lines"][-1] == "wife does not kn"
    assert night.seen["half typed"]["focus"]
    assert "wife does not know" in night.seen["note"]["lines"]


def test_both_have_one_timeline_in_one_order_with_both_authors(night: Night) -> None:
    of_priya, of_tom = night.seen["timeline Priya Raman"], night.seen["timeline Tom Adeyemi"]
    assert of_priya == of_tom
    assert [at for at, _, _ in of_tom] == sorted(at for at, _, _ in of_tom)
    assert {"priya.raman", "tom.adeyemi"} <= {by for _, by, _ in of_tom}
    said = [text for _, by, text in of_tom if by == "priya.raman"]
    typed = [FIRST, "name Marcus", "asked about suicide directly: yes", "overdose 2145, 40 tabs, unknown drug",
             RESERVOIR, "wife does not know", "voices on the line: police with him"]  # fmt: skip
    assert [text for text in said if text in typed] == typed


def test_the_note_is_seen_by_the_partner_and_the_line_by_the_handler(night: Night) -> None:
    kept = dict(zip(night.seen["note"]["lines"], night.seen["note"]["kept"], strict=True))
    assert kept[FIRST] == "seen"
    assert kept[RESERVOIR] == "seen"
    lines = {line["text"]: line["state"] for line in night.seen["lines"]}
    assert lines["Police 6 min, both car parks"].startswith("seen ")


def test_decision_reason_identity_and_debriefs_are_recorded(night: Night) -> None:
    contact = next(one for one in night.seen["contact"] if one["subjects"])
    decision = contact["decisions"][-1]
    assert (decision["decision"], decision["by"]) == ("Call for help without consent", "priya.raman")
    assert decision["rationale"] == "Immediate risk to life; he could not be asked safely"
    assert contact["subjects"][0]["name"] == "FENN, Marcus"
    assert contact["subjects"][0]["confirmed_by"] == "name"
    debriefs = {one["worker"]: one["accepted"] for one in night.seen["incident"]["debriefs"]}
    assert debriefs == {"priya.raman": True, "tom.adeyemi": False}


def test_the_figures_count_one_two_person_incident_and_every_answer(night: Night) -> None:
    before, after = night.seen["board before"], night.seen["board"]
    assert after["pairs"]["incidents"] - before["pairs"]["incidents"] == 1
    offered = after["answered"]["offered"] - before["answered"]["offered"]
    answered = after["answered"]["answered"] - before["answered"]["answered"]
    assert (offered, answered) == (3, 3), "the first call, custody and Portsmouth"
    assert before["no_rationale"] == after["no_rationale"] == 0
    tile = next(row for row in night.seen["ever Helen Marsh"] if row["row"] == "FigureTile" and "%" in row["figure"])
    assert tile["title"] == "Answered"


def test_no_name_number_or_word_of_a_caller_is_ever_on_the_board(night: Night) -> None:
    board = [row for row in night.seen["ever Helen Marsh"] if row["screen"] == "board"]
    # The directory, which a manager opens by a key, has numbers of its own: agencies' and colleagues'.
    assert not [row for row in board if "07700 900412" in str(row)]
    board = [row for row in board if row["at"] != "people"]
    for secret in ("Fenn", "FENN", "Marcus", "07700", "reservoir", "overdose", RECORD_ADDRESS):
        assert not [row for row in board if secret in str(row)], secret


def test_nothing_was_set_aside_no_dialog_came_and_the_record_is_honest(night: Night) -> None:
    for console in night.all():
        assert night.seen[f"aside {console.spec.name}"] == []
        assert night.seen[f"windows {console.spec.name}"]["modal"] == ""
        assert night.seen[f"windows {console.spec.name}"]["most"] == 1
    done = night.office.verify()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("honest: ")
    seqs = [row[0] for row in night.office.sql("SELECT seq FROM entry ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))
