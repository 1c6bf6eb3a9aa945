"""A telephone switch in memory, with the contract of `AsteriskVoice` and both ends of the line in a test's hands.

`arrive` and `phone` are the customer's and the agent's side. Nothing sounds: `hears` says what would be heard.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from typing import Literal

from uuid_utils import uuid7

from otklik.channels.voice.dialogue import Dialogue
from otklik.channels.voice.number import normal_number
from otklik.contact import decisions as do
from otklik.contact.configuration import Speech
from otklik.contact.facts import (
    AgentLegEnded,
    AgentReachable,
    AgentUnreachable,
    ContactArrived,
    CustomerLeft,
    Fact,
    LeaveCause,
    OfferAnswered,
    OfferDeclined,
    OfferFailed,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber, TenantId
from otklik.contact.ports import Inbox, KnownLine
from otklik.errors import AppError, PeerError

Heard = Literal["agent", "colleague", "customer", "music", "speech", "supervisor"]
SILENCE: frozenset[Heard] = frozenset()


class SimulatedVoice:
    """`Voice` without a switch. A text takes `speech_seconds` to speak."""

    def __init__(self, *, speech_seconds: float = 0.0) -> None:
        self.speech_seconds = speech_seconds
        self._inbox: Inbox | None = None
        self._calls: dict[ContactId, SimulatedCall] = {}
        self.consultations: dict[ContactId, SimulatedCall] = {}
        self._phones: dict[AgentId, SimulatedPhone] = {}
        self._running = False

    async def start(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._running = True

    async def close(self) -> None:
        self._running = False

    def up(self) -> bool:
        return self._running

    async def provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        phone = self.phone(agent)
        phone.tenant = tenant
        phone.user, phone.password = f"agent-{agent}-{secrets.token_hex(3)}", secrets.token_hex(16)
        return phone.user, phone.password

    async def deprovision(self, agent: AgentId) -> None:
        phone = self._phones.get(agent)
        if phone is not None and phone.user:
            phone.unregister()
            phone.user = phone.password = ""

    async def reconcile(self, tenant: TenantId, contacts: Iterable[KnownLine], over: Iterable[KnownLine] = ()) -> None:
        for line in over:
            if (call := self._calls.get(line.contact)) is not None:
                call.leave("hung_up")
        expected = {line.contact: line for line in contacts}
        for contact, line in expected.items():
            if contact not in self._calls and line.consults is None:
                self.post(tenant, CustomerLeft(contact=contact, cause="node_lost"))
        for call in [call for call in self._calls.values() if call.tenant == tenant]:
            if call.contact in expected:
                call.adopted(*(line for line in expected.values() if call.contact in (line.contact, line.consults)))
            else:
                self.post(tenant, call.arrived)
        for phone in self._phones.values():
            if phone.registered and phone.tenant == tenant:
                self.post(tenant, AgentReachable(agent=phone.agent))

    async def perform(self, tenant: TenantId, decision: do.VoiceDecision) -> None:
        if not self._running:
            raise PeerError("simulator", "not running", retryable=True)
        call = self._calls.get(decision.contact) or self.consultations.get(decision.contact)
        if call is not None:
            call.perform(decision)

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
        call = self._calls[contact] = SimulatedCall(self, tenant, arrived)
        try:
            self._inbox.post(tenant, arrived)
        except AppError:
            del self._calls[contact]
            return None
        return call

    def phone(self, agent: AgentId) -> SimulatedPhone:
        """The agent's phone; the same object each time."""
        if agent not in self._phones:
            self._phones[agent] = SimulatedPhone(self, agent)
        return self._phones[agent]

    def crash(self) -> None:
        """The switch dies and is back at once, with all of its lines gone; phones register again by themselves."""
        for call in list(self._calls.values()):
            call.leave("node_lost")

    def post(self, tenant: TenantId, fact: Fact) -> None:
        assert self._inbox is not None
        self._inbox.post(tenant, fact)

    def forget(self, contact: ContactId) -> None:
        call = self._calls.pop(contact, None)
        if call is not None:
            self.consultations.pop(call.consultation or contact, None)


