"""Script A (domain.md 9) through the services, on two consoles and a board: what the script asserts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest

from console.domain.contacts import ContactState, How
from console.domain.derived import form_values, reached
from console.domain.help_kinds import HelpKind, HelpState, RcrpGround
from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentRole, IncidentState
from console.domain.locations import LocationSource
from console.domain.people import NewPerson, Rank
from console.domain.record import StreamKind
from console.domain.relay_card import RelayCard, RelaySources, relay_card
from console.domain.signals import SignalKind
from console.domain.timeline import timeline
from console.services.contact_people import chosen_candidate
from console.services.contact_record import DecisionDraft
from console.services.help_ledger import Draft, News
from tests.helpers.night_room import HELEN, PRIYA, TOM, Console, Room

RESERVOIR = "In the car, by the reservoir, the second car park"
RECORD_ADDRESS = "9 Larch Court, Netherbourne"


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def second_joins(room: Room, priya: Console, tom: Console) -> None:
    """Play from the ring to 22:15:02."""
    for given, born in (("Marcus", date(1992, 2, 19)), ("Lena", date(1993, 8, 7))):
        priya.people.create(None, NewPerson("Fenn", given, born, e164="+447700900412", authority="hampshire"))
    room.settle()
    room.rings("c1", "07700900412", "01632960001", "1001", "1002")
    room.until("22:14:19")
    room.answers("c1", "1001")
    room.until("22:14:30")
    priya.note(priya.contact, "“I've taken them all.”")
    priya.contacts.set_field(priya.contact, "type", "suicidal_caller")
    priya.contacts.set_field(priya.contact, "priority", "p1_life_now")
    room.until("22:14:50")
    priya.pair.need_second(priya.contact)
    room.until("22:15:02")
    tom.pair.accept(tom.pair.waiting_summons()[0], tom.outcomes.append)
    room.settle()


@dataclass
class Script:
    """Script A under way: the consoles, and what they work on."""

    room: Room
    priya: Console
    tom: Console
    helen: Console
    contact: UUID
    incident: UUID
    ambulance: UUID = UUID(int=0)
    police: UUID = UUID(int=0)

    def state(self, console: Console) -> IncidentState:
        """Return the incident as one console has it."""
        found = console.folds.incident(self.incident)
        assert found is not None
        return found

    def request(self, request: UUID) -> HelpRequest:
        """Return a request as Priya's console has it."""
        found = self.priya.folds.help(request)
        assert found is not None
        return found

    def note(self, console: Console) -> ContactState:
        """Return the contact as one console has it."""
        found = console.folds.contact(self.contact)
        assert found is not None
        return found


@pytest.fixture
def script(room: Room) -> Script:
    """Return the script at 22:15:02, when Tom has joined."""
    priya, tom, helen = room.console(PRIYA, "1001"), room.console(TOM, "1002"), room.console(HELEN, "1003")
    second_joins(room, priya, tom)
    incident = priya.folds.incident_of(priya.contact)
    assert incident is not None
    return Script(room, priya, tom, helen, priya.contact, incident.id)


def test_the_second_worker_is_there_within_sixty_seconds_and_reads_from_the_first_line(script: Script) -> None:
    incident = script.state(script.priya)
    summons = script.priya.folds.signals_of_incident(incident).summons[0]
    assert summons.accepter_name == "Tom Adeyemi"
    assert summons.waited(script.room.clock.now()) == timedelta(seconds=12)
    assert incident.paired
    assert incident.lead is not None
    assert (incident.lead.name, incident.lead.worker) == ("Priya Raman", "priya.raman")
    assert [line.text for line in script.note(script.tom).notes] == ["“I've taken them all.”"]


def choose_marcus(script: Script) -> None:
    """Choose and confirm one of the two people on the number."""
    current = script.priya.desk.state().current
    assert current is not None
    assert current.looked.candidates is not None
    marcus = next(one for one in current.looked.candidates.people if one.given == "Marcus")
    script.priya.people.choose(script.contact, chosen_candidate(marcus), How.NUMBER)
    script.priya.people.confirm(script.contact, marcus.person, "name", "+447700900412")


