"""Half-filled panels: what is written in a panel and not sent is kept in the journal until it is sent or discarded.

Written 300 ms after the last key and at least every second, as the lines of notes are (reliability.md P2).
Nothing here is ever shared: it becomes an entry only by the worker's own act, and then its draft goes in the
very act that keeps the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from console.ports.clock import Alarm, Clock, Timer
from console.ports.journal import Draft
from console.services.drafts import PanelWords, draft_of_panel
from console.services.notes import DRAFT_EVERY, DRAFT_PAUSE
from console.services.recorder import Recorder


@dataclass(slots=True)
class _Panel:
    """One panel as it stands; ``kept`` once these very words are in the journal."""

    words: PanelWords
    kept: bool = False
    since: float | None = None
    """When typing began that is not handed to the journal yet (monotonic seconds)."""
    timer: Timer | None = None

    def quiet(self) -> None:
        """Hand nothing on by itself any more."""
        self.since = None
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class HalfFilledPanels:
    """The half-filled panels of one worker, on whichever screen; for the services' thread."""

    def __init__(self, recorder: Recorder, clock: Clock, alarm: Alarm) -> None:
        self._recorder = recorder
        self._clock = clock
        self._alarm = alarm
        self._panels: dict[tuple[str, str], _Panel] = {}
        self._listeners: list[Callable[[], None]] = []

    def take_up(self, restored: Iterable[PanelWords]) -> None:
        """Take what a console before this one left; what is being typed already is newer."""
        for words in restored:
            self._panels.setdefault((words.panel, words.subject), _Panel(words, kept=True))
        self._tell()

    def all(self) -> tuple[PanelWords, ...]:
        """Return every half-filled panel, the one written last at the end."""
        return tuple(sorted((one.words for one in self._panels.values()), key=lambda words: words.typed))

    def of(self, panel: str, subject: str) -> PanelWords | None:
        """Return what stands in one panel, or None where nothing does."""
        here = self._panels.get((panel, subject))
        return here.words if here is not None else None

    def kept(self, panel: str, subject: str) -> datetime | None:
        """Return when what stands in a panel was written, once it is in the journal; None before."""
        here = self._panels.get((panel, subject))
        return here.words.typed if here is not None and here.kept else None

    def put(
        self,
        where: tuple[str, str],
        values: Mapping[str, str],
        *,
        title: str,
        screen: str,
        said: tuple[tuple[str, str], ...],
    ) -> None:
        """Take what stands in the panel ``where`` (its name and subject) after a key or a choice."""
        here = self._panels.get(where)
        if here is not None and here.words.values == values:
            return
        panel, subject = where
        words = PanelWords(panel, subject, title, screen, dict(values), said, self._clock.now())
        if here is None:
            here = self._panels[where] = _Panel(words)
        here.words, here.kept = words, False
        self._schedule(here)
        self._tell()

    def put_back(self, words: PanelWords) -> None:
        """Take back what was sent and then refused."""
        self.put((words.panel, words.subject), words.values, title=words.title, screen=words.screen, said=words.said)

    def forget(self, panel: str, subject: str) -> None:
        """Forget what stood in a panel: it is discarded, or emptied by hand."""
        here = self._panels.pop((panel, subject), None)
        if here is not None:
            here.quiet()
            self._recorder.drop_draft(here.words.line)
            self._tell()

    def sent(self, panel: str, subject: str, act: Callable[[], str]) -> str:
        """Do what a filled panel says; return its sentence, empty where it was done.

        Then the draft goes in the act that keeps its entries: after a kill there is one of the two, never both.
        """
        with self._recorder.together():
            problem = act()
            here = None if problem else self._panels.pop((panel, subject), None)
            if here is not None:
                here.quiet()
                self._recorder.settle_draft(here.words.line)
        if here is not None:
            self._tell()
        return problem

    def sent_line(self, panel: str, subject: str, act: Callable[[], object]) -> None:
        """Do what a line of its own says; ``act`` raises where that could not be done."""

        def done() -> str:
            act()
            return ""

        self.sent(panel, subject, done)

    def flush(self) -> None:
        """Hand everything to the journal now: before signing out and closing."""
        for here in tuple(self._panels.values()):
            if here.timer is not None:
                self._write(here)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell ``listener`` when a panel's words or their keeping moved; the answer takes it off again."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # --- inside -------------------------------------------------------------------------------

    def _schedule(self, here: _Panel) -> None:
        now = self._clock.monotonic()
        since = here.since if here.since is not None else now
        here.quiet()
        here.since = since
        wait = min(DRAFT_PAUSE, since + DRAFT_EVERY - now)
        if wait > 0:
            here.timer = self._alarm.after(wait, partial(self._write, here))
        else:
            self._write(here)

    def _write(self, here: _Panel) -> None:
        here.quiet()
        words = here.words

        def durable(_: Draft) -> None:
            if here.words is words:
                here.kept = True
                self._tell()

        self._recorder.keep_draft(draft_of_panel(words), durable)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
