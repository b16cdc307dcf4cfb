"""The night's capacity at work: seats handed over and taken, a second named, the queue held, somebody called out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest

from console.domain.board import BoardLimits
from console.domain.call_outs import CallOut, CallOutReason, CallOutState
from console.domain.capacity import Assigning, CallOutRule, NightRules
from console.domain.incidents import IncidentRole
from console.domain.loads import Load
from console.domain.record import Identity, Kind, Role
from console.domain.recovery import ReliefAnswer
from console.domain.shifts import WorkerState
from console.ports.switchboard import Act
from console.services.refusing import Refused
from console.services.seat_acts import LiveWork
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Console, Room, SlowJournal

ASSISTANT = Identity("asha.bell", "Asha Bell", Role.ASSISTANT_TEAM_MANAGER, "desk-5")


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


class Three:
    """Priya has the caller, Tom is second, Helen manages; Grace is free."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.journal = SlowJournal()
        """Helen's: she acts where there is nothing yet."""
        self.priya, self.tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
        self.grace, self.helen = room.console(GRACE, "1004"), room.console(HELEN, "1003", runner=self.journal)
        self.helen.board.watch(lambda _: None)
        room.rings("c1", "07700900412", "01632960001", "1001")
        room.answers("c1", "1001")
        self.contact = self.priya.contact
        self.priya.contacts.set_field(self.contact, "priority", "p1_life_now")
        room.advance(1)

    def pair(self) -> UUID:
        """Let Tom come in as second worker; return the incident."""
        self.priya.pair.need_second(self.contact)
        self.room.settle()
        self.tom.pair.accept(self.tom.pair.waiting_summons()[0], self.tom.outcomes.append)
        self.room.advance(2)
        return self.priya.folds.incidents()[0].id

    def roles(self, console: Console | None = None) -> dict[str, str]:
        """Return everybody present with their role."""
        self.room.settle()
        (found,) = (console or self.priya).folds.incidents()
        return {one.worker: one.role.value for one in found.present}

    def work(self) -> LiveWork:
        """Return the live call as the manager's board lists it."""
        self.room.advance(2)
        cards = self.helen.board.work()
        incident = next((one for one in cards if one.kind == "incident"), None)
        return LiveWork(incident, next((one for one in cards if one.kind == "contact"), None))

    def load(self, who: Identity) -> Load:
        """Return a worker's load as the manager's board has it."""
        found = self.helen.board.now().night.load(who.worker)
        assert found is not None
        return found


@pytest.fixture
def three(room: Room) -> Three:
    return Three(room)


def told(console: Console) -> Act:
    """Return what a worker's telephone was told last."""
    return console.switchboard.asked[-1].act


# --- seats -----------------------------------------------------------------------------------


def test_the_lead_hands_over_to_whoever_watches_and_stays_to_watch(three: Three) -> None:
    incident = three.pair()
    three.grace.pair.observe(incident)
    three.room.settle()
    three.priya.night.seats.hand_over(incident, IncidentRole.LEAD, GRACE.worker, three.priya.outcomes.append)
    assert three.priya.won()
    assert three.roles() == {"grace.whitlock": "lead", "tom.adeyemi": "coordinator", "priya.raman": "observer"}
    assert any("made you the lead" in one for one in three.grace.told)
    assert not any("seat" in one for one in three.priya.told), "who handed it over knows"


def test_an_adviser_does_not_change_places_by_another_door(three: Three) -> None:
    incident = three.pair()
    with pytest.raises(Refused, match="Your role does not change places"):
        three.priya.night.seats.hand_over(incident, IncidentRole.LEAD, TOM.worker, three.priya.outcomes.append)
    three.tom.night.seats.hand_over(incident, IncidentRole.COORDINATOR, PRIYA.worker, three.tom.outcomes.append)
    assert three.roles() == {"tom.adeyemi": "lead", "priya.raman": "coordinator"}


