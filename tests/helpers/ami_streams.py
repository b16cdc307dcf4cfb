"""Recorded streams as messages, their mutations, and what a snapshot of a board would list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from console.domain.call_events import CallEvent
from telephony_adapters.asterisk_ami.board import Board, Channel
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message, Parser
from tests.helpers.recordings import Recording, recordings

NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
STREAMS = [recording for recording in recordings() if recording.name not in ("login_refused", "phone_offline")]


@cache
def messages_of(recording: Recording) -> tuple[Message, ...]:
    """Return the messages of a recording (parsed once: properties are tried hundreds of times)."""
    return tuple(Parser().feed(recording.bytes()))


def quiet_points(recording: Recording) -> list[int]:
    """Return where a burst of messages has ended: 50 ms of silence follow."""
    times = [float(message.get("Timestamp", "0")) for message in messages_of(recording)]
    return [i + 1 for i, (now, then) in enumerate(zip(times, times[1:], strict=False)) if now and then - now > 0.05]


def facts_of_messages(messages: Iterable[Message], reading: Reading | None = None) -> list[CallEvent]:
    """Return every fact, the stream's end included."""
    mapper = Mapper(reading or Reading())
    facts = [fact for message in messages for fact in mapper.feed(message, NOW)]
    return facts + mapper.finish(NOW)


def lists_after(recording: Recording, place: int) -> list[Message]:
    """Return what an Asterisk would list before a place of a recording: channels, and who is parked."""
    mapper, parked = Mapper(Reading()), dict[str, Message]()
    for message in messages_of(recording)[:place]:
        mapper.feed(message, NOW)
        if message.event == "ParkedCall":
            unstamped = tuple(header for header in message.headers if header[0] != "Timestamp")
            parked[message.get("ParkeeUniqueid")] = Message(unstamped)
        elif message.event.startswith(("UnParkedCall", "ParkedCall")):
            parked.pop(message.get("ParkeeUniqueid"), None)
    return [*listed(mapper.board), *(one for uid, one in parked.items() if uid in mapper.board.channels)]


def _is_called(channel: Channel) -> bool:
    # One that the switchboard rings of its own accord runs the dial plan once it is answered.
    return channel.dialled and (bool(channel.source) or channel.state == "Ringing")


def listed(board: Board) -> list[Message]:
    """Return what CoreShowChannels would list of ``board``."""
    return [
        Message(
            (
                ("Event", "CoreShowChannel"),
                ("Channel", channel.name),
                ("ChannelStateDesc", channel.state),
                ("CallerIDNum", channel.number),
                ("CallerIDName", channel.shown_name),
                ("Exten", channel.exten),
                ("Uniqueid", channel.uid),
                ("Linkedid", channel.link),
                ("ApplicationData", "(Outgoing Line)" if _is_called(channel) else ""),
                ("BridgeId", channel.bridge),
            )
        )
        for channel in board.channels.values()
    ]
