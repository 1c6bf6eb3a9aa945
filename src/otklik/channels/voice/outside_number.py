"""The line to somebody outside with whom a customer is put through: dialled through the trunk, in the customer's own bridge once answered.

The channel's id is `<contact>~<attempt>`, so that whatever is done twice makes one line, and a process that knows only the open contacts
finds what there is. Who answers is heard at once: nobody is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from otklik.channels.voice.ari import Reply
from otklik.channels.voice.calling_back import CALLER, RING_MARGIN_SECONDS, Trunk, may_be_dialled, of_tenant
from otklik.channels.voice.dialogue import Dialogue
from otklik.channels.voice.placing import Placed, Undialled, place
from otklik.channels.voice.resting import Rest
from otklik.contact.decisions import CallOutside, PlayMusic, PutThrough
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.outside_number import OutsideAnswered, OutsideEnd, OutsideEnded

log = structlog.get_logger(__name__)

APP_ARGUMENT: Final = "outside"
MARK: Final = "~"


@dataclass(slots=True, eq=False, kw_only=True)
class OutsideLine:
    """`channel` is its ARI id. `given_up`: we have hung it up, and are to be told."""

    channel: str
    attempt: int
    answered: bool = False
    bridge: ContactId | None = None
    """Where it talks: the customer's bridge, or that of a consultation."""
    beside: ContactId | None = None
    """An agent asks them, in the consultation of this name; the customer is not put through."""
    music: bool | None = False
    """As of an agent's line."""
    given_up: bool = False


class Call(Protocol):
    """What of the customer's call is needed here."""

    tenant: TenantId
    contact: ContactId
    channel: str
    joined: bool
    outside: OutsideLine | None

    @property
    def dialogue(self) -> Dialogue: ...
    @property
    def undialled(self) -> dict[str, Undialled]: ...
    def send(
        self,
        method: str,
        path: str,
        body: dict[str, object] | None = None,
        *,
        refused: Callable[[Reply], None] | None = None,
        **query: str,
    ) -> None: ...
    def join(self, bridge: ContactId, *legs: OutsideLine, first: Sequence[str] = ()) -> None: ...
    def hold(self) -> None: ...
    @property
    def rest(self) -> Rest: ...
    def ring_back_on(self, channel: str) -> None: ...
    def stop_ringing_back(self) -> None: ...
    def adopt_outside(self, line: OutsideLine) -> None: ...
    def forget_outside(self) -> None: ...
    def post(self, fact: OutsideAnswered | OutsideEnded) -> None: ...


def channel_of(contact: ContactId, attempt: int) -> str:
    return f"{contact}{MARK}{attempt}"


def is_done(call: Call, decision: CallOutside) -> bool:
    return call.outside is not None and call.outside.attempt == decision.attempt


def call_out(call: Call, decision: CallOutside, trunk: Trunk | None) -> None:
    """Whatever keeps us from dialling is a call that failed."""
    channel = channel_of(call.contact, decision.attempt)
    line = OutsideLine(channel=channel, attempt=decision.attempt, beside=decision.beside)
    if trunk is None or not may_be_dialled(decision.number):
        log.warning("cannot_call_out", contact=call.contact, trunk=trunk is not None)
        call.post(OutsideEnded(contact=call.contact, attempt=line.attempt, cause="failed"))
        return
    caller = decision.caller if CALLER.fullmatch(decision.caller) else "anonymous"
    if decision.beside is not None:
        pass  # the agent hears it ring, by `Consult`
    elif decision.music:
        call.dialogue.perform(PlayMusic(contact=call.contact))
    else:
        call.dialogue.quiet()
        call.ring_back_on(call.channel)
    call.adopt_outside(line)
    placed = Placed(
        channel=line.channel,
        endpoint=trunk.line(decision.number),
        argument=APP_ARGUMENT,
        caller=caller,
        ring_seconds=round(decision.ring_seconds) + RING_MARGIN_SECONDS,
        variables=of_tenant(call.tenant),
    )
    place(call, placed, lambda _: ended(call, line, "failed"))


def answered(call: Call, line: OutsideLine) -> None:
    """Who answers in the moment we hang up is not heard: it is told as an end without an answer."""
    if call.outside is line and not line.answered and not line.given_up:
        line.answered = True
        if line.beside is None:
            _join(call, line)
        call.post(OutsideAnswered(contact=call.contact, attempt=line.attempt))


def _join(call: Call, line: OutsideLine) -> None:
    call.stop_ringing_back()
    call.rest.leave()
    call.dialogue.quiet()
    joining = [] if call.joined else [call.channel]
    call.joined = True
    call.join(call.contact, line, first=joining)


def put_through(call: Call, decision: PutThrough) -> None:
    """Whom an agent has asked is the customer's now; while it rings there, the customer hears that. The consultation ends after it."""
    line = call.outside
    if line is None or line.attempt != decision.attempt or line.beside is None:
        return
    line.beside = None
    if line.answered:
        _join(call, line)
    else:
        call.stop_ringing_back()
        call.hold()
        call.dialogue.quiet()
        call.ring_back_on(call.channel)


def ended(call: Call, line: OutsideLine, cause: OutsideEnd) -> None:
    """There is no such line any more. Whom we hung up ourselves before an answer had rung for long enough. Keys that were meant for
    the other side mean nothing now."""
    if call.outside is line:
        call.forget_outside()
        call.stop_ringing_back()
        if line.beside is None:
            call.dialogue.quiet()
        unanswered: OutsideEnd = "no_answer" if line.given_up else cause
        told: OutsideEnd = "hung_up" if line.answered else unanswered
        call.post(OutsideEnded(contact=call.contact, attempt=line.attempt, cause=told))


def end(call: Call, attempt: int) -> None:
    """Its end is told by an event."""
    line = call.outside
    if line is not None and line.attempt == attempt:
        line.given_up = True
        call.send("DELETE", f"channels/{line.channel}")


def drop(call: Call) -> None:
    """The customer is gone."""
    if (line := call.outside) is not None:
        call.forget_outside()
        call.send("DELETE", f"channels/{line.channel}")