def ask_ambulance(script: Script) -> None:
    """Play 22:15:40 to 22:17:02."""
    tom, room = script.tom, script.room
    room.until("22:15:40")
    draft = Draft(HelpKind.AMBULANCE, "Overdose at 21:45, 40 tablets, drug unknown", incident=script.incident)
    script.ambulance = tom.helps.draft(draft)
    tom.incidents.place(script.incident, RECORD_ADDRESS, LocationSource.VERIFIED_RECORD)
    tom.incidents.fact(script.incident, "taken", "Overdose 21:45, 40 tablets", "caller stated")
    room.until("22:16:20")
    tom.incidents.place(script.incident, RESERVOIR, LocationSource.CALLER_STATED)
    room.until("22:16:45")
    tom.helps.send(script.ambulance)
    room.until("22:17:02")
    tom.helps.log(script.ambulance, News(HelpState.ACCEPTED, reference="SC-7731", grade="category 2"))


def ask_police(script: Script) -> None:
    """Play 22:17:30 to 22:17:58."""
    tom, room = script.tom, script.room
    room.until("22:17:30")
    script.police = tom.helps.draft(Draft(HelpKind.POLICE_ATTEND, "Man, 34, overdose", incident=script.incident))
    tom.helps.send(script.police, RcrpGround.RISK_TO_LIFE_NOW)
    room.until("22:17:38")
    tom.helps.log(script.police, News(HelpState.ACCEPTED, reference="Log 1187 of 01/12/26"))
    room.until("22:17:49")
    tom.helps.log(script.police, News(HelpState.EN_ROUTE, "checking both car parks", minutes=6))
    tom.pair.say(script.incident, "Police 6 min, both car parks")
    room.until("22:17:58")


def play_to_the_end(script: Script) -> None:
    """Play 22:21:12 to 22:51."""
    tom, room = script.tom, script.room
    room.until("22:21:12")
    tom.incidents.hazard(script.incident, "A dog in the car, friendly", "caller_stated")
    assert [len(tom.follow_up.untold(script.request(one))) for one in (script.ambulance, script.police)] == [1, 1]
    for request in (script.ambulance, script.police):
        dog = tom.follow_up.untold(script.request(request))
        tom.follow_up.passed(request, [one.entry for one in dog])
    assert tom.follow_up.to_tell() == ()
    room.until("22:26:00")
    script.helen.pair.observe(script.incident)
    room.until("22:27:40")
    tom.helps.log(script.police, News(HelpState.ON_SCENE, "With him"))
    room.until("22:28:00")
    room.ends("c1", by="1001")
    room.until("22:33:00")
    tom.helps.log(script.ambulance, News(HelpState.ON_SCENE))
    decided = DecisionDraft("share_information", "Call for help without consent", "Immediate risk to life")
    script.priya.contacts.decide(script.contact, decided)
    room.until("22:51:00")
    tom.helps.log(script.police, News(HelpState.REACHED, "Person reached, conveyed to hospital"))
    tom.helps.log(script.ambulance, News(HelpState.REACHED, "With him"))
    tom.helps.log(script.ambulance, News(HelpState.COMPLETED, "Conveyed"))
    room.settle()


def test_a_record_address_is_never_where_he_is_now(script: Script) -> None:
    tom, room = script.tom, script.room
    tom.incidents.place(script.incident, RECORD_ADDRESS, LocationSource.VERIFIED_RECORD)
    assert script.state(tom).where is None
    assert "place" in {item.key for item in card(room, tom).missing}
    room.until("22:16:20")
    tom.incidents.place(script.incident, RESERVOIR, LocationSource.CALLER_STATED)
    tom.incidents.place(script.incident, RECORD_ADDRESS, LocationSource.VERIFIED_RECORD)
    room.settle()
    for console in (script.priya, tom):
        where = script.state(console).where
        assert where is not None
        assert (where.text, where.source_words) == (RESERVOIR, "caller stated")
    assert RECORD_ADDRESS in {place.text for place in script.state(tom).places}
    assert "place" not in {item.key for item in card(room, tom).missing}


