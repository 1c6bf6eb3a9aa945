"""Where a set-up would let the independent centres of a tenant mix, each place where it does. Pure.

Followed from every entry point and queue: rules, incident switches, scenarios with the flows within them, overflow, limits and keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from otklik.contact.configuration import AnyScenario, Configuration, Destination, EntryPoint, Scenario
from otklik.contact.division import apart
from otklik.contact.fault import Fault
from otklik.contact.flow import Flow
from otklik.contact.ids import EntryPointId, QueueId, ScenarioId
from otklik.routing.mailbox import leads_of

Scenarios = dict[ScenarioId, AnyScenario]
Lead = tuple[str, Destination]
"""A place, and where it leads."""


def mixed_divisions(configuration: Configuration) -> Iterator[Fault]:
    if not configuration.divisions:
        return
    of_queue = {queue.id: queue.division for queue in configuration.queues}
    of_entry = {entry.id: entry.division for entry in configuration.entry_points}
    for division, place, queue in (*_ways(configuration), *_members(configuration)):
        if apart(division, of_queue.get(queue)):
            yield Fault(place=place, code="config_other_division", values={"id": queue})
    for division, place, entry in _to_entries(configuration):
        if apart(division, of_entry.get(entry)):
            yield Fault(place=place, code="config_other_division", values={"id": entry})


def _ways(configuration: Configuration) -> Iterator[tuple[str | None, str, QueueId]]:
    """Of which centre, the place, and a queue to which a contact comes by it."""
    scenarios: Scenarios = {each.id: each for each in configuration.scenarios}
    scenarios |= {each.id: each for each in configuration.flows}
    scenarios |= {each.id: each for each in configuration.handlers}
    for division, place, to in _leads(configuration):
        for queue in _queues(to, scenarios):
            yield division, place, queue


def _members(configuration: Configuration) -> Iterator[tuple[str | None, str, QueueId]]:
    for number, agent in enumerate(configuration.agents):
        for queue in agent.queues:
            yield agent.division, f"agents[{number}].queues.{queue}", queue


def _to_entries(configuration: Configuration) -> Iterator[tuple[str | None, str, EntryPointId]]:
    for division, place, to in _leads(configuration):
        if to.entry_point is not None:
            yield division, place, to.entry_point
    for number, queue in enumerate(configuration.queues):
        for n, caller in enumerate(queue.calling.callers):
            yield queue.division, f"queues[{number}].calling.callers[{n}]", caller


def _leads(configuration: Configuration) -> Iterator[tuple[str | None, str, Destination]]:
    """Of which centre, the place, and where it leads."""
    of_entry = {entry.id: entry.division for entry in configuration.entry_points}
    for number, entry in enumerate(configuration.entry_points):
        for place, to in _of_entry(f"entry_points[{number}]", entry):
            yield entry.division, place, to
    for number, switch in enumerate(configuration.incident_switches):
        if switch.to is not None and switch.entry_point is not None:
            yield of_entry.get(switch.entry_point), f"incident_switches[{number}].to", switch.to
    for number, queue in enumerate(configuration.queues):
        for place, to in leads_of(queue):
            yield queue.division, f"queues[{number}].{place}", to


def _of_entry(place: str, entry: EntryPoint) -> Iterable[Lead]:
    yield f"{place}.scenario", Destination(scenario=entry.scenario)
    for number, rule in enumerate(entry.rules):
        yield f"{place}.rules[{number}].to", rule.to


def _queues(to: Destination, scenarios: Scenarios) -> list[QueueId]:
    """All that the contact may come to there."""
    boxed = to.mailbox.queue if to.mailbox is not None else None
    found = [each for each in (to.queue, boxed) if each is not None]
    seen: set[ScenarioId] = set()
    ahead = [to.scenario] if to.scenario is not None else []
    while ahead:
        scenario = scenarios.get(ahead.pop())
        if scenario is None or scenario.id in seen:
            continue
        seen.add(scenario.id)
        found.append(scenario.otherwise)
        if isinstance(scenario, Scenario):
            found += [choice.queue for choice in scenario.choices]
        if not isinstance(scenario, Flow):
            continue
        for block in scenario.blocks:
            for ends in (block.queue, block.agent, block.callback, block.voicemail):
                found += [ends.queue] if ends is not None else []
            ahead += [block.flow.flow] if block.flow is not None else []
    return list(dict.fromkeys(found))
