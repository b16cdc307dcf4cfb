"""The duty manager at work: answers the board's acts, and draws it from the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from console.domain.board import BoardState
from console.domain.ids import read_id
from console.domain.incidents import IncidentRole
from console.domain.record import MANAGERS
from console.domain.search import shown_number
from console.domain.shifts import WorkerState, role_words
from console.domain.text import NightdeskError
from console.ports.clock import Timer
from console.ports.switchboard import ActionAnswer
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.screens.board.details import details_of
from ui.desktop.screens.board.presenter import board_rows
from ui.desktop.screens.board.replay_presenter import ReplayPresenter
from ui.desktop.screens.board.rows import BoardRows
from ui.desktop.screens.board.wall import without_names
from ui.desktop.screens.directory import DirectoryPresenter, mark_number, ring_row
from ui.desktop.screens.health import help_health, status_row, watch_health, who_spans
from ui.desktop.screens.night_acts import NightActs
from ui.desktop.screens.night_words import night_health, ring_health
from ui.desktop.screens.notice import Notice
from ui.desktop.screens.signing_out import SigningOut
from ui.desktop.shortcuts import Act, Screen, key_of

WALL_NOTICE_FOR = 20.0
"""Seconds that a notice stays on the wall, where nobody sits who could dismiss it."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """A request that a manager may take over from ``owner``, while ``notice`` says so."""

    request: UUID
    owner: str
    notice: str


class BoardDesk:
    """Implements ``BoardActs``; the board is remade at most once a second."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._show: Callable[[BoardRows], None] | None = None
        self.notice = Notice(desk)
        self._offered: _Offer | None = None
        self._wall = False
        self._going: Timer | None = None
        self._paused = False
        self._out = SigningOut(desk, self.say)
        self._night = NightActs(desk, Screen.BOARD, self.say, _no_incident)
        self._state: BoardState | None = None
        self._directory = DirectoryPresenter(desk.cover.name)
        self._replays = ReplayPresenter(desk, self.draw)
        self._ends = (
            desk.board.watch(self._made),
            desk.half_filled.subscribe(self.draw),
            desk.directory.watch(self.draw),
            desk.dialling.typed.watch(self.draw),
        )

    def show_on(self, show: Callable[[BoardRows], None]) -> None:
        """Draw on this from now on, beginning at once."""
        self._show = show
        self.draw()

    def say(self, sentence: str, done: Callable[[], bool] | None = None) -> None:
        """Put a sentence on the notice; it goes by itself once ``done`` says that what it asks for was done."""
        self.notice.say(sentence, done)
        self._let_it_go()
        self.draw()

    def _let_it_go(self) -> None:
        """On the wall a notice goes by itself."""
        if self._going is not None:
            self._going.cancel()
        wanted = self._wall and bool(self.notice.text())
        self._going = self._desk.alarm.after(WALL_NOTICE_FOR, partial(self.say, "")) if wanted else None

    def pause(self) -> None:
        """Nobody sees this screen now: draw nothing, and say of nothing that it was seen."""
        self._paused = True
        self._desk.seen.show(())

    def resume(self) -> None:
        """Draw again, beginning at once."""
        self._paused = False
        self.draw()

    def stop(self) -> None:
        """Draw and hear no more."""
        for end in self._ends:
            end()
        if self._going is not None:
            self._going.cancel()

    def draw(self) -> None:
        """Draw the board as it was last made."""
        if self._state is None or self._show is None or self._paused:
            return
        desk, now = self._desk, self._desk.clock.now()
        who = who_spans(desk.who.name, role_words(desk.who.role).lower())
        # A witness speaks through the record: while that is away nobody knows how it is.
        watches = () if desk.ledger.link.is_away else desk.shift.shift().watches
        to_tell = sum(row.untold > 0 for row in self._state.requests.rows)
        more = (
            *help_health(desk.helps.alarms(), to_tell, desk.ledger.link, now),
            *watch_health(watches, now),
            *ring_health("" if self._wall else desk.asked_words()),
            *night_health(self._state, named=not self._wall),
        )
        status = status_row(who, desk.calls.state().phones, desk.ledger.link, now, desk.journal, more)
        directory = desk.directory.now()
        rows = replace(
            board_rows(self._state, status, now, directory, desk.cover.name),
            details=details_of(self._state, desk),
            people=self._directory.rows(directory, now, desk.dialling.typed.told()),
            replay=self._replays.row,
        )
        if self._wall:
            rows = without_names(rows)
        forms = (*self._night.forms(), *self._out.forms())
        self._show(replace(rows, notice=self.notice.text(), forms=forms))
        # Nobody sits before a wall: what stands there was seen by nobody in particular.
        desk.seen.show(() if self._wall else (one.signal.stream for one in self._state.signals if one.signal.stream))

    def _made(self, state: BoardState) -> None:
        self._state = state
        self._night.calling.board_made(state)
        self.draw()

    def do(self, act: Act) -> None:
        """Do an act that needs nothing said."""
        if act is Act.WALL:
            self._wall = not self._wall
            self._let_it_go()
            self._desk.window.wall()
        elif act is Act.THEME:
            self._desk.window.change_theme()
        elif act is Act.UNFINISHED:
            self._desk.window.open_unfinished()
        elif act is Act.READY:
            self._try(self._turn_ready)
        elif act is Act.EXPORT:
            self._desk.window.print_text("The night so far", self._night_so_far())
        else:
            with self.notice.sending(act):
                self._try(partial(self._night.do, act))
        self.draw()

    def _turn_ready(self) -> None:
        """Be ready, or away; a board has no call bar that would show it."""
        self._desk.shift.toggle_ready()
        me = self._desk.shift.me()
        if me is not None:
            rings = (
                "calls ring here" if me.state is WorkerState.AVAILABLE and me.extension else "calls do not ring here"
            )
            self.notice.confirm(f"{me.state_words}: {rings}.")

    def row(self, of: str, key: str, act: str) -> None:
        """Do ``act`` on a row."""
        with self.notice.sending(act):
            self._row(of, key, act)

    def _row(self, of: str, key: str, act: str) -> None:
        if of == "notice":
            self.say("")
        elif of == "replay":
            self._replays.act(key, act)
        elif act == "take":
            self._try(partial(self._take, key))
        elif act == "dial":
            self._try(partial(self._ring, key))
        elif act == "coming":
            self._try(partial(self._coming, key))
        elif act == "act":
            self._try(partial(self._night.act_on, key))
        elif act == "observe":
            self._try(partial(self._observe, key))
        elif act in (Act.LISTEN, Act.SUPERVISE):
            self._try(partial(self._night.hear_row, key, at_once=act == Act.LISTEN))

    def _coming(self, key: str) -> None:
        """Answer a signal to managers; who sent it reads it in large."""
        signals = self._state.signals if self._state is not None else ()
        found = next((one for one in signals if key.endswith(str(one.signal.entry))), None)
        if found is None or found.signal.stream is None:
            self.say("That signal was answered, or its work is over.")
            return
        self._desk.pair.answer(found.signal.stream, found.signal.entry, f"{self._desk.who.name} is coming")
        self.say(f"{found.by} reads that you are coming. Enter on their call joins them.")

    def _ring(self, key: str) -> None:
        me = self._desk.shift.me()
        if me is not None and me.extension:
            self._desk.dialling.row(key, self._phone)
        else:
            ring_row(self._desk.directory, key, self._ring_number)

    def _ring_number(self, number: str, name: str = "") -> None:
        """Ring, or say the number where this worker sits without a telephone."""
        me = self._desk.shift.me()
        if me is not None and me.extension:
            self._desk.call_acts.ring(number, self._phone)
        else:
            who = f"{name}, " if name else ""
            self.say(f"You have no telephone signed in here. Ring {who}{shown_number(number)} by hand.")

    def number_typed(self, typed: str) -> None:
        """Have it told of a number typed whether it is safe to ring."""
        self._desk.dialling.typed.type(typed)

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Write that an agency's number is right, or wrong."""
        self.say(mark_number(self._desk.directory, key, how, words))

    def _take(self, key: str) -> None:
        record = read_id(key.removeprefix("contact ")) if key.startswith("contact ") else None
        if record is not None:
            self._desk.contacts.take(record, self.notice.later(self._record_taken))
            return
        request = read_id(key)
        if request is None:
            self.say("There is nothing here to take.")
            return
        offered, self._offered = self._offered, None
        if offered is not None and (offered.request, offered.notice) == (request, self.notice.text()):
            self.say("")
            self._desk.helps.take_over(request, offered.owner, self.notice.later(self._outcome))
        else:
            self._desk.helps.take(request, self.notice.later(partial(self._taken, request)))

    def _record_taken(self, outcome: Outcome) -> None:
        """Say where a record is now that nobody had: finished like any other, from one's own list."""
        if outcome.won:
            self.say(f"It is yours now. {key_of(Act.UNFINISHED)} opens it among your unfinished records.")
        else:
            self._outcome(outcome)

    def _taken(self, request: UUID, outcome: Outcome) -> None:
        """Where a colleague has it, a manager who takes it again takes it over; the offer goes with its notice."""
        if outcome.won or not outcome.by or self._desk.who.role not in MANAGERS:
            self._outcome(outcome)
            return
        name = self._desk.ledger.name_of(outcome.by)
        self.say(f"{name} has this. Nothing was taken. Take it once more to take it over; {name} is told.")
        self._offered = _Offer(request, outcome.by, self.notice.text())

    def _observe(self, key: str) -> None:
        """Join the incident behind a live row: as manager, on the record, seen by the pair."""
        desk = self._desk
        # By the cards: before joining, a manager may not read what the incident itself says.
        wanted = key.rpartition(" ")[2]
        for card in desk.board.work():
            if card.kind == "incident" and wanted in (str(card.id), str(card.call)):
                desk.pair.observe(card.id, IncidentRole.MANAGER)
                desk.window.go_to("coordinator")
                return
        self.say("There is no incident around this call yet: nobody has joined it.")

    def form_opened(self, key: str, subject: str) -> None:
        """Make the form that the user opened."""
        if not self._night.opened(key, subject):
            self._out.opened()
        self.draw()

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Take a filled form."""
        with self.notice.sending(key):
            if not self._night.sent(key, values):
                self._try(partial(self._out.sent, values))
        self.draw()

    def _night_so_far(self) -> str:
        state = self._state
        if state is None:
            return ""
        rate = state.answered.rate
        lines = [
            f"Offered {state.answered.offered}, answered {state.answered.answered}, rang off "
            f"{state.answered.abandoned} ({state.answered.short} at once).",
            f"Answer rate {rate * 100:.1f} %." if rate is not None else "No calls yet.",
            f"Two-person incidents {state.pairs.incidents}.",
            *(f"{name} {count}" for name, count in state.hours.by_authority),
        ]
        return "\n".join(lines)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except NightdeskError as refused:
            self.say(str(refused))
        self.draw()

    def _outcome(self, outcome: Outcome) -> None:
        if not outcome.won:
            self.say(outcome.sentence)

    def _phone(self, answer: ActionAnswer) -> None:
        if answer.sentence:
            self.say(answer.sentence)


def _no_incident() -> None:
    """A board has no incident of its own on it."""
