"""In a storm of calls entries never end: what is typed, and what became of others, goes into the journal too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from console.domain.record import Entry, Kind
from console.ports.journal import Draft, KeptState, Mark
from console.ports.manual import NIGHT, HeldRunner, ManualAlarm, ManualClock
from console.services.keeping import Keeper
from console.services.writing import make_entry
from db.journal_memory import MemoryJournal
from tests.helpers.desk import CONTACT, INCIDENT, PRIYA


@dataclass(frozen=True, slots=True)
class Rack:
    clock: ManualClock
    runner: HeldRunner
    journal: MemoryJournal
    keeper: Keeper
    durable: list[str]

    def fact(self) -> Entry:
        """Give one more fact to keep, as calls do without end."""
        made = make_entry(PRIYA, self.clock, Kind.INCIDENT_FACT, INCIDENT, {"text": "one more"}, slot="fact:door")
        self.keeper.keep((made,))
        return made

    def note(self, line: UUID, text: str) -> Entry:
        """Give a line's entry, which settles its draft."""
        made = make_entry(PRIYA, self.clock, Kind.CONTACT_NOTE, CONTACT, {"text": text, "line": line}, slot="note")
        self.keeper.keep((made,), (line,))
        return made

    def types(self, line: UUID, text: str) -> None:
        """Type on in a line."""
        self.keeper.keep_draft(Draft(line, CONTACT, text, NIGHT, NIGHT), lambda draft: self.durable.append(draft.text))

    def turn(self) -> None:
        """Let the journal do one piece of work, and give it another fact meanwhile."""
        self.fact()
        self.runner.run("keep", 1)


@pytest.fixture
def rack() -> Rack:
    clock, runner = ManualClock(), HeldRunner()
    journal = MemoryJournal(clock)
    keeper = Keeper(journal, runner, ManualAlarm(clock), kept=lambda _: None, lost=lambda _: None, said=lambda _: None)
    return Rack(clock, runner, journal, keeper, [])


def test_what_is_typed_is_durable_though_entries_never_end(rack: Rack) -> None:
    first = rack.fact()
    rack.types(uuid4(), "took forty tab")
    rack.keeper.mark((Mark(first.id, KeptState.SHARED, 1, "d"),))
    for _ in range(3):
        rack.turn()
    assert rack.durable == ["took forty tab"]
    assert [one.text for one in rack.journal.drafts()] == ["took forty tab"]
    assert first.id in {one.entry.id for one in rack.journal.shared_since(NIGHT)}


def test_younger_text_of_a_line_never_goes_in_before_the_lines_entry(rack: Rack) -> None:
    line = uuid4()
    rack.fact()
    rack.turn()
    rack.note(line, "took forty")
    rack.types(line, "took forty tablets")
    rack.types(uuid4(), "another line")
    for _ in range(6):
        rack.turn()
    rack.runner.run_all()
    # Kept the other way round, the entry would have taken the younger words away with the older draft.
    assert {one.text for one in rack.journal.drafts()} == {"took forty tablets", "another line"}
    assert sorted(rack.durable) == ["another line", "took forty tablets"]
