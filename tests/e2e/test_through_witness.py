"""Two consoles without a way to the switchboard, and two witnesses that have one: real processes, one simulator.

What is asked is done once, also where the witness that would do it is killed in that moment.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.domain.call_events import CallEvent, HoldChanged
from console.domain.record import Role
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.target import Tls
from db.team import Way, add_worker
from telephony_adapters.simulator import SimulatorControl
from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.driven_console_driver import THROUGH
from tests.helpers.postgres import NEWEST
from tests.helpers.team_office import password_of, team_office
from tests.helpers.watched import Line, WitnessProcess

pytest_plugins = ["tests.helpers.driven_console_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = [pytest.mark.timeout(240), pytest.mark.needs("posix")]

SCRIPT = """\
title "One caller"
night 01-Dec-2026
opens 22:13:50
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
22:14:00 call first from 07700 900412 to 01632 960001 queue oohs
 rings 1001 1002
"""


@dataclass
class Through:
    """One office whose consoles hear through the record."""

    office: Office
    control: SimulatorControl
    witnesses: list[WitnessProcess]
    held: list[HoldChanged] = field(default_factory=list)
    consoles: list[DrivenConsole] = field(default_factory=list)

    def begin(self) -> tuple[DrivenConsole, DrivenConsole]:
        """Start everything, and let the caller ring."""
        ear = self.office.listen()
        ear.start(self._hear)
        for one in self.witnesses:
            one.start()
        for one in self.witnesses:
            one.until_said("telephones", state="connected")
        until(lambda: self.office.bodies("shift.watch"), lambda said: said and said[-1][2]["acts"], 30, "they say so")
        priya, tom = (getattr(self.office, name)(switchboard=THROUGH) for name in ("priya", "tom"))
        for console in (priya, tom):
            console.until("calls", lambda one: not one["away"])
        self.control.jump(self.office.opens + timedelta(seconds=12))
        for console in (priya, tom):
            console.until("calls", lambda one: len(one["alerting"]) == 1)
        return priya, tom

    def _hear(self, event: CallEvent) -> None:
        if isinstance(event, HoldChanged):
            self.held.append(event)

    def asks(self, *acts: str) -> list[list[dict[str, Any]]]:
        """Return what was asked, by default of holding, request by request, and what came of each."""
        rows = self.office.sql(
            "SELECT e.slot, b.body, e.kind FROM entry e JOIN entry_body b ON b.id = e.id "
            "WHERE e.kind IN ('shift.asked', 'shift.ask_answered') ORDER BY e.seq"
        )
        found: dict[str, list[dict[str, Any]]] = {}
        for slot, body, kind in rows:
            found.setdefault(slot, []).append({**json.loads(body), "kind": kind})
        return [steps for steps in found.values() if steps[0]["act"] in (acts or ("hold", "resume"))]

    def asked(self, count: int) -> None:
        """Wait until so many are asked."""
        until(lambda: len(self.asks()), lambda found: found >= count, 30, f"{count} are asked")

    def settled(self) -> None:
        """Wait until something came of the newest, or somebody has it."""
        until(lambda: _state(self.asks()[-1]), lambda state: state != "open", 30, "something came of it")

    def shown(self, console: DrivenConsole) -> None:
        """Wait until a console shows what the telephones did: its key asks for the one or the other by that."""
        console.until_shown("ON HOLD" if self.held and self.held[-1].held else "ON CALL")


def _state(steps: list[dict[str, Any]]) -> str:
    """Return how a request stands: open, withdrawn, or what a witness said of it last."""
    newest = steps[-1]
    return str(newest["state"]) if "state" in newest else "withdrawn" if newest.get("withdrawn") else "open"


@pytest.fixture(params=["file", pytest.param("team", marks=pytest.mark.needs("postgres"))])
def through(request: pytest.FixtureRequest, tmp_path: Path, office: Office) -> Iterator[Through]:
    with ExitStack() as stack:
        url, password, made = office.record, "", office
        if request.param == "team":
            clusters: Callable[[str], Cluster] = request.getfixturevalue("postgres_of_the_run")
            team = stack.enter_context(team_office(clusters(NEWEST), tmp_path))
            password, made, url = password_of("Witness"), team, team.record
            admin = Way(team.service.target, Tls(), SUPERUSER, team.service.password)
            add_worker(admin, "witness", "Witness", [Role.WITNESS], password)
        control = made.telephones(SCRIPT)
        telephones = ("--acts", "--switchboard", "simulator", "--set", f"address={made.address}", "--rehearsal")
        line = Line()
        witnesses = [WitnessProcess(tmp_path / name, url, line, password, telephones) for name in ("rack-1", "rack-2")]
        try:
            yield Through(made, control, witnesses)
        finally:
            for one in witnesses:
                if hasattr(one, "process"):
                    one.end()
            line.cut()
            made.close()


def test_ring_answer_and_hold_go_through_the_record_and_are_done_once(through: Through) -> None:
    priya, tom = through.begin()
    answered(priya)
    tom.until("calls", lambda one: not one["alerting"])
    assert [body["extension"] for _, _, body in through.office.bodies("call.answered")] == ["1001"]
    for count, act in enumerate(("hold", "resume"), 1):
        priya.press("hold")
        until(lambda: len(through.office.bodies("call.held")), count.__eq__, 30, f"{act} is in the record")
        through.shown(priya)
    assert [(event.extension, event.held) for event in through.held] == [("1001", True), ("1001", False)]
    until(
        lambda: [_state(steps) for steps in through.asks()], ["accepted", "accepted"].__eq__, 30, "both are confirmed"
    )
    for steps, act in zip(through.asks(), ("hold", "resume"), strict=True):
        assert [one.get("state") for one in steps] == [None, "taken", "accepted"]
        assert (steps[0]["act"], steps[0]["extension"]) == (act, "1001")
    parked_and_fetched(priya, through)
    assert through.office.verify().returncode == 0


def parked_and_fetched(console: DrivenConsole, through: Through) -> None:
    """Put the caller on a parking place, which only the record tells of at this desk, and fetch them again."""
    console.form("transfer", how="Park; any telephone can fetch")
    console.until_shown("PARKED")
    console.form("transfer")
    until(
        lambda: [_state(one) for one in through.asks("retrieve")],
        ["accepted"].__eq__,
        30,
        "the own telephone is to be rung",
    )
    through.control.jump(through.office.opens + timedelta(minutes=1))  # and is lifted
    console.until("calls", lambda one: one["current"])
    told = [body["parked"] for _, _, body in through.office.bodies("call.parked")]
    assert told == [True, False], "each once, by two witnesses"


def answered(console: DrivenConsole) -> None:
    """Take the caller who rings."""
    console.press("answer")
    console.until("calls", lambda one: one["current"] and one["contact"] != "None")


def test_a_witness_killed_in_mid_call_leaves_nothing_done_twice_and_the_other_goes_on(through: Through) -> None:
    priya, _ = through.begin()
    answered(priya)
    for count, which in enumerate((0, 1, 0), 1):
        priya.press("hold")
        through.asked(count)
        through.witnesses[which].kill()
        through.settled()
        through.witnesses[which].start()
        through.witnesses[which].until_said("telephones", state="connected")
        through.shown(priya)
    states = [[one["state"] for one in steps if "state" in one] for steps in through.asks()]
    done = Counter(state for found in states for state in found)
    assert all(found in ([], ["taken"], ["taken", "accepted"]) for found in states)
    assert done["accepted"] <= len(through.held) <= done["taken"] <= len(states)
    # Whatever became of those: the next is done.
    before = len(through.held)
    priya.press("hold")
    until(lambda: len(through.held), lambda count: count > before, 30, "the next is done")


def test_with_both_killed_nothing_is_done_and_the_worker_is_told(through: Through) -> None:
    priya, _ = through.begin()
    answered(priya)
    for one in through.witnesses:
        one.kill()
    priya.press("hold")
    priya.until_shown("nothing was done")
    assert [_state(steps) for steps in through.asks()] == ["withdrawn"]
    through.witnesses[0].start()
    through.witnesses[0].until_said("telephones", state="connected")
    assert through.held == []
    priya.press("hold")
    until(lambda: len(through.held), (1).__eq__, 30, "the next is done")
