"""Quick replies to a signal, ready to send by one key: filled from the ledger of help where it knows something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from console.domain.help_ages import ages
from console.domain.help_kinds import HELP_LABELS, HelpKind, HelpState
from console.domain.help_requests import HelpRequest
from console.domain.signal_set import REPLY_CAP, ReplySpec, SignalSet
from console.domain.text import safe_line
from console.domain.words import clock_words

_SAID: Mapping[HelpState, str] = {
    HelpState.ACKNOWLEDGED: "answered",
    HelpState.ACCEPTED: "accepted",
    HelpState.EN_ROUTE: "on the way",
    HelpState.ON_SCENE: "on scene",
    HelpState.REACHED: "with them",
    HelpState.COMPLETED: "done",
    HelpState.DECLINED: "declined",
    HelpState.ESCALATED: "declined, escalated",
    HelpState.FAILED: "not coming",
}
"""What is worth saying to somebody on the line; nothing of what is drafted or taken back."""


@dataclass(frozen=True, slots=True)
class QuickReply:
    """One reply as it would be sent now."""

    key: str
    words: str


def quick_replies(given: SignalSet, signal: str, helps: Iterable[HelpRequest], now: datetime) -> tuple[QuickReply, ...]:
    """Return the replies to a signal (by key) with what the requests ``helps`` of its incident say now.

    One that gives news of help is offered only where there is some: whoever reads it tells the caller.
    """
    known = tuple(helps)
    offered = (QuickReply(one.key, _words(one, known, now)) for one in given.replies_to(signal))
    return tuple(one for one in offered if one.words)


def _words(spec: ReplySpec, helps: tuple[HelpRequest, ...], now: datetime) -> str:
    return help_news(spec.news_of, helps, now) if spec.news_of is not None else spec.words


def help_news(kind: HelpKind, helps: Iterable[HelpRequest], now: datetime) -> str:
    """Return the newest of what is known of a kind of help: ``Police 6 min``; empty where nothing is."""
    asked = [one for one in helps if one.kind is kind and one.state not in (HelpState.DRAFTED, HelpState.CANCELLED)]
    if not asked:
        return ""
    one = max(asked, key=lambda request: (request.open, str(request.last_news_at or request.sent_at)))
    return safe_line(f"{HELP_LABELS[kind]} {_state(one, now)}", REPLY_CAP)


def _state(one: HelpRequest, now: datetime) -> str:
    left = ages(one, now).promised_left
    if left is not None:
        minutes = -(-int(left.total_seconds()) // 60)
        return f"{minutes} min" if minutes > 0 else "due now"
    if one.state in _SAID:
        return _SAID[one.state]
    return f"asked {clock_words(one.sent_at)}" if one.sent_at is not None else "asked"
