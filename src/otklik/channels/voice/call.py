"""One customer's call in Asterisk: its channel, its bridge, the agents' legs, and what is done with them.

Everything here is synchronous: a decision or an event changes the state and sends its commands at once, in order, so
that no event can slip in between; `settle` then waits for the replies. Traps: a channel with music on it must lose it
before it joins a bridge, and a customer on hold must be out of the bridge or the agent listens in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

import structlog

from otklik.channels.voice import by_key, calling_back, listening, outside_number, supervision
from otklik.channels.voice import consultation as side
from otklik.channels.voice.ari import Reply, refused
from otklik.channels.voice.calling_back import may_be_dialled, of_tenant
from otklik.channels.voice.consultation import Leg
from otklik.channels.voice.line import Line
from otklik.channels.voice.listening import statistics
from otklik.channels.voice.node import Node as Node
from otklik.channels.voice.outside_number import OutsideLine
from otklik.channels.voice.placing import Placed, Undialled, place, ring
from otklik.channels.voice.resting import Rest
from otklik.channels.voice.ring import headers, leg_of
from otklik.contact import decisions as do
from otklik.contact.facts import (
    AgentLegEnded,
    CustomerLeft,
    Fact,
    LeaveCause,
    OfferAnswered,
    OfferDeclined,
    OfferFailed,
)
from otklik.contact.ids import ContactId, OfferNumber, TenantId
from otklik.contact.phone import Outside
from otklik.contact.quality import Meter

log = structlog.get_logger(__name__)

GONE: Final = frozenset({400, 404, 409, 412, 422})
"""What Asterisk says of a channel that is hanging up or gone; 500 where it is just being answered. The fact of it comes as an event."""
RING_MARGIN_SECONDS: Final = 5
REJOIN_SECONDS: Final = 20
Q850_NORMAL: Final = "16"
Q850_ANSWERED_ELSEWHERE: Final = "26"
"""So that a desk phone does not count a withdrawn call as missed."""


@dataclass(slots=True)
class Command:
    """A command on the wire, and what to do if it is refused; None: the line is gone, or it is an error."""

    what: str
    reply: asyncio.Future[Reply]
    refused: Callable[[Reply], None] | None = field(default=None)
    answered: Callable[[Reply], None] | None = field(default=None)


def leg_channel(contact: ContactId, offer: OfferNumber) -> str:
    return f"{contact}.{offer}"


class Call:
    """A contact on the line. `ani` is shown to the agent's phone. `channel` is empty while the customer is to be called back."""

    def __init__(
        self, node: Node[Call], *, tenant: TenantId, contact: ContactId, channel: str, ani: str | None = None
    ) -> None:
        self.tenant = tenant
        self.contact = contact
        self.channel = channel
        self.ani = ani
        self.alive = True
        self.attempt = 0
        """Of a customer who is called back."""
        self.dialling = False
        self.given_up = False
        self.answered = False
        self.joined = False
        self.recorded = False
        self.taped = False
        """The switch is known to record the line."""
        self.silent = False
        """What is recorded is to be silence."""
        self.media_lost = False
        self.consultations: set[ContactId] = set()
        """What agents ask colleagues about this contact goes by contacts of their own; their lines stand here too."""
        self.outside: OutsideLine | None = None
        """To somebody outside with whom the customer is put through."""
        self.bridges: set[ContactId] = set()
        self.legs: dict[tuple[ContactId, OfferNumber], Leg] = {}
        self.undialled: dict[str, Undialled] = {}
        self.ears: dict[OfferNumber, supervision.Ear] = {}
        self.meter = Meter()
        """How the customer's line is heard."""
        self.rest = Rest(self, node.ari)
        self.line = Line(node, self, self.post)
        self.dialogue = self.line.dialogue
        self._node = node
        self._ringing_back: str | None = None
        self._sent: list[Command] = []

    # decisions

    def perform(self, decision: do.VoiceDecision) -> None:
        """Send what the decision needs. Await `settle` afterwards."""
        if not self.alive:
            return
        match decision:
            case do.Dial():
                calling_back.dial(self, decision, self._node.trunk)
            case do.CallOutside() | do.EndOutside() | do.PutThrough():
                self._perform_outside(decision)
            case do.End():
                self._end()
            case do.Record() if self.channel:
                self._answer()
                self._node.record(self)
            case do.Say() | do.Ask() | do.TakeMessage():
                self._answer()
                self._leave_bridge()
                self.dialogue.perform(decision)
            case do.PlayMusic():
                self._answer()
                self._leave_bridge(to_rest=self.line.in_tune())
                self.dialogue.perform(decision)
                self.rest.begin()
            case do.Announce():
                self.rest.pause()
                self.dialogue.perform(decision)
            case (
                do.Hold() | do.Consult() | do.EndConsultation() | do.HandOver() | do.Gather() | do.Supervise() | do.EndSupervision()
            ):  # fmt: skip
                self._perform_beside(decision)
            case do.SilenceRecording():
                self.silent = decision.silent
            case do.Record() | do.DropRecording():
                pass  # of a customer who has left; dropped by whoever keeps them
            case _:
                self._perform_for_agent(decision)

    def _perform_outside(self, decision: do.CallOutside | do.EndOutside | do.PutThrough) -> None:
        if isinstance(decision, do.EndOutside):
            outside_number.end(self, decision.attempt)
        elif isinstance(decision, do.PutThrough):
            outside_number.put_through(self, decision)
            side.end(self, decision.consultation)
        elif self.channel and not outside_number.is_done(self, decision):
            self._answer()
            if decision.beside is None:
                self._leave_bridge()
            outside_number.call_out(self, decision, self._node.trunk)

    def _perform_beside(self, decision: side.Beside | do.Hold | do.Supervise | do.EndSupervision) -> None:
        match decision:
            case do.Hold():
                self.hold()
            case do.Supervise():
                supervision.supervise(self, decision)
            case do.EndSupervision():
                supervision.end(self, decision.offer)
            case _:
                side.perform(self, decision)

    def _perform_for_agent(
        self, decision: do.Offer | do.Rejoin | do.Join | do.Withdraw | do.Release | do.Connect | do.Retrieve | do.Mute
    ) -> None:
        match decision:
            case do.Offer():
                self.ani = decision.number or self.ani
                self._ring(leg_of(decision), decision.ring_seconds, outside=decision.outside, placed=decision.placed)
            case do.Rejoin():
                self._ring(leg_of(decision, decision.replaces), REJOIN_SECONDS, outside=decision.outside)
            case do.Join():
                self._ring(leg_of(decision, decision.replaces), REJOIN_SECONDS)
            case do.Withdraw():
                self.drop(self.legs.get((decision.contact, decision.offer)), Q850_ANSWERED_ELSEWHERE)
            case do.Release():
                self.drop(self.legs.get((decision.contact, decision.offer)))
            case do.Connect() | do.Retrieve():
                if (leg := self.legs.get((decision.contact, decision.offer))) is not None and leg.answered:
                    self.connect(leg)
            case do.Mute():
                if (leg := self.legs.get((decision.contact, decision.offer))) is not None:
                    self.send("POST" if decision.muted else "DELETE", f"channels/{leg.channel}/mute", direction="in")

    def _end(self) -> None:
        if self.channel:
            self.given_up = True
            if self.joined:
                self._measure()
            self.send("DELETE", f"channels/{self.channel}")
        else:
            for leg in list(self.legs.values()):
                self.drop(leg)
            self._node.call_left(self)

    @property
    def unsettled(self) -> bool:
        return bool(self._sent)

    async def settle(self) -> None:
        """Wait until Asterisk has answered everything sent. Raises `PeerError`; a line that is gone is no error."""
        sent, self._sent = self._sent, []
        for command in sent:
            reply = await self._node.ari.reply(command.reply)
            if reply.ok:
                if command.answered is not None:
                    command.answered(reply)
                continue
            if command.refused is not None:
                command.refused(reply)
            elif reply.status in GONE:
                log.debug("line_gone", contact=self.contact, command=command.what, status=reply.status)
            elif reply.status == 500 and command.what.endswith("/answer"):
                there = await self._node.ari.request("GET", f"channels/{self.channel}", accept=tuple(GONE))
                tell = log.debug if there.status in GONE else log.warning
                tell("line_not_answered", contact=self.contact, reason=reply.text[:200] or reply.reason)
            else:
                raise refused(command.what, self.channel, reply)

    def command(self, method: str, path: str, **query: str) -> None:
        self.send(method, path, None, refused=None, **query)

    def send(
        self,
        method: str,
        path: str,
        body: dict[str, object] | None = None,
        *,
        refused: Callable[[Reply], None] | None = None,
        **query: str,
    ) -> None:
        future = self._node.ari.send(method, path, body, **query)
        self._sent.append(Command(f"{method} {path}", future, refused))

    def _answer(self) -> None:
        if not self.answered:
            self.answered = True
            self.send("POST", f"channels/{self.channel}/answer")

    def _measure(self) -> None:
        """A last look at the customer's line before it leaves the conversation; too late is no harm."""
        future, heard = self._node.ari.send("GET", statistics(self.channel)), partial(listening.heard, self)
        self._sent.append(Command("GET rtp_statistics", future, refused=lambda _: None, answered=heard))

    def _leave_bridge(self, *, to_rest: bool = False) -> None:
        if not to_rest:
            self.rest.leave()
        if self.joined:
            self._measure()
            self.joined = False
            self.dialogue.hush()  # or the line does not leave, and no command is answered, before the text is over
            self.send("POST", f"bridges/{self.contact}/removeChannel", channel=self.channel)

    def hold(self) -> None:
        self._leave_bridge()
        self.dialogue.perform(do.PlayMusic(contact=self.contact))

    def connect(self, *legs: Leg | OutsideLine) -> None:
        """The customer and these lines hear each other."""
        self.stop_ringing_back()
        self.rest.leave()
        self.dialogue.quiet()
        joining = [] if self.joined else [self.channel]
        self.joined = True
        self.join(self.contact, *legs, first=joining)

    def join(self, bridge: ContactId, *legs: Leg | OutsideLine, first: Sequence[str] = ()) -> None:
        """These lines hear each other, and those who are there already. A line that joins leaves where it was."""
        joining = list(first)
        for leg in legs:
            self.replace(leg)
            self.play(leg, music=False)
            if leg.bridge != bridge:
                self.leave_bridge(leg)
                leg.bridge = bridge
                joining.append(leg.channel)
        if bridge not in self.bridges:
            self.bridges.add(bridge)
            self.send("POST", f"bridges/{bridge}", type="mixing")
        if joining:
            self.send("POST", f"bridges/{bridge}/addChannel", channel=",".join(joining))

    def leave_bridge(self, leg: Leg | OutsideLine) -> None:
        if leg.bridge is not None:
            self.send("POST", f"bridges/{leg.bridge}/removeChannel", channel=leg.channel)
            leg.bridge = None

    def remove_bridge(self, bridge: ContactId) -> None:
        if bridge in self.bridges:
            self.bridges.remove(bridge)
            self.send("DELETE", f"bridges/{bridge}")

    def play(self, leg: Leg | OutsideLine, *, music: bool) -> None:
        """Music to an agent's line; it must be out of every bridge."""
        if leg.music != music:
            leg.music = music
            self.send("POST" if music else "DELETE", f"channels/{leg.channel}/moh")

    def replace(self, leg: Leg | OutsideLine) -> None:
        if isinstance(leg, Leg) and leg.replaces is not None:
            self.drop(self.legs.get((leg.contact, leg.replaces)))

    def _ring(self, leg: Leg, ring_seconds: float, *, outside: Outside | None = None, placed: bool = False) -> None:
        shown = (outside.caller if outside is not None else self.ani) or "anonymous"
        endpoint = self._endpoint(leg, outside)
        if endpoint is None:
            self._offer_failed(leg, "unregistered")
            return
        leg.channel = leg_channel(leg.contact, leg.offer)
        ring(
            self,
            Placed(
                channel=leg.channel,
                endpoint=endpoint,
                argument="agent",
                caller=shown,
                ring_seconds=round(ring_seconds) + RING_MARGIN_SECONDS,
                variables=of_tenant(self.tenant) if outside is not None else headers(leg, placed=placed),
            ),
            lambda reply: self._ring_refused(leg, reply),
            page=leg.phone == "page",
        )
        self.add_leg(leg)

    def _endpoint(self, leg: Leg, outside: Outside | None) -> str | None:
        if outside is None:
            return f"PJSIP/{user}" if (user := self._node.line_of(leg.agent, leg.phone)) is not None else None
        trunk = self._node.trunk if may_be_dialled(outside.number) else None
        return trunk.line(outside.number) if trunk is not None else None

    def add_leg(self, leg: Leg) -> None:
        self.legs[leg.key] = leg
        self._node.add_leg(self, leg)

    def _ring_refused(self, leg: Leg, reply: Reply) -> None:
        """Asterisk says 500 "Allocation failed" of an endpoint that has no registered contact."""
        if self.legs.get(leg.key) is leg:
            self._forget(leg)
            gone = "Allocation failed" in reply.text + reply.reason
            self._offer_failed(leg, "unregistered" if gone else f"refused {reply.status}")

    def _offer_failed(self, leg: Leg, cause: str) -> None:
        self.post(OfferFailed(contact=leg.contact, agent=leg.agent, offer=leg.offer, cause=cause))

    def drop(self, leg: Leg | None, cause: str = Q850_NORMAL) -> None:
        if leg is not None:
            self._forget(leg)
            self.send("DELETE", f"channels/{leg.channel}", reason_code=cause)

    def _forget(self, leg: Leg) -> None:
        del self.legs[leg.key]
        if leg.asks is not None:
            leg.asks.stop()
        self._node.remove_leg(leg)
        if not self.channel and not self.legs:
            self._node.call_left(self)  # the customer is away, and nobody is asked any more

    # the customer who is called back

    def dial_customer(self, placed: Placed) -> None:
        place(self, placed, lambda _: calling_back.failed(self, "failed"))
        self._node.add_call(self)

    def customer_gone(self) -> None:
        self._node.customer_gone(self)

    # somebody outside

    def adopt_outside(self, line: OutsideLine) -> None:
        self.forget_outside()
        self.outside = line
        self._node.add_outside(self, line)

    def forget_outside(self) -> None:
        if self.outside is not None:
            self._node.remove_outside(self.outside)
            self.outside = None

    def post(self, fact: Fact) -> None:
        self._node.post(self.tenant, fact)

    def ring_back(self, offer: OfferNumber) -> None:
        """The agent hears what a caller hears, until the customer is there."""
        if leg := self.legs.get((self.contact, offer)):
            self.ring_back_on(leg.channel)

    def ring_back_on(self, channel: str) -> None:
        if self._ringing_back != f"{channel}.ringing":
            self._ringing_back = f"{channel}.ringing"
            path = f"channels/{channel}/play/{self._ringing_back}"
            self.send("POST", path, {"media": ["tone:ring"]}, refused=lambda _: None)

    def adopt_ringing_back(self, channel: str) -> None:
        self._ringing_back = f"{channel}.ringing"

    def stop_ringing_back(self) -> None:
        if self._ringing_back is not None:
            self.send("DELETE", f"playbacks/{self._ringing_back}")
            self._ringing_back = None

    def rename(self, leg: Leg, offer: OfferNumber) -> None:
        """A colleague's line becomes one of the contact's own."""
        del self.legs[leg.key]
        leg.contact, leg.offer = self.contact, offer
        self.legs[leg.key] = leg

    def consulting(self, consultation: ContactId, *, on: bool) -> None:
        self._node.consulting(self, consultation, on=on)
        (self.consultations.add if on else self.consultations.discard)(consultation)

    # events

    def leg_up(self, leg: Leg) -> None:
        if leg.asks is not None:
            by_key.ask(self, leg, self._node.speech)
        else:
            self.leg_answered(leg)

    def accepted(self, leg: Leg) -> None:
        self.leg_answered(leg)

    def refused(self, leg: Leg) -> None:
        self.drop(leg)
        self.post(OfferDeclined(contact=leg.contact, agent=leg.agent, offer=leg.offer))

    def nobody_there(self, leg: Leg) -> None:
        self.drop(leg)
        self._offer_failed(leg, "no key")

    def has(self, leg: Leg) -> bool:
        return self.legs.get(leg.key) is leg

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._node.spawn(self.contact, work)

    def leg_answered(self, leg: Leg) -> None:
        if not leg.answered:
            leg.answered = True
            self.post(OfferAnswered(contact=leg.contact, agent=leg.agent, offer=leg.offer))

    def leg_ended(self, leg: Leg, cause: int, sip_code: int) -> None:
        """The agent's channel is gone, and not because we dropped it."""
        if leg.answered:
            self._leg_left(leg, "lost" if side.lost(cause, sip_code) else "hung_up")
        elif leg.asks is not None and leg.asks.timer is not None:
            self._forget(leg)
            self._offer_failed(leg, "no key")
        elif leg.refused_by(cause, sip_code):
            self._forget(leg)
            desk = leg.phone == "desk"
            self.post(OfferDeclined(contact=leg.contact, agent=leg.agent, offer=leg.offer, telephone=desk))
        else:
            self._forget(leg)
            self._offer_failed(leg, f"cause {cause}")

    def ring_lost(self, leg: Leg) -> None:
        """Nobody is registered any more where it rings."""
        if self.legs.get(leg.key) is leg:
            self.drop(leg)
            self._offer_failed(leg, "unregistered")

    def leg_lost(self, leg: Leg) -> None:
        """The agent's channel was not there any more when the connection came back."""
        if leg.answered:
            self._leg_left(leg, "lost")
        else:
            self._forget(leg)
            self._offer_failed(leg, "lost")

    def _leg_left(self, leg: Leg, cause: Literal["hung_up", "lost"]) -> None:
        self._forget(leg)
        self.post(AgentLegEnded(contact=leg.contact, agent=leg.agent, offer=leg.offer, cause=cause))

    def tell_heard(self) -> None:
        self.post(self.meter.measured(self.contact))

    def leave(self, cause: LeaveCause) -> None:
        """The customer's channel is gone: whatever rings stops ringing, the bridge and the agent's line go."""
        if self.line.keeps(cause):
            return
        self.alive = False
        self.rest.end()
        self.dialogue.close()
        if self.meter.heard:
            self.tell_heard()
        self.post(CustomerLeft(contact=self.contact, cause=cause, attempt=self.attempt))
        for leg in list(self.legs.values()):
            self.drop(leg)
        outside_number.drop(self)
        for bridge in list(self.bridges):
            self.remove_bridge(bridge)
        self._node.call_left(self)
