"""Plans at work: set by a manager, read by whoever opened the record, asked for anew; and three calls open a review."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from console.domain.calls import CallOutcome
from console.domain.contacts import ContactState
from console.domain.people import NewPerson
from console.domain.plans import Limits, PlanWords, RiskNow
from console.domain.record import StreamKind, StreamRef
from console.domain.repeat_calls import REVIEW_TYPE, about_line, about_person, review_id
from console.services.contact_people import Chosen
from console.services.plans import Plans
from console.services.refusing import Refused
from console.services.writing import Outcome
from tests.helpers.night_room import HELEN, PRIYA, TOM, Console, Room
from tests.helpers.night_screens import LINE, NUMBER

KAYLEIGH = NewPerson("Orme", "Kayleigh", date(1992, 2, 19), e164="+447700900412")
PLAN = PlanWords(
    "Name the day's plan back to her.", "Being passed on.", "Fifteen minutes.", "Adults' team north",
    date(2027, 2, 1), "K Orme and R Calder",
)  # fmt: skip


class Shift:
    """Priya and Tom answer, Helen manages; everything on one record with manual time."""

    def __init__(self) -> None:
        self.room = Room()
        self.priya, self.tom = self.room.console(PRIYA, "1001"), self.room.console(TOM, "1002")
        self.helen = self.room.console(HELEN, "1003")
        self.person = self.tom.people.create(None, KAYLEIGH)
        self.room.settle()
        self._calls = 0

    def plans(self, console: Console) -> Plans:
        """Return a worker's plans."""
        return Plans(console.recorder, console.folds, console.backfill, self.room.clock)

    def opened(self, console: Console, person: UUID | None = None) -> Plans:
        """Return a worker's plans with a person's record open."""
        wanted, plans = person or self.person, self.plans(console)
        self.room.store.open(console.who, self.room.store.ask_open(console.who, wanted, "to look"))
        plans.opened(wanted)
        return plans

    def planned(self) -> None:
        """Let Helen write a plan."""
        self.opened(self.helen).write(self.person, PLAN, None)
        self.room.settle()

    def answered(self, number: str = NUMBER, extension: str = "1001") -> str:
        """Let a call come in and be answered; return it."""
        self._calls += 1
        call = f"c{self._calls}"
        self.room.rings(call, number, LINE, "1001", "1002")
        self.room.advance(2)
        self.room.answers(call, extension)
        self.room.advance(1)
        return call

    def over(self, call: str) -> None:
        """Let the call end and Priya put its record aside."""
        contact = self.priya.contact
        self.room.ends(call)
        self.priya.contacts.keep(contact)
        self.room.advance(1)

    def rang(self, source: str = "1C", *, confirmed: bool = True, number: str = NUMBER) -> UUID:
        """Let Kayleigh ring Priya from first to last; return the record."""
        call = self.answered(number)
        contact = self.priya.contact
        self.priya.people.choose(contact, Chosen(self.person, "ORME, Kayleigh", KAYLEIGH.born))
        if confirmed:
            self.priya.people.confirm(contact, self.person, "name")
        self.priya.contacts.set_field(contact, "source_code", source)
        self.room.store.open(PRIYA, self.room.store.ask_open(PRIYA, self.person, "on the line"))
        self.over(call)
        return contact

    def unknown(self, number: str = NUMBER) -> None:
        """Let somebody whom nobody knows ring Priya from first to last."""
        self.over(self.answered(number))

    def rings_off(self, number: str = NUMBER) -> None:
        """Let a call come in that nobody answers."""
        self._calls += 1
        call = f"c{self._calls}"
        self.room.rings(call, number, LINE, "1001", "1002")
        self.room.advance(2)
        self.room.ends(call, CallOutcome.ABANDONED)
        self.room.advance(1)

    def days(self, count: float) -> None:
        """Let days pass at once: nobody writes in them."""
        self.room.clock.set_wall(self.room.clock.now() + timedelta(days=count))

    def reviews(self) -> list[ContactState]:
        """Return the reviews that Priya's console knows of."""
        return [one for one in self.priya.folds.contacts() if one.channel == "review"]


@pytest.fixture
def shift() -> Iterator[Shift]:
    made = Shift()
    yield made
    made.room.close()


# --- a plan -----------------------------------------------------------------------------------


