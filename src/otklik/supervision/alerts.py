"""Which alerts are to be raised and which are over, from the folded state and the time alone. Pure.

Whoever leads the centre asks every second and tells the answer as facts, so that all pages, and a restarted centre, know the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from otklik.contact.watching import AlertOver, AlertRaised, AlertRule
from otklik.desk import view
from otklik.desk.view import Json
from otklik.routing import Engine, LiveAgent
from otklik.routing.alert import Alert

Found = tuple[str, str, str | None, str | None]
"""The rule, the subject, and the queue and the agent it is about."""


def news(engine: Engine, now: float, new_id: Callable[[], str]) -> list[AlertRaised | AlertOver]:
    """Facts, those of what is over first. Nothing where nothing has changed since they were told."""
    rules = {rule.id: rule for rule in engine.configuration.alerts}
    if not rules and not engine.alerts():
        return []
    found = {
        (rule, subject): (queue, agent)
        for each in rules.values()
        for rule, subject, queue, agent in _look(engine, each, now)
    }
    standing = {(each.rule, each.subject): each.id for each in engine.alerts() if each.over_at is None}
    over = [AlertOver(alert=alert) for key, alert in standing.items() if key not in found]
    raised = [
        AlertRaised(alert=new_id(), rule=rule, kind=rules[rule].kind, subject=subject, queue=queue, agent=agent)
        for (rule, subject), (queue, agent) in found.items()
        if (rule, subject) not in standing
    ]
    return [*over, *raised]


def _look(engine: Engine, rule: AlertRule, now: float) -> Iterator[Found]:
    match rule.kind:
        case "long_wait":
            for queue in engine.queues():
                since = queue.longest_since
                if since is not None and _asked(rule, queue.id) and now - since >= rule.after_seconds:
                    yield rule.id, queue.id, queue.id, None
        case "long_status":
            for agent in engine.agents():
                of_it = not rule.queues or any(queue in rule.queues for queue in agent.queues)
                if agent.state.value in rule.states and of_it and now - agent.since >= rule.after_seconds:
                    yield rule.id, agent.id, None, agent.id
        case "long_talk" | "long_hold":
            for agent in engine.agents():
                yield from _in_hand(engine, rule, agent, now)


def _in_hand(engine: Engine, rule: AlertRule, agent: LiveAgent, now: float) -> Iterator[Found]:
    for contact_id, hand in agent.hands.items():
        contact = engine.contact(contact_id)
        if contact is None or not _asked(rule, contact.queue):
            continue
        if rule.kind == "long_hold":
            since = hand.since if hand.state == "held" else None
        else:
            since = contact.answered_at if hand.state in ("talking", "held", "rejoining") else None
        if since is not None and now - since >= rule.after_seconds:
            yield rule.id, contact_id, contact.queue, agent.id


def _asked(rule: AlertRule, queue: str | None) -> bool:
    return not rule.queues or queue in rule.queues


def alert_row(engine: Engine, alert: Alert) -> Json:
    """As the floor shows it, the newest last."""
    agent = next((each for each in engine.agents() if each.id == alert.agent), None)
    queue = next((each for each in engine.configuration.queues if each.id == alert.queue), None)
    seen = None if alert.seen_at is None else {"name": alert.seen_by, "at": view.iso(alert.seen_at)}
    return {
        "id": alert.id,
        "kind": alert.kind,
        "queue": {"id": queue.id, "name": queue.name} if queue is not None else None,
        "agent": {"id": agent.id, "name": agent.name} if agent is not None else None,
        "contact": alert.subject if alert.kind in ("long_talk", "long_hold") else None,
        "at": view.iso(alert.at),
        "over_at": view.iso_or_none(alert.over_at),
        "seen": seen,
    }
