"""The fact sheet at work: each thing is written once, by either of the two, field by field; a clash stays a clash."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from console.domain.fact_sheet import FACT_LABELS, FACT_SOURCES, WHERE
from console.domain.incidents import IncidentState
from console.domain.locations import Place, place_source
from console.domain.proposals import Proposal, proposals
from console.domain.registers import Register
from console.domain.text import safe_block
from console.ports.clock import Clock
from console.services.folds import Folds
from console.services.incident_record import IncidentRecord
from console.services.refusing import Refused

FACT_CAP = 2000
"""Longest value of a fact, in characters: it is read at a glance, or read out."""
GONE = "This value stands no more.  Nothing was written; look at what stands now."


class FactsOnce:
    """Writes and settles facts of an incident, places among them, by their key on the sheet."""

    def __init__(self, incidents: IncidentRecord, folds: Folds, clock: Clock) -> None:
        self._incidents = incidents
        self._folds = folds
        self._clock = clock

    def put(self, incident: UUID, key: str, text: str, source: str, over: Collection[str] | None = None) -> None:
        """Write what stands in a field of the sheet; ``source`` is a key of ``FACT_SOURCES``.

        ``over`` are the entries the worker saw there.  Who saw both of two values and writes one settles them; a
        value that came unseen stands beside it.  Raises :class:`Refused`.
        """
        said, register = safe_block(text, FACT_CAP).strip(), self._register(incident, key)
        if register is not None and register.value == said and not register.clash:
            return
        seen_both = register is not None and register.clash and not self._unseen(register, over)
        if key == WHERE:
            settles = register.settles if register is not None and seen_both else ()
            self._incidents.place(incident, said, place_source(source), over=over, settles=settles)
        elif seen_both:
            self._incidents.choose_fact(incident, key, said, FACT_SOURCES.get(source, source))
        else:
            words = FACT_SOURCES.get(source, source)
            self._incidents.fact(incident, key, said, words, FACT_LABELS.get(key, ""), over)

    def choose(self, incident: UUID, key: str, entry: UUID) -> None:
        """Let one of the values that stand hold, by one act.  Raises :class:`Refused` where it stands no more."""
        register = self._register(incident, key)
        head = next((one for one in register.heads if one.entry == entry), None) if register is not None else None
        if register is None or head is None:
            raise Refused(GONE)
        place = self._place(incident, entry) if key == WHERE else None
        if place is not None:
            # When it was said stays: choosing makes a place no younger.
            self._incidents.place(incident, place.text, place.source, place.at, settles=register.settles)
        elif key != WHERE:
            self._incidents.choose_fact(incident, key, head.value, head.source)

    def proposed(self, incident: IncidentState) -> tuple[Proposal, ...]:
        """Return what notes of the incident propose now."""
        found = (self._folds.contact(one) for one in incident.contacts)
        notes = [line for contact in found if contact is not None for line in contact.notes]
        return proposals(notes, incident, self._clock.now())

    def accept(self, incident: UUID, key: str, line: UUID) -> None:
        """Take what a line of the note proposes as a fact the caller stated.  Raises :class:`Refused`."""
        state = self._folds.incident(incident)
        wanted = self.proposed(state) if state is not None else ()
        one = next((found for found in wanted if (found.key, found.line) == (key, line)), None)
        if one is None:
            raise Refused("The note proposes this no more.  Nothing was written; look at what stands now.")
        self.put(incident, key, one.text, "caller_stated")

    def _register(self, incident: UUID, key: str) -> Register | None:
        state = self._folds.incident(incident)
        if state is None:
            raise Refused("This incident is not on this computer yet.  Nothing was written; try again in a moment.")
        return state.register(key)

    def _unseen(self, register: Register, over: Collection[str] | None) -> bool:
        return over is not None and register.unseen(over, self._incidents.worker)

    def _place(self, incident: UUID, entry: UUID) -> Place | None:
        state = self._folds.incident(incident)
        return next((one for one in state.places if one.entry == entry), None) if state is not None else None
