"""What the sign-in asks: on one computer a name; of a team's record a log-in and its password, then the role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from console.domain.roles import SHIFT_ROLES, Role
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.shortcuts import Screen
from ui.desktop.widgets.faces import Choice

ROLE_WORDS: Mapping[Role, str] = {
    Role.SERVICE_ADVISER: "Service adviser",
    Role.SUPPORT_WORKER: "Support worker",
    Role.SOCIAL_WORKER_CHILDREN: "Social worker, children",
    Role.SOCIAL_WORKER_ADULTS: "Social worker, adults",
    Role.AMHP: "AMHP",
    Role.ASSISTANT_TEAM_MANAGER: "Assistant team manager",
    Role.DUTY_MANAGER: "Duty manager",
    Role.ON_CALL_MANAGER: "On-call manager",
}
USUAL_ROLE: Mapping[Screen, Role] = {
    Screen.HANDLER: Role.SERVICE_ADVISER,
    Screen.COORDINATOR: Role.SUPPORT_WORKER,
    Screen.BOARD: Role.DUTY_MANAGER,
}

NAME, ROLE, EXTENSION, LOGIN = "name", "role", "extension", "login"
PASSWORD = "password"  # noqa: S105 - the name of a field, not a secret
PASSPHRASE = "passphrase"  # noqa: S105 - the name of a field, not a secret
NO_KEYRING = "This computer has no keyring, so a passphrase of yours protects what you type until it is shared."
MISSING: Mapping[str, str] = {NAME: "your name", ROLE: "your role", LOGIN: "your name or log-in"}
"""How a field is named that was left empty."""
EXTENSION_HELP = "Its extension, such as 1001. Empty: no telephone."
NO_TELEPHONE = (
    "An emergency number is nobody's telephone. Nobody was signed in; write the extension of the telephone you sit at."
)
_EMPTY = "The same one each time. Empty: kept in memory only, and lost if this computer stops."


@dataclass(frozen=True, slots=True)
class SignInForms:
    """The forms of one entrance; ``role`` and ``extension`` are what is proposed."""

    service: str
    role: Role | None
    extension: str

    def on_one_computer(self, error: str, written: Mapping[str, str] | None, *, passphrase: bool) -> FormRow:
        """Return the form of a record in a file; ``written`` is what stood in it before."""
        intro = "On one computer, sign-in is not authenticated: it says who writes, and proves nothing."
        fields = (FieldRow(NAME, "Your name", needed=True), self._role(tuple(ROLE_WORDS)), self._extension())
        return self._form("sign_in", intro, (*fields, *_passphrase(passphrase)), error, written)

    def of_a_team(self, error: str, written: Mapping[str, str] | None, attempt: int) -> FormRow:
        """Return the first form of a team's record; each ``attempt`` has new boxes, without the refused password."""
        fields = (
            FieldRow(
                LOGIN, "Your name or log-in", needed=True, help="As whoever looks after the database gave it to you."
            ),
            FieldRow(
                PASSWORD, "Your password", Kind.SECRET, missing=bool(error), help="Nobody sees it, and it is not kept."
            ),
            self._extension(),
        )
        shown = {key: value for key, value in (written or {}).items() if key != PASSWORD}
        form = self._form("sign_in_team", "", fields, error, shown)
        return replace(form, subject=str(attempt))

    def of_a_worker(
        self, name: str, roles: Sequence[Role], error: str, written: Mapping[str, str] | None, *, passphrase: bool
    ) -> FormRow:
        """Return the second form of a team's record: only the roles that the server knows of this worker."""
        intro = f"Signed in as {name}.  To sign in as somebody else, close this window and start again."
        fields = (self._role(roles), self._extension(), *_passphrase(passphrase))
        return self._form("sign_in_role", intro, fields, error, written)

    def _form(
        self, key: str, intro: str, fields: tuple[FieldRow, ...], error: str, written: Mapping[str, str] | None
    ) -> FormRow:
        if written is not None:
            fields = tuple(replace(one, value=written.get(one.key, one.value)) for one in fields)
        return FormRow(key, self.service, (SectionRow("", fields),), intro, "Sign in", error)

    def _role(self, roles: Sequence[Role]) -> FieldRow:
        choices = tuple(Choice(role.value, ROLE_WORDS[role]) for role in roles if role in SHIFT_ROLES)
        proposed = self.role if self.role in roles else roles[0] if len(roles) == 1 else None
        return FieldRow(ROLE, "Your role", Kind.CHOICE, proposed.value if proposed else "", choices, needed=True)

    def _extension(self) -> FieldRow:
        return FieldRow(
            EXTENSION,
            "The telephone you sit at",
            value=self.extension,
            help=EXTENSION_HELP,
        )


def _passphrase(asked: bool) -> tuple[FieldRow, ...]:
    row = FieldRow(PASSPHRASE, "A passphrase for what you type here", Kind.SECRET, help=_EMPTY)
    return (row,) if asked else ()


def role_of(roles: Sequence[Role], wanted: Role | None, usual: Role | None) -> Role | None:
    """Return the role to work in without asking: the one wanted or usual where it is there, or the only one."""
    for one in (wanted, usual):
        if one in roles:
            return one
    return roles[0] if len(roles) == 1 and wanted is None else None
