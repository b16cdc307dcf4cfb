"""What the switchboard itself wrote of every channel, read as calls: an account that no console had a part in.

Asterisk's channel event log is written by another road than the manager interface, and names channels, not people:
so it says which channels there ever were, who was on the line with whom, and when, whatever our adapter made of it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.helpers.pbx.asterisk import Asterisk
from tests.helpers.pbx.configuration import EXTENSIONS, OWN_LOG, OWN_LOG_FIELDS

_ENDPOINT = re.compile(r"PJSIP/(.+)-[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Written:
    """One line of the log."""

    event: str
    at: datetime
    number: str
    exten: str
    context: str
    endpoint: str
    channel: str
    call: str

    @property
    def ours(self) -> bool:
        """Say whether the channel is one of our telephones."""
        return self.endpoint in EXTENSIONS


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One call: ``call`` is the id of the channel it began with, as the record keeps it too."""

    call: str
    lines: tuple[Written, ...]

    def first(self, event: str) -> Written | None:
        """Return the first line of an event."""
        return next((one for one in self.lines if one.event == event), None)

    @property
    def inbound(self) -> bool:
        """Say whether it came in from the world."""
        return not self.lines[0].ours

    @property
    def number(self) -> str:
        """Return who rang from outside, else the number that was rung there; both as the world writes them."""
        rung = next((one.exten for one in self.lines if one.context == "outside" and one.exten), "")
        return self.lines[0].number if self.inbound else rung

    @property
    def line(self) -> str:
        """Return which of our lines was rung, empty for a call out."""
        return self.lines[0].exten if self.inbound else ""

    @property
    def taken_by(self) -> tuple[str, ...]:
        """Return the other side's endpoints that came on the line, in order: ours for a call in, the trunk's else."""
        met = [one.endpoint for one in self.lines if one.event == "BRIDGE_ENTER" and one.ours == self.inbound]
        return tuple(dict.fromkeys(met))

    @property
    def answered_at(self) -> datetime | None:
        """Return when somebody came on the line with whoever began it."""
        met = [one.at for one in self.lines if one.event == "BRIDGE_ENTER"]
        return met[1] if len(met) > 1 else None

    @property
    def left_first(self) -> str:
        """Return the endpoint that left the line first, empty where nobody had met."""
        left = self.first("BRIDGE_EXIT")
        return left.endpoint if left is not None else ""

    @property
    def began_at(self) -> datetime:
        """Return when its first channel was made."""
        return self.lines[0].at

    @property
    def ended_at(self) -> datetime | None:
        """Return when its last channel was gone."""
        last = self.first("LINKEDID_END")
        return last.at if last is not None else None


def written(pbx: Asterisk) -> tuple[Written, ...]:
    """Return every line so far, in the order written."""
    file: Path = pbx.outside / "log" / OWN_LOG
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return tuple(_line(row) for row in csv.DictReader(text.splitlines(), OWN_LOG_FIELDS))


def own_calls(lines: Iterable[Written]) -> tuple[OwnCall, ...]:
    """Return the calls that lines make, in the order they began."""
    calls: dict[str, list[Written]] = {}
    for line in lines:
        calls.setdefault(line.call, []).append(line)
    return tuple(OwnCall(call, tuple(found)) for call, found in calls.items())


def _line(row: dict[str, str]) -> Written:
    endpoint = _ENDPOINT.fullmatch(row["channame"])
    return Written(
        row["eventtype"], datetime.fromtimestamp(float(row["eventtime"]), UTC), row["num"], row["exten"],
        row["context"], endpoint.group(1) if endpoint else row["channame"], row["uniqueid"], row["linkedid"],
    )  # fmt: skip
