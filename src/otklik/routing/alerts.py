"""What supervisors are told of by rule: which alerts stand, which are over, who has seen to them. Nothing follows from it for
contacts and agents."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never

from otklik.contact.decisions import Decision, Refuse
from otklik.contact.watching import AlertAcknowledged, AlertFact, AlertOver, AlertRaised
from otklik.routing.alert import Alert
from otklik.routing.centre import Centre

KEPT: Final = 100
"""So many that are over are remembered."""


def handle_alert(centre: Centre, fact: AlertFact) -> list[Decision]:
    match fact:
        case AlertRaised():
            _raise(centre, fact)
        case AlertOver():
            _change(centre, fact.alert, over_at=centre.now)
        case AlertAcknowledged():
            if not any(each.id == fact.alert for each in centre.alerts):
                return [Refuse(code="no_such_alert")]
            _change(centre, fact.alert, seen_by=fact.name, seen_at=centre.now)
        case _:
            assert_never(fact)
    return []


def _raise(centre: Centre, fact: AlertRaised) -> None:
    if any(each.over_at is None and (each.rule, each.subject) == (fact.rule, fact.subject) for each in centre.alerts):
        return
    made = Alert(
        id=fact.alert,
        rule=fact.rule,
        kind=fact.kind,
        subject=fact.subject,
        queue=fact.queue,
        agent=fact.agent,
        at=centre.now,
        percent=fact.percent,
        of=fact.of,
    )
    over = [each.id for each in centre.alerts if each.over_at is not None]
    dropped = set(over[: max(0, len(over) - KEPT)])
    centre.alerts = (*(each for each in centre.alerts if each.id not in dropped), made)


def _change(centre: Centre, alert: str, **values: float | str) -> None:
    """What is known already stays as it was."""

    def changed(each: Alert) -> Alert:
        # Only fields of `Alert` that may be empty are named, each with a value of its own kind.
        fresh = {name: value for name, value in values.items() if getattr(each, name) is None}
        return replace(each, **fresh) if each.id == alert and len(fresh) == len(values) else each  # type: ignore[arg-type]

    centre.alerts = tuple(changed(each) for each in centre.alerts)
