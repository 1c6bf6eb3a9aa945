"""A telephone switch in memory, with the contract of `AsteriskVoice` and both ends of the line in a test's hands.

`arrive` and `phone` are the customer's and the agent's side. Nothing sounds: `hears` says what would be heard.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from typing import Literal

from uuid_utils import uuid7

from otklik.channels.voice import simulated_consultation as consulting
from otklik.channels.voice.dialogue import Dialogue
from otklik.channels.voice.number import normal_number
from otklik.channels.voice.simulated_callback import CalledBack, SimulatedOutside
from otklik.channels.voice.simulated_hearing import Listens, SimulatedHearing
from otklik.channels.voice.simulated_leg import (
    SILENCE,
    Heard,
    SimulatedLeg,
    end_supervision,
    overheard,
    supervise,
    whisperers,
)
from otklik.channels.voice.simulated_message import SimulatedMessage
from otklik.channels.voice.simulated_music import SimulatedMusic
from otklik.channels.voice.simulated_phone import SimulatedPhone as SimulatedPhone
from otklik.contact import decisions as do
from otklik.contact.configuration import RecordedSpeech, Speech
from otklik.contact.facts import (
    AgentLegEnded,
    AgentReachable,
    CallFailed,
    CallFailure,
    ContactArrived,
    CustomerLeft,
    Fact,
    LeaveCause,
    OfferAnswered,
    OfferDeclined,
    OfferFailed,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber, TenantId
from otklik.contact.music import USUAL
from otklik.contact.phone import Phone
from otklik.contact.ports import DeskTelephone, Inbox, KnownLine
from otklik.errors import AppError, PeerError


class SimulatedVoice:
    """`Voice` without a switch. A text takes `speech_seconds` to speak. `trunk`: may customers be called?"""

    def __init__(self, *, speech_seconds: float = 0.0, trunk: bool = True) -> None:
        self.speech_seconds = speech_seconds
        self.trunk = trunk
        self.listens: Listens = "well"
        """To words that customers say."""
        self.keep_message: Callable[[ContactId, int, float], str] = lambda contact, step, seconds: ""
        """Of a message of so many seconds: where it is kept."""
        self._inbox: Inbox | None = None
        self._calls: dict[ContactId, SimulatedCall] = {}
        self.consultations: dict[ContactId, SimulatedCall] = {}
        self._phones: dict[tuple[AgentId, Phone], SimulatedPhone] = {}
        self._running = False

    async def start(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._running = True

    async def close(self) -> None:
        self._running = False

    def up(self) -> bool:
        return self._running

    def calls_out(self) -> bool:
        return self.trunk

    async def provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        phone = self.phone(agent)
        phone.tenant = tenant
        phone.user, phone.password = f"agent-{agent}-{secrets.token_hex(3)}", secrets.token_hex(16)
        return phone.user, phone.password

    async def deprovision(self, agent: AgentId) -> None:
        phone = self._phones.get((agent, "page"))
        if phone is not None and phone.user:
            phone.unregister()
            phone.user = phone.password = ""

    async def set_telephone(self, tenant: TenantId, agent: AgentId, telephone: DeskTelephone | None) -> None:
        phone = self.phone(agent, "desk")
        phone.tenant = tenant
        if telephone is None or (phone.user, phone.password) != (telephone.user, telephone.digest):
            phone.unregister()
        phone.user, phone.password = (telephone.user, telephone.digest) if telephone is not None else ("", "")

    async def reconcile(self, tenant: TenantId, contacts: Iterable[KnownLine], over: Iterable[KnownLine] = ()) -> None:
        for line in over:
            if (call := self._calls.get(line.contact)) is not None:
                call.leave("hung_up") if call.alive else call.fail("cancelled")
        expected = {line.contact: line for line in contacts}
        for line in expected.values():
            if (line.consults or line.contact) not in self._calls:
                self._report_lost(tenant, line)
        for call in [call for call in self._calls.values() if call.tenant == tenant]:
            if call.contact in expected:
                call.adopted(*(line for line in expected.values() if call.contact in (line.contact, line.consults)))
            elif call.arrived is not None:
                self.post(tenant, call.arrived)
            else:
                call.leave("hung_up")
        for phone in self._phones.values():
            if phone.registered and phone.tenant == tenant:
                self.post(tenant, AgentReachable(agent=phone.agent, phone=phone.phone))

    def _report_lost(self, tenant: TenantId, line: KnownLine) -> None:
        if line.dialling:
            self.post(tenant, CallFailed(contact=line.contact, attempt=line.attempt, cause="lost"))
        elif not line.away and line.consults is None:
            self.post(tenant, CustomerLeft(contact=line.contact, cause="node_lost", attempt=line.attempt))
        inside = line.away or line.consults is not None
        if line.agent is not None and line.offer is not None and (line.dialling or inside):
            lost = AgentLegEnded(contact=line.contact, agent=line.agent, offer=line.offer, cause="lost")
            self.post(tenant, lost)

    async def perform(self, tenant: TenantId, decision: do.VoiceDecision) -> None:
        if not self._running:
            raise PeerError("simulator", "not running", retryable=True)
        call = self._calls.get(decision.contact) or self.consultations.get(decision.contact)
        if call is None and (isinstance(decision, do.Dial) or (isinstance(decision, do.Offer) and decision.away)):
            call = self._calls[decision.contact] = SimulatedCall(self, tenant, decision.contact)
        if call is not None:
            call.perform(decision)

    def call_of(self, contact: ContactId) -> SimulatedCall | None:
        return self._calls.get(contact)

    def dialled(self, number: str) -> SimulatedCall | None:
        """A line to this number that rings at the customer's now."""
        return next((call for call in self._calls.values() if call.dialling and call.number == number), None)

    def outside(self, number: str) -> SimulatedOutside | None:
        """Somebody outside with this number who is called, or talks, now."""
        lines = (call.outside for call in self._calls.values())
        return next((line for line in lines if line is not None and line.number == number), None)

    def arrive(self, dnis: str, ani: str | None = None) -> SimulatedCall | None:
        """A call comes in. None: it was refused, for an unknown number or because the centre is overloaded."""
        assert self._inbox is not None, "start the switch first"
        found = self._inbox.entry_point(dnis) if self._running else None
        if found is None:
            return None
        tenant, entry_point = found
        contact = ContactId(str(uuid7()))
        leg = f"line-{contact}"
        ani = normal_number(ani)
        arrived = ContactArrived(contact=contact, channel="voice", entry_point=entry_point, dnis=dnis, leg=leg, ani=ani)
        call = self._calls[contact] = SimulatedCall(self, tenant, contact, arrived)
        try:
            self._inbox.post(tenant, arrived)
        except AppError:
            del self._calls[contact]
            return None
        return call

    def phone(self, agent: AgentId, phone: Phone = "page") -> SimulatedPhone:
        """The agent's phone of this kind; the same object each time."""
        if (agent, phone) not in self._phones:
            self._phones[agent, phone] = SimulatedPhone(self, agent, phone)
        return self._phones[agent, phone]

    def crash(self) -> None:
        """The switch dies and is back at once, with all of its lines gone; phones register again by themselves."""
        for call in list(self._calls.values()):
            call.leave("node_lost") if call.alive else call.fail("lost")

    def post(self, tenant: TenantId, fact: Fact) -> None:
        assert self._inbox is not None
        self._inbox.post(tenant, fact)

    def tune(self, tenant: TenantId, contact: ContactId) -> str:
        return self._inbox.tune(tenant, contact) if self._inbox is not None else USUAL

    def forget(self, call: SimulatedCall) -> None:
        if self._calls.get(call.contact) is call:
            del self._calls[call.contact]
            for consultation in list(call.consultations):
                call.consulting(consultation, on=False)


