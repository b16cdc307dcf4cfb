"""Requests for help: drafted, sent, heard of, taken, escalated, and what each one's age asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.help_ages import Alarm, HelpAges, Thresholds, ages, alarm, by_urgency
from console.domain.help_kinds import HELP_LABELS, HelpKind, HelpState, RcrpGround
from console.domain.help_requests import UNSIGNED, HelpRequest, cannot
from console.domain.ids import new_id
from console.domain.people import Rank
from console.domain.record import MANAGERS, Expects, Kind, StreamKind, StreamRef
from console.ports.clock import Clock
from console.services.folds import Folds
from console.services.help_follow_up import NOT_HERE, known_now, signature
from console.services.refusing import Refused
from console.services.writing import Outcome, Recording

_NO_GROUND = (
    "Not sent: say on which ground the police are asked (a crime, risk to life now, serious harm now, or none).  "
    "The draft stands: choose the ground in Log news (Ctrl+L), and there “Asked, no answer yet”."
)
_OWNED = "{name} has this.  Nothing was taken; ask {name} to hand it over, or tell the duty manager."


@dataclass(frozen=True, slots=True)
class Draft:
    """What is asked for.  ``incident`` or ``contact`` says what for; one of them is enough."""

    kind: HelpKind
    words: str = ""
    rank: Rank = Rank.NOW
    incident: UUID | None = None
    contact: UUID | None = None
    agency: str = ""
    line: str = ""
    ground: RcrpGround | None = None
    number: str = ""
    """The agency's number in the directory, where it was chosen from there."""
    evidence: str = ""
    tried: str = ""
    no_other: str = ""
    """With the ground: what shows it, what was tried, why no other agency can go (domain.md 4.3)."""
    nobody: bool = False
    """True leaves it without an owner, for somebody to take."""


@dataclass(frozen=True, slots=True)
class News:
    """What was heard.  ``at`` is when it happened, if not now."""

    state: HelpState
    text: str = ""
    reference: str = ""
    name: str = ""
    grade: str = ""
    minutes: int | None = None
    at: datetime | None = None


