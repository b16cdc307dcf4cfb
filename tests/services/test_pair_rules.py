"""What the pair may not do: swap against its role, leave the caller alone, join twice, close over an open risk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

import pytest

from console.domain.contacts import ContactState
from console.domain.help_kinds import HelpKind
from console.domain.incidents import IncidentRole, IncidentState
from console.domain.locations import LocationSource
from console.domain.people import Rank
from console.domain.record import Expects, Kind, StreamKind, StreamRef
from console.services.folds import incident_id
from console.services.help_ledger import Draft
from console.services.refusing import Refused
from console.services.seats import Seats
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Console, Room


class Two:
    """Priya and Tom on one incident, from a contact without a call."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.priya, self.tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
        self.contact = self.priya.contacts.open(dialled="01632960001")
        self.priya.pair.need_second(self.contact)
        room.settle()
        self.tom.pair.accept(self.tom.pair.waiting_summons()[0], self.tom.outcomes.append)
        room.settle()
        self.incident: UUID = self.tom.folds.incidents()[0].id

    def state(self, console: Console) -> IncidentState:
        """Return the incident as a console has it."""
        found = console.folds.incident(self.incident)
        assert found is not None
        return found


@pytest.fixture
def two() -> Iterator[Two]:
    room = Room()
    yield Two(room)
    room.close()


def test_an_adviser_does_not_swap_roles_and_nothing_is_written(two: Two) -> None:
    before = len(two.room.store.envelopes(0))
    with pytest.raises(Refused, match="Your role does not swap"):
        two.priya.pair.swap(two.incident, two.priya.outcomes.append)
    two.room.settle()
    assert len(two.room.store.envelopes(0)) == before


def test_the_lead_does_not_leave_a_live_incident_and_the_second_may(two: Two) -> None:
    with pytest.raises(Refused, match="You lead this incident"):
        two.priya.pair.leave(two.incident, two.priya.outcomes.append)
    two.tom.pair.leave(two.incident, two.tom.outcomes.append)
    two.room.settle()
    assert two.state(two.priya).coordinator is None
    me = two.tom.shift.me()
    assert me is not None
    assert me.state_words == "Ready", "not coordinating any more"


def test_after_the_second_has_left_another_can_be_called_into_the_same_incident(two: Two) -> None:
    grace = two.room.console(GRACE, "1004")
    two.tom.pair.leave(two.incident, two.tom.outcomes.append)
    two.priya.pair.need_second(two.contact)
    two.room.settle()
    grace.pair.accept(grace.pair.waiting_summons()[0], grace.outcomes.append)
    two.room.settle()
    assert grace.won()
    second = two.state(two.priya).coordinator
    assert second is not None
    assert second.name == "Grace Whitlock"
    assert len(two.priya.folds.incidents()) == 1


def test_one_of_the_pair_is_no_observer_and_an_observer_speaks_to_both(two: Two) -> None:
    with pytest.raises(Refused, match="one of the two"):
        two.tom.pair.observe(two.incident)
    helen = two.room.console(HELEN, "1003")
    helen.pair.observe(two.incident, IncidentRole.MANAGER)
    two.room.settle()
    helen.pair.say(two.incident, "Grace is free at 22:40")
    two.room.settle()
    for console in (two.priya, two.tom):
        assert console.heard(two.contact) == "Grace is free at 22:40"
    assert [one.text for one in note(helen, two.contact).notes] == [], "no note yet, but it may be read"
    two.priya.note(two.contact, "awake, talking")
    two.room.settle()
    assert [one.text for one in note(helen, two.contact).notes] == ["awake, talking"]


def write_seat(console: Console, kind: Kind, incident: UUID, body: Mapping[str, object]) -> None:
    """Write a change of the seats that no screen offers."""
    Seats(console.recorder, console.folds).change(kind, incident, body, console.outcomes.append)


def note(console: Console, contact: UUID) -> ContactState:
    """Return a contact as a console has it."""
    found = console.folds.contact(contact)
    assert found is not None
    return found


def test_a_stood_down_incident_is_over_and_the_next_one_is_new(two: Two) -> None:
    with pytest.raises(Refused, match="Say why"):
        two.tom.incidents.stand_down(two.incident, " ")
    two.tom.incidents.stand_down(two.incident, "He is with the ambulance")
    two.room.settle()
    assert not two.state(two.priya).live
    again = two.priya.incidents.ensure(two.contact)
    assert again != two.incident
    assert two.priya.incidents.ensure(two.contact) == again


