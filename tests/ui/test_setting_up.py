"""Setting up the telephones: tried against a real socket, kept in a real file, the secret in the keyring alone."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from console.domain.text import NightdeskError
from console.machine.paths import Home
from console.machine.secrets import KeyringSecrets
from telephony_adapters.registry import OURS, installed
from tests.helpers.ami_streams import messages_of
from tests.helpers.fake_asterisk import COMMANDS, SECRET, USER, FakeAsterisk, Manner
from tests.helpers.keyrings import ForgetfulKeyring, ShelfKeyring, WeakKeyring
from tests.helpers.recordings import Recording
from tests.helpers.watched import as_bytes
from ui.bootstrap.doctor.telephones import how_tested
from ui.bootstrap.setting_up.course import Course, StepState
from ui.bootstrap.setting_up.drafts import Draft
from ui.bootstrap.setting_up.trying import Patience, try_it
from ui.bootstrap.setting_up.workshop import WITHOUT_A_KEYRING, Workshop, drafted
from ui.cli import main
from ui.exits import Exit
from ui.settings import BadSettings
from ui.settings_file import load
from ui.settings_writing import Part, write_settings

AMI = "asterisk_ami"
SHORT = Patience(reach=2.0, log_in=20.0, event=0)
RIGHT, WRONG, NOT_TOLD, NOT_ASKED = StepState.RIGHT, StepState.WRONG, StepState.NOT_TOLD, StepState.NOT_ASKED
BEFORE = """\
# Solent's settings; ask Jo before changing.
service = "Solent Out of Hours"  # as on paper

[switchboards.asterisk_ami]   # ours
host = "pbx.example"  # the old one
port = 5038  # plain

# Jo plays with this one.
[switchboards.simulator]
script = "withheld"
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with settings, so that what is kept there can be seen to stay."""
    here = Home(tmp_path / "home")
    here.root.mkdir()
    here.settings_file.write_text(BEFORE, encoding="utf-8")
    return here


@pytest.fixture
def shelf() -> ShelfKeyring:
    """Return a keyring of the test's own."""
    return ShelfKeyring()


@pytest.fixture
def workshop(home: Home, shelf: ShelfKeyring) -> Workshop:
    """Return the telephones of that home."""
    return Workshop(home, installed(), KeyringSecrets(backend=shelf))


@pytest.fixture
def pbx() -> Iterator[FakeAsterisk]:
    """Yield a switchboard on a socket."""
    with FakeAsterisk() as running:
        yield running


def _draft(workshop: Workshop, port: int, secret: str = SECRET, **more: str) -> Draft:
    values = {"host": "127.0.0.1", "port": str(port), "user": USER, **more}
    return drafted(workshop, AMI, values, {"secret": secret} if secret else {})


def _tried(workshop: Workshop, draft: Draft, patience: Patience = SHORT) -> Course:
    return try_it(workshop.attempt(draft), lambda _: None, patience)


def _states(course: Course) -> list[StepState]:
    return [one.state for one in course.steps()]


# --- trying ----------------------------------------------------------------------------------


def test_a_call_that_rings_while_one_tries_is_heard(workshop: Workshop, pbx: FakeAsterisk) -> None:
    ring = as_bytes(messages_of(Recording("asterisk-22", "q_answered")))
    waiting = threading.Event()

    def told(course: Course) -> None:
        if course.logged_in and not waiting.is_set():
            waiting.set()
            pbx.play(ring)

    course = try_it(workshop.attempt(_draft(workshop, pbx.port)), told, Patience(event=20))
    assert _states(course) == [RIGHT] * 5
    version = course.steps()[3].words
    assert "manager interface is 11.0.0; its own version it does not say" in version
    assert "tested against Asterisk 22.10.1 and 16.28.0" in version


