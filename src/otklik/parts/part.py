"""A part of the set-up as a document of its own, and the whole with another such part in it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Lack
from otklik.errors import AppError, Language
from otklik.tenancy import yaml
from otklik.tenancy.document import Accounts, Plain, to_plain
from otklik.tenancy.revision import Revision, Told, revise_plain

PartName = Literal["talk-scripts", "results", "card"]
LONGEST: Final = 512 * 1024
"""Characters of a part as JSON: as much as a whole file may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`collections` are whole lists of the file; `of_queues`: the fields of queues that are set beside them."""

    collections: tuple[str, ...]
    of_queues: tuple[str, ...] = ()


PARTS: Final[Mapping[PartName, Part]] = {
    "talk-scripts": Part(collections=("talk_scripts",), of_queues=("talk_script",)),
    "results": Part(collections=("dispositions",), of_queues=("dispositions", "disposition_required")),
    "card": Part(collections=("customer_fields", "field_groups", "choice_lists")),
}


def content(configuration: Configuration, part: PartName) -> Plain:
    """With all usual values, so that a screen need not know them."""
    whole = to_plain(configuration, {}, whole=True)
    return {name: whole[name] for name in PARTS[part].collections}


def of_queues(configuration: Configuration, part: PartName) -> list[Plain]:
    """Each queue with its id, its name, and what the part sets of it."""
    whole = to_plain(configuration, {}, whole=True)
    shown = ("id", "name", *PARTS[part].of_queues)
    return [{name: queue[name] for name in shown} for queue in whole["queues"]] if PARTS[part].of_queues else []


def revised(
    part: PartName,
    sent: Plain,
    queues: Mapping[str, Plain],
    current: Configuration,
    accounts: Accounts,
    language: Language,
    *,
    lacks: Collection[Lack] = (),
) -> Revision:
    """The whole set-up with this part in place of the one that stands, held against the rules. What is said of anything else
    that was no fault of this part is left out while it is only a warning."""
    _readable({"content": sent, "queues": dict(queues)})
    document = to_plain(current, accounts)
    document |= {name: sent[name] for name in PARTS[part].collections if name in sent}
    if queues:
        own = PARTS[part].of_queues
        document["queues"] = [
            {**queue, **{name: value for name, value in queues.get(queue["id"], {}).items() if name in own}}
            for queue in document.get("queues", ())
        ]
    found = revise_plain(yaml.Text(document, {}), current, accounts, language, lacks=lacks)
    kept = [each for each in found.told if not each.warning or _is_of(each, part)]
    return Revision(wanted=found.wanted, changes=found.changes, told=kept)


def _is_of(told: Told, part: PartName) -> bool:
    of = PARTS[part]
    queue = re.match(r"queues\[\d+\]\.(\w+)", told.place)
    return re.split(r"[.\[]", told.place)[0] in of.collections or (queue is not None and queue[1] in of.of_queues)


def _readable(sent: Any) -> None:
    """Raises `part_too_long`, or `part_unreadable` for what no text may hold."""
    text = json.dumps(sent, ensure_ascii=False)
    if len(text) > LONGEST:
        raise AppError("part_too_long", 413, most=LONGEST // 1024)
    if "\\u0000" in text or re.search("[\ud800-\udfff]", text):
        raise AppError("part_unreadable", 400, field="content")
