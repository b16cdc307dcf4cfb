"""Connections of a worker who came in while the record was away: who that is, is asked when it answers again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from console.ports.store import StoreAway
from db.postgres.lines import CALL_LIMIT, Address, Line, Lines, LogInRefused

_ANOTHER = (
    "The shared record is back, and knows this log-in as somebody else.  Nothing was sent: your words are held on this "
    "computer.  Sign out and in again, and ask whoever looks after the database."
)
Proved = Callable[[str, Sequence[str]], None]


class LaterLines(Lines):
    """Lends nothing until the server has said that this log-in is ``worker``, and ``check`` has passed.

    ``proved`` hears name and roles once it has; ``refused`` hears that the password is not taken any more.
    """

    def __init__(
        self,
        address: Address,
        worker: str,
        check: Callable[[Line], None],
        proved: Proved,
        refused: Callable[[], None],
        limit: float | None = CALL_LIMIT,
    ) -> None:
        super().__init__(address, limit)
        self._worker = worker
        self._check = check
        self._tell_proved, self._tell_refused = proved, refused
        self._asking = threading.Lock()
        self._told = False

    def _take(self) -> Line:
        try:
            line = super()._take()
        except LogInRefused:
            self._tell_refused()
            raise
        try:
            self.prove(line)
        except BaseException:
            line.close()
            raise
        return line

    def prove(self, line: Line) -> None:
        """Ask who this is, and whether the record can be used, unless that was answered before."""
        if not self._told:
            self._ask(line)

    def _ask(self, line: Line) -> None:
        found = line.execute("SELECT worker, name, roles FROM whoami()").fetchone()
        if found is None or found[0] != self._worker:
            raise StoreAway(_ANOTHER)
        self._check(line)
        with self._asking:
            first, self._told = not self._told, True
        if first:
            self._tell_proved(str(found[1]), tuple(found[2]))
