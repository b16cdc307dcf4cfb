"""Script F (domain.md 9) to 19:31 over services with manual time, on a file and on a team's PostgreSQL.

A welfare check is declined, escalated and accepted; each line of what the script asserts of the ledger is a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from console.domain.help_ages import Alarm
from console.domain.help_kinds import HelpKind, HelpState, RcrpGround
from console.domain.help_requests import HelpRequest
from console.domain.help_targets import grade_words
from console.domain.locations import LocationSource
from console.domain.people import Rank
from console.domain.record import StreamKind, StreamRef
from console.domain.timeline import timeline
from console.ports.clock import Clock
from console.ports.store import Store
from console.services.help_ledger import Draft, News
from console.services.refusing import Refused
from db.opening import create_store
from db.postgres.cluster import Cluster
from tests.helpers.night_room import Console, Room
from tests.helpers.postgres import NEWEST
from tests.helpers.record_people import MANAGER, TOM
from tests.helpers.record_people import PRIYA as OWEN
from tests.helpers.team_record import team_store

pytest_plugins = ["tests.helpers.postgres_fixtures"]

BEGINS = datetime(2027, 5, 9, 17, 40, tzinfo=UTC)
"""Sun 09-May-2027 18:40 in London."""
SOUTHAMPTON = "01632960005"
RECORDS = ("sqlite", pytest.param(NEWEST, marks=pytest.mark.needs("postgres"), id="postgresql"))


@pytest.fixture(params=RECORDS)
def room(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_of_the_run: Callable[[str], Cluster]
) -> Iterator[Room]:
    def make(clock: Clock) -> Store:
        if request.param == NEWEST:
            return team_store(postgres_of_the_run(NEWEST), clock)
        return create_store(str(tmp_path / "night.db"), key=None, clock=clock, invented=True)

    made = Room(BEGINS, make)
    yield made
    made.close()
    made.shared.close()


@dataclass
class Script:
    """Script F under way: Owen leads, Tom coordinates, and a manager watches the board."""

    room: Room
    owen: Console
    tom: Console
    manager: Console
    incident: UUID
    police: UUID = UUID(int=0)

    def until(self, clock: str) -> None:
        """Let time pass up to a time of that evening in London."""
        hour, minute = (int(part) for part in clock.split(":"))
        wanted = self.room.clock.now().replace(hour=hour - 1, minute=minute)
        # By the minute: nothing here depends on half seconds, and a real store is asked at each step.
        while self.room.clock.now() < wanted:
            left = (wanted - self.room.clock.now()).total_seconds()
            self.room.alarm.advance(min(60.0, left))
            self.room.settle()

    def request(self, console: Console | None = None) -> HelpRequest:
        """Return the request to the police as a console has it."""
        self.room.settle()
        found = (console or self.owen).folds.help(self.police)
        assert found is not None
        return found

    def alarms(self, console: Console) -> list[Alarm]:
        """Return what asks for somebody on one console."""
        return [asks for _, asks in console.helps.alarms()]

    def untold_on_the_board(self) -> list[int]:
        """Return how many changes the board counts for each request it lists."""
        self.manager.board.watch(lambda _: None)
        self.until("19:05")
        return [row.untold for row in self.manager.board.now().requests.rows]


@pytest.fixture
def script(room: Room) -> Script:
    """Return the script at 18:52, drafted: the pair is there, and the police are about to be asked."""
    owen, tom, manager = room.console(OWEN, "1001"), room.console(TOM, "1002"), room.console(MANAGER)
    room.rings("c1", "07700900733", SOUTHAMPTON, "1001", "1002")
    room.answers("c1", "1001")
    contact = owen.contact
    owen.pair.need_second(contact)
    room.settle()
    tom.pair.accept(tom.pair.waiting_summons()[0], tom.outcomes.append)
    room.settle()
    incident = owen.folds.incident_of(contact)
    assert incident is not None
    made = Script(room, owen, tom, manager, incident.id)
    tom.incidents.place(incident.id, "22 Quay Lane, first floor", LocationSource.THIRD_PARTY)
    made.until("18:52")
    draft = Draft(
        HelpKind.POLICE_ATTEND,
        "No reply, 82, insulin at 18:00 missed",
        incident=incident.id,
        evidence="Carer has no reply since 18:00",
        tried="Rang twice, carer knocked",
        no_other="Carers have no key",
    )
    made.police = tom.helps.draft(draft)
    tom.helps.send(made.police, RcrpGround.NONE_STATED)
    return made


def declined(script: Script) -> Script:
    """Play on to 19:01."""
    script.until("19:01")
    script.tom.helps.decline(script.police, "No immediate risk", name="Control room")
    script.room.settle()
    return script


def knife(script: Script) -> Script:
    """Play on: the neighbour tells Owen."""
    script.until("19:04")
    script.owen.incidents.fact(script.incident, "weapons", "Neighbour saw a knife, shouting 18:15", "third party")
    script.room.settle()
    return script


def accepted(script: Script) -> Script:
    """Play on to the log number."""
    script.until("19:06")
    script.tom.helps.escalate(
        script.police, "Force incident manager", "Shouting 18:15, neighbour saw a knife", RcrpGround.CRIME
    )
    script.tom.helps.log(script.police, News(HelpState.ACCEPTED, reference="Log 645 of 09/05/27"))
    script.room.settle()
    return script


def test_the_refusal_is_an_open_risk_on_every_console_and_on_the_board(script: Script) -> None:
    declined(script)
    for console in (script.owen, script.tom, script.manager):
        assert script.request(console).ground is RcrpGround.NONE_STATED
        assert script.request(console).declined_reason == "No immediate risk"
        assert script.alarms(console) == [Alarm.OPEN_RISK]
    rows = script.manager.board.now().requests.rows
    assert [(row.alarm, row.words) for row in rows] == [(Alarm.OPEN_RISK, "declined: no alternative yet")]
    asked = script.request(script.manager)
    assert (asked.evidence, asked.tried, asked.no_other) == (
        "Carer has no reply since 18:00",
        "Rang twice, carer knocked",
        "Carers have no key",
    )


def test_a_declined_request_is_not_closed_without_an_alternative_by_any_way(script: Script) -> None:
    declined(script)
    tom = script.tom
    ways: tuple[Callable[[], None], ...] = (
        lambda: tom.helps.cancel(script.police, "Not needed"),
        lambda: tom.follow_up.close(script.police, "I sign"),
        lambda: tom.incidents.stand_down(script.incident, "Over"),
        lambda: tom.incidents.stand_down(script.incident, "Over", {script.police: "I sign"}),
    )
    for close in ways:
        with pytest.raises(Refused, match="Nothing was written|record the alternative"):
            close()
    tom.helps.log(script.police, News(HelpState.COMPLETED, "Done"))
    assert script.request().state is HelpState.DECLINED, "what was heard is kept and closes nothing"
    assert script.request().open_risk
    tom.helps.alternative(script.police, "Owen goes with the neighbour")
    assert script.request().still_needed == ("tell the caller that nobody is coming",)
    tom.helps.told(script.police)
    assert not script.request().open_risk


def test_the_knife_marks_the_refused_request_until_the_escalation_tells_it(script: Script) -> None:
    knife(declined(script))
    told = [one.words for one in script.tom.follow_up.untold(script.request(script.tom))]
    assert told == ["Weapons: Neighbour saw a knife, shouting 18:15"]
    assert script.manager.follow_up.to_tell() == (), "a manager who is not in it may not read what changed"
    assert script.untold_on_the_board() == [1]
    accepted(script)
    assert script.tom.follow_up.to_tell() == ()
    assert script.owen.follow_up.to_tell() == ()


def test_one_act_escalates_with_whom_what_is_new_and_the_ground(script: Script) -> None:
    accepted(knife(declined(script)))
    for console in (script.owen, script.tom, script.manager):
        asked = script.request(console)
        assert (asked.state, asked.reference) == (HelpState.ACCEPTED, "Log 645 of 09/05/27")
        assert (asked.escalated_to, asked.ground) == ("Force incident manager", RcrpGround.CRIME)
        assert not asked.open_risk
        assert script.alarms(console) == []
        assert [state for state, _ in asked.times] == [
            HelpState.SENT,
            HelpState.DECLINED,
            HelpState.ESCALATED,
            HelpState.ACCEPTED,
        ]
    request = script.request()
    times = dict(request.times)
    assert times[HelpState.ESCALATED] - times[HelpState.SENT] == timedelta(minutes=14)


def test_at_19_31_she_is_reached_and_only_then_the_incident_can_end(script: Script) -> None:
    accepted(knife(declined(script)))
    tom = script.tom
    script.until("19:31")
    tom.helps.log(script.police, News(HelpState.ON_SCENE, "Gary arrested"))
    with pytest.raises(Refused, match="Nobody has reached"):
        tom.helps.log(script.police, News(HelpState.COMPLETED))
    tom.helps.log(script.police, News(HelpState.REACHED, "Unhurt, cold, confused"))
    ambulance = tom.helps.draft(Draft(HelpKind.AMBULANCE, "Cold, confused, insulin missed", incident=script.incident))
    tom.helps.send(ambulance)
    tom.helps.log(ambulance, News(HelpState.ACCEPTED, reference="SC-4410", grade="3"))
    script.room.settle()
    found = script.owen.folds.help(ambulance)
    assert found is not None
    assert grade_words(found) == "Category 3: target 120 min for 9 in 10, not a promise"
    with pytest.raises(Refused, match="still open: Ambulance"):
        tom.incidents.stand_down(script.incident, "She is safe")
    tom.incidents.stand_down(script.incident, "She is safe", {ambulance: "Daughter drives her to hospital"})
    script.room.settle()
    closed, incident = script.owen.folds.help(ambulance), script.owen.folds.incident(script.incident)
    assert closed is not None
    assert incident is not None
    assert not incident.live
    assert (closed.state, closed.signed and closed.signed.name) == (HelpState.CANCELLED, "Tom Ashdown")
    signed = "Nobody reached: Daughter drives her to hospital. Signed Tom Ashdown, Support worker"
    assert any(signed in line.text for line in timeline(incident, helps=[closed]))


def test_what_the_store_derives_agrees_with_the_ledger(script: Script) -> None:
    accepted(knife(declined(script)))
    streams = script.room.shared.open_streams([StreamKind.HELP])
    assert streams == (StreamRef(StreamKind.HELP, script.police),)
    script.tom.helps.log(script.police, News(HelpState.REACHED))
    script.tom.helps.log(script.police, News(HelpState.COMPLETED))
    script.room.settle()
    assert script.room.shared.open_streams([StreamKind.HELP]) == ()
    assert script.room.shared.verify().first_bad == 0
    for console in (script.owen, script.tom, script.manager):
        assert console.ledger.set_aside() == ()
        assert console.runner.unhandled == []
    assert script.request(script.manager).rank is Rank.NOW
