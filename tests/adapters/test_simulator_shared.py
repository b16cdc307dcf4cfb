"""One simulated switchboard for several consoles over real sockets, and its bar from production."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from console.domain.call_events import Answered, CallBegan, CallEnded, LinkChanged, LinkState
from console.domain.text import BadInput
from console.ports.switchboard import Act, Answer
from telephony_adapters.simulator import (
    SPEC,
    ComputerClock,
    FakeInProduction,
    SimulatedSwitchboard,
    SimulatorServer,
    SimulatorSettings,
    connect,
    load,
    refuse_in_production,
)
from telephony_adapters.simulator.remote import RemoteSwitchboard
from telephony_adapters.simulator.wire import LONGEST_LINE
from tests.helpers.pbx.simulated import SOON, Ear, ask


@pytest.fixture
def server() -> Iterator[SimulatorServer]:
    """A server of the second-call script, standing until two consoles are there."""
    found = SimulatorServer(SimulatedSwitchboard(load("second_call"), speed=50, waits_for=2))
    yield found
    found.close()


def console(address: str) -> tuple[RemoteSwitchboard, Ear]:
    """Return a connected console."""
    remote, ear = RemoteSwitchboard(address, ComputerClock()), Ear()
    remote.start(ear)
    ear.wait_for(lambda event: isinstance(event, LinkChanged) and event.state is LinkState.CONNECTED)
    return remote, ear


def closes(link: socket.socket) -> bool:
    """Say whether the other side ends the connection."""
    try:
        while link.recv(65536):
            continue
    except ConnectionResetError:
        return True
    return True


def test_two_consoles_hear_the_same_night() -> None:
    with closing(SimulatorServer(SimulatedSwitchboard(load("second_call"), speed=1000, waits_for=2))) as server:
        _two_hear_it(server)


def _two_hear_it(server: SimulatorServer) -> None:
    (one, first), (two, second) = console(server.address), console(server.address)
    try:
        for ear in (first, second):
            ear.wait_for(lambda event: isinstance(event, CallEnded) and event.call.endswith("second"), 15)
        assert [e for e in first.heard if not isinstance(e, LinkChanged)][-6:] == second.heard[-6:]
        assert len(first.of(CallBegan)) == len(second.of(CallBegan)) == 2
    finally:
        one.stop()
        two.stop()


def test_what_one_console_does_the_other_sees(server: SimulatorServer) -> None:
    (one, first), (two, second) = console(server.address), console(server.address)
    try:
        call = getattr(first.wait_for(lambda event: isinstance(event, CallBegan)), "call", "")
        ask(one, Act.ANSWER, "1001", call)
        second.wait_for(lambda event: isinstance(event, Answered))
        assert [event.extension for event in second.of(Answered)] == ["1001"]
        assert ask(two, Act.BLIND_TRANSFER, "1001", call, target="999").answer is Answer.REFUSED
    finally:
        one.stop()
        two.stop()


def test_a_server_that_goes_and_comes_back_is_found_again(server: SimulatorServer) -> None:
    remote, ear = console(server.address)
    try:
        server.close()
        lost = ear.wait_for(lambda event: isinstance(event, LinkChanged) and event.state is LinkState.LOST)
        assert "Nothing is lost" in getattr(lost, "sentence", "")
        assert ask(remote, Act.ANSWER, "1001").answer is Answer.NO_ANSWER
        ear.forget()
        port = int(server.address.split(":")[1])
        again = SimulatorServer(SimulatedSwitchboard(load("second_call"), waits_for=2), port)
        try:
            ear.wait_for(lambda event: isinstance(event, LinkChanged) and event.state is LinkState.CONNECTED)
        finally:
            again.close()
    finally:
        remote.stop()


def test_nothing_is_heard_after_stop_and_stop_is_quick_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    remote, ear = RemoteSwitchboard(f"localhost:{port}", ComputerClock()), Ear()
    remote.start(ear)
    ear.wait_for(lambda event: isinstance(event, LinkChanged) and event.state is LinkState.LOST)
    remote.stop()
    ear.forget()
    assert ear.said() == []


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\n\r\n", b"[1]\n", b"{}\n", b'{"action": {"act": "fly"}, "id": 1}\n', b"x" * (LONGEST_LINE + 9)],
)
def test_a_stranger_is_cut_off_and_the_consoles_go_on(server: SimulatorServer, data: bytes) -> None:
    remote, ear = console(server.address)
    try:
        with socket.create_connection(("127.0.0.1", int(server.address.split(":")[1])), SOON) as stranger:
            stranger.sendall(data)
            stranger.settimeout(SOON)
            stranger.shutdown(socket.SHUT_WR)
            assert closes(stranger)
        assert ask(remote, Act.HANG_UP, "1001").answer is Answer.REFUSED
    finally:
        remote.stop()


def test_a_console_survives_an_address_that_speaks_another_language() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        remote, ear = RemoteSwitchboard(f"127.0.0.1:{stranger.getsockname()[1]}", ComputerClock()), Ear()
        remote.start(ear)
        link, _ = stranger.accept()
        link.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
        ear.wait_for(lambda event: isinstance(event, LinkChanged) and event.state is LinkState.LOST)
        link.close()
        remote.stop()


@pytest.mark.parametrize("address", ["192.0.2.1:5000", "example.org:5000", "127.0.0.1", "127.0.0.1:99999", "::1:1"])
def test_only_this_computer_may_be_the_address(address: str) -> None:
    with pytest.raises(BadInput, match="not an address of a simulator on this computer"):
        connect(SimulatorSettings(address=address))


def test_the_command_serves_a_script_and_ends_when_told(tmp_path: Path) -> None:
    script = tmp_path / "mine.txt"
    script.write_text("22:14:05 call c1 from 07700 900412 to 01632 960001\n rings 1001\n+1 1001 answers c1\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "telephony_adapters.simulator", str(script), "--speed", "20"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        remote, ear = console(process.stdout.readline().strip())
        ear.wait_for(lambda event: isinstance(event, Answered))
        remote.stop()
    finally:
        process.send_signal(signal.SIGTERM if os.name == "posix" else signal.SIGINT)
        with process:
            process.wait(SOON)
    if os.name == "posix":
        assert process.returncode == 0


def test_the_command_refuses_a_bad_script_in_words(tmp_path: Path) -> None:
    script = tmp_path / "bad.txt"
    script.write_text("22:14 nobody home\n")
    done = subprocess.run(
        [sys.executable, "-m", "telephony_adapters.simulator", str(script)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("bad.txt, line 1: ")
    assert "Traceback" not in done.stderr


def test_the_adapter_alone_plays_its_script_from_the_start_each_time() -> None:
    switchboard = SPEC.connect(SimulatorSettings(script="second_call", speed=100))
    for _ in range(2):
        ear = Ear()
        switchboard.start(ear)
        ear.wait_for(lambda event: isinstance(event, Answered))
        switchboard.stop()
        ear.forget()
        assert ear.said() == []


def test_alone_the_calls_of_the_evening_before_are_told_only_where_that_was_asked(tmp_path: Path) -> None:
    script = tmp_path / "late.txt"
    script.write_text(
        'phone 1001 "P" queue oohs\nopens 22:20\n'
        "22:10 call before from 02079460123 to 01632 960001 queue oohs\n rings 1001\n"
        "22:10:09 1001 answers before\n22:11 caller rings off before\n"
        "22:21 call now from 02079460124 to 01632 960001 queue oohs\n rings 1001\n22:21:05 1001 answers now\n"
    )
    for settings, answered in (
        (SimulatorSettings(script=str(script), speed=100), 1),
        (SimulatorSettings(script=str(script), speed=100, earlier=True), 2),
    ):
        switchboard, ear = SPEC.connect(settings), Ear()
        switchboard.start(ear)
        ear.wait_for(lambda event: isinstance(event, Answered) and "now" in event.call)
        switchboard.stop()
        assert len(ear.of(Answered)) == answered


def test_a_fake_is_barred_from_production() -> None:
    assert SPEC.capabilities.is_fake
    with pytest.raises(FakeInProduction, match=r"no real call was touched.*--rehearsal"):
        refuse_in_production("Production")
    refuse_in_production("rehearsal")
