"""Ringing somebody of the directory from one's own telephone, by their row or by a request for help.

What is known of a number is said before it is rung: a number that is said to be wrong, or one with a rule, is rung
only when it is asked for once more.  An emergency number is never rung by a program.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from console.domain.help_requests import HelpRequest
from console.domain.lines import DialPlan, emergency_number, read_number
from console.domain.people import Agency
from console.domain.record import StreamKind, StreamRef
from console.domain.rota import Duty
from console.domain.search import shown_number
from console.domain.whom_to_ring import agency_for, by_handset, rings_freely
from console.ports.switchboard import ActionAnswer, Answer
from console.services.call_acts import CallActs, Then
from console.services.directory import Directory
from console.services.help_rings import HelpRings, Ring
from console.services.refusing import Refused
from console.services.typed_numbers import TypedNumbers

BY_HANDSET = "Ring {number} on your handset: this program never rings an emergency number.  Nothing was dialled."

TYPED = "number "
"""What the key of a row begins with that stands for a number somebody typed; the number follows."""


class Dialling:
    """For one worker, from that worker's telephone."""

    def __init__(
        self,
        directory: Directory,
        call_acts: CallActs,
        rings: HelpRings,
        plan: DialPlan,
        typed: TypedNumbers,
        incident: Callable[[], UUID | None],
    ) -> None:
        """``incident`` is the one in which this worker has a seat now: whoever is rung meanwhile stands in it."""
        self._directory = directory
        self._call_acts = call_acts
        self._rings = rings
        self._plan = plan
        self.typed = typed
        self._incident = incident
        self._warned = ""
        """Whoever was warned of last: the number is rung when it is asked for once more."""

    def is_emergency(self, number: str) -> bool:
        """Say whether a number, however written, reaches an emergency service."""
        return bool(emergency_number(number, self._plan))

    def row(self, key: str, then: Then) -> None:
        """Ring whoever stands behind a row of the directory, or the number typed there (:data:`TYPED`).

        Raises :class:`Refused` with what is known against it.
        """
        if key.startswith(TYPED):
            number = key.removeprefix(TYPED)
            self._allow(key, number, "")
            read = read_number(number, self._plan)
            shown = shown_number(read.e164) if read.e164 else number
            self._within(shown, read.e164, partial(self.typed.ring, number), then)
            return
        agency, duty = self._directory.agency(key), self._directory.duty(key)
        if agency is not None:
            self._within(agency.name, agency.number, partial(self._agency, agency), then)
        elif duty is not None:
            self.allow(duty)
            self._within(duty.name, duty.number, partial(self._call_acts.ring, duty.number), then)

    def allow(self, duty: Duty) -> None:
        """Let somebody on duty be rung; raises :class:`Refused` over an emergency number, once over a rule to read."""
        rule = "" if rings_freely(duty.safe) else f"{duty.name}: {duty.safe}."
        self._allow(str(duty.id), duty.number, rule)

    def request(self, request: HelpRequest, then: Then) -> None:
        """Ring whoever gives this help; that they were rung, and what came of it, stands on the request.

        Raises :class:`Refused`.
        """
        if by_handset(request):
            raise Refused(BY_HANDSET.format(number="999"))
        agency = agency_for(request, self._directory.agencies())
        if agency is None:
            raise Refused(f"The directory has nobody for {request.label}.  Ring them by hand, then log what they said.")
        about = StreamRef(StreamKind.HELP, request.id)
        self._following(about, agency.name, agency.number, partial(self._agency, agency), then)

    def _within(self, name: str, number: str, ring: Callable[[Then], None], then: Then) -> None:
        """Ring; in an incident it is a line of the incident that they were rung, by whom, and what came of it."""
        about = self._incident() if number else None
        if about is None:
            ring(then)
        else:
            self._following(StreamRef(StreamKind.INCIDENT, about), name, number, ring, then)

    def _following(self, about: StreamRef, name: str, number: str, ring: Callable[[Then], None], then: Then) -> None:
        made = self._rings.asked(about, name, number)
        try:
            ring(partial(self._rung, made, then))
        except Refused:
            self._rings.refused(made)
            raise

    def _rung(self, ring: Ring, then: Then, answer: ActionAnswer) -> None:
        if answer.answer is Answer.ACCEPTED:
            self._rings.accepted(ring)
        else:
            self._rings.refused(ring)
        then(answer)

    def _agency(self, agency: Agency, then: Then) -> None:
        wrong = f"The number of {agency.name} was said to be wrong by {agency.wrong_by}." if agency.wrong_on else ""
        self._ring(str(agency.id), agency.number, wrong, then)

    def _ring(self, key: str, number: str, warning: str, then: Then) -> None:
        self._allow(key, number, warning)
        self._call_acts.ring(number, then)

    def _allow(self, key: str, number: str, warning: str) -> None:
        found = emergency_number(number, self._plan)
        if found:
            raise Refused(BY_HANDSET.format(number=found))
        if warning and self._warned != key:
            self._warned = key
            raise Refused(f"{warning}  Nothing was dialled; ring once more to dial it all the same.")
        self._warned = ""
