"""Putting right: what we know of the calls against what Asterisk has, after either side was away.

The channel ids of agents' legs are `<contact>.<offer>` and bridges have the contact's id, so that a process that
knows only the open contacts can take their calls over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

import structlog

from otklik.channels.voice import calling_back, outside_number, placing, resting
from otklik.channels.voice.ari import Ari
from otklik.channels.voice.call import Call, Node, leg_channel
from otklik.channels.voice.calling_back import channel_of
from otklik.channels.voice.consultation import Leg
from otklik.channels.voice.outside_number import MARK, OutsideLine
from otklik.channels.voice.provision import AgentLines
from otklik.channels.voice.recording import Recorder
from otklik.channels.voice.supervision import EAR
from otklik.contact.facts import AgentLegEnded, CallFailed, CustomerLeft, LeaveCause
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber, TenantId
from otklik.contact.ports import KnownLine
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

DOWN: Final = "Down"
THERE_ALREADY: Final = 409
SILENT_SECONDS: Final = 60.0
"""Longer than it rings: a line that rings with a voice of the network's (SIP 183) is down as well."""
_DIALLED: Final = {"otklik,agent": ".", "otklik,customer": "_", f"otklik,{outside_number.APP_ARGUMENT}": MARK}
"""Lines through the trunk, by what Stasis is told of them: what comes after the contact in a channel's id."""


class RecoverableNode(Node[Call], Protocol):
    """The switch as recovery sees it."""

    ari: Ari

    @property
    def calls(self) -> dict[ContactId, Call]: ...
    def knows(self, channel: str) -> bool: ...
    def owns_bridge(self, bridge: ContactId) -> bool: ...
    def arrived(self, channel: dict[str, Any]) -> None: ...
    def entry_point(self, dnis: str) -> tuple[TenantId, EntryPointId] | None: ...
    def settle(self, call: Call) -> None: ...


class Existing:
    """What Asterisk has now."""

    def __init__(self, channels: list[dict[str, Any]], bridges: list[dict[str, Any]]) -> None:
        self.channels = {channel["id"]: channel for channel in channels}
        self.bridges = {bridge["id"]: set(bridge["channels"]) for bridge in bridges}

    def lines_to(self, contact: ContactId) -> list[str]:
        """To a customer who is called back."""
        return [id for id in self.channels if id.rpartition("_")[0] == contact]

    def legs_of(self, contact: ContactId) -> list[dict[str, Any]]:
        return [channel for id, channel in self.channels.items() if id.rpartition(".")[0] == contact]

    def outside_of(self, contact: ContactId) -> list[str]:
        """To somebody outside."""
        return [id for id in self.channels if id.rpartition(MARK)[0] == contact]

    def ears_of(self, contact: ContactId) -> list[str]:
        return [id for id in self.channels if id.startswith(f"{contact}.") and id.endswith(f".{EAR}")]

    def rooms_of(self, contact: ContactId) -> list[ContactId]:
        """Bridges of supervisors."""
        return [ContactId(id) for id in self.bridges if id.startswith(f"{contact}.") and not id.endswith(f".{EAR}")]

    def questions_of(self, contact: ContactId) -> list[str]:
        """Bridges in which the customer was listened to."""
        return [id for id in self.bridges if id.startswith(f"{contact}.") and id.endswith(f".{EAR}")]


