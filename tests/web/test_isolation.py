"""Every route is tried by nobody, by people with too few rights, and by the neighbour tenant. The list of routes is the
application's own: a route without its attempts fails here."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute
from tests.web.conftest import AtDesk, Site, refusal

from otklik.web.app import openapi

CONTACT, CUSTOMER = "{contact}", "{customer}"
OPEN_TO_ALL = {("post", "/api/session"), ("get", "/health")}
BODIES: dict[str, Any] = {
    "/api/session/preferences": {"theme": "dark"},
    "/api/desk/status": {"status": "ready", "reason": None},
    "/api/desk/contacts/{contact}/mute": {"muted": True},
    "/api/desk/contacts/{contact}/draft": {"disposition": None, "note": "stolen"},
    "/api/desk/contacts/{contact}/wrap-up": {"disposition": "order", "note": "stolen", "then": "ready"},
    "/api/desk/contacts/{contact}/talk": {"script": "order", "version": 1, "answers": []},
    "/api/desk/contacts/{contact}/decline": {"offer": 1},
    "/api/desk/contacts/{contact}/transfer": {"queue": "support"},
    "/api/desk/contacts/{contact}/consult": {"queue": "support"},
    "/api/desk/contacts/{contact}/consult/turn": {"talks_to": "both"},
    "/api/desk/contacts/{contact}/consult/release": {"consultation": "0192aaaa-0000-7000-8000-000000000001"},
    "/api/desk/contacts/{contact}/recording": {"wish": "paused"},
    "/api/desk/contacts/{contact}/line": {"loss": 0, "jitter_ms": 0, "round_trip_ms": 0, "worst_mos": 4},
    "/api/desk/contacts/{contact}/follow-up": {"text": "stolen"},
    "/api/desk/contacts/{contact}/follow-up/call": {"at": "2027-01-31T09:00:00Z"},
    "/api/desk/contacts/{contact}/follow-up/mail": {"to": "a@example.com", "text": "stolen"},
    "/api/tasks/{task}": {"done": True},
    "/api/push/browser": {"endpoint": "https://push.example.com/1", "p256dh": "A", "auth": "A", "kinds": ["task"]},
    "/api/push/browser/forget": {"endpoint": "https://push.example.com/1"},
    "/api/push/browser/try": {"endpoint": "https://push.example.com/1"},
    "/api/desk/calls": {"number": "+79990000000"},
    "/api/desk/phone": {"phone": "page"},
    "/api/desk/callbacks": {"number": "+79990000000"},
    "/api/desk/callbacks/{contact}/move": {"at": "2027-01-31T09:00:00Z"},
    "/api/callbacks": {"number": "+79990000000"},
    "/api/callbacks/{contact}/move": {"at": "2027-01-31T09:00:00Z"},
    "/api/desk/requests": {"way": "paper", "text": "stolen"},
    "/api/desk/contacts/{contact}/answers": {"text": "stolen"},
    "/api/desk/contacts/{contact}/answers/send": {"number": 2},
    "/api/requests": {"text": "stolen"},
    "/api/requests/{contact}/letters": {"text": "stolen"},
    "/api/web-keys": {"name": "stolen", "entry_point": "russian"},
    "/api/wallboards": {"name": "stolen"},
    "/api/configuration/parts/{part}": {"value": {"talk_scripts": []}},
    "/api/configuration/parts/{part}/check": {"value": {"talk_scripts": []}},
    "/api/calendars/holidays": {},
    "/api/calendars/moment": {"calendar": {"id": "o", "name": "O", "time_zone": "UTC"}, "at": "2026-12-24T10:30"},
    "/api/contacts/{contact}/push": {"agent": str(uuid4())},
    "/api/supervision/contacts/{contact}/join": {"way": "listen"},
    "/api/supervision/agents/{agent}/status": {"status": "not_ready", "reason": "lunch"},
    "/api/customers": {"name": "stolen"},
    "/api/customers/{customer}": {"version": 1, "name": "stolen"},
    "/api/customers/{customer}/identities": {"kind": "phone", "value": "+79990000000"},
    "/api/customers/{customer}/identities/{identity}": {"label": "stolen"},
    "/api/customers/{customer}/notes": {"text": "stolen"},
    "/api/customers/{customer}/notes/{note}": {"text": "stolen"},
    "/api/customers/{customer}/tasks": {"text": "stolen"},
    "/api/customers/{customer}/tasks/{task}": {"done": True},
    "/api/customers/{customer}/distinct": {"other": str(uuid4())},
    "/api/customers/{customer}/merge": {"other": str(uuid4()), "version": 1, "other_version": 1},
    "/api/customers/{customer}/unmerge": {"merge": str(uuid4())},
    "/api/demo": {"calls_per_minute": 60},
    "/api/configuration": {"text": "format: 1"},
    "/api/configuration/plan": {"text": "format: 1"},
    "/api/configuration/rollback": {"version": 1},
    "/api/incidents": {"on": True},
    "/api/articles": {"title": "stolen", "body": "", "language": "en"},
    "/api/articles/{article}": {"title": "stolen", "body": "", "language": "en"},
    "/api/articles/{article}/publication": {"version": 1},
    "/api/knowledge/{article}/contacts/{contact}": {"helped": True},
    "/api/notices": {"text": "stolen"},
    "/api/supervision/agents/{agent}/assignment": {"queues": {}, "skills": {}},
    "/api/handlers/{handler}": {"name": "stolen", "language": "en", "otherwise": "orders", "code": ""},
    "/api/handlers/trial": {"language": "en", "otherwise": "orders", "code": ""},
    "/api/handlers/tests": {"language": "en", "otherwise": "orders", "code": "", "tests": []},
    "/api/flows/tests": {"scenario_tests": "never"},
    "/api/flows/check": {"flow": {}},
    "/api/flows/trial": {"flow": {}},
    "/api/flows/{flow}/draft": {"flow": {}, "base": 1},
    "/api/flows/{flow}/publish": {},
    "/api/flows/{flow}/rollback": {"version": 1},
}
QUERIES: dict[str, dict[str, str | int]] = {
    "/api/handlers/{handler}/code": {"version": 1},
    "/api/desk/callbacks/times": {"queue": "sales"},
    "/api/working-time": {"from": "2026-11-28", "to": "2026-11-28"},
    "/api/working-time/{agent}": {"day": "2026-11-28"},
    "/api/desk/working-time": {"day": "2026-11-28"},
}
ROUTES = sorted(
    (method, path) for path, operations in openapi()["paths"].items() for method in operations if path != "/health"
)
GUARDED = [route for route in ROUTES if route not in OPEN_TO_ALL]
WITH_A_KEY = [route for route in GUARDED if route[1].startswith("/api/requests")]
GUARDED = [route for route in GUARDED if route not in WITH_A_KEY]
CONFIGURED_AT = (
    "/api/configuration",
    "/api/calendars",
    "/api/web-keys",
    "/api/wallboards",
    "/api/flows",
    "/api/articles",
    "/api/handlers",
    "/api/telephones",
)
CONFIGURING = [route for route in GUARDED if route[1].startswith(CONFIGURED_AT)]
JOINING = [route for route in GUARDED if route[1].startswith("/api/supervision/contacts")]
DIRECTED_AT = ("/api/supervision/agents", "/api/supervision/alerts", "/api/working-time")
DIRECTING = [route for route in GUARDED if route[1].startswith(DIRECTED_AT)]
PLANNING = [route for route in GUARDED if route[1].startswith("/api/callbacks")]
WRITING = [("post", "/api/notices"), ("delete", "/api/notices/{notice}")]
OWN_DESK = (
    "/api/desk/shift",
    "/api/desk/status",
    "/api/desk/phone",
    "/api/desk/working-time",
    "/decline",
    "/pull",
    "/seen",
)
"""What is an agent's alone; the rest a supervisor may do with a contact that was taken over."""
# Who is refused although signed in.
NOT_FOR: dict[str, list[tuple[str, str]]] = {
    "anna": [
        ("get", "/api/system"),
        ("put", "/api/demo"),
        ("put", "/api/incidents"),
        ("post", "/api/contacts/{contact}/push"),
        ("post", "/api/contacts/{contact}/return"),
        *CONFIGURING,
        *JOINING,
        *DIRECTING,
        *WRITING,
        *PLANNING,
    ],
    "olga": [("get", "/api/system"), *CONFIGURING, *(route for route in GUARDED if route[1].endswith(OWN_DESK))],
    "admin": [*(route for route in GUARDED if route[1].startswith("/api/desk")), *JOINING],
}

