"""To whom an agent who asks somebody turns: to whoever is asked, to the customer, or to both. The same for a colleague and for somebody
outside."""

from __future__ import annotations

from otklik.contact.decisions import Decision, Refuse
from otklik.contact.facts import TalksTo
from otklik.contact.ids import AgentId, ContactId
from otklik.routing.agent import HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact
from otklik.routing.offering import who_hears_whom


def in_talk(centre: Centre, contact: ContactId, agent: AgentId) -> tuple[LiveContact, LiveAgent] | Refuse:
    """Of a contact in hand that is not itself a consultation."""
    found, who = centre.contacts.get(contact), centre.agents.get(agent)
    if found is None or who is None or found.agent != who.id:
        return Refuse(code="no_such_contact")
    if found.state not in CONVERSATION or found.consults is not None:
        return Refuse(code="move_not_allowed", state=found.state.value)
    return found, who


def consultation_of(centre: Centre, contact: LiveContact) -> LiveContact | None:
    return centre.contacts.get(contact.consultation) if contact.consultation is not None else None


def turn(centre: Centre, contact: LiveContact, agent: LiveAgent, talks_to: TalksTo) -> list[Decision]:
    contact.talks_to = talks_to
    if talks_to == "colleague":
        hold(centre, contact, agent)
    else:
        talk(centre, contact, agent)
    touch_colleague(centre, contact)
    return who_hears_whom(centre, contact)


def touch_colleague(centre: Centre, contact: LiveContact) -> None:
    """The colleague's page shows who is heard, too."""
    if (asked := consultation_of(centre, contact)) is not None:
        centre.touch_contact(asked)


def hold(centre: Centre, contact: LiveContact, agent: LiveAgent) -> None:
    """Of an agent whose line is being replaced, for when it is back."""
    if not contact.held:
        contact.held, contact.hold_since = True, centre.now
    if contact.state is ContactState.TALKING:
        centre.move_contact(contact, ContactState.HELD)
        centre.move_hand(agent, contact, HandState.HELD)
    centre.touch_contact(contact)


def talk(centre: Centre, contact: LiveContact, agent: LiveAgent) -> None:
    contact.consulted = contact.outside_end = None
    if contact.held:
        contact.held = False
        contact.count_hold(centre.now)
    if contact.state is ContactState.HELD:
        centre.move_contact(contact, ContactState.TALKING)
        centre.move_hand(agent, contact, HandState.TALKING)
    centre.touch_contact(contact)
