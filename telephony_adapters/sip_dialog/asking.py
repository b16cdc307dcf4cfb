"""What to ask of whoever looks after a telephone system that is only watched: never with a secret in it."""

from __future__ import annotations

from telephony_adapters.sip_dialog.settings import SipSettings, Transport

_MAIL = """\
We would like our call-handling console to see which of our telephones ring and are in use, as the lamps of a \
reception telephone do (SIP dialog events, RFC 4235). It asks nothing of any telephone. Please:

- make an account as a telephone has one, {user}, with a long random password, given to us by telephone;
- let it subscribe to dialog events of these telephones: {telephones};
- let one computer of ours reach port {port} by {transport}, and let notifications come back to it: no address \
translation in between;
- tell us whether a caller who withholds the number is shown as anonymous, or with the number.

On Asterisk: a hint for each of these telephones in the account's context, and the modules res_pjsip_exten_state and \
res_pjsip_dialog_info_body_generator.{tls}
"""
_CERTIFICATE = "\n\nPlease send us the certificate of the authority that signed the system's own."


def ask_for(settings: object) -> str:
    """Return the words, with account, telephones and transport as these :class:`SipSettings` say."""
    chosen = settings if isinstance(settings, SipSettings) else SipSettings()
    return _MAIL.format(
        user=chosen.user or "(a name you choose)",
        telephones=" ".join(chosen.watched) or "(the extensions of our telephones)",
        port=chosen.port,
        transport=chosen.transport.value.upper(),
        tls=_CERTIFICATE if chosen.transport is Transport.TLS else "",
    )