class HelpLedger:
    """Acts on requests, by their id."""

    def __init__(self, recording: Recording, folds: Folds, clock: Clock, thresholds: Thresholds | None = None) -> None:
        self._recording = recording
        self._folds = folds
        self._clock = clock
        self._thresholds = thresholds if thresholds is not None else Thresholds()

    @property
    def thresholds(self) -> Thresholds:
        """Return when a request that stands still becomes somebody's business."""
        return self._thresholds

    def draft(self, draft: Draft) -> UUID:
        """Write down what is wanted.  Nothing is sent by itself: after 60 s an unsent draft rings."""
        who = self._recording.who
        made = new_id(self._clock.now())
        body = {
            "incident": draft.incident or "",
            "contact": draft.contact or "",
            "kind": draft.kind.value,
            "agency": draft.agency or HELP_LABELS[draft.kind],
            "line": draft.line,
            "rank": draft.rank.value,
            "words": draft.words,
            "number": draft.number,
            "rcrp_ground": draft.ground.value if draft.ground is not None else "",
            "evidence": draft.evidence,
            "tried": draft.tried,
            "no_other": draft.no_other,
            "owner": "" if draft.nobody else who.worker,
            "owner_name": "" if draft.nobody else who.name,
            "unowned": draft.nobody,
        }
        self._recording.record(self._recording.entry(Kind.HELP_DRAFTED, StreamRef(StreamKind.HELP, made), body))
        return made

    def send(self, request: UUID, ground: RcrpGround | None = None, text: str = "", name: str = "") -> None:
        """Say that it has been asked for now.  Police attendance needs its ground (domain.md 4.3).

        The place goes along as it is known now, with its source; a record address never does.
        """
        state = self._state(request)
        given = ground or state.ground
        if state.kind is HelpKind.POLICE_ATTEND and given is None:
            raise Refused(_NO_GROUND)
        body = {"text": text, "name": name, "rcrp_ground": given.value if given is not None else ""}
        self._move(state, HelpState.SENT, {**body, **self._place(state), **known_now(self._folds, state)})

    def _place(self, state: HelpRequest) -> Mapping[str, str]:
        incident = self._folds.incident(state.incident) if state.incident is not None else None
        where = incident.where if incident is not None else None
        if incident is None or where is None:
            return {}
        # All that people differ in: help that goes to one of two places must know of the other.
        return {"place": incident.where_words, "place_source": where.source.value}

    def log(self, request: UUID, news: News) -> str:
        """Log what was heard; return why the move cannot be right, or nothing.

        An impossible move is kept and flagged all the same: the words were heard.  What closes a request of
        which nobody was reached is signed (:mod:`console.services.help_follow_up`), or nothing is written.
        """
        state = self._state(request)
        if cannot(state, news.state) == UNSIGNED:
            raise Refused(f"Not closed.  {UNSIGNED}  Nothing was written.")
        body: dict[str, object] = {
            "text": news.text,
            "reference": news.reference,
            "name": news.name,
            "grade": news.grade,
        }
        if news.minutes is not None:
            body["minutes"] = news.minutes
        if news.at is not None:
            body["at"] = news.at
        why_not = cannot(state, news.state)
        self._write(state, Kind.HELP_CHANGED, body | {"state": news.state.value}, slot="state")
        return why_not

    def decline(self, request: UUID, reason: str, name: str = "", reference: str = "") -> None:
        """Log a refusal; it stays an open risk until there is an alternative and the caller was told."""
        if not reason.strip():
            raise Refused("Write why they will not come.  Nothing was written.")
        self._move(self._state(request), HelpState.DECLINED, {"text": reason, "name": name, "reference": reference})

    def escalate(self, request: UUID, to: str, text: str = "", ground: RcrpGround | None = None) -> None:
        """Take a refusal to somebody higher (the force incident manager, the duty inspector), in one act.

        ``text`` is what is new; ``ground`` the ground on which they are asked now, if it is another.
        """
        if not to.strip():
            raise Refused("Write who it is escalated to.  Nothing was written.")
        state = self._state(request)
        body = {"text": to.strip(), "words": text.strip(), "rcrp_ground": ground.value if ground is not None else ""}
        self._move(state, HelpState.ESCALATED, {**body, **self._place(state), **known_now(self._folds, state)})

    def alternative(self, request: UUID, text: str) -> None:
        """Record what is done instead."""
        if not text.strip():
            raise Refused("Write what is done instead.  Nothing was written.")
        self._write(self._state(request), Kind.HELP_UPDATED, {"text": text, "alternative": text})

    def told(self, request: UUID, text: str = "") -> None:
        """Record that the caller has been told that nobody is coming."""
        self._write(self._state(request), Kind.HELP_TOLD, {"text": text or "Caller told"})

    def update(self, request: UUID, text: str) -> None:
        """Record information passed on or received, without a change of state."""
        if text.strip():
            self._write(self._state(request), Kind.HELP_UPDATED, {"text": text.strip()})

    def cancel(self, request: UUID, reason: str) -> None:
        """Cancel a request; a declined one first needs its alternative, and the caller told.

        Who cancels signs the reason: nobody may have reached the person.
        """
        if not reason.strip():
            raise Refused("Write why it is cancelled; your name stands under it.  Nothing was written.")
        state = self._state(request)
        signed = signature(self._recording, reason) if state.unreached else {}
        self._move(state, HelpState.CANCELLED, {"text": reason.strip(), **signed})

    def take(self, request: UUID, then: Callable[[Outcome], None]) -> None:
        """Make a request that nobody has one's own; exclusive: the loser hears who has it."""
        state = self._state(request)
        if not state.owner:
            self._take(state, then)
            return
        mine, name = state.owner == self._recording.who.worker, state.owner_name or state.owner
        then(Outcome(won=mine, sentence="" if mine else _OWNED.format(name=name), by=state.owner))

    def take_over(self, request: UUID, owner: str, then: Callable[[Outcome], None]) -> None:
        """Take a request from ``owner``, a worker's key, who is told so; managers only, and exclusive."""
        state = self._state(request)
        if self._recording.who.role not in MANAGERS:
            raise Refused("Your role takes nothing from a colleague; the duty manager does.  Nothing was changed.")
        if state.owner != owner:
            raise Refused("Somebody else has it by now.  Nothing was changed; look again.")
        self._take(state, then)

    def _take(self, state: HelpRequest, then: Callable[[Outcome], None]) -> None:
        who, stream = self._recording.who, StreamRef(StreamKind.HELP, state.id)
        expects = Expects(self._folds.ledger.shared_head(stream, "owner"))
        body = {"worker": who.worker, "name": who.name, "from": state.owner}
        entry = self._recording.entry(Kind.HELP_TAKEN, stream, body, slot="owner", expects=expects)
        self._recording.exclusive(entry, then)

    def open(self) -> tuple[HelpRequest, ...]:
        """Return every open request, most urgent first."""
        return by_urgency(one for one in self._folds.helps() if one.open)

    def ages(self, request: HelpRequest) -> HelpAges:
        """Return the clocks of a request now."""
        return ages(request, self._clock.now(), self._thresholds)

    def alarms(self) -> tuple[tuple[HelpRequest, Alarm], ...]:
        """Return the requests whose age asks for somebody now, most urgent first."""
        now = self._clock.now()
        found = ((one, alarm(one, now, self._thresholds)) for one in self.open())
        return tuple((one, asks) for one, asks in found if asks is not Alarm.NONE)

    def _move(self, state: HelpRequest, wanted: HelpState, body: Mapping[str, object]) -> None:
        why_not = cannot(state, wanted, signed="signed" in body)
        if why_not:
            raise Refused(why_not)
        self._write(state, Kind.HELP_CHANGED, {**body, "state": wanted.value}, slot="state")

    def _write(self, state: HelpRequest, kind: Kind, body: Mapping[str, object], slot: str = "") -> None:
        replaces = state.state_head if slot == "state" else None
        stream = StreamRef(StreamKind.HELP, state.id)
        self._recording.record(self._recording.entry(kind, stream, body, slot=slot, replaces=replaces))

    def _state(self, request: UUID) -> HelpRequest:
        state = self._folds.help(request)
        if state is None:
            raise Refused(NOT_HERE)
        return state
