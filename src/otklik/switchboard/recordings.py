"""Recordings over texts: put in on the way to the telephone, so that what was decided does not depend on who has spoken it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from otklik.contact.configuration import Configuration, Prompt, RecordedSpeech, Speech


class Recordings:
    """Of the set-up as it is now."""

    def __init__(self, configuration: Callable[[], Configuration]) -> None:
        self._configuration = configuration
        self._of: tuple[Prompt, ...] = ()
        self._known: Mapping[Speech, RecordedSpeech] = {}

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
