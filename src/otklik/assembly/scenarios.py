"""`otklik scenario test`: the scenarios of a file, played by a fake caller. Nothing is asked of anybody; code in Python runs confined."""

from __future__ import annotations

import sys
from pathlib import Path

from otklik.assembly.configuration import read_text, spoken_language
from otklik.assembly.handlers import handler_verdicts
from otklik.contact.configuration import Configuration
from otklik.contact.ids import AgentId
from otklik.scenario.rehearsal import judge
from otklik.scenario.uncovered import uncovered
from otklik.tenancy import yaml
from otklik.tenancy.document import Account, Accounts, Unfit, from_plain
from otklik.tenancy.revision import told


async def test_scenarios(file: Path) -> int:
    """Prints each test and what none of them reaches; 1 if the file is unfit or a test does not hold."""
    document = yaml.Text(None, {})
    try:
        document = yaml.read(read_text(file))
        configuration, _ = from_plain(document.plain, _accounts(document.plain))
    except Unfit as unfit:
        for fault in told(unfit.faults, document, spoken_language()):
            print(f"{file}:{'warning: ' if fault.warning else ''}{fault}", file=sys.stderr)
        return 1
    _print(configuration)
    return await _print_handlers(configuration)


def _accounts(plain: object) -> Accounts:
    """Whoever the file calls an agent is one."""
    agents = plain.get("agents") if isinstance(plain, dict) else None
    logins = [each.get("login") for each in agents or () if isinstance(each, dict)]
    return {AgentId(login): Account(login=login, name=login) for login in logins if isinstance(login, str)}


def _print(configuration: Configuration) -> None:
    for flow in configuration.flows:
        verdicts = judge(flow, configuration.flows)
        for verdict in verdicts:
            print(f"{'wrong' if verdict.wrong else 'ok   '} {flow.id}: {verdict.test.name}")
        missed = uncovered(flow, configuration.flows, verdicts)
        for block, way in missed:
            print(f"      {flow.id}: {block} → {way}: –")
        taken = {way for verdict in verdicts for way in verdict.exits if way[0] == flow.id}
        print(f"{flow.id}: {sum(not each.wrong for each in verdicts)} ✓, {len(taken)}/{len(taken) + len(missed)} →")


async def _print_handlers(configuration: Configuration) -> int:
    """1: a test does not hold, and the set-up would not take it."""
    failed = False
    for handler in configuration.handlers:
        verdicts = await handler_verdicts(handler, [each.id for each in configuration.queues])
        for verdict in verdicts:
            print(f"{'wrong' if verdict.wrong else 'ok   '} {handler.id}: {verdict.test.name}")
            for each in verdict.wrong:
                print(f"      {each}")
        failed |= any(verdict.wrong for verdict in verdicts)
        print(f"{handler.id}: {sum(not each.wrong for each in verdicts)}/{len(verdicts)} ✓")
    return int(failed and configuration.scenario_tests == "always")
