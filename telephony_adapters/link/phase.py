"""How far a conversation with a switchboard has come."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """From the first byte to the last of one connection."""

    GREETING = "greeting"
    LOGGING_IN = "logging in"
    READING = "reading what is going on"
    LIVE = "live"
    OVER = "over"