def test_a_seat_is_handed_only_by_its_holder_or_a_manager_and_only_to_somebody_present(three: Three) -> None:
    incident = three.pair()
    hand = three.tom.night.seats.hand_over
    with pytest.raises(Refused, match="Priya Raman or a manager"):
        hand(incident, IncidentRole.LEAD, TOM.worker, three.tom.outcomes.append)
    with pytest.raises(Refused, match="somebody else who is in this incident"):
        hand(incident, IncidentRole.COORDINATOR, GRACE.worker, three.tom.outcomes.append)
    three.grace.pair.observe(incident)
    three.room.settle()
    three.grace.shift.sign_out()
    three.room.settle()
    with pytest.raises(Refused, match="not signed in any more"):
        hand(incident, IncidentRole.COORDINATOR, GRACE.worker, three.tom.outcomes.append)
    assert three.roles()["tom.adeyemi"] == "coordinator"


@pytest.mark.parametrize("role", [IncidentRole.LEAD, IncidentRole.COORDINATOR])
def test_a_manager_takes_a_seat_over_and_whoever_had_it_is_told(three: Three, role: IncidentRole) -> None:
    three.pair()
    three.helen.night.seats.take_over(three.work(), role, three.helen.outcomes.append)
    assert three.helen.won()
    unseated = three.priya if role is IncidentRole.LEAD else three.tom
    found = three.roles()
    assert found["helen.marsh"] == role.value
    assert found[unseated.who.worker] == "observer"
    assert any("Helen Marsh has your seat now" in one for one in unseated.told)
    assert "lead" in found.values()


@pytest.mark.parametrize("slow", [True, False], ids=["a slow journal", "a quick one"])
@pytest.mark.parametrize("role", [IncidentRole.LEAD, IncidentRole.COORDINATOR])
def test_a_manager_takes_over_a_call_around_which_there_was_no_incident(
    three: Three, role: IncidentRole, slow: bool
) -> None:
    work, three.journal.slow = three.work(), slow
    three.helen.outcomes.clear()
    three.helen.night.seats.take_over(work, role, three.helen.outcomes.append)
    assert slow is not bool(three.helen.outcomes), "nobody is in what the shared record has not opened"
    three.journal.go_on()
    assert three.helen.won()
    hers = IncidentRole.OBSERVER if role is IncidentRole.LEAD else IncidentRole.LEAD
    for console in (three.priya, three.helen):
        assert three.roles(console) == {"priya.raman": hers.value, "helen.marsh": role.value}
    taken = any("Helen Marsh has your seat now" in one for one in three.priya.told)
    assert taken is (role is IncidentRole.LEAD)


@pytest.mark.parametrize("at_once", [True, False], ids=["named", "taken over"])
def test_nothing_is_opened_for_a_seat_that_cannot_be_given_while_the_record_is_away(at_once: bool) -> None:
    room = Room(limits=BoardLimits(night=NightRules(assigning=Assigning.AT_ONCE)))
    three = Three(room)
    work, grace, seats, then = three.work(), three.load(GRACE), three.helen.night.seats, three.helen.outcomes.append
    named, taken = partial(seats.assign, work, grace), partial(seats.take_over, work, IncidentRole.LEAD)
    with room.record_away():
        room.advance(6)
        with pytest.raises(Refused, match="Nothing was changed"):
            (named if at_once else taken)(then)
    room.advance(5)
    assert three.priya.folds.incidents() == ()
    room.close()


def test_a_record_that_goes_away_before_the_call_is_opened_gives_no_seat_and_says_so(three: Three) -> None:
    work, three.journal.slow = three.work(), True
    three.helen.outcomes.clear()
    three.helen.night.seats.take_over(work, IncidentRole.LEAD, three.helen.outcomes.append)
    with three.room.record_away():
        three.journal.go_on()
        three.room.advance(6)
        (outcome,) = three.helen.outcomes
        assert not outcome.won
        assert "The seat is not yours" in outcome.sentence
    three.room.advance(5)
    assert len(three.helen.outcomes) == 1
    assert three.roles() == {"priya.raman": "lead"}, "what was opened is hers, and nobody has taken it"


