"""What PostgreSQL refuses, and a line that broke, as sentences for the worker.

The server's own words may quote data: they are never shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

import psycopg
from psycopg import errors

from console.domain.text import NightdeskError
from console.ports.store import NoTicket, OtherHistory, StoreAway, WrongSchema
from db.access import (
    NO_INCIDENT,
    NO_REASON,
    NO_TICKET,
    RESTRICTED_FOR_A_TEAM,
    ROLE_MAY_NOT_LOOK,
    ROLE_MAY_NOT_REPLAY,
)

log = logging.getLogger(__name__)

_NO_ROLE = re.compile(r"role \S+ does not exist")
AWAY = "The shared record cannot be reached.  What you write waits on this computer and is sent by itself."
SLOW = "The shared record did not answer in time.  What you write waits on this computer and is sent by itself."
WRONG = (
    "The shared record did not accept this log-in name and password.  Nothing was opened; what you wrote before is "
    "safe on this computer.  Type both again; where they are right the log-in has ended or has a new password: ask "
    "whoever looks after the database."
)
NOTHING_TYPED = (
    "There is no password for this log-in.  Nothing was opened; type it, or keep it in this computer's keyring."
)
EXPIRED = (
    "This log-in may not use the shared record (it was never added here, has ended, or has no such role).  Nothing was "
    "opened; ask whoever looks after the database to run `nightdesk db worker add`."
)
_NO_TLS = (
    "The shared record's server does not offer TLS, and nothing is sent to it unprotected.  Nothing was opened; ask "
    "whoever looks after the database to switch TLS on there."
)
_NOT_PROVEN = (
    "The shared record's server did not prove who it is: its certificate is not for that name, has expired, or is not "
    "from an authority this computer was told to believe.  No password was sent; check the address, this computer's "
    "clock, and the setting `database_ca`."
)
_OTHER_WORDS = (
    "The shared record's server refused the connection in words that Nightdesk does not know, perhaps in another "
    "language.  Nothing was opened; what you wrote before is safe on this computer.  Look at log-in, password and the "
    "name of the database; where lc_messages = 'C' is set on the server, you are told which of them it is."
)
_NO_ENTRY = (
    "The database server does not let this log-in in from this computer.  Nothing was opened; ask whoever looks after "
    "the database for an entry in its pg_hba.conf."
)
TOO_OLD = (
    "The database server is PostgreSQL {found}, and the shared record needs 15 or newer.  Nothing was read and nothing "
    "was changed; ask whoever looks after the database for a newer server."
)
_NO_DATABASE = "There is no such service database on that server.  Nothing was opened; check the name of the database."
_NOT_OURS = (
    "That database is no Nightdesk record, or this log-in may not use it.  Nothing was written; check its name, or ask "
    "whoever looks after the database."
)
_OTHER_VERSION = (
    "The shared record is of another version than this Nightdesk.  Nothing was written; what you write waits on this "
    "computer.  Please use the version your colleagues use."
)
_REFUSED = "The shared record refused this, so nothing was written.  Your words are kept on this computer."


class NotLetIn(StoreAway):
    """The server does not let this log-in in.  For what was written it is as if it were away: it waits, and is safe."""


class LogInRefused(NotLetIn):
    """It does not take this log-in with this password: a slip of the pen, or it has ended, expired or a new one."""


class LineBroke(StoreAway):
    """Nobody answers there, or not in time, or the line broke on the way."""


class RefusedByServer(NightdeskError):
    """The server refused what was asked: a rule of the record, not a fault of the line."""


_SAYS_BY_STATE: Mapping[str, type[NightdeskError] | tuple[type[NightdeskError], str]] = {
    "28P01": (LogInRefused, WRONG),
    "28000": (LogInRefused, EXPIRED),
    "3D000": (NotLetIn, _NO_DATABASE),
    "42501": (NotLetIn, _NOT_OURS),
    "3F000": (NotLetIn, _NOT_OURS),
    "42883": (WrongSchema, _OTHER_VERSION),
    "42P01": (WrongSchema, _OTHER_VERSION),
    "ND001": (LogInRefused, EXPIRED),
    "ND002": (RefusedByServer, _REFUSED),
    "ND003": (WrongSchema, _OTHER_VERSION),
    "ND004": (NoTicket, ROLE_MAY_NOT_LOOK),
    "ND005": (NoTicket, NO_REASON),
    "ND006": (NoTicket, NO_TICKET),
    "ND007": (NoTicket, RESTRICTED_FOR_A_TEAM),
    "ND008": (RefusedByServer, _REFUSED),
    "ND010": (NoTicket, ROLE_MAY_NOT_REPLAY),
    "ND011": (NoTicket, NO_INCIDENT),
}


_SAYS_BY_WORDS: Mapping[str, NotLetIn] = {
    "password authentication failed": LogInRefused(WRONG),
    "no password supplied": LogInRefused(WRONG),
    "server does not support ssl": NotLetIn(_NO_TLS),
    "certificate": NotLetIn(_NOT_PROVEN),
    "channel binding": NotLetIn(_NOT_PROVEN),
    "authentication method requirement": NotLetIn(_NOT_PROVEN),
    "protocol version": NotLetIn(_NO_TLS),
    "no encryption": NotLetIn(_NO_TLS),
    "pg_hba": NotLetIn(_NO_ENTRY),
    "permission denied": LogInRefused(EXPIRED),
    "not permitted to log in": LogInRefused(EXPIRED),
}
"""What libpq says while connecting, in small letters; it has no codes there.  Not the bare word SSL: a line that broke
says it too."""
_ANSWERED = re.compile(r"failed: [^\s:]+:  ")
"""How libpq passes on what a server said, whatever its language: a word for how bad it is, and two spaces."""
_PASSES = re.compile(
    r"starting up|shutting down|not (yet )?accepting|cannot connect now|recovery|too many|connection slots|"
    r"terminating connection|read-only|administrator command"
)
"""What a server says that will let us in later."""


_OTHER_HISTORY = "ND009"


def sentence_for(error: psycopg.Error) -> NightdeskError:
    """Return what to tell the user about an error of PostgreSQL.

    The server's own words may quote data: they are never shown.
    """
    if error.sqlstate == _OTHER_HISTORY:
        return OtherHistory()
    said = _SAYS_BY_STATE.get(error.sqlstate or "")
    if isinstance(said, tuple):
        kind, sentence = said
        return kind(sentence)
    if isinstance(error, errors.QueryCanceled):
        return LineBroke(SLOW)
    if isinstance(error, psycopg.OperationalError):
        return _of_connecting(error)
    if isinstance(error, psycopg.InterfaceError):
        return LineBroke(AWAY)
    log.error("the shared record answered with an error of kind %s", error.sqlstate or type(error).__name__)
    return RefusedByServer(_REFUSED)


def _of_connecting(error: psycopg.OperationalError) -> NightdeskError:
    """Tell apart what libpq has no code for: it says so in words while connecting."""
    if error.sqlstate:
        return LineBroke(AWAY)  # a server that goes down, or has no room; known codes were told apart before
    low = str(error).lower()
    for said, refusal in _SAYS_BY_WORDS.items():
        if said in low:
            return type(refusal)(str(refusal))
    if _NO_ROLE.search(low):
        return LogInRefused(WRONG)
    if "does not exist" in low and "database" in low:
        return NotLetIn(_NO_DATABASE)
    if _ANSWERED.search(low) and not _PASSES.search(low):
        return NotLetIn(_OTHER_WORDS)
    return LineBroke(AWAY)
