"""An agent asks a colleague about a customer: who is in which bridge, and who hears music meanwhile.

The private talk has a bridge of its own, so that the customer hears nothing of it, and neither does the recording, which
is the customer's line. Nobody is ever with music in a bridge: the others would hear through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from otklik.contact.decisions import Consult, HandOver
from otklik.contact.ids import ContactId

if TYPE_CHECKING:
    from otklik.channels.voice.call import Call, Leg


def consult(call: Call, decision: Consult) -> None:
    if call.consultation != decision.consultation:
        call.set_consultation(decision.consultation)
    asking = _answered(call, call.legs.get((decision.contact, decision.offer)))
    colleague = None
    if decision.line is not None:
        colleague = _answered(call, call.legs.get((decision.consultation, decision.line)))
    if asking is None:
        return
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


def _answered(call: Call, leg: Leg | None) -> Leg | None:
    if leg is None or not leg.answered:
        return None
    call.replace(leg)
    return leg


def _aside(call: Call, leg: Leg | None) -> None:
    if leg is not None:
        call.leave_bridge(leg)
        call.play(leg, music=True)


def end(call: Call, consultation: ContactId) -> None:
    if call.consultation != consultation:
        return
    for leg in list(call.legs.values()):
        if leg.contact == consultation:
            call.drop(leg)
        else:
            call.play(leg, music=False)
            if leg.bridge == consultation:
                call.leave_bridge(leg)
    call.remove_bridge(consultation)
    call.set_consultation(None)


def hand_over(call: Call, decision: HandOver) -> None:
    colleague = call.legs.get((decision.consultation, decision.line))
    if colleague is None:
        return
    call.rename(colleague, decision.offer)
    if colleague.answered:
        call.connect(colleague)
    end(call, decision.consultation)
