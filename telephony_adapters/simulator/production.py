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
            "The simulator plays invented calls and is not allowed in a production profile. "
            "No real call was touched; choose your own switchboard in the settings, or start with --rehearsal "
            "where no real call comes in."
        )
