"""The same on a real Asterisk with real telephones: a console and a witness killed, and others late, in mid-call."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from console.domain.calls import CallOutcome
from tests.helpers.driven_console import Office, until
from tests.helpers.pbx.live import LiveAsterisk
from tests.helpers.watched import Watched, WitnessProcess

pytest_plugins = ["tests.helpers.driven_console_fixtures", "tests.helpers.pbx.fixtures"]
pytestmark = [pytest.mark.needs("asterisk", "sipp"), pytest.mark.timeout(240)]

LATE = 3.0


@dataclass(frozen=True)
class RealLine:
    """The way to the real switchboard, the same for everybody."""

    live: LiveAsterisk

    def settings(self) -> dict[str, str | int | bool]:
        """Return what reaches it."""
        kept = {"host", "port", "user", "secret"}
        return {name: value for name, value in asdict(self.live.settings()).items() if name in kept}


@pytest.fixture
def watched(office: Office, live_asterisk: LiveAsterisk, invented_record: Path) -> Iterator[Watched]:
    shutil.copy(invented_record, office.folder / "lone.db")
    line = RealLine(live_asterisk)
    made = Watched(
        office,
        {},
        WitnessProcess(office.folder / "witness", office.record, line),
        WitnessProcess(office.folder / "lone", str(office.folder / "lone.db"), line),
    )
    for one in (made.witness, made.lone):
        one.start()
        one.until_said("telephones", state="connected")
    yield made
    made.end()


def both_ring(live: LiveAsterisk) -> None:
    for extension in ("1001", "1002"):
        live.phone(extension).wait_ringing()


def test_calls_of_a_real_switchboard_leave_one_account(watched: Watched, live_asterisk: LiveAsterisk) -> None:
    office, ami = watched.office, RealLine(live_asterisk).settings()
    priya = office.priya(ami=ami)
    # Nobody takes it.
    caller = live_asterisk.call_in("01632960741")
    both_ring(live_asterisk)
    caller.ring_off()
    # Taken at 1001; Tom's console comes in its middle, the witness is killed and comes back.
    caller = live_asterisk.call_in("07700900412", name="A Caller")
    both_ring(live_asterisk)
    live_asterisk.phone("1001").answer()
    until(lambda: office.bodies("call.answered"), bool, 30, "the call is answered in the record")
    office.tom(ami=ami)
    watched.witness.kill()
    watched.witness.start()
    watched.witness.until_said("telephones", state="connected")
    caller.ring_off()
    # Taken at 1002 by hand, for Priya wraps up; her console is killed in its middle.
    caller = live_asterisk.call_in("07700900413")
    live_asterisk.phone("1002").wait_ringing()
    live_asterisk.phone("1002").answer()
    until(lambda: len(office.bodies("call.answered")), lambda count: count >= 2, 30, "the next one too")
    priya.kill()
    live_asterisk.phone("1002").hang_up()
    caller.gone()
    wanted = until(
        lambda: watched.wanted([]), lambda one: sum(c.ended_at is not None for c in one.calls) == 3, 60, "three calls"
    )
    watched.account(wanted)
    time.sleep(LATE)
    found = watched.account(wanted)
    assert (found.calls, found.disputed) == (wanted.calls, 0)
    assert found.facts == wanted.facts
    outcomes = sorted(call.outcome for call in found.calls if call.outcome)
    assert outcomes == [CallOutcome.ABANDONED, CallOutcome.ANSWERED, CallOutcome.ANSWERED]
