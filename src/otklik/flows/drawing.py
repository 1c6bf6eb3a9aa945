"""A flow as a document, held against the set-up that it belongs to: what is wrong with it, and what it would change. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter

from otklik.contact.configuration import Configuration, EntryPoint
from otklik.contact.fault import Fault, Lack
from otklik.contact.flow import Flow
from otklik.contact.ids import EntryPointId, ScenarioId
from otklik.errors import AppError, Language
from otklik.scenario.audit_speech import unheard
from otklik.scenario.rehearsal import judge
from otklik.scenario.uncovered import uncovered
from otklik.tenancy.document import Accounts, Plain, Unfit, from_plain, misshapen, to_plain
from otklik.tenancy.plan import Change, changes

LONGEST: Final = 256 * 1024
"""Characters of a draft as JSON."""
_ADAPTER: Final = TypeAdapter(Flow)
_PLACE: Final = re.compile(r"flows\[(\d+)\](?:\.(.*))?$")
_BLOCK: Final = re.compile(r"blocks\[(\d+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`place` within the flow, or of the whole set-up where `elsewhere`. `block`: the id of the block it is in."""

    place: str
    block: str | None
    code: str
    warning: bool
    elsewhere: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`wanted` is None while there are problems that are no warnings. `uncovered`: block and exit that no test takes."""

    wanted: Configuration | None
    problems: list[Problem]
    uncovered: list[tuple[str, str]]


def read(plain: Plain, id: ScenarioId | None = None) -> Flow:
    """Also a flow that is not done yet; what is no flow at all is refused with its place: `flow_unreadable`."""
    text = json.dumps(plain, ensure_ascii=False)
    if len(text) > LONGEST:
        raise AppError("flow_too_long", 413, most=LONGEST // 1024)
    if "\\u0000" in text or re.search("[\ud800-\udfff]", text):
        raise AppError("flow_unreadable", 400, field="flow", place="–", reason="NUL")
    found = misshapen(Flow, _ADAPTER, plain)
    if id is not None and not found and plain["id"] != id:
        found = [Fault(place="id", code="config_choice", values={"expected": id})]
    if found:
        first = found[0]
        raise AppError("flow_unreadable", 400, field="flow", place=first.place or "–", reason=first.message("en"))
    return _ADAPTER.validate_python(plain)


def plain_of(configuration: Configuration, flow: ScenarioId, accounts: Accounts) -> Plain | None:
    """As people write it: logins in place of agents' ids."""
    document = to_plain(configuration, accounts)
    return next((each for each in document.get("flows", ()) if each["id"] == flow), None)


def with_flow(
    current: Configuration, flow: Plain, accounts: Accounts, leading: Sequence[EntryPointId] = ()
) -> tuple[Plain, int]:
    """The whole set-up with this flow in it, and its number there. `leading`: entry points that lead to it from now on."""
    document = to_plain(current, accounts)
    flows = list(document.get("flows", ()))
    number = next((n for n, each in enumerate(flows) if each["id"] == flow["id"]), len(flows))
    flows[number : number + 1] = [flow]
    entries = [
        {**entry, "scenario": flow["id"]} if entry["id"] in leading else entry
        for entry in document.get("entry_points", ())
    ]
    return {**document, "flows": flows} | ({"entry_points": entries} if entries else {}), number


def without_flow(current: Configuration, flow: ScenarioId) -> Configuration:
    return replace(current, flows=tuple(each for each in current.flows if each.id != flow))


def check(
    current: Configuration,
    flow: Plain,
    accounts: Accounts,
    language: Language,
    leading: Sequence[EntryPointId] = (),
    lacks: Collection[Lack] = (),
) -> Checked:
    """As publishing would. `lacks`: of the installation."""
    document, number = with_flow(current, flow, accounts, leading)
    wanted: Configuration | None = None
    try:
        wanted, found = from_plain(document, accounts)
    except Unfit as unfit:
        found = unfit.faults
    if wanted is not None and "recogniser" in lacks:
        found = [*found, *unheard(wanted)]
    problems = [_problem(fault, number, flow, language) for fault in found]
    return Checked(
        wanted=wanted,
        problems=[each for each in problems if not (each.elsewhere and each.warning)],
        uncovered=_uncovered(wanted, ScenarioId(flow["id"])) if wanted is not None else [],
    )


def _problem(fault: Fault, number: int, flow: Plain, language: Language) -> Problem:
    found = _PLACE.match(fault.place)
    own = found is not None and int(found[1]) == number
    place = (found[2] or "") if own and found is not None else fault.place
    block = _BLOCK.match(place) if own else None
    blocks = flow.get("blocks", ())
    return Problem(
        place=place,
        block=blocks[int(block[1])].get("id") if block and int(block[1]) < len(blocks) else None,
        code=fault.code,
        warning=fault.warning,
        elsewhere=not own,
        message=fault.message(language),
    )


def _uncovered(wanted: Configuration, id: ScenarioId) -> list[tuple[str, str]]:
    flow = next(each for each in wanted.flows if each.id == id)
    return uncovered(flow, wanted.flows, judge(flow, wanted.flows)) if flow.tests else []


def difference(before: Plain | None, after: Plain | None) -> list[Change]:
    """Of two versions of a flow; None: there was none."""
    return changes(_whole(before), _whole(after))


def _whole(plain: Plain | None) -> Mapping[str, Any]:
    return _ADAPTER.dump_python(_ADAPTER.validate_python(plain), mode="json") if plain is not None else {}


# Who names a flow.


def leads_to(configuration: Configuration, flow: ScenarioId) -> list[EntryPoint]:
    """The entry points that lead to it, by themselves or by a rule."""
    return [
        entry
        for entry in configuration.entry_points
        if entry.scenario == flow or any(rule.to.scenario == flow for rule in entry.rules)
    ]


def run_by(configuration: Configuration, flow: ScenarioId) -> list[Flow]:
    """The flows that run it."""
    return [
        each
        for each in configuration.flows
        if any(block.flow is not None and block.flow.flow == flow for block in each.blocks)
    ]
