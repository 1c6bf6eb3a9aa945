"""Consultations on the simulated switch: two agents and a customer in one call, and who hears whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar, assert_never

from otklik.channels.voice.simulated_callback import SimulatedOutside
from otklik.contact import decisions as do
from otklik.contact.facts import AgentLegEnded
from otklik.contact.ids import ContactId, OfferNumber
from otklik.contact.ports import KnownLine


class Leg(Protocol):
    """An agent's line, as a consultation needs it."""

    contact: ContactId
    offer: OfferNumber
    answered: bool
    room: ContactId | None
    music: bool


L = TypeVar("L", bound=Leg)


class Call(Protocol[L]):
    """The customer's call, as a consultation needs it."""

    contact: ContactId
    consultations: set[ContactId]
    rings_inside: bool | None
    rings_at: OfferNumber | None
    outside: SimulatedOutside | None
    legs: dict[tuple[ContactId, OfferNumber], L]

    def consulting(self, consultation: ContactId, *, on: bool) -> None: ...
    def answered_line(self, contact: ContactId, offer: OfferNumber | None) -> L | None: ...
    def join(self, *legs: L) -> None: ...
    def hold(self) -> None: ...
    def post(self, fact: AgentLegEnded) -> None: ...


def perform(call: Call[L], decision: do.Consult | do.EndConsultation | do.HandOver | do.Gather) -> None:
    match decision:
        case do.Consult():
            consult(call, decision)
        case do.EndConsultation():
            end(call, decision.consultation)
        case do.HandOver():
            hand_over(call, decision)
        case do.Gather():
            _gather(call, decision)
        case _:
            assert_never(decision)


def consult(call: Call[L], decision: do.Consult) -> None:
    call.consulting(decision.consultation, on=True)
    asking = call.answered_line(decision.contact, decision.offer)
    colleague = call.answered_line(decision.consultation, decision.line)
    if decision.inside:
        _inside(call, decision, asking, colleague)
        return
    if decision.outside:
        _with_outside(call, decision, asking)
        return
    if asking is None:
        return
    match decision.talks_to:
        case "customer":
            call.join(asking)
            _aside(colleague)
        case "colleague":
            call.hold()
            if colleague is None:
                _aside(asking)
            else:
                for leg in (asking, colleague):
                    leg.room, leg.music = decision.consultation, False
        case "both":
            call.join(asking, *([colleague] if colleague else []))


def _with_outside(call: Call[L], decision: do.Consult, asking: L | None) -> None:
    line = call.outside if call.outside is not None and call.outside.attempt == decision.outside else None
    there = line if line is not None and line.answered else None
    apart = asking is None or decision.talks_to == "customer"
    if there is not None:
        there.room = None if apart else decision.consultation if decision.talks_to == "colleague" else call.contact
        there.waits = apart
    if asking is None:
        return
    if decision.talks_to == "colleague":
        call.hold()
        asking.room, asking.music = (decision.consultation if there is not None else None), False
    else:
        call.join(asking)
    call.rings_at = decision.offer if there is None and decision.talks_to == "colleague" else None


def _inside(call: Call[L], decision: do.Consult, asking: L | None, colleague: L | None) -> None:
    call.rings_inside = decision.line is None and not decision.colleague_holds
    apart = decision.holds or decision.colleague_holds or asking is None or colleague is None
    for leg, music in ((asking, decision.colleague_holds), (colleague, decision.holds)):
        if leg is not None:
            leg.room, leg.music = (None, music) if apart else (decision.consultation, False)


def _gather(call: Call[L], decision: do.Gather) -> None:
    for contact, offer in decision.lines:
        leg = call.answered_line(contact, offer)
        if leg is not None and decision.held:
            _aside(leg)
        elif leg is not None:
            leg.room, leg.music = decision.contact, False
    line = call.outside
    if line is not None and line.attempt == decision.outside and line.answered:
        line.room, line.waits = (None if decision.held else decision.contact), decision.held


def _aside(leg: Leg | None) -> None:
    if leg is not None:
        leg.room, leg.music = None, True


def end(call: Call[L], consultation: ContactId) -> None:
    if consultation not in call.consultations:
        return
    call.legs = {key: leg for key, leg in call.legs.items() if leg.contact != consultation}
    for leg in call.legs.values():
        if leg.contact not in call.consultations:
            leg.music = False
        if leg.room == consultation:
            leg.room = None
    call.rings_at = None
    if call.outside is not None and call.outside.room == consultation:
        call.outside.room = None
    call.consulting(consultation, on=False)


def hand_over(call: Call[L], decision: do.HandOver) -> None:
    leg = call.legs.pop((decision.consultation, decision.line), None)
    contact, agent, offer = decision.contact, decision.agent, decision.offer
    if leg is None and (contact, offer) not in call.legs:
        # It ended in this very moment, and was told as one of the consultation.
        call.post(AgentLegEnded(contact=contact, agent=agent, offer=offer, cause="lost"))
    elif leg is not None:
        leg.contact, leg.offer = contact, offer
        call.legs[leg.contact, leg.offer] = leg
        if leg.answered:
            call.join(leg)
    end(call, decision.consultation)


def adopt(call: Call[L], lines: Sequence[KnownLine]) -> None:
    """Found after a restart of ours: a colleague's line that was handed over is the contact's; a consultation that is over,
    and whose end may not have been performed, ends; those that are on are known."""
    own = next(line for line in lines if line.contact == call.contact)
    beside = own.outside_beside
    if own.came_from is not None and own.offer is not None and own.came_from in call.legs:
        leg = call.legs.pop(own.came_from)
        leg.contact, leg.offer = own.contact, own.offer
        call.legs[leg.contact, leg.offer] = leg
    known = {line.contact for line in lines if line.consults is not None} | ({beside} if beside is not None else set())
    for consultation in call.consultations - known:
        end(call, consultation)
    for consultation in known:
        call.consulting(consultation, on=True)
