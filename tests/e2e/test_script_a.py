"""Script A (domain.md 9) to 22:55: two consoles and a board, three processes on one file and one switchboard.

The night is played once, by real keys in real windows; each test then holds what was shown and
what is in the record against one thing the script asserts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.driven_console import DrivenConsole, Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(180)

RESERVOIR = "in the car, by the reservoir, the second car park"
RECORD_ADDRESS = "Larch Court"
WHERE_OLD = "not where the caller is"
FIRST = '"I\'ve taken them all."'


@dataclass
class Night:
    """What was seen while the script was played, and the office as it stood at 22:55."""

    office: Office
    priya: DrivenConsole
    tom: DrivenConsole
    helen: DrivenConsole
    seen: dict[str, Any] = field(default_factory=dict)

    def all(self) -> tuple[DrivenConsole, ...]:
        """Return the three."""
        return (self.priya, self.tom, self.helen)

    def ever(self) -> list[dict[str, Any]]:
        """Return every row ever drawn in any of the three windows."""
        return [row for console in self.all() for row in self.seen[f"ever {console.spec.name}"]]


def rows_of(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Return the rows of one class."""
    return [row for row in rows if row["row"] == kind]


def ring(night: Night, control: Any, opens: datetime) -> None:
    """22:14:05 to 22:14:30: it rings, both people are shown, Priya answers."""
    control.jump(opens + timedelta(seconds=20))
    night.priya.until("calls", lambda one: one["alerting"] and one["looked"])
    until(night.priya.rows, lambda rows: len(rows_of(rows, "CandidateCardRow")) == 2, 10, "two candidates")
    night.seen["ringing"] = night.priya.rows()
    night.seen["board ringing"] = night.helen.until("board", lambda one: one["waiting"]["count"] == 1)
    night.seen["access ringing"] = night.office.access()
    night.priya.press("answer")
    night.priya.until("note", lambda one: not one["read_only"])
    until(night.priya.rows, lambda rows: not rows_of(rows, "SlotRow")[0].get("chip"), 5, "the slot is free")
    night.seen["answered"] = night.priya.rows()
    night.seen["access answered"] = night.office.access()
    night.priya.note(FIRST)


def two_together(night: Night) -> None:
    """22:14:40 to 22:15:12: what kind of call, a second worker, who it is."""
    priya, tom = night.priya, night.tom
    for name, label in (("Kind of call", "Suicidal caller"), ("How urgent", "Now"), ("Who is calling", "Self")):
        priya.choose(name, label)
    priya.press("need_second")
    tom.until("summons", bool)
    night.seen["asked"] = tom.rows()
    tom.press("take")
    tom.until("incidents", lambda found: found and found[0]["members"])
    tom.until_shown(FIRST)
    tom.ask("message", text="With you. Reading your note.")
    priya.until_shown("With you. Reading your note.")
    cards = rows_of(priya.rows(), "CandidateCardRow")
    marcus = next(card["index"] for card in cards if "Marcus" in card["name"])
    night.seen["access before choosing"] = night.office.access()
    priya.press(f"candidate_{marcus}")
    priya.until("on_screen", lambda one: one["subjects"])
    until(lambda: rows_of(priya.rows(), "IdentityRow"), lambda rows: rows and rows[0]["address"], 10, "his record")
    night.seen["access chosen"] = night.office.access()
    priya.note("name Marcus")
    priya.form("confirm", name="yes")
    priya.until("on_screen", lambda one: one["subjects"][0]["confirmed_by"] == "name")


def ask(tom: DrivenConsole, kind: str, **more: str) -> None:
    """Draft a request with Ctrl+R."""
    before = len(tom.probe("helps"))
    tom.form("ask_help", kind=kind, **more)
    tom.until("helps", lambda found: len(found) == before + 1)


