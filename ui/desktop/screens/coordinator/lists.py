"""Rows of the coordinator's lists, ready to paint; each also says everything in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from console.domain.people import Rank
from ui.desktop.screens.coordinator.rows import (
    DirectoryRow,
    FactRow,
    HelpRow,
    LineRow,
    ReadNoteRow,
    RelayRow,
    ReplyFace,
    SignalRow,
    WorkRow,
)
from ui.desktop.screens.known_rows import HookRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ChipRow, Face, Mark
from ui.desktop.widgets.rows import Cell, Ground, Line, Row, heading, quiet
from ui.desktop.widgets.shapes import SPOKEN_RANKS

SOURCE_WIDTH, SHORT_SOURCE = 82, 14
"""Room for most sources, px at step 1.0, and how many characters that is; a longer one goes on below."""
SHORT_SIGNAL = 14
"""Characters of a signal that leave room for the answer beside it."""
REPLY_WIDTH, SHORT_REPLY = 164, 12
"""Room for a short quick reply with its key, px at step 1.0, and how many characters that is."""


def note_row(row: ReadNoteRow) -> Row:
    """Return one line of the partner's note; long lines wrap, words are never cut."""
    cells: tuple[Cell, ...] = (
        Cell(left=8, width=48, text=row.time, ink=Ink.SECONDARY),
        Cell(left=54, text=row.text, size=Type.NOTE, wrap=True),
    )
    if row.fresh:
        cells = (*cells, Cell(right=8, text=row.fresh, size=Type.CAPTION, weight=Weight.SEMIBOLD, ink=Ink.ACCENT))
    ground = Ground.NEW if row.fresh else Ground.NONE
    spoken = f"{row.time} {row.text} {row.author} {row.fresh}"
    return Row(row.key, (Line(cells, 23),), " ".join(spoken.split()), ground=ground)


def typing_row(words: str) -> Row:
    """Return the quiet line that the partner is typing."""
    return Row("typing", (Line((Cell(left=54, text=words, size=Type.CAPTION, ink=Ink.SECONDARY),), 23),), words)


def fact_row(row: FactRow) -> Row:
    """Return one fact: name, words that wrap, source, age.  Old ones stand in a dashed box below."""
    spoken = " ".join(f"{row.name}: {row.text}. {row.below} {row.old} Source {row.source}, age {row.age}".split())
    ink = Ink.QUIET if row.old else Ink.TEXT
    name = Cell(left=8, width=68, text=row.name, size=Type.CAPTION, ink=Ink.SECONDARY)
    if row.lead:
        first = (name, Cell(left=82, text=row.text, size=Type.NOTE, weight=Weight.BOLD, wrap=True))
        second = (
            Cell(left=82, text=row.below, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),
            Cell(right=8, text=row.age),
        )
        return Row(
            row.key, (Line(first, 23), Line(second, 19)), spoken, ground=Ground.NEW, top=2, bottom=4, acts=("fact",),
            calls="Correct or add",
        )  # fmt: skip
    cells: tuple[Cell, ...] = (
        name,
        Cell(left=82, text=row.text, ink=ink, wrap=True),
        Cell(
            right=60,
            width=SOURCE_WIDTH,
            text=row.source,
            size=Type.CAPTION,
            ink=Ink.QUIET if row.old else Ink.SECONDARY,
            wrap=len(row.source) > SHORT_SOURCE,
        ),
        Cell(right=8, text=row.age, ink=ink),
    )
    if row.button:
        cells = (name, Cell(left=82, text=row.text, wrap=True), Cell(right=8, button=row.button, act=row.act))
    lines = [Line(cells, 26 if row.button else 22)]
    if row.old:
        lines.append(Line((Cell(left=82, chip=ChipRow(row.old, Face.OLD)),), 24))
    calls = row.button or "Correct or add"
    return Row(row.key, tuple(lines), spoken, acts=() if row.fixed else (row.act,), calls=calls)


def hook_row(row: HookRow) -> Row:
    """Return one line of hooks and promises; what is due soon or late is said in a chip."""
    when = (
        Cell(right=8, chip=ChipRow(row.due, Face.NOTICE, Mark.CLOCK)) if row.pressing else Cell(right=8, text=row.due)
    )
    cells = (
        Cell(left=8, width=68, text=row.sort, size=Type.CAPTION, ink=Ink.SECONDARY),
        Cell(left=82, text=row.text, wrap=True),
        *((when,) if row.due else ()),
    )
    spoken = " ".join(f"{row.sort}: {row.text}. {row.due}".split())
    return Row(row.key, (Line(cells, 24),), spoken, acts=("hook",), calls="Change or end")


