"""Welfare check or visit (domain.md 2.3): somebody does not answer, and somebody must go and look."""

from __future__ import annotations

from console.domain.forms.common import FULL
from console.domain.forms.spec import (
    Choice,
    DecisionSpec,
    FieldKind,
    FieldSpec,
    FormSpec,
    PromptSpec,
    SuggestedRequest,
    always,
    when,
)
from console.domain.help_kinds import HelpKind
from console.domain.people import Rank

_WHO_GOES = (
    Choice("police", "Police", ("safe and well",)),
    Choice("ambulance", "Ambulance"),
    Choice("our_worker", "One of our workers"),
    Choice("family", "Family or neighbour"),
    Choice("other", "Somebody else"),
    Choice("nobody", "Nobody can go"),
)
_RESULT = (
    Choice("seen", "Seen"),
    Choice("spoken_to", "Spoken to, not seen"),
    Choice("not_traced", "Not traced"),
    Choice("refused", "Refused to be seen"),
    Choice("nobody_went", "Nobody went"),
)

_OWN = (
    FieldSpec(
        "grounds",
        "Why somebody must look",
        FieldKind.LONG_TEXT,
        required=always,
        help="What has changed, and why it cannot wait.",
        why="Police decide by it whether they go.",
        source="domain.md 4.3",
    ),
    FieldSpec("last_seen", "Last seen, when and by whom", FieldKind.TEXT, required=always),
    FieldSpec("needs", "Illness, medicine, what they cannot do", FieldKind.LONG_TEXT),
    FieldSpec("medicine_missed", "Medicine missed", FieldKind.TEXT, help="Which, and when it was due."),
    FieldSpec("access", "Keys, key safe, gate", FieldKind.TEXT),
    FieldSpec("animals", "Animals", FieldKind.TEXT),
    FieldSpec("tried", "What was tried already", FieldKind.LONG_TEXT, required=always, source="domain.md 4.3"),
    FieldSpec("who_goes", "Who goes", FieldKind.CHOICE, _WHO_GOES, always),
    FieldSpec(
        "nobody_plan",
        "What is done instead",
        FieldKind.LONG_TEXT,
        required=when("who_goes", "nobody"),
        why="A request that was declined is an open risk until something else is done.",
        source="domain.md 4.3",
    ),
    FieldSpec("result", "What was found", FieldKind.CHOICE, _RESULT, always, why="Sent is not seen."),
    FieldSpec("seen_by", "By whom, and when", FieldKind.TEXT, required=when("result", "seen", "spoken_to")),
    FieldSpec(
        "not_seen_plan",
        "Why it can be left there",
        FieldKind.LONG_TEXT,
        required=when("result", "not_traced", "refused", "nobody_went"),
    ),
)

FORM = FormSpec(
    key="welfare_visit",
    title="Welfare check or visit",
    version=1,
    rank=Rank.HOUR,
    fields=(*FULL, *_OWN),
    prompts=(
        PromptSpec("where", "Where", "Where are they, exactly?", "place"),
        PromptSpec("last_seen", "Last seen", "Who saw or spoke to them last, and when?"),
        PromptSpec("changed", "What has changed", "What is different tonight?"),
        PromptSpec("medicine", "Medicine", "Which medicine do they need, and when was it due?"),
        PromptSpec("access", "Way in", "Who has a key? Is there a key safe, a gate?", "access"),
        PromptSpec("in_there", "Who lives there", "Who else is in the home? Has anybody been violent there?"),
        PromptSpec("animals", "Animals", "Are there animals?", "animals"),
        PromptSpec("tried", "What was tried", "What have you tried? Who else could go?"),
    ),
    suggestions=(
        SuggestedRequest(HelpKind.WELFARE_CHECK, Rank.HOUR, "welfare check"),
        SuggestedRequest(HelpKind.POLICE_ATTEND, Rank.NOW, "police"),
        SuggestedRequest(HelpKind.AMBULANCE, Rank.NOW, "ambulance"),
    ),
    decisions=(DecisionSpec("", "Decision with its reason", why="Who was asked to look, and why, in one place."),),
    onward=("adults_team",),
    source="domain.md 2.3",
)
