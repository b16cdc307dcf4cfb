"""Two on one request: what each reads of what was told, and what both hear where both sent it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from console.domain.help_kinds import HelpKind, HelpState
from console.domain.help_requests import HelpRequest
from console.domain.record import Kind, StreamKind
from console.domain.timeline import timeline
from console.services.help_ledger import Draft
from console.services.help_watch import HelpWatch
from console.services.refusing import Refused
from tests.helpers.night_room import GRACE, PRIYA, TOM, Console, Room

TAKEN = "40 paracetamol, Marcus says"


class Two:
    """Priya and Tom in one incident with an ambulance drafted for it; Grace is in none."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.priya, self.tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
        self.grace = room.console(GRACE, "1004")
        contact = self.priya.contacts.open(dialled="01632960001")
        self.priya.pair.need_second(contact)
        room.settle()
        self.tom.pair.accept(self.tom.pair.waiting_summons()[0], self.tom.outcomes.append)
        room.settle()
        self.incident = self.tom.folds.incidents()[0].id
        self.asked: UUID = self.tom.helps.draft(Draft(HelpKind.AMBULANCE, incident=self.incident))
        room.settle()
        self.told: dict[str, list[str]] = {}
        for one in (self.priya, self.tom, self.grace):
            said = self.told.setdefault(one.who.worker, [])
            one.ledger.subscribe(HelpWatch(one.who.worker, one.folds, said.append).record_changed)

    def request(self, console: Console) -> HelpRequest:
        """Return the request as a console has it."""
        found = console.folds.help(self.asked)
        assert found is not None
        return found

    def lines(self, console: Console) -> str:
        """Return the timeline's words about the request."""
        incident = console.folds.incident(self.incident)
        return "\n".join(
            line.text
            for line in timeline(incident, helps=[self.request(console)])
            if line.stream is not None and line.stream.kind is StreamKind.HELP
        )


@pytest.fixture
def two() -> Iterator[Two]:
    room = Room()
    yield Two(room)
    room.close()


# --- what was told -------------------------------------------------------------------------------


def test_what_was_told_is_read_in_words_by_the_two_and_as_a_number_by_the_shift(two: Two) -> None:
    two.tom.helps.send(two.asked)
    two.priya.incidents.fact(two.incident, "taken", TAKEN, "caller_stated")
    two.room.advance(5)
    two.priya.incidents.hazard(two.incident, "A dog in the car", "caller_stated")
    two.room.settle()
    told = two.tom.follow_up.untold(two.request(two.tom))
    two.tom.follow_up.passed(two.asked, [one.entry for one in told], "J Okafor")
    two.room.settle()
    for console in (two.priya, two.tom):
        assert f"Told: Taken: {TAKEN}; A dog in the car" in two.lines(console)
    assert "Told of 2 changes" in two.lines(two.grace)
    (passed,) = (one.id for one in two.room.store.envelopes(0) if one.kind is Kind.HELP_PASSED)
    (body,) = two.room.store.bodies(GRACE, [passed]).values()
    assert "paracetamol" not in body
    assert "dog" not in body


def test_what_was_told_keeps_its_words_when_another_value_stands(two: Two) -> None:
    two.tom.helps.send(two.asked)
    two.tom.incidents.fact(two.incident, "state", "Drowsy", "caller_stated")
    two.tom.follow_up.passed(two.asked, [one.entry for one in two.tom.follow_up.untold(two.request(two.tom))])
    two.tom.incidents.fact(two.incident, "state", "Awake", "caller_stated")
    assert "Told: " in two.lines(two.tom)
    assert "Drowsy" in two.lines(two.tom)
    assert "Awake" not in two.lines(two.tom)


def test_words_that_an_older_console_wrote_into_a_request_are_shown_to_nobody(two: Two) -> None:
    two.tom.helps.send(two.asked)
    stream = next(one.stream for one in two.room.store.envelopes(0) if one.stream.id == two.asked)
    body = {"entries": [str(two.incident)], "to": "J Okafor", "text": f"Told: Taken: {TAKEN}"}
    two.tom.recorder.record(two.tom.recorder.entry(Kind.HELP_PASSED, stream, body))
    two.room.settle()
    for console in (two.priya, two.grace):
        assert "Told of 1 change" in two.lines(console)
        assert "paracetamol" not in two.lines(console)


# --- who sent it ---------------------------------------------------------------------------------


def test_who_sends_what_was_sent_is_refused_and_the_clocks_go_on(two: Two) -> None:
    two.tom.helps.send(two.asked)
    two.room.advance(40)
    began = two.request(two.priya).sent_at
    with pytest.raises(Refused, match="sent already at .*chase it"):
        two.priya.helps.send(two.asked)
    two.room.settle()
    assert (two.request(two.tom).sent_at, two.request(two.tom).flagged) == (began, ())


@pytest.mark.parametrize("away", [False, True], ids=["at once", "cut off"])
def test_two_who_send_the_same_draft_both_hear_of_it_and_the_first_stands(two: Two, away: bool) -> None:
    if away:
        with two.room.record_away():
            two.tom.helps.send(two.asked)
            two.room.advance(3)
            two.priya.helps.send(two.asked, name="J Okafor")
    else:
        two.tom.helps.send(two.asked)
        two.priya.helps.send(two.asked, name="J Okafor")
    two.room.advance(12)
    made = [two.request(one) for one in (two.tom, two.priya, two.grace)]
    assert len({(one.sent_by, one.sent_at, one.state) for one in made}) == 1
    first = made[0].sent_by
    second = ({TOM.worker, PRIYA.worker} - {first}).pop()
    for one in made:
        assert one.state is HelpState.SENT
        assert [(news.by, "sent already" in news.refused) for news in one.flagged] == [(second, True)]
    names = {TOM.worker: TOM.name, PRIYA.worker: PRIYA.name}
    sentence = f"Ambulance was sent by two: {names[first]}, and then {names[second]}."
    for worker in (first, second):
        (said,) = two.told[worker]
        assert said.startswith(sentence)
    assert two.told[GRACE.worker] == []
    assert "It was sent already" in two.lines(two.tom)
