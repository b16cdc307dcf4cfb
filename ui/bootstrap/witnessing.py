"""The headless witness as a program: record, journal, switchboard, one loop, and the end of it in order."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from console.domain.bank_holidays import england
from console.domain.calendar import Calendar
from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.record import Identity
from console.domain.text import BadInput, NightdeskError
from console.machine.loop import Loop
from console.machine.platform import when_told_to_end
from console.machine.runner import LaneRunner
from console.ports.journal import Journal, Shelf
from console.ports.switchboard import AtOneDesk, Switchboard
from console.services.intake import Intake
from console.services.record_time import RecordTime
from console.services.recorder import Drained
from console.services.through_witness import ThroughWitness
from console.services.witness import Witness, WitnessParts
from console.services.witness_news import News, counted_facts
from db.shelf import JournalShelf
from ui.bootstrap.no_telephone import NoTelephone
from ui.bootstrap.place import LONGEST_WAIT, SHORTEST_WAIT, Computer, plan_of, shelf_of, switchboard_of, this_computer
from ui.bootstrap.record import key_in
from ui.bootstrap.witness_record import WitnessOptions, record_of_witness
from ui.exits import Exit
from ui.settings import Settings

log = logging.getLogger(__name__)
_NO_SWITCHBOARD = (
    "No switchboard is set, so there is nothing to watch.  Nothing was started; write `switchboard` and its table "
    "into settings.toml, or say --switchboard KEY."
)
_ONE_DESK = (
    "This switchboard hears what programs at one desk tell its console: a witness would hear nothing, and keep it from "
    "that console.  Nothing was started; a witness needs a switchboard that tells of every call."
)


class Refused(NightdeskError):
    """The switchboard will not have us, and nothing was heard of it yet."""

    def __init__(self, fact: LinkChanged) -> None:
        super().__init__(fact.sentence or "The switchboard refused us.")
        self.exit_code = Exit.NOT_UNDERSTOOD if fact.foreign else Exit.REFUSED


def run_witness(options: WitnessOptions, settings: Settings, tell: Callable[[News], None]) -> int:
    """Watch until told to end, and tell what is new; return the exit code.  Raises ``NightdeskError``."""
    chosen = replace(
        settings,
        switchboard=options.switchboard or settings.switchboard,
        rehearsal=options.rehearsal or settings.rehearsal,
    )
    computer = this_computer(chosen)
    board, switchboard = switchboard_of(computer, dict(options.overrides))
    if isinstance(board, NoTelephone | ThroughWitness):
        raise BadInput(_NO_SWITCHBOARD)
    if isinstance(board, AtOneDesk):
        raise BadInput(_ONE_DESK)
    with record_of_witness(options, computer, tell) as (store, who):
        loop = Loop(computer.clock)
        runner = LaneRunner(loop, _unhandled)
        program = _Program(loop, runner, board, tell)

        def made(journal: Journal) -> Witness:
            feed = partial(store.feed, who, computer.clock)
            wait: Callable[[], float] = partial(random.uniform, SHORTEST_WAIT, LONGEST_WAIT)
            parts = WitnessParts(
                store, journal, feed, runner, loop, RecordTime(computer.clock), loop, Calendar(england()), switchboard,
                wait, plan_of(chosen), board if options.acts else None,
            )  # fmt: skip
            return Witness(who, parts, tell)

        when_told_to_end(lambda _: loop.post(program.end))
        try:
            return program.run(_shelf(options, computer), who, made)
        finally:
            runner.close()


def _unhandled(problem: Exception) -> None:
    log.error("something failed and nobody took it: %s", type(problem).__name__)


def _shelf(options: WitnessOptions, computer: Computer) -> Shelf:
    """Return the journals of this computer, opened with the key file where one was named."""
    if options.key_file is None:
        return shelf_of(computer)
    key_file = options.key_file
    return JournalShelf(computer.home.journals, lambda _file, _name: key_in(key_file), computer.clock)


class _Program:
    """One run: begins, hears, and ends in order; everything on the loop's thread."""

    def __init__(self, loop: Loop, runner: LaneRunner, board: Switchboard, tell: Callable[[News], None]) -> None:
        self._loop = loop
        self._runner = runner
        self._board = board
        self._tell = tell
        self._witness: Witness | None = None
        self._journal: Journal | None = None
        self._ending = False
        self._heard = False
        self._refused: LinkChanged | None = None
        self._left: Drained | None = None

    def run(self, shelf: Shelf, who: Identity, made: Callable[[Journal], Witness]) -> int:
        """Open the journal, watch, and come back when told to end."""

        def opened(journal: Journal) -> None:
            self._journal, self._witness = journal, made(journal)
            self._witness.start(self._listen)

        self._runner.keep(lambda: shelf.open(who.worker, who.name), opened, _raise)
        try:
            self._loop.run()
        finally:
            self._board.stop()
            if self._journal is not None:
                self._runner.keep(self._journal.close, lambda _: None)
        if self._refused is not None:
            raise Refused(self._refused)
        return self._ended()

    def _listen(self) -> None:
        self._board.start(Intake(self._loop, self._hear))

    def _hear(self, event: CallEvent) -> None:
        if self._witness is None or self._ending:
            return
        if isinstance(event, LinkChanged) and not self._heard:
            self._heard = event.state is LinkState.CONNECTED
            if event.state is LinkState.REFUSED:
                # A wrong password is for whoever is starting this to see; later the witness goes on trying.
                self._refused = event
                self.end()
                return
        self._witness.hear(event)

    def end(self) -> None:
        """End in order; a second time, at once."""
        if self._ending or self._witness is None:
            self._loop.stop()
            return
        self._ending = True
        self._board.stop()
        self._witness.finish(self._drained)

    def _drained(self, drained: Drained) -> None:
        self._left = drained
        self._loop.stop()

    def _ended(self) -> int:
        left = self._left
        if left is None:
            return Exit.STOPPED
        lost = left.unsaved or (left.unshared and self._journal is not None and self._journal.memory_only)
        facts = {"waiting": left.unshared, "lost": bool(lost)}
        if lost:
            words = f"Stopped.  {counted_facts(left.unshared)} could be neither sent nor kept, and are lost."
            self._tell(News("stopped", words, facts))
            return Exit.REFUSED
        waiting = f"{counted_facts(left.unshared)} kept on this computer, sent at the next start"
        done = waiting if left.unshared else "everything heard is in the shared record"
        self._tell(News("stopped", f"Stopped in order: {done}.", facts))
        return Exit.OK


def _raise(problem: Exception) -> None:
    raise problem
