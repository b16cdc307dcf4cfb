"""What products send, read by their mappings: JSON and forms, what is no text, and mappings that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.domain.calls import Unmarked
from console.domain.text import BadInput
from telephony_adapters.local_pop.message import BadPop, Event, read_pop
from telephony_adapters.local_pop.products import OURS, UNTESTED, flat, products, read_product, shipped

NUMBER = "01632 960123"


def test_every_mapping_that_comes_with_the_program_says_that_it_was_not_tested() -> None:
    found = shipped()
    assert {"three_cx", "eight_by_eight", "mitel", "cisco_finesse", "avaya_workplace", "teams"} <= found.keys()
    assert {one.tested for one in found.values()} == {UNTESTED}
    assert all(one.title and one.source and "number" in one.fields for one in found.values())


def test_a_dialog_of_finesse_is_read_by_its_mapping() -> None:
    dialog = {
        "id": "12345678", "state": "ALERTING", "fromAddress": "01632960123",
        "mediaProperties": {"dialedNumber": "01632960002", "queueName": "oohs", "callvariables": [1, 2]},
    }  # fmt: skip
    said = read_pop(shipped()["cisco_finesse"].read(flat(json.dumps(dialog).encode(), "")), Unmarked.SHOW)
    assert (said.identity, said.event, said.number) == ("12345678", Event.RINGING, "01632960123")
    assert (said.line, said.queue) == ("01632960002", "oohs")


def test_a_form_is_read_as_json_is_and_an_empty_number_is_one_that_was_not_sent() -> None:
    body = b"phone=01632960123&callerName=A+Caller&event=connected"
    said = shipped()["teams"].read(flat(body, "application/x-www-form-urlencoded; charset=utf-8"))
    assert said == {"number": "01632960123", "name": "A Caller", "event": "answered"}
    assert OURS.read(flat(b'{"number": null}', "")) == {"number": ""}
    assert OURS.read(flat(b"{}", "")) == {}


def test_an_event_that_a_mapping_does_not_know_is_refused() -> None:
    with pytest.raises(BadPop, match="not one that the mapping knows"):
        shipped()["cisco_finesse"].read({"state": "WRAPPING_UP", "fromAddress": NUMBER})


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"\xff", b"[" * 16_000, b"{" * 16_000, b"1" * 9_000, b"NaN"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadPop):
        flat(body, "application/json")


def test_a_folder_of_mappings_adds_to_those_that_come_with_the_program(tmp_path: Path) -> None:
    (tmp_path / "ours_in_between.toml").write_text('[fields]\nnumber = "caller.cli"\n', encoding="utf-8")
    found = products(str(tmp_path))
    assert found["ours_in_between"].read(flat(b'{"caller": {"cli": "01632960123"}}', "")) == {"number": "01632960123"}
    assert "three_cx" in found


@pytest.mark.parametrize("text", ["x", "[fields]\nnumbr = 'x'", "[events]\nx = 'ringing'", "[fields]\nnumber = 3"])
def test_a_mapping_that_cannot_be_used_is_said(text: str) -> None:
    with pytest.raises(BadInput, match="Nothing was started"):
        read_product(text, "mine")


@pytest.mark.parametrize("name", ["number", "diverted_from", "id", "event"])
@pytest.mark.parametrize("value", [1.5, True, False, ["01632960123"], {"e164": "01632960123"}, 10**400])
def test_what_is_no_text_is_refused_and_never_passed_over(name: str, value: object) -> None:
    message = {"number": NUMBER, "id": "a", "event": "ended", name: value}
    with pytest.raises(BadPop, match="Nothing was changed"):
        read_pop(OURS.read(flat(json.dumps(message).encode(), "")), Unmarked.SHOW)


@pytest.mark.parametrize("value", [7700900111, -5, 0])
def test_a_telephone_number_that_is_written_as_a_number_is_refused(value: int) -> None:
    with pytest.raises(BadPop, match="number must be written as a text"):
        OURS.read({"number": value})


def test_an_id_may_be_a_number_and_no_call_is_lost_for_the_name_of_a_queue() -> None:
    assert OURS.read({"id": 12, "queue": ["oohs"], "name": 1.5}) == {"id": "12", "queue": "", "name": ""}


def test_the_next_place_is_read_where_the_first_holds_no_text() -> None:
    mapping = read_product('[fields]\nnumber = ["caller", "caller.cli"]\n', "mine")
    assert mapping.read(flat(b'{"caller": {"cli": "01632960123"}}', "")) == {"number": "01632960123"}
