"""The set-up as a document for people: logins in place of agents' ids, nothing that has its usual value; and back.

Also the form in which it is stored, where agents stand by their id and their names are left to the accounts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import get_close_matches
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from otklik.contact.configuration import Agent, Configuration
from otklik.contact.ids import AgentId
from otklik.routing import audit
from otklik.routing.audit import Fault
from otklik.scenario import audit as scenarios
from otklik.scenario.rehearsal import tested

FORMAT: Final = 1
"""Grows when an earlier file can no longer be read as it is."""
_ADAPTER: Final = TypeAdapter(Configuration)
_AGENT_TERM: Final = re.compile(r'\bagent\s+(?:"([^"]*)"|([\w-]+))')
_ACCOUNT_FIELDS: Final = ("id", "name")

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How an agent signs in and is called."""

    login: str
    name: str


Accounts = Mapping[AgentId, Account]


class Unfit(Exception):
    """The document cannot become the set-up; `faults` say why, warnings among them."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__(", ".join(f"{fault.place}: {fault.code}" for fault in found if not fault.warning))
        self.faults = found


def faults(configuration: Configuration) -> list[Fault]:
    """All that is wrong with a set-up: with its parts, and with its flows."""
    found = [*audit.faults(configuration), *scenarios.faults(configuration)]
    return found if any(not fault.warning for fault in found) else [*found, *tested(configuration)]


# As it is stored.


def storable_body(configuration: Configuration) -> str:
    plain: Plain = _ADAPTER.dump_python(configuration, mode="json")
    for agent in plain["agents"]:
        del agent["name"]
    return json.dumps(plain, ensure_ascii=False)


def stored(body: Plain) -> Configuration:
    return _ADAPTER.validate_python({**body, "agents": [{**agent, "name": ""} for agent in body.get("agents", ())]})


def present(configuration: Configuration, accounts: Accounts) -> Configuration:
    """With exactly the agents who have an account, those without a word about them at the end."""
    kept = [replace(agent, name=accounts[agent.id].name) for agent in configuration.agents if agent.id in accounts]
    known = {agent.id for agent in kept}
    others = [Agent(id=each, name=account.name) for each, account in accounts.items() if each not in known]
    return replace(configuration, agents=(*kept, *others))


# As people write it.


def to_plain(configuration: Configuration, accounts: Accounts, *, whole: bool = False) -> Plain:
    """`whole`: with all usual values too. Agents without an account are left out."""
    logins = {each: account.login for each, account in accounts.items()}
    dumped: Plain = _ADAPTER.dump_python(configuration, mode="json", exclude_defaults=not whole)
    if "agents" in dumped:
        agents = [agent for agent in dumped["agents"] if agent["id"] in logins]
        dumped["agents"] = [{"login": logins[agent["id"]], **_without_account(agent)} for agent in agents]
    plain: Plain = _renamed(dumped, {str(each): login for each, login in logins.items()}, quoted=False)
    return {"format": FORMAT, **plain}


def _without_account(agent: Plain) -> Plain:
    return {key: value for key, value in agent.items() if key not in _ACCOUNT_FIELDS}


def from_plain(plain: object, accounts: Accounts) -> tuple[Configuration, list[Fault]]:
    """The set-up and the warnings. Raises `Unfit` with everything that is wrong, not only the first."""
    if not isinstance(plain, dict):
        raise Unfit([Fault(place="", code="config_object")])
    if plain.get("format", FORMAT) != FORMAT:
        raise Unfit([Fault(place="format", code="config_choice", values={"expected": FORMAT})])
    wanted = {key: value for key, value in plain.items() if key != "format"}
    ids = {account.login: (str(each), account.name) for each, account in accounts.items()}
    agents, wrong = _with_accounts(wanted.get("agents"), ids)
    if agents is not None:
        wanted["agents"] = agents
    wanted = _renamed(wanted, {login: each for login, (each, _) in ids.items()}, quoted=True)
    wrong += _unknown_fields(Configuration, wanted, "")
    try:
        configuration = _ADAPTER.validate_python(wanted)
    except ValidationError as error:
        raise Unfit([*wrong, *map(_fault, error.errors())]) from error
    known = {fault.place for fault in wrong}
    # An agent without an account stands here by the login, and has been told of already.
    wrong += [fault for fault in faults(configuration) if fault.place.rpartition(".")[0] + ".login" not in known]
    if any(not fault.warning for fault in wrong):
        raise Unfit(wrong)
    return present(configuration, accounts), wrong


def misshapen(kind: Any, adapter: TypeAdapter[Any], plain: object) -> list[Fault]:
    """Where a part of the document is no `kind` at all: wrong types, missing and unknown fields."""
    wrong = _unknown_fields(kind, plain, "")
    try:
        adapter.validate_python(plain)
    except ValidationError as error:
        wrong = [*map(_fault, error.errors()), *wrong]
    return wrong


def _with_accounts(agents: object, ids: Mapping[str, tuple[str, str]]) -> tuple[list[Any] | None, list[Fault]]:
    if not isinstance(agents, list):
        return None, []
    made: list[Any] = []
    wrong: list[Fault] = []
    for number, agent in enumerate(agents):
        place = f"agents[{number}]"
        if not isinstance(agent, dict):
            made.append(agent)
            continue
        login = agent.get("login")
        if not isinstance(login, str):
            wrong.append(Fault(place=f"{place}.login", code="config_missing" if login is None else "config_text"))
        elif login not in ids:
            wrong.append(Fault(place=f"{place}.login", code="config_no_agent", values={"id": login}))
        wrong += [_no_such_field(f"{place}.{key}", key, ["login"]) for key in _ACCOUNT_FIELDS if key in agent]
        identity, name = ids.get(str(login), (str(login), ""))
        own = {key: value for key, value in agent.items() if key not in ("login", *_ACCOUNT_FIELDS)}
        made.append({**own, "id": identity, "name": name})
    return made, wrong


def _renamed(value: Any, names: Mapping[str, str], *, quoted: bool, field: str = "") -> Any:
    """Agents by another name, wherever one is named: in `hunt`, in a flow's `agent`, and as `agent NAME` in `requires`."""
    if isinstance(value, dict):
        return {key: _renamed(each, names, quoted=quoted, field=str(key)) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_renamed(each, names, quoted=quoted, field=field) for each in value]
    if not isinstance(value, str):
        return value
    if field in ("hunt", "agent"):
        return names.get(value, value)
    if field == "requires":
        return _AGENT_TERM.sub(lambda found: _agent_term(found, names, quoted), value)
    return value


