"""What is wrong with a set-up, each fault with its place, before it is let in. Pure; the texts are in `errors.MESSAGES`.

Most checks go by a field's name wherever it stands, so a new word that names a queue, ends in `_seconds` or is called
`requires` is looked at without a line of its own here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import chain, combinations, pairwise
from typing import Any, Final, TypeVar

from otklik.contact.configuration import (
    LIVE,
    Callback,
    Calling,
    CannedReply,
    Conditions,
    Configuration,
    Destination,
    EntryPoint,
    Overflow,
    Parking,
    Prompt,
    Queue,
    Scenario,
    Status,
    TalkScript,
)
from otklik.contact.fault import Fault as Fault
from otklik.contact.fault import fault_if, twice, warning_if
from otklik.contact.form import ChoiceList, CustomerField
from otklik.contact.hours import Calendar, Hours, SpecialDay
from otklik.contact.ids import EntryPointId, QueueId
from otklik.contact.music import Music
from otklik.contact.outside import Mail
from otklik.contact.outside_number import OutsideNumber
from otklik.contact.voicemail import Mailbox
from otklik.contact.watching import AlertRule
from otklik.routing.audit_alert import alert_faults
from otklik.routing.audit_division import mixed_divisions
from otklik.routing.audit_form import wrong_with
from otklik.routing.audit_mail import mail_faults, without_mail
from otklik.routing.audit_outside import outside_faults, outside_numbers
from otklik.routing.audit_queue import callback_faults, calling_faults, music_faults, queue_faults
from otklik.routing.audit_talk import reply_faults, talk_card_fields, talk_faults
from otklik.routing.calling_out import SHORT
from otklik.routing.entry import digits
from otklik.routing.hours import known_zone, period
from otklik.routing.mailbox import mailbox_faults
from otklik.routing.may_be_called import CALLABLE
from otklik.routing.requirement import AgentTest, BadRequirement, SkillTest, holds, named, parse

Id = TypeVar("Id", EntryPointId, QueueId, str)
Place = tuple[str, object]
"""A path and what stands there."""

# The collection of `Configuration` whose ids a field of this name holds.
REFERENCES: Final = {
    "queue": "queues",
    "queues": "queues",
    "rules_of": "queues",
    "otherwise": "queues",
    "to": "queues",
    "scenario": "scenarios",
    "flow": "flows",
    "agent": "agents",
    "entry_point": "entry_points",
    "callers": "entry_points",
    "open": "calendars",
    "closed": "calendars",
    "caller_list": "number_lists",
    "hunt": "agents",
    "skills": "skills",
    "group": "field_groups",
    "choices_from": "choice_lists",
    "dispositions": "dispositions",
    "under": "dispositions",
    "task_queue": "queues",
    "mail_reply": "canned_replies",
    "talk_script": "talk_scripts",
    "division": "divisions",
}
_UNKNOWN: Final = {
    "queues": "config_no_queue",
    "scenarios": "config_no_scenario",
    "flows": "config_no_scenario",
    "entry_points": "config_no_entry_point",
    "calendars": "config_no_calendar",
    "number_lists": "config_no_number_list",
    "agents": "config_no_agent",
    "skills": "config_no_skill",
    "field_groups": "config_no_group",
    "choice_lists": "config_no_list",
    "dispositions": "config_no_disposition",
    "talk_scripts": "config_no_talk_script",
    "canned_replies": "config_no_reply",
    "divisions": "config_no_division",
}
MAY_BE_NEGATIVE: Final = frozenset({"adjustment_seconds"})
NUMBERS: Final = frozenset({"number", "dialled", "caller", "caller_prefix", "numbers", "prefixes"})
LEVELS: Final = frozenset({"queues", "skills"})
"""Fields of an agent: what, and the level in it."""
TENANTS_OWN: Final = frozenset(
    {
        *("attributes", "branches", "exits", "keys", "messages", "text", "opening", "wrong", "silence"),
        *("entered", "right"),
        *("answers", "body", "gives", "mail_subject", "parameters", "query", "secret_headers", "statements", "values"),
    }
)
"""Dictionaries whose keys and values are the tenant's own words."""
MOST_IN_CONFERENCE: Final = 20
_IDENTITY: Final = re.compile(r"[\w.-]{1,64}")
_NUMBER: Final = re.compile(r"\+?[0-9() -]*[0-9][0-9() -]*")
_YEARLY: Final = re.compile(r"[0-9]{2}-[0-9]{2}")
_DATED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def faults(configuration: Configuration) -> list[Fault]:
    """In the order of the set-up; faults and warnings together. An empty list: nothing to say."""
    found = chain(
        *(look(each) for each in _walk(configuration) for look in (_field, _thing)),
        _references(configuration),
        _requirements(configuration),
        _duplicates(configuration),
        _circles(configuration),
        _queue_circles(configuration),
        _disposition_circles(configuration),
        _without_agents(configuration),
        without_mail(configuration),
        _conference(configuration),
        _interruption(configuration),
        mixed_divisions(configuration),
        talk_card_fields(configuration),
        outside_numbers(configuration, _walk(configuration)),
    )
    return sorted(found, key=lambda fault: _order(fault.place))


