"""TLS to the switchboard: checked before a word is said, each refusal a sentence of its own, nothing sent."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from console.domain.call_events import LinkState
from console.domain.text import BadInput
from db.postgres.certificates import Certificates, make_certificates
from telephony_adapters.asterisk_ami import AmiSettings, connect
from telephony_adapters.contract.heard import Heard
from tests.helpers.fake_asterisk import SECRET, USER, FakeAsterisk
from tests.helpers.pbx.folding import folding
from tests.helpers.pbx.live import LiveAsterisk

pytest_plugins = ["tests.helpers.pbx.fixtures"]
NOW = datetime.now(UTC)
LONG_AGO = timedelta(days=800)
Change = Callable[[AmiSettings], AmiSettings]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A certificate for localhost."""
    return make_certificates(tmp_path_factory.mktemp("good"), ["localhost"], NOW)


@pytest.fixture(scope="module")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """One that was good two years ago."""
    return make_certificates(tmp_path_factory.mktemp("old"), ["localhost"], NOW - LONG_AGO)


def fingerprint(certificates: Certificates) -> str:
    """Return the SHA-256 of the server's own certificate."""
    pem = certificates.server.read_text(encoding="ascii")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[: pem.index("-----END CERTIFICATE-----") + 26])).hexdigest()


@contextmanager
def speaking_tls(certificates: Certificates) -> Iterator[tuple[FakeAsterisk, AmiSettings]]:
    """Yield a fake that speaks TLS, and the settings that fit it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server, certificates.key)
    with FakeAsterisk(tls=context) as pbx:
        usual = AmiSettings(host="localhost", port=pbx.port, user=USER, secret=SECRET, tls=True)
        yield pbx, replace(usual, tls_ca=str(certificates.authority))


def said(settings: AmiSettings, state: LinkState) -> str:
    """Return what is said once the link is in ``state``."""
    heard = Heard()
    connection = connect(settings)
    connection.start(heard)
    try:
        return heard.wait_link(state)[0].sentence
    finally:
        connection.stop()


def test_a_certificate_of_the_authority_is_taken(made: Certificates) -> None:
    with speaking_tls(made) as (pbx, settings):
        said(settings, LinkState.CONNECTED)
        assert pbx.count("Login") == 1


def test_a_certificate_that_no_authority_vouches_for_is_taken_by_its_fingerprint(made: Certificates) -> None:
    written = ":".join(fingerprint(made).upper()[n : n + 2] for n in range(0, 64, 2))
    with speaking_tls(made) as (pbx, settings):
        said(replace(settings, tls_ca="", tls_fingerprint=written), LinkState.CONNECTED)
        assert pbx.count("Login") == 1


REFUSALS: dict[str, tuple[Change, str]] = {
    "another name": (lambda s: replace(s, host="127.0.0.1"), "is for another name than 127.0.0.1"),
    "nobody known": (lambda s: replace(s, tls_ca=""), "is signed by nobody whom this computer trusts"),
    "no such file": (lambda s: replace(s, tls_ca="/nowhere/ca.pem"), "tls_ca cannot be read"),
    "another fingerprint": (lambda s: replace(s, tls_fingerprint="ab" * 32), "is not that of the setting"),
}


@pytest.mark.expects_log
@pytest.mark.parametrize("case", REFUSALS)
def test_whoever_does_not_prove_who_it_is_hears_nothing(made: Certificates, case: str) -> None:
    change, words = REFUSALS[case]
    with speaking_tls(made) as (pbx, settings):
        sentence = said(change(settings), LinkState.REFUSED)
        assert pbx.actions == []
    assert words in sentence
    assert "Nothing was sent, neither name nor password, and calls still ring" in sentence
    assert SECRET not in sentence


@pytest.mark.expects_log
def test_an_expired_certificate_is_refused(expired: Certificates) -> None:
    with speaking_tls(expired) as (pbx, settings):
        assert "has expired; whoever looks after it must renew it" in said(settings, LinkState.REFUSED)
        assert pbx.actions == []


@pytest.mark.expects_log
def test_a_plain_port_is_no_tls_port(made: Certificates) -> None:
    with FakeAsterisk() as pbx:
        settings = AmiSettings(host="localhost", port=pbx.port, user=USER, secret=SECRET, tls=True)
        sentence = said(replace(settings, tls_ca=str(made.authority)), LinkState.REFUSED)
        assert pbx.actions == []
    assert f"What answers at localhost:{settings.port} does not speak TLS" in sentence


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (AmiSettings(tls_ca="ca.pem"), "nothing would be checked"),
        (AmiSettings(tls_fingerprint="ab" * 32), "nothing would be checked"),
        (AmiSettings(tls=True, tls_fingerprint="abc"), "is no SHA-256"),
    ],
)
def test_settings_that_only_look_safe_are_refused(settings: AmiSettings, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        connect(settings)


@pytest.mark.needs("asterisk", "sipp")
def test_a_real_asterisk_is_spoken_to_by_tls(live_asterisk: LiveAsterisk) -> None:
    with folding(connect(live_asterisk.tls_settings())) as console:
        live_asterisk.call_in("07700900412")
        live_asterisk.phone("1001").wait_ringing()
        console.wait_call(lambda c: "1001" in c.alerting and c.caller.settled, "the call came over TLS")


@pytest.mark.expects_log
@pytest.mark.needs("asterisk", "sipp")
def test_a_real_asterisk_with_another_name_is_not_spoken_to(live_asterisk: LiveAsterisk) -> None:
    settings = live_asterisk.tls_settings()
    assert "another name" in said(replace(settings, host="127.0.0.1"), LinkState.REFUSED)
    plain = said(replace(settings, port=live_asterisk.pbx.plan.ami_port), LinkState.REFUSED)
    assert "does not speak TLS" in plain
