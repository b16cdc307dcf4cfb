"""What the doctor and the board say of a headless witness: heard, blind, silent, ended, or of another switchboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.domain.bank_holidays import england
from console.domain.calendar import Calendar, shift_stream
from console.domain.ids import new_id
from console.domain.record import Entry, Identity, Kind, Role, encode_body
from console.domain.watches import SILENT_AFTER, Watch, WatchState, watch_slot
from console.machine.clock import SystemClock
from console.ports.store import Verdict
from db.opening import create_store
from ui.bootstrap.doctor import record
from ui.bootstrap.doctor.checking import State
from ui.bootstrap.doctor.watching import finding
from ui.desktop.screens.health import watch_health

NOW = datetime(2026, 12, 2, 2, 30, tzinfo=UTC)
HERE = Watch("rack", WatchState.WATCHING, NOW - timedelta(minutes=16), "row 1")
BLIND = replace(HERE, state=WatchState.BLIND)
SILENT = replace(HERE, at=NOW - SILENT_AFTER - timedelta(minutes=1))
ENDED = replace(HERE, state=WatchState.ENDED)


@pytest.mark.parametrize(
    ("watches", "state", "words"),
    [
        ((), State.NOT_ASKED, "no witness was heard"),
        ((HERE,), State.WELL, "the witness at rack was last heard 02:14, and hears the telephones"),
        ((BLIND,), State.NOT_WELL, "does not hear the telephones"),
        ((SILENT,), State.NOT_WELL, "should have spoken since"),
        ((ENDED,), State.NOT_WELL, "when it ended"),
        ((HERE, replace(SILENT, station="attic")), State.NOT_WELL, "at attic"),
    ],
)
def test_the_doctor_says_how_it_is(watches: tuple[Watch, ...], state: State, words: str) -> None:
    found = finding(watches, "row 1", NOW)
    assert (found.key, found.state) == ("witness", state)
    assert words in found.means
    assert found.do or state is State.WELL


def test_another_name_of_the_switchboard_is_found_before_calls_are_written_twice() -> None:
    found = finding((HERE,), "row 2", NOW)
    assert found.state is State.NOT_WELL
    assert "written down twice" in found.means
    assert "switchboard_name" in found.do
    assert finding((HERE,), "", NOW).state is State.WELL


@pytest.mark.parametrize(
    ("watch", "words", "trouble"),
    [
        (HERE, "Witness: last heard 02:14", False),
        (BLIND, "Witness hears no telephones since 02:14", True),
        (SILENT, "Witness silent since 01:54", True),
        (ENDED, "Witness ended 02:14", True),
    ],
)
def test_the_board_says_it_in_a_few_words(watch: Watch, words: str, trouble: bool) -> None:
    (row,) = watch_health((watch,), NOW)
    assert (row.text, row.trouble) == (words, trouble)


def test_the_doctor_reads_it_from_a_record_in_a_file(tmp_path: Path) -> None:
    file, now = tmp_path / "night.db", SystemClock().now()
    witness = Identity("witness", "Witness", Role.WITNESS, "rack")
    stream = shift_stream(Calendar(england()).stretch(now))
    body = encode_body({"station": "rack", "state": "watching", "switchboard": "row 1"})
    said = Entry(
        new_id(now), stream, Kind.SHIFT_WATCH, witness.worker, witness.role, "rack", now, body, watch_slot("rack")
    )  # fmt: skip
    store = create_store(str(file), key=None, clock=SystemClock(), invented=True)
    assert [one.verdict for one in store.append(witness, [said])] == [Verdict.STORED]
    store.close()
    found = {one.key: one for one in record.in_file(file, None, "row 1")}
    assert found["witness"].state is State.WELL
    assert found["witness"].facts["station"] == "rack"
