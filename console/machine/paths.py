"""Where Nightdesk keeps its things on this computer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from console.domain.text import BadInput


@dataclass(frozen=True, slots=True)
class Home:
    """The folders and files under NIGHTDESK_HOME.  Nothing is made until somebody writes there."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """The settings, in TOML."""
        return self.root / "settings.toml"

    @property
    def journals(self) -> Path:
        """One encrypted journal for each worker who signed in here."""
        return self.root / "journals"

    @property
    def logs(self) -> Path:
        """Logs, one JSON object a line, without personal data."""
        return self.root / "logs"

    @property
    def database(self) -> Path:
        """The SQLite record where no other database is named."""
        return self.root / "nightdesk.db"

    @property
    def serve(self) -> Path:
        """The team trial that this computer serves: PostgreSQL's files, certificates, what it was told last."""
        return self.root / "serve"

    @property
    def authority(self) -> Path:
        """The certificate of whoever vouches for the server that this computer joined."""
        return self.root / "database_ca.pem"

    @property
    def pop_file(self) -> Path:
        """Where a running console listens to telephone programs of this account; there only while it runs."""
        return self.root / "pop.json"

    @property
    def locks(self) -> Path:
        """Locks between programs on this computer, such as "this journal has an owner"."""
        return self.root / "locks"


def home(environment: Mapping[str, str]) -> Home:
    """Return the home: ``NIGHTDESK_HOME``, or this operating system's place for a user's data.

    Raises :class:`BadInput` where what is named is no folder anybody could have.
    """
    named = environment.get("NIGHTDESK_HOME", "")
    if named:
        try:
            return Home(Path(named).expanduser().absolute())
        except (OSError, RuntimeError) as error:
            message = (
                f"NIGHTDESK_HOME is {named}, and there is no such user or folder.  Nothing was started; "
                "correct it, or take it out."
            )
            raise BadInput(message) from error
    return Home(Path(platformdirs.user_data_path("nightdesk", appauthor=False)))
