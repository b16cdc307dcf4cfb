"""Keys of encrypted files: never a silent new one, never one in plain text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.machine.keys import (
    KEY_BYTES,
    KeyMissing,
    adopt_key,
    decode_key,
    encode_key,
    from_recovery,
    key_for,
    key_from_passphrase,
    note_of,
    recovery_text,
)
from console.machine.secrets import SessionSecrets


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journals" / "raman.db"


def _write(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"encrypted words")
    return file.read_bytes()


def test_a_new_file_gets_a_random_key_and_keeps_it(file: Path) -> None:
    secrets = SessionSecrets()
    key = key_for(file, "journal raman", secrets)
    _write(file)
    assert len(key) == KEY_BYTES
    assert key_for(file, "journal raman", secrets) == key
    assert key_for(file.with_name("other.db"), "journal other", secrets) != key


def test_the_note_names_the_keyring_and_holds_no_key(file: Path) -> None:
    secrets = SessionSecrets()
    key = key_for(file, "journal raman", secrets)
    note = note_of(file).read_text(encoding="utf-8")
    assert '"backend": "memory"' in note
    assert encode_key(key) not in note
    assert key.hex() not in note


def test_a_lost_key_is_said_and_the_file_stays(file: Path) -> None:
    key_for(file, "journal raman", SessionSecrets())
    before = _write(file)
    empty = SessionSecrets()
    with pytest.raises(KeyMissing, match="made with memory.*not touched.*recovery key"):
        key_for(file, "journal raman", empty)
    assert file.read_bytes() == before
    assert empty.get("journal raman") is None


def test_a_recovery_key_brings_the_file_back(file: Path) -> None:
    key = key_for(file, "journal raman", SessionSecrets())
    _write(file)
    new_computer = SessionSecrets()
    assert adopt_key(file, "journal raman", new_computer, recovery_text(key).lower().replace("-", " ")) == key
    assert key_for(file, "journal raman", new_computer) == key


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES))
def test_a_recovery_key_reads_back(key: bytes) -> None:
    assert from_recovery(recovery_text(key)) == key
    assert decode_key(encode_key(key)) == key


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: ("B" if t[0] == "A" else "A") + t[1:], lambda t: "8!", str.swapcase]
)
def test_a_mistyped_recovery_key_is_refused(change: object) -> None:
    text = recovery_text(bytes(range(KEY_BYTES)))
    assert callable(change)
    typed = change(text)
    if typed.upper() == text:
        assert from_recovery(typed) == bytes(range(KEY_BYTES))
        return
    with pytest.raises(KeyMissing, match="not a recovery key"):
        from_recovery(typed)


def test_something_else_in_the_keyring_is_no_key(file: Path) -> None:
    secrets = SessionSecrets()
    secrets.put("journal raman", "hunter2")
    with pytest.raises(KeyMissing, match="not a key"):
        key_for(file, "journal raman", secrets)


def test_a_passphrase_gives_the_same_key_again(file: Path) -> None:
    key = key_from_passphrase(file, "correct horse")
    _write(file)
    assert key_from_passphrase(file, "correct horse") == key
    assert key_from_passphrase(file, "correct house") != key
    assert key_from_passphrase(file.with_name("other.db"), "correct horse") != key


def test_a_passphrase_is_no_answer_for_a_keyrings_file(file: Path) -> None:
    key_for(file, "journal raman", SessionSecrets())
    before = note_of(file).read_bytes()
    _write(file)
    with pytest.raises(KeyMissing, match="a passphrase was asked"):
        key_from_passphrase(file, "correct horse")
    assert note_of(file).read_bytes() == before
