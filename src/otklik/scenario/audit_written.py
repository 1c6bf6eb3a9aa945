"""What written requests cannot have of a scenario that is for them, too: warnings, since calls can. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import Block, Flow
from otklik.contact.ids import ScenarioId

_OF_CALLS: Final = ("ask", "collect", "listen", "record", "voicemail", "callback", "outside")
_OTHERWISE: Final = "otherwise"


def faults(configuration: Configuration) -> Iterator[Fault]:
    within = _Within({flow.id: flow for flow in configuration.flows})
    for number, flow in enumerate(configuration.flows):
        if not flow.written:
            continue
        place = f"flows[{number}]"
        yield from _no_mail(f"{place}.written", configuration)
        reached, circling = _reached(flow), within.circling(flow)
        for n, block in enumerate(flow.blocks):
            values = {"id": block.label}
            if block.id in reached and within.of_calls(block):
                yield Fault(place=f"{place}.blocks[{n}]", code="config_only_a_call", warning=True, values=values)
            elif block.id in circling:
                yield Fault(place=f"{place}.blocks[{n}]", code="config_written_circle", warning=True, values=values)
    for number, handler in enumerate(configuration.handlers):
        if handler.written:
            yield from _no_mail(f"handlers[{number}].written", configuration)


def _no_mail(place: str, configuration: Configuration) -> Iterator[Fault]:
    if configuration.mail is None:
        yield Fault(place=place, code="config_written_no_mail", warning=True)


class _Within:
    """What is found of each flow, once, though many blocks run it. Of one that runs itself, which is a fault for calls, too, nothing."""

    def __init__(self, flows: Mapping[ScenarioId, Flow]) -> None:
        self._flows = flows
        self._of_calls: dict[ScenarioId, bool] = {}
        self._circling: dict[ScenarioId, set[str]] = {}

    def of_calls(self, block: Block) -> bool:
        """Also of a flow that runs within it."""
        if any(getattr(block, kind) is not None for kind in _OF_CALLS):
            return True
        if block.flow is None or (inner := self._flows.get(block.flow.flow)) is None:
            return False
        if inner.id not in self._of_calls:
            self._of_calls[inner.id] = False
            reached = _reached(inner)
            self._of_calls[inner.id] = any(self.of_calls(each) for each in inner.blocks if each.id in reached)
        return self._of_calls[inner.id]

    def circling(self, flow: Flow) -> set[str]:
        """The blocks at which a written request may stand again, nothing of calls between, or for ever in a flow that runs within them. Blocks
        that neither say nor wait are left out: a circle of them alone is a fault for calls, too."""
        if flow.id not in self._circling:
            self._circling[flow.id] = set()
            self._circling[flow.id] = self._found(flow)
        return self._circling[flow.id]

    def _found(self, flow: Flow) -> set[str]:
        reached = _reached(flow)
        onward = {block.id: _onward(block) for block in flow.blocks if block.id in reached and not self.of_calls(block)}
        found: set[str] = set()
        for block in flow.blocks:
            if block.id not in onward:
                continue
            if block.flow is not None and (inner := self._flows.get(block.flow.flow)) is not None:
                found |= {block.id} if self.circling(inner) else set()
            if block.say or block.wait or block.flow:
                found |= {block.id} if block.id in _from(onward[block.id], onward) else set()
        return found


def _reached(flow: Flow) -> set[str]:
    """The blocks that a written request may come to."""
    return _from([block.id for block in flow.blocks[:1]], {block.id: _onward(block) for block in flow.blocks})


def _from(ways: Iterable[str], onward: Mapping[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    left = list(ways)
    while left:
        at = left.pop()
        if at not in seen and at in onward:
            seen.add(at)
            left += onward[at]
    return seen


def _onward(block: Block) -> list[str]:
    """A condition on the channel is known to hold, or not to. What is said is never heard, so never fails to be."""
    if block.say is not None:
        return _led(block, ["done"])
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
    return _led(block, ways)


def _led(block: Block, ways: Iterable[str]) -> list[str]:
    return [to for way in ways if (to := block.exits.get(way) or block.exits.get(_OTHERWISE))]
