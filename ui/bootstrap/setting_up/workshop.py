"""The telephones of this computer while somebody sets them up: what there is, what is tried, what is kept.

Nothing here is changed before :meth:`Workshop.keep`; until then the console goes by its old settings.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from console.domain.text import BadInput, NightdeskError, safe_block
from console.machine.clock import SystemClock
from console.machine.paths import Home
from console.machine.secrets import KeyringSecrets, SessionSecrets
from console.ports.secrets import Secrets, SecretsUnavailable
from console.ports.switchboard import AdapterSpec, Switchboard
from telephony_adapters.registry import Registry
from ui.bootstrap.doctor.telephones import THROUGH, how_tested
from ui.bootstrap.place import SECRET_VARIABLE, Computer, secret_name, switchboard_of
from ui.bootstrap.setting_up.drafts import (
    Asked,
    Draft,
    asked_of,
    lacking,
    own_values,
    same_address,
    site_values,
    with_draft,
)
from ui.bootstrap.setting_up.trying import Attempt
from ui.settings import Settings, switchboard_table
from ui.settings_file import load, read_table, read_text
from ui.settings_writing import Part, write_settings

log = logging.getLogger(__name__)

MAIL_CAP = 6_000
"""Characters of what to ask for: a plug-in may say anything."""
WITHOUT_A_KEYRING = f"Without one, the secret is given to each start by the variable {SECRET_VARIABLE}."
_IN_KEYRING = " The secret is in this account's keyring, and in no file."
_NOWHERE = (
    " The secret is kept nowhere: this account's keyring did not take it (`nightdesk doctor` says why). "
    + WITHOUT_A_KEYRING
)
_ELSEWHERE = (
    "The address is another one than before, and the secret in the keyring was meant for that: type it again. Nothing "
    "was sent."
)
_TWO_SECRETS = (
    f"The variable {SECRET_VARIABLE} is set here, and a console takes that before any other secret. Nothing was sent. "
    "Leave the secret empty to try with it, or take the variable away and start this again."
)
_UDP = "By UDP there is no connection to try: the log-in tells."
_LISTENS = "Nothing is reached from here: programs of this computer come to the console."
_THROUGH = (
    "There is nothing to try here: the telephones are heard through the shared record. Keep it, then look at the line "
    "witness of `nightdesk doctor`."
)
_HERE = "What is written here"
_NO_WORDS = "This kind of switchboard could not say what to ask for. Ask whoever made it."
_NOTHING_TO_ASK = "There is nobody to ask for anything: this kind of switchboard names nothing that it needs of others."


@dataclass(frozen=True, slots=True)
class KindOf:
    """One kind of switchboard, for a list: who made it, and what it was tested against."""

    key: str
    title: str
    tested: str
    licence: str


@dataclass(frozen=True, slots=True)
class BrokenKind:
    """One that is installed and cannot be used, and why."""

    key: str
    why: str


class Workshop:
    """One computer's telephones.  Its methods may take seconds (the keyring): call them off the windows' thread."""

    def __init__(self, home: Home, registry: Registry, secrets: Secrets | None = None) -> None:
        """``secrets`` is this account's keyring unless a test brings its own."""
        self._home = home
        self._secrets = secrets or KeyringSecrets(instead=WITHOUT_A_KEYRING)
        specs, broken = registry.usable()
        self.specs: Mapping[str, AdapterSpec] = specs
        self.broken = tuple(BrokenKind(one.key, one.why) for one in broken)
        self._licences = {one.key: f"by {one.words}" for one in registry.plugins()}
        self.settings = load(home.settings_file)

    def kinds(self) -> tuple[KindOf, ...]:
        """Return every kind that can be used here, ours first."""
        return tuple(
            KindOf(
                spec.key,
                spec.title,
                how_tested(spec.tested_against),
                self._licences.get(spec.key, "part of Nightdesk, under its licence"),
            )
            for spec in self.specs.values()
        )

    def spec(self, key: str) -> AdapterSpec:
        """Return one kind.  Raises :class:`BadInput` with the reason where it cannot be used."""
        if key in self.specs:
            return self.specs[key]
        why = next((one.why for one in self.broken if one.key == key), "")
        known = ", ".join(self.specs)
        raise BadInput(why or f"There is no switchboard called {key}; known are {known}.  Nothing was changed.")

    def asked(self, key: str) -> tuple[Asked, ...]:
        """Return what is asked of a kind, with what the settings say now."""
        return asked_of(self.spec(key), self.settings)

    def lacking(self, draft: Draft) -> tuple[Asked, ...]:
        """Return what must be written before ``draft`` can be tried or kept."""
        return lacking(self.spec(draft.key), self.settings, draft)

    def _refuse_lacking(self, draft: Draft, so: str) -> None:
        empty = "; ".join(f"{one.name} ({one.help})" for one in self.lacking(draft))
        if empty:
            raise BadInput(f"This is empty, and it does not go without: {empty}.  {so}")

    def ask_for(self, draft: Draft) -> str:
        """Return what to ask of the switchboard's owner, for what is written now."""
        spec = self.spec(draft.key)
        if spec.ask_for is None:
            return _NOTHING_TO_ASK
        try:
            return safe_block(str(spec.ask_for(self._read(spec, draft))), MAIL_CAP).strip()
        except Exception as fault:
            # A plug-in's own; everything else of the window works.
            log.warning("the words of %s for its owner cannot be had (%s)", spec.key, type(fault).__name__)
            return _NO_WORDS

    def _read(self, spec: AdapterSpec, draft: Draft) -> object:
        """Return the settings as far as they can be read: words for a mail are wanted while one still writes."""
        try:
            whole = with_draft(self.settings, spec, draft)
            return read_table(spec.settings, switchboard_table(whole, spec.key, spec.settings), _HERE)
        except NightdeskError:
            return spec.settings()

    # --- trying -------------------------------------------------------------------------------

    def attempt(self, draft: Draft) -> Attempt:
        """Return how to try ``draft``.  Raises a sentence where it cannot be tried; sends nothing yet."""
        spec = self.spec(draft.key)
        if spec.key == THROUGH:
            raise BadInput(_THROUGH)
        _refuse_two_secrets(draft)
        whole = with_draft(self.settings, spec, draft)
        self._refuse_lacking(draft, "Nothing was sent.")
        chosen: Any = read_table(spec.settings, switchboard_table(whole, spec.key, spec.settings), _HERE)
        overlay = self._typed(spec, draft)
        udp = str(getattr(chosen, "transport", "")) == "udp"
        host = "" if udp else str(getattr(chosen, "host", ""))
        connect = self._connects(whole, overlay)
        return Attempt(
            host,
            int(getattr(chosen, "port", 0)),
            connect,
            spec.tested_against,
            _UDP if udp else _LISTENS,
            spec.capabilities,
            getattr(chosen, "tls", None) is False,
        )

    def _connects(self, whole: Settings, secrets: Secrets) -> Callable[[], Switchboard]:
        computer = Computer(self._home, whole, secrets, "", SystemClock())
        return lambda: switchboard_of(computer)[0]

    def _typed(self, spec: AdapterSpec, draft: Draft) -> Secrets:
        """Return the secrets that were typed, and over the rest the kept ones, where they go to the same address."""
        typed = {secret_name(spec.key, name): secret for name, secret in draft.secrets.items() if secret}
        found = SessionSecrets()
        for name, secret in {**self._kept(spec, draft), **typed}.items():
            found.put(name, secret)
        return found

    def _kept(self, spec: AdapterSpec, draft: Draft) -> Mapping[str, str]:
        names = [secret_name(spec.key, one.name) for one in fields(spec.settings) if one.metadata.get("secret")]
        left = [name for name in names if not draft.secrets.get(name.rpartition(":")[2])]
        kept = {name: secret for name in left if (secret := self._get(name))}
        if kept and not same_address(spec, self.settings, draft):
            raise BadInput(_ELSEWHERE)
        return kept

    def _get(self, name: str) -> str:
        try:
            return self._secrets.get(name) or ""
        except SecretsUnavailable:
            # Then none is kept there; what was typed can be tried all the same.
            return ""

    # --- keeping ------------------------------------------------------------------------------

    def keep(self, draft: Draft) -> str:
        """Write the settings, and the secret into the keyring alone; return what was done, in words.

        Raises a sentence where that cannot be; then everything is as it was.  A keyring that does not take the secret
        hinders nothing else: it is kept nowhere then, and said so.
        """
        spec = self.spec(draft.key)
        with_draft(self.settings, spec, draft)
        self._refuse_lacking(draft, "Nothing was kept.")
        self._kept(spec, draft)
        try:
            before = self._put(spec, draft)
            where = _IN_KEYRING if before else ""
        except SecretsUnavailable:
            before, where = {}, _NOWHERE
        try:
            changes = {"switchboard": spec.key, **site_values(spec, self.settings, draft)}
            part = Part(("switchboards", spec.key), own_values(spec, self.settings, draft))
            write_settings(self._home.settings_file, changes, part if part.values else None, self._can_start)
        except (NightdeskError, OSError):
            self._put_back(before)
            raise
        self.settings = load(self._home.settings_file)
        return f"Kept in {self._home.settings_file}. A console that is open goes by it from its next start.{where}"

    def _can_start(self, text: str) -> None:
        read_text(text, self._home.settings_file)

    def _put(self, spec: AdapterSpec, draft: Draft) -> dict[str, str]:
        """Put what was typed into the keyring; return what stood there before, empty for nothing."""
        typed = {secret_name(spec.key, name): secret for name, secret in draft.secrets.items() if secret}
        before = {name: self._get(name) for name in typed}
        done: dict[str, str] = {}
        try:
            for name, secret in typed.items():
                self._secrets.put(name, secret)
                done[name] = before[name]
        except SecretsUnavailable:
            self._put_back(done)
            raise
        return before

    def _put_back(self, before: Mapping[str, str]) -> None:
        for name, secret in before.items():
            if secret:
                self._secrets.put(name, secret)
            else:
                self._secrets.forget(name)


def _refuse_two_secrets(draft: Draft) -> None:
    given = os.environ.get(SECRET_VARIABLE, "")
    if given and any(secret not in ("", given) for secret in draft.secrets.values()):
        raise BadInput(_TWO_SECRETS)


def drafted(
    workshop: Workshop, key: str, changes: Mapping[str, str], secrets: Mapping[str, str] | None = None
) -> Draft:
    """Return a draft of a kind from its settings now, with ``changes`` written over them; refuses unknown names."""
    asked = workshop.asked(key)
    known = {one.name: one.value for one in asked if not one.secret}
    for name in changes:
        if name not in known:
            why = "is a secret and is never said so: it is asked for" if name in {one.name for one in asked} else ""
            listed = ", ".join(known)
            raise BadInput(f"{name} {why or f'is no setting of {key}; they are {listed}'}.  Nothing was changed.")
    return Draft(key, {**known, **changes}, secrets or {})
