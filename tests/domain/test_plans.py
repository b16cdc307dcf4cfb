"""A plan for repeated calls: what stands of it, when its limits apply, and which calls open one for review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.contacts import ContactState, fold_contact
from console.domain.items import shared_item
from console.domain.plans import (
    Asking,
    Limits,
    LimitsNow,
    PersonPlan,
    PlanRules,
    PlanStep,
    RiskNow,
    fold_plan,
    limits_now,
    risk_answer,
)
from console.domain.record import Entry, Kind, Role, StreamKind, StreamRef, encode_body
from console.domain.repeat_calls import about_line, about_person, is_from, opens_review, review_id
from console.domain.rights import kind_right
from console.domain.timeline import timeline
from tests.helpers.items import TEN_PAST, Stream

RULES = PlanRules()
CALL, RISK = uuid4(), uuid4()
HERE = Asking(CALL, risk=RISK)
WORDS = {
    "helps": "Name the day's plan back to her.",
    "hinders": "Being passed on.",
    "limits": "Fifteen minutes, then ring back at 08:00.",
    "owner": "Adults' team north",
    "review_on": "2026-12-15",
    "agreed_by": "K Orme and R Calder",
}


class OnPerson:
    """The entries of one person's plan, as a manager writes them."""

    def __init__(self) -> None:
        self.stream = Stream(StreamKind.PERSON)

    def does(self, kind: Kind, body: Mapping[str, object], *, over: UUID | None = None, readable: bool = True) -> UUID:
        """Write one entry of the plan."""
        return self.stream.write(
            kind, body, slot="plan", replaces=over, author="helen.marsh", role=Role.DUTY_MANAGER, readable=readable
        )

    @property
    def plan(self) -> PersonPlan:
        """Return it."""
        found = fold_plan(self.stream.items)
        assert found is not None
        return found


def asked(plan: PersonPlan, *answers: tuple[str, float]) -> ContactState:
    """Return a contact in which it was asked, each time so many minutes after ten past."""
    stream = Stream(StreamKind.CONTACT)
    stream.write(Kind.CONTACT_OPENED, {"channel": "phone"}, seconds=0)
    for answer, minutes in answers:
        stream.at = TEN_PAST + timedelta(minutes=minutes)
        body = {"person": plan.person, "plan": plan.wording or "", "call": CALL, "risk": RISK, "answer": answer}
        stream.write(Kind.CONTACT_RISK_ASKED, body, slot=f"risk_asked:{plan.person}", seconds=0)
    found = fold_contact(stream.items)
    assert found is not None
    return found


def at(plan: PersonPlan, contact: ContactState, minutes: float = 0, asking: Asking = HERE) -> LimitsNow:
    """Return whether the limits apply so many minutes after ten past."""
    return limits_now(plan, contact.asked, asking, TEN_PAST + timedelta(minutes=minutes), RULES)


@pytest.fixture
def written() -> OnPerson:
    made = OnPerson()
    made.does(Kind.PERSON_PLAN, WORDS)
    return made


# --- what stands ------------------------------------------------------------------------------


def test_a_plan_is_what_was_written_last_and_every_version_keeps_its_author_and_time(written: OnPerson) -> None:
    first = written.plan.head
    written.does(Kind.PERSON_PLAN, WORDS | {"limits": "Ten minutes."}, over=first)
    reviewed = written.does(
        Kind.PERSON_PLAN_REVIEWED, {"review_on": "2027-02-01", "words": "It works."}, over=written.plan.head
    )
    plan = written.plan
    assert (plan.standing, plan.head, plan.at_once) == (True, reviewed, False)
    assert plan.words is not None
    assert (plan.words.limits, plan.words.review_on) == ("Ten minutes.", date(2027, 2, 1))
    assert [(one.step, one.by, one.words.limits) for one in plan.versions] == [
        (PlanStep.WRITTEN, "helen.marsh", WORDS["limits"]),
        (PlanStep.WRITTEN, "helen.marsh", "Ten minutes."),
        (PlanStep.REVIEWED, "helen.marsh", "Ten minutes."),
    ]
    assert plan.versions[-1].why == "It works."


