"""What one telephone's notifications add up to: the watcher's table of RFC 4235, section 4.3.

The order of notifications is their ``CSeq``, checked before they come here; the version only tells
whether one is missing.  A version that runs backwards in order is a telephone system that began anew
(Asterisk keeps subscriptions over a restart, and counts from 0 again): its full state is the truth.
"""

from __future__ import annotations

from collections.abc import Mapping

from telephony_adapters.sip_dialog.document import DIALOG_CAP, Dialog, Document, State


class Table:
    """The dialogs of one telephone."""

    def __init__(self) -> None:
        self._version = -1
        self._dialogs: dict[str, Dialog] = {}
        self.known = False
        """True once a full state has come."""

    @property
    def dialogs(self) -> Mapping[str, Dialog]:
        """Return the dialogs now, those included that the newest notification said are over."""
        return self._dialogs

    def take(self, document: Document) -> bool:
        """Take the next notification; return False where one before it is missing, so that all must be asked anew."""
        follows = document.version == self._version + 1 or self._version < 0
        if document.full:
            self._dialogs, self.known = dict(document.dialogs), True
        elif self.known:
            self._put(document.dialogs)
        else:
            return False
        whole = follows or (document.full and document.version <= self._version)
        self._version = document.version
        return whole

    def _put(self, dialogs: Mapping[str, Dialog]) -> None:
        living = {key: one for key, one in self._dialogs.items() if one.state is not State.TERMINATED}
        living.update(dialogs)
        self._dialogs = dict(list(living.items())[:DIALOG_CAP])
