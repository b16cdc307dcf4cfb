"""The two doors over real sockets: strangers, dawdlers, floods and replays, and a desk that still hears its own."""

from __future__ import annotations

import errno
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from console.domain.call_events import CallBegan, CallEnded, CallEvent, LinkState, NumberLearned, SnapshotTaken
from console.domain.calls import Presentation
from console.ports.switchboard import SinkFull, Sitting
from telephony_adapters.contract.heard import Heard
from telephony_adapters.link.wire import Waker
from telephony_adapters.local_pop import PopSettings, connect, mapping, run_file
from telephony_adapters.local_pop.doors import OPEN_AT_MOST, Doors
from telephony_adapters.local_pop.protocol import BODY_CAP
from telephony_adapters.local_pop.reception import RING, SHOWN_TO_BE_RUNG
from tests.helpers.pop_desk import SECRET, Got, Webhook, free_port, got, tell

NUMBER = "01632 960123"
LINES = {"hampshire-children": "01632960002"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A console that listens, the programs that tell it, and what it was asked to have rung."""

    settings: PopSettings
    heard: Heard
    web: Webhook
    to_ring: list[str]

    def tell(self, path: str = "/pop", **fields: str) -> tuple[int, str]:
        """Tell it as the command does; return status and sentence."""
        answered = tell(self.settings, fields, path)
        assert answered is not None, "nobody listens"
        return answered.status, answered.said

    def calls(self) -> int:
        """Return how many calls it heard of."""
        return len(self.heard.all(CallBegan))


def listening(folder: Path, stack: ExitStack, **more: Any) -> Desk:
    """Start a console's ears."""
    port = free_port()
    settings = PopSettings(run_file=str(folder / "pop.json"), webhook_port=port, secret=SECRET, **more)
    board, heard, to_ring = connect(settings), Heard(), list[str]()
    board.sit_down(Sitting("1001", LINES, to_ring.append))
    board.start(heard)
    stack.callback(board.stop)
    heard.wait(SnapshotTaken)
    return Desk(settings, heard, Webhook(port), to_ring)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk with both doors open."""
    with ExitStack() as stack:
        yield listening(tmp_path, stack)


def test_both_doors_take_a_call(desk: Desk) -> None:
    assert desk.tell(number=NUMBER, line="hampshire-children", id="a") == (200, mapping.ON_SCREEN)
    answered = desk.web.post({"number": NUMBER, "presentation": "allowed", "id": "b", "event": "answered"})
    assert (answered.status, answered.said) == (200, mapping.ON_SCREEN)
    assert [fact.dialled for fact in desk.heard.wait(CallBegan, 2)] == ["01632960002", ""]
    assert all(fact.assumed for fact in desk.heard.all(CallBegan))


@pytest.mark.expects_log
def test_a_product_is_read_by_its_mapping_and_an_unknown_one_is_said(desk: Desk) -> None:
    dialog = {"id": "12", "state": "ALERTING", "fromAddress": "withheld"}
    assert desk.web.post(dialog, "/pop/cisco_finesse").status == 200
    assert desk.heard.wait(NumberLearned)[0].presentation is Presentation.WITHHELD
    answered = desk.web.post(dialog, "/pop/another")
    assert (answered.status, "/pop/cisco_finesse" in answered.said) == (404, True)


def test_the_webhook_hides_a_number_without_a_mark_and_says_so(desk: Desk) -> None:
    assert mapping.NUMBER_HIDDEN in desk.web.post({"number": NUMBER}).said
    assert desk.heard.wait(NumberLearned)[0].number == ""


@pytest.mark.expects_log
@pytest.mark.parametrize("path", ["/pop", RING])
def test_a_number_that_is_no_text_is_answered_400_and_nothing_is_on_the_screen(desk: Desk, path: str) -> None:
    answered = desk.web.post({"number": 7700900111, "id": "a"}, path)
    assert (answered.status, "written as a text" in answered.said) == (400, True)
    assert desk.tell(number=NUMBER, id="b")[0] == 200
    assert desk.calls() == 1


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Nightdesk_Signature": "0" * 64}, 401),
        ({"Nightdesk_Signature": ""}, 401),
        ({"Nightdesk_Time": "1"}, 401),
        ({"Nightdesk_Key": ""}, 401),
        ({"Host": "evil.example"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Content_Length": str(BODY_CAP + 1)}, 413),
        ({"Content_Length": "", "Transfer_Encoding": "chunked"}, 411),
    ],
)
def test_a_message_that_is_not_right_is_answered_and_begins_no_call(
    desk: Desk, headers: dict[str, str], status: int
) -> None:
    refused = desk.web.send(desk.web.request(json.dumps({"number": NUMBER}).encode(), **headers))
    assert refused.status == status
    assert refused.said
    assert b"960123" not in refused.raw
    assert b"evil" not in refused.raw
    assert b"access-control" not in refused.raw.lower()
    assert desk.tell(number=NUMBER)[0] == 200
    assert desk.calls() == 1


@pytest.mark.expects_log
@pytest.mark.parametrize("line", [b"GET / HTTP/1.1", b"OPTIONS / HTTP/1.1", b"GET /hello HTTP/1.1", b"PUT / HTTP/1.0"])
def test_other_requests_are_refused(desk: Desk, line: bytes) -> None:
    refused = desk.web.send(line + f"\r\nHost: 127.0.0.1:{desk.web.port}\r\n\r\n".encode())
    assert refused.status in (400, 401, 405)


@pytest.mark.expects_log
def test_a_replay_changes_nothing_and_the_token_of_one_door_opens_no_other(desk: Desk) -> None:
    recorded = desk.web.request(json.dumps({"number": NUMBER, "id": "a"}).encode())
    assert desk.web.send(recorded).status == 200
    desk.tell(id="a", event="ended")
    again = desk.web.send(recorded)
    assert (again.status, "taken already" in again.said) == (200, True)
    running = run_file.read(Path(desk.settings.run_file))
    assert running is not None
    assert Webhook(desk.web.port, running.token).post({"number": NUMBER}).status == 401
    assert Webhook(running.port, SECRET).post({"number": NUMBER}).status == 401
    assert desk.calls() == 1


@pytest.mark.expects_log
def test_a_huge_body_is_refused_before_it_is_read(desk: Desk) -> None:
    head = desk.web.request(b"", Content_Length=str(10**8)).partition(b"\r\n\r\n")[0]
    assert desk.web.send(head + b"\r\n\r\n" + b"x" * 2_000_000).status in (413, 0)
    assert desk.tell(number=NUMBER)[0] == 200


@pytest.mark.expects_log
def test_who_sends_slowly_is_sent_away_and_keeps_nobody_out(desk: Desk) -> None:
    slow = [socket.create_connection(("127.0.0.1", desk.web.port), timeout=20) for _ in range(OPEN_AT_MOST)]
    for one in slow:
        one.sendall(b"POST /pop HTTP/1.1\r\nHost: ")
    try:
        assert desk.web.post({"number": NUMBER, "id": "a"}).status == 200, "the oldest made room"
        assert desk.tell(number=NUMBER, id="b")[0] == 200, "the other door has room of its own"
        dripping = slow[-1]
        answered: list[Got] = []
        ear = threading.Thread(target=lambda: answered.append(got(dripping)))
        ear.start()
        for _ in range(200):
            try:
                dripping.sendall(b"x")
            except OSError:
                break
            ear.join(0.05)
            if not ear.is_alive():
                break
        ear.join(10)
        assert [one.status for one in answered] in ([408], [0])
    finally:
        for one in slow:
            one.close()


def test_who_speaks_in_the_moment_of_making_room_ends_nothing() -> None:
    waker, now = Waker(), [0.0]
    doors = Doors(waker)
    port = doors.open(0, lambda _: b"")
    with ExitStack() as stack:
        stack.callback(doors.close)
        stack.callback(waker.close)

        def come() -> socket.socket:
            return stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))

        first = [come() for _ in range(OPEN_AT_MOST)]
        while not all(_is_let_in(doors, one) for one in first):
            doors.look(1.0, lambda: now[0])
        # Newcomers at the door first, then words of those who must make room: all in one look.
        later = [come() for _ in range(4)]
        for one in first:
            one.sendall(b"P")
        for _ in range(4):
            doors.look(0.2, lambda: now[0])
        assert all(_is_let_in(doors, one) for one in later)
        assert not any(_is_let_in(doors, one) for one in first[:4])
        now[0] = 100.0
        doors.look(0.0, lambda: now[0])
        assert not any(_is_let_in(doors, one) for one in (*first, *later))


def _is_let_in(doors: Doors, one: socket.socket) -> bool:
    """Say whether a connection is open at a door."""
    return one.getsockname() in doors.guests()


@pytest.mark.expects_log
def test_a_flood_of_strangers_leaves_the_desk_its_own_door(desk: Desk) -> None:
    ended = threading.Event()

    def flood() -> None:
        while not ended.is_set():
            Webhook(desk.web.port, "x" * 40).post({"number": NUMBER})

    crowd = [threading.Thread(target=flood) for _ in range(4)]
    for one in crowd:
        one.start()
    try:
        for number in range(20):
            assert desk.tell(number=NUMBER, id=f"call-{number}")[0] == 200
    finally:
        ended.set()
        for one in crowd:
            one.join()
    assert desk.calls() == 20


@pytest.mark.expects_log
def test_a_program_gone_wild_is_held_back_and_what_it_sends_later_is_taken(desk: Desk) -> None:
    statuses = [desk.web.post({"number": NUMBER, "id": "a"}).status for _ in range(120)]
    assert 429 in statuses
    assert set(statuses) <= {200, 429}
    time.sleep(0.2)
    assert desk.web.post({"number": NUMBER, "id": "a", "event": "ended"}).status == 200
    assert len(desk.heard.wait(CallEnded)) == 1


@pytest.mark.expects_log
def test_no_number_name_or_secret_is_in_a_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.tell(number=NUMBER, name="Jo Caller", id="a")
    desk.web.post({"number": "no number at all 01632 960777", "name": "Jo Caller"})
    desk.web.send(desk.web.request(b"\xff01632 960777"))
    assert not any(word in caplog.text for word in ("960123", "960777", "Jo Caller", SECRET))


@pytest.mark.expects_log
def test_a_link_to_a_number_is_shown_where_the_settings_take_it_and_never_for_an_emergency(tmp_path: Path) -> None:
    with ExitStack() as stack:
        desk = listening(tmp_path, stack, telephone_links=True)
        assert desk.tell(RING, number=NUMBER) == (200, SHOWN_TO_BE_RUNG)
        status, said = desk.tell(RING, number="9 999")
        assert (status, "on your handset" in said) == (400, True)
        assert (desk.to_ring, desk.calls()) == ([NUMBER], 0)


@pytest.mark.expects_log
def test_a_link_to_a_number_is_refused_unless_it_was_asked_for(desk: Desk) -> None:
    status, said = desk.tell(RING, number=NUMBER)
    assert (status, "telephone_links is false" in said, desk.to_ring) == (400, True, [])


@pytest.mark.needs("linux")
def test_the_file_is_for_this_account_alone_and_goes_with_the_console(tmp_path: Path) -> None:
    with ExitStack() as stack:
        desk = listening(tmp_path, stack)
        file = Path(desk.settings.run_file)
        assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == []
    assert tell(desk.settings, {"number": NUMBER}) is None


@pytest.mark.expects_log
def test_a_second_console_of_the_account_leaves_the_first_its_calls(desk: Desk, tmp_path: Path) -> None:
    second, heard = connect(PopSettings(run_file=desk.settings.run_file)), Heard()
    second.start(heard)
    try:
        assert "hears your telephone program already" in heard.wait_link(LinkState.LOST)[0].sentence
    finally:
        second.stop()
    assert desk.tell(number=NUMBER)[0] == 200
    assert heard.all(CallBegan) == []


@pytest.mark.expects_log
def test_a_port_that_somebody_else_has_is_said_and_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        board, heard = connect(PopSettings(webhook_port=other.getsockname()[1], secret=SECRET)), Heard()
        board.start(heard)
        try:
            assert "cannot listen" in heard.wait_link(LinkState.LOST)[0].sentence
            other.close()
            heard.wait_link(LinkState.CONNECTED, seconds=20)
        finally:
            board.stop()


@pytest.mark.expects_log
def test_while_somebody_else_has_the_port_the_command_is_heard_and_that_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = PopSettings(run_file=str(tmp_path / "pop.json"), webhook_port=port, secret=SECRET)
        board, heard = connect(settings), Heard()
        board.start(heard)
        try:
            why = os.strerror(errno.EADDRINUSE)
            assert f"its port {port} is not free ({why})." in heard.wait_link(LinkState.CONNECTED)[0].sentence
            heard.wait(SnapshotTaken)
            answered = tell(settings, {"number": NUMBER, "id": "a"})
            assert answered is not None
            assert answered.taken
            other.close()
            assert heard.wait_link(LinkState.CONNECTED, 2, seconds=20)[1].sentence == ""
            assert Webhook(port).post({"id": "a", "event": "ended"}).status == 200
            heard.wait(CallEnded)
        finally:
            board.stop()


@pytest.mark.expects_log
def test_what_was_signed_before_the_console_listened_may_have_been_taken_and_is_refused(desk: Desk) -> None:
    answered = desk.web.send(desk.web.request_of_old(json.dumps({"number": NUMBER, "id": "a"}).encode(), 10))
    assert (answered.status, "before the console listened" in answered.said) == (401, True)
    assert desk.web.post({"number": NUMBER, "id": "a"}).status == 200
    assert desk.calls() == 1


@pytest.mark.expects_log
def test_a_console_that_could_not_follow_still_knows_what_it_took(tmp_path: Path) -> None:
    port, heard = free_port(), Heard()
    full: list[CallEvent] = []

    def sink(fact: CallEvent) -> None:
        if isinstance(fact, CallEnded) and not full:
            full.append(fact)
            raise SinkFull
        heard(fact)

    board = connect(PopSettings(webhook_port=port, secret=SECRET))
    board.start(sink)
    try:
        heard.wait(SnapshotTaken)
        web = Webhook(port)
        recorded = web.request(json.dumps({"number": NUMBER, "id": "a"}).encode())
        assert web.send(recorded).status == 200
        ended = web.request(json.dumps({"id": "a", "event": "ended"}).encode())
        assert web.send(ended).status == 0, "the doors shut before its answer was sent"
        heard.wait(SnapshotTaken, 2)
        assert all("taken already" in web.send(again).said for again in (recorded, ended))
    finally:
        board.stop()
