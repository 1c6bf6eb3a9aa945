"""Performing: one ordered outbox per contact, so that a slow peer stalls its own contact and no other.

A peer that fails turns into the fact that lets the engine go on: an offer that could not be rung is `OfferFailed`,
a prompt that could not be played is `VerbFinished("failed")`. What changes who hears whom is tried until it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from otklik.contact.decisions import Ask, End, Offer, Rejoin, Say, VoiceDecision
from otklik.contact.facts import Fact, OfferFailed, VerbFinished
from otklik.contact.ids import ContactId
from otklik.errors import PeerError

log = structlog.get_logger()

PERFORM_SECONDS = 15.0
"""No peer call may take longer; the adapter's own limits are shorter."""
IDLE_SECONDS = 5.0
RETRY_SECONDS = 0.5
RING_SECONDS = 0.05
AFTER_RING_SECONDS = 0.01
"""What a switch needs to send the ring after it has taken the command for it."""


class Outboxes:
    """Give a decision with `put`; it is performed after all earlier ones of the same contact, or of consultations about it,
    which share its line. `about` tells whose line it is."""

    def __init__(
        self,
        perform: Callable[[VoiceDecision], Awaitable[None]],
        post: Callable[[Fact], None],
        before_offer: Callable[[Offer | Rejoin], Awaitable[None]],
        known: Callable[[ContactId], bool],
        about: Callable[[ContactId], ContactId],
    ) -> None:
        self._known = known
        self._about = about
        self._perform = perform
        self._post = post
        self._before_offer = before_offer
        self._waiting: dict[ContactId, asyncio.Queue[VoiceDecision]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand = 0
        self._ringing = 0
        self._rung = asyncio.Event()
        self._rung.set()

    def put(self, decision: VoiceDecision) -> None:
        if isinstance(decision, Offer):
            self._ringing += 1
            self._rung.clear()
        contact = self._about(decision.contact)
        waiting = self._waiting.get(contact)
        if waiting is None:
            waiting = self._waiting[contact] = asyncio.Queue()
            task = asyncio.create_task(self._serve(contact, waiting), name=f"outbox {contact}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        waiting.put_nowait(decision)

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing is being performed."""
        return self._in_hand == 0 and all(waiting.empty() for waiting in self._waiting.values())

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, contact: ContactId, waiting: asyncio.Queue[VoiceDecision]) -> None:
        while True:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    decision = await waiting.get()
            except TimeoutError:
                if waiting.empty():
                    del self._waiting[contact]
                    return
                continue
            self._in_hand += 1
            await self._carry_out(decision)
            self._in_hand -= 1

    async def _carry_out(self, decision: VoiceDecision) -> None:
        if isinstance(decision, End):
            await self._let_ring()
        while await self._do(decision):  # noqa: ASYNC110  a peer that is away tells nobody when it is back
            await asyncio.sleep(RETRY_SECONDS)
        if isinstance(decision, Offer):
            self._ringing -= 1
            if self._ringing == 0:
                self._rung.set()

    async def _let_ring(self) -> None:
        """Two people wait for a ring, nobody for a line to be taken down; and the switch is quicker at one of them."""
        if self._ringing:
            with suppress(TimeoutError):
                async with asyncio.timeout(RING_SECONDS):
                    await self._rung.wait()
            await asyncio.sleep(AFTER_RING_SECONDS)

    async def _do(self, decision: VoiceDecision) -> bool:
        """True: to be done again. What changes who hears whom must not be lost while the switch is away; an offer or
        a prompt is answered by its own fact instead."""
        try:
            async with asyncio.timeout(PERFORM_SECONDS):
                if isinstance(decision, Offer | Rejoin):
                    await self._before_offer(decision)
                await self._perform(decision)
        except PeerError as error:
            log.warning("peer_failed", contact=decision.contact, decision=type(decision).__name__, reason=str(error))
            if (
                error.retryable
                and not isinstance(decision, Offer | Rejoin | Say | Ask)
                and self._known(decision.contact)
            ):
                return True
            self._fail(decision, error.reason)
        except TimeoutError:
            log.error("peer_silent", contact=decision.contact, decision=type(decision).__name__)
            self._fail(decision, "timeout")
        except Exception:  # noqa: BLE001  one bad contact must not end the tenant
            log.exception("perform_failed", contact=decision.contact, decision=type(decision).__name__)
            self._fail(decision, "internal")
        return False

    def _fail(self, decision: VoiceDecision, reason: str) -> None:
        match decision:
            case Offer() | Rejoin():
                self._post(
                    OfferFailed(contact=decision.contact, agent=decision.agent, offer=decision.offer, cause=reason)
                )
            case Say() | Ask():
                self._post(VerbFinished(contact=decision.contact, step=decision.step, outcome="failed"))
            case _:
                pass  # refused for good: the line it is about is gone, and that is told by a fact of its own
