"""Words in the simulator: nothing sounds, a customer says them and they are understood, if anybody listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from otklik.channels.voice.dialogue import Dialogue
from otklik.contact.hearing import Hearing, Recognised

Listens = Literal["well", "until_spoken_to", "never"]
"""until_spoken_to: whoever is to recognise the words fails."""


class SimulatedHearing:
    """One question at a time, and one utterance for each."""

    def __init__(self, dialogue: Dialogue, listens: Callable[[], Listens]) -> None:
        self._dialogue = dialogue
        self._listens = listens
        self._token: int | None = None

    @property
    def wanted(self) -> bool:
        """The customer is listened to now."""
        return self._token is not None

    def there(self) -> bool:
        return self._listens() != "never"

    def hear(self, hearing: Hearing, token: int) -> None:
        self._token = token

    def stop(self) -> None:
        self._token = None

    def say(self, words: str, confidence: float = 1.0) -> None:
        """What nobody listens to is lost."""
        token, self._token = self._token, None
        if token is None:
            return
        self._dialogue.speaks(token)
        heard = self._dialogue.said if self._listens() == "well" else lambda at, _: self._dialogue.deaf(at)
        asyncio.get_running_loop().call_soon(heard, token, Recognised(words, confidence))