@pytest.mark.parametrize("helen_first", [True, False])
def test_of_two_managers_who_take_the_same_seat_exactly_one_has_it(three: Three, helen_first: bool) -> None:
    asha = three.room.console(ASSISTANT, "1005")
    three.pair()
    work, outcomes = three.work(), (three.helen.outcomes, asha.outcomes)
    acts: list[Callable[[], None]] = [
        lambda: three.helen.night.seats.take_over(work, IncidentRole.LEAD, outcomes[0].append),
        lambda: asha.night.seats.take_over(work, IncidentRole.LEAD, outcomes[1].append),
    ]
    for act in acts if helen_first else reversed(acts):
        act()
    winner, loser = (three.helen, asha) if helen_first else (asha, three.helen)
    assert winner.won()
    assert not loser.won()
    assert loser.outcomes[-1].sentence == f"{winner.who.name} was first."
    assert three.roles()[winner.who.worker] == "lead"
    assert list(three.roles().values()).count("lead") == 1


def test_nobody_but_a_manager_takes_over_or_names_a_second(three: Three) -> None:
    work = three.work()
    with pytest.raises(Refused, match="Only a manager takes over"):
        three.grace.night.seats.take_over(work, IncidentRole.LEAD, three.grace.outcomes.append)
    with pytest.raises(Refused, match="Only a manager names"):
        three.grace.night.seats.assign(work, three.load(TOM), three.grace.outcomes.append)


def test_a_named_second_is_asked_and_is_in_when_they_accept(three: Three) -> None:
    three.priya.pair.need_second(three.contact)
    three.room.settle()
    three.helen.night.seats.assign(three.work(), three.load(GRACE), three.helen.outcomes.append)
    three.room.settle()
    (asked,) = three.grace.pair.waiting_summons()
    assert (asked.wanted, asked.named_by, asked.asked_by) == ("grace.whitlock", "Helen Marsh", "priya.raman")
    assert three.tom.night.seats.summons_for_me() == (), "it has another name on it"
    assert three.grace.night.seats.summons_for_me() == (asked,)
    three.room.advance(31)
    assert three.tom.night.seats.summons_for_me() == (asked,), "nobody came: now it is for everybody"
    three.grace.pair.accept(asked, three.grace.outcomes.append)
    three.room.advance(2)
    assert three.roles() == {"priya.raman": "lead", "grace.whitlock": "coordinator"}


@pytest.mark.parametrize("state", [one for one in WorkerState if one is not WorkerState.COORDINATING])
def test_a_call_for_a_second_is_shown_to_those_whom_the_board_says_it_goes_to(three: Three, state: WorkerState) -> None:
    if state is not WorkerState.AVAILABLE:
        three.grace.shift.say(state)
    three.priya.pair.need_second(three.contact)
    three.room.advance(2)
    shown = bool(three.grace.night.seats.summons_for_me())
    assert shown is three.load(GRACE).can_come(three.room.clock.now())
    assert shown is (state in (WorkerState.AVAILABLE, WorkerState.WRAP_UP))


def test_where_the_council_says_so_a_named_second_is_in_at_once_and_told() -> None:
    room = Room(limits=BoardLimits(night=NightRules(assigning=Assigning.AT_ONCE)))
    three = Three(room)
    three.helen.night.seats.assign(three.work(), three.load(GRACE), three.helen.outcomes.append)
    assert three.roles() == {"priya.raman": "lead", "grace.whitlock": "coordinator"}
    assert any("made you the second worker" in one for one in three.grace.told)
    room.close()


def test_nobody_is_named_who_is_in_recovery_busy_or_with_a_second_there_already(three: Three) -> None:
    three.grace.shift.say(WorkerState.TAKE_FIVE)
    work = three.work()
    for who, why in ((GRACE, "in recovery"), (PRIYA, "not free")):
        with pytest.raises(Refused, match=why):
            three.helen.night.seats.assign(work, three.load(who), three.helen.outcomes.append)
    three.pair()
    three.grace.shift.say(WorkerState.AVAILABLE)
    with pytest.raises(Refused, match="Tom Adeyemi is the second worker already"):
        three.helen.night.seats.assign(three.work(), three.load(GRACE), three.helen.outcomes.append)


