"""SIP and dialog information as bytes: cut anywhere, folded, shortened, hostile; the proof of a password."""

from __future__ import annotations

import tracemalloc

import pytest

from console.domain.text import NAME_CAP
from telephony_adapters.link.faults import LineDead, NotUnderstood, Unsafe
from telephony_adapters.sip_dialog.digest import Account, Challenge, challenge_of
from telephony_adapters.sip_dialog.document import DIALOG_CAP, NotDialogs, State, Way, read_address, read_document
from telephony_adapters.sip_dialog.protocol import (
    BODY_CAP,
    HEAD_CAP,
    Datagrams,
    Message,
    Stream,
    answer,
    compose,
    parameter,
)
from telephony_adapters.sip_dialog.table import Table
from tests.helpers.dialog_bodies import CALLER, dialog, document, early, terminated

NOTIFY = (
    b"NOTIFY sip:nightdesk@192.0.2.9:5070 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKb\r\n"
    b"f: <sip:1001@pbx.example>;tag=theirs\r\nt: <sip:nightdesk@pbx.example>;tag=ours\r\n"
    b"i: 7f3@192.0.2.9\r\nCSeq: 17 NOTIFY\r\no: dialog\r\nSubscription-State: active;\r\n expires=60\r\n"
    b"l: 4\r\n\r\nbody"
)
OK = b"SIP/2.0 200 OK\r\nCall-ID: x\r\nCSeq: 1 SUBSCRIBE\r\nContent-Length: 0\r\n\r\n"


def test_a_message_is_read_with_short_names_and_folded_lines() -> None:
    (message,) = Datagrams().feed(NOTIFY)
    assert (message.method, message.code, message.body) == ("NOTIFY", 0, b"body")
    assert (message.get("from"), message.get("event")) == ("<sip:1001@pbx.example>;tag=theirs", "dialog")
    assert (message.sequence, len(message.all("via"))) == ((17, "NOTIFY"), 2)
    assert parameter(message.get("subscription-state"), "expires") == "60"
    assert parameter(message.get("to"), "tag") == "ours"
    assert "1001" not in repr(message)


def test_a_stream_may_be_cut_anywhere() -> None:
    stream = b"\r\n\r\n" + NOTIFY + OK + b"\r\n" + NOTIFY
    whole = [repr(one) for one in Stream().feed(stream)]
    assert len(whole) == 3
    for cut in range(1, len(stream)):
        parser = Stream()
        assert [repr(one) for piece in (stream[:cut], stream[cut:]) for one in parser.feed(piece)] == whole
    parser = Stream()
    assert len([one for place in range(len(stream)) for one in parser.feed(stream[place : place + 1])]) == 3


@pytest.mark.parametrize(
    "other", [b"Asterisk Call Manager/11.0.0\r\n", b"HTTP/1.1 400 Bad\r\n\r\n", b"\xff" * 3_000, b"SIP/1.0 200 OK\r\n"]
)
def test_another_language_on_a_stream_is_told_apart_at_once(other: bytes) -> None:
    with pytest.raises(NotUnderstood, match="does not speak SIP"):
        Stream().feed(other)


@pytest.mark.parametrize(
    "bad",
    [
        OK.replace(b"Length: 0", b"Length: x"),
        OK.replace(b"Length: 0", b"Length: -1"),
        OK.replace(b"Length: 0", b"Length: %d" % (BODY_CAP + 1)),
        b"SIP/2.0 200 OK\r\nX: " + b"x" * HEAD_CAP,
        OK + b"nonsense\r\n\r\n",
    ],
    ids=range(5),
)
def test_a_stream_of_which_the_length_cannot_be_believed_is_given_up(bad: bytes) -> None:
    with pytest.raises(LineDead):
        Stream().feed(bad)


@pytest.mark.parametrize("bad", [b"\x00\xff" * 50, NOTIFY[:-2], OK.replace(b"Length: 0", b"Length: x"), b"x" * 60_000])
def test_a_bad_datagram_is_counted_and_the_next_one_still_comes(bad: bytes) -> None:
    parser = Datagrams()
    assert parser.feed(bad) == []
    assert (parser.faults, parser.understood) == (1, False)
    assert len(parser.feed(OK)) == 1


