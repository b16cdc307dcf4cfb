"""The shift: one worker an extension, pause and state in step both ways, nothing left behind at sign-out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import AgentPaused
from console.domain.help_kinds import HelpKind
from console.domain.incidents import IncidentRole
from console.domain.shifts import WorkerState
from console.ports.switchboard import Act
from console.services.help_ledger import Draft
from console.services.refusing import Refused
from console.services.shift_desk import said_by_pause
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Console, Room


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def words(console: Console, worker: str) -> str:
    """Return a worker's state in words, as one console has it."""
    found = console.shift.shift().worker(worker)
    return found.state_words if found is not None else "not here"


def test_signing_in_is_seen_by_everybody_with_name_role_and_extension(room: Room) -> None:
    priya, helen = room.console(PRIYA, "1001"), room.console(HELEN)
    assert priya.won()
    assert helen.won()
    seen = helen.shift.shift().worker("priya.raman")
    assert seen is not None
    assert (seen.name, seen.extension, seen.station) == ("Priya Raman", "1001", "desk-1")
    assert words(priya, "helen.marsh") == "Managing"
    assert helen.shift.shift().holder("") is None


def test_an_extension_in_use_is_refused_naming_its_holder(room: Room) -> None:
    room.console(PRIYA, "1001")
    tom = room.console(TOM, "1001")
    assert not tom.won()
    assert "1001 is in use by Priya Raman" in tom.outcomes[-1].sentence
    assert words(tom, "tom.adeyemi") == "not here"
    tom.shift.sign_in("1002", tom.outcomes.append)
    room.settle()
    assert tom.won()


def test_of_two_at_the_same_moment_one_gets_it_and_the_other_is_told_who(room: Room) -> None:
    tom, grace = room.console(TOM, "1002"), room.console(GRACE, "1004")
    # Neither has heard of the other's wish when both ask.
    tom.shift.sign_in("1009", tom.outcomes.append)
    grace.shift.sign_in("1009", grace.outcomes.append)
    assert tom.won()
    assert not grace.won()
    room.settle()
    assert "in use by" in grace.outcomes[-1].sentence
    holder = grace.shift.shift().holder("1009")
    assert holder is not None
    assert holder.worker == "tom.adeyemi"


def test_the_same_worker_comes_back_to_the_same_extension_after_a_crash(room: Room) -> None:
    room.console(PRIYA, "1001")
    again = room.console(PRIYA, "1001")
    assert again.won()
    assert len(again.shift.shift().workers) == 1


def test_after_signing_out_the_extension_is_free(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    priya.shift.sign_out()
    room.settle()
    tom = room.console(TOM, "1001")
    assert tom.won()
    assert priya.switchboard.asked[-1].act is Act.PAUSE


def test_away_pauses_the_queue_and_ready_takes_it_up_again(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    priya.shift.toggle_ready()
    assert words(priya, "priya.raman") == "Away"
    room.hears(AgentPaused(room.clock.now(), "1001", "oohs", paused=True, reason="Away"))
    assert [one.act for one in priya.switchboard.asked] == [Act.UNPAUSE, Act.PAUSE], "its echo is not a new wish"
    priya.shift.toggle_ready()
    assert [one.act for one in priya.switchboard.asked][-1] is Act.UNPAUSE
    assert words(priya, "priya.raman") == "Ready"


def test_a_pause_set_on_a_telephone_is_that_workers_state_everywhere_and_written_once(room: Room) -> None:
    priya, tom, helen = room.console(PRIYA, "1001"), room.console(TOM, "1002"), room.console(HELEN)
    room.hears(AgentPaused(room.clock.now(), "1001", "oohs", paused=True, reason="Take five"))
    room.advance(2)
    assert {words(one, "priya.raman") for one in (priya, tom, helen)} == {"Take five"}
    written = [one for one in room.store.envelopes(0) if one.slot == "worker:priya.raman"]
    assert len(written) == 1
    room.hears(AgentPaused(room.clock.now(), "1001", "oohs", paused=False))
    room.advance(2)
    assert words(helen, "priya.raman") == "Ready"


@pytest.mark.parametrize(
    ("reason", "state", "rest"),
    [
        ("Visit, alone", WorkerState.VISIT, "alone"),
        ("Wrap-up", WorkerState.WRAP_UP, ""),
        ("Take five", WorkerState.TAKE_FIVE, ""),
        ("Lunch", WorkerState.BREAK, "Lunch"),
        ("", WorkerState.BREAK, ""),
    ],
)
def test_a_pauses_reason_means_a_state(reason: str, state: WorkerState, rest: str) -> None:
    assert said_by_pause(reason) == (state, rest)


def test_wrap_up_can_be_lengthened_and_ended(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    priya.shift.wrap_up()
    room.advance(100)
    priya.shift.wrap_up(120)
    room.advance(60)
    assert words(priya, "priya.raman") == "Wrap-up"
    room.advance(61)
    assert words(priya, "priya.raman") == "Ready"
    priya.shift.wrap_up()
    priya.shift.say(WorkerState.AVAILABLE)
    assert priya.shift.wrap_up_until is None


def test_signing_out_with_work_in_hand_needs_a_named_taker_who_gets_all_of_it(room: Room) -> None:
    priya, tom, grace = room.console(PRIYA, "1001"), room.console(TOM, "1002"), room.console(GRACE, "1004")
    contact = priya.contacts.open()
    priya.note(contact, "still going on")
    incident = priya.incidents.ensure(contact)
    bed = priya.helps.draft(Draft(HelpKind.PLACEMENT, incident=incident))
    with pytest.raises(Refused, match="1 live incident, 1 unfinished contact, 1 open request"):
        priya.shift.sign_out()
    with pytest.raises(Refused, match="signed in"):
        priya.shift.sign_out("nobody.here")
    with pytest.raises(Refused, match="signed in"):
        priya.shift.sign_out("priya.raman")
    priya.shift.sign_out("tom.adeyemi")
    room.settle()
    assert words(grace, "priya.raman") == "not here"
    taken = tom.folds.contact(contact)
    assert taken is not None
    assert (taken.owner, taken.taken_from) == ("tom.adeyemi", "priya.raman")
    assert [line.text for line in taken.notes] == ["still going on"], "the taker reads all of it"
    request = tom.folds.help(bed)
    assert request is not None
    assert request.owner_name == "Tom Adeyemi"
    found = tom.folds.incident(incident)
    assert found is not None
    lead = found.holder(IncidentRole.LEAD)
    assert lead is not None
    assert lead.worker == "tom.adeyemi"
    assert found.member("priya.raman") is None


def test_with_nothing_in_hand_nobody_is_asked_for(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    assert not priya.shift.holding()
    priya.shift.sign_out()
    room.settle()
    assert priya.shift.me() is None
    with pytest.raises(Refused, match="not signed in"):
        priya.shift.say(WorkerState.BREAK)


def test_with_the_record_away_one_signs_in_here_and_takes_nobodys_extension(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    tom.shift.sign_out()
    room.settle()
    with room.record_away():
        room.advance(6)
        tom.shift.sign_in("1001", tom.outcomes.append)
        assert not tom.won(), "what is known here is still refused"
        tom.shift.sign_in("1002", tom.outcomes.append)
        assert tom.won()
        assert tom.outcomes[-1].in_doubt
        assert "on this computer only" in tom.outcomes[-1].sentence
        assert words(tom, "tom.adeyemi") == "Ready"
        assert words(priya, "tom.adeyemi") == "not here"
    room.advance(5)
    assert words(priya, "tom.adeyemi") == "Ready"
