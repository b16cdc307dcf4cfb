"""The join line: what goes in comes out, and nothing else is believed."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.roles import SHIFT_ROLES, Role
from console.domain.text import BadInput
from db.postgres.certificates import der_of, make_certificates
from ui.bootstrap.join_line import LONGEST, PREFIX, Invitation, is_line, read_line, write_line
from ui.settings import BadSettings
from ui.settings_file import load
from ui.settings_writing import changed, write_settings

NAMES = st.text(st.characters(categories=("L", "Zs", "Pd")), min_size=1, max_size=40).map(str.strip).filter(bool)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    certificates = make_certificates(tmp_path_factory.mktemp("authority"), ["127.0.0.1"], datetime.now(UTC))
    return der_of(certificates.authority)


def _one(authority: bytes) -> Invitation:
    return Invitation("pc7.example", 5433, "trial", "trial__priya_raman", "Priya Raman", Role.AMHP, authority, "a" * 20)


@given(
    name=NAMES, role=st.sampled_from(sorted(SHIFT_ROLES)), host=st.sampled_from(["192.0.2.7", "::1", "fd00::2", "pc-7"])
)
def test_a_line_says_what_went_in(authority: bytes, name: str, role: Role, host: str) -> None:
    one = replace(_one(authority), role=role, host=host, name="Priya " + "".join(name.split()))
    line = write_line(one)
    read = read_line(line)
    assert (read.host, read.port, read.role, read.authority) == (host, 5433, role, authority)
    assert read.password == one.password
    assert len(line) <= LONGEST, "a terminal of macOS takes 1,023 characters"
    assert "a" * 20 not in repr(read)
    assert one.authority_pem().startswith("-----BEGIN CERTIFICATE-----")


def test_a_line_broken_by_mail_is_read(authority: bytes) -> None:
    line = write_line(_one(authority))
    broken = "\r\n  ".join(line[at : at + 60] for at in range(0, len(line), 60)) + "\n"
    assert read_line(broken) == read_line(line)


def test_a_line_with_any_letter_changed_or_cut_is_refused(authority: bytes) -> None:
    line = write_line(_one(authority))
    for at in range(len(PREFIX), len(line) - 1, 7):
        with pytest.raises(BadInput, match="no whole join line"):
            read_line(line[:at])
        said = _said_of(line[:at] + ("A" if line[at] != "A" else "B") + line[at + 1 :])
        # Between what is packed and its sum stand up to seven bits that mean nothing: such a line says the same.
        assert said == _one(authority) or "no whole join line" in str(said)
        piece = line[at : at + 20]
        # The last letters alone may stand in any sentence.
        assert len(piece) < 8 or piece not in str(said)


def _said_of(line: str) -> Invitation | BadInput:
    """Return what a line says, or how it is refused."""
    try:
        return read_line(line)
    except BadInput as refused:
        return refused


@pytest.mark.parametrize(
    "other",
    [
        {"host": "pc7 sslmode=disable"},
        {"host": "a,b"},
        {"host": "pc7/x"},
        {"port": 0},
        {"port": 70_000},
        {"service": "trial; drop"},
        {"login": "Trial"},
        {"password": "short"},
        {"role": Role.ADMINISTRATOR},
        {"authority": b"no certificate"},
    ],
)
def test_a_line_made_by_hand_gets_nothing_in(authority: bytes, other: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="no whole join line"):
        read_line(
            write_line(replace(_one(authority), **other))  # type: ignore[arg-type]  # wrong on purpose
        )


@pytest.mark.parametrize("inside", [b"", b"\x00\x02[]", b"\xff\xff{}", b"\x00\x02{}", b"x" * 100, b"0" * 50_000_000])
def test_what_is_no_invitation_inside_is_refused(inside: bytes) -> None:
    line = PREFIX + base64.urlsafe_b64encode(zlib.compress(inside, 9)).decode().rstrip("=")
    with pytest.raises(BadInput, match="no whole join line"):
        read_line(line)


def test_a_line_of_another_version_is_told_apart() -> None:
    with pytest.raises(BadInput, match="another version"):
        read_line("nightdesk-join-2.abc")
    assert not is_line("settings.toml")


# --- writing single settings -----------------------------------------------------------------

BEFORE = """\
# Solent's settings; ask Jo before changing.
service = "Solent Out of Hours"  # as on paper
database = "old.db"   # the trial of March

[switchboards.asterisk_ami]
host = "pbx.example"
database = "not ours"
"""


def test_settings_keep_their_comments_and_their_tables(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(BEFORE, encoding="utf-8")
    write_settings(file, {"database": "postgresql://pc7:5433/trial", "database_ca": 'C:\\a "b"\\ca.pem'})
    after = file.read_text(encoding="utf-8")
    for line in BEFORE.splitlines():
        assert line in after or line.startswith("database = ")
    settings = load(file)
    assert (settings.database, settings.database_ca) == ("postgresql://pc7:5433/trial", 'C:\\a "b"\\ca.pem')
    assert settings.switchboards["asterisk_ami"]["database"] == "not ours"


def test_settings_are_made_where_there_are_none(tmp_path: Path) -> None:
    file = tmp_path / "home" / "settings.toml"
    write_settings(file, {"database_direct_tls": True})
    assert load(file).database_direct_tls
    assert changed("", {}) == "\n"


@pytest.mark.parametrize("text", ['database = """\nold.db\n"""\n', 'service = """\ndatabase = "x"\n"""\n', "a = ["])
def test_settings_that_cannot_be_changed_with_certainty_stay(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings):
        write_settings(file, {"database": "postgresql://pc7/trial"})
    assert file.read_text(encoding="utf-8") == text