def news(tom: DrivenConsole, agency: str, state: str, **more: str) -> None:
    """Log what an agency said, with Ctrl+L on its row."""
    before = sum(len(one["news"]) for one in tom.probe("helps"))
    tom.patiently("select", name="Help asked for", words=f", {agency} ")
    tom.form("log_news", state=state, **more)
    tom.until("helps", lambda found: sum(len(one["news"]) for one in found) == before + 1)


def send(tom: DrivenConsole, agency: str) -> None:
    """Say that a request was made, with Enter on its row."""
    tom.row("Help asked for", f", {agency} ", "send")
    tom.until("helps", lambda found: any(one["sent_at"] and agency_of(one) == agency for one in found))


def agency_of(request: dict[str, Any]) -> str:
    """Return the word on the row of a request."""
    words = {"police_attend": "Police", "ambulance": "Ambulance", "crisis_team": "Crisis team"}
    return str(request["agency"] or words[request["kind"]])


def help_is_asked(night: Night) -> None:
    """22:15:20 to 22:17:49: ambulance, where he is, police."""
    priya, tom = night.priya, night.tom
    priya.press("get_ambulance")
    priya.note("asked about suicide directly: yes")
    priya.patiently("tick", label="Suicide, directly")
    priya.note("overdose 2145, 40 tabs, unknown drug")
    ask(tom, "Ambulance", words="Overdose at 21:45, 40 tablets, drug unknown")
    night.seen["drafted"] = tom.rows()
    night.seen["board drafted"] = night.helen.until("board", lambda one: one["requests"]["rows"])
    tom.press("ask_location")
    priya.until_shown("Ask location")
    priya.note(RESERVOIR)
    tom.until_shown(RESERVOIR)
    tom.row("Facts", "Where now")
    tom.until("form", bool)
    tom.patiently("fill", values={"key": "Where now", "text": RESERVOIR, "source": "caller stated"})
    tom.press("finish")
    priya.until("incidents", lambda found: found[0]["places"])
    night.seen["placed"] = (priya.rows(), tom.rows())
    send(tom, "Ambulance")
    news(tom, "Ambulance", "Accepted", reference="SC-7731", grade="2")
    priya.press("get_police")
    ask(tom, "Police", ground="Risk to life now")
    send(tom, "Police")
    news(tom, "Police", "Accepted", reference="Log 1187 of 01/12/26")
    news(tom, "Police", "On the way", minutes="6", text="checking both car parks")
    tom.ask("message", text="Police 6 min, both car parks")
    priya.until_shown("Police 6 min, both car parks")


def a_second_call_waits(night: Night, control: Any, opens: datetime) -> None:
    """22:17:14 to 22:18:50: Portsmouth waits in its own slot while Priya types."""
    priya = night.priya
    priya.press("note")
    priya.type("wife does not kn")
    control.jump(opens + timedelta(minutes=3, seconds=30))
    priya.until("calls", lambda one: one["alerting"])
    night.seen["slot"] = until(priya.rows, lambda rows: "Portsmouth children" in str(rows_of(rows, "SlotRow")), 10, "x")
    night.seen["half typed"] = priya.probe("note")
    priya.type("ow\n")
    control.jump(opens + timedelta(minutes=5, seconds=30))
    priya.until("calls", lambda one: not one["waiting"])


def he_is_reached(night: Night, control: Any, opens: datetime) -> None:
    """22:18:30 to 22:51: the crisis team declines, the dog, the end of the call, somebody reaches him."""
    priya, tom, helen = night.all()
    ask(tom, "Crisis team")
    send(tom, "Crisis team")
    news(tom, "Crisis team", "Declined", text="No worker until nine")
    night.seen["declined"] = tom.until("helps", lambda found: any(one["declined_at"] for one in found))
    night.seen["board declined"] = helen.until(
        "board", lambda one: any(row["alarm"] == "open_risk" for row in one["requests"]["rows"])
    )
    news(tom, "Ambulance", "Information passed on", text="Told: dog in the car")
    news(tom, "Ambulance", "On the way", grade="1", text="Upgraded, drowsy")
    helen.row("Live calls", "Suicidal caller", "observe")
    helen.until("incidents", lambda found: any(one["worker"] == "helen.marsh" for one in found[0]["members"]))
    priya.note("voices on the line: police with him")
    news(tom, "Police", "On scene", text="With him")
    priya.press("end")
    priya.press("end")
    priya.until("calls", lambda one: not one["current"])
    control.jump(opens + timedelta(minutes=15))
    tom.until_shown("incident stands")
    news(tom, "Ambulance", "On scene")
    news(tom, "Police", "Person reached", text="Conveyed to hospital")
    news(tom, "Ambulance", "Completed", text="Conveyed")


