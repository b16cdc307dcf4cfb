"""The set of silent signals and of quick replies, as data: one table that every screen is made from.

Handler's and coordinator's buttons, the key sheet, the board's rows, the timeline and what may be said aloud all
come from here.  A council adds signals and words others anew in its settings (``read_signals``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from console.domain.help_kinds import HelpKind
from console.domain.text import BadInput, safe_line

WORDS_CAP = 24
"""Longest words of a signal: they stand on a button beside its key, and how far it has come."""
REPLY_CAP = 30
"""Longest words of a quick reply: the largest text on the handler's page, read in one glance."""
SPARE_KEYS = ("Shift+F7", "Shift+F11", "Ctrl+Shift+F7")
"""Keys that mean nothing else anywhere (decision 0028): one for each signal that a council may add."""
REPLIES_AT_ONCE = 4
"""Quick replies offered for one signal; each has a key."""


class SignalKind(StrEnum):
    """The eight one-key signals that come with the program (domain.md 4.5)."""

    NEED_A_SECOND = "need_a_second"
    GET_POLICE = "get_police"
    GET_AMBULANCE = "get_ambulance"
    ASK_LOCATION = "ask_location"
    KEEP_TALKING = "keep_talking"
    MANAGER_PLEASE = "manager_please"
    CALLER_GONE = "caller_gone"
    I_AM_AT_RISK = "i_am_at_risk"


class Reach(StrEnum):
    """Who is to see a signal.  Managers see it beside the partner."""

    PARTNER = "partner"
    MANAGERS = "managers"
    EVERYBODY = "everybody"


class Sender(StrEnum):
    """Who may send it: the worker on the line, the second worker, or both."""

    LEAD = "lead"
    COORDINATOR = "coordinator"
    ANY = "any"


class Lasts(StrEnum):
    """Whether it stands until it is answered, or is over once it was seen."""

    STANDING = "standing"
    MOMENTARY = "momentary"


class Shown(StrEnum):
    """Where its button is: in the row of signals, apart from the others, or on the call bar."""

    ROW = "row"
    APART = "apart"
    CALL_BAR = "call bar"


@dataclass(frozen=True, slots=True)
class SignalSpec:
    """One signal: ``key`` is its name in the record, ``shortcut`` the key as Qt and the key sheet write it."""

    key: str
    words: str
    shortcut: str
    to: Reach = Reach.PARTNER
    by: Sender = Sender.LEAD
    lasts: Lasts = Lasts.STANDING
    shown: Shown = Shown.ROW

    @property
    def standing(self) -> bool:
        """Say whether it waits for an answer."""
        return self.lasts is Lasts.STANDING


@dataclass(frozen=True, slots=True)
class ReplySpec:
    """One quick reply.

    ``answers`` are the signals it is offered for, all where empty.  With ``news_of`` it has no words of its own: it
    says what the ledger knows of such a request ("Police 6 min"), and is not offered where that is nothing.
    """

    key: str
    words: str
    answers: frozenset[str] = frozenset()
    news_of: HelpKind | None = None


@dataclass(frozen=True, slots=True)
class SignalSet:
    """Everything a service signals with, in the order of its buttons."""

    signals: tuple[SignalSpec, ...]
    replies: tuple[ReplySpec, ...] = ()

    def find(self, key: str) -> SignalSpec | None:
        """Return a signal by its key; None for one that only a newer console knows."""
        return next((one for one in self.signals if one.key == key), None)

    def by(self, *senders: Sender) -> tuple[SignalSpec, ...]:
        """Return what may be sent by any of these."""
        return tuple(one for one in self.signals if one.by in senders)

    @property
    def added(self) -> tuple[SignalSpec, ...]:
        """Return the signals of the service's own."""
        return tuple(one for one in self.signals if one.shortcut in SPARE_KEYS)

    def replies_to(self, key: str) -> tuple[ReplySpec, ...]:
        """Return the quick replies to a signal: its own first, then those for all; at most four."""
        own = [one for one in self.replies if key in one.answers]
        common = [one for one in self.replies if not one.answers]
        return tuple((*own, *common)[:REPLIES_AT_ONCE])


def _to(*kinds: SignalKind) -> frozenset[str]:
    return frozenset(kind.value for kind in kinds)


SHIPPED = SignalSet(
    (
        SignalSpec("need_a_second", "Need a second", "F7", Reach.EVERYBODY, shown=Shown.CALL_BAR),
        SignalSpec("get_police", "Get police", "Shift+F1"),
        SignalSpec("get_ambulance", "Get ambulance", "Shift+F2"),
        SignalSpec("manager_please", "Manager please", "Shift+F3", Reach.MANAGERS, Sender.ANY),
        SignalSpec("caller_gone", "Caller gone", "Shift+F4", by=Sender.ANY),
        SignalSpec("ask_location", "Ask location", "Shift+F5", by=Sender.COORDINATOR, lasts=Lasts.MOMENTARY),
        SignalSpec("keep_talking", "Keep talking", "Shift+F6", by=Sender.COORDINATOR, lasts=Lasts.MOMENTARY),
        SignalSpec("i_am_at_risk", "I am at risk", "Shift+F8", Reach.MANAGERS, Sender.ANY, shown=Shown.APART),
    ),
    (
        ReplySpec("police_news", "", _to(SignalKind.GET_POLICE), HelpKind.POLICE_ATTEND),
        ReplySpec("ambulance_news", "", _to(SignalKind.GET_AMBULANCE), HelpKind.AMBULANCE),
        ReplySpec("manager_told", "Manager told", _to(SignalKind.MANAGER_PLEASE)),
        ReplySpec("ringing_back", "Ringing back", _to(SignalKind.CALLER_GONE)),
        ReplySpec("coming", "Help is coming to you", _to(SignalKind.I_AM_AT_RISK)),
        ReplySpec("asking_now", "Asking now"),
        ReplySpec("cannot", "Cannot: ring yourself"),
    ),
)
"""What comes with the program.  The keys are those of the reference; a council may change words, never these keys."""

