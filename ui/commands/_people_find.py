"""``nightdesk people find``: the question, the doors, and how the answer is printed."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

from console.domain.calendar import local
from console.domain.names import fold
from console.domain.people import Address, Candidate, Candidates, Marker, age_on, display_name
from console.domain.record import SHIFT_ROLES, Role
from console.domain.search import NoSuchDay, Question, as_e164, fold_reference, read_day, understand
from console.domain.text import BadInput
from console.domain.words import day_words
from console.machine.clock import SystemClock
from console.ports.store import Look
from console.services.people_search import say_of
from db.access import ROLE_MAY_NOT_LOOK
from ui.commands._asker import opened_by
from ui.exits import Exit

REASON = "command line"


def find_people(args: argparse.Namespace) -> int:
    """Search through the ticketed doors, so that the search is on the access log."""
    today = local(SystemClock().now()).date()
    question = _question(args, today)
    look = Look(
        REASON, None, question.e164, question.words, question.born, question.reference, limit=max(1, args.limit)
    )
    with opened_by(args, SHIFT_ROLES, Role.SERVICE_ADVISER, ROLE_MAY_NOT_LOOK) as (who, store):
        found = store.look(who, store.ask_look(who, look))
    if found.too_many:
        print(say_of(found), file=sys.stderr)
    elif not found.people and sys.stderr.isatty():
        print("Nobody was found.", file=sys.stderr)
    if args.json or not found.people:
        print(json.dumps([_as_json(one, today) for one in found.people], ensure_ascii=False, indent=1))
    else:
        _print(found, today)
    return Exit.OK


def _question(args: argparse.Namespace, today: date) -> Question:
    if not any((args.number, args.name, args.born, args.reference)):
        question = understand(" ".join(args.words), today)
        if question.empty:
            message = f"{question.hint}  Nothing was searched."
            raise BadInput(message)
        return question
    if args.words:
        raise BadInput("Give either words or --number, --name, --born, --reference.  Nothing was searched.")
    return _named(args, today)


def _named(args: argparse.Namespace, today: date) -> Question:
    e164 = as_e164(args.number) if args.number else ""
    if e164 is None:
        raise BadInput("--number is no telephone number.  Nothing was searched.")
    words, reference = fold(args.name or ""), fold_reference(args.reference or "")
    question = Question(e164, words, _born(args.born, today), reference)
    if (question.e164 or reference) and (words or question.born or (question.e164 and reference)):
        raise BadInput("--number and --reference each stand alone.  Nothing was searched.")
    if question.empty:
        raise BadInput("There is nothing to look for.  Nothing was searched.")
    return question


def _born(text: str | None, today: date) -> date | None:
    if text is None:
        return None
    try:
        born = read_day(text, today)
    except NoSuchDay as why:
        message = f"--born: {why}  Nothing was searched."
        raise BadInput(message) from why
    if born is None:
        raise BadInput("--born is no date; day first, such as 19/02/1992.  Nothing was searched.")
    return born


def _as_json(one: Candidate, today: date) -> dict[str, Any]:
    return {
        "person": str(one.person),
        "restricted": one.restricted,
        "family": one.family,
        "given": one.given,
        "born": _iso(one.born),
        "deceased_on": _iso(one.deceased_on),
        "gender": one.gender,
        "reference": one.reference,
        "match": one.match.value,
        "reason": one.reason,
        "confirmed_on": _iso(one.confirmed_on),
        "last_contact": _iso(one.last_contact),
        "address": _address_json(one.address),
        "markers": [_marker_json(sign, today) for sign in one.markers],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _address_json(home: Address | None) -> dict[str, Any] | None:
    if home is None:
        return None
    return {"text": home.one_line(), "as_at": _iso(home.as_at), "do_not_disclose": home.do_not_disclose}


def _marker_json(sign: Marker, today: date) -> dict[str, Any]:
    return {
        "kind": sign.kind,
        "rank": sign.rank.value,
        "text": sign.text,
        "set_on": _iso(sign.set_on),
        "review_on": _iso(sign.review_on),
        "out_of_date": sign.out_of_date(today),
    }


def _print(found: Candidates, today: date) -> None:
    if found.line is not None:
        line = found.line
        people = "1 person" if line.people == 1 else f"{line.people} people"
        place = f", {line.place}" if line.place else ""
        print(
            f"Line: {line.kind}{place}, {people}, {line.calls_before} calls before, safe to ring: {line.safe_to_call}"
        )
    for one in found.people:
        print("\n".join(_words(one, today)))
    if found.total > len(found.people) and not found.too_many:
        print(f"{found.total - len(found.people):,} more; say more words, or --limit", file=sys.stderr)


def _words(one: Candidate, today: date) -> list[str]:
    if one.restricted:
        return [one.reason]
    parts = [display_name(one.family, one.given)]
    parts += [f"Died {day_words(one.deceased_on)}"] if one.deceased_on else []
    age = f" ({age_on(one.born, one.deceased_on or today)}y)" if one.born else ""
    parts += [f"Born {one.born:%d-%b-%Y}{age}"] if one.born else ["Born not known"]
    parts += [f"Gender {one.gender}"] if one.gender else []
    parts += [f"Ref {one.reference}"] if one.reference else []
    contact = f"Last contact {one.last_contact:%d-%b-%Y}" if one.last_contact else "No contact before"
    signs = [f"{sign.text}{', out of date' if sign.out_of_date(today) else ''}" for sign in one.markers]
    lines = ["  ".join(parts), f"  {one.reason}. {contact}. {'; '.join(signs) or 'No markers'}."]
    if one.address is not None:
        as_at = f", as at {one.address.as_at:%d-%b-%Y}" if one.address.as_at else ""
        lines.append(f"  Record address {one.address.one_line()}{as_at}")
    return lines