def test_an_ended_plan_stands_no_more_and_can_be_written_again(written: OnPerson) -> None:
    ended = written.does(Kind.PERSON_PLAN_ENDED, {"words": "She no longer rings."}, over=written.plan.head)
    assert not written.plan.standing
    assert written.plan.versions[-1].why == "She no longer rings."
    written.does(Kind.PERSON_PLAN_REVIEWED, {"review_on": "2027-01-01"}, over=ended)
    assert not written.plan.standing, "a review begins nothing that was ended"
    written.does(Kind.PERSON_PLAN, WORDS, over=written.plan.head)
    assert written.plan.standing


def test_whoever_may_not_read_the_words_knows_that_a_plan_stands_and_no_word_of_it() -> None:
    person = OnPerson()
    person.does(Kind.PERSON_PLAN, WORDS, readable=False)
    plan = person.plan
    assert plan.standing
    assert plan.words is None
    assert plan.versions == ()
    assert at(plan, asked(plan)).limits is Limits.NONE
    person.does(Kind.PERSON_PLAN_ENDED, {}, readable=False)
    assert not person.plan.standing


def test_two_changes_made_at_once_are_both_kept_and_said(written: OnPerson) -> None:
    first = written.plan.head
    written.does(Kind.PERSON_PLAN, WORDS | {"limits": "Ten minutes."}, over=first)
    written.does(Kind.PERSON_PLAN, WORDS | {"limits": "No calls after two."}, over=first)
    assert written.plan.at_once
    assert [one.words.limits for one in written.plan.versions[-2:]] == ["Ten minutes.", "No calls after two."]
    written.does(Kind.PERSON_PLAN, WORDS, over=written.plan.head)
    assert not written.plan.at_once


def test_a_person_without_a_plan_has_none() -> None:
    assert fold_plan(()) is None
    person = Stream(StreamKind.PERSON)
    person.write(Kind.PERSON_LINE, {"e164": "+447700900412"})
    assert fold_plan(person.items) is None


@given(st.dictionaries(st.sampled_from([*WORDS, "words", "answer"]), st.none() | st.integers() | st.text(max_size=9)))
def test_no_foreign_body_breaks_the_fold(body: dict[str, object]) -> None:
    person = OnPerson()
    for kind in (Kind.PERSON_PLAN, Kind.PERSON_PLAN_REVIEWED, Kind.PERSON_PLAN_ENDED):
        person.does(kind, body)
    assert not person.plan.standing


def test_a_review_is_overdue_from_the_day_after(written: OnPerson) -> None:
    assert not written.plan.overdue(date(2026, 12, 15))
    assert written.plan.overdue(date(2026, 12, 16))


def test_only_a_manager_sets_a_plan_and_every_worker_records_an_answer() -> None:
    for kind in (Kind.PERSON_PLAN, Kind.PERSON_PLAN_REVIEWED, Kind.PERSON_PLAN_ENDED):
        assert kind_right(kind, Role.DUTY_MANAGER)
        assert not kind_right(kind, Role.SOCIAL_WORKER_ADULTS)
    assert kind_right(Kind.CONTACT_RISK_ASKED, Role.SERVICE_ADVISER)
    assert not kind_right(Kind.CONTACT_RISK_ASKED, Role.AUDITOR)


# --- when its limits apply --------------------------------------------------------------------


def test_nothing_applies_before_an_answer_stands_in_this_contact(written: OnPerson) -> None:
    assert at(written.plan, asked(written.plan)) == LimitsNow(Limits.ASK)


def test_only_not_at_risk_lets_the_limits_apply_and_says_until_when(written: OnPerson) -> None:
    contact = asked(written.plan, ("not_at_risk", 1))
    found = at(written.plan, contact, 20)
    assert found == LimitsNow(Limits.APPLY, contact.asked[0], TEN_PAST + timedelta(minutes=61))
    assert at(written.plan, asked(written.plan, ("could_not_ask", 1)), 2).limits is Limits.NOT_ASKED


def test_an_answer_grows_old_within_one_contact_and_is_asked_anew(written: OnPerson) -> None:
    contact = asked(written.plan, ("not_at_risk", 0))
    assert at(written.plan, contact, 60).limits is Limits.APPLY
    old = at(written.plan, contact, 61)
    assert (old.limits, old.answer) == (Limits.ASK, contact.asked[0])


