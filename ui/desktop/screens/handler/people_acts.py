"""What the handler does about people: who it is, who is tied to them, and whom to ring."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from uuid import UUID

from console.domain.contacts import How
from console.domain.ids import read_id
from console.domain.text import NightdeskError
from console.ports.switchboard import ActionAnswer
from console.services.contact_people import chosen_candidate
from ui.desktop.desk import Desk
from ui.desktop.screens.directory import mark_number
from ui.desktop.screens.handler.on_screen import OnScreen
from ui.desktop.screens.handler.person_sheet import relative_of
from ui.desktop.screens.refresher import Refresher
from ui.desktop.shortcuts import Act, key_of

_CHOSEN = (
    "{name} is chosen on this record, and stays so. Nobody else was chosen. If it is about somebody else, say first "
    "with {key} that this was the wrong person; then find again."
)


class PeopleActs(ABC):
    """The half of ``HandlerActs`` that is about people; the desk that is built on it has the other."""

    _desk: Desk
    _refresher: Refresher
    screen: OnScreen

    @abstractmethod
    def say(self, sentence: str, done: Callable[[], bool] | None = None) -> None:
        """Put a sentence on the notice, until ``done``."""

    @abstractmethod
    def _try(self, act: Callable[[], object], *, draw: bool = True) -> bool:
        """Do ``act``, or say why not; say whether it was done."""

    @abstractmethod
    def _contact(self) -> UUID:
        """Return the record on screen, or refuse in words."""

    @abstractmethod
    def _phone(self, answer: ActionAnswer) -> None:
        """Say what the telephones answered, where that is worth a word."""

    def choose_candidate(self, index: int) -> None:
        """Choose a candidate: the record opens by ticket, and stays unconfirmed until confirmed."""
        self._try(partial(self._choose_candidate, index))

    def _choose_candidate(self, index: int) -> None:
        # Numbered as they were drawn: a look-up answered since then must not change who Alt+1 is.
        found = self.screen.drawn
        people = found.people if found else ()
        if not 1 <= index <= len(people):
            return
        contact = self.screen.contact()
        if contact is None or self.screen.rings_anew():
            self.say("Answer the call first: nobody is chosen while it rings.", self._answered)
        elif contact.subject is None:
            self._desk.people.choose(contact.id, chosen_candidate(people[index - 1]), How.NUMBER)

    def _answered(self) -> bool:
        return self.screen.contact() is not None and not self.screen.rings_anew()

    def find(self, text: str) -> None:
        """Search people for ``text`` at once."""
        self.screen.search.ask(text)

    def find_typed(self, text: str) -> None:
        """Search people for ``text`` at a pause in typing."""
        self.screen.search.type(text)

    def find_closed(self) -> None:
        """Forget whom the search found."""
        self.screen.search.close()

    def choose_found(self, key: str) -> bool:
        """Take a person out of the search's answers; say whether that was done."""
        return self._try(partial(self._choose_found, key))

    def _choose_found(self, key: str) -> None:
        found = self.screen.search.state.found
        person = next((one for one in found.people if str(one.person) == key), None) if found else None
        if person is None:
            return
        contact = self._contact()
        state = self._desk.folds.contact(contact)
        before = state.subject if state is not None else None
        if before is not None and before.person != person.person:
            # The screen shows one person: another beside them would stand on the record unseen.
            raise NightdeskError(_CHOSEN.format(name=before.name, key=key_of(Act.WRONG_PERSON)))
        self._desk.people.choose(contact, chosen_candidate(person), How.SEARCH)
        self.screen.search.close()

    def open_relative(self, key: str) -> None:
        """Open the record of somebody tied to the person on screen."""
        person = read_id(relative_of(key))
        if person is not None:
            self._try(partial(self.screen.open_relative, person))

    def sheet_closed(self) -> None:
        """Let the relative's record go."""
        self.screen.open_relative(None)
        self._refresher.touch()

    def ring_row(self, key: str) -> None:
        """Ring whoever stands behind a row of the directory."""
        self._try(partial(self._desk.dialling.row, key, self._phone))

    def number_typed(self, typed: str) -> None:
        """Have it told of a number typed whether it is safe to ring."""
        self._desk.dialling.typed.type(typed)

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Write that an agency's number is right, or wrong."""
        self.say(mark_number(self._desk.directory, key, how, words))
