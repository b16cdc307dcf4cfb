"""What follows the asking: chasing who is silent, telling them what changed, and closing what reached nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from console.domain.help_kinds import HelpState
from console.domain.help_requests import HelpRequest, cannot
from console.domain.help_telling import Change, standing, untold
from console.domain.incidents import IncidentState
from console.domain.record import Entry, Kind, StreamKind, StreamRef
from console.domain.shifts import role_words
from console.ports.clock import Clock
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.writing import Recording

NOT_HERE = "This request is not on this computer yet.  Nothing was written; try again in a moment."
MOST_TOLD = 100
"""So many changes are told at once; a body stays small."""


class HelpFollowUp:
    """Acts on requests that were sent, by their id."""

    def __init__(self, recording: Recording, folds: Folds, clock: Clock) -> None:
        self._recording = recording
        self._folds = folds
        self._clock = clock

    def untold(self, request: HelpRequest) -> tuple[Change, ...]:
        """Return what changed and was not told to a request's agency yet, as far as this worker may read it."""
        return untold(request, incident_of(self._folds, request))

    def still_untold(self, request: UUID, entries: Collection[UUID]) -> tuple[UUID, ...]:
        """Return those of ``entries`` that a request's agency does not know of yet."""
        state = self._folds.help(request)
        return tuple(one.entry for one in self.untold(state) if one.entry in entries) if state is not None else ()

    def to_tell(self) -> tuple[HelpRequest, ...]:
        """Return the requests whose agencies are to be told of a change."""
        return tuple(one for one in self._folds.helps() if self.untold(one))

    def passed(self, request: UUID, entries: Collection[UUID], to: str = "") -> tuple[Change, ...]:
        """Record that these changes were told to the agency, by whom there; return those that were still untold."""
        state = self._state(request)
        told = tuple(one for one in self.untold(state) if one.entry in entries)[:MOST_TOLD]
        if not told:
            raise Refused("There is nothing of this to tell them any more.  Nothing was written.")
        incident = incident_of(self._folds, state)
        body = {
            "entries": [str(one.entry) for one in told],
            "to": to or state.name,
            "risk": incident.risk.value if incident is not None else "",
        }
        self._write(state, Kind.HELP_PASSED, body)
        return told

    def chase(self, request: UUID, name: str = "", text: str = "", again: timedelta | None = None) -> None:
        """Record that the agency was asked again; ``again`` is when to chase next, if not as usual for it."""
        state = self._state(request)
        if state.sent_at is None:
            raise Refused("It is not sent yet: send it first.  Nothing was written.")
        body: dict[str, object] = {"name": name, "text": f"Chased. {text}".rstrip(". ")}
        if again is not None:
            body["chase_at"] = self._clock.now() + again
        self._write(state, Kind.HELP_CHASED, body)

    def close(self, request: UUID, why: str) -> None:
        """Close a request although nobody has reached the person: this worker signs why."""
        self._recording.record(signed_closing(self._recording, self._state(request), why))

    def _state(self, request: UUID) -> HelpRequest:
        state = self._folds.help(request)
        if state is None:
            raise Refused(NOT_HERE)
        return state

    def _write(self, state: HelpRequest, kind: Kind, body: Mapping[str, object]) -> None:
        self._recording.record(self._recording.entry(kind, StreamRef(StreamKind.HELP, state.id), body))


def incident_of(folds: Folds, request: HelpRequest) -> IncidentState | None:
    """Return the incident a request belongs to, by itself or by its contact."""
    if request.incident is not None:
        return folds.incident(request.incident)
    return folds.incident_of(request.contact) if request.contact is not None else None


def known_now(folds: Folds, request: HelpRequest) -> Mapping[str, object]:
    """Return what an agency knows when it is asked now, for the entry that asks: entries, and how great the risk is."""
    incident = incident_of(folds, request)
    if incident is None:
        return {}
    entries = [str(one.entry) for one in standing(incident)]
    head = [str(incident.risk_head)] if incident.risk_head is not None else []
    return {"knew": [*entries[-MOST_TOLD:], *head], "risk": incident.risk.value}


def signed_closing(recording: Recording, request: HelpRequest, why: str) -> Entry:
    """Return the entry by which this worker signs a request off; raises :class:`Refused` where it cannot close."""
    if not why.strip():
        raise Refused(
            f"{request.label}: write why it can close without the person being reached.  Nothing was written."
        )
    if request.open_risk:
        raise Refused(f"{request.label}: first {' and '.join(request.still_needed)}.  Nothing was written.")
    # Somebody who is there has done what they came for; whoever is not is asked no more.
    state = HelpState.COMPLETED if request.state is HelpState.ON_SCENE else HelpState.CANCELLED
    why_not = cannot(request, state, signed=True)
    if why_not:
        raise Refused(f"{request.label}: {why_not}  Nothing was written.")
    body = {"state": state.value, "text": why.strip(), **signature(recording, why)}
    stream = StreamRef(StreamKind.HELP, request.id)
    return recording.entry(Kind.HELP_CHANGED, stream, body, slot="state", replaces=request.state_head)


def signature(recording: Recording, why: str) -> Mapping[str, str]:
    """Return what stands under a reason: who signs, in which role."""
    who = recording.who
    return {"signed": why.strip(), "signed_name": who.name, "signed_role": role_words(who.role)}
