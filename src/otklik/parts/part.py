"""A part of the set-up as a document of its own, and the whole with another such part in it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Lack
from otklik.errors import AppError, Language
from otklik.tenancy import yaml
from otklik.tenancy.document import Accounts, Plain, to_plain
from otklik.tenancy.revision import Revision, Told, revise_plain

Value = list[Any] | dict[str, Any]
LONGEST: Final = 512 * 1024
"""Characters of a part as JSON: as much as a whole file may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`collections` are whole lists of the file; `of_queues` and `of_agents`: the fields of queues and of agents that are set beside
    them. One that is `alone` is read and written as the list itself, others as lists by their names."""

    collections: tuple[str, ...]
    of_queues: tuple[str, ...] = ()
    of_agents: tuple[str, ...] = ()
    alone: bool = False


_LISTS: Final = [name for name, each in to_plain(Configuration(), {}, whole=True).items() if isinstance(each, list)]
PARTS: Final[Mapping[str, Part]] = {
    "talk-scripts": Part(collections=("talk_scripts",), of_queues=("talk_script",)),
    "results": Part(collections=("dispositions",), of_queues=("dispositions", "disposition_required")),
    "card": Part(collections=("customer_fields", "field_groups", "choice_lists")),
    **{name: Part(collections=(name,), alone=True) for name in _LISTS},
    "queues": Part(collections=("queues",), of_agents=("queues", "weight"), alone=True),
}
"""Every list of the file by its own name, and what is set up on one screen together."""


def part_named(name: str) -> Part:
    """Raises `part_unknown`."""
    found = PARTS.get(name)
    if found is None:
        raise AppError("part_unknown", 404, part=name, known=", ".join(sorted(PARTS)))
    return found


def whole(configuration: Configuration, accounts: Accounts) -> Plain:
    """As in the file, with all usual values, so that a screen need not know them."""
    return to_plain(configuration, accounts, whole=True)


def value(document: Plain, part: Part) -> Value:
    """Of the whole document."""
    return document[part.collections[0]] if part.alone else {name: document[name] for name in part.collections}


def of_queues(document: Plain, part: Part) -> list[Plain]:
    """Each queue with its id, its name, and what the part sets of it."""
    return [{name: queue[name] for name in ("id", "name", *part.of_queues)} for queue in document["queues"]]


def of_agents(document: Plain, part: Part) -> list[Plain]:
    """In the order of the file: each agent with the login, and what the part sets of it; none where it sets nothing."""
    agents: list[Plain] = document["agents"] if part.of_agents else []
    return [{name: agent[name] for name in ("login", *part.of_agents)} for agent in agents]


def names(document: Plain, accounts: Accounts) -> dict[str, list[Plain]]:
    """What there is to refer to: of every list the ids and what they are called. Flows and handlers are scenarios."""
    called = {account.login: account.name for account in accounts.values()}
    found = {
        name: [_called(each, called) for each in things if isinstance(each, dict) and ("id" in each or "login" in each)]
        for name, things in document.items()
        if isinstance(things, list)
    }
    found["scenarios"] = [*found["scenarios"], *found["flows"], *found["handlers"]]
    return found


def _called(thing: Plain, logins: Mapping[str, str]) -> Plain:
    known = str(thing.get("id", thing.get("login")))
    name = thing.get("name") or logins.get(known) or known
    return {"id": known, "ru": thing.get("ru") or name, "en": thing.get("en") or name}


def revised(
    part: Part,
    sent: Value,
    queues: Mapping[str, Plain],
    current: Configuration,
    accounts: Accounts,
    language: Language,
    *,
    agents: Mapping[str, Plain] | None = None,
    lacks: Collection[Lack] = (),
) -> Revision:
    """The whole set-up with this part in place of the one that stands, held against the rules. What is said of anything else
    that was no fault of this part is left out while it is only a warning."""
    _readable({"value": sent, "queues": dict(queues), "agents": dict(agents or {})})
    document = to_plain(current, accounts) | _lists(part, sent)
    for things, named, wanted, own in (
        ("queues", "id", queues, part.of_queues),
        ("agents", "login", agents or {}, part.of_agents),
    ):
        if wanted and own:
            document[things] = [_with(each, wanted.get(each[named], {}), own) for each in document.get(things, ())]
    found = revise_plain(yaml.Text(document, {}), current, accounts, language, lacks=lacks)
    kept = [each for each in found.told if not each.warning or _is_of(each, part)]
    return Revision(wanted=found.wanted, changes=found.changes, told=kept)


def _with(thing: Plain, wanted: Plain, own: tuple[str, ...]) -> Plain:
    """Of what is wanted only what the part may set."""
    return {**thing, **{name: value for name, value in wanted.items() if name in own}}


def _lists(part: Part, sent: Value) -> Plain:
    """Those of the file that are to stand. Raises `part_shape`."""
    if isinstance(sent, list) != part.alone:
        expected = json.dumps([] if part.alone else {name: [] for name in part.collections})
        raise AppError("part_shape", 400, expected=expected)
    if isinstance(sent, list):
        return {part.collections[0]: sent}
    return {name: sent[name] for name in part.collections if name in sent}


def _is_of(told: Told, of: Part) -> bool:
    beside = re.match(r"(queues|agents)\[\d+\]\.(\w+)", told.place)
    own = {"queues": of.of_queues, "agents": of.of_agents}
    return re.split(r"[.\[]", told.place)[0] in of.collections or (beside is not None and beside[2] in own[beside[1]])


def _readable(sent: Any) -> None:
    """Raises `part_too_long`, or `part_unreadable` for what no text may hold."""
    text = json.dumps(sent, ensure_ascii=False)
    if len(text) > LONGEST:
        raise AppError("part_too_long", 413, most=LONGEST // 1024)
    if "\\u0000" in text or re.search("[\ud800-\udfff]", text):
        raise AppError("part_unreadable", 400, field="value")
