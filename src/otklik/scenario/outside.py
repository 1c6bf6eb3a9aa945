"""What is wrong with databases and services of a set-up, and with what flows ask of them, each fault with its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.flow import FetchBlock, LookUpBlock
from otklik.contact.outside import Connection, Request, Service

LONGEST_SECONDS: Final = 30.0
"""A caller hears nothing meanwhile."""
LONGEST_LOCK_SECONDS: Final = 604_800.0
MOST_AT_ONCE: Final = 50
_PARAMETER: Final = re.compile(r"(?<![:\w\x5c]):(\w+)(?![:\w])")
"""As SQLAlchemy reads them; a test compares."""
_PLACE: Final = re.compile(r"\{(\w+)\}")
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'")
_READS: Final = re.compile(r"\s*(?:select|with)\b[^;]*;?\s*", re.IGNORECASE)
_SECRET: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_NAME: Final = re.compile(r"\w+")
_ONE_OF: Final = re.compile(r"\{[\w.]+\}")
_SMS_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")
_HEADER: Final = re.compile(r"[A-Za-z0-9-]+")
_NOT_YOURS: Final = frozenset({"host", "connection", "content-length", "content-type", "transfer-encoding"})


def statement_parameters(statement: str) -> set[str]:
    """The `:name`s."""
    return set(_PARAMETER.findall(statement))


def request_parameters(request: Request) -> set[str]:
    """The `{name}`s."""
    return {
        name
        for text in (request.path, *request.query.values(), *request.body.values())
        for name in _PLACE.findall(text)
    }


def faults(configuration: Configuration) -> list[Fault]:
    return [
        *(
            fault
            for n, each in enumerate(configuration.connections)
            for fault in _connection(f"connections[{n}]", each)
        ),
        *(fault for n, each in enumerate(configuration.services) for fault in _service(f"services[{n}]", each)),
        *_sms(configuration),
        *_asked(configuration),
        *_written(configuration),
    ]


def _if(wrong: bool, place: str, code: str, **values: object) -> Iterator[Fault]:
    if wrong:
        yield Fault(place=place, code=code, values=values)


def _connection(place: str, connection: Connection) -> Iterator[Fault]:
    yield from _secret(f"{place}.url_secret", connection.url_secret)
    yield from _limits(place, connection)
    for name, statement in connection.statements.items():
        where = f"{place}.statements.{name}"
        yield from _if(_NAME.fullmatch(name) is None, where, "config_flow_name", found=name)
        yield from _if(_READS.fullmatch(_QUOTED.sub("", statement)) is None, where, "config_statement")


def _service(place: str, service: Service) -> Iterator[Fault]:
    yield from _if(not _plain(service.url), f"{place}.url", "config_service_url", found=service.url)
    yield from _limits(place, service)
    for name, secret in service.secret_headers.items():
        where = f"{place}.secret_headers.{name}"
        wrong = _HEADER.fullmatch(name) is None or name.lower() in _NOT_YOURS
        yield from _if(wrong, where, "config_header", found=name)
        yield from _secret(where, secret)
    for name, request in service.requests.items():
        where = f"{place}.requests.{name}"
        yield from _if(_NAME.fullmatch(name) is None, where, "config_flow_name", found=name)
        wrong = re.fullmatch(r"(/[^/?#\\\s]+)*/?", request.path) is None or ".." in request.path
        yield from _if(wrong, f"{where}.path", "config_request_path", found=request.path)
        yield from _if(bool(request.body) and request.method == "GET", f"{where}.body", "config_request_body")
        for value in request.values:
            yield from _if(_NAME.fullmatch(value) is None, f"{where}.values.{value}", "config_flow_name", found=value)


def _plain(url: str) -> bool:
    """With a host, and without a user, a question or a fragment."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    whole = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    return whole and not (parts.username or parts.password or parts.query or parts.fragment or re.search(r"\s", url))


def _secret(place: str, name: str) -> Iterator[Fault]:
    yield from _if(_SECRET.fullmatch(name) is None, place, "config_secret", found=name)


def _limits(place: str, outer: Connection | Service) -> Iterator[Fault]:
    wrong = not 0 < outer.timeout_seconds <= LONGEST_SECONDS
    yield from _if(wrong, f"{place}.timeout_seconds", "config_outside_seconds", most=LONGEST_SECONDS)
    wrong = not 1 <= outer.at_once <= MOST_AT_ONCE
    yield from _if(wrong, f"{place}.at_once", "config_outside_at_once", most=MOST_AT_ONCE)


