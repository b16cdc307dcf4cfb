"""A key costs little: the screen is not gathered anew for each, and nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.forms.checking import Missing
from console.domain.ids import new_id
from console.domain.items import Item
from console.domain.record import Kind, SeenMark, StreamKind, StreamRef
from console.domain.signals import SignalsState, fold_signals
from console.services.contact_record import ContactRecord
from console.services.ledger import Ledger
from console.services.link_state import Delivery
from tests.helpers.night_screens import Night
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.refresher import RecordNews, Refresher
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.row_painter import RowPainter
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Row, quiet


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def test_keys_of_a_tenth_of_a_second_are_drawn_once(night: Night) -> None:
    night.answered()
    record = night.record()
    night.room.advance(0.05)
    drawn = list[HandlerRows]()
    night.handler.show_on(drawn.append)
    line = night.handler.new_line_id()
    for count in range(1, 11):
        night.handler.note_changed(record, line, "x" * count)
        night.room.advance(0.008)
    before = len(drawn)
    night.room.advance(0.1)

    assert before == 1
    assert len(drawn) == 2
    assert drawn[-1].notes.lines[0].text == "x" * 10


def test_a_change_of_the_record_is_drawn_at_once_also_while_one_types(night: Night) -> None:
    drawn: list[float] = []
    refresher = Refresher(night.room.alarm, lambda: drawn.append(night.room.clock.monotonic()))
    began = night.room.clock.monotonic()
    refresher.soon()
    refresher.touch()
    refresher.soon()
    night.room.advance(0.2)
    refresher.stop()

    assert drawn == [began]


def test_what_unfinished_records_lack_is_counted_once_for_each_change(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        night.priya.contacts.keep(night.priya.contacts.open())
    counted: list[UUID] = []
    real = ContactRecord.missing

    def missing(self: ContactRecord, contact: UUID) -> tuple[Missing, ...]:
        counted.append(contact)
        return real(self, contact)

    monkeypatch.setattr(ContactRecord, "missing", missing)
    assert len(night.h.unfinished.rows) == 5
    first = len(counted)
    for _ in range(10):
        night.handler.draw()
    assert len(counted) == first
    night.priya.contacts.open()

    assert len(night.h.unfinished.rows) == 6
    assert len(counted) == first + 6


def test_own_words_are_drawn_once_and_their_ticks_together_a_little_later(night: Night) -> None:
    ledger, drawn, alarm = Ledger("priya.raman"), list[float](), night.room.alarm
    refresher = Refresher(alarm, lambda: drawn.append(night.room.clock.monotonic()), seconds=60.0)
    ledger.subscribe(RecordNews(ledger, refresher).changed)
    stream = StreamRef(StreamKind.SIGNALS, new_id(night.room.clock.now()))
    entry = night.priya.recorder.entry(Kind.SIGNAL_SENT, stream, {"signal": "need_a_second"})
    counts = list[int]()

    def published(seconds: float) -> None:
        ledger.pen.publish()
        alarm.advance(seconds)
        counts.append(len(drawn))

    ledger.pen.take([entry], Delivery.TYPING)
    published(0.0)
    ledger.pen.move([entry.id], Delivery.KEPT)
    published(0.02)
    ledger.pen.share(entry, 1, night.room.clock.now())
    published(0.02)
    assert counts == [1, 1, 1], "the entry is on its way before anything is drawn for its ticks"
    published(0.1)
    ledger.pen.mark_seen([SeenMark("tom.adeyemi", stream, 1)])
    published(0.0)
    refresher.stop()
    assert counts == [1, 1, 1, 2, 3], "kept and shared are one drawing; that it was seen is news"


def test_the_signals_of_a_pair_are_folded_once_for_each_change(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.answered()
    night.paired()
    night.handler.do(Act.CALLER_GONE)
    assert len(night.c.signals) == 1
    night.handler.draw()
    folded: list[int] = []

    def counted(items: Iterable[Item]) -> SignalsState:
        folded.append(1)
        return fold_signals(items)

    monkeypatch.setattr("console.services.folds.fold_signals", counted)
    for _ in range(10):
        night.handler.draw()
        night.coordinator.draw()
    assert folded == []
    night.handler.do(Act.CALLER_GONE)

    assert len(night.c.signals) == 2
    night.handler.draw()
    once = len(folded)
    for _ in range(10):
        night.handler.draw()
        night.coordinator.draw()
    assert 0 < once == len(folded)


def test_one_row_more_measures_that_row_and_is_laid_out_at_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    real = RowPainter._measured

    def counted(self: RowPainter, row: Row, width: int) -> QSize:
        measured.append(row.key)
        return real(self, row, width)

    monkeypatch.setattr(RowPainter, "_measured", counted)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    view = RowView(apply(application, choose(dark=False)), "Requests")
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    rows = [quiet(f"{at}", f"request {at}") for at in range(30)]
    view.show_rows(rows)
    qtbot.waitExposed(view)
    QApplication.processEvents()
    measured.clear()

    view.show_rows([quiet("new", "the newest"), *rows])

    assert view.visualRect(view.model().index(0, 0)).height() > 0
    assert view.visualRect(view.model().index(1, 0)).top() > 0, "it is laid out before anything is painted"
    assert set(measured) == {"new"}
    changed = [quiet("new", "the newest"), quiet("0", "answered"), *rows[1:]]
    measured.clear()
    view.show_rows(changed)
    QApplication.processEvents()
    assert set(measured) == {"0"}
