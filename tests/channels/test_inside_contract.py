"""Two agents call each other and there is no customer: the same on the simulator and on a real Asterisk, proved by tones."""

from __future__ import annotations

from otklik.channels.voice import resting
from otklik.contact import decisions as do
from otklik.contact.facts import AgentLegEnded, OfferAnswered, OfferDeclined
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.ports import KnownLine
from tests.channels.lab import AgentPhone, AsteriskLab, Lab, perform, until
from tests.channels.test_voice_contract import ANNA, ONE, TWO

BORIS = AgentId("boris")
CALL = ContactId("019a0000-0000-7000-8000-00000000ca11")
SIDE = ContactId("019a0000-0000-7000-8000-00000000ca12")
RELEASE = do.Release(contact=CALL, agent=ANNA, offer=ONE)
OTHER = do.Release(contact=SIDE, agent=BORIS, offer=ONE)
OVER = do.EndConsultation(contact=CALL, consultation=SIDE)


def together(
    line: OfferNumber | None = ONE, *, offer: OfferNumber = ONE, holds: bool = False, colleague_holds: bool = False
) -> do.Consult:
    return do.Consult(
        contact=CALL,
        agent=ANNA,
        offer=offer,
        consultation=SIDE,
        line=line,
        talks_to="colleague",
        inside=True,
        holds=holds,
        colleague_holds=colleague_holds,
    )


async def ringing(lab: Lab) -> tuple[AgentPhone, AgentPhone]:
    """The caller's own line is up, the colleague's telephone rings."""
    anna, boris = await lab.phone(ANNA), await lab.phone(BORIS, "colleague")
    await perform(lab, do.Offer(contact=CALL, agent=ANNA, offer=ONE, ring_seconds=10, away=True, placed=True))
    assert await anna.rings() == (CALL, "1", False)
    await anna.answer()
    assert await lab.inbox.next(OfferAnswered) == OfferAnswered(contact=CALL, agent=ANNA, offer=ONE)
    await perform(lab, together(None), do.Offer(contact=SIDE, agent=BORIS, offer=ONE, ring_seconds=10, number="201"))
    assert await boris.rings() == (SIDE, "1", False)
    return anna, boris


async def talking(lab: Lab) -> tuple[AgentPhone, AgentPhone]:
    anna, boris = await ringing(lab)
    await boris.answer()
    assert await lab.inbox.next(OfferAnswered) == OfferAnswered(contact=SIDE, agent=BORIS, offer=ONE)
    await perform(lab, together())
    return anna, boris


async def test_caller_hears_it_ring_and_then_the_two_hear_each_other(lab: Lab) -> None:
    anna, boris = await ringing(lab)
    await anna.hears_ringing()
    await boris.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, together(), together())
    await anna.hears("colleague")
    await boris.hears("agent")
    await perform(lab, OTHER, OVER, RELEASE, do.End(contact=CALL))
    await anna.quiet()
    await boris.quiet()


async def test_who_is_put_on_hold_has_music_and_who_holds_hears_nothing(lab: Lab) -> None:
    anna, boris = await talking(lab)
    await perform(lab, together(holds=True))
    await boris.hears("music")
    await perform(lab, together())
    await anna.hears("colleague")
    await perform(lab, together(colleague_holds=True))
    await anna.hears("music")
    await perform(lab, together())
    await boris.hears("agent")


async def test_colleague_who_declines_leaves_the_caller_to_be_released(lab: Lab) -> None:
    anna, boris = await ringing(lab)
    boris.decline()
    assert await lab.inbox.next(OfferDeclined) == OfferDeclined(contact=SIDE, agent=BORIS, offer=ONE)
    await perform(lab, OVER, RELEASE, do.End(contact=CALL))
    await anna.quiet()


async def test_either_who_hangs_up_is_told_of(lab: Lab) -> None:
    anna, boris = await talking(lab)
    await boris.hears("agent")
    boris.hang_up()
    left = await lab.inbox.next(AgentLegEnded)
    assert left == AgentLegEnded(contact=SIDE, agent=BORIS, offer=ONE, cause="hung_up")
    await perform(lab, OTHER, OVER, RELEASE, do.End(contact=CALL))
    await anna.quiet()


async def test_line_that_rings_again_takes_the_place_of_the_lost_one(lab: Lab) -> None:
    anna, boris = await talking(lab)
    await perform(
        lab, do.Rejoin(contact=SIDE, agent=BORIS, offer=TWO, replaces=ONE), together(None, colleague_holds=True)
    )
    await anna.hears("music")
    assert await boris.rings() == (SIDE, "2", True)
    await boris.answer()
    await lab.inbox.next(OfferAnswered)
    await perform(lab, together(TWO))
    await anna.hears("colleague")
    await boris.hears("agent")


# what only a real switch shows


KNOWN = KnownLine(contact=CALL, leg="", agent=ANNA, offer=ONE, away=True)
KNOWN_SIDE = KnownLine(contact=SIDE, leg="", agent=BORIS, offer=ONE, consults=CALL)


async def test_after_a_restart_of_ours_both_lines_are_told_of_and_found_in_talk(asterisk_lab: AsteriskLab) -> None:
    anna, boris = await talking(asterisk_lab)
    await anna.hears("colleague")
    await asterisk_lab.restart_ours(KNOWN_SIDE, KNOWN)
    told = [await asterisk_lab.inbox.next(OfferAnswered), await asterisk_lab.inbox.next(OfferAnswered)]
    assert {(each.contact, each.agent) for each in told} == {(CALL, ANNA), (SIDE, BORIS)}
    await perform(asterisk_lab, together())
    await boris.hears("agent")
    await perform(asterisk_lab, together(colleague_holds=True))
    await anna.hears("music")
    await perform(asterisk_lab, OTHER, OVER, RELEASE, do.End(contact=CALL))
    await anna.quiet()
    await until("nothing is left of the talk", lambda: not asterisk_lab.voice._calls)
    assert {bridge["id"] for bridge in await asterisk_lab.listed("bridges")} == set(resting.ROOMS)


async def test_of_lines_that_ended_while_we_were_away_each_is_told(asterisk_lab: AsteriskLab) -> None:
    anna, boris = await talking(asterisk_lab)
    await asterisk_lab.voice.close()
    anna.hang_up()
    boris.hang_up()
    await asterisk_lab.restart_ours(KNOWN_SIDE, KNOWN)
    told = [await asterisk_lab.inbox.next(AgentLegEnded), await asterisk_lab.inbox.next(AgentLegEnded)]
    assert {(each.contact, each.cause) for each in told} == {(CALL, "lost"), (SIDE, "lost")}
