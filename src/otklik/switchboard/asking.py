"""Questions from one process to another and their answers, over the bus: asked once, answered once or not at all.

Here is who asks; `requests.py` has who answers.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass
from typing import Any, Final

from otklik.contact.ids import TenantId
from otklik.errors import AppError, PeerError
from otklik.storage.bus import Bus
from otklik.switchboard.figures import REQUESTS
from otklik.switchboard.presence import Presence

REQUESTS_CHANNEL: Final = "otklik_requests"
ANSWER_SECONDS = 10.0
UNANSWERED_LIMIT = 500
"""Of one process. Whoever asks beyond it is refused at once: they who wait already would only wait longer."""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Open:
    leader: str
    answer: asyncio.Future[Answer]


class Asking:
    """What this process has asked and not yet been told."""

    def __init__(self, bus: Bus, presence: Presence) -> None:
        self._bus = bus
        self._presence = presence
        self._open: dict[int, _Open] = {}
        self._numbers = itertools.count(1)
        self._channel = f"otklik_to_{bus.name}"
        bus.on(self._channel, self._answered)
        bus.when_changed(self._bus_changed)
        presence.when_heard(self._give_up_on_the_dead)

    async def ask(self, tenant: TenantId, what: str, body: bytes = b"null", **words: object) -> Answer:
        """What the tenant's leader answers. Raises what it raised; `AppError("switchboard_away")` if nobody leads, or
        the leader goes away meanwhile: then nobody knows whether it was done; `TimeoutError` after `ANSWER_SECONDS`."""
        if not self._bus.connected:
            raise PeerError("database", "the bus is away", retryable=True)
        leader = self._presence.leader(tenant)
        if leader is None:
            raise AppError("switchboard_away", 503)
        if len(self._open) >= UNANSWERED_LIMIT:
            raise AppError("centre_overloaded", 503)
        number = next(self._numbers)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[number] = _Open(leader.process, answer)
        try:
            self._bus.say(REQUESTS_CHANNEL, _message(self._channel, number, tenant, what, body, words))
            async with asyncio.timeout(ANSWER_SECONDS):
                told = await answer
        except (AppError, PeerError, TimeoutError) as error:
            REQUESTS.labels(what, _outcome(error)).inc()
            raise
        finally:
            del self._open[number]
        REQUESTS.labels(what, "answered").inc()
        return told

    def tell(self, tenant: TenantId | None, what: str, body: bytes = b"null", **words: object) -> None:
        """To the tenant's leader, or to all who lead any, without waiting. Lost if there is none now."""
        self._bus.say(REQUESTS_CHANNEL, _message(None, 0, tenant, what, body, words))

    def _answered(self, text: str) -> None:
        told = json.loads(text)
        found = self._open.get(told["id"])
        if found is None or found.answer.done():
            return
        if refused := told.get("refused"):
            error = AppError(refused["code"], refused["status"], field=refused["field"], **refused["data"])
            found.answer.set_exception(error)
        elif failed := told.get("failed"):
            found.answer.set_exception(PeerError(failed["peer"], failed["reason"], retryable=failed["retryable"]))
        else:
            found.answer.set_result(told)

    def _bus_changed(self, connected: bool) -> None:
        if not connected:
            self._fail(set(), PeerError("database", "the bus is away", retryable=True))

    def _give_up_on_the_dead(self) -> None:
        if self._open:
            alive = {beat.process for beat in self._presence.present("switchboard")}
            self._fail(alive, AppError("switchboard_away", 503))

    def _fail(self, alive: set[str], error: Exception) -> None:
        for each in self._open.values():
            if each.leader not in alive and not each.answer.done():
                each.answer.set_exception(error)


def _message(
    channel: str | None, number: int, tenant: TenantId | None, what: str, body: bytes, words: dict[str, object]
) -> str:
    head = {"to": channel, "id": number, "tenant": tenant, "what": what, **words}
    return f'{json.dumps(head)[:-1]}, "body": {body.decode()}}}'


def _outcome(error: Exception) -> str:
    return error.code if isinstance(error, AppError) else "timeout" if isinstance(error, TimeoutError) else "failed"
