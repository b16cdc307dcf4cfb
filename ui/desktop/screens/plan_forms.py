"""The form of a plan for repeated calls: a manager writes, words anew, reviews or ends it; others read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from console.domain.ids import read_id
from console.domain.markers import months_after
from console.domain.plans import Limits, PersonPlan, PlanWords
from console.services.plans import Plans, PlanShown
from ui.desktop.forms.rows import SEEN, FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.plan_rows import TITLE, NameOf, limits_state, review_words, version_words
from ui.desktop.widgets.faces import Choice
from ui.desktop.words import weekday_day

PLAN = "plan"
WRITE, REVIEW, END = "write", "review", "end"
_ACTS = (
    Choice(WRITE, "Word it as below"),
    Choice(REVIEW, "Reviewed: it stays as it stands"),
    Choice(END, "End the plan"),
)
_MONTHS = (1, 3, 6, 12)
_CHOOSE = "Choose what to do with the plan; nothing was written yet."
_INTRO = "What helps comes first. Limits apply in no contact before somebody has asked whether they are at risk now."
_THEN = "Limits as written then, not in force by that"
_READ_ONLY = "A plan is set by a manager. What you think should change, tell the duty manager."


def plan_form(
    shown: PlanShown | None, plan: PersonPlan | None, today: date, name_of: NameOf, *, may_set: bool, error: str = ""
) -> FormRow:
    """Return the form over the plan that stands (``shown``); ``plan`` is also one that was ended, for its history."""
    standing = shown.plan if shown is not None else None
    before = _history(plan, name_of)
    seen = str(plan.head) if plan is not None else ""
    if not may_set:
        sections = (SectionRow("The plan", _said(shown, today)), *before)
        return FormRow(PLAN, TITLE, sections, _READ_ONLY, "Close", error, seen=seen)
    words = standing.words if standing is not None and standing.words is not None else PlanWords()
    fields = (
        FieldRow(
            "helps", "What helps", Kind.LONG, words.helps, needed=True, help="In a few words: it is read on a call.",
        ),
        FieldRow("hinders", "What does not help", Kind.LONG, words.hinders),
        FieldRow(
            "limits", f"Agreed limits{_state(shown)}", Kind.LONG, words.limits,
            help="Such as: fifteen minutes, then the morning call. Empty where none were agreed.",
        ),
        FieldRow("agreed_by", "Who agreed to the limits", value=words.agreed_by, help="The person too, if they did."),
        FieldRow("owner", "Owner: a person or a team", value=words.owner, needed=True),
        FieldRow("review_on", "Next review", Kind.CHOICE, _due(words, today), _days(words, today), needed=True),
    )  # fmt: skip
    acts = (
        FieldRow("act", "What to do", Kind.CHOICE, "", _ACTS, needed=True),
        FieldRow("why", "Why, where it is reviewed or ended", Kind.LONG),
    )
    sections = (SectionRow("The plan", (*(acts if standing is not None else ()), *fields)), *before)
    return FormRow(PLAN, TITLE, sections, _INTRO, "Write it", error, seen=seen)


def _state(shown: PlanShown | None) -> str:
    words = shown.plan.words if shown is not None else None
    return f" ({limits_state(shown.limits).lower()})" if shown is not None and words and words.limits else ""


def _limits(shown: PlanShown, limits: str) -> str:
    in_force = shown.limits is not None and shown.limits.limits is Limits.APPLY
    return limits if in_force or not limits else f"{limits_state(shown.limits)}. {limits}"


def _said(shown: PlanShown | None, today: date) -> tuple[FieldRow, ...]:
    words = shown.plan.words if shown is not None else None
    if shown is None or words is None:
        return (
            FieldRow("said", "No plan stands on this person", Kind.SAID, "Nothing was agreed, and no limit applies."),
        )
    parts = (
        ("What helps", words.helps), ("What does not help", words.hinders),
        ("Agreed limits", _limits(shown, words.limits)), ("Agreed by", words.agreed_by),
        ("Owner", words.owner), ("Review", review_words(shown.plan, today)),
    )  # fmt: skip
    return tuple(FieldRow(f"said {at}", label, Kind.SAID, text) for at, (label, text) in enumerate(parts) if text)


def _history(plan: PersonPlan | None, name_of: NameOf) -> tuple[SectionRow, ...]:
    if plan is None or not plan.versions:
        return ()
    rows = (
        FieldRow(f"before {at}", version_words(one, name_of), Kind.SAID, _then(one.words))
        for at, one in enumerate(reversed(plan.versions))
    )
    return (SectionRow("What was done with it", tuple(rows)),)


def _then(words: PlanWords) -> str:
    """Return what a version says first: its limits never as bare words, which would read as in force."""
    return f"{_THEN}: {words.limits}" if words.limits else words.helps


def _due(words: PlanWords, today: date) -> str:
    return words.review_on.isoformat() if words.review_on is not None and words.review_on >= today else ""


def _days(words: PlanWords, today: date) -> tuple[Choice, ...]:
    days = {months_after(today, count): count for count in _MONTHS}
    if words.review_on is not None and words.review_on >= today:
        days.setdefault(words.review_on, 0)
    return tuple(Choice(day.isoformat(), _day_words(day, days[day])) for day in sorted(days))


def _day_words(day: date, months: int) -> str:
    left = f", in {months} {'month' if months == 1 else 'months'}" if months else ", as it stands"
    return f"{weekday_day(day)}{left}"


def write_plan(plans: Plans, person: UUID, values: Mapping[str, str], *, standing: bool) -> str:
    """Do what a filled form says; return what is missing, or nothing.  Raises ``NightdeskError``."""
    over, why, act = read_id(values.get(SEEN, "")), values.get("why", ""), values.get("act", "")
    if standing and act not in (WRITE, REVIEW, END):
        return _CHOOSE
    day = _day(values.get("review_on", ""))
    if standing and act == END:
        plans.end(person, why, over)
    elif standing and act == REVIEW:
        plans.review(person, day, why, over)
    else:
        plans.write(
            person,
            PlanWords(
                values.get("helps", ""), values.get("hinders", ""), values.get("limits", ""), values.get("owner", ""),
                day, values.get("agreed_by", ""),
            ),
            over,
        )  # fmt: skip
    return ""


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
