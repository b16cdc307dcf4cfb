"""A conversation with watched telephones under a hand-moved clock; a test plays the other side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from console.domain.call_events import CallEvent
from telephony_adapters.sip_dialog.callers import Reading
from telephony_adapters.sip_dialog.digest import Account
from telephony_adapters.sip_dialog.mapping import Mapper
from telephony_adapters.sip_dialog.protocol import Datagrams, Message, compose
from telephony_adapters.sip_dialog.session import Session
from telephony_adapters.sip_dialog.subscription import CONTENT, Reach
from tests.helpers.dialog_bodies import document, terminated

START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


class Talk:
    """A session; the other side is played by hand."""

    def __init__(self, extensions: tuple[str, ...] = ("1001",), transport: str = "UDP") -> None:
        self.now = 100.0
        self.mapper = Mapper(Reading())
        reach = Reach("nightdesk", "pbx.example", transport, ("192.0.2.9", 5070))
        account = Account("nightdesk", "secret")
        self.session = Session(extensions, account, reach, self.mapper, self.now)
        self.facts: list[CallEvent] = []
        self.sequence = 0

    def sent(self) -> list[Message]:
        """Return what was sent since the last time."""
        parser, messages = Datagrams(), list[Message]()
        while data := self.session.take_bytes():
            messages += parser.feed(data)
        assert parser.faults == 0
        return messages

    def asked(self) -> Message:
        """Return the one SUBSCRIBE that was sent since the last time."""
        (message,) = [one for one in self.sent() if one.method == "SUBSCRIBE"]
        return message

    def hear(self, data: bytes) -> list[CallEvent]:
        """Take bytes and return the facts."""
        self.session.feed(data, self.now, START + timedelta(seconds=self.now))
        facts = self.session.take_facts()
        self.facts += facts
        return facts

    def wait(self, seconds: float) -> list[CallEvent]:
        """Let time go by as the line's thread does."""
        until, heard = self.now + seconds, list[CallEvent]()
        while self.now < until:
            self.now = min(until, self.now + 0.25)
            heard += self.hear(b"")
            self.session.tick(self.now)
        return heard

    def reply(self, request: Message, status: str, *more: tuple[str, str]) -> list[CallEvent]:
        """Answer a request of ours."""
        tagged = request.get("to") if "tag=" in request.get("to") else f"{request.get('to')};tag=theirs"
        copied = [(name, request.get(name.lower())) for name in ("Via", "From", "Call-ID", "CSeq")]
        contact = ("Contact", "<sip:1001@192.0.2.1:5060>")
        return self.hear(compose(f"SIP/2.0 {status}", [*copied, ("To", tagged), contact, *more]))

    def notify(self, asked: Message, body: bytes, **said: str) -> list[CallEvent]:
        """Notify of something in the dialog of a SUBSCRIBE of ours."""
        self.sequence += 1
        head = {
            "Via": "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx",
            "From": f"{asked.get('to').partition(';tag=')[0]};tag=theirs",
            "To": asked.get("from"),
            "Call-ID": asked.get("call-id"),
            "CSeq": f"{self.sequence} NOTIFY",
            "Event": "dialog",
            "Subscription-State": "active;expires=120",
            "Content-Type": CONTENT,
            **{name.replace("_", "-"): value for name, value in said.items()},
        }
        return self.hear(compose("NOTIFY sip:nightdesk@192.0.2.9:5070 SIP/2.0", head.items(), body))

    def granted(self, body: bytes = document(0, terminated())) -> Message:
        """Grant what was asked for, and tell how the telephone is; return the request."""
        asked = self.asked()
        self.reply(asked, "200 OK", ("Expires", "120"))
        self.notify(asked, body)
        assert self.session.live
        self.sent()
        return asked
