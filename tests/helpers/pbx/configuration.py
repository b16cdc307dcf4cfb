"""The configuration of the test Asterisk, written for each run: its own folder, its own free ports.

Four telephones (1001 to 1004) and one that a test may put there (1005), one queue (oohs: 1001 and 1002), the eight
lines of the councils (01632 960001 to 960008), a trunk (callers at 127.0.0.2), one manager account with the rights of
telephony.md 2, a smaller one and a larger, the manager interface in TLS as well, five parking places, and the
switchboard's own log of every channel (``own_log``).  Nothing has a route out: 9 and a number kept for drama reach
whoever listens at ``world_port``, and an emergency number ends inside.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from db.postgres.certificates import make_certificates
from tests.helpers.pbx.ports import free_port

LINE = "01632960001"
DESK = "01632960100"
"""Our own number, which those we ring see."""
QUEUE = "oohs"
SECOND_CAR_PARK = "beside"
"""A car park that counts its places from the same number as the first."""
MEMBERS = ("1001", "1002")
EXTENSIONS = ("1001", "1002", "1003", "1004")
HEEDING = "1005"
"""A telephone known to the switchboard, and on no desk until a test puts it there (``heeding``)."""
TRUNK = "127.0.0.2"
"""The outside world's address, by which Asterisk knows the trunk."""

SMALL = "small"
"""A second account, with the right to calls alone."""
LARGE = "large"
"""A third account, which may ask the telephones themselves: that needs the right to the system."""
TLS_NAME = "localhost"
"""The name in the certificate of its manager interface; the authority is ``AUTHORITY`` in its folder of keys."""
AUTHORITY, SERVER, SERVER_KEY = "authority.pem", "server.pem", "server.key"
OWN_LOG = "channels.csv"
"""What the switchboard itself writes of every channel, in its folder of logs."""
OWN_LOG_FIELDS = ("eventtype", "eventtime", "num", "exten", "context", "channame", "uniqueid", "linkedid")

# fmt: off
MODULES = (
    "res_pjproject", "res_sorcery_astdb", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_realtime",
    "res_http_websocket", "res_timing_timerfd", "res_musiconhold", "res_rtp_asterisk", "res_speech",
    "res_pjsip", "res_pjsip_session", "res_pjsip_authenticator_digest", "res_pjsip_caller_id",
    "res_pjsip_diversion", "res_pjsip_endpoint_identifier_ip", "res_pjsip_endpoint_identifier_user",
    "res_pjsip_header_funcs", "res_pjsip_dtmf_info", "res_pjsip_logger", "res_pjsip_notify", "res_pjsip_pubsub",
    "res_pjsip_refer", "res_pjsip_registrar", "res_pjsip_rfc3326", "res_pjsip_rfc3329", "res_pjsip_sdp_rtp",
    "res_pjsip_path", "res_pjsip_nat", "res_pjsip_outbound_publish", "res_pjsip_outbound_registration",
    "res_pjsip_publish_asterisk", "res_pjsip_exten_state", "res_pjsip_mwi", "res_pjsip_messaging",
    "res_pjsip_dialog_info_body_generator",
    "res_pjsip_acl", "res_pjsip_empty_info", "res_pjsip_send_to_voicemail", "res_pjsip_one_touch_record_info",
    "res_pjsip_t38", "res_pjsip_transport_websocket", "chan_pjsip", "pbx_config", "codec_ulaw", "codec_alaw",
    "codec_gsm", "codec_resample", "format_gsm", "format_pcm", "bridge_builtin_features",
    "bridge_builtin_interval_features", "bridge_holding", "bridge_native_rtp", "bridge_simple",
    "bridge_softmix", "app_dial", "app_queue", "app_playback", "app_echo", "app_userevent", "app_stack",
    "app_chanspy", "app_confbridge", "app_verbose", "res_cdrel_custom", "cel_custom", "func_callerid",
    "func_channel", "func_strings", "func_logic", "func_global", "func_pjsip_endpoint", "func_pjsip_contact",
    "func_pjsip_aor", "func_base64", "res_parking", "app_senddtmf",
)
# fmt: on
"""Only what a call centre uses: starts in a second instead of six."""


