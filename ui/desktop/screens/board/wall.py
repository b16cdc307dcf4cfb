"""The board on a wall, where visitors and cleaners read it too: figures and ages, and nobody's name."""

from __future__ import annotations

from dataclasses import replace

from ui.desktop.screens.board.replay_rows import ReplayRow
from ui.desktop.screens.board.rows import BoardRows, CapacityTile, ListRow, ListTile, LiveCallRow, StaffRow
from ui.desktop.widgets.faces import StatusRow


def without_names(rows: BoardRows) -> BoardRows:
    """Return the same board with roles in place of workers; no lists behind its tiles, no directory, no replay."""
    return replace(
        rows,
        status=_status(rows.status),
        capacity=_capacity(rows.capacity),
        calls=tuple(_call(row) for row in rows.calls),
        staff=tuple(_staff(row) for row in rows.staff),
        requests=_listed(rows.requests),
        visits=_listed(rows.visits, named=True),
        rota=_rota(rows.rota),
        details={},
        people=replace(rows.people, rows=()),
        replay=ReplayRow(),
    )


def _status(row: StatusRow) -> StatusRow:
    return replace(row, who=())


def _capacity(tile: CapacityTile) -> CapacityTile:
    return replace(tile, words="", call_out="")


def _call(row: LiveCallRow) -> LiveCallRow:
    if row.waiting:
        row = replace(row, who=row.nameless, who_words="Not answered yet") if row.nameless else row
        return replace(row, who="One worker has it") if row.claimed else row
    together = "A supervisor is listening" if row.heard else "Pair" if row.paired else row.who_words
    words = "Not reached again" if row.dropped else together
    return replace(row, who="Two workers" if row.paired else "One worker", who_words=words)


def _staff(row: StaffRow) -> StaffRow:
    # What a worker does may name a partner, or who asks: only its first word group is left.
    state = row.state.partition(" with ")[0]
    asked = state.lower().startswith(("asked by ", "was asked by "))
    return replace(row, name=row.role, role="", state=state.partition(" by ")[0] if asked else state)


def _listed(tile: ListTile, *, named: bool = False) -> ListTile:
    return replace(tile, rows=tuple(_row(row, named=named) for row in tile.rows))


def _rota(tile: ListTile) -> ListTile:
    """Which duties somebody is on, and which nobody: not who."""
    rows = tuple(replace(row, words=row.quiet.removeprefix(", ") or row.words, quiet="", below="") for row in tile.rows)
    return replace(tile, rows=rows)


def _row(row: ListRow, *, named: bool) -> ListRow:
    return replace(row, words="One worker" if named else row.words, quiet="" if named else row.quiet, below="")
