"""The dial plan of the scenarios: what the usual switchboard of a test lacks, laid over its configuration.

Beside the ring-all queue there are one that rings in turn, two whose members are Asterisk's own Local channels, a
line straight to one telephone, one to two at once, a conference room, a car park, a supervisor's numbers, a directed
pick-up, and two more manager accounts: one with few rights, and one for the hands that drive the switchboard.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from tests.helpers.pbx.configuration import PbxPlan

IN_TURN = "01632960012"
LOCAL = "01632960013"
OPTIMISED = "01632960014"
SHORT = "01632960015"
"""Rings in turn, and gives up after :data:`SHORT_LIMIT` seconds with a message."""
SHORT_LIMIT = 5
FORK = "01632960019"
DIRECT = "01632960101"
"""To 1001 alone."""
TURN_QUEUE, LOCAL_QUEUE, OPTIMISED_QUEUE = "oohs-in-turn", "oohs-local", "oohs-optimised"
TURN_TIMEOUT = 3
ROOM = "8001"
PICK_UP_1001 = "*91001"
LISTEN, WHISPER, BARGE = "5511", "5521", "5531"

_EXTENSIONS = f"""
[from-trunk]
exten => {IN_TURN},1,Queue({TURN_QUEUE},tTr,,,60)
 same => n,Hangup()
exten => {LOCAL},1,Answer()
 same => n,Queue({LOCAL_QUEUE},tT,,,60)
 same => n,Hangup()
exten => {OPTIMISED},1,Answer()
 same => n,Queue({OPTIMISED_QUEUE},tT,,,60)
 same => n,Hangup()
exten => {SHORT},1,UserEvent(CouncilLine,Line: ${{EXTEN}})
 same => n,Queue({TURN_QUEUE},tTr,,,{SHORT_LIMIT})
 same => n,Playback(vm-goodbye)
 same => n,Wait(1)
 same => n,Hangup()
exten => {FORK},1,Dial(PJSIP/1001&PJSIP/1002,20,tT)
 same => n,Hangup()
exten => {DIRECT},1,Dial(PJSIP/1001,20,tT)
 same => n,Hangup()

[members]
exten => _100X,1,Dial(PJSIP/${{EXTEN}},20,tT)
 same => n,Hangup()

[from-internal]
exten => _7[0-2]X,1,Goto(parkedcalls,${{EXTEN}},1)
exten => {ROOM},1,Answer()
 same => n,ConfBridge(the-room)
 same => n,Hangup()
exten => {LISTEN},1,ChanSpy(PJSIP/1001,qES)
 same => n,Hangup()
exten => {WHISPER},1,ChanSpy(PJSIP/1001,qwES)
 same => n,Hangup()
exten => {BARGE},1,ChanSpy(PJSIP/1001,qBES)
 same => n,Hangup()
exten => _*9100X,1,PickupChan(PJSIP/${{EXTEN:2}})
 same => n,Hangup()
"""
_QUEUES = f"""
[{TURN_QUEUE}]
strategy = linear
timeout = {TURN_TIMEOUT}
retry = 1
ringinuse = no
joinempty = yes
member => PJSIP/1001,0,Telephone 1001,PJSIP/1001
member => PJSIP/1002,0,Telephone 1002,PJSIP/1002

[{LOCAL_QUEUE}]
strategy = ringall
timeout = 20
retry = 1
ringinuse = no
joinempty = yes
member => Local/1001@members/n,0,Telephone 1001,PJSIP/1001
member => Local/1002@members/n,0,Telephone 1002,PJSIP/1002

[{OPTIMISED_QUEUE}]
strategy = ringall
timeout = 20
retry = 1
joinempty = yes
member => Local/1001@members,0,Telephone 1001,PJSIP/1001
"""
_PARKING = """[general]
[default]
parkext => 700
parkpos => 701-720
context => parkedcalls
parkingtime => 45
findslot => next
comebacktoorigin = no
"""
_FEATURES = "[general]\n[featuremap]\natxfer => *2\n"
_MODULES = "".join(f"load = {name}.so\n" for name in ("res_parking", "app_directed_pickup", "res_mutestream"))


@dataclass(frozen=True, slots=True)
class Accounts:
    """The manager accounts of a scenario run beside Nightdesk's own."""

    hands: str = "hands"
    few: str = "few-rights"
    secret: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)

    def configured(self) -> str:
        """Return their part of manager.conf."""
        both = ((self.hands, "all", "all"), (self.few, "call,agent,user", "call,agent,originate"))
        return "".join(
            f"\n[{name}]\nsecret = {self.secret}\nread = {read}\nwrite = {write}\n" for name, read, write in both
        )


def scenario_plan(accounts: Accounts) -> PbxPlan:
    """Return the plan of a switchboard that all scenarios can be played on."""
    more = {
        "extensions.conf": _EXTENSIONS,
        "queues.conf": _QUEUES,
        "modules.conf": _MODULES,
        "manager.conf": accounts.configured(),
        # Nobody is told that they are alone in the room before they have come into it.
        "confbridge.conf": "quiet = yes\n",
    }
    return PbxPlan(more=more, instead={"res_parking.conf": _PARKING, "features.conf": _FEATURES})
