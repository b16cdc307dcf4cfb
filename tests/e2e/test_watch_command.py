"""``nightdesk watch`` as another tool meets it: output, exit codes, Ctrl-C."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.helpers.ami_streams import messages_of
from tests.helpers.esl_streams import recorded
from tests.helpers.fake_asterisk import SECRET, USER, FakeAsterisk, Manner
from tests.helpers.recordings import Recording, recordings
from tests.helpers.strangers import GOOD, install
from tests.helpers.watched import as_bytes, going_on
from ui.cli import main

KEYS = [
    *("direction", "caller", "caller_e164", "name", "presentation", "diverted_from", "dialled", "queue", "rang"),
    *("answered_by", "holds", "transfers", "joined", "supervised_by", "outcome", "ended_by", "offered_at"),
    *("answered_at", "ended_at", "certainty"),
]
ANSWERED = Recording("asterisk-22", "q_answered")


def watch(*words: str) -> int:
    """Run the command in this process."""
    return main(["watch", "--adapter", "asterisk_ami", *words])


@pytest.mark.parametrize("zipped", [True, False])
def test_calls_are_printed_one_a_line(zipped: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = ANSWERED.path
    if not zipped:
        file = tmp_path / "events.ami"
        file.write_bytes(gzip.decompress(ANSWERED.path.read_bytes()))
    assert watch("--recording", str(file), "--calls") == 0
    printed = capsys.readouterr()
    (line,) = printed.out.splitlines()
    call = json.loads(line)
    assert list(call) == KEYS
    assert (call["caller"], call["answered_by"], call["outcome"]) == ("02079460123", ["1001"], "answered")
    assert call["offered_at"].endswith("+00:00")
    assert printed.err == ""


@pytest.mark.parametrize(("words", "e164"), [(("--area-code", "01632"), "+441632960123"), ((), None)])
def test_a_number_is_read_as_this_site_dials(
    words: tuple[str, ...], e164: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "events.ami"
    file.write_bytes(gzip.decompress(ANSWERED.path.read_bytes()).replace(b"02079460123", b"960123"))
    assert watch("--recording", str(file), "--calls", *words) == 0
    call = json.loads(capsys.readouterr().out)
    assert (call["caller"], call["caller_e164"]) == ("960123", e164)


def _give(pipe: int, stream: bytes) -> None:
    """Write a stream into a pipe and close it."""
    with os.fdopen(pipe, "wb") as taker:
        taker.write(stream)


@pytest.mark.needs("linux")
@pytest.mark.parametrize("zipped", [True, False])
def test_a_recording_may_come_through_a_pipe(zipped: bool, capsys: pytest.CaptureFixture[str]) -> None:
    stream = ANSWERED.path.read_bytes() if zipped else gzip.decompress(ANSWERED.path.read_bytes())
    read, write = os.pipe()
    giver = threading.Thread(target=_give, args=(write, stream))
    giver.start()
    assert watch("--recording", f"/dev/fd/{read}", "--calls") == 0
    giver.join()
    os.close(read)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_facts_are_printed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert watch("--recording", str(ANSWERED.path)) == 0
    facts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [fact["event"] for fact in facts][:2] == ["call_began", "queue_joined"]
    assert facts[-1]["event"] in ("call_ended", "leg_ended")


@pytest.mark.parametrize("name", ["login_refused", "phone_offline", "pause_states"])
def test_no_calls_print_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert watch("--recording", str(Recording("asterisk-22", name).path), "--calls") == 0
    assert capsys.readouterr() == ("", "")


def test_an_emergency_dial_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    watch("--recording", str(Recording("asterisk-22", "emergency_caught").path), "--calls")
    calls = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(call["dialled"], call["emergency"]) for call in calls] == [("999", "999"), ("9999", "999")]


@pytest.mark.parametrize(
    "content", [b"Content-Type: auth/request\n\n", b"Asterisk Call Manager/1.1\r\n\r\n", b"", b"\x00\xff" * 500]
)
def test_another_language_is_exit_3_with_a_sentence(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    assert watch("--recording", str(file), "--calls") == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


def test_a_damaged_gz_and_a_missing_file_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.gz"
    broken.write_bytes(ANSWERED.path.read_bytes()[:2000])
    assert watch("--recording", str(broken)) == 2
    assert watch("--recording", str(tmp_path / "none")) == 2
    assert watch("--port", "many") == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("recording", [r for r in recordings() if r.marked and r.name == "withheld_pai"], ids=str)
@pytest.mark.parametrize("mode", [[], ["--calls"]])
def test_a_withheld_number_is_never_printed(
    recording: Recording, mode: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert watch("--recording", str(recording.path), *mode) == 0
    printed = capsys.readouterr()
    assert "withheld" in printed.out
    assert "2079460140" not in printed.out + printed.err


def test_a_call_that_went_on_before_anybody_listened_is_marked(tmp_path: Path) -> None:
    messages = messages_of(ANSWERED)
    answered = next(i for i, one in enumerate(messages) if one.event == "BridgeEnter") + 4
    call, _, _, _ = watched_live(ANSWERED, tmp_path, after=answered)
    assert (call["joined_late"], call["outcome"]) == (True, "answered")
    assert isinstance(call["offered_at"], str), "other tools rely on a time there"


def watched_live(
    recording: Recording, folder: Path, after: int = 0
) -> tuple[dict[str, object], subprocess.Popen[str], str, str]:
    """Play a recording to a live command, of which the first ``after`` messages are over by then.

    Return the first call printed, the ended process, and what else it said.
    """
    secret = folder / "secret"
    secret.write_text(SECRET)
    gone, rest = messages_of(recording)[:after], messages_of(recording)[after:]
    with FakeAsterisk(Manner(variables={}, channels=going_on(gone))) as pbx:
        words = ["--port", str(pbx.port), "--user", USER, "--secret-file", str(secret), "--unmarked-numbers", "show"]
        command = [sys.executable, "-m", "ui", "watch", "--adapter", "asterisk_ami", "--calls", *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            pbx.wait_for("QueueStatus", seconds=30)
            pbx.play(as_bytes(rest))
            call = json.loads(process.stdout.readline())
            process.send_signal(signal.SIGINT)
            return call, process, *process.communicate(timeout=20)


def test_live_it_prints_each_call_as_it_ends_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    call, process, out, err = watched_live(ANSWERED, tmp_path)
    assert call["answered_by"] == ["1001"]
    assert (process.returncode, out, err) == (0, "", "")


def test_live_it_says_where_a_telephone_program_would_have_to_be_heard(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--adapter", "local_pop"]) == 5
    assert "say a run_file, or a webhook_port" in capsys.readouterr().err


def test_live_a_number_that_is_told_after_the_end_is_waited_for(tmp_path: Path) -> None:
    """Asterisk 16 says which number was clicked only when the telephone that rang first has been given up."""
    unanswered = Recording("asterisk-16-rig-channelvars", "click_to_dial_unanswered")
    call, _, out, _ = watched_live(unanswered, tmp_path)
    assert (call["dialled"], call["outcome"], out) == ("907700900125", "no_answer", "")


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("banner", "code"), [(b"Asterisk Call Manager/1.1\r\n", 3), (b"Asterisk Call Manager/5.0.4\r\n", 5)]
)
def test_live_a_refusal_ends_with_a_sentence(banner: bytes, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeAsterisk(Manner(banner=banner)) as pbx:
        assert watch("--port", str(pbx.port), "--user", "nobody") == code
    printed = capsys.readouterr()
    assert printed.out.count("\n") == printed.out.count('"event"')
    assert len(printed.err.splitlines()) == 1


def test_a_recording_of_a_freeswitch_is_read_by_its_own_adapter(capsys: pytest.CaptureFixture[str]) -> None:
    recording = str(recorded("withheld_pai").path)
    assert main(["watch", "--adapter", "freeswitch_esl", "--recording", recording, "--calls"]) == 0
    call = json.loads(capsys.readouterr().out)
    assert list(call) == KEYS
    assert (call["caller"], call["presentation"], call["answered_by"]) == (None, "withheld", ["1001"])
    assert main(["watch", "--adapter", "freeswitch_esl", "--recording", recording]) == 0
    assert "2079460140" not in capsys.readouterr().out
    assert (
        main(["watch", "--adapter", "freeswitch_esl", "--recording", str(recorded("agent_states").path), "--calls"])
        == 0
    )
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "words",
    [["watch", "--adapter", "asterisk_ami", "--recording", str(ANSWERED.path)], ["watch", "--help"], ["--help"]],
)
def test_a_plugin_that_is_merely_installed_is_not_even_imported(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    touched = tmp_path / "touched"
    install(tmp_path / "site", f"open({str(touched)!r}, 'w').close()\n{GOOD}")
    monkeypatch.syspath_prepend(tmp_path / "site")
    with suppress(SystemExit):
        assert main(words) == 0
    assert capsys.readouterr().out
    assert not touched.exists()


@pytest.mark.expects_log
@pytest.mark.parametrize("by", ["--adapter", "the settings"])
def test_what_a_plugin_prints_does_not_stand_among_what_is_told(
    by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = """print('{"event": "fake"}')"""
    ends = f"{fake}; sink(LinkChanged(NOW, LinkState.REFUSED, settings.host))"
    source = GOOD.replace("sink(LinkChanged(NOW, LinkState.CONNECTED))", ends).replace(
        "return Board()", "global settings; settings = given; return Board()"
    )
    install(tmp_path / "site", f"{fake}\n" + source.replace("def connect(settings)", "def connect(given)"))
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text('switchboard = "acme"\n', encoding="utf-8")
    named = ["--adapter", "acme"] if by == "--adapter" else []
    assert main(["watch", *named, "--host", "not today"]) == 5
    printed = capsys.readouterr()
    assert {json.loads(line)["event"] for line in printed.out.splitlines()} == {"link_changed"}
    assert printed.err.count("fake") == 2
    assert "not today" in printed.err


@pytest.mark.parametrize(
    ("adapter", "other"), [("freeswitch_esl", ANSWERED.path), ("asterisk_ami", recorded("q_answered").path)], ids=str
)
def test_another_switchboards_recording_is_told_apart(
    adapter: str, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["watch", "--adapter", adapter, "--recording", str(other), "--calls"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
