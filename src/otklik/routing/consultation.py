"""An agent asks a colleague before passing a contact on.

A consultation is a contact of its own that only agents see: it waits, is offered, declined and missed by the same rules as
any other, with the age of the contact it is about. Whoever answers it talks to the agent who asks; the customer hears music,
or has the agent back while the colleague does. It never outlives the contact, and nobody is left alone on the line by it.
"""

from __future__ import annotations

from typing import assert_never

from otklik.contact.configuration import Queue
from otklik.contact.decisions import Decision, EndConsultation, HandOver, Refuse, Release, Retrieve
from otklik.contact.facts import (
    ConsultationAsked,
    ConsultationCancelled,
    ConsultationCompleted,
    ConsultationTurned,
)
from otklik.contact.ids import OfferNumber
from otklik.contact.record import ConsultationEnd, Segment
from otklik.routing.agent import LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.consulting_outside import end_beside, handle_asked_outside
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact
from otklik.routing.freeing import free_agent
from otklik.routing.offering import who_hears_whom, withdraw_all
from otklik.routing.transfer import nowhere, pass_on, withdraw_rejoin
from otklik.routing.turning import consultation_of, hold, in_talk, talk, turn
from otklik.routing.waiting import next_try, set_ring
from otklik.routing.wrap_up import begin_wrap_up

ConsultationFact = ConsultationAsked | ConsultationTurned | ConsultationCompleted | ConsultationCancelled


def handle_consultation(centre: Centre, fact: ConsultationFact) -> list[Decision]:
    about = in_talk(centre, fact.contact, fact.agent)
    if isinstance(about, Refuse):
        return [about]
    contact, agent = about
    if contact.outside is not None:
        return handle_asked_outside(centre, contact, agent, fact)
    if isinstance(fact, ConsultationAsked):
        return _ask(centre, contact, agent, fact)
    asked = consultation_of(centre, contact)
    if asked is None:
        return [Refuse(code="no_consultation")]
    match fact:
        case ConsultationTurned():
            if fact.talks_to == "both" and asked.state is not ContactState.TALKING:
                return [Refuse(code="nobody_answered")]
            return turn(centre, contact, agent, fact.talks_to)
        case ConsultationCompleted():
            return leave(centre, contact, agent)
        case ConsultationCancelled():
            ended = end_consultation(centre, contact, "cancelled")
            talk(centre, contact, agent)
            return [*ended, Retrieve(contact=contact.id, agent=agent.id, offer=contact.connected_line)]
        case _:
            assert_never(fact)


# asking


def _ask(centre: Centre, contact: LiveContact, agent: LiveAgent, fact: ConsultationAsked) -> list[Decision]:
    if contact.consultation is not None:
        return [Refuse(code="consultation_on")]
    if centre.known(fact.consultation) is not None:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    if (refused := nowhere(centre, contact, agent, fact.to_queue, fact.to_agent)) is not None:
        return [refused]
    queue = centre.queue(fact.to_queue or centre.present_queue(contact.queue, contact) or contact.queue)
    asked = _new(centre, contact, agent, fact, queue)
    contact.consultation, contact.talks_to = asked.id, "colleague"
    contact.consulted = contact.outside_end = None
    hold(centre, contact, agent)
    decisions = [*who_hears_whom(centre, contact), *set_ring(centre, asked)]
    if fact.to_agent is not None:
        asked.tries = ((fact.to_agent, fact.agent_seconds),)
        decisions += next_try(centre, asked)
    centre.move_contact(asked, ContactState.WAITING)
    return decisions


def _new(centre: Centre, contact: LiveContact, agent: LiveAgent, fact: ConsultationAsked, queue: Queue) -> LiveContact:
    """With the place of the contact, so that whoever has waited long is not kept waiting by being asked about."""
    asked = LiveContact(
        id=fact.consultation,
        channel=contact.channel,
        entry_point=contact.entry_point,
        dnis=contact.dnis,
        leg="",
        ani=contact.ani,
        language=contact.language,
        arrived_at=centre.now,
        since=centre.now,
        queue=queue.id,
        entered_at=centre.now,
        choices=contact.choices,
        requires=contact.requires if fact.to_queue is not None else "",
        queued_at=contact.queued_at,
        place=contact.place,
        worth_seconds=contact.worth_seconds,
        adjustment_seconds=contact.adjustment_seconds,
        consults=contact.id,
        asker=agent.id,
        sought=(fact.to_queue, fact.to_agent, fact.agent_seconds),
        declined={agent.id: OfferNumber(0)},
        music=True,  # decided by `Consult`
    )
    asked.begin(Segment(kind="queue", started_at=centre.now, ended_at=None, queue=queue.id))
    centre.contacts[asked.id] = asked
    centre.consultations[asked.id] = contact.id
    centre.touch_contact(asked)
    return asked


# the end of it


