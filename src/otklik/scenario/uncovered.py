"""What the tests of a flow leave untried. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from otklik.contact.flow import Flow
from otklik.scenario.audit import outcomes
from otklik.scenario.rehearsal import Verdict


def uncovered(flow: Flow, flows: Iterable[Flow], verdicts: Iterable[Verdict]) -> list[tuple[str, str]]:
    """The exits of the flow's blocks that no test has taken, and how they are called; those that must lead somewhere."""
    taken = {exit_ for verdict in verdicts for exit_ in verdict.exits}
    known = {each.id: each for each in flows}
    return [
        (block.id, name)
        for block in flow.blocks
        for name in sorted(outcomes(block, known)[0] | (block.exits.keys() & outcomes(block, known)[1]))
        if (flow.id, block.id, name) not in taken
    ]
