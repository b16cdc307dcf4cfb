"""The shift: one worker an extension, pause and state in step both ways, nothing left behind at sign-out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from console.domain.call_events import AgentPaused, LinkChanged, LinkState, SnapshotTaken
from console.domain.help_kinds import HelpKind
from console.domain.incidents import IncidentRole
from console.domain.shifts import WorkerState
from console.ports.switchboard import IN_NO_QUEUE, Act, ActionAnswer, Answer
from console.services.help_ledger import Draft
from console.services.own_telephone import OwnTelephone
from console.services.refusing import Refused
from console.services.shift_desk import AGAIN, TRIES, ShiftDesk, said_by_pause
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


def test_an_own_sign_in_that_came_between_is_nobody_elses(room: Room) -> None:
    """What a worker signed in with while the record was away is sent just as the worker signs in again."""
    first, again = room.console(PRIYA, "1001"), room.console(PRIYA, "1001")
    first.shift.sign_in("1009", first.outcomes.append)
    again.shift.sign_in("1009", again.outcomes.append)
    assert first.won()
    room.settle()
    room.alarm.advance(AGAIN)
    room.settle()
    assert again.won(), again.outcomes[-1].sentence
    assert "in use" not in " ".join(one.sentence for one in again.outcomes)


def an_own_sign_in_came_first(room: Room) -> tuple[Console, Console]:
    """Return the console it was written at, and the one that waits until it has been read."""
    first, again = room.console(PRIYA, "1001"), room.console(PRIYA, "1001")
    first.shift.sign_in("1009", first.outcomes.append)
    again.outcomes.clear()
    again.shift.sign_in("1009", again.outcomes.append)
    assert again.outcomes == []
    return first, again


def test_a_sign_in_that_never_goes_through_is_said_and_not_asked_for_ever(room: Room) -> None:
    first, again = an_own_sign_in_came_first(room)
    for _ in range(TRIES):
        # Another console of this worker signs in each time just before.
        room.settle()
        first.shift.sign_in("1009", first.outcomes.append)
        assert again.outcomes == []
        room.alarm.advance(AGAIN)
    (said,) = again.outcomes
    assert not said.won
    assert "You are not signed in; nothing is lost" in said.sentence
    room.settle()
    room.alarm.advance(60)
    assert len(again.outcomes) == 1, "it is asked no more"


@pytest.mark.parametrize("gives_up", [lambda shift: shift.asking.cancel(), lambda shift: shift.sign_out()])
def test_a_seat_that_is_given_up_asks_no_more(room: Room, gives_up: Callable[[ShiftDesk], None]) -> None:
    _, again = an_own_sign_in_came_first(room)
    gives_up(again.shift)
    room.settle()
    room.alarm.advance(60)
    room.settle()
    assert again.outcomes == []


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


def acts(console: Console) -> list[Act]:
    """Return what was asked of a worker's switchboard, in order."""
    return [one.act for one in console.switchboard.asked]


def phones_lost(room: Room) -> None:
    """Take the telephones away for a minute."""
    room.hears(LinkChanged(room.clock.now(), LinkState.LOST, "The telephones are away."))
    room.advance(60)


def phones_back(room: Room, *told: AgentPaused, boot: str = "night") -> None:
    """Bring them back, with what a snapshot tells after it."""
    now = room.clock.now()
    room.hears(LinkChanged(now, LinkState.CONNECTED, boot=boot), SnapshotTaken(now, frozenset()), *told)


def test_what_was_said_while_the_telephones_were_away_is_told_to_the_telephone_when_they_are_back(room: Room) -> None:
    priya, helen = room.console(PRIYA, "1001"), room.console(HELEN)
    room.advance(2)
    priya.shift.toggle_ready()
    room.hears(AgentPaused(room.clock.now(), "1001", "oohs", paused=True, reason="Away"))
    phones_lost(room)
    priya.shift.toggle_ready()
    assert acts(priya) == [Act.UNPAUSE, Act.PAUSE]
    phones_back(room, AgentPaused(room.clock.now(), "1001", "oohs", paused=True, reason="Away"))
    room.advance(3)
    assert acts(priya) == [Act.UNPAUSE, Act.PAUSE, Act.UNPAUSE]
    assert words(priya, "priya.raman") == words(helen, "priya.raman") == "Ready"
    assert priya.told == [], "that the telephones are away is said elsewhere"


