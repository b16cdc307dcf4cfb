"""What other tools are told of a fact: of a caller no more than a screen may show."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.domain.call_events import NumberLearned
from console.domain.call_folds import shown_caller
from console.domain.call_report import event_report
from console.domain.calls import Presentation
from console.domain.lines import USUAL

AT = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)
NUMBER, NAME = "07700900123", "Ann Example"


@pytest.mark.parametrize(
    ("presentation", "number", "name"),
    [
        (Presentation.ALLOWED, NUMBER, NAME),
        (Presentation.UNKNOWN, NUMBER, NAME),
        (Presentation.UNAVAILABLE, "", NAME),
        (Presentation.WITHHELD, "", ""),
    ],
)
def test_of_a_caller_is_told_what_may_be_shown(presentation: Presentation, number: str, name: str) -> None:
    event = NumberLearned("c1", AT, NUMBER, NAME, presentation, settled=True)
    report = event_report(event)
    assert (report["number"], report["name"], report["presentation"]) == (number, name, presentation.value)
    caller = shown_caller(event, USUAL)
    assert (caller.number, caller.name) == (number, name), "one rule for a screen, the record and other tools"


def test_what_is_told_of_a_caller_is_one_line_of_plain_text() -> None:
    event = NumberLearned("c1", AT, NUMBER, "Ann\x1b[31m\nExample", Presentation.ALLOWED, settled=True)
    assert "\x1b" not in str(event_report(event)["name"])
