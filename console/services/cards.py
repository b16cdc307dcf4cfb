"""Cards: what lists may show of a contact, an incident or a request, folded by whoever may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.domain.board import WorkCard
from console.domain.board_drops import rung_mark
from console.domain.contacts import CONTACT_REDUCERS, ContactState, Progress
from console.domain.forms.checking import shown
from console.domain.forms.common import OUTCOME
from console.domain.forms.registry import form_of, title_of
from console.domain.help_requests import HelpRequest
from console.domain.help_telling import card_marks
from console.domain.incidents import INCIDENT_REDUCERS, IncidentState, rank_of
from console.domain.people import Rank
from console.domain.reading import as_identity
from console.domain.record import StreamKind, StreamRef, from_iso, iso
from console.ports.store import Card
from console.services.folds import Folds

HELP_REDUCERS = 1


class CardMaker:
    """Makes cards; hand :meth:`make` to the recorder."""

    def __init__(self, folds: Folds) -> None:
        self._folds = folds

    def make(self, streams: Iterable[StreamRef]) -> Sequence[Card]:
        """Return the cards of these streams, as far as this worker may read them whole."""
        found = (self._card(ref) for ref in streams)
        return tuple(card for card in found if card is not None)

    def _card(self, ref: StreamRef) -> Card | None:
        if ref.kind is StreamKind.CONTACT:
            contact = self._folds.contact(ref.id)
            readable = contact is not None and contact.opened_at is not None and not contact.unreadable
            return contact_card(contact) if contact is not None and readable else None
        if ref.kind is StreamKind.INCIDENT:
            incident = self._folds.incident(ref.id)
            # Whoever joins writes before they may read: a card of theirs would take away who leads it.
            whole = incident is not None and incident.opened_at is not None and not incident.unreadable
            return incident_card(incident, self._type_of(incident)) if incident is not None and whole else None
        if ref.kind is StreamKind.HELP:
            request = self._folds.help(ref.id)
            drafted = request is not None and request.drafted_at is not None and not request.unreadable
            return help_card(request) if request is not None and drafted else None
        return None

    def _type_of(self, incident: IncidentState) -> ContactState | None:
        found = (self._folds.contact(one) for one in incident.contacts)
        return next((one for one in found if one is not None), None)


def contact_card(contact: ContactState) -> Card:
    """Return a contact's card: its line reads "Suicidal caller: immediate action taken"."""
    outcome = shown(OUTCOME, contact.value("outcome"))
    title = title_of(contact.type)
    details = {
        "ref": contact.ref,
        "type": contact.type,
        "rank": contact.value("priority"),
        "authority": contact.value("authority"),
        "service": contact.value("service"),
        "outcome": contact.value("outcome"),
        "state": contact.progress.value,
        "owner": contact.owner,
        "received": iso(contact.received) if contact.received is not None else "",
        "call": str(contact.calls[-1]) if contact.calls else "",
        "rationale": "yes" if _reasoned(contact) else "no",
    }
    line = f"{title}: {outcome[:1].lower()}{outcome[1:]}" if outcome else title
    return Card(StreamRef(StreamKind.CONTACT, contact.id), line, CONTACT_REDUCERS, _filled(details), contact.upto)


def _reasoned(contact: ContactState) -> bool:
    form = form_of(contact.type)
    return form is None or not form.decisions or any(made.rationale for made in contact.decisions)


def incident_card(incident: IncidentState, contact: ContactState | None) -> Card:
    """Return an incident's card; it names workers, never a caller."""
    lead, second = incident.lead, incident.coordinator
    details = {
        "ref": incident.ref,
        "type": contact.type if contact is not None else "",
        "rank": incident.risk.value,
        "authority": contact.value("authority") if contact is not None else "",
        "service": contact.value("service") if contact is not None else "",
        # The lists' doors let no other key through; what is neither word of these says how ringing back went.
        "state": (rung_mark(incident) or "live") if incident.live else "stood down",
        "lead": lead.worker if lead is not None else "",
        "owner": lead.worker if lead is not None else "",
        "coordinator": second.worker if second is not None else "",
        "paired": iso(second.since) if second is not None else "",
        "call": str(incident.calls[-1]) if incident.calls else "",
        "telling": card_marks(incident),
    }
    line = title_of(contact.type) if contact is not None else "Incident"
    return Card(StreamRef(StreamKind.INCIDENT, incident.id), line, INCIDENT_REDUCERS, _filled(details), incident.upto)


def help_card(request: HelpRequest) -> Card:
    """Return a request's card: "Police: on the way"."""
    details = {"type": request.kind.value, "rank": request.rank.value, "state": request.state.value}
    details |= {"owner": request.owner, "ref": request.reference}
    line = f"{request.label}: {request.words_of_state.lower()}"
    return Card(StreamRef(StreamKind.HELP, request.id), line, HELP_REDUCERS, _filled(details), request.upto)


def _filled(details: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in details.items() if value}


def work_card(card: Card, label: str) -> WorkCard:
    """Return a card as the board reads it; ``label`` is authority and service in words."""
    details = card.details
    paired = details.get("paired", "")
    return WorkCard(
        card.stream.id,
        card.stream.kind.value,
        details.get("type", ""),
        rank_of(details.get("rank", ""), Rank.SHIFT),
        label,
        details.get("authority", ""),
        details.get("service", ""),
        details.get("owner", "") or details.get("lead", ""),
        details.get("coordinator", ""),
        as_identity(details.get("call", "")),
        details.get("rationale", "") != "no",
        details.get("state", "") != Progress.KEPT.value,
        card.opened_at,
        from_iso(paired) if paired else None,
        tuple(details.get("telling", "").split()),
        details.get("state", "") if card.stream.kind is StreamKind.INCIDENT else "",
    )
