"""Web Push (RFC 8030) to the services of browsers' makers: encrypted for one browser (RFC 8291), signed by this installation (RFC 8292).

Where a message goes is said by whoever's browser it is: only hosts of the internet are asked, never an address of the inner
network, whatever a name resolves to at that moment. Redirects are not followed, answers are not read.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import os
import socket
import ssl
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import urlsplit

import http_ece
import httpcore
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02, VapidException

from otklik.contact.ports import PushAddress
from otklik.errors import AppError, PeerError

LASTS_SECONDS: Final = 600
"""What waits longer for a browser that is off is no news any more."""
LIMIT_SECONDS: Final = 10.0
SIGNED_SECONDS: Final = 12 * 3600.0
"""RFC 8292 allows a day."""
AT_ONCE: Final = 12
"""Those who send, and those who try their browser out."""
GONE: Final = frozenset({401, 403, 404, 410})
"""There is no such browser, or it has subscribed with another key than ours."""
NOBODY: Final = "mailto:otklik@localhost"
"""Whom a push service may ask, where the installation has no address that it takes."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


_LEAD_ELSEWHERE: Final = tuple(
    ipaddress.IPv6Network(each)
    for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "::ffff:0:0:0/96", "fec0::/10")
)
"""They carry an address of the old kind, which may be an inner one, or were given to sites."""


def of_the_internet(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and any(address in each for each in _LEAD_ELSEWHERE):
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_global and not address.is_multicast


class PushServices:
    """`contact.ports.Pushing`. `key`: the private key, 32 bytes in base64url; `public_url`: where the
    installation is, whom a push service may ask. `reachable`: which addresses may be asked."""

    def __init__(
        self,
        key: str,
        public_url: str | None,
        *,
        reachable: Callable[[Address], bool] = of_the_internet,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        private = _private(key)
        self._vapid = Vapid02(private)
        self._contact = _contact(self._vapid, public_url)
        raw = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self._key = _written(raw)
        self._reachable = reachable
        self._trust = trust
        self._pool: httpcore.AsyncConnectionPool | None = None
        self._names = ThreadPoolExecutor(AT_ONCE, "push-names")

    def key(self) -> str:
        """What browsers subscribe with."""
        return self._key

    async def push(
        self, address: PushAddress, message: bytes, *, topic: str, lasts_seconds: int = LASTS_SECONDS
    ) -> None:
        """Raises `PeerError` with `gone` (forget this address), `late`, `unreachable` or `refused`."""
        body = await asyncio.to_thread(_encrypted, address, message)
        headers = self._headers(address.endpoint) | {"Topic": topic, "TTL": str(lasts_seconds)}
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                status = await self._post(address.endpoint, headers, body)
        except TimeoutError as error:
            raise PeerError("push", "late", retryable=True) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise PeerError("push", "unreachable", retryable=True) from error
        if status in GONE:
            raise PeerError("push", "gone", retryable=False)
        if not 200 <= status < 300:
            raise PeerError("push", "refused", retryable=status == 429 or status >= 500)

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.aclose()
        self._names.shutdown(wait=False, cancel_futures=True)

    def _headers(self, endpoint: str) -> dict[str, str]:
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "sub": self._contact,
            "exp": int(time.time() + SIGNED_SECONDS),
        }
        try:
            signed: dict[str, str] = self._vapid.sign(claims)
        except VapidException as error:
            raise PeerError("push", "refused", retryable=False) from error
        return {**signed, "Content-Encoding": "aes128gcm", "Urgency": "high"}

    async def _post(self, endpoint: str, headers: dict[str, str], body: bytes) -> int:
        if self._pool is None:
            trust = self._trust or await asyncio.to_thread(ssl.create_default_context)
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=trust,
                max_connections=AT_ONCE,
                max_keepalive_connections=AT_ONCE,
                keepalive_expiry=30.0,
                network_backend=_Guarded(self._reachable, self._names),
            )
        async with self._pool.stream("POST", endpoint, headers=list(headers.items()), content=body) as response:
            return response.status


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to what was looked at, so that a name cannot mean something else a moment later. A name that nobody answers for holds
    a thread for longer than anybody waits: these threads are of nobody else."""

    def __init__(self, reachable: Callable[[Address], bool], names: ThreadPoolExecutor) -> None:
        self._reachable = reachable
        self._names = names
        self._below = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's word
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self._names, functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
            )
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = [str(each[4][0]).partition("%")[0] for each in found]
        if not addresses or not all(self._reachable(ipaddress.ip_address(each)) for each in addresses):
            raise httpcore.ConnectError("an address that is not of the internet")
        return await self._below.connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def _contact(vapid: Vapid02, public_url: str | None) -> str:
    """Without port and path, which are not taken; tried out here, since later nothing would be sent at all."""
    try:
        parts = urlsplit(public_url or "")
        named = parts.scheme == "https" and ":" not in (parts.hostname or "")
        contact = f"https://{parts.hostname}" if named else NOBODY
        vapid.sign({"aud": "https://push.example.com", "sub": contact})
    except (ValueError, VapidException):
        return NOBODY
    return contact


def _private(key: str) -> ec.EllipticCurvePrivateKey:
    """Raises `AppError`: whoever runs the installation gave something else."""
    try:
        raw = _read(key)
        if len(raw) != 32:
            raise ValueError(len(raw))
        return ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())
    except ValueError as error:
        raise AppError("push_key", 503) from error


def _encrypted(address: PushAddress, message: bytes) -> bytes:
    """Raises `PeerError` with `gone`: these are no keys."""
    try:
        sealed: bytes = http_ece.encrypt(
            message,
            salt=os.urandom(16),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_read(address.p256dh),
            auth_secret=_read(address.auth),
            version="aes128gcm",
        )
    except (ValueError, http_ece.ECEException) as error:
        raise PeerError("push", "gone", retryable=False) from error
    return sealed


def _read(written: str) -> bytes:
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))


def _written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