def _conference(configuration: Configuration) -> Iterator[Fault]:
    most = configuration.conference_most
    yield from fault_if(not 3 <= most <= MOST_IN_CONFERENCE, "conference_most", "config_conference", found=most)


def without_trunk(configuration: Configuration) -> list[Fault]:
    """Warnings, for an installation that has no trunk for calls out: where it is said that customers are called back. Agents
    who would call out are told so themselves, before anything is promised to anybody."""
    found = [
        f"{place}.callback"
        for place, value in _walk(configuration)
        if isinstance(value, Destination) and value.callback
    ]
    told = [Fault(place=place, code="config_no_trunk", warning=True) for place in found]
    outside = [place for place, value in _walk(configuration) if isinstance(value, OutsideNumber)]
    told += [Fault(place=place, code="config_no_trunk_outside", warning=True) for place in outside]
    after = [number for number, each in enumerate(configuration.dispositions) if each.call == "required"]
    places = [f"dispositions[{number}].call" for number in after]
    return told + [Fault(place=place, code="config_no_trunk_call", warning=True) for place in places]


def _order(place: str) -> list[tuple[int, str]]:
    """queues[10] comes after queues[9]."""
    names = [each.name for each in fields(Configuration)]
    first = re.split(r"[.\[]", place, maxsplit=1)[0]
    numbered = [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", place)]
    return [(names.index(first) if first in names else -1, ""), *numbered]


def _walk(value: object, place: str = "") -> Iterator[Place]:
    """Every field and item below, but for what the tenant gives names to."""
    for inner, found in _below(value, place):
        yield inner, found
        if _name(inner) not in TENANTS_OWN or not isinstance(found, dict):
            yield from _walk(found, inner)


def _below(value: object, place: str) -> Iterable[Place]:
    if is_dataclass(value):
        dot = "." if place else ""
        return ((f"{place}{dot}{each.name}", getattr(value, each.name)) for each in fields(value))
    if isinstance(value, tuple):
        return ((f"{place}[{number}]", each) for number, each in enumerate(value))
    if isinstance(value, dict):
        return ((f"{place}.{key}", each) for key, each in value.items())
    return ()


def _name(place: str) -> str:
    """Of the field, without an item's number: "a.caller[3]" -> "caller"."""
    return re.sub(r"\[\d+\]$", "", place).rpartition(".")[2]


# One field by its name.


def _field(found: Place) -> Iterator[Fault]:
    place, value = found
    name = _name(place)
    if name.endswith("_seconds") and isinstance(value, int | float):
        wrong = not math.isfinite(value) or (value < 0 and name not in MAY_BE_NEGATIVE)
        yield from fault_if(wrong, place, "config_seconds", found=value)
    elif name in NUMBERS and isinstance(value, str):
        yield from fault_if(_NUMBER.fullmatch(value) is None, place, "config_number", found=value)
    elif name == "outside_number" and isinstance(value, str) and value:
        yield from fault_if(CALLABLE.fullmatch(value) is None, place, "config_outside_number", found=value)
    elif name == "internal_number" and isinstance(value, str) and value:
        yield from fault_if(SHORT.fullmatch(value) is None, place, "config_internal_number", found=value)
    elif name == "capacity" and isinstance(value, dict):
        for channel, number in value.items():
            yield from fault_if(number < 0, f"{place}.{channel}", "config_capacity", found=number)
    elif name == "short_numbers" and isinstance(value, str):
        yield from fault_if(re.fullmatch(r"[0-9]{2,6}", value) is None, place, "config_short_number", found=value)
    elif name == "time_zone":
        yield from fault_if(not known_zone(str(value)), place, "config_time_zone", found=value)
    elif name == "rings" and isinstance(value, tuple):
        for number, (before, after) in enumerate(pairwise(value)):
            wrong = after.after_seconds <= before.after_seconds
            yield from fault_if(wrong, f"{place}[{number + 1}]", "config_rings", found=after.after_seconds)
    elif isinstance(value, tuple) and value and name in ("hours", "mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        yield from _hours(place, value)


def _hours(place: str, hours: tuple[Hours, ...]) -> Iterator[Fault]:
    for number, each in enumerate(hours):
        yield from fault_if(period(each) is None, f"{place}[{number}]", "config_hours", found=each)
    known = [(each, found) for each in hours if (found := period(each)) is not None]
    for (one, (start, end)), (other, (begin, close)) in combinations(known, 2):
        apart = end <= begin or close <= start
        yield from warning_if(not apart, place, "config_periods_overlap", one=one, other=other)


# One thing by its kind.


def _thing(found: Place) -> Iterator[Fault]:
    place, value = found
    check = _CHECKS.get(type(value))
    if check is not None:
        yield from check(place, value)
    if hasattr(value, "id"):
        yield from fault_if(_IDENTITY.fullmatch(value.id) is None, f"{place}.id", "config_id", found=value.id)


def _destination(place: str, to: Destination) -> Iterator[Fault]:
    led = (to.scenario, to.queue, to.reject, to.entry_point, to.outside, to.callback or None, to.mailbox)
    named = [each for each in led if each is not None]
    yield from fault_if(len(named) != 1, place, "config_destination")
    out_of_queue = re.search(r"(\.otherwise|\.exits\[\d+\]\.to)$", place) is not None
    yield from fault_if(to.callback and not out_of_queue, f"{place}.callback", "config_callback_place")
    yield from fault_if(to.mailbox is not None and not out_of_queue, f"{place}.mailbox", "config_mailbox_place")


def _conditions(place: str, when: Conditions) -> Iterator[Fault]:
    never = when.hidden is True and (when.caller or when.caller_prefix or when.caller_list)
    same = when.open is not None and when.open == when.closed
    yield from warning_if(bool(never) or same, place, "config_never")


def _entry_point(place: str, entry_point: EntryPoint) -> Iterator[Fault]:
    whatever = [number for number, rule in enumerate(entry_point.rules) if rule.when == Conditions()]
    for number in range(whatever[0] + 1 if whatever else len(entry_point.rules), len(entry_point.rules)):
        yield Fault(place=f"{place}.rules[{number}]", code="config_unreached", warning=True)
    yield from twice((rule.id for rule in entry_point.rules), f"{place}.rules[{{}}].id")


def _scenario(place: str, scenario: Scenario) -> Iterator[Fault]:
    yield from twice((choice.digit for choice in scenario.choices), f"{place}.choices[{{}}].digit")
    for number, choice in enumerate(scenario.choices):
        wrong = re.fullmatch(r"[0-9*#]+", choice.digit) is None
        yield from fault_if(wrong, f"{place}.choices[{number}].digit", "config_key", found=choice.digit)


def _calendar(place: str, calendar: Calendar) -> Iterator[Fault]:
    for name, days in (("exceptions", calendar.exceptions), ("holidays", calendar.holidays)):
        for number, day in enumerate(days):
            yearly = name == "holidays" and _YEARLY.fullmatch(day.date) is not None
            right = yearly or _DATED.fullmatch(day.date) is not None
            wrong = not right or not _exists(day)
            yield from fault_if(wrong, f"{place}.{name}[{number}].date", "config_date", found=day.date)
        yield from twice((day.date for day in days), f"{place}.{name}[{{}}].date")


def _exists(day: SpecialDay) -> bool:
    try:
        date.fromisoformat(day.date if len(day.date) == 10 else f"2024-{day.date}")
    except ValueError:
        return False
    return True


def _parking(place: str, parking: Parking) -> Iterator[Fault]:
    yield from fault_if(parking.most < 0, f"{place}.most", "config_limit", found=parking.most)
    yield from fault_if(parking.longest_seconds == 0, f"{place}.longest_seconds", "config_seconds", found=0)
    yield from twice((each.id for each in parking.reasons), f"{place}.reasons[{{}}].id")


def _overflow(place: str, overflow: Overflow) -> Iterator[Fault]:
    wrong = not math.isfinite(overflow.at) or overflow.at <= 0
    yield from fault_if(wrong, f"{place}.at", "config_overflow_at", found=overflow.at)
    named = [each for each in (overflow.to, overflow.outside, overflow.mailbox) if each is not None]
    yield from fault_if(len(named) != 1, place, "config_overflow_to")
    yield from fault_if(overflow.keep and overflow.to is None, f"{place}.keep", "config_overflow_keep")


def _status(place: str, status: Status) -> Iterator[Fault]:
    yield from fault_if(not status.channels, f"{place}.channels", "config_status_channels")
    yield from twice(status.channels, f"{place}.channels[{{}}]")


def _customer_field(place: str, field: CustomerField) -> Iterator[Fault]:
    for part, code, values in wrong_with(field):
        yield Fault(place=f"{place}.{part}", code=code, values=values)
    yield from twice((choice.id for choice in field.choices), f"{place}.choices[{{}}].id")


def _choice_list(place: str, choices: ChoiceList) -> Iterator[Fault]:
    yield from twice((choice.id for choice in choices.choices), f"{place}.choices[{{}}].id")


def _talk_script(place: str, script: TalkScript) -> Iterator[Fault]:
    for where, code, warning, found in talk_faults(place, script):
        yield Fault(place=where, code=code, warning=warning, values={"id": found, "found": found})


def _canned_reply(place: str, reply: CannedReply) -> Iterator[Fault]:
    for where, code, warning, found in reply_faults(place, reply):
        yield Fault(place=where, code=code, warning=warning, values={"id": found, "found": found})


def _prompt(place: str, prompt: Prompt) -> Iterator[Fault]:
    wrong = re.fullmatch("[0-9a-f]{64}", prompt.recording) is None
    yield from fault_if(wrong, f"{place}.recording", "config_recording", found=prompt.recording)


_CHECKS: Final[Mapping[type, Callable[[str, Any], Iterator[Fault]]]] = {
    Destination: _destination,
    Conditions: _conditions,
    EntryPoint: _entry_point,
    Scenario: _scenario,
    Calendar: _calendar,
    Queue: queue_faults,
    Overflow: _overflow,
    Mailbox: mailbox_faults,
    Callback: callback_faults,
    Music: music_faults,
    Calling: calling_faults,
    OutsideNumber: outside_faults,
    Parking: _parking,
    Status: _status,
    CustomerField: _customer_field,
    ChoiceList: _choice_list,
    TalkScript: _talk_script,
    CannedReply: _canned_reply,
    Prompt: _prompt,
    Mail: mail_faults,
    AlertRule: alert_faults,
}


# The whole.


def _requirements(configuration: Configuration) -> Iterator[Fault]:
    """What cannot be read or names somebody unknown is a fault; what no agent can meet is a warning."""
    skills = {skill.id for skill in configuration.skills}
    agents = {agent.id for agent in configuration.agents}
    for place, value in _walk(configuration):
        if _name(place) != "requires" or not isinstance(value, str):
            continue
        try:
            requirement = parse(value)
        except BadRequirement as mistake:
            yield Fault(place=place, code="config_requirement", values={"position": mistake.position})
            continue
        for test in named(requirement):
            if isinstance(test, SkillTest):
                yield from fault_if(test.skill not in skills, place, "config_no_skill", id=test.skill)
            elif isinstance(test, AgentTest):
                yield from fault_if(test.agent not in agents, place, "config_no_agent", id=test.agent)
        able = any(holds(requirement, agent) for agent in configuration.agents)
        yield from warning_if(bool(value) and bool(agents) and not able, place, "config_nobody_able", found=value)


def _references(configuration: Configuration) -> Iterator[Fault]:
    known = {name: {each.id for each in getattr(configuration, name, ())} for name in _UNKNOWN}
    known["flows"] |= known["scenarios"]
    known["scenarios"] |= known["flows"] | {each.id for each in configuration.handlers}
    for place, value in _walk(configuration):
        collection = REFERENCES.get(_name(place))
        if collection is None or "." not in place:
            continue
        if isinstance(value, str):
            yield from fault_if(value not in known[collection], place, _UNKNOWN[collection], id=value)
        elif isinstance(value, dict) and _name(place) in LEVELS:
            for key, level in value.items():
                yield from fault_if(key not in known[collection], f"{place}.{key}", _UNKNOWN[collection], id=key)
                yield from fault_if(not 1 <= level <= 10, f"{place}.{key}", "config_level", found=level)


def _duplicates(configuration: Configuration) -> Iterator[Fault]:
    for each in fields(configuration):
        things = getattr(configuration, each.name)
        if isinstance(things, tuple) and things and hasattr(things[0], "id"):
            yield from twice((thing.id for thing in things), f"{each.name}[{{}}].id")
    scenarios = {scenario.id for scenario in configuration.scenarios}
    for kind, ids in (
        ("flows", [each.id for each in configuration.flows]),
        ("handlers", [each.id for each in configuration.handlers]),
    ):
        for number, id in enumerate(ids):
            yield from fault_if(id in scenarios, f"{kind}[{number}].id", "config_twice", found=id)
        scenarios.update(ids)
    numbers = (digits(each.number) for each in configuration.entry_points)
    yield from twice(numbers, "entry_points[{}].number")
    scopes = (each.entry_point or "" for each in configuration.incident_switches)
    yield from twice(scopes, "incident_switches[{}].entry_point")


def _circles(configuration: Configuration) -> Iterator[Fault]:
    """A rule that leads back to its own entry point, whether or not its conditions can hold on the way."""
    onward = {
        each.id: [rule.to.entry_point for rule in each.rules if rule.to.entry_point is not None]
        for each in configuration.entry_points
    }
    for number, entry_point in enumerate(configuration.entry_points):
        for place, rule in enumerate(entry_point.rules):
            there = rule.to.entry_point
            if there is not None and entry_point.id in _reached(there, onward):
                where = f"entry_points[{number}].rules[{place}].to.entry_point"
                yield Fault(place=where, code="config_circle", values={"id": entry_point.id})


def _queue_circles(configuration: Configuration) -> Iterator[Fault]:
    """An overflow or a limit that leads back to its own queue, whether or not all can hold at once. Who is only helped by
    another queue goes nowhere: two queues may help each other, but none itself."""
    ways: dict[QueueId, list[tuple[str, QueueId]]] = {}
    for number, queue in enumerate(configuration.queues):
        found = ways.setdefault(queue.id, [])
        found += [
            (f"queues[{number}].overflow[{n}].to", each.to)
            for n, each in enumerate(queue.overflow)
            if each.to is not None and (not each.keep or each.to == queue.id)
        ]
        if queue.otherwise is not None and queue.otherwise.queue is not None:
            found.append((f"queues[{number}].otherwise.queue", queue.otherwise.queue))
    onward = {queue: [there for _, there in found] for queue, found in ways.items()}
    for queue_id, found in ways.items():
        for place, there in found:
            yield from fault_if(queue_id in _reached(there, onward), place, "config_queue_circle", id=queue_id)


def _disposition_circles(configuration: Configuration) -> Iterator[Fault]:
    """A heading that stands under itself could never be opened."""
    onward = {each.id: [each.under] for each in configuration.dispositions if each.under is not None}
    for number, each in enumerate(configuration.dispositions):
        inside = each.under is not None and each.id in _reached(each.under, onward)
        yield from fault_if(inside, f"dispositions[{number}].under", "config_disposition_circle", id=each.id)


def _reached(start: Id, onward: Mapping[Id, list[Id]]) -> set[Id]:
    seen, open_ends = {start}, [start]
    while open_ends:
        for each in onward.get(open_ends.pop(), ()):
            if each not in seen:
                seen.add(each)
                open_ends.append(each)
    return seen


def _interruption(configuration: Configuration) -> Iterator[Fault]:
    """Nothing interrupts a conversation on the line, and no channel itself; a status is not called as a pause is."""
    for channel, under in configuration.interrupts.items():
        for number, each in enumerate(under):
            place = f"interrupts.{channel}[{number}]"
            yield from fault_if(each == channel, place, "config_interrupts_itself", id=channel)
            yield from fault_if(each in LIVE and each != channel, place, "config_interrupts_talk", id=each)
        yield from twice(under, f"interrupts.{channel}[{{}}]")
    yield from twice(configuration.drain, "drain[{}]")
    reasons = {reason.id for reason in configuration.reasons}
    for number, status in enumerate(configuration.statuses):
        yield from fault_if(status.id in reasons, f"statuses[{number}].id", "config_twice", found=status.id)


def _without_agents(configuration: Configuration) -> Iterator[Fault]:
    staffed = {queue for agent in configuration.agents for queue in agent.queues}
    for number, queue in enumerate(configuration.queues):
        empty = queue.id not in staffed and not getattr(queue, "everyone", False)
        yield from warning_if(empty, f"queues[{number}]", "config_queue_without_agents", id=queue.id)
