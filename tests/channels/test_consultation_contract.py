"""Who hears whom while an agent asks a colleague: the same on the simulator and on a real Asterisk, proved by tones."""

from __future__ import annotations

from otklik.contact import decisions as do
from otklik.contact.facts import AgentLegEnded, CustomerLeft, OfferAnswered, OfferDeclined, TalksTo
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from tests.channels.lab import AgentPhone, Customer, Lab, perform
from tests.channels.test_voice_contract import ANNA, ONE, TWO, talking

BORIS = AgentId("boris")
THREE = OfferNumber(3)
ASKED = ContactId("019a0000-0000-7000-8000-00000000a5c0")


def consult(
    who: Customer, talks_to: TalksTo = "colleague", line: OfferNumber | None = ONE, offer: OfferNumber = ONE
) -> do.Consult:
    return do.Consult(contact=who.contact, agent=ANNA, offer=offer, consultation=ASKED, line=line, talks_to=talks_to)


def offer_to_colleague(number: OfferNumber = ONE) -> do.Offer:
    return do.Offer(contact=ASKED, agent=BORIS, offer=number, ring_seconds=10)


async def asking(lab: Lab) -> tuple[Customer, AgentPhone, AgentPhone]:
    """The agent has asked, the colleague's phone rings."""
    customer, anna = await talking(lab)
    boris = await lab.phone(BORIS, "colleague")
    await perform(lab, consult(customer, line=None), offer_to_colleague())
    return customer, anna, boris


async def consulting(lab: Lab) -> tuple[Customer, AgentPhone, AgentPhone]:
    customer, anna, boris = await asking(lab)
    assert await boris.rings() == (ASKED, "1", False)
    await boris.answer()
    assert await lab.inbox.next(OfferAnswered) == OfferAnswered(contact=ASKED, agent=BORIS, offer=ONE)
    await perform(lab, consult(customer))
    await anna.hears("colleague")
    await boris.hears("agent")
    await customer.hears("music")
    return customer, anna, boris


async def test_while_the_colleague_is_sought_customer_and_agent_hear_music(lab: Lab) -> None:
    customer, anna, boris = await asking(lab)
    await customer.hears("music")
    await anna.hears("music")
    assert await boris.rings() == (ASKED, "1", False)


async def test_agent_and_colleague_talk_and_the_customer_hears_music_and_nothing_of_it(lab: Lab) -> None:
    customer, _, _ = await consulting(lab)
    await perform(lab, consult(customer))
    await customer.hears("music")


async def test_the_agent_turns_to_the_customer_and_back_and_who_is_left_out_hears_music(lab: Lab) -> None:
    customer, anna, boris = await consulting(lab)
    await perform(lab, consult(customer, "customer"))
    await customer.hears("agent")
    await anna.hears("customer")
    await boris.hears("music")
    await perform(lab, consult(customer))
    await customer.hears("music")
    await anna.hears("colleague")
    await boris.hears("agent")


async def test_all_three_hear_each_other_in_a_conference_and_part_again(lab: Lab) -> None:
    customer, anna, boris = await consulting(lab)
    await perform(lab, consult(customer, "both"))
    await customer.hears("agent", "colleague")
    await anna.hears("customer", "colleague")
    await boris.hears("customer", "agent")
    await perform(lab, consult(customer))
    await customer.hears("music")
    await anna.hears("colleague")


async def test_handed_over_the_customer_talks_to_the_colleague_whose_line_is_the_contacts_own(lab: Lab) -> None:
    customer, anna, boris = await consulting(lab)
    contact = customer.contact
    await perform(
        lab,
        do.HandOver(contact=contact, agent=BORIS, offer=TWO, consultation=ASKED, line=ONE),
        do.Release(contact=contact, agent=ANNA, offer=ONE),
    )
    await anna.quiet()
    await boris.hears("customer")
    await customer.hears("colleague")
    await perform(lab, do.Hold(contact=contact))
    await customer.hears("music")
    await boris.hears()
    await perform(lab, do.Retrieve(contact=contact, agent=BORIS, offer=TWO))
    await customer.hears("colleague")
    boris.hang_up()
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=contact, agent=BORIS, offer=TWO, cause="hung_up")


