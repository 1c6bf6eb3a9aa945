"""The customer's line of a call back: dialled through the trunk once an agent's line is up, at most one at a time.

Only the server dials, and only numbers of the form below: nothing that a customer sends or a page asks reaches a dial plan.
The channel's id is `<contact>_<attempt>`, so that a dial done twice makes one line, and a process that knows only the open
contacts finds what there is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from otklik.channels.voice.placing import Placed
from otklik.contact import decisions as do
from otklik.contact.facts import CallAnswered, CallFailed, CallFailure
from otklik.contact.ids import ContactId, OfferNumber, TenantId

log = structlog.get_logger(__name__)

NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
SHORT: Final = re.compile(r"[0-9]{2,6}")
CALLER: Final = re.compile(r"\+?[0-9]{1,15}")
RING_MARGIN_SECONDS: Final = 1
BUSY_CAUSES, BUSY_SIP_CODES = frozenset({17}), frozenset({486, 600})
NO_ANSWER_CAUSES, NO_ANSWER_SIP_CODES = frozenset({18, 19, 20}), frozenset({408, 480, 487})
UNALLOCATED_CAUSES, UNALLOCATED_SIP_CODES = frozenset({1, 22, 28}), frozenset({404, 410, 484, 604})
REJECTED_CAUSES, REJECTED_SIP_CODES = frozenset({21}), frozenset({401, 403, 407, 603})


class Call(Protocol):
    """What of a call is needed here."""

    tenant: TenantId
    contact: ContactId
    channel: str
    attempt: int
    dialling: bool
    given_up: bool
    answered: bool

    def dial_customer(self, placed: Placed) -> None: ...
    def customer_gone(self) -> None: ...
    def ring_back(self, offer: OfferNumber) -> None: ...
    def post(self, fact: CallAnswered | CallFailed) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """Where calls out go: the endpoint of Asterisk, and the host (with a port, if it is not 5060) that is asked."""

    endpoint: str
    host: str

    def line(self, number: str) -> str:
        return f"PJSIP/{self.endpoint}/sip:{number}@{self.host}"


def channel_of(contact: ContactId, attempt: int) -> str:
    return f"{contact}_{attempt}"


def may_be_dialled(number: str) -> bool:
    """Nothing that a dial plan could read as something else. Which short numbers there are is decided before."""
    return NUMBER.fullmatch(number) is not None or SHORT.fullmatch(number) is not None


def of_tenant(tenant: TenantId) -> dict[str, str]:
    """Variables of a line through the trunk: whoever finds it after a restart knows with whose calls it is to be compared."""
    return {"CHANNEL(accountcode)": tenant}


def dial(call: Call, decision: do.Dial, trunk: Trunk | None) -> None:
    """The agent hears that it rings. Whatever keeps us from dialling is an attempt that failed."""
    if call.channel:
        return  # done already
    call.attempt = decision.attempt
    if trunk is None or not may_be_dialled(decision.number):
        log.warning("cannot_call_out", contact=call.contact, trunk=trunk is not None)
        _fail(call, "failed")
        return
    caller = decision.caller if CALLER.fullmatch(decision.caller) else "anonymous"
    call.channel, call.dialling = channel_of(call.contact, decision.attempt), True
    call.dial_customer(
        Placed(
            channel=call.channel,
            endpoint=trunk.line(decision.number),
            argument="customer",
            caller=caller,
            ring_seconds=round(decision.ring_seconds) + RING_MARGIN_SECONDS,
            variables=of_tenant(call.tenant),
        )
    )
    call.ring_back(decision.offer)


def answered(call: Call) -> None:
    if call.dialling:
        call.dialling, call.answered = False, True
        call.post(CallAnswered(contact=call.contact, attempt=call.attempt))


def failed(call: Call, cause: CallFailure) -> None:
    """There is no line any more, and the customer had not answered. Whom we hung up ourselves was not unwilling."""
    if call.dialling:
        call.customer_gone()
        _fail(call, "cancelled" if call.given_up else cause)


def _fail(call: Call, cause: CallFailure) -> None:
    call.channel, call.dialling, call.given_up = "", False, False
    call.post(CallFailed(contact=call.contact, attempt=call.attempt, cause=cause))


def failure(cause: int, sip_code: int) -> CallFailure:
    """What Asterisk says of a line that nobody answered, by its SIP code, else by its Q.850 cause."""
    if sip_code in BUSY_SIP_CODES or cause in BUSY_CAUSES:
        return "busy"
    if sip_code in REJECTED_SIP_CODES or cause in REJECTED_CAUSES:
        return "rejected"
    if sip_code in UNALLOCATED_SIP_CODES or (not sip_code and cause in UNALLOCATED_CAUSES):
        return "unallocated"
    if sip_code in NO_ANSWER_SIP_CODES or cause in NO_ANSWER_CAUSES:
        return "no_answer"
    return "failed"
