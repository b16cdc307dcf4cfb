"""What a played colleague does unasked, as anybody beside a call does: looks, and takes what the note proposes.

A script says what a colleague writes, asks and sends.  What a trainee is to see come back of their own words does not
wait for a line of it: that they were seen, and that ``where: second car park`` in the note is a fact by now.
"""

from __future__ import annotations

from contextlib import suppress

from console.domain.incidents import IncidentState
from console.domain.text import NightdeskError
from console.services.folds import streams_around
from ui.desktop.desk import Desk


def look_and_take(desk: Desk) -> None:
    """Mark what stands in this colleague's incidents as seen; whoever is the second worker accepts proposed facts."""
    mine = desk.folds.incidents_of_worker(desk.who.worker)
    streams = [stream for incident in mine for stream in streams_around(incident)]
    for stream in streams:
        desk.backfill.want(stream)
    desk.seen.show(streams)
    for incident in mine:
        if incident.coordinator is not None and incident.coordinator.worker == desk.who.worker:
            _take(desk, incident)


def _take(desk: Desk, incident: IncidentState) -> None:
    for one in desk.known.facts.proposed(incident):
        # Somebody else may have stated it in the same moment.
        with suppress(NightdeskError):
            desk.known.facts.accept(incident.id, one.key, one.line)
