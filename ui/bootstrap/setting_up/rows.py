"""A try, a form and words for a mail, as the window shows them; no Qt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from ui.bootstrap.setting_up.course import Course, Step, StepState
from ui.bootstrap.setting_up.drafts import NO, YES, Asked
from ui.bootstrap.setting_up.workshop import KindOf
from ui.desktop.forms.rows import YES as TICKED
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ChipRow, Choice, Face, Mark
from ui.desktop.widgets.rows import Cell, Line, Row, quiet
from ui.started import as_started

KIND = "kind"
"""The field that chooses the kind of switchboard."""
NOTICE = "notice"
"""The key of the row that says what was done, or why not."""
_BEFORE = "It is asked step by step whether it is reached, lets us in, and tells of calls. Nobody is dialled."
_CHIPS: Mapping[StepState, ChipRow] = MappingProxyType(
    {
        StepState.WAITING: ChipRow("Waiting", Face.CALM, Mark.CLOCK),
        StepState.RIGHT: ChipRow("Right", Face.OK, Mark.TICK),
        StepState.WRONG: ChipRow("Wrong", Face.AMBER),
        StepState.NOT_TOLD: ChipRow("Not told", Face.CALM),
        StepState.NOT_ASKED: ChipRow("Not asked", Face.CALM),
    }
)
_NAME_AT, _WORDS_AT = 90, 204
"""Where the name of a step and its words begin, px."""
_TICK_HELP = "true: "
_YES_NO = MappingProxyType({YES: "Yes", NO: "No"})
_LABEL_CAP = 80
"""Characters of a label that fit beside nothing else; what is longer stands below the field."""
_TICK_CAP = 60
"""The same beside a tick, whose words are never shortened."""
_INTRO = "Nothing is kept before you keep it: until then the console goes by its old settings."
_KEPT_SECRET = "Empty: as the keyring has it."  # noqa: S105 - words, not a secret


def step_rows(course: Course | None, notice: str = "") -> tuple[Row, ...]:
    """Return the rows of a try below ``notice``, which says what was done, or why not."""
    if course is None and not notice:
        return (quiet(NOTICE, _BEFORE, bottom=6),)
    cell = Cell(text=as_started(notice or _BEFORE), weight=Weight.SEMIBOLD, wrap=True)
    first = Row(NOTICE, (Line((cell,), 24),), cell.text, bottom=6)
    return (first, *(_step_row(one) for one in (course.steps() if course else ())))


def _step_row(step: Step) -> Row:
    chip = _CHIPS[step.state]
    name = Cell(left=_NAME_AT, text=step.key.value, weight=Weight.SEMIBOLD, width=_WORDS_AT - _NAME_AT - 6)
    first = (Cell(chip=chip, width=_NAME_AT - 6), name, Cell(left=_WORDS_AT, text=step.words, wrap=True))
    lines = tuple(Line((Cell(left=_WORDS_AT, text=f"- {one}", wrap=True),), 20) for one in step.more)
    spoken = " ".join((f"{step.key.value}: {chip.text}.", step.words, *step.more))
    return Row(step.key.value, (Line(first, 24), *lines), spoken, bottom=4)


def mail_rows(words: str) -> tuple[Row, ...]:
    """Return words for a mail, a row for each line."""
    found: list[Row] = []
    gap = 0
    for at, line in enumerate(words.splitlines()):
        if not line.strip():
            gap = 6
            continue
        cell = Cell(text=line.rstrip(), size=Type.CAPTION, wrap=True)
        found.append(Row(str(at), (Line((cell,), 17),), line.strip(), top=gap))
        gap = 0
    return tuple(found)


def form_row(
    kinds: Sequence[KindOf],
    kind: KindOf,
    asked: Sequence[Asked],
    broken: Sequence[str] = (),
    missing: Collection[str] = (),
) -> FormRow:
    """Return the form of one kind: which it is, its own settings, and those of the whole site.

    ``missing`` are settings that were asked for and are empty still.
    """
    choices = tuple(Choice(one.key, one.title[:1].upper() + one.title[1:]) for one in kinds)
    about = f"{_capital(kind.tested)}; {kind.licence}."
    chosen = FieldRow(KIND, "Kind of switchboard", Kind.CHOICE, kind.key, choices, help=about)
    made = {one.name: replace(_field(one), needed=one.needed, missing=one.name in missing) for one in asked}
    own = (made[one.name] for one in asked if not one.site)
    site = tuple(made[one.name] for one in asked if one.site)
    said = (FieldRow("site", "For the whole site", Kind.SAID, "How this site dials, whatever its switchboard:"),)
    fields = (chosen, *own, *((*said, *site) if site else ()))
    return FormRow(f"telephones {kind.key}", "", (SectionRow("", fields),), " ".join((_INTRO, *broken)), "Try it")


def _field(one: Asked) -> FieldRow:
    """Return one setting in words; its name in the file is for whoever looks for it there."""
    tip = f"In settings.toml this is {one.name}."
    if one.secret:
        return FieldRow(one.name, _capital(one.help), Kind.SECRET, help=f"{_KEPT_SECRET} It never stands in a file.")
    words = one.help
    if one.choices == (YES, NO) and words.startswith(_TICK_HELP):
        words = words.removeprefix(_TICK_HELP)
        if len(words) <= _TICK_CAP:
            return FieldRow(one.name, _capital(words), Kind.TICK, TICKED if one.value == YES else "", tip=tip)
    label, foot = (_capital(words), "") if len(words) <= _LABEL_CAP else (_said(one.name), _capital(words))
    choices = tuple(Choice(choice, _YES_NO.get(choice, choice)) for choice in one.choices)
    return FieldRow(one.name, label, Kind.CHOICE if choices else Kind.LINE, one.value, choices, help=foot, tip=tip)


def _said(name: str) -> str:
    """Return ``Dial context`` for ``dial_context``."""
    return _capital(name.replace("_", " "))


def values_of(asked: Sequence[Asked], written: Mapping[str, str]) -> dict[str, str]:
    """Return what a form says of every setting that is no secret, as settings are written."""
    found = {}
    for one in asked:
        if one.secret or one.name not in written:
            continue
        value = written[one.name]
        found[one.name] = (YES if value in (TICKED, YES) else NO) if one.choices == (YES, NO) else value
    return found


def secrets_of(asked: Sequence[Asked], written: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that were typed."""
    return {one.name: written[one.name] for one in asked if one.secret and written.get(one.name)}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
