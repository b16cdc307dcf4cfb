"""Three in thirty: calls from one person, or from one line, that open a plan for review (peers.md 5 and 7, 20).

A rule about counting and nothing else: it says that somebody should look, never what for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from console.domain.contacts import ContactState
from console.domain.ids import FACTS
from console.domain.plans import PlanRules

REVIEW_CHANNEL = "review"
"""How the contact came that is a review: nobody rang."""
REVIEW_TYPE = "plan_review"
SELF = "1C"
"""The source code of somebody who rings for themselves (domain.md 7)."""


def about_person(person: UUID) -> str:
    """Return what a review is about, where who calls is known."""
    return f"person:{person}"


def about_line(e164: str) -> str:
    """Return what a review is about, where only the line is known."""
    return f"line:{e164}"


def review_id(about: str, turn: int) -> UUID:
    """Return the contact that is the ``turn``-th review (from 0) about this: the same on every console."""
    return uuid5(FACTS, f"plan review\n{about}\n{turn}")


def counted(
    moments: Iterable[datetime], now: datetime, rules: PlanRules, since: datetime | None = None
) -> tuple[datetime, ...]:
    """Return those of ``moments`` that count now, oldest first: within the span, and after the last review ended."""
    first = now - rules.within
    return tuple(sorted(one for one in moments if first <= one <= now and (since is None or one > since)))


def opens_review(
    moments: Iterable[datetime], now: datetime, rules: PlanRules, since: datetime | None = None
) -> tuple[datetime, ...]:
    """Return the calls that open a review, oldest first; empty where they are too few."""
    found = counted(moments, now, rules, since)
    return found if len(found) >= max(1, rules.calls) else ()


def is_from(contact: ContactState, person: UUID) -> bool:
    """Say whether a contact came from this person: about them, and they rang for themselves.

    What others say of somebody, however often, makes nobody a repeat caller.
    """
    about = any(one.person == person for one in contact.present)
    return about and contact.channel != REVIEW_CHANNEL and contact.value("source_code") == SELF