def test_a_manager_sets_a_plan_and_words_it_anew_and_ends_it_and_all_of_it_stays(shift: Shift) -> None:
    plans = shift.opened(shift.helen)
    shift.planned()
    first = plans.of(shift.person)
    assert first is not None
    plans.write(shift.person, replace(PLAN, limits="Ten minutes."), first.head)
    second = plans.of(shift.person)
    assert second is not None
    plans.review(shift.person, date(2027, 5, 1), "It works.", second.head)
    third = plans.of(shift.person)
    assert third is not None
    plans.end(shift.person, "She no longer rings.", third.head)
    last = plans.of(shift.person)
    assert last is not None
    assert not last.standing
    assert [one.words.limits for one in last.versions] == ["Fifteen minutes.", "Ten minutes.", *["Ten minutes."] * 2]
    assert plans.shown(shift.person, None) is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (replace(PLAN, helps=" "), "what helps"),
        (replace(PLAN, owner=" "), "who owns"),
        (replace(PLAN, agreed_by=""), "who agreed"),
        (replace(PLAN, review_on=None), "next review"),
        (replace(PLAN, review_on=date(2026, 11, 30)), "today or later"),
        (replace(PLAN, review_on=date(2028, 1, 1)), "twelve months"),
    ],
)
def test_a_plan_that_lacks_something_is_refused_in_words(shift: Shift, words: PlanWords, why: str) -> None:
    plans = shift.opened(shift.helen)
    with pytest.raises(Refused, match=why):
        plans.write(shift.person, words, None)
    assert plans.of(shift.person) is None


def test_whoever_is_no_manager_sets_none(shift: Shift) -> None:
    with pytest.raises(Refused, match="set by a manager"):
        shift.opened(shift.priya).write(shift.person, PLAN, None)


def test_a_change_over_what_has_moved_is_refused_and_its_words_stay(shift: Shift) -> None:
    plans = shift.opened(shift.helen)
    shift.planned()
    with pytest.raises(Refused, match="your words stay"):
        plans.write(shift.person, replace(PLAN, limits="None."), None)
    shown = plans.shown(shift.person, None)
    assert shown is not None
    assert shown.plan.words == PLAN


def test_a_console_that_has_not_opened_the_record_knows_that_a_plan_stands_and_no_word(shift: Shift) -> None:
    shift.planned()
    plans = shift.plans(shift.priya)
    plans.want(shift.person)
    assert plans.has(shift.person)
    before = plans.of(shift.person)
    assert before is not None
    assert before.words is None
    now = shift.opened(shift.priya).of(shift.person)
    assert now is not None
    assert now.words == PLAN


def test_the_answer_is_one_contacts_and_both_workers_see_it_and_the_next_contact_asks_anew(shift: Shift) -> None:
    shift.planned()
    shift.answered()
    priya, tom = shift.opened(shift.priya), shift.opened(shift.tom)
    contact = shift.priya.folds.contact(shift.priya.contact)
    assert contact is not None
    shift.priya.people.choose(contact.id, Chosen(shift.person, "ORME, Kayleigh"))
    shift.priya.pair.need_second(contact.id)
    shift.room.settle()
    shift.tom.pair.accept(shift.tom.pair.waiting_summons()[0], shift.tom.outcomes.append)
    shift.room.settle()

    def limits(plans: Plans, console: Console, of: UUID) -> Limits | None:
        shown = plans.shown(shift.person, console.folds.contact(of))
        return shown.limits.limits if shown is not None and shown.limits is not None else None

    assert limits(priya, shift.priya, contact.id) is Limits.ASK
    tom.answer(contact, shift.person, RiskNow.NOT_AT_RISK)
    shift.room.settle()
    for plans, console in ((priya, shift.priya), (tom, shift.tom)):
        assert limits(plans, console, contact.id) is Limits.APPLY
    held = shift.priya.folds.contact(contact.id)
    assert held is not None
    assert held.asked[0].by == TOM.worker
    shift.room.ends("c1")
    call = shift.answered()
    assert limits(priya, shift.priya, shift.priya.contact) is Limits.ASK
    shift.room.ends(call)


def test_nobody_is_asked_for_a_plan_that_is_not_there(shift: Shift) -> None:
    shift.answered()
    contact = shift.priya.folds.contact(shift.priya.contact)
    assert contact is not None
    with pytest.raises(Refused, match="no plan"):
        shift.opened(shift.priya).answer(contact, shift.person, RiskNow.AT_RISK)


# --- three in thirty --------------------------------------------------------------------------


