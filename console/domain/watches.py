"""Who watches the switchboard while nobody may be there: headless witnesses, and when each was last heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from console.domain.encoding import iso
from console.domain.ids import fact_id
from console.domain.record import StreamRef

SAY_EVERY = timedelta(minutes=15)
"""How often a witness says that it is there: some 35,000 entries a year, of 200 bytes."""
SAY_OFTEN = timedelta(seconds=55)
"""How often one says so that acts for others, while somebody is signed in: it looks every half minute."""
SILENT_AFTER = timedelta(minutes=35)
"""A witness not heard for so long is silent: it has left out two turns, and some minutes for the way."""


class WatchState(StrEnum):
    """What a witness said last."""

    WATCHING = "watching"
    BLIND = "blind"
    """The telephones are not heard."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Watch:
    """One witness; ``switchboard`` is the row, as text, by which its facts are made."""

    station: str
    state: WatchState
    at: datetime
    switchboard: str = ""
    acts: tuple[str, ...] = ()
    """What it carries out for consoles that ask through the record; empty for one that only watches."""

    def alive(self, now: datetime) -> bool:
        """Say whether it watches, as far as one can know."""
        return self.state is WatchState.WATCHING and now - self.at < SILENT_AFTER


WATCH_SLOT = "watch:"


def watch_slot(station: str) -> str:
    """Return the slot of a witness's word."""
    return f"{WATCH_SLOT}{station}"


def watch_id(switchboard: UUID, stream: StreamRef, station: str, at: datetime, state: WatchState) -> UUID:
    """Return the id of a witness's word, made of the switchboard it watches: whoever watches the same one knows it.

    Another witness reads no words, and must know whose calls a witness that is gone has told of.
    """
    return fact_id(switchboard, "watch", str(stream), station, iso(at), state.value)


def watches_it(switchboard: UUID, word: UUID, stream: StreamRef, station: str, at: datetime) -> bool:
    """Say whether a witness's word is that it watches this switchboard (or does so no more), by its envelope alone."""
    return any(word == watch_id(switchboard, stream, station, at, state) for state in WatchState)
