"""What a service aims at by its own grade, beside our clocks: a target is no promise (domain.md 4.2).

Ambulance categories are national and have figures.  What a police grade means varies by force: the text
is kept as it was said, and read into one of four meanings only where its words leave no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from console.domain.help_kinds import POLICE, HelpKind
from console.domain.help_requests import HelpRequest


@dataclass(frozen=True, slots=True)
class Target:
    """Minutes from the grading: ``mean`` of all (None: none is set), ``most`` for nine in ten."""

    mean: int | None
    most: int

    @property
    def minutes(self) -> int:
        """Return the figure that is shown: the mean where there is one."""
        return self.mean if self.mean is not None else self.most


AMBULANCE: Mapping[str, Target] = MappingProxyType(
    {"1": Target(7, 15), "2": Target(18, 40), "3": Target(None, 120), "4": Target(None, 180)}
)
"""Targets by category (domain.md 4.2)."""


class PoliceGrade(StrEnum):
    """What a force's grade comes to."""

    EMERGENCY = "emergency"
    PRIORITY = "priority"
    SCHEDULED = "scheduled"
    NO_ATTENDANCE = "no_attendance"
    UNKNOWN = "unknown"


POLICE_GRADE_WORDS: Mapping[PoliceGrade, str] = MappingProxyType(
    {
        PoliceGrade.EMERGENCY: "emergency",
        PoliceGrade.PRIORITY: "priority",
        PoliceGrade.SCHEDULED: "scheduled",
        PoliceGrade.NO_ATTENDANCE: "nobody will attend",
        PoliceGrade.UNKNOWN: "",
    }
)
_SAID: tuple[tuple[PoliceGrade, re.Pattern[str]], ...] = (
    # First what takes attendance away: "emergency line, no deployment" is no emergency grade.
    (
        PoliceGrade.NO_ATTENDANCE,
        re.compile(r"\bno (?:deployment|attendance|unit)|without (?:deployment|attendance)|log only|by (?:tele)?phone"),
    ),
    (PoliceGrade.SCHEDULED, re.compile(r"\b(?:scheduled?|diary|appointment|routine)\b")),
    (PoliceGrade.PRIORITY, re.compile(r"\b(?:priority|prompt)\b")),
    (PoliceGrade.EMERGENCY, re.compile(r"\b(?:immediate|emergency)\b")),
)
_CATEGORY = re.compile(r"(?:c|cat|category)?[ .]*([1-4])", re.IGNORECASE)


def ambulance_category(grade: str) -> str:
    """Return ``2`` for ``2``, ``C2``, ``cat 2`` or ``Category 2``; empty for anything else."""
    found = _CATEGORY.fullmatch(grade.strip())
    return found.group(1) if found else ""


def police_grade(grade: str) -> PoliceGrade:
    """Return what a grade's words mean; a figure alone means something else in every force, and nothing here."""
    said = " ".join(grade.casefold().split())
    return next((meaning for meaning, words in _SAID if words.search(said)), PoliceGrade.UNKNOWN)


def target_of(request: HelpRequest) -> Target | None:
    """Return the service's own target for a request; None where none is known."""
    return AMBULANCE.get(ambulance_category(request.grade)) if request.kind is HelpKind.AMBULANCE else None


def grade_words(request: HelpRequest) -> str:
    """Return the grade with what it aims at: ``Category 2: target 18 min, not a promise``; empty for none."""
    if not request.grade:
        return ""
    category = ambulance_category(request.grade) if request.kind is HelpKind.AMBULANCE else ""
    said = f"Category {category}" if category else request.grade
    target = target_of(request)
    if target is not None:
        most = "" if target.mean is not None else " for 9 in 10"
        return f"{said}: target {target.minutes} min{most}, not a promise"
    if request.kind in POLICE:
        meaning = POLICE_GRADE_WORDS[police_grade(request.grade)]
        plain = f"Grade {said}" if not said.casefold().startswith("grade") else said
        return f"{plain} ({meaning})" if meaning and meaning not in said.casefold() else plain
    return said if category or not said[:1].isdigit() else f"Grade {said}"


def since_graded(request: HelpRequest, now: datetime) -> timedelta | None:
    """Return how long the service's own clock runs; None where it has no target, or somebody has come."""
    if target_of(request) is None or request.graded_at is None or request.scene_at is not None:
        return None
    return now - request.graded_at if request.open and request.reached_at is None else None
