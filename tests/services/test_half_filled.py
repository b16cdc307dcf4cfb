"""Half-filled panels: kept within a second, there again after a restart, gone with the entry they became."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from console.domain.record import Entry, StreamKind, StreamRef
from console.domain.text import NightdeskError
from console.ports.journal import Draft, Kept
from console.ports.manual import HeldRunner
from console.services.drafts import NOTE, panel_of_draft
from console.services.half_filled import HalfFilledPanels
from console.services.refusing import Refused
from tests.helpers.desk import CONTACT, Desk
from tests.helpers.simulated_server import SimulatedJournal, SimulatedServer

WHERE = ("ask_help", "one record")
WORDS = {"kind": "ambulance", "words": "he fell"}
SAID = (("What help", "Ambulance"), ("In a few words", "he fell"))


@dataclass
class WatchedJournal(SimulatedJournal):
    """Remembers after each of its acts which drafts and how many entries are on the disk."""

    after: list[tuple[int, int]] = field(default_factory=list)

    def keep(self, entries: Sequence[Entry], settles: Sequence[UUID] = ()) -> tuple[Kept, ...]:
        """Write entries."""
        done = super().keep(entries, settles)
        self.after.append((len(self.texts), len(self.kept)))
        return done

    def drop_draft(self, line: UUID) -> None:
        """Take a draft away."""
        super().drop_draft(line)
        self.after.append((len(self.texts), len(self.kept)))


@pytest.fixture
def journal() -> WatchedJournal:
    return WatchedJournal()


@pytest.fixture
def desk(journal: WatchedJournal) -> Desk:
    return Desk(SimulatedServer(), journal=journal)


@pytest.fixture
def panels(desk: Desk) -> HalfFilledPanels:
    return HalfFilledPanels(desk.recorder, desk.clock, desk.alarm)


def write(panels: HalfFilledPanels, where: tuple[str, str] = WHERE, **more: str) -> None:
    panels.put(where, WORDS | more, title="Ask for help", screen="handler", said=SAID)


def again(journal: WatchedJournal) -> tuple[Desk, HalfFilledPanels]:
    """Start the console anew on what is on the disk."""
    desk = Desk(SimulatedServer(), journal=journal)
    panels = HalfFilledPanels(desk.recorder, desk.clock, desk.alarm)
    panels.take_up(desk.restored[0].half_filled)
    return desk, panels


def test_it_is_kept_three_tenths_of_a_second_after_the_last_key(
    desk: Desk, panels: HalfFilledPanels, journal: WatchedJournal
) -> None:
    write(panels)
    desk.alarm.advance(0.29)
    assert journal.texts == {}
    assert panels.kept(*WHERE) is None
    desk.alarm.advance(0.02)
    (draft,) = journal.texts.values()
    words = panel_of_draft(draft)
    assert words is not None
    assert words.values == WORDS
    assert panels.kept(*WHERE) == words.typed
    write(panels, words="he fell, head wound")
    assert panels.kept(*WHERE) is None


def test_it_is_kept_every_second_while_one_types(desk: Desk, panels: HalfFilledPanels, journal: WatchedJournal) -> None:
    for count in range(11):
        write(panels, words="x" * (count + 1))
        desk.alarm.advance(0.1)
    (draft,) = journal.texts.values()
    words = panel_of_draft(draft)
    assert words is not None
    assert len(words.values["words"]) >= 10


def test_it_is_there_again_in_the_next_console_and_said(
    desk: Desk, panels: HalfFilledPanels, journal: WatchedJournal
) -> None:
    write(panels)
    write(panels, ("log_news", "one record"), words="nine minutes")
    panels.flush()
    before = panels.all()
    desk, panels = again(journal)
    assert panels.all() == before
    assert panels.kept(*WHERE) == before[0].typed
    assert desk.restored[0].lines == 0
    assert desk.restored[0].sentence == "2 panels are half filled as you left them, and not sent (Ctrl+U)."
    assert desk.server.log == []


def test_words_without_a_record_are_taken_up_without_a_word_of_panels(
    panels: HalfFilledPanels, journal: WatchedJournal
) -> None:
    panels.put((NOTE, ""), {"text": "out of breath"}, title="Note", screen="handler", said=())
    panels.flush()
    desk, panels = again(journal)
    assert desk.restored[0].sentence == ""
    found = panels.of(NOTE, "")
    assert found is not None
    assert found.values == {"text": "out of breath"}


def test_what_is_typed_already_is_newer_than_what_was_restored(
    desk: Desk, panels: HalfFilledPanels, journal: WatchedJournal
) -> None:
    write(panels)
    panels.flush()
    restored = Desk(SimulatedServer(), journal=journal).restored[0].half_filled
    write(panels, words="newer")
    panels.take_up(restored)
    found = panels.of(*WHERE)
    assert found is not None
    assert found.values["words"] == "newer"


def send(desk: Desk, *texts: str) -> Callable[[], str]:
    def act() -> str:
        for at, text in enumerate(texts):
            desk.recorder.record(desk.note(text, CONTACT, line=10 + at))
        return ""

    return act


def test_the_draft_goes_in_the_act_that_keeps_all_its_entries(
    desk: Desk, panels: HalfFilledPanels, journal: WatchedJournal
) -> None:
    write(panels)
    panels.flush()
    assert panels.sent(*WHERE, send(desk, "one", "two")) == ""
    assert panels.of(*WHERE) is None
    # Never the draft beside an entry of it, never neither: one act of the journal.
    assert journal.after == [(0, 2)]
    assert again(journal)[1].all() == ()


def test_the_draft_goes_with_the_entries_also_while_the_journal_is_slow(journal: WatchedJournal) -> None:
    runner = HeldRunner()
    desk = Desk(SimulatedServer(), journal=journal, runner=runner, started=False)
    panels = HalfFilledPanels(desk.recorder, desk.clock, desk.alarm)
    write(panels)
    panels.flush()
    # The draft is on its way while the panel is sent.
    assert runner.waiting("keep") == 1
    panels.sent(*WHERE, send(desk, "one"))
    runner.run("keep")
    runner.run("keep")
    assert journal.after == [(0, 1)]


def test_what_was_not_taken_stays_half_filled(desk: Desk, panels: HalfFilledPanels, journal: WatchedJournal) -> None:
    write(panels)
    panels.flush()
    assert panels.sent(*WHERE, lambda: "Choose what help is wanted.") == "Choose what help is wanted."

    def refuse() -> str:
        raise Refused("There is no incident of yours.")

    with pytest.raises(NightdeskError):
        panels.sent(*WHERE, refuse)
    assert panels.of(*WHERE) is not None
    assert len(again(journal)[1].all()) == 1
    desk.recorder.record(desk.note("after a refusal"))
    assert len(journal.kept) == 1


def test_what_was_sent_without_an_entry_is_gone_too(panels: HalfFilledPanels, journal: WatchedJournal) -> None:
    write(panels)
    panels.flush()
    panels.sent(*WHERE, lambda: "")
    assert journal.texts == {}


def test_what_is_forgotten_is_gone_and_what_was_sent_and_refused_later_is_put_back(
    desk: Desk, panels: HalfFilledPanels, journal: WatchedJournal
) -> None:
    write(panels)
    panels.flush()
    chosen = panels.of(*WHERE)
    assert chosen is not None
    panels.forget(*WHERE)
    assert journal.texts == {}
    panels.put_back(chosen)
    desk.alarm.advance(1)
    assert len(journal.texts) == 1


def test_a_full_disk_is_waited_for(desk: Desk, panels: HalfFilledPanels, journal: WatchedJournal) -> None:
    journal.faulty = True
    write(panels)
    desk.alarm.advance(0.5)
    assert panels.kept(*WHERE) is None
    assert desk.ledger.link.journal_fault
    panels.sent(*WHERE, send(desk, "one"))
    journal.faulty = False
    desk.wait(3)
    assert (len(journal.texts), len(journal.kept)) == (0, 1)


def test_a_draft_that_nobody_can_read_is_left_where_it_is(journal: WatchedJournal, desk: Desk) -> None:
    strange = Draft(
        UUID(int=9), StreamRef(StreamKind.SHIFT, UUID(int=9)), "not ours", desk.clock.now(), desk.clock.now()
    )
    journal.keep_draft(strange)
    next_one, panels = again(journal)
    assert panels.all() == ()
    assert next_one.restored[0].lines == 0
    assert journal.drafts() == (strange,)


def test_listeners_hear_of_words_and_of_their_keeping(desk: Desk, panels: HalfFilledPanels) -> None:
    heard: list[int] = []
    end = panels.subscribe(lambda: heard.append(1))
    write(panels)
    write(panels)
    assert len(heard) == 1, "the same words are no news"
    desk.alarm.advance(1)
    assert len(heard) == 2
    end()
    panels.forget(*WHERE)
    assert len(heard) == 2
