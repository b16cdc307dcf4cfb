"""Signals read aloud in a night of three workers: who hears what, when nothing sounds, what a screen reader gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from console.domain.call_events import Alerting, CallBegan, HoldChanged, LegEnd, LegEnded, LinkChanged, LinkState
from console.domain.calls import Direction
from console.domain.incidents import IncidentRole
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.spoken_signals import STRANGE, signal_phrases
from console.machine.speech import SilentSpeaker, Terms
from console.machine.speech_device import gate
from tests.helpers.night_room import GRACE, Console
from tests.helpers.night_screens import LINE, NUMBER, Night
from tests.helpers.seated import seat
from ui.bootstrap.signals_aloud import Listener, SignalsAloud
from ui.desktop.desk import Desk


class Voice(SilentSpeaker):
    """The silent speaker behind the real gate, which counts how often it was hushed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(Terms(gate(signal_phrases(desk.pair.signals))))
        self.hushed = 0

    def hush(self) -> None:
        """Count it."""
        self.hushed += 1


@dataclass
class Ear:
    """One worker's headset."""

    voice: Voice
    on_the_telephone: bool = True
    reader: bool = False
    announced: list[str] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        """Return what was heard."""
        return self.voice.said


class Evening:
    """A pair at work; :meth:`listen` gives a worker an ear."""

    def __init__(self, night: Night) -> None:
        self.night = night
        night.answered()
        # As a switchboard says it: the other telephone that rang is quiet again.
        night.room.hears(LegEnded("c1", night.room.clock.now(), "c1-1002", "1002", LegEnd.ANSWERED_ELSEWHERE))
        night.paired()
        self.contact = night.priya.contact
        self.incident = night.tom.folds.incidents()[0].id
        self._made: list[SignalsAloud] = []

    def listen(self, desk: Desk) -> Ear:
        """Begin to read signals to whoever sits at ``desk``."""
        ear = Ear(Voice(desk))
        listener = Listener(lambda: ear.on_the_telephone, lambda: ear.reader, ear.announced.append)
        self._made.append(SignalsAloud(desk, ear.voice, listener))
        return ear

    def signal(self, key: str = "get_police", by: Console | None = None) -> None:
        """Send a signal, Priya's unless another sends it."""
        (by or self.night.priya).pair.signal(self.incident, key)
        self.night.room.settle()

    def close(self) -> None:
        """Let every ear go."""
        for one in self._made:
            one.stop()
        self.night.room.close()


@pytest.fixture
def evening() -> Iterator[Evening]:
    made = Evening(Night())
    yield made
    made.close()


@pytest.fixture
def tom(evening: Evening) -> Ear:
    return evening.listen(evening.night.coordinator_desk)


def test_the_second_worker_hears_each_signal_once(evening: Evening, tom: Ear) -> None:
    evening.signal("get_police")
    evening.signal("caller_gone")
    evening.night.room.advance(60)
    assert tom.said == ["Get police", "Caller gone"]


def test_the_handler_never_hears_anything_whatever_is_set(evening: Evening) -> None:
    priya = evening.listen(evening.night.handler_desk)
    priya.on_the_telephone = False
    evening.signal("keep_talking", by=evening.night.tom)
    evening.signal("i_am_at_risk", by=evening.night.tom)
    assert priya.said == []


def test_the_duty_manager_hears_only_what_is_for_managers(evening: Evening) -> None:
    helen = evening.listen(seat(evening.night.room, evening.night.helen)[0])
    evening.signal("get_police")
    evening.signal("i_am_at_risk")
    assert helen.said == ["I am at risk"]


def test_who_is_not_in_it_hears_nothing(evening: Evening) -> None:
    grace = evening.listen(seat(evening.night.room, evening.night.room.console(GRACE, "1003"))[0])
    evening.signal("i_am_at_risk")
    assert grace.said == []


def test_what_was_sent_before_the_start_is_not_read(evening: Evening) -> None:
    evening.signal("get_police")
    tom = evening.listen(evening.night.coordinator_desk)
    evening.signal("caller_gone")
    assert tom.said == ["Caller gone"]


def test_of_signals_that_come_together_the_newest_is_read(evening: Evening, tom: Ear) -> None:
    for key in ("get_police", "get_ambulance"):
        evening.night.priya.pair.signal(evening.incident, key)
    evening.night.room.settle()
    assert tom.said == ["Get ambulance"]


