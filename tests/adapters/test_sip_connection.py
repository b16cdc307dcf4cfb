"""A real connection, by UDP and by TCP, to a fake telephone system: log-in, loss and return, bursts, refusals."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    LegEnded,
    LinkState,
    NumberLearned,
    SnapshotTaken,
)
from console.domain.text import BadInput
from db.postgres.certificates import Certificates, make_certificates
from telephony_adapters.contract.heard import Heard
from telephony_adapters.sip_dialog.connection import SipDialogConnection, connect
from telephony_adapters.sip_dialog.settings import MOST, SipSettings, Transport
from tests.helpers.dialog_bodies import WITHHELD, confirmed, document, early, terminated
from tests.helpers.fake_notifier import SECRET, USER, FakeNotifier, Manner, reaching
from ui.cli import main

BOTH = pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
Change = Callable[[SipSettings], SipSettings]


@contextmanager
def connected(
    manner: Manner | None = None,
    transport: Transport = Transport.UDP,
    change: Change = lambda chosen: chosen,
) -> Iterator[tuple[FakeNotifier, Heard]]:
    """Yield a fake, and what a started connection to it reports."""
    with FakeNotifier(manner) as pbx:
        heard, connection = Heard(), SipDialogConnection(change(reaching(pbx.port, "1001, 1002", transport)))
        connection.start(heard)
        try:
            yield pbx, heard
        finally:
            connection.stop()
    assert connection.failures == 0


@BOTH
def test_a_call_is_told_from_ring_to_end(transport: Transport) -> None:
    with connected(transport=transport) as (pbx, heard):
        link = heard.wait_link(LinkState.CONNECTED)[0]
        assert (link.only_watched, link.boot, link.sentence) == (True, "", "")
        assert heard.wait(SnapshotTaken)[0].calls == frozenset()
        pbx.tell("1001", early(name="A Caller"))
        pbx.tell("1002", early(owner="1002"))
        heard.wait(Alerting, 2)
        pbx.tell("1001", confirmed())
        pbx.tell("1002", terminated("1002"))
        heard.wait(LegEnded)
        pbx.tell("1001", terminated())
        ended = heard.wait(CallEnded)[0]
        assert {ended.call} == {fact.call for fact in heard.all(CallBegan)}
        assert [fact.name for fact in heard.all(NumberLearned)] == ["A Caller"]
        # Every notification was answered, the two first ones among them.
        assert {one.code for one in pbx.wait_answers(7)} == {200}


@BOTH
@pytest.mark.parametrize(
    ("challenge", "code"),
    [
        ("algorithm=MD5", 401),
        ('algorithm=SHA-256, qop="auth"', 401),
        ('algorithm=MD5, qop="auth,auth-int"', 407),
        ("", 401),
    ],
)
def test_every_way_of_asking_for_the_password_is_met(transport: Transport, challenge: str, code: int) -> None:
    with connected(Manner(challenge=challenge, code=code), transport) as (pbx, heard):
        heard.wait_link(LinkState.CONNECTED)
        assert all(SECRET not in str(one.headers) for one in pbx.requests)


@pytest.mark.expects_log
def test_a_refused_password_is_said_in_a_sentence() -> None:
    with connected(change=lambda chosen: replace(chosen, secret="wrong horse")) as (_, heard):
        refused = heard.wait_link(LinkState.REFUSED)[0]
        assert "did not accept the account nightdesk" in refused.sentence
        assert not refused.foreign
        assert "horse" not in refused.sentence


@pytest.mark.expects_log
def test_a_telephone_nobody_lets_us_watch_is_said_and_the_others_are_watched() -> None:
    with connected(Manner(refuse={"1002": 404})) as (pbx, heard):
        assert "may not watch 1002 (404 No)" in heard.wait_link(LinkState.CONNECTED)[0].sentence
        pbx.tell("1001", early())
        heard.wait(Alerting)


@BOTH
def test_whoever_leaves_gives_the_subscriptions_back(transport: Transport) -> None:
    with FakeNotifier() as pbx:
        heard, connection = Heard(), SipDialogConnection(reaching(pbx.port, transport=transport))
        connection.start(heard)
        heard.wait_link(LinkState.CONNECTED)
        asked = len(pbx.wait_requests("SUBSCRIBE", 3))
        connection.stop()
        given_back = pbx.wait_requests("SUBSCRIBE", asked + 2)[-2:]
        assert [one.get("expires") for one in given_back] == ["0", "0"]
        assert {one.get("call-id") for one in given_back} == {one.get("call-id") for one in pbx.requests}


def test_what_is_lost_on_the_way_is_asked_again() -> None:
    with connected(Manner(lose=3)) as (_, heard):
        heard.wait_link(LinkState.CONNECTED)


def test_a_missed_notification_is_noticed_and_everything_asked_anew() -> None:
    with connected() as (pbx, heard):
        heard.wait_link(LinkState.CONNECTED)
        pbx.tell("1001", early())
        heard.wait(Alerting)
        asked = len(pbx.wait_requests("SUBSCRIBE", 3))
        pbx.tell("1001", early(), state="partial", skip=4)
        again = pbx.wait_requests("SUBSCRIBE", asked + 1)[-1]
        assert "tag=" in again.get("to")


@pytest.mark.expects_log
def test_a_clean_close_is_a_loss_and_it_returns_to_the_same_call() -> None:
    with connected(transport=Transport.TCP) as (pbx, heard):
        heard.wait_link(LinkState.CONNECTED)
        pbx.tell("1001", early())
        heard.wait(Alerting)
        pbx.manner.first = {"1001": document(0, confirmed())}
        pbx.hang_up()
        assert "Calls still ring on the telephones" in heard.wait_link(LinkState.LOST)[0].sentence
        again = heard.wait(SnapshotTaken, 2)[1]
        assert (again.calls, again.joined_late) == (frozenset({heard.all(CallBegan)[0].call}), frozenset())
        heard.wait(Answered)
        assert len(heard.all(CallBegan)) == 1


def test_a_subscription_that_the_switchboard_ends_is_taken_up_again_without_a_loss() -> None:
    with connected() as (pbx, heard):
        heard.wait_link(LinkState.CONNECTED)
        pbx.tell("1001", early())
        heard.wait(Alerting)
        pbx.manner.first = {"1001": document(0, confirmed())}
        pbx.tell("1001", early(), subscription="terminated;reason=deactivated")
        heard.wait(Answered)
        assert len(heard.all(SnapshotTaken)) == 1


@pytest.mark.expects_log
@BOTH
def test_presence_instead_of_dialogs_is_refused_in_words(transport: Transport) -> None:
    presence = b'<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1001@x"><note>Ready</note></presence>'
    manner = Manner(kind="application/pidf+xml", first={"1001": presence, "1002": presence})
    with connected(manner, transport) as (_, heard):
        refused = heard.wait_link(LinkState.REFUSED)[0]
        assert refused.foreign
        assert "needs dialog events" in refused.sentence


@pytest.mark.expects_log
def test_another_language_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        chosen = SipSettings(port=server.getsockname()[1], transport=Transport.TCP, user=USER, extensions="1001")
        heard, connection = Heard(), SipDialogConnection(chosen)
        connection.start(heard)
        client, _ = server.accept()
        with client:
            client.sendall(b"Asterisk Call Manager/11.0.0\r\n")
            refused = heard.wait_link(LinkState.REFUSED)[0]
        connection.stop()
    assert refused.foreign
    assert "does not speak SIP" in refused.sentence


@pytest.mark.expects_log
def test_an_address_where_nobody_is_is_said_by_udp_as_well() -> None:
    with FakeNotifier() as pbx:
        chosen = reaching(pbx.port)
    heard, connection = Heard(), SipDialogConnection(chosen)
    connection.start(heard)
    lost = heard.wait_link(LinkState.LOST)[0]
    connection.stop()
    assert "Calls still ring on the telephones" in lost.sentence


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("manner", "code", "said"),
    [
        (Manner(challenge="", refuse={"1001": 403, "1002": 404}), 5, "does not let Nightdesk watch any"),
        (Manner(challenge="", kind="application/pidf+xml"), 3, "sends presence"),
    ],
    ids=["refused", "presence"],
)
def test_watch_ends_with_the_sentence_and_its_exit_code(
    manner: Manner, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeNotifier(manner) as pbx:
        words = ["--port", str(pbx.port), "--transport", "tcp", "--user", USER, "--extensions", "1001 1002"]
        assert main(["watch", "--adapter", "sip_dialog", *words]) == code
    printed = capsys.readouterr()
    assert (said in printed.err, len(printed.err.splitlines())) == (True, 1)


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """Those of a telephone system, signed by an authority of its own."""
    return make_certificates(tmp_path, ["127.0.0.1"], datetime.now(UTC))


def test_the_same_is_said_over_tls(certificates: Certificates) -> None:
    with FakeNotifier(certificates=certificates) as pbx:
        chosen = replace(reaching(pbx.port, transport=Transport.TLS), tls_ca=str(certificates.authority))
        heard, connection = Heard(), SipDialogConnection(chosen)
        connection.start(heard)
        try:
            heard.wait_link(LinkState.CONNECTED)
            pbx.tell("1001", early())
            heard.wait(Alerting)
        finally:
            connection.stop()
    assert pbx.requests[0].get("contact").endswith(";transport=tls>")
    assert pbx.requests[0].get("via").startswith("SIP/2.0/TLS ")


@pytest.mark.expects_log
def test_a_certificate_that_nobody_we_trust_signed_is_not_believed(certificates: Certificates) -> None:
    with FakeNotifier(certificates=certificates) as pbx:
        heard, connection = Heard(), SipDialogConnection(reaching(pbx.port, transport=Transport.TLS))
        connection.start(heard)
        try:
            refused = heard.wait_link(LinkState.REFUSED)[0]
        finally:
            # Whoever is left running goes on trying, and warns in the middle of another test.
            connection.stop()
    assert "is signed by nobody whom this computer trusts" in refused.sentence
    assert pbx.requests == []


class Hurried:
    """A clock on which much time goes by between two looks."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds."""
        self._seconds += 5
        return self._seconds


