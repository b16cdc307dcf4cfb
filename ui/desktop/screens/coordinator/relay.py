"""The relay card on the second worker's screen: its form, for whom it is read out, and what was said to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from console.domain.calendar import local
from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.relay_card import RelayCard, RelayItem, RelaySources
from console.domain.relay_forms import card_as
from console.domain.relayed import Tick
from console.domain.words import clock_words
from ui.desktop.desk import Desk
from ui.desktop.screens.coordinator.rows import RelayRow

TO = "to"
"""Key of the row that says for whom the card is read out."""


@dataclass(frozen=True, slots=True)
class RelayShown:
    """The card, what was said of it to whom it is read out, and in which form it is."""

    card: RelayCard | None = None
    said: Mapping[str, Tick] = field(default_factory=dict)
    form: str = ""
    to: HelpRequest | None = None
    others: bool = False
    """Whether there is another request to read it out for."""


class RelayOnScreen:
    """One worker's relay card, of whichever incident is on screen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._drawn: tuple[UUID | None, RelayShown] = (None, RelayShown())
        """The card as it was drawn last, and of which incident."""

    def card(self, incident: IncidentState) -> RelayCard:
        """Return the card as the record stands now, in the form it has on screen."""
        desk = self._desk
        contact = desk.folds.contact(incident.contact) if incident.contact else None
        now, on_line = desk.clock.now(), desk.caller_on_line(contact)
        sources = RelaySources(
            incident, contact, self._helps(incident), desk.cover.ring_back, local(now).date(), on_line
        )
        return card_as(desk.relaying.form, sources, now)

    def shown(self, incident: IncidentState) -> RelayShown:
        """Return what is drawn now; a line that is ticked is one of these."""
        relaying, card, helps = self._desk.relaying, self.card(incident), self._helps(incident)
        to = relaying.reads_to(helps)
        others = sum(1 for one in helps if one.open) > 1
        made = RelayShown(card, relaying.ticks(incident, card, to), relaying.form.value, to, others)
        relaying.drawn_for(to)
        self._drawn = (incident.id, made)
        return made

    def row(self, incident: IncidentState, key: str, act: str) -> None:
        """Do ``act`` on a row: read it to somebody else, or tick it as said; raises :class:`Refused`."""
        relaying, helps = self._desk.relaying, self._helps(incident)
        if act == TO:
            relaying.turn_to(helps)
            return
        # What was before the worker is what they said, whatever came between that and the key.
        about, drawn = self._drawn
        shown = drawn if about == incident.id else self.shown(incident)
        item = _item(shown.card, key)
        if item is not None:
            tick = shown.said.get(item.key)
            relaying.say(incident, item, shown.to, again=tick is not None and tick.changed)

    def _helps(self, incident: IncidentState) -> tuple[HelpRequest, ...]:
        return self._desk.folds.helps_of(incident.id, *incident.contacts)


def _item(card: RelayCard | None, key: str) -> RelayItem | None:
    wanted = key.rpartition(" ")[2]
    return next((item for item in card.items if item.key == wanted), None) if card is not None else None


def relay_rows(shown: RelayShown) -> tuple[RelayRow, ...]:
    """Return the card's lines, each with what was said of it."""
    items = shown.card.items if shown.card is not None else ()
    return tuple(_row(at, item, shown.said.get(item.key)) for at, item in enumerate(items))


def _row(at: int, item: RelayItem, tick: Tick | None) -> RelayRow:
    said = clock_words(tick.at) if tick is not None else ""
    told = tick.told if tick is not None and tick.changed else ""
    return RelayRow(f"{at} {item.key}", item.number, item.name, item.text, item.missing, item.exact, said, told)


def reading_words(shown: RelayShown) -> str:
    """Return for whom it is read out and how far that is: ``Reading to Ambulance: 4 of 9 said, 1 changed since``."""
    if shown.card is None:
        return ""
    if shown.to is None:
        return "Ask for help first, then tick what you read out"
    known = sum(1 for item in shown.card.items if not item.missing)
    changed = sum(1 for tick in shown.said.values() if tick.changed)
    since = f", {changed} changed since" if changed else ""
    return f"Reading to {shown.to.label}: {len(shown.said) - changed} of {known} said{since}"