@pytest.mark.parametrize("ahead", [120, 59, 0.2])
def test_an_answer_of_a_time_that_has_not_come_lets_no_limit_apply(written: OnPerson, ahead: float) -> None:
    assert at(written.plan, asked(written.plan, ("not_at_risk", ahead)), 0).limits is Limits.ASK


def test_two_clocks_that_the_record_put_right_may_differ_by_seconds(written: OnPerson) -> None:
    assert at(written.plan, asked(written.plan, ("not_at_risk", 0.05)), 0).limits is Limits.APPLY


def test_an_answer_from_a_clock_59_minutes_fast_holds_for_an_hour_from_when_it_was_shared(written: OnPerson) -> None:
    body = {"person": written.plan.person, "plan": written.plan.wording, "call": CALL, "answer": "not_at_risk"}
    contact, fast = StreamRef(StreamKind.CONTACT, uuid4()), TEN_PAST + timedelta(minutes=59)
    entry = Entry(
        uuid4(), contact, Kind.CONTACT_RISK_ASKED, "tom.reid", Role.SUPPORT_WORKER, "desk-2", fast, encode_body(body)
    )
    answer = risk_answer(shared_item(entry, 7, TEN_PAST))
    assert answer is not None
    for minutes, limits in ((0, Limits.APPLY), (60, Limits.APPLY), (61, Limits.ASK)):
        now = TEN_PAST + timedelta(minutes=minutes)
        assert limits_now(written.plan, [answer], Asking(CALL), now, RULES).limits is limits


@pytest.mark.parametrize(
    "asking", [Asking(uuid4(), risk=RISK), Asking(CALL, over=True, risk=RISK), Asking(CALL, risk=uuid4()), Asking(CALL)]
)
def test_what_was_answered_in_another_call_or_before_a_word_on_the_risk_is_asked_anew(
    written: OnPerson, asking: Asking
) -> None:
    contact = asked(written.plan, ("not_at_risk", 0))
    assert at(written.plan, contact, 1).limits is Limits.APPLY
    assert at(written.plan, contact, 1, asking) == LimitsNow(Limits.ASK, contact.asked[0])
    at_risk = asked(written.plan, ("at_risk", 0))
    assert at(written.plan, at_risk, 1, asking).limits is Limits.AT_RISK


def test_while_it_is_written_that_a_life_is_at_risk_no_answer_lets_the_limits_apply(written: OnPerson) -> None:
    standing = Asking(CALL, risk=RISK, at_risk=True)
    for answers in ((), (("not_at_risk", 0),), (("could_not_ask", 0),)):
        assert at(written.plan, asked(written.plan, *answers), 1, standing) == LimitsNow(Limits.RISK_STANDS)
    assert at(written.plan, asked(written.plan, ("at_risk", 0)), 1, standing).limits is Limits.AT_RISK


def test_who_was_at_risk_once_is_outside_the_limits_for_all_of_the_contact(written: OnPerson) -> None:
    contact = asked(written.plan, ("at_risk", 0), ("not_at_risk", 5))
    assert at(written.plan, contact, 6) == LimitsNow(Limits.AT_RISK, contact.asked[0])
    assert at(written.plan, contact, 600).limits is Limits.AT_RISK


def test_could_not_ask_is_followed_by_an_answer_as_soon_as_one_can_be_had(written: OnPerson) -> None:
    contact = asked(written.plan, ("could_not_ask", 0), ("not_at_risk", 5))
    assert at(written.plan, contact, 6).limits is Limits.APPLY


def test_an_answer_for_other_words_holds_no_more(written: OnPerson) -> None:
    contact = asked(written.plan, ("not_at_risk", 0))
    written.does(Kind.PERSON_PLAN, WORDS | {"limits": "Ten minutes."}, over=written.plan.head)
    assert at(written.plan, contact, 1).limits is Limits.ASK


def test_a_review_asks_nothing_anew(written: OnPerson) -> None:
    contact = asked(written.plan, ("not_at_risk", 0))
    written.does(Kind.PERSON_PLAN_REVIEWED, {"review_on": "2027-01-01", "words": "Stays"}, over=written.plan.head)
    assert at(written.plan, contact, 1).limits is Limits.APPLY