def test_a_pause_set_on_the_telephone_while_the_telephones_were_away_is_followed(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.advance(2)
    phones_lost(room)
    phones_back(room, AgentPaused(room.clock.now(), "1001", "oohs", paused=True, reason="Take five"))
    room.advance(3)
    assert words(priya, "priya.raman") == "Take five"
    assert acts(priya) == [Act.UNPAUSE]


def test_a_switchboard_that_forgot_a_pause_is_told_again_and_nobody_is_written_ready(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    room.advance(2)
    priya.shift.say(WorkerState.VISIT, "alone")
    room.hears(AgentPaused(room.clock.now(), "1001", "oohs", paused=True, reason="alone"))
    for boot in ("second", "third"):
        phones_lost(room)
        before = len(acts(priya))
        phones_back(room, AgentPaused(room.clock.now(), "1001", "oohs", paused=False), boot=boot)
        assert acts(priya)[before:] == [Act.PAUSE]
        room.hears(AgentPaused(room.clock.now(), "1001", "oohs", paused=True, reason="alone"))
        room.advance(3)
    assert words(priya, "priya.raman") == words(tom, "priya.raman") == "Visit"
    assert len([one for one in room.store.envelopes(0) if one.slot == "worker:priya.raman"]) == 1


def test_a_telephone_that_was_not_paused_or_taken_back_is_said_once_in_words(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    priya.switchboard.reply = ActionAnswer(Answer.REFUSED, "Interface not found.")
    for _ in range(2):
        priya.shift.toggle_ready()
        priya.shift.toggle_ready()
    rings, silent = priya.told
    assert "may still ring here" in rings
    assert "may not ring here" in silent
    assert all("Interface not found." in one for one in priya.told)
    phones_lost(room)
    priya.switchboard.reply = ActionAnswer(Answer.ACCEPTED)
    phones_back(room)
    assert acts(priya)[-1] is Act.UNPAUSE, "what was refused is asked once more"
    priya.switchboard.reply = ActionAnswer(Answer.REFUSED, "Interface not found.")
    priya.shift.toggle_ready()
    assert priya.told[2:] == [rings]


def test_an_answer_to_what_is_no_longer_wanted_settles_nothing(room: Room) -> None:
    asked: list[tuple[bool, Callable[[ActionAnswer], None]]] = []
    told: list[str] = []
    telephone = OwnTelephone(room.alarm, lambda paused, _, then: asked.append((paused, then)), told.append)
    telephone.link(connected=True)
    telephone.ask(paused=True)
    telephone.ask(paused=False)
    (_, first), (_, second) = asked
    second(ActionAnswer(Answer.NO_ANSWER))
    first(ActionAnswer(Answer.ACCEPTED))
    telephone.take_up(paused=False, reason="")
    assert [paused for paused, _ in asked] == [True, False, False], "it is still owed to take calls again"
    assert len(told) == 1


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
    priya.shift.wrap_up()
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


def sign_in_here(room: Room, console: Console, extension: str) -> None:
    """Sign in once more, now that the record is known to be away."""
    room.advance(6)
    console.shift.sign_in(extension, console.outcomes.append)
    assert console.won()
    assert console.outcomes[-1].in_doubt


def test_an_extension_taken_while_the_record_was_away_is_given_back_to_who_holds_it(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    with room.record_away():
        tom = room.console(TOM, "1001")
        sign_in_here(room, tom, "1001")
    room.advance(5)
    lost = tom.outcomes[-1]
    assert (lost.won, lost.by) == (False, "priya.raman")
    assert "1001 is in use by Priya Raman" in lost.sentence
    holder = tom.shift.shift().holder("1001")
    assert holder is not None
    assert holder.worker == "priya.raman"
    assert words(priya, "tom.adeyemi") == "Ready", "he is at work all the same"


def test_of_two_who_took_one_extension_while_the_record_was_away_one_keeps_it(room: Room) -> None:
    with room.record_away():
        tom, grace = room.console(TOM, "1009"), room.console(GRACE, "1009")
        sign_in_here(room, tom, "1009")
        sign_in_here(room, grace, "1009")
        told = [len(one.outcomes) for one in (tom, grace)]
    room.advance(5)
    kept, lost = (tom, grace) if len(tom.outcomes) == told[0] else (grace, tom)
    assert kept.won()
    assert (lost.outcomes[-1].won, lost.outcomes[-1].by) == (False, kept.who.worker)
    assert words(kept, lost.who.worker) == "Ready", "both are at work"


def test_an_extension_that_nobody_else_holds_is_kept_without_a_word(room: Room) -> None:
    with room.record_away():
        tom = room.console(TOM, "1002")
        sign_in_here(room, tom, "1002")
        told = len(tom.outcomes)
    room.advance(5)
    me = tom.shift.me()
    assert me is not None
    assert me.extension == "1002"
    assert len(tom.outcomes) == told


def test_a_telephone_that_was_refused_is_known_until_it_takes_something(room: Room) -> None:
    answers = [ActionAnswer(Answer.REFUSED, "It knows no extension 99."), ActionAnswer(Answer.ACCEPTED)]
    told: list[str] = []
    own = OwnTelephone(room.alarm, lambda _paused, _reason, then: then(answers.pop(0)), told.append)
    own.link(connected=True)
    own.ask(False)
    assert own.refused
    assert "extension 99" in told[0]
    own.ask(False)
    assert not own.refused


@pytest.mark.parametrize(
    ("in_queues", "paused", "told"),
    [(False, False, False), (False, True, False), (True, True, False), (True, False, True)],
)
def test_of_a_telephone_in_no_queue_only_whoever_should_be_called_there_is_told(
    room: Room, in_queues: bool, paused: bool, told: bool
) -> None:
    said: list[str] = []
    answer = ActionAnswer(Answer.REFUSED, IN_NO_QUEUE)
    own = OwnTelephone(room.alarm, lambda _paused, _reason, then: then(answer), said.append, in_queues=in_queues)
    own.link(connected=True)
    own.ask(paused)
    assert (bool(said), own.refused) == (told, told)
    assert all("calls may not ring here" in one and IN_NO_QUEUE in one for one in said)


def test_a_manager_may_sit_at_a_telephone_in_no_queue_without_a_word_of_it(room: Room) -> None:
    helen, tom = room.console(HELEN, "1003"), room.console(TOM, "1002")
    for console in (helen, tom):
        console.switchboard.reply = ActionAnswer(Answer.REFUSED, IN_NO_QUEUE)
        console.shift.toggle_ready()
        console.shift.toggle_ready()
    room.settle()
    assert helen.told == []
    assert len(tom.told) == 1
    assert "calls may not ring here" in tom.told[0]
