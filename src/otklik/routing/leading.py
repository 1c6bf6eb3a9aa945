"""Out of the queue, to where an agent who is away has personal calls forwarded: another queue, or a number outside.

To a colleague it is led at once (`waiting`). The other two are ways out of a queue as any, with the rules of those; who cannot go there
waits on, for whom the customer knows next, or in the queue at large.
"""

from __future__ import annotations

from otklik.contact.configuration import Destination
from otklik.contact.decisions import Decision
from otklik.contact.forwarding import Led
from otklik.contact.ids import AgentId
from otklik.routing.centre import Centre
from otklik.routing.contact import ContactState, LiveContact
from otklik.routing.forwarding import leads_of, number_of, said
from otklik.routing.leaving import open_to, send
from otklik.routing.waiting import mark_led, release_pins, repin


def settle_personal(centre: Centre) -> list[Decision]:
    """After a fact, before limits and the matching: nobody waits for an agent who went home, or is away."""
    decisions = release_pins(centre) if centre.gone else []
    while centre.led:
        contact_id = next(iter(centre.led))
        led = centre.led.pop(contact_id)
        contact = centre.contacts.get(contact_id)
        if contact is not None and contact.state is ContactState.WAITING:
            decisions += _lead_out(centre, contact, led)
    return decisions


def _lead_out(centre: Centre, contact: LiveContact, led: Led) -> list[Decision]:
    mark_led(contact, led)
    to = _way_out(led)
    if not open_to(centre, contact, to):
        contact.meant_for = None
        return repin(centre, contact)
    contact.tries = ()
    return [said(contact.id, led), *send(centre, contact, "forwarded", to)]


def _way_out(led: Led) -> Destination:
    return Destination(queue=led.to.queue) if led.to.queue is not None else Destination(outside=number_of(led.to))


def led_on(centre: Centre, contact: LiveContact, agent: AgentId, by: AgentId) -> bool:
    """Does the contact come to anybody, passed on by one agent to another who is off shift? Not to where it was sent out of before."""
    led = leads_of(centre, contact, agent, (by,))
    if led is None:
        return False
    here = led.to.queue is not None and led.to.queue == contact.queue
    return here or led.to.agent is not None or open_to(centre, contact, _way_out(led))
