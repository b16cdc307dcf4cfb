"""What goes into the sync core and what comes out of it, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.record import Cursor, Entry, SeenMark, Stored, StreamRef
from console.ports.feed import FeedNews
from console.ports.journal import Kept, Mark
from console.ports.store import Receipt
from console.services.link_state import LinkState

# --- in ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offered:
    """Own entries to share, in the order they were kept; an exclusive act is answered, never kept waiting."""

    entries: tuple[Entry, ...]
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """Own entries acknowledged in the last 48 h, from the journal, in the order they were kept."""

    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """``append`` came back."""

    number: int
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class AppendFailed:
    """``append`` raised: ``away`` when the shared record could not be reached."""

    number: int
    sentence: str
    away: bool


@dataclass(frozen=True, slots=True)
class Misplaced:
    """``append`` wrote nothing: the record does not hold the place that it was to be written after."""

    number: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The cursor to read after is known."""

    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Probed:
    """The shared record agrees with the history asked about up to ``agreed`` (0: with none of it).

    ``then`` is the entry it held right after ``asked``, read just before it was asked.
    """

    asked: Cursor
    agreed: int
    then: Stored | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """The streams this worker is in the middle of: they go first."""

    streams: frozenset[StreamRef]


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


OwnEvent = Offered | Remembered | Answered | AppendFailed | Misplaced | Opened | Probed | Live | Tick
SyncEvent = OwnEvent | FeedNews

# --- out --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Append:
    """Send these in one append, unless the record does not hold ``after``, the newest place that is known.

    Answer with :class:`Answered`, :class:`AppendFailed` or :class:`Misplaced` and the number.
    """

    number: int
    entries: tuple[Entry, ...]
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class ReadFrom:
    """Let the feed read after this cursor."""

    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Reopen:
    """Ask the shared record for its digest at ``seq``; answer with :class:`Opened`."""

    seq: int


@dataclass(frozen=True, slots=True)
class Probe:
    """Ask the shared record how far it agrees with ``history`` (newest first); answer with :class:`Probed`."""

    history: tuple[Cursor, ...]


@dataclass(frozen=True, slots=True)
class MarkKept:
    """Write into the journal what became of entries."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Accept:
    """These entries follow on from what was read before."""

    entries: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """An own entry has its seq: the tick may be shown."""

    entry: Entry
    seq: int
    stored_at: datetime | None
    digest: str
    exclusive: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """An own entry was not shared and will not be by itself; the sentence says why."""

    entry: Entry
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer to an exclusive act; ``receipt`` is None when none came."""

    entry: Entry
    receipt: Receipt | None
    sentence: str = ""
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Rewound:
    """The shared record went back to ``to``; ``own`` entries are kept again, not shared.

    ``to`` is None where nothing that was read has gone, only own entries of before this console began.
    """

    to: int | None
    own: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Other workers' cursors moved."""

    marks: tuple[SeenMark, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The state of the link changed."""

    state: LinkState


SyncAction = (
    Append | ReadFrom | Reopen | Probe | MarkKept | Accept | Shared | SetAside | Decided | Rewound | SeenBy | Said
)
