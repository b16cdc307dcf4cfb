"""What to ask of whoever looks after an Asterisk, in words for a mail: never with a secret in it."""

from __future__ import annotations

from telephony_adapters.asterisk_ami.presentation import ASKED
from telephony_adapters.asterisk_ami.rights import RIGHTS
from telephony_adapters.asterisk_ami.settings import AmiSettings

READ = ("call", "agent", "user")
"""Classes of events the account must hear; no question at the log-in tells whether it does."""
_TLS = """
tlsenable = yes
tlsbindaddr = 0.0.0.0:{port}
tlscertfile = /etc/asterisk/keys/pbx.pem
tlsprivatekey = /etc/asterisk/keys/pbx.key"""
_PLAIN = """
port = {port}"""
_CERTIFICATE = (
    "Please send us the certificate of the authority that signed pbx.pem, or read its SHA-256 out to us by telephone."
)
_NO_TLS = (
    "Without TLS everybody on the way can read which numbers call us. If the switchboard can speak TLS, please tell us "
    "its port (5039 is usual) and send us the certificate of the authority that signed its own."
)
_NO_SYSTEM = "The account needs no right to system, command, config or all; please do not give them."
_SYSTEM = (
    "The right to system is for one thing: asking a telephone to answer, to hold and to take back (PJSIPNotify, module "
    "res_pjsip_notify). It may do much more; if you would rather not give it, tell us, and our staff use the "
    "telephones' own keys. The account needs no right to command, config or all; please do not give them."
)
_MAIL = """\
We would like to connect our call-handling console to the manager interface (AMI) of the switchboard. It reads which \
calls ring, wait and are answered, and lets our staff transfer, park and end their own calls. Please make an account \
for it in manager.conf, and let our network reach port {port}:

[general]
enabled = yes
timestampevents = yes{listens}
channelvars = {variables}

[{user}]
secret = (a long random one, given to us by telephone)
deny = 0.0.0.0/0.0.0.0
permit = (our network)
read = {read}
write = {write}

Please add NOTHING ELSE to channelvars. With CHANNEL(pjsip,...) in it Asterisk 22 froze within one call, and only a \
kill of its process helped. {system}

Modules: app_chanspy (supervisors listen), res_parking (park), app_senddtmf (digits, and three together). In \
features.conf, [featuremap]: atxfer = *2, for transfers with asking first.

{certificate}
"""


def ask_for(settings: object) -> str:
    """Return the words, with port, account and TLS as these :class:`AmiSettings` say."""
    chosen = settings if isinstance(settings, AmiSettings) else AmiSettings()
    return _MAIL.format(
        port=chosen.port,
        listens=(_TLS if chosen.tls else _PLAIN).format(port=chosen.port),
        variables=",".join(ASKED),
        user=chosen.user or "nightdesk",
        read=",".join(READ),
        write=",".join([right for right, _, _ in RIGHTS] + (["system"] if chosen.phone_events else [])),
        system=_SYSTEM if chosen.phone_events else _NO_SYSTEM,
        certificate=_CERTIFICATE if chosen.tls else _NO_TLS,
    )
