"""The stage of a scenario: telephones, callers and the switchboard's own hands, and the truth of what was done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.helpers.pbx.callers import Caller, Privacy
from tests.helpers.pbx.configuration import LINE, MEMBERS, QUEUE
from tests.helpers.pbx.live import LiveAsterisk
from tests.helpers.pbx.manager_hands import Hands
from tests.helpers.pbx.phones import Phone, Phones
from tests.helpers.pbx.scenario_lines import Accounts
from tests.helpers.pbx.truth import Moment, Truth, compare_all, now
from tests.helpers.pbx.watching import Json, Watching, refused, watching
from tests.helpers.recordings import Checked

WORLD = ("07700900123", "07700900124")
"""Who may be rung outside."""
WITHIN = 20.0
BREATH = 0.4
"""Seconds between two acts, as a person takes; no event of the one belongs to the other."""


@dataclass
class Visit:
    """A call from outside while the driver plays it."""

    stage: Stage
    caller: Caller
    truth: Truth

    def rings(self, *extensions: str) -> None:
        """Wait until these telephones ring for it."""
        for extension in extensions:
            self.stage.phone(extension).wait_ringing()
        self.truth.told["rang"] = [*self.truth.told.get("rang", []), *extensions]
        time.sleep(BREATH)

    def answered_by(self, extension: str) -> None:
        """Lift the handset."""
        began = now()
        self.stage.phone(extension).answer()
        self.taken_by(extension, began)

    def taken_by(self, extension: str, since: datetime) -> None:
        """Note who has the caller from now on."""
        self.truth.told["answered_by"] = [*self.truth.told.get("answered_by", []), extension]
        self.truth.moments.setdefault("answered_at", Moment(since, now()))
        time.sleep(BREATH)

    def rings_off(self) -> None:
        """Let the caller hang up."""
        with self.ending("caller"):
            self.caller.ring_off()

    def dropped_by(self, extension: str) -> None:
        """Let the telephone hang up."""
        with self.ending(extension):
            self.stage.phone(extension).hang_up()
            self.caller.gone()

    @contextmanager
    def ending(self, by: str) -> Iterator[None]:
        """Note who ends it, and when."""
        began = now()
        yield
        self.truth.moments["ended_at"] = Moment(began, now())
        self.truth.told["ended_by"] = by

    def transferred(self, kind: str, giver: str, taker: str | None) -> None:
        """Note that it went from one of us to another."""
        told = {"kind": kind, "from": giver, "to": taker}
        self.truth.told["transfers"] = [*self.truth.told.get("transfers", []), told]

    def is_true(self, **fields: Any) -> None:
        """Note more of it."""
        self.truth.told.update(fields)


@dataclass
class Stage:
    """What a scenario may do; ``truths`` are the calls that it made."""

    live: LiveAsterisk
    hands: Hands
    world: Phones
    accounts: Accounts
    folder: Path
    truths: list[Truth] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    """What was compared beside the calls."""

    def phone(self, extension: str) -> Phone:
        """Return a telephone."""
        return self.live.phone(extension)

    def call_in(
        self, number: str, line: str = LINE, queue: str | None = QUEUE, *, privacy: Privacy = Privacy.SHOWN,
        name: str = "", more: str = "", cancels: bool = False,
    ) -> Visit:  # fmt: skip
        """Let somebody outside ring a line."""
        shown = {Privacy.SHOWN: "allowed", Privacy.NONE: "unavailable"}.get(privacy, "withheld")
        truth = Truth.inbound(number if shown == "allowed" else None, line, queue, shown)
        truth.told["name"] = name or None
        began = now()
        caller = self.live.callers.call_in(number, line, privacy, name, more, cancels=cancels)
        self._begun(truth, began, 5.0)
        return Visit(self, caller, truth)

    def talking(self, number: str) -> Visit:
        """Let somebody ring the ring-all queue and 1001 answer."""
        visit = self.call_in(number)
        visit.rings(*MEMBERS)
        visit.answered_by("1001")
        return visit

    def dials(self, extension: str, number: str, direction: str) -> Truth:
        """Let a telephone of ours ring a number."""
        truth, began = Truth.placed(extension, number, direction), now()
        self.phone(extension).dial(number)
        self._begun(truth, began, 0.0)
        return truth

    def begun(self, truth: Truth, since: datetime) -> None:
        """Note a call that began by other hands."""
        self._begun(truth, since, 0.0)

    def _begun(self, truth: Truth, since: datetime, seconds: float) -> None:
        until = datetime.fromtimestamp(now().timestamp() + seconds, since.tzinfo)
        truth.moments["offered_at"] = Moment(since, until)
        self.truths.append(truth)

    def until_rung_by(self, extension: str, numbers: list[str]) -> None:
        """Wait until one of these rings at a telephone, and goes on ringing for a breath."""
        end = time.monotonic() + WITHIN
        while True:
            ringing = self.phone(extension).rings_for()
            self.breathe()
            if ringing in numbers and self.phone(extension).rings_for() == ringing:
                return
            assert time.monotonic() < end, f"{extension} was rung by none of {numbers}"

    def rung_by(self, number: str) -> list[str]:
        """Return the telephones that a number rang in this scenario, as they were told."""
        return [phone.extension for phone in self.live.phones.all() if number in phone.rung_by]

    def answers(self, extension: str) -> str:
        """Lift a handset; return who is on the line, empty where the caller was gone."""
        with suppress(AssertionError):
            self.phone(extension).answer()
            self.phone(extension).connected()
            return self.phone(extension).partner()
        return ""

    def check(self, field_: str, wanted: object, found: object) -> None:
        """Keep a comparison of the scenario's own."""
        self.checked.append(Checked(field_, wanted, found))

    def watched_also(self, user: str) -> AbstractContextManager[Watching]:
        """Let somebody else watch, with an account of their own."""
        return watching(self.live.pbx, self.folder / user, user, self.accounts.secret)

    def refused_watch(self) -> tuple[int, str]:
        """Watch with a wrong password; return the exit code and what was printed."""
        return refused(self.live.pbx, self.folder / "refused", self.accounts.few)

    def seen_also(self, who: str, truths: list[Truth], reports: list[Json]) -> None:
        """Compare what somebody else was told."""
        self.checked += [replace(one, field=f"{who}: {one.field}") for one in compare_all(truths, reports)]

    def breathe(self, seconds: float = BREATH) -> None:
        """Let a moment pass."""
        time.sleep(seconds)

    def hung_up(self, truth: Truth, extension: str) -> None:
        """Let the telephone that placed a call hang up."""
        began = now()
        self.phone(extension).hang_up()
        truth.moments["ended_at"] = Moment(began, now())

    def met(self, truth: Truth, extension: str, since: datetime) -> None:
        """Note who answered a call of ours."""
        truth.told["answered_by"] = [extension]
        truth.moments["answered_at"] = Moment(since, now())
