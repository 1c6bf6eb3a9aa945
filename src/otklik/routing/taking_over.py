"""A supervisor takes a conversation over from its agent, or ends it."""

from __future__ import annotations

from typing import assert_never

from otklik.contact.decisions import Connect, Decision, End, EndSupervision, Refuse, Release
from otklik.contact.facts import ContactStopped, ContactTakenOver
from otklik.contact.ids import OfferNumber
from otklik.contact.record import Segment
from otklik.routing.agent import AgentState, AgentStatus, HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.consultation import end_consultation
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact
from otklik.routing.conversation import finish
from otklik.routing.supervision import forget_supervision, supervision_by
from otklik.routing.supervisor import Supervision
from otklik.routing.transfer import withdraw_rejoin
from otklik.routing.wrap_up import begin_wrap_up

TakingOverFact = ContactTakenOver | ContactStopped


def handle_taking_over(centre: Centre, fact: TakingOverFact) -> list[Decision]:
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
    ended = [*end_consultation(centre, contact, "over"), *withdraw_rejoin(contact)]
    contact.close(centre.now)
    wrap_up = begin_wrap_up(centre, contact, agent)
    if agent.id in contact.wrap_ups:
        contact.wrap_ups[agent.id].taken_by = joined.name
    forget_supervision(centre, contact, joined)
    contact.line, contact.came_from = line, None
    contact.agent = contact.talker = joined.supervisor
    contact.held = contact.muted = contact.music = False
    contact.consulted = contact.disposition = None
    centre.pass_tape(contact)
    contact.begin(
        Segment(kind="agent", started_at=centre.now, ended_at=None, queue=contact.queue, agent=joined.supervisor)
    )
    if contact.state is not ContactState.TALKING:
        centre.move_contact(contact, ContactState.TALKING)
    newcomer = _newcomer(centre, joined)
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


def _newcomer(centre: Centre, joined: Supervision) -> LiveAgent:
    """An agent for this one contact: in no queue, offered nothing, forgotten once it is wrapped up, as somebody who is
    no longer set up is."""
    newcomer = centre.agents[joined.supervisor] = LiveAgent(
        id=joined.supervisor,
        name=joined.name,
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
