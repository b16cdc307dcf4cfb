"""What the recordings of a real Asterisk tell of its own ways; what holds of every one is in test_recordings."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from console.domain.call_report import call_report, event_report
from console.domain.calls import CallOutcome, Unmarked
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.recording import read_recording
from tests.helpers.recordings import RACES, Recording, book_of, recordings, reports_of

ALL = recordings()


def test_every_recording_is_here() -> None:
    sets = Counter(recording.set for recording in ALL)
    assert sets["asterisk-22"] == 39
    assert sets["asterisk-22-channelvars"] == 8
    assert sets["asterisk-22-rig-channelvars"] == 12
    assert sets["asterisk-16-rig-channelvars"] == 19
    assert sets["asterisk-22-rig"] == 2
    assert sets["asterisk-16-rig"] == 2


@pytest.mark.parametrize("recording", [r for r in ALL if r.name in RACES], ids=str)
def test_a_race_has_one_winner_at_most(recording: Recording) -> None:
    for report in reports_of(recording):
        assert len(report["answered_by"]) <= 1
        assert report["outcome"] != "unknown"


@pytest.mark.parametrize("recording", [r for r in ALL if r.name.startswith("withheld")], ids=str)
def test_a_withheld_number_is_in_nothing_that_is_printed(recording: Recording) -> None:
    facts = recording.facts(Unmarked.SHOW if recording.marked else Unmarked.HIDE)
    printed = json.dumps([event_report(fact) for _, fact in facts])
    printed += json.dumps([call_report(call) for call in book_of(facts).calls()])
    assert "02079460140" not in printed + repr(facts)
    assert "2079460140" not in printed


def test_the_number_is_not_told_before_its_mark_can_be_trusted() -> None:
    """At Newchannel a withheld number still carries the mark of an allowed one."""
    marked = next(r for r in ALL if r.marked and r.name == "withheld_pai")
    learned = [e for e in (event_report(f) for _, f in marked.facts()) if e["event"] == "number_learned"]
    assert [e["presentation"] for e in learned] == ["withheld"]
    assert learned[0]["number"] == ""


def test_the_loser_of_a_ring_all_is_told_that_it_was_answered_elsewhere() -> None:
    answered = next(r for r in ALL if r.name == "q_answered" and not r.marked)
    ended = [e for e in (event_report(f) for _, f in answered.facts()) if e["event"] == "leg_ended"]
    assert [(e["extension"], e["reason"]) for e in ended] == [("1002", "answered elsewhere")]


@pytest.mark.parametrize("recording", [r for r in ALL if r.name == "click_to_dial_unanswered"], ids=str)
def test_the_number_of_an_unanswered_click_to_dial_is_known(recording: Recording) -> None:
    (report,) = reports_of(recording)
    assert (report["dialled"], report["outcome"], report["direction"]) == ("907700900125", "no_answer", "outbound")


def test_pauses_are_told() -> None:
    pauses = next(r for r in ALL if r.name == "pause_states")
    told = [e for e in (event_report(f) for _, f in pauses.facts()) if e["event"] == "agent_paused"]
    assert [(e["extension"], e["paused"]) for e in told][:2] == [("1001", True), ("1001", False)]
    assert told[0]["reason"] == "welfare break"


def test_a_call_that_a_console_ends_was_ended_by_whoever_sat_there() -> None:
    """Of a telephone that is told to end Asterisk says no request, only that it left the other side behind."""
    ended = next(r for r in ALL if r.name == "ami_hangup")
    assert [(call.outcome, call.ended_by) for call in book_of(ended.facts()).calls()] == [
        (CallOutcome.ANSWERED, "1001")
    ]


@pytest.mark.parametrize("who", ["PJSIP/1001-00000090", "PJSIP/trunk-0000008e"])
def test_a_call_that_the_switchboard_ends_was_ended_by_nobody_of_ours(who: str, tmp_path: Path) -> None:
    """A telephone whose sound failed, or a caller let go first: the line dropped, and must be said to have."""
    stream = next(r for r in ALL if r.name == "ami_hangup").bytes()
    left = [one for one in stream.split(b"\r\n\r\n") if b"Event: BridgeLeave" in one]
    soft = b"Event: SoftHangupRequest"
    request = next(one for one in stream.split(b"\r\n\r\n") if soft in one)
    if who.startswith("PJSIP/1001"):
        told = request.replace(b"trunk-0000008e", b"1001-00000090").replace(b".154", b".156", 1)
        changed = stream.replace(left[0], told + b"\r\n\r\n" + left[0])
    else:
        first, second = left
        changed = stream.replace(first, b"@").replace(second, first).replace(b"@", second)
    file = tmp_path / "changed.ami"
    file.write_bytes(changed)
    assert [call.ended_by for call in book_of(list(read_recording(file, Reading()))).calls()] == ["system"]


def test_what_was_clicked_is_told_also_where_the_dial_plan_leads_on_to_another_number_first(tmp_path: Path) -> None:
    """The order of a loaded Asterisk 16: the far side is dialled before it says what it was asked for."""
    blocks = next(r for r in ALL if r.name == "click_to_dial").bytes().split(b"\r\n\r\n")
    told = next(one for one in blocks if b"Event: OriginateResponse" in one)
    dialled = next(i for i, one in enumerate(blocks) if b"Event: DialBegin" in one and b"\r\nUniqueid: " in one)
    assert blocks.index(told) < dialled
    blocks = [one.replace(b"Exten: 907700900124", b"Exten: 07700900124") for one in blocks if one is not told]
    file = tmp_path / "led-on.ami"
    file.write_bytes(b"\r\n\r\n".join([*blocks[:dialled], told, *blocks[dialled:]]))
    assert [call.dialled for call in book_of(list(read_recording(file, Reading()))).calls()] == ["907700900124"]
