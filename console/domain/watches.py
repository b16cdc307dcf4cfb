"""Who watches the switchboard while nobody may be there: headless witnesses, and when each was last heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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


def watch_slot(station: str) -> str:
    """Return the slot of a witness's word."""
    return f"watch:{station}"
