"""The desks of the demo, as the driver sees them: a window, the services behind it, who sits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from console.domain.record import Role
from ui.desktop.desk import Desk
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Screen
from ui.desktop.window import ConsoleWindow


class Workplace(Protocol):
    """One console of the demo, made by bootstrap."""

    @property
    def window(self) -> ConsoleWindow:
        """Return its window."""

    @property
    def desk(self) -> Desk | None:
        """Return its services once somebody sits there."""

    def sign_in(self, name: str, extension: str, role: Role, screen: Screen, then: Callable[[str], None]) -> None:
        """Sign in; ``then`` hears a refusal, or an empty string."""

    def quiet(self) -> bool:
        """Say whether nothing of it is under way: nothing posted, nothing waiting, nothing unshared."""

    def close(self) -> None:
        """Shut down in the tested order."""


@dataclass(slots=True)
class Player:
    """One person of the script at a workplace.

    ``by_hand`` is true once somebody at the screen has typed there: the driver then leaves the
    desk alone.  ``unfinished`` is the note line left by ``starts``.
    """

    key: str
    name: str
    place: Workplace
    began: Screen = Screen.HANDLER
    signed_in: bool = False
    by_hand: bool = False
    unfinished: str = ""
    typed: list[str] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """Return the services; somebody must sit there."""
        if self.place.desk is None:
            raise RuntimeError(f"nobody sits at {self.key}")
        return self.place.desk

    @property
    def handler(self) -> HandlerView:
        """Return the handler's screen of this window."""
        view = self.place.window.view(Screen.HANDLER)
        if not isinstance(view, HandlerView):
            raise TypeError(view)
        return view

    @property
    def coordinator(self) -> CoordinatorView:
        """Return the coordinator's screen of this window."""
        view = self.place.window.view(Screen.COORDINATOR)
        if not isinstance(view, CoordinatorView):
            raise TypeError(view)
        return view

    @property
    def board(self) -> BoardView:
        """Return the board of this window."""
        view = self.place.window.view(Screen.BOARD)
        if not isinstance(view, BoardView):
            raise TypeError(view)
        return view


@dataclass(slots=True)
class Stage:
    """Everybody on it, by the script's names; ``opens`` is when the windows open, UTC."""

    players: dict[str, Player]
    opens: datetime

    def of(self, key: str) -> Player:
        """Return a player."""
        return self.players[key]

    def seated(self) -> tuple[Player, ...]:
        """Return those who sit at a desk."""
        return tuple(one for one in self.players.values() if one.place.desk is not None)
