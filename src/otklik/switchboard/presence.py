"""Who is there: each process of an installation tells the others every second what it is and whose centres it leads.

Nothing of it is kept. A process that says nothing for `AWAY_SECONDS`, or says goodbye, is away.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final, Literal

from otklik.contact.ids import TenantId
from otklik.storage.bus import Bus

Role = Literal["switchboard", "web", "jobs"]
BEAT_SECONDS = 1.0
AWAY_SECONDS = 3.5
BEATS: Final = "otklik_beats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """A centre that is led: under which epoch, and how far its log goes."""

    epoch: int
    last_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a process says of itself. All but the first line is said by a switchboard only."""

    process: str
    role: Role
    host: str
    pid: int
    telephony: dict[str, object] | None = None
    sip_upstream: str | None = None
    """Where the softphones of its tenants connect to (`/sip`)."""
    demo: dict[str, object] | None = None
    ready: bool = True
    """May lead tenants: it has a telephone switch, or does not wait for one."""
    tenants: dict[TenantId, Led] = field(default_factory=dict)


class Presence:
    """Says our own beat, remembers those of the others."""

    def __init__(self, bus: Bus, own: Callable[[], Beat], clock: Callable[[], float]) -> None:
        """`clock`: seconds that nobody sets."""
        self._bus = bus
        self._own = own
        self._clock = clock
        self._heard: dict[str, tuple[float, Beat]] = {}
        self._watchers: list[Callable[[], None]] = []
        bus.on(BEATS, self._hear)
        bus.when_changed(self._bus_changed)

    def when_heard(self, watcher: Callable[[], None]) -> None:
        """Called after each beat, and every second."""
        self._watchers.append(watcher)

    async def run(self) -> None:
        while True:
            self.beat()
            for watcher in self._watchers:
                watcher()
            await asyncio.sleep(BEAT_SECONDS)

    def beat(self) -> None:
        """Also between the seconds, when something has changed that the others wait for."""
        self._bus.say(BEATS, json.dumps(asdict(self._own())))

    def goodbye(self) -> None:
        self._bus.say(BEATS, json.dumps({"gone": self._bus.name}))

    def present(self, role: Role) -> list[Beat]:
        """Those who live, by their names; ourselves too once we have heard ourselves."""
        now = self._clock()
        alive = [beat for heard_at, beat in self._heard.values() if now - heard_at < AWAY_SECONDS]
        return sorted((beat for beat in alive if beat.role == role), key=lambda beat: beat.process)

    def leader(self, tenant: TenantId) -> Beat | None:
        """Who leads the tenant's centre; None: nobody who lives."""
        leads = [beat for beat in self.present("switchboard") if tenant in beat.tenants]
        return max(leads, key=lambda beat: beat.tenants[tenant].epoch, default=None)

    def _hear(self, text: str) -> None:
        told = json.loads(text)
        if "gone" in told:
            self._heard.pop(told["gone"], None)
        else:
            beat = _beat(told)
            stranger = beat.process not in self._heard
            self._heard[beat.process] = (self._clock(), beat)
            if stranger and beat.process != self._bus.name:
                self.beat()  # who has just come is not to wait a second for us
        for watcher in self._watchers:
            watcher()

    def _bus_changed(self, connected: bool) -> None:
        if connected:
            self.beat()
        else:
            self._heard.clear()
        for watcher in self._watchers:
            watcher()


def _beat(told: Mapping[str, object]) -> Beat:
    """Fields that a newer version says are left aside."""
    known = {name: value for name, value in told.items() if name in Beat.__dataclass_fields__}
    beat = Beat(**known)  # type: ignore[arg-type]  # said by this very class
    tenants: Mapping[str, Mapping[str, int]] = beat.tenants  # type: ignore[assignment]
    return replace(
        beat,
        tenants={
            TenantId(tenant): Led(epoch=led["epoch"], last_seq=led["last_seq"]) for tenant, led in tenants.items()
        },
    )
