"""Is there a screen that takes our windows?  Asked before Qt is: Qt ends a program whose display is not there."""

from __future__ import annotations

from collections.abc import Mapping

from console.domain.text import NightdeskError
from console.machine.platform import deaf_display


class NoScreen(NightdeskError):
    """There is nowhere to show a window."""


def refuse_deaf_display(environment: Mapping[str, str]) -> None:
    """Raise :class:`NoScreen` where the display that is named does not answer."""
    deaf = deaf_display(environment)
    if deaf:
        message = (
            f"The display {deaf} does not answer, so no window can be shown.  Nothing was started.  "
            "Start it in a desktop session, or correct DISPLAY (or WAYLAND_DISPLAY)."
        )
        raise NoScreen(message)
