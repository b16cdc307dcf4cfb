"""One telephone's subscription (RFC 6665): asked for, kept alive, lost and asked for again; no I/O.

What must be sent is put into ``out``; times are arguments, in seconds that never run backwards.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from console.domain.text import safe_line
from telephony_adapters.link.faults import LineDead, LogInRefused, NotUnderstood, require_secret
from telephony_adapters.sip_dialog.digest import Account, challenge_of
from telephony_adapters.sip_dialog.document import Document, NotDialogs, read_document
from telephony_adapters.sip_dialog.protocol import Message, answer, compose, parameter
from telephony_adapters.sip_dialog.table import Table

CONTENT = "application/dialog-info+xml"
EXPIRES_S = 120
REFRESH_S = 20.0
"""However long is granted: a switchboard that began anew may have forgotten us, and says nothing of it."""
LONGEST_S = 3_600
SHORTEST_S = 5.0
"""However short a time is granted, it is asked for anew no more often."""
FIRST_S, LATER_S = 0.5, 4.0
"""Over UDP a question is sent again after so long, then after twice that, up to the second."""
ANSWER_S = 20.0
"""A question without an answer for so long: nobody is there."""
NEWS_S = 15.0
"""Each time a subscription is granted a notification must follow within this time."""
ANEW_S = 2.0
"""Everything is asked for anew no more often, however often something is missing."""
ASIDE_S = 60.0
"""A telephone that may not be watched is tried again after so long."""
CALM_S = 60.0
"""One that held for so long is asked for at once when it is ended; one ended again and again, ever later."""
_ANYTIME = frozenset({408, 480})
_LATER_NO_MORE = frozenset({"rejected", "noresource"})
_AT_ONCE = frozenset({"deactivated", "timeout"})
"""Reasons that say to ask again at once; ``retry-after`` means nothing beside them (RFC 6665, 4.1.3)."""
_URI = re.compile(r"sips?:[^<>\s\"]{1,300}")
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
PRESENCE = (
    "The telephone system sends presence (whether somebody is there) where Nightdesk needs dialog events (RFC 4235): "
    "presence tells neither who rings nor that a call was answered. Nothing was changed, and calls still ring on the "
    "telephones. Ask whoever looks after it for dialog events on the watched extensions."
)


class Stage(StrEnum):
    """How far a subscription has come."""

    ASKING = "asking"
    GRANTED = "granted"
    ASIDE = "not to be had now"


@dataclass(frozen=True, slots=True)
class Reach:
    """Who we are and by what way the telephone system reaches us."""

    user: str
    domain: str
    transport: str
    """``UDP``, ``TCP`` or ``TLS``."""
    here: tuple[str, int]

    @property
    def address(self) -> str:
        """Return our address and port as they stand in a message."""
        host, port = self.here
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def contact(self) -> str:
        """Return where notifications are to be sent."""
        way = "" if self.transport == "UDP" else f";transport={self.transport.lower()}"
        return f"<sip:{self.user}@{self.address}{way}>"

    def request(self, method: str, uri: str, dialog: _Dialog, more: Sequence[tuple[str, str]]) -> bytes:
        """Return a request of ours."""
        branch = f"z9hG4bK{secrets.token_hex(10)}"
        headers = [
            ("Via", f"SIP/2.0/{self.transport} {self.address};rport;branch={branch}"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:{self.user}@{self.domain}>;tag={dialog.tag}"),
            ("To", f"<{dialog.to}>" + (f";tag={dialog.remote_tag}" if dialog.remote_tag else "")),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{dialog.sequence} {method}"),
            ("Contact", self.contact),
            *(("Route", route) for route in dialog.routes),
            *more,
            ("User-Agent", "Nightdesk"),
        ]
        return compose(f"{method} {uri} SIP/2.0", headers)


@dataclass(slots=True)
class _Dialog:
    """The dialog of one subscription: a new one each time it is asked for from the beginning."""

    to: str
    call_id: str = field(default_factory=lambda: secrets.token_hex(16))
    tag: str = field(default_factory=lambda: secrets.token_hex(8))
    remote_tag: str = ""
    target: str = ""
    routes: tuple[str, ...] = ()
    sequence: int = 0
    heard: int = -1
    """``CSeq`` of the newest notification."""


@dataclass(slots=True)
class _Question:
    """A SUBSCRIBE on its way."""

    data: bytes
    asked: float
    again: float
    pause: float = FIRST_S
    proved: bool = False
    """True once a challenge that came to this very question was met."""


class Subscription:
    """Watches one extension."""

    def __init__(self, extension: str, reach: Reach, account: Account, out: Callable[[bytes], None]) -> None:
        self.extension = extension
        self.table = Table()
        self.stage = Stage.ASKING
        self.why = ""
        """Why it stands aside, in the words of the telephone system."""
        self.faults = 0
        self._reach = reach
        self._account = account
        self._out = out
        self._expires = EXPIRES_S
        self._dialog = _Dialog(self._uri)
        self._question: _Question | None = None
        self._refresh_at = self._news_by = self._next_anew = 0.0
        self._heard_at = -1.0
        self._is_anew_due = False
        self._began_at = 0.0
        self._ends = 0
        """How often it was ended since it last held for :data:`CALM_S`."""

    @property
    def _uri(self) -> str:
        return f"sip:{self.extension}@{self._reach.domain}"

    @property
    def settled(self) -> bool:
        """Say whether it is known how the telephone is, or that this cannot be known."""
        return self.table.known or self.stage is Stage.ASIDE

    def begin(self, now: float) -> None:
        """Ask from the beginning, in a dialog of its own."""
        self._forget()
        self._began_at = now
        self._ask(now)

    def _forget(self) -> None:
        self._dialog, self.table, self._question = _Dialog(self._uri), Table(), None
        if self.stage is not Stage.ASIDE:
            # One that may not be watched stands aside until it is granted, however often it is tried.
            self.stage = Stage.ASKING

    def is_about(self, message: Message) -> bool:
        """Say whether a message belongs to it."""
        return message.get("call-id") == self._dialog.call_id

    # --- asking -------------------------------------------------------------------------------

    def given_back(self) -> bytes:
        """Return the request that ends it: nothing more is told to us after that."""
        return self._subscribe(0)

    def _subscribe(self, expires: int) -> bytes:
        dialog = self._dialog
        dialog.sequence += 1
        uri = dialog.target or self._uri
        more = [
            *self._account.proof("SUBSCRIBE", uri),
            ("Event", "dialog"),
            ("Accept", CONTENT),
            ("Expires", str(expires)),
        ]
        return self._reach.request("SUBSCRIBE", uri, dialog, more)

    def _ask(self, now: float, *, proved: bool = False) -> None:
        data = self._subscribe(self._expires)
        self._question = _Question(data, now, now + FIRST_S, proved=proved)
        self._is_anew_due = False
        self._out(data)

    def tick(self, now: float) -> None:
        """Repeat, refresh and give up in time.  Raises :class:`LineDead`."""
        question = self._question
        if question is not None:
            self._repeat(question, now)
        elif self.stage is not Stage.GRANTED:
            if now >= self._refresh_at:
                self.begin(now)
        elif now >= self._news_by:
            raise LineDead("it no longer tells how the telephones are")
        elif now >= self._refresh_at or (self._is_anew_due and now >= self._next_anew):
            self._next_anew = now + ANEW_S
            self._ask(now)

    def _repeat(self, question: _Question, now: float) -> None:
        if now - question.asked >= ANSWER_S:
            raise LineDead("it no longer answers")
        if self._reach.transport == "UDP" and now >= question.again:
            question.pause = min(LATER_S, question.pause * 2)
            question.again = now + question.pause
            self._out(question.data)

    def answered(self, response: Message, now: float) -> None:
        """Take the answer to a SUBSCRIBE.  Raises :class:`LineDead` and :class:`LogInRefused`."""
        question = self._question
        if question is None or response.code < 200 or response.sequence != (self._dialog.sequence, "SUBSCRIBE"):
            return
        self._question = None
        code = response.code
        if code < 300:
            self._granted(response, question, now)
        elif code in (401, 407):
            self._prove(response, question, now)
        elif code == 423 and (shortest := min(LONGEST_S, _seconds(response.get("min-expires")))) > self._expires:
            self._expires = shortest
            self._ask(now)
        elif code == 481 and self.table.known:
            self.begin(now)
        elif code >= 500 or code in _ANYTIME:
            raise LineDead(f"it answered {code} {safe_line(response.reason, 40)}".strip())
        else:
            self._set_aside(f"{code} {safe_line(response.reason, 40)}".strip(), now)

    def _granted(self, response: Message, question: _Question, now: float) -> None:
        dialog = self._dialog
        self.stage, self.why = Stage.GRANTED, ""
        if not dialog.remote_tag:
            dialog.remote_tag = parameter(response.get("to"), "tag")
            dialog.routes = tuple(reversed(response.all("record-route")))
        self._aim(response)
        self._lasts(_seconds(response.get("expires")) or self._expires, now, newly=True)
        # The notification may have overtaken this answer.
        self._news_by = float("inf") if self._heard_at >= question.asked else now + NEWS_S

    def _aim(self, message: Message) -> None:
        found = _URI.search(message.get("contact"))
        self._dialog.target = found[0] if found is not None else self._dialog.target

    def _lasts(self, seconds: float, now: float, *, newly: bool = False) -> None:
        half = now + max(SHORTEST_S, min(seconds / 2, REFRESH_S))
        self._refresh_at = half if newly else min(self._refresh_at, half)

    def _prove(self, response: Message, question: _Question, now: float) -> None:
        challenge = challenge_of(response)
        if challenge is None:
            raise LogInRefused(
                "The telephone system asks for the password in a way that Nightdesk does not know. Calls still ring "
                "on the telephones; nothing is lost. Ask whoever looks after it for digest authentication."
            )
        require_secret(self._account.secret)
        if question.proved:
            raise LogInRefused(
                f"The telephone system did not accept the account {self._reach.user} or its password. Calls still ring "
                "on the telephones; nothing is lost. Check account and password with whoever looks after it."
            )
        self._account.take(challenge)
        self._ask(now, proved=True)

    def _set_aside(self, why: str, now: float, seconds: float = ASIDE_S) -> None:
        self.stage, self.why = Stage.ASIDE, why
        self.table = Table()
        self._refresh_at = now + seconds

    # --- being told ---------------------------------------------------------------------------

    def notified(self, request: Message, now: float) -> bool:
        """Answer a NOTIFY; return whether the table changed.  Raises :class:`NotUnderstood`."""
        number, _ = request.sequence
        dialog, origin = self._dialog, parameter(request.get("from"), "tag")
        if parameter(request.get("to"), "tag") != dialog.tag or dialog.remote_tag not in ("", origin):
            self._out(answer(request, 481, "Subscription Does Not Exist"))
            return False
        if request.get("event").partition(";")[0].strip().lower() != "dialog":
            self._out(answer(request, 489, "Bad Event", [("Allow-Events", "dialog")]))
            self._refuse_presence(request)
            return False
        self._out(answer(request, 200, "OK"))
        if number <= dialog.heard:
            # Sent once more because our answer was lost, or overtaken by a newer one.
            return False
        dialog.heard, dialog.remote_tag = number, origin
        self._aim(request)
        self._heard_at = now
        self._news_by = float("inf")
        changed = self._told(request)
        self._state_of(request, now)
        return changed and self.table.known

    def _told(self, request: Message) -> bool:
        self._refuse_presence(request)
        if not request.body:
            return False
        try:
            document = self._document(request)
        except NotDialogs as error:
            if error.presence:
                raise NotUnderstood(PRESENCE) from error
            self.faults += 1
            self._is_anew_due = True
            return False
        self._is_anew_due = not self.table.take(document) or self._is_anew_due
        return True

    def _document(self, request: Message) -> Document:
        kind = request.get("content-type").partition(";")[0].strip().lower()
        if kind != CONTENT or request.get("content-encoding"):
            raise NotDialogs
        return read_document(request.body)

    def _refuse_presence(self, request: Message) -> None:
        if "pidf" in request.get("content-type").lower():
            raise NotUnderstood(PRESENCE)

    def _state_of(self, request: Message, now: float) -> None:
        header = request.get("subscription-state")
        state = header.partition(";")[0].strip().lower()
        if state != "terminated":
            left = _seconds(parameter(header, "expires"))
            if left and self._question is None:
                self._lasts(left, now)
            return
        reason = parameter(header, "reason").lower()
        if reason in _LATER_NO_MORE:
            self._set_aside(safe_line(reason, 40), now)
        else:
            self._ended(reason, _seconds(parameter(header, "retry-after")), now)

    def _ended(self, reason: str, retry_after: int, now: float) -> None:
        """Ask again as late as was asked of us, and later each time that nothing lasting came of it."""
        self._ends = self._ends + 1 if now - self._began_at < CALM_S else 1
        wait = 0.0 if self._ends == 1 else min(ASIDE_S, ANEW_S * 2.0 ** min(10, self._ends - 2))
        if reason not in _AT_ONCE:
            wait = max(wait, min(LONGEST_S, retry_after))
        if wait == 0:
            self.begin(now)
            return
        self._forget()
        self._refresh_at = now + wait
        if wait > SHORTEST_S:
            # Nobody must believe for longer than a moment that a telephone is watched which is not.
            self._set_aside(f"ended: {safe_line(reason, 40)}" if reason else "ended", now, wait)


def _seconds(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0
