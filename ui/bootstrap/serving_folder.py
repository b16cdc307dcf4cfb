"""What a team trial keeps in NIGHTDESK_HOME/serve: what it was told last, and where its administrator's password is.

``serve.json`` (no secrets), ``pg`` (PostgreSQL's files), ``certificates``, ``serve.lock``; and only where there is no
keyring ``administrator.secret`` with file mode 600.
"""

from __future__ import annotations

import json
import os
import re
import secrets as random_source
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from console.domain.text import BadInput, NightdeskError
from console.machine.platform import make_private, make_private_folder
from console.ports.secrets import Secrets, SecretsUnavailable

PORT = 5433
LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  compared with, and bound to only when asked for
TRIAL = "trial"


class NoTrial(NightdeskError):
    """There is no trial in this folder, or it does not run."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What ``serve`` was told; what is not said again stays as it was.

    ``names`` are names and addresses beyond this computer's own, the first of them for join lines.  ``made`` are the
    service databases that are there.
    """

    service: str = TRIAL
    host: str = LOOPBACK
    port: int = PORT
    names: tuple[str, ...] = ()
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says of a trial; None stays as it was."""

    service: str | None = None
    host: str | None = None
    port: int | None = None
    names: tuple[str, ...] = ()
    invented: bool = False

    def over(self, last: Trial) -> Trial:
        """Return the trial of this start."""
        return replace(
            last,
            service=last.service if self.service is None else self.service,
            host=last.host if self.host is None else self.host,
            port=last.port if self.port is None else self.port,
            names=self.names or last.names,
        )


@dataclass(frozen=True, slots=True)
class ServeFolder:
    """The folder; nothing is made until :meth:`keep` or :meth:`password_for_new`."""

    path: Path

    @property
    def lock(self) -> Path:
        """Held by the one ``serve`` of this folder."""
        return self.path / "serve.lock"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own."""
        return self.path / "pg"

    @property
    def certificates(self) -> Path:
        """Of the authority and of the server."""
        return self.path / "certificates"

    @property
    def authority(self) -> Path:
        """What everybody who joins is given."""
        return self.certificates / "authority.pem"

    @property
    def secret_file(self) -> Path:
        """The administrator's password where there is no keyring."""
        return self.path / "administrator.secret"

    @property
    def _secret_name(self) -> str:
        return f"serve:{self.path.absolute()}"

    def last(self) -> Trial | None:
        """Return what was kept, or None where there is no trial yet.  Raises :class:`BadInput` where it is damaged."""
        file = self.path / "serve.json"
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            return Trial(
                str(said["service"]), str(said["host"]), int(said["port"]), tuple(said["names"]), tuple(said["made"])
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = (
                f"{file} cannot be read.  The record is safe and nothing was started.  Remove that file and start "
                "again with the same --service, --host, --port and --name as before."
            )
            raise BadInput(message) from error

    def keep(self, trial: Trial) -> None:
        """Write down what the next start and ``serve add`` need to know."""
        make_private_folder(self.path)
        making = self.path / "serve.json.making"
        making.write_text(json.dumps(asdict(trial), indent=1) + "\n", encoding="utf-8")
        make_private(making)
        making.replace(self.path / "serve.json")

    def new_password(self, secrets: Secrets) -> tuple[str, str]:
        """Make the administrator's password and keep it; return it, and where it is in words.

        In the keyring; without one in a file that this account alone may read.
        """
        password = random_source.token_urlsafe(24)
        make_private_folder(self.path)
        # One place only: a password of an earlier, half-made trial would be believed.
        self.secret_file.unlink(missing_ok=True)
        try:
            secrets.put(self._secret_name, password)
        except SecretsUnavailable:
            with os.fdopen(os.open(self.secret_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
                out.write(password + "\n")
        return password, self.where(secrets)

    def password(self, secrets: Secrets) -> str:
        """Return the administrator's password.  Raises :class:`NoTrial` or what the keyring says."""
        if self.secret_file.is_file():
            return self.secret_file.read_text(encoding="ascii").strip()
        found = secrets.get(self._secret_name)
        if found is None:
            message = (
                f"The password of the trial's administrator is not in this keyring ({secrets.state().backend}).  "
                "The record is safe, and whoever has joined works on; nobody can be added until that keyring is back."
            )
            raise NoTrial(message)
        return found

    def where(self, secrets: Secrets) -> str:
        """Say in words where the administrator's password is kept."""
        if self.secret_file.is_file():
            return f"in {self.secret_file}, which this account alone may read: there is no keyring here"
        return f"in this account's keyring ({secrets.state().backend})"


def service_name(title: str, usual: str) -> str:
    """Return a database's name made of the service's ``title`` in the settings; ``usual`` is the title nobody chose."""
    made = re.sub(r"_+", "_", re.sub(r"[^a-z0-9]+", "_", title.casefold())).strip("_")[:31].strip("_")
    return made if title != usual and made[:1].isalpha() else TRIAL