# --- the queue -------------------------------------------------------------------------------


def test_a_held_queue_is_on_every_console_and_pauses_every_telephone_that_rings(three: Three) -> None:
    three.grace.shift.say(WorkerState.BREAK)
    asked = len(three.grace.switchboard.asked)
    three.helen.night.queue.turn(three.helen.outcomes.append, "Three at risk at once")
    three.room.settle()
    held = three.tom.night.queue.now()
    assert (held.held, held.by, held.reason) == (True, "helen.marsh", "Three at risk at once")
    paused = three.tom.switchboard.asked[-1]
    assert (paused.act, paused.reason) == (Act.PAUSE, "Queue held")
    assert len(three.grace.switchboard.asked) == asked, "who is away hears nothing new"
    three.helen.night.queue.turn(three.helen.outcomes.append)
    three.room.settle()
    assert told(three.tom) is Act.UNPAUSE
    assert len(three.grace.switchboard.asked) == asked, "and is not put back"


def test_who_is_ready_again_while_the_queue_is_held_stays_paused(three: Three) -> None:
    three.helen.night.queue.turn(three.helen.outcomes.append)
    three.room.settle()
    three.tom.shift.say(WorkerState.BREAK)
    three.tom.shift.say(WorkerState.AVAILABLE)
    assert told(three.tom) is Act.PAUSE
    me = three.tom.shift.me()
    assert me is not None
    assert me.state is WorkerState.AVAILABLE


def test_only_a_manager_holds_the_queue_and_of_two_one_turns_it(three: Three) -> None:
    with pytest.raises(Refused, match="Only a manager"):
        three.tom.night.queue.turn(three.tom.outcomes.append)
    asha = three.room.console(ASSISTANT, "1005")
    three.helen.night.queue.turn(three.helen.outcomes.append)
    asha.night.queue.turn(asha.outcomes.append)
    three.room.settle()
    assert three.helen.won()
    assert not asha.won()
    assert asha.night.queue.now().held


# --- called out ------------------------------------------------------------------------------


def newest(console: Console) -> CallOut:
    """Return the newest call-out as a console has it."""
    found = console.night.call_outs.newest()
    assert found is not None
    return found


def second_call(three: Three) -> None:
    """Let a caller ring with everybody committed, and every console look at its board."""
    for one in (three.priya, three.tom, three.grace):
        one.board.watch(lambda _: None)
    three.pair()
    three.grace.shift.say(WorkerState.VISIT)
    three.room.rings("c2", "01632960741", "01632960004")
    three.room.advance(3)


def test_a_second_call_with_all_committed_arms_the_call_out_once_and_dials_nobody(three: Three) -> None:
    second_call(three)
    made = newest(three.tom)
    assert (made.state, made.why) == (CallOutState.ARMED, CallOutReason.ALL_COMMITTED)
    entries = [one for one in three.room.store.envelopes(0) if one.kind is Kind.SHIFT_CALL_OUT]
    assert len(entries) == 1, "four consoles saw it"
    assert not any(one.act is Act.ORIGINATE for console in three.room.consoles for one in console.switchboard.asked)
    three.room.advance(20)
    assert len([one for one in three.room.store.envelopes(0) if one.kind is Kind.SHIFT_CALL_OUT]) == 1


def test_of_two_who_ring_at_once_exactly_one_rings(three: Three) -> None:
    second_call(three)
    three.tom.night.call_outs.ring("Dilip Shah", three.tom.outcomes.append)
    three.helen.night.call_outs.ring("Dilip Shah", three.helen.outcomes.append)
    three.room.settle()
    assert three.tom.won()
    assert not three.helen.won()
    assert three.helen.outcomes[-1].sentence == "Tom Adeyemi was first."
    made = newest(three.helen)
    assert (made.state, made.name, made.rung_by, made.rings) == (CallOutState.RUNG, "Dilip Shah", "tom.adeyemi", 1)


