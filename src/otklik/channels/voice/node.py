"""What a call needs of the switch it stands in."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from otklik.channels.voice.ari import Ari
from otklik.channels.voice.calling_back import Trunk
from otklik.channels.voice.consultation import Leg
from otklik.channels.voice.message import Messages
from otklik.channels.voice.outside_number import OutsideLine
from otklik.channels.voice.tunes import Tunes
from otklik.contact.facts import Fact
from otklik.contact.ids import AgentId, ContactId, TenantId
from otklik.contact.phone import Phone
from otklik.contact.ports import Recogniser, SpeechRenderer

CallT = TypeVar("CallT", contravariant=True)
"""The call itself, which stands on this."""


class Node(Protocol[CallT]):
    """What a call needs of the switch it stands in."""

    ari: Ari
    speech: SpeechRenderer
    recogniser: Recogniser | None
    messages: Messages
    tunes: Tunes
    trunk: Trunk | None

    def tune(self, tenant: TenantId, contact: ContactId) -> str: ...
    def post(self, tenant: TenantId, fact: Fact) -> None: ...
    def spawn(self, contact: ContactId | None, work: Coroutine[Any, Any, None]) -> None: ...
    def add_call(self, call: CallT) -> None: ...
    def customer_gone(self, call: CallT) -> None:
        """The line of a customer who was called back; the call may go on without it."""

    def add_outside(self, call: CallT, line: OutsideLine) -> None: ...
    def remove_outside(self, line: OutsideLine) -> None: ...
    def add_leg(self, call: CallT, leg: Leg) -> None: ...
    def remove_leg(self, leg: Leg) -> None: ...
    def call_left(self, call: CallT) -> None: ...
    def line_of(self, agent: AgentId, phone: Phone) -> str | None: ...
    def record(self, call: CallT) -> None: ...
    def consulting(self, call: CallT, consultation: ContactId, *, on: bool) -> None:
        """Decisions about this consultation are the call's, or no more."""
