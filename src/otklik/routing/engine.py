"""The engine's whole surface: a fact in, decisions out. Pure: the same facts lead to the same decisions.

Never raises, whatever facts come in whatever order: a fact that is late, repeated or about nobody changes nothing, and
an agent's wish that cannot be is answered with `Refuse`.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, get_args

from otklik.contact.assigning import AssigningFact
from otklik.contact.conditions import Conditions
from otklik.contact.configuration import AnyScenario, Channel, Configuration, EntryPoint, Queue
from otklik.contact.decisions import Decision, Refuse
from otklik.contact.division import apart
from otklik.contact.facts import (
    Answered,
    AnswerWritten,
    CallbackAsked,
    CallPlaced,
    CallsOutChanged,
    ColleagueCalled,
    Configured,
    ContactArrived,
    ContactQueued,
    Fact,
    IncidentSwitched,
    LineMeasured,
    WrapUpFinished,
)
from otklik.contact.handler import HandlerFact
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId, ScenarioId
from otklik.contact.notice import NoticeFact
from otklik.contact.outside_number import ByAgentOutside, OutsideFact
from otklik.contact.phone import Phone
from otklik.contact.record import ContactRecord
from otklik.contact.recording import RecordingFact, RecordingPolicy
from otklik.contact.watching import AlertFact, Thresholds
from otklik.routing.agent import LiveAgent
from otklik.routing.alert import Alert
from otklik.routing.alerts import handle_alert
from otklik.routing.answering import handle_answer
from otklik.routing.arrival import (
    ArrivalFact,
    handle_arrival,
    handle_arrived,
    handle_queued,
    handle_step,
    switch_incident,
)
from otklik.routing.assigning import handle_assigning, settle_assignments
from otklik.routing.being_outside import handle_outside
from otklik.routing.by_hand import HandFact, handle_hand, pickable
from otklik.routing.callback import CallbackFact, calls_out_changed, handle_callback, promise
from otklik.routing.calling_back import ClockAndTimes, clock_and_times, handle_asked, planned_by, times_of
from otklik.routing.calling_inside import handle_called, settle_inside, told_inside
from otklik.routing.calling_out import callers, handle_placed
from otklik.routing.centre import ENDED_LIMIT, Centre
from otklik.routing.colleague import reached
from otklik.routing.consultation import ConsultationFact, handle_consultation, settle_consultations
from otklik.routing.consulting_outside import handle_by_agent, judged
from otklik.routing.contact import LiveContact
from otklik.routing.conversation import DeskFact, LineFact, handle_desk, handle_line
from otklik.routing.entry import Incident
from otklik.routing.explanation import Candidate, explain_agent, explain_contact
from otklik.routing.leading import settle_personal
from otklik.routing.limits import settle
from otklik.routing.matching import match
from otklik.routing.may_be_called import why_nobody, why_not_at
from otklik.routing.measuring import handle_measured
from otklik.routing.notice import Notice
from otklik.routing.notices import handle_notice
from otklik.routing.offering import OfferFact, handle_offer
from otklik.routing.outcome import Outcomes
from otklik.routing.parking import ParkingFact, handle_parking
from otklik.routing.phone import phones
from otklik.routing.queue_view import QueueView as QueueView
from otklik.routing.recording import calls_under_way, handle_recording, settle_recordings
from otklik.routing.serving import Leaving, Served, overdue
from otklik.routing.setup import configure
from otklik.routing.shift import ShiftFact, handle_shift
from otklik.routing.state import EngineState as EngineState
from otklik.routing.state import Touched as Touched
from otklik.routing.supervision import SupervisionFact, handle_supervision, settle_supervision, supervised_by
from otklik.routing.supervisor import Supervision
from otklik.routing.taking_over import TakingOverFact, handle_taking_over
from otklik.routing.today import Today
from otklik.routing.turning_away import rejection
from otklik.routing.wait import QueueFigures, at_work, expected_of_next, figures
from otklik.routing.working_time import follow_time, take_up_time
from otklik.routing.wrap_up import handle_wrap_up, longer_wrap_up


class Engine:
    """One tenant's automatic call distribution."""

    def __init__(self) -> None:
        self._centre = Centre()

    def handle(self, fact: Fact, now: float, before_match: Callable[[], None] | None = None) -> list[Decision]:
        """`now` is Unix seconds; a clock that steps back is taken as standing still. `before_match` may ask `explain`
        about the moment just before anybody is offered because of this fact."""
        centre = self._centre
        if now > centre.now:
            centre.now = now
        if centre.ended and (centre.now >= centre.forget_at or len(centre.ended) > ENDED_LIMIT):
            centre.forget_old()
        decisions = decide(centre, fact)
        if before_match is not None:
            before_match()
        if centre.stirred_agents or centre.stirred_contacts or centre.stirred_all:
            decisions += match(centre)
        follow_time(centre.turned, centre.contacts, centre.now, centre.stretches)
        return decisions

    # what is

    def agent(self, agent: AgentId) -> LiveAgent | None:
        return self._centre.agents.get(agent)

    def agents(self) -> Iterable[LiveAgent]:
        return self._centre.agents.values()

    def contact(self, contact: ContactId) -> LiveContact | None:
        """Open, or in wrap-up."""
        return self._centre.contacts.get(contact)

    def known(self, contact: ContactId) -> LiveContact | None:
        """Also one that ended within the last minutes."""
        return self._centre.known(contact)

    def contacts(self) -> Iterable[LiveContact]:
        """Open, or in wrap-up."""
        return self._centre.contacts.values()

    def ended(self) -> Iterable[LiveContact]:
        """Ended within the last minutes, not yet forgotten."""
        return self._centre.ended.values()

    def contacts_of(self, agent: AgentId) -> list[ContactId]:
        """What the agent has in hand, from the offer to the end of wrap-up."""
        found = self._centre.agents.get(agent)
        return list(found.hands) if found else []

    def parked_by(self, agent: AgentId) -> list[LiveContact]:
        """What the agent has put aside, the first to return first."""
        found = [self._centre.contacts[contact] for contact in self._centre.parked.get(agent, ())]
        return sorted(found, key=lambda contact: (contact.parking.returns_at if contact.parking else 0.0, contact.id))

    def pickable(self, agent: AgentId, limit: int) -> list[LiveContact]:
        """The customers who wait, and whom this agent may pick: the most urgent first."""
        found = self._centre.agents.get(agent)
        return pickable(self._centre, found, limit) if found else []

    def channel(self, contact: ContactId) -> Channel:
        """Of a contact that is forgotten, that of a call."""
        found = self._centre.known(contact)
        return found.channel if found is not None else "voice"

    def about(self, contact: ContactId) -> ContactId:
        """The contact that this one is a consultation about, or itself."""
        found = self._centre.known(contact) if self._centre.consultations or self._centre.ended else None
        return found.consults if found is not None and found.consults is not None else contact

    def supervised_by(self, supervisor: AgentId) -> tuple[LiveContact, Supervision] | None:
        """The conversation that this supervisor has joined."""
        return supervised_by(self._centre, supervisor) if self._centre.supervised else None

    @property
    def identity_first(self) -> bool:
        """Are there queues in which it is to be known who the customer is before anybody is offered?"""
        return bool(self._centre.familiar)

    def identity_awaited(self, contact: ContactId) -> bool:
        """Was it promised to be said who this is, and has it not been said yet?"""
        found = self._centre.contacts.get(contact)
        return found is not None and found.identity_awaited

    def wrap_up_extends(self, contact: LiveContact, agent: AgentId) -> bool:
        """Would asking for more time now give this agent any?"""
        return longer_wrap_up(self._centre, contact, agent) is not None

    def queues(self) -> Iterator[QueueView]:
        return map(self._view, self._centre.queues.values())

    def queue(self, queue: QueueId) -> QueueView | None:
        found = self._centre.queues.get(queue)
        return self._view(found) if found is not None else None

    def _view(self, queue: Queue) -> QueueView:
        line, roster = self._centre.line(queue.id), self._centre.roster
        return QueueView(
            id=queue.id,
            name=queue.name,
            waiting=line.waiting,
            longest_since=line.longest_since,
            agents_ready=(roster.members(queue) & roster.free).bit_count(),
            expected_wait_seconds=expected_of_next(self._centre, queue),
            agents_working=at_work(self._centre, queue),
        )

    def figures(self) -> list[QueueFigures]:
        """How each queue has served its last customers; in the order of the set-up. Not for every change: it counts anew."""
        return [figures(self._centre, queue) for queue in self._centre.queues.values()]

    def agents_apart(self, one: AgentId, other: AgentId) -> bool:
        """Do they belong to different centres of the tenant?"""
        return apart(self._centre.division_of_agent(one), self._centre.division_of_agent(other))

    def meets(self, contact: ContactId, when: Conditions) -> bool:
        """Do these hold of the contact now?"""
        found = self._centre.contacts.get(contact)
        return found is not None and self._centre.entrance.meets(self._centre.incidents, found, when, self._centre.now)

    def incident_of(self, contact: ContactId) -> tuple[Incident, str] | None:
        """The incident that this customer is told of, and the time zone in which; None: there is none."""
        found, entrance = self._centre.contacts.get(contact), self._centre.entrance
        on = entrance.incident(self._centre.incidents, found.entry_point) if found is not None else None
        where = entrance.entry_points.get(found.entry_point) if found is not None else None
        return (on, where.time_zone if where is not None else "UTC") if on is not None else None

    def may_call_back(self, contact: ContactId, queue: QueueId, *, own: bool) -> bool:
        """Out of this queue; `own`: at the number that the customer calls from."""
        found = self._centre.contacts.get(contact)
        if found is None or why_nobody(self._centre, found) is not None:
            return False
        return not own or why_not_at(self._centre, queue, found.ani or "") is None

    def callback_times(
        self,
        queue: QueueId | None,
        entry_point: EntryPointId | None,
        since: float,
        limit: int,
        *,
        alone: bool = False,
        now: float = 0.0,
    ) -> list[float]:
        """The next times for which a call may be asked; `alone`: of one agent. Without a queue, of the one to which the rules of the
        entry point lead. `now` is the clock's."""
        return times_of(self._centre, queue, entry_point, since, limit, alone=alone, now=now)

    def call_times(self, contact: ContactId, queue: QueueId, since: float | None, limit: int) -> ClockAndTimes:
        """What the clock of this customer's queue shows, and the next times for which a call may be asked."""
        return clock_and_times(self._centre, contact, queue, since, limit)

    def callbacks_of(self, person: AgentId) -> list[LiveContact]:
        """Those with a chosen time that this person has asked for or is to carry out, the first to come first."""
        return planned_by(self._centre, person)

    def last_placed(self, agent: AgentId) -> LiveContact | None:
        """The last contact for which this agent called somebody, for as long as it is known."""
        found = self._centre.agents.get(agent)
        return self._centre.known(found.placed) if found is not None and found.placed is not None else None

    def callers(self, agent: AgentId) -> list[tuple[Queue, list[EntryPoint]]]:
        """In the name of which queues this agent may call, and by whose numbers in each."""
        return callers(self._centre, agent)

    def number_against(self, wish: CallPlaced | ByAgentOutside) -> str:
        """Which rule the number of this wish meets now, by the code of the refusal; empty: none."""
        return judged(self._centre, wish)

    def phones(self, agent: AgentId) -> tuple[Phone, ...]:
        """Among which this agent may choose."""
        return phones(self._centre, agent)

    def outside_number(self, agent: AgentId) -> str:
        """At which this agent may take calls; empty: at none."""
        found = self._centre.set_up.get(agent)
        return found.outside_number if found is not None else ""

    def colleague_refused(self, agent: AgentId, colleague: AgentId) -> str | None:
        """The code of why this colleague cannot be called now; None: nothing is against it."""
        against = reached(self._centre, agent, colleague)
        return against.code if isinstance(against, Refuse) else None

    def queue_name(self, queue: QueueId) -> str:
        return self._centre.queue(queue).name

    @property
    def configuration(self) -> Configuration:
        return self._centre.configuration

    def talk_script(self, queue: QueueId | None) -> str | None:
        """What agents read to customers of this queue."""
        return self._centre.queue(queue).talk_script

    def records(self, queue: QueueId | None) -> RecordingPolicy:
        return self._centre.queue(queue).recording

    def thresholds(self, queue: QueueId) -> Thresholds:
        """From where on supervisors see this queue marked."""
        return self._centre.queue(queue).thresholds

    def skills(self, agent: AgentId) -> dict[str, int]:
        """With their levels, as they are now."""
        found = self._centre.set_up.get(agent)
        return found.skills if found is not None else {}

    def alerts(self) -> tuple[Alert, ...]:
        """What stands, and the last that are over; the same object until something changes."""
        return self._centre.alerts

    def notices(self) -> tuple[Notice, ...]:
        """The last messages to agents; the same object until something changes."""
        return self._centre.notices

    def notices_for(self, agent: LiveAgent) -> list[Notice]:
        """What stands and the agent has not put away."""
        now = self._centre.now
        return [
            each
            for each in self._centre.notices
            if each.stands(now) and each.is_for(agent) and not each.seen_by(agent.id)
        ]

    def served(self, queue: QueueId) -> Sequence[Leaving]:
        """Who was answered and who gave up lately, the oldest first; some of them before what rules ask about."""
        return self._centre.served.get(queue, ())

    def today(self, queue: QueueId) -> Today | None:
        """How the queue has been served on the day of its last contact; None before the first."""
        return self._centre.today.get(queue)

    def overdue(self, queue: QueueId, seconds: float, now: float) -> int:
        """How many customers wait in the queue for longer."""
        return overdue(self._centre, queue, seconds, now)

    @property
    def outcomes(self) -> Outcomes:
        """Which dispositions each queue offers."""
        return self._centre.outcomes

    @property
    def calls_out(self) -> bool:
        """As far as it was told: is there a trunk for calls out?"""
        return self._centre.calls_out

    def incidents(self) -> Iterable[Incident]:
        """The incident switches that are on."""
        return self._centre.incidents.values()

    def words_under_way(self) -> list[Decision]:
        """What customers are told who are being turned away or will be called back; to be said again after a restart."""
        contacts = self._centre.contacts.values()
        return [each for contact in contacts for each in (*rejection(contact), *promise(self._centre, contact))]

    def calls_under_way(self) -> list[Decision]:
        """What a restart may have kept from being done of recordings and callbacks."""
        return calls_under_way(self._centre)

    def scenario(self, scenario: ScenarioId) -> AnyScenario | None:
        return self._centre.scenario(scenario)

    def record(self, contact: ContactId) -> ContactRecord | None:
        """Also of a contact that ended within the last minutes."""
        found = self._centre.known(contact)
        return found.record() if found else None

    def take_touched(self) -> Touched:
        centre = self._centre
        known = [centre.known(contact) for contact in sorted(centre.touched_contacts)]
        touched = Touched(
            contacts=frozenset(centre.touched_contacts),
            agents=frozenset(centre.touched_agents),
            queues=frozenset(centre.touched_queues),
            records=tuple(contact.record() for contact in known if contact and contact.consults is None),
            stretches=tuple(centre.stretches),
        )
        centre.stretches = []
        centre.touched_contacts, centre.touched_agents, centre.touched_queues = set(), set(), set()
        return touched

    # why

    def explain(self, contact: ContactId, now: float) -> list[Candidate]:
        """Every agent beside this contact, with the rule that excluded each; empty for an unknown contact."""
        found = self._centre.contacts.get(contact)
        return explain_contact(self._centre, found, now) if found else []

    def explain_agent(self, agent: AgentId, now: float) -> list[Candidate]:
        """The contacts this agent could be offered first, with the rule that excluded each."""
        found = self._centre.agents.get(agent)
        return explain_agent(self._centre, found, now) if found else []

    # keeping

    def outline(self) -> EngineState:
        """The state but for the contacts, and no copy: to be written down before anything else happens."""
        centre = self._centre
        return EngineState(
            now=centre.now,
            configuration=centre.configuration,
            agents=list(centre.agents.values()),
            last_agents=list(centre.last_agents.items()),
            dice=centre.dice,
            incidents=list(centre.incidents.values()),
            alerts=list(centre.alerts),
            notices=list(centre.notices),
            paces=list(centre.paces.values()),
            served=[Served(queue=queue, leavings=tuple(kept)) for queue, kept in centre.served.items()],
            today=list(centre.today.values()),
            calls_out=centre.calls_out,
        )

    def snapshot(self) -> EngineState:
        """A copy: what happens later does not change it."""
        centre, outline = self._centre, self.outline()
        return replace(
            outline,
            agents=[agent.copy() for agent in outline.agents],
            contacts=[contact.copy() for contact in centre.contacts.values()],
            ended=[contact.copy() for contact in centre.ended.values()],
        )

    @classmethod
    def restore(cls, state: EngineState) -> Engine:
        centre = (engine := cls())._centre
        centre.now = state.now
        centre.configure(state.configuration)
        centre.agents = {agent.id: agent.copy() for agent in state.agents}
        centre.assign()
        centre.contacts = {contact.id: contact.copy() for contact in state.contacts}
        centre.ended = OrderedDict((contact.id, contact.copy()) for contact in state.ended)
        centre.last_agents, centre.dice = OrderedDict(state.last_agents), state.dice
        centre.incidents = {incident.entry_point: incident for incident in state.incidents}
        centre.alerts = tuple(state.alerts)
        centre.notices = tuple(state.notices)
        centre.paces = {pace.queue: pace for pace in state.paces}
        centre.served = {each.queue: deque(each.leavings) for each in state.served}
        centre.today = {each.queue: each for each in state.today}
        centre.calls_out = state.calls_out
        centre.rebuild()
        for agent in centre.agents.values():
            take_up_time(agent, centre.contacts, centre.stretches)
        return engine


