"""What is written where a worker came in while the shared record was away: that this computer opened what it holds."""

from __future__ import annotations

from datetime import datetime

from console.domain.calendar import Calendar, shift_stream
from console.domain.record import Entry, Kind, iso
from console.services.writing import Recording

REASON = "came in at this computer while the shared record was away; read what this worker wrote here before"
LET_IN_HERE = (
    "The shared record is away, and this computer let you in by your last password.  Take calls and write: all of it "
    "is kept here and sent when the record is back and has looked at your password.  Until then nobody can be looked "
    "up, no record opened, and nothing taken over from others."
)


def opened_here(recording: Recording, calendar: Calendar, at: datetime) -> Entry:
    """Return the entry for the log of who looked at what; no person: of people nothing is kept on this computer."""
    stream = shift_stream(calendar.stretch(at))
    return recording.entry(Kind.ACCESS_OFFLINE, stream, {"reason": REASON, "at": iso(at)})
