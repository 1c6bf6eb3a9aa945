"""The floor as supervisors see it: every agent, contact, queue and incident switch, as rows. Pure.

Kept up from what the engine says was touched, so that a change costs what changed and not what is there.
`stale + change == whole` after every fact; rows have no order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from otklik.contact.configuration import Configuration, Scenario
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.desk import calling, view
from otklik.desk.view import Json
from otklik.routing import ContactState, Engine, LiveAgent, LiveContact, QueueView
from otklik.routing.alert import Alert
from otklik.routing.notice import Notice
from otklik.supervision.alerts import alert_row

_Id = TypeVar("_Id", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """By table: the rows that are new or different, and the ids of those that are gone. `set`: values, whole."""

    put: dict[str, list[Json]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    set: Json = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.put or self.gone or self.set)


class Floor:
    """One centre's floor. `follow` it with everything that was touched since the last time."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._configuration: Configuration | None = None
        self._agents: dict[AgentId, Json] = {}
        self._contacts: dict[ContactId, Json] = {}
        self._queues: dict[QueueId, Json] = {}
        self._incidents: list[Json] = []
        self._raised: tuple[Alert, ...] = ()
        self._alerts: list[Json] = []
        self._notices: list[Json] = []
        self._skills: list[Json] = []
        self._posted: tuple[Notice, ...] = ()
        self._shown_by: dict[ContactId, set[AgentId]] = {}
        """Whose rows show something of a contact."""
        self._showing: dict[AgentId, tuple[ContactId, ...]] = {}

    def whole(self) -> Json:
        return {
            "agents": list(self._agents.values()),
            "contacts": list(self._contacts.values()),
            "queues": list(self._queues.values()),
            "incidents": self._incidents,
            "alerts": self._alerts,
            "notices": self._notices,
            "skills": self._skills,
        }

    def forget(self) -> None:
        """Nobody looks: nothing is kept up, and the next `follow` begins anew."""
        self._engine = None

    def follow(self, engine: Engine, agents: Iterable[AgentId], contacts: Collection[ContactId]) -> Change:
        """What is different from what was shown last. Another engine or another set-up may have changed anything."""
        everything = engine is not self._engine or engine.configuration is not self._configuration
        if everything:
            self._engine, self._configuration = engine, engine.configuration
            agents = {agent.id for agent in engine.agents()} | self._agents.keys()
            contacts = {contact.id for contact in engine.contacts()} | self._contacts.keys()
        change = Change()
        also = (agent for contact in contacts for agent in self._shown_by.get(contact, ()))
        self._agents_now(engine, {*agents, *also}, change)
        _lay(change, "contacts", self._contacts, {each: _contact(engine, engine.contact(each)) for each in contacts})
        queues: dict[QueueId, Json | None] = dict.fromkeys(self._queues)
        _lay(change, "queues", self._queues, queues | {each.id: queue_row(engine, each) for each in engine.queues()})
        if everything:
            self._skills_now(engine, change)
        incidents = _incidents(engine)
        if incidents != self._incidents:
            self._incidents = change.set["incidents"] = incidents
        if everything or engine.alerts() is not self._raised:
            self._raised = engine.alerts()
            alerts = [alert_row(engine, each) for each in self._raised]
            if alerts != self._alerts:
                self._alerts = change.set["alerts"] = alerts
        if everything or engine.notices() is not self._posted:
            self._posted = engine.notices()
            notices = [_notice(engine, each) for each in self._posted]
            if notices != self._notices:
                self._notices = change.set["notices"] = notices
        return change

    def _agents_now(self, engine: Engine, agents: Iterable[AgentId], change: Change) -> None:
        rows: dict[AgentId, Json | None] = {}
        for agent_id in agents:
            agent = engine.agent(agent_id)
            in_hand = _most_pressing_first(engine, agent) if agent is not None else []
            rows[agent_id] = _agent(engine, agent, in_hand) if agent is not None else None
            self._note(agent_id, {shown for each in in_hand for shown in (each.id, each.consults or each.id)})
        _lay(change, "agents", self._agents, rows)

    def _skills_now(self, engine: Engine, change: Change) -> None:
        skills: list[Json] = [{"id": each.id, "ru": each.ru, "en": each.en} for each in engine.configuration.skills]
        if skills != self._skills:
            self._skills = change.set["skills"] = skills

    def _note(self, agent: AgentId, shows: Collection[ContactId]) -> None:
        for contact in self._showing.pop(agent, ()):
            known = self._shown_by[contact]
            known.discard(agent)
            if not known:
                del self._shown_by[contact]
        if shows:
            self._showing[agent] = tuple(shows)
        for contact in shows:
            self._shown_by.setdefault(contact, set()).add(agent)


def _lay(change: Change, table: str, shown: dict[_Id, Json], rows: Mapping[_Id, Json | None]) -> None:
    """Lay rows over those shown; None is one that is there no more."""
    put: list[Json] = []
    gone: list[_Id] = []
    for key, row in rows.items():
        if row is None:
            if shown.pop(key, None) is not None:
                gone.append(key)
        elif shown.get(key) != row:
            shown[key] = row
            put.append(row)
    if put:
        change.put[table] = put
    if gone:
        change.gone[table] = list(map(str, gone))


def _most_pressing_first(engine: Engine, agent: LiveAgent) -> list[LiveContact]:
    """What the agent has in hand."""
    pressing = agent.pressing
    in_order = sorted(agent.hands, key=lambda each: each != pressing)
    return [contact for each in in_order if (contact := engine.contact(each)) is not None]


