"""What every switch does when a customer is called back: run against the simulator and a real Asterisk."""

from __future__ import annotations

import asyncio

import pytest

from otklik.channels.voice import recovery
from otklik.channels.voice.calling_back import failure
from otklik.contact import decisions as do
from otklik.contact.facts import (
    AgentLegEnded,
    CallAnswered,
    CallFailed,
    CustomerLeft,
    OfferAnswered,
    OfferDeclined,
    RecordingStored,
)
from otklik.contact.ids import ContactId
from otklik.contact.ports import KnownLine
from tests.channels.inbox import NUMBER, TENANT
from tests.channels.lab import AgentPhone, AsteriskLab, Called, Lab, perform
from tests.channels.test_voice_contract import ANNA, ONE, TWO

AWAY = ContactId("019a0000-0000-7000-8000-000000000001")
OTHER = ContactId("019a0000-0000-7000-8000-000000000002")
HOME = "+79161234567"
OFFER = do.Offer(contact=AWAY, agent=ANNA, offer=ONE, ring_seconds=10, away=True, number=HOME)
CONNECT = do.Connect(contact=AWAY, agent=ANNA, offer=ONE)
RELEASE = do.Release(contact=AWAY, agent=ANNA, offer=ONE)


def dial(attempt: int = 1, *, number: str = HOME, ring_seconds: float = 10.0) -> do.Dial:
    return do.Dial(
        contact=AWAY, agent=ANNA, offer=ONE, attempt=attempt, ring_seconds=ring_seconds, number=number, caller=NUMBER
    )


async def accepted(lab: Lab) -> AgentPhone:
    """The agent has taken the offer of a customer who is not on the line."""
    phone = await lab.phone(ANNA)
    await perform(lab, OFFER)
    assert await phone.rings() == (AWAY, "1", False)
    await phone.answer()
    answered = await lab.inbox.next(OfferAnswered)
    assert answered == OfferAnswered(contact=AWAY, agent=ANNA, offer=ONE)
    return phone


async def calling(lab: Lab, *, ring_seconds: float = 10.0) -> tuple[AgentPhone, Called]:
    phone = await accepted(lab)
    await perform(lab, dial(ring_seconds=ring_seconds))
    return phone, await lab.called(HOME)


async def test_an_accepted_callback_dials_the_customer_who_sees_the_number_of_the_entry_point(lab: Lab) -> None:
    phone, called = await calling(lab)
    assert called.caller == NUMBER
    await phone.hears_ringing()
    customer = await called.answer()
    assert await lab.inbox.next(CallAnswered) == CallAnswered(contact=AWAY, attempt=1)
    await perform(lab, do.Record(contact=AWAY), CONNECT)
    await customer.hears("agent")
    await phone.hears("customer")
    customer.hang_up()
    assert await lab.inbox.next(CustomerLeft) == CustomerLeft(contact=AWAY, cause="hung_up", attempt=1)
    await phone.quiet()


async def test_on_hold_the_customer_who_was_called_hears_music(lab: Lab) -> None:
    phone, called = await calling(lab)
    customer = await called.answer()
    await lab.inbox.next(CallAnswered)
    await perform(lab, do.Record(contact=AWAY), CONNECT, do.Hold(contact=AWAY))
    await customer.hears("music")
    await perform(lab, do.Retrieve(contact=AWAY, agent=ANNA, offer=ONE))
    await customer.hears("agent")
    await perform(lab, do.End(contact=AWAY))
    await customer.gone()
    await phone.quiet()


async def test_a_busy_customer_is_told_and_the_agents_line_stays_until_it_is_released(lab: Lab) -> None:
    phone, called = await calling(lab)
    called.busy()
    assert await lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=1, cause="busy")
    await perform(lab, RELEASE)
    await phone.quiet()
    assert not any(isinstance(fact, AgentLegEnded | CustomerLeft) for fact in lab.inbox.facts)


async def test_a_number_that_does_not_exist_is_told_so(lab: Lab) -> None:
    phone, called = await calling(lab)
    called.unallocated()
    assert await lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=1, cause="unallocated")
    await perform(lab, RELEASE)
    await phone.quiet()


async def test_a_call_that_the_agent_asked_for_says_so_to_the_agents_phone_and_dials_a_short_number(lab: Lab) -> None:
    phone = await lab.phone(ANNA)
    await perform(lab, OFFER)
    await phone.rings()
    assert not phone.asked_for
    phone.decline()
    await lab.inbox.next(OfferDeclined)
    await phone.quiet()
    placed = do.Offer(contact=AWAY, agent=ANNA, offer=TWO, ring_seconds=10, away=True, placed=True, number="112")
    await perform(lab, placed)
    assert await phone.rings() == (AWAY, "2", False)
    assert phone.asked_for
    await phone.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(
        lab, do.Dial(contact=AWAY, agent=ANNA, offer=TWO, attempt=1, ring_seconds=9, number="112", caller=NUMBER)
    )
    customer = await (await lab.called("112")).answer()
    assert await lab.inbox.next(CallAnswered) == CallAnswered(contact=AWAY, attempt=1)
    await perform(lab, do.Record(contact=AWAY), do.Connect(contact=AWAY, agent=ANNA, offer=TWO))
    await customer.hears("agent")
    await phone.hears("customer")


