"""Three workers with their screens over real services and a record in memory: no Qt, manual time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from console.domain.call_events import Alerting, Answered, CallBegan
from console.domain.calls import Direction
from console.domain.people import NewPerson
from tests.helpers.night_room import HELEN, PRIYA, START, TOM, Room
from tests.helpers.seated import seat
from ui.desktop.screens.board.desk_acts import BoardDesk
from ui.desktop.screens.board.rows import BoardRows
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.shortcuts import Act

NUMBER, LINE = "07700900412", "01632960001"


class Night:
    """Three workers with their screens."""

    def __init__(self, at: datetime = START) -> None:
        self.room = Room(at)
        self.priya = self.room.console(PRIYA, "1001")
        self.tom = self.room.console(TOM, "1002")
        self.helen = self.room.console(HELEN)
        self.handler_desk, self.window = seat(self.room, self.priya)
        self.handler, self._h = self._handler()
        self.coordinator_desk, self.beside = seat(self.room, self.tom)
        self.coordinator, self._c = self._coordinator()
        self.board, self._b = self._board()

    def _handler(self) -> tuple[HandlerDesk, list[HandlerRows]]:
        acts, drawn = HandlerDesk(self.handler_desk), list[HandlerRows]()
        acts.show_on(drawn.append)
        return acts, drawn

    def _coordinator(self) -> tuple[CoordinatorDesk, list[CoordinatorRows]]:
        acts, drawn = CoordinatorDesk(self.coordinator_desk), list[CoordinatorRows]()
        acts.show_on(drawn.append)
        return acts, drawn

    def _board(self) -> tuple[BoardDesk, list[BoardRows]]:
        desk, _ = seat(self.room, self.helen)
        acts, drawn = BoardDesk(desk), list[BoardRows]()
        acts.show_on(drawn.append)
        return acts, drawn

    @property
    def h(self) -> HandlerRows:
        """Return the handler's screen now."""
        self.room.settle()
        self.handler.draw()
        return self._h[-1]

    @property
    def c(self) -> CoordinatorRows:
        """Return the coordinator's screen now."""
        self.room.settle()
        self.coordinator.draw()
        return self._c[-1]

    @property
    def b(self) -> BoardRows:
        """Return the board now."""
        self.room.advance(1.0)
        return self._b[-1]

    def knows(self, given: str, born: date) -> UUID:
        """Let the record know a person on the caller's number."""
        person = NewPerson("Fenn", given, born, gender="", e164="+447700900412")
        made = self.priya.people.create(None, person)
        self.room.settle()
        return made

    def answered(self) -> None:
        """Let the caller ring in and Priya answer after 14 s."""
        self.room.rings("c1", NUMBER, LINE, "1001", "1002")
        self.room.advance(14)
        self.room.answers("c1", "1001")

    def paired(self) -> None:
        """Let Tom join twelve seconds after Priya asked."""
        self.handler.do(Act.NEED_SECOND)
        self.room.advance(12)
        self.coordinator.row("desk", self.c.summons[0].key, "take")
        self.room.settle()

    def on_the_way(self) -> str:
        """Let Tom ask for an ambulance that accepts; return the request as the forms name it."""
        self.answered()
        self.paired()
        self.coordinator.form_opened("ask_help", "")
        self.coordinator.form_sent("ask_help", {"kind": "ambulance", "words": "Overdose", "rank": "p1_life_now"})
        request = str(self.c.requests[0].key)
        self.coordinator.row("requests", request, "send")
        for state in ("acknowledged", "accepted"):
            self.coordinator.form_opened("log_news", request)
            self.coordinator.form_sent("log_news", {"request": request, "state": state, "minutes": "6"})
        return request

    def record(self) -> str:
        """Return the record on the handler's screen, as the view names it."""
        return self.h.notes.record

    def write(self, line: UUID, text: str) -> None:
        """Let the handler type a line of the note that is on screen."""
        self.handler.note_changed(self.record(), line, text)

    def fill(self, field: str, value: str) -> None:
        """Let the handler fill a field of the record that is on screen."""
        self.handler.field_changed(self.record(), field, value)

    def rings_out(self, extension: str) -> None:
        """Let a telephone of ours ring the caller's number, as an Asterisk tells it, and both be on the line."""
        now = self.room.clock.now()
        self.room.hears(
            CallBegan("back", now, Direction.OUTBOUND, "", placed_by=extension),
            Alerting("back", now, "back-own", extension),
            CallBegan("back", now, Direction.OUTBOUND, f"9{NUMBER}", placed_by=extension),
            Answered("back", now, "back-own", extension),
            Answered("back", now, "back-far", "outside"),
        )
