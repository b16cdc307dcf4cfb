"""What the switchboard's account for Nightdesk may do, from the manager actions it is offered at log-in.

Asterisk lists to an account just those actions that it may use, so one question tells most rights.  What it may
*hear* no question tells: an account without ``read = call`` is accepted and then hears nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from console.ports.switchboard import Act, Capabilities

NEEDS: Mapping[Act, str] = MappingProxyType(
    {
        Act.REJECT: "Hangup",
        Act.HANG_UP: "Hangup",
        Act.BLIND_TRANSFER: "BlindTransfer",
        Act.START_ATTENDED: "Atxfer",
        Act.COMPLETE_ATTENDED: "Hangup",
        Act.CANCEL_ATTENDED: "CancelAtxfer",
        Act.CONFERENCE: "PlayDTMF",
        Act.REDIRECT: "Redirect",
        Act.ORIGINATE: "Originate",
        Act.DTMF: "PlayDTMF",
        Act.LISTEN: "Originate",
        Act.WHISPER: "Originate",
        Act.BARGE: "Originate",
        Act.PAUSE: "QueuePause",
        Act.UNPAUSE: "QueuePause",
        Act.PARK: "Park",
        Act.RETRIEVE: "Originate",
    }
)
"""Acts that every Asterisk can do, and the manager action each needs."""
NOTIFY = "PJSIPNotify"
BY_NOTIFY: Mapping[Act, str] = MappingProxyType({Act.ANSWER: "talk", Act.HOLD: "hold", Act.RESUME: "talk"})
"""Acts of the telephone itself, and the event that asks a telephone for it, where telephones heed such events."""

NOT_POSSIBLE: Mapping[Act, str] = MappingProxyType(
    {
        Act.ANSWER: "Asterisk cannot lift the handset of a telephone: answer on the telephone itself.",
        Act.HOLD: "Asterisk cannot hold for a telephone: use the telephone's own hold key; the screen follows.",
        Act.RESUME: "Asterisk cannot take back for a telephone: use its own hold key; the screen follows.",
        Act.OFFER_TO_TEAM: "Asterisk has no such action: a waiting caller rings where its queue lets them.",
    }
)
CAPABILITIES = Capabilities(frozenset(NEEDS), NOT_POSSIBLE)
"""What an account with the rights of the README can do, with telephones that are asked for nothing."""

RIGHTS: tuple[tuple[str, str, str], ...] = (
    (
        "call",
        "Redirect",
        "calls cannot be ended, transferred, parked or redirected from the screen, and nobody can ask whether a number "
        "that comes without a mark may be shown",
    ),
    ("agent", "QueuePause", "a telephone's queue does not follow “ready” and “away”"),
    ("originate", "Originate", "numbers cannot be dialled from the screen, nor calls listened to or fetched"),
    ("reporting", "CoreStatus", "a restart of the switchboard is not told from a pause"),
)
"""Each right to write: its name, an action that only it brings, and what is not possible without it."""
_SYSTEM = ("system", NOTIFY, "telephones cannot be asked to answer, to hold or to take back (setting phone_events)")
_TOO_MUCH = ("Command", "UpdateConfig", "ModuleLoad")
"""Actions that change the switchboard itself; a console needs none of them."""
_WITH_NOTIFY = "ModuleLoad"
"""The one of these that comes with the right to ask telephones, and cannot be taken away without it."""


def capabilities(commands: frozenset[str], *, phone_events: bool = False) -> Capabilities:
    """Return what an account with these manager actions can do, why not the rest, and what is worth telling its owner.

    ``phone_events`` says that the telephones here heed the events of :data:`BY_NOTIFY`.
    """
    by_notify = dict.fromkeys(BY_NOTIFY, NOTIFY) if phone_events else {}
    needs, impossible = {**NEEDS, **by_notify}, {**NOT_POSSIBLE}
    for act in by_notify:
        del impossible[act]
    if not commands:
        # Nothing was listed: what can be done is what the switchboard lets through when it is asked.
        return Capabilities(frozenset(needs), impossible)
    missing = {act: name for act, name in needs.items() if name not in commands}
    why = {act: _why(name, commands) for act, name in missing.items()}
    said = remarks(commands, phone_events=phone_events)
    return Capabilities(frozenset(needs) - missing.keys(), {**impossible, **why}, remarks=said)


def remarks(commands: frozenset[str], *, phone_events: bool = False) -> tuple[str, ...]:
    """Return one sentence for each right that the account lacks, and one where it may do more than it needs."""
    lacking = tuple(
        f"The account lacks the right write = {right}: {without}."
        for right, action, without in (*RIGHTS, *((_SYSTEM,) if phone_events else ()))
        if action not in commands
    )
    more = [one for one in _TOO_MUCH if one in commands and not (phone_events and one == _WITH_NOTIFY)]
    spare = f"The account may also use {' and '.join(more)}, which change the switchboard: take those rights away."
    return (*lacking, *((spare,) if more else ()))


def _why(action: str, commands: frozenset[str]) -> str:
    """Say whether the account may not, or the switchboard cannot: then all other actions of that right are there."""
    if action == "PlayDTMF" and "Redirect" in commands:
        return "The switchboard has no action PlayDTMF: its module app_senddtmf is not loaded."
    if action == "Park" and "Redirect" in commands:
        return "The switchboard has no action Park: its module res_parking is not loaded."
    return f"The switchboard's account for Nightdesk may not use {action}."
