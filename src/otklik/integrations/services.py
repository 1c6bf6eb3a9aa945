"""HTTP services of tenants: a named request with its values in their places, answered with JSON, within time and size.

Only the host of the set-up is asked: redirects are not followed, proxies and passwords of the environment are not used, and
whatever a caller keys is one part of a path or one value, never a way elsewhere.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import httpx
import msgspec
import structlog

from otklik.contact.ids import TenantId
from otklik.contact.outside import Request, Service
from otklik.errors import PeerError
from otklik.integrations.databases import said_as, values
from otklik.integrations.secrets import Secrets

log = structlog.get_logger()

LARGEST_BYTES: Final = 65_536
NOT_FOUND: Final = 404
NONE_SUCH: Final = frozenset({204, NOT_FOUND, 410})
_PLACE: Final = re.compile(r"\{(\w+)\}")
_NO_PART: Final = re.compile(r"\.*|.*[/\\\x00-\x1f\x7f].*", re.DOTALL)
"""What would be another path, even to a server that reads it twice."""


@dataclass(slots=True)
class _Known:
    """A client, and what it was made for. Replaced by another it is closed when nobody waits for it any more."""

    service: Service
    headers: dict[str, str]
    client: httpx.AsyncClient
    slots: asyncio.Semaphore
    in_use: int = 0
    replaced: bool = False


@dataclass(slots=True)
class Services:
    """One client for each service of each tenant, made when it is first asked for."""

    secrets: Secrets
    _known: dict[tuple[TenantId, str], _Known] = field(default_factory=dict)
    _trust: ssl.SSLContext | None = None

    async def ask(
        self, tenant: TenantId, service: Service, request: str, parameters: Mapping[str, str], once: str
    ) -> dict[str, str] | None:
        """The values of the answer as texts; None: there is no such thing. `once`: the same for the same question, if it is asked
        again. Raises `PeerError`."""
        status, body = await self._answer(tenant, service, request, parameters, once)
        if status in NONE_SUCH:
            return None
        if not 200 <= status < 300:
            log.warning("service_refused", service=service.id, request=request, status=status)
            raise PeerError(service.id, "refused", retryable=status >= 500)
        return _read(service.id, service.requests[request], body)

    async def tell(
        self, tenant: TenantId, service: Service, request: str, parameters: Mapping[str, str], once: str
    ) -> None:
        """As `ask`, of something that is to be done. Raises `PeerError` if it is not: any answer of 200 to 299 says that it is, and
        where the request names values one of them must stand in it."""
        status, body = await self._answer(tenant, service, request, parameters, once)
        if not 200 <= status < 300:
            log.warning("service_refused", service=service.id, request=request, status=status)
            raise PeerError(service.id, "refused", retryable=status >= 500)
        if (wanted := service.requests[request]).values and _read(service.id, wanted, body) is None:
            raise PeerError(service.id, "refused", retryable=False)

    async def _answer(
        self, tenant: TenantId, service: Service, request: str, parameters: Mapping[str, str], once: str
    ) -> tuple[int, bytes]:
        wanted = service.requests[request]
        sent = _prepared(service, wanted, parameters)
        if sent is None:
            return NOT_FOUND, b""
        if wanted.method == "POST":
            sent["headers"] = {"Idempotency-Key": once}
        async with self._use(tenant, service) as known:
            return await _exchange(known, sent)

    async def try_out(self, tenant: TenantId, service: Service) -> None:
        """Connects and asks for what its requests begin with; any answer will do. Raises `PeerError`."""
        async with self._use(tenant, service) as known:
            await _exchange(known, {"method": "GET", "url": httpx.URL(service.url)})

    @asynccontextmanager
    async def _use(self, tenant: TenantId, service: Service) -> AsyncIterator[_Known]:
        known = await self._open(tenant, service)
        known.in_use += 1
        try:
            async with asyncio.timeout(service.timeout_seconds), known.slots:
                yield known
        except TimeoutError as error:
            raise PeerError(service.id, "late", retryable=True) from error
        finally:
            known.in_use -= 1
            if known.replaced and not known.in_use:
                await known.client.aclose()

    async def _open(self, tenant: TenantId, service: Service) -> _Known:
        headers = {name: self.secrets.find(secret) for name, secret in service.secret_headers.items()}
        given = {name: value for name, value in headers.items() if value and value.isprintable()}
        if len(given) < len(headers):
            raise PeerError(service.id, "secret", retryable=False)
        if self._trust is None:
            self._trust = await asyncio.to_thread(ssl.create_default_context)
        known = self._known.get((tenant, service.id))  # from here to the new one nobody else may come between
        if known is not None and known.service == service and known.headers == given:
            return known
        made = self._known[tenant, service.id] = _Known(
            service=service,
            headers=given,
            client=_client(service, given, self._trust),
            slots=asyncio.Semaphore(service.at_once),
        )
        if known is not None:
            known.replaced = True
            if not known.in_use:
                await known.client.aclose()
        return made

    async def close(self) -> None:
        for known in self._known.values():
            await known.client.aclose()
        self._known.clear()


def _client(service: Service, headers: Mapping[str, str], trust: ssl.SSLContext) -> httpx.AsyncClient:
    # Packed answers are not asked for: a small one may unpack to a large one.
    asked = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "otklik", **headers}
    limits = httpx.Limits(max_connections=service.at_once, max_keepalive_connections=service.at_once)
    return httpx.AsyncClient(
        headers=asked,
        timeout=service.timeout_seconds,
        limits=limits,
        verify=trust,
        follow_redirects=False,
        trust_env=False,
    )


def _prepared(service: Service, request: Request, parameters: Mapping[str, str]) -> dict[str, Any] | None:
    """None: what was given can be no part of a path, so there is no such thing."""
    in_path = [parameters.get(name, "") for name in _PLACE.findall(request.path)]
    if any(_NO_PART.fullmatch(value) for value in in_path):
        return None

    def fill(text: str, quoted: bool = False) -> str:
        return _PLACE.sub(
            lambda found: quote(parameters.get(found[1], ""), safe="") if quoted else parameters.get(found[1], ""), text
        )

    url = httpx.URL(service.url.rstrip("/") + fill(request.path, quoted=True))
    if request.query:
        url = url.copy_with(params={name: fill(value) for name, value in request.query.items()})
    prepared: dict[str, Any] = {"method": request.method, "url": url}
    if request.method == "POST":
        prepared["json"] = {name: fill(value) for name, value in request.body.items()}
    return prepared


async def _exchange(known: _Known, sent: Mapping[str, Any]) -> tuple[int, bytes]:
    """The status, and of a good answer the body."""
    service = known.service.id
    try:
        async with known.client.stream(**sent) as response:
            if not response.is_success:
                return response.status_code, b""
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise PeerError(service, "unreadable", retryable=False)
            body = b""
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > LARGEST_BYTES:
                    raise PeerError(service, "too_large", retryable=False)
            return response.status_code, body
    except httpx.TimeoutException as error:
        raise PeerError(service, "late", retryable=True) from error
    except httpx.TransportError as error:
        log.warning("service_unreachable", service=service, error=type(error).__name__)
        raise PeerError(service, "unreachable", retryable=True) from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise PeerError(service, "unreadable", retryable=False) from error


# The answer.


def _read(service: str, request: Request, body: bytes) -> dict[str, str] | None:
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PeerError(service, "unreadable", retryable=False) from error
    if answer is None or answer == []:
        return None
    if not isinstance(answer, (dict, list)):
        raise PeerError(service, "unreadable", retryable=False)
    if not request.values:
        top = answer if isinstance(answer, dict) else answer[0]
        return values(list(top.items())) if isinstance(top, dict) else {}
    found = [(name, _at(answer, place.split("."))) for name, place in request.values.items()]
    if all(said_as(value) is None for _, value in found):  # it is an answer to something else
        raise PeerError(service, "unreadable", retryable=False)
    return values(found)


def _at(answer: Any, place: list[str]) -> object:
    for part in place:
        if isinstance(answer, dict):
            answer = answer.get(part)
        elif isinstance(answer, list) and part.isdecimal() and int(part) < len(answer):
            answer = answer[int(part)]
        else:
            return None
    return answer
