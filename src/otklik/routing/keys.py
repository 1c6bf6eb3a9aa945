"""The keys by which a waiting customer may leave a queue: where they lead now, and how they are named."""

from __future__ import annotations

from otklik.contact.configuration import Destination, Speech
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact
from otklik.routing.may_be_called import why_not
from otklik.routing.outside_number import may_ring_outside


def there(centre: Centre, to: Destination) -> bool:
    """Does it still lead somewhere?"""
    if to.queue is not None:
        return to.queue in centre.queues
    if to.outside is not None:
        return may_ring_outside(centre, to.outside)
    if to.mailbox is not None:
        return to.mailbox.queue is None or to.mailbox.queue in centre.queues
    return (
        to.callback or to.reject is not None or (to.scenario is not None and centre.scenario(to.scenario) is not None)
    )


def key_speech(centre: Centre, contact: LiveContact) -> list[Speech]:
    """Of keys that would help this customer now; nothing is promised that pressing one would refuse."""
    queue = centre.queue(contact.queue)
    named = [each.announced for each in queue.exits if each.announced and _helps(centre, contact, each.to)]
    together = [each.to for each in queue.exits if not each.announced]
    if queue.exits_announced and all(_helps(centre, contact, to) for to in together):
        named.append(queue.exits_announced)
    return [next((text for text in texts if text.language == contact.language), texts[0]) for texts in named]


def _helps(centre: Centre, contact: LiveContact, to: Destination) -> bool:
    if not there(centre, to) or to.queue == contact.queue is not None:
        return False
    return not to.callback or why_not(centre, contact) is None
