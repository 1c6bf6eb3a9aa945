"""Scenarios of written requests (docs/adr/0063): what would be said is gathered, and sent as one mail when the contact leaves of the
scenario's own will. What only a call can do leads it to the default queue, and nothing is sent. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from otklik.contact.conditions import Conditions
from otklik.contact.configuration import UNHEARD
from otklik.contact.decisions import (
    Ask,
    Enqueue,
    Finish,
    LeaveVoicemail,
    Say,
    SendMessage,
    TakeMessage,
    TransferOutside,
)
from otklik.contact.flow import FlowTest
from otklik.contact.hearing import REQUEST_STEP, told_in_request
from otklik.scenario.talk import Contact, ScenarioFault
from otklik.scenario.verbs import FreeTimes, MayCallBack, Verb, Visitor

LONGEST_LETTER: Final = 20_000
"""Characters."""
LONGEST_WAIT: Final = 600.0
"""Seconds, of all that it waits: meanwhile nobody sees the request."""
_OF_CALLS: Final = (Ask, TakeMessage, TransferOutside, MayCallBack, FreeTimes, LeaveVoicemail)


@dataclass(slots=True)
class Letter:
    """What whoever wrote is to read. `left`: how the contact leaves, once the mail is on its way. `once`: a block that comes again says
    nothing anew."""

    parts: list[str] = field(default_factory=list)
    left: Enqueue | Finish | None = None
    once: bool = False
    waited: float = 0.0
    _said: set[tuple[str, str]] = field(default_factory=set)

    def gather(self, say: Say) -> None:
        for part in say.speech:
            if not self.once or (say.block, part.text) not in self._said:
                self.parts.append(part.text)
                self._said.add((say.block, part.text))
        if sum(map(len, self.parts)) > LONGEST_LETTER:
            raise ScenarioFault(f"more than {LONGEST_LETTER} characters to be written at once")

    def wait(self, seconds: float) -> None:
        self.waited += seconds
        if self.waited > LONGEST_WAIT:
            raise ScenarioFault(f"a written request waits for {LONGEST_WAIT:g} seconds in all, and no longer")

    def before(self, end: Enqueue | Finish, talk: Contact, name: str) -> SendMessage | None:
        """What is done before the contact leaves so. None: nothing was said."""
        if not self.parts:
            return None
        self.left = end
        return talk.reply("\n\n".join(self.parts), name)


def is_written(channel: str) -> bool:
    return channel in UNHEARD


def of_calls(verb: Verb) -> str:
    """The name of a step that only a call can have; empty: it is none."""
    if isinstance(verb, _OF_CALLS):
        return verb.block or type(verb).__name__
    return "callback" if isinstance(verb, Enqueue) and verb.callback else ""


def known_to_hold(when: Conditions, visitor: Visitor) -> Conditions:
    """What is left to be said of these conditions in a test where something was written."""
    return replace(when, channel=()) if is_written(visitor.channel) and visitor.channel in when.channel else when


def visitor_of(test: FlowTest) -> Visitor:
    """Who calls or writes in this test."""
    if test.request is None:
        return Visitor(ani=test.ani or None, language=test.language, attributes=test.attributes)
    ani = test.ani or test.request.get("phone") or test.request.get("mail") or None
    told = {REQUEST_STEP: told_in_request(test.request)}
    return Visitor(ani=ani, channel="web", language=test.language, attributes=test.attributes, said=told)