def test_a_missing_right_is_a_sentence(workshop: Workshop) -> None:
    manner = Manner(commands=[one for one in COMMANDS if one not in ("QueuePause", "Originate")])
    with FakeAsterisk(manner) as pbx:
        course = _tried(workshop, _draft(workshop, pbx.port))
    assert _states(course) == [RIGHT, RIGHT, WRONG, RIGHT, NOT_TOLD]
    assert ["agent" in course.steps()[2].more[0], "originate" in course.steps()[2].more[1]] == [True, True]


@pytest.mark.expects_log
def test_a_wrong_password_is_told_from_a_wrong_service_and_from_nothing_there(
    workshop: Workshop, pbx: FakeAsterisk
) -> None:
    refused = _tried(workshop, _draft(workshop, pbx.port, "wrong"))
    with FakeAsterisk(Manner(banner=b"SSH-2.0-OpenSSH_9.2\r\n")) as other:
        port = other.port
        foreign = _tried(workshop, _draft(workshop, port))
    gone = _tried(workshop, _draft(workshop, port))
    assert _states(refused) == _states(foreign) == [RIGHT, WRONG, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert "refused the account" in refused.steps()[1].words
    assert "refused the account" not in foreign.steps()[1].words
    assert _states(gone) == [WRONG, NOT_ASKED, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert "wrong" not in str(refused)
    assert not any(one.logged_in for one in (refused, foreign, gone))


@pytest.mark.expects_log
def test_where_no_secret_is_known_none_is_sent_and_it_is_said(workshop: Workshop, pbx: FakeAsterisk) -> None:
    course = _tried(workshop, _draft(workshop, pbx.port, secret=""))
    assert _states(course)[:2] == [RIGHT, WRONG]
    assert course.steps()[1].words.startswith("No secret is known here")
    assert pbx.actions == []


def test_what_takes_the_call_and_says_nothing_is_not_waited_for_without_end(workshop: Workshop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        course = _tried(workshop, _draft(workshop, dumb.getsockname()[1]), Patience(2.0, 0.3, 0))
    assert _states(course)[:2] == [RIGHT, WRONG]
    assert "did not say" in course.steps()[1].words
    # A port of TLS waits for us to begin: to whoever speaks plainly it is dumb.
    assert "whether it wants TLS (setting tls)" in course.steps()[1].words


@pytest.mark.expects_log
def test_where_nobody_listens_by_udp_it_is_not_said_to_have_been_lost(workshop: Workshop) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    own = {"host": "127.0.0.1", "port": str(port), "user": USER, "extensions": "1001", "transport": "udp"}
    course = _tried(workshop, drafted(workshop, "sip_dialog", own, {"secret": SECRET}))
    words = course.steps()[1].words
    assert "cannot be reached" in words
    assert "lost" not in words
    assert "tries again" not in words


def test_the_simulator_is_tried_where_rehearsals_are_allowed_and_refused_elsewhere(
    home: Home, shelf: ShelfKeyring
) -> None:
    secrets = KeyringSecrets(backend=shelf)
    real = Workshop(home, installed(), secrets)
    assert _states(_tried(real, drafted(real, "simulator", {})))[:2] == [NOT_ASKED, WRONG]
    home.settings_file.write_text("rehearsal = true\n", encoding="utf-8")
    rehearsal = Workshop(home, installed(), secrets)
    assert _tried(rehearsal, drafted(rehearsal, "simulator", {})).logged_in


def test_a_value_that_cannot_be_used_is_named_before_anything_is_sent(workshop: Workshop, pbx: FakeAsterisk) -> None:
    with pytest.raises(BadSettings, match="port must be a whole number"):
        workshop.attempt(drafted(workshop, AMI, {"port": "manager"}))
    with pytest.raises(NightdeskError, match="login must be"):
        workshop.attempt(_draft(workshop, pbx.port, login="maybe"))
    assert pbx.connections == 0


def test_telephones_through_a_witness_say_that_there_is_nothing_to_try(workshop: Workshop) -> None:
    with pytest.raises(NightdeskError, match="nothing to try"):
        workshop.attempt(drafted(workshop, "through_witness", {}))


def test_a_secret_that_no_console_would_use_is_not_tried(
    workshop: Workshop, pbx: FakeAsterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGHTDESK_SWITCHBOARD_SECRET", SECRET)
    with pytest.raises(NightdeskError, match="takes that before"):
        workshop.attempt(_draft(workshop, pbx.port, "another"))
    assert _tried(workshop, _draft(workshop, pbx.port, "")).logged_in


# --- keeping ---------------------------------------------------------------------------------


def test_keeping_changes_the_one_table_and_puts_the_secret_into_the_keyring_alone(
    workshop: Workshop, home: Home, shelf: ShelfKeyring
) -> None:
    said = workshop.keep(_draft(workshop, 5039, tls="true", outside_prefix="0"))
    after = home.settings_file.read_text(encoding="utf-8")
    kept = load(home.settings_file)
    for line in BEFORE.splitlines():
        assert line in after or line.startswith(("host", "port"))
    assert 'host = "127.0.0.1"  # the old one' in after
    assert after.index("tls = true") < after.index("# Jo plays")
    own = {"host": "127.0.0.1", "port": 5039, "user": USER, "tls": True}
    assert (kept.switchboard, kept.switchboards[AMI], kept.outside_prefix) == (AMI, own, "0")
    assert kept.switchboards["simulator"] == {"script": "withheld"}
    assert shelf.shelf == {("nightdesk", f"switchboard:{AMI}:secret"): SECRET}
    assert SECRET not in after + said
    assert str(home.settings_file) in said


def test_until_it_is_kept_the_old_settings_stay(workshop: Workshop, home: Home, pbx: FakeAsterisk) -> None:
    assert _tried(workshop, _draft(workshop, pbx.port)).logged_in
    assert home.settings_file.read_text(encoding="utf-8") == BEFORE


@pytest.mark.parametrize("backend", [WeakKeyring(), ForgetfulKeyring()])
def test_a_weak_keyring_keeps_no_secret_and_hinders_nothing_else(home: Home, backend: ShelfKeyring) -> None:
    workshop = Workshop(home, installed(), KeyringSecrets(backend=backend, instead=WITHOUT_A_KEYRING))
    said = workshop.keep(_draft(workshop, 5039))
    after = home.settings_file.read_text(encoding="utf-8")
    assert load(home.settings_file).switchboards[AMI]["port"] == 5039
    assert "The secret is kept nowhere" in said
    assert "NIGHTDESK_SWITCHBOARD_SECRET" in said
    assert SECRET not in "".join([said, after, *backend.shelf.values()])


@pytest.mark.parametrize("wrong", [{"internal_digits": "99"}, {"port": "x"}])
def test_settings_that_no_console_could_start_with_are_not_kept(
    workshop: Workshop, home: Home, shelf: ShelfKeyring, wrong: Mapping[str, str]
) -> None:
    with pytest.raises(BadSettings):
        workshop.keep(drafted(workshop, AMI, {"user": USER, **wrong}, {"secret": SECRET}))
    assert home.settings_file.read_text(encoding="utf-8") == BEFORE
    assert shelf.shelf == {}


def test_a_file_written_in_another_way_stays_and_the_old_secret_comes_back(
    workshop: Workshop, home: Home, shelf: ShelfKeyring
) -> None:
    shelf.shelf["nightdesk", f"switchboard:{AMI}:secret"] = "the one before"
    inline = 'switchboards = { asterisk_ami = { host = "127.0.0.1", port = 5038 } }\n'
    home.settings_file.write_text(inline, encoding="utf-8")
    again = Workshop(home, installed(), KeyringSecrets(backend=shelf))
    with pytest.raises(BadSettings, match="Write this into it yourself"):
        again.keep(_draft(again, 5038))
    assert home.settings_file.read_text(encoding="utf-8") == inline
    assert list(shelf.shelf.values()) == ["the one before"]


def test_a_kept_secret_is_sent_to_no_other_address(workshop: Workshop, shelf: ShelfKeyring, pbx: FakeAsterisk) -> None:
    shelf.shelf["nightdesk", f"switchboard:{AMI}:secret"] = SECRET
    with pytest.raises(NightdeskError, match="type it again"):
        workshop.attempt(_draft(workshop, pbx.port, ""))
    with pytest.raises(NightdeskError, match="type it again"):
        workshop.keep(_draft(workshop, pbx.port, ""))
    workshop.keep(_draft(workshop, pbx.port))
    assert _tried(workshop, _draft(workshop, pbx.port, "")).logged_in


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", '[switchboards.x]\nhost = "a"\n'),
        ("[switchboards.x]\n", '[switchboards.x]\nhost = "a"\n'),
        ('[switchboards."x"]\nhost = "a#b" # c\n', '[switchboards."x"]\nhost = "a" # c\n'),
        ("[switchboards.x]\nport = 1\n\n[other]\n", '[switchboards.x]\nport = 1\nhost = "a"\n\n[other]\n'),
    ],
)
def test_a_table_is_written_where_it_stands(tmp_path: Path, text: str, kept: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    write_settings(file, {}, Part(("switchboards", "x"), {"host": "a"}))
    assert file.read_text(encoding="utf-8").strip() == kept.strip()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Asterisk 22.10.1", "tested against Asterisk 22.10.1"),
        ("not tested against a real system: an example", "not tested against a real system: an example"),
        ("", "not tested against a real system"),
    ],
)
def test_what_was_tested_is_a_sentence_whatever_a_plug_in_says(said: str, words: str) -> None:
    assert how_tested(said) == words


# --- what to ask for -------------------------------------------------------------------------


@pytest.mark.parametrize("key", OURS)
def test_what_to_ask_for_is_said_for_every_kind_and_holds_no_secret(workshop: Workshop, key: str) -> None:
    secrets = {one.name: SECRET for one in workshop.asked(key) if one.secret}
    words = workshop.ask_for(drafted(workshop, key, {}, secrets))
    assert len(words) > 40
    assert SECRET not in words


def test_what_to_ask_of_an_asterisk_names_rights_port_tls_and_the_one_danger(workshop: Workshop) -> None:
    words = workshop.ask_for(_draft(workshop, 5039, tls="true"))
    for said in (
        "read = call,agent,user",
        "write = call,agent,originate,reporting",
        "tlsbindaddr = 0.0.0.0:5039",
        "[nightdesk]",
        "NOTHING ELSE to channelvars",
        "CHANNEL(pjsip,...)",
    ):
        assert said in words
    assert "tlsenable" not in workshop.ask_for(_draft(workshop, 5038))


def test_the_right_to_the_system_is_asked_for_only_where_telephones_are_to_be_asked(workshop: Workshop) -> None:
    asking = workshop.ask_for(_draft(workshop, 5038, phone_events="true"))
    assert "write = call,agent,originate,reporting,system" in asking
    assert "no right to system" not in asking
    assert "no right to system" in workshop.ask_for(_draft(workshop, 5038))


def test_what_to_ask_of_whoever_runs_a_witness_names_all_that_it_needs(workshop: Workshop) -> None:
    words = workshop.ask_for(drafted(workshop, "through_witness", {}))
    for said in ("--acts", "--role witness", "rights to act", "db upgrade"):
        assert said in words


def test_words_can_be_had_while_something_written_cannot_be_used(home: Home, shelf: ShelfKeyring) -> None:
    home.settings_file.write_text('[switchboards.asterisk_ami]\nhots = "a slip"\n', encoding="utf-8")
    workshop = Workshop(home, installed(), KeyringSecrets(backend=shelf))
    assert "write = call" in workshop.ask_for(drafted(workshop, AMI, {"port": "not yet"}))
    with pytest.raises(BadSettings, match="no setting called hots"):
        workshop.attempt(drafted(workshop, AMI, {}))


@pytest.mark.expects_log
def test_a_plug_in_whose_words_fail_leaves_the_rest_alone(workshop: Workshop) -> None:
    def fails(_: object) -> str:
        raise ZeroDivisionError("about 07700 900123")

    broken = replace(workshop.spec(AMI), ask_for=fails)
    workshop.specs = {AMI: broken}
    assert "could not say" in workshop.ask_for(drafted(workshop, AMI, {}))


# --- the command -----------------------------------------------------------------------------


def _write(own_home: Path, text: str) -> None:
    own_home.mkdir()
    (own_home / "settings.toml").write_text(text, encoding="utf-8")


def test_the_command_tries_and_keeps_nothing_unless_asked(
    own_home: Path, pbx: FakeAsterisk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A patch: standing in for whoever pipes the secret in.
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    words = ["--kind", AMI, "--set", "host=127.0.0.1", "--set", f"port={pbx.port}", "--set", f"user={USER}"]
    ring = as_bytes(messages_of(Recording("asterisk-22", "q_answered")))

    def somebody_rings() -> None:
        pbx.wait_for("QueueStatus")
        pbx.play(ring)

    ringing = threading.Thread(target=somebody_rings)
    ringing.start()
    assert main(["telephones", *words, "--secret-stdin", "--try"]) == Exit.OK
    out = capsys.readouterr().out
    ringing.join()
    assert "A call was heard" in out
    assert "Nothing was kept" in out
    assert SECRET not in out
    assert not (own_home / "settings.toml").exists()


@pytest.mark.expects_log
def test_the_command_keeps_nothing_that_did_not_let_us_in(
    own_home: Path, capsys: pytest.CaptureFixture[str], pbx: FakeAsterisk
) -> None:
    words = ["--kind", AMI, "--set", f"port={pbx.port}", "--set", f"user={USER}"]
    assert main(["telephones", *words, "--keep"]) == Exit.REFUSED
    assert "did not let us in" in capsys.readouterr().out
    assert not (own_home / "settings.toml").exists()
    assert main(["telephones", *words, "--keep-untried"]) == Exit.OK
    assert load(own_home / "settings.toml").switchboards[AMI]["port"] == pbx.port


@pytest.mark.parametrize("act", ["--keep-untried", "--keep", "--try"])
def test_the_command_neither_tries_nor_keeps_an_empty_account(
    capsys: pytest.CaptureFixture[str], own_home: Path, act: str
) -> None:
    words = ["telephones", "--kind", "sip_dialog", "--set", "user=u", "--set", "extensions= ", act]
    assert main(words) == Exit.USAGE
    assert "does not go without: extensions (the telephones to watch" in capsys.readouterr().err
    assert not own_home.joinpath("settings.toml").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--try"], "Say which kind"),
        (["--kind", "abacus", "--try"], "no switchboard called abacus"),
        (["--kind", AMI, "--set", "secret=x", "--try"], "is a secret"),
        (["--kind", AMI, "--set", "hots=x", "--try"], "is no setting of"),
        (["--kind", AMI, "--set", "host", "--try"], "NAME=VALUE"),
        ([], "no screen here"),
    ],
)
def test_the_command_says_what_is_wrong_with_what_was_asked(
    capsys: pytest.CaptureFixture[str], own_home: Path, words: list[str], said: str
) -> None:
    assert main(["telephones", *words]) == Exit.USAGE
    assert said in capsys.readouterr().err
    assert not own_home.joinpath("settings.toml").exists()


def test_the_command_names_every_kind_with_what_it_was_tested_against(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["telephones", "--kinds"]) == Exit.OK
    out = capsys.readouterr().out
    assert all(key in out for key in OURS)
    assert "tested against Asterisk 22.10.1 and 16.28.0; part of Nightdesk" in out


def test_checking_says_what_the_doctor_says(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(own_home, "")
    main(["telephones", "--check"])
    out = capsys.readouterr().out
    for line in ("settings", "keyring", "switchboard", "plug-ins"):
        assert line in out
    assert "no switchboard is set" in out
