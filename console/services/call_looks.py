"""Who may be ringing: asked once for each call and number, and dropped when it comes too late.

An answer carries the call it was asked for; when that call is no longer shown, nobody sees it:
the previous caller's name never stands beside the next call (screens.md 2.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from console.domain.calls import Call, Presentation
from console.domain.people import Candidates
from console.domain.text import NightdeskError
from console.ports.store import Look
from console.services.access import Access


class LookState(StrEnum):
    """How far the question has come."""

    NOT_ASKED = "not asked"
    NO_NUMBER = "no number"
    ASKING = "asking"
    HERE = "here"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of who rings; ``sentence`` says why nothing is, when the record is away."""

    state: LookState = LookState.NOT_ASKED
    e164: str = ""
    candidates: Candidates | None = None
    sentence: str = ""


_NOT_ASKED = Looked()
_FAILED = "Names could not be looked up.  The call goes on; find the person by name (F3) when the record is back."


class CallLooks:
    """Look-ups by call."""

    def __init__(self, access: Access, shown: Callable[[UUID], bool], changed: Callable[[], None]) -> None:
        self._access = access
        self._shown = shown
        self._changed = changed
        self._looked: dict[UUID, Looked] = {}

    def of(self, call: UUID) -> Looked:
        """Return what is known of who rings."""
        return self._looked.get(call, _NOT_ASKED)

    def ask(self, call: Call) -> None:
        """Ask who rings, unless this number was asked for already; a withheld one never is."""
        caller = call.caller
        if caller.settled:
            hidden = caller.presentation in (Presentation.WITHHELD, Presentation.UNAVAILABLE)
            self._ask(call.id, "" if hidden else caller.e164)

    def ask_rung(self, call: UUID, e164: str) -> None:
        """Ask whom this worker's telephone rang: the caller of that call is the telephone itself."""
        self._ask(call, e164)

    def _ask(self, identity: UUID, e164: str) -> None:
        if not e164:
            self._looked[identity] = Looked(LookState.NO_NUMBER)
            return
        known = self.of(identity)
        if known.e164 == e164 and known.state in (LookState.ASKING, LookState.HERE):
            return
        asked = self._looked[identity] = Looked(LookState.ASKING, e164)
        self._access.look(
            Look(reason="call", call=identity, e164=e164),
            lambda found: self._answered(identity, asked, Looked(LookState.HERE, e164, found)),
            lambda problem: self._answered(identity, asked, Looked(LookState.AWAY, e164, sentence=_words(problem))),
        )

    def _answered(self, call: UUID, asked: Looked, looked: Looked) -> None:
        if self._looked.get(call) is not asked:
            return  # a newer question, or its answer, stands there
        if not self._shown(call):
            del self._looked[call]
            return
        self._looked[call] = looked
        self._changed()

    def move(self, old: UUID, new: UUID) -> None:
        """Two calls were found to be one: what was known of the old one is known of the new one.

        A question still on its way is asked for the old one and answered for nobody: ask again.
        """
        looked = self._looked.pop(old, None)
        if looked is not None and looked.state is not LookState.ASKING:
            self._looked.setdefault(new, looked)

    def forget(self, call: UUID) -> None:
        """Let go of a call that is no longer shown."""
        self._looked.pop(call, None)


def _words(problem: Exception) -> str:
    return str(problem) if isinstance(problem, NightdeskError) else _FAILED
