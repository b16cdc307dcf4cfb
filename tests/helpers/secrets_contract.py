"""What every implementation of ``console.ports.secrets.Secrets`` must do; plain functions, no pytest.

They are also run by a separate process inside a D-Bus session of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from console.ports.secrets import Secrets

Check = Callable[[Secrets], None]


def it_says_that_it_is_usable(secrets: Secrets) -> None:
    """A usable one has a name for `doctor`."""
    state = secrets.state()
    assert state.usable
    assert state.backend


def it_knows_nothing_at_first(secrets: Secrets) -> None:
    """None, not an error."""
    assert secrets.get("never put") is None


def it_gives_back_what_it_was_given(secrets: Secrets) -> None:
    """Also letters outside ASCII."""
    secrets.put("one", "first \u2713 é")
    secrets.put("two", "second")
    assert secrets.get("one") == "first \u2713 é"
    assert secrets.get("two") == "second"


def it_replaces(secrets: Secrets) -> None:
    """The newer value stands alone."""
    secrets.put("changed", "old")
    secrets.put("changed", "new")
    assert secrets.get("changed") == "new"


def it_forgets(secrets: Secrets) -> None:
    """Twice is harmless, and others stay."""
    secrets.put("gone", "x")
    secrets.put("stays", "y")
    secrets.forget("gone")
    secrets.forget("gone")
    assert secrets.get("gone") is None
    assert secrets.get("stays") == "y"


def it_holds_a_key_of_32_bytes(secrets: Secrets) -> None:
    """As base64: 44 characters."""
    secrets.put("key", "A" * 43 + "=")
    assert secrets.get("key") == "A" * 43 + "="


CHECKS: tuple[Check, ...] = (
    it_says_that_it_is_usable,
    it_knows_nothing_at_first,
    it_gives_back_what_it_was_given,
    it_replaces,
    it_forgets,
    it_holds_a_key_of_32_bytes,
)