def decide(centre: Centre, fact: Fact) -> list[Decision]:
    """What the fact itself brings about, before anybody is matched."""
    inside = told_inside(centre, fact) if centre.inside else None
    decisions = inside if inside is not None else _HANDLERS[type(fact)](centre, fact)
    return decisions + _settle(centre) if centre.reassigned or any(centre.unfinished) else decisions


def _settle(centre: Centre) -> list[Decision]:
    decisions = settle_inside(centre) if centre.inside else []
    if centre.reassigned:
        settle_assignments(centre)
    if centre.gone or centre.led:
        decisions += settle_personal(centre)
    if centre.consultations or centre.conferences:
        decisions += settle_consultations(centre)
    if centre.unsettled or centre.fewer:
        decisions += settle(centre)
    decisions += settle_recordings(centre) if centre.untaped else []
    return decisions + settle_supervision(centre) if centre.supervised else decisions


_HANDLERS: Final[dict[type[Fact], Callable[[Centre, Any], list[Decision]]]] = {
    Configured: lambda centre, fact: configure(centre, fact.configuration),
    IncidentSwitched: switch_incident,
    **dict.fromkeys(get_args(AlertFact), handle_alert),
    **dict.fromkeys(get_args(NoticeFact), handle_notice),
    **dict.fromkeys(get_args(AssigningFact), handle_assigning),
    **dict.fromkeys(get_args(OutsideFact), handle_outside),
    **dict.fromkeys(get_args(ByAgentOutside), handle_by_agent),
    CallsOutChanged: calls_out_changed,
    ContactArrived: handle_arrived,
    CallPlaced: handle_placed,
    ColleagueCalled: handle_called,
    CallbackAsked: handle_asked,
    ContactQueued: handle_queued,
    **dict.fromkeys(get_args(ArrivalFact), handle_arrival),
    **dict.fromkeys(get_args(RecordingFact), handle_recording),
    LineMeasured: handle_measured,
    AnswerWritten: handle_answer,
    **dict.fromkeys(get_args(ShiftFact), handle_shift),
    **dict.fromkeys(get_args(OfferFact), handle_offer),
    **dict.fromkeys(get_args(DeskFact), handle_desk),
    **dict.fromkeys(get_args(LineFact), handle_line),
    **dict.fromkeys(get_args(HandFact), handle_hand),
    **dict.fromkeys(get_args(CallbackFact), handle_callback),
    **dict.fromkeys(get_args(ConsultationFact), handle_consultation),
    **dict.fromkeys(get_args(ParkingFact), handle_parking),
    **dict.fromkeys(get_args(SupervisionFact), handle_supervision),
    **dict.fromkeys(get_args(TakingOverFact), handle_taking_over),
    WrapUpFinished: handle_wrap_up,
    **dict.fromkeys((Answered, *get_args(HandlerFact)), handle_step),
}
"""Who handles which fact. A table, since a chain of comparisons costs as much as the decision; a test holds it whole."""
