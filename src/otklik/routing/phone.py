"""Where an agent takes calls: in the page, at a desk telephone, or at a number outside. One at a time, by the agent's choice among
those that are set up; the choice holds for later shifts. A number outside needs no registration: it is there as long as we can dial.
"""

from __future__ import annotations

from typing import Final

from otklik.contact.decisions import Decision, Refuse
from otklik.contact.ids import AgentId
from otklik.contact.phone import Outside, Phone, PhoneChosen
from otklik.routing.agent import HandState, LiveAgent
from otklik.routing.centre import Centre
from otklik.routing.contact import LiveContact
from otklik.routing.entry import digits

OUTSIDE_SECONDS: Final = 15.0
"""How much longer it rings outside: a mobile takes some seconds to be found, and the key is asked for after the answer."""
_SPOKEN: Final = ("ru", "en")


def phones(centre: Centre, agent: AgentId) -> tuple[Phone, ...]:
    """Among which the agent may choose; the page always."""
    set_up = centre.set_up.get(agent)
    if set_up is None:
        return ("page",)
    desk: tuple[Phone, ...] = ("desk",) if set_up.desk_telephone else ()
    number = digits(set_up.outside_number)
    there = centre.calls_out and number and number not in centre.entrance.own_numbers
    outside: tuple[Phone, ...] = ("outside",) if there else ()
    return ("page", *desk, *outside)


def choose_phone(centre: Centre, agent: LiveAgent, fact: PhoneChosen) -> list[Decision]:
    if fact.phone not in phones(centre, agent.id):
        return [Refuse(code="phone_not_set_up")]
    if fact.phone == agent.phone:
        return []
    if _in_call(agent):
        return [Refuse(code="phone_in_use")]
    agent.choose_phone(fact.phone, centre.now)
    centre.index_agent(agent)
    return []


def settle_phones(centre: Centre) -> None:
    """After a new set-up, or when the trunk comes or goes."""
    for agent in centre.agents.values():
        settle_phone(centre, agent)


def settle_phone(centre: Centre, agent: LiveAgent) -> None:
    """Whose choice is there no more is back in the page, once no call is in hand: it would be taken for one of the page."""
    if agent.phone != "page" and not _in_call(agent) and agent.phone not in phones(centre, agent.id):
        agent.choose_phone("page", centre.now)
        centre.index_agent(agent)


def _in_call(agent: LiveAgent) -> bool:
    return any(hand.channel == "voice" and hand.state is not HandState.WRAP_UP for hand in agent.hands.values())


def outside_of(centre: Centre, agent: LiveAgent, contact: LiveContact) -> Outside | None:
    """What is to be dialled, where the agent has chosen so and still has a number. The number of the queue is shown, else the
    one that was called."""
    set_up = centre.set_up.get(agent.id)
    if agent.phone != "outside" or set_up is None or not set_up.outside_number:
        return None
    shown = [centre.entrance.entry_points.get(each) for each in centre.queue(contact.queue).calling.callers]
    caller = next((entry.number for entry in shown if entry is not None), contact.dnis)
    own = set_up.attributes.get("language", "")
    return Outside(number=set_up.outside_number, caller=caller, language=own if own in _SPOKEN else contact.language)


def ring_seconds(agent: LiveAgent, usual: float) -> float:
    return usual + OUTSIDE_SECONDS if agent.phone == "outside" else usual
