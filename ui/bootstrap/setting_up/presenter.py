"""What the window that sets up the telephones decides: which kind, what is tried, when keeping is offered.  No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from console.domain.text import NightdeskError
from ui.bootstrap.setting_up.course import Course
from ui.bootstrap.setting_up.drafts import Draft
from ui.bootstrap.setting_up.rows import KIND, form_row, mail_rows, secrets_of, step_rows, values_of
from ui.bootstrap.setting_up.trying import Patience, try_it
from ui.bootstrap.setting_up.workshop import Workshop
from ui.desktop.dialogs.telephones_rows import KEEP_KEY, TRY_KEY, SetUpRow
from ui.desktop.widgets.faces import ButtonFace

_UNTRIED = (
    "The switchboard has not let in what is written here. Try it first; or press Keep untried once more to keep it "
    "all the same."
)
_LACKS = "Fill in first: {what}. Nothing was kept, and what you wrote still stands here."
_TRYING = "Trying. It may take half a minute; nothing is kept by it."
_COPIED = "Copied: paste it into a mail to whoever looks after the switchboard. No secret is in it."
_IN = "It let us in. Keep it, or change something and try again."
_NOT_IN = "It did not let us in, and nothing was kept. Mend what is wrong, and try again."


class Errands(Protocol):
    """Takes what may take seconds off the window's thread."""

    def run(self, act: Callable[[], Callable[[], None]]) -> None:
        """Do ``act`` elsewhere, then what it returns on this thread."""

    def post(self, then: Callable[[], None]) -> None:
        """Do ``then`` on this thread; callable from any."""

    def stopped(self) -> bool:
        """Say whether the window is gone."""


class Presenter:
    """One window's worth of setting up.  ``draw`` shows it; ``copy`` puts words on the clipboard."""

    def __init__(
        self,
        workshop: Workshop,
        errands: Errands,
        draw: Callable[[SetUpRow], None],
        copy: Callable[[str], None],
        patience: Patience | None = None,
    ) -> None:
        self._workshop, self._errands, self._draw, self._copy = workshop, errands, draw, copy
        self._patience = patience or Patience()
        kinds = {one.key for one in workshop.kinds()}
        saved = workshop.settings.switchboard
        self._key = saved if saved in kinds else "asterisk_ami"
        self._draft = self._of({})
        self._course: Course | None = None
        self._tried: Draft | None = None
        self._armed: Draft | None = None
        self._missing: frozenset[str] = frozenset()
        """What was asked for when it was to be tried or kept, and is empty still."""
        self._notice = ""
        self._busy = False

    def row(self) -> SetUpRow:
        """Return all that is shown now."""
        kinds = self._workshop.kinds()
        kind = next(one for one in kinds if one.key == self._key)
        broken = [one.why for one in self._workshop.broken]
        tries = ButtonFace("Try it", TRY_KEY, filled=not self._let_in, enabled=not self._busy, why=self._why_busy)
        name = "Keep" if self._let_in else "Keep untried"
        keeps = ButtonFace(name, KEEP_KEY, filled=self._let_in, enabled=not self._busy, why=self._why_busy)
        return SetUpRow(
            form_row(kinds, kind, self._workshop.asked(self._key), broken, self._missing),
            step_rows(self._course, self._notice),
            mail_rows(self._workshop.ask_for(self._draft)),
            tries,
            keeps,
        )

    @property
    def _why_busy(self) -> str:
        return "Something is being asked; it ends by itself." if self._busy else ""

    @property
    def _let_in(self) -> bool:
        """Say whether exactly what is written now was let in."""
        return self._course is not None and self._course.logged_in and self._tried == self._draft

    def _of(self, written: Mapping[str, str]) -> Draft:
        asked = self._workshop.asked(self._key)
        now = {one.name: one.value for one in asked if not one.secret}
        return Draft(self._key, {**now, **values_of(asked, written)}, secrets_of(asked, written))

    # --- what the window's keys do -------------------------------------------------------------

    def changed(self, key: str, value: str, written: Mapping[str, str]) -> None:
        """A field was changed; another kind begins with the settings of that kind."""
        if key == KIND and value != self._key:
            self._key, written = value, {}
            self._course = self._tried = None
            self._notice, self._missing = "", frozenset()
        self._take(written)
        self._missing &= {one.name for one in self._workshop.lacking(self._draft)}
        self._show()

    def _take(self, written: Mapping[str, str]) -> None:
        self._draft = self._of(written)
        if self._armed != self._draft:
            self._armed = None

    def tries(self, written: Mapping[str, str]) -> None:
        """Try what is written."""
        if self._busy:
            return
        self._take(written)
        if self._lacks():
            return
        draft = self._draft
        self._busy, self._course, self._tried, self._notice = True, None, draft, _TRYING
        self._show()
        self._errands.run(partial(self._try, draft))

    def keeps(self, written: Mapping[str, str]) -> None:
        """Keep what is written; what was not let in only when asked twice."""
        if self._busy:
            return
        self._take(written)
        if self._lacks():
            return
        if not self._let_in and self._armed != self._draft:
            self._armed, self._notice = self._draft, _UNTRIED
            self._show()
            return
        self._busy = True
        self._show()
        self._errands.run(partial(self._keep, self._draft))

    def _lacks(self) -> bool:
        """Say whether something needed is empty, and which, before anything is done."""
        lacking = self._workshop.lacking(self._draft)
        self._missing = frozenset(one.name for one in lacking)
        if lacking:
            self._notice = _LACKS.format(what="; ".join(one.help for one in lacking))
            self._show()
        return bool(lacking)

    def copies(self) -> None:
        """Put what to ask for on the clipboard."""
        self._copy(self._workshop.ask_for(self._draft))
        self._notice = _COPIED
        self._show()

    # --- off the window's thread ---------------------------------------------------------------

    def _try(self, draft: Draft) -> Callable[[], None]:
        def told(course: Course) -> None:
            self._errands.post(partial(self._came, course))

        try:
            found = try_it(self._workshop.attempt(draft), told, self._patience, self._errands.stopped)
        except NightdeskError as refusal:
            return partial(self._done, str(refusal))
        return partial(self._done, _IN if found.logged_in else _NOT_IN)

    def _keep(self, draft: Draft) -> Callable[[], None]:
        try:
            return partial(self._done, self._workshop.keep(draft))
        except NightdeskError as refusal:
            return partial(self._done, str(refusal))
        except OSError as refusal:
            return partial(self._done, f"It could not be written ({refusal.strerror}). The settings are as they were.")

    def _came(self, course: Course) -> None:
        self._course = course
        self._show()

    def _done(self, notice: str) -> None:
        self._busy, self._armed, self._notice = False, None, notice
        self._show()

    def failed(self, fault: Exception) -> None:
        """Say that something went wrong inside, so that one can go on."""
        self._done(f"Something went wrong inside Nightdesk ({type(fault).__name__}). Nothing was kept; try again.")

    def _show(self) -> None:
        self._draw(self.row())
