"""What is written may be parked: the slot is free, the agent keeps it, and it comes back with all it had."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, RUSSIAN, SALES, SOLD, Office, of, offer

from otklik.contact.configuration import (
    Channel,
    Configuration,
    Destination,
    EntryPoint,
    EntryRule,
    Parking,
    Reason,
    Speech,
)
from otklik.contact.decisions import Announce, Offer, Refuse, RunScenario
from otklik.contact.facts import (
    Configured,
    ContactArrived,
    ContactFinished,
    ContactParked,
    ContactPulled,
    ContactQueued,
    ContactResumed,
    ContactReturned,
    CustomerLeft,
    CustomerWrote,
    ParkingDue,
    ShiftEnded,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId
from otklik.routing import ContactState, Engine
from otklik.routing.audit import faults
from otklik.routing.rules import Rule

DAY = 86_400.0
ASKS = "asks"


def parking(**changes: object) -> Configuration:
    rules = Parking(reasons=(Reason(id=ASKS, ru="Уточняет", en="Asks"),))
    return replace(CONFIGURATION, parking=replace(rules, **changes), capacity={"chat": 1, "email": 2})  # type: ignore[arg-type]  # fields by name


def write(office: Office, name: str, channel: Channel = "chat") -> ContactId:
    """It arrives, waits in sales, and is taken if anybody is there."""
    contact = ContactId(name)
    office.do(
        ContactArrived(
            contact=contact, channel=channel, entry_point=CONFIGURATION.entry_points[0].id, dnis="1000", leg=""
        )
    )
    office.do(ContactQueued(contact=contact, queue=SALES, requires="not agent kate", priority=1))
    if office.contact(name).agent is not None:
        office.answer(name)
    return contact


def park(office: Office, name: str, agent: AgentId = ANNA, **more: object) -> list[object]:
    return list(office.do(ContactParked(contact=ContactId(name), agent=agent, **more)))  # type: ignore[arg-type]  # fields by name


def test_parked_contact_frees_the_slot_and_keeps_what_it_has() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    write(office, "second")
    before = office.contact("first").copy()
    office.wait(30.0)
    decisions = park(office, "first", reason=ASKS, returns_at=office.now + 600)
    assert [each.contact for each in of(Offer, decisions)] == ["second"]  # type: ignore[arg-type]  # of() keeps the kind
    contact = office.contact("first")
    assert contact.state is ContactState.PARKED
    assert (contact.key, contact.requires, contact.queue) == (before.key, before.requires, SALES)
    assert [each.id for each in office.engine.parked_by(ANNA)] == ["first"]
    assert office.agent(ANNA).handled == 1


def test_customer_who_writes_has_the_same_agent_again_before_anybody_else() -> None:
    office = Office(parking(agent_seconds=60.0), ANNA)
    write(office, "first")
    office.come(BORIS)
    park(office, "first")
    office.wait(3600.0)
    assert of(Offer, office.do(CustomerWrote(contact=ContactId("first")))) == [offer("first", ANNA, 2)]
    office.answer("first")
    kinds = [(each.kind, each.agent) for each in office.contact("first").segments]
    assert kinds == [
        ("scenario", None),
        ("queue", None),
        ("agent", ANNA),
        ("parked", ANNA),
        ("queue", None),
        ("agent", ANNA),
    ]
    assert office.engine.parked_by(ANNA) == []


def test_agent_who_has_no_slot_is_waited_for_and_then_the_queue_has_it_by_its_age() -> None:
    office = Office(parking(agent_seconds=60.0), ANNA)
    write(office, "first")
    park(office, "first")
    write(office, "second")
    office.come(BORIS)
    assert of(Offer, office.do(CustomerWrote(contact=ContactId("first")))) == []
    assert office.contact("first").pinned == ANNA
    assert of(Offer, office.wait(59.0)) == []
    assert of(Offer, office.wait(1.0)) == [offer("first", BORIS, 2)]


def test_agent_who_went_home_is_not_waited_for() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    park(office, "first")
    office.do(ShiftEnded(agent=ANNA))
    office.come(BORIS)
    assert of(Offer, office.do(CustomerWrote(contact=ContactId("first")))) == [offer("first", BORIS, 2)]


def test_tenant_may_give_it_to_the_queue_at_once() -> None:
    office = Office(parking(returns_to="queue"), ANNA)
    write(office, "first")
    park(office, "first")
    office.do(ShiftEnded(agent=ANNA))
    office.come(BORIS)
    office.come(ANNA)
    office.do(CustomerWrote(contact=ContactId("first")))
    assert (office.contact("first").pinned, office.contact("first").agent) == (None, BORIS)


def test_it_returns_at_the_time_set_also_after_a_restart_and_an_older_timer_changes_nothing() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    early = office.now + 100
    park(office, "first", returns_at=early)
    office.do(ContactResumed(contact=ContactId("first"), agent=ANNA))
    park(office, "first", returns_at=early + 500)
    office.engine = Engine.restore(office.engine.snapshot())
    assert of(Offer, office.wait(300.0)) == [], "set for the first time it was parked"
    assert of(Offer, office.wait(300.0)) == [offer("first", ANNA, 3)]
    assert office.do(ParkingDue(contact=ContactId("first"), returns_at=early + 500)) == [], "twice is once"


def test_without_a_time_it_returns_after_the_longest_that_the_tenant_allows() -> None:
    office = Office(parking(longest_seconds=DAY), ANNA)
    write(office, "first")
    park(office, "first")
    assert of(Offer, office.wait(DAY - 1)) == []
    assert of(Offer, office.wait(1.0)) == [offer("first", ANNA, 2)]


def test_agent_takes_it_back_without_a_ring_if_there_is_a_slot() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    park(office, "first")
    write(office, "second")
    resumed = ContactResumed(contact=ContactId("first"), agent=ANNA)
    assert office.do(resumed) == [Refuse(code="agent_cannot_take", state="at_capacity")]
    park(office, "second")
    assert of(Offer, office.do(resumed)) == []
    assert (office.contact("first").state, office.contact("first").agent) == (ContactState.TALKING, ANNA)
    assert office.do(resumed) == [Refuse(code="contact_not_parked")]
    assert office.do(replace_agent(resumed, BORIS)) == [Refuse(code="contact_not_parked")]


def replace_agent(fact: ContactResumed, agent: AgentId) -> ContactResumed:
    return ContactResumed(contact=fact.contact, agent=agent)


def test_supervisor_gives_it_to_another_or_back_to_the_queue() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    park(office, "first")
    returned = ContactReturned(contact=ContactId("first"), by="boss", to_agent=BORIS)
    assert office.do(returned) == [Refuse(code="no_such_agent")]
    office.come(BORIS)
    assert of(Offer, office.do(returned)) == [offer("first", BORIS, 2)]
    assert office.do(returned) == [Refuse(code="contact_not_parked")]
    office.answer("first")
    park(office, "first", BORIS)
    office.do(ContactReturned(contact=ContactId("first"), by="boss"))
    assert office.contact("first").pinned is None


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"reason": "unknown"}, "no_such_reason"),
        ({"returns_at": 999.0}, "parked_too_long"),
        ({"returns_at": 1001.0 + 7 * DAY}, "parked_too_long"),
        ({"agent": BORIS}, "no_such_contact"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(wish: dict[str, object], code: str) -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    assert park(office, "first", **wish) == [Refuse(code=code)]  # type: ignore[arg-type]  # a case of the table
    assert office.contact("first").state is ContactState.TALKING


def test_conversation_is_not_parked() -> None:
    office = Office(parking(), ANNA)
    office.talk("call")
    assert park(office, "call") == [Refuse(code="talk_not_parked")]


def test_nobody_parks_more_than_allowed() -> None:
    office = Office(parking(most=1), ANNA)
    write(office, "first")
    park(office, "first")
    write(office, "second")
    assert park(office, "second") == [Refuse(code="parked_too_many")]
    office.do(Configured(configuration=parking(most=0)))
    office.do(CustomerLeft(contact=ContactId("first"), cause="hung_up"))
    assert park(office, "second") == [Refuse(code="parked_too_many")]


def test_parked_time_is_neither_queue_nor_agent_time() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    office.wait(10.0)
    park(office, "first")
    office.wait(500.0)
    office.do(CustomerWrote(contact=ContactId("first")))
    office.wait(2.0)
    office.answer("first")
    office.wait(20.0)
    office.do(ContactFinished(contact=ContactId("first"), agent=ANNA))
    record = office.record("first")
    assert (record.talk_seconds, record.wait_seconds, record.parked_seconds) == (30.0, 2.0, 500.0)
    assert (record.outcome, record.agent) == ("answered", ANNA)


def test_customer_who_goes_while_parked_is_gone() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    park(office, "first")
    office.wait(5.0)
    office.do(CustomerLeft(contact=ContactId("first"), cause="hung_up"))
    assert office.engine.contact(ContactId("first")) is None
    assert (office.record("first").outcome, office.record("first").parked_seconds) == ("answered", 5.0)
    assert office.engine.parked_by(ANNA) == []


def test_outcome_is_not_said_of_what_is_parked() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    park(office, "first")
    saved = WrapUpFinished(contact=ContactId("first"), agent=ANNA, disposition=SOLD)
    assert office.do(saved) == [Refuse(code="no_such_contact")]


def test_why_says_that_it_is_parked_and_until_when() -> None:
    office = Office(parking(), ANNA, KATE)
    write(office, "first")
    park(office, "first", returns_at=1600.0)
    found = office.engine.explain(ContactId("first"), office.now)
    assert {(each.rule, each.until) for each in found} == {(Rule.PARKED, 1600.0)}
    assert office.do(ContactPulled(contact=ContactId("first"), agent=ANNA)) == [Refuse(code="contact_not_waiting")]


def test_agent_who_leaves_may_go_home_by_parking_the_last() -> None:
    office = Office(parking(), ANNA)
    write(office, "first")
    office.do(ShiftEnded(agent=ANNA))
    assert office.agent(ANNA).state == "talking"
    park(office, "first")
    assert office.agent(ANNA).state == "offline"


def test_faults_of_the_set_up_are_named() -> None:
    twice = (Reason(id="a", ru="А", en="A"),) * 2
    found = [(fault.place, fault.code) for fault in faults(parking(most=-1, longest_seconds=0.0, reasons=twice))]
    assert found == [
        ("parking.longest_seconds", "config_seconds"),
        ("parking.most", "config_limit"),
        ("parking.reasons[1].id", "config_twice"),
    ]


def web(office: Office, name: str = "first") -> list[object]:
    entry = CONFIGURATION.entry_points[0]
    return list(
        office.do(ContactArrived(contact=ContactId(name), channel="web", entry_point=entry.id, dnis="1000", leg="web"))
    )


def test_request_of_a_web_site_hears_no_scenario_and_waits_where_that_leads_in_the_end() -> None:
    office = Office(CONFIGURATION)
    assert of(RunScenario, web(office)) == []  # type: ignore[arg-type]  # of() keeps the kind
    assert office.contact("first").queue == CONFIGURATION.scenarios[0].otherwise


def test_request_of_a_web_site_goes_by_the_rules_of_its_entry_point() -> None:
    first, *others = CONFIGURATION.entry_points
    rules = (EntryRule(id="site", to=Destination(queue=SALES, priority=2)),)
    office = Office(replace(CONFIGURATION, entry_points=(replace(first, rules=rules), *others)))
    web(office)
    assert (office.contact("first").queue, office.contact("first").worth_seconds) == (SALES, 120.0)
    away = (EntryRule(id="closed", to=Destination(reject=Speech(text="Закрыто.", language="ru"))),)
    entries: tuple[EntryPoint, ...] = (replace(first, rules=away), *others)
    office = Office(replace(CONFIGURATION, entry_points=entries))
    web(office)
    assert office.record("first").outcome == "rejected", "there is nobody to whom it could be said"


def test_request_of_a_web_site_is_sent_into_no_scenario_and_called_back_by_no_limit() -> None:
    for to in (Destination(scenario=CONFIGURATION.scenarios[0].id), Destination(callback=True)):
        queues = tuple(replace(queue, max_wait_seconds=5.0, otherwise=to) for queue in CONFIGURATION.queues)
        office = Office(replace(CONFIGURATION, queues=queues))
        web(office)
        office.wait(60.0)
        assert office.contact("first").state is ContactState.WAITING


def test_what_is_written_is_told_no_place_in_the_queue() -> None:
    """Each word would be a timer and a fact of the log, for hours, and nobody there to hear it."""
    office = Office()
    decisions = office.do(
        ContactArrived(contact=ContactId("w9"), channel="web", entry_point=RUSSIAN, dnis="", leg="web")
    )
    assert office.contact("w9").state is ContactState.WAITING
    assert not any(isinstance(each, Announce) for each in decisions)
    assert office.wait(3600) == []
