"""What the windows of a rehearsal show, as rows: made of the review and of where the rehearsal is, without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from console.domain.rehearsal_review import Finding, Review, Verdict
from console.domain.rehearsal_words import VERDICT_WORDS, proof_words
from console.domain.words import span_words
from ui.desktop.rehearsal.standing import Standing, Voice
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Face, Mark
from ui.desktop.widgets.rows import Cell, Line, Row

MAIN_KEY, NEXT_KEY, END_KEY = "Ctrl+Shift+F9", "Ctrl+Shift+F11", "Ctrl+Shift+F12"
"""Keys of the rehearsal, beside those of the console: they work in every window of it."""
TWICE_WITHIN = 2.0
"""Seconds in which the key that ends the rehearsal is pressed twice, as the one that ends a call."""
_AT = 144
_FACES = {
    Verdict.MET: (Face.OK, Mark.TICK),
    Verdict.MISSED: (Face.AMBER, Mark.CLOCK),
    Verdict.NOTED: (Face.CALM, Mark.DOT),
}


@dataclass(frozen=True, slots=True)
class StripRow:
    """What the strip shows: ``who`` speaks and in which ``words``, what was said ``before``, its buttons."""

    clock: str
    who: str
    words: str
    before: str
    main: ButtonFace
    skip: ButtonFace
    end: ButtonFace


def strip_row(standing: Standing, voices: Sequence[Voice], brief: Sequence[str], people: int) -> StripRow:
    """Return the strip; ``people`` train, and with two it says whose telephone it is."""
    who, words, before = "Before you begin", " ".join(brief), ""
    if standing.begun:
        who, words = "The telephones are quiet", ""
    if voices:
        newest = voices[-1]
        who = f"{newest.who}, on {newest.seat}'s telephone" if people > 1 else newest.who
        words = newest.words
        before = f"Before: {voices[-2].who}: {voices[-2].words}" if len(voices) > 1 else ""
    clock, under_way = span_words(timedelta(seconds=standing.elapsed)), standing.begun and not standing.ended
    skip = ButtonFace("Let it go on", NEXT_KEY, enabled=under_way, why="Brings what comes next at once.")
    end = ButtonFace("End and review", END_KEY, enabled=under_way, why="By its key: twice within two seconds.")
    return StripRow(clock, who, words, before, _main(standing), skip, end)


def _main(standing: Standing) -> ButtonFace:
    if not standing.begun:
        why = "The telephones begin to ring soon after." if standing.ready else "Everybody is still signing in."
        return ButtonFace("Begin", MAIN_KEY, filled=True, enabled=standing.ready, why=why)
    if standing.ended:
        return ButtonFace("Ended", MAIN_KEY, enabled=False, why="The review opens.")
    return ButtonFace("Go on" if standing.paused else "Pause", MAIN_KEY, lit=standing.paused)


def review_rows(review: Review) -> tuple[Row, ...]:
    """Return one row for each figure: how it stands to its aim, what was found, and the entries it rests on."""
    return tuple(_row(number, one) for number, one in enumerate(review.findings))


def _row(number: int, finding: Finding) -> Row:
    face, mark = _FACES[finding.verdict]
    verdict = VERDICT_WORDS[finding.verdict]
    lines = [
        Line(
            (
                Cell(chip=ChipRow(verdict, face, mark), width=_AT - 8),
                Cell(left=_AT, text=finding.label, weight=Weight.SEMIBOLD, wrap=True),
            ),
            24,
        ),
        Line((Cell(left=_AT, text=_sentence(finding.words), wrap=True),), 22),
    ]
    quiet = [f"Aim: {finding.aim}."] if finding.aim else []
    if finding.proof:
        entries = "; ".join(proof_words(one) for one in finding.proof)
        quiet.append(f"{'Entry' if len(finding.proof) == 1 else 'Entries'} {entries}.")
    lines += [Line((Cell(left=_AT, text=text, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 20) for text in quiet]
    spoken = " ".join((f"{verdict}: {finding.label}.", _sentence(finding.words), *quiet))
    return Row(f"finding {number}", tuple(lines), spoken, rule=True, top=6, bottom=6)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