async def test_a_customer_who_does_not_answer_in_time_is_called_no_longer(lab: Lab) -> None:
    phone, called = await calling(lab, ring_seconds=1)
    await called.no_answer()
    assert await lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=1, cause="no_answer")
    await perform(lab, RELEASE)
    await phone.quiet()


async def test_a_call_that_is_given_up_stops_ringing_and_is_told_once(lab: Lab) -> None:
    phone, called = await calling(lab)
    await perform(lab, RELEASE, do.End(contact=AWAY))
    await called.stops()
    assert await lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=1, cause="cancelled")
    await phone.quiet()


async def test_dialled_twice_is_one_line(lab: Lab) -> None:
    _, called = await calling(lab)
    await perform(lab, dial())
    customer = await called.answer()
    await lab.inbox.next(CallAnswered)
    await perform(lab, dial(), do.End(contact=AWAY))
    assert (await lab.inbox.next(CustomerLeft)).attempt == 1
    await customer.gone()
    assert not lab.rings_outside(HOME)


async def test_after_a_failed_attempt_the_next_one_has_a_line_of_its_own(lab: Lab) -> None:
    phone, called = await calling(lab)
    called.busy()
    await lab.inbox.next(CallFailed)
    await perform(lab, RELEASE)
    await phone.quiet()
    again = do.Offer(contact=AWAY, agent=ANNA, offer=TWO, ring_seconds=10, away=True, number=HOME)
    await perform(lab, again)
    await phone.rings()
    await phone.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(
        lab, do.Dial(contact=AWAY, agent=ANNA, offer=TWO, attempt=2, ring_seconds=9, number=HOME, caller=NUMBER)
    )
    customer = await (await lab.called(HOME)).answer()
    assert await lab.inbox.next(CallAnswered) == CallAnswered(contact=AWAY, attempt=2)
    await perform(lab, do.Connect(contact=AWAY, agent=ANNA, offer=TWO))
    await customer.hears("agent")


async def test_an_agent_who_declines_a_callback_leaves_nothing_behind(lab: Lab) -> None:
    phone = await lab.phone(ANNA)
    await perform(lab, OFFER)
    await phone.rings()
    phone.decline()
    assert await lab.inbox.next(OfferDeclined) == OfferDeclined(contact=AWAY, agent=ANNA, offer=ONE)
    await perform(lab, do.End(contact=AWAY))
    assert not any(isinstance(fact, CustomerLeft | CallFailed) for fact in lab.inbox.facts)


async def test_an_agent_who_hangs_up_while_it_rings_is_told_and_the_ring_goes_on_until_it_is_ended(lab: Lab) -> None:
    phone, called = await calling(lab)
    phone.hang_up()
    ended = await lab.inbox.next(AgentLegEnded)
    assert ended == AgentLegEnded(contact=AWAY, agent=ANNA, offer=ONE, cause="hung_up")
    await perform(lab, do.End(contact=AWAY))
    await called.stops()
    assert (await lab.inbox.next(CallFailed)).cause == "cancelled"


async def test_a_switch_that_dies_while_it_calls_has_no_line_and_says_so(lab: Lab) -> None:
    await calling(lab)
    await lab.crash()
    assert await lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=1, cause="lost")


async def test_after_a_restart_of_ours_a_callback_that_is_not_there_has_failed_and_who_is_away_is_away(
    lab: Lab,
) -> None:
    known = KnownLine(contact=AWAY, leg="gone", attempt=3, dialling=True, agent=ANNA, offer=ONE)
    await lab.voice.reconcile(TENANT, [known, KnownLine(contact=OTHER, leg="gone", away=True)])
    assert await lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=3, cause="lost")
    assert await lab.inbox.next(AgentLegEnded) == AgentLegEnded(contact=AWAY, agent=ANNA, offer=ONE, cause="lost")
    assert not any(isinstance(fact, CustomerLeft) for fact in lab.inbox.facts)


async def test_without_a_trunk_the_switch_says_so_and_an_attempt_fails(lab: Lab) -> None:
    assert lab.voice.calls_out()
    lab.take_trunk_away()
    assert not lab.voice.calls_out()
    phone = await accepted(lab)
    await perform(lab, dial())
    assert await lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=1, cause="failed")
    await perform(lab, RELEASE)
    await phone.quiet()
    assert not lab.rings_outside(HOME)


# what only a real switch shows


@pytest.mark.parametrize(
    "number", ["1", "1234567", "12a", "79161234567", "+7916;transport=tcp", "", "+0123456789", "+79161234567@x"]
)
async def test_a_number_of_another_form_is_never_dialled(asterisk_lab: AsteriskLab, number: str) -> None:
    phone = await accepted(asterisk_lab)
    await perform(asterisk_lab, dial(number=number))
    assert await asterisk_lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=1, cause="failed")
    channels = [channel["id"] for channel in await asterisk_lab.listed("channels")]
    assert channels == [f"{AWAY}.1"]
    await perform(asterisk_lab, RELEASE)
    await phone.quiet()


