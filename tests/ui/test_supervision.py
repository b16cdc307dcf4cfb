"""Listening to a colleague's call: who may, what is written first, and what whoever is heard sees."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from console.domain.board import BoardLimits
from console.domain.call_events import SupervisionBegan, SupervisionEnded
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.shifts import WorkerState
from console.domain.supervision import Manner
from console.ports.switchboard import Act as PhoneAct
from console.services.refusing import Refused
from console.services.supervising import NO_REASON, NO_SILENCE, NO_TELEPHONE, NOT_ALLOWED, Supervising
from tests.helpers.night_room import HELEN, PRIYA, Console, Room
from tests.helpers.night_screens import Night
from tests.helpers.seated import seat
from ui.desktop.screens.board.desk_acts import BoardDesk
from ui.desktop.screens.board.rows import BoardRows
from ui.desktop.screens.supervising import NO_CALL, RINGS_YOU
from ui.desktop.shortcuts import Act


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    made.answered()
    yield made
    made.room.close()


@pytest.fixture
def evening() -> Iterator[Night]:
    """A night before its first call."""
    made = Night()
    yield made
    made.room.close()


def call_of(night: Night) -> UUID:
    """Return the only call."""
    return night.priya.desk.calls()[0].id


def written(console: Console, call: UUID) -> list[dict[str, object]]:
    """Return what the record holds of supervision, as ``console`` reads it."""
    items = console.ledger.items(StreamRef(StreamKind.CALL, call))
    return [dict(item.content) for item in items if item.kind is Kind.CALL_SUPERVISION]


def asked(console: Console) -> list[tuple[PhoneAct, str]]:
    """Return how a console asked to hear a call, and whose."""
    hears = (PhoneAct.LISTEN, PhoneAct.WHISPER, PhoneAct.BARGE)
    return [(one.act, one.target) for one in console.switchboard.asked if one.act in hears]


def test_the_second_worker_listens_and_the_handler_sees_by_whom(night: Night) -> None:
    night.paired()
    night.coordinator.do(Act.LISTEN)
    assert asked(night.tom) == [(PhoneAct.LISTEN, "1001")]
    night.room.settle()
    (entry,) = written(night.priya, call_of(night))
    assert entry == {"manner": "listen", "extension": "1002", "of": "1001", "shown": True, "reason": ""}
    assert "listening" not in night.h.call.detail, "asked is not yet heard"
    night.room.hears(SupervisionBegan("c1", night.room.clock.now(), "1002"))
    assert night.h.call.detail == "Tom Adeyemi is listening since 22:14."
    assert night.h.call.heard, "as strong as the number"
    head = night.c.head
    assert head is not None
    assert head.below.endswith("You hear the call.")
    assert night.b.calls[0].who_words == "Tom Adeyemi is listening since 22:14"
    night.board.do(Act.WALL)
    (on_the_wall,) = night.b.calls
    assert (on_the_wall.who, on_the_wall.who_words) == ("Two workers", "A supervisor is listening"), "no names there"
    night.board.do(Act.WALL)
    night.room.hears(SupervisionEnded("c1", night.room.clock.now(), "1002"))
    assert "listening" not in night.h.call.detail
    assert night.b.calls[0].who_words.startswith("Pair since")


def test_the_second_worker_whispers_by_a_form(night: Night) -> None:
    night.paired()
    night.coordinator.do(Act.SUPERVISE)
    assert ("open_panel", "coordinator", "supervise", "Listen in", "") in night.beside.asked
    night.coordinator.form_opened("supervise", "")
    (form,) = [one for one in night.c.forms if one.key == "supervise"]
    assert [one.key for one in form.sections[0].fields] == ["what"], "nothing is kept from view here"
    night.coordinator.form_sent("supervise", {"what": "whisper"})
    assert asked(night.tom) == [(PhoneAct.WHISPER, "1001")]
    night.room.hears(SupervisionBegan("c1", night.room.clock.now(), "1002"))
    assert night.h.call.detail.startswith("Tom Adeyemi is listening, heard on our side alone, since 22:14.")


def test_without_a_call_of_a_colleagues_nothing_is_asked(night: Night) -> None:
    night.paired()
    night.room.ends("c1")
    night.coordinator.do(Act.SUPERVISE)
    assert night.c.notice == "There is no call to listen to."
    assert asked(night.tom) == []


def board_of(night: Night, *, silent: bool = False) -> tuple[Console, BoardDesk, list[BoardRows]]:
    """Return a duty manager with a telephone, and the board before them."""
    helen = night.room.console(HELEN, "1009")
    desk, _ = seat(night.room, helen, silent=silent)
    acts, drawn = BoardDesk(desk), list[BoardRows]()
    acts.show_on(drawn.append)
    night.answered()
    night.room.advance(1.0)
    return helen, acts, drawn


def test_a_manager_joins_from_the_board(evening: Night) -> None:
    helen, acts, drawn = board_of(evening)
    key = drawn[-1].calls[0].key
    acts.form_opened("live_call", key)
    (form,) = [one for one in drawn[-1].forms if one.key == "live_call"]
    offered = [choice.key for choice in form.sections[0].fields[0].choices]
    assert offered[-3:] == ["listen", "whisper", "barge"]
    acts.form_sent("live_call", {"what": "barge"})
    assert asked(helen) == [(PhoneAct.BARGE, "1001")]
    evening.room.settle()
    assert [one["manner"] for one in written(evening.priya, call_of(evening))] == ["barge"]


def test_a_manager_listens_to_the_live_call_chosen_on_the_board_by_one_key(evening: Night) -> None:
    helen, acts, drawn = board_of(evening)
    acts.row("calls", drawn[-1].calls[0].key, Act.LISTEN)
    assert asked(helen) == [(PhoneAct.LISTEN, "1001")]
    assert drawn[-1].notice == RINGS_YOU
    evening.room.hears(SupervisionBegan("c1", evening.room.clock.now(), "1009"))
    evening.room.advance(1.0)
    assert drawn[-1].notice == "", "it goes once the telephone was lifted"


def test_the_panel_opened_by_key_on_the_board_is_about_that_call(evening: Night) -> None:
    helen, acts, drawn = board_of(evening)
    key = drawn[-1].calls[0].key
    acts.row("calls", key, Act.SUPERVISE)
    acts.form_opened("supervise", key)
    assert [one.key for one in drawn[-1].forms] == ["supervise"]
    acts.form_sent("supervise", {"what": "whisper"})
    assert asked(helen) == [(PhoneAct.WHISPER, "1001")]
    assert drawn[-1].notice == RINGS_YOU


def test_without_a_live_call_chosen_the_key_says_how_to_choose_one(evening: Night) -> None:
    helen, acts, drawn = board_of(evening)
    acts.row("calls", "", Act.LISTEN)
    assert drawn[-1].notice.startswith("Choose a live call first: Ctrl+2")
    assert asked(helen) == []


def test_who_waits_unanswered_is_no_call_to_listen_to(evening: Night) -> None:
    helen, acts, drawn = board_of(evening)
    evening.room.rings("c2", "01632960741", "01632960001", "1001")
    evening.room.advance(1.0)
    waiting = next(one.key for one in drawn[-1].calls if one.waiting)
    acts.row("calls", waiting, Act.SUPERVISE)
    assert drawn[-1].notice == NO_CALL
    assert asked(helen) == []


def test_a_manager_without_a_telephone_is_told_why_nothing_is_dialled(night: Night) -> None:
    night.board.row("calls", night.b.calls[0].key, Act.SUPERVISE)
    assert night.b.notice == NO_TELEPHONE


def test_a_manager_ends_the_wrap_up_on_the_board_too(evening: Night) -> None:
    helen, acts, drawn = board_of(evening)
    helen.shift.wrap_up()
    acts.do(Act.READY)
    me = helen.shift.me()
    assert me is not None
    assert me.state is WorkerState.AVAILABLE
    assert drawn[-1].notice.endswith(": calls ring here.")
    acts.do(Act.READY)
    assert drawn[-1].notice.endswith(": calls do not ring here.")


def test_what_is_kept_from_view_has_a_reason_on_record_and_is_not_shown(evening: Night) -> None:
    helen, acts, drawn = board_of(evening, silent=True)
    key = drawn[-1].calls[0].key
    acts.form_opened("live_call", key)
    acts.form_sent("live_call", {"what": "listen", "view": "hidden", "why": " "})
    assert drawn[-1].forms[0].error == NO_REASON
    assert asked(helen) == []
    acts.form_sent("live_call", {"what": "listen", "view": "hidden", "why": "A complaint, agreed with the service"})
    evening.room.settle()
    (entry,) = written(evening.priya, call_of(evening))
    assert (entry["shown"], entry["reason"]) == (False, "A complaint, agreed with the service")
    evening.room.hears(SupervisionBegan("c1", evening.room.clock.now(), "1009"))
    assert "Helen Marsh is listening since" in evening.h.call.detail, "this computer is not set to keep it from view"
    evening.handler_desk.supervising.silent = True
    assert "listening" not in evening.h.call.detail


@pytest.mark.parametrize(("silent", "heard"), [(True, ""), (False, "Helen Marsh is listening since 22:14")])
def test_a_board_keeps_it_from_view_only_where_that_is_switched_on(silent: bool, heard: str) -> None:
    room = Room(limits=BoardLimits(silent_listening=silent))
    priya, helen = room.console(PRIYA, "1001"), room.console(HELEN, "1009")
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    body = {"manner": "listen", "extension": "1009", "of": "1001", "shown": False, "reason": "A complaint"}
    stream = StreamRef(StreamKind.CALL, priya.desk.calls()[0].id)
    helen.recorder.record(helen.recorder.entry(Kind.CALL_SUPERVISION, stream, body))
    room.hears(SupervisionBegan("c1", room.clock.now(), "1009"))
    assert [row.heard for row in priya.board.now().live] == [heard]
    room.close()


def refused(service: Supervising, call: UUID, *, shown: bool = True) -> str:
    """Return why a service does not let its worker listen."""
    with pytest.raises(Refused) as why:
        service.ask(Manner.LISTEN, call, "1001", lambda _: None, shown=shown, reason="a reason")
    return str(why.value)


def test_who_may_not_is_told_and_nothing_is_written(night: Night) -> None:
    call = call_of(night)
    adviser, _ = seat(night.room, night.priya)
    assert adviser.supervising.offered() == ()
    assert refused(adviser.supervising, call) == NOT_ALLOWED
    support, _ = seat(night.room, night.tom)
    assert support.supervising.offered() == tuple(Manner)
    assert refused(support.supervising, call, shown=False) == NO_SILENCE
    manager, _ = seat(night.room, night.helen)
    assert manager.supervising.offered() == ()
    assert refused(manager.supervising, call) == NO_TELEPHONE
    assert written(night.priya, call) == []
    assert asked(night.priya) + asked(night.tom) + asked(night.helen) == []


def test_the_record_refuses_it_from_a_role_that_may_not(night: Night) -> None:
    stream = StreamRef(StreamKind.CALL, call_of(night))
    night.priya.recorder.record(night.priya.recorder.entry(Kind.CALL_SUPERVISION, stream, {"manner": "listen"}))
    night.room.settle()
    assert written(night.tom, stream.id) == []
