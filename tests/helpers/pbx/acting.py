"""A console beside a real switchboard; each act is noted: what was before, the answer, and what was seen after.

"Seen" is told twice: by the console's own fold of the facts, and by the switchboard's list of its channels, in which no
console has a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from console.domain.call_events import CallEvent
from console.domain.calls import Call
from console.ports.switchboard import Act, ActionAnswer, Answer, Switchboard
from telephony_adapters.asterisk_ami import AmiSettings, connect
from tests.helpers.pbx.folding import Folding, folding
from tests.helpers.pbx.live import LiveAsterisk
from tests.helpers.pbx.simulated import ask

NUMBER = "07700900412"
_EMPTY = "no call"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    act: str
    before: str
    answer: str
    after: str


def seen(call: Call | None) -> str:
    """Return a call in a few words, as the console has it."""
    if call is None:
        return _EMPTY
    words = [call.state.value]
    for name in ("alerting", "talking"):
        words += [f"{name} {'+'.join(sorted(getattr(call, name)))}"] if getattr(call, name) else []
    words += [f"heard by {one.extension}" for one in call.supervisors]
    words += [f"ended by {call.ended_by}"] if call.ended_by else []
    return ", ".join(words)


@dataclass
class Acting:
    """A console beside a real switchboard; ``rows`` are the table so far."""

    live: LiveAsterisk
    console: Folding
    switchboard: Switchboard
    rows: list[Row] = field(default_factory=list)

    def own(self) -> str:
        """Return what the switchboard itself says of its channels: who is in which application."""
        listed = (line.split("!") for line in self.live.pbx.cli("core show channels concise").splitlines())
        found = [one for one in listed if len(one) > 6 and not one[0].startswith("Local/")]
        named = ((one[0].partition("/")[2].partition("-")[0], one[4], one[5], one[6]) for one in found)
        return ", ".join(sorted(f"{who} {state} {app}({data[:40]})" for who, state, app, data in named)) or "none"

    def told(self, kind: type[CallEvent]) -> int:
        """Return how many facts of a kind the console was told."""
        return sum(isinstance(fact, kind) for fact in self.console.facts)

    def provider(self, call: Call) -> str:
        """Return the switchboard's own id of a call."""
        return min(self.console.book.provider_ids(call.id))

    def answered(self, extension: str = "1001") -> Call:
        """Let somebody ring, and one of ours answer."""
        self.live.call_in(NUMBER)
        phone = self.live.phone(extension)
        phone.wait_ringing()
        phone.answer()
        return self.console.wait_call(lambda c: c.talking == {extension} and c.live, f"{extension} answered")

    def ask(
        self, act: Act, extension: str, call: Call | None = None, target: str = "", reason: str = ""
    ) -> ActionAnswer:
        """Ask, and note what was there before and what was answered."""
        now = self.console.book.call(call.id) if call is not None else None
        before = f"{seen(now)} | {self.own()}"
        provider = self.provider(call) if call is not None else ""
        answer = ask(self.switchboard, act, extension, provider, target=target, reason=reason)
        said = f"{answer.answer.value}: {answer.sentence}" if answer.sentence else answer.answer.value
        self.rows.append(Row(f"{act.value} {target}".strip(), before, said, "nothing changed"))
        return answer

    def accepted(self, act: Act, extension: str, call: Call | None = None, target: str = "", reason: str = "") -> None:
        """Ask for what must be accepted."""
        answer = self.ask(act, extension, call, target, reason)
        assert answer.answer is Answer.ACCEPTED, answer

    def then(self, wanted: Callable[[Call], bool], what: str) -> Call:
        """Wait until the console sees it, and note how things are."""
        call = self.console.wait_call(wanted, what)
        self.note(f"{seen(call)} | {self.own()}")
        return call

    def note(self, after: str) -> None:
        """Note what was seen after the act asked for last."""
        last = self.rows[-1]
        self.rows[-1] = Row(last.act, last.before, last.answer, after)


@contextmanager
def acting_on(live: LiveAsterisk, settings: AmiSettings | None = None) -> Iterator[Acting]:
    """Yield a connected console, with the usual account unless ``settings`` say another."""
    switchboard = connect(settings or live.settings())
    with folding(switchboard) as console:
        yield Acting(live, console, switchboard)
