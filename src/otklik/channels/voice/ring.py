"""A ring at an agent's telephone: the line that is to come of it, and what the telephone is told."""

from __future__ import annotations

from otklik.channels.voice import by_key
from otklik.channels.voice.consultation import Leg
from otklik.contact import decisions as do
from otklik.contact.ids import OfferNumber


def leg_of(decision: do.Offer | do.Rejoin | do.Join, replaces: OfferNumber | None = None) -> Leg:
    leg = Leg(contact=decision.contact, agent=decision.agent, offer=decision.offer, channel="", replaces=replaces)
    if not isinstance(decision, do.Join):
        leg.phone = decision.phone
        leg.asks = by_key.Asked(decision.outside.language) if decision.outside is not None else None
    return leg


def headers(leg: Leg, *, placed: bool) -> dict[str, str]:
    told = {"X-Otklik-Contact": leg.contact, "X-Otklik-Offer": str(leg.offer)}
    if leg.replaces is not None:
        told["X-Otklik-Rejoin"] = "yes"
    if placed:
        told["X-Otklik-Placed"] = "yes"
    if leg.phone == "desk" and (placed or leg.replaces is not None):
        # The agent has asked for this ring: a telephone that can lifts itself.
        told |= {"Call-Info": "<sip:otklik>;answer-after=0", "Alert-Info": "<sip:otklik>;info=alert-autoanswer"}
    return {f"PJSIP_HEADER(add,{name})": value for name, value in told.items()}