class SimulatedCall:
    """A customer's call: what the switch knows of it, and the customer's own buttons."""

    def __init__(self, switch: SimulatedVoice, tenant: TenantId, arrived: ContactArrived) -> None:
        self._switch = switch
        self.tenant = tenant
        self.arrived = arrived
        self.contact = arrived.contact
        self.leg = arrived.leg
        self.alive = True
        self.recorded = False
        self.said: list[str] = []
        """Texts begun, in order."""
        self.consultation: ContactId | None = None
        self.legs: dict[tuple[ContactId, OfferNumber], SimulatedLeg] = {}
        self._dialogue = Dialogue(self, lambda fact: switch.post(tenant, fact))
        self._joined = False
        self._music = False

    def press(self, keys: str) -> None:
        for key in keys:
            if self.alive:
                self._dialogue.press(key)

    def hang_up(self) -> None:
        self.leave("hung_up")

    @property
    def hears(self) -> frozenset[Heard]:
        if not self.alive:
            return SILENCE
        if self._dialogue.speech is not None:
            return frozenset({"speech"})
        if self._music:
            return frozenset({"music"})
        return self._voices(self.contact) if self._joined else SILENCE

    def heard_by_agent(self, leg: SimulatedLeg) -> frozenset[Heard]:
        if not self.alive:
            return SILENCE
        if leg.beside is not None:
            return self._overheard(leg, leg.beside)
        whispered = {self._voice(each) for each in self.legs.values() if each.beside == leg.offer and not each.muted}
        if leg.contact != self.contact:
            whispered = set()
        if leg.room is None:
            return frozenset({"music"} if leg.music else whispered)
        customer = self._joined and leg.room == self.contact
        return self._voices(leg.room, leg) | whispered | (frozenset({"customer"}) if customer else SILENCE)

    def _overheard(self, leg: SimulatedLeg, beside: OfferNumber) -> frozenset[Heard]:
        """What the agent says and hears, without one's own voice."""
        agent = self.legs.get((self.contact, beside))
        if agent is None:
            return SILENCE
        said = SILENCE if agent.muted else frozenset({self._voice(agent)})
        return (self.heard_by_agent(agent) | said) - {self._voice(leg)}

    def _voice(self, leg: SimulatedLeg) -> Heard:
        return self._switch.phone(leg.agent).voice

    def _voices(self, room: ContactId, ear: SimulatedLeg | None = None) -> frozenset[Heard]:
        there = [leg for leg in self.legs.values() if leg.room == room and leg is not ear and not leg.muted]
        return frozenset(self._voice(leg) for leg in there)

    def speak(self, speech: tuple[Speech, ...], token: int) -> None:
        self.said += [part.text for part in speech]
        asyncio.get_running_loop().call_later(self._switch.speech_seconds, self._dialogue.spoken, token)

    def hush(self) -> None:
        pass

    def music(self, on: bool) -> None:
        self._music = on

    def leave(self, cause: LeaveCause) -> None:
        if not self.alive:
            return
        self.alive = False
        self._dialogue.close()
        self._switch.forget(self.contact)
        if cause == "node_lost":
            for leg in list(self.legs.values()):
                leg.end("lost")
        self.legs.clear()
        self._switch.post(self.tenant, CustomerLeft(contact=self.contact, cause=cause))

    def perform(self, decision: do.VoiceDecision) -> None:
        match decision:
            case do.Record():
                self.recorded = True
            case do.Say() | do.Ask() | do.PlayMusic():
                self._joined = False
                self._dialogue.perform(decision)
            case do.Announce():
                self._dialogue.perform(decision)
            case do.Hold():
                self._hold()
            case do.Consult():
                self._consult(decision)
            case do.EndConsultation():
                self._end_consultation(decision.consultation)
            case do.HandOver():
                self._hand_over(decision)
            case do.Supervise():
                self._supervise(decision)
            case do.EndSupervision():
                self._end_supervision(decision.offer)
            case do.End():
                self.leave("hung_up")
            case _:
                self._perform_for_agent(decision)

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
            case do.Connect() | do.Retrieve():
                if leg := self._answered(decision.contact, decision.offer):
                    self._join(leg)
            case do.Mute():
                leg = self.legs.get((decision.contact, decision.offer))
                if leg is not None:
                    leg.muted = decision.muted

    def _ring(self, decision: do.Offer | do.Rejoin | do.Join, replaces: OfferNumber | None) -> None:
        contact, agent, offer = decision.contact, decision.agent, decision.offer
        phone = self._switch.phone(agent)
        if not phone.registered:
            failed = OfferFailed(contact=contact, agent=agent, offer=offer, cause="unregistered")
            self._switch.post(self.tenant, failed)
            return
        self.legs[contact, offer] = phone.leg = SimulatedLeg(self, contact, agent, offer, replaces)

    def _answered(self, contact: ContactId, offer: OfferNumber | None) -> SimulatedLeg | None:
        """This line, if it is up; the one that it replaces is gone then."""
        leg = self.legs.get((contact, offer)) if offer is not None else None
        if leg is None or not leg.answered:
            return None
        if leg.replaces is not None:
            self.legs.pop((contact, leg.replaces), None)
        return leg

    def _hold(self) -> None:
        self._joined = False
        self._dialogue.perform(do.PlayMusic(contact=self.contact))

    def _join(self, *legs: SimulatedLeg) -> None:
        self._dialogue.quiet()
        self._joined = True
        for leg in legs:
            leg.room, leg.music = self.contact, False

    def _consult(self, decision: do.Consult) -> None:
        self.consultation = decision.consultation
        self._switch.consultations[decision.consultation] = self
        asking = self._answered(decision.contact, decision.offer)
        colleague = self._answered(decision.consultation, decision.line)
        if asking is None:
            return
        match decision.talks_to:
            case "customer":
                self._join(asking)
                _aside(colleague)
            case "colleague":
                self._hold()
                if colleague is None:
                    _aside(asking)
                else:
                    for leg in (asking, colleague):
                        leg.room, leg.music = decision.consultation, False
            case "both":
                self._join(asking, *([colleague] if colleague else []))

    def _end_consultation(self, consultation: ContactId) -> None:
        if self.consultation != consultation:
            return
        self.legs = {key: leg for key, leg in self.legs.items() if leg.contact != consultation}
        for leg in self.legs.values():
            leg.music = False
            if leg.room == consultation:
                leg.room = None
        self.consultation = None
        self._switch.consultations.pop(consultation, None)

    def _hand_over(self, decision: do.HandOver) -> None:
        leg = self.legs.pop((decision.consultation, decision.line), None)
        if leg is None:
            return
        leg.contact, leg.offer = self.contact, decision.offer
        self.legs[leg.contact, leg.offer] = leg
        if leg.answered:
            self._join(leg)
        self._end_consultation(decision.consultation)

    def _supervise(self, decision: do.Supervise) -> None:
        leg = self._answered(decision.contact, decision.offer)
        if leg is None or (decision.contact, decision.beside) not in self.legs:
            return
        leg.muted = decision.way == "listen"
        leg.beside = None if decision.way == "barge" else decision.beside
        leg.room = self.contact if decision.way == "barge" else None

    def _end_supervision(self, offer: OfferNumber) -> None:
        leg = self.legs.get((self.contact, offer))
        if leg is not None:
            leg.beside, leg.muted = None, False

    def adopted(self, *lines: KnownLine) -> None:
        """Found after a restart of ours."""
        for leg in list(self.legs.values()):
            self.answered(leg) if leg.answered else self.failed(leg)
        for known in lines:
            for agent, offer in known.expected:
                if (known.contact, offer) not in self.legs:
                    fact = AgentLegEnded(contact=known.contact, agent=agent, offer=offer, cause="lost")
                    self._switch.post(self.tenant, fact)

    def answered(self, leg: SimulatedLeg) -> None:
        self._switch.post(self.tenant, OfferAnswered(contact=leg.contact, agent=leg.agent, offer=leg.offer))

    def declined(self, leg: SimulatedLeg) -> None:
        del self.legs[leg.contact, leg.offer]
        self._switch.post(self.tenant, OfferDeclined(contact=leg.contact, agent=leg.agent, offer=leg.offer))

    def ended(self, leg: SimulatedLeg, cause: Literal["hung_up", "lost"]) -> None:
        del self.legs[leg.contact, leg.offer]
        fact = AgentLegEnded(contact=leg.contact, agent=leg.agent, offer=leg.offer, cause=cause)
        self._switch.post(self.tenant, fact)

    def failed(self, leg: SimulatedLeg) -> None:
        del self.legs[leg.contact, leg.offer]
        fact = OfferFailed(contact=leg.contact, agent=leg.agent, offer=leg.offer, cause="lost")
        self._switch.post(self.tenant, fact)


