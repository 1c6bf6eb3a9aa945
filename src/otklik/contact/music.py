"""What is heard while one waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

USUAL: Final = ""
SILENCE: Final = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """In place of the usual music: a recording, over and over, or silence; exactly one."""

    silence: bool = False
    recording: str = ""
    """The SHA-256 of the sound, as it was given when the sound was handed in."""
    name: str = ""
    """What the sound is called on screens: the file it came from, or the text that is spoken in it."""
    music_seconds: float = 0.0
    """How long it takes until it begins again."""

    @property
    def tune(self) -> str:
        """`SILENCE`, or the recording."""
        return SILENCE if self.silence else self.recording
