"""An agent asks a colleague before passing a contact on.

A consultation is a contact of its own that only agents see: it waits, is offered, declined and missed by the same rules as
any other, with the age of the contact it is about. Whoever answers it talks to the agent who asks; the customer hears music,
or has the agent back while the colleague does. It never outlives the contact, and nobody is left alone on the line by it.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from otklik.contact.configuration import Queue
from otklik.contact.decisions import Decision, EndConsultation, HandOver, Refuse, Release, Retrieve
from otklik.contact.facts import (
    ConsultationAsked,
    ConsultationCancelled,
    ConsultationCompleted,
    ConsultationTurned,
    ParticipantReleased,
)
from otklik.contact.ids import ContactId, OfferNumber
from otklik.contact.record import ConsultationEnd, Segment
from otklik.routing.agent import LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.conferring import (
    add,
    asks_outside,
    heir,
    is_full,
    leave_conference,
    left_with,
    may_add,
    outside_takes_part,
    participants,
    settle_conference,
    stands,
)
from otklik.routing.consulting_outside import end_beside, handle_asked_outside, leave_with_outside, leaves_them_together
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact
from otklik.routing.freeing import free_agent
from otklik.routing.offering import who_hears_whom, withdraw_all
from otklik.routing.transfer import nowhere, pass_on, withdraw_rejoin
from otklik.routing.turning import consultation_of, hold, in_talk, talk, turn
from otklik.routing.waiting import next_try, set_ring
from otklik.routing.wrap_up import begin_wrap_up, forego_wrap_up

ConsultationFact = (
    ConsultationAsked | ConsultationTurned | ConsultationCompleted | ConsultationCancelled | ParticipantReleased
)


def handle_consultation(centre: Centre, fact: ConsultationFact) -> list[Decision]:
    about = in_talk(centre, fact.contact, fact.agent)
    if isinstance(about, Refuse):
        return [about]
    contact, agent = about
    if isinstance(fact, ParticipantReleased):
        return _release(centre, contact, fact.consultation)
    if isinstance(fact, ConsultationCompleted) and stands(contact):
        return leave(centre, contact, agent)
    if asks_outside(contact) and not (
        isinstance(fact, ConsultationAsked) and fact.conference and may_add(centre, contact)
    ):
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
    joins = fact.conference and may_add(centre, contact)
    if contact.consultation is not None and not joins:
        return [Refuse(code="consultation_on")]
    if centre.known(fact.consultation) is not None:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    if (refused := nowhere(centre, contact, agent, fact.to_queue, fact.to_agent)) is not None:
        return [refused]
    if is_full(centre, contact):
        return [Refuse(code="conference_full")]
    if joins:
        add(centre, contact)
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
    the colleague was. Of a conference, whoever was added first leads it now. A colleague whose line is lost at this moment has the customer
    too, who waits for it as for any agent's, unless somebody outside is on the line."""
    if (first := heir(centre, contact)) is not None:
        return _lead_on(centre, contact, agent, first)
    first, outside = left_with(centre, contact), contact.outside
    rings = outside is not None and outside.answered_at is None
    if (asks_outside(contact) or leaves_them_together(contact)) and not (rings and first is not None):
        return [*_end_colleagues(centre, contact, "over"), *leave_with_outside(centre, contact, agent)]
    if first is not None:
        return _lead_on(centre, contact, agent, first)
    asked = consultation_of(centre, contact)
    to_queue, to_agent, seconds = asked.sought if asked is not None else (None, None, 0.0)
    ended = end_all(centre, contact, "completed")
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
    forego_wrap_up(centre, contact, colleague)  # of whoever had it before, and has it again
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


def _lead_on(centre: Centre, contact: LiveContact, agent: LiveAgent, first: LiveContact) -> list[Decision]:
    """Nobody who talks is left out by it; whoever is still being asked is asked no more."""
    asked, outside = consultation_of(centre, contact), contact.outside
    ended: list[Decision] = []
    if asked is not None and asked.state in CONVERSATION:
        if asked is not first:
            add(centre, contact)
    elif asked is not None or (outside is not None and outside.answered_at is None):
        ended = end_consultation(centre, contact, "completed")
    colleague = centre.agents[first.agent] if first.agent is not None else agent
    decisions = [*ended, *_hand_over(centre, contact, agent, first, colleague)]
    for each in participants(centre, contact):
        each.asker = colleague.id
    if contact.outside is not None:
        contact.outside = replace(contact.outside, asker=colleague.id)
    if asks_outside(contact):
        contact.talks_to = "both"
        decisions += who_hears_whom(centre, contact)
    return decisions


def _release(centre: Centre, contact: LiveContact, which: ContactId) -> list[Decision]:
    if outside_takes_part(contact) and contact.outside is not None and contact.outside.beside == which:
        return end_beside(centre, contact)
    asked = centre.contacts.get(which) if which in contact.conference.members else None
    if asked is None:
        return [Refuse(code="no_participant")]
    return _end(centre, contact, asked, "cancelled")


def end_all(centre: Centre, contact: LiveContact, how: ConsultationEnd) -> list[Decision]:
    """Whoever was asked and whoever was added is free."""
    return [*_end_colleagues(centre, contact, how), *end_beside(centre, contact)]


def _end_colleagues(centre: Centre, contact: LiveContact, how: ConsultationEnd) -> list[Decision]:
    asked = consultation_of(centre, contact)
    decisions = _end(centre, contact, asked, how) if asked is not None else []
    contact.consultation = None
    for each in participants(centre, contact):
        decisions += _end(centre, contact, each, how)
    return decisions


def end_consultation(centre: Centre, contact: LiveContact, how: ConsultationEnd) -> list[Decision]:
    """Whoever was rung or talked is free; the customer stays as they were, and so do those who were added."""
    asked = consultation_of(centre, contact)
    if asked is None:
        contact.consultation = None
        return end_beside(centre, contact) if asks_outside(contact) else []
    return _end(centre, contact, asked, how)


def _end(centre: Centre, contact: LiveContact, asked: LiveContact, how: ConsultationEnd) -> list[Decision]:
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
    # The agent's line was made silent: whoever is asked at this moment goes on being asked.
    return [*decisions, *who_hears_whom(centre, contact)]


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
    if contact.consultation == asked.id:
        contact.consultation, contact.talks_to, contact.consulted = None, "customer", how
    else:
        leave_conference(centre, contact, asked.id)
    centre.touch_contact(contact)


def settle_consultations(centre: Centre) -> list[Decision]:
    """After a fact, before the matching: one agent was sought alone, and is sought no more; and who hears whom in a conference."""
    decisions: list[Decision] = []
    for asked_id, contact_id in list(centre.consultations.items()):
        asked, contact = centre.contacts.get(asked_id), centre.contacts.get(contact_id)
        if asked is None or contact is None or asked.sought[1] is None:
            continue
        if asked.state is ContactState.WAITING and asked.pinned is None:
            decisions += end_consultation(centre, contact, "nobody")
    for contact_id in list(centre.conferences):
        if (contact := centre.contacts.get(contact_id)) is not None:
            decisions += settle_conference(centre, contact)
    return decisions


# what the lines and desks of a consultation do


def colleague_leaves(centre: Centre, asked: LiveContact) -> list[Decision]:
    """Hung up, or lost for good: the agent who asked goes on alone."""
    contact = centre.contacts.get(asked.consults) if asked.consults is not None else None
    return _end(centre, contact, asked, "left") if contact is not None else []