def test_what_reaches_a_console_late_is_not_read(evening: Evening, tom: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not evening.night.c.signals, "his screen has asked for what stood there before"
    # A patch: only Tom's way to the record is cut, and his console's own watch would mend it otherwise.
    with monkeypatch.context() as cut:
        cut.setattr(evening.night.tom.feed, "deliver", lambda: False)
        evening.signal("get_police")
        evening.night.room.advance(8)
    evening.night.room.settle()
    assert "Get police" in str(evening.night.c.signals)
    assert tom.said == []


def test_a_sender_whose_clock_is_hours_off_is_heard_all_the_same(evening: Evening, tom: Ear) -> None:
    entry = evening.night.priya.recorder.entry(
        Kind.SIGNAL_SENT, StreamRef(StreamKind.SIGNALS, evening.incident), {"signal": "get_police", "to": ""}
    )
    evening.night.priya.recorder.record(replace(entry, made_at=entry.made_at - timedelta(hours=2)))
    evening.night.room.settle()
    assert tom.said == ["Get police"]


def test_lines_and_answers_in_words_of_ones_own_are_never_spoken(evening: Evening, tom: Ear) -> None:
    evening.night.priya.pair.say(evening.incident, "Mrs Hale, 4 Quay Street")
    evening.signal("ask_location", by=evening.night.tom)
    asked = evening.night.tom.folds.signals(evening.incident).signals[-1]
    assert asked.stream is not None
    evening.night.priya.pair.answer(asked.stream, asked.entry, "4 Quay Street, Mrs Hale")
    evening.night.room.settle()
    assert tom.said == ["Your signal is answered"]


def test_a_signal_from_another_set_is_not_said_in_its_own_words(evening: Evening, tom: Ear) -> None:
    body = {"signal": "x", "words": "Mrs Hale has a knife", "to": "", "reach": "partner", "lasts": "standing"}
    stream = StreamRef(StreamKind.SIGNALS, evening.incident)
    recorder = evening.night.priya.recorder
    recorder.record(recorder.entry(Kind.SIGNAL_SENT, stream, body))
    evening.night.room.settle()
    assert tom.said == [STRANGE]


# --- on a call -----------------------------------------------------------------------------------


def _rings(night: Night) -> None:
    night.room.rings("c2", NUMBER, LINE, "1002")


def _talks(night: Night) -> None:
    _rings(night)
    night.room.answers("c2", "1002")


def _holds(night: Night) -> None:
    _talks(night)
    night.room.hears(HoldChanged("c2", night.room.clock.now(), "1002", held=True))


def _dials(night: Night) -> None:
    now = night.room.clock.now()
    night.room.hears(CallBegan("c3", now, Direction.OUTBOUND, "01632960123", placed_by="1002"))


def _telephones_go(night: Night) -> None:
    night.tom.desk.hear(LinkChanged(night.room.clock.now(), LinkState.LOST, "The telephones are away."))


BEGINS = [_rings, _talks, _holds, _dials, _telephones_go]


@pytest.mark.parametrize("begins", BEGINS, ids=lambda one: one.__name__.strip("_"))
def test_while_the_telephone_may_be_open_nothing_is_read_and_what_sounds_stops(
    evening: Evening, tom: Ear, begins: Callable[[Night], None]
) -> None:
    before = tom.voice.hushed
    begins(evening.night)
    evening.signal("get_police")
    assert tom.said == []
    assert tom.voice.hushed > before


def test_what_was_not_read_during_a_call_is_not_read_after_it(evening: Evening, tom: Ear) -> None:
    _talks(evening.night)
    evening.signal("get_police")
    evening.night.room.ends("c2")
    evening.night.room.advance(1)
    assert tom.said == []
    evening.signal("caller_gone")
    assert tom.said == ["Caller gone"]


def test_a_telephone_on_another_device_keeps_nothing_back(evening: Evening, tom: Ear) -> None:
    tom.on_the_telephone = False
    _talks(evening.night)
    evening.signal("get_police")
    assert tom.said == ["Get police"]
    assert tom.voice.hushed == 0


def test_the_call_of_somebody_else_keeps_nothing_back(evening: Evening, tom: Ear) -> None:
    now = evening.night.room.clock.now()
    evening.night.room.hears(CallBegan("c4", now, Direction.INBOUND, LINE), Alerting("c4", now, "c4-1009", "1009"))
    evening.signal("get_police")
    assert tom.said == ["Get police"]


# --- roles and readers ---------------------------------------------------------------------------


def test_whoever_takes_the_caller_over_stops_hearing_at_once(evening: Evening, tom: Ear) -> None:
    evening.night.tom.pair.swap(evening.incident, lambda _: None)
    evening.night.room.settle()
    seated = evening.night.tom.folds.incidents()[0].member("tom.adeyemi")
    assert seated is not None
    assert seated.role is IncidentRole.LEAD
    assert tom.voice.hushed > 0
    evening.signal("keep_talking")
    assert tom.said == []


def test_a_screen_reader_is_given_what_no_screen_announces_in_place_of_speech(evening: Evening, tom: Ear) -> None:
    helen = evening.listen(seat(evening.night.room, evening.night.helen)[0])
    tom.reader = helen.reader = True
    evening.signal("i_am_at_risk")
    assert helen.announced == ["I am at risk"]
    assert tom.announced == [], "his own screen announces it"
    assert (tom.said, helen.said) == ([], [])


def test_after_stopping_nothing_is_read(evening: Evening, tom: Ear) -> None:
    evening._made[0].stop()
    evening.signal("get_police")
    _talks(evening.night)
    assert tom.said == []
    assert tom.voice.hushed == 0
