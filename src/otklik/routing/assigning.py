"""Moving agents between queues and skills for the shift."""

from __future__ import annotations

from typing import assert_never

from otklik.contact.assigning import AgentAssigned, AssigningFact, AssignmentEnded
from otklik.contact.decisions import Decision, Refuse
from otklik.contact.division import apart
from otklik.routing.assignment import Assignment
from otklik.routing.centre import Centre
from otklik.routing.contact import QUEUED


def handle_assigning(centre: Centre, fact: AssigningFact) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    match fact:
        case AgentAssigned():
            if agent is None or not centre.in_shift(agent.id):
                return [Refuse(code="not_in_shift")]
            division = centre.division_of_agent(agent.id)
            if any(
                queue not in centre.queues or apart(division, centre.queue(queue).division) for queue in fact.queues
            ):
                return [Refuse(code="no_such_queue")]
            if fact.skills.keys() - {skill.id for skill in centre.configuration.skills}:
                return [Refuse(code="no_such_skill")]
            agent.assignment = Assignment(queues=fact.queues, skills=fact.skills, by=fact.by, at=centre.now)
            centre.reassigned = True
        case AssignmentEnded():
            if agent is not None and agent.assignment is not None:
                agent.assignment = None
                centre.reassigned = True
        case _:
            assert_never(fact)
    return []


def settle_assignments(centre: Centre) -> None:
    """Call once a fact is through: who stands in which queue is found anew, as after a new set-up."""
    centre.reassigned = False
    centre.assign()
    centre.rebuild()
    for contact in centre.contacts.values():
        if contact.state in QUEUED and contact.queue in centre.watched:
            centre.unsettled[contact.id] = False
    centre.touched_agents.update(centre.agents)
    centre.touched_queues.update(centre.lines)
    centre.stirred_all = True
