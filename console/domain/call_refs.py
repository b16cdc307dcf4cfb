"""Which of our calls a provider's id means: provider ids merge, and are used again after a restart."""

from __future__ import annotations

from uuid import UUID

from console.domain.ids import fact_id


class CallRefs:
    """The table of provider references of one switchboard, with aliases (telephony.md 3.1).

    Our id is made from the switchboard's row, its present run and the provider's first id, so
    that every console that sees the call gives it the same one.
    """

    def __init__(self, switchboard: UUID) -> None:
        self._switchboard = switchboard
        self._boot = ""
        self._ours: dict[str, UUID] = {}
        self._names: dict[UUID, frozenset[str]] = {}

    @property
    def boot(self) -> str:
        """The switchboard's present run; empty until it has said so."""
        return self._boot

    def restart(self, boot: str) -> None:
        """Void every provider id: the switchboard began again."""
        self._boot = boot
        self._ours.clear()
        self._names.clear()

    def find(self, provider: str) -> UUID | None:
        """Return our call for ``provider``, or None where it was never heard of."""
        return self._ours.get(provider)

    def learn(self, provider: str) -> UUID:
        """Return our call for ``provider``, made now where it is new."""
        known = self._ours.get(provider)
        if known is None:
            known = fact_id(self._switchboard, self._boot, provider)
            self._mean(provider, known)
        return known

    def alias(self, provider: str, ours: UUID) -> None:
        """Let ``provider`` and everything that meant its call mean ``ours`` from now on."""
        before = self._ours.get(provider)
        also = self._names.pop(before, frozenset()) if before is not None else frozenset()
        for name in also | {provider}:
            self._mean(name, ours)

    def names(self, ours: UUID) -> frozenset[str]:
        """Return every provider id that means ``ours``."""
        return self._names.get(ours, frozenset())

    def forget(self, ours: UUID) -> None:
        """Drop every reference to ``ours``."""
        for name in self._names.pop(ours, frozenset()):
            del self._ours[name]

    def _mean(self, provider: str, ours: UUID) -> None:
        self._ours[provider] = ours
        self._names[ours] = self.names(ours) | {provider}


class RecordRefs(CallRefs):
    """Where the ids told are ours already: of calls that the shared record tells of."""

    def restart(self, boot: str) -> None:
        """Let every id stand: ours outlive the switchboard's runs."""
        self._boot = boot

    def learn(self, provider: str) -> UUID:
        """Return our call."""
        known = self._ours.get(provider)
        if known is None:
            known = UUID(provider)
            self._mean(provider, known)
        return known