def test_endless_heads_take_no_memory() -> None:
    parser = Stream()
    tracemalloc.start()
    assert parser.feed(b"SIP/2.0 200 OK\r\n" + b"X: y\r\n" * 2_000) == []
    with pytest.raises(LineDead):
        parser.feed(b"X: y\r\n" * 200_000)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_our_answer_carries_what_must_be_copied_and_no_line_of_its_own() -> None:
    (message,) = Datagrams().feed(NOTIFY.replace(b"tag=ours", b"tag=ours\n\x00Evil: yes"))
    sent = answer(message, 200, "OK")
    (read,) = Datagrams().feed(sent)
    assert (read.code, read.all("via"), read.get("cseq")) == (200, message.all("via"), "17 NOTIFY")
    assert read.get("evil") == ""
    with pytest.raises(Unsafe):
        compose("SUBSCRIBE sip:x SIP/2.0", [("To", "a\r\nEvil: yes")])


# --- proof ------------------------------------------------------------------------------------


def asked(header: str, code: int = 401) -> Challenge | None:
    """Return what is made of a challenge."""
    name = "www-authenticate" if code == 401 else "proxy-authenticate"
    return challenge_of(Message("", "", code, "", ((name, header),)))


def test_the_proof_without_qop_is_that_of_the_rfc() -> None:
    """RFC 2069's own example, as RFC 7616 keeps it for old servers (with the erratum's answer)."""
    nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"
    challenge = asked(f'Digest realm="testrealm@host.com", nonce="{nonce}", opaque="5ccc069c403ebaf9f0171e9517f40e41"')
    assert challenge is not None
    account = Account("Mufasa", "CircleOfLife")
    account.take(challenge)
    ((name, value),) = account.proof("GET", "/dir/index.html")
    assert name == "Authorization"
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in value


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_counted_proof_is_never_the_same_twice(algorithm: str) -> None:
    challenge = asked(f'Digest realm="a \\"b\\"", nonce="n", algorithm={algorithm}, qop="auth,auth-int"', 407)
    assert challenge is not None
    account = Account("nightdesk", "secret")
    assert account.proof("SUBSCRIBE", "sip:x") == []
    account.take(challenge)
    ((name, first),), ((_, second),) = account.proof("SUBSCRIBE", "sip:x"), account.proof("SUBSCRIBE", "sip:x")
    assert (name, "nc=00000001" in first, "nc=00000002" in second) == ("Proxy-Authorization", True, True)
    assert 'realm="a \\"b\\""' in first
    assert "secret" not in first


def test_the_strongest_challenge_is_met_and_an_unknown_one_is_not() -> None:
    headers = [f'Digest realm="r", nonce="n", algorithm={one}' for one in ("MD5", "SHA-512-256", "SHA-256")]
    message = Message("", "", 401, "", tuple(("www-authenticate", one) for one in headers))
    best = challenge_of(message)
    assert best is not None
    assert best.algorithm == "SHA-256"
    for unknown in ("Basic realm=x", headers[1], 'Digest realm="r"', 'Digest nonce="n", qop="auth-int"', ""):
        assert asked(unknown) is None


# --- documents --------------------------------------------------------------------------------


def test_a_document_says_who_is_where() -> None:
    body = document(7, dialog("1001", "early", "recipient", CALLER, name="A  Caller", local="sip:01632960001@x:5060"))
    read = read_document(body)
    (one,) = read.dialogs.values()
    assert (read.version, read.full, read.owner) == (7, True, "1001")
    assert (one.state, one.way) == (State.EARLY, Way.RECIPIENT)
    assert one.remote is not None
    assert one.local is not None
    assert (one.remote.user, one.remote.host, one.local.user) == ("02079460123", "pbx.example", "01632960001")
    assert "2079460123" not in repr(one) + repr(read) + repr(one.remote)


