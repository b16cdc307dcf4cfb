"""One connection's conversation, and what Nightdesk's line needs to keep it up for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nightdesk_brickphone.actions import CAPABILITIES, planned
from nightdesk_brickphone.mapping import facts_of
from nightdesk_brickphone.protocol import GREETING, Parser, Told
from nightdesk_brickphone.settings import BrickphoneSettings

from console.domain.call_events import CallEvent, LinkChanged, LinkState, SnapshotTaken
from console.ports.switchboard import Action, ActionAnswer, Answer, Capabilities, Switchboard
from telephony_adapters.link.faults import LineDead, LogInRefused, NotUnderstood
from telephony_adapters.link.line import Line

PING_S, ANSWER_S = 10.0, 5.0
Then = Callable[[ActionAnswer], None]
NO_WORD = ActionAnswer(Answer.NO_ANSWER, "No confirmation from the telephone system: look at your telephone.")


class Conversation:
    """Greeting, log-in, list, then live.  No socket, and the time is an argument."""

    def __init__(self, settings: BrickphoneSettings, now: float) -> None:
        self._secret = settings.secret
        self._parser = Parser()
        self._out: list[str] = []
        self._facts: list[CallEvent] = []
        self._asked: dict[str, tuple[Then, float]] = {}
        self._proofs: list[tuple[Callable[[bool], None], float]] = []
        self._numbers = 0
        self._listed: list[CallEvent] | None = None
        self._alive: frozenset[str] = frozenset()
        self._pinged = self._heard = now
        self.understood = self.live = False

    @property
    def faults(self) -> int:
        """Return how many lines were cut."""
        return self._parser.faults

    def feed(self, data: bytes, now: float, at: datetime) -> None:
        """Take what arrived."""
        if data:
            self._heard = now
            self._proved(self._proofs, here=True)
        for told in self._parser.feed(data):
            self._take(told, at)

    def _take(self, told: Told, at: datetime) -> None:
        if not self.understood:
            if f"{told.verb} {told.word(0)}" != GREETING:
                raise NotUnderstood("What answers there is no Brickphone.  Nothing was changed; check host and port.")
            self.understood = True
            self._out.append(f"LOGIN {self._secret}")
        elif told.verb in _ANSWERS and told.at is None:
            _ANSWERS[told.verb](self, told, at)
        elif self._listed is not None:
            self._listed += facts_of(told, at)
        elif self.live:
            self._facts += facts_of(told, at)

    def _let_in(self, _: Told, __: datetime) -> None:
        self._out.append("LIST")

    def _kept_out(self, _: Told, __: datetime) -> None:
        raise LogInRefused(
            "The Brickphone refused Nightdesk.  Calls still ring on the telephones; check the secret with whoever "
            "looks after it."
        )

    def _list_begins(self, told: Told, _: datetime) -> None:
        self._alive, self._listed = frozenset(told.words), []

    def _list_ends(self, _: Told, at: datetime) -> None:
        found, self._listed, self.live = self._listed or [], None, True
        self._facts += [LinkChanged(at, LinkState.CONNECTED), SnapshotTaken(at, self._alive), *found]

    def _did(self, told: Told, _: datetime) -> None:
        then, _due = self._asked.pop(told.word(0), (None, 0.0))
        if then is not None:
            done = told.verb == "DID"
            then(ActionAnswer(Answer.ACCEPTED) if done else ActionAnswer(Answer.REFUSED, "The Brickphone will not."))

    def tick(self, now: float) -> None:
        """Notice silence and time limits."""
        for number, (then, due) in list(self._asked.items()):
            if due <= now:
                del self._asked[number]
                then(NO_WORD)
        self._proved([one for one in self._proofs if one[1] <= now], here=False)
        if now - self._heard > 3 * PING_S:
            raise LineDead
        if self.live and now - self._pinged >= PING_S:
            self._pinged = now
            self._out.append("PING")

    def take_bytes(self) -> bytes:
        """Return what must be sent now."""
        out, self._out = self._out, []
        return "".join(f"{line}\n" for line in out).encode()

    def take_facts(self) -> list[CallEvent]:
        """Return what must be reported now."""
        facts, self._facts = self._facts, []
        return facts

    def prove(self, then: Callable[[bool], None], now: float, seconds: float) -> None:
        """Ask whether it is there; whatever it says next proves it."""
        self._proofs.append((then, now + seconds))
        self._out.append("PING")

    def _proved(self, proofs: list[tuple[Callable[[bool], None], float]], *, here: bool) -> None:
        self._proofs = [one for one in self._proofs if one not in proofs]
        for then, _due in proofs:
            then(here)

    def request(self, line: str, then: Then, now: float) -> None:
        """Ask for one thing; ``then`` is told once."""
        self._numbers += 1
        self._asked[str(self._numbers)] = (then, now + ANSWER_S)
        self._out.append(f"DO {self._numbers} {line}")

    def goodbye(self) -> tuple[bytes, ...]:
        """Say nothing: to a Brickphone hanging up is goodbye enough."""
        return ()

    def abandon(self) -> None:
        """Tell everybody who waits that no answer will come."""
        self._proved(self._proofs, here=False)
        asked, self._asked = self._asked, {}
        for then, _ in asked.values():
            then(NO_WORD)


_ANSWERS: dict[str, Callable[[Conversation, Told, datetime], None]] = {
    "OK": Conversation._let_in,
    "NO": Conversation._kept_out,
    "LIST": Conversation._list_begins,
    "LISTED": Conversation._list_ends,
    "DID": Conversation._did,
    "WONT": Conversation._did,
}


class _Brickphone:
    """What a Brickphone has of its own."""

    thread = "brickphone"
    greets_as = "a Brickphone"

    def __init__(self, settings: BrickphoneSettings) -> None:
        self._settings = settings

    def converse(self, now: float) -> Conversation:
        return Conversation(self._settings, now)

    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def plan(self, action: Action) -> str | ActionAnswer:
        return planned(action)

    def begin_anew(self) -> None:
        """Nothing is remembered between connections."""


def connect(settings: object) -> Switchboard:
    """Return a switchboard for these :class:`BrickphoneSettings`; nothing is sent before ``start``."""
    chosen = settings if isinstance(settings, BrickphoneSettings) else BrickphoneSettings()
    return Line(chosen, _Brickphone(chosen))