def written_up(night: Night) -> None:
    """22:38 to 22:55: the decision with its reason, outcome, handover, debriefs."""
    priya = night.priya
    priya.press("record")
    priya.until("form", lambda form: form.get("key") == "record")
    priya.patiently("fill", values={"decision:what": "Call for help without consent"})
    priya.patiently("fill", values={"decision:kind": "Share information"})
    priya.patiently("fill", values={"decision:why": "Immediate risk to life; he could not be asked safely"})
    priya.press("note")
    priya.until("on_screen", lambda one: one["decisions"])
    priya.choose("Outcome", "Immediate action taken")
    priya.until("on_screen", lambda one: one["fields"].get("outcome"))
    for worker, accepted in (("priya.raman", True), ("tom.adeyemi", False)):
        night.helen.ask("debrief", worker=worker, accepted=accepted)


def at_rest(night: Night) -> None:
    """Wait until nothing waits and all three have the same head; then keep what was seen."""

    def heads() -> set[tuple[int, str, int]]:
        links = [console.probe("link") for console in night.all()]
        return {(one["head"]["seq"], one["head"]["digest"], one["waiting"]) for one in links}

    until(heads, lambda found: len(found) == 1 and next(iter(found))[2] == 0, 20, "one head for all three")
    for console in night.all():
        name = console.spec.name
        night.seen[f"ever {name}"] = console.ever()
        night.seen[f"timeline {name}"] = console.probe("timeline")
        night.seen[f"aside {name}"] = console.probe("aside")
        night.seen[f"windows {name}"] = console.probe("windows")
    night.seen["board"] = night.helen.probe("board")
    night.seen["helps"] = night.priya.probe("helps")
    night.seen["incident"] = night.priya.probe("incidents")[0]
    night.seen["summons"] = night.tom.probe("summons")
    night.seen["contact"] = night.tom.probe("contacts")
    night.seen["note"] = night.priya.probe("note")
    night.seen["lines"] = rows_of(night.tom.rows(), "LineRow")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, invented_record: Path) -> Iterator[Night]:
    """Play the whole script once."""
    folder = tmp_path_factory.mktemp("script-a")
    shutil.copy(invented_record, folder / "nightdesk.db")
    office = Office(folder, folder / "nightdesk.db")
    try:
        control = office.telephones("script_a", earlier=True)
        made = Night(office, office.priya(seated=False), office.tom(seated=False), office.helen(seated=False))
        for console in made.all():
            console.sign_in()
        made.seen["board before"] = made.helen.until("board", lambda one: len(one["staff"]) >= 3)
        opens = office.opens
        ring(made, control, opens)
        two_together(made)
        help_is_asked(made)
        a_second_call_waits(made, control, opens)
        he_is_reached(made, control, opens)
        written_up(made)
        at_rest(made)
        office.check()
        yield made
    finally:
        office.close()


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
    assert states["Ambulance"] == ["sent", "accepted", "en_route", "on_scene", "completed"]
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
    assert after["no_rationale"] == 0
    tile = next(row for row in night.seen["ever Helen Marsh"] if row["row"] == "FigureTile" and "%" in row["figure"])
    assert tile["title"] == "Answered"


def test_no_name_number_or_word_of_a_caller_is_ever_on_the_board(night: Night) -> None:
    board = [row for row in night.seen["ever Helen Marsh"] if row["screen"] == "board"]
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
