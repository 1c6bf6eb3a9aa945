"""Where a new contact goes: the incident switches, then the entry point's table of rules, then its scenario. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from otklik.contact.configuration import AnyScenario, Channel, Conditions, Configuration, Destination, EntryPoint
from otklik.contact.facts import ContactArrived
from otklik.contact.hours import Calendar, CalendarId
from otklik.contact.ids import EntryPointId, ScenarioId
from otklik.contact.record import Admission
from otklik.routing.hours import is_open, wall, within


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident switch that is on. `entry_point` None: of the whole tenant."""

    entry_point: EntryPointId | None
    since: float
    by: str
    repaired_by: float | None = None
    """When it is expected to be over, as it was said."""
    texts: dict[str, str] = field(default_factory=dict)


DEFAULT_LANGUAGE: Final = "ru"
_OTHER_SIGNS: Final = re.compile("[^0-9]")
Incidents = Mapping[EntryPointId | None, Incident]


class Arrived(Protocol):
    """What is asked of a contact: the fact of its arrival, or the contact itself."""

    @property
    def ani(self) -> str | None: ...
    @property
    def dnis(self) -> str: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def entry_point(self) -> EntryPointId: ...


class Entrance:
    """All entry points of a set-up, with what their rules look things up in."""

    def __init__(self, configuration: Configuration) -> None:
        self.entry_points = {each.id: each for each in configuration.entry_points}
        self.own_numbers = frozenset(digits(each.number) for each in configuration.entry_points)
        """At which customers arrive."""
        self._calendars = {each.id: each for each in configuration.calendars}
        self._lists = {each.id: frozenset(map(digits, each.numbers)) for each in configuration.number_lists}
        self._switches = {each.entry_point: each.to for each in configuration.incident_switches}
        self._usual = {each.id: _by_scenario(each, (each.id,)) for each in configuration.entry_points}
        """By the scenario of its own, as nearly all come in: one account for all of them."""

    def admit(self, incidents: Incidents, fact: ContactArrived, now: float) -> Admission:
        """Follows destinations that are entry points; a circle, which the audit refuses, ends at a scenario."""
        entry_point = self.entry_points.get(fact.entry_point)
        if entry_point is None:
            return Admission(path=(fact.entry_point,), rule="unknown", to=Destination())
        if not entry_point.rules and not incidents:
            return self._usual[entry_point.id]
        path: tuple[EntryPointId, ...] = ()
        while True:
            path = (*path, entry_point.id)
            rule, to = self._choice(incidents, entry_point, fact, now)
            if to.entry_point is None:
                return Admission(path=path, rule=rule, to=to)
            if to.entry_point in path or to.entry_point not in self.entry_points:
                return _by_scenario(entry_point, path)
            entry_point = self.entry_points[to.entry_point]

    def _choice(
        self, incidents: Incidents, entry_point: EntryPoint, fact: ContactArrived, now: float
    ) -> tuple[str, Destination]:
        if (diverted := self._diverted(incidents, entry_point.id)) is not None:
            return "incident", diverted
        incident = entry_point.id in incidents or None in incidents
        for rule in entry_point.rules:
            if self._about_numbers(rule.when, fact) and self._about_time(rule.when, entry_point, now, incident):
                return f"rule:{rule.id}", rule.to
        return "scenario", Destination(scenario=entry_point.scenario)

    def destinations(self, entry_point: EntryPointId) -> list[Destination]:
        """All to which its switches and rules, and those of the entry points behind them, may lead."""
        found: list[Destination] = []
        ahead, seen = [entry_point], {entry_point}
        while ahead:
            known = self.entry_points.get(ahead.pop())
            if known is None:
                continue
            switched = [to for scope in (known.id, None) if (to := self._switches.get(scope)) is not None]
            found += [*switched, *(rule.to for rule in known.rules), Destination(scenario=known.scenario)]
            more = {to.entry_point for to in found if to.entry_point is not None} - seen
            ahead, seen = [*ahead, *sorted(more)], seen | more
        return found

    def _diverted(self, incidents: Incidents, entry_point: EntryPointId) -> Destination | None:
        """The entry point's own switch goes before the tenant's. One that leads back here is left aside."""
        for scope in (entry_point, None):
            to = self._switches.get(scope) if scope in incidents else None
            if to is not None and to.entry_point != entry_point:
                return to
        return None

    def incident(self, incidents: Incidents, entry_point: EntryPointId) -> Incident | None:
        """The one that is on for whoever comes by this entry point: its own before the tenant's."""
        return incidents.get(entry_point) or incidents.get(None)

    def meets(self, incidents: Incidents, contact: Arrived, when: Conditions, now: float) -> bool:
        """Later on its way."""
        entry_point = self.entry_points.get(contact.entry_point)
        incident = contact.entry_point in incidents or None in incidents
        return self._about_numbers(when, contact) and self._about_time(when, entry_point, now, incident)

    def _about_numbers(self, when: Conditions, fact: Arrived) -> bool:
        caller = digits(fact.ani or "")
        if when.dialled and digits(fact.dnis) not in map(digits, when.dialled):
            return False
        if when.hidden is not None and when.hidden != (not caller):
            return False
        if when.channel and fact.channel not in when.channel:
            return False
        if not (when.caller or when.caller_prefix or when.caller_list):
            return True
        return bool(caller) and (
            caller in map(digits, when.caller)
            or any(caller.startswith(digits(prefix)) for prefix in when.caller_prefix)
            or any(caller in self._lists.get(each, ()) for each in when.caller_list)
        )

    def _about_time(self, when: Conditions, entry_point: EntryPoint | None, now: float, incident: bool) -> bool:
        if when.incident is not None and when.incident != incident:
            return False
        if when.open is not None and not self._open(when.open, now):
            return False
        if when.closed is not None and self._open(when.closed, now):
            return False
        if not (when.days or when.hours):
            return True
        return within(when.hours, when.days, wall(now, entry_point.time_zone if entry_point else "UTC"))

    def calendar(self, calendar: CalendarId) -> Calendar | None:
        return self._calendars.get(calendar)

    def _open(self, calendar: CalendarId, now: float) -> bool:
        """A calendar that is no more is open: rather answered than turned away."""
        found = self._calendars.get(calendar)
        return found is None or is_open(found, now)


def _by_scenario(entry_point: EntryPoint, path: tuple[EntryPointId, ...]) -> Admission:
    return Admission(path=path, rule="scenario", to=Destination(scenario=entry_point.scenario))


def language_of(
    entrance: Entrance, scenario: Callable[[ScenarioId], AnyScenario | None], entry_point: EntryPointId
) -> str:
    """Of a contact that hears no scenario: that of the entry point's own one."""
    found = entrance.entry_points.get(entry_point)
    own = scenario(found.scenario) if found else None
    return own.language if own else DEFAULT_LANGUAGE


def digits(number: str) -> str:
    """What of a number is compared."""
    return _OTHER_SIGNS.sub("", number)
