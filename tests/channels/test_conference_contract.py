"""Who hears whom in a conversation of more than three: the same on the simulator and on a real Asterisk, proved by tones."""

from __future__ import annotations

from otklik.contact import decisions as do
from otklik.contact.facts import AgentLegEnded, OfferAnswered, TalksTo
from otklik.contact.ids import AgentId, ContactId
from otklik.contact.outside_number import OutsideAnswered
from tests.channels.inbox import NUMBER
from tests.channels.lab import AgentPhone, Customer, Lab, perform
from tests.channels.test_consultation_contract import ASKED, BORIS, consult, consulting
from tests.channels.test_consulting_outside_contract import LAWYER
from tests.channels.test_voice_contract import ANNA, ONE, TWO

KATE = AgentId("kate")
NEXT = ContactId("019a0000-0000-7000-8000-00000000a5c2")


def next_one(who: Customer, talks_to: TalksTo = "colleague", *, answered: bool = True, attempt: int = 0) -> do.Consult:
    line = ONE if answered and not attempt else None
    return do.Consult(
        contact=who.contact,
        agent=ANNA,
        offer=ONE,
        consultation=NEXT,
        line=line,
        talks_to=talks_to,
        outside=attempt,
    )


def gather(who: Customer, *, held: bool = False, outside: int = 0) -> do.Gather:
    return do.Gather(contact=who.contact, lines=((ASKED, ONE),), held=held, outside=outside)


async def of_four(lab: Lab) -> tuple[Customer, AgentPhone, AgentPhone, AgentPhone]:
    """Boris was added, Kate is asked apart, and then all are together."""
    customer, anna, boris = await consulting(lab)
    await perform(lab, consult(customer, "both"))
    kate = await lab.phone(KATE, "supervisor")
    offer = do.Offer(contact=NEXT, agent=KATE, offer=ONE, ring_seconds=10)
    await perform(lab, next_one(customer, answered=False), offer, gather(customer, held=True))
    assert await kate.rings() == (NEXT, "1", False)
    await customer.hears("music")
    await boris.hears("music")
    await kate.answer()
    assert await lab.inbox.next(OfferAnswered) == OfferAnswered(contact=NEXT, agent=KATE, offer=ONE)
    await perform(lab, next_one(customer))
    await anna.hears("supervisor")
    await perform(lab, next_one(customer, "both"), gather(customer))
    await customer.hears("agent", "colleague", "supervisor")
    return customer, anna, boris, kate


async def test_each_added_one_hears_all_the_others_and_whoever_is_released_nobody(lab: Lab) -> None:
    customer, anna, boris, kate = await of_four(lab)
    await boris.hears("customer", "agent", "supervisor")
    await kate.hears("customer", "agent", "colleague")
    await perform(
        lab,
        do.Release(contact=ASKED, agent=BORIS, offer=ONE),
        do.EndConsultation(contact=customer.contact, consultation=ASKED),
    )
    await boris.quiet()
    await customer.hears("agent", "supervisor")
    kate.hang_up()
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=NEXT, agent=KATE, offer=ONE, cause="hung_up")
    await perform(lab, do.EndConsultation(contact=customer.contact, consultation=NEXT))
    await anna.hears("customer")


async def test_with_the_customer_on_hold_those_who_were_added_hear_music(lab: Lab) -> None:
    customer, anna, boris, _ = await of_four(lab)
    await perform(lab, do.EndConsultation(contact=customer.contact, consultation=NEXT))
    await perform(lab, do.Hold(contact=customer.contact), gather(customer, held=True))
    await customer.hears("music")
    await boris.hears("music")
    await anna.hears()
    back = do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE)
    await perform(lab, back, gather(customer))
    await customer.hears("agent", "colleague")


async def test_when_the_agent_goes_the_others_go_on_with_the_customer(lab: Lab) -> None:
    customer, anna, boris, kate = await of_four(lab)
    contact = customer.contact
    await perform(
        lab,
        do.HandOver(contact=contact, agent=BORIS, offer=TWO, consultation=ASKED, line=ONE),
        do.Release(contact=contact, agent=ANNA, offer=ONE),
        do.Gather(contact=contact, lines=((NEXT, ONE),), held=False),
    )
    await anna.quiet()
    await customer.hears("colleague", "supervisor")
    await kate.hears("customer", "colleague")
    await boris.hears("customer", "supervisor")


async def test_whoever_is_outside_stays_while_a_colleague_is_asked(lab: Lab) -> None:
    customer, anna, boris = await consulting(lab)
    await perform(lab, consult(customer, "both"))
    call = do.CallOutside(
        contact=customer.contact, attempt=1, ring_seconds=10, number=LAWYER, caller=NUMBER, beside=NEXT
    )
    await perform(lab, next_one(customer, attempt=1), call, gather(customer, held=True))
    lawyer = await lab.outsider(LAWYER)
    await lawyer.answer()
    assert await lab.inbox.next(OutsideAnswered) == OutsideAnswered(contact=customer.contact, attempt=1)
    await perform(lab, next_one(customer, "both", attempt=1), gather(customer))
    await customer.hears("agent", "colleague", "outside")
    await perform(lab, do.Hold(contact=customer.contact), gather(customer, held=True, outside=1))
    await lawyer.hears("music")
    await boris.hears("music")
    back = do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE)
    await perform(lab, back, gather(customer, outside=1))
    await lawyer.hears("customer", "agent", "colleague")
    await anna.hears("customer", "colleague", "outside")
