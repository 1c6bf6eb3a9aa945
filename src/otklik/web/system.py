"""The System screen and the simulated customers of a demo."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from otklik.errors import AppError
from otklik.tenancy.access import require, signed_in

router = APIRouter(tags=["system"])


class DemoPort(Protocol):
    """Simulated customers. `state` is None when they were not switched on."""

    def state(self) -> dict[str, object] | None: ...

    def set_rate(self, calls_per_minute: float) -> None: ...


class FindingBody(BaseModel):
    """One thing that was looked at: what was found, and what to do if it is not well."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    state: Literal["ok", "warning", "fault"]
    title: str
    found: str
    advice: str | None


class Advice(BaseModel):
    ru: str
    en: str


class TelephonyState(BaseModel):
    up: bool
    advice: Advice | None


class System(BaseModel):
    findings: list[FindingBody]
    telephony: TelephonyState


class DemoRate(BaseModel):
    calls_per_minute: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]


@router.get("/api/system", summary="What was found on this machine and what to do")
async def system(request: Request) -> System:
    person = require(request.state.person, "system.see")
    found: list[Any] = list(await request.app.state.findings(person.tenant))
    return System(
        findings=[_finding(each, person.language) for each in found],
        telephony=TelephonyState.model_validate(request.app.state.telephony()),
    )


def _finding(finding: Any, language: str) -> FindingBody:
    """Texts may come in both languages; the person sees one."""

    def said(name: str) -> Any:
        text = getattr(finding, name)
        return text[language] if isinstance(text, dict) else text

    return FindingBody(
        id=finding.id, state=finding.state, title=said("title"), found=said("found"), advice=said("advice") or None
    )


@router.get("/api/demo", summary="How often simulated customers call")
async def demo(request: Request) -> DemoRate:
    signed_in(request.state.person)
    return DemoRate.model_validate(_running(request).state())


@router.put("/api/demo", summary="Change how often simulated customers call")
async def set_demo(request: Request, body: DemoRate) -> DemoRate:
    require(request.state.person, "demo.control")
    running = _running(request)
    running.set_rate(body.calls_per_minute)
    return DemoRate.model_validate(running.state())


def _running(request: Request) -> DemoPort:
    running: DemoPort | None = request.app.state.demo
    if running is None or running.state() is None:
        raise AppError("no_demo", 404)
    return running
