"""Hearing a colleague's call: only by who may, always written down first, and shown to whoever is heard."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.calls import Call
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.rights import kind_right
from console.domain.shifts import ShiftState
from console.domain.supervision import Announced, Manner, announced, hearing_words
from console.domain.text import safe_line
from console.ports.switchboard import Act
from console.services.call_acts import CallActs, Then
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.writing import Recording

ACT_OF = {Manner.LISTEN: Act.LISTEN, Manner.WHISPER: Act.WHISPER, Manner.BARGE: Act.BARGE}
REASON_CAP = 200
NOT_ALLOWED = "Your role does not listen to colleagues' calls; the duty manager may.  Nothing was dialled."
NO_SILENCE = (
    "Listening without showing it is not switched on here (setting silent_listening).  Nothing was dialled; listen "
    "as usual, and they see that you do."
)
NO_TELEPHONE = "You have no telephone signed in here that could ring.  Nothing was dialled."
NO_REASON = "Write why whoever is listened to is not to see it.  Nothing was dialled yet."


class Supervising:
    """One worker's supervision of others' calls, and what this desk shows of others' supervision.

    ``silent``: this service lets supervisors keep it from view, each time with a reason.  Without it this desk shows
    whoever hears its calls, whatever another's console was set to and wrote.
    """

    def __init__(
        self,
        acts: CallActs,
        recording: Recording,
        folds: Folds,
        shift: Callable[[], ShiftState],
        *,
        silent: bool = False,
    ) -> None:
        self._acts = acts
        self._recording = recording
        self._folds = folds
        self._shift = shift
        self.silent = silent

    def may(self) -> bool:
        """Say whether this worker's role hears colleagues' calls."""
        return kind_right(Kind.CALL_SUPERVISION, self._recording.who.role)

    def offered(self) -> tuple[Manner, ...]:
        """Return in which manners this worker could hear a call now."""
        here = self.may() and bool(self._acts.extension)
        return tuple(manner for manner, act in ACT_OF.items() if here and self._acts.can(act))

    def ask(self, manner: Manner, call: UUID, of: str, then: Then, *, shown: bool = True, reason: str = "") -> None:
        """Hear ``call`` on this worker's own telephone; ``of`` is the extension of whoever is heard.

        The entry is kept before the switchboard is asked.  Raises :class:`Refused`.
        """
        if not self.may():
            raise Refused(NOT_ALLOWED)
        why = safe_line(reason)[:REASON_CAP].strip()
        if not shown and not self.silent:
            raise Refused(NO_SILENCE)
        if not shown and not why:
            raise Refused(NO_REASON)
        if not self._acts.extension:
            raise Refused(NO_TELEPHONE)
        if not self._acts.can(ACT_OF[manner]):
            raise Refused(self._acts.why_not(ACT_OF[manner]))
        body = {
            "manner": manner.value,
            "extension": self._acts.extension,
            "of": of,
            "shown": shown,
            "reason": why,
        }
        self._recording.record(self._recording.entry(Kind.CALL_SUPERVISION, StreamRef(StreamKind.CALL, call), body))
        self._acts.hear(ACT_OF[manner], call, of, then)

    def said(self, call: UUID) -> tuple[Announced, ...]:
        """Return what supervisors wrote about one call."""
        items = self._folds.ledger.items(StreamRef(StreamKind.CALL, call))
        return tuple(announced(item) for item in items if item.kind is Kind.CALL_SUPERVISION and item.readable)

    def words(self, call: Call) -> tuple[str, ...]:
        """Return who else hears a call now, as this worker is shown it; this worker's own listening is no news."""
        said = self.said(call.id) if call.supervisors else ()
        name_of, own = self._folds.ledger.name_of, self._acts.extension
        return hearing_words(call, said, self._shift().name_at, name_of, own, hides=self.silent)

    def hears(self, call: Call) -> bool:
        """Say whether this worker's own telephone hears a call now."""
        return any(one.extension == self._acts.extension for one in call.supervisors)
