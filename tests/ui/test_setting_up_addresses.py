"""Where a kept secret may be sent: to the address it was kept for, whatever a switchboard's settings call that."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest

from console.ports.switchboard import AdapterSpec
from telephony_adapters.registry import installed
from ui.bootstrap.setting_up.drafts import Draft, same_address
from ui.settings import Settings


def asked(text: str, **more: bool) -> Any:
    """Return a setting as a plug-in declares one."""
    return field(default="", metadata={"help": text, **more})


@dataclass(frozen=True, slots=True)
class Unmarked:
    """A plug-in's settings, which say of none that it is an address."""

    server: str = asked("where it is")
    url: str = asked("or where that is")
    secret: str = asked("its word", secret=True)


@dataclass(frozen=True, slots=True)
class Marked:
    """A plug-in's settings, which say which one is the address."""

    server: str = asked("where it is", address=True)
    colour: str = asked("the colour of its lamp")
    secret: str = asked("its word", secret=True)


def plugin(settings: type) -> AdapterSpec:
    """Return the description of a plug-in's switchboard."""
    return replace(spec("asterisk_ami"), key="acme", settings=settings)


def spec(key: str) -> AdapterSpec:
    """Return one of ours."""
    return installed().find(key)


def is_same(kind: AdapterSpec, **values: str) -> bool:
    """Say whether a kept secret may be sent where these settings lead."""
    return same_address(kind, Settings(), Draft(kind.key, values))


@pytest.mark.parametrize("name", ["server", "url"])
def test_a_plugin_that_marks_no_address_gets_its_secret_anew_for_every_change_of_its_own(name: str) -> None:
    assert is_same(plugin(Unmarked), server="", url="", outside_prefix="8")
    assert not is_same(plugin(Unmarked), **{name: "elsewhere.example"})


def test_a_plugin_that_marks_its_address_gets_it_anew_for_that_alone() -> None:
    assert is_same(plugin(Marked), colour="green")
    assert not is_same(plugin(Marked), server="elsewhere.example")


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("asterisk_ami", {"host", "port"}),
        ("freeswitch_esl", {"host", "port"}),
        ("sip_dialog", {"host", "port", "transport"}),
        ("local_pop", set()),
    ],
)
def test_of_ours_the_address_asks_for_the_secret_and_nothing_else_does(key: str, changes: set[str]) -> None:
    kind = spec(key)
    names = {one.name for one in fields(kind.settings)} - {"secret", "run_file"}
    assert {name for name in names if not is_same(kind, **{name: "another"})} == changes
