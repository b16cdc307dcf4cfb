"""Suicidal caller (domain.md 2.18): never end first while danger lasts, and check who reached them."""

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
from console.domain.locations import LOCATION_SOURCE_WORDS
from console.domain.people import Rank

_LOCATION_SOURCES = tuple(Choice(source.value, words) for source, words in LOCATION_SOURCE_WORDS.items())
_TIMES = (
    Choice("now", "Now"),
    Choice("tonight", "Tonight"),
    Choice("days", "In the next days"),
    Choice("none", "No time in mind"),
    Choice("unknown", "Not known"),
)

_OWN = (
    FieldSpec(
        "asked_directly",
        "Asked directly about suicide",
        FieldKind.YES_NO_UNKNOWN,
        required=always,
        help="Use the word. Asking does not put the thought there.",
        source="domain.md 2.18",
    ),
    FieldSpec("plan", "Has a plan", FieldKind.YES_NO_UNKNOWN, required=always),
    FieldSpec("plan_detail", "What plan", FieldKind.TEXT, required=when("plan", "yes")),
    FieldSpec("means", "Means at hand", FieldKind.TEXT, required=always, help="What, and is it within reach now?"),
    FieldSpec("timescale", "When", FieldKind.CHOICE, _TIMES),
    FieldSpec("started", "Already started", FieldKind.YES_NO_UNKNOWN, required=always),
    FieldSpec("taken", "What, how much, when", FieldKind.TEXT, required=when("started", "yes"), derived=True),
    FieldSpec("alone", "Alone", FieldKind.YES_NO_UNKNOWN),
    FieldSpec("alcohol", "Alcohol or drugs", FieldKind.YES_NO_UNKNOWN),
    FieldSpec("children_present", "Children there", FieldKind.YES_NO_UNKNOWN),
    FieldSpec(
        "location_source",
        "How we know where",
        FieldKind.CHOICE,
        _LOCATION_SOURCES,
        always,
        why="An address on file is not where somebody is.",
        source="domain.md 4.4",
        derived=True,
    ),
    FieldSpec("call_back", "Number to ring back", FieldKind.TEXT),
    FieldSpec("what_helped", "What has helped before", FieldKind.LONG_TEXT),
    FieldSpec("protective", "People who help", FieldKind.TEXT),
    FieldSpec("gp", "GP", FieldKind.TEXT),
    FieldSpec(
        "person_reached",
        "Somebody reached the person",
        FieldKind.YES_NO_UNKNOWN,
        required=always,
        why="Sent is not arrived: check afterwards.",
        source="domain.md 2.18",
        derived=True,
    ),
    FieldSpec(
        "not_reached_plan",
        "What happens instead",
        FieldKind.LONG_TEXT,
        required=when("person_reached", "no", "unknown"),
    ),
)

FORM = FormSpec(
    key="suicidal_caller",
    title="Suicidal caller",
    version=1,
    rank=Rank.NOW,
    fields=(*FULL, *_OWN),
    prompts=(
        PromptSpec("suicide", "Suicide, directly", "Are you thinking of ending your life?"),
        PromptSpec("where", "Where", "Where are you right now?", "place"),
        PromptSpec("what_when", "What and when", "What have you taken, how much, and when?", "taken"),
        PromptSpec("alone", "Alone", "Is anybody with you?", "alone"),
        PromptSpec("drinking", "Drinking", "Have you been drinking, or taken anything else?"),
        PromptSpec("which_drug", "Which drug", "Can you read me what is on the packet?", "substance"),
        PromptSpec("vehicle", "The car: make, colour", "What car is it, what colour?", "vehicle"),
        PromptSpec("access", "Gate or barrier", "Is there a gate or a barrier? Which way in?", "access"),
        PromptSpec("children", "Children there", "Are there any children with you?"),
    ),
    suggestions=(
        SuggestedRequest(HelpKind.AMBULANCE, Rank.NOW, "ambulance"),
        SuggestedRequest(HelpKind.POLICE_ATTEND, Rank.NOW, "police"),
        SuggestedRequest(HelpKind.CRISIS_TEAM, Rank.HOUR, "crisis team"),
    ),
    decisions=(DecisionSpec("", "Decision with its reason", why="What was decided, and why, in one place."),),
    onward=("adults_team", "crisis_team"),
    second=True,
    source="domain.md 2.18",
)
