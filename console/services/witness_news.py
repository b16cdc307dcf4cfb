"""What a witness tells whoever looks after it: each change once, in plain sentences, never a caller's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.domain.call_events import LinkChanged, LinkState
from console.domain.words import span_words
from console.services.link_state import Link
from console.services.link_state import LinkState as Record

NOT_SEEN = "What happened meanwhile is known only as far as it still goes on."
MEMORY_ONLY = (
    "This account has no keyring and no key file was named, so the journal is in memory only: what could not be sent "
    "when this program ends is lost.  Say --key-file FILE."
)
_UNSAID = "The telephone system does not say why.  Calls still ring on the telephones; it is tried again."


@dataclass(frozen=True, slots=True)
class News:
    """``event`` and ``facts`` are for a program, ``sentence`` is for a person."""

    event: str
    sentence: str
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


def counted_facts(count: int) -> str:
    """Return ``1 fact`` or ``3 facts``."""
    return f"{count} fact{'' if count == 1 else 's'}"


class WitnessNews:
    """Finds what is new in what the telephones and the shared record say of themselves."""

    def __init__(self) -> None:
        self._phones: LinkState | None = None
        self._phones_since: datetime | None = None
        self._record: Link = Link.JOINING
        self._record_since: datetime | None = None
        self._fault = ""
        self._aside = 0

    @property
    def sees(self) -> bool:
        """Say whether the telephones are heard now."""
        return self._phones is LinkState.CONNECTED

    def telephones(self, event: LinkChanged, now: datetime) -> list[News]:
        """Take news of the link to the telephones; a new try is no news, nor the same loss again."""
        before = self._phones
        if event.state is LinkState.CONNECTING or event.state is before:
            return []
        if event.state is LinkState.CONNECTED:
            return [self._found(before, now)]
        # A loss that becomes a refusal is told, for something must be done about it; the other way round is not.
        again = before in (LinkState.LOST, LinkState.REFUSED)
        self._phones = event.state
        self._phones_since = self._phones_since if again else now
        if again and event.state is LinkState.LOST:
            return []
        return [News("telephones", event.sentence or _UNSAID, {"state": event.state.value})]

    def _found(self, before: LinkState | None, now: datetime) -> News:
        since, self._phones, self._phones_since = self._phones_since, LinkState.CONNECTED, now
        if before is None or since is None:
            return News("telephones", "The telephone system is connected.", {"state": "connected"})
        away = span_words(now - since)
        words = f"The telephone system is back after {away}.  {NOT_SEEN}"
        return News("telephones", words, {"state": "connected", "away_s": _seconds(now - since)})

    def record(self, link: Record, now: datetime) -> list[News]:
        """Take the state of the way to the shared record."""
        found = [*self._way(link, now), *self._journal(link)]
        if link.set_aside > self._aside:
            words = (
                f"The shared record refused {counted_facts(link.set_aside - self._aside)}; they are kept on this "
                "computer.  The log-in's rights or the version may be wrong: run `nightdesk doctor`."
            )
            found.append(News("refused", words, {"count": link.set_aside}))
        self._aside = link.set_aside
        return found

    def _way(self, link: Record, now: datetime) -> list[News]:
        before = self._record
        if link.link is Link.JOINING or link.link is before:
            return []
        since, self._record = self._record_since, link.link
        facts: dict[str, str | int | bool] = {"state": link.link.value, "waiting": link.waiting}
        if link.link is Link.TOGETHER:
            self._record_since = None
            if since is None:
                return [News("record", "The shared record is there.", facts)]
            waiting = f"; {counted_facts(link.waiting)} on the way to it" if link.waiting else ""
            words = f"The shared record is back after {span_words(now - since)}{waiting}."
            return [News("record", words, facts | {"away_s": _seconds(now - since)})]
        self._record_since = since or now
        kept = "  What is heard of calls is kept on this computer and sent when it is back."
        return [News("record", f"The shared record is away: {link.sentence or 'it does not answer.'}{kept}", facts)]

    def still_away(self, link: Record, now: datetime) -> list[News]:
        """Say once more what waits, where the record has been away for a while."""
        if not link.is_away or self._record_since is None:
            return []
        words = (
            f"The shared record is still away, after {span_words(now - self._record_since)}; "
            f"{counted_facts(link.waiting)} {'waits' if link.waiting == 1 else 'wait'} on this computer."
        )
        return [News("record", words, {"state": link.link.value, "waiting": link.waiting})]

    def _journal(self, link: Record) -> list[News]:
        before, self._fault = self._fault, link.journal_fault
        if before == self._fault:
            return []
        if self._fault:
            return [News("journal", self._fault, {"kept": False})]
        return [News("journal", "The journal on this computer keeps again.", {"kept": True})]


def _seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))
