"""An administrator's way in to a server and to a service's database there, and the sentences of what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import errors

from console.domain.text import NightdeskError
from console.ports.store import StoreAway
from db.postgres.lines import Address, LineBroke, translated
from db.postgres.target import Service


class NoAdministrator(NightdeskError):
    """The log-in may not do on this server what was asked; nothing was changed."""


_MAY_NOT = (
    "This log-in may not make databases and log-ins on that server.  Nothing was changed; name an administrator with "
    "--admin: a superuser, or a role with CREATEROLE and CREATEDB that made the services before."
)
_HELD_UP = (
    "Somebody holds what had to be changed, for longer than a second.  Nothing was changed; try again in a quieter "
    "moment."
)
_BROKE = (
    "The database server cannot be reached, or did not answer in time.  What this command had not ended is not done at "
    "all.  See that the server runs and that its address is right, and run the same command again."
)


@contextmanager
def administering() -> Iterator[None]:
    """As ``translated``, in an administrator's sentences."""
    try:
        with translated():
            try:
                yield
            except errors.InsufficientPrivilege as error:
                raise NoAdministrator(_MAY_NOT) from error
            except (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected) as error:
                raise StoreAway(_HELD_UP) from error
    except LineBroke as broke:
        raise StoreAway(_BROKE) from broke


def inside(admin: Address, service: Service) -> Address:
    """Return the administrator's way into the service's own database."""
    return Address({**admin.keywords, "dbname": service.name}, admin.password)
