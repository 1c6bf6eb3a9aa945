"""What is wrong with a rule of alerts, with its places. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from otklik.contact.fault import Fault
from otklik.contact.watching import OF_A_WINDOW, AlertRule

LONGEST_WINDOW_SECONDS: Final = 4 * 3600.0
"""Everything in the window is kept and looked through every second."""
_OF_A_SHARE: Final = frozenset({"percent", "short_seconds", "window_seconds", "at_least"})
_OF_KIND: Final = {
    **dict.fromkeys(("long_wait", "long_talk", "long_hold", "ghost_busy"), frozenset({"after_seconds"})),
    "long_status": frozenset({"after_seconds", "states"}),
    "service_level": _OF_A_SHARE | {"within_seconds"},
    "abandoned": _OF_A_SHARE,
}
_USUAL: Final = AlertRule(id="", kind="long_wait")


def alert_faults(place: str, rule: AlertRule) -> Iterator[Fault]:
    counted = rule.kind in OF_A_WINDOW
    if not counted and rule.after_seconds <= 0:
        yield Fault(place=f"{place}.after_seconds", code="config_alert_seconds")
    least, most = (1, 100) if rule.kind == "service_level" else (0, 99)
    if counted and not least <= rule.percent <= most:
        yield Fault(place=f"{place}.percent", code="config_alert_percent", values={"least": least, "most": most})
    if counted and not 60 <= rule.window_seconds <= LONGEST_WINDOW_SECONDS:
        values = {"least": 60, "most": int(LONGEST_WINDOW_SECONDS)}
        yield Fault(place=f"{place}.window_seconds", code="config_alert_window", values=values)
    if counted and rule.at_least < 1:
        yield Fault(place=f"{place}.at_least", code="config_alert_at_least")
    for part in ("after_seconds", "states", *sorted(_OF_A_SHARE), "within_seconds"):
        if part not in _OF_KIND[rule.kind] and getattr(rule, part) != getattr(_USUAL, part):
            yield Fault(place=f"{place}.{part}", code="config_alert_not_of_kind", values={"kind": rule.kind})
