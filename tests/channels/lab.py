"""Both ends of the line for the contract suite: the same words for the simulator and for Asterisk with SIP phones."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any, Protocol

from obstore.store import LocalStore

from otklik.channels.voice.ari import AriAddress
from otklik.channels.voice.asterisk import AsteriskVoice
from otklik.channels.voice.simulated_callback import SimulatedOutside
from otklik.channels.voice.simulated_hearing import Listens
from otklik.channels.voice.simulated_leg import Heard
from otklik.channels.voice.simulator import SimulatedCall, SimulatedPhone, SimulatedVoice
from otklik.channels.voice.supervision import EAR
from otklik.contact.decisions import VoiceDecision
from otklik.contact.facts import AgentReachable, ContactArrived
from otklik.contact.hearing import Recognised
from otklik.contact.ids import AgentId, ContactId
from otklik.contact.ports import DeskTelephone, KnownLine, Voice
from otklik.embedded.asterisk import EmbeddedAsterisk
from otklik.errors import PeerError
from otklik.telephones.account import new_account
from tests import tones
from tests.channels.inbox import NUMBER, TENANT, Inbox
from tests.sip_phone import SipCall, SipPhone

SPEECH_SECONDS = 0.5
SPEECH_TONE, MUSIC_TONE, CUSTOMER_TONE, AGENT_TONE, COLLEAGUE_TONE = 800, 600, 440, 1000, 1300
SUPERVISOR_TONE, OUTSIDE_TONE, OWN_TONE = 1700, 1900, 2200
OWN_MUSIC = "0" * 64
"""A recording among the objects: the music of a queue."""
TONES = {
    "speech": SPEECH_TONE,
    "music": MUSIC_TONE,
    "own_music": OWN_TONE,
    "customer": CUSTOMER_TONE,
    "agent": AGENT_TONE,
    "colleague": COLLEAGUE_TONE,
    "supervisor": SUPERVISOR_TONE,
    "outside": OUTSIDE_TONE,
}
RINGING_TONE = 425
"""ITU-T E.180; too near the customer's tone to be told from it, so asked about only while there is no customer."""
WAIT_SECONDS = 30.0


async def until(what: str, condition: Callable[[], bool], lasts_seconds: float = 0.0) -> None:
    """Wait until the condition holds, and has held for so long."""
    deadline = time.monotonic() + WAIT_SECONDS
    since: float | None = None
    while True:
        now = time.monotonic()
        since = (since or now) if condition() else None
        if since is not None and now - since >= lasts_seconds:
            return
        assert now < deadline, f"not within {WAIT_SECONDS:g} s: {what}"
        await asyncio.sleep(0.01)


class Customer(Protocol):
    """The customer's side of one call."""

    contact: ContactId

    async def hears(self, *sounds: str) -> None:
        """Wait until exactly these sounds are heard; none: silence."""

    def press(self, keys: str) -> None: ...
    async def talk_for(self, seconds: float) -> None:
        """Go on talking: a customer says something all the time until told to be silent."""

    def be_silent(self) -> None: ...
    def hang_up(self) -> None: ...
    async def gone(self) -> None:
        """Wait until the line is hung up."""


class AgentPhone(Protocol):
    """An agent's phone, registered. There is one line at a time, the latest."""

    agent: AgentId

    async def rings(self) -> tuple[str, str, bool]:
        """Wait for the ring: what the phone is told of (contact, offer, is it a rejoin)."""

    @property
    def asked_for(self) -> bool:
        """Is what rings a call that the agent has asked for, so that a page answers by itself?"""

    async def answer(self) -> None: ...
    def decline(self) -> None: ...
    def hang_up(self) -> None: ...
    def die(self) -> None:
        """The line dies without a word."""

    async def hears(self, *sounds: str) -> None: ...
    async def hears_ringing(self) -> None: ...
    async def hears_the_question(self) -> None:
        """Outside: wait until a key is asked for."""

    def press(self, keys: str) -> None: ...
    async def quiet(self) -> None:
        """Wait until neither a ring nor a call is left here."""


class Called(Protocol):
    """The customer's phone, while it rings because somebody calls back; then it is a customer's side like any other."""

    @property
    def caller(self) -> str:
        """The number that is shown."""

    async def answer(self) -> Customer: ...
    def busy(self) -> None: ...
    def unallocated(self) -> None:
        """There is no such number."""

    async def no_answer(self) -> None:
        """Let it ring until it stops."""

    async def stops(self) -> None:
        """Wait until it rings no more."""


