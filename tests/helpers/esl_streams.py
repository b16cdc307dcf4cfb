"""The recorded streams of a real FreeSWITCH, as bytes and messages, and what may happen to them on the way."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

from console.domain.call_events import CallEvent
from console.domain.calls import Unmarked
from telephony_adapters.freeswitch_esl.desk import Reading
from telephony_adapters.freeswitch_esl.handlers import SUBSCRIBED
from telephony_adapters.freeswitch_esl.mapping import Mapper
from telephony_adapters.freeswitch_esl.protocol import EVENT, Message, Parser
from telephony_adapters.freeswitch_esl.recording import read_recording
from telephony_adapters.freeswitch_esl.snapshot import Listed
from tests.helpers.recordings import Recording

DATA = Path(__file__).parents[1] / "data" / "freeswitch-1.10"
NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EslRecording(Recording):
    """One recording of an event socket."""

    @property
    def path(self) -> Path:
        """The stream, gzipped."""
        return DATA / self.name / "events.esl.gz"

    def bytes(self, file: str = "events") -> bytes:
        """Return every byte of the stream."""
        return gzip.decompress((DATA / self.name / f"{file}.esl.gz").read_bytes())

    def facts(self, unmarked: Unmarked = Unmarked.SHOW) -> list[tuple[datetime, CallEvent]]:
        """Return its facts with their times."""
        return list(read_recording(self.path, Reading(unmarked=unmarked)))

    @property
    def marked(self) -> bool:
        """FreeSWITCH marks every leg."""
        return True


def recorded(name: str) -> EslRecording:
    """Return one recording."""
    return EslRecording("freeswitch-1.10", name)


STREAMS = [recorded(path.parent.name) for path in sorted(DATA.glob("*/truth.json"))]


@cache
def messages_of(recording: EslRecording) -> tuple[Message, ...]:
    """Return the messages of a recording (parsed once: properties are tried hundreds of times)."""
    return tuple(Parser().feed(recording.bytes()))


def as_bytes(messages: Iterable[Message]) -> bytes:
    """Return events as a switchboard sends them."""
    return b"".join(event_bytes(message.headers) for message in messages if message.event)


def event_bytes(headers: Mapping[str, str]) -> bytes:
    """Return one event in plain form."""
    body = "".join(f"{name}: {quote(value, safe=' ')}\n" for name, value in headers.items()).encode() + b"\n"
    return b"Content-Length: %d\nContent-Type: text/event-plain\n\n%b" % (len(body), body)


@cache
def subscribed(recording: EslRecording) -> tuple[Message, ...]:
    """Return the events that a console subscribes to, and no others."""
    return tuple(
        message
        for message in messages_of(recording)
        if message.kind == EVENT
        and (message.event if message.event != "CUSTOM" else message.get("Event-Subclass")) in SUBSCRIBED
    )


def facts_of_messages(messages: Iterable[Message], reading: Reading | None = None) -> list[CallEvent]:
    """Return every fact, the stream's end included."""
    mapper = Mapper(reading or Reading())
    facts = [fact for message in messages for fact in mapper.feed(message, NOW)]
    return facts + mapper.finish(NOW)


def _moment(message: Message) -> int:
    return int(message.get("Event-Date-Timestamp", "0"))


def quiet_points(recording: EslRecording) -> list[tuple[int, Listed]]:
    """Return after how many of the subscribed events a burst of all events has ended, and what would be listed then.

    50 ms of silence follow.
    """
    times = sorted(_moment(message) for message in messages_of(recording) if message.event)
    ends = [now for now, then in zip(times, times[1:], strict=False) if then - now > 50_000]
    return [(_heard_by(recording, end), listed(_by(messages_of(recording), end))) for end in ends]


def _heard_by(recording: EslRecording, end: int) -> int:
    return len(_by(subscribed(recording), end))


def _by(messages: Iterable[Message], end: int) -> list[Message]:
    return [message for message in messages if _moment(message) <= end]


def listed_after(recording: EslRecording, place: int) -> Listed:
    """Return what the switchboard would list before the next of the subscribed events."""
    everything, heard = messages_of(recording), subscribed(recording)
    if place >= len(heard):
        return listed(everything)
    return listed(everything[: next(i for i, message in enumerate(everything) if message is heard[place])])


def listed(seen: Iterable[Message]) -> Listed:
    """Return what the switchboard would list when it has said ``seen``."""
    legs: dict[str, dict[str, str]] = {}
    first: dict[str, str] = {}
    pairs: dict[str, str] = {}
    for message in seen:
        uid = message.get("Unique-ID")
        if message.event == "CHANNEL_DESTROY":
            legs.pop(uid, None)
        elif uid and message.get("Call-Direction"):
            legs.setdefault(uid, {}).update(message.headers)
            first.setdefault(uid, message.get("Caller-Destination-Number"))
            first[uid] = first[uid] or message.get("Caller-Destination-Number")
        if message.event == "CHANNEL_BRIDGE":
            pairs[message.get("Bridge-A-Unique-ID")] = message.get("Bridge-B-Unique-ID")
        elif message.event in ("CHANNEL_UNBRIDGE", "CHANNEL_HANGUP"):
            pairs = {one: two for one, two in pairs.items() if uid not in (one, two)}
    rows = [_row(uid, headers, first[uid]) for uid, headers in legs.items()]
    calls = [{"uuid": one, "b_uuid": two} for one, two in pairs.items()]
    return Listed(rows, calls, {uid: _dump(headers) for uid, headers in legs.items()})


def _row(uid: str, headers: dict[str, str], dest: str) -> dict[str, str]:
    return {
        "uuid": uid,
        "direction": headers["Call-Direction"],
        "created_epoch": headers.get("Caller-Channel-Created-Time", "")[:10],
        "name": headers.get("Channel-Name", ""),
        "callstate": "HANGUP" if headers.get("Hangup-Cause") else headers.get("Channel-Call-State", ""),
        "cid_num": headers.get("Caller-Caller-ID-Number", ""),
        "cid_name": headers.get("Caller-Caller-ID-Name", ""),
        "dest": headers.get("Caller-Destination-Number", ""),
        "initial_dest": dest,
        "application": headers.get("Application", ""),
        "application_data": headers.get("Application-Data", ""),
        "call_uuid": headers.get("Channel-Call-UUID", ""),
    }


def _dump(headers: dict[str, str]) -> Mapping[str, str]:
    told = {name: value for name, value in headers.items() if not name.startswith(("Application", "CC-"))}
    room = headers.get("Conference-Unique-ID", "") if headers.get("Action") != "del-member" else ""
    return {**told, "Event-Name": "CHANNEL_DATA", **({"variable_conference_uuid": room} if room else {})}
