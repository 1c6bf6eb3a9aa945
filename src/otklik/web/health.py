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


class Health(BaseModel):
    """`degraded` with status 200: people can work, but without telephony; 503: nothing works."""

    status: Literal["ok", "degraded"]
    database: Literal["up", "down"]
    telephony: Literal["up", "down"]


@router.get("/health", summary="Is everything up?", responses={503: {"model": Health}})
async def health(request: Request, response: Response) -> Health:
    database: DatabasePort = request.app.state.database
    database_up = await database.up()
    telephony_up = bool(request.app.state.telephony().get("up"))
    if not database_up:
        response.status_code = 503
    return Health(
        status="ok" if database_up and telephony_up else "degraded",
        database="up" if database_up else "down",
        telephony="up" if telephony_up else "down",
    )


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