@pytest.mark.expects_log
def test_an_address_that_swallows_everything_is_said_not_to_answer() -> None:
    with FakeNotifier(Manner(deaf=True)) as pbx:
        heard, connection = Heard(), SipDialogConnection(reaching(pbx.port), Hurried())
        connection.start(heard)
        lost = heard.wait_link(LinkState.LOST)[0]
        connection.stop()
        port = pbx.port
    assert f"127.0.0.1:{port} cannot be reached (it does not answer)" in lost.sentence


def test_a_withheld_number_never_leaves_the_adapter() -> None:
    with connected(Manner(first={"1001": document(0, early(WITHHELD, name="+44 7700 900412"))})) as (_, heard):
        heard.wait(NumberLearned)
        assert "900412" not in repr(heard.facts)


@BOTH
def test_a_burst_of_notifications_comes_through_whole(transport: Transport) -> None:
    count = 30 if transport is Transport.UDP else 200
    with connected(transport=transport) as (pbx, heard):
        heard.wait_link(LinkState.CONNECTED)
        for _ in range(count):
            for told in (early(), confirmed(), terminated()):
                pbx.tell("1001", told)
        heard.wait(CallEnded, count)
        assert len(heard.all(CallBegan)) == count


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"host": " "}, "host is empty"),
        ({"port": 0}, "port is 0"),
        ({"user": "a b"}, "user must be"),
        ({"user": ""}, "user must be"),
        ({"extensions": " , "}, "extensions is empty"),
        ({"extensions": "1001 <evil>"}, "extensions may name"),
        ({"extensions": " ".join(map(str, range(MOST + 1)))}, "extensions may name"),
        ({"domain": "a\r\nEvil: yes"}, "domain (or host"),
        ({"host": "no name at all"}, "domain (or host"),
    ],
)
def test_settings_that_no_connection_can_be_made_of_are_refused(change: dict[str, object], wrong: str) -> None:
    chosen = SipSettings(user=USER, extensions="1001")
    with pytest.raises(BadInput) as refused:
        connect(replace(chosen, **change))  # type: ignore[arg-type]  # names are its own
    assert wrong in str(refused.value)
    assert "calls still ring on the telephones" in str(refused.value)


def test_telephones_are_named_with_spaces_or_commas_and_each_once() -> None:
    assert SipSettings(extensions="1001,1002; 1003  1001\n").watched == ("1001", "1002", "1003")
    assert SipSettings(host="pbx.example").home == "pbx.example"
    assert SipSettings(host="::1", port=5070).home == "[::1]:5070"
    assert SipSettings(domain="city.example", port=5070).home == "city.example"
