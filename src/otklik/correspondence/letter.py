"""One thing that a customer wrote, and who it says it is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from otklik.contact.configuration import Configuration
from otklik.contact.hearing import fields_of_request, told_in_request
from otklik.contact.ids import ContactId, EntryPointId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`sender`: name, phone, mail as they were given; `fields`: whatever else the form asked. Set `by`: one of us answered, or a scenario of this name;
    `delivery`: kept here, being sent, sent by mail, or failed to be, and `failure` why."""

    at: datetime
    text: str
    sender: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    number: int = 1
    by: str | None = None
    delivery: str | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebKey:
    """Of a web site that hands requests in."""

    tenant: TenantId
    id: str
    entry_point: EntryPointId


def known_to_scenarios(set_up: Configuration, fields: Mapping[str, str]) -> dict[str, str]:
    """What of a request goes with its contact: nothing where no scenario is for written requests."""
    serving = any(each.written for each in set_up.flows) or any(each.written for each in set_up.handlers)
    return fields_of_request(told_in_request(fields)) if serving else {}


def contact_of(key: str, number: str) -> ContactId:
    """The same request of the same site is the same contact, however often it is sent."""
    return ContactId(str(uuid5(UUID(key), number)))
