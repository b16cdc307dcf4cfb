"""Facts once, promises, and the line that drops, on two consoles over real services: both see, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from console.domain.call_events import Answered, CallBegan
from console.domain.calls import Direction
from console.domain.drops import RingOutcome
from console.domain.hooks import Hook, HookEnd, HookSort
from console.domain.incidents import IncidentState
from console.domain.locations import LocationSource
from console.domain.ring_safety import NOTHING_KNOWN
from console.ports.switchboard import Act as PhoneAct
from console.ports.switchboard import ActionAnswer, Answer
from console.services.hooks import HookDraft
from console.services.known import Known
from console.services.refusing import Refused
from tests.helpers.night_room import Console
from tests.helpers.night_screens import LINE, NUMBER, Night


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    made.answered()
    made.paired()
    yield made
    made.room.close()


def known(night: Night) -> tuple[Known, Known]:
    """Return the services of the one on the line and of the second worker."""
    return night.handler_desk.known, night.coordinator_desk.known


def state(console: Console) -> IncidentState:
    """Return the incident as a console has it."""
    (found,) = console.folds.incidents()
    return found


def heads(console: Console, key: str) -> list[tuple[str, str]]:
    """Return what stands of a fact, with who wrote it."""
    register = state(console).where_said if key == "where" else None
    fact = state(console).fact(key)
    register = fact.register if fact is not None else register
    return [(head.value, head.author) for head in register.heads] if register is not None else []


@pytest.mark.parametrize("key", ["state", "where"])
def test_two_who_write_the_same_field_at_once_both_see_both_until_one_chooses(night: Night, key: str) -> None:
    one, other = known(night)
    incident = state(night.priya).id
    # Both look at the empty field: neither has seen the other's words.
    one.facts.put(incident, key, "Drowsy", "handler_heard", over=())
    other.facts.put(incident, key, "Awake", "caller_stated", over=())
    night.room.settle()
    both = {("Drowsy", "priya.raman"), ("Awake", "tom.adeyemi")}
    assert set(heads(night.priya, key)) == both
    assert set(heads(night.tom, key)) == both

    register = state(night.tom).where_said if key == "where" else None
    fact = state(night.tom).fact(key)
    register = fact.register if fact is not None else register
    assert register is not None
    chosen = next(head for head in register.heads if head.value == "Drowsy")
    other.facts.choose(incident, key, chosen.entry)
    night.room.settle()
    assert heads(night.priya, key) == heads(night.tom, key) == [("Drowsy", "tom.adeyemi")]
    with pytest.raises(Refused, match="stands no more"):
        one.facts.choose(incident, key, chosen.entry)


def test_choosing_a_place_makes_it_no_younger(night: Night) -> None:
    one, other = known(night)
    incident = state(night.priya).id
    one.facts.put(incident, "where", "In the car", "caller_stated", over=())
    other.facts.put(incident, "where", "On the bridge", "third_party", over=())
    night.room.settle()
    said = state(night.priya).where_stands[0]
    night.room.advance(60)
    other.facts.choose(incident, "where", said.entry)
    night.room.settle()
    where = state(night.priya).where
    assert where is not None
    assert (where.text, where.at, where.source) == (said.text, said.at, LocationSource.CALLER_STATED)


def test_who_sees_both_values_and_writes_a_third_settles_them(night: Night) -> None:
    one, other = known(night)
    incident = state(night.priya).id
    one.facts.put(incident, "state", "Drowsy", "handler_heard", over=())
    other.facts.put(incident, "state", "Awake", "caller_stated", over=())
    night.room.settle()
    seen = [str(head.entry) for fact in state(night.priya).facts for head in fact.register.heads]
    one.facts.put(incident, "state", "Asleep, wakes when called", "handler_heard", over=seen)
    night.room.settle()
    assert heads(night.tom, "state") == [("Asleep, wakes when called", "priya.raman")]


def test_an_empty_place_is_refused_and_the_one_that_stands_stays(night: Night) -> None:
    one, _ = known(night)
    incident = state(night.priya).id
    one.facts.put(incident, "where", "In the car", "caller_stated")
    with pytest.raises(Refused, match="Nothing was written"):
        one.facts.put(incident, "where", " ", "caller_stated")


def test_a_record_address_put_into_the_sheet_is_never_where_they_are_now(night: Night) -> None:
    one, _ = known(night)
    incident = state(night.priya).id
    one.facts.put(incident, "where", "In the car", "caller_stated")
    one.facts.put(incident, "where", "9 Larch Court", "case_record")
    night.room.settle()
    found = state(night.tom)
    assert found.where is not None
    assert found.where.text == "In the car"
    assert [place.text for place in found.places if not place.may_be_current] == ["9 Larch Court"]


def test_a_line_of_the_note_becomes_a_fact_by_one_act_of_the_second_worker(night: Night) -> None:
    _, other = known(night)
    night.priya.note(night.priya.contact, "where: in the car, by the reservoir")
    night.room.advance(4)
    (one,) = other.facts.proposed(state(night.tom))
    assert state(night.tom).where is None, "nothing becomes a fact by itself"
    other.facts.accept(state(night.tom).id, one.key, one.line)
    night.room.settle()
    where = state(night.priya).where
    assert where is not None
    assert (where.text, where.source) == ("in the car, by the reservoir", LocationSource.CALLER_STATED)
    assert other.facts.proposed(state(night.tom)) == ()
    with pytest.raises(Refused, match="proposes this no more"):
        other.facts.accept(state(night.tom).id, one.key, one.line)


def test_the_record_being_away_keeps_what_each_wrote_and_both_stand_after(night: Night) -> None:
    one, other = known(night)
    incident = state(night.priya).id
    one.facts.put(incident, "state", "Awake", "handler_heard")
    night.room.settle()
    with night.room.record_away():
        one.facts.put(incident, "state", "Drowsy", "handler_heard")
        one.facts.put(incident, "state", "Silent", "handler_heard")
        other.facts.put(incident, "state", "Talking", "caller_stated")
        night.room.advance(60)
    night.room.advance(20)
    both = {("Silent", "priya.raman"), ("Talking", "tom.adeyemi")}
    assert set(heads(night.priya, "state")) == set(heads(night.tom, "state")) == both
    fact = state(night.tom).fact("state")
    assert fact is not None
    assert {one.value for one in fact.register.history} == {"Awake", "Drowsy", "Silent", "Talking"}


# --- promises ------------------------------------------------------------------------------------


def test_a_promise_is_seen_by_both_and_kept_by_either(night: Night) -> None:
    one, other = known(night)
    incident, due = state(night.priya).id, night.room.clock.now() + timedelta(minutes=20)
    made = one.hooks.add(incident, HookDraft(HookSort.PROMISE, "Ring his brother", "Marcus", due))
    night.room.settle()
    (hook,) = state(night.tom).hooks
    assert (hook.id, hook.to, hook.due) == (made, "Marcus", due)
    other.hooks.end(incident, hook, HookEnd.KEPT)
    night.room.settle()
    (hook,) = state(night.priya).hooks
    assert (hook.done, hook.text, hook.to) == (HookEnd.KEPT, "Ring his brother", "Marcus")
    with pytest.raises(Refused, match="Nothing was written"):
        one.hooks.add(incident, HookDraft(HookSort.CALMS, "  "))


def promised(night: Night) -> Hook:
    """Let a promise be made and seen by both."""
    one, _ = known(night)
    due = night.room.clock.now() + timedelta(minutes=20)
    one.hooks.add(state(night.priya).id, HookDraft(HookSort.PROMISE, "Ring his brother", "Marcus", due))
    night.room.settle()
    (hook,) = state(night.tom).hooks
    return hook


def test_what_is_worded_anew_on_an_old_form_ends_no_end_that_came_meanwhile(night: Night) -> None:
    seen, (one, other), incident = promised(night), known(night), state(night.priya).id
    other.hooks.end(incident, seen, HookEnd.BROKEN)
    night.room.settle()
    one.hooks.change(incident, seen, HookDraft(seen.sort, "Ring his sister", seen.to, seen.due))
    night.room.settle()
    for console in (night.priya, night.tom):
        (hook,) = state(console).hooks
        assert (hook.done, {hook.text, *hook.others}) == (HookEnd.BROKEN, {"Ring his brother", "Ring his sister"})


def test_what_is_ended_on_an_old_form_keeps_the_newer_words(night: Night) -> None:
    seen, (one, other), incident = promised(night), known(night), state(night.priya).id
    other.hooks.change(incident, seen, HookDraft(seen.sort, "Ring his sister", seen.to, seen.due))
    night.room.settle()
    one.hooks.end(incident, seen, HookEnd.KEPT)
    night.room.settle()
    for console in (night.priya, night.tom):
        (hook,) = state(console).hooks
        assert (hook.done, hook.text, hook.others) == (HookEnd.KEPT, "Ring his sister", ())


# --- the line drops ------------------------------------------------------------------------------


def drops(night: Night) -> None:
    """Let the caller be gone, ten minutes in."""
    night.room.advance(600)
    night.room.ends("c1", by="caller")


def test_the_line_that_drops_is_seen_by_both_and_the_incident_stays(night: Night) -> None:
    drops(night)
    for console, mine in zip((night.priya, night.tom), known(night), strict=True):
        drop = mine.drops.drop(state(console))
        assert drop is not None
        assert drop.e164 == "+447700900412"
        assert state(console).live


def test_a_call_that_we_ended_has_not_dropped(night: Night) -> None:
    night.room.advance(60)
    night.room.ends("c1", by="1001")
    assert [mine.drops.drop(state(night.priya)) for mine in known(night)] == [None, None]
    assert state(night.priya).live


@pytest.mark.parametrize("again", ["None", "A knife"])
def test_a_fact_that_one_emptied_is_stated_again_by_the_other_without_a_clash(night: Night, again: str) -> None:
    one, other = known(night)
    incident = state(night.priya).id
    one.facts.put(incident, "weapons", "A knife", "handler_heard")
    night.room.settle()
    other.facts.put(incident, "weapons", "", "third_party")
    night.room.settle()
    assert heads(night.priya, "weapons") == []
    one.facts.put(incident, "weapons", again, "caller_stated")
    night.room.settle()

    for console in (night.priya, night.tom):
        assert heads(console, "weapons") == [(again, "priya.raman")]
        assert state(console).withdrawn == ()


def test_a_hazard_is_taken_back_once_and_stays_in_the_history(night: Night) -> None:
    incidents, incident = night.priya.incidents, state(night.priya).id
    incidents.hazard(incident, "A dog in the car", "caller stated")
    night.room.settle()
    (hazard,) = state(night.tom).hazards
    night.tom.incidents.take_back(incident, hazard.entry)
    night.room.settle()

    assert state(night.priya).hazards == ()
    (said,) = state(night.priya).hazards_said
    assert (said.text, said.ended_by) == ("A dog in the car", "tom.adeyemi")
    with pytest.raises(Refused, match="does not stand any more"):
        incidents.take_back(incident, hazard.entry)


def test_who_comes_when_the_telephones_forgot_the_call_still_knows_that_it_dropped(night: Night) -> None:
    drops(night)
    night.room.advance(1200)
    night.room.rings("c9", "01632960741", LINE, "1003")
    night.room.ends("c9", by="caller")
    assert [mine.drops.drop(state(night.priya)) is not None for mine in known(night)] == [True, True]


def _ring(night: Night) -> list[ActionAnswer]:
    _, other = known(night)
    heard: list[ActionAnswer] = []
    incident = state(night.tom)
    drop = other.drops.drop(incident)
    assert drop is not None
    armed = other.drops.armed(drop, incident, night.room.clock.now(), NOTHING_KNOWN)
    other.drops.ring(incident.id, drop, armed, heard.append)
    night.room.settle()
    return heard


def test_ringing_back_is_logged_with_what_came_of_it_and_ends_when_they_are_reached(night: Night) -> None:
    drops(night)
    _ring(night)
    asked = night.tom.switchboard.asked[-1]
    assert (asked.act, asked.target) == (PhoneAct.ORIGINATE, "+447700900412")
    _, other = known(night)
    incident = state(night.priya)
    drop = other.drops.drop(incident)
    assert drop is not None
    other.drops.log(incident.id, drop, RingOutcome.NO_ANSWER, "Rang out")
    night.room.settle()
    assert [one.outcome for one in state(night.priya).ring_backs] == [RingOutcome.RUNG, RingOutcome.NO_ANSWER]
    assert other.drops.drop(state(night.tom)) is not None
    other.drops.log(incident.id, drop, RingOutcome.REACHED)
    night.room.settle()
    assert [mine.drops.drop(state(night.priya)) for mine in known(night)] == [None, None]
    assert state(night.priya).live


def test_ringing_back_twice_is_one_call_and_one_attempt(night: Night) -> None:
    drops(night)
    _ring(night)
    now = night.room.clock.now()
    night.room.hears(CallBegan("out", now, Direction.OUTBOUND, "", placed_by="1002"))
    with pytest.raises(Refused, match="lift the handset"):
        _ring(night)
    assert [asked.act for asked in night.tom.switchboard.asked].count(PhoneAct.ORIGINATE) == 1
    assert [one.outcome for one in state(night.priya).ring_backs] == [RingOutcome.RUNG]


def test_the_call_on_which_they_were_reached_is_the_incidents_and_may_drop_too(night: Night) -> None:
    drops(night)
    _ring(night)
    one, other = known(night)
    now = night.room.clock.now()
    night.room.hears(
        CallBegan("back", now, Direction.OUTBOUND, "907700900412", placed_by="1002"),
        Answered("back", now, "back-far", "outside"),
    )
    first = one.drops.drop(state(night.priya))
    assert first is not None, "it is not known yet who answered"
    one.drops.log(state(night.priya).id, first, RingOutcome.REACHED)
    night.room.settle()
    assert [mine.drops.drop(state(night.priya)) for mine in known(night)] == [None, None]
    assert night.coordinator_desk.caller_on_line(night.tom.folds.contact(state(night.tom).contacts[0]))

    night.room.advance(30)
    night.room.ends("back", by="outside")
    again = [mine.drops.drop(state(night.priya)) for mine in (one, other)]
    assert [found.e164 for found in again if found is not None] == ["+447700900412"] * 2
    assert again[0] is not None
    assert again[0].call != first.call


@pytest.mark.parametrize("outcome", [RingOutcome.VOICEMAIL, RingOutcome.SOMEBODY_ELSE])
def test_a_call_on_which_they_were_not_reached_is_no_call_of_the_incident(night: Night, outcome: RingOutcome) -> None:
    drops(night)
    _ring(night)
    now = night.room.clock.now()
    night.room.hears(
        CallBegan("back", now, Direction.OUTBOUND, "907700900412", placed_by="1002"),
        Answered("back", now, "back-far", "outside"),
    )
    first = known(night)[1].drops.drop(state(night.tom))
    assert first is not None
    known(night)[1].drops.log(state(night.tom).id, first, outcome)
    night.room.ends("back", by="1002")
    assert [mine.drops.drop(state(night.priya)) for mine in known(night)] == [first, first]


def test_what_the_telephones_refused_is_logged_as_not_gone_through(night: Night) -> None:
    drops(night)
    night.tom.switchboard.reply = ActionAnswer(Answer.REFUSED, "No line is free.")
    assert _ring(night)[0].sentence == "No line is free."
    (tried,) = state(night.priya).ring_backs
    assert (tried.outcome, tried.words) == (RingOutcome.FAILED, "No line is free.")


def test_a_safe_number_that_two_wrote_differently_is_not_rung_before_one_is_chosen(night: Night) -> None:
    one, other = known(night)
    incident = state(night.priya).id
    one.facts.put(incident, "safe_number", "07700 900555", "caller_stated", over=())
    other.facts.put(incident, "safe_number", "07700 900556", "caller_stated", over=())
    drops(night)
    with pytest.raises(Refused, match="Choose one on the fact sheet"):
        _ring(night)
    assert all(asked.act is not PhoneAct.ORIGINATE for asked in night.tom.switchboard.asked)
    assert state(night.priya).ring_backs == ()


@pytest.mark.parametrize("answered", [False, True])
def test_a_call_from_the_same_line_is_offered_as_the_same_incident(night: Night, answered: bool) -> None:
    one, _ = known(night)
    before = night.priya.contact
    drops(night)
    night.room.rings("c2", NUMBER, LINE, "1001")
    call = next(call for call in night.priya.desk.calls() if call.live)
    if answered:
        night.room.answers("c2", "1001")
    begun = night.priya.desk.contact_of(call.id)
    offered = one.drops.offered(call)
    assert offered is not None
    assert one.drops.join(offered, call) == before
    night.room.settle()
    if not answered:
        night.room.answers("c2", "1001")
    assert night.priya.contact == before
    assert call.id in state(night.tom).calls
    assert one.drops.drop(state(night.priya)) is None
    assert one.drops.offered(call) is None, "it is in already"
    if begun is not None:
        assert begun in state(night.tom).contacts, "what was begun for the call belongs to the incident"
    assert len(night.priya.folds.contacts()) == (2 if answered else 1)


@pytest.mark.parametrize("number", ["07700900413", ""])
def test_a_call_from_another_line_or_from_none_is_not_offered(night: Night, number: str) -> None:
    one, _ = known(night)
    drops(night)
    night.room.rings("c2", number, LINE, "1001")
    call: UUID = next(call.id for call in night.priya.desk.calls() if call.live)
    assert one.drops.offered(next(found for found in night.priya.desk.calls() if found.id == call)) is None
