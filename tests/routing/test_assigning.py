"""A supervisor moves an agent between queues and skills for the shift; the set-up stays as it is."""

from __future__ import annotations

from dataclasses import replace

from tests.routing.centre import ANNA, BORIS, CONFIGURATION, SALES, SUPPORT, Office, of, only

from otklik.contact.assigning import AgentAssigned, AssignmentEnded
from otklik.contact.configuration import Configuration, Skill
from otklik.contact.decisions import Offer, Refuse
from otklik.contact.facts import Configured, ContactFinished, ShiftEnded, ShiftStarted, WrapUpFinished
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.routing import Engine

SPANISH = "spanish"


def assign(
    agent: AgentId, queues: dict[QueueId, int], skills: dict[str, int] | None = None, by: str = "olga"
) -> AgentAssigned:
    return AgentAssigned(agent=agent, by=by, queues=queues, skills=skills or {})


def back(agent: AgentId) -> AssignmentEnded:
    return AssignmentEnded(agent=agent, by="olga")


def members(engine: Engine, queue: QueueId) -> int:
    found = engine.queue(queue)
    assert found is not None
    return found.agents_working


def test_whoever_waits_is_offered_to_an_agent_who_is_moved_to_the_queue_at_once() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.queue("c1", SUPPORT)
    assert only(Offer, office.do(assign(BORIS, {SUPPORT: 3}))).agent == BORIS
    assert (members(office.engine, SALES), members(office.engine, SUPPORT)) == (0, 1)
    assert office.agent(BORIS).queues == {SUPPORT: 3}


def test_nothing_is_offered_from_the_queue_that_was_left_and_what_is_in_hand_is_finished() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1")
    assert office.do(assign(BORIS, {SUPPORT: 3})) == []
    assert office.contact("c1").state == "talking"
    office.do(ContactFinished(contact=ContactId("c1"), agent=BORIS))
    office.queue("c2", SALES)
    done = office.do(WrapUpFinished(contact=ContactId("c1"), agent=BORIS, disposition="sold"))
    assert of(Offer, done) == []
    assert only(Offer, office.do(back(BORIS))).contact == "c2"


def test_one_click_brings_back_what_the_set_up_says() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.do(assign(ANNA, {}))
    assert office.agent(ANNA).queues == {}
    office.do(assign(ANNA, {SALES: 1}, by="igor"))
    office.do(back(ANNA))
    assert (office.agent(ANNA).queues, office.agent(ANNA).assignment) == ({SALES: 5, SUPPORT: 5}, None)
    assert office.do(back(ANNA)) == []


def test_end_of_the_shift_ends_it_also_after_a_conversation() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.do(assign(BORIS, {SUPPORT: 3}))
    office.talk("c1", SUPPORT)
    office.do(ShiftEnded(agent=BORIS))
    assert office.agent(BORIS).queues == {SUPPORT: 3}
    office.do(ContactFinished(contact=ContactId("c1"), agent=BORIS))
    office.do(WrapUpFinished(contact=ContactId("c1"), agent=BORIS, disposition="sold"))
    assert office.agent(BORIS).queues == {SALES: 9}
    office.do(ShiftStarted(agent=BORIS))
    assert (members(office.engine, SUPPORT), office.agent(BORIS).assignment) == (0, None)


def skilled() -> Configuration:
    queues = tuple(
        replace(queue, requires="spanish > 2") if queue.id == SUPPORT else queue for queue in CONFIGURATION.queues
    )
    return replace(CONFIGURATION, queues=queues, skills=(Skill(id=SPANISH, ru="Испанский", en="Spanish"),))


def test_skills_go_by_the_assignment_too() -> None:
    office = Office(skilled(), ANNA)
    office.queue("c1", SUPPORT)
    assert of(Offer, office.do(assign(ANNA, {SUPPORT: 5}))) == []
    assert of(Offer, office.do(assign(ANNA, {SUPPORT: 5}, {SPANISH: 2}))) == []
    assert only(Offer, office.do(assign(ANNA, {SUPPORT: 5}, {SPANISH: 3}))).agent == ANNA
    assert office.engine.skills(ANNA) == {SPANISH: 3}


def test_new_set_up_and_a_restart_keep_it_and_a_queue_that_is_no_more_falls_out() -> None:
    office = Office(skilled(), ANNA, BORIS)
    office.do(assign(BORIS, {SUPPORT: 3, SALES: 1}, {SPANISH: 9}))
    restarted = Engine.restore(office.engine.snapshot())
    boris = restarted.agent(BORIS)
    assert boris is not None
    assert (boris.queues, restarted.skills(BORIS)) == ({SUPPORT: 3, SALES: 1}, {SPANISH: 9})
    assert members(restarted, SUPPORT) == 2
    office.do(Configured(configuration=replace(skilled(), queues=skilled().queues[1:])))
    assert (office.agent(BORIS).queues, office.engine.skills(BORIS)) == ({SUPPORT: 3}, {SPANISH: 9})


def test_what_cannot_be_is_refused_and_changes_nothing() -> None:
    office = Office(CONFIGURATION, ANNA)
    for refused, code in (
        (assign(BORIS, {SALES: 1}), "not_in_shift"),
        (assign(AgentId("nobody"), {SALES: 1}), "not_in_shift"),
        (assign(ANNA, {QueueId("none"): 1}), "no_such_queue"),
        (assign(ANNA, {SALES: 1}, {"none": 1}), "no_such_skill"),
    ):
        assert office.do(refused) == [Refuse(code=code)]
    assert (office.agent(ANNA).queues, office.agent(ANNA).assignment) == ({SALES: 5, SUPPORT: 5}, None)