def test_an_answer_about_somebody_else_or_of_another_version_lifts_nothing(written: OnPerson) -> None:
    other = OnPerson()
    other.does(Kind.PERSON_PLAN, WORDS)
    assert at(written.plan, asked(other.plan, ("not_at_risk", 0))).limits is Limits.ASK
    assert at(written.plan, asked(written.plan, ("surely fine", 0))).limits is Limits.ASK


def test_a_plan_without_limits_asks_nothing() -> None:
    person = OnPerson()
    person.does(Kind.PERSON_PLAN, WORDS | {"limits": "  "})
    assert at(person.plan, asked(person.plan)).limits is Limits.NONE


@given(st.lists(st.tuples(st.sampled_from([one.value for one in RiskNow]), st.floats(0, 90)), max_size=6))
def test_limits_never_apply_unless_the_newest_answer_is_fresh_and_nobody_was_at_risk(
    answers: list[tuple[str, float]],
) -> None:
    person = OnPerson()
    person.does(Kind.PERSON_PLAN, WORDS)
    found = at(person.plan, asked(person.plan, *answers), 90)
    fresh = bool(answers) and answers[-1][0] == "not_at_risk" and answers[-1][1] >= 30
    assert (found.limits is Limits.APPLY) == (fresh and all(one != "at_risk" for one, _ in answers))


def test_the_timeline_says_what_was_answered_by_whom_and_when(written: OnPerson) -> None:
    contact = asked(written.plan, ("not_at_risk", 3))
    (line,) = [one for one in timeline(None, [contact]) if one.entry == contact.asked[0].entry]
    assert line.text == "Risk now, before a plan's limits: not at risk now, in their words"
    assert (line.at, line.by) == (TEN_PAST + timedelta(minutes=3), "priya.raman")


# --- three in thirty --------------------------------------------------------------------------


def days_ago(*days: float) -> list[datetime]:
    """Return moments so many days before ten past."""
    return [TEN_PAST - timedelta(days=one) for one in days]


def test_three_within_thirty_days_open_a_review_and_two_do_not() -> None:
    assert opens_review(days_ago(0, 4, 29.9), TEN_PAST, RULES) == tuple(days_ago(29.9, 4, 0))
    assert opens_review(days_ago(0, 4, 30.1), TEN_PAST, RULES) == ()
    assert opens_review(days_ago(0, 4), TEN_PAST, RULES) == ()


def test_calls_from_before_the_last_review_ended_are_counted_no_more() -> None:
    moments = days_ago(0, 4, 5, 6)
    ended = TEN_PAST - timedelta(days=4.5)
    assert opens_review(moments, TEN_PAST, RULES, since=ended) == ()
    assert len(opens_review([*moments, *days_ago(1)], TEN_PAST, RULES, since=ended)) == 3


def test_both_numbers_are_the_services_own() -> None:
    two_in_a_week = PlanRules(calls=2, within=timedelta(days=7))
    assert opens_review(days_ago(0, 6), TEN_PAST, two_in_a_week)
    assert not opens_review(days_ago(0, 8), TEN_PAST, two_in_a_week)


def test_what_others_say_of_somebody_makes_them_no_repeat_caller() -> None:
    person = uuid4()

    def contact(source: str, channel: str = "phone", *, wrong: bool = False) -> ContactState:
        stream = Stream(StreamKind.CONTACT)
        stream.write(Kind.CONTACT_OPENED, {"channel": channel})
        stream.write(Kind.CONTACT_SUBJECT_ADDED, {"person": person, "how": "number"})
        stream.field("source_code", source)
        if wrong:
            stream.write(Kind.CONTACT_WRONG_PERSON, {"person": person, "reason": "another"})
        found = fold_contact(stream.items)
        assert found is not None
        return found

    assert is_from(contact("1C"), person)
    assert not is_from(contact("6"), person)
    assert not is_from(contact("1A"), person)
    assert not is_from(contact(""), person)
    assert not is_from(contact("1C", wrong=True), person)
    assert not is_from(contact("1C", channel="review"), person)
    assert not is_from(contact("1C"), uuid4())


def test_every_console_gives_a_review_the_same_id_and_the_next_one_another() -> None:
    about = about_line("+441632960118")
    assert review_id(about, 0) == review_id(about_line("+441632960118"), 0)
    others = {review_id(about, 1), review_id(about_line("+441632960119"), 0), review_id(about_person(uuid4()), 0)}
    assert len(others | {review_id(about, 0)}) == 4
