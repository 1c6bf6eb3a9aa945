"""Scenarios that a tenant has written in Python, the facts of their steps, and functions that flows call.

Each runs in a confined process of its own: what it wants next comes back as a fact, so that nothing that decides ever runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from msgspec import Struct

from otklik.contact.flow import FlowTest
from otklik.contact.ids import ContactId, QueueId, ScenarioId, TenantId

Cause = Literal["code", "time", "memory", "crash", "start", "busy", "confinement"]
"""Why a handler failed: what it did itself; its time or memory; its process ended; it could not be begun; its process had others to
serve for too long; it cannot be confined here."""
CODE_LIMIT: Final = 65_536
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """A scenario in Python. Contacts under way keep the version that they began with."""

    id: ScenarioId
    name: str = ""
    language: str = "ru"
    """Of what is said, until the scenario or the contact says otherwise."""
    otherwise: QueueId
    """Where a contact goes whom the code leads nowhere, or whose code failed."""
    code: str
    """With `async def scenario(contact)`."""
    written: bool = False
    """As that of a flow."""
    tests: tuple[FlowTest, ...] = field(default=(), hash=False)
    """As those of a flow; what they call a block is the name of a step."""

    @property
    def silent(self) -> bool:
        return False


class HandlerStepped(Struct, frozen=True, kw_only=True):
    """After step `step` the handler wants `verb` next; empty: it has come to its end. Late or twice: changes nothing."""

    contact: ContactId
    step: int
    verb: dict[str, Any] = {}
    """Its `kind` and its fields, as the handler's process wrote them: foreign, judged when it is read."""
    learnt: dict[str, Any] = {}
    """What has changed of what goes with the contact: attributes, choices, language, priority, requires, vip."""
    line: int = 0
    """Of the code, where it waits now; 0: it cannot be told."""


class HandlerFailed(Struct, frozen=True, kw_only=True):
    """The handler failed after step `step`: its contact goes to the queue `otherwise`."""

    contact: ContactId
    step: int
    cause: Cause
    reason: str
    traceback: str = ""
    learnt: dict[str, Any] = {}
    """As in `HandlerStepped`."""


HandlerFact = HandlerStepped | HandlerFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerCall:
    """What the process of a handler is asked, and what it has to know where it does not know the contact."""

    tenant: TenantId
    contact: ContactId
    handler: Handler
    step: int
    """The one that was answered last."""
    first_step: int
    caller: Mapping[str, object]
    """ani, dnis, channel, language, attributes: as they were when the scenario began."""
    answers: Callable[[], Sequence[Struct]]
    """All that was answered so far, in order."""


class CallFunction(Struct, frozen=True, kw_only=True, gc=False):
    """Have a function of Python code of the tenant's compute something; then `Answered`. Performed by the switchboard, again after a
    crash: it reaches nothing, so that twice is as good as once."""

    contact: ContactId
    step: int
    code: ScenarioId
    """In the version that the contact has begun with."""
    function: str
    branches: tuple[str, ...] = ()
    """The ways that it may name."""
    parameters: dict[str, str] = {}
    of_caller: tuple[str, ...] = ()
    """As in `LookUp`."""
    block: str = ""
    """What the step is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """What a function of the code is to compute."""

    tenant: TenantId
    contact: ContactId
    handler: Handler
    function: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCame:
    """What it gave back: foreign, but texts alone. `exit`: the way it named, or empty."""

    exit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    cause: Cause | None = None
    """None: it has not failed."""
    reason: str = ""
    traceback: str = ""
