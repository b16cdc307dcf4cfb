"""Requests for help through the record: sent with a ground, taken by one, declined until answered for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from console.domain.help_ages import Alarm
from console.domain.help_kinds import HelpKind, HelpState, RcrpGround
from console.domain.help_requests import HelpRequest
from console.domain.locations import LocationSource
from console.domain.people import Rank
from console.services.help_ledger import Draft, News
from console.services.help_watch import HelpWatch
from console.services.refusing import Refused
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Console, Room


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


@pytest.fixture
def tom(room: Room) -> Console:
    return room.console(TOM, "1002")


@pytest.fixture
def incident(tom: Console) -> UUID:
    return tom.incidents.ensure(tom.contacts.open(dialled="01632960005"))


def request(console: Console, identity: UUID) -> HelpRequest:
    """Return a request as a console has it."""
    found = console.folds.help(identity)
    assert found is not None
    return found


def alarms(console: Console) -> list[Alarm]:
    """Return what the ages ask for on one console."""
    return [asks for _, asks in console.helps.alarms()]


def test_a_draft_rings_on_every_console_after_sixty_seconds_and_is_hushed_by_sending(
    room: Room, tom: Console, incident: UUID
) -> None:
    priya = room.console(PRIYA, "1001")
    crisis = tom.helps.draft(Draft(HelpKind.CRISIS_TEAM, incident=incident, rank=Rank.HOUR))
    room.advance(38)
    assert alarms(priya) == []
    assert tom.helps.ages(request(tom, crisis)).until_rings == timedelta(seconds=22)
    room.advance(22)
    assert alarms(priya) == alarms(tom) == [Alarm.RINGS]
    tom.helps.send(crisis)
    room.settle()
    assert alarms(priya) == alarms(tom) == []


def test_police_are_not_asked_without_a_ground(tom: Console, incident: UUID) -> None:
    police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, incident=incident))
    with pytest.raises(Refused, match="ground"):
        tom.helps.send(police)
    assert request(tom, police).state is HelpState.DRAFTED
    tom.helps.send(police, RcrpGround.NONE_STATED)
    sent = request(tom, police)
    assert (sent.state, sent.ground, sent.sent_by) == (HelpState.SENT, RcrpGround.NONE_STATED, "tom.adeyemi")


def test_no_reference_is_chased_after_five_minutes_and_silence_is_the_managers_after_fifteen(
    room: Room, tom: Console, incident: UUID
) -> None:
    aa = tom.helps.draft(Draft(HelpKind.WELFARE_CHECK, incident=incident))
    tom.helps.send(aa)
    room.advance(299)
    assert alarms(tom) == []
    room.advance(1)
    assert alarms(tom) == [Alarm.CHASE]
    tom.helps.log(aa, News(HelpState.ACKNOWLEDGED, reference="AA-12", name="J Okafor"))
    assert alarms(tom) == []
    room.advance(600)
    assert alarms(tom) == [Alarm.CHASE_DUE]
    room.advance(300)
    assert alarms(tom) == [Alarm.MANAGER]


def test_later_than_was_said_is_said(room: Room, tom: Console, incident: UUID) -> None:
    police = tom.helps.draft(Draft(HelpKind.AMBULANCE, incident=incident))
    tom.helps.send(police)
    tom.helps.log(police, News(HelpState.ACCEPTED, reference="SC-1", minutes=6))
    room.advance(361)
    assert alarms(tom) == [Alarm.LATE]
    assert tom.helps.ages(request(tom, police)).promised_left == timedelta(seconds=-1)


def test_a_declined_request_stays_an_open_risk_until_alternative_and_caller_told(
    room: Room, tom: Console, incident: UUID
) -> None:
    police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, incident=incident))
    tom.helps.send(police, RcrpGround.NONE_STATED)
    with pytest.raises(Refused, match="why"):
        tom.helps.decline(police, "")
    tom.helps.decline(police, "No immediate risk", name="Sgt Bell")
    assert alarms(tom) == [Alarm.OPEN_RISK]
    with pytest.raises(Refused, match="alternative"):
        tom.helps.cancel(police, "not needed")
    tom.helps.alternative(police, "Owen visits with the neighbour there")
    assert request(tom, police).open_risk, "the caller does not know yet"
    with pytest.raises(Refused, match="alternative"):
        tom.helps.cancel(police, "not needed")
    tom.helps.told(police)
    assert not request(tom, police).open_risk
    assert not request(tom, police).open
    tom.helps.cancel(police, "Owen has seen her")
    assert request(tom, police).state is HelpState.CANCELLED


def test_an_incident_is_not_stood_down_over_an_open_risk(tom: Console, incident: UUID) -> None:
    police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, incident=incident))
    tom.helps.send(police, RcrpGround.CRIME)
    tom.helps.decline(police, "No unit free")
    with pytest.raises(Refused, match="still open: Police"):
        tom.incidents.stand_down(incident, "Done")
    tom.helps.escalate(police, "Force incident manager", "Neighbour saw a knife")
    assert request(tom, police).escalated_to == "Force incident manager"
    tom.helps.log(police, News(HelpState.ACCEPTED, reference="645"))
    tom.helps.log(police, News(HelpState.ON_SCENE))
    tom.helps.log(police, News(HelpState.REACHED, "Unhurt"))
    tom.incidents.stand_down(incident, "Edith is safe")
    found = tom.folds.incident(incident)
    assert found is not None
    assert not found.live


def test_a_second_refusal_after_escalation_is_a_new_risk(tom: Console, incident: UUID) -> None:
    police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, incident=incident))
    tom.helps.send(police, RcrpGround.CRIME)
    tom.helps.decline(police, "No")
    tom.helps.alternative(police, "Visit")
    tom.helps.told(police)
    tom.helps.escalate(police, "Duty inspector")
    tom.helps.decline(police, "Still no")
    assert request(tom, police).open_risk


def test_an_impossible_move_is_kept_flagged_and_said(tom: Console, incident: UUID) -> None:
    ambulance = tom.helps.draft(Draft(HelpKind.AMBULANCE, incident=incident))
    said = tom.helps.log(ambulance, News(HelpState.ON_SCENE, "They are here", reference="SC-9"))
    assert "Not sent" in said
    found = request(tom, ambulance)
    assert found.state is HelpState.DRAFTED
    assert [one.text for one in found.flagged] == ["They are here"]
    assert found.reference == "SC-9", "what was heard is true all the same"
    assert found.steps_done == 0


def test_one_of_two_takes_what_nobody_has_and_the_other_is_told_who(room: Room, tom: Console, incident: UUID) -> None:
    priya = room.console(PRIYA, "1001")
    bed = tom.helps.draft(Draft(HelpKind.PLACEMENT, incident=incident, nobody=True))
    room.settle()
    assert request(priya, bed).owner == ""
    priya.helps.take(bed, priya.outcomes.append)
    tom.helps.take(bed, tom.outcomes.append)
    room.settle()
    assert priya.won()
    assert not tom.won()
    assert "Priya Raman" in tom.outcomes[-1].sentence
    assert request(tom, bed).owner_name == "Priya Raman"


def test_a_draft_is_its_drafters_and_is_not_taken_away(room: Room, tom: Console, incident: UUID) -> None:
    helen = room.console(HELEN, "1003")
    police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, incident=incident))
    room.settle()
    helen.helps.take(police, helen.outcomes.append)
    room.settle()
    assert not helen.won()
    assert helen.outcomes[-1].sentence.startswith("Tom Adeyemi has this.  Nothing was taken")
    assert request(tom, police).owner == TOM.worker


def test_a_manager_takes_over_and_who_had_it_is_told_who_has_it_now(room: Room, tom: Console, incident: UUID) -> None:
    helen, told = room.console(HELEN, "1003"), list[str]()
    tom.ledger.subscribe(HelpWatch(TOM.worker, tom.folds, told.append).record_changed)
    police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, incident=incident))
    room.settle()
    with pytest.raises(Refused, match="Somebody else has it"):
        helen.helps.take_over(police, PRIYA.worker, helen.outcomes.append)
    helen.helps.take_over(police, TOM.worker, helen.outcomes.append)
    room.settle()
    assert helen.won()
    assert request(tom, police).owner_name == "Helen Marsh"
    assert told == ["Helen Marsh has taken over from you: Police.  It is not yours any more."]


def test_who_is_no_manager_takes_nothing_over(room: Room, tom: Console, incident: UUID) -> None:
    grace = room.console(GRACE, "1003")
    police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, incident=incident))
    room.settle()
    with pytest.raises(Refused, match="Your role takes nothing"):
        grace.helps.take_over(police, TOM.worker, grace.outcomes.append)
    assert request(tom, police).owner == TOM.worker


def test_who_handed_a_request_over_is_not_told_of_it(room: Room, tom: Console, incident: UUID) -> None:
    room.console(PRIYA, "1001")
    told = list[str]()
    tom.ledger.subscribe(HelpWatch(TOM.worker, tom.folds, told.append).record_changed)
    police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, incident=incident))
    room.settle()
    tom.shift.sign_out(PRIYA.worker)
    room.settle()
    assert request(tom, police).owner == PRIYA.worker
    assert told == []


def test_a_request_is_sent_with_the_place_known_now_and_never_a_record_address(tom: Console, incident: UUID) -> None:
    tom.incidents.place(incident, "9 Larch Court", LocationSource.VERIFIED_RECORD)
    first = tom.helps.draft(Draft(HelpKind.AMBULANCE, incident=incident))
    tom.helps.send(first)
    assert request(tom, first).place == ""
    tom.incidents.place(incident, "By the reservoir", LocationSource.CALLER_STATED)
    second = tom.helps.draft(Draft(HelpKind.FIRE, incident=incident))
    tom.helps.send(second)
    assert request(tom, second).place == "By the reservoir"


def test_where_two_places_stand_help_is_sent_to_both(room: Room, tom: Console, incident: UUID) -> None:
    priya = room.console(PRIYA, "1001")
    priya.incidents.place(incident, "by the reservoir", LocationSource.CALLER_STATED)
    tom.incidents.place(incident, "on the railway bridge", LocationSource.CALLER_STATED)
    room.advance(2)
    made = tom.helps.draft(Draft(HelpKind.AMBULANCE, incident=incident, rank=Rank.NOW))
    tom.helps.send(made)
    assert request(tom, made).place == "by the reservoir or on the railway bridge"
    assert tom.follow_up.untold(request(tom, made)) == ()


def test_a_taking_is_refused_while_the_record_is_away(room: Room, tom: Console, incident: UUID) -> None:
    bed = tom.helps.draft(Draft(HelpKind.PLACEMENT, incident=incident, nobody=True))
    room.settle()
    with room.record_away():
        room.advance(6)
        tom.helps.take(bed, tom.outcomes.append)
        room.advance(1)
        assert not tom.won()
    assert request(tom, bed).owner == ""
