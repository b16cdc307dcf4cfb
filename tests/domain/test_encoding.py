"""Content as the record writes it, and as folds read it."""

from __future__ import annotations

from console.domain.encoding import decode_body, encode_body


def test_what_every_call_of_a_night_says_is_held_once() -> None:
    """Ten thousand calls of a day say the same keys, line and queue; a note is nobody else's."""
    said = {"dialled": "01632960001", "queue": "oohs", "text": "she is by the bus stop, and the next one comes at two"}
    one, other = (decode_body(encode_body(said)) for _ in range(2))
    assert one == other == said
    assert [id(key) for key in one] == [id(key) for key in other]
    assert one["dialled"] is other["dialled"]
    assert one["queue"] is other["queue"]
    assert one["text"] is not other["text"]


def test_what_is_no_word_is_read_as_it_stands() -> None:
    said = {"late": True, "count": 3, "known": None, "rang": ["1001", "1002"], "place": {"line": "b"}}
    assert decode_body(encode_body(said)) == said
