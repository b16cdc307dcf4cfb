"""Coming in while the record is away: what the keyring keeps, what a wrong password costs, and how long it holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from console.machine.secrets import LONGEST, KeyringSecrets
from console.machine.unlock import FREE_TRIES, LONGEST_WAIT, Known, NotUnlocked, Unlock
from console.ports.manual import ManualClock
from tests.helpers.keyrings import ShelfKeyring

PLACE = "unlock:hants@db.example:hants__priya_raman"
PASSWORD = "a password of her own"
PRIYA = Known("priya.raman", "Priya Raman", ("amhp", "duty_manager"))
DAYS = 14
CHEAP = 2**4
"""Rounds of scrypt where the time it takes proves nothing."""


@pytest.fixture(autouse=True, scope="module")
def cheap() -> Iterator[pytest.MonkeyPatch]:
    """Let the key of a password be computed at once: half a second each is proved where ``at_full_cost`` is asked for.

    A patch, since nothing but a test may ever ask for less.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("console.machine.verifier.SCRYPT_N", CHEAP)
        yield patch


@pytest.fixture
def at_full_cost(cheap: pytest.MonkeyPatch) -> Iterator[None]:
    """Compute as the program does."""
    cheap.undo()
    yield
    cheap.setattr("console.machine.verifier.SCRYPT_N", CHEAP)


class Desk:
    """A computer with a keyring on a shelf, and a clock moved by hand."""

    def __init__(self, days: int = DAYS) -> None:
        self.keyring = ShelfKeyring()
        self.clock = ManualClock()
        self.unlock = self.with_days(days)

    def with_days(self, days: int) -> Unlock:
        """Start the program again, with another setting."""
        return Unlock(KeyringSecrets(backend=self.keyring), self.clock, days)

    def try_(self, password: str) -> str:
        """Return the sentence of a refusal, or nothing where somebody came in."""
        try:
            self.unlock.open(PLACE, password)
        except NotUnlocked as refused:
            return str(refused)
        return ""


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.unlock.remember(PLACE, PASSWORD, PRIYA)
    return made


@pytest.mark.usefixtures("at_full_cost")
def test_the_password_of_the_last_sign_in_brings_back_who_that_was() -> None:
    desk = Desk()
    desk.unlock.remember(PLACE, PASSWORD, PRIYA)
    desk.clock.advance(3600)
    assert desk.unlock.open(PLACE, PASSWORD) == PRIYA
    assert desk.unlock.takes(PLACE, PASSWORD)
    assert not desk.unlock.takes(PLACE, PASSWORD + " ")


def test_the_keyring_holds_no_password_and_two_verifiers_of_one_password_differ(desk: Desk) -> None:
    ((_, kept),) = desk.keyring.shelf.items()
    assert PASSWORD not in kept
    found = json.loads(kept)
    assert (found["n"], found["r"], found["p"]) == (65536, 8, 2)
    desk.unlock.remember("another place", PASSWORD, PRIYA)
    other = json.loads(desk.keyring.shelf["nightdesk", "another place"])
    assert other["salt"] != found["salt"]
    assert other["key"] != found["key"]


def test_the_longest_names_and_all_roles_fit_into_a_windows_credential() -> None:
    desk = Desk()
    desk.unlock.remember(PLACE, PASSWORD, Known("w" * 80, "Å" * 80, tuple("social_worker_children" for _ in range(14))))
    ((_, kept),) = desk.keyring.shelf.items()
    assert len(kept) <= LONGEST


