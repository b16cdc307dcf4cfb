"""``nightdesk db``: make a record, bring it up to date, prove its entries honest, copy it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from console.domain.text import BadInput
from ui.arguments import add_database, add_json
from ui.commands import Subparsers

_INIT = """\
Make a new, empty record.  It is encrypted; its key goes into this account's keyring, or into --key-file.
--plain makes one without encryption, for invented people only.  A file that is there is never touched."""
_UPGRADE = """\
Bring a record that an older Nightdesk wrote up to date.  The file is copied first; the copy stays beside it."""
_VERIFY = """\
Recompute both chains of the record (what was written, who looked at what) and the streams and fields derived
from them.  Ends with 0 where all these are honest, with 4 where one was altered, removed or put in: the first
bad entry is named.  Imported people, markers and agencies are not part of the chain in this version, and are
not proved.  --seen compares with what a console or a printed page noted, so that also a
rewritten history is found."""
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
    for act, branch in (("init", init), ("upgrade", upgrade), ("verify", verify), ("backup", backup)):
        add_database(branch)
        branch.add_argument("--key-file", type=Path, metavar="FILE", help="key of the record (default: keyring)")
        add_json(branch)
        branch.set_defaults(act=act)


def run(args: argparse.Namespace) -> int:
    """Run one branch; what it needs is imported only now."""
    # `--help` reads this module, and SQL may not be loaded for it.
    from ui.commands import _db_acts as acts  # noqa: PLC0415 - see above

    branches: dict[str, Callable[[argparse.Namespace], int]] = {
        "init": acts.init,
        "upgrade": acts.upgrade_it,
        "verify": acts.verify,
        "backup": acts.backup,
    }
    if args.act not in branches:
        raise BadInput("There is no such branch.  Nothing was done.")
    return branches[args.act](args)
