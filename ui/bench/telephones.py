"""What telephones cost: events read and folded, a ring among thousands of events, a day's calls, coming back."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from console.domain.call_reducer import CallBook
from console.domain.record import Role
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Parser
from ui.bench.asterisk import AFTER_JOINING, EXTENSION, BenchAsterisk, Caller
from ui.bench.day import measure_day
from ui.bench.ground import Ground, empty_ground
from ui.bench.processes import Child
from ui.bench.ring import BAR, BETWEEN, bare_label
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, figures

_BURST = 50
_ROUNDS = 5
_NOISE = (
    b"Event: Newexten\r\nPrivilege: call,all\r\nTimestamp: 1795289971.000001\r\nChannel: PJSIP/trunk-0000ffff\r\n"
    b"ChannelState: 6\r\nChannelStateDesc: Up\r\nCallerIDNum: 01632960999\r\nCallerIDName: <unknown>\r\n"
    b"ConnectedLineNum: <unknown>\r\nConnectedLineName: <unknown>\r\nLanguage: en\r\nContext: from-trunk\r\n"
    b"Exten: 01632960009\r\nPriority: 7\r\nUniqueid: 1795280000.9\r\nLinkedid: 1795280000.9\r\n"
    b"Extension: 01632960009\r\n"
    b"Application: NoOp\r\nAppData: \r\n\r\n"
)
_CALLER = "0163296{:04}"


def measure(bench: Bench) -> list[Row]:
    """Return the four rows of the telephones."""
    sizes = bench.sizes
    bench.say(f"the bytes of {sizes.traffic} calls, read, mapped and folded")
    rows = [_events(sizes.traffic)]
    with empty_ground(bench, "telephones") as ground:
        bench.say(f"{sizes.rings} rings while {sizes.noise:,} events a second arrive")
        rows.append(_busy(bench, ground))
        bench.say(f"the telephones come back {sizes.returns} times, with {sizes.live} channels live")
        rows.append(_back(bench, ground))
    rows.insert(2, measure_day(bench))
    return rows


# --- events ------------------------------------------------------------------------------------------


def _events(calls: int) -> Row:
    at = datetime(2026, 12, 1, 22, 14, tzinfo=UTC).timestamp()
    stream = b"".join(
        part
        for number in range(calls)
        for caller in (Caller(number, _CALLER.format(number % 1000)),)
        for part in (caller.arrives(at + number), caller.rings(at + number), caller.gives_up(at + number + 2))
    )
    count = stream.count(b"Event: ")
    bare = [count / _read(stream, lambda _: None) for _ in range(_ROUNDS)]
    ours = [count / _read(stream, _Folding().feed) for _ in range(_ROUNDS)]
    what = f"events a second through parser, mapping and reducer, {count:,} of them"
    return Row(
        "events", what, "/s", figures(ours), "the same bytes read from the socket and thrown away", figures(bare),
        more_is_better=True,
    )  # fmt: skip


class _Folding:
    """An adapter's reading and the console's own fold, as in the console but for the threads."""

    def __init__(self) -> None:
        self._parser = Parser(banner_needed=False)
        self._mapper = Mapper(Reading())
        self._book = CallBook(UUID(int=1))
        self._at = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)

    def feed(self, data: bytes) -> None:
        """Read, map and fold; what ended is let go of as the console does."""
        self._at += timedelta(milliseconds=1)
        for message in self._parser.feed(data):
            for event in self._mapper.feed(message, self._at):
                self._book.apply(event, self._at)
        self._book.forget(self._at - timedelta(minutes=10))


def _read(stream: bytes, take: Callable[[bytes], object]) -> float:
    """Return the seconds in which ``take`` takes the stream from a socket."""
    near, far = socket.socketpair()
    sender = threading.Thread(target=_send_all, args=(far, stream), name="bench sender", daemon=True)
    began = time.perf_counter()
    sender.start()
    with near:
        while data := near.recv(65_536):
            take(data)
    took = time.perf_counter() - began
    sender.join(5)
    return took


def _send_all(far: socket.socket, stream: bytes) -> None:
    with far:
        far.sendall(stream)


# --- a ring among many events ---------------------------------------------------------------------------


def _busy(bench: Bench, ground: Ground) -> Row:
    label = bare_label(bench.sizes.rings)
    with BenchAsterisk() as pbx, Child("console", _wish(bench, ground, "busy", pbx)) as console:
        console.hear("connected")
        time.sleep(1.0)
        with _noise(pbx, bench.sizes.noise):
            time.sleep(1.0)
            taken = [_one_ring(pbx, console, at) for at in range(bench.sizes.rings)]
    what = f"ring to painted call bar while {bench.sizes.noise:,} events a second arrive"
    return Row(
        "ring_bar_busy", what, "ms", figures(taken), f"{BAR}, with nothing else arriving", figures(label), Aim(50)
    )


def _gone(pbx: BenchAsterisk, data: bytes) -> bool:
    """Send to the console; say whether it is not there any more."""
    try:
        pbx.send(data)
    except OSError:
        return True
    return False


@contextmanager
def _noise(pbx: BenchAsterisk, every_second: int) -> Iterator[None]:
    """Let events of other calls arrive, as evenly as bursts of fifty are."""
    over = threading.Event()
    burst = _NOISE * _BURST

    def make() -> None:
        due = time.perf_counter()
        # A console that cannot follow drops the link; the ring that it then does not show says so.
        while not over.is_set() and not _gone(pbx, burst):
            due += _BURST / every_second
            time.sleep(max(0.0, due - time.perf_counter()))

    maker = threading.Thread(target=make, name="bench noise", daemon=True)
    maker.start()
    try:
        yield
    finally:
        over.set()
        maker.join(5)


def _one_ring(pbx: BenchAsterisk, console: Child, count: int) -> float:
    caller = Caller(count, _CALLER.format(count % 1000))
    now = time.time()  # noqa: TID251 - the switchboard's own clock, as its bytes carry it
    pbx.send(caller.arrives(now))
    time.sleep(AFTER_JOINING)
    console.forget()
    began = pbx.send(caller.rings(now + AFTER_JOINING))
    painted = float(console.hear("bar", seconds=20)["at"] - began) / 1e6
    time.sleep(BETWEEN)
    pbx.send(caller.gives_up(now + 0.1))
    console.hear("calm", seconds=20)
    time.sleep(0.02 + (count * 37 % 100) / 1000)
    return painted


# --- coming back ------------------------------------------------------------------------------------------


def _back(bench: Bench, ground: Ground) -> Row:
    calls, times = max(1, bench.sizes.live // 2), bench.sizes.returns
    with BenchAsterisk(calls) as pbx:
        bare = [_bare_list(pbx.port) for _ in range(times)]
        with Child("console", _wish(bench, ground, "back", pbx) | {"calls": calls}) as console:
            console.hear("connected")
            taken = []
            for _ in range(times):
                time.sleep(0.5)
                console.forget()
                pbx.drop()
                heard = console.hear("connected", seconds=60)
                taken.append((heard["at"] - pbx.accepted[-1]) / 1e6)
    what = f"telephones back: from the new connection to {calls * 2} channels reconciled"
    beside = "a bare socket that asks for the same lists"
    return Row("phones_back", what, "ms", figures(taken), beside, figures(bare), Aim(1000))


def _bare_list(port: int) -> float:
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), 10) as link:
        link.sendall(b"Action: CoreShowChannels\r\n\r\nAction: QueueStatus\r\n\r\n")
        heard = b""
        while b"QueueStatusComplete" not in heard:
            heard += link.recv(65_536)
    return (time.perf_counter() - began) * 1000


# --- where they sit -----------------------------------------------------------------------------------------


def _wish(bench: Bench, ground: Ground, name: str, pbx: BenchAsterisk) -> dict[str, object]:
    return _seat(bench, ground, name) | {
        "switchboard": "asterisk_ami",
        "table": {"host": "127.0.0.1", "port": pbx.port, "user": "bench"},
    }


def _seat(bench: Bench, ground: Ground, name: str) -> dict[str, object]:
    home: Path = bench.folder / "telephones-homes" / name
    seat = {"home": str(home), "screen": "handler", "extension": EXTENSION if name == "busy" else ""}
    return ground.wish(f"Worker {name}", Role.SERVICE_ADVISER) | seat
