"""Delivered and seen: what the other console says of itself, with no entry in the record for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.incidents import IncidentRole
from console.domain.receipts import HELD, Receipt
from console.domain.record import SeenMark, StreamKind, StreamRef
from console.domain.signals import SignalKind
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Console, Room


class Pairs:
    """Priya on the line with Tom; Grace free, Helen the duty manager."""

    def __init__(self) -> None:
        self.room = Room()
        self.priya, self.tom = self.room.console(PRIYA, "1001"), self.room.console(TOM, "1002")
        self.grace, self.helen = self.room.console(GRACE, "1003"), self.room.console(HELEN)
        self.contact = self.priya.contacts.open(dialled="01632960001")
        self.priya.pair.need_second(self.contact)
        self.room.settle()
        self.tom.pair.accept(self.tom.pair.waiting_summons()[0], self.tom.outcomes.append)
        self.room.advance(2)

    @property
    def stream(self) -> StreamRef:
        """Return the signals of the incident."""
        return StreamRef(StreamKind.SIGNALS, self.priya.folds.incidents()[0].id)

    def words(self, console: Console) -> str:
        """Return what is said of the newest signal of a console."""
        return console.receipts.signals(self.contact)[-1].words

    def line(self, console: Console) -> Receipt:
        """Return what is known of the newest line of a console."""
        lines = console.folds.signals_of_incident(console.folds.incidents()[0]).messages
        return console.receipts.line(next(one for one in reversed(lines) if one.author == console.who.worker))

    def marks(self) -> dict[str, int]:
        """Return who says to hold the record up to where."""
        return {mark.worker: mark.seq for mark in self.room.store.seen([HELD])}


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    made = Pairs()
    yield made
    made.room.close()


def test_only_those_it_is_meant_for_say_that_they_have_it_and_the_record_grows_by_one(pairs: Pairs) -> None:
    before = pairs.room.store.heartbeat().head.seq
    pairs.priya.pair.signal(pairs.contact, SignalKind.GET_POLICE)
    pairs.room.advance(1)
    head = pairs.room.store.heartbeat().head.seq

    assert head == before + 1, "a receipt is no entry"
    assert pairs.marks() == {TOM.worker: head}
    assert pairs.words(pairs.priya) == "delivered"


def test_a_signal_for_managers_is_delivered_to_the_partner_and_the_manager(pairs: Pairs) -> None:
    pairs.priya.pair.signal(pairs.contact, SignalKind.I_AM_AT_RISK)
    pairs.room.advance(1)

    assert set(pairs.marks()) == {TOM.worker, HELEN.worker}
    assert set(pairs.priya.receipts.signals(pairs.contact)[-1].receipt.delivered_to) == {TOM.worker, HELEN.worker}


def test_what_a_bystander_holds_does_not_count(pairs: Pairs) -> None:
    pairs.room.consoles.remove(pairs.tom)
    pairs.priya.pair.signal(pairs.contact, SignalKind.GET_POLICE)
    head = pairs.room.store.heartbeat().head.seq
    pairs.room.store.mark_seen(GRACE, [SeenMark(GRACE.worker, HELD, head), SeenMark(GRACE.worker, pairs.stream, head)])
    pairs.room.advance(3)

    assert pairs.words(pairs.priya) == "not seen: signal by hand"


def test_lines_and_answers_go_the_other_way_just_the_same(pairs: Pairs) -> None:
    pairs.priya.pair.signal(pairs.contact, SignalKind.GET_POLICE)
    pairs.room.advance(1)
    signal = pairs.priya.receipts.signals(pairs.contact)[-1].signal
    pairs.room.consoles.remove(pairs.priya)
    pairs.tom.pair.say(pairs.contact, "Police 6 min, back door")
    pairs.tom.pair.answer(pairs.stream, signal.entry, "Asking now")
    pairs.room.advance(3)
    answered = pairs.tom.folds.signals_of_incident(pairs.tom.folds.incidents()[0]).signals[-1]
    answer = pairs.tom.receipts.answer(answered)
    assert answer is not None
    now = pairs.room.clock.now()
    assert answer.words(now) == pairs.line(pairs.tom).words(now) == "not seen: signal by hand"

    pairs.room.consoles.append(pairs.priya)
    pairs.room.advance(1)
    now = pairs.room.clock.now()
    answer = pairs.tom.receipts.answer(answered)
    assert answer is not None
    assert (answer.words(now), pairs.line(pairs.tom).words(now)) == ("delivered", "delivered")
    assert pairs.priya.receipts.answer(answered) is None, "it is not Priya's answer"

    pairs.room.sees(pairs.priya, pairs.stream)
    assert pairs.line(pairs.tom).words(pairs.room.clock.now()).startswith("seen 22:")


def test_after_a_restart_it_is_known_that_it_was_seen_and_not_when(pairs: Pairs) -> None:
    pairs.priya.pair.signal(pairs.contact, SignalKind.GET_POLICE)
    pairs.room.advance(1)
    pairs.room.sees(pairs.tom, pairs.stream)
    pairs.room.consoles.remove(pairs.priya)
    again = pairs.room.console(PRIYA, "1001")
    pairs.room.advance(1)

    assert again.receipts.signals(pairs.contact)[-1].seen_by == (TOM.worker,)
    assert pairs.words(again).startswith("seen")


def test_a_mark_that_found_the_record_away_is_made_when_it_is_back(pairs: Pairs) -> None:
    pairs.priya.pair.signal(pairs.contact, SignalKind.GET_POLICE)
    with pairs.room.record_away():
        pairs.room.advance(4)
        gone = pairs.priya.pair.signal(pairs.contact, SignalKind.CALLER_GONE)
        pairs.room.advance(4)
        assert pairs.words(pairs.priya) == "not seen: signal by hand"
    pairs.room.advance(6)

    assert pairs.priya.receipts.signals(pairs.contact)[-1].signal.entry == gone
    assert pairs.words(pairs.priya).startswith("delivered")


def test_many_signals_at_once_cost_few_marks(pairs: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = pairs.room.store.mark_seen

    def counted(who: object, marks: list[SeenMark]) -> None:
        made.extend(mark.seq for mark in marks if mark.stream == HELD)
        real(who, marks)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(pairs.room.store, "mark_seen", counted)  # counts the calls of the real store
    for _ in range(20):
        pairs.priya.pair.signal(pairs.contact, SignalKind.GET_POLICE)
        pairs.room.settle()
    pairs.room.advance(2)

    assert len(made) == 2, "the first at once, the last after the rest"
    assert pairs.marks()[TOM.worker] == pairs.room.store.heartbeat().head.seq


def test_a_signal_that_waits_goes_with_the_seat_it_was_sent_to(pairs: Pairs) -> None:
    pairs.priya.pair.signal(pairs.contact, SignalKind.GET_POLICE)
    pairs.room.advance(1)
    pairs.room.sees(pairs.tom, pairs.stream)
    assert pairs.words(pairs.priya).startswith("seen")
    incident = pairs.priya.folds.incidents()[0].id
    pairs.grace.pair.observe(incident)
    pairs.room.settle()
    pairs.room.consoles.remove(pairs.grace)
    seat = IncidentRole.COORDINATOR
    pairs.tom.night.seats.hand_over(incident, seat, GRACE.worker, pairs.tom.outcomes.append)
    pairs.room.advance(4)
    assert pairs.tom.won()
    assert pairs.words(pairs.priya) == "not seen: signal by hand", "Tom saw it, and it is Grace who would act on it"

    pairs.room.consoles.append(pairs.grace)
    pairs.room.advance(2)
    assert pairs.priya.receipts.signals(pairs.contact)[-1].receipt.delivered_to == (GRACE.worker,)
    assert pairs.words(pairs.priya) == "delivered"

    pairs.room.sees(pairs.grace, pairs.stream)
    pairs.room.advance(1)
    receipt = pairs.priya.receipts.signals(pairs.contact)[-1].receipt
    assert receipt.seen_by == (GRACE.worker,)
    assert receipt.seen_at is not None
    assert pairs.words(pairs.priya).startswith("seen 22:")


def test_what_was_answered_before_the_seat_changed_hands_stays_with_who_answered(pairs: Pairs) -> None:
    pairs.priya.pair.signal(pairs.contact, SignalKind.GET_POLICE)
    pairs.room.advance(1)
    pairs.room.sees(pairs.tom, pairs.stream)
    signal = pairs.priya.receipts.signals(pairs.contact)[-1].signal
    pairs.tom.pair.answer(pairs.stream, signal.entry, "Asking now")
    incident = pairs.priya.folds.incidents()[0].id
    pairs.tom.pair.leave(incident, pairs.tom.outcomes.append)
    pairs.grace.pair.join_as_coordinator(incident, pairs.grace.outcomes.append)
    pairs.room.advance(1)
    assert pairs.words(pairs.priya) == "Asking now"
    assert pairs.priya.receipts.signals(pairs.contact)[-1].seen_by == (TOM.worker,)
