"""What is wrong with the questions that agents may ask outer systems. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.look_up import HOLE, DeskLookUp
from otklik.scenario.outside import request_parameters, statement_parameters

_KNOWN: Final = frozenset({"number", "mail", "customer", "company", "entered"})


def look_up_faults(configuration: Configuration) -> list[Fault]:
    return [
        fault
        for number, each in enumerate(configuration.look_ups)
        for fault in _look_up(f"look_ups[{number}]", each, configuration)
    ]


def _look_up(place: str, look_up: DeskLookUp, configuration: Configuration) -> Iterator[Fault]:
    if (look_up.connection is None) == (look_up.service is None):
        yield Fault(place=place, code="config_look_up_of_what")
        return
    wanted = _wanted(look_up, configuration)
    if isinstance(wanted, Fault):
        yield Fault(place=f"{place}.{wanted.place}", code=wanted.code, values=wanted.values)
        return
    for name in sorted(wanted - look_up.gives.keys()):
        yield Fault(place=f"{place}.gives", code="config_look_up_parameter", values={"name": name})
    fields = {each.id for each in configuration.customer_fields}
    for name, text in look_up.gives.items():
        where = f"{place}.gives.{name}"
        if name not in wanted:
            yield Fault(place=where, code="config_look_up_needless", values={"name": name})
        for hole in HOLE.findall(text):
            of_card = hole.removeprefix("card.") if hole.startswith("card.") else None
            if hole not in _KNOWN and of_card not in fields and not hole.startswith("contact."):
                yield Fault(place=where, code="config_look_up_hole", values={"name": hole})
        if (left := HOLE.sub("", text)) and set(left) & set("{}"):
            yield Fault(place=where, code="config_look_up_hole", values={"name": left.strip()})


def _wanted(look_up: DeskLookUp, configuration: Configuration) -> set[str] | Fault:
    """The parameters, or what does not exist."""
    if look_up.connection is not None:
        connection = next((each for each in configuration.connections if each.id == look_up.connection), None)
        if connection is None:
            return Fault(place="connection", code="config_no_connection", values={"id": look_up.connection})
        if look_up.statement not in connection.statements:
            return Fault(place="statement", code="config_no_statement", values={"id": look_up.statement})
        return statement_parameters(connection.statements[look_up.statement])
    service = next((each for each in configuration.services if each.id == look_up.service), None)
    if service is None:
        return Fault(place="service", code="config_no_service", values={"id": look_up.service})
    if look_up.request not in service.requests:
        return Fault(place="request", code="config_no_request", values={"id": look_up.request})
    return request_parameters(service.requests[look_up.request])
