"""Pictures of every window, light and dark, taken while the script stands still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ui.desktop.demo.hands import Until
from ui.desktop.demo.stage import Player, Stage
from ui.desktop.theme.apply import choose
from ui.desktop.window import ConsoleWindow

USUAL = ((1366, 690),)
"""The window as it first opens, px."""


class Pictures:
    """Writes ``MOMENT-SCREEN[-dark][-WIDTHxHEIGHT].png`` into ``folder``; does nothing without one."""

    def __init__(self, folder: Path | None, sizes: Sequence[tuple[int, int]] = USUAL) -> None:
        self._folder = folder
        self._sizes = tuple(sizes)
        self.taken: list[Path] = []

    @property
    def wanted(self) -> bool:
        """Say whether any are to be taken."""
        return self._folder is not None

    def take(self, moment: str, stage: Stage) -> Iterator[Until]:
        """Take every window in both themes and every size, and leave it as it was."""
        if self._folder is None:
            return
        for player in stage.seated():
            yield from self._window(moment, player, self._folder)

    def _window(self, moment: str, player: Player, folder: Path) -> Iterator[Until]:
        window = player.place.window
        before, dark_before = window.size(), window.theme.dark
        for size in self._sizes:
            window.resize(*size)
            for dark in (False, True):
                window.wear(choose(dark=dark, high_contrast=False))
                window.acts(window.screen_shown).draw()
                # Layouts and lists measure themselves in turns of their own.
                yield lambda: True
                yield lambda: True
                self._grab(window, folder / self._name(moment, player, size, dark=dark))
        window.resize(before)
        window.wear(choose(dark=dark_before, high_contrast=False))
        yield lambda: True

    def _grab(self, window: ConsoleWindow, file: Path) -> None:
        window.grab().save(str(file))
        self.taken.append(file)

    def _name(self, moment: str, player: Player, size: tuple[int, int], *, dark: bool) -> str:
        shown = player.place.window.screen_shown
        # Two windows may show one screen: then it says whose desk it is.
        where = shown.value if shown is player.began else f"{player.began.value}-at-{shown.value}"
        return file_name(moment, where, size if self._sizes != USUAL else None, dark=dark)


def file_name(moment: str, where: str, size: tuple[int, int] | None, *, dark: bool) -> str:
    """Return ``MOMENT-WHERE[-dark][-WIDTHxHEIGHT].png``; ``size`` None is the usual one."""
    end = f"-{size[0]}x{size[1]}" if size is not None else ""
    return f"{moment}-{where}{'-dark' if dark else ''}{end}.png"
