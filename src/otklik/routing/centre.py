"""Everything the engine knows at this moment, and the moves that keep its indexes true. No rule is decided here."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sized
from dataclasses import replace

from otklik.contact.configuration import Agent, AnyScenario, Configuration, Queue
from otklik.contact.division import apart
from otklik.contact.forwarding import Led
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, QueueId, ScenarioId
from otklik.contact.record import Segment
from otklik.contact.watching import OF_A_WINDOW
from otklik.contact.working_time import Stretch
from otklik.routing.agent import AgentState, AgentStatus, HandState, LiveAgent
from otklik.routing.alert import Alert
from otklik.routing.chosen import Chosen
from otklik.routing.classes import Classes, ClassKey, RequirementClass
from otklik.routing.contact import QUEUED, ContactState, Key, LiveContact
from otklik.routing.entry import Entrance, Incident
from otklik.routing.mailbox import mailboxes
from otklik.routing.notice import Notice
from otklik.routing.outcome import Outcomes
from otklik.routing.pace import Pace
from otklik.routing.queue import Line
from otklik.routing.requirement import NOTHING, both, read, ring_requirement
from otklik.routing.roster import Roster
from otklik.routing.slots import ALL, Slots
from otklik.routing.today import Today
from otklik.routing.working_time import end_time

FORGET_SECONDS = 600.0
"""How long an ended contact waits for its recording and a late disposition."""
FORGET_STORED_SECONDS = 60.0
"""The same once the recording is stored."""
ENDED_LIMIT = 10_000
REMEMBERED_CUSTOMERS = 100_000
"""Of so many customers it is known who talked to them last."""
FIRST_DICE = 0x9E3779B97F4A7C15

NOBODY_YET = AgentId("")
"""Tried alone in place of an agent while it is not yet known who the customer is: no agent is called so."""

_WAITING, _OFFERED, _ENDED = ContactState.WAITING, ContactState.OFFERED, ContactState.ENDED
_OUTSIDE = ContactState.OUTSIDE
_READY = AgentState.READY
_AWAITED = (AgentState.OFFERED, AgentState.DIALLING, AgentState.REJOINING)
_CHOSE_READY = AgentStatus.READY
_AWAY = (AgentState.OFFLINE, AgentState.NOT_READY)


class Centre:
    """State and indexes. `stirred_*` are those for whom a match may have become possible since the last matching."""

    def __init__(self) -> None:
        self.now = self.forget_at = 0.0
        """None of the ended contacts is forgotten before the latter."""
        self.agents: dict[AgentId, LiveAgent] = {}
        self.contacts: dict[ContactId, LiveContact] = {}
        self.ended: OrderedDict[ContactId, LiveContact] = OrderedDict()
        self.last_agents: OrderedDict[CustomerId, AgentId] = OrderedDict()
        """Who talked to a customer last; the longest unheard of first."""
        self.dice = FIRST_DICE
        """State of the seeded generator: moves on with every draw."""
        self.consultations: dict[ContactId, ContactId] = {}
        self.inside: dict[ContactId, ContactId] = {}
        """Consultations that are on, with the contact that each is about; by both contacts of an internal call, the call."""
        self.supervised, self.conferences = dict[ContactId, None](), dict[ContactId, None]()
        """The contacts whose conversation a supervisor has joined; those that are a conference."""
        self.incidents: dict[EntryPointId | None, Incident] = {}
        self.alerts: tuple[Alert, ...] = ()  # In the order they were raised; of those that are over, the last.
        self.notices: tuple[Notice, ...] = ()
        """In the order they were posted; the last."""
        self.paces: dict[QueueId, Pace] = {}
        self.served: dict[QueueId, deque[tuple[float, float, bool]]] = {}
        """Who left each queue lately and how, see `serving`."""
        self.today: dict[QueueId, Today] = {}
        self.stirred_contacts: dict[ContactId, None] = {}
        self.stirred_agents: dict[AgentId, None] = {}
        self.stirred_all = self.reassigned = self.relieved = False
        """Reassigned: somebody was moved between queues, or is back; the indexes are to be made anew. Relieved: somebody who was kept back for a waiting contact is so no more, since the last look."""
        self.gone: dict[AgentId, None] = {}
        """Agents who may be away: whoever waits for one of them alone is to be told."""
        self.touched_contacts: set[ContactId] = set()
        self.touched_agents: set[AgentId] = set()
        self.touched_queues: set[QueueId] = set()
        self.turned: dict[AgentId, LiveAgent] = {}  # Who may do something else since: told once after the fact.
        self.stretches: list[Stretch] = []
        """Of agents' time, what is new since it was taken, in the order in which it came."""
        self.unsettled: dict[ContactId, bool] = {}
        """Whose limits are to be looked at; True: it has just come into its queue."""
        self.untaped, self.led = dict[ContactId, None](), dict[ContactId, Led]()
        """Who has come to a queue, whose rule of recording is to be followed; who is led out of one, an agent being away."""
        self.callbacks: dict[str, set[ContactId]] = {}
        """By number: contacts that are to be called back."""
        self.numbers_outside: dict[ContactId, str] = {}
        self.chosen, self.calls_out = Chosen(), True
        """Is there a trunk for calls out?"""
        self.parked: dict[AgentId, set[ContactId]] = {}
        """By agent: what each has put aside."""
        self.fewer: dict[AgentId, None] = {}
        """Agents who went home or on a pause, if a queue wants to know."""
        self.configure(Configuration())
        self.rebuild()

    def configure(self, configuration: Configuration) -> None:
        """Call `rebuild` once agents and contacts are as they shall be."""
        self.configuration = configuration
        self.queues = {queue.id: queue for queue in configuration.queues}
        self.set_up: dict[AgentId, Agent] = {agent.id: agent for agent in configuration.agents}
        drawn: dict[ScenarioId, AnyScenario] = {each.id: each for each in reversed(configuration.handlers)}
        drawn |= {flow.id: flow for flow in reversed(configuration.flows)}
        self.scenarios = drawn | {scenario.id: scenario for scenario in reversed(configuration.scenarios)}
        self.scenarios |= mailboxes(configuration)
        self.outcomes = Outcomes(configuration)
        self.oldest_first = configuration.order == "oldest"
        self.entrance = Entrance(configuration)
        self.slots = Slots(configuration)
        self.limited = frozenset(queue.id for queue in configuration.queues if queue.otherwise or queue.overflow)
        self.sparing = frozenset(queue.id for queue in configuration.queues if queue.recording != "always")
        """Whoever comes into one of these, or waits there again, is to be looked at."""
        self.familiar = frozenset(
            queue.id for queue in configuration.queues if queue.personal_seconds > 0 or queue.last_agent_seconds > 0
        )
        """In these it is to be known first who the customer is."""
        self.watched = frozenset(queue.id for queue in configuration.queues if _depends_on_agents(queue))
        self.paces = {queue: pace for queue, pace in self.paces.items() if queue in self.queues}
        self.today = {queue: today for queue, today in self.today.items() if queue in self.queues}
        self.served_seconds = max(
            (rule.window_seconds for rule in configuration.alerts if rule.kind in OF_A_WINDOW), default=0.0
        )
        """For so long leavings are kept; 0: nobody asks."""
        self.served = {
            queue: kept for queue, kept in self.served.items() if self.served_seconds and queue in self.queues
        }

    def assign(self) -> None:
        """Everybody where the set-up says, or for this shift a supervisor. Call `rebuild` afterwards."""
        for known in self.configuration.agents:
            agent = self.agents.get(known.id)
            given = agent.assignment if agent is not None else None
            if agent is None or agent.removed:
                continue
            if given is None:
                agent.queues, self.set_up[known.id] = dict(known.queues), known
            else:
                agent.queues = {queue: level for queue, level in given.queues.items() if queue in self.queues}
                self.set_up[known.id] = replace(known, queues=agent.queues, skills=given.skills)

    # looking up

    def known(self, contact: ContactId) -> LiveContact | None:
        """Also one that has ended a short while ago."""
        return self.contacts.get(contact) or self.ended.get(contact)

    def scenario(self, scenario: ScenarioId) -> AnyScenario | None:
        return self.scenarios.get(scenario)

    def queue(self, queue: QueueId | None) -> Queue:
        """The queue's set-up; the defaults for one that is no longer configured."""
        found = self.queues.get(queue)  # type: ignore[arg-type]  # None is in no dictionary of queues
        return found or Queue(id=queue or QueueId(""), name=queue or "")

    def division_of(self, contact: LiveContact) -> str | None:
        """The centre of the tenant that the contact is in: its queue's, or its entry point's."""
        if contact.queue is not None and (found := self.queues.get(contact.queue)) and found.division is not None:
            return found.division
        entry_point = self.entrance.entry_points.get(contact.entry_point)
        return entry_point.division if entry_point is not None else None

    def division_of_agent(self, agent: AgentId) -> str | None:
        found = self.set_up.get(agent)
        return found.division if found is not None else None

    def present_queue(self, queue: QueueId | None, contact: LiveContact) -> QueueId | None:
        """This queue, else the first one, of those that are open to the contact's centre; None: there is none. The name is the
        set-up's own string, which all contacts of a queue share, and not each fact's."""
        found = self.queues.get(queue)  # type: ignore[arg-type]  # None is in no dictionary of queues
        if found is not None and found.division is None:
            return found.id
        division = self.division_of(contact)
        if found is not None and not apart(division, found.division):
            return found.id
        return next((each.id for each in self.queues.values() if not apart(division, each.division)), None)

    def line(self, queue: QueueId | None) -> Line:
        found = self.lines.get(queue)  # type: ignore[arg-type]  # None is in no dictionary of queues
        return found or self._new_line(queue or QueueId(""))

    def _new_line(self, queue: QueueId) -> Line:
        if (found := self.lines.get(queue)) is None:
            found = self.lines[queue] = Line(queue)
        return found

    def in_shift(self, agent: AgentId) -> bool:
        found = self.agents.get(agent)
        return found is not None and found.state is not AgentState.OFFLINE and not (found.leaving or found.removed)

    # classes

    def class_of(self, contact: LiveContact) -> RequirementClass:
        """Where the contact would stand if it waited now."""
        pinned = contact.pinned
        if contact.identity_awaited and self.awaits_identity(contact):
            pinned = NOBODY_YET
        key: ClassKey = (contact.queue, contact.ring, contact.requires, contact.channel, pinned)
        return self.classes.known.get(key) or self._new_class(key)

    def awaits_identity(self, contact: LiveContact) -> bool:
        """It is offered to nobody before it is known whom the customer knows, unless somebody was asked for by name."""
        return contact.identity_awaited and contact.pinned is None and contact.queue in self.familiar

    def helpers(self, contact: LiveContact) -> list[QueueId]:
        """The queues whose agents help out while the contact waits in its own, as long as the set-up still says so."""
        wanted = {each.to for each in self.queue(contact.queue).overflow if each.keep and each.to in self.queues}
        found: list[QueueId] = []
        for each in reversed(contact.diversions):
            if not each.keep or each.queue != contact.queue or each.at < (contact.entered_at or 0.0):
                break
            if each.to in wanted and each.to != contact.queue:
                found.insert(0, each.to)
        return found

    def _new_class(self, key: ClassKey) -> RequirementClass:
        queue_id, ring, asked, _, pinned = key
        if pinned is not None:
            return self.classes.add(key, NOTHING, self.roster.only(pinned))
        queue = self.queue(queue_id)
        requirement = both(read(ring_requirement(queue, ring)), read(asked))
        able = self.roster.members(queue) & self.roster.able(requirement)
        return self.classes.add(key, requirement, able)

    # moving

    def move_contact(self, contact: LiveContact, state: ContactState) -> None:
        before, contact_id = contact.state, contact.id
        contact.move(state, self.now)
        if before is _WAITING:
            if self.roster.rooms:
                self._relieve(contact)
            self.classes.leave(contact)
            line = self.line(contact.queue)
            line.waits_no_more(contact_id)
            if state is not _OFFERED:
                line.leave(contact.key)
        elif before is _OFFERED:
            if state is not _WAITING:
                self.line(contact.queue).leave(contact.key)
            else:
                self.await_settling(contact)
        elif before is _OUTSIDE:
            self.numbers_outside.pop(contact_id, None)
        if state is _WAITING:
            line, key = self.line(contact.queue), contact.key
            if before is not _OFFERED:
                line.enter(key)
            self._stand(contact, line, key)
            self.stirred_contacts[contact_id] = None
        elif state is _ENDED:
            del self.contacts[contact_id]
            self.ended[contact_id] = contact
        self.touch_contact(contact)

    def put_away(self, contact: LiveContact) -> None:
        """As `move_contact`, of one whose last wrap-up is over."""
        contact_id, queue = contact.id, contact.queue
        contact.state, contact.since = _ENDED, self.now
        del self.contacts[contact_id]
        self.ended[contact_id] = contact
        self.touched_contacts.add(contact_id)
        if queue is not None:
            self.touched_queues.add(queue)

    def begin_offer(self, contact: LiveContact) -> None:
        """As `move_contact`; the usual way of one who waits asks nothing about other ways."""
        if contact.state is not _WAITING:
            self.move_contact(contact, _OFFERED)
            return
        contact_id, queue = contact.id, contact.queue
        contact.state = contact.stage = _OFFERED
        contact.since = self.now
        if self.roster.rooms:
            self._relieve(contact)
        self.classes.leave(contact)
        self.line(queue).waits_no_more(contact_id)
        self.touched_contacts.add(contact_id)
        if queue is not None:
            self.touched_queues.add(queue)

    def await_settling(self, contact: LiveContact) -> None:
        """It waits again; whether a limit sends it elsewhere is to be looked at, as of one who came before."""
        if contact.queue in self.limited:
            self.unsettled.setdefault(contact.id, False)

    def _stand(self, contact: LiveContact, line: Line, key: Key) -> None:
        self.classes.enter(contact.id, key, self.class_of(contact))
        line.waits(contact)
        if contact.diversions and contact.pinned is None and not self.awaits_identity(contact):
            for queue in self.helpers(contact):
                asked: ClassKey = (queue, 0, contact.requires, contact.channel, None)
                self.classes.enter_too(contact.id, key, self.classes.known.get(asked) or self._new_class(asked))

    def change_place(self, contact: LiveContact, *, place: float | None = None, queue: QueueId | None = None) -> None:
        """A waiting or offered contact gets another key or queue; or its ring or the agent tried alone has changed."""
        line, waits = self.line(contact.queue), contact.state is _WAITING
        line.leave(contact.key)
        if waits:
            if self.roster.rooms:
                self._relieve(contact)
            self.classes.leave(contact)
            line.waits_no_more(contact.id)
        contact.place = contact.place if place is None else place
        if queue is not None:
            self.touch_contact(contact)
            self.enter_queue(contact, queue)
        line, key = self.line(contact.queue), contact.key
        line.enter(key)
        if waits:
            self._stand(contact, line, key)
            self.stirred_contacts[contact.id] = None
        self.touch_contact(contact)

    def _relieve(self, contact: LiveContact) -> None:
        """It keeps nobody back any more: others may be offered to those who have room beside what is in hand."""
        if contact.channel in self.slots.drains:
            able = self.classes.standing[contact.id].able
            for kind in self.classes.also.get(contact.id, ()):
                able |= kind.able
            for agent in self.roster.with_room(able):
                self.stirred_agents[agent.id] = None
                self.relieved = True

    def pass_tape(self, contact: LiveContact) -> None:
        """Somebody else talks from now on: a pause is not theirs."""
        if contact.tape.silences:
            self.untaped[contact.id] = None

    def enter_queue(self, contact: LiveContact, queue: QueueId | None) -> None:
        contact.queue, contact.entered_at, contact.ring = queue, self.now, 0
        if contact.queued_at is None:
            contact.queued_at = self.now  # whom an agent has called waits from now on like anybody
        if queue in self.limited:
            self.unsettled[contact.id] = True
        if queue in self.sparing:
            self.untaped[contact.id] = None
        self.pass_tape(contact)
        contact.begin(
            Segment(kind="callback" if contact.away else "queue", started_at=self.now, ended_at=None, queue=queue)
        )

    def choose_status(self, agent: LiveAgent, status: AgentStatus, reason: str | None = None) -> None:
        before = agent.state
        agent.choose(status, self.now, reason)
        self._follow_agent(agent, before)
        if status is not AgentStatus.READY:
            self.gone[agent.id] = None

    def take_in_hand(self, agent: LiveAgent, contact: LiveContact) -> None:
        """It rings at the agent, to whom nothing else is offered meanwhile."""
        before, agent_id = agent.state, agent.id
        agent.take(contact.id, contact.channel, self.now)
        self.turned[agent_id] = agent
        if before is not _READY and before in _AWAY:
            self._follow_presence(agent)
        self.touched_agents.add(agent_id)
        self.roster.take_out(agent_id)

    def move_hand(self, agent: LiveAgent, contact: LiveContact, state: HandState) -> None:
        """`OVER` puts the contact down."""
        before = agent.state
        agent.move(contact.id, state, self.now)
        self.turned[agent.id] = agent
        if before in _AWAY or agent.state in _AWAY:
            self._follow_presence(agent)
        self.index_agent(agent)

    def hand_on(self, agent: LiveAgent, before: LiveContact, after: LiveContact) -> None:
        shown = agent.state
        agent.hand_on(before.id, after.id, self.now)
        self._follow_agent(agent, shown)

    def _follow_agent(self, agent: LiveAgent, before: AgentState) -> None:
        self.turned[agent.id] = agent
        if before in _AWAY or agent.state in _AWAY:
            self._follow_presence(agent)
        self.index_agent(agent)

    def _follow_presence(self, agent: LiveAgent) -> None:
        if self.roster.follow(agent) and self.watched:
            self.fewer[agent.id] = None

    def index_agent(self, agent: LiveAgent) -> None:
        """Call after every change of state or reachability. Who is free joins the idle after the matching."""
        agent_id = agent.id
        self.touched_agents.add(agent_id)
        room = self.room(agent)
        if room:
            self.stirred_agents[agent_id] = None
        if room != ALL or (self.roster.rooms and agent_id in self.roster.rooms):
            self.roster.take_out(agent_id)

    def room(self, agent: LiveAgent) -> int:
        """The channels, as bits, of which the agent could be offered one more now. One offer rings at a time, and
        nothing is offered to somebody whose line is lost."""
        if not agent.reachable:
            return 0
        if agent.state is _READY and self.slots.plain and agent.reason is None:
            return ALL
        ready = agent.status is _CHOSE_READY and not (agent.leaving or agent.removed)
        return self.slots.room(agent) if ready and agent.state not in _AWAITED else 0

    def forget_agent(self, agent: LiveAgent) -> None:
        self.agents.pop(agent.id, None)
        self.turned.pop(agent.id, None)
        end_time(agent, self.now, self.stretches)
        self.roster.take_out(agent.id)
        self.gone[agent.id] = None
        self.touched_agents.add(agent.id)

    def touch_contact(self, contact: LiveContact) -> None:
        agent, queue = contact.agent, contact.queue
        self.touched_contacts.add(contact.id)
        if agent is not None:
            self.touched_agents.add(agent)
        if queue is not None:
            self.touched_queues.add(queue)

    def follow_callback(self, contact: LiveContact) -> None:
        """Call when one is asked for, gets another time, comes to a talk, or ends."""
        self.touched_agents.update(map(AgentId, self.chosen.follow(contact)))
        number = contact.called_number
        known = self.callbacks.setdefault(number, set())
        (known.add if contact.to_be_called else known.discard)(contact.id)
        if not known:
            del self.callbacks[number]

    def follow_parking(self, contact: LiveContact, agent: AgentId) -> None:
        """Call when it was parked by this agent, or is so no more."""
        parked = self.parked.setdefault(agent, set())
        if contact.parking is not None:
            parked.add(contact.id)
        else:
            parked.discard(contact.id)
        if not parked:
            del self.parked[agent]
        self.touched_agents.add(agent)

    def remember(self, customer: CustomerId, agent: AgentId) -> None:
        self.last_agents.pop(customer, None)
        self.last_agents[customer] = agent
        if len(self.last_agents) > REMEMBERED_CUSTOMERS:
            del self.last_agents[next(iter(self.last_agents))]

    def rebuild(self) -> None:
        """All indexes, from the set-up and from the states of contacts and agents alone."""
        self.roster = Roster(self.agents, self.set_up)
        self.classes = Classes(self.roster)
        self.lines = {queue: Line(queue) for queue in self.queues}
        for agent in self.agents.values():
            self.roster.follow(agent)
            if room := self.room(agent):
                self.roster.take_in(agent, room)
        self.supervised = {each.id: None for each in self.contacts.values() if each.supervisors}
        self.conferences = {c.id: None for c in self.contacts.values() if c.conference.members or c.conference.outside}
        self.callbacks, self.parked, self.numbers_outside, self.chosen = {}, {}, {}, Chosen()
        self.consultations = {each.id: each.consults for each in self.contacts.values() if each.consults is not None}
        self.inside = {each.id: each.id for each in self.contacts.values() if each.colleague is not None}
        self.inside |= {side: call for side, call in self.consultations.items() if call in self.inside}
        beside = (self.inside, self.consultations, self.conferences, self.supervised)
        self.unfinished: tuple[Sized, ...] = (*beside, self.gone, self.led, self.unsettled, self.fewer, self.untaped)
        """Where something is in one of these, more may follow from a fact than its own handling."""
        for contact in self.contacts.values():
            if contact.callback is not None:
                self.follow_callback(contact)
            if contact.outside is not None:
                self.numbers_outside[contact.id] = contact.outside.number
            if contact.parking is not None:
                self.parked.setdefault(contact.parking.agent, set()).add(contact.id)
            if contact.state in QUEUED:
                line, key = self.line(contact.queue), contact.key
                line.enter(key)
                if contact.state is _WAITING:
                    self._stand(contact, line, key)

    def forget_old(self) -> None:
        """Ended contacts go in the order they ended; one that is not yet taken as touched stays."""
        while self.ended:
            contact = next(iter(self.ended.values()))
            self.forget_at = contact.since + FORGET_STORED_SECONDS
            keep = FORGET_SECONDS if contact.recording_key is None else FORGET_STORED_SECONDS
            if contact.id in self.touched_contacts:
                return
            if contact.since + keep > self.now and len(self.ended) <= ENDED_LIMIT:
                return
            del self.ended[contact.id]


def _depends_on_agents(queue: Queue) -> bool:
    return queue.leave_empty != "always" or any(each.when in ("agents", "ratio") for each in queue.overflow)