async def test_handed_over_to_a_line_that_is_gone_it_is_told_of_the_contact_so_that_the_agent_may_come_back(
    lab: Lab,
) -> None:
    customer, anna, boris = await consulting(lab)
    contact = customer.contact
    boris.hang_up()
    await lab.inbox.next(AgentLegEnded)
    await perform(
        lab,
        do.HandOver(contact=contact, agent=BORIS, offer=TWO, consultation=ASKED, line=ONE),
        do.Release(contact=contact, agent=ANNA, offer=ONE),
    )
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=contact, agent=BORIS, offer=TWO, cause="lost")
    await anna.quiet()
    await perform(lab, do.Rejoin(contact=contact, agent=BORIS, offer=THREE, replaces=TWO))
    assert await boris.rings() == (contact, "3", True)
    await boris.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, do.Connect(contact=contact, agent=BORIS, offer=THREE))
    await customer.hears("colleague")


async def test_cancelled_the_colleague_is_hung_up_without_a_fact_and_the_customer_is_back(lab: Lab) -> None:
    customer, anna, boris = await consulting(lab)
    await perform(
        lab,
        do.EndConsultation(contact=customer.contact, consultation=ASKED),
        do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE),
    )
    await boris.quiet()
    await customer.hears("agent")
    await anna.hears("customer")
    assert [type(fact) for fact in lab.inbox.about(ASKED)] == [OfferAnswered]


async def test_a_colleague_who_declines_leaves_the_customer_with_music(lab: Lab) -> None:
    customer, anna, boris = await asking(lab)
    await boris.rings()
    boris.decline()
    assert await lab.inbox.next(OfferDeclined) == OfferDeclined(contact=ASKED, agent=BORIS, offer=ONE)
    await perform(lab, do.EndConsultation(contact=customer.contact, consultation=ASKED))
    await customer.hears("music")
    await anna.hears()


async def test_a_colleague_who_hangs_up_is_told_of_the_consultation_and_the_customer_stays(lab: Lab) -> None:
    customer, anna, boris = await consulting(lab)
    boris.hang_up()
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=ASKED, agent=BORIS, offer=ONE, cause="hung_up")
    await perform(lab, do.EndConsultation(contact=customer.contact, consultation=ASKED))
    await customer.hears("music")
    await perform(lab, do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE))
    await customer.hears("agent")


async def test_a_customer_who_leaves_takes_both_lines_along_without_a_fact_of_theirs(lab: Lab) -> None:
    customer, anna, boris = await consulting(lab)
    customer.hang_up()
    await lab.inbox.next(CustomerLeft)
    await anna.quiet()
    await boris.quiet()
    facts = [*lab.inbox.about(customer.contact), *lab.inbox.about(ASKED)]
    assert not any(isinstance(fact, AgentLegEnded) for fact in facts)


async def test_both_lines_may_be_replaced_after_a_reload_of_either_page(lab: Lab) -> None:
    customer, anna, boris = await consulting(lab)
    await perform(lab, do.Rejoin(contact=customer.contact, agent=ANNA, offer=TWO, replaces=ONE))
    assert await anna.rings() == (customer.contact, "2", True)
    await anna.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, consult(customer, offer=TWO))
    await anna.hears("colleague")
    await perform(lab, do.Rejoin(contact=ASKED, agent=BORIS, offer=TWO, replaces=ONE))
    assert await boris.rings() == (ASKED, "2", True)
    await boris.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, consult(customer, line=TWO, offer=TWO))
    await boris.hears("agent")
    await anna.hears("colleague")
    await customer.hears("music")
