"""What the record says of a number before it is rung back, for any worker who may ring it.

The look-up stands on the access log, once for each number; a ring that has a rule is asked for twice.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.people import Candidates
from console.domain.ring_back import RingingBack
from console.domain.text import NightdeskError
from console.ports.clock import Clock
from console.ports.store import Look
from console.services.access import Access
from console.services.call_looks import Looked, LookState
from console.services.refusing import Refused

AGAIN = 5.0
"""Seconds before a number that could not be looked up is asked for again."""
REASON = "ringing back"
_UNREAD = "What is known of this number could not be looked up."

Then = Callable[[Looked], None]


class RingSafety:
    """One worker's look-ups of numbers to ring back, and the rule they were shown last."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._access = access
        self._clock = clock
        self._looked: dict[str, Looked] = {}
        self._failed_at: dict[str, float] = {}
        self._waiting: dict[str, list[Then]] = {}
        self._listeners: list[Callable[[], None]] = []
        self._read: tuple[UUID, str, str] | None = None
        """Call, number and rule that stood before this worker."""

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Hear when an answer has come; return what ends it."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed) if changed in self._listeners else None

    def of(self, e164: str, call: UUID | None) -> Looked:
        """Return what is known of a number; asked where it was not yet, and again where it did not come.

        ``call`` is the one that is rung back; None for a number that was typed.
        """
        known = self._looked.get(e164)
        if known is None or (known.state is LookState.AWAY and self._is_due(e164)):
            self._ask(e164, call)
        return self._looked[e164]

    def when_known(self, e164: str, call: UUID | None, then: Then) -> None:
        """Tell ``then`` what is known of a number, at once or when the answer comes."""
        known = self.of(e164, call)
        if known.state is LookState.ASKING:
            self._waiting.setdefault(e164, []).append(then)
        else:
            then(known)

    def _is_due(self, e164: str) -> bool:
        return self._clock.monotonic() - self._failed_at[e164] >= AGAIN

    def _ask(self, e164: str, call: UUID | None) -> None:
        self._looked[e164] = Looked(LookState.ASKING, e164)

        def here(found: Candidates) -> None:
            self._answered(Looked(LookState.HERE, e164, found))

        def away(problem: Exception) -> None:
            self._failed_at[e164] = self._clock.monotonic()
            words = str(problem) if isinstance(problem, NightdeskError) else _UNREAD
            self._answered(Looked(LookState.AWAY, e164, sentence=words))

        self._access.look(Look(REASON, call, e164), here, away)

    def _answered(self, looked: Looked) -> None:
        self._looked[looked.e164] = looked
        for then in self._waiting.pop(looked.e164, ()):
            then(looked)
        self.tell()

    def tell(self) -> None:
        """Tell whoever watches that something else is known, or asked, than before."""
        for changed in tuple(self._listeners):
            changed()

    def allow(self, call: UUID, armed: RingingBack) -> None:
        """Let a number be rung; raises :class:`Refused` with the reason, and with a rule where it was not read yet."""
        if not armed.armed:
            raise Refused(armed.why_not)
        rule = (call, armed.number, armed.rule)
        if armed.rule and self._read != rule:
            self._read = rule
            raise Refused(f"{armed.rule} Nothing was rung; ring back once more to ring it all the same.")
        self._read = None
