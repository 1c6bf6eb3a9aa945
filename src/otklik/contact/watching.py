"""What supervisors want to be shown, and told, of a centre; and the facts of telling them. Decides nothing about contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from msgspec import Struct

from otklik.contact.ids import QueueId

AlertKind = Literal["long_wait", "long_talk", "long_hold", "long_status", "service_level", "abandoned", "ghost_busy"]
OF_A_WINDOW: Final = frozenset({"service_level", "abandoned"})
"""These are counted over all contacts of a queue that were answered or lost lately."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From where on the floor and the wallboard mark a queue, with a word and a sign beside the colour. 0: never."""

    wait_warning_seconds: float = 30.0
    """Of the one who has waited longest."""
    wait_alarm_seconds: float = 60.0
    waiting_warning: int = 0
    """How many wait."""
    waiting_alarm: int = 0
    level_within_seconds: float = 20.0
    """Whoever was answered after a wait up to this was answered in time: the service level is their share of those who were
    answered or gave up today."""
    level_warning: int = 0
    """Percent: marked below it, from ten contacts of the day on."""
    level_alarm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """When supervisors are told of something by themselves."""

    id: str
    kind: AlertKind
    """`long_wait`: the longest wait of a queue; `long_talk`, `long_hold`: one conversation, one hold; `long_status`: an agent in
    one of `states`; `service_level`: too few of a queue's contacts answered in time; `abandoned`: too many gave up;
    `ghost_busy`: an agent who passes for being at work, has nothing in hand and can be given nothing."""
    after_seconds: float = 0.0
    """Of `long_…` and `ghost_busy`: how long it has to last."""
    queues: tuple[QueueId, ...] = ()
    """Those of the contact, or of the agent. None named: all."""
    states: tuple[Literal["not_ready", "wrap_up", "ready"], ...] = ("not_ready",)
    """Of `long_status`."""
    percent: int = 0
    """`service_level` stands below it, `abandoned` above it."""
    within_seconds: float = 20.0
    """Of `service_level`: a wait up to this is in time."""
    short_seconds: float = 5.0
    """Whoever gave up sooner is not counted, neither as offered nor as lost."""
    window_seconds: float = 1800.0
    """So long a contact is counted after it was answered or lost."""
    at_least: int = 10
    """With fewer contacts to count nothing is said."""


class AlertRaised(Struct, frozen=True, kw_only=True):
    """A rule began to hold of a queue, a contact or an agent (`subject`). While one stands of the same rule and subject,
    another changes nothing."""

    alert: str
    rule: str
    kind: AlertKind
    subject: str
    queue: str | None = None
    agent: str | None = None
    percent: int | None = None
    """As it was then, of so many contacts (`of`)."""
    of: int | None = None


class AlertOver(Struct, frozen=True, kw_only=True):
    """What was told of is so no more. Late or twice it changes nothing."""

    alert: str


class AlertAcknowledged(Struct, frozen=True, kw_only=True):
    """Somebody has seen to it. The first counts."""

    alert: str
    by: str
    name: str


AlertFact = AlertRaised | AlertOver | AlertAcknowledged
