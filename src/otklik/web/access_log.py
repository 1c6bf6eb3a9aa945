"""Outermost: one log line and one measurement for each request, and the security headers of each answer.

A line names the route's template and the status, never the path's ids, the query or the body.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog
from prometheus_client import Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from otklik.web.errors import route_of

log = structlog.get_logger()

REQUESTS = Histogram(
    "otklik_http_seconds",
    "Time to answer a request, in seconds",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_QUIET = ("/health", "/metrics")


class AccessLog:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, headers: Sequence[tuple[str, str]]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def mark(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, text in self._headers:
                    headers.setdefault(name, text)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, mark)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope)
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        REQUESTS.labels(method, route, str(status)).observe(seconds)
        if route in _QUIET:
            return
        person = scope.get("state", {}).get("person")
        log.info(
            "http",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            tenant=person.tenant if person else None,
            person=person.id if person else None,
            contact=str(scope.get("path_params", {}).get("contact", "")) or None,
        )


def security_headers(script_hashes: Sequence[str], *, https: bool) -> list[tuple[str, str]]:
    """Everything from this server only. Styles may stand in the page: the interface library sets them on elements."""
    policy = "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob: data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
    headers = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "microphone=(self), speaker-selection=(self), camera=(), geolocation=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    return [*headers, ("Strict-Transport-Security", "max-age=31536000")] if https else headers
