"""Tells a worker that whoever they gave a caller to never answered, and that the caller is gone."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.call_changes import CallChange, ChangeKind
from console.domain.calls import Handed, gave_away
from console.services.call_desk import CallDesk

NOT_ANSWERED = (
    "{taker} did not answer: the caller you transferred there is gone.  "
    "Ring them back; they stand among the missed calls."
)


class HandedWatch:
    """Hears the calls of one desk; ``tell`` puts a sentence where its worker reads it, whatever else is on screen.

    ``name_at`` gives the name of who sits at an extension, or nothing.
    """

    def __init__(self, desk: CallDesk, name_at: Callable[[str], str], tell: Callable[[str], None]) -> None:
        self._desk = desk
        self._name_at = name_at
        self._tell = tell

    def calls_changed(self, changes: tuple[CallChange, ...]) -> None:
        """Look which calls are over; give :meth:`CallDesk.subscribe` this."""
        over = {change.call for change in changes if change.kind is ChangeKind.ENDED}
        for call in map(self._desk.call, over):
            if call is not None and call.handed is not None and gave_away(call, self._desk.extension):
                self._tell(NOT_ANSWERED.format(taker=self._taker(call.handed)))

    def _taker(self, handed: Handed) -> str:
        name = self._name_at(handed.taker) if handed.taker else ""
        return f"{name} ({handed.taker})" if name else handed.taker or "Nobody"