class Outsider(Protocol):
    """Somebody outside, whose telephone rings because a customer is to be put through."""

    @property
    def caller(self) -> str:
        """The number that is shown."""

    async def answer(self) -> None: ...
    def busy(self) -> None: ...
    def hang_up(self) -> None: ...
    async def hears_the_customer(self) -> None: ...
    async def hears(self, *sounds: str) -> None: ...
    async def stops(self) -> None:
        """Wait until there is neither a ring nor a call."""


class Lab(Protocol):
    inbox: Inbox

    @property
    def voice(self) -> Voice: ...
    async def call(self, number: str = NUMBER, ani: str = "+79161234567") -> Customer: ...
    async def refused(self, number: str) -> bool:
        """Is a call to this number refused before it is answered?"""

    async def phone(self, agent: str, voice: Heard = "agent") -> AgentPhone: ...
    async def desk_phone(self, agent: str) -> AgentPhone:
        """The agent's desk telephone, registered by a new account."""

    async def outside_phone(self, agent: str, number: str) -> AgentPhone:
        """The telephone with this number, which is the agent's, as soon as it rings."""

    async def called(self, number: str) -> Called:
        """Wait until the customer with this number is called."""

    async def outsider(self, number: str) -> Outsider:
        """Wait until somebody outside with this number is called."""

    def rings_outside(self, number: str) -> bool: ...
    async def taking(self, customer: Customer, step: int = 2) -> None:
        """Wait until the message of this step is being taken."""

    async def says(self, customer: Customer, words: str, confidence: float = 1.0) -> None:
        """Wait until the customer is listened to, and say it; whoever recognises words has just these. Without: a noise."""

    def listens(self, how: Listens) -> None:
        """To words."""

    async def listened_to(self, customer: Customer) -> None:
        """Wait until the customer is listened to."""

    async def tidy(self) -> None:
        """Wait until nothing is left of having listened."""

    def take_trunk_away(self) -> None:
        """For calls out, for good."""

    async def crash(self) -> None:
        """The switch dies; returns when it is back."""


async def perform(lab: Lab, *decisions: VoiceDecision) -> None:
    for decision in decisions:
        await lab.voice.perform(TENANT, decision)


class SimulatedLab:
    def __init__(self, voice: SimulatedVoice, inbox: Inbox) -> None:
        self.voice = voice
        self.inbox = inbox

    async def call(self, number: str = NUMBER, ani: str = "+79161234567") -> SimulatedSide:
        call = self.voice.arrive(number, ani)
        assert call is not None
        await self.inbox.next(ContactArrived)
        return SimulatedSide(call)

    async def refused(self, number: str) -> bool:
        return self.voice.arrive(number) is None

    async def phone(self, agent: str, voice: Heard = "agent") -> SimulatedAgent:
        await self.voice.provision(TENANT, AgentId(agent))
        phone = self.voice.phone(AgentId(agent))
        phone.voice = voice
        phone.register()
        await self.inbox.next(AgentReachable)
        return SimulatedAgent(phone)

    async def desk_phone(self, agent: str) -> SimulatedAgent:
        account, _ = new_account()
        await self.voice.set_telephone(TENANT, AgentId(agent), account)
        phone = self.voice.phone(AgentId(agent), "desk")
        phone.register()
        await self.inbox.next(AgentReachable)
        return SimulatedAgent(phone)

    async def outside_phone(self, agent: str, number: str) -> SimulatedAgent:
        phone = self.voice.phone(AgentId(agent), "outside")
        await until("the number outside rings", lambda: phone.ringing is not None)
        return SimulatedAgent(phone)

    async def called(self, number: str) -> SimulatedCalled:
        await until(f"{number} is called", lambda: self.rings_outside(number))
        call = self.voice.dialled(number)
        assert call is not None
        return SimulatedCalled(call)

    async def outsider(self, number: str) -> SimulatedOutsider:
        await until(f"{number} is called", lambda: self.voice.outside(number) is not None)
        line = self.voice.outside(number)
        assert line is not None
        return SimulatedOutsider(line)

    def rings_outside(self, number: str) -> bool:
        return self.voice.dialled(number) is not None or self.voice.outside(number) is not None

    async def taking(self, customer: Customer, step: int = 2) -> None:
        call = self.voice.call_of(customer.contact)
        await until("a message is taken", lambda: call is not None and call.listening)

    async def says(self, customer: Customer, words: str, confidence: float = 1.0) -> None:
        await self.listened_to(customer)
        call = self.voice.call_of(customer.contact)
        assert call is not None
        call.say(words, confidence)

    def listens(self, how: Listens) -> None:
        self.voice.listens = how

    async def listened_to(self, customer: Customer) -> None:
        call = self.voice.call_of(customer.contact)
        await until("the customer is listened to", lambda: call is not None and call.hearing.wanted)

    async def tidy(self) -> None:
        """There is nothing."""

    def take_trunk_away(self) -> None:
        self.voice.trunk = False

    async def crash(self) -> None:
        self.voice.crash()


