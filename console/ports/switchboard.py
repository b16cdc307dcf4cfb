"""Port of a telephone switchboard: what every adapter offers, and how it is described."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable
from uuid import UUID

from console.domain.call_events import CallEvent


class Act(StrEnum):
    """What a console may ask of a switchboard (telephony.md 3.1)."""

    ANSWER = "answer"
    REJECT = "reject"
    HOLD = "hold"
    RESUME = "resume"
    HANG_UP = "hang_up"
    BLIND_TRANSFER = "blind_transfer"
    START_ATTENDED = "start_attended"
    COMPLETE_ATTENDED = "complete_attended"
    CANCEL_ATTENDED = "cancel_attended"
    CONFERENCE = "conference"
    """Caller, worker and the colleague who is being asked (START_ATTENDED), all three together."""
    REDIRECT = "redirect"
    """Lead the caller straight to ``target``, also one who still rings: nobody here need have answered."""
    ORIGINATE = "originate"
    DTMF = "dtmf"
    LISTEN = "listen"
    """Hear a colleague's call; ``target`` is the colleague's extension, empty for whoever talks in it."""
    WHISPER = "whisper"
    """As LISTEN, and be heard by the colleague alone."""
    BARGE = "barge"
    """As LISTEN, and be heard by both."""
    PAUSE = "pause"
    UNPAUSE = "unpause"
    PARK = "park"
    RETRIEVE = "retrieve"
    """Fetch a parked caller to the asking worker's own telephone, which rings first."""
    OFFER_TO_TEAM = "offer_to_team"


SUPERVISION = frozenset({Act.LISTEN, Act.WHISPER, Act.BARGE})
"""Hearing a colleague's call, by permitted roles only (console/services/supervising.py writes each down first)."""
DIALS = frozenset({Act.ORIGINATE, Act.BLIND_TRANSFER, Act.START_ATTENDED, Act.REDIRECT})
"""Acts whose ``target`` is dialled: whoever stands before a switchboard refuses an emergency number here."""


@dataclass(frozen=True, slots=True)
class Action:
    """One request.  ``call`` is our call id, ``extension`` the asking worker's own telephone."""

    act: Act
    extension: str
    call: UUID | None = None
    provider_call: str = ""
    target: str = ""
    """A number, an extension or digits, by ``act``; refused unless it looks like one."""
    reason: str = ""


class Answer(StrEnum):
    """The switchboard's word on a request; what really happened arrives as an event."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True)
class ActionAnswer:
    """``sentence`` is for the worker, empty when accepted."""

    answer: Answer
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this switchboard can do at all; ``why_not`` explains each act that is missing."""

    acts: frozenset[Act]
    why_not: Mapping[Act, str]
    is_fake: bool = False
    """Fakes are barred from production profiles."""
    by_word: bool = False
    """True where nothing is done to a telephone: what is asked is the worker's word for what was done by hand."""
    remarks: tuple[str, ...] = ()
    """Sentences for whoever looks after the switchboard: a right that is missing, one too many, a clock that is off."""
    other_side: str = ""
    """What the other side said it is and of which version, once it was asked; empty where it does not say."""


class SinkFull(Exception):
    """The console cannot follow: this fact was not taken, and no more can be until others were read.

    The adapter drops its link, says :data:`TOO_MUCH` with ``LinkState.LOST``, connects again after a
    pause that grows, and tells everything anew from its snapshot on: so nothing is lost in silence.
    """


NO_CONFIRMATION = "No confirmation from the telephone system: it may still happen. Look at the telephone."
"""What is said of a request that found no answer, and of one that was accepted and never seen to happen."""
IN_NO_QUEUE = "This telephone is in none of its queues."
"""Why a telephone that is in no queue is not paused, or taken back: which a manager's may well be."""
TOO_MUCH = "The telephone system told more at once than this console can follow."

Sink = Callable[[CallEvent], None]
"""Where events go; callable from any thread, returns at once.

Raises nothing but :class:`SinkFull`, and not for ``LinkChanged``, which is always taken.
"""


class Switchboard(Protocol):
    """One connection to one switchboard.  It owns its thread; nothing here waits."""

    def capabilities(self) -> Capabilities:
        """Return what it can do; may change after each ``LinkChanged``."""

    def start(self, sink: Sink) -> None:
        """Connect and keep connected, for ever, reporting to ``sink``."""

    def stop(self) -> None:
        """End the thread within 2 s; no event after it returns."""

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Ask; ``then`` is called once, from any thread.  Emergency numbers are always refused."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where a console stands, for an adapter that hears one telephone only and cannot know which.

    ``extension`` is the worker's own, empty where none was given.  ``lines`` are the numbers of our lines by key
    (``hampshire-children``).  ``ask_to_ring`` shows a number to the worker, who alone may ring it; from any thread.
    """

    extension: str
    lines: Mapping[str, str]
    ask_to_ring: Callable[[str], None]


@runtime_checkable
class AtOneDesk(Protocol):
    """What a switchboard has besides, where it hears only what programs at this desk tell it."""

    def sit_down(self, sitting: Sitting) -> None:
        """Take where this console stands; called before ``start``."""


@dataclass(frozen=True, slots=True)
class AdapterSpec:
    """How an adapter is registered (architecture.md 6).

    ``settings`` is a frozen dataclass type; the settings page and the command line are generated
    from its fields (``metadata`` of each: ``help``, ``secret``; ``address`` where it says where a secret is
    sent; ``needed`` where it may not be empty; of a secret ``sent``, False where it never leaves this computer).
    """

    key: str
    title: str
    settings: type
    connect: Callable[[object], Switchboard]
    capabilities: Capabilities
    version: str = "1"
    tested_against: str = ""
    replay: Callable[[Path, object], Iterator[tuple[datetime, CallEvent]]] | None = None
    """Reads a recording of such a switchboard with these settings; None where there is none to read."""
    ask_for: Callable[[object], str] | None = None
    """What to ask of whoever looks after such a switchboard, for these settings: words for a mail, with no secret."""