async def test_the_talk_is_recorded_under_the_attempt(asterisk_lab: AsteriskLab) -> None:
    phone, called = await calling(asterisk_lab)
    customer = await called.answer()
    await asterisk_lab.inbox.next(CallAnswered)
    await perform(asterisk_lab, do.Record(contact=AWAY), CONNECT, do.Record(contact=AWAY))
    await customer.hears("agent")
    await phone.hears("customer")
    customer.hang_up()
    stored = await asterisk_lab.inbox.next(RecordingStored)
    assert (stored.contact, stored.attempt) == (AWAY, 1)
    assert stored.key.endswith(f"/{AWAY}_1.wav") and stored.seconds > 0.1


async def test_a_call_that_rings_goes_on_while_our_process_is_killed(asterisk_lab: AsteriskLab) -> None:
    phone, called = await calling(asterisk_lab)
    known = KnownLine(contact=AWAY, leg="gone", attempt=1, dialling=True, agent=ANNA, offer=ONE)
    await asterisk_lab.restart_ours(known)
    customer = await called.answer()
    assert await asterisk_lab.inbox.next(CallAnswered) == CallAnswered(contact=AWAY, attempt=1)
    await perform(asterisk_lab, do.Record(contact=AWAY), CONNECT)
    await customer.hears("agent")
    await phone.hears("customer")


async def undialled(lab: AsteriskLab) -> AgentPhone:
    """The customer's line is made, and as the connection is lost just then, we are not told that it is in our hands."""
    phone = await accepted(lab)
    del lab.voice._handlers["StasisStart"]
    await perform(lab, dial())
    async with asyncio.timeout(30):
        while f"{AWAY}_1" not in [each["id"] for each in await lab.listed("channels") if each["dialplan"]["app_name"]]:
            await asyncio.sleep(0.02)
    return phone


async def test_a_line_that_was_made_and_not_dialled_is_dialled_when_calls_are_compared(
    asterisk_lab: AsteriskLab,
) -> None:
    phone = await undialled(asterisk_lab)
    await asterisk_lab.voice._recovery.put_right()
    await asterisk_lab.voice._recovery.put_right()
    customer = await (await asterisk_lab.called(HOME)).answer()
    assert await asterisk_lab.inbox.next(CallAnswered) == CallAnswered(contact=AWAY, attempt=1)
    await perform(asterisk_lab, CONNECT)
    await customer.hears("agent")
    await phone.hears("customer")


async def test_a_line_that_was_made_and_not_dialled_as_we_were_killed_has_failed_in_time(
    asterisk_lab: AsteriskLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "SILENT_SECONDS", 0.2)
    await undialled(asterisk_lab)
    known = KnownLine(contact=AWAY, leg="gone", attempt=1, dialling=True, agent=ANNA, offer=ONE)
    await asterisk_lab.restart_ours(known)
    assert await asterisk_lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=1, cause="lost")


async def test_a_customer_who_answered_while_we_were_away_is_connected_when_we_are_back(
    asterisk_lab: AsteriskLab,
) -> None:
    """The line is in our hands before it is dialled, so Asterisk keeps it."""
    phone, called = await calling(asterisk_lab)
    await asterisk_lab.voice.close()
    customer = await called.answer()
    known = KnownLine(contact=AWAY, leg="gone", attempt=1, dialling=True, agent=ANNA, offer=ONE)
    await asterisk_lab.restart_ours(known)
    assert await asterisk_lab.inbox.next(CallAnswered) == CallAnswered(contact=AWAY, attempt=1)
    await perform(asterisk_lab, CONNECT)
    await customer.hears("agent")
    await phone.hears("customer")


async def test_a_line_of_another_attempt_is_hung_up_after_a_restart(asterisk_lab: AsteriskLab) -> None:
    phone, called = await calling(asterisk_lab)
    await asterisk_lab.restart_ours(KnownLine(contact=AWAY, leg="gone", attempt=2, dialling=True))
    assert await asterisk_lab.inbox.next(CallFailed) == CallFailed(contact=AWAY, attempt=2, cause="lost")
    await called.stops()
    await perform(asterisk_lab, RELEASE)
    await phone.quiet()


async def test_a_line_of_a_callback_that_is_over_is_hung_up_after_a_restart(asterisk_lab: AsteriskLab) -> None:
    phone, called = await calling(asterisk_lab)
    await asterisk_lab.restart_ours(over=[KnownLine(contact=AWAY, leg="gone")])
    await called.stops()
    await phone.quiet()


@pytest.mark.parametrize(
    ("cause", "sip_code", "means"),
    [
        (17, 486, "busy"),
        (19, 0, "no_answer"),
        (0, 480, "no_answer"),
        (21, 603, "rejected"),
        (1, 404, "unallocated"),
        (1, 0, "unallocated"),
        (28, 484, "unallocated"),
        (1, 503, "failed"),
        (0, 0, "failed"),
    ],
)
def test_an_end_is_told_by_its_sip_code_else_by_its_cause(cause: int, sip_code: int, means: str) -> None:
    assert failure(cause, sip_code) == means
