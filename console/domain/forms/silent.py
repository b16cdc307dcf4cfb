"""Silent call (domain.md 2.23): offer a tap, listen, check the number, mind the markers."""

from __future__ import annotations

from console.domain.forms.common import LIGHT
from console.domain.forms.spec import (
    Choice,
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

_TAP = (
    Choice("none", "No answer"),
    Choice("yes", "Tapped once: yes"),
    Choice("no", "Tapped twice: no"),
    Choice("not_offered", "Not offered"),
)
_CHECK = (
    Choice("no_number", "No number sent"),
    Choice("nothing", "Checked: nothing known"),
    Choice("known", "Checked: known line"),
    Choice("marker", "Checked: a risk marker"),
)
_RING_BACK = (
    Choice("not_safe", "Not rung back: a marker says so"),
    Choice("no_reply", "Rung back, no reply"),
    Choice("spoke", "Rung back, spoke"),
    Choice("not_done", "Not rung back"),
)

FORM = FormSpec(
    key="silent",
    title="Silent call",
    version=1,
    rank=Rank.DAY,
    fields=(
        *LIGHT,
        FieldSpec("duration", "How long, in seconds", FieldKind.NUMBER, required=always),
        FieldSpec("sounds", "What could be heard", FieldKind.TEXT, required=always, help="Or: nothing."),
        FieldSpec("tapped", "Tap once for yes, twice for no", FieldKind.CHOICE, _TAP, always),
        FieldSpec("number_check", "Number checked", FieldKind.CHOICE, _CHECK, always, source="domain.md 2.23"),
        FieldSpec(
            "ring_back",
            "Rung back",
            FieldKind.CHOICE,
            _RING_BACK,
            when("number_check", "nothing", "known", "marker"),
            why="Ringing back can give somebody away.",
        ),
    ),
    prompts=(
        PromptSpec("say_who", "Say who we are", "You have reached the out-of-hours social work team."),
        PromptSpec("tap", "Offer a tap", "If you cannot speak, tap once for yes and twice for no."),
        PromptSpec("listen", "Listen", "Listen for voices, traffic, a television."),
    ),
    suggestions=(SuggestedRequest(HelpKind.POLICE_ATTEND, Rank.NOW, "police"),),
    source="domain.md 2.23",
)