def test_two_who_open_an_incident_at_the_same_moment_open_the_same_one(two: Two) -> None:
    second = two.priya.contacts.open()
    two.room.settle()
    assert two.priya.incidents.ensure(second) == two.tom.incidents.ensure(second)


def test_empty_words_are_refused_and_nothing_is_written(two: Two) -> None:
    before = len(two.room.store.envelopes(0))
    with pytest.raises(Refused):
        two.tom.incidents.place(two.incident, " ", LocationSource.CALLER_STATED)
    with pytest.raises(Refused):
        two.tom.incidents.hazard(two.incident, "", "caller stated")
    two.tom.pair.say(two.incident, "  ")
    two.tom.incidents.note(two.incident, " ")
    two.room.settle()
    assert len(two.room.store.envelopes(0)) == before


def test_two_facts_that_differ_stand_until_one_is_chosen(two: Two) -> None:
    # Both have nothing in front of them.
    two.priya.incidents.fact(two.incident, "taken", "40 tablets", "caller stated")
    two.tom.incidents.fact(two.incident, "taken", "14 tablets", "heard")
    two.room.settle()
    fact = two.state(two.tom).fact("taken")
    assert fact is not None
    assert fact.clash
    two.tom.incidents.choose_fact(two.incident, "taken", "40 tablets", "caller stated")
    two.room.settle()
    fact = two.state(two.priya).fact("taken")
    assert fact is not None
    assert not fact.clash
    assert fact.text == "40 tablets"


def test_the_risk_and_its_words_are_seen_by_both(two: Two) -> None:
    two.tom.incidents.risk(two.incident, Rank.HOUR, "Calmer, sister with him")
    two.room.settle()
    assert (two.state(two.priya).risk, two.state(two.priya).risk_words) == (Rank.HOUR, "Calmer, sister with him")


def test_a_withdrawn_summons_leaves_every_screen(two: Two) -> None:
    contact = two.priya.contacts.open()
    two.priya.pair.need_second(contact)
    two.room.settle()
    asked = two.tom.pair.waiting_summons()[0]
    two.priya.pair.withdraw(asked)
    two.room.settle()
    assert two.tom.pair.waiting_summons() == ()
    two.tom.pair.accept(asked, two.tom.outcomes.append)
    assert not two.tom.won()
    assert "withdrawn" in two.tom.outcomes[-1].sentence


def test_facts_of_an_incident_are_not_words_for_the_whole_shift(two: Two) -> None:
    grace = two.room.console(GRACE, "1004")
    two.tom.incidents.fact(two.incident, "name", "Marcus", "caller stated")
    two.room.settle()
    seen = grace.folds.incident(two.incident)
    assert seen is not None
    assert seen.facts == ()
    kinds = [item.kind for item in grace.ledger.items(two.tom.shift.stream)]
    assert Kind.SHIFT_SIGNED_IN in kinds, "what is the shift's is read by all"


def test_a_second_worker_whose_console_stopped_after_being_told_yours_is_in_the_incident_when_it_is_back() -> None:
    room = Room()
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    contact = priya.contacts.open(dialled="01632960001")
    priya.pair.need_second(contact)
    room.settle()
    stop_after_being_told_yours(room, tom)
    room.settle()
    assert priya.pair.waiting_summons() == ()
    assert priya.folds.incidents() == ()
    again = room.console(TOM, "1002")
    room.advance(3)
    (incident,) = priya.folds.incidents()
    assert incident.lead is not None
    assert incident.coordinator is not None
    assert (incident.lead.worker, incident.coordinator.worker) == (PRIYA.worker, TOM.worker)
    again.pair.leave(incident.id, again.outcomes.append)
    room.advance(3)
    (left,) = priya.folds.incidents()
    assert left.coordinator is None, "who left is not brought back"
    room.close()


def stop_after_being_told_yours(room: Room, console: Console) -> None:
    """Kill a console between the shared record's yes to an acceptance and the joining."""
    (summons,) = console.pair.waiting_summons()
    assert summons.contact is not None
    stream, slot = StreamRef(StreamKind.SIGNALS, summons.contact), f"summons:{summons.entry}"
    who = console.who
    body = {"worker": who.worker, "name": who.name, "incident": incident_id(console.folds, summons.contact)}
    expects = Expects(console.ledger.shared_head(stream, slot))
    entry = console.recorder.entry(Kind.SUMMONS_ACCEPTED, stream, body, slot=slot, expects=expects)
    room.consoles.remove(console)
    console.recorder.stop()
    room.store.append(who, [entry])


