"""The checks of a script: what must be shown, and what must be in the record, when a line says so.

Each answers why it does not hold, or nothing.  They look at widgets as a person would, and at the
folds that every console makes of the one record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from PySide6.QtWidgets import QLabel, QWidget

from console.domain.contacts import Progress
from console.domain.help_kinds import HelpState
from console.domain.incidents import IncidentState
from ui.desktop.demo.hands import visible
from ui.desktop.demo.stage import Player, Stage
from ui.desktop.screens.handler.candidates import CandidateCard
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.widgets.row_view import RowView

Check = Callable[[], str]
SECOND_WITHIN = timedelta(seconds=60)


def shown(root: QWidget) -> str:
    """Return every word that stands on ``root`` now, labels and lists."""
    words = [label.text() for label in visible(root, QLabel)]
    words += [row.spoken for view in visible(root, RowView) for row in view.rows]
    return "\n".join(words)


class Checks:
    """Finds the check a script names."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._known: Mapping[str, Check] = {
            "candidates": self._candidates,
            "second_within_60_s": self._second_in_time,
            "location_missing": self._location_missing,
            "record_address_not_current": self._address_not_current,
            "waiting_call": self._waiting_call,
            "incident_open": self._incident_open,
            "person_reached": self._person_reached,
            "record_complete": self._record_complete,
            "history_complete": self._history_complete,
        }

    def why_not(self, name: str) -> str:
        """Return why the check called ``name`` does not hold, or nothing."""
        check = self._known.get(name)
        return check() if check is not None else f"there is no check called {name}"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all checks."""
        return tuple(self._known)

    # --- who ----------------------------------------------------------------------------------

    def _lead(self) -> Player:
        return next(one for one in self._stage.seated() if one.began is Screen.HANDLER)

    def _second(self) -> Player:
        return next(one for one in self._stage.seated() if one.began is Screen.COORDINATOR)

    def _incident(self, player: Player) -> IncidentState | None:
        folds = player.desk.folds
        mine = folds.incidents_of_worker(player.desk.who.worker)
        return mine[-1] if mine else None

    # --- the checks ---------------------------------------------------------------------------

    def _candidates(self) -> str:
        handler = self._lead().handler
        cards = visible(handler, CandidateCard)
        if len(cards) != 2:
            return f"{len(cards)} candidates are shown, not 2"
        if any(card.row.chosen for card in cards):
            return "a candidate looks chosen"
        if not all(card.row.reason for card in cards):
            return "a candidate stands without its reason"
        confirm = handler.who.candidates.buttons.button_of(Act.CONFIRM)
        if confirm is not None and confirm.isVisibleTo(handler) and confirm.isEnabled():
            return "Confirm can be pressed while nobody is chosen"
        return ""

    def _second_in_time(self) -> str:
        lead = self._lead()
        incident = self._incident(lead)
        if incident is None or not incident.paired:
            return "no second worker is in the incident"
        summons = lead.desk.folds.signals_of_incident(incident).summons
        waited = summons[0].waited(lead.desk.clock.now()) if summons else SECOND_WITHIN
        if waited >= SECOND_WITHIN:
            return f"the second worker came after {waited.total_seconds():.0f} s"
        first = lead.name.split()[0]
        if f"{first}'s note" not in shown(self._second().coordinator):
            return f"the second worker's window does not show {first}'s note"
        return ""

    def _location_missing(self) -> str:
        rows = {row.key.split()[-1]: row.spoken for row in self._second().coordinator.pair.relay.rows}
        if "place" not in rows:
            return "the relay card has no line for the place"
        return "" if "missing" in rows["place"].casefold() else f"the relay card says {rows['place']}"

    def _address_not_current(self) -> str:
        for player in (self._lead(), self._second()):
            incident = self._incident(player)
            if incident is None or incident.where is None:
                return "no place is stated"
            if incident.where.source.value != "caller_stated":
                return f"the place comes from {incident.where.source_words}"
        lead = shown(self._lead().handler.who)
        if "Larch Court" not in lead:
            return "the record address is not shown"
        if "ask where they are now" not in lead.partition("Larch Court")[2]:
            return "the record address is not said to be old"
        facts = [row.spoken for row in self._second().coordinator.pair.facts.rows]
        if not any("reservoir" in fact and fact.startswith("Where now") for fact in facts):
            return "the second worker's facts do not begin with where he is now"
        if any("Larch Court" in fact and fact.startswith("Where now") for fact in facts):
            return "the record address stands as where he is now"
        return ""

    def _waiting_call(self) -> str:
        lead = self._lead()
        words = shown(lead.handler.slot)
        if "Portsmouth children" not in words or "00:44" not in words:
            return f"the slot says {' '.join(words.split())}"
        if lead.desk.calls.state().current is None:
            return "the call in hand is gone"
        if lead.unfinished and not lead.handler.notes.editor.toPlainText().endswith(lead.unfinished):
            return "the line being typed is not as it was"
        return ""

    def _incident_open(self) -> str:
        lead, second = self._lead(), self._second()
        if lead.desk.calls.state().current is not None or "ON CALL" in shown(lead.handler.call):
            return "the call has not ended"
        incident = self._incident(second)
        if incident is None or not incident.live:
            return "the incident has ended with the call"
        return "" if "incident stands" in shown(second.coordinator.head) else "the second worker's head row has gone"

    def _person_reached(self) -> str:
        lead = self._lead()
        incident = self._incident(lead)
        if incident is None:
            return "there is no incident"
        helps = lead.desk.folds.helps_of(incident.id, *incident.contacts)
        if not any(one.state is HelpState.REACHED for one in helps):
            return "no request says that somebody reached him"
        words = shown(lead.handler.help)
        return "" if "Person reached" in words else "the handler's window does not say that he was reached"

    def _record_complete(self) -> str:
        lead = self._lead()
        incident = self._incident(lead)
        contact = lead.desk.folds.contact(incident.contacts[0]) if incident else None
        if contact is None:
            return "the contact is not there"
        if contact.progress is not Progress.COMPLETE:
            missing = ", ".join(one.label for one in lead.desk.contacts.missing(contact.id))
            return f"the record is not complete: {missing}"
        return "" if lead.desk.who.worker == contact.owner else "somebody else finished it"

    def _history_complete(self) -> str:
        lead, second = self._lead(), self._second()
        incident = self._incident(lead)
        contact = lead.desk.folds.contact(incident.contacts[0]) if incident else None
        if incident is None or contact is None:
            return "the incident or its contact is not there"
        missing = [text for text in lead.typed if [line.text for line in contact.notes].count(text) != 1]
        if missing:
            return f"{len(missing)} of {len(lead.typed)} typed lines are not in the record exactly once"
        helps = lead.desk.folds.helps_of(incident.id, *incident.contacts)
        if len(helps) < 3 or any(one.flagged for one in helps):
            return "the requests' histories are not whole"
        if not contact.decisions:
            return "no decision is recorded"
        authors = {line.author for line in contact.notes} | {item.by for one in helps for item in one.news}
        if not {lead.desk.who.worker, second.desk.who.worker} <= authors:
            return "the timeline does not have both authors"
        return "" if incident.debriefs else "no debrief is recorded"
