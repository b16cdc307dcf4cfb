"""What the second worker's screen shows, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from console.domain.people import Rank
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.handler.rows import DirectoryList
from ui.desktop.screens.known_rows import DropRow, HookRow
from ui.desktop.screens.plan_rows import PlanRow
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import StatusRow

HEAD_ACTS = frozenset({Act.LISTEN, Act.GO_TO_CALL, Act.SWAP, Act.MANAGER, Act.HAND_BACK, Act.STAND_DOWN})
"""All that can be done from the head row, with somebody there and a call."""


@dataclass(frozen=True, slots=True)
class HeadRow:
    """Who is on the line with whom.  ``risk`` is the red chip's words, empty for none.

    ``partner`` is empty where nobody else is in the incident, or where that ``is_known`` to nobody here.  ``acts`` are
    what can be done now.
    """

    risk: str
    name: str
    words: str
    below: str
    partner: str
    listening: bool = False
    acts: frozenset[Act] = HEAD_ACTS
    own: bool = False
    """The record is this worker's own now: they can open it and write in it."""
    is_known: bool = True
    """Who is in the incident could be read."""
    asked: bool = False
    """A second worker was asked for, and nobody has said how great the risk is."""

    @property
    def alone(self) -> str:
        """Say that there is nobody to write to; empty where there is, or may be, somebody."""
        return "Nobody is with you in this incident." if self.is_known and not self.partner else ""


@dataclass(frozen=True, slots=True)
class ReadNoteRow:
    """One line of the partner's note, read only.  ``fresh`` is drawn on the selected ground."""

    key: str
    time: str
    text: str
    fresh: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact with its source and age; ``old`` facts are grey in a dashed box and never current.

    ``fixed``: it comes from the person's record and is not corrected here.
    """

    key: str
    name: str
    text: str
    source: str
    age: str
    lead: bool = False
    below: str = ""
    old: str = ""
    fixed: bool = False
    act: str = "fact"
    """What Enter does; another than correcting it has a button."""
    button: str = ""


@dataclass(frozen=True, slots=True)
class ClockBox:
    """A clock beside a request: ``due`` fills it amber."""

    figure: str
    words: str
    due: bool = False


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One request for help.  ``steps`` of six are done; ``chip`` is an amber warning or empty.

    ``needs`` says what a refusal still wants.  ``tell`` says what changed since they were asked; Enter
    ticks just these (``untold``) as told.
    """

    key: UUID
    rank: Rank
    agency: str
    state: str
    words: str
    steps: int
    clocks: tuple[ClockBox, ...]
    chip: str = ""
    send: bool = False
    take: bool = False
    needs: str = ""
    tell: str = ""
    untold: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyFace:
    """One quick reply as it would be sent now; ``act`` sends it from a row, ``key`` for the chosen signal."""

    act: str
    words: str
    key: str


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal from the partner.  ``state`` is how far the answer to it has come; ``trouble`` where it has not."""

    key: str
    time: str
    signal: str
    answer: str
    done: bool
    replies: tuple[ReplyFace, ...] = ()
    state: str = ""
    trouble: bool = False
    before: str = ""
    """Earlier answers to it, each with who gave it and when."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line, or signal, to the partner and what became of it.  ``trouble``: it was not seen, and that matters.

    ``by`` is who wrote it, where it is a line to this worker; ``fresh`` while it is young.
    """

    key: str
    time: str
    text: str
    state: str
    trouble: bool = False
    signal: bool = False
    by: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class RelayRow:
    """One line of the relay card; ``missing`` is shown as such with an Ask key."""

    key: str
    number: str
    name: str
    text: str
    missing: bool = False
    strong: bool = False
    said: str = ""
    """When it was read out to whom the card is read, empty where it was not."""
    told: str = ""
    """What they were told, where the line says something else by now."""


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One agency, or somebody on call; ``checked`` says when its number was verified, or until when they are on.

    ``warning``: the number was said to be wrong, or (without a ``number``) that nobody is on call.
    """

    key: str
    name: str
    number: str
    checked: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class WorkRow:
    """Other open work; an empty ``owner`` is said as ``nobody``, in bold."""

    key: str
    rank: Rank
    words: str
    owner: str
    state: str
    nobody: str = "Nobody"
    load: str = ""
    """To whom else a call for a second worker goes, with what each has behind them."""
    own: bool = False
    """This worker is in it already: taking it shows it here."""


@dataclass(frozen=True, slots=True)
class CoordinatorRows:
    """Everything on the second worker's screen; ``head`` is None when there is no pair."""

    status: StatusRow
    head: HeadRow | None
    note_title: str
    note: tuple[ReadNoteRow, ...]
    typing: str
    facts: tuple[FactRow, ...]
    requests: tuple[HelpRow, ...]
    signals: tuple[SignalRow, ...]
    signals_words: str
    lines: tuple[LineRow, ...]
    relay: tuple[RelayRow, ...]
    missing: int
    directory: tuple[DirectoryRow, ...]
    work: tuple[WorkRow, ...]
    work_words: str
    summons: tuple[WorkRow, ...] = ()
    """Calls for a second worker that nobody has taken yet."""
    away: str = ""
    """What is refused while the database is away, and why; empty when it is in step."""
    rest: str = ""
    """Until when this worker is in recovery, and the ways out of it; empty where they are not."""
    script: str = ""
    """What is said to a caller who waits while nobody is free; empty where nobody does."""
    people: DirectoryList = field(default_factory=lambda: DirectoryList(""))
    """The whole directory with the rota, for its panel."""
    forms: tuple[FormRow, ...] = ()
    """The forms the presenter has ready, by their key."""
    notice: str = ""
    """A sentence for the worker, empty for none."""
    incident: str = ""
    """The incident on screen, empty where there is no pair."""
    relay_form: str = ""
    """The form of the relay card: ``999``, ``ETHANE``, ``SBAR``."""
    relay_to: str = ""
    """For whom the card is read out and how far, in words."""
    relay_others: bool = False
    """There is somebody else to read it out for."""
    by_handset: frozenset[str] = frozenset()
    """Keys of requests and of directory rows that are rung on a handset only: 999."""
    hooks: tuple[HookRow, ...] = ()
    plan: PlanRow | None = None
    """The plan of the caller, with the question that comes before its limits."""
    drop: DropRow | None = None
    """The line that is gone, None while it is there."""
    line_kept: str = ""
    """How far a line begun and not sent is kept, in words."""
    title: str = "Nightdesk"
