"""Everything the handler's screen shows, as frozen rows; no Qt.

Times, ages and counts come as finished words: the presenter has the clock.  A button's key is
filled in by the view from the table of shortcuts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from console.domain.typed_safety import TypedSafety
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.known_rows import DropRow, GlanceRow
from ui.desktop.screens.plan_rows import PlanRow
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Choice, Kept, Span, StatusRow
from ui.desktop.widgets.rows import Row

MORNING = "in_morning_handover"
"""The field of the tick box "In the morning handover"."""


class Tone(StrEnum):
    """How loud a row is; its place and height never change."""

    CALM = "calm"
    LIVE = "live"
    ALARM = "alarm"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class ActButton:
    """A button that does ``act``."""

    act: Act
    face: ButtonFace


@dataclass(frozen=True, slots=True)
class CallBarRow:
    """The call of this worker, or that there is none.

    ``state`` in capitals ("ON CALL", "RINGING", "READY", "AWAY"), ``number`` as drawn ("07700
    900412", "Number withheld", "Number not yet known"); ``known`` False draws it quietly.  ``call`` is the id of the
    call, empty for none: what two presses do is about one call.
    """

    state: str
    line: str = ""
    clock: str = ""
    number: str = ""
    known: bool = True
    detail: str = ""
    tone: Tone = Tone.CALM
    buttons: tuple[ActButton, ...] = ()
    call: str = ""
    heard: bool = False
    """``detail`` begins with who hears the call: as strong as the number, for what is said is heard."""


@dataclass(frozen=True, slots=True)
class SlotRow:
    """The row for the next call, always there.

    ``chip`` None means nobody waits: a small ring and ``title``.
    """

    title: str
    chip: ChipRow | None = None
    detail: str = ""
    tone: Tone = Tone.CALM
    buttons: tuple[ActButton, ...] = ()
    said: str = "Call waiting"
    """How a screen reader is told that it came."""


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """One person in the card.  ``born`` as "19-Feb-1992", "Not known" where it is not; ``age`` "(34y)".

    ``died`` as "Died 03-Oct-2025", and ``age`` is then what they had reached; empty for the living.
    """

    name: str
    born: str
    age: str
    gender: str
    reference: str
    asked: str = ""
    """Quiet words before the chip: "Date of birth not asked"."""
    chip: ChipRow | None = None
    confirm: ActButton | None = None
    where: str = ""
    where_source: str = ""
    address: str = ""
    address_note: ChipRow | None = None
    died: str = ""


@dataclass(frozen=True, slots=True)
class CandidateCardRow:
    """One candidate; ``index`` 1 to 9 is its Alt key.

    ``marker`` is said as "Possible: ..."; a restricted candidate has only ``name`` ("Restricted
    record") and ``reason``.
    """

    index: int
    name: str
    born: str = ""
    age: str = ""
    gender: str = ""
    reference: str = ""
    reason: str = ""
    marker: str = ""
    marker_note: str = ""
    address: str = ""
    chosen: bool = False
    restricted: bool = False
    died: str = ""
    """"Died 03-Oct-2025"; empty for the living."""
    plan: str = ""
    """"Child protection plan: neglect"; empty where nothing is known of a plan."""
    plan_as_at: str = ""
    calls_plan: str = ""
    """"Has a plan": that there is one for repeated calls, and no word of it."""
    plan_old: bool = False
    """Its day is long ago, or not known: drawn quietly, and said so."""


@dataclass(frozen=True, slots=True)
class CandidatesRow:
    """Who it may be: none, one or several; never one chosen by the program."""

    chip: ChipRow
    title: str
    note: str = ""
    neither: str = ""
    cards: tuple[CandidateCardRow, ...] = ()
    more: str = ""
    """Said after the ninth: "and 4 more: Find F3"."""
    body: str = ""
    """A sentence in place of cards, where there are none."""
    where: str = ""
    """Where they are now, as the one card of the chosen has it; in place of the title; empty until it was said."""
    where_source: str = ""
    buttons: tuple[ActButton, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskRow:
    """The risk band.  ``banner`` None and no markers: ``text`` says quietly that none are known, or not read."""

    banner: ChipRow | None = None
    text: str = ""
    markers: tuple[ChipRow, ...] = ()
    count: str = ""
    now: bool = False
    detail: tuple[Row, ...] = ()
    """The list opened by F4: each marker in full."""


@dataclass(frozen=True, slots=True)
class SignalsRow:
    """The signal buttons; ``risk`` stands apart from the others."""

    title: str
    note: str
    buttons: tuple[ActButton, ...]
    risk: ActButton


@dataclass(frozen=True, slots=True)
class ListRow:
    """A pane that is one list."""

    title: str
    rows: tuple[Row, ...] = ()
    right: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryList(ListRow):
    """Whom to ring, and what is told of a number that is being typed there."""

    typed: TypedSafety = TypedSafety()


@dataclass(frozen=True, slots=True)
class NoteLineRow:
    """A line of the note as last heard from the service.

    ``author`` is empty for this worker's own lines; others' lines are shown and not edited.
    """

    line_id: UUID
    text: str
    clock: str
    kept: Kept
    author: str = ""


@dataclass(frozen=True, slots=True)
class NotesRow:
    """``record`` names the contact (or place) the lines belong to; another one empties the editor.

    ``why`` not empty: there is no record, and what becomes of what is typed.
    """

    record: str
    lines: tuple[NoteLineRow, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class PromptRow:
    """One thing to ask."""

    key: str
    label: str
    on: bool = False


@dataclass(frozen=True, slots=True)
class PromptsRow:
    """``asked`` as "5 of 9 asked"."""

    prompts: tuple[PromptRow, ...] = ()
    asked: str = ""


KIND = "type"
"""The field of a :class:`ChoiceRow` that the others of a record follow from: the kind of call."""


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A field with a list.  ``clash`` says the other value standing beside this one, empty for none."""

    field: str
    label: str
    choices: tuple[Choice, ...] = ()
    current: str | None = None
    placeholder: str = ""
    clash: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """The partner's last line, the largest text on the page after the clock."""

    who: str
    ago: str = ""
    line: str = ""
    second_clock: str = ""
    second: str = ""
    tone: Tone = Tone.CALM
    quiet: bool = False
    """``who`` is drawn quietly: it is not a name."""


@dataclass(frozen=True, slots=True)
class HelpRow:
    """Requests for help and what was said between the two."""

    rows: tuple[Row, ...] = ()
    right: str = ""
    said: tuple[Row, ...] = ()
    message_placeholder: str = "One line to the second worker"
    message_why: str = ""
    message_kept: str = ""
    """How far a line begun and not sent is kept, in words."""
    """Not empty: no line can be sent now, and why."""


@dataclass(frozen=True, slots=True)
class WrapUpRow:
    """``missing`` as "4 things to fill in; they can wait"."""

    outcome: ChoiceRow
    handover: ChoiceRow
    morning: bool
    missing: str
    finish: ButtonFace
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class FindRow:
    """Answers of a search; ``state`` says how many, that it is looking, or why it cannot."""

    rows: tuple[Row, ...] = ()
    state: str = ""


@dataclass(frozen=True, slots=True)
class HandlerRows:
    """The whole screen.  ``forms`` are the panels the presenter can fill, by their key."""

    status: StatusRow
    call: CallBarRow
    slot: SlotRow
    who: IdentityRow | CandidatesRow
    risk: RiskRow
    signals: SignalsRow
    history: ListRow
    notes: NotesRow
    prompts: PromptsRow
    fields: tuple[ChoiceRow, ...]
    partner: PartnerRow
    help: HelpRow
    wrap_up: WrapUpRow
    record: FormRow | None = None
    find: FindRow = field(default_factory=FindRow)
    unfinished: ListRow = field(default_factory=lambda: ListRow("My unfinished records"))
    directory: DirectoryList = field(default_factory=lambda: DirectoryList(""))
    """Whom to ring: the rota and the agencies."""
    sheet: ListRow = field(default_factory=lambda: ListRow("Person"))
    """The sheet of the person on screen, or of the relative that was opened from it."""
    forms: tuple[FormRow, ...] = ()
    glance: GlanceRow = field(default_factory=GlanceRow)
    """What should be seen without being looked for."""
    plan: PlanRow | None = None
    """The plan of the person on screen, with the question that comes before its limits."""
    drop: DropRow | None = None
    """The line that is gone, None while it is there."""
    notice: str = ""
    title: str = "Nightdesk"


def spans(*parts: Span) -> tuple[Span, ...]:
    """Return ``parts`` without the empty ones."""
    return tuple(part for part in parts if part.text)
