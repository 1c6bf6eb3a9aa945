"""The application: `create_app` is given the running parts, `openapi` needs none of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from obstore.store import ObjectStore
from starlette.middleware import Middleware

from otklik import __version__
from otklik.answering import api as answering
from otklik.calendars import api as calendars
from otklik.calling import api as calling
from otklik.contact.fault import Lack
from otklik.contact.ids import ContactId, OfferNumber, TenantId
from otklik.contact.ports import Handlers, Inbox, Lines, Live, Outside, Posting, Pushing
from otklik.correspondence import api as correspondence
from otklik.correspondence.allowance import Allowances
from otklik.customer import api as customers
from otklik.desk import api as desk
from otklik.desk.why import Inquiry
from otklik.flows import api as flows
from otklik.follow_up import api as follow_up
from otklik.handlers import api as handlers_api
from otklik.hearing import api as hearing
from otklik.knowledge import api as knowledge
from otklik.looking_up import api as looking_up
from otklik.parts import api as parts
from otklik.prompts import api as prompts
from otklik.push import api as push
from otklik.push.limits import Trials
from otklik.supervision import api as supervision
from otklik.talk import api as talk
from otklik.telephones import api as telephones
from otklik.tenancy import api as tenancy
from otklik.tenancy.attempts import Attempts
from otklik.web import errors, health, static, system
from otklik.web.access_log import AccessLog, security_headers
from otklik.web.gone import EndsWithItsAsker
from otklik.web.health import DatabasePort, Role
from otklik.web.live import live as live_socket
from otklik.web.rehearsals import HandlerRehearsals
from otklik.web.session import SessionEnds, SessionMiddleware
from otklik.web.sip import sip as sip_socket
from otklik.web.system import DemoPort
from otklik.web.wallboard import wallboard
from otklik.workforce import api as workforce

HASHING_AT_ONCE = 2
"""Password checks that run at the same time: each takes 64 MiB and a core for some 60 ms."""


def create_app(
    *,
    database: DatabasePort,
    inbox: Inbox,
    live: Live,
    lines: Lines,
    objects: ObjectStore,
    posting: Posting,
    pushing: Pushing | None = None,
    telephony: Callable[[], dict[str, object]],
    findings: Callable[[TenantId], Awaitable[Sequence[object]]],
    outside: Outside | None = None,
    demo: DemoPort | None = None,
    inquiry: Inquiry | None = None,
    sip_upstream: Callable[[TenantId], str | None] = lambda tenant: None,
    hung_up: Callable[[ContactId, OfferNumber], None] = lambda contact, offer: None,
    ice_servers: Sequence[dict[str, object]] = (),
    public_url: str | None = None,
    metrics_public: bool = False,
    lacks: Collection[Lack] = (),
    sip_server: str = "",
    clock: Callable[[], float] = time.monotonic,
    role: Role = "all",
    switchboard: Callable[[], bool | None] = lambda: True,
    handlers: Handlers | None = None,
) -> FastAPI:
    """`switchboard`: is there one for every tenant? `pushing`: tells browsers whose page is closed. `public_url`: what people type, if a proxy stands before us; https there makes the cookie secure.
    `sip_upstream`: the WebSocket of the Asterisk that has the tenant's calls now. `hung_up` is told of pages
    that say BYE, in the process that leads the centre. `lacks`: what set-ups may ask for and the installation does not have. `sip_server`: host and port where desk telephones register. `clock`: of sign-in attempts.
    `outside`: what agents may ask, apart from what calls ask. `handlers`: processes for test calls of Python scenarios, apart from those of real calls."""
    https = bool(public_url and public_url.startswith("https:"))
    app = _application([Middleware(AccessLog, headers=security_headers(static.script_hashes(), https=https))])
    app.add_api_websocket_route("/api/live", live_socket)
    app.add_api_websocket_route("/api/wallboard", wallboard)
    app.add_api_websocket_route("/sip", sip_socket)
    app.include_router(static.router())
    state = app.state
    state.database, state.inbox, state.live, state.lines, state.objects = database, inbox, live, lines, objects
    state.posting, state.pushing, state.outside, state.hung_up = posting, pushing, outside, hung_up
    state.telephony, state.findings, state.demo, state.inquiry = telephony, findings, demo, inquiry
    state.sip_upstream, state.ice_servers = sip_upstream, list(ice_servers)
    state.public_url, state.metrics_public = public_url, metrics_public
    state.cookie_secure = https
    state.clock, state.attempts, state.hashing = clock, Attempts(), asyncio.Semaphore(HASHING_AT_ONCE)
    state.allowances, state.push_trials = Allowances(), Trials()
    state.converting = asyncio.Semaphore(prompts.AT_ONCE)
    state.session_ends, state.sip_server = SessionEnds(), sip_server
    state.role, state.switchboard, state.lacks = role, switchboard, lacks
    state.rehearsals = HandlerRehearsals(handlers)
    return app


def create_monitor(
    *,
    role: Role,
    database: DatabasePort,
    telephony: Callable[[], dict[str, object]] = lambda: {"up": None},
    switchboard: Callable[[], bool | None] = lambda: None,
    metrics_public: bool = False,
) -> FastAPI:
    """`/health` and `/metrics` of a process that has no pages."""
    app = FastAPI(title="Otklik", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(AccessLog, headers=security_headers([], https=False))
    errors.install(app)
    app.include_router(health.router)
    state = app.state
    state.role, state.database, state.telephony, state.switchboard = role, database, telephony, switchboard
    state.metrics_public = metrics_public
    return app


def openapi() -> dict[str, Any]:
    """The description of the whole HTTP API, from which the page's types are generated."""
    return _application([]).openapi()


_ROUTERS = (
    tenancy.router,
    tenancy.configuration,
    correspondence.router,
    correspondence.keys_router,
    correspondence.desk,
    correspondence.journal,
    answering.router,
    desk.router,
    desk.journal,
    supervision.router,
    calling.router,
    calling.forwarding,
    telephones.router,
    telephones.desk,
    hearing.router,
    calling.planned,
    calling.callbacks,
    supervision.wallboards,
    supervision.notices,
    customers.router,
    follow_up.router,
    workforce.router,
    workforce.desk,
    talk.router,
    knowledge.router,
    knowledge.articles,
    flows.router,
    handlers_api.router,
    prompts.router,
    push.router,
    parts.router,
    calendars.router,
    looking_up.router,
    system.router,
    health.router,
)
"""All that is served under `/api`."""


def _application(outer: list[Middleware]) -> FastAPI:
    app = FastAPI(
        title="Otklik",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        generate_unique_id_function=_operation,
        responses={"default": {"model": errors.Refusal, "description": "Why it was refused"}},
        middleware=[*outer, Middleware(SessionMiddleware), Middleware(EndsWithItsAsker)],
    )
    errors.install(app)
    for router in _ROUTERS:
        app.include_router(router)
    original = app.openapi

    def described() -> dict[str, Any]:
        return _without_422(original())

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to change the description
    return app


def _operation(route: APIRoute) -> str:
    return route.name


def _without_422(description: dict[str, Any]) -> dict[str, Any]:
    """Bad input is answered by our own envelope, not by FastAPI's."""
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        description["components"]["schemas"].pop(name, None)
    return description
