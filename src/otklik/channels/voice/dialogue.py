"""What a customer hears from the machine, and which keys and words count: one dialogue per call, the same for every switch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Literal, Protocol

from otklik.contact.configuration import Speech
from otklik.contact.decisions import Announce, Ask, PlayMusic, Say, TakeMessage
from otklik.contact.facts import KeyPressed, VerbFinished
from otklik.contact.hearing import Hearing, Recognised
from otklik.contact.ids import ContactId
from otklik.scenario.understood import Understood, judged

Outcome = Literal["done", "digits", "timeout", "failed", "heard", "deaf"]
KEYS_KEPT: Final = 40
"""Of those pressed before anything asks for them; further ones are lost. As many as one question can take."""
RECOGNISED_SECONDS: Final = 12.0
"""After the longest utterance; whoever listens has given up by then."""


class Sounds(Protocol):
    """The customer's line, as a dialogue uses it. Nothing here waits; orders take effect in the order given."""

    def speak(self, speech: tuple[Speech, ...], token: int) -> None:
        """Render and play; the end is told by `Dialogue.spoken(token, ...)`."""

    def hush(self) -> None:
        """Stop speaking; nothing needs to be told."""

    def music(self, on: bool) -> None: ...
    def in_tune(self) -> bool:
        """Other music than what plays, if any does, is not wanted now."""

    def beep(self, token: int) -> None:
        """As `speak`."""

    def listen(self, message: TakeMessage, token: int) -> None:
        """Record; the end is told by `Dialogue.listened(token, ...)`, also of a line that is gone meanwhile."""

    def stop_listening(self, *, keep: bool) -> None:
        """Not kept: nothing needs to be told."""

    def hears_words(self) -> bool:
        """Is there anybody who knows words?"""

    def hear(self, hearing: Hearing, token: int) -> None:
        """Wait for one utterance: told by `Dialogue.speaks`, then by `Dialogue.said`; or by `Dialogue.deaf`."""

    def stop_hearing(self) -> None:
        """Nothing needs to be told."""


