"""Simulated customers who really call: Asterisk dials our numbers over its own Local channels, and what a customer
does on the line (a key, speech, impatience, hanging up) is done through an ARI application of its own.

So the whole centre is at work: entry points, menus, queues, agents' phones, recordings. Rolls dice; edge only.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from otklik.channels.voice.ari import Ari, AriAddress, Event
from otklik.contact.configuration import Speech
from otklik.contact.ports import SpeechRenderer
from otklik.customer.demo import CUSTOMERS
from otklik.errors import PeerError
from otklik.tenancy.demo import CONFIGURATION

log = structlog.get_logger(__name__)

APP: Final = "otklik-demo"
MOST_CALLS: Final = 60
MOST_CALLS_PER_MINUTE: Final = 60.0
ANSWER_SECONDS: Final = 30
LOOK_SECONDS: Final = 1.0
KNOWN_SHARE: Final = 0.5
"""Share of calls from customers whom the demo tenant knows."""
PHRASES: Final = {
    "ru": (
        "Здравствуйте! Подскажите, пожалуйста, где мой заказ?",
        "Номер заказа восемьдесят один, двадцать шесть.",
        "Мне обещали доставить его ещё вчера.",
        "Хорошо, я подожду на линии.",
        "А можно изменить адрес доставки?",
        "Понятно, спасибо большое за помощь.",
    ),
    "en": (
        "Hello! Could you tell me where my order is?",
        "The order number is eighty one, twenty six.",
        "It was promised for yesterday.",
        "All right, I will hold the line.",
        "May I change the delivery address?",
        "I see. Thank you very much for your help.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLine:
    """A number that simulated customers call, and how they behave there."""

    number: str
    language: str
    keys: tuple[str, ...]
    callers: tuple[str, ...]
    """Numbers of known customers, E.164."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """How long simulated customers do things, on the average; exponentially distributed where it is a mean."""

    menu_seconds: tuple[float, float] = (5.0, 14.0)
    patience_mean_seconds: float = 120.0
    talk_mean_seconds: float = 75.0
    shortest_talk_seconds: float = 15.0
    pause_seconds: tuple[float, float] = (0.8, 4.0)
    """Between two phrases; the agent speaks then."""
    silent_share: float = 0.06
    """Share of customers who press no key at all."""


def demo_lines() -> tuple[DemoLine, ...]:
    """The demo tenant's numbers with its customers."""
    scenarios = {scenario.id: scenario for scenario in CONFIGURATION.scenarios}
    lines = []
    for entry in CONFIGURATION.entry_points:
        scenario = scenarios[entry.scenario]
        callers = tuple(
            phone for customer in CUSTOMERS if customer.language == scenario.language for phone in customer.phones
        )
        keys = tuple(choice.digit for choice in scenario.choices)
        lines.append(DemoLine(number=entry.number, language=scenario.language, keys=keys, callers=callers))
    return tuple(lines)


class _Caller:
    """One simulated customer. `far` is the channel the centre sees."""

    def __init__(self, line: DemoLine, ani: str) -> None:
        self.line = line
        self.ani = ani
        self.near = f"demo-{secrets.token_hex(6)}"
        self.far = f"{self.near}-far"
        self.answered = asyncio.Event()
        self.talking = asyncio.Event()
        self.spoken = asyncio.Event()
        self.gone = False
        self.task: asyncio.Task[None] | None = None


