"""Callers from outside: the SIPp program on 127.0.0.2, with exactly the headers a network would send.

Each caller stays on the line until told to ring off or until the other side hangs up.  SIPp cannot
be told anything while a call lasts, so we send it an INFO of its own call, as if the switchboard
had, and its scenario says BYE on that.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from console.domain.calls import Presentation
from tests.helpers.pbx.configuration import LINE, TRUNK, PbxPlan
from tests.helpers.pbx.ports import free_port


class Privacy(Enum):
    """What the network says about the number."""

    SHOWN = "shown"
    ASSERTED = "withheld, and asserted to us with Privacy: id"
    ANONYMOUS = "withheld, and nothing asserted"
    NONE = "no number at all"


HIDDEN = [
    (Privacy.ASSERTED, Presentation.WITHHELD),
    (Privacy.ANONYMOUS, Presentation.WITHHELD),
    (Privacy.NONE, Presentation.UNAVAILABLE),
]
"""Every way in which a number may not be shown, and what is to be said of it."""
_CONTENT = """o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
"""

_INVITE = """<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:{did}@{pbx} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: {origin};tag=[call_number]t[pid]
To: <sip:{did}@{pbx}>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
{headers}Content-Type: application/sdp
Content-Length: [len]

v=0
{content}]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
"""
_SCENARIO = (
    _INVITE
    + """<recv response="486" optional="true" next="refused"/>
<recv response="200"/>
<send><![CDATA[
ACK sip:{did}@{pbx} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: {origin};tag=[call_number]t[pid]
To: <sip:{did}@{pbx}>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv request="BYE" optional="true" next="other_side"/>
<recv request="INFO"/>
<send retrans="500"><![CDATA[
BYE sip:{did}@{pbx} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: {origin};tag=[call_number]t[pid]
To: <sip:{did}@{pbx}>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200" next="over"/>
<label id="refused"/>
<send next="over"><![CDATA[
ACK sip:{did}@{pbx} SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<label id="other_side"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<label id="over"/>
</scenario>
"""
)
_CANCELS = (
    _INVITE
    + """<recv request="INFO"/>
<send retrans="500"><![CDATA[
CANCEL sip:{did}@{pbx} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-5]
From: {origin};tag=[call_number]t[pid]
To: <sip:{did}@{pbx}>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
<recv response="487"/>
<send><![CDATA[
ACK sip:{did}@{pbx} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-8]
From: {origin};tag=[call_number]t[pid]
To: <sip:{did}@{pbx}>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
</scenario>
"""
)


_RING_OFF = """INFO sip:caller@{host} SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-ring-off
From: <sip:test@127.0.0.1>;tag=test
To: <sip:caller@{host}>;tag=test
Call-ID: {call}
CSeq: 9 INFO
Content-Length: 0

"""


def _headers(number: str, name: str, privacy: Privacy) -> tuple[str, str]:
    """Return the From address and the further headers."""
    anonymous = '"Anonymous" <sip:anonymous@anonymous.invalid>'
    if privacy is Privacy.SHOWN:
        shown = f'"{name}" ' if name else ""
        return f"{shown}<sip:{number}@{TRUNK}>", ""
    if privacy is Privacy.ASSERTED:
        return anonymous, f"P-Asserted-Identity: <sip:{number}@{TRUNK}>\nPrivacy: id\n"
    if privacy is Privacy.ANONYMOUS:
        return anonymous, ""
    return f"<sip:{TRUNK}>", ""


def _call_id(port: int) -> str:
    return f"call-from-{port}@{TRUNK}"


@dataclass
class Caller:
    """One call from outside; made by :class:`Callers`."""

    process: subprocess.Popen[bytes]
    port: int

    def ring_off(self) -> None:
        """Hang up; returns when the call is over.  Of an unanswered call only one that ``cancels`` can."""
        message = _RING_OFF.format(host=TRUNK, call=_call_id(self.port)).replace("\n", "\r\n")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.sendto(message.encode(), (TRUNK, self.port))
        self.gone()

    def gone(self, seconds: float = 15.0) -> None:
        """Wait until the call is over, whoever ended it."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
            raise AssertionError("the caller's call did not end") from None

    @property
    def on_the_line(self) -> bool:
        """Say whether the call still is."""
        return self.process.poll() is None


@dataclass
class Callers:
    """Everybody outside who has rung in this run."""

    plan: PbxPlan
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="nd-callers-")))
    made: list[Caller] = field(default_factory=list)

    def call_in(
        self, number: str, did: str = LINE, privacy: Privacy = Privacy.SHOWN, name: str = "", more: str = "",
        *, cancels: bool = False,
    ) -> Caller:  # fmt: skip
        """Ring ``did``; ``more`` are further SIP headers, each with its line end.

        ``cancels``: this caller will ring off before anybody has answered the line.
        """
        origin, headers = _headers(number, name, privacy)
        pbx = f"127.0.0.1:{self.plan.sip_port}"
        scenario_of = _CANCELS if cancels else _SCENARIO
        text = scenario_of.format(did=did, pbx=pbx, origin=origin, headers=headers + more, content=_CONTENT)
        port = free_port(TRUNK)
        scenario = self.folder / f"{port}.xml"
        scenario.write_text(text, encoding="utf-8")
        caller = Caller(self._start(scenario, port, pbx), port)
        self.made.append(caller)
        return caller

    def hang_up_all(self) -> None:
        """Let everybody ring off; never raises."""
        for caller in self.made:
            if caller.on_the_line:
                with suppress(AssertionError):
                    caller.ring_off()
        self.made.clear()

    def close(self) -> None:
        """End everybody and take their files away."""
        self.hang_up_all()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, scenario: Path, port: int, pbx: str) -> subprocess.Popen[bytes]:
        media = str(free_port(TRUNK))
        where = ["-i", TRUNK, "-p", str(port), "-mi", TRUNK, "-mp", media, pbx]
        once = ["-sf", str(scenario), "-m", "1", "-nostdin", "-cid_str", _call_id(port), "-timeout", "120"]
        return subprocess.Popen(
            ["sipp", *once, *where],
            cwd=self.folder,
            env={**os.environ, "TERM": "dumb"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
