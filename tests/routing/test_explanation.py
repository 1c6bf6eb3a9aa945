"""Why this agent, and why not that one."""

from __future__ import annotations

from dataclasses import replace

from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SALES, SUPPORT, Office

from otklik.contact.configuration import Ring
from otklik.contact.facts import AgentUnreachable, ContactQueued, OfferDeclined, ShiftStarted
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.routing.explanation import KeyParts
from otklik.routing.rules import Rule

C1 = ContactId("c1")


def rules(office: Office, name: str) -> dict[AgentId, Rule | None]:
    return {candidate.agent: candidate.rule for candidate in office.engine.explain(ContactId(name), office.now)}


def test_each_excluded_agent_has_the_rule_that_excluded() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.do(OfferDeclined(contact=C1, agent=ANNA, offer=OfferNumber(1)))
    assert rules(office, "c1") == {ANNA: Rule.DECLINED, BORIS: Rule.OFFLINE, KATE: Rule.NOT_IN_QUEUE}
    office.do(ShiftStarted(agent=BORIS))
    assert rules(office, "c1")[BORIS] is Rule.NOT_READY


def test_busy_and_unreachable_agents_are_told_apart() -> None:
    office = Office(CONFIGURATION, ANNA, KATE)
    office.talk("c1", SUPPORT)
    office.do(AgentUnreachable(agent=ANNA))
    office.queue("c2", SUPPORT)
    assert rules(office, "c2") == {ANNA: Rule.UNREACHABLE, KATE: Rule.AT_CAPACITY, BORIS: Rule.NOT_IN_QUEUE}


def test_agent_sees_the_contacts_that_come_next_and_why_not_now() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.wait(2)
    office.queue("c2")
    found = office.engine.explain_agent(ANNA, office.now)
    assert [(c.contact, c.rule) for c in found] == [
        (C1, Rule.CONTACT_NOT_WAITING),
        (ContactId("c2"), Rule.RINGING),
    ]


def test_agent_is_shown_what_waits_in_the_own_queues_for_others() -> None:
    office = relaxing()
    office.queue("c1", SALES)
    found = office.engine.explain_agent(KATE, office.now)
    assert [(c.contact, c.rule, c.unmet) for c in found] == [(C1, Rule.RING_NOT_REACHED, "english >= 5")]


def relaxing() -> Office:
    sales, support = CONFIGURATION.queues
    rings = (Ring(after_seconds=10, requires="english >= 2"), Ring(after_seconds=30))
    anna, boris, kate = CONFIGURATION.agents
    configuration = replace(
        CONFIGURATION,
        queues=(replace(sales, requires="english >= 5 and language = ru", rings=rings, priority=1), support),
        agents=(
            replace(anna, skills={"english": 6}, attributes={"language": "en"}),
            replace(boris, skills={"english": 2}),
            replace(kate, queues={SALES: 1}, skills={"english": 1}),
        ),
    )
    return Office(configuration, ANNA, BORIS, KATE)


def test_what_an_agent_lacks_is_named_and_when_it_will_not_matter_any_more() -> None:
    office = relaxing()
    office.queue("c1")
    office.wait(5)
    found = {c.agent: (c.rule, c.unmet, c.until) for c in office.engine.explain(C1, office.now)}
    assert found == {
        ANNA: (Rule.RING_NOT_REACHED, "language = ru", 1010.0),
        BORIS: (Rule.RING_NOT_REACHED, "english >= 5", 1010.0),
        KATE: (Rule.RING_NOT_REACHED, "english >= 5", 1030.0),
    }


def test_what_no_ring_will_ever_forgive_is_told_apart() -> None:
    office = relaxing()
    office.arrive("c1")
    office.do(ContactQueued(contact=C1, queue=SALES, requires="german and english >= 7"))
    assert {c.rule for c in office.engine.explain(C1, office.now)} == {Rule.REQUIREMENT_NOT_MET}
    assert office.engine.explain(C1, office.now)[0].unmet in ("english >= 5", "language = ru", "german")


def test_contact_kept_for_one_agent_says_so_and_for_how_long() -> None:
    office = Office(CONFIGURATION, ANNA, BORIS)
    office.do(AgentUnreachable(agent=BORIS))
    office.arrive("c1")
    office.do(ContactQueued(contact=C1, queue=SALES, agent=BORIS, agent_seconds=15.0))
    found = {c.agent: (c.rule, c.pinned, c.until) for c in office.engine.explain(C1, office.now)}
    assert found == {
        ANNA: (Rule.PINNED_TO_ANOTHER, BORIS, 1015.0),
        BORIS: (Rule.UNREACHABLE, BORIS, None),
        KATE: (Rule.PINNED_TO_ANOTHER, BORIS, 1015.0),
    }


def test_key_is_shown_with_its_parts_and_the_clock() -> None:
    office = relaxing()
    office.arrive("c1")
    office.do(ContactQueued(contact=C1, queue=SALES, priority=1, adjustment_seconds=4.0))
    office.wait(3)
    candidate = office.engine.explain(C1, office.now)[0]
    assert candidate.key == KeyParts(place=876.0, queued_at=1000.0, worth_seconds=120.0, adjustment_seconds=4.0)
    assert (candidate.at, candidate.waited_seconds) == (1003.0, 3.0)


def test_agent_is_shown_only_contacts_that_could_be_taken_in_the_order_of_the_key() -> None:
    office = relaxing()
    office.queue("c1")
    office.queue("c2", SUPPORT)
    office.arrive("c3")
    office.do(ContactQueued(contact=ContactId("c3"), queue=SUPPORT, priority=1))
    office.wait(30)
    shown = [c.contact for c in office.engine.explain_agent(ANNA, office.now)]
    assert shown[0] in (C1, ContactId("c3"))
    assert office.engine.explain_agent(KATE, office.now)[0].contact == C1


def test_nobody_is_explained_by_nothing() -> None:
    office = Office()
    assert office.engine.explain(ContactId("none"), 0.0) == []
    assert office.engine.explain_agent(AgentId("none"), 0.0) == []
