"""Who hears whom while a supervisor is beside a call: the same on the simulator and on a real Asterisk, proved by tones."""

from __future__ import annotations

from otklik.contact import decisions as do
from otklik.contact.facts import AgentLegEnded, CustomerLeft, Joining, OfferAnswered, OfferFailed
from otklik.contact.ids import AgentId, OfferNumber
from tests.channels.lab import AgentPhone, Customer, Lab, perform
from tests.channels.test_consultation_contract import ASKED, consult, offer_to_colleague
from tests.channels.test_voice_contract import ANNA, ONE, TWO, talking

OLGA, IGOR, BORIS = AgentId("olga"), AgentId("igor"), AgentId("boris")
THREE = OfferNumber(3)


def supervise(
    who: Customer,
    way: Joining,
    *,
    by: AgentId = OLGA,
    line: OfferNumber = TWO,
    beside: OfferNumber = ONE,
) -> do.Supervise:
    return do.Supervise(contact=who.contact, agent=by, offer=line, beside=beside, way=way)


async def joined(lab: Lab, way: Joining = "listen") -> tuple[Customer, AgentPhone, AgentPhone]:
    customer, anna = await talking(lab)
    olga = await lab.phone(OLGA, "supervisor")
    await perform(lab, do.Join(contact=customer.contact, agent=OLGA, offer=TWO))
    assert await olga.rings() == (customer.contact, "2", False)
    await olga.answer()
    answered = await lab.inbox.next(OfferAnswered)
    assert answered == OfferAnswered(contact=customer.contact, agent=OLGA, offer=TWO)
    await perform(lab, supervise(customer, way))
    return customer, anna, olga


async def heard(customer: Customer, anna: AgentPhone, olga: AgentPhone, way: Joining) -> None:
    await olga.hears("agent", "customer")
    await anna.hears(*(["customer"] if way == "listen" else ["customer", "supervisor"]))
    await customer.hears(*(["agent", "supervisor"] if way == "barge" else ["agent"]))


async def test_who_listens_hears_both_and_is_heard_by_nobody(lab: Lab) -> None:
    await heard(*await joined(lab), "listen")


async def test_from_listening_to_whispering_to_barging_and_all_the_way_back(lab: Lab) -> None:
    customer, anna, olga = await joined(lab)
    ways: tuple[Joining, ...] = ("whisper", "barge", "whisper", "listen", "barge", "listen")
    for way in ways:
        await perform(lab, supervise(customer, way), supervise(customer, way))
        await heard(customer, anna, olga, way)


async def test_on_hold_the_customer_hears_music_and_the_supervisor_may_still_speak_to_the_agent(lab: Lab) -> None:
    customer, anna, olga = await joined(lab, "barge")
    await heard(customer, anna, olga, "barge")
    await perform(lab, do.Hold(contact=customer.contact), supervise(customer, "whisper"))
    await customer.hears("music")
    await anna.hears("supervisor")
    await olga.hears("agent")
    await perform(lab, do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE), supervise(customer, "barge"))
    await heard(customer, anna, olga, "barge")


async def test_taken_over_the_customer_talks_to_the_supervisor_and_the_agent_is_out(lab: Lab) -> None:
    customer, anna, olga = await joined(lab)
    contact = customer.contact
    await perform(
        lab,
        do.EndSupervision(contact=contact, offer=TWO),
        do.Connect(contact=contact, agent=OLGA, offer=TWO),
        do.Release(contact=contact, agent=ANNA, offer=ONE),
    )
    await anna.quiet()
    await customer.hears("supervisor")
    await olga.hears("customer")
    await perform(lab, do.Hold(contact=contact))
    await olga.hears()
    await perform(lab, do.Retrieve(contact=contact, agent=OLGA, offer=TWO))
    await customer.hears("supervisor")
    assert not any(isinstance(fact, AgentLegEnded) for fact in lab.inbox.about(contact))


async def test_who_leaves_is_hung_up_without_a_fact_and_the_two_talk_on(lab: Lab) -> None:
    customer, anna, olga = await joined(lab, "whisper")
    await heard(customer, anna, olga, "whisper")
    await perform(
        lab,
        do.EndSupervision(contact=customer.contact, offer=TWO),
        do.Release(contact=customer.contact, agent=OLGA, offer=TWO),
    )
    await olga.quiet()
    await anna.hears("customer")
    await customer.hears("agent")
    assert not any(isinstance(fact, AgentLegEnded) for fact in lab.inbox.about(customer.contact))


