"""What the board shows, as frozen rows.  None holds a caller's name or number, but those of a replay opened there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.domain.people import Rank
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.board.replay_rows import ReplayRow
from ui.desktop.screens.handler.rows import DirectoryList
from ui.desktop.widgets.faces import StatusRow


@dataclass(frozen=True, slots=True)
class Age:
    """How old a tile is: ``words`` such as ``1 s ago``; ``stale`` greys and dashes the tile."""

    words: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class FigureTile:
    """One large figure: ``alarm`` fills the tile amber, with the shape of ``rank`` beside it."""

    title: str
    figure: str
    words: str
    age: Age = Age()
    alarm: bool = False
    rank: Rank | None = None


@dataclass(frozen=True, slots=True)
class WorkTile:
    """Open work by rank."""

    now: int
    hour: int
    shift: int
    words: str
    age: Age = Age()


@dataclass(frozen=True, slots=True)
class CapacityTile:
    """Night capacity: who could take the next call."""

    title: str
    free: int
    paired: int
    alone: int
    wrap_up: int
    recovering: int
    on_call: int
    words: str
    call_out: str
    age: Age = Age()
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class LiveCallRow:
    """One call or open incident.  Three columns of two lines each; ``old`` greys what the database said.

    ``dropped``: the line is gone and they were not reached; the row has the ground of a notice.
    """

    key: str
    rank: Rank | None
    clock: str
    clock_words: str
    what: str
    where: str
    who: str
    who_words: str
    news: str
    news_words: str
    old: bool = False
    waiting: bool = False
    paired: bool = False
    dropped: bool = False
    heard: bool = False
    """``who_words`` name a supervisor who hears the call."""
    claimed: bool = False
    """``who`` names whoever has the waiting call."""
    nameless: str = ""
    """What a wall says in place of ``who`` and ``who_words``, where these name who gave the caller to whom."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One worker on shift."""

    key: str
    name: str
    role: str
    state: str
    since: str


@dataclass(frozen=True, slots=True)
class HourBar:
    """Calls offered in one hour; ``usual`` is None where nothing is known of this weekday."""

    hour: int
    calls: int | None
    usual: int | None = None
    running: bool = False


@dataclass(frozen=True, slots=True)
class HoursTile:
    """Calls per hour of the shift, and by authority."""

    title: str
    bars: tuple[HourBar, ...]
    usual_words: str
    authorities: tuple[tuple[str, int], ...]
    age: Age = Age()


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list on the right: bold words, quiet words, one value at the edge."""

    key: str
    words: str
    quiet: str
    value: str
    rank: Rank | None = None
    below: str = ""
    late: bool = False
    act: str = ""
    """What Enter does with the row, empty for nothing."""


@dataclass(frozen=True, slots=True)
class ListTile:
    """A list on the right with its count in the title; ``note`` is said under a stale list.

    Without a title it has nothing to say in this version, and takes no room.
    """

    title: str
    rows: tuple[ListRow, ...]
    age: Age = Age()
    note: str = ""


@dataclass(frozen=True, slots=True)
class CountsTile:
    """Small counters at the foot."""

    counts: tuple[tuple[int, str], ...]
    age: Age = Age()


@dataclass(frozen=True, slots=True)
class BoardRows:
    """Everything on the board."""

    status: StatusRow
    waiting: FigureTile
    longest: FigureTile
    answered: FigureTile
    work: WorkTile
    capacity: CapacityTile
    calls_title: str
    calls_age: Age
    calls: tuple[LiveCallRow, ...]
    staff_title: str
    staff: tuple[StaffRow, ...]
    staff_age: Age
    hours: HoursTile
    requests: ListTile
    clocks: ListTile
    visits: ListTile
    handovers: ListTile
    counts: CountsTile
    rota: ListTile = ListTile("On call by the rota", ())
    unsent: str = ""
    """Stations with entries that were never shared, in words; empty when none."""
    details: Mapping[str, tuple[ListRow, ...]] = field(default_factory=dict)
    """The list behind a tile, by the tile's name."""
    people: DirectoryList = field(default_factory=lambda: DirectoryList(""))
    """The directory with the rota, for its panel."""
    forms: tuple[FormRow, ...] = ()
    replay: ReplayRow = ReplayRow()
    notice: str = ""
    title: str = "Nightdesk"
