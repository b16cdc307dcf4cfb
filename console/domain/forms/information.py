"""Information only, or a message for a day team (domain.md 2.24)."""

from __future__ import annotations

from console.domain.forms.common import LIGHT
from console.domain.forms.spec import FieldKind, FieldSpec, FormSpec, PromptSpec, always, when
from console.domain.people import Rank

FORM = FormSpec(
    key="information",
    title="Information only",
    version=1,
    rank=Rank.INFORMATION,
    fields=(
        *LIGHT,
        FieldSpec("asked", "What was asked", FieldKind.LONG_TEXT, required=always),
        FieldSpec("told", "What was told", FieldKind.LONG_TEXT, required=always),
        FieldSpec("handover_to", "Handover to", FieldKind.MANY, derived=True),
        FieldSpec(
            "message",
            "Message for the team",
            FieldKind.LONG_TEXT,
            required=when("handover_to"),
            source="domain.md 2.24",
        ),
    ),
    prompts=(
        PromptSpec("who_about", "Anybody at risk", "Is anybody at risk tonight?"),
        PromptSpec("can_wait", "Can it wait", "Can this wait until the office opens?"),
    ),
    source="domain.md 2.24",
)
