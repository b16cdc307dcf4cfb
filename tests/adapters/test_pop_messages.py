"""What a program at the desk may say of a call: messages, links, products' fields, and the rules of the door."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.calls import Presentation, Unmarked
from console.domain.lines import USUAL
from console.domain.text import BadInput
from telephony_adapters.local_pop.message import (
    BadPop,
    Event,
    LinkNotTaken,
    Pop,
    read_link,
    read_pop,
    read_ring_link,
)
from telephony_adapters.local_pop.protocol import BODY_CAP, NotTaken, Reader, Request, answer
from telephony_adapters.local_pop.settings import PopSettings, checked
from telephony_adapters.local_pop.signing import AT_ONCE, KEY, SIGNATURE, TIME, Gate, sign

NUMBER = "01632 960123"
NOW = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)


def pop(unmarked: Unmarked = Unmarked.SHOW, **fields: str) -> Pop:
    """Return what the fields say."""
    return read_pop(fields, unmarked)


# --- fields --------------------------------------------------------------------------------------


def test_a_number_and_nothing_else_rings() -> None:
    made = pop(number=NUMBER)
    assert (made.event, made.number, made.presentation) == (Event.RINGING, NUMBER, Presentation.UNKNOWN)


@pytest.mark.parametrize(
    ("fields", "presentation"),
    [
        ({"number": "withheld"}, Presentation.WITHHELD),
        ({"number": "Anonymous"}, Presentation.WITHHELD),
        ({"number": NUMBER, "presentation": "withheld", "name": "A Caller"}, Presentation.WITHHELD),
        ({"number": ""}, Presentation.UNAVAILABLE),
        ({"number": "0000"}, Presentation.UNAVAILABLE),
        ({"number": NUMBER, "presentation": "unavailable"}, Presentation.UNAVAILABLE),
    ],
)
def test_a_withheld_number_is_nowhere_in_what_is_read(fields: dict[str, str], presentation: Presentation) -> None:
    made = read_pop(fields, Unmarked.SHOW)
    assert (made.number, made.name, made.presentation) == ("", "", presentation)
    assert "960123" not in repr(made)


def test_a_number_without_a_mark_is_hidden_where_the_site_says_so() -> None:
    hidden = pop(Unmarked.HIDE, number=NUMBER)
    assert (hidden.number, hidden.hidden) == ("", True)
    assert "960123" not in repr(hidden)
    shown = pop(Unmarked.HIDE, number=NUMBER, presentation="allowed")
    assert (shown.number, shown.hidden) == (NUMBER, False)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "A Caller"},
        {"number": "call me"},
        {"number": "%CallerNumber%"},
        {"number": "1" * 40},
        {"number": "01632 960123; rm"},
        {"number": NUMBER, "event": "dial"},
        {"number": NUMBER, "id": "a b"},
        {"number": NUMBER, "id": "x" * 81},
        {"number": NUMBER, "id": "\u0661\u0662"},
        {"number": NUMBER, "extension": "1001; 999"},
        {"number": NUMBER, "line": "../etc"},
        {"number": NUMBER, "by": "nobody"},
        {"number": NUMBER, "presentation": "maybe"},
        {"number": NUMBER, "diverted_from": "<script>"},
    ],
)
def test_what_is_no_number_no_known_word_and_no_id_is_refused_and_not_repeated(fields: dict[str, str]) -> None:
    with pytest.raises(BadPop) as refused:
        read_pop(fields, Unmarked.SHOW)
    assert "Nothing was changed" in str(refused.value)
    for value in fields.values():
        assert len(value) < 3 or value not in str(refused.value)


def test_a_name_is_only_ever_text() -> None:
    assert pop(number=NUMBER, name="A\u202eB\x00<b>" + "x" * 500).name.startswith("A⟨202E⟩B␀<b>x")
    assert len(pop(number=NUMBER, name="x" * 500).name) <= 80


def test_messages_about_one_number_are_alike_however_it_is_written() -> None:
    assert pop(number=NUMBER).same == pop(number="+441632960123").same != pop(number="01632 960124").same
    assert pop(number="withheld").same == pop(number="Withheld").same


# --- links ---------------------------------------------------------------------------------------


def test_a_link_says_what_the_command_says() -> None:
    fields = read_link("nightdesk://pop?number=%2B441632960123&line=hampshire-children&name=A+Caller&event=answered")
    assert fields == {
        "number": "+441632960123", "line": "hampshire-children", "name": "A Caller", "event": "answered"
    }  # fmt: skip


@pytest.mark.parametrize(
    "link",
    [
        "nightdesk:",
        "nightdesk://dial?number=01632960123",
        "nightdesk://pop/dial?number=01632960123",
        "nightdesk://pop",
        "nightdesk://pop?number",
        "nightdesk://pop?number=01632960123&number=01632960124",
        "nightdesk://pop?number=01632960123&dial=true",
        "nightdesk://pop?number=01632960123#x",
        "nightdesk://user@pop?number=01632960123",
        "nightdesk://[pop?number=01632960123",
        "nightdesk://po\u2100p?number=01632960123",
        "nightdesk://pop?" + "&".join(f"number={n}" for n in range(50)),
        "nightdesk://pop?number=" + "0" * 3000,
    ],
)
def test_a_link_that_says_anything_else_is_refused(link: str) -> None:
    with pytest.raises(LinkNotTaken, match=r"Nothing was changed\.$"):
        read_link(link)


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("tel:01632960123", "01632960123"),
        ("TEL:+44-1632-960123", "+44-1632-960123"),
        ("tel:+441632960123;ext=7", "+441632960123"),
        ("callto://01632%20960123", "01632 960123"),
        ("callto:01632960123?chat", "01632960123"),
    ],
)
def test_a_link_to_a_number_is_read(link: str, number: str) -> None:
    assert read_ring_link(link, USUAL) == number


@pytest.mark.parametrize("number", ["999", "112", "18000", "9999", "9112", "+44999", "00 44 999", "9%2099", "141999"])
def test_a_link_to_an_emergency_number_is_never_taken(number: str) -> None:
    with pytest.raises(LinkNotTaken, match="on your handset"):
        read_ring_link(f"tel:{number}", USUAL)


@pytest.mark.parametrize("link", ["tel:", "callto:a.name", "tel:javascript:x", "mailto:01632960123"])
def test_a_link_without_a_number_is_refused(link: str) -> None:
    with pytest.raises(LinkNotTaken, match="no telephone number"):
        read_ring_link(link, USUAL)


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (PopSettings(webhook_port=8123), "no secret to sign with"),
        (PopSettings(webhook_port=8123, secret="short"), "no secret to sign with"),
        (PopSettings(webhook_port=80, secret="x" * 40), "webhook_port is 80"),
        (PopSettings(replay_s=5), "replay_s is 5"),
        (PopSettings(ring_ends_s=1), "ring_ends_s is 1"),
        (PopSettings(extension="ten"), "extension may hold"),
    ],
)
def test_settings_that_cannot_be_used_are_said(settings: PopSettings, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        checked(settings)


def test_the_webhook_is_off_unless_somebody_sets_it() -> None:
    assert checked(PopSettings()).webhook_port == 0


# --- the request ---------------------------------------------------------------------------------

WHOLE = b'POST /pop HTTP/1.1\r\nHost: 127.0.0.1:8123\r\nContent-Length: 4\r\n\r\n{"a"'


@given(st.integers(1, len(WHOLE)))
def test_a_request_is_the_same_however_it_is_cut(size: int) -> None:
    reader, found = Reader(), []
    for start in range(0, len(WHOLE), size):
        found.append(reader.feed(WHOLE[start : start + size]))
    assert found[-1] == Request("POST", "/pop", {"host": "127.0.0.1:8123", "content-length": "4"}, b'{"a"')
    assert found[:-1] == [None] * (len(found) - 1)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\r\n\r\n", 400),
        (b"POST /pop HTTP/2\r\n\r\n", 400),
        (b"POST /p op HTTP/1.1\r\n\r\n", 400),
        (b"POST /" + b"x" * 300 + b" HTTP/1.1\r\n\r\n", 400),
        (b"POST /pop HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"POST /pop HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
        (b"POST /pop HTTP/1.1\r\nA: \xff\r\n\r\n", 400),
        (b"POST /pop HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"POST /pop HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST /pop HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /pop HTTP/1.1\r\nContent-Length: 1\r\n\r\nab", 400),
        (b"POST /pop HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST /pop HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY_CAP + 1), 413),
        (b"POST /pop HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", 400),
        (b"POST /pop HTTP/1.1\r\n" + b"A: b\r\n" * 2000, 431),
        (b"POST /pop HTTP/1.1\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(70)) + b"\r\n", 431),
    ],
)
def test_what_is_not_plainly_one_short_request_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(NotTaken) as refused:
        Reader().feed(data)
    assert refused.value.status == status


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(data: bytes) -> None:
    with suppress(NotTaken):
        Reader().feed(data + b"\r\n\r\n")


def test_an_answer_says_what_was_wrong_and_nothing_that_was_sent() -> None:
    head, _, body = answer(HTTPStatus.FORBIDDEN, "This is not taken.").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert b"Access-Control" not in head
    assert json.loads(body) == {"said": "This is not taken."}


# --- who may say it ------------------------------------------------------------------------------


def signed(body: bytes = b"{}", *, at: datetime = NOW, key: str = "key-00000001", path: str = "/pop") -> Request:
    """Return a request as a program that knows the secret sends it."""
    stamp = str(int(at.timestamp()))
    headers = {"host": "127.0.0.1:8123", TIME: stamp, KEY: key, SIGNATURE: sign("secret", stamp, key, path, body)}
    return Request("POST", path, headers, body)


def changed(request: Request, **headers: str) -> Request:
    """Return the request with other headers."""
    return Request(request.method, request.path, {**request.headers, **headers}, request.body)


def gate() -> Gate:
    """Return a door that lets the last two minutes in."""
    return Gate("secret", 8123, 120)


def status_of(door: Gate, request: Request) -> HTTPStatus:
    """Return why a request is not taken."""
    with pytest.raises(NotTaken) as refused:
        door.check(request, 0.0, NOW)
    return refused.value.status


def test_the_signature_is_hmac_sha256_over_time_key_path_and_body() -> None:
    # As `openssl dgst -sha256 -hmac secret` has it, for whoever signs in another language.
    assert sign("secret", "1796163240", "key-00000001", "/pop", b"{}") == (
        "cdfa1c556520d748d018897f6ab7bba3e608f1ddd07c082482ad83812ad5f8fa"
    )


def test_a_signed_message_is_taken_once() -> None:
    door = gate()
    assert door.check(signed(), 0.0, NOW)
    assert not door.check(signed(), 1.0, NOW)
    assert status_of(door, signed(b'{"a":1}')) == HTTPStatus.CONFLICT
    assert door.check(signed(b'{"a":1}', key="key-00000002"), 2.0, NOW)


@pytest.mark.parametrize("seconds", [-121, 121, 86_400])
def test_a_message_from_another_time_is_refused(seconds: int) -> None:
    at = datetime.fromtimestamp(NOW.timestamp() + seconds, UTC)
    assert status_of(gate(), signed(at=at)) == HTTPStatus.UNAUTHORIZED


def test_a_message_cannot_be_replayed_when_its_key_is_forgotten() -> None:
    door, later = gate(), datetime.fromtimestamp(NOW.timestamp() + 300, UTC)
    assert door.check(signed(), 0.0, NOW)
    with pytest.raises(NotTaken):
        door.check(signed(), 300.0, later)


def test_what_was_signed_before_the_door_was_open_is_refused_unless_the_clock_was_put_back() -> None:
    door = Gate("secret", 8123, 120, (50.0, NOW))
    just_before = datetime.fromtimestamp(NOW.timestamp() - 1, UTC)
    with pytest.raises(NotTaken, match="before the console listened"):
        door.check(signed(at=just_before), 51.0, NOW)
    assert door.check(signed(), 51.0, NOW)
    # After the window, a time that is older than the opening is one of a clock that was put back meanwhile.
    assert door.check(signed(at=just_before, key="key-00000002"), 171.0, just_before)


@pytest.mark.parametrize("name", [TIME, KEY, SIGNATURE])
@pytest.mark.parametrize("value", ["", "x", "0" * 64])
def test_a_message_whose_signature_is_not_right_is_refused(name: str, value: str) -> None:
    assert status_of(gate(), changed(signed(), **{name: value})) == HTTPStatus.UNAUTHORIZED


def test_a_signature_holds_for_its_path_and_body_alone() -> None:
    right = signed()
    assert status_of(gate(), Request("POST", "/ring", right.headers, right.body)) == HTTPStatus.UNAUTHORIZED
    assert status_of(gate(), Request("POST", "/pop", right.headers, b"{ }")) == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("host", ["", "127.0.0.1", "evil.example:8123", "evil.example", "127.0.0.1:80", "[::1]:8123"])
def test_who_found_this_computer_by_another_name_is_refused(host: str) -> None:
    assert status_of(gate(), changed(signed(), host=host)) == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("header", ["origin", "sec-fetch-site", "referer"])
def test_a_page_in_a_browser_is_refused_even_with_a_right_signature(header: str) -> None:
    assert status_of(gate(), changed(signed(), **{header: "null"})) == HTTPStatus.FORBIDDEN


def test_too_many_at_once_wait_a_moment_and_are_taken_then() -> None:
    door = gate()
    for number in range(int(AT_ONCE)):
        assert door.check(signed(key=f"key-{number:08}"), 1.0, NOW)
    last = signed(key="key-of-the-last")
    with pytest.raises(NotTaken) as refused:
        door.check(last, 1.0, NOW)
    assert refused.value.status == HTTPStatus.TOO_MANY_REQUESTS
    assert door.check(last, 2.0, NOW)


def test_strangers_do_not_use_up_what_others_may_send() -> None:
    door = gate()
    for _ in range(500):
        status_of(door, changed(signed(), **{SIGNATURE: sha256(b"x").hexdigest()}))
    assert door.check(signed(), 0.0, NOW)
