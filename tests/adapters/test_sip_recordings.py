"""The recorded notifications of an Asterisk 22 and a FreeSWITCH, from the file and over the wire."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.domain.call_events import CallEnded, CallEvent, LinkState
from console.domain.call_report import call_report
from console.domain.calls import Presentation
from console.domain.text import BadInput
from telephony_adapters.contract.heard import Heard
from telephony_adapters.link.faults import NotUnderstood
from telephony_adapters.sip_dialog.callers import Reading
from telephony_adapters.sip_dialog.connection import SipDialogConnection
from telephony_adapters.sip_dialog.document import read_document
from telephony_adapters.sip_dialog.mapping import Mapper
from telephony_adapters.sip_dialog.recording import read_recording
from telephony_adapters.sip_dialog.settings import Transport
from telephony_adapters.sip_dialog.table import Table
from tests.helpers.fake_notifier import FakeNotifier, reaching
from tests.helpers.recordings import book_of
from ui.cli import main

DATA = Path(__file__).parents[1] / "data" / "sip-dialog-info"
NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
NAMES = ("asterisk22", "freeswitch")
TRUTH: dict[str, list[tuple[str | None, str | None]]] = {
    "asterisk22": [("02079460123", "A Caller"), (None, None), ("02079460170", None)],
    "freeswitch": [("02079460124", None), (None, None)],
}
"""Caller and name of each call that the recording's driver made; 1001 answered all of them."""


def recorded(name: str) -> Path:
    """Return a recording."""
    return DATA / f"{name}.txt.gz"


def bodies(name: str) -> list[bytes]:
    """Return the bodies of a recording, in order."""
    blocks = gzip.decompress(recorded(name).read_bytes()).split(b"\n--- ")[1:]
    return [block.partition(b"\n\n")[2].strip() + b"\n" for block in blocks]


def facts_of(told: list[bytes]) -> list[CallEvent]:
    """Return what is told of bodies; none of them may raise."""
    mapper, table = Mapper(Reading()), Table()
    facts: list[CallEvent] = []
    for body in told:
        table.take(read_document(body))
        if table.known:
            facts += mapper.feed("1001", table.dialogs, NOW)
    return facts + mapper.finish(NOW)


@pytest.mark.parametrize("name", NAMES)
def test_every_call_of_a_recording_is_told_and_no_other(name: str) -> None:
    book = book_of(list(read_recording(recorded(name), Reading())))
    reports = [call_report(call) for call in book.calls()]
    assert [(report["caller"], report["name"]) for report in reports] == TRUTH[name]
    assert [call.answered_by for call in book.calls()] == [("1001",)] * len(reports)
    assert {report["certainty"] for report in reports} == {"assumed"}
    assert {(report["outcome"], report["ended_by"]) for report in reports} == {("answered", "unknown")}
    assert book.take_oddities() == ()
    withheld = [call for call in book.calls() if call.caller.presentation is Presentation.WITHHELD]
    assert len(withheld) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", [[], ["--calls"]])
def test_watch_prints_a_recording_and_no_withheld_number(
    name: str, mode: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["watch", "--adapter", "sip_dialog", "--recording", str(recorded(name)), *mode]) == 0
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert len(lines) >= len(TRUTH[name])
    assert "2079460140" not in printed.out + printed.err


def test_a_recording_of_presence_is_told_apart_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--adapter", "sip_dialog", "--recording", str(recorded("asterisk22-presence"))]) == 3
    printed = capsys.readouterr()
    assert (printed.out, "presence tells neither" in printed.err) == ("", True)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff" * 500, b"--- 1\nNOTIFY\n\n<x/>", b"Asterisk Call Manager/1.1\r\n"]
)
def test_what_holds_no_dialog_events_is_said(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(NotUnderstood, match="holds no dialog events"):
        list(read_recording(file, Reading()))
    with pytest.raises(BadInput):
        list(read_recording(tmp_path / "none", Reading()))


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
@pytest.mark.parametrize("name", NAMES)
def test_a_recording_played_over_the_wire_tells_what_it_tells_from_a_file(name: str, transport: Transport) -> None:
    told = bodies(name)
    with FakeNotifier() as pbx:
        pbx.manner.first = {"1001": told[0]}
        chosen = reaching(pbx.port, "1001", transport)
        heard, connection = Heard(), SipDialogConnection(chosen)
        connection.start(heard)
        heard.wait_link(LinkState.CONNECTED)
        for body in told[1:]:
            pbx.send("1001", body)
        heard.wait(CallEnded, len(TRUTH[name]))
        connection.stop()
    calls = book_of([(fact.at, fact) for fact in heard.facts]).calls()
    assert [(call.caller.number or None, call.caller.name or None) for call in calls] == TRUTH[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(30))
def test_whatever_happens_to_a_recording_on_the_way_every_call_ends_once(name: str, seed: int) -> None:
    """Dropped, repeated, swapped or cut; the switchboard's own full states put right what was missed."""
    dice, told = random.Random(seed), bodies(name)  # noqa: S311  no secret
    for _ in range(dice.randrange(1, 8)):
        place = dice.randrange(len(told) - 1)
        match dice.choice(["drop", "repeat", "swap", "cut"]):
            case "drop" if len(told) > 2:
                del told[place]
            case "repeat":
                told.insert(place, told[place])
            case "swap":
                told[place], told[place + 1] = told[place + 1], told[place]
            case _ if len(told) > 4:
                del told[-1]
    facts = facts_of(told)
    book = book_of([(fact.at, fact) for fact in facts])
    assert not [call for call in book.calls() if call.live]
    ended = [fact.call for fact in facts if isinstance(fact, CallEnded)]
    assert len(ended) == len(set(ended)) == len(book.calls())
    assert book.take_oddities() == ()
    assert "2079460140" not in repr(facts)
    for fact in facts:
        book.apply(fact, fact.at)
    assert len(book.calls()) == len(ended)
