"""Who comes to the two doors and what they hand over: messages about calls, and numbers to be rung by a person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from console.domain.calls import Unmarked
from console.ports.clock import Clock
from telephony_adapters.local_pop import run_file
from telephony_adapters.local_pop.doors import Doors, Take, why_shut
from telephony_adapters.local_pop.handing import answers
from telephony_adapters.local_pop.mapping import Calls, NotNow
from telephony_adapters.local_pop.message import BadPop, LinkNotTaken, number_to_ring, read_pop
from telephony_adapters.local_pop.products import OURS, OWN, Product, flat, products
from telephony_adapters.local_pop.protocol import NotTaken, Request, answer
from telephony_adapters.local_pop.run_file import Running
from telephony_adapters.local_pop.settings import PopSettings
from telephony_adapters.local_pop.signing import HELLO, Gate

POP, RING = "/pop", "/ring"
"""Paths: a message about a call, and a number that a link asks to have rung."""
_TAKEN_ALREADY = "This message was taken already; nothing was changed."
AGAIN_S = 2.0
"""Seconds between two tries to open the webhook's port."""
_SHUT = (
    "The webhook hears no calls: its port {port} is not free ({why}). The command and links are heard. Nightdesk tries "
    "again by itself; see what has the port, or set another webhook_port."
)
SHOWN_TO_BE_RUNG = "The number is on the screen, for you to ring. Nothing was dialled."


class Reception:
    """Opens the doors and takes what comes, on the thread of the one who asks."""

    def __init__(self, settings: PopSettings, calls: Calls, clock: Clock) -> None:
        """Read the field mappings; raises :class:`console.domain.text.BadInput`."""
        self._settings = settings
        self._calls = calls
        self._clock = clock
        self._products: Mapping[str, Product] = products(settings.mappings)
        self._gate: Gate | None = None
        """The webhook's, kept while no other program has had its door: it remembers what was taken."""
        self._next_try = 0.0
        self.shut = ""
        """Why the webhook is not heard while the other door is; empty where nothing is wrong."""

    def open(self, doors: Doors) -> Running | None:
        """Open both doors; None where another program of this account stands there.

        Raises OSError where none can be opened: a webhook's port that is not free leaves the other door open.
        """
        chosen, file = self._settings, Path(self._settings.run_file)
        before = run_file.read(file) if chosen.run_file else None
        if before is not None and answers(before):
            self._gate = None
            return None
        running = Running(0, secrets.token_urlsafe(32))
        if chosen.run_file:
            running = self._local_door(doors, running.token)
        self._try_webhook(doors)
        if chosen.run_file:
            run_file.write(file, running)
        return running

    def opens_at_last(self, doors: Doors) -> bool:
        """Try a webhook that is shut once more, if it is time; return whether it is open now."""
        if not self.shut or self._clock.monotonic() < self._next_try:
            return False
        self._try_webhook(doors)
        return not self.shut

    def _try_webhook(self, doors: Doors) -> None:
        chosen, self.shut = self._settings, ""
        if not chosen.webhook_port:
            return
        opened = self._clock.monotonic(), self._clock.now()
        gate = self._gate or Gate(chosen.secret, chosen.webhook_port, chosen.replay_s, opened)
        try:
            doors.open(chosen.webhook_port, self._taker(gate, chosen.unmarked_numbers))
        except OSError as error:
            self._gate = None
            if not chosen.run_file:
                raise
            self.shut = _SHUT.format(port=chosen.webhook_port, why=why_shut(error))
            self._next_try = opened[0] + AGAIN_S
        else:
            self._gate = gate

    def _local_door(self, doors: Doors, token: str) -> Running:
        """Open the door of this account's own commands, at any port: the file says which."""
        gates: list[Gate] = []

        def take(request: Request) -> bytes:
            if request.path == HELLO:
                return answer(HTTPStatus.OK, gates[0].hello(request))
            # A program at the desk hands over what it shows its own user: that may be shown here as well.
            return self._taker(gates[0], Unmarked.SHOW)(request)

        port = doors.open(0, take)
        gates.append(Gate(token, port, self._settings.replay_s))
        return Running(port, token)

    def _taker(self, gate: Gate, unmarked: Unmarked) -> Take:
        def take(request: Request) -> bytes:
            if not gate.check(request, self._clock.monotonic(), self._clock.now()):
                return answer(HTTPStatus.OK, _TAKEN_ALREADY)
            try:
                return answer(HTTPStatus.OK, self._take(request, unmarked))
            except (BadPop, LinkNotTaken) as refusal:
                raise NotTaken(HTTPStatus.BAD_REQUEST, str(refusal)) from refusal
            except NotNow as refusal:
                gate.forget(request)
                raise NotTaken(HTTPStatus.CONFLICT, str(refusal)) from refusal

        return take

    def _take(self, request: Request, unmarked: Unmarked) -> str:
        fields = flat(request.body, request.headers.get("content-type", ""))
        if request.path == RING:
            return self._ask_to_ring(OURS.read(fields).get("number", ""))
        product = self._product(request.path)
        pop = read_pop(product.read(fields), unmarked, self._settings.plan())
        return self._calls.take(pop, self._clock.monotonic(), self._clock.now())

    def _product(self, path: str) -> Product:
        """Return whose message this is: ``/pop`` is ours, ``/pop/KEY`` a product's."""
        key = OWN if path == POP else path.removeprefix(f"{POP}/")
        if key not in self._products:
            known = ", ".join(f"{POP}/{one}" for one in self._products if one != OWN)
            raise NotTaken(HTTPStatus.NOT_FOUND, f"Calls are told at {POP}, or for a product at one of: {known}.")
        return self._products[key]

    def _ask_to_ring(self, number: str) -> str:
        if not self._settings.telephone_links:
            raise LinkNotTaken(
                "Links to telephone numbers are not taken here: the setting telephone_links is false. "
                "Nothing was dialled."
            )
        self._calls.sitting.ask_to_ring(number_to_ring(number, self._settings.plan()))
        return SHOWN_TO_BE_RUNG
