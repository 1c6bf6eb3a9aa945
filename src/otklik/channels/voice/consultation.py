"""An agent asks a colleague about a customer: who is in which bridge, and who hears music meanwhile.

The private talk has a bridge of its own, so that the customer hears nothing of it, and neither does the recording, which
is the customer's line. Nobody is ever with music in a bridge: the others would hear through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, assert_never

from otklik.channels.voice.by_key import Asked
from otklik.channels.voice.outside_number import OutsideLine
from otklik.contact.decisions import Consult, EndConsultation, Gather, HandOver
from otklik.contact.facts import AgentLegEnded
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.contact.phone import Phone

Beside = Consult | EndConsultation | HandOver | Gather
DECLINE_CAUSES: Final = frozenset({16, 17, 21})
TELEPHONE_REFUSES: Final = frozenset({480, 486, 600, 603, *range(300, 400)})
"""Of a desk telephone that is there: by its button, set to take no calls, or set to send them on, which nobody follows."""
LOST_CAUSES: Final = frozenset({20, 27, 38, 41, 42, 44})
"""Q.850: the agent's line ended by itself. 44 is what Asterisk sets when no sound came for `rtp_timeout`."""
LOST_SIP_CODES: Final = frozenset({408, 481, 503})


def lost(cause: int, sip_code: int) -> bool:
    """Did a line that talked end by itself?"""
    return cause in LOST_CAUSES or sip_code in LOST_SIP_CODES


@dataclass(slots=True, eq=False, kw_only=True)
class Leg:
    """An agent's line of one offer, of the contact or of a consultation about it. `channel` is its ARI id."""

    contact: ContactId
    agent: AgentId
    offer: OfferNumber
    channel: str
    replaces: OfferNumber | None = None
    answered: bool = False
    bridge: ContactId | None = None
    """Where it talks: the bridge of the contact, or that of the consultation."""
    phone: Phone = "page"
    asks: Asked | None = None
    """Of a number outside: what is asked of whoever answers there, until a key accepts."""
    music: bool | None = False
    """None: found after a restart of ours, and not known."""

    @property
    def key(self) -> tuple[ContactId, OfferNumber]:
        return self.contact, self.offer

    def refused_by(self, cause: int, sip_code: int) -> bool:
        """Does this end of a ring say no? Who is outside does so by a key alone."""
        if self.phone == "desk" and sip_code in TELEPHONE_REFUSES:
            return True
        return cause in DECLINE_CAUSES and self.asks is None


class Call(Protocol):
    """The customer's call, as a consultation needs it."""

    consultations: set[ContactId]
    outside: OutsideLine | None
    legs: dict[tuple[ContactId, OfferNumber], Leg]

    def post(self, fact: AgentLegEnded) -> None: ...
    def consulting(self, consultation: ContactId, *, on: bool) -> None: ...
    def hold(self) -> None: ...
    def connect(self, *legs: Leg | OutsideLine) -> None:
        """The customer and these lines hear each other."""

    def join(self, bridge: ContactId, *legs: Leg | OutsideLine) -> None:
        """These lines hear each other, and those who are there already."""

    def ring_back(self, offer: OfferNumber) -> None:
        """The agent's line hears what a caller hears until somebody answers; said again it goes on."""

    def stop_ringing_back(self) -> None: ...
    def leave_bridge(self, leg: Leg | OutsideLine) -> None: ...
    def remove_bridge(self, bridge: ContactId) -> None: ...
    def play(self, leg: Leg | OutsideLine, *, music: bool) -> None: ...
    def replace(self, leg: Leg) -> None: ...
    def drop(self, leg: Leg | None) -> None: ...
    def rename(self, leg: Leg, offer: OfferNumber) -> None: ...


def perform(call: Call, decision: Beside) -> None:
    match decision:
        case Consult():
            consult(call, decision)
        case EndConsultation():
            end(call, decision.consultation)
        case HandOver():
            hand_over(call, decision)
        case Gather():
            _gather(call, decision)
        case _:
            assert_never(decision)


