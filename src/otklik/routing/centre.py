"""Everything the engine knows at this moment, and the moves that keep its indexes true. No rule is decided here."""

from __future__ import annotations

from otklik.contact.configuration import Configuration, Queue, Scenario
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId, ScenarioId
from otklik.contact.record import Segment
from otklik.routing.agent import AgentState, LiveAgent
from otklik.routing.contact import QUEUED, ContactState, LiveContact
from otklik.routing.entry import Entrance, Incident
from otklik.routing.queue import Line

FORGET_SECONDS = 600.0
"""How long an ended contact waits for its recording and a late disposition."""
FORGET_STORED_SECONDS = 60.0
"""The same once the recording is stored."""
ENDED_LIMIT = 10_000


class Centre:
    """State and indexes. `stirred_*` are those for whom a match may have become possible since the last matching."""

    def __init__(self) -> None:
        self.now = 0.0
        self.configuration = Configuration()
        self.queues: dict[QueueId, Queue] = {}
        self.agents: dict[AgentId, LiveAgent] = {}
        self.contacts: dict[ContactId, LiveContact] = {}
        self.ended: dict[ContactId, LiveContact] = {}
        self.lines: dict[QueueId, Line] = {}
        self.entrance = Entrance(self.configuration)
        self.incidents: dict[EntryPointId | None, Incident] = {}
        self.stirred_contacts: dict[ContactId, None] = {}
        self.stirred_agents: dict[AgentId, None] = {}
        self.stirred_all = False
        self.touched_contacts: set[ContactId] = set()
        self.touched_agents: set[AgentId] = set()
        self.touched_queues: set[QueueId] = set()

    def configure(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.queues = {queue.id: queue for queue in configuration.queues}
        self.entrance = Entrance(configuration)

    # looking up

    def known(self, contact: ContactId) -> LiveContact | None:
        """Also one that has ended a short while ago."""
        return self.contacts.get(contact) or self.ended.get(contact)

    def scenario(self, scenario: ScenarioId) -> Scenario | None:
        return next((s for s in self.configuration.scenarios if s.id == scenario), None)

    def queue(self, queue: QueueId | None) -> Queue:
        """The queue's set-up; the defaults for one that is no longer configured."""
        found = self.queues.get(queue) if queue is not None else None
        return found or Queue(id=queue or QueueId(""), name=queue or "")

    def present_queue(self, queue: QueueId | None) -> QueueId | None:
        """This queue, else the first one, else None when the tenant has no queue at all."""
        if queue in self.queues:
            return queue
        return next(iter(self.queues), None)

    def line(self, queue: QueueId | None) -> Line:
        key = queue if queue is not None else QueueId("")
        if key not in self.lines:
            self.lines[key] = Line(key)
        return self.lines[key]

    # moving

    def move_contact(self, contact: LiveContact, state: ContactState) -> None:
        before = contact.state
        contact.move(state, self.now)
        self._place(contact, before)
        self.touch_contact(contact)
        if state is ContactState.WAITING:
            self.stirred_contacts[contact.id] = None
        if state is ContactState.ENDED:
            del self.contacts[contact.id]
            self.ended[contact.id] = contact

    def _place(self, contact: LiveContact, before: ContactState) -> None:
        was, is_now = before in QUEUED, contact.state in QUEUED
        if not (was or is_now):
            return
        line = self.line(contact.queue)
        if not was:
            line.enter(contact.key)
        elif not is_now:
            line.leave(contact.key)
        elif contact.state is ContactState.OFFERED:
            line.offered(contact.key)
        else:
            line.returned(contact.key)
        self.touched_queues.add(line.queue)

    def transfer_place(self, contact: LiveContact, queue: QueueId) -> None:
        """A waiting or offered contact moves to another queue and keeps its key."""
        self.line(contact.queue).leave(contact.key)
        contact.queue = queue
        contact.begin(Segment(kind="queue", started_at=self.now, ended_at=None, queue=queue))
        line = self.line(queue)
        line.enter(contact.key)
        if contact.state is ContactState.OFFERED:
            line.offered(contact.key)
        self.touch_contact(contact)

    def move_agent(self, agent: LiveAgent, state: AgentState, reason: str | None = None) -> None:
        agent.move(state, self.now, reason)
        self.index_agent(agent)

    def index_agent(self, agent: LiveAgent) -> None:
        """Call after every change of state, reachability or queues."""
        self.touched_agents.add(agent.id)
        for queue in agent.queues:
            self.line(queue).place_agent(agent)
            self.touched_queues.add(queue)
        if agent.free:
            self.stirred_agents[agent.id] = None

    def forget_agent(self, agent: LiveAgent) -> None:
        self.agents.pop(agent.id, None)
        for line in self.lines.values():
            line.drop_agent(agent.id)
        self.touched_agents.add(agent.id)

    def touch_contact(self, contact: LiveContact) -> None:
        self.touched_contacts.add(contact.id)
        if contact.agent is not None:
            self.touched_agents.add(contact.agent)
        if contact.queue is not None:
            self.touched_queues.add(contact.queue)

    def rebuild_lines(self) -> None:
        """From the states of contacts and agents alone."""
        self.lines = {queue: Line(queue) for queue in self.queues}
        for contact in self.contacts.values():
            if contact.state in QUEUED:
                line = self.line(contact.queue)
                line.enter(contact.key)
                if contact.state is ContactState.OFFERED:
                    line.offered(contact.key)
        for agent in self.agents.values():
            for queue in agent.queues:
                self.line(queue).place_agent(agent)

    def forget_old(self) -> None:
        """Ended contacts go in the order they ended; one that is not yet taken as touched stays."""
        while self.ended:
            contact = next(iter(self.ended.values()))
            keep = FORGET_SECONDS if contact.recording_key is None else FORGET_STORED_SECONDS
            if contact.id in self.touched_contacts:
                return
            if contact.since + keep > self.now and len(self.ended) <= ENDED_LIMIT:
                return
            del self.ended[contact.id]
