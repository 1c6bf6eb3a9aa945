"""What written requests cannot have of a scenario that is for them, too: warnings, since calls can. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import Block, Flow
from otklik.contact.ids import ScenarioId

_OF_CALLS: Final = ("ask", "collect", "listen", "record", "voicemail", "callback", "outside")
_OTHERWISE: Final = "otherwise"


def faults(configuration: Configuration) -> Iterator[Fault]:
    flows = {flow.id: flow for flow in configuration.flows}
    for number, flow in enumerate(configuration.flows):
        if not flow.written:
            continue
        place = f"flows[{number}]"
        yield from _no_mail(f"{place}.written", configuration)
        reached = _reached(flow)
        for n, block in enumerate(flow.blocks):
            if block.id in reached and _of_calls(block, flows, {flow.id}):
                values = {"id": block.label}
                yield Fault(place=f"{place}.blocks[{n}]", code="config_only_a_call", warning=True, values=values)
    for number, handler in enumerate(configuration.handlers):
        if handler.written:
            yield from _no_mail(f"handlers[{number}].written", configuration)


def _no_mail(place: str, configuration: Configuration) -> Iterator[Fault]:
    if configuration.mail is None:
        yield Fault(place=place, code="config_written_no_mail", warning=True)


def _of_calls(block: Block, flows: Mapping[ScenarioId, Flow], seen: set[ScenarioId]) -> bool:
    """Also of a flow that runs within it."""
    if any(getattr(block, kind) is not None for kind in _OF_CALLS):
        return True
    if block.flow is None or block.flow.flow in seen or (inner := flows.get(block.flow.flow)) is None:
        return False
    reached = _reached(inner)
    return any(_of_calls(each, flows, seen | {inner.id}) for each in inner.blocks if each.id in reached)


def _reached(flow: Flow) -> set[str]:
    """The blocks that a written request may come to."""
    blocks = {block.id: block for block in flow.blocks}
    seen: set[str] = set()
    left = [flow.blocks[0].id] if flow.blocks else []
    while left:
        at = left.pop()
        if at in seen or at not in blocks:
            continue
        seen.add(at)
        left += _onward(blocks[at])
    return seen


def _onward(block: Block) -> list[str]:
    """A condition on the channel is known to hold, or not to."""
    if block.branch is None:
        return list(block.exits.values())
    ways: list[str] = []
    for case in block.branch.cases:
        if case.when.channel and "web" not in case.when.channel:
            continue
        ways.append(case.exit)
        if case == type(case)(exit=case.exit, when=type(case.when)(channel=case.when.channel)) and case.when.channel:
            break
    else:
        ways.append(_OTHERWISE)
    return [to for way in ways if (to := block.exits.get(way) or block.exits.get(_OTHERWISE))]