# --- one seat, one worker ------------------------------------------------------------------------


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def seats(console: Console) -> tuple[str, str]:
    """Return who leads and who is second in the one incident, as a console has it."""
    (found,) = console.folds.incidents()
    return (found.lead.worker if found.lead else "", found.coordinator.worker if found.coordinator else "")


@pytest.mark.parametrize("card_first", [True, False])
def test_a_seat_taken_from_the_card_and_by_a_summons_at_once_is_one_workers(room: Room, card_first: bool) -> None:
    priya, tom, grace = room.console(PRIYA, "1001"), room.console(TOM, "1002"), room.console(GRACE, "1004")
    contact = priya.contacts.open(dialled="01632960001")
    incident = priya.incidents.ensure(contact)
    priya.pair.need_second(contact)
    room.settle()
    (asked,) = tom.pair.waiting_summons()
    acts: list[Callable[[], None]] = [
        lambda: grace.pair.join_as_coordinator(incident, grace.outcomes.append),
        lambda: tom.pair.accept(asked, tom.outcomes.append),
    ]
    for act in acts if card_first else reversed(acts):
        act()
    room.settle()
    winner, loser = (grace, tom) if card_first else (tom, grace)
    assert winner.won()
    assert not loser.won()
    assert loser.outcomes[-1].sentence.startswith(f"{winner.who.name} is the second worker already.")
    assert [seats(one) for one in room.consoles] == [(PRIYA.worker, winner.who.worker)] * 3
    assert priya.pair.waiting_summons() == ()


def test_who_accepted_a_summons_for_a_seat_that_was_taken_meanwhile_watches_and_is_told(room: Room) -> None:
    priya, tom, grace = room.console(PRIYA, "1001"), room.console(TOM, "1002"), room.console(GRACE, "1004")
    contact = priya.contacts.open(dialled="01632960001")
    incident = priya.incidents.ensure(contact)
    priya.pair.need_second(contact)
    room.settle()
    grace.pair.join_as_coordinator(incident, grace.outcomes.append)
    tom.pair.accept(tom.pair.waiting_summons()[0], tom.outcomes.append)
    room.advance(5)
    assert "You are in this incident as an observer." in tom.outcomes[-1].sentence
    found = priya.folds.incident(incident)
    assert found is not None
    watching = found.member(TOM.worker)
    assert watching is not None
    assert watching.role is IncidentRole.OBSERVER
    entries = [one for one in room.store.envelopes(0) if one.kind is Kind.INCIDENT_JOINED and one.author == TOM.worker]
    assert len(entries) == 1


def test_a_free_seat_is_taken_though_the_lead_was_handed_over_at_the_same_moment(room: Room) -> None:
    priya, _, grace = room.console(PRIYA, "1001"), room.console(TOM, "1002"), room.console(GRACE, "1004")
    incident = priya.incidents.ensure(priya.contacts.open(dialled="01632960001"))
    room.settle()
    priya.shift.sign_out(TOM.worker)
    grace.pair.join_as_coordinator(incident, grace.outcomes.append)
    room.settle()
    assert grace.won()
    assert [seats(one) for one in room.consoles] == [(TOM.worker, GRACE.worker)] * 3


