"""A supervisor beside a conversation: hears what the agent says and hears, and may be heard by the agent or by all.

Listening and whispering are a snoop on the agent's channel (an ear, which also whispers) in a bridge with the supervisor's
line; muted, the line is heard by nobody. So hold, music and consultations of the agent are heard as the agent hears them.
Who barges in is in the bridge of the conversation. While the customer is on hold nothing is sent to the agent's channel that a
whisper could be mixed into, so whoever whispers then is with the agent in a bridge apart, which the agent leaves for the customer. The recording is the customer's line: a whisper is not in it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final, Protocol

from otklik.channels.voice.consultation import Leg
from otklik.contact.decisions import Supervise
from otklik.contact.ids import ContactId, OfferNumber

EAR: Final = "ear"
"""The last part of an ear's channel, and its argument to the application; the first part is the contact."""


@dataclass(slots=True)
class Ear:
    """`muted` None: found after a restart of ours, and not known."""

    beside: str = ""
    channel: str = ""
    muted: bool | None = None


class Call(Protocol):
    """The customer's call, as a supervisor's line needs it."""

    contact: ContactId
    joined: bool
    legs: dict[tuple[ContactId, OfferNumber], Leg]
    ears: dict[OfferNumber, Ear]

    def command(self, method: str, path: str, **query: str) -> None: ...
    def join(self, bridge: ContactId, *legs: Leg) -> None: ...
    def leave_bridge(self, leg: Leg) -> None: ...
    def remove_bridge(self, bridge: ContactId) -> None: ...
    def replace(self, leg: Leg) -> None: ...


def room(contact: ContactId, offer: OfferNumber) -> ContactId:
    """The bridge where a supervisor's line is with its ear."""
    return ContactId(f"{contact}.{offer}")


def aside(contact: ContactId) -> ContactId:
    """The bridge where agent and supervisors talk while the customer is on hold."""
    return ContactId(f"{contact}.aside")


def supervise(call: Call, decision: Supervise) -> None:
    leg = call.legs.get((decision.contact, decision.offer))
    agent = call.legs.get((decision.contact, decision.beside))
    if leg is None or not leg.answered or agent is None:
        return  # of whoever is gone, a fact of its own tells
    call.replace(leg)
    ear = call.ears.setdefault(decision.offer, Ear())
    _mute(call, leg, ear, muted=decision.way == "listen")
    alone = not call.joined and agent.bridge in (call.contact, aside(call.contact))
    if decision.way == "barge" or (decision.way == "whisper" and alone):
        _close(call, ear)
        _join(call, leg, agent, alone=alone)
        call.remove_bridge(room(call.contact, decision.offer))
        return
    if ear.beside != agent.channel:
        _close(call, ear)
        ear.beside, ear.channel = agent.channel, f"{room(call.contact, decision.offer)}.{secrets.token_hex(3)}.{EAR}"
        # It joins the bridge when it has entered the application: `ear_open`.
        path = f"channels/{agent.channel}/snoop/{ear.channel}"
        call.command("POST", path, spy="both", whisper="out", app="otklik", appArgs=EAR)
    call.join(room(call.contact, decision.offer), leg)


def _join(call: Call, leg: Leg, agent: Leg, *, alone: bool) -> None:
    if alone:
        call.join(aside(call.contact), agent, leg)
    else:
        call.join(call.contact, leg)


def ear_open(call: Call, channel: str) -> bool:
    """False: nobody wants it any more."""
    for offer, ear in call.ears.items():
        if ear.channel == channel:
            call.command("POST", f"bridges/{room(call.contact, offer)}/addChannel", channel=channel)
            return True
    return False


def end(call: Call, offer: OfferNumber) -> None:
    """The line may be gone, go next, or be the agent's from now on."""
    ear = call.ears.pop(offer, Ear())
    _close(call, ear)
    leg = call.legs.get((call.contact, offer))
    if leg is not None:
        _mute(call, leg, ear, muted=False)
        if leg.bridge != call.contact:
            call.leave_bridge(leg)
    call.remove_bridge(room(call.contact, offer))


def _mute(call: Call, leg: Leg, ear: Ear, *, muted: bool) -> None:
    if ear.muted is not muted:
        ear.muted = muted
        call.command("POST" if muted else "DELETE", f"channels/{leg.channel}/mute", direction="in")


def _close(call: Call, ear: Ear) -> None:
    if ear.channel:
        call.command("DELETE", f"channels/{ear.channel}")
        ear.beside = ear.channel = ""
