"""A plan for repeated calls as both screens show it: in full once the record is open, its limits only as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from console.domain.plans import Limits, LimitsNow, PersonPlan, PlanStep, PlanVersion, RiskAnswer, RiskNow
from console.domain.words import clock_words, full_words
from console.services.plans import PlanShown
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ChipRow, Face
from ui.desktop.widgets.rows import Cell, Line, Row, heading, quiet
from ui.desktop.words import weekday_day

NameOf = Callable[[str], str]
TITLE = "Plan for repeated calls"
HAS_A_PLAN = "Has a plan"
"""All that is said of a plan before the record is open."""
_ANSWERED = {
    RiskNow.AT_RISK: "At risk now",
    RiskNow.NOT_AT_RISK: "They say not at risk",
    RiskNow.COULD_NOT_ASK: "Could not ask",
}
_AT_ONCE = "Two people changed this plan at once. What was written last stands; the other is below."
_STEP_WORDS = {PlanStep.WRITTEN: "Written", PlanStep.REVIEWED: "Reviewed", PlanStep.ENDED: "Ended"}
NOT_READ = "A plan stands; its words were not read yet."


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The plan beside a call: whether its limits apply, and the question that comes before them.

    ``state`` says it in words, ``words`` who answered and what follows.  ``in_force`` False draws ``limits``
    struck through and grey; ``asks`` shows one button for each answer.
    """

    state: str
    words: str
    limits: str = ""
    helps: str = ""
    in_force: bool = False
    asks: bool = True
    urgent: bool = False


def plan_row(shown: PlanShown | None, name_of: NameOf) -> PlanRow | None:
    """Return the card of the plan on screen; None where none stands, or its words are not here."""
    if shown is None or shown.plan.words is None or shown.limits is None:
        return None
    words, now = shown.plan.words, shown.limits
    made = PlanRow("", "", words.limits, words.helps)
    match now.limits:
        case Limits.NONE:
            return PlanRow("Plan: no limits", "", "", words.helps, asks=False)
        case Limits.ASK:
            return PlanRow("Plan: ask first", _asks(now.answer), made.limits, made.helps)
        case Limits.AT_RISK:
            said = f"{_answered(now, name_of)}. The plan's limits do not apply to this contact."
            return PlanRow("Plan: no limits, at risk now", said, "", made.helps, asks=False, urgent=True)
        case Limits.RISK_STANDS:
            said = "It is written that a life is at risk now. The plan's limits do not apply while that stands."
            return PlanRow("Plan: no limits, at risk now", said, "", made.helps, asks=False, urgent=True)
        case Limits.NOT_ASKED:
            said = f"{_answered(now, name_of)}. Limits do not apply; ask as soon as you can."
            return PlanRow("Plan: no limits, not asked", said, made.limits, made.helps)
        case Limits.APPLY:
            until = f" until {clock_words(now.until)}" if now.until is not None else ""
            said = f"{_answered(now, name_of)}."
            return PlanRow(f"Plan: limits apply{until}", said, made.limits, made.helps, in_force=True)


def _asks(before: RiskAnswer | None) -> str:
    if before is None:
        return "“Are you at risk now?”"
    return f"Ask again: the answer of {clock_words(before.at)} holds no more."


def _answered(now: LimitsNow, name_of: NameOf) -> str:
    one = now.answer
    return f"{_ANSWERED[one.answer]}: {name_of(one.by)} {clock_words(one.at)}" if one is not None else ""


def limits_state(now: LimitsNow | None) -> str:
    """Return what stands before the limits, in words; nothing where they are in force."""
    match now.limits if now is not None else Limits.ASK:
        case Limits.APPLY:
            return "In force"
        case Limits.AT_RISK | Limits.RISK_STANDS:
            return "Not in force: at risk now"
        case Limits.NOT_ASKED:
            return "Not in force: not asked"
        case _:
            return "Ask first: not in force"


def review_words(plan: PersonPlan, today: date) -> str:
    """Return ``Mon 01-Mar-2027``, and in words where that day has passed."""
    day = plan.words.review_on if plan.words is not None else None
    if day is None:
        return "No day was set"
    return f"{weekday_day(day)}: overdue" if plan.overdue(today) else weekday_day(day)


def plan_sheet(shown: PlanShown | None, name_of: NameOf, today: date) -> Iterator[Row]:
    """Yield the plan in full, as rows of the opened person's sheet; nothing where none stands."""
    if shown is None:
        return
    plan, words = shown.plan, shown.plan.words
    yield heading("plan", TITLE)
    if words is None:
        yield quiet("plan-unread", NOT_READ)
        return
    if plan.at_once:
        yield quiet("plan-at-once", _AT_ONCE)
    if words.helps:
        yield _part("plan-helps", "What helps", words.helps)
    if words.hinders:
        yield _part("plan-hinders", "Does not help", words.hinders)
    if words.limits:
        yield _limits(words.limits, shown.limits)
        yield _part("plan-agreed", "Agreed by", words.agreed_by)
    yield _part("plan-owner", "Owner", words.owner)
    yield _review(plan, today)
    for at, one in enumerate(reversed(plan.versions)):
        yield quiet(f"plan-v{at}", version_words(one, name_of))
    yield quiet("plan-key", f"{key_of(Act.PLAN)} opens the plan to word, review or end it.", rule=True, bottom=6)


def version_words(one: PlanVersion, name_of: NameOf) -> str:
    """Return ``Reviewed Tue 01-Dec-2026 22:14, H Marsh: it works``."""
    why = f": {one.why}" if one.why else ""
    return f"{_STEP_WORDS[one.step]} {full_words(one.at)}, {name_of(one.by)}{why}"


def _part(key: str, label: str, text: str) -> Row:
    cells = (
        Cell(text=label, size=Type.CAPTION, ink=Ink.SECONDARY, width=84),
        Cell(left=90, text=text, weight=Weight.SEMIBOLD, wrap=True),
    )
    return Row(key, (Line(cells, 24),), f"{label}: {text}")


def _limits(text: str, now: LimitsNow | None) -> Row:
    """Return the agreed limits: grey and under a dashed chip wherever they are not in force."""
    state = limits_state(now)
    in_force = now is not None and now.limits is Limits.APPLY
    label = Cell(text="Limits", size=Type.CAPTION, ink=Ink.SECONDARY, width=84)
    ink, weight = (Ink.TEXT, Weight.SEMIBOLD) if in_force else (Ink.QUIET, Weight.REGULAR)
    lines = (
        Line((label, Cell(left=90, chip=ChipRow(state, Face.OK if in_force else Face.OLD))), 26),
        Line((Cell(left=90, text=text, ink=ink, weight=weight, wrap=True),), 22),
    )
    return Row("plan-limits", lines, f"Limits. {state}: {text}")


def _review(plan: PersonPlan, today: date) -> Row:
    words = review_words(plan, today)
    label = Cell(text="Review", size=Type.CAPTION, ink=Ink.SECONDARY, width=84)
    if not plan.overdue(today):
        return _part("plan-review", "Review", words)
    return Row("plan-review", (Line((label, Cell(left=90, chip=ChipRow(words, Face.OLD))), 26),), f"Review: {words}")