def leave(centre: Centre, contact: LiveContact, agent: LiveAgent) -> list[Decision]:
    """The agent who asked goes: the customer is with the colleague, or, if nobody talks to the agent yet, is sought one where
    the colleague was."""
    asked = consultation_of(centre, contact)
    assert asked is not None
    colleague = centre.agents.get(asked.agent) if asked.agent is not None else None
    if asked.state is ContactState.TALKING and colleague is not None:
        return _hand_over(centre, contact, agent, asked, colleague)
    to_queue, to_agent, seconds = asked.sought
    ended = end_consultation(centre, contact, "completed")
    if to_agent is not None and not centre.in_shift(to_agent):
        to_agent = None
    if to_queue not in centre.queues:
        to_queue = None
    return [
        *ended,
        *pass_on(centre, contact, agent, to_queue=to_queue, to_agent=to_agent, agent_seconds=seconds),
    ]


def _hand_over(
    centre: Centre, contact: LiveContact, agent: LiveAgent, asked: LiveContact, colleague: LiveAgent
) -> list[Decision]:
    """Who waited keeps everything: age, choices, card; the first agent's part is over, the colleague's begins."""
    line, before = asked.connected_line, contact.connected_line
    withdrawn = [*withdraw_rejoin(contact), *withdraw_rejoin(asked)]
    contact.close(centre.now)
    wrap_up = begin_wrap_up(centre, contact, agent)
    muted = asked.muted
    _record(centre, contact, asked, colleague)
    _close(centre, contact, asked, "completed")
    contact.offer = OfferNumber(contact.offer + 1)
    contact.line, contact.came_from = contact.offer, (asked.id, line)
    contact.agent = contact.talker = colleague.id
    contact.held, contact.muted, contact.music = False, muted, False
    contact.queue = asked.sought[0] if asked.sought[0] in centre.queues else contact.queue
    contact.disposition = None
    centre.pass_tape(contact)
    contact.begin(Segment(kind="agent", started_at=centre.now, ended_at=None, queue=contact.queue, agent=colleague.id))
    if contact.state is not ContactState.TALKING:
        centre.move_contact(contact, ContactState.TALKING)
    centre.hand_on(colleague, asked, contact)
    colleague.handled += 1
    if contact.customer is not None:
        centre.remember(contact.customer, colleague.id)
    centre.touch_contact(contact)
    handed = HandOver(contact=contact.id, agent=colleague.id, offer=contact.offer, consultation=asked.id, line=line)
    release = Release(contact=contact.id, agent=agent.id, offer=before)
    return [*withdrawn, handed, release, *wrap_up]


def end_consultation(centre: Centre, contact: LiveContact, how: ConsultationEnd) -> list[Decision]:
    """Whoever was rung or talked is free; the customer stays as they were."""
    asked = consultation_of(centre, contact)
    if asked is None:
        contact.consultation = None
        return end_beside(centre, contact)
    decisions: list[Decision] = []
    colleague = centre.agents.get(asked.agent) if asked.agent is not None else None
    if asked.state is ContactState.OFFERED:
        decisions += withdraw_all(centre, asked)
    elif asked.state in CONVERSATION and colleague is not None:
        decisions += [
            *withdraw_rejoin(asked),
            Release(contact=asked.id, agent=colleague.id, offer=asked.connected_line),
        ]
        _record(centre, contact, asked, colleague)
        free_agent(centre, colleague, asked)
    decisions.append(EndConsultation(contact=contact.id, consultation=asked.id))
    _close(centre, contact, asked, how)
    return decisions


def _record(centre: Centre, contact: LiveContact, asked: LiveContact, colleague: LiveAgent) -> None:
    """Within the agent's own part, of which it takes no second."""
    begun = next(each.started_at for each in reversed(asked.segments) if each.kind == "agent")
    within = Segment(
        kind="consultation", started_at=begun, ended_at=centre.now, queue=asked.sought[0], agent=colleague.id
    )
    contact.segments = (*contact.segments[:-1], within, contact.segments[-1])


def _close(centre: Centre, contact: LiveContact, asked: LiveContact, how: ConsultationEnd) -> None:
    asked.close(centre.now)
    asked.ended_at = centre.now
    asked.outcome = "answered" if asked.answered_at is not None else "abandoned"
    asked.agent = None
    centre.move_contact(asked, ContactState.ENDED)
    centre.consultations.pop(asked.id, None)
    contact.consultation, contact.talks_to, contact.consulted = None, "customer", how
    centre.touch_contact(contact)


def settle_consultations(centre: Centre) -> list[Decision]:
    """After a fact, before the matching: one agent was sought alone, and is sought no more."""
    decisions: list[Decision] = []
    for asked_id, contact_id in list(centre.consultations.items()):
        asked, contact = centre.contacts.get(asked_id), centre.contacts.get(contact_id)
        if asked is None or contact is None or asked.sought[1] is None:
            continue
        if asked.state is ContactState.WAITING and asked.pinned is None:
            decisions += end_consultation(centre, contact, "nobody")
    return decisions


# what the lines and desks of a consultation do


def colleague_leaves(centre: Centre, asked: LiveContact) -> list[Decision]:
    """Hung up, or lost for good: the agent who asked goes on alone."""
    contact = centre.contacts.get(asked.consults) if asked.consults is not None else None
    return end_consultation(centre, contact, "left") if contact is not None else []