def _agent(engine: Engine, agent: LiveAgent, in_hand: list[LiveContact]) -> Json:
    shown = [_in_hand(engine, agent, each) for each in in_hand]
    return {
        "id": agent.id,
        "name": agent.name,
        "state": agent.state.value,
        "reason": agent.shown_reason,
        "since": view.iso(agent.since),
        "phone": agent.phone,
        "reachable": agent.reachable,
        "queues": [engine.queue_name(queue) for queue in agent.queues],
        "levels": dict(agent.queues),
        "skills": dict(engine.skills(agent.id)),
        "assigned_at": view.iso(agent.assignment.at) if agent.assignment is not None else None,
        "forward": calling.forward_of(engine, agent),
        "contact": shown[0] if shown else None,
        "others": shown[1:],
    }


def _in_hand(engine: Engine, agent: LiveAgent, contact: LiveContact) -> Json:
    """A contact in an agent's hands; of a consultation, the one that it is about."""
    about = engine.contact(contact.consults) if contact.consults is not None else None
    shown = about or contact
    return {
        "id": shown.id,
        "ani": shown.ani,
        "queue": view.queue_of(engine, contact.queue),
        "state": agent.hands[contact.id].state.value,
        "since": view.iso(agent.hands[contact.id].since),
        "asked": about is not None and about.colleague is None,
        "direction": view.direction(engine, shown),
        "colleague": view.other_of(engine, contact),
        "supervisors": [{"name": each.name, "way": each.way} for each in shown.supervisors],
    }


def queue_row(engine: Engine, queue: QueueView) -> Json:
    """`thresholds` are the tenant's; what is over one is seen by the page, whose clock goes on."""
    return view.queue(queue) | {"thresholds": asdict(engine.thresholds(queue.id)), "today": _today(engine, queue.id)}


def _today(engine: Engine, queue: QueueId) -> Json | None:
    """Over at `ends_at`, which the page sees: nothing need happen at midnight."""
    today = engine.today(queue)
    if today is None:
        return None
    return {
        "ends_at": view.iso(today.ends_at),
        "answered": today.answered,
        "in_time": today.in_time,
        "abandoned": today.abandoned,
        "longest_seconds": round(today.longest_seconds, 3),
    }


def _contact(engine: Engine, contact: LiveContact | None) -> Json | None:
    if contact is None or contact.consults is not None:
        return None
    agent = engine.agent(contact.agent) if contact.agent is not None else None
    return {
        "id": contact.id,
        "state": contact.state.value,
        "ani": contact.ani,
        "queue": view.queue_of(engine, contact.queue),
        "since": view.iso(contact.since),
        "personal": view.named(engine, contact.pinned) if contact.state == "waiting" else None,
        "callback": view.callback(contact) if contact.to_be_called else None,
        "channel": contact.channel,
        "direction": view.direction(engine, contact),
        "colleague": view.other_of(engine, contact),
        "parked": view.parked(engine, contact),
        "agent": {"id": agent.id, "name": agent.name} if agent is not None else None,
        "scenario": _scenario(engine, contact),
        "steps": contact.steps,
        "muted": contact.muted,
        "recording": contact.tape.state.value,
    }


def _scenario(engine: Engine, contact: LiveContact) -> str | None:
    """The name of the one that talks to the customer."""
    if contact.state is not ContactState.SCENARIO or contact.rejecting:
        return None
    into = [each.scenario for each in contact.diversions if each.scenario is not None]
    first = contact.admission.to.scenario if contact.admission is not None else None
    last = into[-1] if into else first
    found = engine.scenario(last) if last is not None else None
    if not isinstance(found, Scenario):
        return (found.name or found.id) if found is not None else None
    entries = engine.configuration.entry_points  # a menu has no name of its own
    return next((each.name for each in entries if each.id == contact.entry_point and each.name), found.id)


def _notice(engine: Engine, notice: Notice) -> Json:
    """Of a message to agents all but its text. Who is still to see it is for the page to tell, which has the agents."""
    names = {agent: shown.name for agent, _ in notice.seen if (shown := engine.agent(agent)) is not None}
    return {
        "id": notice.id,
        "at": view.iso(notice.at),
        "expires_at": view.iso(notice.expires_at),
        "withdrawn_at": view.iso_or_none(notice.withdrawn_at),
        "urgent": notice.urgent,
        "queues": list(notice.queues),
        "agents": list(notice.agents),
        "seen": [{"id": agent, "name": names.get(agent, ""), "at": view.iso(at)} for agent, at in notice.seen],
    }


def _incidents(engine: Engine) -> list[Json]:
    """Every switch that is set up; `since` is null for one that is off."""
    on = {incident.entry_point: incident for incident in engine.incidents()}
    names = {entry.id: entry.name or entry.number for entry in engine.configuration.entry_points}
    scopes = [switch.entry_point for switch in engine.configuration.incident_switches]
    return [
        {
            "entry_point": scope,
            "name": names.get(scope, scope) if scope is not None else None,
            "since": view.iso_or_none(on[scope].since if scope in on else None),
            "repaired_by": view.iso_or_none(on[scope].repaired_by if scope in on else None),
            "texts": on[scope].texts if scope in on else {},
        }
        for scope in scopes + [scope for scope in on if scope not in scopes]
    ]
