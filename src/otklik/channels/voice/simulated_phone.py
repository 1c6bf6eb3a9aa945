"""An agent's phone in the simulator, in a test's hands."""

from __future__ import annotations

from typing import Protocol

from otklik.channels.voice.simulated_leg import SILENCE, Heard, SimulatedLeg
from otklik.contact.facts import AgentReachable, AgentUnreachable, Fact
from otklik.contact.ids import AgentId, ContactId, OfferNumber, TenantId


class Switch(Protocol):
    """Where it is registered."""

    def post(self, tenant: TenantId, fact: Fact) -> None: ...


class SimulatedPhone:
    """An agent's phone. A button that makes no sense now (answer when nothing rings) does nothing."""

    def __init__(self, switch: Switch, agent: AgentId) -> None:
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
