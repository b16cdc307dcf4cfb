"""Child protection concern (domain.md 2.1): reasonable cause to suspect significant harm."""

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
from console.domain.record import MANAGERS, Role

_HARM = (
    Choice("physical", "Physical"),
    Choice("sexual", "Sexual"),
    Choice("emotional", "Emotional"),
    Choice("neglect", "Neglect"),
    Choice("extra_familial", "Outside the family"),
)
_KNOWLEDGE = (
    Choice("saw", "Saw it"),
    Choice("child_said", "The child said it"),
    Choice("other_said", "Somebody else said it"),
    Choice("worried", "Worried, nothing seen or said"),
)
_SEEN = (Choice("alone", "Yes, alone"), Choice("with_others", "Yes, with others there"), Choice("no", "No"))
_PLAN = (
    Choice("none", "None"),
    Choice("cin", "Child in need"),
    Choice("cpp", "Child protection plan"),
    Choice("lac", "Looked after"),
    Choice("care_leaver", "Care leaver"),
    Choice("unknown", "Not known"),
)
_PERMISSION = (
    Choice("given", "Given"),
    Choice("refused", "Refused"),
    Choice("not_sought", "Not sought"),
)
_FACTORS = (
    Choice("domestic_abuse", "Domestic abuse"),
    Choice("mental_illness", "Mental illness"),
    Choice("addiction", "Drugs or alcohol"),
    Choice("poverty", "Poverty"),
    Choice("insecure_housing", "Insecure housing"),
    Choice("own_history", "Parents' own history"),
    Choice("learning_disability", "Learning disability"),
)
CHILDRENS_DECIDERS = frozenset({Role.SOCIAL_WORKER_CHILDREN}) | MANAGERS
"""A support worker may record, not decide."""

_OWN = (
    FieldSpec("harm", "Harm alleged", FieldKind.MANY, _HARM, always, source="Children Act 1989 s47"),
    FieldSpec("harm_when", "When", FieldKind.TEXT),
    FieldSpec("injuries", "Injuries", FieldKind.LONG_TEXT, help="Where on the body, what they look like, who saw."),
    FieldSpec("knowledge", "How the caller knows", FieldKind.CHOICE, _KNOWLEDGE, always),
    FieldSpec(
        "child_where",
        "Where the child is now",
        FieldKind.TEXT,
        required=always,
        why="Nobody can make a child safe whom nobody can find.",
        derived=True,
    ),
    FieldSpec("child_with", "Who is with the child", FieldKind.TEXT),
    FieldSpec("alleged_who", "Who is said to have done it", FieldKind.TEXT),
    FieldSpec("alleged_where", "Where that person is now", FieldKind.TEXT),
    FieldSpec(
        "siblings",
        "Brothers and sisters",
        FieldKind.LONG_TEXT,
        required=always,
        help="Names, ages, where they are; or: none.",
    ),
    FieldSpec("other_children", "Other children in contact", FieldKind.LONG_TEXT),
    FieldSpec("seen", "Child seen", FieldKind.CHOICE, _SEEN, always, source="domain.md 1.2"),
    FieldSpec("seen_by", "By whom, and when", FieldKind.TEXT, required=when("seen", "alone", "with_others")),
    FieldSpec(
        "child_words",
        "What the child said, in their words",
        FieldKind.LONG_TEXT,
        required=when("seen", "alone", "with_others"),
        why="The child's voice is what inspectors look for first.",
    ),
    FieldSpec("plan_status", "Plan", FieldKind.CHOICE, _PLAN, help="With its source and day, where known."),
    FieldSpec("school", "School or nursery", FieldKind.TEXT),
    FieldSpec("adult_factors", "The adults", FieldKind.MANY, _FACTORS),
    FieldSpec("permission", "Permission for checks", FieldKind.CHOICE, _PERMISSION, always),
    FieldSpec(
        "permission_why",
        "Why not",
        FieldKind.TEXT,
        required=when("permission", "refused", "not_sought"),
        source="domain.md 2.1",
    ),
    FieldSpec("safe_tonight", "Made safe tonight how", FieldKind.LONG_TEXT, required=always),
    FieldSpec(
        "to_the_child", "One line to the child", FieldKind.TEXT, help="In plain words; they may read it one day."
    ),
)

FORM = FormSpec(
    key="child_protection",
    title="Child protection concern",
    version=1,
    rank=Rank.HOUR,
    fields=(*FULL, *_OWN),
    prompts=(
        PromptSpec("child_where", "Where the child is", "Where is the child at this moment?", "place"),
        PromptSpec("what_happened", "What happened, when", "What did you see or hear, and when?"),
        PromptSpec("injuries", "Injuries", "Is the child hurt? Where?"),
        PromptSpec("alleged_where", "Where that person is", "Where is that person now?"),
        PromptSpec("siblings", "Other children", "Which other children are there?"),
        PromptSpec("seen", "Seen, by whom", "Who has seen the child, and was the child alone?"),
        PromptSpec("words", "The child's words", "What did the child say?"),
        PromptSpec("school", "School", "Which school or nursery?"),
    ),
    suggestions=(
        SuggestedRequest(HelpKind.POLICE_ATTEND, Rank.NOW, "police"),
        SuggestedRequest(HelpKind.MEDICAL, Rank.HOUR, "medical"),
    ),
    decisions=(
        DecisionSpec(
            "threshold",
            "Threshold decision with its reason",
            deciders=CHILDRENS_DECIDERS,
            consult=True,
            why="A children's social worker decides, with a manager consulted.",
        ),
    ),
    onward=("mash", "crt"),
    source="domain.md 2.1",
)
