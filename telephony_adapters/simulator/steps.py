"""What a script can say, as frozen values: nothing here reads a file or keeps time.

A :class:`Script` is a list of :class:`Happening`.  Each is one line of the file: something the
telephones do (``step`` is set) or something a person does at a desk (``step`` is None and the
demo or a test plays it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.domain.calls import Presentation


@dataclass(frozen=True, slots=True)
class CallArrives:
    """A caller from outside rings ``dialled``; ``number`` and ``name`` are as the network sent them."""

    call: str
    number: str
    presentation: Presentation
    dialled: str
    queue: str = ""
    name: str = ""
    diverted_from: str = ""


@dataclass(frozen=True, slots=True)
class Rings:
    """Telephones begin to ring."""

    call: str
    extensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopsRinging:
    """Telephones give up ringing; the caller still waits."""

    call: str
    extensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """A telephone takes the call; ``extension`` is ``outside`` for the far end of our own call."""

    call: str
    extension: str


@dataclass(frozen=True, slots=True)
class Rejects:
    """A telephone refuses the call."""

    call: str
    extension: str


@dataclass(frozen=True, slots=True)
class Holds:
    """A telephone puts the caller on hold (True) or takes the caller back (False)."""

    call: str
    extension: str
    held: bool


@dataclass(frozen=True, slots=True)
class HangsUp:
    """``who`` is ``caller``, ``outside`` or an extension."""

    call: str
    who: str


@dataclass(frozen=True, slots=True)
class Transfers:
    """A telephone gives the call to another one, which then rings."""

    call: str
    extension: str
    taker: str


@dataclass(frozen=True, slots=True)
class Joins:
    """A telephone joins the call (True) or leaves it while others go on (False)."""

    call: str
    extension: str
    joined: bool


@dataclass(frozen=True, slots=True)
class ListensIn:
    """A telephone listens to the call."""

    call: str
    extension: str


@dataclass(frozen=True, slots=True)
class Pauses:
    """A telephone stops taking queue calls (True) or takes them again (False)."""

    extension: str
    paused: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dials:
    """A telephone of ours rings a number."""

    call: str
    extension: str
    number: str


@dataclass(frozen=True, slots=True)
class QueueGivesUp:
    """The queue's own time limit ends the wait; the caller is still there."""

    call: str


@dataclass(frozen=True, slots=True)
class SwitchboardLost:
    """The line to the switchboard breaks; calls go on without us."""


@dataclass(frozen=True, slots=True)
class SwitchboardBack:
    """The line to the switchboard is back."""


Step = (
    CallArrives
    | Rings
    | StopsRinging
    | Answers
    | Rejects
    | Holds
    | HangsUp
    | Transfers
    | Joins
    | ListensIn
    | Pauses
    | Dials
    | QueueGivesUp
    | SwitchboardLost
    | SwitchboardBack
)
"""Everything the telephones can do in a script."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a script.

    ``at`` is UTC.  ``actor`` is ``telephones``, or the person of a ``desk`` line (``priya``), or
    ``demo``.  ``verb`` and ``arguments`` are the words of the line with quotes taken off.
    ``otherwise`` marks what the telephones do only where nobody plays the desks.
    """

    at: datetime
    actor: str
    verb: str
    arguments: tuple[str, ...]
    line: int
    step: Step | None = None
    otherwise: bool = False

    @property
    def by_a_person(self) -> bool:
        """Say whether a desk, not the switchboard, has to play it."""
        return self.step is None


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone of ours: who sits there and which queues ring it."""

    extension: str
    name: str = ""
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script.  ``lines`` gives the name of each number that can be dialled, digits only.

    Happenings before ``opens`` are the past: they are played at once, with their own times.
    """

    title: str
    opens: datetime
    happenings: tuple[Happening, ...]
    lines: Mapping[str, str] = field(default_factory=dict)
    phones: Mapping[str, Phone] = field(default_factory=dict)

    def by_people(self) -> tuple[Happening, ...]:
        """Return the lines that desks play."""
        return tuple(h for h in self.happenings if h.by_a_person)

    def length(self) -> timedelta:
        """Return the time from opening to the last line."""
        last = self.happenings[-1].at if self.happenings else self.opens
        return max(last - self.opens, timedelta(0))
