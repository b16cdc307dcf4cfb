"""What the case record says of the caller, among the facts of a pair: never as if it were so now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from console.domain.people import Address, PersonRecord, Relation, age_on
from console.domain.plans import Limits
from console.domain.relationships import relation_words
from console.services.opened_record import Reading
from console.services.plans import PlanShown
from ui.desktop.people_words import forbidden, plan_words, relation_order
from ui.desktop.screens.coordinator.rows import FactRow
from ui.desktop.screens.plan_rows import limits_state, review_words
from ui.desktop.words import long_age_words

SOURCE = "case record"
PLAN_SOURCE = "plan"
_MOST = 2
"""Relatives who are listed; whom the person may not meet is said of all."""


def record_facts(record: PersonRecord | None, reading: Reading, today: date) -> Iterator[FactRow]:
    """Yield whom the person may not meet, their plan, the nearest relatives and the record address."""
    if reading in (Reading.FAILED, Reading.REFUSED):
        words = "Not read yet" if reading is Reading.FAILED else "Not read"
        yield FactRow("record", "Record", words, SOURCE, "", fixed=True)
    if record is None:
        return
    for one in forbidden(record.relations, today):
        yield _kept_from(one)
    plan = plan_words(record.plan, record.plan_as_at, record.plan_source, today)
    if plan is not None:
        age = long_age_words(today - record.plan_as_at) if record.plan_as_at else ""
        yield FactRow("plan", "Plan", plan.what, SOURCE, age, old=plan.as_at if plan.old else "", fixed=True)
    known = [one for one in relation_order(record.relations, today) if not one.restricted]
    for one in known[:_MOST]:
        yield _relative(one, today)
    for address in record.addresses[:1]:
        yield _address(address, today)


def plan_facts(shown: PlanShown | None, today: date) -> Iterator[FactRow]:
    """Yield the plan for repeated calls in full; limits that are not in force only grey, with why."""
    words = shown.plan.words if shown is not None else None
    if shown is None or words is None:
        return
    for key, label, text in (("helps", "Helps", words.helps), ("hinders", "No help", words.hinders)):
        if text:
            yield FactRow(f"plan {key}", label, text, PLAN_SOURCE, "", fixed=True)
    if words.limits:
        in_force = shown.limits is not None and shown.limits.limits is Limits.APPLY
        old = "" if in_force else limits_state(shown.limits)
        yield FactRow(
            "plan limits",
            "Limits",
            f"{words.limits} Agreed by {words.agreed_by}.",
            PLAN_SOURCE,
            "",
            old=old,
            fixed=True,
        )
    old = f"Review {review_words(shown.plan, today)}" if shown.plan.overdue(today) else ""
    review = words.owner if old else f"{words.owner}. Review {review_words(shown.plan, today)}"
    yield FactRow("plan owner", "Owner", review, PLAN_SOURCE, "", old=old, fixed=True)


def _kept_from(one: Relation) -> FactRow:
    order = f" (order {one.order_ref})" if one.order_ref else ""
    name = "No contact" if one.contact_rule == "none" else "Supervised"
    words = f"{one.name}, {relation_words(one.kind)}{order}"
    return FactRow(f"contact {one.person}", name, words, SOURCE, "", fixed=True)


def _relative(one: Relation, today: date) -> FactRow:
    age = f" ({age_on(one.born, one.deceased_on or today)}y)" if one.born else ""
    died = ", died" if one.deceased_on else ""
    name = relation_words(one.kind).capitalize()
    return FactRow(f"relation {one.person}", name, f"{one.name}{age}{died}", SOURCE, "", fixed=True)


def _address(address: Address, today: date) -> FactRow:
    old_for = today - address.as_at if address.as_at else None
    words = f"as at {long_age_words(old_for)} ago" if old_for else "age not known"
    # A record address is never where the caller is now (domain.md 4.4).
    old = f"{words.replace(' mo ', ' months ')}: ask where they are now"
    age = long_age_words(old_for) if old_for else ""
    return FactRow("record", "Record", address.one_line(), SOURCE, age, old=old, fixed=True)
