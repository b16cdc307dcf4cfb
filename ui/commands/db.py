"""``nightdesk db``: make a record, bring it up to date, prove its entries honest, copy it; a team's log-ins."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from console.domain.roles import Role
from console.domain.text import BadInput
from ui.arguments import add_database, add_json, add_login
from ui.commands import Subparsers

_INIT = """\
Make a new, empty record.  It is encrypted; its key goes into this account's keyring, or into --key-file.
--plain makes one without encryption, for invented people only.  A file that is there is never touched.
On PostgreSQL: make the service's database as the administrator --admin, whole or not at all, and say what the
database's owner must do next.  --invented marks it as a place for invented people only."""
_UPGRADE = """\
Bring a record that an older Nightdesk wrote up to date.  The file is copied first; the copy stays beside it.
On PostgreSQL, as the administrator --admin and while consoles work: checks the version of the tables, and writes
the functions, grants and rights of this version in one transaction that waits for no lock longer than 1 s and runs
no statement longer than 30 s; where that is not enough nothing is changed."""
_VERIFY = """\
Recompute both chains of the record (what was written, who looked at what) and the streams and fields derived
from them.  Ends with 0 where all these are honest, with 4 where one was altered, removed or put in: the first
bad entry is named.  Imported people, markers and agencies are not part of the chain in this version, and are
not proved.  --seen compares with what a console or a printed page noted, so that also a
rewritten history is found.  On PostgreSQL it needs a log-in of its own that can read no words: --login, usually
the one of `db worker add verify --program verify`."""
_ADD = """\
Give a worker a log-in on a team's record, or a new password and other roles.  The password is made here and printed
once, unless a second line of stdin has it (the first is the administrator's, see --password-stdin)."""
_REMOVE = """\
End a worker's log-in at once: nothing more is answered to it, and open sessions are cut.  What they wrote stays."""
_ADMIN = "PostgreSQL: the administrator who does it, such as postgres"
_BACKUP = """\
Copy the record while others work on it, then verify the copy.  The copy keeps the record's encryption
and key.  A file that is there is never overwritten."""


def add(subparsers: Subparsers) -> None:
    """Add the command and its branches."""
    parser = subparsers.add_parser("db", help="make, upgrade, verify or back up the record")
    branches = parser.add_subparsers(metavar="WHAT", required=True, title="what to do")
    init = branches.add_parser("init", help="make a new, empty record", description=_INIT)
    init.add_argument("--plain", action="store_true", help="not encrypted: for invented people only")
    upgrade = branches.add_parser("upgrade", help="bring an older record up to date", description=_UPGRADE)
    verify = branches.add_parser("verify", help="prove that no entry was altered", description=_VERIFY)
    verify.add_argument("--seen", metavar="SEQ:DIGEST", help="a head that was noted before, such as on a handover page")
    backup = branches.add_parser("backup", help="copy the record and verify the copy", description=_BACKUP)
    backup.add_argument("file", type=Path, metavar="FILE", help="where the copy goes; it may not be there yet")
    init.add_argument("--invented", action="store_true", help="PostgreSQL: for invented people only")
    add_login(init, "--admin", _ADMIN)
    add_login(upgrade, "--admin", _ADMIN)
    add_login(verify, default="verify")
    for act, branch in (("init", init), ("upgrade", upgrade), ("verify", verify), ("backup", backup)):
        add_database(branch)
        branch.add_argument("--key-file", type=Path, metavar="FILE", help="key of the record (default: keyring)")
        add_json(branch)
        branch.set_defaults(act=act)
    _add_worker(branches)


def _add_worker(branches: Subparsers) -> None:
    acts = branches.add_parser("worker", help="add or remove a log-in of a team's record").add_subparsers(
        metavar="WHAT", required=True, title="what to do"
    )
    adding = acts.add_parser("add", help="give somebody a log-in, or a new password and roles", description=_ADD)
    roles = [role.value for role in Role]
    adding.add_argument(
        "--role",
        action="append",
        choices=roles,
        default=[],
        metavar="ROLE",
        help=f"may be said twice: {', '.join(roles)}",
    )
    adding.add_argument("--program", choices=("verify", "import"), help="a log-in for a program, instead of a worker")
    adding.add_argument("--keep-new", action="store_true", help="keep the new password in this keyring, print none")
    removing = acts.add_parser("remove", help="end somebody's log-in", description=_REMOVE)
    for act, branch in (("worker add", adding), ("worker remove", removing)):
        branch.add_argument("name", metavar="NAME", help="as colleagues read it, such as 'Priya Raman'")
        add_database(branch)
        add_login(branch, "--admin", _ADMIN)
        add_json(branch)
        branch.set_defaults(act=act)


def run(args: argparse.Namespace) -> int:
    """Run one branch; what it needs is imported only now."""
    # `--help` reads this module, and SQL may not be loaded for it.
    from ui.bootstrap.team import team_of
    from ui.commands import _db_acts as acts
    from ui.commands import _db_team_acts as team_acts

    team = team_of(args.database)
    if team is not None:
        return team_acts.run(args, team)
    branches: dict[str, Callable[[argparse.Namespace], int]] = {
        "init": acts.init,
        "upgrade": acts.upgrade_it,
        "verify": acts.verify,
        "backup": acts.backup,
    }
    if args.act.startswith("worker"):
        raise BadInput("A record in a file has no log-ins.  Nothing was done; name a team's record with --database.")
    if args.act not in branches:
        raise BadInput("There is no such branch.  Nothing was done.")
    return branches[args.act](args)
