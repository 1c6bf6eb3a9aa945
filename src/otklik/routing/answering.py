"""An answer in writing: kept with the contact beside the log; nothing follows from it but that pages show it."""

from __future__ import annotations

from otklik.contact.answering import AnswerWritten
from otklik.contact.decisions import Decision, Refuse
from otklik.routing.centre import Centre
from otklik.routing.contact import CONVERSATION


def handle_answer(centre: Centre, fact: AnswerWritten) -> list[Decision]:
    contact = centre.contacts.get(fact.contact)
    if contact is None or contact.agent != fact.agent:
        return [Refuse(code="no_such_contact")]
    if contact.state not in CONVERSATION:
        return [Refuse(code="move_not_allowed", state=contact.state.value)]
    centre.touch_contact(contact)
    return []
