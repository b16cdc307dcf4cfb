"""What people do in a script: the switchboard ignores these lines, the demo and the tests play them.

``desk priya types "name Marcus"`` becomes a happening with actor ``priya``, verb ``types`` and
arguments ``("name Marcus",)``.  Lines that begin with ``demo`` have the actor ``demo``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeskVerb:
    """One verb: how many arguments it takes, and what a player of the script must do."""

    fewest: int
    most: int
    help: str


DESK: Mapping[str, DeskVerb] = {
    "signs_in": DeskVerb(2, 2, "EXTENSION ROLE: sign in at this telephone"),
    "signs_out": DeskVerb(0, 0, "sign out"),
    "types": DeskVerb(1, 1, '"WORDS": write a note line and press Enter; replaces a line left by starts'),
    "starts": DeskVerb(1, 1, '"WORDS": write a note line and leave it unfinished'),
    "presses": DeskVerb(1, 1, "KEY: one act of the key sheet, by name: answer, need_a_second, join, ..."),
    "chooses": DeskVerb(1, 1, '"NAME": choose this candidate'),
    "confirms": DeskVerb(1, 1, '"HOW": confirm the chosen person, and say how'),
    "asks": DeskVerb(1, 1, '"PROMPT": tick a prompt as asked'),
    "sets": DeskVerb(2, 2, 'FIELD "VALUE": fill a field of the record'),
    "says": DeskVerb(1, 1, '"WORDS": one line to the partner'),
    "records": DeskVerb(3, 3, 'FACT "WORDS" SOURCE: write down a fact with its source'),
    "drafts": DeskVerb(1, 2, 'AGENCY ["WORDS"]: open a request for help, not sent'),
    "sends": DeskVerb(1, 2, 'AGENCY ["WORDS"]: the request has been made'),
    "logs": DeskVerb(3, 3, 'AGENCY STATE "WORDS": what the agency answered or did'),
    "decides": DeskVerb(2, 2, '"DECISION" "WHY": record a decision and its rationale'),
    "shares": DeskVerb(2, 2, 'AGENCY "WHAT": record what was told to whom'),
    "tells": DeskVerb(1, 1, "AGENCY: tick as told what changed since it was asked"),
    "offers_debrief": DeskVerb(1, 2, 'PERSON ["ANSWER"]: offer a debrief'),
    "expects": DeskVerb(1, 2, 'CHECK ["WORDS"]: what this desk must show now'),
}
"""Verbs of ``desk NAME VERB ...``."""

DEMO: Mapping[str, DeskVerb] = {
    "pictures": DeskVerb(1, 1, "NAME: take pictures of every window"),
    "checks": DeskVerb(1, 2, 'CHECK ["WORDS"]: test this, print it in a line'),
    "says": DeskVerb(1, 1, '"WORDS": print this line'),
}
"""Verbs of ``demo VERB ...``."""
