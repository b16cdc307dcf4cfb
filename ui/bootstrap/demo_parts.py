"""Parts of the demo that are not a console's: a record that can be taken away, a counted runner, the evening before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from console.domain.calendar import Calendar, shift_stream
from console.domain.record import Kind, Role
from console.domain.shifts import WorkerState, extension_slot
from console.ports.clock import Clock
from console.ports.runner import Runner
from console.ports.store import Store
from console.services.writing import make_entry
from db.engine import Database
from ui.bootstrap.seating import SignIn

T = TypeVar("T")
STATION = "demo"
EARLY = timedelta(minutes=2)
"""How long after the beginning of the shift its staff signed in."""
ROLES = {
    "Grace Whitlock": Role.SOCIAL_WORKER_CHILDREN,
    "Owen Pryce": Role.SOCIAL_WORKER_ADULTS,
    "Ruth Calder": Role.ASSISTANT_TEAM_MANAGER,
}
"""Who is more than a support worker among the staff of the scripts."""
ON_CALL = "Dilip Shah"


class HeldRecord:
    """Takes the shared record away as another program would: by sitting on its file.

    A connection of its own holds the write lock, on a thread of its own, until it is given back.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._let_go: threading.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def away(self) -> bool:
        """Say whether it is taken away."""
        return self._let_go is not None

    def take(self) -> None:
        """Take it away as soon as whoever writes now is done."""
        with self._guard:
            if self._let_go is None:
                self._let_go = threading.Event()
                self._thread = threading.Thread(target=self._sit, args=(self._let_go,), name="nd-away", daemon=True)
                self._thread.start()

    def give_back(self) -> None:
        """Let everybody write again."""
        with self._guard:
            event, self._let_go = self._let_go, None
        if event is not None:
            event.set()

    def close(self) -> None:
        """Give back, and let go of the file."""
        self.give_back()
        if self._thread is not None:
            self._thread.join(3.0)
        self._database.close()

    def _sit(self, let_go: threading.Event) -> None:
        with self._database.writing(limitless=True):
            let_go.wait()


class CountedRunner:
    """A ``Runner`` that knows whether anything it was given is still under way."""

    def __init__(self, runner: Runner, unhandled: Callable[[Exception], None]) -> None:
        self._runner = runner
        self._unhandled = unhandled
        self._under_way = 0

    @property
    def quiet(self) -> bool:
        """Say whether everything has come back."""
        return self._under_way == 0

    def read(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` on a reader."""
        self._under_way += 1
        self._runner.read(work, self._back(then), self._lost(failed))

    def write(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` on the one writer."""
        self._under_way += 1
        self._runner.write(work, self._back(then), self._lost(failed))

    def keep(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` on the journal's own thread."""
        self._under_way += 1
        self._runner.keep(work, self._back(then), self._lost(failed))

    def _back(self, then: Callable[[T], None]) -> Callable[[T], None]:
        def back(result: T) -> None:
            self._under_way -= 1
            then(result)

        return back

    def _lost(self, failed: Callable[[Exception], None] | None) -> Callable[[Exception], None]:
        def lost(problem: Exception) -> None:
            self._under_way -= 1
            (failed or self._unhandled)(problem)

        return lost


def sign_in_staff(store: Store, staff: Iterable[tuple[str, str]], calendar: Calendar, clock: Clock) -> None:
    """Put staff (extension, name) who have no window in the demo on the shift, before any window opens."""
    stretch = calendar.stretch(clock.now())
    stream = shift_stream(stretch)
    for extension, name in (*staff, ("", ON_CALL)):
        role = Role.ON_CALL_MANAGER if name == ON_CALL else ROLES.get(name, Role.SUPPORT_WORKER)
        who = SignIn(name, role, extension, STATION).identity()
        body = {"worker": who.worker, "name": name, "role": role.value, "extension": extension, "station": STATION}
        slot = extension_slot(extension, who.worker)
        entry = make_entry(who, clock, Kind.SHIFT_SIGNED_IN, stream, body, slot=slot, made_at=stretch.start + EARLY)
        store.append(who, (entry,))
        if name == ON_CALL:
            home = {"worker": who.worker, "state": WorkerState.ON_CALL_HOME.value, "reason": ""}
            slot = f"worker:{who.worker}"
            store.append(who, (make_entry(who, clock, Kind.SHIFT_STATE, stream, home, slot=slot),))
