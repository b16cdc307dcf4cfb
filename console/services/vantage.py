"""From where this computer sees the switchboard: which calls it saw whole, and which only from a list on.

Whoever came late to a call, or was cut off from it for a while, knows less of it than somebody who heard
all: not when it began, perhaps not what was dialled, and so perhaps not how it ended
(docs/decisions/0020-witnesses.md).
"""

from __future__ import annotations

from console.domain.call_events import CallEvent, CallsMerged, LinkChanged, SnapshotTaken


class Vantage:
    """What was heard of one switchboard; outlives the services that write it down."""

    def __init__(self) -> None:
        self._boot = ""
        self._partial: set[str] = set()

    @property
    def boot(self) -> str:
        """Return the switchboard's present run; empty until it has said so."""
        return self._boot

    def hear(self, event: CallEvent) -> None:
        """Take every event, before it is written down."""
        match event:
            case LinkChanged():
                self._boot = event.boot or self._boot
            case SnapshotTaken():
                # What lived when we (again) began to listen; whatever begins from now on is seen whole.
                self._partial = set(event.calls | event.beginning)
            case CallsMerged():
                if event.other in self._partial:
                    self._partial.add(event.call)
            case _:
                pass

    def whole(self, provider: str) -> bool:
        """Say whether everything of the call with this provider's id was heard, from its first moment."""
        return provider not in self._partial