@dataclass(frozen=True, slots=True)
class PbxPlan:
    """Ports and secrets of one run."""

    sip_port: int = field(default_factory=free_port)
    world_port: int = field(default_factory=free_port)
    ami_port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    ami_user: str = "nightdesk"
    ami_secret: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)
    phone_secret: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)
    more: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What is added to the end of a file of the configuration, by its name."""
    instead: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What stands in the place of a file, or beside the others."""


def _asterisk(root: Path, inside: str) -> str:
    # Asterisk 16's Debian has them in one folder for every machine, 22's in one for each.
    modules = next(place for one in ("asterisk", "*/asterisk") for place in root.glob(f"usr/lib/{one}/modules"))
    places = {
        "astetcdir": f"{inside}/etc",
        "astmoddir": f"/{modules.relative_to(root)}",
        "astvarlibdir": "/var/lib/asterisk",
        "astdatadir": "/usr/share/asterisk",
        "astdbdir": f"{inside}/db",
        "astkeydir": f"{inside}/keys",
        "astspooldir": f"{inside}/spool",
        "astrundir": f"{inside}/run",
        "astlogdir": f"{inside}/log",
    }
    lines = "\n".join(f"{name} => {place}" for name, place in places.items())
    return f"[directories]\n{lines}\n\n[options]\nhideconnect = yes\n"


def _modules() -> str:
    return "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in MODULES)


def _manager(plan: PbxPlan, inside: str) -> str:
    return f"""[general]
enabled = yes
bindaddr = 127.0.0.1
port = {plan.ami_port}
timestampevents = yes
tlsenable = yes
tlsbindaddr = 127.0.0.1:{plan.tls_port}
tlscertfile = {inside}/keys/{SERVER}
tlsprivatekey = {inside}/keys/{SERVER_KEY}

[{plan.ami_user}]
secret = {plan.ami_secret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.0/255.0.0.0
read = call,agent,user
write = call,agent,originate,reporting

[{SMALL}]
secret = {plan.ami_secret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.0/255.0.0.0
read = call,agent,user
write = call

[{LARGE}]
secret = {plan.ami_secret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.0/255.0.0.0
read = call,agent,user
write = call,agent,originate,reporting,system
"""


def _phone(extension: str, plan: PbxPlan) -> str:
    return f"""
[{extension}]
type = endpoint
context = from-internal
disallow = all
allow = ulaw
direct_media = no
media_address = 127.0.0.1
rtp_symmetric = yes
send_pai = yes
device_state_busy_at = 2
auth = {extension}
aors = {extension}
callerid = "Telephone {extension}" <{extension}>
[{extension}]
type = aor
max_contacts = 1
remove_existing = yes
[{extension}]
type = auth
auth_type = userpass
username = {extension}
password = {plan.phone_secret}
"""


def _pjsip(plan: PbxPlan) -> str:
    head = f"""[global]
type = global
endpoint_identifier_order = ip,username

[udp]
type = transport
protocol = udp
bind = 127.0.0.1:{plan.sip_port}

[tcp]
type = transport
protocol = tcp
bind = 127.0.0.1:{plan.sip_port}

[trunk]
type = endpoint
context = from-trunk
disallow = all
allow = ulaw
direct_media = no
media_address = 127.0.0.1
trust_id_inbound = yes
aors = trunk
[trunk]
type = aor
contact = sip:127.0.0.1:{plan.world_port}
[trunk]
type = identify
endpoint = trunk
match = {TRUNK}
"""
    return head + "".join(_phone(extension, plan) for extension in (*EXTENSIONS, HEEDING))


def _queues() -> str:
    members = "\n".join(f"member => PJSIP/{e},0,Telephone {e},PJSIP/{e}" for e in MEMBERS)
    return f"""[general]
persistentmembers = no
autofill = yes

[{QUEUE}]
strategy = ringall
timeout = 20
retry = 1
ringinuse = no
joinempty = yes
{members}
"""


