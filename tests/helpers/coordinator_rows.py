"""Tom's desk in script A at 22:17:58, as in the reference pictures, for pictures and tests."""

from __future__ import annotations

from uuid import UUID

from console.domain.people import Rank
from ui.desktop.screens.coordinator.rows import (
    ClockBox,
    CoordinatorRows,
    DirectoryRow,
    FactRow,
    HeadRow,
    HelpRow,
    LineRow,
    ReadNoteRow,
    RelayRow,
    SignalRow,
    WorkRow,
)
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Weight
from ui.desktop.widgets.faces import HealthRow, Mark, Span, StatusRow


def coordinator_at_22_17_58() -> CoordinatorRows:
    """Return the pair at work."""
    return CoordinatorRows(
        status=_status(),
        head=HeadRow(
            "LIFE AT RISK NOW", "FENN, Marcus", " (34y), suicidal caller, Hampshire adults",
            "Priya on the line 03:39, with you since 22:15:02. Reading, not listening in.", "Priya",
        ),
        note_title="Priya's note",
        note=_note(),
        typing="Priya is typing",
        facts=_facts(),
        requests=_requests(),
        signals=(
            SignalRow("s3", "22:17:05", "Get police", "log 1187, accepted", done=True),
            SignalRow("s2", "22:15:20", "Get ambulance", "SC-7731, category 2", done=True),
            SignalRow("s1", "22:14:50", "Need a second", "you, in 12 s", done=True),
        ),
        signals_words="all in hand",
        lines=(
            LineRow("l3", "22:17", "Police 6 min, both car parks", "seen 22:17"),
            LineRow("l2", "22:17", "Ambulance SC-7731, category 2", "seen 22:17"),
            LineRow("l4", "22:16", "His dog is in the car", "just now", by="Priya", fresh=True),
            LineRow("l1", "22:15", "Ask where he is", "answered"),
        ),
        relay=_relay(),
        relay_form="999",
        relay_to="Reading to Police: 2 of 8 said, 1 changed since",
        relay_others=True,
        missing=3,
        directory=(
            DirectoryRow("d1", "Crisis team", "01632 960162", "checked 12-Nov"),
            DirectoryRow("d2", "Police control room", "01632 960140", "checked 12-Nov"),
            DirectoryRow("d3", "Ambulance control", "01632 960155", "checked 30-Oct"),
            DirectoryRow("d4", "AMHP hub", "01632 960171", "checked 12-Nov"),
        ),
        work=_work(),
        work_words="2 without an owner",
        by_handset=frozenset({str(UUID(int=1)), str(UUID(int=2))}),
    )  # fmt: skip


def desk_without_a_pair() -> CoordinatorRows:
    """Return the desk of a worker who is in no pair, with one summons open."""
    return CoordinatorRows(
        _status(), None, "", (), "", (), (), (), "", (), (), 0, (), _work(), "2 without an owner",
        summons=(WorkRow("s", Rank.NOW, "Priya Raman, Hampshire adults", "", "asked 00:06"),),
    )  # fmt: skip


def _status() -> StatusRow:
    health = (HealthRow("Phones connected"), HealthRow("Database in step 22:17:57"))
    waiting = HealthRow("1 waiting 00:44, nobody free", trouble=True, mark=Mark.CLOCK)
    who = (
        Span("Tom Adeyemi", Weight.SEMIBOLD), Span(", coordinating with ", ink=Ink.SECONDARY),
        Span("Priya Raman", Weight.SEMIBOLD),
    )  # fmt: skip
    return StatusRow((*health, waiting), who, "Tue 01-Dec-2026", "22:17:58")


def _note() -> tuple[ReadNoteRow, ...]:
    lines = (
        ("22:14", '"I\'ve taken them all."'), ("22:15", "name Marcus"), ("22:15", "asked about suicide directly: yes"),
        ("22:15", "overdose 2145, 40 tabs, unknown drug"), ("22:16", "alone, drinking"),
        ("22:16", "in the car, by the reservoir, the second car park"), ("22:17", "awake, talking, words clear"),
    )  # fmt: skip
    return tuple(
        ReadNoteRow(str(at), time, text, "just now" if at == len(lines) - 1 else "")
        for at, (time, text) in enumerate(lines)
    )


