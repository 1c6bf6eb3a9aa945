"""What is kept of a conversation's sound, and what an agent does about it. Facts like those of `facts.py`, where they are
part of `Fact`."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId

RecordingPolicy = Literal["always", "on_demand", "never"]
"""on_demand: from when the agent asks for it, until the conversation goes elsewhere."""


class RecordingStored(Struct, frozen=True, kw_only=True):
    """The recording of the whole contact is in the object store under `key`; with `step` it is that of a message, which
    came too late for the fact that tells of it."""

    contact: ContactId
    key: str
    seconds: float
    attempt: int = 0
    """As in `CustomerLeft`: of a customer who was called back there is one of each line, and the last counts."""
    step: int = 0


class RecordingPaused(Struct, frozen=True, kw_only=True):
    """The customer is about to say what must not be kept, such as a card's number. Said again it changes nothing."""

    contact: ContactId
    agent: AgentId


class RecordingResumed(Struct, frozen=True, kw_only=True):
    """The agent ended the pause. Without a pause it changes nothing."""

    contact: ContactId
    agent: AgentId


class RecordingPauseExpired(Struct, frozen=True, kw_only=True):
    """The pause lasted as long as the queue allows. A timer; `number` counts the silences of the recording."""

    contact: ContactId
    number: int


class RecordingAsked(Struct, frozen=True, kw_only=True):
    """The agent wants this conversation recorded from now on; refused where the queue records nothing."""

    contact: ContactId
    agent: AgentId


RecordingFact = RecordingPaused | RecordingResumed | RecordingPauseExpired | RecordingAsked


class RecordedSilence(Struct, frozen=True, kw_only=True):
    """A stretch of a recording, in seconds from its beginning, in which nothing was kept; `agent` is who paused it, None where
    the queue does not record by itself. Without `ends_seconds` it lasts to the end."""

    begins_seconds: float
    ends_seconds: float | None = None
    agent: AgentId | None = None
