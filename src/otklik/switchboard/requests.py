"""What other processes ask of the centres that are led here, answered in the order in which it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog

from otklik.contact.configuration import LIVE
from otklik.contact.facts import ContactArrived
from otklik.contact.ids import AgentId, CustomerId, TenantId
from otklik.contact.ports import DeskTelephone, Lines
from otklik.errors import AppError, PeerError
from otklik.storage import codec
from otklik.storage.bus import Bus
from otklik.switchboard.asking import REQUESTS_CHANNEL
from otklik.switchboard.exchange import Exchange

log = structlog.get_logger()

AT_ONCE_LIMIT = 1_000
"""Requests in hand. One more is refused at once, whoever asks: facts of calls are more urgent than clicks."""

Json = dict[str, Any]


class Requests:
    """Begins with the bus; `close` at the end."""

    def __init__(
        self, bus: Bus, exchange: Exchange, lines: Lines, set_demo_rate: Callable[[float], None] = lambda rate: None
    ) -> None:
        self._bus = bus
        self._exchange = exchange
        self._lines = lines
        self._set_demo_rate = set_demo_rate
        self._tasks: set[asyncio.Task[None]] = set()
        bus.on(REQUESTS_CHANNEL, self._hear)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hear(self, text: str) -> None:
        asked = json.loads(text)
        if asked["tenant"] is not None and not self._exchange.leads(TenantId(asked["tenant"])):
            return
        if len(self._tasks) >= AT_ONCE_LIMIT:
            self._answer(asked, _refused(AppError("centre_overloaded", 503)))
            return
        task = asyncio.create_task(self._serve(asked), name=f"request {asked['what']}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, asked: Json) -> None:
        try:
            answer = await _WORK[asked["what"]](self, asked)
        except AppError as error:
            answer = _refused(error)
        except PeerError as error:
            answer = {"failed": {"peer": error.peer, "reason": error.reason, "retryable": error.retryable}}
        except Exception:  # noqa: BLE001  one bad request must not end the tenant
            log.exception("request_failed", tenant=asked["tenant"], what=asked["what"])
            answer = _refused(AppError("internal_error", 500, id=asked["what"]))
        self._answer(asked, answer)

    def _answer(self, asked: Json, answer: Mapping[str, object]) -> None:
        if asked["to"] is None:
            if "refused" in answer or "failed" in answer:
                log.info("request_refused", tenant=asked["tenant"], what=asked["what"], answer=str(answer))
            return
        try:
            self._bus.say(asked["to"], json.dumps({"id": asked["id"], **answer}, default=str))
        except AppError:
            log.warning("answer_not_sent", tenant=asked["tenant"], what=asked["what"])  # they will not wait for ever

    async def _fact(self, asked: Json) -> Json:
        beside = asked.get("ani"), asked.get("request")
        tenant, fact = TenantId(asked["tenant"]), codec.load(asked["kind"], asked["body"], *beside)
        if isinstance(fact, ContactArrived) and fact.channel in LIVE:  # a call comes with its line
            raise AppError("not_permitted", 403)
        await self._exchange.submit(tenant, fact)
        return {"seq": self._exchange.last_seq(tenant)}

    async def _provision(self, asked: Json) -> Json:
        if not self._lines.up():
            raise PeerError("telephony", "down", retryable=True)
        user, password = await self._lines.provision(TenantId(asked["tenant"]), AgentId(asked["agent"]))
        return {"user": user, "password": password}

    async def _deprovision(self, asked: Json) -> Json:
        await self._lines.deprovision(AgentId(asked["agent"]))
        return {}

    async def _set_telephone(self, asked: Json) -> Json:
        telephone = DeskTelephone(**asked["telephone"]) if asked["telephone"] is not None else None
        await self._lines.set_telephone(TenantId(asked["tenant"]), AgentId(asked["agent"]), telephone)
        return {}

    async def _written(self, asked: Json) -> Json:
        await self._exchange.written(TenantId(asked["tenant"]))
        return {}

    async def _customer_changed(self, asked: Json) -> Json:
        self._exchange.customer_changed(TenantId(asked["tenant"]), CustomerId(asked["customer"]))
        return {}

    async def _demo_rate(self, asked: Json) -> Json:
        self._set_demo_rate(float(asked["rate"]))
        return {}


_WORK: Final = {
    "fact": Requests._fact,
    "provision": Requests._provision,
    "deprovision": Requests._deprovision,
    "set_telephone": Requests._set_telephone,
    "written": Requests._written,
    "customer_changed": Requests._customer_changed,
    "demo_rate": Requests._demo_rate,
}


def _refused(error: AppError) -> Json:
    return {"refused": {"code": error.code, "status": error.status, "field": error.field, "data": error.data}}