def test_what_came_of_it_is_said_and_a_further_ring_belongs_to_it(three: Three) -> None:
    second_call(three)
    acts = three.tom.night.call_outs
    assert not acts.said(CallOutState.COMING), "nobody was rung yet"
    acts.ring("Dilip Shah", three.tom.outcomes.append)
    three.room.settle()
    assert acts.said(CallOutState.NO_ANSWER)
    three.room.settle()
    acts.ring("Dilip Shah", three.tom.outcomes.append)
    three.room.settle()
    assert acts.said(CallOutState.COMING)
    three.room.settle()
    made = newest(three.priya)
    assert (made.state, made.rings) == (CallOutState.COMING, 2)
    assert acts.open() is None


def test_a_ring_goes_on_where_only_the_rule_came_first(three: Three) -> None:
    """Tom presses at the moment at which another console arms it."""
    for one in (three.priya, three.tom):
        one.board.watch(lambda _: None)
    three.pair()
    three.grace.shift.say(WorkerState.VISIT)
    three.room.rings("c2", "01632960741", "01632960004")
    three.room.alarm.advance(1.5)  # armed and stored, read by nobody yet
    assert any(one.kind is Kind.SHIFT_CALL_OUT for one in three.room.store.envelopes(0))
    three.tom.night.call_outs.ring("Dilip Shah", three.tom.outcomes.append)
    three.room.settle()
    assert three.tom.won()
    assert newest(three.helen).state is CallOutState.RUNG


def test_with_the_record_away_somebody_is_called_out_all_the_same(three: Three) -> None:
    three.pair()
    with three.room.record_away():
        three.room.advance(8)
        three.tom.night.call_outs.ring("Dilip Shah", three.tom.outcomes.append)
        assert three.tom.won()
    assert newest(three.helen).rung_by == "tom.adeyemi"


def test_a_summons_that_nobody_takes_arms_it_too(three: Three) -> None:
    three.priya.pair.need_second(three.contact)
    three.room.advance(28)
    assert three.helen.night.call_outs.newest() is None
    three.room.advance(5)
    assert newest(three.helen).why is CallOutReason.NO_SECOND


def test_switched_off_the_rule_arms_nothing() -> None:
    room = Room(limits=BoardLimits(night=NightRules(call_out=CallOutRule.OFF)))
    three = Three(room)
    second_call(three)
    assert three.tom.night.call_outs.newest() is None
    assert three.helen.board.now().night.asked is not None, "the board asks for it all the same"
    room.close()


# --- recovery --------------------------------------------------------------------------------


def over(three: Three) -> None:
    """End the red call and the incident."""
    incident = three.pair()
    three.helen.pair.observe(incident, IncidentRole.MANAGER)
    three.room.settle()
    three.room.ends("c1")
    three.tom.incidents.stand_down(incident, "He is with the ambulance")
    three.room.advance(2)


def state(console: Console, who: Identity) -> WorkerState:
    """Return a worker's said state as a console has it."""
    found = console.shift.shift().worker(who.worker)
    assert found is not None
    return found.state


def test_after_a_red_call_lead_second_and_manager_are_offered_a_pause_once(three: Three) -> None:
    over(three)
    three.room.advance(5)
    offered = three.grace.shift.shift().reliefs
    assert {worker: [one.answer for one in found] for worker, found in offered.items()} == {
        worker: [ReliefAnswer.OFFERED] for worker in ("priya.raman", "tom.adeyemi", "helen.marsh")
    }
    for console in (three.priya, three.tom, three.helen):
        assert sum("take five" in one for one in console.told) == 1
    assert not any("take five" in one for one in three.grace.told)


