"""The engine's whole state, as a snapshot keeps it, and what of it has changed since it was asked last."""

from __future__ import annotations

from dataclasses import dataclass, field

from otklik.contact.configuration import Configuration
from otklik.contact.ids import AgentId, ContactId, CustomerId, QueueId
from otklik.contact.record import ContactRecord
from otklik.contact.working_time import Stretch
from otklik.routing.agent import LiveAgent
from otklik.routing.alert import Alert
from otklik.routing.centre import FIRST_DICE
from otklik.routing.contact import LiveContact
from otklik.routing.entry import Incident
from otklik.routing.notice import Notice
from otklik.routing.pace import Pace
from otklik.routing.serving import Served
from otklik.routing.today import Today


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What changed since the last asking, and the accounts, as they are now, of the contacts among it."""

    contacts: frozenset[ContactId]
    agents: frozenset[AgentId]
    queues: frozenset[QueueId]
    records: tuple[ContactRecord, ...]
    stretches: tuple[Stretch, ...] = ()
    """Of agents' time: what has ended and what has begun, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineState:
    """All state of the engine, plain enough for JSON. What was touched and not yet taken is no part of it."""

    now: float = 0.0
    configuration: Configuration = field(default_factory=Configuration)
    agents: list[LiveAgent] = field(default_factory=list)
    contacts: list[LiveContact] = field(default_factory=list)
    ended: list[LiveContact] = field(default_factory=list)
    last_agents: list[tuple[CustomerId, AgentId]] = field(default_factory=list)
    """Who talked to a customer last, the longest unheard of first."""
    dice: int = FIRST_DICE
    incidents: list[Incident] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    paces: list[Pace] = field(default_factory=list)
    served: list[Served] = field(default_factory=list)
    today: list[Today] = field(default_factory=list)
    calls_out: bool = True
