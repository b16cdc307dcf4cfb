"""The bar between rehearsal and work (architecture.md 7.11)."""

from __future__ import annotations

from console.domain.text import NightdeskError

PRODUCTION = "production"


class FakeInProduction(NightdeskError):
    """A rehearsal switchboard was asked for where real callers ring."""


def refuse_in_production(profile: str) -> None:
    """Raise :class:`FakeInProduction` where ``profile`` is ``production``."""
    if profile.strip().casefold() == PRODUCTION:
        raise FakeInProduction(
            "The simulator plays invented calls, and this was not started as a rehearsal. Nothing was started and no "
            "real call was touched. To rehearse, start it again with --rehearsal; for real work, choose your own "
            "switchboard in the settings."
        )
