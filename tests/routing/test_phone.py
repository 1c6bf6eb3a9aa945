"""Where agents take calls: the page, a desk telephone, a number outside."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.routing.centre import ANNA, CONFIGURATION, ENGLISH, RUSSIAN, SALES, Office, of, only

from otklik.contact.configuration import Calling, Configuration
from otklik.contact.decisions import Offer, Refuse, Rejoin, SetTimer, Withdraw
from otklik.contact.facts import (
    AgentLegEnded,
    AgentReachable,
    AgentUnreachable,
    CallPlaced,
    CallsOutChanged,
    Configured,
    OfferAnswered,
    OfferDeclined,
    OfferExpired,
    OfferFailed,
    PhoneChosen,
    RejoinAsked,
    ShiftEnded,
    ShiftStarted,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.phone import Outside, Phone
from otklik.routing import AgentState, ContactState
from otklik.routing.audit import faults

C1 = ContactId("c1")
ONE = OfferNumber(1)
MOBILE = "+79160000001"


def chosen(phone: Phone) -> PhoneChosen:
    return PhoneChosen(agent=ANNA, phone=phone)


def allowed(**fields: object) -> Configuration:
    agents = tuple(
        replace(agent, **({"desk_telephone": True, "outside_number": MOBILE} | fields)) if agent.id == ANNA else agent  # type: ignore[arg-type]
        for agent in CONFIGURATION.agents
    )
    return replace(CONFIGURATION, agents=agents)


def at(phone: Phone) -> Office:
    """Anna alone is ready, and takes calls there; the page has never registered."""
    office = Office(allowed())
    office.do(ShiftStarted(agent=ANNA))
    assert office.do(chosen(phone)) == []
    office.do(StatusChosen(agent=ANNA, status="ready"))
    if phone == "desk":
        office.do(AgentReachable(agent=ANNA, phone="desk"))
    return office


def test_page_alone_may_be_chosen_where_nothing_is_set_up() -> None:
    office = Office(CONFIGURATION, ANNA)
    refused = [Refuse(code="phone_not_set_up")]
    assert [office.do(chosen("desk")), office.do(chosen("outside")), office.do(chosen("page"))] == [
        refused,
        refused,
        [],
    ]


def test_desk_telephone_is_rung_and_only_once_it_is_registered() -> None:
    office = Office(allowed(), ANNA)
    office.do(chosen("desk"))
    office.do(AgentReachable(agent=ANNA, phone="page"))
    assert not office.agent(ANNA).reachable, "the page's registration does not count"
    assert of(Offer, office.queue("c1")) == []
    offer = only(Offer, office.do(AgentReachable(agent=ANNA, phone="desk")))
    assert (offer.agent, offer.phone, offer.outside) == (ANNA, "desk", None)


def test_other_phone_comes_and_goes_without_a_word() -> None:
    office = at("desk")
    office.queue("c1")
    assert office.do(AgentReachable(agent=ANNA, phone="page")) == []
    assert office.do(AgentUnreachable(agent=ANNA, phone="page")) == []
    assert office.agent(ANNA).state is AgentState.OFFERED
    withdrawn = only(Withdraw, office.do(AgentUnreachable(agent=ANNA, phone="desk")))
    assert withdrawn == Withdraw(contact=C1, agent=ANNA, offer=ONE)
    assert not office.agent(ANNA).reachable


def test_phone_is_not_changed_in_a_call_and_is_kept_for_the_next_shift() -> None:
    office = at("desk")
    office.talk("c1")
    assert office.do(chosen("page")) == [Refuse(code="phone_in_use")]
    assert office.do(chosen("desk")) == []
    office.do(AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="hung_up"))
    assert office.agent(ANNA).state is AgentState.WRAP_UP
    office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition="sold"))
    office.do(ShiftEnded(agent=ANNA))
    office.do(ShiftStarted(agent=ANNA))
    assert (office.agent(ANNA).phone, office.agent(ANNA).reachable) == ("desk", True)
    assert office.do(chosen("page")) == []
    assert not office.agent(ANNA).reachable


def test_desk_telephone_that_loses_a_call_is_rung_again_at_once_and_when_it_is_back() -> None:
    office = at("desk")
    office.talk("c1")
    again = only(Rejoin, office.do(AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="lost")))
    assert (office.contact("c1").state, again.phone, again.replaces) == (ContactState.REJOINING, "desk", ONE)
    office.do(OfferFailed(contact=C1, agent=ANNA, offer=again.offer, cause="unregistered"))
    office.do(AgentUnreachable(agent=ANNA, phone="desk"))
    assert of(Rejoin, office.do(AgentReachable(agent=ANNA, phone="page"))) == []
    back = only(Rejoin, office.do(AgentReachable(agent=ANNA, phone="desk")))
    assert back.phone == "desk" and of(Rejoin, office.do(AgentReachable(agent=ANNA, phone="desk"))) == []
    office.do(OfferAnswered(contact=C1, agent=ANNA, offer=back.offer))
    assert office.contact("c1").state is ContactState.TALKING


def test_line_in_the_page_that_is_lost_waits_for_the_page_to_ask() -> None:
    office = Office(allowed(), ANNA)
    office.talk("c1")
    assert of(Rejoin, office.do(AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="lost"))) == []
    assert only(Rejoin, office.do(RejoinAsked(contact=C1, agent=ANNA))).phone == "page"


def test_number_outside_is_dialled_for_longer_in_the_name_of_the_queue() -> None:
    office = at("outside")
    decisions = office.queue("c1")
    offer = only(Offer, decisions)
    assert offer.outside == Outside(number=MOBILE, caller=office.contact("c1").dnis, language="ru")
    assert (offer.phone, offer.ring_seconds) == ("outside", 35.0)
    (rona,) = [timer for timer in of(SetTimer, decisions) if isinstance(timer.fact, OfferExpired)]
    assert rona.at == office.contact("c1").offer_expires_at == pytest.approx(office.contact("c1").offered_at + 35)  # type: ignore[operator]


def test_number_of_the_queue_is_shown_and_the_agents_language_is_spoken() -> None:
    set_up = allowed(attributes={"language": "en"})
    queues = tuple(replace(queue, calling=Calling(callers=(ENGLISH,))) for queue in set_up.queues)
    office = Office(replace(set_up, queues=queues))
    office.do(ShiftStarted(agent=ANNA))
    office.do(chosen("outside"))
    office.do(StatusChosen(agent=ANNA, status="ready"))
    assert only(Offer, office.queue("c1")).outside == Outside(number=MOBILE, caller="2000", language="en")


def test_whoever_does_not_press_the_key_outside_has_missed_the_call() -> None:
    office = at("outside")
    office.queue("c1")
    office.do(OfferFailed(contact=C1, agent=ANNA, offer=ONE, cause="no key"))
    agent = office.agent(ANNA)
    assert (agent.state, agent.reason, agent.reachable) == (AgentState.NOT_READY, "missed", True)
    assert office.contact("c1").state is ContactState.WAITING


def test_whoever_refuses_outside_stays_ready() -> None:
    office = at("outside")
    office.queue("c1")
    office.do(OfferDeclined(contact=C1, agent=ANNA, offer=ONE))
    assert office.agent(ANNA).state is AgentState.READY


def refuse(office: Office, contact: str) -> AgentState:
    """The desk telephone does, by itself."""
    offer = only(Offer, office.queue(contact))
    office.do(OfferDeclined(contact=offer.contact, agent=ANNA, offer=offer.offer, telephone=True))
    return office.agent(ANNA).state


def test_desk_telephone_that_refuses_three_times_in_a_row_makes_its_agent_not_ready_and_says_why() -> None:
    office = at("desk")
    assert [refuse(office, contact) for contact in ("c1", "c2")] == [AgentState.READY, AgentState.READY]
    assert refuse(office, "c3") is AgentState.NOT_READY
    agent = office.agent(ANNA)
    assert (agent.reason, agent.reachable) == ("telephone", True)
    assert {office.contact(each).state for each in ("c1", "c2", "c3")} == {ContactState.WAITING}
    assert of(Offer, office.queue("c4")) == []
    office.do(StatusChosen(agent=ANNA, status="ready"))
    assert office.agent(ANNA).refused == 0


def test_desk_telephone_that_takes_a_call_or_an_agent_who_refuses_in_the_page_begins_the_count_anew() -> None:
    office = at("desk")
    refuse(office, "c1"), refuse(office, "c2")
    offer = only(Offer, office.queue("c3"))
    office.do(OfferDeclined(contact=offer.contact, agent=ANNA, offer=offer.offer))
    assert [refuse(office, contact) for contact in ("c4", "c5")] == [AgentState.READY, AgentState.READY]
    office.talk("c6")
    assert office.agent(ANNA).refused == 0


def test_telephone_that_refuses_where_declining_costs_no_pause_is_not_rung_for_ever() -> None:
    queues = tuple(replace(queue, decline_pause_seconds=0.0) for queue in CONFIGURATION.queues)
    office = at("desk")
    office.do(Configured(configuration=replace(allowed(), queues=queues)))
    offers, rung = of(Offer, office.queue("c1")), 0
    while offers and rung < 9:
        rung += 1
        refused = OfferDeclined(contact=C1, agent=ANNA, offer=offers[0].offer, telephone=True)
        offers = of(Offer, office.do(refused))
    assert (rung, office.agent(ANNA).reason) == (3, "telephone")


def test_without_a_trunk_or_a_number_agents_are_back_in_the_page() -> None:
    office = at("outside")
    office.do(CallsOutChanged(possible=False))
    assert (office.agent(ANNA).phone, office.agent(ANNA).reachable) == ("page", False)
    office.do(CallsOutChanged(possible=True))
    office.do(chosen("outside"))
    office.do(Configured(configuration=allowed(outside_number="")))
    assert office.agent(ANNA).phone == "page"
    office.do(chosen("desk"))
    office.do(Configured(configuration=CONFIGURATION))
    assert office.agent(ANNA).phone == "page"


@pytest.mark.parametrize("cause", ["cause 17", "cause 18", "cause 20"])
def test_mobile_that_is_busy_or_off_has_missed_the_call(cause: str) -> None:
    office = at("outside")
    office.queue("c1")
    office.do(OfferFailed(contact=C1, agent=ANNA, offer=ONE, cause=cause))
    assert (office.agent(ANNA).state, office.agent(ANNA).reason) == (AgentState.NOT_READY, "missed")


@pytest.mark.parametrize("cause", ["cause 34", "refused 503", "lost", "unregistered"])
def test_trunk_that_fails_is_not_the_agents_fault_and_is_not_asked_at_once_again(cause: str) -> None:
    office = at("outside")
    office.queue("c1")
    assert of(Offer, office.do(OfferFailed(contact=C1, agent=ANNA, offer=ONE, cause=cause))) == []
    assert (office.agent(ANNA).state, office.contact("c1").state) == (AgentState.READY, ContactState.WAITING)
    assert only(Offer, office.wait(30)).agent == ANNA


@pytest.mark.parametrize("phone", ["desk", "outside"])
def test_new_set_up_leaves_a_call_in_hand_where_it_is_and_the_agent_is_in_the_page_after_it(phone: Phone) -> None:
    office = at(phone)
    office.talk("c1")
    office.do(Configured(configuration=CONFIGURATION))
    assert office.agent(ANNA).phone == phone
    office.do(AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="hung_up"))
    office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition="sold"))
    assert (office.agent(ANNA).phone, office.agent(ANNA).reachable) == ("page", False)


def test_number_that_went_with_the_set_up_is_not_dialled_for_a_call_that_was_lost() -> None:
    office = at("outside")
    office.talk("c1")
    office.do(Configured(configuration=CONFIGURATION))
    assert only(Rejoin, office.do(AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="lost"))).outside is None


def test_our_own_number_is_no_number_outside() -> None:
    own = replace(CONFIGURATION.entry_points[0], number=MOBILE)
    set_up = replace(allowed(), entry_points=(own, *CONFIGURATION.entry_points[1:]))
    assert [(each.place, each.code) for each in faults(set_up) if not each.warning] == [
        ("agents[0].outside_number", "config_agent_own")
    ]
    office = Office(set_up)
    office.do(ShiftStarted(agent=ANNA))
    assert office.do(chosen("outside")) == [Refuse(code="phone_not_set_up")]


@pytest.mark.parametrize("phone", ["desk", "outside"])
def test_what_rings_is_void_after_a_restart(phone: Phone) -> None:
    office = at(phone)
    office.queue("c1")
    withdrawn = only(Withdraw, office.do(AgentUnreachable(agent=ANNA, phone=phone)))
    assert withdrawn == Withdraw(contact=C1, agent=ANNA, offer=ONE)


def test_number_outside_that_was_rung_again_is_rung_anew_after_a_restart() -> None:
    office = at("outside")
    office.talk("c1")
    before = only(Rejoin, office.do(AgentLegEnded(contact=C1, agent=ANNA, offer=ONE, cause="lost")))
    decisions = office.do(AgentUnreachable(agent=ANNA, phone="outside"))
    assert only(Withdraw, decisions).offer == before.offer
    again = only(Rejoin, decisions)
    assert (again.outside is not None, again.offer > before.offer) == (True, True)


def test_call_that_is_placed_rings_at_the_desk_telephone_first() -> None:
    office = Office(allowed())
    office.do(ShiftStarted(agent=ANNA))
    office.do(chosen("desk"))
    placed = CallPlaced(contact=C1, agent=ANNA, queue=SALES, entry_point=RUSSIAN, number="+79161234567")
    assert office.do(placed) == [Refuse(code="phone_unreachable")]
    office.do(AgentReachable(agent=ANNA, phone="desk"))
    offer = only(Offer, office.do(placed))
    assert (offer.phone, offer.placed, offer.away) == ("desk", True, True)


def test_unknown_agent_chooses_nothing() -> None:
    office = Office(CONFIGURATION)
    assert office.do(PhoneChosen(agent=AgentId("nobody"), phone="page")) == [Refuse(code="not_found")]