def test_the_requests_stand_at_22_17_58_as_the_pictures_have_it(script: Script) -> None:
    choose_marcus(script)
    ask_ambulance(script)
    ask_police(script)
    police, ambulance = script.request(script.police), script.request(script.ambulance)
    clocks = script.priya.helps.ages(police)
    assert (police.steps_done, police.words_of_state) == (4, "On the way")
    assert clocks.since == timedelta(seconds=28)
    assert clocks.promised_left == timedelta(minutes=5, seconds=51)
    assert (ambulance.steps_done, ambulance.reference, ambulance.grade) == (3, "SC-7731", "category 2")
    assert script.priya.helps.ages(ambulance).since == timedelta(minutes=1, seconds=13)
    assert ambulance.place == RESERVOIR
    assert script.priya.heard(script.contact) == "Police 6 min, both car parks"
    rows = {item.key: item for item in card(script.room, script.tom).items}
    assert rows["others"].text == "Ambulance accepted, SC-7731. Police on the way, Log 1187 of 01/12/26"
    assert rows["name"].text == "Marcus Fenn, 19-Feb-1992"
    assert rows["service"].text == "Ambulance and police"
    assert {key for key, row in rows.items() if row.missing} == {"access", "state", "taken_at", "substance", "hazards"}


def test_the_end_of_the_call_is_not_the_end_of_the_incident(script: Script) -> None:
    ask_ambulance(script)
    ask_police(script)
    play_to_the_end(script)
    assert script.state(script.priya).live
    assert script.priya.desk.state().current is None
    assert [card.id for card in script.helen.board.now().incidents] in ([], [script.incident])


def test_the_history_of_both_requests_is_whole_and_somebody_reached_him(script: Script) -> None:
    choose_marcus(script)
    ask_ambulance(script)
    ask_police(script)
    play_to_the_end(script)
    requests = script.priya.folds.helps_of(script.incident)
    assert [len(one.news) for one in requests] == [6, 6]
    assert not any(one.flagged for one in requests)
    assert reached(requests)
    note = script.note(script.priya)
    values = form_values(script.priya.folds.around(note))
    assert (values["person_reached"], values["location_source"]) == ("yes", "caller_stated")
    lines = timeline(
        script.state(script.priya), [note], script.priya.folds.signals_of_incident(script.state(script.priya)), requests
    )
    assert {"priya.raman", "tom.adeyemi"} <= {line.by for line in lines}
    assert [line.at for line in lines] == sorted(line.at for line in lines)


def test_the_night_counts_one_two_person_incident_and_loses_nothing(script: Script) -> None:
    ask_ambulance(script)
    ask_police(script)
    play_to_the_end(script)
    script.helen.incidents.debrief(script.incident, "priya.raman", accepted=True)
    assert [one.accepted for one in script.state(script.helen).debriefs] == [True]
    pairs = script.helen.board.now().pairs
    assert (pairs.incidents, pairs.slowest) == (1, timedelta(seconds=12))
    for console in (script.priya, script.tom, script.helen):
        assert console.ledger.set_aside() == ()
        assert console.runner.unhandled == []


def card(room: Room, console: Console) -> RelayCard:
    """Return the relay card of the one incident, as a console sees it."""
    incident = console.folds.incidents()[0]
    contact = console.folds.contact(incident.contacts[0])
    helps = console.folds.helps_of(incident.id)
    return relay_card(RelaySources(incident, contact, helps, room.cover.ring_back), room.clock.now())


def test_two_who_press_join_at_once_are_told_who_came(room: Room) -> None:
    priya, tom, helen = room.console(PRIYA, "1001"), room.console(TOM, "1002"), room.console(HELEN, "1003")
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    priya.pair.need_second(priya.contact)
    room.settle()
    asked = tom.pair.waiting_summons()[0]
    tom.pair.accept(asked, tom.outcomes.append)
    helen.pair.accept(asked, helen.outcomes.append)
    room.settle()
    assert tom.won()
    assert not helen.won()
    assert "Tom Adeyemi" in helen.outcomes[-1].sentence
    incident = priya.folds.incident_of(priya.contact)
    assert incident is not None
    assert incident.coordinator is not None
    assert incident.coordinator.worker == "tom.adeyemi"
    assert len(priya.folds.incidents()) == 1


