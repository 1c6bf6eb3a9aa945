"""Which alerts are to be raised and which are over, from the folded state and the time alone. Pure.

Whoever leads the centre asks every second and tells the answer as facts, so that all pages, and a restarted centre, know the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from otklik.contact.ids import QueueId
from otklik.contact.watching import AlertOver, AlertRaised, AlertRule
from otklik.desk import view
from otklik.desk.view import Json
from otklik.routing import Engine, LiveAgent, QueueView
from otklik.routing.agent import REASON_MISSED, REASON_TELEPHONE
from otklik.routing.alert import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """That a rule holds of a subject, and what queue and agent that is about."""

    rule: str
    subject: str
    queue: str | None = None
    agent: str | None = None
    percent: int | None = None
    of: int | None = None


def news(engine: Engine, now: float, new_id: Callable[[], str]) -> list[AlertRaised | AlertOver]:
    """Facts, those of what is over first. Nothing where nothing has changed since they were told."""
    rules = {rule.id: rule for rule in engine.configuration.alerts}
    if not rules and not engine.alerts():
        return []
    found = {(each.rule, rule.kind, each.subject): each for rule in rules.values() for each in _look(engine, rule, now)}
    standing = {(each.rule, each.kind, each.subject): each.id for each in engine.alerts() if each.over_at is None}
    over = [AlertOver(alert=alert) for key, alert in standing.items() if key not in found]
    raised = [
        AlertRaised(alert=new_id(), kind=rules[each.rule].kind, **asdict(each))
        for key, each in found.items()
        if key not in standing
    ]
    return [*over, *raised]


def _look(engine: Engine, rule: AlertRule, now: float) -> Iterator[Found]:
    match rule.kind:
        case "long_wait" | "service_level" | "abandoned":
            for queue in engine.queues():
                if not rule.queues or queue.id in rule.queues:
                    yield from _of_queue(engine, rule, queue, now)
        case "long_status" | "ghost_busy":
            for agent in engine.agents():
                since = _status_since(rule, agent) if rule.kind == "long_status" else ghost_since(engine, agent)
                of_it = not rule.queues or any(queue in rule.queues for queue in agent.queues)
                if since is not None and of_it and now - since >= rule.after_seconds:
                    yield Found(rule=rule.id, subject=agent.id, agent=agent.id)
        case "long_talk" | "long_hold":
            for agent in engine.agents():
                yield from _in_hand(engine, rule, agent, now)


def _of_queue(engine: Engine, rule: AlertRule, queue: QueueView, now: float) -> Iterator[Found]:
    if rule.kind != "long_wait":
        yield from _share(engine, rule, queue.id, now)
    elif queue.longest_since is not None and now - queue.longest_since >= rule.after_seconds:
        yield Found(rule=rule.id, subject=queue.id, queue=queue.id)


def _status_since(rule: AlertRule, agent: LiveAgent) -> float | None:
    return agent.since if agent.state.value in rule.states else None


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
            yield Found(rule=rule.id, subject=contact_id, queue=contact.queue, agent=agent.id)


def ghost_since(engine: Engine, agent: LiveAgent) -> float | None:
    """Since when somebody passes for being at work who has nothing in hand and can be given nothing: put on a pause by a
    missed call and not back since, ready without a telephone, or said to talk where no customer is on the line."""
    if agent.hands:
        contacts = {contact: engine.contact(contact) for contact in agent.hands}
        ghosts = [
            hand.state != "wrap_up" and ((contact := contacts[each]) is None or not contact.open)
            for each, hand in agent.hands.items()
        ]
        return agent.since if all(ghosts) else None
    if agent.state == "not_ready" and agent.reason in (REASON_MISSED, REASON_TELEPHONE):
        return agent.since
    if agent.state == "ready" and not agent.reachable:
        return max(agent.since, agent.unreachable_at or 0.0)
    return None


def _share(engine: Engine, rule: AlertRule, queue: QueueId, now: float) -> Iterator[Found]:
    """Of the contacts that were answered or gave up in the window; of a service level also those who wait too long
    already, so that a queue in which nobody answers does not look well served."""
    lately = [each for each in engine.served(queue) if each[0] >= now - rule.window_seconds]
    answered = [seconds for _, seconds, by_agent in lately if by_agent]
    lost = sum(not by_agent and seconds >= rule.short_seconds for _, seconds, by_agent in lately)
    if rule.kind == "abandoned":
        part, of = lost, len(answered) + lost
    else:
        part = sum(seconds <= rule.within_seconds for seconds in answered)
        of = len(answered) + lost + engine.overdue(queue, rule.within_seconds, now)
    if of < max(1, rule.at_least):
        return
    lost_many = rule.kind == "abandoned"
    stands = part * 100 > rule.percent * of if lost_many else part * 100 < rule.percent * of
    percent = -(-part * 100 // of) if lost_many else part * 100 // of  # rounded away from the rule's own
    if stands:
        yield Found(rule=rule.id, subject=queue, queue=queue, percent=percent, of=of)


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
        "percent": alert.percent,
        "of": alert.of,
        "at": view.iso(alert.at),
        "over_at": view.iso_or_none(alert.over_at),
        "seen": seen,
    }
