"""The registry: ours and plug-ins, each loaded alone."""

from __future__ import annotations

from dataclasses import fields
from importlib.metadata import EntryPoint

import pytest

from telephony_adapters.registry import GROUP, OURS, NoSuchSwitchboard, Registry, installed

BROKEN = EntryPoint("broken", "tests.no_such_module:SPEC", GROUP)
THIEF = EntryPoint("asterisk_ami", "tests.no_such_module:SPEC", GROUP)


@pytest.mark.parametrize("key", OURS)
def test_ours_are_there_and_described(key: str) -> None:
    spec = installed().find(key)
    assert spec.key == key
    assert spec.title
    assert spec.tested_against
    assert not spec.capabilities.acts & spec.capabilities.why_not.keys()
    for field in fields(spec.settings):
        assert field.metadata["help"], f"{field.name} needs a help text"
        assert isinstance(field.metadata["secret"], bool)


def test_a_plugin_is_loaded_only_when_asked_for() -> None:
    assert Registry([BROKEN]).keys() == (*OURS, "broken")


def test_a_plugin_cannot_take_the_place_of_one_of_ours() -> None:
    assert Registry([THIEF]).find("asterisk_ami").key == "asterisk_ami"


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NoSuchSwitchboard, match="known are simulator, asterisk_ami"):
        Registry().find("avaya")
