"""What may be asked of a telephone system that is only watched: nothing."""

from __future__ import annotations

from console.ports.switchboard import Act, ActionAnswer, Answer, Capabilities

_ONLY_WATCHED = (
    "This telephone system is only watched (SIP dialog events): nothing can be asked of it from the screen. Use the "
    "telephone itself."
)
CAPABILITIES = Capabilities(frozenset(), dict.fromkeys(Act, _ONLY_WATCHED))
NOTHING = ActionAnswer(Answer.UNSUPPORTED, _ONLY_WATCHED)
"""The answer to every request."""
