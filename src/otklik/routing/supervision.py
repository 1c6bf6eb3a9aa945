"""A supervisor listens to a conversation, whispers to its agent, or talks with both.

It changes nothing of the contact itself: its state, its agent, its figures stay. `settle_supervision` looks at the contact
after every fact and says anew who hears whom where that is no longer so, so that holding, asking a colleague, a reloaded
page and a hand-over need not know of supervisors; when nobody talks any more, the supervisor's line goes too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from otklik.contact.configuration import LIVE
from otklik.contact.decisions import Decision, EndSupervision, Join, Refuse, Release, Supervise
from otklik.contact.facts import (
    AgentLegEnded,
    Joining,
    OfferAnswered,
    OfferDeclined,
    OfferExpired,
    OfferFailed,
    SupervisionChanged,
    SupervisionEnded,
    SupervisionStarted,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.routing.centre import Centre
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact
from otklik.routing.supervisor import Said, Supervision

SupervisionFact = SupervisionStarted | SupervisionChanged | SupervisionEnded


def handle_supervision(centre: Centre, fact: SupervisionFact) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    if contact is None:
        return [Refuse(code="no_such_contact")]
    joined = supervision_by(contact, fact.supervisor)
    if isinstance(fact, SupervisionStarted):
        return _start(centre, contact, joined, fact)
    if joined is None:
        return [Refuse(code="not_joined")]
    match fact:
        case SupervisionChanged():
            _put(centre, contact, replace(joined, way=fact.way))
            return []
        case SupervisionEnded():
            return part(centre, contact, joined)
        case _:
            assert_never(fact)


def supervision_by(contact: LiveContact, supervisor: AgentId) -> Supervision | None:
    return next((each for each in contact.supervisors if each.supervisor == supervisor), None)


def supervised_by(centre: Centre, supervisor: AgentId) -> tuple[LiveContact, Supervision] | None:
    """Where this supervisor is now; nobody is beside two conversations at once."""
    for contact_id in centre.supervised:
        contact = centre.contacts.get(contact_id)
        joined = supervision_by(contact, supervisor) if contact is not None else None
        if contact is not None and joined is not None:
            return contact, joined
    return None


def way_now(contact: LiveContact, joined: Supervision) -> Joining:
    """With the customer on hold there is no conversation of three: who barged in talks to the agent meanwhile."""
    return "whisper" if joined.way == "barge" and contact.state is ContactState.HELD else joined.way


def _start(
    centre: Centre, contact: LiveContact, before: Supervision | None, fact: SupervisionStarted
) -> list[Decision]:
    if contact.channel not in LIVE or contact.consults is not None or contact.state not in CONVERSATION:
        return [Refuse(code="nobody_talks", state=contact.state.value)]
    known = centre.agents.get(fact.supervisor)
    if fact.supervisor in centre.set_up or (known is not None and known.hands):
        return [Refuse(code="call_in_hand")]
    decisions: list[Decision] = []
    if before is None and (elsewhere := supervised_by(centre, fact.supervisor)) is not None:
        decisions += part(centre, *elsewhere)
    elif before is not None and before.rings is not None:
        decisions.append(Release(contact=contact.id, agent=fact.supervisor, offer=before.rings))
    contact.offer = OfferNumber(contact.offer + 1)
    line = before.line if before is not None else None
    _put(
        centre,
        contact,
        Supervision(
            supervisor=fact.supervisor,
            name=fact.name,
            way=fact.way,
            since=before.since if before is not None else centre.now,
            line=line,
            rings=contact.offer,
            said=before.said if before is not None else None,
        ),
    )
    return [*decisions, Join(contact=contact.id, agent=fact.supervisor, offer=contact.offer, replaces=line)]


def _put(centre: Centre, contact: LiveContact, joined: Supervision) -> None:
    others = (each for each in contact.supervisors if each.supervisor != joined.supervisor)
    contact.supervisors = (*others, joined)
    centre.supervised[contact.id] = None
    _touch(centre, contact, joined.supervisor)


def forget_supervision(centre: Centre, contact: LiveContact, joined: Supervision) -> None:
    contact.supervisors = tuple(each for each in contact.supervisors if each.supervisor != joined.supervisor)
    if not contact.supervisors:
        centre.supervised.pop(contact.id, None)
    _touch(centre, contact, joined.supervisor)


def _touch(centre: Centre, contact: LiveContact, supervisor: AgentId) -> None:
    centre.touch_contact(contact)
    centre.touched_agents.add(supervisor)


def part(centre: Centre, contact: LiveContact, joined: Supervision) -> list[Decision]:
    """The supervisor is out, and so are the lines."""
    forget_supervision(centre, contact, joined)
    released = [Release(contact=contact.id, agent=joined.supervisor, offer=each) for each in joined.lines]
    return [*_deaf(contact, joined), *released]


def _deaf(contact: LiveContact, joined: Supervision) -> list[Decision]:
    return [EndSupervision(contact=contact.id, offer=joined.line)] if joined.line is not None else []


# the supervisor's line


def supervisor_rung(
    centre: Centre, contact: LiveContact, fact: OfferAnswered | OfferDeclined | OfferExpired | OfferFailed
) -> list[Decision] | None:
    """None: it is no supervisor's line that this is about."""
    joined = supervision_by(contact, fact.agent)
    if joined is None or fact.offer not in joined.lines:
        return None
    if not isinstance(fact, OfferAnswered):
        return _ring_failed(centre, contact, joined) if fact.offer == joined.rings else []
    if fact.offer == joined.line:  # told twice: after a restart, what was said last may not have been done
        _put(centre, contact, replace(joined, said=None))
        return []
    _put(centre, contact, replace(joined, line=fact.offer, rings=None, said=None))
    return _deaf(contact, joined)