class SimulatedCalled:
    def __init__(self, call: SimulatedCall) -> None:
        self._call = call
        self.caller = call.caller

    async def answer(self) -> SimulatedSide:
        self._call.answer()
        return SimulatedSide(self._call)

    def busy(self) -> None:
        self._call.fail("busy")

    def unallocated(self) -> None:
        self._call.fail("unallocated")

    async def no_answer(self) -> None:
        self._call.fail("no_answer")

    async def stops(self) -> None:
        await until("the customer's phone rings no more", lambda: not self._call.dialling)


class SimulatedOutsider:
    def __init__(self, line: SimulatedOutside) -> None:
        self._line = line
        self.caller = line.caller
        self.hang_up = line.hang_up

    async def answer(self) -> None:
        self._line.answer()

    def busy(self) -> None:
        self._line.end("busy")

    async def hears_the_customer(self) -> None:
        await until("the customer is heard outside", lambda: self._here and self._line.answered)

    async def hears(self, *sounds: str) -> None:
        await until(f"{sounds} are heard outside", lambda: self._here and self._line.hears() == set(sounds))

    async def stops(self) -> None:
        await until("nobody is called outside any more", lambda: not self._here)

    @property
    def _here(self) -> bool:
        return self._line.call.outside is self._line


class SimulatedSide:
    def __init__(self, call: SimulatedCall) -> None:
        self._call = call
        self.contact = call.contact
        self.press = call.press
        self.hang_up = call.hang_up

    async def talk_for(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def be_silent(self) -> None:
        self._call.talk(False)

    async def hears(self, *sounds: str) -> None:
        await until(f"the customer hears {sounds}", lambda: self._call.hears == set(sounds))

    async def gone(self) -> None:
        await until("the customer's line is gone", lambda: not self._call.alive)


class SimulatedAgent:
    def __init__(self, phone: SimulatedPhone) -> None:
        self._phone = phone
        self.agent = phone.agent
        self.decline = phone.decline
        self.hang_up = phone.hang_up
        self.die = phone.lose

    async def rings(self) -> tuple[str, str, bool]:
        await until("the agent's phone rings", lambda: self._phone.ringing is not None)
        assert self._phone.ringing is not None
        contact, offer = self._phone.ringing
        return contact, str(offer), self._phone.rejoins

    @property
    def asked_for(self) -> bool:
        return self._phone.placed

    async def answer(self) -> None:
        self._phone.answer()

    async def hears(self, *sounds: str) -> None:
        await until(f"the agent hears {sounds}", lambda: self._phone.hears == set(sounds))

    async def hears_ringing(self) -> None:
        await self.hears("ringing")

    async def hears_the_question(self) -> None:
        await until("a key is asked for", lambda: self._phone.lifted)

    def press(self, keys: str) -> None:
        self._phone.press(keys)

    async def quiet(self) -> None:
        await until("the agent's phone is quiet", lambda: self._phone.leg is None or not self._phone.leg.alive)


class Understands:
    """`Recogniser`: whatever is said is what the test has put here."""

    def __init__(self) -> None:
        self.words, self.confidence = "", 1.0
        self.listens: Listens = "well"
        self.sounds: list[bytes] = []

    def ready(self) -> bool:
        return self.listens != "never"

    async def recognise(self, sound: bytes, language: str) -> Recognised:
        self.sounds.append(sound)
        if self.listens != "well":
            raise PeerError("recogniser", "gone", retryable=True)
        return Recognised(self.words, self.confidence)

    async def close(self) -> None: ...


class AsteriskLab:
    """`AsteriskVoice` on a real Asterisk; customers come by a trunk, agents have SIP phones."""

    def __init__(
        self,
        asterisk: EmbeddedAsterisk,
        make_voice: Callable[[], AsteriskVoice],
        inbox: Inbox,
        objects: LocalStore,
        stack: AsyncExitStack,
        outside: SipPhone,
        recogniser: Understands,
    ) -> None:
        self.recogniser = recogniser
        self.asterisk = asterisk
        self.inbox = inbox
        self.objects = objects
        self.ari_address = AriAddress(url=asterisk.ari_url, user=asterisk.ari_user, password=asterisk.ari_password)
        self.voice = make_voice()
        self._make_voice = make_voice
        self._stack = stack
        self._outside = outside
        """All customers' phones, as the trunk's far end reaches them."""
        self._agents: list[AgentId] = []
        self.accounts: dict[AgentId, DeskTelephone] = {}
        self.server = ("127.0.0.1", asterisk.plan.sip_port)

    async def start(self, contacts: Sequence[KnownLine] = (), over: Sequence[KnownLine] = ()) -> None:
        await self.voice.start(self.inbox)
        await self.voice.reconcile(TENANT, contacts, over)
        await until("the switch is connected", self.voice.up)
        await until("its manager is connected, whom the product asks again", self.voice._ami.up)

    async def restart_ours(self, *contacts: KnownLine, over: Sequence[KnownLine] = ()) -> None:
        """Our process is killed and a new one starts, which knows these contacts."""
        await self.voice.close()
        self.voice = self._make_voice()
        await self.start(contacts, over)

    async def finish(self) -> None:
        """Leave nothing behind in the switch for the next test."""
        for agent in self._agents:
            await self.voice.deprovision(agent)
        for agent in self.accounts:
            await self.voice.set_telephone(TENANT, agent, None)
        async with asyncio.timeout(WAIT_SECONDS):
            while channels := await self.listed("channels"):
                for channel in channels:
                    await self.voice.ari.request("DELETE", f"channels/{channel['id']}", accept=(404,))
                await asyncio.sleep(0.01)
        await self.voice.close()
        for left in (self.asterisk.recordings / TENANT).glob("*.wav"):
            left.unlink(missing_ok=True)  # else the next start would store it, as after a crash

    async def listed(self, what: str) -> list[Any]:
        return list((await self.voice.ari.request("GET", what)).json())

    async def dial(self, number: str, ani: str = "+79161234567") -> SipCall:
        phone = await self._stack.enter_async_context(SipPhone(ani, self.server, tone=CUSTOMER_TONE))
        return await phone.call(number)

    async def call(self, number: str = NUMBER, ani: str = "+79161234567") -> SipSide:
        call = await self.dial(number, ani)
        arrived = await self.inbox.next(ContactArrived)
        return SipSide(call, arrived.contact)

    async def refused(self, number: str) -> bool:
        call = await self.dial(number)
        await until("the call is refused", call.ended.is_set)
        return call.status in (404, 503) and not call.answered.is_set()

    async def phone(self, agent: str, voice: Heard = "agent") -> SipAgent:
        phone = await self._phone(AgentId(agent), TONES[voice])
        await self.inbox.next(AgentReachable)
        return phone

    async def phone_again(self, earlier: SipAgent) -> SipAgent:
        """The agent's page after a reload: a new line, while the old one is not yet known to be dead."""
        return await self._phone(earlier.agent)

    async def _phone(self, agent: AgentId, tone: int = AGENT_TONE) -> SipAgent:
        self._agents.append(agent)
        user, password = await self.voice.provision(TENANT, agent)
        sip = SipPhone(user, self.server, password=password, tone=tone)
        await self._stack.enter_async_context(sip)
        await sip.register()
        return SipAgent(agent, sip)

    async def desk_phone(self, agent: str) -> SipAgent:
        account, password = new_account()
        self.accounts[AgentId(agent)] = account
        await self.voice.set_telephone(TENANT, AgentId(agent), account)
        sip = SipPhone(account.user, self.server, password=password, tone=AGENT_TONE)
        await self._stack.enter_async_context(sip)
        await sip.register()
        await self.inbox.next(AgentReachable)
        return SipAgent(AgentId(agent), sip)

    async def outside_phone(self, agent: str, number: str) -> SipAgent:
        """The trunk's far end answers as the agent here, so it says the agent's tone."""
        call = await self._outside.ring()
        self._outside.tone = AGENT_TONE
        call.talk(True)
        assert call.invite is not None and f"sip:{number}@" in call.invite.first
        phone = SipAgent(AgentId(agent), self._outside)
        phone.line = call
        return phone

    async def called(self, number: str) -> SipCalled:
        call = await self._outside.ring()
        assert call.invite is not None and f"sip:{number}@" in call.invite.first
        return SipCalled(call)

    async def outsider(self, number: str) -> SipOutsider:
        self._outside.tone = OUTSIDE_TONE
        call = (await self.called(number))._call
        call.talk(True)
        return SipOutsider(call)

    def rings_outside(self, number: str) -> bool:
        return bool(self._outside.calls)

    async def taking(self, customer: Customer, step: int = 2) -> None:
        path = f"recordings/live/{customer.contact}.{step}"
        async with asyncio.timeout(WAIT_SECONDS):
            while not (await self.voice.ari.request("GET", path, accept=(404,))).ok:
                await asyncio.sleep(0.01)

    async def says(self, customer: Customer, words: str, confidence: float = 1.0) -> None:
        assert isinstance(customer, SipSide)
        await self.listened_to(customer)
        self.recogniser.words, self.recogniser.confidence = words, confidence
        customer.call.play(tones.voice(1.0))

    def listens(self, how: Listens) -> None:
        self.recogniser.listens = how

    async def listened_to(self, customer: Customer) -> None:
        """Both channels are in the bridge that is beside the contact's own."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not any(
                bridge["id"].startswith(f"{customer.contact}.") and len(bridge["channels"]) == 2
                for bridge in await self.listed("bridges")
            ):
                await asyncio.sleep(0.01)

    async def tidy(self) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while [each for each in await self.listed("channels") if each["id"].endswith(f".{EAR}")] or [
                each for each in await self.listed("bridges") if "." in each["id"]
            ]:
                await asyncio.sleep(0.01)

    def take_trunk_away(self) -> None:
        self.voice.trunk = None

    async def crash(self) -> None:
        pid = self.asterisk.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until("the loss is noticed", lambda: not self.voice.up())
        await until("the switch is back", self.voice.up)


class SipCalled:
    def __init__(self, call: SipCall) -> None:
        self._call = call

    @property
    def caller(self) -> str:
        assert self._call.invite is not None
        return self._call.invite.get("From").partition("sip:")[2].partition("@")[0]

    async def answer(self) -> SipSide:
        await self._call.answer()
        return SipSide(self._call, ContactId(""))

    def busy(self) -> None:
        self._call.decline(486)

    def unallocated(self) -> None:
        self._call.decline(404)

    async def no_answer(self) -> None:
        await self.stops()

    async def stops(self) -> None:
        await until("the customer's phone rings no more", self._call.ended.is_set)


class SipOutsider(SipCalled):
    def __init__(self, call: SipCall) -> None:
        super().__init__(call)
        self.hang_up = call.hang_up

    async def answer(self) -> None:  # type: ignore[override]  # nobody is asked for as a customer
        await self._call.answer()

    async def hears_the_customer(self) -> None:
        await until("the customer is heard outside", lambda: self._call.hears(CUSTOMER_TONE))

    async def hears(self, *sounds: str) -> None:
        await _hears("somebody outside", self._call, sounds)


class SipSide:
    def __init__(self, call: SipCall, contact: ContactId) -> None:
        self.call = call
        self.contact = contact
        self.press = call.press
        self.hang_up = call.hang_up

    async def talk_for(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def be_silent(self) -> None:
        self.call.talk(False)

    async def hears(self, *sounds: str, seconds: float = 0.0) -> None:
        await _hears("the customer", self.call, sounds, seconds)

    async def gone(self) -> None:
        await until("the customer's line is gone", self.call.ended.is_set)


class SipAgent:
    def __init__(self, agent: AgentId, phone: SipPhone) -> None:
        self.agent = agent
        self.sip = phone
        self.line: SipCall | None = None

    async def rings(self) -> tuple[str, str, bool]:
        self.line = await self.sip.ring()
        assert self.line.invite is not None
        told = self.line.invite.get
        return told("X-Otklik-Contact"), told("X-Otklik-Offer"), told("X-Otklik-Rejoin") == "yes"

    @property
    def asked_for(self) -> bool:
        invite = self._line().invite
        return invite is not None and invite.get("X-Otklik-Placed") == "yes"

    async def answer(self) -> None:
        await self._line().answer()

    def decline(self) -> None:
        self._line().decline()

    def hang_up(self) -> None:
        self._line().hang_up()

    def die(self) -> None:
        self._line().die()

    async def hears(self, *sounds: str, seconds: float = 0.0) -> None:
        await _hears("the agent", self._line(), sounds, seconds)

    async def hears_ringing(self) -> None:
        line = self._line()
        await until("the agent hears that it rings", lambda: line.hears(RINGING_TONE))

    async def hears_the_question(self) -> None:
        await self.hears("speech")

    def press(self, keys: str) -> None:
        self._line().press(keys)

    async def quiet(self) -> None:
        await until("the agent's phone is quiet", lambda: not self.sip.calls)

    def _line(self) -> SipCall:
        assert self.line is not None, "nothing has rung here yet"
        return self.line


async def _hears(who: str, call: SipCall, sounds: tuple[str, ...], seconds: float = 0.0) -> None:
    def exactly() -> bool:
        return {name for name, frequency in TONES.items() if call.hears(frequency, max(1, len(sounds)))} == set(sounds)

    await until(f"{who} hears {sounds}", exactly, seconds)
