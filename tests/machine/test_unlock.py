"""Coming in while the record is away: what the keyring keeps, what a wrong password costs, and how long it holds."""

from __future__ import annotations

import json
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


def test_the_password_of_the_last_sign_in_brings_back_who_that_was(desk: Desk) -> None:
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
    monkeypatch.setattr("console.machine.unlock._fits", ends)
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
