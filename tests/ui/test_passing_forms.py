"""The panel of Transfer and the rows at the call: what is offered, what is not and why, without any window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.domain.calls import Asked
from console.ports.switchboard import Act
from ui.desktop.forms.rows import FormRow, Kind
from ui.desktop.screens.handler.passing_forms import NOTHING, Colleague, PassingInputs, passing_form
from ui.desktop.widgets.faces import Choice

TOM = Colleague("Tom Adeyemi", "1002", "Away")
GRACE = Colleague("Grace Bell", "1004", on_call=True)
ON_CALL = PassingInputs(on_call=True, colleagues=(GRACE, TOM))
PARKED = (Choice("fetch 1", "Fetch the caller parked at 701: Hampshire adults"),)


def ways(form: FormRow) -> list[str]:
    """Return how it can be done, as offered."""
    return [choice.key for field in form.fields() if field.key == "how" for choice in field.choices]


def keys(form: FormRow) -> list[str]:
    """Return the fields."""
    return [field.key for field in form.fields()]


def test_with_a_caller_it_asks_whom_how_and_which_keys() -> None:
    form = passing_form(ON_CALL)
    assert keys(form) == ["whom", "target", "how", "keys"]
    assert ways(form) == [Act.START_ATTENDED, Act.BLIND_TRANSFER, Act.PARK]
    assert [one.label for one in form.fields()[0].choices] == [
        "Tom Adeyemi, 1002 (away)",
        "Grace Bell, 1004 (on a call)",
    ]
    assert form.fields()[2].value == Act.START_ATTENDED, "nobody is given away unasked by Enter alone"
    assert form.fields()[3].kind is Kind.DIGITS
    assert form.intro == ""


def test_what_the_switchboard_cannot_do_is_not_offered_and_its_reason_is_said_once() -> None:
    why = "This telephone system cannot do that."
    given = replace(ON_CALL, can=frozenset({Act.BLIND_TRANSFER}), why_not=dict.fromkeys(Act, why))
    form = passing_form(given)
    assert ways(form) == [Act.BLIND_TRANSFER]
    assert "keys" not in keys(form)
    assert form.intro == f"Not here: ask first, park, keys on the line. {why}"


def test_with_no_act_at_all_there_is_no_way_to_choose() -> None:
    form = passing_form(replace(ON_CALL, can=frozenset()))
    assert ways(form) == []
    assert "transfer on the telephone itself" in form.intro


@pytest.mark.parametrize(
    ("answered", "offered", "intro"),
    [
        (False, [Act.CANCEL_ATTENDED], "Tom Adeyemi, 1002 has not answered yet; the caller waits."),
        (
            True,
            [Act.COMPLETE_ATTENDED, Act.CONFERENCE, Act.CANCEL_ATTENDED],
            "Asking Tom Adeyemi, 1002; the caller waits.",
        ),
    ],
)
def test_while_a_colleague_is_asked_it_offers_what_can_follow(answered: bool, offered: list[Act], intro: str) -> None:
    form = passing_form(replace(ON_CALL, asked=Asked("1002", answered), parked=PARKED))
    assert (ways(form), form.title) == (offered, "Asking 1002")
    assert form.intro.startswith(intro)


def test_somebody_without_a_console_is_named_by_the_extension() -> None:
    assert passing_form(replace(ON_CALL, asked=Asked("1009", True))).intro.startswith("Asking 1009; the caller waits.")


def test_parked_callers_are_fetched_from_the_same_panel() -> None:
    form = passing_form(PassingInputs(parked=PARKED))
    assert (form.title, form.send, ways(form)) == ("Fetch a parked caller", "Fetch", ["fetch 1"])
    assert ways(passing_form(replace(ON_CALL, parked=PARKED)))[-1] == "fetch 1", "also with a caller on hold"
    cannot = passing_form(PassingInputs(parked=PARKED, can=frozenset()))
    assert ways(cannot) == []
    assert cannot.intro.startswith("Not here: fetch.")


def test_with_nobody_there_it_says_so_and_closes() -> None:
    form = passing_form(PassingInputs())
    assert (form.fields()[0].value, form.send) == (NOTHING, "Close")
