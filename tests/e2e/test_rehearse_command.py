"""`nightdesk rehearse` as a program: each of ours played with a trainee at a real console, and by itself."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from db.engine import connect
from tests.helpers.driven_console import ROOT, DrivenConsole
from tests.helpers.rehearsing import environment, rehearse, rehearsing
from tests.helpers.script_a_night import ask, news, rows_of, send
from tests.helpers.waiting import until

pytestmark = pytest.mark.timeout(240)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "using" / "writing-a-rehearsal.md"


def test_the_suicidal_caller_with_a_trainee_who_does_everything_but_tell_him(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "suicidal_caller") as one:
        priya = one.trainee("Priya Raman", "service_adviser", "1001", "handler")
        priya.until("calls", lambda calls: calls["alerting"])
        priya.press("answer")
        priya.until("note", lambda note: not note["read_only"])
        priya.choose("Kind of call", "Suicidal caller")
        priya.press("need_second")
        priya.until_shown("With you. Reading your note.")
        a_played_partner_sees_and_takes(priya)
        for prompt in ("Suicide, directly", "What and when", "Where"):
            priya.patiently("tick", label=prompt)
        priya.note("overdose 2145, 40 tablets")
        priya.until_shown("Ambulance SC-7731, category 2")
        priya.press("get_police")
        priya.until_shown("Police 6 min, both car parks")
        priya.note("his dog is in the car")
        priya.note("slurred, then silent")
        priya.note("voices on the line: police with him")
        priya.until_shown("Category 1 now")
        priya.press("end")
        priya.press("end")
        found = one.review()
    assert found["people"] == [
        "Priya Raman (service adviser): a trainee",
        "Tom Adeyemi (support worker): played by the script",
    ]
    for measure in ("second_worker", "first_request", "location", "not_sent", "risks", "needs_unanswered"):
        assert found[measure]["verdict"] == "met", found[measure]
    assert 0 < found["second_worker"]["took_s"] < 60
    assert [proof["what"] for proof in found["second_worker"]["proof"]] == ["signals.summons", "incident.joined"]
    assert [proof["by"] for proof in found["second_worker"]["proof"]] == ["priya.raman", "tom.adeyemi"]
    assert [proof["what"] for proof in found["location"]["proof"]] == ["call.answered", "incident.location"]
    assert found["risks"]["count"] == 3
    assert found["The police know of the dog"]["verdict"] == "met"
    assert (found["caller_told"]["verdict"], found["missed"]) == ("missed", 1)
    folder = Path(one.joining["folder"])
    assert folder.parent == tmp_path / "nightdesk-home" / "rehearsals"
    assert json.loads((folder / "review.json").read_text(encoding="utf-8"))["missed"] == 1
    assert "AIM NOT MET   Caller told: not done" in (folder / "review.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "nightdesk-home" / "nightdesk.db").exists(), "no record of real work is made"
    record = connect(folder / "rehearsal.db", None)
    assert record.execute("SELECT invented FROM head").fetchall() == [(1,)]
    record.close()


def a_played_partner_sees_and_takes(priya: DrivenConsole) -> None:
    """The signal was seen, as its button says; what the note proposes is a fact, without a line of the script."""

    def seen() -> bool:
        faces = rows_of(priya.rows(), "ButtonFace")
        return any(one["text"] == "Get ambulance" and one["note"].startswith("seen") for one in faces)

    priya.press("get_ambulance")
    priya.note("where: second car park, by the water")
    priya.until("incidents", lambda found: "second car park, by the water" in str(found[0]["places"]))
    until(seen, 30, "the signal was seen")


def test_the_suicidal_caller_with_a_trainee_as_the_second_worker_of_a_played_handler(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "suicidal_caller", "--as", "tom") as one:
        tom = one.trainee("Tom Adeyemi", "support_worker", "1002", "coordinator")
        tom.until("summons", bool)
        tom.press("take")
        tom.until_shown("I've taken them all.")
        ask(tom, "Ambulance", words="Overdose at 21:45, 40 tablets")
        tom.patiently("row", name="Facts", words="by the reservoir", act="accept")
        tom.until("incidents", lambda found: found[0]["places"])
        send(tom, "Ambulance")
        news(tom, "Ambulance", "Accepted", reference="SC-7731", grade="2")
        tom.until_shown("told: an ambulance is on its way")
        ask(tom, "Police", ground="Risk to life now")
        send(tom, "Police")
        news(tom, "Police", "Accepted", reference="Log 1187")
        tom.until_shown("his dog is in the car")
        news(tom, "Police", "Information passed on", text="Told: dog in the car")
        found = one.review()
    assert found["people"] == [
        "Priya Raman (service adviser): played by the script",
        "Tom Adeyemi (support worker): a trainee",
    ]
    times = ("second_worker", "first_request", "location", "caller_told")
    assert {found[measure]["verdict"] for measure in (*times, "not_sent", "risks", "needs_unanswered")} == {"met"}
    assert [found[measure]["proof"][-1]["by"] for measure in times] == ["tom.adeyemi"] * 3 + ["priya.raman"]
    assert found["The police know of the dog"]["verdict"] == "met"
    assert found["missed"] == 0


def test_a_welfare_check_is_declined_to_a_trainee_who_does_not_leave_it_there(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "declined_welfare_check") as one:
        tom = one.trainee("Tom Adeyemi", "support_worker", "1002", "coordinator")
        tom.until("summons", bool)
        tom.press("take")
        tom.until("incidents", lambda found: found and found[0]["members"])
        tom.until_shown("police to look, please")
        tom.until_shown("Owen: The agency waits at the door")
        tom.row("Facts", "Where now")
        tom.until("form", bool)
        tom.patiently("fill", values={"key": "Where now", "text": "4 Quay Walk", "source": "told by somebody else"})
        tom.press("finish")
        tom.until("incidents", lambda found: found[0]["places"])
        ask(tom, "Police", ground="No ground stated")
        send(tom, "Police")
        news(tom, "Police", "Declined", text="No immediate risk named, R Dunn")
        news(tom, "Police", "Declined: what is done instead", text="Neighbour rung")
        news(tom, "Police", "Caller told that nobody is coming", text="Agency told")
        tom.until_shown("saw a knife")
        news(tom, "Police", "Escalated", name="Force incident manager", text="A knife was seen")
        news(tom, "Police", "Accepted", reference="Log 645")
        news(tom, "Police", "On the way", minutes="9")
        news(tom, "Police", "On scene", text="Son arrested")
        news(tom, "Police", "Person reached", text="Unhurt, cold")
        found = one.review()
    assert found["caller_told"]["verdict"] == "met"
    assert [proof["what"] for proof in found["caller_told"]["proof"]] == ["help.changed", "help.told"]
    assert found["The refusal is escalated"]["verdict"] == "met"
    assert found["What is done instead is recorded"]["verdict"] == "met"
    assert (found["second_worker"]["verdict"], found["needs_unanswered"]["words"]) == ("met", "none")
    assert found["second_worker"]["proof"][-1]["by"] == "tom.adeyemi"
    assert found["missed"] == 0


def test_the_children_found_alone_go_on_without_questions_and_the_review_says_so(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "children_found_alone") as one:
        priya = one.trainee("Priya Raman", "service_adviser", "1001", "handler")
        priya.until("calls", lambda calls: calls["alerting"])
        priya.press("answer")
        priya.until("note", lambda note: not note["read_only"])
        priya.note("police protection began 22:40")
        priya.press("need_second")
        priya.choose("Kind of call", "Child protection concern")
        for prompt in ("Where the child is", "Injuries", "What happened, when", "Other children", "Seen, by whom"):
            priya.patiently("tick", label=prompt)
        priya.note("mother is at the house now")
        priya.until_shown("A carer takes both. Tell the officer.")
        priya.note("told the officer")
        priya.until("on_screen", lambda one: one["decisions"])
        priya.press("end")
        priya.press("end")
        found = one.review()
    done = ("second_worker", "first_request", "caller_told", "needs_unanswered")
    assert {measure: found[measure]["verdict"] for measure in done} == dict.fromkeys(done, "met")
    assert (found["risks"]["count"], found["risks"]["verdict"]) == (4, "missed")
    assert "not asked: The child's words" in found["risks"]["words"]
    assert found["location"]["verdict"] == "missed", "it was asked and not written down, so nobody else can know"
    assert found["The time police protection began is written down"]["verdict"] == "met"
    assert found["The decision and its reason are recorded"]["proof"][-1]["by"] == "grace.whitlock"


def test_the_example_of_the_manual_is_played_by_itself_and_meets_every_aim(tmp_path: Path) -> None:
    text = re.search(r"## A whole one\n\n```\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert text is not None
    script = tmp_path / "lost_child.txt"
    script.write_text(text.group(1), encoding="utf-8")
    done = rehearse(str(script), "--unattended", "--speed", "40", home=tmp_path / "home")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All 8 aims were met." in done.stdout
    assert "could not" not in done.stdout
    assert 'done      tom records location "Bus stop, Mill Lane, ten minutes ago" third_party' in done.stdout


def test_a_line_that_cannot_be_done_says_why_and_ends_with_six(tmp_path: Path) -> None:
    script = tmp_path / "wrong.txt"
    script.write_text(
        'phone 1001 "Priya Raman"\nphone 1002 "Tom Adeyemi"\nseat priya 1001 service_adviser handler\n'
        "seat tom 1002 support_worker coordinator\ntrainee priya\nsecond tom\nbegin\n"
        '+1 desk tom logs police accepted "Log 1"\n+9 ends\n',
        encoding="utf-8",
    )
    done = rehearse(str(script), "--unattended", "--speed", "20", home=tmp_path / "home")
    assert done.returncode == 6, done.stdout + done.stderr
    assert 'could not tom logs police_attend accepted "Log 1": no incident is joined' in done.stdout
    assert "No call was answered." in done.stdout


def test_stopped_from_outside_it_still_gives_the_review(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "suicidal_caller", "--with-second") as one:
        assert sorted(one.joining["join"]) == ["priya", "tom"]
        assert f"--database {one.joining['database']}" in one.joining["join"]["tom"]
        one.process.send_signal(signal.SIGTERM)
        found = one.review()
    assert found["began"] is None
    assert found["first_request"]["words"] == "not done"


def test_two_trainees_in_two_processes_have_the_pair_to_themselves(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "suicidal_caller", "--with-second") as one:
        priya = one.trainee("Priya Raman", "service_adviser", "1001", "handler")
        tom = one.trainee("Tom Adeyemi", "support_worker", "1002", "coordinator")
        priya.until("calls", lambda calls: calls["alerting"])
        priya.press("answer")
        priya.until("note", lambda note: not note["read_only"])
        priya.press("need_second")
        tom.until("summons", bool)
        tom.press("take")
        tom.until("incidents", lambda found: found and found[0]["members"])
        priya.note("in the car, by the reservoir")
        tom.until_shown("by the reservoir")
        one.process.send_signal(signal.SIGTERM)
        found = one.review()
        for trainee in (priya, tom):
            trainee.until_shown("The rehearsal has ended.  Nothing in it was real")
            trainee.until_shown(f"{Path(one.joining['folder']).name}/review.txt")
    assert found["people"] == ["Priya Raman (service adviser): a trainee", "Tom Adeyemi (support worker): a trainee"]
    assert (found["second_worker"]["verdict"], found["second_worker"]["proof"][-1]["by"]) == ("met", "tom.adeyemi")
    record = connect(Path(one.joining["folder"]) / "rehearsal.db", None)
    said = record.execute("SELECT count(*) FROM entry WHERE kind IN ('help.drafted', 'signals.message')").fetchone()
    record.close()
    assert said == (0,), "nobody plays who trains"


def test_the_command_that_is_printed_for_each_trainee_brings_them_in(tmp_path: Path) -> None:
    with rehearsing(tmp_path, "suicidal_caller", "--with-second") as one, ExitStack() as consoles:
        for command in one.joining["join"].values():
            # As somebody pastes it into a terminal.
            program = subprocess.Popen(
                ["/bin/sh", "-c", f"exec env {command}"], cwd=ROOT, stdout=subprocess.DEVNULL,
                env={**environment(tmp_path), "QT_QPA_PLATFORM": "offscreen"}, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            consoles.callback(program.wait, 30)
            consoles.callback(program.kill)
        file = Path(one.joining["database"])
        until(lambda: rang(file), 60, "both are in, and the telephone of one of them rings")
        one.process.send_signal(signal.SIGTERM)
        found = one.review()
    assert [words.endswith(": a trainee") for words in found["people"]] == [True, True]


def rang(file: Path) -> bool:
    """Say whether both trainees are signed in and the caller's call was offered."""
    record = connect(file, None)
    try:
        found = {kind for (kind,) in record.execute("SELECT kind FROM entry").fetchall()}
        signed_in = record.execute("SELECT author FROM entry WHERE kind = 'shift.signed_in'").fetchall()
    finally:
        record.close()
    return {("priya.raman",), ("tom.adeyemi",)} <= set(signed_in) and "call.offered" in found