def test_nobody_can_be_ones_own_second_and_a_summons_is_made_once(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    first = priya.pair.need_second(priya.contact)
    assert priya.pair.need_second(priya.contact) == first
    room.settle()
    priya.pair.accept(priya.pair.waiting_summons()[0], priya.outcomes.append)
    assert not priya.won()


def test_an_unanswered_summons_is_the_managers_after_thirty_seconds(room: Room) -> None:
    priya, helen = room.console(PRIYA, "1001"), room.console(HELEN, "1003")
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    priya.pair.need_second(priya.contact)
    room.advance(29)
    asked = helen.pair.waiting_summons()[0]
    after = helen.night.rules.summons
    assert not asked.unanswered(room.clock.now(), after)
    room.advance(1)
    assert asked.unanswered(room.clock.now(), after)
    assert asked.line == "Hampshire adults"


def test_a_summons_cannot_be_accepted_while_the_record_is_away(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    priya.pair.need_second(priya.contact)
    room.settle()
    with room.record_away():
        room.advance(6)
        tom.pair.accept(tom.pair.waiting_summons()[0], tom.outcomes.append)
        room.advance(1)
        assert not tom.won()
        assert tom.outcomes[-1].sentence
    assert tom.folds.incidents() == ()


def test_the_roles_swap_in_one_act_and_the_coordinator_is_not_rung(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    second_joins(room, priya, tom)
    me = tom.shift.me()
    assert me is not None
    assert me.state_words == "Coordinating"
    incident = tom.folds.incidents()[0]
    tom.pair.swap(incident.id, tom.outcomes.append)
    room.settle()
    swapped = priya.folds.incident(incident.id)
    assert swapped is not None
    assert swapped.lead is not None
    assert swapped.coordinator is not None
    assert (swapped.lead.worker, swapped.coordinator.worker) == ("tom.adeyemi", "priya.raman")
    assert len([one for one in swapped.members if one.role is IncidentRole.LEAD]) == 2, "the history stays"


def test_whoever_leads_after_a_swap_is_no_more_free_than_before(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    second_joins(room, priya, tom)
    incident = tom.folds.incidents()[0].id
    tom.pair.swap(incident, tom.outcomes.append)
    room.advance(2)
    me = tom.shift.me()
    assert me is not None
    assert me.state_words == "Coordinating"
    assert [one.worker for one in tom.shift.shift().could_answer((), ())] == []

    tom.pair.swap(incident, tom.outcomes.append)
    room.advance(1)
    on_the_line = priya.shift.me()
    assert on_the_line is not None
    assert on_the_line.state_words == "Ready", "Priya has her caller again, and wraps up after the call"
    tom.pair.leave(incident, tom.outcomes.append)
    room.advance(1)
    me = tom.shift.me()
    assert me is not None
    assert me.state_words == "Ready"


def test_a_signal_nobody_saw_says_signal_by_hand_after_three_seconds(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    second_joins(room, priya, tom)
    contact, incident = priya.contact, priya.folds.incidents()[0]
    room.consoles.remove(tom)  # frozen: nothing reaches it
    priya.pair.signal(contact, SignalKind.GET_POLICE)
    room.advance(2.5)
    assert priya.receipts.signals(contact)[-1].words == "sent"
    room.advance(0.5)
    assert priya.receipts.signals(contact)[-1].words == "not seen: signal by hand"
    room.consoles.append(tom)
    room.advance(2)
    assert priya.receipts.signals(contact)[-1].words == "delivered"
    room.advance(12)
    assert priya.receipts.signals(contact)[-1].words == "delivered 00:13, not seen"
    stream = next(ref for ref in tom.ledger.streams(StreamKind.SIGNALS) if ref.id == incident.id)
    room.sees(tom, stream)
    assert priya.receipts.signals(contact)[-1].words.startswith("seen 22:")
    tom.pair.answer(stream, priya.receipts.signals(contact)[-1].signal.entry, "log 1187, accepted")
    room.settle()
    assert priya.receipts.signals(contact)[-1].words == "log 1187, accepted"


def test_rank_of_a_new_incident_follows_the_contact(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    second_joins(room, priya, tom)
    assert tom.folds.incidents()[0].risk is Rank.NOW
