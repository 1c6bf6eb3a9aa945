"""Whether the sound of a contact is kept now: the states and the legal moves."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

from otklik.contact.recording import RecordedSilence
from otklik.routing.moves import Moves


class TapeState(StrEnum):
    ON = "on"
    OFF = "off"
    """The queue records nothing, or only on demand."""
    PAUSED = "paused"


_T = TapeState
TAPE_MOVES: Final[Moves[TapeState]] = {
    _T.ON: frozenset({_T.OFF, _T.PAUSED}),
    _T.OFF: frozenset({_T.ON}),
    _T.PAUSED: frozenset({_T.ON}),
}


class Tape(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """`began_at`: when the line began that is recorded. `expired`: the last pause was ended by its limit. `spoken`: an agent was
    recorded before the queue's rule put an end to it."""

    state: TapeState = TapeState.ON
    began_at: float | None = None
    silences: tuple[RecordedSilence, ...] = ()
    ends_at: float | None = None
    """When the pause ends that goes on."""
    expired: bool = False
    spoken: bool = False


UNBROKEN: Final = Tape()
"""Shared by the many of which all is kept."""
