"""A check, what it finds, and how many are run: at once, each with a time limit, none able to break another."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from console.domain.text import NightdeskError

log = logging.getLogger(__name__)


class State(StrEnum):
    """How something is.  What was not asked is neither well nor unwell, and says why."""

    WELL = "well"
    NOT_WELL = "not well"
    NOT_ASKED = "not asked"


Fact = str | int | float | bool
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ``means`` says what was found and what it means, ``do`` what to do; ``facts`` are for ``--json``.

    No names of people, no passwords: a finding is sent to whoever helps.
    """

    key: str
    state: State
    means: str
    do: str = ""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """``keys`` are the lines it answers for; where it does not answer in ``limit`` seconds, each of them says so."""

    keys: tuple[str, ...]
    limit: float
    ask: Callable[[], Sequence[Finding]]


def run_checks(checks: Sequence[Check]) -> list[Finding]:
    """Run all at once and return their findings in the order given; takes as long as the slowest, or its limit."""
    running = [(check, _Running(check)) for check in checks]
    return [finding for check, one in running for finding in one.found()]


class _Running:
    """One check on a thread of its own, which may hang for ever without holding up the end of the program."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._found: Sequence[Finding] | None = None
        self._end = time.monotonic() + check.limit
        self._thread = threading.Thread(target=self._ask, name=f"doctor-{check.keys[0]}", daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        try:
            self._found = self._check.ask()
        except NightdeskError as refusal:
            self._found = self._all(str(refusal), "")
        except Exception as fault:
            log.info("a check of the doctor failed", exc_info=fault)
            self._found = self._all(
                f"the check itself failed ({type(fault).__name__})",
                "send the log in NIGHTDESK_HOME/logs to whoever looks after Nightdesk",
            )

    def found(self) -> Sequence[Finding]:
        """Wait until its limit and return what it found."""
        self._thread.join(max(0.0, self._end - time.monotonic()))
        if self._found is not None:
            return self._found
        return self._all(
            f"no answer within {self._check.limit:g} s",
            "try again when the computer is less busy; if it stays so, what is asked here hangs",
        )

    def _all(self, means: str, do: str) -> list[Finding]:
        return [Finding(key, State.NOT_WELL, means, do) for key in self._check.keys]
