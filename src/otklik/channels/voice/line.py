"""The customer's line as the machine uses it, in Asterisk: what is spoken there, and what the customer says for keeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import structlog

from otklik.channels.voice.ari import Ari, Reply
from otklik.channels.voice.dialogue import Dialogue
from otklik.channels.voice.listener import Listener
from otklik.channels.voice.message import Messages, name_of
from otklik.channels.voice.tunes import Tunes, class_of
from otklik.contact.configuration import Speech
from otklik.contact.decisions import TakeMessage
from otklik.contact.facts import Fact, LeaveCause
from otklik.contact.hearing import Hearing
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.music import USUAL
from otklik.contact.ports import Recogniser, SpeechRenderer
from otklik.errors import PeerError

log = structlog.get_logger(__name__)

FAILED_PLAYBACK_SECONDS: Final = 0.3
"""A playback also fails because the customer hung up, and Asterisk tells that first."""
CONFLICT, CONFLICTS, CONFLICT_SECONDS = 409, 20, 0.1


class Node(Protocol):
    """What a line needs of the switch it stands in."""

    speech: SpeechRenderer
    messages: Messages
    ari: Ari
    recogniser: Recogniser | None
    tunes: Tunes

    def tune(self, tenant: TenantId, contact: ContactId) -> str: ...
    def spawn(self, contact: ContactId | None, work: Coroutine[Any, Any, None]) -> None: ...


class Call(Protocol):
    """Whose line it is."""

    tenant: TenantId
    contact: ContactId
    channel: str
    alive: bool

    def send(
        self,
        method: str,
        path: str,
        body: dict[str, object] | None = None,
        *,
        refused: Callable[[Reply], None] | None = None,
        **query: str,
    ) -> None: ...
    async def settle(self) -> None: ...
    def leave(self, cause: LeaveCause) -> None: ...


@dataclass(slots=True)
class _Message:
    """One that is being taken: `over`, when nothing more is said, and it is being fetched. Until it has `begun`, the end that
    is told is that of another of the same name, which it replaces."""

    take: TakeMessage
    token: int
    name: str
    begun: bool = False
    over: bool = False
    refused: int = 0


class Line:
    """`Sounds` of Asterisk, and the dialogue on it."""

    def __init__(self, node: Node, call: Call, post: Callable[[Fact], None]) -> None:
        self.dialogue = Dialogue(self, post)
        self.listener = Listener(node, call, self.dialogue)
        self._node = node
        self._call = call
        self._playback: str | None = None
        self._tune: str | None = None
        """Of the music that plays, or is to as soon as it is there."""
        self._message: _Message | None = None
        self._cancelled = ""
        """The name of the last message that was not to be kept."""
        self._left: LeaveCause | None = None

    @property
    def playback(self) -> str | None:
        """The ARI id of the text being played."""
        return self._playback

    def speak(self, speech: tuple[Speech, ...], token: int) -> None:
        self._node.spawn(self._call.contact, self._speak(speech, token))

    async def _speak(self, speech: tuple[Speech, ...], token: int) -> None:
        try:
            files = await asyncio.gather(*(self._node.speech.render(part) for part in speech))
        except PeerError as err:
            log.warning("speech_failed", contact=self._call.contact, reason=str(err))
            self.dialogue.spoken(token, failed=True)
            return
        if self._call.alive and self.dialogue.speech == token:
            self._play(files, token)
            await self._call.settle()

    def _play(self, files: list[Path], token: int) -> None:
        self._playback = f"{self._call.channel}.{token}"
        media = [f"sound:{file.with_suffix('')}" for file in files]
        path = f"channels/{self._call.channel}/play/{self._playback}"
        self._call.send("POST", path, {"media": media}, refused=lambda _: self._speech_failed(token))

    def _speech_failed(self, token: int) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(FAILED_PLAYBACK_SECONDS, lambda: self.dialogue.spoken(token, failed=True))

    def beep(self, token: int) -> None:
        self._play([self._node.messages.beep], token)

    def hush(self) -> None:
        if self._playback is not None:
            self._call.send("DELETE", f"playbacks/{self._playback}")
            self._playback = None

    def music(self, on: bool) -> None:
        """Nothing is heard while it is being brought; the usual music where it cannot be."""
        self._tune = tune = self._node.tune(self._call.tenant, self._call.contact) if on else None
        if tune is None:
            self._call.send("DELETE", f"channels/{self._call.channel}/moh")
        elif self._node.tunes.there(tune):
            self._play_music(tune)
            if self._node.tunes.unmarked(tune):
                self._node.spawn(None, self._node.tunes.mark(tune))
        else:
            self._node.spawn(self._call.contact, self._bring(tune))

    def adopt_music(self) -> None:
        """The line was found with music on it (after a restart of ours), which is what we would play now."""
        self._tune = self._node.tune(self._call.tenant, self._call.contact)
        self.dialogue.adopt_music(self._call.contact)

    def in_tune(self) -> bool:
        return self._tune is None or self._tune == self._node.tune(self._call.tenant, self._call.contact)

    def _play_music(self, tune: str) -> None:
        path = f"channels/{self._call.channel}/moh"
        self._call.send("POST", path) if tune == USUAL else self._call.send("POST", path, mohClass=class_of(tune))

    async def _bring(self, tune: str) -> None:
        played = tune if await self._node.tunes.bring(tune) else USUAL
        if self._tune == tune and self._call.alive:
            self._play_music(played)
            await self._call.settle()

    def played(self, playback: str, *, failed: bool) -> None:
        if playback != self._playback:
            return
        self._playback = None
        token = int(playback.rpartition(".")[2])
        if failed:
            self._speech_failed(token)
        else:
            self.dialogue.spoken(token)

    # words

    def hears_words(self) -> bool:
        return self.listener.there()

    def hear(self, hearing: Hearing, token: int) -> None:
        self.listener.hear(hearing, token)

    def stop_hearing(self) -> None:
        self.listener.stop()

    # messages

    def listen(self, message: TakeMessage, token: int) -> None:
        name = name_of(message.contact, message.step)
        self._message = _Message(message, token, name)
        if name != self._cancelled:
            self._call.send("DELETE", f"recordings/live/{name}")  # one that was begun before a restart of ours
        self._record(self._message)

    def _record(self, message: _Message) -> None:
        self._call.send(
            "POST",
            f"channels/{self._call.channel}/record",
            refused=lambda reply: self._not_taken(message, reply),
            name=message.name,
            format="wav",
            maxDurationSeconds=str(max(1, round(message.take.max_seconds))),
            maxSilenceSeconds=str(round(message.take.silence_seconds)),
            ifExists="overwrite",
            terminateOn="none",
        )

    def _not_taken(self, message: _Message, reply: Reply) -> None:
        """Of the same name there may still be the one that this one replaces."""
        message.refused += 1
        if reply.status == CONFLICT and message.refused <= CONFLICTS:
            self._node.spawn(self._call.contact, self._record_again(message))
        elif self._message is message:
            self._message = None
            self.dialogue.listened(message.token, failed=True)

    async def _record_again(self, message: _Message) -> None:
        await asyncio.sleep(CONFLICT_SECONDS)
        if self._message is message and self._call.alive:
            self._record(message)
            await self._call.settle()

    def stop_listening(self, *, keep: bool) -> None:
        if self._message is None or self._message.over:
            return
        name = self._message.name
        if keep:
            self._call.send("POST", f"recordings/live/{name}/stop")
        else:
            self._message, self._cancelled = None, name
            self._call.send("DELETE", f"recordings/live/{name}")

    def recorded(self, name: str, *, begins: bool = False) -> None:
        """It has begun; or nothing more is said, for whatever reason."""
        message = self._message
        if message is None or message.name != name:
            return
        if begins:
            message.begun = True
        elif message.begun and not message.over:
            message.over = True
            self._node.spawn(self._call.contact, self._keep(message))

    async def _keep(self, message: _Message) -> None:
        seconds, key, failed = 0.0, "", False
        try:
            seconds, key = await self._node.messages.take(self._call.tenant, message.take)
        except PeerError as err:
            log.error("message_not_kept", contact=self._call.contact, reason=str(err))
            failed = True
        self._message = None
        self.dialogue.listened(message.token, seconds=seconds, key=key, failed=failed)
        if self._left is not None:
            self._call.leave(self._left)
        else:
            await self._call.settle()

    def keeps(self, cause: LeaveCause) -> bool:
        """The customer's line is gone. True: what was said before that is told first, and the end of it afterwards."""
        message = self._message
        if message is None:
            return False
        if self._left is None:
            self._left, message.begun = cause, True
            self.recorded(message.name)
        return True
