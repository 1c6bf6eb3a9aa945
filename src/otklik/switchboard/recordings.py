"""Recordings over texts: put in on the way to the telephone, so that what was decided does not depend on who has spoken it; and
which music is to be heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from otklik.contact.configuration import Configuration, Prompt, Queue, RecordedSpeech, Speech
from otklik.contact.ids import QueueId
from otklik.contact.music import USUAL
from otklik.routing.contact import LiveContact


class Recordings:
    """Of the set-up as it is now."""

    def __init__(self, configuration: Callable[[], Configuration]) -> None:
        self._configuration = configuration
        self._of: tuple[Prompt, ...] = ()
        self._known: Mapping[Speech, RecordedSpeech] = {}
        self._queues: tuple[Queue, ...] = ()
        self._tunes: Mapping[QueueId, str] = {}

    def over(self, speech: tuple[Speech, ...]) -> tuple[Speech, ...]:
        """The same texts, recorded ones marked so."""
        prompts = self._configuration().prompts
        if prompts is not self._of:
            self._of = prompts
            self._known = {
                Speech(text=each.text, language=each.language): RecordedSpeech(
                    text=each.text, language=each.language, recording=each.recording
                )
                for each in prompts
            }
        return tuple(self._known.get(each, each) for each in speech) if self._known else speech

    def tune(self, contact: LiveContact | None) -> str:
        """What the customer hears who waits or is on hold: that of the queue, also after it was left for a conversation."""
        queues = self._configuration().queues
        if queues is not self._queues:
            self._queues = queues
            self._tunes = {each.id: each.music.tune for each in queues if each.music is not None}
        return self._tunes.get(contact.queue, USUAL) if contact is not None and contact.queue is not None else USUAL
