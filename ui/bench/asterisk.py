"""A switchboard for the bench: speaks AMI on a loopback socket, with bytes as an Asterisk 22 sent them.

One caller of a recording (a queue rings one telephone; the caller gives up) with ids, times and the
number put in.  It answers what a console asks on connecting, and what it asks about a
caller's presentation.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
LINE, EXTENSION = "01632960001", "1001"
AFTER_JOINING = 0.0097
"""Seconds between joining the queue and ringing, in the recording."""
_COMMANDS = ("CoreShowChannels", "CoreStatus", "Getvar", "Hangup", "Originate", "QueuePause", "QueueStatus")
_MARKS = {"CALLERID(num-pres)": "allowed", "CALLERID(pres)": "allowed", "REDIRECTING(from-num)": ""}

Fields = Sequence[tuple[str, str]]


def _event(name: str, at: float, *groups: Fields) -> bytes:
    fields: list[tuple[str, str]] = [("Event", name), ("Privilege", "call,all"), ("Timestamp", f"{at:.6f}")]
    for group in groups:
        fields += group
    return ("\r\n".join(f"{key}: {value}" for key, value in fields) + "\r\n\r\n").encode()


class Caller:
    """One call: its bytes when it arrives, when it rings, and when the caller gives up."""

    def __init__(self, count: int, number: str) -> None:
        self._stamp = 1795289971 + count
        self._trunk = f"PJSIP/trunk-{count:08x}"
        self._leg = f"PJSIP/{EXTENSION}-{count:08x}"
        self._number = number

    def _channel(self, state: int, words: str) -> Fields:
        return self._described(state, words, ours=False)

    def _leg_channel(self, state: int, words: str, prefix: str = "") -> Fields:
        return self._described(state, words, ours=True, prefix=prefix)

    def _described(self, state: int, words: str, *, ours: bool, prefix: str = "") -> Fields:
        name, uid = (self._leg, f"{self._stamp}.2") if ours else (self._trunk, f"{self._stamp}.0")
        who = (EXTENSION, "Adviser One") if ours else (self._number, "<unknown>")
        return [
            (f"{prefix}{key}", value)
            for key, value in (
                ("Channel", name),
                ("ChannelState", str(state)),
                ("ChannelStateDesc", words),
                ("CallerIDNum", who[0]),
                ("CallerIDName", who[1]),
                ("ConnectedLineNum", self._number if ours else "<unknown>"),
                ("ConnectedLineName", "<unknown>"),
                ("Language", "en"),
                ("AccountCode", ""),
                ("Context", "from-internal" if ours else "from-trunk"),
                ("Exten", LINE),
                ("Priority", "1"),
                ("Uniqueid", uid),
                ("Linkedid", f"{self._stamp}.0"),
            )
        ]

    def arrives(self, now: float) -> bytes:
        """Return the bytes up to the queue's beginning to ring somebody."""
        trunk = self._channel(6, "Up")
        return b"".join(
            (
                _event("Newchannel", now, self._channel(4, "Ring")),
                _event("Newstate", now, trunk),
                _event("QueueCallerJoin", now, trunk, (("Queue", "oohs"), ("Position", "1"), ("Count", "1"))),
                _event("Newchannel", now, self._leg_channel(0, "Down")),
            )
        )

    def rings(self, now: float) -> bytes:
        """Return the bytes of the telephone's beginning to ring."""
        trunk, down = self._channel(6, "Up"), self._leg_channel(0, "Down", "Dest")
        ringing = self._leg_channel(5, "Ringing", "Dest")
        queue = (("Queue", "oohs"), ("Interface", f"PJSIP/{EXTENSION}"), ("MemberName", "Adviser One"))
        return b"".join(
            (
                _event("AgentCalled", now, trunk, down, queue),
                _event("DialBegin", now, trunk, down, (("DialString", f"PJSIP/{EXTENSION}"),)),
                _event("Newstate", now, self._leg_channel(5, "Ringing")),
                _event("DialState", now, trunk, ringing, (("DialStatus", "RINGING"),)),
            )
        )

    def gives_up(self, now: float) -> bytes:
        """Return the bytes of the caller's hanging up before anybody answered."""
        trunk, leg = self._channel(6, "Up"), self._leg_channel(5, "Ringing", "Dest")
        cause = (("Cause", "0"), ("Cause-txt", "Unknown"))
        place = (("Queue", "oohs"), ("Position", "1"), ("OriginalPosition", "1"), ("HoldTime", "2"))
        return b"".join(
            (
                _event("HangupRequest", now, trunk),
                _event("DialEnd", now, trunk, leg, (("DialStatus", "CANCEL"),)),
                _event("QueueCallerAbandon", now, trunk, place),
                _event("QueueCallerLeave", now, trunk, (("Queue", "oohs"), ("Position", "1"), ("Count", "0"))),
                _event("Hangup", now, self._leg_channel(5, "Ringing"), cause),
                _event("Hangup", now, trunk, cause),
            )
        )


