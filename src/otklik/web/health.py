"""Is it alive (`/health`, for balancers), and how much of everything (`/metrics`, for Prometheus)."""

from __future__ import annotations

import ipaddress
from typing import Literal, Protocol

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from otklik.errors import AppError

router = APIRouter(tags=["health"])


class DatabasePort(Protocol):
    async def up(self) -> bool: ...


Role = Literal["all", "switchboard", "web", "jobs", "peers"]
Up = Literal["up", "down"]


class Health(BaseModel):
    """`degraded` with status 200: people can work, but without telephony or before the switchboard is back; 503: nothing
    works. `telephony` and `switchboard` are null in a process that has nothing to do with them."""

    status: Literal["ok", "degraded"]
    role: Role
    database: Up
    telephony: Up | None
    switchboard: Up | None


@router.get("/health", summary="Is everything up?", responses={503: {"model": Health}})
async def health(request: Request, response: Response) -> Health:
    database: DatabasePort = request.app.state.database
    database_up = await database.up()
    telephony = _up(request.app.state.telephony().get("up"))
    switchboard = _up(request.app.state.switchboard())
    if not database_up:
        response.status_code = 503
    return Health(
        status="ok" if database_up and telephony != "down" and switchboard != "down" else "degraded",
        role=request.app.state.role,
        database="up" if database_up else "down",
        telephony=telephony,
        switchboard=switchboard,
    )


def _up(state: object) -> Up | None:
    return None if state is None else "up" if state else "down"


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    if not request.app.state.metrics_public and not _from_here(request):
        raise AppError("not_found", 404)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _from_here(request: Request) -> bool:
    """From this machine, and not for somebody behind a proxy on it."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