def test_wrong_passwords_wait_longer_each_time_also_after_a_restart(desk: Desk) -> None:
    for _ in range(FREE_TRIES - 1):
        assert "not the one of your last sign-in here.  Nothing was opened.  Type it again" in desk.try_("wrong")
    assert "The next try may be in 5 s" in desk.try_("wrong")
    assert "try again in 5 s" in desk.try_(PASSWORD), "the right one waits too"
    desk.unlock = desk.with_days(DAYS)
    assert "try again in 5 s" in desk.try_(PASSWORD)
    for seconds in (5, 10, 20, 40, 80, 160, 320):
        desk.clock.advance(seconds)
        assert f"in {2 * seconds} s" in desk.try_("wrong")
    desk.clock.advance(640)
    assert f"in {LONGEST_WAIT.seconds} s" in desk.try_("wrong")
    desk.clock.advance(LONGEST_WAIT.seconds)
    assert desk.try_(PASSWORD) == ""
    assert "Type it again" in desk.try_("wrong"), "a right password makes good for the wrong ones"


def test_a_try_counts_though_the_program_is_ended_while_it_is_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_: object) -> bool:
        raise KeyboardInterrupt

    # The half second in which it computes would have to be met exactly.
    monkeypatch.setattr("console.machine.unlock.keys_of", ends)
    for _ in range(FREE_TRIES):
        with pytest.raises(KeyboardInterrupt):
            desk.unlock.open(PLACE, "wrong")
    monkeypatch.undo()
    assert "try again in 5 s" in desk.try_(PASSWORD)


@pytest.mark.parametrize(
    "moved", [timedelta(days=DAYS, seconds=1), timedelta(hours=-4)], ids=["too old", "a clock put back"]
)
def test_a_verifier_is_good_for_some_days_by_a_clock_that_can_be_right(desk: Desk, moved: timedelta) -> None:
    desk.clock.set_wall(desk.clock.now() + moved)
    assert "has not come in at this computer within 14 days" in desk.try_(PASSWORD)


@pytest.mark.expects_log
def test_whoever_never_came_in_here_or_is_forgotten_is_told_so(desk: Desk) -> None:
    with pytest.raises(NotUnlocked, match="nobody can be signed in"):
        desk.unlock.open("another", PASSWORD)
    desk.unlock.forget(PLACE)
    assert "Nothing is lost" in desk.try_(PASSWORD)
    desk.keyring.shelf["nightdesk", PLACE] = '{"v": "made by some other version"}'
    assert "nobody can be signed in" in desk.try_(PASSWORD)


def test_no_days_keep_nothing_and_let_nobody_in(desk: Desk) -> None:
    never = desk.with_days(0)
    with pytest.raises(NotUnlocked, match="may not without it"):
        never.open(PLACE, PASSWORD)
    never.remember(PLACE, PASSWORD, PRIYA)
    assert desk.keyring.shelf == {}


# --- a keyring that was damaged, or written by somebody else ------------------------------------

NONE = "nobody can be signed in"


@pytest.fixture(scope="module")
def kept() -> str:
    """What the keyring holds of Priya."""
    made = Desk()
    made.unlock.remember(PLACE, PASSWORD, PRIYA)
    return made.keyring.shelf["nightdesk", PLACE]


def changed(kept: str, **fields: object) -> Desk:
    """Return a computer in whose keyring somebody changed these fields."""
    return holding(json.dumps({**json.loads(kept), **fields}))


def holding(text: str, place: str = PLACE) -> Desk:
    desk = Desk()
    desk.keyring.shelf["nightdesk", place] = text
    return desk


DAMAGE: dict[str, tuple[object, ...]] = {
    "key": ("abc", "", "!!!x", "\u00e9" * 44, 5, None, ["x"]),
    "seal": ("abc", "", "!!!x", 5, None),
    "salt": ("!!!x", "abc", "", 5, None, "QUJD"),
    "n": (3, 0, -1, 2**24, 2**15, "65536", 65536.0, None),
    "r": (-1, 0, 10**6, None, True),
    "p": (10**6, 0, -1, "2", None),
    "at": (None, "x", 10**30, -1, 1.5, True, []),
    "worker": (None, "", 5, ["priya.raman"]),
    "name": (None, 5, {}),
    "roles": (None, "coordinator", 5, [5], [None], [""], {"duty_manager": 1}),
    "invented": (None, "no", 0),
    "more": ("a field of another version",),
}


