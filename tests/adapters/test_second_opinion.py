"""A second opinion on every recorded stream: PyPI's cacofonisk, whose words were kept, differs only where explained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpers.recordings import recordings
from tests.helpers.second_opinion import Difference, differences, kept
from tests.helpers.second_opinion_explained import EXPLAINED, explanation, place_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found() -> list[Difference]:
    """Every difference there is."""
    said = kept()
    return [one for recording in recordings() for one in differences(recording, said[str(recording)])]


def test_no_difference_is_unexplained(found: list[Difference]) -> None:
    assert [one for one in found if not explanation(one)] == []


def test_nothing_is_explained_that_is_no_difference(found: list[Difference]) -> None:
    assert set(EXPLAINED) - {place_of(one) for one in found} == set()


def test_the_page_says_every_explanation() -> None:
    page = (ROOT / "docs" / "running" / "telephones-proved.md").read_text(encoding="utf-8")
    assert [why for why in set(EXPLAINED.values()) if f"| {why} |" not in page] == []


def test_it_agrees_on_the_plain_cases(found: list[Difference]) -> None:
    plain = {"q_answered", "q_agent_hangup", "two_at_once", "two_same_instant", "internal", "outgoing", "xfer_blind"}
    assert not {one.recording for one in found if place_of(one)[0] in plain}


def test_it_was_heard_on_every_recording() -> None:
    assert set(kept()) == {str(recording) for recording in recordings()}
    assert not [hook for hooks in kept().values() for hook in hooks if hook[0] == "raised"]


def test_a_difference_of_ours_would_be_seen() -> None:
    answered = next(one for one in recordings() if str(one) == "22:q_answered")
    said = kept()["22:q_answered"]
    elsewhere = [["on_up", hook[1], hook[2], "PJSIP/1002"] if hook[0] == "on_up" else hook for hook in said]
    (seen,) = differences(answered, elsewhere)
    assert replace(seen, recording="") == Difference("", "answered_by", ["1001"], ["1002"])
