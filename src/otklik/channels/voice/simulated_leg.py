"""An agent's or a supervisor's line in the simulator, and what is heard on it beside the conversation."""

from __future__ import annotations

from typing import Literal, Protocol

from otklik.contact.decisions import Supervise
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.phone import Phone

Heard = Literal["agent", "colleague", "customer", "music", "own_music", "ringing", "outside", "speech", "supervisor"]
SILENCE: frozenset[Heard] = frozenset()


class Call(Protocol):
    """The customer's call, as a line needs it."""

    contact: ContactId
    legs: dict[tuple[ContactId, OfferNumber], SimulatedLeg]

    def heard_by_agent(self, leg: SimulatedLeg) -> frozenset[Heard]: ...
    def voice(self, leg: SimulatedLeg) -> Heard: ...
    def answered(self, leg: SimulatedLeg) -> None: ...
    def declined(self, leg: SimulatedLeg) -> None: ...
    def ended(self, leg: SimulatedLeg, cause: Literal["hung_up", "lost"]) -> None: ...
    def failed(self, leg: SimulatedLeg, cause: str = "lost") -> None: ...


class SimulatedLeg:
    """An agent's line of one offer, of a contact or of a consultation about it."""

    def __init__(
        self,
        call: Call,
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
        self.voice: Heard = "agent"
        self.phone: Phone = "page"
        self.placed = False
        """The agent asked for this call."""
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


def supervise(leg: SimulatedLeg | None, decision: Supervise) -> None:
    """`leg`: the supervisor's, if it is up."""
    if leg is None or (decision.contact, decision.beside) not in leg.call.legs:
        return
    leg.muted = decision.way == "listen"
    leg.beside = None if decision.way == "barge" else decision.beside
    leg.room = decision.contact if decision.way == "barge" else None


def end_supervision(leg: SimulatedLeg | None) -> None:
    if leg is not None:
        leg.beside, leg.muted = None, False


def overheard(leg: SimulatedLeg) -> frozenset[Heard]:
    """What the agent says and hears, without one's own voice."""
    agent = leg.call.legs.get((leg.call.contact, leg.beside)) if leg.beside is not None else None
    if agent is None:
        return SILENCE
    said = SILENCE if agent.muted else frozenset({leg.call.voice(agent)})
    return (leg.call.heard_by_agent(agent) | said) - {leg.call.voice(leg)}


def whisperers(leg: SimulatedLeg) -> frozenset[Heard]:
    """Who whispers to this line."""
    if leg.contact != leg.call.contact:
        return SILENCE
    legs = leg.call.legs.values()
    return frozenset(leg.call.voice(each) for each in legs if each.beside == leg.offer and not each.muted)
