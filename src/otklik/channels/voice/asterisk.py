"""`Voice` on Asterisk: one ARI and one AMI connection, all tenants' calls.

Events and decisions are carried out at once and in order by `Call`; this is where they find it, and where the state of
the switch is put right again after either side was away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, Final

import structlog
from obstore.store import ObjectStore
from uuid_utils import uuid7

from otklik.channels.voice import by_key, calling_back, listening, outside_number, placing, supervision
from otklik.channels.voice.ami import Ami, AmiAddress
from otklik.channels.voice.ari import Ari, AriAddress, Event
from otklik.channels.voice.call import Call, leg_channel
from otklik.channels.voice.calling_back import Trunk
from otklik.channels.voice.consultation import Leg
from otklik.channels.voice.measures import CALLS, OPEN_CALLS
from otklik.channels.voice.message import Messages
from otklik.channels.voice.number import normal_number
from otklik.channels.voice.outside_number import OutsideLine
from otklik.channels.voice.provision import AgentLines, Endpoint
from otklik.channels.voice.recording import Recorder
from otklik.channels.voice.recovery import Recovery
from otklik.channels.voice.tunes import Tunes
from otklik.contact.decisions import Dial, DropRecording, Join, Offer, Rejoin, SilenceRecording, VoiceDecision
from otklik.contact.facts import AgentLegEnded, ContactArrived, Fact, OfferFailed, RecordingStored
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber, TenantId
from otklik.contact.phone import Phone
from otklik.contact.ports import DeskTelephone, Inbox, KnownLine, Recogniser, SpeechRenderer
from otklik.errors import AppError, PeerError

log = structlog.get_logger(__name__)

APP: Final = "otklik"
NO_SUCH_NUMBER: Final = "1"
REJECTED: Final = "21"
CONGESTION: Final = "42"
"""Q.850 causes; towards a SIP trunk they become 404, 403 and 503."""
AUDIT_SECONDS: Final = 20.0
SECOND_LOOK_SECONDS: Final = 0.7
UP: Final = "Up"
NORMAL_CLEARING: Final = 16
SOFT_HANGUP_BY_DEVICE: Final = 1
"""AST_SOFTHANGUP_DEV: how PJSIP ends a channel on which no sound came for `rtp_timeout` (a BYE is not soft)."""


class AsteriskVoice:
    """`recordings` is a folder that Asterisk can write to and we can read; into `music` we write what it reads. `region` is where numbers without a
    country code belong to. `phone`: what agents register with. `certificate`: a file for the encryption towards
    browsers that Asterisk can read; without it Asterisk makes one for every call. `trunk`: where calls out go; without it
    nobody is called back. `recogniser`: without it nobody listens to words."""

    def __init__(
        self,
        ari: AriAddress,
        ami: AmiAddress,
        *,
        speech: SpeechRenderer,
        recogniser: Recogniser | None = None,
        recordings: Path,
        music: Path,
        objects: ObjectStore,
        phone: Endpoint = "browser",
        certificate: Path | None = None,
        region: str = "RU",
        trunk: Trunk | None = None,
    ) -> None:
        handlers: dict[str, Callable[[Event], None]] = {
            "StasisStart": self._stasis_start,
            "ChannelStateChange": self._state_changed,
            "StasisEnd": self._stasis_end,
            "ChannelHangupRequest": self._hangup_requested,
            "ChannelDestroyed": self._channel_destroyed,
            "ChannelDtmfReceived": self._key_pressed,
            "PlaybackFinished": self._playback_finished,
            "RecordingStarted": self._recording_changed,
            "RecordingFinished": self._recording_changed,
            "RecordingFailed": self._recording_changed,
            "ContactStatusChange": self._contact_changed,
        }
        self._handlers = handlers
        self.ari = Ari(ari, APP, on_event=self._on_event, on_connect=self._on_connect, events=tuple(handlers))
        self.speech = speech
        self.recogniser = recogniser
        self.trunk = trunk
        self._ami = Ami(ami)
        self._region = region
        self._recorder = Recorder(self._ami, recordings, objects, self._submit)
        self.tunes = Tunes(self.ari, objects, music)
        self.messages = Messages(ari, self.ari, self._recorder, recordings)
        self._lines = AgentLines(self.ari, phone, self.post, lambda work: self.spawn(None, work), certificate)
        self._calls: dict[ContactId, Call] = {}
        self._customers: dict[str, Call] = {}
        self._legs: dict[str, tuple[Call, Leg]] = {}
        self._outside: dict[str, tuple[Call, OutsideLine]] = {}
        self._consultations: dict[ContactId, Call] = {}
        """By the consultation's own contact."""
        self._recovery = Recovery(self, self._lines, self._recorder)
        self._inbox: Inbox | None = None
        self._group: asyncio.TaskGroup | None = None
        self._supervisor: asyncio.Task[None] | None = None

    # Voice

    async def start(self, inbox: Inbox) -> None:
        self._inbox = inbox
        await asyncio.to_thread(self.messages.make_beep)
        started = asyncio.Event()
        self._supervisor = asyncio.create_task(self._run(started), name="voice")
        await started.wait()

    async def close(self) -> None:
        """Calls go on in Asterisk; the next start takes them over."""
        if self._supervisor is not None:
            self._group = None
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
        await self.messages.close()

    def up(self) -> bool:
        return self.ari.up()

    def calls_out(self) -> bool:
        return self.trunk is not None

    async def perform(self, tenant: TenantId, decision: VoiceDecision) -> None:
        if isinstance(decision, DropRecording):
            await self._recorder.drop(decision.key)
            return
        calls_back = isinstance(decision, Dial) or (isinstance(decision, Offer) and decision.away)
        known = decision.contact in self._calls or decision.contact in self._consultations
        if not known and not self._recovery.expects(decision.contact) and not calls_back:
            return
        await self.ari.ready()
        call = self._calls.get(decision.contact) or self._consultations.get(decision.contact)
        if call is None:
            if not calls_back:
                return
            call = Call(self, tenant=tenant, contact=decision.contact, channel="")
            self.add_call(call)
        try:
            call.perform(decision)
            await call.settle()
            if isinstance(decision, SilenceRecording) and call.taped:
                await self._recorder.silence(call.channel, decision.silent)
        except PeerError:
            if isinstance(decision, Offer | Rejoin | Join):
                self._lines.doubt(decision.agent)
            raise

    async def provision(self, tenant: TenantId, agent: AgentId) -> tuple[str, str]:
        return await self._lines.provision(tenant, agent)

    async def deprovision(self, agent: AgentId) -> None:
        await self._lines.deprovision(agent)

    async def set_telephone(self, tenant: TenantId, agent: AgentId, telephone: DeskTelephone | None) -> None:
        await self._lines.set_telephone(tenant, agent, telephone)

    def hung_up(self, contact: ContactId, offer: OfferNumber) -> None:
        """An agent's page has said BYE: by the time the switch has taken the line down and tells it, the next customer
        can ring. What it tells of this line then changes nothing."""
        found = self._legs.get(leg_channel(contact, offer))
        if found is not None and found[1].answered:
            call, leg = found
            call.leg_ended(leg, NORMAL_CLEARING, 0)
            self.settle(call)

    async def reconcile(self, tenant: TenantId, contacts: Iterable[KnownLine], over: Iterable[KnownLine] = ()) -> None:
        """If Asterisk is not connected yet, this is done as soon as it is."""
        self._recovery.expect(tenant, contacts, over)
        if self.ari.up():
            await self._recovery.take_over()
            self._lines.tell_again(tenant)
            self.spawn(None, self._look_again())

    # what calls and recovery need

    def post(self, tenant: TenantId, fact: Fact) -> None:
        if isinstance(fact, OfferFailed) or (isinstance(fact, AgentLegEnded) and fact.cause == "lost"):
            self._lines.doubt(fact.agent)
        try:
            self._running_inbox().post(tenant, fact)
        except AppError as err:
            log.warning("fact_not_taken", tenant=tenant, fact=type(fact).__name__, reason=err.code)

    def entry_point(self, dnis: str) -> tuple[TenantId, EntryPointId] | None:
        return self._running_inbox().entry_point(dnis)

    def tune(self, tenant: TenantId, contact: ContactId) -> str:
        return self._running_inbox().tune(tenant, contact)

    def spawn(self, contact: ContactId | None, work: Coroutine[Any, Any, None]) -> None:
        """Work that nobody waits for; it ends with the connection's supervisor at the latest."""
        if self._group is None:
            work.close()
            return
        self._group.create_task(_guarded(contact, work), name=f"voice {contact}")

    def settle(self, call: Call) -> None:
        if call.unsettled:
            self.spawn(call.contact, call.settle())

    @property
    def calls(self) -> dict[ContactId, Call]:
        return self._calls

    def knows(self, channel: str) -> bool:
        return channel in self._customers or channel in self._legs or channel in self._outside

    def line_of(self, agent: AgentId, phone: Phone) -> str | None:
        return self._lines.user(agent, phone)

    def add_call(self, call: Call) -> None:
        self._calls[call.contact] = call
        if call.channel:
            self._customers[call.channel] = call
        OPEN_CALLS.set(len(self._calls))

    def add_leg(self, call: Call, leg: Leg) -> None:
        self._legs[leg.channel] = call, leg

    def remove_leg(self, leg: Leg) -> None:
        self._legs.pop(leg.channel, None)

    def add_outside(self, call: Call, line: OutsideLine) -> None:
        self._outside[line.channel] = call, line

    def remove_outside(self, line: OutsideLine) -> None:
        self._outside.pop(line.channel, None)

    def consulting(self, call: Call, consultation: ContactId, *, on: bool) -> None:
        if on:
            self._consultations[consultation] = call
        else:
            self._consultations.pop(consultation, None)

    def owns_bridge(self, bridge: ContactId) -> bool:
        whose = ContactId(bridge.partition(".")[0])  # a supervisor's has the contact's id and the line's number
        return whose in self._calls or bridge in self._consultations

    def record(self, call: Call) -> None:
        if call.recorded:
            return
        call.recorded = True
        raw = self._recorder.raw(call.tenant, call.contact, call.attempt)
        self.spawn(call.contact, self._recorder.start(raw, call))

    def customer_gone(self, call: Call) -> None:
        self._customers.pop(call.channel, None)

    def call_left(self, call: Call) -> None:
        if self._calls.get(call.contact) is call:
            del self._calls[call.contact]
        self._customers.pop(call.channel, None)
        for consultation in list(call.consultations):
            call.consulting(consultation, on=False)
        OPEN_CALLS.set(len(self._calls))
        if call.recorded:
            self.spawn(call.contact, self._recorder.finish(self._recorder.raw(call.tenant, call.contact, call.attempt)))

    def arrived(self, channel: dict[str, Any]) -> None:
        """A customer's channel is in our hands: from now on there is a contact."""
        dnis = channel["dialplan"]["exten"]
        found = self.entry_point(dnis)
        if found is None:
            CALLS.labels("unknown_number").inc()
            log.info("unknown_number", dnis=dnis)
            self._hang_up(channel["id"], NO_SUCH_NUMBER)
            return
        tenant, entry_point = found
        contact = ContactId(str(uuid7()))
        ani = normal_number(channel["caller"]["number"], self._region)
        call = Call(self, tenant=tenant, contact=contact, channel=channel["id"], ani=ani)
        call.answered = channel["state"] == "Up"
        self.add_call(call)
        fact = ContactArrived(
            contact=contact, channel="voice", entry_point=entry_point, dnis=dnis, leg=call.channel, ani=ani
        )
        try:
            self._running_inbox().post(tenant, fact)
        except AppError as err:
            CALLS.labels("refused").inc()
            log.warning("call_refused", tenant=tenant, reason=err.code)
            self.call_left(call)
            self._hang_up(call.channel, CONGESTION)
            return
        CALLS.labels("arrived").inc()

    # inside

    def _running_inbox(self) -> Inbox:
        assert self._inbox is not None, "start first"
        return self._inbox

    async def _submit(self, tenant: TenantId, fact: RecordingStored) -> None:
        await self._running_inbox().submit(tenant, fact)

    async def _run(self, started: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            group.create_task(self.ari.run(), name="ari")
            group.create_task(self._ami.run(), name="ami")
            group.create_task(self._audit(), name="voice audit")
            group.create_task(listening.listen(self.ari, self._calls.values), name="voice listening")
            started.set()

    async def _on_connect(self) -> None:
        self.tunes.doubt()
        await self._lines.restore()
        await self._recovery.make_rooms()
        await self._recovery.put_right()
        await self._recovery.take_over()
        self.spawn(None, self._look_again())

    async def _audit(self) -> None:
        while True:
            await asyncio.sleep(AUDIT_SECONDS)
            if self.ari.up():
                await _guarded(None, self._recovery.put_right())

    async def _look_again(self) -> None:
        """What was seen just now may have been on its way out."""
        await asyncio.sleep(SECOND_LOOK_SECONDS)
        await self._recovery.put_right()

    def _hang_up(self, channel: str, cause: str) -> None:
        self.spawn(None, self._hang_up_now(channel, cause))

    async def _hang_up_now(self, channel: str, cause: str) -> None:
        await self.ari.request("DELETE", f"channels/{channel}", accept=(404,), reason_code=cause)

    # events

    def _on_event(self, event: Event) -> None:
        handler = self._handlers.get(event["type"])
        if handler is not None:
            handler(event)

    def _stasis_start(self, event: Event) -> None:
        channel, arguments = event["channel"], event["args"]
        if (call := self._call_of(channel["id"])) is not None:
            if channel["state"] == UP:
                self._is_up(channel["id"])
            else:
                placing.dial(call, channel["id"])
                self.settle(call)
        elif channel["id"].endswith(f".{supervision.EAR}"):
            self._ear_opened(channel["id"])
        elif arguments in (["agent"], ["customer"], [outside_number.APP_ARGUMENT]):
            self._hang_up(channel["id"], "16")  # answered in the moment it was withdrawn
        elif arguments:
            log.info("agent_dialled", channel=channel["name"])
            self._hang_up(channel["id"], REJECTED)
        else:
            self.arrived(channel)

    def _state_changed(self, event: Event) -> None:
        """Of a page's line its StasisStart says so, and not before it can be connected."""
        channel = event["channel"]
        if channel["state"] != UP or not self.knows(channel["id"]):
            return
        found = self._legs.get(channel["id"])
        if found is None or found[1].phone != "page":
            self._is_up(channel["id"])

    def _call_of(self, channel: str) -> Call | None:
        if (found := self._legs.get(channel) or self._outside.get(channel)) is not None:
            return found[0]
        return self._customers.get(channel)

    def _is_up(self, channel: str) -> None:
        if (found := self._legs.get(channel)) is not None:
            call, leg = found
            call.leg_up(leg)
            self.settle(call)
        elif (called := self._customers.get(channel)) is not None:
            calling_back.answered(called)
        elif (outside := self._outside.get(channel)) is not None:
            outside_number.answered(*outside)
            self.settle(outside[0])

    def _ear_opened(self, channel: str) -> None:
        call = self._calls.get(ContactId(channel.partition(".")[0]))
        if call is None or not (call.line.listener.opened(channel) or supervision.ear_open(call, channel)):
            self._hang_up(channel, "16")
        else:
            self.settle(call)

    def _stasis_end(self, event: Event) -> None:
        """The last we hear of a customer's channel: its end is not told to an application it has left."""
        call = self._customers.get(event["channel"]["id"])
        if call is not None and not call.dialling:
            call.leave("media_lost" if call.media_lost else "hung_up")
            self.settle(call)

    def _hangup_requested(self, event: Event) -> None:
        call = self._customers.get(event["channel"]["id"])
        if call is not None and event.get("soft") and event.get("cause") == SOFT_HANGUP_BY_DEVICE:
            call.media_lost = True
        if not event.get("soft"):
            self._leg_over(event, answered_only=True)

    def _channel_destroyed(self, event: Event) -> None:
        """Channels made by us: we are told of their end, also before an answer."""
        called = self._customers.get(event["channel"]["id"])
        if called is not None and called.dialling:
            cause, sip_code = int(event.get("cause", 0)), int(event.get("tech_cause", 0))
            calling_back.failed(called, calling_back.failure(cause, sip_code))
            self.settle(called)
        if (outside := self._outside.get(event["channel"]["id"])) is not None:
            call, line = outside
            why = calling_back.failure(int(event.get("cause", 0)), int(event.get("tech_cause", 0)))
            outside_number.ended(call, line, why)
            self.settle(call)
        self._leg_over(event)

    def _leg_over(self, event: Event, *, answered_only: bool = False) -> None:
        """An agent's BYE is told by `ChannelHangupRequest` a millisecond before the channel is gone; that early the
        next customer can ring. Every other end waits for `ChannelDestroyed`, which knows why."""
        found = self._legs.get(event["channel"]["id"])
        if found is not None and (found[1].answered or not answered_only):
            call, leg = found
            call.leg_ended(leg, int(event.get("cause", 0)), int(event.get("tech_cause", 0)))
            self.settle(call)

    def _key_pressed(self, event: Event) -> None:
        call = self._customers.get(event["channel"]["id"])
        if call is not None:
            call.dialogue.press(event["digit"])
            self.settle(call)
        elif (found := self._legs.get(event["channel"]["id"])) is not None:
            by_key.press(*found, event["digit"])
            self.settle(found[0])

    def _playback_finished(self, event: Event) -> None:
        playback = event["playback"]
        call = self._customers.get(playback["target_uri"].removeprefix("channel:"))
        if call is not None:
            call.line.played(playback["id"], failed=playback["state"] == "failed")
            self.settle(call)

    def _recording_changed(self, event: Event) -> None:
        recording = event["recording"]
        call = self._customers.get(recording["target_uri"].removeprefix("channel:"))
        if call is not None:
            call.line.recorded(recording["name"], begins=event["type"] == "RecordingStarted")

    def _contact_changed(self, event: Event) -> None:
        gone = self._lines.contact_changed(event)
        if gone is None:
            return
        # What rings there rings for nobody: a page that is loaded again gets a fresh ring, or the next agent does.
        for call, leg in list(self._legs.values()):
            if (leg.agent, leg.phone) == gone and not leg.answered:
                call.ring_lost(leg)
                self.settle(call)


async def _guarded(contact: ContactId | None, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except PeerError as err:
        log.warning("voice_work_failed", contact=contact, reason=str(err))
    except Exception:  # noqa: BLE001  one contact's trouble must not end telephony
        log.exception("voice_work_failed", contact=contact)
