"""Who hears whom while an agent asks somebody outside, and what becomes of it: the simulator and a real Asterisk, proved by tones."""

from __future__ import annotations

from otklik.channels.voice.simulator import SimulatedVoice
from otklik.contact import decisions as do
from otklik.contact.facts import ContactArrived, CustomerLeft, TalksTo
from otklik.contact.ids import ContactId
from otklik.contact.outside_number import OutsideAnswered, OutsideEnded
from otklik.contact.ports import KnownLine
from tests.channels.inbox import NUMBER, TENANT
from tests.channels.lab import AgentPhone, AsteriskLab, Customer, Lab, Outsider, perform
from tests.channels.test_voice_contract import ANNA, ONE, talking

LAWYER = "+79031112233"
TALK = ContactId("019a0000-0000-7000-8000-00000000a5c1")


def consult(customer: Customer, talks_to: TalksTo = "colleague", attempt: int = 1) -> do.Consult:
    return do.Consult(
        contact=customer.contact,
        agent=ANNA,
        offer=ONE,
        consultation=TALK,
        line=None,
        talks_to=talks_to,
        outside=attempt,
    )


def through(customer: Customer) -> do.PutThrough:
    return do.PutThrough(contact=customer.contact, attempt=1, consultation=TALK)


async def ringing(lab: Lab) -> tuple[Customer, AgentPhone, Outsider]:
    customer, anna = await talking(lab)
    call = do.CallOutside(
        contact=customer.contact, attempt=1, ring_seconds=10, number=LAWYER, caller=NUMBER, beside=TALK
    )
    await perform(lab, consult(customer), call)
    return customer, anna, await lab.outsider(LAWYER)


async def asking(lab: Lab) -> tuple[Customer, AgentPhone, Outsider]:
    customer, anna, lawyer = await ringing(lab)
    await lawyer.answer()
    assert await lab.inbox.next(OutsideAnswered) == OutsideAnswered(contact=customer.contact, attempt=1)
    await perform(lab, consult(customer))
    await anna.hears("outside")
    await lawyer.hears("agent")
    await customer.hears("music")
    return customer, anna, lawyer


async def test_while_it_rings_the_agent_hears_that_and_the_customer_music(lab: Lab) -> None:
    customer, anna, lawyer = await ringing(lab)
    assert lawyer.caller == NUMBER
    await anna.hears_ringing()
    await customer.hears("music")
    await perform(lab, consult(customer, "customer"))
    await customer.hears("agent")
    await anna.hears("customer")


async def test_the_agent_turns_to_the_customer_brings_all_together_and_parts_them(lab: Lab) -> None:
    customer, anna, lawyer = await asking(lab)
    await perform(lab, consult(customer, "customer"))
    await customer.hears("agent")
    await anna.hears("customer")
    await lawyer.hears("music")
    await perform(lab, consult(customer, "both"))
    await customer.hears("agent", "outside")
    await anna.hears("customer", "outside")
    await lawyer.hears("customer", "agent")
    await perform(lab, consult(customer))
    await customer.hears("music")
    await anna.hears("outside")
    await lawyer.hears("agent")


async def test_the_agent_goes_and_the_customer_talks_to_somebody_outside(lab: Lab) -> None:
    customer, anna, lawyer = await asking(lab)
    await perform(lab, through(customer), do.Release(contact=customer.contact, agent=ANNA, offer=ONE))
    await anna.quiet()
    await customer.hears("outside")
    await lawyer.hears("customer")
    await perform(lab, through(customer))
    lawyer.hang_up()
    ended = await lab.inbox.next(OutsideEnded)
    assert (ended.contact, ended.cause) == (customer.contact, "hung_up")
    await perform(lab, do.PlayMusic(contact=customer.contact))
    await customer.hears("music")


async def test_out_of_a_conference_the_customer_goes_on_with_whoever_is_outside(lab: Lab) -> None:
    customer, anna, lawyer = await asking(lab)
    await perform(lab, consult(customer, "both"))
    await perform(lab, through(customer), do.Release(contact=customer.contact, agent=ANNA, offer=ONE))
    await anna.quiet()
    await customer.hears("outside")
    await lawyer.hears("customer")


async def test_the_agent_goes_while_it_rings_and_the_customer_has_whoever_answers(lab: Lab) -> None:
    customer, anna, lawyer = await ringing(lab)
    await perform(lab, through(customer), do.Release(contact=customer.contact, agent=ANNA, offer=ONE))
    await anna.quiet()
    await lawyer.answer()
    await lab.inbox.next(OutsideAnswered)
    await customer.hears("outside")
    await lawyer.hears("customer")


async def test_the_agent_goes_back_and_the_line_outside_is_hung_up(lab: Lab) -> None:
    customer, anna, lawyer = await asking(lab)
    await perform(
        lab,
        do.EndOutside(contact=customer.contact, attempt=1),
        do.EndConsultation(contact=customer.contact, consultation=TALK),
        do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE),
    )
    await lawyer.stops()
    await customer.hears("agent")
    await anna.hears("customer")


async def test_who_is_busy_leaves_the_customer_with_music_until_the_agent_takes_them_back(lab: Lab) -> None:
    customer, anna, lawyer = await ringing(lab)
    lawyer.busy()
    assert (await lab.inbox.next(OutsideEnded)).cause == "busy"
    await perform(lab, do.EndConsultation(contact=customer.contact, consultation=TALK))
    await customer.hears("music")
    await anna.hears()
    await perform(lab, do.Retrieve(contact=customer.contact, agent=ANNA, offer=ONE))
    await customer.hears("agent")
    await anna.hears("customer")


async def test_customer_who_hangs_up_takes_everybody_along(lab: Lab) -> None:
    customer, anna, lawyer = await asking(lab)
    customer.hang_up()
    assert (await lab.inbox.next(CustomerLeft)).contact == customer.contact
    await lawyer.stops()
    await anna.quiet()


async def test_a_consultation_is_taken_over_after_a_restart_of_ours_and_goes_on(lab: Lab) -> None:
    customer, anna, lawyer = await asking(lab)
    await restarted(lab, customer, beside=TALK)
    assert await lab.inbox.next(OutsideAnswered) == OutsideAnswered(contact=customer.contact, attempt=1)
    await perform(lab, consult(customer))
    await anna.hears("outside")
    await lawyer.hears("agent")
    await customer.hears("music")
    await perform(lab, through(customer), do.Release(contact=customer.contact, agent=ANNA, offer=ONE))
    await customer.hears("outside")
    await lawyer.hears("customer")


async def test_whom_we_had_no_time_to_put_through_is_put_through_after_a_restart(lab: Lab) -> None:
    customer, _, lawyer = await asking(lab)
    await restarted(lab, customer, beside=None)
    await lab.inbox.next(OutsideAnswered)
    await customer.hears("outside")
    await lawyer.hears("customer")


async def restarted(lab: Lab, customer: Customer, *, beside: ContactId | None) -> None:
    arrived = next(fact for fact in lab.inbox.facts if isinstance(fact, ContactArrived))
    agent, offer = (ANNA, ONE) if beside is not None else (None, None)
    known = KnownLine(
        contact=customer.contact, leg=arrived.leg, agent=agent, offer=offer, outside=1, outside_beside=beside
    )
    if isinstance(lab.voice, SimulatedVoice):
        await lab.voice.reconcile(TENANT, [known])
    else:
        assert isinstance(lab, AsteriskLab)
        await lab.restart_ours(known)
