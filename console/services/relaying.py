"""Reading the relay card out: in which form, for which request, and what was said is ticked with its time."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.relay_card import RelayCard, RelayItem
from console.domain.relay_forms import RelayForm, next_form
from console.domain.relayed import Tick, slot_of, ticks
from console.services.refusing import Refused
from console.services.writing import Recording

NOBODY_ASKED = "Nobody has been asked for help yet: open a request first (Ctrl+R), then tick what you read out to them."


class Relaying:
    """One worker's card: which form it has and for whom it is read; what was said is on the record."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.form = RelayForm.CALL_TAKER
        self._chosen: UUID | None = None
        self._drawn: UUID | None = None

    def turn(self) -> None:
        """Show the card in the next form."""
        self.form = next_form(self.form)

    def reads_to(self, helps: Iterable[HelpRequest]) -> HelpRequest | None:
        """Return the request the card is read out for: the chosen one while it is open, else the newest open one.

        What a colleague asks for meanwhile does not turn the card: somebody may be on the line for what was drawn.
        """
        could = self._could(helps)
        chosen = next((one for one in could if one.id == self._chosen), None)
        drawn = next((one for one in could if one.id == self._drawn), None)
        if chosen is None and drawn is not None and could[0].drafted_by != self._recording.who.worker:
            return drawn
        return chosen or (could[0] if could else None)

    def drawn_for(self, request: HelpRequest | None) -> None:
        """Take note for which request the card stands before the worker."""
        self._drawn = request.id if request is not None else None

    def read_to(self, request: HelpRequest) -> None:
        """Read the card out for one request from now on."""
        self._chosen = request.id

    def turn_to(self, helps: Iterable[HelpRequest]) -> HelpRequest | None:
        """Read it out for the next open request; return which."""
        could = self._could(helps)
        now = self.reads_to(could)
        if now is None:
            return None
        after = could[(could.index(now) + 1) % len(could)]
        self._chosen = after.id
        return after

    def _could(self, helps: Iterable[HelpRequest]) -> tuple[HelpRequest, ...]:
        """Newest first: whom one rings now is most often whom one has just decided to ask."""
        return tuple(sorted((one for one in helps if one.open), key=lambda one: str(one.drafted_at), reverse=True))

    def ticks(self, incident: IncidentState, card: RelayCard, to: HelpRequest | None) -> dict[str, Tick]:
        """Return which lines of ``card`` were said to them."""
        lines = ((item.key, item.text) for item in card.items if not item.missing)
        return ticks(incident.said, to.id if to is not None else None, lines)

    def say(self, incident: IncidentState, item: RelayItem, to: HelpRequest | None, *, again: bool) -> None:
        """Tick a line as said to them; once more takes it back, unless it is ``again``: the words have changed.

        Raises :class:`Refused` for a gap, and where nobody has been asked.
        """
        if item.missing:
            raise Refused(f"{item.name} is missing: ask for it.  Nothing was ticked.")
        if to is None:
            raise Refused(NOBODY_ASKED)
        stands = any(one.to == to.id and one.item == item.key and one.text for one in incident.said)
        words = "" if stands and not again else item.text
        # Kept from here on: reading on while it is said to them must not turn the card to another.
        self._chosen = to.id
        stream = StreamRef(StreamKind.INCIDENT, incident.id)
        body = {"to": to.id, "item": item.key, "text": words}
        slot = slot_of(to.id, item.key)
        self._recording.record(self._recording.entry(Kind.INCIDENT_RELAYED, stream, body, slot=slot))