def test_in_recovery_nothing_comes_and_it_ends_by_itself(three: Three) -> None:
    over(three)
    three.priya.night.recovery.take(debrief=True)
    three.room.settle()
    assert state(three.helen, PRIYA) is WorkerState.TAKE_FIVE
    assert told(three.priya) is Act.PAUSE
    (relief,) = three.helen.shift.shift().reliefs["priya.raman"]
    assert relief.answer is ReliefAnswer.TAKEN_WITH_DEBRIEF
    (incident,) = three.tom.folds.incidents()
    assert [(one.worker, one.accepted) for one in incident.debriefs] == [("priya.raman", True)]
    three.room.advance(14 * 60)
    assert state(three.helen, PRIYA) is WorkerState.TAKE_FIVE
    three.room.advance(65)
    assert state(three.helen, PRIYA) is WorkerState.AVAILABLE
    assert told(three.priya) is Act.UNPAUSE


def test_a_summons_is_not_shown_in_recovery_unless_they_say_i_can_come(three: Three) -> None:
    over(three)
    three.tom.night.recovery.take(debrief=False)
    contact = three.grace.contacts.open(dialled="01632960001")
    three.grace.pair.need_second(contact)
    three.room.settle()
    assert three.tom.night.seats.summons_for_me() == ()
    three.tom.night.recovery.can_come(True)
    three.room.settle()
    (asked,) = three.tom.night.seats.summons_for_me()
    three.tom.pair.accept(asked, three.tom.outcomes.append)
    three.room.advance(2)
    assert state(three.helen, TOM) is WorkerState.COORDINATING
    three.room.advance(16 * 60)
    assert state(three.helen, TOM) is WorkerState.COORDINATING, "the recovery was over when the seat was taken"


def test_it_is_ended_sooner_by_one_key_and_refused_to_whoever_has_a_seat(three: Three) -> None:
    three.pair()
    with pytest.raises(Refused, match="still have a seat"):
        three.tom.night.recovery.take(debrief=False)
    three.grace.night.recovery.take(debrief=False, minutes=5)
    three.room.settle()
    three.grace.shift.toggle_ready()
    three.room.settle()
    assert state(three.helen, GRACE) is WorkerState.AVAILABLE
    with pytest.raises(Refused, match="not in recovery"):
        three.grace.night.recovery.can_come(True)
    three.room.advance(6 * 60)
    assert state(three.helen, GRACE) is WorkerState.AVAILABLE


def test_nobody_takes_five_or_is_offered_it_with_a_caller_on_the_line(three: Three) -> None:
    incident = three.pair()
    three.tom.incidents.stand_down(incident, "He is with the ambulance")
    three.room.advance(5)
    with pytest.raises(Refused, match="caller on the line"):
        three.priya.night.recovery.take(debrief=False)
    assert three.priya.night.recovery.offer() is None, "the caller is still there"
    three.room.ends("c1")
    three.room.advance(5)
    assert three.priya.night.recovery.offer() is not None


def test_a_recovery_goes_on_after_the_console_was_started_again(three: Three) -> None:
    three.grace.night.recovery.take(debrief=False, minutes=5)
    three.room.advance(60)
    three.room.consoles.remove(three.grace)
    three.grace.recorder.stop()
    three.room.advance(5 * 60)
    board = three.helen.board.now()
    load = board.night.load(GRACE.worker)
    assert load is not None
    assert load.can_come(three.room.clock.now())


def test_an_offer_that_is_declined_is_not_made_again(three: Three) -> None:
    over(three)
    three.priya.night.recovery.decline()
    three.room.advance(60)
    (relief,) = three.helen.shift.shift().reliefs["priya.raman"]
    assert relief.answer is ReliefAnswer.DECLINED
    assert three.priya.night.recovery.offer() is None


def test_the_board_counts_recovery_apart_and_nobody_in_it_as_free(three: Three) -> None:
    three.grace.night.recovery.take(debrief=False)
    three.room.advance(2)
    board = three.helen.board.now()
    assert board.capacity.recovering == 1
    assert board.capacity.free == 1, "Tom"
    assert replace(board.night.guard, oldest=None).free == 1
