"""A worker's own password: checked for length here, sent to the server as a SCRAM verifier and never in words."""

from __future__ import annotations

from psycopg import sql

from console.domain.text import BadInput
from db.postgres.lines import Address, translated

SHORTEST = 12
"""Characters: three random words are longer (NCSC)."""
LONGEST = 200


def check_new(password: str, old: str) -> None:
    """Raise :class:`BadInput` where ``password`` is none that a worker may choose."""
    if len(password) < SHORTEST:
        message = f"A password needs at least {SHORTEST} characters; three random words do well.  Nothing was changed."
        raise BadInput(message)
    if len(password) > LONGEST or not password.isprintable():
        message = f"A password may have {LONGEST} characters that can be seen.  Nothing was changed; choose another."
        raise BadInput(message)
    if password == old:
        raise BadInput("The one-time password may not stay.  Nothing was changed; choose one of your own.")


def change_password(address: Address, new: str) -> Address:
    """Give the log-in of ``address`` the password ``new``; return how it logs in from now on.

    Raises :class:`BadInput` where it may not be chosen, and the sentences of :mod:`db.postgres.lines`.  An answer that
    did not come leaves open which of the two holds: both are then to be tried.
    """
    check_new(new, address.password)
    with translated(), address.connect() as line:
        user = line.info.user.encode()
        scram = line.pgconn.encrypt_password(new.encode(), user, b"scram-sha-256").decode()
        line.execute(sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(sql.Literal(scram)))
    return Address(address.keywords, new)
