"""What to ask of whoever runs the witness that hears and acts for this computer: never with a secret in it."""

from __future__ import annotations

_MAIL = """\
Our desktops reach no telephone system themselves: they hear and ask through a witness, over the shared record. Please:

- run `nightdesk witness --acts` where the telephone system can be reached, on a computer that stays on, better on two \
computers; without --acts it only watches, and nothing can be asked from our screens;
- give its account on the telephone system the rights to act as well as to read: `nightdesk telephones --what-to-ask`, \
run on the witness's computer, names them for its kind of switchboard (for an Asterisk: docs/running/asterisk.md);
- give it a log-in of its own to the record: `nightdesk db worker add witness --role witness --keep-new`;
- where the record is a team's, on PostgreSQL, run `nightdesk db upgrade` once.

The same as steps: docs/running/witness.md. Afterwards `nightdesk doctor --login NAME` says on each desktop, in its \
line witness, whether it hears the telephones.
"""


def ask_for(_: object) -> str:
    """Return the words; no setting of a desktop changes them."""
    return _MAIL