def _agent_term(found: re.Match[str], names: Mapping[str, str], quoted: bool) -> str:
    name = found[1] if found[1] is not None else found[2]
    other = names.get(name)
    if other is None:
        return found[0]
    return f'agent "{other}"' if quoted or not re.fullmatch(r"\w+(?:-\w+)*", other) else f"agent {other}"


def _unknown_fields(kind: Any, value: object, place: str) -> list[Fault]:
    return list(_look_for_unknown(kind, value, place))


def _look_for_unknown(kind: Any, value: object, place: str) -> Iterator[Fault]:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        for each in inner:
            yield from _look_for_unknown(each, value, place)
    elif origin is tuple and isinstance(value, list):
        for number, each in enumerate(value):
            yield from _look_for_unknown(inner[0], each, f"{place}[{number}]")
    elif origin is dict and isinstance(value, dict):
        for key, each in value.items():
            yield from _look_for_unknown(inner[1], each, f"{place}.{key}")
    elif is_dataclass(kind) and isinstance(value, dict):
        known = get_type_hints(kind)
        for key, each in value.items():
            inside = f"{place}.{key}" if place else str(key)
            if key not in known:
                yield _no_such_field(inside, str(key), [field.name for field in fields(kind)])
            else:
                yield from _look_for_unknown(known[key], each, inside)


def _no_such_field(place: str, key: str, known: list[str]) -> Fault:
    near = get_close_matches(key, known, n=1)
    return Fault(place=place, code="config_unknown_field", values={"nearest": f" → {near[0]}?" if near else ""})


_CODES: Final = {
    "missing": "config_missing",
    "string_type": "config_text",
    "int_type": "config_whole",
    "int_parsing": "config_whole",
    "int_from_float": "config_whole",
    "float_type": "config_figure",
    "float_parsing": "config_figure",
    "bool_type": "config_true_false",
    "bool_parsing": "config_true_false",
    "literal_error": "config_choice",
    "tuple_type": "config_list",
    "dict_type": "config_object",
    "dataclass_type": "config_object",
}


def _fault(error: Any) -> Fault:
    """Of pydantic's."""
    place = ""
    for part in error["loc"]:
        if isinstance(part, int):
            place += f"[{part}]"
        elif part != "[key]":
            place += f".{part}" if place else part
    code = _CODES.get(error["type"], "config_value")
    values = {"expected": error["ctx"]["expected"].replace(" or ", ", ")} if code == "config_choice" else {}
    return Fault(place=place, code=code, values=values or ({"reason": error["msg"]} if code == "config_value" else {}))