WHOLE_CARD = """select jsonb_build_object('card', to_jsonb(c), 'identities', (select jsonb_agg(to_jsonb(i) order by i.id)
  from customer_identity i where i.customer_id = c.id)) from customer c where c.id = :id"""
OUT_OF_REACH = {
    (403, "not_permitted"),
    (404, "not_found"),
    (409, "no_such_contact"),
    (409, "contact_not_waiting"),
    (409, "contact_not_parked"),
    (409, "nobody_talks"),
    (409, "not_joined"),
    (409, "no_such_alert"),
    (409, "no_such_notice"),
}
"""As for a contact that there never was."""


async def attempt(client: httpx.AsyncClient, method: str, path: str, contact: str, **others: str) -> httpx.Response:
    """`others`: what stands in further places of the path; anything else is nobody's."""
    body = BODIES.get(path, {}) if method != "get" else None
    arguments = {} if body is None or method == "delete" else {"json": body}
    places = {"contact": contact, **others}
    where = re.sub(r"{(\w+)}", lambda place: places.get(place[1], str(uuid4())), path)
    return await client.request(method.upper(), where, params=QUERIES.get(path), **arguments)


def test_every_route_of_the_application_is_in_the_description_but_for_the_page_and_the_metrics(site: Site) -> None:
    included = [getattr(route, "original_router", None) for route in site.app.routes]
    routes = {
        (method.lower(), route.path)
        for router in included
        if router is not None
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    hidden = {("get", "/metrics"), ("get", "/{path:path}"), ("head", "/{path:path}")}
    assert routes == {*ROUTES, ("get", "/health")} | hidden


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_nobody_gets_nothing(site: Site, method: str, path: str) -> None:
    record = await site.save()
    async with site.client() as client:
        assert refusal(await attempt(client, method, path, record.contact)) == (401, "not_signed_in")


@pytest.mark.parametrize("login", NOT_FOR)
async def test_people_with_too_few_rights_are_refused(site: Site, login: str) -> None:
    record = await site.save()
    async with site.signed_in(login) as client:
        for method, path in NOT_FOR[login]:
            assert refusal(await attempt(client, method, path, record.contact)) == (403, "not_permitted"), path


@pytest.mark.parametrize("login", ["zoe", "rita"])
async def test_neighbour_cannot_reach_a_contact_by_any_route(site: Site, anna: AtDesk, login: str) -> None:
    call, past = await anna.talk(), await site.save()
    tried = 0
    async with site.signed_in(login) as client:
        for method, path in GUARDED:
            for contact in (call.contact, past.contact) if CONTACT in path else ():
                status, code = refusal(await attempt(client, method, path, contact))
                assert (status, code) in OUT_OF_REACH, path
                tried += 1
    assert tried >= 22
    assert call.hears == {"agent"}
    assert await site.scalar("select count(*) from contact_note where note = 'stolen'") == 0


@pytest.mark.parametrize("login", ["zoe", "rita"])
async def test_neighbour_cannot_reach_a_customer_by_any_route(site: Site, login: str) -> None:
    ivan = str(await site.scalar("select id from customer where name = 'Иван Петров'"))
    parts = {"identity": str(await site.scalar("select id from customer_identity where customer_id = :id", id=ivan))}
    before = await site.scalar(WHOLE_CARD, id=ivan)
    async with site.signed_in(login) as client:
        for method, path in GUARDED:
            if CUSTOMER in path:
                answer = await attempt(client, method, path, str(uuid4()), customer=ivan, **parts)
                assert refusal(answer) == (404, "not_found"), (method, path)
        page = (await client.get("/api/customers", params={"q": "иван"})).json()
        assert ivan not in {row["id"] for row in page["customers"]}
    assert await site.scalar(WHOLE_CARD, id=ivan) == before


async def test_neighbour_sees_nothing_in_lists_and_changes_only_what_is_theirs(site: Site) -> None:
    record = await site.save()
    async with site.signed_in("rita") as client:
        page = (await client.get("/api/contacts", params={"scope": "all", "limit": 200})).json()
        assert record.contact not in {row["id"] for row in page["contacts"]}
        me = (await client.patch("/api/session/preferences", json={"theme": "dark"})).json()
        assert me["tenant"] == {"id": site.neighbour, "name": "Соседи"}
    assert await site.scalar("select count(*) from person where theme = 'dark'") == 0
