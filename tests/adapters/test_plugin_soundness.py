"""What a plug-in says is made anew part by part, and what it leaves unsaid stays so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.domain.call_events import CallEvent, Parked, SnapshotTaken
from telephony_adapters.plugins.soundness import sound_fact

NOW = datetime(2026, 12, 1, 22, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "fact",
    [
        SnapshotTaken(NOW, frozenset({"a"})),
        SnapshotTaken(NOW, frozenset(), listed=frozenset({"a", "b"})),
        Parked("a", NOW, True, "701"),
        Parked("a", NOW, False, "701", NOW),
    ],
    ids=repr,
)
def test_what_may_be_left_unsaid_is_left_so_and_what_is_said_comes_through(fact: CallEvent) -> None:
    assert sound_fact(fact) == fact
