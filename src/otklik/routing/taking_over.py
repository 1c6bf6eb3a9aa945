"""A supervisor takes a conversation over from its agent, ends it, or answers in an agent's place what still rings there."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import Connect, Decision, End, EndSupervision, Offer, Refuse, Release
from otklik.contact.facts import ContactAnsweredFor, ContactStopped, ContactTakenOver
from otklik.contact.ids import AgentId, OfferNumber
from otklik.contact.record import Segment
from otklik.routing.agent import AgentState, AgentStatus, HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.consultation import end_all
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact
from otklik.routing.conversation import finish
from otklik.routing.matching import offer
from otklik.routing.offering import withdraw_all
from otklik.routing.supervision import forget_supervision, part, supervised_by, supervision_by
from otklik.routing.supervisor import Supervision
from otklik.routing.transfer import withdraw_rejoin
from otklik.routing.wrap_up import begin_wrap_up

TakingOverFact = ContactTakenOver | ContactStopped | ContactAnsweredFor


def handle_taking_over(centre: Centre, fact: TakingOverFact) -> list[Decision]:
    if isinstance(fact, ContactAnsweredFor):
        return _answer_for(centre, fact)
    contact = centre.contacts.get(fact.contact)
    agent = centre.agents.get(contact.agent) if contact is not None and contact.agent is not None else None
    if contact is None:
        return [Refuse(code="no_such_contact")]
    if agent is None or contact.consults is not None or contact.state not in CONVERSATION:
        return [Refuse(code="nobody_talks", state=contact.state.value)]
    match fact:
        case ContactTakenOver():
            joined = supervision_by(contact, fact.supervisor)
            if joined is None or joined.line is None:
                return [Refuse(code="not_joined")]
            return _take_over(centre, contact, agent, joined, joined.line)
        case ContactStopped():
            return [*finish(centre, contact, outcome="answered"), End(contact=contact.id)]
        case _:
            assert_never(fact)


def _take_over(
    centre: Centre, contact: LiveContact, agent: LiveAgent, joined: Supervision, line: OfferNumber
) -> list[Decision]:
    """The agent's part ends like that of one who passes a contact on; a colleague who was being asked is free."""
    before = contact.connected_line
    ended = [*end_all(centre, contact, "over"), *withdraw_rejoin(contact)]
    contact.close(centre.now)
    wrap_up = begin_wrap_up(centre, contact, agent)
    if agent.id in contact.wrap_ups:
        contact.wrap_ups[agent.id].taken_by = joined.name
    forget_supervision(centre, contact, joined)
    contact.line, contact.came_from = line, None
    contact.agent = contact.talker = joined.supervisor
    contact.held = contact.muted = contact.music = False
    contact.consulted = contact.outside_end = contact.disposition = None
    centre.pass_tape(contact)
    contact.begin(
        Segment(kind="agent", started_at=centre.now, ended_at=None, queue=contact.queue, agent=joined.supervisor)
    )
    if contact.state is not ContactState.TALKING:
        centre.move_contact(contact, ContactState.TALKING)
    newcomer = _newcomer(centre, joined.supervisor, joined.name)
    centre.take_in_hand(newcomer, contact)
    centre.move_hand(newcomer, contact, HandState.TALKING)
    newcomer.handled += 1
    centre.touch_contact(contact)
    return [
        *ended,
        EndSupervision(contact=contact.id, offer=line),
        Connect(contact=contact.id, agent=joined.supervisor, offer=line),
        Release(contact=contact.id, agent=agent.id, offer=before),
        *wrap_up,
    ]


def _answer_for(centre: Centre, fact: ContactAnsweredFor) -> list[Decision]:
    """By the offers of agents: the supervisor's telephone rings, and is answered by the page. Who does not answer gives the place
    back, and nothing is remembered against the agents at whom it rang."""
    contact, known = centre.contacts.get(fact.contact), centre.agents.get(fact.supervisor)
    refused = _not_to_be_answered(contact)
    if refused is not None or contact is None:
        return [Refuse(code=refused or "no_such_contact")]
    if fact.supervisor in centre.set_up or (known is not None and known.hands):
        return [Refuse(code="call_in_hand")]
    decisions: list[Decision] = []
    if (elsewhere := supervised_by(centre, fact.supervisor)) is not None:
        decisions += part(centre, *elsewhere)
    if contact.state is ContactState.OFFERED:
        decisions += withdraw_all(centre, contact)
        centre.move_contact(contact, ContactState.WAITING)
    rung = offer(centre, contact, [_newcomer(centre, fact.supervisor, fact.name)])
    return [*decisions, *(replace(each, placed=True) if isinstance(each, Offer) else each for each in rung)]


def _not_to_be_answered(contact: LiveContact | None) -> str | None:
    if contact is None or contact.consults is not None:
        return "contact_not_waiting"
    if contact.channel not in LIVE:
        return "only_calls"
    alone = contact.state is ContactState.WAITING and contact.pinned is not None
    return None if alone or contact.state is ContactState.OFFERED else "nobody_rings"


def _newcomer(centre: Centre, supervisor: AgentId, name: str) -> LiveAgent:
    """An agent for this one contact: in no queue, offered nothing, forgotten once it is wrapped up, as somebody who is
    no longer set up is."""
    newcomer = centre.agents[supervisor] = LiveAgent(
        id=supervisor,
        name=name,
        queues={},
        status=AgentStatus.NOT_READY,
        state=AgentState.NOT_READY,
        since=centre.now,
        idle_since=centre.now,
        shift_at=centre.now,
        reachable=True,
        removed=True,
    )
    centre.roster.admit(newcomer.id)
    return newcomer