_EXTENSIONS = f"""[general]
static = yes
writeprotect = yes

[from-trunk]
exten => _0163296000[1-8],1,Answer()
 same => n,Queue({QUEUE},tT,,,120)
 same => n,Hangup()
exten => _X.,1,Hangup(1)

[from-internal]
exten => _100X,hint,PJSIP/${{EXTEN}}
exten => _100X,1,Dial(PJSIP/${{EXTEN}},30,tT)
 same => n,Hangup()
exten => 999,1,Goto(emergency,999,1)
exten => 9999,1,Goto(emergency,999,1)
exten => 112,1,Goto(emergency,112,1)
exten => 9112,1,Goto(emergency,112,1)
exten => _901632960XXX,1,Goto(outside,${{EXTEN:1}},1)
exten => _907700900XXX,1,Goto(outside,${{EXTEN:1}},1)
exten => _X.,1,Hangup(21)

[outside]
exten => _X.,1,Set(CALLERID(num)={DESK})
 same => n,Dial(PJSIP/${{EXTEN}}@trunk,30,tT)
 same => n,Hangup()

[emergency]
exten => _X.,1,UserEvent(EmergencyDialled,Number: ${{EXTEN}},From: ${{CALLERID(num)}})
 same => n,Answer()
 same => n,Wait(1)
 same => n,Hangup()
"""
_EVENTS = "[general]\nenable = yes\nevents = ALL\n"
_LOGGER = "[general]\n[logfiles]\nfull => notice,warning,error\n"
_RTP = "[general]\nrtpstart = 20000\nrtpend = 20999\n"
_TONES = "[general]\ncountry = uk\n[uk]\ndescription = UK\nring = 400+450/400,0/200,400+450/400,0/2000\n"
_PARKING = (
    "[general]\n[default]\nparkext = 700\nparkpos = 701-705\ncontext = parkedcalls\nparkingtime = 120\n"
    f"[{SECOND_CAR_PARK}]\nparkpos = 701-705\ncontext = parkedbeside\nparkingtime = 120\n"
)
_MUSIC = "[default]\nmode = files\ndirectory = /usr/share/asterisk/moh\n"


def write_configuration(root: Path, inside: str, plan: PbxPlan) -> None:
    """Write every file of ``inside`` (a folder as seen from the chroot at ``root``)."""
    outside = root / inside.lstrip("/")
    for folder in ("etc", "db", "keys", "spool", "run", "log"):
        (outside / folder).mkdir(parents=True, exist_ok=True)
    make_certificates(outside / "keys", [TLS_NAME], datetime.now(UTC))
    files = {
        "asterisk.conf": _asterisk(root, inside),
        "modules.conf": _modules(),
        "manager.conf": _manager(plan, inside),
        "pjsip.conf": _pjsip(plan),
        "queues.conf": _queues(),
        "extensions.conf": _EXTENSIONS,
        "logger.conf": _LOGGER,
        "rtp.conf": _RTP,
        "musiconhold.conf": _MUSIC,
        "features.conf": "[general]\ntransferdigittimeout = 1\n[featuremap]\natxfer = *2\n",
        "res_parking.conf": _PARKING,
        "confbridge.conf": "[general]\n[default_bridge]\ntype = bridge\n[default_user]\ntype = user\n",
        "http.conf": "[general]\nenabled = no\n",
        "cdr.conf": "[general]\nenable = no\n",
        "cel.conf": _EVENTS,
        "cel_custom.conf": f"[{inside}/log/{OWN_LOG}]\nfields = {','.join(OWN_LOG_FIELDS)}\n",
        "acl.conf": "",
        "udptl.conf": "[general]\n",
        "ccss.conf": "[general]\n",
        "stasis.conf": "",
        "indications.conf": _TONES,
        "pjproject.conf": "[startup]\nlog_mappings = no\n",
        "pjsip_notify.conf": "",
    }
    for name, text in {**files, **plan.instead}.items():
        (outside / "etc" / name).write_text(text + plan.more.get(name, ""), encoding="utf-8")
