"""Everything the handler's screen is drawn from, gathered once for each drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.board import BoardState
from console.domain.calendar import local
from console.domain.calls import Call
from console.domain.contacts import ContactState
from console.domain.forms.checking import Missing
from console.domain.forms.spec import FormSpec
from console.domain.help_ages import Alarm, Thresholds
from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.night import NightState
from console.domain.people import Candidates, PersonRecord
from console.domain.record import Entry
from console.domain.shifts import ShiftState, WorkerOnShift
from console.domain.signal_set import SHIPPED, SignalSet
from console.domain.signals import Signal, SignalsState, Summons
from console.domain.work_cards import WorkCard
from console.ports.journal import Journal
from console.ports.switchboard import Act as PhoneAct
from console.services.call_looks import Looked
from console.services.call_slots import CallSlot, DeskState
from console.services.directory import DirectoryState
from console.services.drafts import PanelWords
from console.services.link_state import LinkState, Progress
from console.services.opened_record import Reading
from console.services.people_search import SearchState
from console.services.plans import PlanShown
from console.services.receipts import SignalNews
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.handler.rows import DirectoryList
from ui.desktop.screens.known_rows import DropNow

GIVING = (
    PhoneAct.START_ATTENDED,
    PhoneAct.BLIND_TRANSFER,
    PhoneAct.PARK,
    PhoneAct.DTMF,
)
"""What the panel of Transfer does with a caller: it is worth opening where one of it can be done."""
BY_BUTTON = frozenset(
    {
        *GIVING,
        PhoneAct.HOLD,
        PhoneAct.RESUME,
        PhoneAct.HANG_UP,
        PhoneAct.COMPLETE_ATTENDED,
        PhoneAct.CONFERENCE,
        PhoneAct.CANCEL_ATTENDED,
        PhoneAct.RETRIEVE,
        PhoneAct.REDIRECT,
    }
)
"""What buttons at the call ask a switchboard for."""


@dataclass(frozen=True, slots=True)
class HandlerInputs:
    """Read models of one moment.

    ``contact`` is the record on screen: the current call's, or one opened by hand.  ``looked`` is
    what is known of who rings or talks; ``record`` the opened person; ``chosen`` a candidate's
    number picked and not opened yet.  ``line_states`` maps a note's line to how far it has come.
    """

    worker: str
    name: str
    now: datetime
    cover: Cover
    link: LinkState
    calls: DeskState
    shift: ShiftState
    journal: Journal
    alarms: tuple[tuple[HelpRequest, Alarm], ...] = ()
    """Help that asks for somebody now, whoever drafted it."""
    to_tell: int = 0
    """How many requests there are whose agency does not know of a change."""
    limits: Thresholds = field(default_factory=Thresholds)
    """When a request that stands still is somebody's business."""
    tonight: int = 0
    may_swap: bool = True
    can_answer: bool = True
    passing: frozenset[PhoneAct] = BY_BUTTON
    """What the switchboard does now of that for which the call has a button."""
    why_not: Mapping[PhoneAct, str] = field(default_factory=dict)
    """Why it does not do the rest."""
    by_word: bool = False
    """The telephone is worked by hand: a key only says what was done there."""
    talking: frozenset[str] = frozenset()
    """Extensions on which somebody talks now."""
    own_line: CallSlot | None = None
    """The call on the call bar: current, else the call out that rings there, else the one that rings here."""
    asked_about: WorkCard | None = None
    """What every list shows of the record of the call about which a colleague asks."""
    brings_record: bool = False
    """What is typed without a record goes into one that this call begins when it is answered."""
    looked: Looked = field(default_factory=Looked)
    contact: ContactState | None = None
    contact_call: Call | None = None
    form: FormSpec | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()
    asked_to_finish: bool = False
    record: PersonRecord | None = None
    reading: Reading = Reading.NOBODY
    """How far the opening of ``record`` has come."""
    incident: IncidentState | None = None
    signals: SignalsState = field(default_factory=SignalsState)
    signal_news: tuple[SignalNews, ...] = ()
    signal_set: SignalSet = SHIPPED
    """What this service signals with."""
    helps: tuple[HelpRequest, ...] = ()
    line_states: Mapping[UUID, Progress] = field(default_factory=dict)
    new_lines: tuple[tuple[UUID, str, datetime], ...] = ()
    """Own lines still being typed that no entry carries yet: id, text, begun."""
    unfinished: tuple[ContactState, ...] = ()
    unfinished_missing: Mapping[UUID, int] = field(default_factory=dict)
    strays: tuple[tuple[str, str, str], ...] = ()
    """Others' journals on this computer: row key, sentence, and what Enter does."""
    aside: tuple[tuple[Entry, str], ...] = ()
    """Own entries the shared record did not take, each with the sentence that says why."""
    half_filled: tuple[tuple[PanelWords, str], ...] = ()
    """What is half filled anywhere, each with how far it is kept, in words."""
    message_kept: str = ""
    search: SearchState | None = None
    board: BoardState | None = None
    summons: tuple[Summons, ...] = ()
    """Calls for a second worker that go to this one."""
    signalled: Mapping[UUID, tuple[Signal, ...]] = field(default_factory=dict)
    """What the asker of each has signalled and nobody answered, by entry."""
    relief: bool = False
    """A pause is offered after a red call."""
    forms: tuple[FormRow, ...] = ()
    notice: str = ""
    directory: DirectoryState = field(default_factory=DirectoryState)
    """Whom to ring."""
    directory_rows: DirectoryList = field(default_factory=lambda: DirectoryList(""))
    relative: PersonRecord | None = None
    """Somebody tied to the person on screen, whose sheet was asked for."""
    relative_reading: Reading = Reading.NOBODY
    planned: frozenset[UUID] = frozenset()
    """Candidates of whom it is known that a plan stands."""
    plan: PlanShown | None = None
    """The plan of the person whose record is open."""
    relative_plan: PlanShown | None = None
    drop: DropNow | None = None
    """The line of the record's incident, where it dropped."""
    rings_back: str = ""
    """Whom ringing back rings now where no line dropped: the number as it is drawn, empty for nobody."""
    same_line: bool = False
    """The call on the call bar comes from the line of an incident of this worker's that dropped."""
    heard_by: tuple[str, ...] = ()
    """Who hears the call of the call bar as a supervisor, a sentence each."""
    telephone_refused: bool = False
    """The switchboard did not take what this worker's telephone was told."""

    def refusal(self, *acts: PhoneAct) -> str:
        """Return why none of ``acts`` can be asked for now, or nothing where one can."""
        if any(act in self.passing for act in acts):
            return ""
        return next((self.why_not[act] for act in acts if self.why_not.get(act)), "This telephone system cannot do it.")

    def first_name(self, worker: str) -> str:
        """Return what a worker is called, by key; "you" for this one."""
        if worker == self.worker:
            return "you"
        members = self.incident.members if self.incident else ()
        known = self.shift.worker(worker)
        named = known.name if known else next((one.name for one in members if one.worker == worker), worker)
        return named.split(" ", 1)[0]

    def named_at(self, extension: str) -> str:
        """Return who is signed in at an extension, with it; the extension alone where nobody is."""
        found = next((one.name for one in self.shift.workers if one.extension == extension), "")
        return f"{found}, {extension}" if found else extension

    @property
    def today(self) -> date:
        """Return the day it is in London: ages and "as at" follow it, not the computer's clock."""
        return local(self.now).date()

    @property
    def rings_anew(self) -> bool:
        """Say whether the call bar shows a call that is not answered, whatever record is still on screen."""
        return self.own_line is not None and self.own_line is not (self.calls.current or self.calls.calling)

    @property
    def candidates(self) -> Candidates | None:
        """Return who it may be, where that is known."""
        return self.looked.candidates

    @property
    def night(self) -> NightState:
        """Return the night's capacity, as the board last made it."""
        return self.board.night if self.board is not None else NightState()

    def resting(self) -> bool:
        """Say whether this worker is in recovery and has not said "I can come"."""
        me = self.shift.worker(self.worker)
        return me is not None and me.recovering(self.now) and not me.can_come

    @property
    def pair(self) -> bool:
        """Say whether a second worker is with this one: nobody is after the stand-down."""
        return self.incident is not None and self.incident.live and self.incident.paired

    def free(self) -> tuple[WorkerOnShift, ...]:
        """Return who could take a call now: nobody who has a seat in a live incident, whatever they said."""
        return self.shift.could_answer(self.talking, {one.worker.worker for one in self.night.loads if one.incidents})

    @property
    def has_seat(self) -> bool:
        """Say whether this worker has a seat in a live incident: on screen, or as the board last knew."""
        own = self.night.load(self.worker)
        here = self.incident is not None and self.incident.live and self.incident.holds_seat(self.worker)
        return here or (own is not None and own.incidents > 0)

    def managed(self) -> bool:
        """Say whether a manager is signed in, other than on call at home: only then may a screen promise one."""
        return bool(self.shift.managers_here())

    def partner_name(self) -> str:
        """Return the first name of the other of the pair, or an empty string; nobody is with one after the end."""
        incident = self.incident
        if incident is None or not incident.live:
            return ""
        for member in (incident.coordinator, incident.lead):
            if member is not None and member.worker != self.worker:
                return member.name.split(" ", 1)[0]
        return ""
