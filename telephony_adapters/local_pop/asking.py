"""What to ask of whoever looks after the telephone program at the desks: never with a secret in it."""

from __future__ import annotations

from telephony_adapters.local_pop.settings import PopSettings

_MAIL = """\
We would like the telephone program at our desks to tell our call-handling console of each call. Please set it, on our \
computers, so that at an incoming call it does one of these, with the caller's number and the line that was rung in \
the places it has for them:

- runs the command   nightdesk pop NUMBER --line LINE
- opens the link     nightdesk://pop?number=NUMBER&line=LINE
{web}
The console only shows the number; it never dials by itself. Where a caller withholds the number, please let the \
program hand over no number, and say so. Which placeholders does the program have for number and line, and can it \
also tell when a call is answered and ends?
"""
_BY_HTTP = "- sends a signed HTTP request to 127.0.0.1, port {port}, of the same computer (never of another)\n"


def ask_for(settings: object) -> str:
    """Return the words; the webhook is named where these :class:`PopSettings` have one."""
    port = settings.webhook_port if isinstance(settings, PopSettings) else 0
    return _MAIL.format(web=_BY_HTTP.format(port=port) if port else "")
