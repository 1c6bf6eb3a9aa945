"""What a customer says to a question, out of Asterisk as sound and into words: a snoop on the customer's line in a bridge with a
channel whose media comes to us over a WebSocket of Asterisk's own HTTP server. The line itself is left alone, so that a text may be
spoken on it at the same time; it lives for one question.

https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket (Asterisk 22.6 and later)
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import structlog
import websockets.asyncio.client as websockets
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from otklik.channels.voice.ari import Ari
from otklik.channels.voice.dialogue import RECOGNISED_SECONDS, Dialogue
from otklik.channels.voice.endpointing import Endpoint
from otklik.channels.voice.measures import HEARD
from otklik.channels.voice.supervision import EAR
from otklik.contact.hearing import Hearing, Recognised
from otklik.contact.ids import ContactId
from otklik.contact.ports import Recogniser
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

CONNECTION_ID: Final = "MEDIA_WEBSOCKET_CONNECTION_ID"
OPEN_SECONDS: Final = 3.0
RECOGNISE_SECONDS: Final = RECOGNISED_SECONDS - 2
"""The customer hears nothing meanwhile."""


class Node(Protocol):
    """What a listener needs of the switch."""

    ari: Ari
    recogniser: Recogniser | None

    def spawn(self, contact: ContactId | None, work: Coroutine[Any, Any, None]) -> None: ...


class Call(Protocol):
    """Whose line it is."""

    contact: ContactId
    channel: str
    alive: bool


@dataclass(slots=True)
class _Question:
    """One that is being listened to. `task` is the work of it; whoever cancels that has it tidied away."""

    hearing: Hearing
    token: int
    name: str
    """The first part of the ids of its channels, and of their bridge: what is left of them when a call is taken over goes, as a
    supervisor's ear does."""
    entered: dict[str, asyncio.Event] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None

    @property
    def bridge(self) -> str:
        return f"{self.name}.{EAR}"

    @property
    def ear(self) -> str:
        return f"{self.name}.in.{EAR}"

    @property
    def media(self) -> str:
        return f"{self.name}.out.{EAR}"


class Listener:
    """Of one call. Every question ends with `Dialogue.said` or `Dialogue.deaf`, unless it is stopped."""

    def __init__(self, node: Node, call: Call, dialogue: Dialogue) -> None:
        self._node = node
        self._call = call
        self._dialogue = dialogue
        self._question: _Question | None = None

    def there(self) -> bool:
        return self._node.recogniser is not None and self._node.recogniser.ready()

    def hear(self, hearing: Hearing, token: int) -> None:
        question = _Question(hearing, token, f"{self._call.contact}.{secrets.token_hex(4)}")
        question.entered = {question.ear: asyncio.Event(), question.media: asyncio.Event()}
        self._question = question
        self._node.spawn(self._call.contact, self._run(question))

    def stop(self) -> None:
        question, self._question = self._question, None
        if question is not None and question.task is not None:
            question.task.cancel()

    def opened(self, channel: str) -> bool:
        """One of its two channels has entered the application. False: it is none of them, or nobody wants it any more."""
        if self._question is None or channel not in self._question.entered:
            return False
        self._question.entered[channel].set()
        return True

    async def _run(self, question: _Question) -> None:
        """Cancelled only by `stop`, which is no failure of whoever supervises."""
        if self._question is not question:
            return
        question.task = asyncio.ensure_future(self._listen(question))
        try:
            await question.task
        except asyncio.CancelledError:
            if not question.task.cancelled():
                question.task.cancel()
                raise
        finally:
            if self._question is question:
                self._question = None
            await self._tidy(question)

    async def _listen(self, question: _Question) -> None:
        try:
            sound = await self._utterance(question)
            came = await self._words(question.hearing, sound)
        except (PeerError, WebSocketException, OSError) as err:  # a TimeoutError is an OSError
            log.error("not_heard", contact=self._call.contact, reason=str(err) or type(err).__name__)
        except Exception:  # noqa: BLE001  whatever an answer looks like, the customer is asked for keys and not left in silence
            log.exception("not_heard", contact=self._call.contact)
        else:
            HEARD.labels("words" if came.words else "noise").inc()
            self._dialogue.said(question.token, came)
            return
        HEARD.labels("failed").inc()
        self._dialogue.deaf(question.token)

    async def _utterance(self, question: _Question) -> bytes:
        ari, bridge = self._node.ari, question.bridge
        await ari.request("POST", f"bridges/{bridge}", type="mixing")
        made = await ari.request(
            "POST",
            "channels/externalMedia",
            app="otklik",
            channelId=question.media,
            transport="websocket",
            encapsulation="none",
            connection_type="server",
            external_host="INCOMING",
            format="slin",
        )
        connection = made.json().get("channelvars", {}).get(CONNECTION_ID) or await self._connection_id(question)
        async with asyncio.timeout(OPEN_SECONDS):
            media = await websockets.connect(
                ari.address.media(connection),
                additional_headers={"Authorization": ari.address.authorization()},
                subprotocols=[Subprotocol("media")],
                compression=None,
                ping_interval=None,
                close_timeout=0.2,
                proxy=None,
            )
        async with media:
            snoop = f"channels/{self._call.channel}/snoop/{question.ear}"
            await ari.request("POST", snoop, spy="in", app="otklik", appArgs=EAR)
            async with asyncio.timeout(OPEN_SECONDS):
                for entered in question.entered.values():
                    await entered.wait()
            channels = ",".join(question.entered)
            await ari.request("POST", f"bridges/{bridge}/addChannel", channel=channels)
            return await self._endpoint(question, media)

    async def _connection_id(self, question: _Question) -> str:
        found = await self._node.ari.request("GET", f"channels/{question.media}/variable", variable=CONNECTION_ID)
        return str(found.json()["value"])

    async def _endpoint(self, question: _Question, media: websockets.ClientConnection) -> bytes:
        """What was said, from just before the first sound on. However long nothing is said: that is for the dialogue to count."""
        hearing = question.hearing
        endpoint = Endpoint(silence_seconds=hearing.silence_seconds, longest_seconds=hearing.longest_seconds)
        async for message in media:
            if isinstance(message, str):
                continue  # Asterisk tells of the stream
            for event in endpoint.feed(message):
                if event == "over":
                    return endpoint.sound
                self._dialogue.speaks(question.token)
        raise PeerError("asterisk", "the stream of sound has ended", retryable=True)

    async def _words(self, hearing: Hearing, sound: bytes) -> Recognised:
        recogniser = self._node.recogniser
        if recogniser is None:
            raise PeerError("recogniser", "there is none", retryable=False)
        async with asyncio.timeout(RECOGNISE_SECONDS):
            return await recogniser.recognise(sound, hearing.language)

    async def _tidy(self, question: _Question) -> None:
        """What cannot be taken away leaves nothing else behind."""
        for each in (*(f"channels/{channel}" for channel in question.entered), f"bridges/{question.bridge}"):
            with contextlib.suppress(PeerError):
                await self._node.ari.request("DELETE", each, accept=(404, 409))
