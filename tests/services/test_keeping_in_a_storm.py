"""In a storm of calls entries never end: what is typed, and what became of others, goes into the journal too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID, uuid4

import pytest

from console.domain.record import Entry, Kind
from console.ports.journal import Draft, JournalFault, KeptState, Mark
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


def test_what_became_of_an_entry_goes_in_after_it_also_while_the_journal_is_at_work(rack: Rack) -> None:
    rack.fact()
    won = rack.fact()
    rack.keeper.mark((Mark(won.id, KeptState.SHARED, 5, "d"),))
    rack.runner.run_all()
    assert won.id in {one.entry.id for one in rack.journal.shared_since(NIGHT)}
    assert won.id not in {one.entry.id for one in rack.journal.waiting()}


@pytest.mark.parametrize("times", range(1, 5))
def test_what_became_of_an_entry_goes_in_after_it_also_when_the_journal_failed(
    rack: Rack, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    def fails(*_: object) -> NoReturn:
        raise JournalFault("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(rack.journal, "keep", fails)
        first = rack.fact()
        rack.runner.run_all()
        rack.keeper.mark((Mark(first.id, KeptState.SHARED, 5, "d"),))
        for _ in range(times):
            rack.keeper.try_now()
            rack.runner.run_all()
    rack.keeper.try_now()
    rack.runner.run_all()
    assert first.id in {one.entry.id for one in rack.journal.shared_since(NIGHT)}


def test_a_panel_filled_again_while_what_was_sent_still_waits_is_kept(rack: Rack) -> None:
    panel = uuid4()
    rack.fact()
    with rack.keeper.together():
        rack.fact()
        rack.keeper.settle(panel)
    rack.types(panel, "second time")
    rack.runner.run_all()
    assert rack.durable == ["second time"]
    assert [one.text for one in rack.journal.drafts()] == ["second time"]


def test_a_line_typed_back_to_what_was_sent_is_on_the_disk_at_every_moment(rack: Rack) -> None:
    line = uuid4()
    rack.types(line, "took forty")
    rack.runner.run_all()
    rack.fact()
    sent = rack.note(line, "took forty")
    rack.types(line, "took forty t")
    rack.keeper.drop_draft(line)
    for _ in range(4):
        rack.runner.run("keep", 1)
        assert rack.journal.drafts() or sent.id in {one.entry.id for one in rack.journal.waiting()}
    assert rack.journal.drafts() == ()
