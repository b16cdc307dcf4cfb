"""What a switchboard is set up to dial before a number, or to press, can never be an emergency number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from console.domain.text import BadInput
from telephony_adapters.asterisk_ami import settings as ami
from telephony_adapters.freeswitch_esl import settings as esl
from telephony_adapters.local_pop import settings as pop
from telephony_adapters.sip_dialog import settings as sip

CHECKED: list[tuple[Callable[[Any], object], object]] = [
    (ami.checked, ami.AmiSettings()),
    (esl.checked, esl.EslSettings(domain="pbx.example")),
    (pop.checked, pop.PopSettings()),
    (sip.checked, sip.SipSettings(user="nightdesk", extensions="1001")),
]


@pytest.mark.parametrize(("check", "settings"), CHECKED, ids=["ami", "esl", "pop", "sip"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("outside_prefix", value) for value in ("999", "9999", "112", "a", "+44", "9 ", "*9", "12345")),
        *(("withhold_prefix", value) for value in ("999", "112#", "18000", "x", "1 41")),
    ],
)
def test_a_prefix_is_the_keys_of_a_prefix(check: Callable[[Any], object], settings: Any, name: str, value: str) -> None:
    assert check(settings) == settings
    with pytest.raises(BadInput, match=name):
        check(replace(settings, **{name: value}))


@pytest.mark.parametrize("prefixes", [("", ""), ("9", "141"), ("99", "*67"), ("0", "#31#"), ("8", "1470")])
def test_prefixes_that_sites_have_are_taken(prefixes: tuple[str, str]) -> None:
    settings = ami.AmiSettings(outside_prefix=prefixes[0], withhold_prefix=prefixes[1])
    assert ami.checked(settings) is settings


@pytest.mark.parametrize("code", ["999", "9112", "9999#"])
def test_no_code_that_is_pressed_for_the_worker_is_an_emergency_number(code: str) -> None:
    with pytest.raises(BadInput, match="three_together_code is an emergency number"):
        ami.checked(ami.AmiSettings(three_together_code=code))
