"""Requests to lines.  The guard against emergency numbers stands here, below everything else."""

from __future__ import annotations

from console.domain.lines import NumberKind, emergency_number, read_number
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Capabilities

_WORDS = {Act.PAUSE: "pause", Act.UNPAUSE: "unpause", Act.HANG_UP: "hang-up", Act.ORIGINATE: "dial"}
CAPABILITIES = Capabilities(
    acts=frozenset(_WORDS),
    why_not={act: "A Brickphone has no such thing: use your telephone." for act in Act if act not in _WORDS},
)
EMERGENCY = "Ring it on your own handset: the console never dials an emergency number.  Nothing was dialled."
NO_TELEPHONE = "That is an emergency number and no telephone.  Nothing was asked of the Brickphone."
NO_NUMBER = "That is no number this telephone system dials.  Nothing was dialled."


def planned(action: Action) -> str | ActionAnswer:
    """Return the line that asks for it, without its number, or the answer where nothing may be sent."""
    word = _WORDS.get(action.act)
    if word is None:
        return ActionAnswer(Answer.UNSUPPORTED, CAPABILITIES.why_not[action.act])
    if emergency_number(action.extension):
        return ActionAnswer(Answer.REFUSED, NO_TELEPHONE)
    if action.act is Act.HANG_UP:
        return f"{word} {action.extension} {action.provider_call.replace(' ', '-')}"
    if action.act is not Act.ORIGINATE:
        return f"{word} {action.extension}"
    if emergency_number(action.target):
        return ActionAnswer(Answer.REFUSED, EMERGENCY)
    number = read_number(action.target)
    if number.kind not in (NumberKind.E164, NumberKind.EXTENSION):
        return ActionAnswer(Answer.REFUSED, NO_NUMBER)
    return f"{word} {action.extension} {number.canonical}"
