"""Recovery: to whom a pause is offered after a red call, when, once; and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from console.domain.contacts import ContactState, fold_contact
from console.domain.incidents import IncidentState, fold_incident
from console.domain.record import Kind, StreamKind, iso
from console.domain.recovery import RedCall, Relief, ReliefAnswer, due, red_calls, with_relief
from tests.helpers.items import TEN_PAST, Stream

HALF_AN_HOUR = timedelta(minutes=30)


class Incident:
    """One incident written by hand: Priya leads."""

    def __init__(self, risk: str = "p1_life_now") -> None:
        self.stream, self.contact = Stream(StreamKind.INCIDENT), uuid4()
        self.stream.write(Kind.INCIDENT_OPENED, {"contact": self.contact, "risk": risk})
        self.joins("priya", "lead")

    def joins(self, worker: str, role: str, slot: str = "roles", **more: object) -> None:
        """Let a worker take a role."""
        body = {"worker": worker, "name": worker.title(), "role": role, **more}
        self.stream.write(Kind.INCIDENT_JOINED, body, slot=slot, author=worker)

    def over(self) -> None:
        """Stand it down."""
        self.stream.write(Kind.INCIDENT_STOOD_DOWN, {"reason": "person reached"})

    @property
    def state(self) -> IncidentState:
        """Return it."""
        found = fold_incident(self.stream.items)
        assert found is not None
        return found

    def red(self, worker: str) -> tuple[RedCall, ...]:
        """Return the red calls that are over for a worker."""
        return red_calls(worker, (self.state,), (), {})


def test_lead_second_and_manager_are_offered_a_pause_when_it_is_over_and_observers_are_not() -> None:
    made = Incident()
    made.joins("tom", "coordinator")
    made.joins("helen", "manager", "role:manager")
    made.joins("owen", "observer", "role:observer")
    assert made.red("priya") == ()
    made.over()
    about = RedCall(made.state.id, made.stream.at)
    assert [made.red(one) for one in ("priya", "tom", "helen")] == [(about,)] * 3
    assert made.red("owen") == ()


def test_who_handed_the_seat_over_is_done_with_it_before_the_others() -> None:
    made = Incident()
    made.joins("owen", "observer", "role:observer")
    made.joins("owen", "lead", stays=True)
    handed = made.stream.at
    assert made.red("priya") == (RedCall(made.state.id, handed),)
    assert made.red("owen") == ()
    made.over()
    assert made.red("priya") == (RedCall(made.state.id, handed),)


def test_a_call_that_was_red_once_stays_one_and_a_calm_one_was_none() -> None:
    red, calm = Incident(), Incident("p3_before_day_service")
    red.stream.write(Kind.INCIDENT_RISK, {"rank": "p2_harm_tonight", "words": "calmer"}, slot="risk")
    for made in (red, calm):
        made.over()
    assert red.red("priya")
    assert calm.red("priya") == ()
    raised = Incident("p3_before_day_service")
    raised.stream.write(Kind.INCIDENT_RISK, {"rank": "p1_life_now", "words": "worse"}, slot="risk")
    raised.over()
    assert raised.red("priya")


def contact(call: UUID, priority: str = "p1_life_now", owner: str = "priya") -> ContactState:
    """Return a record of one call without an incident."""
    stream = Stream(StreamKind.CONTACT)
    stream.write(Kind.CONTACT_OPENED, {"ref": "X", "call": call, "channel": "phone"}, author=owner)
    stream.field("priority", priority, author=owner)
    found = fold_contact(stream.items)
    assert found is not None
    return found


def test_a_red_call_taken_alone_counts_when_the_call_has_ended() -> None:
    call = uuid4()
    made = contact(call)
    assert red_calls("priya", (), (made,), {}) == ()
    assert red_calls("priya", (), (made,), {call: TEN_PAST}) == (RedCall(made.id, TEN_PAST),)
    assert red_calls("tom", (), (made,), {call: TEN_PAST}) == ()
    assert red_calls("priya", (), (contact(call, "p4_hand_over"),), {call: TEN_PAST}) == ()


def test_a_contact_in_an_incident_is_offered_for_once_by_the_incident() -> None:
    made, call = Incident(), uuid4()
    around = contact(call)
    made.stream.write(Kind.INCIDENT_LINKED, {"stream": f"contact:{around.id}"})
    assert red_calls("priya", (made.state,), (around,), {call: TEN_PAST}) == ()


def test_it_is_due_once_and_not_hours_later() -> None:
    red = (RedCall(uuid4(), TEN_PAST),)
    soon = TEN_PAST + timedelta(minutes=1)
    assert due(red, (), soon, HALF_AN_HOUR) == red[0]
    assert due(red, (), TEN_PAST + HALF_AN_HOUR, HALF_AN_HOUR) is None
    offered = Relief("priya", red[0].about, TEN_PAST, soon)
    assert due(red, (offered,), soon, HALF_AN_HOUR) is None
    assert due((), (), soon, HALF_AN_HOUR) is None


@pytest.mark.parametrize("answer", [one for one in ReliefAnswer if one is not ReliefAnswer.OFFERED])
def test_an_answer_stands_also_over_the_same_offer_from_another_console(answer: ReliefAnswer) -> None:
    stream, about = Stream(StreamKind.SHIFT), uuid4()
    offer = {"worker": "priya", "about": about, "over": iso(TEN_PAST), "answer": "offered"}
    stream.write(Kind.SHIFT_RELIEF, offer)
    stream.write(Kind.SHIFT_RELIEF, {"worker": "priya", "about": about, "answer": answer.value})
    stream.write(Kind.SHIFT_RELIEF, offer)
    found: dict[str, tuple[Relief, ...]] = {}
    for item in stream.items:
        found = with_relief(found, item)
    (made,) = found["priya"]
    assert (made.answer, made.over) == (answer, TEN_PAST)
    assert not made.stands(TEN_PAST, HALF_AN_HOUR)
    assert made.debrief_wanted is (answer in (ReliefAnswer.TAKEN_WITH_DEBRIEF, ReliefAnswer.DEBRIEF_ONLY))