class SimulatedCall(CalledBack):
    """A customer's call: what the switch knows of it, and the customer's own buttons. Without `arrived` the customer is to
    be called back: `alive` only once answered."""

    def __init__(
        self, switch: SimulatedVoice, tenant: TenantId, contact: ContactId, arrived: ContactArrived | None = None
    ) -> None:
        self.switch = switch
        self.tenant = tenant
        self.arrived = arrived
        super().__init__(contact, alive=arrived is not None)
        self.recorded = self.silent = False
        self.said: list[str] = []
        """Texts begun, in order."""
        self.recordings: list[str] = []
        """Those of them that a person has spoken."""
        self.consultations: set[ContactId] = set()
        self.rings_inside: bool | None = None
        """Of two agents who call each other: the colleague is still rung. None: a customer's call."""
        self.rings_at: OfferNumber | None = None
        """The line of the agent who hears somebody outside being rung."""
        self.legs: dict[tuple[ContactId, OfferNumber], SimulatedLeg] = {}
        self._dialogue = Dialogue(self, lambda fact: switch.post(tenant, fact))
        self.hearing = SimulatedHearing(self._dialogue, lambda: switch.listens)
        self.hears_words, self.hear, self.stop_hearing = self.hearing.there, self.hearing.hear, self.hearing.stop
        self.talking = True
        """What a message is made of; a customer on a line is never quite silent."""
        self._message: SimulatedMessage | None = None
        self._joined = False
        self.tunes = SimulatedMusic(lambda: switch.tune(tenant, contact))
        self.music, self.in_tune = self.tunes.turn, self.tunes.in_tune

    def press(self, keys: str) -> None:
        for key in keys:
            if self.alive:
                self._dialogue.press(key)

    def say(self, words: str, confidence: float = 1.0) -> None:
        """Without words: a noise that is taken for speech."""
        if self.alive:
            self.hearing.say(words, confidence)

    def talk(self, on: bool) -> None:
        self.talking = on
        if self._message is not None:
            self._message.talk(on)

    def hang_up(self) -> None:
        self.leave("hung_up")

    @property
    def hears(self) -> frozenset[Heard]:
        if not self.alive:
            return SILENCE
        if self._dialogue.speech is not None:
            return frozenset({"speech"})
        if self.tunes.plays is not None:
            return self.tunes.heard
        if self.outside is not None and self.outside.beside is None and not self.outside.answered:
            return frozenset({"ringing"})
        return self._voices(self.contact) if self._joined else SILENCE

    def heard_by_agent(self, leg: SimulatedLeg) -> frozenset[Heard]:
        if leg.answered and (self.dialling or self.rings_inside):
            return frozenset({"ringing"})
        if not self.alive and self.rings_inside is None:
            return SILENCE
        if leg.beside is not None:
            return overheard(leg)
        whispered = whisperers(leg)
        if leg.answered and (leg.contact, leg.offer) == (self.contact, self.rings_at):
            return frozenset({"ringing"})
        if leg.room is None:
            return frozenset({"music"}) if leg.music else whispered
        customer = self._joined and leg.room == self.contact
        return self._voices(leg.room, leg) | whispered | (frozenset({"customer"}) if customer else SILENCE)

    def voice(self, leg: SimulatedLeg) -> Heard:
        return leg.voice

    def _voices(self, room: ContactId, ear: SimulatedLeg | None = None) -> frozenset[Heard]:
        there = [leg for leg in self.legs.values() if leg.room == room and leg is not ear and not leg.muted]
        outside = self.outside is not None and self.outside.room == room and self.outside.answered
        return frozenset(self.voice(leg) for leg in there) | (frozenset[Heard]({"outside"}) if outside else SILENCE)

    def heard_outside(self) -> frozenset[Heard]:
        """By whoever was called there and has answered."""
        if self.outside is None or self.outside.room is None:
            return frozenset({"music"}) if self.outside is not None and self.outside.waits else SILENCE
        customer = self._joined and self.outside.room == self.contact
        there = frozenset(
            self.voice(leg) for leg in self.legs.values() if leg.room == self.outside.room and not leg.muted
        )
        return there | (frozenset({"customer"}) if customer else SILENCE)

    def speak(self, speech: tuple[Speech, ...], token: int) -> None:
        self.said += [part.text for part in speech]
        self.recordings += [part.recording for part in speech if isinstance(part, RecordedSpeech)]
        asyncio.get_running_loop().call_later(self.switch.speech_seconds, self._dialogue.spoken, token)

    def hush(self) -> None:
        pass

    def beep(self, token: int) -> None:
        asyncio.get_running_loop().call_soon(self._dialogue.spoken, token)

    def listen(self, message: do.TakeMessage, token: int) -> None:
        def over(seconds: float) -> None:
            self._message = None
            key = self.switch.keep_message(self.contact, message.step, seconds) if seconds else ""
            self._dialogue.listened(token, seconds=seconds, key=key)

        self._message = SimulatedMessage(message, talking=self.talking, over=over)

    @property
    def listening(self) -> bool:
        """A message is being taken."""
        return self._message is not None

    def stop_listening(self, *, keep: bool) -> None:
        if self._message is not None:
            self._message.end() if keep else self._message.cancel()
            self._message = None

    def leave(self, cause: LeaveCause) -> None:
        if not self.alive:
            return
        self.alive = False
        self.outside = None
        self.stop_listening(keep=True)
        self._dialogue.close()
        self.switch.forget(self)
        if cause == "node_lost":
            for leg in list(self.legs.values()):
                leg.end("lost")
        self.legs.clear()
        self.switch.post(self.tenant, CustomerLeft(contact=self.contact, cause=cause, attempt=self.attempt))

    def post(self, fact: Fact) -> None:
        self.switch.post(self.tenant, fact)

    def fail(self, cause: CallFailure) -> None:
        """When it is lost or given up, agents' lines go with it."""
        if cause in ("lost", "cancelled"):
            for leg in list(self.legs.values()):
                leg.end("lost") if cause == "lost" else self.legs.pop((leg.contact, leg.offer))
        super().fail(cause)

    def tidy(self) -> None:
        if not self.alive and not self.dialling and not self.legs:
            self.switch.forget(self)

    def perform(self, decision: do.VoiceDecision) -> None:
        match decision:
            case do.Dial() | do.CallOutside() | do.EndOutside() | do.PutThrough():
                self._perform_outward(decision)
            case do.Record() | do.SilenceRecording() | do.DropRecording():
                self._tape(decision)
            case do.Say() | do.Ask() | do.TakeMessage() | do.PlayMusic():
                self._joined = False
                self._dialogue.perform(decision)
            case do.Announce():
                self._dialogue.perform(decision)
            case do.Hold():
                self.hold()
            case do.Consult() | do.EndConsultation() | do.HandOver() | do.Gather():
                consulting.perform(self, decision)
            case do.Supervise():
                supervise(self.answered_line(decision.contact, decision.offer), decision)
            case do.EndSupervision():
                end_supervision(self.legs.get((decision.contact, decision.offer)))
            case do.End():
                self.leave("hung_up") if self.alive else self.fail("cancelled")
            case _:
                self._perform_for_agent(decision)

    def _perform_outward(self, decision: do.Dial | do.CallOutside | do.EndOutside | do.PutThrough) -> None:
        match decision:
            case do.Dial():
                self.dial(decision, trunk=self.switch.trunk)
            case do.PutThrough():
                if self.pass_outside(decision.attempt) and self.outside is not None:
                    consulting.end(self, decision.consultation)
                    self.put_through() if self.outside.answered else self._rings_at_the_customer()
            case do.CallOutside():
                if decision.beside is None and (self.outside is None or self.outside.attempt != decision.attempt):
                    self._rings_at_the_customer(music=decision.music)
                self.call_outside(decision, trunk=self.switch.trunk)
            case do.EndOutside():
                self.end_outside(decision.attempt)

    def _rings_at_the_customer(self, *, music: bool = False) -> None:
        self._joined = False
        self._dialogue.perform(do.PlayMusic(contact=self.contact)) if music else self._dialogue.quiet()

    def _tape(self, decision: do.Record | do.SilenceRecording | do.DropRecording) -> None:
        """What would be kept is told by `recorded` and `silent`; nothing is."""
        if isinstance(decision, do.SilenceRecording):
            self.silent = decision.silent
        else:
            self.recorded = isinstance(decision, do.Record)

    def _perform_for_agent(
        self,
        decision: do.Offer | do.Rejoin | do.Join | do.Withdraw | do.Release | do.Connect | do.Retrieve | do.Mute,
    ) -> None:
        match decision:
            case do.Offer():
                self._ring(decision, None)
            case do.Rejoin() | do.Join():
                self._ring(decision, decision.replaces)
            case do.Withdraw() | do.Release():
                self.legs.pop((decision.contact, decision.offer), None)
                self.tidy()
            case do.Connect() | do.Retrieve():
                if leg := self.answered_line(decision.contact, decision.offer):
                    self.join(leg)
            case do.Mute():
                leg = self.legs.get((decision.contact, decision.offer))
                if leg is not None:
                    leg.muted = decision.muted

    def _ring(self, decision: do.Offer | do.Rejoin | do.Join, replaces: OfferNumber | None) -> None:
        contact, agent, offer = decision.contact, decision.agent, decision.offer
        phone = self.switch.phone(agent, "page" if isinstance(decision, do.Join) else decision.phone)
        if not (phone.registered or (phone.phone == "outside" and self.switch.trunk)):
            failed = OfferFailed(contact=contact, agent=agent, offer=offer, cause="unregistered")
            self.switch.post(self.tenant, failed)
            self.tidy()
            return
        leg = self.legs[contact, offer] = phone.leg = SimulatedLeg(self, contact, agent, offer, replaces)
        leg.voice, leg.phone = phone.voice, phone.phone
        leg.placed = isinstance(decision, do.Offer) and decision.placed

    def consulting(self, consultation: ContactId, *, on: bool) -> None:
        if on:
            self.consultations.add(consultation)
            self.switch.consultations[consultation] = self
        else:
            self.consultations.discard(consultation)
            self.switch.consultations.pop(consultation, None)

    def answered_line(self, contact: ContactId, offer: OfferNumber | None) -> SimulatedLeg | None:
        """This line, if it is up; the one that it replaces is gone then."""
        leg = self.legs.get((contact, offer)) if offer is not None else None
        if leg is None or not leg.answered:
            return None
        if leg.replaces is not None:
            self.legs.pop((contact, leg.replaces), None)
        return leg

    def put_through(self) -> None:
        self.join()
        if self.outside is not None:
            self.outside.room, self.outside.waits = self.contact, False

    def hold(self) -> None:
        self._joined = False
        self._dialogue.perform(do.PlayMusic(contact=self.contact))

    def join(self, *legs: SimulatedLeg) -> None:
        self._dialogue.quiet()
        self._joined = True
        for leg in legs:
            leg.room, leg.music = self.contact, False

    def adopted(self, *lines: KnownLine) -> None:
        """Found after a restart of ours."""
        consulting.adopt(self, lines)
        for leg in list(self.legs.values()):
            self.answered(leg) if leg.answered else self.failed(leg)
        for known in lines:
            for agent, offer in known.expected:
                if (known.contact, offer) not in self.legs:
                    fact = AgentLegEnded(contact=known.contact, agent=agent, offer=offer, cause="lost")
                    self.switch.post(self.tenant, fact)
        own = next(known for known in lines if known.contact == self.contact)
        self.adopt_customer(own)
        if self.alive:
            self.adopt_outside(own)

    def answered(self, leg: SimulatedLeg) -> None:
        self.switch.post(self.tenant, OfferAnswered(contact=leg.contact, agent=leg.agent, offer=leg.offer))

    def declined(self, leg: SimulatedLeg) -> None:
        del self.legs[leg.contact, leg.offer]
        desk = leg.phone == "desk"
        fact = OfferDeclined(contact=leg.contact, agent=leg.agent, offer=leg.offer, telephone=desk)
        self.switch.post(self.tenant, fact)
        self.tidy()

    def ended(self, leg: SimulatedLeg, cause: Literal["hung_up", "lost"]) -> None:
        del self.legs[leg.contact, leg.offer]
        fact = AgentLegEnded(contact=leg.contact, agent=leg.agent, offer=leg.offer, cause=cause)
        self.switch.post(self.tenant, fact)
        self.tidy()

    def failed(self, leg: SimulatedLeg, cause: str = "lost") -> None:
        del self.legs[leg.contact, leg.offer]
        fact = OfferFailed(contact=leg.contact, agent=leg.agent, offer=leg.offer, cause=cause)
        self.switch.post(self.tenant, fact)
        self.tidy()
