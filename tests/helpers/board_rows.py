"""The board of script A at 22:17:58, as in the reference pictures, for pictures and tests."""

from __future__ import annotations

from console.domain.people import Rank
from tests.helpers.family_rows import NOW, directory
from ui.desktop.screens.board.rota import rota_tile
from ui.desktop.screens.board.rows import (
    Age,
    BoardRows,
    CapacityTile,
    CountsTile,
    FigureTile,
    HourBar,
    HoursTile,
    ListRow,
    ListTile,
    LiveCallRow,
    StaffRow,
    WorkTile,
)
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Weight
from ui.desktop.widgets.faces import HealthRow, Span, StatusRow


def board_at_22_17_58(*, away: bool = False) -> BoardRows:
    """Return the board, live or with the database away for 41 seconds."""
    live = Age("1 s ago")
    age = Age("41 s old", stale=True) if away else live
    return BoardRows(
        status=_status(away=away),
        waiting=FigureTile("Waiting", "1", "Portsmouth children", live, alarm=True, rank=Rank.HOUR),
        longest=FigureTile("Longest wait", "00:44", "amber at 00:20, red at 01:00", live, alarm=True),
        answered=FigureTile("Answered", "96.9 %", "62 of 64 since 17:00; 2 rang off", age),
        work=WorkTile(1, 4, 7, "2 without an owner, oldest 12:20", age),
        capacity=CapacityTile(
            "Night capacity: 0 free, 1 waiting", 0, 2, 2, 1, 1, 1, "Next free: Ruth Calder in 00:50",
            "Call out Dilip Shah", age, alarm=not away,
        ),
        calls_title="Live calls",
        calls_age=Age("From the telephones, 1 s ago; what is grey is from 22:17:17") if away else live,
        calls=_calls(away=away),
        staff_title="Staff on shift, 9",
        staff=_staff(),
        staff_age=age,
        hours=_hours(age),
        requests=ListTile(
            "Requests not sent or unanswered, 2",
            (
                ListRow("crisis", "Crisis team: not sent", "", "00:38", Rank.HOUR, "Tom Adeyemi, Hampshire adults"),
                ListRow(
                    "aa", "Appropriate adult: no answer", "", "25:58", Rank.HOUR, "Sam Okoro, Hampshire children",
                    late=True,
                ),
            )[1 if away else 0 :],
            age,
            "Anything asked since 22:17:17 is not shown here." if away else "",
        ),
        clocks=ListTile(
            "Clocks about to expire, 3",
            (
                ListRow("c1", "Custody review", "Hampshire", "in 22 min"),
                ListRow("c2", "Police protection ends", "Portsmouth", "in 3 h 22 min"),
                ListRow("c3", "Return interview", "Isle of Wight", "in 8 h 17 min"),
            ),
            age,
        ),
        visits=ListTile(
            "Visits out, 1",
            (
                ListRow(
                    "v", "Owen Pryce", "alone, Southampton adults", "out due in 27 min",
                    below="In 21:58, last word 22:12, buddy Helen Marsh",
                ),
            ),
            age,
        ),
        handovers=ListTile(
            "Handovers not acknowledged, 2",
            (
                ListRow("h1", "Southampton adults", "1 item, issued 08:30", "13 h 48 min"),
                ListRow("h2", "Isle of Wight children", "2 items, issued 08:30", "13 h 48 min"),
            ),
            age,
        ),
        counts=CountsTile(((0, "second asked"), (1, "no rationale"), (2, "alerts in")), age),
        rota=rota_tile(directory(), NOW, age),
    )  # fmt: skip


def _status(*, away: bool) -> StatusRow:
    record = HealthRow("Database away 00:41", trouble=True) if away else HealthRow("Database in step 22:17:57")
    health = (HealthRow("Phones connected"), record)
    who = (Span("Helen Marsh", Weight.SEMIBOLD), Span(", duty manager", ink=Ink.SECONDARY))
    note = "Grey tiles show 22:17:17. Calls and notes go on." if away else ""
    return StatusRow(health, who, "Tue 01-Dec-2026", "22:17:58", note)


def _calls(*, away: bool) -> tuple[LiveCallRow, ...]:
    return (
        LiveCallRow(
            "a", Rank.NOW, "03:39", "now", "Suicidal caller", "Hampshire adults", "Priya Raman with Tom Adeyemi",
            "Pair since 22:15:02", "Police on the way, 05:51 of 6 min", "Ambulance accepted, SC-7731", old=away,
        ),
        LiveCallRow(
            "b", Rank.HOUR, "11:20", "within hour", "Child protection", "Portsmouth children", "Grace Whitlock",
            "Alone, second not asked", "Nothing asked for", "No rationale recorded yet", old=away,
        ),
        LiveCallRow(
            "c", Rank.SHIFT, "02:05", "this shift", "Custody", "Hampshire children", "Sam Okoro",
            "Alone, second not asked", "Appropriate adult: no answer", "Asked 21:52", old=away,
        ),
        LiveCallRow(
            "d", Rank.HOUR, "00:44", "over 00:20", "Waiting", "Portsmouth children", "Nobody free",
            "Offered to everyone on shift", "", "", waiting=True,
        ),
    )  # fmt: skip


def _staff() -> tuple[StaffRow, ...]:
    return tuple(
        StaffRow(name.lower(), name, role, state, since)
        for name, role, state, since in (
            ("Priya Raman", "Service adviser", "On a call, paired", "03:39"),
            ("Tom Adeyemi", "Support worker", "Coordinating", "02:56"),
            ("Grace Whitlock", "Children's SW", "On a call", "11:20"),
            ("Sam Okoro", "Support worker", "On a call", "02:05"),
            ("Ruth Calder", "Service adviser", "Wrap-up", "01:10"),
            ("Nadia Iqbal", "Children's SW", "Take five", "06:20"),
            ("Owen Pryce", "Adults' SW", "Visit, alone", "19:58"),
            ("Helen Marsh", "Duty manager", "Managing", ""),
            ("Dilip Shah", "On-call manager", "On-call, at home", ""),
        )
    )


def _hours(age: Age) -> HoursTile:
    offered = (18, 15, 12, 9, 7, 4)
    usual = (16, 14, 12, 10, 8, 7, 5, 4, 3, 3, 3, 3, 2, 3, 4, 3)
    bars = tuple(
        HourBar((17 + at) % 24, offered[at] if at < len(offered) else None, mark, running=at == len(offered) - 1)
        for at, mark in enumerate(usual)
    )
    places = (("Hampshire", 38), ("Portsmouth", 15), ("Southampton", 8), ("Isle of Wight", 4))
    return HoursTile("Calls per hour, 65 offered since 17:00", bars, "usual Tuesday", places, age)
