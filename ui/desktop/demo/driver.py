"""Plays the people of a script at their windows, one act after the other, and tells what came of each."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from console.ports.runner import Inbox
from ui.desktop.demo.checks import Checks
from ui.desktop.demo.hands import CannotPlay, Doing, Until, now
from ui.desktop.demo.pictures import Pictures
from ui.desktop.demo.script_lines import Control, ScriptLine, words_of
from ui.desktop.demo.stage import Player, Stage
from ui.desktop.demo.telling import Telling
from ui.desktop.demo.verbs import Verbs
from ui.desktop.runtime.stalls import StallMeter

log = logging.getLogger(__name__)
PATIENCE = 20.0
"""Seconds an act or a check may wait for what it needs to be on screen."""
AGAIN = 3.0
"""Seconds in which what was away may still do by itself what was asked; then the hands try again."""
SETTLE = 5.0
"""Seconds given to the windows to come to rest after an act."""
BOARD_SECONDS = 1.2
TURN_MS = 4
CALM_TURNS = 6
"""Turns in a row in which nothing stirs: then everything is at rest."""
_HANDS = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress})


@dataclass(slots=True)
class _Under:
    """The line being played."""

    line: ScriptLine
    doing: Doing
    until: Until
    since: float
    check: bool = False
    missed: bool = False
    """Something was away while it waited: it is tried again once that is back."""


class DemoDriver(QObject):
    """``waits``: the script stands still while an act is played.  ``steps``: nobody watches; go from
    line to line as soon as the windows are at rest.  ``ready`` says whether the first line may be
    played, ``away`` whether the viewer has taken the record or the telephones away: an act that
    cannot be played without them is tried again after, and the script's clock waits for it.
    ``seated`` tells the name of whoever has signed in, ``finished`` comes after the last line.
    """

    seated = Signal(str)
    finished = Signal()

    def __init__(
        self,
        control: Control,
        inbox: Inbox,
        stage: Stage,
        telling: Telling,
        pictures: Pictures,
        *,
        waits: Callable[[], bool],
        steps: bool,
        pace: Callable[[], float] | None = None,
        ready: Callable[[], bool] = lambda: True,
        away: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__()
        self._control = control
        self._inbox = inbox
        self._stage = stage
        self._telling = telling
        self._pictures = pictures
        self._waits = waits
        self._steps = steps
        self._pace = pace
        self._ready = ready
        self._away = away
        self._stands = False
        self._began = False
        self._verbs = Verbs(stage, self._pause if pace is not None else None)
        self._checks = Checks(stage)
        self._lines: deque[tuple[ScriptLine, bool]] = deque()
        self._held = False
        self._settling_since = 0.0
        self._under: _Under | None = None
        self._calm = 0
        self._ended = False
        self._modal = ""
        self._stalls = StallMeter()
        self.longest_stall = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self._turn)

    # --- from the switchboard's thread --------------------------------------------------------

    def hear(self, line: ScriptLine) -> None:
        """Take a line about to be played; callable from any thread."""
        held = line.by_a_person and self._waits()
        if held:
            self._control.hold()
        self._inbox.post(partial(self._take, line, held))

    def _take(self, line: ScriptLine, held: bool) -> None:
        if line.by_a_person:
            self._lines.append((line, held))
        elif line.at >= self._stage.opens and not line.otherwise:
            self._telling.act(line.at, words_of(line))

    # --- on the windows' thread ---------------------------------------------------------------

    def start(self) -> None:
        """Begin to play."""
        self._stalls.start()
        self._timer.start()

    def stop(self) -> None:
        """Play no more."""
        self._timer.stop()
        self._note_stall()

    @property
    def modal_seen(self) -> str:
        """Return the class of a modal window or list that was ever open, or nothing."""
        return self._modal

    def perform(self, player: Player, verb: str, words: tuple[str, ...]) -> Doing:
        """Return one act of one player, for what happens before the script begins."""
        return self._verbs.play(player, verb, words)

    def watch(self, player: Player) -> None:
        """Make a desk the person's who presses a key or a button in its window."""
        # On the window system's own window: there every key of a person comes by once, and none of ours.
        handle = player.place.window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice hands."""
        if event.type() in _HANDS:
            for player in self._stage.seated():
                if watched is player.place.window.windowHandle() and not player.by_hand:
                    player.by_hand = True
                    self._telling.act(player.desk.clock.now(), f"{player.name}'s desk", result="yours")
        return False

    def _turn(self) -> None:
        modal = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        if modal is not None and not self._modal:
            self._modal = type(modal).__name__
        if self._under is not None:
            self._advance(self._under)
        elif self._held:
            self._settle()
        elif self._lines:
            if self._may_begin():
                self._begin(*self._lines[0])
        else:
            self._rest()

    def _may_begin(self) -> bool:
        """Let the evening before come to rest first: what it left is there when the windows open."""
        if not self._began:
            self._calm = self._calm + 1 if self._ready() else 0
            self._began = self._calm > CALM_TURNS
        return self._began

    def _begin(self, line: ScriptLine, held: bool) -> None:
        self._held = held
        check = line.verb in ("checks", "expects")
        try:
            doing = self._doing(line)
        except CannotPlay as cannot:
            self._done(line, str(cannot), check)
            return
        self._under = _Under(line, doing, lambda: True, time.monotonic(), check)

    def _doing(self, line: ScriptLine) -> Doing:
        if line.actor == "demo" and line.verb == "pictures":
            return self._picture(line.arguments[0])
        if line.actor == "demo" and line.verb == "says":
            return iter(())
        if line.verb in ("checks", "expects"):
            return self._check(line)
        player = self._stage.players.get(line.actor)
        if player is None:
            raise CannotPlay(f"nobody called {line.actor} has a window")
        return iter(()) if player.by_hand else self._verbs.play(player, line.verb, line.arguments)

    def _check(self, line: ScriptLine) -> Iterator[Until]:
        """Wait until the check holds, or tell what does not after a while."""
        end = time.monotonic() + PATIENCE / 4
        why = self._checks.why_not(line.arguments[0])
        while why and time.monotonic() < end:
            yield lambda: True
            why = self._checks.why_not(line.arguments[0])
        if why:
            raise CannotPlay(why)

    def _picture(self, name: str) -> Iterator[Until]:
        self._note_stall()
        if self._pictures.wanted:
            # Boards are made once a second, in life's seconds; the evening may have run ahead of them.
            end = time.monotonic() + BOARD_SECONDS
            yield lambda: time.monotonic() >= end
        yield from self._pictures.take(name, self._stage)
        self._stalls.start()

    def _advance(self, under: _Under) -> None:
        line, check = under.line, under.check
        try:
            if not under.until():
                self._wait(under)
                return
            under.until = next(under.doing)
            under.since = time.monotonic()
        except StopIteration:
            self._done(line, "", check)
        except CannotPlay as cannot:
            if self._is_away():
                # Refused because of that, or a check that cannot hold without it.
                under.until = lambda: False
                self._wait(under)
            else:
                self._done(line, str(cannot), check)
        except Exception as fault:
            log.exception("an act of the demo failed")
            self._done(line, f"a fault of our own ({type(fault).__name__})", check)

    def _wait(self, under: _Under) -> None:
        """Go on waiting, try again what was missed, or tell after a while that nothing came."""
        waited = time.monotonic() - under.since
        if self._is_away():
            under.missed, under.since = True, time.monotonic()
            self._stand()
        elif under.missed and waited > AGAIN:
            under.missed, under.since = False, time.monotonic()
            under.until, under.doing = now, self._doing(under.line)
        elif waited > PATIENCE:
            self._done(under.line, "the window did not come to it", under.check)

    def _is_away(self) -> bool:
        """Say whether something was taken, or a desk has not yet seen that it is back."""
        desks = [player.desk for player in self._stage.seated()]
        return self._away() or any(desk.ledger.link.is_away for desk in desks)

    def _stand(self) -> None:
        if not self._stands:
            self._stands = True
            self._control.hold()

    @property
    def waits_for(self) -> str:
        """Return the line that stands until something is brought back, in words; else nothing."""
        under = self._under
        return words_of(under.line) if under is not None and under.missed and self._is_away() else ""

    def _done(self, line: ScriptLine, why: str, check: bool) -> None:
        """Tell it; where the script waits for us, let everything come to rest before it goes on."""
        if self._stands:
            self._stands = False
            self._control.release()
        self._tell(line, why, check)
        if line.verb == "signs_in" and not self._steps:
            self.watch(self._stage.of(line.actor))
        if line.verb == "signs_in" and not why:
            self.seated.emit(line.actor)
        self._under = None
        self._lines.popleft()
        if self._held:
            self._settling_since = time.monotonic()
            self._calm = 0

    def _settle(self) -> None:
        self._calm = self._calm + 1 if self._quiet() else 0
        if self._calm >= CALM_TURNS or time.monotonic() - self._settling_since > SETTLE:
            self._calm, self._held = 0, False
            self._control.release()

    def _tell(self, line: ScriptLine, why: str, check: bool) -> None:
        player = self._stage.players.get(line.actor)
        if check:
            said = ": ".join(part.replace("_", " ") for part in line.arguments)
            self._telling.check(line.at, f"{words_of(line).split(' ')[0]} check {said}", why)
        elif player is not None and player.by_hand:
            self._telling.act(line.at, words_of(line), result="yours")
        else:
            self._telling.act(line.at, words_of(line), why)

    def _rest(self) -> None:
        """Nothing to play: go on to the next line, or end."""
        if not self._steps and self._control.state().coming is not None:
            self._calm = 0
            return
        self._calm = self._calm + 1 if self._quiet() else 0
        if self._calm < CALM_TURNS:
            return
        self._calm = 0
        if self._control.state().coming is not None:
            self._control.next()
        elif not self._ended:
            self._ended = True
            self.finished.emit()

    def _quiet(self) -> bool:
        return all(player.place.quiet() for player in self._stage.seated())

    def _pause(self) -> Until:
        """Return the pause of a typing hand after one key."""
        seconds = self._pace() if self._pace is not None else 0.0
        end = time.monotonic() + seconds
        return lambda: time.monotonic() >= end

    def _note_stall(self) -> None:
        self.longest_stall = max(self.longest_stall, self._stalls.stop())
