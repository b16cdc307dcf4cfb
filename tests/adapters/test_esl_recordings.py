"""What the recordings of a real FreeSWITCH tell of its own ways; what holds of every one is in test_recordings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.domain.call_events import CallEvent
from console.domain.call_report import call_report, event_report
from console.domain.calls import Call, Unmarked
from telephony_adapters.freeswitch_esl.desk import Reading
from telephony_adapters.freeswitch_esl.mapping import Mapper
from telephony_adapters.freeswitch_esl.recording import read_recording
from tests.helpers.esl_streams import (
    NOW,
    STREAMS,
    EslRecording,
    facts_of_messages,
    messages_of,
    recorded,
    subscribed,
)
from tests.helpers.recordings import book_of, reports_of


def test_every_recording_is_here() -> None:
    assert len(STREAMS) == 20


@pytest.mark.parametrize("recording", STREAMS, ids=str)
def test_what_is_subscribed_to_tells_all_that_everything_tells(recording: EslRecording) -> None:
    """The recordings hold every event of the switchboard; a console asks for a tenth of them."""
    assert len(subscribed(recording)) < len(messages_of(recording)) * 0.8
    facts = facts_of_messages(subscribed(recording))
    assert [call_report(call) for call in _book(facts)] == reports_of(recording)


def _book(facts: list[CallEvent]) -> list[Call]:
    return list(book_of([(fact.at, fact) for fact in facts]).calls())


@pytest.mark.parametrize("unmarked", list(Unmarked))
def test_a_withheld_number_is_in_nothing_that_is_printed(unmarked: Unmarked) -> None:
    facts = recorded("withheld_pai").facts(unmarked)
    printed = json.dumps([event_report(fact) for _, fact in facts])
    printed += json.dumps([call_report(call) for call in book_of(facts).calls()])
    assert "2079460140" not in printed + repr(facts)
    assert '"presentation": "withheld"' in printed


def reported(name: str, event: str) -> list[dict[str, object]]:
    """Return the facts of one kind in a recording."""
    return [dict(e) for e in (event_report(f) for _, f in recorded(name).facts()) if e["event"] == event]


@pytest.mark.parametrize("name", ["q_answered", "fork"])
def test_who_lost_the_race_is_told_that_it_was_answered_elsewhere(name: str) -> None:
    loser = {"q_answered": "1002", "fork": "1001"}[name]
    withdrawn = [e for e in reported(name, "leg_ended") if e["extension"] == loser]
    assert [e["reason"] for e in withdrawn] == ["answered elsewhere"]


@pytest.mark.parametrize(
    ("name", "kind"), [("xfer_attended", "attended"), ("xfer_blind", "blind"), ("api_transfer", "redirect")]
)
def test_a_transfer_says_how_and_from_whom_to_whom(name: str, kind: str) -> None:
    (report,) = reports_of(recorded(name))
    assert report["transfers"] == [{"kind": kind, "from": "1001", "to": "1003"}]
    assert report["answered_by"] == ["1001", "1003"]
    assert report["joined"] == []


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("direct", "1001"),
        ("direct_cancel", "caller"),
        ("direct_rejected", "1001"),
        ("q_answered", "caller"),
        ("q_abandoned", "caller"),
        ("xfer_attended", "caller"),
        ("outgoing", "1001"),
        ("internal", "1001"),
        ("click_to_dial", "1001"),
    ],
)
def test_who_ended_it_is_read_from_whose_telephone_hung_up(name: str, by: str) -> None:
    assert [report["ended_by"] for report in reports_of(recorded(name))] == [by]


def test_pauses_are_told_with_the_status_as_their_reason() -> None:
    told = reported("agent_states", "agent_paused")
    assert [(e["extension"], e["paused"], e["reason"]) for e in told] == [
        ("1001", True, "On Break"),
        ("1001", True, "Logged Out"),
        ("1001", False, ""),
    ]


def test_a_diverting_number_that_is_withheld_itself_is_not_told(tmp_path: Path) -> None:
    stream = recorded("diverted").bytes()
    # As long as before: lengths are told in bytes.
    private = stream.replace(b"counter%3D1%3Bprivacy%3Doff", b"counte%3D1%3Bprivacy%3Dfull")
    assert private != stream
    file = tmp_path / "events.esl"
    file.write_bytes(private)
    facts = list(read_recording(file, Reading()))
    assert "01632960555" not in repr(facts)
    assert "07700900666" in repr(facts)


@pytest.mark.parametrize("recording", STREAMS, ids=str)
def test_nothing_is_kept_of_calls_that_are_over(recording: EslRecording) -> None:
    mapper = Mapper(Reading())
    for message in subscribed(recording):
        mapper.feed(message, NOW)
    assert not mapper.board.channels
    assert not mapper.board.owner
