"""Wrong number (domain.md 2.23): a minute's work, counted all the same."""

from __future__ import annotations

from console.domain.forms.common import OUTCOME, PRIORITY, SUMMARY
from console.domain.forms.spec import FieldKind, FieldSpec, FormSpec, always
from console.domain.people import Rank

FORM = FormSpec(
    key="wrong_number",
    title="Wrong number",
    version=1,
    rank=Rank.INFORMATION,
    fields=(
        PRIORITY,
        SUMMARY,
        OUTCOME,
        FieldSpec("wanted", "Whom they wanted", FieldKind.TEXT, help="Or: rang off."),
        FieldSpec(
            "worried",
            "Anything worrying",
            FieldKind.YES_NO_UNKNOWN,
            required=always,
            why="A frightened caller may say it was a wrong number.",
        ),
    ),
    source="domain.md 2.23",
)
