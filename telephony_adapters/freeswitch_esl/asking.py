"""What to ask of whoever looks after a FreeSWITCH, in words for a mail: never with a secret in it."""

from __future__ import annotations

from telephony_adapters.freeswitch_esl.settings import EslSettings

_MAIL = """\
We would like to connect our call-handling console to the event socket (mod_event_socket) of the switchboard. It reads \
which calls ring, wait and are answered, and lets our staff transfer, park and end their own calls. Please:

- let our network, and nobody else, reach port {port} (apply-inbound-acl);
- make an account of its own in the directory, {user}, with
    esl-password = (a long random one, given to us by telephone)
    esl-allowed-events = all
    esl-allowed-api = show uuid_dump uuid_kill uuid_transfer uuid_bridge uuid_broadcast uuid_phone_event uuid_hold \
uuid_send_dtmf uuid_recv_dtmf originate callcenter_config global_getvar
  and not the socket's common password, which may do everything;
- {way}.

Nothing in the dial plan needs changing.
"""
_TUNNEL = (
    "put the tunnel that speaks TLS on that port, and send us the certificate of the authority that signed its own"
)
_OPEN = (
    "the socket itself does not encrypt, so everybody on the way can read which numbers call us: if a tunnel that "
    "speaks TLS can be put in front of it, tell us its port and send us the certificate of its authority"
)


def ask_for(settings: object) -> str:
    """Return the words, with port, account and TLS as these :class:`EslSettings` say."""
    chosen = settings if isinstance(settings, EslSettings) else EslSettings()
    way = _TUNNEL if chosen.tls else _OPEN
    return _MAIL.format(port=chosen.port, user=chosen.user or "nightdesk@(your domain)", way=way)