class Recovery:
    """`expect` says which contacts should be on the line; `take_over` adopts them once Asterisk is connected."""

    def __init__(self, node: RecoverableNode, lines: AgentLines, recorder: Recorder) -> None:
        self._node = node
        self._lines = lines
        self._recorder = recorder
        self._expected: dict[TenantId, dict[ContactId, KnownLine]] = {}
        self._over: dict[ContactId, KnownLine] = {}
        self._tenants: set[TenantId] = set()
        self._strays: set[str] = set()
        self._started_at: str | None = None

    def expect(self, tenant: TenantId, contacts: Iterable[KnownLine], over: Iterable[KnownLine]) -> None:
        self._expected[tenant] = {line.contact: line for line in contacts}
        self._over |= {line.contact: line for line in over}

    def expects(self, contact: ContactId) -> bool:
        return any(contact in contacts for contacts in self._expected.values())

    async def put_right(self) -> None:
        """The calls we know against those there are. After the connection was lost they may be gone or may have gone
        on without us; called now and then, it also finds what an event should have told."""
        status = (await self._node.ari.request("GET", "asterisk/info", only="status")).json()["status"]
        same = self._started_at == status["startup_time"]
        self._started_at = status["startup_time"]
        # The lines of now: one that is dialled while Asterisk is asked would be taken for lost.
        known = [
            (call, call.channel, list(call.legs.values()), call.outside, list(call.undialled))
            for call in self._node.calls.values()
        ]
        existing = await self._survey()
        for call, channel, legs, outside, undialled in known:
            if not call.alive or call.channel != channel:
                continue
            found = existing.channels.get(channel)
            if call.dialling and found is None:
                calling_back.failed(call, "lost")
            elif call.dialling and found is not None and found["state"] == "Up":
                calling_back.answered(call)
            if call.channel and found is None:
                self._lose(call, "hung_up" if same else "node_lost")
            else:
                for leg in legs:
                    self._compare(call, leg, existing)
                if outside is not None:
                    _compare_outside(call, outside, existing)
                _dial(call, undialled, existing)
                await self._find_playback(call)
            self._node.settle(call)
        await self._remove_empty_bridges(existing)
        await self._claim_strays(existing)

    async def take_over(self) -> None:
        """Adopt what is expected, and finish the recordings that were left behind."""
        if not self._expected:
            return
        existing = await self._survey()
        await self._end_what_is_over(existing)
        while self._expected:
            tenant = next(iter(self._expected))
            # A consultation after the contact it is about.
            for contact, line in sorted(self._expected[tenant].items(), key=lambda each: each[1].consults is not None):
                if contact not in self._node.calls:
                    await self._adopt(tenant, line, existing)
            del self._expected[tenant]
            self._tenants.add(tenant)
            self._node.spawn(None, self._recorder.finish_leftovers(tenant, self._node.calls))

    async def _end_what_is_over(self, existing: Existing) -> None:
        """Or a customer whose conversation was finished would be greeted anew as a stray."""
        over, self._over = self._over, {}
        lines = [line for expected in self._expected.values() for line in expected.values()]
        handed_over = {leg_channel(*line.came_from) for line in lines if line.came_from is not None}
        for contact, line in over.items():
            for channel in (line.leg, *existing.lines_to(contact), *existing.outside_of(contact)):
                if channel in existing.channels and not self._node.knows(channel):
                    await self._hang_up(channel)
            for leg in existing.legs_of(contact):
                if leg["id"] not in handed_over and not self._node.knows(leg["id"]):
                    await self._hang_up(leg["id"])

    async def make_rooms(self) -> None:
        """Where customers wait; one that is there stays as it is. Without it they wait outside of bridges, which costs more."""
        made = [self._node.ari.send("POST", f"bridges/{room}", type="holding", name=room) for room in resting.ROOMS]
        replies = await asyncio.gather(*map(self._node.ari.reply, made))
        failed = [each.text for each in replies if not each.ok and each.status != THERE_ALREADY]
        if failed:
            log.warning(
                "nobody_rests", reason=failed[0], rooms=len(failed), advice="load bridge_holding.so in Asterisk"
            )

    async def _survey(self) -> Existing:
        channels = (await self._node.ari.request("GET", "channels")).json()
        bridges = (await self._node.ari.request("GET", "bridges")).json()
        return Existing(channels, bridges)

    def _lose(self, call: Call, cause: LeaveCause) -> None:
        if cause == "node_lost":
            for leg in list(call.legs.values()):
                call.leg_lost(leg)
        call.leave(cause)

    def _compare(self, call: Call, leg: Leg, existing: Existing) -> None:
        if call.legs.get(leg.key) is not leg:
            return
        channel = existing.channels.get(leg.channel)
        if channel is None:
            call.leg_lost(leg)
        elif channel["state"] == "Up":
            call.leg_up(leg)

    async def _find_playback(self, call: Call) -> None:
        """A text may have ended while nobody listened."""
        playback = call.line.playback
        if playback is not None:
            reply = await self._node.ari.request("GET", f"playbacks/{playback}", accept=(404,))
            if not reply.ok:
                call.line.played(playback, failed=False)

    async def _adopt(self, tenant: TenantId, line: KnownLine, existing: Existing) -> None:
        if line.consults is not None:
            await self._adopt_consultation(tenant, line, line.consults, existing)
            return
        contact = line.contact
        channel = channel_of(contact, line.attempt) if line.attempt else "" if line.away else line.leg
        for other in existing.lines_to(contact):
            if other != channel:
                await self._hang_up(other)
        found = existing.channels.get(channel)
        if found is None and line.dialling:
            self._node.post(tenant, CallFailed(contact=contact, attempt=line.attempt, cause="lost"))
        elif found is None and not line.away:
            await self._find_message(tenant, contact)
            self._node.post(tenant, CustomerLeft(contact=contact, cause="node_lost", attempt=line.attempt))
            for orphan in (*(leg["id"] for leg in existing.legs_of(contact)), *existing.outside_of(contact)):
                await self._hang_up(orphan)
            return
        call = self._call(tenant, line, channel if found is not None else "", existing)
        call.bridges.update(existing.rooms_of(contact))
        await self._stop_listening(contact, existing)
        if line.came_from is not None and line.offer is not None:
            handed_over = existing.channels.get(leg_channel(*line.came_from))
            if handed_over is not None:
                self._adopt_leg(call, handed_over, existing, line, offer=line.offer)
        await self._adopt_legs(call, line, existing)
        await self._adopt_outside(call, line, existing)
        if not call.channel and not call.legs:
            self._node.call_left(call)
        elif call.dialling and call.answered:
            calling_back.answered(call)
        elif call.dialling:
            self._doubt(call, call.channel, existing, lambda: calling_back.failed(call, "lost"))
        log.info("call_taken_over", tenant=tenant, contact=contact, legs=len(call.legs), joined=call.joined)

    async def _adopt_outside(self, call: Call, known: KnownLine, existing: Existing) -> None:
        """Who has answered while nobody listened is put through now."""
        wanted = outside_number.channel_of(known.contact, known.outside) if known.outside else ""
        for other in existing.outside_of(known.contact):
            if other != wanted:
                await self._hang_up(other)
        if not wanted:
            return
        line = OutsideLine(channel=wanted, attempt=known.outside, beside=known.outside_beside, music=None)
        call.adopt_outside(line)
        if line.beside is None:
            call.adopt_ringing_back(call.channel)
        else:
            call.consulting(line.beside, on=True)
            call.bridges |= {line.beside} & existing.bridges.keys()
            call.adopt_ringing_back(f"{known.contact}.{known.offer}")
        if wanted not in existing.channels:
            outside_number.ended(call, line, "lost")
        elif existing.channels[wanted]["state"] == "Up":
            line.bridge = next((ContactId(each) for each, there in existing.bridges.items() if wanted in there), None)
            outside_number.answered(call, line)
        else:
            self._doubt(call, wanted, existing, lambda: outside_number.ended(call, line, "lost"))
        await call.settle()

    def _doubt(self, call: Call, channel: str, existing: Existing, lost: Callable[[], None]) -> None:
        """Dialled and silent so far, or made and, as we were killed, never dialled: that is not seen, but only the second lasts."""
        if existing.channels[channel]["state"] == DOWN:
            self._node.spawn(None, self._end_silent(call, channel, lost))

    async def _end_silent(self, call: Call, channel: str, lost: Callable[[], None]) -> None:
        """What Asterisk would say of its end (603) would be taken for a no of whoever was called."""
        await asyncio.sleep(SILENT_SECONDS)
        reply = await self._node.ari.request("GET", f"channels/{channel}", accept=(404,))
        if reply.ok and reply.json()["state"] == DOWN and self._node.knows(channel):
            lost()
            self._node.settle(call)
            await self._hang_up(channel)

    async def _stop_listening(self, contact: ContactId, existing: Existing) -> None:
        """Made anew when it is said again who hears whom, or the question is asked again."""
        for ear in existing.ears_of(contact):
            await self._hang_up(ear)
        for question in existing.questions_of(contact):
            await self._node.ari.request("DELETE", f"bridges/{question}", accept=(404,))

    async def _find_message(self, tenant: TenantId, contact: ContactId) -> None:
        """Who left a message while nobody listened has left one all the same."""
        try:
            said = await self._node.messages.left_behind(tenant, contact)
        except PeerError as err:
            log.error("message_not_kept", contact=contact, reason=str(err))
            return
        if said is not None:
            self._node.post(tenant, said)

    def _call(self, tenant: TenantId, line: KnownLine, channel: str, existing: Existing) -> Call:
        contact, found, bridged = line.contact, existing.channels.get(channel), existing.bridges.get(line.contact)
        ani = found["caller"]["number"] or None if found is not None else None
        call = Call(self._node, tenant=tenant, contact=contact, channel=channel, ani=ani)
        call.attempt = line.attempt
        call.dialling = found is not None and line.dialling
        call.answered = found is not None and found["state"] == "Up"
        call.rest.inside = channel in existing.bridges.get(ContactId(resting.room_of(contact)), ())
        call.joined = bridged is not None and channel in bridged
        call.recorded = call.taped = found is not None and not line.dialling
        if found is not None and not call.joined and not line.dialling:
            call.line.adopt_music()
        elif bridged == {channel}:
            call.dialogue.doubt_music()
        self._node.add_call(call)
        return call

    async def _adopt_consultation(
        self, tenant: TenantId, line: KnownLine, contact: ContactId, existing: Existing
    ) -> None:
        """The lines of a consultation belong to the call of the contact that it is about."""
        call = self._node.calls.get(contact)
        if call is None:
            for orphan in existing.legs_of(line.contact):
                await self._hang_up(orphan["id"])
            self._tell_lost(tenant, line)
            return
        call.consulting(line.contact, on=True)
        await self._adopt_legs(call, line, existing)

    async def _adopt_legs(self, call: Call, line: KnownLine, existing: Existing) -> None:
        if line.contact in existing.bridges:
            call.bridges.add(line.contact)
        for channel in existing.legs_of(line.contact):
            if channel["state"] == "Up":
                offer = OfferNumber(int(channel["id"].rpartition(".")[2]))
                self._adopt_leg(call, channel, existing, line, offer=offer)
            else:
                await self._hang_up(channel["id"])
        self._find_lost_leg(call, line)

    def _adopt_leg(
        self, call: Call, channel: dict[str, Any], existing: Existing, line: KnownLine, *, offer: OfferNumber
    ) -> None:
        """A number outside has the trunk's name: whose it is, is known only where the line is expected. One that waits for its key
        is nobody's."""
        contact = line.contact
        agent = self._agent(channel) or next((each for each, number in line.expected if number == offer), None)
        if agent is None:
            self._node.spawn(contact, self._hang_up(channel["id"]))
            return
        bridge = next((bridge for bridge, there in existing.bridges.items() if channel["id"] in there), None)
        leg = Leg(contact=contact, agent=agent, offer=offer, channel=channel["id"], music=None)
        leg.bridge = ContactId(bridge) if bridge is not None else None
        call.add_leg(leg)
        if call.dialling:
            call.adopt_ringing_back(leg.channel)
        call.leg_answered(leg)

    def _agent(self, channel: dict[str, Any]) -> AgentId | None:
        return self._lines.agent(channel["name"].removeprefix("PJSIP/").rpartition("-")[0])

    def _find_lost_leg(self, call: Call, line: KnownLine) -> None:
        """The agent's line, or a supervisor's, may have ended while we were away."""
        for agent, offer in line.expected:
            if (line.contact, offer) not in call.legs:
                lost = AgentLegEnded(contact=line.contact, agent=agent, offer=offer, cause="lost")
                self._node.post(call.tenant, lost)

    def _tell_lost(self, tenant: TenantId, line: KnownLine) -> None:
        for agent, offer in line.expected:
            self._node.post(tenant, AgentLegEnded(contact=line.contact, agent=agent, offer=offer, cause="lost"))

    async def _claim_strays(self, existing: Existing) -> None:
        """Channels that no contact knows: a caller whose arrival was not written down, or an agent's line whose
        contact is over. Only those that were there the time before too: the others are just hanging up."""
        strays = {
            id
            for id, channel in existing.channels.items()
            if channel["dialplan"]["app_name"] == "Stasis" and not self._node.knows(id)
        }
        known_before, self._strays = self._strays, strays
        for id in strays & known_before:
            channel = existing.channels[id]
            if self._agent(channel) is not None:
                if channel["accountcode"] in self._tenants:
                    await self._hang_up(id)
            elif (mark := _DIALLED.get(channel["dialplan"]["app_data"])) is not None:
                if self._adopted(channel) and not self.expects(ContactId(id.rpartition(mark)[0])):
                    await self._hang_up(id)
            elif channel["dialplan"]["app_data"] == "otklik":
                found = self._node.entry_point(channel["dialplan"]["exten"])
                if found is None or found[0] in self._tenants:
                    log.warning("stray_call_claimed", channel=id)
                    self._node.arrived(channel)

    def _adopted(self, channel: dict[str, Any]) -> bool:
        """Are the calls known with which a line through the trunk belongs? One of an earlier version does not say whose it is."""
        return not channel["accountcode"] or channel["accountcode"] in self._tenants

    async def _remove_empty_bridges(self, existing: Existing) -> None:
        for bridge, channels in existing.bridges.items():
            if channels or bridge in resting.ROOMS:
                continue
            if not self._node.owns_bridge(ContactId(bridge)) and not self.expects(ContactId(bridge)):
                await self._node.ari.request("DELETE", f"bridges/{bridge}", accept=(404,))

    async def _hang_up(self, channel: str) -> None:
        await self._node.ari.request("DELETE", f"channels/{channel}", accept=(404,))


def _dial(call: Call, undialled: Iterable[str], existing: Existing) -> None:
    """Lines that were made as the connection was lost: that they are in our hands is not told again."""
    for channel in undialled:
        found = existing.channels.get(channel)
        if found is not None and found["state"] == DOWN:
            placing.dial(call, channel)


def _compare_outside(call: Call, line: OutsideLine, existing: Existing) -> None:
    found = existing.channels.get(line.channel)
    if found is None:
        outside_number.ended(call, line, "lost")
    elif found["state"] == "Up":
        outside_number.answered(call, line)