class BenchAsterisk:
    """``with BenchAsterisk() as pbx``: one console at a time connects to ``pbx.port``."""

    def __init__(self, live: int = 0) -> None:
        self._live = live
        """Calls that are talking whenever a console asks: two channels each."""
        self._sending = threading.Lock()
        """Replies, rings and the noise around them come from three threads: none may come within another."""
        self.accepted: list[int] = []
        """When each console connected, as ``time.perf_counter_ns``."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="bench asterisk", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> BenchAsterisk:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._client, self._listener):
            if one is not None:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._thread.join(5)

    def send(self, data: bytes) -> int:
        """Send bytes to the console; return the moment just before."""
        client = self._client
        if client is None:
            raise ConnectionError("no console is connected")
        with self._sending:
            moment = time.perf_counter_ns()
            client.sendall(data)
        return moment

    def drop(self) -> None:
        """Cut the console off; it may come back at once."""
        client = self._client
        if client is not None:
            client.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.accepted.append(time.perf_counter_ns())
                with client, suppress(ConnectionError):
                    self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client
        client.sendall(BANNER)
        waiting = b""
        while data := client.recv(65_536):
            *asked, waiting = (waiting + data).split(b"\r\n\r\n")
            with self._sending:
                client.sendall(b"".join(_reply(_fields(one), self._live) for one in asked))


def _fields(text: bytes) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in text.decode("utf-8", "replace").splitlines() if ":" in line)
    return {key: value.strip() for key, value in pairs}


def _reply(asked: dict[str, str], live: int) -> bytes:
    action = asked.get("Action", "")
    maker = _REPLIES.get(action)
    more = maker(asked) if maker is not None else []
    lines = ["Response: Success", f"ActionID: {asked.get('ActionID', '')}", *more]
    reply = "\r\n".join(lines) + "\r\n\r\n"
    if action in _LISTS:
        if action == "CoreShowChannels":
            number = asked.get("ActionID", "")
            reply += "".join(_listed(at, number) for at in range(live))
        end = (f"Event: {_LISTS[action]}", f"ActionID: {asked.get('ActionID', '')}", "EventList: Complete")
        reply += "\r\n".join(end) + "\r\n\r\n"
    return reply.encode()


def _listed(at: int, number: str) -> str:
    """Return the two channels of one call under way, as a list tells them."""
    extension, stamp = str(1001 + at), 1795289000 + at
    trunk = (f"PJSIP/trunk-{at:08x}", f"0163296{at % 1000:04}", LINE, f"{stamp}.0", "Queue", f"oohs,t,,,{at}")
    leg = (f"PJSIP/{extension}-{at:08x}", extension, "", f"{stamp}.2", "AppQueue", "(Outgoing Line)")
    return "".join(
        "\r\n".join(
            (
                "Event: CoreShowChannel", f"ActionID: {number}", f"Channel: {name}", "ChannelState: 6",
                "ChannelStateDesc: Up", f"CallerIDNum: {who}", "CallerIDName: <unknown>",
                "ConnectedLineNum: <unknown>", "ConnectedLineName: <unknown>", "Context: from-trunk",
                f"Exten: {exten}", "Priority: 1", f"Uniqueid: {uid}", f"Linkedid: {stamp}.0",
                f"Application: {application}", f"ApplicationData: {data}", "Duration: 00:02:00",
                f"BridgeId: bridge-{stamp}", "", "",
            )
        )
        for name, who, exten, uid, application, data in (trunk, leg)
    )  # fmt: skip


_LISTS = {"CoreShowChannels": "CoreShowChannelsComplete", "QueueStatus": "QueueStatusComplete"}
_REPLIES: dict[str, Callable[[dict[str, str]], list[str]]] = {
    "Challenge": lambda _: ["Challenge: 159753852"],
    "Ping": lambda _: ["Ping: Pong"],
    "CoreStatus": lambda _: ["CoreStartupDate: 2026-12-01", "CoreStartupTime: 17:00:00"],
    "ListCommands": lambda _: [f"{name}: text" for name in _COMMANDS],
    "CoreShowChannels": lambda _: ["EventList: start", "Message: list will follow"],
    "QueueStatus": lambda _: ["EventList: start", "Message: list will follow"],
    "Getvar": lambda asked: [f"Variable: {asked['Variable']}", f"Value: {_MARKS.get(asked['Variable'], '')}"],
}
