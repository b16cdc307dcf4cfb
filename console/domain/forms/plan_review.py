"""The review of a plan for repeated calls: opened by rule, or begun by hand (domain.md 2.22)."""

from __future__ import annotations

from console.domain.forms.common import AUTHORITY, PRIORITY, SERVICE
from console.domain.forms.spec import Choice, FieldKind, FieldSpec, FormSpec, always, when
from console.domain.people import Rank

_CAME_OF_IT = (
    Choice("plan_written", "A plan was written"),
    Choice("plan_stays", "The plan was reviewed and stays"),
    Choice("plan_ended", "The plan was ended"),
    Choice("no_plan", "No plan is needed"),
    Choice("passed", "Passed to the day team"),
)

FORM = FormSpec(
    key="plan_review",
    title="Plan review",
    version=1,
    rank=Rank.DAY,
    fields=(
        PRIORITY,
        AUTHORITY,
        SERVICE,
        FieldSpec("subject", "Who it is about", FieldKind.PERSON, derived=True),
        FieldSpec(
            "summary",
            "What opened it",
            FieldKind.LONG_TEXT,
            required=always,
            help="The calls that were counted; that somebody rang often says nothing of why.",
            derived=True,
        ),
        FieldSpec(
            "safe_now",
            "Are they safe, and are others",
            FieldKind.LONG_TEXT,
            required=always,
            why="Who rings often may be asking for something that nobody has heard yet.",
        ),
        FieldSpec(
            "came_of_it",
            "What came of it",
            FieldKind.CHOICE,
            _CAME_OF_IT,
            always,
            help="A plan is written on the person's record, never on a number.",
        ),
        FieldSpec("why", "Why", FieldKind.LONG_TEXT, required=when("came_of_it", "no_plan", "plan_ended", "passed")),
        FieldSpec("handover_to", "Handover to", FieldKind.MANY, required=when("came_of_it", "passed"), derived=True),
    ),
    source="domain.md 2.22",
)
