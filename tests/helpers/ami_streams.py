"""Recorded streams as messages, their mutations, and what a snapshot of a board would list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from console.domain.call_events import CallEvent
from telephony_adapters.asterisk_ami.board import Board
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message, Parser
from tests.helpers.recordings import Recording, recordings

M = TypeVar("M")
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


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing done to a stream; ``place`` is a fraction of its length."""

    kind: str
    place: float

    def apply(self, messages: list[M]) -> None:
        """Drop, repeat or swap with the next, or cut everything after."""
        if len(messages) < 2:
            return
        index = min(int(self.place * (len(messages) - 1)), len(messages) - 2)
        match self.kind:
            case "drop":
                del messages[index]
            case "repeat":
                messages.insert(index, messages[index])
            case "swap":
                messages[index], messages[index + 1] = messages[index + 1], messages[index]
            case _:
                del messages[index + 1 :]


damages = st.lists(
    st.builds(
        Damage,
        st.sampled_from(["drop", "drop", "repeat", "swap", "swap", "cut"]),
        st.floats(0, 1, allow_nan=False),
    ),
    max_size=12,
)


def damaged(recording: Recording, damage: Iterable[Damage]) -> list[Message]:
    """Return the recording's messages after ``damage``."""
    messages = list(messages_of(recording))
    for one in damage:
        one.apply(messages)
    return messages


def facts_of_messages(messages: Iterable[Message], reading: Reading | None = None) -> list[CallEvent]:
    """Return every fact, the stream's end included."""
    mapper = Mapper(reading or Reading())
    facts = [fact for message in messages for fact in mapper.feed(message, NOW)]
    return facts + mapper.finish(NOW)


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
                ("ApplicationData", "(Outgoing Line)" if channel.dialled and channel.source else ""),
                ("BridgeId", channel.bridge),
            )
        )
        for channel in board.channels.values()
    ]