def consult(call: Call, decision: Consult) -> None:
    if decision.consultation not in call.consultations:
        call.consulting(decision.consultation, on=True)
    asking = _answered(call, call.legs.get((decision.contact, decision.offer)))
    colleague = None
    if decision.line is not None:
        colleague = _answered(call, call.legs.get((decision.consultation, decision.line)))
    if decision.inside:
        _inside(call, decision, asking, colleague)
    elif decision.outside:
        _with_outside(call, decision, asking)
    elif asking is not None:
        _of_three(call, decision, asking, colleague)


def _of_three(call: Call, decision: Consult, asking: Leg, colleague: Leg | OutsideLine | None) -> None:
    match decision.talks_to:
        case "customer":
            _aside(call, colleague)
            call.connect(asking)
        case "colleague":
            call.hold()
            if colleague is None:
                _aside(call, asking)
            else:
                call.join(decision.consultation, asking, colleague)
        case "both":
            call.connect(asking, *([colleague] if colleague else []))


def _with_outside(call: Call, decision: Consult, asking: Leg | None) -> None:
    """As with a colleague, once they have answered; until then the agent hears it ring, unless the customer is talked to."""
    line = call.outside
    there = line if line is not None and line.attempt == decision.outside and line.answered else None
    if there is not None:
        call.stop_ringing_back()
    if asking is None:
        _aside(call, there)
    elif there is None and decision.talks_to == "colleague":
        call.hold()
        call.leave_bridge(asking)
        call.play(asking, music=False)
        call.ring_back(decision.offer)
    else:
        _of_three(call, decision, asking, there)


def _inside(call: Call, decision: Consult, asking: Leg | None, colleague: Leg | None) -> None:
    """Two agents alone: who is on hold has music, and who holds hears nothing."""
    rings = decision.line is None and not decision.colleague_holds
    if not rings:
        call.stop_ringing_back()
    if decision.holds or decision.colleague_holds or asking is None or colleague is None:
        for leg, music in ((asking, decision.colleague_holds), (colleague, decision.holds)):
            if leg is not None:
                call.leave_bridge(leg)
                call.play(leg, music=music)
    else:
        call.join(decision.consultation, asking, colleague)
    if rings and asking is not None:
        call.ring_back(decision.offer)


def _answered(call: Call, leg: Leg | None) -> Leg | None:
    if leg is None or not leg.answered:
        return None
    call.replace(leg)
    return leg


def _aside(call: Call, leg: Leg | OutsideLine | None) -> None:
    if leg is not None:
        call.leave_bridge(leg)
        call.play(leg, music=True)


def _gather(call: Call, decision: Gather) -> None:
    """A conference is where the customer is; the lines of the customer and of the agent are put there by what else is decided."""
    there: list[Leg | OutsideLine] = []
    for key in decision.lines:
        leg = _answered(call, call.legs.get(key))
        if leg is not None:
            there.append(leg)
    line = call.outside
    if line is not None and line.attempt == decision.outside and line.answered:
        there.append(line)
    if not decision.held and there:
        call.join(decision.contact, *there)
    elif decision.held:
        for each in there:
            _aside(call, each)


def end(call: Call, consultation: ContactId) -> None:
    if consultation not in call.consultations:
        return
    for leg in list(call.legs.values()):
        if leg.contact == consultation:
            call.drop(leg)
        elif leg.contact not in call.consultations:
            call.play(leg, music=False)
            if leg.bridge == consultation:
                call.leave_bridge(leg)
    call.remove_bridge(consultation)
    call.consulting(consultation, on=False)


def hand_over(call: Call, decision: HandOver) -> None:
    colleague = call.legs.get((decision.consultation, decision.line))
    contact, agent, offer = decision.contact, decision.agent, decision.offer
    if colleague is None and (contact, offer) not in call.legs:
        # It ended in this very moment, and was told as one of the consultation.
        call.post(AgentLegEnded(contact=contact, agent=agent, offer=offer, cause="lost"))
    elif colleague is not None:
        call.rename(colleague, decision.offer)
        if colleague.answered:
            call.connect(colleague)
    end(call, decision.consultation)
