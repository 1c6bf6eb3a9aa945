"""What a customer of the simulator hears who waits or is on hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from otklik.channels.voice.simulated_leg import SILENCE as NOTHING
from otklik.channels.voice.simulated_leg import Heard
from otklik.contact.music import SILENCE, USUAL

_HEARD: Final[dict[str, frozenset[Heard]]] = {USUAL: frozenset({"music"}), SILENCE: NOTHING}


class SimulatedMusic:
    """`wanted`: what is to be heard now."""

    def __init__(self, wanted: Callable[[], str]) -> None:
        self.plays: str | None = None
        self._wanted = wanted

    def turn(self, on: bool) -> None:
        self.plays = self._wanted() if on else None

    def in_tune(self) -> bool:
        return self.plays is None or self.plays == self._wanted()

    @property
    def heard(self) -> frozenset[Heard]:
        return _HEARD.get(self.plays, frozenset({"own_music"})) if self.plays is not None else NOTHING
