"""Which line is which after any edit at all."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ui.desktop.screens.handler.note_lines import Edited, follow

LINES = st.lists(st.text("ab", max_size=3), min_size=1, max_size=6)


def edit(before: list[str], after: list[str]) -> Edited:
    """Return what became of lines 1, 2, 3 ...; new lines are numbered from 100."""
    numbers = count(100)
    return follow([UUID(int=at) for at in range(1, len(before) + 1)], before, after, lambda: UUID(int=next(numbers)))


def numbers(edited: Edited) -> list[int]:
    """Return the numbers of the lines now."""
    return [line.int for line in edited.ids]


def test_enter_at_the_end_begins_a_line() -> None:
    assert numbers(edit(["name Marcus"], ["name Marcus", ""])) == [1, 100]


def test_enter_inside_keeps_the_upper_half() -> None:
    made = edit(["alone drinking", "x"], ["alone", " drinking", "x"])

    assert numbers(made) == [1, 100, 2]
    assert [line.int for line in made.changed] == [1, 100]


def test_enter_before_a_line_does_not_touch_it() -> None:
    made = edit(["alone"], ["", "alone"])

    assert numbers(made) == [100, 1]
    assert UUID(int=1) not in made.changed


def test_joining_two_lines_keeps_the_upper_and_takes_the_lower_out() -> None:
    made = edit(["alone", "drinking"], ["alonedrinking"])

    assert numbers(made) == [1]
    assert [line.int for line in made.gone] == [2]


def test_editing_an_earlier_line_keeps_its_number() -> None:
    made = edit(["a", "b", "c"], ["a", "bb", "c"])

    assert numbers(made) == [1, 2, 3]
    assert [line.int for line in made.changed] == [2]


@given(LINES, LINES)
def test_no_line_is_lost_doubled_or_changed_unsaid(before: list[str], after: list[str]) -> None:
    made = edit(before, after)
    old = {UUID(int=at): text for at, text in enumerate(before, 1)}

    assert len(made.ids) == len(after) == len(set(made.ids))
    assert set(old) == (set(made.ids) & set(old)) | set(made.gone)
    for line, text in zip(made.ids, after, strict=True):
        if line not in made.changed:
            assert old[line] == text