def _aside(leg: SimulatedLeg | None) -> None:
    if leg is not None:
        leg.room, leg.music = None, True


class SimulatedLeg:
    """An agent's line of one offer, of a contact or of a consultation about it."""

    def __init__(
        self,
        call: SimulatedCall,
        contact: ContactId,
        agent: AgentId,
        offer: OfferNumber,
        replaces: OfferNumber | None,
    ) -> None:
        self.call = call
        self.contact = contact
        self.agent = agent
        self.offer = offer
        self.replaces = replaces
        self.answered = False
        self.room: ContactId | None = None
        """With whom it talks: in the contact, or apart in the consultation."""
        self.music = False
        self.muted = False
        self.beside: OfferNumber | None = None
        """A supervisor's: the agent's line that it listens or whispers to."""

    @property
    def alive(self) -> bool:
        return self.call.legs.get((self.contact, self.offer)) is self

    def end(self, cause: Literal["hung_up", "lost"]) -> None:
        if self.alive:
            (self.call.ended(self, cause) if self.answered else self.call.failed(self))


class SimulatedPhone:
    """An agent's phone. A button that makes no sense now (answer when nothing rings) does nothing."""

    def __init__(self, switch: SimulatedVoice, agent: AgentId) -> None:
        self._switch = switch
        self.agent = agent
        self.tenant = TenantId("")
        self.user = ""
        self.password = ""
        self.registered = False
        self.voice: Heard = "agent"
        self.leg: SimulatedLeg | None = None
        """The latest line that rang here."""

    def register(self) -> None:
        assert self.user, "provision the agent first"
        self.registered = True
        self._switch.post(self.tenant, AgentReachable(agent=self.agent))

    def unregister(self) -> None:
        """The page is closed for good; its lines are lost with it."""
        if not self.registered:
            return
        self.registered = False
        self.lose()
        self._switch.post(self.tenant, AgentUnreachable(agent=self.agent))

    @property
    def ringing(self) -> tuple[ContactId, OfferNumber] | None:
        leg = self._line()
        return (leg.contact, leg.offer) if leg is not None and not leg.answered else None

    @property
    def rejoins(self) -> bool:
        """Is what rings a `Rejoin`, which a page answers by itself?"""
        leg = self._line()
        return leg is not None and leg.replaces is not None

    @property
    def hears(self) -> frozenset[Heard]:
        leg = self._line()
        return leg.call.heard_by_agent(leg) if leg is not None else SILENCE

    def answer(self) -> None:
        leg = self._line()
        if leg is not None and not leg.answered:
            leg.answered = True
            leg.call.answered(leg)

    def decline(self) -> None:
        leg = self._line()
        if leg is not None and not leg.answered:
            leg.call.declined(leg)

    def hang_up(self) -> None:
        leg = self._line()
        if leg is not None and leg.answered:
            leg.end("hung_up")

    def lose(self) -> None:
        """The line dies without a word: page closed, network gone."""
        leg = self._line()
        if leg is not None:
            leg.end("lost")

    def _line(self) -> SimulatedLeg | None:
        if self.leg is not None and not self.leg.alive:
            self.leg = None
        return self.leg
