"""How closely this console looks at the shared record: more so while a call is live or an incident stands.

A file on this computer has no bell; its feed looks every so often.  The words of a partner are wanted at once, and
they go on being wanted when the call has ended and the incident has not.
"""

from __future__ import annotations

from console.domain.call_changes import CallChange
from console.ports.feed import Feed
from console.services.call_desk import CallDesk
from console.services.folds import Folds
from console.services.ledger_pages import ChangeSet


class Attention:
    """For one worker: any live call of the switchboard, and the live incidents this worker is in."""

    def __init__(self, worker: str, calls: CallDesk, folds: Folds, feed: Feed) -> None:
        self._worker = worker
        self._calls = calls
        self._folds = folds
        self._feed = feed
        self._close = False

    def calls_changed(self, _: tuple[CallChange, ...]) -> None:
        """Follow the telephones; for ``CallDesk.subscribe``."""
        self._look()

    def record_changed(self, changes: ChangeSet) -> None:
        """Follow the incidents; for ``Ledger.subscribe``."""
        if changes.streams:
            self._look()

    def _look(self) -> None:
        close = bool(self._calls.live()) or bool(self._folds.incidents_of_worker(self._worker))
        if close != self._close:
            self._close = close
            self._feed.hurry(close)
