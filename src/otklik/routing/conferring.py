"""A conference of more than three: whoever was asked and brought together with the customer stays, and the next one can be asked.

A participant is a consultation that goes on while another is asked ([ADR 0064]); one of them may be outside. Participants are wherever the customer is, on hold too:
`settle_conferences` looks at it after every fact, so that holding, asking and a reloaded page need not know of them. The agent leads; if
the agent leaves, whoever was added first does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from otklik.contact.conference import ALONE, Gather
from otklik.contact.configuration import LIVE
from otklik.routing.contact import CONVERSATION, ContactState, LiveContact

if TYPE_CHECKING:
    from otklik.contact.decisions import Decision
    from otklik.contact.ids import ContactId
    from otklik.routing.centre import Centre

TWO: Final = 2
"""The customer and the agent who leads."""


def participants(centre: Centre, contact: LiveContact) -> list[LiveContact]:
    """In the order in which they were added; also those whose line is lost and may come back."""
    return [centre.contacts[each] for each in contact.conference.members if each in centre.contacts]


def is_full(centre: Centre, contact: LiveContact) -> bool:
    """With whoever is asked now, are there as many as may be?"""
    asked = (contact.consultation is not None) + (contact.outside is not None)
    return TWO + len(contact.conference.members) + asked >= centre.configuration.conference_most


def may_add(centre: Centre, contact: LiveContact) -> bool:
    """Is whoever was asked in the conversation, so that the next one may be asked?"""
    asked = centre.contacts.get(contact.consultation) if contact.consultation is not None else None
    if asked is None:
        outside = contact.outside
        answered = outside is not None and outside.beside is not None and outside.answered_at is not None
    else:
        answered = asked.state is ContactState.TALKING
    return answered and contact.talks_to == "both" and contact.channel in LIVE


def add(centre: Centre, contact: LiveContact) -> None:
    """Whoever was asked is a participant; the agent may ask again."""
    if contact.consultation is not None:
        members = (*contact.conference.members, contact.consultation)
        contact.consultation, contact.talks_to = None, "customer"
        _put(centre, contact, members, contact.conference.outside)
    elif contact.outside is not None:
        contact.talks_to = "customer"
        _put(centre, contact, contact.conference.members, contact.outside.attempt)


def leave_conference(centre: Centre, contact: LiveContact, asked: ContactId) -> None:
    members = tuple(each for each in contact.conference.members if each != asked)
    _put(centre, contact, members, contact.conference.outside)


def outside_takes_part(contact: LiveContact) -> bool:
    """Is whoever is outside a participant, and not the one who is asked now?"""
    return contact.outside is not None and contact.outside.attempt == contact.conference.outside


def asks_outside(contact: LiveContact) -> bool:
    return contact.outside is not None and not outside_takes_part(contact)


def stands(contact: LiveContact) -> bool:
    """Has anybody been added, whose line may be lost at this moment?"""
    return bool(contact.conference.members) or outside_takes_part(contact)


def apart(contact: LiveContact) -> bool:
    """Does the customer hear music, on hold or since the agent's line is lost? While a page merely reloads, the others talk on."""
    return contact.held or (contact.state is ContactState.REJOINING and contact.music)


def outside_leaves(centre: Centre, contact: LiveContact) -> None:
    _put(centre, contact, contact.conference.members, 0)


def heir(centre: Centre, contact: LiveContact) -> LiveContact | None:
    """Who leads a conference when the agent goes. None: it is none, or of nobody but who is outside, or all lines but theirs are lost."""
    found = participants(centre, contact)
    if stands(contact) and contact.consultation in centre.contacts:
        found.append(centre.contacts[contact.consultation])
    return next((each for each in found if each.state is ContactState.TALKING), None)


def left_with(centre: Centre, contact: LiveContact) -> LiveContact | None:
    """Who has the customer where nobody leads on: whoever was added first, who has talked to them, else whoever was asked and has answered.
    Their line may be lost at this moment: then the customer waits for it as for any agent's ([ADR 0070])."""
    asked = centre.contacts.get(contact.consultation) if contact.consultation is not None else None
    found = [*participants(centre, contact), *([asked] if asked is not None else [])]
    return next((each for each in found if each.state in CONVERSATION), None)


def _put(centre: Centre, contact: LiveContact, members: tuple[ContactId, ...], outside: int) -> None:
    there = bool(members) or outside > 0
    contact.conference = replace(contact.conference, members=members, outside=outside) if there else ALONE
    if there:
        centre.conferences[contact.id] = None
    else:
        centre.conferences.pop(contact.id, None)
    for each in participants(centre, contact):
        centre.touch_contact(each)  # their pages show who else is there
    centre.touch_contact(contact)


def say_again(centre: Centre, contact: LiveContact) -> None:
    """A line was replaced, or found after a restart: what was said last may not have been done."""
    about = contact if contact.consults is None else centre.contacts.get(contact.consults)
    if about is not None and about.conference.said is not None:
        about.conference = replace(about.conference, said=None)


def settle_conference(centre: Centre, contact: LiveContact) -> list[Decision]:
    outside = contact.conference.outside if outside_takes_part(contact) else 0
    if not (contact.conference.members or outside):
        return []
    lines = tuple(
        (each.id, each.line)
        for each in participants(centre, contact)
        if each.state is ContactState.TALKING and each.line is not None
    )
    wanted = Gather(contact=contact.id, lines=lines, held=apart(contact), outside=outside)
    if contact.conference.said == wanted:
        return []
    contact.conference = replace(contact.conference, said=wanted)
    for each in participants(centre, contact):
        centre.touch_contact(each)
    return [wanted]