async def test_who_hangs_up_or_is_lost_is_told_and_the_two_talk_on(lab: Lab) -> None:
    customer, anna, olga = await joined(lab, "barge")
    await heard(customer, anna, olga, "barge")
    olga.hang_up()
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=customer.contact, agent=OLGA, offer=TWO, cause="hung_up")
    await perform(lab, do.EndSupervision(contact=customer.contact, offer=TWO))
    await anna.hears("customer")
    await customer.hears("agent")


async def test_two_supervisors_at_one_call_do_not_disturb_each_other(lab: Lab) -> None:
    customer, anna, olga = await joined(lab)
    igor = await lab.phone(IGOR, "colleague")
    await perform(lab, do.Join(contact=customer.contact, agent=IGOR, offer=THREE))
    await igor.rings()
    await igor.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, supervise(customer, "barge", by=IGOR, line=THREE))
    await customer.hears("agent", "colleague")
    await anna.hears("customer", "colleague")
    await igor.hears("agent", "customer")
    await olga.hears("agent", "customer", "colleague")
    await perform(
        lab,
        do.EndSupervision(contact=customer.contact, offer=THREE),
        do.Release(contact=customer.contact, agent=IGOR, offer=THREE),
    )
    await heard(customer, anna, olga, "listen")


async def test_what_the_agent_asks_a_colleague_is_heard_and_the_customer_hears_music(lab: Lab) -> None:
    customer, anna, olga = await joined(lab)
    boris = await lab.phone(BORIS, "colleague")
    await perform(lab, consult(customer, line=None), supervise(customer, "listen"), offer_to_colleague())
    assert await boris.rings() == (ASKED, "1", False)
    await boris.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, consult(customer), supervise(customer, "whisper"))
    await anna.hears("colleague", "supervisor")
    await olga.hears("agent", "colleague")
    await boris.hears("agent")
    await customer.hears("music")


async def test_after_a_reload_of_the_agents_page_the_supervisor_hears_the_new_line(lab: Lab) -> None:
    customer, anna, olga = await joined(lab, "whisper")
    await perform(lab, do.Rejoin(contact=customer.contact, agent=ANNA, offer=THREE, replaces=ONE))
    assert await anna.rings() == (customer.contact, "3", True)
    await anna.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(
        lab,
        do.Connect(contact=customer.contact, agent=ANNA, offer=THREE),
        supervise(customer, "whisper", beside=THREE),
    )
    await heard(customer, anna, olga, "whisper")


async def test_after_a_reload_of_the_supervisors_page_the_new_line_stands_in_place_of_the_old_one(lab: Lab) -> None:
    customer, anna, olga = await joined(lab, "whisper")
    await perform(lab, do.Join(contact=customer.contact, agent=OLGA, offer=THREE, replaces=TWO))
    assert await olga.rings() == (customer.contact, "3", True)
    await olga.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(
        lab,
        do.EndSupervision(contact=customer.contact, offer=TWO),
        supervise(customer, "whisper", line=THREE),
    )
    await heard(customer, anna, olga, "whisper")
    assert not any(isinstance(fact, AgentLegEnded) for fact in lab.inbox.about(customer.contact))


async def test_a_customer_who_leaves_takes_the_supervisor_along_without_a_fact(lab: Lab) -> None:
    customer, anna, olga = await joined(lab)
    customer.hang_up()
    await lab.inbox.next(CustomerLeft)
    await anna.quiet()
    await olga.quiet()
    assert not any(isinstance(fact, AgentLegEnded) for fact in lab.inbox.about(customer.contact))


async def test_a_supervisor_without_a_phone_cannot_join(lab: Lab) -> None:
    customer, _ = await talking(lab)
    await perform(lab, do.Join(contact=customer.contact, agent=OLGA, offer=TWO))
    failed = await lab.inbox.next(OfferFailed)
    assert failed == OfferFailed(contact=customer.contact, agent=OLGA, offer=TWO, cause="unregistered")
    await customer.hears("agent")
