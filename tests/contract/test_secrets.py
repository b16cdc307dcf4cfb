"""One behaviour of every ``Secrets``: memory here, the keyring library over a backend of the test.

The same suite runs on a real gnome-keyring in ``tests/machine/test_keyring_real.py``.
"""

from __future__ import annotations

import pytest
from keyring.backend import KeyringBackend

from console.machine.secrets import LONGEST, KeyringSecrets, SessionSecrets
from console.ports.secrets import Secrets, SecretsUnavailable
from tests.helpers.keyrings import ShelfKeyring
from tests.helpers.secrets_contract import CHECKS, Check


def _shelf() -> KeyringBackend:
    return ShelfKeyring()


@pytest.fixture(params=["memory", "keyring"])
def secrets(request: pytest.FixtureRequest) -> Secrets:
    return SessionSecrets() if request.param == "memory" else KeyringSecrets(backend=_shelf())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_secrets(secrets: Secrets, check: Check) -> None:
    check(secrets)


def test_a_long_secret_is_refused_before_it_is_stored(secrets: Secrets) -> None:
    with pytest.raises(SecretsUnavailable, match=str(LONGEST)):
        secrets.put("too long", "x" * (LONGEST + 1))
    assert secrets.get("too long") is None