class Dialogue:
    """`Say`, `Ask`, `TakeMessage`, `Announce` and `PlayMusic` of one contact; each replaces the one before it.

    Keys count from the moment they are pressed: those that come before an `Ask` (during a greeting, between two
    prompts) are kept for it, and an `Ask` that has enough of them says nothing. A key ends the text being spoken, unless it
    may not be interrupted: then the key is kept until the text is over. So does a word, where words count; the first key ends
    the hearing, and the first word the waiting. Nor does a key end
    an announcement: to whoever waits each key is told by `KeyPressed`, and what it means is not for a dialogue to say.
    """

    def __init__(self, sounds: Sounds, post: Callable[[VerbFinished | KeyPressed], None]) -> None:
        self._sounds = sounds
        self._post = post
        self._prompt: Say | Ask | TakeMessage | Announce | None = None
        self._token = 0
        self._speaking = False
        self._listening = False
        self._hearing = False
        self._typed = ""
        self._digits = ""
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: ContactId | None = None
        self._music: bool | None = False
        """None: not known, it is said again."""

    @property
    def speech(self) -> int | None:
        """The token of the text being spoken now."""
        return self._token if self._speaking else None

    def adopt_music(self, contact: ContactId) -> None:
        """The line was found with music on it (after a restart of ours)."""
        self._waiting, self._music = contact, True

    def doubt_music(self) -> None:
        """The line was found alone where a conversation should be: music is on it, or not any more."""
        self._music = None

    def perform(self, decision: Say | Ask | TakeMessage | Announce | PlayMusic) -> None:
        match decision:
            case Announce():
                if self._waiting is not None:
                    self._begin(decision)
            case PlayMusic():
                self._stop()
                self._typed = ""
                self._waiting = decision.contact
                if not self._sounds.in_tune():
                    self._set_music(False)
                self._set_music(True)
            case Say():
                self._waiting = None
                self._begin(decision)
            case Ask():
                self._waiting = None
                self._ask(decision)
            case TakeMessage():
                self._waiting = None
                self._take_message(decision)

    def quiet(self) -> None:
        """An agent is heard from now on: no text, no music, and keys mean nothing."""
        self._stop()
        self._typed = ""
        self._waiting = None
        self._set_music(False)

    def close(self) -> None:
        """The line is gone."""
        self._prompt = None
        self._speaking = False
        self._stop_hearing()
        self._cancel_timer()

    def press(self, key: str) -> None:
        match self._prompt:
            case Say() as say:
                self._type_ahead(key)
                if say.interruptible:
                    self._finish("done")
            case TakeMessage() as message:
                if self._listening and key in message.keys:
                    self._sounds.stop_listening(keep=True)
            case Ask() as ask if self._speaking and not ask.interruptible:
                self._type_ahead(key)
            case Ask() as ask:
                self._take(ask, key)
            case None if self._waiting is None:
                self._type_ahead(key)
            case _ if self._waiting is not None:
                self._post(KeyPressed(contact=self._waiting, key=key))
            case _:
                pass

    def _type_ahead(self, key: str) -> None:
        if len(self._typed) < KEYS_KEPT:
            self._typed += key

    def spoken(self, token: int, *, failed: bool = False) -> None:
        """The text with this token ended; a late token changes nothing."""
        if not self._speaking or token != self._token:
            return
        self._speaking = False
        match self._prompt:
            case Say():
                self._finish("failed" if failed else "done")
            case Ask() as ask:
                if failed:
                    self._finish("failed")
                else:
                    self._wait(ask)
                    self._hear(ask)
                    self._take_typed(ask)
            case TakeMessage() as message:
                self._listen(message)  # without the tone, if it has failed
            case _:
                self._prompt = None
                self._set_music(self._waiting is not None)

    def listened(self, token: int, *, seconds: float = 0.0, key: str = "", failed: bool = False) -> None:
        """The message was taken; without seconds nothing was said. Of one that was replaced meanwhile it changes nothing."""
        if not self._listening or token != self._token or not isinstance(self._prompt, TakeMessage):
            return
        self._listening = False
        said: Outcome = "done" if seconds else "timeout"
        self._finish("failed" if failed else said, seconds=seconds, key=key)

    def speaks(self, token: int) -> None:
        """The customer has begun to say something. However long it takes to be recognised, somebody tells the end."""
        ask = self._heard_by(token)
        if ask is not None and ask.hearing is not None:
            self.hush()
            self._cancel_timer()
            longest = ask.hearing.longest_seconds + ask.hearing.silence_seconds + RECOGNISED_SECONDS
            self._timer = asyncio.get_running_loop().call_later(longest, self.deaf, token)

    def said(self, token: int, came: Recognised) -> None:
        """Without words: a noise."""
        ask = self._heard_by(token)
        if ask is not None and ask.hearing is not None:
            self._hearing = False
            self._finish("heard", understood=judged(came, ask.hearing), words=came.words)

    def deaf(self, token: int) -> None:
        """Nobody can listen any more."""
        if self._heard_by(token) is not None:
            self._finish("deaf")

    def _heard_by(self, token: int) -> Ask | None:
        return self._prompt if self._hearing and token == self._token and isinstance(self._prompt, Ask) else None

    def _hear(self, ask: Ask) -> None:
        if ask.hearing is not None and not self._hearing and not self._digits:
            self._hearing = True
            self._sounds.hear(ask.hearing, self._token)

    def _stop_hearing(self) -> None:
        if self._hearing:
            self._hearing = False
            self._sounds.stop_hearing()

    def _take_message(self, message: TakeMessage) -> None:
        """Keys that were pressed to hear the tone sooner mean nothing any more."""
        self._stop()
        self._set_music(False)
        self._typed = ""
        self._prompt = message
        self._token += 1
        if message.beep:
            self._speaking = True
            self._sounds.beep(self._token)
        else:
            self._listen(message)

    def _listen(self, message: TakeMessage) -> None:
        self._listening = True
        self._sounds.listen(message, self._token)

    def _begin(self, prompt: Say | Ask | Announce) -> None:
        self._stop()
        self._set_music(False)
        self._prompt = prompt
        self._token += 1
        self._speaking = True
        self._sounds.speak(prompt.speech, self._token)

    def _ask(self, ask: Ask) -> None:
        if ask.hearing is not None and not self._sounds.hears_words() and not self._typed:
            self._stop()
            self._prompt = ask
            self._finish("deaf")
            return
        if not self._typed or not ask.interruptible:
            self._begin(ask)
            if ask.interruptible:
                self._hear(ask)
            return
        self._stop()
        self._set_music(False)
        self._prompt = ask
        self._take_typed(ask)

    def _take_typed(self, ask: Ask) -> None:
        """The keys that were pressed before they could count. What is left over is kept for the next question."""
        typed, self._typed = self._typed, ""
        for number, key in enumerate(typed):
            self._take(ask, key)
            if self._prompt is None:
                self._typed = typed[number + 1 :]
                return

    def _take(self, ask: Ask, key: str) -> None:
        self.hush()
        self._stop_hearing()
        if key == ask.terminator and ask.max_digits > 1:
            self._finish("digits" if self._digits else "timeout")
            return
        self._digits += key
        if len(self._digits) >= ask.max_digits:
            self._finish("digits")
        else:
            self._wait(ask)

    def _wait(self, ask: Ask) -> None:
        self._cancel_timer()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(ask.timeout_seconds, self._time_out)

    def _time_out(self) -> None:
        self._timer = None
        self._finish("digits" if self._digits else "timeout")

    def _finish(
        self,
        outcome: Outcome,
        *,
        seconds: float = 0.0,
        key: str = "",
        understood: Understood | None = None,
        words: str = "",
    ) -> None:
        prompt, digits = self._prompt, understood.key if understood is not None else self._digits
        self._stop()
        if isinstance(prompt, Say | Ask | TakeMessage):
            masked = isinstance(prompt, Ask) and prompt.masked
            fact = VerbFinished(
                contact=prompt.contact,
                step=prompt.step,
                outcome=outcome,
                digits="*" * len(digits) if masked else digits,
                block=prompt.block,
                secret=digits if masked else "",
                seconds=seconds,
                key=key,
                confidence=understood.confidence if understood is not None else 0.0,
                said="" if masked else words,
            )
            self._post(fact)

    def _stop(self) -> None:
        self.hush()
        if self._listening:
            self._listening = False
            self._sounds.stop_listening(keep=False)
        self._stop_hearing()
        self._cancel_timer()
        self._prompt = None
        self._digits = ""

    def hush(self) -> None:
        """The text being spoken is not heard to its end; something else is to be performed now."""
        if self._speaking:
            self._speaking = False
            self._sounds.hush()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_music(self, on: bool) -> None:
        if self._music is not on:
            self._music = on
            self._sounds.music(on)