@pytest.mark.expects_log
@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in DAMAGE.items() for value in values])
def test_a_damaged_verifier_is_none_and_the_log_says_so_without_its_words(
    kept: str, field: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    desk = changed(kept, **{field: value})
    assert NONE in desk.try_(PASSWORD)
    assert not desk.unlock.takes(PLACE, PASSWORD)
    assert "could not be read; it counts as none" in caplog.text
    assert "priya" not in caplog.text.lower()


@pytest.mark.expects_log
@pytest.mark.parametrize("text", ["[]", "5", '"x"', "{", "{}", "null", "[1]", "\0", "[" * 100_000, "9" * 5000])
def test_what_is_no_verifier_at_all_is_none(text: str) -> None:
    desk = holding(text)
    assert NONE in desk.try_(PASSWORD)
    assert not desk.unlock.takes(PLACE, PASSWORD)


@pytest.mark.expects_log
def test_a_field_that_is_lacking_makes_it_none(kept: str) -> None:
    whole = json.loads(kept)
    for field in whole:
        assert NONE in holding(json.dumps({name: whole[name] for name in whole if name != field})).try_(PASSWORD), field


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("roles", ["duty_manager", "coordinator"]),
        ("roles", []),
        ("worker", "helen.marsh"),
        ("name", "Helen Marsh"),
        ("invented", True),
        ("at", 1_796_162_400_000_001),
        ("seal", "A" * 43 + "="),
    ],
)
def test_who_it_is_in_which_roles_and_since_when_is_sealed_with_the_password(
    kept: str, field: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    desk = changed(kept, **{field: value})
    assert NONE in desk.try_(PASSWORD)
    assert "was changed outside Nightdesk; it counts as none" in caplog.text
    assert "marsh" not in caplog.text.lower()


@pytest.mark.expects_log
def test_a_verifier_is_good_at_its_own_place_only(kept: str) -> None:
    desk = holding(kept, "another place")
    with pytest.raises(NotUnlocked, match=NONE):
        desk.unlock.open("another place", PASSWORD)
    assert holding(kept).try_(PASSWORD) == ""


@pytest.mark.parametrize("value", ["x", None, -1, 10**30])
@pytest.mark.parametrize("field", ["wrong", "again"])
def test_tries_that_cannot_be_counted_are_all_used_up(kept: str, field: str, value: object) -> None:
    desk = changed(kept, **{field: value})
    assert f"try again in {LONGEST_WAIT.seconds} s" in desk.try_(PASSWORD)
    desk.clock.advance(LONGEST_WAIT.seconds - 1)
    assert "try again in 1 s" in desk.try_(PASSWORD), "it waits once, not anew with every try"
    desk.clock.advance(1)
    assert desk.try_(PASSWORD) == ""


def test_any_number_of_tries_waits_the_longest_at_most(kept: str) -> None:
    desk = changed(kept, wrong=10**12, again=10**17)
    assert f"try again in {LONGEST_WAIT.seconds} s" in desk.try_(PASSWORD)
    desk.clock.advance(LONGEST_WAIT.seconds)
    assert desk.try_(PASSWORD) == ""


def test_a_clock_that_was_a_day_fast_makes_nobody_wait_for_a_day(desk: Desk) -> None:
    desk.clock.set_wall(desk.clock.now() + timedelta(days=1))
    for _ in range(FREE_TRIES):
        assert "not the one" in desk.try_("wrong")
    desk.clock.set_wall(desk.clock.now() - timedelta(days=1))
    assert "try again in 5 s" in desk.try_(PASSWORD)
    desk.clock.advance(5)
    assert desk.try_(PASSWORD) == ""


@pytest.mark.parametrize("typed", ["\ud800", "\0", ""])
def test_whatever_can_be_typed_is_a_wrong_password(kept: str, typed: str) -> None:
    assert "not the one of your last sign-in" in holding(kept).try_(typed)