def _sms(configuration: Configuration) -> Iterator[Fault]:
    sms = configuration.sms
    if sms is None:
        return
    service = next((each for each in configuration.services if each.id == sms.service), None)
    yield from _if(service is None, "sms.service", "config_no_service", id=sms.service)
    request = service.requests.get(sms.request) if service is not None else None
    yield from _if(service is not None and request is None, "sms.request", "config_no_request", id=sms.request)
    if request is not None:
        wrong = request_parameters(request) != {"to", "text"}
        yield from _if(wrong, "sms.request", "config_sms_request", id=sms.request)


# What flows write.


def _written(configuration: Configuration) -> Iterator[Fault]:
    for number, flow in enumerate(configuration.flows):
        for n, block in enumerate(flow.blocks):
            place = f"flows[{number}].blocks[{n}]"
            if block.mail is not None:
                yield from _if(configuration.mail is None, f"{place}.mail", "config_no_mail")
                to = block.mail.recipient
                yield from _if(
                    _ONE_OF.search(to) is None and "@" not in to, f"{place}.mail.recipient", "config_mail_to"
                )
            if block.sms is not None:
                yield from _if(configuration.sms is None, f"{place}.sms", "config_no_sms")
                to = block.sms.recipient
                wrong = _ONE_OF.search(to) is None and _SMS_NUMBER.fullmatch(to) is None
                yield from _if(wrong, f"{place}.sms.recipient", "config_sms_to")


# What flows ask.


def _asked(configuration: Configuration) -> Iterator[Fault]:
    connections = {each.id: each for each in configuration.connections}
    services = {each.id: each for each in configuration.services}
    for number, flow in enumerate(configuration.flows):
        for n, block in enumerate(flow.blocks):
            place = f"flows[{number}].blocks[{n}]"
            if block.look_up is not None:
                yield from _look_up(f"{place}.look_up", block.look_up, connections)
            if block.fetch is not None:
                masked = {each.collect.into for each in flow.blocks if each.collect is not None and each.collect.masked}
                yield from _fetch(f"{place}.fetch", block.fetch, services, masked)


def _look_up(place: str, block: LookUpBlock, connections: Mapping[str, Connection]) -> Iterator[Fault]:
    yield from _into(place, block)
    connection = connections.get(block.connection)
    if connection is None:
        yield Fault(place=f"{place}.connection", code="config_no_connection", values={"id": block.connection})
        return
    statement = connection.statements.get(block.statement)
    if statement is None:
        yield Fault(place=f"{place}.statement", code="config_no_statement", values={"id": block.statement})
        return
    yield from _parameters(place, block, statement_parameters(statement))


def _fetch(place: str, block: FetchBlock, services: Mapping[str, Service], masked: set[str]) -> Iterator[Fault]:
    yield from _into(place, block)
    service = services.get(block.service)
    if service is None:
        yield Fault(place=f"{place}.service", code="config_no_service", values={"id": block.service})
        return
    request = service.requests.get(block.request)
    if request is None:
        yield Fault(place=f"{place}.request", code="config_no_request", values={"id": block.request})
        return
    yield from _parameters(place, block, request_parameters(request))
    in_address = {name for text in (request.path, *request.query.values()) for name in _PLACE.findall(text)}
    for name, value in block.parameters.items():
        open_to_all = name in in_address and value.strip("{}") in masked
        yield from _if(open_to_all, f"{place}.parameters.{name}", "config_masked_path", id=value.strip("{}"))


def _into(place: str, block: LookUpBlock | FetchBlock) -> Iterator[Fault]:
    if (lock_out := block.lock_out) is not None:
        yield from _if(not lock_out.by or "" in lock_out.by, f"{place}.lock_out.by", "config_lock_out_by")
        yield from _if(lock_out.wrong < 1, f"{place}.lock_out.wrong", "config_flow_attempts", found=lock_out.wrong)
        wrong = not 0 < lock_out.lock_seconds <= LONGEST_LOCK_SECONDS
        where = f"{place}.lock_out.lock_seconds"
        yield from _if(wrong, where, "config_outside_seconds", most=LONGEST_LOCK_SECONDS)
    wrong = bool(block.into) and _NAME.fullmatch(block.into) is None
    yield from _if(wrong, f"{place}.into", "config_flow_name", found=block.into)


def _parameters(place: str, block: LookUpBlock | FetchBlock, wanted: set[str]) -> Iterator[Fault]:
    for name in sorted(wanted - block.parameters.keys()):
        yield Fault(place=f"{place}.parameters", code="config_parameter_missing", values={"id": name})
    for name in block.parameters:
        expected = ", ".join(sorted(wanted)) or "–"
        yield from _if(name not in wanted, f"{place}.parameters.{name}", "config_parameter", expected=expected)
