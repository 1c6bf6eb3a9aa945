"""Messages to agents: which stand, for whom, and who has seen them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never

from otklik.contact.decisions import Decision, Refuse
from otklik.contact.notice import NoticeFact, NoticePosted, NoticeSeen, NoticeWithdrawn
from otklik.routing.centre import Centre
from otklik.routing.notice import Notice

LONGEST_SECONDS: Final = 7 * 86_400.0
KEPT: Final = 100
"""So many are remembered; of more the oldest are forgotten, standing or not."""


def handle_notice(centre: Centre, fact: NoticeFact) -> list[Decision]:
    found = next((each for each in centre.notices if each.id == fact.notice), None)
    match fact:
        case NoticePosted():
            return [] if found is not None else _post(centre, fact)
        case NoticeSeen():
            return _see(centre, fact, found)
        case NoticeWithdrawn():
            if found is None:
                return [Refuse(code="no_such_notice")]
            if found.withdrawn_at is None:
                _put(centre, replace(found, withdrawn_at=centre.now))
                _touch(centre, found)
            return []
        case _:
            assert_never(fact)


def _post(centre: Centre, fact: NoticePosted) -> list[Decision]:
    if any(queue not in centre.queues for queue in fact.queues):
        return [Refuse(code="no_such_queue")]
    if any(agent not in centre.agents for agent in fact.agents):
        return [Refuse(code="no_such_agent")]
    made = Notice(
        id=fact.notice,
        by=fact.by,
        at=centre.now,
        expires_at=centre.now + min(LONGEST_SECONDS, max(0.0, fact.lasts_seconds)),
        queues=fact.queues,
        agents=fact.agents,
        urgent=fact.urgent,
    )
    dropped, centre.notices = centre.notices[: -KEPT + 1], (*centre.notices[-KEPT + 1 :], made)
    for each in (*dropped, made):
        _touch(centre, each)
    return []


def _see(centre: Centre, fact: NoticeSeen, found: Notice | None) -> list[Decision]:
    agent = centre.agents.get(fact.agent)
    if agent is None or found is None or not found.stands(centre.now) or not found.is_for(agent):
        return [Refuse(code="no_such_notice")]
    if not found.seen_by(agent.id):
        _put(centre, replace(found, seen=(*found.seen, (agent.id, centre.now))))
        centre.touched_agents.add(agent.id)
    return []


def _put(centre: Centre, changed: Notice) -> None:
    centre.notices = tuple(changed if each.id == changed.id else each for each in centre.notices)


def _touch(centre: Centre, notice: Notice) -> None:
    """Their desks are to show it, or to show it no more, at once."""
    centre.touched_agents.update(agent.id for agent in centre.agents.values() if notice.is_for(agent))
