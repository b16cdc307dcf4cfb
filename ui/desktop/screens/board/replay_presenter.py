"""Scrubs through one incident: which moment, whose console, and what stood on it.  Read only."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from console.domain.ids import read_id, short_reference
from console.domain.replay import Replay, View
from console.domain.rights import REPLAYERS
from console.domain.text import safe_line
from console.services.replays import Beginning
from ui.desktop.desk import Desk
from ui.desktop.screens.board.replay_rows import (
    ReplayRow,
    asked_rows,
    incident_rows,
    known_rows,
    second_words,
    told_rows,
    worker_rows,
)

LISTED = timedelta(days=14)
REASON_CAP = 300
WHY = "Say why you look; it is written on the access log. Then Down, and Enter on the incident."
FIRST_WHY = "Nothing was opened: say first why you look."
NOT_YOURS = "A replay is for managers and auditors. Nothing was opened; ask the duty manager."
READING = "Reading ..."


class ReplayPresenter:
    """Answers the replay's panel.  ``act`` is one of these, with ``key`` where it needs one:

    ``list`` (show what can be chosen), ``why`` (key: the reason's words), ``open`` (key: incident), ``worker`` (key),
    ``entry`` and ``minute`` (key: ``-1`` or ``1``), ``first``, ``last``, ``close`` (forget what was read).
    """

    def __init__(self, desk: Desk, draw: Callable[[], None]) -> None:
        self._desk = desk
        self._draw = draw
        self._reason = ""
        self._replay: Replay | None = None
        self._moment: datetime | None = None
        self._worker = ""
        self._asking = 0
        self.row = ReplayRow()

    def act(self, key: str, act: str) -> None:
        """Do ``act``; what came of it is in :attr:`row` when the board is drawn next."""
        if act == "list":
            self._list()
        elif act == "why":
            self._reason = safe_line(key, REASON_CAP)
        elif act == "open":
            self._open(key)
        elif act == "close":
            self._forget()
        elif self._replay is not None and self._moment is not None:
            self._scrub(self._replay, self._moment, key, act)

    def _show(self, row: ReplayRow) -> None:
        self.row = row
        self._draw()

    def _forget(self) -> None:
        self._asking += 1
        self._replay, self._moment, self._worker, self._reason = None, None, "", ""
        self._show(ReplayRow())

    def _list(self) -> None:
        self._forget()
        if self._desk.who.role not in REPLAYERS:
            self._show(ReplayRow(note=NOT_YOURS))
            return
        self._show(ReplayRow(note=READING))
        since = self._desk.clock.now() - LISTED
        self._desk.access.incidents(since, partial(self._listed, self._asking), partial(self._failed, self._asking))

    def _listed(self, asked: int, found: tuple[Beginning, ...]) -> None:
        if asked == self._asking:
            self._show(ReplayRow(note=WHY, incidents=incident_rows(found, self._desk.ledger.name_of)))

    def _failed(self, asked: int, why: Exception) -> None:
        if asked == self._asking:
            self._show(ReplayRow(note=str(why), incidents=self.row.incidents))

    def _open(self, key: str) -> None:
        incident = read_id(key)
        if incident is None:
            return
        if not self._reason:
            self._show(ReplayRow(note=FIRST_WHY, incidents=self.row.incidents))
            return
        self._asking += 1
        asked = self._asking
        self._desk.access.replay(incident, self._reason, partial(self._opened, asked), partial(self._failed, asked))

    def _opened(self, asked: int, replay: Replay) -> None:
        if asked != self._asking or not replay.moments or not replay.workers:
            return
        self._replay, self._moment, self._worker = replay, replay.moments[0], replay.workers[0].key
        self._make(replay, self._moment)

    def _scrub(self, replay: Replay, moment: datetime, key: str, act: str) -> None:
        if act == "worker":
            self._worker = key
        self._moment = _moved(replay.moments, moment, key, act)
        self._make(replay, self._moment)

    def _make(self, replay: Replay, moment: datetime) -> None:
        worker = replay.worker(self._worker)
        if worker is None:
            return
        view: View = replay.view_at(worker, moment)
        names = replay.names
        passed = bisect_right(replay.moments, moment)
        self._show(
            ReplayRow(
                open=True,
                title=f"Incident {short_reference(replay.material.incident)}, as {worker.name} could see it",
                when=second_words(moment),
                step=f"{passed} of {len(replay.moments)} moments",
                happened=replay.happened_at(moment),
                workers=worker_rows(replay.workers, worker.key),
                worker=worker.key,
                known=known_rows(view),
                told=told_rows(view, names),
                asked=asked_rows(view, names),
            )
        )


def _moved(moments: tuple[datetime, ...], moment: datetime, key: str, act: str) -> datetime:
    """Return the moment that ``act`` leads to, never before the first nor after the last."""
    back = key == "-1"
    if act == "first":
        return moments[0]
    if act == "last":
        return moments[-1]
    if act == "entry":
        at = bisect_left(moments, moment) - 1 if back else bisect_right(moments, moment)
        return moments[max(0, min(at, len(moments) - 1))]
    if act == "minute":
        wanted = moment + timedelta(minutes=-1 if back else 1)
        return max(moments[0], min(wanted, moments[-1]))
    return moment
