"""A console that listens to programs at its own desk: one thread, two doors, and no telephone that obeys it."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime
from pathlib import Path

from console.domain.call_events import LinkChanged, LinkState
from console.ports.clock import Clock
from console.ports.switchboard import (
    Action,
    ActionAnswer,
    Answer,
    Capabilities,
    SinkFull,
    Sitting,
)
from telephony_adapters.link.keeper import LONGEST_S, Keeper
from telephony_adapters.link.requests import Then, answer
from telephony_adapters.local_pop import run_file
from telephony_adapters.local_pop.doors import Doors, why_shut
from telephony_adapters.local_pop.mapping import CAPABILITIES, Calls
from telephony_adapters.local_pop.reception import Reception
from telephony_adapters.local_pop.settings import PopSettings, checked

log = logging.getLogger(__name__)
WAIT_S = 0.5
_AWAY = "Nothing listens to your telephone program now; nothing was changed."
_NO_DOOR = (
    "Nothing is set at which a telephone program could be heard: say a run_file, or a webhook_port and its secret. "
    "A console needs neither."
)
_ELSEWHERE = "Another Nightdesk of this account hears your telephone program already: its console takes the calls."


class PopSwitchboard(Keeper):
    """What programs at this desk tell (implements ``Switchboard`` and ``AtOneDesk``)."""

    def __init__(self, settings: PopSettings, clock: Clock | None = None) -> None:
        super().__init__("local-pop", _AWAY, clock)
        self._settings = settings
        self._calls = Calls(
            settings.ring_ends_s, settings.talk_ends_min * 60, settings.extension, ends_told=settings.ends_are_told
        )
        self._reception = Reception(settings, self._calls, self._clock)
        self._boot = secrets.token_hex(8)

    def capabilities(self) -> Capabilities:
        """Return that it takes the worker's word, and does nothing to a telephone."""
        return CAPABILITIES

    def sit_down(self, sitting: Sitting) -> None:
        """Take whose desk this is; before ``start``."""
        self._calls.sit_down(sitting)

    def perform(self, action: Action, then: Then) -> None:
        """Take the worker's word; ``then`` comes from this adapter's thread, or at once where nothing listens."""
        if action.act in CAPABILITIES.acts:
            super().perform(action, then)
        else:
            then(ActionAnswer(Answer.UNSUPPORTED, CAPABILITIES.why_not[action.act]))

    # --- the thread ---------------------------------------------------------------------------

    def _once(self) -> float:
        """Listen until told to end, or until it cannot go on; return how long to wait before the next try."""
        if not (self._settings.run_file or self._settings.webhook_port):
            self._teller.tell(LinkChanged(self._clock.now(), LinkState.REFUSED, _NO_DOOR))
            return LONGEST_S
        doors, running = Doors(self._waker), None
        try:
            running = self._reception.open(doors)
            if running is None:
                return self._lost(_ELSEWHERE)
            self._begin()
            while not self._stopping.is_set():
                self._one_look(doors)
        except OSError as error:
            return self._lost(_cannot_listen(error))
        except SinkFull:
            return self._flooded()
        except Exception as error:
            log.exception("a fault while listening to programs at this desk")
            return self._lost(f"Listening to your telephone program was given up ({type(error).__name__}).")
        finally:
            doors.close()
            if running is not None and self._settings.run_file:
                run_file.remove(Path(self._settings.run_file), running)
            if doors.turned_away:
                log.warning("%d messages of other programs were not taken", doors.turned_away)
        return 0.0

    def _begin(self) -> None:
        at = self._clock.now()
        self._came_up()
        self._tell_of_webhook(at)
        for fact in self._calls.all_anew(at):
            self._teller.tell(fact)

    def _tell_of_webhook(self, at: datetime) -> None:
        shut = self._reception.shut
        if shut:
            self._teller.warn_once(shut)
        else:
            self._teller.well_again()
        self._teller.tell(LinkChanged(at, LinkState.CONNECTED, shut, boot=self._boot))

    def _one_look(self, doors: Doors) -> None:
        doors.look(WAIT_S, self._clock.monotonic)
        if self._reception.opens_at_last(doors):
            self._tell_of_webhook(self._clock.now())
        self._calls.tick(self._clock.monotonic(), self._clock.now())
        self._carry_out()
        for fact in self._calls.take_facts():
            self._teller.tell(fact)

    def _carry_out(self) -> None:
        while (one := self._requests.take()) is not None:
            action, then = one
            answer(then, self._calls.act(action, self._clock.monotonic(), self._clock.now()))


def connect(settings: object, clock: Clock | None = None) -> PopSwitchboard:
    """Return a switchboard for these :class:`PopSettings`; nothing listens before ``start``.

    Raises :class:`console.domain.text.BadInput` for settings that cannot be used.
    """
    chosen = settings if isinstance(settings, PopSettings) else PopSettings()
    return PopSwitchboard(checked(chosen), clock)


def _cannot_listen(error: OSError) -> str:
    return f"Nightdesk cannot listen to your telephone program on this computer ({why_shut(error)})."