def help_row(row: HelpRow) -> Row:
    """Return one request: agency and state, words, six steps, its clocks at the right."""
    chip = (Cell(left=130, chip=ChipRow(row.chip, Face.NOTICE, Mark.CLOCK)),) if row.chip else ()
    state = Cell(left=24 + 4, width=240, text=row.agency, size=Type.NOTE, weight=Weight.SEMIBOLD, more=row.state)
    if row.chip and not row.state:
        # A long name goes on below and not under the chip.
        state = replace(state, width=100, wrap=True)
    clocks: list[Cell] = []
    names: list[Cell] = []
    for place, clock in zip((92, 0), row.clocks[:2], strict=False):
        if clock.due:
            clocks.append(Cell(right=place, chip=ChipRow(clock.figure, Face.NOTICE, Mark.CLOCK)))
        else:
            clocks.append(Cell(right=place, text=clock.figure, size=Type.CLOCK, weight=Weight.MEDIUM))
        names.append(Cell(right=place, text=clock.words, size=Type.CAPTION, ink=Ink.SECONDARY))
    first = (Cell(rank=row.rank), state, *chip, *clocks)
    second = (Cell(left=28, text=row.words, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True), *names)
    needs = (Line((Cell(left=28, text=row.needs, size=Type.CAPTION, weight=Weight.SEMIBOLD, wrap=True),), 18),)
    lines = [Line(first, 23), Line(second, 18), *(needs if row.needs else ()), *_foot(row)]
    due = ", ".join(f"{clock.figure} {clock.words}" for clock in row.clocks)
    spoken = f"{SPOKEN_RANKS[row.rank]}, {row.agency} {row.state} {row.chip}. {row.words}. {due}. Step {row.steps} of 6"
    if row.needs:
        spoken = f"{spoken}. {row.needs}"
    if row.tell:
        spoken = f"{row.tell}. {spoken}"
    acts = ("send",) if row.send else ("tell", "news") if row.tell else ("take", "news") if row.take else ("news",)
    calls = "Log news" if acts[0] == "news" else ""
    return Row(str(row.key), tuple(lines), spoken, rule=True, top=3, bottom=4, acts=acts, calls=calls)


def _foot(row: HelpRow) -> tuple[Line, ...]:
    if row.tell:
        chip = Cell(left=28, chip=ChipRow("Tell them", Face.NOTICE, Mark.SQUARE))
        words = Cell(left=28, text=row.tell.partition(": ")[2], weight=Weight.SEMIBOLD, wrap=True)
        return (Line((chip, Cell(right=0, button="Told", key="Enter", act="tell")), 28), Line((words,), 20))
    if row.send:
        send = Cell(left=28, button="Send now", key="Ctrl+Enter", filled=True, act="send")
        ring = Cell(left=196, button="Ring", key=key_of(Act.RING), act="ring")
        return (Line((send, ring), 28),)
    if row.take:
        return (Line((Cell(left=28, button="Take", key="Ctrl+T", act="take"),), 28),)
    return (Line((Cell(left=28, steps=(row.steps, 6)),), 12),)


