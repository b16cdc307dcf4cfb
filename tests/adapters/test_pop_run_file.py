"""The file that says where a console listens, and who is believed at the port it names."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from console.machine.clock import SystemClock
from telephony_adapters.local_pop import run_file
from telephony_adapters.local_pop.handing import NobodyThere, hand_over
from telephony_adapters.local_pop.run_file import Running, is_for_one
from tests.helpers.pop_desk import Stranger

NUMBER = "01632 960123"
TOKEN = "the token of the one before"  # noqa: S105  of a test
PATIENCE_S = 0.3
GREETING = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"


def hand(file: Path) -> None:
    """Hand a number over, with little patience."""
    hand_over(file, "/pop", {"number": NUMBER}, SystemClock().now(), PATIENCE_S)


def saying(file: Path, text: str) -> Path:
    """Write a file as a console writes its own, with any text in it."""
    run_file.write(file, Running(1, "x"))
    file.write_text(text)
    return file


def test_what_a_console_writes_is_read(tmp_path: Path) -> None:
    file = tmp_path / "pop.json"
    run_file.write(file, Running(8123, TOKEN))
    assert run_file.read(file) == Running(8123, TOKEN)


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", '{"port": 0, "token": "x"}', '{"port": "x"}', "\x00" * 5000,
        '{"port": 1e999, "token": "x"}', '{"port": NaN, "token": "x"}', "[" * 1000,
        '{"port": true, "token": "x"}', '{"port": 8123.9, "token": "x"}', '{"port": 8123, "token": "\\ud800"}',
        '{"port": 8123, "token": 12345}',
    ],
)  # fmt: skip
def test_a_file_that_says_nothing_of_use_is_nobody_there(tmp_path: Path, text: str) -> None:
    with pytest.raises(NobodyThere):
        hand(saying(tmp_path / "pop.json", text))


@pytest.mark.needs("linux")
@pytest.mark.parametrize("mode", [0o644, 0o620, 0o666])
def test_a_file_that_others_can_read_or_write_is_not_believed(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "pop.json"
    run_file.write(file, Running(8123, TOKEN))
    file.chmod(mode)
    assert run_file.read(file) is None


@pytest.mark.needs("linux")
def test_a_file_of_another_account_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "pop.json"
    run_file.write(file, Running(8123, TOKEN))
    assert is_for_one(file.stat(), os.getuid())
    assert not is_for_one(file.stat(), os.getuid() + 1)


@pytest.mark.needs("linux")
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pop.json", 0o600)
    assert run_file.read(tmp_path / "pop.json") is None


# --- a stranger at the port of a console that was killed -------------------------------------------


def test_a_stranger_is_told_nothing(tmp_path: Path) -> None:
    hello = GREETING.replace(b"4000", b"17") + b'{"said": "hello"}'
    with Stranger(lambda line: line.sendall(hello)) as stranger, pytest.raises(NobodyThere):
        hand(stranger.named_in(tmp_path / "pop.json"))
    assert b"960123" not in b"".join(stranger.heard)
    assert stranger.heard[0].startswith(b"GET /hello")


def drip(line: socket.socket) -> None:
    """Send a letter now and then, for ever."""
    line.sendall(GREETING)
    while True:
        line.sendall(b" ")
        threading.Event().wait(0.05)


def wait_for_ever(line: socket.socket) -> None:
    """Say again and again that the answer will come."""
    while True:
        line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        threading.Event().wait(0.05)


@pytest.mark.parametrize(
    "does",
    [
        drip,
        wait_for_ever,
        lambda line: line.sendall(b"\x00\xff" * 50),
        lambda line: line.sendall(GREETING + b"[" * 4000),
        lambda line: line.sendall(GREETING + b"[]"),
        lambda line: line.sendall(GREETING + b'{"said": "\\ud800"}'),
        lambda line: line.sendall(GREETING + b'{"said": 1e999}'),
        lambda line: line.sendall(b"HTTP/1.1 999999999 OK\r\n\r\n" + b'{"said": "x"}'),
        lambda line: line.sendall(GREETING + b" " * 3_000_000),
        lambda line: None,
    ],
)
def test_whatever_a_stranger_sends_nobody_is_there_and_nobody_waits_for_ever(
    tmp_path: Path, does: Callable[[socket.socket], object]
) -> None:
    with Stranger(does) as stranger, pytest.raises(NobodyThere):
        hand(stranger.named_in(tmp_path / "pop.json"))
