"""Turn one person of a file into the rows of the tables; ids are made from what they name."""

from __future__ import annotations

import uuid
from uuid import UUID

from console.domain.file_phones import FilePhone
from console.domain.invent_lines import kind_of
from console.domain.markers import MARKER_KINDS
from console.domain.people import DobCertainty
from console.domain.people_csv import FileHome, FileMarker, FilePerson
from console.domain.people_rows import (
    AddressRow,
    Batch,
    LineRow,
    LivesRow,
    MarkerRow,
    OnLineRow,
    PastRow,
    PersonRow,
    name_rows,
    sort_name,
)

SOURCE = "import"
_PARTS = uuid.uuid5(uuid.NAMESPACE_URL, "https://nightdesk.example/imported")


def batch_of(row: FilePerson, identity: UUID, *, into: Batch) -> Batch:
    """Add a person's rows to a batch and return it; their lines, which others share, are not among them."""
    into.people.append(person_row(row, identity))
    into.names += name_rows(identity, row.family, row.given, row.known_as)
    if row.home is not None:
        _add_home(row, row.home, identity, into)
    for phone in row.phones:
        into.on_lines.append(OnLineRow(phone.e164, identity, phone.confirmed_on, None, SOURCE))
    if row.markers:
        into.markers += [_marker(sign, identity) for sign in row.markers]
    for on, text in row.contacts:
        into.past.append(PastRow(_id(identity, on.isoformat(), text), identity, on, text, row.authority, SOURCE))
    return into


def person_row(row: FilePerson, identity: UUID) -> PersonRow:
    """Return the person's own row."""
    claimed = row.claimed_age is not None
    sure = DobCertainty.KNOWN if row.born else DobCertainty.CLAIMED if claimed else DobCertainty.UNKNOWN
    return PersonRow(
        identity,
        row.family,
        row.given,
        sort_name(row.family, row.given),
        row.born,
        sure.value,
        row.claimed_age,
        row.gender,
        row.reference,
        row.key,
        row.authority,
        row.language,
        row.interpreter,
        row.communication,
        row.plan.value,
        row.plan_as_at,
        row.plan_source,
        row.deceased_on,
        row.restricted,
        SOURCE,
    )


def _id(identity: UUID, *parts: str) -> UUID:
    return uuid.uuid5(_PARTS, "\n".join((str(identity), *parts)))


def _add_home(row: FilePerson, home: FileHome, identity: UUID, into: Batch) -> None:
    # Each person's own copy: two files that write one house in two ways must not move other people.
    lines = "\n".join(home.lines)
    place = _id(identity, lines, home.postcode)
    key = home.postcode.replace(" ", "")
    into.addresses.append(AddressRow(place, lines, home.postcode, key, row.authority, home.access))
    into.lives.append(LivesRow(identity, place, home.kind, home.as_at, None, home.do_not_disclose, SOURCE))


def line_row(phone: FilePhone) -> LineRow:
    """Return the row of a line that is new."""
    kind = phone.kind or ("shared" if phone.place else kind_of(phone.e164))
    return LineRow(phone.e164, kind, phone.place, phone.safe_to_call or "not asked", 0, None)


def _marker(sign: FileMarker, identity: UUID) -> MarkerRow:
    return MarkerRow(
        _id(identity, sign.kind, sign.set_on.isoformat(), sign.text),
        "person",
        identity,
        sign.kind,
        MARKER_KINDS[sign.kind].rank.value,
        sign.text,
        sign.source,
        sign.set_on,
        sign.set_by,
        sign.authorised_by,
        sign.review_on,
        None,
        SOURCE,
    )
