"""An agent's telephone in the simulator: the page's, that on the desk, or one outside."""

from __future__ import annotations

from typing import Protocol

from otklik.channels.voice.simulated_leg import SILENCE, Heard, SimulatedLeg
from otklik.contact.facts import AgentReachable, AgentUnreachable, Fact
from otklik.contact.ids import AgentId, ContactId, OfferNumber, TenantId
from otklik.contact.phone import Phone


class Switch(Protocol):
    def post(self, tenant: TenantId, fact: Fact) -> None: ...


class SimulatedPhone:
    """An agent's phone. A button that makes no sense now (answer when nothing rings) does nothing."""

    def __init__(self, switch: Switch, agent: AgentId, phone: Phone = "page") -> None:
        self._switch = switch
        self.agent = agent
        self.phone: Phone = phone
        self.tenant = TenantId("")
        self.user = ""
        self.password = ""
        self.registered = False
        self.lifted = False
        """Outside: somebody has answered, and is asked for a key."""
        self.voice: Heard = "agent"
        self.leg: SimulatedLeg | None = None
        """The latest line that rang here."""

    def register(self) -> None:
        assert self.user, "provision the agent first"
        self.registered = True
        self._switch.post(self.tenant, AgentReachable(agent=self.agent, phone=self.phone))

    def unregister(self) -> None:
        """The page is closed for good; its lines are lost with it."""
        if not self.registered:
            return
        self.registered = False
        self.lose()
        self._switch.post(self.tenant, AgentUnreachable(agent=self.agent, phone=self.phone))

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
    def placed(self) -> bool:
        """Is what rings a call that the agent asked for, which a page answers by itself, too?"""
        leg = self._line()
        return leg is not None and leg.placed

    @property
    def hears(self) -> frozenset[Heard]:
        leg = self._line()
        return leg.call.heard_by_agent(leg) if leg is not None else SILENCE

    def answer(self) -> None:
        leg = self._line()
        if leg is None or leg.answered:
            return
        if self.phone == "outside":
            self.lifted = True
        else:
            leg.answered = True
            leg.call.answered(leg)

    def press(self, key: str) -> None:
        """Outside, 1 accepts, and anything else refuses."""
        leg = self._line()
        if leg is None or leg.answered or not self.lifted:
            return
        self.lifted = False
        if key == "1":
            leg.answered = True
            leg.call.answered(leg)
        else:
            leg.call.declined(leg)

    def decline(self) -> None:
        """Outside it is busy: who is there refuses by a key alone."""
        leg = self._line()
        if leg is None or leg.answered:
            return
        if self.phone == "outside":
            leg.call.failed(leg, "cause 17")
        else:
            leg.call.declined(leg)

    def hang_up(self) -> None:
        leg = self._line()
        if leg is not None and leg.answered:
            leg.end("hung_up")
        elif leg is not None and self.lifted:
            leg.call.failed(leg, "no key")

    def lose(self) -> None:
        """The line dies without a word: page closed, network gone."""
        leg = self._line()
        if leg is not None:
            leg.end("lost")

    def _line(self) -> SimulatedLeg | None:
        if self.leg is not None and not self.leg.alive:
            self.leg, self.lifted = None, False
        return self.leg
