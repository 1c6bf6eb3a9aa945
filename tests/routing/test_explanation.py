"""Why this agent, and why not that one."""

from __future__ import annotations

from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SUPPORT, Office

from otklik.contact.facts import AgentUnreachable, OfferDeclined, ShiftStarted
from otklik.contact.ids import AgentId, ContactId, OfferNumber
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
    assert rules(office, "c2") == {ANNA: Rule.UNREACHABLE, KATE: Rule.HAS_CONTACT, BORIS: Rule.NOT_IN_QUEUE}


def test_agent_sees_the_contacts_that_come_next_and_why_not_now() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.wait(2)
    office.queue("c2")
    found = office.engine.explain_agent(ANNA, office.now)
    assert [(c.contact, c.rule) for c in found] == [
        (C1, Rule.CONTACT_NOT_WAITING),
        (ContactId("c2"), Rule.HAS_CONTACT),
    ]


def test_nobody_is_explained_by_nothing() -> None:
    office = Office()
    assert office.engine.explain(ContactId("none"), 0.0) == []
    assert office.engine.explain_agent(AgentId("none"), 0.0) == []
