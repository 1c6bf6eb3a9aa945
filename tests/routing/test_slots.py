"""How many contacts of each channel at once, what may come on top of what, and coming free for those who wait."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, LUNCH, RUSSIAN, SALES, SOLD, Office, of, offer

from otklik.contact.configuration import CHANNELS, Channel, Configuration, Status
from otklik.contact.decisions import Decision, Offer, Refuse
from otklik.contact.facts import (
    Configured,
    ContactArrived,
    ContactFinished,
    ContactHeld,
    ContactPulled,
    ContactPushed,
    ContactQueued,
    CustomerLeft,
    OfferAnswered,
    OfferDeclined,
    RejoinAsked,
    ShiftEnded,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId
from otklik.routing import AgentState, Engine, NextStatus
from otklik.routing.rules import Rule
from otklik.routing.slots import BIT, Slots

CALLS = Status(id="calls", ru="Только звонки", en="Calls only", channels=("voice",))
STATUSES = replace(CONFIGURATION, statuses=(CALLS,))


def come(office: Office, name: str, channel: Channel) -> list[Decision]:
    contact = ContactId(name)
    office.do(ContactArrived(contact=contact, channel=channel, entry_point=RUSSIAN, dnis="1000", leg=name))
    return office.do(ContactQueued(contact=contact, queue=SALES))


def take(office: Office, name: str, channel: Channel, agent: AgentId = ANNA) -> None:
    assert [each.agent for each in of(Offer, come(office, name, channel))] == [agent]
    office.answer(name)


def finish(office: Office, name: str, agent: AgentId = ANNA) -> list[Decision]:
    contact = ContactId(name)
    office.do(ContactFinished(contact=contact, agent=agent))
    return office.do(WrapUpFinished(contact=contact, agent=agent, disposition=SOLD))


def why(office: Office, name: str, agent: AgentId = ANNA) -> Rule | None:
    (rule,) = [c.rule for c in office.engine.explain(ContactId(name), office.now) if c.agent == agent]
    return rule


def capacity(channel: Channel, number: int) -> Configuration:
    return replace(CONFIGURATION, capacity={channel: number})


def test_agent_has_three_chats_at_once_and_the_fourth_waits() -> None:
    office = Office(CONFIGURATION, ANNA)
    for name in ("c1", "c2", "c3"):
        take(office, name, "chat")
    assert of(Offer, come(office, "c4", "chat")) == []
    assert why(office, "c4") is Rule.AT_CAPACITY
    assert office.engine.contacts_of(ANNA) == [ContactId("c1"), ContactId("c2"), ContactId("c3")]
    assert of(Offer, finish(office, "c2")) == [offer("c4", ANNA)]


def test_one_call_at_a_time() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "voice")
    assert of(Offer, come(office, "c2", "voice")) == []
    assert why(office, "c2") is Rule.AT_CAPACITY


def test_wrap_up_of_a_call_is_in_hand() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "voice")
    office.do(ContactFinished(contact=ContactId("c1"), agent=ANNA))
    for channel in CHANNELS:
        assert of(Offer, come(office, channel, channel)) == []
        assert why(office, channel) is Rule.IN_WRAP_UP


def test_call_may_interrupt_a_letter_and_nothing_interrupts_a_call() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "letter", "email")
    take(office, "call", "voice")
    assert office.agent(ANNA).pressing == ContactId("letter")
    for channel in CHANNELS:
        assert of(Offer, come(office, channel, channel)) == []
    assert why(office, "chat") is Rule.NOT_INTERRUPTIBLE
    assert why(office, "voice") is Rule.AT_CAPACITY


def test_call_does_not_interrupt_a_chat_unless_the_tenant_says_so() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "chat", "chat")
    assert of(Offer, come(office, "call", "voice")) == []
    assert why(office, "call") is Rule.NOT_INTERRUPTIBLE
    changed = office.do(Configured(configuration=replace(CONFIGURATION, interrupts={"voice": ("chat",)})))
    assert of(Offer, changed) == [offer("call", ANNA)]


def test_nothing_is_offered_while_something_rings() -> None:
    office = Office(CONFIGURATION, ANNA)
    come(office, "c1", "chat")
    assert of(Offer, come(office, "c2", "chat")) == []
    assert why(office, "c2") is Rule.RINGING
    assert of(Offer, office.answer("c1")) == [offer("c2", ANNA)]


def test_channel_without_capacity_is_never_offered_even_by_a_supervisor() -> None:
    office = Office(capacity("email", 0), ANNA)
    assert of(Offer, come(office, "c1", "email")) == []
    assert why(office, "c1") is Rule.AT_CAPACITY
    assert office.do(ContactPushed(contact=ContactId("c1"), agent=ANNA, by="olga")) == [
        Refuse(code="agent_cannot_take", state="at_capacity")
    ]


def test_agent_may_have_a_capacity_of_their_own() -> None:
    anna, *others = CONFIGURATION.agents
    own = replace(CONFIGURATION, capacity={"chat": 1}, agents=(replace(anna, capacity={"chat": 2}), *others))
    office = Office(own, ANNA)
    take(office, "c1", "chat")
    take(office, "c2", "chat")
    office.come(BORIS)
    take(office, "c3", "chat", BORIS)
    assert of(Offer, come(office, "c4", "chat")) == []


def test_less_capacity_takes_nothing_out_of_hand() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    take(office, "c2", "chat")
    office.do(Configured(configuration=capacity("chat", 1)))
    come(office, "c3", "chat")
    assert of(Offer, finish(office, "c1")) == []
    assert of(Offer, finish(office, "c2")) == [offer("c3", ANNA)]


def test_whoever_has_nothing_in_hand_comes_before_whoever_has_been_idle_longer() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    office.wait(5)
    office.come(BORIS)
    take(office, "c2", "chat", BORIS)
    take(office, "c3", "chat", ANNA)


def test_busy_time_counts_once_however_many_are_in_hand() -> None:
    office = Office(capacity("chat", 2), ANNA)
    office.wait(10)
    take(office, "c1", "chat")
    office.wait(5)
    take(office, "c2", "chat")
    office.wait(5)
    finish(office, "c1")
    office.wait(10)
    finish(office, "c2")
    office.wait(10)
    assert office.agent(ANNA).busy_seconds == 20
    assert office.agent(ANNA).occupancy(office.now) == 0.5


def test_page_shows_the_most_pressing_of_what_is_in_hand() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "letter", "email")
    come(office, "call", "voice")
    assert (office.agent(ANNA).state, office.agent(ANNA).pressing) == (AgentState.OFFERED, ContactId("call"))
    office.answer("call")
    office.do(ContactFinished(contact=ContactId("call"), agent=ANNA))
    assert (office.agent(ANNA).state, office.agent(ANNA).pressing) == (AgentState.TALKING, ContactId("letter"))


def test_pause_chosen_with_contacts_in_hand_keeps_new_ones_away_at_once() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    take(office, "c2", "chat")
    office.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH))
    assert of(Offer, come(office, "c3", "chat")) == []
    assert why(office, "c3") is Rule.NOT_READY
    finish(office, "c1")
    assert (office.agent(ANNA).state, office.agent(ANNA).next) == (
        AgentState.TALKING,
        NextStatus(status="not_ready", reason=LUNCH),
    )
    finish(office, "c2")
    assert (office.agent(ANNA).state, office.agent(ANNA).reason) == (AgentState.NOT_READY, LUNCH)


def test_missed_chat_leaves_the_others_in_hand_and_nothing_new_comes() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    come(office, "c2", "chat")
    office.wait(20)
    assert (office.agent(ANNA).state, office.engine.contacts_of(ANNA)) == (AgentState.TALKING, [ContactId("c1")])
    assert why(office, "c2") is Rule.NOT_READY
    finish(office, "c1")
    assert (office.agent(ANNA).state, office.agent(ANNA).reason) == (AgentState.NOT_READY, "missed")


def test_whoever_goes_home_finishes_all_that_is_in_hand_and_gets_nothing_more() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    take(office, "c2", "chat")
    office.do(ShiftEnded(agent=ANNA))
    assert of(Offer, come(office, "c3", "chat")) == []
    assert why(office, "c3") is Rule.OFFLINE
    finish(office, "c1")
    assert office.agent(ANNA).state is AgentState.TALKING
    finish(office, "c2")
    assert office.agent(ANNA).state is AgentState.OFFLINE


@pytest.mark.parametrize("fact", [ContactHeld, RejoinAsked])
def test_what_is_about_a_line_is_refused_where_there_is_none(fact: type[ContactHeld] | type[RejoinAsked]) -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    refused = [Refuse(code="move_not_allowed", state="talking")]
    assert office.do(fact(contact=ContactId("c1"), agent=ANNA)) == refused


# drain


def test_agent_with_chats_is_given_no_more_while_a_caller_waits() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    come(office, "call", "voice")
    office.wait(1)
    assert of(Offer, come(office, "c2", "chat")) == []
    assert why(office, "c2") is Rule.DRAINING
    assert of(Offer, finish(office, "c1")) == [offer("call", ANNA)]


def test_agent_may_pick_a_chat_all_the_same() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    come(office, "call", "voice")
    come(office, "c2", "chat")
    assert of(Offer, office.do(ContactPulled(contact=ContactId("c2"), agent=ANNA))) == [offer("c2", ANNA)]


def test_caller_who_hangs_up_keeps_nobody_back_any_more() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    come(office, "call", "voice")
    come(office, "c2", "chat")
    left = office.do(CustomerLeft(contact=ContactId("call"), cause="hung_up"))
    assert of(Offer, left) == [offer("c2", ANNA)]


def test_caller_whom_another_takes_keeps_nobody_back_any_more() -> None:
    office = Office(CONFIGURATION, ANNA)
    take(office, "c1", "chat")
    come(office, "call", "voice")
    office.wait(1)
    come(office, "c2", "chat")
    assert [(o.contact, o.agent) for o in of(Offer, office.come(BORIS))] == [
        (ContactId("call"), BORIS),
        (ContactId("c2"), ANNA),
    ]


def test_caller_whom_the_agent_declined_or_could_not_serve_keeps_nobody_back() -> None:
    office = Office(replace(CONFIGURATION, statuses=(replace(CALLS, id="chats", channels=("chat",)),)), ANNA)
    come(office, "call", "voice")
    office.do(OfferDeclined(contact=ContactId("call"), agent=ANNA, offer=office.contact("call").offer))
    take(office, "c1", "chat")
    take(office, "c2", "chat")
    office.do(StatusChosen(agent=ANNA, status="ready", reason="chats"))
    office.wait(20)
    take(office, "c3", "chat")


def steady_chats(drain: tuple[Channel, ...]) -> tuple[float | None, int]:
    """Two agents with three slots whom chats never leave empty: one of 60 s comes every 12 s. When the caller was answered
    who comes after five minutes, None within the hour; and how many chats were."""
    office = Office(replace(capacity("chat", 3), drain=drain), ANNA, BORIS)
    ends: list[tuple[float, str, AgentId]] = []
    answered_at, chats, n = None, 0, 0
    began = office.now
    while office.now < began + 3600 and answered_at is None:
        n += 1
        decisions = come(office, f"chat{n}", "chat")
        if office.now - began == 300:
            decisions += come(office, "call", "voice")
        decisions += office.wait(12)
        while decisions:
            offers, decisions = of(Offer, decisions), []
            for each in offers:
                decisions += office.do(OfferAnswered(contact=each.contact, agent=each.agent, offer=each.offer))
                if each.contact == ContactId("call"):
                    answered_at = office.now - began
                else:
                    chats += 1
                    ends.append((office.now + 60, each.contact, each.agent))
            for end in [end for end in ends if end[0] <= office.now]:
                ends.remove(end)
                decisions += finish(office, end[1], end[2])
    return answered_at, chats


def test_steady_flow_of_chats_never_starves_a_caller_and_without_drain_it_would() -> None:
    answered_at, _ = steady_chats(("voice",))
    assert answered_at is not None and answered_at <= 300 + 60 + 2 * 12, "one chat's length, and a step or two"
    starved_at, chats = steady_chats(())
    assert starved_at is None and chats > 290


# statuses


def test_status_of_the_tenant_takes_its_channels_only() -> None:
    office = Office(STATUSES, ANNA)
    office.do(StatusChosen(agent=ANNA, status="ready", reason="calls"))
    assert of(Offer, come(office, "c1", "chat")) == []
    assert why(office, "c1") is Rule.OTHER_CHANNELS
    assert of(Offer, come(office, "c2", "voice")) == [offer("c2", ANNA)]


def test_ready_again_for_all_takes_what_waits_and_keeps_the_place_among_the_idle() -> None:
    office = Office(STATUSES, ANNA)
    idle_since = office.agent(ANNA).idle_since
    office.wait(3)
    office.do(StatusChosen(agent=ANNA, status="ready", reason="calls"))
    come(office, "c1", "chat")
    assert office.agent(ANNA).idle_since == idle_since
    assert of(Offer, office.do(StatusChosen(agent=ANNA, status="ready"))) == [offer("c1", ANNA)]


def test_status_chosen_with_a_contact_in_hand_is_shown_after_it() -> None:
    office = Office(STATUSES, ANNA)
    take(office, "c1", "chat")
    office.do(StatusChosen(agent=ANNA, status="ready", reason="calls"))
    assert office.agent(ANNA).next == NextStatus(status="ready", reason="calls")
    assert of(Offer, come(office, "c2", "chat")) == []
    finish(office, "c1")
    assert (office.agent(ANNA).state, office.agent(ANNA).shown_reason) == (AgentState.READY, "calls")


def test_unknown_status_is_refused_and_one_that_is_gone_takes_everything() -> None:
    office = Office(STATUSES, ANNA)
    assert office.do(StatusChosen(agent=ANNA, status="ready", reason="mail")) == [Refuse(code="no_such_status")]
    office.do(StatusChosen(agent=ANNA, status="ready", reason="calls"))
    come(office, "c1", "chat")
    assert of(Offer, office.do(Configured(configuration=CONFIGURATION))) == [offer("c1", ANNA)]


def test_restart_keeps_what_is_in_hand_and_who_has_room() -> None:
    office = Office(STATUSES, ANNA)
    take(office, "c1", "chat")
    office.come(BORIS)
    office.do(StatusChosen(agent=BORIS, status="ready", reason="calls"))
    office.engine = Engine.restore(office.engine.snapshot())
    take(office, "c2", "chat", ANNA)
    take(office, "c3", "voice", BORIS)


@pytest.mark.parametrize("in_hand", CHANNELS)
def test_slots_beside_one_contact_are_those_of_the_tables(in_hand: Channel) -> None:
    slots = Slots(Configuration())
    room = slots.allowance(ANNA).beside[in_hand]
    for channel in CHANNELS:
        hindered = slots.full(ANNA, [in_hand], channel) or slots.barred([in_hand], channel)
        assert bool(room & BIT[channel]) is not hindered
