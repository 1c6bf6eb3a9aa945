"""Asking databases and services for scenarios: a task for each contact, so that a slow or dead one stalls nobody else.

Whatever comes of it, `Answered` is posted within `ANSWER_SECONDS`, and nothing foreign passes from here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, assert_never, get_args

import structlog
from msgspec.structs import replace

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Fetch, LookUp, SendMessage
from otklik.contact.facts import Answered, Fact, VerbFinished
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.outside import Failure
from otklik.contact.ports import Outside
from otklik.errors import PeerError
from otklik.scenario.talk import CALLERS_NUMBER
from otklik.storage.codec import storable
from otklik.switchboard.replies import Replies

log = structlog.get_logger()

ANSWER_SECONDS: Final = 35.0
"""Longer than any limit a set-up may have: those are kept by whoever asks."""
_FAILURES: Final[dict[str, Failure]] = {each: each for each in get_args(Failure) if each}


class Asking:
    """What the contacts of one centre have asked and not yet been answered."""

    def __init__(
        self,
        tenant: TenantId,
        outside: Outside | None,
        configuration: Callable[[], Configuration],
        caller: Callable[[ContactId], str],
        post: Callable[[Fact], None],
        replies: Replies,
    ) -> None:
        """`outside`: None where there is nobody to ask. `caller`: the number that the contact calls from; empty: it is withheld."""
        self._tenant = tenant
        self._outside = outside
        self._configuration = configuration
        self._caller = caller
        self._post = post
        self._replies = replies
        self._asked: dict[ContactId, asyncio.Task[None]] = {}
        self._keys: dict[ContactId, dict[int, str]] = {}
        """Masked ones, by the step that asked for them: nowhere but here, and not after a restart."""
        self._sending: dict[ContactId, asyncio.Task[None]] = {}
        """The asked that are messages."""
        self._leaving: set[asyncio.Task[None]] = set()
        """Messages of contacts that have left their scenario: sent all the same, answered to nobody."""

    def keep(self, fact: VerbFinished, *, wanted: bool) -> VerbFinished:
        """The fact without its masked keys, as everybody else may see it. `wanted`: there is a scenario that may send them."""
        if wanted:
            self._keys.setdefault(fact.contact, {})[fact.step] = fact.secret
        return replace(fact, secret="")

    def keys(self, contact: ContactId, step: int) -> str | None:
        """The masked ones of this step; None: a restart has lost them."""
        return self._keys.get(contact, {}).get(step)

    def ask(self, decision: LookUp | Fetch | SendMessage, *, letter_of: str | None = None) -> None:
        """Asked again, as after a restart, only the later one counts. `letter_of`: the scenario of this name writes a mail that is a letter
        of the contact, sent once at most, and not where its address has had too many."""
        self._cancel(decision.contact)
        task = asyncio.create_task(self._ask(decision, letter_of), name=f"asks {decision.contact}")
        self._asked[decision.contact] = task
        if isinstance(decision, SendMessage):
            self._sending[decision.contact] = task
        task.add_done_callback(lambda _: self._done(decision.contact, task))

    def forget(self, contact: ContactId) -> None:
        """The contact has left its scenario. What it was told would be sent is sent."""
        self._keys.pop(contact, None)
        if (sending := self._sending.pop(contact, None)) is not None:
            self._leaving.add(sending)
            del self._asked[contact]
        self._cancel(contact)

    def _cancel(self, contact: ContactId) -> None:
        self._sending.pop(contact, None)
        if task := self._asked.pop(contact, None):
            task.cancel()

    async def close(self) -> None:
        tasks = {*self._asked.values(), *self._leaving}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, contact: ContactId, task: asyncio.Task[None]) -> None:
        self._leaving.discard(task)
        if self._sending.get(contact) is task:
            del self._sending[contact]
        if self._asked.get(contact) is task:
            del self._asked[contact]

    async def _ask(self, decision: LookUp | Fetch | SendMessage, letter_of: str | None) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._answer(decision, letter_of)
        except TimeoutError:
            answer = _failed(decision, "late")
        except PeerError as error:
            answer = _failed(decision, _FAILURES.get(error.reason, "unreadable"))
        except Exception:  # noqa: BLE001  one bad answer must not end the tenant
            log.exception("ask_failed", tenant=self._tenant, contact=decision.contact)
            answer = _failed(decision, "unreadable")
        if answer.outcome == "failed":
            asked, reason = _named(decision), answer.reason
            log.warning("outside_failed", tenant=self._tenant, contact=decision.contact, asked=asked, reason=reason)
        if asyncio.current_task() not in self._leaving:
            self._post(replace(answer, letter=letter_of is not None))

    async def _answer(self, decision: LookUp | Fetch | SendMessage, letter_of: str | None) -> Answered:
        if self._outside is None:
            raise PeerError("outside", "unknown", retryable=False)
        parameters = dict(decision.parameters)
        if any(CALLERS_NUMBER in each for each in parameters.values()):  # within what a handler writes
            number = self._caller(decision.contact)
            parameters = {name: value.replace(CALLERS_NUMBER, number) for name, value in parameters.items()}
        if decision.of_caller:
            parameters |= dict.fromkeys(decision.of_caller, self._caller(decision.contact))
        known = self._keys.get(decision.contact, {})
        of_keys = {} if isinstance(decision, SendMessage) else decision.of_keys
        if not known.keys() >= set(of_keys.values()):
            raise PeerError("outside", "forgotten", retryable=False)
        parameters |= {name: known[step] for name, step in of_keys.items()}
        values: Mapping[str, str] | None = {}
        if letter_of is not None and isinstance(decision, SendMessage):
            await self._replies.send(self._configuration(), decision, parameters, letter_of)
        else:
            values = await self._outside.ask(self._tenant, self._configuration(), decision, parameters)
        return Answered(
            contact=decision.contact,
            step=decision.step,
            outcome="not_found" if values is None else "found",
            values=storable(dict(values or {})),
            block=decision.block,
            reply=_replies(decision),
        )


def _replies(decision: LookUp | Fetch | SendMessage) -> bool:
    return isinstance(decision, SendMessage) and decision.reply


def _named(decision: LookUp | Fetch | SendMessage) -> str:
    match decision:
        case LookUp():
            return f"{decision.connection}.{decision.statement}"
        case Fetch():
            return f"{decision.service}.{decision.request}"
        case SendMessage():
            return decision.by
        case _:
            assert_never(decision)


def _failed(decision: LookUp | Fetch | SendMessage, reason: Failure) -> Answered:
    return Answered(
        contact=decision.contact,
        step=decision.step,
        outcome="failed",
        reason=reason,
        block=decision.block,
        reply=_replies(decision),
    )