SIGNAL_WORDS: Mapping[str, str] = {one.key: one.words for one in SHIPPED.signals}


def words_of(key: str, said: str = "") -> str:
    """Return a signal in words: those it was sent with, else the shipped ones, else its key written out."""
    return said or SIGNAL_WORDS.get(key) or safe_line(key.replace("_", " "), WORDS_CAP).capitalize() or "A signal"


_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
_WORDS = re.compile(r"[^\W\d_][^\W\d_'’ :,-]*(?:[ :,'’-]+[^\W\d_][^\W\d_'’ :,-]*)*")
"""Letters, spaces and a few signs: no figure, so that no number can ever be said aloud as part of a signal."""
_SIGNAL_PARTS = ("words", "key", "to", "by", "lasts")
_REPLY_PARTS = ("words", "for")
_Choice = TypeVar("_Choice", bound=StrEnum)
Table = Mapping[str, Mapping[str, object]]


def read_signals(signals: Table, replies: Table) -> SignalSet:
    """Return the shipped set with a service's own signals and replies; raises :class:`BadInput` with a sentence.

    A table for each: ``[signals.dog_loose] words, key, to, by, lasts`` and ``[replies.on_it] words, for``.
    """
    found = SHIPPED
    for key, table in signals.items():
        found = replace(found, signals=_with_signal(found.signals, key, table))
    _refuse_twice(found.signals)
    own = tuple(_reply(key, table, found) for key, table in replies.items())
    kept = tuple(one for one in found.replies if one.key not in replies)
    return replace(found, replies=(*own, *kept))


def _with_signal(known: tuple[SignalSpec, ...], key: str, table: Mapping[str, object]) -> tuple[SignalSpec, ...]:
    where = f"signals.{key}"
    _check_parts(where, key, table, _SIGNAL_PARTS)
    words = _words(where, table, WORDS_CAP)
    shipped = next((one for one in known if one.key == key), None)
    if shipped is not None:
        if set(table) - {"words"}:
            raise _bad(where, "comes with the program: only its words can be changed")
        return tuple(replace(one, words=words) if one is shipped else one for one in known)
    shortcut = str(table.get("key", ""))
    if shortcut not in SPARE_KEYS:
        raise _bad(where, f"needs a key that is free: {', '.join(SPARE_KEYS)}")
    made = SignalSpec(
        key,
        words,
        shortcut,
        _choice(where, table, "to", Reach.PARTNER),
        _choice(where, table, "by", Sender.LEAD),
        _choice(where, table, "lasts", Lasts.STANDING),
    )
    return (*known, made)


def _reply(key: str, table: Mapping[str, object], known: SignalSet) -> ReplySpec:
    where = f"replies.{key}"
    _check_parts(where, key, table, _REPLY_PARTS)
    answers = frozenset(str(table.get("for", "")).replace(",", " ").split())
    strange = sorted(one for one in answers if known.find(one) is None)
    if strange:
        raise _bad(where, f"is for {strange[0]}, which is no signal; known are {', '.join(_keys(known.signals))}")
    before = next((one for one in known.replies if one.key == key), None)
    if before is not None and before.news_of is not None:
        raise _bad(
            where, "says what is known of the request, and nothing while nobody was asked: its words cannot be changed"
        )
    words = _words(where, table, REPLY_CAP)
    if before is not None and "for" not in table:
        return replace(before, words=words)
    return ReplySpec(key, words, answers)


def _check_parts(where: str, key: str, table: object, known: tuple[str, ...]) -> None:
    if not isinstance(table, Mapping):
        raise _bad(where, f"must be a table with {', '.join(known)}")
    if not _KEY.fullmatch(key):
        raise _bad(where, "needs a name of small letters, figures and _, such as dog_loose")
    strange = sorted(set(table) - set(known))
    if strange:
        raise _bad(where, f"has no {strange[0]}; it may have {', '.join(known)}")


def _words(where: str, table: Mapping[str, object], cap: int) -> str:
    value = table.get("words")
    words = safe_line(value, cap + 1) if isinstance(value, str) else ""
    if not words or len(words) > cap or not _WORDS.fullmatch(words):
        raise _bad(where, f"needs words of at most {cap} characters, letters only, without figures")
    return words


def _choice(where: str, table: Mapping[str, object], part: str, usual: _Choice) -> _Choice:
    value = table.get(part, usual.value)
    kinds = type(usual)
    if value not in list(kinds):
        raise _bad(where, f"has {part} = {safe_line(str(value), 20)}; it may be {' or '.join(kinds)}")
    return kinds(str(value))


def _refuse_twice(signals: Iterable[SignalSpec]) -> None:
    holders: dict[str, str] = {}
    for one in signals:
        if one.shortcut in holders:
            raise _bad(f"signals.{one.key}", f"has the key {one.shortcut}, which {holders[one.shortcut]} has already")
        holders[one.shortcut] = one.key


def _keys(signals: Iterable[SignalSpec]) -> list[str]:
    return [one.key for one in signals]


def _bad(where: str, why: str) -> BadInput:
    return BadInput(
        f"[{safe_line(where, 60)}] in the settings {why}.  Nothing was started; correct it and start again."
    )
