"""Real SIP telephones in a process of their own: ``python -m tests.helpers.pbx.phone_process``.

Reads one JSON request a line (``{"id": 1, "phone": "1001", "do": "answer"}``), answers each by
``{"id": 1}`` or ``{"id": 1, "error": "..."}``, and tells of itself what changes:
``{"phone": "1001", "is": "ringing"}``, ``{"phone": "1001", "is": "pressed", "digit": "5"}``.  Ends when its input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from baresip.config import Account, Config
from baresip.errors import BaresipError
from baresip.runtime import Runtime
from baresip.ua import UserAgent

from tests.helpers.pbx.heeding import Ear, Manner
from tests.helpers.pbx.phones import BUSY

REGISTERED_WITHIN = 50.0
"""Seconds until the switchboard must have answered; on a loaded machine it needs far longer than on an idle one."""
SOUND = "10000-19999"
"""Away from every port that the rig gives out (``ports``); left to itself a telephone takes any from 1024 on."""


def tell(**message: object) -> None:
    """Write one message."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def number_of(call: Any) -> str:
    """Return the number at the other end of a call, as its address names it."""
    return str(call.peer or "").partition(":")[2].partition("@")[0]


class Telephone:
    """One extension."""

    def __init__(self, extension: str) -> None:
        self.extension = extension
        self.calls: list[Any] = []
        self.agent: Any = None
        self.tasks: set[asyncio.Task[None]] = set()
        self.one_by_one = asyncio.Lock()

    async def connect(self, runtime: Runtime, domain: str, password: str, *, registers: bool) -> None:
        """Be there; a telephone of ours makes itself known to the switchboard, the world's do not."""
        account = Account(self.extension, domain, password, reg_interval=300 if registers else 0)
        self.agent = await UserAgent.create(runtime, account, transfer_policy="auto")
        self.agent.on_incoming(self.rung)
        if registers:
            await self.agent.register(timeout=REGISTERED_WITHIN)

    def rung(self, call: Any) -> None:
        """Remember a call that rings."""
        self.calls.append(call)
        call.on_dtmf(lambda heard: tell(phone=self.extension, **{"is": "pressed"}, digit=heard.digit))
        tell(phone=self.extension, **{"is": "ringing", "by": number_of(call)})

    @property
    def call(self) -> Any:
        """The newest call that has not ended."""
        alive = [call for call in self.calls if call.state.name not in ("CLOSED", "ENDED")]
        if not alive:
            raise LookupError("there is no call on this telephone")
        return alive[-1]

    def heed(self, call_id: str, event: str) -> bool:
        """Do what a NOTIFY asks of a call, once it has been answered; say whether this telephone has such a call."""
        found = next((call for call in self.calls if call.call_id == call_id), None)
        if found is None:
            return False
        if event == "talk" and found.state.name == "INCOMING":
            self._later(found.answer())
        else:
            self._later(self._patiently(found.resume if event == "talk" else found.hold))
        return True

    async def _patiently(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do it as soon as the telephone has told the switchboard what it did before; a desk's own queues it too."""
        async with self.one_by_one:
            for _ in range(50):
                try:
                    return await act()
                except BaresipError as refused:
                    if BUSY not in str(refused):
                        raise
                    await asyncio.sleep(0.05)
        return None

    async def answer(self, request: dict[str, Any]) -> None:
        await self.call.answer()

    async def reject(self, request: dict[str, Any]) -> None:
        await self.call.reject()

    async def hang_up(self, request: dict[str, Any]) -> None:
        await self.call.hangup()

    async def hold(self, request: dict[str, Any]) -> None:
        await self.call.hold()

    async def resume(self, request: dict[str, Any]) -> None:
        await self.call.resume()

    async def connected(self, request: dict[str, Any]) -> None:
        await self.call.wait_established()

    async def press(self, request: dict[str, Any]) -> None:
        await self.call.send_dtmf(request["digits"])

    async def partner(self, request: dict[str, Any]) -> str:
        """Say who is on the line, empty for nobody."""
        return next((number_of(call) for call in self.calls if call.state.name == "ESTABLISHED"), "")

    async def rings_for(self, request: dict[str, Any]) -> str:
        """Say who rings here, empty for nobody."""
        return next((number_of(call) for call in reversed(self.calls) if call.state.name == "INCOMING"), "")

    async def attended_transfer(self, request: dict[str, Any]) -> None:
        """Join the caller on hold and the colleague on the line; how it went is told when it is known."""
        caller, colleague = [call for call in self.calls if call.state.name == "ESTABLISHED"][-2:]
        self._later(self._transfer(caller.attended_transfer(colleague, timeout=30)))

    async def unregister(self, request: dict[str, Any]) -> None:
        await self.agent.unregister()

    async def dial(self, request: dict[str, Any]) -> None:
        self.calls.append(await self.agent.dial(request["uri"]))

    async def blind_transfer(self, request: dict[str, Any]) -> None:
        """Give the call away; how it went is told when it is known."""
        self._later(self._transfer(self.call.transfer(request["uri"], timeout=30)))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _transfer(self, transfer: Awaitable[None]) -> None:
        try:
            await transfer
            tell(phone=self.extension, **{"is": "transferred"})
        except Exception as error:
            tell(phone=self.extension, **{"is": "transfer ended", "why": type(error).__name__})

    async def register_again(self, request: dict[str, Any]) -> None:
        """Tell a switchboard that has forgotten us where we are."""
        await self.agent.register()

    async def leave_all(self, request: dict[str, Any]) -> None:
        """End every call on this telephone."""
        for call in self.calls:
            try:
                await call.hangup()
            except Exception:
                # It had ended already.
                continue
        self.calls.clear()


async def serve(
    sip_port: int, own_port: int, password: str, extensions: list[str], *, registers: bool, ear_port: int, ear: str
) -> None:
    """Connect every telephone and carry out requests; ``ear`` says what they make of the events talk and hold."""
    runtime = Runtime()
    listen = f"sip_listen 127.0.0.1:{own_port}\nrtp_ports {SOUND}\n"
    await runtime.start(
        Config(net_interface="127.0.0.1", max_concurrent_calls=None, native_log_level="error", extra_config_text=listen)
    )
    phones = {extension: Telephone(extension) for extension in extensions}
    if ear:
        await Ear(ear_port, sip_port, own_port, Manner(ear), partial(heeded, list(phones.values()))).listen()
    for phone in phones.values():
        await phone.connect(runtime, f"127.0.0.1:{ear_port if ear else sip_port}", password, registers=registers)
    tell(ready=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        request = json.loads(line)
        phone = phones[request["phone"]]
        await carry_out(request, getattr(phone, request["do"]))
    await runtime.close()


def heeded(phones: list[Telephone], call_id: str, event: str) -> bool:
    """Have the telephone that has a call do what was asked of it; say whether one has."""
    return any(phone.heed(call_id, event) for phone in phones)


async def carry_out(request: dict[str, Any], act: Callable[[dict[str, Any]], Awaitable[str | None]]) -> None:
    """Do one thing and answer."""
    try:
        told = await asyncio.wait_for(act(request), 15)
    except Exception as error:
        tell(id=request["id"], error=f"{type(error).__name__}: {error}")
    else:
        tell(id=request["id"], told=told or "")


if __name__ == "__main__":
    first = json.loads(sys.stdin.readline())
    asyncio.run(serve(**first))