def _ring_failed(centre: Centre, contact: LiveContact, joined: Supervision) -> list[Decision]:
    if joined.line is None:
        forget_supervision(centre, contact, joined)
    else:
        _put(centre, contact, replace(joined, rings=None))
    return []


def supervisor_line_ended(centre: Centre, contact: LiveContact, fact: AgentLegEnded) -> list[Decision]:
    joined = supervision_by(contact, fact.agent)
    if joined is None or fact.offer not in joined.lines:
        return []
    if fact.offer == joined.rings:
        return _ring_failed(centre, contact, joined)
    if joined.rings is None:
        forget_supervision(centre, contact, joined)
    else:
        _put(centre, contact, replace(joined, line=None, said=None))
    return _deaf(contact, joined)


# after every fact


def settle_supervision(centre: Centre) -> list[Decision]:
    decisions: list[Decision] = []
    for contact_id in list(centre.supervised):
        decisions += _settle(centre, contact_id)
    return decisions


def _settle(centre: Centre, contact_id: ContactId) -> list[Decision]:
    contact = centre.known(contact_id)
    if contact is None:
        del centre.supervised[contact_id]
        return []
    decisions: list[Decision] = []
    for joined in contact.supervisors:
        if contact.state not in CONVERSATION:
            decisions += part(centre, contact, joined)
        elif joined.line is not None and contact.line is not None and contact.state is not ContactState.REJOINING:
            wanted = _wanted(centre, contact, joined, contact.line)
            if joined.said != wanted:
                _put(centre, contact, replace(joined, said=wanted))
                decisions.append(
                    Supervise(
                        contact=contact.id,
                        agent=joined.supervisor,
                        offer=joined.line,
                        beside=wanted.beside,
                        way=wanted.way,
                    )
                )
    return decisions


def _wanted(centre: Centre, contact: LiveContact, joined: Supervision, line: OfferNumber) -> Said:
    asked = centre.contacts.get(contact.consultation) if contact.consultation is not None else None
    outside = contact.outside is not None and contact.outside.answered_at is not None
    return Said(
        beside=line,
        way=way_now(contact, joined),
        held=contact.held,
        talks_to=contact.talks_to,
        colleague=outside or (asked is not None and asked.state is ContactState.TALKING),
    )
