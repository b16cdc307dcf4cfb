"""The duty manager at work: answers the board's acts, and draws it from the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.board import BoardState
from console.domain.forms.registry import title_of
from console.domain.help_ages import ALARM_WORDS, ages
from console.domain.incidents import IncidentRole
from console.domain.text import NightdeskError
from console.domain.words import span_words
from console.ports.switchboard import ActionAnswer
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.screens.board.presenter import ROLE_WORDS, board_rows
from ui.desktop.screens.board.rows import BoardRows, ListRow
from ui.desktop.screens.health import status_row, who_spans
from ui.desktop.screens.signing_out import SigningOut
from ui.desktop.shortcuts import Act
from ui.desktop.words import counted


class BoardDesk:
    """Implements ``BoardActs``; the board is remade at most once a second."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._show: Callable[[BoardRows], None] | None = None
        self._notice = ""
        self._wall = False
        self._out = SigningOut(desk, self.say)
        self._state: BoardState | None = None
        self._end = desk.board.watch(self._made)

    def show_on(self, show: Callable[[BoardRows], None]) -> None:
        """Draw on this from now on, beginning at once."""
        self._show = show
        self.draw()

    def say(self, sentence: str) -> None:
        """Put a sentence on the notice."""
        self._notice = sentence
        self.draw()

    def stop(self) -> None:
        """Draw and hear no more."""
        self._end()

    def draw(self) -> None:
        """Draw the board as it was last made."""
        if self._state is None or self._show is None:
            return
        desk, now = self._desk, self._desk.clock.now()
        who = who_spans(desk.who.name, ROLE_WORDS[desk.who.role].lower())
        status = status_row(who, desk.calls.state().phones, desk.ledger.link, now, desk.journal)
        rows = board_rows(self._state, status, now)
        details = details_of(self._state, desk)
        self._show(replace(rows, notice=self._notice, forms=self._out.forms(), wall=self._wall, details=details))

    def _made(self, state: BoardState) -> None:
        self._state = state
        self.draw()

    def do(self, act: Act) -> None:
        """Do an act that needs nothing said."""
        if act is Act.WALL:
            self._wall = not self._wall
            self._desk.window.wall()
        elif act is Act.THEME:
            self._desk.window.change_theme()
        elif act is Act.CALL_OUT:
            self._try(self._call_out)
        elif act is Act.EXPORT:
            self._desk.window.print_text("The night so far", self._night())
        self.draw()

    def _call_out(self) -> None:
        desk = self._desk
        name = self._state.capacity.call_out if self._state else ""
        worker = next((one for one in desk.shift.shift().workers if one.name == name), None)
        if worker is None:
            self.say("Nobody is signed in as on call. Ring the on-call manager from the rota.")
        elif not worker.extension:
            self.say(f"{name} has no telephone signed in here. Ring the number on the rota.")
        else:
            desk.call_acts.ring(worker.extension, self._phone)

    def row(self, of: str, key: str, act: str) -> None:
        """Do ``act`` on a row."""
        if of == "notice":
            self.say("")
        elif of == "requests":
            self._try(partial(self._desk.helps.take, UUID(key), self._outcome))
        elif of == "calls" or act == "observe":
            self._try(partial(self._observe, key))

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
        self._out.opened()
        self.draw()

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Take a filled form."""
        self._try(partial(self._out.sent, values))

    def _night(self) -> str:
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


def details_of(state: BoardState, desk: Desk) -> Mapping[str, tuple[ListRow, ...]]:
    """Return the list behind each tile, by the tile's name; no caller is named."""
    now = state.at
    waiting = tuple(
        ListRow(row.key, row.line or "Line not known", "", span_words(now - row.since), row.rank)
        for row in state.live
        if row.kind == "waiting"
    )
    work = tuple(
        ListRow(
            f"{card.kind} {card.id}", title_of(card.type) or "Record", card.line,
            span_words(now - card.opened_at) if card.opened_at else "", card.rank,
            "Nobody" if not card.owner else "",
        )
        for card in desk.board.work()
    )  # fmt: skip
    staff = tuple(
        ListRow(row.worker.worker, row.worker.name, ROLE_WORDS[row.worker.role], row.words) for row in state.staff
    )
    requests = tuple(
        ListRow(
            str(row.request.id), row.request.label, ALARM_WORDS[row.alarm], span_words(ages(row.request, now).since),
            row.request.rank, row.owner,
        )
        for row in state.requests.rows
    )  # fmt: skip
    answered = (
        ListRow("offered", "Offered", "", str(state.answered.offered)),
        ListRow("answered", "Answered", "", str(state.answered.answered)),
        ListRow("short", "Rang off at once", "", counted(state.answered.short, "call", "calls")),
        ListRow("rest", "Rang off after waiting", "", str(state.answered.abandoned - state.answered.short)),
    )
    unsent = tuple(ListRow(one.station, one.station, "not shared yet", str(one.count)) for one in state.unsent)
    return {
        "Waiting": waiting,
        "Longest wait": waiting,
        "Answered": answered,
        "Open work": work,
        "Night capacity": staff,
        "Requests not sent or unanswered": requests,
        "Counters": unsent,
    }
