"""What is wrong with the numbers outside of a set-up to which customers are put through. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault, fault_if
from otklik.contact.outside_number import OutsideNumber
from otklik.routing.calling_out import SHORT
from otklik.routing.entry import digits
from otklik.routing.may_be_called import CALLABLE
from otklik.routing.outside_number import plain


def outside_faults(place: str, to: OutsideNumber) -> Iterator[Fault]:
    for name in ("ring_seconds", "longest_seconds"):
        seconds = getattr(to, name)
        wrong = seconds == 0 or not math.isfinite(seconds)
        yield from fault_if(wrong, f"{place}.{name}", "config_seconds", found=seconds)
    number = plain(to.dial)
    if "{" not in to.dial:
        wrong = CALLABLE.fullmatch(number) is None and SHORT.fullmatch(number) is None
        yield from fault_if(wrong, f"{place}.dial", "config_outside_dial", found=to.dial)


def outside_numbers(configuration: Configuration, walked: Iterable[tuple[str, object]]) -> Iterator[Fault]:
    """What depends on the rest: our own numbers lead back to us, and a number that is keyed needs rules."""
    own = {digits(each.number) for each in configuration.entry_points}
    ruled = {each.id for each in configuration.queues if each.calling.prefixes}
    for at_agent, agent in enumerate(configuration.agents):
        wrong = digits(agent.outside_number) in own and bool(agent.outside_number)
        yield from fault_if(wrong, f"agents[{at_agent}].outside_number", "config_agent_own", found=agent.outside_number)
    yield from internal_numbers(configuration)
    yield from forwards(configuration, own)
    for place, to in walked:
        if not isinstance(to, OutsideNumber):
            continue
        number, at = plain(to.dial), f"{place}.dial"
        if "{" in to.dial:
            in_flow = ".blocks[" in place
            yield from fault_if(not in_flow, at, "config_outside_dial", found=to.dial)
            unruled = in_flow and to.rules_of not in ruled
            yield from fault_if(unruled, f"{place}.rules_of", "config_outside_rules")
        elif SHORT.fullmatch(number) is not None:
            unknown = number not in configuration.short_numbers
            yield from fault_if(unknown, at, "config_outside_short", found=number)
        else:
            yield from fault_if(digits(number) in own, at, "config_outside_own", found=to.dial)


def forwards(configuration: Configuration, own: set[str]) -> Iterator[Fault]:
    """Where agents' personal calls go: to one place, and never to where they came from."""
    for at_agent, agent in enumerate(configuration.agents):
        to, place = agent.forward, f"agents[{at_agent}].forward"
        if to is None:
            continue
        named = [each for each in (to.agent, to.queue, to.outside or None) if each is not None]
        yield from fault_if(len(named) > 1 or to.agent == agent.id, place, "config_forward")
        if not to.outside:
            continue
        short, at = SHORT.fullmatch(to.outside) is not None, f"{place}.outside"
        unreadable = not short and CALLABLE.fullmatch(to.outside) is None
        yield from fault_if(unreadable, at, "config_outside_dial", found=to.outside)
        unknown = short and to.outside not in configuration.short_numbers
        yield from fault_if(unknown, at, "config_outside_short", found=to.outside)
        yield from fault_if(not short and digits(to.outside) in own, at, "config_outside_own", found=to.outside)


def internal_numbers(configuration: Configuration) -> Iterator[Fault]:
    """Each is one agent's, and leads to nobody outside."""
    taken = set(configuration.short_numbers)
    for at_agent, agent in enumerate(configuration.agents):
        place, number = f"agents[{at_agent}].internal_number", agent.internal_number
        yield from fault_if(number in taken, place, "config_internal_twice", found=number)
        taken |= {number} if number else set()
