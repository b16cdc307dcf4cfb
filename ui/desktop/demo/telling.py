"""What the demo did and found: one printed line for each act and check, and the report file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Told:
    """One act or check.  ``result`` is ``done``, ``held``, ``FAILED`` or ``left to you``."""

    at: datetime
    kind: str
    words: str
    result: str
    why: str = ""

    def line(self) -> str:
        """Return it as printed."""
        end = f": {self.why}" if self.why else ""
        return f"{self.result:<6} {self.words}{end}"


@dataclass(slots=True)
class Telling:
    """Everything told so far; ``say`` prints a line."""

    say: Callable[[str], None]
    told: list[Told] = field(default_factory=list)

    def act(self, at: datetime, words: str, why: str = "", *, result: str = "") -> None:
        """Tell an act; ``why`` says why it could not be done."""
        self._tell(Told(at, "act", words, result or ("FAILED" if why else "done"), why))

    def check(self, at: datetime, words: str, why: str = "") -> None:
        """Tell a check; ``why`` says what did not hold."""
        self._tell(Told(at, "check", words, "FAILED" if why else "held", why))

    def _tell(self, told: Told) -> None:
        self.told.append(told)
        self.say(told.line())

    @property
    def failed(self) -> tuple[Told, ...]:
        """Return what failed, acts and checks."""
        return tuple(one for one in self.told if one.result == "FAILED")

    def summary(self) -> str:
        """Return the closing line."""
        checks = [one for one in self.told if one.kind == "check"]
        acts = sum(1 for one in self.told if one.kind == "act")
        held = sum(1 for one in checks if one.result == "held")
        wrong = sum(1 for one in self.told if one.kind == "act" and one.result == "FAILED")
        failed = f", {wrong} acts could not be played" if wrong else ""
        return f"{held} of {len(checks)} checks held, {acts} acts played{failed}"

    def write(self, file: Path, more: dict[str, object]) -> None:
        """Write the report as JSON."""
        lines = [{**asdict(one), "at": one.at.isoformat()} for one in self.told]
        text = json.dumps({**more, "ok": not self.failed, "told": lines}, indent=1, ensure_ascii=False)
        file.write_text(text + "\n", encoding="utf-8")
