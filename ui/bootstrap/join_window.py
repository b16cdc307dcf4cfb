"""The first window of a computer that joins a team: the line, and a password of one's own; then the sign-in.

The server is asked on a thread of its own; the form says what it says.  Nothing slow is imported before the window is
painted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from console.domain.text import BadInput, NightdeskError
from console.machine.paths import Home
from ui.bootstrap.sign_in_form import EXTENSION, EXTENSION_HELP, LOGIN, PASSWORD
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.theme.look import Look

if TYPE_CHECKING:
    from ui.bootstrap.join_line import Invitation

LINE, OWN, AGAIN = "line", "own", "again"
_INTRO = "The person who serves the trial gives you one line. It works once, and brings you to the team's record."
_DIFFER = "The two passwords differ. Nothing was changed; write the same twice."
_FOR_A_WITNESS = (
    "This line is for a witness, a program without a window. Nothing was changed here, and the line is still good. On "
    "the computer that watches the telephones, give it to `nightdesk join`, and run `nightdesk witness`."
)
_OWN_HELP = "12 characters or more; three random words do well. It replaces the one in the line."


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who has joined, for the sign-in that follows."""

    login: str
    password: str = field(repr=False)
    extension: str

    def signs_in(self) -> Mapping[str, str]:
        """Return what the sign-in of a team asks."""
        return {LOGIN: self.login, PASSWORD: self.password, EXTENSION: self.extension}


class JoinWindow:
    """One window, until somebody has joined (``then``) or it is closed."""

    def __init__(self, home: Home, look: Look, line: str, then: Callable[[Arrived], None], extension: str = "") -> None:
        """``line`` is a join line that came by a file; empty: it is asked for.  ``extension`` is proposed."""
        self._home, self._line, self._then, self._extension = home, line, then, extension
        self._inbox = Inbox(self._unhandled)
        self._asking = False
        self.window = SignInWindow(look, self._form(), self._sent)
        self.window.setWindowTitle("Nightdesk: join a team")

    def show(self) -> None:
        """Show it."""
        self.window.show()

    def close(self) -> None:
        """Let go of window and inbox."""
        self.window.close()
        self._inbox.close()

    # --- on the windows' thread ---------------------------------------------------------------

    def _sent(self, values: Mapping[str, str]) -> None:
        if self._asking:
            return
        if values[OWN] != values[AGAIN]:
            self.window.show_form(self._form(_DIFFER))
            return
        self._asking = True
        line = self._line or values[LINE]
        asked = (line, values[OWN], values[EXTENSION])
        threading.Thread(target=self._join, args=asked, name="nd-joining", daemon=True).start()

    def _arrived(self, arrived: Arrived) -> None:
        self._asking = False
        self._then(arrived)

    def _refused(self, sentence: str) -> None:
        self._asking = False
        self.window.show_form(self._form(sentence))

    def _unhandled(self, fault: Exception) -> None:
        self._refused(
            f"Something went wrong inside Nightdesk ({type(fault).__name__}). Try again, or ask the technician."
        )

    def _form(self, error: str = "") -> FormRow:
        asked = FieldRow(
            LINE, "The join line", Kind.SECRET, needed=True, help="All of it, from nightdesk-join to its end."
        )
        fields = (
            *(() if self._line else (asked,)),
            FieldRow(OWN, "A password of your own", Kind.SECRET, needed=True, help=_OWN_HELP),
            FieldRow(AGAIN, "The same again", Kind.SECRET, needed=True),
            FieldRow(EXTENSION, "The telephone you sit at", value=self._extension, help=EXTENSION_HELP),
        )
        return FormRow("join", "Join a team", (SectionRow("", fields),), _INTRO, "Join", error)

    # --- on a thread of its own ---------------------------------------------------------------

    def _join(self, line: str, own: str, extension: str) -> None:
        try:
            arrived = self._joined(line, own, extension)
        except NightdeskError as refused:
            self._inbox.post(partial(self._refused, str(refused)))
        except Exception as fault:
            self._inbox.post(partial(self._unhandled, fault))
        else:
            self._inbox.post(partial(self._arrived, arrived))

    def _joined(self, line: str, own: str, extension: str) -> Arrived:
        # Imported here: psycopg, and with it the extra that may be missing.
        import_module("ui.bootstrap.extras").need("postgres", "psycopg")
        lines, joining = import_module("ui.bootstrap.join_line"), import_module("ui.bootstrap.joining")
        secrets: Any = import_module("console.machine.secrets")
        invitation: Invitation = lines.read_line(line)
        if invitation.is_witness:
            raise BadInput(_FOR_A_WITNESS)
        keyring = secrets.KeyringSecrets(instead=joining.KEPT_NOWHERE)
        one = joining.Joining(self._home, keyring, invitation)
        one.meet()
        # Where there is no keyring nothing is lost: a window asks for the password at each sign-in anyway.
        one.choose(own)
        return Arrived(invitation.login, own, extension)
