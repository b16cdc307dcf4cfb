"""Ringing a number that a worker typed: what is known of it stands before whoever rings, as before a ring back.

Nobody chose whose number it is: what the record says of the number, and of everybody who may be on it, counts.  It is
told as soon as the number is whole, before anybody asks for it to be rung.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.calendar import local
from console.domain.calls import Presentation
from console.domain.drops import Drop
from console.domain.lines import DialPlan, NumberKind, is_whole, read_number
from console.domain.ring_back import RingingBack, ringing_back
from console.domain.ring_safety import number_known
from console.domain.typed_safety import TypedSafety, looking_up, of_ringing, without_looking
from console.ports.clock import Alarm, Clock, Timer
from console.ports.switchboard import ActionAnswer, Answer
from console.services.call_acts import CallActs, Then
from console.services.call_looks import Looked, LookState
from console.services.refusing import Refused
from console.services.ring_safety import RingSafety

NO_NUMBER = "This is no number that can be dialled.  Nothing was dialled; look at it, or use your handset."
NO_CALL = UUID(int=0)
"""Stands where a ring back has the call that it is about."""
PAUSE = 0.6
"""Seconds without a key after which a number is taken for typed: each look-up stands on the access log."""
_RUNG_FREELY = (NumberKind.EXTENSION, NumberKind.SPECIAL)


class TypedNumbers:
    """For one worker, from that worker's telephone.  An emergency number is refused before it is rung here."""

    def __init__(self, safety: RingSafety, acts: CallActs, clock: Clock, alarm: Alarm, plan: DialPlan) -> None:
        self._safety = safety
        self._acts = acts
        self._clock = clock
        self._alarm = alarm
        self._plan = plan
        self._typed = ""
        self._pause: Timer | None = None
        """Runs while the number may still be being typed."""

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Hear when what is told of the number changes; return what ends it."""
        return self._safety.watch(changed)

    def type(self, typed: str) -> None:
        """Tell what stands typed now, empty for nothing; a whole number is looked up once no key follows."""
        if typed == self._typed:
            return
        self._typed = typed
        if self._pause is not None:
            self._pause.cancel()
        self._pause = self._alarm.after(PAUSE, self._paused) if typed else None

    def _paused(self) -> None:
        self._pause = None
        # Asked for once, here: whoever draws is told that it is on its way, and again when it is there.
        self.told()
        self._safety.tell()

    def told(self) -> TypedSafety:
        """Return what is told of the number typed now; it is asked for where it was not yet."""
        typed, number = self._typed, read_number(self._typed, self._plan)
        if not typed or (self._pause is not None and number.kind is not NumberKind.EMERGENCY):
            return TypedSafety(typed)
        plain = without_looking(typed, number)
        if plain is not None or not is_whole(number):
            return plain or TypedSafety(typed)
        looked = self._safety.of(number.e164, None)
        return looking_up(typed) if looked.state is LookState.ASKING else of_ringing(typed, self._armed(looked))

    def ring(self, typed: str, then: Then) -> None:
        """Ring what was typed; ``then`` hears why not, and once what is to be read first.

        A colleague's telephone, and a public service, is rung freely.  Raises :class:`Refused` for what is no number.
        """
        number = read_number(typed, self._plan)
        if number.kind in _RUNG_FREELY:
            self._acts.ring(number.canonical, then)
        elif number.e164:
            self._safety.when_known(number.e164, None, partial(self._known, then))
        else:
            raise Refused(NO_NUMBER)

    def _known(self, then: Then, looked: Looked) -> None:
        armed = self._armed(looked)
        try:
            self._safety.allow(NO_CALL, armed)
        except Refused as refused:
            then(ActionAnswer(Answer.REFUSED, str(refused)))
            return
        self._acts.ring(armed.number, then)

    def _armed(self, looked: Looked) -> RingingBack:
        now = self._clock.now()
        today = local(now).date()
        known = number_known(looked.e164, None, None, looked.candidates, today)
        unread = looked.sentence if looked.state is LookState.AWAY else ""
        typed = Drop(NO_CALL, now, looked.e164, Presentation.ALLOWED)
        return ringing_back(typed, today, known=replace(known, unread=unread))