def signal_row(row: SignalRow, *, chosen: bool = False) -> Row:
    """Return one signal from the partner, with its quick replies where it is the ``chosen`` one."""
    wide = 106 if len(row.signal) <= SHORT_SIGNAL else 148
    mark = (Cell(right=0, text="", mark=Mark.TICK, ink=Ink.OK, width=16),) if row.done else ()
    cells = (
        Cell(width=62, text=row.time, size=Type.CAPTION, ink=Ink.SECONDARY),
        Cell(left=62, width=wide, text=row.signal, weight=Weight.SEMIBOLD),
        *(() if row.before else (Cell(left=66 + wide, text=row.answer, size=Type.CAPTION, ink=Ink.SECONDARY),)),
        *mark,
    )
    lines = [Line(cells, 22)]
    for answer in (row.answer, row.before) if row.before else ():
        # Each with who gave it and when: beside the signal there is no room for both.
        lines.append(Line((Cell(left=62, text=answer, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 18))
    if row.state:
        lines.append(_state_line(row.state, 62, trouble=row.trouble))
    if chosen and not row.done:
        lines += _reply_lines(row.replies)
    answers = "; ".join(part for part in (row.answer, row.before) if part)
    spoken = f"{row.time} {row.signal}, {answers}{', in hand' if row.done else ''} {row.state}".rstrip()
    acts = () if row.done else ("answer", *(one.act for one in row.replies))
    return Row(row.key, tuple(lines), spoken, acts=acts, calls="In hand")


def _reply_lines(replies: Sequence[ReplyFace]) -> list[Line]:
    """Return the buttons, two side by side where both are short; none is cut off."""
    lines: list[Line] = []
    left = list(replies)
    while left:
        first = left.pop(0)
        cells = [Cell(button=first.words, key=first.key, act=first.act)]
        if left and max(len(first.words), len(left[0].words)) <= SHORT_REPLY:
            second = left.pop(0)
            cells.append(Cell(left=REPLY_WIDTH, button=second.words, key=second.key, act=second.act))
        lines.append(Line(tuple(cells), 28))
    return lines


def _state_line(state: str, left: int, *, trouble: bool) -> Line:
    """Return how far it has come on a line of its own; what was not seen stands out by its box, not by colour alone."""
    if trouble:
        return Line((Cell(left=left, chip=ChipRow(state, Face.NOTICE, Mark.SQUARE)),), 26)
    return Line((Cell(left=left, text=state, size=Type.CAPTION, ink=Ink.SECONDARY),), 18)


def line_row(row: LineRow) -> Row:
    """Return one line or signal to the partner, or one line from them."""
    if row.by:
        return _line_from(row)
    weight = Weight.SEMIBOLD if row.signal else Weight.REGULAR
    cells: tuple[Cell, ...] = (
        Cell(width=44, text=row.time, size=Type.CAPTION, ink=Ink.SECONDARY),
        Cell(left=46, text=row.text, weight=weight, wrap=True),
    )
    lines = [Line(cells, 23), _state_line(row.state, 46, trouble=True)]
    if not row.trouble:
        lines = [Line((*cells, Cell(right=0, text=row.state, size=Type.CAPTION, ink=Ink.SECONDARY)), 23)]
    return Row(row.key, tuple(lines), f"{row.time} {row.text}, {row.state}")


def _line_from(row: LineRow) -> Row:
    """Return what a colleague wrote to this worker, with their name; a fresh one on the ground of what is new."""
    cells: tuple[Cell, ...] = (
        Cell(width=44, text=row.time, size=Type.CAPTION, ink=Ink.SECONDARY),
        Cell(left=46, text=f"{row.by}: {row.text}", weight=Weight.SEMIBOLD, wrap=True),
        Cell(right=6, text=row.state, size=Type.CAPTION, ink=Ink.ACCENT, weight=Weight.SEMIBOLD),
    )
    spoken = f"{row.time} {row.by}: {row.text}" + (f", {row.state}" if row.state else "")
    return Row(row.key, (Line(cells, 23),), spoken, ground=Ground.NEW if row.fresh else Ground.NONE)


def relay_row(row: RelayRow, *, rank: Rank) -> Row:
    """Return one line of the relay card; places and references wrap, a gap is said as Missing."""
    cells = [
        Cell(left=4, width=20, text=row.number, size=Type.CAPTION, ink=Ink.SECONDARY),
        Cell(left=26, width=112, text=row.name, size=Type.CAPTION, ink=Ink.SECONDARY),
    ]
    if row.missing:
        cells.append(Cell(left=140, chip=ChipRow("Missing", Face.MISSING, rank=rank)))
        cells.append(Cell(left=210, text=row.text, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True))
        cells.append(Cell(right=0, button="Ask", act="ask"))
        spoken = f"{row.number} {row.name}: missing, {row.text}".strip()
        return Row(row.key, (Line(tuple(cells), 24),), spoken, acts=("ask",))
    weight = Weight.BOLD if row.strong else Weight.REGULAR
    cells.append(Cell(left=140, text=row.text, weight=weight, wrap=True))
    lines = [Line(tuple(cells), 20)]
    spoken = f"{row.number} {row.name}: {row.text}".strip()
    if row.told:
        chip = ChipRow("Changed since", Face.NOTICE, Mark.SQUARE)
        told = Cell(left=270, text=f"{row.said} told: {row.told}", size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        lines.append(Line((Cell(left=140, chip=chip), told), 24))
        spoken += f". Changed since. {row.said} told: {row.told}"
    elif row.said:
        cells.append(Cell(right=0, width=58, text=row.said, mark=Mark.TICK, ink=Ink.OK, size=Type.CAPTION))
        lines = [Line(tuple(cells), 20)]
        spoken += f". Ticked as said {row.said}"
    return Row(row.key, tuple(lines), spoken, acts=("said",), calls="Tick as said")


def reading_row(words: str, *, others: bool) -> Row:
    """Return for whom the relay card is read out, and the way to somebody else."""
    cells: tuple[Cell, ...] = (Cell(left=4, text=words, size=Type.CAPTION, weight=Weight.SEMIBOLD, wrap=True),)
    if others:
        cells = (*cells, Cell(right=0, button="Next", act="to"))
    return Row("to", (Line(cells, 26),), words, acts=("to",) if others else ())


def directory_row(row: DirectoryRow, *, narrow: bool = False) -> Row:
    """Return one agency with its number and when it was checked, that on a line below where it is ``narrow``.

    What is wrong with a number is said in an amber chip, that nobody is on call on amber ground.
    """
    if not row.number:
        mark = Cell(left=6, width=16, mark=Mark.CLOCK)
        words = Cell(left=26, text=row.name, weight=Weight.SEMIBOLD, size=Type.CAPTION, wrap=True)
        return Row(row.key, (Line((mark, words), 24),), row.name, ground=Ground.NOTICE)
    name = Cell(text=row.name, wrap=True)
    number = Cell(right=58 if narrow else 166, text=row.number, weight=Weight.SEMIBOLD)
    checked = Cell(right=58, text=row.checked, size=Type.CAPTION, ink=Ink.SECONDARY, width=100)
    if row.warning:
        checked = Cell(right=58, chip=ChipRow(row.checked, Face.NOTICE, Mark.SQUARE))
    dial = Cell(right=0, button="Dial", act="dial")
    lines = (
        (Line((name, number, dial), 26), Line((replace(checked, right=None),), 18))
        if narrow
        else (Line((name, number, checked, dial), 26),)
    )
    return Row(row.key, lines, f"{row.name} {row.number}, {row.checked}", acts=("dial",))


def work_row(row: WorkRow, *, narrow: bool = False) -> Row:
    """Return one piece of open work, without an owner Nobody in bold; two lines where it is ``narrow``."""
    if narrow:
        return desk_row(row)
    owner = (
        Cell(right=112, width=88, text=row.owner, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        if row.owner
        else Cell(right=112, width=88, text="Nobody", weight=Weight.SEMIBOLD)
    )
    cells = (
        Cell(rank=row.rank),
        Cell(left=28, text=row.words, wrap=True),
        owner,
        Cell(right=0, text=row.state),
    )
    spoken = f"{SPOKEN_RANKS[row.rank]}, {row.words}, {row.owner or 'nobody'}, {row.state}"
    return Row(row.key, (Line(cells, 25),), spoken, acts=("take",) if row.own or not row.owner else ())


def desk_row(row: WorkRow) -> Row:
    """Return one piece of work as a two-line card of the four-column desk."""
    first = (Cell(rank=row.rank), Cell(left=28, text=row.words, weight=Weight.SEMIBOLD, wrap=True))
    owner = Cell(left=28, text=row.owner or row.nobody, size=Type.CAPTION, ink=Ink.SECONDARY if row.owner else Ink.TEXT)
    can = row.own or not row.owner
    take = (Cell(right=0, button="Show" if row.own else "Take", key="Ctrl+T", act="take"),) if can else ()
    second = (owner, *take) if take else (owner, Cell(right=0, text=row.state, size=Type.CAPTION))
    spoken = f"{SPOKEN_RANKS[row.rank]}, {row.words}, {row.owner or row.nobody.lower()}, {row.state} {row.load}".strip()
    load = Cell(left=28, text=row.load, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
    lines = (Line(first, 24), Line(second, 28 if take else 20), *((Line((load,), 20),) if row.load else ()))
    return Row(row.key, lines, spoken, rule=True, top=4, bottom=4, acts=("take",) if take else ())


def waiting_rows(script: str) -> tuple[Row, ...]:
    """Return what is said to a caller who waits while nobody is free; nothing where nobody does."""
    return (heading("script", "Say to the caller who waits"), quiet("script-words", script)) if script else ()
