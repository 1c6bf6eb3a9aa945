"""Out of a queue by another way than an agent: into another queue, back into a scenario, or away; and the keys for it.

A limit sends nobody twice into the same queue or scenario, so that nothing goes round by itself. The customer's own key
may lead in a circle: each round takes a press.
"""

from __future__ import annotations

from typing import Final

from otklik.contact.configuration import UNHEARD, Destination
from otklik.contact.decisions import Decision, Refuse, RunScenario
from otklik.contact.facts import KeyPressed
from otklik.contact.ids import ScenarioId
from otklik.contact.record import Diversion, DiversionReason, Segment
from otklik.routing.callback import ask, impossible
from otklik.routing.centre import Centre
from otklik.routing.contact import QUEUED, ContactState, LiveContact
from otklik.routing.keys import there
from otklik.routing.mailbox import mailbox_id
from otklik.routing.matching import other_music
from otklik.routing.may_be_called import why_not
from otklik.routing.offering import withdraw_all
from otklik.routing.outside_number import put_through, why_not_there
from otklik.routing.turning_away import reject_waiting
from otklik.routing.waiting import readable, reset_ring

STEPS_APART: Final = 10_000
"""The steps of one scenario after another of the same contact are numbered apart: a late end of an old one is none of
the new one's."""


def key_pressed(centre: Centre, contact: LiveContact, fact: KeyPressed) -> list[Decision]:
    """Whatever rings is taken back first. A key that leads nowhere, or where the customer is already, changes nothing."""
    if contact.state not in QUEUED or contact.away:
        return []
    to = next((each.to for each in centre.queue(contact.queue).exits if each.digit == fact.key), None)
    if to is None or not there(centre, to) or to.queue == contact.queue:
        return []
    if to.callback and (reason := why_not(centre, contact)) is not None:
        return impossible(centre, contact, reason)
    if to.outside is not None and (reason := why_not_there(centre, contact, to.outside)) is not None:
        return [Refuse(code=reason)]
    withdrawn: list[Decision] = []
    if contact.state is ContactState.OFFERED:
        withdrawn = withdraw_all(centre, contact)
        centre.move_contact(contact, ContactState.WAITING)
    return [*withdrawn, *send(centre, contact, "key", to)]


def open_to(centre: Centre, contact: LiveContact, to: Destination) -> bool:
    """May a limit send the contact there? Not where it is, nor where it was sent into or out of since it last chose itself.
    Who has no line can be spoken to by nobody: a scenario or a mailbox would be its end."""
    if not there(centre, to) or to.queue == contact.queue is not None:
        return False
    scenario = _scenario(contact, to)
    if (contact.away and scenario is not None) or (
        contact.channel in UNHEARD and (to.callback or scenario is not None)
    ):
        return False
    if to.outside is not None and why_not_there(centre, contact, to.outside) is not None:
        return False
    if to.callback:
        return why_not(centre, contact) is None
    for each in reversed(contact.diversions):
        if each.keep:
            continue
        if to.queue is not None and to.queue in (each.queue, each.to):
            return False
        if scenario is not None and scenario == each.scenario:
            return False
        if to.outside is not None and each.outside:
            return False
        if each.reason == "key":
            break
    return True


def _scenario(contact: LiveContact, to: Destination) -> ScenarioId | None:
    if to.mailbox is not None and contact.queue is not None:
        return mailbox_id(contact.queue, to.mailbox)
    return to.scenario


def send(centre: Centre, contact: LiveContact, reason: DiversionReason, to: Destination) -> list[Decision]:
    """A waiting contact, with its key and what the destination gives."""
    scenario = _scenario(contact, to)
    if contact.queue is not None:
        passed = Diversion(
            at=centre.now,
            queue=contact.queue,
            reason=reason,
            to=to.queue,
            scenario=scenario,
            callback=to.callback,
            outside=to.outside is not None,
        )
        contact.diversions = (*contact.diversions, passed)
    centre.touch_contact(contact)
    if to.callback:
        return ask(centre, contact)
    if to.reject is not None:
        return reject_waiting(centre, contact, to.reject)
    if to.outside is not None:
        return put_through(centre, contact, to.outside, queued=True)
    if scenario is not None:
        return _back_into(centre, contact, scenario)
    if to.requires:
        contact.requires = readable(to.requires)
    place = None
    if to.priority and contact.queued_at is not None:
        contact.worth_seconds += to.priority * centre.configuration.priority_seconds
        place = contact.queued_at - contact.worth_seconds - contact.adjustment_seconds
    contact.announcing = False
    music = centre.queue(contact.queue).music
    centre.change_place(contact, place=place, queue=to.queue)
    return [*other_music(centre, contact, music), *reset_ring(centre, contact)]


def _back_into(centre: Centre, contact: LiveContact, scenario: ScenarioId) -> list[Decision]:
    leave_line(centre, contact)
    contact.scenario_steps += STEPS_APART
    return [RunScenario(contact=contact.id, scenario=scenario, first_step=contact.scenario_steps)]


def leave_line(centre: Centre, contact: LiveContact) -> None:
    """Nobody is offered it any more; the customer is spoken to."""
    contact.music = contact.announcing = False
    contact.pinned = contact.pin_expires_at = None
    contact.tries = ()
    contact.begin(Segment(kind="scenario", started_at=centre.now, ended_at=None))
    centre.move_contact(contact, ContactState.SCENARIO)
