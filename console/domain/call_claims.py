"""Who has a ringing call that software cannot answer: taken at once, kept while their console is there, taken over.

A claim is no answer: the handset is.  It stops two from lifting at once, and must not hold a caller when whoever
made it is gone (peers.md, ringing-call banner).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from console.domain.items import Item
from console.domain.reading import identity, text
from console.domain.record import Kind
from console.domain.text import safe_line

REASON_CAP = 120


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """When a claimed call may be taken from whoever has it; all are settings.

    ``free_for``: so long anybody takes it with one key, as two reach for one handset.  ``beat``: so often the
    console of whoever has it says that it is there.  ``stale``: not heard for so long, nobody has it any more.
    """

    free_for: timedelta = timedelta(seconds=20)
    beat: timedelta = timedelta(seconds=15)
    stale: timedelta = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: by whom, since when, and when their console last said that it is there."""

    id: UUID
    worker: str
    extension: str
    at: datetime
    kept_at: datetime
    reason: str = ""
    """Why it was taken from whoever had it before; empty where nothing had to be said."""


class Taking(StrEnum):
    """What it needs to take a call that somebody has."""

    FREE = "free"
    WITH_REASON = "with_reason"
    STALE = "stale"


def taking(claim: Claim | None, now: datetime, rules: ClaimRules) -> Taking:
    """Say what it needs to take a call at ``now``."""
    if claim is None or now - claim.at <= rules.free_for:
        return Taking.FREE
    return Taking.STALE if now - claim.kept_at > rules.stale else Taking.WITH_REASON


def claim_of(items: Iterable[Item]) -> Claim | None:
    """Return the claim that stands among the items of one call; None where nobody took it, or somebody answered."""
    claim: Claim | None = None
    for item in items:
        if not item.readable:
            continue
        at = item.stored_at or item.made_at
        if item.kind is Kind.CALL_CLAIMED:
            reason = safe_line(text(item.content, "reason"), REASON_CAP)
            claim = Claim(item.id, item.author, text(item.content, "extension"), at, at, reason)
        elif item.kind is Kind.CALL_CLAIM_KEPT and claim is not None and identity(item.content, "of") == claim.id:
            claim = replace(claim, kept_at=max(claim.kept_at, at)) if item.author == claim.worker else claim
        elif item.kind is Kind.CALL_UNCLAIMED and claim is not None and identity(item.content, "of") == claim.id:
            claim = None if item.author == claim.worker else claim
        elif item.kind is Kind.CALL_ANSWERED:
            # Somebody lifted a handset; where the caller is given on from there, all may have them again.
            claim = None
    return claim
