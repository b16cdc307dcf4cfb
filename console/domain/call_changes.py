"""What a fold of telephone facts changed, in the words a screen needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from console.domain.call_events import LinkState

ENDED_UNSEEN = "ended while disconnected"
"""The reason of an end that nobody heard: the call was gone when the switchboard could be heard again."""


class ChangeKind(StrEnum):
    """What happened to a call, an extension or the connection."""

    BEGAN = "began"
    QUEUED = "queued"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    CALLER_CHANGED = "caller changed"
    JOINED = "joined"
    LEFT = "left"
    SUPERVISED = "supervised"
    UNSUPERVISED = "unsupervised"
    TRANSFERRED = "transferred"
    PARKED = "parked"
    FETCHED = "fetched"
    MERGED = "merged"
    EMERGENCY = "emergency"
    STALE = "stale"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    LINK = "link"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class CallChange:
    """One change.

    ``call`` is ours, None for LINK and AGENT.  ``extension`` is who it is about (for a transfer
    the taker, who may be unknown: empty).  ``reason`` is a short word: why an offer was withdrawn,
    a pause's reason, the link's sentence.  ``other`` is the call that became an alias of ``call``.
    ``late`` is True for what a snapshot told: nothing old may pop loudly.
    """

    kind: ChangeKind
    at: datetime
    call: UUID | None = None
    extension: str = ""
    reason: str = ""
    other: UUID | None = None
    paused: bool | None = None
    link: LinkState | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Oddity:
    """An impossible transition: kept and counted, never raised.  ``what`` holds no personal data."""

    at: datetime
    call: UUID | None
    what: str
