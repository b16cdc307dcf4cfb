"""The actions of one connection that wait for their answers, each known by an id of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from telephony_adapters.asterisk_ami.actions import Request
from telephony_adapters.asterisk_ami.protocol import Message, write_action

ANSWER_S = 5.0

Answered = Callable[[Message | None], None]
"""Takes an answer, or None where none came in time."""


@dataclass(slots=True)
class _Waiting:
    """A request under way: its answer, or the list that follows it."""

    then: Answered
    due: float
    each: Callable[[Message], None] | None = None


class Pending:
    """Writes requests and sorts answers out of what is heard.  Times are seconds that never run backwards."""

    def __init__(self) -> None:
        self._out: list[bytes] = []
        self._waiting: dict[str, _Waiting] = {}
        # Whoever else is logged in with this account hears events that carry our ids, and we hear theirs.
        self._mark = uuid4().hex[:8]
        self._count = 0
        self.listing = False
        """True from the first entry of a list on, until it is said to be over: what happens meanwhile is read after."""

    def take_bytes(self) -> bytes:
        """Return what must be sent now."""
        out, self._out = b"".join(self._out), []
        return out

    def send(
        self,
        request: Request,
        then: Answered,
        now: float,
        each: Callable[[Message], None] | None = None,
        within: float = ANSWER_S,
    ) -> None:
        """Ask; ``then`` is told once.  ``each`` takes the entries of the list that follows."""
        self._count += 1
        action_id = f"nightdesk-{self._mark}-{self._count}"
        self._out.append(write_action(request.name, action_id, request.fields))
        self._waiting[action_id] = _Waiting(then, now + within, each)

    def take(self, message: Message, now: float) -> bool:
        """Take an answer, or an entry of a list, and say whether it was one."""
        waiting = self._waiting.get(message.get("ActionID"))
        # OriginateResponse is an event, has a Response all the same, and is heard by everybody.
        if waiting is None or (waiting.each is None and (not message.response or message.event)):
            return False
        if waiting.each is not None and message.response != "Error" and message.get("EventList").lower() != "complete":
            self.listing = True
            waiting.due = now + ANSWER_S
            if message.event:
                waiting.each(message)
        else:
            del self._waiting[message.get("ActionID")]
            waiting.then(message)
        return True

    def expire(self, now: float) -> None:
        """Tell those whose time is up that no answer came."""
        for key in [key for key, waiting in self._waiting.items() if waiting.due <= now]:
            self._waiting.pop(key).then(None)

    def abandon(self) -> None:
        """Tell everybody that no answer will come."""
        for key in list(self._waiting):
            self._waiting.pop(key).then(None)
