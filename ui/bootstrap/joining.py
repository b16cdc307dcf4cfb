"""Joining a team's record with a join line: prove the server, choose a password of one's own, write it all down.

Nothing here is changed before the server has proved who it is and has let the one-time password in.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from console.domain.record import SCHEMA_VERSION
from console.domain.text import NightdeskError
from console.machine.paths import Home
from console.machine.platform import make_private, make_private_folder
from console.ports.secrets import Secrets, SecretsUnavailable
from console.ports.store import StoreAway, WrongSchema
from db.postgres.lines import Address, Lines, NotLetIn
from db.postgres.own_password import change_password, check_new
from db.postgres.rows import heartbeat_of
from db.postgres.store import steps_lacking
from db.postgres.target import Target, Tls, read_target
from ui.bootstrap.join_line import Invitation
from ui.settings_file import load
from ui.settings_writing import write_settings

log = logging.getLogger(__name__)

KEPT_NOWHERE = "Your password is kept nowhere on this computer: you will be asked for it at each sign-in."
"""What becomes of a password where there is no keyring; the end of every refusal of one."""
NOT_KEPT_FOR_A_WITNESS = (
    "The password is kept nowhere on this computer: `nightdesk witness` takes it from the variable "
    "NIGHTDESK_DATABASE_PASSWORD, or with --password-stdin."
)
_USED = "  A join line works once: if this one was used before, ask for a new one (`nightdesk serve add`)."


@dataclass(frozen=True, slots=True)
class Joined:
    """What this computer now knows.  ``unkept`` says why the password is not in a keyring; empty where it is."""

    invitation: Invitation
    database: str
    unkept: str
    before: str
    """The record the settings named before, where it was another; it was not touched."""


class Joining:
    """One join on one computer: :meth:`meet`, then :meth:`choose`.  Any thread, one call at a time."""

    def __init__(self, home: Home, secrets: Secrets, invitation: Invitation) -> None:
        self._home, self._secrets, self.invitation = home, secrets, invitation
        self._target: Target = read_target(invitation.database)

    def meet(self) -> None:
        """Log in once, to see that server, version and log-in are right; nothing of this computer's settings changes.

        Raises :class:`NotLetIn`, :class:`StoreAway`, :class:`WrongSchema`.
        """
        self._keep_authority(self._asked_authority)
        lines = Lines(self._address(self._asked_authority))
        try:
            lines.one("whoami")
            beat = heartbeat_of(lines.one("heartbeat", [], []), ())
            lacks = steps_lacking(lines)
        except NotLetIn as refused:
            raise NotLetIn(f"{refused}{_USED}") from refused
        except StoreAway as away:
            where = f"{self.invitation.host}, port {self.invitation.port}"
            message = (
                f"Nobody answers at {where}.  Nothing was changed here, and the join line is still good.  Is "
                "`nightdesk serve` running there, with --host 0.0.0.0, and is that port open in its firewall?"
            )
            raise StoreAway(message) from away
        finally:
            lines.close()
            self._asked_authority.unlink(missing_ok=True)
        if beat.schema != SCHEMA_VERSION or lacks:
            raise WrongSchema(
                "The shared record is of another version than this Nightdesk.  Nothing was changed here, and the join "
                "line is still good.  Use the version your colleagues use."
            )

    def choose(self, password: str) -> Joined:
        """Make ``password`` the worker's own, and remember server and password on this computer.

        Raises :class:`BadInput` where it may not be chosen.  The settings are written first: whatever fails after
        them, the same line or the new password can be tried again.
        """
        check_new(password, self.invitation.password)
        before = load(self._home.settings_file).database
        authority = self._home.authority
        self._keep_authority(authority)
        database = self._target.words
        write_settings(
            self._home.settings_file,
            {"database": database, "database_ca": str(authority), "database_direct_tls": True},
        )
        self._change(authority, password)
        return Joined(self.invitation, database, self._keep(password), before if before != database else "")

    @property
    def _asked_authority(self) -> Path:
        return self._home.authority.with_name("database_ca.asked.pem")

    def _address(self, authority: Path, password: str = "") -> Address:
        tls = Tls(str(authority), direct=True)
        return Address(self._target.keywords(self.invitation.login, tls), password or self.invitation.password)

    def _keep_authority(self, file: Path) -> None:
        make_private_folder(file.parent)
        file.write_text(self.invitation.authority_pem(), encoding="ascii")
        make_private(file)

    def _change(self, authority: Path, password: str) -> None:
        try:
            change_password(self._address(authority), password)
        except StoreAway:
            # The answer was lost; the change may not have been.
            with suppress(NightdeskError):
                self._address(authority, password).connect().close()
                return
            raise

    def _keep(self, password: str) -> str:
        """Keep the password in the keyring; return why it could not be, in words."""
        try:
            self._secrets.put(self._target.secret_name(self.invitation.login), password)
        except SecretsUnavailable as why:
            return str(why)
        return ""
