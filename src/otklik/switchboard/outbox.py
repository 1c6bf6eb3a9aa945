"""Performing: one ordered outbox per contact, so that a slow peer stalls its own contact and no other.

A peer that fails turns into the fact that lets the engine go on: an offer that could not be rung is `OfferFailed`,
a prompt that could not be played is `VerbFinished("failed")`. What changes who hears whom is tried until it is done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import takewhile

import structlog

from otklik.contact.decisions import (
    Ask,
    CallOutside,
    Dial,
    End,
    Join,
    Offer,
    Record,
    Rejoin,
    Say,
    TakeMessage,
    VoiceDecision,
)
from otklik.contact.facts import CallFailed, Fact, OfferFailed, VerbFinished
from otklik.contact.ids import ContactId
from otklik.contact.outside_number import OutsideEnded
from otklik.errors import PeerError

log = structlog.get_logger()

PERFORM_SECONDS = 15.0
"""No peer call may take longer; the adapter's own limits are shorter."""
IDLE_SECONDS = 5.0
WATCH_SECONDS = 0.5
RETRY_SECONDS = 0.5
RING_SECONDS = 0.05
AFTER_RING_SECONDS = 0.01
"""What a switch needs to send the ring after it has taken the command for it."""


class _Line:
    """What is to be performed for one contact. `since` is when the switch was asked for what is being performed, or when
    nothing more was to be done."""

    __slots__ = ("late", "more", "since", "task", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[VoiceDecision] = deque()
        self.since = 0.0
        self.late = False
        self.more: asyncio.Future[bool]
        self.task: asyncio.Task[None]


class Outboxes:
    """Give a decision with `put`; it is performed after all earlier ones of the same contact, or of
    consultations about it, which share its line: `about` tells whose line it is. Only a ring goes before an answer
    that was decided with it.

    One clock for all watches over what takes too long: a timer for each decision would cost more than the decision.
    """

    def __init__(
        self,
        perform: Callable[[VoiceDecision], Awaitable[None]],
        post: Callable[[Fact], None],
        before_offer: Callable[[Offer | Rejoin | Join], Awaitable[None]],
        known: Callable[[ContactId], bool],
        about: Callable[[ContactId], ContactId],
    ) -> None:
        self._known = known
        self._about = about
        self._perform = perform
        self._post = post
        self._before_offer = before_offer
        self._lines: dict[ContactId, _Line] = {}
        self._idle: dict[ContactId, _Line] = {}
        """Those with nothing to do, the longest so first."""
        self._asked: set[_Line] = set()
        """Those for which the switch is at work."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.TimerHandle | None = None
        self._ringing = 0
        self._rung = asyncio.Event()
        self._rung.set()

    def put(self, decision: VoiceDecision) -> None:
        if isinstance(decision, Offer):
            self._ringing += 1
            self._rung.clear()
        contact = self._about(decision.contact)
        line = self._lines.get(contact)
        if line is None:
            line = self._open(contact)
        if isinstance(decision, Offer) and line.waiting and isinstance(line.waiting[-1], Record):
            # An answer keeps the switch busy for a millisecond or two, in which it makes nothing ring.
            line.waiting.insert(len(line.waiting) - 1, decision)
        else:
            line.waiting.append(decision)
        if self._idle.pop(contact, None) is not None:
            line.more.set_result(True)

    def _open(self, contact: ContactId) -> _Line:
        line = self._lines[contact] = _Line()
        line.task = asyncio.create_task(self._serve(contact, line), name=f"outbox {contact}")
        self._tasks.add(line.task)
        line.task.add_done_callback(self._tasks.discard)
        if self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._look)
        return line

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing is being performed."""
        return len(self._idle) == len(self._lines)

    async def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _look(self) -> None:
        """Every `WATCH_SECONDS` while there are lines: end what takes too long, and those long without anything to do."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for line in self._asked:
            if not line.late and now - line.since > PERFORM_SECONDS:
                line.late = True
                line.task.cancel()
        for contact, line in list(takewhile(lambda each: now - each[1].since > IDLE_SECONDS, self._idle.items())):
            del self._idle[contact], self._lines[contact]
            if not line.more.done():  # its task may have been ended, and not have come to know it
                line.more.set_result(False)
        self._watch = loop.call_later(WATCH_SECONDS, self._look) if self._lines else None

    async def _serve(self, contact: ContactId, line: _Line) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while line.waiting:
                await self._carry_out(line, line.waiting.popleft())
            line.more, line.since = loop.create_future(), loop.time()
            self._idle[contact] = line
            if not await line.more:
                return

    async def _carry_out(self, line: _Line, decision: VoiceDecision) -> None:
        if isinstance(decision, End):
            await self._let_ring()
        while await self._do(line, decision):  # noqa: ASYNC110  a peer that is away tells nobody when it is back
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

    async def _do(self, line: _Line, decision: VoiceDecision) -> bool:
        """True: to be done again. What changes who hears whom must not be lost while the switch is away; an offer or
        a prompt is answered by its own fact instead."""
        line.since = asyncio.get_running_loop().time()
        self._asked.add(line)
        try:
            if isinstance(decision, Offer | Rejoin | Join):
                await self._before_offer(decision)
            await self._perform(decision)
        except PeerError as error:
            return self._failed(decision, error)
        except asyncio.CancelledError:
            if not line.late:
                raise
            line.late = False
            line.task.uncancel()
            log.error("peer_silent", contact=decision.contact, decision=type(decision).__name__)
            if isinstance(decision, Dial | CallOutside):
                return True  # it may have been done, and done twice is once; not to know is not to have failed
            self._fail(decision, "timeout")
        except Exception:  # noqa: BLE001  one bad contact must not end the tenant
            log.exception("perform_failed", contact=decision.contact, decision=type(decision).__name__)
            self._fail(decision, "internal")
        finally:
            self._asked.discard(line)
        return False

    def _failed(self, decision: VoiceDecision, error: PeerError) -> bool:
        log.warning("peer_failed", contact=decision.contact, decision=type(decision).__name__, reason=str(error))
        again = error.retryable and not isinstance(decision, Offer | Rejoin | Join | Say | Ask | TakeMessage)
        if again and self._known(decision.contact):
            return True
        self._fail(decision, error.reason)
        return False

    def _fail(self, decision: VoiceDecision, reason: str) -> None:
        match decision:
            case Offer() | Rejoin() | Join():
                self._post(
                    OfferFailed(contact=decision.contact, agent=decision.agent, offer=decision.offer, cause=reason)
                )
            case Dial():
                self._post(CallFailed(contact=decision.contact, attempt=decision.attempt, cause="failed"))
            case CallOutside():
                self._post(OutsideEnded(contact=decision.contact, attempt=decision.attempt, cause="failed"))
            case Say() | Ask() | TakeMessage():
                failed = VerbFinished(
                    contact=decision.contact, step=decision.step, outcome="failed", block=decision.block
                )
                self._post(failed)
            case _:
                pass  # refused for good: the line it is about is gone, and that is told by a fact of its own