@pytest.mark.parametrize(
    ("uri", "user", "host"),
    [
        ("sip:+442079460123@192.0.2.1:5060;user=phone", "+442079460123", "192.0.2.1"),
        ("sips:1001%20b@PBX.example", "1001 b", "pbx.example"),
        ("tel:+442079460123;phone-context=x", "+442079460123", ""),
        ("sip:pbx.example", "", "pbx.example"),
        ("sip:a:secret@b", "a", "b"),
        ("nonsense", "", ""),
        ("", "", ""),
    ],
)
def test_an_address_is_read_however_it_is_written(uri: str, user: str, host: str) -> None:
    address = read_address(uri, "")
    assert (address.user, address.host) == (user, host)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full">&b;</dialog-info>'
)
FILE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + document(0).partition(b"\n")[2].replace(
    b"sip:1001", b"&x;"
)
HOSTILE = [
    BOMB,
    FILE,
    b"<!DOCTYPE dialog-info>" + document(0).partition(b"\n")[2],
    b"<a>" * 100_000,
    document(0, "<x>" * 20 + "</x>" * 20),
    document(0, "<x/>" * 10_000),
    document(0)[:-20],
    document(0).replace(b'encoding="UTF-8"', b'encoding="x-unknown"'),
    document(0).replace(b'version="0"', b'version="-1"'),
    document(0).replace(b'version="0"', b'version="99999999999999999999"'),
    document(0).replace(b'state="full"', b'state="whole"'),
    document(0).replace(b"dialog-info xmlns", b"dialogs xmlns").replace(b"</dialog-info", b"</dialogs"),
    document(0).replace(b"urn:ietf:params:xml:ns:dialog-info", b"urn:other"),
    b"",
    b"\x00\xff" * 500,
    b"not xml",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_honest_document_is_refused_whole(body: bytes) -> None:
    with pytest.raises(NotDialogs) as refused:
        read_document(body)
    assert not refused.value.presence


def test_a_document_of_megabytes_is_read_in_bounded_memory() -> None:
    body = document(0, early(name="x" * 2_000_000))
    (one,) = read_document(body).dialogs.values()
    assert one.remote is not None
    assert len(one.remote.shown) == NAME_CAP
    many = read_document(document(0, *(terminated(f"{number}") for number in range(900))))
    assert len(many.dialogs) == DIALOG_CAP


def test_hostile_texts_become_visible_marks() -> None:
    read = read_document(document(0, early("sip:0207\u202e9460123@x", name="\u200bA <b>&\u2066")))
    (one,) = read.dialogs.values()
    assert one.remote is not None
    assert (one.remote.user, one.remote.shown) == ("0207⟨202E⟩9460123", "⟨200B⟩A <b>&⟨2066⟩")


def test_what_a_dialog_must_say_and_does_not_is_passed_over() -> None:
    odd = ["<dialog><state>early</state></dialog>", '<dialog id="1"/>', '<dialog id="2"><state>lost</state></dialog>']
    assert list(read_document(document(0, *odd, terminated())).dialogs) == ["1001"]


# --- the watcher's table ----------------------------------------------------------------------


def taken(table: Table, version: int, *dialogs: str, state: str = "full") -> bool:
    """Let a table take a document."""
    return table.take(read_document(document(version, *dialogs, state=state)))


def test_a_version_that_is_missing_is_noticed_and_what_came_is_kept() -> None:
    table = Table()
    assert taken(table, 5, early())
    assert not taken(table, 7, terminated(), state="partial")
    assert table.dialogs["1001"].state is State.TERMINATED
    assert taken(table, 8, early(), state="partial")
    assert not taken(table, 10, early())


def test_a_partial_state_before_any_full_one_says_nothing() -> None:
    table = Table()
    assert not taken(table, 0, early(), state="partial")
    assert (table.known, dict(table.dialogs)) == (False, {})


def test_a_switchboard_that_counts_from_the_beginning_again_is_believed_where_it_tells_all() -> None:
    table = Table()
    assert taken(table, 37, early())
    assert taken(table, 0)
    assert not table.dialogs
    assert not taken(table, 0, early(), state="partial")


def test_what_is_over_is_told_once_and_then_forgotten() -> None:
    table = Table()
    taken(table, 0, early())
    taken(table, 1, terminated(), state="partial")
    taken(table, 2, early(owner="1002"), state="partial")
    assert list(table.dialogs) == ["1002"]