class DemoCustomers:
    """`run` until cancelled; `calls_per_minute` (0-60) may be changed at any time. Calls come at random, evenly."""

    def __init__(
        self,
        ari: AriAddress,
        speech: SpeechRenderer,
        *,
        lines: Sequence[DemoLine] | None = None,
        temper: Temper | None = None,
        seed: int | None = None,
    ) -> None:
        events = ("StasisStart", "ChannelDestroyed", "PlaybackFinished")
        self._ari = Ari(ari, APP, on_event=self._on_event, on_connect=self._on_connect, events=events)
        self._speech = speech
        self._lines = tuple(lines) if lines is not None else demo_lines()
        self._temper = temper or Temper()
        self._dice = random.Random(seed)
        self._rate = 0.0
        self._rate_changed = asyncio.Event()
        self._callers: dict[str, _Caller] = {}

    @property
    def calls_per_minute(self) -> float:
        return self._rate

    @calls_per_minute.setter
    def calls_per_minute(self, rate: float) -> None:
        self._rate = min(max(rate, 0.0), MOST_CALLS_PER_MINUTE)
        self._rate_changed.set()

    @property
    def on_the_line(self) -> int:
        """Simulated customers who are calling now."""
        return len(self._callers)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._ari.run(), name="demo ari")
            group.create_task(self._watch_talks(), name="demo talks")
            while True:
                await self._next_call()
                if self._rate > 0 and self._ari.up() and len(self._callers) < MOST_CALLS:
                    caller = self._new_caller()
                    self._callers[caller.near] = caller
                    caller.task = group.create_task(self._call(caller), name=f"demo {caller.near}")

    async def _next_call(self) -> None:
        """Wait for the next moment of a Poisson process; it has no memory, so a new rate just begins anew."""
        while True:
            pause = self._dice.expovariate(self._rate / 60) if self._rate > 0 else None
            self._rate_changed.clear()
            try:
                async with asyncio.timeout(pause):
                    await self._rate_changed.wait()
            except TimeoutError:
                return

    def _new_caller(self) -> _Caller:
        line = self._dice.choice(self._lines)
        if line.callers and self._dice.random() < KNOWN_SHARE:
            return _Caller(line, self._dice.choice(line.callers))
        # Made up, and nobody ever calls back; 202 555 01xx is kept for fiction (NANPA).
        stranger = "+790000000{:02}" if line.language == "ru" else "+120255501{:02}"
        return _Caller(line, stranger.format(self._dice.randrange(100)))

    # one customer's call

    async def _call(self, caller: _Caller) -> None:
        try:
            await self._dial(caller)
            async with asyncio.timeout(ANSWER_SECONDS):
                await caller.answered.wait()
            await asyncio.sleep(self._dice.uniform(*self._temper.menu_seconds))
            if self._dice.random() >= self._temper.silent_share:
                await self._press(caller, self._dice.choice(caller.line.keys))
            async with asyncio.timeout(self._dice.expovariate(1 / self._temper.patience_mean_seconds)):
                await caller.talking.wait()
            await self._talk(caller)
        except TimeoutError:
            log.debug("demo_customer_lost_patience", caller=caller.near)
        except PeerError as err:
            log.warning("demo_call_failed", caller=caller.near, reason=str(err))
        finally:
            del self._callers[caller.near]
            await self._hang_up(caller)

    async def _dial(self, caller: _Caller) -> None:
        await self._ari.request(
            "POST",
            f"channels/{caller.near}",
            {
                # /n: the two halves stay, so that the centre's half can be recorded and bridged like any line.
                "endpoint": f"Local/{caller.line.number}@inbound/n",
                "app": APP,
                "otherChannelId": caller.far,
                "callerId": f'"{caller.ani}" <{caller.ani}>',
                "timeout": ANSWER_SECONDS,
                "formats": "ulaw",
            },
        )

    async def _press(self, caller: _Caller, key: str) -> None:
        await self._ari.request("POST", f"channels/{caller.near}/dtmf", accept=(404, 409), dtmf=key)

    async def _talk(self, caller: _Caller) -> None:
        temper = self._temper
        longest = temper.shortest_talk_seconds + self._dice.expovariate(
            1 / max(1.0, temper.talk_mean_seconds - temper.shortest_talk_seconds)
        )
        phrases = PHRASES[caller.line.language]
        async with asyncio.timeout(longest):
            number = 0
            while True:
                await asyncio.sleep(self._dice.uniform(*temper.pause_seconds))
                await self._say(caller, Speech(text=phrases[number % len(phrases)], language=caller.line.language))
                number += 1

    async def _say(self, caller: _Caller, speech: Speech) -> None:
        path = await self._speech.render(speech)
        caller.spoken.clear()
        media = f"sound:{path.with_suffix('')}"
        await self._ari.request("POST", f"channels/{caller.near}/play", {"media": [media]}, accept=(404, 409))
        await caller.spoken.wait()

    async def _hang_up(self, caller: _Caller) -> None:
        if caller.gone:
            return
        try:
            await self._ari.request("DELETE", f"channels/{caller.near}", accept=(404,))
        except PeerError:
            log.debug("demo_hang_up_failed", caller=caller.near)

    # what happens to them

    async def _on_connect(self) -> None:
        """Customers of an earlier process of ours hang up."""
        channels = (await self._ari.request("GET", "channels")).json()
        for channel in channels:
            name = channel["id"]
            if name.startswith("demo-") and not name.endswith("-far") and name not in self._callers:
                await self._ari.request("DELETE", f"channels/{name}", accept=(404,))

    async def _watch_talks(self) -> None:
        """A caller does not see the centre's bridges: look there who is through to an agent."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            waiting = [caller for caller in self._callers.values() if not caller.talking.is_set()]
            if not waiting or not self._ari.up():
                continue
            try:
                bridges = (await self._ari.request("GET", "bridges")).json()
            except PeerError as err:
                log.debug("demo_look_failed", reason=str(err))
                continue
            together = (bridge["channels"] for bridge in bridges if len(bridge["channels"]) > 1)
            joined = {channel for channels in together for channel in channels}
            for caller in waiting:
                if caller.far in joined:
                    caller.talking.set()

    def _on_event(self, event: Event) -> None:
        playback = event.get("playback")
        channel = playback["target_uri"].removeprefix("channel:") if playback else event["channel"]["id"]
        caller = self._callers.get(channel)
        if caller is None:
            return
        match event["type"]:
            case "StasisStart":
                caller.answered.set()
            case "PlaybackFinished":
                caller.spoken.set()
            case "ChannelDestroyed":
                caller.gone = True
                if caller.task is not None:
                    caller.task.cancel()