def test_the_third_call_of_a_line_whose_caller_nobody_knows_opens_one_review_that_nobody_owns(shift: Shift) -> None:
    shift.unknown()
    shift.rings_off()
    shift.days(12)
    assert shift.reviews() == []
    shift.unknown()
    (review,) = shift.reviews()
    assert (review.id, review.type, review.owner) == (review_id(about_line("+447700900412"), 0), REVIEW_TYPE, "")
    assert review.subject is None, "a number determines no person"
    assert "3 calls within 30 days from 07700 900412. Who rings is not known." in review.value("summary")
    shift.unknown()
    assert len(shift.reviews()) == 1, "it stands: the fourth call opens no other"


def test_calls_that_nobody_answered_count_and_may_be_the_third(shift: Shift) -> None:
    for _ in range(3):
        shift.rings_off()
    assert len(shift.reviews()) == 1


def test_withheld_numbers_are_never_one_line(shift: Shift) -> None:
    for _ in range(4):
        shift.unknown("")
        shift.rings_off("")
    assert shift.reviews() == []


def test_calls_of_different_lines_are_not_added_up(shift: Shift) -> None:
    for number in ("07700900412", "07700900413", "07700900414", "07700900412"):
        shift.unknown(number)
    assert shift.reviews() == []


def test_the_third_call_of_a_person_opens_a_review_of_theirs_and_none_of_the_line(shift: Shift) -> None:
    for _ in range(3):
        shift.rang()
        shift.days(9)
    (review,) = shift.reviews()
    assert review.id == review_id(about_person(shift.person), 0)
    assert review.subject is not None
    assert (review.subject.person, review.subject.how) == (shift.person, "review")
    assert "3 calls within 30 days from this person." in review.value("summary")
    assert (review.value("authority"), review.value("service")) == ("hampshire", "adults")


def test_a_person_who_rings_from_three_telephones_is_one_person(shift: Shift) -> None:
    for number in ("07700900412", "07700900413", ""):
        shift.rang(number=number)
    assert [one.id for one in shift.reviews()] == [review_id(about_person(shift.person), 0)]


def test_calls_about_somebody_and_a_person_who_is_not_confirmed_count_for_nothing(shift: Shift) -> None:
    for _ in range(3):
        shift.rang("6")
    for _ in range(3):
        shift.rang(confirmed=False)
    assert shift.reviews() == []


def test_the_review_is_taken_and_finished_and_only_then_three_further_calls_open_another(shift: Shift) -> None:
    for _ in range(3):
        shift.rang()
    (review,) = shift.reviews()
    won: list[Outcome] = []
    shift.helen.contacts.take(review.id, won.append)
    shift.room.settle()
    shift.helen.backfill.want(StreamRef(StreamKind.CONTACT, review.id))
    assert won[-1].won
    filled = {"safe_now": "Safe; nobody else at home.", "came_of_it": "plan_written"}
    for name, value in filled.items():
        shift.helen.contacts.set_field(review.id, name, value)
    assert shift.helen.contacts.complete(review.id) == ()
    shift.room.settle()
    shift.days(1)
    shift.rang()
    shift.rang()
    assert len(shift.reviews()) == 1
    shift.rang()
    assert {one.id for one in shift.reviews()} == {review_id(about_person(shift.person), turn) for turn in (0, 1)}


def test_two_consoles_that_saw_the_same_calls_open_one_review(shift: Shift) -> None:
    for _ in range(3):
        shift.rings_off()
    (review,) = shift.reviews()
    opened = [
        item for item in shift.priya.ledger.items(StreamRef(StreamKind.CONTACT, review.id)) if item.slot == "review"
    ]
    assert len(opened) == 1
    assert shift.tom.told == shift.priya.told == []


def test_what_could_not_be_counted_while_the_record_was_away_is_counted_when_it_is_back(shift: Shift) -> None:
    shift.unknown()
    shift.unknown()
    call = shift.answered()
    contact = shift.priya.contact
    with shift.room.record_away():
        shift.room.ends(call)
        shift.priya.contacts.keep(contact)
        shift.room.advance(1)
        assert shift.reviews() == []
    assert len(shift.reviews()) == 1


def test_a_review_names_nobody_in_lists_and_logs(shift: Shift, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            shift.rang()
    helen = shift.helen
    helen.board.watch(lambda _: None)
    shift.room.advance(2)
    (card,) = [one for one in helen.board.work() if one.type == REVIEW_TYPE]
    assert (card.owner, card.line) == ("", "Hampshire adults")
    said = f"{card!r} {' '.join(record.getMessage() for record in caplog.records)} {' '.join(helen.told)}"
    assert "Orme" not in said
    assert "900412" not in said
    unread = helen.folds.contact(card.id)
    assert unread is not None
    assert unread.subject is None, "whoever has not taken it does not read whom it is about"
