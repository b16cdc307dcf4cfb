"""The review of a rehearsal as plain text, to be read in the morning, printed or kept; and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from textwrap import wrap
from typing import Any

from console.domain.act_words import act_words
from console.domain.calendar import local
from console.domain.record import iso
from console.domain.rehearsal_review import Finding, Proof, Review, Verdict
from console.domain.words import full_words, span_words

WIDE = 96
"""Characters of a line."""
VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.MET: "aim met",
    Verdict.MISSED: "AIM NOT MET",
    Verdict.NOTED: "noted",
}
_INVENTED = "Invented people and simulated telephones: nothing here is real."


@dataclass(frozen=True, slots=True)
class Played:
    """What was rehearsed: title, who sat where in words, how many times faster than life the script went."""

    title: str
    people: tuple[str, ...]
    speed: float = 1.0


def review_lines(review: Review, played: Played) -> tuple[str, ...]:
    """Return the lines of the review, none longer than :data:`WIDE` where words allow it."""
    return tuple(_lines(review, played))


def _lines(review: Review, played: Played) -> Iterator[str]:
    yield f"REHEARSAL REVIEW: {played.title}"
    yield _INVENTED
    yield ""
    yield from (f"  {who}" for who in played.people)
    if review.began is not None:
        spent = span_words(review.until - review.began)
        yield f"  Call answered {full_words(review.began)}; the rehearsal went on for {spent}."
    else:
        yield f"  No call was answered.  The rehearsal ended {full_words(review.until)}."
    if played.speed != 1.0:
        yield f"  The script went {played.speed:g} times as fast as life; the times below are the clock's."
    yield ""
    for finding in review.findings:
        yield from _finding(finding)
    yield ""
    yield closing(review)


def closing(review: Review) -> str:
    """Return the last sentence."""
    aims = sum(one.verdict is not Verdict.NOTED for one in review.findings)
    if not aims:
        return "The script set no aims."
    if not review.missed:
        return f"All {aims} aims were met."
    return f"{aims - review.missed} of {aims} aims were met."


def _finding(finding: Finding) -> Iterator[str]:
    aim = f"  (aim: {finding.aim})" if finding.aim else ""
    said = f"{finding.label}: {finding.words}{aim}"
    first, *more = wrap(said, WIDE - 14) or [""]
    yield f"{VERDICT_WORDS[finding.verdict]:<12}  {first}"
    yield from (f"{'':<14}{line}" for line in more)
    yield from (f"{'':<14}entry {proof_words(one)}" for one in finding.proof)


def proof_words(proof: Proof) -> str:
    """Return ``41 at 22:15:02: Joined the incident (Tom Adeyemi)``."""
    return f"{proof.seq} at {local(proof.at):%H:%M:%S}: {act_words(proof.what)} ({proof.who or proof.by})"


def review_values(review: Review, played: Played) -> dict[str, Any]:
    """Return the review as values for JSON: times as ISO in UTC, spans in seconds."""
    return {
        "title": played.title,
        "people": list(played.people),
        "speed": played.speed,
        "began": iso(review.began) if review.began is not None else None,
        "until": iso(review.until),
        "missed": review.missed,
        "findings": [_values(one) for one in review.findings],
    }


def _values(finding: Finding) -> dict[str, Any]:
    return {
        "measure": finding.measure.value,
        "label": finding.label,
        "verdict": finding.verdict.value,
        "words": finding.words,
        "aim": finding.aim,
        "at": iso(finding.at) if finding.at is not None else None,
        "took_s": _seconds(finding.took),
        "since": finding.since,
        "count": finding.count,
        "proof": [
            {
                "entry": str(one.entry),
                "seq": one.seq,
                "at": iso(one.at),
                "what": one.what,
                "by": one.by,
                "words": act_words(one.what),
                "who": one.who or one.by,
            }
            for one in finding.proof
        ],
    }


def _seconds(span: timedelta | None) -> float | None:
    return round(span.total_seconds(), 3) if span is not None else None
