"""Where things lie, who owns them, and what a network drive is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from console.domain.text import BadInput
from console.machine.clock import SystemClock
from console.machine.paths import Home, home
from console.machine.platform import (
    FileLock,
    deaf_display,
    end_family,
    end_group,
    give_to,
    make_private,
    make_private_folder,
    run_briefly,
    start_alone,
    start_server,
)
from console.machine.shares import (
    BadPlace,
    file_system_of,
    parse_mount,
    parse_mountinfo,
    refuse_network_share,
    share_kind,
)


def test_home_is_what_the_environment_names(tmp_path: Path) -> None:
    here = home({"NIGHTDESK_HOME": str(tmp_path / "nd")})
    assert here.root == tmp_path / "nd"
    assert here.database.parent == here.logs.parent == here.root
    assert not here.root.exists()


def test_home_without_a_name_is_the_users_own_place() -> None:
    here = home({})
    assert here.root.is_absolute()
    assert here.root.name == "nightdesk"


def test_a_relative_home_does_not_move_with_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = home({"NIGHTDESK_HOME": "nd"})
    monkeypatch.chdir("/")
    assert here == Home(tmp_path / "nd")


def test_a_home_of_nobody_is_said_in_words() -> None:
    with pytest.raises(BadInput, match="NIGHTDESK_HOME is ~nosuchuser/x, and there is no such user"):
        home({"NIGHTDESK_HOME": "~nosuchuser/x"})


def test_the_clock_is_aware_and_runs() -> None:
    clock = SystemClock()
    first, steady = clock.now(), clock.monotonic()
    assert first.tzinfo is UTC
    time.sleep(0.01)
    assert clock.now() - first < timedelta(seconds=30)
    assert clock.monotonic() > steady


@pytest.mark.needs("posix")
def test_private_files_are_for_this_account_only(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    secret = tmp_path / "a" / "b" / "secret"
    secret.write_text("x", encoding="utf-8")
    make_private(secret)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    assert secret.stat().st_mode & 0o777 == 0o600


def test_a_lock_has_one_owner_and_goes_back(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.take()
    assert first.take()
    assert not second.take()
    first.release()
    with second as ours:
        assert ours
        assert not first.take()
    assert first.take()
    first.release()


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from console.machine.platform import FileLock\n"
        "lock = FileLock(pathlib.Path(sys.argv[1])); print(lock.take(), flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().strip() == b"True"
        assert not FileLock(tmp_path / "lock").take()
        owner.kill()
        owner.wait()
    ours = FileLock(tmp_path / "lock")
    assert ours.take()
    ours.release()


@pytest.mark.needs("linux")
def test_ending_a_group_ends_what_the_helper_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    helper = start_alone(["/bin/sh", "-c", f"sleep 60 & echo $! > {pid_file}; wait"], dict(os.environ))
    while not pid_file.exists() or not pid_file.read_text().strip():
        time.sleep(0.01)
    grandchild = Path("/proc") / pid_file.read_text().strip()
    assert grandchild.exists()
    end_group(helper)
    helper.communicate()
    end_group(helper)
    for _ in range(200):
        if not grandchild.exists() or "Z" in (grandchild / "stat").read_text().split(")")[1][:3]:
            return
        time.sleep(0.01)
    pytest.fail("the helper's own child is still running")


@pytest.mark.needs("posix")
def test_ending_a_family_ends_children_that_lead_groups_of_their_own(tmp_path: Path) -> None:
    code = (
        "import subprocess, time\n"
        "child = subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        "print(child.pid, flush=True); time.sleep(60)\n"
    )
    said = tmp_path / "said"
    server = start_server(
        [sys.executable, "-c", code], folder=tmp_path, environment=dict(os.environ), account=None, said=said
    )
    while not said.read_text().strip():
        assert server.poll() is None
        time.sleep(0.01)
    child = int(said.read_text())
    os.kill(child, 0)
    end_family(server)
    end_family(server)
    assert server.returncode == -signal.SIGKILL
    # Ended by us, not yet waited for by whoever inherits it: on Linux a zombie, elsewhere gone.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(child)], capture_output=True, text=True, check=False).stdout
    assert state.strip()[:1] in ("", "Z")


@pytest.mark.needs("posix")
def test_a_brief_program_is_ended_at_its_limit_and_says_all_in_one_text(tmp_path: Path) -> None:
    both = ["/bin/sh", "-c", "pwd; echo wrong >&2; exit 3"]
    done = run_briefly(both, folder=tmp_path, environment={}, account=None, seconds=10)
    assert (done.returncode, done.stdout.splitlines()) == (3, [str(tmp_path.resolve()), "wrong"])
    with pytest.raises(subprocess.TimeoutExpired):
        run_briefly(["/bin/sleep", "60"], folder=tmp_path, environment={}, account=None, seconds=0.1)


@pytest.mark.needs("root")
def test_root_hands_a_file_and_a_program_to_another_account(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    give_to(file, None)
    assert file.stat().st_uid == 0
    give_to(file, "nobody")
    assert file.owner() == "nobody"
    said = run_briefly(["/usr/bin/id", "-u", "-n"], folder=Path("/"), environment={}, account="nobody", seconds=10)
    assert said.stdout.strip() == "nobody"
    with pytest.raises(KeyError):
        give_to(file, "nosuchuser")


MOUNTINFO = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:27 / /mnt/team\040files rw,relatime shared:2 - cifs //server.example/team rw,vers=3.0
32 22 0:28 / /mnt/nfs rw shared:3 - nfs4 server.example:/x rw
33 32 0:29 / /mnt/nfs/scratch rw - tmpfs none rw
34 22 0:30 / /mnt/over rw - ext4 /dev/sdb1 rw
35 34 0:31 / /mnt/over rw - fuse.sshfs me@server.example:/ rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/record.db", "ext4"),
        ("/mnt/team files/night/record.db", "cifs"),
        ("/mnt/team files", "cifs"),
        ("/mnt/team filesystem/record.db", "ext4"),
        ("/mnt/nfs/record.db", "nfs4"),
        ("/mnt/nfs/scratch/record.db", "tmpfs"),
        ("/mnt/over/record.db", "fuse.sshfs"),
    ],
)
def test_linux_tells_what_a_path_lies_on(path: str, kind: str) -> None:
    assert file_system_of(Path(path), parse_mountinfo(MOUNTINFO)) == kind


def test_macos_tells_what_a_path_lies_on() -> None:
    said = (
        "/dev/disk3s1s1 on / (apfs, sealed, local, read-only)\n"
        "//p@server.example/team on /Volumes/team (new) (smbfs, nodev, nosuid)\n"
    )
    mounts = parse_mount(said)
    assert file_system_of(Path("/Volumes/team (new)/x.db"), mounts) == "smbfs"
    assert file_system_of(Path("/Users/x"), mounts) == "apfs"


def test_this_computers_own_disk_is_no_share(tmp_path: Path) -> None:
    assert share_kind(tmp_path / "not" / "yet" / "there.db") == ""
    refuse_network_share(tmp_path / "record.db")


@pytest.mark.needs("linux")
def test_a_network_drive_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    # A patch, because no test may mount a file system.
    monkeypatch.setattr("console.machine.shares._mounts", lambda: [("/", "nfs4")])
    with pytest.raises(BadPlace, match=r"network drive \(nfs4\).*Nothing was written.*own disk"):
        refuse_network_share(Path("/srv/record.db"))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="X and Wayland are not there")
def test_a_display_that_nobody_answers_at_is_named(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1] - 6000
        name = f"127.0.0.1:{number}.0"
        assert deaf_display({"DISPLAY": name}) == name
        free.listen()
        assert deaf_display({"DISPLAY": name}) == ""
    assert deaf_display({"DISPLAY": "nonsense"}) == "nonsense"
    assert deaf_display({"DISPLAY": name, "QT_QPA_PLATFORM": "vnc"}) == ""


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="X and Wayland are not there")
def test_either_of_two_displays_is_enough(tmp_path: Path) -> None:
    there = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "w-0", "DISPLAY": "nonsense"}
    assert deaf_display(there) == "nonsense"
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "w-0"))
        compositor.listen()
        assert deaf_display(there) == ""
        assert deaf_display({**there, "QT_QPA_PLATFORM": "xcb"}) == "nonsense"