class Seated:
    """Tom leads, Grace is second, and Helen could take over."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.tom, self.grace, self.helen = (
            room.console(who, extension) for who, extension in ((TOM, "1002"), (GRACE, "1004"), (HELEN, "1003"))
        )
        self.contact = self.tom.contacts.open(dialled="01632960001")
        self.tom.pair.need_second(self.contact)
        room.settle()
        self.grace.pair.accept(self.grace.pair.waiting_summons()[0], self.grace.outcomes.append)
        room.settle()
        self.incident = self.tom.folds.incidents()[0].id

    def settled(self) -> tuple[str, str]:
        """Return the seats, the same for each of the two, once everybody has read everything."""
        self.room.settle()
        found = seats(self.tom)
        assert [seats(one) for one in self.room.consoles if one.who.worker in found] == [found] * len(set(found) - {""})
        return found


@pytest.fixture
def seated(room: Room) -> Seated:
    return Seated(room)


def test_a_swap_decided_before_a_handover_crowns_nobody_who_has_gone(seated: Seated) -> None:
    seated.grace.shift.sign_out(HELEN.worker, seated.grace.outcomes.append)
    seated.tom.pair.swap(seated.incident, seated.tom.outcomes.append)
    assert seated.grace.won()
    assert seated.settled() == (TOM.worker, HELEN.worker)
    assert not seated.tom.won()
    assert seated.tom.outcomes[-1].sentence == "Grace Whitlock was first."


def test_who_was_made_the_lead_while_handing_over_the_second_seat_stays_signed_in_and_is_told(seated: Seated) -> None:
    seated.tom.pair.swap(seated.incident, seated.tom.outcomes.append)
    seated.grace.shift.sign_out(HELEN.worker, seated.grace.outcomes.append)
    assert seated.tom.won()
    assert seated.settled() == (GRACE.worker, TOM.worker)
    assert not seated.grace.won()
    assert seated.grace.outcomes[-1].sentence == "Tom Adeyemi was first.  You are still signed in."
    assert seated.grace.shift.me() is not None
    seated.grace.shift.sign_out(HELEN.worker, seated.grace.outcomes.append)
    assert seated.settled() == (HELEN.worker, TOM.worker)
    assert seated.grace.shift.me() is None


@pytest.mark.parametrize("leaves_first", [True, False])
def test_a_swap_and_a_leaving_at_once_leave_no_caller_to_somebody_who_has_gone(
    seated: Seated, leaves_first: bool
) -> None:
    acts: list[Callable[[], None]] = [
        lambda: seated.grace.pair.leave(seated.incident, seated.grace.outcomes.append),
        lambda: seated.tom.pair.swap(seated.incident, seated.tom.outcomes.append),
    ]
    for act in acts if leaves_first else reversed(acts):
        act()
    assert seated.settled() == ((TOM.worker, "") if leaves_first else (GRACE.worker, TOM.worker))
    assert (seated.grace.won(), seated.tom.won()) == (leaves_first, not leaves_first)


def test_a_seat_is_not_handed_over_while_the_record_is_away(seated: Seated) -> None:
    with seated.room.record_away():
        seated.room.advance(8)
        seated.grace.shift.sign_out(HELEN.worker, seated.grace.outcomes.append)
        assert not seated.grace.won()
        assert "away" in seated.grace.outcomes[-1].sentence
    assert seated.settled() == (TOM.worker, GRACE.worker)
    assert seated.grace.shift.me() is not None


def test_an_incident_opened_twice_unseats_nobody(room: Room) -> None:
    priya, helen, grace = room.console(PRIYA, "1001"), room.console(HELEN, "1003"), room.console(GRACE, "1004")
    contact = priya.contacts.open(dialled="01632960001")
    room.settle()
    incident = helen.incidents.ensure(contact)
    grace.pair.join_as_coordinator(incident, grace.outcomes.append)
    assert priya.incidents.ensure(contact) == incident
    room.settle()
    assert grace.won()
    assert [seats(one) for one in room.consoles] == [(PRIYA.worker, GRACE.worker)] * 3


def test_a_second_worker_who_signs_out_to_the_lead_leaves_the_lead_where_it_is(seated: Seated) -> None:
    seated.grace.shift.sign_out(TOM.worker, seated.grace.outcomes.append)
    assert seated.settled() == (TOM.worker, "")
    assert seated.grace.won()
    assert seated.grace.shift.me() is None


def test_a_lead_who_signs_out_to_the_second_worker_gives_the_lead(seated: Seated) -> None:
    seated.tom.shift.sign_out(GRACE.worker, seated.tom.outcomes.append)
    assert seated.settled() == (GRACE.worker, "")
    assert seated.tom.shift.me() is None
    with pytest.raises(Refused, match="You lead this incident"):
        seated.grace.pair.leave(seated.incident, seated.grace.outcomes.append)
    seated.helen.pair.join_as_coordinator(seated.incident, seated.helen.outcomes.append)
    assert seated.settled() == (GRACE.worker, HELEN.worker)


@pytest.mark.parametrize("lead_first", [True, False])
@pytest.mark.parametrize("away", [True, False])
def test_of_two_who_sign_out_to_each_other_one_stays_and_leads(seated: Seated, lead_first: bool, away: bool) -> None:
    acts: list[Callable[[], None]] = [
        lambda: seated.tom.shift.sign_out(GRACE.worker, seated.tom.outcomes.append),
        lambda: seated.grace.shift.sign_out(TOM.worker, seated.grace.outcomes.append),
    ]
    if away:
        with seated.room.record_away():
            seated.room.advance(8)
            for act in acts:
                act()
        assert seated.settled() == (TOM.worker, GRACE.worker)
        assert seated.tom.shift.me() is not None
        assert seated.grace.shift.me() is not None
        return
    for act in acts if lead_first else reversed(acts):
        act()
    stays = seated.grace if lead_first else seated.tom
    assert seated.settled() == (stays.who.worker, "")
    assert stays.shift.me() is not None
    assert stays.outcomes[-1].sentence.endswith("You are still signed in.")


@pytest.mark.parametrize("leaves_first", [True, False])
def test_a_lead_who_signs_out_to_a_second_worker_who_leaves_leaves_somebody_on_shift_leading(
    seated: Seated, leaves_first: bool
) -> None:
    acts: list[Callable[[], None]] = [
        lambda: seated.grace.pair.leave(seated.incident, seated.grace.outcomes.append),
        lambda: seated.tom.shift.sign_out(GRACE.worker, seated.tom.outcomes.append),
    ]
    for act in acts if leaves_first else reversed(acts):
        act()
    stays = seated.tom if leaves_first else seated.grace
    assert seated.settled() == (stays.who.worker, "")
    assert stays.shift.me() is not None


def test_an_incident_that_a_record_of_before_left_without_a_lead_is_led_by_who_is_in_it(seated: Seated) -> None:
    body = {"worker": TOM.worker, "name": TOM.name, "role": IncidentRole.COORDINATOR.value}
    write_seat(seated.grace, Kind.INCIDENT_JOINED, seated.incident, body)
    assert seated.settled() == (TOM.worker, "")


def test_who_was_given_the_lead_while_coming_to_watch_keeps_it(seated: Seated) -> None:
    seated.tom.shift.sign_out(HELEN.worker, seated.tom.outcomes.append)
    seated.helen.pair.observe(seated.incident)
    assert seated.settled() == (HELEN.worker, GRACE.worker)


def test_who_comes_into_an_incident_that_nobody_leads_leads_it(seated: Seated) -> None:
    for one in (seated.grace, seated.tom):
        left = {"worker": one.who.worker}
        write_seat(one, Kind.INCIDENT_LEFT, seated.incident, left)
        seated.room.settle()
    seated.helen.pair.join_as_coordinator(seated.incident, seated.helen.outcomes.append)
    seated.room.settle()
    assert seats(seated.helen) == (HELEN.worker, "")


def watching(seated: Seated) -> None:
    """Let Helen watch, and everybody know."""
    seated.helen.pair.observe(seated.incident)
    seated.room.settle()


@pytest.mark.parametrize("left_first", [True, False])
def test_who_is_handed_the_lead_while_leaving_either_has_left_or_leads_and_is_told(
    seated: Seated, left_first: bool
) -> None:
    watching(seated)
    acts: list[Callable[[], None]] = [
        lambda: seated.helen.pair.leave(seated.incident, seated.helen.outcomes.append),
        lambda: seated.tom.night.seats.hand_over(
            seated.incident, IncidentRole.LEAD, HELEN.worker, seated.tom.outcomes.append
        ),
    ]
    for act in acts if left_first else reversed(acts):
        act()
    assert seated.settled() == ((TOM.worker if left_first else HELEN.worker), GRACE.worker)
    assert (seated.helen.won(), seated.tom.won()) == (left_first, not left_first)
    if not left_first:
        assert seated.helen.outcomes[-1].sentence.startswith("Tom Adeyemi has given you a seat")
        seated.grace.incidents.note(seated.incident, "she has put the knife down")
        seated.room.settle()
        found = seated.helen.folds.incident(seated.incident)
        assert found is not None
        assert found.unreadable == 0, "whoever leads reads every word"


def test_who_only_watches_leaves_whatever_the_others_do_with_their_seats(seated: Seated) -> None:
    watching(seated)
    acts: list[Callable[[], None]] = [
        lambda: seated.grace.pair.leave(seated.incident, seated.grace.outcomes.append),
        lambda: seated.helen.pair.leave(seated.incident, seated.helen.outcomes.append),
    ]
    for act in acts:
        act()
    assert seated.settled() == (TOM.worker, "")
    assert seated.helen.won()
    found = seated.tom.folds.incident(seated.incident)
    assert found is not None
    assert [one.worker for one in found.present] == [TOM.worker]


def test_nobody_leaves_while_nobody_can_say_whether_they_were_given_a_seat(seated: Seated) -> None:
    watching(seated)
    with seated.room.record_away():
        seated.room.advance(8)
        seated.helen.pair.leave(seated.incident, seated.helen.outcomes.append)
        assert not seated.helen.won()
        assert "away" in seated.helen.outcomes[-1].sentence
    seated.room.settle()
    found = seated.tom.folds.incident(seated.incident)
    assert found is not None
    assert found.member(HELEN.worker) is not None


# --- the stand-down ------------------------------------------------------------------------------


def test_no_incident_is_stood_down_while_nobody_knows_what_the_others_do(seated: Seated) -> None:
    with seated.room.record_away():
        seated.room.advance(8)
        with pytest.raises(Refused, match="the shared record is away"):
            seated.tom.incidents.stand_down(seated.incident, "Over", then=seated.tom.outcomes.append)
        asked = seated.grace.helps.draft(Draft(HelpKind.AMBULANCE, "He has taken more", incident=seated.incident))
    seated.room.advance(5)
    found = seated.tom.folds.incident(seated.incident)
    assert found is not None
    assert found.live
    assert seated.tom.folds.help(asked) is not None


def test_a_stand_down_that_the_record_did_not_answer_is_not_written_later(seated: Seated) -> None:
    with seated.room.record_away():
        seated.tom.incidents.stand_down(seated.incident, "Over", then=seated.tom.outcomes.append)
        seated.room.advance(8)
        assert not seated.tom.won()
    seated.room.advance(5)
    found = seated.grace.folds.incident(seated.incident)
    assert found is not None
    assert found.live


@pytest.mark.parametrize("stands_down_first", [True, False])
def test_of_a_stand_down_and_a_lead_given_away_at_the_same_moment_the_first_holds(
    seated: Seated, stands_down_first: bool
) -> None:
    ambulance = seated.grace.helps.draft(Draft(HelpKind.AMBULANCE, "Overdose", incident=seated.incident))
    seated.room.settle()
    signed = {ambulance: "He walked into the hospital"}
    acts: list[Callable[[], None]] = [
        lambda: seated.grace.incidents.stand_down(seated.incident, "Over", signed, seated.grace.outcomes.append),
        lambda: seated.tom.pair.swap(seated.incident, seated.tom.outcomes.append),
    ]
    for act in acts if stands_down_first else reversed(acts):
        act()
    seated.room.settle()
    found, request = seated.tom.folds.incident(seated.incident), seated.tom.folds.help(ambulance)
    assert found is not None
    assert request is not None
    assert (found.live, request.open) == (not stands_down_first, not stands_down_first)
    assert (seated.grace.won(), seated.tom.won()) == (stands_down_first, not stands_down_first)
    if not stands_down_first:
        assert seated.grace.outcomes[-1].sentence == "Not stood down: Tom Adeyemi was first."
        seated.grace.incidents.stand_down(seated.incident, "Over", signed, seated.grace.outcomes.append)
        assert seated.grace.won()


def test_of_two_who_stand_it_down_one_does_and_one_reason_stands(seated: Seated) -> None:
    seated.tom.incidents.stand_down(seated.incident, "With the ambulance", then=seated.tom.outcomes.append)
    seated.grace.incidents.stand_down(seated.incident, "No longer needed", then=seated.grace.outcomes.append)
    seated.room.settle()
    for console in (seated.tom, seated.grace):
        found = console.folds.incident(seated.incident)
        assert found is not None
        assert (found.stood_down_by, found.stood_down_reason) == (TOM.worker, "With the ambulance")
    assert not seated.grace.won()


def test_nobody_takes_a_seat_in_what_was_stood_down_at_that_moment(seated: Seated) -> None:
    seated.grace.pair.leave(seated.incident, seated.grace.outcomes.append)
    seated.room.settle()
    seated.tom.incidents.stand_down(seated.incident, "With the ambulance", then=seated.tom.outcomes.append)
    seated.helen.pair.join_as_coordinator(seated.incident, seated.helen.outcomes.append)
    seated.room.settle()
    assert not seated.helen.won()
    assert "stood down" in seated.helen.outcomes[-1].sentence
    found = seated.tom.folds.incident(seated.incident)
    assert found is not None
    assert found.member(HELEN.worker) is None