def _facts() -> tuple[FactRow, ...]:
    return (
        FactRow(
            "where", "Where now", "In the car, by the reservoir, the second car park", "caller stated", "01:38",
            lead=True, below="Caller stated 22:16:20. Police are checking both.",
        ),
        FactRow("taken", "Taken", "40 tablets, drug unknown, at 21:45", "caller stated", "02:21"),
        FactRow("state", "State", "Awake, talking, words clear", "Priya heard", "00:03"),
        FactRow("alone", "Alone", "Yes. Drinking", "caller stated", "01:55"),
        FactRow("name", "Name", "Marcus; record says Marcus Fenn", "caller stated", "02:49"),
        FactRow("wife", "Wife", "Lena Fenn (33y). Not told", "case record", "14 mo"),
        FactRow(
            "record", "Record", "9 Larch Court, Netherbourne", "case record", "14 mo",
            old="as at 14 months ago: ask where they are now",
        ),
    )  # fmt: skip


def _requests() -> tuple[HelpRow, ...]:
    return (
        HelpRow(
            UUID(int=1), Rank.NOW, "Police", "on the way", "Log 1187 of 01/12/26. Risk to life now", 4,
            (ClockBox("00:28", "since asked"), ClockBox("05:51", "of 6 min said")),
        ),
        HelpRow(
            UUID(int=2), Rank.NOW, "Ambulance", "accepted", "SC-7731. Category 2 aims at 18 min", 3,
            (ClockBox("01:13", "since asked"), ClockBox("00:56", "since news")),
        ),
        HelpRow(
            UUID(int=3), Rank.HOUR, "Crisis team", "", "Drafted 22:17:20 by you", 0,
            (ClockBox("00:38", "since drafted", due=True), ClockBox("00:22", "until it rings", due=True)),
            chip="not sent", send=True,
        ),
    )  # fmt: skip


def _relay() -> tuple[RelayRow, ...]:
    return (
        RelayRow("1", "1", "Service", "Ambulance and police"),
        RelayRow("2", "2", "Exact place", "In the car, by the reservoir, the second car park", strong=True),
        RelayRow("2a", "", "Access", "gate, barrier, which entrance", missing=True),
        RelayRow("3", "3", "Ring back", "01632 960100, our desk. We are a third party"),
        RelayRow("4", "4", "What is happening", "Overdose 21:45, 40 tablets, drinking, alone", said="22:16"),
        RelayRow(
            "5",
            "5",
            "Awake, breathing",
            "Awake and talking at 22:17. Man, 34",
            said="22:16",
            told="Awake, slow at 22:16",
        ),
        RelayRow("5a", "", "Substance", "which drug", missing=True),
        RelayRow("6", "6", "Hazards", "violence, weapons, dogs", missing=True),
        RelayRow("7", "7", "Name, born", "Marcus Fenn, 19-Feb-1992"),
        RelayRow("8", "8", "Others asked", "Ambulance SC-7731. Police log 1187 of 01/12/26"),
        RelayRow("9", "9", "Speaking", "English. On our line now: do not ring him"),
        RelayRow("10", "10", "Ask them for", "Log number, grade, call-taker's name, time"),
    )


def _work() -> tuple[WorkRow, ...]:
    return (
        WorkRow("w1", Rank.HOUR, "Chase appropriate adult", "Sam Okoro", "no answer 25:58"),
        WorkRow("w2", Rank.HOUR, "Find a bed tonight", "", "open 04:10"),
        WorkRow("w3", Rank.SHIFT, "Book interpreter, Dari", "", "open 12:20"),
        WorkRow("w4", Rank.SHIFT, "Ring back carer", "Ruth Calder", "due 22:45"),
    )
