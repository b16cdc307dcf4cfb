"""What the screens say of people: plans with their day and source, reviews of markers, and who is whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from console.domain.people import PLAN_LABELS, Line, Marker, PlanStatus, Relation, age_on
from console.domain.relationships import relation_words
from console.domain.search import shown_number
from console.domain.words import day_words, since_words
from ui.desktop.words import weekday_day

PLAN_OLD_AFTER = 90
"""Days after which a plan's status is said to be old: a child's plan is reviewed every three months."""
_CONTACT = {"none": "No contact", "supervised": "Contact supervised", "allowed": "Contact allowed"}


@dataclass(frozen=True, slots=True)
class PlanWords:
    """A plan as it is said; ``old`` where its day is long ago or not known."""

    what: str
    as_at: str
    old: bool = False

    def all(self) -> str:
        """Return it in one line."""
        return f"{self.what}, {self.as_at}"


def plan_words(plan: PlanStatus, as_at: date | None, source: str, today: date) -> PlanWords | None:
    """Return ``Child in need plan, as at Tue 03-Nov-2026 (council's file)``; None where nothing is known of a plan."""
    if plan is PlanStatus.NONE and as_at is None:
        return None
    by = f" ({source})" if source else ""
    if as_at is None:
        return PlanWords(PLAN_LABELS[plan], f"day not known{by}", old=True)
    old = (today - as_at).days > PLAN_OLD_AFTER
    age = f", {since_words(as_at, today)}: ask if it still holds" if old else ""
    return PlanWords(PLAN_LABELS[plan], f"as at {weekday_day(as_at)}{by}{age}", old)


def review_words(marker: Marker, today: date) -> str:
    """Return ``review 12-Jan-2027``, ``review overdue since 12-Jan-2026`` or ``ended 12-Jan-2026``."""
    if marker.ends_on is not None and marker.ended(today):
        return f"ended {day_words(marker.ends_on)}"
    if marker.out_of_date(today):
        return f"review overdue since {day_words(marker.review_on)}"
    return f"review {day_words(marker.review_on)}"


def died_words(day: date | None) -> str:
    """Return ``Died 03-Oct-2025``, or nothing."""
    return f"Died {day_words(day)}" if day is not None else ""


def relation_head(one: Relation, today: date) -> str:
    """Return ``Mother (34y)``, with what became of them."""
    age = f" ({age_on(one.born, one.deceased_on or today)}y)" if one.born else ""
    died = f", died {day_words(one.deceased_on)}" if one.deceased_on else ""
    what = relation_words(one.kind)
    return f"{what[:1].upper()}{what[1:]}{age}{died}"


def relation_note(one: Relation) -> str:
    """Return what matters of a relative: the order between them first, then who they are to ring."""
    parts = [contact_words(one), *_rights(one)]
    if one.until is not None:
        parts.append(f"Until {day_words(one.until)}")
    if one.do_not_ring:
        parts.append("Do not ring back: marker on their record")
    parts += [line_words(line) for line in one.lines[:2]]
    return ". ".join(part for part in parts if part) + "." if any(parts) else "No number known."


def contact_words(one: Relation) -> str:
    """Return ``Contact supervised (order PO26-117)``, or nothing where no rule is known."""
    rule = _CONTACT.get(one.contact_rule, one.contact_rule)
    order = f" (order {one.order_ref})" if one.order_ref else ""
    return f"{rule}{order}" if rule else f"Order {one.order_ref}" if one.order_ref else ""


def _rights(one: Relation) -> Iterable[str]:
    if one.parental_responsibility is not None:
        yield "Parental responsibility" if one.parental_responsibility else "No parental responsibility"
    if one.next_of_kin:
        yield "Next of kin"


def line_words(line: Line) -> str:
    """Return ``07700 900702: only before 18:00``: a number with whether it is safe to ring."""
    safe = line.safe_to_call or "not asked"
    words = {"yes": "safe to ring", "no": "not safe to ring", "not asked": "not asked if safe"}.get(safe, safe)
    return f"{shown_number(line.e164)}: {words}"


def relation_order(ties: Iterable[Relation], today: date) -> list[Relation]:
    """Return relatives in order: next of kin and those with an order first, ended and restricted ones last."""
    return sorted(
        ties,
        key=lambda one: (
            one.restricted,
            one.until is not None and one.until <= today,
            not one.next_of_kin,
            one.contact_rule not in ("none", "supervised"),
            one.parental_responsibility is not True,
        ),
    )


def forbidden(ties: Iterable[Relation], today: date) -> list[Relation]:
    """Return those with whom contact is not allowed, or only supervised, now."""
    now = (one for one in ties if one.until is None or one.until > today)
    return [one for one in now if not one.restricted and one.contact_rule in ("none", "supervised")]
