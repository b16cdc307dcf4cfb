"""Reviews and transcripts say acts in the words of those who work, and no name of a key, a kind or a call."""

from __future__ import annotations

import re

import pytest

from console.domain.act_words import ACT_WORDS, act_words
from console.domain.deed_words import deed_words
from console.domain.forms.registry import FORMS
from console.domain.record import Kind
from console.domain.rehearsal import Deed, Sought
from telephony_adapters.simulator.rehearsal import load_rehearsal, rehearsal_names

PRIYA = "priya.raman"


def test_every_kind_has_words_and_a_newer_one_stays_as_written() -> None:
    assert set(ACT_WORDS) == set(Kind)
    assert len(set(ACT_WORDS.values())) == len(ACT_WORDS)
    assert not [words for words in ACT_WORDS.values() if re.search("[._]", words)]
    assert act_words("signals.summons") == "Second worker asked for"
    assert act_words("incident.of_the_next_year") == "incident.of_the_next_year"


@pytest.mark.parametrize(
    ("deed", "what", "state", "words", "said"),
    [
        (Deed.ANSWERS, "c1", "", "", "Priya answers the call"),
        (Deed.TYPES, "", "", "told", "Priya writes “told”"),
        (Deed.TYPES, "", "", "", "Priya writes a note"),
        (Deed.PRESSES, "need_a_second", "", "", "Priya asks for a second worker"),
        (Deed.PRESSES, "get_police", "", "", "Priya signals “Get police”"),
        (Deed.ASKS, FORMS[0].prompts[0].key, "", "", f"Priya asks “{FORMS[0].prompts[0].label}”"),
        (Deed.SETS, "type", "", "", "Priya fills in kind of call"),
        (Deed.SAYS, "", "", "log", "Priya tells the partner “log”"),
        (Deed.RECORDS, "location", "", "", "Priya writes down where the person is"),
        (Deed.RECORDS, "hazard", "", "", "Priya writes down hazard"),
        (Deed.RECORDS, "", "", "", "Priya writes down what is known"),
        (Deed.DRAFTS, "amhp", "", "", "Priya decides on AMHP"),
        (Deed.SENDS, "police_attend", "", "", "Priya asks for police"),
        (Deed.SENDS, "", "", "", "Priya asks for help"),
        (Deed.LOGS, "police_attend", "update", "dog", "Priya logs news of police (told of a change) “dog”"),
        (Deed.LOGS, "police_attend", "declined", "", "Priya logs news of police (declined)"),
        (Deed.ENDS, "c1", "", "", "the call ends"),
    ],
)  # fmt: skip
def test_a_deed_is_said_as_it_is_said_at_work(deed: Deed, what: str, state: str, words: str, said: str) -> None:
    assert deed_words(Sought(deed, PRIYA, "1001", what, state, words), "Priya") == said


def test_every_deed_has_words_and_anybody_is_somebody() -> None:
    for deed in Deed:
        state = "accepted" if deed is Deed.LOGS else ""
        assert deed_words(Sought(deed, state=state), "").startswith(("somebody ", "the call "))


@pytest.mark.parametrize("name", rehearsal_names())
def test_no_scene_and_no_aim_of_ours_says_how_a_script_is_written(name: str) -> None:
    script = load_rehearsal(name)
    sought = (
        [aim.after for aim in script.aims] + [aim.when for aim in script.aims] + [one.when for one in script.scenes]
    )
    for said in (one.said for one in sought if one is not None):
        assert not re.search(r"_|\bc1\b|presses|anyone", said), said
